"""Availability Zones: opt-in status, groups and border groups are told, and all filters work.

moto leaves the fields out and ignores the filters for them.
"""

from moto.ec2.models import EC2Backend
from moto.ec2.models.availability_zones_and_regions import Zone

from floorplan_sandbox.filter_table import FILTERS, attribute
from floorplan_sandbox.gaps.filters import select
from floorplan_sandbox.patch import instead

Zone.opt_in_status = "opt-in-not-required"
Zone.group_name = property(lambda zone: f"{zone.region_name}-zg-1")
Zone.network_border_group = property(lambda zone: zone.region_name)

FILTERS[Zone] = {
    "group-name": attribute("group_name"),
    "network-border-group": attribute("network_border_group"),
    "opt-in-status": attribute("opt_in_status"),
    "region-name": attribute("region_name"),
    "state": attribute("state"),
    "zone-id": attribute("zone_id"),
    "zone-name": attribute("name"),
    "zone-type": attribute("zone_type"),
}


@instead(EC2Backend, "describe_availability_zones")
def describe_availability_zones(self, filters=None, zone_names=None, zone_ids=None):
    zones = [
        zone
        for zone in self.zones.get(self.region_name, [])
        if (not zone_names or zone.name in zone_names) and (not zone_ids or zone.zone_id in zone_ids)
    ]
    return select(filters, zones)
