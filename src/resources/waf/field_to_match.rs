//! The part of a request that a statement looks at, and what is done to it before.

use crate::resources::prelude::*;
use crate::resources::spec;
use crate::schema::checks::one_of;

type Row = spec::A<()>;
type Checked = Result<(), String>;

const TRANSFORMATIONS: &[&str] = &[
    "NONE",
    "BASE64_DECODE",
    "BASE64_DECODE_EXT",
    "CMD_LINE",
    "CMD_LINE_UNIX",
    "CMD_LINE_WIN",
    "COMPRESS_WHITE_SPACE",
    "CSS_DECODE",
    "ESCAPE_SEQ_DECODE",
    "HEX_DECODE",
    "HTML_ENTITY_DECODE",
    "JS_DECODE",
    "JS_DECODE_EXT",
    "LOWERCASE",
    "MD5",
    "NORMALIZE_PATH",
    "NORMALIZE_PATH_WIN",
    "REMOVE_COMMENTS_CHAR",
    "REMOVE_NULLS",
    "REMOVE_WHITESPACE",
    "REPLACE_COMMENTS",
    "REPLACE_NULLS",
    "SHA256",
    "SQL_HEX_DECODE",
    "TRIM",
    "TRIM_LEFT",
    "TRIM_RIGHT",
    "UPPERCASE",
    "URL_DECODE",
    "URL_DECODE_UNI",
    "UTF8_TO_UNICODE",
];

/// A block that is there at most once. That it is there says something, even if it is empty.
pub fn single(name: &'static str, attributes: Vec<Attribute>) -> Row {
    Row::optional_block(name, attributes).strict()
}

/// The same with these rows.
pub fn one(name: &'static str, of: impl IntoIterator<Item = Row>) -> Row {
    single(name, rows(of))
}

/// A block that says all by being there.
pub fn flag(name: &'static str) -> Row {
    single(name, Vec::new())
}

/// What happens when there is nothing to look at.
pub fn fallback(value: &Value) -> Checked {
    one_of(value, &["MATCH", "NO_MATCH"])
}

fn oversize(value: &Value) -> Checked {
    one_of(value, &["CONTINUE", "MATCH", "NO_MATCH"])
}

fn map_scope(value: &Value) -> Checked {
    one_of(value, &["ALL", "KEY", "VALUE"])
}

/// `text_transformation`: steps in the order of their priorities.
pub fn transformation() -> Row {
    let step = rows([
        Row::number("priority").required().check(super::checks::not_negative),
        Row::string("type").required().check(|v| one_of(v, TRANSFORMATIONS)),
    ]);
    Row::block("text_transformation", Nesting::Set, step).count(1, None)
}

/// A block with `fallback_behavior` only.
pub fn fingerprint(name: &'static str) -> Row {
    one(name, [Row::string("fallback_behavior").required().check(fallback)])
}

/// Some of the headers or cookies.
fn entries(name: &'static str, included: &'static str, excluded: &'static str) -> Row {
    let pattern = rows([flag("all"), Row::string_set(excluded), Row::string_set(included)]);
    one(
        name,
        [
            single("match_pattern", pattern).count(1, None),
            Row::string("match_scope").required().check(map_scope),
            Row::string("oversize_handling").required().check(oversize),
        ],
    )
}

/// `field_to_match`.
pub fn field_to_match() -> Row {
    single("field_to_match", parts()).count(1, None)
}

/// The parts of a request; one of them is chosen.
fn parts() -> Vec<Attribute> {
    let named = |name| one(name, [Row::string("name").required().normal(Normal::CaseInsensitive)]);
    let json = rows([
        Row::string("invalid_fallback_behavior").check(|v| one_of(v, &["EVALUATE_AS_STRING", "MATCH", "NO_MATCH"])),
        one("match_pattern", [flag("all"), Row::string_set("included_paths")]).count(1, None),
        Row::string("match_scope").required().check(map_scope),
        Row::string("oversize_handling").optional_computed().check(oversize),
    ]);
    rows([
        flag("all_query_arguments"),
        one("body", [Row::string("oversize_handling").optional_computed().check(oversize)]),
        entries("cookies", "included_cookies", "excluded_cookies"),
        one("header_order", [Row::string("oversize_handling").required().check(oversize)]),
        entries("headers", "included_headers", "excluded_headers"),
        fingerprint("ja3_fingerprint"),
        fingerprint("ja4_fingerprint"),
        single("json_body", json),
        flag("method"),
        flag("query_string"),
        named("single_header"),
        named("single_query_argument"),
        one("uri_fragment", [Row::string("fallback_behavior").optional_computed().check(fallback)]),
        flag("uri_path"),
    ])
}

/// The parts that a log may leave out.
pub fn redactable() -> Vec<Attribute> {
    let takes = ["method", "query_string", "single_header", "uri_path"];
    parts().into_iter().filter(|row| takes.contains(&row.name)).collect()
}
