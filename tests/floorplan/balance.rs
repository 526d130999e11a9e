//! Load balancers, their listeners, rules and targets against a sandbox, checked by looks that do not
//! go through the program.

use crate::certificate::{self, sign};
use crate::support::{World, Xml};
use crate::types::Account;
use serde_json::{Value as Json, json};

struct Net {
    account: Account,
    vpc: String,
    subnets: Vec<String>,
}

impl Net {
    /// A VPC with subnets in three zones.
    fn start() -> Self {
        let account = Account::start();
        let vpc = account.make("aws_vpc", json!({"cidr_block": "10.0.0.0/16"})).id;
        let subnet = |(n, zone): (usize, &str)| {
            let zone = format!("eu-west-1{zone}");
            let config = json!({"vpc_id": vpc, "cidr_block": format!("10.0.{n}.0/24"), "availability_zone": zone});
            account.make("aws_subnet", config).id
        };
        let subnets = ["a", "b", "c"].into_iter().enumerate().map(subnet).collect();
        Net { account, vpc, subnets }
    }

    fn elb(&self, action: &str, parameters: &[(&str, &str)]) -> Xml {
        self.account.world.query("elasticloadbalancing", action, parameters)
    }

    fn balancer(&self, name: &str) -> String {
        self.account.make("aws_lb", json!({"name": name, "internal": true, "subnets": self.subnets[..2]})).id
    }

    fn group(&self, name: &str) -> String {
        let config = json!({"name": name, "port": 80, "protocol": "HTTP", "vpc_id": self.vpc});
        self.account.make("aws_lb_target_group", config).id
    }

    fn listener(&self, balancer: &str, group: &str) -> String {
        let forward = json!([{"type": "forward", "target_group_arn": group}]);
        let config = json!({"load_balancer_arn": balancer, "port": 80, "protocol": "HTTP", "default_action": forward});
        self.account.make("aws_lb_listener", config).id
    }

    fn security_group(&self, name: &str) -> String {
        self.account.make("aws_security_group", json!({"name": name, "vpc_id": self.vpc})).id
    }

    fn certificate(&self) -> String {
        certificate::issued(&self.account.world)
    }

    /// The value of an attribute, as AWS gives it.
    fn attribute(&self, action: &str, of: (&str, &str), key: &str) -> String {
        let answer = self.elb(action, &[of]);
        let document = answer.document();
        let member = document.descendants().find(|n| n.tag_name().name() == "Key" && n.text() == Some(key));
        let member = member.and_then(|n| n.parent()).unwrap_or_else(|| panic!("{key} in {action}"));
        let value = member.children().find(|n| n.tag_name().name() == "Value");
        value.and_then(|n| n.text()).unwrap_or_default().to_owned()
    }
}

#[test]
fn an_application_balancer_is_changed_in_place() {
    let net = Net::start();
    let groups = [net.security_group("one"), net.security_group("two")];
    let config = |subnets: &[String], group: &str, more: Json| {
        let mut config = json!({"name": "web", "internal": true, "subnets": subnets, "security_groups": [group],
            "tags": {"team": "web"}});
        config.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        config
    };
    let first = json!({"idle_timeout": 120, "drop_invalid_header_fields": true, "enable_deletion_protection": true,
        "access_logs": {"bucket": "logs", "prefix": "web", "enabled": true}});
    let mut balancer = net.account.make("aws_lb", config(&net.subnets[..2], &groups[0], first));
    let of = ("LoadBalancerArn", balancer.id.clone());
    let attribute = |key: &str| net.attribute("DescribeLoadBalancerAttributes", (of.0, &of.1), key);
    assert_eq!(attribute("idle_timeout.timeout_seconds"), "120");
    assert_eq!(attribute("access_logs.s3.prefix"), "web");
    assert_eq!(balancer.text("arn_suffix"), balancer.id.split(":loadbalancer/").nth(1).unwrap());
    assert!(balancer.text("dns_name").contains("web"));

    net.account.world.forget_calls();
    let second = json!({"enable_http2": false, "tags": {"team": "shop", "stage": "test"}});
    balancer.change(config(&net.subnets[1..], &groups[1], second));
    assert_eq!(
        net.account.world.writes(),
        ["AddTags", "SetSecurityGroups", "SetSubnets", "ModifyLoadBalancerAttributes"]
    );
    assert_eq!(
        [attribute("idle_timeout.timeout_seconds"), attribute("access_logs.s3.enabled")],
        ["60", "false"],
        "what the layout drops goes back"
    );
    assert_eq!(attribute("deletion_protection.enabled"), "false");
    net.account.world.forget_calls();
    assert_eq!(balancer.drift(), [""; 0]);
    let reads: Vec<String> = net.account.world.calls().into_iter().map(|call| call.action).collect();
    assert_eq!(reads[0], "DescribeLoadBalancers");
    assert_eq!(reads.len(), 4, "and tags, attributes, capacity: {reads:?}");
    net.account.world.ec2("DeleteSecurityGroup", &[("GroupId", &groups[0])]);
    balancer.delete();
    net.account.world.ec2("DeleteSubnet", &[("SubnetId", &net.subnets[1])]);
}

#[test]
fn network_and_gateway_balancers_keep_what_they_have() {
    let net = Net::start();
    let address = net.account.world.ec2("AllocateAddress", &[("Domain", "vpc")]).one("allocationId");
    let config = |subnets: &[&str]| {
        let mapping = |(n, subnet): (usize, &&str)| match n {
            0 => json!({"subnet_id": subnet, "allocation_id": address}),
            _ => json!({"subnet_id": subnet}),
        };
        let mappings: Vec<Json> = subnets.iter().enumerate().map(mapping).collect();
        json!({"name": "flow", "internal": false, "load_balancer_type": "network", "subnet_mapping": mappings,
            "enable_cross_zone_load_balancing": true, "dns_record_client_routing_policy": "availability_zone_affinity"})
    };
    let mut balancer = net.account.make("aws_lb", config(&[&net.subnets[0]]));
    assert!(balancer.id.contains("/net/flow/"));
    balancer.change(config(&[&net.subnets[0], &net.subnets[1]]));
    assert_eq!(net.elb("DescribeLoadBalancers", &[]).all("AllocationId"), [address.as_str()]);
    assert_eq!(balancer.drift(), [""; 0]);

    let gateway = json!({"name": "inspect", "load_balancer_type": "gateway", "subnets": [net.subnets[2]]});
    let gateway = net.account.make("aws_lb", gateway);
    let group = json!({"name": "appliances", "port": 6081, "protocol": "GENEVE", "vpc_id": net.vpc,
        "target_failover": [{"on_deregistration": "rebalance", "on_unhealthy": "rebalance"}],
        "health_check": {"port": "80", "protocol": "HTTP", "path": "/"}});
    let mut group = net.account.make("aws_lb_target_group", group);
    assert_eq!(group.drift(), [""; 0]);
    let listener = json!({"load_balancer_arn": gateway.id,
        "default_action": [{"type": "forward", "target_group_arn": group.id}]});
    let mut listener = net.account.make("aws_lb_listener", listener);
    assert_eq!(listener.drift(), [""; 0]);
    listener.delete();
    group.delete();
    gateway.delete();
    balancer.delete();
}

#[test]
fn a_target_group_has_its_health_check_and_attributes() {
    let net = Net::start();
    let config = |more: Json| {
        let mut config = json!({"name": "web", "port": 8080, "protocol": "HTTP", "vpc_id": net.vpc});
        config.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        config
    };
    let first = json!({"deregistration_delay": "30", "slow_start": 60, "load_balancing_algorithm_type": "least_outstanding_requests",
        "health_check": {"path": "/healthz", "interval": 10, "timeout": 5, "healthy_threshold": 2, "matcher": "200-299"},
        "stickiness": {"type": "lb_cookie", "cookie_duration": 3600},
        "target_group_health": {"dns_failover": {"minimum_healthy_targets_count": "2"}}});
    let mut group = net.account.make("aws_lb_target_group", config(first));
    let arn = group.id.clone();
    let attribute = |key: &str| net.attribute("DescribeTargetGroupAttributes", ("TargetGroupArn", &arn), key);
    assert_eq!(attribute("deregistration_delay.timeout_seconds"), "30");
    assert_eq!(attribute("stickiness.lb_cookie.duration_seconds"), "3600");
    assert_eq!(attribute("target_group_health.dns_failover.minimum_healthy_targets.count"), "2");
    let found = net.elb("DescribeTargetGroups", &[]);
    assert_eq!((found.one("HealthCheckPath"), found.one("HealthyThresholdCount")), ("/healthz".into(), "2".into()));

    net.account.world.forget_calls();
    let second = json!({"health_check": {"path": "/", "interval": 15, "timeout": 5}, "stickiness": {"type": "lb_cookie", "enabled": false}});
    group.change(config(second));
    assert_eq!(net.account.world.writes(), ["ModifyTargetGroup", "ModifyTargetGroupAttributes"]);
    assert_eq!(attribute("deregistration_delay.timeout_seconds"), "300");
    assert_eq!(attribute("stickiness.enabled"), "false");
    assert_eq!(group.drift(), [""; 0]);
    group.delete();

    let mut plain = net.account.make("aws_lb_target_group", config(json!({})));
    assert_eq!(plain.drift(), [""; 0], "what AWS chooses is not a difference");
    let flow = json!({"name": "flow", "port": 53, "protocol": "TCP_UDP", "vpc_id": net.vpc, "target_type": "ip",
        "preserve_client_ip": "true", "stickiness": {"type": "source_ip"}, "health_check": {"protocol": "TCP"}});
    let mut flow = net.account.make("aws_lb_target_group", flow);
    assert_eq!(flow.drift(), [""; 0]);
    let function = json!({"name": "function", "target_type": "lambda", "lambda_multi_value_headers_enabled": true});
    let mut function = net.account.make("aws_lb_target_group", function);
    assert_eq!(function.drift(), [""; 0]);
    for group in [plain, flow, function] {
        group.delete();
    }
}

#[test]
fn a_listener_takes_encryption_and_every_action() {
    let net = Net::start();
    let (balancer, one, two) = (net.balancer("web"), net.group("one"), net.group("two"));
    let config = |actions: Json, more: Json| {
        let mut config =
            json!({"load_balancer_arn": balancer, "port": 80, "protocol": "HTTP", "default_action": actions});
        config.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        config
    };
    let to = |group: &str| json!([{"type": "forward", "target_group_arn": group}]);
    let mut listener = net.account.make("aws_lb_listener", config(to(&one), json!({"tags": {"a": "b"}})));
    let shares = json!([{"type": "forward", "forward": {"target_group": [{"arn": one, "weight": 9}, {"arn": two}],
        "stickiness": {"duration": 600, "enabled": true}}}]);
    let redirect =
        json!([{"type": "redirect", "redirect": {"port": "443", "protocol": "HTTPS", "status_code": "HTTP_301"}}]);
    let fixed = json!([{"type": "fixed-response", "fixed_response": {"content_type": "text/plain", "message_body": "no",
        "status_code": "404"}}]);
    for actions in [shares.clone(), redirect, to(&two), shares, fixed] {
        net.account.world.forget_calls();
        listener.change(config(actions, json!({"tags": {"a": "b"}})));
        assert_eq!(net.account.world.writes(), ["ModifyListener"]);
        assert_eq!(listener.drift(), [""; 0]);
    }
    assert_eq!(net.elb("DescribeListeners", &[("ListenerArns.member.1", &listener.id)]).one("MessageBody"), "no");

    let certificates = [net.certificate(), net.certificate(), net.certificate()];
    let sign_in = json!([{"type": "authenticate-oidc", "order": 1, "authenticate_oidc": {
            "authorization_endpoint": "https://id.example/auth", "client_id": "web", "client_secret": "s3cret",
            "issuer": "https://id.example", "token_endpoint": "https://id.example/token",
            "user_info_endpoint": "https://id.example/me", "session_timeout": 600}},
        {"type": "forward", "order": 2, "target_group_arn": one}]);
    let encrypted = json!({"port": 443, "protocol": "HTTPS", "certificate_arn": certificates[0],
        "ssl_policy": "ELBSecurityPolicy-TLS13-1-2-2021-06", "mutual_authentication": {"mode": "passthrough"},
        "routing_http_response_server_enabled": false});
    listener.change(config(sign_in.clone(), encrypted.clone()));
    let found = net.elb("DescribeListeners", &[("ListenerArns.member.1", &listener.id)]);
    assert_eq!((found.one("Protocol"), found.one("Mode")), ("HTTPS".into(), "passthrough".into()));
    assert_eq!(found.one("SslPolicy"), "ELBSecurityPolicy-TLS13-1-2-2021-06");
    assert_eq!(listener.drift(), [""; 0], "the secret that AWS never gives back is not a difference");
    let extra = |arn: &str| json!({"listener_arn": listener.id, "certificate_arn": arn});
    let second = net.account.make("aws_lb_listener_certificate", extra(&certificates[1]));
    net.account.make("aws_lb_listener_certificate", extra(&certificates[2]));
    second.delete();
    let left = net.elb("DescribeListenerCertificates", &[("ListenerArn", &listener.id)]).all("CertificateArn");
    assert_eq!(left, [certificates[0].as_str(), certificates[2].as_str()]);

    let mut off = encrypted;
    off.as_object_mut().unwrap().remove("mutual_authentication");
    listener.change(config(to(&one), off));
    assert_eq!(net.elb("DescribeListeners", &[("ListenerArns.member.1", &listener.id)]).one("Mode"), "off");
    listener.delete();
}

#[test]
fn a_rule_has_every_kind_of_condition() {
    let net = Net::start();
    let (balancer, group) = (net.balancer("web"), net.group("web"));
    let listener = net.listener(&balancer, &group);
    let config = |priority: Option<i32>, conditions: Json, more: Json| {
        let mut config = json!({"listener_arn": listener, "priority": priority, "condition": conditions,
            "action": [{"type": "forward", "target_group_arn": group}]});
        config.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        config
    };
    let all = json!([{"host_header": {"values": ["b.example", "a.example"]}}, {"http_request_method": {"values": ["GET"]}},
        {"query_string": [{"key": "v", "value": "2"}]}, {"source_ip": {"values": ["10.0.0.0/8"]}}]);
    let mut rule = net.account.make("aws_lb_listener_rule", config(Some(50), all, json!({"tags": {"a": "b"}})));
    assert_eq!(rule.drift(), [""; 0]);
    let header = json!([{"http_header": {"http_header_name": "X-Stage", "values": ["blue"]}}, {"path_pattern": {"values": ["/v2/*"]}}]);
    let rewrite = json!({"tags": {"a": "c"}, "transform": [{"type": "url-rewrite",
        "url_rewrite_config": {"rewrite": {"regex": "^/v2/", "replace": "/"}}}]});
    rule.change(config(Some(60), header.clone(), rewrite));
    let found = net.elb("DescribeRules", &[("RuleArns.member.1", &rule.id)]);
    assert_eq!((found.one("Priority"), found.one("Regex")), ("60".into(), "^/v2/".into()));
    rule.change(config(Some(60), header, json!({"tags": {"a": "c"}})));
    assert_eq!(net.elb("DescribeRules", &[("RuleArns.member.1", &rule.id)]).all("Regex"), [""; 0]);

    let path = |path: &str| json!([{"path_pattern": {"values": [path]}}]);
    let last = net.account.make("aws_lb_listener_rule", config(None, path("/last"), json!({})));
    assert_eq!(last.live.int("priority"), Some(61), "after all others");
    last.delete();
    net.account.world.forget_calls();
    assert_eq!(rule.drift(), [""; 0]);
    assert_eq!(net.account.world.calls().len(), 2, "the listener's rules and their tags");
    rule.delete();
}

#[test]
fn targets_are_read_once_per_group_and_one_that_drains_is_gone() {
    let net = Net::start();
    let (balancer, config) = (
        net.balancer("web"),
        json!({"name": "ips", "port": 80, "protocol": "HTTP", "target_type": "ip", "vpc_id": net.vpc}),
    );
    let group = net.account.make("aws_lb_target_group", config).id;
    net.listener(&balancer, &group);
    let target = |ip: &str, port: Option<i32>| {
        net.account
            .make("aws_lb_target_group_attachment", json!({"target_group_arn": group, "target_id": ip, "port": port}))
    };
    let mut all = [target("10.0.0.10", None), target("10.0.0.10", Some(8080)), target("10.0.0.11", Some(80))];
    assert_eq!(all[0].live.int("port"), Some(80), "the group's");
    let ids: Vec<String> = all.iter().map(|target| target.id.clone()).collect();
    net.account.world.forget_calls();
    assert_eq!(net.account.describe("aws_lb_target_group_attachment", &ids).len(), 3);
    assert_eq!(net.account.world.calls().len(), 1);
    assert_eq!(all[1].drift(), [""; 0]);

    net.account.world.delay("target_draining", 60.0);
    for target in all {
        target.delete();
    }
    let health = net.elb("DescribeTargetHealth", &[("TargetGroupArn", &group)]);
    assert_eq!(health.all("State"), ["draining"; 3]);
    target("10.0.0.11", Some(80));
    net.elb("DeleteTargetGroup", &[("TargetGroupArn", &net.group("unused"))]);
}

/// A layout with a balancer, a certificate brought along, and rules with these priorities.
fn shop(priorities: &[(&str, i32)]) -> String {
    let rules: Vec<String> = priorities.iter().map(|(name, n)| format!("{name} = {n}")).collect();
    format!(
        r#"
provider "aws" {{
  region = "eu-west-1"
}}
resource "aws_vpc" "main" {{
  cidr_block = "10.0.0.0/16"
}}
resource "aws_internet_gateway" "main" {{
  vpc_id = aws_vpc.main.id
}}
resource "aws_subnet" "public" {{
  for_each          = {{ a = 0, b = 1 }}
  vpc_id            = aws_vpc.main.id
  availability_zone = "eu-west-1${{each.key}}"
  cidr_block        = cidrsubnet(aws_vpc.main.cidr_block, 8, each.value)
}}
resource "aws_acm_certificate" "shop" {{
  certificate_body = file("${{path.module}}/certificate.pem")
  private_key      = file("${{path.module}}/key.pem")
}}
resource "aws_acm_certificate" "asked" {{
  domain_name               = "www.example"
  subject_alternative_names = ["shop.example"]
  validation_method         = "DNS"
  tags                      = {{ use = "later" }}
}}
resource "aws_lb" "shop" {{
  name_prefix = "shop-"
  subnets     = [for subnet in aws_subnet.public : subnet.id]
  tags        = {{ team = "shop" }}
}}
resource "aws_lb_target_group" "shop" {{
  name     = "shop"
  port     = 80
  protocol = "HTTP"
  vpc_id   = aws_vpc.main.id
}}
resource "aws_lb_listener" "https" {{
  load_balancer_arn = aws_lb.shop.arn
  port              = 443
  protocol          = "HTTPS"
  certificate_arn   = aws_acm_certificate.shop.arn
  default_action {{
    type             = "forward"
    target_group_arn = aws_lb_target_group.shop.arn
  }}
}}
resource "aws_lb_listener_rule" "path" {{
  for_each     = {{ {} }}
  listener_arn = aws_lb_listener.https.arn
  priority     = each.value
  action {{
    type = "fixed-response"
    fixed_response {{
      content_type = "text/plain"
      status_code  = "200"
    }}
  }}
  condition {{
    path_pattern {{
      values = ["/${{each.key}}/*"]
    }}
  }}
}}
data "aws_lb" "shop" {{
  arn = aws_lb.shop.arn
}}
data "aws_lb_target_group" "shop" {{
  name       = "shop"
  depends_on = [aws_lb_listener.https]
}}
data "aws_acm_certificate" "asked" {{
  domain     = "www.example"
  statuses   = ["PENDING_VALIDATION", "ISSUED"]
  depends_on = [aws_acm_certificate.asked]
}}
output "seen" {{
  value = "${{data.aws_lb.shop.dns_name}} ${{data.aws_lb_target_group.shop.health_check[0].path}} ${{data.aws_acm_certificate.asked.arn == aws_acm_certificate.asked.arn}}"
}}
output "records" {{
  value = sort([for record in aws_acm_certificate.asked.domain_validation_options : record.domain_name])
}}
"#,
        rules.join(", ")
    )
}

#[test]
fn rules_of_a_layout_exchange_their_priorities_in_one_call() {
    let world = World::start();
    let run = |command: &str, more: &[&str]| world.floorplan(&[&[command, "shop", "--sandbox"], more].concat());
    world.write("shop/main.tf", &shop(&[("a", 10), ("b", 20), ("c", 30)]));
    sign(&world.path().join("shop"));
    run("apply", &["--auto-approve"]).succeeds();
    run("plan", &["--detailed-exitcode"]).exits(0);
    let seen = world.floorplan(&["output", "--layout", "shop", "--raw", "seen"]).succeeds().stdout;
    assert!(seen.starts_with("shop-") && seen.ends_with(".amazonaws.com / true"), "{seen}");
    let records = world.floorplan(&["output", "--layout", "shop", "--json", "records"]).succeeds().stdout;
    assert_eq!(records.split_whitespace().collect::<String>(), r#"["shop.example","www.example"]"#);

    let listeners = world.query("elasticloadbalancing", "DescribeLoadBalancers", &[]).all("LoadBalancerArn");
    let balancer = [("LoadBalancerArn", listeners[0].as_str())];
    let listener = world.query("elasticloadbalancing", "DescribeListeners", &balancer).one("ListenerArn");
    let priorities = || {
        let answer = world.query("elasticloadbalancing", "DescribeRules", &[("ListenerArn", &listener)]);
        let document = answer.document();
        let rules = document.descendants().filter(|n| n.tag_name().name() == "Actions").filter_map(|n| n.parent());
        let text = |rule: roxmltree::Node<'_, '_>, name: &str| {
            let found = rule.descendants().rfind(|n| n.tag_name().name() == name)?;
            let texts = found.descendants().filter(|n| n.is_text()).filter_map(|n| n.text());
            texts.map(str::trim).find(|text| !text.is_empty()).map(str::to_owned)
        };
        let mut all: Vec<_> = rules.filter_map(|r| Some((text(r, "Priority")?, text(r, "Values")?))).collect();
        all.sort();
        all
    };
    let pair = |n: &str, path: &str| (n.to_owned(), path.to_owned());
    assert_eq!(priorities(), [pair("10", "/a/*"), pair("20", "/b/*"), pair("30", "/c/*")]);

    world.forget_calls();
    world.write("shop/main.tf", &shop(&[("a", 20), ("b", 30), ("c", 10)]));
    run("apply", &["--auto-approve"]).succeeds();
    assert_eq!(world.writes(), ["SetRulePriorities"], "nobody meets an order that nobody asked for");
    assert_eq!(priorities(), [pair("10", "/c/*"), pair("20", "/a/*"), pair("30", "/b/*")]);
    run("plan", &["--detailed-exitcode"]).exits(0);

    // A priority passes from a rule that goes to one that is new.
    world.write("shop/main.tf", &shop(&[("a", 20), ("d", 30), ("c", 10)]));
    run("apply", &["--auto-approve"]).succeeds();
    assert_eq!(priorities(), [pair("10", "/c/*"), pair("20", "/a/*"), pair("30", "/d/*")]);
    run("destroy", &["--auto-approve"]).succeeds();
    assert_eq!(world.ids("DescribeNetworkInterfaces", "networkInterfaceId", &[]), [""; 0]);
}

#[test]
fn what_cannot_work_is_refused_before_any_call() {
    let world = World::start();
    let mut layout = shop(&[("a", 10), ("b", 10)]);
    layout.push_str(
        r#"
resource "aws_lb_listener" "again" {
  load_balancer_arn = aws_lb.shop.arn
  port              = 443
  protocol          = "TLS"
  certificate_arn   = aws_acm_certificate.shop.arn
  default_action {
    type = "redirect"
  }
}
resource "aws_lb_target_group" "bad" {
  name     = "a_name_that_is_too_long_for_a_target_group"
  port     = 80
  protocol = "HTTP"
  vpc_id   = aws_vpc.main.id
}
resource "aws_lb_target_group" "hasty" {
  port     = 80
  protocol = "HTTP"
  vpc_id   = aws_vpc.main.id
  health_check {
    interval = 10
    timeout  = 10
  }
}
"#,
    );
    world.write("shop/main.tf", &layout);
    sign(&world.path().join("shop"));
    let run = world.floorplan(&["plan", "shop", "--sandbox"]).exits(1);
    let expected = [
        "n action of type redirect needs redirect",
        "AWS takes 32",
        "he timeout of 10 seconds must be shorter than the interval of 10",
    ];
    for text in expected {
        assert!(run.stderr.contains(text), "{text} in {}", run.stderr);
    }
    assert_eq!(world.writes(), [""; 0]);

    world.write("shop/main.tf", &shop(&[("a", 10), ("b", 10)]));
    let run = world.floorplan(&["plan", "shop", "--sandbox"]).exits(1);
    assert!(run.stderr.contains("Two rules of a listener have one priority"), "{}", run.stderr);
}

#[test]
fn a_web_service_is_applied_grows_and_goes() {
    let world = World::start();
    let layout = format!("{}/layouts/web-service", env!("CARGO_MANIFEST_DIR"));
    let state = world.path().join("kept").to_string_lossy().into_owned();
    let certificate = format!("certificate_arn={}", certificate::issued(&world));
    let run = |command: &str, more: &[&str]| {
        let all = [command, &layout, "--sandbox", "--state", &state, "--var", &certificate];
        world.floorplan(&[&all, more].concat())
    };
    run("apply", &["--auto-approve"]).succeeds();
    world.forget_calls();
    run("plan", &["--detailed-exitcode"]).exits(0);
    assert_eq!(world.writes(), [""; 0]);
    let group = world.query("elasticloadbalancing", "DescribeTargetGroups", &[]).one("TargetGroupArn");
    let health = || world.query("elasticloadbalancing", "DescribeTargetHealth", &[("TargetGroupArn", &group)]);
    assert_eq!(health().all("State"), ["healthy"; 2]);
    let listeners = world.query("elasticloadbalancing", "DescribeLoadBalancers", &[]).one("LoadBalancerArn");
    let listeners = world.query("elasticloadbalancing", "DescribeListeners", &[("LoadBalancerArn", &listeners)]);
    assert_eq!(listeners.one("StatusCode"), "HTTP_301", "plain HTTP is sent to HTTPS");

    let refused = run("destroy", &["--auto-approve"]).exits(1);
    assert!(refused.stderr.contains("deletion protection"), "{}", refused.stderr);
    let more = ["--var", "members_per_zone=2", "--var", "deletion_protection=false"];
    run("apply", &[&["--auto-approve"], &more[..]].concat()).succeeds();
    assert_eq!(health().all("State"), ["healthy"; 4]);
    run("destroy", &[&["--auto-approve"], &more[..]].concat()).succeeds();
    assert_eq!(world.ids("DescribeVpcs", "vpcId", &[("cidr-block", "10.40.0.0/16")]), [""; 0]);
}
