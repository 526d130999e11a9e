//! aws_internet_gateway: a VPC's door to the internet. Creating it and attaching it are two calls, so
//! a new one is attached by `update`.

use crate::resources::prelude::*;
use aws_sdk_ec2::types::{AttachmentStatus, Filter, InternetGateway, InternetGatewayAttachment, ResourceType};

/// The resource type `aws_internet_gateway`.
pub struct AwsInternetGateway;

/// A gateway as listed.
pub type Gateway = WithArn<InternetGateway>;

table! {
    Rows: Gateway {
        vpc_id: Text, none [.optional_computed().read(|g| attached(g.held().attachments()).into())];
        arn: Text, read [.computed()];
        owner_id: Text, read [.computed()];
    }
}

/// The VPC that attachments name, leaving out what is detached.
pub fn attached(attachments: &[InternetGatewayAttachment]) -> Option<&str> {
    let held = |a: &&InternetGatewayAttachment| {
        !matches!(a.state(), Some(AttachmentStatus::Detached | AttachmentStatus::Detaching))
    };
    attachments.iter().find(held).and_then(|a| a.vpc_id())
}

/// The gateways that filters find.
pub async fn listed(aws: &Aws, filters: Vec<Vec<Filter>>) -> Result<Vec<Gateway>> {
    Ok(WithArn::all(
        aws,
        "internet-gateway",
        listed!(aws, describe_internet_gateways, filters).await?,
        InternetGateway::internet_gateway_id,
    ))
}

impl Resource for AwsInternetGateway {
    type Live = Gateway;

    fn spec() -> Spec<Gateway> {
        Spec::new("aws_internet_gateway", |g: &Gateway| g.internet_gateway_id().map(Into::into), Rows::rows())
            .role(Role::Gateway(Unjudged::All("routes")))
            .tags(|g| tags::read(g.tags()))
            .unique(&[&["vpc_id"]])
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Gateway>> {
        listed(aws, tags::filters(which, "internet-gateway-id", &[("attachment.vpc-id", "vpc_id")])).await
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let tags = tags::at_creation(ResourceType::InternetGateway, want, token);
        let answer = aws.write.ec2.create_internet_gateway().tag_specifications(tags).send().await?;
        made(answer.internet_gateway().and_then(InternetGateway::internet_gateway_id))
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        let Some(wanted) = change.take("vpc_id") else { return Ok(()) };
        detach(aws, id, change.before).await?;
        let Some(vpc) = wanted.as_str() else { return Ok(()) };
        let answer = aws.write.ec2.attach_internet_gateway().internet_gateway_id(id).vpc_id(vpc).send().await;
        match answer.map_err(Error::from) {
            Err(e) if e.kind == Kind::Exists => {
                let now = settle::find::<Self>(aws, id).await?;
                if now.is_some_and(|g| attached(g.attachments()) == Some(vpc)) { Ok(()) } else { Err(e) }
            }
            other => other.map(|_| ()),
        }
    }

    async fn delete(aws: &Aws, id: &str, last: &Attrs) -> Result<()> {
        detach(aws, id, last).await?;
        aws.write.ec2.delete_internet_gateway().internet_gateway_id(id).send().await?;
        Ok(())
    }
}

/// Detaches the gateway from the VPC it was last seen at.
async fn detach(aws: &Aws, id: &str, seen: &Attrs) -> Result<()> {
    let Some(vpc) = seen.str("vpc_id") else { return Ok(()) };
    let answer = aws.write.ec2.detach_internet_gateway().internet_gateway_id(id).vpc_id(vpc).send().await;
    match answer.map_err(Error::from) {
        Err(e) if e.is("Gateway.NotAttached") => Ok(()),
        other => settle::unless_gone(other),
    }
}
