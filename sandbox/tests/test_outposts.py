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
        outposts.delete_outpost(OutpostId=made["OutpostId"])
        self.refused("NotFoundException", outposts.get_outpost, OutpostId=made["OutpostId"])
