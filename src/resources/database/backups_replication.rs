//! aws_db_instance_automated_backups_replication: the automated backups of a database, copied into this region.

use crate::resources::prelude::*;
use crate::resources::settle::unless_gone;
use aws_sdk_rds::operation::start_db_instance_automated_backups_replication::builders::StartDBInstanceAutomatedBackupsReplicationFluentBuilder as Start;
use aws_sdk_rds::types::DbInstanceAutomatedBackup as Backup;

/// The resource type `aws_db_instance_automated_backups_replication`.
pub struct AwsDbInstanceAutomatedBackupsReplication;

table! {
    Rows: Backup, create Start {
        kms_key_id: Text [.optional_computed().force_new()];
        pre_signed_url: Text, create [.force_new()];
        retention_period = backup_retention_period: Int [.default(7).force_new()];
        source_db_instance_arn: Text, read(db_instance_arn), create [.required().force_new()];
    }
}

/// Copies that are kept though nothing is copied any more are not this object.
fn copied(backup: &Backup) -> bool {
    backup.status() != Some("retained")
}

impl Resource for AwsDbInstanceAutomatedBackupsReplication {
    type Live = Backup;

    fn spec() -> Spec<Backup> {
        let id = |b: &Backup| b.db_instance_automated_backups_arn().map(Into::into);
        Spec::new("aws_db_instance_automated_backups_replication", id, Rows::rows())
            .role(Role::NotServing("it copies backups, which nobody asks"))
            .unique(&[&["source_db_instance_arn"]])
            .recover(Recover::Key)
            .default_timeout(75)
            .wait_for_deletion()
            .progress(|b| match b.status() {
                Some(word @ ("pending" | "creating" | "deleting")) => Progress::Pending(word.into()),
                _ => Progress::Ready,
            })
    }

    /// One list gives all of the region, those of databases that live here too.
    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Backup>> {
        let mut all =
            all_of(aws.read.rds.describe_db_instance_automated_backups().into_paginator().items().send()).await?;
        all.retain(|backup| {
            copied(backup)
                && match which {
                    Which::Ids(ids) => ids.iter().any(|id| backup.db_instance_automated_backups_arn() == Some(id)),
                    Which::NaturalKey(want) => backup.db_instance_arn() == want.str("source_db_instance_arn"),
                    Which::Token(_) => false,
                }
        });
        Ok(all)
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let call = Rows::create(aws.write.rds.start_db_instance_automated_backups_replication(), want);
        let answer = call.send().await?;
        made(answer.db_instance_automated_backup().and_then(Backup::db_instance_automated_backups_arn))
    }

    async fn delete(aws: &Aws, id: &str, last: &Attrs) -> Result<()> {
        if Self::describe(aws, Which::Ids(&[id.to_owned()])).await?.is_empty() {
            return Ok(());
        }
        let call = aws.write.rds.stop_db_instance_automated_backups_replication();
        unless_gone(call.set_source_db_instance_arn(last.string("source_db_instance_arn")).send().await)
    }
}
