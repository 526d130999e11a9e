"""Changes of instances: monitoring, credits, placement, DNS names, and everything about the primary interface.

moto has no call for most of them, resets what ModifyInstanceMetadataOptions does not name, changes an
instance's type while it runs, takes new user data only when it is encoded twice, and keeps groups and checks of
an instance apart from those of its interface.
"""

import base64

from moto.core.responses import ActionResult, EmptyResult
from moto.core.types import Base64EncodedString
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models import EC2Backend
from moto.ec2.models.instances import Instance
from moto.ec2.responses import EC2Response
from moto.ec2.responses.instances import InstanceResponse

from floorplan_sandbox.gaps.instance_launch import PLACEMENT, modify_metadata
from floorplan_sandbox.patch import adds, around, instead

STOPPED_FIRST = ("instance_type", "user_data", "ebs_optimized", "kernel")


@instead(EC2Backend, "modify_instance_metadata_options")
def modify_instance_metadata_options(
    self, instance_id, http_tokens=None, hop_limit=None, http_endpoint=None, dry_run=False, http_protocol=None, metadata_tags=None
):
    instance = self.get_instance(instance_id)
    given = {
        "HttpTokens": http_tokens,
        "HttpPutResponseHopLimit": hop_limit,
        "HttpEndpoint": http_endpoint,
        "HttpProtocolIpv6": http_protocol,
        "InstanceMetadataTags": metadata_tags,
    }
    modify_metadata(instance, given)
    return instance.metadata_options


@around(EC2Backend, "modify_instance_attribute")
def modify_instance_attribute(original, self, instance_id, key, value):
    instance = self.get_instance(instance_id)
    if key in STOPPED_FIRST and instance.state != "stopped":
        message = f"The instance '{instance_id}' is not in the 'stopped' state."
        raise EC2ClientError("IncorrectInstanceState", message)
    if key == "source_dest_check" and instance.nics:
        instance.nics[0].source_dest_check = value
    return original(self, instance_id, key, value)


@around(InstanceResponse, "_dot_value_instance_attribute_handler")
def dot_value(original, self):
    behavior = self._get_param("InstanceInitiatedShutdownBehavior.Value")
    if behavior is not None:
        instance_id = self._get_param("InstanceId")
        self.ec2_backend.modify_instance_attribute(instance_id, "instance_initiated_shutdown_behavior", behavior)
        return True
    data = self._get_param("UserData.Value")
    if data:
        # moto wants the encoding twice.
        data = data if isinstance(data, bytes) else data.encode()
        encoded = Base64EncodedString(base64.b64encode(data).decode())
        self.ec2_backend.modify_instance_attribute(self._get_param("InstanceId"), "user_data", encoded)
        return True
    return original(self)


@around(EC2Backend, "modify_instance_security_groups")
def modify_instance_security_groups(original, self, instance_id, new_group_id_list):
    instance = original(self, instance_id, new_group_id_list)
    if instance.nics:
        instance.nics[0]._group_set = list(instance.security_groups)
    return instance


@around(EC2Backend, "modify_network_interface_attribute")
def modify_network_interface_attribute(original, self, eni_id, *args, **kwargs):
    original(self, eni_id, *args, **kwargs)
    interface = self.enis.get(eni_id)
    instance = getattr(interface, "instance", None)
    if isinstance(instance, Instance) and interface.device_index == 0:
        instance.security_groups = list(interface._group_set)
        instance.source_dest_check = interface.source_dest_check


@around(Instance, "__init__")
def build(original, self, *args, **kwargs):
    original(self, *args, **kwargs)
    primary = self.nics.get(0)
    if primary is not None:
        self.security_groups = list(primary._group_set) or self.security_groups


@around(EC2Backend, "replace_iam_instance_profile_association")
def replace_iam_instance_profile_association(original, self, *args, **kwargs):
    made = original(self, *args, **kwargs)
    made.instance.iam_instance_profile = {"Arn": made.iam_instance_profile.arn, "Id": made.association_id}
    return made


def monitor(self, state: str, between: str):
    ids = self._get_param("InstanceIds", [])
    rows = []
    for instance in self.ec2_backend.get_multi_instances_by_id(ids):
        instance.monitoring_state = state
        rows.append({"InstanceId": instance.id, "Monitoring": {"State": between}})
    return ActionResult({"InstanceMonitorings": rows})


@instead(EC2Response, "monitor_instances")
def monitor_instances(self):
    return monitor(self, "enabled", "pending")


@instead(EC2Response, "unmonitor_instances")
def unmonitor_instances(self):
    return monitor(self, "disabled", "disabling")


def bursts(instance) -> bool:
    return instance.instance_type.startswith(("t2", "t3", "t4"))


@instead(InstanceResponse, "describe_instance_credit_specifications")
def describe_instance_credit_specifications(self):
    asked = self._get_param("InstanceIds", [])
    filtered = self._filters_from_querystring().get("instance-id", [])
    found = self.ec2_backend.get_multi_instances_by_id(asked) if asked else self.ec2_backend.all_instances()
    rows = []
    for instance in found:
        if asked and not bursts(instance):
            message = f"The instance '{instance.id}' does not have a burstable type."
            raise EC2ClientError("InvalidInstanceID.Unsupported", message)
        listed = instance.id in filtered if filtered else asked or instance.cpu_credits == "unlimited"
        if listed and bursts(instance) and instance.state != "terminated":
            rows.append({"InstanceId": instance.id, "CpuCredits": instance.cpu_credits})
    return ActionResult({"InstanceCreditSpecifications": rows})


@adds(EC2Response, "modify_instance_credit_specification")
def modify_instance_credit_specification(self):
    done, refused = [], []
    for row in self._get_param("InstanceCreditSpecifications", []):
        instance = self.ec2_backend.get_instance(row["InstanceId"])
        if bursts(instance):
            instance.cpu_credits = row["CpuCredits"]
            done.append({"InstanceId": instance.id})
        else:
            error = {"Code": "InstanceCreditSpecification.NotSupported", "Message": "not a burstable type"}
            refused.append({"InstanceId": instance.id, "Error": error})
    result = {
        "SuccessfulInstanceCreditSpecifications": done,
        "UnsuccessfulInstanceCreditSpecifications": refused,
    }
    return ActionResult(result)


@adds(EC2Response, "modify_instance_maintenance_options")
def modify_instance_maintenance_options(self):
    instance = self.ec2_backend.get_instance(self._get_param("InstanceId"))
    instance.maintenance_options["AutoRecovery"] = self._get_param("AutoRecovery") or "default"
    return ActionResult({"InstanceId": instance.id, **instance.maintenance_options})


@adds(EC2Response, "modify_private_dns_name_options")
def modify_private_dns_name_options(self):
    instance = self.ec2_backend.get_instance(self._get_param("InstanceId"))
    kind = self._get_param("PrivateDnsHostnameType")
    if kind and kind != instance.private_dns_name_options["HostnameType"]:
        if instance.state != "stopped":
            raise EC2ClientError("IncorrectInstanceState", f"The instance '{instance.id}' is not stopped.")
        instance.private_dns_name_options["HostnameType"] = kind
    for name in ("EnableResourceNameDnsARecord", "EnableResourceNameDnsAAAARecord"):
        value = self._get_param(name)
        if value is not None:
            instance.private_dns_name_options[name] = value
    return ActionResult({"Return": True})


@adds(EC2Response, "modify_instance_placement")
def modify_instance_placement(self):
    instance = self.ec2_backend.get_instance(self._get_param("InstanceId"))
    if instance.state != "stopped":
        raise EC2ClientError("IncorrectInstanceState", f"The instance '{instance.id}' is not stopped.")
    for name, attribute in PLACEMENT.items():
        value = self._get_param(name)
        if value is not None:
            setattr(instance._placement, attribute, value)
    return ActionResult({"Return": True})


@adds(EC2Response, "modify_instance_capacity_reservation_attributes")
def modify_instance_capacity_reservation_attributes(self):
    instance = self.ec2_backend.get_instance(self._get_param("InstanceId"))
    if instance.state != "stopped":
        raise EC2ClientError("IncorrectInstanceState", f"The instance '{instance.id}' is not stopped.")
    instance.capacity_reservation_specification = self._get_param("CapacityReservationSpecification")
    return EmptyResult()
