"""What is in use stays, and what is missing is not referred to.

moto deletes web ACLs in front of resources and sets in rules, puts web ACLs in front of load balancers that
do not exist, in front of one resource several at a time, and lists no resources of a web ACL.
"""

import json

from moto.wafv2.exceptions import WAFNonexistentItemException, WAFv2ClientError
from moto.wafv2.models import GLOBAL_REGION, WAFV2Backend, wafv2_backends
from moto.wafv2.responses import WAFV2Response

from floorplan_sandbox.gaps.waf_objects import invalid, statements
from floorplan_sandbox.patch import adds, around

REFERENCES = (
    "IPSetReferenceStatement",
    "RegexPatternSetReferenceStatement",
    "RuleGroupReferenceStatement",
)
TYPES = {
    "elasticloadbalancing": "APPLICATION_LOAD_BALANCER",
    "apigateway": "API_GATEWAY",
    "appsync": "APPSYNC",
    "cognito-idp": "COGNITO_USER_POOL",
    "apprunner": "APP_RUNNER_SERVICE",
    "ec2": "VERIFIED_ACCESS_INSTANCE",
    "amplify": "AMPLIFY",
}


def associated() -> WAFv2ClientError:
    return WAFv2ClientError(
        "WAFAssociatedItemException",
        "AWS WAF couldn’t perform the operation because your resource is being used by another resource or "
        "it’s associated with another resource.",
    )


def references(rules: list | None):
    """The ARNs that rules refer to."""
    for statement in statements(rules):
        for kind in REFERENCES:
            if kind in statement:
                yield statement[kind]["ARN"]


def exist(backend: WAFV2Backend, rules: list | None) -> None:
    for arn in references(rules):
        if not any(
            arn in held for held in (backend.ip_sets, backend.regex_pattern_sets, backend.rule_groups)
        ):
            raise WAFNonexistentItemException


def refers_to_what_is_there(name: str) -> None:
    @around(WAFV2Response, name)
    def checked(original, self):
        body = json.loads(self.body)
        region = GLOBAL_REGION if body["Scope"] == "CLOUDFRONT" else self.region
        exist(wafv2_backends[self.current_account][region], body.get("Rules"))
        return original(self)


for noun in ("web_acl", "rule_group"):
    refers_to_what_is_there(f"create_{noun}")
    refers_to_what_is_there(f"update_{noun}")


def stays_while_referred_to(noun: str, store: str) -> None:
    @around(WAFV2Response, f"delete_{noun}")
    def checked(original, self):
        body = json.loads(self.body)
        region = GLOBAL_REGION if body["Scope"] == "CLOUDFRONT" else self.region
        backend = wafv2_backends[self.current_account][region]
        holders = [*backend.wacls.values(), *backend.rule_groups.values()]
        used = {arn for holder in holders for arn in references(holder._kept.get("Rules"))}
        if any(arn.endswith(f"/{body['Id']}") and arn in used for arn in getattr(backend, store)):
            raise associated()
        return original(self)


stays_while_referred_to("ip_set", "ip_sets")
stays_while_referred_to("regex_pattern_set", "regex_pattern_sets")
stays_while_referred_to("rule_group", "rule_groups")


def present(account: str, arn: str) -> bool:
    if arn.split(":")[2] != "elasticloadbalancing":
        return True
    from moto.elbv2.models import elbv2_backends  # Here, as it takes long to load.

    return arn in elbv2_backends[account][arn.split(":")[3]].load_balancers


@around(WAFV2Backend, "associate_web_acl")
def associate_web_acl(original, self, web_acl_arn, resource_arn):
    if web_acl_arn not in self.wacls or not present(self.account_id, resource_arn):
        raise WAFNonexistentItemException
    if ":loadbalancer/" in resource_arn and ":loadbalancer/app/" not in resource_arn:
        raise invalid("RESOURCE_ARN", resource_arn)
    self.disassociate_web_acl(resource_arn)
    return original(self, web_acl_arn, resource_arn)


@around(WAFV2Backend, "delete_web_acl")
def delete_web_acl(original, self, name, scope, _id, lock_token):
    held = next((acl for acl in self.wacls.values() if acl.id == _id), None)
    if held and any(present(self.account_id, arn) for arn in held.associated_resources):
        raise associated()
    original(self, name, scope, _id, lock_token)
    if held:
        self.logging_configurations.pop(held.arn, None)


@adds(WAFV2Response, "list_resources_for_web_acl")
def list_resources_for_web_acl(self):
    acl = self.wafv2_backend.wacls.get(self._get_param("WebACLArn"))
    if acl is None:
        raise WAFNonexistentItemException
    wanted = self._get_param("ResourceType") or "APPLICATION_LOAD_BALANCER"
    found = [
        arn
        for arn in acl.associated_resources
        if TYPES.get(arn.split(":")[2]) == wanted and present(self.current_account, arn)
    ]
    return 200, {}, json.dumps({"ResourceArns": found})


@around(WAFV2Backend, "put_logging_configuration")
def put_logging_configuration(original, self, arn, destinations, *arguments):
    if arn not in self.wacls and arn not in wafv2_backends[self.account_id][GLOBAL_REGION].wacls:
        raise WAFNonexistentItemException
    for destination in destinations:
        tail = destination.removesuffix(":*").replace("/", ":").rsplit(":", 1)[-1]
        if not tail.startswith("aws-waf-logs-"):
            raise invalid("LOG_DESTINATION", destination)
    return original(self, arn, destinations, *arguments)
