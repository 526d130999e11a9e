"""Placement groups and capacity reservations, which moto does not offer at all."""

from moto.core.responses import ActionResult, EmptyResult
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models.core import TaggedEC2Resource
from moto.ec2.responses import EC2Response
from moto.ec2.utils import EC2_PREFIX_TO_RESOURCE, EC2_RESOURCE_TO_PREFIX
from moto.moto_api._internal import mock_random

from floorplan_sandbox.filter_table import FILTERS, attribute
from floorplan_sandbox.gaps.filters import by_ids, coded, select
from floorplan_sandbox.patch import adds

MISSING = coded("InvalidCapacityReservationId.NotFound", "The capacity reservation '{}' does not exist.")


class Kept(TaggedEC2Resource):
    """A thing with the attributes that were asked for."""

    def __init__(self, backend, name: str, **attributes) -> None:
        self.ec2_backend = backend
        self.id = name
        self.__dict__.update(attributes)

    @property
    def tags(self) -> list:
        return self.get_tags()


class PlacementGroup(Kept):
    """Where instances are put."""


class Reservation(Kept):
    """Room that is kept for instances."""


for prefix, kind in (("pg", "placement-group"), ("cr", "capacity-reservation")):
    EC2_PREFIX_TO_RESOURCE.setdefault(prefix, kind)
    EC2_RESOURCE_TO_PREFIX.setdefault(kind, prefix)

FILTERS[PlacementGroup] = {"group-name": attribute("group_name"), "strategy": attribute("strategy")}


def held(backend, what: str) -> dict:
    return vars(backend).setdefault(what, {})


@adds(EC2Response, "create_placement_group")
def create_placement_group(self):
    backend = self.ec2_backend
    name, strategy = self._get_param("GroupName"), self._get_param("Strategy")
    if name in held(backend, "_placement_groups"):
        raise EC2ClientError("InvalidPlacementGroup.Duplicate", f"The placement group {name} exists already.")
    group_id = f"pg-{mock_random.get_random_hex(17)}"
    partitions = self._get_int_param("PartitionCount")
    made = PlacementGroup(
        backend,
        group_id,
        group_id=group_id,
        group_name=name,
        group_arn=f"arn:aws:ec2:{backend.region_name}:{backend.account_id}:placement-group/{name}",
        strategy=strategy,
        partition_count=(partitions or 2) if strategy == "partition" else None,
        spread_level=(self._get_param("SpreadLevel") or "rack") if strategy == "spread" else None,
        state="available",
    )
    made.add_tags(self._parse_tag_specification().get("placement-group", {}))
    held(backend, "_placement_groups")[name] = made
    return ActionResult({"PlacementGroup": made})


@adds(EC2Response, "describe_placement_groups")
def describe_placement_groups(self):
    found = list(held(self.ec2_backend, "_placement_groups").values())
    return ActionResult({"PlacementGroups": select(self._filters_from_querystring(), found)})


@adds(EC2Response, "delete_placement_group")
def delete_placement_group(self):
    gone = held(self.ec2_backend, "_placement_groups").pop(self._get_param("GroupName"), None)
    if gone is None:
        raise EC2ClientError("InvalidPlacementGroup.Unknown", "The placement group is unknown.")
    self.ec2_backend.tags.pop(gone.id, None)
    return EmptyResult()


def own(response) -> Reservation:
    name = response._get_param("CapacityReservationId")
    return by_ids(held(response.ec2_backend, "_reservations"), [name], MISSING)[0]


@adds(EC2Response, "create_capacity_reservation")
def create_capacity_reservation(self):
    backend = self.ec2_backend
    name = f"cr-{mock_random.get_random_hex(17)}"
    count = self._get_int_param("InstanceCount")
    made = Reservation(
        backend,
        name,
        capacity_reservation_id=name,
        capacity_reservation_arn=f"arn:aws:ec2:{backend.region_name}:{backend.account_id}:capacity-reservation/{name}",
        owner_id=backend.account_id,
        availability_zone=self._get_param("AvailabilityZone"),
        ebs_optimized=self._get_bool_param("EbsOptimized", False),
        end_date=self._get_param("EndDate"),
        end_date_type=self._get_param("EndDateType") or "unlimited",
        ephemeral_storage=self._get_bool_param("EphemeralStorage", False),
        total_instance_count=count,
        available_instance_count=count,
        instance_match_criteria=self._get_param("InstanceMatchCriteria") or "open",
        instance_platform=self._get_param("InstancePlatform"),
        instance_type=self._get_param("InstanceType"),
        outpost_arn=self._get_param("OutpostArn"),
        placement_group_arn=self._get_param("PlacementGroupArn"),
        tenancy=self._get_param("Tenancy") or "default",
        state="active",
    )
    made.add_tags(self._parse_tag_specification().get("capacity-reservation", {}))
    held(backend, "_reservations")[name] = made
    return ActionResult({"CapacityReservation": made})


@adds(EC2Response, "describe_capacity_reservations")
def describe_capacity_reservations(self):
    found = by_ids(held(self.ec2_backend, "_reservations"), self._get_param("CapacityReservationIds", []), MISSING)
    return ActionResult({"CapacityReservations": found})


@adds(EC2Response, "modify_capacity_reservation")
def modify_capacity_reservation(self):
    found = own(self)
    found.total_instance_count = self._get_int_param("InstanceCount") or found.total_instance_count
    found.available_instance_count = found.total_instance_count
    found.end_date_type = self._get_param("EndDateType") or found.end_date_type
    found.end_date = self._get_param("EndDate") if found.end_date_type == "limited" else None
    return ActionResult({"Return": True})


@adds(EC2Response, "cancel_capacity_reservation")
def cancel_capacity_reservation(self):
    gone = held(self.ec2_backend, "_reservations").pop(own(self).id)
    self.ec2_backend.tags.pop(gone.id, None)
    return ActionResult({"Return": True})
