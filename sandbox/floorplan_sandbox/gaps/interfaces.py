"""Network interfaces: an attached one is not deleted, a security group that is not there is not invented, and no two
of a subnet have one address.

moto deletes interfaces in use, creates a group for an unknown group id, and gives the interfaces of gateways any
address of their subnet.
"""

import ipaddress
import random

from moto.ec2.exceptions import EC2ClientError, InvalidSecurityGroupNotFoundError
from moto.ec2.models import EC2Backend
from moto.ec2.models.subnets import Subnet

from floorplan_sandbox.patch import around


def taken_addresses(ec2: EC2Backend, subnet) -> set[str]:
    """The addresses that interfaces in a subnet have."""
    own = (interface for interface in list(ec2.enis.values()) if interface.subnet.id == subnet.id)
    return {each["PrivateIpAddress"] for interface in own for each in interface.private_ip_addresses}


def free_address(ec2: EC2Backend, subnet) -> str:
    """An address of a subnet that nothing has. AWS keeps the first four and the last one."""
    network = ipaddress.IPv4Network(subnet.cidr_block)
    first = int(network.network_address)
    taken = {int(ipaddress.IPv4Address(address)) - first for address in taken_addresses(ec2, subnet)}
    free = [place for place in range(4, network.num_addresses - 1) if place not in taken]
    if not free:
        raise EC2ClientError("InsufficientFreeAddressesInSubnet", f"{subnet.id} has no free addresses.")
    return str(network[random.choice(free)])


@around(Subnet, "get_available_subnet_ip")
def get_available_subnet_ip(original, self, instance):
    taken = taken_addresses(self.ec2_backend, self)
    while (address := original(self, instance)) in taken:
        pass
    return address


@around(EC2Backend, "create_network_interface")
def create_network_interface(
    original, self, subnet, private_ip_address, private_ip_addresses=None, group_ids=None, *args, **kwargs
):
    for group_id in group_ids or []:
        if self.get_security_group_from_id(group_id) is None:
            raise InvalidSecurityGroupNotFoundError(group_id)
    return original(self, subnet, private_ip_address, private_ip_addresses, group_ids, *args, **kwargs)


@around(EC2Backend, "delete_network_interface")
def delete_network_interface(original, self, eni_id):
    interface = self.enis.get(eni_id)
    instance = getattr(interface, "instance", None)
    if interface is not None and (instance and not getattr(instance, "ending", False)):
        raise in_use(eni_id)
    if interface is not None and interface.requester_managed:
        raise in_use(eni_id)
    return original(self, eni_id)


def in_use(eni_id: str) -> EC2ClientError:
    return EC2ClientError("InvalidParameterValue", f"Network interface '{eni_id}' is currently in use.")
