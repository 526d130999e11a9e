//! The common part of Shield's types: lists without tags, and tags by ARN.

use crate::aws::api::services::SHIELD;
use crate::aws::api::{Pages, items, member, member_text};
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};

/// How listings of Shield go on.
pub const PAGES: Pages = Pages("NextToken", "NextToken");

/// An object with its tags.
pub type Tagged = tags::Tagged<Json, Json>;

/// All protections of the account.
pub async fn protections(aws: &Aws) -> Result<Vec<Json>> {
    aws.read.api.list(&SHIELD, "ListProtections", json!({}), PAGES, "Protections").await
}

/// Those of all objects that are asked for, with their tags: by the member `id`, or by the argument and member of `key`.
pub async fn asked(
    aws: &Aws,
    which: Which<'_>,
    mut all: Vec<Json>,
    id: &str,
    key: (&str, &str),
    arn: &str,
) -> Result<Vec<Tagged>> {
    all.retain(|one| match which {
        Which::Ids(ids) => member_text(one, id).is_some_and(|id| ids.contains(&id)),
        Which::NaturalKey(want) => member_text(one, key.1).as_deref() == want.str(key.0),
        Which::Token(_) => true,
    });
    let tagged = |object: Json| async move {
        let input = json!({"ResourceARN": member(&object, arn)});
        let answer = aws.read.api.call(&SHIELD, "ListTagsForResource", input).await?;
        Ok(Tagged { tags: items(&answer, "Tags"), object })
    };
    let mut found = each(all, tagged).await?;
    if let Which::Token(token) = which {
        found.retain(|one| tags::hold_token(&one.tags, token));
    }
    Ok(found)
}

/// Brings the tags of the object with this ARN about.
pub async fn retag(aws: &Aws, arn: Option<&str>, change: &mut Change<'_>) -> Result<()> {
    let Some(arn) = arn else { return Ok(()) };
    tags::change_at(aws, &SHIELD, json!({"ResourceARN": arn}), change).await.map(drop)
}
