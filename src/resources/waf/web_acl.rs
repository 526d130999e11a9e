//! aws_wafv2_web_acl: what is let through to the resources that it is associated with.

use super::field_to_match::{one, single};
use super::object::{Kind, Object, WebAcl, rules};
use super::rule::{self, Place};
use super::{capacity, checks};
use crate::resources::prelude::*;
use crate::schema::checks::one_of;
use std::sync::LazyLock;

static MEMBERS: LazyLock<Vec<Attribute>> = LazyLock::new(|| {
    let size = |v: &Value| one_of(v, &["KB_16", "KB_32", "KB_48", "KB_64"]);
    let limit = |name| one(name, [Row::string("default_size_inspection_limit").required().check(size)]);
    let bodies = rows([
        limit("api_gateway"),
        limit("app_runner_service"),
        limit("cloudfront"),
        limit("cognito_user_pool"),
        limit("verified_access_instance"),
    ]);
    let kinds =
        |v: &Value| one_of(v, &["SINGLE_HEADER", "SINGLE_COOKIE", "SINGLE_QUERY_ARGUMENT", "QUERY_STRING", "BODY"]);
    let field = rows([Row::string_list("field_keys"), Row::string("field_type").required().check(kinds)]);
    let protection = rows([
        Row::string("action").required().check(|v| one_of(v, &["SUBSTITUTION", "HASH"])),
        Row::bool("exclude_rate_based_details"),
        Row::bool("exclude_rule_match_details"),
        single("field", field).count(1, None),
    ]);
    let protections = Row::block("data_protection", Nesting::List, protection).count(0, Some(26));
    let mut all = rows([
        one("association_config", [single("request_body", bodies)]),
        rule::immunity("captcha_config"),
        rule::immunity("challenge_config"),
        Row::number("capacity").computed().follows(&["rule", "rule_json"]),
        rule::response_bodies(),
        one("data_protection_config", [protections]),
        rule::default_action(),
        Row::string_set("token_domains"),
        rule::visibility(),
    ]);
    all.push(rule::rules(Place::WebAcl));
    all
});

impl Kind for WebAcl {
    const TYPE: &'static str = "aws_wafv2_web_acl";
    const RULES_JSON: Option<&'static str> = Some("rule_json");
    const CONFLICTS: &'static [&'static [&'static str]] = &[&["name", "name_prefix"], &["rule", "rule_json"]];
    const ROLE: Role = Role::Filter(role::Filter { held: false, unjudged: Unjudged::All("web ACL") });

    fn members() -> &'static [Attribute] {
        &MEMBERS
    }

    fn beside() -> Vec<A<Object>> {
        let url = A::string("application_integration_url").computed();
        vec![url.read(|o| o.beside["ApplicationIntegrationURL"].as_str().into())]
    }

    fn check(attrs: &Attrs) -> Faults {
        let most = "WAF lets a web ACL have";
        let exceeded = rules::<WebAcl>(attrs).and_then(|rules| capacity::exceeded(&rules, capacity::MOST, most));
        let mut wrong = checks::object(&MEMBERS, Place::WebAcl, attrs);
        wrong.extend(exceeded.map(|message| ("rule", message)));
        wrong
    }
}
