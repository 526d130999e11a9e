//! aws_sns_topic_policy: who may use a topic. Every topic has a policy; the one that AWS made with it
//! counts as none, and is what a topic gets back.

use super::topic::{self, Topic};
use crate::aws::api::services::SNS;
use crate::resources::prelude::*;
use serde_json::json;

/// The resource type `aws_sns_topic_policy`.
pub struct AwsSnsTopicPolicy;

table! {
    Rows: Topic {
        arn: Text, none [.required().force_new().read(|t| t.held().arn.as_str().into())];
        policy: Text, none [.required().normal(Normal::Policy).check(checks::policy)]
            [.read(|t| t.held().attributes.get("Policy").into())];
        owner: Text, none [.computed().read(|t| t.held().attributes.get("Owner").into())];
    }
}

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
    let input = json!({"TopicArn": arn, "AttributeName": "Policy", "AttributeValue": policy});
    done(aws.write.api.call(&SNS, "SetTopicAttributes", input).await)
}

impl Resource for AwsSnsTopicPolicy {
    type Live = Topic;

    fn spec() -> Spec<Topic> {
        Spec::new("aws_sns_topic_policy", |t| Some(t.arn.clone()), Rows::rows::<Topic>())
            .role(Role::NotServing("it says who may use a topic"))
            .holds_again(crate::resources::holds::topic_policy)
            .unique(&[&["arn"]])
            .recover(Recover::Key)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Topic>> {
        let mut found = topic::listed(aws, &which.by("arn")).await?;
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
