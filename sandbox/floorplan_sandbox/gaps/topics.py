"""Topics keep all their attributes, and policies are read before they are taken.

moto gives back a fixed few attributes, takes any text for a policy, and gives an existing topic for a
CreateTopic that asks for another one of the same name.
"""

import json

from moto.core.responses import ActionResult
from moto.sns.exceptions import InvalidParameterValue
from moto.sns.models import SNSBackend
from moto.sns.responses import SNSResponse

from floorplan_sandbox.patch import around

FEEDBACK = tuple(
    f"{protocol}{outcome}"
    for protocol in ("Application", "Firehose", "HTTP", "Lambda", "SQS")
    for outcome in ("FailureFeedbackRoleArn", "SuccessFeedbackRoleArn", "SuccessFeedbackSampleRate")
)
KEPT = ("ArchivePolicy", "FifoThroughputScope", "SignatureVersion", "TracingConfig", *FEEDBACK)
KNOWN = (
    "ContentBasedDeduplication",
    "DeliveryPolicy",
    "DisplayName",
    "FifoTopic",
    "KmsMasterKeyId",
    "Policy",
    *KEPT,
)
DOCUMENTS = ("ArchivePolicy", "DeliveryPolicy", "Policy")
FIFO_ONLY = ("ArchivePolicy", "ContentBasedDeduplication", "FifoThroughputScope")


def check(name: str, value: object, fifo: bool) -> None:
    if name not in KNOWN:
        raise InvalidParameterValue("Invalid parameter: AttributeName")
    if name in DOCUMENTS and value:
        try:
            json.loads(str(value))
        except ValueError:
            raise InvalidParameterValue(f"Invalid parameter: {name}: failed to parse JSON.") from None
    if name in FIFO_ONLY and not fifo and value:
        raise InvalidParameterValue(f"Invalid parameter: {name} Reason: only a FIFO topic has it.")


def more(topic) -> dict[str, str]:
    if not hasattr(topic, "more"):
        topic.more = {}
    return topic.more


@around(SNSBackend, "create_topic")
def create_topic(original, self, name, attributes=None, tags=None):
    attributes = dict(attributes or {})
    for attribute, value in attributes.items():
        check(attribute, value, bool(attributes.get("FifoTopic")))
    held = next((topic for topic in self.topics.values() if topic.name == name), None)
    if held is not None:
        if held.made_with != attributes:
            raise InvalidParameterValue(
                "Invalid parameter: Attributes Reason: Topic already exists with different attributes"
            )
        if (tags or {}) != held._tags:
            raise InvalidParameterValue(
                "Invalid parameter: Tags Reason: Topic already exists with different tags"
            )
        return held
    kept = {name: value for name, value in attributes.items() if name in KEPT}
    topic = original(self, name, {k: v for k, v in attributes.items() if k not in kept}, tags)
    topic.made_with = attributes
    more(topic).update(kept)
    if topic.fifo_topic:
        more(topic).setdefault("FifoThroughputScope", "Topic")
    return topic


@around(SNSResponse, "get_topic_attributes")
def get_topic_attributes(original, self):
    attributes = original(self).result["Attributes"]
    topic = self.backend.get_topic(self._get_param("TopicArn"))
    attributes |= {name: value for name, value in more(topic).items() if value != ""}
    subscriptions = self.backend._get_topic_subscriptions(topic)
    pending = sum(1 for each in subscriptions if each.attributes.get("PendingConfirmation"))
    attributes["SubscriptionsPending"] = pending
    attributes["SubscriptionsConfirmed"] = len(subscriptions) - pending
    if not attributes["DeliveryPolicy"]:
        del attributes["DeliveryPolicy"]
    return ActionResult({"Attributes": attributes})


@around(SNSResponse, "set_topic_attributes")
def set_topic_attributes(original, self):
    topic = self.backend.get_topic(self._get_param("TopicArn"))
    name, value = self._get_param("AttributeName"), self._get_param("AttributeValue") or ""
    check(name, value, bool(topic.fifo_topic) or value == "false")
    answer = original(self)
    if name in KEPT:
        more(topic)[name] = value
    return answer
