//! Tags of RDS objects. Instances and clusters are listed with theirs; those of groups are asked for
//! one by one, as RDS has no other call.

use crate::resources::prelude::*;
use aws_sdk_rds::types::Tag;

/// A group with its tags.
pub type Tagged<T> = tags::Tagged<T, Tag>;

/// Changes the tags of the object with this ARN, if they change.
pub async fn change(aws: &Aws, arn: &str, change: &mut Change<'_>) -> Result<()> {
    tags::change_by!(change, aws.write.rds, add_tags_to_resource remove_tags_from_resource, resource_name arn).map(drop)
}

/// Of all groups those asked for, with their tags. `key` gives a group's name and ARN.
pub async fn chosen<T: Send>(
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
    let mut found = each(all.into_iter().filter(named), |object| async {
        let arn = key(&object).map_or("", |(_, arn)| arn).to_owned();
        let answer = aws.read.rds.list_tags_for_resource().resource_name(arn).send().await?;
        Ok(Tagged { object, tags: answer.tag_list.unwrap_or_default() })
    })
    .await?;
    if let Which::Token(token) = which {
        found.retain(|found| tags::hold_token(&found.tags, token));
    }
    Ok(found)
}
