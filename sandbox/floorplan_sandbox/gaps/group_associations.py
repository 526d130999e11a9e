"""Security groups that serve in further VPCs."""

from moto.core.responses import ActionResult
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.responses import EC2Response

from floorplan_sandbox.gaps.filters import select
from floorplan_sandbox.gaps.plain import Kept
from floorplan_sandbox.patch import adds


def held(response) -> dict:
    return vars(response.ec2_backend).setdefault("_group_vpcs", {})


def key(response) -> tuple:
    return response._get_param("GroupId"), response._get_param("VpcId")


@adds(EC2Response, "associate_security_group_vpc")
def associate_security_group_vpc(self):
    group, vpc = key(self)
    self.ec2_backend.get_vpc(vpc)
    if self.ec2_backend.get_security_group_from_id(group).vpc_id == vpc:
        raise EC2ClientError("InvalidParameterValue", f"{group} belongs to {vpc}.")
    if key(self) in held(self):
        raise EC2ClientError("InvalidGroup.Duplicate", f"{group} is associated with {vpc} already.")
    members = {"GroupId": group, "VpcId": vpc, "VpcOwnerId": self.current_account, "State": "associated"}
    held(self)[key(self)] = Kept(self.ec2_backend, f"{group} {vpc}", members)
    return ActionResult({"State": "associating"})


@adds(EC2Response, "describe_security_group_vpc_associations")
def describe_security_group_vpc_associations(self):
    found = select(self._filters_from_querystring(), list(held(self).values()))
    return ActionResult({"SecurityGroupVpcAssociations": [each.members for each in found]})


@adds(EC2Response, "disassociate_security_group_vpc")
def disassociate_security_group_vpc(self):
    if held(self).pop(key(self), None) is None:
        raise EC2ClientError("InvalidSecurityGroupVpcAssociation.NotFound", "The association does not exist.")
    return ActionResult({"State": "disassociating"})
