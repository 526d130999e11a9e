//! aws_kms_external_key: a key whose material the layout brings. KMS takes the material encrypted, by a key that it makes
//! for that.

use super::kms_key::{self, Key, days, progress, shown, switch};
use crate::resources::lookup::time;
use crate::resources::prelude::*;
use aws_sdk_kms::operation::create_key::builders::CreateKeyFluentBuilder as CreateKey;
use aws_sdk_kms::types::{AlgorithmSpec, ExpirationModelType, KeyMetadata, KeyState, OriginType, WrappingKeySpec};
use aws_smithy_types::date_time::Format;
use aws_smithy_types::{Blob, DateTime};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rsa::pkcs8::DecodePublicKey;

/// The resource type `aws_kms_external_key`.
pub struct AwsKmsExternalKey;

table! {
    Meta: KeyMetadata, create CreateKey {
        description: Text;
        enabled: Flag, read [.optional_computed()];
        key_spec: EnumCell [.optional_computed().force_new()];
        key_usage: EnumCell [.optional_computed().force_new()];
        multi_region: Flag [.optional_computed().force_new()];
        valid_to: Text, none [.normal(Normal::With(same_moment)).check(moment).read(|k| time(k.held().valid_to()))];
        arn: Text, read [.computed()];
        expiration_model: EnumCell, read [.computed().follows(&["valid_to"])];
        key_state: EnumCell, read [.computed().follows(&["enabled", "valid_to"])];
    }
}

table! {
    Own: Key, create CreateKey {
        bypass_policy_lockout_safety_check: Switch, create;
        deletion_window_in_days: Int, none [.default(30).check(|v| days(v, 7..=30))];
        key_material_base64: Text, none [.sensitive().force_new().never_returned().check(material)];
        policy: Text, create
            [.optional_computed().normal(Normal::Policy).read(|k| k.held().policy.as_deref().into())];
    }
}

fn instant(value: &Value) -> Option<DateTime> {
    DateTime::from_str(value.as_str()?, Format::DateTimeWithOffset).ok()
}

fn same_moment(a: &Value, b: &Value) -> bool {
    instant(a).zip(instant(b)).is_some_and(|(a, b)| a.secs() == b.secs())
}

fn moment(value: &Value) -> Result<(), String> {
    let given = value.as_str().is_some_and(|text| !text.is_empty());
    match given && instant(value).is_none() {
        true => Err("is not a valid time; expected a form such as 2030-01-31T12:00:00Z".into()),
        false => Ok(()),
    }
}

fn material(value: &Value) -> Result<(), String> {
    match value.as_str().map(|text| STANDARD.decode(text)) {
        Some(Err(_)) => Err("the key material is not valid base64".into()),
        _ => Ok(()),
    }
}

/// Brings the material into a key, encrypted for KMS alone.
async fn import(aws: &Aws, id: &str, want: &Attrs) -> Result<()> {
    let Some(text) = want.str("key_material_base64") else { return Ok(()) };
    let wrong = |what: &str| Error::new(Kind::Refused, format!("the key material cannot be imported: {what}"));
    let plain = STANDARD.decode(text).map_err(|_| wrong("it is not valid base64"))?;
    let call = aws.read.kms.get_parameters_for_import().key_id(id).wrapping_key_spec(WrappingKeySpec::Rsa2048);
    let parts = call.wrapping_algorithm(AlgorithmSpec::RsaesOaepSha256).send().await?;
    let public = parts.public_key().map(Blob::as_ref).unwrap_or_default();
    let public =
        rsa::PublicKey::from_public_key_der(public).map_err(|_| wrong("KMS gave a key that cannot be read"))?;
    let sealed = public.oaep_encrypt::<sha2::Sha256>(&plain).map_err(|e| wrong(&e.to_string()))?;
    let till = want.get("valid_to").and_then(instant);
    let model = match till {
        Some(_) => ExpirationModelType::KeyMaterialExpires,
        None => ExpirationModelType::KeyMaterialDoesNotExpire,
    };
    let call = aws.write.kms.import_key_material().key_id(id).set_import_token(parts.import_token);
    let call = call.encrypted_key_material(Blob::new(sealed)).expiration_model(model).set_valid_to(till);
    call.send().await?;
    shown(aws, id, "the key to take its material", |k| k.meta.key_state() != Some(&KeyState::PendingImport)).await
}

fn check(want: &Attrs) -> Faults {
    let bare = !want.is_unknown("key_material_base64") && !want.is_given("key_material_base64");
    faults! {
        bare && want.is_set("valid_to") => "valid_to", "only key material can end; give key_material_base64 too";
        bare && want.bool("enabled") == Some(true) => "enabled",
            "a key without key_material_base64 cannot be enabled";
    }
}

impl Resource for AwsKmsExternalKey {
    type Live = Key;

    fn spec() -> Spec<Key> {
        let rows = Meta::rows().into_iter().chain(Own::rows());
        Spec::new("aws_kms_external_key", |k: &Key| Some(k.meta.key_id.clone()), rows.collect())
            .role(Role::NotServing("what it encrypts says what serves"))
            .own_tags(|k| tags::of(&k.tags))
            .progress(progress)
            .check(check)
            .unset_by_create(|_| vec!["key_material_base64"])
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Key>> {
        kms_key::listed(aws, which).await
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let call = Own::create(Meta::create(aws.write.kms.create_key(), want), want);
        let call = call.origin(OriginType::External).set_tags(tags::marked(want, token));
        let answer = settle::once_known(|| async { Ok(call.clone().send().await?) }).await?;
        made(answer.key_metadata().map(KeyMetadata::key_id))
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        if change.take_any(&["key_material_base64", "valid_to"]) {
            import(aws, id, change.after).await?;
        }
        let enable = change.take_bool("enabled");
        if enable == Some(true) {
            switch(aws, id, true).await?;
        }
        kms_key::describe(aws, id, change).await?;
        if enable == Some(false) {
            switch(aws, id, false).await?;
        }
        Ok(())
    }

    async fn delete(aws: &Aws, id: &str, last: &Attrs) -> Result<()> {
        kms_key::end(aws, id, last).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_the_same_in_any_zone() {
        assert!(same_moment(&"2030-01-31T12:00:00Z".into(), &"2030-01-31T13:00:00+01:00".into()));
        assert!(!same_moment(&"2030-01-31T12:00:00Z".into(), &"2030-01-31T12:00:01Z".into()));
        assert!(moment(&"soon".into()).is_err() && moment(&"".into()).is_ok());
    }
}
