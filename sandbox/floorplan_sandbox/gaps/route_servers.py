"""Route servers with their endpoints, peers, VPCs and route tables."""

from moto.core.responses import ActionResult
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.responses import EC2Response

from floorplan_sandbox.gaps.plain import Kind, given, truth
from floorplan_sandbox.patch import adds

SERVERS = Kind("rs", "RouteServerId", "route-server")
ENDPOINTS = Kind("rse", "RouteServerEndpointId", "route-server-endpoint")
PEERS = Kind("rsp", "RouteServerPeerId", "route-server-peer")
PERSISTS = {"enable": "enabled", "disable": "disabled", "reset": "enabled"}


def notify(response, server) -> None:
    server.members["SnsNotificationsEnabled"] = truth(
        response, "SnsNotificationsEnabled", server.members.get("SnsNotificationsEnabled", False)
    )
    if server.members["SnsNotificationsEnabled"]:
        topic = f"arn:aws:sns:{response.region}:{response.current_account}:{server.id}"
        server.members["SnsTopicArn"] = topic
    else:
        server.members.pop("SnsTopicArn", None)


@adds(EC2Response, "create_route_server")
def create_route_server(self):
    made = SERVERS.make(
        self,
        **given(self, "AmazonSideAsn", "PersistRoutesDuration"),
        PersistRoutesState=PERSISTS[self._get_param("PersistRoutes") or "disable"],
        State="available",
    )
    made.vpcs, made.tables = {}, {}
    notify(self, made)
    return ActionResult({"RouteServer": made.shown()})


@adds(EC2Response, "describe_route_servers")
def describe_route_servers(self):
    return SERVERS.listed(self, "RouteServers")


@adds(EC2Response, "modify_route_server")
def modify_route_server(self):
    found = SERVERS.find(self)
    word = self._get_param("PersistRoutes")
    if word:
        found.members["PersistRoutesState"] = PERSISTS[word]
        found.members.pop("PersistRoutesDuration", None)
        found.members.update(given(self, "PersistRoutesDuration"))
    notify(self, found)
    return ActionResult({"RouteServer": found.shown()})


@adds(EC2Response, "delete_route_server")
def delete_route_server(self):
    found = SERVERS.find(self)
    endpoints = ENDPOINTS.all(self.ec2_backend).values()
    if found.vpcs or any(each.members["RouteServerId"] == found.id for each in endpoints):
        raise EC2ClientError("IncorrectState", f"{found.id} has associations or endpoints.")
    return ActionResult({"RouteServer": SERVERS.drop(self).members | {"State": "deleting"}})


@adds(EC2Response, "create_route_server_endpoint")
def create_route_server_endpoint(self):
    server, subnet = SERVERS.find(self), self.ec2_backend.get_subnet(self._get_param("SubnetId"))
    if subnet.vpc_id not in server.vpcs:
        raise EC2ClientError("IncorrectState", f"{server.id} is not associated with {subnet.vpc_id}.")
    made = ENDPOINTS.make(
        self,
        RouteServerId=server.id,
        SubnetId=subnet.id,
        VpcId=subnet.vpc_id,
        EniId=f"eni-{subnet.id.removeprefix('subnet-')}",
        EniAddress=subnet.cidr_block.rsplit(".", 1)[0] + ".20",
        State="available",
    )
    return ActionResult({"RouteServerEndpoint": made.shown()})


@adds(EC2Response, "describe_route_server_endpoints")
def describe_route_server_endpoints(self):
    return ENDPOINTS.listed(self, "RouteServerEndpoints")


@adds(EC2Response, "delete_route_server_endpoint")
def delete_route_server_endpoint(self):
    found = ENDPOINTS.find(self)
    if any(each.members["RouteServerEndpointId"] == found.id for each in PEERS.all(self.ec2_backend).values()):
        raise EC2ClientError("IncorrectState", f"{found.id} has peers.")
    return ActionResult({"RouteServerEndpoint": ENDPOINTS.drop(self).members | {"State": "deleting"}})


@adds(EC2Response, "create_route_server_peer")
def create_route_server_peer(self):
    endpoint = ENDPOINTS.find(self).members
    bgp = {"PeerLivenessDetection": "bgp-keepalive"} | (self._get_param("BgpOptions") or {})
    made = PEERS.make(
        self,
        **given(self, "RouteServerEndpointId", "PeerAddress"),
        **{name: endpoint[name] for name in ("RouteServerId", "SubnetId", "VpcId")},
        EndpointEniId=endpoint["EniId"],
        EndpointEniAddress=endpoint["EniAddress"],
        BgpOptions=bgp,
        State="available",
    )
    return ActionResult({"RouteServerPeer": made.shown()})


@adds(EC2Response, "describe_route_server_peers")
def describe_route_server_peers(self):
    return PEERS.listed(self, "RouteServerPeers")


@adds(EC2Response, "delete_route_server_peer")
def delete_route_server_peer(self):
    return ActionResult({"RouteServerPeer": PEERS.drop(self).members | {"State": "deleting"}})


@adds(EC2Response, "associate_route_server")
def associate_route_server(self):
    server, vpc = SERVERS.find(self), self.ec2_backend.get_vpc(self._get_param("VpcId"))
    server.vpcs[vpc.id] = {"RouteServerId": server.id, "VpcId": vpc.id, "State": "associated"}
    return ActionResult({"RouteServerAssociation": server.vpcs[vpc.id]})


@adds(EC2Response, "get_route_server_associations")
def get_route_server_associations(self):
    return ActionResult({"RouteServerAssociations": list(SERVERS.find(self).vpcs.values())})


@adds(EC2Response, "disassociate_route_server")
def disassociate_route_server(self):
    gone = SERVERS.find(self).vpcs.pop(self._get_param("VpcId"), None)
    if gone is None:
        raise EC2ClientError("InvalidRouteServerAssociation.NotFound", "The association does not exist.")
    return ActionResult({"RouteServerAssociation": gone | {"State": "disassociating"}})


@adds(EC2Response, "enable_route_server_propagation")
def enable_route_server_propagation(self):
    server, table = SERVERS.find(self), self.ec2_backend.get_route_table(self._get_param("RouteTableId"))
    server.tables[table.id] = {"RouteServerId": server.id, "RouteTableId": table.id, "State": "available"}
    return ActionResult({"RouteServerPropagation": server.tables[table.id]})


@adds(EC2Response, "get_route_server_propagations")
def get_route_server_propagations(self):
    return ActionResult({"RouteServerPropagations": list(SERVERS.find(self).tables.values())})


@adds(EC2Response, "disable_route_server_propagation")
def disable_route_server_propagation(self):
    gone = SERVERS.find(self).tables.pop(self._get_param("RouteTableId"), None)
    if gone is None:
        raise EC2ClientError("InvalidRouteServerPropagation.NotFound", "The propagation does not exist.")
    return ActionResult({"RouteServerPropagation": gone | {"State": "deleting"}})
