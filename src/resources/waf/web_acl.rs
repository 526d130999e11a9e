//! aws_wafv2_web_acl: what is let through to the resources that it is associated with.

use super::field_to_match::single;
use super::object::{self, Object};
use super::rule::{self, Place};
use super::{capacity, checks, wire};
use crate::aws::{Aws, Result};
use crate::resources::spec::{self, Resource, Spec, Token, Which, rows};
use crate::schema::checks::one_of;
use crate::schema::normal::Normal;
use crate::schema::{Attribute, Attrs, Change, Nesting};
use crate::value::Value;
use std::sync::LazyLock;

type A = spec::A<Object>;
type Row = spec::A<()>;

/// The resource type `aws_wafv2_web_acl`.
pub struct AwsWafv2WebAcl;

/// The argument that holds rules as the API takes them.
const RULES_JSON: &str = "rule_json";

/// The members of a web ACL that the layout says.
static MEMBERS: LazyLock<Vec<Attribute>> = LazyLock::new(|| {
    let size = |v: &Value| one_of(v, &["KB_16", "KB_32", "KB_48", "KB_64"]);
    let limit = |name| single(name, rows([Row::string("default_size_inspection_limit").required().check(size)]));
    let bodies = rows([
        limit("api_gateway"),
        limit("app_runner_service"),
        limit("cloudfront"),
        limit("cognito_user_pool"),
        limit("verified_access_instance"),
    ]);
    let kinds =
        |v: &Value| one_of(v, &["SINGLE_HEADER", "SINGLE_COOKIE", "SINGLE_QUERY_ARGUMENT", "QUERY_STRING", "BODY"]);
    let field = rows([Row::string_set("field_keys"), Row::string("field_type").required().check(kinds)]);
    let protection = rows([
        Row::string("action").required().check(|v| one_of(v, &["SUBSTITUTION", "HASH"])),
        Row::bool("exclude_rate_based_details"),
        Row::bool("exclude_rule_match_details"),
        single("field", field).count(1, None),
    ]);
    let protections = Row::block("data_protection", Nesting::Set, protection).count(0, Some(26));
    let mut all = rows([
        single("association_config", rows([single("request_body", bodies)])),
        rule::immunity("captcha_config"),
        rule::immunity("challenge_config"),
        rule::response_bodies(),
        single("data_protection_config", rows([protections])),
        rule::default_action(),
        Row::string_set("token_domains"),
        rule::visibility(),
    ]);
    all.push(rule::rules(Place::WebAcl));
    all
});

fn check(attrs: &Attrs) -> Vec<(&'static str, String)> {
    let mut wrong = checks::object(&MEMBERS, Place::WebAcl, attrs);
    if let Some(rules) = rule::of(&object::row(&MEMBERS, "rule"), RULES_JSON, attrs) {
        let message = capacity::exceeded(&rules, capacity::MOST, "WAF lets a web ACL have");
        wrong.extend(message.map(|message| ("rule", message)));
    }
    wrong
}

/// What the JSON says is in the blocks too once AWS has it.
fn said_in_json(want: &Attrs, _now: &Attrs) -> Vec<&'static str> {
    if want.is_set(RULES_JSON) { vec!["rule"] } else { Vec::new() }
}

impl Resource for AwsWafv2WebAcl {
    type Live = Object;

    fn spec() -> Spec<Object> {
        let member = |name, read| A { row: object::row(&MEMBERS, name), read: Some(read) };
        let rows = vec![
            member("association_config", |o| o.read(&MEMBERS, "association_config")),
            member("captcha_config", |o| o.read(&MEMBERS, "captcha_config")),
            member("challenge_config", |o| o.read(&MEMBERS, "challenge_config")),
            member("custom_response_body", |o| o.read(&MEMBERS, "custom_response_body")),
            member("data_protection_config", |o| o.read(&MEMBERS, "data_protection_config")),
            member("default_action", |o| o.read(&MEMBERS, "default_action")),
            member("rule", |o| o.read(&MEMBERS, "rule")),
            member("token_domains", |o| o.read(&MEMBERS, "token_domains")),
            member("visibility_config", |o| o.read(&MEMBERS, "visibility_config")),
            A::string(RULES_JSON).normal(Normal::With(checks::same_rules)).check(checks::rules_json),
            A::string("application_integration_url")
                .computed()
                .read(|o| o.beside["ApplicationIntegrationURL"].as_str().into()),
            A::number("capacity")
                .computed()
                .follows(&["rule", RULES_JSON])
                .read(|o| o.json["Capacity"].as_i64().into()),
        ];
        object::spec("aws_wafv2_web_acl", rows)
            .check(check)
            .managed_by_aws(said_in_json)
            .conflicts(&[&["name", "name_prefix"], &["rule", RULES_JSON]])
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Object>> {
        object::describe::<object::WebAcl>(aws, which).await
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let mut members = wire::to_json(&MEMBERS, &want.to_value());
        if let Some(rules) = rule::of(&object::row(&MEMBERS, "rule"), RULES_JSON, want) {
            members["Rules"] = rules;
        }
        object::create::<object::WebAcl>(aws, want, token, members).await
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        let rules = rule::edit(&object::row(&MEMBERS, "rule"), RULES_JSON, change);
        let edits = object::edits(&MEMBERS, change).into_iter().chain(rules).collect();
        object::update::<object::WebAcl>(aws, id, change, edits, None).await
    }

    async fn delete(aws: &Aws, id: &str, last: &Attrs) -> Result<()> {
        object::delete::<object::WebAcl>(aws, id, last).await
    }
}
