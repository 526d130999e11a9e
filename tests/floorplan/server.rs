//! The module `server` through the whole tool, and its user data against cloud-init's own schema.

use crate::cloud_config;
use crate::modules::Example;
use crate::support::World;
use base64::Engine;

#[test]
fn servers_of_a_group_are_hardened_and_follow_their_template() {
    let example = Example::new(World::start(), "server", "template");
    let world = &example.world;
    world.delay("instance", 0.2);
    let run = |command: &str, more: &[&str]| example.run(command, more);
    run("apply", &["--auto-approve"]).succeeds();
    run("plan", &["--detailed-exitcode"]).exits(0);

    let config = example.output("cloud_config");
    assert_eq!(cloud_config::wrong(&config), [""; 0]);
    assert!(example.output("size").as_u64().is_some_and(|n| n < 16 * 1024));
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
    assert_eq!(writes, ["CreateLaunchTemplateVersion", "ModifyLaunchTemplate", "StartInstanceRefresh"]);
    run("plan", &["--detailed-exitcode", "--var", "instance_type=t3.small"]).exits(0);

    run("destroy", &["--auto-approve"]).succeeds();
    assert_eq!(world.ids("DescribeInstances", "instanceId", &running), [""; 0]);
    assert_eq!(world.ids("DescribeVpcs", "vpcId", &[("cidr-block", "10.61.0.0/16")]), [""; 0]);
}

#[test]
fn a_single_server_is_private_encrypted_and_stable() {
    let example = Example::applied("server", "instance");
    let (world, config) = (&example.world, example.output("cloud_config"));
    assert_eq!(cloud_config::wrong(&config), [""; 0]);
    assert!(!config["packages"].to_string().contains("clamav"));
    let seen = world.ec2("DescribeInstances", &[]);
    assert_eq!((seen.one("httpTokens"), seen.all("publicIp")), ("required".into(), Vec::new()));
    assert_eq!(world.ec2("DescribeVolumes", &[]).all("encrypted"), ["true"]);
    example.run("destroy", &["--auto-approve"]).succeeds();
    assert_eq!(world.ids("DescribeVolumes", "volumeId", &[]), [""; 0]);
}
