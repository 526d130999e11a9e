//! Guards through the whole tool: on a copy of a layout, in its plan, its validation, its preview and its apply.

mod planned;

use super::support::{World, copy};
use serde_json::Value as Json;
use std::path::Path;

const LAYOUT: &str = "layouts/ha-web";

fn ha_web() -> World {
    let world = World::start();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    copy(&root.join("modules"), &world.path().join("modules"));
    copy(&root.join(LAYOUT), &world.path().join(LAYOUT));
    world
}

#[track_caller]
fn edit(world: &World, file: &str, from: &str, to: &str) {
    let text = world.read(file);
    assert!(text.contains(from), "{from} in {file}");
    world.write(file, &text.replacen(from, to, 1));
}

/// A rule that opens a port on the group of the database.
const OPEN: &str = r#"
resource "aws_vpc_security_group_ingress_rule" "opened" {
  security_group_id = module.database.security_group_id
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 3306
  to_port           = 3306
}
"#;

#[test]
fn an_opened_database_is_exposed_once_a_way_leads_there() {
    let world = ha_web();
    let main = format!("{LAYOUT}/main.tf");
    world.floorplan(&["apply", LAYOUT, "--sandbox", "--auto-approve"]).succeeds();

    world.write(&main, &[world.read(&main).as_str(), OPEN].concat());
    let shut = world.floorplan(&["plan", LAYOUT, "--sandbox"]).succeeds();
    let said = "module.database.aws_db_instance.this is opened to the world, and no way leads there";
    assert!(shut.stderr.contains(said), "{}", shut.stderr);
    assert!(shut.stderr.contains("it has no public IPv4 address"), "{}", shut.stderr);
    assert!(
        shut.stderr.contains("aws_vpc_security_group_ingress_rule.opened lets in tcp port 3306"),
        "{}",
        shut.stderr
    );

    edit(&world, &main, "from_port         = 3306", "from_port         = module.database.port");
    edit(&world, &main, "to_port           = 3306", "to_port           = module.database.port");
    let shut = world.floorplan(&["plan", LAYOUT, "--sandbox"]).succeeds();
    assert!(shut.stderr.contains(said), "{}", shut.stderr);

    let database = "modules/database/main.tf";
    edit(&world, database, "publicly_accessible    = false", "publicly_accessible    = true");
    edit(&world, &main, "= module.network.data_subnet_ids", "= module.network.public_subnet_ids");
    let refused = world.floorplan(&["plan", LAYOUT, "--sandbox", "--out", "it.plan"]).exits(3);
    for part in [
        "error: The Internet reaches module.database.aws_db_instance.this on tcp/5432",
        "The guard \"databases\" forbids it. The way:\n    internet\n    module.network.aws_internet_gateway.this (",
        "aws_vpc_security_group_ingress_rule.opened (layouts/ha-web/main.tf:",
        "module.database.aws_db_instance.this (modules/database/main.tf:",
        "error: A database asks for a public address (module.database.aws_db_instance.this)",
    ] {
        assert!(refused.stderr.contains(part), "{part} in {}", refused.stderr);
    }
    assert!(refused.stdout.contains("Guards:\n  ! "), "{}", refused.stdout);
    let apply = world.floorplan(&["apply", LAYOUT, "--sandbox", "--auto-approve"]).exits(3);
    assert!(apply.stderr.contains("forbids it"), "{}", apply.stderr);
    let shown = world.floorplan(&["show", "--json", "it.plan"]).succeeds();
    let shown: Json = serde_json::from_str(&shown.stdout).expect("JSON");
    assert_eq!(shown["applyable"], false);
    let codes: Vec<&Json> = shown["violations"].as_array().expect("violations").iter().map(|v| &v["code"]).collect();
    assert!(codes.len() >= 2 && codes.iter().all(|code| *code == "guard"), "{codes:?}");

    let sarif = world.floorplan(&["preview", LAYOUT, "--sandbox", "--format", "sarif"]).exits(3);
    let sarif: Json = serde_json::from_str(&sarif.stdout).expect("JSON");
    let results = sarif["runs"][0]["results"].as_array().expect("results");
    let found =
        results.iter().find(|r| r["message"]["text"].as_str().is_some_and(|t| t.contains("The Internet reaches")));
    let found = found.unwrap_or_else(|| panic!("{results:#?}"));
    assert_eq!(found["ruleId"], "preview/forbidden");
    assert_eq!(found["level"], "error");
    let place = &found["locations"][0]["physicalLocation"];
    assert!(place["region"]["startLine"].as_u64().is_some_and(|line| line > 1), "{place}");
    let junit = world.floorplan(&["preview", LAYOUT, "--sandbox", "--format", "junit"]).exits(3).stdout;
    assert!(junit.contains("<failure") && junit.contains("The Internet reaches"), "{junit}");
    let comment = world.floorplan(&["preview", LAYOUT, "--sandbox"]).exits(3).stdout;
    assert!(comment.contains("Guards") && comment.contains("internet → "), "{comment}");
}

const SMALL: &str = r#"
resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}
resource "aws_internet_gateway" "main" {
  vpc_id = aws_vpc.main.id
}
resource "aws_subnet" "main" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.0.1.0/24"
}
resource "aws_route_table" "main" {
  vpc_id = aws_vpc.main.id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.main.id
  }
}
resource "aws_route_table_association" "main" {
  subnet_id      = aws_subnet.main.id
  route_table_id = aws_route_table.main.id
}
resource "aws_security_group" "bastion" {
  name   = "bastion"
  vpc_id = aws_vpc.main.id
  ingress {
    protocol    = "tcp"
    from_port   = 22
    to_port     = 22
    cidr_blocks = ["0.0.0.0/0"]
  }
}
data "aws_ami" "image" {
  most_recent = true
  owners      = ["amazon"]
  filter {
    name   = "name"
    values = ["al2023-ami-2023*"]
  }
}
resource "aws_instance" "bastion" {
  ami                         = data.aws_ami.image.id
  instance_type               = "t3.micro"
  subnet_id                   = aws_subnet.main.id
  vpc_security_group_ids      = [aws_security_group.bastion.id]
  associate_public_ip_address = true
}
"#;

const REACHED: &str = "The Internet reaches aws_instance.bastion on tcp/22";

#[test]
fn a_root_without_a_layout_block_plans_as_it_did() {
    let world = World::start();
    world.write("net/main.tf", SMALL);
    let plan = world.floorplan(&["plan", "net", "--sandbox"]).succeeds();
    assert!(plan.stderr.contains(&format!("warning: {REACHED}")), "{}", plan.stderr);
    for quiet in ["flow logs", "without a token"] {
        assert!(!plan.stderr.contains(quiet), "{}", plan.stderr);
    }
    world.floorplan(&["apply", "net", "--sandbox", "--auto-approve"]).succeeds();
}

#[test]
fn a_kept_violation_is_refused_until_it_is_cured_or_allowed() {
    let world = World::start();
    world.write("net/main.tf", SMALL);
    world.floorplan(&["apply", "net", "--sandbox", "--auto-approve"]).succeeds();
    let layout = |guards: &str| world.write("net/layout.hcl", &format!("layout {{\n  name = \"net\"\n{guards}}}\n"));

    layout("");
    let kept = world.floorplan(&["plan", "net", "--sandbox"]).exits(3);
    assert!(kept.stderr.contains(&format!("error: {REACHED}")), "{}", kept.stderr);
    assert!(kept.stderr.contains("A VPC has no flow logs"), "{}", kept.stderr);
    let nothing = world.floorplan(&["apply", "net", "--sandbox", "--auto-approve"]).exits(3);
    assert!(nothing.stderr.contains(REACHED), "{}", nothing.stderr);
    let checked = world.floorplan(&["validate", "net"]).exits(1);
    assert!(format!("{}{}", checked.stdout, checked.stderr).contains(REACHED), "{checked:?}");

    let allow = |until: &str| {
        format!(
            "  guard \"admin-ports\" {{\n    allow {{\n      from = \"internet\"\n      to = \"aws_instance.bastion\"\n      \
             ports = \"tcp/22\"\n      reason = \"until the VPN is there\"\n      until = \"{until}\"\n    }}\n  }}\n"
        )
    };
    layout(&allow("2999-12-31"));
    world.floorplan(&["plan", "net", "--sandbox"]).succeeds();
    layout(&allow("2020-01-31"));
    let ended = world.floorplan(&["plan", "net", "--sandbox"]).exits(3);
    let since = "The exception at net/layout.hcl:4 has ended on 2020-01-31; its reason was: until the VPN is there";
    assert!(ended.stderr.contains(since), "{}", ended.stderr);
    layout("  guard \"admin-ports\" {\n    off = \"a bastion with keys\"\n  }\n");
    world.floorplan(&["plan", "net", "--sandbox"]).succeeds();

    // The plan that closes the port breaks nothing.
    layout("");
    edit(&world, "net/main.tf", "[\"0.0.0.0/0\"]", "[\"203.0.113.0/24\"]");
    world.floorplan(&["apply", "net", "--sandbox", "--auto-approve"]).succeeds();
    world.floorplan(&["plan", "net", "--sandbox", "--detailed-exitcode"]).exits(0);
}

#[test]
fn a_plan_that_takes_the_rule_away_breaks_nothing() {
    let world = World::start();
    let inline = "  ingress {\n    protocol    = \"tcp\"\n    from_port   = 22\n    to_port     = 22\n    \
                  cidr_blocks = [\"0.0.0.0/0\"]\n  }\n";
    let without = SMALL.replace(inline, "");
    assert_ne!(without, SMALL);
    let rule = OPEN.replace("module.database.security_group_id", "aws_security_group.bastion.id").replace("3306", "22");
    world.write("net/main.tf", &[without.as_str(), rule.as_str()].concat());
    world.floorplan(&["apply", "net", "--sandbox", "--auto-approve"]).succeeds();
    world.write("net/layout.hcl", "layout {\n  name = \"net\"\n}\n");
    let kept = world.floorplan(&["plan", "net", "--sandbox"]).exits(3);
    let way = "aws_vpc_security_group_ingress_rule.opened (net/main.tf:";
    assert!(kept.stderr.contains(REACHED) && kept.stderr.contains(way), "{}", kept.stderr);

    // AWS shows the rule in its group as well, as long as it is there.
    world.write("net/main.tf", &without);
    world.floorplan(&["apply", "net", "--sandbox", "--auto-approve"]).succeeds();
    world.floorplan(&["plan", "net", "--sandbox", "--detailed-exitcode"]).exits(0);
}
