//! aws_kms_grant: lets a principal use a key. KMS gives the token of a grant once, when it is made.

use super::kms_key::PAGES;
use crate::aws::api::services::KMS;
use crate::aws::api::{items, member, member_text};
use crate::resources::block::TextMap;
use crate::resources::document::{Document, Unordered, at, document};
use crate::resources::kms::kms_alias::same_key;
use crate::resources::once::Once;
use crate::resources::prelude::*;
use crate::resources::settle::unless_gone;
use serde_json::{Value as Json, json};

/// The resource type `aws_kms_grant`.
pub struct AwsKmsGrant;

document! {
    /// The encryption contexts that a grant is for.
    Constraints {
        encryption_context_equals = "EncryptionContextEquals": TextMap;
        encryption_context_subset = "EncryptionContextSubset": TextMap;
    }
}

document! {
    /// A grant, the key as the layout names it, and its token, if it was made a moment ago.
    Rows {
        constraints = "": Unordered<Constraints>, none [.force_new().read(|g| constraints(g.held()))];
        grant_creation_tokens = "GrantTokens": Texts, create [.force_new()];
        grantee_principal = "GranteePrincipal": Text [.required().force_new()];
        key_id = "KeyId": Text [.required().force_new().normal(Normal::With(same_key))];
        name = "Name": Text [.force_new()];
        operations = "Operations": Texts [.required().force_new()];
        retire_on_delete = "": Switch, none;
        retiring_principal = "RetiringPrincipal": Text [.force_new()];
        grant_id = "GrantId": Text, read [.computed()];
        grant_token = "GrantToken": Text, none [.computed().sensitive().read(|g| token(g.held()))];
    }
}

/// At most one block in a set; none for constraints that constrain nothing.
fn constraints(grant: &Json) -> Value {
    let maps = ["EncryptionContextEquals", "EncryptionContextSubset"];
    let found = member(grant, "Constraints").filter(|all| maps.iter().any(|name| member(all, name).is_some()));
    at::<Unordered<Constraints>>(&json!({"Constraints": found}), "Constraints")
}

/// A token that is not known any more stays as it was.
fn token(grant: &Json) -> Value {
    member_text(grant, "GrantToken").map_or_else(|| Value::unknown(Type::String), Value::from)
}

/// The key and the grant in an id. The key may be an ARN.
fn place(id: &str) -> Option<(String, String)> {
    id.rsplit_once(':').map(|(key, grant)| (key.to_owned(), grant.to_owned()))
}

/// Whether a grant says what is wanted: that is how one is found again.
fn alike(grant: &Json, want: &Attrs) -> bool {
    let same = |name: &str, by: &str| text(want, name) == member_text(grant, by).filter(|text| !text.is_empty());
    let operations = items(grant, "Operations");
    let mut operations: Vec<&str> = operations.iter().filter_map(Json::as_str).collect();
    let mut wanted = want.strings("operations");
    operations.sort_unstable();
    wanted.sort_unstable();
    same("name", "Name")
        && same("grantee_principal", "GranteePrincipal")
        && same("retiring_principal", "RetiringPrincipal")
        && operations == wanted
}

fn id(grant: &Json) -> Option<String> {
    member_text(grant, "GrantId")
}

async fn of_key(aws: &Aws, key: &str) -> Result<Vec<Json>> {
    let mut all = aws.read.api.list(&KMS, "ListGrants", json!({"KeyId": key}), PAGES, "Grants").await?;
    let tokens = aws.shared::<Once<AwsKmsGrant>>();
    for grant in &mut all {
        grant["KeyId"] = key.into();
        grant["GrantToken"] = id(grant).and_then(|id| tokens.of(&id)).into();
    }
    Ok(all)
}

impl Resource for AwsKmsGrant {
    type Live = Json;

    fn spec() -> Spec<Json> {
        let whole = |g: &Json| Some(format!("{}:{}", member_text(g, "KeyId")?, id(g)?));
        Spec::new("aws_kms_grant", whole, Rows::rows::<Json>())
            .role(Role::NotServing("what is encrypted says what serves"))
            .recover(Recover::Key)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Json>> {
        match which {
            Which::Ids(ids) => {
                let places: Vec<_> = ids.iter().filter_map(|id| place(id)).collect();
                let found = each(places, |(key, grant)| async move {
                    let mut all = of_key(aws, &key).await?;
                    all.retain(|one| id(one).as_ref() == Some(&grant));
                    Ok(all)
                });
                Ok(found.await?.into_iter().flatten().collect())
            }
            Which::NaturalKey(want) => {
                let mut all = of_key(aws, want.str("key_id").unwrap_or_default()).await?;
                all.retain(|grant| alike(grant, want));
                Ok(all)
            }
            Which::Token(_) => Ok(Vec::new()),
        }
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let mut input = Rows::create(want);
        input["Constraints"] = want.blocks("constraints").first().map(Constraints::create).into();
        let answer = settle::once_known(|| aws.write.api.call(&KMS, "CreateGrant", input.clone())).await?;
        let grant = made(id(&answer).as_deref())?;
        if let Some(token) = member_text(&answer, "GrantToken") {
            aws.shared::<Once<AwsKmsGrant>>().keep(&grant, &token);
        }
        Ok(format!("{}:{grant}", want.str("key_id").unwrap_or_default()))
    }

    async fn update(_aws: &Aws, _id: &str, change: &mut Change<'_>) -> Result<()> {
        change.take("retire_on_delete");
        Ok(())
    }

    async fn delete(aws: &Aws, id: &str, last: &Attrs) -> Result<()> {
        let Some((key, grant)) = place(id) else { return Ok(()) };
        let call = if last.bool("retire_on_delete") == Some(true) { "RetireGrant" } else { "RevokeGrant" };
        unless_gone(aws.write.api.call(&KMS, call, json!({"KeyId": key, "GrantId": grant})).await)
    }
}
