"""Routes: targets must exist and belong, the local route stays, a route whose target is gone is a blackhole.

moto overwrites the local route, accepts NAT gateways that are not there, and calls every route active.
"""

import ipaddress

from moto.ec2.exceptions import (
    EC2ClientError,
    InvalidDestinationCIDRBlockParameterError,
    RouteAlreadyExistsError,
)
from moto.ec2.models import EC2Backend
from moto.ec2.models.route_tables import Route

from floorplan_sandbox.patch import around

# Targets that a route inside the VPC's own range may have.
WITHIN_VPC = ("nat_gateway_id", "interface_id", "instance_id", "vpc_endpoint_id")
TARGETS = (
    "gateway_id",
    "instance_id",
    "nat_gateway_id",
    "egress_only_igw_id",
    "transit_gateway_id",
    "interface_id",
    "vpc_peering_connection_id",
    "carrier_gateway_id",
    "vpc_endpoint_id",
)


@around(EC2Backend, "create_route")
def create_route(
    original,
    self,
    route_table_id,
    destination_cidr_block,
    destination_ipv6_cidr_block=None,
    destination_prefix_list_id=None,
    local=False,
    **targets,
):
    table = self.get_route_table(route_table_id)
    destination_cidr_block = canonical(destination_cidr_block)
    destination_ipv6_cidr_block = canonical(destination_ipv6_cidr_block)
    if not local:
        if not any(targets.get(name) for name in TARGETS):
            raise EC2ClientError(
                "MissingParameter", "The request must contain a target for the route, such as a gateway id."
            )
        destination = destination_cidr_block or destination_ipv6_cidr_block
        check_target(self, table, targets)
        if destination_prefix_list_id:
            check_prefix_list(self, table, destination_prefix_list_id)
        else:
            check_destination(table, destination, targets)
    return original(
        self,
        route_table_id,
        destination_cidr_block,
        destination_ipv6_cidr_block,
        destination_prefix_list_id,
        local,
        **targets,
    )


@around(EC2Backend, "replace_route")
def replace_route(
    original,
    self,
    route_table_id,
    destination_cidr_block,
    destination_ipv6_cidr_block=None,
    destination_prefix_list_id=None,
    nat_gateway_id=None,
    egress_only_igw_id=None,
    transit_gateway_id=None,
    **targets,
):
    targets |= {
        "nat_gateway_id": nat_gateway_id,
        "egress_only_igw_id": egress_only_igw_id,
        "transit_gateway_id": transit_gateway_id,
    }
    check_target(self, self.get_route_table(route_table_id), targets)
    return original(
        self,
        route_table_id,
        canonical(destination_cidr_block),
        canonical(destination_ipv6_cidr_block),
        destination_prefix_list_id,
        **targets,
    )


@around(EC2Backend, "delete_route")
def delete_route(
    original,
    self,
    route_table_id,
    destination_cidr_block,
    destination_ipv6_cidr_block=None,
    destination_prefix_list_id=None,
):
    return original(
        self,
        route_table_id,
        canonical(destination_cidr_block),
        canonical(destination_ipv6_cidr_block),
        destination_prefix_list_id,
    )


def canonical(cidr: str | None) -> str | None:
    if not cidr:
        return cidr
    try:
        return str(ipaddress.ip_network(cidr, strict=False))
    except ValueError:
        raise InvalidDestinationCIDRBlockParameterError(cidr) from None


def check_destination(table, destination: str | None, targets: dict) -> None:
    if destination is None:
        raise EC2ClientError("MissingParameter", "The request must contain a destination.")
    wanted = ipaddress.ip_network(destination)
    for route in table.routes:
        present = route.destination_cidr_block or route.destination_ipv6_cidr_block
        if present is None:
            continue
        present = ipaddress.ip_network(present)
        if present == wanted:
            raise RouteAlreadyExistsError(destination)
        inside = route.local and present.version == wanted.version and wanted.subnet_of(present)
        if inside and not any(targets.get(name) for name in WITHIN_VPC):
            raise EC2ClientError(
                "InvalidParameterValue",
                f"The destination CIDR block {destination} is equal to or more specific than one of this"
                " VPC's CIDR blocks. This route can target only an interface or an instance.",
            )


def check_prefix_list(backend, table, prefix_list_id: str) -> None:
    if prefix_list_id not in backend.managed_prefix_lists:
        raise EC2ClientError(
            "InvalidPrefixListID.NotFound", f"The prefix list ID '{prefix_list_id}' does not exist"
        )
    if any(route.destination_prefix_list_id == prefix_list_id for route in table.routes):
        raise RouteAlreadyExistsError(prefix_list_id)


def check_target(backend, table, targets: dict) -> None:
    nat_id = targets.get("nat_gateway_id")
    if nat_id:
        nat = backend.nat_gateways.get(nat_id)
        if nat is None or nat.state in ("deleted", "failed"):
            raise EC2ClientError(
                "InvalidNatGatewayID.NotFound", f"The natGateway ID '{nat_id}' does not exist"
            )
    gateway_id = targets.get("gateway_id") or ""
    if gateway_id.startswith("igw-"):
        gateway = backend.internet_gateways.get(gateway_id)
        if gateway is None:
            raise EC2ClientError("InvalidGatewayID.NotFound", f"The gateway ID '{gateway_id}' does not exist")
        if gateway.vpc is None or gateway.vpc.id != table.vpc_id:
            raise EC2ClientError(
                "InvalidParameterValue",
                f"route table {table.id} and network gateway {gateway_id} belong to different networks",
            )
    transit_id = targets.get("transit_gateway_id")
    if transit_id and transit_id not in backend.transit_gateways:
        raise EC2ClientError(
            "InvalidTransitGatewayID.NotFound", f"Transit Gateway {transit_id} was deleted or does not exist."
        )


def state(route) -> str:
    return "blackhole" if target_is_gone(route) else "active"


def target_is_gone(route) -> bool:
    backend = route.route_table.ec2_backend
    if route.nat_gateway:
        return route.nat_gateway.state in ("deleting", "deleted", "failed")
    if route.interface:
        return route.interface.id not in backend.enis
    if route.vpc_pcx:
        return route.vpc_pcx.status["Code"] != "active"
    if route.egress_only_igw:
        return route.egress_only_igw.id not in backend.egress_only_internet_gateways
    if route.instance:
        return route.instance.state != "running"
    if route.gateway and route.gateway.id.startswith("igw-"):
        return route.gateway.vpc is None
    return False


Route.state = property(state)
