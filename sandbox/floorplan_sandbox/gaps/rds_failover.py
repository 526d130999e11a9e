"""RebootDBInstance takes time, brings pending changes about, and with a failover swaps the two zones.

moto's does nothing, also to an instance that has one zone only.
"""

from moto.core.responses import ActionResult
from moto.rds.exceptions import InvalidParameterCombination
from moto.rds.responses import RDSResponse

from floorplan_sandbox.gaps.rds_pending import apply
from floorplan_sandbox.gaps.rds_states import available, enter
from floorplan_sandbox.patch import instead


@instead(RDSResponse, "reboot_db_instance")
def reboot_db_instance(self) -> ActionResult:
    backend = self.backend
    database = backend.describe_db_instances(self.params.get("DBInstanceIdentifier"))[0]
    available(database, "reboot")
    fail_over = bool(self.params.get("ForceFailover"))
    if fail_over and not database.multi_az:
        raise InvalidParameterCombination(
            "ForceFailover cannot be specified since the instance is not configured for Multi-AZ."
        )

    def done() -> None:
        if fail_over:
            first, second = database.availability_zone, database.secondary_availability_zone
            database.availability_zone, database.secondary_availability_zone = second, first
        apply(backend, database)

    enter(database, "rebooting", done)
    return ActionResult({"DBInstance": database})
