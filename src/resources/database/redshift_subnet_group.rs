//! aws_redshift_subnet_group: the subnets that a warehouse may use. Redshift keeps its name in small letters.

use crate::aws::api::services::REDSHIFT;
use crate::aws::api::{Pages, items, member_text};
use crate::resources::document::{Document, document};
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};

/// A group as listed, with its ARN, which the listing leaves out.
pub struct Group {
    object: Json,
    arn: String,
}

held!(Group: object as Json);

document! {
    Rows {
        name = "ClusterSubnetGroupName": Text [.required().force_new().normal(Normal::CaseInsensitive)];
        description = "Description": Text, read, create, modify [.default(super::DESCRIPTION)];
        subnet_ids = "SubnetIds.SubnetIdentifier": Texts, create, modify [.required().read(|g| subnets(g.held()))];
    }
}

/// The resource type `aws_redshift_subnet_group`.
pub struct AwsRedshiftSubnetGroup;

fn subnets(group: &Json) -> Value {
    let ids = items(group, "Subnets.Subnet").into_iter();
    Value::string_set(ids.filter_map(|subnet| member_text(&subnet, "SubnetIdentifier")))
}

fn id(group: &Json) -> Option<String> {
    member_text(group, "ClusterSubnetGroupName")
}

impl Resource for AwsRedshiftSubnetGroup {
    type Live = Group;

    fn spec() -> Spec<Group> {
        let mut rows = Rows::rows::<Group>();
        rows.push(A::string("arn").computed().read(|g: &Group| g.arn.as_str().into()));
        Spec::new("aws_redshift_subnet_group", |g| id(&g.object), rows)
            .role(Role::Settings(Unjudged::All("subnets")))
            .own_tags(|g| tags::of(&items(&g.object, "Tags.Tag")))
            .unique(&[&["name"]])
            .recover(Recover::Key)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Group>> {
        let names: Vec<String> = which.by("name").iter().map(|name| name.to_lowercase()).collect();
        let pages = Pages("Marker", "Marker");
        let path = "ClusterSubnetGroups.ClusterSubnetGroup";
        let found = aws.read.api.list(&REDSHIFT, "DescribeClusterSubnetGroups", json!({}), pages, path).await?;
        let arn = |id: &str| format!("arn:{}:redshift:{}:{}:subnetgroup:{id}", aws.partition, aws.region, aws.account);
        let asked = |object: Json| {
            let id = id(&object).filter(|id| names.contains(id))?;
            Some(Group { arn: arn(&id), object })
        };
        Ok(found.into_iter().filter_map(asked).collect())
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let mut input = Rows::create(want);
        input["Tags"] = json!({"Tag": tags::marked::<Json>(want, token)});
        let answer = aws.write.api.call(&REDSHIFT, "CreateClusterSubnetGroup", input).await?;
        made(member_text(&answer, "ClusterSubnetGroup.ClusterSubnetGroupName").as_deref())
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        let call = |operation, input: Json| aws.write.api.call(&REDSHIFT, operation, input);
        change.join(&["description", "subnet_ids"]);
        if let Some(mut input) = Rows::modify(change) {
            input["ClusterSubnetGroupName"] = id.into();
            call("ModifyClusterSubnetGroup", input).await?;
        }
        let arn = change.before.string("arn");
        let set = |tags: Vec<Json>| call("CreateTags", json!({"ResourceName": arn, "Tags": {"Tag": tags}}));
        let unset = |keys: Vec<String>| call("DeleteTags", json!({"ResourceName": arn, "TagKeys": {"TagKey": keys}}));
        tags::change(change, set, unset).await.map(drop)
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        let input = json!({"ClusterSubnetGroupName": id});
        aws.write.api.call(&REDSHIFT, "DeleteClusterSubnetGroup", input).await.map(drop)
    }
}
