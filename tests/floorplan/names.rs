//! Hosted zones, records and issued certificates through the whole tool, looked at by calls of our own.

use crate::support::World;
use serde_json::json;

const NETWORK: &str = r#"
provider "aws" { region = "eu-west-1" }
resource "aws_vpc" "main" { cidr_block = "10.0.0.0/16" }
resource "aws_vpc" "other" { cidr_block = "10.1.0.0/16" }
resource "aws_subnet" "main" {
  for_each          = { a = 0, b = 1 }
  vpc_id            = aws_vpc.main.id
  availability_zone = "eu-west-1${each.key}"
  cidr_block        = cidrsubnet(aws_vpc.main.cidr_block, 8, each.value)
}
resource "aws_lb" "shop" {
  name     = "shop"
  internal = true
  subnets  = [for subnet in aws_subnet.main : subnet.id]
}
"#;

const CERTIFICATE: &str = r#"
resource "aws_acm_certificate" "shop" {
  domain_name               = "www.shop.example"
  subject_alternative_names = ["shop.example", "api.shop.example"]
  validation_method         = "DNS"
}
resource "aws_lb_listener" "shop" {
  load_balancer_arn = aws_lb.shop.arn
  port              = 443
  protocol          = "HTTPS"
  certificate_arn   = CERTIFICATE
  default_action {
    type = "fixed-response"
    fixed_response {
      content_type = "text/plain"
      status_code  = "404"
    }
  }
}
"#;

const PROOF: &str = r#"
resource "aws_route53_zone" "shop" { name = "shop.example" }
resource "aws_route53_record" "proof" {
  for_each = { for option in aws_acm_certificate.shop.domain_validation_options : option.domain_name => option }
  zone_id  = aws_route53_zone.shop.zone_id
  name     = each.value.resource_record_name
  type     = each.value.resource_record_type
  records  = [each.value.resource_record_value]
  ttl      = 60
}
resource "aws_acm_certificate_validation" "shop" {
  certificate_arn         = aws_acm_certificate.shop.arn
  validation_record_fqdns = [for record in aws_route53_record.proof : record.fqdn]
}
"#;

impl World {
    fn names(&self, path: &str) -> String {
        let (status, answer) = self.send("GET", &format!("/2013-04-01/{path}"), "route53", &[], b"");
        assert_eq!(status, 200, "{answer}");
        answer
    }

    /// The texts of an element in the answer to a question about names.
    fn told(&self, path: &str, element: &str) -> Vec<String> {
        let answer = self.names(path);
        let document = roxmltree::Document::parse(&answer).expect("well-formed XML");
        let found = document.descendants().filter(|node| node.tag_name().name() == element);
        found.map(|node| node.text().unwrap_or_default().to_owned()).collect()
    }

    fn zone(&self) -> String {
        let ids = self.told("hostedzone", "Id");
        assert_eq!(ids.len(), 1, "{ids:?}");
        ids[0].trim_start_matches("/hostedzone/").to_owned()
    }

    /// Names, types and values of the records that the layout made.
    fn records(&self) -> Vec<String> {
        let answer = self.names(&format!("hostedzone/{}/rrset", self.zone()));
        let document = roxmltree::Document::parse(&answer).expect("well-formed XML");
        let sets = document.descendants().filter(|node| node.tag_name().name() == "ResourceRecordSet");
        let text = |set: roxmltree::Node, name: &str| {
            let found = set.descendants().filter(|node| node.tag_name().name() == name);
            found.filter_map(|node| node.text()).collect::<Vec<_>>().join(",")
        };
        let told = sets.map(|set| format!("{} {} {}", text(set, "Name"), text(set, "Type"), text(set, "Value")));
        told.filter(|line| !line.contains(" NS ") && !line.contains(" SOA ")).collect()
    }

    /// How many calls changed records.
    fn record_calls(&self) -> usize {
        self.writes().iter().filter(|action| action.contains("ChangeResourceRecordSets")).count()
    }

    fn becomes(&self, layout: &str) {
        self.write("main.tf", layout);
        self.floorplan(&["apply", "--auto-approve"]).succeeds();
        self.floorplan(&["plan", "--detailed-exitcode"]).exits(0);
    }
}

#[test]
fn a_listener_gets_a_certificate_proven_by_records() {
    let world = World::start();
    let issued = CERTIFICATE.replace("CERTIFICATE", "aws_acm_certificate_validation.shop.certificate_arn");
    world.becomes(&[NETWORK, &issued, PROOF].concat());
    assert_eq!(world.records().len(), 3);
    let all = world.json("acm", "CertificateManager.ListCertificates", json!({}));
    assert_eq!(all["CertificateSummaryList"][0]["Status"], "ISSUED", "{all}");
    world.floorplan(&["destroy", "--auto-approve"]).succeeds();
    assert_eq!(world.told("hostedzone", "Id"), [""; 0]);
    let all = world.json("acm", "CertificateManager.ListCertificates", json!({}));
    assert_eq!(all["CertificateSummaryList"], json!([]));
}

#[test]
fn a_certificate_without_its_proof_is_refused_and_said_so() {
    let world = World::start();
    let unproved = CERTIFICATE.replace("CERTIFICATE", "aws_acm_certificate.shop.arn");
    world.write("main.tf", &[NETWORK, &unproved].concat());
    let refused = world.floorplan(&["apply", "--auto-approve"]).exits(1);
    assert!(refused.stderr.contains("UnsupportedCertificate"), "{}", refused.stderr);
    let half = PROOF.replace("[for record in aws_route53_record.proof : record.fqdn]", "[\"_a.shop.example\"]");
    world.write("main.tf", &[NETWORK, &unproved, &half].concat());
    let refused = world.floorplan(&["apply", "--auto-approve"]).exits(1);
    assert!(refused.stderr.contains("validation_record_fqdns lacks"), "{}", refused.stderr);
}

#[test]
fn records_of_every_kind_are_made_and_changed_without_a_gap() {
    let world = World::start();
    let layout = |records: &str| {
        format!("{NETWORK}\nresource \"aws_route53_zone\" \"shop\" {{ name = \"shop.example\" }}\n{records}")
    };
    let first = r#"
resource "aws_route53_record" "address" {
  zone_id = aws_route53_zone.shop.zone_id
  name    = "www"
  type    = "A"
  ttl     = 60
  records = ["192.0.2.2", "192.0.2.1"]
}
resource "aws_route53_record" "any" {
  zone_id = aws_route53_zone.shop.id
  name    = "*.Any.shop.example."
  type    = "CNAME"
  ttl     = 60
  records = ["www.shop.example"]
}
resource "aws_route53_record" "text" {
  zone_id = aws_route53_zone.shop.id
  name    = ""
  type    = "TXT"
  ttl     = 60
  records = ["v=spf1 -all"]
}
resource "aws_route53_record" "alias" {
  zone_id = aws_route53_zone.shop.id
  name    = "shop.example"
  type    = "A"
  alias {
    name                   = upper(aws_lb.shop.dns_name)
    zone_id                = aws_lb.shop.zone_id
    evaluate_target_health = true
  }
}
resource "aws_route53_record" "weighted" {
  for_each       = { blue = 90, green = 10 }
  zone_id        = aws_route53_zone.shop.id
  name           = "api"
  type           = "A"
  ttl            = 60
  records        = ["192.0.2.3"]
  set_identifier = each.key
  weighted_routing_policy { weight = each.value }
}
resource "aws_route53_record" "near" {
  for_each       = toset(["eu-west-1", "us-east-1"])
  zone_id        = aws_route53_zone.shop.id
  name           = "near"
  type           = "A"
  ttl            = 60
  records        = ["192.0.2.4"]
  set_identifier = each.key
  latency_routing_policy { region = each.key }
}
resource "aws_route53_record" "failover" {
  for_each       = { PRIMARY = "192.0.2.5", SECONDARY = "192.0.2.6" }
  zone_id        = aws_route53_zone.shop.id
  name           = "failover"
  type           = "A"
  ttl            = 60
  records        = [each.value]
  set_identifier = lower(each.key)
  failover_routing_policy { type = each.key }
}
"#;
    world.becomes(&layout(first));
    let made = world.records();
    assert_eq!(made.len(), 10, "{made:?}");
    for line in [
        "www.shop.example. A 192.0.2.1,192.0.2.2",
        "\\052.any.shop.example. CNAME www.shop.example",
        "shop.example. TXT \"v=spf1 -all\"",
    ] {
        let same = |held: &String| {
            let mut values: Vec<&str> = held.rsplit(' ').next().unwrap_or_default().split(',').collect();
            values.sort_unstable();
            held == line || format!("{} {}", held.rsplit_once(' ').unwrap_or_default().0, values.join(",")) == line
        };
        assert!(made.iter().any(same), "{line} in {made:?}");
    }

    // Another value, another type and another way of routing: each is one call, in which nothing is missing.
    for (from, to) in [
        ("\"192.0.2.2\", \"192.0.2.1\"", "\"192.0.2.7\""),
        (
            "type    = \"CNAME\"\n  ttl     = 60\n  records = [\"www.shop.example\"]",
            "type    = \"A\"\n  ttl     = 60\n  records = [\"192.0.2.8\"]",
        ),
        ("{ blue = 90, green = 10 }", "{ blue = 50, green = 10 }"),
        ("evaluate_target_health = true", "evaluate_target_health = false"),
    ] {
        let text = world.read("main.tf");
        assert!(text.contains(from), "{from}");
        world.forget_calls();
        world.becomes(&text.replace(from, to));
        assert_eq!(world.record_calls(), 1, "{to}");
    }

    // What somebody took away comes back.
    let zone = world.zone();
    let body = "<ChangeResourceRecordSetsRequest xmlns=\"https://route53.amazonaws.com/doc/2013-04-01/\"><ChangeBatch><Changes><Change><Action>DELETE</Action><ResourceRecordSet><Name>www.shop.example.</Name><Type>A</Type><TTL>60</TTL><ResourceRecords><ResourceRecord><Value>192.0.2.7</Value></ResourceRecord></ResourceRecords></ResourceRecordSet></Change></Changes></ChangeBatch></ChangeResourceRecordSetsRequest>";
    let (status, answer) =
        world.send("POST", &format!("/2013-04-01/hostedzone/{zone}/rrset"), "route53", &[], body.as_bytes());
    assert_eq!(status, 200, "{answer}");
    let plan = world.floorplan(&["plan", "--detailed-exitcode"]).exits(2);
    assert!(plan.stdout.contains("# aws_route53_record.address"), "{}", plan.stdout);
    world.floorplan(&["apply", "--auto-approve"]).succeeds();

    // One that is there is taken over by its id, and not made twice.
    world.floorplan(&["state", "rm", "aws_route53_record.address"]).succeeds();
    let refused = world.floorplan(&["apply", "--auto-approve"]).exits(1);
    assert!(refused.stderr.contains("already exists"), "{}", refused.stderr);
    world.floorplan(&["import", "aws_route53_record.address", &format!("{zone}_www.shop.example_A")]).succeeds();
    world.floorplan(&["plan", "--detailed-exitcode"]).exits(0);

    world.floorplan(&["destroy", "--auto-approve"]).succeeds();
    assert_eq!(world.told("hostedzone", "Id"), [""; 0]);
}

#[test]
fn a_private_zone_changes_in_place_and_goes_by_force() {
    let world = World::start();
    let zone = |vpcs: &str, more: &str| {
        format!(
            "{NETWORK}\nresource \"aws_route53_zone\" \"inside\" {{\n  name = \"inside.example\"\n  {vpcs}\n  {more}\n}}\n"
        )
    };
    let (main, other) = ("vpc { vpc_id = aws_vpc.main.id }", "vpc { vpc_id = aws_vpc.other.id }");
    world.becomes(&zone(main, "comment = \"first\""));
    let id = world.zone();
    world.becomes(&zone(&format!("{main}\n{other}"), "tags = { team = \"ops\" }"));
    assert_eq!(world.told(&format!("hostedzone/{id}"), "VPCId").len(), 2);
    assert_eq!(world.told(&format!("tags/hostedzone/{id}"), "Value"), ["ops"]);
    world.becomes(&zone(other, "force_destroy = true"));
    assert_eq!((world.told(&format!("hostedzone/{id}"), "VPCId").len(), world.zone()), (1, id.clone()));
    assert_eq!(world.told(&format!("tags/hostedzone/{id}"), "Value"), [""; 0]);

    let body = "<ChangeResourceRecordSetsRequest xmlns=\"https://route53.amazonaws.com/doc/2013-04-01/\"><ChangeBatch><Changes><Change><Action>CREATE</Action><ResourceRecordSet><Name>a.inside.example.</Name><Type>A</Type><TTL>60</TTL><ResourceRecords><ResourceRecord><Value>10.0.0.1</Value></ResourceRecord></ResourceRecords></ResourceRecordSet></Change></Changes></ChangeBatch></ChangeResourceRecordSetsRequest>";
    let (status, answer) =
        world.send("POST", &format!("/2013-04-01/hostedzone/{id}/rrset"), "route53", &[], body.as_bytes());
    assert_eq!(status, 200, "{answer}");
    world.floorplan(&["destroy", "--auto-approve"]).succeeds();
    assert_eq!(world.told("hostedzone", "Id"), [""; 0]);
}

#[test]
fn a_zone_is_found_by_id_name_kind_vpc_and_tags() {
    let world = World::start();
    let zones = format!(
        r#"{NETWORK}
resource "aws_route53_zone" "public" {{
  name    = "shop.example"
  comment = "For everybody"
  tags    = {{ team = "web" }}
}}
resource "aws_route53_zone" "inside" {{
  name = "shop.example"
  vpc {{ vpc_id = aws_vpc.main.id }}
}}
resource "aws_route53_zone" "other" {{
  name = "other.example"
  tags = {{ team = "mail" }}
}}
resource "aws_route53_record" "www" {{
  zone_id = aws_route53_zone.public.zone_id
  name    = "www"
  type    = "A"
  ttl     = 60
  records = ["203.0.113.1"]
}}
"#
    );
    let looked = r#"
data "aws_route53_zone" "id" { zone_id = aws_route53_zone.public.zone_id }
data "aws_route53_zone" "name" { name = "shop.example." }
data "aws_route53_zone" "private" {
  name         = "SHOP.example"
  private_zone = true
}
data "aws_route53_zone" "vpc" { vpc_id = aws_vpc.main.id }
data "aws_route53_zone" "tags" { tags = { team = "mail" } }
output "found" {
  value = { for name, zone in {
    id = data.aws_route53_zone.id, name = data.aws_route53_zone.name, private = data.aws_route53_zone.private
    vpc = data.aws_route53_zone.vpc, tags = data.aws_route53_zone.tags
  } : name => [zone.zone_id, zone.id, zone.name, zone.private_zone, zone.comment, zone.resource_record_set_count, length(zone.name_servers), zone.primary_name_server != "", zone.arn] }
}
output "made" {
  value = { public = aws_route53_zone.public.zone_id, inside = aws_route53_zone.inside.zone_id, other = aws_route53_zone.other.zone_id }
}
"#;
    world.becomes(&zones);
    world.becomes(&[zones.as_str(), looked].concat());
    let output = |name: &str| -> serde_json::Value {
        serde_json::from_str(&world.floorplan(&["output", name, "--json"]).succeeds().stdout).expect("JSON")
    };
    let (found, made) = (output("found"), output("made"));
    for (by, zone) in
        [("id", "public"), ("name", "public"), ("private", "inside"), ("vpc", "inside"), ("tags", "other")]
    {
        let id = made[zone].as_str().expect("an id");
        assert_eq!(found[by][0], id, "{by}: {found}");
        assert_eq!(found[by][1], id);
        assert_eq!(found[by][3], zone == "inside", "{by}: {found}");
        assert_eq!(found[by][8], format!("arn:aws:route53:::hostedzone/{id}"));
        // What AWS itself says, asked directly.
        let count = world.told(&format!("hostedzone/{id}"), "ResourceRecordSetCount").remove(0);
        assert_eq!(found[by][5].to_string(), count, "{by}: {found}");
    }
    assert_eq!(found["id"][4], "For everybody");
    assert_eq!(found["tags"][2], "other.example");
    for (wrong, said) in [
        ("name = \"none.example\"", "no hosted zone matches"),
        ("", "a zone is looked up by zone_id, by name, by vpc_id or by tags"),
        ("name = \"shop.example\"\n  zone_id = \"Z1\"", "cannot both be given"),
    ] {
        world.write("main.tf", &format!("{zones}\ndata \"aws_route53_zone\" \"wrong\" {{\n  {wrong}\n}}\n"));
        let refused = world.floorplan(&["plan"]).exits(1);
        assert!(refused.stderr.contains(said), "{said}: {}", refused.stderr);
    }
}

#[test]
fn a_zone_and_a_record_whose_answers_were_lost_are_found_again() {
    let world = World::start();
    world.write(
        "main.tf",
        r#"
provider "aws" { region = "eu-west-1" }
resource "aws_route53_zone" "shop" { name = "shop.example" }
resource "aws_route53_record" "www" {
  zone_id = aws_route53_zone.shop.id
  name    = "www"
  type    = "A"
  ttl     = 60
  records = ["192.0.2.1"]
}
"#,
    );
    world.fault(json!({"action": "write", "when": "after", "times": 1}));
    world.fault(json!({"action": "write", "when": "after", "skip": 1}));
    world.floorplan(&["apply", "--auto-approve"]).succeeds();
    assert_eq!(world.records(), ["www.shop.example. A 192.0.2.1"]);
    world.floorplan(&["plan", "--detailed-exitcode"]).exits(0);
}
