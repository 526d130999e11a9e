//! aws_kms_external_key: a key whose material the layout brings. KMS takes the material encrypted, by a key that it makes
//! for that.

use super::kms_key::{self, days, progress, shown, switch, tags_of};
use crate::aws::api::member_text;
use crate::aws::api::services::KMS;
use crate::resources::block::TimestampCell;
use crate::resources::document::{Document, Member, document};
use crate::resources::plain::joined;
use crate::resources::prelude::*;
use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rsa::pkcs8::DecodePublicKey;
use serde_json::{Value as Json, json};

/// The resource type `aws_kms_external_key`.
pub struct AwsKmsExternalKey;

document! {
    Rows {
        description = "Description": Text;
        enabled = "Enabled": Flag, read [.optional_computed()];
        key_spec = "KeySpec": Text [.optional_computed().force_new()];
        key_usage = "KeyUsage": Text [.optional_computed().force_new()];
        multi_region = "MultiRegion": Flag [.optional_computed().force_new()];
        valid_to = "ValidTo": TimestampCell, read [.normal(Normal::With(same_moment)).check(moment)];
        arn = "Arn": Text, read [.computed()];
        expiration_model = "ExpirationModel": Text, read [.computed().follows(&["valid_to"])];
        key_state = "KeyState": Text, read [.computed().follows(&["enabled", "valid_to"])];
        bypass_policy_lockout_safety_check = "BypassPolicyLockoutSafetyCheck": Switch, create;
        deletion_window_in_days = "": Int, none [.default(30).check(|v| days(v, 7..=30))];
        key_material_base64 = "": Text, none [.sensitive().force_new().never_returned().check(material)];
        policy = "Policy": Text [.optional_computed().normal(Normal::Policy)];
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
    let how = json!({"KeyId": id, "WrappingKeySpec": "RSA_2048", "WrappingAlgorithm": "RSAES_OAEP_SHA_256"});
    let parts = aws.read.api.call(&KMS, "GetParametersForImport", how).await?;
    let public = STANDARD.decode(member_text(&parts, "PublicKey").unwrap_or_default()).unwrap_or_default();
    let public =
        rsa::PublicKey::from_public_key_der(&public).map_err(|_| wrong("KMS gave a key that cannot be read"))?;
    let sealed = public.oaep_encrypt::<sha2::Sha256>(&plain).map_err(|e| wrong(&e.to_string()))?;
    let till = <TimestampCell as Member>::put(want, "valid_to");
    let model = if till.is_some() { "KEY_MATERIAL_EXPIRES" } else { "KEY_MATERIAL_DOES_NOT_EXPIRE" };
    let input = json!({"KeyId": id, "ImportToken": parts["ImportToken"], "ExpirationModel": model, "ValidTo": till,
                       "EncryptedKeyMaterial": STANDARD.encode(sealed)});
    aws.write.api.call(&KMS, "ImportKeyMaterial", input).await?;
    let pending = |k: &Json| kms_key::state(k).as_deref() == Some("PendingImport");
    shown(aws, id, "the key to take its material", |k| !pending(k)).await
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
    type Live = Json;

    fn spec() -> Spec<Json> {
        Spec::new("aws_kms_external_key", kms_key::id, Rows::rows::<Json>())
            .role(Role::NotServing("what it encrypts says what serves"))
            .own_tags(|k| tags::of(&tags_of(k)))
            .progress(progress)
            .check(check)
            .unset_by_create(|_| vec!["key_material_base64"])
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Json>> {
        kms_key::listed(aws, which).await
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let input = joined(Rows::create(want), json!({"Origin": "EXTERNAL"}));
        kms_key::new(&aws.write.api, "CreateKey", "KeyMetadata.KeyId", input, want, token).await
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
