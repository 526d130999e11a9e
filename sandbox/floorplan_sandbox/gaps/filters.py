"""Filters of the network types: every documented one works, an unknown one is a clean error.

moto ignores filters of some calls and breaks on others. Here one table says how each filter reads an object;
an id that is not there is simply not matched. What the table lacks is left to moto.
"""

import copy
import re
from collections.abc import Callable, Iterable

from moto.core.responses import ActionResult
from moto.ec2 import exceptions
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models import EC2Backend, dhcp_options, elastic_ip_addresses, elastic_network_interfaces
from moto.ec2.models import network_acls, route_tables, subnets, vpcs, vpn_gateway
from moto.ec2.models.dhcp_options import DHCPOptionsSet
from moto.ec2.models.elastic_ip_addresses import ElasticAddress
from moto.ec2.models.elastic_network_interfaces import NetworkInterface
from moto.ec2.models.internet_gateways import EgressOnlyInternetGateway, InternetGateway
from moto.ec2.models.managed_prefixes import ManagedPrefixList
from moto.ec2.models.nat_gateways import NatGateway
from moto.ec2.models.network_acls import NetworkAcl
from moto.ec2.models.route_tables import RouteTable
from moto.ec2.models.security_groups import SecurityGroup, SecurityGroupRule
from moto.ec2.models.subnets import Subnet
from moto.ec2.models.vpc_peering_connections import VPCPeeringConnection
from moto.ec2.models.vpcs import VPC, VPCEndPoint
from moto.ec2.models.vpn_gateway import VpnGateway
from moto.ec2.responses.egress_only_internet_gateways import (
    EgressOnlyInternetGateway as EgressOnlyInternetGateways,
)
from moto.ec2.responses.vpc_peering_connections import VPCPeeringConnections

from floorplan_sandbox.patch import instead

Reader = Callable[[object], object]


def ipv6_ranges(subnet) -> list[str]:
    return [each["ipv6CidrBlock"] for each in subnet.ipv6_cidr_block_association_set]


def association(field: str) -> Reader:
    return lambda table: [each.get(field) for each in table.associations]


def route(field: str) -> Reader:
    return lambda table: [getattr(each, field) for each in table.routes]


def entry(field: str) -> Reader:
    return lambda acl: [getattr(each, field) for each in acl.entries]


def peer(side: str, field: str) -> Reader:
    return lambda connection: getattr(connection, f"{side}_vpc_info")[field]


def permission(direction: str, read: Reader) -> Reader:
    return lambda group: [read(each) for each in getattr(group, f"{direction}_rules")]


def attribute(*path: str) -> Reader:
    """Reads a path of attributes; a missing link means no value."""

    def read(thing):
        for name in path:
            thing = getattr(thing, name, None)
        return thing

    return read


IDENTITY = attribute("id")
VPC_ID = attribute("vpc_id")
STATE = attribute("state")

RULE_FIELDS = {
    "cidr": attribute("cidr_ipv4"),
    "ipv6-cidr": attribute("cidr_ipv6"),
    "from-port": attribute("from_port"),
    "to-port": attribute("to_port"),
    "protocol": attribute("ip_protocol"),
    "prefix-list-id": attribute("prefix_list_id"),
    "group-id": lambda rule: rule.source_group.get("GroupId"),
    "user-id": lambda rule: rule.source_group.get("UserId"),
}

FILTERS: dict[type, dict[str, Reader]] = {
    VPC: {
        "vpc-id": IDENTITY,
        "cidr": attribute("cidr_block"),
        "cidr-block": attribute("cidr_block"),
        "dhcp-options-id": attribute("dhcp_options_id"),
        "is-default": attribute("is_default"),
        "isDefault": attribute("is_default"),
        "state": STATE,
    },
    Subnet: {
        "subnet-id": IDENTITY,
        "subnet-arn": attribute("arn"),
        "vpc-id": VPC_ID,
        "availability-zone": attribute("availability_zone"),
        "availability-zone-id": attribute("availability_zone_id"),
        "cidr": attribute("cidr_block"),
        "cidr-block": attribute("cidr_block"),
        "default-for-az": attribute("default_for_az"),
        "ipv6-cidr-block-association.ipv6-cidr-block": ipv6_ranges,
        "map-public-ip-on-launch": attribute("map_public_ip_on_launch"),
        "state": STATE,
    },
    InternetGateway: {
        "internet-gateway-id": IDENTITY,
        "attachment.vpc-id": attribute("vpc", "id"),
        "attachment.state": lambda gateway: [each["State"] for each in gateway.attachments],
    },
    EgressOnlyInternetGateway: {
        "egress-only-internet-gateway-id": IDENTITY,
        "attachment.vpc-id": VPC_ID,
        "attachment.state": STATE,
    },
    ElasticAddress: {
        "allocation-id": attribute("allocation_id"),
        "association-id": attribute("association_id"),
        "public-ip": attribute("public_ip"),
        "domain": attribute("domain"),
        "instance-id": attribute("instance", "id"),
        "network-interface-id": attribute("eni", "id"),
        "network-interface-owner-id": attribute("eni", "owner_id"),
        "network-border-group": attribute("network_border_group"),
        "private-ip-address": attribute("eni", "private_ip_address"),
    },
    NatGateway: {
        "nat-gateway-id": IDENTITY,
        "subnet-id": attribute("subnet_id"),
        "vpc-id": VPC_ID,
        "state": STATE,
    },
    RouteTable: {
        "route-table-id": IDENTITY,
        "vpc-id": VPC_ID,
        "association.gateway-id": association("GatewayId"),
        "association.main": association("Main"),
        "association.route-table-association-id": association("RouteTableAssociationId"),
        "association.route-table-id": association("RouteTableId"),
        "association.subnet-id": association("SubnetId"),
        "route.destination-cidr-block": route("destination_cidr_block"),
        "route.destination-ipv6-cidr-block": route("destination_ipv6_cidr_block"),
        "route.destination-prefix-list-id": route("destination_prefix_list_id"),
        "route.egress-only-internet-gateway-id": route("egress_only_internet_gateway_id"),
        "route.gateway-id": route("gateway_id"),
        "route.instance-id": route("instance_id"),
        "route.nat-gateway-id": route("nat_gateway_id"),
        "route.origin": route("origin"),
        "route.state": route("state"),
        "route.transit-gateway-id": route("transit_gateway_id"),
        "route.vpc-peering-connection-id": route("vpc_peering_connection_id"),
    },
    NetworkAcl: {
        "network-acl-id": IDENTITY,
        "vpc-id": VPC_ID,
        "default": attribute("default"),
        "association.association-id": lambda acl: list(acl._associations),
        "association.network-acl-id": lambda acl: acl.id if acl._associations else None,
        "association.subnet-id": lambda acl: [each.subnet_id for each in acl.associations],
        "entry.cidr": entry("cidr_block"),
        "entry.ipv6-cidr": entry("ipv6_cidr_block"),
        "entry.egress": entry("egress"),
        "entry.protocol": entry("protocol"),
        "entry.rule-action": entry("rule_action"),
        "entry.rule-number": entry("rule_number"),
    },
    SecurityGroup: {
        "group-id": IDENTITY,
        "group-name": attribute("name"),
        "description": attribute("description"),
        "vpc-id": VPC_ID,
        **{f"ip-permission.{name}": permission("ingress", read) for name, read in RULE_FIELDS.items()},
        **{
            f"egress.ip-permission.{name}": permission("egress", read)
            for name, read in RULE_FIELDS.items()
        },
    },
    SecurityGroupRule: {
        "group-id": attribute("group_id"),
        "security-group-rule-id": IDENTITY,
    },
    DHCPOptionsSet: {
        "dhcp-options-id": IDENTITY,
        "key": lambda options: [each["Key"] for each in options.dhcp_configurations],
        "value": lambda options: [
            value["Value"] for each in options.dhcp_configurations for value in each["Values"]
        ],
    },
    VPCEndPoint: {
        "vpc-endpoint-id": IDENTITY,
        "vpc-id": VPC_ID,
        "service-name": attribute("service_name"),
        "vpc-endpoint-state": STATE,
        "vpc-endpoint-type": attribute("vpc_endpoint_type"),
        "ip-address-type": attribute("ip_address_type"),
    },
    VPCPeeringConnection: {
        "vpc-peering-connection-id": IDENTITY,
        "accepter-vpc-info.cidr-block": peer("accepter", "CidrBlock"),
        "accepter-vpc-info.owner-id": peer("accepter", "OwnerId"),
        "accepter-vpc-info.vpc-id": peer("accepter", "VpcId"),
        "requester-vpc-info.cidr-block": peer("requester", "CidrBlock"),
        "requester-vpc-info.owner-id": peer("requester", "OwnerId"),
        "requester-vpc-info.vpc-id": peer("requester", "VpcId"),
        "status-code": lambda connection: connection.status["Code"],
        "status-message": lambda connection: connection.status["Message"],
    },
    ManagedPrefixList: {
        "prefix-list-id": IDENTITY,
        "prefix-list-name": attribute("prefix_list_name"),
    },
    NetworkInterface: {
        "network-interface-id": IDENTITY,
        "addresses.private-ip-address": lambda eni: [
            each["PrivateIpAddress"] for each in eni.private_ip_addresses
        ],
        "association.allocation-id": lambda eni: eni.association.get("allocationId"),
        "association.public-ip": attribute("public_ip"),
        "attachment.attachment-id": attribute("attachment_id"),
        "attachment.instance-id": attribute("instance", "id"),
        "attachment.status": attribute("attachment", "status"),
        "availability-zone": attribute("availability_zone"),
        "description": attribute("description"),
        "group-id": lambda eni: [group.id for group in eni.group_set],
        "group-name": lambda eni: [group.name for group in eni.group_set],
        "interface-type": attribute("interface_type"),
        "private-ip-address": attribute("private_ip_address"),
        "requester-managed": attribute("requester_managed"),
        "status": attribute("status"),
        "subnet-id": attribute("subnet", "id"),
        "vpc-id": attribute("subnet", "vpc_id"),
    },
    VpnGateway: {
        "vpn-gateway-id": IDENTITY,
        "amazon-side-asn": attribute("amazon_side_asn"),
        "attachment.vpc-id": lambda gateway: list(gateway.attachments),
        "attachment.state": lambda gateway: [each.state for each in gateway.vpc_attachments],
        "availability-zone": attribute("availability_zone"),
        "state": STATE,
        "type": attribute("type"),
    },
}


class Wanted:
    """The values of one filter: exact ones in a set, those with wildcards as one expression."""

    def __init__(self, values: Iterable) -> None:
        values = [values] if isinstance(values, str) else [str(value) for value in values]
        self.exact = {value for value in values if not re.search(r"[*?\\]", value)}
        patterns = [expression(value) for value in values if value not in self.exact]
        self.pattern = re.compile("|".join(patterns), re.DOTALL) if patterns else None

    def meets(self, value: object) -> bool:
        if value is None:
            return False
        text = str(value).lower() if isinstance(value, bool) else str(value)
        return text in self.exact or bool(self.pattern and self.pattern.fullmatch(text))


def expression(value: str) -> str:
    """`*` and `?` are wildcards unless a backslash precedes them."""
    parts = re.findall(r"\\.|.", value, re.DOTALL)
    wild = {"*": ".*", "?": "."}
    return "".join(wild.get(part) or re.escape(part.removeprefix("\\") or part) for part in parts)


def read(thing, name: str) -> object:
    if name.startswith("tag:"):
        return (thing.ec2_backend.tags.get(thing.id) or {}).get(name[4:])
    if name == "tag-key":
        return list(thing.ec2_backend.tags.get(thing.id) or {})
    if name == "tag-value":
        return list((thing.ec2_backend.tags.get(thing.id) or {}).values())
    own = FILTERS.get(type(thing), {})
    if name in own:
        return own[name](thing)
    if name == "owner-id":
        return thing.owner_id
    try:
        return thing.get_filter_value(name)
    except (NotImplementedError, AttributeError):
        raise EC2ClientError("InvalidParameterValue", f"The filter '{name}' is invalid") from None


def select(filters: dict | None, things: list) -> list:
    """The things that meet all filters."""
    for name, values in (filters or {}).items():
        wanted = Wanted(values)
        kept = []
        for thing in things:
            value = read(thing, name)
            many = isinstance(value, Iterable) and not isinstance(value, str)
            if any(map(wanted.meets, value)) if many else wanted.meets(value):
                kept.append(thing)
        things = kept
    return things


for module in (
    dhcp_options,
    elastic_ip_addresses,
    elastic_network_interfaces,
    network_acls,
    route_tables,
    subnets,
    vpcs,
    vpn_gateway,
):
    if not hasattr(module, "generic_filter"):
        raise AttributeError(f"{module.__name__} no longer filters by generic_filter")
    module.generic_filter = select


def by_ids(things: dict, ids: list | None, missing: Callable[[str], Exception]) -> list:
    for wanted in ids or []:
        if wanted not in things:
            raise missing(wanted)
    return [things[each] for each in ids] if ids else list(things.values())


def coded(code: str, wording: str) -> Callable[[str], Exception]:
    return lambda wanted: EC2ClientError(code, wording.format(wanted))


@instead(EC2Backend, "describe_nat_gateways")
def describe_nat_gateways(self, filters, nat_gateway_ids):
    missing = coded("NatGatewayNotFound", "The Nat Gateway {} was not found")
    return select(filters, by_ids(self.nat_gateways, nat_gateway_ids, missing))


@instead(EC2Backend, "describe_internet_gateways")
def describe_internet_gateways(self, internet_gateway_ids=None, filters=None):
    missing = exceptions.InvalidInternetGatewayIdError
    return select(filters, by_ids(self.internet_gateways, internet_gateway_ids, missing))


@instead(EC2Backend, "describe_managed_prefix_lists")
def describe_managed_prefix_lists(self, prefix_list_ids=None, filters=None):
    missing = coded("InvalidPrefixListID.NotFound", "The prefix list ID '{}' does not exist")
    return select(filters, by_ids(self.managed_prefix_lists, prefix_list_ids, missing))


@instead(EgressOnlyInternetGateways, "describe_egress_only_internet_gateways")
def describe_egress_only_internet_gateways(self):
    ids = self._get_param("EgressOnlyInternetGatewayIds", [])
    held = self.ec2_backend.egress_only_internet_gateways
    found = by_ids(held, ids, exceptions.InvalidGatewayIDError)
    return ActionResult(
        {"EgressOnlyInternetGateways": select(self._filters_from_querystring(), found)}
    )


@instead(VPCPeeringConnections, "describe_vpc_peering_connections")
def describe_vpc_peering_connections(self):
    ids = self._get_param("VpcPeeringConnectionIds", [])
    found = by_ids(self.ec2_backend.vpc_pcxs, ids, exceptions.InvalidVPCPeeringConnectionIdError)
    return ActionResult({"VpcPeeringConnections": select(self._filters_from_querystring(), found)})


@instead(EC2Backend, "describe_vpc_endpoints")
def describe_vpc_endpoints(self, vpc_end_point_ids=None, filters=None):
    self.settle_vpc_endpoints()
    missing = exceptions.InvalidVpcEndPointIdError
    return select(filters, by_ids(self.vpc_end_points, vpc_end_point_ids, missing))


@instead(EC2Backend, "describe_security_groups")
def describe_security_groups(self, group_ids=None, groupnames=None, filters=None):
    held = {name: group for groups in self.groups.copy().values() for name, group in groups.items()}
    found = by_ids(held, group_ids, exceptions.InvalidSecurityGroupNotFoundError)
    if groupnames:
        found = [group for group in found if group.name in groupnames]
        if not found:
            raise exceptions.InvalidSecurityGroupNotFoundError(groupnames[0])
    return select(filters, found)


@instead(EC2Backend, "describe_security_group_rules")
def describe_security_group_rules(self, sg_rule_ids, filters):
    held = {
        rule.id: rule
        for groups in self.groups.copy().values()
        for group in groups.copy().values()
        for rule in group.egress_rules + group.ingress_rules
    }
    missing = exceptions.InvalidSecurityGroupRuleIdNotFoundError
    found = [copy.copy(rule) for rule in select(filters, by_ids(held, sg_rule_ids, missing))]
    for rule in found:
        rule.from_port = -1 if rule.from_port is None else rule.from_port
        rule.to_port = -1 if rule.to_port is None else rule.to_port
    return found


for kind in (EgressOnlyInternetGateway, NatGateway, VPCPeeringConnection):
    kind.owner_id = property(lambda self: self.ec2_backend.account_id)
