//! `floorplan drift --blame`: who did it, judged by what another program did under another name.

use crate::iam;
use crate::support::{Run, World};
use floorplan::sandbox::Sandbox;
use serde_json::{Value, json};
use std::process::Command;

const LAYOUT: &str = r#"
resource "aws_vpc" "v" {
  cidr_block = "10.0.0.0/16"
  tags       = { Name = "main" }
}
resource "aws_subnet" "gone" {
  vpc_id     = aws_vpc.v.id
  cidr_block = "10.0.1.0/24"
}
resource "aws_security_group" "web" {
  name   = "web"
  vpc_id = aws_vpc.v.id
}
resource "aws_vpc_security_group_ingress_rule" "office" {
  security_group_id = aws_security_group.web.id
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_ipv4         = "192.0.2.0/24"
}
"#;

/// boto3 with the credentials of a session of a role: the endpoint, the session, the user agent, the calls.
const CLIENT: &str = r#"
import json, sys
import boto3
from botocore.config import Config
endpoint, session, agent, calls = sys.argv[1:5]
def client(service, key, secret, token=None):
    return boto3.client(service, region_name="eu-west-1", endpoint_url=endpoint, config=Config(user_agent=agent),
                        aws_access_key_id=key, aws_secret_access_key=secret, aws_session_token=token)
role = "arn:aws:iam::123456789012:role/operators"
keys = client("sts", "test", "test").assume_role(RoleArn=role, RoleSessionName=session)["Credentials"]
ec2 = client("ec2", keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"])
ec2.meta.events.register("before-send.ec2", lambda request, **_: request.headers.update({"X-Forwarded-For": "203.0.113.7"}))
for name, arguments in json.loads(calls):
    getattr(ec2, name)(**arguments)
"#;

const CONSOLE: &str = "console.ec2.amazonaws.com";
const CLI: &str = "aws-cli/2.15.30";

fn arn(session: &str) -> String {
    format!("arn:aws:sts::123456789012:assumed-role/operators/{session}")
}

struct Site {
    world: World,
    dirs: Vec<String>,
}

impl Site {
    /// A world in which these layouts are applied, each below `layouts/`.
    fn of(layouts: &[(&str, &str)]) -> Self {
        let world = World::start();
        for (name, text) in layouts {
            world.write(&format!("layouts/{name}/main.tf"), text);
            world.write(&format!("layouts/{name}/provider.tf"), "provider \"aws\" {\n  region = \"eu-west-1\"\n}\n");
            world.floorplan(&["apply", &format!("layouts/{name}"), "--sandbox", "--auto-approve"]).succeeds();
        }
        Site { world, dirs: layouts.iter().map(|(name, _)| format!("layouts/{name}")).collect() }
    }

    /// Calls of somebody, with a program of these words.
    fn by(&self, session: &str, agent: &str, calls: &Value) {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let sandbox = Sandbox::in_folder(folder.path()).expect("a cache folder");
        let python = sandbox.python(&|_| ()).expect("the Python environment is made");
        let endpoint = format!("http://127.0.0.1:{}", self.world.server().port);
        let output = Command::new(python)
            .args(["-c", CLIENT, &endpoint, session, agent, &calls.to_string()])
            .output()
            .expect("Python runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    fn drift(&self, more: &[&str]) -> Run {
        self.world.floorplan(&[&["drift", "--all", "--sandbox"], more].concat())
    }

    /// The findings of all layouts.
    fn findings(&self) -> Vec<Value> {
        let run = self.drift(&["--blame", "--format", "json"]).exits(2);
        let document: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|e| panic!("{e}: {}", run.stdout));
        let layouts = document["layouts"].as_array().expect("layouts").clone();
        layouts.iter().flat_map(|layout| layout["findings"].as_array().expect("findings").clone()).collect()
    }

    /// The id of an object of a layout, as the state has it.
    fn id(&self, dir: &str, address: &str) -> String {
        let state = self.world.floorplan(&["show", dir, "--json"]).succeeds().stdout;
        let state: Value = serde_json::from_str(&state).expect("JSON");
        let all = state["values"]["root_module"]["resources"].as_array().expect("resources").clone();
        let found = all.iter().find(|resource| resource["address"] == address).expect("the object");
        found["values"]["id"].as_str().expect("an id").to_owned()
    }

    fn look_ups(&self) -> Vec<u16> {
        let calls = self.world.calls();
        calls.iter().filter(|call| call.action == "LookupEvents").map(|call| call.status).collect()
    }
}

/// In short: class, object, event, who, from where, with what.
fn line(finding: &Value) -> String {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let object = finding["address"].as_str().map_or_else(|| text(&finding["type"]), str::to_owned);
    let blame = &finding["blame"];
    let events: Vec<String> = blame["events"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|event| {
            assert!(event["time"].as_str().is_some_and(|time| time.parse::<jiff::Timestamp>().is_ok()), "{event}");
            assert_eq!((&event["sure"], &event["floorplan"]), (&true.into(), &(event["via"] == "floorplan").into()));
            ["name", "principal", "address", "via"].map(|name| text(&event[name])).join(" ")
        })
        .collect();
    format!("{} {object} {}: {}", text(&finding["class"]), text(&blame["status"]), events.join("; "))
}

#[test]
fn blame_names_who_changed_deleted_and_added() {
    let site = Site::of(&[("net", LAYOUT)]);
    let id = |address: &str| site.id(&site.dirs[0], address);
    let (vpc, subnet, group) = (id("aws_vpc.v"), id("aws_subnet.gone"), id("aws_security_group.web"));
    let rule = id("aws_vpc_security_group_ingress_rule.office");
    let ssh = json!([{ "IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{ "CidrIp": "0.0.0.0/0" }] }]);
    site.by(
        "ada",
        CONSOLE,
        &json!([
            ["create_tags", { "Resources": [vpc], "Tags": [{ "Key": "Owner", "Value": "ada" }] }],
            ["delete_subnet", { "SubnetId": subnet }],
            ["create_subnet", { "VpcId": vpc, "CidrBlock": "10.0.9.0/24" }],
        ]),
    );
    site.by(
        "bob",
        CLI,
        &json!([
            ["authorize_security_group_ingress", { "GroupId": group, "IpPermissions": ssh }],
            ["revoke_security_group_ingress", { "GroupId": group, "SecurityGroupRuleIds": [rule] }],
        ]),
    );
    site.world.forget_calls();
    site.drift(&[]).exits(2);
    assert_eq!(site.look_ups(), [0; 0], "nobody asked who it was");
    let mut found: Vec<String> = site.findings().iter().map(line).collect();
    found.sort();
    let (ada, bob) = (arn("ada"), arn("bob"));
    let expected = [
        format!("changed aws_vpc.v found: CreateTags {ada} 203.0.113.7 console"),
        format!("missing aws_subnet.gone found: DeleteSubnet {ada} 203.0.113.7 console"),
        format!(
            "missing aws_vpc_security_group_ingress_rule.office found: RevokeSecurityGroupIngress {bob} 203.0.113.7 cli"
        ),
        format!("unmanaged aws_security_group.web found: AuthorizeSecurityGroupIngress {bob} 203.0.113.7 cli"),
        format!("unmanaged aws_subnet found: CreateSubnet {ada} 203.0.113.7 console"),
    ];
    assert_eq!(found, expected);
    // One look-up for each object at the most, and none that came too early.
    let look_ups = site.look_ups();
    assert!(look_ups.len() <= 6 && look_ups.iter().all(|status| *status == 200), "{look_ups:?}");
    let text = site.drift(&["--blame"]).exits(2).stdout;
    let said = format!("DeleteSubnet by {ada} from 203.0.113.7 (console), 20");
    assert!(text.contains(&said), "{text}");
    assert!(text.contains(&format!("RevokeSecurityGroupIngress by {bob} from 203.0.113.7 (CLI), 20")), "{text}");

    // An object that Floorplan made itself and does not have any more.
    site.world.floorplan(&["apply", &site.dirs[0], "--sandbox", "--auto-approve"]).succeeds();
    site.world.floorplan(&["state", "rm", &site.dirs[0], "aws_subnet.gone"]).succeeds();
    let mut less = LAYOUT.to_owned();
    less.replace_range(
        less.find("resource \"aws_subnet\"").unwrap()..less.find("resource \"aws_security").unwrap(),
        "",
    );
    site.world.write("layouts/net/main.tf", &less);
    let ours: Vec<Value> = site.findings().into_iter().filter(|finding| finding["type"] == "aws_subnet").collect();
    let mut ours: Vec<String> = ours.iter().map(|finding| line(finding).split(" arn").next().unwrap().into()).collect();
    ours.sort();
    assert_eq!(ours, ["unmanaged aws_subnet found: CreateSubnet"; 2]);
    let via = |finding: &Value| finding["blame"]["events"][0]["via"] == "floorplan";
    assert_eq!(site.findings().iter().filter(|finding| via(finding)).count(), 1);
}

#[test]
fn an_event_that_is_not_there_yet_is_not_guessed() {
    let site = Site::of(&[("net", LAYOUT)]);
    let vpc = site.id(&site.dirs[0], "aws_vpc.v");
    let tag = json!({ "Resources": [vpc], "Tags": [{ "Key": "Owner", "Value": "ada" }] });
    site.by("ada", CLI, &json!([["create_tags", tag]]));
    site.world.delay("event", 900.0);
    assert_eq!(site.findings().iter().map(line).collect::<Vec<_>>(), ["changed aws_vpc.v none: "]);
    let text = site.drift(&["--blame"]).exits(2).stdout;
    assert!(text.contains("CloudTrail has no event for it since 20"), "{text}");
    // What Floorplan did is in the state, and is not offered in place of it.
    site.world.delay("event", 0.0);
    let expected = format!("changed aws_vpc.v found: CreateTags {} 203.0.113.7 cli", arn("ada"));
    assert_eq!(site.findings().iter().map(line).collect::<Vec<_>>(), [expected]);
}

#[test]
fn a_refusal_of_look_ups_is_said_once() {
    let site = Site::of(&[("net", LAYOUT), ("other", &LAYOUT.replace("10.0.", "10.1."))]);
    for dir in &site.dirs {
        let (vpc, subnet) = (site.id(dir, "aws_vpc.v"), site.id(dir, "aws_subnet.gone"));
        site.world.ec2("DeleteSubnet", &[("SubnetId", &subnet)]);
        site.world.ec2("CreateTags", &[("ResourceId.1", &vpc), ("Tag.1.Key", "Owner"), ("Tag.1.Value", "me")]);
    }
    site.world.fail("LookupEvents", "AccessDeniedException", 400, 1000);
    site.world.forget_calls();
    let run = site.drift(&["--blame"]).exits(2);
    let said = "Who made the changes in 123456789012 eu-west-1 is not known";
    assert_eq!(run.stderr.matches(said).count(), 1, "{}", run.stderr);
    assert!(run.stderr.contains("cloudtrail:LookupEvents"), "{}", run.stderr);
    assert_eq!(site.look_ups(), [400]);
    assert!(run.stdout.contains("Drift: 4 findings in 2 layouts"), "{}", run.stdout);
    let found = site.findings();
    assert!(found.iter().all(|finding| finding["blame"]["status"] == "unknown"), "{found:?}");
    let why = found[0]["blame"]["reason"].as_str().expect("a reason");
    assert!(why.contains("AccessDeniedException"), "{why}");
    let comment = site.drift(&["--blame", "--format", "markdown"]).exits(2).stdout;
    assert_eq!(comment.matches(said).count(), 1, "{comment}");
}

#[test]
fn many_findings_are_one_reading_of_the_window() {
    const MANY: usize = 55;
    let subnets = format!(
        "resource \"aws_vpc\" \"v\" {{\n  cidr_block = \"10.0.0.0/16\"\n}}\nresource \"aws_subnet\" \"s\" {{\n  \
         count      = {MANY}\n  vpc_id     = aws_vpc.v.id\n  cidr_block = \"10.0.${{count.index}}.0/24\"\n}}\n"
    );
    let site = Site::of(&[("net", &subnets)]);
    let vpc = site.id(&site.dirs[0], "aws_vpc.v");
    let ids = site.world.ids("DescribeSubnets", "subnetId", &[("vpc-id", &vpc)]);
    assert_eq!(ids.len(), MANY);
    let calls: Vec<Value> = ids.iter().map(|id| json!(["delete_subnet", { "SubnetId": id }])).collect();
    site.by("ada", CLI, &calls.into());
    site.world.forget_calls();
    let found = site.findings();
    assert_eq!(found.len(), MANY);
    let blamed =
        |finding: &Value| line(finding).ends_with(&format!("found: DeleteSubnet {} 203.0.113.7 cli", arn("ada")));
    assert!(found.iter().all(blamed), "{:?}", found.iter().map(line).collect::<Vec<_>>());
    assert_eq!(site.look_ups(), [200, 200], "55 events are on two pages");
}

#[test]
fn a_role_that_asks_who_it_was_may_look_up_events() {
    let site = Site::of(&[("net", LAYOUT)]);
    let subnet = site.id(&site.dirs[0], "aws_subnet.gone");
    site.world.ec2("DeleteSubnet", &[("SubnetId", &subnet)]);
    let dir = site.dirs[0].as_str();
    let policy = site.world.floorplan(&["permissions", "drift", dir, "--blame"]).succeeds().stdout;
    site.world.forget_calls();
    site.world.floorplan(&["drift", dir, "--sandbox", "--blame"]).exits(2);
    let (allowed, called) = (iam::of_policy(&policy), iam::of_calls(&site.world.calls()));
    assert!(called.contains("cloudtrail:LookupEvents"), "{called:?}");
    assert_eq!(called.difference(&allowed).collect::<Vec<_>>(), [""; 0]);
    let refused = site.world.floorplan(&["permissions", "plan", dir, "--blame"]).exits(1);
    assert!(refused.stderr.contains("--blame is for drift alone"), "{}", refused.stderr);
}
