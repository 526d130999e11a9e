//! aws_kms_key: a key of KMS. Its deletion is only scheduled; from then on it counts as gone.

use crate::resources::prelude::*;
use aws_sdk_kms::operation::create_key::builders::CreateKeyFluentBuilder as CreateKey;
use aws_sdk_kms::types::{KeyMetadata, KeySpec, KeyState, KeyUsageType, OriginType, Tag};
use std::ops::RangeInclusive;

/// The resource type `aws_kms_key`.
pub struct AwsKmsKey;

/// A key with what DescribeKey leaves out.
pub struct Key {
    pub(super) meta: KeyMetadata,
    pub(super) policy: Option<String>,
    pub(super) rotation: Option<Rotation>,
    pub(super) tags: Vec<Tag>,
}

/// How often new key material is made: days, where AWS says how many.
pub(super) struct Rotation(Option<i32>);

const SYMMETRIC: &str = "SYMMETRIC_DEFAULT";
const ENCRYPTION: &str = "ENCRYPT_DECRYPT";
const USAGES: [&str; 4] = [ENCRYPTION, "SIGN_VERIFY", "GENERATE_VERIFY_MAC", "KEY_AGREEMENT"];
/// Of its policies a key has only this one.
const POLICY: &str = "default";

table! {
    Meta: KeyMetadata, create CreateKey {
        custom_key_store_id: Text [.force_new()];
        customer_master_key_spec = key_spec: EnumCell [.default(SYMMETRIC).force_new()];
        description: Text [.optional_computed()];
        is_enabled = enabled: Flag, read [.default(true)];
        key_usage: EnumCell [.default(ENCRYPTION).force_new().check(|v| checks::one_of(v, &USAGES))];
        multi_region: Flag [.optional_computed().force_new()];
        xks_key_id: Text, create
            [.force_new().read(|k| k.held().xks_key_configuration().and_then(|x| x.id()).into())];
        arn: Text, read [.computed()];
        key_id: Text, read [.computed()];
    }
}

table! {
    Own: Key, create CreateKey {
        bypass_policy_lockout_safety_check: Switch, create;
        deletion_window_in_days: Int, none [.check(|v| days(v, 7..=30))];
        enable_key_rotation: Switch, none [.read(|k| k.held().rotation.is_some().into())];
        policy: Text, create
            [.optional_computed().normal(Normal::Policy).read(|k| k.held().policy.as_deref().into())];
        rotation_period_in_days: Int, none
            [.optional_computed().empty_is_null().follows(&["enable_key_rotation"]).check(|v| days(v, 90..=2560))]
            [.read(|k| k.held().rotation.as_ref().and_then(|r| r.0).into())];
    }
}

impl Holds<KeyMetadata> for Key {
    fn held(&self) -> &KeyMetadata {
        &self.meta
    }
}

pub(super) fn days(value: &Value, within: RangeInclusive<i64>) -> Result<(), String> {
    let wrong = format!("is out of range; AWS takes {} to {} days", within.start(), within.end());
    checks::number(value, |n| within.contains(&n), &wrong)
}

fn check(want: &Attrs) -> Faults {
    let is = |name: &str, word: &str| want.str(name).is_none_or(|given| given == word);
    let rotates = want.bool("enable_key_rotation") == Some(true);
    let able = is("customer_master_key_spec", SYMMETRIC) && is("key_usage", ENCRYPTION);
    faults! {
        rotates && (!able || want.is_set("custom_key_store_id")) => "enable_key_rotation",
            "KMS rotates only symmetric encryption keys that are in no custom key store";
        want.is_set("rotation_period_in_days") && !rotates && !want.is_unknown("enable_key_rotation") =>
            "rotation_period_in_days", "a rotation period needs enable_key_rotation = true";
        want.is_set("xks_key_id") && !want.is_given("custom_key_store_id") => "xks_key_id",
            "an external key needs the custom_key_store_id of its store";
    }
}

pub(super) fn progress(k: &Key) -> Progress {
    match k.meta.key_state() {
        Some(KeyState::PendingDeletion | KeyState::PendingReplicaDeletion) => Progress::Gone,
        Some(state @ (KeyState::Creating | KeyState::Updating)) => Progress::Pending(state.as_str().into()),
        _ => Progress::Ready,
    }
}

/// A key as DescribeKey gives it, by id, ARN or alias, to whom these grant tokens let.
pub(super) async fn described(aws: &Aws, id: &str, tokens: Vec<String>) -> Result<KeyMetadata> {
    let tokens = Some(tokens).filter(|all| !all.is_empty());
    let answer = aws.read.kms.describe_key().key_id(id).set_grant_tokens(tokens).send().await?;
    answer.key_metadata.ok_or_else(|| Error::not_found(format!("there is no key {id}")))
}

async fn tags_of(aws: &Aws, id: &str) -> Result<Vec<Tag>> {
    all_of(aws.read.kms.list_resource_tags().key_id(id).into_paginator().items().send()).await
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
    let meta = described(aws, id, Vec::new()).await?;
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
    let all = all_of(aws.read.kms.list_keys().into_paginator().items().send()).await?;
    let ours = each(all.into_iter().filter_map(|key| key.key_id), |id| async move {
        match tags_of(aws, &id).await {
            Ok(tags) => Ok(tags::hold_token(&tags, token).then_some(id)),
            Err(e) if e.kind == Kind::Denied => Ok(None),
            Err(e) => Err(e),
        }
    });
    Ok(ours.await?.into_iter().flatten().collect())
}

impl Resource for AwsKmsKey {
    type Live = Key;

    fn spec() -> Spec<Key> {
        let rows = Meta::rows().into_iter().chain(Own::rows());
        Spec::new("aws_kms_key", |k: &Key| Some(k.meta.key_id.clone()), rows.collect())
            .role(Role::NotServing("what it encrypts says what serves"))
            .own_tags(|k| tags::of(&k.tags))
            .progress(progress)
            .check(check)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Key>> {
        listed(aws, which).await
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let external = want.is_set("xks_key_id").then_some(OriginType::ExternalKeyStore);
        let stored = want.is_set("custom_key_store_id").then_some(OriginType::AwsCloudhsm);
        let call = Own::create(Meta::create(aws.write.kms.create_key(), want), want);
        let call = call.set_origin(external.or(stored)).set_tags(tags::marked(want, token));
        let answer = settle::once_known(|| async { Ok(call.clone().send().await?) }).await?;
        made(answer.key_metadata().map(KeyMetadata::key_id))
    }

    /// A disabled key refuses changes of its rotation: it is enabled first and disabled last. Each
    /// change is waited for, as KMS shows it late, and the engine looks right after.
    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        let (kms, want) = (&aws.write.kms, change.after);
        let enable = change.take("is_enabled").map(|on| on.as_bool() != Some(false));
        if enable == Some(true) {
            switch(aws, id, true).await?;
        }
        describe(aws, id, change).await?;
        if change.take_any(&["enable_key_rotation", "rotation_period_in_days"]) {
            let on = want.bool("enable_key_rotation") == Some(true);
            let period = want.int("rotation_period_in_days").filter(|n| on && *n > 0);
            if on {
                kms.enable_key_rotation().key_id(id).set_rotation_period_in_days(period).send().await?;
            } else {
                kms.disable_key_rotation().key_id(id).send().await?;
            }
            let now = |k: &Key| k.rotation.as_ref().map(|r| r.0);
            shown(aws, id, "the key's rotation", |k| {
                now(k).is_some() == on && period.is_none_or(|n| now(k) == Some(Some(n)))
            })
            .await?;
        }
        if enable == Some(false) {
            switch(aws, id, false).await?;
        }
        Ok(())
    }

    async fn delete(aws: &Aws, id: &str, last: &Attrs) -> Result<()> {
        end(aws, id, last).await
    }
}

/// Enables or disables a key.
pub(super) async fn switch(aws: &Aws, id: &str, on: bool) -> Result<()> {
    match on {
        true => done(aws.write.kms.enable_key().key_id(id).send().await)?,
        false => done(aws.write.kms.disable_key().key_id(id).send().await)?,
    }
    shown(aws, id, if on { "the key to be enabled" } else { "the key to be disabled" }, |k| k.meta.enabled == on).await
}

/// Changes what all kinds of keys have: description, policy and tags.
pub(super) async fn describe(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
    let (kms, want) = (&aws.write.kms, change.after);
    change.take_any(&["bypass_policy_lockout_safety_check", "deletion_window_in_days"]);
    if change.take("description").is_some() {
        let text = want.str("description").unwrap_or_default();
        kms.update_key_description().key_id(id).description(text).send().await?;
        shown(aws, id, "the key's description", |k| k.meta.description().unwrap_or_default() == text).await?;
    }
    if let Some(policy) = change.take("policy").filter(|policy| policy.as_str().is_some_and(|p| !p.is_empty())) {
        let call = kms.put_key_policy().key_id(id).policy_name(POLICY).set_policy(want.string("policy"));
        let call = call.set_bypass_policy_lockout_safety_check(want.bool("bypass_policy_lockout_safety_check"));
        settle::once_known(|| async { Ok(call.clone().send().await?) }).await?;
        shown(aws, id, "the key's policy", |k| Normal::Policy.equivalent(policy, &k.policy.as_deref().into())).await?;
    }
    if tags::change_by!(change, kms, tag_resource untag_resource, key_id id)? {
        let tags = |k: &Key| Attrs::default().with("tags", tags::of(&k.tags)).string_map("tags");
        shown(aws, id, "the tags of the key", |k| tags(k) == want.string_map("tags_all")).await?;
    }
    Ok(())
}

/// Schedules the end of a key.
pub(super) async fn end(aws: &Aws, id: &str, last: &Attrs) -> Result<()> {
    let call = aws.write.kms.schedule_key_deletion().key_id(id);
    let call = call.set_pending_window_in_days(last.int("deletion_window_in_days").filter(|n| *n > 0));
    match call.send().await.map_err(Error::from) {
        Err(e) if e.is("KMSInvalidStateException") => {
            let now = AwsKmsKey::describe(aws, Which::Ids(&[id.to_owned()])).await?;
            if now.iter().all(|key| progress(key) == Progress::Gone) { Ok(()) } else { Err(e) }
        }
        answer => settle::unless_gone(answer),
    }
}

/// The keys asked for, by their ids or by the token of their creation.
pub(super) async fn listed(aws: &Aws, which: Which<'_>) -> Result<Vec<Key>> {
    let ids = match which {
        Which::Ids(ids) => ids.to_vec(),
        Which::Token(token) => with_token(aws, token).await?,
        Which::NaturalKey(want) => want.string("key_id").into_iter().collect(),
    };
    each(ids, |id| async move { complete(aws, &id).await }).await
}

/// Waits until KMS shows what was changed.
pub(super) async fn shown(aws: &Aws, id: &str, what: &str, done: impl Fn(&Key) -> bool) -> Result<()> {
    let ids = [id.to_owned()];
    settle::until(what, || async { Ok(AwsKmsKey::describe(aws, Which::Ids(&ids)).await?.iter().any(&done)) }).await
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
