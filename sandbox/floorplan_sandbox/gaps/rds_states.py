"""A DB instance takes time to be made, changed, restarted and deleted, and refuses changes meanwhile.

moto's is always available. The delay is the switch `rds_instance`, in seconds; states move on when the
instance is next looked at.
"""

import time
from collections.abc import Callable

from moto.rds.exceptions import InvalidParameterCombination, RDSClientError
from moto.rds.models import DBInstance, RDSBackend
from moto.rds.responses import RDSResponse

from floorplan_sandbox.control import CONTROL
from floorplan_sandbox.patch import around

RDSResponse.RESPONSE_KEY_PATH_TO_TRANSFORMER = {
    **getattr(RDSResponse, "RESPONSE_KEY_PATH_TO_TRANSFORMER", {}),
    **{
        f"{action}Result.DBInstance.DBInstanceStatus": lambda _: "creating"
        for action in (
            "CreateDBInstance",
            "CreateDBInstanceReadReplica",
            "RestoreDBInstanceFromDBSnapshot",
            "RestoreDBInstanceToPointInTime",
        )
    },
    "DeleteDBInstanceResult.DBInstance.DBInstanceStatus": lambda _: "deleting",
}


def enter(database, phase: str, done: Callable[[], None] | None = None) -> None:
    """Begins a phase; at its end `done` is called and the instance is available."""
    seconds = CONTROL.delay("rds_instance")
    if seconds <= 0:
        if done:
            done()
        return
    database.__dict__["_phase"] = (phase, time.monotonic() + seconds, done)


def settle(database) -> None:
    phase = database.__dict__.get("_phase")
    if phase and time.monotonic() >= phase[1]:
        database.__dict__["_phase"] = None
        if phase[2]:
            phase[2]()


def read_status(database) -> str:
    settle(database)
    phase = database.__dict__.get("_phase")
    return phase[0] if phase else database.__dict__.get("_status_kept", "available")


def write_status(database, value: str) -> None:
    database.__dict__["_status_kept"] = value


DBInstance.status = property(read_status, write_status)


def settle_all(backend) -> None:
    for database in list(backend.databases.values()):
        settle(database)


def available(database, doing: str) -> None:
    """The error for a call that comes while another is being carried out."""
    if database.status not in ("available", "stopped"):
        raise RDSClientError(
            "InvalidDBInstanceState",
            f"Database instance is not in available state: cannot {doing} "
            f"{database.db_instance_identifier} while it is {database.status}.",
        )


def starts_out(name: str) -> None:
    @around(RDSBackend, name)
    def wrapper(original, self, *args, **kwargs):
        settle_all(self)
        made = original(self, *args, **kwargs)
        made.__dict__.pop("_phase", None)
        made.__dict__.pop("_status_kept", None)
        enter(made, "creating")
        return made


for action in ("create_db_instance", "create_db_instance_read_replica"):
    starts_out(action)


@around(RDSBackend, "describe_db_instances")
def describe_db_instances(original, self, *args, **kwargs):
    settle_all(self)
    return original(self, *args, **kwargs)


@around(RDSBackend, "delete_db_instance")
def delete_db_instance(original, self, db_instance_identifier, **kwargs):
    settle_all(self)
    database = self.databases.get(db_instance_identifier)
    if database is None:
        return original(self, db_instance_identifier, **kwargs)
    if database.status == "deleting":
        raise RDSClientError(
            "InvalidDBInstanceState",
            f"Instance {db_instance_identifier} is already being deleted.",
        )
    if database.status == "creating":
        available(database, "delete")
    if database.deletion_protection:
        return original(self, db_instance_identifier, **kwargs)
    if database.db_cluster_identifier is None:
        check_last_snapshot(kwargs, replica=database.is_replica)
    named = kwargs.get("final_db_snapshot_identifier")
    if named and not kwargs.get("skip_final_snapshot"):
        self.create_db_snapshot(db_instance_identifier, named, snapshot_type="manual")
    kwargs["final_db_snapshot_identifier"] = None

    def gone() -> None:
        if self.databases.get(database.db_instance_identifier) is database:
            original(self, database.db_instance_identifier, **kwargs)

    enter(database, "deleting", gone)
    return database


def check_last_snapshot(kwargs: dict, replica: bool = False) -> None:
    """A last snapshot is named, or there shall be none."""
    named, skip = kwargs.get("final_db_snapshot_identifier"), kwargs.get("skip_final_snapshot")
    if named and skip:
        raise InvalidParameterCombination(
            "FinalDBSnapshotIdentifier can not be specified when SkipFinalSnapshot is true."
        )
    if replica and not skip:
        raise InvalidParameterCombination(
            "FinalDBSnapshotIdentifier can not be specified for a read replica."
        )
    if not named and not skip:
        raise InvalidParameterCombination(
            "FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified."
        )
