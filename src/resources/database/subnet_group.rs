//! aws_db_subnet_group: the subnets that a database may use, in two zones at least.

use super::DESCRIPTION;
use super::tagging::{self, Tagged};
use crate::resources::prelude::*;
use aws_sdk_rds::operation::create_db_subnet_group::builders::CreateDBSubnetGroupFluentBuilder as Create;
use aws_sdk_rds::operation::modify_db_subnet_group::builders::ModifyDBSubnetGroupFluentBuilder as Modify;
use aws_sdk_rds::types::DbSubnetGroup;

type Live = Tagged<DbSubnetGroup>;

table! {
    Rows: DbSubnetGroup, create Create, modify Modify {
        name = db_subnet_group_name: Text [.optional_computed().force_new().check(name)];
        name_prefix: Text, none [.optional_computed().force_new().check(name)];
        description = db_subnet_group_description: Text, read, create, modify [.default(DESCRIPTION)];
        subnet_ids: Texts, create, modify [.required()]
            [.read(|g| Value::string_set(g.held().subnets().iter().filter_map(|s| s.subnet_identifier())))];
        arn = db_subnet_group_arn: Text, read [.computed()];
        supported_network_types: Texts, read [.computed()];
        vpc_id: Text, read [.computed().follows(&["subnet_ids"])];
    }
}

/// The resource type `aws_db_subnet_group`.
pub struct AwsDbSubnetGroup;

fn name(value: &Value) -> Result<(), String> {
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

impl Resource for AwsDbSubnetGroup {
    type Live = Live;

    fn spec() -> Spec<Live> {
        Spec::new("aws_db_subnet_group", |l: &Live| l.db_subnet_group_name().map(Into::into), Rows::rows())
            .role(Role::Settings(Unjudged::All("subnets")))
            .own_tags(|l| tags::of(&l.tags))
            .by_name()
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Live>> {
        let all = all_of(aws.read.rds.describe_db_subnet_groups().into_paginator().items().send()).await?;
        tagging::chosen(aws, which, all, |group| group.db_subnet_group_name().zip(group.db_subnet_group_arn())).await
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let call = Rows::create(aws.write.rds.create_db_subnet_group(), want);
        let answer = call.set_tags(tags::marked(want, token)).send().await?;
        made(answer.db_subnet_group().and_then(DbSubnetGroup::db_subnet_group_name))
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        change.join(&["description", "subnet_ids"]);
        if let Some(call) = Rows::modify(aws.write.rds.modify_db_subnet_group().db_subnet_group_name(id), change) {
            call.send().await?;
        }
        tagging::change(aws, change.before.str("arn").unwrap_or_default(), change).await
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        done(aws.write.rds.delete_db_subnet_group().db_subnet_group_name(id).send().await)
    }
}
