"""Virtual private gateways: one VPC each and one per VPC, not deleted while attached or in use, with an ASN.

moto moves an attached gateway silently, deletes one in use, and goes on with deleted ones.
"""

from moto.core.responses import ActionResult, EmptyResult
from moto.ec2.exceptions import (
    EC2ClientError,
    InvalidVpnGatewayAttachmentError,
    InvalidVpnGatewayIdError,
)
from moto.ec2.models import EC2Backend
from moto.ec2.models.vpn_gateway import VPCGatewayAttachment, VpnGateway
from moto.ec2.responses.virtual_private_gateways import VirtualPrivateGateways

from floorplan_sandbox.gaps.filters import by_ids, select
from floorplan_sandbox.patch import around, instead

DEFAULT_ASN = "64512"


def attached(gateway) -> VPCGatewayAttachment | None:
    return next((each for each in gateway.vpc_attachments if each.state == "attached"), None)


@around(EC2Backend, "create_vpn_gateway")
def create_vpn_gateway(original, self, gateway_type="ipsec.1", amazon_side_asn=None, *rest, **more):
    return original(self, gateway_type, str(amazon_side_asn or DEFAULT_ASN), *rest, **more)


@instead(EC2Backend, "describe_vpn_gateways")
def describe_vpn_gateways(self, filters=None, vpn_gw_ids=None):
    return select(filters, by_ids(self.vpn_gateways, vpn_gw_ids, InvalidVpnGatewayIdError))


@instead(EC2Backend, "get_vpn_gateway")
def get_vpn_gateway(self, vpn_gateway_id):
    held = self.vpn_gateways.get(vpn_gateway_id)
    if held is None or held.state == "deleted":
        raise InvalidVpnGatewayIdError(vpn_gateway_id)
    return held


@instead(VirtualPrivateGateways, "attach_vpn_gateway")
def attach_vpn_gateway(self):
    backend = self.ec2_backend
    gateway = backend.get_vpn_gateway(self._get_param("VpnGatewayId"))
    vpc_id = self._get_param("VpcId")
    backend.get_vpc(vpc_id)
    for other in backend.vpn_gateways.values():
        held = attached(other)
        if held and other is gateway and held.vpc_id != vpc_id:
            raise EC2ClientError(
                "VpnGatewayAttachmentLimitExceeded", f"The gateway is attached to {held.vpc_id} already."
            )
        if held and other is not gateway and held.vpc_id == vpc_id:
            raise EC2ClientError(
                "InvalidVpcState", f"{vpc_id} already has an attached virtual private gateway ({other.id})."
            )
    gateway.attachments[vpc_id] = VPCGatewayAttachment(vpc_id, state="attached")
    return ActionResult({"VpcAttachment": gateway.attachments[vpc_id]})


@instead(VirtualPrivateGateways, "detach_vpn_gateway")
def detach_vpn_gateway(self):
    gateway = self.ec2_backend.get_vpn_gateway(self._get_param("VpnGatewayId"))
    vpc_id = self._get_param("VpcId")
    held = gateway.attachments.get(vpc_id)
    if held is None or held.state != "attached":
        raise InvalidVpnGatewayAttachmentError(gateway.id, vpc_id)
    held.state = "detached"
    return EmptyResult()


@instead(EC2Backend, "delete_vpn_gateway")
def delete_vpn_gateway(self, vpn_gateway_id):
    gateway = self.get_vpn_gateway(vpn_gateway_id)
    if attached(gateway):
        raise EC2ClientError("IncorrectState", f"Cannot delete {gateway.id}: it is attached to a VPC.")
    connections = self.vpn_connections.values()
    if any(each.vpn_gateway_id == gateway.id and each.state != "deleted" for each in connections):
        raise EC2ClientError("IncorrectState", f"Cannot delete {gateway.id}: it has VPN connections.")
    gateway.state = "deleted"
    return gateway


VpnGateway.owner_id = property(lambda self: self.ec2_backend.account_id)
