"""Keys refuse what their state does not allow, and are rotated in the period that was asked for.

moto changes keys and encrypts with them whatever their state, rotates any kind of key, and forgets the period.
It does not know keys by their ARN where their state is changed.
"""

import json

from moto.core.exceptions import JsonRESTError
from moto.kms.models import Key, KmsBackend
from moto.kms.responses import KmsResponse

from floorplan_sandbox.patch import around, instead

PENDING = "PendingDeletion"
USUAL_PERIOD = 365
PERIODS = range(90, 2561)
WINDOWS = range(7, 31)


def refused(code: str, message: str) -> JsonRESTError:
    error = JsonRESTError(code, message)
    error.code = 400
    return error


def named_key(response, parameter: str = "KeyId") -> Key | None:
    backend = response.kms_backend
    return backend.keys.get(backend.any_id_to_key_id(response._get_param(parameter) or ""))


def by_arn_as_well(name: str) -> None:
    @around(KmsBackend, name)
    def named(original, self, key_id, *args, **kwargs):
        return original(self, self.get_key_id(key_id), *args, **kwargs)


for operation in ("enable_key", "disable_key", "schedule_key_deletion", "cancel_key_deletion"):
    by_arn_as_well(operation)


def not_while_pending(name: str, parameter: str = "KeyId") -> None:
    @around(KmsResponse, name)
    def guarded(original, self):
        key = named_key(self, parameter)
        if key is not None and key.key_state == PENDING:
            raise refused("KMSInvalidStateException", f"{key.arn} is pending deletion.")
        return original(self)


for operation in (
    "update_key_description",
    "tag_resource",
    "untag_resource",
    "enable_key_rotation",
    "disable_key_rotation",
    "enable_key",
    "disable_key",
    "schedule_key_deletion",
):
    not_while_pending(operation)
for operation in ("create_alias", "update_alias"):
    not_while_pending(operation, "TargetKeyId")


def not_while_disabled(name: str) -> None:
    @around(KmsResponse, name)
    def guarded(original, self):
        key = named_key(self)
        if key is not None:
            if key.key_spec != "SYMMETRIC_DEFAULT":
                raise refused("UnsupportedOperationException", f"{key.arn} is not a symmetric encryption key.")
            if key.key_state == "Disabled":
                raise refused("DisabledException", f"{key.arn} is disabled.")
        return original(self)


for operation in ("enable_key_rotation", "disable_key_rotation"):
    not_while_disabled(operation)


def only_while_enabled(name: str) -> None:
    @around(KmsResponse, name)
    def guarded(original, self):
        key = named_key(self) if self._get_param("KeyId") else None
        if key is not None and key.key_state == "Disabled":
            raise refused("DisabledException", f"{key.arn} is disabled.")
        if key is not None and key.key_state != "Enabled":
            raise refused("KMSInvalidStateException", f"{key.arn} is {key.key_state}.")
        return original(self)


for operation in ("encrypt", "decrypt", "generate_data_key", "generate_data_key_without_plaintext"):
    only_while_enabled(operation)


@around(KmsResponse, "enable_key_rotation")
def enable_key_rotation(original, self):
    period = self._get_param("RotationPeriodInDays")
    if period is not None and period not in PERIODS:
        raise refused("ValidationException", f"{period} is not a number of days between 90 and 2560.")
    answer = original(self)
    key = named_key(self)
    key.rotation_period = period or getattr(key, "rotation_period", USUAL_PERIOD)
    return answer


@instead(KmsResponse, "get_key_rotation_status")
def get_key_rotation_status(self):
    self._validate_cmk_id(self._get_param("KeyId"))
    key = named_key(self)
    if key.key_spec != "SYMMETRIC_DEFAULT":
        raise refused("UnsupportedOperationException", f"{key.arn} is not a symmetric encryption key.")
    on = key.key_rotation_status and key.key_state != PENDING
    answer = {"KeyId": key.arn, "KeyRotationEnabled": on}
    if on:
        answer["RotationPeriodInDays"] = getattr(key, "rotation_period", USUAL_PERIOD)
    return json.dumps(answer)


@around(KmsResponse, "schedule_key_deletion")
def schedule_key_deletion(original, self):
    window = self._get_param("PendingWindowInDays")
    if window is not None and window not in WINDOWS:
        raise refused("ValidationException", f"{window} is not a number of days between 7 and 30.")
    return original(self)
