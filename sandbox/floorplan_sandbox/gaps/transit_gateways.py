"""Transit gateways and attachments: states that take time, default tables, dependencies, tags on create.

moto's are available at once and vanish when deleted, take VPCs and subnets that are not there, hold no
interfaces, and lose the tags that an attachment is made with. The delay is the switch `transit_gateway`.
"""

from moto.core.responses import ActionResult
from moto.core.utils import utcnow
from moto.ec2.exceptions import (
    DuplicateTransitGatewayAttachmentError,
    EC2ClientError,
    InvalidTransitGatewayID,
)
from moto.ec2.models import EC2Backend
from moto.ec2.models.transit_gateway import TransitGateway
from moto.ec2.models.transit_gateway_attachments import (
    TransitGatewayAttachment,
    TransitGatewayVpcAttachment,
)
from moto.ec2.responses.transit_gateway_attachments import (
    TransitGatewayAttachment as AttachmentResponses,
)
from moto.ec2.utils import random_transit_gateway_id

from floorplan_sandbox.gaps.filters import by_ids, coded, select
from floorplan_sandbox.gaps.interfaces import free_address
from floorplan_sandbox.patch import adds, around, instead
from floorplan_sandbox.phases import enter, phased

DELAY = "transit_gateway"
MISSING = coded(
    "InvalidTransitGatewayAttachmentID.NotFound",
    "Transit Gateway Attachment {} was deleted or does not exist.",
)
ALIVE = ("pending", "available", "modifying", "pendingAcceptance")


def release(attachment) -> None:
    """What a deleted attachment gives back: its interfaces, and its place in tables."""
    for interface_id in getattr(attachment, "_interfaces", []):
        attachment.ec2_backend.enis.pop(interface_id, None)
    attachment._table = None
    attachment._propagates = []


phased(TransitGateway)
phased(TransitGatewayAttachment, release)


def default_table(gateway) -> str:
    """The id of the gateway's default table, made when it is first needed."""
    held = gateway.default_route_table
    if held is None:
        held = gateway.ec2_backend.create_transit_gateway_route_table(transit_gateway_id=gateway.id, tags={})
        gateway.default_route_table = held
    return held.id


def follow_options(gateway) -> None:
    """Brings the default tables in line with the options."""
    for word in ("Association", "Propagation"):
        name = f"{word}DefaultRouteTableId"
        if gateway.options.get(f"DefaultRouteTable{word}") == "enable":
            gateway.options[name] = gateway.options.get(name) or default_table(gateway)
        else:
            gateway.options.pop(name, None)
    association = gateway.options.get("AssociationDefaultRouteTableId")
    propagation = gateway.options.get("PropagationDefaultRouteTableId")
    for table in gateway.ec2_backend.transit_gateways_route_tables.values():
        if table.transit_gateway_id == gateway.id:
            table.default_association_route_table = table.id == association
            table.default_propagation_route_table = table.id == propagation


@instead(TransitGateway, "__init__")
def build(self, backend, description: str | None, options: dict | None = None):
    self.ec2_backend = backend
    self.id = random_transit_gateway_id()
    self.description = description
    self.default_route_table = None
    given = {name: value for name, value in (options or {}).items() if value is not None}
    defaults = {name: value for name, value in self.DEFAULT_OPTIONS.items() if "RouteTableId" not in name}
    self.options = {**defaults, "SecurityGroupReferencingSupport": "disable", **given}
    self._created_at = utcnow()
    follow_options(self)
    enter(self, "pending", DELAY)


@instead(EC2Backend, "describe_transit_gateways")
def describe_transit_gateways(self, filters, transit_gateway_ids):
    return select(filters, by_ids(self.transit_gateways, transit_gateway_ids, InvalidTransitGatewayID))


def get_gateway(backend, name: str):
    held = backend.transit_gateways.get(name)
    if held is None or held.state == "deleted":
        raise InvalidTransitGatewayID(name, f"Transit Gateway {name} was deleted or does not exist.")
    return held


def settled(thing):
    if thing.state != "available":
        raise EC2ClientError("IncorrectState", f"{thing.id} is in invalid state: {thing.state}.")
    return thing


@instead(EC2Backend, "modify_transit_gateway")
def modify_transit_gateway(self, transit_gateway_id, description=None, options=None):
    gateway = settled(get_gateway(self, transit_gateway_id))
    changes = dict(options or {})
    gone = changes.pop("RemoveTransitGatewayCidrBlocks", [])
    kept = [each for each in gateway.options["TransitGatewayCidrBlocks"] or [] if each not in gone]
    blocks = kept + changes.pop("AddTransitGatewayCidrBlocks", [])
    support = changes.pop("EncryptionSupport", None)
    if support:
        changes["EncryptionSupport"] = {"EncryptionState": "enabled" if support == "enable" else "disabled"}
    if description is not None:
        gateway.description = description
    gateway.options = {**gateway.options, **changes, "TransitGatewayCidrBlocks": blocks}
    follow_options(gateway)
    enter(gateway, "modifying", DELAY)
    return gateway


@instead(EC2Backend, "delete_transit_gateway")
def delete_transit_gateway(self, transit_gateway_id):
    gateway = get_gateway(self, transit_gateway_id)
    attachments = self.transit_gateway_attachments.values()
    if any(each.transit_gateway_id == gateway.id and each.state != "deleted" for each in attachments):
        raise EC2ClientError("IncorrectState", f"{gateway.id} has non-deleted Transit Gateway Attachments.")
    if gateway.state != "deleting":
        enter(gateway, "deleting", DELAY)
        for table in self.transit_gateways_route_tables.values():
            if table.transit_gateway_id == gateway.id:
                table.state = "deleted"
    return gateway


@around(TransitGatewayAttachment, "__init__")
def build_attachment(original, self, backend, resource_id, resource_type, transit_gateway, tags=None):
    self._propagates: list[str] = []
    original(self, backend, resource_id, resource_type, transit_gateway, tags)
    # A peering waits for its acceptance and joins no table by itself.
    own = resource_type != "peering"
    self._table = transit_gateway.options.get("AssociationDefaultRouteTableId") if own else None
    propagation = transit_gateway.options.get("PropagationDefaultRouteTableId") if own else None
    self._propagates = [propagation] if propagation else []
    enter(self, "pending", DELAY)


def association(attachment) -> dict | None:
    if attachment.state in ("deleting", "deleted") or not attachment._table:
        return None
    return {"State": "associated", "TransitGatewayRouteTableId": attachment._table}


TransitGatewayAttachment.association = property(association)


def alive(backend, name: str):
    """The attachment of this id, if it is not on its way out."""
    held = backend.transit_gateway_attachments.get(name)
    if held is None or held.state not in ALIVE:
        raise MISSING(name)
    return held


def add_interface(attachment, subnet_id: str) -> None:
    backend = attachment.ec2_backend
    subnet = backend.get_subnet(subnet_id)
    made = backend.create_network_interface(
        subnet,
        free_address(backend, subnet),
        description=f"Network Interface for Transit Gateway Attachment {attachment.id}",
    )
    made._group_set = []
    made.interface_type = "transit_gateway"
    made.requester_managed = True
    made.status = "in-use"
    attachment._interfaces.append(made.id)


def check_subnets(backend, vpc_id: str, subnet_ids: list[str]) -> None:
    subnets = [backend.get_subnet(each) for each in subnet_ids]
    if not subnets:
        raise EC2ClientError("MissingParameter", "The request must contain the parameter SubnetIds.")
    if any(each.vpc_id != vpc_id for each in subnets):
        raise EC2ClientError("InvalidSubnetID.NotFound", f"The subnets are not all of {vpc_id}.")
    zones = [each.availability_zone for each in subnets]
    if len(set(zones)) < len(zones):
        raise EC2ClientError("DuplicateSubnetsInSameZone", "Duplicate Subnets for same AZ")


@instead(AttachmentResponses, "create_transit_gateway_vpc_attachment")
def create_transit_gateway_vpc_attachment(self):
    backend = self.ec2_backend
    gateway = settled(get_gateway(backend, self._get_param("TransitGatewayId")))
    vpc = backend.get_vpc(self._get_param("VpcId"))
    subnet_ids = list(self._get_param("SubnetIds", []))
    check_subnets(backend, vpc.id, subnet_ids)
    for held in backend.transit_gateway_attachments.values():
        if (held.transit_gateway_id, held.resource_id) == (gateway.id, vpc.id) and held.state in ALIVE:
            raise DuplicateTransitGatewayAttachmentError(gateway.id)
    made = TransitGatewayVpcAttachment(
        backend,
        transit_gateway=gateway,
        vpc_id=vpc.id,
        subnet_ids=subnet_ids,
        tags=self._parse_tag_specification().get("transit-gateway-attachment", {}),
        options=self._get_param("Options", {}),
    )
    made._interfaces = []
    for each in subnet_ids:
        add_interface(made, each)
    backend.transit_gateway_attachments[made.id] = made
    return ActionResult({"TransitGatewayVpcAttachment": made})


@instead(EC2Backend, "modify_transit_gateway_vpc_attachment")
def modify_transit_gateway_vpc_attachment(
    self, transit_gateway_attachment_id, add_subnet_ids=None, options=None, remove_subnet_ids=None
):
    attachment = settled(alive(self, transit_gateway_attachment_id))
    left = [each for each in attachment.subnet_ids if each not in (remove_subnet_ids or [])]
    wanted = left + list(add_subnet_ids or [])
    check_subnets(self, attachment.vpc_id, wanted)
    for interface_id in attachment._interfaces:
        self.enis.pop(interface_id, None)
    attachment._interfaces = []
    for each in wanted:
        add_interface(attachment, each)
    attachment.subnet_ids = wanted
    attachment.options = {**attachment.options, **(options or {})}
    enter(attachment, "modifying", DELAY)
    return attachment


@instead(EC2Backend, "delete_transit_gateway_vpc_attachment")
def delete_transit_gateway_vpc_attachment(self, transit_gateway_attachment_id):
    attachment = self.transit_gateway_attachments.get(transit_gateway_attachment_id)
    if attachment is None or attachment.state == "deleted":
        raise MISSING(transit_gateway_attachment_id)
    if attachment.state != "deleting":
        enter(attachment, "deleting", DELAY)
    return attachment


@adds(EC2Backend, "drop_vpn_attachment")
def drop_vpn_attachment(self, connection_id: str) -> None:
    """Takes a VPN connection off its transit gateway."""
    for attachment in self.transit_gateway_attachments.values():
        if attachment.resource_id == connection_id and attachment.state in ALIVE:
            enter(attachment, "deleting", DELAY)


@adds(EC2Backend, "settle_transit_attachments")
def settle_transit_attachments(self) -> None:
    for attachment in self.transit_gateway_attachments.values():
        _ = attachment.state


@instead(EC2Backend, "describe_transit_gateway_attachments")
def describe_transit_gateway_attachments(self, transit_gateways_attachment_ids=None, filters=None):
    return select(filters, by_ids(self.transit_gateway_attachments, transit_gateways_attachment_ids, MISSING))


@instead(EC2Backend, "describe_transit_gateway_vpc_attachments")
def describe_transit_gateway_vpc_attachments(self, transit_gateways_attachment_ids=None, filters=None):
    held = {
        name: each for name, each in self.transit_gateway_attachments.items() if each.resource_type == "vpc"
    }
    return select(filters, by_ids(held, transit_gateways_attachment_ids, MISSING))
