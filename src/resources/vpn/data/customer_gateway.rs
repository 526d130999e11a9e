//! data aws_customer_gateway: one customer gateway that is there.

use crate::aws::{Aws, Result};
use crate::resources::lookup::{Row, filters, here, lookup_rows, one, schema};
use crate::resources::spec::{DataSource, rows};
use crate::resources::tags;
use crate::resources::vpn::customer_gateway::{arn, listed};
use crate::schema::{Attrs, Schema};

/// The data source `aws_customer_gateway`.
pub struct CustomerGatewayData;

impl DataSource for CustomerGatewayData {
    fn schema() -> Schema {
        let mut all = vec![Row::string("id").optional_computed()];
        let texts = ["arn", "certificate_arn", "device_name", "ip_address", "type"];
        all.extend(texts.map(|n| Row::string(n).computed()));
        all.extend(["bgp_asn", "bgp_asn_extended"].map(|n| Row::number(n).computed()));
        all.extend(lookup_rows());
        schema("aws_customer_gateway", rows(all))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let mut found = listed(&aws, vec![filters(config, &[("id", "customer-gateway-id")])]).await?;
        found.retain(|g| g.state() != Some("deleted"));
        let g = one(found, "customer gateway")?;
        let asn = |text: Option<&str>| text.and_then(|t| t.parse::<i64>().ok());
        Ok(config
            .clone()
            .with("arn", arn(&aws, &g))
            .with("bgp_asn", asn(g.bgp_asn()))
            .with("bgp_asn_extended", asn(g.bgp_asn_extended()))
            .with("certificate_arn", g.certificate_arn())
            .with("device_name", g.device_name())
            .with("id", g.customer_gateway_id())
            .with("ip_address", g.ip_address())
            .with("region", &*aws.region)
            .with("tags", tags::read(g.tags()))
            .with("type", g.r#type()))
    }
}
