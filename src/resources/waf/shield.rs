//! The common part of Shield's types: one place for the whole account, lists without tags, and tags by ARN.

use crate::resources::prelude::*;
use aws_sdk_shield::types::Tag;
use std::ops::Deref;

/// Shield lives in one region.
const REGION: &str = "us-east-1";

/// The way to Shield.
pub fn at(aws: &Aws) -> Aws {
    aws.for_region(REGION)
}

/// An object with its tags.
pub struct Tagged<T> {
    object: T,
    tags: Vec<Tag>,
}

impl<T> Deref for Tagged<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.object
    }
}

fn pairs(tags: &[Tag]) -> impl Iterator<Item = (&str, &str)> {
    tags.iter().map(|t| (t.key().unwrap_or_default(), t.value().unwrap_or_default()))
}

impl<T> Tagged<T> {
    /// The tags.
    pub fn tags(&self) -> Value {
        tags::visible(pairs(&self.tags))
    }
}

/// The tags of a new object, as Shield takes them.
pub fn given(want: &Attrs, token: &crate::resources::spec::Token) -> Option<Vec<Tag>> {
    Some(taken(tags::with_token(want, token)))
}

fn taken(tags: Vec<(String, String)>) -> Vec<Tag> {
    tags.into_iter().map(|(k, v)| Tag::builder().key(k).value(v).build()).collect()
}

/// Those of all objects that are asked for, with their tags: by `id`, or by the argument `key`.
pub async fn asked<T>(
    aws: &Aws,
    which: Which<'_>,
    mut all: Vec<T>,
    id: fn(&T) -> Option<&str>,
    key: (&str, fn(&T) -> Option<&str>),
    arn: fn(&T) -> Option<&str>,
) -> Result<Vec<Tagged<T>>> {
    all.retain(|one| match which {
        Which::Ids(ids) => ids.iter().any(|asked| id(one) == Some(asked)),
        Which::NaturalKey(want) => key.1(one) == want.str(key.0),
        Which::Token(_) => true,
    });
    let call = |object: T| {
        let call = aws.read.shield.list_tags_for_resource().set_resource_arn(arn(&object).map(str::to_owned));
        async move { Ok(Tagged { object, tags: call.send().await?.tags.unwrap_or_default() }) }
    };
    let mut found = each(all, call).await?;
    if let Which::Token(token) = which {
        found.retain(|one| tags::hold_token(pairs(&one.tags), token));
    }
    Ok(found)
}

/// Brings the tags of the object with this ARN about.
pub async fn retag(aws: &Aws, arn: Option<&str>, change: &mut Change<'_>) -> Result<()> {
    let (Some(tags), Some(arn)) = (tags::take(change), arn) else { return Ok(()) };
    if !tags.set.is_empty() {
        aws.write.shield.tag_resource().resource_arn(arn).set_tags(Some(taken(tags.set))).send().await?;
    }
    if !tags.gone.is_empty() {
        aws.write.shield.untag_resource().resource_arn(arn).set_tag_keys(Some(tags.gone)).send().await?;
    }
    Ok(())
}
