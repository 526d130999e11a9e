//! The rules of a lifecycle and of copies as a bucket has them as blocks of its own, in the form of the objects of their own.

use super::inline::{block, value};
use super::inline_rows::LIFECYCLE;
use crate::resources::prelude::*;

fn status(on: Option<bool>) -> Value {
    if on == Some(true) { "Enabled".into() } else { "Disabled".into() }
}

/// A date without a time is its midnight.
fn moment(date: &Attrs) -> Value {
    let at = text(date, "date");
    at.map(|at| if at.contains('T') { at } else { format!("{at}T00:00:00Z") }).into()
}

/// The blocks of this name, each in another form.
fn each_block(from: &Attrs, name: &str, form: impl Fn(&Attrs) -> Value) -> Value {
    Value::tuple(from.blocks(name).iter().map(form).collect())
}

/// A prefix and tags as a filter.
fn filter(of: &Attrs) -> Value {
    let tags = value(of, "tags");
    match of.string_map("tags").is_empty() {
        true => block([("prefix", value(of, "prefix"))]),
        false => block([("and", block([("prefix", value(of, "prefix")), ("tags", tags)]))]),
    }
}

fn rule(at: usize, from: &Attrs) -> Value {
    let id = text(from, "id").unwrap_or_else(|| format!("rule-{}", at + 1));
    let aborted = from.int("abort_incomplete_multipart_upload_days").filter(|days| *days > 0);
    let abort = aborted.map_or_else(Value::any_null, |days| block([("days_after_initiation", days.into())]));
    let expiration = |e: &Attrs| {
        let marker = value(e, "expired_object_delete_marker");
        Value::object([("date", moment(e)), ("days", value(e, "days")), ("expired_object_delete_marker", marker)])
    };
    let old = |t: &Attrs| {
        Value::object([("noncurrent_days", value(t, "days")), ("storage_class", value(t, "storage_class"))])
    };
    let new = |t: &Attrs| {
        let class = value(t, "storage_class");
        Value::object([("date", moment(t)), ("days", value(t, "days")), ("storage_class", class)])
    };
    let gone = |e: &Attrs| Value::object([("noncurrent_days", value(e, "days"))]);
    Value::object([
        ("id", id.into()),
        ("status", status(from.bool("enabled"))),
        ("filter", filter(from)),
        ("abort_incomplete_multipart_upload", abort),
        ("expiration", each_block(from, "expiration", expiration)),
        ("noncurrent_version_expiration", each_block(from, "noncurrent_version_expiration", gone)),
        ("noncurrent_version_transition", each_block(from, "noncurrent_version_transition", old)),
        ("transition", each_block(from, "transition", new)),
    ])
}

/// The rules of a lifecycle.
pub fn lifecycle(want: &Attrs) -> Attrs {
    let rules = want.blocks(LIFECYCLE);
    Attrs::default().with("rule", Value::tuple(rules.iter().enumerate().map(|(at, from)| rule(at, from)).collect()))
}

fn destination(to: &Attrs) -> Value {
    let key = text(to, "replica_kms_key_id");
    let key = key.map_or_else(Value::any_null, |key| block([("replica_kms_key_id", key.into())]));
    let timed = |of: &Attrs, name: &'static str| {
        let time = |_: &i32| block([("minutes", value(of, "minutes"))]);
        let minutes = of.int("minutes").as_ref().map_or_else(Value::any_null, time);
        Value::object([("status", value(of, "status")), (name, minutes)])
    };
    Value::object([
        ("account", value(to, "account_id")),
        ("bucket", value(to, "bucket")),
        ("storage_class", value(to, "storage_class")),
        ("encryption_configuration", key),
        ("access_control_translation", value(to, "access_control_translation")),
        ("metrics", each_block(to, "metrics", |m| timed(m, "event_threshold"))),
        ("replication_time", each_block(to, "replication_time", |t| timed(t, "time"))),
    ])
}

fn copy(from: &Attrs) -> Value {
    let criteria = |c: &Attrs| {
        let on = |e: &Attrs| Value::object([("status", status(e.bool("enabled")))]);
        Value::object([("sse_kms_encrypted_objects", each_block(c, "sse_kms_encrypted_objects", on))])
    };
    let filter = from.blocks("filter").first().map_or_else(Value::any_null, filter);
    let markers = text(from, "delete_marker_replication_status").or_else(|| {
        // A rule with a filter has to say it.
        (!filter.is_null()).then(|| "Disabled".to_owned())
    });
    let markers = markers.map_or_else(Value::any_null, |status| block([("status", status.into())]));
    Value::object([
        ("id", value(from, "id")),
        ("prefix", value(from, "prefix")),
        ("priority", value(from, "priority")),
        ("status", value(from, "status")),
        ("delete_marker_replication", markers),
        ("destination", each_block(from, "destination", destination)),
        ("filter", filter),
        ("source_selection_criteria", each_block(from, "source_selection_criteria", criteria)),
    ])
}

/// The rules of copies, with the role that makes them.
pub fn copies(from: &Attrs) -> Attrs {
    Attrs::default().with("role", value(from, "role")).with("rule", each_block(from, "rules", copy))
}
