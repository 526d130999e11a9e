//! aws_kms_alias: a name for a key. Its name is its id.

use super::kms_key::PAGES;
use crate::aws::api::member_text;
use crate::aws::api::services::KMS;
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};

/// The resource type `aws_kms_alias`.
pub struct AwsKmsAlias;

/// An alias as listed.
pub struct Alias {
    pub(super) name: String,
    pub(super) arn: String,
    pub(super) key_id: String,
    pub(super) key_arn: String,
}

table! {
    Rows: Alias {
        name: Text, none [.optional_computed().force_new().check(name).read(|a| a.held().name.as_str().into())];
        name_prefix: Text, none [.optional_computed().force_new().check(name)];
        target_key_id: Text, none
            [.required().normal(Normal::With(same_key)).read(|a| a.held().key_id.as_str().into())];
        arn: Text, none [.computed().read(|a| a.held().arn.as_str().into())];
        target_key_arn: Text, none
            [.computed().follows(&["target_key_id"]).read(|a| a.held().key_arn.as_str().into())];
    }
}

const PREFIX: &str = "alias/";

fn name(value: &Value) -> Result<(), String> {
    checks::text(value, |text| !text.starts_with("alias/aws/"), "begins with alias/aws/, which AWS keeps for itself")?;
    match value.as_str() {
        Some(text) if !text.is_empty() && !text.starts_with(PREFIX) => {
            Err(format!("{text:?} does not begin with alias/; expected alias/{text}"))
        }
        _ => Ok(()),
    }
}

/// Whether two names of a key, ids or ARNs, mean the same key.
pub fn same_key(a: &Value, b: &Value) -> bool {
    let id = |value: &Value| value.as_str().map(|text| text.rsplit_once(":key/").map_or(text, |(_, id)| id).to_owned());
    id(a) == id(b)
}

/// All aliases of the region that lead to a key.
pub(super) async fn listed(aws: &Aws) -> Result<Vec<Alias>> {
    let alias = |entry: &Json| {
        let text = |name: &str| member_text(entry, name);
        let (name, arn, key_id) = (text("AliasName")?, text("AliasArn")?, text("TargetKeyId")?);
        let key_arn = format!("{}key/{key_id}", arn.strip_suffix(&name).unwrap_or(&arn));
        Some(Alias { name, arn, key_id, key_arn })
    };
    let all = aws.read.api.list(&KMS, "ListAliases", json!({}), PAGES, "Aliases").await?;
    Ok(all.iter().filter_map(alias).collect())
}

impl Resource for AwsKmsAlias {
    type Live = Alias;

    fn spec() -> Spec<Alias> {
        Spec::new("aws_kms_alias", |a| Some(a.name.clone()), Rows::rows::<Alias>())
            .role(Role::NotServing("it names a key"))
            .by_name_from("alias/floorplan-")
            .recover(Recover::Key)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Alias>> {
        let names = which.by("name");
        let all = if names.is_empty() { Vec::new() } else { listed(aws).await? };
        Ok(all.into_iter().filter(|a| names.contains(&a.name)).collect())
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let name = want.string("name").unwrap_or_default();
        let input = json!({"AliasName": name, "TargetKeyId": want.string("target_key_id")});
        aws.write.api.call(&KMS, "CreateAlias", input).await?;
        Ok(name)
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        let Some(key) = change.take("target_key_id") else { return Ok(()) };
        let target = key.as_str().unwrap_or_default();
        aws.write.api.call(&KMS, "UpdateAlias", json!({"AliasName": id, "TargetKeyId": target})).await?;
        settle::until("the alias to name its new key", || async {
            let now = Self::describe(aws, Which::Ids(&[id.to_owned()])).await?;
            Ok(now.iter().any(|a| same_key(key, &a.key_id.as_str().into())))
        })
        .await
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        settle::unless_gone(aws.write.api.call(&KMS, "DeleteAlias", json!({"AliasName": id})).await)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_the_same_by_id_and_by_arn() {
        let same = |a: &str, b: &str| same_key(&a.into(), &b.into());
        assert!(same("k-1", "arn:aws:kms:eu-west-1:123456789012:key/k-1"));
        assert!(!same("k-1", "arn:aws:kms:eu-west-1:123456789012:key/k-2"));
    }

    #[test]
    fn the_name_of_an_alias_begins_as_aws_demands() {
        assert_eq!(name(&"alias/db".into()), Ok(()));
        assert!(name(&"db".into()).unwrap_err().ends_with("expected alias/db"));
        assert!(name(&"alias/aws/rds".into()).is_err());
    }
}
