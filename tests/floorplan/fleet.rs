//! Many layouts at once: AWS is asked once for all of them, and one that fails does not stop the others.

use crate::support::World;
use floorplan::sandbox::http::{self, Request};
use serde_json::Value;
use std::collections::BTreeMap;
use std::time::Duration;

const ACCOUNTS: [&str; 3] = ["111111111111", "222222222222", "333333333333"];
const REGIONS: [&str; 2] = ["eu-west-1", "eu-central-1"];

/// How many layouts the fleet has: `FLOORPLAN_FLEET`, else few.
pub fn size() -> usize {
    std::env::var("FLOORPLAN_FLEET").ok().and_then(|n| n.parse().ok()).unwrap_or(12)
}

/// The account and the region of a layout.
pub fn place(at: usize) -> (&'static str, &'static str) {
    (ACCOUNTS[at % ACCOUNTS.len()], REGIONS[at / ACCOUNTS.len() % REGIONS.len()])
}

pub fn name(at: usize) -> String {
    format!("client-{at:03}")
}

/// A network of a client: ten objects.
pub fn layout(at: usize) -> String {
    let ((account, region), name) = (place(at), name(at));
    format!(
        r#"layout {{
  name = "{name}"
}}

provider "aws" {{
  region = "{region}"
  assume_role {{
    role_arn = "arn:aws:iam::{account}:role/deploy"
  }}
}}

data "aws_availability_zones" "open" {{
  state = "available"
}}

resource "aws_vpc" "main" {{
  cidr_block = "10.0.0.0/16"
  tags       = {{ Name = "{name}", Owner = "ops" }}
}}

resource "aws_internet_gateway" "main" {{
  vpc_id = aws_vpc.main.id
}}

resource "aws_subnet" "web" {{
  count             = 2
  vpc_id            = aws_vpc.main.id
  cidr_block        = "10.0.${{count.index}}.0/24"
  availability_zone = data.aws_availability_zones.open.names[count.index]
}}

resource "aws_route_table" "web" {{
  vpc_id = aws_vpc.main.id
}}

resource "aws_route" "out" {{
  route_table_id         = aws_route_table.web.id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.main.id
}}

resource "aws_route_table_association" "web" {{
  count          = 2
  subnet_id      = aws_subnet.web[count.index].id
  route_table_id = aws_route_table.web.id
}}

resource "aws_security_group" "web" {{
  name   = "{name}-web"
  vpc_id = aws_vpc.main.id
}}

resource "aws_vpc_security_group_ingress_rule" "https" {{
  security_group_id = aws_security_group.web.id
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_ipv4         = "10.0.0.0/8"
}}
"#
    )
}

/// A world with so many layouts, all applied.
pub fn fleet(count: usize) -> World {
    let world = World::start();
    for at in 0..count {
        world.write(&format!("layouts/{}/main.hcl", name(at)), &layout(at));
    }
    let next = std::sync::atomic::AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                loop {
                    let at = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                    if at >= count {
                        return;
                    }
                    world.floorplan(&["apply", &format!("layouts/{}", name(at)), "--auto-approve"]).succeeds();
                }
            });
        }
    });
    world
}

/// How often each action was called.
fn counts(world: &World) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for call in world.calls() {
        *counts.entry(call.action).or_default() += 1;
    }
    counts
}

/// What AWS offers only per object.
const PER_OBJECT: [&str; 1] = ["DescribeVpcAttribute"];

#[test]
fn aws_is_asked_once_for_all_layouts() {
    let count = size();
    let world = fleet(count);
    world.forget_calls();
    let run = world.floorplan(&["plan", "--all", "--detailed-exitcode"]).exits(0);
    assert_eq!(run.stdout.matches("no changes").count(), count, "{}", run.stdout);
    let places = ACCOUNTS.len() * REGIONS.len();
    for (action, calls) in counts(&world) {
        match PER_OBJECT.contains(&action.as_str()) {
            true => assert!(calls <= 3 * count, "{action}: {calls}"),
            // Up to four types are read from one list: routes, associations, tables and the main table of a VPC.
            false => assert!(calls <= 4 * places, "{action}: {calls}"),
        }
    }
    let lists: usize = counts(&world).iter().filter(|(a, _)| !PER_OBJECT.contains(&a.as_str())).map(|(_, n)| n).sum();
    assert!(lists < 40 * places, "{lists}");
    assert!(world.writes().is_empty());

    // One that fails does not stop the others, and the exit code is the worst.
    world.write(&format!("layouts/{}/more.hcl", name(0)), "resource \"aws_vpc\" \"other\" {}\n");
    world.write(&format!("layouts/{}/more.hcl", name(1)), "resource \"aws_vpc\" \"other\" {\n");
    let run = world.floorplan(&["plan", "--all", "--detailed-exitcode"]).exits(1);
    assert_eq!(run.stdout.matches("no changes").count(), count - 2, "{}", run.stdout);
    assert!(run.stderr.contains(&format!("layouts/{}:", name(1))), "{}", run.stderr);
    world.write(&format!("layouts/{}/more.hcl", name(1)), "");
    world.write(&format!("layouts/{}/more.hcl", name(0)), "output \"id\" {\n  value = aws_vpc.main.id\n}\n");
    let run = world.floorplan(&["plan", "layouts/*", "--detailed-exitcode"]).exits(2);
    assert!(run.stdout.contains(&format!("layouts/{}:\n", name(0))), "{}", run.stdout);

    // A part of them.
    let run = world.floorplan(&["plan", "--all", "--shard", "2/3"]).succeeds();
    assert_eq!(run.stdout.matches("no changes").count(), count / 3, "{}", run.stdout);
}

#[test]
fn layouts_with_one_state_are_an_error_for_both() {
    let world = World::start();
    for dir in ["a", "b", "c"] {
        let name = if dir == "c" { "c" } else { "net" };
        let text = format!(
            "layout {{\n  name = \"{name}\"\n}}\nresource \"aws_vpc\" \"v\" {{\n  cidr_block = \"10.0.0.0/16\"\n}}\n"
        );
        world.write(&format!("layouts/{dir}/main.hcl"), &text);
    }
    let run = world.floorplan(&["plan", "--all", "--state", "states"]).exits(1);
    assert_eq!(run.stderr.matches("Several layouts have one state").count(), 2, "{}", run.stderr);
    assert!(run.stdout.contains("layouts/c"), "{}", run.stdout);
    let run = world.floorplan(&["plan", "nowhere/*"]).exits(1);
    assert!(run.stderr.contains("No layouts match"), "{}", run.stderr);
    let run = world.floorplan(&["plan", "--all", "--out", "plan.bin"]).exits(1);
    assert!(run.stderr.contains("--out is for one layout alone"), "{}", run.stderr);
}

/// Runs git in the workspace, as a person would.
pub fn git(world: &World, arguments: &[&str]) {
    let mut command = std::process::Command::new("git");
    command.args(["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "init.defaultBranch=main"]);
    let output = command.args(arguments).current_dir(world.path()).output().expect("git runs");
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn only_layouts_that_changed_are_planned() {
    let world = World::start();
    for at in 0..10 {
        let module = if at < 3 { "web" } else { "net" };
        let text =
            format!("layout {{\n  name = \"l{at}\"\n}}\nmodule \"m\" {{\n  source = \"../../modules/{module}\"\n}}\n");
        world.write(&format!("layouts/l{at}/main.hcl"), &text);
    }
    for module in ["web", "net"] {
        let text = "locals {\n  script = file(\"${path.module}/../../files/start.sh\")\n}\n";
        let text = if module == "web" { text } else { "" };
        world.write(&format!("modules/{module}/main.tf"), &format!("{text}variable \"x\" {{\n  default = 1\n}}\n"));
    }
    world.write("files/start.sh", "#!/bin/sh\n");
    world.write("README.md", "clients\n");
    git(&world, &["init", "--quiet"]);
    git(&world, &["add", "--all"]);
    git(&world, &["commit", "--quiet", "-m", "first"]);
    git(&world, &["checkout", "--quiet", "-b", "change"]);
    let planned = |file: &str, text: &str| {
        world.write(file, text);
        git(&world, &["add", "--all"]);
        git(&world, &["commit", "--quiet", "-m", "change"]);
        let run = world.floorplan(&["plan", "--changed-since", "change~1"]).succeeds();
        let lines = run.stdout.lines().filter_map(|line| line.strip_prefix("layouts/")?.split(' ').next());
        lines.map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(planned("README.md", "all clients\n"), [""; 0]);
    assert_eq!(planned("modules/web/more.tf", "variable \"y\" {\n  default = 2\n}\n"), ["l0", "l1", "l2"]);
    assert_eq!(planned("files/start.sh", "#!/bin/bash\n"), ["l0", "l1", "l2"]);
    assert_eq!(planned("layouts/l7/terraform.tfvars", ""), ["l7"]);
    let run = world.floorplan(&["plan", "--changed-since", "nothing"]).exits(1);
    assert!(run.stderr.contains("Cannot see what has changed since \"nothing\""), "{}", run.stderr);
}

/// Calls EC2 in an account and a region, as a person with a role there would: past the program.
fn by_hand(world: &World, at: usize, action: &str, parameters: &[(&str, &str)]) -> String {
    let (account, region) = place(at);
    let send = |key: &str, region: &str, service: &str, body: String| {
        let authorization = format!(
            "AWS4-HMAC-SHA256 Credential={key}/20260101/{region}/{service}/aws4_request, SignedHeaders=host, Signature=x"
        );
        let form = "application/x-www-form-urlencoded";
        let headers = [("Authorization", authorization.as_str()), ("Content-Type", form)];
        let request = Request { method: "POST", path: "/", headers: &headers, body: body.as_bytes() };
        let answer = http::send(world.server().port, &request, Duration::from_secs(30)).expect("an answer");
        let text = String::from_utf8(answer.body).expect("text");
        assert_eq!(answer.status, 200, "{text}");
        text
    };
    let role = format!("arn%3Aaws%3Aiam%3A%3A{account}%3Arole%2Fdeploy");
    let assume = format!("Action=AssumeRole&Version=2011-06-15&RoleArn={role}&RoleSessionName=hand");
    let session = send("sandbox", "us-east-1", "sts", assume);
    let key = session.split("<AccessKeyId>").nth(1).and_then(|rest| rest.split('<').next()).expect("a key");
    let mut body = format!("Action={action}&Version=2016-11-15");
    for (name, value) in parameters {
        body.push_str(&format!("&{name}={}", value.replace('/', "%2F").replace(' ', "%20")));
    }
    send(key, region, "ec2", body)
}

/// The id of an object of a layout.
fn id(world: &World, at: usize, address: &str) -> String {
    let state = world.floorplan(&["show", &format!("layouts/{}", name(at)), "--json"]).succeeds();
    let state: Value = serde_json::from_str(&state.stdout).expect("JSON");
    let all = state["values"]["root_module"]["resources"].as_array().expect("resources");
    let one = all.iter().find(|r| r["address"] == address).unwrap_or_else(|| panic!("{address}"));
    one["values"]["id"].as_str().expect("an id").to_owned()
}

#[test]
fn drift_of_all_layouts_is_found_in_one_reading() {
    let count = size();
    let world = fleet(count);
    world.forget_calls();
    let run = world.floorplan(&["drift", "--all"]).exits(0);
    assert_eq!(run.stdout, "", "{}", run.stderr);
    let places = ACCOUNTS.len() * REGIONS.len();
    let lists: usize = counts(&world).iter().filter(|(a, _)| !PER_OBJECT.contains(&a.as_str())).map(|(_, n)| n).sum();
    eprintln!("{count} layouts: {lists} list calls, {:?}", counts(&world));
    assert!(lists < 40 * places, "{lists}: {:?}", counts(&world));
    assert!(counts(&world)["DescribeVpcAttribute"] <= 3 * count);
    assert!(world.writes().is_empty());

    // One rule, one route and one tag are changed, a subnet is deleted and one added.
    let rule = id(&world, 0, "aws_vpc_security_group_ingress_rule.https");
    let group = id(&world, 0, "aws_security_group.web");
    by_hand(
        &world,
        0,
        "ModifySecurityGroupRules",
        &[
            ("GroupId", &group),
            ("SecurityGroupRule.1.SecurityGroupRuleId", &rule),
            ("SecurityGroupRule.1.SecurityGroupRule.IpProtocol", "tcp"),
            ("SecurityGroupRule.1.SecurityGroupRule.FromPort", "443"),
            ("SecurityGroupRule.1.SecurityGroupRule.ToPort", "443"),
            ("SecurityGroupRule.1.SecurityGroupRule.CidrIpv4", "0.0.0.0/0"),
        ],
    );
    let table = id(&world, 1, "aws_route_table.web");
    let deleted = [("RouteTableId", table.as_str()), ("DestinationCidrBlock", "0.0.0.0/0")];
    by_hand(&world, 1, "DeleteRoute", &deleted);
    let vpc = id(&world, 2, "aws_vpc.main");
    by_hand(&world, 2, "CreateTags", &[("ResourceId.1", &vpc), ("Tag.1.Key", "Owner"), ("Tag.1.Value", "somebody")]);
    let subnet = id(&world, 3, "aws_subnet.web[1]");
    let association = id(&world, 3, "aws_route_table_association.web[1]");
    by_hand(&world, 3, "DisassociateRouteTable", &[("AssociationId", &association)]);
    by_hand(&world, 3, "DeleteSubnet", &[("SubnetId", &subnet)]);
    let vpc = id(&world, 4, "aws_vpc.main");
    let zone = format!("{}a", place(4).1);
    let subnet = [("VpcId", vpc.as_str()), ("CidrBlock", "10.0.9.0/24"), ("AvailabilityZone", zone.as_str())];
    let made = by_hand(&world, 4, "CreateSubnet", &subnet);
    let made = made.split("<subnetId>").nth(1).and_then(|rest| rest.split('<').next()).expect("an id");

    let run = world.floorplan(&["drift", "--all", "--format", "json"]).exits(2);
    let report: Value = serde_json::from_str(&run.stdout).expect("JSON");
    let mut found = Vec::new();
    for layout in report["layouts"].as_array().expect("layouts") {
        for finding in layout["findings"].as_array().expect("findings") {
            let what = finding["address"].as_str().or(finding["id"].as_str()).expect("what");
            found.push(format!(
                "{} {} {what}",
                layout["dir"].as_str().expect("dir"),
                finding["class"].as_str().expect("class")
            ));
        }
    }
    found.sort();
    let expected = [
        format!("layouts/{} changed aws_vpc_security_group_ingress_rule.https", name(0)),
        format!("layouts/{} missing aws_route.out", name(1)),
        format!("layouts/{} changed aws_vpc.main", name(2)),
        format!("layouts/{} missing aws_route_table_association.web[1]", name(3)),
        format!("layouts/{} missing aws_subnet.web[1]", name(3)),
        format!("layouts/{} unmanaged {made}", name(4)),
    ];
    assert_eq!(found, expected, "{}", run.stdout);
    mended(&world, made);
}

/// `drift accept` and `drift import` write what a person would type; afterwards drift and plan are silent.
fn mended(world: &World, made: &str) {
    let dir = |at: usize| format!("layouts/{}", name(at));
    let text = |at: usize| world.read(&format!("{}/main.hcl", dir(at)));
    let accept = |at: usize, what: &str| world.floorplan(&["drift", "accept", &dir(at), what]).succeeds();
    world.forget_calls();
    let said = accept(0, "aws_vpc_security_group_ingress_rule.https").stdout;
    let changed: Vec<&str> = said.lines().filter(|line| line.starts_with(['+', '-']) && !is_head(line)).collect();
    assert_eq!(changed, ["-  cidr_ipv4         = \"10.0.0.0/8\"", "+  cidr_ipv4         = \"0.0.0.0/0\""]);
    assert_eq!(text(0), layout(0).replace("10.0.0.0/8", "0.0.0.0/0"));
    accept(1, "aws_route.out");
    let route = "resource \"aws_route\" \"out\" {\n  route_table_id         = aws_route_table.web.id\n  \
                 destination_cidr_block = \"0.0.0.0/0\"\n  gateway_id             = aws_internet_gateway.main.id\n}\n\n";
    assert!(layout(1).contains(route));
    assert_eq!(text(1), layout(1).replace(route, ""));
    accept(2, "aws_vpc.main");
    assert_eq!(text(2), layout(2).replace("Owner = \"ops\"", "Owner = \"somebody\""));
    // A block that makes two objects is for a person to change.
    let refused = world.floorplan(&["drift", "accept", &dir(3), "aws_subnet.web[1]"]).exits(1);
    assert!(refused.stderr.contains("its block makes others as well"), "{}", refused.stderr);
    world.write(&format!("{}/main.hcl", dir(3)), &layout(3).replace("= 2\n", "= 1\n"));
    world.floorplan(&["drift", "import", "--all"]).succeeds();
    let zone = format!("{}a", place(4).1);
    let label = format!("subnet_{}", zone.replace('-', "_"));
    let imported = format!(
        r#"import {{
  to = aws_subnet.{label}
  id = "{made}"
}}

resource "aws_subnet" "{label}" {{
  vpc_id                              = aws_vpc.main.id
  cidr_block                          = "10.0.9.0/24"
  availability_zone                   = "{zone}"
  private_dns_hostname_type_on_launch = "ip-name"
}}
"#
    );
    assert_eq!(world.read(&format!("{}/imported.hcl", dir(4))), imported);
    assert_eq!(text(4), layout(4));

    let silent = |layouts: &[&str]| {
        world.floorplan(&[&["plan", "--detailed-exitcode"], layouts].concat()).exits(0);
    };
    silent(&[&dir(0), &dir(2)]);
    let drift = world.floorplan(&["drift", &dir(0), &dir(1), &dir(2), &dir(3)]).exits(0);
    assert_eq!(drift.stdout, "", "{}", drift.stderr);
    // The state forgets what is gone and gets what is imported. AWS is as it is.
    for at in [1, 3, 4] {
        world.floorplan(&["apply", &dir(at), "--auto-approve"]).succeeds();
    }
    assert_eq!(world.writes(), [""; 0]);
    assert_eq!(world.floorplan(&["drift", "--all"]).exits(0).stdout, "");
    silent(&["--all"]);
}

fn is_head(line: &str) -> bool {
    line.starts_with("+++") || line.starts_with("---")
}
