"""Customer gateways: one per address and ASN, not deleted while a connection uses it, all arguments are kept.

moto makes a second one, deletes those in use, and forgets the device's name, certificate and large ASN.
"""

from moto.core.responses import ActionResult, EmptyResult
from moto.ec2.exceptions import (
    EC2ClientError,
    InvalidCustomerGatewayIdError,
    InvalidParameterValueError,
    MissingParameterError,
)
from moto.ec2.models import EC2Backend
from moto.ec2.models.customer_gateways import CustomerGateway
from moto.ec2.responses.customer_gateways import CustomerGateways

from floorplan_sandbox.gaps.filters import by_ids, select
from floorplan_sandbox.patch import instead

LARGEST_PLAIN = 2_147_483_647


@instead(CustomerGateways, "create_customer_gateway")
def create_customer_gateway(self):
    backend = self.ec2_backend
    kind = self._get_param("Type")
    address = self._get_param("IpAddress") or self._get_param("PublicIp")
    certificate = self._get_param("CertificateArn")
    plain, extended = self._get_param("BgpAsn"), self._get_param("BgpAsnExtended")
    if kind != "ipsec.1":
        raise InvalidParameterValueError(f"Value ({kind}) for parameter type is invalid.")
    if not address and not certificate:
        raise MissingParameterError("IpAddress")
    if plain and extended:
        raise EC2ClientError("InvalidParameterCombination", "Give BgpAsn or BgpAsnExtended, not both.")
    if extended and int(extended) <= LARGEST_PLAIN:
        raise InvalidParameterValueError(f"Value ({extended}) for parameter bgpAsnExtended is invalid.")
    asn = None if extended else str(plain or 65000)
    extended = str(extended) if extended else None
    key = (kind, address, certificate, asn, extended)
    for held in backend.customer_gateways.values():
        if held.state == "available" and held._key == key:
            return ActionResult({"CustomerGateway": held})
    tags = self._parse_tag_specification().get("customer-gateway", {})
    made = backend.create_customer_gateway(kind, ip_address=address, bgp_asn=asn, tags=tags)
    made._key = key
    made.bgp_asn_extended = extended
    made.certificate_arn = certificate
    made.device_name = self._get_param("DeviceName")
    return ActionResult({"CustomerGateway": made})


@instead(EC2Backend, "describe_customer_gateways")
def describe_customer_gateways(self, filters=None, customer_gateway_ids=None):
    found = by_ids(self.customer_gateways, customer_gateway_ids, InvalidCustomerGatewayIdError)
    return select(filters, found)


@instead(EC2Backend, "get_customer_gateway")
def get_customer_gateway(self, customer_gateway_id):
    held = self.customer_gateways.get(customer_gateway_id)
    if held is None or held.state == "deleted":
        raise InvalidCustomerGatewayIdError(customer_gateway_id)
    return held


@instead(CustomerGateways, "delete_customer_gateway")
def delete_customer_gateway(self):
    gateway = self.ec2_backend.get_customer_gateway(self._get_param("CustomerGatewayId"))
    connections = self.ec2_backend.vpn_connections.values()
    if any(each.customer_gateway_id == gateway.id and each.state != "deleted" for each in connections):
        raise EC2ClientError("IncorrectState", "The customer gateway is in use.")
    gateway.state = "deleted"
    return EmptyResult()


CustomerGateway.owner_id = property(lambda self: self.ec2_backend.account_id)
