//! aws_egress_only_internet_gateway: lets IPv6 out of a VPC and nothing in.

use super::internet_gateway::attached;
use crate::resources::prelude::*;
use aws_sdk_ec2::operation::create_egress_only_internet_gateway::builders::CreateEgressOnlyInternetGatewayFluentBuilder as Create;
use aws_sdk_ec2::types::{EgressOnlyInternetGateway as Gateway, ResourceType};

/// The resource type `aws_egress_only_internet_gateway`.
pub struct AwsEgressOnlyInternetGateway;

table! {
    Rows: Gateway, create Create {
        vpc_id: Text, create [.required().force_new().read(|g| attached(g.held().attachments()).into())];
    }
}

impl Resource for AwsEgressOnlyInternetGateway {
    type Live = Gateway;

    fn spec() -> Spec<Gateway> {
        let id = |g: &Gateway| g.egress_only_internet_gateway_id().map(Into::into);
        Spec::new("aws_egress_only_internet_gateway", id, Rows::rows())
            .role(Role::Gateway(Unjudged::All("routes")))
            .tags(|g| tags::read(g.tags()))
            .recover(Recover::ClientToken)
    }

    /// The API filters by tag alone, so all of them are read and the right ones kept.
    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Gateway>> {
        let filters = match which {
            Which::Token(token) => vec![vec![tags::token_filter(token)]],
            Which::Ids([]) => return Ok(Vec::new()),
            _ => vec![Vec::new()],
        };
        let asked = |g: &Gateway| match which {
            Which::Ids(ids) => g.egress_only_internet_gateway_id().is_some_and(|id| ids.iter().any(|i| i == id)),
            Which::Token(_) => true,
            Which::NaturalKey(want) => attached(g.attachments()) == want.str("vpc_id"),
        };
        let all = listed!(aws, describe_egress_only_internet_gateways, filters).await?;
        Ok(all.into_iter().filter(asked).collect())
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let tags = tags::at_creation(ResourceType::EgressOnlyInternetGateway, want, token);
        let call = Rows::create(aws.write.ec2.create_egress_only_internet_gateway(), want).client_token(&token.0);
        let answer = call.tag_specifications(tags).send().await?;
        let gateway = answer.egress_only_internet_gateway();
        made(gateway.and_then(Gateway::egress_only_internet_gateway_id))
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        Ok(aws
            .write
            .ec2
            .delete_egress_only_internet_gateway()
            .egress_only_internet_gateway_id(id)
            .send()
            .await
            .map(drop)?)
    }
}
