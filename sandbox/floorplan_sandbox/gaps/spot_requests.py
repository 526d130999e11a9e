"""Spot requests: groups are given by their ids, and the default group is that of the subnet's VPC.

moto knows names of groups alone.
"""

from moto.ec2.models import EC2Backend
from moto.ec2.responses.spot_instances import SpotInstances

from floorplan_sandbox.patch import around


@around(SpotInstances, "request_spot_instances")
def request_spot_instances(original, self):
    backend = self.ec2_backend
    groups = self._get_param("LaunchSpecification.SecurityGroupIds", [])
    subnet = self._get_param("LaunchSpecification.SubnetId")
    if not groups and subnet:
        groups = [backend.get_default_security_group(backend.get_subnet(subnet).vpc_id).id]
    backend._spot_groups = groups
    return original(self)


@around(EC2Backend, "request_spot_instances")
def make(original, self, **arguments):
    arguments["security_groups"] = arguments.get("security_groups") or vars(self).pop("_spot_groups", [])
    return original(self, **arguments)


@around(EC2Backend, "cancel_spot_instance_requests")
def cancel_spot_instance_requests(original, self, request_ids):
    for name in request_ids:
        self.tags.pop(name, None)
    return original(self, request_ids)
