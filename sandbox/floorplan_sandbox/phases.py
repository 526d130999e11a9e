"""States that take time: what is on its way arrives when it is next looked at, once its time has come."""

import time
from collections.abc import Callable

from floorplan_sandbox.control import CONTROL

ARRIVES = {"pending": "available", "modifying": "available", "deleting": "deleted"}


def enter(thing, phase: str, delay: str) -> None:
    """Sets the thing on its way; how long it takes is the switch `delay`."""
    thing._phase = phase
    thing._due = time.monotonic() + CONTROL.delay(delay)


def phased(kind: type, arrived: Callable | None = None) -> None:
    """Gives a type of moto a state of this sort. `arrived` is called with what has come to its end."""

    def state(thing) -> str:
        if thing._phase in ARRIVES and time.monotonic() >= thing._due:
            thing._phase = ARRIVES[thing._phase]
            if thing._phase == "deleted" and arrived:
                arrived(thing)
        return thing._phase

    # moto's own code assigns the state.
    kind.state = property(state, lambda thing, phase: setattr(thing, "_phase", phase))
