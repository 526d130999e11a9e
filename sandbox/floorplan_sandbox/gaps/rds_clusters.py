"""DB clusters take time, need a user and a last word on snapshots, and have calls that moto lacks.

moto's are available at the second look. The delay is the switch `rds_cluster`, in seconds.
"""

import time

from moto.core.responses import ActionResult, EmptyResult
from moto.rds.exceptions import (
    DBClusterNotFoundError,
    DBSubnetGroupNotFoundError,
    InvalidParameterValue,
    RDSClientError,
)
from moto.rds.models import DBCluster, RDSBackend
from moto.rds.responses import RDSResponse

from floorplan_sandbox.control import CONTROL
from floorplan_sandbox.gaps.rds_states import check_last_snapshot
from floorplan_sandbox.gaps.rds_versions import family, resolve, upgrade
from floorplan_sandbox.patch import adds, around, instead

RESTING = ("available", "stopped")
# Kept under the name that the answer has.
RENAMED = {
    "db_cluster_parameter_group_name": "parameter_group",
    "enable_iam_database_authentication": "iam_auth",
    "enable_performance_insights": "performance_insights_enabled",
    "serverless_v2_scaling_configuration": "serverless_v2_scaling_configuration",
}
WAITING = {
    "allocated_storage": "AllocatedStorage",
    "engine_version": "EngineVersion",
    "enable_iam_database_authentication": "IAMDatabaseAuthenticationEnabled",
    "iops": "Iops",
    "storage_type": "StorageType",
}
DROPPED = (
    "allow_major_version_upgrade",
    "apply_immediately",
    "db_cluster_identifier",
    "db_instance_parameter_group_name",
    "manage_master_user_password",
    "master_user_secret_kms_key_id",
    "new_db_cluster_identifier",
)


def enter(cluster, phase: str, done=None) -> None:
    seconds = CONTROL.delay("rds_cluster")
    if seconds <= 0:
        if done:
            done()
        return
    cluster.__dict__["_phase"] = (phase, time.monotonic() + seconds, done)


def read_status(cluster) -> str:
    phase = cluster.__dict__.get("_phase")
    if phase and time.monotonic() >= phase[1]:
        cluster.__dict__["_phase"] = None
        if phase[2]:
            phase[2]()
        phase = None
    return phase[0] if phase else cluster.__dict__.get("_status_kept", "available")


def write_status(cluster, value: str) -> None:
    cluster.__dict__["_status_kept"] = "available" if value == "creating" else value


DBCluster.status = property(read_status, write_status)
DBCluster.pending_modified_values = property(
    lambda self: {WAITING[name]: value for name, value in self.__dict__.get("_pending", {}).items()}
)


def refused(cluster, doing: str) -> None:
    if cluster.status not in RESTING:
        raise RDSClientError(
            "InvalidDBClusterStateFault",
            f"Cannot {doing} {cluster.db_cluster_identifier} while it is {cluster.status}.",
        )


@around(DBCluster, "__init__")
def build(original, self, backend, **kwargs):
    engine = kwargs.get("engine") or ""
    aurora = engine.startswith("aurora")
    if aurora:
        kwargs["engine_version"] = resolve(engine, kwargs.get("engine_version"))
    stored = kwargs.pop("storage_type", None)
    kwargs.pop("_status", None)
    original(self, backend, **{**kwargs, **({} if aurora else {"storage_type": stored})})
    if aurora:
        self.storage_type = stored or "aurora"
        if not kwargs.get("db_cluster_parameter_group_name"):
            self.parameter_group = f"default.{family(engine, self.engine_version)}"
        self.option_group_name = f"default:{family(engine, self.engine_version)}"
    self.__dict__.pop("_status", None)
    self.network_type = kwargs.get("network_type") or "IPV4"
    for name in (
        "database_insights_mode",
        "engine_lifecycle_support",
        "monitoring_interval",
        "monitoring_role_arn",
        "performance_insights_kms_key_id",
        "performance_insights_retention_period",
    ):
        setattr(self, name, kwargs.get(name))
    self.performance_insights_enabled = bool(kwargs.get("enable_performance_insights"))
    if not aurora:
        certify(self, kwargs.get("ca_certificate_identifier") or "rds-ca-rsa2048-g1")
    if self.storage_encrypted and self.kms_key_id == "default_kms_key_id":
        key = "00000000-0000-0000-0000-000000000000"
        self.kms_key_id = f"arn:aws:kms:{self.region}:{self.account_id}:key/{key}"
    elif not self.storage_encrypted:
        self.kms_key_id = None


def certify(cluster, authority: str) -> None:
    """The certificate of a cluster of several zones; one of Aurora has none of its own."""
    cluster.certificate_details = {"CAIdentifier": authority, "ValidTill": "2061-05-18T00:00:00Z"}


@around(RDSBackend, "create_db_cluster")
def create_db_cluster(original, self, kwargs: dict):
    name = kwargs["db_cluster_identifier"]
    if name in self.clusters:
        raise RDSClientError("DBClusterAlreadyExistsFault", "DB Cluster already exists")
    group = kwargs.get("db_subnet_group_name")
    if group and group != "default" and group not in self.subnet_groups:
        raise DBSubnetGroupNotFoundError(group)
    if not kwargs.get("master_user_password") and not kwargs.get("manage_master_user_password"):
        if not kwargs.get("replication_source_identifier") and not kwargs.get("global_cluster_identifier"):
            raise InvalidParameterValue(
                "The parameter MasterUserPassword must be provided and must not be blank."
            )
    cluster = original(self, kwargs)
    enter(cluster, "creating")
    return cluster


@instead(RDSBackend, "modify_db_cluster")
def modify_db_cluster(self, kwargs: dict):
    name = kwargs["db_cluster_identifier"]
    cluster = self.clusters.get(name)
    if cluster is None:
        raise DBClusterNotFoundError(name)
    refused(cluster, "modify")
    wanted = {key: value for key, value in kwargs.items() if value is not None}
    if wanted.get("engine_version"):
        allowed = bool(wanted.get("allow_major_version_upgrade"))
        wanted["engine_version"] = upgrade(
            cluster.engine, cluster.engine_version, wanted["engine_version"], allowed
        )
    manage(cluster, wanted)
    if authority := wanted.pop("ca_certificate_identifier", None):
        certify(cluster, authority)
    immediately = wanted.get("apply_immediately")
    exports = wanted.pop("cloudwatch_logs_export_configuration", None) or {}
    gone = exports.get("DisableLogTypes", [])
    now = [each for each in cluster.enabled_cloudwatch_logs_exports if each not in gone]
    cluster.enabled_cloudwatch_logs_exports = now + [
        each for each in exports.get("EnableLogTypes", []) if each not in now
    ]
    waiting = cluster.__dict__.setdefault("_pending", {})
    for key in WAITING:
        if key in wanted:
            value = wanted.pop(key)
            if getattr(cluster, RENAMED.get(key, key), None) == value:
                waiting.pop(key, None)
            else:
                waiting[key] = value
    for key, value in wanted.items():
        if key not in DROPPED:
            setattr(cluster, RENAMED.get(key, key), value)

    def apply() -> None:
        for key, value in waiting.items():
            setattr(cluster, RENAMED.get(key, key), value)
        waiting.clear()

    if immediately and waiting:
        enter(cluster, "modifying", apply)
    return cluster


def manage(cluster, wanted: dict) -> None:
    from moto.rds.models import MasterUserSecret

    managed = wanted.get("manage_master_user_password")
    if managed and wanted.get("master_user_password"):
        raise RDSClientError(
            "InvalidParameterCombination",
            "You can't specify MasterUserPassword when you use ManageMasterUserPassword.",
        )
    if managed and not cluster.manage_master_user_password:
        cluster.master_user_secret = MasterUserSecret(cluster, wanted.get("master_user_secret_kms_key_id"))
        cluster.manage_master_user_password = True
    elif managed is False and cluster.manage_master_user_password:
        if not wanted.get("master_user_password"):
            raise InvalidParameterValue("The parameter MasterUserPassword must be provided.")
        cluster.master_user_secret.delete_secret()
        del cluster.master_user_secret
        cluster.manage_master_user_password = False


@instead(RDSResponse, "delete_db_cluster")
def delete_db_cluster(self) -> ActionResult:
    backend, name = self.backend, self.params.get("DBClusterIdentifier")
    cluster = backend.clusters.get(name)
    snapshot = self.params.get("FinalDBSnapshotIdentifier")
    if cluster is not None and not cluster.deletion_protection:
        refused(cluster, "delete")
        check_last_snapshot(
            {
                "final_db_snapshot_identifier": snapshot,
                "skip_final_snapshot": self.params.get("SkipFinalSnapshot"),
            }
        )
    if cluster is None or cluster.deletion_protection or cluster.members or CONTROL.delay("rds_cluster") <= 0:
        return ActionResult({"DBCluster": backend.delete_db_cluster(name, snapshot)})
    enter(cluster, "deleting", lambda: backend.delete_db_cluster(name, snapshot))
    return ActionResult({"DBCluster": cluster})


@around(RDSBackend, "describe_db_clusters")
def describe_db_clusters(original, self, *args, **kwargs):
    for cluster in list(self.clusters.values()):
        read_status(cluster)
    return original(self, *args, **kwargs)


def role_of(response):
    name = response.params.get("DBClusterIdentifier")
    cluster = response.backend.clusters.get(name)
    if cluster is None:
        raise DBClusterNotFoundError(name)
    return cluster, response.params.get("RoleArn")


@adds(RDSResponse, "remove_role_from_db_cluster")
def remove_role_from_db_cluster(self) -> EmptyResult:
    cluster, role = role_of(self)
    if role not in [each.role_arn for each in cluster._associated_roles]:
        raise RDSClientError("DBClusterRoleNotFound", f"Role ARN {role} is not associated.")
    cluster._associated_roles = [each for each in cluster._associated_roles if each.role_arn != role]
    return EmptyResult()


def http_endpoint(response, on: bool) -> ActionResult:
    arn = response.params.get("ResourceArn")
    for cluster in response.backend.clusters.values():
        if cluster.db_cluster_arn == arn:
            cluster._enable_http_endpoint = on
            return ActionResult({"ResourceArn": arn, "HttpEndpointEnabled": on})
    raise RDSClientError("ResourceNotFoundFault", f"There is no DB cluster {arn}.")


@adds(RDSResponse, "enable_http_endpoint")
def enable_http_endpoint(self) -> ActionResult:
    return http_endpoint(self, True)


@adds(RDSResponse, "disable_http_endpoint")
def disable_http_endpoint(self) -> ActionResult:
    return http_endpoint(self, False)
