"""Stands before moto: answers what AWS decides before an operation runs, and what moto gets wrong in general.

Order for one request: log, fault that prevents it, signature, published form, dry run, limits, visibility,
client token, moto, paging, fault that loses the answer. It knows no resource type.
"""

import contextlib
import logging
import re
import socket
import threading
import time
import traceback

from botocore.exceptions import ParamValidationError

from floorplan_sandbox import answer, cbor, paging, s3_model, signature
from floorplan_sandbox.answer import Answer
from floorplan_sandbox.control import AFTER, BEFORE, Call, Control
from floorplan_sandbox.request import Request
from floorplan_sandbox.staleness import Staleness
from floorplan_sandbox.tokens import Tokens
from floorplan_sandbox.trail import TRAIL
from floorplan_sandbox.visibility import Visibility

LOG = logging.getLogger("floorplan_sandbox")
FILTER_VALUE = re.compile(r"^(Filter\.\d+)\.Value\.\d+$")
FILTER_VALUES_AT_MOST = 200


class Front:
    """A WSGI application around moto's."""

    def __init__(self, moto, control: Control) -> None:
        self.moto = moto
        self.control = control
        self.tokens = Tokens()
        self.visibility = Visibility(control)
        self.staleness = Staleness(control)
        # moto's objects are not made for threads: one that is listed while another call adds to it breaks
        # the listing. Python runs one thread at a time anyway, so that taking turns costs nothing.
        self.turn = threading.Lock()

    def clear(self) -> None:
        """Forgets what it remembers of a world that is gone."""
        self.tokens.clear()
        self.visibility.clear()
        TRAIL.clear()
        self.staleness.clear()

    def __call__(self, environ: dict, start_response):
        request = Request(environ)
        call = request.call()
        self.control.record(call)
        time.sleep(self.control.delay("latency"))
        fault = self.control.take_fault(call)
        if fault and fault.when == BEFORE:
            fault.reached = True
            time.sleep(fault.hold)
        if fault and fault.when == BEFORE and fault.code:
            made = answer.error(request, fault.code, fault.message, fault.status)
        else:
            made = TRAIL.recorded(request, self.turn, lambda: self.perform(request, call))
        if fault and fault.when == AFTER:
            fault.reached = True
            time.sleep(fault.hold)
            if not fault.code:
                return lose(environ)
            made = answer.error(request, fault.code, fault.message, fault.status)
        call.status = made.status
        return made.send(start_response)

    def perform(self, request: Request, call: Call) -> Answer:
        refused = signature.check(request) or s3_model.check(request)
        if refused:
            return refused
        if not request.is_ec2:
            return self.ask_moto(request)
        if request.form.get("DryRun", "").lower() == "true":
            message = "Request would have succeeded, but DryRun flag is set."
            return answer.error(request, "DryRunOperation", message, 412)
        refused = too_many_values(request) or self.visibility.check(request)
        if refused:
            return refused
        if paging.pages(request):
            refused = paging.check(request)
            if refused:
                return refused
            request.without("MaxResults", "NextToken")
            whole = self.ask_moto(request)
            if whole.status != 200:
                return whole
            shown = self.staleness.show(request, self.visibility.hide(request, whole))
            call.stale = shown.body != whole.body
            return paging.cut(request, shown)
        made = self.tokens.once(request, lambda: self.ask_moto(request))
        self.visibility.note(request, made)
        self.staleness.note(request, made)
        return made

    def ask_moto(self, request: Request) -> Answer:
        """moto's answer; what it lacks is a client error, what breaks in it a server error."""
        # Services with other protocols may call the server themselves and would wait for their own turn.
        with self.turn if request.form else contextlib.nullcontext():
            if not request.is_cbor:
                return self.dispatch(request)
            target, operation = cbor.to_json(request.environ)
            made = self.dispatch(request)
            if dict(made.headers).get("Content-Type") == cbor.CONTENT_TYPE:
                return made
            body = cbor.from_json(target, operation, made.status, made.body)
            return Answer(made.status, cbor.headers(made.headers), body)

    def dispatch(self, request: Request) -> Answer:
        head: list = []

        def start_response(status, headers, exc_info=None):
            head[:] = [int(status.split(" ", 1)[0]), headers]

        try:
            chunks = self.moto(request.environ, start_response)
            try:
                body = b"".join(chunks)
            finally:
                if hasattr(chunks, "close"):
                    chunks.close()
            return Answer(head[0], head[1], body)
        except ParamValidationError as wrong:
            return answer.error(request, "ValidationError", str(wrong))
        except NotImplementedError as missing:
            code = "InvalidAction" if request.is_ec2 else "NotImplemented"
            return answer.error(request, code, f"The sandbox does not offer this: {missing}")
        except Exception:
            LOG.error("%s %s failed\n%s", request.service, request.action, traceback.format_exc())
            message = f"The sandbox failed in {request.action}; its log says more."
            return answer.error(request, "InternalError", message, 500)


def too_many_values(request: Request) -> Answer | None:
    counts: dict[str, int] = {}
    for name in request.form:
        match = FILTER_VALUE.match(name)
        if match:
            counts[match.group(1)] = counts.get(match.group(1), 0) + 1
    if any(count > FILTER_VALUES_AT_MOST for count in counts.values()):
        message = "The maximum number of filter values specified on a single call is 200."
        return answer.error(request, "FilterLimitExceeded", message)
    return None


def lose(environ: dict):
    """Closes the connection without an answer, as a broken network does."""
    connection = environ.get("werkzeug.socket")
    if connection is not None:
        connection.shutdown(socket.SHUT_RDWR)
    raise ConnectionAbortedError("answer lost on purpose")
