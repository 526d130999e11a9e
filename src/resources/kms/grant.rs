//! aws_kms_grant: lets a principal use a key. KMS gives the token of a grant once, when it is made.

use crate::resources::block::{EnumSetCell, TextMap};
use crate::resources::kms::kms_alias::same_key;
use crate::resources::once::Once;
use crate::resources::prelude::*;
use crate::resources::settle::unless_gone;
use aws_sdk_kms::operation::create_grant::builders::CreateGrantFluentBuilder as CreateGrant;
use aws_sdk_kms::types::{GrantConstraints, GrantListEntry};

/// The resource type `aws_kms_grant`.
pub struct AwsKmsGrant;

/// A grant, the key as the layout names it, and its token, if it was made a moment ago.
pub struct Live {
    key: String,
    grant: GrantListEntry,
    token: Option<String>,
}

block! {
    /// The encryption contexts that a grant is for.
    Constraints: GrantConstraints => GrantConstraints {
        encryption_context_equals: TextMap, create
            [.read(|c| TextMap::get(c.held().encryption_context_equals()))];
        encryption_context_subset: TextMap, create
            [.read(|c| TextMap::get(c.held().encryption_context_subset()))];
    }
}

table! {
    Rows: Live, create CreateGrant {
        constraints: OptionalSet, create
            [.force_new().read(|l| constraints(l.held().grant.constraints()))];
        grant_creation_tokens = grant_tokens: Texts, create [.force_new()];
        grantee_principal: Text, create
            [.required().force_new().read(|l| l.held().grant.grantee_principal().into())];
        key_id: Text, create
            [.required().force_new().normal(Normal::With(same_key)).read(|l| l.held().key.as_str().into())];
        name: Text, create [.force_new().read(|l| l.held().grant.name().into())];
        operations: EnumSetCell, create
            [.required().force_new().read(|l| EnumSetCell::get(l.held().grant.operations()))];
        retire_on_delete: Switch, none;
        retiring_principal: Text, create [.force_new().read(|l| l.held().grant.retiring_principal().into())];
        grant_id: Text, none [.computed().read(|l| l.held().grant.grant_id().into())];
        grant_token: Text, none [.computed().sensitive().read(|l| token(l.held()))];
    }
}

/// At most one block in a set.
struct OptionalSet;

impl Cell for OptionalSet {
    fn column<L>(name: &'static str) -> A<L> {
        BlockSet::<Constraints>::column(name)
    }
}

impl Put<Option<GrantConstraints>> for OptionalSet {
    fn put(from: &Attrs, name: &str) -> Option<GrantConstraints> {
        from.blocks(name).first().map(Constraints::write)
    }
}

fn constraints(found: Option<&GrantConstraints>) -> Value {
    let maps =
        |c: &&GrantConstraints| c.encryption_context_equals().is_some() || c.encryption_context_subset().is_some();
    BlockSet::<Constraints>::get(found.filter(maps).map_or(&[][..], std::slice::from_ref))
}

/// A token that is not known any more stays as it was.
fn token(live: &Live) -> Value {
    live.token.as_deref().map_or_else(|| Value::unknown(Type::String), Value::from)
}

/// The key and the grant in an id. The key may be an ARN.
fn place(id: &str) -> Option<(String, String)> {
    id.rsplit_once(':').map(|(key, grant)| (key.to_owned(), grant.to_owned()))
}

/// Whether a grant says what is wanted: that is how one is found again.
fn alike(live: &Live, want: &Attrs) -> bool {
    let same = |name: &str, found: Option<&str>| text(want, name).as_deref() == found.filter(|text| !text.is_empty());
    let mut operations: Vec<&str> = live.grant.operations().iter().map(|o| o.as_str()).collect();
    let mut wanted = want.strings("operations");
    operations.sort_unstable();
    wanted.sort_unstable();
    same("name", live.grant.name())
        && same("grantee_principal", live.grant.grantee_principal())
        && same("retiring_principal", live.grant.retiring_principal())
        && operations == wanted
}

async fn of_key(aws: &Aws, key: &str) -> Result<Vec<Live>> {
    let all = all_of(aws.read.kms.list_grants().key_id(key).into_paginator().items().send()).await?;
    let tokens = aws.shared::<Once<AwsKmsGrant>>();
    let live = |grant: GrantListEntry| {
        let token = grant.grant_id().and_then(|id| tokens.of(id));
        Live { key: key.to_owned(), grant, token }
    };
    Ok(all.into_iter().map(live).collect())
}

impl Resource for AwsKmsGrant {
    type Live = Live;

    fn spec() -> Spec<Live> {
        let id = |l: &Live| l.grant.grant_id().map(|grant| format!("{}:{grant}", l.key));
        Spec::new("aws_kms_grant", id, Rows::rows::<Live>())
            .role(Role::NotServing("what is encrypted says what serves"))
            .recover(Recover::Key)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Live>> {
        match which {
            Which::Ids(ids) => {
                let places: Vec<_> = ids.iter().filter_map(|id| place(id)).collect();
                let found = each(places, |(key, grant)| async move {
                    let mut all = of_key(aws, &key).await?;
                    all.retain(|live| live.grant.grant_id() == Some(grant.as_str()));
                    Ok(all)
                });
                Ok(found.await?.into_iter().flatten().collect())
            }
            Which::NaturalKey(want) => {
                let mut all = of_key(aws, want.str("key_id").unwrap_or_default()).await?;
                all.retain(|live| alike(live, want));
                Ok(all)
            }
            Which::Token(_) => Ok(Vec::new()),
        }
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let call = Rows::create(aws.write.kms.create_grant(), want);
        let answer = settle::once_known(|| async { Ok(call.clone().send().await?) }).await?;
        let grant = made(answer.grant_id())?;
        if let Some(token) = answer.grant_token() {
            aws.shared::<Once<AwsKmsGrant>>().keep(&grant, token);
        }
        Ok(format!("{}:{grant}", want.str("key_id").unwrap_or_default()))
    }

    async fn update(_aws: &Aws, _id: &str, change: &mut Change<'_>) -> Result<()> {
        change.take("retire_on_delete");
        Ok(())
    }

    async fn delete(aws: &Aws, id: &str, last: &Attrs) -> Result<()> {
        let Some((key, grant)) = place(id) else { return Ok(()) };
        if last.bool("retire_on_delete") == Some(true) {
            return unless_gone(aws.write.kms.retire_grant().key_id(key).grant_id(grant).send().await);
        }
        unless_gone(aws.write.kms.revoke_grant().key_id(key).grant_id(grant).send().await)
    }
}
