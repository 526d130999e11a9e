"""The targets of a rule that is not there are an error with a name."""

from moto.events.exceptions import ResourceNotFoundException
from moto.events.models import EventsBackend
from moto.events.responses import EventsHandler

from floorplan_sandbox.patch import around


@around(EventsHandler, "list_targets_by_rule")
def list_targets_by_rule(original, self):
    name = self._get_param("Rule")
    self.events_backend.describe_rule(name, self._get_param("EventBusName"))
    return original(self)


@around(EventsBackend, "put_targets")
def put_targets(original, self, name, event_bus_arn, targets):
    bus = self._get_event_bus(self._normalize_event_bus_arn(event_bus_arn))
    if name not in bus.rules:
        raise ResourceNotFoundException(f"Rule {name} does not exist on EventBus {bus.name}.")
    return original(self, name, event_bus_arn, targets)
