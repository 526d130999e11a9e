"""WAF and Shield as AWS documents them."""

import unittest

from tests.support import SandboxTest, client, control

VISIBLE = {"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": "m"}
REGIONAL = {"Scope": "REGIONAL"}
GEO = {"GeoMatchStatement": {"CountryCodes": ["DE"]}}


def rule(name: str, priority: int, statement: dict, **more) -> dict:
    action = more or {"Action": {"Block": {}}}
    return {
        "Name": name,
        "Priority": priority,
        "Statement": statement,
        "VisibilityConfig": VISIBLE,
        **action,
    }


class WafTest(SandboxTest):
    """Every test has names of its own, which is quicker than an empty world."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.waf = client("wafv2")
        cls.home = client("wafv2", "us-east-1")

    def named(self, name: str) -> str:
        return f"{name}-{self._testMethodName}"

    def acl(self, *rules: dict, name: str = "web", **more) -> dict:
        wanted = {"DefaultAction": {"Allow": {}}, "VisibilityConfig": VISIBLE} | REGIONAL | more
        return self.waf.create_web_acl(Name=self.named(name), Rules=list(rules), **wanted)["Summary"]

    def key(self, summary: dict) -> dict:
        return {"Name": summary["Name"], "Id": summary["Id"]} | REGIONAL

    def ip_set(self, name: str = "ours", version: str = "IPV4", addresses=("192.0.2.0/24",)) -> dict:
        made = self.waf.create_ip_set(
            Name=self.named(name), IPAddressVersion=version, Addresses=list(addresses), **REGIONAL
        )
        return made["Summary"]

    def balancer(self) -> str:
        vpc = self.vpc()
        zones = ["eu-west-1a", "eu-west-1b"]
        subnets = [self.subnet(vpc, f"10.0.{n}.0/24", AvailabilityZone=z) for n, z in enumerate(zones)]
        made = client("elbv2").create_load_balancer(Name="waf", Subnets=subnets, Scheme="internal")
        return made["LoadBalancers"][0]["LoadBalancerArn"]


class Objects(WafTest):
    def test_an_update_replaces_everything(self):
        made = self.acl(rule("a", 1, GEO), Description="our web", TokenDomains=["example.com"])
        key = self.key(made)
        got = self.waf.get_web_acl(**key)
        self.assertEqual(["example.com"], got["WebACL"]["TokenDomains"])
        self.waf.update_web_acl(
            LockToken=got["LockToken"], DefaultAction={"Block": {}}, VisibilityConfig=VISIBLE, **key
        )
        acl = self.waf.get_web_acl(**key)["WebACL"]
        self.assertEqual({"Block": {}}, acl["DefaultAction"])
        self.assertEqual([], acl["Rules"])
        self.assertNotIn("TokenDomains", acl)
        self.assertNotIn("Description", acl)
        stale = {"LockToken": got["LockToken"], "DefaultAction": {"Allow": {}}, "VisibilityConfig": VISIBLE}
        self.refused("WAFOptimisticLockException", self.waf.update_web_acl, **stale, **key)

    def test_members_that_moto_does_not_know_are_kept(self):
        protection = {
            "DataProtections": [
                {"Action": "HASH", "Field": {"FieldType": "SINGLE_HEADER", "FieldKeys": ["a"]}}
            ]
        }
        made = self.acl(DataProtectionConfig=protection)
        acl = self.waf.get_web_acl(**self.key(made))["WebACL"]
        self.assertEqual(protection, acl["DataProtectionConfig"])

    def test_rules_have_priorities_and_actions_of_their_own(self):
        code = "WAFInvalidParameterException"
        with self.subTest("priority"):
            twice = [rule("a", 1, GEO), rule("b", 1, GEO)]
            self.refused(code, lambda: self.acl(*twice))
        with self.subTest("action"):
            both = rule("a", 1, GEO, Action={"Block": {}}, OverrideAction={"None": {}})
            self.refused(code, lambda: self.acl(both))
        with self.subTest("statement"):
            two = GEO | {"LabelMatchStatement": {"Scope": "LABEL", "Key": "a"}}
            self.refused(code, lambda: self.acl(rule("a", 1, {"NotStatement": {"Statement": two}})))

    def test_ranges_are_canonical(self):
        made = self.ip_set(version="IPV6", addresses=["2001:db8::/32"])
        got = self.waf.get_ip_set(**self.key(made))["IPSet"]
        self.assertEqual(["2001:0db8:0000:0000:0000:0000:0000:0000/32"], got["Addresses"])
        for wrong in ("10.0.0.1", "10.0.0.1/8", "0.0.0.0/0", "2001:db8::/32", "x"):
            call = lambda wrong=wrong: self.ip_set("other", addresses=[wrong])  # noqa: E731
            self.refused("WAFInvalidParameterException", call)


class Scopes(WafTest):
    def test_a_name_is_given_once_in_a_scope(self):
        self.ip_set()
        self.refused("WAFDuplicateItemException", self.ip_set)
        self.acl()
        self.refused("WAFDuplicateItemException", self.acl)
        self.home.create_ip_set(
            Name=self.named("ours"), Scope="CLOUDFRONT", IPAddressVersion="IPV4", Addresses=[]
        )

    def test_cloudfront_has_one_region(self):
        call = self.waf.create_ip_set
        wanted = {"Name": "a", "Scope": "CLOUDFRONT", "IPAddressVersion": "IPV4", "Addresses": []}
        self.refused("WAFInvalidParameterException", call, **wanted)
        self.refused("WAFInvalidParameterException", self.waf.list_web_acls, Scope="CLOUDFRONT")
        made = self.home.create_regex_pattern_set(
            Name=self.named("a"),
            Scope="CLOUDFRONT",
            RegularExpressionList=[],
            Tags=[{"Key": "k", "Value": "v"}],
        )["Summary"]
        self.assertIn(":global/regexpatternset/", made["ARN"])
        tags = self.home.list_tags_for_resource(ResourceARN=made["ARN"])["TagInfoForResource"]["TagList"]
        self.assertEqual([{"Key": "k", "Value": "v"}], tags)


class Use(WafTest):
    def test_what_rules_refer_to_exists_and_stays(self):
        ours = self.ip_set()
        refer = {"NotStatement": {"Statement": {"IPSetReferenceStatement": {"ARN": ours["ARN"]}}}}
        missing = {"IPSetReferenceStatement": {"ARN": ours["ARN"][:-1] + "x"}}
        self.refused("WAFNonexistentItemException", lambda: self.acl(rule("a", 1, missing)))
        made = self.acl(rule("a", 1, refer))
        gone = dict(LockToken=ours["LockToken"], **self.key(ours))
        self.refused("WAFAssociatedItemException", self.waf.delete_ip_set, **gone)
        self.waf.delete_web_acl(LockToken=made["LockToken"], **self.key(made))
        self.waf.delete_ip_set(**gone)
        self.refused("WAFNonexistentItemException", self.waf.delete_ip_set, **gone)

    def test_a_resource_has_one_web_acl_which_stays(self):
        first, second, balancer = self.acl(), self.acl(name="second"), self.balancer()
        call = self.waf.associate_web_acl
        missing = balancer.replace("/waf/", "/other/")
        self.refused("WAFNonexistentItemException", call, WebACLArn=first["ARN"], ResourceArn=missing)
        call(WebACLArn=first["ARN"], ResourceArn=balancer)
        call(WebACLArn=second["ARN"], ResourceArn=balancer)
        listed = self.waf.list_resources_for_web_acl
        self.assertEqual([], listed(WebACLArn=first["ARN"])["ResourceArns"])
        self.assertEqual([balancer], listed(WebACLArn=second["ARN"])["ResourceArns"])
        self.assertEqual([], listed(WebACLArn=second["ARN"], ResourceType="API_GATEWAY")["ResourceArns"])
        gone = dict(LockToken=second["LockToken"], **self.key(second))
        self.refused("WAFAssociatedItemException", self.waf.delete_web_acl, **gone)
        self.waf.disassociate_web_acl(ResourceArn=balancer)
        self.waf.delete_web_acl(**gone)
        self.refused("WAFNonexistentItemException", listed, WebACLArn=second["ARN"])

    def test_logs_go_where_the_name_says_so_and_end_with_the_web_acl(self):
        made = self.acl()
        group = "arn:aws:logs:eu-west-1:123456789012:log-group:"

        def put(name: str, arn: str = made["ARN"]):
            wanted = {"ResourceArn": arn, "LogDestinationConfigs": [group + name]}
            return self.waf.put_logging_configuration(LoggingConfiguration=wanted)

        self.refused("WAFInvalidParameterException", lambda: put("web"))
        self.refused("WAFNonexistentItemException", lambda: put("aws-waf-logs-web", made["ARN"] + "x"))
        put("aws-waf-logs-web")
        self.waf.delete_web_acl(LockToken=made["LockToken"], **self.key(made))
        listed = self.waf.list_logging_configurations(**REGIONAL)["LoggingConfigurations"]
        self.assertNotIn(made["ARN"], [each["ResourceArn"] for each in listed])


class Capacity(WafTest):
    def test_rules_cost_what_the_guide_says(self):
        look = {
            "FieldToMatch": {"UriPath": {}},
            "TextTransformations": [{"Priority": 0, "Type": "LOWERCASE"}],
        }
        find = {"ByteMatchStatement": look | {"SearchString": b"a", "PositionalConstraint": "CONTAINS"}}
        rate = {"Limit": 100, "AggregateKeyType": "IP", "ScopeDownStatement": GEO}
        managed = {"VendorName": "AWS", "Name": "AWSManagedRulesCommonRuleSet"}
        both = {"AndStatement": {"Statements": [GEO, {"NotStatement": {"Statement": find}}]}}
        for cost, statement in (
            (1, GEO),
            (20, find),
            (21, both),
            (50, {"XssMatchStatement": look}),
            (30, {"OrStatement": {"Statements": [find, find]}}),
            (3, {"RateBasedStatement": rate}),
            (700, {"ManagedRuleGroupStatement": managed}),
        ):
            got = self.waf.check_capacity(Rules=[rule("a", 1, statement)], **REGIONAL)
            self.assertEqual(cost, got["Capacity"], statement)
        made = self.acl(rule("a", 1, both))
        self.assertEqual(21, self.waf.get_web_acl(**self.key(made))["WebACL"]["Capacity"])

    def test_a_rule_group_holds_what_it_was_made_for(self):
        call = self.waf.create_rule_group
        wanted = {
            "Name": self.named("a"),
            "VisibilityConfig": VISIBLE,
            "Rules": [rule("a", 1, GEO), rule("b", 2, GEO)],
        }
        self.refused("WAFLimitsExceededException", call, Capacity=1, **wanted, **REGIONAL)
        self.refused("WAFLimitsExceededException", call, Capacity=5001, **wanted, **REGIONAL)
        group = call(Capacity=2, **wanted, **REGIONAL)["Summary"]
        refer = {"RuleGroupReferenceStatement": {"ARN": group["ARN"]}}
        made = self.acl(rule("a", 1, refer, OverrideAction={"None": {}}))
        self.assertEqual(2, self.waf.get_web_acl(**self.key(made))["WebACL"]["Capacity"])

    def test_managed_groups_are_listed_and_described(self):
        groups = self.waf.list_available_managed_rule_groups(**REGIONAL)["ManagedRuleGroups"]
        self.assertIn("AWSManagedRulesSQLiRuleSet", [group["Name"] for group in groups])
        call = self.waf.describe_managed_rule_group
        found = call(VendorName="AWS", Name="AWSManagedRulesSQLiRuleSet", **REGIONAL)
        self.assertEqual(200, found["Capacity"])
        self.refused("WAFNonexistentItemException", call, VendorName="AWS", Name="x", **REGIONAL)


class Shield(SandboxTest):
    def setUp(self) -> None:
        control("POST", "reset")
        self.shield = client("shield", "us-east-1")

    def test_nothing_is_protected_without_a_subscription(self):
        wanted = {"Name": "a", "ResourceArn": "arn:aws:ec2:eu-west-1:123456789012:eip-allocation/eipalloc-1"}
        self.assertEqual("INACTIVE", self.shield.get_subscription_state()["SubscriptionState"])
        self.refused("ResourceNotFoundException", self.shield.create_protection, **wanted)
        self.shield.create_subscription()
        self.refused("ResourceAlreadyExistsException", self.shield.create_subscription)
        self.assertEqual("ACTIVE", self.shield.get_subscription_state()["SubscriptionState"])
        self.shield.create_protection(**wanted)
        self.shield.update_subscription(AutoRenew="DISABLED")
        found = self.shield.describe_subscription()["Subscription"]
        self.assertEqual("DISABLED", found["AutoRenew"])
        self.assertLess(found["StartTime"], found["EndTime"])

    def test_groups_hold_what_their_pattern_says(self):
        self.shield.create_subscription()
        call, group = self.shield.create_protection_group, {"ProtectionGroupId": "all", "Aggregation": "SUM"}
        self.refused("InvalidParameterException", call, Pattern="ARBITRARY", **group)
        call(Pattern="ALL", Tags=[{"Key": "k", "Value": "v"}], **group)
        self.refused("ResourceAlreadyExistsException", call, Pattern="ALL", **group)
        kind = {"Pattern": "BY_RESOURCE_TYPE", "ResourceType": "ELASTIC_IP_ALLOCATION"}
        self.shield.update_protection_group(**kind, **group)
        found = self.shield.describe_protection_group(ProtectionGroupId="all")["ProtectionGroup"]
        self.assertEqual("ELASTIC_IP_ALLOCATION", found["ResourceType"])
        self.assertEqual([found], self.shield.list_protection_groups()["ProtectionGroups"])
        tags = self.shield.list_tags_for_resource(ResourceARN=found["ProtectionGroupArn"])["Tags"]
        self.assertEqual([{"Key": "k", "Value": "v"}], tags)
        self.shield.delete_protection_group(ProtectionGroupId="all")
        gone = self.shield.delete_protection_group
        self.refused("ResourceNotFoundException", gone, ProtectionGroupId="all")


if __name__ == "__main__":
    unittest.main()
