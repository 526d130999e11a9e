"""NAT gateways take time: pending, available, deleting, deleted, or failed for the reasons that AWS names; addresses come
and go.

moto's are available at once, keep their address and interface after deletion, and crash on an unknown id.
The delay is the switch `nat_gateway`, in seconds; states move on when they are next looked at.
"""

import time

from moto.core.responses import ActionResult
from moto.core.utils import iso_8601_datetime_with_milliseconds, utcnow
from moto.ec2.exceptions import EC2ClientError, MissingParameterError
from moto.ec2.models import EC2Backend
from moto.ec2.models.nat_gateways import NatGateway
from moto.ec2.responses.nat_gateways import NatGateways
from moto.ec2.utils import add_tag_specification, random_eip_association_id

from floorplan_sandbox.control import CONTROL
from floorplan_sandbox.gaps.interfaces import free_address
from floorplan_sandbox.patch import adds, instead

FINAL = ("available", "failed", "deleted")
NatGateways.RESPONSE_KEY_PATH_TO_TRANSFORMER["CreateNatGatewayResult.NatGateway.State"] = lambda _: "pending"


def not_found(gateway_id: str) -> EC2ClientError:
    return EC2ClientError("NatGatewayNotFound", f"The Nat Gateway {gateway_id} was not found")


@instead(NatGateway, "__init__")
def build(self, backend, subnet, connectivity_type: str, private_ip: str | None, tags: dict):
    from moto.ec2.utils import random_nat_gateway_id

    self.id = random_nat_gateway_id()
    self.ec2_backend = backend
    self.subnet_id = subnet.id
    self.vpc_id = subnet.vpc_id
    self.connectivity_type = connectivity_type
    self.failure_code = self.failure_message = self.delete_time = None
    self._created_at = utcnow()
    self._eni = backend.create_network_interface(
        subnet,
        private_ip or free_address(backend, subnet),
        description=f"Interface for NAT Gateway {self.id}",
    )
    self._eni._group_set = []
    self._eni.interface_type = "nat_gateway"
    self._eni.requester_managed = True
    self._eni.status = "in-use"
    self.private_ip = self._eni.private_ip_address
    self.address_set = [
        {
            "networkInterfaceId": self._eni.id,
            "privateIp": self.private_ip,
            "isPrimary": True,
            "status": "succeeded",
        }
    ]
    self.add_tags(tags)
    enter(self, "pending")


def enter(gateway, phase: str) -> None:
    gateway._phase = phase
    gateway._due = time.monotonic() + CONTROL.delay("nat_gateway")


def settle(gateway) -> None:
    """Moves a gateway on to its final state once its time has come."""
    if gateway._phase in FINAL or time.monotonic() < gateway._due:
        return
    if gateway._phase == "pending":
        gateway._phase = "failed" if gateway.failure_code else "available"
    else:
        gateway._phase = "deleted"
    if gateway._phase != "available":
        free(gateway)


def free(gateway) -> None:
    for address in gateway.ec2_backend.addresses:
        if address.eni is gateway._eni:
            address.eni = address.association_id = None
    gateway.ec2_backend.enis.pop(gateway._eni.id, None)


def state(gateway) -> str:
    settle(gateway)
    return gateway._phase


def settle_nat_gateways(backend) -> None:
    for gateway in list(backend.nat_gateways.values()):
        settle(gateway)


NatGateway.state = property(state)
EC2Backend.settle_nat_gateways = settle_nat_gateways


@instead(EC2Backend, "create_nat_gateway")
def create_nat_gateway(self, subnet_id, allocation_id, tags=None, connectivity_type=None, private_ip=None):
    settle_nat_gateways(self)
    public = (connectivity_type or "public") == "public"
    subnet = self.get_subnet(subnet_id)
    if public and not allocation_id:
        raise MissingParameterError("AllocationId")
    if not public and allocation_id:
        raise EC2ClientError(
            "InvalidParameterCombination", "AllocationId cannot be given for a private NAT gateway."
        )
    address = self.address_by_allocation([allocation_id])[0] if public else None
    gateway = NatGateway(self, subnet, "public" if public else "private", private_ip, tags or {})
    self.nat_gateways[gateway.id] = gateway
    if address is not None:
        join(self, gateway, address)
    return gateway


def join(backend, gateway, address) -> None:
    """Gives the gateway its public address, or the reason why it will fail."""
    row = gateway.address_set[0]
    row["allocationId"] = address.allocation_id
    row["publicIp"] = address.public_ip
    if address.association_id:
        fail(
            gateway,
            "Resource.AlreadyAssociated",
            f"Elastic IP address [{address.allocation_id}] is already associated",
        )
    elif not backend.has_internet_gateway(gateway.vpc_id):
        fail(
            gateway,
            "Gateway.NotAttached",
            f"Network {gateway.vpc_id} has no Internet gateway attached",
        )
    else:
        backend.associate_address(eni=gateway._eni, allocation_id=address.allocation_id)
        row["associationId"] = address.association_id


def fail(gateway, code: str, message: str) -> None:
    gateway.failure_code = code
    gateway.failure_message = message


@instead(NatGateways, "create_nat_gateway")
def respond_create(self):
    gateway = self.ec2_backend.create_nat_gateway(
        subnet_id=self._get_param("SubnetId"),
        allocation_id=self._get_param("AllocationId"),
        tags=add_tag_specification(self._get_param("TagSpecifications", [])),
        connectivity_type=self._get_param("ConnectivityType"),
        private_ip=self._get_param("PrivateIpAddress"),
    )
    return ActionResult({"NatGateway": gateway, "ClientToken": self._get_param("ClientToken")})


@instead(EC2Backend, "delete_nat_gateway")
def delete_nat_gateway(self, nat_gateway_id):
    gateway = self.nat_gateways.get(nat_gateway_id)
    if gateway is None or state(gateway) == "deleted":
        raise not_found(nat_gateway_id)
    if gateway._phase == "failed":
        gateway._phase = "deleted"
    elif gateway._phase != "deleting":
        enter(gateway, "deleting")
        gateway.delete_time = iso_8601_datetime_with_milliseconds(utcnow())
    return gateway


@adds(NatGateways, "associate_nat_gateway_address")
def associate_nat_gateway_address(self):
    gateway = held_gateway(self)
    for name in self._get_param("AllocationIds", []):
        address = self.ec2_backend.address_by_allocation([name])[0]
        if address.association_id:
            raise EC2ClientError("Resource.AlreadyAssociated", f"{name} is associated already.")
        address.eni, address.association_id = gateway._eni, random_eip_association_id()
        row = {
            "networkInterfaceId": gateway._eni.id,
            "privateIp": free_address(self.ec2_backend, self.ec2_backend.get_subnet(gateway.subnet_id)),
            "isPrimary": False,
            "status": "succeeded",
            "allocationId": name,
            "associationId": address.association_id,
            "publicIp": address.public_ip,
        }
        gateway.address_set.append(row)
    return ActionResult({"NatGatewayId": gateway.id, "NatGatewayAddresses": gateway.address_set})


@adds(NatGateways, "disassociate_nat_gateway_address")
def disassociate_nat_gateway_address(self):
    gateway = held_gateway(self)
    gone = self._get_param("AssociationIds", [])
    for address in self.ec2_backend.addresses:
        if address.association_id in gone:
            address.eni = address.association_id = None
    gateway.address_set = [each for each in gateway.address_set if each.get("associationId") not in gone]
    return ActionResult({"NatGatewayId": gateway.id, "NatGatewayAddresses": gateway.address_set})


def held_gateway(response) -> NatGateway:
    name = response._get_param("NatGatewayId")
    if name not in response.ec2_backend.nat_gateways:
        raise not_found(name)
    return response.ec2_backend.nat_gateways[name]
