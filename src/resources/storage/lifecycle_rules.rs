//! The rules of a bucket's lifecycle, between the layout's blocks and S3's.

use crate::aws::api::{items, member, member_text};
use crate::resources::document::{Document, Member, MomentText, One, Unordered, at, document};
use crate::resources::plain::joined;
use crate::resources::prelude::*;
use crate::resources::row::read_object;
use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use serde_json::{Value as Json, json};

const CLASSES: [&str; 6] =
    ["DEEP_ARCHIVE", "GLACIER", "GLACIER_IR", "INTELLIGENT_TIERING", "ONEZONE_IA", "STANDARD_IA"];

fn date(value: &Value) -> Result<(), String> {
    let fits = |text: &str| DateTime::from_str(text, Format::DateTimeWithOffset).is_ok();
    checks::text(value, fits, "is not a valid date; expected a form such as 2030-01-31T00:00:00Z")
}

/// A check of a storage class that objects can move to.
pub fn class(value: &Value) -> Result<(), String> {
    checks::one_of(value, &CLASSES)
}

/// A switch that S3 is given only when it is on.
pub struct OnlyOn;
/// Tags as a map.
pub struct TagMap;
/// One tag as a block.
pub struct TagBlock;

impl Cell for OnlyOn {
    fn column<L>(name: &'static str) -> A<L> {
        A::bool(name)
    }
}
impl Member for OnlyOn {
    fn get(object: &Json, path: &str) -> Value {
        at::<Flag>(object, path)
    }
    fn put(want: &Attrs, name: &str) -> Option<Json> {
        want.bool(name).filter(|on| *on).map(Json::from)
    }
}

impl Cell for TagMap {
    fn column<L>(name: &'static str) -> A<L> {
        A::of(name, Type::map(Type::String))
    }
}
impl Member for TagMap {
    fn get(object: &Json, path: &str) -> Value {
        let word = |tag: &Json, name| member_text(tag, name).unwrap_or_default();
        let pair = |tag: &Json| (Name::from(word(tag, "Key")), word(tag, "Value").into());
        Value::map(Type::String, items(object, path).iter().map(pair).collect())
    }
    fn put(want: &Attrs, name: &str) -> Option<Json> {
        some(tags::made::<Json, Vec<Json>>(want.string_map(name))).map(Json::from)
    }
}

impl Cell for TagBlock {
    fn column<L>(name: &'static str) -> A<L> {
        A::optional_block(name, rows(["key", "value"].map(|n| A::string(n).required())))
    }
}
impl Member for TagBlock {
    fn get(object: &Json, path: &str) -> Value {
        let ty = Type::object([("key", Type::String), ("value", Type::String)]);
        let word = |tag: &Json, name| Value::from(member_text(tag, name).unwrap_or_default());
        let block = |tag: &Json| Value::object([("key", word(tag, "Key")), ("value", word(tag, "Value"))]);
        Value::list(ty, items(object, path).first().map(block).into_iter().collect())
    }
    fn put(want: &Attrs, name: &str) -> Option<Json> {
        let block = want.blocks(name).into_iter().next()?;
        Some(json!({"Key": block.str("key")?, "Value": block.str("value")?}))
    }
}

document! {
    Abort {
        days_after_initiation = "DaysAfterInitiation": Int;
    }
}
document! {
    Expiration {
        date = "Date": MomentText [.check(date)];
        days = "Days": Count [.optional_computed()];
        expired_object_delete_marker = "ExpiredObjectDeleteMarker": OnlyOn [.optional_computed()];
    }
}
document! {
    And {
        object_size_greater_than = "ObjectSizeGreaterThan": Count [.optional_computed()];
        object_size_less_than = "ObjectSizeLessThan": Count [.optional_computed()];
        prefix = "Prefix": Text [.optional_computed()];
        tags = "Tag": TagMap;
    }
}
document! {
    Filter {
        and = "And": One<And>;
        object_size_greater_than = "ObjectSizeGreaterThan": Count [.optional_computed()];
        object_size_less_than = "ObjectSizeLessThan": Count [.optional_computed()];
        prefix = "Prefix": Text [.optional_computed()];
        tag = "Tag": TagBlock;
    }
}
document! {
    /// When old versions go.
    OldExpiration {
        newer_noncurrent_versions = "NewerNoncurrentVersions": Count;
        noncurrent_days = "NoncurrentDays": Int [.required()];
    }
}
document! {
    /// When old versions move.
    OldTransition {
        newer_noncurrent_versions = "NewerNoncurrentVersions": Count;
        noncurrent_days = "NoncurrentDays": Int [.required()];
        storage_class = "StorageClass": Text [.required().check(class)];
    }
}
document! {
    Move {
        date = "Date": MomentText [.check(date)];
        days = "Days": Int [.optional_computed()];
        storage_class = "StorageClass": Text [.required().check(class)];
    }
}
document! {
    /// A rule.
    pub Rule {
        abort_incomplete_multipart_upload = "AbortIncompleteMultipartUpload": One<Abort>;
        expiration = "Expiration": One<Expiration>;
        filter = "Filter": One<Filter>, none [.read(|r| at::<One<Filter>>(&telling(r.held()), "Filter"))];
        id = "ID": Text [.required()];
        noncurrent_version_expiration = "NoncurrentVersionExpiration": One<OldExpiration>;
        noncurrent_version_transition = "NoncurrentVersionTransition": Unordered<OldTransition>;
        prefix = "Prefix": Text, read [.optional_computed()];
        status = "Status": Text [.required().check(|v| checks::one_of(v, &["Enabled", "Disabled"]))];
        transition = "Transition": Unordered<Move>;
    }
}

/// Whether a filter keeps anything out. One that does not is given as an empty block or not at all, and given back as
/// either or as an empty prefix.
pub fn says_something(of: &Json) -> bool {
    let parts = ["And", "Tag", "ObjectSizeGreaterThan", "ObjectSizeLessThan"];
    parts.iter().any(|name| member(of, name).is_some()) || member_text(of, "Prefix").is_some_and(|p| !p.is_empty())
}

/// The filter of a rule, where it keeps anything out.
pub fn telling(rule: &Json) -> Json {
    json!({"Filter": Some(&rule["Filter"]).filter(|of| says_something(of))})
}

fn written(block: &Attrs) -> Json {
    let prefix = text(block, "prefix");
    let filter = match (block.blocks("filter").into_iter().next(), &prefix) {
        (None, Some(_)) => None,
        (given, _) => Some(Filter::create(&given.unwrap_or_default())),
    };
    joined(json!({"Filter": filter, "Prefix": prefix}), Rule::create(block))
}

/// The layout's rules as S3 takes them.
pub fn expand(rules: &[Attrs]) -> Vec<Json> {
    rules.iter().map(written).collect()
}

/// Whether two lists of rules do the same. S3 gives them back in an order of its own, and an empty
/// filter in many forms.
pub fn alike(a: &Value, b: &Value) -> bool {
    let canonical = |value: &Value| {
        let blocks: Vec<Attrs> = value.as_elements().unwrap_or(&[]).iter().map(Attrs::from_value).collect();
        let mut all: Vec<Value> = expand(&blocks).iter().map(|rule| read_object(Rule::rows::<Json>(), rule)).collect();
        all.sort_by_key(|rule| rule.get("id").and_then(Value::as_str).map(str::to_owned));
        all
    };
    canonical(a) == canonical(b)
}

/// What is wrong with a rule that S3 would refuse.
pub fn check(rule: &Attrs) -> Faults {
    let id = rule.str("id").unwrap_or("?");
    let does = [
        "abort_incomplete_multipart_upload",
        "expiration",
        "noncurrent_version_expiration",
        "noncurrent_version_transition",
        "transition",
    ];
    let idle = !does.iter().any(|name| rule.is_unknown(name) || !rule.elements(name).is_empty());
    let mut wrong = faults! {
        idle => "rule", format!("the rule {id:?} does nothing; it needs one of {}", does.join(", "));
    };
    let parts = ["and", "object_size_greater_than", "object_size_less_than", "prefix", "tag"];
    for filter in rule.blocks("filter") {
        let given = |name: &&&str| filter.is_set(name) && filter.get(name).is_none_or(|v| v.as_elements() != Some(&[]));
        wrong.extend(faults! {
            parts.iter().filter(given).count() > 1 => "filter",
                format!("the filter of rule {id:?} has several conditions; they belong into an `and` block");
        });
    }
    wrong
}
