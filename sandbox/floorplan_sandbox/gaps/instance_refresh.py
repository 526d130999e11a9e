"""Instance refreshes: the instances of a group are replaced in batches, as healthy as the request asks for.

moto has none. Each batch takes the delay `instance_refresh`, in seconds, and waits until its new instances
run and their target groups call them healthy; where all have to be healthy and more may be there, new ones are
launched before old ones are terminated. A refresh moves on when the next call to EC2 Auto Scaling arrives. A desired configuration becomes the
group's at the end only. A fault for the action `InstanceRefresh` fails a refresh after a batch.
"""

import time
from contextlib import contextmanager

from moto.autoscaling import autoscaling_backends
from moto.autoscaling.exceptions import AutoscalingClientError, ValidationError
from moto.autoscaling.responses import AutoScalingResponse
from moto.core.responses import ActionResult
from moto.core.utils import utcnow
from moto.moto_api._internal import mock_random

from floorplan_sandbox.control import CONTROL, Call
from floorplan_sandbox.gaps.autoscaling_groups import group_of, replace
from floorplan_sandbox.gaps.target_health import condition
from floorplan_sandbox.patch import adds, around

BATCH = Call("autoscaling", "InstanceRefresh", mutating=False)
OVER = ("Successful", "Failed", "Cancelled", "RollbackSuccessful", "RollbackFailed")
ENDS = {"InProgress": "Successful", "Cancelling": "Cancelled", "RollbackInProgress": "RollbackSuccessful"}


class Refresh:
    """One refresh of one group."""

    def __init__(self, backend, group, preferences: dict, desired: dict):
        self.backend = backend
        self.group = group
        self.id = str(mock_random.uuid4())
        self.preferences = {"MinHealthyPercentage": 90, "MaxHealthyPercentage": 100, **preferences}
        self.desired = desired
        self.before = configuration(group)
        self.status = "Pending"
        self.reason = None
        self.start = utcnow()
        self.end = None
        self.launching = desired
        self.old = {state.instance.id for state in group.instance_states}
        self.leaving = []
        self.waiting = self.stale()
        self.total = len(self.waiting)
        self.due = time.monotonic() + CONTROL.delay("instance_refresh")

    def stale(self) -> list[str]:
        states = self.group.instance_states
        if self.preferences.get("SkipMatching"):
            with configured(self.group, self.launching):
                if self.group.ec2_launch_template:
                    version = self.group.ec2_launch_template.get_version(self.group.launch_template_version)
                    now = (self.group.ec2_launch_template.id, str(version.number))
                    states = [s for s in states if launched(s) != now]
        if self.preferences.get("ScaleInProtectedInstances", "Ignore") == "Ignore":
            states = [s for s in states if not s.protected_from_scale_in]
        return [state.instance.id for state in states]

    def batch(self) -> int:
        """How many may be replaced at a time: at least one."""
        missing = 100 - self.preferences["MinHealthyPercentage"]
        surplus = self.preferences["MaxHealthyPercentage"] - 100
        return max(1, len(self.group.instance_states) * max(missing, surplus) // 100)

    def launches_first(self) -> bool:
        return self.preferences["MinHealthyPercentage"] == 100 and self.preferences["MaxHealthyPercentage"] > 100

    def begin(self, batch: list[str]) -> None:
        """Launches what comes instead of a batch, and takes the batch away, or leaves that for later."""
        for instance_id in batch:
            self.waiting.remove(instance_id)
        batch = [name for name in batch if any(s.instance.id == name for s in self.group.instance_states)]
        with configured(self.group, self.launching):
            if self.launches_first():
                self.group.replace_autoscaling_group_instances(len(batch), self.group.get_propagated_tags())
                self.backend.update_attached_target_groups(self.group.name)
                self.leaving = batch
            else:
                self.end_of(batch)

    def end_of(self, batch: list[str]) -> None:
        for instance_id in batch:
            if any(s.instance.id == instance_id for s in self.group.instance_states):
                replace(self.backend, instance_id, "an instance refresh")

    def settle(self) -> None:
        if self.status == "Pending":
            self.status = "InProgress"
        while self.status not in OVER:
            if self.leaving and self.status == "InProgress":
                if time.monotonic() < self.due or self.starting():
                    return
                self.end_of(self.leaving)
                self.leaving = []
            if self.status == "Cancelling" or not self.waiting:
                if time.monotonic() < self.due or self.starting():
                    return
                self.finish(ENDS[self.status])
                return
            if time.monotonic() < self.due or self.starting():
                return
            self.begin(self.waiting[: self.batch()])
            fault = CONTROL.take_fault(BATCH) if self.status == "InProgress" else None
            if fault:
                self.reason = fault.message
                self.finish("Failed")
                return
            self.due = time.monotonic() + CONTROL.delay("instance_refresh")

    def starting(self) -> bool:
        new = [state.instance for state in self.group.instance_states if state.instance.id not in self.old]
        return any(instance.state == "pending" or not self.serves(instance.id) for instance in new)

    def serves(self, instance_id: str) -> bool:
        """Whether each target group of the group that a balancer uses calls it healthy."""
        groups = [self.backend.elbv2_backend.target_groups.get(arn) for arn in self.group.target_group_arns]
        rows = [
            (group, row)
            for group in groups
            if group is not None and group.load_balancer_arns
            for row in group.targets.values()
            if row["Id"] == instance_id
        ]
        return all(condition(group, row)[0] == "healthy" for group, row in rows)

    def finish(self, status: str) -> None:
        self.status = status
        self.end = utcnow()
        surplus = max(0, len(self.group.instance_states) - self.group.desired_capacity)
        self.end_of([state.instance.id for state in reversed(self.group.instance_states)][:surplus])
        if status == "Successful" and self.desired:
            configure(self.group, self.desired)

    def roll_back(self) -> None:
        self.launching = self.before
        self.leaving = []
        self.status = "RollbackInProgress"
        self.preferences["SkipMatching"] = True
        self.waiting = self.stale()
        self.due = time.monotonic() + CONTROL.delay("instance_refresh")

    def describe(self) -> dict:
        done = self.total - len(self.waiting)
        return {
            "InstanceRefreshId": self.id,
            "AutoScalingGroupName": self.group.name,
            "Status": self.status,
            "StatusReason": self.reason,
            "StartTime": self.start,
            "EndTime": self.end,
            "PercentageComplete": 100 * done // self.total if self.total else 100,
            "InstancesToUpdate": len(self.waiting),
            "Preferences": self.preferences,
            "DesiredConfiguration": self.desired or None,
        }


def launched(state) -> tuple:
    origin = getattr(state.instance, "launched_from", None) or {}
    return origin.get("LaunchTemplateId"), origin.get("Version")


def configuration(group) -> dict:
    if group.mixed_instances_policy:
        return {"MixedInstancesPolicy": group.mixed_instances_policy}
    if group.ec2_launch_template:
        spec = {"LaunchTemplateId": group.ec2_launch_template.id, "Version": group.provided_launch_template_version}
        return {"LaunchTemplate": {name: value for name, value in spec.items() if value}}
    return {}


def configure(group, desired: dict) -> None:
    policy = desired.get("MixedInstancesPolicy")
    group.mixed_instances_policy = policy
    group._set_launch_configuration(None, desired.get("LaunchTemplate", {}), policy)


@contextmanager
def configured(group, desired: dict):
    """The group as if it had the desired configuration."""
    before = configuration(group)
    if desired:
        configure(group, desired)
    yield
    if desired:
        configure(group, before)


def refreshes(group) -> list[Refresh]:
    """Those of a group, the newest first."""
    if not hasattr(group, "refreshes"):
        group.refreshes = []
    return group.refreshes


def active(group) -> Refresh | None:
    return next((each for each in refreshes(group) if each.status not in OVER), None)


@around(AutoScalingResponse, "call_action")
def call_action(original, self, *args, **kwargs):
    for regions in list(autoscaling_backends.values()):
        for backend in list(regions.values()):
            for group in list(backend.autoscaling_groups.values()):
                for each in refreshes(group):
                    each.settle()
    return original(self, *args, **kwargs)


@adds(AutoScalingResponse, "start_instance_refresh")
def start_instance_refresh(self):
    group = group_of(self)
    if active(group):
        message = f"An Instance Refresh is already in progress and blocks the execution of this Instance Refresh: {group.name}"
        raise AutoscalingClientError("InstanceRefreshInProgress", message)
    preferences = dict(self._get_param("Preferences", {}) or {})
    least, most = preferences.get("MinHealthyPercentage", 90), preferences.get("MaxHealthyPercentage", 100)
    if not (0 <= least <= 100 <= most <= 200 and most - least <= 100):
        raise ValidationError(f"The healthy percentages {least} and {most} do not go together.")
    if preferences.get("AutoRollback") and not self._get_param("DesiredConfiguration"):
        raise ValidationError("A desired configuration is needed for a rollback.")
    made = Refresh(self.autoscaling_backend, group, preferences, self._get_param("DesiredConfiguration", {}) or {})
    refreshes(group).insert(0, made)
    return ActionResult({"InstanceRefreshId": made.id})


@adds(AutoScalingResponse, "describe_instance_refreshes")
def describe_instance_refreshes(self):
    ids = self._get_param("InstanceRefreshIds", [])
    rows = [each.describe() for each in refreshes(group_of(self)) if not ids or each.id in ids]
    return ActionResult({"InstanceRefreshes": rows[: self._get_int_param("MaxRecords", 50)]})


def running(self) -> Refresh:
    group = group_of(self)
    found = active(group)
    if found is None:
        message = f"No in progress or pending Instance Refresh found for Auto Scaling group {group.name}"
        raise AutoscalingClientError("ActiveInstanceRefreshNotFound", message)
    return found


@adds(AutoScalingResponse, "cancel_instance_refresh")
def cancel_instance_refresh(self):
    found = running(self)
    found.status = "Cancelling"
    return ActionResult({"InstanceRefreshId": found.id})


@adds(AutoScalingResponse, "rollback_instance_refresh")
def rollback_instance_refresh(self):
    found = running(self)
    if not found.desired:
        message = "The instance refresh has no desired configuration, so there is nothing to roll back to."
        raise AutoscalingClientError("IrreversibleInstanceRefresh", message)
    found.roll_back()
    return ActionResult({"InstanceRefreshId": found.id})
