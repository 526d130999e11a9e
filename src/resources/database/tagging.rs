//! Tags of RDS objects. Instances and clusters are listed with theirs; those of groups are asked for
//! one by one, as RDS has no other call.

use super::rds::{ask, call, is};
use crate::aws::api::{items, member_text};
use crate::resources::plain::joined;
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};

/// A group with its tags.
pub type Tagged = tags::Tagged<Json, Json>;

/// The tags that an object is listed with.
pub fn of(object: &Json) -> Vec<Json> {
    items(object, "TagList.Tag")
}

/// The members of a call that makes an object, with its tags.
pub fn marked(input: Json, want: &Attrs, token: &Token) -> Json {
    joined(input, json!({"Tags": {"Tag": tags::marked::<Json>(want, token)}}))
}

/// Changes the tags of the object with the ARN that it had before, if they change.
pub async fn change(aws: &Aws, arn: &str, change: &mut Change<'_>) -> Result<()> {
    let call = |operation, more| call(aws, operation, joined(json!({"ResourceName": arn}), more));
    let set = |tags: Vec<Json>| call("AddTagsToResource", json!({"Tags": {"Tag": tags}}));
    let unset = |keys: Vec<String>| call("RemoveTagsFromResource", json!({"TagKeys": {"member": keys}}));
    tags::change(change, set, unset).await.map(drop)
}

/// Keeps those asked for of objects that are listed with their tags. `id` is the member that has the argument `name`.
pub fn retain(all: &mut Vec<Json>, which: Which<'_>, id: &str, name: &str) {
    all.retain(|one| match which {
        Which::Ids(ids) => member_text(one, id).is_some_and(|id| ids.contains(&id)),
        Which::NaturalKey(want) => is(one, id, want.str(name)),
        Which::Token(token) => tags::hold_token(&of(one), token),
    });
}

/// An object with its tags, which are asked for by its ARN.
pub async fn with_tags(aws: &Aws, object: Json, arn: &str) -> Result<Tagged> {
    let input = json!({"ResourceName": member_text(&object, arn).unwrap_or_default()});
    let tags = of(&ask(aws, "ListTagsForResource", input).await?);
    Ok(Tagged { object, tags })
}

/// Of all groups those asked for, with their tags. `name` and `arn` are the members that have those of a group.
pub async fn chosen(aws: &Aws, which: Which<'_>, all: Vec<Json>, name: &str, arn: &str) -> Result<Vec<Tagged>> {
    let named = |group: &Json| {
        let Some((name, _)) = member_text(group, name).zip(member_text(group, arn)) else { return false };
        match which {
            Which::Ids(ids) => ids.contains(&name),
            Which::NaturalKey(want) => want.str("name") == Some(&name),
            Which::Token(_) => true,
        }
    };
    let mut found = each(all.into_iter().filter(named), |object| with_tags(aws, object, arn)).await?;
    if let Which::Token(token) = which {
        found.retain(|found| tags::hold_token(&found.tags, token));
    }
    Ok(found)
}
