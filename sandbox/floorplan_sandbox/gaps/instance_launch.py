"""What an instance starts with: all that the request or its launch template says.

moto forgets most options, attaches a root volume under another name than the image's, drops throughput and
operations per second, and of a launch template takes little more than the image.
"""

import copy

from moto.ec2.models import EC2Backend
from moto.ec2.models.instances import Instance, MetadataOptions
from moto.ec2.responses.instances import InstanceResponse
from moto.ec2.utils import filter_iam_instance_profiles

from floorplan_sandbox.patch import around, instead

# Options that DescribeInstances gives back as they were given, and what they are when nobody gives them.
OPTIONS = {
    "CapacityReservationSpecification": ("capacity_reservation_specification", {"CapacityReservationPreference": "open"}),
    "CpuOptions": ("cpu_options", {"CoreCount": 1, "ThreadsPerCore": 2}),
    "EnclaveOptions": ("enclave_options", {"Enabled": False}),
    "HibernationOptions": ("hibernation_options", {"Configured": False}),
    "MaintenanceOptions": ("maintenance_options", {"AutoRecovery": "default"}),
    "PrivateDnsNameOptions": (
        "private_dns_name_options",
        {
            "HostnameType": "ip-name",
            "EnableResourceNameDnsARecord": False,
            "EnableResourceNameDnsAAAARecord": False,
        },
    ),
}
FLAGS = {
    "DisableApiStop": "disable_api_stop",
    "DisableApiTermination": "disable_api_termination",
    "EbsOptimized": "ebs_optimized",
}
PLACEMENT = {
    "Affinity": "affinity",
    "GroupId": "group_id",
    "GroupName": "group_name",
    "HostResourceGroupArn": "host_resource_group_arn",
    "PartitionNumber": "partition_number",
    "Tenancy": "tenancy",
}


@around(Instance, "__init__")
def build(original, self, *args, **kwargs):
    original(self, *args, **kwargs)
    for attribute, default in OPTIONS.values():
        setattr(self, attribute, dict(default))
    bursts = self.instance_type.startswith(("t3", "t4"))
    self.cpu_credits = "unlimited" if bursts else "standard"


def apply(instance, given: dict) -> None:
    """Gives an instance what a request, or the data of a launch template, says of it."""
    for name, (attribute, _) in OPTIONS.items():
        if given.get(name):
            setattr(instance, attribute, {**getattr(instance, attribute), **given[name]})
    for name, attribute in FLAGS.items():
        if given.get(name) is not None:
            setattr(instance, attribute, given[name])
    for name, attribute in PLACEMENT.items():
        if (given.get("Placement") or {}).get(name) is not None:
            setattr(instance._placement, attribute, given["Placement"][name])
    if given.get("MetadataOptions"):
        modify_metadata(instance, given["MetadataOptions"])
    if given.get("CreditSpecification"):
        instance.cpu_credits = given["CreditSpecification"]["CpuCredits"]
    if given.get("Monitoring"):
        instance.monitoring_state = "enabled" if given["Monitoring"].get("Enabled") else "disabled"
    if given.get("InstanceInitiatedShutdownBehavior"):
        instance.instance_initiated_shutdown_behavior = given["InstanceInitiatedShutdownBehavior"]


def modify_metadata(instance, given: dict) -> None:
    now = instance.metadata_options
    options = {
        "HttpTokens": now.http_tokens,
        "HttpPutResponseHopLimit": now.http_put_response_hop_limit,
        "HttpEndpoint": now.http_endpoint,
        "HttpProtocolIpv6": now.http_protocol_ipv6,
        "InstanceMetadataTags": now.instance_metadata_tags,
    }
    instance.metadata_options = MetadataOptions({**options, **{k: v for k, v in given.items() if v is not None}})


@instead(InstanceResponse, "_parse_block_device_mapping")
def parse_block_device_mapping(self):
    return self._get_param("BlockDeviceMappings", [])


@around(InstanceResponse, "run_instances")
def respond(original, self):
    answer = original(self)
    request = {name: self._get_param(name) for name in [*OPTIONS, *FLAGS, "Placement", "CreditSpecification"]}
    for instance in answer.result.instances:
        apply(instance, request)
    return answer


@around(EC2Backend, "run_instances")
def run_instances(original, self, image_id, count, user_data, security_group_names, **kwargs):
    template = {}
    if kwargs.get("launch_template"):
        template = self._get_template_from_args(kwargs["launch_template"]).data
        image_id = image_id or template.get("ImageId")
    asked = kwargs.pop("block_device_mappings", None) or []
    # moto would attach a root volume of its own for a missing list, and none for an empty one.
    kwargs["block_device_mappings"] = []
    if template.get("NetworkInterfaces") and not kwargs.get("nics"):
        kwargs["nics"] = [
            {name: value for name, value in each.items() if value is not None} for each in template["NetworkInterfaces"]
        ]
        for each in kwargs["nics"]:
            each.setdefault("DeviceIndex", 0)
    if template.get("InstanceMarketOptions") and not kwargs.get("instance_market_options"):
        kwargs["instance_market_options"] = template["InstanceMarketOptions"]
    reservation = original(self, image_id, count, user_data, security_group_names, **kwargs)
    volume_tags = {}
    for each in template.get("TagSpecifications", []):
        if each.get("ResourceType") == "volume":
            volume_tags.update({tag["Key"]: tag["Value"] for tag in each.get("Tags", [])})
    volume_tags.update((kwargs.get("tags") or {}).get("volume", {}))
    for instance in reservation.instances:
        apply(instance, template)
        for name, device in devices(self, instance, template.get("BlockDeviceMappings") or [], asked).items():
            attach(self, instance, name, device, volume_tags)
        profile(self, instance, template.get("IamInstanceProfile"))
    return reservation


def devices(backend, instance, of_template: list, asked: list) -> dict:
    """The devices by name: the image's root, what the template says, what the request says."""
    found = {instance.root_device_name: {"VolumeSize": 8, "VolumeType": "gp2", "DeleteOnTermination": True}}
    for each in [*of_template, *asked]:
        name = each.get("DeviceName")
        if each.get("NoDevice") is not None:
            found.pop(name, None)
        elif each.get("Ebs") is not None:
            given = {key: value for key, value in each["Ebs"].items() if value is not None}
            found[name] = {**found.get(name, {"VolumeSize": 8, "DeleteOnTermination": True}), **given}
    return found


def attach(backend, instance, name: str, device: dict, tags: dict) -> None:
    kind = device.get("VolumeType", "gp2")
    volume = backend.create_volume(
        size=int(device["VolumeSize"]),
        zone_name=instance._placement.zone,
        snapshot_id=device.get("SnapshotId"),
        encrypted=device.get("Encrypted", False),
        kms_key_id=device.get("KmsKeyId"),
        volume_type=kind,
        iops=device.get("Iops"),
        throughput=device.get("Throughput"),
    )
    if kind == "gp3" and not volume.throughput:
        volume.throughput = 125
    volume.add_tags(tags)
    backend.attach_volume(volume.id, instance.id, name, device["DeleteOnTermination"])


def profile(backend, instance, given: dict | None) -> None:
    if not given or instance.id in backend.iam_instance_profile_associations:
        return
    names = {"iam_instance_profile_arn": given.get("Arn"), "iam_instance_profile_name": given.get("Name")}
    partition = getattr(backend, "partition", "aws")
    filter_iam_instance_profiles(backend.account_id, partition=partition, **copy.copy(names))
    backend.associate_iam_instance_profile(instance_id=instance.id, **names)
