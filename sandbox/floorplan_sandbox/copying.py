"""A copy of the whole world, which goes its own way from then on: a process that is forked and serves on another port.

Tests try many things from one state of the world, and making that state is what takes long.
"""

import json
import os
import random
import threading
from collections.abc import Callable

from moto.moto_api._internal import mock_random

from floorplan_sandbox.answer import Answer, plain_json


def copy(go_on: Callable) -> Answer:
    """The address of a copy. `go_on` makes the server of the copy, and its identity."""
    reading, writing = os.pipe()
    between = os.fork()
    if between == 0:
        # Forked twice, so that nobody has to wait for its end.
        if os.fork() == 0:
            os.close(reading)
            serve(writing, go_on)
        os._exit(0)
    os.close(writing)
    os.waitpid(between, 0)
    with os.fdopen(reading, "rb") as announced:
        said = announced.read()
    return plain_json(json.loads(said)) if said else plain_json({"error": "the copy did not start"}, 500)


def serve(writing: int, go_on: Callable) -> None:
    # Otherwise all copies would give the same ids.
    mock_random.seed()
    random.seed()
    try:
        server, identity = go_on()
        threading.Thread(target=exit_at_end_of_input, daemon=True).start()
        with os.fdopen(writing, "w") as announced:
            json.dump(address(server, identity), announced)
        server.serve_forever()
    finally:
        os._exit(0)


def address(server, identity: str) -> dict:
    """What a client has to know of a server."""
    return {
        "endpoint": f"http://127.0.0.1:{server.server_port}",
        "port": server.server_port,
        "pid": os.getpid(),
        "identity": identity,
    }


def exit_at_end_of_input() -> None:
    """Ends the process with the one that holds the other end of its standard input."""
    while os.read(0, 4096):
        pass
    os._exit(0)
