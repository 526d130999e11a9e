//! The actions of IAM that the types of the family need.

use crate::resources::permissions::{OfData, OfResources, actions, data_actions};

/// Those of the resource types.
pub(in crate::resources) static RESOURCES: OfResources = actions! {
    aws_acm_certificate {
        read: "acm:DescribeCertificate" "acm:ListTagsForCertificate";
        create: "acm:ImportCertificate" "acm:RequestCertificate";
        update: "acm:AddTagsToCertificate" "acm:RemoveTagsFromCertificate" "acm:UpdateCertificateOptions";
        delete: "acm:DeleteCertificate";
    }
    aws_acm_certificate_validation {
        read: "acm:DescribeCertificate";
    }
    aws_kms_alias {
        read: "kms:ListAliases";
        create: "kms:CreateAlias";
        update: "kms:UpdateAlias";
        delete: "kms:DeleteAlias";
    }
    aws_kms_external_key {
        read: "kms:DescribeKey" "kms:GetKeyPolicy" "kms:ListResourceTags";
        create: "kms:CreateKey" "kms:ListKeys" "kms:TagResource";
        update: "kms:DisableKey" "kms:EnableKey" "kms:GetParametersForImport" "kms:ImportKeyMaterial" "kms:TagResource"
            "kms:UntagResource" "kms:UpdateKeyDescription";
        delete: "kms:ScheduleKeyDeletion";
    }
    aws_kms_grant {
        read: "kms:ListGrants";
        create: "kms:CreateGrant";
        delete: "kms:RetireGrant" "kms:RevokeGrant";
    }
    aws_kms_key {
        read: "kms:DescribeKey" "kms:GetKeyPolicy" "kms:GetKeyRotationStatus" "kms:ListResourceTags";
        create: "kms:CreateKey" "kms:ListKeys" "kms:TagResource";
        update: "kms:DisableKey" "kms:DisableKeyRotation" "kms:EnableKey" "kms:EnableKeyRotation" "kms:PutKeyPolicy"
            "kms:TagResource" "kms:UntagResource" "kms:UpdateKeyDescription";
        delete: "kms:ScheduleKeyDeletion";
    }
    aws_kms_key_policy {
        read: "kms:GetKeyPolicy";
        create: "kms:PutKeyPolicy";
        update: "kms:PutKeyPolicy";
        delete: "kms:PutKeyPolicy";
    }
    aws_kms_replica_key {
        read: "kms:DescribeKey" "kms:GetKeyPolicy" "kms:GetKeyRotationStatus" "kms:ListResourceTags";
        create: "kms:ListKeys" "kms:ReplicateKey" "kms:TagResource";
        update: "kms:TagResource" "kms:UntagResource" "kms:UpdateKeyDescription";
        delete: "kms:ScheduleKeyDeletion";
    }
    aws_secretsmanager_secret {
        read: "secretsmanager:DescribeSecret" "secretsmanager:GetResourcePolicy";
        create: "secretsmanager:CreateSecret" "secretsmanager:ListSecrets";
        update: "secretsmanager:DeleteResourcePolicy" "secretsmanager:PutResourcePolicy"
            "secretsmanager:RemoveRegionsFromReplication" "secretsmanager:ReplicateSecretToRegions"
            "secretsmanager:TagResource" "secretsmanager:UntagResource" "secretsmanager:UpdateSecret";
        delete: "secretsmanager:DeleteSecret" "secretsmanager:RemoveRegionsFromReplication";
    }
    aws_secretsmanager_secret_policy {
        read: "secretsmanager:GetResourcePolicy";
        create: "secretsmanager:PutResourcePolicy";
        update: "secretsmanager:PutResourcePolicy";
        delete: "secretsmanager:DeleteResourcePolicy";
    }
    aws_secretsmanager_secret_rotation {
        read: "secretsmanager:DescribeSecret";
        create: "secretsmanager:RotateSecret";
        update: "secretsmanager:RotateSecret";
        delete: "secretsmanager:CancelRotateSecret";
    }
    aws_secretsmanager_secret_version {
        read: "secretsmanager:ListSecretVersionIds";
        create: "secretsmanager:GetSecretValue" "secretsmanager:PutSecretValue";
        update: "secretsmanager:UpdateSecretVersionStage";
        delete: "secretsmanager:UpdateSecretVersionStage";
    }
};

/// Those of the data sources.
pub(in crate::resources) static DATA: OfData = data_actions! {
    aws_acm_certificate: "acm:GetCertificate" "acm:ListCertificates" "acm:ListTagsForCertificate";
    aws_kms_alias: "kms:ListAliases";
    aws_kms_ciphertext: "kms:Encrypt";
    aws_kms_key: "kms:DescribeKey";
    aws_kms_secrets: "kms:Decrypt";
    aws_secretsmanager_random_password: "secretsmanager:GetRandomPassword";
    aws_secretsmanager_secret: "secretsmanager:DescribeSecret" "secretsmanager:GetResourcePolicy";
    aws_secretsmanager_secret_version: "secretsmanager:GetSecretValue";
    aws_secretsmanager_secrets: "secretsmanager:ListSecrets";
};
