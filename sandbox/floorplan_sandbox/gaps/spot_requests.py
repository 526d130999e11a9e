"""Spot requests: groups are given by their ids, the default group is that of the subnet's VPC, and a cancelled request
is there for as long as its instance is.

moto knows names of groups alone, and forgets a request with its cancellation.
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
    cancelled = original(self, request_ids)
    for request in cancelled:
        if runs(request):
            request.state = "cancelled"
            request._status_code = "request-canceled-and-instance-running"
            self.spot_instance_requests[request.id] = request
        else:
            self.tags.pop(request.id, None)
    return cancelled


@around(EC2Backend, "describe_spot_instance_requests")
def describe_spot_instance_requests(original, self, *arguments, **named):
    for request in list(self.spot_instance_requests.values()):
        if request.state == "cancelled" and not runs(request):
            del self.spot_instance_requests[request.id]
            self.tags.pop(request.id, None)
    return original(self, *arguments, **named)


def runs(request):
    return request.instance._state.name not in ("shutting-down", "terminated")
