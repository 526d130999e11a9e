//! data aws_instances: all instances that match, by their ids and addresses.

use crate::resources::compute::instance::look;
use crate::resources::lookup::{Row, filters, here, schema};
use crate::resources::prelude::*;
use crate::schema::Nesting;
use aws_sdk_ec2::types::Filter;

/// The data source `aws_instances`.
pub struct Instances;

/// The rows of a filter.
pub fn filter_row() -> Row {
    Row::block("filter", Nesting::Set, rows([Row::string("name").required(), Row::string_set("values").required()]))
}

/// The filters of a configuration whose tags are called `instance_tags`.
pub fn instance_filters(config: &Attrs, named: &[(&str, &str)]) -> Vec<Filter> {
    let tags = config.string_map("instance_tags").into_iter().map(|(k, v)| filter(&format!("tag:{k}"), &v));
    filters(&config.clone().with("tags", Value::any_null()), named).into_iter().chain(tags).collect()
}

impl DataSource for Instances {
    fn schema() -> Schema {
        let list = |name| Row::string_list(name).computed();
        let all = vec![
            filter_row(),
            Row::string_set("instance_state_names"),
            Row::of("instance_tags", Type::map(Type::String)).optional_computed(),
            Row::string("region").optional_computed(),
            Row::string("id").computed(),
            list("ids"),
            list("ipv6_addresses"),
            list("private_ips"),
            list("public_ips"),
        ];
        schema("aws_instances", rows(all))
    }

    /// Running ones, unless the states are named.
    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let states = some(config.strings("instance_state_names")).unwrap_or_else(|| vec!["running".to_owned()]);
        let mut by = instance_filters(config, &[]);
        by.push(Filter::builder().name("instance-state-name").set_values(Some(states)).build());
        let mut found = look::listed(&aws, vec![by]).await?;
        found.sort_by(|a, b| a.instance_id().cmp(&b.instance_id()));
        let texts = |of: fn(&aws_sdk_ec2::types::Instance) -> Option<&str>| Value::strings(found.iter().filter_map(of));
        let interfaces = found.iter().flat_map(|i| i.network_interfaces());
        let ipv6 = interfaces.flat_map(|n| n.ipv6_addresses()).filter_map(|a| a.ipv6_address());
        Ok(config
            .clone()
            .with("id", &*aws.region)
            .with("ids", texts(|i| i.instance_id()))
            .with("ipv6_addresses", Value::strings(ipv6))
            .with("private_ips", texts(|i| i.private_ip_address()))
            .with("public_ips", texts(|i| i.public_ip_address()))
            .with("region", &*aws.region))
    }
}
