"""VPC Lattice's service networks and the associations of VPCs change and go; one in use stays; a name is taken once."""

import json
from urllib.parse import unquote

from moto.core.exceptions import JsonRESTError
from moto.vpclattice.exceptions import ResourceNotFoundException
from moto.vpclattice.models import VPCLatticeBackend, VPCLatticeServiceNetwork, VPCLatticeServiceNetworkVpcAssociation
from moto.vpclattice.responses import VPCLatticeResponse

from floorplan_sandbox.patch import adds, around, instead


def named(response) -> str:
    return unquote(response.path).split("/")[-1]


def association(response) -> VPCLatticeServiceNetworkVpcAssociation:
    found = response.backend.service_network_vpc_associations.get(named(response))
    if not found:
        raise ResourceNotFoundException(named(response))
    return found


@around(VPCLatticeBackend, "create_service_network")
def create_service_network(original, self, **given):
    if any(one.name == given["name"] for one in self.service_networks.values()):
        raise JsonRESTError("ConflictException", f"The service network {given['name']} already exists")
    given["auth_type"] = given["auth_type"] or "NONE"
    return original(self, **given)


@adds(VPCLatticeResponse, "update_service_network")
def update_service_network(self):
    found = self.backend.get_service_network(named(self))
    found.auth_type = json.loads(self.body)["authType"]
    return json.dumps(found.to_dict())


@adds(VPCLatticeResponse, "delete_service_network")
def delete_service_network(self):
    found: VPCLatticeServiceNetwork = self.backend.get_service_network(named(self))
    if any(one.service_network_id == found.id for one in self.backend.service_network_vpc_associations.values()):
        raise JsonRESTError("ConflictException", f"The service network {found.id} has associations")
    del self.backend.service_networks[found.id]
    self.backend.tagger.delete_all_tags_for_resource(found.arn)
    return "{}"


@around(VPCLatticeBackend, "get_service_network")
def get_service_network(original, self, service_network_identifier):
    return original(self, service_network_identifier.rsplit("/", 1)[-1])


@instead(VPCLatticeResponse, "create_service_network_vpc_association")
def create_service_network_vpc_association(self):
    given = json.loads(self.body)
    network = self.backend.get_service_network(given["serviceNetworkIdentifier"])
    for one in self.backend.service_network_vpc_associations.values():
        if one.vpc_id == given["vpcIdentifier"]:
            raise JsonRESTError("ConflictException", f"The VPC {one.vpc_id} is already associated")
    made = self.backend.create_service_network_vpc_association(
        client_token=given.get("clientToken"),
        security_group_ids=given.get("securityGroupIds"),
        service_network_identifier=network.id,
        tags=given.get("tags"),
        vpc_identifier=given["vpcIdentifier"],
    )
    made.created_by = self.current_account
    made.private_dns_enabled = given.get("privateDnsEnabled", False)
    made.dns_options = given.get("dnsOptions")
    return json.dumps(made.to_dict())


@around(VPCLatticeServiceNetworkVpcAssociation, "to_dict")
def to_dict(original, self):
    found = {**original(self), "privateDnsEnabled": getattr(self, "private_dns_enabled", False)}
    options = getattr(self, "dns_options", None)
    return {**found, "dnsOptions": options} if options else found


@adds(VPCLatticeResponse, "get_service_network_vpc_association")
def get_service_network_vpc_association(self):
    return json.dumps(association(self).to_dict())


@adds(VPCLatticeResponse, "update_service_network_vpc_association")
def update_service_network_vpc_association(self):
    found = association(self)
    found.security_group_ids = json.loads(self.body)["securityGroupIds"]
    return json.dumps(found.to_dict())


@adds(VPCLatticeResponse, "delete_service_network_vpc_association")
def delete_service_network_vpc_association(self):
    found = association(self)
    del self.backend.service_network_vpc_associations[found.id]
    self.backend.tagger.delete_all_tags_for_resource(found.arn)
    return json.dumps({"id": found.id, "arn": found.arn, "status": "DELETE_IN_PROGRESS"})
