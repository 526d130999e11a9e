//! aws_db_subnet_group: the subnets that a database may use, in two zones at least.

use super::DESCRIPTION;
use super::rds::{call, each_text, list};
use super::tagging::{self, Tagged};
use crate::aws::api::member_text;
use crate::resources::document::{Document, document};
use crate::resources::plain::joined;
use crate::resources::prelude::*;
use serde_json::json;

document! {
    Rows {
        name = "DBSubnetGroupName": Text [.optional_computed().force_new().check(name)];
        name_prefix = "": Text, none [.optional_computed().force_new().check(name)];
        description = "DBSubnetGroupDescription": Text, read, create, modify [.default(DESCRIPTION)];
        subnet_ids = "SubnetIds.SubnetIdentifier": Texts, create, modify [.required()]
            [.read(|g| Value::string_set(each_text(g.held(), "Subnets.Subnet", "SubnetIdentifier")))];
        arn = "DBSubnetGroupArn": Text, read [.computed()];
        supported_network_types = "SupportedNetworkTypes.member": Texts, read [.computed()];
        vpc_id = "VpcId": Text, read [.computed().follows(&["subnet_ids"])];
    }
}

/// The member that has its name.
const NAME: &str = "DBSubnetGroupName";

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
    type Live = Tagged;

    fn spec() -> Spec<Tagged> {
        Spec::new("aws_db_subnet_group", |l: &Tagged| member_text(l, NAME), Rows::rows())
            .role(Role::Settings(Unjudged::All("subnets")))
            .own_tags(|l| tags::of(&l.tags))
            .by_name()
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Tagged>> {
        let all = list(aws, "DescribeDBSubnetGroups", json!({}), "DBSubnetGroups.DBSubnetGroup").await?;
        tagging::chosen(aws, which, all, NAME, "DBSubnetGroupArn").await
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let answer = call(aws, "CreateDBSubnetGroup", tagging::marked(Rows::create(want), want, token)).await?;
        made(member_text(&answer, "DBSubnetGroup.DBSubnetGroupName").as_deref())
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        change.join(&["description", "subnet_ids"]);
        if let Some(input) = Rows::filled(change) {
            call(aws, "ModifyDBSubnetGroup", joined(json!({NAME: id}), input)).await?;
        }
        tagging::change(aws, change.before.str("arn").unwrap_or_default(), change).await
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        call(aws, "DeleteDBSubnetGroup", json!({NAME: id})).await.map(drop)
    }
}
