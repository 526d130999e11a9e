//! No fault hides another: all that is wrong with all elements of a set is reported at once, each where it stands.

use super::support::World;

/// Faults of one layout; each stands in a line that ends with `# ` and a part of what is said of it.
const LAYOUT: &str = r#"
resource "aws_network_acl" "a" {
  vpc_id = "vpc-12345678"
  ingress {
    rule_no    = 0 # 0 is not a rule number
    action     = "pass" # "pass" is not a valid action
    protocol   = "tcp"
    cidr_block = "10.0.0.1/8" # has bits set beyond its prefix
    from_port  = -2 # -2 is out of range
    to_port    = 70000 # 70000 is out of range
  }
  ingress {
    rule_no    = 100
    action     = "drop" # "drop" is not a valid action
    protocol   = "-1"
    cidr_block = "10.0.0.0/8"
    from_port  = 22 # has no ports, but from_port is 22
    to_port    = 23 # has no ports, but to_port is 23
  }
  egress = [
    { rule_no = 1, action = "allow", protocol = "ftp", cidr_block = "10.0.0.0/8", from_port = 0, to_port = 0 }, # "ftp" is not a valid protocol
    { rule_no = 40000, action = "allow", protocol = "tcp", cidr_block = "10.0.0.0/8", from_port = 9, to_port = 1 } # from_port 9 is above to_port 1
  ]
}
resource "aws_security_group" "b" {
  vpc_id = "vpc-12345678"
  ingress {
    protocol    = "tcp"
    from_port   = 70000 # 70000 is not a valid tcp port
    to_port     = -3 # -3 is not a valid tcp port
    description = "it's wrong" # the description holds
    cidr_blocks = ["10.0.0.1/8", "10.0.0.3/8"] # "10.0.0.3/8" has bits set
  }
  ingress {
    protocol    = "nonsense" # "nonsense" is not a valid protocol
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["10.0.0.0/8"]
  }
  dynamic "egress" {
    for_each = [1]
    content {
      protocol    = "icmp"
      from_port   = 300 # 300 is not a valid icmp type
      to_port     = 400 # 400 is not a valid icmp code
      cidr_blocks = ["10.0.0.0/8"]
    }
  }
}
resource "aws_default_security_group" "c" {
  vpc_id = "vpc-12345678"
  egress {
    protocol    = "-1"
    from_port   = 1 # has no ports, but from_port is 1
    to_port     = 2 # has no ports, but to_port is 2
    cidr_blocks = ["0.0.0.0/0"]
  }
}
resource "aws_route_table" "d" {
  vpc_id = "vpc-12345678"
  route { # each route needs exactly one of
    gateway_id = "igw-12345678"
  }
  route {
    cidr_block     = "0.0.0.0/0"
    gateway_id     = "igw-12345678" # each route needs exactly one target
    nat_gateway_id = "nat-12345678"
  }
}
resource "aws_s3_bucket_lifecycle_configuration" "e" {
  bucket = "some-bucket"
  rule { # the rule "one" does nothing
    id     = "one"
    status = "On" # "On" is none of Enabled, Disabled
  }
  rule { # the rule "two" does nothing
    id     = "two"
    status = "Enabled"
  }
}
resource "aws_wafv2_web_acl" "f" {
  name  = "f"
  scope = "REGIONAL"
  default_action {
    allow {}
  }
  visibility_config {
    cloudwatch_metrics_enabled = false
    metric_name                = "f"
    sampled_requests_enabled   = false
  }
  rule { # rule "one" has neither action nor override_action
    name     = "one"
    priority = -1 # -1
    statement {
      geo_match_statement {
        country_codes = ["de", "GB", "fra"] # "fra" is not a country code
      }
    }
    visibility_config {
      cloudwatch_metrics_enabled = false
      metric_name                = "one"
      sampled_requests_enabled   = false
    }
  }
}
resource "aws_lb_listener_rule" "g" {
  listener_arn = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/app/a/0123456789abcdef/0123456789abcdef"
  priority     = 60000 # 60000
  action { # an action of type forward needs target_group_arn
    type = "forward"
  }
  condition { # a condition needs exactly one of
  }
}
"#;

/// What is said beyond what stands at a line: of the whole, at another line.
const MORE: &[&str] =
    &["40000 is not a rule number", "\"10.0.0.1/8\" has bits set beyond its prefix", "\"de\" is not a country code"];

#[test]
fn all_errors_are_reported_at_once_with_their_places() {
    let world = World::start();
    world.write("net/main.tf", LAYOUT);
    let refused = world.floorplan(&["plan", "net", "--sandbox"]).exits(1).stderr;
    let said: Vec<&str> = refused.split("error: ").collect();
    let missing = |(i, line): (usize, &str)| {
        let (_, expected) = line.split_once("# ")?;
        let place = format!("net/main.tf:{}:", i + 1);
        let here = said.iter().any(|d| d.contains(&place) && d.replace('\n', " ").contains(expected));
        (!here).then(|| format!("{place} {expected}"))
    };
    let missing: Vec<String> = LAYOUT.lines().enumerate().filter_map(missing).collect();
    assert!(missing.is_empty(), "{missing:#?}\n{refused}");
    for more in MORE {
        assert!(refused.contains(more), "{more}: {refused}");
    }
    // Each is said once.
    for once in ["-2 is out of range", "\"drop\" is not", "\"10.0.0.3/8\" has bits", "300 is not a valid icmp type"] {
        let lines = refused.lines().filter(|line| !line.contains('|') && line.contains(once));
        assert_eq!(lines.count(), 1, "{once}: {refused}");
    }
}
