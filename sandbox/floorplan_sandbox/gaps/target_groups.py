"""Target groups: attributes fit the protocol, and a group is in use for as long as something forwards to it.

moto knows few attributes, takes any, and never forgets a balancer that used the group.
"""

from moto.elbv2.exceptions import ValidationError
from moto.elbv2.models import ELBv2Backend, FakeTargetGroup, elbv2_backends

from floorplan_sandbox.patch import around

HEALTH = {
    f"target_group_health.{what}.minimum_healthy_targets.{unit}": "1" if unit == "count" else "off"
    for what in ("dns_failover", "unhealthy_state_routing")
    for unit in ("count", "percentage")
}
SHARED = {
    "deregistration_delay.timeout_seconds": "300",
    "stickiness.enabled": "false",
    "load_balancing.cross_zone.enabled": "use_load_balancer_configuration",
    **HEALTH,
}
WEB = {
    **SHARED,
    "stickiness.type": "lb_cookie",
    "stickiness.lb_cookie.duration_seconds": "86400",
    "stickiness.app_cookie.cookie_name": "",
    "stickiness.app_cookie.duration_seconds": "86400",
    "load_balancing.algorithm.type": "round_robin",
    "load_balancing.algorithm.anomaly_mitigation": "off",
    "slow_start.duration_seconds": "0",
}
LAMBDA = {"lambda.multi_value_headers.enabled": "false", **HEALTH}
FLOW = {
    **SHARED,
    "stickiness.type": "source_ip",
    "deregistration_delay.connection_termination.enabled": "false",
    "preserve_client_ip.enabled": "true",
    "proxy_protocol_v2.enabled": "false",
    "target_health_state.unhealthy.connection_termination.enabled": "true",
    "target_health_state.unhealthy.draining_interval_seconds": "",
}
GATEWAY = {
    "deregistration_delay.timeout_seconds": "300",
    "stickiness.enabled": "false",
    "stickiness.type": "source_ip_dest_ip_proto",
    "target_failover.on_deregistration": "no_rebalance",
    "target_failover.on_unhealthy": "no_rebalance",
}


@around(FakeTargetGroup, "__init__")
def build(original, self, *args, **kwargs):
    original(self, *args, **kwargs)
    if self.target_type == "lambda":
        self.attributes = dict(LAMBDA)
    elif self.protocol == "GENEVE":
        self.attributes = dict(GATEWAY)
    else:
        self.attributes = dict(WEB if self.protocol in ("HTTP", "HTTPS") else FLOW)
    if self.protocol in ("TCP", "TLS") and self.target_type == "ip":
        self.attributes["preserve_client_ip.enabled"] = "false"
    if self.protocol in ("UDP", "TCP_UDP"):
        self.attributes["deregistration_delay.connection_termination.enabled"] = "true"


def load_balancer_arns(group) -> list[str]:
    backend = elbv2_backends[group.account_id][group.region_name]
    return [
        balancer.arn
        for balancer in backend.load_balancers.values()
        if any(
            group.arn in backend._get_target_group_arns_from(action.data)
            for listener in balancer.listeners.values()
            for rule in listener.rules.values()
            for action in rule.actions
        )
    ]


FakeTargetGroup.load_balancer_arns = property(load_balancer_arns, lambda group, value: None)


@around(ELBv2Backend, "modify_target_group_attributes")
def modify_target_group_attributes(original, self, target_group_arn, attributes):
    group = self.target_groups.get(target_group_arn)
    for key in attributes if group else []:
        if key not in group.attributes:
            raise ValidationError(f"Target group attribute key '{key}' is not recognized")
    return original(self, target_group_arn, attributes)


@around(ELBv2Backend, "modify_target_group")
def modify_target_group(original, self, arn, *args, **kwargs):
    group = original(self, arn, *args, **kwargs)
    codes = args[7] if len(args) > 7 else kwargs.get("http_codes")
    if codes is not None:
        group.matcher = {"HttpCode": codes}
    if group.health_check_protocol == "TCP":
        group.matcher = group.health_check_path = None
    return group


@around(ELBv2Backend, "delete_target_group")
def delete_target_group(original, self, target_group_arn):
    gone = original(self, target_group_arn)
    self.tagging_service.delete_all_tags_for_resource(target_group_arn)
    return gone
