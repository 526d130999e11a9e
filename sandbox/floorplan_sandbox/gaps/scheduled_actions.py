"""The scheduled actions of scaling groups have ARNs, and names of their own in each group, unlike in moto."""

from moto.autoscaling.exceptions import ValidationError
from moto.autoscaling.models import AutoScalingBackend

from floorplan_sandbox.patch import around, instead


def key(group: str, name: str) -> str:
    return f"{group}/{name}"


@around(AutoScalingBackend, "put_scheduled_update_group_action")
def put_scheduled_update_group_action(original, self, name, *args, **kwargs):
    if name not in self.autoscaling_groups:
        raise ValidationError(f"AutoScalingGroup name not found - AutoScalingGroup {name} not found")
    others = dict(self.scheduled_actions)
    action = original(self, name, *args, **kwargs)
    place = key(name, action.scheduled_action_name)
    action.scheduled_action_arn = (
        f"arn:aws:autoscaling:{self.region_name}:{self.account_id}:scheduledUpdateGroupAction:"
        f"0:autoScalingGroupName/{name}:scheduledActionName/{action.scheduled_action_name}"
    )
    self.scheduled_actions = others | {place: action}
    return action


@instead(AutoScalingBackend, "delete_scheduled_action")
def delete_scheduled_action(self, auto_scaling_group_name, scheduled_action_name):
    if not self.scheduled_actions.pop(key(auto_scaling_group_name, scheduled_action_name), None):
        raise ValidationError("Scheduled action name not found")
