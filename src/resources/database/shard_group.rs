//! aws_rds_shard_group: the parts that an Aurora Limitless cluster spreads its data over.

use super::rds::{call, list};
use super::tagging;
use crate::aws::api::member_text;
use crate::resources::document::{Document, document};
use crate::resources::plain::joined;
use crate::resources::prelude::*;
use crate::resources::settle::unless_gone;
use serde_json::{Value as Json, json};

/// The member that has its identifier.
const ID: &str = "DBShardGroupIdentifier";

/// The resource type `aws_rds_shard_group`.
pub struct AwsRdsShardGroup;

document! {
    Rows {
        compute_redundancy = "ComputeRedundancy": Int, read, create, modify [.optional_computed()];
        db_cluster_identifier = "DBClusterIdentifier": Text [.required().force_new()];
        db_shard_group_identifier = "DBShardGroupIdentifier": Text [.required().force_new()];
        max_acu = "MaxACU": Real, read, create, modify [.required()];
        min_acu = "MinACU": Real, read, create, modify [.optional_computed()];
        publicly_accessible = "PubliclyAccessible": Flag [.optional_computed().force_new()];
        arn = "DBShardGroupArn": Text, read [.computed()];
        db_shard_group_resource_id = "DBShardGroupResourceId": Text, read [.computed()];
        endpoint = "Endpoint": Text, read [.computed()];
    }
}

impl Resource for AwsRdsShardGroup {
    type Live = Json;

    fn spec() -> Spec<Json> {
        Spec::new("aws_rds_shard_group", |g| member_text(g, ID), Rows::rows())
            .role(Role::Settings(Unjudged::All("capacity")))
            .own_tags(|g| tags::of(&tagging::of(g)))
            .unique(&[&["db_shard_group_identifier"]])
            .id_from(|attrs| attrs.string("db_shard_group_identifier"))
            .default_timeout(45)
            .wait_for_deletion()
            .progress(|g| match member_text(g, "Status").as_deref() {
                Some("available") | None => Progress::Ready,
                Some(word) => Progress::Pending(word.into()),
            })
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Json>> {
        let mut all = list(aws, "DescribeDBShardGroups", json!({}), "DBShardGroups.DBShardGroup").await?;
        tagging::retain(&mut all, which, ID, "db_shard_group_identifier");
        Ok(all)
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let answer = call(aws, "CreateDBShardGroup", tagging::marked(Rows::create(want), want, token)).await?;
        made(member_text(&answer, ID).as_deref())
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        if let Some(input) = Rows::filled(change) {
            call(aws, "ModifyDBShardGroup", joined(json!({ID: id}), input)).await?;
        }
        tagging::change(aws, change.before.str("arn").unwrap_or_default(), change).await
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        unless_gone(call(aws, "DeleteDBShardGroup", json!({ID: id})).await)
    }
}
