"""Shield: protection groups, the state of the subscription and its renewal, and no protection without it.

moto has no groups, gives times as text that no client reads, and subscribes any number of times.
"""

import json
from datetime import datetime

from moto.shield.exceptions import (
    InvalidParameterException,
    ResourceAlreadyExistsException,
    ResourceNotFoundException,
)
from moto.shield.models import ShieldBackend, Subscription
from moto.shield.responses import ShieldResponse

from floorplan_sandbox.patch import adds, around

NEEDS = {"ALL": None, "ARBITRARY": "Members", "BY_RESOURCE_TYPE": "ResourceType"}


@around(Subscription, "to_dict")
def to_dict(original, self):
    def seconds(time: datetime) -> float:
        return time.timestamp()

    return original(self) | {"StartTime": seconds(self.start_time), "EndTime": seconds(self.end_time)}


@around(ShieldBackend, "create_subscription")
def create_subscription(original, self):
    if self.subscription is not None:
        raise ResourceAlreadyExistsException("The subscription already exists.")
    return original(self)


@around(ShieldBackend, "create_protection")
def create_protection(original, self, **arguments):
    self.describe_subscription()
    return original(self, **arguments)


@adds(ShieldResponse, "get_subscription_state")
def get_subscription_state(self):
    active = self.shield_backend.subscription is not None
    return json.dumps({"SubscriptionState": "ACTIVE" if active else "INACTIVE"})


@adds(ShieldResponse, "update_subscription")
def update_subscription(self):
    subscription = self.shield_backend.describe_subscription()
    subscription.auto_renew = json.loads(self.body).get("AutoRenew") or subscription.auto_renew
    return "{}"


def groups(response: ShieldResponse) -> dict:
    backend = response.shield_backend
    if not hasattr(backend, "_groups"):
        backend._groups = {}
    return backend._groups


def own_group(response: ShieldResponse) -> dict:
    name = json.loads(response.body)["ProtectionGroupId"]
    found = groups(response).get(name)
    if found is None:
        raise ResourceNotFoundException("The referenced protection group does not exist.")
    return found


def checked(body: dict) -> dict:
    for pattern, member in NEEDS.items():
        if member and bool(body.get(member)) != (body["Pattern"] == pattern):
            raise InvalidParameterException(f"{member} and the pattern {body['Pattern']} do not go together.")
    kept = ("ProtectionGroupId", "Aggregation", "Pattern", "ResourceType")
    return {name: body[name] for name in kept if body.get(name)} | {"Members": body.get("Members") or []}


@adds(ShieldResponse, "create_protection_group")
def create_protection_group(self):
    body = json.loads(self.body)
    self.shield_backend.describe_subscription()
    name = body["ProtectionGroupId"]
    if name in groups(self):
        raise ResourceAlreadyExistsException("The referenced protection group already exists.")
    arn = f"arn:aws:shield::{self.current_account}:protection-group/{name}"
    groups(self)[name] = checked(body) | {"ProtectionGroupArn": arn}
    self.shield_backend.tag_resource(arn, body.get("Tags") or [])
    return "{}"


@adds(ShieldResponse, "describe_protection_group")
def describe_protection_group(self):
    return json.dumps({"ProtectionGroup": own_group(self)})


@adds(ShieldResponse, "update_protection_group")
def update_protection_group(self):
    found = own_group(self)
    arn = found["ProtectionGroupArn"]
    changed = checked(json.loads(self.body))
    found.clear()
    found.update(changed, ProtectionGroupArn=arn)
    return "{}"


@adds(ShieldResponse, "delete_protection_group")
def delete_protection_group(self):
    found = own_group(self)
    self.shield_backend.tagger.delete_all_tags_for_resource(found["ProtectionGroupArn"])
    del groups(self)[found["ProtectionGroupId"]]
    return "{}"


@adds(ShieldResponse, "list_protection_groups")
def list_protection_groups(self):
    return json.dumps({"ProtectionGroups": list(groups(self).values())})
