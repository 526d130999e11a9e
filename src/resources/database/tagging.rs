//! Tags of RDS objects. Instances and clusters are listed with theirs; those of groups are asked for
//! one by one, as RDS has no other call.

use crate::resources::prelude::*;
use aws_sdk_rds::types::Tag;

fn pairs(tags: &[Tag]) -> impl Iterator<Item = (&str, &str)> {
    tags.iter().map(|t| (t.key().unwrap_or_default(), t.value().unwrap_or_default()))
}

/// The tags that the layout can know about.
pub fn shown(tags: &[Tag]) -> Value {
    tags::visible(pairs(tags))
}

/// Whether an object was created with this token.
pub fn hold_token(tags: &[Tag], token: &Token) -> bool {
    tags::hold_token(pairs(tags), token)
}

/// The tags of a new object.
pub fn at_creation(want: &Attrs, token: &Token) -> Vec<Tag> {
    tags::with_token(want, token).into_iter().map(tag).collect()
}

fn tag((key, value): (String, String)) -> Tag {
    Tag::builder().key(key).value(value).build()
}

/// Changes the tags of the object with this ARN, if they change.
pub async fn change(aws: &Aws, arn: &str, change: &mut Change<'_>) -> Result<()> {
    let Some(tags::Retagging { set, gone }) = tags::take(change) else { return Ok(()) };
    if !set.is_empty() {
        let set = set.into_iter().map(tag).collect();
        aws.write.rds.add_tags_to_resource().resource_name(arn).set_tags(Some(set)).send().await?;
    }
    if !gone.is_empty() {
        aws.write.rds.remove_tags_from_resource().resource_name(arn).set_tag_keys(Some(gone)).send().await?;
    }
    Ok(())
}

/// A group with its tags.
pub struct Tagged<T> {
    /// The group as listed.
    pub group: T,
    /// Its tags.
    pub tags: Vec<Tag>,
}

impl<T> Holds<T> for Tagged<T> {
    fn held(&self) -> &T {
        &self.group
    }
}

/// Of all groups those asked for, with their tags. `key` gives a group's name and ARN.
pub async fn chosen<T>(
    aws: &Aws,
    which: Which<'_>,
    all: Vec<T>,
    key: fn(&T) -> Option<(&str, &str)>,
) -> Result<Vec<Tagged<T>>> {
    let named = |group: &T| {
        key(group).is_some_and(|(name, _)| match which {
            Which::Ids(ids) => ids.iter().any(|id| id == name),
            Which::NaturalKey(want) => want.str("name").is_some_and(|wanted| wanted == name),
            Which::Token(_) => true,
        })
    };
    let mut found = each(all.into_iter().filter(named), |group| async {
        let arn = key(&group).map_or("", |(_, arn)| arn).to_owned();
        let answer = aws.read.rds.list_tags_for_resource().resource_name(arn).send().await?;
        Ok(Tagged { group, tags: answer.tag_list.unwrap_or_default() })
    })
    .await?;
    if let Which::Token(token) = which {
        found.retain(|found| hold_token(&found.tags, token));
    }
    Ok(found)
}
