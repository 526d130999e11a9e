//! aws_db_proxy_target: a database behind a proxy.

use crate::resources::prelude::*;
use aws_sdk_rds::types::DbProxyTarget;
use std::collections::BTreeSet;

/// The resource type `aws_db_proxy_target`.
pub struct AwsDbProxyTarget;

/// A database in a group of a proxy.
pub struct Target {
    proxy: String,
    group: String,
    target: DbProxyTarget,
}

held!(Target: target as DbProxyTarget);

const INSTANCE: &str = "RDS_INSTANCE";
const CLUSTER: &str = "TRACKED_CLUSTER";

table! {
    Rows: DbProxyTarget {
        db_cluster_identifier: Text, none [.force_new().read(|t| named(t.held(), CLUSTER))];
        db_instance_identifier: Text, none [.force_new().read(|t| named(t.held(), INSTANCE))];
        endpoint: Text, read [.computed()];
        port: Int, read [.computed()];
        rds_resource_id: Text, read [.computed()];
        target_arn: Text, read [.computed()];
        tracked_cluster_id: Text, read [.computed()];
        r#type: EnumCell, read [.computed()];
    }
}

fn kind(t: &DbProxyTarget) -> &str {
    t.r#type().map_or("", |kind| kind.as_str())
}

fn named(t: &DbProxyTarget, of: &str) -> Value {
    t.rds_resource_id().filter(|_| kind(t) == of).into()
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
    id(&t.proxy, &t.group, kind(&t.target), t.target.rds_resource_id().unwrap_or_default())
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
            let call = aws.read.rds.describe_db_proxy_targets().db_proxy_name(&proxy).target_group_name(&group);
            let all = all_of(call.into_paginator().items().send()).await?.into_iter();
            let target = |target| Target { proxy: proxy.clone(), group: group.clone(), target };
            Ok::<Vec<Target>, Error>(all.map(target).collect())
        };
        let found = each(groups, of_group).await?.into_iter().flatten();
        Ok(found.filter(|t| asked.contains(&own(t))).collect())
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let call = aws.write.rds.register_db_proxy_targets().set_db_proxy_name(want.string("db_proxy_name"));
        let call = call.set_target_group_name(want.string("target_group_name"));
        let call = match database(want) {
            (INSTANCE, instance) => call.db_instance_identifiers(instance),
            (_, cluster) => call.db_cluster_identifiers(cluster),
        };
        call.send().await?;
        Ok(wanted(want))
    }

    async fn delete(aws: &Aws, _id: &str, last: &Attrs) -> Result<()> {
        let call = aws.write.rds.deregister_db_proxy_targets().set_db_proxy_name(last.string("db_proxy_name"));
        let call = call.set_target_group_name(last.string("target_group_name"));
        let call = match database(last) {
            (INSTANCE, instance) => call.db_instance_identifiers(instance),
            (_, cluster) => call.db_cluster_identifiers(cluster),
        };
        done(call.send().await)
    }
}
