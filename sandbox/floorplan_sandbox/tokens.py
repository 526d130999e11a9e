"""Client tokens: a repeated EC2 request with the same token gets the first one's answer.

AWS does so for a day and for every operation that takes a token; moto makes a second resource.
"""

import threading
from collections.abc import Callable

from floorplan_sandbox import answer
from floorplan_sandbox.answer import Answer
from floorplan_sandbox.request import Request


class Tokens:
    """Answers by account, region, action and token."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.clear()

    def clear(self) -> None:
        with self.lock:
            self.kept: dict[tuple, tuple[dict, Answer]] = {}
            self.locks: dict[tuple, threading.Lock] = {}

    def once(self, request: Request, perform: Callable[[], Answer]) -> Answer:
        token = request.form.get("ClientToken")
        if not token or not request.mutating:
            return perform()
        key = (request.account, request.region, request.action, token)
        with self.lock:
            own = self.locks.setdefault(key, threading.Lock())
        with own:
            if key in self.kept:
                parameters, kept = self.kept[key]
                if parameters == request.form:
                    return kept
                return answer.error(
                    request,
                    "IdempotentParameterMismatch",
                    f"The client token '{token}' was already used by a request with other parameters.",
                )
            made = perform()
            if made.status < 300:
                with self.lock:
                    self.kept[key] = (dict(request.form), made)
            return made
