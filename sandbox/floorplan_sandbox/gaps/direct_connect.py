"""Direct Connect: interfaces, gateways, what they are joined to and what is proposed; connections as AWS shows them.

moto has connections alone, whose ids are ARNs, and which anybody may delete. The delay is the switch `direct_connect`.
"""

import json

from moto.core.exceptions import JsonRESTError
from moto.directconnect.models import directconnect_backends
from moto.directconnect.responses import DirectConnectResponse
from moto.ec2.models import ec2_backends
from moto.ec2.models.transit_gateway_attachments import TransitGatewayAttachment
from moto.moto_api._internal import mock_random

from floorplan_sandbox.gaps.transit_gateways import DELAY as TRANSIT_DELAY
from floorplan_sandbox.patch import around, instead
from floorplan_sandbox.phases import enter, phased

DELAY = "direct_connect"
BANDWIDTHS = ("50Mbps", "100Mbps", "200Mbps", "300Mbps", "400Mbps", "500Mbps", "1Gbps", "2Gbps", "5Gbps", "10Gbps")
BANDWIDTHS += ("25Gbps", "100Gbps", "400Gbps")
# Gateways are in no region, and proposals go from account to account.
EVERYWHERE = ("123456789012", "us-east-1")
JOINED = {
    "pending": "associating",
    "modifying": "updating",
    "available": "associated",
    "deleting": "disassociating",
    "deleted": "disassociated",
}
KINDS = ("connections", "virtualInterfaces", "gateways", "associations", "proposals")


class Refused(JsonRESTError):
    def __init__(self, message: str):
        super().__init__("DirectConnectClientException", message)


class Line:
    """Anything that Direct Connect keeps: its members as AWS names them."""

    def __init__(self, kind: str, members: dict, state: str = "") -> None:
        self.kind = kind
        self.members = members
        self.state_member = state
        enter(self, "pending", DELAY)

    def shown(self) -> dict:
        state = JOINED[self.state] if self.kind == "associations" else self.state
        return {**self.members, **({self.state_member: state} if self.state_member else {})}


phased(Line)


def offers(function):
    setattr(DirectConnectResponse, function.__name__, function)
    return function


def given(response) -> dict:
    return json.loads(response.body or "{}")


def store(response, kind: str) -> dict:
    place = (response.current_account, response.region) if kind in KINDS[:2] else EVERYWHERE
    backend = directconnect_backends[place[0]][place[1]]
    return backend.__dict__.setdefault("kept", {name: {} for name in KINDS})[kind]


def alive(response, kind: str, name: str | None, words: str) -> Line:
    found = store(response, kind).get(name)
    if found is None or found.state == "deleted":
        raise Refused(words.format(name))
    return found


def connection(response, name) -> Line:
    return alive(response, "connections", name, "Could not find Connection with ID {}")


def gateway(response, name) -> Line:
    return alive(response, "gateways", name, "Direct Connect Gateway with ID {} does not exist")


def those(response, kind: str, key: str, name: str | None) -> list[Line]:
    found = store(response, kind)
    return [each for each in found.values() if name in (None, each.members[key])]


def made(response, kind: str, key: str, name: str, members: dict, state: str) -> Line:
    members = {member: value for member, value in members.items() if value is not None}
    store(response, kind)[name] = Line(kind, {key: name, **members}, state)
    return store(response, kind)[name]


def short_id(prefix: str) -> str:
    return f"{prefix}-{mock_random.get_random_hex(8)}"


def uuid() -> str:
    return str(mock_random.uuid4())


@instead(DirectConnectResponse, "create_connection")
def create_connection(self):
    asked = given(self)
    if asked["bandwidth"] not in BANDWIDTHS:
        raise Refused(f"Bandwidth {asked['bandwidth']} is invalid")
    macsec = asked.pop("requestMACSec", False)
    members = {
        "ownerAccount": self.current_account,
        "region": self.region,
        "vlan": 0,
        "awsDevice": f"{asked['location']}-device",
        "awsDeviceV2": f"{asked['location']}-device",
        "awsLogicalDeviceId": f"{asked['location']}-device",
        "jumboFrameCapable": True,
        "hasLogicalRedundancy": "unknown",
        "macSecCapable": macsec,
        "macSecKeys": [],
        "portEncryptionStatus": "Encryption Down" if macsec else None,
        "encryptionMode": "should_encrypt" if macsec else None,
        "tags": [],
        **asked,
    }
    return json.dumps(made(self, "connections", "connectionId", short_id("dxcon"), members, "connectionState").shown())


@around(DirectConnectResponse, "describe_connections")
def describe_connections(original, self):
    name = given(self).get("connectionId")
    if name:
        found = store(self, "connections").get(name)
        if found is None:
            raise Refused(f"Could not find Connection with ID {name}")
        return json.dumps({"connections": [found.shown()]})
    of_lags = json.loads(original(self))["connections"]
    return json.dumps({"connections": [each.shown() for each in store(self, "connections").values()] + of_lags})


@instead(DirectConnectResponse, "update_connection")
def update_connection(self):
    asked = given(self)
    found = connection(self, asked.pop("connectionId"))
    if asked.get("encryptionMode") and not found.members["macSecCapable"]:
        raise Refused("MACsec is not supported on the connection")
    found.members.update(asked)
    return json.dumps(found.shown())


@instead(DirectConnectResponse, "delete_connection")
def delete_connection(self):
    found = connection(self, given(self).get("connectionId"))
    name = found.members["connectionId"]
    if any(each.state != "deleted" for each in those(self, "virtualInterfaces", "connectionId", name)):
        raise Refused(f"Connection {name} has virtual interfaces and cannot be deleted")
    enter(found, "deleting", DELAY)
    return json.dumps(found.shown())


def attached(response, gateway_id: str) -> list[Line]:
    """The interfaces of all regions that lead to a gateway."""
    backends = directconnect_backends[response.current_account].values()
    kept = [backend.__dict__.get("kept", {}).get("virtualInterfaces", {}).values() for backend in list(backends)]
    found = [each for one in kept for each in one]
    return [each for each in found if each.members.get("directConnectGatewayId") == gateway_id and each.state != "deleted"]


def create_interface(response, kind: str) -> Line:
    asked = given(response)
    new = asked[f"new{kind.capitalize()}VirtualInterface"]
    line = connection(response, asked["connectionId"])
    new["tags"] = new.get("tags") or []
    ways = [name for name in ("directConnectGatewayId", "virtualGatewayId") if new.get(name)]
    if len(ways) != 1:
        raise Refused("Exactly one of a Direct Connect gateway and a virtual private gateway is needed")
    if not 1 <= new["vlan"] <= 4094 or new.get("mtu", 1500) not in ((1500, 8500, 9001) if kind == "private" else (1500, 8500)):
        raise Refused("The VLAN or the MTU is invalid")
    if bool(new.get("asn")) == bool(new.get("asnLong")):
        raise Refused("Exactly one of asn and asnLong is needed")
    for other in those(response, "virtualInterfaces", "connectionId", asked["connectionId"]):
        if other.members["vlan"] == new["vlan"] and other.state != "deleted":
            raise Refused(f"VLAN {new['vlan']} is already in use on {asked['connectionId']}")
    amazon_asn = 64512
    if "directConnectGatewayId" in ways:
        target = gateway(response, new["directConnectGatewayId"])
        amazon_asn = target.members["amazonSideAsn"]
        if any(each.members["virtualInterfaceType"] != kind for each in attached(response, new["directConnectGatewayId"])):
            raise Refused("A Direct Connect gateway has private or transit virtual interfaces, not both")
    else:
        ec2_backends[response.current_account][response.region].get_vpn_gateway(new["virtualGatewayId"])
    family, vlan = new.get("addressFamily", "ipv4"), new["vlan"]
    ends = [f"169.254.{vlan // 64}.{vlan % 64 * 4 + end}/30" for end in (1, 2)]
    if family == "ipv6":
        ends = [f"2001:db8:{vlan:x}::{end}/125" for end in (1, 2)]
    new["siteLinkEnabled"] = new.pop("enableSiteLink", False)
    members = {
        "ownerAccount": response.current_account,
        "region": response.region,
        "location": line.members["location"],
        "connectionId": asked["connectionId"],
        "virtualInterfaceType": kind,
        "amazonSideAsn": amazon_asn,
        "amazonAddress": ends[0],
        "customerAddress": ends[1],
        "authKey": mock_random.get_random_hex(24),
        "mtu": 1500,
        "jumboFrameCapable": line.members["jumboFrameCapable"],
        "awsDeviceV2": line.members["awsDeviceV2"],
        "routeFilterPrefixes": [],
        **{name: value for name, value in new.items() if value is not None},
    }
    members["asn"] = members.get("asn", 0)
    members["asnLong"] = members.get("asnLong") or members["asn"]
    return made(response, "virtualInterfaces", "virtualInterfaceId", short_id("dxvif"), members, "virtualInterfaceState")


@offers
def create_private_virtual_interface(self):
    return json.dumps(create_interface(self, "private").shown())


@offers
def create_transit_virtual_interface(self):
    return json.dumps({"virtualInterface": create_interface(self, "transit").shown()})


def interface(response, name) -> Line:
    return alive(response, "virtualInterfaces", name, "Virtual Interface {} does not exist")


@offers
def describe_virtual_interfaces(self):
    asked = given(self)
    found = those(self, "virtualInterfaces", "connectionId", asked.get("connectionId"))
    found = [each for each in found if asked.get("virtualInterfaceId") in (None, each.members["virtualInterfaceId"])]
    if asked.get("virtualInterfaceId") and not found:
        raise Refused(f"Virtual Interface {asked['virtualInterfaceId']} does not exist")
    return json.dumps({"virtualInterfaces": [each.shown() for each in found]})


@offers
def update_virtual_interface_attributes(self):
    asked = given(self)
    found = interface(self, asked.pop("virtualInterfaceId"))
    if "enableSiteLink" in asked:
        asked["siteLinkEnabled"] = asked.pop("enableSiteLink")
    found.members.update(asked)
    enter(found, "pending", DELAY)
    return json.dumps(found.shown())


@offers
def delete_virtual_interface(self):
    found = interface(self, given(self).get("virtualInterfaceId"))
    enter(found, "deleting", DELAY)
    return json.dumps({"virtualInterfaceState": found.state})


@offers
def create_direct_connect_gateway(self):
    asked = given(self)
    asn = asked.get("amazonSideAsn", 64512)
    if not (64512 <= asn <= 65534 or 4200000000 <= asn <= 4294967294):
        raise Refused(f"ASN {asn} is not private")
    members = {"ownerAccount": self.current_account, **asked, "amazonSideAsn": asn, "tags": asked.get("tags") or []}
    new = made(self, "gateways", "directConnectGatewayId", uuid(), members, "directConnectGatewayState")
    return json.dumps({"directConnectGateway": new.shown()})


@offers
def describe_direct_connect_gateways(self):
    found = those(self, "gateways", "directConnectGatewayId", given(self).get("directConnectGatewayId"))
    found = [each for each in found if each.members["ownerAccount"] == self.current_account and each.state != "deleted"]
    return json.dumps({"directConnectGateways": [each.shown() for each in found]})


@offers
def update_direct_connect_gateway(self):
    asked = given(self)
    found = gateway(self, asked["directConnectGatewayId"])
    found.members["directConnectGatewayName"] = asked["newDirectConnectGatewayName"]
    return json.dumps({"directConnectGateway": found.shown()})


@offers
def delete_direct_connect_gateway(self):
    found = gateway(self, given(self).get("directConnectGatewayId"))
    name = found.members["directConnectGatewayId"]
    joined = those(self, "associations", "directConnectGatewayId", name)
    if attached(self, name) or any(each.state != "deleted" for each in joined):
        raise Refused(f"Direct Connect Gateway {name} has virtual interfaces or associations and cannot be deleted")
    enter(found, "deleting", DELAY)
    return json.dumps({"directConnectGateway": found.shown()})


def the_other(response, account: str, region: str, name: str) -> dict:
    """A virtual private or transit gateway, as an association shows it."""
    backend = ec2_backends[account][region]
    if name.startswith("tgw-"):
        if name not in backend.transit_gateways:
            raise Refused(f"Transit Gateway {name} does not exist")
        kind = "transitGateway"
    else:
        if not backend.get_vpn_gateway(name).attachments:
            raise Refused(f"Virtual Gateway {name} is not attached to a VPC")
        kind = "virtualPrivateGateway"
    return {"id": name, "type": kind, "ownerAccount": account, "region": region}


def join(response, dx_gateway: Line, other: dict, prefixes: list) -> Line:
    name, backend = other["id"], ec2_backends[other["ownerAccount"]][other["region"]]
    transit = other["type"] == "transitGateway"
    dx_name = dx_gateway.members["directConnectGatewayId"]
    if transit and not prefixes:
        raise Refused("Allowed prefixes are needed to associate a transit gateway")
    for each in store(response, "associations").values():
        same, held = each.members["directConnectGatewayId"] == dx_name, each.members["associatedGateway"]
        if each.state == "deleted":
            continue
        if held["id"] == name and (same or not transit):
            raise Refused(f"{name} is already associated with a Direct Connect gateway")
        if same and held["type"] != other["type"]:
            raise Refused("A Direct Connect gateway has virtual private gateways or transit gateways, not both")
    if transit:
        transit_gateway = backend.transit_gateways[name]
        if int(transit_gateway.options.get("AmazonSideAsn") or 64512) == dx_gateway.members["amazonSideAsn"]:
            raise Refused("The transit gateway and the Direct Connect gateway must have different ASNs")
        attachment = TransitGatewayAttachment(backend, dx_name, "direct-connect-gateway", transit_gateway)
        backend.transit_gateway_attachments[attachment.id] = attachment
    else:
        vpc = backend.get_vpc(backend.get_vpn_gateway(name).attachments[next(iter(backend.get_vpn_gateway(name).attachments))].vpc_id)
        prefixes = prefixes or [{"cidr": vpc.cidr_block}]
    members = {
        "directConnectGatewayId": dx_name,
        "directConnectGatewayOwnerAccount": dx_gateway.members["ownerAccount"],
        "associatedGateway": other,
        "allowedPrefixesToDirectConnectGateway": prefixes,
    }
    return made(response, "associations", "associationId", uuid(), members, "associationState")


@offers
def create_direct_connect_gateway_association(self):
    asked = given(self)
    dx_gateway = gateway(self, asked["directConnectGatewayId"])
    other = the_other(self, self.current_account, self.region, asked.get("gatewayId") or asked.get("virtualGatewayId"))
    new = join(self, dx_gateway, other, asked.get("addAllowedPrefixesToDirectConnectGateway") or [])
    return json.dumps({"directConnectGatewayAssociation": new.shown()})


@offers
def describe_direct_connect_gateway_associations(self):
    asked = given(self)
    found = those(self, "associations", "directConnectGatewayId", asked.get("directConnectGatewayId"))
    other = asked.get("associatedGatewayId") or asked.get("virtualGatewayId")
    if not any(asked.get(name) for name in ("associationId", "directConnectGatewayId")) and not other:
        raise Refused("An association, a Direct Connect gateway or an associated gateway is needed")
    found = [
        each.shown()
        for each in found
        if asked.get("associationId") in (None, each.members["associationId"])
        and other in (None, each.members["associatedGateway"]["id"])
        and each.state != "deleted"
    ]
    return json.dumps({"directConnectGatewayAssociations": found})


def association(response, name) -> Line:
    return alive(response, "associations", name, "Direct Connect Gateway Association with ID {} does not exist")


@offers
def update_direct_connect_gateway_association(self):
    asked = given(self)
    found = association(self, asked.get("associationId"))
    gone = asked.get("removeAllowedPrefixesToDirectConnectGateway") or []
    held = [each for each in found.members["allowedPrefixesToDirectConnectGateway"] if each not in gone]
    new = [each for each in asked.get("addAllowedPrefixesToDirectConnectGateway") or [] if each not in held]
    found.members["allowedPrefixesToDirectConnectGateway"] = held + new
    enter(found, "modifying", DELAY)
    return json.dumps({"directConnectGatewayAssociation": found.shown()})


@offers
def delete_direct_connect_gateway_association(self):
    found = association(self, given(self).get("associationId"))
    other = found.members["associatedGateway"]
    for each in ec2_backends[other["ownerAccount"]][other["region"]].transit_gateway_attachments.values():
        same = (each.transit_gateway_id, each.resource_id) == (other["id"], found.members["directConnectGatewayId"])
        if same and each.state not in ("deleting", "deleted"):
            enter(each, "deleting", TRANSIT_DELAY)
    enter(found, "deleting", DELAY)
    return json.dumps({"directConnectGatewayAssociation": found.shown()})


PROPOSAL = "directConnectGatewayAssociationProposal"


@offers
def create_direct_connect_gateway_association_proposal(self):
    asked = given(self)
    target = gateway(self, asked["directConnectGatewayId"])
    if target.members["ownerAccount"] != asked["directConnectGatewayOwnerAccount"]:
        raise Refused(f"Direct Connect Gateway with ID {asked['directConnectGatewayId']} does not exist")
    members = {
        "directConnectGatewayId": asked["directConnectGatewayId"],
        "directConnectGatewayOwnerAccount": asked["directConnectGatewayOwnerAccount"],
        "proposalState": "requested",
        "associatedGateway": the_other(self, self.current_account, self.region, asked["gatewayId"]),
        "existingAllowedPrefixesToDirectConnectGateway": [],
        "requestedAllowedPrefixesToDirectConnectGateway": asked.get("addAllowedPrefixesToDirectConnectGateway") or [],
    }
    return json.dumps({PROPOSAL: made(self, "proposals", "proposalId", uuid(), members, "").shown()})


@offers
def describe_direct_connect_gateway_association_proposals(self):
    asked = given(self)
    found = those(self, "proposals", "directConnectGatewayId", asked.get("directConnectGatewayId"))
    found = [
        each.shown()
        for each in found
        if asked.get("proposalId") in (None, each.members["proposalId"])
        and asked.get("associatedGatewayId") in (None, each.members["associatedGateway"]["id"])
        and self.current_account
        in (each.members["directConnectGatewayOwnerAccount"], each.members["associatedGateway"]["ownerAccount"])
    ]
    return json.dumps({f"{PROPOSAL}s": found})


@offers
def accept_direct_connect_gateway_association_proposal(self):
    asked = given(self)
    found = alive(self, "proposals", asked["proposalId"], "Proposal {} is not found")
    other = found.members["associatedGateway"]
    if found.members["proposalState"] != "requested" or other["ownerAccount"] != asked["associatedGatewayOwnerAccount"]:
        raise Refused(f"Proposal {asked['proposalId']} cannot be accepted")
    wanted = asked.get("overrideAllowedPrefixesToDirectConnectGateway")
    wanted = wanted or found.members["requestedAllowedPrefixesToDirectConnectGateway"]
    new = join(self, gateway(self, asked["directConnectGatewayId"]), other, wanted)
    found.members["proposalState"] = "accepted"
    found.members["requestedAllowedPrefixesToDirectConnectGateway"] = wanted
    return json.dumps({"directConnectGatewayAssociation": new.shown()})


@offers
def delete_direct_connect_gateway_association_proposal(self):
    name = given(self).get("proposalId")
    found = alive(self, "proposals", name, "Proposal {} is not found")
    found.members["proposalState"] = "deleted"
    del store(self, "proposals")[name]
    return json.dumps({PROPOSAL: found.shown()})


def tagged(response, arn: str) -> Line | None:
    name = arn.rsplit("/", 1)[-1]
    return next((store(response, kind)[name] for kind in KINDS[:3] if name in store(response, kind)), None)


@around(DirectConnectResponse, "tag_resource")
def tag_resource(original, self):
    asked = given(self)
    found = tagged(self, asked["resourceArn"])
    if found is None:
        return original(self)
    new = {tag["key"] for tag in asked["tags"]}
    found.members["tags"] = [tag for tag in found.members["tags"] if tag["key"] not in new] + asked["tags"]
    return "{}"


@around(DirectConnectResponse, "untag_resource")
def untag_resource(original, self):
    asked = given(self)
    found = tagged(self, asked["resourceArn"])
    if found is None:
        return original(self)
    found.members["tags"] = [tag for tag in found.members["tags"] if tag["key"] not in asked["tagKeys"]]
    return "{}"


@around(DirectConnectResponse, "describe_tags")
def describe_tags(original, self):
    answer = json.loads(original(self))
    for each in answer["resourceTags"]:
        found = tagged(self, each["resourceArn"])
        if found is not None:
            each["tags"] = found.members["tags"]
    return json.dumps(answer)
