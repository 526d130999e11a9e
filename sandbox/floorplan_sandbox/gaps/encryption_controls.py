"""What of a VPC must be encrypted in transit, and VPN concentrators."""

from moto.core.responses import ActionResult
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.responses import EC2Response

from floorplan_sandbox.gaps.plain import Kind
from floorplan_sandbox.patch import adds

CONTROLS = Kind("vpcec", "VpcEncryptionControlId", "vpc-encryption-control")
CONCENTRATORS = Kind("vcn", "VpnConcentratorId", "vpn-concentrator")
EXCLUSIONS = (
    "InternetGateway",
    "EgressOnlyInternetGateway",
    "NatGateway",
    "VirtualPrivateGateway",
    "VpcPeering",
    "Lambda",
    "VpcLattice",
    "ElasticFileSystem",
)


@adds(EC2Response, "create_vpc_encryption_control")
def create_vpc_encryption_control(self):
    vpc = self.ec2_backend.get_vpc(self._get_param("VpcId"))
    if any(each.members["VpcId"] == vpc.id for each in CONTROLS.all(self.ec2_backend).values()):
        raise EC2ClientError("VpcEncryptionControlAlreadyExists", f"{vpc.id} has an encryption control.")
    off = {name: {"State": "disabled", "StateMessage": "succeeded"} for name in EXCLUSIONS}
    made = CONTROLS.make(self, VpcId=vpc.id, Mode="monitor", State="available", ResourceExclusions=off)
    return ActionResult({"VpcEncryptionControl": made.shown()})


@adds(EC2Response, "describe_vpc_encryption_controls")
def describe_vpc_encryption_controls(self):
    return CONTROLS.listed(self, "VpcEncryptionControls")


@adds(EC2Response, "modify_vpc_encryption_control")
def modify_vpc_encryption_control(self):
    found = CONTROLS.find(self)
    found.members["Mode"] = self._get_param("Mode") or found.members["Mode"]
    for name in EXCLUSIONS:
        word = self._get_param(f"{name}Exclusion")
        if word:
            found.members["ResourceExclusions"][name] = {"State": f"{word}d", "StateMessage": "succeeded"}
    return ActionResult({"VpcEncryptionControl": found.shown()})


@adds(EC2Response, "delete_vpc_encryption_control")
def delete_vpc_encryption_control(self):
    return ActionResult({"VpcEncryptionControl": CONTROLS.drop(self).members | {"State": "deleting"}})


@adds(EC2Response, "create_vpn_concentrator")
def create_vpn_concentrator(self):
    gateway = self._get_param("TransitGatewayId")
    made = CONCENTRATORS.make(
        self,
        Type=self._get_param("Type"),
        TransitGatewayId=gateway,
        TransitGatewayAttachmentId=f"tgw-attach-{gateway.removeprefix('tgw-')}",
        State="available",
    )
    return ActionResult({"VpnConcentrator": made.shown()})


@adds(EC2Response, "describe_vpn_concentrators")
def describe_vpn_concentrators(self):
    return CONCENTRATORS.listed(self, "VpnConcentrators")


@adds(EC2Response, "delete_vpn_concentrator")
def delete_vpn_concentrator(self):
    CONCENTRATORS.drop(self)
    return ActionResult({"Return": True})
