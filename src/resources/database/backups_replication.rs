//! aws_db_instance_automated_backups_replication: the automated backups of a database, copied into this region.

use super::rds::{call, is, list};
use crate::aws::api::member_text;
use crate::resources::document::{Document, document};
use crate::resources::prelude::*;
use crate::resources::settle::unless_gone;
use serde_json::{Value as Json, json};

/// The resource type `aws_db_instance_automated_backups_replication`.
pub struct AwsDbInstanceAutomatedBackupsReplication;

document! {
    Rows {
        kms_key_id = "KmsKeyId": Text [.optional_computed().force_new()];
        pre_signed_url = "PreSignedUrl": Text, create [.force_new()];
        retention_period = "BackupRetentionPeriod": Int [.default(7).force_new()];
        source_db_instance_arn = "DBInstanceArn": Text, read, create("SourceDBInstanceArn") [.required().force_new()];
    }
}

/// Copies that are kept though nothing is copied any more are not this object.
fn copied(backup: &Json) -> bool {
    !is(backup, "Status", Some("retained"))
}

fn id(backup: &Json) -> Option<String> {
    member_text(backup, "DBInstanceAutomatedBackupsArn")
}

impl Resource for AwsDbInstanceAutomatedBackupsReplication {
    type Live = Json;

    fn spec() -> Spec<Json> {
        Spec::new("aws_db_instance_automated_backups_replication", id, Rows::rows())
            .role(Role::NotServing("it copies backups, which nobody asks"))
            .unique(&[&["source_db_instance_arn"]])
            .recover(Recover::Key)
            .default_timeout(75)
            .wait_for_deletion()
            .progress(|b| match member_text(b, "Status").as_deref() {
                Some(word @ ("pending" | "creating" | "deleting")) => Progress::Pending(word.into()),
                _ => Progress::Ready,
            })
    }

    /// One list gives all of the region, those of databases that live here too.
    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Json>> {
        let path = "DBInstanceAutomatedBackups.DBInstanceAutomatedBackup";
        let mut all = list(aws, "DescribeDBInstanceAutomatedBackups", json!({}), path).await?;
        all.retain(|backup| {
            copied(backup)
                && match which {
                    Which::Ids(ids) => id(backup).is_some_and(|id| ids.contains(&id)),
                    Which::NaturalKey(want) => is(backup, "DBInstanceArn", want.str("source_db_instance_arn")),
                    Which::Token(_) => false,
                }
        });
        Ok(all)
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let answer = call(aws, "StartDBInstanceAutomatedBackupsReplication", Rows::create(want)).await?;
        made(id(&answer["DBInstanceAutomatedBackup"]).as_deref())
    }

    async fn delete(aws: &Aws, id: &str, last: &Attrs) -> Result<()> {
        if Self::describe(aws, Which::Ids(&[id.to_owned()])).await?.is_empty() {
            return Ok(());
        }
        let input = json!({"SourceDBInstanceArn": last.str("source_db_instance_arn")});
        unless_gone(call(aws, "StopDBInstanceAutomatedBackupsReplication", input).await)
    }
}
