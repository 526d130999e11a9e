"""CloudFront's scope exists in us-east-1 only; a name is given once in a region and scope.

moto answers for CloudFront everywhere, takes IP sets twice, and has a code of its own for duplicates.
"""

from moto.wafv2.exceptions import WAFv2ClientError, WAFV2DuplicateItemException
from moto.wafv2.models import WAFV2Backend
from moto.wafv2.responses import WAFV2Response

from floorplan_sandbox.patch import around, instead

HOME = "us-east-1"
KINDS = ("web_acl", "rule_group", "ip_set", "regex_pattern_set")
LISTS = ("web_ac_ls", "rule_groups", "ip_sets", "regex_pattern_sets", "logging_configurations")


def guard(name: str) -> None:
    @around(WAFV2Response, name)
    def guarded(original, self):
        if self._get_param("Scope") == "CLOUDFRONT" and self.region != HOME:
            raise WAFv2ClientError(
                "WAFInvalidParameterException",
                "Error reason: The scope is not valid., field: SCOPE_VALUE, parameter: CLOUDFRONT",
            )
        return original(self)


for kind in KINDS:
    for verb in ("create", "get", "update", "delete"):
        guard(f"{verb}_{kind}")
for plural in LISTS:
    guard(f"list_{plural}")


@instead(WAFV2DuplicateItemException, "__init__")
def duplicate(self) -> None:
    WAFv2ClientError.__init__(
        self,
        "WAFDuplicateItemException",
        "AWS WAF couldn’t perform the operation because some resource in your request is a duplicate of an "
        "existing one.",
    )


@around(WAFV2Backend, "create_ip_set")
def create_ip_set(original, self, name, scope, *arguments):
    if any(other.name == name and other.scope == scope for other in self.ip_sets.values()):
        raise WAFV2DuplicateItemException
    return original(self, name, scope, *arguments)
