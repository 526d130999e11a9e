//! `floorplan drift`: silent while nothing differs, and exact about what does.

use crate::resume::kill_at;
use crate::support::{Run, World};
use serde_json::{Value, json};
use std::process::Stdio;

const LAYOUT: &str = r#"
resource "aws_vpc" "v" {
  cidr_block = "10.0.0.0/16"
  tags       = { Name = "main", Team = "net" }
}
resource "aws_subnet" "kept" {
  vpc_id     = aws_vpc.v.id
  cidr_block = "10.0.1.0/24"
}
resource "aws_subnet" "gone" {
  vpc_id     = aws_vpc.v.id
  cidr_block = "10.0.2.0/24"
}
resource "aws_internet_gateway" "i" {
  vpc_id = aws_vpc.v.id
}
resource "aws_vpn_gateway" "g" {
  vpc_id = aws_vpc.v.id
}
resource "aws_route_table" "t" {
  vpc_id = aws_vpc.v.id
}
resource "aws_route" "office" {
  route_table_id         = aws_route_table.t.id
  destination_cidr_block = "192.168.0.0/16"
  gateway_id             = aws_vpn_gateway.g.id
}
resource "aws_security_group" "web" {
  name   = "web"
  vpc_id = aws_vpc.v.id
  ingress {
    protocol    = "tcp"
    from_port   = 443
    to_port     = 443
    cidr_blocks = ["10.0.0.0/8"]
  }
}
"#;

/// A world in which the layout is applied.
struct Site {
    world: World,
}

impl Site {
    fn of(layout: &str) -> Self {
        let world = World::start();
        world.write("net/main.tf", layout);
        world.floorplan(&["apply", "net", "--sandbox", "--auto-approve"]).succeeds();
        Site { world }
    }

    fn drift(&self, more: &[&str]) -> Run {
        self.world.floorplan(&[&["drift", "net", "--sandbox"], more].concat())
    }

    fn json(&self, code: i32) -> Value {
        let run = self.drift(&["--format", "json"]).exits(code);
        serde_json::from_str(&run.stdout).unwrap_or_else(|e| panic!("{e}: {}", run.stdout))
    }

    /// The findings in short: class, severity, address, paths.
    fn found(&self, code: i32) -> Vec<String> {
        let document = self.json(code);
        let findings = document["layouts"][0]["findings"].as_array().expect("findings").clone();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let line = |finding: &Value| {
            let differences = finding["differences"].as_array().expect("differences");
            let paths: Vec<String> = differences.iter().map(|d| text(&d["path"])).collect();
            let words = ["class", "severity", "address", "apply"].map(|name| text(&finding[name]));
            format!("{} {}", words.join(" "), paths.join(",")).trim_end().to_owned()
        };
        findings.iter().map(line).collect()
    }

    /// The id of an object, as the state has it.
    fn id(&self, address: &str) -> String {
        let state = self.world.floorplan(&["show", "net", "--json"]).succeeds().stdout;
        let state: Value = serde_json::from_str(&state).expect("JSON");
        let all = state["values"]["root_module"]["resources"].as_array().expect("resources").clone();
        let found = all.iter().find(|resource| resource["address"] == address).expect("the object");
        found["values"]["id"].as_str().expect("an id").to_owned()
    }

    fn vpc(&self) -> String {
        self.id("aws_vpc.v")
    }

    fn tag(&self, object: &str, key: &str, value: &str) {
        self.world.ec2("CreateTags", &[("ResourceId.1", object), ("Tag.1.Key", key), ("Tag.1.Value", value)]);
    }

    fn allow(&self, port: &str, range: &str) {
        let group = self.id("aws_security_group.web");
        self.world.ec2(
            "AuthorizeSecurityGroupIngress",
            &[
                ("GroupId", &group),
                ("IpPermissions.1.IpProtocol", "tcp"),
                ("IpPermissions.1.FromPort", port),
                ("IpPermissions.1.ToPort", port),
                ("IpPermissions.1.IpRanges.1.CidrIp", range),
            ],
        );
    }
}

#[test]
fn an_idle_world_is_silent() {
    let site = Site::of(LAYOUT);
    site.world.forget_calls();
    for form in ["text", "markdown"] {
        let run = site.drift(&["--format", form]).succeeds();
        assert_eq!((run.stdout.as_str(), run.stderr.as_str()), ("", ""));
    }
    assert_eq!(site.found(0), [""; 0]);
    assert_eq!(site.json(0)["layouts"][0]["managed"], 8);
    assert_eq!(site.world.writes(), [""; 0]);
    // Changes of the layout that are not applied yet are no drift.
    let more = "resource \"aws_eip\" \"e\" {}\n";
    site.world.write("net/main.tf", &[&LAYOUT.replace("main\"", "other\"").replace("443", "444"), more].concat());
    assert_eq!(site.drift(&[]).succeeds().stdout, "");
}

#[test]
fn what_was_done_by_hand_is_found_and_nothing_else() {
    let site = Site::of(LAYOUT);
    let vpc = site.vpc();
    site.allow("22", "0.0.0.0/0");
    site.tag(&vpc, "Name", "renamed");
    site.tag(&vpc, "Owner", "me");
    let (table, gateway) = (site.id("aws_route_table.t"), site.id("aws_internet_gateway.i"));
    site.world.ec2(
        "ReplaceRoute",
        &[("RouteTableId", &table), ("DestinationCidrBlock", "192.168.0.0/16"), ("GatewayId", &gateway)],
    );
    site.world.ec2("DeleteSubnet", &[("SubnetId", &site.id("aws_subnet.gone"))]);
    site.world.forget_calls();

    assert_eq!(
        site.found(2),
        [
            "changed opens aws_route.office revert gateway_id",
            "changed opens aws_security_group.web revert ingress",
            "missing interrupts aws_subnet.gone create",
            "changed cosmetic aws_vpc.v revert tags[\"Name\"],tags[\"Owner\"]",
        ]
    );
    assert_eq!(site.world.writes(), [""; 0]);
    let ids = regex::Regex::new(r"\b(vpc|subnet|sg|rtb|igw|vgw|r-rtb)-?[0-9a-f]{8,}[0-9]*").expect("a pattern");
    let text = site.drift(&[]).exits(2).stdout;
    insta::assert_snapshot!(ids.replace_all(&text, "ID"), @r#"
    net: 4 findings
      opens
        aws_route.office was changed: leads to the internet (ID, eu-west-1, net/main.tf:23)
          gateway_id: "ID" instead of "ID"
          apply puts it back
        aws_security_group.web was changed: lets more through (ID, web, eu-west-1, net/main.tf:28)
          ingress: "tcp port 22, 0.0.0.0/0" was added
          apply puts it back
      interrupts
        aws_subnet.gone is gone from AWS: does not serve any more (ID, eu-west-1, net/main.tf:10)
          apply makes it again
      cosmetic
        aws_vpc.v was changed: only what describes it (ID, renamed, eu-west-1, net/main.tf:2)
          tags["Name"]: "renamed" instead of "main"
          tags["Owner"]: "me" was added
          apply puts it back

    Drift: 4 findings in 1 layout (2 opens, 1 interrupts, 1 cosmetic).
    "#);
    // The report says what apply does: what is put back is silent afterwards.
    site.world.floorplan(&["apply", "net", "--sandbox", "--auto-approve"]).succeeds();
    assert_eq!(site.drift(&[]).succeeds().stdout, "");
}

#[test]
fn what_the_layout_says_already_is_no_drift() {
    let site = Site::of(LAYOUT);
    site.tag(&site.vpc(), "Name", "renamed");
    assert_eq!(site.found(2).len(), 1);
    site.world.write("net/main.tf", &LAYOUT.replace("\"main\"", "\"renamed\""));
    assert_eq!(site.found(0), [""; 0]);
}

#[test]
fn ignored_changes_are_no_drift() {
    let ignoring = LAYOUT.replace(
        "  tags       = { Name = \"main\", Team = \"net\" }\n",
        "  tags       = { Name = \"main\", Team = \"net\" }\n  lifecycle {\n    ignore_changes = [tags[\"Name\"]]\n  }\n",
    );
    let site = Site::of(&ignoring);
    let vpc = site.vpc();
    site.tag(&vpc, "Name", "renamed");
    assert_eq!(site.found(0), [""; 0]);
    site.tag(&vpc, "Team", "me");
    assert_eq!(site.found(2), ["changed cosmetic aws_vpc.v revert tags[\"Team\"]"]);
    site.world.write("net/main.tf", &ignoring.replace("[tags[\"Name\"]]", "all"));
    assert_eq!(site.found(0), [""; 0]);
}

#[test]
fn a_protected_object_that_would_be_replaced_is_found() {
    let site = Site::of(
        r#"
resource "aws_ssm_parameter" "p" {
  name  = "/a"
  type  = "String"
  value = "planted-one"
  tier  = "Standard"
  lifecycle {
    prevent_destroy = true
  }
}
"#,
    );
    let body = json!({"Name": "/a", "Type": "String", "Value": "planted-two", "Tier": "Advanced", "Overwrite": true});
    site.world.json("ssm", "AmazonSSM.PutParameter", body);
    site.world.floorplan(&["plan", "net", "--sandbox"]).exits(1);
    let document = site.json(2);
    let findings = document["layouts"][0]["findings"].as_array().expect("findings");
    assert_eq!((findings.len(), &findings[0]["apply"]), (1, &json!("replace")));
    let differences = findings[0]["differences"].as_array().expect("differences");
    let of = |path: &str| differences.iter().find(|d| d["path"] == path).unwrap_or_else(|| panic!("{document:#}"));
    assert_eq!((&of("tier")["state"], &of("tier")["live"]), (&json!("Standard"), &json!("Advanced")));
    let value = of("value");
    assert_eq!((&value["sensitive"], &value["live"], &value["state"]), (&json!(true), &Value::Null, &Value::Null));
    for form in ["text", "json", "markdown", "junit", "sarif"] {
        let run = site.drift(&["--format", form]).exits(2);
        assert!(!run.stdout.contains("planted") && !run.stderr.contains("planted"), "{form}: {}", run.stdout);
    }
}

#[test]
fn an_ignore_file_counts_until_it_expires() {
    let site = Site::of(LAYOUT);
    let vpc = site.vpc();
    site.tag(&vpc, "Name", "renamed");
    site.tag(&vpc, "Owner", "me");
    site.allow("22", "10.1.0.0/16");
    let block = |attribute: &str, expires: &str| {
        format!(
            "ignore {{\n  address   = \"aws_vpc.*\"\n  attribute = \"{attribute}\"\n  reason    = \"a trial\"\n  expires   = \"{expires}\"\n}}\n"
        )
    };
    let group = "changed opens aws_security_group.web revert ingress".to_owned();
    site.world.write("net/drift.ignore.hcl", &block("tags[*Owner*]", "2999-01-01"));
    assert_eq!(site.found(2), [group.clone(), "changed cosmetic aws_vpc.v revert tags[\"Name\"]".into()]);
    // The file of the current directory counts as well.
    site.world.write("drift.ignore.hcl", &block("tags", "2999-01-01"));
    assert_eq!(site.found(2), std::slice::from_ref(&group));
    let document = site.json(2);
    assert_eq!(document["layouts"][0]["ignored"][0]["reason"], "a trial");

    let late = [block("tags", "2001-01-01"), block("cidr_block", "2999-01-01")].concat();
    site.world.write("drift.ignore.hcl", "");
    site.world.write("net/drift.ignore.hcl", &late);
    let said = site.drift(&[]).exits(2);
    assert!(said.stdout.contains("tags[\"Owner\"]"), "{}", said.stdout);
    let warned: Vec<&str> = said.stderr.lines().filter(|line| line.starts_with("warning")).collect();
    assert_eq!(
        warned,
        ["warning: An ignored drift has expired on 2001-01-01", "warning: An ignore block matches nothing"]
    );
    assert!(
        said.stderr.contains("drift.ignore.hcl:7:1") && said.stderr.contains("reason was: a trial."),
        "{}",
        said.stderr
    );

    // Another layout may have what the file of the current directory is about.
    site.world.write("drift.ignore.hcl", &block("cidr_block", "2999-01-01"));
    site.world.write("net/drift.ignore.hcl", "");
    assert!(!site.drift(&[]).exits(2).stderr.contains("matches nothing"));

    site.world.write("drift.ignore.hcl", "ignore {\n  address = \"aws_vpc.v\"\n}\n");
    let refused = site.drift(&[]).exits(1).stderr;
    assert!(refused.contains("reason") && refused.contains("expires"), "{refused}");

    std::fs::remove_file(site.world.path().join("drift.ignore.hcl")).expect("the file goes");
    // A file that cannot be read stays as it is.
    site.world.write("net/drift.ignore.hcl", "ignore {\n");
    site.drift(&["--write-ignore"]).exits(1);
    assert_eq!(site.world.read("net/drift.ignore.hcl"), "ignore {\n");
    let document = site.json(1);
    assert_eq!(document["layouts"][0]["status"], "failed");
    assert_eq!(document["summary"]["findings"], 0);
    std::fs::remove_file(site.world.path().join("net/drift.ignore.hcl")).expect("the file goes");
    site.drift(&["--write-ignore"]).exits(2);
    let written = site.world.read("net/drift.ignore.hcl");
    assert_eq!(written.matches("ignore {").count(), 3, "{written}");
    let silent = site.drift(&["--write-ignore"]).succeeds();
    assert!(silent.stdout.is_empty() && silent.stderr.contains("nothing to ignore"), "{}", silent.stderr);
    assert_eq!(site.world.read("net/drift.ignore.hcl"), written);
    assert_eq!(site.world.floorplan(&["fmt", "--check", "net"]).succeeds().stdout, "");
}

#[test]
fn a_layout_under_a_lock_is_not_judged_and_then_half_done() {
    let site = Site::of(LAYOUT);
    let more = "resource \"aws_subnet\" \"new\" {\n  vpc_id     = aws_vpc.v.id\n  cidr_block = \"10.0.3.0/24\"\n}\n";
    site.world.write("net/main.tf", &[LAYOUT, more].concat());
    let apply = ["apply", "net", "--sandbox", "--auto-approve"];
    site.world.forget_calls();
    site.world.hold("CreateSubnet", "after", 30.0);
    let mut run = site.world.command(&apply);
    let mut run = run.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it starts");
    site.world.wait_for("CreateSubnet");
    site.tag(&site.vpc(), "Name", "renamed");
    let document = site.json(0);
    assert_eq!(document["layouts"][0]["status"], "applying");
    assert!(
        document["layouts"][0]["by"].as_str().is_some_and(|by| by.starts_with("`floorplan apply` of")),
        "{document}"
    );
    let said = site.drift(&[]).succeeds().stdout;
    assert!(said.starts_with("net: apply in progress: `floorplan apply` of"), "{said}");
    run.kill().expect("it still runs");
    run.wait().expect("it ends");
    site.world.control("DELETE", "faults", None);

    let tag = "changed cosmetic aws_vpc.v revert tags[\"Name\"]";
    assert_eq!(site.found(2), ["half-done changes aws_subnet.new finish", tag]);
    let document = site.json(2);
    let note = document["layouts"][0]["findings"][0]["note"].as_str().unwrap_or_default();
    assert!(note.contains("was about to create it; subnet-") && note.ends_with(" is there"), "{note}");
    site.world.floorplan(&apply).succeeds();
    assert_eq!(site.found(0), [""; 0]);

    // An object that a killed run made is not unmanaged, and its deletion is not drift of its own.
    site.world.write("net/main.tf", LAYOUT);
    kill_at(&site.world, &apply, "DeleteSubnet", "after");
    assert_eq!(site.found(2).len(), 1);
    site.world.floorplan(&apply).succeeds();
    assert_eq!(site.found(0), [""; 0]);
}

#[test]
fn a_failed_apply_is_no_drift() {
    let site = Site::of(LAYOUT);
    let more = "resource \"aws_eip\" \"e\" {}\nresource \"aws_subnet\" \"bad\" {\n  vpc_id     = aws_vpc.v.id\n  cidr_block = \"10.0.9.0/24\"\n  depends_on = [aws_eip.e]\n}\n";
    site.world.write("net/main.tf", &[LAYOUT, more].concat());
    site.world.fail("CreateSubnet", "SubnetLimitExceeded", 400, 1);
    site.world.floorplan(&["apply", "net", "--sandbox", "--auto-approve"]).exits(1);
    assert_eq!(site.found(0), [""; 0]);
    site.tag(&site.vpc(), "Name", "renamed");
    assert_eq!(site.found(2), ["changed cosmetic aws_vpc.v revert tags[\"Name\"]"]);
}

#[test]
fn a_layout_that_cannot_be_read_is_an_error_in_every_form() {
    let site = Site::of(LAYOUT);
    site.world.fail("DescribeSubnets", "UnauthorizedOperation", 403, 9);
    let run = site.drift(&["--format", "junit"]).exits(1);
    assert!(run.stdout.contains("<error message=\"cannot be looked at: Cannot read aws_subnet"), "{}", run.stdout);
    assert!(run.stderr.contains("Cannot read aws_subnet from AWS"), "{}", run.stderr);
    let document = site.json(1);
    assert_eq!(document["layouts"][0]["diagnostics"][0]["code"], "aws");
    assert!(site.drift(&["--format", "sarif"]).exits(1).stdout.contains("\"executionSuccessful\": false"));
    site.world.control("DELETE", "faults", None);
    assert_eq!(site.found(0), [""; 0]);
}

#[test]
fn a_false_condition_hides_no_drift() {
    let look = r#"
data "aws_vpc" "v" {
  id = aws_vpc.v.id
  lifecycle {
    postcondition {
      condition     = self.tags["Name"] == "main"
      error_message = "The network has another name."
    }
  }
}
"#;
    let site = Site::of(&[LAYOUT, look].concat());
    assert_eq!(site.found(0), [""; 0]);
    site.tag(&site.vpc(), "Name", "renamed");
    assert_eq!(site.found(2), ["changed cosmetic aws_vpc.v revert tags[\"Name\"]"]);
    let document = site.json(2);
    assert_eq!(document["layouts"][0]["warnings"][0]["code"], "postcondition", "{document:#}");
    let said = site.drift(&[]).exits(2).stderr;
    assert!(said.contains("warning: Postcondition failed") && said.contains("has another name."), "{said}");
    // So does Terraform: a plan that changes nothing warns, one that would change something fails.
    let warned = site.world.floorplan(&["plan", "net", "--sandbox", "--refresh-only"]).succeeds();
    assert!(warned.stderr.contains("warning: Postcondition failed"), "{}", warned.stderr);
    let refused = site.world.floorplan(&["plan", "net", "--sandbox"]).exits(1);
    assert!(refused.stderr.contains("error: Postcondition failed"), "{}", refused.stderr);
}
