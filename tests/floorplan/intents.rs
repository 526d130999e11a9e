//! Every call that changes something in AWS is made while an intent for its object is open in the journal. The journal
//! and the sandbox's log of calls are the judges.

use super::rolling::{TWO, scaled, written};
use super::support::World;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::process::Stdio;

const LAYOUT: &str = r#"
resource "aws_vpc" "v" {
  cidr_block           = "10.0.0.0/16"
  enable_dns_hostnames = true
}
resource "aws_subnet" "s" {
  vpc_id                  = aws_vpc.v.id
  cidr_block              = "10.0.1.0/24"
  map_public_ip_on_launch = true
}
resource "aws_security_group" "g" {
  name   = "g-${random_id.name.hex}"
  vpc_id = aws_vpc.v.id
  ingress {
    protocol    = "tcp"
    from_port   = 443
    to_port     = 443
    cidr_blocks = ["10.0.0.0/8"]
  }
}
resource "random_id" "name" { byte_length = 4 }
"#;

/// The calls that make the layout, and whose intent of what kind has to be open meanwhile.
const MAKING: [(&str, &str, &str); 7] = [
    ("CreateVpc", "aws_vpc.v", "create"),
    ("ModifyVpcAttribute", "aws_vpc.v", "update"),
    ("CreateSubnet", "aws_subnet.s", "create"),
    ("ModifySubnetAttribute", "aws_subnet.s", "update"),
    ("CreateSecurityGroup", "aws_security_group.g", "create"),
    ("RevokeSecurityGroupEgress", "aws_security_group.g", "update"),
    ("AuthorizeSecurityGroupIngress", "aws_security_group.g", "update"),
];
/// Those that unmake it.
const UNMAKING: [(&str, &str, &str); 3] = [
    ("DeleteSubnet", "aws_subnet.s", "delete"),
    ("DeleteSecurityGroup", "aws_security_group.g", "delete"),
    ("DeleteVpc", "aws_vpc.v", "delete"),
];

/// The records of a journal.
fn records(journal: &str) -> Vec<Value> {
    let lines = journal.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    lines.map(|line| line["record"].clone()).collect()
}

/// The addresses and kinds of the intents without an outcome.
fn open(journal: &str) -> BTreeSet<(String, String)> {
    let mut open = BTreeMap::new();
    for record in records(journal) {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        if let Some(intent) = record.get("intent") {
            open.insert(text(&intent["op"]), (text(&intent["address"]), text(&intent["kind"])));
        } else if let Some(outcome) = record.get("outcome") {
            open.remove(&text(&outcome["op"]));
        }
    }
    open.into_values().collect()
}

/// The intents that are open while the next call of `action` is under way in a run of `arguments`.
fn open_during(world: &World, action: &str, arguments: &[&str], journal: &str) -> BTreeSet<(String, String)> {
    world.forget_calls();
    world.hold(action, "before", 1.5);
    let mut run = world.command(arguments);
    let run = run.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
    world.wait_for(action);
    let found = open(&world.read(journal));
    run.wait_with_output().expect("it ends");
    found
}

#[test]
fn each_call_of_a_creation_and_a_deletion_has_its_intent_open() {
    let world = World::start();
    world.write("net/main.tf", LAYOUT);
    let apply = ["apply", "net", "--sandbox", "--auto-approve"];
    let destroy = ["destroy", "net", "--sandbox", "--auto-approve"];
    for (arguments, undo, table) in [(apply, destroy, &MAKING[..]), (destroy, apply, &UNMAKING[..])] {
        world.forget_calls();
        world.floorplan(&arguments).succeeds();
        let made: BTreeSet<String> = world.writes().into_iter().collect();
        let listed: BTreeSet<String> = table.iter().map(|(action, ..)| (*action).to_owned()).collect();
        assert_eq!(made, listed, "the table names every call");
        for (action, address, kind) in table {
            world.floorplan(&undo).succeeds();
            let found = open_during(&world, action, &arguments, "net/state/net/journal.jsonl");
            assert!(found.contains(&((*address).to_owned(), (*kind).to_owned())), "{action}: {found:?}");
        }
    }
}

#[test]
fn a_wait_that_gives_up_cancels_with_its_intent_open() {
    let text = scaled(3, "min_healthy_percentage = 50");
    let text = text.replace("  min_size  ", "  timeouts {\n    update = \"2s\"\n  }\n  min_size  ");
    let site = written(&text);
    site.world.delay("instance_refresh", 600.0);
    let arguments = site.arguments(&TWO);
    let found = open_during(&site.world, "CancelInstanceRefresh", &arguments, "kept/web/journal.jsonl");
    assert!(found.contains(&("aws_autoscaling_group.web".into(), "update".into())), "{found:?}");
}

#[test]
fn objects_of_the_state_alone_have_intents_too() {
    let world = World::start();
    world.write(
        "net/main.tf",
        "resource \"random_id\" \"a\" { byte_length = 4 }\nresource \"time_sleep\" \"b\" {\n  create_duration = \"600s\"\n  triggers = { a = random_id.a.hex }\n}\n",
    );
    let mut run = world.command(&["apply", "net", "--auto-approve"]);
    let mut run = run.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it starts");
    let slept = || {
        let path = world.path().join("net/state/net/journal.jsonl");
        let text = std::fs::read_to_string(path).unwrap_or_default();
        open(&text).contains(&("time_sleep.b".into(), "create".into())).then_some(text)
    };
    let began = std::time::Instant::now();
    let journal = loop {
        if let Some(journal) = slept() {
            break journal;
        }
        assert!(began.elapsed().as_secs() < 60, "the intent comes before the wait");
        std::thread::sleep(std::time::Duration::from_millis(20));
    };
    run.kill().expect("it can be killed");
    run.wait().expect("it ends");
    let kinds: Vec<String> = records(&journal).iter().filter_map(|r| r.as_object()?.keys().next().cloned()).collect();
    assert_eq!(kinds[kinds.len() - 4..], ["intent", "recorded", "outcome", "intent"], "{journal}");
    world.write("net/main.tf", "resource \"random_id\" \"a\" { byte_length = 4 }\n");
    let state = world.floorplan(&["state", "list", "--layout", "net"]).succeeds().stdout;
    assert!(state.contains("random_id.a") && !state.contains("time_sleep"), "{state}");
    world.floorplan(&["apply", "net", "--auto-approve"]).succeeds();
    world.floorplan(&["plan", "net", "--detailed-exitcode"]).exits(0);
}
