//! aws_db_proxy_target: a database behind a proxy.

use super::rds::{call, is, list};
use crate::aws::api::member_text;
use crate::resources::document::{Document, document};
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};
use std::collections::BTreeSet;

/// The resource type `aws_db_proxy_target`.
pub struct AwsDbProxyTarget;

/// A database in a group of a proxy.
pub struct Target {
    proxy: String,
    group: String,
    target: Json,
}

held!(Target: target as Json);

const INSTANCE: &str = "RDS_INSTANCE";
const CLUSTER: &str = "TRACKED_CLUSTER";

document! {
    Rows {
        db_cluster_identifier = "": Text, none [.force_new().read(|t| named(t.held(), CLUSTER))];
        db_instance_identifier = "": Text, none [.force_new().read(|t| named(t.held(), INSTANCE))];
        endpoint = "Endpoint": Text, read [.computed()];
        port = "Port": Int, read [.computed()];
        rds_resource_id = "RdsResourceId": Text, read [.computed()];
        target_arn = "TargetArn": Text, read [.computed()];
        tracked_cluster_id = "TrackedClusterId": Text, read [.computed()];
        r#type = "Type": Text, read [.computed()];
    }
}

fn named(t: &Json, of: &str) -> Value {
    member_text(t, "RdsResourceId").filter(|_| is(t, "Type", Some(of))).into()
}

/// The id that Terraform gives it.
fn id(proxy: &str, group: &str, kind: &str, database: &str) -> String {
    [proxy, group, kind, database].join("/")
}

/// What is asked for: kind and name of the database.
fn database(want: &Attrs) -> (&'static str, String) {
    match want.string("db_instance_identifier") {
        Some(instance) => (INSTANCE, instance),
        None => (CLUSTER, want.string("db_cluster_identifier").unwrap_or_default()),
    }
}

fn wanted(want: &Attrs) -> String {
    let part = |name: &str| want.str(name).unwrap_or_default();
    let (kind, database) = database(want);
    id(part("db_proxy_name"), part("target_group_name"), kind, &database)
}

fn own(t: &Target) -> String {
    let text = |name: &str| member_text(&t.target, name).unwrap_or_default();
    id(&t.proxy, &t.group, &text("Type"), &text("RdsResourceId"))
}

/// The members by which a call names a database of a group.
fn input(want: &Attrs) -> Json {
    let (kind, database) = database(want);
    let by = if kind == INSTANCE { "DBInstanceIdentifiers" } else { "DBClusterIdentifiers" };
    json!({
        "DBProxyName": want.str("db_proxy_name"),
        "TargetGroupName": want.str("target_group_name"),
        by: {"member": [database]},
    })
}

impl Resource for AwsDbProxyTarget {
    type Live = Target;

    fn spec() -> Spec<Target> {
        let fixed = |name| A::string(name).required().force_new();
        let place = [
            fixed("db_proxy_name").read(|t: &Target| (&t.proxy).into()),
            fixed("target_group_name").read(|t| (&t.group).into()),
        ];
        let rows = Rows::rows().into_iter().chain(place).collect();
        Spec::new("aws_db_proxy_target", |t: &Target| Some(own(t)), rows)
            .role(Role::Settings(Unjudged::All("connections")))
            .unique(&[&["db_proxy_name", "target_group_name"]])
            .recover(Recover::Key)
            .exactly_one(&[&["db_cluster_identifier", "db_instance_identifier"]])
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Target>> {
        let asked: BTreeSet<String> = match which {
            Which::Ids(ids) => ids.iter().cloned().collect(),
            Which::NaturalKey(want) => BTreeSet::from([wanted(want)]),
            Which::Token(_) => BTreeSet::new(),
        };
        let place = |id: &String| {
            let mut parts = id.split('/').map(str::to_owned);
            Some((parts.next()?, parts.next()?))
        };
        let groups: BTreeSet<(String, String)> = asked.iter().filter_map(place).collect();
        let of_group = |(proxy, group): (String, String)| async move {
            let input = json!({"DBProxyName": proxy, "TargetGroupName": group});
            let all = list(aws, "DescribeDBProxyTargets", input, "Targets.member").await?.into_iter();
            let target = |target| Target { proxy: proxy.clone(), group: group.clone(), target };
            Ok::<Vec<Target>, Error>(all.map(target).collect())
        };
        let found = each(groups, of_group).await?.into_iter().flatten();
        Ok(found.filter(|t| asked.contains(&own(t))).collect())
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        call(aws, "RegisterDBProxyTargets", input(want)).await?;
        Ok(wanted(want))
    }

    async fn delete(aws: &Aws, _id: &str, last: &Attrs) -> Result<()> {
        call(aws, "DeregisterDBProxyTargets", input(last)).await.map(drop)
    }
}
