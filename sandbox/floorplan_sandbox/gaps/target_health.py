"""Targets are checked when they come, are not healthy at once, and drain when they go.

moto takes any target, one port each, and calls it healthy. `target_initial` delays its health and
`target_draining` its end, both in seconds; POST /floorplan/targets sets the health of targets by id.
"""

import ipaddress
import time
from collections import OrderedDict

from moto.elbv2.exceptions import InvalidTargetError, TargetNotRunning
from moto.elbv2.models import ELBv2Backend, FakeHealthStatus, FakeTargetGroup, elbv2_backends

from floorplan_sandbox.control import CONTROL
from floorplan_sandbox.patch import around, instead

REASONS = {
    "draining": ("Target.DeregistrationInProgress", "Target deregistration is in progress"),
    "initial": ("Elb.InitialHealthChecking", "Initial health checks in progress"),
    "unavailable": ("Target.HealthCheckDisabled", "Health checks are not enabled for this target"),
    "unhealthy": ("Target.FailedHealthChecks", "Health checks failed"),
    "unused": ("Target.NotInUse", "Target group is not configured to receive traffic from the load balancer"),
}
STOPPED = ("Target.InvalidState", "Target is in the stopped state")
UNKNOWN = ("Target.NotRegistered", "Target is not registered to the target group")


@around(FakeTargetGroup, "__init__")
def build(original, self, *args, **kwargs):
    original(self, *args, **kwargs)
    self.draining = OrderedDict()


def key(group, target: dict) -> tuple:
    port = None if group.target_type == "lambda" else int(target.get("Port") or group.port)
    return target["Id"], port


def check(group, target: dict) -> None:
    """Refuses what is not there, not of the group's kind or not in its network."""
    name = target["Id"]
    if group.target_type == "instance":
        instance = group.ec2_backend.get_instance_by_id(name)
        if instance is None or instance.vpc_id != group.vpc_id:
            raise InvalidTargetError()
        if instance.state != "running":
            raise TargetNotRunning(instance_id=name)
    elif group.target_type == "ip":
        try:
            ipaddress.ip_address(name)
        except ValueError:
            raise InvalidTargetError() from None
    elif group.target_type == "alb":
        if name not in elbv2_backends[group.account_id][group.region_name].load_balancers:
            raise InvalidTargetError()


@instead(FakeTargetGroup, "register")
def register(self, targets):
    for target in targets:
        check(self, target)
    for target in targets:
        place = key(self, target)
        self.draining.pop(place, None)
        if place not in self.targets:
            due = time.monotonic() + CONTROL.delay("target_initial")
            row = {"Id": place[0], "Port": place[1], "healthy_from": due}
            self.targets[place] = {**target, **row}


@instead(FakeTargetGroup, "deregister")
def deregister(self, targets):
    for target in targets:
        every = [place for place in self.targets if place[0] == target["Id"]]
        for place in [key(self, target)] if target.get("Port") else every:
            row = self.targets.pop(place, None)
            if row and self.load_balancer_arns:
                drain(self, place, row)


def drain(group, place: tuple, row: dict) -> None:
    most = float(group.attributes.get("deregistration_delay.timeout_seconds", 0))
    if delay := min(most, CONTROL.delay("target_draining")):
        group.draining[place] = {**row, "due": time.monotonic() + delay}


@instead(FakeTargetGroup, "deregister_terminated_instances")
def deregister_terminated_instances(self, instance_ids):
    self.deregister([{"Id": name} for name in instance_ids])


def condition(group, row: dict) -> tuple[str, tuple | None]:
    """The state of a registered target and its reason."""
    instance = group.target_type == "instance" and group.ec2_backend.get_instance_by_id(row["Id"])
    if instance and instance.state in ("stopping", "stopped"):
        return "unused", STOPPED
    if not group.load_balancer_arns:
        return "unused", REASONS["unused"]
    state = CONTROL.health(row["Id"])
    if state is None:
        state = "healthy" if time.monotonic() >= row["healthy_from"] else "initial"
    return state, REASONS.get(state)


def status(group, row: dict, state: str, reason: tuple | None):
    code, text = reason or (None, None)
    port = row["Port"] if group.health_check_port == "traffic-port" else group.health_check_port
    return FakeHealthStatus(row["Id"], row["Port"], port, state, code, text)


@instead(ELBv2Backend, "describe_target_health")
def describe_target_health(self, target_group_arn, targets):
    group = self.describe_target_groups(None, [target_group_arn], None)[0]
    now = time.monotonic()
    for place in [place for place, row in group.draining.items() if row["due"] <= now]:
        del group.draining[place]
    known = {place: status(group, row, *condition(group, row)) for place, row in group.targets.items()}
    for place, row in group.draining.items():
        known[place] = status(group, row, "draining", REASONS["draining"])
    if not targets:
        return list(known.values())
    return [known.get(key(group, target)) or absent(group, target) for target in targets]


def absent(group, target: dict):
    name, port = key(group, target)
    return status(group, {"Id": name, "Port": port}, "unused", UNKNOWN)
