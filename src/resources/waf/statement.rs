//! The conditions of a rule. Statements hold statements, to any depth for WAF; here to a depth that a
//! schema can hold. `rule_json` takes what is deeper.

use super::checks::{not_negative, window};
use super::field_to_match::{fallback, field_to_match, fingerprint, flag, one, single, transformation};
use super::managed_group;
use super::rule::{Place, overrides};
use crate::resources::prelude::*;
use crate::schema::checks::one_of;

/// How many statements may be nested below the one of the rule: one more than Terraform's
/// provider takes.
const LEVELS: usize = 4;

/// The rows of a rule's statement.
pub fn statement(place: Place) -> Vec<Attribute> {
    let scope_down = || single("scope_down_statement", nested(LEVELS - 1));
    let mut all = nested(LEVELS);
    all.extend(rows([rate_based(scope_down())]));
    if place == Place::WebAcl {
        let reference = [Row::string("arn").required(), overrides()];
        all.extend(rows([managed_group::statement(scope_down()), one("rule_group_reference_statement", reference)]));
    }
    all
}

/// The statements that may be nested in others, with `levels` more below.
fn nested(levels: usize) -> Vec<Attribute> {
    let mut all = matches();
    if let Some(levels) = levels.checked_sub(1) {
        let below = nested(levels);
        let several = |name| one(name, [Row::block("statement", Nesting::List, below.clone()).count(2, None)]);
        all.extend(rows([
            several("and_statement"),
            one("not_statement", [single("statement", below.clone()).count(1, None)]),
            several("or_statement"),
        ]));
    }
    all
}

/// The header that holds the address of a client behind a proxy.
fn forwarded(name: &'static str, more: Vec<Row>) -> Row {
    let common = [Row::string("fallback_behavior").required().check(fallback), Row::string("header_name").required()];
    one(name, common.into_iter().chain(more))
}

/// A statement about a part of the request.
fn looking(name: &'static str, own: Vec<Row>) -> Row {
    one(name, own.into_iter().chain([field_to_match(), transformation()]))
}

fn matches() -> Vec<Attribute> {
    let positions = |v: &Value| one_of(v, &["EXACTLY", "STARTS_WITH", "ENDS_WITH", "CONTAINS", "CONTAINS_WORD"]);
    let bytes = vec![
        Row::string("positional_constraint").required().check(positions),
        Row::string("search_string").required().check(search_string),
    ];
    let size = vec![
        Row::string("comparison_operator").required().check(|v| one_of(v, &["EQ", "NE", "LE", "LT", "GE", "GT"])),
        Row::number("size").required().check(not_negative),
    ];
    let sensitivity = Row::string("sensitivity_level").optional_computed().check(|v| one_of(v, &["HIGH", "LOW"]));
    let position = Row::string("position").required().check(|v| one_of(v, &["FIRST", "LAST", "ANY"]));
    let regex = || Row::string("regex_string").required().check(super::checks::regex);
    rows([
        one(
            "asn_match_statement",
            [Row::of("asn_list", Type::set(Type::Number)).required(), forwarded("forwarded_ip_config", vec![])],
        ),
        looking("byte_match_statement", bytes),
        one(
            "geo_match_statement",
            [Row::string_set("country_codes").required().check(countries), forwarded("forwarded_ip_config", vec![])],
        ),
        one(
            "ip_set_reference_statement",
            [Row::string("arn").required(), forwarded("ip_set_forwarded_ip_config", vec![position])],
        ),
        one(
            "label_match_statement",
            [
                Row::string("key").required().check(super::checks::label),
                Row::string("scope").required().check(|v| one_of(v, &["LABEL", "NAMESPACE"])),
            ],
        ),
        looking("regex_match_statement", vec![regex()]),
        looking("regex_pattern_set_reference_statement", vec![Row::string("arn").required()]),
        looking("size_constraint_statement", size),
        looking("sqli_match_statement", vec![sensitivity]),
        looking("xss_match_statement", vec![]),
    ])
}

/// Counts requests by what they have in common.
fn rate_based(scope_down: Row) -> Row {
    let kinds = |v: &Value| one_of(v, &["IP", "FORWARDED_IP", "CUSTOM_KEYS", "CONSTANT"]);
    one(
        "rate_based_statement",
        [
            Row::string("aggregate_key_type").default("IP").check(kinds),
            Row::block("custom_key", Nesting::Set, keys()).count(0, Some(5)),
            Row::number("evaluation_window_sec").default(300).check(window),
            forwarded("forwarded_ip_config", vec![]),
            Row::number("limit").required().check(super::checks::rate),
            scope_down,
        ],
    )
}

fn keys() -> Vec<Attribute> {
    let named = |name| one(name, [Row::string("name").required(), transformation()]);
    let changed = |name| one(name, [transformation()]);
    rows([
        flag("asn"),
        named("cookie"),
        flag("forwarded_ip"),
        named("header"),
        flag("http_method"),
        flag("ip"),
        fingerprint("ja3_fingerprint"),
        fingerprint("ja4_fingerprint"),
        one("label_namespace", [Row::string("namespace").required()]),
        named("query_argument"),
        changed("query_string"),
        changed("uri_path"),
    ])
}

fn search_string(value: &Value) -> Result<(), String> {
    match value.as_str().map(str::len) {
        Some(0) => Err("the text to search for is empty".into()),
        Some(length) if length > 200 => Err(format!("{length} bytes are too many; WAF searches for up to 200")),
        _ => Ok(()),
    }
}

fn countries(value: &Value) -> Result<(), String> {
    let code = |text: &str| text.len() == 2 && text.bytes().all(|b| b.is_ascii_uppercase());
    let wrong = "is not a country code; expected two capital letters (ISO 3166) such as DE";
    checks::elements(value, |value| checks::text(value, code, wrong))
}
