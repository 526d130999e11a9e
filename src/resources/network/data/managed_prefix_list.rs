//! data aws_ec2_managed_prefix_list: one list of address ranges that is there, AWS's own among them.

use crate::resources::lookup::{Row, as_resource, filters, found, found_by, here, mirrored, schema};
use crate::resources::network::managed_prefix_list::{AwsEc2ManagedPrefixList, listed};
use crate::resources::prelude::*;

/// The data source `aws_ec2_managed_prefix_list`.
pub struct ManagedPrefixListData;

const BY: [(&str, &str); 2] = [("id", "prefix-list-id"), ("name", "prefix-list-name")];
const SAME: [&str; 6] = ["address_family", "arn", "entry", "max_entries", "owner_id", "version"];

impl DataSource for ManagedPrefixListData {
    fn schema() -> Schema {
        let plural = |row: Row| match row.row.name {
            "entry" => Row { row: Attribute { name: "entries", ..row.row }, ..row },
            _ => row,
        };
        let same = mirrored::<AwsEc2ManagedPrefixList>(&SAME);
        schema("aws_ec2_managed_prefix_list", found_by(&BY, same.into_iter().map(plural)))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let all = listed(&aws, vec![filters(config, &BY)]).await?;
        let ids = all.into_iter().filter_map(|l| l.prefix_list_id).collect();
        let (_, attrs) = as_resource::<AwsEc2ManagedPrefixList>(&aws, ids, "prefix list").await?;
        let entries = attrs.get("entry").cloned();
        let all = found(config, &aws, &attrs);
        Ok(entries.into_iter().fold(all, |all, entries| all.with("entries", entries)))
    }
}
