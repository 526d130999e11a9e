//! The blocks of an inventory of a bucket.

use crate::resources::prelude::*;
use aws_sdk_s3::types as s3;

block! {
    /// A list encrypted with a key of KMS.
    Kms: s3::Ssekms => s3::Ssekms, ok {
        key_id: Text [.required()];
    }
    /// A list encrypted with a key of S3.
    Own: s3::Sses3 => s3::Sses3 {}
    /// How the list is encrypted.
    Encryption: s3::InventoryEncryption => s3::InventoryEncryption {
        sse_kms = ssekms: OptionalBlock<Kms>;
        sse_s3 = sses3: OptionalBlock<Own>;
    }
    /// The bucket that the list is written to.
    Bucket: s3::InventoryS3BucketDestination => s3::InventoryS3BucketDestination, ok {
        account_id: Text;
        bucket_arn = bucket: Text [.required()];
        encryption: OptionalBlock<Encryption>;
        format: EnumCell [.required().check(|v| checks::one_of(v, &["CSV", "ORC", "Parquet"]))];
        prefix: Text;
    }
    /// Where the list goes.
    Destination: s3::InventoryDestination => s3::InventoryDestination {
        bucket = s3_bucket_destination: OptionalBlock<Bucket> [.count(1, Some(1))];
    }
    /// The objects that are listed.
    Filter: s3::InventoryFilter => s3::InventoryFilter, ok {
        prefix: Text;
    }
    /// How often.
    Schedule: s3::InventorySchedule => s3::InventorySchedule, ok {
        frequency: EnumCell [.required().check(|v| checks::one_of(v, &["Daily", "Weekly"]))];
    }
}
