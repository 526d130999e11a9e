"""How each filter of the network types reads an object: the names are those of the EC2 API reference."""

from collections.abc import Callable

from moto.ec2.models.customer_gateways import CustomerGateway
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
from moto.ec2.models.transit_gateway import TransitGateway
from moto.ec2.models.transit_gateway_attachments import (
    TransitGatewayAttachment,
    TransitGatewayPeeringAttachment,
    TransitGatewayVpcAttachment,
)
from moto.ec2.models.transit_gateway_route_tables import TransitGatewayRouteTable
from moto.ec2.models.vpc_peering_connections import VPCPeeringConnection
from moto.ec2.models.vpcs import VPC, VPCEndPoint
from moto.ec2.models.vpn_connections import VPNConnection
from moto.ec2.models.vpn_gateway import VpnGateway

Reader = Callable[[object], object]


def ipv6(field: str) -> Reader:
    return lambda subnet: [each[field] for each in subnet.ipv6_cidr_block_association_set]


def ipv6_states(subnet) -> list[str]:
    return [each["ipv6CidrBlockState"]["state"] for each in subnet.ipv6_cidr_block_association_set]


def dns_option(field: str) -> Reader:
    return lambda subnet: subnet.private_dns_name_options_on_launch[field]


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


def option(name: str) -> Reader:
    return lambda thing: thing.options.get(name)


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

TRANSIT_ATTACHMENT = {
    "association.state": lambda attachment: (attachment.association or {}).get("State"),
    "association.transit-gateway-route-table-id": lambda attachment: (attachment.association or {}).get(
        "TransitGatewayRouteTableId"
    ),
    "resource-id": attribute("resource_id"),
    "resource-owner-id": attribute("resource_owner_id"),
    "resource-type": attribute("resource_type"),
    "state": STATE,
    "transit-gateway-attachment-id": IDENTITY,
    "transit-gateway-id": attribute("transit_gateway_id"),
    "transit-gateway-owner-id": attribute("transit_gateway_owner_id"),
    "vpc-id": attribute("vpc_id"),
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
        "ipv6-cidr-block-association.association-id": ipv6("associationId"),
        "ipv6-cidr-block-association.ipv6-cidr-block": ipv6("ipv6CidrBlock"),
        "ipv6-cidr-block-association.state": ipv6_states,
        "map-public-ip-on-launch": attribute("map_public_ip_on_launch"),
        "private-dns-name-options-on-launch.enable-resource-name-dns-a-record": dns_option(
            "EnableResourceNameDnsARecord"
        ),
        "private-dns-name-options-on-launch.enable-resource-name-dns-aaaa-record": dns_option(
            "EnableResourceNameDnsAAAARecord"
        ),
        "private-dns-name-options-on-launch.hostname-type": dns_option("HostnameType"),
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
        **{f"egress.ip-permission.{name}": permission("egress", read) for name, read in RULE_FIELDS.items()},
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
    CustomerGateway: {
        "bgp-asn": attribute("bgp_asn"),
        "customer-gateway-id": IDENTITY,
        "ip-address": attribute("ip_address"),
        "state": STATE,
        "type": attribute("type"),
    },
    VPNConnection: {
        "bgp-asn": lambda connection: (
            connection.ec2_backend.customer_gateways[connection.customer_gateway_id].bgp_asn
        ),
        "customer-gateway-configuration": attribute("customer_gateway_configuration"),
        "customer-gateway-id": attribute("customer_gateway_id"),
        "option.static-routes-only": option("StaticRoutesOnly"),
        "route.destination-cidr-block": lambda connection: [
            each["DestinationCidrBlock"] for each in connection.routes
        ],
        "state": STATE,
        "transit-gateway-id": attribute("transit_gateway_id"),
        "type": attribute("type"),
        "vpn-connection-id": IDENTITY,
        "vpn-gateway-id": attribute("vpn_gateway_id"),
    },
    TransitGateway: {
        "options.amazon-side-asn": option("AmazonSideAsn"),
        "options.association-default-route-table-id": option("AssociationDefaultRouteTableId"),
        "options.auto-accept-shared-attachments": option("AutoAcceptSharedAttachments"),
        "options.default-route-table-association": option("DefaultRouteTableAssociation"),
        "options.default-route-table-propagation": option("DefaultRouteTablePropagation"),
        "options.dns-support": option("DnsSupport"),
        "options.propagation-default-route-table-id": option("PropagationDefaultRouteTableId"),
        "options.vpn-ecmp-support": option("VpnEcmpSupport"),
        "state": STATE,
        "transit-gateway-id": IDENTITY,
    },
    TransitGatewayAttachment: TRANSIT_ATTACHMENT,
    TransitGatewayPeeringAttachment: TRANSIT_ATTACHMENT,
    TransitGatewayVpcAttachment: TRANSIT_ATTACHMENT,
    TransitGatewayRouteTable: {
        "default-association-route-table": attribute("default_association_route_table"),
        "default-propagation-route-table": attribute("default_propagation_route_table"),
        "state": STATE,
        "transit-gateway-id": attribute("transit_gateway_id"),
        "transit-gateway-route-table-id": IDENTITY,
    },
}
