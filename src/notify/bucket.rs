//! A memory in a bucket (`s3:GetObject`, `s3:PutObject`; with `s3:ListBucket` S3 says that an object is not there).

use super::store::Kept;
use crate::aws::ProviderSettings;
use crate::aws::objects::{Bucket, Encryption};
use crate::diag::Diagnostic;
use crate::state::remote::{Objects, Only, put};

/// The bucket, with the credentials of the environment. Makes no call. An `endpoint` replaces AWS.
pub(super) fn open(bucket: &str, region: Option<&str>, endpoint: Option<&str>) -> Result<Box<dyn Objects>, Diagnostic> {
    let settings = ProviderSettings {
        region: region.map(str::to_owned),
        skip_requesting_account_id: true,
        ..ProviderSettings::default()
    };
    let settings = ProviderSettings {
        s3_use_path_style: endpoint.is_some(),
        skip_requesting_account_id: true,
        ..settings.in_sandbox(endpoint)
    };
    Ok(Box::new(Bucket::open(bucket.to_owned(), settings, Encryption::default())?))
}

/// An object.
pub(super) fn get(bucket: &dyn Objects, key: &str) -> Result<Option<Kept>, Diagnostic> {
    Ok(bucket.get(key)?.map(|object| Kept { text: object.text, tag: object.tag }))
}

/// Writes an object, over what was read alone; nothing if another run wrote it meanwhile.
pub(super) fn write(
    bucket: &dyn Objects,
    key: &str,
    text: &[u8],
    over: Option<&Kept>,
) -> Result<Option<Kept>, Diagnostic> {
    let only = over.map_or(Only::Absent, |kept| Only::Unchanged(&kept.tag));
    Ok(put(bucket, key, text, only)?.map(|tag| Kept { text: text.to_vec(), tag }))
}
