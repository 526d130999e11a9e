"""Shares are listed by their ARNs, have tags and permissions, and take things and principals after they are made."""

import json
from urllib.parse import unquote

from moto.ram.exceptions import UnknownResourceException
from moto.ram.models import ResourceAccessManagerBackend, ResourceShare
from moto.ram.responses import ResourceAccessManagerResponse
from moto.ram.urls import url_paths

from floorplan_sandbox.patch import adds, around

for name in (
    "associateresourceshare",
    "disassociateresourceshare",
    "listresourcesharepermissions",
    "tagresource",
    "untagresource",
):
    url_paths["{0}/" + name + "$"] = ResourceAccessManagerResponse.dispatch


@around(ResourceShare, "__init__")
def __init__(original, self, account_id, region, **given):
    original(self, account_id, region, **given)
    self.tags = list(given.get("tags", []))
    self.permissions = list(given.get("permissionArns", []))
    kept = given.get("resourceShareConfiguration") or {"retainSharingOnAccountLeaveOrganization": False}
    self.configuration = kept
    self.token = given.get("clientToken")


@around(ResourceShare, "describe")
def describe(original, self):
    return {**original(self), "tags": self.tags, "resourceShareConfiguration": self.configuration}


@around(ResourceAccessManagerBackend, "create_resource_share")
def create_resource_share(original, self, **given):
    token = given.get("clientToken")
    again = [share for share in self.resource_shares if token and share.token == token]
    if again:
        return {"resourceShare": again[0].describe(), "clientToken": token}
    return original(self, **given)


@around(ResourceAccessManagerResponse, "get_resource_shares")
def get_resource_shares(original, self):
    answer = json.loads(original(self))
    arns = self._get_param("resourceShareArns")
    found = answer["resourceShares"]
    return json.dumps({"resourceShares": [s for s in found if not arns or s["resourceShareArn"] in arns]})


@around(ResourceAccessManagerBackend, "delete_resource_share")
def delete_resource_share(original, self, resource_share_arn):
    arn = unquote(resource_share_arn or "")
    answer = original(self, arn)
    share(self, arn).principals.clear()
    share(self, arn).resource_arns.clear()
    return answer


def share(backend, arn: str) -> ResourceShare:
    for found in backend.resource_shares:
        if found.arn == arn:
            return found
    raise UnknownResourceException(f"ResourceShare {arn} could not be found.")


def asked(response) -> tuple[ResourceShare, dict]:
    given = response.request_params
    return share(response.ram_backend, given["resourceShareArn"]), given


@adds(ResourceAccessManagerResponse, "associate_resource_share")
def associate_resource_share(self):
    found, given = asked(self)
    found.add_principals([one for one in given.get("principals", []) if one not in found.principals])
    found.add_resources([one for one in given.get("resourceArns", []) if one not in found.resource_arns])
    return json.dumps({"resourceShareAssociations": []})


@adds(ResourceAccessManagerResponse, "disassociate_resource_share")
def disassociate_resource_share(self):
    found, given = asked(self)
    found.principals = [one for one in found.principals if one not in given.get("principals", [])]
    found.resource_arns = [one for one in found.resource_arns if one not in given.get("resourceArns", [])]
    return json.dumps({"resourceShareAssociations": []})


@adds(ResourceAccessManagerResponse, "list_resource_share_permissions")
def list_resource_share_permissions(self):
    found, _ = asked(self)
    return json.dumps({"permissions": [{"arn": arn} for arn in found.permissions]})


@adds(ResourceAccessManagerResponse, "tag_resource")
def tag_resource(self):
    found, given = asked(self)
    new = {tag["key"] for tag in given["tags"]}
    found.tags = [tag for tag in found.tags if tag["key"] not in new] + given["tags"]
    return "{}"


@adds(ResourceAccessManagerResponse, "untag_resource")
def untag_resource(self):
    found, given = asked(self)
    found.tags = [tag for tag in found.tags if tag["key"] not in given["tagKeys"]]
    return "{}"
