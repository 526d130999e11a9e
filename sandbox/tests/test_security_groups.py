"""Security groups and their rules."""

from tests.support import SandboxTest


def tcp(port: int, **sources) -> dict:
    return {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, **sources}


class Groups(SandboxTest):
    def test_the_default_group_admits_itself(self):
        vpc = self.vpc()
        groups = self.ec2.describe_security_groups(Filters=[{"Name": "vpc-id", "Values": [vpc]}])
        default = groups["SecurityGroups"][0]
        pairs = default["IpPermissions"][0]["UserIdGroupPairs"]
        self.assertEqual([default["GroupId"]], [pair["GroupId"] for pair in pairs])
        self.refused("CannotDelete", self.ec2.delete_security_group, GroupId=default["GroupId"])

    def test_a_group_needs_a_vpc_that_exists(self):
        self.refused(
            "InvalidVpcID.NotFound",
            self.ec2.create_security_group,
            GroupName="a",
            Description="a",
            VpcId="vpc-00000000",
        )

    def test_a_group_held_by_an_interface_stays(self):
        vpc = self.vpc()
        group = self.group(vpc)
        interface = self.interface(self.subnet(vpc), Groups=[group])
        self.refused("DependencyViolation", self.ec2.delete_security_group, GroupId=group)
        self.ec2.delete_network_interface(NetworkInterfaceId=interface)
        self.ec2.delete_security_group(GroupId=group)

    def test_a_group_named_by_a_rule_of_another_stays(self):
        vpc = self.vpc()
        named, other = self.group(vpc, "named"), self.group(vpc, "other")
        rule = [tcp(80, UserIdGroupPairs=[{"GroupId": named}])]
        self.ec2.authorize_security_group_ingress(GroupId=other, IpPermissions=rule)
        self.refused("DependencyViolation", self.ec2.delete_security_group, GroupId=named)
        self.ec2.revoke_security_group_ingress(GroupId=other, IpPermissions=rule)
        self.ec2.delete_security_group(GroupId=named)


class Rules(SandboxTest):
    def setUp(self) -> None:
        self.id = self.group(self.vpc())

    def rules(self, egress: bool = False) -> list[dict]:
        found = self.ec2.describe_security_group_rules(Filters=[{"Name": "group-id", "Values": [self.id]}])
        return [rule for rule in found["SecurityGroupRules"] if rule["IsEgress"] == egress]

    def allow(self, *permissions, **arguments) -> list[dict]:
        made = self.ec2.authorize_security_group_ingress(
            GroupId=self.id, IpPermissions=list(permissions), **arguments
        )
        return made["SecurityGroupRules"]

    def test_all_rules_of_a_call_are_answered_with_their_tags(self):
        tags = [{"ResourceType": "security-group-rule", "Tags": [{"Key": "a", "Value": "b"}]}]
        made = self.allow(
            tcp(80, IpRanges=[{"CidrIp": "10.0.0.0/8"}, {"CidrIp": "192.168.0.0/16"}]),
            tcp(443, Ipv6Ranges=[{"CidrIpv6": "2001:db8::/32"}]),
            TagSpecifications=tags,
        )
        self.assertEqual(3, len(made))
        self.assertEqual({"123456789012"}, {rule["GroupOwnerId"] for rule in made})
        self.assertEqual([[{"Key": "a", "Value": "b"}]] * 3, [rule["Tags"] for rule in self.rules()])

    def test_ranges_are_kept_in_canonical_form(self):
        self.allow(tcp(80, IpRanges=[{"CidrIp": "10.1.2.3/8"}]))
        self.assertEqual(["10.0.0.0/8"], [rule["CidrIpv4"] for rule in self.rules()])
        again = [tcp(80, IpRanges=[{"CidrIp": "10.9.9.9/8", "Description": "the same"}])]
        self.refused(
            "InvalidPermission.Duplicate",
            self.ec2.authorize_security_group_ingress,
            GroupId=self.id,
            IpPermissions=again,
        )

    def test_a_call_that_fails_adds_no_rule(self):
        self.allow(tcp(80, IpRanges=[{"CidrIp": "10.0.0.0/8"}]))
        both = [tcp(81, IpRanges=[{"CidrIp": "10.0.0.0/8"}]), tcp(80, IpRanges=[{"CidrIp": "10.0.0.0/8"}])]
        self.refused(
            "InvalidPermission.Duplicate",
            self.ec2.authorize_security_group_ingress,
            GroupId=self.id,
            IpPermissions=both,
        )
        self.assertEqual(1, len(self.rules()))

    def test_protocols_without_ports_are_taken(self):
        self.allow({"IpProtocol": "50", "IpRanges": [{"CidrIp": "10.0.0.0/8"}]})
        self.allow(
            {"IpProtocol": "icmp", "FromPort": -1, "ToPort": -1, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}
        )
        self.allow({"IpProtocol": "-1", "IpRanges": [{"CidrIp": "10.0.0.0/8"}]})
        self.assertEqual(["50", "icmp", "-1"], [rule["IpProtocol"] for rule in self.rules()])
        self.assertEqual([(-1, -1)] * 3, [(rule["FromPort"], rule["ToPort"]) for rule in self.rules()])

    def test_egress_is_revoked_for_both_families(self):
        rule = [tcp(443, IpRanges=[{"CidrIp": "10.0.0.0/8"}], Ipv6Ranges=[{"CidrIpv6": "2001:db8::/32"}])]
        self.ec2.authorize_security_group_egress(GroupId=self.id, IpPermissions=rule)
        self.assertEqual(3, len(self.rules(egress=True)))
        self.ec2.revoke_security_group_egress(GroupId=self.id, IpPermissions=rule)
        self.assertEqual(["-1"], [rule["IpProtocol"] for rule in self.rules(egress=True)])

    def test_revoking_what_is_not_there_is_refused(self):
        rule = [tcp(1, IpRanges=[{"CidrIp": "10.0.0.0/8"}])]
        self.refused(
            "InvalidPermission.NotFound",
            self.ec2.revoke_security_group_ingress,
            GroupId=self.id,
            IpPermissions=rule,
        )

    def test_a_description_is_changed_by_rule_id_and_by_permission(self):
        made = self.allow(tcp(80, IpRanges=[{"CidrIp": "10.0.0.0/8", "Description": "old"}]))
        self.ec2.update_security_group_rule_descriptions_ingress(
            GroupId=self.id,
            SecurityGroupRuleDescriptions=[
                {"SecurityGroupRuleId": made[0]["SecurityGroupRuleId"], "Description": "new"}
            ],
        )
        self.assertEqual("new", self.rules()[0]["Description"])
        group = self.ec2.describe_security_groups(GroupIds=[self.id])["SecurityGroups"][0]
        self.assertEqual("new", group["IpPermissions"][0]["IpRanges"][0]["Description"])
        self.ec2.update_security_group_rule_descriptions_ingress(
            GroupId=self.id,
            IpPermissions=[tcp(80, IpRanges=[{"CidrIp": "10.0.0.0/8", "Description": "newer"}])],
        )
        self.assertEqual("newer", self.rules()[0]["Description"])

    def test_rules_of_every_source_are_modified_in_place(self):
        other = self.group(self.vpc(), "other")
        lists = self.ec2.describe_managed_prefix_lists()["PrefixLists"]
        first, second = lists[0]["PrefixListId"], lists[1]["PrefixListId"]
        made = self.allow(
            tcp(80, IpRanges=[{"CidrIp": "10.0.0.0/8"}]),
            tcp(80, Ipv6Ranges=[{"CidrIpv6": "2001:db8::/32"}]),
            tcp(80, UserIdGroupPairs=[{"GroupId": self.id}]),
            tcp(80, PrefixListIds=[{"PrefixListId": first, "Description": "list"}]),
        )
        sources = [
            {"CidrIpv4": "10.1.0.0/16"},
            {"CidrIpv6": "2001:db8:1::/48"},
            {"ReferencedGroupId": other},
            {"PrefixListId": second},
        ]
        changes = [
            {
                "SecurityGroupRuleId": rule["SecurityGroupRuleId"],
                "SecurityGroupRule": {
                    "IpProtocol": "udp",
                    "FromPort": 53,
                    "ToPort": 54,
                    "Description": "d",
                    **source,
                },
            }
            for rule, source in zip(made, sources, strict=True)
        ]
        self.ec2.modify_security_group_rules(GroupId=self.id, SecurityGroupRules=changes)
        after = self.rules()
        self.assertEqual(
            [rule["SecurityGroupRuleId"] for rule in made], [r["SecurityGroupRuleId"] for r in after]
        )
        self.assertEqual("10.1.0.0/16", after[0]["CidrIpv4"])
        self.assertEqual("2001:db8:1::/48", after[1]["CidrIpv6"])
        self.assertEqual(other, after[2]["ReferencedGroupInfo"]["GroupId"])
        self.assertEqual(second, after[3]["PrefixListId"])
        self.assertEqual(
            [("udp", 53, 54, "d")] * 4,
            [(r["IpProtocol"], r["FromPort"], r["ToPort"], r["Description"]) for r in after],
        )
