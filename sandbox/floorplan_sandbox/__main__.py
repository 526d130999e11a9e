"""Entry point: binds a port on the loopback interface, tells where, and serves until stopped.

The port is announced twice: as one JSON line on standard output, and (with `--announce FILE`) in a file
that appears only once it is complete.
"""

import argparse
import json
import os
import secrets
import signal
import sys
import tempfile
import threading

# Read by moto when it is imported, so they come first.
SETTINGS = {
    "MOTO_DISABLE_GLOBAL_CORS": "true",
    "MOTO_ACM_VALIDATION_WAIT": "2",
    "MOTO_EC2_ENABLE_INSTANCE_TYPE_VALIDATION": "1",
    "MOTO_ENABLE_AMI_VALIDATION": "1",
    "MOTO_ENABLE_KEYPAIR_VALIDATION": "1",
    "MOTO_IAM_LOAD_MANAGED_POLICIES": "true",
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="floorplan_sandbox")
    parser.add_argument("--port", type=int, default=0, help="0 lets the system choose a free one")
    parser.add_argument("--announce", help="file that receives the address once the server listens")
    parser.add_argument("--die-with-parent", action="store_true", help="exit when standard input is closed")
    options = parser.parse_args()
    identity = secrets.token_hex(16)
    for name, value in SETTINGS.items():
        os.environ.setdefault(name, value)
    if options.die_with_parent:
        from floorplan_sandbox.copying import exit_at_end_of_input

        threading.Thread(target=exit_at_end_of_input, daemon=True).start()
    elif hasattr(signal, "SIGHUP"):
        signal.signal(signal.SIGHUP, signal.SIG_IGN)

    from floorplan_sandbox.copying import address
    from floorplan_sandbox.server import listen

    server = listen(options.port, identity)
    known = address(server, identity)
    if options.announce:
        announce(options.announce, known)
    print(json.dumps(known), flush=True)
    server.serve_forever()


def announce(path: str, known: dict) -> None:
    folder = os.path.dirname(os.path.abspath(path))
    descriptor, name = tempfile.mkstemp(dir=folder)
    with os.fdopen(descriptor, "w") as file:
        json.dump(known, file)
    os.replace(name, path)


if __name__ == "__main__":
    sys.exit(main())
