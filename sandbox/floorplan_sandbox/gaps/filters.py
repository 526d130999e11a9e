"""Filters of the network types: every documented one works, an unknown one is a clean error.

moto ignores filters of some calls and breaks on others. One table says how each filter reads an object; an id
that is not there is simply not matched. What the table lacks is left to moto.
"""

import copy
import re
from collections.abc import Callable, Iterable

from moto.core.responses import ActionResult
from moto.ec2 import exceptions
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models import (
    EC2Backend,
    dhcp_options,
    elastic_ip_addresses,
    elastic_network_interfaces,
    network_acls,
    route_tables,
    subnets,
    vpcs,
    vpn_gateway,
)
from moto.ec2.models.internet_gateways import EgressOnlyInternetGateway
from moto.ec2.models.nat_gateways import NatGateway
from moto.ec2.models.vpc_peering_connections import VPCPeeringConnection
from moto.ec2.responses.egress_only_internet_gateways import (
    EgressOnlyInternetGateway as EgressOnlyInternetGateways,
)
from moto.ec2.responses.vpc_peering_connections import VPCPeeringConnections

from floorplan_sandbox.filter_table import FILTERS
from floorplan_sandbox.patch import instead


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
    return ActionResult({"EgressOnlyInternetGateways": select(self._filters_from_querystring(), found)})


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
