//! The policies of roles, held against the calls that runs make in the sandbox.

use super::iam;
use super::support::{Call, REGION, World, copy};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::Path;

/// A world with the layouts that are there to start from.
fn world(name: &str) -> World {
    let world = World::start();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    copy(&root.join("modules"), &world.path().join("modules"));
    copy(&root.join("layouts").join(name), &world.path().join("layouts").join(name));
    world
}

fn allowed(world: &World, arguments: &[&str]) -> BTreeSet<String> {
    iam::of_policy(&world.floorplan(&[&["permissions"], arguments].concat()).succeeds().stdout)
}

fn called(world: &World, arguments: &[&str]) -> BTreeSet<String> {
    world.forget_calls();
    world.floorplan(arguments).succeeds();
    iam::of_calls(&world.calls())
}

#[test]
fn a_plan_role_may_do_exactly_what_a_plan_does() {
    let layout = "layouts/hybrid";
    let world = world("hybrid");
    let applied = called(&world, &["apply", layout, "--sandbox", "--auto-approve"]);
    let more: Vec<_> = applied.difference(&allowed(&world, &["apply", layout])).cloned().collect();
    assert_eq!(more, [""; 0], "an apply makes these calls");
    let planned = called(&world, &["plan", layout, "--sandbox", "--detailed-exitcode"]);
    assert_eq!(allowed(&world, &["plan", layout]), planned);
    assert_eq!(world.floorplan(&["drift", layout, "--sandbox"]).succeeds().stdout, "");

    // A job that looks for drift lists what is beside the layouts, too. Tags it asks for only of what no layout has.
    let drift = allowed(&world, &["drift", layout]);
    let looked = called(&world, &["drift", "--all", "--sandbox"]);
    assert!(looked.contains("tag:GetResources") && planned.is_subset(&drift), "{looked:?}");
    let more: Vec<_> = looked.difference(&drift).cloned().collect();
    assert_eq!(more, [""; 0], "a look for drift makes these calls");
    let unused: Vec<_> = drift.difference(&looked).filter(|name| !name.contains("Tags")).collect();
    assert_eq!(unused, [""; 0]);
}

#[test]
fn an_apply_role_may_also_take_everything_away() {
    let layout = "layouts/ha-web";
    let world = world("ha-web");
    let apply = allowed(&world, &["apply", layout]);
    for command in ["apply", "destroy"] {
        let calls = called(&world, &[command, layout, "--sandbox", "--auto-approve"]);
        assert_eq!(calls.difference(&apply).collect::<Vec<_>>(), [""; 0], "{command}");
    }
    let plan = allowed(&world, &["plan", layout]);
    assert!(plan.is_subset(&apply) && plan.len() < apply.len());
}

const KEPT: &str = r#"
terraform {
  backend "s3" {
    bucket = "acme-states"
    key    = "acme/net.json"
    region = "eu-west-1"
  }
}
resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}
"#;

/// The calls on the bucket of the state that a policy does not allow, by action and path.
fn refused(world: &World, policy: &str, calls: &[Call]) -> Vec<String> {
    let policy: Value = serde_json::from_str(policy).unwrap();
    let statements = policy["Statement"].as_array().unwrap();
    let allows = |call: &&Call| {
        let path = call.action.split_once(" /").map_or("", |(_, path)| path);
        let arn = format!("arn:aws:s3:::{}", path.trim_end_matches('/'));
        iam::actions(call).iter().all(|action| {
            statements.iter().any(|statement| {
                let resource = statement["Resource"].as_str().unwrap();
                let fits = match resource.strip_suffix('*') {
                    Some(beginning) => arn.starts_with(beginning),
                    None => arn == resource,
                };
                fits && statement["Action"].as_array().unwrap().iter().any(|a| a.as_str() == Some(action.as_str()))
            })
        })
    };
    let on_state = calls.iter().filter(|call| call.service == "s3");
    assert!(on_state.clone().count() > 0, "{} keeps its state in a bucket", world.path().display());
    on_state.filter(|call| !allows(call)).map(|call| call.action.clone()).collect()
}

#[test]
fn a_role_may_touch_only_the_objects_of_its_state() {
    let world = World::start();
    world.write("net/main.tf", KEPT);
    let place = format!(
        "<CreateBucketConfiguration><LocationConstraint>{REGION}</LocationConstraint></CreateBucketConfiguration>"
    );
    assert_eq!(world.send("PUT", "/acme-states", "s3", &[], place.as_bytes()).0, 200);
    for command in ["apply", "plan"] {
        let policy = world.floorplan(&["permissions", command, "net", "--backend"]).succeeds().stdout;
        world.forget_calls();
        let approval: &[&str] = if command == "apply" { &["--auto-approve"] } else { &[] };
        world.floorplan(&[&[command, "net", "--sandbox"], approval].concat()).succeeds();
        assert_eq!(refused(&world, &policy, &world.calls()), [""; 0], "{command}: {policy}");
    }
    let plan = world.floorplan(&["permissions", "plan", "net", "--backend"]).succeeds().stdout;
    insta::assert_snapshot!(plan, @r#"
    {
      "Version": "2012-10-17",
      "Statement": [
        {
          "Sid": "Ec2",
          "Effect": "Allow",
          "Action": [
            "ec2:DescribeNetworkAcls",
            "ec2:DescribeRouteTables",
            "ec2:DescribeSecurityGroups",
            "ec2:DescribeVpcAttribute",
            "ec2:DescribeVpcs"
          ],
          "Resource": "*"
        },
        {
          "Sid": "Sts",
          "Effect": "Allow",
          "Action": [
            "sts:GetCallerIdentity"
          ],
          "Resource": "*"
        },
        {
          "Sid": "StateObjects",
          "Effect": "Allow",
          "Action": [
            "s3:GetObject"
          ],
          "Resource": "arn:aws:s3:::acme-states/acme/net.json*"
        },
        {
          "Sid": "StateBucket",
          "Effect": "Allow",
          "Action": [
            "s3:ListBucket"
          ],
          "Resource": "arn:aws:s3:::acme-states"
        }
      ]
    }
    "#);
}

#[test]
fn keys_of_the_state_are_named() {
    let world = World::start();
    let key = "arn:aws:kms:eu-west-1:123456789012:key/1234abcd";
    for (id, resource) in
        [(key, key), ("1234abcd", "arn:aws:kms:*:*:key/1234abcd"), ("alias/states", "arn:aws:kms:*:*:key/*")]
    {
        let more = format!("encrypt = true\n    kms_key_id = {id:?}\n    region");
        world.write("net/main.tf", &KEPT.replacen("region", &more, 1));
        let statement = |command: &str| -> Value {
            let text = world.floorplan(&["permissions", command, "net", "--backend"]).succeeds().stdout;
            let policy: Value = serde_json::from_str(&text).unwrap();
            let all = policy["Statement"].as_array().unwrap();
            all.iter().find(|statement| statement["Sid"] == "StateKey").unwrap().clone()
        };
        assert_eq!(statement("plan")["Action"], json!(["kms:Decrypt"]));
        let apply = statement("apply");
        assert_eq!(apply["Action"], json!(["kms:Decrypt", "kms:GenerateDataKey"]));
        assert_eq!(apply["Resource"], resource);
        assert_eq!(apply.get("Condition").is_some(), id.starts_with("alias/"), "{apply}");
    }
}

#[test]
fn a_key_that_seals_the_state_is_allowed_to_seal_and_open() {
    let world = World::start();
    let arn = "arn:aws:kms:us-east-1:123456789012:key/1234";
    let given = |text: &str| KEPT.replacen("region", &format!("{text}\n    region"), 1);
    world.write("net/main.tf", &given(&format!("seal_kms_key_id = {arn:?}")));
    let policy =
        |arguments: &[&str]| -> Value { serde_json::from_str(&world.floorplan(arguments).succeeds().stdout).unwrap() };
    for command in ["plan", "apply"] {
        let policy = policy(&["permissions", command, "net", "--backend"]);
        let all = policy["Statement"].as_array().unwrap();
        let statement = all.iter().find(|statement| statement["Sid"] == "SealKey").unwrap();
        assert_eq!(statement["Action"], json!(["kms:Decrypt", "kms:GenerateDataKey"]), "{command}");
        assert_eq!(statement["Resource"], arn);
    }
    // The same where the block leaves everything out.
    world.write(
        "bare/main.tf",
        "terraform {\n  backend \"s3\" {}\n}\nresource \"aws_vpc\" \"main\" {\n  cidr_block = \"10.0.0.0/16\"\n}\n",
    );
    let refused = world.floorplan(&["permissions", "plan", "bare", "--backend"]).exits(1);
    assert!(refused.stderr.contains("bucket and key"), "{}", refused.stderr);
    let seal = format!("-backend-config=seal_kms_key_id={arn}");
    let options = [
        "-backend-config=bucket=acme-states",
        "-backend-config=key=acme/net.json",
        "-backend-config=region=eu-west-1",
        seal.as_str(),
    ];
    let typed = policy(&[&["permissions", "plan", "bare", "--backend"], &options[..]].concat());
    assert_eq!(typed, policy(&["permissions", "plan", "net", "--backend"]));
    world.floorplan(&[&["init", "bare"], &options[..]].concat()).succeeds();
    assert_eq!(typed, policy(&["permissions", "plan", "bare", "--backend"]), "init remembers them");
}

const MAYBE: &str = r#"
variable "gateway" {
  default = false
}
variable "tables" {
  type = number
}
resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}
resource "aws_internet_gateway" "g" {
  count  = var.gateway ? 1 : 0
  vpc_id = aws_vpc.main.id
}
resource "aws_route_table" "t" {
  count  = var.tables
  vpc_id = aws_vpc.main.id
}
data "aws_region" "here" {
}
check "zones" {
  data "aws_availability_zones" "all" {
  }
  assert {
    condition     = length(data.aws_availability_zones.all.names) > 1
    error_message = "There is one zone only."
  }
}
removed {
  from = aws_eip.old
  lifecycle {
    destroy = true
  }
}
"#;

#[test]
fn only_what_a_layout_may_have_is_allowed() {
    let world = World::start();
    world.write("net/main.tf", MAYBE);
    let apply = |more: &[&str]| allowed(&world, &[&["apply", "net"], more].concat());
    let usual = apply(&[]);
    for action in ["ec2:CreateVpc", "ec2:CreateRouteTable", "ec2:ReleaseAddress", "ec2:DescribeAvailabilityZones"] {
        assert!(usual.contains(action), "{action} in {usual:?}");
    }
    for action in ["ec2:CreateInternetGateway", "ec2:DescribeRegions"] {
        assert!(!usual.contains(action), "{action} in {usual:?}");
    }
    assert!(apply(&["--var", "gateway=true"]).contains("ec2:CreateInternetGateway"));
    assert!(!apply(&["--var", "tables=0"]).contains("ec2:CreateRouteTable"));
    world
        .write("net/main.tf", &MAYBE.replace("\"here\" {", "\"here\" {\n  endpoint = \"ec2.eu-west-1.amazonaws.com\""));
    assert!(apply(&[]).contains("ec2:DescribeRegions"));
    let role = "resource \"aws_iam_instance_profile\" \"p\" {\n  name = \"p\"\n}\n";
    world.write("net/main.tf", role);
    let policy: Value =
        serde_json::from_str(&world.floorplan(&["permissions", "apply", "net"]).succeeds().stdout).unwrap();
    let passing = policy["Statement"].as_array().unwrap().iter().find(|statement| statement["Sid"] == "PassRole");
    let condition = json!({"StringEquals": {"iam:PassedToService": ["ec2.amazonaws.com"]}});
    assert_eq!(passing.unwrap()["Condition"], condition);
    assert!(!allowed(&world, &["plan", "net"]).contains("iam:PassRole"));
}

#[test]
fn a_role_trusts_the_jobs_of_one_repository() {
    let world = World::start();
    world.write("net/main.tf", "");
    let given = ["--repository", "acme/net", "--account", "123456789012"];
    let github = world.floorplan(&[&["permissions", "apply", "--oidc", "github"][..], &given].concat()).succeeds();
    assert_eq!(github.stderr, "");
    insta::assert_snapshot!(github.stdout, @r#"
    {
      "Version": "2012-10-17",
      "Statement": [
        {
          "Sid": "Ci",
          "Effect": "Allow",
          "Principal": {
            "Federated": "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"
          },
          "Action": "sts:AssumeRoleWithWebIdentity",
          "Condition": {
            "StringEquals": {
              "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
              "token.actions.githubusercontent.com:sub": "repo:acme/net:ref:refs/heads/main"
            }
          }
        }
      ]
    }
    "#);
    let open = world.floorplan(&["permissions", "plan", "net", "--oidc", "gitlab"]).succeeds();
    assert!(open.stdout.contains("ACCOUNT_ID") && open.stdout.contains("project_path:ORG/REPO:"), "{}", open.stdout);
    assert!(open.stderr.contains("--account") && open.stderr.contains("--repository"), "{}", open.stderr);
    for wrong in [&["--backend"][..], &["--environment", "production"], &["--account", "12"]] {
        let run = world.floorplan(&[&["permissions", "plan", "net", "--oidc", "gitlab"], wrong].concat());
        assert_eq!(run.code, 1, "{wrong:?}: {}", run.stderr);
    }
    let local = world.floorplan(&["permissions", "plan", "net", "--backend"]).exits(1);
    assert!(local.stderr.contains("in no bucket"), "{}", local.stderr);
}
