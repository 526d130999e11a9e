"""Elastic IP addresses: one in use is not released, one in a VPC without internet gateway is not associated.

moto releases addresses under a NAT gateway or an instance, and names no border group or pool.
"""

from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models import EC2Backend
from moto.ec2.models.elastic_ip_addresses import ElasticAddress
from moto.ec2.responses.elastic_ip_addresses import ElasticIPAddresses

from floorplan_sandbox.patch import around


@around(EC2Backend, "release_address")
def release_address(original, self, address=None, allocation_id=None):
    self.settle_nat_gateways()
    found = self.address_by_ip([address]) if address else self.address_by_allocation([allocation_id])
    if found[0].association_id:
        raise EC2ClientError("InvalidIPAddress.InUse", f"Address {found[0].public_ip} is in use.")
    owned = found[0].allocation_id
    original(self, address, allocation_id)
    self.tags.pop(owned, None)


@around(EC2Backend, "disassociate_address")
def disassociate_address(original, self, address=None, association_id=None):
    self.settle_nat_gateways()
    found = self.address_by_ip([address]) if address else self.address_by_association([association_id])
    interface = found[0].eni
    if interface is not None and interface.interface_type == "nat_gateway":
        raise EC2ClientError("AuthFailure", "You do not have permission to access the specified resource.")
    return original(self, address, association_id)


@around(ElasticIPAddresses, "associate_address")
def associate_address(original, self):
    interface_id = self._get_param("NetworkInterfaceId")
    if interface_id:
        vpc_id = self.ec2_backend.get_network_interface(interface_id).subnet.vpc_id
        if not self.ec2_backend.has_internet_gateway(vpc_id):
            raise EC2ClientError(
                "Gateway.NotAttached", f"Network {vpc_id} is not attached to any internet gateway"
            )
    return original(self)


@around(ElasticIPAddresses, "allocate_address")
def allocate_address(original, self):
    result = original(self)
    result._result.update({"PublicIpv4Pool": "amazon", "NetworkBorderGroup": self.region})
    return result


# moto answers an empty text for what is not there.
ElasticAddress.instance_id = property(lambda self: self.instance.id if self.instance else None)
ElasticAddress.network_interface_id = property(lambda self: self.eni.id if self.eni else None)
ElasticAddress.public_ipv4_pool = "amazon"
ElasticAddress.network_border_group = property(lambda self: self.ec2_backend.region_name)
