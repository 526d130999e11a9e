"""Shield's response team: what it may see, whom it calls, and what is done by itself against floods.

moto knows no health checks of protections either.
"""

import json

from moto.shield.exceptions import InvalidParameterException, ResourceNotFoundException
from moto.shield.models import Protection, ShieldBackend
from moto.shield.responses import ShieldResponse

from floorplan_sandbox.patch import adds, around


def team(response: ShieldResponse) -> dict:
    response.shield_backend.describe_subscription()
    return vars(response.shield_backend).setdefault("_team", {"role": None, "buckets": [], "contacts": []})


def body(response: ShieldResponse) -> dict:
    return json.loads(response.body or "{}")


def protection(response: ShieldResponse, by: str, name: str):
    wanted = body(response)[name]
    for each in response.shield_backend.protections.values():
        if getattr(each, by) == wanted:
            return each
    raise ResourceNotFoundException("The referenced protection does not exist.")


@adds(ShieldResponse, "associate_drt_role")
def associate_drt_role(self):
    team(self)["role"] = body(self)["RoleArn"]
    return "{}"


@adds(ShieldResponse, "disassociate_drt_role")
def disassociate_drt_role(self):
    team(self)["role"] = None
    return "{}"


@adds(ShieldResponse, "associate_drt_log_bucket")
def associate_drt_log_bucket(self):
    if team(self)["role"] is None:
        raise InvalidParameterException("There is no role for the response team.")
    buckets = team(self)["buckets"]
    if body(self)["LogBucket"] not in buckets:
        buckets.append(body(self)["LogBucket"])
    return "{}"


@adds(ShieldResponse, "disassociate_drt_log_bucket")
def disassociate_drt_log_bucket(self):
    if body(self)["LogBucket"] not in team(self)["buckets"]:
        raise ResourceNotFoundException("The bucket is not associated.")
    team(self)["buckets"].remove(body(self)["LogBucket"])
    return "{}"


@adds(ShieldResponse, "describe_drt_access")
def describe_drt_access(self):
    known = {"RoleArn": team(self)["role"], "LogBucketList": team(self)["buckets"]}
    return json.dumps({name: value for name, value in known.items() if value})


@adds(ShieldResponse, "describe_emergency_contact_settings")
def describe_emergency_contact_settings(self):
    return json.dumps({"EmergencyContactList": team(self)["contacts"]})


@adds(ShieldResponse, "update_emergency_contact_settings")
def update_emergency_contact_settings(self):
    team(self)["contacts"] = body(self).get("EmergencyContactList") or []
    return "{}"


@adds(ShieldResponse, "associate_proactive_engagement_details")
def associate_proactive_engagement_details(self):
    team(self)["contacts"] = body(self)["EmergencyContactList"]
    self.shield_backend.subscription.proactive_engagement_status = "ENABLED"
    return "{}"


@adds(ShieldResponse, "enable_proactive_engagement")
def enable_proactive_engagement(self):
    if not team(self)["contacts"]:
        raise InvalidParameterException("There is nobody to call.")
    self.shield_backend.subscription.proactive_engagement_status = "ENABLED"
    return "{}"


@adds(ShieldResponse, "disable_proactive_engagement")
def disable_proactive_engagement(self):
    self.shield_backend.describe_subscription().proactive_engagement_status = "DISABLED"
    return "{}"


def respond(response: ShieldResponse, found) -> str:
    found.__dict__["_response"] = {"Status": "ENABLED", "Action": body(response)["Action"]}
    return "{}"


@adds(ShieldResponse, "enable_application_layer_automatic_response")
def enable_response(self):
    return respond(self, protection(self, "resource_arn", "ResourceArn"))


@adds(ShieldResponse, "update_application_layer_automatic_response")
def update_response(self):
    return respond(self, protection(self, "resource_arn", "ResourceArn"))


@adds(ShieldResponse, "disable_application_layer_automatic_response")
def disable_response(self):
    protection(self, "resource_arn", "ResourceArn").__dict__.pop("_response", None)
    return "{}"


def checks(found) -> list[str]:
    return vars(found).setdefault("_checks", [])


@adds(ShieldResponse, "associate_health_check")
def associate_health_check(self):
    check = body(self)["HealthCheckArn"].rpartition("/")[2]
    checks(protection(self, "protection_id", "ProtectionId")).append(check)
    return "{}"


@adds(ShieldResponse, "disassociate_health_check")
def disassociate_health_check(self):
    check = body(self)["HealthCheckArn"].rpartition("/")[2]
    held = checks(protection(self, "protection_id", "ProtectionId"))
    if check not in held:
        raise ResourceNotFoundException("The health check is not associated.")
    held.remove(check)
    return "{}"


@around(Protection, "to_dict")
def to_dict(original, self):
    response = vars(self).get("_response")
    more = {"ApplicationLayerAutomaticResponseConfiguration": response} if response else {}
    return original(self) | {"HealthCheckIds": checks(self)} | more


@around(ShieldBackend, "create_subscription")
def create_subscription(original, self):
    original(self)
    self.subscription.proactive_engagement_status = "DISABLED"
