use super::{Answered, Objects, Report, json, text};
use crate::lang::config::{Files, load};
use crate::network::Answer;
use crate::plan::fixtures::change;
use crate::plan::reach::{Network, Part, Question, packets};
use crate::plan::{Action, Change};
use crate::resources::Types;
use crate::schema::Attrs;
use crate::value::json::from_json;
use serde_json::{Value as Json, json};
use std::collections::{BTreeMap, BTreeSet};

struct One;

impl Files for One {
    fn list(&self, _: &str) -> Result<Vec<String>, String> {
        Ok(vec!["main.tf".into()])
    }
    fn read(&self, _: &str) -> Result<Vec<u8>, String> {
        let text = r#"resource "aws_vpc" "v" {
}
resource "aws_security_group" "g" {
  vpc_id = "v"
  ingress {
    protocol = "tcp"
  }
}
resource "aws_instance" "web" {
  count = 2
}
resource "aws_instance" "app" {
}
"#;
        Ok(text.as_bytes().to_vec())
    }
}

fn object(address: &str, mut attributes: Json) -> Change {
    let id = address.split('.').nth(1).unwrap_or_default();
    attributes.as_object_mut().unwrap().entry("id").or_insert_with(|| id.into());
    let attributes = Attrs::from_value(&from_json(&attributes).unwrap());
    change(address, Action::NoOp, Some(attributes.clone()), Some(attributes))
}

/// Two servers that one more reaches on one port.
fn network(from: &str) -> Network {
    let rule = |protocol: &str, port: i64, range: &str| json!([{ "protocol": protocol, "from_port": port, "to_port": port, "cidr_blocks": [range] }]);
    let instance = |address: &str, ip: &str| {
        object(
            address,
            json!({
                "subnet_id": "s", "private_ip": ip, "vpc_security_group_ids": ["g"], "public_ip": "",
                "source_dest_check": true,
            }),
        )
    };
    let objects = vec![
        object("aws_vpc.v", json!({ "cidr_block": "10.0.0.0/16" })),
        object("aws_subnet.s", json!({ "vpc_id": "v", "cidr_block": "10.0.1.0/24", "map_public_ip_on_launch": false })),
        object(
            "aws_security_group.g",
            json!({ "vpc_id": "v", "ingress": rule("tcp", 443, from), "egress": rule("-1", 0, "0.0.0.0/0") }),
        ),
        instance("aws_instance.web[0]", "10.0.1.10"),
        instance("aws_instance.web[1]", "10.0.1.11"),
        instance("aws_instance.app", "10.0.1.20"),
    ];
    let root = load(&One, ".").unwrap().root;
    let part = Part { layout: ".".into(), root, objects, held: BTreeSet::new(), answers: BTreeMap::new() };
    Network::of(&[part], &Types)
}

fn ask<'n>(network: &'n Network, ends: [Option<&str>; 2], port: Option<&str>) -> Report<'n> {
    let [from, to] = ends.map(|end| end.map(|text| network.end(text).unwrap()));
    let question = Question { from, to, packets: port.map(|text| packets(text).unwrap()) };
    let answered = match (&question.from, &question.to) {
        (Some(from), Some(to)) => Answered::Paths(network.paths(from, to, question.packets.as_ref()).unwrap()),
        _ => Answered::Flows(network.rows(&question).unwrap()),
    };
    let asked = [ends[0], ends[1], port].map(|text| text.map(str::to_owned));
    Report { network, asked, objects: Objects::Planned, answered }
}

#[test]
fn a_path_has_a_line_for_each_object() {
    let network = network("10.0.1.20/32");
    let report = ask(&network, [Some("aws_instance.app"), Some("aws_instance.web")], Some("tcp/443"));
    assert_eq!(report.answer(), Some(Answer::Yes));
    insta::assert_snapshot!(text(&report, false), @r#"
    aws_instance.app → aws_instance.web[0]: reachable on tcp/443
        aws_instance.app      instance 10.0.1.20               main.tf:12
        aws_security_group.g  egress all traffic to 0.0.0.0/0  main.tf:3
        aws_security_group.g  ingress tcp/443 from 10.0.1.20   main.tf:5
        aws_instance.web[0]   instance 10.0.1.10               main.tf:9
      In the same way: aws_instance.app → aws_instance.web[1].
    "#);
}

#[test]
fn all_that_is_in_the_way_has_its_place() {
    let network = network("10.0.1.20/32");
    let report = ask(&network, [Some("internet"), Some("aws_instance.web[0]")], Some("22"));
    assert_eq!(report.answer(), Some(Answer::No));
    let shown = text(&report, false);
    let lines: Vec<&str> = shown.lines().map(str::trim).collect();
    assert_eq!(lines[0], "internet → aws_instance.web[0]: not reachable on tcp/22");
    let has = |begin: &str, words: &str, end: &str| {
        let one = |line: &&str| line.starts_with(begin) && line.contains(words) && line.ends_with(end);
        assert!(lines.iter().any(one), "{begin}: {words} in {shown}");
    };
    has("aws_instance.web[0] ", "it has no public IPv4 address", "main.tf:9");
    has("aws_vpc.v ", "no internet gateway is attached to it", "main.tf:1");
    has("aws_security_group.g ", "no ingress rule of aws_security_group.g lets tcp/22 in", "main.tf:3");
    let json = json(&report);
    assert_eq!((&json["answer"], &json["paths"][0]["answer"]), (&"no".into(), &"no".into()));
    let obstacles = json["paths"][0]["obstacles"].as_array().unwrap();
    assert!(obstacles.iter().all(|one| one["file"] == "main.tf" && one["line"].is_u64()), "{json}");
}

#[test]
fn a_table_has_instances_of_a_block_in_one_row() {
    let network = network("10.0.1.20/32");
    let report = ask(&network, [Some("aws_instance.app"), None], None);
    assert_eq!(report.answer(), None);
    insta::assert_snapshot!(text(&report, false), @r"
    from              to                    traffic      through
    aws_instance.app  aws_instance.web (2)  tcp/443  is  aws_security_group.g
    ");
    let all = json(&report);
    assert_eq!(all["flows"].as_array().map(Vec::len), Some(2), "{all}");
    assert_eq!(all["flows"][0]["passes"][0]["services"], "tcp/443");
    assert_eq!(text(&ask(&network, [None, Some("aws_instance.app")], Some("udp")), false), "No flows.\n");
}

#[test]
fn a_range_that_a_rule_has_in_part_may_reach() {
    let network = network("10.0.1.20/32");
    let report = ask(&network, [Some("10.0.1.0/25"), Some("aws_instance.web[0]")], None);
    assert_eq!(report.answer(), Some(Answer::May));
    let shown = text(&report, false);
    assert!(shown.starts_with("10.0.1.0/25 → aws_instance.web[0]: may be reachable"), "{shown}");
    assert!(shown.contains("  May, as "), "{shown}");
}
