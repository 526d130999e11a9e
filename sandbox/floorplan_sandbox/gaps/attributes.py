"""Attributes of VPCs and subnets: all are stored and returned, one per request.

moto drops EnableDns64 and the DNS name options, and takes several attributes in one request.
"""

from moto.core.responses import EmptyResult
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models.subnets import Subnet
from moto.ec2.responses.subnets import Subnets
from moto.ec2.responses.vpcs import VPCs

from floorplan_sandbox.patch import around, instead

VPC_ATTRIBUTES = ("EnableDnsSupport", "EnableDnsHostnames", "EnableNetworkAddressUsageMetrics")
SUBNET_ATTRIBUTES = {
    "MapPublicIpOnLaunch": "map_public_ip_on_launch",
    "AssignIpv6AddressOnCreation": "assign_ipv6_address_on_creation",
    "EnableDns64": "enable_dns64",
}
DNS_OPTIONS = {
    "EnableResourceNameDnsARecordOnLaunch": "EnableResourceNameDnsARecord",
    "EnableResourceNameDnsAAAARecordOnLaunch": "EnableResourceNameDnsAAAARecord",
}
HOSTNAME_TYPE = "PrivateDnsHostnameTypeOnLaunch"

Subnet.enable_dns64 = False


def only_one(given: list[str]) -> None:
    if len(given) > 1:
        raise EC2ClientError("InvalidParameterCombination", "Fields for multiple attribute types specified")


@around(VPCs, "modify_vpc_attribute")
def modify_vpc_attribute(original, self):
    only_one([name for name in VPC_ATTRIBUTES if self._get_param(f"{name}.Value") is not None])
    return original(self)


@instead(Subnets, "modify_subnet_attribute")
def modify_subnet_attribute(self):
    subnet = self.ec2_backend.get_subnet(self._get_param("SubnetId"))
    values = {
        name: self._get_param(f"{name}.Value")
        for name in (*SUBNET_ATTRIBUTES, *DNS_OPTIONS)
        if self._get_param(f"{name}.Value") is not None
    }
    hostname_type = self._get_param(HOSTNAME_TYPE)
    if hostname_type is not None:
        values[HOSTNAME_TYPE] = hostname_type
    only_one(list(values))
    for name, value in values.items():
        if name in SUBNET_ATTRIBUTES:
            setattr(subnet, SUBNET_ATTRIBUTES[name], value)
        elif name in DNS_OPTIONS:
            subnet.private_dns_name_options_on_launch[DNS_OPTIONS[name]] = value
        else:
            subnet.private_dns_name_options_on_launch["HostnameType"] = value
    return EmptyResult()
