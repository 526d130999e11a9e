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

/// What many modules write, and what is easily taken for a change: each is as it is wanted at once.
#[test]
fn what_modules_write_is_settled_by_one_apply() {
    let world = World::start();
    world.write(
        "net/main.tf",
        r#"
provider "aws" {
  region = "eu-west-1"
  default_tags { tags = { team = "network" } }
}
resource "aws_vpc" "v" {
  cidr_block = "10.26.0.0/16"
  tags       = { Name = "v", owner = null }
}
resource "aws_s3_bucket" "logs" { bucket = "acme-flows" }
resource "aws_flow_log" "this" {
  for_each             = toset(["plain-text", "parquet"])
  vpc_id               = aws_vpc.v.id
  traffic_type         = "ALL"
  iam_role_arn         = ""
  log_destination_type = "s3"
  log_destination      = aws_s3_bucket.logs.arn
  destination_options { file_format = each.key }
}
resource "aws_s3_object" "bare" {
  bucket  = aws_s3_bucket.logs.id
  key     = "bare"
  content = "text"
  override_provider {
    default_tags { tags = {} }
  }
}
# What AWS leaves out is an empty text, as with Terraform's provider; a block that is not there, an empty list.
resource "aws_iam_role" "r" {
  name               = "r"
  description        = "in ${aws_vpc.v.ipv6_cidr_block}"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" } }] })
}
output "association" {
  value = join(",", [aws_vpc.v.ipv6_association_id, "none"])
}
output "blocks" {
  value = length(aws_s3_bucket.logs.website) + length(aws_iam_role.r.inline_policy)
}
# There only once the bucket is, though its name is known before.
data "aws_s3_bucket" "logs" {
  bucket = aws_s3_bucket.logs.bucket
}
output "bucket" {
  value = data.aws_s3_bucket.logs.arn
}
"#,
    );
    let run = |arguments: &[&str]| world.floorplan(&[arguments, &["net", "--sandbox"]].concat());
    run(&["apply", "--auto-approve"]).succeeds();
    run(&["plan", "--detailed-exitcode"]).exits(0);
    let mut keys =
        world.ec2("DescribeVpcs", &[("Filter.1.Name", "cidr"), ("Filter.1.Value.1", "10.26.0.0/16")]).all("key");
    keys.retain(|key| !key.starts_with("floorplan"));
    keys.sort();
    assert_eq!(keys, ["Name", "team"], "a tag without a value is not a tag");
    let (_, tags) = world.send("GET", "/acme-flows/bare?tagging", "s3", &[], b"");
    assert!(!tags.contains("team"), "the object has no default tags: {tags}");
    let output = |name: &str| world.floorplan(&["output", "--layout", "net", "--raw", name]).succeeds().stdout;
    let outputs = ["association", "blocks", "bucket"].map(output);
    assert_eq!(outputs, [",none", "0", "arn:aws:s3:::acme-flows"]);
    run(&["destroy", "--auto-approve"]).succeeds();
}
