//! The least capacity of rules, in web ACL capacity units (AWS WAF Developer Guide, "Using rule
//! statements"), from their form in the API. Never more than AWS counts: what the layout does not say,
//! such as what a managed group takes, counts as nothing.

use serde_json::Value as Json;
use std::collections::BTreeSet;

/// The most that a web ACL or a rule group takes.
pub const MOST: u64 = 5000;

/// What a text transformation of one part of the request takes; once, however often it is used.
const TRANSFORMATION: u64 = 10;

/// What all rules of an object take together, and each without its transformations.
#[derive(Debug, PartialEq, Eq)]
pub struct Capacity {
    /// Together.
    pub units: u64,
    /// By rule, the dearest first.
    pub rules: Vec<(String, u64)>,
}

/// What these rules take at the least.
pub fn of(rules: &Json) -> Capacity {
    let mut transformed = BTreeSet::new();
    let units = |rule: &Json| statement(&rule["Statement"], &mut transformed);
    let rules = rules.as_array().into_iter().flatten();
    let name = |rule: &Json| rule["Name"].as_str().unwrap_or("?").to_owned();
    let (names, units): (Vec<String>, Vec<u64>) = (rules.clone().map(name).collect(), rules.map(units).collect());
    let mut each: Vec<(String, u64)> = names.into_iter().zip(units).collect();
    each.sort_by_key(|(_, units)| std::cmp::Reverse(*units));
    let own: u64 = each.iter().map(|(_, units)| units).sum();
    Capacity { units: own + TRANSFORMATION * transformed.len() as u64, rules: each }
}

/// What is wrong with an object that may take `most`, if anything is.
pub fn exceeded(rules: &Json, most: u64, what: &str) -> Option<String> {
    let Capacity { units, rules } = of(rules);
    (units > most).then(|| {
        let dearest: Vec<String> =
            rules.iter().take(3).map(|(name, units)| format!("{name:?} takes {units}")).collect();
        format!("the rules take {units} web ACL capacity units or more; {what} {most} ({})", dearest.join(", "))
    })
}

fn statement(found: &Json, transformed: &mut BTreeSet<(String, String)>) -> u64 {
    let Some((kind, body)) = found.as_object().and_then(|members| members.iter().next()) else { return 0 };
    let count = |name: &str| body[name].as_array().map_or(0, |all| all.len() as u64);
    match kind.as_str() {
        "AndStatement" | "OrStatement" => {
            body["Statements"].as_array().into_iter().flatten().map(|each| statement(each, transformed)).sum()
        }
        "NotStatement" => statement(&body["Statement"], transformed),
        "RateBasedStatement" => 2 + 30 * count("CustomKeys") + statement(&body["ScopeDownStatement"], transformed),
        "ManagedRuleGroupStatement" => statement(&body["ScopeDownStatement"], transformed),
        "GeoMatchStatement" | "LabelMatchStatement" | "AsnMatchStatement" => 1,
        "IPSetReferenceStatement" if body["IPSetForwardedIPConfig"]["Position"] == "ANY" => 5,
        "IPSetReferenceStatement" => 1,
        "ByteMatchStatement" => match body["PositionalConstraint"].as_str() {
            Some("CONTAINS" | "CONTAINS_WORD") => looking(10, body, transformed),
            _ => looking(2, body, transformed),
        },
        "RegexMatchStatement" => looking(3, body, transformed),
        "RegexPatternSetReferenceStatement" => looking(25, body, transformed),
        "SizeConstraintStatement" => looking(1, body, transformed),
        "SqliMatchStatement" if body["SensitivityLevel"] == "HIGH" => looking(30, body, transformed),
        "SqliMatchStatement" => looking(20, body, transformed),
        "XssMatchStatement" => looking(40, body, transformed),
        _ => 0,
    }
}

/// A statement about a part of the request: a body of JSON takes twice, all arguments of the query ten more.
fn looking(base: u64, body: &Json, transformed: &mut BTreeSet<(String, String)>) -> u64 {
    let part = &body["FieldToMatch"];
    for step in body["TextTransformations"].as_array().into_iter().flatten() {
        if let Some(kind) = step["Type"].as_str().filter(|kind| *kind != "NONE") {
            transformed.insert((part.to_string(), kind.to_owned()));
        }
    }
    let base = if part.get("JsonBody").is_some() { 2 * base } else { base };
    if part.get("AllQueryArguments").is_some() { base + 10 } else { base }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn rule(name: &str, statement: Json) -> Json {
        json!({"Name": name, "Statement": statement})
    }

    fn units(statement: Json) -> u64 {
        of(&json!([rule("a", statement)])).units
    }

    fn look(kind: &str, part: Json, steps: &[&str], more: Json) -> Json {
        let steps: Vec<Json> = steps.iter().map(|step| json!({"Type": step})).collect();
        let mut body = json!({"FieldToMatch": part, "TextTransformations": steps});
        for (name, value) in more.as_object().into_iter().flatten() {
            body[name] = value.clone();
        }
        json!({kind: body})
    }

    #[test]
    fn each_statement_takes_what_the_guide_says() {
        let path = || json!({"UriPath": {}});
        let geo = json!({"GeoMatchStatement": {"CountryCodes": ["DE"]}});
        let find = |how: &str| look("ByteMatchStatement", path(), &["NONE"], json!({"PositionalConstraint": how}));
        for (expected, statement) in [
            (1, geo.clone()),
            (1, json!({"IPSetReferenceStatement": {"ARN": "a"}})),
            (5, json!({"IPSetReferenceStatement": {"ARN": "a", "IPSetForwardedIPConfig": {"Position": "ANY"}}})),
            (2, find("STARTS_WITH")),
            (10, find("CONTAINS")),
            (13, look("RegexMatchStatement", path(), &["LOWERCASE"], json!({}))),
            (50, look("RegexPatternSetReferenceStatement", json!({"JsonBody": {}}), &["NONE"], json!({}))),
            (30, look("SqliMatchStatement", json!({"AllQueryArguments": {}}), &["NONE"], json!({}))),
            (30, look("SqliMatchStatement", path(), &[], json!({"SensitivityLevel": "HIGH"}))),
            (60, look("XssMatchStatement", path(), &["URL_DECODE", "LOWERCASE"], json!({}))),
            (2, json!({"AndStatement": {"Statements": [geo, {"NotStatement": {"Statement": geo}}]}})),
            (33, json!({"RateBasedStatement": {"CustomKeys": [{"IP": {}}], "ScopeDownStatement": geo}})),
            (0, json!({"ManagedRuleGroupStatement": {"VendorName": "AWS", "Name": "X"}})),
            (0, json!({"RuleGroupReferenceStatement": {}})),
        ] {
            assert_eq!(units(statement.clone()), expected, "{statement}");
        }
    }

    #[test]
    fn a_transformation_of_one_part_counts_once_for_all_rules() {
        let seen = look("RegexMatchStatement", json!({"UriPath": {}}), &["LOWERCASE"], json!({}));
        let both = of(&json!([rule("a", seen.clone()), rule("b", seen)]));
        assert_eq!(both, Capacity { units: 16, rules: vec![("a".into(), 3), ("b".into(), 3)] });
    }

    #[test]
    fn rules_that_take_too_much_say_which_are_the_dearest() {
        let rules = json!([
            rule("countries", json!({"GeoMatchStatement": {}})),
            rule("scripts", look("XssMatchStatement", json!({"Body": {}}), &["URL_DECODE"], json!({}))),
        ]);
        assert_eq!(exceeded(&rules, 51, "its capacity is"), None);
        insta::assert_snapshot!(exceeded(&rules, 50, "its capacity is").unwrap(), @r#"the rules take 51 web ACL capacity units or more; its capacity is 50 ("scripts" takes 40, "countries" takes 1)"#);
    }
}
