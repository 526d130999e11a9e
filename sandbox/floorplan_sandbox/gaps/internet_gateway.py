"""Internet gateways: one per VPC, and not detached while the VPC has mapped public addresses.

moto attaches a second one and detaches any.
"""

from moto.ec2.exceptions import DependencyViolationError, EC2ClientError
from moto.ec2.models import EC2Backend

from floorplan_sandbox.patch import around


@around(EC2Backend, "attach_internet_gateway")
def attach_internet_gateway(original, self, internet_gateway_id, vpc_id):
    gateway = self.get_internet_gateway(internet_gateway_id)
    self.get_vpc(vpc_id)
    if gateway.vpc:
        raise EC2ClientError(
            "Resource.AlreadyAssociated",
            f"resource {internet_gateway_id} is already attached to network {gateway.vpc.id}",
        )
    if self.has_internet_gateway(vpc_id):
        raise EC2ClientError(
            "InvalidParameterValue", f"Network {vpc_id} already has an internet gateway attached"
        )
    return original(self, internet_gateway_id, vpc_id)


@around(EC2Backend, "detach_internet_gateway")
def detach_internet_gateway(original, self, internet_gateway_id, vpc_id):
    self.settle_nat_gateways()
    gateway = self.get_internet_gateway(internet_gateway_id)
    attached = gateway.vpc and gateway.vpc.id == vpc_id
    if attached and any(each.public_ip and each.subnet.vpc_id == vpc_id for each in self.enis.values()):
        raise DependencyViolationError(
            f"Network {vpc_id} has some mapped public address(es)."
            " Please unmap those public address(es) before detaching the gateway."
        )
    return original(self, internet_gateway_id, vpc_id)


def has_internet_gateway(self, vpc_id: str) -> bool:
    return any(each.vpc and each.vpc.id == vpc_id for each in self.internet_gateways.values())


EC2Backend.has_internet_gateway = has_internet_gateway
