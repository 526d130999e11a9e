//! aws_kms_key_policy and aws_secretsmanager_secret_policy: the policy of a key and of a secret as objects of their own.

use crate::aws::api::member_text;
use crate::aws::api::services::SECRETS;
use crate::resources::kms::kms_key::{policy_of, put_policy};
use crate::resources::kms::secret::policy_of as policy_of_secret;
use crate::resources::prelude::*;
use crate::resources::settle::unless_gone;
use serde_json::json;

/// The resource type `aws_kms_key_policy`.
pub struct AwsKmsKeyPolicy;
/// The resource type `aws_secretsmanager_secret_policy`.
pub struct AwsSecretsmanagerSecretPolicy;

/// What a policy is of, and the policy.
pub struct Live {
    of: String,
    policy: String,
}

fn policy() -> A<Live> {
    let row = A::string("policy").required().normal(Normal::Policy).check(checks::policy);
    row.read(|l: &Live| l.policy.as_str().into())
}

fn of(name: &'static str) -> A<Live> {
    A::string(name).required().force_new().read(|l: &Live| l.of.as_str().into())
}

/// The policy that a key has when nobody says otherwise (AWS KMS Developer Guide, "Default key policy").
fn usual(aws: &Aws) -> String {
    let root = format!("arn:{}:iam::{}:root", aws.partition, aws.account);
    let lets = serde_json::json!({"Sid": "Enable IAM User Permissions", "Effect": "Allow", "Principal": {"AWS": root},
                                  "Action": "kms:*", "Resource": "*"});
    serde_json::json!({"Id": "default", "Version": "2012-10-17", "Statement": [lets]}).to_string()
}

impl Resource for AwsKmsKeyPolicy {
    type Live = Live;

    fn spec() -> Spec<Live> {
        let bypass = A::bool("bypass_policy_lockout_safety_check").default(false);
        Spec::new("aws_kms_key_policy", |l: &Live| Some(l.of.clone()), vec![bypass, of("key_id"), policy()])
            .role(Role::NotServing("what is encrypted says what serves"))
            .unique(&[&["key_id"]])
            .recover(Recover::Key)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Live>> {
        each(which.by("key_id"), |of| async move {
            let policy = member_text(&policy_of(aws, &of).await?, "Policy").unwrap_or_default();
            Ok(Live { of, policy })
        })
        .await
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let (key, bypass) = (want.str("key_id").unwrap_or_default(), want.bool("bypass_policy_lockout_safety_check"));
        put_policy(aws, key, want.str("policy").unwrap_or_default(), bypass).await?;
        Ok(key.to_owned())
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        change.take("bypass_policy_lockout_safety_check");
        let bypass = change.after.bool("bypass_policy_lockout_safety_check");
        match change.take("policy").and_then(Value::as_str) {
            Some(policy) => put_policy(aws, id, policy, bypass).await,
            None => Ok(()),
        }
    }

    /// A key always has a policy: it goes back to the usual one.
    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        match put_policy(aws, id, &usual(aws), None).await {
            Err(e) if e.is_not_found() || e.is("KMSInvalidStateException") => Ok(()),
            answer => answer,
        }
    }
}

async fn put_on_secret(aws: &Aws, want: &Attrs) -> Result<()> {
    let input = json!({
        "SecretId": want.str("secret_arn"),
        "ResourcePolicy": want.str("policy"),
        "BlockPublicPolicy": want.bool("block_public_policy"),
    });
    settle::once_known(|| aws.write.api.call(&SECRETS, "PutResourcePolicy", input.clone())).await.map(drop)
}

impl Resource for AwsSecretsmanagerSecretPolicy {
    type Live = Live;

    fn spec() -> Spec<Live> {
        let public = A::bool("block_public_policy");
        let all = vec![public, policy(), of("secret_arn")];
        Spec::new("aws_secretsmanager_secret_policy", |l: &Live| Some(l.of.clone()), all)
            .role(Role::NotServing("it says who may read a secret"))
            .unique(&[&["secret_arn"]])
            .recover(Recover::Key)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Live>> {
        each(which.by("secret_arn"), |of| async move {
            let missing = || Error::not_found(format!("{of} has no policy"));
            let policy = policy_of_secret(aws, &of).await?.filter(|text| text.trim() != "{}").ok_or_else(missing)?;
            Ok(Live { of, policy })
        })
        .await
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        put_on_secret(aws, want).await?;
        made(want.str("secret_arn"))
    }

    async fn update(aws: &Aws, _id: &str, change: &mut Change<'_>) -> Result<()> {
        if change.take_any(&["block_public_policy", "policy"]) {
            put_on_secret(aws, change.after).await
        } else {
            Ok(())
        }
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        unless_gone(aws.write.api.call(&SECRETS, "DeleteResourcePolicy", json!({"SecretId": id})).await)
    }
}
