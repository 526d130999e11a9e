"""A subnet without an IPv4 range: it has no IPv4 addresses to give, and names its instances by their ids.

moto counts its IPv6 addresses, more than the API's number can hold.
"""

from moto.ec2.models import EC2Backend
from moto.ec2.models.subnets import Subnet

from floorplan_sandbox.patch import around

counted = Subnet.available_ip_address_count.fget


def available_ip_address_count(subnet) -> int:
    return counted(subnet) if subnet.cidr_block else 0


Subnet.available_ip_address_count = property(available_ip_address_count)


@around(EC2Backend, "create_subnet")
def create_subnet(original, self, *args, **kwargs):
    subnet = original(self, *args, **kwargs)
    if not subnet.cidr_block:
        subnet.map_public_ip_on_launch = False
        subnet.private_dns_name_options_on_launch["HostnameType"] = "resource-name"
    return subnet
