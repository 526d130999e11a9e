"""A role can be taken from a DB instance again, which moto has no call for."""

from moto.core.responses import EmptyResult
from moto.rds.exceptions import RDSClientError
from moto.rds.responses import RDSResponse

from floorplan_sandbox.patch import adds


@adds(RDSResponse, "remove_role_from_db_instance")
def remove_role_from_db_instance(self) -> EmptyResult:
    name, role, feature = (
        self.params.get(key) for key in ("DBInstanceIdentifier", "RoleArn", "FeatureName")
    )
    database = self.backend.describe_db_instances(name)[0]
    kept = [each for each in database._associated_roles if (each.role_arn, each.feature_name) != (role, feature)]
    if len(kept) == len(database._associated_roles):
        raise RDSClientError("DBInstanceRoleNotFound", f"Role ARN {role} is not associated.")
    database._associated_roles = kept
    return EmptyResult()
