//! Types of services that are spoken to without a crate of their own, checked by looks that do not go through the
//! program.

use crate::support::World;
use crate::types::Account;
use serde_json::{Value as Json, json};

fn queue(account: &Account, url: &str) -> Json {
    let body = json!({"QueueUrl": url, "AttributeNames": ["All"]});
    account.world.json("sqs", "AmazonSQS.GetQueueAttributes", body)["Attributes"].clone()
}

#[test]
fn a_queue_keeps_its_settings_tags_and_policy() {
    let account = Account::start();
    let letters = account.make("aws_sqs_queue", json!({"name": "letters"}));
    let redrive = |n: u32| json!({"deadLetterTargetArn": letters.text("arn"), "maxReceiveCount": n}).to_string();
    let config = json!({"name": "jobs", "visibility_timeout_seconds": 60, "redrive_policy": redrive(3),
        "tags": {"a": "1", "b": "2"}});
    let mut jobs = account.make("aws_sqs_queue", config);
    let seen = queue(&account, &jobs.id);
    assert_eq!((&seen["VisibilityTimeout"], &seen["DelaySeconds"]), (&json!("60"), &json!("0")));
    let changed = json!({"name": "jobs", "visibility_timeout_seconds": 90, "delay_seconds": 5,
        "redrive_policy": redrive(4), "tags": {"a": "3"}});
    jobs.change(changed);
    let seen = queue(&account, &jobs.id);
    assert_eq!((&seen["VisibilityTimeout"], &seen["DelaySeconds"]), (&json!("90"), &json!("5")));
    let tags = account.world.json("sqs", "AmazonSQS.ListQueueTags", json!({"QueueUrl": jobs.id}));
    assert_eq!(tags["Tags"], json!({"a": "3"}));
    let policy = |action: &str| {
        json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*",
            "Action": action, "Resource": jobs.text("arn")}]})
        .to_string()
    };
    let mut open =
        account.make("aws_sqs_queue_policy", json!({"queue_url": jobs.id, "policy": policy("sqs:SendMessage")}));
    assert!(queue(&account, &jobs.id)["Policy"].as_str().is_some_and(|text| text.contains("SendMessage")));
    open.change(json!({"queue_url": jobs.id, "policy": policy("sqs:ReceiveMessage")}));
    open.delete();
    assert!(!queue(&account, &jobs.id)["Policy"].as_str().is_some_and(|text| text.contains("Statement")));
    let fifo = account.make("aws_sqs_queue", json!({"name": "orders.fifo", "fifo_queue": true}));
    assert_eq!(queue(&account, &fifo.id)["FifoQueue"], "true");
    jobs.delete();
    let left = account.world.json("sqs", "AmazonSQS.ListQueues", json!({"QueueNamePrefix": "jobs"}));
    assert!(left.get("QueueUrls").is_none_or(|urls| urls == &json!([])), "{left}");
}

const GROUPS: &str = r#"
resource "aws_vpc" "net" {
  cidr_block = "10.0.0.0/16"
}
resource "aws_subnet" "a" {
  count             = 2
  vpc_id            = aws_vpc.net.id
  cidr_block        = "10.0.${count.index}.0/24"
  availability_zone = "eu-west-1${["a", "b"][count.index]}"
}
resource "aws_elasticache_subnet_group" "cache" {
  name       = "Cache"
  subnet_ids = slice(aws_subnet.a[*].id, 0, SIZE)
  tags       = { Name = "cache" }
}
resource "aws_redshift_subnet_group" "house" {
  name       = "house"
  subnet_ids = slice(aws_subnet.a[*].id, 0, SIZE)
  tags       = { Name = "house" }
}
"#;

#[test]
fn groups_of_subnets_are_made_changed_and_deleted() {
    let world = World::start();
    let layout = |size: &str| world.write("main.tf", &GROUPS.replace("SIZE", size));
    let subnets = || {
        let cache = world.query("elasticache", "DescribeCacheSubnetGroups", &[("CacheSubnetGroupName", "cache")]);
        let house = world.query("redshift", "DescribeClusterSubnetGroups", &[("ClusterSubnetGroupName", "house")]);
        (cache.all("SubnetIdentifier").len(), house.all("SubnetIdentifier").len())
    };
    layout("1");
    world.floorplan(&["apply", "--auto-approve"]).succeeds();
    assert_eq!(subnets(), (1, 1));
    world.floorplan(&["plan", "--detailed-exitcode"]).succeeds();
    layout("2");
    world.floorplan(&["apply", "--auto-approve"]).succeeds();
    assert_eq!(subnets(), (2, 2));
    world.floorplan(&["plan", "--detailed-exitcode"]).succeeds();
    world.floorplan(&["destroy", "--auto-approve"]).succeeds();
    let left = world.query("elasticache", "DescribeCacheSubnetGroups", &[]).all("CacheSubnetGroupName");
    assert!(!left.iter().any(|name| name == "cache"), "{left:?}");
}
