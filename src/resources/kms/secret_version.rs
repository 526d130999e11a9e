//! aws_secretsmanager_secret_version: one value of a secret. What a version holds never changes, so
//! that AWS is asked for the value only on import: a refresh lists versions and sees no secret.

use crate::aws::api::services::SECRETS;
use crate::aws::api::{items, member_text};
use crate::resources::prelude::*;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;

/// The resource type `aws_secretsmanager_secret_version`.
pub struct AwsSecretsmanagerSecretVersion;

/// A version as listed; with its value where it was asked for.
pub struct Version {
    arn: String,
    id: String,
    stages: Vec<String>,
    value: Option<Json>,
}

table! {
    Rows: Version {
        secret_binary: Text, none [.force_new().sensitive().check(base64)]
            [.read(|v| reported(v.held(), "SecretBinary"))];
        secret_id: Text, none [.required().force_new()];
        secret_string: Text, none [.force_new().sensitive()]
            [.read(|v| reported(v.held(), "SecretString"))];
        secret_string_wo: Text, none [.write_only()];
        secret_string_wo_version: Int, none [.force_new()];
        version_stages: Texts, none [.optional_computed().read(|v| Value::string_set(&v.held().stages))];
        arn: Text, none [.computed().read(|v| v.held().arn.as_str().into())];
        secret_arn: Text, none [.computed().read(|v| v.held().arn.as_str().into())];
        version_id: Text, none [.computed().read(|v| v.held().id.as_str().into())];
    }
}

/// The stage of the version that is in use. It moves on, but is never taken away.
const CURRENT: &str = "AWSCURRENT";

/// `ARN|VERSION`
fn split(id: &str) -> Option<(&str, &str)> {
    id.split_once('|').filter(|(secret, version)| !secret.is_empty() && !version.is_empty())
}

fn parse(text: &str) -> Option<Vec<(&'static str, Value)>> {
    let (secret, version) = split(text)?;
    Some(vec![("secret_id", secret.into()), ("version_id", version.into())])
}

fn base64(value: &Value) -> Result<(), String> {
    match value.as_str().map(|text| STANDARD.decode(text)) {
        Some(Err(_)) => Err("is not base64; give the bytes as filebase64() or base64encode() do".into()),
        _ => Ok(()),
    }
}

fn reported(v: &Version, part: &str) -> Value {
    v.value.as_ref().map_or(Value::unknown(Type::String), |value| member_text(value, part).into())
}

/// The stages of a version as it is listed.
fn stages(version: &Json, name: &str) -> Vec<String> {
    items(version, name).iter().filter_map(|stage| stage.as_str().map(str::to_owned)).collect()
}

/// All versions of a secret with their stages, also those without one.
async fn listed(aws: &Aws, secret: &str) -> Result<Vec<Version>> {
    let mut input = json!({"SecretId": secret, "IncludeDeprecated": true});
    let mut all = Vec::new();
    loop {
        let page = aws.read.api.call(&SECRETS, "ListSecretVersionIds", input.clone()).await?;
        let arn = member_text(&page, "ARN").unwrap_or_default();
        for entry in items(&page, "Versions") {
            let Some(id) = member_text(&entry, "VersionId") else { continue };
            all.push(Version { arn: arn.clone(), id, stages: stages(&entry, "VersionStages"), value: None });
        }
        let Some(next) = member_text(&page, "NextToken").filter(|next| !next.is_empty()) else { return Ok(all) };
        input["NextToken"] = next.into();
    }
}

/// One version with its value.
async fn valued(aws: &Aws, secret: String, version: String) -> Result<Version> {
    let input = json!({"SecretId": secret, "VersionId": version});
    let value = aws.read.api.call(&SECRETS, "GetSecretValue", input).await?;
    Ok(Version {
        arn: member_text(&value, "ARN").unwrap_or_default(),
        id: version,
        stages: stages(&value, "VersionStages"),
        value: Some(value),
    })
}

impl Resource for AwsSecretsmanagerSecretVersion {
    type Live = Version;

    fn spec() -> Spec<Version> {
        Spec::new("aws_secretsmanager_secret_version", |v| Some(format!("{}|{}", v.arn, v.id)), Rows::rows::<Version>())
            .role(Role::NotServing("members read it as they start"))
            .conflicts(&[&["secret_string", "secret_binary", "secret_string_wo"]])
            .recover(Recover::ClientToken)
            .import("SECRETARN|VERSIONID", parse)
    }

    /// One list per secret, whatever the number of its versions.
    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Version>> {
        match which {
            Which::Ids(ids) => {
                let mut wanted: BTreeMap<String, Vec<String>> = BTreeMap::new();
                for (secret, version) in ids.iter().filter_map(|id| split(id)) {
                    wanted.entry(secret.into()).or_default().push(version.into());
                }
                let found = each(wanted, |(secret, versions)| async move {
                    let all = listed(aws, &secret).await?;
                    Ok(all.into_iter().filter(|v| versions.contains(&v.id)).collect::<Vec<_>>())
                });
                Ok(found.await?.into_iter().flatten().collect())
            }
            Which::NaturalKey(want) => {
                let (Some(secret), Some(version)) = (want.string("secret_id"), want.string("version_id")) else {
                    return Ok(Vec::new());
                };
                each([(secret, version)], |(secret, version)| valued(aws, secret, version)).await
            }
            // The secret is not known here; the same create again gives the same version.
            Which::Token(_) => Ok(Vec::new()),
        }
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let bytes = want.str("secret_binary").map(|text| STANDARD.decode(text));
        let bytes = bytes.transpose().map_err(|_| Error::new(Kind::Refused, "secret_binary is not base64"))?;
        let text = want.string("secret_string").or(want.string("secret_string_wo"));
        let text = if bytes.is_none() { Some(text.unwrap_or_default()) } else { text };
        let input = json!({
            "SecretId": want.str("secret_id"),
            "VersionStages": some(want.strings("version_stages")),
            "ClientRequestToken": token.0,
            "SecretBinary": bytes.map(|bytes| STANDARD.encode(bytes)),
            "SecretString": text,
        });
        let answer = aws.write.api.call(&SECRETS, "PutSecretValue", input).await?;
        match (member_text(&answer, "ARN"), member_text(&answer, "VersionId")) {
            (Some(arn), Some(version)) => Ok(format!("{arn}|{version}")),
            _ => Err(Error::ambiguous("the answer of PutSecretValue names no version")),
        }
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        let Some((gone, new)) = change.take_elements("version_stages") else { return Ok(()) };
        let Some((secret, version)) = split(id) else { return Ok(()) };
        let versions = if new.is_empty() { Vec::new() } else { listed(aws, secret).await? };
        for stage in new.iter().filter_map(Value::as_str) {
            let holder = versions.iter().find(|v| v.id != version && v.stages.iter().any(|s| s == stage));
            let input = json!({
                "SecretId": secret,
                "VersionStage": stage,
                "MoveToVersionId": version,
                "RemoveFromVersionId": holder.map(|v| &v.id),
            });
            aws.write.api.call(&SECRETS, "UpdateSecretVersionStage", input).await?;
        }
        for stage in gone.iter().filter_map(Value::as_str) {
            unstage(aws, secret, version, stage).await?;
        }
        Ok(())
    }

    /// Versions are not deleted, they lose their stages; Secrets Manager clears away what has none.
    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        let Some((secret, version)) = split(id) else { return Ok(()) };
        let there = match listed(aws, secret).await {
            Err(e) if e.is_not_found() => return Ok(()),
            there => there?,
        };
        let stages = there.into_iter().filter(|v| v.id == version).flat_map(|v| v.stages);
        for stage in stages.filter(|s| s != CURRENT) {
            match unstage(aws, secret, version, &stage).await {
                // The whole secret is marked as deleted, and its versions with it.
                Err(e) if e.is("InvalidRequestException") => return Ok(()),
                answer => settle::unless_gone(answer)?,
            }
        }
        Ok(())
    }
}

async fn unstage(aws: &Aws, secret: &str, version: &str, stage: &str) -> Result<()> {
    let input = json!({"SecretId": secret, "VersionStage": stage, "RemoveFromVersionId": version});
    done(aws.write.api.call(&SECRETS, "UpdateSecretVersionStage", input).await)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_named_by_its_secret_and_its_id() {
        assert_eq!(split("arn:s|v"), Some(("arn:s", "v")));
        assert_eq!(parse("arn:s"), None);
        assert_eq!(parse("|v"), None);
    }

    #[test]
    fn bytes_are_given_as_base64_and_a_mistake_does_not_show_them() {
        assert_eq!(base64(&"aGk=".into()), Ok(()));
        assert!(!base64(&"hunter 2".into()).unwrap_err().contains("hunter"));
    }
}
