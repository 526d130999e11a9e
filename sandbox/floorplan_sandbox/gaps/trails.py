"""CloudTrail: names are taken once, trails go by their ARNs, and selectors replace those before them and are seen."""

from moto.cloudtrail.exceptions import TrailNotFoundException
from moto.cloudtrail.models import CloudTrailBackend, Trail
from moto.core.exceptions import JsonRESTError

from floorplan_sandbox.patch import around, instead

DEFAULT = {"ReadWriteType": "All", "IncludeManagementEvents": True, "DataResources": []}


@around(CloudTrailBackend, "create_trail")
def create_trail(original, self, name, *args, **kwargs):
    if name in self.trails:
        raise JsonRESTError("TrailAlreadyExistsException", f"Trail {name} already exists")
    return original(self, name, *args, **kwargs)


@instead(CloudTrailBackend, "delete_trail")
def delete_trail(self, name):
    found = self.get_trail(name)
    del self.trails[found.trail_name]
    self.tagging_service.delete_all_tags_for_resource(found.arn)


@instead(CloudTrailBackend, "start_logging")
def start_logging(self, name):
    self.get_trail(name).start_logging()


@instead(CloudTrailBackend, "stop_logging")
def stop_logging(self, name):
    self.get_trail(name).stop_logging()


@around(CloudTrailBackend, "get_trail_status")
def get_trail_status(original, self, name):
    if name.rsplit("/", 1)[-1] in self.trails:
        return self.get_trail(name).status
    return original(self, name)


@instead(Trail, "put_event_selectors")
def put_event_selectors(self, event_selectors, advanced_event_selectors):
    self.event_selectors = event_selectors or []
    self.advanced_event_selectors = advanced_event_selectors or []


@instead(Trail, "put_insight_selectors")
def put_insight_selectors(self, insight_selectors):
    self.insight_selectors = insight_selectors


@around(Trail, "description")
def description(original, self, include_region=False):
    found = original(self, include_region)
    custom = bool(self.advanced_event_selectors) or self.event_selectors not in ([], [DEFAULT])
    found |= {"HasCustomEventSelectors": custom, "HasInsightSelectors": bool(self.insight_selectors)}
    empty = ("S3KeyPrefix", "SnsTopicName", "SnsTopicARN", "CloudWatchLogsLogGroupArn", "CloudWatchLogsRoleArn", "KmsKeyId")
    return {name: value for name, value in found.items() if name not in empty or value}


@around(Trail, "update")
def update(original, self, **given):
    if given.get("sns_topic_name"):
        given["sns_topic_name"] = given["sns_topic_name"].rsplit(":", 1)[-1]
    original(self, **given)


@around(CloudTrailBackend, "get_trail")
def get_trail(original, self, name_or_arn):
    found = original(self, name_or_arn)
    if found.trail_name not in self.trails:
        raise TrailNotFoundException(account_id=self.account_id, name=name_or_arn)
    return found
