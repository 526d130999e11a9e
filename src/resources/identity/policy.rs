//! aws_iam_policy: a policy of its own, in versions. A change is a new version that is in force at once;
//! IAM keeps five, so the oldest that is not in force goes before a sixth.

use super::{decoded, name, path};
use crate::resources::prelude::*;
use crate::resources::settle::unless_gone;
use aws_sdk_iam::operation::create_policy::builders::CreatePolicyFluentBuilder as CreatePolicy;
use aws_sdk_iam::types::{Policy, PolicyScopeType, PolicyVersion};
use std::time::Duration;

/// A policy with the document that is in force.
pub struct Live {
    /// What IAM says of it.
    pub policy: Policy,
    /// The document, decoded.
    pub document: String,
}

/// The resource type `aws_iam_policy`.
pub struct AwsIamPolicy;

table! {
    Rows: Live, create CreatePolicy {
        delay_after_policy_creation_in_ms: Int, none;
        description: Text, create [.force_new().read(|l| l.held().policy.description().into())];
        name = policy_name: Text, create
            [.optional_computed().force_new().check(name).read(|l| l.held().policy.policy_name().into())];
        name_prefix: Text, none [.optional_computed().force_new().check(name)];
        path: Text, create [.default("/").force_new().check(path).read(|l| l.held().policy.path().into())];
        policy = policy_document: Text, create
            [.required().normal(Normal::Policy).check(checks::policy).read(|l| l.held().document.as_str().into())];
        arn: Text, none [.computed().read(|l| l.held().policy.arn().into())];
        attachment_count: Int, none [.computed().read(|l| l.held().policy.attachment_count().into())];
        policy_id: Text, none [.computed().read(|l| l.held().policy.policy_id().into())];
    }
}

/// How many versions IAM keeps (IAM quotas).
const VERSIONS: usize = 5;
const DELAY: &str = "delay_after_policy_creation_in_ms";

/// The policies with these ARNs.
pub async fn listed(aws: &Aws, arns: &[String]) -> Result<Vec<Live>> {
    each(arns.to_vec(), |arn| async move {
        let answer = aws.read.iam.get_policy().policy_arn(&arn).send().await?;
        let policy = answer.policy.ok_or_else(|| Error::not_found(format!("there is no policy {arn}")))?;
        let call = aws.read.iam.get_policy_version().policy_arn(&arn);
        let version = call.set_version_id(policy.default_version_id().map(Into::into)).send().await?.policy_version;
        let document = version.as_ref().and_then(PolicyVersion::document).map(decoded).unwrap_or_default();
        Ok(Live { policy, document })
    })
    .await
}

/// The ARNs of policies under a path, of a name if one is given.
pub async fn found(aws: &Aws, scope: PolicyScopeType, path: Option<&str>, name: Option<&str>) -> Result<Vec<String>> {
    let call = aws.read.iam.list_policies().scope(scope).set_path_prefix(path.map(Into::into));
    let mut all = all_of(call.into_paginator().items().send()).await?;
    all.retain(|policy| name.is_none() || policy.policy_name() == name);
    Ok(all.into_iter().filter_map(|policy| policy.arn).collect())
}

async fn versions(aws: &Aws, arn: &str) -> Result<Vec<PolicyVersion>> {
    all_of(aws.read.iam.list_policy_versions().policy_arn(arn).into_paginator().items().send()).await
}

/// The number of a version: 12 of `v12`.
fn number(version: &PolicyVersion) -> u64 {
    version.version_id().and_then(|id| id.strip_prefix('v')).and_then(|n| n.parse().ok()).unwrap_or(0)
}

async fn drop_version(aws: &Aws, arn: &str, version: &PolicyVersion) -> Result<()> {
    let id = version.version_id().unwrap_or_default();
    unless_gone(aws.write.iam.delete_policy_version().policy_arn(arn).version_id(id).send().await)
}

impl Resource for AwsIamPolicy {
    type Live = Live;

    fn spec() -> Spec<Live> {
        Spec::new("aws_iam_policy", |l| l.policy.arn().map(Into::into), Rows::rows::<Live>())
            .role(Role::NotServing("it says what members may do"))
            .own_tags(|l| tags::of(l.policy.tags()))
            .by_name()
            .global()
            .recover(Recover::Key)
            .unset_by_create(|_| vec![DELAY])
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Live>> {
        match which {
            Which::Ids(arns) => listed(aws, arns).await,
            Which::Token(_) => Ok(Vec::new()),
            Which::NaturalKey(want) => {
                let arns = found(aws, PolicyScopeType::Local, want.str("path"), want.str("name")).await?;
                let mut all = listed(aws, &arns).await?;
                all.retain(|live| live.policy.path() == want.str("path"));
                Ok(all)
            }
        }
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let call = Rows::create(aws.write.iam.create_policy(), want);
        made(call.set_tags(tags::wanted(want)).send().await?.policy().and_then(Policy::arn))
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        let iam = &aws.write.iam;
        if let Some(wait) = change.take(DELAY).and_then(Value::as_i64).and_then(|ms| u64::try_from(ms).ok())
            && change.fresh
        {
            tokio::time::sleep(Duration::from_millis(wait)).await;
        }
        if let Some(document) = change.take("policy").and_then(Value::as_str) {
            let held = versions(aws, id).await?;
            let old = held.iter().filter(|v| !v.is_default_version()).min_by_key(|v| number(v));
            if let Some(old) = old.filter(|_| held.len() >= VERSIONS) {
                drop_version(aws, id, old).await?;
            }
            iam.create_policy_version().policy_arn(id).policy_document(document).set_as_default(true).send().await?;
        }
        tags::change_by!(change, iam, tag_policy untag_policy, policy_arn id).map(drop)
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        for version in versions(aws, id).await?.iter().filter(|v| !v.is_default_version()) {
            drop_version(aws, id, version).await?;
        }
        done(aws.write.iam.delete_policy().policy_arn(id).send().await)
    }
}
