"""Filters: Floorplan refreshes by filters of up to 200 ids, and an id that is gone must only be left out."""

from botocore.exceptions import ClientError

from tests.support import REGION, SandboxTest

GONE = "00000000000000000"


class Filters(SandboxTest):
    """One world with one object of each network type, all tagged, looked at through every filter in use."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.build(cls())

    def build(self) -> None:
        made = type(self)
        ec2 = self.ec2
        made.vpc_id = self.vpc("10.77.0.0/16", AmazonProvidedIpv6CidrBlock=True)
        made.peer_id = self.vpc("10.78.0.0/16")
        made.igw = self.gateway(made.vpc_id)
        made.subnet_id = self.subnet(made.vpc_id, "10.77.1.0/24")
        made.allocation = self.address()
        made.nat_id = self.nat(made.subnet_id, made.allocation)
        made.table_id = self.table(made.vpc_id)
        made.table_link = ec2.associate_route_table(RouteTableId=made.table_id, SubnetId=made.subnet_id)[
            "AssociationId"
        ]
        ec2.create_route(
            RouteTableId=made.table_id, DestinationCidrBlock="0.0.0.0/0", NatGatewayId=made.nat_id
        )
        made.acl = ec2.create_network_acl(VpcId=made.vpc_id)["NetworkAcl"]["NetworkAclId"]
        default = ec2.describe_network_acls(
            Filters=[{"Name": "association.subnet-id", "Values": [made.subnet_id]}]
        )["NetworkAcls"][0]["Associations"][0]["NetworkAclAssociationId"]
        made.acl_link = ec2.replace_network_acl_association(AssociationId=default, NetworkAclId=made.acl)[
            "NewAssociationId"
        ]
        made.group_id = self.group(made.vpc_id, "filtered")
        made.rule_id = ec2.authorize_security_group_ingress(
            GroupId=made.group_id,
            IpPermissions=[
                {
                    "IpProtocol": "tcp",
                    "FromPort": 1,
                    "ToPort": 2,
                    "Ipv6Ranges": [{"CidrIpv6": "2001:db8::/32"}],
                }
            ],
        )["SecurityGroupRules"][0]["SecurityGroupRuleId"]
        made.options_id = ec2.create_dhcp_options(
            DhcpConfigurations=[{"Key": "domain-name", "Values": ["filtered.example"]}]
        )["DhcpOptions"]["DhcpOptionsId"]
        ec2.associate_dhcp_options(DhcpOptionsId=made.options_id, VpcId=made.vpc_id)
        made.endpoint_id = ec2.create_vpc_endpoint(
            VpcId=made.vpc_id, ServiceName=f"com.amazonaws.{REGION}.s3", RouteTableIds=[made.table_id]
        )["VpcEndpoint"]["VpcEndpointId"]
        made.peering_id = ec2.create_vpc_peering_connection(VpcId=made.vpc_id, PeerVpcId=made.peer_id)[
            "VpcPeeringConnection"
        ]["VpcPeeringConnectionId"]
        made.list_id = ec2.create_managed_prefix_list(
            PrefixListName="filtered", AddressFamily="IPv4", MaxEntries=1
        )["PrefixList"]["PrefixListId"]
        made.egress_id = ec2.create_egress_only_internet_gateway(VpcId=made.vpc_id)[
            "EgressOnlyInternetGateway"
        ]["EgressOnlyInternetGatewayId"]
        made.eni = self.interface(made.subnet_id, Groups=[made.group_id])
        made.vgw = ec2.create_vpn_gateway(Type="ipsec.1")["VpnGateway"]["VpnGatewayId"]
        everything = [
            made.vpc_id,
            made.igw,
            made.subnet_id,
            made.allocation,
            made.nat_id,
            made.table_id,
            made.acl,
            made.group_id,
            made.rule_id,
            made.options_id,
            made.endpoint_id,
            made.peering_id,
            made.list_id,
            made.egress_id,
            made.eni,
            made.vgw,
        ]
        ec2.create_tags(Resources=everything, Tags=[{"Key": "Filtered", "Value": "yes"}])

    def found(self, call: str, key: str, field: str, filters: dict[str, str | list]) -> list[str]:
        wanted = [
            {"Name": name, "Values": value if isinstance(value, list) else [value]}
            for name, value in filters.items()
        ]
        return [row[field] for row in getattr(self.ec2, call)(Filters=wanted)[key]]

    def check(self, call: str, key: str, field: str, own: str, *others: tuple[str, str]) -> None:
        """The id filter among vanished ids, the tag filters, and then each of the others."""
        one = getattr(self.ec2, call)
        by_id = next(name for name, value in others if value == own)
        padding = [f"{own.split('-')[0]}-{GONE[:-3]}{number:03}" for number in range(199)]
        self.assertEqual([own], self.found(call, key, field, {by_id: [own, *padding]}), f"{call} {by_id}")
        self.assertEqual([], self.found(call, key, field, {by_id: padding}), f"{call} {by_id}")
        for name, value in (
            *others,
            ("tag:Filtered", "y?s"),
            ("tag:Filtered", "yes"),
            ("tag-key", "Filter*"),
        ):
            with self.subTest(call=call, filter=name):
                self.assertIn(own, self.found(call, key, field, {name: value}))
                self.assertEqual([], self.found(call, key, field, {name: "no such value"}))
        both = {by_id: own, "tag:Filtered": "no"}
        self.assertEqual([], self.found(call, key, field, both), one)

    def test_what_is_not_there_is_not_tagged(self):
        for own in (
            self.vpc_id,
            self.subnet_id,
            self.igw,
            self.allocation,
            self.nat_id,
            self.table_id,
            self.acl,
            self.group_id,
            self.rule_id,
            self.options_id,
            self.endpoint_id,
            self.peering_id,
            self.list_id,
            self.egress_id,
            self.eni,
        ):
            gone = f"{own.split('-')[0]}-{GONE}"
            with self.subTest(gone), self.assertRaisesRegex(ClientError, "NotFound"):
                self.ec2.create_tags(Resources=[gone], Tags=[{"Key": "a", "Value": "b"}])

    def test_vpcs(self):
        self.check(
            "describe_vpcs",
            "Vpcs",
            "VpcId",
            self.vpc_id,
            ("vpc-id", self.vpc_id),
            ("cidr", "10.77.0.0/16"),
            ("cidr-block-association.cidr-block", "10.77.0.0/16"),
            ("dhcp-options-id", self.options_id),
            ("is-default", "false"),
            ("state", "available"),
            ("owner-id", "123456789012"),
        )

    def test_subnets(self):
        zone = self.ec2.describe_subnets(SubnetIds=[self.subnet_id])["Subnets"][0]
        self.check(
            "describe_subnets",
            "Subnets",
            "SubnetId",
            self.subnet_id,
            ("subnet-id", self.subnet_id),
            ("vpc-id", self.vpc_id),
            ("cidr-block", "10.77.1.0/24"),
            ("availability-zone", zone["AvailabilityZone"]),
            ("availability-zone-id", zone["AvailabilityZoneId"]),
            ("subnet-arn", zone["SubnetArn"]),
            ("default-for-az", "false"),
        )

    def test_subnets_by_their_ipv6_ranges_and_names(self):
        made = self.ec2.create_vpc(CidrBlock="10.0.0.0/16", AmazonProvidedIpv6CidrBlock=True)["Vpc"]
        block = made["Ipv6CidrBlockAssociationSet"][0]["Ipv6CidrBlock"].replace("::/56", "::/64")
        subnet = self.ec2.create_subnet(VpcId=made["VpcId"], CidrBlock="10.0.0.0/24", Ipv6CidrBlock=block)["Subnet"]
        held = subnet["Ipv6CidrBlockAssociationSet"][0]["AssociationId"]
        for name, value in (
            ("ipv6-cidr-block-association.association-id", held),
            ("ipv6-cidr-block-association.ipv6-cidr-block", subnet["Ipv6CidrBlockAssociationSet"][0]["Ipv6CidrBlock"]),
            ("ipv6-cidr-block-association.state", "associated"),
            ("private-dns-name-options-on-launch.hostname-type", "ip-name"),
            ("private-dns-name-options-on-launch.enable-resource-name-dns-a-record", "false"),
            ("private-dns-name-options-on-launch.enable-resource-name-dns-aaaa-record", "false"),
        ):
            with self.subTest(filter=name):
                found = self.found("describe_subnets", "Subnets", "SubnetId", {name: value})
                self.assertIn(subnet["SubnetId"], found)
                self.assertEqual([], self.found("describe_subnets", "Subnets", "SubnetId", {name: "no such value"}))
        network = {"ipv6-cidr-block-association.association-id": made["Ipv6CidrBlockAssociationSet"][0]["AssociationId"]}
        self.assertEqual([made["VpcId"]], self.found("describe_vpcs", "Vpcs", "VpcId", network))

    def test_internet_gateways(self):
        self.check(
            "describe_internet_gateways",
            "InternetGateways",
            "InternetGatewayId",
            self.igw,
            ("internet-gateway-id", self.igw),
            ("attachment.vpc-id", self.vpc_id),
            ("attachment.state", "available"),
            ("owner-id", "123456789012"),
        )

    def test_egress_only_internet_gateways(self):
        self.check(
            "describe_egress_only_internet_gateways",
            "EgressOnlyInternetGateways",
            "EgressOnlyInternetGatewayId",
            self.egress_id,
            ("egress-only-internet-gateway-id", self.egress_id),
            ("attachment.vpc-id", self.vpc_id),
        )

    def test_addresses(self):
        address = self.ec2.describe_addresses(AllocationIds=[self.allocation])["Addresses"][0]
        self.check(
            "describe_addresses",
            "Addresses",
            "AllocationId",
            self.allocation,
            ("allocation-id", self.allocation),
            ("association-id", address["AssociationId"]),
            ("public-ip", address["PublicIp"]),
            ("network-interface-id", address["NetworkInterfaceId"]),
            ("network-border-group", REGION),
            ("domain", "vpc"),
        )

    def test_nat_gateways(self):
        self.check(
            "describe_nat_gateways",
            "NatGateways",
            "NatGatewayId",
            self.nat_id,
            ("nat-gateway-id", self.nat_id),
            ("subnet-id", self.subnet_id),
            ("vpc-id", self.vpc_id),
            ("state", "available"),
        )

    def test_route_tables(self):
        self.check(
            "describe_route_tables",
            "RouteTables",
            "RouteTableId",
            self.table_id,
            ("route-table-id", self.table_id),
            ("vpc-id", self.vpc_id),
            ("association.subnet-id", self.subnet_id),
            ("association.route-table-association-id", self.table_link),
            ("association.route-table-id", self.table_id),
            ("association.main", "false"),
            ("route.nat-gateway-id", self.nat_id),
            ("route.gateway-id", self.endpoint_id),
            ("route.destination-cidr-block", "0.0.0.0/0"),
            ("route.state", "active"),
            ("route.origin", "CreateRoute"),
        )

    def test_main_route_tables(self):
        wanted = {"vpc-id": self.vpc_id, "association.main": "true"}
        mains = self.found("describe_route_tables", "RouteTables", "RouteTableId", wanted)
        self.assertEqual(1, len(mains))
        self.assertNotEqual(self.table_id, mains[0])

    def test_many_association_ids_at_once(self):
        ids = [self.table_link, *(f"rtbassoc-{number}" for number in range(199))]
        wanted = {"association.route-table-association-id": ids}
        self.assertEqual(
            [self.table_id], self.found("describe_route_tables", "RouteTables", "RouteTableId", wanted)
        )

    def test_network_acls(self):
        self.check(
            "describe_network_acls",
            "NetworkAcls",
            "NetworkAclId",
            self.acl,
            ("network-acl-id", self.acl),
            ("vpc-id", self.vpc_id),
            ("default", "false"),
            ("association.association-id", self.acl_link),
            ("association.subnet-id", self.subnet_id),
            ("association.network-acl-id", self.acl),
            ("entry.rule-number", "32767"),
        )

    def test_security_groups(self):
        self.check(
            "describe_security_groups",
            "SecurityGroups",
            "GroupId",
            self.group_id,
            ("group-id", self.group_id),
            ("vpc-id", self.vpc_id),
            ("group-name", "filtered"),
            ("ip-permission.ipv6-cidr", "2001:db8::/32"),
            ("ip-permission.from-port", "1"),
            ("egress.ip-permission.cidr", "0.0.0.0/0"),
            ("owner-id", "123456789012"),
        )

    def test_security_group_rules(self):
        self.check(
            "describe_security_group_rules",
            "SecurityGroupRules",
            "SecurityGroupRuleId",
            self.rule_id,
            ("security-group-rule-id", self.rule_id),
        )
        by_group = {"group-id": [self.group_id, f"sg-{GONE}"]}
        rows = self.found("describe_security_group_rules", "SecurityGroupRules", "GroupId", by_group)
        self.assertEqual([self.group_id] * 3, rows)

    def test_dhcp_options(self):
        self.check(
            "describe_dhcp_options",
            "DhcpOptions",
            "DhcpOptionsId",
            self.options_id,
            ("dhcp-options-id", self.options_id),
            ("key", "domain-name"),
            ("value", "filtered.example"),
            ("owner-id", "123456789012"),
        )

    def test_vpc_endpoints(self):
        self.check(
            "describe_vpc_endpoints",
            "VpcEndpoints",
            "VpcEndpointId",
            self.endpoint_id,
            ("vpc-endpoint-id", self.endpoint_id),
            ("vpc-id", self.vpc_id),
            ("service-name", f"com.amazonaws.{REGION}.s3"),
            ("vpc-endpoint-type", "Gateway"),
            ("vpc-endpoint-state", "available"),
        )

    def test_vpc_peering_connections(self):
        self.check(
            "describe_vpc_peering_connections",
            "VpcPeeringConnections",
            "VpcPeeringConnectionId",
            self.peering_id,
            ("vpc-peering-connection-id", self.peering_id),
            ("requester-vpc-info.vpc-id", self.vpc_id),
            ("accepter-vpc-info.vpc-id", self.peer_id),
            ("status-code", "pending-acceptance"),
        )

    def test_managed_prefix_lists(self):
        self.check(
            "describe_managed_prefix_lists",
            "PrefixLists",
            "PrefixListId",
            self.list_id,
            ("prefix-list-id", self.list_id),
            ("prefix-list-name", "filtered"),
            ("owner-id", "123456789012"),
        )

    def test_network_interfaces(self):
        self.check(
            "describe_network_interfaces",
            "NetworkInterfaces",
            "NetworkInterfaceId",
            self.eni,
            ("network-interface-id", self.eni),
            ("subnet-id", self.subnet_id),
            ("vpc-id", self.vpc_id),
            ("group-id", self.group_id),
            ("status", "available"),
            ("interface-type", "interface"),
        )

    def test_vpn_gateways(self):
        self.check(
            "describe_vpn_gateways",
            "VpnGateways",
            "VpnGatewayId",
            self.vgw,
            ("vpn-gateway-id", self.vgw),
            ("state", "available"),
            ("type", "ipsec.1"),
        )

    def test_availability_zones(self):
        zones = [f"{REGION}{letter}" for letter in "abc"]
        listing = ("describe_availability_zones", "AvailabilityZones", "ZoneName")
        for name, value in (
            ("state", "available"),
            ("region-name", REGION),
            ("opt-in-status", "opt-in-not-required"),
            ("group-name", f"{REGION}-zg-1"),
            ("zone-type", "availability-zone"),
            ("zone-name", f"{REGION}?"),
        ):
            with self.subTest(filter=name):
                self.assertEqual(zones, self.found(*listing, {name: value}))
                self.assertEqual([], self.found(*listing, {name: "no such value"}))
