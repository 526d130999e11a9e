//! data aws_subnet: one subnet that is there.

use crate::resources::lookup::{Row, filters, found, here, lookup_rows, mirrored, one, read_as, schema};
use crate::resources::network::subnet::{AwsSubnet, listed};
use crate::resources::prelude::*;
use aws_sdk_ec2::types::SubnetState;

/// The data source `aws_subnet`.
pub struct SubnetData;

/// The arguments that stand for a filter, and the filter.
const BY: [(&str, &str); 8] = [
    ("availability_zone", "availability-zone"),
    ("availability_zone_id", "availability-zone-id"),
    ("cidr_block", "cidr-block"),
    ("default_for_az", "default-for-az"),
    ("id", "subnet-id"),
    ("ipv6_cidr_block", "ipv6-cidr-block-association.ipv6-cidr-block"),
    ("state", "state"),
    ("vpc_id", "vpc-id"),
];

const SAME: [&str; 14] = [
    "arn",
    "assign_ipv6_address_on_creation",
    "customer_owned_ipv4_pool",
    "enable_dns64",
    "enable_lni_at_device_index",
    "enable_resource_name_dns_a_record_on_launch",
    "enable_resource_name_dns_aaaa_record_on_launch",
    "ipv6_cidr_block_association_id",
    "ipv6_native",
    "map_customer_owned_ip_on_launch",
    "map_public_ip_on_launch",
    "outpost_arn",
    "owner_id",
    "private_dns_hostname_type_on_launch",
];

impl DataSource for SubnetData {
    fn schema() -> Schema {
        let by = BY.iter().map(|(name, _)| match *name {
            "default_for_az" => Row::bool("default_for_az").optional_computed(),
            name => Row::string(name).optional_computed(),
        });
        let free = Row::number("available_ip_address_count").computed();
        schema("aws_subnet", rows(by.chain(mirrored::<AwsSubnet>(&SAME)).chain([free]).chain(lookup_rows())))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let subnet = one(listed(&aws, vec![filters(config, &BY)]).await?, "subnet")?;
        Ok(found(config, &aws, &read_as::<AwsSubnet>(&subnet))
            .with("available_ip_address_count", subnet.available_ip_address_count())
            .with("default_for_az", subnet.default_for_az())
            .with("state", subnet.state().map(SubnetState::as_str)))
    }
}
