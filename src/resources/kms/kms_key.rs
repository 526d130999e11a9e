//! aws_kms_key: a key of KMS. Its deletion is only scheduled; from then on it counts as gone.

use crate::aws::api::services::KMS;
use crate::aws::api::{Api, Pages, items, member, member_text};
use crate::resources::document::{Document, at, document};
use crate::resources::plain::joined;
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};
use std::ops::RangeInclusive;

/// The resource type `aws_kms_key`.
pub struct AwsKmsKey;

/// How a listing of KMS goes on.
pub(super) const PAGES: Pages = Pages("Marker", "NextMarker");

const SYMMETRIC: &str = "SYMMETRIC_DEFAULT";
const ENCRYPTION: &str = "ENCRYPT_DECRYPT";
const USAGES: [&str; 4] = [ENCRYPTION, "SIGN_VERIFY", "GENERATE_VERIFY_MAC", "KEY_AGREEMENT"];
/// Of its policies a key has only this one.
const POLICY: &str = "default";

document! {
    /// A key with what DescribeKey leaves out: its policy, its rotation and its tags.
    Rows {
        custom_key_store_id = "CustomKeyStoreId": Text [.force_new()];
        customer_master_key_spec = "KeySpec": Text [.default(SYMMETRIC).force_new()];
        description = "Description": Text [.optional_computed()];
        is_enabled = "Enabled": Flag, read [.default(true)];
        key_usage = "KeyUsage": Text [.default(ENCRYPTION).force_new().check(|v| checks::one_of(v, &USAGES))];
        multi_region = "MultiRegion": Flag [.optional_computed().force_new()];
        xks_key_id = "XksKeyId": Text, create
            [.force_new().read(|k| member_text(k.held(), "XksKeyConfiguration.Id").into())];
        arn = "Arn": Text, read [.computed()];
        key_id = "KeyId": Text, read [.computed()];
        bypass_policy_lockout_safety_check = "BypassPolicyLockoutSafetyCheck": Switch, create;
        deletion_window_in_days = "": Int, none [.check(|v| days(v, 7..=30))];
        enable_key_rotation = "KeyRotationEnabled": Switch, read;
        policy = "Policy": Text [.optional_computed().normal(Normal::Policy)];
        rotation_period_in_days = "RotationPeriodInDays": Int, read
            [.optional_computed().empty_is_null().follows(&["enable_key_rotation"]).check(|v| days(v, 90..=2560))];
    }
}

/// The id of a key.
pub(super) fn id(key: &Json) -> Option<String> {
    member_text(key, "KeyId")
}

/// Tags, in the words of KMS.
fn written(tags: Vec<(String, String)>) -> Json {
    tags.into_iter().map(|(key, value)| json!({"TagKey": key, "TagValue": value})).collect()
}

/// The tags of a key.
pub(super) fn tags_of(key: &Json) -> Vec<(String, String)> {
    let tag = |tag: &Json| Some((member_text(tag, "TagKey")?, member_text(tag, "TagValue").unwrap_or_default()));
    items(key, "Tags").iter().filter_map(tag).collect()
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

pub(super) fn progress(key: &Json) -> Progress {
    match state(key).as_deref() {
        Some("PendingDeletion" | "PendingReplicaDeletion") => Progress::Gone,
        Some(state @ ("Creating" | "Updating")) => Progress::Pending(state.into()),
        _ => Progress::Ready,
    }
}

/// The state of a key in the words of KMS.
pub(super) fn state(key: &Json) -> Option<String> {
    member_text(key, "KeyState")
}

/// A key as DescribeKey gives it, by id, ARN or alias, to whom these grant tokens let.
pub(super) async fn described(aws: &Aws, id: &str, tokens: Vec<String>) -> Result<Json> {
    let input = json!({"KeyId": id, "GrantTokens": some(tokens)});
    let answer = aws.read.api.call(&KMS, "DescribeKey", input).await?;
    member(&answer, "KeyMetadata").cloned().ok_or_else(|| Error::not_found(format!("the key {id} was not found")))
}

/// The tags of a key, as one member.
async fn tagged(aws: &Aws, id: &str) -> Result<Json> {
    let tags = aws.read.api.list(&KMS, "ListResourceTags", json!({"KeyId": id}), PAGES, "Tags").await?;
    Ok(json!({"Tags": tags}))
}

/// The policy of a key, as one member.
pub(super) async fn policy_of(aws: &Aws, id: &str) -> Result<Json> {
    let input = json!({"KeyId": id, "PolicyName": POLICY});
    let answer = aws.read.api.call(&KMS, "GetKeyPolicy", input).await?;
    Ok(json!({"Policy": member(&answer, "Policy")}))
}

/// Whether and how often a key is rotated; nothing where it is not.
async fn rotation_of(aws: &Aws, id: &str) -> Result<Json> {
    let answer = aws.read.api.call(&KMS, "GetKeyRotationStatus", json!({"KeyId": id})).await?;
    let days = member(&answer, "RotationPeriodInDays");
    let on = answer["KeyRotationEnabled"] == true;
    Ok(if on { json!({"KeyRotationEnabled": true, "RotationPeriodInDays": days}) } else { json!({}) })
}

/// Whether a key is rotated.
pub(super) fn rotates(key: &Json) -> bool {
    key["KeyRotationEnabled"] == true
}

/// Whether KMS can be asked for the rotation of a key; it refuses for all others.
fn can_rotate(meta: &Json) -> bool {
    let is = |name: &str, word: &str| member_text(meta, name).is_none_or(|said| said == word);
    is("KeySpec", SYMMETRIC) && is("KeyUsage", ENCRYPTION) && is("Origin", "AWS_KMS")
}

/// A key with its details; none are left where its deletion is scheduled.
async fn complete(aws: &Aws, id: &str) -> Result<Json> {
    let key = described(aws, id, Vec::new()).await?;
    if progress(&key) == Progress::Gone {
        return Ok(key);
    }
    let rotation = async { if can_rotate(&key) { rotation_of(aws, id).await } else { Ok(json!({})) } };
    let (policy, rotation, tags) = futures::try_join!(policy_of(aws, id), rotation, tagged(aws, id))?;
    Ok(joined(joined(joined(key, policy), rotation), tags))
}

/// The keys with this token among their tags. KMS has no filter for tags; keys that may not be looked
/// at are not ours.
async fn with_token(aws: &Aws, token: &Token) -> Result<Vec<String>> {
    let all = aws.read.api.list(&KMS, "ListKeys", json!({}), PAGES, "Keys").await?;
    let ours = each(all.iter().filter_map(id), |id| async move {
        match tagged(aws, &id).await {
            Ok(tags) => Ok(tags::hold_token(&tags_of(&tags), token).then_some(id)),
            Err(e) if e.kind == Kind::Denied => Ok(None),
            Err(e) => Err(e),
        }
    });
    Ok(ours.await?.into_iter().flatten().collect())
}

impl Resource for AwsKmsKey {
    type Live = Json;

    fn spec() -> Spec<Json> {
        Spec::new("aws_kms_key", id, Rows::rows::<Json>())
            .role(Role::NotServing("what it encrypts says what serves"))
            .own_tags(|k| tags::of(&tags_of(k)))
            .progress(progress)
            .check(check)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Json>> {
        listed(aws, which).await
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let external = want.is_set("xks_key_id").then_some("EXTERNAL_KEY_STORE");
        let stored = want.is_set("custom_key_store_id").then_some("AWS_CLOUDHSM");
        let input = joined(Rows::create(want), json!({"Origin": external.or(stored)}));
        new(&aws.write.api, "CreateKey", "KeyMetadata.KeyId", input, want, token).await
    }

    /// A disabled key refuses changes of its rotation: it is enabled first and disabled last. Each
    /// change is waited for, as KMS shows it late, and the engine looks right after.
    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        let want = change.after;
        let enable = change.take("is_enabled").map(|on| on.as_bool() != Some(false));
        if enable == Some(true) {
            switch(aws, id, true).await?;
        }
        describe(aws, id, change).await?;
        if change.take_any(&["enable_key_rotation", "rotation_period_in_days"]) {
            let on = want.bool("enable_key_rotation") == Some(true);
            let period = want.int("rotation_period_in_days").filter(|n| on && *n > 0);
            if on {
                let input = json!({"KeyId": id, "RotationPeriodInDays": period});
                aws.write.api.call(&KMS, "EnableKeyRotation", input).await?;
            } else {
                aws.write.api.call(&KMS, "DisableKeyRotation", json!({"KeyId": id})).await?;
            }
            shown(aws, id, "the key's rotation", |k| {
                rotates(k) == on && period.is_none_or(|n| at::<Int>(k, "RotationPeriodInDays") == Value::from(n))
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
    let call = if on { "EnableKey" } else { "DisableKey" };
    aws.write.api.call(&KMS, call, json!({"KeyId": id})).await?;
    let what = if on { "the key to be enabled" } else { "the key to be disabled" };
    shown(aws, id, what, |k| (k["Enabled"] == true) == on).await
}

/// Changes what all kinds of keys have: description, policy and tags.
pub(super) async fn describe(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
    let want = change.after;
    let call = |operation, input| aws.write.api.call(&KMS, operation, joined(input, json!({"KeyId": id})));
    change.take_any(&["bypass_policy_lockout_safety_check", "deletion_window_in_days"]);
    if change.take("description").is_some() {
        let text = want.str("description").unwrap_or_default();
        call("UpdateKeyDescription", json!({"Description": text})).await?;
        let now = |k: &Json| member_text(k, "Description").unwrap_or_default();
        shown(aws, id, "the key's description", |k| now(k) == text).await?;
    }
    if let Some(policy) = change.take("policy").filter(|policy| policy.as_str().is_some_and(|p| !p.is_empty())) {
        let bypass = want.bool("bypass_policy_lockout_safety_check");
        put_policy(aws, id, policy.as_str().unwrap_or_default(), bypass).await?;
        let now = |k: &Json| member_text(k, "Policy").into();
        shown(aws, id, "the key's policy", |k| Normal::Policy.equivalent(policy, &now(k))).await?;
    }
    let set = |tags: Vec<(String, String)>| call("TagResource", json!({"Tags": written(tags)}));
    let unset = |keys: Vec<String>| call("UntagResource", json!({"TagKeys": keys}));
    if tags::change(change, set, unset).await? {
        let tags = |k: &Json| Attrs::default().with("tags", tags::of(&tags_of(k))).string_map("tags");
        shown(aws, id, "the tags of the key", |k| tags(k) == want.string_map("tags_all")).await?;
    }
    Ok(())
}

/// Makes a key with its tags by this call, whose answer has the id at `path`.
pub(super) async fn new(
    api: &Api,
    call: &'static str,
    path: &str,
    mut input: Json,
    want: &Attrs,
    token: &Token,
) -> Result<String> {
    input["Tags"] = written(tags::with_token(want, token));
    let answer = settle::once_known(|| api.call(&KMS, call, input.clone())).await?;
    made(member_text(&answer, path).as_deref())
}

/// Gives a key a policy.
pub(super) async fn put_policy(aws: &Aws, key: &str, policy: &str, bypass: Option<bool>) -> Result<()> {
    let input = json!({"KeyId": key, "PolicyName": POLICY, "Policy": policy, "BypassPolicyLockoutSafetyCheck": bypass});
    settle::once_known(|| aws.write.api.call(&KMS, "PutKeyPolicy", input.clone())).await.map(drop)
}

/// Schedules the end of a key.
pub(super) async fn end(aws: &Aws, id: &str, last: &Attrs) -> Result<()> {
    let window = last.int("deletion_window_in_days").filter(|n| *n > 0);
    let input = json!({"KeyId": id, "PendingWindowInDays": window});
    match aws.write.api.call(&KMS, "ScheduleKeyDeletion", input).await {
        Err(e) if e.is("KMSInvalidStateException") => {
            let now = AwsKmsKey::describe(aws, Which::Ids(&[id.to_owned()])).await?;
            if now.iter().all(|key| progress(key) == Progress::Gone) { Ok(()) } else { Err(e) }
        }
        answer => settle::unless_gone(answer),
    }
}

/// The keys asked for, by their ids or by the token of their creation.
pub(super) async fn listed(aws: &Aws, which: Which<'_>) -> Result<Vec<Json>> {
    let ids = match which {
        Which::Ids(ids) => ids.to_vec(),
        Which::Token(token) => with_token(aws, token).await?,
        Which::NaturalKey(want) => want.string("key_id").into_iter().collect(),
    };
    each(ids, |id| async move { complete(aws, &id).await }).await
}

/// Waits until KMS shows what was changed.
pub(super) async fn shown(aws: &Aws, id: &str, what: &str, done: impl Fn(&Json) -> bool) -> Result<()> {
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
