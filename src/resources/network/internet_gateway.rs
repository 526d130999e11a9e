//! aws_internet_gateway: a VPC's door to the internet. Creating it and attaching it are two calls, so
//! a new one is attached by `update`.

use crate::aws::{Aws, Error, Kind, Result, filter, filtered, made};
use crate::resources::settle;
use crate::resources::spec::{self, Resource, Spec, Token, Which};
use crate::resources::tags;
use crate::schema::{Attrs, Change};
use aws_sdk_ec2::types::{AttachmentStatus, InternetGateway, InternetGatewayAttachment, ResourceType};

type A = spec::A<Gateway>;

/// The resource type `aws_internet_gateway`.
pub struct AwsInternetGateway;

/// A gateway as listed.
pub struct Gateway {
    /// What EC2 lists.
    pub gateway: InternetGateway,
    arn: String,
}

/// The VPC that attachments name, leaving out what is detached.
pub fn attached(attachments: &[InternetGatewayAttachment]) -> Option<&str> {
    let held = |a: &&InternetGatewayAttachment| {
        !matches!(a.state(), Some(AttachmentStatus::Detached | AttachmentStatus::Detaching))
    };
    attachments.iter().find(held).and_then(|a| a.vpc_id())
}

impl Resource for AwsInternetGateway {
    type Live = Gateway;

    fn spec() -> Spec<Gateway> {
        let [tags, tags_all] = A::tags(|g| tags::read(g.gateway.tags()));
        Spec::new(
            "aws_internet_gateway",
            |g| g.gateway.internet_gateway_id().map(Into::into),
            vec![
                A::string("vpc_id").optional_computed().read(|g| attached(g.gateway.attachments()).into()),
                A::string("arn").computed().read(|g| g.arn.as_str().into()),
                A::string("owner_id").computed().read(|g| g.gateway.owner_id().into()),
                tags,
                tags_all,
            ],
        )
        .unique(&[&["vpc_id"]])
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Gateway>> {
        let filters = match which {
            Which::Ids(ids) => filtered("internet-gateway-id", ids),
            Which::Token(token) => vec![vec![tags::token_filter(token)]],
            Which::NaturalKey(want) => vec![vec![filter("attachment.vpc-id", want.str("vpc_id").unwrap_or_default())]],
        };
        let found = aws
            .pages(filters, |f| {
                aws.read.ec2.describe_internet_gateways().set_filters(Some(f)).into_paginator().items().send()
            })
            .await?;
        let with_arn = |gateway: InternetGateway| {
            let id = gateway.internet_gateway_id().unwrap_or_default();
            Gateway { arn: aws.ec2_arn(&format!("internet-gateway/{id}")), gateway }
        };
        Ok(found.into_iter().map(with_arn).collect())
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let answer = aws
            .write
            .ec2
            .create_internet_gateway()
            .tag_specifications(tags::at_creation(ResourceType::InternetGateway, want, token))
            .send()
            .await?;
        made(answer.internet_gateway().and_then(InternetGateway::internet_gateway_id))
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        let Some(wanted) = change.take("vpc_id") else { return Ok(()) };
        detach(aws, id, change.before).await?;
        let Some(vpc) = wanted.as_str() else { return Ok(()) };
        let answer = aws.write.ec2.attach_internet_gateway().internet_gateway_id(id).vpc_id(vpc).send().await;
        match answer.map_err(Error::from) {
            Err(e) if e.kind == Kind::Exists => {
                let ids = [id.to_owned()];
                let now = Self::describe(aws, Which::Ids(&ids)).await?;
                let there = now.first().and_then(|g| attached(g.gateway.attachments())) == Some(vpc);
                if there { Ok(()) } else { Err(e) }
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
