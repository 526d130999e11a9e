"""Route tables: the main one stays, and a subnet has one association at a time.

moto deletes the main table and answers a second association with the old one, changing nothing.
"""

from moto.ec2.exceptions import DependencyViolationError, EC2ClientError
from moto.ec2.models import EC2Backend
from moto.ec2.utils import random_subnet_association_id

from floorplan_sandbox.patch import around, instead


@around(EC2Backend, "delete_route_table")
def delete_route_table(original, self, route_table_id):
    if self.get_route_table(route_table_id).main_association_id:
        raise DependencyViolationError(
            f"The routeTable '{route_table_id}' has dependencies and cannot be deleted."
        )
    return original(self, route_table_id)


@instead(EC2Backend, "associate_route_table")
def associate_route_table(self, route_table_id, gateway_id=None, subnet_id=None):
    table = self.get_route_table(route_table_id)
    target = gateway_id or subnet_id
    if subnet_id and self.get_subnet(subnet_id).vpc_id != table.vpc_id:
        raise EC2ClientError(
            "InvalidParameterValue",
            f"Route table {route_table_id} and subnet {subnet_id} belong to different networks",
        )
    for other in self.route_tables.values():
        if target in other._associations.values():
            raise EC2ClientError(
                "Resource.AlreadyAssociated",
                f"the specified association for route table {route_table_id}"
                " conflicts with an existing association",
            )
    association_id = random_subnet_association_id()
    table._associations[association_id] = target
    return association_id


@around(EC2Backend, "disassociate_route_table")
def disassociate_route_table(original, self, association_id):
    if any(table.main_association_id == association_id for table in self.route_tables.values()):
        raise EC2ClientError("InvalidParameterValue", "cannot disassociate the main route table association")
    return original(self, association_id)
