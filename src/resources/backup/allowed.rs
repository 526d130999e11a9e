//! The actions of IAM that the types of the family need.

use crate::resources::permissions::{OfData, OfResources, actions, data_actions};

/// Those of the resource types.
pub(in crate::resources) static RESOURCES: OfResources = actions! {
    aws_backup_plan {
        read: "backup:GetBackupPlan" "backup:ListTags";
        create: "backup:CreateBackupPlan" "backup:ListBackupPlans";
        update: "backup:TagResource" "backup:UntagResource" "backup:UpdateBackupPlan";
        delete: "backup:DeleteBackupPlan";
    }
    aws_backup_selection {
        read: "backup:GetBackupSelection";
        create: "backup:CreateBackupSelection" "backup:ListBackupSelections";
        delete: "backup:DeleteBackupSelection";
        passes: "backup.amazonaws.com";
    }
    aws_backup_vault {
        read: "backup:ListBackupVaults" "backup:ListTags";
        create: "backup-storage:MountCapsule" "backup:CreateBackupVault" "kms:CreateGrant" "kms:Decrypt"
            "kms:DescribeKey" "kms:GenerateDataKey" "kms:RetireGrant";
        update: "backup:TagResource" "backup:UntagResource";
        delete: "backup:DeleteBackupVault" "backup:DeleteRecoveryPoint" "backup:ListRecoveryPointsByBackupVault";
    }
    aws_backup_vault_lock_configuration {
        read: "backup:ListBackupVaults";
        create: "backup:PutBackupVaultLockConfiguration";
        delete: "backup:DeleteBackupVaultLockConfiguration";
    }
    aws_backup_vault_notifications {
        read: "backup:GetBackupVaultNotifications";
        create: "backup:PutBackupVaultNotifications";
        update: "backup:PutBackupVaultNotifications";
        delete: "backup:DeleteBackupVaultNotifications";
    }
    aws_backup_vault_policy {
        read: "backup:GetBackupVaultAccessPolicy";
        create: "backup:PutBackupVaultAccessPolicy";
        update: "backup:PutBackupVaultAccessPolicy";
        delete: "backup:DeleteBackupVaultAccessPolicy";
    }
};

/// Those of the data sources.
pub(in crate::resources) static DATA: OfData = data_actions! {
    aws_backup_plan: "backup:GetBackupPlan" "backup:ListTags";
    aws_backup_vault: "backup:ListBackupVaults" "backup:ListTags";
};
