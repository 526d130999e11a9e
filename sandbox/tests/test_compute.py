"""Launch templates, instances, groups and their refreshes."""

import base64
import gzip
import time

from tests.support import SandboxTest, client, control

IMAGE = [{"Name": "owner-alias", "Values": ["amazon"]}]


class ComputeTest(SandboxTest):
    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.groups = client("autoscaling")
        images = cls.ec2.describe_images(Owners=["amazon"], Filters=[{"Name": "name", "Values": ["al2023*"]}])["Images"]
        cls.image = images[0]

    def launch(self, **arguments) -> str:
        arguments = {"ImageId": self.image["ImageId"], "InstanceType": "t3.micro", **arguments}
        return self.ec2.run_instances(MinCount=1, MaxCount=1, **arguments)["Instances"][0]["InstanceId"]

    def find(self, instance: str) -> dict:
        return self.ec2.describe_instances(InstanceIds=[instance])["Reservations"][0]["Instances"][0]

    def state(self, instance: str) -> str:
        return self.find(instance)["State"]["Name"]

    def template(self, name: str, **data) -> str:
        data = {"ImageId": self.image["ImageId"], "InstanceType": "t3.micro", **data}
        made = self.ec2.create_launch_template(LaunchTemplateName=name, LaunchTemplateData=data)
        return made["LaunchTemplate"]["LaunchTemplateId"]

    def scaling(self, name: str, template: str, subnets: list[str], size: int = 2, **arguments) -> None:
        arguments = {"MinSize": size, "MaxSize": size * 2, **arguments}
        self.groups.create_auto_scaling_group(
            AutoScalingGroupName=name,
            LaunchTemplate={"LaunchTemplateId": template, "Version": "$Latest"},
            VPCZoneIdentifier=",".join(subnets),
            **arguments,
        )

    def group_named(self, name: str) -> dict:
        found = self.groups.describe_auto_scaling_groups(AutoScalingGroupNames=[name])["AutoScalingGroups"]
        return found[0] if found else {}

    def two_subnets(self) -> list[str]:
        home = self.vpc()
        zones = ["eu-west-1a", "eu-west-1b"]
        return [self.subnet(home, f"10.0.{n}.0/24", AvailabilityZone=zone) for n, zone in enumerate(zones)]


class LaunchTemplates(ComputeTest):
    def test_a_version_builds_on_another(self):
        template = self.template("merged", KeyName="ops")
        made = self.ec2.create_launch_template_version(
            LaunchTemplateId=template, SourceVersion="1", LaunchTemplateData={"InstanceType": "t3.small"}
        )
        data = made["LaunchTemplateVersion"]["LaunchTemplateData"]
        self.assertEqual(("ops", "t3.small"), (data["KeyName"], data["InstanceType"]))
        alone = self.ec2.create_launch_template_version(
            LaunchTemplateId=template, LaunchTemplateData={"InstanceType": "t3.small"}
        )
        self.assertNotIn("KeyName", alone["LaunchTemplateVersion"]["LaunchTemplateData"])

    def test_versions_go_but_for_the_default_and_their_numbers_do_not_come_again(self):
        template = self.template("versions")
        version = {"LaunchTemplateId": template, "LaunchTemplateData": {"InstanceType": "t3.small"}}
        for _ in range(2):
            self.ec2.create_launch_template_version(**version)
        gone = self.ec2.delete_launch_template_versions(LaunchTemplateId=template, Versions=["1", "3", "9"])
        numbers = [row["VersionNumber"] for row in gone["SuccessfullyDeletedLaunchTemplateVersions"]]
        kept = [row["VersionNumber"] for row in gone["UnsuccessfullyDeletedLaunchTemplateVersions"]]
        self.assertEqual(([3], [1, 9]), (numbers, kept))
        made = self.ec2.create_launch_template_version(**version)
        self.assertEqual(4, made["LaunchTemplateVersion"]["VersionNumber"])
        wrong = {"LaunchTemplateId": template, "Versions": ["3"]}
        self.refused("InvalidLaunchTemplateId.VersionNotFound", self.ec2.describe_launch_template_versions, **wrong)

    def test_no_template_is_left_out_of_a_listing(self):
        made = {self.template(f"many-{n}") for n in range(20)}
        pages = self.ec2.get_paginator("describe_launch_templates").paginate(PaginationConfig={"PageSize": 7})
        listed = {row["LaunchTemplateId"] for page in pages for row in page["LaunchTemplates"]}
        self.assertLessEqual(made, listed)
        latest = self.ec2.get_paginator("describe_launch_template_versions").paginate(Versions=["$Latest"])
        self.assertLessEqual(made, {row["LaunchTemplateId"] for page in latest for row in page["LaunchTemplateVersions"]})

    def test_tags_of_the_template_are_not_those_of_its_instances(self):
        tags = [{"ResourceType": "launch-template", "Tags": [{"Key": "a", "Value": "b"}]}]
        made = self.ec2.create_launch_template(
            LaunchTemplateName="tagged", LaunchTemplateData={"InstanceType": "t3.micro"}, TagSpecifications=tags
        )["LaunchTemplate"]["LaunchTemplateId"]
        found = self.ec2.describe_launch_template_versions(LaunchTemplateId=made)["LaunchTemplateVersions"][0]
        self.assertNotIn("TagSpecifications", found["LaunchTemplateData"])
        self.ec2.create_tags(Resources=[made], Tags=[{"Key": "c", "Value": "d"}])
        listed = self.ec2.describe_launch_templates(LaunchTemplateIds=[made])["LaunchTemplates"][0]["Tags"]
        self.assertEqual({"a": "b", "c": "d"}, {tag["Key"]: tag["Value"] for tag in listed})


class Instances(ComputeTest):
    def test_an_instance_has_what_its_request_and_its_template_say(self):
        template = self.template(
            "rich",
            MetadataOptions={"HttpTokens": "required"},
            UserData=base64.b64encode(b"#!/bin/sh").decode(),
            BlockDeviceMappings=[
                {"DeviceName": self.image["RootDeviceName"], "Ebs": {"VolumeType": "gp3", "VolumeSize": 20, "Encrypted": True}}
            ],
        )
        options = {"LaunchTemplate": {"LaunchTemplateId": template}, "CpuOptions": {"CoreCount": 1, "ThreadsPerCore": 1}}
        made = self.ec2.run_instances(MinCount=1, MaxCount=1, **options)["Instances"][0]["InstanceId"]
        found = self.find(made)
        self.assertEqual("required", found["MetadataOptions"]["HttpTokens"])
        self.assertEqual(1, found["CpuOptions"]["ThreadsPerCore"])
        self.assertEqual([self.image["RootDeviceName"]], [d["DeviceName"] for d in found["BlockDeviceMappings"]])
        self.assertTrue(found["BlockDeviceMappings"][0]["Ebs"]["DeleteOnTermination"])
        volume = self.ec2.describe_volumes(Filters=[{"Name": "attachment.instance-id", "Values": [made]}])["Volumes"][0]
        self.assertEqual(("gp3", 20, 3000, 125, True), tuple(volume[k] for k in ("VolumeType", "Size", "Iops", "Throughput", "Encrypted")))
        data = self.ec2.describe_instance_attribute(InstanceId=made, Attribute="userData")["UserData"]["Value"]
        self.assertEqual(b"#!/bin/sh", base64.b64decode(data))

    def test_states_pass_with_the_delay(self):
        control("POST", "delays", {"instance": 0.4})
        made = self.launch()
        self.assertEqual("pending", self.state(made))
        time.sleep(0.5)
        self.assertEqual("running", self.state(made))
        self.ec2.stop_instances(InstanceIds=[made])
        self.assertEqual("stopping", self.state(made))
        time.sleep(0.5)
        self.assertEqual("stopped", self.state(made))
        self.ec2.start_instances(InstanceIds=[made])
        self.assertEqual("pending", self.state(made))
        time.sleep(0.5)
        self.ec2.terminate_instances(InstanceIds=[made])
        self.assertEqual("shutting-down", self.state(made))
        time.sleep(0.5)
        self.assertEqual("terminated", self.state(made))

    def test_its_group_and_subnet_are_held_until_it_is_terminated(self):
        home = self.vpc()
        place, group = self.subnet(home), self.group(home)
        made = self.launch(SubnetId=place, SecurityGroupIds=[group])
        control("POST", "delays", {"instance": 0.4})
        self.ec2.terminate_instances(InstanceIds=[made])
        self.refused("DependencyViolation", self.ec2.delete_security_group, GroupId=group)
        self.refused("DependencyViolation", self.ec2.delete_subnet, SubnetId=place)
        time.sleep(0.5)
        self.ec2.delete_security_group(GroupId=group)
        self.ec2.delete_subnet(SubnetId=place)

    def test_the_type_changes_only_while_it_is_stopped(self):
        made = self.launch()
        change = {"InstanceId": made, "InstanceType": {"Value": "t3.small"}}
        self.refused("IncorrectInstanceState", self.ec2.modify_instance_attribute, **change)
        self.ec2.stop_instances(InstanceIds=[made])
        self.ec2.modify_instance_attribute(**change)
        self.assertEqual("t3.small", self.find(made)["InstanceType"])

    def test_user_data_changes_whatever_its_bytes_are(self):
        instance = self.launch(UserData=gzip.compress(b"#!/bin/sh"))
        self.ec2.stop_instances(InstanceIds=[instance])
        for data in (gzip.compress(b"#!/bin/sh\ntrue"), b"#!/bin/sh", b"AAAA"):
            self.ec2.modify_instance_attribute(InstanceId=instance, UserData={"Value": data})
            held = self.ec2.describe_instance_attribute(InstanceId=instance, Attribute="userData")["UserData"]
            self.assertEqual(data, base64.b64decode(held["Value"]))

    def test_options_change_in_place_and_one_at_a_time(self):
        made = self.launch(MetadataOptions={"HttpTokens": "required"})
        self.ec2.modify_instance_metadata_options(InstanceId=made, HttpPutResponseHopLimit=2)
        options = self.find(made)["MetadataOptions"]
        self.assertEqual(("required", 2), (options["HttpTokens"], options["HttpPutResponseHopLimit"]))
        self.ec2.monitor_instances(InstanceIds=[made])
        self.assertEqual("enabled", self.find(made)["Monitoring"]["State"])
        self.ec2.unmonitor_instances(InstanceIds=[made])
        self.assertEqual("disabled", self.find(made)["Monitoring"]["State"])
        credits = {"InstanceId": made, "CpuCredits": "standard"}
        self.ec2.modify_instance_credit_specification(InstanceCreditSpecifications=[credits])
        by = [{"Name": "instance-id", "Values": [made]}]
        found = self.ec2.describe_instance_credit_specifications(Filters=by)["InstanceCreditSpecifications"]
        self.assertEqual([credits], found)
        self.ec2.modify_instance_maintenance_options(InstanceId=made, AutoRecovery="disabled")
        self.assertEqual("disabled", self.find(made)["MaintenanceOptions"]["AutoRecovery"])

    def test_groups_and_checks_are_those_of_the_primary_interface(self):
        home = self.vpc()
        groups = [self.group(home, "a"), self.group(home, "b")]
        made = self.launch(SubnetId=self.subnet(home), SecurityGroupIds=groups[:1])
        primary = self.find(made)["NetworkInterfaces"][0]["NetworkInterfaceId"]
        self.ec2.modify_network_interface_attribute(NetworkInterfaceId=primary, Groups=groups[1:])
        self.ec2.modify_network_interface_attribute(NetworkInterfaceId=primary, SourceDestCheck={"Value": False})
        found = self.find(made)
        self.assertEqual(groups[1:], [group["GroupId"] for group in found["SecurityGroups"]])
        self.assertFalse(found["SourceDestCheck"])


class Groups(ComputeTest):
    def test_instances_are_spread_over_the_subnets(self):
        subnets = self.two_subnets()
        self.scaling("spread", self.template("spread"), subnets, 4)
        ids = [each["InstanceId"] for each in self.group_named("spread")["Instances"]]
        self.assertEqual(sorted(subnets * 2), sorted(self.find(each)["SubnetId"] for each in ids))

    def test_a_source_of_traffic_has_a_state(self):
        balancing = client("elbv2")
        subnets = self.two_subnets()
        home = self.ec2.describe_subnets(SubnetIds=subnets)["Subnets"][0]["VpcId"]
        made = balancing.create_target_group(Name="sources", Protocol="HTTP", Port=80, VpcId=home)
        arn = made["TargetGroups"][0]["TargetGroupArn"]
        self.scaling("sources", self.template("sources"), subnets, size=0, MaxSize=1)
        named = {"AutoScalingGroupName": "sources"}
        self.groups.attach_traffic_sources(**named, TrafficSources=[{"Identifier": arn, "Type": "elbv2"}])
        found = self.groups.describe_traffic_sources(**named)["TrafficSources"]
        self.assertEqual([{"Identifier": arn, "Type": "elbv2", "State": "Added"}], found)
        self.groups.set_desired_capacity(**named, DesiredCapacity=1)
        found = self.groups.describe_traffic_sources(**named, TrafficSourceType="elbv2")["TrafficSources"]
        self.assertEqual(["InService"], [source["State"] for source in found])
        self.assertEqual([], self.groups.describe_traffic_sources(**named, TrafficSourceType="elb")["TrafficSources"])
        self.groups.detach_traffic_sources(**named, TrafficSources=[{"Identifier": arn}])
        self.assertEqual([], self.groups.describe_traffic_sources(**named)["TrafficSources"])
        wrong = {"AutoScalingGroupName": "sources-none"}
        self.refused("ValidationError", self.groups.describe_traffic_sources, **wrong)

    def test_a_name_is_given_once_and_sizes_must_fit(self):
        subnets, template = self.two_subnets(), self.template("fit")
        self.scaling("fit", template, subnets)
        again = {"name": "fit", "template": template, "subnets": subnets}
        self.refused("AlreadyExists", self.scaling, **again)
        self.refused("ValidationError", self.scaling, **{**again, "name": "fat"}, DesiredCapacity=9)
        self.refused("ValidationError", self.groups.update_auto_scaling_group, AutoScalingGroupName="fit", DesiredCapacity=9)

    def test_everything_that_a_request_says_is_given_back(self):
        subnets, template = self.two_subnets(), self.template("told")
        policy = {"MinHealthyPercentage": 90, "MaxHealthyPercentage": 120}
        self.scaling("told", template, subnets, DefaultInstanceWarmup=30, InstanceMaintenancePolicy=policy, HealthCheckGracePeriod=0)
        found = self.group_named("told")
        self.assertEqual((30, policy, 0), (found["DefaultInstanceWarmup"], found["InstanceMaintenancePolicy"], found["HealthCheckGracePeriod"]))
        self.groups.update_auto_scaling_group(AutoScalingGroupName="told", DefaultInstanceWarmup=-1, DefaultCooldown=7)
        found = self.group_named("told")
        self.assertEqual((None, 7), (found.get("DefaultInstanceWarmup"), found["DefaultCooldown"]))

    def test_an_unhealthy_instance_is_replaced_and_it_is_written_down(self):
        self.scaling("ill", self.template("ill"), self.two_subnets())
        ids = [each["InstanceId"] for each in self.group_named("ill")["Instances"]]
        self.groups.set_instance_health(InstanceId=ids[0], HealthStatus="Unhealthy")
        now = [each["InstanceId"] for each in self.group_named("ill")["Instances"]]
        self.assertEqual(2, len(now))
        self.assertNotIn(ids[0], now)
        activities = self.groups.describe_scaling_activities(AutoScalingGroupName="ill")["Activities"]
        self.assertEqual(4, len(activities))
        self.assertIn("Launching", activities[0]["Description"])

    def test_a_launch_that_fails_is_a_failed_activity(self):
        template = self.template("failing", SecurityGroupIds=["sg-00000000000000000"])
        self.scaling("failing", template, self.two_subnets(), 1)
        self.assertEqual([], self.group_named("failing")["Instances"])
        activity = self.groups.describe_scaling_activities(AutoScalingGroupName="failing")["Activities"][0]
        self.assertEqual("Failed", activity["StatusCode"])

    def test_only_an_empty_group_goes_without_force(self):
        self.scaling("held", self.template("held"), self.two_subnets())
        self.refused("ResourceInUse", self.groups.delete_auto_scaling_group, AutoScalingGroupName="held")
        control("POST", "delays", {"instance": 0.4})
        self.groups.update_auto_scaling_group(AutoScalingGroupName="held", MinSize=0, MaxSize=0, DesiredCapacity=0)
        self.refused("ScalingActivityInProgress", self.groups.delete_auto_scaling_group, AutoScalingGroupName="held")
        time.sleep(0.5)
        self.groups.delete_auto_scaling_group(AutoScalingGroupName="held")
        self.assertEqual({}, self.group_named("held"))
        self.scaling("forced", self.template("forced"), self.two_subnets())
        self.groups.delete_auto_scaling_group(AutoScalingGroupName="forced", ForceDelete=True)


    def mixed(self, name: str, overrides: list[dict], size: int) -> None:
        self.groups.create_auto_scaling_group(
            AutoScalingGroupName=name,
            MinSize=0,
            MaxSize=20,
            DesiredCapacity=size,
            VPCZoneIdentifier=",".join(self.two_subnets()),
            MixedInstancesPolicy={
                "LaunchTemplate": {
                    "LaunchTemplateSpecification": {"LaunchTemplateId": self.template(name)},
                    "Overrides": overrides,
                }
            },
        )

    def weights(self, name: str) -> list:
        return [(each["InstanceType"], each.get("WeightedCapacity")) for each in self.group_named(name)["Instances"]]

    def size(self, name: str, size: int) -> list:
        self.groups.set_desired_capacity(AutoScalingGroupName=name, DesiredCapacity=size)
        return self.weights(name)

    def test_a_group_of_mixed_types_scales_by_weight_and_is_deleted(self):
        large = {"InstanceType": "t3.large", "WeightedCapacity": "4"}
        small = {"InstanceType": "t3.small", "WeightedCapacity": "2"}
        self.mixed("weighted", [large, small], 6)
        self.assertEqual([("t3.large", "4")] * 2, self.weights("weighted"))
        self.assertEqual([("t3.large", "4")] * 3, self.size("weighted", 9))
        policy = self.group_named("weighted")["MixedInstancesPolicy"]
        policy["LaunchTemplate"]["LaunchTemplateSpecification"].pop("LaunchTemplateName")
        policy["LaunchTemplate"]["Overrides"] = [small, large]
        self.groups.update_auto_scaling_group(AutoScalingGroupName="weighted", MixedInstancesPolicy=policy)
        self.assertEqual([("t3.large", "4")] * 3 + [("t3.small", "2")], self.size("weighted", 13))
        # None goes whose weight is still needed.
        self.assertEqual([("t3.large", "4")] * 2 + [("t3.small", "2")], self.size("weighted", 9))
        self.groups.update_auto_scaling_group(AutoScalingGroupName="weighted", MinSize=0, MaxSize=0, DesiredCapacity=0)
        self.assertEqual([], self.weights("weighted"))
        self.groups.delete_auto_scaling_group(AutoScalingGroupName="weighted")

    def test_a_group_of_mixed_types_without_weights_counts_instances(self):
        self.mixed("plain", [{"InstanceType": "t3.nano"}], 2)
        self.assertEqual([("t3.nano", None)] * 2, self.weights("plain"))
        self.assertEqual([("t3.nano", None)], self.size("plain", 1))
        self.groups.update_auto_scaling_group(AutoScalingGroupName="plain", MinSize=0, MaxSize=0, DesiredCapacity=0)
        self.groups.delete_auto_scaling_group(AutoScalingGroupName="plain")
        self.assertEqual({}, self.group_named("plain"))


class Images(ComputeTest):
    def test_the_images_of_tutorials_are_found_by_owner_and_name(self):
        for owner, name in (
            ("amazon", "amzn2-ami-hvm-*-x86_64-gp2"),
            ("amazon", "amzn2-ami-kernel-5.10-hvm-*"),
            ("amazon", "al2023-ami-2023.*-x86_64"),
            ("amazon", "al2023-ami-2023.*-arm64"),
            ("amazon", "amzn-ami-hvm-*-x86_64-gp2"),
            ("amazon", "Windows_Server-2022-English-Full-Base-*"),
            ("099720109477", "ubuntu/images/hvm-ssd/ubuntu-focal-20.04-amd64-server-*"),
            ("099720109477", "ubuntu/images/hvm-ssd/ubuntu-jammy-22.04-amd64-server-*"),
            ("099720109477", "ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-arm64-server-*"),
            ("099720109477", "ubuntu/images/*ubuntu-jammy-22.04-amd64-server-*"),
            ("136693071363", "debian-11-amd64-*"),
            ("136693071363", "debian-12-amd64-*"),
            ("136693071363", "debian-13-arm64-*"),
            ("309956199498", "RHEL-9*_HVM-*-x86_64-*"),
        ):
            with self.subTest(name=name):
                wanted = [{"Name": "name", "Values": [name]}, {"Name": "virtualization-type", "Values": ["hvm"]}]
                found = self.ec2.describe_images(Owners=[owner], Filters=wanted)["Images"]
                self.assertTrue(found)
                self.assertTrue(all(owner in (each["OwnerId"], each.get("ImageOwnerAlias")) for each in found))
                newest = max(found, key=lambda image: image["CreationDate"])
                started = self.find(self.launch(ImageId=newest["ImageId"]))
                self.assertEqual(newest["RootDeviceName"], started["RootDeviceName"])


class Refreshes(ComputeTest):
    def setUp(self) -> None:
        self.made = self.template(f"fresh-{time.monotonic_ns()}")
        self.name = f"fresh-{time.monotonic_ns()}"
        self.scaling(self.name, self.made, self.two_subnets(), 4)

    def versions(self) -> list[str]:
        return [each["LaunchTemplate"]["Version"] for each in self.group_named(self.name)["Instances"]]

    def version(self) -> str:
        return self.group_named(self.name)["LaunchTemplate"]["Version"]

    def renew(self) -> None:
        self.ec2.create_launch_template_version(
            LaunchTemplateId=self.made, SourceVersion="1", LaunchTemplateData={"InstanceType": "t3.small"}
        )

    def start(self, **arguments) -> str:
        return self.groups.start_instance_refresh(AutoScalingGroupName=self.name, **arguments)["InstanceRefreshId"]

    def last(self) -> dict:
        return self.groups.describe_instance_refreshes(AutoScalingGroupName=self.name)["InstanceRefreshes"][0]

    def test_all_are_replaced_in_batches_as_large_as_health_allows(self):
        self.renew()
        control("POST", "delays", {"instance_refresh": 0.3})
        self.start(Preferences={"MinHealthyPercentage": 50})
        self.assertEqual(("InProgress", 4), (self.last()["Status"], self.last()["InstancesToUpdate"]))
        self.assertEqual(["1"] * 4, self.versions())
        time.sleep(0.35)
        self.assertEqual(["1", "1", "2", "2"], sorted(self.versions()))
        self.assertEqual(50, self.last()["PercentageComplete"])
        time.sleep(0.35)
        self.assertEqual(["2"] * 4, self.versions())
        time.sleep(0.35)
        self.assertEqual("Successful", self.last()["Status"])
        self.assertEqual(["2"] * 4, self.versions())

    def test_new_ones_come_first_where_all_have_to_be_healthy(self):
        self.renew()
        control("POST", "delays", {"instance_refresh": 0.3})
        self.start(Preferences={"MinHealthyPercentage": 100, "MaxHealthyPercentage": 150})
        self.assertEqual("InProgress", self.last()["Status"])
        time.sleep(0.35)
        self.assertEqual(["1"] * 4 + ["2"] * 2, sorted(self.versions()))
        control("POST", "delays", {"instance_refresh": 0})
        time.sleep(0.35)
        self.assertEqual("Successful", self.last()["Status"])
        self.assertEqual(["2"] * 4, self.versions())

    def test_a_desired_configuration_is_the_groups_once_all_are_new(self):
        self.groups.update_auto_scaling_group(
            AutoScalingGroupName=self.name, LaunchTemplate={"LaunchTemplateId": self.made, "Version": "1"}
        )
        self.renew()
        wanted = {"LaunchTemplate": {"LaunchTemplateId": self.made, "Version": "2"}}
        control("POST", "faults", {"action": "InstanceRefresh", "code": "x", "message": "health checks failed"})
        self.start(DesiredConfiguration=wanted, Preferences={"MinHealthyPercentage": 50})
        failed = self.last()
        self.assertEqual(("Failed", "health checks failed"), (failed["Status"], failed["StatusReason"]))
        self.assertEqual((["1", "1", "2", "2"], "1"), (sorted(self.versions()), self.version()))
        self.start(DesiredConfiguration=wanted)
        self.assertEqual("Successful", self.last()["Status"])
        self.assertEqual((["2"] * 4, "2"), (self.versions(), self.version()))

    def test_who_leaves_the_group_leaves_its_target_group(self):
        balancers = client("elbv2")
        vpc = self.find(self.group_named(self.name)["Instances"][0]["InstanceId"])["VpcId"]
        made = balancers.create_target_group(Name="fresh", Protocol="HTTP", Port=80, VpcId=vpc)
        arn = made["TargetGroups"][0]["TargetGroupArn"]
        self.groups.attach_load_balancer_target_groups(AutoScalingGroupName=self.name, TargetGroupARNs=[arn])
        self.start()
        self.assertEqual("Successful", self.last()["Status"])
        registered = balancers.describe_target_health(TargetGroupArn=arn)["TargetHealthDescriptions"]
        members = {each["InstanceId"] for each in self.group_named(self.name)["Instances"]}
        self.assertEqual(members, {each["Target"]["Id"] for each in registered})

    def test_one_refresh_at_a_time_and_it_can_be_cancelled(self):
        control("POST", "delays", {"instance_refresh": 5})
        self.start()
        self.refused("InstanceRefreshInProgress", self.groups.start_instance_refresh, AutoScalingGroupName=self.name)
        control("POST", "delays", {"instance_refresh": 0})
        self.groups.cancel_instance_refresh(AutoScalingGroupName=self.name)
        self.assertIn(self.last()["Status"], ("Cancelling", "Cancelled"))
        time.sleep(0.1)

    def test_what_matches_is_skipped(self):
        before = [each["InstanceId"] for each in self.group_named(self.name)["Instances"]]
        self.start(Preferences={"SkipMatching": True})
        self.assertEqual("Successful", self.last()["Status"])
        self.assertEqual(before, [each["InstanceId"] for each in self.group_named(self.name)["Instances"]])
        self.refused("ActiveInstanceRefreshNotFound", self.groups.cancel_instance_refresh, AutoScalingGroupName=self.name)

    def test_a_refresh_with_a_desired_configuration_can_be_rolled_back(self):
        self.groups.update_auto_scaling_group(
            AutoScalingGroupName=self.name, LaunchTemplate={"LaunchTemplateId": self.made, "Version": "1"}
        )
        self.renew()
        control("POST", "delays", {"instance_refresh": 0.2})
        self.start(DesiredConfiguration={"LaunchTemplate": {"LaunchTemplateId": self.made, "Version": "2"}})
        time.sleep(0.25)
        self.assertIn("2", self.versions())
        control("POST", "delays", {"instance_refresh": 0})
        self.groups.rollback_instance_refresh(AutoScalingGroupName=self.name)
        time.sleep(0.25)
        self.last()
        self.assertEqual("RollbackSuccessful", self.last()["Status"])
        self.assertEqual(["1"] * 4, self.versions())
