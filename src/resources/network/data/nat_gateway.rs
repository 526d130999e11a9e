//! data aws_nat_gateway: one NAT gateway that is there.

use crate::aws::{Aws, Result};
use crate::resources::lookup::{Row, as_resource, filters, found, here, lookup_rows, mirrored, schema};
use crate::resources::network::nat_gateway::AwsNatGateway;
use crate::resources::spec::{DataSource, rows};
use crate::schema::{Attrs, Schema};
use aws_sdk_ec2::types::NatGatewayState;

/// The data source `aws_nat_gateway`.
pub struct NatGatewayData;

const BY: [(&str, &str); 4] =
    [("id", "nat-gateway-id"), ("state", "state"), ("subnet_id", "subnet-id"), ("vpc_id", "vpc-id")];

const SAME: [&str; 15] = [
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
    "secondary_allocation_ids",
    "secondary_private_ip_address_count",
    "secondary_private_ip_addresses",
];

impl DataSource for NatGatewayData {
    fn schema() -> Schema {
        let by = BY.iter().map(|(name, _)| Row::string(name).optional_computed());
        let all = by.chain(mirrored::<AwsNatGateway>(&SAME)).chain(lookup_rows());
        schema("aws_nat_gateway", rows(all))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let call = |f| aws.read.ec2.describe_nat_gateways().set_filter(Some(f)).into_paginator().items().send();
        let listed = aws.pages(vec![filters(config, &BY)], call).await?;
        let ids = listed.into_iter().filter_map(|n| n.nat_gateway_id).collect();
        let (gateway, attrs) = as_resource::<AwsNatGateway>(&aws, ids, "NAT gateway").await?;
        Ok(found(config, &aws, &attrs).with("state", gateway.state().map(NatGatewayState::as_str)))
    }
}
