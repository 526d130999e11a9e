//! aws_wafv2_rule_group: rules that web ACLs refer to. What they may cost is fixed when it is made.

use super::object::{self, Object};
use super::rule::{self, Place};
use super::{capacity, checks, wire};
use crate::aws::{Aws, Result};
use crate::resources::spec::{self, Resource, Spec, Token, Which, rows};
use crate::schema::normal::Normal;
use crate::schema::{Attribute, Attrs, Change};
use crate::value::Value;
use std::sync::LazyLock;

type A = spec::A<Object>;

/// The resource type `aws_wafv2_rule_group`.
pub struct AwsWafv2RuleGroup;

/// The argument that holds rules as the API takes them.
const RULES_JSON: &str = "rules_json";

/// The members of a rule group that the layout says and may change.
static MEMBERS: LazyLock<Vec<Attribute>> = LazyLock::new(|| {
    let mut all = rows([rule::response_bodies(), rule::visibility()]);
    all.push(rule::rules(Place::RuleGroup));
    all
});

fn check(attrs: &Attrs) -> Vec<(&'static str, String)> {
    let mut wrong = checks::object(&MEMBERS, Place::RuleGroup, attrs);
    let most = attrs.get("capacity").and_then(Value::as_i64).and_then(|n| u64::try_from(n).ok());
    let rules = rule::of(&object::row(&MEMBERS, "rule"), RULES_JSON, attrs);
    if let (Some(most), Some(rules)) = (most, rules) {
        let message = capacity::exceeded(&rules, most, "its capacity is");
        wrong.extend(message.map(|message| ("capacity", message)));
    }
    wrong
}

/// What the JSON says is in the blocks too once AWS has it.
fn said_in_json(want: &Attrs, _now: &Attrs) -> Vec<&'static str> {
    if want.is_set(RULES_JSON) { vec!["rule"] } else { Vec::new() }
}

impl Resource for AwsWafv2RuleGroup {
    type Live = Object;

    fn spec() -> Spec<Object> {
        let member = |name, read| A { row: object::row(&MEMBERS, name), read: Some(read) };
        let rows = vec![
            A::number("capacity")
                .required()
                .force_new()
                .check(checks::capacity)
                .read(|o| o.json["Capacity"].as_i64().into()),
            member("custom_response_body", |o| o.read(&MEMBERS, "custom_response_body")),
            member("rule", |o| o.read(&MEMBERS, "rule")),
            member("visibility_config", |o| o.read(&MEMBERS, "visibility_config")),
            A::string(RULES_JSON).normal(Normal::With(checks::same_rules)).check(checks::rules_json),
        ];
        object::spec("aws_wafv2_rule_group", rows)
            .check(check)
            .managed_by_aws(said_in_json)
            .conflicts(&[&["name", "name_prefix"], &["rule", RULES_JSON]])
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Object>> {
        object::describe::<object::RuleGroup>(aws, which).await
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let mut members = wire::to_json(&MEMBERS, &want.to_value());
        members["Capacity"] = want.int("capacity").into();
        if let Some(rules) = rule::of(&object::row(&MEMBERS, "rule"), RULES_JSON, want) {
            members["Rules"] = rules;
        }
        object::create::<object::RuleGroup>(aws, want, token, members).await
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        let rules = rule::edit(&object::row(&MEMBERS, "rule"), RULES_JSON, change);
        let edits = object::edits(&MEMBERS, change).into_iter().chain(rules).collect();
        object::update::<object::RuleGroup>(aws, id, change, edits, None).await
    }

    async fn delete(aws: &Aws, id: &str, last: &Attrs) -> Result<()> {
        object::delete::<object::RuleGroup>(aws, id, last).await
    }
}
