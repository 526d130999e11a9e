"""Lifecycle hooks of scaling groups: all that is given is given back, and goes with the group.

moto gives every hook the same role and queue.
"""

from moto.autoscaling.models import AutoScalingBackend, LifecycleHook
from moto.autoscaling.responses import AutoScalingResponse

from floorplan_sandbox.patch import around

GIVEN = {
    "role_arn": "RoleARN",
    "notification_target_arn": "NotificationTargetARN",
    "notification_metadata": "NotificationMetadata",
}

LifecycleHook.lifecycle_hook_name = property(lambda self: self.name)


@around(AutoScalingResponse, "put_lifecycle_hook")
def put_lifecycle_hook(original, self):
    group, name = self._get_param("AutoScalingGroupName"), self._get_param("LifecycleHookName")
    before = self.autoscaling_backend.lifecycle_hooks.get(f"{group}_{name}")
    answer = original(self)
    hook = self.autoscaling_backend.lifecycle_hooks[f"{group}_{name}"]
    for field, parameter in GIVEN.items():
        kept = getattr(before, field, None)
        setattr(hook, field, self._get_param(parameter) or kept)
    return answer


@around(AutoScalingBackend, "delete_auto_scaling_group")
def delete_auto_scaling_group(original, self, group_name, *args, **kwargs):
    answer = original(self, group_name, *args, **kwargs)
    for held in (self.lifecycle_hooks, self.scheduled_actions):
        for name, each in list(held.items()):
            if each.auto_scaling_group_name == group_name:
                del held[name]
    return answer
