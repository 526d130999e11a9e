"""IPAM: registers, scopes, pools, their ranges, and what is allocated of them by hand, which moto does not offer."""

import ipaddress

from moto.core.responses import ActionResult
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models.core import TaggedEC2Resource
from moto.ec2.responses import EC2Response
from moto.moto_api._internal import mock_random

from floorplan_sandbox.filter_table import FILTERS, attribute
from floorplan_sandbox.gaps.filters import by_ids, coded, select
from floorplan_sandbox.gaps.plain import Kind
from floorplan_sandbox.patch import adds


class Kept(TaggedEC2Resource):
    """An object of IPAM with the attributes that were asked for."""

    def __init__(self, backend, kind: str, **attributes) -> None:
        self.ec2_backend = backend
        self.id = f"{kind}-{mock_random.get_random_hex(17)}"
        self.arn = f"arn:aws:ec2::{backend.account_id}:{kind}/{self.id}"
        self.owner_id = backend.account_id
        self.ipam_region = backend.region_name
        self.state = "create-complete"
        self.__dict__.update(attributes)

    @property
    def tags(self) -> list:
        return self.get_tags()


class Register(Kept):
    """An IPAM."""

    ipam_id = property(lambda self: self.id)
    ipam_arn = property(lambda self: self.arn)

    @property
    def scope_count(self) -> int:
        return sum(each.ipam_arn == self.arn for each in held(self.ec2_backend, "scopes").values())


class Scope(Kept):
    """A space of a register."""

    ipam_scope_id = property(lambda self: self.id)
    ipam_scope_arn = property(lambda self: self.arn)

    @property
    def pool_count(self) -> int:
        return sum(each.ipam_scope_arn == self.arn for each in held(self.ec2_backend, "pools").values())


class Pool(Kept):
    """Ranges that addresses are taken from."""

    ipam_pool_id = property(lambda self: self.id)
    ipam_pool_arn = property(lambda self: self.arn)


FILTERS[Register] = {"ipam-id": attribute("id")}
FILTERS[Scope] = {"ipam-scope-id": attribute("id")}
FILTERS[Pool] = {"ipam-pool-id": attribute("id")}


def held(backend, what: str) -> dict:
    return vars(backend).setdefault(f"_ipam_{what}", {})


def own(response, what: str, parameter: str):
    missing = coded(f"Invalid{parameter}.NotFound", "The IPAM object {} does not exist.")
    return by_ids(held(response.ec2_backend, what), [response._get_param(parameter)], missing)[0]


def listed(response, what: str, parameter: str, key: str) -> ActionResult:
    missing = coded(f"Invalid{parameter}.NotFound", "The IPAM object {} does not exist.")
    found = by_ids(held(response.ec2_backend, what), response._get_param(f"{parameter}s", []), missing)
    return ActionResult({key: select(response._filters_from_querystring(), found)})


def gone(response, what: str, thing) -> None:
    held(response.ec2_backend, what).pop(thing.id)
    response.ec2_backend.tags.pop(thing.id, None)
    thing.state = "delete-complete"


def tagged(response, thing, kind: str) -> None:
    thing.add_tags(response._parse_tag_specification().get(kind, {}))


def make_scope(response, register, kind: str, default: bool, description: str | None = None) -> Scope:
    backend = response.ec2_backend
    made = Scope(
        backend,
        "ipam-scope",
        ipam_arn=register.arn,
        ipam_scope_type=kind,
        is_default=default,
        description=description,
    )
    held(backend, "scopes")[made.id] = made
    return made


@adds(EC2Response, "create_ipam")
def create_ipam(self):
    made = Register(
        self.ec2_backend,
        "ipam",
        description=self._get_param("Description"),
        enable_private_gua=self._get_bool_param("EnablePrivateGua", False),
        metered_account=self._get_param("MeteredAccount") or "ipam-owner",
        operating_regions=self._get_param("OperatingRegions", []),
        tier=self._get_param("Tier") or "advanced",
    )
    held(self.ec2_backend, "registers")[made.id] = made
    made.private_default_scope_id = make_scope(self, made, "private", True).id
    made.public_default_scope_id = make_scope(self, made, "public", True).id
    tagged(self, made, "ipam")
    return ActionResult({"Ipam": made})


@adds(EC2Response, "describe_ipams")
def describe_ipams(self):
    return listed(self, "registers", "IpamId", "Ipams")


@adds(EC2Response, "modify_ipam")
def modify_ipam(self):
    found = own(self, "registers", "IpamId")
    if self._get_param("Description") is not None:
        found.description = self._get_param("Description")
    found.tier = self._get_param("Tier") or found.tier
    left = {each["RegionName"] for each in self._get_param("RemoveOperatingRegions", [])}
    kept = [each for each in found.operating_regions if each["RegionName"] not in left]
    found.operating_regions = kept + self._get_param("AddOperatingRegions", [])
    return ActionResult({"Ipam": found})


@adds(EC2Response, "delete_ipam")
def delete_ipam(self):
    found = own(self, "registers", "IpamId")
    scopes = [each for each in held(self.ec2_backend, "scopes").values() if each.ipam_arn == found.arn]
    if not self._get_bool_param("Cascade") and any(each.pool_count or not each.is_default for each in scopes):
        raise EC2ClientError("DependencyViolation", f"{found.id} has scopes or pools.")
    for scope in scopes:
        gone(self, "scopes", scope)
    gone(self, "registers", found)
    return ActionResult({"Ipam": found})


@adds(EC2Response, "create_ipam_scope")
def create_ipam_scope(self):
    register = own(self, "registers", "IpamId")
    made = make_scope(self, register, "private", False, self._get_param("Description"))
    tagged(self, made, "ipam-scope")
    return ActionResult({"IpamScope": made})


@adds(EC2Response, "describe_ipam_scopes")
def describe_ipam_scopes(self):
    return listed(self, "scopes", "IpamScopeId", "IpamScopes")


@adds(EC2Response, "modify_ipam_scope")
def modify_ipam_scope(self):
    found = own(self, "scopes", "IpamScopeId")
    found.description = self._get_param("Description")
    return ActionResult({"IpamScope": found})


@adds(EC2Response, "delete_ipam_scope")
def delete_ipam_scope(self):
    found = own(self, "scopes", "IpamScopeId")
    if found.pool_count:
        raise EC2ClientError("DependencyViolation", f"{found.id} has pools.")
    gone(self, "scopes", found)
    return ActionResult({"IpamScope": found})


# What tags call the kinds of objects.
for kind in ("ipam", "ipam-scope", "ipam-pool"):
    Kind(kind, "", kind)
Kind("ipam-pool-alloc", "", "ipam-pool-allocation")

LENGTHS = ("AllocationMinNetmaskLength", "AllocationMaxNetmaskLength", "AllocationDefaultNetmaskLength")


def snake(name: str) -> str:
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")


@adds(EC2Response, "create_ipam_pool")
def create_ipam_pool(self):
    scope = own(self, "scopes", "IpamScopeId")
    made = Pool(
        self.ec2_backend,
        "ipam-pool",
        ipam_scope_arn=scope.arn,
        ipam_scope_type=scope.ipam_scope_type,
        ipam_arn=scope.ipam_arn,
        address_family=self._get_param("AddressFamily"),
        auto_import=self._get_bool_param("AutoImport", False),
        aws_service=self._get_param("AwsService"),
        description=self._get_param("Description"),
        locale=self._get_param("Locale") or "None",
        pool_depth=1,
        public_ip_source=self._get_param("PublicIpSource"),
        source_ipam_pool_id=self._get_param("SourceIpamPoolId"),
        allocation_resource_tags=self._get_param("AllocationResourceTags", []),
        ranges={},
        allocations={},
        **{snake(name): self._get_int_param(name) for name in LENGTHS},
    )
    held(self.ec2_backend, "pools")[made.id] = made
    tagged(self, made, "ipam-pool")
    return ActionResult({"IpamPool": made})


@adds(EC2Response, "describe_ipam_pools")
def describe_ipam_pools(self):
    return listed(self, "pools", "IpamPoolId", "IpamPools")


@adds(EC2Response, "modify_ipam_pool")
def modify_ipam_pool(self):
    found = own(self, "pools", "IpamPoolId")
    if self._get_param("Description") is not None:
        found.description = self._get_param("Description")
    if self._get_param("AutoImport") is not None:
        found.auto_import = self._get_bool_param("AutoImport")
    for name in LENGTHS:
        given = self._get_int_param(name)
        setattr(found, snake(name), getattr(found, snake(name)) if given is None else given)
    if self._get_bool_param("ClearAllocationDefaultNetmaskLength"):
        found.allocation_default_netmask_length = None
    return ActionResult({"IpamPool": found})


@adds(EC2Response, "delete_ipam_pool")
def delete_ipam_pool(self):
    found = own(self, "pools", "IpamPoolId")
    if found.ranges and not self._get_bool_param("Cascade"):
        raise EC2ClientError("DependencyViolation", f"{found.id} has ranges.")
    gone(self, "pools", found)
    return ActionResult({"IpamPool": found})


@adds(EC2Response, "provision_ipam_pool_cidr")
def provision_ipam_pool_cidr(self):
    found = own(self, "pools", "IpamPoolId")
    cidr = self._get_param("Cidr") or f"10.{len(found.ranges)}.0.0/{self._get_int_param('NetmaskLength')}"
    if cidr in found.ranges:
        raise EC2ClientError("InvalidIpamPoolCidr.Duplicate", f"{cidr} is in the pool already.")
    found.ranges[cidr] = {
        "Cidr": cidr,
        "State": "provisioned",
        "IpamPoolCidrId": f"ipam-pool-cidr-{mock_random.get_random_hex(17)}",
        "NetmaskLength": ipaddress.ip_network(cidr).prefixlen,
    }
    return ActionResult({"IpamPoolCidr": found.ranges[cidr]})


@adds(EC2Response, "get_ipam_pool_cidrs")
def get_ipam_pool_cidrs(self):
    found = own(self, "pools", "IpamPoolId")
    return ActionResult({"IpamPoolCidrs": list(found.ranges.values())})


@adds(EC2Response, "deprovision_ipam_pool_cidr")
def deprovision_ipam_pool_cidr(self):
    found = own(self, "pools", "IpamPoolId")
    taken = found.ranges.pop(self._get_param("Cidr"), None)
    if taken is None:
        raise EC2ClientError("InvalidIpamPoolCidr.NotFound", "The range is not in the pool.")
    return ActionResult({"IpamPoolCidr": taken | {"State": "deprovisioned"}})


def free_range(pool, length: int, kept_out: list) -> str:
    """The first range of this length that nothing has."""
    taken = [ipaddress.ip_network(each.cidr) for each in pool.allocations.values()]
    taken += [ipaddress.ip_network(each) for each in kept_out]
    for cidr in pool.ranges:
        for wanted in ipaddress.ip_network(cidr).subnets(new_prefix=length):
            if not any(wanted.overlaps(other) for other in taken):
                return str(wanted)
    raise EC2ClientError("InsufficientCidrBlocks", f"{pool.id} has no room for a range of /{length}.")


class Allocation(Kept):
    """A range that is taken of a pool."""

    ipam_pool_allocation_id = property(lambda self: self.id)
    resource_type = "custom"
    resource_owner = property(lambda self: self.owner_id)


@adds(EC2Response, "allocate_ipam_pool_cidr")
def allocate_ipam_pool_cidr(self):
    pool = own(self, "pools", "IpamPoolId")
    length = self._get_int_param("NetmaskLength") or pool.allocation_default_netmask_length
    cidr = self._get_param("Cidr") or free_range(pool, length or 24, self._get_param("DisallowedCidrs", []))
    if any(each.cidr == cidr for each in pool.allocations.values()):
        raise EC2ClientError("InvalidIpamPoolAllocation.Duplicate", f"{cidr} is allocated already.")
    if self._get_bool_param("PreviewNextCidr"):
        return ActionResult({"IpamPoolAllocation": {"Cidr": cidr}})
    made = Allocation(
        self.ec2_backend, "ipam-pool-alloc", cidr=cidr, description=self._get_param("Description"), resource_id=None
    )
    pool.allocations[made.id] = made
    tagged(self, made, "ipam-pool-allocation")
    return ActionResult({"IpamPoolAllocation": made})


@adds(EC2Response, "get_ipam_pool_allocations")
def get_ipam_pool_allocations(self):
    found = own(self, "pools", "IpamPoolId").allocations
    return ActionResult({"IpamPoolAllocations": list(found.values())})


@adds(EC2Response, "release_ipam_pool_allocation")
def release_ipam_pool_allocation(self):
    name = self._get_param("IpamPoolAllocationId")
    if own(self, "pools", "IpamPoolId").allocations.pop(name, None) is None:
        raise EC2ClientError("InvalidIpamPoolAllocationId.NotFound", f"{name} does not exist.")
    self.ec2_backend.tags.pop(name, None)
    return ActionResult({"Success": True})
