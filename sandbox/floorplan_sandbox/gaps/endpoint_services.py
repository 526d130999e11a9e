"""The services that VPC endpoints can be made for, without the packages of each service.

moto asks the backend of every service, and those need dependencies that the sandbox does not install.
"""

from moto.core.base_backend import BaseBackend
from moto.ec2.models import EC2Backend
from moto.ec2.models.availability_zones_and_regions import RegionsAndZonesBackend
from moto.ec2.models.vpcs import AWS_ENDPOINT_SERVICES

GATEWAY_SERVICES = ("s3", "dynamodb")
KNOWN: dict[str, list[dict]] = {}


def collect(_account_id: str, region: str) -> list[dict]:
    if region not in KNOWN:
        zones = [zone.name for zone in RegionsAndZonesBackend.zones.get(region, [])]
        make = BaseBackend.default_vpc_endpoint_service_factory
        KNOWN[region] = [
            service for name in dict.fromkeys(AWS_ENDPOINT_SERVICES) for service in make(region, zones, name)
        ]
        for name in GATEWAY_SERVICES:
            KNOWN[region] += make(region, zones, name, "Gateway", private_dns_names=False)
    return KNOWN[region]


EC2Backend._collect_default_endpoint_services = staticmethod(collect)


def is_offered(backend, service_name: str) -> bool:
    """Whether an endpoint for this service can be made in the backend's region."""
    known = collect(backend.account_id, backend.region_name)
    own = (each.service_name for each in backend.configurations.values())
    return any(each["ServiceName"] == service_name for each in known) or service_name in own
