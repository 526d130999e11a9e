use super::*;
use crate::resources::waf::rule;
use crate::resources::waf::rule::Place;
use crate::resources::waf::wire;
use serde_json::json;

/// A web ACL or group with these rules.
fn said(place: Place, rules: Json) -> Vec<String> {
    let row = rule::rules(place);
    let attrs = Attrs::default().with("rule", wire::read(&row, Some(&rules)));
    object(&[row], place, &attrs).into_iter().map(|(_, message)| message).collect()
}

fn geo() -> Json {
    json!({"GeoMatchStatement": {"CountryCodes": ["DE"]}})
}

fn rule(name: &str, priority: i64, statement: Json, more: Json) -> Json {
    let mut rule = json!({"Name": name, "Priority": priority, "Statement": statement});
    for (member, value) in more.as_object().unwrap() {
        rule[member] = value.clone();
    }
    rule
}

#[test]
fn every_kind_of_statement_passes() {
    let rules: Json = serde_json::from_str(include_str!("every_statement.json")).unwrap();
    assert_eq!(said(Place::WebAcl, rules), [""; 0]);
}

#[test]
fn priorities_and_names_are_of_one_rule_each() {
    let block = json!({"Action": {"Block": {}}});
    let rules =
        json!([rule("a", 1, geo(), block.clone()), rule("b", 1, geo(), block.clone()), rule("a", 2, geo(), block)]);
    assert_eq!(
        said(Place::RuleGroup, rules),
        [
            "more than one rule is named \"a\"; each needs a name of its own",
            "rules \"a\" and \"b\" both have priority 1; each needs its own"
        ]
    );
}

#[test]
fn a_rule_has_exactly_the_action_that_it_takes() {
    let group = json!({"ManagedRuleGroupStatement": {"VendorName": "AWS", "Name": "x"}});
    let one = |statement: &Json, more| said(Place::WebAcl, json!([rule("a", 1, statement.clone(), more)]));
    let (action, other) = (json!({"Action": {"Block": {}}}), json!({"OverrideAction": {"None": {}}}));
    assert_eq!(one(&geo(), action.clone()), [""; 0]);
    assert_eq!(one(&group, other.clone()), [""; 0]);
    assert_eq!(
        one(&geo(), json!({})),
        ["rule \"a\" has neither action nor override_action, and takes exactly action, since it applies no rule group"]
    );
    assert_eq!(
        one(&group, action),
        ["rule \"a\" has action, and takes exactly override_action, since it has a managed_rule_group_statement"]
    );
    assert_eq!(
        one(&geo(), json!({"Action": {"Count": {}}, "OverrideAction": {"None": {}}})),
        ["rule \"a\" has both action and override_action, and takes exactly action, since it applies no rule group"]
    );
}

#[test]
fn a_choice_is_one_thing_however_deep_it_stands() {
    let block = || json!({"Action": {"Block": {}}});
    let mut two = geo();
    two["LabelMatchStatement"] = json!({"Scope": "LABEL", "Key": "a"});
    let deep = json!({"AndStatement": {"Statements": [geo(), {"NotStatement": {"Statement": two}}]}});
    assert_eq!(
        said(Place::RuleGroup, json!([rule("a", 1, deep, block())])),
        ["rule \"a\": statement takes exactly one of its blocks, not geo_match_statement and label_match_statement"]
    );
    let nothing = json!({"XssMatchStatement": {"FieldToMatch": {"Headers": {"MatchPattern": {}}}}});
    let found = said(Place::RuleGroup, json!([rule("a", 1, nothing, block())]));
    assert_eq!(
        found,
        ["rule \"a\": match_pattern says nothing; expected exactly one of all, excluded_headers, included_headers"]
    );
    let both = json!({"Action": {"Block": {}, "Allow": {}}});
    assert_eq!(
        said(Place::RuleGroup, json!([rule("a", 1, geo(), both)])),
        ["rule \"a\": action takes exactly one of its blocks, not allow and block"]
    );
}

#[test]
fn a_rate_says_what_it_counts_by() {
    let rate = |more: Json| {
        let mut statement = json!({"RateBasedStatement": {"Limit": 100}});
        for (member, value) in more.as_object().unwrap() {
            statement["RateBasedStatement"][member] = value.clone();
        }
        said(Place::RuleGroup, json!([rule("a", 1, statement, json!({"Action": {"Block": {}}}))]))
    };
    assert_eq!(rate(json!({"AggregateKeyType": "IP"})), [""; 0]);
    assert_eq!(
        rate(json!({"AggregateKeyType": "CUSTOM_KEYS"})),
        ["rule \"a\" counts by CUSTOM_KEYS, which needs a custom_key block"]
    );
    assert_eq!(
        rate(json!({"AggregateKeyType": "IP", "CustomKeys": [{"IP": {}}]})),
        ["rule \"a\" has custom_key blocks, which count only with aggregate_key_type CUSTOM_KEYS"]
    );
}

#[test]
fn values_out_of_range_are_named_with_the_range() {
    assert!(rate(&10.into()).is_ok() && rate(&2_000_000_000.into()).is_ok());
    assert_eq!(rate(&9.into()), Err("9 is out of range; the limit of requests is 10 to 2000000000".into()));
    assert_eq!(window(&90.into()), Err("90 is not a valid window; expected 60, 120, 300 or 600".into()));
    assert!(capacity(&1.into()).is_ok() && capacity(&5000.into()).is_ok());
    assert!(capacity(&0.into()).is_err() && capacity(&5001.into()).is_err());
    assert!(name(&"web-acl_1".into()).is_ok() && name(&"web acl".into()).is_err() && name(&"".into()).is_err());
    assert!(description(&"Allowed, by us".into()).is_ok() && description(&"é".into()).is_err());
    assert!(metric_name(&"a.b/c".into()).is_ok() && metric_name(&"a b".into()).is_err());
}

#[test]
fn rules_in_json_are_checked_and_compared_by_meaning() {
    let one = r#"{"Name":"a","Priority":1,"Statement":{},"VisibilityConfig":{}}"#;
    let other = r#"{"VisibilityConfig":{},"Name":"b","Priority":2,"Statement":{}}"#;
    let list = |all: &[&str]| Value::from(format!("[{}]", all.join(", ")));
    assert!(rules_json(&list(&[one, other])).is_ok());
    assert!(same_rules(&list(&[one, other]), &list(&[other, one])));
    assert!(!same_rules(&list(&[one, other]), &list(&[one])));
    assert_eq!(
        rules_json(&list(&[one, one])),
        Err("more than one rule is named \"a\"; each needs a name of its own\u{1e}rules \"a\" and \"a\" both have priority 1; each needs its own".into())
    );
    assert_eq!(rules_json(&"{}".into()), Err("the rules are no list; expected [{\"Name\": …}, …]".into()));
    assert!(rules_json(&"[".into()).is_err());
    let lacking = rules_json(&"[{\"Name\": \"a\"}]".into()).unwrap_err();
    let lacking: Vec<&str> = lacking.split('\u{1e}').collect();
    let of = |member| format!("the rule \"a\" has no {member}, which every rule needs");
    assert_eq!(lacking, ["Priority", "Statement", "VisibilityConfig"].map(of));
}
