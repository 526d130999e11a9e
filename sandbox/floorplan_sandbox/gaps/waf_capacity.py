"""What rules cost, in web ACL capacity units, as the developer guide has it; CheckCapacity; managed groups.

moto gives every web ACL 3, has no limit, no CheckCapacity and no managed rule groups.
"""

import json

from moto.wafv2.exceptions import WAFNonexistentItemException, WAFv2ClientError
from moto.wafv2.models import GLOBAL_REGION, WAFV2Backend, wafv2_backends
from moto.wafv2.responses import WAFV2Response

from floorplan_sandbox.patch import adds, around

MOST = 5000
MANAGED = {
    "AWSManagedRulesACFPRuleSet": 50,
    "AWSManagedRulesAdminProtectionRuleSet": 100,
    "AWSManagedRulesAmazonIpReputationList": 25,
    "AWSManagedRulesAnonymousIpList": 50,
    "AWSManagedRulesAntiDDoSRuleSet": 50,
    "AWSManagedRulesATPRuleSet": 50,
    "AWSManagedRulesBotControlRuleSet": 50,
    "AWSManagedRulesCommonRuleSet": 700,
    "AWSManagedRulesKnownBadInputsRuleSet": 200,
    "AWSManagedRulesLinuxRuleSet": 200,
    "AWSManagedRulesPHPRuleSet": 100,
    "AWSManagedRulesSQLiRuleSet": 200,
    "AWSManagedRulesUnixRuleSet": 100,
    "AWSManagedRulesWindowsRuleSet": 200,
    "AWSManagedRulesWordPressRuleSet": 100,
}
PLAIN = {
    "AsnMatchStatement": 1,
    "GeoMatchStatement": 1,
    "IPSetReferenceStatement": 1,
    "LabelMatchStatement": 1,
}
LOOKING = {
    "RegexMatchStatement": 3,
    "RegexPatternSetReferenceStatement": 25,
    "SizeConstraintStatement": 1,
    "XssMatchStatement": 40,
}


def looking(kind: str, body: dict) -> int:
    """A statement about a part of the request: its base and what the part adds, without transformations."""
    if kind == "ByteMatchStatement":
        base = 2 if body["PositionalConstraint"] in ("EXACTLY", "STARTS_WITH", "ENDS_WITH") else 10
    elif kind == "SqliMatchStatement":
        base = 30 if body.get("SensitivityLevel") == "HIGH" else 20
    else:
        base = LOOKING[kind]
    part = body.get("FieldToMatch", {})
    if "JsonBody" in part:
        base *= 2
    if "AllQueryArguments" in part:
        base += 10
    return base


def transformed(node: object):
    """What is transformed how, anywhere in rules: a part of the request and a kind of transformation."""
    if isinstance(node, list):
        for each in node:
            yield from transformed(each)
    elif isinstance(node, dict):
        part = json.dumps(node.get("FieldToMatch"), sort_keys=True)
        for step in node.get("TextTransformations") or []:
            if "FieldToMatch" in node and step["Type"] != "NONE":
                yield part, step["Type"]
        yield from transformed(list(node.values()))


def statement(backend: WAFV2Backend, found: dict) -> int:
    ((kind, body),) = found.items()
    if kind == "IPSetReferenceStatement":
        return 5 if body.get("IPSetForwardedIPConfig", {}).get("Position") == "ANY" else 1
    if kind in PLAIN:
        return PLAIN[kind]
    if kind in ("AndStatement", "OrStatement"):
        return sum(statement(backend, each) for each in body["Statements"])
    if kind == "NotStatement":
        return statement(backend, body["Statement"])
    below = statement(backend, body["ScopeDownStatement"]) if body.get("ScopeDownStatement") else 0
    if kind == "RateBasedStatement":
        return 2 + 30 * len(body.get("CustomKeys") or []) + below
    if kind == "ManagedRuleGroupStatement":
        return managed(body["VendorName"], body["Name"]) + below
    if kind == "RuleGroupReferenceStatement":
        group = backend.rule_groups.get(body["ARN"])
        if group is None:
            raise WAFNonexistentItemException
        return group.capacity
    return looking(kind, body)


def managed(vendor: str, name: str) -> int:
    if vendor != "AWS" or name not in MANAGED:
        raise WAFNonexistentItemException
    return MANAGED[name]


def of(response: WAFV2Response) -> int:
    """What the rules of a request cost. A transformation of one part costs ten, however often it is used."""
    body = json.loads(response.body)
    region = GLOBAL_REGION if body["Scope"] == "CLOUDFRONT" else response.region
    backend = wafv2_backends[response.current_account][region]
    rules = body.get("Rules") or []
    return sum(statement(backend, rule["Statement"]) for rule in rules) + 10 * len(set(transformed(rules)))


def limited(cost: int, most: int) -> None:
    if cost > most:
        raise WAFv2ClientError(
            "WAFLimitsExceededException",
            "AWS WAF couldn’t perform the operation because you exceeded your resource limit: "
            f"{cost} of {most} web ACL capacity units.",
        )


@around(WAFV2Response, "create_web_acl")
def create_web_acl(original, self):
    cost = of(self)
    limited(cost, MOST)
    answer = original(self)
    self.wafv2_backend.wacls[json.loads(answer[2])["Summary"]["ARN"]].capacity = cost
    return answer


@around(WAFV2Response, "update_web_acl")
def update_web_acl(original, self):
    cost = of(self)
    limited(cost, MOST)
    answer = original(self)
    acl = next(acl for acl in self.wafv2_backend.wacls.values() if acl.id == self._get_param("Id"))
    acl.capacity = cost
    return answer


@around(WAFV2Response, "create_rule_group")
def create_rule_group(original, self):
    limited(self._get_param("Capacity"), MOST)
    limited(of(self), self._get_param("Capacity"))
    return original(self)


@around(WAFV2Response, "update_rule_group")
def update_rule_group(original, self):
    region = GLOBAL_REGION if self._get_param("Scope") == "CLOUDFRONT" else self.region
    groups = wafv2_backends[self.current_account][region].rule_groups.values()
    capacity = next((group.capacity for group in groups if group.id == self._get_param("Id")), MOST)
    limited(of(self), capacity)
    return original(self)


@adds(WAFV2Response, "check_capacity")
def check_capacity(self):
    return 200, {}, json.dumps({"Capacity": of(self)})


@adds(WAFV2Response, "list_available_managed_rule_groups")
def list_available_managed_rule_groups(self):
    found = [
        {"VendorName": "AWS", "Name": name, "VersioningSupported": False, "Description": name}
        for name in MANAGED
    ]
    return 200, {}, json.dumps({"ManagedRuleGroups": found})


@adds(WAFV2Response, "describe_managed_rule_group")
def describe_managed_rule_group(self):
    vendor, name = self._get_param("VendorName"), self._get_param("Name")
    label = name.removeprefix("AWSManagedRules").removesuffix("RuleSet").lower()
    answer = {
        "Capacity": managed(vendor, name),
        "Rules": [],
        "LabelNamespace": f"awswaf:managed:aws:{label}:",
        "AvailableLabels": [],
        "ConsumedLabels": [],
    }
    return 200, {}, json.dumps(answer)
