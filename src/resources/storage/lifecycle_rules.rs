//! The rules of a bucket's lifecycle, between the layout's blocks and S3's.

use super::configuration::built;
use crate::resources::block::{TimestampCell, some, text};
use crate::resources::prelude::*;
use crate::resources::table::Part;
use aws_sdk_s3::primitives::{DateTime, DateTimeFormat};
use aws_sdk_s3::types::builders::LifecycleRuleBuilder;
use aws_sdk_s3::types::{
    AbortIncompleteMultipartUpload, LifecycleExpiration, LifecycleRule, LifecycleRuleAndOperator, LifecycleRuleFilter,
    NoncurrentVersionExpiration, NoncurrentVersionTransition, Tag, Transition,
};

const CLASSES: [&str; 6] =
    ["DEEP_ARCHIVE", "GLACIER", "GLACIER_IR", "INTELLIGENT_TIERING", "ONEZONE_IA", "STANDARD_IA"];

fn date(value: &Value) -> Result<(), String> {
    let fits = |text: &str| DateTime::from_str(text, DateTimeFormat::DateTimeWithOffset).is_ok();
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
impl Get<Option<bool>> for OnlyOn {
    fn get(from: Option<bool>) -> Value {
        from.into()
    }
}
impl Put<Option<bool>> for OnlyOn {
    fn put(from: &Attrs, name: &str) -> Option<bool> {
        from.bool(name).filter(|on| *on)
    }
}

impl Cell for TagMap {
    fn column<L>(name: &'static str) -> A<L> {
        A::of(name, Type::map(Type::String))
    }
}
impl Get<&[Tag]> for TagMap {
    fn get(from: &[Tag]) -> Value {
        Value::map(Type::String, from.iter().map(|t| (Name::from(t.key()), t.value().into())).collect())
    }
}
impl Put<Option<Vec<Tag>>> for TagMap {
    fn put(from: &Attrs, name: &str) -> Option<Vec<Tag>> {
        let tag = |(key, value): (String, String)| Tag::builder().key(key).value(value).build().ok();
        some(from.string_map(name).into_iter().filter_map(tag).collect())
    }
}

impl Cell for TagBlock {
    fn column<L>(name: &'static str) -> A<L> {
        A::optional_block(name, rows(["key", "value"].map(|n| A::string(n).required())))
    }
}
impl Get<Option<&Tag>> for TagBlock {
    fn get(from: Option<&Tag>) -> Value {
        let ty = Type::object([("key", Type::String), ("value", Type::String)]);
        let object = |t: &Tag| Value::object([("key", Value::from(t.key())), ("value", t.value().into())]);
        Value::list(ty, from.map(object).into_iter().collect())
    }
}
impl Put<Option<Tag>> for TagBlock {
    fn put(from: &Attrs, name: &str) -> Option<Tag> {
        let block = from.blocks(name).into_iter().next()?;
        Tag::builder().set_key(block.string("key")).set_value(block.string("value")).build().ok()
    }
}

block! {
    /// When uploads that are not finished go.
    Abort: AbortIncompleteMultipartUpload => AbortIncompleteMultipartUpload {
        days_after_initiation: Int;
    }
    /// When objects go.
    Expiration: LifecycleExpiration => LifecycleExpiration {
        date: TimestampCell [.check(date)];
        days: Count [.optional_computed()];
        expired_object_delete_marker: OnlyOn [.optional_computed()];
    }
    /// All of several conditions.
    And: LifecycleRuleAndOperator => LifecycleRuleAndOperator {
        object_size_greater_than: Count [.optional_computed()];
        object_size_less_than: Count [.optional_computed()];
        prefix: Text [.optional_computed()];
        tags: TagMap;
    }
    /// The objects that a rule is about.
    Filter: LifecycleRuleFilter => LifecycleRuleFilter {
        and: OptionalBlock<And>;
        object_size_greater_than: Count [.optional_computed()];
        object_size_less_than: Count [.optional_computed()];
        prefix: Text [.optional_computed()];
        tag: TagBlock;
    }
    /// When old versions go.
    OldExpiration: NoncurrentVersionExpiration => NoncurrentVersionExpiration {
        newer_noncurrent_versions: Count;
        noncurrent_days: Int [.required()];
    }
    /// When old versions move.
    OldTransition: NoncurrentVersionTransition => NoncurrentVersionTransition {
        newer_noncurrent_versions: Count;
        noncurrent_days: Int [.required()];
        storage_class: EnumCell [.required().check(class)];
    }
    /// When objects move.
    Move: Transition => Transition {
        date: TimestampCell [.check(date)];
        days: Int [.optional_computed()];
        storage_class: EnumCell [.required().check(class)];
    }
}

table! {
    /// A rule.
    pub Rule: LifecycleRule, create LifecycleRuleBuilder {
        abort_incomplete_multipart_upload: OptionalBlock<Abort>;
        expiration: OptionalBlock<Expiration>;
        filter: OptionalBlock<Filter>, none
            [.read(|r| OptionalBlock::<Filter>::get(r.held().filter().filter(|f| says_something(f))))];
        id: Text [.required()];
        noncurrent_version_expiration: OptionalBlock<OldExpiration>;
        noncurrent_version_transition = noncurrent_version_transitions: BlockSet<OldTransition>;
        prefix: Text, none [.optional_computed().read(|r| old_prefix(r.held()).into())];
        status: EnumCell [.required().check(|v| checks::one_of(v, &["Enabled", "Disabled"]))];
        transition = transitions: BlockSet<Move>;
    }
}

#[expect(deprecated, reason = "rules from before filters still have their prefix here")]
fn old_prefix(rule: &LifecycleRule) -> Option<&str> {
    rule.prefix()
}

/// Whether a filter keeps anything out. One that does not is given as an empty block or not at all, and given back as
/// either or as an empty prefix.
fn says_something(of: &LifecycleRuleFilter) -> bool {
    let sizes = (of.object_size_greater_than(), of.object_size_less_than());
    of.and().is_some() || of.tag().is_some() || sizes != (None, None) || of.prefix().is_some_and(|p| !p.is_empty())
}

/// S3's rules as the layout has them.
pub fn collapse(rules: &[LifecycleRule]) -> Value {
    BlockList::<Part<Rule>>::get(rules)
}

fn sdk_rule(block: &Attrs) -> Result<LifecycleRule> {
    let prefix = text(block, "prefix");
    let filter = match (block.blocks("filter").into_iter().next(), &prefix) {
        (None, Some(_)) => None,
        (given, _) => Some(Filter::write(&given.unwrap_or_default())),
    };
    #[expect(deprecated, reason = "the layout may still give the prefix outside of a filter")]
    let builder = LifecycleRule::builder().set_prefix(prefix);
    built(Rule::create(builder, block).set_filter(filter).build())
}

/// The layout's rules as S3 takes them.
pub fn expand(rules: &[Attrs]) -> Result<Vec<LifecycleRule>> {
    rules.iter().map(sdk_rule).collect()
}

/// Whether two lists of rules do the same. S3 gives them back in an order of its own, and an empty
/// filter in many forms.
pub fn alike(a: &Value, b: &Value) -> bool {
    let canonical = |value: &Value| {
        let blocks: Vec<Attrs> = value.as_elements().unwrap_or(&[]).iter().map(Attrs::from_value).collect();
        let rules = expand(&blocks).ok()?;
        let mut all: Vec<Value> = rules.iter().map(Part::<Rule>::read).collect();
        all.sort_by_key(|rule| rule.get("id").and_then(Value::as_str).map(str::to_owned));
        Some(all)
    };
    canonical(a).is_some_and(|a| Some(a) == canonical(b))
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
