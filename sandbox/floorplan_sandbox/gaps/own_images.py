"""Machine images of one's own: all that they are made with is kept, and deprecation; their snapshots go with them if wished.

moto keeps a name and a description, and one volume of its own making.
"""

from moto.core.responses import ActionResult
from moto.ec2.exceptions import InvalidAMIIdError
from moto.ec2.models import EC2Backend
from moto.ec2.models.amis import Ami
from moto.ec2.responses import EC2Response
from moto.ec2.responses.amis import AmisResponse

from floorplan_sandbox.gaps.plain import truth
from floorplan_sandbox.patch import adds, around, instead

KEPT = {
    "Architecture": "architecture",
    "BootMode": "boot_mode",
    "ImdsSupport": "imds_support",
    "KernelId": "kernel_id",
    "RamdiskId": "ramdisk_id",
    "RootDeviceName": "root_device_name",
    "SriovNetSupport": "sriov_net_support",
    "TpmSupport": "tpm_support",
    "VirtualizationType": "virtualization_type",
}
OF_MOTO = Ami.block_device_mappings.fget
Ami.block_device_mappings = property(lambda self: getattr(self, "_devices", None) or OF_MOTO(self))


def tagged(response, answer: ActionResult):
    made = response.ec2_backend.amis[answer._result["ImageId"]]
    for key, value in response._parse_tag_specification().get("image", {}).items():
        made.add_tag(key, value)
    return made


@around(AmisResponse, "register_image")
def register_image(original, self):
    answer = original(self)
    made = tagged(self, answer)
    made.boot_mode = None
    for name, kept in KEPT.items():
        if self._get_param(name) is not None:
            setattr(made, kept, self._get_param(name))
    made.ena_support = truth(self, "EnaSupport")
    made.image_location = self._get_param("ImageLocation") or f"{self.current_account}/{made.name}"
    made._devices = self._get_param("BlockDeviceMappings", [])
    for each in made._devices:
        snapshot = self.ec2_backend.snapshots.get((each.get("Ebs") or {}).get("SnapshotId"))
        if snapshot is not None:
            each["Ebs"].setdefault("VolumeSize", int(snapshot.volume.size))
    return answer


@around(AmisResponse, "copy_image")
def copy_image(original, self):
    answer = original(self)
    tagged(self, answer)
    return answer


@around(AmisResponse, "modify_image_attribute")
def modify_image_attribute(original, self):
    text = self._get_param("Description")
    if text is not None:
        found = self.ec2_backend.describe_images(ami_ids=[self._get_param("ImageId")])[0]
        found.description = text["Value"] if isinstance(text, dict) else text
    return original(self)


@around(EC2Backend, "describe_image_attribute")
def describe_image_attribute(original, self, ami_id, attribute_name):
    self.describe_images(ami_ids=[ami_id])
    if ami_id not in self.amis:
        raise InvalidAMIIdError([ami_id])
    return original(self, ami_id, attribute_name)


@instead(AmisResponse, "deregister_image")
def deregister_image(self):
    name = self._get_param("ImageId")
    held = self.ec2_backend.amis.get(name)
    self.ec2_backend.deregister_image(name)
    self.ec2_backend.tags.pop(name, None)
    if truth(self, "DeleteAssociatedSnapshots"):
        for each in held.block_device_mappings:
            self.ec2_backend.snapshots.pop((each.get("Ebs") or {}).get("SnapshotId"), None)
    return ActionResult({"Return": True})


@adds(EC2Response, "enable_image_deprecation")
def enable_image_deprecation(self):
    found = self.ec2_backend.describe_images(ami_ids=[self._get_param("ImageId")])[0]
    at = self._get_param("DeprecateAt")
    at = at.strftime("%Y-%m-%dT%H:%M") if hasattr(at, "strftime") else str(at)[:16]
    found.deprecation_time = f"{at}:00.000Z"
    return ActionResult({"Return": True})


@adds(EC2Response, "disable_image_deprecation")
def disable_image_deprecation(self):
    self.ec2_backend.describe_images(ami_ids=[self._get_param("ImageId")])[0].deprecation_time = None
    return ActionResult({"Return": True})
