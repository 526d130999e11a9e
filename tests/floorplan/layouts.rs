//! The layouts to start from, through the whole tool: apply, again, tampering, destroy.

use super::support::{Run, World, copy};
use base64::Engine;
use serde_json::Value as Json;
use std::path::Path;

fn layout(name: &str) -> String {
    format!("{}/layouts/{name}", env!("CARGO_MANIFEST_DIR"))
}

fn lives_and_dies(name: &str, cidr: &str) {
    let world = World::start();
    let (layout, state) = (layout(name), world.path().join("kept").to_string_lossy().into_owned());
    let run = |command: &str, more: &[&str]| {
        let arguments = [&[command, &layout, "--sandbox", "--state", &state], more].concat();
        world.floorplan(&arguments)
    };
    run("apply", &["--auto-approve"]).succeeds();
    world.forget_calls();
    run("plan", &["--detailed-exitcode"]).exits(0);
    run("apply", &["--auto-approve"]).succeeds();
    assert_eq!(world.writes(), Vec::<String>::new());

    let vpcs = world.ids("DescribeVpcs", "vpcId", &[("cidr-block", cidr)]);
    assert_eq!(vpcs.len(), 1);
    world.ec2("DeleteTags", &[("ResourceId.1", &vpcs[0]), ("Tag.1.Key", "Name")]);
    run("plan", &["--detailed-exitcode"]).exits(2);

    run("destroy", &["--auto-approve"]).succeeds();
    assert_eq!(world.ids("DescribeVpcs", "vpcId", &[("cidr-block", cidr)]), Vec::<String>::new());
}

#[test]
fn the_quickstart_lives_and_leaves_no_trace() {
    lives_and_dies("quickstart", "10.20.0.0/16");
}

#[test]
fn the_three_tiers_live_and_leave_no_trace() {
    lives_and_dies("three-tier", "10.30.0.0/16");
}

/// A copy of a layout with the modules that it uses, to be edited.
pub struct Copy {
    pub world: World,
    layout: String,
}

impl Copy {
    /// A copy of `layouts/NAME` in a world of its own.
    pub fn of(name: &str) -> Self {
        let world = World::start();
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        copy(&root.join("modules"), &world.path().join("modules"));
        copy(&root.join("layouts").join(name), &world.path().join("layouts").join(name));
        Copy { world, layout: format!("layouts/{name}") }
    }

    /// Replaces a text that is in a file.
    #[track_caller]
    pub fn edit(&self, file: &str, from: &str, to: &str) {
        let text = self.world.read(file);
        assert!(text.contains(from), "{from} in {file}");
        self.world.write(file, &text.replacen(from, to, 1));
    }

    /// Runs the program on it.
    pub fn run(&self, command: &str, more: &[&str]) -> Run {
        self.world.floorplan(&[&[command, &self.layout, "--sandbox"], more].concat())
    }
}

#[test]
fn the_hybrid_layout_changes_and_leaves_no_trace() {
    let site = Copy::of("hybrid");
    site.run("apply", &["--auto-approve"]).succeeds();
    site.run("plan", &["--detailed-exitcode"]).exits(0);
    let main = "layouts/hybrid/main.tf";
    for (family, file, from, to, changed) in [
        (
            "tunnel option",
            "modules/vpn/main.tf",
            "tunnel1_dpd_timeout_action           = \"restart\"",
            "tunnel1_dpd_timeout_action           = \"clear\"",
            "module.vpn.aws_vpn_connection.this",
        ),
        ("WAF rule", main, "requests = 2000", "requests = 3000", "module.edge.aws_wafv2_web_acl.this"),
        (
            "database class",
            "layouts/hybrid/variables.tf",
            "db.t4g.medium",
            "db.t4g.large",
            "module.database.aws_db_instance.this",
        ),
        (
            "alarm threshold",
            "modules/database/main.tf",
            "threshold = 90",
            "threshold = 80",
            "module.database.aws_cloudwatch_metric_alarm.this[\"cpu\"]",
        ),
        ("listener rule", main, "\"404\"", "\"403\"", "aws_lb_listener_rule.hidden"),
        (
            "user data",
            main,
            "  image_id            = local.image\n",
            "  image_id            = local.image\n  user_data           = \"#!/bin/sh\\ntrue\\n\"\n",
            "module.web.aws_instance.member[\"eu-west-1a-1\"]",
        ),
        (
            "policy",
            "modules/network/flow_logs.tf",
            "\"logs:PutLogEvents\"",
            "\"logs:PutLogEvents\", \"logs:GetLogEvents\"",
            "module.network.aws_iam_role_policy.flow_logs",
        ),
    ] {
        site.edit(file, from, to);
        let plan = site.run("plan", &["--detailed-exitcode"]).exits(2);
        assert!(plan.stdout.contains(&format!("# {changed}")), "{family}: {}", plan.stdout);
        site.run("apply", &["--auto-approve"]).succeeds();
        site.run("plan", &["--detailed-exitcode"]).exits(0);
    }
    site.run("destroy", &["--auto-approve"]).succeeds();
    let world = &site.world;
    assert_eq!(world.ids("DescribeVpcs", "vpcId", &[("cidr-block", "10.70.0.0/16")]), Vec::<String>::new());
    assert_eq!(world.ids("DescribeAddresses", "allocationId", &[]), Vec::<String>::new());
    let left = |service, action, element| world.query(service, action, &[]).all(element);
    assert_eq!(left("rds", "DescribeDBInstances", "DBInstanceIdentifier"), Vec::<String>::new());
    assert_eq!(left("elasticloadbalancing", "DescribeLoadBalancers", "LoadBalancerArn"), Vec::<String>::new());
    assert_eq!(left("sns", "ListTopics", "TopicArn"), Vec::<String>::new());
    let list = site.world.floorplan(&["state", "list", "--layout", "layouts/hybrid"]).succeeds();
    assert_eq!(list.stdout, "");
}

#[test]
fn the_single_server_is_replaced_in_its_window_or_now() {
    let site = Copy::of("single-server");
    site.run("apply", &["--auto-approve"]).succeeds();
    site.run("plan", &["--detailed-exitcode"]).exits(0);
    let images = site.world.ids("DescribeImages", "imageId", &[("name", "al2023-ami-minimal-*")]);
    let image = format!("image_id={}", images[0]);
    let change = ["--var", image.as_str()];
    let plan = site.run("plan", &change).succeeds();
    assert!(plan.stdout.contains("server is interrupted in step"), "{}", plan.stdout);
    assert!(plan.stdout.contains("the maintenance window \"Sun 02:00-04:00\" (Europe/London)"), "{}", plan.stdout);
    site.run("apply", &[&["--auto-approve", "--now"], &change[..]].concat()).succeeds();
    site.run("plan", &[&["--detailed-exitcode"], &change[..]].concat()).exits(0);
    let history = site.world.floorplan(&["state", "history", "--layout", "layouts/single-server"]).succeeds();
    assert!(history.stdout.contains("apply --now"), "{}", history.stdout);
    let approved = [&["--auto-approve"], &change[..]].concat();
    site.run("apply", &[&approved[..], &["--var", "protected=true"]].concat()).succeeds();
    let refused = site.run("destroy", &approved).exits(1);
    assert!(refused.stderr.contains("it is protected from deletion"), "{}", refused.stderr);
    site.run("apply", &approved).succeeds();
    site.run("destroy", &approved).succeeds();
}

/// The changes of a plan that are not "none", as their actions and addresses.
#[test]
fn members_have_the_baseline_and_additions() {
    let mut site = Copy::of("web-service");
    site.layout = "modules/web/examples/two-zones".into();
    let main = "modules/web/examples/two-zones/main.tf";
    let data = || {
        let versions = site.world.ec2("DescribeLaunchTemplateVersions", &[("LaunchTemplateVersion.1", "$Latest")]);
        let bytes = base64::engine::general_purpose::STANDARD.decode(versions.one("userData")).expect("base64");
        String::from_utf8(bytes).expect("text")
    };
    site.run("apply", &["--auto-approve"]).succeeds();
    let plain = data();
    assert!(plain.starts_with("#cloud-config\n"), "{plain}");
    for part in ["dnf-automatic", "\"ssh_pwauth\": false", "\"disable_root\": true", "/etc/dnf/vars/releasever"] {
        assert!(plain.contains(part), "{part}: {plain}");
    }
    let image = "  image_id            = nonsensitive";
    site.edit(main, image, &format!("  user_data           = \"#!/bin/sh\\necho shop > /etc/role\\n\"\n{image}"));
    site.run("apply", &["--auto-approve"]).succeeds();
    site.run("plan", &["--detailed-exitcode"]).exits(0);
    let both = data();
    assert!(both.starts_with("Content-Type: multipart/mixed; boundary="), "{both}");
    assert!(both.contains(&plain) && both.contains("\n#!/bin/sh\necho shop > /etc/role\n"), "{both}");
    site.edit(main, "#!/bin/sh", "echo");
    let refused = site.run("plan", &[]).exits(1);
    assert!(refused.stderr.contains("The additions must begin with #! or #cloud-config"), "{}", refused.stderr);
}

#[test]
fn the_baseline_of_every_family_is_what_cloud_init_takes() {
    let site = Copy::of("web-service");
    site.world.write(
        "families/main.tf",
        r##"
module "baseline" {
  for_each  = toset(["amazon", "debian"])
  source    = "../modules/baseline"
  name      = "shop"
  family    = each.key
  additions = "#cloud-config\ntimezone: UTC\n"
}
output "configs" {
  value = { for family, baseline in module.baseline : family => yamldecode(baseline.cloud_config) }
}
"##,
    );
    site.world.floorplan(&["apply", "families", "--sandbox", "--auto-approve"]).succeeds();
    let told = site.world.floorplan(&["output", "configs", "--json", "--layout", "families"]).succeeds().stdout;
    let configs: Json = serde_json::from_str(&told).expect("JSON");
    for (family, package, other) in
        [("amazon", "dnf-automatic", "unattended-upgrades"), ("debian", "unattended-upgrades", "dnf-automatic")]
    {
        let config = &configs[family];
        assert_eq!(crate::cloud_config::wrong(config), [""; 0], "{family}");
        let packages = config["packages"].to_string();
        assert!(packages.contains(package) && !packages.contains(other), "{family}: {packages}");
    }
}

/// What `modules/certificate` has, as it stood in the layouts before there was that module.
const OWN_CERTIFICATE: &str = r#"
locals {
  certificate = coalesce(var.certificate_arn, one(aws_acm_certificate_validation.requested[*].certificate_arn))
  makes_zone  = var.zone_id == null && var.certificate_arn == null
  zone_id     = local.makes_zone ? one(aws_route53_zone.own[*].zone_id) : var.zone_id
}
resource "aws_route53_zone" "own" {
  count = local.makes_zone ? 1 : 0
  name  = regex("^[^.]+[.](.+)$", var.domain)[0]
}
resource "aws_acm_certificate" "requested" {
  count             = var.certificate_arn == null ? 1 : 0
  domain_name       = var.domain
  validation_method = "DNS"
  lifecycle {
    create_before_destroy = true
  }
}
resource "aws_route53_record" "proof" {
  for_each        = merge({}, [for certificate in aws_acm_certificate.requested : { for option in certificate.domain_validation_options : option.domain_name => option }]...)
  zone_id         = local.zone_id
  name            = each.value.resource_record_name
  type            = each.value.resource_record_type
  records         = [each.value.resource_record_value]
  ttl             = 300
  allow_overwrite = true
}
resource "aws_acm_certificate_validation" "requested" {
  count                   = var.certificate_arn == null ? 1 : 0
  certificate_arn         = aws_acm_certificate.requested[0].arn
  validation_record_fqdns = [for record in aws_route53_record.proof : record.fqdn]
}
resource "aws_route53_record" "service" {
  count   = local.makes_zone || var.zone_id != null ? 1 : 0
  zone_id = local.zone_id
  name    = var.domain
  type    = "A"
  alias {
    name                   = module.web.dns_name
    zone_id                = module.web.zone_id
    evaluate_target_health = true
  }
}
"#;

/// A text without what stands from one part of it up to the next.
fn without(text: &str, from: &str, to: &str) -> String {
    let begin = text.find(from).unwrap_or_else(|| panic!("{from} in {text}"));
    let end = text[begin..].find(to).unwrap_or_else(|| panic!("{to} in {text}")) + begin;
    [&text[..begin], &text[end..]].concat()
}

#[test]
fn a_certificate_moves_into_the_module_without_changes() {
    for name in ["ha-web", "hybrid"] {
        let site = Copy::of(name);
        let (main, outputs) = (format!("layouts/{name}/main.tf"), format!("layouts/{name}/outputs.tf"));
        let now = [&main, &outputs].map(|file| site.world.read(file));
        let before = without(&now[0], "module \"certificate\" {", "module \"web\" {");
        let before = without(&before, "# What the module has was the layout's own.", "# The rule for it");
        let before = before.replace("module.certificate.certificate_arn", "local.certificate");
        site.world.write(&main, &[before.as_str(), OWN_CERTIFICATE].concat());
        let said = now[1]
            .replace(
                "module.certificate.validation",
                "try(aws_acm_certificate.requested[0].domain_validation_options, [])",
            )
            .replace("module.certificate.name_servers", "try(aws_route53_zone.own[0].name_servers, [])");
        site.world.write(&outputs, &said);
        site.run("apply", &["--auto-approve"]).succeeds();

        site.world.write(&main, &now[0]);
        site.world.write(&outputs, &now[1]);
        let plan = site.run("plan", &[]).succeeds().stdout;
        for made in ["will be created", "will be destroyed", "must be replaced", "will be updated"] {
            assert!(!plan.contains(made), "{name}: {plan}");
        }
        site.world.forget_calls();
        site.run("apply", &["--auto-approve"]).succeeds();
        assert_eq!(site.world.writes(), Vec::<String>::new(), "{name}");
        site.run("plan", &["--detailed-exitcode"]).exits(0);
        let list = site.world.floorplan(&["state", "list", "--layout", &site.layout]).succeeds().stdout;
        assert!(list.contains("module.certificate.aws_acm_certificate_validation.requested[0]"), "{list}");
    }
}

fn changes(plan: &Json) -> Vec<(String, String)> {
    let changes = plan["resource_changes"].as_array().expect("changes").iter();
    let told = changes.map(|change| {
        let actions = change["change"]["actions"].as_array().expect("actions").iter();
        let actions: Vec<&str> = actions.filter_map(Json::as_str).collect();
        (actions.join(" "), change["address"].as_str().expect("an address").to_owned())
    });
    told.filter(|(actions, _)| actions != "no-op" && actions != "read").collect()
}

#[test]
fn a_zone_has_the_ranges_of_its_letter() {
    for (name, network, from, to) in [
        ("quickstart", 20, ".names, 0, 2)", ".names, 1, 3)"),
        ("three-tier", 30, "[\"a\", \"b\", \"c\"]", "[\"a\", \"c\"]"),
        ("web-service", 40, "[\"a\", \"b\"]", "[\"b\", \"c\"]"),
        ("ha-web", 50, "[\"a\", \"b\", \"c\"]", "[\"c\", \"b\"]"),
        ("hybrid", 70, "[\"a\", \"b\", \"c\"]", "[\"a\", \"c\"]"),
        ("single-server", 90, "[\"a\", \"b\"]", "[\"a\", \"c\"]"),
    ] {
        let site = Copy::of(name);
        let plan = || -> Json {
            let more: &[&str] = if name == "web-service" {
                &["--var", "certificate_arn=arn:aws:acm:eu-west-1:1:certificate/a"]
            } else {
                &[]
            };
            serde_json::from_str(&site.run("plan", &[&["--format=json"], more].concat()).succeeds().stdout)
                .expect("JSON")
        };
        let check = |plan: &Json, zones: &str| {
            let mut seen = Vec::new();
            for change in plan["resource_changes"].as_array().expect("changes") {
                if change["type"] != "aws_subnet" {
                    continue;
                }
                let subnet = &change["change"]["after"];
                let letter = subnet["availability_zone"].as_str().and_then(|zone| zone.chars().last()).expect("a zone");
                let tier = ["public", "private", "data"].iter().position(|tier| change["name"] == *tier);
                let place = 16 * tier.expect("a tier") + "abc".find(letter).expect("a letter");
                assert_eq!(subnet["cidr_block"], format!("10.{network}.{}.0/22", 4 * place), "{name}: {change}");
                seen.push(letter);
            }
            seen.sort_unstable();
            seen.dedup();
            assert_eq!(seen.iter().collect::<String>(), zones, "{name}");
        };
        check(&plan(), if from.contains("\"c\"") { "abc" } else { "ab" });
        let main = format!("layouts/{name}/main.tf");
        site.edit(&main, from, to);
        check(&plan(), if to.contains("\"a\"") { "ac" } else { "bc" });
    }
}

#[test]
fn taking_out_the_middle_zone_leaves_the_others() {
    let site = Copy::of("three-tier");
    let world = &site.world;
    let subnets = || {
        let answer = world.ec2("DescribeSubnets", &[("Filter.1.Name", "tag:tier"), ("Filter.1.Value.1", "*")]);
        let (ids, ranges) = (answer.all("subnetId"), answer.all("cidrBlock"));
        let zones = answer.all("availabilityZone");
        let mut all: Vec<_> = zones.into_iter().zip(ranges).zip(ids).collect();
        all.sort();
        all
    };
    site.run("apply", &["--auto-approve"]).succeeds();
    let before = subnets();
    site.edit("layouts/three-tier/main.tf", "[\"a\", \"b\", \"c\"]", "[\"a\", \"c\"]");
    let plan = site.run("plan", &["--format=json"]).succeeds();
    let changes = changes(&serde_json::from_str(&plan.stdout).expect("JSON"));
    assert!(!changes.is_empty());
    // What all zones share forgets the zone; nothing of another zone is in the plan.
    for (actions, address) in &changes {
        match actions.as_str() {
            "delete" => assert!(address.contains("eu-west-1b"), "{actions} {address}"),
            "update" => assert!(!address.contains("eu-west-1"), "{actions} {address}"),
            _ => panic!("{actions} {address}"),
        }
    }
    site.run("apply", &["--auto-approve"]).succeeds();
    let left: Vec<_> = before.into_iter().filter(|((zone, _), _)| zone != "eu-west-1b").collect();
    assert_eq!((left.len(), subnets()), (6, left));
    assert_eq!(world.ids("DescribeNatGateways", "natGatewayId", &[("state", "available")]).len(), 2);
    site.run("plan", &["--detailed-exitcode"]).exits(0);
}
