//! aws_iam_policy: a policy of its own, in versions. A change is a new version that is in force at once;
//! IAM keeps five, so the oldest that is not in force goes before a sixth.

use super::{PAGES, decoded, name, new_tags, path, retag, tags_of};
use crate::aws::api::services::IAM;
use crate::aws::api::{member, member_text};
use crate::resources::document::{Document, document};
use crate::resources::plain::joined;
use crate::resources::prelude::*;
use crate::resources::settle::unless_gone;
use serde_json::{Value as Json, json};
use std::time::Duration;

/// The resource type `aws_iam_policy`.
pub struct AwsIamPolicy;

document! {
    /// A policy with the document that is in force, which is under a name of our own.
    Rows {
        delay_after_policy_creation_in_ms = "": Int, none;
        description = "Description": Text [.force_new()];
        name = "PolicyName": Text [.optional_computed().force_new().check(name)];
        name_prefix = "": Text, none [.optional_computed().force_new().check(name)];
        path = "Path": Text [.default("/").force_new().check(path)];
        policy = "PolicyDocument": Text, create
            [.required().normal(Normal::Policy).check(checks::policy)]
            [.read(|p| member_text(p.held(), "Document").into())];
        arn = "Arn": Text, read [.computed()];
        attachment_count = "AttachmentCount": Int, read [.computed()];
        policy_id = "PolicyId": Text, read [.computed()];
    }
}

/// How many versions IAM keeps (IAM quotas).
const VERSIONS: usize = 5;
const DELAY: &str = "delay_after_policy_creation_in_ms";

/// The policies with these ARNs.
pub async fn listed(aws: &Aws, arns: &[String]) -> Result<Vec<Json>> {
    each(arns.to_vec(), |arn| async move {
        let answer = aws.read.api.call(&IAM, "GetPolicy", json!({"PolicyArn": arn})).await?;
        let missing = || Error::not_found(format!("the policy {arn} was not found"));
        let policy = member(&answer, "Policy").cloned().ok_or_else(missing)?;
        let input = json!({"PolicyArn": arn, "VersionId": policy["DefaultVersionId"]});
        let version = aws.read.api.call(&IAM, "GetPolicyVersion", input).await?;
        let document = member_text(&version, "PolicyVersion.Document").as_deref().map(decoded).unwrap_or_default();
        Ok(joined(json!({"Document": document}), policy))
    })
    .await
}

/// The ARNs of policies under a path, of a name if one is given.
pub async fn found(aws: &Aws, scope: &str, path: Option<&str>, name: Option<&str>) -> Result<Vec<String>> {
    let input = json!({"Scope": scope, "PathPrefix": path});
    let mut all = aws.read.api.list(&IAM, "ListPolicies", input, PAGES, "Policies.member").await?;
    all.retain(|policy| name.is_none() || policy["PolicyName"].as_str() == name);
    Ok(all.iter().filter_map(|policy| member_text(policy, "Arn")).collect())
}

async fn versions(aws: &Aws, arn: &str) -> Result<Vec<Json>> {
    aws.read.api.list(&IAM, "ListPolicyVersions", json!({"PolicyArn": arn}), PAGES, "Versions.member").await
}

/// The number of a version: 12 of `v12`.
fn number(version: &Json) -> u64 {
    version["VersionId"].as_str().and_then(|id| id.strip_prefix('v')).and_then(|n| n.parse().ok()).unwrap_or(0)
}

fn in_force(version: &Json) -> bool {
    member_text(version, "IsDefaultVersion").as_deref() == Some("true")
}

async fn drop_version(aws: &Aws, arn: &str, version: &Json) -> Result<()> {
    let input = json!({"PolicyArn": arn, "VersionId": version["VersionId"]});
    unless_gone(aws.write.api.call(&IAM, "DeletePolicyVersion", input).await)
}

impl Resource for AwsIamPolicy {
    type Live = Json;

    fn spec() -> Spec<Json> {
        Spec::new("aws_iam_policy", |p| member_text(p, "Arn"), Rows::rows::<Json>())
            .role(Role::NotServing("it says what members may do"))
            .own_tags(|p| tags::of(&tags_of(p)))
            .by_name()
            .global()
            .recover(Recover::Key)
            .unset_by_create(|_| vec![DELAY])
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Json>> {
        match which {
            Which::Ids(arns) => listed(aws, arns).await,
            Which::Token(_) => Ok(Vec::new()),
            Which::NaturalKey(want) => {
                let arns = found(aws, "Local", want.str("path"), want.str("name")).await?;
                let mut all = listed(aws, &arns).await?;
                all.retain(|policy| policy["Path"].as_str() == want.str("path"));
                Ok(all)
            }
        }
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let answer = aws.write.api.call(&IAM, "CreatePolicy", joined(Rows::create(want), new_tags(want))).await?;
        made(member_text(&answer, "Policy.Arn").as_deref())
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        if let Some(wait) = change.take(DELAY).and_then(Value::as_i64).and_then(|ms| u64::try_from(ms).ok())
            && change.fresh
        {
            tokio::time::sleep(Duration::from_millis(wait)).await;
        }
        if let Some(document) = change.take("policy").and_then(Value::as_str) {
            let held = versions(aws, id).await?;
            let old = held.iter().filter(|v| !in_force(v)).min_by_key(|v| number(v));
            if let Some(old) = old.filter(|_| held.len() >= VERSIONS) {
                drop_version(aws, id, old).await?;
            }
            let input = json!({"PolicyArn": id, "PolicyDocument": document, "SetAsDefault": true});
            aws.write.api.call(&IAM, "CreatePolicyVersion", input).await?;
        }
        retag(aws, change, ("TagPolicy", "UntagPolicy"), json!({"PolicyArn": id})).await
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        for version in versions(aws, id).await?.iter().filter(|v| !in_force(v)) {
            drop_version(aws, id, version).await?;
        }
        done(aws.write.api.call(&IAM, "DeletePolicy", json!({"PolicyArn": id})).await)
    }
}
