//! Changing and deleting a cluster. Roles and, for clusters with servers, the HTTP endpoint have calls of
//! their own.

use super::super::call::{changed, filled, switched};
use super::super::{shapes, tagging};
use super::{Pending, by_id, create, pending};
use crate::aws::{Aws, Kind, Result};
use crate::resources::settle::unless_gone;
use crate::schema::{Attrs, Change};
use crate::value::Value;
use aws_sdk_rds::operation::modify_db_cluster::builders::ModifyDBClusterFluentBuilder as Modify;
use aws_sdk_rds::types::DbCluster;

/// Arguments that only creating and deleting look at, or that go along with others.
const SILENT: [&str; 8] = [
    "allow_major_version_upgrade",
    "cluster_members",
    "db_instance_parameter_group_name",
    "delete_automated_backups",
    "final_snapshot_identifier",
    "master_password_wo",
    "skip_final_snapshot",
    "snapshot_identifier",
];

/// Brings a change about.
pub async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
    let now = by_id(aws, id).await?;
    let arn = now.db_cluster_arn().unwrap_or_default();
    let secret = change.fresh && change.has("master_password_wo");
    change.take_any(&SILENT);
    tagging::change(aws, arn, change).await?;
    if let Some((gone, new)) = change.take_elements("iam_roles") {
        roles(aws, id, &gone, &new).await?;
    }
    if now.engine_mode() != Some("serverless")
        && let Some(on) = change.take_bool("enable_http_endpoint")
    {
        if on {
            aws.write.rds.enable_http_endpoint().resource_arn(arn).send().await?;
        } else {
            aws.write.rds.disable_http_endpoint().resource_arn(arn).send().await?;
        }
    }
    if change.take("replication_source_identifier").is_some() {
        aws.write.rds.promote_read_replica_db_cluster().db_cluster_identifier(id).send().await?;
    }
    let immediately = change.fresh || change.after.bool("apply_immediately") == Some(true);
    let call = aws.write.rds.modify_db_cluster().db_cluster_identifier(id).apply_immediately(immediately);
    if let Some(call) = modification(call, change, &now, secret) {
        call.send().await?;
        if immediately {
            shapes::begun(|| async {
                let now = by_id(aws, id).await?;
                Ok(now.status() != Some("available") || !has_pending(&now))
            })
            .await?;
        }
    }
    Ok(())
}

fn has_pending(d: &DbCluster) -> bool {
    pending(d).is_some_and(|p| *p != Pending::builder().build())
}

async fn roles(aws: &Aws, id: &str, gone: &[Value], new: &[Value]) -> Result<()> {
    for role in gone.iter().filter_map(Value::as_str) {
        let call = aws.write.rds.remove_role_from_db_cluster().db_cluster_identifier(id).role_arn(role);
        unless_gone(call.send().await)?;
    }
    for role in new.iter().filter_map(Value::as_str) {
        let call = aws.write.rds.add_role_to_db_cluster().db_cluster_identifier(id).role_arn(role);
        match call.send().await.map_err(crate::aws::Error::from) {
            Err(e) if e.kind != Kind::Exists => return Err(e),
            _ => {}
        }
    }
    Ok(())
}

/// The call with all that changes; none if nothing does.
fn modification(call: Modify, change: &mut Change<'_>, now: &DbCluster, secret: bool) -> Option<Modify> {
    let (mut call, mut sent) = (call, false);
    let after = change.after;
    // Alone it brings about what is pending.
    let hurry = change.take("apply_immediately").is_some() && after.bool("apply_immediately") == Some(true);
    sent |= hurry && has_pending(now);
    changed!(call, change, sent;
        set_allocated_storage = int "allocated_storage",
        set_backup_retention_period = int "backup_retention_period",
        set_ca_certificate_identifier = string "ca_certificate_identifier",
        set_db_cluster_instance_class = string "db_cluster_instance_class",
        set_db_cluster_parameter_group_name = string "db_cluster_parameter_group_name",
        set_engine_lifecycle_support = string "engine_lifecycle_support",
        set_network_type = string "network_type",
        set_port = int "port",
        set_preferred_backup_window = string "preferred_backup_window",
        set_preferred_maintenance_window = string "preferred_maintenance_window",
    );
    switched!(call, change, sent;
        auto_minor_version_upgrade = "auto_minor_version_upgrade",
        copy_tags_to_snapshot = "copy_tags_to_snapshot",
        deletion_protection = "deletion_protection",
        enable_global_write_forwarding = "enable_global_write_forwarding",
        enable_http_endpoint = "enable_http_endpoint",
        enable_iam_database_authentication = "iam_database_authentication_enabled",
        enable_local_write_forwarding = "enable_local_write_forwarding",
    );
    if change.take("backtrack_window").is_some() {
        call = call.set_backtrack_window(after.int("backtrack_window").map(i64::from));
        sent = true;
    }
    if change.take("engine_version").is_some() {
        call = call
            .set_engine_version(after.string("engine_version"))
            .set_allow_major_version_upgrade(after.bool("allow_major_version_upgrade"))
            .set_db_instance_parameter_group_name(after.string("db_instance_parameter_group_name"));
        sent = true;
    }
    if change.take("vpc_security_group_ids").is_some() {
        call = call.set_vpc_security_group_ids(filled(after, "vpc_security_group_ids"));
        sent = true;
    }
    if let Some((gone, new)) = change.take_elements("enabled_cloudwatch_logs_exports") {
        call = call.cloudwatch_logs_export_configuration(shapes::export_change(&gone, &new));
        sent = true;
    }
    if change.take("scaling_configuration").is_some() {
        call = call.set_scaling_configuration(create::scaling(after));
        sent = true;
    }
    if change.take("serverlessv2_scaling_configuration").is_some() {
        call = call.set_serverless_v2_scaling_configuration(create::serverless(after));
        sent = true;
    }
    if change.take_any(&["domain", "domain_iam_role_name"]) {
        let domain = after.string("domain").unwrap_or_else(|| "none".into());
        call = call.domain(domain).set_domain_iam_role_name(after.string("domain_iam_role_name"));
        sent = true;
    }
    if change.take_any(&["iops", "storage_type"]) {
        let kind = after.string("storage_type").map(|t| if t.is_empty() { "aurora".into() } else { t });
        call = call
            .set_iops(after.int("iops"))
            .set_storage_type(kind)
            .set_allocated_storage(after.int("allocated_storage").filter(|_| after.is_set("iops")));
        sent = true;
    }
    (call, sent) = watching(call, change, sent);
    (call, sent) = credentials(call, change, sent, secret);
    sent.then_some(call)
}

/// Enhanced monitoring, Performance Insights.
fn watching(call: Modify, change: &mut Change<'_>, sent: bool) -> (Modify, bool) {
    let (mut call, mut sent, after) = (call, sent, change.after);
    if change.take_any(&["monitoring_interval", "monitoring_role_arn"]) {
        let interval = after.int("monitoring_interval").unwrap_or(0);
        let role = after.string("monitoring_role_arn").filter(|_| interval > 0);
        call = call.monitoring_interval(interval).set_monitoring_role_arn(role);
        sent = true;
    }
    if change.take_any(&[
        "database_insights_mode",
        "performance_insights_enabled",
        "performance_insights_kms_key_id",
        "performance_insights_retention_period",
    ]) {
        let on = after.bool("performance_insights_enabled").unwrap_or(false);
        call = call
            .enable_performance_insights(on)
            .set_database_insights_mode(after.str("database_insights_mode").map(Into::into))
            .set_performance_insights_kms_key_id(after.string("performance_insights_kms_key_id").filter(|_| on))
            .set_performance_insights_retention_period(
                after.int("performance_insights_retention_period").filter(|days| on && *days > 0),
            );
        sent = true;
    }
    (call, sent)
}

/// The master password: the layout's, or one that AWS makes and keeps.
fn credentials(call: Modify, change: &mut Change<'_>, sent: bool, secret: bool) -> (Modify, bool) {
    let (mut call, mut sent, after) = (call, sent, change.after);
    let managed = after.bool("manage_master_user_password") == Some(true);
    let turned = change.take("manage_master_user_password").is_some();
    let rekeyed = change.take("master_user_secret_kms_key_id").is_some();
    if turned {
        call = call.manage_master_user_password(managed);
        sent = true;
    }
    if managed && (turned || rekeyed) {
        let key = after.string("master_user_secret_kms_key_id");
        call = call.manage_master_user_password(true).set_master_user_secret_kms_key_id(key);
        sent = true;
    }
    let plain = change.take("master_password").is_some();
    let version = change.take("master_password_wo_version").is_some();
    let password = after.string("master_password").filter(|_| plain || turned);
    let hidden = || after.string("master_password_wo").filter(|_| version || secret || turned);
    if let Some(password) = password.or_else(hidden).filter(|_| !managed) {
        call = call.master_user_password(password);
        sent = true;
    }
    (call, sent)
}

/// Deletes the cluster, with the last snapshot that the layout names. RDS refuses while it has members.
pub async fn delete(aws: &Aws, id: &str, last: &Attrs) -> Result<()> {
    let now = by_id(aws, id).await?;
    if now.status() == Some("deleting") {
        return Ok(());
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
