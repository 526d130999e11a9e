//! aws_cloudwatch_log_resource_policy: which services may write logs, for the account by a name or for one group.

use crate::aws::api::services::LOGS;
use crate::aws::api::{items, member_text};
use crate::resources::document::{Document, document};
use crate::resources::prelude::*;
use crate::resources::settle::unless_gone;
use serde_json::{Value as Json, json};

/// The resource type `aws_cloudwatch_log_resource_policy`.
pub struct AwsCloudwatchLogResourcePolicy;

document! {
    Rows {
        policy_document = "policyDocument": Text, read [.required().normal(Normal::Policy).check(checks::policy)];
        policy_name = "policyName": Text, read [.force_new()];
        policy_scope = "policyScope": Text, read [.computed()];
        resource_arn = "resourceArn": Text, read [.force_new()];
        revision_id = "revisionId": Text, read [.computed().follows(&["policy_document"])];
    }
}

fn id(policy: &Json) -> Option<String> {
    member_text(policy, "resourceArn").or_else(|| member_text(policy, "policyName"))
}

async fn put(aws: &Aws, want: &Attrs) -> Result<()> {
    let input = json!({
        "policyDocument": want.str("policy_document"),
        "policyName": text(want, "policy_name"),
        "resourceArn": text(want, "resource_arn"),
    });
    settle::once_known(|| aws.write.api.call(&LOGS, "PutResourcePolicy", input.clone())).await.map(drop)
}

/// The policies that DescribeResourcePolicies gives.
async fn described(aws: &Aws, input: Json) -> Result<Vec<Json>> {
    Ok(items(&aws.read.api.call(&LOGS, "DescribeResourcePolicies", input).await?, "resourcePolicies"))
}

impl Resource for AwsCloudwatchLogResourcePolicy {
    type Live = Json;

    fn spec() -> Spec<Json> {
        Spec::new("aws_cloudwatch_log_resource_policy", id, Rows::rows())
            .role(Role::NotServing("it says who may write logs"))
            .exactly_one(&[&["policy_name", "resource_arn"]])
            .unique(&[&["policy_name", "resource_arn"]])
            .recover(Recover::Key)
    }

    /// One list gives all of the account, which has ten at the most; each group is asked about its own.
    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Json>> {
        let ids = match which {
            Which::Ids(ids) => ids.to_vec(),
            Which::NaturalKey(want) => text(want, "resource_arn").or(text(want, "policy_name")).into_iter().collect(),
            Which::Token(_) => Vec::new(),
        };
        let (arns, names): (Vec<String>, Vec<String>) = ids.into_iter().partition(|id| id.starts_with("arn:"));
        let of_group = |arn: String| described(aws, json!({"resourceArn": arn, "policyScope": "RESOURCE"}));
        let mut found = each(arns, of_group).await?;
        if !names.is_empty() {
            let mut all = described(aws, json!({"limit": 50})).await?;
            all.retain(|policy| member_text(policy, "policyName").is_some_and(|name| names.contains(&name)));
            found.push(all);
        }
        Ok(found.into_iter().flatten().collect())
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        put(aws, want).await?;
        made(text(want, "resource_arn").or(text(want, "policy_name")).as_deref())
    }

    async fn update(aws: &Aws, _id: &str, change: &mut Change<'_>) -> Result<()> {
        if change.take_all() { put(aws, change.after).await } else { Ok(()) }
    }

    async fn delete(aws: &Aws, id: &str, last: &Attrs) -> Result<()> {
        let input = match id.starts_with("arn:") {
            true => json!({"resourceArn": id, "expectedRevisionId": text(last, "revision_id")}),
            false => json!({"policyName": id}),
        };
        unless_gone(aws.write.api.call(&LOGS, "DeleteResourcePolicy", input).await)
    }
}
