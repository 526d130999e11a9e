"""Backup plans change and have selections; vaults have policies and notifications."""

import json

from moto.backup.exceptions import InvalidRequestException, ResourceNotFoundException
from moto.backup.models import BackupBackend
from moto.backup.responses import BackupResponse
from moto.backup.urls import url_paths
from moto.core.utils import unix_time
from moto.moto_api._internal import mock_random

from floorplan_sandbox.patch import adds, around

url_paths["{0}/backup-vaults/(?P<name>[^/]+)/access-policy$"] = BackupResponse.dispatch
url_paths["{0}/backup-vaults/(?P<name>[^/]+)/notification-configuration$"] = BackupResponse.dispatch


def store(response) -> dict:
    return response.backup_backend.__dict__.setdefault("more", {"selections": {}, "policies": {}, "notifications": {}})


def plan(response):
    own = response.backup_backend.get_backup_plan(response._get_param("backupPlanId"), None)
    if own.deletion_date is not None:
        raise ResourceNotFoundException(msg="Cannot find Backup plan")
    return own


@adds(BackupResponse, "update_backup_plan")
def update_backup_plan(self):
    own = plan(self)
    given = json.loads(self.body)["BackupPlan"]
    kept = {name: getattr(own, name) for name in ("backup_plan_id", "backup_plan_arn", "creation_date")}
    own.__init__(given, own.creator_request_id, self.backup_backend)
    own.__dict__.update(kept)
    return json.dumps(own.to_dict())


@adds(BackupResponse, "create_backup_selection")
def create_backup_selection(self):
    own = plan(self)
    given = json.loads(self.body)
    made = {
        "BackupPlanId": own.backup_plan_id,
        "SelectionId": str(mock_random.uuid4()),
        "CreationDate": unix_time(),
        "BackupSelection": given["BackupSelection"],
    }
    store(self)["selections"][made["SelectionId"]] = made
    return json.dumps({name: made[name] for name in ("BackupPlanId", "SelectionId", "CreationDate")})


def selection(response) -> dict:
    found = store(response)["selections"].get(response._get_param("selectionId"))
    if found is None:
        raise ResourceNotFoundException(msg="Cannot find Backup selection")
    return found


@adds(BackupResponse, "get_backup_selection")
def get_backup_selection(self):
    return json.dumps(selection(self))


@adds(BackupResponse, "delete_backup_selection")
def delete_backup_selection(self):
    del store(self)["selections"][selection(self)["SelectionId"]]
    return "{}"


@adds(BackupResponse, "list_backup_selections")
def list_backup_selections(self):
    own = plan(self).backup_plan_id
    found = [one for one in store(self)["selections"].values() if one["BackupPlanId"] == own]
    listed = [{**one, "SelectionName": one["BackupSelection"]["SelectionName"]} for one in found]
    return json.dumps({"BackupSelectionsList": listed})


@around(BackupBackend, "delete_backup_plan")
def delete_backup_plan(original, self, backup_plan_id):
    kept = self.__dict__.get("more", {}).get("selections", {}).values()
    if any(one["BackupPlanId"] == backup_plan_id for one in kept):
        raise InvalidRequestException(msg="Related backup plan selections must be deleted prior to backup plan deletion")
    return original(self, backup_plan_id)


def vault(response) -> dict:
    return response.backup_backend.describe_backup_vault(response._get_param("backupVaultName")).to_dict()


def put(response, kind: str) -> str:
    own = vault(response)
    store(response)[kind][own["BackupVaultName"]] = json.loads(response.body)
    return "{}"


def get(response, kind: str) -> str:
    own = vault(response)
    if own["BackupVaultName"] not in store(response)[kind]:
        raise ResourceNotFoundException(msg=f"The vault has no {kind}")
    return json.dumps({**own, **store(response)[kind][own["BackupVaultName"]]})


def remove(response, kind: str) -> str:
    store(response)[kind].pop(vault(response)["BackupVaultName"], None)
    return "{}"


for name, kind in (("access_policy", "policies"), ("notifications", "notifications")):
    for verb, how in (("put", put), ("get", get), ("delete", remove)):
        adds(BackupResponse, f"{verb}_backup_vault_{name}")(lambda self, how=how, kind=kind: how(self, kind))
