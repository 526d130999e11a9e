//! data aws_vpn_gateway: one virtual private gateway that is there.

use crate::aws::{Aws, Result, filter};
use crate::resources::lookup::{Row, filters, here, lookup_rows, one, schema};
use crate::resources::spec::{DataSource, rows};
use crate::resources::tags;
use crate::resources::vpn::gateway::{arn, attachment, listed};
use crate::schema::{Attrs, Schema};
use aws_sdk_ec2::types::{VpcAttachment, VpnState};

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
        let mut found = listed(&aws, vec![by]).await?;
        found.retain(|g| config.is_set("state") || g.state() != Some(&VpnState::Deleted));
        let g = one(found, "virtual private gateway")?;
        Ok(config
            .clone()
            .with("amazon_side_asn", g.amazon_side_asn().map(|n| n.to_string()))
            .with("arn", arn(&aws, &g))
            .with("attached_vpc_id", attachment(&g).and_then(VpcAttachment::vpc_id))
            .with("availability_zone", g.availability_zone())
            .with("id", g.vpn_gateway_id())
            .with("region", &*aws.region)
            .with("state", g.state().map(VpnState::as_str))
            .with("tags", tags::read(g.tags())))
    }
}
