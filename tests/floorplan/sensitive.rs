//! Sensitive values in what AWS shows of other objects, in what becomes sensitive later, in JSON and in plan files.

use super::leaks::files;
use super::support::World;
use serde_json::Value;

/// Objects in which AWS shows what others were given.
const SHOWN: &str = r#"
variable "token" {
  type    = string
  default = "planted-secret-shown"
  HIDDEN
}
locals {
  assume = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" } }] })
}
resource "aws_iam_role" "web" {
  name               = "web"
  description        = "NOTE"
  assume_role_policy = local.assume
}
resource "aws_iam_role_policy" "web" {
  name   = "web"
  role   = aws_iam_role.web.name
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = ["s3:GetObject"], Resource = "*", Condition = { StringEquals = { "aws:PrincipalTag/token" = var.token } } }] })
}
resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}
resource "aws_security_group" "web" {
  name   = "web"
  vpc_id = aws_vpc.main.id
  tags   = { Note = "NOTE" }
}
resource "aws_vpc_security_group_ingress_rule" "web" {
  security_group_id = aws_security_group.web.id
  description       = "for ${var.token}"
  ip_protocol       = "-1"
  cidr_ipv4         = "10.0.0.0/8"
}
resource "aws_network_interface" "web" {
  subnet_id = aws_subnet.web.id
}
resource "aws_subnet" "web" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.0.1.0/24"
}
"#;

/// What the state says of an attribute.
fn stored(world: &World, type_name: &str, attribute: &str) -> Value {
    let state: Value = serde_json::from_str(&world.read("net/state/net/state.json")).expect("JSON");
    let all = state["resources"].as_array().cloned().unwrap_or_default();
    let of = |o: &&Value| o["address"].as_str().is_some_and(|a| a.starts_with(&format!("{type_name}.")));
    all.iter().find(of).unwrap_or_else(|| panic!("{state}"))["attributes"][attribute].clone()
}

#[test]
fn secrets_shown_in_other_objects_are_sealed_and_hidden() {
    let world = World::start();
    let secret = "planted-secret-shown";
    let write =
        |hidden: &str, note: &str| world.write("net/main.tf", &SHOWN.replace("HIDDEN", hidden).replace("NOTE", note));
    let apply = || world.floorplan(&["apply", "net", "--sandbox", "--auto-approve"]).succeeds();
    write("", "first");
    apply();
    // A change of its own brings into the state what the others gave it.
    write("", "second");
    apply();
    for (type_name, attribute) in [("aws_iam_role", "inline_policy"), ("aws_security_group", "ingress")] {
        assert!(stored(&world, type_name, attribute).to_string().contains(secret), "{type_name}");
    }
    write("sensitive = true", "second");
    let silent = |step: &str| {
        for form in [
            &["plan"][..],
            &["plan", "--json"],
            &["plan", "--format=json"],
            &["plan", "--destroy"],
            &["plan", "--destroy", "--json"],
            &["plan", "--destroy", "--format=json"],
        ] {
            let shown = world.floorplan(&[form, &["net", "--sandbox"]].concat()).succeeds();
            assert!(!shown.stdout.contains(secret), "{step}, {form:?}: {}", shown.stdout);
        }
    };
    silent("before");
    world.forget_calls();
    apply();
    assert_eq!(world.writes(), [""; 0], "nothing is changed in AWS");
    write("sensitive = true", "third");
    silent("after");
    apply();
    assert!(!world.read("net/state/net/state.json").contains(secret));
    for (type_name, attribute) in [("aws_iam_role", "inline_policy"), ("aws_security_group", "ingress")] {
        let held = stored(&world, type_name, attribute).to_string();
        assert!(held.contains("$sealed"), "{type_name}: {held}");
    }
    let shown = world.floorplan(&["show", "net", "--json"]).succeeds();
    assert!(!shown.stdout.contains(secret), "{}", shown.stdout);
    let history = world.path().join("net/state/net/history");
    let before = files(&history).into_iter().map(|path| std::fs::read_to_string(path).expect("a serial"));
    assert!(before.into_iter().any(|text| text.contains(secret)), "serials from before stay as they were");
    std::fs::remove_dir_all(&history).expect("the history may be emptied");
    world.floorplan(&["plan", "net", "--sandbox", "--detailed-exitcode"]).succeeds();
}

/// A server whose start script holds what may be a secret, and a policy that does.
const SERVER: &str = r#"
variable "token" {
  type    = string
  default = "planted-secret-later"
  HIDDEN
}
resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
  tags       = { Token = var.token }
}
resource "aws_iam_role" "web" {
  name               = "web"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" }, Condition = { StringEquals = { "sts:ExternalId" = var.token } } }] })
}
"#;

#[test]
fn a_value_that_becomes_sensitive_is_sealed_by_apply() {
    let world = World::start();
    world.write("net/main.tf", &SERVER.replace("HIDDEN", ""));
    world.floorplan(&["apply", "net", "--sandbox", "--auto-approve"]).succeeds();
    assert!(world.read("net/state/net/state.json").contains("planted-secret-later"));
    world.write("net/main.tf", &SERVER.replace("HIDDEN", "sensitive = true"));
    for form in [&["plan", "net", "--sandbox", "--format=json"][..], &["plan", "net", "--sandbox"]] {
        let shown = world.floorplan(form).succeeds();
        assert!(!shown.stdout.contains("planted-secret-later"), "{}", shown.stdout);
    }
    world.forget_calls();
    world.floorplan(&["apply", "net", "--sandbox", "--auto-approve"]).succeeds();
    assert_eq!(world.writes(), [""; 0], "nothing is changed in AWS");
    let state = world.read("net/state/net/state.json");
    assert!(!state.contains("planted-secret-later"), "{state}");
    world.floorplan(&["plan", "net", "--sandbox", "--detailed-exitcode"]).succeeds();
}

#[test]
fn sensitive_values_are_shown_only_when_asked_for() {
    let world = World::start();
    world.write("net/main.tf", &SERVER.replace("HIDDEN", "sensitive = true"));
    world.write("old.plan", "");
    world.floorplan(&["plan", "net", "--sandbox", "--out", "new.plan"]).succeeds();
    world.floorplan(&["plan", "net", "--sandbox", "--out", "old.plan"]).succeeds();
    for name in ["new.plan", "old.plan"] {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(world.path().join(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
    world.floorplan(&["apply", "new.plan", "--sandbox"]).succeeds();
    for what in ["new.plan", "net"] {
        let json = |more: &[&str]| -> (String, Value) {
            let text = world.floorplan(&[&["show", what, "--json"], more].concat()).succeeds().stdout;
            (text.clone(), serde_json::from_str(&text).expect("JSON"))
        };
        let place = if what == "net" { "/values/root_module" } else { "/planned_values/root_module" };
        let vpc = |json: &Value| {
            let all = json.pointer(place).expect("a module")["resources"].as_array().expect("objects").clone();
            all.into_iter().find(|o| o["type"] == "aws_vpc").expect("a VPC")
        };
        let (text, closed) = json(&[]);
        assert!(!text.contains("planted-secret-later"), "{text}");
        assert_eq!(vpc(&closed)["values"]["tags"]["Token"], Value::Null);
        let (_, open) = json(&["--show-sensitive"]);
        assert_eq!(vpc(&open)["values"]["tags"]["Token"], "planted-secret-later");
        for json in [&closed, &open] {
            assert_eq!(vpc(json)["sensitive_values"]["tags"]["Token"], true, "{what}");
        }
    }
    world.floorplan(&["show", "net", "--show-sensitive"]).exits(1);
}
