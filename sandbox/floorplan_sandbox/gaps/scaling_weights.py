"""Groups with a mixed instances policy count capacity in the weights of their instance types.

moto divides by the first weight of the policy whatever runs, tells no weights, and splits a capacity into
on-demand and spot parts that it rounds up one by one.
"""

import math

from moto.autoscaling.models import FakeAutoScalingGroup, InstanceState

from floorplan_sandbox.gaps import autoscaling_groups
from floorplan_sandbox.patch import instead


def overrides(group) -> list[dict]:
    return ((group.mixed_instances_policy or {}).get("LaunchTemplate") or {}).get("Overrides") or []


def weight(group, instance_type: str) -> int:
    """What an instance of this type counts for."""
    for each in overrides(group):
        if each.get("InstanceType") == instance_type:
            return int(each.get("WeightedCapacity") or 1)
    return 1


@instead(FakeAutoScalingGroup, "set_desired_capacity")
def set_desired_capacity(self, new_capacity):
    """Launches until the weights reach the capacity; ends instances as long as they still reach it."""
    self.desired_capacity = self.min_size if new_capacity is None else int(new_capacity)
    active = self.active_instances()
    held = sum(weight(self, state.instance.instance_type) for state in active)
    lacking = (self.desired_capacity or 0) - held
    if lacking > 0:
        each = weight(self, autoscaling_groups.instance_type(self))
        self.replace_autoscaling_group_instances(math.ceil(lacking / each), self.get_propagated_tags())
    elif lacking < 0:
        leaving = []
        for state in active:
            counts = weight(self, state.instance.instance_type)
            if not state.protected_from_scale_in and held - counts >= self.desired_capacity:
                held -= counts
                leaving.append(state)
        if leaving:
            self.autoscaling_backend.ec2_backend.terminate_instances([state.instance.id for state in leaving])
            self.instance_states = [state for state in self.instance_states if state not in leaving]
    if self.name in self.autoscaling_backend.autoscaling_groups:
        self.autoscaling_backend.update_attached_elbs(self.name)
        self.autoscaling_backend.update_attached_target_groups(self.name)


def weighted_capacity(state) -> str | None:
    group = state.auto_scaling_group
    told = any(each.get("WeightedCapacity") for each in overrides(group)) if group else False
    return str(weight(group, state.instance.instance_type)) if told else None


InstanceState.weighted_capacity = property(weighted_capacity)
