//! Small layouts that strangers tried, one per fault that they found; `tests/data/cases` has them as they were.

use super::support::{Run, World, copy};
use std::path::Path;

/// A world with the case `name`.
fn case(name: &str) -> World {
    let world = World::start();
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/cases");
    copy(&cases.join(name), &world.path().join("case"));
    world
}

/// The world after the first step of a case; the second is in place.
fn second_step(name: &str) -> World {
    let world = case(name);
    copy(&world.path().join("case/1"), &world.path().join("net"));
    apply(&world, "net");
    copy(&world.path().join("case/2"), &world.path().join("net"));
    world
}

fn plan(world: &World, layout: &str) -> Run {
    world.floorplan(&["plan", layout, "--sandbox"]).succeeds()
}

fn apply(world: &World, layout: &str) -> Run {
    world.floorplan(&["apply", layout, "--sandbox", "--auto-approve"]).succeeds()
}

fn unchanged(world: &World, layout: &str) {
    world.floorplan(&["plan", layout, "--sandbox", "--detailed-exitcode"]).exits(0);
}

/// Applies, plans without a difference, destroys.
fn lives(world: &World) {
    apply(world, "case");
    unchanged(world, "case");
    world.floorplan(&["destroy", "case", "--sandbox", "--auto-approve"]).succeeds();
}

/// Makes a VPC in a region and puts its id in the place of another.
fn imported_vpc(world: &World, region: &str, range: &str, instead: &str) -> String {
    let maker = format!(
        "provider \"aws\" {{ region = {region:?} }}\nresource \"aws_vpc\" \"v\" {{ cidr_block = {range:?} }}\n\
         output \"id\" {{ value = aws_vpc.v.id }}\n"
    );
    world.write("maker/main.tf", &maker);
    apply(world, "maker");
    let made = world.floorplan(&["output", "maker", "--raw", "id"]).succeeds().stdout;
    world.floorplan(&["state", "rm", "maker", "aws_vpc.v"]).succeeds();
    let text = world.read("case/main.tf").replace(instead, &made);
    world.write("case/main.tf", &text);
    made
}

#[test]
fn backend_not_silent() {
    let world = case("backend-not-silent");
    let run = world.floorplan(&["plan", "case", "--sandbox"]).exits(1);
    assert!(run.stderr.contains("s3://tfstate/net/terraform.tfstate"), "{}", run.stderr);
    let local = world.floorplan(&["plan", "case", "--sandbox", "--state", "state"]).succeeds();
    assert!(local.stderr.contains("The state that the layout names is not used"), "{}", local.stderr);
}

#[test]
fn bare_collection_types() {
    let world = case("bare-collection-types");
    let plan = plan(&world, "case");
    assert!(plan.stdout.contains("a = [\n"), "{}", plan.stdout);
}

#[test]
fn default_tag_renamed() {
    let world = second_step("default-tag-renamed");
    let plan = plan(&world, "net");
    assert!(plan.stdout.contains("tags_all"), "{}", plan.stdout);
    assert!(!plan.stdout.contains("outside"), "{}", plan.stdout);
    apply(&world, "net");
    unchanged(&world, "net");
}

/// What provider 6 dropped and modules still write.
#[test]
fn dropped_arguments() {
    let world = World::start();
    let layout = |given: &str| {
        format!(
            "variable \"given\" {{ default = {given} }}\nresource \"aws_vpc\" \"v\" {{\n  \
             cidr_block = \"10.0.0.0/16\"\n  enable_classiclink = var.given\n}}\n"
        )
    };
    world.write("case/main.tf", &layout("null"));
    let silent = plan(&world, "case");
    assert!(!silent.stderr.contains("classiclink"), "{}", silent.stderr);
    world.write("case/main.tf", &layout("false"));
    let said = plan(&world, "case");
    assert!(said.stderr.contains("\"enable_classiclink\" has no effect"), "{}", said.stderr);
    lives(&world);
}

/// An empty text means that nothing is given; what only AWS can judge is a warning.
#[test]
fn doubtful_values() {
    let world = World::start();
    let layout = r#"
resource "aws_vpc_dhcp_options" "o" {
  domain_name       = "example.org"
  netbios_node_type = ""
}
resource "aws_vpc" "v" { cidr_block = "10.0.0.0/16" }
resource "aws_subnet" "s" {
  vpc_id     = aws_vpc.v.id
  cidr_block = "10.0.0.0/24"
}
resource "aws_lb" "n" {
  name                       = "n"
  load_balancer_type         = "network"
  internal                   = true
  subnets                    = [aws_subnet.s.id]
  drop_invalid_header_fields = true
}
resource "aws_db_instance" "d" {
  identifier          = "d"
  engine              = "postgres"
  instance_class      = "db.t3.micro"
  allocated_storage   = 10
  username            = "app"
  password            = "Passw0rd-123"
  skip_final_snapshot = true
}
"#;
    world.write("case/main.tf", layout);
    let said = plan(&world, "case");
    for name in ["allocated_storage", "drop_invalid_header_fields"] {
        assert!(said.stderr.contains(&format!("warning: Doubtful value for {name:?}")), "{}", said.stderr);
    }
    world.write("case/main.tf", &layout.replace("= 10\n", "= 20\n"));
    lives(&world);
}

#[test]
fn dynamic_timeouts() {
    let world = case("dynamic-timeouts");
    world.floorplan(&["validate", "case"]).succeeds();
    plan(&world, "case");
    world.floorplan(&["plan", "case", "--sandbox", "--var", "t=20m"]).succeeds();
    let wrong = world.floorplan(&["plan", "case", "--sandbox", "--var", "t=soon"]).exits(1);
    assert!(wrong.stderr.contains("Invalid timeout \"create\""), "{}", wrong.stderr);
}

/// Terraform 1.11 finds nothing wrong with this either.
#[test]
fn dynamic_content_never_made() {
    let world = World::start();
    let layout = r#"
variable "on" { default = false }
resource "aws_security_group" "a" {
  dynamic "ingress" {
    for_each = var.on ? [1] : []
    content {
      from_port = var.nope
      to_port   = rule.value.to
      protocol  = nosuch(local.nope)
    }
  }
}
"#;
    world.write("case/main.tf", layout);
    plan(&world, "case");
    let wrong = world.floorplan(&["plan", "case", "--sandbox", "--var", "on=true"]).exits(1);
    for name in ["variable \"nope\"", "resource rule.value", "function named \"nosuch\""] {
        assert!(wrong.stderr.contains(name), "{}", wrong.stderr);
    }
}

#[test]
fn import_block() {
    let world = case("import-block");
    let id = imported_vpc(&world, "eu-west-1", "10.77.0.0/16", "vpc-2585c375be69060bf");
    let plan = plan(&world, "case");
    assert!(plan.stdout.contains("1 to import"), "{}", plan.stdout);
    world.forget_calls();
    apply(&world, "case");
    assert_eq!(world.writes(), Vec::<String>::new());
    assert_eq!(world.ids("DescribeVpcs", "vpcId", &[("cidr", "10.77.0.0/16")]), [id]);
    unchanged(&world, "case");
}

#[test]
fn import_block_alias() {
    let world = case("import-block-alias");
    imported_vpc(&world, "us-east-1", "10.78.0.0/16", "vpc-e093d2f88b0fd0c03");
    world.forget_calls();
    apply(&world, "case");
    assert_eq!(world.writes(), Vec::<String>::new());
    unchanged(&world, "case");
}

#[test]
fn import_module_for_each() {
    let world = case("import-module-for-each");
    for instead in ["vpc-11111111", "vpc-22222222"] {
        imported_vpc(&world, "eu-west-1", "10.0.0.0/16", instead);
    }
    let plan = plan(&world, "case");
    assert!(plan.stdout.contains("2 to import"), "{}", plan.stdout);
    world.forget_calls();
    apply(&world, "case");
    assert_eq!(world.writes(), Vec::<String>::new());
    unchanged(&world, "case");
}

#[test]
fn library_module() {
    case("library-module").floorplan(&["validate", "case"]).succeeds();
}

#[test]
fn local_exec() {
    let world = case("local-exec");
    let layout = r#"
variable "exit" { default = 0 }
resource "terraform_data" "x" {
  for_each = toset(["k"])
  input    = var.exit
  provisioner "local-exec" { command = "echo made ${each.key} ${self.input} $WORD >> log; exit ${var.exit}" }
  provisioner "local-exec" {
    when       = destroy
    on_failure = continue
    command    = "echo gone ${each.key} >> ${path.module}/log; exit 3"
  }
}
"#;
    let layout =
        layout.replace("{ command = \"echo made", "{\n environment = { WORD = \"w\" }\n command = \"echo made");
    let layout = layout.replace("exit ${var.exit}\" }", "exit ${var.exit}\"\n }");
    let planned = plan(&world, "case");
    assert!(planned.stderr.contains("terraform_data.x when it is created: echo hi"), "{}", planned.stderr);
    world.write("case/main.tf", &layout);
    world.floorplan(&["apply", "case", "--sandbox", "--auto-approve", "--no-provisioners"]).exits(3);
    world.floorplan(&["apply", "case", "--sandbox", "--auto-approve", "--var", "exit=1"]).exits(1);
    let damaged = plan(&world, "case");
    assert!(damaged.stdout.contains("1 to replace"), "{}", damaged.stdout);
    apply(&world, "case");
    unchanged(&world, "case");
    assert_eq!(world.read("case/log"), "made k 1 w\nmade k 0 w\n");
    world.floorplan(&["destroy", "case", "--sandbox", "--auto-approve"]).succeeds();
    assert_eq!(world.read("case/log"), "made k 1 w\nmade k 0 w\ngone k\n");
}

#[test]
fn managed_rule_version() {
    let world = second_step("managed-rule-version");
    world.floorplan(&["plan", "net", "--sandbox", "--detailed-exitcode"]).exits(2);
    world.forget_calls();
    apply(&world, "net");
    assert_eq!(world.writes(), ["UpdateWebACL"]);
    unchanged(&world, "net");
}

#[test]
fn moved_in_module() {
    let world = second_step("moved-in-module");
    let plan = plan(&world, "net");
    let says = "module.edge.terraform_data.web";
    assert!(plan.stdout.contains("1 to move") && plan.stdout.contains(says), "{}", plan.stdout);
    apply(&world, "net");
    unchanged(&world, "net");
}

#[test]
fn nacl_iana_names() {
    lives(&case("nacl-iana-names"));
}

#[test]
fn one_error_not_fifty() {
    let world = case("one-error-not-fifty");
    let run = world.floorplan(&["validate", "case"]).exits(1);
    assert_eq!(run.stderr.matches("error: ").count(), 1, "{}", run.stderr);
    assert!(run.stderr.contains("variable \"nope\""), "{}", run.stderr);
    world.write("case/main.tf", "module \"m\" { source = \"./m\" }\n");
    let unused = plan(&world, "case");
    assert!(unused.stderr.contains("warning: Types that are not served"), "{}", unused.stderr);
    world.floorplan(&["validate", "case"]).succeeds();
}

#[test]
fn other_tools_files() {
    lives(&case("other-tools-files"));
}

#[test]
fn protocol_all_with_ports() {
    let world = case("protocol-all-with-ports");
    let run = world.floorplan(&["plan", "case", "--sandbox"]).exits(1);
    assert!(run.stderr.contains("All traffic (protocol -1) has no ports"), "{}", run.stderr);
}

#[test]
fn removed_in_module() {
    let world = second_step("removed-in-module");
    let plan = plan(&world, "net");
    assert!(plan.stdout.contains("1 to forget") && plan.stdout.contains("0 to destroy"), "{}", plan.stdout);
}

#[test]
fn sandbox_ipv6_only_subnet() {
    lives(&case("sandbox-ipv6-only-subnet"));
}

#[test]
fn sandbox_mixed_instances() {
    let world = case("sandbox-mixed-instances");
    apply(&world, "case");
    let weighted = world
        .read("case/main.tf")
        .replace(
            "override { instance_type = \"t3.nano\" }",
            "override {\n        instance_type     = \"t3.nano\"\n        weighted_capacity = \"2\"\n      }",
        )
        .replace("max_size            = 1", "max_size            = 8")
        .replace("desired_capacity    = 1", "desired_capacity    = 4");
    world.write("case/main.tf", &weighted);
    lives(&world);
}

#[test]
fn sandbox_rds_windows_touch() {
    lives(&case("sandbox-rds-windows-touch"));
}

#[test]
fn sandbox_regex_values() {
    let world = case("sandbox-regex-values");
    // The case names a listener that is not there; this one is.
    let own = r#"
resource "aws_vpc" "v" { cidr_block = "10.0.0.0/16" }
resource "aws_subnet" "s" {
  count             = 2
  vpc_id            = aws_vpc.v.id
  cidr_block        = "10.0.${count.index}.0/24"
  availability_zone = "eu-west-1${["a", "b"][count.index]}"
}
resource "aws_lb" "x" {
  name     = "x"
  internal = true
  subnets  = aws_subnet.s[*].id
}
resource "aws_lb_listener" "x" {
  load_balancer_arn = aws_lb.x.arn
  port              = 80
  default_action {
    type = "fixed-response"
    fixed_response {
      content_type = "text/plain"
      status_code  = "404"
    }
  }
}
"#;
    let text = world.read("case/main.tf").replace("= var.listener", "= aws_lb_listener.x.arn");
    world.write("case/main.tf", &(text + own));
    lives(&world);
    let rule = world.calls().into_iter().find(|call| call.action == "CreateRule").expect("a rule is made");
    assert_eq!(rule.parameters["Conditions.member.1.HttpHeaderConfig.RegexValues.member.1"], "^yes$");
}

#[test]
fn sensitive_count() {
    let world = case("sensitive-count");
    let planned = world.floorplan(&["plan", "case", "--sandbox", "--var", "psk=given"]).succeeds();
    assert!(planned.stdout.contains("1 to add"), "{}", planned.stdout);
    plan(&world, "case");
    let keys = world.read("case/main.tf").replace("var.create && local.given ? 1 : 0", "toset([var.psk])");
    let keys = keys.replace("count ", "for_each ");
    world.write("case/main.tf", &keys);
    let refused = world.floorplan(&["plan", "case", "--sandbox"]).exits(1);
    assert!(refused.stderr.contains("they cannot be sensitive"), "{}", refused.stderr);
}

#[test]
fn stale_computed() {
    let world = second_step("stale-computed");
    apply(&world, "net");
    let output = |name: &str| world.floorplan(&["output", "net", name]).succeeds().stdout.trim().to_owned();
    assert_eq!(output("prefix_version"), "2");
    assert_eq!(output("inside"), "\"169.254.43.1\"");
    assert_eq!(output("eip_private"), "\"10.13.1.20\"");
    assert_eq!(output("eni_count"), "1");
    unchanged(&world, "net");
}

#[test]
fn undeclared_alias() {
    let world = case("undeclared-alias");
    let run = plan(&world, "case");
    assert!(run.stderr.contains("does not declare a provider aws.dns"), "{}", run.stderr);
}

#[test]
fn unknown_count_body() {
    case("unknown-count-body").floorplan(&["validate", "case"]).succeeds();
}
