//! What the sandbox once refused and AWS does not, through the whole tool: applied, planned without a change,
//! changed where that matters, destroyed.

use crate::support::World;

const NETWORK: &str = r#"
provider "aws" { region = "eu-west-1" }
resource "aws_vpc" "this" {
  cidr_block                       = "10.0.0.0/16"
  assign_generated_ipv6_cidr_block = true
}
resource "aws_subnet" "a" {
  vpc_id            = aws_vpc.this.id
  availability_zone = "eu-west-1a"
  cidr_block        = "10.0.0.0/24"
}
resource "aws_subnet" "b" {
  vpc_id            = aws_vpc.this.id
  availability_zone = "eu-west-1b"
  cidr_block        = "10.0.1.0/24"
}
data "aws_ami" "a" {
  most_recent = true
  owners      = ["099720109477"]
  filter {
    name   = "name"
    values = ["ubuntu/images/hvm-ssd/ubuntu-jammy-22.04-amd64-server-*"]
  }
}
"#;

/// A layout of a network and more.
struct Site {
    world: World,
}

impl Site {
    fn of(more: &str) -> Self {
        let site = Self { world: World::start() };
        site.becomes(more);
        site
    }

    /// Applies the layout with something else beside the network; a plan after it is empty.
    fn becomes(&self, more: &str) {
        self.world.write("main.tf", &format!("{NETWORK}{more}"));
        self.world.floorplan(&["apply", "--auto-approve"]).succeeds();
        self.world.floorplan(&["plan", "--detailed-exitcode"]).exits(0);
    }

    fn goes(&self) {
        self.world.floorplan(&["destroy", "--auto-approve"]).succeeds();
        assert_eq!(self.world.ids("DescribeVpcs", "vpcId", &[("cidr", "10.0.0.0/16")]), [""; 0]);
    }
}

#[test]
fn a_subnet_of_ipv6_alone_is_made_and_found_by_its_range() {
    let site = Site::of(
        r#"
resource "aws_subnet" "six" {
  vpc_id                                         = aws_vpc.this.id
  ipv6_cidr_block                                = cidrsubnet(aws_vpc.this.ipv6_cidr_block, 8, 1)
  ipv6_native                                    = true
  assign_ipv6_address_on_creation                = true
  enable_resource_name_dns_aaaa_record_on_launch = true
}
data "aws_subnets" "by_association" {
  filter {
    name   = "ipv6-cidr-block-association.association-id"
    values = [aws_subnet.six.ipv6_cidr_block_association_id]
  }
}
output "found" { value = one(data.aws_subnets.by_association.ids) == aws_subnet.six.id }
"#,
    );
    assert_eq!(site.world.ids("DescribeSubnets", "ipv6Native", &[("ipv6-native", "true")]), ["true"]);
    assert_eq!(site.world.floorplan(&["output", "found"]).succeeds().stdout.trim(), "true");
    site.goes();
}

/// A group whose policy names two types with their weights.
fn mixed(sizes: &str, weights: &str) -> String {
    format!(
        r##"
resource "aws_launch_template" "this" {{
  name          = "mixed"
  image_id      = data.aws_ami.a.id
  instance_type = "t3.micro"
  user_data     = base64gzip("#!/bin/sh\ntrue\n")
}}
resource "aws_autoscaling_group" "this" {{
  name                = "mixed"
  min_size            = 0
  {sizes}
  vpc_zone_identifier = [aws_subnet.a.id, aws_subnet.b.id]
  mixed_instances_policy {{
    launch_template {{
      launch_template_specification {{
        launch_template_id = aws_launch_template.this.id
      }}
      {weights}
    }}
  }}
}}
"##
    )
}

#[test]
fn a_group_of_mixed_types_is_scaled_by_weight_and_goes() {
    let plain = r#"override { instance_type = "t3.nano" }"#;
    let weights = "override {\n instance_type = \"t3.large\"\n weighted_capacity = \"4\"\n}\noverride {\n instance_type = \"t3.small\"\n weighted_capacity = \"2\"\n}";
    let site = Site::of(&mixed("max_size = 1\ndesired_capacity = 1", plain));
    let types = || {
        let mut types = site.world.ids("DescribeInstances", "instanceType", &[("instance-state-name", "running")]);
        types.sort();
        types
    };
    assert_eq!(types(), ["t3.nano"]);
    site.becomes(&mixed("max_size = 0\ndesired_capacity = 0", plain));
    assert_eq!(types(), [""; 0]);
    site.becomes(&mixed("max_size = 12\ndesired_capacity = 6", weights));
    assert_eq!(types(), ["t3.large"; 2]);
    site.becomes(&mixed("max_size = 12\ndesired_capacity = 9", weights));
    assert_eq!(types(), ["t3.large"; 3]);
    site.becomes(&mixed("max_size = 12\ndesired_capacity = 4", weights));
    assert_eq!(types(), ["t3.large"]);
    site.goes();
}

#[test]
fn windows_of_a_database_touch() {
    let site = Site::of(
        r#"
resource "aws_db_instance" "this" {
  identifier          = "x"
  engine              = "postgres"
  allocated_storage   = 20
  instance_class      = "db.t3.micro"
  username            = "adm"
  password            = "Passw0rd-123"
  skip_final_snapshot = true
  maintenance_window  = "Mon:00:00-Mon:03:00"
  backup_window       = "03:00-06:00"
}
"#,
    );
    let seen = site.world.query("rds", "DescribeDBInstances", &[]);
    assert_eq!(seen.one("PreferredBackupWindow"), "03:00-06:00");
    assert_eq!(seen.one("PreferredMaintenanceWindow"), "mon:00:00-mon:03:00");
    site.goes();
}

#[test]
fn conditions_of_a_rule_are_regular_expressions() {
    let site = Site::of(
        r#"
resource "aws_lb" "this" {
  name     = "x"
  internal = true
  subnets  = [aws_subnet.a.id, aws_subnet.b.id]
}
resource "aws_lb_listener" "this" {
  load_balancer_arn = aws_lb.this.arn
  port              = 80
  default_action {
    type = "fixed-response"
    fixed_response {
      content_type = "text/plain"
      status_code  = "404"
    }
  }
}
resource "aws_lb_listener_rule" "this" {
  for_each     = { header = 1, host = 2, path = 3 }
  listener_arn = aws_lb_listener.this.arn
  priority     = each.value
  action {
    type = "fixed-response"
    fixed_response {
      content_type = "text/plain"
      status_code  = "200"
    }
  }
  condition {
    dynamic "http_header" {
      for_each = each.key == "header" ? ["x"] : []
      content {
        http_header_name = "x-a"
        regex_values     = ["^header$"]
      }
    }
    dynamic "host_header" {
      for_each = each.key == "host" ? ["x"] : []
      content { regex_values = ["^host$"] }
    }
    dynamic "path_pattern" {
      for_each = each.key == "path" ? ["x"] : []
      content { regex_values = ["^/path$"] }
    }
  }
}
output "listener" { value = aws_lb_listener.this.arn }
"#,
    );
    let listener = site.world.floorplan(&["output", "listener"]).succeeds().stdout.replace('"', "");
    let rules = site.world.query("elasticloadbalancing", "DescribeRules", &[("ListenerArn", listener.trim())]);
    let kept = rules.document().descendants().filter(|node| node.tag_name().name() == "RegexValues").count();
    assert_eq!(kept, 3);
    site.goes();
}

#[test]
fn a_network_has_two_flow_logs_in_one_bucket() {
    let site = Site::of(
        r#"
resource "aws_s3_bucket" "logs" { bucket = "flows-of-a-network" }
resource "aws_flow_log" "all" {
  vpc_id               = aws_vpc.this.id
  traffic_type         = "ALL"
  log_destination_type = "s3"
  log_destination      = aws_s3_bucket.logs.arn
}
resource "aws_flow_log" "rejected" {
  vpc_id               = aws_vpc.this.id
  traffic_type         = "REJECT"
  log_destination_type = "s3"
  log_destination      = "${aws_s3_bucket.logs.arn}/rejected"
}
"#,
    );
    let mut kinds = site.world.ec2("DescribeFlowLogs", &[]).all("trafficType");
    kinds.sort();
    assert_eq!(kinds, ["ALL", "REJECT"]);
    site.goes();
}

#[test]
fn user_data_may_be_packed() {
    let instance = |script: &str| {
        format!(
            r##"
resource "aws_instance" "this" {{
  ami              = data.aws_ami.a.id
  instance_type    = "t3.micro"
  subnet_id        = aws_subnet.a.id
  user_data_base64 = base64gzip("#!/bin/sh\n{script}\n")
}}
resource "aws_launch_template" "this" {{
  name      = "packed"
  user_data = base64gzip("#!/bin/sh\n{script}\n")
}}
"##
        )
    };
    let site = Site::of(&instance("true"));
    let told = || {
        let ids = site.world.ids("DescribeInstances", "instanceId", &[("instance-state-name", "running")]);
        let attribute = [("InstanceId", ids[0].as_str()), ("Attribute", "userData")];
        let held = site.world.ec2("DescribeInstanceAttribute", &attribute).one("value");
        let templates = site.world.ec2("DescribeLaunchTemplateVersions", &[("LaunchTemplateName", "packed")]);
        assert!(templates.all("userData").contains(&held), "{held}");
        held
    };
    let before = told();
    // The first bytes of every gzip stream.
    assert!(before.starts_with("H4sI"), "{before}");
    site.becomes(&instance("false"));
    assert!(told().starts_with("H4sI"));
    assert_ne!(told(), before);
    site.goes();
}

#[test]
fn the_images_that_layouts_look_for_are_there() {
    let images = [
        ("amzn2", "amazon", "amzn2-ami-hvm-*-x86_64-gp2"),
        ("al2023", "amazon", "al2023-ami-2023.*-x86_64"),
        ("noble", "099720109477", "ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-amd64-server-*"),
        ("focal", "099720109477", "ubuntu/images/hvm-ssd/ubuntu-focal-20.04-arm64-server-*"),
        ("bookworm", "136693071363", "debian-12-amd64-*"),
    ];
    let blocks: String = images
        .iter()
        .map(|(label, owner, name)| {
            format!(
                "data \"aws_ami\" \"{label}\" {{\n  most_recent = true\n  owners = [\"{owner}\"]\n  filter {{\n    name = \"name\"\n    values = [\"{name}\"]\n  }}\n}}\noutput \"{label}\" {{ value = data.aws_ami.{label}.name }}\n"
            )
        })
        .collect();
    let site = Site::of(&blocks);
    for (label, _, name) in images {
        let found = site.world.floorplan(&["output", label]).succeeds().stdout;
        let begins = name.split('*').next().expect("a beginning");
        assert!(found.trim().trim_matches('"').starts_with(begins), "{found}");
    }
    site.goes();
}
