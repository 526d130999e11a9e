"""Route propagation from a virtual private gateway, which moto does not offer at all."""

from moto.core.responses import EmptyResult
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models.route_tables import RouteTable
from moto.ec2.responses import EC2Response

from floorplan_sandbox.patch import adds


def gateways(table) -> list[str]:
    return table.__dict__.setdefault("_propagating", [])


@adds(EC2Response, "enable_vgw_route_propagation")
def enable_vgw_route_propagation(self):
    table = self.ec2_backend.get_route_table(self._get_param("RouteTableId"))
    gateway_id = self._get_param("GatewayId")
    attachment = self.ec2_backend.get_vpn_gateway(gateway_id).attachments.get(table.vpc_id)
    if attachment is None or attachment.state != "attached":
        raise EC2ClientError(
            "Gateway.NotAttached", f"Gateway {gateway_id} is not attached to VPC {table.vpc_id}"
        )
    if gateway_id not in gateways(table):
        gateways(table).append(gateway_id)
    return EmptyResult()


@adds(EC2Response, "disable_vgw_route_propagation")
def disable_vgw_route_propagation(self):
    table = self.ec2_backend.get_route_table(self._get_param("RouteTableId"))
    gateway_id = self._get_param("GatewayId")
    if gateway_id in gateways(table):
        gateways(table).remove(gateway_id)
    return EmptyResult()


RouteTable.propagating_vgws = property(
    lambda table: [{"GatewayId": gateway_id} for gateway_id in gateways(table)]
)
