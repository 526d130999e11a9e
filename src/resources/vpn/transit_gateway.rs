//! aws_ec2_transit_gateway: a router between VPCs and VPN connections of a region. Deleted ones stay
//! listed for a while.

use super::limits::private_asn;
use super::listed::{self, Disabled, Enabled, options};
use crate::resources::prelude::*;
use aws_sdk_ec2::operation::create_transit_gateway::builders::CreateTransitGatewayFluentBuilder as Create;
use aws_sdk_ec2::types::builders::{ModifyTransitGatewayOptionsBuilder, TransitGatewayRequestOptionsBuilder};
use aws_sdk_ec2::types::{
    EncryptionStateValue, EncryptionSupport, Filter, ModifyTransitGatewayOptions, ResourceType, TransitGateway,
    TransitGatewayOptions, TransitGatewayRequestOptions,
};
use ipnet::IpNet;

/// The resource type `aws_ec2_transit_gateway`.
pub struct AwsEc2TransitGateway;

table! {
    Rows: TransitGateway, create Create {
        arn = transit_gateway_arn: Text, read [.computed()];
        description: Text;
        owner_id: Text, read [.computed()];
    }
}

table! {
    Options: TransitGatewayOptions, create TransitGatewayRequestOptionsBuilder,
            modify ModifyTransitGatewayOptionsBuilder {
        amazon_side_asn: Int, read, create, modify [.default(64_512).check(private_asn)];
        association_default_route_table_id: Text, read [.computed().follows(&["default_route_table_association"])];
        auto_accept_shared_attachments: Disabled, read, create, modify;
        default_route_table_association: Enabled, read, create, modify;
        default_route_table_propagation: Enabled, read, create, modify;
        dns_support: Enabled, read, create, modify;
        encryption_support: EnumCell, modify
            [.optional_computed().check(listed::switch).read(|o| encryption(o.held()))];
        multicast_support: Disabled [.force_new()];
        propagation_default_route_table_id: Text, read [.computed().follows(&["default_route_table_propagation"])];
        security_group_referencing_support: Disabled, read, create, modify;
        transit_gateway_cidr_blocks: Texts [.normal(Normal::Cidr).check(blocks)];
        vpn_ecmp_support: Enabled, read, create, modify;
    }
}

options!(TransitGateway, TransitGatewayOptions, |g| g.options());

/// The gateways that filters find.
pub async fn listed(aws: &Aws, filters: Vec<Vec<Filter>>) -> Result<Vec<TransitGateway>> {
    listed!(aws, describe_transit_gateways, filters).await
}

/// The switch as it is or is becoming.
fn encryption(options: &TransitGatewayOptions) -> Value {
    let state = options.encryption_support().and_then(EncryptionSupport::encryption_state);
    let on = matches!(state, Some(EncryptionStateValue::Enabled | EncryptionStateValue::Enabling));
    if on { "enable" } else { "disable" }.into()
}

/// Ranges that are large enough for a gateway's own addresses.
fn blocks(value: &Value) -> Result<(), String> {
    checks::elements(value, |value| {
        let Some(text) = value.as_str() else { return Ok(()) };
        let fits = |net: IpNet| {
            let most = if matches!(net, IpNet::V4(_)) { 24 } else { 64 };
            net.prefix_len() <= most && net.trunc() == net
        };
        if !text.parse().is_ok_and(fits) {
            return Err(format!("{text:?} does not fit; expected an IPv4 range of /24 or larger, or IPv6 of /64"));
        }
        Ok(())
    })
}

impl Resource for AwsEc2TransitGateway {
    type Live = TransitGateway;

    fn spec() -> Spec<TransitGateway> {
        let rows = Rows::rows().into_iter().chain(Options::rows()).collect();
        Spec::new("aws_ec2_transit_gateway", |g: &TransitGateway| g.transit_gateway_id().map(Into::into), rows)
            .role(Role::Gateway(Unjudged::All("routes")))
            .tags(|g| tags::read(g.tags()))
            .progress(|g| listed::progress(g.state()))
            .wait_for_deletion()
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<TransitGateway>> {
        let filters = match which {
            Which::NaturalKey(want) => {
                let asn = want.get("amazon_side_asn").and_then(Value::as_i64).unwrap_or_default().to_string();
                vec![vec![filter("options.amazon-side-asn", &asn)]]
            }
            _ => tags::filters(which, "transit-gateway-id", &[]),
        };
        listed(aws, filters).await
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let options = Options::create(TransitGatewayRequestOptions::builder(), want).build();
        let call = Rows::create(aws.write.ec2.create_transit_gateway(), want).options(options);
        let tags = tags::at_creation(ResourceType::TransitGateway, want, token);
        let answer = call.tag_specifications(tags).send().await?;
        made(answer.transit_gateway().and_then(TransitGateway::transit_gateway_id))
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        let description = change.take("description").map(|v| v.as_str().unwrap_or_default().to_owned());
        let [removed, added] = change.take_texts("transit_gateway_cidr_blocks");
        let moved = removed.is_some() || added.is_some();
        let options = ModifyTransitGatewayOptions::builder()
            .set_add_transit_gateway_cidr_blocks(added)
            .set_remove_transit_gateway_cidr_blocks(removed);
        let options = Options::modify(options.clone(), change).or(moved.then_some(options));
        if options.is_some() || description.is_some() {
            let call = aws.write.ec2.modify_transit_gateway().transit_gateway_id(id).set_description(description);
            call.set_options(options.map(ModifyTransitGatewayOptionsBuilder::build)).send().await?;
        }
        Ok(())
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        Ok(aws.write.ec2.delete_transit_gateway().transit_gateway_id(id).send().await.map(drop)?)
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
