//! The family's data sources: one gateway that is there.

use super::{customer_gateway, gateway};
use crate::resources::lookup::{Row, filters, found, here, lookup_rows, mirrored, one, schema};
use crate::resources::prelude::*;
use aws_sdk_ec2::types::VpnState;

/// The data source `aws_customer_gateway`.
pub struct CustomerGatewayData;

const ASNS: [&str; 2] = ["bgp_asn", "bgp_asn_extended"];

impl DataSource for CustomerGatewayData {
    fn schema() -> Schema {
        let texts = ["arn", "certificate_arn", "device_name", "ip_address", "type"];
        let asns = ASNS.map(|name| Row::number(name).computed());
        let own = [Row::string("id").optional_computed()].into_iter().chain(asns).chain(lookup_rows());
        let mirrored = mirrored::<customer_gateway::AwsCustomerGateway>(&texts);
        schema("aws_customer_gateway", rows(own.chain(mirrored)))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let by = filters(config, &[("id", "customer-gateway-id")]);
        let mut all = customer_gateway::listed(&aws, vec![by]).await?;
        all.retain(|g| g.state() != Some("deleted"));
        let read = customer_gateway::AwsCustomerGateway::spec().read(&one(all, "customer gateway")?);
        let tags = read.get("tags_all").cloned().unwrap_or_else(Value::any_null);
        let asn = |name: &str| read.str(name).and_then(|text| text.parse::<i64>().ok());
        let answer = ASNS.iter().fold(found(config, &aws, &read), |all, name| all.with(name, asn(name)));
        Ok(answer.with("tags", tags))
    }
}

/// The data source `aws_vpn_gateway`.
pub struct VpnGatewayData;

/// The arguments that stand for a filter, and the filter.
const BY: [(&str, &str); 5] = [
    ("amazon_side_asn", "amazon-side-asn"),
    ("attached_vpc_id", "attachment.vpc-id"),
    ("availability_zone", "availability-zone"),
    ("id", "vpn-gateway-id"),
    ("state", "state"),
];

impl DataSource for VpnGatewayData {
    fn schema() -> Schema {
        let by = BY.map(|(name, _)| Row::string(name).optional_computed());
        schema("aws_vpn_gateway", rows(by.into_iter().chain([Row::string("arn").computed()]).chain(lookup_rows())))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let mut by = filters(config, &BY);
        if config.is_set("attached_vpc_id") {
            by.push(filter("attachment.state", "attached"));
        }
        let mut all = gateway::listed(&aws, vec![by]).await?;
        all.retain(|g| config.is_set("state") || g.state() != Some(&VpnState::Deleted));
        let live = one(all, "virtual private gateway")?;
        let read = gateway::AwsVpnGateway::spec().read(&live);
        let tags = read.get("tags_all").cloned().unwrap_or_else(Value::any_null);
        let answer = found(config, &aws, &read).with("attached_vpc_id", gateway::vpc(&live)).with("tags", tags);
        Ok(answer.with("availability_zone", live.availability_zone()).with("state", live.state().map(VpnState::as_str)))
    }
}
