//! What Shield's types share: one place for the whole account, lists without tags, and tags by ARN.

use crate::aws::{Aws, Result, each};
use crate::resources::tags;
use crate::schema::Change;
use aws_sdk_shield::types::Tag;

/// Shield lives in one region.
const REGION: &str = "us-east-1";

/// The way to Shield.
pub fn at(aws: &Aws) -> Aws {
    aws.for_region(REGION)
}

/// Keys and values.
pub type Tags = Vec<(String, String)>;

/// The tags of a new object, as Shield takes them.
pub fn given(tags: Tags) -> Vec<Tag> {
    tags.into_iter().map(|(k, v)| Tag::builder().key(k).value(v).build()).collect()
}

/// The objects with their tags.
pub async fn tagged<T>(aws: &Aws, objects: Vec<T>, arn: impl Fn(&T) -> Option<&str>) -> Result<Vec<(T, Tags)>> {
    let call = |object: T| {
        let call = aws.read.shield.list_tags_for_resource().set_resource_arn(arn(&object).map(str::to_owned));
        async move {
            let answer = call.send().await?;
            let tag = |t: &Tag| (t.key().unwrap_or_default().to_owned(), t.value().unwrap_or_default().to_owned());
            Ok((object, answer.tags().iter().map(tag).collect()))
        }
    };
    each(objects, call).await
}

/// Brings the tags of the object with this ARN about.
pub async fn retag(aws: &Aws, arn: &str, change: &mut Change<'_>) -> Result<()> {
    let Some(tags) = tags::take(change) else { return Ok(()) };
    if !tags.set.is_empty() {
        aws.write.shield.tag_resource().resource_arn(arn).set_tags(Some(given(tags.set))).send().await?;
    }
    if !tags.gone.is_empty() {
        aws.write.shield.untag_resource().resource_arn(arn).set_tag_keys(Some(tags.gone)).send().await?;
    }
    Ok(())
}
