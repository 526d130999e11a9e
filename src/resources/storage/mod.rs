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
use configuration::Of;

/// The family's resource types.
pub fn resources(all: &mut Registry<dyn AnyResource>) {
    add::<bucket::AwsS3Bucket>(all);
    add::<Of<encryption::Encryption>>(all);
    add::<Of<lifecycle::Lifecycle>>(all);
    add::<Of<ownership_controls::Ownership>>(all);
    add::<Of<policy::Policy>>(all);
    add::<Of<public_access_block::PublicAccessBlock>>(all);
    add::<Of<versioning::Versioning>>(all);
}

/// The family's data sources.
pub fn data_sources(all: &mut Registry<dyn AnyData>) {
    add_data::<bucket_data::S3BucketData>(all);
}
