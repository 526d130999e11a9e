//! The data sources of transit gateways: gateways, tables and attachments that are there.

use super::listed;
use super::transit_gateway::{self, AwsEc2TransitGateway};
use super::transit_peering::{AwsEc2TransitGatewayPeeringAttachment, Peering};
use super::transit_route_table::AwsEc2TransitGatewayRouteTable;
use super::transit_vpc_attachment::AwsEc2TransitGatewayVpcAttachment;
use crate::resources::block::TextList;
use crate::resources::lookup;
use crate::resources::lookup::{Row, answer, as_resource, filters, found, found_by, here, mirrored, one, schema};
use crate::resources::prelude::*;
use aws_sdk_ec2::types::TransitGatewayAttachment;

/// The data source `aws_ec2_transit_gateway`.
pub struct Gateway;
/// The data source `aws_ec2_transit_gateway_attachment`.
pub struct Attachment;
/// The data source `aws_ec2_transit_gateway_dx_gateway_attachment`.
pub struct DxGatewayAttachment;
/// The data source `aws_ec2_transit_gateway_peering_attachment`.
pub struct PeeringAttachment;
/// The data source `aws_ec2_transit_gateway_route_table`.
pub struct RouteTable;
/// The data source `aws_ec2_transit_gateway_vpc_attachment`.
pub struct VpcAttachment;
/// The data source `aws_ec2_transit_gateway_vpc_attachments`.
pub struct VpcAttachments;
/// The data source `aws_ec2_transit_gateway_vpn_attachment`.
pub struct VpnAttachment;

/// AWS lists what is gone for a while.
fn there<S: AsRef<str>>(state: Option<S>) -> bool {
    listed::progress(state) != Progress::Gone
}

impl DataSource for Gateway {
    fn schema() -> Schema {
        let same = mirrored::<AwsEc2TransitGateway>(&[
            "amazon_side_asn",
            "arn",
            "association_default_route_table_id",
            "auto_accept_shared_attachments",
            "default_route_table_association",
            "default_route_table_propagation",
            "description",
            "dns_support",
            "encryption_support",
            "multicast_support",
            "owner_id",
            "propagation_default_route_table_id",
            "security_group_referencing_support",
            "vpn_ecmp_support",
        ]);
        let blocks = answer::<TextList>("transit_gateway_cidr_blocks");
        let rows = found_by(&[("id", "transit-gateway-id")], same.into_iter().chain([blocks]));
        schema("aws_ec2_transit_gateway", rows)
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let by = filters(config, &[("id", "transit-gateway-id")]);
        let mut all = transit_gateway::listed(&aws, vec![by]).await?;
        all.retain(|g| there(g.state()));
        let attrs = lookup::read_as::<AwsEc2TransitGateway>(&one(all, "transit gateway")?);
        let blocks = Value::strings(attrs.strings("transit_gateway_cidr_blocks"));
        Ok(found(config, &aws, &attrs).with("transit_gateway_cidr_blocks", blocks))
    }
}

table! {
    OfAttachment: TransitGatewayAttachment {
        association_state: Text, none
            [.read(|a| a.held().association().and_then(|a| a.state()).map(|s| s.as_str()).into())];
        association_transit_gateway_route_table_id: Text, none
            [.read(|a| a.held().association().and_then(|a| a.transit_gateway_route_table_id()).into())];
        resource_id: Text, read;
        resource_owner_id: Text, read;
        resource_type: EnumCell, read;
        state: EnumCell, read;
        transit_gateway_id: Text, read;
        transit_gateway_owner_id: Text, read;
    }
}

/// The attachment that a configuration means.
async fn attachment(aws: &Aws, config: &Attrs, by: &[(&str, &str)], kind: &str) -> Result<TransitGatewayAttachment> {
    let mut by = filters(config, by);
    if !kind.is_empty() {
        by.push(filter("resource-type", kind));
    }
    let mut all = listed!(aws, describe_transit_gateway_attachments, vec![by]).await?;
    all.retain(|a| there(a.state()));
    one(all, "transit gateway attachment")
}

/// What every data source of an attachment answers.
fn of_attachment(aws: &Aws, config: &Attrs, live: &TransitGatewayAttachment) -> Attrs {
    let all = config.clone().with("id", live.transit_gateway_attachment_id()).with("region", &*aws.region);
    all.with("tags", tags::read(live.tags()))
}

fn arn(aws: &Aws, live: &TransitGatewayAttachment) -> String {
    let id = live.transit_gateway_attachment_id().unwrap_or_default();
    aws.ec2_arn(&format!("transit-gateway-attachment/{id}"))
}

const ID: [(&str, &str); 1] = [("transit_gateway_attachment_id", "transit-gateway-attachment-id")];

impl DataSource for Attachment {
    fn schema() -> Schema {
        let own = lookup::computed::<OfAttachment>().into_iter().chain(["arn", "id"].map(answer::<Text>));
        schema("aws_ec2_transit_gateway_attachment", found_by(&ID, own))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let live = attachment(&aws, config, &ID, "").await?;
        let all = lookup::with_rows::<OfAttachment>(&of_attachment(&aws, config, &live), &live);
        Ok(all
            .with("transit_gateway_attachment_id", live.transit_gateway_attachment_id())
            .with("arn", arn(&aws, &live)))
    }
}

/// The data sources of attachments of one kind: name, kind, the argument that is the id of what is attached, and whether
/// the ARN is given.
macro_rules! of_kind {
    ($($type:ident, $name:literal, $kind:literal, $resource:literal, $arn:literal;)*) => {$(
        impl DataSource for $type {
            fn schema() -> Schema {
                let answers = [Some("id"), $arn.then_some("arn")].into_iter().flatten().map(answer::<Text>);
                schema($name, found_by(&[], ["transit_gateway_id", $resource].map(Row::string).into_iter().chain(answers)))
            }

            async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
                let aws = here(aws, config);
                let by = [("transit_gateway_id", "transit-gateway-id"), ($resource, "resource-id")];
                let live = attachment(&aws, config, &by, $kind).await?;
                let all = of_attachment(&aws, config, &live).with("transit_gateway_id", live.transit_gateway_id());
                let all = all.with($resource, live.resource_id());
                Ok(if $arn { all.with("arn", arn(&aws, &live)) } else { all })
            }
        }
    )*};
}

of_kind! {
    DxGatewayAttachment, "aws_ec2_transit_gateway_dx_gateway_attachment", "direct-connect-gateway", "dx_gateway_id", true;
    VpnAttachment, "aws_ec2_transit_gateway_vpn_attachment", "vpn", "vpn_connection_id", false;
}

impl DataSource for PeeringAttachment {
    fn schema() -> Schema {
        let same = mirrored::<AwsEc2TransitGatewayPeeringAttachment>(&[
            "arn",
            "peer_account_id",
            "peer_region",
            "peer_transit_gateway_id",
            "state",
            "transit_gateway_id",
        ]);
        let rows = found_by(&[("id", "transit-gateway-attachment-id")], same);
        schema("aws_ec2_transit_gateway_peering_attachment", rows)
    }

    /// The peer is the other side, seen from this region and account.
    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let by = filters(config, &[("id", "transit-gateway-attachment-id")]);
        let mut all = listed!(aws, describe_transit_gateway_peering_attachments, vec![by]).await?;
        all.retain(|p| there(p.state()));
        let found_one = vec![one(all, "transit gateway peering attachment")?];
        let live: Vec<Peering> =
            WithArn::all(&aws, "transit-gateway-attachment", found_one, |p| p.transit_gateway_attachment_id());
        let live = one(live, "transit gateway peering attachment")?;
        let attrs = lookup::read_as::<AwsEc2TransitGatewayPeeringAttachment>(&live);
        let (asker, accepter) = (live.requester_tgw_info(), live.accepter_tgw_info());
        let own = accepter.is_some_and(|a| a.owner_id() == Some(&*aws.account) && a.region() == Some(&*aws.region));
        let (here, there) = if own { (accepter, asker) } else { (asker, accepter) };
        Ok(found(config, &aws, &attrs)
            .with("transit_gateway_id", here.and_then(|i| i.transit_gateway_id()))
            .with("peer_account_id", there.and_then(|i| i.owner_id()))
            .with("peer_region", there.and_then(|i| i.region()))
            .with("peer_transit_gateway_id", there.and_then(|i| i.transit_gateway_id())))
    }
}

impl DataSource for RouteTable {
    fn schema() -> Schema {
        let same = mirrored::<AwsEc2TransitGatewayRouteTable>(&[
            "arn",
            "default_association_route_table",
            "default_propagation_route_table",
            "transit_gateway_id",
        ]);
        let rows = found_by(&[("id", "transit-gateway-route-table-id")], same);
        schema("aws_ec2_transit_gateway_route_table", rows)
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let by = filters(config, &[("id", "transit-gateway-route-table-id")]);
        let all = listed!(aws, describe_transit_gateway_route_tables, vec![by]).await?;
        let all = all.into_iter().filter(|t| there(t.state()));
        let ids = all.filter_map(|t| t.transit_gateway_route_table_id).collect();
        let (_, attrs) =
            as_resource::<AwsEc2TransitGatewayRouteTable>(&aws, ids, "transit gateway route table").await?;
        Ok(found(config, &aws, &attrs))
    }
}

/// The ids of the attachments of VPCs that a configuration means.
async fn of_vpcs(aws: &Aws, config: &Attrs) -> Result<Vec<String>> {
    let by = filters(config, &[("id", "transit-gateway-attachment-id")]);
    let all = listed!(aws, describe_transit_gateway_vpc_attachments, vec![by]).await?;
    Ok(all.into_iter().filter(|a| there(a.state())).filter_map(|a| a.transit_gateway_attachment_id).collect())
}

impl DataSource for VpcAttachment {
    fn schema() -> Schema {
        let same = mirrored::<AwsEc2TransitGatewayVpcAttachment>(&[
            "appliance_mode_support",
            "arn",
            "dns_support",
            "ipv6_support",
            "security_group_referencing_support",
            "subnet_ids",
            "transit_gateway_id",
            "vpc_id",
            "vpc_owner_id",
        ]);
        let rows = found_by(&[("id", "transit-gateway-attachment-id")], same);
        schema("aws_ec2_transit_gateway_vpc_attachment", rows)
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let ids = of_vpcs(&aws, config).await?;
        let what = "transit gateway VPC attachment";
        let (_, attrs) = as_resource::<AwsEc2TransitGatewayVpcAttachment>(&aws, ids, what).await?;
        Ok(found(config, &aws, &attrs))
    }
}

impl DataSource for VpcAttachments {
    fn schema() -> Schema {
        let mut all = found_by(&[], [answer::<TextList>("ids"), answer::<Text>("id")]);
        all.retain(|row| row.name != "tags");
        schema("aws_ec2_transit_gateway_vpc_attachments", all)
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let ids = of_vpcs(&aws, config).await?;
        Ok(lookup::ids(config, &aws, ids.iter().map(String::as_str)))
    }
}
