"""EC2 objects that are only kept and given back: what the calls of types that moto does not offer have in common."""

from moto.core.responses import ActionResult
from moto.ec2 import utils
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models import tags
from moto.ec2.models.core import TaggedEC2Resource
from moto.ec2.utils import EC2_PREFIX_TO_RESOURCE, EC2_RESOURCE_TO_PREFIX
from moto.moto_api._internal import mock_random

from floorplan_sandbox.gaps.filters import select


KINDS: list[str] = []
OF_MOTO = utils.get_prefix


def prefix_of(name: str) -> str:
    """moto takes what stands before the first dash for the kind of an object."""
    own = [each for each in KINDS if name.startswith(f"{each}-")]
    return max(own, key=len) if own else OF_MOTO(name)


utils.get_prefix = prefix_of
tags.get_prefix = prefix_of


class Kept(TaggedEC2Resource):
    """An object: its members as AWS names them."""

    def __init__(self, backend, name: str, members: dict) -> None:
        self.ec2_backend = backend
        self.id = name
        self.members = members

    def get_filter_value(self, filter_name: str, method_name: str | None = None) -> object:
        """The member that a filter is named after: `vpc-id` is `VpcId`, `options.protocol` that of `Options`."""
        found = self.members
        for part in filter_name.split("."):
            found = (found or {}).get("".join(word.capitalize() for word in part.split("-")))
        return found

    def shown(self) -> dict:
        tags = self.ec2_backend.describe_tags(filters={"resource-id": [self.id]})
        return self.members | {"Tags": [{"Key": each["key"], "Value": each["value"]} for each in tags]}


class Kind:
    """A kind of object: the prefix of its ids, the member that holds the id, and what tags call it."""

    def __init__(self, prefix: str, member: str, tagged: str = "", arn: str = "", arn_member: str = "") -> None:
        self.prefix = prefix
        self.member = member
        self.tagged = tagged
        self.arn = arn
        self.arn_member = arn_member
        if tagged:
            KINDS.append(prefix)
            EC2_PREFIX_TO_RESOURCE.setdefault(prefix, tagged)
            EC2_RESOURCE_TO_PREFIX.setdefault(tagged, prefix)

    def all(self, backend) -> dict:
        return vars(backend).setdefault(f"_kept_{self.prefix.replace('-', '_')}", {})

    def missing(self, name: object) -> EC2ClientError:
        return EC2ClientError(f"Invalid{self.member}.NotFound", f"The {self.member} '{name}' does not exist.")

    def make(self, response, **members) -> Kept:
        backend = response.ec2_backend
        name = f"{self.prefix}-{mock_random.get_random_hex(17)}"
        members = {key: value for key, value in members.items() if value is not None} | {self.member: name}
        if self.arn_member:
            place = f"{backend.region_name}:{backend.account_id}:{self.arn or self.tagged}/{name}"
            members[self.arn_member] = f"arn:aws:ec2:{place}"
        made = Kept(backend, name, members)
        self.all(backend)[name] = made
        if self.tagged:
            made.add_tags(response._parse_tag_specification().get(self.tagged, {}))
        return made

    def find(self, response, name: object = None) -> Kept:
        name = name or response._get_param(self.member)
        found = self.all(response.ec2_backend).get(name)
        if found is None:
            raise self.missing(name)
        return found

    def drop(self, response, name: object = None) -> Kept:
        found = self.find(response, name)
        self.all(response.ec2_backend).pop(found.id)
        response.ec2_backend.tags.pop(found.id, None)
        return found

    def listed(self, response, key: str, ids: str = "") -> ActionResult:
        wanted = response._get_param(ids or f"{self.member}s", [])
        if isinstance(wanted, str):
            wanted = [wanted]
        found = [self.find(response, name) for name in wanted] or list(self.all(response.ec2_backend).values())
        found = select(response._filters_from_querystring(), found)
        return ActionResult({key: [each.shown() for each in found]})


def given(response, *names: str) -> dict:
    """What the request gives of these arguments."""
    all_given = {name: response._get_param(name) for name in names}
    return {name: value for name, value in all_given.items() if value is not None}


def truth(response, name: str, otherwise: bool = False) -> bool:
    return response._get_bool_param(name, otherwise)
