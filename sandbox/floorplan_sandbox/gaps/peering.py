"""VPC peering: overlapping VPCs fail, options need an active connection, a deleted VPC ends its connections.

moto lets all of these pass.
"""

import ipaddress

from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models import EC2Backend
from moto.ec2.models.vpc_peering_connections import VPCPeeringConnection

from floorplan_sandbox.patch import around


@around(EC2Backend, "create_vpc_peering_connection")
def create_vpc_peering_connection(original, self, vpc, peer_vpc, tags=None):
    made = original(self, vpc, peer_vpc, tags)
    if ipaddress.ip_network(vpc.cidr_block).overlaps(ipaddress.ip_network(peer_vpc.cidr_block)):
        made._status.code = "failed"
        made._status.message = "Failed due to incorrect VPC-ID, Account ID, or overlapping CIDR range"
    return made


@around(EC2Backend, "modify_vpc_peering_connection_options")
def modify_options(original, self, vpc_pcx_id, accepter_options=None, requester_options=None):
    if self.get_vpc_peering_connection(vpc_pcx_id).status["Code"] != "active":
        raise EC2ClientError(
            "OperationNotPermitted",
            f"Peering {vpc_pcx_id} is not active. Peering options can be added only to active peerings.",
        )
    return original(self, vpc_pcx_id, accepter_options, requester_options)


@around(EC2Backend, "delete_vpc_peering_connection")
def delete_vpc_peering_connection(original, self, vpc_pcx_id):
    if self.get_vpc_peering_connection(vpc_pcx_id).status["Code"] in ("deleted", "rejected", "expired"):
        raise EC2ClientError(
            "InvalidStateTransition", f"Invalid state transition for {vpc_pcx_id}, attempted to delete it"
        )
    return original(self, vpc_pcx_id)


def vpc_is_gone(self, vpc_id: str) -> None:
    if vpc_id in self.vpc_ids and self.status["Code"] not in ("deleted", "rejected", "failed"):
        self._status.deleted(deleter_id=self.vpc.owner_id)


def with_all_ranges(side: str) -> property:
    """The information on one VPC of a connection, with its secondary and IPv6 ranges."""
    original = getattr(VPCPeeringConnection, f"{side}_vpc_info").fget
    member = "vpc" if side == "requester" else "peer_vpc"

    def info(connection) -> dict:
        vpc = getattr(connection, member)
        return original(connection) | {
            "CidrBlockSet": [
                {"CidrBlock": each["cidr_block"]} for each in vpc.get_cidr_block_association_set()
            ],
            "Ipv6CidrBlockSet": [
                {"Ipv6CidrBlock": each["cidr_block"]}
                for each in vpc.get_cidr_block_association_set(ipv6=True)
            ],
        }

    return property(info)


for each_side in ("requester", "accepter"):
    setattr(VPCPeeringConnection, f"{each_side}_vpc_info", with_all_ranges(each_side))
VPCPeeringConnection.vpc_ids = property(lambda self: (self.vpc.id, self.peer_vpc.id))
VPCPeeringConnection.vpc_is_gone = vpc_is_gone
