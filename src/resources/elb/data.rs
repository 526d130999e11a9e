//! data aws_lb and aws_lb_target_group: found by ARN, name or tags. They give what the
//! resources read back, under the same names.

use super::load_balancer::{self, AwsLb};
use super::target_group::{self, AwsLbTargetGroup};
use crate::aws::api::member_text;
use crate::resources::elb::shared;
use crate::resources::lookup::{Row, answer, fitted, here, one, schema};
use crate::resources::prelude::*;
use crate::schema::Mode;
use serde_json::Value as Json;

/// data aws_lb.
pub struct LbData;
/// data aws_lb_target_group.
pub struct TargetGroupData;

/// The arguments of both.
const BY: &[&str] = &["arn", "id", "name", "region", "tags"];

/// The rows of a resource as those of a data source: all are answers, but for those it is looked up by.
pub fn answers(resource: Schema, by: &[&str], without: &[&str]) -> Vec<Attribute> {
    let row = |row: Attribute| {
        let mode = if by.contains(&row.name) { Mode::OptionalComputed } else { Mode::Computed };
        Attribute { mode, ..row.answered() }
    };
    resource.attributes.into_iter().filter(|r| !without.contains(&r.name)).map(row).collect()
}

/// The answers that a data source has rows for. It has the tags that are seen, under `tags`.
pub fn answered(config: &Attrs, rows: &[Attribute], live: Attrs, region: &str) -> Attrs {
    let tags = live.get("tags_all").cloned();
    let known = rows.iter().filter_map(|row| Some((row.name, fitted(row, live.get(row.name)?))));
    let all = known.fold(config.clone(), |all, (name, value)| all.with(name, value)).with("region", region);
    match tags {
        Some(tags) => all.with("tags", tags),
        None => all,
    }
}

/// Whether an object has this ARN and name, as far as they are asked for. It has them as these members.
fn named(config: &Attrs, object: &Json, arn: &str, name: &str) -> bool {
    let asked = |argument: &str, has: &str| match text(config, argument) {
        Some(text) => member_text(object, has) == Some(text),
        None => true,
    };
    asked("arn", arn) && asked("id", arn) && asked("name", name)
}

impl DataSource for LbData {
    fn schema() -> Schema {
        schema(
            "aws_lb",
            answers(AwsLb::spec().schema, BY, &["name_prefix", "tags_all", "minimum_load_balancer_capacity"]),
        )
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let mut found = shared::balancers(&aws).await?;
        found.retain(|lb| named(config, lb, load_balancer::ARN, load_balancer::NAME));
        let mut found = load_balancer::complete(&aws, found).await?;
        found.retain(|b| tags::hold_all(&b.tags, &config.string_map("tags")));
        let found = one(found, "load balancer")?;
        Ok(answered(config, &Self::schema().attributes, AwsLb::spec().read(&found), &aws.region))
    }
}

impl DataSource for TargetGroupData {
    fn schema() -> Schema {
        const WITHOUT: [&str; 6] = [
            "ip_address_type",
            "name_prefix",
            "tags_all",
            "target_failover",
            "target_group_health",
            "target_health_state",
        ];
        schema("aws_lb_target_group", answers(AwsLbTargetGroup::spec().schema, BY, &WITHOUT))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let mut found = shared::target_groups(&aws).await?;
        found.retain(|g| named(config, g, target_group::ARN, target_group::NAME));
        let mut found = target_group::complete(&aws, found).await?;
        found.retain(|g| tags::hold_all(&g.tags, &config.string_map("tags")));
        let found = one(found, "target group")?;
        Ok(answered(config, &Self::schema().attributes, AwsLbTargetGroup::spec().read(&found), &aws.region))
    }
}

/// data aws_lbs: the ARNs of all balancers that have these tags.
pub struct LbsData;

impl DataSource for LbsData {
    fn schema() -> Schema {
        let own = [
            answer::<Texts>("arns"),
            answer::<Text>("id"),
            Row::string("region").optional_computed(),
            Row::of("tags", Type::map(Type::String)),
        ];
        schema("aws_lbs", rows(own))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let all = shared::balancers(&aws).await?;
        let arns: Vec<String> = all.iter().filter_map(|b| member_text(b, load_balancer::ARN)).collect();
        let tags = shared::tags_of(&aws, &arns).await?;
        let wanted = config.string_map("tags");
        let meets = |arn: &&String| wanted.is_empty() || tags.get(*arn).is_some_and(|own| tags::hold_all(own, &wanted));
        let found = Value::string_set(arns.iter().filter(meets));
        Ok(config.clone().with("arns", found).with("id", &*aws.region).with("region", &*aws.region))
    }
}
