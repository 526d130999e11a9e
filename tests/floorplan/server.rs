//! The module `server` through the whole tool, and its user data against cloud-init's own schema.

use crate::cloud_config;
use crate::support::{Run, World};
use base64::Engine;
use serde_json::Value as Json;

/// Runs the program on an example of the module, whose state is kept in the world.
fn example(world: &World, name: &str, command: &str, more: &[&str]) -> Run {
    let layout = format!("{}/modules/server/examples/{name}", env!("CARGO_MANIFEST_DIR"));
    let state = world.path().join(name).to_string_lossy().into_owned();
    world.floorplan(&[&[command, &layout, "--sandbox", "--state", &state], more].concat())
}

fn outputs(world: &World, name: &str) -> Json {
    let layout = format!("{}/modules/server/examples/{name}", env!("CARGO_MANIFEST_DIR"));
    let state = world.path().join(name).to_string_lossy().into_owned();
    let run = world.floorplan(&["output", "--json", "--layout", &layout, "--state", &state]).succeeds();
    serde_json::from_str(&run.stdout).expect("outputs as JSON")
}

/// An output, whether it comes alone or with its type.
fn output(all: &Json, name: &str) -> Json {
    all[name].get("value").unwrap_or(&all[name]).clone()
}

#[test]
fn servers_of_a_group_are_hardened_and_follow_their_template() {
    let world = World::start();
    world.delay("instance", 0.2);
    let run = |command: &str, more: &[&str]| example(&world, "template", command, more);
    run("apply", &["--auto-approve"]).succeeds();
    run("plan", &["--detailed-exitcode"]).exits(0);

    let all = outputs(&world, "template");
    let config = output(&all, "cloud_config");
    assert_eq!(cloud_config::wrong(&config), [""; 0]);
    assert!(output(&all, "size").as_u64().is_some_and(|n| n < 16 * 1024), "{all}");
    let packages = config["packages"].to_string();
    for package in
        ["rkhunter", "clamav", "unattended-upgrades", "wazuh-agent", "nagios-nrpe-server", "munin-node", "duplicity"]
    {
        assert!(packages.contains(package), "{package} in {packages}");
    }
    assert_eq!(config["puppet"]["conf"]["agent"]["server"], "puppet.example.com");

    let versions = world.ec2("DescribeLaunchTemplateVersions", &[("LaunchTemplateVersion.1", "$Latest")]);
    assert_eq!((versions.one("httpTokens"), versions.one("encrypted")), ("required".into(), "true".into()));
    assert_eq!(versions.one("associatePublicIpAddress"), "false");
    let data = base64::engine::general_purpose::STANDARD.decode(versions.one("userData")).expect("base64");
    assert!(data.starts_with(b"#cloud-config\n"));
    let running = [("instance-state-name", "running")];
    assert_eq!(world.ids("DescribeInstances", "instanceId", &running).len(), 2);

    let larger = ["--auto-approve", "--var", "instance_type=t3.small"];
    let planned = run("plan", &["--detailed-exitcode", "--var", "instance_type=t3.small"]).exits(2);
    assert!(planned.stdout.contains("aws_autoscaling_group.web"), "{}", planned.stdout);
    world.forget_calls();
    run("apply", &larger).succeeds();
    let writes = world.writes();
    for call in
        ["CreateLaunchTemplateVersion", "ModifyLaunchTemplate", "UpdateAutoScalingGroup", "StartInstanceRefresh"]
    {
        assert!(writes.contains(&call.to_owned()), "{call} in {writes:?}");
    }
    run("plan", &["--detailed-exitcode", "--var", "instance_type=t3.small"]).exits(0);

    run("destroy", &["--auto-approve"]).succeeds();
    assert_eq!(world.ids("DescribeInstances", "instanceId", &running), [""; 0]);
    assert_eq!(world.ids("DescribeVpcs", "vpcId", &[("cidr-block", "10.61.0.0/16")]), [""; 0]);
}

#[test]
fn a_single_server_is_private_encrypted_and_not_replaced_by_a_plan() {
    let world = World::start();
    let run = |command: &str, more: &[&str]| example(&world, "instance", command, more);
    run("apply", &["--auto-approve"]).succeeds();
    run("plan", &["--detailed-exitcode"]).exits(0);
    let config = output(&outputs(&world, "instance"), "cloud_config");
    assert_eq!(cloud_config::wrong(&config), [""; 0]);
    assert!(!config["packages"].to_string().contains("clamav"));
    let seen = world.ec2("DescribeInstances", &[]);
    assert_eq!((seen.one("httpTokens"), seen.all("publicIp")), ("required".into(), Vec::new()));
    assert_eq!(world.ec2("DescribeVolumes", &[]).all("encrypted"), ["true"]);
    run("destroy", &["--auto-approve"]).succeeds();
    assert_eq!(world.ids("DescribeVolumes", "volumeId", &[]), [""; 0]);
}
