//! Taking everything out of a bucket: S3 deletes none that holds objects, old versions or the markers
//! of deleted objects.

use super::configuration::built;
use crate::resources::prelude::*;
use aws_sdk_s3::types::{Delete, DeleteMarkerEntry, ObjectIdentifier, ObjectVersion};

/// Deletes all versions and markers, a page at a time: what it holds is as much as one call takes.
pub async fn empty(aws: &Aws, bucket: &str) -> Result<()> {
    loop {
        let page = aws.read.s3.list_object_versions().bucket(bucket).send().await?;
        let versions = page.versions().iter().map(|v: &ObjectVersion| (v.key(), v.version_id()));
        let markers = page.delete_markers().iter().map(|m: &DeleteMarkerEntry| (m.key(), m.version_id()));
        let named = |(key, version): (Option<&str>, Option<&str>)| {
            let id = ObjectIdentifier::builder().key(key.unwrap_or_default());
            built(id.set_version_id(version.map(Into::into)).build())
        };
        let all: Vec<ObjectIdentifier> = versions.chain(markers).map(named).collect::<Result<_>>()?;
        if all.is_empty() {
            return Ok(());
        }
        delete(aws, bucket, all).await?;
    }
}

/// The call answers with success and a list of what it did not delete.
async fn delete(aws: &Aws, bucket: &str, all: Vec<ObjectIdentifier>) -> Result<()> {
    let what = built(Delete::builder().set_objects(Some(all)).quiet(true).build())?;
    let answer = aws.write.s3.delete_objects().bucket(bucket).delete(what).send().await?;
    let Some(refused) = answer.errors().first() else { return Ok(()) };
    let (code, key) = (refused.code().unwrap_or_default(), refused.key().unwrap_or_default());
    let message = format!("{key} in {bucket} is not deleted: {}", refused.message().unwrap_or(code));
    Err(Error { code: code.into(), ..Error::new(Kind::Refused, message) })
}
