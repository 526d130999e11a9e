"""What holds for a region: the key of new volumes, the metadata service of new instances, the serial console."""

from moto.core.responses import ActionResult
from moto.ec2.responses import EC2Response

from floorplan_sandbox.patch import adds

NONE = {"HttpTokens", "HttpEndpoint", "InstanceMetadataTags"}


def own_key(response) -> str:
    return f"arn:aws:kms:{response.region}:{response.current_account}:alias/aws/ebs"


@adds(EC2Response, "get_ebs_default_kms_key_id")
def get_ebs_default_kms_key_id(self):
    return ActionResult({"KmsKeyId": vars(self.ec2_backend).get("_volume_key") or own_key(self)})


@adds(EC2Response, "reset_ebs_default_kms_key_id")
def reset_ebs_default_kms_key_id(self):
    self.ec2_backend._volume_key = None
    self.ec2_backend.default_kms_key_id = ""
    return ActionResult({"KmsKeyId": own_key(self)})


@adds(EC2Response, "get_serial_console_access_status")
def get_serial_console_access_status(self):
    return ActionResult({"SerialConsoleAccessEnabled": False})


@adds(EC2Response, "get_instance_metadata_defaults")
def get_instance_metadata_defaults(self):
    return ActionResult({"AccountLevel": vars(self.ec2_backend).get("_metadata_defaults", {})})


@adds(EC2Response, "modify_instance_metadata_defaults")
def modify_instance_metadata_defaults(self):
    held = vars(self.ec2_backend).setdefault("_metadata_defaults", {})
    for name in NONE:
        word = self._get_param(name)
        if word == "no-preference":
            held.pop(name, None)
        elif word is not None:
            held[name] = word
    limit = self._get_param("HttpPutResponseHopLimit")
    if limit is not None and int(limit) == -1:
        held.pop("HttpPutResponseHopLimit", None)
    elif limit is not None:
        held["HttpPutResponseHopLimit"] = int(limit)
    return ActionResult({"Return": True})
