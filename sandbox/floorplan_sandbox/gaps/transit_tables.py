"""Route tables of transit gateways: one table per attachment, propagated routes, routes that can be replaced.

moto adds associations without end, loses the attachments of static routes, knows no propagated ones, and
crashes on what is not there.
"""

import ipaddress

from moto.core.responses import ActionResult
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models import EC2Backend
from moto.ec2.models.transit_gateway_route_tables import TransitGatewayRouteTable
from moto.ec2.responses import EC2Response
from moto.ec2.responses.transit_gateway_route_tables import TransitGatewayRouteTable as TableResponses

from floorplan_sandbox.gaps.filters import Wanted, by_ids, coded, select
from floorplan_sandbox.gaps.transit_gateways import alive, get_gateway, settled
from floorplan_sandbox.patch import adds, instead

MISSING = coded(
    "InvalidRouteTableID.NotFound", "Transit Gateway Route Table {} was deleted or does not exist."
)


def get_table(backend, name: str):
    held = backend.transit_gateways_route_tables.get(name)
    if held is None or held.state == "deleted":
        raise MISSING(name)
    return held


class Row:
    """An attachment as a table lists it."""

    def __init__(self, attachment, state: str) -> None:
        self.transit_gateway_attachment_id = attachment.id
        self.resource_id = attachment.resource_id
        self.resource_type = attachment.resource_type
        self.state = state


def living(backend):
    attachments = backend.transit_gateway_attachments.values()
    return [each for each in attachments if each.state not in ("deleting", "deleted")]


def associated(backend, table_id: str) -> list:
    return [each for each in living(backend) if each._table == table_id]


def propagating(backend, table_id: str) -> list:
    return [each for each in living(backend) if table_id in each._propagates]


@instead(TableResponses, "create_transit_gateway_route_table")
def create_transit_gateway_route_table(self):
    gateway = settled(get_gateway(self.ec2_backend, self._get_param("TransitGatewayId")))
    tags = self._parse_tag_specification().get("transit-gateway-route-table", {})
    made = self.ec2_backend.create_transit_gateway_route_table(transit_gateway_id=gateway.id, tags=tags)
    return ActionResult({"TransitGatewayRouteTable": made})


@instead(EC2Backend, "get_all_transit_gateway_route_tables")
def get_all_transit_gateway_route_tables(self, transit_gateway_route_table_ids=None, filters=None):
    found = by_ids(self.transit_gateways_route_tables, transit_gateway_route_table_ids, MISSING)
    return select(filters, found)


@instead(EC2Backend, "delete_transit_gateway_route_table")
def delete_transit_gateway_route_table(self, transit_gateway_route_table_id):
    table = get_table(self, transit_gateway_route_table_id)
    if associated(self, table.id) or table.default_association_route_table:
        raise EC2ClientError("IncorrectState", f"{table.id} has associations, or is a default route table.")
    for attachment in propagating(self, table.id):
        attachment._propagates.remove(table.id)
    table.state = "deleted"
    return table


def relation(self):
    table = get_table(self.ec2_backend, self._get_param("TransitGatewayRouteTableId"))
    return table, alive(self.ec2_backend, self._get_param("TransitGatewayAttachmentId"))


def told(key: str, table, attachment, state: str) -> ActionResult:
    row = {
        "TransitGatewayRouteTableId": table.id,
        "TransitGatewayAttachmentId": attachment.id,
        "ResourceId": attachment.resource_id,
        "ResourceType": attachment.resource_type,
        "State": state,
    }
    return ActionResult({key: row})


# moto has these among the attachments; the class that answers is the one that all of EC2 is.
@instead(EC2Response, "associate_transit_gateway_route_table")
def associate_transit_gateway_route_table(self):
    table, attachment = relation(self)
    settled(attachment)
    if attachment._table:
        raise EC2ClientError(
            "Resource.AlreadyAssociated",
            f"Transit Gateway Attachment {attachment.id} is already associated to a route table.",
        )
    attachment._table = table.id
    return told("Association", table, attachment, "associating")


@instead(EC2Response, "disassociate_transit_gateway_route_table")
def disassociate_transit_gateway_route_table(self):
    table, attachment = relation(self)
    if attachment._table != table.id:
        raise EC2ClientError(
            "InvalidAssociation.NotFound", f"{attachment.id} is not associated with {table.id}."
        )
    attachment._table = None
    return told("Association", table, attachment, "disassociating")


@instead(EC2Response, "enable_transit_gateway_route_table_propagation")
def enable_transit_gateway_route_table_propagation(self):
    table, attachment = relation(self)
    settled(attachment)
    if table.id in attachment._propagates:
        raise EC2ClientError(
            "TransitGatewayRouteTablePropagation.Duplicate",
            f"Propagation {attachment.id} exists in Transit Gateway Route Table {table.id}.",
        )
    attachment._propagates.append(table.id)
    return told("Propagation", table, attachment, "enabled")


@instead(EC2Response, "disable_transit_gateway_route_table_propagation")
def disable_transit_gateway_route_table_propagation(self):
    table, attachment = relation(self)
    if table.id not in attachment._propagates:
        raise EC2ClientError(
            "TransitGatewayRouteTablePropagation.NotFound",
            f"Propagation {attachment.id} does not exist in Transit Gateway Route Table {table.id}.",
        )
    attachment._propagates.remove(table.id)
    return told("Propagation", table, attachment, "disabled")


@instead(EC2Backend, "get_transit_gateway_route_table_associations")
def get_transit_gateway_route_table_associations(self, transit_gateway_route_table_id, filters=None):
    table = get_table(self, transit_gateway_route_table_id)
    return narrowed(filters, [Row(each, "associated") for each in associated(self, table.id)])


@instead(EC2Backend, "get_transit_gateway_route_table_propagations")
def get_transit_gateway_route_table_propagations(self, transit_gateway_route_table_id, filters=None):
    table = get_table(self, transit_gateway_route_table_id)
    return narrowed(filters, [Row(each, "enabled") for each in propagating(self, table.id)])


@instead(TableResponses, "get_transit_gateway_route_table_associations")
def respond_associations(self):
    rows = self.ec2_backend.get_transit_gateway_route_table_associations(
        self._get_param("TransitGatewayRouteTableId"), self._filters_from_querystring()
    )
    return ActionResult({"Associations": rows})


@instead(TableResponses, "get_transit_gateway_route_table_propagations")
def respond_propagations(self):
    rows = self.ec2_backend.get_transit_gateway_route_table_propagations(
        self._get_param("TransitGatewayRouteTableId"), self._filters_from_querystring()
    )
    return ActionResult({"TransitGatewayRouteTablePropagations": rows})


def narrowed(filters: dict | None, rows: list[Row]) -> list[Row]:
    for name, values in (filters or {}).items():
        field = name.replace("-", "_")
        rows = [row for row in rows if Wanted(values).meets(getattr(row, field, None))]
    return rows


def canonical(text: str) -> str:
    try:
        return str(ipaddress.ip_network(text, strict=False))
    except ValueError:
        raise EC2ClientError("InvalidParameterValue", f"{text} is no CIDR block.") from None


def target(self) -> str | None:
    """The attachment that a route shall lead to; none for a black hole."""
    name = self._get_param("TransitGatewayAttachmentId")
    if bool(name) == bool(self._get_bool_param("Blackhole")):
        raise EC2ClientError("InvalidParameterCombination", "Give TransitGatewayAttachmentId or Blackhole.")
    return settled(alive(self.ec2_backend, name)).id if name else None


def row(backend, destination: str, name: str | None, kind: str) -> dict:
    """A route as it is listed."""
    held = backend.transit_gateway_attachments.get(name) if name else None
    route = {"DestinationCidrBlock": destination, "Type": kind, "State": "blackhole"}
    if held is not None and held.state not in ("deleting", "deleted"):
        route["State"] = "active"
        route["TransitGatewayAttachments"] = [
            {
                "ResourceId": held.resource_id,
                "ResourceType": held.resource_type,
                "TransitGatewayAttachmentId": held.id,
            }
        ]
    return route


@instead(TableResponses, "create_transit_gateway_route")
def create_transit_gateway_route(self):
    table = get_table(self.ec2_backend, self._get_param("TransitGatewayRouteTableId"))
    destination = canonical(self._get_param("DestinationCidrBlock"))
    if destination in table.routes:
        raise EC2ClientError("RouteAlreadyExists", f"Route {destination} already exists in {table.id}.")
    table.routes[destination] = target(self)
    return ActionResult({"Route": row(self.ec2_backend, destination, table.routes[destination], "static")})


@adds(EC2Response, "replace_transit_gateway_route")
def replace_transit_gateway_route(self):
    table, destination = held_route(self)
    table.routes[destination] = target(self)
    return ActionResult({"Route": row(self.ec2_backend, destination, table.routes[destination], "static")})


@instead(TableResponses, "delete_transit_gateway_route")
def delete_transit_gateway_route(self):
    table, destination = held_route(self)
    gone = row(self.ec2_backend, destination, table.routes.pop(destination), "static")
    return ActionResult({"Route": {**gone, "State": "deleted"}})


def held_route(self):
    table = get_table(self.ec2_backend, self._get_param("TransitGatewayRouteTableId"))
    destination = canonical(self._get_param("DestinationCidrBlock"))
    if destination not in table.routes:
        raise EC2ClientError("InvalidRoute.NotFound", f"Route {destination} does not exist in {table.id}.")
    return table, destination


def attachment_reader(key: str):
    return lambda route: next((each[key] for each in route.get("TransitGatewayAttachments", [])), None)


READERS = {
    "attachment.resource-id": attachment_reader("ResourceId"),
    "attachment.resource-type": attachment_reader("ResourceType"),
    "attachment.transit-gateway-attachment-id": attachment_reader("TransitGatewayAttachmentId"),
    "route-search.exact-match": lambda route: route["DestinationCidrBlock"],
    "state": lambda route: route["State"],
    "type": lambda route: route["Type"],
}


@instead(TableResponses, "search_transit_gateway_routes")
def search_transit_gateway_routes(self):
    backend = self.ec2_backend
    table = get_table(backend, self._get_param("TransitGatewayRouteTableId"))
    routes = [row(backend, destination, name, "static") for destination, name in table.routes.items()]
    for attachment in propagating(backend, table.id):
        vpc = backend.vpcs.get(attachment.resource_id)
        if vpc is not None:
            routes.append(row(backend, vpc.cidr_block, attachment.id, "propagated"))
    for name, values in self._filters_from_querystring().items():
        if name not in READERS:
            raise EC2ClientError("InvalidParameterValue", f"The filter '{name}' is invalid")
        wanted, reader = Wanted(values), READERS[name]
        routes = [each for each in routes if wanted.meets(reader(each))]
    return ActionResult({"Routes": routes, "AdditionalRoutesAvailable": False})


TransitGatewayRouteTable.owner_id = property(lambda self: self.ec2_backend.account_id)
