"""What CloudTrail keeps of the calls that changed something, or were meant to: who made them, from where, about what.

Holds the events and finds them again; `gaps/cloudtrail_events.py` answers with them.
"""

import io
import json
import re
import time
import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from urllib.parse import unquote
from xml.etree import ElementTree

from floorplan_sandbox.answer import Answer
from floorplan_sandbox.request import Request

KEPT = 50_000
LONGEST_BODY = 1_000_000
RATE = 2.0
WHERE_NAMES_ARE = re.compile(r"(Ids?|Arns?|Names?|Identifiers?|Bucket)$")
NOT_NAMES = re.compile(r"(?i)^(requestId|.*ownerId|availabilityZoneId|x-amzn-.*|.*(session|host|domain|dns|tag|key|user|cidr)Name)$")
EC2_ID = re.compile(r"^[a-z]+(-[a-z]+)*-[0-9a-f]{8,17}$")
NUMBERED = re.compile(r"^\d+$")
ERROR_CODE = re.compile(rb"<Code>([^<]+)</Code>")
EC2_TYPES = {
    "acl": "NetworkAcl",
    "eipalloc": "EIP",
    "eni": "NetworkInterface",
    "i": "Instance",
    "igw": "InternetGateway",
    "nat": "NatGateway",
    "rtb": "RouteTable",
    "sg": "SecurityGroup",
    "subnet": "Subnet",
    "vpc": "VPC",
    "vpce": "VPCEndpoint",
}


@dataclass
class Event:
    """One event: what it is looked up by, and the whole of it."""

    id: str
    time: float
    account: str
    region: str
    access_key: str
    username: str
    source: str
    name: str
    resources: list[str]
    whole: dict = field(repr=False)


class Trail:
    """The events of one server, the oldest first, and the pace of those who look them up."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        self.events: list[Event] = []
        self.tokens: dict[tuple[str, str], tuple[float, float]] = {}

    def recorded(self, request: Request, turn: AbstractContextManager, perform: Callable[[], Answer]) -> Answer:
        """The answer of a call, which is remembered if it was meant to change something."""
        if not request.mutating or not request.service:
            return perform()
        given = parameters(request)
        # Who calls is looked up first: a call may take its own key away.
        with turn:
            by = identity(request)
        made = perform()
        self.events.append(event(request, given, by, made))
        if len(self.events) > KEPT:
            del self.events[: KEPT // 10]
        return made

    def of(self, account: str, region: str) -> list[Event]:
        """The events of an account and region, the newest first."""
        return [one for one in reversed(self.events[:]) if (one.account, one.region) == (account, region)]

    def may_look(self, account: str, region: str) -> bool:
        """Whether another look-up fits into two a second."""
        now = time.monotonic()
        tokens, since = self.tokens.get((account, region), (RATE, now))
        tokens = min(RATE, tokens + (now - since) * RATE)
        fits = tokens >= 1
        self.tokens[account, region] = (tokens - fits, now)
        return fits


def event(request: Request, given: dict, by: dict, made: Answer) -> Event:
    now, account = time.time(), by["accountId"]
    answered = answer_of(made)
    failed = error_of(made) if made.status >= 400 else None
    agent = request.environ.get("HTTP_USER_AGENT", "")
    whole = {
        "eventVersion": "1.10",
        "userIdentity": by,
        "eventTime": stamp(now),
        "eventSource": f"{request.service}.amazonaws.com",
        "eventName": name_of(request),
        "awsRegion": home(request),
        "sourceIPAddress": address(request),
        "userAgent": agent,
        "requestParameters": given or None,
        "responseElements": answered if not failed else None,
        "requestID": str(uuid.uuid4()),
        "eventID": str(uuid.uuid4()),
        "readOnly": False,
        "eventType": "AwsApiCall",
        "managementEvent": True,
        "recipientAccountId": account,
        "eventCategory": "Management",
    }
    if agent.startswith("console."):
        whole["sessionCredentialFromConsole"] = "true"
    if failed:
        whole["errorCode"] = failed
    resources = sorted(set(names(given)) | set(names(whole["responseElements"])) | of_path(request))
    return Event(
        id=whole["eventID"],
        time=now,
        account=account,
        region=whole["awsRegion"],
        access_key=request.access_key,
        username=by["arn"].rsplit("/", 1)[-1],
        source=whole["eventSource"],
        name=whole["eventName"],
        resources=resources,
        whole=whole,
    )


def stamp(seconds: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


def home(request: Request) -> str:
    """The region whose events have it: services without regions have theirs in one."""
    return "us-east-1" if request.region in ("", "aws-global") else request.region


def name_of(request: Request) -> str:
    """The name of the operation; of a REST call that does not say it, its method."""
    return request.action.split(" ", 1)[0]


def address(request: Request) -> str:
    said = request.environ.get("HTTP_X_FORWARDED_FOR", "")
    return said.split(",")[0].strip() or request.environ.get("REMOTE_ADDR", "127.0.0.1")


def identity(request: Request) -> dict:
    """Whose the access key is, as moto knows it."""
    from moto.iam.models import get_account_id_from
    from moto.sts.models import sts_backends

    said = request.environ.get("HTTP_X_MOTO_ACCOUNT_ID")
    account = said or get_account_id_from(request.access_key)
    backend = sts_backends[account]["aws"]
    user_id, arn, account = backend.get_caller_identity(request.access_key, request.region or "us-east-1")
    by = {"principalId": user_id, "arn": arn, "accountId": account, "accessKeyId": request.access_key}
    role = backend.get_assumed_role_from_access_key(request.access_key)
    if role is None:
        return {"type": "IAMUser", **by, "userName": arn.rsplit("/", 1)[-1]}
    issuer = {
        "type": "Role",
        "principalId": user_id.split(":")[0],
        "arn": role.role_arn,
        "accountId": account,
        "userName": role.role_arn.rsplit("/", 1)[-1],
    }
    return {"type": "AssumedRole", **by, "sessionContext": {"sessionIssuer": issuer}}


def parameters(request: Request) -> dict:
    """The parameters of a call, as CloudTrail spells them."""
    if request.form:
        rows = {name: value for name, value in request.form.items() if name not in ("Action", "Version")}
        return spelt(nested(rows))
    if "json" not in request.content_type:
        return spelt(dict(request.query))
    length = int(request.environ.get("CONTENT_LENGTH") or 0)
    if length > LONGEST_BODY:
        return {}
    body = request.environ["wsgi.input"].read(length)
    request.environ["wsgi.input"] = io.BytesIO(body)
    try:
        found = json.loads(body or b"{}")
    except ValueError:
        return {}
    return spelt(found) if isinstance(found, dict) else {}


def nested(rows: dict[str, str]) -> dict:
    """The rows of a form as what they say: `A.1.B` is in a list."""
    root: dict = {}
    for name, value in rows.items():
        at, parts = root, name.split(".")
        for part in parts[:-1]:
            inner = at.setdefault(part, {})
            at = inner if isinstance(inner, dict) else at
        at[parts[-1]] = value
    return listed(root)


def listed(value: object) -> object:
    if not isinstance(value, dict):
        return value
    rows = {name: listed(inner) for name, inner in value.items()}
    if rows and all(NUMBERED.match(name) for name in rows):
        return [rows[name] for name in sorted(rows, key=int)]
    return rows


def spelt(value: object) -> object:
    """With names that begin small, lists in `items`, and ports as numbers."""
    if isinstance(value, list):
        return {"items": [spelt(inner) for inner in value]}
    if not isinstance(value, dict):
        return value
    rows = {}
    for name, inner in value.items():
        if name.endswith("Port") and isinstance(inner, str) and inner.lstrip("-").isdigit():
            inner = int(inner)
        rows[name[:1].lower() + name[1:]] = spelt(inner)
    return rows


def answer_of(made: Answer) -> dict | None:
    """The members of an answer."""
    body = made.body.strip()
    if len(body) > LONGEST_BODY:
        return None
    if body.startswith(b"{"):
        try:
            return spelt(json.loads(body))
        except ValueError:
            return None
    if body.startswith(b"<"):
        try:
            found = of_xml(ElementTree.fromstring(body))
        except ElementTree.ParseError:
            return None
        return found if isinstance(found, dict) else None
    return None


def of_xml(element: ElementTree.Element) -> object:
    rows: dict = {}
    for child in element:
        name = child.tag.rsplit("}", 1)[-1]
        name, inner = name[:1].lower() + name[1:], of_xml(child)
        if name in ("item", "member"):
            rows.setdefault("items", []).append(inner)
        else:
            rows[name] = inner
    return rows or (element.text or "").strip()


def error_of(made: Answer) -> str:
    headers = {name.lower(): value for name, value in made.headers}
    found = ERROR_CODE.search(made.body)
    code = headers.get("x-amzn-errortype") or (found.group(1).decode() if found else "")
    if not code and made.body.strip().startswith(b"{"):
        try:
            code = str(json.loads(made.body).get("__type", ""))
        except ValueError:
            code = ""
    return code.rsplit("#", 1)[-1] or f"HTTP {made.status}"


def of_path(request: Request) -> set[str]:
    """The bucket of a call to S3."""
    if request.service != "s3":
        return set()
    return {unquote(part) for part in request.environ.get("PATH_INFO", "").split("/")[1:2] if part}


def names(value: object, name: str = "") -> list[str]:
    """The objects that parameters or an answer name."""
    if isinstance(value, dict):
        return [one for key, inner in value.items() for one in names(inner, name if key == "items" else key)]
    if isinstance(value, list):
        return [one for inner in value for one in names(inner, name)]
    if not isinstance(value, str) or not value or NOT_NAMES.match(name):
        return []
    return [value] if EC2_ID.match(value) or value.startswith("arn:") or WHERE_NAMES_ARE.search(name) else []


def type_of(name: str) -> str | None:
    kind = EC2_TYPES.get(name.rsplit("-", 1)[0]) if EC2_ID.match(name) else None
    return f"AWS::EC2::{kind}" if kind else None


TRAIL = Trail()
