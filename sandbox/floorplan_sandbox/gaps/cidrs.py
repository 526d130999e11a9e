"""Address ranges of VPCs and subnets: canonical form, sizes, zones and overlaps as AWS checks them.

moto keeps host bits, allows a /29, zones of other regions and overlapping secondary ranges, and takes ranges
away from under subnets.
"""

import ipaddress

from moto.ec2.exceptions import (
    DependencyViolationError,
    EC2ClientError,
    InvalidCIDRBlockParameterError,
    InvalidSubnetConflictError,
    InvalidSubnetRangeError,
    InvalidVPCRangeError,
)
from moto.ec2.models import EC2Backend
from moto.ec2.models.subnets import Subnet
from moto.ec2.models.vpcs import VPC

from floorplan_sandbox.patch import around


def network(cidr: str):
    try:
        return ipaddress.ip_network(str(cidr), strict=False)
    except ValueError:
        raise InvalidCIDRBlockParameterError(cidr) from None


def sized(cidr: str, error: type) -> str:
    wanted = network(cidr)
    if wanted.version != 4 or not 16 <= wanted.prefixlen <= 28:
        raise error(cidr)
    return str(wanted)


@around(EC2Backend, "create_vpc")
def create_vpc(original, self, cidr_block, *args, **kwargs):
    if not cidr_block:
        raise EC2ClientError("MissingParameter", "Either 'cidrBlock' or 'ipv4IpamPoolId' should be provided.")
    return original(self, sized(cidr_block, InvalidVPCRangeError), *args, **kwargs)


@around(EC2Backend, "associate_vpc_cidr_block")
def associate_vpc_cidr_block(original, self, vpc_id, cidr_block, amazon_provided_ipv6_cidr_block):
    vpc = self.get_vpc(vpc_id)
    if not amazon_provided_ipv6_cidr_block:
        cidr_block = sized(cidr_block, InvalidVPCRangeError)
        for present in vpc.get_cidr_block_association_set():
            held = present["cidr_block_state"]["state"] == "associated"
            if held and network(present["cidr_block"]).overlaps(network(cidr_block)):
                raise EC2ClientError(
                    "InvalidVpc.Range",
                    f"The CIDR '{cidr_block}' conflicts with another CIDR block of {vpc_id}.",
                )
    return original(self, vpc_id, cidr_block, amazon_provided_ipv6_cidr_block)


@around(EC2Backend, "disassociate_vpc_cidr_block")
def disassociate_vpc_cidr_block(original, self, association_id):
    for vpc in self.vpcs.values():
        association = vpc._cidr_block_association_set.get(association_id)
        if association is None or association["cidr_block"] == vpc.cidr_block:
            continue
        leaving = network(association["cidr_block"])
        for subnet in self.describe_subnets(filters={"vpc-id": [vpc.id]}):
            ranges = [subnet.cidr_block] + [
                each["ipv6CidrBlock"]
                for each in subnet.ipv6_cidr_block_associations.values()
                if each["ipv6CidrBlockState"]["State"] == "associated"
            ]
            if any(network(each).overlaps(leaving) for each in ranges if each):
                raise DependencyViolationError(
                    f"The vpc CIDR block with association ID {association_id} has dependencies"
                    " and cannot be deleted."
                )
    return original(self, association_id)


@around(EC2Backend, "create_subnet")
def create_subnet(
    original,
    self,
    vpc_id,
    cidr_block,
    ipv6_cidr_block=None,
    availability_zone=None,
    availability_zone_id=None,
    **kwargs,
):
    vpc = self.get_vpc(vpc_id)
    if cidr_block:
        cidr_block = sized(cidr_block, InvalidSubnetRangeError)
    if ipv6_cidr_block:
        ipv6_cidr_block = check_ipv6(self, vpc, ipv6_cidr_block)
    zone = own_zone(self, availability_zone, availability_zone_id)
    return original(self, vpc_id, cidr_block, ipv6_cidr_block, zone, **kwargs)


@around(EC2Backend, "associate_subnet_cidr_block")
def associate_subnet_cidr_block(original, self, subnet_id, ipv6_cidr_block):
    vpc = self.get_vpc(self.get_subnet(subnet_id).vpc_id)
    return original(self, subnet_id, check_ipv6(self, vpc, ipv6_cidr_block))


def check_ipv6(backend, vpc, cidr: str) -> str:
    wanted = network(cidr)
    held = [network(each["cidr_block"]) for each in vpc.get_cidr_block_association_set(ipv6=True)]
    if wanted.version != 6 or not any(wanted.subnet_of(each) for each in held):
        raise InvalidSubnetRangeError(cidr)
    for subnet in backend.describe_subnets(filters={"vpc-id": [vpc.id]}):
        for each in subnet.ipv6_cidr_block_associations.values():
            live = each["ipv6CidrBlockState"]["State"] == "associated"
            if live and network(each["ipv6CidrBlock"]).overlaps(wanted):
                raise InvalidSubnetConflictError(cidr)
    return str(wanted)


def own_zone(backend, name: str | None, zone_id: str | None) -> str | None:
    """The name of a zone of this region, given by name or by id."""
    zones = backend.describe_availability_zones()
    if zone_id and not name:
        name = next((zone.name for zone in zones if zone.zone_id == zone_id), zone_id)
    if name and all(zone.name != name for zone in zones):
        offered = ", ".join(zone.name for zone in zones)
        raise EC2ClientError(
            "InvalidParameterValue",
            f"Value ({name}) for parameter availabilityZone is invalid. Subnets can currently only be"
            f" created in the following availability zones: {offered}.",
        )
    return name


@around(VPC, "associate_vpc_cidr_block")
def associate_ipv6(original, self, *args, **kwargs):
    association = original(self, *args, **kwargs)
    if "ipv6_pool" in association:
        association["network_border_group"] = self.ec2_backend.region_name
    return association


def ipv6_cidr_block_association_set(self):
    return [
        {
            "ipv6CidrBlock": each["ipv6CidrBlock"],
            "associationId": each["associationId"],
            "ipv6CidrBlockState": {"state": each["ipv6CidrBlockState"]["State"]},
        }
        for each in self.ipv6_cidr_block_associations.values()
        if each["ipv6CidrBlockState"]["State"] == "associated"
    ]


Subnet.ipv6_cidr_block_association_set = property(ipv6_cidr_block_association_set)
