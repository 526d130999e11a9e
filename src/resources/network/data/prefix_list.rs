//! data aws_prefix_list: the address ranges of an AWS service that a gateway endpoint leads to.

use crate::resources::lookup::{Row, filters, here, lookup_rows, one, schema};
use crate::resources::prelude::*;

/// The data source `aws_prefix_list`.
pub struct PrefixListData;

const BY: [(&str, &str); 2] = [("name", "prefix-list-name"), ("prefix_list_id", "prefix-list-id")];

impl DataSource for PrefixListData {
    fn schema() -> Schema {
        let given = [Row::string("name").optional_computed(), Row::string("prefix_list_id")];
        let reported = [Row::string("id").computed(), Row::string_list("cidr_blocks").computed()];
        let lookup = lookup_rows().into_iter().filter(|row| row.row.name != "tags");
        schema("aws_prefix_list", rows(given.into_iter().chain(reported).chain(lookup)))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let list =
            one(listed!(aws, describe_prefix_lists, vec![filters(config, &BY)]).await?, "prefix list of a service")?;
        let mut ranges: Vec<&str> = list.cidrs().iter().map(String::as_str).collect();
        ranges.sort_unstable();
        Ok(config
            .clone()
            .with("cidr_blocks", Value::strings(ranges))
            .with("id", list.prefix_list_id())
            .with("name", list.prefix_list_name())
            .with("region", &*aws.region))
    }
}
