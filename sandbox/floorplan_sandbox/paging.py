"""MaxResults and NextToken for every Describe call of EC2.

moto pages one of them and returns everything for the others. Without MaxResults a page holds 1,000 items.
"""

import base64
import re
import xml.etree.ElementTree as ElementTree

from floorplan_sandbox import answer
from floorplan_sandbox.answer import Answer
from floorplan_sandbox.request import Request

NAMESPACE = re.compile(rb'xmlns="([^"]+)"')
LARGEST = 1000
SMALLEST = 5
# This one pages itself in moto, over two lists at once.
EXEMPT = {"DescribeVpcEndpointServices"}
# These page too, whatever their name.
OTHERS = {
    "GetManagedPrefixListEntries",
    "GetTransitGatewayRouteTableAssociations",
    "GetTransitGatewayRouteTablePropagations",
}
# Asking for ids and for pages at once is an error for these, says the API reference of each.
EXCLUSIVE = {
    "DescribeInstances": "InstanceId.1",
    "DescribeNetworkInterfaces": "NetworkInterfaceId.1",
    "DescribeVolumes": "VolumeId.1",
}


def pages(request: Request) -> bool:
    listing = request.action.startswith("Describe") or request.action in OTHERS
    return listing and request.action not in EXEMPT


def namespace_of(body: bytes) -> str:
    """The prefix of every element name in this answer, as ElementTree writes it."""
    found = NAMESPACE.search(body)
    if not found:
        return ""
    ElementTree.register_namespace("", found.group(1).decode())
    return f"{{{found.group(1).decode()}}}"


def check(request: Request) -> Answer | None:
    """The error for paging arguments that AWS refuses."""
    size = request.form.get("MaxResults")
    if size is not None:
        if not size.isdigit() or int(size) < SMALLEST:
            message = f"Value ( {size} ) for parameter maxResults is invalid. Expecting at least {SMALLEST}."
            return answer.error(request, "InvalidParameterValue", message)
        if EXCLUSIVE.get(request.action, "") in request.form:
            message = "The parameter maxResults cannot be used with a list of ids."
            return answer.error(request, "InvalidParameterCombination", message)
    token = request.form.get("NextToken")
    if token is not None and start_of(token) is None:
        return answer.error(request, "InvalidNextToken", f"The token '{token}' is invalid.")
    return None


def start_of(token: str) -> int | None:
    try:
        return int(base64.b64decode(token, validate=True).decode().removeprefix("page:"))
    except ValueError:
        return None


def cut(request: Request, whole: Answer) -> Answer:
    """The page that the request asks for, of an answer that holds everything."""
    size = min(int(request.form.get("MaxResults", LARGEST)), LARGEST)
    start = start_of(request.form.get("NextToken", "")) or 0
    if start == 0 and whole.body.count(b"<item>") + whole.body.count(b"<item ") <= size:
        return whole
    prefix = namespace_of(whole.body)
    root = ElementTree.fromstring(whole.body)
    for listing in root:
        items = listing.findall(f"{prefix}item")
        if not items:
            continue
        for position, item in enumerate(items):
            if not start <= position < start + size:
                listing.remove(item)
        if start + size < len(items):
            token = base64.b64encode(f"page:{start + size}".encode()).decode()
            ElementTree.SubElement(root, f"{prefix}nextToken").text = token
        break
    return Answer(whole.status, whole.headers, ElementTree.tostring(root))
