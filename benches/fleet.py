#!/usr/bin/env python3
"""What a drift run over a large fleet costs: CPU, memory and calls of the program, for 500 layouts of 100 objects.

    cargo build --release && python3 benches/fleet.py target/release/floorplan

One layout is applied; the sandbox multiplies its network, and the states are written with the ids of the copies. The
time of the sandbox does not count. Fails where the program takes more than 60 s of CPU or 400 MB, or reports something.
"""

import argparse
import collections
import glob
import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.request
import uuid
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ACCOUNT, REGION = "123456789012", "eu-west-1"
CPU_AT_MOST, MEMORY_AT_MOST = 60.0, 400.0

# One VPC, one gateway, 12 subnets, 6 tables with a route each, 12 associations, 20 groups with 2 rules each, 2 ACLs.
NETWORK = """
provider "aws" {
  region = "eu-west-1"
}

resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
  tags       = { Name = "main", Owner = "ops" }
}

resource "aws_internet_gateway" "main" {
  vpc_id = aws_vpc.main.id
}

resource "aws_subnet" "s" {
  count             = 12
  vpc_id            = aws_vpc.main.id
  cidr_block        = cidrsubnet(aws_vpc.main.cidr_block, 8, count.index)
  availability_zone = "eu-west-1${["a", "b", "c"][count.index % 3]}"
  tags              = { Name = "s-${count.index}" }
}

resource "aws_route_table" "t" {
  count  = 6
  vpc_id = aws_vpc.main.id
}

resource "aws_route" "out" {
  count                  = 6
  route_table_id         = aws_route_table.t[count.index].id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.main.id
}

resource "aws_route_table_association" "s" {
  count          = 12
  subnet_id      = aws_subnet.s[count.index].id
  route_table_id = aws_route_table.t[count.index % 6].id
}

resource "aws_security_group" "g" {
  count  = 20
  name   = "g-${count.index}"
  vpc_id = aws_vpc.main.id
}

resource "aws_vpc_security_group_ingress_rule" "https" {
  count             = 20
  security_group_id = aws_security_group.g[count.index].id
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_ipv4         = "10.0.0.0/8"
}

resource "aws_vpc_security_group_egress_rule" "all" {
  count             = 20
  security_group_id = aws_security_group.g[count.index].id
  ip_protocol       = "-1"
  cidr_ipv4         = "0.0.0.0/0"
}

resource "aws_network_acl" "a" {
  count  = 2
  vpc_id = aws_vpc.main.id
}
"""


class Sandbox:
    """The server of this checkout, with the Python environment that the program made."""

    def __init__(self) -> None:
        found = sorted(glob.glob(os.path.expanduser("~/.cache/floorplan/sandbox/python-*/bin/python")))
        if not found:
            sys.exit("The sandbox has no Python environment yet: run `floorplan sandbox start` once.")
        command = [found[-1], "-m", "floorplan_sandbox", "--die-with-parent"]
        self.process = subprocess.Popen(
            command, cwd=ROOT / "sandbox", stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True,
        )
        self.endpoint = json.loads(self.process.stdout.readline())["endpoint"]

    def control(self, method: str, name: str, value: object = None):
        body = None if value is None else json.dumps(value).encode()
        request = urllib.request.Request(f"{self.endpoint}/floorplan/{name}", data=body, method=method)
        with urllib.request.urlopen(request, timeout=600) as answer:
            return json.load(answer)


class Program:
    """The program in a workspace, against the sandbox."""

    def __init__(self, path: str, folder: Path, sandbox: Sandbox) -> None:
        self.path, self.folder = path, folder
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder / "home"),
            "CI": "1",
            "AWS_ENDPOINT_URL": sandbox.endpoint,
            "AWS_ACCESS_KEY_ID": "sandbox",
            "AWS_SECRET_ACCESS_KEY": "sandbox",
            "AWS_REGION": REGION,
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def run(self, *arguments: str) -> tuple[str, float, float, float]:
        """What it printed, its seconds of CPU and of time, its memory in MB. It must succeed."""
        began = time.monotonic()
        with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
            process = subprocess.Popen(
                [self.path, *arguments], cwd=self.folder, env=self.environment, stdout=out, stderr=err
            )
            _, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            out.seek(0)
            err.seek(0)
            printed, said = out.read(), err.read()
        if process.returncode:
            sys.exit(f"{' '.join(arguments)}: exit code {process.returncode}\n{printed}\n{said}")
        return printed + said, used.ru_utime + used.ru_stime, time.monotonic() - began, used.ru_maxrss / 1024


def layout(number: int) -> str:
    return f"fleet-{number:03}"


def state_of(template: str, names: dict[str, str], number: int) -> bytes:
    """The state of a copy: other ids, another layout, another lineage, and the checksum that belongs to it."""
    lines = template.split("\n")
    lineage = json.loads(template)["lineage"]
    text = "\n".join(lines[:1] + lines[2:])
    text = re.sub("|".join(map(re.escape, names)), lambda old: names[old.group(0)], text)
    text = text.replace(f'"{layout(0)}"', f'"{layout(number)}"').replace(lineage, str(uuid.uuid4()))
    first, rest = text.split("\n", 1)
    check = hashlib.sha256(text.encode()).hexdigest()
    return f'{first}\n  "check": "{check}",\n{rest}'.encode()


def make(program: Program, sandbox: Sandbox, count: int) -> int:
    """A fleet of so many layouts, whose objects are there. Gives how many each has."""
    for number in range(count):
        folder = program.folder / "layouts" / layout(number)
        folder.mkdir(parents=True)
        (folder / "main.hcl").write_text(f'layout {{\n  name = "{layout(number)}"\n}}\n{NETWORK}')
    program.run("apply", f"layouts/{layout(0)}", "--auto-approve")
    states = program.folder / "state"
    template = (states / layout(0) / "state.json").read_text()
    assert '"check"' in template.split("\n")[1], "the checksum is on the second line"
    (vpc,) = set(re.findall(r"\bvpc-[0-9a-f]{17}\b", template))
    asked = {"vpc": vpc, "count": count - 1, "account": ACCOUNT, "region": REGION}
    for number, names in enumerate(sandbox.control("POST", "multiply", asked), 1):
        (states / layout(number)).mkdir()
        (states / layout(number) / "state.json").write_bytes(state_of(template, names, number))
    return len(json.loads(template)["resources"])


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("program", nargs="?", default=str(ROOT / "target/release/floorplan"))
    arguments.add_argument("--layouts", type=int, default=500)
    given = arguments.parse_args()
    sandbox = Sandbox()
    with tempfile.TemporaryDirectory() as folder:
        program = Program(os.path.abspath(given.program), Path(folder), sandbox)
        (program.folder / "home").mkdir()
        began = time.monotonic()
        objects = make(program, sandbox, given.layouts)
        print(f"{given.layouts} layouts of {objects} objects, made in {time.monotonic() - began:.0f} s")
        sandbox.control("DELETE", "calls")
        printed, cpu, seconds, memory = program.run("drift", "--all")
        calls = collections.Counter(call["action"] for call in sandbox.control("GET", "calls"))
    print(f"drift --all: {cpu:.1f} s of CPU, {memory:.0f} MB, {seconds:.0f} s with the sandbox")
    print(f"{sum(calls.values())} calls:")
    for action, number in sorted(calls.items()):
        print(f"  {action:<32} {number:>6}")
    if printed:
        sys.exit(f"The fleet is at rest, and this was said:\n{printed}")
    if cpu > CPU_AT_MOST or memory > MEMORY_AT_MOST:
        sys.exit(f"More than {CPU_AT_MOST:.0f} s of CPU or {MEMORY_AT_MOST:.0f} MB.")


if __name__ == "__main__":
    main()
