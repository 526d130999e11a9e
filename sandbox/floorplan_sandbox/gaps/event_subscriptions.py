"""Event subscriptions are changed, which moto does not offer."""

from moto.core.responses import ActionResult
from moto.rds.exceptions import SubscriptionNotFoundError
from moto.rds.models import EventSubscription
from moto.rds.responses import RDSResponse

from floorplan_sandbox.patch import adds

EventSubscription.event_subscription_arn = property(lambda self: self.arn)
EventSubscription.customer_aws_id = property(lambda self: self.account_id)


def own(response) -> EventSubscription:
    name = response.params["subscription_name"]
    found = response.backend.event_subscriptions.get(name)
    if found is None:
        raise SubscriptionNotFoundError(name)
    return found


@adds(RDSResponse, "modify_event_subscription")
def modify_event_subscription(self):
    found = own(self)
    for name in ("sns_topic_arn", "source_type", "event_categories", "enabled"):
        if self.params.get(name) is not None:
            setattr(found, name, self.params[name])
    return ActionResult({"EventSubscription": found})


@adds(RDSResponse, "add_source_identifier_to_subscription")
def add_source_identifier_to_subscription(self):
    found = own(self)
    found.source_ids = sorted({*found.source_ids, self.params["source_identifier"]})
    return ActionResult({"EventSubscription": found})


@adds(RDSResponse, "remove_source_identifier_from_subscription")
def remove_source_identifier_from_subscription(self):
    found = own(self)
    found.source_ids = [each for each in found.source_ids if each != self.params["source_identifier"]]
    return ActionResult({"EventSubscription": found})
