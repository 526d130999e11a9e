//! Changing and deleting an instance. One call takes almost everything; what RDS wants together goes
//! together, what it refuses together goes one after the other. A call that comes while the last one is still
//! being carried out is refused and repeated.

use super::super::{shapes, tagging};
use super::{AwsDbInstance, Modify, PASSWORD, Rows};
use crate::resources::prelude::*;
use aws_sdk_rds::types::DbInstance;

/// The directory that users are looked up in.
const DIRECTORY: [&str; 6] =
    ["domain", "domain_auth_secret_arn", "domain_dns_ips", "domain_fqdn", "domain_iam_role_name", "domain_ou"];

/// Brings a change about.
pub async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
    let now = settle::now::<AwsDbInstance>(aws, id).await?;
    let identifier = now.db_instance_identifier().unwrap_or_default();
    tagging::change(aws, now.db_instance_arn().unwrap_or_default(), change).await?;
    if change.take("replicate_source_db").is_some() {
        let call = aws.write.rds.promote_read_replica().db_instance_identifier(identifier);
        let call = call.set_backup_retention_period(change.after.int("backup_retention_period"));
        call.set_preferred_backup_window(change.after.string("backup_window")).send().await?;
        shapes::under_way::<AwsDbInstance>(aws, id, "instance").await?;
    }
    let immediately = change.fresh || change.after.bool("apply_immediately") == Some(true);
    let modify =
        || aws.write.rds.modify_db_instance().db_instance_identifier(identifier).apply_immediately(immediately);
    let after = shapes::sendable(change.after);
    let mut rest = change.given(&after);
    let renamed = rest.take("identifier").is_some();
    let call = modification(modify, &mut rest, &now);
    change.rejoin(rest);
    let rename = renamed.then(|| modify().set_new_db_instance_identifier(after.string("identifier")));
    for call in [call, rename].into_iter().flatten() {
        call.send().await?;
        if immediately {
            shapes::under_way::<AwsDbInstance>(aws, id, "instance").await?;
        }
    }
    Ok(())
}

/// The call with all that changes but the identifier; none if nothing does.
fn modification(modify: impl Fn() -> Modify, change: &mut Change<'_>, now: &DbInstance) -> Option<Modify> {
    let after = change.after;
    let rate = change.has("iops") || change.has("storage_throughput");
    let sized = rate || change.has("allocated_storage") || change.has("storage_type");
    let (grows, version) = (change.has("max_allocated_storage"), change.has("engine_version"));
    change.join(&DIRECTORY);
    let joins = change.has("domain");
    let mut call = shapes::modification::<Rows>(modify, change, now, PASSWORD)?;
    if version {
        call = call.set_allow_major_version_upgrade(after.bool("allow_major_version_upgrade"));
    }
    if grows {
        // No room to grow is how growing is switched off.
        let most = after.int("max_allocated_storage").filter(|most| *most > 0);
        call = call.set_max_allocated_storage(most.or(after.int("allocated_storage")));
    }
    if sized {
        // A rate goes only with its size.
        let provisioned = matches!(after.str("storage_type"), Some("io1" | "io2"));
        call = call.set_allocated_storage(after.int("allocated_storage"));
        call = call.set_iops(after.int("iops").filter(|_| rate || provisioned));
    }
    if rate {
        call = call.set_storage_type(after.string("storage_type"));
    }
    if joins && !after.is_set("domain") && !after.is_set("domain_auth_secret_arn") {
        call = call.set_domain_dns_ips(None).set_domain_iam_role_name(None).disable_domain(true);
    }
    Some(call)
}

/// Deletes the instance, with the last snapshot that the layout names.
pub async fn delete(aws: &Aws, id: &str, last: &Attrs) -> Result<()> {
    let now = settle::now::<AwsDbInstance>(aws, id).await?;
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
