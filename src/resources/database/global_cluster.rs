//! aws_rds_global_cluster: clusters of several regions, of which one writes and the others follow it.

use super::rds::{call, each_text, list};
use super::{checks as rules, tagging};
use crate::aws::api::member_text;
use crate::resources::document::{Document, Unordered, document};
use crate::resources::plain::joined;
use crate::resources::prelude::*;
use crate::resources::settle::unless_gone;
use serde_json::{Value as Json, json};

/// The member that has its identifier.
const ID: &str = "GlobalClusterIdentifier";
/// Where it has its clusters.
const MEMBERS: &str = "GlobalClusterMembers.GlobalClusterMember";

/// The resource type `aws_rds_global_cluster`.
pub struct AwsRdsGlobalCluster;

document! {
    /// A cluster in it.
    Member {
        db_cluster_arn = "DBClusterArn": Text, read;
        is_writer = "IsWriter": Flag, read;
    }
}

document! {
    Rows {
        database_name = "DatabaseName": Text [.optional_computed().force_new()];
        deletion_protection = "DeletionProtection": Switch, read, create, modify;
        engine = "Engine": Text [.optional_computed().force_new()];
        engine_lifecycle_support = "EngineLifecycleSupport": Text
            [.optional_computed().force_new().check(rules::lifecycle_support)];
        engine_version = "EngineVersion": Text [.optional_computed().normal(rules::VERSION)];
        force_destroy = "": Switch, silent;
        global_cluster_identifier = "GlobalClusterIdentifier": Text [.required().force_new().check(rules::identifier)];
        source_db_cluster_identifier = "SourceDBClusterIdentifier": Text, create [.optional_computed().force_new()];
        storage_encrypted = "StorageEncrypted": Flag [.optional_computed().force_new()];
        arn = "GlobalClusterArn": Text, read [.computed()];
        endpoint = "Endpoint": Text, read [.computed()];
        engine_version_actual = "EngineVersion": Text, read [.computed().follows(&["engine_version"])];
        global_cluster_members = "GlobalClusterMembers.GlobalClusterMember": Unordered<Member>, read [.computed()];
        global_cluster_resource_id = "GlobalClusterResourceId": Text, read [.computed()];
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
        let input = json!({ID: id, "EngineVersion": after, "AllowMajorVersionUpgrade": true});
        return call(aws, "ModifyGlobalCluster", input).await.map(drop);
    }
    for arn in members {
        let at = aws.for_region(arn.split(':').nth(3).unwrap_or(&aws.region));
        let identifier = arn.rsplit(':').next().unwrap_or_default();
        let input = json!({"DBClusterIdentifier": identifier, "EngineVersion": after, "ApplyImmediately": true});
        call(&at, "ModifyDBCluster", input).await?;
    }
    Ok(())
}

async fn members_of(aws: &Aws, id: &str) -> Result<Vec<String>> {
    let found = AwsRdsGlobalCluster::describe(aws, Which::Ids(&[id.to_owned()])).await?;
    Ok(found.iter().flat_map(|g| each_text(g, MEMBERS, "DBClusterArn")).collect())
}

impl Resource for AwsRdsGlobalCluster {
    type Live = Json;

    fn spec() -> Spec<Json> {
        Spec::new("aws_rds_global_cluster", |g| member_text(g, ID), Rows::rows())
            .role(Role::Settings(Unjudged::Of("engine version", &["engine_version"])))
            .own_tags(|g| tags::of(&tagging::of(g)))
            .unique(&[&["global_cluster_identifier"]])
            .conflicts(&[&["engine", "source_db_cluster_identifier"]])
            .check(check)
            .default_timeout(90)
            .wait_for_deletion()
            .progress(|g| match member_text(g, "Status").as_deref() {
                Some("available") | None => Progress::Ready,
                Some(word) => Progress::Pending(word.into()),
            })
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Json>> {
        let mut all = list(aws, "DescribeGlobalClusters", json!({}), "GlobalClusters.GlobalClusterMember").await?;
        tagging::retain(&mut all, which, ID, "global_cluster_identifier");
        Ok(all)
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let answer = call(aws, "CreateGlobalCluster", tagging::marked(Rows::create(want), want, token)).await?;
        made(member_text(&answer, "GlobalCluster.GlobalClusterIdentifier").as_deref())
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        if let Some(input) = Rows::filled(change) {
            call(aws, "ModifyGlobalCluster", joined(json!({ID: id}), input)).await?;
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
                let input = json!({ID: id, "DbClusterIdentifier": arn});
                unless_gone(call(aws, "RemoveFromGlobalCluster", input).await)?;
            }
            settle::until("the clusters to leave the global cluster", || async {
                Ok(members_of(aws, id).await?.is_empty())
            })
            .await?;
        }
        unless_gone(call(aws, "DeleteGlobalCluster", json!({ID: id})).await)
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
