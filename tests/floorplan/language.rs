//! Parts of the language that only show in a whole run.

use crate::support::World;

const NETWORK: &str = r#"{
  "//": "made by a program",
  "provider": { "aws": { "region": "eu-west-1", "default_tags": { "tags": { "team": "net-${var.name}" } } } },
  "variable": { "name": { "type": "string", "default": "a" } },
  "resource": {
    "aws_vpc": { "main": { "cidr_block": "10.0.0.0/16", "tags": { "Name": "${var.name}" } } },
    "aws_security_group": {
      "web": {
        "name": "${var.name}-web",
        "vpc_id": "${aws_vpc.main.id}",
        "ingress": [
          { "from_port": 443, "to_port": 443, "protocol": "tcp", "cidr_blocks": ["10.0.0.0/8"], "description": "a" }
        ],
        "dynamic": {
          "egress": {
            "for_each": "${toset([\"10.1.0.0/16\"])}",
            "content": { "from_port": 0, "to_port": 0, "protocol": "-1", "cidr_blocks": ["${egress.value}"] }
          }
        },
        "timeouts": { "create": "5m" }
      }
    }
  },
  "output": { "vpc": { "value": "${aws_vpc.main.cidr_block}" } }
}"#;

#[test]
fn a_layout_in_json_with_an_override_applies_and_stays() {
    let world = World::start();
    world.write("json/main.tf.json", NETWORK);
    world.write("json/override.tf", "variable \"name\" {\n  default = \"b\"\n}\n");
    world.floorplan(&["apply", "json", "--sandbox", "--auto-approve"]).exits(0);
    let found = world.ec2("DescribeSecurityGroups", &[("Filter.1.Name", "group-name"), ("Filter.1.Value.1", "b-web")]);
    assert!(found.text().contains("10.1.0.0/16") && found.text().contains("10.0.0.0/8"), "{}", found.text());
    assert!(found.text().contains("net-b"), "{}", found.text());
    let again = world.floorplan(&["plan", "json", "--sandbox"]).exits(0);
    assert!(again.stdout.contains("No changes"), "{}", again.stdout);
}

const LIFECYCLES: &str = r#"
variable "protect" { default = true }
variable "on" { default = true }
variable "n" { default = 2 }
resource "terraform_data" "safe" {
  count = var.n
  input = "safe"
  lifecycle { prevent_destroy = var.protect }
}
resource "terraform_data" "kept" {
  count = var.n
  lifecycle { destroy = false }
}
resource "terraform_data" "maybe" {
  input = "there"
  lifecycle { enabled = var.on }
}
module "m" {
  source = "./m"
  old    = "x"
  lifecycle { enabled = var.on }
}
output "maybe" {
  value = terraform_data.maybe == null ? "nothing" : terraform_data.maybe.input
  type  = string
}
output "m"     { value = module.m == null ? toset(["nothing"]) : module.m.new }
output "n"     { value = module.m == null ? 0 : module.m.counted }
"#;

const CALLED: &str = r#"
variable "old" {
  default    = ""
  deprecated = "Use new."
}
output "new" {
  value      = convert([var.old], set(string))
  deprecated = "Use counted"
}
output "counted" {
  value = "7"
  type  = number
}
"#;

#[test]
fn a_lifecycle_protects_forgets_and_switches_off() {
    let world = World::start();
    world.write("life/main.tf", LIFECYCLES);
    world.write("life/m/main.tf", CALLED);
    let run = |command: &str, vars: &[&str]| {
        let mut arguments = vec![command, "life", "--sandbox"];
        arguments.extend(vars.iter().flat_map(|var| ["--var", var]));
        arguments.extend((command != "plan").then_some("--auto-approve"));
        world.floorplan(&arguments)
    };
    let first = run("apply", &[]).exits(0);
    assert!(first.stderr.contains("The variable \"old\" is deprecated"), "{}", first.stderr);
    assert!(first.stderr.contains("The output \"new\" is deprecated"), "{}", first.stderr);
    assert!(first.stdout.contains("\"there\""), "{}", first.stdout);
    // Terraform refuses both in the same way.
    let fewer = run("plan", &["n=1"]).exits(1);
    assert!(
        fewer.stderr.contains("The plan would delete it, but its lifecycle says prevent_destroy"),
        "{}",
        fewer.stderr
    );
    assert!(run("destroy", &[]).exits(1).stderr.contains("terraform_data.safe[0]"));
    let fewer = run("plan", &["n=1", "protect=false"]).exits(0);
    assert!(fewer.stdout.contains("because its lifecycle says destroy = false"), "{}", fewer.stdout);
    let off = run("apply", &["on=false"]).exits(0);
    assert!(off.stdout.contains("\"nothing\""), "{}", off.stdout);
    let both = world.read("life/main.tf").replace("input = \"there\"", "count = 1");
    world.write("life/main.tf", &both);
    let said = run("plan", &[]).exits(1);
    assert!(said.stderr.contains("\"enabled\" beside \"count\" or \"for_each\""), "{}", said.stderr);
}

const RULES: &str = r#"
provider "aws" { region = "eu-west-1" }
resource "aws_vpc" "v" { cidr_block = "10.0.0.0/16" }
resource "aws_security_group" "g" {
  name   = "g"
  vpc_id = aws_vpc.v.id
}
"#;

#[test]
fn objects_move_to_the_type_that_describes_them_now() {
    let world = World::start();
    let old = r#"
resource "aws_security_group_rule" "r" {
  type              = "ingress"
  security_group_id = aws_security_group.g.id
  protocol          = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_blocks       = ["10.0.0.0/8"]
}
resource "null_resource" "n" { triggers = { a = "1" } }
"#;
    let new = r#"
resource "aws_vpc_security_group_ingress_rule" "r" {
  security_group_id = aws_security_group.g.id
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_ipv4         = "10.0.0.0/8"
}
resource "terraform_data" "n" { triggers_replace = { a = "1" } }
moved {
  from = aws_security_group_rule.r
  to   = aws_vpc_security_group_ingress_rule.r
}
moved {
  from = null_resource.n
  to   = terraform_data.n
}
"#;
    world.write("net/main.tf", &format!("{RULES}{old}"));
    world.floorplan(&["apply", "net", "--sandbox", "--auto-approve"]).succeeds();
    world.forget_calls();
    world.write("net/main.tf", &format!("{RULES}{new}"));
    let plan = world.floorplan(&["plan", "net", "--sandbox"]).succeeds().stdout;
    assert!(plan.contains("0 to add, 0 to change, 0 to replace, 0 to destroy"), "{plan}");
    world.floorplan(&["apply", "net", "--sandbox", "--auto-approve"]).succeeds();
    assert_eq!(world.writes(), Vec::<String>::new());
    world.floorplan(&["plan", "net", "--sandbox", "--detailed-exitcode"]).exits(0);
}

#[test]
fn a_module_imports_what_its_instances_hold() {
    let world = World::start();
    world.write("maker/main.tf", "provider \"aws\" { region = \"eu-west-1\" }\nresource \"aws_vpc\" \"v\" {\n  count = 2\n  cidr_block = \"10.${count.index}.0.0/16\"\n}\noutput \"ids\" { value = join(\",\", aws_vpc.v[*].id) }\n");
    world.floorplan(&["apply", "maker", "--sandbox", "--auto-approve"]).succeeds();
    let ids = world.floorplan(&["output", "maker", "--raw", "ids"]).succeeds().stdout;
    let ids: Vec<&str> = ids.trim().split(',').collect();
    let main = format!(
        "provider \"aws\" {{ region = \"eu-west-1\" }}\nmodule \"m\" {{\n  source   = \"./m\"\n  for_each = {{ a = \"{}\", b = \"{}\" }}\n  id       = each.value\n  cidr     = each.key == \"a\" ? \"10.0.0.0/16\" : \"10.1.0.0/16\"\n}}\n",
        ids[0], ids[1]
    );
    world.write("net/main.tf", &main);
    let module = |import: &str| {
        format!(
            "variable \"id\" {{}}\nvariable \"cidr\" {{}}\nresource \"aws_vpc\" \"v\" {{ cidr_block = var.cidr }}\nimport {{\n  to = aws_vpc.v\n  {import}\n}}\n"
        )
    };
    for import in ["id = var.id", "identity = { id = var.id, region = \"eu-west-1\", account_id = null }"] {
        world.write("net/m/main.tf", &module(import));
        let plan = world.floorplan(&["plan", "net", "--sandbox"]).succeeds().stdout;
        assert!(plan.contains("2 to import, 0 to add"), "{plan}");
    }
    world.write("net/m/main.tf", &module("identity = { name = \"x\" }"));
    let said = world.floorplan(&["plan", "net", "--sandbox"]).exits(1).stderr;
    assert!(said.contains("aws_vpc is identified by its id"), "{said}");
}

const EPHEMERAL: &str = r#"
provider "aws" { region = "eu-west-1" }
variable "password" {
  type      = string
  ephemeral = true
}
locals { login = "me:${var.password}" }
resource "aws_secretsmanager_secret" "s" { name = "s" }
resource "aws_secretsmanager_secret_version" "v" {
  secret_id                = aws_secretsmanager_secret.s.id
  secret_string_wo         = local.login
  secret_string_wo_version = 1
}
output "none" { value = ephemeralasnull(var.password) == null }
"#;

#[test]
fn an_ephemeral_variable_is_never_stored() {
    let world = World::start();
    world.write("net/main.tf", EPHEMERAL);
    world.floorplan(&["plan", "net", "--sandbox", "--var", "password=hunter22", "--out", "p.plan"]).succeeds();
    let file = std::fs::read(world.path().join("p.plan")).unwrap();
    assert!(!String::from_utf8_lossy(&file).contains("hunter22"));
    let without = world.floorplan(&["apply", "p.plan", "--sandbox", "--auto-approve"]).exits(1);
    assert!(without.stderr.contains("password"), "{}", without.stderr);
    let applied = world.floorplan(&["apply", "p.plan", "--sandbox", "--auto-approve", "--var", "password=hunter22"]);
    assert!(applied.succeeds().stdout.contains("true"));
    let secret = world.json("secretsmanager", "secretsmanager.GetSecretValue", serde_json::json!({ "SecretId": "s" }));
    assert_eq!(secret["SecretString"], "me:hunter22");
    let state = world.read("net/state/net/state.json");
    assert!(!state.contains("hunter22"), "{state}");
}

/// Terraform 1.11 refuses each of these.
#[test]
fn an_ephemeral_value_goes_nowhere_where_it_would_be_stored() {
    let world = World::start();
    world.write("net/m/main.tf", "variable \"plain\" {}\noutput \"plain\" { value = var.plain }\n");
    for (more, said) in [
        ("output \"o\" { value = local.login }", "An output that is not ephemeral is stored"),
        ("output \"o\" {\n  value = 1\n  ephemeral = true\n}", "Ephemeral output of the root module"),
        (
            "module \"m\" {\n  source = \"./m\"\n  plain  = var.password\n}",
            "The variable \"plain\" of the module is stored",
        ),
        ("resource \"aws_vpc\" \"v\" { cidr_block = var.password }", "The argument \"cidr_block\" is stored"),
        ("resource \"aws_db_instance\" \"d\" {\n  instance_class = \"x\"\n  password = local.login\n}", "password_wo"),
        (
            "resource \"terraform_data\" \"c\" { count = var.password == \"\" ? 1 : 0 }",
            "The number of instances is stored",
        ),
    ] {
        world.write("net/main.tf", &format!("{EPHEMERAL}{more}\n"));
        let run = world.floorplan(&["plan", "net", "--sandbox", "--var", "password=hunter22"]).exits(1);
        assert!(
            run.stderr.contains("would be stored") || run.stderr.contains("Ephemeral output"),
            "{more}: {}",
            run.stderr
        );
        assert!(run.stderr.contains(said), "{more}: {}", run.stderr);
    }
}

#[test]
fn a_file_of_this_machine_is_written_kept_and_removed() {
    let world = World::start();
    let main = r#"
resource "tls_private_key" "k" {
  algorithm   = "ECDSA"
  ecdsa_curve = "P256"
}
resource "tls_self_signed_cert" "c" {
  private_key_pem       = tls_private_key.k.private_key_pem
  validity_period_hours = 12
  allowed_uses          = ["server_auth"]
  subject { common_name = "example.com" }
}
resource "local_sensitive_file" "k" {
  filename = "${path.module}/out/key.pem"
  content  = tls_private_key.k.private_key_pem
}
resource "local_file" "c" {
  filename = "${path.module}/out/cert.pem"
  content  = tls_self_signed_cert.c.cert_pem
}
data "local_file" "c" {
  filename   = local_file.c.filename
  depends_on = [local_file.c]
}
output "same" { value = data.local_file.c.content == tls_self_signed_cert.c.cert_pem }
"#;
    world.write("net/main.tf", main);
    let run = |command: &str| world.floorplan(&[command, "net", "--auto-approve"]).succeeds();
    assert!(run("apply").stdout.contains("true"));
    assert!(world.read("net/out/key.pem").contains("EC PRIVATE KEY"));
    assert!(world.read("net/out/cert.pem").contains("BEGIN CERTIFICATE"));
    world.floorplan(&["plan", "net", "--detailed-exitcode"]).exits(0);
    world.write("net/out/cert.pem", "changed");
    world.floorplan(&["plan", "net", "--detailed-exitcode"]).exits(2);
    run("apply");
    assert!(world.read("net/out/cert.pem").contains("BEGIN CERTIFICATE"));
    run("destroy");
    assert!(!world.path().join("net/out/cert.pem").exists());
}

#[test]
fn ephemeral_blocks_are_read_each_time_and_never_stored() {
    let world = World::start();
    let main = r#"
provider "aws" { region = "eu-west-1" }
resource "aws_secretsmanager_secret" "a" { name = "a" }
ephemeral "random_password" "p" { length = 20 }
resource "aws_secretsmanager_secret_version" "a" {
  secret_id                = aws_secretsmanager_secret.a.id
  secret_string_wo         = ephemeral.random_password.p.result
  secret_string_wo_version = 1
}
"#;
    let more = r#"
ephemeral "aws_secretsmanager_secret_version" "a" { secret_id = aws_secretsmanager_secret.a.id }
resource "aws_secretsmanager_secret" "b" { name = "b" }
resource "aws_secretsmanager_secret_version" "b" {
  secret_id                = aws_secretsmanager_secret.b.id
  secret_string_wo         = "again ${ephemeral.aws_secretsmanager_secret_version.a.secret_string}"
  secret_string_wo_version = 1
}
"#;
    let value = |name: &str| {
        let asked = serde_json::json!({ "SecretId": name });
        world.json("secretsmanager", "secretsmanager.GetSecretValue", asked)["SecretString"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    world.write("net/main.tf", main);
    world.floorplan(&["apply", "net", "--sandbox", "--auto-approve"]).succeeds();
    let first = value("a");
    assert_eq!(first.len(), 20);
    world.floorplan(&["plan", "net", "--sandbox", "--detailed-exitcode"]).exits(0);
    world.write("net/main.tf", &format!("{main}{more}"));
    world.floorplan(&["plan", "net", "--sandbox", "--out", "p.plan"]).succeeds();
    let file = std::fs::read(world.path().join("p.plan")).unwrap();
    assert!(!String::from_utf8_lossy(&file).contains(&first));
    world.floorplan(&["apply", "p.plan", "--sandbox", "--auto-approve"]).succeeds();
    assert_eq!(value("b"), format!("again {first}"));
    assert!(!world.read("net/state/net/state.json").contains(&first));
    world.write("net/main.tf", &format!("{main}output \"o\" {{ value = ephemeral.random_password.p.result }}\n"));
    let said = world.floorplan(&["plan", "net", "--sandbox"]).exits(1).stderr;
    assert!(said.contains("An output that is not ephemeral is stored"), "{said}");
}
