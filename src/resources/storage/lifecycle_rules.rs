//! The rules of a bucket's lifecycle, between the layout's blocks and S3's.

use super::configuration::built;
use crate::aws::Result;
use crate::resources::lookup::time;
use crate::resources::spec::{self, rows};
use crate::schema::rows::object_type;
use crate::schema::{Attribute, Attrs, Nesting, checks};
use crate::value::{Type, Value};
use aws_sdk_s3::primitives::{DateTime, DateTimeFormat};
use aws_sdk_s3::types::{
    AbortIncompleteMultipartUpload, ExpirationStatus, LifecycleExpiration, LifecycleRule, LifecycleRuleAndOperator,
    LifecycleRuleFilter, NoncurrentVersionExpiration, NoncurrentVersionTransition, Tag, Transition,
    TransitionStorageClass,
};

type Row = spec::A<()>;

const CLASSES: [&str; 6] =
    ["DEEP_ARCHIVE", "GLACIER", "GLACIER_IR", "INTELLIGENT_TIERING", "ONEZONE_IA", "STANDARD_IA"];

fn at_most_one(name: &'static str, rows: Vec<Attribute>) -> Row {
    Row::block(name, Nesting::List, rows).count(0, Some(1))
}

fn date(name: &'static str) -> Row {
    Row::string(name).check(|v| match v.as_str() {
        Some(text) if DateTime::from_str(text, DateTimeFormat::DateTimeWithOffset).is_err() => {
            Err(format!("{text:?} is not a valid date; expected a form such as 2030-01-31T00:00:00Z"))
        }
        _ => Ok(()),
    })
}

fn class() -> Row {
    Row::string("storage_class").required().check(|v| checks::one_of(v, &CLASSES))
}

fn abort_rows() -> Vec<Attribute> {
    rows([Row::number("days_after_initiation")])
}

fn expiration_rows() -> Vec<Attribute> {
    rows([date("date"), Row::number("days"), Row::bool("expired_object_delete_marker")])
}

fn and_rows() -> Vec<Attribute> {
    rows([
        Row::number("object_size_greater_than"),
        Row::number("object_size_less_than"),
        Row::string("prefix"),
        Row::of("tags", Type::map(Type::String)),
    ])
}

fn tag_rows() -> Vec<Attribute> {
    rows(["key", "value"].map(|n| Row::string(n).required()))
}

fn filter_rows() -> Vec<Attribute> {
    rows([
        at_most_one("and", and_rows()),
        Row::number("object_size_greater_than"),
        Row::number("object_size_less_than"),
        Row::string("prefix"),
        at_most_one("tag", tag_rows()),
    ])
}

fn old_expiration_rows() -> Vec<Attribute> {
    rows([Row::number("newer_noncurrent_versions"), Row::number("noncurrent_days").required()])
}

fn old_transition_rows() -> Vec<Attribute> {
    rows([Row::number("newer_noncurrent_versions"), Row::number("noncurrent_days").required(), class()])
}

fn transition_rows() -> Vec<Attribute> {
    rows([date("date"), Row::number("days"), class()])
}

/// The rows of one rule.
pub fn rule_rows() -> Vec<Attribute> {
    rows([
        at_most_one("abort_incomplete_multipart_upload", abort_rows()),
        at_most_one("expiration", expiration_rows()),
        at_most_one("filter", filter_rows()),
        Row::string("id").required(),
        at_most_one("noncurrent_version_expiration", old_expiration_rows()),
        Row::block("noncurrent_version_transition", Nesting::Set, old_transition_rows()),
        Row::string("prefix"),
        Row::string("status").required().check(|v| checks::one_of(v, &["Enabled", "Disabled"])),
        Row::block("transition", Nesting::Set, transition_rows()),
    ])
}

/// A list of the blocks that there are.
fn blocks(rows: &[Attribute], all: impl IntoIterator<Item = Value>) -> Value {
    Value::list(object_type(rows), all.into_iter().collect())
}

fn and(of: &LifecycleRuleAndOperator) -> Value {
    let tags = of.tags().iter().map(|t| (t.key().into(), t.value().into())).collect();
    Value::object([
        ("object_size_greater_than", Value::from(of.object_size_greater_than())),
        ("object_size_less_than", of.object_size_less_than().into()),
        ("prefix", of.prefix().into()),
        ("tags", Value::map(Type::String, tags)),
    ])
}

/// The filter of a rule, null where it lets everything through: given as an empty block or not at
/// all, and given back as either or as an empty prefix.
fn filter(of: &LifecycleRuleFilter) -> Option<Value> {
    let tag = |t: &Tag| Value::object([("key", Value::from(t.key())), ("value", t.value().into())]);
    let sizes = (of.object_size_greater_than(), of.object_size_less_than());
    let prefix = of.prefix().filter(|prefix| !prefix.is_empty());
    if of.and().is_none() && of.tag().is_none() && sizes == (None, None) && prefix.is_none() {
        return None;
    }
    Some(Value::object([
        ("and", blocks(&and_rows(), of.and().map(and))),
        ("object_size_greater_than", sizes.0.into()),
        ("object_size_less_than", sizes.1.into()),
        ("prefix", prefix.into()),
        ("tag", blocks(&tag_rows(), of.tag().map(tag))),
    ]))
}

fn expiration(of: &LifecycleExpiration) -> Value {
    Value::object([
        ("date", time(of.date())),
        ("days", of.days().into()),
        ("expired_object_delete_marker", of.expired_object_delete_marker().into()),
    ])
}

fn transition(of: &Transition) -> Value {
    Value::object([
        ("date", time(of.date())),
        ("days", of.days().into()),
        ("storage_class", of.storage_class().map(TransitionStorageClass::as_str).into()),
    ])
}

fn old_transition(of: &NoncurrentVersionTransition) -> Value {
    Value::object([
        ("newer_noncurrent_versions", Value::from(of.newer_noncurrent_versions())),
        ("noncurrent_days", of.noncurrent_days().into()),
        ("storage_class", of.storage_class().map(TransitionStorageClass::as_str).into()),
    ])
}

fn old_expiration(of: &NoncurrentVersionExpiration) -> Value {
    Value::object([
        ("newer_noncurrent_versions", Value::from(of.newer_noncurrent_versions())),
        ("noncurrent_days", of.noncurrent_days().into()),
    ])
}

fn rule(r: &LifecycleRule) -> Value {
    let abort = |a: &AbortIncompleteMultipartUpload| {
        Value::object([("days_after_initiation", Value::from(a.days_after_initiation()))])
    };
    #[expect(deprecated, reason = "rules from before filters still have their prefix here")]
    let prefix = r.prefix();
    let old_transitions = r.noncurrent_version_transitions().iter().map(old_transition).collect();
    Value::object([
        ("abort_incomplete_multipart_upload", blocks(&abort_rows(), r.abort_incomplete_multipart_upload().map(abort))),
        ("expiration", blocks(&expiration_rows(), r.expiration().map(expiration))),
        ("filter", blocks(&filter_rows(), r.filter().and_then(filter))),
        ("id", r.id().into()),
        (
            "noncurrent_version_expiration",
            blocks(&old_expiration_rows(), r.noncurrent_version_expiration().map(old_expiration)),
        ),
        ("noncurrent_version_transition", Value::set(object_type(&old_transition_rows()), old_transitions)),
        ("prefix", prefix.into()),
        ("status", r.status().as_str().into()),
        ("transition", Value::set(object_type(&transition_rows()), r.transitions().iter().map(transition).collect())),
    ])
}

/// S3's rules as the layout has them.
pub fn collapse(rules: &[LifecycleRule]) -> Value {
    Value::list(object_type(&rule_rows()), rules.iter().map(rule).collect())
}

fn first(attrs: &Attrs, name: &str) -> Option<Attrs> {
    attrs.blocks(name).into_iter().next()
}

/// What the layout says, unless it says nothing.
fn text(attrs: &Attrs, name: &str) -> Option<String> {
    attrs.string(name).filter(|text| !text.is_empty())
}

fn count(attrs: &Attrs, name: &str) -> Option<i32> {
    attrs.int(name).filter(|n| *n != 0)
}

fn size(attrs: &Attrs, name: &str) -> Option<i64> {
    attrs.get(name).and_then(Value::as_i64).filter(|n| *n != 0)
}

fn moment(attrs: &Attrs, name: &str) -> Result<Option<DateTime>> {
    text(attrs, name).map(|text| built(DateTime::from_str(&text, DateTimeFormat::DateTimeWithOffset))).transpose()
}

fn sdk_filter(f: &Attrs) -> Result<LifecycleRuleFilter> {
    let tag = |key: &str, value: &str| built(Tag::builder().key(key).value(value).build());
    let one = first(f, "tag").map(|t| tag(t.str("key").unwrap_or_default(), t.str("value").unwrap_or_default()));
    let and = match first(f, "and") {
        Some(and) => {
            let tags: Result<Vec<Tag>> = and.string_map("tags").iter().map(|(k, v)| tag(k, v)).collect();
            let built = LifecycleRuleAndOperator::builder()
                .set_object_size_greater_than(size(&and, "object_size_greater_than"))
                .set_object_size_less_than(size(&and, "object_size_less_than"))
                .set_prefix(text(&and, "prefix"))
                .set_tags(Some(tags?).filter(|all| !all.is_empty()))
                .build();
            Some(built)
        }
        None => None,
    };
    Ok(LifecycleRuleFilter::builder()
        .set_and(and)
        .set_object_size_greater_than(size(f, "object_size_greater_than"))
        .set_object_size_less_than(size(f, "object_size_less_than"))
        .set_prefix(text(f, "prefix"))
        .set_tag(one.transpose()?)
        .build())
}

fn sdk_rule(r: &Attrs) -> Result<LifecycleRule> {
    let class = |t: &Attrs| t.str("storage_class").map(TransitionStorageClass::from);
    let transition = |t: &Attrs| {
        let built = Transition::builder().set_date(moment(t, "date")?).set_days(t.int("days"));
        Ok(built.set_storage_class(class(t)).build())
    };
    let old = |t: &Attrs| {
        NoncurrentVersionTransition::builder()
            .set_newer_noncurrent_versions(count(t, "newer_noncurrent_versions"))
            .set_noncurrent_days(t.int("noncurrent_days"))
            .set_storage_class(class(t))
            .build()
    };
    let expiration = match first(r, "expiration") {
        Some(e) => {
            let built = LifecycleExpiration::builder().set_date(moment(&e, "date")?).set_days(count(&e, "days"));
            let marker = e.bool("expired_object_delete_marker").filter(|on| *on);
            Some(built.set_expired_object_delete_marker(marker).build())
        }
        None => None,
    };
    let old_expiration = first(r, "noncurrent_version_expiration").map(|e| {
        NoncurrentVersionExpiration::builder()
            .set_newer_noncurrent_versions(count(&e, "newer_noncurrent_versions"))
            .set_noncurrent_days(e.int("noncurrent_days"))
            .build()
    });
    let abort = first(r, "abort_incomplete_multipart_upload").map(|a| {
        AbortIncompleteMultipartUpload::builder().set_days_after_initiation(a.int("days_after_initiation")).build()
    });
    let prefix = text(r, "prefix");
    let filter = match (first(r, "filter"), &prefix) {
        (None, Some(_)) => None,
        (given, _) => Some(sdk_filter(&given.unwrap_or_default())?),
    };
    let transitions: Result<Vec<_>> = r.blocks("transition").iter().map(transition).collect();
    let old: Vec<_> = r.blocks("noncurrent_version_transition").iter().map(old).collect();
    #[expect(deprecated, reason = "the layout may still give the prefix outside of a filter")]
    let builder = LifecycleRule::builder().set_prefix(prefix);
    built(
        builder
            .set_abort_incomplete_multipart_upload(abort)
            .set_expiration(expiration)
            .set_filter(filter)
            .set_id(r.string("id"))
            .set_noncurrent_version_expiration(old_expiration)
            .set_noncurrent_version_transitions(Some(old).filter(|all| !all.is_empty()))
            .set_status(r.str("status").map(ExpirationStatus::from))
            .set_transitions(Some(transitions?).filter(|all| !all.is_empty()))
            .build(),
    )
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
        let mut all: Vec<Value> = rules.iter().map(rule).collect();
        all.sort_by_key(|rule| rule.get("id").and_then(Value::as_str).map(str::to_owned));
        Some(all)
    };
    canonical(a).is_some_and(|a| Some(a) == canonical(b))
}

/// What is wrong with a rule that S3 would refuse.
pub fn check(rule: &Attrs) -> Vec<(&'static str, String)> {
    let mut wrong = Vec::new();
    let id = rule.str("id").unwrap_or("?");
    let does = [
        "abort_incomplete_multipart_upload",
        "expiration",
        "noncurrent_version_expiration",
        "noncurrent_version_transition",
        "transition",
    ];
    if !does.iter().any(|name| rule.is_unknown(name) || !rule.elements(name).is_empty()) {
        wrong.push(("rule", format!("the rule {id:?} does nothing; it needs one of {}", does.join(", "))));
    }
    let parts = ["and", "object_size_greater_than", "object_size_less_than", "prefix", "tag"];
    for filter in rule.blocks("filter") {
        let given = |name: &&&str| filter.is_set(name) && filter.get(name).is_none_or(|v| v.as_elements() != Some(&[]));
        if parts.iter().filter(given).count() > 1 {
            wrong.push((
                "filter",
                format!("the filter of rule {id:?} has several conditions; they belong into an `and` block"),
            ));
        }
    }
    wrong
}
