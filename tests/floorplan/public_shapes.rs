//! Modules of the shape that the most used public ones have, from a registry and a repository, through their whole
//! life: applied once they are as they are wanted, and destroyed they leave nothing.

use crate::module_sources::{HOST, Place};
use crate::origin::tar_gz;
use std::path::{Path, PathBuf};

const MODULES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/public");

/// The files below a folder, by their path in it.
fn files(folder: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut open: Vec<PathBuf> = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        for entry in std::fs::read_dir(&next).expect("a folder").map(|entry| entry.expect("an entry").path()) {
            if entry.is_dir() {
                open.push(entry);
                continue;
            }
            let name = entry.strip_prefix(folder).expect("it is below").to_string_lossy().into_owned();
            found.push((name, std::fs::read_to_string(&entry).expect("a text")));
        }
    }
    found.sort();
    found
}

/// An archive as a registry gives it: all in one folder.
fn archive(name: &str, folders: &[&str]) -> Vec<u8> {
    let mut all = Vec::new();
    for folder in folders {
        let inside = if folders.len() > 1 { format!("{name}/{folder}") } else { name.to_owned() };
        let files = files(&Path::new(MODULES).join(folder)).into_iter();
        all.extend(files.map(|(file, text)| (format!("{inside}/{file}"), text)));
    }
    let all: Vec<(&str, &str)> = all.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    tar_gz(&all)
}

#[test]
fn modules_of_the_usual_shape_live_through_as_they_are() {
    let place = Place::new();
    place.server.page("/archives/vpc", archive("acme-vpc-01", &["vpc"]));
    place.server.page("/archives/parts", archive("acme-parts-02", &["balancer", "database", "fleet"]));
    place.server.module("acme/vpc/aws", &[("6.1.0", "/archives/vpc//*?archive=tar.gz")]);
    place.server.module("acme/parts/aws", &[("1.0.0", "/archives/parts//*?archive=tar.gz")]);
    let groups = place.repository("groups");
    let content = files(&Path::new(MODULES).join("groups"));
    groups.commit(&content.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect::<Vec<_>>());
    groups.git(&["tag", "v5.0.0"]);
    let root = std::fs::read_to_string(Path::new(MODULES).join("root/main.tf")).expect("the root");
    let root = root.replace("REGISTRY", HOST).replace("GROUPS", &format!("{}?ref=v5.0.0", groups.url()));
    place.world.write("main.tf", &root);

    place.run(&["init"]).succeeds();
    place.run(&["validate"]).succeeds();
    place.run(&["apply", "--auto-approve", "--sandbox"]).succeeds();
    place.run(&["plan", "--detailed-exitcode", "--sandbox"]).exits(0);
    let output = |name: &str| place.run(&["output", "--raw", name]).succeeds().stdout;
    assert_eq!(["has_access_logs", "target_group", "tunnel"].map(output), ["false", "/healthz", "true"]);

    let world = &place.world;
    let vpc = output("vpc_id");
    let of_vpc = [("vpc-id", vpc.as_str())];
    assert_eq!(world.ids("DescribeSubnets", "subnetId", &of_vpc).len(), 6);
    assert_eq!(world.ids("DescribeNatGateways", "natGatewayId", &of_vpc).len(), 2);
    place.run(&["destroy", "--auto-approve", "--sandbox"]).succeeds();
    assert_eq!(world.ids("DescribeVpcs", "vpcId", &of_vpc), [""; 0]);
    assert_eq!(world.ids("DescribeInstances", "instanceId", &[("instance-state-name", "running")]), [""; 0]);
    assert_eq!(world.ids("DescribeAddresses", "allocationId", &[]), [""; 0]);
    assert_eq!(world.ids("DescribeLaunchTemplates", "launchTemplateId", &[]), [""; 0]);
    for (service, call, member) in [
        ("rds", "DescribeDBInstances", "DBInstanceIdentifier"),
        ("elasticloadbalancing", "DescribeLoadBalancers", "LoadBalancerArn"),
        ("elasticloadbalancing", "DescribeTargetGroups", "TargetGroupArn"),
        ("autoscaling", "DescribeAutoScalingGroups", "AutoScalingGroupName"),
        ("iam", "ListRoles", "RoleName"),
    ] {
        let left = world.query(service, call, &[]).all(member);
        assert!(left.iter().all(|name| name.starts_with("AWSServiceRole")), "{call}: {left:?}");
    }
}
