"""Scalable targets have tags, policies keep their ARN and may foresee the load, and what is missing has a name."""

import json

from moto.applicationautoscaling.models import ApplicationAutoscalingBackend, FakeApplicationAutoscalingPolicy
from moto.applicationautoscaling.responses import ApplicationAutoScalingResponse
from moto.core.exceptions import JsonRESTError

from floorplan_sandbox.patch import adds, around

PREDICTIVE = "PredictiveScalingPolicyConfiguration"


class ObjectNotFound(JsonRESTError):
    def __init__(self, message: str):
        super().__init__("ObjectNotFoundException", message)


def tags(backend, arn: str) -> dict:
    return backend.__dict__.setdefault("tags", {}).setdefault(arn, {})


@around(ApplicationAutoScalingResponse, "register_scalable_target")
def register_scalable_target(original, self):
    answer = original(self)
    given = self._get_param("Tags") or {}
    tags(self.applicationautoscaling_backend, json.loads(answer)["ScalableTargetARN"]).update(given)
    return answer


@adds(ApplicationAutoScalingResponse, "list_tags_for_resource")
def list_tags_for_resource(self):
    return json.dumps({"Tags": tags(self.applicationautoscaling_backend, self._get_param("ResourceARN"))})


@adds(ApplicationAutoScalingResponse, "tag_resource")
def tag_resource(self):
    tags(self.applicationautoscaling_backend, self._get_param("ResourceARN")).update(self._get_param("Tags"))
    return "{}"


@adds(ApplicationAutoScalingResponse, "untag_resource")
def untag_resource(self):
    own = tags(self.applicationautoscaling_backend, self._get_param("ResourceARN"))
    for key in self._get_param("TagKeys"):
        own.pop(key, None)
    return "{}"


@around(ApplicationAutoscalingBackend, "deregister_scalable_target")
def deregister_scalable_target(original, self, namespace, r_id, dimension):
    if not self._scalable_target_exists(r_id, dimension):
        raise ObjectNotFound(f"No scalable target found for {namespace}, {r_id}, {dimension}")
    self.__dict__.get("tags", {}).pop(self.targets[dimension][r_id].arn, None)
    original(self, namespace, r_id, dimension)


@around(ApplicationAutoscalingBackend, "delete_scaling_policy")
def delete_scaling_policy(original, self, policy_name, service_namespace, resource_id, scalable_dimension):
    key = FakeApplicationAutoscalingPolicy.formulate_key(
        service_namespace, resource_id, scalable_dimension, policy_name
    )
    if key not in self.policies:
        raise ObjectNotFound(f"No scaling policy found for {key}")
    original(self, policy_name, service_namespace, resource_id, scalable_dimension)


@around(ApplicationAutoscalingBackend, "put_scaling_policy")
def put_scaling_policy(
    original, self, policy_name, service_namespace, resource_id, scalable_dimension, policy_body, policy_type
):
    names = (service_namespace, resource_id, scalable_dimension, policy_name)
    if not self._scalable_target_exists(resource_id, scalable_dimension):
        raise ObjectNotFound(f"No scalable target registered for {resource_id}")
    old = self.policies.get(FakeApplicationAutoscalingPolicy.formulate_key(*names))
    if old:
        old.delete_alarms(self.account_id, self.region_name)
    kind = "StepScaling" if policy_type == "PredictiveScaling" else policy_type
    made = original(self, policy_name, service_namespace, resource_id, scalable_dimension, policy_body, kind)
    made.policy_type = policy_type
    if old:
        made.policy_arn = old.policy_arn
    return made


@around(ApplicationAutoScalingResponse, "put_scaling_policy")
def put_policy(original, self):
    answer = original(self)
    arn = json.loads(answer)["PolicyARN"]
    for policy in self.applicationautoscaling_backend.policies.values():
        if policy.policy_arn == arn:
            policy.predictive = self._get_param(PREDICTIVE)
    return answer


@around(ApplicationAutoScalingResponse, "describe_scaling_policies")
def describe_scaling_policies(original, self):
    answer = json.loads(original(self))
    names = self._get_param("PolicyNames")
    found = answer["ScalingPolicies"]
    own = {policy.policy_arn: policy for policy in self.applicationautoscaling_backend.policies.values()}
    for policy in found:
        predictive = getattr(own[policy["PolicyARN"]], "predictive", None)
        if predictive:
            policy[PREDICTIVE] = predictive
    answer["ScalingPolicies"] = [policy for policy in found if not names or policy["PolicyName"] in names]
    return json.dumps(answer)
