//! aws_vpc_endpoint_policy: the policy of an endpoint as an object of its own. An endpoint always has one, so that the
//! endpoint's id names it; AWS's own lets everybody do everything.

use super::vpc_endpoint::{AwsVpcEndpoint, Endpoint};
use crate::resources::prelude::*;

/// The resource type `aws_vpc_endpoint_policy`.
pub struct AwsVpcEndpointPolicy;

impl Resource for AwsVpcEndpointPolicy {
    type Live = Endpoint;

    fn spec() -> Spec<Endpoint> {
        let of_endpoint = AwsVpcEndpoint::spec();
        let rows = vec![
            A::string("vpc_endpoint_id").required().force_new().read(|e: &Endpoint| e.id().into()),
            A::string("policy")
                .optional_computed()
                .normal(Normal::Policy)
                .check(checks::policy)
                .read(|e| e.policy().into()),
        ];
        Spec { progress: of_endpoint.progress, ..Spec::new("aws_vpc_endpoint_policy", of_endpoint.id, rows) }
            .role(Role::Filter(role::Filter { held: false, unjudged: Unjudged::All("policy") }))
            .unique(&[&["vpc_endpoint_id"]])
            .recover(Recover::Key)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Endpoint>> {
        AwsVpcEndpoint::describe(aws, Which::Ids(&which.by("vpc_endpoint_id"))).await
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let id = want.string("vpc_endpoint_id").unwrap_or_default();
        put(aws, &id, want.str("policy")).await?;
        Ok(id)
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        if change.take("policy").is_some() { put(aws, id, change.after.str("policy")).await } else { Ok(()) }
    }

    /// AWS's own policy takes its place.
    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        put(aws, id, None).await
    }
}

async fn put(aws: &Aws, id: &str, policy: Option<&str>) -> Result<()> {
    let call = aws.write.ec2.modify_vpc_endpoint().vpc_endpoint_id(id);
    let call = match policy.filter(|text| !text.is_empty()) {
        Some(policy) => call.policy_document(policy),
        None => call.reset_policy(true),
    };
    done(call.send().await)
}
