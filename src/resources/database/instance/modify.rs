//! Changing and deleting an instance. One call takes almost everything; what RDS wants together goes
//! together, what it refuses together goes one after the other. A call that comes while the last one is still
//! being carried out is refused and repeated.

use super::super::rds::{call, is};
use super::super::shapes::{self, INSTANCES};
use super::super::tagging;
use super::{AwsDbInstance, PASSWORD, Rows};
use crate::aws::api::member_text;
use crate::resources::plain::joined;
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};

/// The directory that users are looked up in.
const DIRECTORY: [&str; 6] =
    ["domain", "domain_auth_secret_arn", "domain_dns_ips", "domain_fqdn", "domain_iam_role_name", "domain_ou"];

/// Brings a change about.
pub async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
    let now = settle::now::<AwsDbInstance>(aws, id).await?;
    let identifier = member_text(&now, "DBInstanceIdentifier");
    tagging::change(aws, &member_text(&now, "DBInstanceArn").unwrap_or_default(), change).await?;
    if change.take("replicate_source_db").is_some() {
        let input = json!({
            "DBInstanceIdentifier": identifier,
            "BackupRetentionPeriod": change.after.int("backup_retention_period"),
            "PreferredBackupWindow": change.after.str("backup_window"),
        });
        call(aws, "PromoteReadReplica", input).await?;
        INSTANCES.under_way::<AwsDbInstance>(aws, id).await?;
    }
    let immediately = change.fresh || change.after.bool("apply_immediately") == Some(true);
    let of = json!({"DBInstanceIdentifier": identifier, "ApplyImmediately": immediately});
    let after = shapes::sendable(change.after);
    let mut rest = change.given(&after);
    let renamed = rest.take("identifier").is_some();
    let rows = modification(&mut rest, &now);
    change.rejoin(rest);
    let rename = renamed.then(|| json!({"NewDBInstanceIdentifier": after.str("identifier")}));
    for input in [rows, rename].into_iter().flatten() {
        call(aws, "ModifyDBInstance", joined(of.clone(), input)).await?;
        if immediately {
            INSTANCES.under_way::<AwsDbInstance>(aws, id).await?;
        }
    }
    Ok(())
}

/// The members of the call with all that changes but the identifier; none if nothing does.
fn modification(change: &mut Change<'_>, now: &Json) -> Option<Json> {
    let after = change.after;
    let rate = change.has("iops") || change.has("storage_throughput");
    let sized = rate || change.has("allocated_storage") || change.has("storage_type");
    let (grows, version) = (change.has("max_allocated_storage"), change.has("engine_version"));
    change.join(&DIRECTORY);
    let joins = change.has("domain");
    let mut call = shapes::modification::<Rows>(change, now, PASSWORD)?;
    if version {
        call["AllowMajorVersionUpgrade"] = after.bool("allow_major_version_upgrade").into();
    }
    if grows {
        // No room to grow is how growing is switched off.
        let most = after.int("max_allocated_storage").filter(|most| *most > 0);
        call["MaxAllocatedStorage"] = most.or(after.int("allocated_storage")).into();
    }
    if sized {
        // A rate goes only with its size.
        let provisioned = matches!(after.str("storage_type"), Some("io1" | "io2"));
        call["AllocatedStorage"] = after.int("allocated_storage").into();
        call["Iops"] = after.int("iops").filter(|_| rate || provisioned).into();
    }
    if rate {
        call["StorageType"] = after.string("storage_type").into();
    }
    if joins && !after.is_set("domain") && !after.is_set("domain_auth_secret_arn") {
        call["DomainDnsIps"] = Json::Null;
        call["DomainIAMRoleName"] = Json::Null;
        call["DisableDomain"] = true.into();
    }
    Some(call)
}

/// Deletes the instance, with the last snapshot that the layout names.
pub async fn delete(aws: &Aws, id: &str, last: &Attrs) -> Result<()> {
    let now = settle::now::<AwsDbInstance>(aws, id).await?;
    if is(&now, "DBInstanceStatus", Some("deleting")) {
        return Ok(());
    }
    // There are no last snapshots of replicas.
    let replica = member_text(&now, "ReadReplicaSourceDBInstanceIdentifier").is_some_and(|source| !source.is_empty());
    let skip = replica || last.bool("skip_final_snapshot") == Some(true);
    let input = json!({
        "DBInstanceIdentifier": member_text(&now, "DBInstanceIdentifier"),
        "SkipFinalSnapshot": skip,
        "FinalDBSnapshotIdentifier": last.str("final_snapshot_identifier").filter(|_| !skip),
        "DeleteAutomatedBackups": last.bool("delete_automated_backups"),
    });
    call(aws, "DeleteDBInstance", input).await.map(drop)
}
