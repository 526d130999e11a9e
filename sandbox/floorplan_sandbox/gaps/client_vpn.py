"""Client VPN: endpoints, the subnets that they lead to, their routes, and who may go where."""

from moto.core.responses import ActionResult
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.responses import EC2Response

from floorplan_sandbox.filter_table import FILTERS
from floorplan_sandbox.gaps.plain import Kept, Kind, given, truth
from floorplan_sandbox.patch import adds

ENDPOINTS = Kind("cvpn-endpoint", "ClientVpnEndpointId", "client-vpn-endpoint")
NETWORKS = Kind("cvpn-assoc", "AssociationId")
BLOCKS = (
    "ConnectionLogOptions",
    "ClientConnectOptions",
    "ClientLoginBannerOptions",
    "ClientRouteEnforcementOptions",
)
OFF = {
    "ClientConnectOptions": {"Enabled": False},
    "ClientLoginBannerOptions": {"Enabled": False},
    "ClientRouteEnforcementOptions": {"Enforced": False},
}
TEXTS = ("ServerCertificateArn", "Description", "SecurityGroupIds", "VpcId", "SessionTimeoutHours", "VpnPort")

FILTERS.setdefault(Kept, {})["endpoint-id"] = lambda each: each.members.get("ClientVpnEndpointId")


def portal(members: dict, word: str | None) -> None:
    if word == "enabled":
        name = members["ClientVpnEndpointId"]
        members["SelfServicePortalUrl"] = f"https://self-service.clientvpn.amazonaws.com/endpoints/{name}"
    elif word:
        members.pop("SelfServicePortalUrl", None)


def proof(wanted: dict) -> dict:
    shown = dict(wanted)
    chain = (wanted.get("MutualAuthentication") or {}).get("ClientRootCertificateChainArn")
    if chain:
        shown["MutualAuthentication"] = {"ClientRootCertificateChain": chain}
    return shown


@adds(EC2Response, "create_client_vpn_endpoint")
def create_client_vpn_endpoint(self):
    made = ENDPOINTS.make(
        self,
        **(
            OFF
            | {"Description": "", "SessionTimeoutHours": 24, "VpnPort": 443, "TransportProtocol": "udp"}
            | {"EndpointIpAddressType": "ipv4", "TrafficIpAddressType": "ipv4", "VpnProtocol": "openvpn"}
            | given(self, *TEXTS, *BLOCKS, "ClientCidrBlock", "DnsServers", "TransportProtocol")
            | given(self, "EndpointIpAddressType", "TrafficIpAddressType")
        ),
        SplitTunnel=truth(self, "SplitTunnel"),
        DisconnectOnSessionTimeout=truth(self, "DisconnectOnSessionTimeout"),
        AuthenticationOptions=[proof(each) for each in self._get_param("AuthenticationOptions", [])],
        Status={"Code": "pending-associate"},
    )
    made.members["DnsName"] = f"*.{made.id}.prod.clientvpn.{self.region}.amazonaws.com"
    made.rules = {}
    made.routes = {}
    portal(made.members, self._get_param("SelfServicePortal"))
    return ActionResult(made.members)


@adds(EC2Response, "describe_client_vpn_endpoints")
def describe_client_vpn_endpoints(self):
    return ENDPOINTS.listed(self, "ClientVpnEndpoints")


@adds(EC2Response, "modify_client_vpn_endpoint")
def modify_client_vpn_endpoint(self):
    members = ENDPOINTS.find(self).members
    members.update(given(self, *TEXTS, *BLOCKS))
    for name in ("SplitTunnel", "DisconnectOnSessionTimeout"):
        members[name] = truth(self, name, members[name])
    servers = self._get_param("DnsServers")
    if servers:
        members["DnsServers"] = servers.get("CustomDnsServers", [])
    portal(members, self._get_param("SelfServicePortal"))
    return ActionResult({"Return": True})


@adds(EC2Response, "delete_client_vpn_endpoint")
def delete_client_vpn_endpoint(self):
    endpoint = ENDPOINTS.find(self)
    if networks(self, endpoint.id):
        raise EC2ClientError("DependencyViolation", f"{endpoint.id} has associated target networks.")
    ENDPOINTS.drop(self)
    return ActionResult({"Status": {"Code": "deleting"}})


def networks(response, endpoint: str) -> list:
    found = NETWORKS.all(response.ec2_backend).values()
    return [each for each in found if each.members["ClientVpnEndpointId"] == endpoint]


@adds(EC2Response, "associate_client_vpn_target_network")
def associate_client_vpn_target_network(self):
    endpoint = ENDPOINTS.find(self)
    subnet = self.ec2_backend.get_subnet(self._get_param("SubnetId"))
    if any(each.members["TargetNetworkId"] == subnet.id for each in networks(self, endpoint.id)):
        raise EC2ClientError("InvalidClientVpnDuplicateAssociation", f"{subnet.id} is associated already.")
    made = NETWORKS.make(
        self,
        ClientVpnEndpointId=endpoint.id,
        TargetNetworkId=subnet.id,
        VpcId=subnet.vpc_id,
        SecurityGroups=endpoint.members.get("SecurityGroupIds", []),
        Status={"Code": "associated"},
    )
    endpoint.members.setdefault("VpcId", subnet.vpc_id)
    endpoint.members["Status"] = {"Code": "available"}
    return ActionResult({"AssociationId": made.id, "Status": {"Code": "associating"}})


@adds(EC2Response, "describe_client_vpn_target_networks")
def describe_client_vpn_target_networks(self):
    found = networks(self, ENDPOINTS.find(self).id)
    return ActionResult({"ClientVpnTargetNetworks": [each.members for each in found]})


@adds(EC2Response, "disassociate_client_vpn_target_network")
def disassociate_client_vpn_target_network(self):
    endpoint = ENDPOINTS.find(self)
    gone = NETWORKS.drop(self)
    left = gone.members["TargetNetworkId"]
    endpoint.routes = {key: each for key, each in endpoint.routes.items() if key[1] != left}
    if not networks(self, endpoint.id):
        endpoint.members["Status"] = {"Code": "pending-associate"}
    return ActionResult({"AssociationId": gone.id, "Status": {"Code": "disassociating"}})


@adds(EC2Response, "authorize_client_vpn_ingress")
def authorize_client_vpn_ingress(self):
    endpoint = ENDPOINTS.find(self)
    key = (self._get_param("TargetNetworkCidr"), self._get_param("AccessGroupId"))
    if key in endpoint.rules:
        raise EC2ClientError("InvalidClientVpnDuplicateAuthorizationRule", "The rule exists already.")
    endpoint.rules[key] = {
        "ClientVpnEndpointId": endpoint.id,
        "DestinationCidr": key[0],
        "GroupId": key[1] or "",
        "AccessAll": truth(self, "AuthorizeAllGroups"),
        "Description": self._get_param("Description") or "",
        "Status": {"Code": "active"},
    }
    return ActionResult({"Status": {"Code": "authorizing"}})


@adds(EC2Response, "describe_client_vpn_authorization_rules")
def describe_client_vpn_authorization_rules(self):
    return ActionResult({"AuthorizationRules": list(ENDPOINTS.find(self).rules.values())})


@adds(EC2Response, "revoke_client_vpn_ingress")
def revoke_client_vpn_ingress(self):
    key = (self._get_param("TargetNetworkCidr"), self._get_param("AccessGroupId"))
    if ENDPOINTS.find(self).rules.pop(key, None) is None:
        raise EC2ClientError("InvalidClientVpnEndpointAuthorizationRuleNotFound", "The rule does not exist.")
    return ActionResult({"Status": {"Code": "revoking"}})


@adds(EC2Response, "create_client_vpn_route")
def create_client_vpn_route(self):
    endpoint = ENDPOINTS.find(self)
    subnet = self._get_param("TargetVpcSubnetId")
    if not any(each.members["TargetNetworkId"] == subnet for each in networks(self, endpoint.id)):
        raise EC2ClientError("InvalidClientVpnActiveAssociationNotFound", f"{subnet} is not associated.")
    key = (self._get_param("DestinationCidrBlock"), subnet)
    if key in endpoint.routes:
        raise EC2ClientError("InvalidClientVpnDuplicateRoute", "The route exists already.")
    endpoint.routes[key] = {
        "ClientVpnEndpointId": endpoint.id,
        "DestinationCidr": key[0],
        "TargetSubnet": subnet,
        "Type": "Nat",
        "Origin": "add-route",
        "Description": self._get_param("Description") or "",
        "Status": {"Code": "active"},
    }
    return ActionResult({"Status": {"Code": "creating"}})


@adds(EC2Response, "describe_client_vpn_routes")
def describe_client_vpn_routes(self):
    return ActionResult({"Routes": list(ENDPOINTS.find(self).routes.values())})


@adds(EC2Response, "delete_client_vpn_route")
def delete_client_vpn_route(self):
    key = (self._get_param("DestinationCidrBlock"), self._get_param("TargetVpcSubnetId"))
    if ENDPOINTS.find(self).routes.pop(key, None) is None:
        raise EC2ClientError("InvalidClientVpnRouteNotFound", "The route does not exist.")
    return ActionResult({"Status": {"Code": "deleting"}})
