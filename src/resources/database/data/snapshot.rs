//! data aws_db_snapshot and data aws_db_cluster_snapshot: a copy of a database or a cluster, the latest of several if that
//! is asked for.

use super::super::rds::list;
use super::super::tagging;
use crate::resources::block::TextList;
use crate::resources::document::{Document, document, moment};
use crate::resources::lookup::{self, answered, here, one, schema, time};
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};

/// The data source `aws_db_snapshot`.
pub struct SnapshotData;
/// The data source `aws_db_cluster_snapshot`.
pub struct ClusterSnapshotData;

document! {
    OfInstance {
        allocated_storage = "AllocatedStorage": Int, read;
        availability_zone = "AvailabilityZone": Text, read;
        db_instance_identifier = "DBInstanceIdentifier": Text, read;
        db_snapshot_arn = "DBSnapshotArn": Text, read;
        db_snapshot_identifier = "DBSnapshotIdentifier": Text, read;
        encrypted = "Encrypted": Flag, read;
        engine = "Engine": Text, read;
        engine_version = "EngineVersion": Text, read;
        id = "DBSnapshotIdentifier": Text, read;
        iops = "Iops": Int, read;
        kms_key_id = "KmsKeyId": Text, read;
        license_model = "LicenseModel": Text, read;
        option_group_name = "OptionGroupName": Text, read;
        original_snapshot_create_time = "": Text, none
            [.read(|s| time(moment(s.held(), "OriginalSnapshotCreateTime").as_ref()))];
        port = "Port": Int, read;
        snapshot_create_time = "": Text, none [.read(|s| time(moment(s.held(), "SnapshotCreateTime").as_ref()))];
        source_db_snapshot_identifier = "SourceDBSnapshotIdentifier": Text, read;
        source_region = "SourceRegion": Text, read;
        status = "Status": Text, read;
        storage_type = "StorageType": Text, read;
        vpc_id = "VpcId": Text, read;
    }
}

document! {
    OfCluster {
        allocated_storage = "AllocatedStorage": Int, read;
        availability_zones = "AvailabilityZones.AvailabilityZone": TextList, read;
        db_cluster_identifier = "DBClusterIdentifier": Text, read;
        db_cluster_snapshot_arn = "DBClusterSnapshotArn": Text, read;
        db_cluster_snapshot_identifier = "DBClusterSnapshotIdentifier": Text, read;
        engine = "Engine": Text, read;
        engine_version = "EngineVersion": Text, read;
        id = "DBClusterSnapshotIdentifier": Text, read;
        kms_key_id = "KmsKeyId": Text, read;
        license_model = "LicenseModel": Text, read;
        port = "Port": Int, read;
        snapshot_create_time = "": Text, none [.read(|s| time(moment(s.held(), "SnapshotCreateTime").as_ref()))];
        source_db_cluster_snapshot_arn = "SourceDBClusterSnapshotArn": Text, read;
        status = "Status": Text, read;
        storage_encrypted = "StorageEncrypted": Flag, read;
        vpc_id = "VpcId": Text, read;
    }
}

/// The rows, of which these two name what is looked for.
fn all_rows<T: Document>(by: [&'static str; 2]) -> Vec<Attribute> {
    let given = ["include_public", "include_shared", "most_recent"].map(Row::bool);
    let found = answered(T::rows::<Json>()).into_iter().map(|row| match by.contains(&row.row.name) {
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

/// The one that is meant of those that a call lists: with the tags, of several the latest where the layout wants it.
async fn found<T: Document>(
    aws: &Aws,
    config: &Attrs,
    (operation, path): (&'static str, &str),
    by: [(&str, Option<String>); 2],
) -> Result<Attrs> {
    let mut input = json!({
        "SnapshotType": text(config, "snapshot_type"),
        "IncludePublic": config.bool("include_public"),
        "IncludeShared": config.bool("include_shared"),
    });
    for (member, value) in by {
        input[member] = value.into();
    }
    let mut found = list(aws, operation, input, path).await?;
    let tags = config.string_map("tags");
    found.retain(|s| tags::hold_all(&tagging::of(s), &tags));
    if config.bool("most_recent") == Some(true) {
        let at = |s: &Json| moment(s, "SnapshotCreateTime").map(|t| t.as_nanos());
        found.sort_by_key(|s| std::cmp::Reverse(at(s)));
        found.truncate(1);
    }
    let s = one(found, "snapshot")?;
    let all = lookup::read(config, T::rows(), &s).with("region", &*aws.region);
    Ok(all.with("tags", tags::of(&tagging::of(&s))))
}

impl DataSource for SnapshotData {
    fn schema() -> Schema {
        schema("aws_db_snapshot", all_rows::<OfInstance>(["db_instance_identifier", "db_snapshot_identifier"]))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let [instance, snapshot] = asked(config, ["db_instance_identifier", "db_snapshot_identifier"])?;
        let by = [("DBInstanceIdentifier", instance), ("DBSnapshotIdentifier", snapshot)];
        found::<OfInstance>(&aws, config, ("DescribeDBSnapshots", "DBSnapshots.DBSnapshot"), by).await
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
        let by = [("DBClusterIdentifier", cluster), ("DBClusterSnapshotIdentifier", snapshot)];
        let call = ("DescribeDBClusterSnapshots", "DBClusterSnapshots.DBClusterSnapshot");
        found::<OfCluster>(&aws, config, call, by).await
    }
}
