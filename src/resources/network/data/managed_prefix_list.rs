//! data aws_ec2_managed_prefix_list: one list of address ranges that is there, AWS's own among them.

use crate::aws::{Aws, Result};
use crate::resources::lookup::{Row, as_resource, filters, found, here, lookup_rows, mirrored, schema};
use crate::resources::network::managed_prefix_list::{AwsEc2ManagedPrefixList, listed};
use crate::resources::spec::{DataSource, rows};
use crate::schema::{Attrs, Schema};
use crate::value::{Type, Value};

/// The data source `aws_ec2_managed_prefix_list`.
pub struct ManagedPrefixListData;

const BY: [(&str, &str); 2] = [("id", "prefix-list-id"), ("name", "prefix-list-name")];
const SAME: [&str; 5] = ["address_family", "arn", "max_entries", "owner_id", "version"];

fn entry_type() -> Type {
    Type::object(["cidr", "description"].map(|n| (n, Type::String)))
}

impl DataSource for ManagedPrefixListData {
    fn schema() -> Schema {
        let by = BY.iter().map(|(name, _)| Row::string(name).optional_computed());
        let entries = Row::of("entries", Type::set(entry_type())).computed();
        let same = mirrored::<AwsEc2ManagedPrefixList>(&SAME);
        schema("aws_ec2_managed_prefix_list", rows(by.chain(same).chain([entries]).chain(lookup_rows())))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let all = listed(&aws, vec![filters(config, &BY)]).await?;
        let ids = all.into_iter().filter_map(|l| l.prefix_list_id).collect();
        let (_, attrs) = as_resource::<AwsEc2ManagedPrefixList>(&aws, ids, "prefix list").await?;
        let entries = Value::set(entry_type(), attrs.elements("entry").to_vec());
        Ok(found(config, &aws, &attrs).with("entries", entries))
    }
}
