//! The rows of the configurations that a bucket has as blocks of its own.

use super::lifecycle_rules::class;
use crate::resources::prelude::*;

/// The rules for what becomes of objects.
pub const LIFECYCLE: &str = "lifecycle_rule";
/// The copies in other buckets.
pub const COPIES: &str = "replication_configuration";

fn one(name: &'static str, all: Vec<Row>) -> Row {
    A::optional_block(name, rows(all))
}

fn needed(name: &'static str, all: Vec<Row>) -> Row {
    one(name, all).count(1, Some(1))
}

fn text(name: &'static str) -> Row {
    A::string(name)
}

fn number(name: &'static str) -> Row {
    A::number(name)
}

fn lifecycle() -> Row {
    let moved = |date: bool| {
        let date = date.then(|| text("date"));
        let storage = text("storage_class").required().check(class);
        A::block("", Nesting::Set, rows(date.into_iter().chain([number("days"), storage])))
    };
    let named = |name: &'static str, mut row: Row| {
        row.row.name = name;
        row
    };
    let expiration = vec![text("date"), number("days"), A::bool("expired_object_delete_marker")];
    let rule = vec![
        number("abort_incomplete_multipart_upload_days"),
        A::bool("enabled").required(),
        text("id").optional_computed(),
        text("prefix"),
        A::of("tags", Type::map(Type::String)),
        one("expiration", expiration),
        one("noncurrent_version_expiration", vec![number("days")]),
        named("noncurrent_version_transition", moved(false)),
        named("transition", moved(true)),
    ];
    A::block(LIFECYCLE, Nesting::List, rows(rule))
}

fn copies() -> Row {
    let timed = |name| one(name, vec![number("minutes").default(15), text("status").default("Enabled")]);
    let destination = vec![
        text("account_id"),
        text("bucket").required(),
        text("replica_kms_key_id"),
        text("storage_class"),
        one("access_control_translation", vec![text("owner").required()]),
        timed("metrics"),
        timed("replication_time"),
    ];
    let encrypted = one("sse_kms_encrypted_objects", vec![A::bool("enabled").required()]);
    let rule = vec![
        text("delete_marker_replication_status"),
        text("id"),
        text("prefix"),
        number("priority"),
        text("status").required(),
        needed("destination", destination),
        one("filter", vec![text("prefix"), A::of("tags", Type::map(Type::String))]),
        one("source_selection_criteria", vec![encrypted]),
    ];
    let rules = A::block("rules", Nesting::Set, rows(rule)).count(1, None);
    one(COPIES, vec![text("role").required(), rules])
}

fn encryption() -> Row {
    let way = vec![text("kms_master_key_id"), text("sse_algorithm").required()];
    let rule = vec![A::bool("bucket_key_enabled"), needed("apply_server_side_encryption_by_default", way)];
    one("server_side_encryption_configuration", vec![needed("rule", rule)])
}

fn locks() -> Row {
    let kept = vec![number("days"), text("mode").required(), number("years")];
    let rule = one("rule", vec![needed("default_retention", kept)]);
    one("object_lock_configuration", vec![text("object_lock_enabled").default("Enabled"), rule])
}

/// All of them. Left out they stay, as arguments that AWS chooses do.
pub fn all<L>() -> Vec<A<L>> {
    let lists = ["allowed_headers", "expose_headers"].map(Row::string_list);
    let musts = ["allowed_methods", "allowed_origins"].map(|name| Row::string_list(name).required());
    let cors = lists.into_iter().chain(musts).chain([number("max_age_seconds")]);
    let grant = vec![text("id"), A::string_set("permissions").required(), text("type").required(), text("uri")];
    let pages = ["error_document", "index_document", "redirect_all_requests_to", "routing_rules"].map(text);
    let plain = [
        text("acceleration_status").optional_computed().check(|v| checks::one_of(v, &["Enabled", "Suspended"])),
        text("request_payer").optional_computed().check(|v| checks::one_of(v, &["BucketOwner", "Requester"])),
        text("acl").optional_computed(),
        text("policy").optional_computed().normal(Normal::Policy).check(checks::policy),
        A::block("cors_rule", Nesting::List, rows(cors)),
        A::block("grant", Nesting::Set, rows(grant)),
        lifecycle(),
        one("logging", vec![text("target_bucket").required(), text("target_prefix")]),
        locks(),
        copies(),
        encryption(),
        one("versioning", vec![A::bool("enabled").default(false), A::bool("mfa_delete").default(false)]),
        one("website", pages.into()),
    ];
    plain.into_iter().map(|row| A { row: row.row, read: None }).collect()
}
