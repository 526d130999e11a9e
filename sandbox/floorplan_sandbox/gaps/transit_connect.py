"""Transit gateways: connect attachments and their peers, policy tables, prefix lists in route tables, and peerings.

moto has peerings alone, lists every other attachment with them, crashes on what is not there, and never ends one.
"""

from moto.core.responses import ActionResult
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models import EC2Backend
from moto.ec2.models.transit_gateway_attachments import TransitGatewayAttachment
from moto.ec2.responses import EC2Response
from moto.ec2.responses.transit_gateway_attachments import TransitGatewayAttachment as AttachmentResponses

from floorplan_sandbox.filter_table import FILTERS
from floorplan_sandbox.gaps.filters import by_ids, select
from floorplan_sandbox.gaps.plain import Kind, given, truth
from floorplan_sandbox.gaps.transit_gateways import DELAY, MISSING, alive, get_gateway
from floorplan_sandbox.gaps.transit_tables import get_table
from floorplan_sandbox.patch import adds, around, instead
from floorplan_sandbox.phases import enter

PEERS = Kind("tgw-connect-peer", "TransitGatewayConnectPeerId", "transit-gateway-connect-peer")
TABLES = Kind("tgw-ptb", "TransitGatewayPolicyTableId", "transit-gateway-policy-table")


class Connect(TransitGatewayAttachment):
    """GRE tunnels over another attachment."""

    transport_transit_gateway_attachment_id = property(lambda self: self.resource_id)


FILTERS[Connect] = FILTERS[TransitGatewayAttachment]


@adds(EC2Response, "create_transit_gateway_connect")
def create_transit_gateway_connect(self):
    backend = self.ec2_backend
    transport = alive(backend, self._get_param("TransportTransitGatewayAttachmentId"))
    tags = self._parse_tag_specification().get("transit-gateway-attachment", {})
    made = Connect(backend, transport.id, "connect", get_gateway(backend, transport.transit_gateway_id), tags)
    made.options = self._get_param("Options")
    backend.transit_gateway_attachments[made.id] = made
    return ActionResult({"TransitGatewayConnect": made})


@adds(EC2Response, "describe_transit_gateway_connects")
def describe_transit_gateway_connects(self):
    held = self.ec2_backend.transit_gateway_attachments
    held = {name: each for name, each in held.items() if isinstance(each, Connect)}
    found = by_ids(held, self._get_param("TransitGatewayAttachmentIds", []), MISSING)
    filters = self._filters_from_querystring()
    transport = filters.pop("transport-transit-gateway-attachment-id", None)
    found = [each for each in select(filters, found) if transport is None or each.resource_id in transport]
    return ActionResult({"TransitGatewayConnects": found})


@adds(EC2Response, "delete_transit_gateway_connect")
def delete_transit_gateway_connect(self):
    found = alive(self.ec2_backend, self._get_param("TransitGatewayAttachmentId"))
    peers = PEERS.all(self.ec2_backend).values()
    if any(each.members["TransitGatewayAttachmentId"] == found.id for each in peers):
        raise EC2ClientError("IncorrectState", f"{found.id} has connect peers.")
    enter(found, "deleting", DELAY)
    return ActionResult({"TransitGatewayConnect": found})


@adds(EC2Response, "create_transit_gateway_connect_peer")
def create_transit_gateway_connect_peer(self):
    attachment = alive(self.ec2_backend, self._get_param("TransitGatewayAttachmentId"))
    gateway = get_gateway(self.ec2_backend, attachment.transit_gateway_id)
    blocks = gateway.options["TransitGatewayCidrBlocks"] or ["192.0.2.0/24"]
    inside = self._get_param("InsideCidrBlocks", [])
    head = inside[0].rsplit(".", 1)[0]
    asn = int((self._get_param("BgpOptions") or {}).get("PeerAsn", 64512))
    bgp = [
        {
            "TransitGatewayAsn": int(gateway.options.get("AmazonSideAsn") or 64512),
            "PeerAsn": asn,
            "TransitGatewayAddress": f"{head}.{last}",
            "PeerAddress": f"{head}.1",
            "BgpStatus": "down",
        }
        for last in (2, 3)
    ]
    first = blocks[0].replace(".0/", ".1/").split("/")[0]
    made = PEERS.make(
        self,
        TransitGatewayAttachmentId=attachment.id,
        State="available",
        ConnectPeerConfiguration={
            "TransitGatewayAddress": self._get_param("TransitGatewayAddress") or first,
            "PeerAddress": self._get_param("PeerAddress"),
            "InsideCidrBlocks": inside,
            "Protocol": "gre",
            "BgpConfigurations": bgp,
        },
    )
    return ActionResult({"TransitGatewayConnectPeer": made.shown()})


@adds(EC2Response, "describe_transit_gateway_connect_peers")
def describe_transit_gateway_connect_peers(self):
    return PEERS.listed(self, "TransitGatewayConnectPeers")


@adds(EC2Response, "delete_transit_gateway_connect_peer")
def delete_transit_gateway_connect_peer(self):
    return ActionResult({"TransitGatewayConnectPeer": PEERS.drop(self).members | {"State": "deleting"}})


@adds(EC2Response, "create_transit_gateway_policy_table")
def create_transit_gateway_policy_table(self):
    gateway = get_gateway(self.ec2_backend, self._get_param("TransitGatewayId"))
    made = TABLES.make(self, TransitGatewayId=gateway.id, State="available")
    return ActionResult({"TransitGatewayPolicyTable": made.shown()})


@adds(EC2Response, "describe_transit_gateway_policy_tables")
def describe_transit_gateway_policy_tables(self):
    return TABLES.listed(self, "TransitGatewayPolicyTables")


@adds(EC2Response, "delete_transit_gateway_policy_table")
def delete_transit_gateway_policy_table(self):
    return ActionResult({"TransitGatewayPolicyTable": TABLES.drop(self).members | {"State": "deleting"}})


def references(table) -> dict:
    return vars(table).setdefault("_prefix_lists", {})


def put_reference(response, new: bool) -> ActionResult:
    table = get_table(response.ec2_backend, response._get_param("TransitGatewayRouteTableId"))
    name = response._get_param("PrefixListId")
    if new and name in references(table):
        raise EC2ClientError("PrefixListReferenceAlreadyExists", f"{name} is in {table.id} already.")
    shown = given(response, "TransitGatewayRouteTableId", "PrefixListId") | {
        "PrefixListOwnerId": response.current_account,
        "State": "available",
        "Blackhole": truth(response, "Blackhole"),
    }
    attachment = response._get_param("TransitGatewayAttachmentId")
    if attachment:
        held = alive(response.ec2_backend, attachment)
        shown["TransitGatewayAttachment"] = {
            "TransitGatewayAttachmentId": held.id,
            "ResourceType": held.resource_type,
            "ResourceId": held.resource_id,
        }
    references(table)[name] = shown
    return ActionResult({"TransitGatewayPrefixListReference": shown})


@adds(EC2Response, "create_transit_gateway_prefix_list_reference")
def create_transit_gateway_prefix_list_reference(self):
    return put_reference(self, new=True)


@adds(EC2Response, "modify_transit_gateway_prefix_list_reference")
def modify_transit_gateway_prefix_list_reference(self):
    return put_reference(self, new=False)


@adds(EC2Response, "get_transit_gateway_prefix_list_references")
def get_transit_gateway_prefix_list_references(self):
    table = get_table(self.ec2_backend, self._get_param("TransitGatewayRouteTableId"))
    return ActionResult({"TransitGatewayPrefixListReferences": list(references(table).values())})


@adds(EC2Response, "delete_transit_gateway_prefix_list_reference")
def delete_transit_gateway_prefix_list_reference(self):
    table = get_table(self.ec2_backend, self._get_param("TransitGatewayRouteTableId"))
    gone = references(table).pop(self._get_param("PrefixListId"), None)
    if gone is None:
        raise EC2ClientError("InvalidPrefixListReference.NotFound", "The prefix list is not in the table.")
    return ActionResult({"TransitGatewayPrefixListReference": gone | {"State": "deleting"}})


@around(AttachmentResponses, "create_transit_gateway_peering_attachment")
def create_transit_gateway_peering_attachment(original, self):
    answer = original(self)
    made = answer._result["TransitGatewayPeeringAttachment"]
    made.options = self._get_param("Options")
    made.add_tags(self._parse_tag_specification().get("transit-gateway-attachment", {}))
    return answer


@instead(EC2Backend, "describe_transit_gateway_peering_attachments")
def describe_transit_gateway_peering_attachments(self, transit_gateways_attachment_ids=None, filters=None):
    held = self.transit_gateway_attachments
    held = {name: each for name, each in held.items() if each.resource_type == "peering"}
    return select(filters, by_ids(held, transit_gateways_attachment_ids, MISSING))


@around(EC2Backend, "accept_transit_gateway_peering_attachment")
def accept_transit_gateway_peering_attachment(original, self, transit_gateway_attachment_id):
    alive(self, transit_gateway_attachment_id)
    return original(self, transit_gateway_attachment_id)


@instead(EC2Backend, "delete_transit_gateway_peering_attachment")
def delete_transit_gateway_peering_attachment(self, transit_gateway_attachment_id):
    found = self.transit_gateway_attachments.get(transit_gateway_attachment_id)
    if found is None or found.state == "deleted":
        raise MISSING(transit_gateway_attachment_id)
    if found.state != "deleting":
        enter(found, "deleting", DELAY)
    return found
