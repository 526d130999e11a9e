"""Alarms that follow from other alarms, which moto does not offer."""

from moto.cloudwatch.models import CloudWatchBackend
from moto.cloudwatch.responses import CloudWatchResponse
from moto.core.responses import EmptyResult

from floorplan_sandbox.patch import adds, around

PARAMETERS = (
    "ActionsEnabled",
    "ActionsSuppressor",
    "ActionsSuppressorExtensionPeriod",
    "ActionsSuppressorWaitPeriod",
    "AlarmActions",
    "AlarmDescription",
    "AlarmName",
    "AlarmRule",
    "InsufficientDataActions",
    "OKActions",
)


def composites(backend: CloudWatchBackend) -> dict[str, dict]:
    return vars(backend).setdefault("_composites", {})


@adds(CloudWatchResponse, "put_composite_alarm")
def put_composite_alarm(self):
    backend, name = self.cloudwatch_backend, self._get_param("AlarmName")
    arn = f"arn:aws:cloudwatch:{self.region}:{self.current_account}:alarm:{name}"
    asked = {each: self._get_param(each) for each in PARAMETERS if self._get_param(each) is not None}
    held = composites(backend).get(name)
    composites(backend)[name] = {
        "ActionsEnabled": True,
        "StateValue": held["StateValue"] if held else "INSUFFICIENT_DATA",
        "AlarmArn": arn,
        **asked,
    }
    if held is None:
        backend.tagger.tag_resource(arn, self._get_param("Tags") or [])
    return EmptyResult()


@around(CloudWatchBackend, "tag_resource")
def tag_resource(original, self, arn, tags):
    if any(alarm["AlarmArn"] == arn for alarm in composites(self).values()):
        return self.tagger.tag_resource(arn, tags)
    return original(self, arn, tags)


def without(backend: CloudWatchBackend, alarm_names: list[str]) -> list[str]:
    """Deletes those of these alarms that follow from others; gives the rest."""
    own = [name for name in alarm_names if name in composites(backend)]
    for name in own:
        backend.tagger.delete_all_tags_for_resource(composites(backend).pop(name)["AlarmArn"])
    return [name for name in alarm_names if name not in own]
