"""File systems change their throughput, and have backup policies that change, and protection."""

import json

from moto.efs.models import FileSystem
from moto.efs.responses import EFSResponse
from moto.efs.urls import url_paths

from floorplan_sandbox.patch import adds, around

url_paths["/2015-02-01/file-systems/<file_system_id>/protection"] = url_paths["/2015-02-01/file-systems"]


def own(response) -> FileSystem:
    return response.efs_backend.file_systems_by_id[response._get_param("FileSystemId")]


def answer(members: dict):
    return 200, {"status": 200, "Content-Type": "application/json"}, json.dumps(members)


@adds(EFSResponse, "update_file_system")
def update_file_system(self):
    found, given = own(self), json.loads(self.body)
    found.throughput_mode = given.get("ThroughputMode", found.throughput_mode)
    if "ProvisionedThroughputInMibps" in given:
        found.provisioned_throughput_in_mibps = given["ProvisionedThroughputInMibps"]
    return answer(found.info_json())


@adds(EFSResponse, "put_backup_policy")
def put_backup_policy(self):
    policy = json.loads(self.body)["BackupPolicy"]
    own(self).policy = policy
    return answer({"BackupPolicy": policy})


@around(EFSResponse, "describe_backup_policy")
def describe_backup_policy(original, self):
    policy = getattr(own(self), "policy", None)
    return answer({"BackupPolicy": policy}) if policy else original(self)


@adds(EFSResponse, "update_file_system_protection")
def update_file_system_protection(self):
    found = own(self)
    found.protection = {"ReplicationOverwriteProtection": json.loads(self.body)["ReplicationOverwriteProtection"]}
    return answer(found.protection)


@around(FileSystem, "info_json")
def info_json(original, self):
    protection = getattr(self, "protection", {"ReplicationOverwriteProtection": "ENABLED"})
    return {**original(self), "FileSystemProtection": protection}
