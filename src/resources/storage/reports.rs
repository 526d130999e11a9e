//! aws_s3_bucket_metric, aws_s3_bucket_intelligent_tiering_configuration and aws_s3_bucket_inventory: what S3 counts, moves
//! and lists in a bucket, each by a name.

use super::configuration::built;
use super::inventory::{Destination, Filter as ListFilter, Schedule};
use super::lifecycle_rules::TagMap;
use super::named::{Found, NamedConfiguration};
use crate::resources::block::EnumSetCell;
use crate::resources::prelude::*;
use aws_sdk_s3::types::{
    IntelligentTieringAndOperator, IntelligentTieringConfiguration, IntelligentTieringFilter, InventoryConfiguration,
    MetricsAndOperator, MetricsConfiguration, MetricsFilter, Tag, Tiering as S3Tiering,
};

/// What is counted.
pub struct Metric;
/// What moves to cheaper tiers by itself.
pub struct Tiering;
/// A list of what is in a bucket.
pub struct Inventory;

/// The conditions of a filter: S3 has a form for one and another for several.
#[derive(Default)]
struct Conditions {
    point: Option<String>,
    prefix: Option<String>,
    tags: Vec<Tag>,
}

impl Conditions {
    fn of(block: &Attrs) -> Self {
        Conditions {
            point: text(block, "access_point"),
            prefix: text(block, "prefix"),
            tags: TagMap::put(block, "tags").unwrap_or_default(),
        }
    }

    fn several(&self) -> bool {
        usize::from(self.point.is_some()) + usize::from(self.prefix.is_some()) + self.tags.len() > 1
    }

    /// The values of the rows `prefix` and `tags`, and of the access point where the type has it.
    fn value(self, with_point: bool) -> Value {
        let point = with_point.then(|| ("access_point", Value::from(self.point)));
        let others = [("prefix", self.prefix.into()), ("tags", TagMap::get(self.tags.as_slice()))];
        Value::list(object_type(&filter_rows(with_point)), vec![Value::object(others.into_iter().chain(point))])
    }
}

fn filter_rows(with_point: bool) -> Vec<Attribute> {
    let point = with_point.then(|| A::string("access_point"));
    rows(point.into_iter().chain([A::string("prefix"), TagMap::column("tags")]))
}

fn filter<T>(with_point: bool) -> A<T> {
    A::optional_block("filter", filter_rows(with_point))
}

fn no_filter(with_point: bool) -> Value {
    Value::null(Type::list(object_type(&filter_rows(with_point))))
}

fn counted(filter: Option<&MetricsFilter>) -> Value {
    let all = match filter {
        Some(MetricsFilter::AccessPointArn(arn)) => Conditions { point: Some(arn.clone()), ..Conditions::default() },
        Some(MetricsFilter::Prefix(prefix)) => Conditions { prefix: Some(prefix.clone()), ..Conditions::default() },
        Some(MetricsFilter::Tag(tag)) => Conditions { tags: vec![tag.clone()], ..Conditions::default() },
        Some(MetricsFilter::And(and)) => {
            Conditions { point: and.access_point_arn.clone(), prefix: and.prefix.clone(), tags: and.tags().to_vec() }
        }
        _ => return no_filter(true),
    };
    all.value(true)
}

fn metrics_filter(block: &Attrs) -> Option<MetricsFilter> {
    let all = Conditions::of(block);
    if all.several() {
        let and = MetricsAndOperator::builder().set_access_point_arn(all.point).set_prefix(all.prefix);
        return Some(MetricsFilter::And(and.set_tags(some(all.tags)).build()));
    }
    let tag = all.tags.into_iter().next().map(MetricsFilter::Tag);
    tag.or(all.point.map(MetricsFilter::AccessPointArn)).or(all.prefix.map(MetricsFilter::Prefix))
}

impl NamedConfiguration for Metric {
    type Found = MetricsConfiguration;
    const TYPE: &'static str = "aws_s3_bucket_metric";

    fn rows() -> Vec<A<Found<Self::Found>>> {
        vec![filter(true).read(|f: &Found<Self::Found>| counted(f.found.filter()))]
    }

    async fn get(aws: &Aws, bucket: &str, name: &str) -> Result<Option<Self::Found>> {
        let call = aws.read.s3.get_bucket_metrics_configuration().bucket(bucket).id(name);
        Ok(call.send().await?.metrics_configuration)
    }

    async fn put(aws: &Aws, bucket: &str, name: &str, want: &Attrs) -> Result<()> {
        let filter = want.blocks("filter").first().and_then(metrics_filter);
        let all = built(MetricsConfiguration::builder().id(name).set_filter(filter).build())?;
        let call = aws.write.s3.put_bucket_metrics_configuration().bucket(bucket).id(name);
        done(call.metrics_configuration(all).send().await)
    }

    async fn delete(aws: &Aws, bucket: &str, name: &str) -> Result<()> {
        done(aws.write.s3.delete_bucket_metrics_configuration().bucket(bucket).id(name).send().await)
    }
}

fn moved(filter: Option<&IntelligentTieringFilter>) -> Value {
    let Some(filter) = filter else { return no_filter(false) };
    let and = filter.and();
    let prefix = filter.prefix().or(and.and_then(|and| and.prefix())).map(Into::into);
    let tags = and.map_or_else(|| filter.tag().cloned().into_iter().collect(), |and| and.tags().to_vec());
    Conditions { point: None, prefix, tags }.value(false)
}

fn tiering_filter(block: &Attrs) -> IntelligentTieringFilter {
    let all = Conditions::of(block);
    if all.several() {
        let and = IntelligentTieringAndOperator::builder().set_prefix(all.prefix).set_tags(some(all.tags)).build();
        return IntelligentTieringFilter::builder().and(and).build();
    }
    IntelligentTieringFilter::builder().set_prefix(all.prefix).set_tag(all.tags.into_iter().next()).build()
}

block! {
    /// When objects move to a tier.
    Tier: S3Tiering => S3Tiering, ok {
        access_tier: EnumCell [.required().check(|v| checks::one_of(v, &["ARCHIVE_ACCESS", "DEEP_ARCHIVE_ACCESS"]))];
        days: Int [.required()];
    }
}

impl NamedConfiguration for Tiering {
    type Found = IntelligentTieringConfiguration;
    const TYPE: &'static str = "aws_s3_bucket_intelligent_tiering_configuration";

    fn rows() -> Vec<A<Found<Self::Found>>> {
        let status = A::string("status").default("Enabled").check(|v| checks::one_of(v, &["Disabled", "Enabled"]));
        vec![
            filter(false).read(|f: &Found<Self::Found>| moved(f.found.filter())),
            status.read(|f| f.found.status().as_str().into()),
            BlockSet::<Tier>::column("tiering").count(1, None).read(|f| BlockSet::<Tier>::get(f.found.tierings())),
        ]
    }

    async fn get(aws: &Aws, bucket: &str, name: &str) -> Result<Option<Self::Found>> {
        let call = aws.read.s3.get_bucket_intelligent_tiering_configuration().bucket(bucket).id(name);
        Ok(call.send().await?.intelligent_tiering_configuration)
    }

    async fn put(aws: &Aws, bucket: &str, name: &str, want: &Attrs) -> Result<()> {
        let all = IntelligentTieringConfiguration::builder()
            .id(name)
            .status(want.str("status").unwrap_or("Enabled").into())
            .set_filter(want.blocks("filter").first().map(tiering_filter))
            .set_tierings(BlockSet::<Tier>::put(want, "tiering"));
        let call = aws.write.s3.put_bucket_intelligent_tiering_configuration().bucket(bucket).id(name);
        done(call.intelligent_tiering_configuration(built(all.build())?).send().await)
    }

    async fn delete(aws: &Aws, bucket: &str, name: &str) -> Result<()> {
        let call = aws.write.s3.delete_bucket_intelligent_tiering_configuration().bucket(bucket).id(name);
        done(call.send().await)
    }
}

impl NamedConfiguration for Inventory {
    type Found = InventoryConfiguration;
    const TYPE: &'static str = "aws_s3_bucket_inventory";

    fn rows() -> Vec<A<Found<Self::Found>>> {
        let versions = A::string("included_object_versions").required();
        let destination = OptionalBlock::<Destination>::column("destination").count(1, Some(1));
        let schedule = OptionalBlock::<Schedule>::column("schedule").count(1, Some(1));
        vec![
            A::bool("enabled").default(true).read(|f: &Found<Self::Found>| f.found.is_enabled().into()),
            versions
                .check(|v| checks::one_of(v, &["All", "Current"]))
                .read(|f| f.found.included_object_versions().as_str().into()),
            EnumSetCell::column("optional_fields").read(|f| EnumSetCell::get(f.found.optional_fields())),
            destination.read(|f| OptionalBlock::<Destination>::get(f.found.destination())),
            OptionalBlock::<ListFilter>::column("filter").read(|f| OptionalBlock::<ListFilter>::get(f.found.filter())),
            schedule.read(|f| OptionalBlock::<Schedule>::get(f.found.schedule())),
        ]
    }

    async fn get(aws: &Aws, bucket: &str, name: &str) -> Result<Option<Self::Found>> {
        let call = aws.read.s3.get_bucket_inventory_configuration().bucket(bucket).id(name);
        Ok(call.send().await?.inventory_configuration)
    }

    async fn put(aws: &Aws, bucket: &str, name: &str, want: &Attrs) -> Result<()> {
        let all = InventoryConfiguration::builder()
            .id(name)
            .is_enabled(want.bool("enabled").unwrap_or(true))
            .included_object_versions(want.str("included_object_versions").unwrap_or_default().into())
            .set_optional_fields(EnumSetCell::put(want, "optional_fields"))
            .set_destination(OptionalBlock::<Destination>::put(want, "destination"))
            .set_filter(OptionalBlock::<ListFilter>::put(want, "filter"))
            .set_schedule(OptionalBlock::<Schedule>::put(want, "schedule"));
        let call = aws.write.s3.put_bucket_inventory_configuration().bucket(bucket).id(name);
        done(call.inventory_configuration(built(all.build())?).send().await)
    }

    async fn delete(aws: &Aws, bucket: &str, name: &str) -> Result<()> {
        done(aws.write.s3.delete_bucket_inventory_configuration().bucket(bucket).id(name).send().await)
    }
}
