//! Rules: of a web ACL, or of a rule group that web ACLs refer to.

use super::checks;
use super::field_to_match::{flag, one, single};
use super::statement::statement;
use crate::resources::prelude::*;
use crate::schema::checks::one_of;

/// Where rules stand: only those of web ACLs may apply rule groups.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// In `aws_wafv2_web_acl`.
    WebAcl,
    /// In `aws_wafv2_rule_group`.
    RuleGroup,
}

/// `rule`.
pub fn rules(place: Place) -> Attribute {
    let label = rows([Row::string("name").required().check(checks::label)]);
    let mut all = rows([
        single("action", actions()).count(usize::from(place == Place::RuleGroup), None),
        immunity("captcha_config"),
        immunity("challenge_config"),
        Row::string("name").required().check(checks::name),
        Row::number("priority").required().check(checks::not_negative),
        Row::block("rule_label", Nesting::Set, label).count(0, Some(100)),
        single("statement", statement(place)).count(1, None),
        visibility(),
    ]);
    if place == Place::WebAcl {
        all.extend(rows([one("override_action", [flag("count"), flag("none")])]));
    }
    Row::block("rule", Nesting::Set, all).row
}

/// What is done with a request.
pub fn actions() -> Vec<Attribute> {
    rows([handling("allow"), blocking(), handling("captcha"), handling("challenge"), handling("count")])
}

/// What is done with a request that no rule has decided on.
pub fn default_action() -> Row {
    one("default_action", [handling("allow"), blocking()]).count(1, None)
}

/// What is done instead of what rules of a group say.
pub fn overrides() -> Row {
    let one = rows([single("action_to_use", actions()).count(1, None), Row::string("name").required()]);
    Row::block("rule_action_override", Nesting::Set, one).count(0, Some(100))
}

/// The same row with lists for all blocks, each of which may be left out.
pub fn listed(row: Attribute) -> Row {
    let Some(block) = &row.block else { return Row { row, read: None } };
    let inner = rows(block.attributes.iter().cloned().map(listed));
    Row::block(row.name, Nesting::List, inner).count(0, block.max)
}

fn header(name: &'static str, least: usize) -> Row {
    let one = rows([Row::string("name").required(), Row::string("value").required()]);
    Row::block(name, Nesting::Set, one).count(least, None)
}

fn handling(name: &'static str) -> Row {
    one(name, [one("custom_request_handling", [header("insert_header", 1)])])
}

fn blocking() -> Row {
    let response = rows([
        Row::string("custom_response_body_key").check(checks::name),
        Row::number("response_code").required().check(checks::response_code),
        header("response_header", 0),
    ]);
    one("block", [single("custom_response", response)])
}

/// How long somebody who has passed a test is left alone. Terraform's provider makes objects in which it says nothing.
pub fn immunity(name: &'static str) -> Row {
    let time = rows([Row::number("immunity_time").check(checks::immunity)]);
    one(name, [single("immunity_time_property", time)]).empty_is_null()
}

/// What CloudWatch gets to see.
pub fn visibility() -> Row {
    let all = rows([
        Row::bool("cloudwatch_metrics_enabled").required(),
        Row::string("metric_name").required().check(checks::metric_name),
        Row::bool("sampled_requests_enabled").required(),
    ]);
    single("visibility_config", all).count(1, None)
}

/// `custom_response_body`: texts that blocking actions name by key.
pub fn response_bodies() -> Row {
    let kinds = |v: &Value| one_of(v, &["TEXT_PLAIN", "TEXT_HTML", "APPLICATION_JSON"]);
    let body = rows([
        Row::string("content").required(),
        Row::string("content_type").required().check(kinds),
        Row::string("key").required().check(checks::name),
    ]);
    Row::block("custom_response_body", Nesting::Set, body)
}
