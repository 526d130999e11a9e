"""Transit gateways, their attachments and route tables."""

import time

from tests.support import SandboxTest, control


class TransitTest(SandboxTest):
    def transit(self, **options) -> str:
        made = self.ec2.create_transit_gateway(Options=options)
        return made["TransitGateway"]["TransitGatewayId"]

    def look(self, transit: str) -> dict:
        return self.ec2.describe_transit_gateways(TransitGatewayIds=[transit])["TransitGateways"][0]

    def attach(self, transit: str, vpc: str, *subnets: str, **arguments) -> str:
        made = self.ec2.create_transit_gateway_vpc_attachment(
            TransitGatewayId=transit, VpcId=vpc, SubnetIds=list(subnets), **arguments
        )
        return made["TransitGatewayVpcAttachment"]["TransitGatewayAttachmentId"]

    def attachment(self, name: str) -> dict:
        found = self.ec2.describe_transit_gateway_attachments(TransitGatewayAttachmentIds=[name])
        return found["TransitGatewayAttachments"][0]

    def transit_table(self, transit: str) -> str:
        made = self.ec2.create_transit_gateway_route_table(TransitGatewayId=transit)
        return made["TransitGatewayRouteTable"]["TransitGatewayRouteTableId"]

    def routes(self, table: str, *filters) -> list[tuple]:
        found = self.ec2.search_transit_gateway_routes(
            TransitGatewayRouteTableId=table,
            Filters=[{"Name": name, "Values": [value]} for name, value in filters],
        )
        return [(each["DestinationCidrBlock"], each["Type"], each["State"]) for each in found["Routes"]]


class Gateways(TransitTest):
    def test_states_take_time_and_the_deleted_stays_listed(self):
        control("POST", "delays", {"transit_gateway": 0.2})
        made = self.transit()
        self.assertEqual("pending", self.look(made)["State"])
        time.sleep(0.25)
        self.assertEqual("available", self.look(made)["State"])
        self.ec2.delete_transit_gateway(TransitGatewayId=made)
        self.assertEqual("deleting", self.look(made)["State"])
        time.sleep(0.25)
        self.assertEqual("deleted", self.look(made)["State"])
        self.refused(
            "InvalidTransitGatewayID.NotFound", self.ec2.delete_transit_gateway, TransitGatewayId=made
        )

    def test_default_tables_are_as_the_options_say(self):
        plain = self.look(self.transit())["Options"]
        self.assertEqual(plain["AssociationDefaultRouteTableId"], plain["PropagationDefaultRouteTableId"])
        bare = self.transit(DefaultRouteTableAssociation="disable", DefaultRouteTablePropagation="disable")
        self.assertNotIn("AssociationDefaultRouteTableId", self.look(bare)["Options"])
        self.ec2.modify_transit_gateway(
            TransitGatewayId=bare,
            Description="core",
            Options={
                "DefaultRouteTablePropagation": "enable",
                "AddTransitGatewayCidrBlocks": ["10.99.0.0/24"],
            },
        )
        found = self.look(bare)
        self.assertIn("PropagationDefaultRouteTableId", found["Options"])
        blocks = found["Options"]["TransitGatewayCidrBlocks"]
        self.assertEqual(("core", ["10.99.0.0/24"]), (found["Description"], blocks))
        asn = [{"Name": "options.amazon-side-asn", "Values": ["64600"]}]
        special = self.transit(AmazonSideAsn=64600)
        found = self.ec2.describe_transit_gateways(Filters=asn)["TransitGateways"]
        self.assertEqual([special], [each["TransitGatewayId"] for each in found])


class Attachments(TransitTest):
    def test_an_attachment_holds_its_subnets_and_keeps_its_tags(self):
        transit, vpc = self.transit(), self.vpc()
        first = self.subnet(vpc, AvailabilityZone="eu-west-1a")
        second = self.subnet(vpc, "10.0.2.0/24", AvailabilityZone="eu-west-1b")
        tagged = [{"ResourceType": "transit-gateway-attachment", "Tags": [{"Key": "site", "Value": "leeds"}]}]
        made = self.attach(transit, vpc, first, TagSpecifications=tagged)
        by = [{"Name": "tag:site", "Values": ["leeds"]}]
        found = self.ec2.describe_transit_gateway_vpc_attachments(Filters=by)["TransitGatewayVpcAttachments"]
        self.assertEqual([made], [each["TransitGatewayAttachmentId"] for each in found])
        self.refused("DependencyViolation", self.ec2.delete_subnet, SubnetId=first)
        self.refused(
            "DuplicateTransitGatewayAttachment",
            self.ec2.create_transit_gateway_vpc_attachment,
            TransitGatewayId=transit,
            VpcId=vpc,
            SubnetIds=[second],
        )
        self.ec2.modify_transit_gateway_vpc_attachment(
            TransitGatewayAttachmentId=made, AddSubnetIds=[second], RemoveSubnetIds=[first]
        )
        self.ec2.delete_subnet(SubnetId=first)
        self.refused("IncorrectState", self.ec2.delete_transit_gateway, TransitGatewayId=transit)
        self.ec2.delete_transit_gateway_vpc_attachment(TransitGatewayAttachmentId=made)
        self.assertEqual("deleted", self.attachment(made)["State"])
        self.ec2.delete_subnet(SubnetId=second)
        self.ec2.delete_transit_gateway(TransitGatewayId=transit)

    def test_an_attachment_has_one_table(self):
        transit, vpc = self.transit(), self.vpc()
        made = self.attach(transit, vpc, self.subnet(vpc))
        default = self.look(transit)["Options"]["AssociationDefaultRouteTableId"]
        self.assertEqual(default, self.attachment(made)["Association"]["TransitGatewayRouteTableId"])
        table = self.transit_table(transit)
        pair = {"TransitGatewayRouteTableId": table, "TransitGatewayAttachmentId": made}
        self.refused("Resource.AlreadyAssociated", self.ec2.associate_transit_gateway_route_table, **pair)
        self.ec2.disassociate_transit_gateway_route_table(
            TransitGatewayRouteTableId=default, TransitGatewayAttachmentId=made
        )
        self.assertNotIn("Association", self.attachment(made))
        self.ec2.associate_transit_gateway_route_table(**pair)
        listed = self.ec2.get_transit_gateway_route_table_associations(TransitGatewayRouteTableId=table)
        rows = listed["Associations"]
        self.assertEqual(
            [(made, vpc)], [(each["TransitGatewayAttachmentId"], each["ResourceId"]) for each in rows]
        )
        delete = self.ec2.delete_transit_gateway_route_table
        self.refused("IncorrectState", delete, TransitGatewayRouteTableId=table)
        self.ec2.disassociate_transit_gateway_route_table(**pair)
        self.refused("InvalidAssociation.NotFound", self.ec2.disassociate_transit_gateway_route_table, **pair)
        delete(TransitGatewayRouteTableId=table)


class Routes(TransitTest):
    def setUp(self) -> None:
        self.transit_id = self.transit()
        self.vpc_id = self.vpc("10.7.0.0/16")
        self.attached = self.attach(self.transit_id, self.vpc_id, self.subnet(self.vpc_id, "10.7.1.0/24"))
        self.table_id = self.transit_table(self.transit_id)

    def test_a_table_learns_what_propagates(self):
        pair = {"TransitGatewayRouteTableId": self.table_id, "TransitGatewayAttachmentId": self.attached}
        self.assertEqual([], self.routes(self.table_id, ("type", "propagated")))
        self.ec2.enable_transit_gateway_route_table_propagation(**pair)
        self.assertEqual(
            [("10.7.0.0/16", "propagated", "active")], self.routes(self.table_id, ("type", "propagated"))
        )
        listed = self.ec2.get_transit_gateway_route_table_propagations(
            TransitGatewayRouteTableId=self.table_id
        )
        self.assertEqual(
            ["enabled"], [each["State"] for each in listed["TransitGatewayRouteTablePropagations"]]
        )
        self.ec2.disable_transit_gateway_route_table_propagation(**pair)
        self.refused(
            "TransitGatewayRouteTablePropagation.NotFound",
            self.ec2.disable_transit_gateway_route_table_propagation,
            **pair,
        )

    def test_static_routes_are_made_once_replaced_and_turn_black(self):
        route = {"TransitGatewayRouteTableId": self.table_id, "DestinationCidrBlock": "10.8.0.0/16"}
        self.ec2.create_transit_gateway_route(**route, TransitGatewayAttachmentId=self.attached)
        self.refused("RouteAlreadyExists", self.ec2.create_transit_gateway_route, **route, Blackhole=True)
        found = self.ec2.search_transit_gateway_routes(
            TransitGatewayRouteTableId=self.table_id, Filters=[{"Name": "type", "Values": ["static"]}]
        )["Routes"][0]
        self.assertEqual(self.attached, found["TransitGatewayAttachments"][0]["TransitGatewayAttachmentId"])
        self.ec2.replace_transit_gateway_route(**route, Blackhole=True)
        self.assertEqual(
            [("10.8.0.0/16", "static", "blackhole")], self.routes(self.table_id, ("type", "static"))
        )
        self.ec2.replace_transit_gateway_route(**route, TransitGatewayAttachmentId=self.attached)
        self.ec2.delete_transit_gateway_vpc_attachment(TransitGatewayAttachmentId=self.attached)
        self.assertEqual(
            [("10.8.0.0/16", "static", "blackhole")], self.routes(self.table_id, ("type", "static"))
        )
        self.ec2.delete_transit_gateway_route(**route)
        self.refused("InvalidRoute.NotFound", self.ec2.delete_transit_gateway_route, **route)
