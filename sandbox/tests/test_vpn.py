"""Customer gateways, virtual private gateways and VPN connections."""

import time
import urllib.error
import xml.etree.ElementTree as ElementTree

from tests.support import SandboxTest, control


class VpnTest(SandboxTest):
    def customer(self, address: str, asn: int = 65010, **arguments) -> str:
        made = self.ec2.create_customer_gateway(Type="ipsec.1", IpAddress=address, BgpAsn=asn, **arguments)
        return made["CustomerGateway"]["CustomerGatewayId"]

    def private(self) -> str:
        return self.ec2.create_vpn_gateway(Type="ipsec.1")["VpnGateway"]["VpnGatewayId"]

    def connection(self, customer: str, gateway: str, **options) -> str:
        made = self.ec2.create_vpn_connection(
            Type="ipsec.1", CustomerGatewayId=customer, VpnGatewayId=gateway, Options=options
        )
        return made["VpnConnection"]["VpnConnectionId"]

    def look(self, connection: str) -> dict:
        return self.ec2.describe_vpn_connections(VpnConnectionIds=[connection])["VpnConnections"][0]

    def tunnels(self, connection: str) -> list[dict]:
        return self.look(connection)["Options"]["TunnelOptions"]

    def status(self, connection: str) -> dict[str, str]:
        return {each["OutsideIpAddress"]: each["Status"] for each in self.look(connection)["VgwTelemetry"]}


class Gateways(VpnTest):
    def test_a_device_is_known_once_and_kept_whole(self):
        first = self.customer("203.0.113.1", DeviceName="edge")
        self.assertEqual(first, self.customer("203.0.113.1"))
        self.assertNotEqual(first, self.customer("203.0.113.1", 65011))
        found = self.ec2.describe_customer_gateways(CustomerGatewayIds=[first])["CustomerGateways"][0]
        self.assertEqual(("edge", "65010"), (found["DeviceName"], found["BgpAsn"]))
        large = self.ec2.create_customer_gateway(
            Type="ipsec.1", IpAddress="203.0.113.2", BgpAsnExtended=4_200_000_001
        )["CustomerGateway"]
        self.assertEqual("4200000001", large["BgpAsnExtended"])
        self.assertNotIn("BgpAsn", large)

    def test_devices_are_found_by_tag_and_state(self):
        tagged = [{"ResourceType": "customer-gateway", "Tags": [{"Key": "site", "Value": "leeds"}]}]
        made = self.customer("203.0.113.3", TagSpecifications=tagged)
        self.customer("203.0.113.4")

        def found(*filters) -> list[str]:
            answer = self.ec2.describe_customer_gateways(
                Filters=[{"Name": name, "Values": [value]} for name, value in filters]
            )
            return [each["CustomerGatewayId"] for each in answer["CustomerGateways"]]

        self.assertEqual([made], found(("tag:site", "leeds")))
        self.ec2.delete_customer_gateway(CustomerGatewayId=made)
        self.assertEqual([made], found(("tag:site", "leeds"), ("state", "deleted")))
        self.assertNotEqual(made, self.customer("203.0.113.3"))
        self.refused(
            "InvalidCustomerGatewayID.NotFound", self.ec2.delete_customer_gateway, CustomerGatewayId=made
        )

    def test_a_gateway_has_one_vpc_and_stays_while_attached(self):
        gateway, other = self.private(), self.private()
        vpc = self.vpc()
        self.ec2.attach_vpn_gateway(VpnGatewayId=gateway, VpcId=vpc)
        self.refused(
            "VpnGatewayAttachmentLimitExceeded",
            self.ec2.attach_vpn_gateway,
            VpnGatewayId=gateway,
            VpcId=self.vpc(),
        )
        self.refused("InvalidVpcState", self.ec2.attach_vpn_gateway, VpnGatewayId=other, VpcId=vpc)
        self.refused("IncorrectState", self.ec2.delete_vpn_gateway, VpnGatewayId=gateway)
        found = self.ec2.describe_vpn_gateways(Filters=[{"Name": "attachment.vpc-id", "Values": [vpc]}])
        self.assertEqual([64512], [each["AmazonSideAsn"] for each in found["VpnGateways"]])
        self.ec2.detach_vpn_gateway(VpnGatewayId=gateway, VpcId=vpc)
        self.ec2.delete_vpn_gateway(VpnGatewayId=gateway)
        self.refused("InvalidVpnGatewayID.NotFound", self.ec2.delete_vpn_gateway, VpnGatewayId=gateway)
        self.refused("InvalidVpnGatewayID.NotFound", self.ec2.describe_vpn_gateways, VpnGatewayIds=["vgw-0"])


class Connections(VpnTest):
    def test_options_are_kept_as_given_and_the_rest_is_chosen(self):
        given = {
            "TunnelInsideCidr": "169.254.20.0/30",
            "PreSharedKey": "first.key_1",
            "Phase1DHGroupNumbers": [{"Value": 20}, {"Value": 21}],
        }
        ikev2 = [{"Value": "ikev2"}]
        specified = [{**given, "IKEVersions": ikev2, "DPDTimeoutSeconds": 45}, {}]
        made = self.connection(self.customer("203.0.113.10"), self.private(), TunnelOptions=specified)
        first, second = self.tunnels(made)
        self.assertEqual(given, {name: first[name] for name in given})
        self.assertEqual((ikev2, 45), (first["IkeVersions"], first["DpdTimeoutSeconds"]))
        self.assertNotIn("IkeVersions", second)
        self.assertNotEqual(first["PreSharedKey"], second["PreSharedKey"])
        found = self.look(made)
        options = found["Options"]
        self.assertEqual((False, "ipv4"), (options["StaticRoutesOnly"], options["TunnelInsideIpVersion"]))
        document = ElementTree.fromstring(found["CustomerGatewayConfiguration"])
        tunnels = document.findall("ipsec_tunnel")
        self.assertEqual(
            [
                (first["OutsideIpAddress"], "first.key_1"),
                (second["OutsideIpAddress"], second["PreSharedKey"]),
            ],
            [
                (
                    each.findtext("vpn_gateway/tunnel_outside_address/ip_address"),
                    each.findtext("ike/pre_shared_key"),
                )
                for each in tunnels
            ],
        )
        self.assertEqual("169.254.20.1", tunnels[0].findtext("vpn_gateway/tunnel_inside_address/ip_address"))
        self.assertEqual(
            "203.0.113.10", tunnels[0].findtext("customer_gateway/tunnel_outside_address/ip_address")
        )

    def test_wrong_options_and_missing_gateways_are_refused(self):
        customer, gateway = self.customer("203.0.113.11"), self.private()
        for wrong in (
            {"PreSharedKey": "0starts.with.zero"},
            {"PreSharedKey": "short"},
            {"TunnelInsideCidr": "169.254.5.0/30"},
            {"TunnelInsideCidr": "10.0.0.0/30"},
        ):
            with self.assertRaises(self.ec2.exceptions.ClientError):
                self.connection(customer, gateway, TunnelOptions=[wrong])
        create = self.ec2.create_vpn_connection
        gone = {"Type": "ipsec.1", "CustomerGatewayId": customer, "VpnGatewayId": "vgw-0123"}
        self.refused("InvalidVpnGatewayID.NotFound", create, **gone)
        gone = {"Type": "ipsec.1", "CustomerGatewayId": "cgw-0123", "VpnGatewayId": gateway}
        self.refused("InvalidCustomerGatewayID.NotFound", create, **gone)
        self.connection(customer, gateway, TunnelOptions=[{"TunnelInsideCidr": "169.254.21.0/30"}])
        taken = {"TunnelOptions": [{"TunnelInsideCidr": "169.254.21.0/30"}]}
        self.refused(
            "InvalidParameterValue",
            create,
            Type="ipsec.1",
            CustomerGatewayId=self.customer("203.0.113.12"),
            VpnGatewayId=gateway,
            Options=taken,
        )

    def test_states_take_time_and_what_is_used_stays(self):
        control("POST", "delays", {"vpn_connection": 0.2})
        customer, gateway = self.customer("203.0.113.13"), self.private()
        made = self.connection(customer, gateway)
        self.assertEqual("pending", self.look(made)["State"])
        time.sleep(0.25)
        self.assertEqual("available", self.look(made)["State"])
        self.ec2.delete_vpn_connection(VpnConnectionId=made)
        self.assertEqual("deleting", self.look(made)["State"])
        self.refused("IncorrectState", self.ec2.delete_customer_gateway, CustomerGatewayId=customer)
        self.refused("IncorrectState", self.ec2.delete_vpn_gateway, VpnGatewayId=gateway)
        time.sleep(0.25)
        self.assertEqual("deleted", self.look(made)["State"])
        self.ec2.delete_customer_gateway(CustomerGatewayId=customer)
        self.ec2.delete_vpn_gateway(VpnGatewayId=gateway)
        self.refused("InvalidVpnConnectionID.NotFound", self.ec2.delete_vpn_connection, VpnConnectionId=made)

    def test_a_tunnel_is_up_when_its_device_is_and_down_while_it_changes(self):
        made = self.connection(self.customer("203.0.113.14"), self.private())
        first, second = (each["OutsideIpAddress"] for each in self.tunnels(made))
        self.assertEqual({first: "DOWN", second: "DOWN"}, self.status(made))
        control("POST", "tunnels", {first: "UP", second: "UP"})
        self.assertEqual({first: "UP", second: "UP"}, self.status(made))
        control("POST", "delays", {"vpn_tunnel": 0.2})
        self.ec2.modify_vpn_tunnel_options(
            VpnConnectionId=made,
            VpnTunnelOutsideIpAddress=second,
            TunnelOptions={"PreSharedKey": "another_key", "StartupAction": "start"},
        )
        self.assertEqual({first: "UP", second: "DOWN"}, self.status(made))
        self.assertEqual("another_key", self.tunnels(made)[1]["PreSharedKey"])
        time.sleep(0.25)
        self.assertEqual({first: "UP", second: "UP"}, self.status(made))
        self.ec2.modify_vpn_tunnel_options(
            VpnConnectionId=made,
            VpnTunnelOutsideIpAddress=first,
            TunnelOptions={"EnableTunnelLifecycleControl": True},
            SkipTunnelReplacement=True,
        )
        self.assertEqual({first: "UP", second: "UP"}, self.status(made))
        self.refused(
            "InvalidParameterValue",
            self.ec2.modify_vpn_tunnel_options,
            VpnConnectionId=made,
            VpnTunnelOutsideIpAddress="192.0.2.1",
            TunnelOptions={"StartupAction": "add"},
        )

    def test_a_connection_that_is_being_changed_cannot_be_changed(self):
        made = self.connection(self.customer("203.0.113.15"), self.private())
        control("POST", "delays", {"vpn_connection": 0.2})
        modify = self.ec2.modify_vpn_connection_options
        modify(VpnConnectionId=made, LocalIpv4NetworkCidr="10.1.0.0/16")
        found = self.look(made)
        self.assertEqual(
            ("modifying", "10.1.0.0/16"), (found["State"], found["Options"]["LocalIpv4NetworkCidr"])
        )
        self.refused("IncorrectState", modify, VpnConnectionId=made, LocalIpv4NetworkCidr="10.2.0.0/16")

    def test_keys_in_secrets_manager_are_not_told(self):
        made = self.ec2.create_vpn_connection(
            Type="ipsec.1",
            CustomerGatewayId=self.customer("203.0.113.16"),
            VpnGatewayId=self.private(),
            PreSharedKeyStorage="SecretsManager",
        )["VpnConnection"]["VpnConnectionId"]
        found = self.look(made)
        self.assertIn(":secretsmanager:", found["PreSharedKeyArn"])
        self.assertEqual({"****"}, {each["PreSharedKey"] for each in self.tunnels(made)})

    def test_static_routes_belong_to_static_connections(self):
        customer, gateway = self.customer("203.0.113.17"), self.private()
        dynamic = self.connection(customer, gateway)
        create, delete = self.ec2.create_vpn_connection_route, self.ec2.delete_vpn_connection_route
        self.refused("InvalidRequest", create, VpnConnectionId=dynamic, DestinationCidrBlock="10.9.0.0/16")
        static = self.connection(customer, gateway, StaticRoutesOnly=True)
        create(VpnConnectionId=static, DestinationCidrBlock="10.9.0.0/16")
        route = {"DestinationCidrBlock": "10.9.0.0/16", "Source": "Static", "State": "available"}
        self.assertEqual([route], self.look(static)["Routes"])
        found = self.ec2.describe_vpn_connections(
            Filters=[{"Name": "route.destination-cidr-block", "Values": ["10.9.0.0/16"]}]
        )["VpnConnections"]
        self.assertIn(static, [each["VpnConnectionId"] for each in found])
        delete(VpnConnectionId=static, DestinationCidrBlock="10.9.0.0/16")
        self.refused(
            "InvalidRoute.NotFound", delete, VpnConnectionId=static, DestinationCidrBlock="10.9.0.0/16"
        )

    def test_a_connection_passes_between_gateways(self):
        gateway = self.private()
        made = self.connection(self.customer("203.0.113.18"), gateway)
        transit = self.ec2.create_transit_gateway()["TransitGateway"]["TransitGatewayId"]
        self.ec2.modify_vpn_connection(VpnConnectionId=made, TransitGatewayId=transit)
        found = self.look(made)
        self.assertEqual(transit, found["TransitGatewayId"])
        self.assertNotIn("VpnGatewayId", found)
        self.ec2.delete_vpn_gateway(VpnGatewayId=gateway)
        here = [{"Name": "resource-id", "Values": [made]}]
        attachments = self.ec2.describe_transit_gateway_attachments(Filters=here)["TransitGatewayAttachments"]
        self.assertEqual(
            [("vpn", "available")], [(each["ResourceType"], each["State"]) for each in attachments]
        )
        other = self.customer("203.0.113.19")
        self.ec2.modify_vpn_connection(VpnConnectionId=made, CustomerGatewayId=other)
        self.assertEqual(other, self.look(made)["CustomerGatewayId"])
        by = [{"Name": "transit-gateway-id", "Values": [transit]}]
        self.assertEqual(1, len(self.ec2.describe_vpn_connections(Filters=by)["VpnConnections"]))


class Control(VpnTest):
    def test_a_tunnel_is_up_or_down(self):
        with self.assertRaises(urllib.error.HTTPError) as caught:
            control("POST", "tunnels", {"52.0.0.1": "SIDEWAYS"})
        self.assertEqual(400, caught.exception.code)
        caught.exception.close()
