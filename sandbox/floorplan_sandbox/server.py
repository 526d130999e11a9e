"""Puts the parts together: moto with its gaps closed, the front before it, the control surface beside it."""

import json
import logging
import os
import secrets
import threading

from werkzeug.serving import WSGIRequestHandler, make_server

from floorplan_sandbox.answer import plain_json
from floorplan_sandbox.copying import copy
from floorplan_sandbox.control import CONTROL
from floorplan_sandbox.front import Front
from floorplan_sandbox.start import one_session

with one_session():
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

    from floorplan_sandbox import gaps, world

    gaps.close()

SURFACE = "/floorplan/"


class QuietHandler(WSGIRequestHandler):
    """Leaves the log to failures; the calls are in the call log."""

    def log_request(self, code="-", size="-") -> None:
        pass


class Application:
    """Routes `/floorplan/...` to the control surface and everything else through the front to moto."""

    def __init__(self, identity: str) -> None:
        self.identity = identity
        self.server = None
        self.front = Front(DomainDispatcherApplication(create_backend_app), CONTROL)

    def __call__(self, environ: dict, start_response):
        path = environ.get("PATH_INFO", "")
        if path.startswith(SURFACE):
            return self.control(environ, path.removeprefix(SURFACE)).send(start_response)
        if path == "/moto-api/reset":
            self.front.clear()
        if path.startswith("/moto-api/"):
            return self.front.moto(environ, start_response)
        return self.front(environ, start_response)

    def control(self, environ: dict, name: str):
        method = environ["REQUEST_METHOD"]
        try:
            wanted = read_json(environ) if method == "POST" else None
            match method, name:
                case "GET", "identity":
                    return plain_json({"identity": self.identity, "pid": os.getpid()})
                case "GET", "faults" | "delays" | "calls" | "tunnels" | "targets":
                    return plain_json(CONTROL.snapshot(name))
                case "GET", "world":
                    with self.front.turn:
                        return plain_json(world.lines())
                case "POST", "faults":
                    CONTROL.add_faults(wanted)
                case "POST", "delays":
                    CONTROL.set_delays(wanted)
                case "POST", "tunnels":
                    CONTROL.set_tunnels(wanted)
                case "POST", "targets":
                    CONTROL.set_targets(wanted)
                case "DELETE", "targets":
                    CONTROL.forget_targets()
                case "DELETE", "faults":
                    CONTROL.forget_faults()
                case "DELETE", "calls":
                    CONTROL.forget_calls()
                case "POST", "reset":
                    self.reset()
                case "POST", "copy":
                    with self.front.turn, CONTROL.lock:
                        return copy(lambda: self.go_on(environ))
                case "POST", "multiply":
                    with self.front.turn:
                        return plain_json(self.multiply(wanted))
                case "POST", "stop":
                    threading.Thread(target=self.server.shutdown, daemon=True).start()
                case _:
                    return plain_json({"error": f"no {method} of {name!r} here"}, 404)
        except ValueError as error:
            return plain_json({"error": str(error)}, 400)
        return plain_json({"ok": True})

    def multiply(self, wanted: object) -> list[dict[str, str]]:
        # Loads EC2, which a server that was not asked anything yet has not done.
        from floorplan_sandbox.multiply import multiply

        if not isinstance(wanted, dict) or not {"vpc", "count", "account", "region"} <= set(wanted):
            raise ValueError("expected an object with vpc, count, account and region")
        return multiply(wanted["vpc"], int(wanted["count"]), wanted["account"], wanted["region"])

    def reset(self) -> None:
        from moto.moto_api._internal.models import moto_api_backend

        moto_api_backend.reset()
        self.front.clear()
        CONTROL.clear()

    def go_on(self, environ: dict):
        """In a copy of the process: a server of its own in place of the one that it was copied from."""
        self.server.socket.close()
        environ["werkzeug.socket"].close()
        self.front.turn, CONTROL.lock = threading.Lock(), threading.Lock()
        self.identity = secrets.token_hex(16)
        self.server = serve(0, self)
        return self.server, self.identity


def read_json(environ: dict) -> object:
    length = int(environ.get("CONTENT_LENGTH") or 0)
    return json.loads(environ["wsgi.input"].read(length) or b"null")


def listen(port: int, identity: str):
    """A server that is bound and ready to serve; its `server_port` is the one in use."""
    logging.basicConfig(format="%(asctime)s %(message)s", level=logging.WARNING)
    application = Application(identity)
    application.server = serve(port, application)
    return application.server


def serve(port: int, application: Application):
    server = make_server("127.0.0.1", port, application, threaded=True, request_handler=QuietHandler)
    os.environ["MOTO_PORT"] = str(server.server_port)
    return server
