//! aws_vpn_gateway: a VPC's end of its VPN connections. Creating it and attaching it are two calls,
//! so a new one is attached by `update`. Deleted ones stay listed.

use super::limits::{gateway_asn, if_told};
use super::unpaged;
use crate::aws::{Aws, Error, Result, filter, filtered, made};
use crate::resources::settle;
use crate::resources::spec::{self, Progress, Resource, Spec, Token, Which};
use crate::resources::tags;
use crate::schema::{Attrs, Change};
use crate::value::Type;
use aws_sdk_ec2::types::{AttachmentStatus, Filter, GatewayType, ResourceType, VpcAttachment, VpnGateway, VpnState};
use std::slice::from_ref;

type A = spec::A<Live>;

/// The resource type `aws_vpn_gateway`.
pub struct AwsVpnGateway;

/// A gateway as listed.
pub struct Live {
    gateway: VpnGateway,
    arn: String,
}

/// The gateways that filters find; all without any.
pub async fn listed(aws: &Aws, filters: Vec<Vec<Filter>>) -> Result<Vec<VpnGateway>> {
    unpaged(filters, |f| async move {
        let call = aws.read.ec2.describe_vpn_gateways().set_filters(Some(f).filter(|f| !f.is_empty()));
        Ok(call.send().await?.vpn_gateways.unwrap_or_default())
    })
    .await
}

/// The ARN of a gateway.
pub fn arn(aws: &Aws, gateway: &VpnGateway) -> String {
    aws.ec2_arn(&format!("vpn-gateway/{}", gateway.vpn_gateway_id().unwrap_or_default()))
}

/// The attachment that the gateway has or gets.
pub fn attachment(gateway: &VpnGateway) -> Option<&VpcAttachment> {
    let held = |a: &&VpcAttachment| matches!(a.state(), Some(AttachmentStatus::Attached | AttachmentStatus::Attaching));
    gateway.vpc_attachments().iter().find(held)
}

/// Attaches the gateway to the VPC, unless it is.
pub async fn attach(aws: &Aws, gateway: &str, vpc: &str) -> Result<()> {
    let now = listed(aws, filtered("vpn-gateway-id", &[gateway.to_owned()])).await?;
    if now.first().and_then(attachment).and_then(VpcAttachment::vpc_id) == Some(vpc) {
        return Ok(());
    }
    aws.write.ec2.attach_vpn_gateway().vpn_gateway_id(gateway).vpc_id(vpc).send().await?;
    Ok(())
}

/// Detaches the gateway from the VPC and waits until it is.
pub async fn detach(aws: &Aws, gateway: &str, vpc: &str) -> Result<()> {
    let answer = aws.write.ec2.detach_vpn_gateway().vpn_gateway_id(gateway).vpc_id(vpc).send().await;
    settle::unless_gone(answer.map_err(Error::from))?;
    let id = gateway.to_owned();
    settle::until("the virtual private gateway to be detached", || async {
        let now = listed(aws, filtered("vpn-gateway-id", from_ref(&id))).await?;
        let mut attachments = now.iter().flat_map(VpnGateway::vpc_attachments);
        Ok(attachments.all(|a| a.vpc_id() != Some(vpc) || a.state() == Some(&AttachmentStatus::Detached)))
    })
    .await
}

fn progress(l: &Live) -> Progress {
    let moving =
        |a: &&VpcAttachment| matches!(a.state(), Some(AttachmentStatus::Attaching | AttachmentStatus::Detaching));
    match l.gateway.state() {
        Some(VpnState::Deleted) => Progress::Gone,
        Some(VpnState::Available) | None => match l.gateway.vpc_attachments().iter().find(moving) {
            Some(a) => Progress::Pending(a.state().map_or("attaching", AttachmentStatus::as_str).into()),
            None => Progress::Ready,
        },
        Some(other) => Progress::Pending(other.as_str().into()),
    }
}

impl Resource for AwsVpnGateway {
    type Live = Live;

    fn spec() -> Spec<Live> {
        let [tags, tags_all] = A::tags(|l| tags::read(l.gateway.tags()));
        Spec::new(
            "aws_vpn_gateway",
            |l| l.gateway.vpn_gateway_id().map(Into::into),
            vec![
                A::string("amazon_side_asn")
                    .optional_computed()
                    .force_new()
                    .check(gateway_asn)
                    .read(|l| l.gateway.amazon_side_asn().map(|n| n.to_string()).into()),
                A::string("availability_zone")
                    .force_new()
                    .read(|l| if_told(l.gateway.availability_zone(), Type::String)),
                A::string("vpc_id")
                    .optional_computed()
                    .read(|l| attachment(&l.gateway).and_then(VpcAttachment::vpc_id).into()),
                A::string("arn").computed().read(|l| l.arn.as_str().into()),
                tags,
                tags_all,
            ],
        )
        .holds_inline(crate::resources::holds::gateway)
        .unique(&[&["vpc_id"]])
        .progress(progress)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Live>> {
        let filters = match which {
            Which::Ids(ids) => filtered("vpn-gateway-id", ids),
            Which::Token(token) => vec![vec![tags::token_filter(token)]],
            Which::NaturalKey(want) => vec![vec![filter("attachment.vpc-id", want.str("vpc_id").unwrap_or_default())]],
        };
        let found = listed(aws, filters).await?;
        Ok(found.into_iter().map(|gateway| Live { arn: arn(aws, &gateway), gateway }).collect())
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let answer = aws
            .write
            .ec2
            .create_vpn_gateway()
            .r#type(GatewayType::Ipsec1)
            .set_amazon_side_asn(want.str("amazon_side_asn").and_then(|text| text.parse().ok()))
            .set_availability_zone(want.string("availability_zone"))
            .tag_specifications(tags::at_creation(ResourceType::VpnGateway, want, token))
            .send()
            .await?;
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
