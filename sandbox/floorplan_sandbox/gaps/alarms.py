"""Alarms start with insufficient data and keep their state and tags when they are put again.

moto's start OK, forget what newer arguments say, and are listed on one page; deleting what is not there
succeeds.
"""

import base64

from moto.cloudwatch.exceptions import ResourceNotFound, ValidationError
from moto.cloudwatch.models import CloudWatchBackend
from moto.cloudwatch.responses import CloudWatchResponse
from moto.core.responses import ActionResult

from floorplan_sandbox.gaps.composite_alarms import composites, without
from floorplan_sandbox.patch import around

WATCHED = ("MetricName", "Metrics", "EvaluationCriteria", "AlarmRule")
KEPT = {
    "EvaluationCriteria": "evaluation_criteria",
    "EvaluationInterval": "evaluation_interval",
    "WarmUpConfiguration": "warm_up_configuration",
}
STATE = ("state_value", "state_reason", "state_reason_data", "state_updated_timestamp", "history")
PAGE = 50
SHORT_PERIODS = (10, 20, 30)


def check(response: CloudWatchResponse) -> None:
    """What PutMetricAlarm refuses."""
    given = [name for name in WATCHED if response._get_param(name)]
    if len(given) != 1:
        raise ValidationError(
            "Exactly one of MetricName, Metrics and EvaluationCriteria must be specified for an alarm."
        )
    period = response._get_param("Period")
    if period is not None and int(period) not in SHORT_PERIODS and int(period) % 60:
        raise ValidationError("Period must be 10, 20, 30 or a multiple of 60")
    if "MetricName" in given:
        for name in ("Namespace", "Period", "EvaluationPeriods", "ComparisonOperator"):
            if response._get_param(name) is None:
                raise ValidationError(f"The parameter {name} is required.")
        if not response._get_param("Statistic") and not response._get_param("ExtendedStatistic"):
            raise ValidationError("One of Statistic and ExtendedStatistic must be specified")
    if "Metrics" in given and response._get_param("Period") is not None:
        raise ValidationError("Period must not be specified if Metrics is specified")


@around(CloudWatchResponse, "put_metric_alarm")
def put_metric_alarm(original, self):
    check(self)
    answer = original(self)
    alarm = self.cloudwatch_backend.alarms[self._get_param("AlarmName")]
    for parameter, attribute in KEPT.items():
        setattr(alarm, attribute, self._get_param(parameter))
    for query, given in zip(alarm.metric_data_queries, self._get_param("Metrics", []), strict=True):
        query.account_id = given.get("AccountId")
    return answer


@around(CloudWatchBackend, "put_metric_alarm")
def put(original, self, *args, **kwargs):
    name = kwargs["name"]
    before = self.alarms.get(name)
    if before is not None:
        kwargs["tags"] = None
    alarm = original(self, *args, **kwargs)
    alarm.state_value = "INSUFFICIENT_DATA"
    for field in STATE if before is not None else ():
        setattr(alarm, field, getattr(before, field))
    return alarm


@around(CloudWatchBackend, "delete_alarms")
def delete_alarms(original, self, alarm_names):
    alarm_names = without(self, alarm_names)
    missing = [name for name in alarm_names if name not in self.alarms]
    if missing:
        raise ResourceNotFound(f"The following alarms do not exist: {', '.join(missing)}")
    for name in alarm_names:
        self.tagger.delete_all_tags_for_resource(self.alarms[name].alarm_arn)
    return original(self, alarm_names)


def name_of(alarm) -> str:
    return alarm["AlarmName"] if isinstance(alarm, dict) else alarm.name


@around(CloudWatchResponse, "describe_alarms")
def describe_alarms(original, self):
    listed = original(self).result
    kinds = self._get_param("AlarmTypes") or ["MetricAlarm"]
    size = int(self._get_param("MaxRecords") or PAGE)
    token = self._get_param("NextToken")
    start = int(base64.b64decode(token)) if token else 0
    names = self._get_param("AlarmNames")
    held = composites(self.cloudwatch_backend)
    listed["CompositeAlarms"] = [alarm for name, alarm in held.items() if not names or name in names]
    rows = [(f"{kind}s", alarm) for kind in kinds for alarm in sorted(listed[f"{kind}s"], key=name_of)]
    page: dict = {name: [] for name in listed}
    for name, alarm in rows[start : start + size]:
        page[name].append(alarm)
    if start + size < len(rows):
        page["NextToken"] = base64.b64encode(str(start + size).encode()).decode()
    return ActionResult(page)
