use super::*;
use crate::resources::spec::{A, rows};
use crate::resources::waf::rule;
use crate::resources::waf::rule::Place;
use crate::schema::{Attrs, Nesting};
use serde_json::json;

type Row = A<()>;

fn edit(before: Json, after: Json, now: Json) -> Json {
    let some = |json: Json| (!json.is_null()).then_some(json);
    let mut object = Map::new();
    if let Some(now) = some(now) {
        object.insert("Rules".into(), now);
    }
    Edit { member: "Rules".into(), before: some(before), after: some(after) }.apply(&mut object);
    object.remove("Rules").unwrap_or(Json::Null)
}

#[test]
fn names_are_those_of_the_api() {
    let plain = |n| name(&Row::string(n).row);
    let many = |n| name(&Row::block(n, Nesting::Set, vec![]).row);
    assert_eq!(plain("arn"), "ARN");
    assert_eq!(plain("cloudwatch_metrics_enabled"), "CloudWatchMetricsEnabled");
    assert_eq!(plain("ip_set_forwarded_ip_config"), "IPSetForwardedIPConfig");
    assert_eq!(plain("aws_managed_rules_anti_ddos_rule_set"), "AWSManagedRulesAntiDDoSRuleSet");
    assert_eq!(plain("asn_match_statement"), "AsnMatchStatement");
    assert_eq!(plain("asn"), "ASN");
    assert_eq!(plain("verified_access_instance"), "VERIFIED_ACCESS_INSTANCE");
    assert_eq!(many("text_transformation"), "TextTransformations");
    assert_eq!(many("managed_rule_group_configs"), "ManagedRuleGroupConfigs");
    assert_eq!(many("custom_response_body"), "CustomResponseBodies");
}

/// A structure with one of everything that is not spelt the same on both sides.
#[test]
fn what_is_written_is_read_back() {
    let body = rows([Row::string("key"), Row::string("content"), Row::string("content_type")]);
    let fields = rows([Row::string_list("identifiers")]);
    let all = rows([
        Row::string("search_string"),
        Row::number("limit"),
        Row::bool("enabled"),
        Row::string_set("country_codes"),
        Row::optional_block("phone_number_fields", fields),
        Row::block("custom_response_body", Nesting::Set, body),
        Row::optional_block("method", vec![]),
        Row::optional_block("ip", vec![]),
    ]);
    let json = json!({
        "SearchString": "w7w=", "Limit": 100, "Enabled": false, "CountryCodes": ["DE", "FR"],
        "PhoneNumberFields": [{"Identifier": "/phone"}],
        "CustomResponseBodies": {"sorry": {"Content": "no", "ContentType": "TEXT_PLAIN"}},
        "Method": {}
    });
    let value = from_json(&all, &json);
    let attrs = Attrs::from_value(&value);
    assert_eq!(attrs.str("search_string"), Some("ü"));
    assert_eq!(attrs.blocks("custom_response_body")[0].str("key"), Some("sorry"));
    assert!(attrs.is_set("method") && !attrs.is_set("ip"));
    assert_eq!(to_json(&all, &value), json);
}

#[test]
fn a_rule_with_every_kind_of_statement_survives_both_ways() {
    let rules = rule::rules(Place::WebAcl);
    let json: Json = serde_json::from_str(include_str!("every_statement.json")).unwrap();
    let value = read(&rules, Some(&json));
    let back = member(&rules, &value).unwrap();
    for (given, got) in json.as_array().unwrap().iter().zip(sorted_like(&json, back)) {
        assert_eq!(*given, got);
    }
}

/// Rules are a set and come in any order, as do the transformations and headers in them.
fn sorted_like(given: &Json, got: Json) -> Vec<Json> {
    let mut all: Vec<Json> = got.as_array().unwrap().clone();
    let order = |rule: &Json| given.as_array().unwrap().iter().position(|g| g["Name"] == rule["Name"]);
    all.sort_by_key(order);
    all
}

#[test]
fn a_change_leaves_alone_what_somebody_else_did_meanwhile() {
    let (a, b, c) = (json!({"Name": "a"}), json!({"Name": "b"}), json!({"Name": "c"}));
    let changed = json!({"Name": "a", "Priority": 1});
    assert_eq!(edit(json!([a]), json!([a, b]), json!([a, c])), json!([a, c, b]));
    assert_eq!(edit(json!([a, b]), json!([a]), json!([a, b, c])), json!([a, c]));
    assert_eq!(edit(json!([a]), json!([changed]), json!([c, a])), json!([c, changed]));
    assert_eq!(edit(json!([a, b]), json!([a]), json!([changed, b])), json!([changed]));
    assert_eq!(edit(json!([a]), Json::Null, json!([a])), Json::Null);
    assert_eq!(edit(json!([a]), Json::Null, json!([a, c])), json!([c]));
    assert_eq!(edit(json!(["1"]), json!(["2"]), json!(["1", "3"])), json!(["3", "2"]));
    let full = "2001:0db8:0000:0000:0000:0000:0000:0000/32";
    assert_eq!(edit(json!(["2001:db8::/32"]), json!(["::1/128"]), json!([full])), json!(["::1/128"]));
    let maps = edit(json!({"Allow": {}}), json!({"Block": {}}), json!({"Allow": {}, "New": 1}));
    assert_eq!(maps, json!({"New": 1, "Block": {}}));
}
