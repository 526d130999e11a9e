"""Endpoint services of one's own: filters and tags, a name that can be taken away, and zones of each once.

moto filters nothing, shows no tags, and keeps the private name.
"""

from moto.core.responses import ActionResult
from moto.ec2.models import EC2Backend
from moto.ec2.models.vpc_service_configuration import VPCServiceConfiguration
from moto.ec2.responses.vpc_service_configuration import VPCEndpointServiceConfiguration

from floorplan_sandbox.filter_table import FILTERS, attribute
from floorplan_sandbox.gaps.filters import by_ids, coded, select
from floorplan_sandbox.patch import around, instead

MISSING = coded("InvalidVpcEndpointServiceId.NotFound", "The VpcEndpointService Id '{}' does not exist")

FILTERS[VPCServiceConfiguration] = {
    "service-id": attribute("id"),
    "service-name": attribute("service_name"),
    "service-state": attribute("service_state"),
}
VPCServiceConfiguration.tags = property(lambda self: self.get_tags())
VPCServiceConfiguration.supported_ip_address_types = property(lambda self: ["ipv4"])


@instead(VPCEndpointServiceConfiguration, "describe_vpc_endpoint_service_configurations")
def describe_vpc_endpoint_service_configurations(self):
    found = by_ids(self.ec2_backend.configurations, self._get_param("ServiceIds", []), MISSING)
    return ActionResult({"ServiceConfigurations": select(self._filters_from_querystring(), found)})


@around(EC2Backend, "describe_vpc_endpoint_service_configurations")
def configurations(original, self, service_ids):
    return by_ids(self.configurations, service_ids, MISSING)


@around(EC2Backend, "create_vpc_endpoint_service_configuration")
def create(original, self, *args, **kwargs):
    made = original(self, *args, **kwargs)
    made.acceptance_required = str(made.acceptance_required).lower() == "true"
    made.availability_zones = sorted(set(made.availability_zones))
    made._supported_region_names = list(made._supported_region_names) or [self.region_name]
    return made


@around(VPCEndpointServiceConfiguration, "modify_vpc_endpoint_service_configuration")
def modify(original, self):
    answer = original(self)
    if self._get_bool_param("RemovePrivateDnsName"):
        self.ec2_backend.configurations[self._get_param("ServiceId")].private_dns_name = None
    return answer


@around(EC2Backend, "delete_vpc_endpoint_service_configurations")
def delete(original, self, service_ids):
    for name in service_ids:
        self.tags.pop(name, None)
    return original(self, service_ids)


@around(EC2Backend, "modify_vpc_endpoint_service_permissions")
def permissions(original, self, service_id, add_principals, remove_principals):
    original(self, service_id, add_principals, remove_principals)
    self.configurations[service_id].principals.sort()
