//! aws_secretsmanager_secret: the holder of secret values. A deleted one stays for its recovery window,
//! and keeps its name; it counts as gone.

use crate::aws::api::services::SECRETS;
use crate::aws::api::{Pages, items, member, member_text};
use crate::resources::block::{TimestampCell, some};
use crate::resources::document::{Document, Unordered, at, document};
use crate::resources::kms::kms_alias::same_key;
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};

/// The resource type `aws_secretsmanager_secret`.
pub struct AwsSecretsmanagerSecret;

/// A secret with its policy.
pub struct Secret {
    meta: Json,
    policy: Option<String>,
}

/// The key that Secrets Manager uses by default, here and in replicas.
const OWN_KEY: &str = "alias/aws/secretsmanager";

/// The member of a secret that has its copies.
const COPIES: &str = "ReplicationStatus";

document! {
    /// A copy in another region.
    Replica {
        kms_key_id = "KmsKeyId": Text [.optional_computed().normal(Normal::With(same_key))];
        region = "Region": Text [.required()];
        last_accessed_date = "LastAccessedDate": TimestampCell, read [.computed()];
        status = "Status": Text, read [.computed()];
        status_message = "StatusMessage": Text, read [.computed()];
    }
}

document! {
    Rows {
        description = "Description": Text;
        force_overwrite_replica_secret = "ForceOverwriteReplicaSecret": Switch, create;
        kms_key_id = "KmsKeyId": Text [.normal(Normal::With(keys_alike))];
        name = "Name": Text [.optional_computed().force_new().check(name)];
        name_prefix = "": Text, none [.optional_computed().force_new().check(name)];
        recovery_window_in_days = "": Int, none [.default(30).check(window)];
        replica = "AddReplicaRegions": Unordered<Replica>, create
            [.read(|s| at::<Unordered<Replica>>(s.held(), COPIES))];
        r#type = "Type": Text [.force_new()];
        arn = "ARN": Text, read [.computed()];
    }
}

impl Holds<Json> for Secret {
    fn held(&self) -> &Json {
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
    if is_deleted(&s.meta) {
        return Progress::Gone;
    }
    let copies = items(&s.meta, COPIES);
    let in_state = |state: &str| copies.iter().find(|copy| member_text(copy, "Status").as_deref() == Some(state));
    match (in_state("Failed"), in_state("InProgress")) {
        (Some(failed), _) => {
            let why = member_text(failed, "StatusMessage");
            Progress::Failed(why.unwrap_or_else(|| "a replica failed".to_owned()))
        }
        (_, Some(_)) => Progress::Pending("replicating".into()),
        _ => Progress::Ready,
    }
}

/// Whether a secret is marked as deleted.
pub(super) fn is_deleted(secret: &Json) -> bool {
    member(secret, "DeletedDate").is_some()
}

/// A secret by name or ARN.
pub(super) async fn described(aws: &Aws, id: &str) -> Result<Json> {
    aws.read.api.call(&SECRETS, "DescribeSecret", json!({"SecretId": id})).await
}

/// A token for one call. Secrets Manager wants one with each call that can make a version.
pub(super) fn token() -> String {
    uuid::Builder::from_random_bytes(rand::random()).into_uuid().to_string()
}

pub(super) async fn policy_of(aws: &Aws, id: &str) -> Result<Option<String>> {
    let answer = aws.read.api.call(&SECRETS, "GetResourcePolicy", json!({"SecretId": id})).await?;
    Ok(member_text(&answer, "ResourcePolicy"))
}

/// The secrets that these filters find.
pub(super) async fn found(aws: &Aws, filters: Option<Vec<Json>>) -> Result<Vec<Json>> {
    let pages = Pages("NextToken", "NextToken");
    aws.read.api.list(&SECRETS, "ListSecrets", json!({"Filters": filters}), pages, "SecretList").await
}

/// A secret with its details; none are asked for where it is deleted.
async fn complete(aws: &Aws, id: &str) -> Result<Secret> {
    let meta = described(aws, id).await?;
    let policy = if is_deleted(&meta) { None } else { policy_of(aws, id).await? };
    Ok(Secret { meta, policy })
}

/// The ARNs of the secrets with this token. The list lags behind, by minutes at times; `create` does
/// not depend on it.
async fn with_token(aws: &Aws, token: &Token) -> Result<Vec<String>> {
    let mut all = found(aws, Some(vec![json!({"Key": "tag-value", "Values": [token.0]})])).await?;
    all.retain(|secret| tags::hold_token(&items(secret, "Tags"), token));
    Ok(all.iter().filter_map(|secret| member_text(secret, "ARN")).collect())
}

impl Resource for AwsSecretsmanagerSecret {
    type Live = Secret;

    fn spec() -> Spec<Secret> {
        let policy = A::string("policy").optional_computed().normal(Normal::With(policies_alike));
        let rows = Rows::rows().into_iter().chain([policy.read(|s: &Secret| s.policy.as_deref().into())]);
        Spec::new("aws_secretsmanager_secret", |s| member_text(&s.meta, "ARN"), rows.collect())
            .role(Role::NotServing("members read it as they start"))
            .own_tags(|s| tags::of(&items(&s.meta, "Tags")))
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
        let mut input = Rows::create(want);
        input["ClientRequestToken"] = json!(token.0);
        input["Tags"] = json!(tags::marked::<Json>(want, token));
        let arn = |of: &Json| made(member_text(of, "ARN").as_deref());
        match aws.write.api.call(&SECRETS, "CreateSecret", input).await {
            Ok(answer) => arn(&answer),
            Err(e) if e.kind == Kind::Exists => {
                let there = described(aws, name).await?;
                let ours = tags::hold_token(&items(&there, "Tags"), token) && !is_deleted(&there);
                if ours { arn(&there) } else { Err(e) }
            }
            Err(e) => Err(e),
        }
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        let call = |operation, input: Json| aws.write.api.call(&SECRETS, operation, input);
        change.take_any(&["force_overwrite_replica_secret", "recovery_window_in_days"]);
        if change.take_any(&["description", "kms_key_id"]) {
            let input = json!({
                "SecretId": id,
                "ClientRequestToken": token(),
                "Description": change.after.str("description").unwrap_or_default(),
                "KmsKeyId": text(change.after, "kms_key_id").unwrap_or_else(|| OWN_KEY.into()),
            });
            call("UpdateSecret", input).await?;
        }
        if let Some(policy) = change.take("policy") {
            match policy.as_str() {
                Some(text) if !policies_alike(policy, &Value::any_null()) => {
                    let input = json!({"SecretId": id, "ResourcePolicy": text});
                    settle::once_known(|| call("PutResourcePolicy", input.clone())).await?;
                }
                _ => settle::unless_gone(call("DeleteResourcePolicy", json!({"SecretId": id})).await)?,
            }
        }
        if change.take("replica").is_some() {
            replicate(aws, id, change).await?;
        }
        tags::change_at(aws, &SECRETS, json!({"SecretId": id}), change).await.map(drop)
    }

    /// Replicas go first. Without a recovery window the end is waited for, so that the name is free.
    async fn delete(aws: &Aws, id: &str, last: &Attrs) -> Result<()> {
        let there = match described(aws, id).await {
            Err(e) if e.is_not_found() => return Ok(()),
            there => there?,
        };
        if is_deleted(&there) {
            return Ok(());
        }
        let regions: Vec<String> =
            items(&there, COPIES).iter().filter_map(|copy| member_text(copy, "Region")).collect();
        if !regions.is_empty() {
            unreplicate(aws, id, regions).await?;
        }
        let call = |input: Json| aws.write.api.call(&SECRETS, "DeleteSecret", input);
        match last.get("recovery_window_in_days").and_then(Value::as_i64) {
            Some(0) => {
                settle::unless_gone(call(json!({"SecretId": id, "ForceDeleteWithoutRecovery": true})).await)?;
                settle::until("the secret to be gone", || async {
                    match described(aws, id).await {
                        Err(e) if e.is_not_found() => Ok(true),
                        answer => answer.map(|_| false),
                    }
                })
                .await
            }
            days => settle::unless_gone(call(json!({"SecretId": id, "RecoveryWindowInDays": days})).await),
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
    if let Some(regions) = some(new.map(Replica::create).collect::<Vec<Json>>()) {
        let force = change.after.bool("force_overwrite_replica_secret");
        let input = json!({"SecretId": id, "AddReplicaRegions": regions, "ForceOverwriteReplicaSecret": force});
        aws.write.api.call(&SECRETS, "ReplicateSecretToRegions", input).await?;
    }
    Ok(())
}

async fn unreplicate(aws: &Aws, id: &str, regions: Vec<String>) -> Result<()> {
    let input = json!({"SecretId": id, "RemoveReplicaRegions": regions});
    done(aws.write.api.call(&SECRETS, "RemoveRegionsFromReplication", input).await)
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
