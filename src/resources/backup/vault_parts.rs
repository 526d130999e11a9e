//! Settings of a vault that are objects of their own: who may use it, who hears of it, and how long its copies stay. Their
//! ids are its name. A call that sets one sets all of it.

use super::vault::found;
use crate::aws::api::services::BACKUP;
use crate::aws::api::{Service, member};
use crate::resources::document::{Document, document};
use crate::resources::plain::{Object, Plain};
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};

document! {
    /// The resource type `aws_backup_vault_policy`.
    pub AwsBackupVaultPolicy {
        backup_vault_arn = "BackupVaultArn": Text, read [.computed()];
        backup_vault_name = "BackupVaultName": Text [.required().force_new()];
        policy = "Policy": Text, read, create, modify [.required().normal(Normal::Policy).check(checks::policy)];
    }
}
document! {
    /// The resource type `aws_backup_vault_notifications`.
    pub AwsBackupVaultNotifications {
        backup_vault_arn = "BackupVaultArn": Text, read [.computed()];
        backup_vault_events = "BackupVaultEvents": Texts, read, create, modify [.required()];
        backup_vault_name = "BackupVaultName": Text [.required().force_new()];
        sns_topic_arn = "SNSTopicArn": Text, read, create, modify [.required()];
    }
}
document! {
    /// The resource type `aws_backup_vault_lock_configuration`.
    pub AwsBackupVaultLockConfiguration {
        backup_vault_arn = "BackupVaultArn": Text, read [.computed()];
        backup_vault_name = "BackupVaultName": Text [.required().force_new()];
        changeable_for_days = "ChangeableForDays": Int, create [.force_new()];
        max_retention_days = "MaxRetentionDays": Int [.force_new()];
        min_retention_days = "MinRetentionDays": Int [.force_new()];
    }
}

/// One of the types: its name, its calls, where its answer is, and what shows that there is one.
macro_rules! parts {
    ($($ty:ident $name:literal $create:literal $read:literal $delete:literal $shows:literal;)*) => {$(
        impl Plain for $ty {
            const SERVICE: &'static Service = &BACKUP;
            const CREATE: &'static str = $create;
            const READ: (&'static str, &'static str) = ($read, "");
            const UPDATE: &'static str = $create;
            const DELETE: &'static str = $delete;
            const NAME: &'static str = "backup_vault_name";

            fn specification() -> Spec<Object> {
                Spec::new($name, |part: &Object| Some(part.id.clone()), <Self as Document>::rows())
                    .role(super::ROLE)
                    .unique(&[&["backup_vault_name"]])
                    .recover(Recover::Key)
            }

            fn key(id: &str) -> Json {
                json!({"BackupVaultName": id})
            }

            fn id(want: &Attrs, _answer: &Json) -> Option<String> {
                want.string("backup_vault_name")
            }

            async fn more(aws: &Aws, id: &str, json: Json) -> Result<Json> {
                let json = match Self::READ.0 {
                    "" => found(aws, id).await?,
                    _ => json,
                };
                let there = member(&json, $shows).is_some_and(|value| *value != Json::Bool(false));
                if there { Ok(json) } else { Err(Error::not_found(format!("the vault {id} has none"))) }
            }
        }
    )*};
}

parts! {
    AwsBackupVaultPolicy "aws_backup_vault_policy"
        "PutBackupVaultAccessPolicy PUT /backup-vaults/{BackupVaultName}/access-policy"
        "GetBackupVaultAccessPolicy GET /backup-vaults/{BackupVaultName}/access-policy"
        "DeleteBackupVaultAccessPolicy DELETE /backup-vaults/{BackupVaultName}/access-policy" "Policy";
    AwsBackupVaultNotifications "aws_backup_vault_notifications"
        "PutBackupVaultNotifications PUT /backup-vaults/{BackupVaultName}/notification-configuration"
        "GetBackupVaultNotifications GET /backup-vaults/{BackupVaultName}/notification-configuration"
        "DeleteBackupVaultNotifications DELETE /backup-vaults/{BackupVaultName}/notification-configuration"
        "SNSTopicArn";
    AwsBackupVaultLockConfiguration "aws_backup_vault_lock_configuration"
        "PutBackupVaultLockConfiguration PUT /backup-vaults/{BackupVaultName}/vault-lock" ""
        "DeleteBackupVaultLockConfiguration DELETE /backup-vaults/{BackupVaultName}/vault-lock" "Locked";
}
