"""What the sandbox says that it holds."""

import json
import urllib.request

from tests.support import SandboxTest, client, endpoint


def world() -> list[str]:
    with urllib.request.urlopen(f"{endpoint()}/floorplan/world") as answer:
        return json.load(answer)


class World(SandboxTest):
    def test_it_has_what_no_call_shows_and_no_ids(self):
        client("secretsmanager").create_secret(Name="login", SecretString="battery-staple")
        vpc = client("ec2").create_vpc(CidrBlock="10.77.0.0/16")["Vpc"]["VpcId"]
        lines = world()
        self.assertTrue(any(line.endswith("secret_string = battery-staple") for line in lines))
        self.assertTrue(any(line.endswith(".cidr_block = 10.77.0.0/16") for line in lines))
        self.assertFalse([line for line in lines if vpc in line])
        self.assertEqual(lines, sorted(lines))

    def test_the_name_servers_of_a_zone_are_the_same_in_every_world(self):
        client("route53").create_hosted_zone(Name="world.example", CallerReference="world")
        found = [line for line in world() if "delegation_sets/" in line and "world.example" in line]
        self.assertEqual(found, ["route53 aws delegation_sets/#.caller_reference = DelSet_world.example."])
