"""Outposts: an account has none until it makes one."""

from tests.support import SandboxTest, client


class Outposts(SandboxTest):
    def test_an_outpost_is_at_a_site_and_in_a_zone(self):
        outposts = client("outposts", "eu-west-2")
        self.assertEqual(outposts.list_outposts()["Outposts"], [])
        call = outposts.create_outpost
        self.refused("NotFoundException", call, Name="one", SiteId="os-0", AvailabilityZone="eu-west-2a")
        site = outposts.create_site(Name="one")["Site"]["SiteId"]
        self.refused("ValidationException", call, Name="one", SiteId=site, AvailabilityZone="eu-west-1a")
        made = call(Name="one", SiteId=site, AvailabilityZone="eu-west-2a")["Outpost"]
        self.assertEqual(outposts.get_outpost(OutpostId=made["OutpostArn"])["Outpost"], made)
        self.assertEqual(outposts.list_outposts()["Outposts"], [made])
        ec2 = client("ec2", "eu-west-2")
        vpc = ec2.create_vpc(CidrBlock="10.8.0.0/16")["Vpc"]["VpcId"]
        subnet = {"VpcId": vpc, "CidrBlock": "10.8.0.0/24", "OutpostArn": made["OutpostArn"]}
        self.refused("InvalidParameterValue", ec2.create_subnet, **subnet, AvailabilityZone="eu-west-2b")
        subnet = ec2.create_subnet(**subnet, AvailabilityZone="eu-west-2a")["Subnet"]["SubnetId"]
        found = ec2.describe_subnets(SubnetIds=[subnet])["Subnets"][0]
        self.assertEqual(found["OutpostArn"], made["OutpostArn"])
        outposts.delete_outpost(OutpostId=made["OutpostId"])
        self.refused("NotFoundException", outposts.get_outpost, OutpostId=made["OutpostId"])
