//! Root modules as Terraform users have them, unmodified, through their whole life.

use super::support::{World, copy};
use std::path::Path;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/roots/client-network");

#[test]
fn a_terraform_root_module_lives_through_as_it_is() {
    let world = World::start();
    copy(Path::new(ROOT), &world.path().join("root"));
    let run = |arguments: &[&str]| world.floorplan(&[arguments, &["--sandbox"]].concat());
    run(&["validate", "root"]).succeeds();
    let planned = run(&["plan", "root", "--detailed-exitcode"]).exits(2);
    assert!(planned.stdout.contains("Plan: 24 to add, 0 to change, 0 to replace, 0 to destroy."), "{}", planned.stdout);

    run(&["apply", "root", "--auto-approve"]).succeeds();
    let vpc = world.ids("DescribeVpcs", "vpcId", &[("cidr-block", "10.80.0.0/16")]).remove(0);
    let of_vpc = [("vpc-id", vpc.as_str())];
    assert_eq!(world.ids("DescribeSubnets", "subnetId", &of_vpc).len(), 4);
    let default_tag = [("vpc-id", vpc.as_str()), ("tag:Client", "acme")];
    assert_eq!(world.ids("DescribeVpcs", "vpcId", &default_tag), [vpc.as_str()], "default_tags are set");
    let output = world.floorplan(&["output", "--layout", "root", "--raw", "vpc_id"]).succeeds();
    assert_eq!(output.stdout, vpc);
    run(&["plan", "root", "--detailed-exitcode"]).exits(0);

    // Another zone, one service less, a port that moves.
    let change = ["--var", "zone_count=3", "--var", "services={https={port=8443,sources=[\"0.0.0.0/0\"]}}"];
    let changed = run(&[&["apply", "root", "--auto-approve"], &change[..]].concat()).succeeds();
    let summary = "Apply complete: 6 added, 3 changed, 0 replaced, 2 destroyed.";
    assert!(changed.stderr.contains(summary) || changed.stdout.contains(summary), "{changed:?}");
    assert_eq!(world.ids("DescribeSubnets", "subnetId", &of_vpc).len(), 6);
    run(&[&["plan", "root", "--detailed-exitcode"], &change[..]].concat()).exits(0);

    // Somebody works past the layout.
    world.ec2("ModifyVpcAttribute", &[("VpcId", &vpc), ("EnableDnsHostnames.Value", "false")]);
    let drift = run(&[&["plan", "root", "--detailed-exitcode"], &change[..]].concat()).exits(2);
    let line = drift.stdout.lines().find(|line| line.contains("enable_dns_hostnames")).expect("the attribute is named");
    insta::assert_snapshot!(line.trim(), @"~ enable_dns_hostnames = false -> true # changed outside the layout");

    run(&[&["destroy", "root", "--auto-approve"], &change[..]].concat()).succeeds();
    assert_eq!(world.ids("DescribeVpcs", "vpcId", &[("cidr-block", "10.80.0.0/16")]), Vec::<String>::new());
    assert_eq!(world.ids("DescribeAddresses", "allocationId", &[]), Vec::<String>::new());
    let left = world.floorplan(&["state", "list", "--layout", "root"]).succeeds();
    assert_eq!(left.stdout, "");
}
