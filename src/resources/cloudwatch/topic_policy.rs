//! aws_sns_topic_policy: who may use a topic. Every topic has a policy; the one that AWS made with it
//! counts as none, and is what a topic gets back.

use super::topic::{self, Topic};
use crate::aws::{Aws, Result};
use crate::resources::spec::{self, Resource, Spec, Token, Which};
use crate::schema::normal::Normal;
use crate::schema::rows::Recover;
use crate::schema::{Attrs, Change, checks};
use serde_json::json;

type A = spec::A<Topic>;

/// The resource type `aws_sns_topic_policy`.
pub struct AwsSnsTopicPolicy;

/// The id of the policy that AWS gives to a new topic.
const DEFAULT_ID: &str = "__default_policy_ID";

fn is_default(topic: &Topic) -> bool {
    let policy = topic.attributes.get("Policy").and_then(|text| serde_json::from_str::<serde_json::Value>(text).ok());
    policy.is_none_or(|policy| policy["Id"] == DEFAULT_ID)
}

/// The policy that AWS gives to a new topic (SNS API: CreateTopic).
fn default_policy(arn: &str, owner: &str) -> String {
    let actions = [
        "GetTopicAttributes",
        "SetTopicAttributes",
        "AddPermission",
        "RemovePermission",
        "DeleteTopic",
        "Subscribe",
        "ListSubscriptionsByTopic",
        "Publish",
    ];
    json!({
        "Version": "2008-10-17",
        "Id": DEFAULT_ID,
        "Statement": [{
            "Sid": "__default_statement_ID",
            "Effect": "Allow",
            "Principal": {"AWS": "*"},
            "Action": actions.map(|action| format!("SNS:{action}")),
            "Resource": arn,
            "Condition": {"StringEquals": {"AWS:SourceOwner": owner}},
        }],
    })
    .to_string()
}

async fn put(aws: &Aws, arn: &str, policy: &str) -> Result<()> {
    let call = aws.write.sns.set_topic_attributes().topic_arn(arn).attribute_name("Policy");
    call.attribute_value(policy).send().await?;
    Ok(())
}

impl Resource for AwsSnsTopicPolicy {
    type Live = Topic;

    fn spec() -> Spec<Topic> {
        let rows = vec![
            A::string("arn").required().force_new().read(|t| t.arn.as_str().into()),
            A::string("policy")
                .required()
                .normal(Normal::Policy)
                .check(checks::policy)
                .read(|t| t.attributes.get("Policy").into()),
            A::string("owner").computed().read(|t| t.attributes.get("Owner").into()),
        ];
        Spec::new("aws_sns_topic_policy", |t| Some(t.arn.clone()), rows)
            .holds_again(crate::resources::holds::topic_policy)
            .unique(&[&["arn"]])
            .recover(Recover::Key)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Topic>> {
        let mut found = match which {
            Which::Ids(arns) => topic::listed(aws, arns).await?,
            Which::Token(_) => Vec::new(),
            Which::NaturalKey(want) => topic::listed(aws, want.string("arn").as_slice()).await?,
        };
        found.retain(|topic| !is_default(topic));
        Ok(found)
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let arn = want.string("arn").unwrap_or_default();
        put(aws, &arn, want.str("policy").unwrap_or_default()).await?;
        Ok(arn)
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        match change.take("policy").and_then(|policy| policy.as_str()) {
            Some(policy) => put(aws, id, policy).await,
            None => Ok(()),
        }
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        let owner = id.split(':').nth(4).unwrap_or_default();
        put(aws, id, &default_policy(id, owner)).await
    }
}
