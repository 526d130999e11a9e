//! data aws_db_snapshot and data aws_db_cluster_snapshot: a copy of a database or a cluster, the latest of several if that
//! is asked for.

use crate::resources::block::TextList;
use crate::resources::lookup::{computed, here, one, schema, time, with_rows};
use crate::resources::prelude::*;
use aws_sdk_rds::types::{DbClusterSnapshot, DbSnapshot};
use aws_smithy_types::DateTime;

/// The data source `aws_db_snapshot`.
pub struct SnapshotData;
/// The data source `aws_db_cluster_snapshot`.
pub struct ClusterSnapshotData;

table! {
    OfInstance: DbSnapshot {
        allocated_storage: Int, read;
        availability_zone: Text, read;
        db_instance_identifier: Text, read;
        db_snapshot_arn: Text, read;
        db_snapshot_identifier: Text, read;
        encrypted: Flag, read;
        engine: Text, read;
        engine_version: Text, read;
        id = db_snapshot_identifier: Text, read;
        iops: Int, read;
        kms_key_id: Text, read;
        license_model: Text, read;
        option_group_name: Text, read;
        original_snapshot_create_time: Text, none [.read(|s| time(s.held().original_snapshot_create_time()))];
        port: Int, read;
        snapshot_create_time: Text, none [.read(|s| time(s.held().snapshot_create_time()))];
        source_db_snapshot_identifier: Text, read;
        source_region: Text, read;
        status: Text, read;
        storage_type: Text, read;
        vpc_id: Text, read;
    }
}

table! {
    OfCluster: DbClusterSnapshot {
        allocated_storage: Int, read;
        availability_zones: TextList, read;
        db_cluster_identifier: Text, read;
        db_cluster_snapshot_arn: Text, read;
        db_cluster_snapshot_identifier: Text, read;
        engine: Text, read;
        engine_version: Text, read;
        id = db_cluster_snapshot_identifier: Text, read;
        kms_key_id: Text, read;
        license_model: Text, read;
        port: Int, read;
        snapshot_create_time: Text, none [.read(|s| time(s.held().snapshot_create_time()))];
        source_db_cluster_snapshot_arn: Text, read;
        status: Text, read;
        storage_encrypted: Flag, read;
        vpc_id: Text, read;
    }
}

/// The rows, of which these two name what is looked for.
fn all_rows<T: Table>(by: [&'static str; 2]) -> Vec<Attribute> {
    let given = ["include_public", "include_shared", "most_recent"].map(Row::bool);
    let found = computed::<T>().into_iter().map(|row| match by.contains(&row.row.name) {
        true => {
            let name = row.row.name;
            Row::string(name)
        }
        false => row,
    });
    let own = [
        Row::string("region").optional_computed(),
        Row::string("snapshot_type"),
        Row::of("tags", Type::map(Type::String)).optional_computed(),
    ];
    rows(found.chain(given).chain(own))
}

/// Which of its arguments name what is looked for, and that one does.
fn asked(config: &Attrs, by: [&str; 2]) -> Result<[Option<String>; 2]> {
    let asked = by.map(|name| text(config, name));
    match asked.iter().any(Option::is_some) {
        true => Ok(asked),
        false => {
            Err(Error::new(Kind::Refused, format!("neither {} nor {} says which snapshot is meant", by[0], by[1])))
        }
    }
}

/// The one that is meant: of several the latest, where the layout wants that.
fn meant<T>(config: &Attrs, mut found: Vec<T>, at: fn(&T) -> Option<&DateTime>) -> Result<T> {
    if config.bool("most_recent") == Some(true) {
        found.sort_by(|a, b| at(b).map(|t| t.as_nanos()).cmp(&at(a).map(|t| t.as_nanos())));
        found.truncate(1);
    }
    one(found, "snapshot")
}

impl DataSource for SnapshotData {
    fn schema() -> Schema {
        schema("aws_db_snapshot", all_rows::<OfInstance>(["db_instance_identifier", "db_snapshot_identifier"]))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let [instance, snapshot] = asked(config, ["db_instance_identifier", "db_snapshot_identifier"])?;
        let call = aws
            .read
            .rds
            .describe_db_snapshots()
            .set_db_instance_identifier(instance)
            .set_db_snapshot_identifier(snapshot)
            .set_snapshot_type(text(config, "snapshot_type"))
            .set_include_public(config.bool("include_public"))
            .set_include_shared(config.bool("include_shared"));
        let mut found = all_of(call.into_paginator().items().send()).await?;
        let tags = config.string_map("tags");
        found.retain(|s| tags::hold_all(s.tag_list(), &tags));
        let s = meant(config, found, DbSnapshot::snapshot_create_time)?;
        Ok(with_rows::<OfInstance>(config, &s).with("region", &*aws.region).with("tags", tags::of(s.tag_list())))
    }
}

impl DataSource for ClusterSnapshotData {
    fn schema() -> Schema {
        let by = ["db_cluster_identifier", "db_cluster_snapshot_identifier"];
        schema("aws_db_cluster_snapshot", all_rows::<OfCluster>(by))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let [cluster, snapshot] = asked(config, ["db_cluster_identifier", "db_cluster_snapshot_identifier"])?;
        let call = aws
            .read
            .rds
            .describe_db_cluster_snapshots()
            .set_db_cluster_identifier(cluster)
            .set_db_cluster_snapshot_identifier(snapshot)
            .set_snapshot_type(text(config, "snapshot_type"))
            .set_include_public(config.bool("include_public"))
            .set_include_shared(config.bool("include_shared"));
        let mut found = all_of(call.into_paginator().items().send()).await?;
        let tags = config.string_map("tags");
        found.retain(|s| tags::hold_all(s.tag_list(), &tags));
        let s = meant(config, found, DbClusterSnapshot::snapshot_create_time)?;
        Ok(with_rows::<OfCluster>(config, &s).with("region", &*aws.region).with("tags", tags::of(s.tag_list())))
    }
}
