"""VPCs, subnets, gateways, addresses, route tables, routes and network ACLs."""

from tests.support import SandboxTest, client


def ids(*values: str, name: str) -> list[dict]:
    return [{"Name": name, "Values": list(values)}]


class Vpcs(SandboxTest):
    def test_a_vpc_with_something_in_it_stays(self):
        vpc, other = self.vpc(), self.vpc("10.9.0.0/16")
        gateway = self.gateway(vpc)
        group = self.group(vpc)
        acl = self.ec2.create_network_acl(VpcId=vpc)["NetworkAcl"]["NetworkAclId"]
        peering = self.ec2.create_vpc_peering_connection(VpcId=vpc, PeerVpcId=other)
        peering = peering["VpcPeeringConnection"]["VpcPeeringConnectionId"]
        endpoint = self.ec2.create_vpc_endpoint(VpcId=vpc, ServiceName="com.amazonaws.eu-west-1.s3")
        egress = self.ec2.create_egress_only_internet_gateway(VpcId=vpc)["EgressOnlyInternetGateway"]
        removals = [
            lambda: self.ec2.detach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc),
            lambda: self.ec2.delete_security_group(GroupId=group),
            lambda: self.ec2.delete_network_acl(NetworkAclId=acl),
            lambda: self.ec2.delete_vpc_peering_connection(VpcPeeringConnectionId=peering),
            lambda: self.ec2.delete_vpc_endpoints(VpcEndpointIds=[endpoint["VpcEndpoint"]["VpcEndpointId"]]),
            lambda: self.ec2.delete_egress_only_internet_gateway(
                EgressOnlyInternetGatewayId=egress["EgressOnlyInternetGatewayId"]
            ),
        ]
        for remove in removals:
            self.refused("DependencyViolation", self.ec2.delete_vpc, VpcId=vpc)
            remove()
        self.ec2.delete_vpc(VpcId=vpc)

    def test_the_defaults_of_a_vpc_go_with_it(self):
        vpc = self.vpc()
        self.ec2.delete_vpc(VpcId=vpc)
        inside = ids(vpc, name="vpc-id")
        self.assertEqual([], self.ec2.describe_network_acls(Filters=inside)["NetworkAcls"])
        self.assertEqual([], self.ec2.describe_route_tables(Filters=inside)["RouteTables"])
        self.assertEqual([], self.ec2.describe_security_groups(Filters=inside)["SecurityGroups"])

    def test_ranges_are_canonical_and_do_not_overlap(self):
        made = self.ec2.create_vpc(CidrBlock="10.0.5.7/16")["Vpc"]
        self.assertEqual("10.0.0.0/16", made["CidrBlock"])
        self.refused("InvalidVpc.Range", self.ec2.create_vpc, CidrBlock="10.0.0.0/8")
        vpc = made["VpcId"]
        self.refused(
            "InvalidVpc.Range", self.ec2.associate_vpc_cidr_block, VpcId=vpc, CidrBlock="10.0.128.0/17"
        )
        added = self.ec2.associate_vpc_cidr_block(VpcId=vpc, CidrBlock="10.1.0.0/16")["CidrBlockAssociation"]
        subnet = self.subnet(vpc, "10.1.0.0/24")
        remove = {"AssociationId": added["AssociationId"]}
        self.refused("DependencyViolation", self.ec2.disassociate_vpc_cidr_block, **remove)
        self.ec2.delete_subnet(SubnetId=subnet)
        self.ec2.disassociate_vpc_cidr_block(**remove)

    def test_attributes_are_changed_one_at_a_time(self):
        vpc = self.vpc()
        self.refused(
            "InvalidParameterCombination",
            self.ec2.modify_vpc_attribute,
            VpcId=vpc,
            EnableDnsSupport={"Value": True},
            EnableDnsHostnames={"Value": True},
        )

    def test_dhcp_options_keep_their_tags_and_outlive_a_vpc(self):
        tags = [{"ResourceType": "dhcp-options", "Tags": [{"Key": "a", "Value": "b"}]}]
        configuration = [{"Key": "domain-name", "Values": ["example.com"]}]
        made = self.ec2.create_dhcp_options(DhcpConfigurations=configuration, TagSpecifications=tags)
        options = made["DhcpOptions"]["DhcpOptionsId"]
        self.assertEqual([{"Key": "a", "Value": "b"}], made["DhcpOptions"]["Tags"])
        first, second = self.vpc(), self.vpc("10.1.0.0/16")
        for vpc in (first, second):
            self.ec2.associate_dhcp_options(DhcpOptionsId=options, VpcId=vpc)
        self.ec2.delete_vpc(VpcId=first)
        self.refused("DependencyViolation", self.ec2.delete_dhcp_options, DhcpOptionsId=options)
        self.ec2.associate_dhcp_options(DhcpOptionsId="default", VpcId=second)
        self.ec2.delete_dhcp_options(DhcpOptionsId=options)

    def test_tags_are_checked_and_forgotten(self):
        vpc = self.vpc()
        reserved = [{"Key": "aws:x", "Value": "1"}]
        self.refused("InvalidParameterValue", self.ec2.create_tags, Resources=[vpc], Tags=reserved)
        self.ec2.create_tags(Resources=[vpc], Tags=[{"Key": "x", "Value": "1"}])
        self.ec2.delete_vpc(VpcId=vpc)
        self.assertEqual([], self.ec2.describe_tags(Filters=ids(vpc, name="resource-id"))["Tags"])


class Subnets(SandboxTest):
    def test_a_subnet_with_an_interface_stays(self):
        subnet = self.subnet(self.vpc())
        interface = self.interface(subnet)
        self.refused("DependencyViolation", self.ec2.delete_subnet, SubnetId=subnet)
        self.ec2.delete_network_interface(NetworkInterfaceId=interface)
        self.ec2.delete_subnet(SubnetId=subnet)

    def test_an_instance_takes_its_primary_interface_along(self):
        vpc = self.vpc()
        subnet = self.subnet(vpc)
        image = self.ec2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
        made = self.ec2.run_instances(
            ImageId=image, InstanceType="t3.micro", SubnetId=subnet, MinCount=1, MaxCount=1
        )
        instance = made["Instances"][0]["InstanceId"]
        self.refused("DependencyViolation", self.ec2.delete_subnet, SubnetId=subnet)
        self.ec2.terminate_instances(InstanceIds=[instance])
        self.ec2.delete_subnet(SubnetId=subnet)
        self.ec2.delete_vpc(VpcId=vpc)

    def test_ranges_and_zones_are_checked(self):
        vpc = self.vpc()
        made = self.ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.1.9/24", AvailabilityZoneId="euw1-az1")
        self.assertEqual("10.0.1.0/24", made["Subnet"]["CidrBlock"])
        self.assertFalse(made["Subnet"]["MapPublicIpOnLaunch"])
        create = self.ec2.create_subnet
        self.refused("InvalidSubnet.Range", create, VpcId=vpc, CidrBlock="10.0.2.0/29")
        self.refused("InvalidSubnet.Conflict", create, VpcId=vpc, CidrBlock="10.0.1.128/25")
        self.refused(
            "InvalidParameterValue", create, VpcId=vpc, CidrBlock="10.0.3.0/24", AvailabilityZone="us-east-1a"
        )

    def test_ipv6_ranges_lie_in_the_vpc(self):
        made = self.ec2.create_vpc(CidrBlock="10.0.0.0/16", AmazonProvidedIpv6CidrBlock=True)["Vpc"]
        block = made["Ipv6CidrBlockAssociationSet"][0]["Ipv6CidrBlock"]
        inside = block.replace("::/56", "::/64")
        subnet = self.ec2.create_subnet(VpcId=made["VpcId"], CidrBlock="10.0.0.0/24", Ipv6CidrBlock=inside)
        state = subnet["Subnet"]["Ipv6CidrBlockAssociationSet"][0]["Ipv6CidrBlockState"]["State"]
        self.assertEqual("associated", state)
        self.refused(
            "InvalidSubnet.Range",
            self.ec2.create_subnet,
            VpcId=made["VpcId"],
            CidrBlock="10.0.1.0/24",
            Ipv6CidrBlock="2001:db8::/64",
        )

    def test_a_subnet_without_ipv4_has_no_addresses_of_it(self):
        made = self.ec2.create_vpc(CidrBlock="10.0.0.0/16", AmazonProvidedIpv6CidrBlock=True)["Vpc"]
        block = made["Ipv6CidrBlockAssociationSet"][0]["Ipv6CidrBlock"].replace("::/56", "::/64")
        six = self.ec2.create_subnet(VpcId=made["VpcId"], Ipv6Native=True, Ipv6CidrBlock=block)["Subnet"]
        found = self.ec2.describe_subnets(SubnetIds=[six["SubnetId"]])["Subnets"][0]
        self.assertEqual((True, 0), (found["Ipv6Native"], found["AvailableIpAddressCount"]))
        self.assertEqual("resource-name", found["PrivateDnsNameOptionsOnLaunch"]["HostnameType"])
        self.assertNotIn("CidrBlock", found)
        four = self.subnet(made["VpcId"], "10.0.0.0/24")
        found = self.ec2.describe_subnets(SubnetIds=[four])["Subnets"][0]
        self.assertEqual((251, "ip-name"), (found["AvailableIpAddressCount"], found["PrivateDnsNameOptionsOnLaunch"]["HostnameType"]))

    def test_every_attribute_is_stored(self):
        subnet = self.subnet(self.vpc())
        modify = self.ec2.modify_subnet_attribute
        modify(SubnetId=subnet, EnableDns64={"Value": True})
        modify(SubnetId=subnet, MapPublicIpOnLaunch={"Value": True})
        modify(SubnetId=subnet, PrivateDnsHostnameTypeOnLaunch="resource-name")
        modify(SubnetId=subnet, EnableResourceNameDnsARecordOnLaunch={"Value": True})
        modify(SubnetId=subnet, EnableResourceNameDnsAAAARecordOnLaunch={"Value": True})
        found = self.ec2.describe_subnets(SubnetIds=[subnet])["Subnets"][0]
        self.assertTrue(found["EnableDns64"])
        self.assertTrue(found["MapPublicIpOnLaunch"])
        expected = {
            "HostnameType": "resource-name",
            "EnableResourceNameDnsARecord": True,
            "EnableResourceNameDnsAAAARecord": True,
        }
        self.assertEqual(expected, found["PrivateDnsNameOptionsOnLaunch"])


class Gateways(SandboxTest):
    def test_a_vpc_has_one_internet_gateway(self):
        vpc = self.vpc()
        self.gateway(vpc)
        second = self.ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
        attach = self.ec2.attach_internet_gateway
        self.refused("InvalidParameterValue", attach, InternetGatewayId=second, VpcId=vpc)
        attach(InternetGatewayId=second, VpcId=self.vpc())
        self.refused("Resource.AlreadyAssociated", attach, InternetGatewayId=second, VpcId=self.vpc())

    def test_a_gateway_is_not_detached_from_mapped_addresses(self):
        vpc = self.vpc()
        gateway, address = self.gateway(vpc), self.address()
        made = self.ec2.associate_address(
            AllocationId=address, NetworkInterfaceId=self.interface(self.subnet(vpc))
        )
        detach = {"InternetGatewayId": gateway, "VpcId": vpc}
        self.refused("DependencyViolation", self.ec2.detach_internet_gateway, **detach)
        self.refused("InvalidIPAddress.InUse", self.ec2.release_address, AllocationId=address)
        self.ec2.disassociate_address(AssociationId=made["AssociationId"])
        self.ec2.detach_internet_gateway(**detach)
        self.ec2.release_address(AllocationId=address)

    def test_an_address_needs_an_internet_gateway(self):
        interface = self.interface(self.subnet(self.vpc()))
        self.refused(
            "Gateway.NotAttached",
            self.ec2.associate_address,
            AllocationId=self.address(),
            NetworkInterfaceId=interface,
        )

    def test_a_free_address_names_no_interface(self):
        found = self.ec2.describe_addresses(AllocationIds=[self.address()])["Addresses"][0]
        self.assertNotIn("InstanceId", found)
        self.assertNotIn("NetworkInterfaceId", found)
        self.assertEqual("amazon", found["PublicIpv4Pool"])


class Routes(SandboxTest):
    def setUp(self) -> None:
        self.home = self.vpc()
        self.rtb = self.table(self.home)
        self.igw = self.gateway(self.home)

    def route(self, destination: str = "0.0.0.0/0") -> dict:
        table = self.ec2.describe_route_tables(RouteTableIds=[self.rtb])["RouteTables"][0]
        return next(each for each in table["Routes"] if each.get("DestinationCidrBlock") == destination)

    def create(self, destination: str = "0.0.0.0/0", **target):
        self.ec2.create_route(RouteTableId=self.rtb, DestinationCidrBlock=destination, **target)

    def test_the_main_table_stays(self):
        main = self.ec2.describe_route_tables(
            Filters=[*ids(self.home, name="vpc-id"), *ids("true", name="association.main")]
        )["RouteTables"][0]
        self.refused("DependencyViolation", self.ec2.delete_route_table, RouteTableId=main["RouteTableId"])
        association = main["Associations"][0]["RouteTableAssociationId"]
        self.refused("InvalidParameterValue", self.ec2.disassociate_route_table, AssociationId=association)

    def test_a_subnet_is_associated_once_and_holds_its_table(self):
        subnet = self.subnet(self.home)
        made = self.ec2.associate_route_table(RouteTableId=self.rtb, SubnetId=subnet)
        again = {"RouteTableId": self.table(self.home), "SubnetId": subnet}
        self.refused("Resource.AlreadyAssociated", self.ec2.associate_route_table, **again)
        self.refused("DependencyViolation", self.ec2.delete_route_table, RouteTableId=self.rtb)
        self.ec2.disassociate_route_table(AssociationId=made["AssociationId"])
        self.ec2.delete_route_table(RouteTableId=self.rtb)

    def test_a_deleted_subnet_frees_its_table(self):
        subnet = self.subnet(self.home)
        self.ec2.associate_route_table(RouteTableId=self.rtb, SubnetId=subnet)
        self.ec2.delete_subnet(SubnetId=subnet)
        self.ec2.delete_route_table(RouteTableId=self.rtb)

    def test_the_local_route_stays(self):
        with self.assertRaisesRegex(Exception, "RouteAlreadyExists"):
            self.create("10.0.0.0/16", GatewayId=self.igw)
        with self.assertRaisesRegex(Exception, "InvalidParameterValue"):
            self.create("10.0.1.0/24", GatewayId=self.igw)
        self.assertEqual("local", self.route("10.0.0.0/16")["GatewayId"])

    def test_targets_exist_and_belong(self):
        foreign = self.gateway(self.vpc("10.5.0.0/16"))
        for code, target in (
            ("InvalidNatGatewayID.NotFound", {"NatGatewayId": "nat-0123"}),
            ("InvalidGatewayID.NotFound", {"GatewayId": "igw-0123"}),
            ("InvalidParameterValue", {"GatewayId": foreign}),
            ("MissingParameter", {}),
        ):
            with self.assertRaisesRegex(Exception, code):
                self.create(**target)

    def test_a_destination_is_canonical_and_taken_once(self):
        self.create("192.168.7.7/16", GatewayId=self.igw)
        self.assertEqual(self.igw, self.route("192.168.0.0/16")["GatewayId"])
        with self.assertRaisesRegex(Exception, "RouteAlreadyExists"):
            self.create("192.168.0.0/16", GatewayId=self.igw)

    def test_replacing_a_route_that_is_missing_is_refused(self):
        self.refused(
            "InvalidParameterValue",
            self.ec2.replace_route,
            RouteTableId=self.rtb,
            DestinationCidrBlock="0.0.0.0/0",
            GatewayId=self.igw,
        )
        self.refused(
            "InvalidRoute.NotFound",
            self.ec2.delete_route,
            RouteTableId=self.rtb,
            DestinationCidrBlock="0.0.0.0/0",
        )

    def test_a_route_whose_target_is_gone_is_a_blackhole(self):
        self.create(GatewayId=self.igw)
        self.assertEqual("active", self.route()["State"])
        self.ec2.detach_internet_gateway(InternetGatewayId=self.igw, VpcId=self.home)
        self.assertEqual("blackhole", self.route()["State"])

    def test_a_virtual_private_gateway_propagates_its_routes(self):
        gateway = self.ec2.create_vpn_gateway(Type="ipsec.1")["VpnGateway"]["VpnGatewayId"]
        enable = {"RouteTableId": self.rtb, "GatewayId": gateway}
        self.refused("Gateway.NotAttached", self.ec2.enable_vgw_route_propagation, **enable)
        self.ec2.attach_vpn_gateway(VpnGatewayId=gateway, VpcId=self.home)
        self.ec2.enable_vgw_route_propagation(**enable)
        table = self.ec2.describe_route_tables(RouteTableIds=[self.rtb])["RouteTables"][0]
        self.assertEqual([{"GatewayId": gateway}], table["PropagatingVgws"])
        self.ec2.disable_vgw_route_propagation(**enable)
        table = self.ec2.describe_route_tables(RouteTableIds=[self.rtb])["RouteTables"][0]
        self.assertEqual([], table["PropagatingVgws"])


class NetworkAcls(SandboxTest):
    def setUp(self) -> None:
        self.home = self.vpc()
        self.acl = self.ec2.create_network_acl(VpcId=self.home)["NetworkAcl"]["NetworkAclId"]

    def entry(self, number: int = 100, **arguments) -> dict:
        return {"NetworkAclId": self.acl, "RuleNumber": number, "Egress": False, **arguments}

    def test_a_new_acl_denies_everything(self):
        entries = self.ec2.describe_network_acls(NetworkAclIds=[self.acl])["NetworkAcls"][0]["Entries"]
        rows = sorted((entry["RuleNumber"], entry["Egress"], entry["RuleAction"]) for entry in entries)
        self.assertEqual([(32767, False, "deny"), (32767, True, "deny")], rows)

    def test_an_acl_of_an_ipv6_vpc_has_rules_for_both_families(self):
        made = self.ec2.create_vpc(CidrBlock="10.0.0.0/16", AmazonProvidedIpv6CidrBlock=True)["Vpc"]
        self.ec2.create_network_acl(VpcId=made["VpcId"])
        found = self.ec2.describe_network_acls(Filters=ids(made["VpcId"], name="vpc-id"))["NetworkAcls"]
        numbers = {
            acl["IsDefault"]: sorted(entry["RuleNumber"] for entry in acl["Entries"] if entry["Egress"])
            for acl in found
        }
        self.assertEqual({True: [100, 101, 32767, 32768], False: [32767, 32768]}, numbers)

    def test_entries_are_canonical_and_numbered_within_bounds(self):
        allow = {"Protocol": "6", "RuleAction": "allow", "PortRange": {"From": 80, "To": 80}}
        self.ec2.create_network_acl_entry(**self.entry(CidrBlock="10.1.1.1/8", **allow))
        found = self.ec2.describe_network_acls(NetworkAclIds=[self.acl])["NetworkAcls"][0]["Entries"]
        self.assertIn("10.0.0.0/8", [entry["CidrBlock"] for entry in found])
        create = self.ec2.create_network_acl_entry
        self.refused("InvalidParameterValue", create, **self.entry(32767, CidrBlock="10.0.0.0/8", **allow))
        self.refused("NetworkAclEntryAlreadyExists", create, **self.entry(CidrBlock="10.0.0.0/8", **allow))

    def test_icmp_rules_keep_type_and_code(self):
        icmp = {"Protocol": "1", "RuleAction": "allow", "CidrBlock": "10.0.0.0/8"}

        def found():
            entries = self.ec2.describe_network_acls(NetworkAclIds=[self.acl])["NetworkAcls"][0]["Entries"]
            return [entry["IcmpTypeCode"] for entry in entries if entry["RuleNumber"] == 100]

        self.ec2.create_network_acl_entry(**self.entry(IcmpTypeCode={"Type": 8, "Code": -1}, **icmp))
        self.assertEqual([{"Type": 8, "Code": -1}], found())
        self.ec2.replace_network_acl_entry(**self.entry(IcmpTypeCode={"Type": 3, "Code": 4}, **icmp))
        self.assertEqual([{"Type": 3, "Code": 4}], found())

    def test_what_is_missing_is_named(self):
        self.refused("InvalidNetworkAclEntry.NotFound", self.ec2.delete_network_acl_entry, **self.entry())
        self.refused("InvalidNetworkAclID.NotFound", self.ec2.describe_network_acls, NetworkAclIds=["acl-0"])
        self.refused(
            "InvalidAssociationID.NotFound",
            self.ec2.replace_network_acl_association,
            AssociationId="aclassoc-0",
            NetworkAclId=self.acl,
        )

    def test_an_acl_in_use_and_the_default_one_stay(self):
        subnet = self.subnet(self.home)
        found = self.ec2.describe_network_acls(Filters=ids(subnet, name="association.subnet-id"))
        default = found["NetworkAcls"][0]
        association = default["Associations"][0]["NetworkAclAssociationId"]
        self.ec2.replace_network_acl_association(AssociationId=association, NetworkAclId=self.acl)
        self.refused("DependencyViolation", self.ec2.delete_network_acl, NetworkAclId=self.acl)
        self.refused(
            "InvalidParameterValue", self.ec2.delete_network_acl, NetworkAclId=default["NetworkAclId"]
        )
        self.ec2.delete_subnet(SubnetId=subnet)
        self.ec2.delete_network_acl(NetworkAclId=self.acl)


class Interfaces(SandboxTest):
    def test_an_unknown_group_is_refused(self):
        subnet = self.subnet(self.vpc())
        self.refused(
            "InvalidGroup.NotFound", self.ec2.create_network_interface, SubnetId=subnet, Groups=["sg-0"]
        )


class PublicAccess(SandboxTest):
    def test_vpcs_are_kept_from_the_internet_but_for_some(self):
        ec2 = client("ec2", region="eu-west-2")

        def mode() -> str:
            found = ec2.describe_vpc_block_public_access_options()["VpcBlockPublicAccessOptions"]
            return found["InternetGatewayBlockMode"]

        self.assertEqual("off", mode())
        ec2.modify_vpc_block_public_access_options(InternetGatewayBlockMode="block-ingress")
        self.assertEqual("block-ingress", mode())
        vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        kind, tags = "vpc-block-public-access-exclusion", [{"Key": "Name", "Value": "a"}]
        made = ec2.create_vpc_block_public_access_exclusion(
            VpcId=vpc,
            InternetGatewayExclusionMode="allow-egress",
            TagSpecifications=[{"ResourceType": kind, "Tags": tags}],
        )["VpcBlockPublicAccessExclusion"]
        one = {"ExclusionId": made["ExclusionId"]}
        ec2.modify_vpc_block_public_access_exclusion(
            **one, InternetGatewayExclusionMode="allow-bidirectional"
        )
        named = [{"Name": "tag:Name", "Values": ["a"]}]
        describe = ec2.describe_vpc_block_public_access_exclusions
        found = describe(Filters=named)["VpcBlockPublicAccessExclusions"]
        self.assertEqual(["allow-bidirectional"], [each["InternetGatewayExclusionMode"] for each in found])
        self.assertEqual(tags, found[0]["Tags"])
        self.assertTrue(found[0]["ResourceArn"].endswith(f":vpc/{vpc}"))
        ec2.delete_vpc_block_public_access_exclusion(**one)
        self.assertEqual([], describe()["VpcBlockPublicAccessExclusions"])
