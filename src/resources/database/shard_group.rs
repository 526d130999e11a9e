//! aws_rds_shard_group: the parts that an Aurora Limitless cluster spreads its data over.

use super::tagging;
use crate::resources::prelude::*;
use crate::resources::settle::unless_gone;
use aws_sdk_rds::operation::create_db_shard_group::builders::CreateDBShardGroupFluentBuilder as Create;
use aws_sdk_rds::operation::modify_db_shard_group::builders::ModifyDBShardGroupFluentBuilder as Modify;
use aws_sdk_rds::types::DbShardGroup;

/// The resource type `aws_rds_shard_group`.
pub struct AwsRdsShardGroup;

table! {
    Rows: DbShardGroup, create Create, modify Modify {
        compute_redundancy: Int, read, create, modify [.optional_computed()];
        db_cluster_identifier: Text [.required().force_new()];
        db_shard_group_identifier: Text [.required().force_new()];
        max_acu: Real, read, create, modify [.required()];
        min_acu: Real, read, create, modify [.optional_computed()];
        publicly_accessible: Flag [.optional_computed().force_new()];
        arn = db_shard_group_arn: Text, read [.computed()];
        db_shard_group_resource_id: Text, read [.computed()];
        endpoint: Text, read [.computed()];
    }
}

impl Resource for AwsRdsShardGroup {
    type Live = DbShardGroup;

    fn spec() -> Spec<DbShardGroup> {
        let id = |g: &DbShardGroup| g.db_shard_group_identifier().map(Into::into);
        Spec::new("aws_rds_shard_group", id, Rows::rows())
            .role(Role::Settings(Unjudged::All("capacity")))
            .own_tags(|g| tags::of(g.tag_list()))
            .unique(&[&["db_shard_group_identifier"]])
            .id_from(|attrs| attrs.string("db_shard_group_identifier"))
            .default_timeout(45)
            .wait_for_deletion()
            .progress(|g| match g.status() {
                Some("available") | None => Progress::Ready,
                Some(word) => Progress::Pending(word.into()),
            })
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<DbShardGroup>> {
        let (mut all, mut marker) = (Vec::new(), None);
        loop {
            let answer = aws.read.rds.describe_db_shard_groups().set_marker(marker).send().await?;
            all.extend(answer.db_shard_groups.unwrap_or_default());
            marker = answer.marker.filter(|marker| !marker.is_empty());
            if marker.is_none() {
                break;
            }
        }
        all.retain(|g: &DbShardGroup| match which {
            Which::Ids(ids) => ids.iter().any(|id| g.db_shard_group_identifier() == Some(id)),
            Which::NaturalKey(want) => g.db_shard_group_identifier() == want.str("db_shard_group_identifier"),
            Which::Token(token) => tags::hold_token(g.tag_list(), token),
        });
        Ok(all)
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let call = Rows::create(aws.write.rds.create_db_shard_group(), want).set_tags(tags::marked(want, token));
        made(call.send().await?.db_shard_group_identifier())
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        if let Some(call) = Rows::modify(aws.write.rds.modify_db_shard_group().db_shard_group_identifier(id), change) {
            call.send().await?;
        }
        tagging::change(aws, change.before.str("arn").unwrap_or_default(), change).await
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        unless_gone(aws.write.rds.delete_db_shard_group().db_shard_group_identifier(id).send().await)
    }
}
