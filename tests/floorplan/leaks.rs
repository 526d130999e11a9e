//! No secret leaves the program: secrets that can be recognised are planted in a layout, everything
//! that a person or a pipeline does with it is done, and what comes out is searched for them.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::certificate::sign;
use super::support::{Run, World};

/// A secret and a block that holds it as the argument of its type: one line per sensitive argument.
/// `SECRET` stands for the secret. Each block is found by its secret's last word as its name.
const PLANTED: &[(&str, &str)] = &[
    (
        "planted-secret-literal",
        r#"resource "aws_secretsmanager_secret_version" "literal" {
             secret_id     = aws_secretsmanager_secret.own.id
             secret_string = "SECRET"
           }"#,
    ),
    (
        "planted-secret-hidden",
        r#"resource "aws_secretsmanager_secret_version" "hidden" {
             secret_id                = aws_secretsmanager_secret.own.id
             secret_string_wo         = "SECRET"
             secret_string_wo_version = 1
           }"#,
    ),
    (
        "planted-secret-bytes",
        r#"resource "aws_secretsmanager_secret_version" "bytes" {
             secret_id     = aws_secretsmanager_secret.own.id
             secret_binary = base64encode("SECRET")
           }"#,
    ),
    (
        "planted-secret-variable",
        r#"variable "variable" {
             type      = string
             sensitive = true
             default   = "SECRET"
           }
           resource "aws_secretsmanager_secret_version" "variable" {
             secret_id     = aws_secretsmanager_secret.own.id
             secret_string = jsonencode({ user = "db", password = var.variable })
           }
           resource "aws_vpc" "variable" {
             cidr_block = "10.0.0.0/16"
             tags       = { Note = "the password is ${var.variable}" }
           }
           output "variable" {
             value     = { said = "it is ${var.variable}", encoded = base64encode(var.variable) }
             sensitive = true
           }"#,
    ),
    (
        "planted.secret.psk",
        r#"resource "aws_customer_gateway" "office" {
             bgp_asn    = 65000
             ip_address = "203.0.113.10"
             type       = "ipsec.1"
           }
           resource "aws_vpn_gateway" "office" {}
           resource "aws_vpn_connection" "psk" {
             customer_gateway_id   = aws_customer_gateway.office.id
             vpn_gateway_id        = aws_vpn_gateway.office.id
             type                  = "ipsec.1"
             static_routes_only    = true
             tunnel1_preshared_key = "SECRET"
           }"#,
    ),
    (
        "planted-secret-database",
        r#"resource "aws_db_instance" "database" {
             identifier          = "orders"
             engine              = "postgres"
             engine_version      = "16"
             instance_class      = "db.t4g.micro"
             allocated_storage   = 20
             username            = "orders"
             password            = "SECRET"
             skip_final_snapshot = true
           }"#,
    ),
    (
        "planted-secret-rule",
        r#"resource "aws_subnet" "rule" {
             for_each          = { a = 0, b = 1 }
             vpc_id            = aws_vpc.variable.id
             availability_zone = "eu-west-1${each.key}"
             cidr_block        = cidrsubnet(aws_vpc.variable.cidr_block, 8, each.value)
           }
           resource "aws_acm_certificate" "rule" {
             certificate_body = file("${path.module}/certificate.pem")
             private_key      = file("${path.module}/key.pem")
           }
           resource "aws_lb" "rule" {
             internal = true
             subnets  = [for subnet in aws_subnet.rule : subnet.id]
           }
           resource "aws_lb_target_group" "rule" {
             port     = 80
             protocol = "HTTP"
             vpc_id   = aws_vpc.variable.id
           }
           resource "aws_lb_listener" "rule" {
             load_balancer_arn = aws_lb.rule.arn
             port              = 443
             protocol          = "HTTPS"
             certificate_arn   = aws_acm_certificate.rule.arn
             default_action {
               type = "authenticate-oidc"
               authenticate_oidc {
                 authorization_endpoint = "https://login.example/authorize"
                 client_id              = "shop"
                 client_secret          = "SECRET"
                 issuer                 = "https://login.example"
                 token_endpoint         = "https://login.example/token"
                 user_info_endpoint     = "https://login.example/user"
               }
             }
             default_action {
               type             = "forward"
               target_group_arn = aws_lb_target_group.rule.arn
             }
           }"#,
    ),
    (
        "planted-secret-server",
        r##"variable "server" {
             type      = string
             sensitive = true
             default   = "SECRET"
           }
           data "aws_ami" "server" {
             most_recent = true
             owners      = ["amazon"]
             name_regex  = "^al2023-ami-2023"
             filter {
               name   = "architecture"
               values = ["x86_64"]
             }
           }
           resource "aws_subnet" "server" {
             vpc_id     = aws_vpc.variable.id
             cidr_block = "10.0.9.0/24"
           }
           resource "aws_instance" "server" {
             ami           = data.aws_ami.server.id
             instance_type = "t3.micro"
             subnet_id     = aws_subnet.server.id
             user_data     = templatefile("${path.module}/start.tpl", { password = var.server })
           }
           resource "aws_instance" "encoded" {
             ami              = data.aws_ami.server.id
             instance_type    = "t3.micro"
             subnet_id        = aws_subnet.server.id
             user_data_base64 = base64encode("#!/bin/sh\nexport PASSWORD=${var.server}\n")
           }
           resource "aws_launch_template" "server" {
             image_id      = data.aws_ami.server.id
             instance_type = "t3.micro"
             user_data     = base64encode("#!/bin/bash\nexport PASSWORD='${var.server}'\n")
           }
           resource "aws_instance" "templated" {
             subnet_id = aws_subnet.server.id
             launch_template {
               id      = aws_launch_template.server.id
               version = aws_launch_template.server.latest_version
             }
           }
           data "aws_instance" "server" {
             instance_id   = aws_instance.server.id
             get_user_data = true
           }
           output "server" {
             value     = { data = data.aws_instance.server.user_data_base64, own = aws_instance.server.user_data_base64 }
             sensitive = true
           }"##,
    ),
    (
        "planted-secret-policy",
        r#"variable "policy" {
             type      = string
             sensitive = true
             default   = "SECRET"
           }
           data "aws_iam_policy_document" "policy" {
             statement {
               actions   = ["s3:GetObject"]
               resources = ["*"]
               condition {
                 test     = "StringEquals"
                 variable = "aws:PrincipalTag/token"
                 values   = [var.policy]
               }
             }
           }
           resource "aws_iam_policy" "policy" {
             name   = "planted"
             policy = data.aws_iam_policy_document.policy.minified_json
           }
           resource "aws_iam_role" "policy" {
             name = "planted"
             assume_role_policy = jsonencode({
               Version = "2012-10-17"
               Statement = [{
                 Effect    = "Allow"
                 Action    = "sts:AssumeRole"
                 Principal = { Service = "ec2.amazonaws.com" }
                 Condition = { StringEquals = { "sts:ExternalId" = var.policy } }
               }]
             })
           }
           resource "aws_iam_role_policy" "policy" {
             name   = "planted"
             role   = aws_iam_role.policy.id
             policy = data.aws_iam_policy_document.policy.minified_json
           }
           resource "aws_iam_role" "shows" {
             name               = "shows"
             description        = "first"
             assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" } }] })
           }
           resource "aws_iam_role_policy" "shown" {
             name   = "planted"
             role   = aws_iam_role.shows.name
             policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = ["s3:GetObject"], Resource = ["*"], Condition = { StringEquals = { "aws:PrincipalTag/token" = [var.policy] } } }] })
           }
           data "aws_iam_policy" "policy" {
             arn = aws_iam_policy.policy.arn
           }
           data "aws_iam_role" "policy" {
             name       = "planted"
             depends_on = [aws_iam_role.policy]
           }
           resource "aws_security_group" "shows" {
             name   = "shows"
             vpc_id = aws_vpc.variable.id
             tags   = { Order = "first" }
           }
           resource "aws_vpc_security_group_ingress_rule" "shown" {
             security_group_id = aws_security_group.shows.id
             description       = var.policy
             ip_protocol       = "tcp"
             from_port         = 443
             to_port           = 443
             cidr_ipv4         = "10.0.0.0/8"
           }
           resource "aws_security_group_rule" "shown" {
             security_group_id = aws_security_group.shows.id
             type              = "egress"
             description       = "for ${var.policy}"
             protocol          = "tcp"
             from_port         = 443
             to_port           = 443
             cidr_blocks       = ["10.0.0.0/8"]
           }
           data "aws_vpc" "shows" {
             id = aws_vpc.variable.id
           }
           data "aws_kms_key" "shows" {
             key_id = aws_kms_key.outside.key_id
           }
           resource "aws_db_parameter_group" "policy" {
             name   = "planted"
             family = "postgres16"
             parameter {
               name  = "search_path"
               value = var.policy
             }
           }"#,
    ),
    (
        "planted-secret-outside",
        r#"data "aws_secretsmanager_secret_version" "outside" {
             secret_id = "outside"
           }
           resource "aws_kms_key" "outside" {
             description = data.aws_secretsmanager_secret_version.outside.secret_string
           }
           output "outside" {
             value     = data.aws_secretsmanager_secret_version.outside.secret_string
             sensitive = true
           }"#,
    ),
];

const LAYOUT: &str = r#"
resource "aws_secretsmanager_secret" "own" {
  name                    = "own"
  recovery_window_in_days = 0
  description             = "first"
}
"#;

/// Every form in which a secret could come out.
fn forms() -> Vec<(&'static str, String)> {
    // Inside of a longer text, base64 begins with any of three bits.
    let encoded = |secret: &str, before: usize| {
        let text = STANDARD.encode(format!("{}{secret}", " ".repeat(before)));
        let inner = &text[[0, 2, 3][before]..];
        inner[..(secret.len() * 4 - 4) / 3].to_owned()
    };
    let all =
        |secret: &str| (0..3).map(|before| encoded(secret, before)).chain([secret.to_owned()]).collect::<Vec<_>>();
    PLANTED.iter().flat_map(|(secret, _)| all(secret).into_iter().map(move |form| (*secret, form))).collect()
}

struct Planted {
    world: World,
    forms: Vec<(&'static str, String)>,
}

/// What makes a certificate's private key known: a line of it, and the whole in base64.
fn forms_of_key(pem: &str) -> [(&'static str, String); 2] {
    let line = pem.lines().nth(1).expect("a key of several lines");
    [("the private key", line.to_owned()), ("the private key", STANDARD.encode(pem)[..60].to_owned())]
}

impl Planted {
    fn start() -> Self {
        let world = World::start();
        let outside = PLANTED.iter().find(|(secret, _)| secret.ends_with("outside")).map(|(secret, _)| *secret);
        world.json(
            "secretsmanager",
            "secretsmanager.CreateSecret",
            json!({"Name": "outside", "SecretString": outside, "ClientRequestToken": "t".repeat(32)}),
        );
        let mut planted = Planted { world, forms: forms() };
        planted.write("first");
        planted.world.write("layout/start.tpl", "#!/bin/sh\necho ${password} > /run/password\n");
        let folder = planted.world.path().join("layout");
        sign(&folder);
        let key = std::fs::read_to_string(folder.join("key.pem")).expect("a key");
        planted.forms.extend(forms_of_key(&key));
        planted
    }

    fn write(&self, description: &str) {
        let blocks = PLANTED.iter().map(|(secret, block)| block.replace("SECRET", secret));
        let text: Vec<String> = blocks.chain([LAYOUT.into()]).collect();
        self.world.write("layout/main.hcl", &text.join("\n").replace("first", description));
    }

    fn search(&self, text: &str, place: &str) {
        for (secret, form) in &self.forms {
            assert!(!text.contains(form.as_str()), "{secret} came out in {place}:\n{text}");
        }
    }

    /// Runs the program, and searches what it says and what it left behind.
    #[track_caller]
    fn run(&self, arguments: &[&str], code: i32) -> Run {
        self.feed(arguments, "", code)
    }

    #[track_caller]
    fn feed(&self, arguments: &[&str], input: &str, code: i32) -> Run {
        let mut command = self.world.command(arguments);
        let child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
        let mut child = child.expect("the built program can be run");
        child.stdin.take().expect("an input").write_all(input.as_bytes()).expect("it reads its input");
        let output = child.wait_with_output().expect("it ends");
        let run = Run {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        };
        let place = arguments.join(" ");
        self.search(&run.stdout, &place);
        self.search(&run.stderr, &place);
        for path in files(&self.world.path()) {
            if path.extension().is_none_or(|kind| kind != "hcl" && kind != "pem") {
                let held = std::fs::read(&path).expect("a file");
                self.search(&String::from_utf8_lossy(&held), &format!("{} after {place}", path.display()));
            }
        }
        run.exits(code)
    }
}

/// Every place of the state where a secret stands in for its value: the names there.
fn referred(json: &Value, names: &mut BTreeSet<String>) {
    match json {
        Value::Object(entries) => entries.iter().for_each(|(key, inner)| match inner.as_str() {
            Some(name) if key == "$sealed" => drop(names.insert(name.to_owned())),
            _ => referred(inner, names),
        }),
        Value::Array(elements) => elements.iter().for_each(|inner| referred(inner, names)),
        _ => {}
    }
}

/// All files below a folder.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

#[test]
fn no_planted_secret_is_said_or_written_in_clear() {
    let planted = Planted::start();
    let layout = ["layout", "--sandbox", "--state", "kept"];
    let on = |command: &'static str, more: &[&'static str]| [&[command], &layout[..], more].concat();
    let at = ["--layout", "layout", "--state", "kept"];
    let of = |command: &[&'static str]| [command, &at[..]].concat();

    planted.run(&on("validate", &[])[..2], 0);
    for form in [&[][..], &["--json"], &["--format=json"], &["--markdown"]] {
        planted.run(&on("plan", form), 0);
    }
    for form in ["text", "json", "markdown", "html", "sarif"] {
        planted.run(&on("preview", &["--format", form]), 0);
    }
    planted.run(&on("plan", &["--out", "saved"]), 0);
    for form in [&["show", "saved"][..], &["show", "saved", "--json"], &["show", "saved", "--markdown"]] {
        planted.run(form, 0);
    }

    // AWS repeats in its errors what it was sent.
    for (action, sent) in [
        ("CreateVpc", "the password is planted-secret-variable"),
        ("CreateKey", "planted-secret-outside"),
        ("PutSecretValue", "something"),
    ] {
        let message = format!("1 validation error detected: Value '{sent}' failed to satisfy a constraint");
        let code = "ValidationException";
        let fault = json!({"action": action, "code": code, "status": 400, "times": 9, "message": message});
        planted.world.fault(fault);
    }
    let failed = planted.run(&on("apply", &["--auto-approve"]), 1).stderr;
    assert!(failed.contains("Value '(sensitive)' failed"), "{failed}");
    planted.world.control("DELETE", "faults", None);
    planted.run(&on("apply", &["--auto-approve"]), 0);
    planted.run(&on("plan", &["--detailed-exitcode"]), 0);

    let state = std::fs::read(planted.world.path().join("kept/layout/state.json")).expect("a state");
    let state: Value = serde_json::from_slice(&state).expect("JSON");
    let mut names = BTreeSet::new();
    referred(&state["resources"], &mut names);
    referred(&state["outputs"], &mut names);
    let secrets = state["secrets"].as_object().expect("the secrets stand in a place of their own");
    assert_eq!(secrets.keys().cloned().collect::<BTreeSet<_>>(), names, "apart from what refers to them");

    let listed = planted.run(&of(&["state", "list"]), 0).stdout;
    for address in listed.lines() {
        planted.run(&[&["state", "show", address][..], &at[..]].concat(), 0);
    }
    planted.run(&of(&["state", "history"]), 0);
    planted.run(&of(&["output"]), 0);
    let asked = "var.variable\naws_secretsmanager_secret_version.literal.secret_string\n\
                 data.aws_secretsmanager_secret_version.outside\nupper(var.variable)\n";
    planted.feed(&on("console", &[]), asked, 0);
    planted.feed(&on("console", &["--json"]), asked, 0);

    planted.write("second");
    planted.run(&on("plan", &["--out", "saved"]), 0);
    planted.run(&["apply", "saved", "--sandbox", "--state", "kept"], 0);
    planted.run(&["show", "layout", "--json", "--state", "kept"], 0);
    for form in [&["--destroy"][..], &["--destroy", "--json"], &["--destroy", "--markdown"]] {
        planted.run(&on("plan", form), 0);
    }
    planted.run(&on("destroy", &["--auto-approve"]), 0);
}

#[test]
fn a_refused_secret_is_not_shown_but_the_expectation_is() {
    let world = World::start();
    let text = r#"
resource "aws_vpn_connection" "office" {
  customer_gateway_id   = "cgw-12345678"
  type                  = "ipsec.1"
  tunnel1_preshared_key = "0planted-secret"
}
resource "aws_db_instance" "orders" {
  engine              = "postgres"
  instance_class      = "db.t4g.micro"
  allocated_storage   = 20
  username            = "orders"
  password            = "planted @ secret"
  skip_final_snapshot = true
}
variable "key" {
  sensitive = true
  default   = "planted-short"
}
resource "aws_vpn_connection" "branch" {
  customer_gateway_id   = "cgw-12345678"
  type                  = "ipsec.1"
  tunnel1_preshared_key = var.key
}
"#;
    world.write("layout/main.hcl", text);
    for command in ["validate", "plan"] {
        let refused = world.floorplan(&[command, "layout"]).exits(1);
        for secret in ["planted-secret", "planted @ secret", "planted-short"] {
            assert!(!refused.stderr.contains(secret), "{secret}: {}", refused.stderr);
        }
        for expected in ["tunnel1_preshared_key = \"***************\"", "letters, digits, periods and underscores only"]
        {
            assert!(refused.stderr.contains(expected), "{expected}: {}", refused.stderr);
        }
    }
}
