//! Whatever the layout asks for is seen, and said to be what it is: arguments that a block gives for the first time,
//! values that only AWS tells after a change, tags that come from the provider.

use crate::support::{REGION, World};
use serde_json::{Value as Json, json};

/// Applies the layout; then nothing is left to do.
#[track_caller]
fn apply(world: &World, text: &str) -> String {
    world.write("net/main.tf", text);
    let said = world.floorplan(&["apply", "net", "--sandbox", "--auto-approve", "--state", "s"]).succeeds().stdout;
    let plan = world.floorplan(&["plan", "net", "--sandbox", "--state", "s", "--detailed-exitcode"]).exits(0);
    assert!(plan.stdout.contains("No changes"), "{}", plan.stdout);
    said
}

#[track_caller]
fn plan(world: &World, text: &str) -> String {
    world.write("net/main.tf", text);
    world.floorplan(&["plan", "net", "--sandbox", "--state", "s", "--detailed-exitcode"]).exits(2).stdout
}

fn outputs(world: &World) -> Json {
    let text = world.floorplan(&["output", "--layout", "net", "--state", "s", "--json"]).succeeds().stdout;
    serde_json::from_str(&text).expect("outputs in JSON")
}

/// The rules of the web ACL `w`, by name.
fn rules(world: &World) -> Vec<(String, Json)> {
    let listed = world.json("wafv2", "AWSWAF_20190729.ListWebACLs", json!({"Scope": "REGIONAL"}));
    let key = &listed["WebACLs"][0];
    let key = json!({"Scope": "REGIONAL", "Id": key["Id"], "Name": key["Name"]});
    let answer = world.json("wafv2", "AWSWAF_20190729.GetWebACL", key);
    let all = answer["WebACL"]["Rules"].as_array().expect("rules").clone();
    all.into_iter().map(|rule| (rule["Name"].as_str().unwrap_or_default().to_owned(), rule)).collect()
}

const ACL: &str = r#"
resource "aws_wafv2_web_acl" "w" {
  name  = "w"
  scope = "REGIONAL"
  default_action {
    allow {}
  }
  visibility_config {
    cloudwatch_metrics_enabled = true
    metric_name                = "w"
    sampled_requests_enabled   = true
  }
  dynamic "rule" {
    for_each = { AWSManagedRulesAmazonIpReputationList = 30, AWSManagedRulesCommonRuleSet = 10 }
    content {
      name     = rule.key
      priority = rule.value
      override_action {
        none {}
      }
      statement {
        managed_rule_group_statement {
          name        = rule.key
          vendor_name = "AWS"
          version     = lookup(local.versions, rule.key, null)
        }
      }
      visibility_config {
        cloudwatch_metrics_enabled = true
        metric_name                = "m${rule.value}"
        sampled_requests_enabled   = true
      }
    }
  }
}
"#;

fn machines(image: &str, given: [&str; 5]) -> String {
    let [metadata, disk, matcher, template, versions] = given;
    format!(
        r#"
resource "aws_vpc" "v" {{ cidr_block = "10.0.0.0/16" }}
resource "aws_subnet" "s" {{
  vpc_id     = aws_vpc.v.id
  cidr_block = "10.0.1.0/24"
}}
resource "aws_instance" "i" {{
  ami           = "{image}"
  instance_type = "t3.micro"
  subnet_id     = aws_subnet.s.id
  metadata_options {{
    http_tokens = "required"
    {metadata}
  }}
  root_block_device {{
    encrypted = true
    {disk}
  }}
}}
resource "aws_lb_target_group" "t" {{
  name     = "t"
  port     = 80
  protocol = "HTTP"
  vpc_id   = aws_vpc.v.id
  health_check {{
    path = "/up"
    {matcher}
  }}
}}
resource "aws_launch_template" "l" {{
  name          = "tmpl"
  image_id      = "{image}"
  instance_type = "t3.micro"
  metadata_options {{
    http_tokens = "required"
    {template}
  }}
}}
locals {{
  versions = {{ {versions} }}
}}
output "disk" {{ value = aws_instance.i.root_block_device[0].volume_size }}
{ACL}"#
    )
}

#[test]
fn an_argument_given_for_the_first_time_is_set() {
    let world = World::start();
    let amis = [("name", "al2023-ami-*"), ("architecture", "x86_64")];
    let image = world.ids("DescribeImages", "imageId", &amis).remove(0);
    apply(&world, &machines(&image, [""; 5]));
    let instance = world.ids("DescribeInstances", "instanceId", &[]).remove(0);
    let seen = world.ec2("DescribeInstances", &[("InstanceId.1", &instance)]);
    let limit: i64 = seen.one("httpPutResponseHopLimit").parse().expect("a number");
    let version = r#"AWSManagedRulesCommonRuleSet = "Version_1.5""#;
    let given = [
        &format!("http_endpoint = \"disabled\"\n    http_put_response_hop_limit = {}", limit + 1),
        "volume_size = 40",
        "matcher = \"200-204\"",
        "http_put_response_hop_limit = 3",
        version,
    ];
    let wanted = machines(&image, given);
    let said = plan(&world, &wanted);
    assert!(said.contains("4 to change"), "{said}");
    assert_eq!(said.matches("AWSManagedRulesAmazonIpReputationList").count(), 0, "it does not change:\n{said}");
    apply(&world, &wanted);

    let seen = world.ec2("DescribeInstances", &[("InstanceId.1", &instance)]);
    assert_eq!(seen.one("httpEndpoint"), "disabled");
    assert_eq!(seen.one("httpPutResponseHopLimit"), (limit + 1).to_string());
    assert_eq!(seen.one("httpTokens"), "required");
    let disks =
        world.ec2("DescribeVolumes", &[("Filter.1.Name", "attachment.instance-id"), ("Filter.1.Value.1", &instance)]);
    assert_eq!(disks.one("size"), "40");
    assert_eq!(outputs(&world)["disk"]["value"], 40);
    let groups = world.query("elasticloadbalancing", "DescribeTargetGroups", &[]);
    assert_eq!(groups.one("HttpCode"), "200-204");
    let versions = world.ec2(
        "DescribeLaunchTemplateVersions",
        &[("LaunchTemplateName", "tmpl"), ("LaunchTemplateVersion.1", "$Latest")],
    );
    assert_eq!(versions.one("httpPutResponseHopLimit"), "3");
    let told = rules(&world).into_iter().map(|(name, rule)| {
        let version = rule["Statement"]["ManagedRuleGroupStatement"]["Version"].as_str().map(str::to_owned);
        (name.ends_with("CommonRuleSet"), version)
    });
    let mut told: Vec<_> = told.collect();
    told.sort();
    assert_eq!(told, [(false, None), (true, Some("Version_1.5".to_owned()))]);

    // What the layout no longer gives is AWS's to choose, and stays. The endpoint has a default.
    world.write("net/main.tf", &machines(&image, ["http_endpoint = \"disabled\"", "", "", "", ""]));
    world.floorplan(&["plan", "net", "--sandbox", "--state", "s", "--detailed-exitcode"]).exits(0);
}

fn balanced(forward: &str) -> String {
    format!(
        r#"
data "aws_availability_zones" "z" {{}}
resource "aws_vpc" "v" {{ cidr_block = "10.0.0.0/16" }}
resource "aws_subnet" "s" {{
  count             = 2
  vpc_id            = aws_vpc.v.id
  cidr_block        = "10.0.${{count.index}}.0/24"
  availability_zone = data.aws_availability_zones.z.names[count.index]
}}
resource "aws_lb" "b" {{
  name     = "b"
  internal = true
  subnets  = aws_subnet.s[*].id
}}
resource "aws_lb_target_group" "g" {{
  for_each = toset(["blue", "green"])
  name     = each.key
  port     = 80
  protocol = "HTTP"
  vpc_id   = aws_vpc.v.id
}}
resource "aws_lb_listener" "l" {{
  load_balancer_arn = aws_lb.b.arn
  port              = 80
  protocol          = "HTTP"
  default_action {{
    type = "forward"
    {forward}
  }}
}}
resource "aws_lb_listener_rule" "r" {{
  listener_arn = aws_lb_listener.l.arn
  priority     = 10
  action {{
    type = "forward"
    {forward}
  }}
  condition {{
    path_pattern {{
      values = ["/a"]
    }}
  }}
}}
"#
    )
}

/// The groups that a Describe call names, with their weights where it tells any, in order.
fn shares(world: &World, action: &str, of: (&str, &str)) -> Vec<(String, String)> {
    let answer = world.query("elasticloadbalancing", action, &[of]);
    let document = answer.document();
    let arns = document.descendants().filter(|n| n.tag_name().name() == "TargetGroupArn");
    let share = |arn: roxmltree::Node<'_, '_>| {
        let weight = arn.parent()?.children().find(|n| n.tag_name().name() == "Weight").and_then(|n| n.text());
        let name = arn.text()?.split('/').nth(1)?;
        Some((name.to_owned(), weight.unwrap_or_default().to_owned()))
    };
    let all: std::collections::BTreeMap<String, String> = arns.filter_map(share).collect();
    all.into_iter().collect()
}

#[test]
fn one_target_group_becomes_shares_of_two_and_back_again() {
    let world = World::start();
    let one = |name: &str| format!("target_group_arn = aws_lb_target_group.g[{name:?}].arn");
    let share = |name: &str, weight: u32| {
        format!("target_group {{\n arn = aws_lb_target_group.g[{name:?}].arn\n weight = {weight}\n }}\n")
    };
    let two = format!("forward {{\n {}{} }}\n", share("blue", 1), share("green", 9));
    let pairs = |all: &[(&str, &str)]| all.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect::<Vec<_>>();
    apply(&world, &balanced(&one("blue")));
    let balancer = world.query("elasticloadbalancing", "DescribeLoadBalancers", &[]).one("LoadBalancerArn");
    let listeners = ("LoadBalancerArn", balancer.as_str());
    let listener = world.query("elasticloadbalancing", "DescribeListeners", &[listeners]).one("ListenerArn");
    let seen = || {
        let rule = shares(&world, "DescribeRules", ("ListenerArn", &listener));
        let listener = shares(&world, "DescribeListeners", listeners);
        assert_eq!(rule, listener);
        listener
    };

    let said = plan(&world, &balanced(&two));
    assert!(said.contains("2 to change"), "{said}");
    apply(&world, &balanced(&two));
    assert_eq!(seen(), pairs(&[("blue", "1"), ("green", "9")]));

    let said = plan(&world, &balanced(&one("green")));
    assert!(said.contains("2 to change"), "{said}");
    apply(&world, &balanced(&one("green")));
    assert_eq!(seen().into_iter().map(|(name, _)| name).collect::<Vec<_>>(), ["green"]);

    // The same in the other spelling is not a change.
    world.write("net/main.tf", &balanced(&format!("forward {{\n {} }}\n", share("green", 1))));
    world.floorplan(&["plan", "net", "--sandbox", "--state", "s", "--detailed-exitcode"]).exits(0);
}

fn following(after: bool) -> String {
    let either = |a: &'static str, b: &'static str| if after { b } else { a };
    format!(
        r#"
resource "aws_vpc" "v" {{
  cidr_block = "10.13.0.0/16"
  {ipv6}
}}
resource "aws_subnet" "s" {{
  vpc_id     = aws_vpc.v.id
  cidr_block = "10.13.1.0/24"
  {ipv6_subnet}
}}
resource "aws_ec2_managed_prefix_list" "p" {{
  name           = "p"
  address_family = "IPv4"
  max_entries    = 5
  entry {{ cidr = "10.{n}.0.0/16" }}
}}
resource "aws_wafv2_ip_set" "s" {{
  name               = "s"
  scope              = "REGIONAL"
  ip_address_version = "IPV4"
  addresses          = ["10.{n}.0.0/16"]
}}
resource "aws_customer_gateway" "c" {{
  bgp_asn    = 65000
  ip_address = "203.0.113.9"
  type       = "ipsec.1"
}}
resource "aws_vpn_gateway" "g" {{ vpc_id = aws_vpc.v.id }}
resource "aws_vpn_connection" "k" {{
  customer_gateway_id = aws_customer_gateway.c.id
  vpn_gateway_id      = aws_vpn_gateway.g.id
  type                = "ipsec.1"
  static_routes_only  = true
  tunnel1_inside_cidr = "169.254.{n}.0/30"
  tunnel2_inside_cidr = "169.254.34.0/30"
}}
resource "aws_network_interface" "a" {{
  subnet_id   = aws_subnet.s.id
  private_ips = ["10.13.1.10"{more}]
}}
resource "aws_network_interface" "b" {{
  subnet_id   = aws_subnet.s.id
  private_ips = ["10.13.1.20"]
}}
resource "aws_internet_gateway" "i" {{ vpc_id = aws_vpc.v.id }}
resource "aws_eip" "e" {{
  domain            = "vpc"
  network_interface = aws_network_interface.{holder}.id
}}
resource "aws_kms_key" "k" {{
  count = 2
}}
resource "aws_kms_alias" "k" {{
  name          = "alias/k"
  target_key_id = aws_kms_key.k[{key}].key_id
}}
resource "aws_route_table" "t" {{
  count  = 2
  vpc_id = aws_vpc.v.id
}}
resource "aws_route_table_association" "s" {{
  subnet_id      = aws_subnet.s.id
  route_table_id = aws_route_table.t[{key}].id
}}
resource "aws_security_group" "g" {{
  name   = "g"
  vpc_id = aws_vpc.v.id
}}
resource "aws_security_group_rule" "r" {{
  security_group_id = aws_security_group.g.id
  type              = "ingress"
  protocol          = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_blocks       = ["10.{n}.0.0/16"]
}}
output "range" {{ value = aws_vpc.v.ipv6_cidr_block }}
output "range_association" {{ value = aws_vpc.v.ipv6_association_id }}
output "subnet_association" {{ value = aws_subnet.s.ipv6_cidr_block_association_id }}
output "list_version" {{ value = aws_ec2_managed_prefix_list.p.version }}
output "lock" {{ value = aws_wafv2_ip_set.s.lock_token }}
output "inside" {{ value = aws_vpn_connection.k.tunnel1_vgw_inside_address }}
output "inside_device" {{ value = aws_vpn_connection.k.tunnel1_cgw_inside_address }}
output "held" {{ value = aws_eip.e.private_ip }}
output "held_name" {{ value = aws_eip.e.private_dns }}
output "held_by" {{ value = aws_eip.e.association_id }}
output "count" {{ value = aws_network_interface.a.private_ips_count }}
output "list" {{ value = aws_network_interface.a.private_ip_list }}
output "key" {{ value = aws_kms_alias.k.target_key_arn }}
output "association" {{ value = aws_route_table_association.s.id }}
output "rule" {{ value = aws_security_group_rule.r.id }}
"#,
        ipv6 = either("", "assign_generated_ipv6_cidr_block = true"),
        ipv6_subnet = either("", "ipv6_cidr_block = cidrsubnet(aws_vpc.v.ipv6_cidr_block, 8, 1)"),
        n = either("33", "43"),
        more = either("", r#", "10.13.1.11""#),
        holder = either("a", "b"),
        key = either("0", "1"),
    )
}

#[test]
fn what_aws_gives_anew_is_told_by_the_apply_that_changes_it() {
    let world = World::start();
    apply(&world, &following(false));
    let before = outputs(&world);
    let said = apply(&world, &following(true));
    assert!(!said.contains("forces replacement"), "{said}");
    let after = outputs(&world);
    for (name, old) in before.as_object().expect("outputs") {
        assert_ne!(after[name]["value"], old["value"], "{name}");
    }

    let of = |name: &str| after[name]["value"].as_str().unwrap_or_default().to_owned();
    assert_eq!(
        of("range"),
        world
            .ec2("DescribeVpcs", &[("Filter.1.Name", "cidr"), ("Filter.1.Value.1", "10.13.0.0/16")])
            .one("ipv6CidrBlock")
    );
    let lists = [("Filter.1.Name", "prefix-list-name"), ("Filter.1.Value.1", "p")];
    assert_eq!(
        after["list_version"]["value"].to_string(),
        world.ec2("DescribeManagedPrefixLists", &lists).one("version")
    );
    let sets = world.json("wafv2", "AWSWAF_20190729.ListIPSets", json!({"Scope": "REGIONAL"}));
    assert_eq!(of("lock"), sets["IPSets"][0]["LockToken"].as_str().unwrap_or_default());
    assert_eq!((of("inside"), of("inside_device")), ("169.254.43.1".into(), "169.254.43.2".into()));
    let address = world.ec2("DescribeAddresses", &[]);
    assert_eq!((of("held"), of("held_by")), (address.one("privateIpAddress"), address.one("associationId")));
    assert_eq!(of("held_name"), format!("ip-10-13-1-20.{REGION}.compute.internal"));
    assert_eq!((&after["count"]["value"], &after["list"]["value"]), (&json!(1), &json!(["10.13.1.10", "10.13.1.11"])));
    let listed = world.json("kms", "TrentService.ListAliases", json!({}));
    let listed = listed["Aliases"].as_array().expect("aliases");
    let alias = listed.iter().find(|a| a["AliasName"] == "alias/k").expect("the alias");
    assert!(of("key").ends_with(alias["TargetKeyId"].as_str().unwrap_or_default()));
    let tables = world.ids("DescribeRouteTables", "routeTableAssociationId", &[]);
    assert!(tables.contains(&of("association")), "{tables:?}");
}

#[test]
fn a_renamed_default_tag_is_a_change() {
    let world = World::start();
    let layout = |defaults: &str, own: &str| {
        format!(
            r#"
provider "aws" {{
  region = "{REGION}"
  default_tags {{
    tags = {{ {defaults} }}
  }}
}}
resource "aws_vpc" "v" {{
  cidr_block = "10.25.0.0/16"
  tags       = {{ {own} }}
}}
resource "aws_wafv2_ip_set" "s" {{
  name               = "s"
  scope              = "REGIONAL"
  ip_address_version = "IPV4"
  addresses          = ["10.1.0.0/16"]
}}
"#
        )
    };
    apply(&world, &layout(r#"Owner = "net""#, ""));
    let said = plan(&world, &layout(r#"Team = "net""#, ""));
    assert!(!said.contains("outside"), "{said}");
    assert!(said.contains("2 to change"), "{said}");
    apply(&world, &layout(r#"Team = "net""#, ""));
    let vpc = [("Filter.1.Name", "cidr"), ("Filter.1.Value.1", "10.25.0.0/16")];
    let keys = || {
        let keys = world.ec2("DescribeVpcs", &vpc).all("key");
        keys.into_iter().filter(|key| !key.starts_with("floorplan")).collect::<Vec<_>>()
    };
    assert_eq!(keys(), ["Team"]);

    // Between default and own and back: the object keeps the tag.
    for (defaults, own) in [("", r#"Team = "net""#), (r#"Team = "net""#, "")] {
        let wanted = layout(defaults, own);
        world.write("net/main.tf", &wanted);
        let said = world.floorplan(&["plan", "net", "--sandbox", "--state", "s"]).succeeds().stdout;
        assert!(!said.contains("outside"), "{said}");
        apply(&world, &wanted);
        assert_eq!(keys(), ["Team"]);
    }

    // What somebody else does is said to be outside.
    let id = world.ids("DescribeVpcs", "vpcId", &[("cidr", "10.25.0.0/16")]).remove(0);
    world.ec2("CreateTags", &[("ResourceId.1", &id), ("Tag.1.Key", "Team"), ("Tag.1.Value", "other")]);
    let said = plan(&world, &layout(r#"Team = "net""#, ""));
    assert!(said.contains("outside"), "{said}");
}
