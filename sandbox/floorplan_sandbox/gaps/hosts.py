"""Dedicated hosts: tags filter them, and one that is gone is an error; launch configurations and notices of scaling groups.

moto crashes on a host that is not there, and has no notices.
"""

from moto.autoscaling.responses import AutoScalingResponse
from moto.core.responses import ActionResult, EmptyResult
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models import EC2Backend
from moto.ec2.models.hosts import Host
from moto.ec2.responses.elastic_block_store import ElasticBlockStore

from floorplan_sandbox.filter_table import FILTERS, attribute
from floorplan_sandbox.gaps.filters import by_ids, coded, select
from floorplan_sandbox.patch import adds, around, instead

MISSING = coded("InvalidHostID.NotFound", "The host ID '{}' does not exist")

FILTERS[Host] = {
    "availability-zone": attribute("zone"),
    "instance-type": attribute("instance_type"),
    "state": attribute("state"),
}
Host.host_id = property(lambda self: self.id)


@instead(EC2Backend, "describe_hosts")
def describe_hosts(self, host_ids, filters):
    return select(filters, by_ids(self.hosts, host_ids, MISSING))


@around(EC2Backend, "release_hosts")
def release_hosts(original, self, host_ids):
    for name in host_ids:
        if name not in self.hosts or self.hosts[name].state == "released":
            raise MISSING(name)
        self.tags.pop(name, None)
    return original(self, host_ids)


@around(ElasticBlockStore, "modify_ebs_default_kms_key_id")
def modify_ebs_default_kms_key_id(original, self):
    answer = original(self)
    self.ec2_backend._volume_key = answer._result["KmsKeyId"]
    return answer


def notices(response) -> dict:
    return vars(response.autoscaling_backend).setdefault("_notices", {})


@adds(AutoScalingResponse, "put_notification_configuration")
def put_notification_configuration(self):
    group, topic = self._get_param("AutoScalingGroupName"), self._get_param("TopicARN")
    if group not in self.autoscaling_backend.autoscaling_groups:
        raise EC2ClientError("ValidationError", f"AutoScalingGroup name not found - {group}")
    notices(self)[group, topic] = self._get_param("NotificationTypes", [])
    return EmptyResult()


@adds(AutoScalingResponse, "describe_notification_configurations")
def describe_notification_configurations(self):
    wanted = self._get_param("AutoScalingGroupNames", [])
    groups = self.autoscaling_backend.autoscaling_groups
    found = [
        {"AutoScalingGroupName": group, "TopicARN": topic, "NotificationType": kind}
        for (group, topic), kinds in notices(self).items()
        for kind in kinds
        if group in groups and (not wanted or group in wanted)
    ]
    return ActionResult({"NotificationConfigurations": found})


@adds(AutoScalingResponse, "delete_notification_configuration")
def delete_notification_configuration(self):
    notices(self).pop((self._get_param("AutoScalingGroupName"), self._get_param("TopicARN")), None)
    return EmptyResult()
