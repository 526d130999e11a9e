"""NAT gateways, VPC endpoints, peering connections and prefix lists."""

import time

from tests.support import REGION, SandboxTest, control


class NatGateways(SandboxTest):
    def setUp(self) -> None:
        self.home = self.vpc()
        self.igw = self.gateway(self.home)
        self.place = self.subnet(self.home)

    def test_a_gateway_becomes_available_after_the_delay(self):
        control("POST", "delays", {"nat_gateway": 0.5})
        made = self.ec2.create_nat_gateway(SubnetId=self.place, AllocationId=self.address())["NatGateway"]
        self.assertEqual("pending", made["State"])
        self.assertEqual("pending", self.nat_state(made["NatGatewayId"]))
        time.sleep(0.6)
        self.assertEqual("available", self.nat_state(made["NatGatewayId"]))

    def test_without_a_delay_it_is_available_at_the_next_look(self):
        made = self.ec2.create_nat_gateway(SubnetId=self.place, AllocationId=self.address())["NatGateway"]
        self.assertEqual("pending", made["State"])
        self.assertEqual("available", self.nat_state(made["NatGatewayId"]))

    def test_its_address_interface_and_subnet_are_free_only_at_the_end(self):
        address = self.address()
        nat = self.nat(self.place, address)
        control("POST", "delays", {"nat_gateway": 0.5})
        self.ec2.delete_nat_gateway(NatGatewayId=nat)
        self.assertEqual("deleting", self.nat_state(nat))
        detach = {"InternetGatewayId": self.igw, "VpcId": self.home}
        self.refused("InvalidIPAddress.InUse", self.ec2.release_address, AllocationId=address)
        self.refused("DependencyViolation", self.ec2.delete_subnet, SubnetId=self.place)
        self.refused("DependencyViolation", self.ec2.detach_internet_gateway, **detach)
        time.sleep(0.6)
        self.assertEqual("deleted", self.nat_state(nat))
        self.ec2.release_address(AllocationId=address)
        self.ec2.delete_subnet(SubnetId=self.place)
        self.ec2.detach_internet_gateway(**detach)
        self.refused("NatGatewayNotFound", self.ec2.delete_nat_gateway, NatGatewayId=nat)

    def test_a_used_address_and_a_missing_gateway_make_it_fail(self):
        address = self.address()
        self.nat(self.place, address)
        second = self.nat(self.place, address)
        found = self.ec2.describe_nat_gateways(NatGatewayIds=[second])["NatGateways"][0]
        self.assertEqual(("failed", "Resource.AlreadyAssociated"), (found["State"], found["FailureCode"]))
        lonely = self.nat(self.subnet(self.vpc()), self.address())
        found = self.ec2.describe_nat_gateways(NatGatewayIds=[lonely])["NatGateways"][0]
        self.assertEqual(("failed", "Gateway.NotAttached"), (found["State"], found["FailureCode"]))

    def test_an_unknown_gateway_is_a_client_error(self):
        self.refused("NatGatewayNotFound", self.ec2.delete_nat_gateway, NatGatewayId="nat-0")
        self.refused("NatGatewayNotFound", self.ec2.describe_nat_gateways, NatGatewayIds=["nat-0"])

    def test_a_private_gateway_has_the_address_asked_for(self):
        nat = self.nat(self.place, ConnectivityType="private", PrivateIpAddress="10.0.1.77")
        found = self.ec2.describe_nat_gateways(NatGatewayIds=[nat])["NatGateways"][0]
        self.assertEqual("10.0.1.77", found["NatGatewayAddresses"][0]["PrivateIp"])
        self.refused("MissingParameter", self.ec2.create_nat_gateway, SubnetId=self.place)

    def test_a_route_to_a_deleted_gateway_is_a_blackhole(self):
        nat, table = self.nat(self.place, self.address()), self.table(self.home)
        self.ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", NatGatewayId=nat)
        self.ec2.delete_nat_gateway(NatGatewayId=nat)
        routes = self.ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"][0]["Routes"]
        self.assertEqual("blackhole", routes[1]["State"])


class Endpoints(SandboxTest):
    def setUp(self) -> None:
        self.home = self.vpc()
        for name in ("EnableDnsSupport", "EnableDnsHostnames"):
            self.ec2.modify_vpc_attribute(VpcId=self.home, **{name: {"Value": True}})

    def make(self, service: str, **arguments) -> dict:
        name = f"com.amazonaws.{REGION}.{service}"
        return self.ec2.create_vpc_endpoint(VpcId=self.home, ServiceName=name, **arguments)["VpcEndpoint"]

    def find(self, endpoint: str) -> dict:
        return self.ec2.describe_vpc_endpoints(VpcEndpointIds=[endpoint])["VpcEndpoints"][0]

    def prefix_routes(self, table: str) -> list[tuple]:
        found = self.ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"][0]
        return [
            (route["DestinationPrefixListId"], route["GatewayId"])
            for route in found["Routes"]
            if "DestinationPrefixListId" in route
        ]

    def test_a_gateway_endpoint_routes_its_prefix_list(self):
        first, second = self.table(self.home), self.table(self.home)
        endpoint = self.make("s3", RouteTableIds=[first])["VpcEndpointId"]
        lists = self.ec2.describe_prefix_lists(
            Filters=[{"Name": "prefix-list-name", "Values": [f"com.amazonaws.{REGION}.s3"]}]
        )
        expected = [(lists["PrefixLists"][0]["PrefixListId"], endpoint)]
        self.assertEqual(expected, self.prefix_routes(first))
        self.ec2.modify_vpc_endpoint(
            VpcEndpointId=endpoint, AddRouteTableIds=[second], RemoveRouteTableIds=[first]
        )
        self.assertEqual([], self.prefix_routes(first))
        self.assertEqual(expected, self.prefix_routes(second))
        self.ec2.delete_vpc_endpoints(VpcEndpointIds=[endpoint])
        self.assertEqual([], self.prefix_routes(second))
        self.refused("InvalidVpcEndpointId.NotFound", self.find, endpoint=endpoint)

    def test_an_interface_endpoint_takes_its_time(self):
        subnet, group = self.subnet(self.home), self.group(self.home)
        control("POST", "delays", {"vpc_endpoint": 0.5})
        made = self.make("ec2", VpcEndpointType="Interface", SubnetIds=[subnet], SecurityGroupIds=[group])
        self.assertEqual("pending", made["State"])
        endpoint = made["VpcEndpointId"]
        self.assertTrue(made["PrivateDnsEnabled"])
        time.sleep(0.6)
        self.assertEqual("available", self.find(endpoint)["State"])
        self.ec2.delete_vpc_endpoints(VpcEndpointIds=[endpoint])
        self.assertEqual("deleting", self.find(endpoint)["State"])
        self.refused("DependencyViolation", self.ec2.delete_security_group, GroupId=group)
        self.refused("DependencyViolation", self.ec2.delete_subnet, SubnetId=subnet)
        time.sleep(0.6)
        self.ec2.delete_subnet(SubnetId=subnet)
        self.ec2.delete_security_group(GroupId=group)

    def test_every_part_of_an_endpoint_is_modified(self):
        first, second = self.subnet(self.home), self.subnet(self.home, "10.0.2.0/24")
        groups = [self.group(self.home, "a"), self.group(self.home, "b")]
        made = self.make("sqs", VpcEndpointType="Interface", SubnetIds=[first], SecurityGroupIds=groups[:1])
        endpoint = made["VpcEndpointId"]
        self.ec2.modify_vpc_endpoint(
            VpcEndpointId=endpoint,
            PrivateDnsEnabled=False,
            AddSubnetIds=[second],
            RemoveSubnetIds=[first],
            AddSecurityGroupIds=groups[1:],
            RemoveSecurityGroupIds=groups[:1],
        )
        found = self.find(endpoint)
        self.assertFalse(found["PrivateDnsEnabled"])
        self.assertEqual([second], found["SubnetIds"])
        self.assertEqual([groups[1]], [group["GroupId"] for group in found["Groups"]])
        interfaces = self.ec2.describe_network_interfaces(NetworkInterfaceIds=found["NetworkInterfaceIds"])
        self.assertEqual([second], [each["SubnetId"] for each in interfaces["NetworkInterfaces"]])
        self.ec2.delete_security_group(GroupId=groups[0])

    def test_services_are_listed_and_checked(self):
        names = self.ec2.describe_vpc_endpoint_services()["ServiceNames"]
        self.assertIn(f"com.amazonaws.{REGION}.s3", names)
        with self.assertRaisesRegex(Exception, "InvalidServiceName"):
            self.make("nonsense")
        with self.assertRaisesRegex(Exception, "InvalidParameter"):
            self.make("ec2")

    def test_private_names_need_the_vpc_to_have_names(self):
        self.ec2.modify_vpc_attribute(VpcId=self.home, EnableDnsHostnames={"Value": False})
        with self.assertRaisesRegex(Exception, "InvalidParameter"):
            self.make("ec2", VpcEndpointType="Interface", SubnetIds=[self.subnet(self.home)])

    def test_deleting_what_is_not_there_is_reported(self):
        unsuccessful = self.ec2.delete_vpc_endpoints(VpcEndpointIds=["vpce-0"])["Unsuccessful"]
        self.assertEqual("InvalidVpcEndpointId.NotFound", unsuccessful[0]["Error"]["Code"])


class Peering(SandboxTest):
    def make(self, first: str, second: str) -> str:
        made = self.ec2.create_vpc_peering_connection(VpcId=first, PeerVpcId=second)
        return made["VpcPeeringConnection"]["VpcPeeringConnectionId"]

    def code(self, connection: str) -> str:
        found = self.ec2.describe_vpc_peering_connections(VpcPeeringConnectionIds=[connection])
        return found["VpcPeeringConnections"][0]["Status"]["Code"]

    def test_options_wait_for_acceptance(self):
        connection = self.make(self.vpc(), self.vpc("10.1.0.0/16"))
        options = {
            "VpcPeeringConnectionId": connection,
            "RequesterPeeringConnectionOptions": {"AllowDnsResolutionFromRemoteVpc": True},
        }
        self.refused("OperationNotPermitted", self.ec2.modify_vpc_peering_connection_options, **options)
        self.ec2.accept_vpc_peering_connection(VpcPeeringConnectionId=connection)
        self.ec2.modify_vpc_peering_connection_options(**options)
        self.assertEqual("active", self.code(connection))

    def test_both_sides_tell_all_their_ranges(self):
        first = self.vpc()
        self.ec2.associate_vpc_cidr_block(VpcId=first, CidrBlock="10.2.0.0/16")
        connection = self.make(first, self.vpc("10.1.0.0/16"))
        found = self.ec2.describe_vpc_peering_connections(VpcPeeringConnectionIds=[connection])
        ranges = found["VpcPeeringConnections"][0]["RequesterVpcInfo"]["CidrBlockSet"]
        self.assertEqual([{"CidrBlock": "10.0.0.0/16"}, {"CidrBlock": "10.2.0.0/16"}], ranges)

    def test_overlapping_vpcs_are_not_peered(self):
        self.assertEqual("failed", self.code(self.make(self.vpc(), self.vpc())))

    def test_a_deleted_connection_makes_its_routes_blackholes(self):
        first = self.vpc()
        connection, table = self.make(first, self.vpc("10.1.0.0/16")), self.table(first)
        self.ec2.accept_vpc_peering_connection(VpcPeeringConnectionId=connection)
        self.ec2.create_route(
            RouteTableId=table, DestinationCidrBlock="10.1.0.0/16", VpcPeeringConnectionId=connection
        )
        self.ec2.delete_vpc_peering_connection(VpcPeeringConnectionId=connection)
        routes = self.ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"][0]["Routes"]
        self.assertEqual(["active", "blackhole"], [route["State"] for route in routes])


class PrefixLists(SandboxTest):
    def setUp(self) -> None:
        made = self.ec2.create_managed_prefix_list(
            PrefixListName="offices",
            AddressFamily="IPv4",
            MaxEntries=2,
            Entries=[{"Cidr": "10.0.0.0/8", "Description": "a"}],
        )
        self.id = made["PrefixList"]["PrefixListId"]

    def find(self) -> dict:
        return self.ec2.describe_managed_prefix_lists(PrefixListIds=[self.id])["PrefixLists"][0]

    def entries(self) -> list[str]:
        found = self.ec2.get_managed_prefix_list_entries(PrefixListId=self.id)["Entries"]
        return [entry["Cidr"] for entry in found]

    def test_changes_keep_the_name_and_count_versions(self):
        modify = self.ec2.modify_managed_prefix_list
        modify(
            PrefixListId=self.id,
            CurrentVersion=1,
            AddEntries=[{"Cidr": "10.1.0.0/16"}],
            RemoveEntries=[{"Cidr": "10.0.0.0/8"}],
        )
        self.assertEqual(["10.1.0.0/16"], self.entries())
        self.assertEqual(("offices", 2), (self.find()["PrefixListName"], self.find()["Version"]))
        stale = {"PrefixListId": self.id, "CurrentVersion": 1, "AddEntries": [{"Cidr": "10.2.0.0/16"}]}
        self.refused("PrefixListVersionMismatch", modify, **stale)
        modify(PrefixListId=self.id, PrefixListName="sites")
        self.assertEqual(("sites", 2), (self.find()["PrefixListName"], self.find()["Version"]))
        self.ec2.describe_prefix_lists()

    def test_the_lists_of_services_tell_their_ranges(self):
        named = [{"Name": "prefix-list-name", "Values": [f"com.amazonaws.{REGION}.s3"]}]
        found = self.ec2.describe_prefix_lists(Filters=named)["PrefixLists"][0]
        self.assertIn("54.231.0.0/16", found["Cidrs"])
        entries = self.ec2.get_managed_prefix_list_entries(PrefixListId=found["PrefixListId"])["Entries"]
        self.assertEqual(found["Cidrs"], [entry["Cidr"] for entry in entries])

    def test_the_size_is_checked_and_changed_alone(self):
        modify = self.ec2.modify_managed_prefix_list
        more = [{"Cidr": f"10.{number}.0.0/16"} for number in range(3)]
        self.refused(
            "PrefixListMaxEntriesExceeded", modify, PrefixListId=self.id, CurrentVersion=1, AddEntries=more
        )
        self.refused(
            "InvalidParameterCombination",
            modify,
            PrefixListId=self.id,
            CurrentVersion=1,
            MaxEntries=5,
            AddEntries=more,
        )
        modify(PrefixListId=self.id, MaxEntries=5)
        modify(PrefixListId=self.id, CurrentVersion=1, AddEntries=more)
        self.assertEqual(4, len(self.entries()))

    def test_a_list_in_use_stays_and_a_deleted_one_is_gone(self):
        group = self.group(self.vpc())
        rule = [{"IpProtocol": "-1", "PrefixListIds": [{"PrefixListId": self.id}]}]
        self.ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=rule)
        self.refused("DependencyViolation", self.ec2.delete_managed_prefix_list, PrefixListId=self.id)
        self.ec2.revoke_security_group_ingress(GroupId=group, IpPermissions=rule)
        self.ec2.delete_managed_prefix_list(PrefixListId=self.id)
        self.refused("InvalidPrefixListID.NotFound", self.find)
