"""Parameters of a group are set in portions of 20 and taken back with ResetDBParameterGroup.

moto takes any number and cannot take back. Only what somebody set is listed, as source `user`.
"""

from moto.core.responses import ActionResult
from moto.rds.exceptions import (
    DBClusterParameterGroupNotFoundError,
    DBParameterGroupNotFoundError,
    InvalidParameterValue,
)
from moto.rds.models import RDSBackend
from moto.rds.responses import RDSResponse

from floorplan_sandbox.patch import adds, around

AT_MOST = 20


def check(parameters: list) -> None:
    if len(parameters) > AT_MOST:
        raise InvalidParameterValue(f"At most {AT_MOST} parameters can be modified in a single request.")


@around(RDSBackend, "modify_db_parameter_group")
def modify_db_parameter_group(original, self, db_parameter_group_name, db_parameter_group_parameters):
    check(db_parameter_group_parameters)
    return original(self, db_parameter_group_name, marked(db_parameter_group_parameters))


@around(RDSBackend, "modify_db_cluster_parameter_group")
def modify_db_cluster_parameter_group(
    original, self, db_cluster_parameter_group_name, db_cluster_parameter_group_parameters
):
    check(db_cluster_parameter_group_parameters)
    return original(self, db_cluster_parameter_group_name, marked(db_cluster_parameter_group_parameters))


def marked(parameters: list) -> list[dict]:
    return [{"Source": "user", "IsModifiable": True, **each} for each in parameters]


def reset(response, name: str, groups, missing: type) -> ActionResult:
    wanted = response.params.get(name)
    group = groups.get(wanted)
    if group is None:
        raise missing(wanted)
    parameters = response.params.get("Parameters", [])
    check(parameters)
    if response.params.get("ResetAllParameters"):
        group.parameters.clear()
    for parameter in parameters:
        group.parameters.pop(parameter["ParameterName"], None)
    return ActionResult({name: group.name})


@adds(RDSResponse, "reset_db_parameter_group")
def reset_db_parameter_group(self) -> ActionResult:
    groups = self.backend.db_parameter_groups
    return reset(self, "DBParameterGroupName", groups, DBParameterGroupNotFoundError)


@adds(RDSResponse, "reset_db_cluster_parameter_group")
def reset_db_cluster_parameter_group(self) -> ActionResult:
    groups = self.backend.db_cluster_parameter_groups
    return reset(self, "DBClusterParameterGroupName", groups, DBClusterParameterGroupNotFoundError)
