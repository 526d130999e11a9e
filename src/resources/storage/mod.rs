//! The storage family: S3 buckets and their configurations.

mod bucket;
mod bucket_data;
mod configuration;
mod emptying;
mod encryption;
mod lifecycle;
mod lifecycle_rules;
mod ownership_controls;
mod places;
mod policy;
mod public_access_block;
mod versioning;

use super::any::{AnyData, AnyResource, Registry, add, add_data};

/// The family's resource types.
pub fn resources(all: &mut Registry<dyn AnyResource>) {
    add::<bucket::AwsS3Bucket>(all);
    add::<encryption::AwsS3BucketServerSideEncryptionConfiguration>(all);
    add::<lifecycle::AwsS3BucketLifecycleConfiguration>(all);
    add::<ownership_controls::AwsS3BucketOwnershipControls>(all);
    add::<policy::AwsS3BucketPolicy>(all);
    add::<public_access_block::AwsS3BucketPublicAccessBlock>(all);
    add::<versioning::AwsS3BucketVersioning>(all);
}

/// The family's data sources.
pub fn data_sources(all: &mut Registry<dyn AnyData>) {
    add_data::<bucket_data::S3BucketData>(all);
}
