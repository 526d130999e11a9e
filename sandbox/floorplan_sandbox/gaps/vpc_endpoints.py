"""VPC endpoints: services are checked, states take time, routes and interfaces are kept in step.

moto accepts any service name, puts no routes into route tables, ignores PrivateDnsEnabled on modify, and
lists a deleted endpoint for ever. The delay is the switch `vpc_endpoint`, in seconds.
"""

import time

from moto.core.responses import ActionResult
from moto.ec2.exceptions import EC2ClientError, InvalidServiceName
from moto.ec2.models import EC2Backend
from moto.ec2.models.route_tables import Route
from moto.ec2.models.vpcs import VPCEndPoint
from moto.ec2.responses.vpcs import VPCs
from moto.ec2.utils import create_dns_entries, random_vpc_ep_id

from floorplan_sandbox.control import CONTROL
from floorplan_sandbox.gaps.endpoint_services import GATEWAY_SERVICES, is_offered
from floorplan_sandbox.gaps.interfaces import free_address
from floorplan_sandbox.patch import instead


def invalid(message: str) -> EC2ClientError:
    return EC2ClientError("InvalidParameter", message)


def enter(endpoint, phase: str) -> None:
    endpoint._phase = phase
    endpoint._due = time.monotonic() + CONTROL.delay("vpc_endpoint")


def settle(endpoint) -> None:
    if endpoint._phase not in ("pending", "deleting") or time.monotonic() < endpoint._due:
        return
    if endpoint._phase == "pending":
        endpoint._phase = "available"
        return
    endpoint._phase = "deleted"
    backend = endpoint.ec2_backend
    for interface_id in endpoint.network_interface_ids:
        backend.enis.pop(interface_id, None)
    for table_id in endpoint.route_table_ids:
        drop_route(backend, endpoint, table_id)
    backend.vpc_end_points.pop(endpoint.id, None)
    backend.tags.pop(endpoint.id, None)


def state(endpoint) -> str:
    settle(endpoint)
    return endpoint._phase


def settle_vpc_endpoints(backend) -> None:
    for endpoint in list(backend.vpc_end_points.values()):
        settle(endpoint)


# moto's constructor assigns the state; ours is entered afterwards.
VPCEndPoint.state = property(state, lambda endpoint, value: setattr(endpoint, "_phase", value))
VPCEndPoint.ip_address_type = "ipv4"
VPCEndPoint.requester_managed = False
EC2Backend.settle_vpc_endpoints = settle_vpc_endpoints


def put_route(backend, endpoint, table_id: str) -> None:
    table = backend.get_route_table(table_id)
    prefix_list = backend.managed_prefix_lists[endpoint.destination_prefix_list_id]
    route = Route(table, None, None, prefix_list, gateway=endpoint)
    table._routes[route.id] = route


def drop_route(backend, endpoint, table_id: str) -> None:
    table = backend.route_tables.get(table_id)
    for name, route in list(table._routes.items()) if table else []:
        if route.gateway is endpoint:
            del table._routes[name]


def add_interface(backend, endpoint, subnet_id: str) -> None:
    subnet = backend.get_subnet(subnet_id)
    interface = backend.create_network_interface(
        subnet,
        free_address(backend, subnet),
        group_ids=list(endpoint.security_group_ids),
        description=f"VPC Endpoint Interface {endpoint.id}",
    )
    interface.interface_type = "vpc_endpoint"
    interface.requester_managed = True
    interface.status = "in-use"
    endpoint.network_interface_ids.append(interface.id)


@instead(EC2Backend, "create_vpc_endpoint")
def create_vpc_endpoint(
    self,
    vpc_id,
    service_name,
    endpoint_type=None,
    policy_document=None,
    route_table_ids=(),
    subnet_ids=(),
    client_token=None,
    security_group_ids=(),
    tags=None,
    private_dns_enabled=None,
    **_,
):
    vpc = self.get_vpc(vpc_id)
    kind = endpoint_type or "Gateway"
    if not is_offered(self, service_name):
        raise InvalidServiceName(service_name)
    if kind == "Gateway" and service_name.rsplit(".", 1)[-1] not in GATEWAY_SERVICES:
        raise invalid("Endpoint type (Gateway) does not match available service types ([Interface]).")
    private_dns = kind == "Interface" and private_dns_enabled is not False
    if private_dns and not (vpc.enable_dns_support and vpc.enable_dns_hostnames):
        raise invalid(
            "Enabling private DNS requires both enableDnsSupport and enableDnsHostnames"
            f" VPC attributes set to true for {vpc_id}"
        )
    for table_id in route_table_ids:
        self.get_route_table(table_id)
    groups = list(security_group_ids)
    if kind == "Interface" and not groups:
        groups = [self.get_default_security_group(vpc_id).id]
    endpoint_id = random_vpc_ep_id()
    endpoint = VPCEndPoint(
        self,
        endpoint_id,
        vpc_id,
        service_name,
        kind,
        policy_document,
        list(route_table_ids),
        list(subnet_ids),
        dns_entries=[create_dns_entries(service_name, endpoint_id)] if kind == "Interface" else [],
        client_token=client_token,
        security_group_ids=groups,
        tags=tags,
        private_dns_enabled=private_dns,
    )
    if kind == "Gateway":
        endpoint.destination_prefix_list_id = next(
            each.id for each in self.managed_prefix_lists.values() if each.prefix_list_name == service_name
        )
        for table_id in endpoint.route_table_ids:
            put_route(self, endpoint, table_id)
    else:
        for subnet_id in endpoint.subnet_ids:
            add_interface(self, endpoint, subnet_id)
    self.vpc_end_points[endpoint_id] = endpoint
    enter(endpoint, "pending")
    return endpoint


@instead(VPCs, "modify_vpc_endpoint")
def modify_vpc_endpoint(self):
    backend = self.ec2_backend
    endpoint = backend.get_vpc_end_point(self._get_param("VpcEndpointId"))
    policy = self._get_param("PolicyDocument")
    if policy:
        endpoint.policy_document = policy
    if self._get_bool_param("ResetPolicy"):
        endpoint.policy_document = VPCEndPoint(
            backend, endpoint.id, endpoint.vpc_id, endpoint.service_name, None, None, []
        ).policy_document
    private_dns = self._get_bool_param("PrivateDnsEnabled")
    if private_dns is not None:
        endpoint.private_dns_enabled = private_dns
    change_groups(self, endpoint)
    for table_id in self._get_param("AddRouteTableIds", []):
        if table_id not in endpoint.route_table_ids:
            put_route(backend, endpoint, table_id)
            endpoint.route_table_ids.append(table_id)
    for table_id in self._get_param("RemoveRouteTableIds", []):
        drop_route(backend, endpoint, table_id)
        endpoint.route_table_ids = [each for each in endpoint.route_table_ids if each != table_id]
    for subnet_id in self._get_param("AddSubnetIds", []):
        if subnet_id not in endpoint.subnet_ids:
            add_interface(backend, endpoint, subnet_id)
            endpoint.subnet_ids.append(subnet_id)
    for subnet_id in self._get_param("RemoveSubnetIds", []):
        remove_subnet(backend, endpoint, subnet_id)
    return ActionResult({"Return": True})


def change_groups(response, endpoint) -> None:
    added = response._get_param("AddSecurityGroupIds", [])
    removed = response._get_param("RemoveSecurityGroupIds", [])
    if not added and not removed:
        return
    kept = [each for each in endpoint.security_group_ids if each not in removed]
    endpoint.security_group_ids = kept + [each for each in added if each not in kept]
    backend = endpoint.ec2_backend
    groups = [backend.get_security_group_from_id(each) for each in endpoint.security_group_ids]
    for interface_id in endpoint.network_interface_ids:
        backend.enis[interface_id]._group_set = groups


def remove_subnet(backend, endpoint, subnet_id: str) -> None:
    endpoint.subnet_ids = [each for each in endpoint.subnet_ids if each != subnet_id]
    for interface_id in list(endpoint.network_interface_ids):
        if backend.enis[interface_id].subnet.id == subnet_id:
            backend.enis.pop(interface_id)
            endpoint.network_interface_ids.remove(interface_id)


@instead(VPCs, "delete_vpc_endpoints")
def delete_vpc_endpoints(self):
    backend = self.ec2_backend
    settle_vpc_endpoints(backend)
    unsuccessful = []
    for endpoint_id in self._get_param("VpcEndpointIds", []):
        endpoint = backend.vpc_end_points.get(endpoint_id)
        if endpoint is None:
            message = f"The Vpc Endpoint Id '{endpoint_id}' does not exist"
            error = {"Code": "InvalidVpcEndpointId.NotFound", "Message": message}
            unsuccessful.append({"ResourceId": endpoint_id, "Error": error})
        elif endpoint._phase != "deleting":
            enter(endpoint, "deleting")
            settle(endpoint)
    return ActionResult({"Unsuccessful": unsuccessful})
