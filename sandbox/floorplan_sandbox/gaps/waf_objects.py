"""Web ACLs and rule groups keep every member they are given, and an update replaces all of them.

moto knows some members, keeps what an update leaves out, and gives back nulls. IP sets: canonical ranges,
IPv6 written out in full.
"""

import ipaddress
import json

from moto.wafv2 import models
from moto.wafv2.exceptions import WAFv2ClientError
from moto.wafv2.models import FakeRuleGroup, FakeWebACL, WAFV2Backend
from moto.wafv2.responses import WAFV2Response

from floorplan_sandbox.patch import around, instead

NOT_KEPT = ("Name", "Scope", "Id", "Tags", "LockToken", "Capacity", "Description")


def invalid(field: str, parameter: object) -> WAFv2ClientError:
    return WAFv2ClientError(
        "WAFInvalidParameterException",
        "Error reason: The parameter contains formatting that is not valid., "
        f"field: {field}, parameter: {parameter}",
    )


def check(body: dict) -> None:
    rules = body.get("Rules") or []
    for field, member in (("RULE_NAME", "Name"), ("RULE_PRIORITY", "Priority")):
        values = [rule[member] for rule in rules]
        for value in values:
            if values.count(value) > 1:
                raise invalid(field, value)
    for rule in rules:
        groups = {"ManagedRuleGroupStatement", "RuleGroupReferenceStatement"} & rule["Statement"].keys()
        wanted = "OverrideAction" if groups else "Action"
        if [name for name in ("Action", "OverrideAction") if rule.get(name)] != [wanted]:
            raise invalid("RULE_ACTION", rule["Name"])
    for statement in statements(rules):
        if len(statement) != 1:
            raise invalid("STATEMENT", list(statement))


def statements(node: object):
    """Every statement in rules, however deep."""
    if isinstance(node, list):
        for each in node:
            yield from statements(each)
    elif isinstance(node, dict):
        for name, value in node.items():
            if name in ("Statement", "ScopeDownStatement"):
                yield value
            elif name == "Statements":
                yield from value
            yield from statements(value)


def keep(item, body: dict) -> None:
    item._kept = {name: value for name, value in body.items() if name not in NOT_KEPT}
    item.description = body.get("Description") or ""


def around_both(kind: type, store: str, noun: str) -> None:
    @around(WAFV2Response, f"create_{noun}")
    def create(original, self):
        body = json.loads(self.body)
        check(body)
        answer = original(self)
        arn = json.loads(answer[2])["Summary"]["ARN"]
        keep(getattr(self.wafv2_backend, store)[arn], body)
        return answer

    @around(WAFV2Response, f"update_{noun}")
    def update(original, self):
        body = json.loads(self.body)
        check(body)
        answer = original(self)
        for item in getattr(self.wafv2_backend, store).values():
            if item.id == body["Id"]:
                keep(item, body)
        return answer

    @around(kind, "to_dict")
    def to_dict(original, self):
        told = ("Name", "Id", "ARN", "Capacity", "LabelNamespace", "LockToken")
        shown = {name: value for name, value in original(self).items() if name in told}
        if self.description:
            shown["Description"] = self.description
        return shown | {"Rules": []} | self._kept


around_both(FakeWebACL, "wacls", "web_acl")
around_both(FakeRuleGroup, "rule_groups", "rule_group")


@around(WAFV2Response, "get_web_acl")
def get_web_acl(original, self):
    status, headers, text = original(self)
    answer = json.loads(text)
    answer["WebACL"].pop("LockToken")
    return status, headers, json.dumps(answer)


def canonical(addresses: list | None, version: str) -> list:
    found = []
    for address in addresses or []:
        try:
            network = ipaddress.ip_network(address)
        except ValueError:
            raise invalid("IP_ADDRESS", address) from None
        if "/" not in address or f"IPV{network.version}" != version or network.prefixlen == 0:
            raise invalid("IP_ADDRESS", address)
        found.append(network.exploded)
    return found


@around(WAFV2Backend, "create_ip_set")
def create_ip_set(original, self, name, scope, description, ip_address_version, addresses, tags):
    ranges = canonical(addresses, ip_address_version)
    return original(self, name, scope, description, ip_address_version, ranges, tags)


@around(WAFV2Backend, "update_ip_set")
def update_ip_set(original, self, name, scope, _id, description, addresses, lock_token):
    version = self.get_ip_set(name, scope, _id).ip_address_version
    ranges = canonical(addresses, version)
    return original(self, name, scope, _id, description or "", ranges, lock_token)


@around(WAFV2Backend, "update_regex_pattern_set")
def update_regex_pattern_set(original, self, **arguments):
    return original(self, **arguments | {"description": arguments.get("description") or ""})


@instead(models, "make_arn_for_regex_pattern_set")
def make_arn_for_regex_pattern_set(name: str, account_id: str, region_name: str, _id: str, scope: str):
    return models.make_arn_for_ip_set(
        name=name, account_id=account_id, region_name=region_name, _id=_id, scope=scope
    ).replace("/ipset/", "/regexpatternset/")
