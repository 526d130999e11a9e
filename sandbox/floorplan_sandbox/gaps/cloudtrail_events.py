"""CloudTrail: LookupEvents finds the calls that changed something in 90 days, in pages of 50, the newest first.

The attributes of a look-up, its window and its pages are checked; two look-ups a second are answered. Calls that only
read are not kept, and so a look-up of those finds nothing.
"""

import json
import secrets
import time

from moto.cloudtrail.models import CloudTrailBackend
from moto.cloudtrail.responses import CloudTrailResponse
from moto.core.exceptions import JsonRESTError

from floorplan_sandbox.control import CONTROL
from floorplan_sandbox.patch import adds
from floorplan_sandbox.trail import TRAIL, Event, type_of

PAGE = 50
DAYS = 90 * 24 * 3600
KEYS = {
    "EventId": lambda event: [event.id],
    "EventName": lambda event: [event.name],
    "ReadOnly": lambda event: ["false"],
    "Username": lambda event: [event.username],
    "ResourceType": lambda event: [type_of(name) for name in event.resources],
    "ResourceName": lambda event: event.resources,
    "EventSource": lambda event: [event.source],
    "AccessKeyId": lambda event: [event.access_key],
}


@adds(CloudTrailResponse, "lookup_events")
def lookup_events(self) -> str:
    account, region = self.current_account, self.region
    if not TRAIL.may_look(account, region):
        raise JsonRESTError("ThrottlingException", "Rate exceeded")
    found, token = self.cloudtrail_backend.find_events(
        self._get_param("LookupAttributes") or [],
        self._get_param("StartTime"),
        self._get_param("EndTime"),
        self._get_param("MaxResults"),
        self._get_param("NextToken"),
    )
    rows = {"Events": [row(event) for event in found]}
    return json.dumps({**rows, "NextToken": token} if token else rows)


@adds(CloudTrailBackend, "find_events")
def find_events(self, attributes: list, start, end, most, token):
    """A page of events, and the token of the next one."""
    if len(attributes) > 1:
        raise JsonRESTError("InvalidLookupAttributesException", "You can specify only one lookup attribute.")
    for attribute in attributes:
        if attribute.get("AttributeKey") not in KEYS or not attribute.get("AttributeValue"):
            raise JsonRESTError("InvalidLookupAttributesException", "The lookup attribute is not valid.")
    if most is not None and not 1 <= int(most) <= PAGE:
        raise JsonRESTError("InvalidMaxResultsException", "MaxResults must be between 1 and 50.")
    now = time.time()
    begin = float(start) if start is not None else now - DAYS
    until = float(end) if end is not None else now
    if begin > until or begin < now - DAYS - 60:
        raise JsonRESTError("InvalidTimeRangeException", "The time range is not valid.")
    asked = [attributes, start, end]
    tokens = self.__dict__.setdefault("lookup_tokens", {})
    before = tokens.get(token)
    if token is not None and (before is None or before[0] != asked):
        raise JsonRESTError("InvalidNextTokenException", "The token is not valid.")
    shown = now - CONTROL.delay("event")
    every = [event for event in TRAIL.of(self.account_id, self.region_name) if event.time <= shown]
    wanted = [event for event in every if begin <= event.time + 1 and event.time <= until and fits(event, attributes)]
    if before:
        ids = [event.id for event in wanted]
        wanted = wanted[ids.index(before[1]) + 1 :] if before[1] in ids else []
    size = int(most or PAGE)
    page = wanted[:size]
    if len(wanted) <= size:
        return page, None
    following = secrets.token_hex(16)
    tokens[following] = (asked, page[-1].id)
    return page, following


def fits(event: Event, attributes: list) -> bool:
    return all(attribute["AttributeValue"] in KEYS[attribute["AttributeKey"]](event) for attribute in attributes)


def row(event: Event) -> dict:
    resources = [{"ResourceType": type_of(name), "ResourceName": name} for name in event.resources]
    return {
        "EventId": event.id,
        "EventName": event.name,
        "ReadOnly": "false",
        "AccessKeyId": event.access_key,
        "EventTime": int(event.time),
        "EventSource": event.source,
        "Username": event.username,
        "Resources": [{name: value for name, value in one.items() if value} for one in resources],
        "CloudTrailEvent": json.dumps(event.whole),
    }
