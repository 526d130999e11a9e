//! The actions of IAM that the types of the family need.

use crate::resources::permissions::{OfData, OfResources, actions, data_actions};

/// Those of the resource types.
pub(in crate::resources) static RESOURCES: OfResources = actions! {
    aws_s3_account_public_access_block {
        read: "s3:GetAccountPublicAccessBlock";
        create: "s3:PutAccountPublicAccessBlock";
        update: "s3:PutAccountPublicAccessBlock";
        delete: "s3:PutAccountPublicAccessBlock";
    }
    aws_s3_bucket {
        read: "s3:GetBucketObjectLockConfiguration" "s3:GetBucketTagging";
        create: "s3:CreateBucket" "s3:ListAllMyBuckets" "s3:PutBucketTagging";
        update: "s3:PutBucketTagging";
        delete: "s3:DeleteBucket" "s3:DeleteObject" "s3:DeleteObjectVersion" "s3:ListBucketVersions";
        passes: "s3.amazonaws.com";
    }
    aws_s3_bucket_accelerate_configuration {
        read: "s3:GetAccelerateConfiguration";
        create: "s3:PutAccelerateConfiguration";
        update: "s3:PutAccelerateConfiguration";
        delete: "s3:PutAccelerateConfiguration";
    }
    aws_s3_bucket_acl {
        read: "s3:GetBucketAcl";
        create: "s3:PutBucketAcl";
        update: "s3:PutBucketAcl";
    }
    aws_s3_bucket_cors_configuration {
        read: "s3:GetBucketCORS";
        create: "s3:PutBucketCORS";
        update: "s3:PutBucketCORS";
        delete: "s3:PutBucketCORS";
    }
    aws_s3_bucket_intelligent_tiering_configuration {
        read: "s3:GetIntelligentTieringConfiguration";
        create: "s3:PutIntelligentTieringConfiguration";
        update: "s3:PutIntelligentTieringConfiguration";
        delete: "s3:PutIntelligentTieringConfiguration";
    }
    aws_s3_bucket_inventory {
        read: "s3:GetInventoryConfiguration";
        create: "s3:PutInventoryConfiguration";
        update: "s3:PutInventoryConfiguration";
        delete: "s3:PutInventoryConfiguration";
    }
    aws_s3_bucket_lifecycle_configuration {
        read: "s3:GetLifecycleConfiguration";
        create: "s3:PutLifecycleConfiguration";
        update: "s3:PutLifecycleConfiguration";
        delete: "s3:PutLifecycleConfiguration";
    }
    aws_s3_bucket_logging {
        read: "s3:GetBucketLogging";
        create: "s3:PutBucketLogging";
        update: "s3:PutBucketLogging";
        delete: "s3:PutBucketLogging";
    }
    aws_s3_bucket_metric {
        read: "s3:GetMetricsConfiguration";
        create: "s3:PutMetricsConfiguration";
        update: "s3:PutMetricsConfiguration";
        delete: "s3:PutMetricsConfiguration";
    }
    aws_s3_bucket_notification {
        read: "s3:GetBucketNotification";
        create: "s3:PutBucketNotification";
        update: "s3:PutBucketNotification";
        delete: "s3:PutBucketNotification";
    }
    aws_s3_bucket_object_lock_configuration {
        read: "s3:GetBucketObjectLockConfiguration";
        create: "s3:PutBucketObjectLockConfiguration";
        update: "s3:PutBucketObjectLockConfiguration";
        delete: "s3:PutBucketObjectLockConfiguration";
    }
    aws_s3_bucket_ownership_controls {
        read: "s3:GetBucketOwnershipControls";
        create: "s3:PutBucketOwnershipControls";
        update: "s3:PutBucketOwnershipControls";
        delete: "s3:PutBucketOwnershipControls";
    }
    aws_s3_bucket_policy {
        read: "s3:GetBucketPolicy";
        create: "s3:PutBucketPolicy";
        update: "s3:PutBucketPolicy";
        delete: "s3:DeleteBucketPolicy";
    }
    aws_s3_bucket_public_access_block {
        read: "s3:GetBucketPublicAccessBlock";
        create: "s3:PutBucketPublicAccessBlock";
        update: "s3:PutBucketPublicAccessBlock";
        delete: "s3:PutBucketPublicAccessBlock";
    }
    aws_s3_bucket_replication_configuration {
        read: "s3:GetReplicationConfiguration";
        create: "s3:PutReplicationConfiguration";
        update: "s3:PutReplicationConfiguration";
        delete: "s3:PutReplicationConfiguration";
        passes: "s3.amazonaws.com";
    }
    aws_s3_bucket_request_payment_configuration {
        read: "s3:GetBucketRequestPayment";
        create: "s3:PutBucketRequestPayment";
        update: "s3:PutBucketRequestPayment";
        delete: "s3:PutBucketRequestPayment";
    }
    aws_s3_bucket_server_side_encryption_configuration {
        read: "s3:GetEncryptionConfiguration";
        create: "s3:PutEncryptionConfiguration";
        update: "s3:PutEncryptionConfiguration";
        delete: "s3:PutEncryptionConfiguration";
    }
    aws_s3_bucket_versioning {
        read: "s3:GetBucketVersioning";
        create: "s3:PutBucketVersioning";
        update: "s3:PutBucketVersioning";
        delete: "s3:PutBucketVersioning";
    }
    aws_s3_bucket_website_configuration {
        read: "s3:GetBucketWebsite";
        create: "s3:PutBucketWebsite";
        update: "s3:PutBucketWebsite";
        delete: "s3:DeleteBucketWebsite";
    }
    aws_s3_object {
        read: "s3:GetObject" "s3:GetObjectTagging";
        create: "s3:PutObject" "s3:PutObjectAcl" "s3:PutObjectLegalHold" "s3:PutObjectRetention" "s3:PutObjectTagging";
        update: "s3:PutObject" "s3:PutObjectAcl" "s3:PutObjectLegalHold" "s3:PutObjectRetention" "s3:PutObjectTagging";
        delete: "s3:DeleteObject" "s3:DeleteObjectVersion" "s3:ListBucketVersions";
    }
};

/// Those of the data sources.
pub(in crate::resources) static DATA: OfData = data_actions! {
    aws_canonical_user_id: "s3:ListAllMyBuckets";
    aws_cloudfront_log_delivery_canonical_user_id:;
    aws_s3_bucket: "s3:GetBucketWebsite";
    aws_s3_bucket_policy: "s3:GetBucketPolicy";
    aws_s3_object: "s3:GetObject" "s3:GetObjectTagging";
};
