"""Subnet groups need subnets of one VPC in two zones; groups in use are not deleted.

moto takes anything, makes a duplicate, and deletes a subnet group that is modified.
"""

from moto.rds.exceptions import (
    DBSubnetGroupNotFoundError,
    InvalidParameterValue,
    OptionGroupNotFoundFaultError,
    RDSClientError,
)
from moto.rds.models import DBSubnetGroup, OptionGroup, RDSBackend

from floorplan_sandbox.gaps.rds_states import settle_all
from floorplan_sandbox.patch import around, instead

DBSubnetGroup.supported_network_types = property(lambda _: ["IPV4"])


def covers(subnets: list) -> None:
    if not subnets:
        raise InvalidParameterValue("The parameter SubnetIds must be provided.")
    if len({subnet.vpc_id for subnet in subnets}) > 1:
        raise RDSClientError("InvalidSubnet", "The subnets belong to more than one VPC.")
    if len({subnet.availability_zone for subnet in subnets}) < 2:
        raise RDSClientError(
            "DBSubnetGroupDoesNotCoverEnoughAZs",
            "The DB subnet group doesn't meet Availability Zone (AZ) coverage requirement. "
            "Current AZ coverage: " + subnets[0].availability_zone + ". Add subnets to cover at least 2 AZs.",
        )


@around(RDSBackend, "create_subnet_group")
def create_subnet_group(original, self, subnet_name, description, subnets, tags):
    if subnet_name in self.subnet_groups:
        raise RDSClientError(
            "DBSubnetGroupAlreadyExists", f"The DB subnet group '{subnet_name}' already exists."
        )
    covers(subnets)
    return original(self, subnet_name, description, subnets, tags or [])


def instances_in(backend, group) -> list:
    settle_all(backend)
    return [each for each in backend.databases.values() if getattr(each, "db_subnet_group", None) is group]


@instead(RDSBackend, "modify_db_subnet_group")
def modify_db_subnet_group(self, subnet_name, description, subnets):
    group = self.subnet_groups.get(subnet_name)
    if group is None:
        raise DBSubnetGroupNotFoundError(subnet_name)
    covers(subnets)
    if subnets[0].vpc_id != group.vpc_id:
        raise RDSClientError("InvalidSubnet", "The subnets are not in the VPC of the DB subnet group.")
    zones = {subnet.availability_zone for subnet in subnets}
    for instance in instances_in(self, group):
        if instance.availability_zone not in zones:
            raise RDSClientError(
                "SubnetAlreadyInUse", f"{instance.db_instance_identifier} uses a subnet that would go."
            )
    group.subnets = subnets
    if description is not None:
        group.description = description
    return group


@around(RDSBackend, "delete_subnet_group")
def delete_subnet_group(original, self, subnet_name):
    group = self.subnet_groups.get(subnet_name)
    clusters = [each for each in self.clusters.values() if each.db_subnet_group_name == subnet_name]
    if group is not None and (instances_in(self, group) or clusters):
        raise RDSClientError(
            "InvalidDBSubnetGroupStateFault",
            f"Cannot delete the subnet group '{subnet_name}' because at least one database uses it.",
        )
    return original(self, subnet_name)


@around(RDSBackend, "delete_db_parameter_group")
def delete_db_parameter_group(original, self, db_parameter_group_name):
    settle_all(self)
    used = [each.db_parameter_group_name for each in self.databases.values()]
    if db_parameter_group_name in used or db_parameter_group_name.startswith("default."):
        raise RDSClientError(
            "InvalidDBParameterGroupState",
            f"The DB parameter group {db_parameter_group_name} is in use, or a default one.",
        )
    return original(self, db_parameter_group_name)


@around(RDSBackend, "delete_db_cluster_parameter_group")
def delete_db_cluster_parameter_group(original, self, db_cluster_parameter_group_name):
    if db_cluster_parameter_group_name in [each.parameter_group for each in self.clusters.values()]:
        raise RDSClientError(
            "InvalidDBParameterGroupState",
            f"The DB cluster parameter group {db_cluster_parameter_group_name} is in use.",
        )
    return original(self, db_cluster_parameter_group_name)


@around(RDSBackend, "delete_option_group")
def delete_option_group(original, self, option_group_name):
    settle_all(self)
    if option_group_name in [each.option_group_name for each in self.databases.values()]:
        raise RDSClientError(
            "InvalidOptionGroupStateFault", f"The option group {option_group_name} is in use."
        )
    return original(self, option_group_name)


@around(RDSBackend, "describe_option_groups")
def describe_option_groups(original, self, option_group_kwargs):
    """An empty list is no error, unless one group was asked for."""
    try:
        return original(self, {"option_group_name": None, **dict(option_group_kwargs.items())})
    except OptionGroupNotFoundFaultError:
        if option_group_kwargs.get("option_group_name"):
            raise
        return []


# An option as it was given, beside moto's settings of it.
@around(OptionGroup, "add_options")
def add_options(original, self, options_to_add):
    given = self.__dict__.setdefault("_given", {})
    for option in options_to_add:
        kept = given.setdefault(option["OptionName"], {})
        kept.update({key: value for key, value in option.items() if value is not None})
        settings = {each["Name"]: each["Value"] for each in self._options.get(option["OptionName"]) or []}
        settings.update({each["Name"]: each["Value"] for each in option.get("OptionSettings") or []})
        self._options[option["OptionName"]] = [{"Name": name, "Value": settings[name]} for name in settings]


def options(self) -> list[dict]:
    given = self.__dict__.get("_given", {})
    return [
        {
            "OptionName": name,
            "Port": given.get(name, {}).get("Port"),
            "OptionVersion": given.get(name, {}).get("OptionVersion"),
            "OptionSettings": [{"DefaultValue": "", **each} for each in settings],
            "VpcSecurityGroupMemberships": [
                {"VpcSecurityGroupId": group, "Status": "active"}
                for group in given.get(name, {}).get("VpcSecurityGroupMemberships") or []
            ],
        }
        for name, settings in self._options.items()
    ]


OptionGroup.options = property(options)
