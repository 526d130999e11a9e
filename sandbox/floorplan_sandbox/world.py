"""All that moto holds, as lines that can be compared: also what no listing shows, such as passwords.

A line is the way to a value and the value. What is another in every world, such as ids and times, is blank; objects that
moto brings along are left out.
"""

import datetime
import re
from collections import deque
from enum import Enum

from moto.core.base_backend import BackendDict, BaseBackend

# VPC Lattice uses the first 17 characters of one.
UUID = re.compile(
    r"(?:[0-9a-f]{1,3}-)?\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{3}(?:[0-9a-f]-[0-9a-f]{4}-[0-9a-f]{12})?\b"
)
RANDOM = re.compile(
    r"(?<![0-9A-Za-z])(?:[0-9a-f]{1,3}-)?"
    r"((?=[a-zA-Z]*\d)[0-9a-f]{8,}|(?=[a-zA-Z]*\d)[0-9A-Z]{8,}|(?=[a-z]*\d)[0-9a-z]{20}|[0-9A-Z]{13,})(?![0-9A-Za-z])"
)
# The sets of name servers of Route 53 have short ids.
DELEGATION_SET = re.compile(r"( delegation_sets/|/delegationset/)[0-9A-Z]{5}\b")
SECRET = re.compile(r"(secret:[^/\s]+)-[0-9A-Za-z]{6}\b")
ADDRESS = re.compile(r"\b\d{1,3}(\.|-)\d{1,3}\1\d{1,3}\1\d{1,3}\b")
# The networks that AWS gives to those who ask for one.
AMAZON_NETWORK = re.compile(r"\b2400:6500:[0-9a-f:]+/\d+")
TIME = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d\S*|-\d\d-\d\d\b)")
EPOCH = 1_000_000_000
# The logs of a bucket's requests that moto delivers: as many as there were requests.
DELIVERED = re.compile(r"(?<!\d)\d{4}(?:-\d\d){5}-[0-9A-F]{16}$")
# Keys for the API of AWS WAF.
API_KEY = re.compile(r"^[0-9A-Za-z+/]{100,}={0,2}$")
# How many objects deep a line goes into one another.
DEPTH = 3
BROUGHT_ALONG = ("amis", "instance_types", "instance_type_offerings", "aws_managed_policies", "availability_zones")
# Moments of this process's own clock.
CLOCKS = ("Due",)
# How often something was asked for or sent: a run that is taken up again asks and sends again.
COUNTED = ("_tick", "sent_notifications", "_message_public_keys")
# Random texts that a name alone tells from others.
DRAWN = ("APIKey",)
BROUGHT_ALONG_CLASSES = ("Ami", "AWSManagedPolicy", "Snapshot")


def lines() -> list[str]:
    """Of all accounts and regions."""
    found: list[str] = []
    for of_service in list(BackendDict._instances):
        for _, region, backend in list(of_service.iter_backends()):
            for name, value in list(vars(backend).items()):
                if name in COUNTED:
                    continue
                # What every backend has, used or not.
                if name in ("account_id", "region_name", "partition", "tagging_service"):
                    value = getattr(value, "tags", {})
                walk(value, f"{of_service.service_name} {region} {name}", (), found)
    return sorted(DELEGATION_SET.sub(r"\1#", line) for line in found)


def walk(value: object, way: str, within: tuple, found: list[str]) -> None:
    if value is None or isinstance(value, (bool, int, float, str, bytes, datetime.date, Enum)):
        found.append(f"{way} = {plain(value)}")
    elif isinstance(value, dict):
        if any(isinstance(text, str) and text.startswith("floorplan:") for text in value.values()):
            return
        for key, inner in list(value.items()):
            if not str(key).startswith("floorplan:") and key not in (*CLOCKS, *DRAWN) and not DELIVERED.search(str(key)):
                name = ADDRESS.sub("#", AMAZON_NETWORK.sub("#", API_KEY.sub("#", plain(key))))
                walk(inner, f"{way}/{name}", within, found)
    elif isinstance(value, (list, tuple, set, frozenset, deque)):
        for inner in list(value):
            walk(inner, f"{way}[]", within, found)
    elif type(value).__module__.startswith(("moto.", "floorplan_sandbox.")) and not isinstance(value, (BaseBackend, type)):
        if type(value).__name__ in BROUGHT_ALONG_CLASSES:
            return
        if len(within) == DEPTH or any(value is other for other in within):
            found.append(f"{way} = <{type(value).__name__}>")
            return
        for name, inner in list(getattr(value, "__dict__", {}).items()):
            if name not in (*BROUGHT_ALONG, *COUNTED):
                walk(inner, f"{way}.{name}", (*within, value), found)


def plain(value: object) -> str:
    if isinstance(value, datetime.date) or not isinstance(value, bool) and isinstance(value, (int, float)) and value > EPOCH:
        return "(time)"
    text = TIME.sub("(time)", str(value))
    return RANDOM.sub("#", UUID.sub("#", SECRET.sub(r"\1-#", text)))
