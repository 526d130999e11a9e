"""Rules of a listener: priorities are exchanged in one call, what is gone is not found, and a rule keeps how
it rewrites requests.

moto refuses a priority that another rule of the same call leaves, and one that the rule has already.
"""

from moto.core.responses import ActionResult
from moto.elbv2.exceptions import DuplicatePriorityError, PriorityInUseError, RuleNotFoundError
from moto.elbv2.models import ELBv2Backend
from moto.elbv2.responses import ELBV2Response

from floorplan_sandbox.patch import around, instead

UNKNOWN_TO_MOTO = ("jwt-validation",)


@instead(ELBv2Backend, "set_rule_priorities")
def set_rule_priorities(self, rule_priorities):
    wanted = {each["RuleArn"]: int(each["Priority"]) for each in rule_priorities}
    for priority in wanted.values():
        if list(wanted.values()).count(priority) > 1:
            raise DuplicatePriorityError(str(priority))
    rules = self.describe_rules(listener_arn=None, rule_arns=list(wanted))
    for rule in rules:
        listener = self.describe_listeners(None, [rule.listener_arn])[0]
        others = [other.priority for other in listener.rules.values() if other.arn not in wanted]
        if wanted[rule.arn] in others:
            raise PriorityInUseError()
    for rule in rules:
        rule.priority = wanted[rule.arn]
    return rules


@around(ELBv2Backend, "delete_rule")
def delete_rule(original, self, arn):
    known = any(
        arn in listener.rules
        for balancer in self.load_balancers.values()
        for listener in balancer.listeners.values()
    )
    if not known:
        raise RuleNotFoundError("One or more rules not found")
    return original(self, arn)


@around(ELBV2Response, "create_rule")
def create_rule(original, self):
    answer = original(self)
    answer.result["Rules"][0].transforms = self._get_param("Transforms", [])
    return answer


@around(ELBV2Response, "modify_rule")
def modify_rule(original, self):
    transforms, reset = self._get_param("Transforms"), self._get_bool_param("ResetTransforms")
    if transforms is None and not reset:
        return original(self)
    rule = self.elbv2_backend.describe_rules(None, [self._get_param("RuleArn")])[0]
    params = self._get_params()
    conditions, actions = params.get("Conditions") or rule.conditions, params.get("Actions")
    rule = self.elbv2_backend.modify_rule(rule.arn, conditions, actions or [])
    rule.transforms = [] if reset else transforms
    return ActionResult({"Rules": [rule]})


@around(ELBv2Backend, "_validate_actions")
def validate_actions(original, self, actions):
    return original(self, [action for action in actions if action.type not in UNKNOWN_TO_MOTO])
