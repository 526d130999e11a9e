//! Taking everything out of a bucket: S3 deletes none that holds objects, old versions or the markers
//! of deleted objects.

use crate::aws::api::services::S3;
use crate::aws::api::{items, member_text};
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};

/// Deletes all versions and markers, a page at a time: what it holds is as much as one call takes.
pub async fn empty(aws: &Aws, bucket: &str) -> Result<()> {
    loop {
        let all = versions(aws, bucket, None).await?;
        if all.is_empty() {
            return Ok(());
        }
        delete(aws, bucket, all).await?;
    }
}

/// The first page of the versions and markers of objects, as a call that deletes them names them.
pub async fn versions(aws: &Aws, bucket: &str, prefix: Option<&str>) -> Result<Vec<Json>> {
    let input = json!({"Bucket": bucket, "prefix": prefix});
    let page = aws.read.api.call(&S3, "ListObjectVersions GET /?versions&{prefix}", input).await?;
    let lists = ["Answer.Version", "Answer.DeleteMarker"].map(|path| items(&page, path));
    let named = |found: &Json| {
        let [key, version] = ["Key", "VersionId"].map(|name| member_text(found, name));
        json!({"Key": key.unwrap_or_default(), "VersionId": version})
    };
    Ok(lists.iter().flatten().map(named).collect())
}

/// The call answers with success and a list of what it did not delete.
async fn delete(aws: &Aws, bucket: &str, all: Vec<Json>) -> Result<()> {
    let input = json!({"Bucket": bucket, "Delete": {"Object": all, "Quiet": true}});
    let answer = aws.write.api.call(&S3, "DeleteObjects POST /?delete", input).await?;
    let refused = items(&answer, "Answer.Error");
    let Some(refused) = refused.first() else { return Ok(()) };
    let [code, key, message] = ["Code", "Key", "Message"].map(|name| member_text(refused, name));
    let code = code.unwrap_or_default();
    let why = message.as_deref().unwrap_or(&code);
    let message = format!("{} in {bucket} is not deleted: {why}", key.unwrap_or_default());
    Err(Error { code, ..Error::new(Kind::Refused, message) })
}
