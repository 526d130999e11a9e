//! data aws_nat_gateway: one NAT gateway that is there.

use crate::resources::block::TextList;
use crate::resources::lookup::{answer, filters, found, found_by, here, mirrored, one, read_as, schema};
use crate::resources::network::nat_gateway::{AwsNatGateway, listed};
use crate::resources::prelude::*;
use aws_sdk_ec2::types::NatGatewayState;

/// The data source `aws_nat_gateway`.
pub struct NatGatewayData;

const BY: [(&str, &str); 4] =
    [("id", "nat-gateway-id"), ("state", "state"), ("subnet_id", "subnet-id"), ("vpc_id", "vpc-id")];

const SAME: [&str; 13] = [
    "allocation_id",
    "association_id",
    "auto_provision_zones",
    "auto_scaling_ips",
    "availability_mode",
    "availability_zone_address",
    "connectivity_type",
    "network_interface_id",
    "private_ip",
    "public_ip",
    "regional_nat_gateway_address",
    "route_table_id",
    "secondary_private_ip_address_count",
];
/// What is a set in the resource and a list here.
const LISTS: [&str; 2] = ["secondary_allocation_ids", "secondary_private_ip_addresses"];

impl DataSource for NatGatewayData {
    fn schema() -> Schema {
        let same = mirrored::<AwsNatGateway>(&SAME).into_iter();
        schema("aws_nat_gateway", found_by(&BY, same.chain(LISTS.map(answer::<TextList>))))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let gateway = one(listed(&aws, vec![filters(config, &BY)]).await?, "NAT gateway")?;
        let attrs = read_as::<AwsNatGateway>(&gateway);
        let all = found(config, &aws, &attrs).with("state", gateway.state().map(NatGatewayState::as_str));
        Ok(LISTS.into_iter().fold(all, |all, name| all.with(name, Value::strings(attrs.strings(name)))))
    }
}
