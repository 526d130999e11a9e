//! data.aws_efs_file_system: a file system by its id, its creation token or its tags.

use super::file_system::AwsEfsFileSystem as FileSystem;
use crate::aws::api::services::EFS;
use crate::aws::api::{Pages, items, member_text};
use crate::resources::lookup::{self, answer};
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};

/// The data source `aws_efs_file_system`.
pub struct AwsEfsFileSystem;

const NAMES: [&str; 14] = [
    "arn",
    "availability_zone_id",
    "availability_zone_name",
    "creation_token",
    "dns_name",
    "encrypted",
    "id",
    "kms_key_id",
    "lifecycle_policy",
    "name",
    "performance_mode",
    "protection",
    "provisioned_throughput_in_mibps",
    "throughput_mode",
];

impl DataSource for AwsEfsFileSystem {
    fn schema() -> Schema {
        let asked = [
            Row::string("creation_token").optional_computed(),
            Row::string("file_system_id").optional_computed(),
            Row::string("region").optional_computed(),
            Row::of("tags", Type::map(Type::String)).optional_computed(),
            answer::<Int>("size_in_bytes"),
        ];
        let names: Vec<&str> = NAMES.into_iter().filter(|name| *name != "creation_token").collect();
        lookup::schema("aws_efs_file_system", rows(asked.into_iter().chain(lookup::mirrored::<FileSystem>(&names))))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = &lookup::here(aws, config);
        let by =
            json!({"FileSystemId": text(config, "file_system_id"), "CreationToken": text(config, "creation_token")});
        let operation = "DescribeFileSystems GET /2015-02-01/file-systems";
        let pages = Pages("Marker", "NextMarker");
        let mut found = aws.read.api.list(&EFS, operation, by, pages, "FileSystems").await?;
        let tags = config.string_map("tags");
        found.retain(|one| tags::hold_all::<Json>(&items(one, "Tags"), &tags));
        let ids = found.iter().filter_map(|one| member_text(one, "FileSystemId")).collect();
        let (live, attrs) = lookup::as_resource::<FileSystem>(aws, ids, "file system").await?;
        let all = NAMES.iter().chain(&["tags"]).filter_map(|name| Some((*name, attrs.get(name)?.clone()))).collect();
        let size = live.json["SizeInBytes"]["Value"].as_i64().unwrap_or_default();
        Ok(lookup::found(config, aws, &all).with("size_in_bytes", size).with("file_system_id", &*live.id))
    }
}
