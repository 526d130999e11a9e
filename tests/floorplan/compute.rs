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
fn an_instance_is_made_changed_in_place_and_stopped_only_for_what_needs_it() {
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
fn an_instance_gets_its_profile_and_a_protected_one_is_freed_by_force() {
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
fn a_template_gets_a_version_per_change_and_its_default_follows() {
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
fn a_group_is_made_scaled_and_refreshed_and_goes_when_it_is_empty() {
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
    assert_eq!(world.writes(), ["UpdateAutoScalingGroup", "StartInstanceRefresh"]);
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
