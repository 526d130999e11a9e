"""Load balancers: a name is taken once, an application balancer needs two zones, attributes fit the type,
one under deletion protection stays, and each has an interface in each of its subnets until it is gone.

moto makes a second balancer of the same name, knows one ARN form, and has neither interfaces nor addresses.
Becoming active is delayed by the switch `load_balancer`.
"""

import time

from moto.core.responses import ActionResult
from moto.ec2.models import EC2Backend
from moto.elbv2.exceptions import (
    DuplicateLoadBalancerName,
    ELBClientError,
    InvalidConfigurationRequest,
    LoadBalancerNotFoundError,
)
from moto.elbv2.models import ELBv2Backend, FakeLoadBalancer
from moto.elbv2.responses import ELBV2Response

from floorplan_sandbox.control import CONTROL
from floorplan_sandbox.gaps.interfaces import free_address
from floorplan_sandbox.patch import adds, around, instead

ARN_PART = {"application": "app", "network": "net", "gateway": "gwy"}
INTERFACE_TYPE = {
    "application": "interface",
    "network": "network_load_balancer",
    "gateway": "gateway_load_balancer",
}
COMMON = {"deletion_protection.enabled": "false", "load_balancing.cross_zone.enabled": "false"}
LOGGED = {
    "access_logs.s3.enabled": "false",
    "access_logs.s3.bucket": "",
    "access_logs.s3.prefix": "",
    "ipv6.deny_all_igw_traffic": "false",
    "zonal_shift.config.enabled": "false",
}
ATTRIBUTES = {
    "application": {
        **COMMON,
        **LOGGED,
        "load_balancing.cross_zone.enabled": "true",
        "client_keep_alive.seconds": "3600",
        "connection_logs.s3.bucket": "",
        "connection_logs.s3.enabled": "false",
        "connection_logs.s3.prefix": "",
        "health_check_logs.s3.bucket": "",
        "health_check_logs.s3.enabled": "false",
        "health_check_logs.s3.prefix": "",
        "idle_timeout.timeout_seconds": "60",
        "routing.http.desync_mitigation_mode": "defensive",
        "routing.http.drop_invalid_header_fields.enabled": "false",
        "routing.http.preserve_host_header.enabled": "false",
        "routing.http.x_amzn_tls_version_and_cipher_suite.enabled": "false",
        "routing.http.xff_client_port.enabled": "false",
        "routing.http.xff_header_processing.mode": "append",
        "routing.http2.enabled": "true",
        "waf.fail_open.enabled": "false",
    },
    "network": {
        **COMMON,
        **LOGGED,
        "dns_record.client_routing_policy": "any_availability_zone",
        "secondary_ips.auto_assigned.per_subnet": "0",
    },
    "gateway": COMMON,
}


class Zone:
    """An enabled zone, with the addresses that the balancer has there."""

    def __init__(self, subnet, mapping: dict) -> None:
        self.subnet_id = subnet.id
        self.zone_name = subnet.availability_zone
        names = {"AllocationId", "PrivateIPv4Address", "IPv6Address"}
        given = {name: value for name, value in mapping.items() if name in names}
        self.load_balancer_addresses = [given] if given else []


def availability_zones(balancer) -> list[Zone]:
    mappings = {each["SubnetId"]: each for each in balancer.mappings}
    return [Zone(subnet, mappings.get(subnet.id, {})) for subnet in balancer.subnets]


FakeLoadBalancer.availability_zones = property(availability_zones)


@around(ELBv2Backend, "create_load_balancer")
def create_load_balancer(
    original,
    self,
    name,
    security_groups,
    subnet_ids,
    subnet_mappings=None,
    scheme=None,
    loadbalancer_type=None,
    **more,
):
    kind = loadbalancer_type or "application"
    places = [*subnet_ids, *(each["SubnetId"] for each in subnet_mappings or [])]
    settings = (kind, scheme, sorted(places), sorted(security_groups), more)
    for balancer in self.load_balancers.values():
        if balancer.name == name:
            if balancer.settings == settings:
                return balancer
            raise DuplicateLoadBalancerName()
    check_places(self.ec2_backend, kind, places)
    made = original(
        self,
        name,
        security_groups,
        subnet_ids,
        subnet_mappings=subnet_mappings,
        scheme=scheme or "internet-facing",
        loadbalancer_type=kind,
        **more,
    )
    del self.load_balancers[made.arn]
    tags = self.tagging_service.get_tag_dict_for_resource(made.arn)
    made.arn = made.arn.replace("loadbalancer/app/", f"loadbalancer/{ARN_PART[kind]}/")
    self.tagging_service.tag_resource(made.arn, [{"Key": key, "Value": tags[key]} for key in tags])
    self.load_balancers[made.arn] = made
    made.settings = settings
    made.mappings = subnet_mappings or []
    made.attrs = dict(ATTRIBUTES[kind])
    made.capacity = None
    made.due = time.monotonic() + CONTROL.delay("load_balancer")
    if kind == "application" and not security_groups:
        made.security_groups = [self.ec2_backend.get_default_security_group(made.vpc_id).id]
    place_interfaces(self.ec2_backend, made)
    return made


def check_places(ec2: EC2Backend, kind: str, places: list[str]) -> None:
    zones = [ec2.get_subnet(place).availability_zone for place in places]
    if len(set(zones)) < len(zones):
        message = "A load balancer cannot be attached to multiple subnets in the same Availability Zone"
        raise InvalidConfigurationRequest(message)
    if kind == "application" and len(zones) < 2:
        raise ELBClientError(
            "ValidationError", "At least two subnets in two different Availability Zones must be specified"
        )


def place_interfaces(ec2: EC2Backend, balancer) -> None:
    """One interface per subnet, with the balancer's groups; what it has elsewhere goes."""
    balancer.interfaces = {
        place: interface
        for place, interface in getattr(balancer, "interfaces", {}).items()
        if keep(ec2, interface, place in {subnet.id for subnet in balancer.subnets})
    }
    groups = [ec2.get_security_group_from_id(group) for group in balancer.security_groups]
    for subnet in balancer.subnets:
        if subnet.id not in balancer.interfaces:
            interface = ec2.create_network_interface(
                subnet,
                free_address(ec2, subnet),
                description="ELB " + balancer.arn.split(":loadbalancer/")[1],
            )
            interface.interface_type = INTERFACE_TYPE[balancer.type]
            interface.requester_managed = True
            interface.status = "in-use"
            balancer.interfaces[subnet.id] = interface
        balancer.interfaces[subnet.id]._group_set = [group for group in groups if group]


def keep(ec2: EC2Backend, interface, wanted: bool) -> bool:
    if not wanted:
        ec2.enis.pop(interface.id, None)
    return wanted


@instead(FakeLoadBalancer, "activate")
def activate(self):
    if self.state == "provisioning" and time.monotonic() >= self.due:
        self.state = "active"


@around(ELBv2Backend, "delete_load_balancer")
def delete_load_balancer(original, self, arn):
    balancer = self.load_balancers.get(arn)
    if balancer is None:
        raise LoadBalancerNotFoundError()
    if balancer.attrs["deletion_protection.enabled"] == "true":
        message = f"Load balancer '{arn}' cannot be deleted because deletion protection is enabled"
        raise ELBClientError("OperationNotPermitted", message)
    for interface in balancer.interfaces.values():
        keep(self.ec2_backend, interface, wanted=False)
    self.tagging_service.delete_all_tags_for_resource(arn)
    return original(self, arn)


@instead(ELBv2Backend, "set_subnets")
def set_subnets(self, arn, subnets, subnet_mappings):
    balancer = found(self, arn)
    places = [*subnets, *(each["SubnetId"] for each in subnet_mappings)]
    check_places(self.ec2_backend, balancer.type, places)
    if balancer.type == "gateway" and {subnet.id for subnet in balancer.subnets} - set(places):
        raise InvalidConfigurationRequest("You cannot remove subnets from a gateway load balancer")
    balancer.subnets = [self.ec2_backend.get_subnet(place) for place in places]
    kept = [each for each in balancer.mappings if each["SubnetId"] in subnets]
    balancer.mappings = subnet_mappings or kept
    place_interfaces(self.ec2_backend, balancer)
    return balancer.availability_zones


@around(ELBv2Backend, "set_security_groups")
def set_security_groups(original, self, arn, sec_groups):
    original(self, arn, sec_groups)
    place_interfaces(self.ec2_backend, self.load_balancers[arn])


@around(ELBV2Response, "set_security_groups")
def respond_set_security_groups(original, self):
    answer = original(self)
    enforce = self._get_param("EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic")
    balancer = self.elbv2_backend.load_balancers[self._get_param("LoadBalancerArn")]
    if enforce:
        balancer.enforce_security_group_inbound_rules_on_private_link_traffic = enforce
    return answer


@around(ELBV2Response, "set_subnets")
def respond_set_subnets(original, self):
    answer = original(self)
    balancer = self.elbv2_backend.load_balancers[self._get_param("LoadBalancerArn")]
    balancer.ip_address_type = self._get_param("IpAddressType") or balancer.ip_address_type
    return answer


@instead(ELBv2Backend, "modify_load_balancer_attributes")
def modify_load_balancer_attributes(self, arn, attrs):
    balancer = found(self, arn)
    for key in attrs:
        if key not in balancer.attrs:
            message = f"Load balancer attribute key '{key}' is not supported on load balancers with type "
            raise InvalidConfigurationRequest(f"{message}'{balancer.type}'")
    balancer.attrs.update(attrs)
    return balancer.attrs


@instead(ELBV2Response, "describe_capacity_reservation")
def describe_capacity_reservation(self):
    return capacity(found(self.elbv2_backend, self._get_param("LoadBalancerArn")))


@adds(ELBV2Response, "modify_capacity_reservation")
def modify_capacity_reservation(self):
    balancer = found(self.elbv2_backend, self._get_param("LoadBalancerArn"))
    balancer.capacity = self._get_param("MinimumLoadBalancerCapacity")
    return capacity(balancer)


def capacity(balancer) -> ActionResult:
    state = [{"State": {"Code": "provisioned"}}]
    return ActionResult(
        {"MinimumLoadBalancerCapacity": balancer.capacity, "CapacityReservationState": state}
    )


def found(backend, arn: str):
    balancer = backend.load_balancers.get(arn)
    if balancer is None:
        raise LoadBalancerNotFoundError()
    return balancer
