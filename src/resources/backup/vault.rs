//! aws_backup_vault: where copies are kept. Vaults are listed: the call about one that is not there says that it is
//! forbidden.

use crate::aws::api::services::BACKUP;
use crate::aws::api::{Pages, Service};
use crate::resources::document::{Document, document};
use crate::resources::plain::{Object, Plain, Tags, state};
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};

document! {
    /// The resource type `aws_backup_vault`.
    pub AwsBackupVault {
        arn = "BackupVaultArn": Text, read [.computed()];
        force_destroy = "": Switch, none;
        kms_key_arn = "EncryptionKeyArn": Text [.optional_computed().force_new()];
        name = "BackupVaultName": Text [.required().force_new()];
        recovery_points = "NumberOfRecoveryPoints": Int, read [.computed()];
    }
}

/// The vault with this name.
pub async fn found(aws: &Aws, name: &str) -> Result<Json> {
    let pages = Pages("nextToken", "NextToken");
    let all = aws.read.api.list(&BACKUP, "ListBackupVaults GET /backup-vaults/", json!({}), pages, "BackupVaultList");
    let found = all.await?.into_iter().find(|vault| vault["BackupVaultName"] == name);
    found.ok_or_else(|| Error::not_found(format!("the backup vault {name} was not found")))
}

impl Plain for AwsBackupVault {
    const SERVICE: &'static Service = &BACKUP;
    const CREATE: &'static str = "CreateBackupVault PUT /backup-vaults/{BackupVaultName}";
    const READ: (&'static str, &'static str) = ("", "");
    const DELETE: &'static str = "DeleteBackupVault DELETE /backup-vaults/{BackupVaultName}";
    const TAGS: Option<Tags> = Some(super::tags("BackupVaultArn", "BackupVaultTags"));

    fn specification() -> Spec<Object> {
        Spec::new("aws_backup_vault", |v: &Object| Some(v.id.clone()), <Self as Document>::rows())
            .role(super::ROLE)
            .unique(&[&["name"]])
            .recover(Recover::Key)
            .progress(|v| state(v, "VaultState", &["CREATING"], &["FAILED"], &[]))
    }

    fn key(id: &str) -> Json {
        json!({"BackupVaultName": id})
    }

    fn id(want: &Attrs, _answer: &Json) -> Option<String> {
        want.string("name")
    }

    async fn further(_aws: &Aws, _id: &str, change: &mut Change<'_>) -> Result<()> {
        change.take("force_destroy");
        Ok(())
    }

    async fn more(aws: &Aws, id: &str, _json: Json) -> Result<Json> {
        found(aws, id).await
    }

    /// A vault with copies in it stays, unless the layout says that they go with it.
    async fn before_delete(aws: &Aws, id: &str, last: &Attrs) -> Result<bool> {
        if last.bool("force_destroy") == Some(true) {
            let points = "ListRecoveryPointsByBackupVault GET /backup-vaults/{BackupVaultName}/recovery-points/";
            let pages = Pages("nextToken", "NextToken");
            let all = aws.read.api.list(&BACKUP, points, Self::key(id), pages, "RecoveryPoints").await?;
            for point in all {
                let gone = "DeleteRecoveryPoint DELETE \
                            /backup-vaults/{BackupVaultName}/recovery-points/{RecoveryPointArn}";
                let input = json!({"BackupVaultName": id, "RecoveryPointArn": point["RecoveryPointArn"]});
                settle::unless_gone(aws.write.api.call(&BACKUP, gone, input).await)?;
            }
        }
        Ok(true)
    }
}
