//! aws_secretsmanager_secret: the holder of secret values. A deleted one stays for its recovery window,
//! and keeps its name; it counts as gone.

use crate::resources::block::{TimestampCell, some};
use crate::resources::kms::kms_alias::same_key;
use crate::resources::prelude::*;
use aws_sdk_secretsmanager::operation::create_secret::builders::CreateSecretFluentBuilder as CreateSecret;
use aws_sdk_secretsmanager::operation::describe_secret::DescribeSecretOutput;
use aws_sdk_secretsmanager::types::{
    Filter, FilterNameStringType, ReplicaRegionType, ReplicationStatusType, StatusType,
};

/// The resource type `aws_secretsmanager_secret`.
pub struct AwsSecretsmanagerSecret;

/// A secret with its policy.
pub struct Secret {
    meta: DescribeSecretOutput,
    policy: Option<String>,
}

/// The key that Secrets Manager uses by default, here and in replicas.
const OWN_KEY: &str = "alias/aws/secretsmanager";

block! {
    /// A copy in another region.
    Replica: ReplicationStatusType => ReplicaRegionType {
        kms_key_id: Text [.optional_computed().normal(Normal::With(same_key))];
        region: Text [.required()];
        last_accessed_date: TimestampCell, read [.computed()];
        status: EnumCell, read [.computed()];
        status_message: Text, read [.computed()];
    }
}

table! {
    Rows: DescribeSecretOutput, create CreateSecret {
        description: Text;
        force_overwrite_replica_secret: Switch, create;
        kms_key_id: Text [.normal(Normal::With(keys_alike))];
        name: Text [.optional_computed().force_new().check(name)];
        name_prefix: Text, none [.optional_computed().force_new().check(name)];
        recovery_window_in_days: Int, none [.default(30).check(window)];
        replica: BlockSet<Replica>, read(replication_status), create(add_replica_regions);
        r#type: Text [.force_new()];
        arn: Text, read [.computed()];
    }
}

impl Holds<DescribeSecretOutput> for Secret {
    fn held(&self) -> &DescribeSecretOutput {
        &self.meta
    }
}

/// A document without a statement is not a policy.
fn policies_alike(a: &Value, b: &Value) -> bool {
    let empty = |v: &Value| v.as_str().is_none_or(|text| text.is_empty() || text.trim() == "{}");
    empty(a) && empty(b) || Normal::Policy.equivalent(a, b)
}

/// Named or not, the service's own key is the same.
fn keys_alike(a: &Value, b: &Value) -> bool {
    let own = |v: &Value| v.as_str().is_none_or(|text| text.is_empty() || text.ends_with(OWN_KEY));
    own(a) && own(b) || same_key(a, b)
}

fn window(value: &Value) -> Result<(), String> {
    let fits = |n| n == 0 || (7..=30).contains(&n);
    checks::number(value, fits, "is out of range; AWS takes 7 to 30 days, or 0 for no recovery")
}

fn name(value: &Value) -> Result<(), String> {
    let sign = |c: char| c.is_ascii_alphanumeric() || "/_+=.@-".contains(c);
    let fits = |text: &str| text.len() <= 512 && text.chars().all(sign);
    checks::text(value, fits, "is not a valid secret name; AWS takes up to 512 letters, digits and /_+=.@-")
}

fn progress(s: &Secret) -> Progress {
    if s.meta.deleted_date().is_some() {
        return Progress::Gone;
    }
    let in_state = |state: StatusType| s.meta.replication_status().iter().find(move |r| r.status() == Some(&state));
    match (in_state(StatusType::Failed), in_state(StatusType::InProgress)) {
        (Some(failed), _) => Progress::Failed(failed.status_message().unwrap_or("a replica failed").to_owned()),
        (_, Some(_)) => Progress::Pending("replicating".into()),
        _ => Progress::Ready,
    }
}

/// A secret by name or ARN.
pub(super) async fn described(aws: &Aws, id: &str) -> Result<DescribeSecretOutput> {
    Ok(aws.read.secretsmanager.describe_secret().secret_id(id).send().await?)
}

pub(super) async fn policy_of(aws: &Aws, id: &str) -> Result<Option<String>> {
    Ok(aws.read.secretsmanager.get_resource_policy().secret_id(id).send().await?.resource_policy)
}

/// A secret with its details; none are asked for where it is deleted.
async fn complete(aws: &Aws, id: &str) -> Result<Secret> {
    let meta = described(aws, id).await?;
    let policy = if meta.deleted_date().is_some() { None } else { policy_of(aws, id).await? };
    Ok(Secret { meta, policy })
}

/// The ARNs of the secrets with this token. The list lags behind, by minutes at times; `create` does
/// not depend on it.
async fn with_token(aws: &Aws, token: &Token) -> Result<Vec<String>> {
    let filter = Filter::builder().key(FilterNameStringType::TagValue).values(&token.0).build();
    let call = aws.read.secretsmanager.list_secrets().filters(filter);
    let pages = all_of(call.into_paginator().send()).await?;
    let mut all: Vec<_> = pages.into_iter().flat_map(|page| page.secret_list.unwrap_or_default()).collect();
    all.retain(|secret| tags::hold_token(secret.tags(), token));
    Ok(all.into_iter().filter_map(|secret| secret.arn).collect())
}

impl Resource for AwsSecretsmanagerSecret {
    type Live = Secret;

    fn spec() -> Spec<Secret> {
        let policy = A::string("policy").optional_computed().normal(Normal::With(policies_alike));
        let rows = Rows::rows().into_iter().chain([policy.read(|s: &Secret| s.policy.as_deref().into())]);
        Spec::new("aws_secretsmanager_secret", |s| s.meta.arn.clone(), rows.collect())
            .role(Role::NotServing("members read it as they start"))
            .own_tags(|s| tags::of(s.meta.tags()))
            .by_name()
            .progress(progress)
            .recover(Recover::ClientToken)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Secret>> {
        let ids = match which {
            Which::Ids(ids) => ids.to_vec(),
            Which::Token(token) => with_token(aws, token).await?,
            Which::NaturalKey(want) => want.string("name").into_iter().collect(),
        };
        each(ids, |id| async move { complete(aws, &id).await }).await
    }

    /// A second create with the same token finds the name taken: by our own secret, as its tag shows.
    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let name = want.str("name").unwrap_or_default();
        let call = Rows::create(aws.write.secretsmanager.create_secret(), want).client_request_token(&token.0);
        let answer = call.set_tags(tags::marked(want, token)).send().await.map_err(Error::from);
        match answer {
            Ok(answer) => made(answer.arn()),
            Err(e) if e.kind == Kind::Exists => {
                let there = described(aws, name).await?;
                let ours = tags::hold_token(there.tags(), token) && there.deleted_date().is_none();
                if ours { made(there.arn()) } else { Err(e) }
            }
            Err(e) => Err(e),
        }
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        let write = &aws.write.secretsmanager;
        change.take_any(&["force_overwrite_replica_secret", "recovery_window_in_days"]);
        if change.take_any(&["description", "kms_key_id"]) {
            let key = change.after.string("kms_key_id").filter(|k| !k.is_empty());
            let call = write.update_secret().secret_id(id);
            call.description(change.after.str("description").unwrap_or_default())
                .kms_key_id(key.unwrap_or_else(|| OWN_KEY.into()))
                .send()
                .await?;
        }
        if let Some(policy) = change.take("policy") {
            match policy.as_str() {
                Some(text) if !policies_alike(policy, &Value::any_null()) => {
                    let call = write.put_resource_policy().secret_id(id).resource_policy(text);
                    settle::once_known(|| async { Ok(call.clone().send().await?) }).await?;
                }
                _ => settle::unless_gone(write.delete_resource_policy().secret_id(id).send().await)?,
            }
        }
        if change.take("replica").is_some() {
            replicate(aws, id, change).await?;
        }
        tags::change_by!(change, write, tag_resource untag_resource, secret_id id).map(drop)
    }

    /// Replicas go first. Without a recovery window the end is waited for, so that the name is free.
    async fn delete(aws: &Aws, id: &str, last: &Attrs) -> Result<()> {
        let there = match described(aws, id).await {
            Err(e) if e.is_not_found() => return Ok(()),
            there => there?,
        };
        if there.deleted_date().is_some() {
            return Ok(());
        }
        let regions: Vec<String> = there.replication_status().iter().filter_map(|r| r.region.clone()).collect();
        if !regions.is_empty() {
            unreplicate(aws, id, regions).await?;
        }
        let call = aws.write.secretsmanager.delete_secret().secret_id(id);
        match last.get("recovery_window_in_days").and_then(Value::as_i64) {
            Some(0) => {
                settle::unless_gone(call.force_delete_without_recovery(true).send().await)?;
                settle::until("the secret to be gone", || async {
                    match described(aws, id).await {
                        Err(e) if e.is_not_found() => Ok(true),
                        answer => answer.map(|_| false),
                    }
                })
                .await
            }
            days => settle::unless_gone(call.set_recovery_window_in_days(days).send().await),
        }
    }
}

/// Another key for a region means another replica there.
async fn replicate(aws: &Aws, id: &str, change: &Change<'_>) -> Result<()> {
    let (before, after) = (change.before.blocks("replica"), change.after.blocks("replica"));
    let alike = |old: &Attrs, new: &Attrs| {
        let key = new.get("kms_key_id").filter(|key| !key.is_null());
        old.str("region") == new.str("region") && key.is_none_or(|key| same_key(key, &old.str("kms_key_id").into()))
    };
    let gone = before.iter().filter(|old| !after.iter().any(|new| alike(old, new)));
    let gone: Vec<String> = gone.filter_map(|old| old.string("region")).collect();
    if !gone.is_empty() {
        unreplicate(aws, id, gone).await?;
    }
    let new = after.iter().filter(|new| !before.iter().any(|old| alike(old, new)));
    if let Some(regions) = some(new.map(Replica::write).collect()) {
        let call = aws.write.secretsmanager.replicate_secret_to_regions().secret_id(id);
        let force = change.after.bool("force_overwrite_replica_secret");
        call.set_add_replica_regions(Some(regions)).set_force_overwrite_replica_secret(force).send().await?;
    }
    Ok(())
}

async fn unreplicate(aws: &Aws, id: &str, regions: Vec<String>) -> Result<()> {
    let call = aws.write.secretsmanager.remove_regions_from_replication().secret_id(id);
    done(call.set_remove_replica_regions(Some(regions)).send().await)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_policy_is_none_and_the_services_key_needs_no_name() {
        assert!(policies_alike(&"{}".into(), &Value::any_null()));
        assert!(!policies_alike(&"{}".into(), &r#"{"Statement":[]}"#.into()));
        assert!(keys_alike(&OWN_KEY.into(), &Value::any_null()));
        assert!(!keys_alike(&"k-1".into(), &Value::any_null()));
    }

    #[test]
    fn a_recovery_window_and_a_name_are_checked_before_any_call() {
        assert_eq!(window(&0.into()), Ok(()));
        assert!(window(&3.into()).is_err());
        assert_eq!(name(&"db/main_1+=.@-".into()), Ok(()));
        assert!(name(&"two words".into()).is_err());
    }
}
