//! `drift --all`: what no layout has, in the networks of the layouts and with their tags. And nothing else.

use super::fleet_commands::finish;
use super::support::World;
use serde_json::{Value, json};

const NET: &str = r#"layout {
  name = "net"
}

provider "aws" {
  region = "eu-west-1"
  default_tags {
    tags = { Fleet = "one", Layout = "net" }
  }
}

resource "aws_vpc" "v" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_subnet" "s" {
  count             = 2
  vpc_id            = aws_vpc.v.id
  cidr_block        = "10.0.${count.index}.0/24"
  availability_zone = "eu-west-1${["a", "b"][count.index]}"
}

resource "aws_sqs_queue" "jobs" {
  name = "jobs"
}

resource "aws_lb_target_group" "own" {
  name     = "own"
  port     = 80
  protocol = "TCP"
  vpc_id   = aws_vpc.v.id
}
"#;

const OTHER: &str = r#"layout {
  name = "other"
}

provider "aws" {
  region = "eu-west-1"
  default_tags {
    tags = { Fleet = "one", Layout = "other" }
  }
}

resource "aws_sqs_queue" "jobs" {
  name = "other-jobs"
}
"#;

/// A world with two layouts that are applied.
fn world() -> World {
    let world = World::start();
    world.write("layouts/net/main.hcl", NET);
    world.write("layouts/other/main.hcl", OTHER);
    for name in ["net", "other"] {
        world.floorplan(&["apply", &format!("layouts/{name}"), "--sandbox", "--auto-approve"]).succeeds();
    }
    world
}

fn report(world: &World, code: i32) -> (Value, String) {
    // As cron runs it: all is said in the report.
    let run = finish(world.command(&["drift", "--all", "--sandbox", "--format", "json"]).env_remove("CI")).exits(code);
    (serde_json::from_str(&run.stdout).expect("JSON"), run.stderr)
}

/// The findings in short: layout, class, type, and the name or the end of the id.
fn found(report: &Value) -> Vec<String> {
    let mut all = Vec::new();
    for layout in report["layouts"].as_array().expect("layouts") {
        for finding in layout["findings"].as_array().expect("findings") {
            let text = |name: &str| finding[name].as_str().unwrap_or_default().to_owned();
            let id = text("id");
            let end = id.rsplit('/').next().unwrap_or_default().to_owned();
            let name = if text("name").is_empty() { end } else { text("name") };
            let layout = layout["layout"].as_str().unwrap_or_default();
            all.push(format!("{layout} {} {} {name}", text("class"), text("type")));
        }
    }
    all.sort();
    all
}

fn queue(world: &World, name: &str, layout: &str) -> String {
    let tags = json!({"Fleet": "one", "Layout": layout});
    let made = world.json("sqs", "AmazonSQS.CreateQueue", json!({"QueueName": name, "tags": tags}));
    made["QueueUrl"].as_str().expect("an address").to_owned()
}

#[test]
fn objects_of_other_services_and_with_tags_are_found() {
    let world = world();
    let (clean, said) = report(&world, 0);
    assert_eq!((found(&clean), said.as_str()), (Vec::new(), ""));
    assert_eq!(clean["summary"]["coverage"], json!({"managed": 6, "unmanaged": 0, "percent": 100}));

    let vpc = world.ids("DescribeVpcs", "vpcId", &[("cidr", "10.0.0.0/16")]).remove(0);
    let subnets = world.ids("DescribeSubnets", "subnetId", &[("vpc-id", &vpc)]);
    let (a, b) = (subnets[0].as_str(), subnets[1].as_str());
    let balancer = [("Name", "hand"), ("Type", "network"), ("Subnets.member.1", a), ("Subnets.member.2", b)];
    world.query("elasticloadbalancing", "CreateLoadBalancer", &balancer);
    let group = [("Name", "hand"), ("Protocol", "TCP"), ("Port", "80"), ("VpcId", vpc.as_str())];
    world.query("elasticloadbalancing", "CreateTargetGroup", &group);
    let group = [
        ("DBSubnetGroupName", "hand"),
        ("DBSubnetGroupDescription", "by hand"),
        ("SubnetIds.SubnetIdentifier.1", a),
        ("SubnetIds.SubnetIdentifier.2", b),
    ];
    world.query("rds", "CreateDBSubnetGroup", &group);
    let database = [
        ("DBInstanceIdentifier", "hand"),
        ("DBInstanceClass", "db.t3.micro"),
        ("Engine", "postgres"),
        ("AllocatedStorage", "20"),
        ("MasterUsername", "root1"),
        ("MasterUserPassword", "planted-password"),
        ("DBSubnetGroupName", "hand"),
    ];
    world.query("rds", "CreateDBInstance", &database);

    // With the tags of a layout; with those of none; with the tags and gone again.
    queue(&world, "stray", "other");
    queue(&world, "stranger", "nobody");
    let logs = json!({"logGroupName": "/stray", "tags": {"Fleet": "one", "Layout": "net", "More": "1"}});
    world.json("logs", "Logs_20140328.CreateLogGroup", logs);
    let volume = [
        ("Size", "1"),
        ("AvailabilityZone", "eu-west-1a"),
        ("TagSpecification.1.ResourceType", "volume"),
        ("TagSpecification.1.Tag.1.Key", "Fleet"),
        ("TagSpecification.1.Tag.1.Value", "one"),
        ("TagSpecification.1.Tag.2.Key", "Layout"),
        ("TagSpecification.1.Tag.2.Value", "net"),
        ("TagSpecification.1.Tag.3.Key", "Name"),
        ("TagSpecification.1.Tag.3.Value", "spare"),
    ];
    world.ec2("CreateVolume", &volume);
    let expected = [
        "net unmanaged aws_cloudwatch_log_group stray",
        "net unmanaged aws_db_instance hand",
        "net unmanaged aws_db_subnet_group hand",
        "net unmanaged aws_ebs_volume spare",
        "net unmanaged aws_lb hand",
        "net unmanaged aws_lb_target_group hand",
        "other unmanaged aws_sqs_queue stray",
    ];
    world.forget_calls();
    let (all, said) = report(&world, 2);
    assert_eq!(found(&all), expected, "{all:#}");
    assert_eq!(said, "");
    assert_eq!(all["summary"]["coverage"], json!({"managed": 6, "unmanaged": 7, "percent": 46}));
    let listings = world.calls().iter().filter(|call| call.action == "GetResources").count();
    assert_eq!(listings, 1, "one listing for both layouts");
    assert_eq!(world.writes(), [""; 0]);
}

#[test]
fn what_is_gone_but_listed_is_no_finding() {
    let world = world();
    let url = queue(&world, "short", "net");
    assert_eq!(found(&report(&world, 2).0).len(), 1);
    world.delay("staleness", 600.0);
    assert_eq!(found(&report(&world, 2).0).len(), 1);
    world.json("sqs", "AmazonSQS.DeleteQueue", json!({"QueueUrl": url}));
    let body = json!({"TagFilters": [{"Key": "Layout", "Values": ["net"]}]});
    let listed = world.json("tagging", "ResourceGroupsTaggingAPI_20170126.GetResources", body);
    assert!(listed.to_string().contains(":short\""), "{listed}");
    assert_eq!(found(&report(&world, 0).0), [""; 0]);
}

#[test]
fn a_list_that_is_denied_hides_no_other() {
    let world = world();
    queue(&world, "stray", "net");
    let denied = json!({"action": "ListFunctions", "code": "AccessDeniedException", "status": 403, "times": 99});
    world.fault(denied);
    let (all, said) = report(&world, 2);
    assert_eq!(found(&all), ["net unmanaged aws_sqs_queue stray"]);
    assert!(said.contains("Objects that no layout has (Lambda functions) are not looked for:"), "{said}");
    assert_eq!(all["summary"]["coverage"], Value::Null);

    let denied = json!({"action": "GetResources", "code": "AccessDeniedException", "status": 400, "times": 99});
    world.fault(denied);
    let (all, said) = report(&world, 0);
    assert_eq!(found(&all), [""; 0]);
    assert!(said.contains("(objects with the tags of the layouts) are not looked for:"), "{said}");
}

#[test]
fn what_another_run_has_just_made_is_not_unmanaged() {
    let world = world();
    let more = "resource \"aws_sqs_queue\" \"later\" {\n  name = \"later\"\n}\n";
    world.write("layouts/net/main.hcl", &format!("{NET}\n{more}"));
    world.hold("CreateQueue", "after", 60.0);
    let apply = ["apply", "layouts/net", "--sandbox", "--auto-approve"];
    let mut run = world.command(&apply);
    let quiet = std::process::Stdio::null;
    let mut run = run.stdout(quiet()).stderr(quiet()).spawn().expect("it starts");
    world.wait_for("CreateQueue");
    assert_eq!(found(&report(&world, 0).0), [""; 0]);
    run.kill().expect("it still runs");
    run.wait().expect("it ends");
    world.control("DELETE", "faults", None);
    // The run was killed: its object is half done, and of no other class.
    let (all, _) = report(&world, 2);
    assert_eq!(found(&all), ["net half-done aws_sqs_queue later"]);
}

#[test]
fn what_is_found_beside_a_run_may_be_its_object() {
    let world = world();
    queue(&world, "stray", "net");
    assert_eq!(found(&report(&world, 2).0).len(), 1);
    world.forget_calls();
    world.hold("GetQueueAttributes", "before", 60.0);
    let quiet = std::process::Stdio::null;
    let mut run = world.command(&["apply", "layouts/other", "--sandbox", "--auto-approve"]);
    let mut run = run.stdout(quiet()).stderr(quiet()).spawn().expect("it starts");
    world.wait_for("GetQueueAttributes");
    let (all, said) = report(&world, 0);
    assert_eq!(found(&all), [""; 0]);
    assert!(said.contains("another run is, or was, at work on layouts/other"), "{said}");
    run.kill().expect("it still runs");
    run.wait().expect("it ends");
    assert_eq!(found(&report(&world, 2).0).len(), 1);
}
