//! aws_vpn_gateway: a VPC's end of its VPN connections. Creating it and attaching it are two calls,
//! so a new one is attached by `update`. Deleted ones stay listed.

use super::limits::{gateway_asn, if_reported};
use super::listed;
use crate::resources::prelude::*;
use aws_sdk_ec2::operation::create_vpn_gateway::builders::CreateVpnGatewayFluentBuilder as CreateVpnGateway;
use aws_sdk_ec2::types::{AttachmentStatus, Filter, GatewayType, ResourceType, VpcAttachment, VpnGateway, VpnState};

/// The resource type `aws_vpn_gateway`.
pub struct AwsVpnGateway;

type Live = WithArn<VpnGateway>;

table! {
    Rows: Live, create CreateVpnGateway {
        amazon_side_asn: IntText [.optional_computed().force_new().check(gateway_asn)];
        availability_zone: Text, create [.force_new().read(|g| zone(g.held()))];
        vpc_id: Text, none [.optional_computed().read(|g| vpc(g.held()).into())];
        arn: Text, read [.computed()];
    }
}

/// The gateways that filters find; all without any.
pub async fn listed(aws: &Aws, filters: Vec<Vec<Filter>>) -> Result<Vec<Live>> {
    let call = |f| async { Ok(aws.read.ec2.describe_vpn_gateways().set_filters(f).send().await?.vpn_gateways) };
    Ok(WithArn::all(aws, "vpn-gateway", unpaged(filters, call).await?, VpnGateway::vpn_gateway_id))
}

fn zone(gateway: &Live) -> Value {
    if_reported(gateway.availability_zone(), Type::String)
}

/// The attachment that the gateway has or gets.
pub fn attachment(gateway: &VpnGateway) -> Option<&VpcAttachment> {
    let held = |a: &&VpcAttachment| matches!(a.state(), Some(AttachmentStatus::Attached | AttachmentStatus::Attaching));
    gateway.vpc_attachments().iter().find(held)
}

/// The VPC at which the gateway is.
pub fn vpc(gateway: &VpnGateway) -> Option<&str> {
    attachment(gateway).and_then(VpcAttachment::vpc_id)
}

/// Attaches the gateway to the VPC, unless it is.
pub async fn attach(aws: &Aws, gateway: &str, to: &str) -> Result<()> {
    let now = settle::find::<AwsVpnGateway>(aws, gateway).await?;
    if now.as_ref().and_then(|g| vpc(g)) != Some(to) {
        aws.write.ec2.attach_vpn_gateway().vpn_gateway_id(gateway).vpc_id(to).send().await?;
    }
    Ok(())
}

/// Detaches the gateway from the VPC and waits until it is.
pub async fn detach(aws: &Aws, gateway: &str, from: &str) -> Result<()> {
    settle::unless_gone(aws.write.ec2.detach_vpn_gateway().vpn_gateway_id(gateway).vpc_id(from).send().await)?;
    let free = |a: &VpcAttachment| a.vpc_id() != Some(from) || a.state() == Some(&AttachmentStatus::Detached);
    let detached = |now: Option<&Live>| now.is_none_or(|g| g.vpc_attachments().iter().all(free));
    let what = "the virtual private gateway to be detached";
    settle::seen::<AwsVpnGateway>(aws, gateway, what, detached).await.map(drop)
}

fn progress(gateway: &Live) -> Progress {
    let moving =
        |a: &&VpcAttachment| matches!(a.state(), Some(AttachmentStatus::Attaching | AttachmentStatus::Detaching));
    match (gateway.state(), gateway.vpc_attachments().iter().find(moving)) {
        (Some(VpnState::Available) | None, Some(a)) => listed::progress(a.state()),
        (state, _) => listed::progress(state),
    }
}

impl Resource for AwsVpnGateway {
    type Live = Live;

    fn spec() -> Spec<Live> {
        Spec::new("aws_vpn_gateway", |g| g.vpn_gateway_id().map(Into::into), Rows::rows::<Live>())
            .role(Role::Gateway(Unjudged::All("routes")))
            .tags(|g| tags::read(g.tags()))
            .holds_inline(crate::resources::holds::gateway)
            .unique(&[&["vpc_id"]])
            .progress(progress)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Live>> {
        listed(aws, tags::filters(which, "vpn-gateway-id", &[("attachment.vpc-id", "vpc_id")])).await
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let call = Rows::create(aws.write.ec2.create_vpn_gateway().r#type(GatewayType::Ipsec1), want);
        let answer = call.tag_specifications(tags::at_creation(ResourceType::VpnGateway, want, token)).send().await?;
        made(answer.vpn_gateway().and_then(VpnGateway::vpn_gateway_id))
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        let Some(wanted) = change.take("vpc_id") else { return Ok(()) };
        if let Some(old) = change.before.str("vpc_id") {
            detach(aws, id, old).await?;
        }
        match wanted.as_str() {
            Some(vpc) => attach(aws, id, vpc).await,
            None => Ok(()),
        }
    }

    async fn delete(aws: &Aws, id: &str, last: &Attrs) -> Result<()> {
        if let Some(vpc) = last.str("vpc_id") {
            detach(aws, id, vpc).await?;
        }
        aws.write.ec2.delete_vpn_gateway().vpn_gateway_id(id).send().await?;
        Ok(())
    }
}
