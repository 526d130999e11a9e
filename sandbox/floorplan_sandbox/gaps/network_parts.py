"""Instance connect endpoints, paths of the reachability analyzer, names of addresses.

moto loses the tags of carrier gateways, and the tags and descriptions of reserved ranges.
"""

from moto.core.responses import ActionResult
from moto.core.utils import utcnow
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models import EC2Backend
from moto.ec2.responses import EC2Response
from moto.ec2.responses.carrier_gateways import CarrierGateway as CarrierGateways
from moto.ec2.responses.elastic_ip_addresses import ElasticIPAddresses
from moto.ec2.responses.subnets import Subnets

from floorplan_sandbox.gaps.filters import select
from floorplan_sandbox.gaps.plain import Kind, given, truth
from floorplan_sandbox.patch import adds, around, instead

CONNECTS = Kind(
    "eice",
    "InstanceConnectEndpointId",
    "instance-connect-endpoint",
    arn_member="InstanceConnectEndpointArn",
)
ANALYSES = Kind(
    "nia", "NetworkInsightsAnalysisId", "network-insights-analysis", arn_member="NetworkInsightsAnalysisArn"
)
PATHS = Kind("nip", "NetworkInsightsPathId", "network-insights-path", arn_member="NetworkInsightsPathArn")


@adds(EC2Response, "create_instance_connect_endpoint")
def create_instance_connect_endpoint(self):
    subnet = self.ec2_backend.get_subnet(self._get_param("SubnetId"))
    groups = self._get_param("SecurityGroupIds", [])
    made = CONNECTS.make(
        self,
        OwnerId=self.current_account,
        State="create-complete",
        SubnetId=subnet.id,
        VpcId=subnet.vpc_id,
        AvailabilityZone=subnet.availability_zone,
        NetworkInterfaceIds=[f"eni-{subnet.id.removeprefix('subnet-')}"],
        PreserveClientIp=truth(self, "PreserveClientIp"),
        SecurityGroupIds=groups or [self.ec2_backend.get_default_security_group(subnet.vpc_id).id],
        IpAddressType=self._get_param("IpAddressType") or "ipv4",
    )
    for name, word in (("DnsName", ""), ("FipsDnsName", "fips.")):
        made.members[name] = f"{made.id}.0001.ec2-instance-connect-endpoint.{word}{self.region}.amazonaws.com"
    return ActionResult({"InstanceConnectEndpoint": made.shown()})


@adds(EC2Response, "describe_instance_connect_endpoints")
def describe_instance_connect_endpoints(self):
    return CONNECTS.listed(self, "InstanceConnectEndpoints")


@adds(EC2Response, "modify_instance_connect_endpoint")
def modify_instance_connect_endpoint(self):
    members = CONNECTS.find(self).members
    members.update(given(self, "SecurityGroupIds", "IpAddressType"))
    members["PreserveClientIp"] = truth(self, "PreserveClientIp", members["PreserveClientIp"])
    return ActionResult({"Return": True})


@adds(EC2Response, "delete_instance_connect_endpoint")
def delete_instance_connect_endpoint(self):
    gone = CONNECTS.drop(self).members | {"State": "delete-in-progress"}
    return ActionResult({"InstanceConnectEndpoint": gone})


@adds(EC2Response, "create_network_insights_path")
def create_network_insights_path(self):
    names = ("SourceIp", "DestinationIp", "Source", "Destination", "Protocol", "DestinationPort")
    made = PATHS.make(self, **given(self, *names, "FilterAtSource", "FilterAtDestination"))
    for name in ("Source", "Destination"):
        if made.members.get(name):
            place = f"{self.region}:{self.current_account}"
            end = made.members[name].rsplit("/")[-1]
            made.members[f"{name}Arn"] = f"arn:aws:ec2:{place}:network-interface/{end}"
    return ActionResult({"NetworkInsightsPath": made.shown()})


@adds(EC2Response, "describe_network_insights_paths")
def describe_network_insights_paths(self):
    return PATHS.listed(self, "NetworkInsightsPaths")


@adds(EC2Response, "delete_network_insights_path")
def delete_network_insights_path(self):
    path = PATHS.find(self)
    analyses = ANALYSES.all(self.ec2_backend).values()
    if any(each.members["NetworkInsightsPathId"] == path.id for each in analyses):
        raise EC2ClientError("AnalysisExistsForNetworkInsightsPath", f"{path.id} has analyses.")
    return ActionResult({"NetworkInsightsPathId": PATHS.drop(self).id})


def address(response, name: str):
    found = [each for each in response.ec2_backend.addresses if each.allocation_id == name]
    if not found:
        raise EC2ClientError("InvalidAllocationID.NotFound", f"The allocation ID '{name}' does not exist")
    return found[0]


def named(held) -> dict:
    name = getattr(held, "_domain_name", None)
    shown = {"PublicIp": held.public_ip, "AllocationId": held.allocation_id}
    return shown | ({"PtrRecord": f"{name}."} if name else {})


@adds(EC2Response, "modify_address_attribute")
def modify_address_attribute(self):
    held = address(self, self._get_param("AllocationId"))
    held._domain_name = self._get_param("DomainName").rstrip(".")
    return ActionResult({"Address": named(held)})


@instead(ElasticIPAddresses, "describe_addresses_attribute")
def describe_addresses_attribute(self):
    names = self._get_param("AllocationIds", []) or [each.allocation_id for each in self.ec2_backend.addresses]
    return ActionResult({"Addresses": [named(address(self, name)) for name in names]})


@adds(EC2Response, "reset_address_attribute")
def reset_address_attribute(self):
    held = address(self, self._get_param("AllocationId"))
    held._domain_name = None
    return ActionResult({"Address": named(held)})


@instead(EC2Backend, "describe_carrier_gateways")
def describe_carrier_gateways(self, ids=None, filters=None):
    held = [each for name, each in self.carrier_gateways.items() if not ids or name in ids]
    for each in held:
        each.carrier_gateway_id = each.id
    return select(filters, held)


@around(CarrierGateways, "delete_carrier_gateway")
def delete_carrier_gateway(original, self):
    self.ec2_backend.tags.pop(self._get_param("CarrierGatewayId"), None)
    return original(self)


@around(Subnets, "create_subnet_cidr_reservation")
def create_subnet_cidr_reservation(original, self):
    answer = original(self)
    answer._result["SubnetCidrReservation"].description = self._get_param("Description")
    return answer


@adds(EC2Response, "start_network_insights_analysis")
def start_network_insights_analysis(self):
    path = PATHS.find(self)
    ends = [{"Id": path.members[name], "Arn": path.members[f"{name}Arn"]} for name in ("Source", "Destination")]
    made = ANALYSES.make(
        self,
        NetworkInsightsPathId=path.id,
        FilterInArns=self._get_param("FilterInArns", []),
        StartDate=utcnow(),
        Status="succeeded",
        NetworkPathFound=True,
        ForwardPathComponents=[{"SequenceNumber": n + 1, "Component": end} for n, end in enumerate(ends)],
    )
    return ActionResult({"NetworkInsightsAnalysis": made.shown()})


@adds(EC2Response, "describe_network_insights_analyses")
def describe_network_insights_analyses(self):
    return ANALYSES.listed(self, "NetworkInsightsAnalyses", "NetworkInsightsAnalysisIds")


@adds(EC2Response, "delete_network_insights_analysis")
def delete_network_insights_analysis(self):
    return ActionResult({"NetworkInsightsAnalysisId": ANALYSES.drop(self).id})
