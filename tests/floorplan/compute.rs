//! The compute family against a sandbox, checked by looks that do not go through the program.

use serde_json::{Value as Json, json};

use crate::types::Account;

struct Net {
    account: Account,
    vpc: String,
    subnets: Vec<String>,
    group: String,
    image: String,
}

impl Net {
    fn start() -> Self {
        let account = Account::start();
        let vpc = account.make("aws_vpc", json!({"cidr_block": "10.0.0.0/16"})).id;
        let subnet = |(n, zone): (i32, &str)| {
            let config = json!({"vpc_id": vpc, "cidr_block": format!("10.0.{n}.0/24"), "availability_zone": zone});
            account.make("aws_subnet", config).id
        };
        let subnets = [(0, "eu-west-1a"), (1, "eu-west-1b")].map(subnet).into();
        let group = account.make("aws_security_group", json!({"name": "web", "vpc_id": vpc})).id;
        let name = [("name", "al2023-ami-*"), ("architecture", "x86_64")];
        let image = account.world.ids("DescribeImages", "imageId", &name).remove(0);
        Net { account, vpc, subnets, group, image }
    }

    /// The answer of DescribeInstances on one of them.
    fn instance(&self, id: &str) -> crate::support::Xml {
        self.account.world.ec2("DescribeInstances", &[("InstanceId.1", id)])
    }
}

#[test]
fn an_instance_is_stopped_only_for_changes_that_need_it() {
    let net = Net::start();
    let data = "#!/bin/sh\necho ä\n";
    let config = |kind: &str, more: Json| {
        let mut all = json!({
            "ami": net.image, "instance_type": kind, "subnet_id": net.subnets[0],
            "vpc_security_group_ids": [net.group], "user_data": data, "ebs_optimized": false,
            "metadata_options": {"http_tokens": "required"},
            "root_block_device": {"volume_type": "gp3", "volume_size": 20, "encrypted": true, "tags": {"disk": "root"}},
            "ebs_block_device": [{"device_name": "/dev/sdf", "volume_size": 5, "volume_type": "gp2"}],
            "tags": {"Name": "web"},
        });
        all.as_object_mut().expect("arguments").extend(more.as_object().expect("arguments").clone());
        all
    };
    net.account.world.delay("instance", 0.3);
    let mut web = net.account.make("aws_instance", config("t3.micro", json!({})));
    let seen = net.instance(&web.id);
    assert_eq!(seen.all("instanceType"), ["t3.micro"]);
    assert_eq!(seen.one("httpTokens"), "required");
    assert_eq!(web.live.get("user_data"), Some(&data.into()));
    assert_eq!(web.text("arn"), format!("arn:aws:ec2:eu-west-1:123456789012:instance/{}", web.id));
    let disks = net
        .account
        .world
        .ec2("DescribeVolumes", &[("Filter.1.Name", "attachment.instance-id"), ("Filter.1.Value.1", &web.id)]);
    let mut sizes = disks.all("size");
    sizes.sort();
    assert_eq!(sizes, ["20", "5"]);
    assert_eq!(disks.all("key"), ["disk"]);

    net.account.world.forget_calls();
    let more = json!({
        "monitoring": true, "source_dest_check": false, "disable_api_termination": true, "disable_api_stop": true,
        "instance_initiated_shutdown_behavior": "terminate",
        "metadata_options": {"http_tokens": "required", "http_put_response_hop_limit": 2},
        "credit_specification": {"cpu_credits": "standard"}, "maintenance_options": {"auto_recovery": "disabled"},
        "secondary_private_ips": ["10.0.0.77"],
        "root_block_device": {"volume_type": "gp3", "volume_size": 30, "iops": 4000, "tags": {"disk": "system"}},
        "ebs_block_device": [{"device_name": "/dev/sdf", "volume_size": 6, "volume_type": "gp2"}],
    });
    web.change(config("t3.micro", more.clone()));
    assert!(!net.account.world.writes().contains(&"StopInstances".to_owned()));
    let seen = net.instance(&web.id);
    assert_eq!((seen.one("httpPutResponseHopLimit"), seen.one("httpTokens")), ("2".into(), "required".into()));
    assert!(seen.all("privateIpAddress").contains(&"10.0.0.77".to_owned()));

    let mut unlocked = more;
    unlocked["disable_api_stop"] = json!(false);
    web.change(config("t3.micro", unlocked.clone()));
    net.account.world.forget_calls();
    web.change(config("t3.small", unlocked.clone()));
    let writes = net.account.world.writes();
    assert_eq!(writes, ["CreateTags", "StopInstances", "ModifyInstanceAttribute", "StartInstances", "DeleteTags"]);
    assert_eq!(net.instance(&web.id).all("instanceType"), ["t3.small"]);
    assert_eq!(web.text("instance_state"), "running");

    // The answer to the start is lost, and the machine is left stopped: the next attempt starts it.
    net.account.world.fail("StartInstances", "InternalError", 500, 3);
    let _ = web.try_change(config("t3.medium", unlocked.clone()));
    web.again();
    assert_eq!((web.text("instance_state"), web.text("instance_type")), ("running".into(), "t3.medium".into()));

    unlocked["disable_api_termination"] = json!(false);
    web.change(config("t3.medium", unlocked));
    assert_eq!(web.drift(), [""; 0]);
    web.delete();
    let config = json!({"name": "later", "vpc_id": net.vpc});
    net.account.make("aws_security_group", config);
}

#[test]
fn an_instance_gets_its_profile_and_force_frees_it() {
    let net = Net::start();
    let world = &net.account.world;
    for name in ["one", "two"] {
        world.query("iam", "CreateInstanceProfile", &[("InstanceProfileName", name)]);
    }
    let config = |profile: Option<&str>| {
        json!({"ami": net.image, "instance_type": "t3.micro", "subnet_id": net.subnets[0],
            "vpc_security_group_ids": [net.group], "iam_instance_profile": profile.unwrap_or_default(),
            "associate_public_ip_address": true, "disable_api_termination": true, "force_destroy": true})
    };
    let mut web = net.account.make("aws_instance", config(Some("one")));
    assert!(!web.text("public_ip").is_empty());
    let profile = |id: &str| {
        let by = [("Filter.1.Name", "instance-id"), ("Filter.1.Value.1", id)];
        world.ec2("DescribeIamInstanceProfileAssociations", &by).all("arn")
    };
    web.change(config(Some("two")));
    assert_eq!(profile(&web.id), ["arn:aws:iam::123456789012:instance-profile/two"]);
    web.change(config(None));
    assert_eq!(profile(&web.id), [""; 0]);
    web.delete();
}

#[test]
fn a_template_gets_a_version_per_change() {
    let net = Net::start();
    let world = &net.account.world;
    let config = |kind: &str, follow: bool| {
        json!({
            "name_prefix": "web-", "image_id": net.image, "instance_type": kind, "update_default_version": follow,
            "metadata_options": {"http_tokens": "required", "http_endpoint": "enabled"},
            "block_device_mappings": [{"device_name": "/dev/xvda", "ebs": {"volume_size": 10, "volume_type": "gp3", "encrypted": "true"}}],
            "network_interfaces": [{"security_groups": [net.group], "associate_public_ip_address": "false"}],
            "tag_specifications": [{"resource_type": "instance", "tags": {"Name": "web"}}],
            "monitoring": {"enabled": true}, "user_data": "IyEvYmluL3NoCg==", "tags": {"team": "ops"},
        })
    };
    let mut web = net.account.make("aws_launch_template", config("t3.micro", false));
    assert!(web.text("name").starts_with("web-"));
    let version =
        |name: &str| world.ec2("DescribeLaunchTemplates", &[("LaunchTemplateId.1", &web_id(world))]).one(name);
    world.forget_calls();
    web.change(config("t3.small", false));
    assert_eq!(world.writes(), ["CreateLaunchTemplateVersion"]);
    assert_eq!((version("latestVersionNumber"), version("defaultVersionNumber")), ("2".into(), "1".into()));
    web.change(config("t3.small", true));
    assert_eq!((version("latestVersionNumber"), version("defaultVersionNumber")), ("2".into(), "2".into()));
    world.fail("ModifyLaunchTemplate", "InternalError", 500, 3);
    let _ = web.try_change(config("t3.medium", true));
    web.again();
    assert_eq!((version("latestVersionNumber"), version("defaultVersionNumber")), ("3".into(), "3".into()));
    let data =
        world.ec2("DescribeLaunchTemplateVersions", &[("LaunchTemplateId", &web.id), ("LaunchTemplateVersion.1", "3")]);
    assert_eq!(
        (data.one("instanceType"), data.one("volumeSize"), data.one("httpTokens")),
        ("t3.medium".into(), "10".into(), "required".into())
    );
    web.delete();
}

/// The id of the only template of the account.
fn web_id(world: &crate::support::World) -> String {
    world.ids("DescribeLaunchTemplates", "launchTemplateId", &[]).remove(0)
}

#[test]
fn a_group_is_made_scaled_refreshed_and_deleted() {
    let net = Net::start();
    let world = &net.account.world;
    let template = |kind: &str| json!({"name": "web", "image_id": net.image, "instance_type": kind, "vpc_security_group_ids": [net.group]});
    let mut web = net.account.make("aws_launch_template", template("t3.micro"));
    let config = |version: &str, more: Json| {
        let mut all = json!({
            "name": "web", "min_size": 2, "max_size": 4, "vpc_zone_identifier": net.subnets,
            "launch_template": {"id": web_id(world), "version": version},
            "instance_refresh": {"strategy": "Rolling", "preferences": {"min_healthy_percentage": 50}},
            "tag": [{"key": "Name", "value": "web", "propagate_at_launch": true}],
        });
        all.as_object_mut().expect("arguments").extend(more.as_object().expect("arguments").clone());
        all
    };
    let mut group = net.account.make("aws_autoscaling_group", config("1", json!({})));
    let by = [("AutoScalingGroupNames.member.1", "web")];
    let look = || world.query("autoscaling", "DescribeAutoScalingGroups", &by);
    let mut zones: Vec<String> = look().all("AvailabilityZone");
    zones.sort();
    assert_eq!(zones, ["eu-west-1a", "eu-west-1b"]);

    // Scaled by others: no difference, as the layout does not say how many.
    world.query("autoscaling", "SetDesiredCapacity", &[("AutoScalingGroupName", "web"), ("DesiredCapacity", "3")]);
    assert_eq!(group.drift(), [""; 0]);

    let more = json!({
        "default_cooldown": 60, "health_check_grace_period": 10, "default_instance_warmup": 30, "max_size": 5,
        "enabled_metrics": ["GroupMinSize", "GroupMaxSize"], "suspended_processes": ["AZRebalance"],
        "termination_policies": ["OldestInstance", "Default"], "protect_from_scale_in": true, "capacity_rebalance": true,
        "instance_maintenance_policy": {"min_healthy_percentage": 90, "max_healthy_percentage": 120},
        "tag": [{"key": "team", "value": "ops", "propagate_at_launch": false}],
        "warm_pool": {"min_size": 1},
    });
    group.change(config("1", more));
    let seen = look();
    assert_eq!((seen.one("DefaultCooldown"), seen.one("DesiredCapacity")), ("60".into(), "3".into()));
    assert!(seen.all("Key").contains(&"team".to_owned()) && !seen.all("Key").contains(&"Name".to_owned()));
    group.change(config("1", json!({"default_cooldown": 60})));

    web.change(template("t3.small"));
    world.forget_calls();
    group.change(config("2", json!({"default_cooldown": 60})));
    assert_eq!(world.writes(), ["StartInstanceRefresh"], "it brings the new template");
    let refreshes = world.query("autoscaling", "DescribeInstanceRefreshes", &[("AutoScalingGroupName", "web")]);
    assert_eq!(refreshes.one("MinHealthyPercentage"), "50");
    let versions = look().all("Version");
    assert!(versions.iter().all(|v| v == "2"), "{versions:?}");
    world.delay("instance", 0.3);
    for attempt in 0.. {
        match group.try_delete() {
            Ok(()) => break,
            Err(e) => assert!(attempt < 50 && e.kind == floorplan::aws::Kind::Dependency, "{e}"),
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    group.delete();
    web.delete();
}

#[test]
fn disks_cards_and_addresses_are_attached_and_detached() {
    let net = Net::start();
    let (account, world) = (&net.account, &net.account.world);
    let key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ4mUVFbNgPnPq6gC6ZBWnyZ5rTzV8mYb0ZzKCdDmXbY ops";
    let mut pair =
        account.make("aws_key_pair", json!({"key_name_prefix": "ops-", "public_key": key, "tags": {"a": "b"}}));
    assert!(pair.id.starts_with("ops-"));
    pair.change(json!({"key_name_prefix": "ops-", "public_key": key, "tags": {"c": "d"}}));
    assert_eq!(world.ec2("DescribeKeyPairs", &[]).all("key"), ["floorplan:token", "c"]);

    let config = json!({"ami": net.image, "instance_type": "t3.micro", "subnet_id": net.subnets[0],
        "vpc_security_group_ids": [net.group], "key_name": pair.id});
    let web = account.make("aws_instance", config);
    let disk = |size: i32| json!({"availability_zone": "eu-west-1a", "size": size, "type": "gp3", "encrypted": true, "tags": {"Name": "data"}});
    let mut data = account.make("aws_ebs_volume", disk(10));
    data.change(disk(12));
    assert_eq!(world.ec2("DescribeVolumes", &[("VolumeId.1", &data.id)]).one("size"), "12");
    let on = json!({"device_name": "/dev/sdf", "volume_id": data.id, "instance_id": web.id});
    let attached = account.make("aws_volume_attachment", on);
    assert_eq!(attached.id, format!("/dev/sdf:{}:{}", data.id, web.id));
    assert_eq!(data.drift(), [""; 0]);
    attached.delete();
    data.delete();

    let card = |more: Json| {
        let mut all =
            json!({"subnet_id": net.subnets[0], "security_groups": [net.group], "private_ips": ["10.0.0.50"]});
        all.as_object_mut().expect("arguments").extend(more.as_object().expect("arguments").clone());
        all
    };
    let mut second = account.make("aws_network_interface", card(json!({"description": "second"})));
    let more = json!({"description": "third", "source_dest_check": false, "private_ips": ["10.0.0.50", "10.0.0.51"],
        "attachment": [{"instance": web.id, "device_index": 1}], "tags": {"a": "b"}});
    second.change(card(more));
    let seen = net.instance(&web.id);
    assert!(seen.all("networkInterfaceId").contains(&second.id), "{:?}", seen.all("networkInterfaceId"));
    assert!(seen.all("privateIpAddress").contains(&"10.0.0.51".to_owned()));

    let gateway = account.make("aws_internet_gateway", json!({"vpc_id": net.vpc}));
    let address = account.make("aws_eip", json!({}));
    let held = json!({"allocation_id": address.id, "network_interface_id": second.id});
    let association = account.make("aws_eip_association", held);
    assert!(association.id.starts_with("eipassoc-"));
    association.delete();
    second.delete();
    address.delete();
    gateway.delete();
    web.delete();
    pair.delete();
}

#[test]
fn a_group_is_scaled_by_policies_and_balanced_by_attachments() {
    let net = Net::start();
    let (account, world) = (&net.account, &net.account.world);
    let template = json!({"name": "web", "image_id": net.image, "instance_type": "t3.micro"});
    let web = account.make("aws_launch_template", template);
    let group = json!({"name": "web", "min_size": 0, "max_size": 2, "vpc_zone_identifier": net.subnets,
        "launch_template": {"id": web.id, "version": "$Latest"}});
    let mut group = account.make("aws_autoscaling_group", group);

    let tracking = |target: i32| {
        json!({"autoscaling_group_name": "web", "name": "cpu", "policy_type": "TargetTrackingScaling",
            "target_tracking_configuration": {"target_value": target,
                "predefined_metric_specification": {"predefined_metric_type": "ASGAverageCPUUtilization"}}})
    };
    let mut cpu = account.make("aws_autoscaling_policy", tracking(40));
    cpu.change(tracking(60));
    let policies = || world.query("autoscaling", "DescribePolicies", &[("AutoScalingGroupName", "web")]);
    assert_eq!(policies().one("TargetValue").parse::<f64>(), Ok(60.0));
    let steps = json!({"autoscaling_group_name": "web", "name": "burst", "policy_type": "StepScaling",
        "adjustment_type": "ChangeInCapacity", "metric_aggregation_type": "Average",
        "step_adjustment": [{"metric_interval_lower_bound": "0", "metric_interval_upper_bound": "10", "scaling_adjustment": 1},
            {"metric_interval_lower_bound": "10", "scaling_adjustment": 2}]});
    let burst = account.make("aws_autoscaling_policy", steps);
    let found = account
        .describe("aws_autoscaling_policy", &[cpu.id.clone(), burst.id.clone(), "web/none".into(), "no/ne".into()]);
    assert_eq!(found.len(), 2);

    let made = [("Name", "web"), ("Protocol", "HTTP"), ("Port", "80"), ("VpcId", net.vpc.as_str())];
    let target = world.query("elasticloadbalancing", "CreateTargetGroup", &made).one("TargetGroupArn");
    let config = json!({"autoscaling_group_name": "web", "lb_target_group_arn": target});
    let attachment = account.make("aws_autoscaling_attachment", config);
    assert_eq!(group.drift(), [""; 0]);
    attachment.delete();
    burst.delete();
    cpu.delete();
    group.delete();
    web.delete();
}

#[test]
fn images_instances_and_parameters_are_looked_up() {
    let net = Net::start();
    let account = &net.account;
    let config = json!({"ami": net.image, "instance_type": "t3.micro", "subnet_id": net.subnets[0],
        "vpc_security_group_ids": [net.group], "user_data": "#!/bin/sh\n", "tags": {"Name": "web"}});
    let web = account.make("aws_instance", config);
    account.world.json(
        "ssm",
        "AmazonSSM.PutParameter",
        json!({"Name": "/web/key", "Value": "hunter2", "Type": "SecureString"}),
    );
    account.world.json(
        "ssm",
        "AmazonSSM.PutParameter",
        json!({"Name": "/web/plain", "Value": "said", "Type": "String"}),
    );
    account.world.write(
        "main.tf",
        r#"
provider "aws" { region = "eu-west-1" }
data "aws_ami" "newest" {
  most_recent = true
  owners      = ["amazon"]
  name_regex  = "^al2023-ami-2023"
  filter {
    name   = "architecture"
    values = ["x86_64"]
  }
}
data "aws_instance" "web" {
  instance_tags = { Name = "web" }
  get_user_data = true
}
data "aws_instances" "all" {
  instance_tags = { Name = "web" }
}
data "aws_ssm_parameter" "key" { name = "/web/key" }
data "aws_ssm_parameter" "plain" { name = "/web/plain" }
output "image" { value = data.aws_ami.newest.root_device_name }
output "data" { value = data.aws_instance.web.user_data }
output "tokens" { value = data.aws_instance.web.metadata_options[0].http_tokens }
output "ids" { value = data.aws_instances.all.ids }
output "key" {
  value     = data.aws_ssm_parameter.key.value
  sensitive = true
}
output "plain" { value = data.aws_ssm_parameter.plain.insecure_value }
"#,
    );
    let run = account.world.floorplan(&["apply", ".", "--auto-approve"]).succeeds();
    for said in ["#!/bin/sh", web.id.as_str(), "said", "/dev/xvda", "optional"] {
        assert!(run.stdout.contains(said), "{said} in {}", run.stdout);
    }
    assert!(!run.stdout.contains("hunter2") && !run.stderr.contains("hunter2"));
    account.world.write("main.tf", "data \"aws_ssm_parameter\" \"no\" {\n  name = \"/no\"\n}\n");
    let refused = account.world.floorplan(&["plan", "."]).exits(1);
    assert!(refused.stderr.contains("no parameter /no"), "{}", refused.stderr);
}

#[test]
fn bad_input_is_found_before_any_call() {
    let world = crate::support::World::start();
    let long = "x".repeat(16 * 1024 + 1);
    let cases = [
        (r#"resource "aws_instance" "a" { instance_type = "t3.micro" }"#.to_owned(), "needs ami"),
        (
            format!(
                r#"resource "aws_instance" "a" {{ ami = "ami-1"
  instance_type = "t3.micro"
  user_data = "{long}" }}"#
            ),
            "16385 bytes",
        ),
        (
            r#"resource "aws_instance" "a" { ami = "ami-1"
  instance_type = "t3.micro"
  user_data = "a"
  user_data_base64 = "YQ==" }"#
                .to_owned(),
            "user_data_base64",
        ),
        (
            r#"resource "aws_ebs_volume" "a" { availability_zone = "eu-west-1a"
  size = 10
  type = "io1" }"#
                .to_owned(),
            "needs iops",
        ),
        (
            r#"resource "aws_autoscaling_group" "a" { min_size = 3
  max_size = 2
  availability_zones = ["eu-west-1a"]
  launch_configuration = "x" }"#
                .to_owned(),
            "min_size = 3 is above max_size = 2",
        ),
        (
            r#"resource "aws_autoscaling_group" "a" { min_size = 1
  max_size = 2
  desired_capacity = 5
  availability_zones = ["eu-west-1a"]
  launch_configuration = "x" }"#
                .to_owned(),
            "desired_capacity = 5",
        ),
        (r#"resource "aws_launch_template" "a" { name = "a b" }"#.to_owned(), "' '"),
        (r#"resource "aws_key_pair" "a" { public_key = "no key" }"#.to_owned(), "OpenSSH"),
    ];
    for (text, said) in cases {
        let (head, rest) = text.split_once("{ ").expect("a block");
        world.write("main.tf", &format!("{head}{{\n  {}\n}}\n", rest.trim_end_matches(" }")));
        let run = world.floorplan(&["plan", ".", "--sandbox"]).exits(1);
        let told = run.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(told.contains(said), "{said} in {}", run.stderr);
    }
}
