//! data aws_instance: one instance that is there, with what the resource of that name knows of it.

use super::instances::{filter_row, instance_filters};
use crate::resources::compute::instance::{AwsInstance, look};
use crate::resources::lookup::{Row, fitted, here, mirrored, one, schema};
use crate::resources::prelude::*;
use crate::schema::Nesting;
use aws_sdk_ec2::types::{Filter, Instance};

/// The data source `aws_instance`.
pub struct InstanceData;

/// What the resource knows and this gives too.
const SHARED: [&str; 35] = [
    "ami",
    "associate_public_ip_address",
    "availability_zone",
    "credit_specification",
    "disable_api_stop",
    "disable_api_termination",
    "ebs_block_device",
    "ebs_optimized",
    "enclave_options",
    "host_id",
    "host_resource_group_arn",
    "iam_instance_profile",
    "instance_type",
    "ipv6_addresses",
    "key_name",
    "maintenance_options",
    "metadata_options",
    "monitoring",
    "outpost_arn",
    "password_data",
    "placement_group",
    "placement_group_id",
    "placement_partition_number",
    "private_dns",
    "private_dns_name_options",
    "private_ip",
    "public_dns",
    "public_ip",
    "root_block_device",
    "secondary_private_ips",
    "security_groups",
    "source_dest_check",
    "subnet_id",
    "tenancy",
    "vpc_security_group_ids",
];

fn ephemeral() -> Vec<Attribute> {
    let [device, name] = ["device_name", "virtual_name"].map(|name| Row::string(name).computed());
    rows([device, Row::bool("no_device").computed(), name])
}

/// The rows of what is shared, where it differs from the resource's in nesting.
fn shared() -> Vec<Attribute> {
    let own = |row: Attribute| match (row.name, row.block) {
        ("ipv6_addresses", _) => Row::string_set(row.name).computed().row,
        (name @ ("ebs_block_device" | "root_block_device"), Some(block)) => {
            let inner = block.attributes.iter().filter(|inner| inner.name != "tags_all").cloned().collect();
            Row::block(name, Nesting::Set, inner).computed().row
        }
        (_, block) => Attribute { block, ..row },
    };
    rows(mirrored::<AwsInstance>(&SHARED)).into_iter().map(own).collect()
}

impl DataSource for InstanceData {
    fn schema() -> Schema {
        let mut all = rows([
            filter_row(),
            Row::bool("get_password_data"),
            Row::bool("get_user_data"),
            Row::string("instance_id"),
            Row::of("instance_tags", Type::map(Type::String)).optional_computed(),
            Row::string("region").optional_computed(),
            Row::of("tags", Type::map(Type::String)).optional_computed(),
            Row::string("arn").computed(),
            Row::string("id").computed(),
            Row::string("instance_state").computed(),
            Row::string("launch_time").computed(),
            Row::string("network_interface_id").computed(),
            Row::string("user_data").repeats(&["user_data_base64"]).computed(),
            Row::string("user_data_base64").repeats(&["user_data"]).computed(),
            Row::block("ephemeral_block_device", Nesting::List, ephemeral()).computed(),
        ]);
        all.extend(shared());
        schema("aws_instance", all)
    }

    /// Terminated ones stay listed for an hour, and are not meant.
    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let mut by = instance_filters(config, &[("instance_id", "instance-id")]);
        by.extend(config.string_map("tags").into_iter().map(|(k, v)| filter(&format!("tag:{k}"), &v)));
        let alive = ["pending", "running", "stopping", "stopped"].map(str::to_owned).to_vec();
        by.push(Filter::builder().name("instance-state-name").set_values(Some(alive)).build());
        let found: Instance = one(look::listed(&aws, vec![by]).await?, "instance")?;
        let found = one(look::complete(&aws, vec![found]).await?, "instance")?;
        let known = AwsInstance::spec().read(&found);
        let value = |name: &str| known.get(name).cloned().unwrap_or_else(Value::any_null);
        let reported =
            |name: &str, on: &str| if config.bool(on) == Some(true) { value(name) } else { Value::null(Type::String) };
        let all = shared().iter().fold(config.clone(), |all, row| all.with(row.name, fitted(row, &value(row.name))));
        let launched =
            found.instance.launch_time().and_then(|t| t.fmt(aws_smithy_types::date_time::Format::DateTime).ok());
        Ok(all
            .with("arn", value("arn"))
            .with("ephemeral_block_device", Value::list(object_type(&ephemeral()), Vec::new()))
            .with("ipv6_addresses", Value::string_set(known.strings("ipv6_addresses")))
            .with("id", found.instance.instance_id())
            .with("instance_id", found.instance.instance_id())
            .with("instance_state", value("instance_state"))
            .with("instance_tags", tags::read(found.instance.tags()))
            .with("launch_time", launched)
            .with("network_interface_id", value("primary_network_interface_id"))
            .with("password_data", reported("password_data", "get_password_data"))
            .with("region", &*aws.region)
            .with("tags", tags::read(found.instance.tags()))
            .with("user_data", reported("user_data", "get_user_data"))
            .with("user_data_base64", reported("user_data_base64", "get_user_data")))
    }
}
