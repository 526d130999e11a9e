"""VPCs can be kept from the internet, but for some, which moto does not offer at all."""

import uuid

from moto.core.responses import ActionResult
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models import EC2Backend
from moto.ec2.responses import EC2Response

from floorplan_sandbox.patch import adds, around


@around(EC2Backend, "__init__")
def backend(original, self, *args, **kwargs):
    original(self, *args, **kwargs)
    self.internet_gateway_block_mode = "off"
    self.public_access_exclusions = {}


def options(self) -> ActionResult:
    return ActionResult(
        {
            "VpcBlockPublicAccessOptions": {
                "AwsAccountId": self.current_account,
                "AwsRegion": self.region,
                "State": "default-state",
                "InternetGatewayBlockMode": self.ec2_backend.internet_gateway_block_mode,
                "ExclusionsAllowed": "allowed",
            }
        }
    )


@adds(EC2Response, "describe_vpc_block_public_access_options")
def describe_options(self):
    return options(self)


@adds(EC2Response, "modify_vpc_block_public_access_options")
def modify_options(self):
    self.ec2_backend.internet_gateway_block_mode = self._get_param("InternetGatewayBlockMode")
    return options(self)


def shown(self, one: dict) -> dict:
    tags = self.ec2_backend.describe_tags(filters={"resource-id": [one["ExclusionId"]]})
    return one | {"Tags": [{"Key": tag["key"], "Value": tag["value"]} for tag in tags]}


def own(self) -> dict:
    name = self._get_param("ExclusionId")
    found = self.ec2_backend.public_access_exclusions.get(name)
    if found is None:
        raise EC2ClientError(
            "InvalidVpcBlockPublicAccessExclusionId.NotFound", f"The exclusion {name} does not exist"
        )
    return found


@adds(EC2Response, "create_vpc_block_public_access_exclusion")
def create_exclusion(self):
    vpc, subnet = self._get_param("VpcId"), self._get_param("SubnetId")
    if vpc:
        self.ec2_backend.get_vpc(vpc)
    else:
        self.ec2_backend.get_subnet(subnet)
    name = f"vpcbpa-exclude-{uuid.uuid4().hex[:17]}"
    place = f"vpc/{vpc}" if vpc else f"subnet/{subnet}"
    arn = f"arn:aws:ec2:{self.region}:{self.current_account}:{place}"
    if any(each["ResourceArn"] == arn for each in self.ec2_backend.public_access_exclusions.values()):
        raise EC2ClientError("ResourceAlreadyExists", f"There is an exclusion for {arn}")
    one = {
        "ExclusionId": name,
        "InternetGatewayExclusionMode": self._get_param("InternetGatewayExclusionMode"),
        "ResourceArn": arn,
        "State": "create-complete",
    }
    self.ec2_backend.public_access_exclusions[name] = one
    tags = self._parse_tag_specification().get("vpc-block-public-access-exclusion", {})
    self.ec2_backend.create_tags([name], tags)
    return ActionResult({"VpcBlockPublicAccessExclusion": shown(self, one)})


@adds(EC2Response, "describe_vpc_block_public_access_exclusions")
def describe_exclusions(self):
    wanted = {
        (each["Name"].removeprefix("tag:"), value)
        for each in self._get_param("Filters", [])
        for value in each["Values"]
    }
    found = [shown(self, one) for one in self.ec2_backend.public_access_exclusions.values()]
    found = [
        one for one in found if not wanted or wanted & {(tag["Key"], tag["Value"]) for tag in one["Tags"]}
    ]
    return ActionResult({"VpcBlockPublicAccessExclusions": found})


@adds(EC2Response, "modify_vpc_block_public_access_exclusion")
def modify_exclusion(self):
    one = own(self)
    one["InternetGatewayExclusionMode"] = self._get_param("InternetGatewayExclusionMode")
    one["State"] = "update-complete"
    return ActionResult({"VpcBlockPublicAccessExclusion": shown(self, one)})


@adds(EC2Response, "delete_vpc_block_public_access_exclusion")
def delete_exclusion(self):
    one = own(self)
    del self.ec2_backend.public_access_exclusions[one["ExclusionId"]]
    return ActionResult({"VpcBlockPublicAccessExclusion": one | {"State": "delete-in-progress"}})
