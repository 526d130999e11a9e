//! Changing and deleting a cluster. Roles and, for clusters with servers, the HTTP endpoint have calls of
//! their own.

use super::super::{shapes, tagging};
use super::{AwsRdsCluster, Modify, PASSWORD, Rows};
use crate::resources::prelude::*;
use aws_sdk_rds::types::DbCluster;

/// Brings a change about.
pub async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
    let now = settle::now::<AwsRdsCluster>(aws, id).await?;
    let arn = now.db_cluster_arn().unwrap_or_default();
    tagging::change(aws, arn, change).await?;
    if let Some((gone, new)) = change.take_elements("iam_roles") {
        roles(aws, id, &gone, &new).await?;
    }
    if now.engine_mode() != Some("serverless")
        && let Some(on) = change.take_bool("enable_http_endpoint")
    {
        match on {
            true => done(aws.write.rds.enable_http_endpoint().resource_arn(arn).send().await)?,
            false => done(aws.write.rds.disable_http_endpoint().resource_arn(arn).send().await)?,
        }
    }
    if change.take("replication_source_identifier").is_some() {
        aws.write.rds.promote_read_replica_db_cluster().db_cluster_identifier(id).send().await?;
    }
    let immediately = change.fresh || change.after.bool("apply_immediately") == Some(true);
    let modify = || aws.write.rds.modify_db_cluster().db_cluster_identifier(id).apply_immediately(immediately);
    let after = shapes::sendable(change.after);
    let mut rest = change.given(&after);
    let call = modification(modify, &mut rest, &now);
    change.rejoin(rest);
    let Some(call) = call else { return Ok(()) };
    call.send().await?;
    if immediately { shapes::under_way::<AwsRdsCluster>(aws, id, "cluster").await } else { Ok(()) }
}

async fn roles(aws: &Aws, id: &str, gone: &[Value], new: &[Value]) -> Result<()> {
    for role in gone.iter().filter_map(Value::as_str) {
        let call = aws.write.rds.remove_role_from_db_cluster().db_cluster_identifier(id).role_arn(role);
        settle::unless_gone(call.send().await)?;
    }
    for role in new.iter().filter_map(Value::as_str) {
        let call = aws.write.rds.add_role_to_db_cluster().db_cluster_identifier(id).role_arn(role);
        match call.send().await.map_err(Error::from) {
            Err(e) if e.kind != Kind::Exists => return Err(e),
            _ => {}
        }
    }
    Ok(())
}

/// The call with all that changes; none if nothing does.
fn modification(modify: impl Fn() -> Modify, change: &mut Change<'_>, now: &DbCluster) -> Option<Modify> {
    let after = change.after;
    let version = change.has("engine_version");
    change.join(&["domain", "domain_iam_role_name"]);
    change.join(&["iops", "storage_type"]);
    let (stored, joins) = (change.has("storage_type"), change.has("domain"));
    let mut call = shapes::modification::<Rows>(modify, change, now, PASSWORD)?;
    if version {
        call = call
            .set_allow_major_version_upgrade(after.bool("allow_major_version_upgrade"))
            .set_db_instance_parameter_group_name(after.string("db_instance_parameter_group_name"));
    }
    if joins && !after.is_set("domain") {
        call = call.domain("none");
    }
    if stored && after.is_set("iops") {
        call = call.set_allocated_storage(after.int("allocated_storage"));
    }
    Some(call)
}

/// Deletes the cluster, with the last snapshot that the layout names. RDS refuses while it has members.
pub async fn delete(aws: &Aws, id: &str, last: &Attrs) -> Result<()> {
    let now = settle::now::<AwsRdsCluster>(aws, id).await?;
    if now.status() == Some("deleting") {
        return Ok(());
    }
    if let Some(global) = last.string("global_cluster_identifier").filter(|id| !id.is_empty()) {
        let call = aws.write.rds.remove_from_global_cluster().global_cluster_identifier(global);
        settle::unless_gone(call.set_db_cluster_identifier(last.string("arn")).send().await)?;
    }
    let skip = last.bool("skip_final_snapshot") == Some(true);
    aws.write
        .rds
        .delete_db_cluster()
        .db_cluster_identifier(id)
        .skip_final_snapshot(skip)
        .set_final_db_snapshot_identifier(last.string("final_snapshot_identifier").filter(|_| !skip))
        .set_delete_automated_backups(last.bool("delete_automated_backups"))
        .send()
        .await?;
    Ok(())
}
