"""Load balancers, their listeners and rules, target groups and the health of targets."""

import time

from tests.support import REGION, SandboxTest, client, control


class BalanceTest(SandboxTest):
    """Two zones and makers of what balances between them."""

    def setUp(self) -> None:
        self.elb = client("elbv2")
        self.home = self.vpc()
        self.places = [
            self.subnet(self.home, f"10.0.{number}.0/24", AvailabilityZone=f"{REGION}{zone}")
            for number, zone in enumerate("ab")
        ]
        self.count = 0
        self.made = []

    def tearDown(self) -> None:
        super().tearDown()
        for balancer in self.made:
            off = [{"Key": "deletion_protection.enabled", "Value": "false"}]
            try:
                self.elb.modify_load_balancer_attributes(LoadBalancerArn=balancer, Attributes=off)
                self.elb.delete_load_balancer(LoadBalancerArn=balancer)
            except self.elb.exceptions.LoadBalancerNotFoundException:
                pass

    def name(self, what: str) -> str:
        self.count += 1
        return f"{what}-{self.home[-8:]}-{self.count}"

    def balancer(self, **arguments) -> str:
        arguments = {"Name": self.name("lb"), "Subnets": self.places, **arguments}
        self.made.append(self.elb.create_load_balancer(**arguments)["LoadBalancers"][0]["LoadBalancerArn"])
        return self.made[-1]

    def state(self, balancer: str) -> str:
        found = self.elb.describe_load_balancers(LoadBalancerArns=[balancer])
        return found["LoadBalancers"][0]["State"]["Code"]

    def targets(self, **arguments) -> str:
        arguments = {"Name": self.name("tg"), "Protocol": "HTTP", "Port": 80, "VpcId": self.home, **arguments}
        return self.elb.create_target_group(**arguments)["TargetGroups"][0]["TargetGroupArn"]

    def listener(self, balancer: str, group: str, **arguments) -> str:
        action = [{"Type": "forward", "TargetGroupArn": group}]
        arguments = {"Protocol": "HTTP", "Port": 80, "DefaultActions": action, **arguments}
        return self.elb.create_listener(LoadBalancerArn=balancer, **arguments)["Listeners"][0]["ListenerArn"]

    def rule(self, listener: str, group: str, priority: int) -> str:
        made = self.elb.create_rule(
            ListenerArn=listener,
            Priority=priority,
            Conditions=[{"Field": "path-pattern", "PathPatternConfig": {"Values": [f"/{priority}"]}}],
            Actions=[{"Type": "forward", "TargetGroupArn": group}],
        )
        return made["Rules"][0]["RuleArn"]

    def instance(self) -> str:
        image = self.ec2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
        made = self.ec2.run_instances(ImageId=image, MinCount=1, MaxCount=1, SubnetId=self.places[0])
        return made["Instances"][0]["InstanceId"]


class LoadBalancers(BalanceTest):
    def test_a_name_is_taken_once_and_the_same_call_again_gives_the_same(self):
        name = self.name("web")
        first = self.balancer(Name=name)
        self.assertEqual(first, self.balancer(Name=name))
        self.refused(
            "DuplicateLoadBalancerName",
            self.elb.create_load_balancer,
            Name=name,
            Subnets=self.places,
            Scheme="internal",
        )

    def test_an_application_balancer_needs_two_zones_and_a_network_balancer_one(self):
        create = self.elb.create_load_balancer
        self.refused("ValidationError", create, Name=self.name("lb"), Subnets=self.places[:1])
        third = self.subnet(self.home, "10.0.9.0/24", AvailabilityZone=f"{REGION}a")
        same_zone = [self.places[0], third]
        self.refused("InvalidConfigurationRequest", create, Name=self.name("lb"), Subnets=same_zone)
        network = self.balancer(Subnets=self.places[:1], Type="network")
        self.assertIn(":loadbalancer/net/", network)
        self.elb.set_subnets(LoadBalancerArn=network, Subnets=self.places[1:])

    def test_it_is_provisioned_for_a_while(self):
        control("POST", "delays", {"load_balancer": 0.5})
        balancer = self.balancer()
        self.assertEqual("provisioning", self.state(balancer))
        time.sleep(0.6)
        self.assertEqual("active", self.state(balancer))

    def test_deletion_protection_is_honoured(self):
        balancer = self.balancer()
        switch = [{"Key": "deletion_protection.enabled", "Value": "true"}]
        self.elb.modify_load_balancer_attributes(LoadBalancerArn=balancer, Attributes=switch)
        self.refused("OperationNotPermitted", self.elb.delete_load_balancer, LoadBalancerArn=balancer)
        self.assertEqual("active", self.state(balancer))

    def test_attributes_fit_the_type(self):
        network = self.balancer(Type="network")
        unfit = [{"Key": "idle_timeout.timeout_seconds", "Value": "90"}]
        modify = self.elb.modify_load_balancer_attributes
        self.refused("InvalidConfigurationRequest", modify, LoadBalancerArn=network, Attributes=unfit)
        modify(LoadBalancerArn=self.balancer(), Attributes=unfit)

    def test_its_interfaces_hold_subnets_and_groups_until_it_is_gone(self):
        groups = [self.group(self.home, "a"), self.group(self.home, "b")]
        balancer = self.balancer(SecurityGroups=groups[:1])
        self.refused("DependencyViolation", self.ec2.delete_subnet, SubnetId=self.places[0])
        self.refused("DependencyViolation", self.ec2.delete_security_group, GroupId=groups[0])
        self.elb.set_security_groups(LoadBalancerArn=balancer, SecurityGroups=groups[1:])
        self.ec2.delete_security_group(GroupId=groups[0])
        third = self.subnet(self.home, "10.0.9.0/24", AvailabilityZone=f"{REGION}c")
        self.elb.set_subnets(LoadBalancerArn=balancer, Subnets=[self.places[1], third])
        self.ec2.delete_subnet(SubnetId=self.places[0])
        self.elb.delete_load_balancer(LoadBalancerArn=balancer)
        self.ec2.delete_security_group(GroupId=groups[1])
        self.ec2.delete_subnet(SubnetId=third)
        self.refused("LoadBalancerNotFound", self.elb.delete_load_balancer, LoadBalancerArn=balancer)

    def test_an_address_of_a_network_balancer_is_given_back(self):
        address = self.address()
        mapping = [{"SubnetId": self.places[0], "AllocationId": address}]
        arguments = {"Name": self.name("nlb"), "Type": "network", "SubnetMappings": mapping}
        made = self.elb.create_load_balancer(**arguments)["LoadBalancers"][0]
        self.made.append(made["LoadBalancerArn"])
        self.assertEqual([{"AllocationId": address}], made["AvailabilityZones"][0]["LoadBalancerAddresses"])


class Listeners(BalanceTest):
    def setUp(self) -> None:
        super().setUp()
        self.group_arn = self.targets()
        self.balancer_arn = self.balancer()

    def find(self, listener: str) -> dict:
        return self.elb.describe_listeners(ListenerArns=[listener])["Listeners"][0]

    def priorities(self, listener: str) -> dict:
        found = self.elb.describe_rules(ListenerArn=listener)["Rules"]
        return {rule["RuleArn"]: rule["Priority"] for rule in found if not rule["IsDefault"]}

    def prove(self, certificate: str) -> None:
        """Makes the records that a certificate is waiting for."""
        told = client("acm").describe_certificate(CertificateArn=certificate)["Certificate"]
        names = client("route53")
        made = names.create_hosted_zone(Name=told["DomainName"], CallerReference=certificate)["HostedZone"]["Id"]
        for option in told["DomainValidationOptions"]:
            record = option["ResourceRecord"]
            values = [{"Value": record["Value"]}]
            wanted = {"Name": record["Name"], "Type": "CNAME", "TTL": 60, "ResourceRecords": values}
            batch = {"Changes": [{"Action": "UPSERT", "ResourceRecordSet": wanted}]}
            names.change_resource_record_sets(HostedZoneId=made, ChangeBatch=batch)

    def test_a_port_is_taken_once(self):
        first = self.listener(self.balancer_arn, self.group_arn)
        action = [{"Type": "forward", "TargetGroupArn": self.group_arn}]
        arguments = {"Protocol": "HTTP", "Port": 80, "DefaultActions": action}
        create = self.elb.create_listener
        self.refused("DuplicateListener", create, LoadBalancerArn=self.balancer_arn, **arguments)
        second = self.listener(self.balancer_arn, self.group_arn, Port=81)
        self.refused("DuplicateListener", self.elb.modify_listener, ListenerArn=second, Port=80)
        self.elb.modify_listener(ListenerArn=first, Port=80)
        self.assertNotIn("SslPolicy", self.find(first))

    def test_encryption_needs_a_certificate_and_can_come_later(self):
        action = [{"Type": "forward", "TargetGroupArn": self.group_arn}]
        arguments = {"Protocol": "HTTPS", "Port": 443, "DefaultActions": action}
        create = self.elb.create_listener
        self.refused("ValidationError", create, LoadBalancerArn=self.balancer_arn, **arguments)
        listener = self.listener(self.balancer_arn, self.group_arn)
        certificate = client("acm").request_certificate(DomainName="a.example")["CertificateArn"]
        wanted = {"Protocol": "HTTPS", "Port": 443, "Certificates": [{"CertificateArn": certificate}]}
        modify = self.elb.modify_listener
        self.refused("UnsupportedCertificate", modify, ListenerArn=listener, **wanted)
        wanted_from_the_first = {**arguments, "Port": 444, "Certificates": wanted["Certificates"]}
        self.refused("UnsupportedCertificate", create, LoadBalancerArn=self.balancer_arn, **wanted_from_the_first)
        self.prove(certificate)
        modify(ListenerArn=listener, **wanted)
        found = self.find(listener)
        self.assertEqual(("HTTPS", 443), (found["Protocol"], found["Port"]))
        self.assertEqual("off", found["MutualAuthentication"]["Mode"])

    def test_the_secret_of_a_sign_in_is_never_given_back(self):
        certificate = client("acm").request_certificate(DomainName="a.example")["CertificateArn"]
        self.prove(certificate)
        pages = {name: f"https://id.example/{name}" for name in ("Issuer", "TokenEndpoint", "UserInfoEndpoint")}
        oidc = {**pages, "AuthorizationEndpoint": "https://id.example/a", "ClientId": "web", "ClientSecret": "s3cret"}
        sign_in = {"Type": "authenticate-oidc", "Order": 1, "AuthenticateOidcConfig": {**oidc, "SessionTimeout": 60}}
        forward = {"Type": "forward", "Order": 2, "TargetGroupArn": self.group_arn}
        wanted = {"Protocol": "HTTPS", "Port": 444, "Certificates": [{"CertificateArn": certificate}]}
        made = self.elb.create_listener(
            LoadBalancerArn=self.balancer_arn, DefaultActions=[sign_in, forward], **wanted
        )["Listeners"][0]
        for found in (made, self.find(made["ListenerArn"])):
            answer = found["DefaultActions"][0]["AuthenticateOidcConfig"]
            self.assertNotIn("ClientSecret", answer)
            self.assertEqual(("openid", 60), (answer["Scope"], answer["SessionTimeout"]))

    def test_priorities_are_exchanged_in_one_call(self):
        listener = self.listener(self.balancer_arn, self.group_arn)
        rules = [self.rule(listener, self.group_arn, priority) for priority in (10, 20)]
        self.refused("PriorityInUse", self.rule, listener=listener, group=self.group_arn, priority=20)
        change = self.elb.set_rule_priorities
        self.refused("PriorityInUse", change, RulePriorities=[{"RuleArn": rules[0], "Priority": 20}])
        change(RulePriorities=[{"RuleArn": rules[0], "Priority": 20}, {"RuleArn": rules[1], "Priority": 10}])
        self.assertEqual({rules[0]: "20", rules[1]: "10"}, self.priorities(listener))
        change(RulePriorities=[{"RuleArn": rules[0], "Priority": 20}])
        self.elb.delete_rule(RuleArn=rules[0])
        self.refused("RuleNotFound", self.elb.delete_rule, RuleArn=rules[0])

    def test_an_argument_that_is_missing_is_the_callers_fault(self):
        unchecked = client("elbv2", parameter_validation=False)
        listener = self.listener(self.balancer_arn, self.group_arn)
        actions = [{"Type": "fixed-response", "FixedResponseConfig": {"ContentType": "text/plain"}}]
        self.refused("ValidationError", unchecked.modify_listener, ListenerArn=listener, DefaultActions=actions)

    def test_a_condition_may_be_a_regular_expression(self):
        listener = self.listener(self.balancer_arn, self.group_arn)
        actions = [{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "200"}}]
        conditions = (
            {"Field": "http-header", "HttpHeaderConfig": {"HttpHeaderName": "x-a", "RegexValues": ["^yes$"]}},
            {"Field": "host-header", "HostHeaderConfig": {"RegexValues": ["^a[.]example$"]}},
            {"Field": "path-pattern", "PathPatternConfig": {"RegexValues": ["^/a/.*$"]}},
        )
        for number, condition in enumerate(conditions, 1):
            wanted = {"ListenerArn": listener, "Priority": number, "Actions": actions, "Conditions": [condition]}
            rule = self.elb.create_rule(**wanted)["Rules"][0]["RuleArn"]
            self.assertEqual([condition], self.elb.describe_rules(RuleArns=[rule])["Rules"][0]["Conditions"])
            self.elb.modify_rule(RuleArn=rule, Conditions=[condition])
        for condition in (
            {"Field": "path-pattern", "PathPatternConfig": {"Values": ["/a"], "RegexValues": ["^/a$"]}},
            {"Field": "path-pattern", "PathPatternConfig": {"RegexValues": ["a" * 129]}},
            {"Field": "http-header", "HttpHeaderConfig": {"HttpHeaderName": "x-a"}},
            {"Field": "source-ip", "RegexValues": ["^10"]},
        ):
            wanted = {"ListenerArn": listener, "Priority": 9, "Actions": actions, "Conditions": [condition]}
            self.refused("ValidationError", self.elb.create_rule, **wanted)

    def test_a_group_is_in_use_until_nothing_forwards_to_it(self):
        listener = self.listener(self.balancer_arn, self.group_arn)
        found = self.elb.describe_target_groups(TargetGroupArns=[self.group_arn])["TargetGroups"][0]
        self.assertEqual([self.balancer_arn], found["LoadBalancerArns"])
        self.refused("ResourceInUse", self.elb.delete_target_group, TargetGroupArn=self.group_arn)
        self.elb.delete_listener(ListenerArn=listener)
        self.elb.delete_target_group(TargetGroupArn=self.group_arn)


class Targets(BalanceTest):
    def setUp(self) -> None:
        super().setUp()
        self.group_arn = self.targets()
        self.one = self.instance()

    def used(self) -> None:
        self.listener(self.balancer(), self.group_arn)

    def register(self, name: str, **more) -> None:
        self.elb.register_targets(TargetGroupArn=self.group_arn, Targets=[{"Id": name, **more}])

    def health(self) -> list:
        found = self.elb.describe_target_health(TargetGroupArn=self.group_arn)["TargetHealthDescriptions"]
        return [(each["Target"]["Port"], each["TargetHealth"]["State"]) for each in found]

    def test_a_target_that_is_not_there_is_refused(self):
        self.refused("InvalidTarget", self.register, name="i-0123456789abcdef0")
        self.refused("InvalidTarget", self.register, name="10.0.0.7")

    def test_a_target_becomes_healthy_and_ill_as_told(self):
        self.register(self.one)
        self.assertEqual([(80, "unused")], self.health(), "no balancer uses the group")
        self.used()
        control("POST", "delays", {"target_initial": 0.5})
        self.register(self.one, Port=8080)
        self.assertEqual([(80, "healthy"), (8080, "initial")], sorted(self.health()))
        time.sleep(0.6)
        self.assertEqual([(80, "healthy"), (8080, "healthy")], sorted(self.health()))
        control("POST", "targets", {self.one: "unhealthy"})
        self.assertEqual({"unhealthy"}, {state for _, state in self.health()})
        control("POST", "targets", {self.one: None})
        self.assertEqual({"healthy"}, {state for _, state in self.health()})
        self.ec2.stop_instances(InstanceIds=[self.one])
        self.assertEqual({"unused"}, {state for _, state in self.health()})

    def test_a_target_drains_at_most_as_long_as_its_group_says(self):
        self.used()
        self.register(self.one)
        control("POST", "delays", {"target_draining": 0.5})
        away = {"TargetGroupArn": self.group_arn, "Targets": [{"Id": self.one}]}
        self.elb.deregister_targets(**away)
        self.assertEqual([(80, "draining")], self.health())
        self.elb.deregister_targets(**away)
        time.sleep(0.6)
        self.assertEqual([], self.health())
        self.register(self.one)
        at_once = [{"Key": "deregistration_delay.timeout_seconds", "Value": "0"}]
        self.elb.modify_target_group_attributes(TargetGroupArn=self.group_arn, Attributes=at_once)
        self.elb.deregister_targets(**away)
        self.assertFalse([line for line in control("GET", "world") if ".draining/" in line])
        self.assertEqual([], self.health())

    def test_attributes_fit_the_protocol(self):
        modify = self.elb.modify_target_group_attributes
        unfit = [{"Key": "preserve_client_ip.enabled", "Value": "true"}]
        self.refused("ValidationError", modify, TargetGroupArn=self.group_arn, Attributes=unfit)
        modify(TargetGroupArn=self.targets(Protocol="TCP"), Attributes=unfit)

    def test_an_unknown_state_is_refused(self):
        with self.assertRaisesRegex(Exception, "400"):
            control("POST", "targets", {self.one: "ill"})
