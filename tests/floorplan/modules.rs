//! The examples of the modules through the whole tool, and what the modules promise, looked at from outside.

use crate::support::{Run, World};
use serde_json::Value as Json;
use std::collections::BTreeMap;

/// An example of a module in a world of its own, where its state is kept.
pub struct Example {
    pub world: World,
    layout: String,
    state: String,
}

impl Example {
    /// `name` of the examples of `module`, applied and planned again without a change.
    pub fn applied(module: &str, name: &str) -> Self {
        let example = Self::new(World::start(), module, name);
        example.run("apply", &["--auto-approve"]).succeeds();
        example.run("plan", &["--detailed-exitcode"]).exits(0);
        example
    }

    /// `name` of the examples of `module`.
    pub fn new(world: World, module: &str, name: &str) -> Self {
        let layout = format!("{}/modules/{module}/examples/{name}", env!("CARGO_MANIFEST_DIR"));
        let state = world.path().join("kept").to_string_lossy().into_owned();
        Example { world, layout, state }
    }

    /// Runs the program on it.
    pub fn run(&self, command: &str, more: &[&str]) -> Run {
        self.world.floorplan(&[&[command, &self.layout, "--sandbox", "--state", &self.state], more].concat())
    }

    /// The value of an output.
    pub fn output(&self, name: &str) -> Json {
        let arguments = ["output", name, "--json", "--layout", &self.layout, "--state", &self.state];
        serde_json::from_str(&self.world.floorplan(&arguments).succeeds().stdout).expect("JSON")
    }
}

#[test]
fn a_network_gets_another_zone_and_nothing_in_the_others_moves() {
    let example = Example::applied("network", "zones");
    let world = &example.world;
    let subnets = || -> BTreeMap<String, Json> {
        example.output("private_subnet_ids").as_object().expect("by zone").clone().into_iter().collect()
    };
    let before = subnets();
    world.forget_calls();
    let three = ["--var", "zones={eu-west-1a=0,eu-west-1b=1,eu-west-1c=2}"];
    example.run("apply", &[&["--auto-approve"], &three[..]].concat()).succeeds();
    let writes = world.writes();
    let gone = |call: &&String| call.starts_with("Delete") || call.starts_with("Disassociate");
    assert_eq!(writes.iter().filter(gone).collect::<Vec<_>>(), Vec::<&String>::new());
    let after = subnets();
    assert_eq!(after.len(), 3);
    assert!(before.iter().all(|(zone, id)| after.get(zone) == Some(id)), "{before:?} {after:?}");

    let group = example.output("default_security_group_id");
    let rules = [("group-id", group.as_str().expect("an id"))];
    assert_eq!(world.ids("DescribeSecurityGroupRules", "securityGroupRuleId", &rules), [""; 0]);
    assert_eq!(world.ids("DescribeNatGateways", "natGatewayId", &[("state", "available")]).len(), 3);
    assert_eq!(world.ids("DescribeVpcEndpoints", "vpcEndpointId", &[]).len(), 2);
    assert_eq!(world.ec2("DescribeFlowLogs", &[]).one("trafficType"), "ALL");

    let refused = example.run("plan", &["--var", "zones={eu-west-1a=0,eu-west-1b=0}"]).exits(1);
    assert!(refused.stderr.contains("each needs a number of its own from 0 to 15"), "{}", refused.stderr);

    example.run("destroy", &[&["--auto-approve"], &three[..]].concat()).succeeds();
    assert_eq!(world.ids("DescribeVpcs", "vpcId", &[("cidr", "10.64.0.0/16")]), [""; 0]);
    assert_eq!(world.ids("DescribeAddresses", "allocationId", &[]), [""; 0]);
}

#[test]
fn a_certificate_is_issued_and_leaves_no_trace() {
    let example = Example::applied("certificate", "own-zone");
    let world = &example.world;
    let arn = example.output("certificate_arn");
    let described =
        world.json("acm", "CertificateManager.DescribeCertificate", serde_json::json!({"CertificateArn": arn}));
    assert_eq!(described["Certificate"]["Status"], "ISSUED", "{described}");
    example.run("destroy", &["--auto-approve"]).succeeds();
    let left = world.json("acm", "CertificateManager.ListCertificates", serde_json::json!({}));
    assert_eq!(left["CertificateSummaryList"].as_array().map_or(0, Vec::len), 0, "{left}");
}

#[test]
fn a_web_service_is_tls_only_with_private_members() {
    let example = Example::applied("web", "two-zones");
    let world = &example.world;
    let elb = |action: &str, name: &str, value: &Json| {
        world.query("elasticloadbalancing", action, &[(name, value.as_str().expect("an ARN"))])
    };
    let listeners = elb("DescribeListeners", "LoadBalancerArn", &example.output("balancer_arn"));
    assert_eq!(listeners.one("StatusCode"), "HTTP_301");
    assert_eq!(listeners.all("SslPolicy"), ["ELBSecurityPolicy-TLS13-1-2-2021-06"]);
    let health = elb("DescribeTargetHealth", "TargetGroupArn", &example.output("target_group_arn"));
    assert_eq!(health.all("State"), ["healthy"; 2]);
    let members = world.ec2("DescribeInstances", &[]);
    assert_eq!(members.all("httpTokens"), ["required"; 2]);
    assert_eq!(members.all("ipAddress"), [""; 0]);

    let refused = example.run("plan", &["--var", "members_per_zone=-1"]).exits(1);
    assert!(refused.stderr.contains("must be a whole number, 0 or more"), "{}", refused.stderr);

    example.run("destroy", &["--auto-approve"]).succeeds();
    assert_eq!(world.query("elasticloadbalancing", "DescribeLoadBalancers", &[]).all("LoadBalancerArn"), [""; 0]);
    assert_eq!(world.ids("DescribeInstances", "instanceId", &[("instance-state-name", "running")]), [""; 0]);
}

#[test]
fn dead_and_changed_group_members_are_replaced() {
    let example = Example::applied("web", "scaling");
    let world = &example.world;
    let name = example.output("scaling_group_name");
    let group = [("AutoScalingGroupNames.member.1", name.as_str().expect("a name"))];
    let members = || -> BTreeMap<String, String> {
        let seen = world.query("autoscaling", "DescribeAutoScalingGroups", &group);
        seen.all("InstanceId").into_iter().zip(seen.all("InstanceType")).collect()
    };
    let before = members();
    assert_eq!(before.len(), 2);
    let volumes = world.ec2("DescribeVolumes", &[]);
    assert_eq!(volumes.all("encrypted"), ["true"; 2]);
    let target = example.output("target_group_arn");
    let health = || {
        let target = [("TargetGroupArn", target.as_str().expect("an ARN"))];
        world.query("elasticloadbalancing", "DescribeTargetHealth", &target).all("State")
    };
    assert_eq!(health(), ["healthy"; 2]);

    let dead = before.keys().next().expect("a member").as_str();
    world.query("autoscaling", "SetInstanceHealth", &[("InstanceId", dead), ("HealthStatus", "Unhealthy")]);
    let after = members();
    assert_eq!((after.len(), after.contains_key(dead)), (2, false));
    assert!(before.keys().filter(|id| *id != dead).all(|id| after.contains_key(id)));
    example.run("plan", &["--detailed-exitcode"]).exits(0);

    let larger = ["--var", "instance_type=t3.large"];
    example.run("apply", &[&["--auto-approve"], &larger[..]].concat()).succeeds();
    let new = members();
    assert_eq!((new.len(), new.values().all(|kind| kind == "t3.large")), (2, true), "{new:?}");
    example.run("plan", &[&["--detailed-exitcode"], &larger[..]].concat()).exits(0);

    example.run("destroy", &[&["--auto-approve"], &larger[..]].concat()).succeeds();
    assert_eq!(world.ids("DescribeInstances", "instanceId", &[("instance-state-name", "running")]), [""; 0]);
}

#[test]
fn a_database_is_private_encrypted_and_backed_up() {
    let example = Example::applied("database", "postgres");
    let world = &example.world;
    let instance = || world.query("rds", "DescribeDBInstances", &[]);
    let seen = instance();
    for (element, wanted) in [
        ("PubliclyAccessible", "false"),
        ("StorageEncrypted", "true"),
        ("MultiAZ", "true"),
        ("BackupRetentionPeriod", "14"),
        ("EngineVersion", "16"),
    ] {
        assert!(seen.one(element).starts_with(wanted), "{element} = {}", seen.one(element));
    }
    assert_eq!(Json::from(seen.one("SecretArn")), example.output("secret_arn"));
    assert_eq!(world.query("monitoring", "DescribeAlarms", &[]).all("AlarmName").len(), 4);

    let faster = ["--var", "slowest=100"];
    let plan = example.run("plan", &[&["--detailed-exitcode"], &faster[..]].concat()).exits(2);
    assert!(plan.stdout.contains("module.database.aws_db_parameter_group.this"), "{}", plan.stdout);
    example.run("apply", &[&["--auto-approve"], &faster[..]].concat()).succeeds();
    example.run("plan", &[&["--detailed-exitcode"], &faster[..]].concat()).exits(0);

    let refused = example.run("plan", &["--var", "backup_days=40"]).exits(1);
    assert!(refused.stderr.contains("Backups are kept for 1 to 35 days."), "{}", refused.stderr);

    example.run("destroy", &[&["--auto-approve"], &faster[..]].concat()).succeeds();
    assert_eq!(instance().all("DBInstanceIdentifier"), [""; 0]);
    assert_eq!(world.query("rds", "DescribeDBSnapshots", &[]).all("DBSnapshotIdentifier"), [""; 0]);
}
