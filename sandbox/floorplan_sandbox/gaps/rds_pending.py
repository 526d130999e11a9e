"""ModifyDBInstance keeps a change pending until the maintenance window, unless it shall come about at once.

moto applies everything at once. Here a restart of the instance stands for the window.
"""

from moto.rds.exceptions import (
    InvalidParameterCombination,
    InvalidParameterValue,
    OptionGroupNotFoundFaultError,
    RDSClientError,
)
from moto.rds.models import DBInstance, RDSBackend

from floorplan_sandbox.gaps.rds_create import check_form, keep, stand_by
from floorplan_sandbox.gaps.rds_states import available, enter
from floorplan_sandbox.gaps.rds_versions import upgrade
from floorplan_sandbox.patch import around

# What may wait, with its name in PendingModifiedValues and in moto.
WAITING = {
    "allocated_storage": ("AllocatedStorage", "allocated_storage"),
    "ca_certificate_identifier": ("CACertificateIdentifier", "ca_certificate_identifier"),
    "db_instance_class": ("DBInstanceClass", "db_instance_class"),
    "db_port_number": ("Port", "port"),
    "db_subnet_group_name": ("DBSubnetGroupName", "db_subnet_group_name"),
    "dedicated_log_volume": ("DedicatedLogVolume", "dedicated_log_volume"),
    "enable_iam_database_authentication": (
        "IAMDatabaseAuthenticationEnabled",
        "enable_iam_database_authentication",
    ),
    "engine_version": ("EngineVersion", "engine_version"),
    "iops": ("Iops", "iops"),
    "license_model": ("LicenseModel", "license_model"),
    "master_user_password": ("MasterUserPassword", "master_user_password"),
    "multi_az": ("MultiAZ", "multi_az"),
    "new_db_instance_identifier": ("DBInstanceIdentifier", "db_instance_identifier"),
    "storage_throughput": ("StorageThroughput", "storage_throughput"),
    "storage_type": ("StorageType", "storage_type"),
}
ONE_AT_A_TIME = "You can't specify MasterUserPassword when you use ManageMasterUserPassword."


def pending(database) -> dict:
    return database.__dict__.setdefault("_pending", {})


def shown(database) -> dict:
    """PendingModifiedValues; a password is not shown."""
    found = {WAITING[name][0]: value for name, value in pending(database).items()}
    if "MasterUserPassword" in found:
        found["MasterUserPassword"] = "****"
    return found


DBInstance.pending_modified_values = property(shown)


def differs(database, name: str, value: object) -> bool:
    if name == "master_user_password":
        return True
    if name == "db_subnet_group_name":
        return value != getattr(getattr(database, "db_subnet_group", None), "name", None)
    return getattr(database, WAITING[name][1], None) != value


def apply(backend, database) -> None:
    """Brings about what is pending."""
    waiting = dict(pending(database))
    database.__dict__["_pending"] = {}
    name = waiting.pop("new_db_instance_identifier", None)
    if name:
        rename(backend, database, name)
    for key, value in waiting.items():
        setattr(database, WAITING[key][1], value)
    if waiting.get("storage_type") == "gp3":
        database.iops = waiting.get("iops") or 3000
        database.storage_throughput = waiting.get("storage_throughput") or 125
    if "multi_az" in waiting:
        stand_by(database)


def rename(backend, database, name: str) -> None:
    old = database.db_instance_identifier
    del backend.databases[old]
    database.db_instance_identifier = name
    backend.databases[database.db_instance_identifier] = database


def check(backend, database, wanted: dict) -> None:
    if wanted.get("master_user_password") and wanted.get("manage_master_user_password"):
        raise InvalidParameterCombination(ONE_AT_A_TIME)
    if wanted.get("master_user_password"):
        if database.manage_master_user_password and wanted.get("manage_master_user_password") is None:
            raise InvalidParameterCombination(ONE_AT_A_TIME)
        check_form(database.engine, wanted["master_user_password"])
    if wanted.get("manage_master_user_password") is False and not wanted.get("master_user_password"):
        raise InvalidParameterValue("The parameter MasterUserPassword must be provided.")
    if wanted.get("allocated_storage") and wanted["allocated_storage"] < database.allocated_storage:
        raise InvalidParameterCombination(
            f"Requested size of {wanted['allocated_storage']} GiB is less than the current size of "
            f"{database.allocated_storage} GiB: storage can't be reduced."
        )
    if wanted.get("engine_version"):
        allowed = bool(wanted.get("allow_major_version_upgrade"))
        wanted["engine_version"] = upgrade(
            database.engine, database.engine_version, wanted["engine_version"], allowed
        )
    group = wanted.get("option_group_name")
    if group and not group.startswith("default:") and group not in backend.option_groups:
        raise OptionGroupNotFoundFaultError(group)
    name = wanted.get("new_db_instance_identifier")
    if name and name in backend.databases and name != database.db_instance_identifier:
        raise RDSClientError("DBInstanceAlreadyExists", "DB instance already exists")
    if wanted.get("multi_az"):
        kept, database.multi_az = database.multi_az, True
        try:
            stand_by(database)
        finally:
            database.multi_az = kept
            stand_by(database)


@around(RDSBackend, "modify_db_instance")
def modify_db_instance(original, self, db_instance_identifier: str, db_kwargs: dict):
    database = self.describe_db_instances(db_instance_identifier)[0]
    available(database, "modify")
    wanted = {name: value for name, value in db_kwargs.items() if value is not None}
    wanted.pop("db_instance_identifier", None)
    immediately = bool(wanted.pop("apply_immediately", False))
    check(self, database, wanted)
    for name in [name for name in WAITING if name in wanted]:
        value = wanted.pop(name)
        if differs(database, name, value):
            pending(database)[name] = value
        else:
            pending(database).pop(name, None)
    keep(database, wanted)
    if "enable_customer_owned_ip" in wanted:
        database.customer_owned_ip_enabled = wanted["enable_customer_owned_ip"]
    original(self, db_instance_identifier, {"apply_immediately": immediately, **wanted})
    if immediately and pending(database):
        enter(database, "modifying", lambda: apply(self, database))
    return database
