//! aws_cloudwatch_log_resource_policy: which services may write logs, for the account by a name or for one group.

use crate::resources::prelude::*;
use crate::resources::settle::unless_gone;
use aws_sdk_cloudwatchlogs::types::{PolicyScope, ResourcePolicy};

/// The resource type `aws_cloudwatch_log_resource_policy`.
pub struct AwsCloudwatchLogResourcePolicy;

table! {
    Rows: ResourcePolicy {
        policy_document: Text, read [.required().normal(Normal::Policy).check(checks::policy)];
        policy_name: Text, read [.force_new()];
        policy_scope: EnumCell, read [.computed()];
        resource_arn: Text, read [.force_new()];
        revision_id: Text, read [.computed().follows(&["policy_document"])];
    }
}

fn id(policy: &ResourcePolicy) -> Option<String> {
    policy.resource_arn().or(policy.policy_name()).map(Into::into)
}

async fn put(aws: &Aws, want: &Attrs) -> Result<()> {
    let call = aws.write.logs.put_resource_policy().set_policy_document(want.string("policy_document"));
    let call = call.set_policy_name(text(want, "policy_name")).set_resource_arn(text(want, "resource_arn"));
    settle::once_known(|| async { Ok(call.clone().send().await?) }).await.map(drop)
}

impl Resource for AwsCloudwatchLogResourcePolicy {
    type Live = ResourcePolicy;

    fn spec() -> Spec<ResourcePolicy> {
        Spec::new("aws_cloudwatch_log_resource_policy", id, Rows::rows())
            .role(Role::NotServing("it says who may write logs"))
            .exactly_one(&[&["policy_name", "resource_arn"]])
            .unique(&[&["policy_name", "resource_arn"]])
            .recover(Recover::Key)
    }

    /// One list gives all of the account, which has ten at the most; each group is asked about its own.
    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<ResourcePolicy>> {
        let ids = match which {
            Which::Ids(ids) => ids.to_vec(),
            Which::NaturalKey(want) => text(want, "resource_arn").or(text(want, "policy_name")).into_iter().collect(),
            Which::Token(_) => Vec::new(),
        };
        let (arns, names): (Vec<String>, Vec<String>) = ids.into_iter().partition(|id| id.starts_with("arn:"));
        let mut found = each(arns, |arn| async move {
            let call = aws.read.logs.describe_resource_policies().resource_arn(arn);
            Ok(call.policy_scope(PolicyScope::Resource).send().await?.resource_policies.unwrap_or_default())
        })
        .await?;
        if !names.is_empty() {
            let answer = aws.read.logs.describe_resource_policies().limit(50).send().await?;
            let mut all = answer.resource_policies.unwrap_or_default();
            all.retain(|policy| policy.policy_name().is_some_and(|name| names.iter().any(|n| n == name)));
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
        let call = aws.write.logs.delete_resource_policy();
        let call = match id.starts_with("arn:") {
            true => call.resource_arn(id).set_expected_revision_id(text(last, "revision_id")),
            false => call.policy_name(id),
        };
        unless_gone(call.send().await)
    }
}
