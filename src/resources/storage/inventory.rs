//! The blocks of an inventory of a bucket.

use crate::resources::document::{Mark, One, document};
use crate::resources::prelude::*;

document! {
    Kms {
        key_id = "KeyId": Text [.required()];
    }
}
document! {
    /// A key of S3.
    Own {}
}
document! {
    Encryption {
        sse_kms = "SSE-KMS": One<Kms>;
        sse_s3 = "SSE-S3": Mark<Own>;
    }
}
document! {
    /// The bucket that the list is written to.
    Bucket {
        account_id = "AccountId": Text;
        bucket_arn = "Bucket": Text [.required()];
        encryption = "Encryption": Mark<Encryption>;
        format = "Format": Text [.required().check(|v| checks::one_of(v, &["CSV", "ORC", "Parquet"]))];
        prefix = "Prefix": Text;
    }
}
document! {
    /// Where the list goes.
    pub Destination {
        bucket = "S3BucketDestination": One<Bucket> [.count(1, Some(1))];
    }
}
document! {
    /// The objects that are listed.
    pub Filter {
        prefix = "Prefix": Text;
    }
}
document! {
    /// How often.
    pub Schedule {
        frequency = "Frequency": Text [.required().check(|v| checks::one_of(v, &["Daily", "Weekly"]))];
    }
}
