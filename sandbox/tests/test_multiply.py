"""Copies of a network with all that is in it."""

import urllib.error

from tests.support import REGION, SandboxTest, control

ACCOUNT = "123456789012"


class Multiply(SandboxTest):
    def test_a_copy_has_all_parts_under_other_ids(self):
        vpc = self.vpc("10.77.0.0/16")
        subnet = self.subnet(vpc, "10.77.1.0/24")
        gateway = self.ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
        self.ec2.attach_internet_gateway(VpcId=vpc, InternetGatewayId=gateway)
        table = self.ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
        self.ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
        self.ec2.associate_route_table(RouteTableId=table, SubnetId=subnet)
        self.ec2.create_tags(Resources=[subnet], Tags=[{"Key": "Name", "Value": "one"}])
        asked = {"vpc": vpc, "count": 2, "account": ACCOUNT, "region": REGION}
        copies = control("POST", "multiply", asked)
        self.assertEqual(2, len(copies))
        for names in copies:
            inside = [{"Name": "vpc-id", "Values": [names[vpc]]}]
            (found,) = self.ec2.describe_subnets(Filters=inside)["Subnets"]
            expected = (names[subnet], [{"Key": "Name", "Value": "one"}])
            self.assertEqual(expected, (found["SubnetId"], found["Tags"]))
            (found,) = self.ec2.describe_route_tables(RouteTableIds=[names[table]])["RouteTables"]
            self.assertEqual(names[subnet], found["Associations"][0]["SubnetId"])
            self.assertIn(names[gateway], [route.get("GatewayId") for route in found["Routes"]])
            (found,) = self.ec2.describe_security_groups(Filters=inside)["SecurityGroups"]
            self.assertEqual(found["GroupId"], found["IpPermissions"][0]["UserIdGroupPairs"][0]["GroupId"])
            self.ec2.delete_subnet(SubnetId=names[subnet])
        self.assertEqual(1, len(self.ec2.describe_subnets(SubnetIds=[subnet])["Subnets"]))

    def test_what_is_missing_is_said(self):
        with self.assertRaises(urllib.error.HTTPError) as caught:
            control("POST", "multiply", {"vpc": "vpc-1"})
        self.assertEqual(400, caught.exception.code)
        caught.exception.close()
