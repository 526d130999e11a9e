"""Groups: spread over their subnets, checked sizes, all that a request says, and a history.

moto puts every instance into the first subnet, overwrites a group of the same name, takes any sizes, forgets
most arguments, does not replace an unhealthy instance, leaves former members in target groups and keeps no
activities.
"""

import copy
import threading
from collections import Counter
from fnmatch import fnmatch

from moto.autoscaling.exceptions import AutoscalingClientError, ValidationError
from moto.autoscaling.models import AutoScalingBackend, FakeAutoScalingGroup, InstanceState
from moto.autoscaling.responses import AutoScalingResponse
from moto.core.responses import ActionResult, EmptyResult
from moto.core.utils import utcnow
from moto.ec2.models.instance_types import INSTANCE_TYPES
from moto.moto_api._internal import mock_random

from floorplan_sandbox.control import CONTROL
from floorplan_sandbox.patch import adds, around, instead

# Arguments of CreateAutoScalingGroup and UpdateAutoScalingGroup that DescribeAutoScalingGroups gives back.
KEPT = {
    "AvailabilityZoneDistribution": "availability_zone_distribution",
    "CapacityRebalance": "capacity_rebalance",
    "CapacityReservationSpecification": "capacity_reservation_specification",
    "Context": "context",
    "DefaultCooldown": "default_cooldown",
    "DefaultInstanceWarmup": "default_instance_warmup",
    "DesiredCapacityType": "desired_capacity_type",
    "HealthCheckGracePeriod": "health_check_grace_period",
    "InstanceLifecyclePolicy": "instance_lifecycle_policy",
    "InstanceMaintenancePolicy": "instance_maintenance_policy",
    "MaxInstanceLifetime": "max_instance_lifetime",
    "PlacementGroup": "placement_group",
    "ServiceLinkedRoleARN": "service_linked_role_arn",
    "TerminationPolicies": "termination_policies",
}
FORGET = {"MinHealthyPercentage": -1, "MaxHealthyPercentage": -1}


def missing(name: str) -> ValidationError:
    return ValidationError(f"AutoScalingGroup name not found - AutoScalingGroup '{name}' not found")


def keep(group, request: dict) -> None:
    for name, attribute in KEPT.items():
        value = request.get(name)
        if value is None:
            continue
        if value == FORGET or (name == "DefaultInstanceWarmup" and value == -1) or value == "":
            value = None
        setattr(group, attribute, value)


def check_sizes(least: int, most: int, desired: int | None) -> None:
    if least > most:
        raise ValidationError(f"Max bound, {most}, must be greater than or equal to min bound, {least}")
    if desired is not None and not least <= desired <= most:
        message = f"Desired capacity:{desired} must be between the specified min size:{least} and max size:{most}"
        raise ValidationError(message)


@around(FakeAutoScalingGroup, "__init__")
def build(original, self, *args, **kwargs):
    self.activities = []
    self.attached_sources = []
    self.provided_launch_template_version = None
    original(self, *args, **kwargs)


@around(AutoScalingBackend, "create_auto_scaling_group")
def create(original, self, name, *args, **kwargs):
    if name in self.autoscaling_groups:
        raise AutoscalingClientError("AlreadyExists", f"AutoScalingGroup by this name already exists - {name}")
    check_sizes(int(kwargs["min_size"]), int(kwargs["max_size"]), kwargs.get("desired_capacity"))
    return original(self, name, *args, **kwargs)


@around(AutoScalingResponse, "create_auto_scaling_group")
def respond_create(original, self):
    answer = original(self)
    request = self._get_params()
    name = request["AutoScalingGroupName"]
    group = self.autoscaling_backend.autoscaling_groups[name]
    keep(group, request)
    group.attached_sources = list(request.get("TrafficSources", []))
    arns = [source["Identifier"] for source in group.attached_sources if target_group(source)]
    self.autoscaling_backend.attach_load_balancer_target_groups(name, arns)
    for hook in request.get("LifecycleHookSpecificationList", []):
        self.autoscaling_backend.create_lifecycle_hook(
            name=hook["LifecycleHookName"],
            as_name=name,
            transition=hook["LifecycleTransition"],
            timeout=hook.get("HeartbeatTimeout"),
            result=hook.get("DefaultResult"),
        )
    return answer


@around(AutoScalingResponse, "update_auto_scaling_group")
def respond_update(original, self):
    request = self._get_params()
    group = self.autoscaling_backend.autoscaling_groups.get(request["AutoScalingGroupName"])
    if group is None:
        raise missing(request["AutoScalingGroupName"])
    number = {name: request.get(name) for name in ("MinSize", "MaxSize", "DesiredCapacity")}
    least = int(number["MinSize"] if number["MinSize"] is not None else group.min_size)
    most = int(number["MaxSize"] if number["MaxSize"] is not None else group.max_size)
    desired = number["DesiredCapacity"]
    check_sizes(least, most, None if desired is None else int(desired))
    answer = original(self)
    keep(group, request)
    rebalance(self.autoscaling_backend, group)
    return answer


def rebalance(backend, group) -> None:
    """Members in subnets that the group no longer has move: the new ones are healthy before the old ones go."""
    subnets = [each for each in (group.vpc_zone_identifier or "").split(",") if each]
    leaving = getattr(group, "leaving", set())
    stray = {s.instance.id for s in group.instance_states if subnets and s.instance.subnet_id not in subnets} - leaving
    if not stray:
        return
    group.leaving = leaving | stray
    group.replace_autoscaling_group_instances(len(stray), group.get_propagated_tags())
    backend.update_attached_target_groups(group.name)

    def leave() -> None:
        gone = [state.instance.id for state in group.instance_states if state.instance.id in stray]
        for instance_id in gone:
            note(group, f"Terminating EC2 instance: {instance_id}", "an availability zone that the group no longer has")
        backend.detach_instances(group.name, gone, False)
        backend.ec2_backend.terminate_instances(gone)
        group.leaving -= stray

    timer = threading.Timer(CONTROL.delay("target_initial") + 0.5, leave)
    timer.daemon = True
    timer.start()


@around(FakeAutoScalingGroup, "update")
def update(original, self, *args, **kwargs):
    policy = self.mixed_instances_policy
    template = kwargs.get("launch_template") or kwargs.get("launch_config_name")
    if policy and not kwargs.get("mixed_instances_policy") and not template:
        # moto forgets the policy that a request does not name, and takes no template by id and name.
        policy = copy.deepcopy(policy)
        policy["LaunchTemplate"]["LaunchTemplateSpecification"].pop("LaunchTemplateName", None)
        kwargs["mixed_instances_policy"] = policy
    original(self, *args, **kwargs)


def launch_template(group) -> dict | None:
    if group.ec2_launch_template is None or group.mixed_instances_policy:
        return None
    return {
        "LaunchTemplateId": group.ec2_launch_template.id,
        "LaunchTemplateName": group.ec2_launch_template.name,
        "Version": group.provided_launch_template_version,
    }


FakeAutoScalingGroup.launch_template = property(launch_template)


def traffic_sources(group) -> list:
    own = [{"Identifier": arn, "Type": "elbv2"} for arn in group.target_group_arns]
    own += [{"Identifier": name, "Type": "elb"} for name in group.load_balancer_names]
    others = [source for source in group.attached_sources if not target_group(source)]
    return own + others


FakeAutoScalingGroup.traffic_sources = property(traffic_sources)


def target_group(source: dict) -> bool:
    return ":targetgroup/" in source["Identifier"] and source.get("Type", "elbv2") == "elbv2"


def group_of(self):
    name = self._get_param("AutoScalingGroupName")
    group = self.autoscaling_backend.autoscaling_groups.get(name)
    if group is None:
        raise missing(name)
    return group


@adds(AutoScalingResponse, "attach_traffic_sources")
def attach_traffic_sources(self):
    group = group_of(self)
    sources = self._get_param("TrafficSources", [])
    known = {source["Identifier"] for source in group.attached_sources}
    group.attached_sources += [source for source in sources if source["Identifier"] not in known]
    arns = [source["Identifier"] for source in sources if target_group(source)]
    self.autoscaling_backend.attach_load_balancer_target_groups(group.name, arns)
    return EmptyResult()


@adds(AutoScalingResponse, "detach_traffic_sources")
def detach_traffic_sources(self):
    group = group_of(self)
    gone = {source["Identifier"] for source in self._get_param("TrafficSources", [])}
    group.attached_sources = [source for source in group.attached_sources if source["Identifier"] not in gone]
    arns = [arn for arn in group.target_group_arns if arn in gone]
    if arns:
        self.autoscaling_backend.detach_load_balancer_target_groups(group.name, arns)
    return EmptyResult()


@adds(AutoScalingResponse, "describe_traffic_sources")
def describe_traffic_sources(self):
    group = group_of(self)
    kind = self._get_param("TrafficSourceType")
    state = "InService" if group.instance_states else "Added"
    found = [
        {"Identifier": source["Identifier"], "Type": kind_of(source), "State": state}
        for source in group.traffic_sources
        if kind in (None, kind_of(source))
    ]
    return ActionResult({"TrafficSources": found})


def kind_of(source: dict) -> str:
    """The type, which a request may leave out where the identifier says it."""
    names = {":targetgroup/": "elbv2", ":vpc-lattice:": "vpc-lattice"}
    said = next((kind for part, kind in names.items() if part in source["Identifier"]), "elb")
    return source.get("Type") or said


@instead(AutoScalingResponse, "enable_metrics_collection")
def enable_metrics_collection(self):
    group = group_of(self)
    wanted = self._get_param("Metrics", []) or ALL_METRICS
    group.metrics += [metric for metric in wanted if metric not in group.metrics]
    return EmptyResult()


@adds(AutoScalingResponse, "disable_metrics_collection")
def disable_metrics_collection(self):
    group = group_of(self)
    gone = self._get_param("Metrics", []) or ALL_METRICS
    group.metrics = [metric for metric in group.metrics if metric not in gone]
    return EmptyResult()


ALL_METRICS = [
    f"Group{name}"
    for name in (
        "MinSize",
        "MaxSize",
        "DesiredCapacity",
        "InServiceInstances",
        "PendingInstances",
        "StandbyInstances",
        "TerminatingInstances",
        "TotalInstances",
    )
]


def note(group, description: str, cause: str, status: str = "Successful", message: str | None = None) -> None:
    """Writes down what the group did, the newest first."""
    now = utcnow()
    row = {
        "ActivityId": str(mock_random.uuid4()),
        "AutoScalingGroupName": group.name,
        "Description": description,
        "Cause": cause,
        "StartTime": now,
        "EndTime": now,
        "StatusCode": status,
        "Progress": 100,
    }
    if message:
        row["StatusMessage"] = message
    group.activities.insert(0, row)


@instead(AutoScalingResponse, "describe_scaling_activities")
def describe_scaling_activities(self):
    name = self._get_param("AutoScalingGroupName")
    groups = self.autoscaling_backend.autoscaling_groups
    if name and name not in groups:
        raise missing(name)
    rows = [row for group in groups.values() if name in (None, group.name) for row in group.activities]
    return ActionResult({"Activities": rows[: self._get_int_param("MaxRecords", 100)]})


@instead(FakeAutoScalingGroup, "replace_autoscaling_group_instances")
def launch(self, count_needed, propagated_tags):
    """Launches instances, each where the fewest are. One that cannot be launched is a failed activity."""
    from moto.autoscaling.models import ASG_NAME_TAG

    tags = {**self.instance_tags, **propagated_tags, ASG_NAME_TAG: self.name}
    template, version = None, None
    if self.ec2_launch_template:
        version = self.ec2_launch_template.get_version(self.launch_template_version)
        template = {"LaunchTemplateId": self.ec2_launch_template.id, "Version": str(version.number)}
    for _ in range(count_needed):
        subnet, zone = place(self)
        try:
            reservation = self.autoscaling_backend.ec2_backend.run_instances(
                self.image_id,
                1,
                self.user_data,
                self.security_groups,
                instance_type=instance_type(self),
                tags={"instance": dict(tags)},
                placement=zone,
                launch_config=self.launch_config,
                launch_template=template,
                is_instance_type_default=False,
                associate_public_ip=self.launch_config.associate_public_ip_address if self.launch_config else None,
                subnet_id=subnet,
                region_name=self.region,
            )
        except Exception as error:
            message = getattr(error, "message", None) or str(error)
            note(self, "Launching a new EC2 instance", "a difference in capacity", "Failed", message)
            continue
        for instance in reservation.instances:
            instance.autoscaling_group = self
            instance.launched_from = launched_from(self, version)
            state = InstanceState(instance, protected_from_scale_in=self.new_instances_protected_from_scale_in)
            self.instance_states.append(state)
            note(self, f"Launching a new EC2 instance: {instance.id}", "a difference in capacity")


def launched_from(group, version) -> dict | None:
    if version is None:
        return None
    return {
        "LaunchTemplateId": group.ec2_launch_template.id,
        "LaunchTemplateName": group.ec2_launch_template.name,
        "Version": str(version.number),
    }


InstanceState.launch_template = property(lambda self: getattr(self.instance, "launched_from", None))


def instance_type(group) -> str:
    overrides = ((group.mixed_instances_policy or {}).get("LaunchTemplate") or {}).get("Overrides") or []
    named = next((each["InstanceType"] for each in overrides if each.get("InstanceType")), None)
    needs = next((each["InstanceRequirements"] for each in overrides if each.get("InstanceRequirements")), None)
    if named or (group.instance_type and not needs):
        return named or group.instance_type
    return meeting(needs or (template_data(group).get("InstanceRequirements")) or {})


def template_data(group) -> dict:
    template = group.ec2_launch_template
    return template.get_version(group.launch_template_version).data if template else {}


def meeting(needs: dict) -> str:
    """The smallest type of the present generation that has what a group needs."""

    def within(value: float, name: str, unit: float = 1) -> bool:
        bounds = needs.get(name) or {}
        least, most = float(bounds.get("Min") or 0), float(bounds.get("Max") or "inf")
        return least * unit <= value <= most * unit

    def fits(name: str, kind: dict) -> bool:
        allowed, excluded = needs.get("AllowedInstanceTypes") or ["*"], needs.get("ExcludedInstanceTypes") or []
        return (
            kind["CurrentGeneration"]
            and not kind["BareMetal"]
            and "x86_64" in kind["ProcessorInfo"]["SupportedArchitectures"]
            and within(kind["VCpuInfo"]["DefaultVCpus"], "VCpuCount")
            and within(kind["MemoryInfo"]["SizeInMiB"], "MemoryMiB")
            and any(fnmatch(name, each) for each in allowed)
            and not any(fnmatch(name, each) for each in excluded)
        )

    found = [name for name, kind in INSTANCE_TYPES.items() if fits(name, kind)]
    if not found:
        raise ValidationError("No instance type meets the requirements.")
    size = lambda name: (INSTANCE_TYPES[name]["VCpuInfo"]["DefaultVCpus"], INSTANCE_TYPES[name]["MemoryInfo"]["SizeInMiB"])
    return min(found, key=lambda name: (*size(name), name))


def place(group) -> tuple:
    """The subnet and zone with the fewest instances of the group."""
    held = Counter(state.instance.subnet_id for state in group.instance_states)
    zones = Counter(state.instance.availability_zone for state in group.instance_states)
    if group.vpc_zone_identifier:
        ids = group.vpc_zone_identifier.split(",")
        subnets = group.autoscaling_backend.ec2_backend.describe_subnets(subnet_ids=ids)
        best = min(subnets, key=lambda s: (zones[s.availability_zone], held[s.id], ids.index(s.id)))
        return best.id, best.availability_zone
    return None, min(group.availability_zones, key=lambda zone: zones[zone])


# Instances that are not running yet are not in service yet, though the group counts on them.
@around(InstanceState, "__init__")
def build_state(original, self, instance, lifecycle_state="InService", *args, **kwargs):
    self._lifecycle = lifecycle_state
    original(self, instance, lifecycle_state, *args, **kwargs)


def lifecycle(state) -> str:
    pending = state._lifecycle == "InService" and state.instance.state == "pending"
    return "Pending" if pending else state._lifecycle


InstanceState.lifecycle_state = property(lifecycle, lambda self, value: setattr(self, "_lifecycle", value))


@instead(FakeAutoScalingGroup, "active_instances")
def active_instances(self):
    leaving = getattr(self, "leaving", ())
    return [s for s in self.instance_states if s._lifecycle == "InService" and s.instance.id not in leaving]


@around(AutoScalingBackend, "set_instance_health")
def set_instance_health(original, self, instance_id, health_status):
    original(self, instance_id, health_status)
    if health_status == "Unhealthy":
        replace(self, instance_id, "an instance was taken out of service in response to a health check")


@around(AutoScalingBackend, "update_attached_target_groups")
def attach_targets(original, self, group_name):
    """Who leaves a group leaves its target groups too."""
    original(self, group_name)
    group = self.autoscaling_groups[group_name]
    now = {state.instance.id for state in group.instance_states}
    left = getattr(group, "registered", set()) - now
    group.registered = now
    for arn in group.target_group_arns:
        self.elbv2_backend.deregister_targets(arn, [{"Id": instance_id} for instance_id in left])


def replace(backend, instance_id: str, cause: str) -> None:
    """Terminates an instance of a group; another one takes its place."""
    group = backend.ec2_backend.get_instance(instance_id).autoscaling_group
    note(group, f"Terminating EC2 instance: {instance_id}", cause)
    backend.terminate_instance(instance_id, False)


@around(AutoScalingBackend, "delete_auto_scaling_group")
def delete(original, self, group_name):
    group = self.autoscaling_groups.get(group_name)
    if group is None:
        raise missing(group_name)
    for state in group.instance_states:
        state.protected_from_scale_in = False
    group.min_size = 0
    original(self, group_name)
    for name, policy in list(self.policies.items()):
        if policy.auto_scaling_group_name == group_name:
            self.policies.pop(name)
    for name, hook in list(self.lifecycle_hooks.items()):
        if hook.auto_scaling_group_name == group_name:
            self.lifecycle_hooks.pop(name)


@around(AutoScalingResponse, "delete_auto_scaling_group")
def respond_delete(original, self):
    group = group_of(self)
    if not self._get_bool_param("ForceDelete", False):
        if group.instance_states:
            message = "You cannot delete an AutoScalingGroup while there are instances or pending Spot instance request(s) still in the group."
            raise AutoscalingClientError("ResourceInUse", message)
        if group.warm_pool is not None:
            message = "You cannot delete an AutoScalingGroup while it has a warm pool."
            raise AutoscalingClientError("ResourceInUse", message)
        if any(leaving(instance, group) for instance in self.autoscaling_backend.ec2_backend.all_instances()):
            message = f"There are scaling activities in progress for {group.name}"
            raise AutoscalingClientError("ScalingActivityInProgress", message)
    return original(self)


def leaving(instance, group) -> bool:
    return getattr(instance, "autoscaling_group", None) is group and instance.state == "shutting-down"
