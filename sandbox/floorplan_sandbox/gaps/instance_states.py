"""Instances take time: pending, running, stopping, stopped, shutting-down, terminated.

moto's are there at once, and what a terminated one used is free at once. The delay is the switch `instance`,
in seconds; states move on when the next call arrives.
"""

import time

from moto.autoscaling.responses import AutoScalingResponse
from moto.ec2.models.instances import Instance, InstanceState
from moto.ec2.responses import EC2Response

from floorplan_sandbox.control import CONTROL
from floorplan_sandbox.patch import around

BETWEEN = {"running": ("pending", 0), "stopped": ("stopping", 64), "terminated": ("shutting-down", 32)}
# Instances on their way, and what happens when they arrive.
_moving: dict = {}


def move(instance, finish) -> None:
    """Lets `finish` happen once the delay is over."""
    _moving[instance.id] = (time.monotonic() + CONTROL.delay("instance"), instance, finish)


def settle_instances() -> None:
    """Moves on all instances whose time has come."""
    for name, (due, _, finish) in list(_moving.items()):
        if time.monotonic() >= due and _moving.pop(name, None):
            finish()


@around(Instance, "__init__")
def build(original, self, *args, **kwargs):
    original(self, *args, **kwargs)
    if CONTROL.delay("instance"):
        self._state = InstanceState(*BETWEEN["running"])
        move(self, lambda: setattr(self, "_state", InstanceState("running", 16)))


def later(name: str):
    @around(Instance, name)
    def change(original, self):
        _moving.pop(self.id, None)
        if not CONTROL.delay("instance") or self._state.name == "terminated":
            return original(self)
        before = InstanceState(self._state.name, self._state.code)
        final = {"start": "running", "stop": "stopped", "terminate": "terminated"}[name]
        self._state = InstanceState(*BETWEEN[final])
        move(self, lambda: original(self))
        return before


for verb in ("start", "stop", "terminate"):
    later(verb)


for responder in (EC2Response, AutoScalingResponse):

    @around(responder, "call_action")
    def call_action(original, self, *args, **kwargs):
        settle_instances()
        return original(self, *args, **kwargs)
