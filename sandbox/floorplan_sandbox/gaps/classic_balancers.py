"""Classic balancers: the protocol that a listener speaks with instances, and the group that a balancer calls from.

moto gives a listener one protocol for both sides, every balancer the group `default`, and none a health check, a hosted
zone, or the zones of its subnets.
"""

from moto.ec2.models import ec2_backends
from moto.elb.models import ELBBackend, FakeHealthCheck, FakeListener, LoadBalancer

from floorplan_sandbox.patch import around

FakeListener.instance_protocol = property(lambda self: self.__dict__.get("_instance_protocol") or self.protocol)


def keep(balancer, ports: list[dict]) -> None:
    spoken = {str(port["LoadBalancerPort"]): port.get("InstanceProtocol") for port in ports if "LoadBalancerPort" in port}
    for listener in balancer.listeners:
        protocol = spoken.get(str(listener.load_balancer_port))
        if protocol:
            listener.__dict__["_instance_protocol"] = protocol.upper()


@around(ELBBackend, "create_load_balancer")
def create_load_balancer(original, self, *args, **kwargs):
    made = original(self, *args, **kwargs)
    made.__dict__["_region"] = self.region_name
    keep(made, kwargs.get("ports") or [])
    if made.health_check is None:
        made.health_check = FakeHealthCheck("5", "10", "2", "30", f"TCP:{made.listeners[0].instance_port}")
    return made


@around(ELBBackend, "create_load_balancer_listeners")
def create_load_balancer_listeners(original, self, name, ports):
    answer = original(self, name, ports)
    keep(self.load_balancers[name], ports)
    return answer


def source_group(balancer) -> dict:
    groups = ec2_backends[balancer.account_id][balancer.__dict__.get("_region", "us-east-1")]
    first = next(iter(balancer.security_groups), None)
    found = groups.get_security_group_from_id(first) if first else None
    return {"OwnerAlias": balancer.account_id, "GroupName": found.name if found else "default"}


LoadBalancer.source_security_group = property(source_group)
LoadBalancer.canonical_hosted_zone_name_id = "Z32O12XQLNTSW2"


def zones(balancer) -> list[str]:
    if not balancer.subnets:
        return balancer.__dict__.get("_zones", [])
    backend = ec2_backends[balancer.account_id][balancer.__dict__.get("_region", "us-east-1")]
    return sorted({backend.get_subnet(subnet).availability_zone for subnet in balancer.subnets})


LoadBalancer.availability_zones = property(zones, lambda self, value: self.__dict__.__setitem__("_zones", value))
