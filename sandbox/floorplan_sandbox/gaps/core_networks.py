"""Cloud WAN: attachments of VPCs to core networks, which have to accept them, and the labels of attachments.

A core network need not be one of the account: another one may share its own.
"""

import json
from urllib.parse import unquote

from moto.core.exceptions import JsonRESTError
from moto.ec2.models import ec2_backends
from moto.moto_api._internal import mock_random
from moto.networkmanager import urls
from moto.networkmanager.responses import NetworkManagerResponse

from floorplan_sandbox.patch import around

ASKING = "PENDING_ATTACHMENT_ACCEPTANCE"
OPTIONS = {
    "Ipv6Support": False,
    "ApplianceModeSupport": False,
    "DnsSupport": True,
    "SecurityGroupReferencingSupport": True,
}
PATHS = (
    "/vpc-attachments$",
    "/vpc-attachments/(?P<attachment>[^/]+)$",
    "/attachments$",
    "/attachments/(?P<attachment>[^/]+)$",
    "/attachments/(?P<attachment>[^/]+)/(?P<answer>accept|reject)$",
    "/routing-policy-label$",
    "/routing-policy-label/core-network/(?P<network>[^/]+)$",
    "/routing-policy-label/core-network/(?P<network>[^/]+)/attachment/(?P<attachment>[^/]+)$",
)
for path in PATHS:
    urls.url_paths[f"{{0}}{path}"] = NetworkManagerResponse.dispatch


def offers(function):
    setattr(NetworkManagerResponse, function.__name__, function)
    return function


def store(response) -> dict:
    return response.networkmanager_backend.__dict__.setdefault("attachments", {})


def refused(code: str, message: str) -> JsonRESTError:
    return JsonRESTError(code, message)


def found(response, name: str) -> dict:
    if name not in store(response):
        raise refused("ResourceNotFoundException", f"The attachment {name} does not exist")
    return store(response)[name]


def named(response) -> dict:
    parts = unquote(response.path).split("/")
    return found(response, next(part for part in parts if part.startswith("attachment-")))


def shown(thing: dict) -> str:
    members = {name: thing[name] for name in ("Attachment", "SubnetArns", "Options")}
    return json.dumps({"VpcAttachment": members})


def subnets(vpc_arn: str, arns: list[str]) -> None:
    _, _, _, region, account, vpc = vpc_arn.split(":", 5)
    held = ec2_backends[account][region]
    held.get_vpc(vpc.split("/")[-1])
    for arn in arns:
        if held.get_subnet(arn.split("/")[-1]).vpc_id != vpc.split("/")[-1]:
            raise refused("ValidationException", f"{arn} is not in {vpc_arn}")


@offers
def create_vpc_attachment(self):
    asked = json.loads(self.body)
    network, vpc = asked["CoreNetworkId"], asked["VpcArn"]
    for each in store(self).values():
        if asked.get("ClientToken") and each["Token"] == asked["ClientToken"]:
            return shown(each)
        if (each["Attachment"]["CoreNetworkId"], each["Attachment"]["ResourceArn"]) == (network, vpc):
            raise refused("ConflictException", f"{vpc} is attached to {network} already")
    subnets(vpc, asked["SubnetArns"])
    name = f"attachment-{mock_random.get_random_hex(17)}"
    attachment = {
        "AttachmentId": name,
        "CoreNetworkId": network,
        "CoreNetworkArn": f"arn:aws:networkmanager::{self.current_account}:core-network/{network}",
        "OwnerAccountId": self.current_account,
        "AttachmentType": "VPC",
        "State": ASKING,
        "EdgeLocation": vpc.split(":")[3],
        "ResourceArn": vpc,
        "Tags": asked.get("Tags") or [],
    }
    store(self)[name] = {
        "Attachment": attachment,
        "SubnetArns": asked["SubnetArns"],
        "Options": {**OPTIONS, **(asked.get("Options") or {})},
        "Label": asked.get("RoutingPolicyLabel"),
        "Token": asked.get("ClientToken"),
    }
    return shown(store(self)[name])


@offers
def get_vpc_attachment(self):
    return shown(named(self))


@offers
def update_vpc_attachment(self):
    asked, thing = json.loads(self.body), named(self)
    if thing["Attachment"]["State"] != "AVAILABLE":
        raise refused("ConflictException", "Only an attachment that is available can be changed")
    added = asked.get("AddSubnetArns") or []
    subnets(thing["Attachment"]["ResourceArn"], added)
    left = [arn for arn in thing["SubnetArns"] if arn not in (asked.get("RemoveSubnetArns") or [])]
    if not left + added:
        raise refused("ValidationException", "An attachment needs a subnet")
    thing["SubnetArns"] = left + [arn for arn in added if arn not in left]
    thing["Options"].update(asked.get("Options") or {})
    return shown(thing)


@offers
def accept_attachment(self):
    thing = named(self)
    if thing["Attachment"]["State"] != ASKING:
        raise refused("ValidationException", "The attachment does not wait to be accepted")
    thing["Attachment"].update({"State": "AVAILABLE", "SegmentName": "shared", "AttachmentPolicyRuleNumber": 100})
    return json.dumps({"Attachment": thing["Attachment"]})


@offers
def reject_attachment(self):
    thing = named(self)
    if thing["Attachment"]["State"] != ASKING:
        raise refused("ValidationException", "The attachment does not wait to be accepted")
    thing["Attachment"]["State"] = "REJECTED"
    return json.dumps({"Attachment": thing["Attachment"]})


@offers
def delete_attachment(self):
    thing = named(self)
    if thing["Attachment"]["State"] == ASKING:
        raise refused("ValidationException", "An attachment that waits to be accepted is rejected first")
    del store(self)[thing["Attachment"]["AttachmentId"]]
    return json.dumps({"Attachment": {**thing["Attachment"], "State": "DELETING"}})


@offers
def list_attachments(self):
    return json.dumps({"Attachments": [each["Attachment"] for each in store(self).values()]})


@offers
def put_attachment_routing_policy_label(self):
    asked = json.loads(self.body)
    found(self, asked["AttachmentId"])["Label"] = asked["RoutingPolicyLabel"]
    return json.dumps(asked)


@offers
def remove_attachment_routing_policy_label(self):
    named(self)["Label"] = None
    return "{}"


@offers
def list_attachment_routing_policy_associations(self):
    network = unquote(self.path).rsplit("/", 1)[-1]
    labels = [
        {"AttachmentId": name, "RoutingPolicyLabel": each["Label"]}
        for name, each in store(self).items()
        if each["Label"] and each["Attachment"]["CoreNetworkId"] == network
    ]
    return json.dumps({"AttachmentRoutingPolicyAssociations": labels})


def tags_of(response) -> dict | None:
    name = unquote(response.path).rsplit("/", 1)[-1]
    return store(response)[name]["Attachment"] if name in store(response) else None


@around(NetworkManagerResponse, "tag_resource")
def tag_resource(original, self):
    thing = tags_of(self)
    if thing is None:
        return original(self)
    new = json.loads(self.body)["Tags"]
    keys = {tag["Key"] for tag in new}
    thing["Tags"] = [tag for tag in thing["Tags"] if tag["Key"] not in keys] + new
    return 200, {}, "{}"


@around(NetworkManagerResponse, "untag_resource")
def untag_resource(original, self):
    thing = tags_of(self)
    if thing is None:
        return original(self)
    gone = self.querystring["tagKeys"]
    thing["Tags"] = [tag for tag in thing["Tags"] if tag["Key"] not in gone]
    return 200, {}, "{}"
