//! aws_ec2_tag: one tag of an object of EC2 that another layout, or AWS itself, has made.

use crate::resources::prelude::*;
use crate::resources::{Resource, Spec, Token, Which};
use aws_sdk_ec2::types::{Tag, TagDescription};

/// The resource type `aws_ec2_tag`.
pub struct AwsEc2Tag;

table! {
    Rows: TagDescription {
        resource_id: Text, read [.required().force_new()];
        key: Text, read [.required().force_new()];
        value: Text, read [.required()];
    }
}

static KEY: Composite = Composite::new(&["resource_id", "key"], ",");

fn parts(attrs: &Attrs) -> (String, Tag) {
    let tag = Tag::builder().set_key(attrs.string("key")).set_value(attrs.string("value"));
    (attrs.string("resource_id").unwrap_or_default(), tag.build())
}

impl Resource for AwsEc2Tag {
    type Live = TagDescription;

    fn spec() -> Spec<TagDescription> {
        Spec::composite("aws_ec2_tag", &KEY, Rows::rows()).role(Role::NotServing("it labels an object"))
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<TagDescription>> {
        let filters = filtered("resource-id", &which.parts(&KEY, "resource_id"));
        listed!(aws, describe_tags, filters).await
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let (id, tag) = parts(want);
        aws.write.ec2.create_tags().resources(id).tags(tag).send().await?;
        made(KEY.id(want).as_deref())
    }

    async fn update(aws: &Aws, _id: &str, change: &mut Change<'_>) -> Result<()> {
        change.take("value");
        let (id, tag) = parts(change.after);
        Ok(aws.write.ec2.create_tags().resources(id).tags(tag).send().await.map(drop)?)
    }

    /// With its value: a tag that somebody has changed meanwhile stays.
    async fn delete(aws: &Aws, _id: &str, last: &Attrs) -> Result<()> {
        let (id, tag) = parts(last);
        Ok(aws.write.ec2.delete_tags().resources(id).tags(tag).send().await.map(drop)?)
    }
}
