"""Security group rules: authorize, revoke and modify as documented.

moto compares rules with their descriptions, keeps CIDRs as written, answers with the rules of the last
permission only, applies half of a call that fails, crashes on protocols without ports, drops descriptions of
prefix list rules, skips IPv6 rules when revoking egress, and ignores descriptions given by rule id.
"""

import ipaddress

from moto.core.responses import ActionResult
from moto.ec2.exceptions import (
    EC2ClientError,
    InvalidCIDRSubnetError,
    InvalidPermissionDuplicateError,
    InvalidPermissionNotFoundError,
    InvalidSecurityGroupNotFoundError,
    InvalidSecurityGroupRuleIdNotFoundError,
    RulesPerSecurityGroupLimitExceededError,
)
from moto.ec2.models.security_groups import GroupedSecurityRuleView, SecurityGroup, SecurityGroupRule
from moto.ec2.responses.security_groups import SecurityGroups

from floorplan_sandbox.patch import instead

PROTOCOLS = {"all": "-1", "6": "tcp", "17": "udp", "1": "icmp", "58": "icmpv6"}
WITH_PORTS = ("tcp", "udp", "icmp", "icmpv6")
RULES_AT_MOST = 60
SINGLE_FIELDS = ("IpProtocol", "FromPort", "ToPort", "CidrIp", "SourceSecurityGroupName")


def key(rule) -> tuple:
    """What makes two rules the same rule: not the description."""
    return (
        rule.ip_protocol,
        rule.from_port,
        rule.to_port,
        rule.ip_range.get("CidrIp"),
        rule.ip_range.get("CidrIpv6"),
        rule.source_group.get("GroupId"),
        rule.prefix_list_id,
    )


def canonical(cidr: str, version: int) -> str:
    try:
        network = ipaddress.ip_network(cidr, strict=False)
    except ValueError:
        raise InvalidCIDRSubnetError(cidr=cidr) from None
    if network.version != version:
        raise InvalidCIDRSubnetError(cidr=cidr)
    return str(network)


def permissions_of(response) -> list[dict]:
    parameters = response._get_params()
    if "IpPermissions" in parameters:
        return parameters["IpPermissions"]
    if "CidrIp" in parameters or "IpProtocol" in parameters:
        single = {name: parameters[name] for name in SINGLE_FIELDS if name in parameters}
        if "CidrIp" in single:
            single["IpRanges"] = [{"CidrIp": single.pop("CidrIp")}]
        return [single]
    return []


def rules_of(backend, group, permission: dict, egress: bool) -> list:
    """The rules that one IpPermissions item stands for."""
    protocol = str(permission.get("IpProtocol", "-1")).lower()
    protocol = PROTOCOLS.get(protocol, protocol)
    first, last = permission.get("FromPort"), permission.get("ToPort")
    if protocol in ("tcp", "udp") and (first is None or last is None):
        raise EC2ClientError(
            "InvalidParameterValue",
            "Invalid value for portRange. Must specify both from and to ports with TCP/UDP.",
        )
    if protocol in ("tcp", "udp") and int(first) > int(last):
        raise EC2ClientError("InvalidParameterValue", f"Invalid TCP/UDP port range ({first}:{last})")
    if protocol not in WITH_PORTS:
        first, last = (None, None) if protocol == "-1" else (-1, -1)
    elif first is None:
        first, last = -1, -1

    def rule(ip_range=None, source=None, prefix=None):
        made = SecurityGroupRule(
            backend, protocol, group.id, first, last, ip_range, source, prefix, is_egress=egress
        )
        made.note = (ip_range or source or prefix).get("Description")
        return made

    rules = []
    for row in permission.get("IpRanges", []):
        rules.append(rule(ip_range={**row, "CidrIp": canonical(row["CidrIp"], 4)}))
    for row in permission.get("Ipv6Ranges", []):
        rules.append(rule(ip_range={**row, "CidrIpv6": canonical(row["CidrIpv6"], 6)}))
    for row in permission.get("UserIdGroupPairs", []):
        named = row.get("GroupId") or row.get("GroupName")
        source = backend.get_security_group_by_name_or_id(named, group.vpc_id)
        if source is None:
            raise InvalidSecurityGroupNotFoundError(named)
        pair = {**row, "GroupId": source.id, "UserId": row.get("UserId", backend.account_id)}
        pair.pop("GroupName", None)
        rules.append(rule(source=pair))
    for row in permission.get("PrefixListIds", []):
        if row["PrefixListId"] not in backend.managed_prefix_lists:
            raise EC2ClientError(
                "InvalidPrefixListID.NotFound",
                f"The prefix list ID '{row['PrefixListId']}' does not exist",
            )
        rules.append(rule(prefix=row))
    return rules


def group_of(response):
    named = response._get_param("GroupId") or response._get_param("GroupName")
    group = response.ec2_backend.get_security_group_by_name_or_id(named)
    if group is None:
        raise InvalidSecurityGroupNotFoundError(named)
    return group


def requested(response, group, egress: bool) -> list:
    rules = [
        rule
        for permission in permissions_of(response)
        for rule in rules_of(response.ec2_backend, group, permission, egress)
    ]
    if not rules:
        raise EC2ClientError(
            "MissingParameter", "Either 'ipPermissions' or 'securityGroupRuleIds' should be provided."
        )
    return rules


def authorize(response, egress: bool) -> ActionResult:
    group = group_of(response)
    present = group.egress_rules if egress else group.ingress_rules
    known = {key(rule) for rule in present}
    wanted = requested(response, group, egress)
    for rule in wanted:
        if key(rule) in known:
            raise InvalidPermissionDuplicateError()
        known.add(key(rule))
    if len(present) + len(wanted) > RULES_AT_MOST:
        raise RulesPerSecurityGroupLimitExceededError
    tags = response._parse_tag_specification().get("security-group-rule", {})
    for rule in wanted:
        rule.add_tags(tags)
    present.extend(wanted)
    return ActionResult({"Return": True, "SecurityGroupRules": wanted})


def revoke(response, egress: bool) -> ActionResult:
    group = group_of(response)
    present = group.egress_rules if egress else group.ingress_rules
    ids = response._get_param("SecurityGroupRuleIds", [])
    if ids:
        known = {rule.id for rule in present}
        for rule_id in ids:
            if rule_id not in known:
                raise InvalidSecurityGroupRuleIdNotFoundError(rule_id)
        leaving = set(ids)
    else:
        by_key = {key(rule): rule.id for rule in present}
        leaving = set()
        for rule in requested(response, group, egress):
            if key(rule) not in by_key:
                raise InvalidPermissionNotFoundError()
            leaving.add(by_key[key(rule)])
    present[:] = [rule for rule in present if rule.id not in leaving]
    for rule_id in leaving:
        response.ec2_backend.tags.pop(rule_id, None)
    return ActionResult({"Return": True})


def describe_anew(response, egress: bool) -> ActionResult:
    """UpdateSecurityGroupRuleDescriptions, by rule id or by permission."""
    group = group_of(response)
    present = group.egress_rules if egress else group.ingress_rules
    by_id = response._get_param("SecurityGroupRuleDescriptions", [])
    for row in by_id:
        rule = next((each for each in present if each.id == row["SecurityGroupRuleId"]), None)
        if rule is None:
            raise InvalidSecurityGroupRuleIdNotFoundError(row["SecurityGroupRuleId"])
        set_description(rule, row.get("Description"))
    if not by_id:
        by_key = {key(rule): rule for rule in present}
        for wanted in requested(response, group, egress):
            if key(wanted) not in by_key:
                raise InvalidPermissionNotFoundError()
            set_description(by_key[key(wanted)], wanted.note)
    return ActionResult({"Return": True})


def set_description(rule, text: str | None) -> None:
    rule.note = text or None
    for part in (rule.ip_range, rule.source_group):
        if part:
            part.pop("Description", None)
            if text:
                part["Description"] = text


@instead(SecurityGroups, "modify_security_group_rules")
def modify_security_group_rules(self):
    group = group_of(self)
    changes = []
    for row in self._get_param("SecurityGroupRules", []):
        old = group.get_rule(row["SecurityGroupRuleId"])
        if old is None:
            raise InvalidSecurityGroupRuleIdNotFoundError(row["SecurityGroupRuleId"])
        new = modified(self.ec2_backend, group, row["SecurityGroupRule"], old)
        siblings = group.egress_rules if old.is_egress else group.ingress_rules
        if any(key(new) == key(other) for other in siblings if other.id != old.id):
            raise InvalidPermissionDuplicateError()
        changes.append((old, new))
    for old, new in changes:
        for name in (
            "ip_protocol",
            "from_port",
            "to_port",
            "ip_range",
            "source_group",
            "prefix_list_id",
            "note",
        ):
            setattr(old, name, getattr(new, name))
    return ActionResult({"Return": True})


def modified(backend, group, wanted: dict, old):
    text = {"Description": wanted["Description"]} if wanted.get("Description") else {}
    sources = {
        "IpRanges": ("CidrIpv4", "CidrIp", "CidrIp" in old.ip_range),
        "Ipv6Ranges": ("CidrIpv6", "CidrIpv6", "CidrIpv6" in old.ip_range),
        "PrefixListIds": ("PrefixListId", "PrefixListId", bool(old.prefix_list_id)),
        "UserIdGroupPairs": ("ReferencedGroupId", "GroupId", bool(old.source_group)),
    }
    given = [name for name, (parameter, _, _) in sources.items() if parameter in wanted]
    if len(given) != 1:
        raise EC2ClientError(
            "InvalidParameterCombination",
            "The request must contain exactly one of: cidrIp, cidrIpv6, prefixListId, or referencedGroupId",
        )
    parameter, field, same_kind = sources[given[0]]
    if not same_kind:
        raise EC2ClientError(
            "InvalidParameterValue",
            f"Invalid rule type for security group rule '{old.id}'. The kind of source cannot be changed.",
        )
    permission = {
        "IpProtocol": wanted.get("IpProtocol"),
        "FromPort": wanted.get("FromPort"),
        "ToPort": wanted.get("ToPort"),
        given[0]: [{field: wanted[parameter], **text}],
    }
    return rules_of(backend, group, permission, old.is_egress)[0]


@instead(SecurityGroups, "authorize_security_group_ingress")
def authorize_security_group_ingress(self):
    return authorize(self, egress=False)


@instead(SecurityGroups, "authorize_security_group_egress")
def authorize_security_group_egress(self):
    return authorize(self, egress=True)


@instead(SecurityGroups, "revoke_security_group_ingress")
def revoke_security_group_ingress(self):
    return revoke(self, egress=False)


@instead(SecurityGroups, "revoke_security_group_egress")
def revoke_security_group_egress(self):
    return revoke(self, egress=True)


@instead(SecurityGroups, "update_security_group_rule_descriptions_ingress")
def update_ingress(self):
    return describe_anew(self, egress=False)


@instead(SecurityGroups, "update_security_group_rule_descriptions_egress")
def update_egress(self):
    return describe_anew(self, egress=True)


@instead(SecurityGroup, "_flattened_rules")
def _flattened_rules(self, rules):
    views: dict[tuple, GroupedSecurityRuleView] = {}
    for rule in rules:
        place = (rule.from_port, rule.to_port, rule.ip_protocol)
        view = views.setdefault(place, GroupedSecurityRuleView(*place))
        if rule.ip_range:
            view.all_ip_ranges.append(rule.ip_range)
        if rule.source_group:
            view.source_groups.append(rule.source_group)
        if rule.prefix_list_id:
            note = rule.description
            text = {"Description": note} if note else {}
            view.prefix_list_ids.append({"PrefixListId": rule.prefix_list_id, **text})
    return list(views.values())


SecurityGroupRule.note = None
SecurityGroupRule.group_owner_id = property(lambda self: self.ec2_backend.account_id)
SecurityGroupRule.description = property(
    lambda self: self.note or self.ip_range.get("Description") or self.source_group.get("Description")
)
SecurityGroupRule.security_group_rule_arn = property(
    lambda self: (
        f"arn:aws:ec2:{self.ec2_backend.region_name}:{self.ec2_backend.account_id}"
        f":security-group-rule/{self.id}"
    )
)
