//! aws_s3_bucket_metric, aws_s3_bucket_intelligent_tiering_configuration and aws_s3_bucket_inventory: what S3 counts, moves
//! and lists in a bucket, each by a name.

use super::inventory::{Destination, Filter as ListFilter, Schedule};
use super::lifecycle_rules::{TagMap, says_something};
use super::named::{Calls, Found, NamedConfiguration};
use crate::aws::api::{items, member, member_text};
use crate::resources::document::{Document, Member, One, Unordered, at, document};
use crate::resources::plain::joined;
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};

/// What is counted.
pub struct Metric;
/// What moves to cheaper tiers by itself.
pub struct Tiering;
/// A list of what is in a bucket.
pub struct Inventory;

/// The calls of a kind of configuration, by its name in them and the part of the bucket.
macro_rules! calls {
    ($name:literal, $part:literal) => {
        Calls {
            get: concat!("GetBucket", $name, " GET /?", $part, "&{id}"),
            put: concat!("PutBucket", $name, " PUT /?", $part, "&{id}"),
            delete: concat!("DeleteBucket", $name, " DELETE /?", $part, "&{id}"),
            root: $name,
        }
    };
}

/// The access point of a filter.
const POINT: &str = "AccessPointArn";

/// A filter as S3 takes it, which has a form for one condition and another for several.
fn written(block: &Attrs) -> Json {
    let (point, prefix) = (text(block, "access_point"), text(block, "prefix"));
    let single = usize::from(point.is_some()) + usize::from(prefix.is_some());
    let all = json!({"Prefix": prefix, "Tag": TagMap::put(block, "tags"), POINT: point});
    if single + items(&all, "Tag").len() > 1 { json!({"And": all}) } else { all }
}

/// A filter as the layout has it.
fn read(of: &Json, with_point: bool) -> Value {
    let Some(filter) = member(of, "Filter") else {
        return Value::null(Type::list(object_type(&filter_rows(with_point))));
    };
    let all = member(filter, "And").unwrap_or(filter);
    let point = with_point.then(|| ("access_point", member_text(all, POINT).into()));
    let others = [("prefix", member_text(all, "Prefix").into()), ("tags", at::<TagMap>(all, "Tag"))];
    Value::list(object_type(&filter_rows(with_point)), vec![Value::object(others.into_iter().chain(point))])
}

fn filter_rows(with_point: bool) -> Vec<Attribute> {
    let point = with_point.then(|| A::string("access_point"));
    rows(point.into_iter().chain([A::string("prefix"), TagMap::column("tags")]))
}

fn filter<T>(with_point: bool) -> A<T> {
    A::optional_block("filter", filter_rows(with_point))
}

impl NamedConfiguration for Metric {
    const TYPE: &'static str = "aws_s3_bucket_metric";
    const CALLS: Calls = calls!("MetricsConfiguration", "metrics");

    fn rows() -> Vec<A<Found>> {
        vec![filter(true).read(|f: &Found| read(&f.found, true))]
    }

    fn written(want: &Attrs) -> Json {
        let filter = want.blocks("filter").first().map(written);
        json!({"Filter": filter.filter(|of| says_something(of) || member(of, POINT).is_some())})
    }
}

document! {
    /// When objects move to a tier.
    Tier {
        access_tier = "AccessTier": Text
            [.required().check(|v| checks::one_of(v, &["ARCHIVE_ACCESS", "DEEP_ARCHIVE_ACCESS"]))];
        days = "Days": Int [.required()];
    }
}
document! {
    TieringRows {
        status = "Status": Text [.default("Enabled").check(|v| checks::one_of(v, &["Disabled", "Enabled"]))];
        tiering = "Tiering": Unordered<Tier> [.count(1, None)];
    }
}

impl NamedConfiguration for Tiering {
    const TYPE: &'static str = "aws_s3_bucket_intelligent_tiering_configuration";
    const CALLS: Calls = calls!("IntelligentTieringConfiguration", "intelligent-tiering");

    fn rows() -> Vec<A<Found>> {
        std::iter::once(filter(false).read(|f: &Found| read(&f.found, false))).chain(TieringRows::rows()).collect()
    }

    fn written(want: &Attrs) -> Json {
        joined(json!({"Filter": want.blocks("filter").first().map(written)}), TieringRows::create(want))
    }
}

document! {
    InventoryRows {
        enabled = "IsEnabled": Flag [.default(true)];
        included_object_versions = "IncludedObjectVersions": Text
            [.required().check(|v| checks::one_of(v, &["All", "Current"]))];
        optional_fields = "OptionalFields.Field": Texts;
        destination = "Destination": One<Destination> [.count(1, Some(1))];
        filter = "Filter": One<ListFilter>;
        schedule = "Schedule": One<Schedule> [.count(1, Some(1))];
    }
}

impl NamedConfiguration for Inventory {
    const TYPE: &'static str = "aws_s3_bucket_inventory";
    const CALLS: Calls = calls!("InventoryConfiguration", "inventory");

    fn rows() -> Vec<A<Found>> {
        InventoryRows::rows()
    }

    fn written(want: &Attrs) -> Json {
        InventoryRows::create(want)
    }
}
