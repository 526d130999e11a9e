"""What CreateDBInstance refuses, and what a new instance is like.

moto needs neither a user nor a password, gives all instances the same resource id and zone, and forgets
half of the arguments.
"""

import random
import string

from moto.ec2.models import ec2_backends
from moto.rds.exceptions import InvalidParameterCombination, InvalidParameterValue, RDSClientError
from moto.rds.models import DBInstance, RDSBackend

from floorplan_sandbox.gaps.rds_versions import resolve
from floorplan_sandbox.patch import around

# Kept under the name that the answer has.
KEPT = {
    "backup_target": "backup_target",
    "custom_iam_instance_profile": "custom_iam_instance_profile",
    "database_insights_mode": "database_insights_mode",
    "dedicated_log_volume": "dedicated_log_volume",
    "enable_customer_owned_ip": "customer_owned_ip_enabled",
    "enable_performance_insights": "performance_insights_enabled",
    "engine_lifecycle_support": "engine_lifecycle_support",
    "monitoring_interval": "monitoring_interval",
    "monitoring_role_arn": "monitoring_role_arn",
    "nchar_character_set_name": "nchar_character_set_name",
    "network_type": "network_type",
    "performance_insights_kms_key_id": "performance_insights_kms_key_id",
    "performance_insights_retention_period": "performance_insights_retention_period",
    "promotion_tier": "promotion_tier",
    "replica_mode": "replica_mode",
    "timezone": "timezone",
}
LONGEST_PASSWORD = {"mysql": 41, "mariadb": 41}


def keep(database, kwargs: dict) -> None:
    """Remembers arguments that moto drops."""
    for name, attribute in KEPT.items():
        if kwargs.get(name) is not None:
            setattr(database, attribute, kwargs[name])
    if getattr(database, "performance_insights_enabled", False):
        if not getattr(database, "performance_insights_retention_period", None):
            database.performance_insights_retention_period = 7


def check_password(engine: str, password: str | None, managed: bool) -> None:
    if managed:
        if password:
            raise InvalidParameterCombination(
                "You can't specify MasterUserPassword when you use ManageMasterUserPassword."
            )
        return
    if not password:
        raise InvalidParameterValue(
            "The parameter MasterUserPassword must be provided and must not be blank."
        )
    check_form(engine, password)


def check_form(engine: str, password: str) -> None:
    longest = LONGEST_PASSWORD.get(engine, 128)
    if not 8 <= len(password) <= longest:
        raise InvalidParameterValue(
            "The parameter MasterUserPassword is not a valid password: "
            f"it must have from 8 to {longest} characters."
        )
    if any(letter in "/\"@ " for letter in password):
        raise InvalidParameterValue(
            "The parameter MasterUserPassword is not a valid password. Only printable ASCII "
            "characters besides '/', '@', '\"', ' ' may be used."
        )


def group_zones(database) -> list[str]:
    """The zones that the instance may stand in."""
    group = getattr(database, "db_subnet_group", None)
    if group is None:
        return [f"{database.region}{letter}" for letter in "abc"]
    return sorted({subnet.availability_zone for subnet in group._subnets})


def place(database, zone: str | None) -> None:
    zones = group_zones(database)
    if zone and zone not in zones:
        raise InvalidParameterCombination(
            f"The DB instance and the DB subnet group have no Availability Zone {zone} in common."
        )
    taken = len(database.backend.databases)
    database.availability_zone = zone or zones[taken % len(zones)]
    stand_by(database)


def stand_by(database) -> None:
    """A Multi-AZ instance has a second zone, another has none."""
    database.secondary_availability_zone = None
    if not database.multi_az or database.db_cluster_identifier is not None:
        return
    others = [zone for zone in group_zones(database) if zone != database.availability_zone]
    if not others:
        raise RDSClientError(
            "InvalidVPCNetworkStateFault",
            "The DB subnet group doesn't meet Availability Zone (AZ) coverage requirement: "
            "a Multi-AZ DB instance needs subnets in two zones.",
        )
    database.secondary_availability_zone = others[0]


@around(DBInstance, "__init__")
def build(original, self, backend, **kwargs):
    original(self, backend, **kwargs)
    letters = string.ascii_uppercase + string.digits
    self.dbi_resource_id = "db-" + "".join(random.choices(letters, k=26))
    self.publicly_accessible = bool(kwargs.get("publicly_accessible"))
    self.deletion_protection = bool(kwargs.get("deletion_protection"))
    self.network_type = "IPV4"
    self.monitoring_interval = 0
    self.performance_insights_enabled = False
    if self.ca_certificate_identifier == "rds-ca-default":
        self.ca_certificate_identifier = "rds-ca-rsa2048-g1"
    keep(self, kwargs)
    if self.db_cluster_identifier is None:
        if self.storage_type == "gp3":
            self.iops = self.iops or 3000
            self.storage_throughput = self.storage_throughput or 125
        self.license_model = kwargs.get("license_model") or (
            "postgresql-license" if self.engine == "postgres" else "general-public-license"
        )
        group = getattr(self, "db_subnet_group", None)
        if group is not None and not kwargs.get("vpc_security_group_ids"):
            ec2 = ec2_backends[self.account_id][self.region]
            self.vpc_security_group_ids = [ec2.get_default_security_group(group.vpc_id).id]
        if self.storage_encrypted and not self.kms_key_id:
            self.kms_key_id = "default_kms_key_id"
        if self.kms_key_id == "default_kms_key_id":
            key = "00000000-0000-0000-0000-000000000000"
            self.kms_key_id = f"arn:aws:kms:{self.region}:{self.account_id}:key/{key}"
    place(self, kwargs.get("availability_zone"))


@around(RDSBackend, "create_db_instance")
def create_db_instance(original, self, db_kwargs: dict):
    restored = "created" in db_kwargs
    if db_kwargs.get("db_cluster_identifier") is None and not restored:
        engine = db_kwargs.get("engine") or ""
        if engine.startswith("aurora"):
            raise InvalidParameterCombination(f"The engine {engine} requires a DB cluster.")
        if not db_kwargs.get("master_username"):
            raise InvalidParameterValue(
                "The parameter MasterUsername must be provided and must not be blank."
            )
        password = db_kwargs.get("master_user_password")
        check_password(engine, password, bool(db_kwargs.get("manage_master_user_password")))
        db_kwargs["engine_version"] = resolve(engine, db_kwargs.get("engine_version"))
    if db_kwargs.get("multi_az") and db_kwargs.get("availability_zone") and not restored:
        raise InvalidParameterCombination(
            "Requesting a specific availability zone is not valid for Multi-AZ instances."
        )
    if restored:
        # What another instance was is not what this one is: its place, its id, its secret.
        for name in ("availability_zone", "dbi_resource_id", "secondary_availability_zone"):
            db_kwargs.pop(name, None)
    return original(self, db_kwargs)


@around(RDSBackend, "create_db_instance_read_replica")
def create_db_instance_read_replica(original, self, db_kwargs: dict):
    wanted = db_kwargs["db_instance_identifier"]
    if wanted in self.databases:
        raise RDSClientError("DBInstanceAlreadyExists", "DB instance already exists")
    source = self.find_db_from_id(db_kwargs["source_db_instance_identifier"])
    if source.backup_retention_period == 0:
        raise RDSClientError(
            "InvalidDBInstanceState", "Automated backups are not enabled for this database instance."
        )
    tags = db_kwargs.pop("tags", None)
    room = db_kwargs.pop("max_allocated_storage", None)
    replica = original(self, db_kwargs)
    letters = string.ascii_uppercase + string.digits
    replica.dbi_resource_id = "db-" + "".join(random.choices(letters, k=26))
    replica.tags = tags or []
    replica.source_db_instance_identifier = source.db_instance_identifier
    replica.enabled_cloudwatch_logs_exports = db_kwargs.get("enable_cloudwatch_logs_exports") or []
    replica.backup_retention_period = 0
    replica.deletion_protection = bool(db_kwargs.get("deletion_protection"))
    replica.multi_az = bool(db_kwargs.get("multi_az"))
    replica.__dict__.pop("_pending", None)
    replica.__dict__.pop("master_user_secret", None)
    replica.manage_master_user_password = False
    if room:
        replica.max_allocated_storage = room
    if source.backend is not self:
        # Groups belong to a region: those of the source are not those of the replica.
        replica.db_parameter_group_name = db_kwargs.get("db_parameter_group_name")
        replica.option_group_name = db_kwargs.get("option_group_name") or replica.option_group_name
    keep(replica, db_kwargs)
    place(replica, db_kwargs.get("availability_zone"))
    return replica


@around(RDSBackend, "promote_read_replica")
def promote_read_replica(original, self, db_kwargs: dict):
    database = original(self, {key: value for key, value in db_kwargs.items() if value is not None})
    if database.source_db_instance_identifier:
        source = self.databases.get(database.source_db_instance_identifier)
        if source is not None and database.db_instance_identifier in source.replicas:
            source.remove_replica(database)
        database.source_db_instance_identifier = None
    return database


@around(RDSBackend, "create_auto_snapshot")
def create_auto_snapshot(original, self, db_instance_identifier, db_snapshot_identifier):
    """moto names it after the minute, so that two databases of one name in a minute would collide."""
    self.database_snapshots.pop(db_snapshot_identifier, None)
    return original(self, db_instance_identifier, db_snapshot_identifier)


@around(RDSBackend, "create_auto_cluster_snapshot")
def create_auto_cluster_snapshot(original, self, db_cluster_identifier, db_snapshot_identifier):
    self.cluster_snapshots.pop(db_snapshot_identifier, None)
    return original(self, db_cluster_identifier, db_snapshot_identifier)
