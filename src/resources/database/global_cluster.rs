//! aws_rds_global_cluster: clusters of several regions, of which one writes and the others follow it.

use super::{checks as rules, tagging};
use crate::resources::prelude::*;
use crate::resources::settle::unless_gone;
use aws_sdk_rds::operation::create_global_cluster::builders::CreateGlobalClusterFluentBuilder as Create;
use aws_sdk_rds::operation::modify_global_cluster::builders::ModifyGlobalClusterFluentBuilder as Modify;
use aws_sdk_rds::types::{GlobalCluster, GlobalClusterMember};

/// The resource type `aws_rds_global_cluster`.
pub struct AwsRdsGlobalCluster;

block! {
    /// A cluster in it.
    Member: GlobalClusterMember => GlobalClusterMember {
        db_cluster_arn: Text, read;
        is_writer: Flag, read;
    }
}

table! {
    Rows: GlobalCluster, create Create, modify Modify {
        database_name: Text [.optional_computed().force_new()];
        deletion_protection: Switch, read, create, modify;
        engine: Text [.optional_computed().force_new()];
        engine_lifecycle_support: Text [.optional_computed().force_new().check(rules::lifecycle_support)];
        engine_version: Text [.optional_computed().normal(rules::VERSION)];
        force_destroy: Switch, silent;
        global_cluster_identifier: Text [.required().force_new().check(rules::identifier)];
        source_db_cluster_identifier: Text, create [.optional_computed().force_new()];
        storage_encrypted: Flag [.optional_computed().force_new()];
        arn = global_cluster_arn: Text, read [.computed()];
        endpoint: Text, read [.computed()];
        engine_version_actual = engine_version: Text, read [.computed().follows(&["engine_version"])];
        global_cluster_members: BlockSet<Member>, read [.computed()];
        global_cluster_resource_id: Text, read [.computed()];
    }
}

fn check(want: &Attrs) -> Faults {
    let copied = want.is_set("source_db_cluster_identifier");
    faults! {
        copied && !want.is_given("force_destroy") => "source_db_cluster_identifier",
            "a global cluster that begins with a cluster needs force_destroy, as it cannot go before that leaves it";
    }
}

/// Whether this is another major version, which all regions take at once.
fn major(engine: &str, before: &str, after: &str) -> bool {
    let parts = if engine.ends_with("mysql") { 2 } else { 1 };
    let of = |version: &str| version.split('.').take(parts).map(str::to_owned).collect::<Vec<_>>();
    of(before) != of(after)
}

/// A minor version is taken by each cluster in its own region.
async fn upgrade(aws: &Aws, id: &str, change: &Change<'_>) -> Result<()> {
    let text = |attrs: &Attrs, name: &str| attrs.string(name).unwrap_or_default();
    let (before, after) = (text(change.before, "engine_version"), text(change.after, "engine_version"));
    let members: Vec<String> = change
        .before
        .elements("global_cluster_members")
        .iter()
        .filter_map(|member| member.get("db_cluster_arn")?.as_str().map(str::to_owned))
        .collect();
    if members.is_empty() || major(&text(change.before, "engine"), &before, &after) {
        let call = aws.write.rds.modify_global_cluster().global_cluster_identifier(id).engine_version(after);
        return done(call.allow_major_version_upgrade(true).send().await);
    }
    for arn in members {
        let at = aws.for_region(arn.split(':').nth(3).unwrap_or(&aws.region));
        let identifier = arn.rsplit(':').next().unwrap_or_default();
        let call = at.write.rds.modify_db_cluster().db_cluster_identifier(identifier).engine_version(&after);
        call.apply_immediately(true).send().await?;
    }
    Ok(())
}

async fn members_of(aws: &Aws, id: &str) -> Result<Vec<String>> {
    let found = AwsRdsGlobalCluster::describe(aws, Which::Ids(&[id.to_owned()])).await?;
    let members = found.iter().flat_map(GlobalCluster::global_cluster_members);
    Ok(members.filter_map(|member| member.db_cluster_arn.clone()).collect())
}

impl Resource for AwsRdsGlobalCluster {
    type Live = GlobalCluster;

    fn spec() -> Spec<GlobalCluster> {
        let id = |g: &GlobalCluster| g.global_cluster_identifier().map(Into::into);
        Spec::new("aws_rds_global_cluster", id, Rows::rows())
            .role(Role::Settings(Unjudged::Of("engine version", &["engine_version"])))
            .own_tags(|g| tags::of(g.tag_list()))
            .unique(&[&["global_cluster_identifier"]])
            .conflicts(&[&["engine", "source_db_cluster_identifier"]])
            .check(check)
            .default_timeout(90)
            .wait_for_deletion()
            .progress(|g| match g.status() {
                Some("available") | None => Progress::Ready,
                Some(word) => Progress::Pending(word.into()),
            })
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<GlobalCluster>> {
        let mut all = all_of(aws.read.rds.describe_global_clusters().into_paginator().items().send()).await?;
        all.retain(|g| match which {
            Which::Ids(ids) => ids.iter().any(|id| g.global_cluster_identifier() == Some(id)),
            Which::NaturalKey(want) => g.global_cluster_identifier() == want.str("global_cluster_identifier"),
            Which::Token(token) => tags::hold_token(g.tag_list(), token),
        });
        Ok(all)
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let call = Rows::create(aws.write.rds.create_global_cluster(), want).set_tags(tags::marked(want, token));
        made(call.send().await?.global_cluster().and_then(GlobalCluster::global_cluster_identifier))
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        if let Some(call) = Rows::modify(aws.write.rds.modify_global_cluster().global_cluster_identifier(id), change) {
            call.send().await?;
        }
        if change.take("engine_version").is_some() {
            upgrade(aws, id, change).await?;
        }
        tagging::change(aws, change.before.str("arn").unwrap_or_default(), change).await
    }

    /// By force the clusters leave first.
    async fn delete(aws: &Aws, id: &str, last: &Attrs) -> Result<()> {
        if last.bool("force_destroy") == Some(true) {
            for arn in members_of(aws, id).await? {
                let call = aws.write.rds.remove_from_global_cluster().global_cluster_identifier(id);
                unless_gone(call.db_cluster_identifier(arn).send().await)?;
            }
            settle::until("the clusters to leave the global cluster", || async {
                Ok(members_of(aws, id).await?.is_empty())
            })
            .await?;
        }
        unless_gone(aws.write.rds.delete_global_cluster().global_cluster_identifier(id).send().await)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_major_version_is_one_for_all_regions() {
        assert!(major("aurora-postgresql", "16.6", "17.4"));
        assert!(!major("aurora-postgresql", "16.6", "16.8"));
        assert!(major("aurora-mysql", "5.7.mysql_aurora.2.12.4", "8.0.mysql_aurora.3.08.1"));
        assert!(!major("aurora-mysql", "8.0.mysql_aurora.3.08.1", "8.0.mysql_aurora.3.08.2"));
    }
}
