//! WAF and Shield, against the sandbox.

use serde_json::{Value, json};

use crate::modules::Example;
use crate::support::{REGION, World};
use crate::types::Account;

/// Asks WAF directly.
#[track_caller]
fn waf(world: &World, action: &str, body: Value) -> Value {
    world.json("wafv2", &format!("AWSWAF_20190729.{action}"), body)
}

#[track_caller]
fn shield(world: &World, action: &str, body: Value) -> Value {
    world.json("shield", &format!("AWSShield_20160616.{action}"), body)
}

/// A web ACL and its lock token.
#[track_caller]
fn web_acl(world: &World, name: &str) -> (Value, Value) {
    let listed = waf(world, "ListWebACLs", json!({"Scope": "REGIONAL"}));
    let found = listed["WebACLs"].as_array().unwrap().iter().find(|acl| acl["Name"] == name).expect("it is listed");
    let got = waf(world, "GetWebACL", json!({"Scope": "REGIONAL", "Name": name, "Id": found["Id"]}));
    (got["WebACL"].clone(), got["LockToken"].clone())
}

/// A change of a web ACL by somebody else.
#[track_caller]
fn meddle(world: &World, name: &str, change: impl FnOnce(&mut Value)) {
    let (mut acl, lock) = web_acl(world, name);
    change(&mut acl);
    acl["Scope"] = "REGIONAL".into();
    acl["LockToken"] = lock;
    waf(world, "UpdateWebACL", acl);
}

fn visibility() -> Value {
    json!({"cloudwatch_metrics_enabled": true, "metric_name": "m", "sampled_requests_enabled": false})
}

fn rule(name: &str, priority: i64, action: &str, statement: Value) -> Value {
    let mut rule =
        json!({"name": name, "priority": priority, "statement": statement, "visibility_config": visibility()});
    match action {
        "group" => rule["override_action"] = json!({"none": {}}),
        action => rule["action"] = json!({action: {}}),
    }
    rule
}

fn geo(code: &str) -> Value {
    json!({"geo_match_statement": {"country_codes": [code]}})
}

fn acl(name: &str, rules: &[Value]) -> Value {
    json!({
        "name": name, "scope": "REGIONAL", "default_action": {"allow": {}}, "visibility_config": visibility(),
        "rule": rules, "tags": {"env": "test"}
    })
}

#[test]
fn sets_are_made_changed_and_left_as_others_have_made_them() {
    let account = Account::start();
    let world = &account.world;
    let set = |ranges: &[&str], env: &str| {
        json!({
            "name": "offices", "scope": "REGIONAL", "ip_address_version": "IPV6", "addresses": ranges,
            "tags": {"env": env}
        })
    };
    let mut ranges = account.make("aws_wafv2_ip_set", set(&["2001:db8:1::/48", "2001:DB8:2::/48"], "a"));
    assert_eq!(ranges.drift(), [""; 0], "another spelling of a range is not a difference");
    ranges.change(set(&["2001:db8:2::/48", "2001:db8:3::/48"], "b"));
    let id = ranges.id.clone();
    let get = || waf(world, "GetIPSet", json!({"Scope": "REGIONAL", "Name": "offices", "Id": id}));
    let kept: Vec<String> =
        get()["IPSet"]["Addresses"].as_array().unwrap().iter().map(|a| a.as_str().unwrap().to_owned()).collect();
    assert_eq!(kept.len(), 2);
    assert!(kept[1].starts_with("2001:0db8:0003:"), "{kept:?}");
    let tags = waf(world, "ListTagsForResource", json!({"ResourceARN": ranges.text("arn")}));
    assert!(tags["TagInfoForResource"]["TagList"].as_array().unwrap().contains(&json!({"Key": "env", "Value": "b"})));

    let mut emptied = set(&[], "b");
    emptied["description"] = "nobody any more".into();
    ranges.change(emptied);
    assert_eq!(get()["IPSet"]["Addresses"], json!([]));
    ranges.delete();

    let home = account.make(
        "aws_wafv2_ip_set",
        json!({"name_prefix": "edge-", "scope": "CLOUDFRONT", "ip_address_version": "IPV4", "addresses": ["192.0.2.0/24"]}),
    );
    assert!(home.text("arn").starts_with("arn:aws:wafv2:us-east-1:"), "{}", home.text("arn"));
    assert!(home.text("name").starts_with("edge-"));
    home.delete();

    let patterns = |all: &[&str]| {
        let all: Vec<Value> = all.iter().map(|text| json!({"regex_string": text})).collect();
        json!({"name": "paths", "scope": "REGIONAL", "regular_expression": all})
    };
    let mut paths = account.make("aws_wafv2_regex_pattern_set", patterns(&["^/a", "^/b"]));
    paths.change(patterns(&["^/b", "^/c"]));
    paths.change(patterns(&[]));
    paths.delete();
}

#[test]
fn a_web_acl_holds_rules_of_any_depth_in_any_order() {
    let account = Account::start();
    let world = &account.world;
    let ranges = account.make(
        "aws_wafv2_ip_set",
        json!({"name": "ours", "scope": "REGIONAL", "ip_address_version": "IPV4", "addresses": ["192.0.2.0/24"]}),
    );
    let group = json!({
        "name": "own", "scope": "REGIONAL", "capacity": 20, "visibility_config": visibility(),
        "rule": [rule("inner", 1, "count", geo("FR"))]
    });
    let mut group = account.make("aws_wafv2_rule_group", group);
    let steps = json!([{"priority": 0, "type": "LOWERCASE"}, {"priority": 1, "type": "URL_DECODE"}]);
    let path = json!({"byte_match_statement": {
        "field_to_match": {"single_header": {"name": "X-Path"}}, "positional_constraint": "STARTS_WITH",
        "search_string": "/ädmin", "text_transformation": steps
    }});
    let ours = json!({"ip_set_reference_statement": {"arn": ranges.text("arn")}});
    let deep = json!({"and_statement": {"statement": [
        path,
        {"or_statement": {"statement": [
            {"not_statement": {"statement": {"and_statement": {"statement": [ours.clone(), geo("DE")]}}}},
            geo("AT")
        ]}}
    ]}});
    let rate = json!({"rate_based_statement": {
        "limit": 500, "aggregate_key_type": "CUSTOM_KEYS", "scope_down_statement": {"not_statement": {"statement": ours}},
        "custom_key": [{"ip": {}}, {"header": {"name": "x-key", "text_transformation": [{"priority": 0, "type": "NONE"}]}}]
    }});
    let managed = json!({"managed_rule_group_statement": {
        "name": "AWSManagedRulesCommonRuleSet", "vendor_name": "AWS",
        "rule_action_override": [{"name": "SizeRestrictions_BODY", "action_to_use": {"count": {}}}]
    }});
    let own = json!({"rule_group_reference_statement": {"arn": group.text("arn")}});
    let rules = [
        rule("deep", 10, "block", deep),
        rule("rate", 20, "captcha", rate),
        rule("managed", 30, "group", managed),
        rule("own", 40, "group", own),
    ];
    let mut whole = acl("web", &rules);
    whole["custom_response_body"] = json!([{"key": "sorry", "content": "no", "content_type": "TEXT_PLAIN"}]);
    whole["token_domains"] = json!(["example.com"]);
    whole["association_config"] = json!({"request_body": {"api_gateway": {"default_size_inspection_limit": "KB_32"}}});
    whole["data_protection_config"] = json!({"data_protection": [
        {"action": "HASH", "field": {"field_type": "SINGLE_HEADER", "field_keys": ["authorization"]}}
    ]});
    let mut web = account.make("aws_wafv2_web_acl", whole.clone());
    assert_eq!(web.drift(), [""; 0]);
    let seen = web_acl(world, "web").0;
    let said = &seen["Rules"][0]["Statement"]["AndStatement"]["Statements"][0]["ByteMatchStatement"];
    assert!(seen["Capacity"].as_i64().unwrap() > 700, "{seen}");
    assert!(seen["Rules"].as_array().unwrap().len() == 4 && (said.is_null() || said["SearchString"] == "L8OkZG1pbg=="));
    assert_eq!(seen["AssociationConfig"]["RequestBody"]["API_GATEWAY"]["DefaultSizeInspectionLimit"], "KB_32");

    meddle(world, "web", |acl| acl["Rules"].as_array_mut().unwrap().reverse());
    assert_eq!(web.drift(), [""; 0], "the order in which WAF lists rules means nothing");
    whole["rule"].as_array_mut().unwrap().rotate_left(1);
    world.forget_calls();
    web.change(whole.clone());
    assert_eq!(world.writes(), [""; 0], "nor does the order in the layout");
    meddle(world, "web", |acl| acl["DefaultAction"] = json!({"Block": {}}));
    assert_eq!(web.drift(), ["default_action"]);

    whole["default_action"] =
        json!({"block": {"custom_response": {"response_code": 429, "custom_response_body_key": "sorry"}}});
    whole["rule"].as_array_mut().unwrap().retain(|rule| rule["name"] != "own");
    web.change(whole);
    group.change(json!({
        "name": "own", "scope": "REGIONAL", "capacity": 20, "visibility_config": visibility(), "description": "our own",
        "rule": [rule("inner", 1, "block", geo("FR")), rule("more", 2, "block", geo("BE"))]
    }));
    web.change(acl("web", &[]));
    assert_eq!(web_acl(world, "web").0["Rules"], json!([]));
    web.delete();
    group.delete();
    ranges.delete();
}

/// A web ACL with something in it, in a layout.
fn layout(inner: &str) -> String {
    format!(
        r#"
        locals {{
          seen = {{ CloudWatchMetricsEnabled = true, MetricName = "m", SampledRequestsEnabled = true }}
        }}
        resource "aws_wafv2_web_acl" "web" {{
          name  = "web"
          scope = "REGIONAL"
          default_action {{
            allow {{}}
          }}
          {inner}
          visibility_config {{
            cloudwatch_metrics_enabled = true
            metric_name                = "web"
            sampled_requests_enabled   = true
          }}
        }}
        "#
    )
}

fn rate_rule(limit: u32) -> String {
    format!(
        r#"
        rule {{
          name     = "rate"
          priority = 1
          action {{
            block {{}}
          }}
          statement {{
            rate_based_statement {{
              limit = {limit}
            }}
          }}
          visibility_config {{
            cloudwatch_metrics_enabled = true
            metric_name                = "rate"
            sampled_requests_enabled   = true
          }}
        }}
        "#
    )
}

#[test]
fn rules_in_json_are_those_of_the_web_acl() {
    let world = World::start();
    let json = |priority: u32| {
        layout(&format!(
            r#"rule_json = jsonencode([{{
              Name = "a", Priority = {priority}, Action = {{ Block = {{}} }}, VisibilityConfig = local.seen,
              Statement = {{ GeoMatchStatement = {{ CountryCodes = ["DE"] }} }}
            }}])"#
        ))
    };
    let rules = || -> Vec<(String, i64)> {
        let seen = web_acl(&world, "web").0;
        let rule = |r: &Value| (r["Name"].as_str().unwrap().to_owned(), r["Priority"].as_i64().unwrap());
        seen["Rules"].as_array().unwrap().iter().map(rule).collect()
    };
    for (text, wanted) in [(json(1), ("a", 1)), (json(2), ("a", 2)), (layout(&rate_rule(100)), ("rate", 1))] {
        world.write("main.hcl", &text);
        world.floorplan(&["apply", "--auto-approve"]).succeeds();
        assert_eq!(rules(), [(wanted.0.to_owned(), wanted.1)]);
        world.floorplan(&["plan", "--detailed-exitcode"]).exits(0);
    }

    let made =
        json!({"Name": "theirs", "Scope": "REGIONAL", "IPAddressVersion": "IPV4", "Addresses": ["192.0.2.0/24"]});
    waf(&world, "CreateIPSet", made);
    let found = r#"
        data "aws_wafv2_ip_set" "theirs" {
          name  = "theirs"
          scope = "REGIONAL"
        }
        data "aws_wafv2_web_acl" "web" {
          name  = aws_wafv2_web_acl.web.name
          scope = "REGIONAL"
        }
        output "ranges" {
          value = join(" ", data.aws_wafv2_ip_set.theirs.addresses)
        }
        output "same" {
          value = data.aws_wafv2_web_acl.web.arn == aws_wafv2_web_acl.web.arn
        }
    "#;
    world.write("main.hcl", &format!("{}{found}", layout(&rate_rule(100))));
    world.floorplan(&["apply", "--auto-approve"]).succeeds();
    assert_eq!(world.floorplan(&["output", "--raw", "ranges"]).succeeds().stdout.trim(), "192.0.2.0/24");
    assert_eq!(world.floorplan(&["output", "--raw", "same"]).succeeds().stdout.trim(), "true");
}

#[test]
fn a_change_between_read_and_write_is_not_lost() {
    let world = World::start();
    world.write("main.hcl", &layout(&rate_rule(1000)));
    world.floorplan(&["apply", "--auto-approve"]).succeeds();
    world.floorplan(&["plan", "--detailed-exitcode"]).exits(0);

    world.write("main.hcl", &layout(&rate_rule(2000)));
    world.forget_calls();
    world.hold("UpdateWebACL", "before", 3.0);
    let child = world.command(&["apply", "--auto-approve"]).spawn().expect("the program runs");
    world.wait_for("UpdateWebACL");
    meddle(&world, "web", |acl| {
        let mut other = acl["Rules"][0].clone();
        other["Name"] = "theirs".into();
        other["Priority"] = 7.into();
        acl["Rules"].as_array_mut().unwrap().push(other);
        acl["OnSourceDDoSProtectionConfig"] = json!({"ALBLowReputationMode": "ALWAYS_ON"});
    });
    let done = child.wait_with_output().expect("it ends");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));

    let updates: Vec<u16> =
        world.calls().into_iter().filter(|call| call.action == "UpdateWebACL").map(|call| call.status).collect();
    assert_eq!(updates, [400, 200, 200], "the first is refused, then theirs and ours are accepted");
    let acl = web_acl(&world, "web").0;
    let rules: Vec<(&str, i64)> = acl["Rules"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| (r["Name"].as_str().unwrap(), r["Statement"]["RateBasedStatement"]["Limit"].as_i64().unwrap()))
        .collect();
    assert_eq!(rules, [("rate", 2000), ("theirs", 1000)]);
    assert_eq!(acl["OnSourceDDoSProtectionConfig"]["ALBLowReputationMode"], "ALWAYS_ON");

    // What the layout does not have is shown by the next plan, and goes only then.
    let plan = world.floorplan(&["plan", "--detailed-exitcode"]).exits(2);
    assert!(plan.stdout.contains("theirs"), "{}", plan.stdout);
    world.floorplan(&["apply", "--auto-approve"]).succeeds();
    let acl = web_acl(&world, "web").0;
    assert_eq!(acl["Rules"].as_array().unwrap().len(), 1);
    assert_eq!(
        acl["OnSourceDDoSProtectionConfig"]["ALBLowReputationMode"], "ALWAYS_ON",
        "no row knows it, so it stays"
    );

    let id = acl["Id"].as_str().unwrap().to_owned();
    world.floorplan(&["state", "rm", "aws_wafv2_web_acl.web"]).succeeds();
    world.floorplan(&["import", "aws_wafv2_web_acl.web", &format!("{id}/web/REGIONAL")]).succeeds();
    world.floorplan(&["plan", "--detailed-exitcode"]).exits(0);
    world.floorplan(&["destroy", "--auto-approve"]).succeeds();
    assert_eq!(waf(&world, "ListWebACLs", json!({"Scope": "REGIONAL"}))["WebACLs"], json!([]));
}

/// An Application Load Balancer's ARN.
fn balancer(world: &World) -> String {
    let vpc = world.ec2("CreateVpc", &[("CidrBlock", "10.0.0.0/16")]).one("vpcId");
    let subnet = |zone: &str, cidr: &str| {
        let zone = format!("{REGION}{zone}");
        let parameters = [("VpcId", vpc.as_str()), ("CidrBlock", cidr), ("AvailabilityZone", &zone)];
        world.ec2("CreateSubnet", &parameters).one("subnetId")
    };
    let (a, b) = (subnet("a", "10.0.0.0/24"), subnet("b", "10.0.1.0/24"));
    let parameters = [("Name", "web"), ("Scheme", "internal"), ("Subnets.member.1", &a), ("Subnets.member.2", &b)];
    world.query("elasticloadbalancing", "CreateLoadBalancer", &parameters).one("LoadBalancerArn")
}

#[test]
fn a_web_acl_replaces_another_and_logs_to_one_place() {
    let account = Account::start();
    let world = &account.world;
    let balancer = balancer(world);
    let first = account.make("aws_wafv2_web_acl", acl("first", &[]));
    let second = account.make("aws_wafv2_web_acl", acl("second", &[]));
    let front = |acl: &str| json!({"resource_arn": balancer, "web_acl_arn": acl});
    let mut association = account.make("aws_wafv2_web_acl_association", front(&first.text("arn")));
    assert_eq!(association.id, format!("{},{balancer}", first.text("arn")));
    world.forget_calls();
    association.change(front(&second.text("arn")));
    assert_eq!(world.writes(), ["AssociateWebACL"], "the balancer is never without a web ACL");
    assert_eq!(association.id, format!("{},{balancer}", second.text("arn")));
    let at = || waf(world, "GetWebACLForResource", json!({"ResourceArn": balancer}))["WebACL"]["Name"].clone();
    assert_eq!(at(), "second");
    first.delete();

    let group = "arn:aws:logs:eu-west-1:123456789012:log-group:aws-waf-logs-web";
    let mut wanted = json!({
        "resource_arn": second.text("arn"), "log_destination_configs": [format!("{group}:*")],
        "redacted_fields": [{"single_header": {"name": "authorization"}}, {"query_string": {}}],
        "logging_filter": {"default_behavior": "DROP", "filter": [
            {"behavior": "KEEP", "requirement": "MEETS_ANY", "condition": [
                {"action_condition": {"action": "BLOCK"}}, {"label_name_condition": {"label_name": "awswaf:managed:x"}}
            ]}
        ]}
    });
    let mut logging = account.make("aws_wafv2_web_acl_logging_configuration", wanted.clone());
    assert_eq!(logging.drift(), [""; 0]);
    wanted["redacted_fields"] = json!([{"uri_path": {}}]);
    wanted.as_object_mut().unwrap().remove("logging_filter");
    logging.change(wanted);
    let seen = waf(world, "GetLoggingConfiguration", json!({"ResourceArn": second.text("arn")}));
    assert_eq!(seen["LoggingConfiguration"]["RedactedFields"], json!([{"UriPath": {}}]));
    logging.delete();
    association.delete();
    assert_eq!(at(), Value::Null);
    second.delete();
}

#[test]
fn shield_protects_what_the_subscription_pays_for() {
    let account = Account::start();
    let world = &account.world;
    let mut contract = account.make("aws_shield_subscription", json!({}));
    let renewed = || shield(world, "DescribeSubscription", json!({}))["Subscription"]["AutoRenew"].clone();
    assert_eq!(renewed(), "ENABLED");
    contract.change(json!({"auto_renew": "DISABLED", "skip_destroy": true}));
    assert_eq!(renewed(), "DISABLED");
    contract.change(json!({"auto_renew": "ENABLED"}));

    let allocation = world.ec2("AllocateAddress", &[("Domain", "vpc")]).one("allocationId");
    let arn = format!("arn:aws:ec2:{REGION}:123456789012:eip-allocation/{allocation}");
    let wanted = |env: &str| json!({"name": "nat", "resource_arn": arn, "tags": {"env": env}});
    let mut protection = account.make("aws_shield_protection", wanted("a"));
    protection.change(wanted("b"));
    let tags = shield(world, "ListTagsForResource", json!({"ResourceARN": protection.text("arn")}));
    assert!(tags["Tags"].as_array().unwrap().contains(&json!({"Key": "env", "Value": "b"})));

    let all = json!({"protection_group_id": "all", "aggregation": "SUM", "pattern": "ALL"});
    let mut group = account.make("aws_shield_protection_group", all);
    group.change(json!({
        "protection_group_id": "all", "aggregation": "MAX", "pattern": "ARBITRARY", "members": [arn], "tags": {"a": "b"}
    }));
    let seen = shield(world, "DescribeProtectionGroup", json!({"ProtectionGroupId": "all"}));
    assert_eq!(seen["ProtectionGroup"]["Members"], json!([arn]));
    group.delete();
    protection.delete();
    assert_eq!(shield(world, "ListProtections", json!({}))["Protections"], json!([]));
}

#[test]
fn what_waf_would_refuse_is_refused_by_the_plan() {
    let world = World::start();
    world.write(
        "main.hcl",
        r#"
        resource "aws_wafv2_ip_set" "bad" {
          name               = "no good"
          scope              = "REGIONAL"
          ip_address_version = "IPV4"
          addresses          = ["10.0.0.1"]
        }

        resource "aws_wafv2_rule_group" "bad" {
          name     = "bad"
          scope    = "REGIONAL"
          capacity = 6000
          visibility_config {
            cloudwatch_metrics_enabled = true
            metric_name                = "m"
            sampled_requests_enabled   = true
          }
        }

        resource "aws_wafv2_web_acl" "bad" {
          name  = "bad"
          scope = "REGIONAL"
          default_action {
            allow {}
          }
          dynamic "rule" {
            for_each = ["a", "b"]
            content {
              name     = rule.value
              priority = 1
              action {
                block {}
              }
              statement {
                rate_based_statement {
                  limit = 200
                }
                geo_match_statement {
                  country_codes = ["DE"]
                }
              }
              visibility_config {
                cloudwatch_metrics_enabled = true
                metric_name                = "m"
                sampled_requests_enabled   = true
              }
            }
          }
          visibility_config {
            cloudwatch_metrics_enabled = true
            metric_name                = "m"
            sampled_requests_enabled   = true
          }
        }

        resource "aws_wafv2_web_acl_association" "bad" {
          web_acl_arn  = "arn:aws:wafv2:eu-west-1:123456789012:regional/webacl/web/a"
          resource_arn = "arn:aws:cloudfront::123456789012:distribution/E1"
        }
        "#,
    );
    let said = world.floorplan(&["plan"]).exits(1).stderr.split_whitespace().collect::<Vec<_>>().join(" ");
    for wanted in [
        "\"no good\" is not a valid name for WAF",
        "6000 is out of range; the capacity of a rule group is 1 to 5000",
        "web_acl_id",
        "rules \"a\" and \"b\" both have priority 1",
        "rule \"a\": statement takes exactly one of its blocks, not geo_match_statement and rate_based_statement",
    ] {
        assert!(said.to_lowercase().contains(&wanted.to_lowercase()), "{wanted}\n{said}");
    }
    assert_eq!(world.writes(), [""; 0]);
}

#[test]
fn rules_above_the_capacity_are_refused_before_any_call() {
    let world = World::start();
    let group = |capacity: u32| {
        format!(
            r#"
            resource "aws_wafv2_rule_group" "scripts" {{
              name       = "scripts"
              scope      = "REGIONAL"
              capacity   = {capacity}
              rules_json = jsonencode([{{
                Name             = "scripts"
                Priority         = 1
                Action           = {{ Block = {{}} }}
                VisibilityConfig = {{ CloudWatchMetricsEnabled = false, SampledRequestsEnabled = false, MetricName = "x" }}
                Statement        = {{ XssMatchStatement = {{
                  FieldToMatch = {{ QueryString = {{}} }}, TextTransformations = [{{ Priority = 0, Type = "URL_DECODE" }}]
                }} }}
              }}])
              visibility_config {{
                cloudwatch_metrics_enabled = false
                metric_name                = "scripts"
                sampled_requests_enabled   = false
              }}
            }}
            "#
        )
    };
    world.write("main.hcl", &group(49));
    let refused = world.floorplan(&["apply", "--auto-approve"]).exits(1);
    let said = "rules take 50 web ACL capacity units or more; its capacity is 49 (\"scripts\" takes 40)";
    assert!(refused.stderr.contains(said) && refused.stderr.contains("main.hcl:"), "{}", refused.stderr);
    assert_eq!(world.writes(), [""; 0]);
    world.write("main.hcl", &group(50));
    world.floorplan(&["apply", "--auto-approve"]).succeeds();
    world.floorplan(&["plan", "--detailed-exitcode"]).exits(0);
}

#[test]
fn the_module_puts_a_web_acl_before_a_balancer() {
    let example = Example::new(World::start(), "edge", "shop");
    let world = &example.world;
    let balancer = format!("load_balancer_arn={}", balancer(world));
    let run = |command: &str, more: &[&str]| example.run(command, &[&["--var", &balancer], more].concat());
    run("apply", &["--auto-approve"]).succeeds();
    run("plan", &["--detailed-exitcode"]).exits(0);
    let acl = web_acl(world, "shop").0;
    let mut rules: Vec<(i64, &str)> = acl["Rules"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| (r["Priority"].as_i64().unwrap(), r["Name"].as_str().unwrap()))
        .collect();
    rules.sort();
    let wanted = [
        (0, "allow-ipv4"),
        (2, "block-ipv4"),
        (3, "block-ipv6"),
        (4, "countries"),
        (5, "rate"),
        (10, "AWSManagedRulesCommonRuleSet"),
        (20, "AWSManagedRulesSQLiRuleSet"),
    ];
    assert_eq!(rules, wanted);
    let logs = waf(world, "GetLoggingConfiguration", json!({"ResourceArn": acl["ARN"]}));
    let group = logs["LoggingConfiguration"]["LogDestinationConfigs"][0].as_str().unwrap();
    assert!(group.contains("log-group:aws-waf-logs-shop"), "{group}");
    assert_eq!(shield(world, "ListProtections", json!({}))["Protections"].as_array().unwrap().len(), 1);

    // A list that becomes empty takes its set away after the rule that names it.
    run("apply", &["--auto-approve", "--var", "blocked_ranges=[\"198.51.100.0/24\"]"]).succeeds();
    let sets = waf(world, "ListIPSets", json!({"Scope": "REGIONAL"}))["IPSets"].as_array().unwrap().len();
    assert_eq!(sets, 2);
    run("destroy", &["--auto-approve"]).succeeds();
    assert_eq!(waf(world, "ListWebACLs", json!({"Scope": "REGIONAL"}))["WebACLs"], json!([]));
    assert_eq!(waf(world, "ListIPSets", json!({"Scope": "REGIONAL"}))["IPSets"], json!([]));
    assert_eq!(shield(world, "ListProtections", json!({}))["Protections"], json!([]));
}
