//! Tags of EC2 objects: read without our own, given at creation with the token, changed by
//! CreateTags and DeleteTags.

use super::spec::Token;
use crate::aws::{Aws, Result, filter};
use crate::lang::{Name, Type, Value};
use crate::resource::Attrs;
use aws_sdk_ec2::types::{Filter, ResourceType, Tag, TagSpecification};
use std::collections::BTreeMap;

/// The tag that marks a new object with the token of its create, so that one whose answer was lost
/// is found again. Tags with this prefix are ours and never shown.
pub const TOKEN_TAG: &str = "floorplan:token";
const OWN_PREFIX: &str = "floorplan:";
/// Tags that AWS sets itself and nobody may change.
const AWS_PREFIX: &str = "aws:";

/// All tags of an object that the layout can know about, as a map of strings.
pub fn read(tags: &[Tag]) -> Value {
    let visible = |t: &Tag| {
        let key = t.key().filter(|k| !k.starts_with(OWN_PREFIX) && !k.starts_with(AWS_PREFIX))?;
        Some((Name::from(key), Value::string(t.value().unwrap_or_default())))
    };
    Value::map(Type::String, tags.iter().filter_map(visible).collect())
}

/// The filter that finds the object created with `token`.
pub fn token_filter(token: &Token) -> Filter {
    filter(&format!("tag:{TOKEN_TAG}"), &token.0)
}

/// The tags of a new object: those of `want` and the token. For APIs that take a client token too
/// the tag tells whose the object is.
pub fn at_creation(kind: ResourceType, want: &Attrs, token: &Token) -> TagSpecification {
    let tags = want.string_map("tags_all").into_iter().chain([(TOKEN_TAG.to_owned(), token.0.clone())]);
    let tag = |(k, v)| Tag::builder().key(k).value(v).build();
    TagSpecification::builder().resource_type(kind).set_tags(Some(tags.map(tag).collect())).build()
}

/// Changes the tags of the object `id` from those of `before` to those of `after`.
pub async fn retag(aws: &Aws, id: &str, before: &Attrs, after: &Attrs) -> Result<()> {
    let (before, after) = (before.string_map("tags_all"), after.string_map("tags_all"));
    let pairs = |all: &BTreeMap<String, String>, other: &BTreeMap<String, String>, same_value: bool| -> Vec<Tag> {
        all.iter()
            .filter(|(k, v)| if same_value { other.get(*k) != Some(v) } else { !other.contains_key(*k) })
            .map(|(k, v)| Tag::builder().key(k).value(v).build())
            .collect()
    };
    let set = pairs(&after, &before, true);
    if !set.is_empty() {
        aws.write.ec2.create_tags().resources(id).set_tags(Some(set)).send().await?;
    }
    let gone = pairs(&before, &after, false);
    if !gone.is_empty() {
        aws.write.ec2.delete_tags().resources(id).set_tags(Some(gone)).send().await?;
    }
    Ok(())
}
