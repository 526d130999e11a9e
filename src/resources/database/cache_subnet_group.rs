//! aws_elasticache_subnet_group: the subnets that a cache may use. ElastiCache keeps its name in small letters.

use crate::aws::api::services::ELASTICACHE;
use crate::aws::api::{Pages, items, member_text};
use crate::resources::document::{Document, document};
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};

type Live = tags::Tagged<Json, Json>;

document! {
    Rows {
        name = "CacheSubnetGroupName": Text [.required().force_new().normal(Normal::CaseInsensitive)];
        description = "CacheSubnetGroupDescription": Text, read, create, modify [.default(super::DESCRIPTION)];
        subnet_ids = "SubnetIds.SubnetIdentifier": Texts, create, modify [.required().read(|g| subnets(g.held()))];
        arn = "ARN": Text, read [.computed()];
        vpc_id = "VpcId": Text, read [.computed().follows(&["subnet_ids"])];
    }
}

/// The resource type `aws_elasticache_subnet_group`.
pub struct AwsElasticacheSubnetGroup;

fn subnets(group: &Json) -> Value {
    let ids = items(group, "Subnets.Subnet").into_iter();
    Value::string_set(ids.filter_map(|subnet| member_text(&subnet, "SubnetIdentifier")))
}

fn id(group: &Json) -> Option<String> {
    member_text(group, "CacheSubnetGroupName")
}

impl Resource for AwsElasticacheSubnetGroup {
    type Live = Live;

    fn spec() -> Spec<Live> {
        Spec::new("aws_elasticache_subnet_group", |g: &Live| id(&g.object), Rows::rows())
            .role(Role::Settings(Unjudged::All("subnets")))
            .own_tags(|g| tags::of(&g.tags))
            .unique(&[&["name"]])
            .recover(Recover::Key)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Live>> {
        let api = &aws.read.api;
        let names: Vec<String> = which.by("name").iter().map(|name| name.to_lowercase()).collect();
        let path = "CacheSubnetGroups.CacheSubnetGroup";
        let pages = Pages("Marker", "Marker");
        let mut found = api.list(&ELASTICACHE, "DescribeCacheSubnetGroups", json!({}), pages, path).await?;
        found.retain(|group| id(group).is_some_and(|id| names.contains(&id)));
        each(found, |object| async move {
            let input = json!({"ResourceName": object["ARN"]});
            let answer = api.call(&ELASTICACHE, "ListTagsForResource", input).await?;
            Ok(Live { tags: items(&answer, "TagList.Tag"), object })
        })
        .await
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let mut input = Rows::create(want);
        input["Tags"] = json!({"Tag": tags::marked::<Json>(want, token)});
        let answer = aws.write.api.call(&ELASTICACHE, "CreateCacheSubnetGroup", input).await?;
        made(member_text(&answer, "CacheSubnetGroup.CacheSubnetGroupName").as_deref())
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        let call = |operation, input: Json| aws.write.api.call(&ELASTICACHE, operation, input);
        if let Some(mut input) = Rows::modify(change) {
            input["CacheSubnetGroupName"] = id.into();
            call("ModifyCacheSubnetGroup", input).await?;
        }
        let arn = change.before.string("arn");
        let set = |tags: Vec<Json>| call("AddTagsToResource", json!({"ResourceName": arn, "Tags": {"Tag": tags}}));
        let unset = |keys: Vec<String>| {
            call("RemoveTagsFromResource", json!({"ResourceName": arn, "TagKeys": {"member": keys}}))
        };
        tags::change(change, set, unset).await.map(drop)
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        let input = json!({"CacheSubnetGroupName": id});
        aws.write.api.call(&ELASTICACHE, "DeleteCacheSubnetGroup", input).await.map(drop)
    }
}
