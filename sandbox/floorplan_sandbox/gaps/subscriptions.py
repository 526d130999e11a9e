"""Somebody has to confirm a subscription of an address or web endpoint; a pending one cannot be taken away.

moto confirms everything at once. A web endpoint confirms by itself, after the delay `subscription`, in
seconds. For an e-mail address, ConfirmSubscription is called with the address itself as its token: the
sandbox sends no mail.
"""

import time

from moto.core.responses import ActionResult
from moto.sns.exceptions import SNSInvalidParameter, SNSNotFoundError
from moto.sns.models import SNSBackend
from moto.sns.responses import SNSResponse

from floorplan_sandbox.control import CONTROL
from floorplan_sandbox.patch import around, instead

BY_PERSON = ("email", "email-json")
BY_ITSELF = ("http", "https")
PENDING = "PendingConfirmation"
GIVEN_LATER = ("ReplayPolicy",)


def settle(subscription) -> None:
    """Confirms a web endpoint once its time has come."""
    due = getattr(subscription, "due", None)
    if due is not None and time.monotonic() >= due:
        confirm(subscription)


def confirm(subscription) -> None:
    subscription.due = None
    subscription.confirmed = True
    subscription.attributes[PENDING] = False


@around(SNSBackend, "subscribe")
def subscribe(original, self, topic_arn, endpoint, protocol):
    known = self._find_subscription(topic_arn, endpoint, protocol)
    subscription = original(self, topic_arn, endpoint, protocol)
    if known is None and protocol in BY_PERSON + BY_ITSELF:
        subscription.attributes |= {PENDING: True, "ConfirmationWasAuthenticated": False}
        if protocol in BY_ITSELF:
            subscription.due = time.monotonic() + CONTROL.delay("subscription")
    return subscription


@around(SNSResponse, "subscribe")
def respond_subscribe(original, self):
    known = self.backend._find_subscription(
        self._get_param("TopicArn"), self._get_param("Endpoint"), self._get_param("Protocol")
    )
    wanted = dict(self._get_attributes())
    if known is not None and {name: known.attributes.get(name) for name in wanted} != wanted:
        raise SNSInvalidParameter(
            "Invalid parameter: Attributes Reason: Subscription already exists with different attributes"
        )
    answer = original(self).result
    subscription = self.backend.subscriptions[answer["SubscriptionArn"]]
    if subscription.attributes[PENDING] and not self._get_bool_param("ReturnSubscriptionArn"):
        return ActionResult({"SubscriptionArn": "pending confirmation"})
    return ActionResult(answer)


@around(SNSBackend, "get_subscription_attributes")
def get_subscription_attributes(original, self, arn):
    if arn in self.subscriptions:
        settle(self.subscriptions[arn])
    attributes = original(self, arn)
    return {name: value for name, value in attributes.items() if value != ""}


@around(SNSBackend, "set_subscription_attributes")
def set_subscription_attributes(original, self, arn, name, value):
    if name not in GIVEN_LATER:
        return original(self, arn, name, value)
    if arn not in self.subscriptions:
        raise SNSNotFoundError(f"Subscription with arn {arn} not found")
    self.subscriptions[arn].attributes[name] = value


@around(SNSBackend, "unsubscribe")
def unsubscribe(original, self, subscription_arn):
    subscription = self.subscriptions.get(subscription_arn)
    if subscription is None:
        return
    settle(subscription)
    if subscription.attributes[PENDING]:
        raise SNSInvalidParameter(
            "Invalid parameter: SubscriptionArn Reason: "
            "Cannot unsubscribe a subscription that is pending confirmation"
        )
    original(self, subscription_arn)


@instead(SNSResponse, "confirm_subscription")
def confirm_subscription(self):
    topic, token = self._get_param("TopicArn"), self._get_param("Token")
    self.backend.get_topic(topic)
    for subscription in self.backend.subscriptions.values():
        if subscription.topic_arn == topic and subscription.endpoint == token:
            confirm(subscription)
            return ActionResult({"SubscriptionArn": subscription.arn})
    raise SNSInvalidParameter("Invalid parameter: Token")


def hide(rows: list) -> list[dict]:
    """Subscriptions as lists show them: a pending one has no ARN there."""
    shown = []
    for row in rows:
        settle(row)
        shown.append(
            {
                "SubscriptionArn": PENDING if row.attributes[PENDING] else row.arn,
                "Owner": row.owner,
                "Protocol": row.protocol,
                "Endpoint": row.endpoint,
                "TopicArn": row.topic_arn,
            }
        )
    return shown


@around(SNSResponse, "list_subscriptions")
def list_subscriptions(original, self):
    answer = original(self).result
    return ActionResult(answer | {"Subscriptions": hide(answer["Subscriptions"])})


@around(SNSResponse, "list_subscriptions_by_topic")
def list_subscriptions_by_topic(original, self):
    answer = original(self).result
    return ActionResult(answer | {"Subscriptions": hide(answer["Subscriptions"])})
