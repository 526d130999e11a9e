"""What a test switches while the server runs: faults, delays, latency; and the log of calls it reads.

Holds state and decides; it neither parses requests nor renders answers.
"""

import threading
from collections import deque
from dataclasses import asdict, dataclass, field

BEFORE = "before"
AFTER = "after"
CALLS_KEPT = 100_000
TUNNEL_STATES = ("UP", "DOWN")
DELAYS = (
    "nat_gateway",
    "subscription",
    "vpc_endpoint",
    "instance",
    "instance_refresh",
    "vpn_connection",
    "vpn_tunnel",
    "transit_gateway",
    "load_balancer",
    "target_initial",
    "target_draining",
    "rds_instance",
    "rds_cluster",
    "direct_connect",
    "accelerator",
    "event",
    "visibility",
    "staleness",
    "latency",
)
HEALTH = ("draining", "healthy", "initial", "unavailable", "unhealthy", "unused")


@dataclass
class Fault:
    """One error to inject into calls of `action` ("*" is every action, "write" every mutating one).

    `before` answers with the error and does nothing; `after` lets the call take effect and then closes the
    connection without an answer, or answers with `code` if one is given. `hold` first waits at that point, in
    seconds; a `before` that only holds lets the call go on afterwards. With `every` it meets only each call of
    that number, so that one that is repeated succeeds. `reached` says that a call holds or has held at that point.
    """

    action: str
    code: str | None = None
    status: int = 400
    message: str = "injected by the sandbox"
    times: int = 1
    skip: int = 0
    every: int = 1
    passed: int = 0
    reached: bool = False
    hold: float = 0.0
    when: str = BEFORE
    service: str | None = None

    def meets(self, call: "Call") -> bool:
        if self.service not in (None, call.service):
            return False
        return self.action in ("*", call.action) or (self.action == "write" and call.mutating)


@dataclass
class Call:
    """One request as it arrived, and the status it was answered with (0: not yet, or the answer was lost).

    `stale` says that the answer did not show what was there.
    """

    service: str
    action: str
    mutating: bool
    status: int = 0
    parameters: dict = field(default_factory=dict)
    stale: bool = False


class Control:
    """All switches of one server. Every method may be called from any thread."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.clear()

    def clear(self) -> None:
        with self.lock:
            self.faults: list[Fault] = []
            self.calls: deque[Call] = deque(maxlen=CALLS_KEPT)
            self.delays: dict[str, float] = dict.fromkeys(DELAYS, 0.0)
            self.tunnels: dict[str, str] = {}
            self.targets: dict[str, str] = {}

    def add_faults(self, wanted: object) -> None:
        """Adds one fault or a list of them; a wrong field is a ValueError and adds none."""
        rows = wanted if isinstance(wanted, list) else [wanted]
        try:
            faults = [Fault(**row) for row in rows]
        except TypeError as error:
            raise ValueError(str(error)) from None
        for fault in faults:
            if fault.when not in (BEFORE, AFTER):
                raise ValueError(f"when: expected {BEFORE!r} or {AFTER!r}, found {fault.when!r}")
            if fault.when == BEFORE and not fault.code and not fault.hold:
                raise ValueError("a fault that comes before the effect needs a code or a hold")
        with self.lock:
            self.faults.extend(faults)

    def set_delays(self, wanted: object) -> None:
        """Sets delays in seconds by name."""
        if not isinstance(wanted, dict):
            raise ValueError("expected an object of seconds by name")
        unknown = sorted(set(wanted) - set(DELAYS))
        if unknown:
            raise ValueError(f"unknown delay {unknown[0]!r}; known are {', '.join(DELAYS)}")
        with self.lock:
            self.delays.update({name: float(seconds) for name, seconds in wanted.items()})

    def delay(self, name: str) -> float:
        return self.delays[name]

    def set_tunnels(self, wanted: object) -> None:
        """Sets what the devices at the other ends of VPN tunnels do, by outside address."""
        if not isinstance(wanted, dict) or any(state not in TUNNEL_STATES for state in wanted.values()):
            raise ValueError(f"expected an object of {' or '.join(TUNNEL_STATES)} by outside address")
        with self.lock:
            self.tunnels.update(wanted)

    def tunnel(self, outside: str) -> str:
        return self.tunnels.get(outside, "DOWN")

    def set_targets(self, wanted: object) -> None:
        """Sets the health of targets by their id; null leaves it to the sandbox again."""
        if not isinstance(wanted, dict):
            raise ValueError("expected an object of states by target id")
        unknown = sorted(str(state) for state in wanted.values() if state not in (*HEALTH, None))
        if unknown:
            raise ValueError(f"unknown state {unknown[0]!r}; known are {', '.join(HEALTH)}")
        with self.lock:
            merged = {**self.targets, **wanted}
            self.targets = {name: state for name, state in merged.items() if state is not None}

    def health(self, target: str) -> str | None:
        return self.targets.get(target)

    def forget_targets(self) -> None:
        with self.lock:
            self.targets = {}

    def take_fault(self, call: Call) -> Fault | None:
        """The first fault due for this call; it is used up by being taken."""
        with self.lock:
            for fault in self.faults:
                if fault.times > 0 and fault.meets(call):
                    if fault.skip > 0:
                        fault.skip -= 1
                        continue
                    fault.passed += 1
                    if fault.passed % max(fault.every, 1):
                        continue
                    fault.times -= 1
                    return fault
        return None

    def record(self, call: Call) -> None:
        with self.lock:
            self.calls.append(call)

    def forget_calls(self) -> None:
        with self.lock:
            self.calls.clear()

    def forget_faults(self) -> None:
        with self.lock:
            self.faults = []

    def snapshot(self, name: str) -> object:
        """What `GET /floorplan/<name>` shows."""
        with self.lock:
            if name == "faults":
                return [asdict(fault) for fault in self.faults]
            if name == "calls":
                return [asdict(call) for call in self.calls]
            if name == "tunnels":
                return dict(self.tunnels)
            if name == "targets":
                return dict(self.targets)
            return dict(self.delays)


CONTROL = Control()
