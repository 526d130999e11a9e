"""Client VPN, route servers, further attachments of transit gateways, images of one's own, and other types that moto lacks."""

from tests.support import SandboxTest, client


class FurtherTypes(SandboxTest):
    def setUp(self):
        super().setUp()
        self.ec2 = client("ec2")
        self.vpc = self.ec2.create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]
        self.subnet = self.ec2.create_subnet(VpcId=self.vpc, CidrBlock="10.1.1.0/24")["Subnet"]["SubnetId"]

    def tagged(self, kind):
        return [{"ResourceType": kind, "Tags": [{"Key": "a", "Value": "b"}]}]

    def test_a_client_vpn_has_networks_rules_and_routes(self):
        ec2 = self.ec2
        made = ec2.create_client_vpn_endpoint(
            ServerCertificateArn="arn:x",
            ClientCidrBlock="10.9.0.0/22",
            AuthenticationOptions=[
                {
                    "Type": "certificate-authentication",
                    "MutualAuthentication": {"ClientRootCertificateChainArn": "arn:y"},
                }
            ],
            ConnectionLogOptions={"Enabled": False},
            TagSpecifications=self.tagged("client-vpn-endpoint"),
        )["ClientVpnEndpointId"]
        found = ec2.describe_client_vpn_endpoints(Filters=[{"Name": "endpoint-id", "Values": [made]}])
        endpoint = found["ClientVpnEndpoints"][0]
        self.assertEqual(endpoint["Tags"], [{"Key": "a", "Value": "b"}])
        chain = endpoint["AuthenticationOptions"][0]["MutualAuthentication"]["ClientRootCertificateChain"]
        self.assertEqual(chain, "arn:y")
        self.refused(
            "InvalidClientVpnActiveAssociationNotFound",
            ec2.create_client_vpn_route,
            ClientVpnEndpointId=made,
            DestinationCidrBlock="0.0.0.0/0",
            TargetVpcSubnetId=self.subnet,
        )
        joined = ec2.associate_client_vpn_target_network(ClientVpnEndpointId=made, SubnetId=self.subnet)
        ec2.create_client_vpn_route(
            ClientVpnEndpointId=made, DestinationCidrBlock="0.0.0.0/0", TargetVpcSubnetId=self.subnet
        )
        ec2.authorize_client_vpn_ingress(
            ClientVpnEndpointId=made, TargetNetworkCidr="10.1.0.0/16", AuthorizeAllGroups=True
        )
        rules = ec2.describe_client_vpn_authorization_rules(ClientVpnEndpointId=made)["AuthorizationRules"]
        self.assertEqual([(each["AccessAll"], each["DestinationCidr"]) for each in rules], [(True, "10.1.0.0/16")])
        self.assertEqual(len(ec2.describe_client_vpn_routes(ClientVpnEndpointId=made)["Routes"]), 1)
        self.refused("DependencyViolation", ec2.delete_client_vpn_endpoint, ClientVpnEndpointId=made)
        ec2.disassociate_client_vpn_target_network(ClientVpnEndpointId=made, AssociationId=joined["AssociationId"])
        ec2.delete_client_vpn_endpoint(ClientVpnEndpointId=made)

    def test_a_route_server_serves_a_vpc(self):
        ec2 = self.ec2
        made = ec2.create_route_server(AmazonSideAsn=65534, TagSpecifications=self.tagged("route-server"))["RouteServer"]
        self.assertEqual(made["Tags"], [{"Key": "a", "Value": "b"}])
        name = made["RouteServerId"]
        self.refused("IncorrectState", ec2.create_route_server_endpoint, RouteServerId=name, SubnetId=self.subnet)
        ec2.associate_route_server(RouteServerId=name, VpcId=self.vpc)
        endpoint = ec2.create_route_server_endpoint(RouteServerId=name, SubnetId=self.subnet)["RouteServerEndpoint"]
        peer = ec2.create_route_server_peer(
            RouteServerEndpointId=endpoint["RouteServerEndpointId"],
            PeerAddress="10.1.1.9",
            BgpOptions={"PeerAsn": 65001},
        )["RouteServerPeer"]
        self.assertEqual(peer["RouteServerId"], name)
        ec2.delete_route_server_peer(RouteServerPeerId=peer["RouteServerPeerId"])
        ec2.delete_route_server_endpoint(RouteServerEndpointId=endpoint["RouteServerEndpointId"])
        ec2.disassociate_route_server(RouteServerId=name, VpcId=self.vpc)
        ec2.delete_route_server(RouteServerId=name)
        self.assertEqual(ec2.describe_route_servers()["RouteServers"], [])

    def test_transit_gateways_connect_and_peer(self):
        ec2 = self.ec2
        first, second = (ec2.create_transit_gateway()["TransitGateway"]["TransitGatewayId"] for _ in range(2))
        attachment = ec2.create_transit_gateway_vpc_attachment(
            TransitGatewayId=first, VpcId=self.vpc, SubnetIds=[self.subnet]
        )["TransitGatewayVpcAttachment"]["TransitGatewayAttachmentId"]
        connect = ec2.create_transit_gateway_connect(
            TransportTransitGatewayAttachmentId=attachment, Options={"Protocol": "gre"}
        )["TransitGatewayConnect"]
        peer = ec2.create_transit_gateway_connect_peer(
            TransitGatewayAttachmentId=connect["TransitGatewayAttachmentId"],
            PeerAddress="10.1.1.9",
            InsideCidrBlocks=["169.254.100.0/29"],
        )["TransitGatewayConnectPeer"]
        self.assertEqual(len(peer["ConnectPeerConfiguration"]["BgpConfigurations"]), 2)
        self.assertEqual(len(ec2.describe_transit_gateway_connects()["TransitGatewayConnects"]), 1)
        peering = ec2.create_transit_gateway_peering_attachment(
            TransitGatewayId=first, PeerTransitGatewayId=second, PeerAccountId="123456789012", PeerRegion="eu-west-1"
        )["TransitGatewayPeeringAttachment"]["TransitGatewayAttachmentId"]
        ec2.accept_transit_gateway_peering_attachment(TransitGatewayAttachmentId=peering)
        ec2.delete_transit_gateway_peering_attachment(TransitGatewayAttachmentId=peering)
        states = [
            each["State"]
            for each in ec2.describe_transit_gateway_peering_attachments()["TransitGatewayPeeringAttachments"]
        ]
        self.assertEqual(states, ["deleted"])

    def test_an_image_keeps_what_it_is_made_with(self):
        ec2 = self.ec2
        volume = ec2.create_volume(AvailabilityZone="eu-west-1a", Size=9)["VolumeId"]
        snapshot = ec2.create_snapshot(VolumeId=volume)["SnapshotId"]
        image = ec2.register_image(
            Name="kept",
            VirtualizationType="hvm",
            RootDeviceName="/dev/xvda",
            EnaSupport=True,
            BlockDeviceMappings=[{"DeviceName": "/dev/xvda", "Ebs": {"SnapshotId": snapshot}}],
            TagSpecifications=self.tagged("image"),
        )["ImageId"]
        ec2.enable_image_deprecation(ImageId=image, DeprecateAt="2030-01-01T00:00:00Z")
        ec2.modify_image_attribute(ImageId=image, Description={"Value": "new"})
        found = ec2.describe_images(ImageIds=[image])["Images"][0]
        self.assertEqual((found["VirtualizationType"], found["Description"]), ("hvm", "new"))
        self.assertEqual(found["DeprecationTime"], "2030-01-01T00:00:00.000Z")
        self.assertEqual(found["BlockDeviceMappings"][0]["Ebs"]["VolumeSize"], 9)
        self.assertEqual(found["Tags"], [{"Key": "a", "Value": "b"}])
        ec2.deregister_image(ImageId=image, DeleteAssociatedSnapshots=True)
        self.assertEqual(ec2.describe_snapshots(Filters=[{"Name": "snapshot-id", "Values": [snapshot]}])["Snapshots"], [])

    def test_small_ones_are_kept_and_go(self):
        ec2 = self.ec2
        control = ec2.create_vpc_encryption_control(VpcId=self.vpc)["VpcEncryptionControl"]["VpcEncryptionControlId"]
        changed = ec2.modify_vpc_encryption_control(
            VpcEncryptionControlId=control, Mode="enforce", NatGatewayExclusion="enable"
        )["VpcEncryptionControl"]
        self.assertEqual(changed["ResourceExclusions"]["NatGateway"]["State"], "enabled")
        ec2.delete_vpc_encryption_control(VpcEncryptionControlId=control)
        endpoint = ec2.create_instance_connect_endpoint(SubnetId=self.subnet)["InstanceConnectEndpoint"]
        self.assertTrue(endpoint["InstanceConnectEndpointArn"].endswith(endpoint["InstanceConnectEndpointId"]))
        address = ec2.allocate_address(Domain="vpc")["AllocationId"]
        ec2.modify_address_attribute(AllocationId=address, DomainName="x.example.org")
        found = ec2.describe_addresses_attribute(AllocationIds=[address], Attribute="domain-name")["Addresses"]
        self.assertEqual(found[0]["PtrRecord"], "x.example.org.")
        ec2.modify_instance_metadata_defaults(HttpTokens="required", HttpPutResponseHopLimit=2)
        level = ec2.get_instance_metadata_defaults()["AccountLevel"]
        self.assertEqual((level["HttpTokens"], level["HttpPutResponseHopLimit"]), ("required", 2))
        ec2.modify_instance_metadata_defaults(HttpTokens="no-preference", HttpPutResponseHopLimit=-1)
        self.assertEqual(ec2.get_instance_metadata_defaults().get("AccountLevel", {}), {})
        reserved = ec2.create_subnet_cidr_reservation(
            SubnetId=self.subnet, Cidr="10.1.1.64/28", ReservationType="prefix", Description="later"
        )["SubnetCidrReservation"]
        self.assertEqual(reserved["Description"], "later")
        gateway = ec2.create_carrier_gateway(VpcId=self.vpc, TagSpecifications=self.tagged("carrier-gateway"))
        found = ec2.describe_carrier_gateways(Filters=[{"Name": "tag:a", "Values": ["b"]}])["CarrierGateways"]
        self.assertEqual([each["CarrierGatewayId"] for each in found], [gateway["CarrierGateway"]["CarrierGatewayId"]])
        path = ec2.create_network_insights_path(Source="igw-1", Protocol="tcp", ClientToken="x")["NetworkInsightsPath"]
        self.assertEqual(path["Source"], "igw-1")

    def test_a_range_is_taken_of_a_pool(self):
        ec2 = self.ec2
        register = ec2.create_ipam(OperatingRegions=[{"RegionName": "eu-west-1"}])["Ipam"]
        scope = register["PrivateDefaultScopeId"]
        pool = ec2.create_ipam_pool(IpamScopeId=scope, AddressFamily="ipv4")["IpamPool"]["IpamPoolId"]
        ec2.provision_ipam_pool_cidr(IpamPoolId=pool, Cidr="10.0.0.0/8")
        preview = ec2.allocate_ipam_pool_cidr(IpamPoolId=pool, NetmaskLength=24, PreviewNextCidr=True)
        made = ec2.allocate_ipam_pool_cidr(IpamPoolId=pool, NetmaskLength=24)["IpamPoolAllocation"]
        self.assertEqual((preview["IpamPoolAllocation"]["Cidr"], made["Cidr"]), ("10.0.0.0/24", "10.0.0.0/24"))
        self.assertEqual(len(ec2.get_ipam_pool_allocations(IpamPoolId=pool)["IpamPoolAllocations"]), 1)
        ec2.release_ipam_pool_allocation(
            IpamPoolId=pool, Cidr=made["Cidr"], IpamPoolAllocationId=made["IpamPoolAllocationId"]
        )

    def test_hosts_and_notices_of_groups(self):
        ec2, scaling = self.ec2, client("autoscaling")
        host = ec2.allocate_hosts(InstanceType="m5.large", AvailabilityZone="eu-west-1a", Quantity=1)["HostIds"][0]
        ec2.release_hosts(HostIds=[host])
        self.refused("InvalidHostID.NotFound", ec2.release_hosts, HostIds=[host])
        image = ec2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
        scaling.create_launch_configuration(LaunchConfigurationName="x", ImageId=image, InstanceType="t3.micro")
        scaling.create_auto_scaling_group(
            AutoScalingGroupName="x", LaunchConfigurationName="x", MinSize=0, MaxSize=1, VPCZoneIdentifier=self.subnet
        )
        topic = "arn:aws:sns:eu-west-1:123456789012:x"
        kinds = ["autoscaling:EC2_INSTANCE_LAUNCH"]
        scaling.put_notification_configuration(AutoScalingGroupName="x", TopicARN=topic, NotificationTypes=kinds)
        found = scaling.describe_notification_configurations()["NotificationConfigurations"]
        self.assertEqual([each["NotificationType"] for each in found], kinds)
        scaling.delete_notification_configuration(AutoScalingGroupName="x", TopicARN=topic)
        self.assertEqual(scaling.describe_notification_configurations()["NotificationConfigurations"], [])
