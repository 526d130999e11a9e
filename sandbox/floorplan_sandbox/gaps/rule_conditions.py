"""Conditions of listener rules may be regular expressions.

moto looks for values only, and crashes where there are none.
"""

from moto.elbv2.exceptions import InvalidConditionValueError
from moto.elbv2.models import ELBv2Backend

from floorplan_sandbox.patch import around

CONFIGS = {"host-header": "HostHeaderConfig", "http-header": "HttpHeaderConfig", "path-pattern": "PathPatternConfig"}
LONGEST = 128


def expressions(condition: dict) -> list[str]:
    """The regular expressions of a condition, wherever they are written; they exclude values."""
    places = [condition, *(condition[name] for name in CONFIGS.values() if name in condition)]
    found = [each for place in places for each in place.get("RegexValues") or []]
    if found and any(place.get("Values") for place in places):
        raise InvalidConditionValueError("A condition may have either values or regex values, not both")
    return found


@around(ELBv2Backend, "_validate_conditions")
def validate_conditions(original, self, conditions):
    plain = []
    for condition in conditions:
        found, field = expressions(condition), condition.get("Field")
        if not found:
            if "Values" not in condition.get(CONFIGS.get(field), {"Values": []}):
                raise InvalidConditionValueError("A condition value must be specified")
            plain.append(condition)
            continue
        if field not in CONFIGS:
            raise InvalidConditionValueError(f"The 'RegexValues' field is not compatible with '{field}'")
        if field == "http-header" and not (condition.get("HttpHeaderConfig") or {}).get("HttpHeaderName"):
            raise InvalidConditionValueError("A 'HttpHeaderConfig' must be specified with 'http-header'")
        if any(len(each) > LONGEST for each in found):
            raise InvalidConditionValueError(
                f"The '{field}' regex value is too long; the limit is '{LONGEST}'"
            )
    return original(self, plain)
