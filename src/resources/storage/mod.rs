//! The storage family: S3 buckets and their configurations.

mod account_public_access_block;
mod acl;
pub(super) mod allowed;
mod bucket;
mod bucket_data;
mod configuration;
mod cors;
mod emptying;
mod encryption;
mod grants;
mod inline;
mod inline_rows;
mod inline_rules;
mod inventory;
mod lifecycle;
mod lifecycle_rules;
mod logging;
mod named;
mod notification;
mod object;
mod object_data;
mod object_lock;
mod object_parts;
mod owner_ids;
mod ownership_controls;
mod places;
mod policy;
mod policy_data;
mod public_access_block;
mod replication;
mod reports;
mod switches;
mod versioning;
mod website;
mod website_rules;

use super::any::{AnyData, AnyResource, Registry, add, add_data};
use configuration::Of;
use named::Named;

/// The family's resource types.
pub fn resources(all: &mut Registry<dyn AnyResource>) {
    add::<account_public_access_block::AwsS3AccountPublicAccessBlock>(all);
    add::<bucket::AwsS3Bucket>(all);
    add::<acl::AwsS3BucketAcl>(all);
    add::<object::AwsS3Object>(all);
    add::<Of<cors::Cors>>(all);
    add::<Of<logging::Logging>>(all);
    add::<Of<notification::Notification>>(all);
    add::<Of<object_lock::ObjectLock>>(all);
    add::<Of<replication::Replication>>(all);
    add::<Of<switches::Acceleration>>(all);
    add::<Of<switches::RequestPayment>>(all);
    add::<Of<website::Website>>(all);
    add::<Named<reports::Inventory>>(all);
    add::<Named<reports::Metric>>(all);
    add::<Named<reports::Tiering>>(all);
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
    add_data::<object_data::S3ObjectData>(all);
    add_data::<policy_data::BucketPolicyData>(all);
    add_data::<owner_ids::CanonicalUserId>(all);
    add_data::<owner_ids::LogDeliveryCanonicalUserId>(all);
}
