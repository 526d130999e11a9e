//! Refusals of WAF that the layout alone shows.

use super::rule::Place;
use crate::resources::prelude::*;
use crate::schema::checks::one_of;
use serde_json::Value as Json;
use std::collections::BTreeMap;

type Checked = Result<(), String>;

/// Blocks of whose members exactly one is given.
const CHOICES: &[&str] = &[
    "action",
    "action_to_use",
    "condition",
    "custom_key",
    "default_action",
    "field_to_match",
    "match_pattern",
    "override_action",
    "redacted_fields",
    "scope_down_statement",
    "statement",
];

fn of(text: &str, most: usize, others: &str) -> bool {
    (1..=most).contains(&text.chars().count())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || others.contains(c))
}

/// A text of letters, digits, underscores and others, at most so long.
pub fn made_of(value: &Value, most: usize, others: &str, what: &str, signs: &str) -> Checked {
    let wrong = format!("is not a valid {what}; expected 1 to {most} {signs}");
    checks::text(value, |text| of(text, most, others), &wrong)
}

const NAME_SIGNS: &str = "letters, digits, hyphens and underscores";

/// The name of an object of WAF.
pub fn name(value: &Value) -> Checked {
    made_of(value, 128, "-", "name for WAF", NAME_SIGNS)
}

/// The beginning of a name, which gets 26 digits more.
pub fn name_prefix(value: &Value) -> Checked {
    made_of(value, 102, "-", "beginning of a name for WAF", NAME_SIGNS)
}

/// A description.
pub fn description(value: &Value) -> Checked {
    let inner = |c: char| c.is_whitespace() || of(c.encode_utf8(&mut [0; 4]), 1, "+=:#@/-,.");
    let fits = |text: &str| {
        let sized = (3..=256).contains(&text.chars().count()) && text.trim() == text;
        text.is_empty() || (sized && text.chars().all(inner))
    };
    let wrong = "is not a valid description for WAF; expected 3 to 256 letters, digits, spaces and _+=:#@/-,.";
    checks::text(value, fits, wrong)
}

/// REGIONAL or CLOUDFRONT.
pub fn scope(value: &Value) -> Checked {
    one_of(value, &[super::object::REGIONAL, super::object::CLOUDFRONT])
}

/// The name of a metric.
pub fn metric_name(value: &Value) -> Checked {
    made_of(value, 255, "#:.-/", "metric name for WAF", "letters, digits and _#:.-/")
}

/// A label, or a part of one.
pub fn label(value: &Value) -> Checked {
    made_of(value, 1024, "-:", "label", "letters, digits and _-:")
}

/// A regular expression.
pub fn regex(value: &Value) -> Checked {
    match value.as_str().map(|text| text.chars().count()) {
        Some(length) if !(1..=512).contains(&length) => {
            Err(format!("the expression has {length} characters; WAF takes 1 to 512"))
        }
        _ => Ok(()),
    }
}

fn within(value: &Value, least: i64, most: i64, what: &str) -> Checked {
    if value.as_i64().is_none() && value.as_number().is_some() {
        return Err(format!("{what} is a whole number, {least} to {most}"));
    }
    let wrong = format!("is out of range; {what} is {least} to {most}");
    checks::number(value, |n| (least..=most).contains(&n), &wrong)
}

/// A priority or size.
pub fn not_negative(value: &Value) -> Checked {
    checks::number(value, |n| n >= 0, "is negative; expected 0 or more")
}

/// How many requests a rate-based rule lets pass.
pub fn rate(value: &Value) -> Checked {
    within(value, 10, 2_000_000_000, "the limit of requests")
}

/// Over how long a rate-based rule counts.
pub fn window(value: &Value) -> Checked {
    let fits = |n| [60, 120, 300, 600].contains(&n);
    checks::number(value, fits, "is not a valid window; expected 60, 120, 300 or 600")
}

/// What a rule group may cost.
pub fn capacity(value: &Value) -> Checked {
    within(value, 1, 5000, "the capacity of a rule group")
}

/// The status of a blocked request's answer.
pub fn response_code(value: &Value) -> Checked {
    within(value, 200, 599, "a response code")
}

/// How long a solved puzzle counts.
pub fn immunity(value: &Value) -> Checked {
    within(value, 60, 259_200, "an immunity time")
}

/// Everything about the rules of an object and its own blocks that takes more than one value to see.
pub fn object(rows: &[Attribute], place: Place, attrs: &Attrs) -> Faults {
    let mut all = Vec::new();
    for row in rows {
        if let Some(value) = attrs.get(row.name) {
            choices(row, value, "", &mut |message| all.push((row.name, message)));
        }
    }
    let rules: Vec<Attrs> = attrs.elements("rule").iter().map(Attrs::from_value).collect();
    let pairs = rules.iter().map(|rule| (rule.string("name"), rule.get("priority").and_then(Value::as_i64)));
    all.extend(twice(pairs).into_iter().map(|message| ("rule", message)));
    if place == Place::WebAcl {
        all.extend(rules.iter().filter_map(action).map(|message| ("rule", message)));
    }
    all.extend(rules.iter().filter_map(rate_keys).map(|message| ("rule", message)));
    all
}

fn called(rule: &Attrs) -> String {
    rule.str("name").map_or_else(|| "a rule".to_owned(), |name| format!("rule {name:?}"))
}

/// Names and priorities that are not of one rule alone.
fn twice(rules: impl Iterator<Item = (Option<String>, Option<i64>)>) -> Vec<String> {
    let (mut names, mut priorities) = (BTreeMap::new(), BTreeMap::new());
    let mut wrong = Vec::new();
    for (name, priority) in rules {
        let shown = name.clone().unwrap_or_default();
        if let Some(name) = name
            && names.insert(name.clone(), ()).is_some()
        {
            wrong.push(format!("more than one rule is named {name:?}; each needs a name of its own"));
        }
        if let Some(priority) = priority
            && let Some(other) = priorities.insert(priority, shown.clone())
        {
            wrong.push(format!("rules {other:?} and {shown:?} both have priority {priority}; each needs its own"));
        }
    }
    wrong
}

/// A rule that applies a group overrides its actions; any other has one of its own.
fn action(rule: &Attrs) -> Option<String> {
    let statement = rule.blocks("statement").into_iter().next()?;
    let groups = ["managed_rule_group_statement", "rule_group_reference_statement"];
    if rule.is_unknown("action") || rule.is_unknown("override_action") || groups.iter().any(|g| statement.is_unknown(g))
    {
        return None;
    }
    let group = groups.iter().find(|group| statement.is_set(group));
    let (takes, why) = match group {
        Some(group) => ("override_action", format!("since it has a {group}")),
        None => ("action", "since it applies no rule group".to_owned()),
    };
    let given = (rule.is_set("action"), rule.is_set("override_action"));
    let right = if group.is_some() { (false, true) } else { (true, false) };
    (given != right).then(|| {
        let found = match given {
            (true, true) => "has both action and override_action",
            (true, false) => "has action",
            (false, true) => "has override_action",
            (false, false) => "has neither action nor override_action",
        };
        format!("{} {found}, and takes exactly {takes}, {why}", called(rule))
    })
}

/// What a rate-based statement counts by needs saying.
fn rate_keys(rule: &Attrs) -> Option<String> {
    let rate = rule.blocks("statement").first()?.blocks("rate_based_statement").into_iter().next()?;
    let kind = rate.str("aggregate_key_type")?;
    let needs = match kind {
        "CUSTOM_KEYS" => "custom_key",
        "FORWARDED_IP" => "forwarded_ip_config",
        "CONSTANT" => "scope_down_statement",
        _ => {
            return (!rate.blocks("custom_key").is_empty()).then(|| {
                format!("{} has custom_key blocks, which count only with aggregate_key_type CUSTOM_KEYS", called(rule))
            });
        }
    };
    let missing = !rate.is_unknown(needs) && rate.blocks(needs).is_empty();
    missing.then(|| format!("{} counts by {kind}, which needs a {needs} block", called(rule)))
}

/// Whether one of the members is given in every block that is a choice, however deep.
pub fn choices(row: &Attribute, value: &Value, within: &str, wrong: &mut impl FnMut(String)) {
    let Some(block) = &row.block else { return };
    for object in
        value.as_elements().unwrap_or(std::slice::from_ref(value)).iter().filter(|object| object.as_entries().is_some())
    {
        let own = object.get("name").and_then(Value::as_str).filter(|_| row.name == "rule");
        let within = own.map_or_else(|| within.to_owned(), |name| format!("rule {name:?}: "));
        let member = |row: &Attribute| object.get(row.name).is_some_and(given);
        let unknown = block.attributes.iter().any(|row| object.get(row.name).is_some_and(Value::is_unknown));
        if CHOICES.contains(&row.name) && !unknown {
            let found: Vec<&str> = block.attributes.iter().filter(|row| member(row)).map(|row| row.name).collect();
            let names: Vec<&str> = block.attributes.iter().map(|row| row.name).collect();
            match found.len() {
                1 => {}
                0 => wrong(format!("{within}{} says nothing; expected exactly one of {}", row.name, names.join(", "))),
                _ => {
                    wrong(format!("{within}{} takes exactly one of its blocks, not {}", row.name, found.join(" and ")))
                }
            }
        }
        for row in block.attributes.iter() {
            if let Some(value) = object.get(row.name) {
                choices(row, value, &within, wrong);
            }
        }
    }
}

fn given(value: &Value) -> bool {
    !value.is_null() && value.as_elements().is_none_or(|all| !all.is_empty())
}

/// Rules as the API takes them.
pub fn rules_json(value: &Value) -> Checked {
    let Some(text) = value.as_str() else { return Ok(()) };
    let json: Json = serde_json::from_str(text).map_err(|e| format!("the rules are not JSON: {e}"))?;
    let Some(rules) = json.as_array() else {
        return Err("the rules are no list; expected [{\"Name\": …}, …]".into());
    };
    let lacking = rules.iter().flat_map(|rule| {
        let missing = |member: &&str| rule.get(*member).is_none_or(Json::is_null);
        let members = ["Name", "Priority", "Statement", "VisibilityConfig"].into_iter().filter(missing);
        members.map(|member| format!("the rule {} has no {member}, which every rule needs", rule["Name"]))
    });
    let pairs = rules.iter().map(|rule| (rule["Name"].as_str().map(str::to_owned), rule["Priority"].as_i64()));
    checks::all(lacking.chain(twice(pairs)))
}

/// Whether two lists hold the same, in any order.
pub fn same_in_any_order(a: &Value, b: &Value) -> bool {
    let all = |value: &Value| Value::set(Type::Dynamic, value.as_elements().unwrap_or_default().to_vec());
    all(a) == all(b)
}

/// Whether two texts mean the same rules, in any order.
pub fn same_rules(a: &Value, b: &Value) -> bool {
    let rules = |value: &Value| {
        let mut all: Vec<Json> = serde_json::from_str(value.as_str()?).ok()?;
        all.sort_by_key(|rule| rule["Name"].to_string());
        Some(all)
    };
    rules(a).is_some_and(|a| Some(a) == rules(b))
}

#[cfg(test)]
#[path = "checks_tests.rs"]
mod tests;
