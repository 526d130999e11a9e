"""A VPC with anything of the user's in it stays; one without takes its defaults along.

moto overlooks security groups, gateways, network ACLs, endpoints and peerings, and leaves the default
network ACL behind.
"""

from moto.ec2.exceptions import DependencyViolationError
from moto.ec2.models import EC2Backend

from floorplan_sandbox.patch import instead

LIVING_PEERINGS = ("initiating-request", "pending-acceptance", "provisioning", "active")


@instead(EC2Backend, "delete_vpc")
def delete_vpc(self, vpc_id):
    vpc = self.get_vpc(vpc_id)
    self.settle_nat_gateways()
    self.settle_vpc_endpoints()
    self.settle_transit_attachments()
    if any(dependents(self, vpc_id)):
        raise DependencyViolationError(f"The vpc '{vpc_id}' has dependencies and cannot be deleted.")
    for collection in (self.route_tables, self.network_acls):
        for gone in [each.id for each in collection.values() if each.vpc_id == vpc_id]:
            del collection[gone]
            self.tags.pop(gone, None)
    for group_id in self.groups.pop(vpc_id, {}):
        self.tags.pop(group_id, None)
    for connection in self.vpc_pcxs.values():
        connection.vpc_is_gone(vpc_id)
    self.tags.pop(vpc_id, None)
    return self.vpcs.pop(vpc.id)


def dependents(backend, vpc_id: str):
    """For each kind of dependent object, whether the VPC has one."""

    def inside(things) -> bool:
        return any(thing.vpc_id == vpc_id for thing in things)

    yield any(inside(zone.values()) for zone in backend.subnets.values())
    yield any(group.name != "default" for group in backend.groups.get(vpc_id, {}).values())
    yield inside(acl for acl in backend.network_acls.values() if not acl.default)
    yield inside(table for table in backend.route_tables.values() if not table.main_association_id)
    yield inside(point for point in backend.vpc_end_points.values() if point.state != "deleted")
    yield inside(backend.egress_only_internet_gateways.values())
    yield inside(interface.subnet for interface in backend.enis.values())
    yield any(gateway.vpc and gateway.vpc.id == vpc_id for gateway in backend.internet_gateways.values())
    yield any(
        gateway.attachments.get(vpc_id) and gateway.attachments[vpc_id].state == "attached"
        for gateway in backend.vpn_gateways.values()
    )
    yield any(
        connection.status["Code"] in LIVING_PEERINGS and vpc_id in connection.vpc_ids
        for connection in backend.vpc_pcxs.values()
    )
    yield any(
        attachment.resource_id == vpc_id and attachment.state not in ("deleted", "deleting")
        for attachment in backend.transit_gateway_attachments.values()
    )
