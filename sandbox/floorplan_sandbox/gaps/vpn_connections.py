"""VPN connections: options, two tunnels, static routes, states that take time, and changes of all of that.

moto keeps none of it: it knows type and gateways, and its connections are available at once. The delay is the
switch `vpn_connection`, in seconds.
"""

from moto.core.responses import ActionResult, EmptyResult
from moto.ec2.exceptions import (
    EC2ClientError,
    InvalidParameterValueError,
    InvalidTransitGatewayID,
    InvalidVpnConnectionIdError,
)
from moto.ec2.models import EC2Backend
from moto.ec2.models.vpn_connections import VPNConnection
from moto.ec2.responses import EC2Response
from moto.ec2.responses.vpn_connections import VPNConnections
from moto.ec2.utils import add_tag_specification, random_vpn_connection_id

from floorplan_sandbox.gaps.filters import by_ids, select
from floorplan_sandbox.gaps.vpn_tunnels import CHANGEABLE, Tunnel, configuration
from floorplan_sandbox.patch import adds, instead
from floorplan_sandbox.phases import enter, phased

DELAY = "vpn_connection"
DEFAULTS = {
    "EnableAcceleration": False,
    "StaticRoutesOnly": False,
    "LocalIpv4NetworkCidr": "0.0.0.0/0",
    "RemoteIpv4NetworkCidr": "0.0.0.0/0",
    "OutsideIpAddressType": "PublicIpv4",
    "TunnelInsideIpVersion": "ipv4",
}
IPV6_DEFAULTS = {"LocalIpv6NetworkCidr": "::/0", "RemoteIpv6NetworkCidr": "::/0"}


@instead(VPNConnection, "__init__")
def build(self, backend, kind: str, customer_gateway_id: str, options: dict, storage: str | None, tags: dict):
    self.ec2_backend = backend
    self.id = random_vpn_connection_id()
    self.category = "VPN"
    self.type = kind
    self.customer_gateway_id = customer_gateway_id
    self.vpn_gateway_id = self.transit_gateway_id = None
    self.pre_shared_key_arn = None
    self._options = options
    self._routes: dict[str, dict] = {}
    specified = options.pop("TunnelOptions", [])
    ipv6 = options["TunnelInsideIpVersion"] == "ipv6"
    self._tunnels = [
        Tunnel(outside, specified[index] if index < len(specified) else {}, ipv6)
        for index, outside in enumerate(addresses(backend))
    ]
    check_ranges(self, {})
    if storage == "SecretsManager":
        keep_secret(self)
    self.add_tags(tags)
    enter(self, "pending", DELAY)


def addresses(backend) -> list[str]:
    """Two addresses outside of the tunnels. Every second connection has them in descending order."""
    count = backend.__dict__["_vpn_count"] = backend.__dict__.get("_vpn_count", -1) + 1
    pair = [f"52.210.{100 + count // 50}.{100 + 2 * (count % 50) + side}" for side in (0, 1)]
    return pair if count % 2 == 0 else pair[::-1]


def keep_secret(connection) -> None:
    backend = connection.ec2_backend
    connection.pre_shared_key_arn = (
        f"arn:{backend.partition}:secretsmanager:{backend.region_name}:{backend.account_id}"
        f":secret:s2svpn!{connection.id}"
    )


def options(connection) -> dict:
    secret = connection.pre_shared_key_arn is not None
    return {**connection._options, "TunnelOptions": [each.shown(secret) for each in connection._tunnels]}


def telemetry(connection) -> list[dict]:
    return [] if connection.state == "deleted" else [each.telemetry() for each in connection._tunnels]


def forget(connection) -> None:
    connection._routes.clear()


phased(VPNConnection, forget)
VPNConnection.owner_id = property(lambda self: self.ec2_backend.account_id)
VPNConnection.options = property(options)
VPNConnection.routes = property(lambda self: list(self._routes.values()))
VPNConnection.vgw_telemetry = property(telemetry)
VPNConnection.gateway_association_state = property(
    lambda self: "associated" if self.vpn_gateway_id or self.transit_gateway_id else "not-associated"
)
VPNConnection.customer_gateway_configuration = property(
    lambda self: None if self.state == "deleted" else configuration(self)
)


def aim(connection, vpn_gateway_id: str | None, transit_gateway_id: str | None) -> None:
    """Sets the gateway that the connection ends at."""
    backend = connection.ec2_backend
    if vpn_gateway_id and transit_gateway_id:
        raise EC2ClientError(
            "InvalidParameterCombination", "Give VpnGatewayId or TransitGatewayId, not both."
        )
    if vpn_gateway_id:
        backend.get_vpn_gateway(vpn_gateway_id)
    if transit_gateway_id:
        held = backend.transit_gateways.get(transit_gateway_id)
        if held is None or held.state != "available":
            raise InvalidTransitGatewayID(transit_gateway_id)
    if connection.transit_gateway_id and connection.transit_gateway_id != transit_gateway_id:
        backend.drop_vpn_attachment(connection.id)
    if transit_gateway_id and connection.transit_gateway_id != transit_gateway_id:
        backend.create_transit_gateway_vpn_attachment(connection.id, transit_gateway_id)
    connection.vpn_gateway_id, connection.transit_gateway_id = vpn_gateway_id, transit_gateway_id


def check_ranges(connection, more: dict) -> None:
    """Ranges inside of tunnels are unique; `more` maps tunnels to ranges that they are about to get."""
    backend = connection.ec2_backend
    ranges = [more.get(tunnel, tunnel.inside) for tunnel in connection._tunnels]
    others = [
        tunnel.inside
        for other in backend.vpn_connections.values()
        if other is not connection and other.state != "deleted"
        if other.vpn_gateway_id and other.vpn_gateway_id == connection.vpn_gateway_id
        for tunnel in other._tunnels
    ]
    for index, inside in enumerate(ranges):
        if inside in others or inside in ranges[:index]:
            raise InvalidParameterValueError(f"Value ({inside}) for parameter tunnelInsideCidr is in use.")


@instead(VPNConnections, "create_vpn_connection")
def create_vpn_connection(self):
    backend = self.ec2_backend
    kind = self._get_param("Type")
    if kind != "ipsec.1":
        raise InvalidParameterValueError(f"Value ({kind}) for parameter type is invalid.")
    gateway = backend.get_customer_gateway(self._get_param("CustomerGatewayId"))
    given = self._get_param("Options", {})
    vgw, tgw = self._get_param("VpnGatewayId"), self._get_param("TransitGatewayId")
    if given.get("EnableAcceleration") and not tgw:
        raise EC2ClientError("InvalidParameterCombination", "Acceleration needs a transit gateway.")
    ipv6 = IPV6_DEFAULTS if given.get("TunnelInsideIpVersion") == "ipv6" else {}
    tags = add_tag_specification(self._get_param("TagSpecifications", []))
    storage = self._get_param("PreSharedKeyStorage")
    made = VPNConnection(backend, kind, gateway.id, {**DEFAULTS, **ipv6, **given}, storage, tags)
    aim(made, vgw, tgw)
    check_ranges(made, {})
    backend.vpn_connections[made.id] = made
    return ActionResult({"VpnConnection": made})


@instead(EC2Backend, "describe_vpn_connections")
def describe_vpn_connections(self, vpn_connection_ids=None, filters=None):
    return select(filters, by_ids(self.vpn_connections, vpn_connection_ids, InvalidVpnConnectionIdError))


def get(response, *, available: bool = True):
    """The connection that a call names; one that is on its way cannot be changed."""
    name = response._get_param("VpnConnectionId")
    held = response.ec2_backend.vpn_connections.get(name)
    if held is None or held.state == "deleted":
        raise InvalidVpnConnectionIdError(name)
    if available and held.state != "available":
        raise EC2ClientError("IncorrectState", f"The VPN connection {name} is {held.state}.")
    return held


@instead(VPNConnections, "delete_vpn_connection")
def delete_vpn_connection(self):
    connection = get(self, available=False)
    if connection.state != "deleting":
        if connection.transit_gateway_id:
            self.ec2_backend.drop_vpn_attachment(connection.id)
        enter(connection, "deleting", DELAY)
    return EmptyResult()


@adds(EC2Response, "modify_vpn_connection")
def modify_vpn_connection(self):
    connection = get(self)
    customer = self._get_param("CustomerGatewayId")
    if customer:
        connection.customer_gateway_id = self.ec2_backend.get_customer_gateway(customer).id
    vgw, tgw = self._get_param("VpnGatewayId"), self._get_param("TransitGatewayId")
    if vgw or tgw:
        aim(connection, vgw, tgw)
    return modified(connection, connection._tunnels)


@adds(EC2Response, "modify_vpn_connection_options")
def modify_vpn_connection_options(self):
    connection = get(self)
    for name in (
        "LocalIpv4NetworkCidr",
        "RemoteIpv4NetworkCidr",
        "LocalIpv6NetworkCidr",
        "RemoteIpv6NetworkCidr",
        "TunnelBandwidth",
    ):
        value = self._get_param(name)
        if value:
            connection._options[name] = value
    return modified(connection, connection._tunnels)


@adds(EC2Response, "modify_vpn_tunnel_options")
def modify_vpn_tunnel_options(self):
    connection = get(self)
    outside = self._get_param("VpnTunnelOutsideIpAddress")
    tunnel = next((each for each in connection._tunnels if each.outside == outside), None)
    if tunnel is None:
        raise InvalidParameterValueError(f"The VPN tunnel outside IP address {outside} does not exist.")
    changes = self._get_param("TunnelOptions", {})
    unknown = set(changes) - CHANGEABLE
    if unknown:
        raise InvalidParameterValueError(f"{sorted(unknown)[0]} cannot be changed.")
    if "TunnelInsideCidr" in changes:
        check_ranges(connection, {tunnel: changes["TunnelInsideCidr"]})
    tunnel.change(changes)
    storage = self._get_param("PreSharedKeyStorage")
    if storage == "SecretsManager":
        keep_secret(connection)
    elif storage == "Standard":
        connection.pre_shared_key_arn = None
    control_only = set(changes) == {"EnableTunnelLifecycleControl"}
    spared = control_only and self._get_bool_param("SkipTunnelReplacement")
    return modified(connection, [] if spared else [tunnel])


def modified(connection, disturbed: list[Tunnel]) -> ActionResult:
    for tunnel in disturbed:
        tunnel.interrupt()
    enter(connection, "modifying", DELAY)
    return ActionResult({"VpnConnection": connection})


@adds(EC2Response, "create_vpn_connection_route")
def create_vpn_connection_route(self):
    connection = get(self)
    destination = self._get_param("DestinationCidrBlock")
    if not connection._options["StaticRoutesOnly"]:
        raise EC2ClientError("InvalidRequest", f"{connection.id} does not use static routes.")
    route = {"DestinationCidrBlock": destination, "Source": "Static", "State": "available"}
    connection._routes[destination] = route
    return EmptyResult()


@adds(EC2Response, "delete_vpn_connection_route")
def delete_vpn_connection_route(self):
    connection = get(self)
    destination = self._get_param("DestinationCidrBlock")
    if connection._routes.pop(destination, None) is None:
        raise EC2ClientError(
            "InvalidRoute.NotFound", f"{connection.id} has no route with destination {destination}."
        )
    return EmptyResult()
