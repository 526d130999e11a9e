//! aws_kms_key: a key of KMS. Its deletion is only scheduled; from then on it counts as gone.

use crate::aws::{Aws, Error, Kind, Result, each, made};
use crate::resources::settle;
use crate::resources::spec::{self, Progress, Resource, Spec, Tagging, Token, Which};
use crate::resources::tags;
use crate::schema::normal::Normal;
use crate::schema::{Attrs, Change, checks};
use crate::value::Value;
use aws_sdk_kms::types::{KeyMetadata, KeySpec, KeyState, KeyUsageType, OriginType, Tag};
use std::ops::RangeInclusive;

type A = spec::A<Key>;

/// The resource type `aws_kms_key`.
pub struct AwsKmsKey;

/// A key with what DescribeKey leaves out.
pub struct Key {
    meta: KeyMetadata,
    policy: Option<String>,
    rotation: Option<Rotation>,
    tags: Vec<Tag>,
}

/// How often new key material is made: days, where AWS says how many.
struct Rotation(Option<i32>);

const SYMMETRIC: &str = "SYMMETRIC_DEFAULT";
const ENCRYPTION: &str = "ENCRYPT_DECRYPT";
const USAGES: [&str; 4] = [ENCRYPTION, "SIGN_VERIFY", "GENERATE_VERIFY_MAC", "KEY_AGREEMENT"];
/// Of its policies a key has only this one.
const POLICY: &str = "default";

fn days(value: &Value, within: RangeInclusive<i64>) -> std::result::Result<(), String> {
    match value.as_i64() {
        Some(n) if !within.contains(&n) => {
            Err(format!("{n} is out of range; AWS takes {} to {} days", within.start(), within.end()))
        }
        _ => Ok(()),
    }
}

fn check(want: &Attrs) -> Vec<(&'static str, String)> {
    let mut wrong = Vec::new();
    let is = |name: &str, word: &str| want.str(name).is_none_or(|given| given == word);
    let rotates = want.bool("enable_key_rotation") == Some(true);
    let able = is("customer_master_key_spec", SYMMETRIC) && is("key_usage", ENCRYPTION);
    if rotates && (!able || want.is_set("custom_key_store_id")) {
        let message = "KMS rotates only symmetric encryption keys that are in no custom key store";
        wrong.push(("enable_key_rotation", message.to_owned()));
    }
    if want.is_set("rotation_period_in_days") && !rotates && !want.is_unknown("enable_key_rotation") {
        let message = "a rotation period needs enable_key_rotation = true";
        wrong.push(("rotation_period_in_days", message.to_owned()));
    }
    if want.is_set("xks_key_id") && !want.is_set("custom_key_store_id") && !want.is_unknown("custom_key_store_id") {
        wrong.push(("xks_key_id", "an external key needs the custom_key_store_id of its store".to_owned()));
    }
    wrong
}

fn progress(k: &Key) -> Progress {
    match k.meta.key_state() {
        Some(KeyState::PendingDeletion | KeyState::PendingReplicaDeletion) => Progress::Gone,
        Some(state @ (KeyState::Creating | KeyState::Updating)) => Progress::Pending(state.as_str().into()),
        _ => Progress::Ready,
    }
}

async fn described(aws: &Aws, id: &str) -> Result<KeyMetadata> {
    described_with(aws, id, Vec::new()).await
}

/// A key as DescribeKey gives it, by id, ARN or alias, to whom these grant tokens let.
pub(super) async fn described_with(aws: &Aws, id: &str, tokens: Vec<String>) -> Result<KeyMetadata> {
    let tokens = Some(tokens).filter(|all| !all.is_empty());
    let answer = aws.read.kms.describe_key().key_id(id).set_grant_tokens(tokens).send().await?;
    answer.key_metadata.ok_or_else(|| Error::not_found(format!("there is no key {id}")))
}

async fn tags_of(aws: &Aws, id: &str) -> Result<Vec<Tag>> {
    let mut pages = aws.read.kms.list_resource_tags().key_id(id).into_paginator().items().send();
    let mut all = Vec::new();
    while let Some(tag) = pages.next().await {
        all.push(tag?);
    }
    Ok(all)
}

async fn policy_of(aws: &Aws, id: &str) -> Result<Option<String>> {
    Ok(aws.read.kms.get_key_policy().key_id(id).policy_name(POLICY).send().await?.policy)
}

async fn rotation_of(aws: &Aws, id: &str) -> Result<Option<Rotation>> {
    let answer = aws.read.kms.get_key_rotation_status().key_id(id).send().await?;
    Ok(answer.key_rotation_enabled.then_some(Rotation(answer.rotation_period_in_days)))
}

/// Whether KMS can be asked for the rotation of a key; it refuses for all others.
fn can_rotate(meta: &KeyMetadata) -> bool {
    meta.key_spec().is_none_or(|spec| *spec == KeySpec::SymmetricDefault)
        && meta.key_usage().is_none_or(|usage| *usage == KeyUsageType::EncryptDecrypt)
        && meta.origin().is_none_or(|origin| *origin == OriginType::AwsKms)
}

/// A key with its details; none are left where its deletion is scheduled.
async fn complete(aws: &Aws, id: &str) -> Result<Key> {
    let meta = described(aws, id).await?;
    let mut key = Key { meta, policy: None, rotation: None, tags: Vec::new() };
    if progress(&key) == Progress::Gone {
        return Ok(key);
    }
    let rotation = async { if can_rotate(&key.meta) { rotation_of(aws, id).await } else { Ok(None) } };
    (key.policy, key.rotation, key.tags) = futures::try_join!(policy_of(aws, id), rotation, tags_of(aws, id))?;
    Ok(key)
}

/// The keys with this token among their tags. KMS has no filter for tags; keys that may not be looked
/// at are not ours.
async fn with_token(aws: &Aws, token: &Token) -> Result<Vec<String>> {
    let mut pages = aws.read.kms.list_keys().into_paginator().items().send();
    let mut ids = Vec::new();
    while let Some(entry) = pages.next().await {
        ids.extend(entry?.key_id);
    }
    let ours = each(ids, |id| async move {
        match tags_of(aws, &id).await {
            Ok(tags) => Ok(tags::hold_token(pairs(&tags), token).then_some(id)),
            Err(e) if e.kind == Kind::Denied => Ok(None),
            Err(e) => Err(e),
        }
    });
    Ok(ours.await?.into_iter().flatten().collect())
}

fn pairs(tags: &[Tag]) -> impl Iterator<Item = (&str, &str)> {
    tags.iter().map(|t| (t.tag_key(), t.tag_value()))
}

fn sdk_tags(tags: impl IntoIterator<Item = (String, String)>) -> Result<Vec<Tag>> {
    let tag = |(k, v)| Tag::builder().tag_key(k).tag_value(v).build();
    let all: std::result::Result<_, _> = tags.into_iter().map(tag).collect();
    all.map_err(|e| Error::new(Kind::Refused, e.to_string()))
}

impl Resource for AwsKmsKey {
    type Live = Key;

    fn spec() -> Spec<Key> {
        let [tags, tags_all] = A::tags(|k| tags::visible(pairs(&k.tags)));
        Spec::new(
            "aws_kms_key",
            |k| Some(k.meta.key_id.clone()),
            vec![
                A::bool("bypass_policy_lockout_safety_check").default(false),
                A::string("custom_key_store_id").force_new().read(|k| k.meta.custom_key_store_id().into()),
                A::string("customer_master_key_spec")
                    .default(SYMMETRIC)
                    .force_new()
                    .read(|k| k.meta.key_spec().map_or(SYMMETRIC, KeySpec::as_str).into()),
                A::number("deletion_window_in_days").check(|v| days(v, 7..=30)),
                A::string("description").optional_computed().read(|k| k.meta.description().into()),
                A::bool("enable_key_rotation").default(false).read(|k| k.rotation.is_some().into()),
                A::bool("is_enabled").default(true).read(|k| k.meta.enabled.into()),
                A::string("key_usage")
                    .default(ENCRYPTION)
                    .force_new()
                    .check(|v| checks::one_of(v, &USAGES))
                    .read(|k| k.meta.key_usage().map_or(ENCRYPTION, KeyUsageType::as_str).into()),
                A::bool("multi_region").default(false).force_new().read(|k| k.meta.multi_region().into()),
                A::string("policy").optional_computed().normal(Normal::Policy).read(|k| k.policy.as_deref().into()),
                A::number("rotation_period_in_days")
                    .optional_computed()
                    .follows(&["enable_key_rotation"])
                    .check(|v| days(v, 90..=2560))
                    .read(|k| k.rotation.as_ref().and_then(|r| r.0).into()),
                A::string("xks_key_id")
                    .force_new()
                    .read(|k| k.meta.xks_key_configuration().and_then(|x| x.id()).into()),
                A::string("arn").computed().read(|k| k.meta.arn().into()),
                A::string("key_id").computed().read(|k| k.meta.key_id().into()),
                tags,
                tags_all,
            ],
        )
        .tagging(Tagging::Own)
        .progress(progress)
        .check(check)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Key>> {
        let ids = match which {
            Which::Ids(ids) => ids.to_vec(),
            Which::Token(token) => with_token(aws, token).await?,
            Which::NaturalKey(want) => want.string("key_id").into_iter().collect(),
        };
        each(ids, |id| async move { complete(aws, &id).await }).await
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let external = want.is_set("xks_key_id").then_some(OriginType::ExternalKeyStore);
        let stored = want.is_set("custom_key_store_id").then_some(OriginType::AwsCloudhsm);
        let tags = sdk_tags(tags::with_token(want, token))?;
        let call = aws
            .write
            .kms
            .create_key()
            .set_bypass_policy_lockout_safety_check(want.bool("bypass_policy_lockout_safety_check"))
            .set_custom_key_store_id(want.string("custom_key_store_id"))
            .set_description(want.string("description"))
            .set_key_spec(want.str("customer_master_key_spec").map(KeySpec::from))
            .set_key_usage(want.str("key_usage").map(KeyUsageType::from))
            .set_multi_region(want.bool("multi_region"))
            .set_origin(external.or(stored))
            .set_policy(want.string("policy").filter(|p| !p.is_empty()))
            .set_tags(Some(tags))
            .set_xks_key_id(want.string("xks_key_id"));
        let answer = settle::once_known(|| async { Ok(call.clone().send().await?) }).await?;
        made(answer.key_metadata().map(KeyMetadata::key_id))
    }

    /// A disabled key refuses changes of its rotation: it is enabled first and disabled last. Each
    /// change is waited for, as KMS shows it late, and the engine looks right after.
    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        change.take_any(&["bypass_policy_lockout_safety_check", "deletion_window_in_days"]);
        let enable = change.take("is_enabled").map(|on| on.as_bool() != Some(false));
        if enable == Some(true) {
            aws.write.kms.enable_key().key_id(id).send().await?;
            enabled(aws, id, true).await?;
        }
        if let Some(text) = change.take("description") {
            let call = aws.write.kms.update_key_description().key_id(id);
            call.description(text.as_str().unwrap_or_default()).send().await?;
            let want = text.as_str().unwrap_or_default();
            settle::until("the description of the key", || async {
                Ok(described(aws, id).await?.description().unwrap_or_default() == want)
            })
            .await?;
        }
        if let Some(policy) = change.take("policy").and_then(Value::as_str).filter(|p| !p.is_empty()) {
            put_policy(aws, id, policy, change.after).await?;
        }
        if change.take_any(&["enable_key_rotation", "rotation_period_in_days"]) {
            rotate(aws, id, change.after).await?;
        }
        if let Some(tags::Retagging { set, gone }) = tags::take(change) {
            if !set.is_empty() {
                aws.write.kms.tag_resource().key_id(id).set_tags(Some(sdk_tags(set)?)).send().await?;
            }
            if !gone.is_empty() {
                aws.write.kms.untag_resource().key_id(id).set_tag_keys(Some(gone)).send().await?;
            }
            let want = change.after.string_map("tags_all");
            settle::until("the tags of the key", || async {
                Ok(Attrs::default().with("t", tags::visible(pairs(&tags_of(aws, id).await?))).string_map("t") == want)
            })
            .await?;
        }
        if enable == Some(false) {
            aws.write.kms.disable_key().key_id(id).send().await?;
            enabled(aws, id, false).await?;
        }
        Ok(())
    }

    async fn delete(aws: &Aws, id: &str, last: &Attrs) -> Result<()> {
        let call = aws.write.kms.schedule_key_deletion().key_id(id);
        let call = call.set_pending_window_in_days(last.int("deletion_window_in_days").filter(|n| *n > 0));
        match call.send().await.map_err(Error::from) {
            Err(e) if e.is("KMSInvalidStateException") => match described(aws, id).await?.key_state() {
                Some(KeyState::PendingDeletion | KeyState::PendingReplicaDeletion) => Ok(()),
                _ => Err(e),
            },
            answer => settle::unless_gone(answer),
        }
    }
}

async fn enabled(aws: &Aws, id: &str, on: bool) -> Result<()> {
    settle::until("the key's state", || async { Ok(described(aws, id).await?.enabled == on) }).await
}

async fn put_policy(aws: &Aws, id: &str, policy: &str, want: &Attrs) -> Result<()> {
    let call = aws.write.kms.put_key_policy().key_id(id).policy_name(POLICY).policy(policy);
    let call = call.set_bypass_policy_lockout_safety_check(want.bool("bypass_policy_lockout_safety_check"));
    settle::once_known(|| async { Ok(call.clone().send().await?) }).await?;
    let want = Value::from(policy);
    settle::until("the key's policy", || async { Ok(Normal::Policy.same(&want, &policy_of(aws, id).await?.into())) })
        .await
}

async fn rotate(aws: &Aws, id: &str, want: &Attrs) -> Result<()> {
    let on = want.bool("enable_key_rotation") == Some(true);
    let period = want.int("rotation_period_in_days").filter(|n| *n > 0);
    if on {
        let call = aws.write.kms.enable_key_rotation().key_id(id);
        call.set_rotation_period_in_days(period).send().await?;
    } else {
        aws.write.kms.disable_key_rotation().key_id(id).send().await?;
    }
    settle::until("the key's rotation", || async {
        let now = rotation_of(aws, id).await?;
        Ok(now.is_some() == on && (!on || period.is_none() || now.and_then(|r| r.0) == period))
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rotation_that_kms_would_refuse_is_found_before_any_call() {
        let of = |want: Attrs| check(&want).into_iter().map(|(name, _)| name).collect::<Vec<_>>();
        let rotating = Attrs::default().with("enable_key_rotation", true);
        assert_eq!(of(rotating.clone().with("rotation_period_in_days", 90)), [""; 0]);
        assert_eq!(of(rotating.clone().with("key_usage", "SIGN_VERIFY")), ["enable_key_rotation"]);
        assert_eq!(of(rotating.with("customer_master_key_spec", "RSA_2048")), ["enable_key_rotation"]);
        assert_eq!(of(Attrs::default().with("rotation_period_in_days", 90)), ["rotation_period_in_days"]);
        assert_eq!(of(Attrs::default().with("xks_key_id", "x")), ["xks_key_id"]);
    }

    #[test]
    fn days_are_checked_against_what_kms_takes() {
        assert_eq!(days(&30.into(), 7..=30), Ok(()));
        assert_eq!(days(&31.into(), 7..=30), Err("31 is out of range; AWS takes 7 to 30 days".into()));
        assert_eq!(days(&Value::any_null(), 7..=30), Ok(()));
    }
}
