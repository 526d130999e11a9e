//! aws_ec2_transit_gateway: a router between VPCs and VPN connections of a region. Deleted ones stay
//! listed for a while.

use super::limits::{private_asn, switch};
use crate::aws::{Aws, Result, filter, filtered, made};
use crate::resources::spec::{self, Progress, Resource, Spec, Token, Which};
use crate::resources::tags;
use crate::schema::normal::Normal;
use crate::schema::{Attrs, Change, checks};
use crate::value::Value;
use aws_sdk_ec2::types::{
    AutoAcceptSharedAttachmentsValue, DefaultRouteTableAssociationValue, DefaultRouteTablePropagationValue,
    DnsSupportValue, EncryptionStateValue, EncryptionSupport, Filter, ModifyTransitGatewayOptions,
    MulticastSupportValue, ResourceType, SecurityGroupReferencingSupportValue, TransitGateway, TransitGatewayOptions,
    TransitGatewayRequestOptions, TransitGatewayState, VpnEcmpSupportValue,
};
use ipnet::IpNet;

type A = spec::A<TransitGateway>;

/// The resource type `aws_ec2_transit_gateway`.
pub struct AwsEc2TransitGateway;

/// The gateways that filters find.
pub async fn listed(aws: &Aws, filters: Vec<Vec<Filter>>) -> Result<Vec<TransitGateway>> {
    aws.pages(filters, |f| {
        aws.read.ec2.describe_transit_gateways().set_filters(Some(f)).into_paginator().items().send()
    })
    .await
}

fn options(g: &TransitGateway) -> Option<&TransitGatewayOptions> {
    g.options()
}

/// The switch as it is or is becoming.
fn encryption(g: &TransitGateway) -> Value {
    let state = options(g).and_then(|o| o.encryption_support()).and_then(EncryptionSupport::encryption_state);
    match state {
        Some(EncryptionStateValue::Enabled | EncryptionStateValue::Enabling) => "enable",
        _ => "disable",
    }
    .into()
}

fn progress(g: &TransitGateway) -> Progress {
    match g.state() {
        Some(TransitGatewayState::Available) | None => Progress::Ready,
        Some(TransitGatewayState::Deleted) => Progress::Gone,
        Some(other) => Progress::Pending(other.as_str().into()),
    }
}

/// Ranges that are large enough for a gateway's own addresses.
fn blocks(value: &Value) -> std::result::Result<(), String> {
    checks::elements(value, |value| {
        let Some(text) = value.as_str() else { return Ok(()) };
        let fits = |net: &IpNet| match net {
            IpNet::V4(net) => net.prefix_len() <= 24 && net.trunc() == *net,
            IpNet::V6(net) => net.prefix_len() <= 64 && net.trunc() == *net,
        };
        if !text.parse().is_ok_and(|net: IpNet| fits(&net)) {
            return Err(format!("{text:?} does not fit; expected an IPv4 range of /24 or larger, or IPv6 of /64"));
        }
        Ok(())
    })
}

impl Resource for AwsEc2TransitGateway {
    type Live = TransitGateway;

    fn spec() -> Spec<TransitGateway> {
        let [tags, tags_all] = A::tags(|g| tags::read(g.tags()));
        let switched = |name, default: &str| A::string(name).default(default).check(switch);
        Spec::new(
            "aws_ec2_transit_gateway",
            |g| g.transit_gateway_id().map(Into::into),
            vec![
                A::number("amazon_side_asn")
                    .default(64_512)
                    .check(private_asn)
                    .read(|g| options(g).and_then(|o| o.amazon_side_asn()).into()),
                switched("auto_accept_shared_attachments", "disable")
                    .read(|g| options(g).and_then(|o| o.auto_accept_shared_attachments()).map(|v| v.as_str()).into()),
                switched("default_route_table_association", "enable")
                    .read(|g| options(g).and_then(|o| o.default_route_table_association()).map(|v| v.as_str()).into()),
                switched("default_route_table_propagation", "enable")
                    .read(|g| options(g).and_then(|o| o.default_route_table_propagation()).map(|v| v.as_str()).into()),
                A::string("description").read(|g| g.description().into()),
                switched("dns_support", "enable")
                    .read(|g| options(g).and_then(|o| o.dns_support()).map(|v| v.as_str()).into()),
                switched("encryption_support", "disable").read(encryption),
                switched("multicast_support", "disable")
                    .force_new()
                    .read(|g| options(g).and_then(|o| o.multicast_support()).map_or("disable", |v| v.as_str()).into()),
                switched("security_group_referencing_support", "disable").read(|g| {
                    let on = options(g).and_then(|o| o.security_group_referencing_support());
                    on.map_or("disable", |v| v.as_str()).into()
                }),
                A::string_set("transit_gateway_cidr_blocks").normal(Normal::Cidr).check(blocks).read(|g| {
                    Value::string_set(options(g).map_or(&[][..], TransitGatewayOptions::transit_gateway_cidr_blocks))
                }),
                switched("vpn_ecmp_support", "enable")
                    .read(|g| options(g).and_then(|o| o.vpn_ecmp_support()).map(|v| v.as_str()).into()),
                A::string("arn").computed().read(|g| g.transit_gateway_arn().into()),
                A::string("association_default_route_table_id")
                    .computed()
                    .follows(&["default_route_table_association"])
                    .read(|g| options(g).and_then(|o| o.association_default_route_table_id()).into()),
                A::string("owner_id").computed().read(|g| g.owner_id().into()),
                A::string("propagation_default_route_table_id")
                    .computed()
                    .follows(&["default_route_table_propagation"])
                    .read(|g| options(g).and_then(|o| o.propagation_default_route_table_id()).into()),
                tags,
                tags_all,
            ],
        )
        .progress(progress)
        .wait_for_deletion()
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<TransitGateway>> {
        let filters = match which {
            Which::Ids(ids) => filtered("transit-gateway-id", ids),
            Which::Token(token) => vec![vec![tags::token_filter(token)]],
            Which::NaturalKey(want) => {
                let asn = want.get("amazon_side_asn").and_then(Value::as_i64).unwrap_or_default().to_string();
                vec![vec![filter("options.amazon-side-asn", &asn)]]
            }
        };
        listed(aws, filters).await
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let text = |name: &str| want.str(name);
        let blocks = want.strings("transit_gateway_cidr_blocks");
        let options = TransitGatewayRequestOptions::builder()
            .set_amazon_side_asn(want.get("amazon_side_asn").and_then(Value::as_i64))
            .set_auto_accept_shared_attachments(
                text("auto_accept_shared_attachments").map(AutoAcceptSharedAttachmentsValue::from),
            )
            .set_default_route_table_association(
                text("default_route_table_association").map(DefaultRouteTableAssociationValue::from),
            )
            .set_default_route_table_propagation(
                text("default_route_table_propagation").map(DefaultRouteTablePropagationValue::from),
            )
            .set_dns_support(text("dns_support").map(DnsSupportValue::from))
            .set_multicast_support(text("multicast_support").map(MulticastSupportValue::from))
            .set_security_group_referencing_support(
                text("security_group_referencing_support").map(SecurityGroupReferencingSupportValue::from),
            )
            .set_transit_gateway_cidr_blocks(Some(blocks).filter(|b| !b.is_empty()))
            .set_vpn_ecmp_support(text("vpn_ecmp_support").map(VpnEcmpSupportValue::from))
            .build();
        let answer = aws
            .write
            .ec2
            .create_transit_gateway()
            .set_description(want.string("description").filter(|d| !d.is_empty()))
            .options(options)
            .tag_specifications(tags::at_creation(ResourceType::TransitGateway, want, token))
            .send()
            .await?;
        made(answer.transit_gateway().and_then(TransitGateway::transit_gateway_id))
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        let description = change.take("description").map(|v| v.as_str().unwrap_or_default().to_owned());
        let asn = change.take("amazon_side_asn").and_then(Value::as_i64);
        let (removed, added) = change.take_elements("transit_gateway_cidr_blocks").unwrap_or_default();
        let texts = |values: Vec<Value>| {
            let texts: Vec<String> = values.iter().filter_map(Value::as_str).map(str::to_owned).collect();
            Some(texts).filter(|t| !t.is_empty())
        };
        let mut text = |name: &str| change.take(name).and_then(|v| v.as_str());
        let options = ModifyTransitGatewayOptions::builder()
            .set_add_transit_gateway_cidr_blocks(texts(added))
            .set_remove_transit_gateway_cidr_blocks(texts(removed))
            .set_amazon_side_asn(asn)
            .set_auto_accept_shared_attachments(text("auto_accept_shared_attachments").map(Into::into))
            .set_default_route_table_association(text("default_route_table_association").map(Into::into))
            .set_default_route_table_propagation(text("default_route_table_propagation").map(Into::into))
            .set_dns_support(text("dns_support").map(Into::into))
            .set_encryption_support(text("encryption_support").map(Into::into))
            .set_security_group_referencing_support(text("security_group_referencing_support").map(Into::into))
            .set_vpn_ecmp_support(text("vpn_ecmp_support").map(Into::into))
            .build();
        let options = Some(options).filter(|o| *o != ModifyTransitGatewayOptions::builder().build());
        if options.is_some() || description.is_some() {
            let call = aws.write.ec2.modify_transit_gateway().transit_gateway_id(id);
            call.set_description(description).set_options(options).send().await?;
        }
        Ok(())
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        aws.write.ec2.delete_transit_gateway().transit_gateway_id(id).send().await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_that_are_too_small_for_a_gateway_are_refused() {
        assert!(blocks(&Value::string_set(["10.0.0.0/25"])).is_err());
        assert!(blocks(&Value::string_set(["2001:db8::/65"])).is_err());
        assert!(blocks(&Value::string_set(["10.0.0.1/24"])).is_err());
        assert_eq!(blocks(&Value::string_set([""; 0])), Ok(()));
        assert_eq!(blocks(&Value::string_set(["10.0.0.0/24", "2001:db8::/64"])), Ok(()));
    }
}
