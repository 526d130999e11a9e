//! data aws_ami_ids and data aws_ebs_snapshot: the images that match, by age, and one snapshot.

use crate::resources::block::TextList;
use crate::resources::compute::ebs_snapshot::AwsEbsSnapshot;
use crate::resources::lookup::{
    Row, answer, as_resource, filters, found, here, lookup_rows, mirrored, one, schema, time,
};
use crate::resources::prelude::*;
use aws_sdk_ec2::types::{Image, Snapshot};

/// The data source `aws_ami_ids`.
pub struct AmiIds;
/// The data source `aws_ebs_snapshot`.
pub struct EbsSnapshotData;

impl DataSource for AmiIds {
    fn schema() -> Schema {
        let own = [
            Row::string_list("executable_users"),
            answer::<Text>("id"),
            answer::<TextList>("ids"),
            Row::bool("include_deprecated"),
            Row::string("name_regex").check(super::ami::pattern),
            Row::string_list("owners").required(),
            Row::bool("sort_ascending"),
        ];
        let lookup = lookup_rows().into_iter().filter(|row| row.row.name != "tags");
        schema("aws_ami_ids", rows(lookup.chain(own)))
    }

    /// The newest first, unless the layout asks for the oldest.
    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let mut found: Vec<Image> = super::ami::listed(&aws, config).await?;
        found.sort_by(|a, b| (b.creation_date(), b.image_id()).cmp(&(a.creation_date(), a.image_id())));
        if config.bool("sort_ascending") == Some(true) {
            found.reverse();
        }
        let all = config.clone().with("id", &*aws.region).with("region", &*aws.region);
        Ok(all.with("ids", Value::strings(found.iter().filter_map(|i| i.image_id()))))
    }
}

impl DataSource for EbsSnapshotData {
    fn schema() -> Schema {
        let same = mirrored::<AwsEbsSnapshot>(&[
            "arn",
            "data_encryption_key_id",
            "description",
            "encrypted",
            "kms_key_id",
            "outpost_arn",
            "owner_alias",
            "owner_id",
            "storage_tier",
            "volume_id",
            "volume_size",
        ]);
        let own = ["id", "snapshot_id", "start_time", "state"].map(answer::<Text>).into_iter();
        let lists = ["owners", "restorable_by_user_ids", "snapshot_ids"].map(Row::string_list);
        let asked = [Row::bool("most_recent")];
        schema("aws_ebs_snapshot", rows(lookup_rows().into_iter().chain(same).chain(own).chain(lists).chain(asked)))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let call = aws
            .read
            .ec2
            .describe_snapshots()
            .set_owner_ids(some(config.strings("owners")))
            .set_restorable_by_user_ids(some(config.strings("restorable_by_user_ids")))
            .set_snapshot_ids(some(config.strings("snapshot_ids")))
            .set_filters(some(filters(config, &[])));
        let mut all: Vec<Snapshot> = all_of(call.into_paginator().items().send()).await?;
        if config.bool("most_recent") == Some(true) {
            all.sort_by_key(|s| s.start_time().map(|at| at.secs()));
            all.drain(..all.len().saturating_sub(1));
        }
        let snapshot = one(all, "snapshot")?;
        let id = snapshot.snapshot_id.clone().into_iter().collect();
        let (_, attrs) = as_resource::<AwsEbsSnapshot>(&aws, id, "snapshot").await?;
        Ok(found(config, &aws, &attrs)
            .with("snapshot_id", snapshot.snapshot_id())
            .with("start_time", time(snapshot.start_time()))
            .with("state", snapshot.state().map(|s| s.as_str())))
    }
}
