"""Direct Connect: what is used stays, what a gateway is joined to, and proposals."""

from tests.support import SandboxTest, client


class DirectConnect(SandboxTest):
    def setUp(self):
        super().setUp()
        self.dx = client("directconnect")
        self.line = self.dx.create_connection(location="EqDC2", bandwidth="1Gbps", connectionName="one")["connectionId"]

    def gateway(self, asn=64512):
        made = self.dx.create_direct_connect_gateway(directConnectGatewayName="one", amazonSideAsn=asn)
        return made["directConnectGateway"]["directConnectGatewayId"]

    def private(self, gateway, vlan=101):
        new = {"virtualInterfaceName": "one", "vlan": vlan, "asn": 65000, "directConnectGatewayId": gateway}
        return {"connectionId": self.line, "newPrivateVirtualInterface": new}

    def test_a_connection_stays_while_it_is_used(self):
        self.assertTrue(self.line.startswith("dxcon-"))
        self.refused("DirectConnectClientException", self.dx.describe_connections, connectionId="dxcon-none")
        made = self.dx.create_private_virtual_interface(**self.private(self.gateway()))
        self.assertEqual((made["asnLong"], made["mtu"], made["siteLinkEnabled"]), (65000, 1500, False))
        self.refused("DirectConnectClientException", self.dx.delete_connection, connectionId=self.line)
        self.dx.delete_virtual_interface(virtualInterfaceId=made["virtualInterfaceId"])
        found = self.dx.describe_virtual_interfaces(connectionId=self.line)["virtualInterfaces"]
        self.assertEqual([each["virtualInterfaceState"] for each in found], ["deleted"])
        self.dx.delete_connection(connectionId=self.line)

    def test_an_interface_has_a_vlan_of_its_own_and_one_way(self):
        gateway = self.gateway()
        self.dx.create_private_virtual_interface(**self.private(gateway))
        self.refused("DirectConnectClientException", self.dx.create_private_virtual_interface, **self.private(gateway))
        new = {"virtualInterfaceName": "two", "vlan": 102, "asn": 65000, "directConnectGatewayId": gateway}
        call = self.dx.create_transit_virtual_interface
        self.refused("DirectConnectClientException", call, connectionId=self.line, newTransitVirtualInterface=new)

    def test_a_gateway_is_joined_to_a_transit_gateway(self):
        gateway = self.gateway()
        transit = self.ec2.create_transit_gateway(Options={"AmazonSideAsn": 64600})["TransitGateway"]["TransitGatewayId"]
        call = self.dx.create_direct_connect_gateway_association
        self.refused("DirectConnectClientException", call, directConnectGatewayId=gateway, gatewayId=transit)
        prefixes = [{"cidr": "10.1.0.0/16"}]
        joined = {"directConnectGatewayId": gateway, "gatewayId": transit}
        made = call(**joined, addAllowedPrefixesToDirectConnectGateway=prefixes)["directConnectGatewayAssociation"]
        self.assertEqual(made["associatedGateway"]["type"], "transitGateway")
        by = [{"Name": "resource-type", "Values": ["direct-connect-gateway"]}]
        found = self.ec2.describe_transit_gateway_attachments(Filters=by)["TransitGatewayAttachments"]
        self.assertIn((transit, gateway), [(each["TransitGatewayId"], each["ResourceId"]) for each in found])
        self.refused("DirectConnectClientException", self.dx.delete_direct_connect_gateway, directConnectGatewayId=gateway)
        self.dx.delete_direct_connect_gateway_association(associationId=made["associationId"])
        self.dx.delete_direct_connect_gateway(directConnectGatewayId=gateway)
        call = self.dx.describe_direct_connect_gateways
        self.assertEqual(call(directConnectGatewayId=gateway)["directConnectGateways"], [])

    def test_a_proposal_is_accepted_once(self):
        gateway = self.gateway()
        vpc = self.ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
        other = self.ec2.create_vpn_gateway(Type="ipsec.1")["VpnGateway"]["VpnGatewayId"]
        asked = {"directConnectGatewayId": gateway, "gatewayId": other}
        asked["directConnectGatewayOwnerAccount"] = "123456789012"
        call = self.dx.create_direct_connect_gateway_association_proposal
        self.refused("DirectConnectClientException", call, **asked)
        self.ec2.attach_vpn_gateway(VpcId=vpc, VpnGatewayId=other)
        proposal = call(**asked)["directConnectGatewayAssociationProposal"]["proposalId"]
        accepted = {"directConnectGatewayId": gateway, "proposalId": proposal}
        accepted["associatedGatewayOwnerAccount"] = "123456789012"
        call = self.dx.accept_direct_connect_gateway_association_proposal
        made = call(**accepted)["directConnectGatewayAssociation"]
        self.assertEqual(made["allowedPrefixesToDirectConnectGateway"], [{"cidr": "10.9.0.0/16"}])
        self.refused("DirectConnectClientException", call, **accepted)

    def test_tags_of_a_connection_change(self):
        arn = f"arn:aws:directconnect:eu-west-1:123456789012:dxcon/{self.line}"
        self.dx.tag_resource(resourceArn=arn, tags=[{"key": "a", "value": "b"}, {"key": "c", "value": "d"}])
        self.dx.untag_resource(resourceArn=arn, tagKeys=["a"])
        found = self.dx.describe_tags(resourceArns=[arn])["resourceTags"][0]["tags"]
        self.assertEqual(found, [{"key": "c", "value": "d"}])
