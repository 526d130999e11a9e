//! The common part of Shield's types: one place for the whole account, lists without tags, and tags by ARN.

use crate::resources::prelude::*;
use aws_sdk_shield::types::Tag;

/// Shield lives in one region.
const REGION: &str = "us-east-1";

/// The way to Shield.
pub fn at(aws: &Aws) -> Aws {
    aws.for_region(REGION)
}

/// An object with its tags.
pub type Tagged<T> = tags::Tagged<T, Tag>;

/// Those of all objects that are asked for, with their tags: by `id`, or by the argument `key`.
pub async fn asked<T: Send>(
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
        found.retain(|one| tags::hold_token(&one.tags, token));
    }
    Ok(found)
}

/// Brings the tags of the object with this ARN about.
pub async fn retag(aws: &Aws, arn: Option<&str>, change: &mut Change<'_>) -> Result<()> {
    let Some(arn) = arn else { return Ok(()) };
    tags::change_by!(change, aws.write.shield, tag_resource untag_resource, resource_arn arn).map(drop)
}
