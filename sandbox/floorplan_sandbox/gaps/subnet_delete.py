"""A subnet that holds an interface (of an instance, a NAT gateway, an endpoint) cannot be deleted.

moto deletes it. It also forgets neither its route table association nor its network ACL association.
"""

from moto.ec2.exceptions import DependencyViolationError
from moto.ec2.models import EC2Backend

from floorplan_sandbox.patch import around


@around(EC2Backend, "delete_subnet")
def delete_subnet(original, self, subnet_id):
    self.settle_nat_gateways()
    self.settle_vpc_endpoints()
    self.settle_transit_attachments()
    if any(interface.subnet.id == subnet_id for interface in self.enis.values()):
        raise DependencyViolationError(f"The subnet '{subnet_id}' has dependencies and cannot be deleted.")
    result = original(self, subnet_id)
    for table in self.route_tables.values():
        forget(table._associations, lambda target: target == subnet_id)
    for acl in self.network_acls.values():
        forget(acl._associations, lambda association: association.subnet_id == subnet_id)
    return result


def forget(associations: dict, gone) -> None:
    for name in [name for name, target in associations.items() if gone(target)]:
        del associations[name]
