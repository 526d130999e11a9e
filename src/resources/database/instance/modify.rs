//! Changing and deleting an instance. One call takes almost everything; what RDS wants together goes
//! together, what it refuses together goes one after the other. A call that comes while the last one is still
//! being carried out is refused and repeated.

use super::super::call::{changed, filled, switched};
use super::super::{shapes, tagging};
use super::{Pending, by_id, pending};
use crate::aws::{Aws, Result};
use crate::schema::{Attrs, Change};
use crate::value::Value;
use aws_sdk_rds::operation::modify_db_instance::builders::ModifyDBInstanceFluentBuilder as Modify;
use aws_sdk_rds::types::DbInstance;

/// Arguments that only creating and deleting look at, or that go along with others.
const SILENT: [&str; 8] = [
    "allow_major_version_upgrade",
    "blue_green_update",
    "delete_automated_backups",
    "final_snapshot_identifier",
    "password_wo",
    "skip_final_snapshot",
    "snapshot_identifier",
    "upgrade_storage_config",
];

/// Brings a change about.
pub async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
    let now = by_id(aws, id).await?;
    let identifier = now.db_instance_identifier().unwrap_or_default();
    let secret = change.fresh && change.has("password_wo");
    change.take_any(&SILENT);
    tagging::change(aws, now.db_instance_arn().unwrap_or_default(), change).await?;
    if change.take("replicate_source_db").is_some() {
        aws.write
            .rds
            .promote_read_replica()
            .db_instance_identifier(identifier)
            .set_backup_retention_period(change.after.int("backup_retention_period"))
            .set_preferred_backup_window(change.after.string("backup_window"))
            .send()
            .await?;
        under_way(aws, id).await?;
    }
    let immediately = change.fresh || change.after.bool("apply_immediately") == Some(true);
    let modify =
        || aws.write.rds.modify_db_instance().db_instance_identifier(identifier).apply_immediately(immediately);
    if let Some(call) = modification(modify(), change, &now, secret) {
        call.send().await?;
        if immediately {
            under_way(aws, id).await?;
        }
    }
    if change.take("identifier").is_some() {
        modify().set_new_db_instance_identifier(change.after.string("identifier")).send().await?;
        if immediately {
            under_way(aws, id).await?;
        }
    }
    Ok(())
}

/// Waits until what was asked for is done or under way.
async fn under_way(aws: &Aws, id: &str) -> Result<()> {
    shapes::begun(|| async {
        let now = by_id(aws, id).await?;
        Ok(now.db_instance_status() != Some("available") || !has_pending(&now))
    })
    .await
}

fn has_pending(d: &DbInstance) -> bool {
    pending(d).is_some_and(|p| *p != Pending::builder().build())
}

/// The call with all that changes but the identifier; none if nothing does. `secret`: whether the
/// password that is kept nowhere is to be set.
fn modification(call: Modify, change: &mut Change<'_>, now: &DbInstance, secret: bool) -> Option<Modify> {
    let (mut call, mut sent) = (call, false);
    let after = change.after;
    // Alone it brings about what is pending.
    let hurry = change.take("apply_immediately").is_some() && after.bool("apply_immediately") == Some(true);
    sent |= hurry && has_pending(now);
    changed!(call, change, sent;
        set_backup_retention_period = int "backup_retention_period",
        set_ca_certificate_identifier = string "ca_cert_identifier",
        set_db_instance_class = string "instance_class",
        set_db_parameter_group_name = string "parameter_group_name",
        set_db_port_number = int "port",
        set_db_subnet_group_name = string "db_subnet_group_name",
        set_engine_lifecycle_support = string "engine_lifecycle_support",
        set_license_model = string "license_model",
        set_network_type = string "network_type",
        set_option_group_name = string "option_group_name",
        set_preferred_backup_window = string "backup_window",
        set_preferred_maintenance_window = string "maintenance_window",
    );
    switched!(call, change, sent;
        auto_minor_version_upgrade = "auto_minor_version_upgrade",
        copy_tags_to_snapshot = "copy_tags_to_snapshot",
        dedicated_log_volume = "dedicated_log_volume",
        deletion_protection = "deletion_protection",
        enable_customer_owned_ip = "customer_owned_ip_enabled",
        enable_iam_database_authentication = "iam_database_authentication_enabled",
        multi_az = "multi_az",
        publicly_accessible = "publicly_accessible",
    );
    if change.take("engine_version").is_some() {
        call = call
            .set_engine_version(after.string("engine_version"))
            .set_allow_major_version_upgrade(after.bool("allow_major_version_upgrade"));
        sent = true;
    }
    if let Some(mode) = change.take("replica_mode").and_then(Value::as_str) {
        call = call.replica_mode(mode.into());
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
    for part in [storage, watching, directory] {
        (call, sent) = part(call, change, sent);
    }
    (call, sent) = credentials(call, change, sent, secret);
    sent.then_some(call)
}

/// Size, rate and type: a rate goes only with its size.
fn storage(call: Modify, change: &mut Change<'_>, sent: bool) -> (Modify, bool) {
    let (mut call, mut sent, after) = (call, sent, change.after);
    let grows = change.take("allocated_storage").is_some();
    let rate = change.take("iops").is_some();
    let throughput = change.take("storage_throughput").is_some();
    let kind = change.take("storage_type").is_some();
    if grows || rate || throughput || kind {
        let provisioned = matches!(after.str("storage_type"), Some("io1" | "io2"));
        call = call
            .set_allocated_storage(after.int("allocated_storage"))
            .set_iops(after.int("iops").filter(|_| rate || throughput || provisioned))
            .set_storage_throughput(after.int("storage_throughput").filter(|_| throughput))
            .set_storage_type(after.string("storage_type").filter(|_| kind || rate || throughput));
        sent = true;
    }
    if change.take("max_allocated_storage").is_some() {
        // No room to grow is how growing is switched off.
        let max = after.int("max_allocated_storage").filter(|max| *max > 0);
        call = call.set_max_allocated_storage(max.or(after.int("allocated_storage")));
        sent = true;
    }
    (call, sent)
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

/// The directory that users are looked up in.
fn directory(call: Modify, change: &mut Change<'_>, sent: bool) -> (Modify, bool) {
    let after = change.after;
    if !change.take_any(&[
        "domain",
        "domain_auth_secret_arn",
        "domain_dns_ips",
        "domain_fqdn",
        "domain_iam_role_name",
        "domain_ou",
    ]) {
        return (call, sent);
    }
    let own = after.is_set("domain_auth_secret_arn");
    if !after.is_set("domain") && !own {
        return (call.disable_domain(true), true);
    }
    let call = call
        .set_domain(after.string("domain"))
        .set_domain_iam_role_name(after.string("domain_iam_role_name"))
        .set_domain_auth_secret_arn(after.string("domain_auth_secret_arn"))
        .set_domain_dns_ips(filled(after, "domain_dns_ips"))
        .set_domain_fqdn(after.string("domain_fqdn").filter(|_| own))
        .set_domain_ou(after.string("domain_ou").filter(|_| own));
    (call, true)
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
    let plain = change.take("password").is_some();
    let version = change.take("password_wo_version").is_some();
    let password = after.string("password").filter(|_| plain || turned);
    let password = password.or_else(|| after.string("password_wo").filter(|_| version || secret || turned));
    if let Some(password) = password.filter(|_| !managed) {
        call = call.master_user_password(password);
        sent = true;
    }
    (call, sent)
}

/// Deletes the instance, with the last snapshot that the layout names.
pub async fn delete(aws: &Aws, id: &str, last: &Attrs) -> Result<()> {
    let now = by_id(aws, id).await?;
    if now.db_instance_status() == Some("deleting") {
        return Ok(());
    }
    // There are no last snapshots of replicas.
    let replica = now.read_replica_source_db_instance_identifier().is_some_and(|source| !source.is_empty());
    let skip = replica || last.bool("skip_final_snapshot") == Some(true);
    aws.write
        .rds
        .delete_db_instance()
        .set_db_instance_identifier(now.db_instance_identifier)
        .skip_final_snapshot(skip)
        .set_final_db_snapshot_identifier(last.string("final_snapshot_identifier").filter(|_| !skip))
        .set_delete_automated_backups(last.bool("delete_automated_backups"))
        .send()
        .await?;
    Ok(())
}
