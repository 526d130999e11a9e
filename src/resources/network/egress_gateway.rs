//! aws_egress_only_internet_gateway: lets IPv6 out of a VPC and nothing in.

use super::internet_gateway::attached;
use crate::aws::{Aws, Result, made};
use crate::resources::spec::{self, Resource, Spec, Token, Which};
use crate::resources::tags;
use crate::schema::rows::Recover;
use crate::schema::{Attrs, Change};
use aws_sdk_ec2::types::{EgressOnlyInternetGateway, ResourceType};

type A = spec::A<EgressOnlyInternetGateway>;

/// The resource type `aws_egress_only_internet_gateway`.
pub struct AwsEgressOnlyInternetGateway;

impl Resource for AwsEgressOnlyInternetGateway {
    type Live = EgressOnlyInternetGateway;

    fn spec() -> Spec<EgressOnlyInternetGateway> {
        let [tags, tags_all] = A::tags(|g| tags::read(g.tags()));
        Spec::new(
            "aws_egress_only_internet_gateway",
            |g| g.egress_only_internet_gateway_id().map(Into::into),
            vec![A::string("vpc_id").required().force_new().read(|g| attached(g.attachments()).into()), tags, tags_all],
        )
        .recover(Recover::ClientToken)
    }

    /// The API filters by tag alone, so all of them are read and the right ones kept.
    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<EgressOnlyInternetGateway>> {
        let filters = match which {
            Which::Token(token) => vec![vec![tags::token_filter(token)]],
            Which::Ids([]) => return Ok(Vec::new()),
            _ => vec![Vec::new()],
        };
        let asked = |g: &EgressOnlyInternetGateway| match which {
            Which::Ids(ids) => g.egress_only_internet_gateway_id().is_some_and(|id| ids.iter().any(|i| i == id)),
            Which::Token(_) => true,
            Which::NaturalKey(want) => attached(g.attachments()) == want.str("vpc_id"),
        };
        let all = aws
            .pages(filters, |f| {
                let call = aws.read.ec2.describe_egress_only_internet_gateways();
                call.set_filters(Some(f).filter(|f| !f.is_empty())).into_paginator().items().send()
            })
            .await?;
        Ok(all.into_iter().filter(asked).collect())
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let answer = aws
            .write
            .ec2
            .create_egress_only_internet_gateway()
            .client_token(&token.0)
            .set_vpc_id(want.string("vpc_id"))
            .tag_specifications(tags::at_creation(ResourceType::EgressOnlyInternetGateway, want, token))
            .send()
            .await?;
        let gateway = answer.egress_only_internet_gateway();
        made(gateway.and_then(EgressOnlyInternetGateway::egress_only_internet_gateway_id))
    }

    async fn update(_aws: &Aws, _id: &str, _change: &mut Change<'_>) -> Result<()> {
        Ok(())
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        aws.write.ec2.delete_egress_only_internet_gateway().egress_only_internet_gateway_id(id).send().await?;
        Ok(())
    }
}
