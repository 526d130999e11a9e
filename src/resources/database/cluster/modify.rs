//! Changing and deleting a cluster. Roles and, for clusters with servers, the HTTP endpoint have calls of
//! their own.

use super::super::rds::{call, is};
use super::super::shapes::{self, CLUSTERS};
use super::super::tagging;
use super::{AwsRdsCluster, PASSWORD, Rows};
use crate::aws::api::member_text;
use crate::resources::plain::joined;
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};

/// Brings a change about.
pub async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
    let now = settle::now::<AwsRdsCluster>(aws, id).await?;
    let arn = member_text(&now, "DBClusterArn").unwrap_or_default();
    tagging::change(aws, &arn, change).await?;
    if let Some((gone, new)) = change.take_elements("iam_roles") {
        roles(aws, id, &gone, &new).await?;
    }
    if !is(&now, "EngineMode", Some("serverless"))
        && let Some(on) = change.take_bool("enable_http_endpoint")
    {
        let operation = if on { "EnableHttpEndpoint" } else { "DisableHttpEndpoint" };
        call(aws, operation, json!({"ResourceArn": arn})).await?;
    }
    if change.take("replication_source_identifier").is_some() {
        call(aws, "PromoteReadReplicaDBCluster", json!({"DBClusterIdentifier": id})).await?;
    }
    let immediately = change.fresh || change.after.bool("apply_immediately") == Some(true);
    let after = shapes::sendable(change.after);
    let mut rest = change.given(&after);
    let input = modification(&mut rest, &now);
    change.rejoin(rest);
    let Some(input) = input else { return Ok(()) };
    let of = json!({"DBClusterIdentifier": id, "ApplyImmediately": immediately});
    call(aws, "ModifyDBCluster", joined(of, input)).await?;
    if immediately { CLUSTERS.under_way::<AwsRdsCluster>(aws, id).await } else { Ok(()) }
}

async fn roles(aws: &Aws, id: &str, gone: &[Value], new: &[Value]) -> Result<()> {
    let call = |operation, role| call(aws, operation, json!({"DBClusterIdentifier": id, "RoleArn": role}));
    for role in gone.iter().filter_map(Value::as_str) {
        settle::unless_gone(call("RemoveRoleFromDBCluster", role).await)?;
    }
    for role in new.iter().filter_map(Value::as_str) {
        match call("AddRoleToDBCluster", role).await {
            Err(e) if e.kind != Kind::Exists => return Err(e),
            _ => {}
        }
    }
    Ok(())
}

/// The members of the call with all that changes; none if nothing does.
fn modification(change: &mut Change<'_>, now: &Json) -> Option<Json> {
    let after = change.after;
    let version = change.has("engine_version");
    change.join(&["domain", "domain_iam_role_name"]);
    change.join(&["iops", "storage_type"]);
    let (stored, joins) = (change.has("storage_type"), change.has("domain"));
    let mut call = shapes::modification::<Rows>(change, now, PASSWORD)?;
    if version {
        call["AllowMajorVersionUpgrade"] = after.bool("allow_major_version_upgrade").into();
        call["DBInstanceParameterGroupName"] = after.string("db_instance_parameter_group_name").into();
    }
    if joins && !after.is_set("domain") {
        call["Domain"] = "none".into();
    }
    if stored && after.is_set("iops") {
        call["AllocatedStorage"] = after.int("allocated_storage").into();
    }
    Some(call)
}

/// Deletes the cluster, with the last snapshot that the layout names. RDS refuses while it has members.
pub async fn delete(aws: &Aws, id: &str, last: &Attrs) -> Result<()> {
    let now = settle::now::<AwsRdsCluster>(aws, id).await?;
    if is(&now, "Status", Some("deleting")) {
        return Ok(());
    }
    if let Some(global) = text(last, "global_cluster_identifier") {
        let input = json!({"GlobalClusterIdentifier": global, "DbClusterIdentifier": last.str("arn")});
        settle::unless_gone(call(aws, "RemoveFromGlobalCluster", input).await)?;
    }
    let skip = last.bool("skip_final_snapshot") == Some(true);
    let input = json!({
        "DBClusterIdentifier": id,
        "SkipFinalSnapshot": skip,
        "FinalDBSnapshotIdentifier": last.str("final_snapshot_identifier").filter(|_| !skip),
        "DeleteAutomatedBackups": last.bool("delete_automated_backups"),
    });
    call(aws, "DeleteDBCluster", input).await.map(drop)
}
