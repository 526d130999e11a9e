//! aws_db_subnet_group: the subnets that a database may stand in, in two zones at least.

use super::DESCRIPTION;
use super::tagging::{self, Tagged};
use crate::aws::{Aws, Result, made};
use crate::resources::spec::{self, Resource, Spec, Token, Which};
use crate::schema::{Attrs, Change};
use crate::value::Value;
use aws_sdk_rds::types::DbSubnetGroup;

type Live = Tagged<DbSubnetGroup>;
type A = spec::A<Live>;

/// The resource type `aws_db_subnet_group`.
pub struct AwsDbSubnetGroup;

fn name(value: &Value) -> std::result::Result<(), String> {
    let Some(text) = value.as_str().filter(|text| !text.is_empty()) else { return Ok(()) };
    if text.len() > 255 {
        return Err("the name is longer than 255 characters".into());
    }
    if text == "default" {
        return Err("the name \"default\" is the one that AWS gives to its own group".into());
    }
    let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b" ._-".contains(&b);
    if text.bytes().all(allowed) {
        return Ok(());
    }
    Err(format!("{text:?} holds more than lower-case letters, digits, spaces, full stops, underscores and hyphens"))
}

fn key(group: &DbSubnetGroup) -> Option<(&str, &str)> {
    group.db_subnet_group_name().zip(group.db_subnet_group_arn())
}

impl Resource for AwsDbSubnetGroup {
    type Live = Live;

    fn spec() -> Spec<Live> {
        let [tags, tags_all] = A::tags(|l| tagging::shown(&l.tags));
        let subnets = |l: &Live| Value::string_set(l.group.subnets().iter().filter_map(|s| s.subnet_identifier()));
        let rows = vec![
            A::string("name")
                .optional_computed()
                .force_new()
                .check(name)
                .read(|l| l.group.db_subnet_group_name().into()),
            A::string("name_prefix").optional_computed().force_new().check(name),
            A::string("description").default(DESCRIPTION).read(|l| l.group.db_subnet_group_description().into()),
            A::string_set("subnet_ids").required().read(subnets),
            A::string("arn").computed().read(|l| l.group.db_subnet_group_arn().into()),
            A::string_set("supported_network_types")
                .computed()
                .read(|l| Value::string_set(l.group.supported_network_types())),
            A::string("vpc_id").computed().follows(&["subnet_ids"]).read(|l| l.group.vpc_id().into()),
            tags,
            tags_all,
        ];
        Spec::new("aws_db_subnet_group", |l: &Live| l.group.db_subnet_group_name().map(Into::into), rows)
            .unique(&[&["name"]])
            .named("name", "name_prefix")
            .conflicts(&[&["name", "name_prefix"]])
            .tagging(spec::Tagging::Own)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Live>> {
        let all = aws
            .pages(vec![Vec::new()], |_| aws.read.rds.describe_db_subnet_groups().into_paginator().items().send())
            .await?;
        tagging::chosen(aws, which, all, key).await
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let answer = aws
            .write
            .rds
            .create_db_subnet_group()
            .set_db_subnet_group_name(want.string("name"))
            .set_db_subnet_group_description(want.string("description"))
            .set_subnet_ids(Some(want.strings("subnet_ids")))
            .set_tags(Some(tagging::at_creation(want, token)))
            .send()
            .await?;
        made(answer.db_subnet_group().and_then(DbSubnetGroup::db_subnet_group_name))
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        if change.take_any(&["description", "subnet_ids"]) {
            aws.write
                .rds
                .modify_db_subnet_group()
                .db_subnet_group_name(id)
                .set_db_subnet_group_description(change.after.string("description"))
                .set_subnet_ids(Some(change.after.strings("subnet_ids")))
                .send()
                .await?;
        }
        tagging::change(aws, change.before.str("arn").unwrap_or_default(), change).await
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        aws.write.rds.delete_db_subnet_group().db_subnet_group_name(id).send().await?;
        Ok(())
    }
}
