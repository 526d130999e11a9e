//! aws_sns_topic_data_protection_policy and aws_cloudwatch_log_data_protection_policy: what of personal data a topic or a
//! group of logs finds, hides or refuses.

use crate::aws::api::member_text;
use crate::aws::api::services::{LOGS, SNS};
use crate::resources::prelude::*;
use crate::resources::settle::unless_gone;
use serde_json::json;

/// The resource type `aws_sns_topic_data_protection_policy`.
pub struct AwsSnsTopicDataProtectionPolicy;
/// The resource type `aws_cloudwatch_log_data_protection_policy`.
pub struct AwsCloudwatchLogDataProtectionPolicy;

/// What a policy is of, and the policy.
pub struct Live {
    of: String,
    policy: String,
}

const WHY: &str = "it says what of messages and logs is hidden";

fn spec(
    name: &'static str,
    of: &'static str,
    policy: &'static str,
    unique: &'static [&'static [&'static str]],
) -> Spec<Live> {
    let all = vec![
        A::string(of).required().force_new().read(|l: &Live| (&l.of).into()),
        A::string(policy).required().normal(Normal::Json).check(checks::policy).read(|l| (&l.policy).into()),
    ];
    Spec::new(name, |l: &Live| Some(l.of.clone()), all).role(Role::NotServing(WHY)).unique(unique).recover(Recover::Key)
}

/// A policy that is there: an empty text is none.
fn held(of: String, policy: Option<String>) -> Result<Live> {
    match policy.filter(|text| !text.trim().is_empty()) {
        Some(policy) => Ok(Live { of, policy }),
        None => Err(Error::not_found(format!("{of} has no data protection policy"))),
    }
}

async fn put_on_topic(aws: &Aws, arn: &str, policy: &str) -> Result<()> {
    let input = json!({"ResourceArn": arn, "DataProtectionPolicy": policy});
    done(aws.write.api.call(&SNS, "PutDataProtectionPolicy", input).await)
}

impl Resource for AwsSnsTopicDataProtectionPolicy {
    type Live = Live;

    fn spec() -> Spec<Live> {
        spec("aws_sns_topic_data_protection_policy", "arn", "policy", &[&["arn"]])
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Live>> {
        each(which.by("arn"), |of| async move {
            let answer = aws.read.api.call(&SNS, "GetDataProtectionPolicy", json!({"ResourceArn": of})).await?;
            held(of, member_text(&answer, "DataProtectionPolicy"))
        })
        .await
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let arn = want.string("arn").unwrap_or_default();
        put_on_topic(aws, &arn, want.str("policy").unwrap_or_default()).await?;
        Ok(arn)
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        match change.take("policy").and_then(Value::as_str) {
            Some(policy) => put_on_topic(aws, id, policy).await,
            None => Ok(()),
        }
    }

    /// SNS takes an empty policy for none.
    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        unless_gone(put_on_topic(aws, id, "").await)
    }
}

async fn put_on_group(aws: &Aws, name: &str, policy: &str) -> Result<()> {
    let input = json!({"logGroupIdentifier": name, "policyDocument": policy});
    done(aws.write.api.call(&LOGS, "PutDataProtectionPolicy", input).await)
}

impl Resource for AwsCloudwatchLogDataProtectionPolicy {
    type Live = Live;

    fn spec() -> Spec<Live> {
        let name = "aws_cloudwatch_log_data_protection_policy";
        spec(name, "log_group_name", "policy_document", &[&["log_group_name"]])
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Live>> {
        each(which.by("log_group_name"), |of| async move {
            let input = json!({"logGroupIdentifier": of});
            let answer = aws.read.api.call(&LOGS, "GetDataProtectionPolicy", input).await?;
            held(of, member_text(&answer, "policyDocument"))
        })
        .await
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let name = want.string("log_group_name").unwrap_or_default();
        put_on_group(aws, &name, want.str("policy_document").unwrap_or_default()).await?;
        Ok(name)
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        match change.take("policy_document").and_then(Value::as_str) {
            Some(policy) => put_on_group(aws, id, policy).await,
            None => Ok(()),
        }
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        let input = json!({"logGroupIdentifier": id});
        unless_gone(aws.write.api.call(&LOGS, "DeleteDataProtectionPolicy", input).await)
    }
}
