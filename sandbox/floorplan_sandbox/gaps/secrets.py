"""A secret that is scheduled for deletion refuses everything and keeps its name.

moto lets it be changed, and makes it anew under the same name. It also gives the name where the ARN
belongs, keeps a description that is taken away, forgets the key of a replica, and rotates only with a function that
is there and leaves nothing of the secret.
"""

import json

from moto.secretsmanager.exceptions import InvalidRequestException
from moto.secretsmanager.models import FakeSecret, SecretsManagerBackend
from moto.secretsmanager.responses import SecretsManagerResponse

from floorplan_sandbox.patch import around

OWN_KEY = "alias/aws/secretsmanager"


def not_while_deleted(name: str) -> None:
    @around(SecretsManagerResponse, name)
    def guarded(original, self):
        secret = self.backend.secrets.get(self._get_param("SecretId") or "")
        if secret is not None and secret.is_deleted():
            raise InvalidRequestException(
                "You can't perform this operation on the secret because it was marked for deletion."
            )
        return original(self)


for operation in (
    "delete_resource_policy",
    "get_resource_policy",
    "put_resource_policy",
    "put_secret_value",
    "remove_regions_from_replication",
    "replicate_secret_to_regions",
    "tag_resource",
    "untag_resource",
    "update_secret_version_stage",
):
    not_while_deleted(operation)


def set_replica_keys(backend, name: str, regions: list[dict]) -> None:
    keys = {each["Region"]: each.get("KmsKeyId") or OWN_KEY for each in regions or []}
    secret = backend.secrets.get(name)
    for replica in getattr(secret, "replicas", []):
        if replica.region in keys:
            replica.config["KmsKeyId"] = keys[replica.region]


@around(SecretsManagerBackend, "create_secret")
def create_secret(original, self, name, **arguments):
    there = self.secrets.get(name)
    if there is not None and there.is_deleted():
        raise InvalidRequestException(
            "You can't create this secret because a secret with this name is already scheduled for deletion."
        )
    made = original(self, name=name, **arguments)
    set_replica_keys(self, name, arguments.get("replica_regions"))
    return made


@around(SecretsManagerBackend, "replicate_secret_to_regions")
def replicate_secret_to_regions(original, self, secret_id, replica_regions, force_overwrite):
    answer = original(self, secret_id, replica_regions, force_overwrite)
    set_replica_keys(self, secret_id, replica_regions)
    return answer


@around(SecretsManagerBackend, "update_secret")
def update_secret(original, self, secret_id, **arguments):
    answer = original(self, secret_id, **arguments)
    if arguments.get("description") == "":
        self.secrets[secret_id].description = ""
    return answer


@around(SecretsManagerBackend, "list_secret_version_ids")
def list_secret_version_ids(original, self, secret_id):
    return json.dumps(json.loads(original(self, secret_id)) | {"ARN": self.secrets[secret_id].arn})


@around(SecretsManagerBackend, "rotate_secret")
def rotate_secret(
    original,
    self,
    secret_id,
    client_request_token=None,
    rotation_lambda_arn=None,
    rotation_rules=None,
    rotate_immediately=True,
):
    """No function is run: the secret stays as it is."""
    answer = original(self, secret_id, client_request_token, None, rotation_rules, False)
    secret = self.secrets[secret_id]
    secret.rotation_lambda_arn = rotation_lambda_arn or ""
    secret.rotation_enabled = True
    if rotation_rules:
        secret.__dict__["_rules"] = rotation_rules
    return answer


@around(FakeSecret, "to_dict")
def to_dict(original, self):
    """With all that was said of the times of its rotation."""
    answer = original(self)
    if "RotationRules" in answer and "_rules" in self.__dict__:
        answer["RotationRules"] = self.__dict__["_rules"]
    return answer


@around(SecretsManagerBackend, "cancel_rotate_secret")
def cancel_rotate_secret(original, self, secret_id):
    """A secret that a service holds is rotated by the service, without a function."""
    secret = self.secrets.get(secret_id)
    if secret is None or not secret.owning_service:
        return original(self, secret_id)
    secret.rotation_enabled = False
    return secret.to_short_dict()
