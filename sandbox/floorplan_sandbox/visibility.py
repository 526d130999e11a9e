"""Eventual consistency: for a while after its creation an EC2 object is not found by other calls.

The switch is the delay `visibility`, in seconds. While an object is young, a call that names it fails with
its type's NotFound code, and a Describe call leaves it out, as AWS does on a bad day. The object exists: a
second one with the same range or name is refused.
"""

import re
import threading
import time
import xml.etree.ElementTree as ElementTree

from floorplan_sandbox import answer
from floorplan_sandbox.answer import Answer
from floorplan_sandbox.control import Control
from floorplan_sandbox.paging import namespace_of
from floorplan_sandbox.request import Request

# By prefix of the id: what makes one, the Describe call of the type, and the code for an unknown id.
TYPES = {
    "vpc": ("CreateVpc", "DescribeVpcs", "InvalidVpcID.NotFound"),
    "subnet": ("CreateSubnet", "DescribeSubnets", "InvalidSubnetID.NotFound"),
    "igw": (
        "CreateInternetGateway",
        "DescribeInternetGateways",
        "InvalidInternetGatewayID.NotFound",
    ),
    "eigw": (
        "CreateEgressOnlyInternetGateway",
        "DescribeEgressOnlyInternetGateways",
        "InvalidGatewayID.NotFound",
    ),
    "eipalloc": ("AllocateAddress", "DescribeAddresses", "InvalidAllocationID.NotFound"),
    "nat": ("CreateNatGateway", "DescribeNatGateways", "NatGatewayNotFound"),
    "rtb": ("CreateRouteTable", "DescribeRouteTables", "InvalidRouteTableID.NotFound"),
    "acl": ("CreateNetworkAcl", "DescribeNetworkAcls", "InvalidNetworkAclID.NotFound"),
    "sg": ("CreateSecurityGroup", "DescribeSecurityGroups", "InvalidGroup.NotFound"),
    "dopt": ("CreateDhcpOptions", "DescribeDhcpOptions", "InvalidDhcpOptionID.NotFound"),
    "vpce": ("CreateVpcEndpoint", "DescribeVpcEndpoints", "InvalidVpcEndpointId.NotFound"),
    "pcx": (
        "CreateVpcPeeringConnection",
        "DescribeVpcPeeringConnections",
        "InvalidVpcPeeringConnectionID.NotFound",
    ),
    "pl": (
        "CreateManagedPrefixList",
        "DescribeManagedPrefixLists",
        "InvalidPrefixListID.NotFound",
    ),
    "eni": (
        "CreateNetworkInterface",
        "DescribeNetworkInterfaces",
        "InvalidNetworkInterfaceID.NotFound",
    ),
}
PREFIX_BY_MAKER = {maker: prefix for prefix, (maker, _, _) in TYPES.items()}


def maker_made(request: Request, made: Answer) -> str | None:
    """The id of the object that a call has made, of the types above."""
    prefix = PREFIX_BY_MAKER.get(request.action)
    found = prefix and re.search(rb">(%s-[0-9a-f]+)<" % prefix.encode(), made.body)
    return found.group(1).decode() if found else None


class Visibility:
    """Which objects are young, and what that does to a call."""

    def __init__(self, control: Control) -> None:
        self.control = control
        self.lock = threading.Lock()
        self.clear()

    def clear(self) -> None:
        with self.lock:
            self.visible_from: dict[str, float] = {}

    def young(self) -> set[str]:
        now = time.monotonic()
        with self.lock:
            return {name for name, moment in self.visible_from.items() if moment > now}

    def check(self, request: Request) -> Answer | None:
        """The error for a call that names a young object; filters name without expecting."""
        young = self.young()
        for name, value in request.form.items():
            if value in young and not name.startswith("Filter."):
                code = TYPES[value.split("-", 1)[0]][2]
                return answer.error(request, code, f"The ID '{value}' does not exist")
        return None

    def note(self, request: Request, made: Answer) -> None:
        """Starts the time for which what this call has made stays hidden."""
        hidden = self.control.delay("visibility")
        name = maker_made(request, made) if hidden and made.status == 200 else None
        if name:
            with self.lock:
                self.visible_from.setdefault(name, time.monotonic() + hidden)

    def hide(self, request: Request, whole: Answer) -> Answer:
        """The answer to a Describe call without the young objects of its type."""
        young = {name for name in self.young() if TYPES[name.split("-", 1)[0]][1] == request.action}
        if not young:
            return whole
        prefix = namespace_of(whole.body)
        root = ElementTree.fromstring(whole.body)
        for listing in root:
            for item in listing.findall(f"{prefix}item"):
                if any(field.text in young for field in item):
                    listing.remove(item)
        return Answer(whole.status, whole.headers, ElementTree.tostring(root))
