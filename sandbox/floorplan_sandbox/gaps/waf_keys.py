"""Keys with which pages ask WAF for puzzles, and the rules of some groups of AWS: moto has neither."""

import base64
import json
import os

from moto.wafv2.exceptions import WAFNonexistentItemException
from moto.wafv2.responses import WAFV2Response

from floorplan_sandbox.gaps.waf_objects import invalid
from floorplan_sandbox.patch import adds, around

RULES = {
    "AWSManagedRulesCommonRuleSet": ["NoUserAgent_HEADER", "SizeRestrictions_BODY"],
    "AWSManagedRulesSQLiRuleSet": ["SQLi_QUERYARGUMENTS", "SQLi_BODY", "SQLi_COOKIE"],
    "AWSManagedRulesAmazonIpReputationList": ["AWSManagedIPReputationList", "AWSManagedReconnaissanceList"],
}
TOPIC = "arn:aws:sns:us-east-1:248400274283:aws-managed-waf-rule-notifications"


def body(response: WAFV2Response) -> dict:
    return json.loads(response.body)


def keys(response: WAFV2Response) -> dict[str, dict]:
    of = vars(response.wafv2_backend).setdefault("_keys", {})
    return of.setdefault(body(response)["Scope"], {})


def answer(shown: dict) -> tuple:
    return 200, {"Content-Type": "application/json"}, json.dumps(shown)


@adds(WAFV2Response, "create_api_key")
def create_api_key(self):
    if not body(self).get("TokenDomains"):
        raise invalid("TOKEN_DOMAIN", [])
    key = base64.b64encode(os.urandom(96)).decode()
    shown = {"APIKey": key, "TokenDomains": body(self)["TokenDomains"], "CreationTimestamp": 1, "Version": 1}
    keys(self)[key] = shown
    return answer({"APIKey": key})


@adds(WAFV2Response, "list_api_keys")
def list_api_keys(self):
    shown = list(keys(self).values())
    return answer({"APIKeySummaries": shown, "ApplicationIntegrationURL": "https://waf.example"})


@adds(WAFV2Response, "delete_api_key")
def delete_api_key(self):
    if keys(self).pop(body(self)["APIKey"], None) is None:
        raise WAFNonexistentItemException
    return answer({})


@around(WAFV2Response, "describe_managed_rule_group")
def describe_managed_rule_group(original, self):
    shown = json.loads(original(self)[2])
    rules = RULES.get(body(self)["Name"], [])
    shown["SnsTopicArn"] = TOPIC
    shown["Rules"] = [{"Name": each, "Action": {"Block": {}}} for each in rules]
    shown["AvailableLabels"] = [{"Name": f"{shown['LabelNamespace']}{each}"} for each in rules]
    return answer(shown)
