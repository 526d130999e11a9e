//! data aws_s3_object: an object that is there, and what it holds if that is a text.

use super::object::tags_of;
use super::object_parts::{Place, class, etag, metadata};
use crate::aws::api::member_text;
use crate::aws::api::services::S3;
use crate::resources::block::{TextMap, TimestampCell};
use crate::resources::document::{Document, MomentText, at, document};
use crate::resources::lookup::{here, read, schema};
use crate::resources::plain::joined;
use crate::resources::prelude::*;
use crate::resources::spec::unread;
use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value as Json, json};

/// The data source `aws_s3_object`.
pub struct S3ObjectData;

/// The kinds of content that are texts, beside all that begin with `text/`.
const TEXTS: [&str; 9] = [
    "application/atom+xml",
    "application/json",
    "application/ld+json",
    "application/x-csh",
    "application/x-httpd-php",
    "application/x-sh",
    "application/xhtml+xml",
    "application/xml",
    "application/yaml",
];

document! {
    Rows {
        bucket_key_enabled = "x-amz-server-side-encryption-bucket-key-enabled": Flag, none
            [.read(|h| at::<Switch>(h.held(), "x-amz-server-side-encryption-bucket-key-enabled"))];
        cache_control = "cache-control": Text, read;
        checksum_crc32 = "x-amz-checksum-crc32": Text, read;
        checksum_crc32c = "x-amz-checksum-crc32c": Text, read;
        checksum_crc64nvme = "x-amz-checksum-crc64nvme": Text, read;
        checksum_sha1 = "x-amz-checksum-sha1": Text, read;
        checksum_sha256 = "x-amz-checksum-sha256": Text, read;
        content_disposition = "content-disposition": Text, read;
        content_encoding = "content-encoding": Text, read;
        content_language = "content-language": Text, read;
        content_length = "content-length": Int, read;
        content_type = "content-type": Text, read;
        etag = "": Text, none [.read(|h| etag(h.held()))];
        expiration = "x-amz-expiration": Text, read;
        expires = "expires": Text, read;
        last_modified = "": TimestampCell, none [.read(|h| last_modified(h.held()))];
        metadata = "": TextMap, none [.read(|h| metadata(h.held()))];
        object_lock_legal_hold_status = "x-amz-object-lock-legal-hold": Text, read;
        object_lock_mode = "x-amz-object-lock-mode": Text, read;
        object_lock_retain_until_date = "x-amz-object-lock-retain-until-date": MomentText, read;
        server_side_encryption = "x-amz-server-side-encryption": Text, read;
        sse_kms_key_id = "x-amz-server-side-encryption-aws-kms-key-id": Text, read;
        storage_class = "": Text, none [.read(|h| class(h.held()))];
        website_redirect_location = "x-amz-website-redirect-location": Text, read;
    }
}

fn last_modified(head: &Json) -> Value {
    let at = member_text(head, "last-modified").and_then(|at| DateTime::from_str(&at, Format::HttpDate).ok());
    at.and_then(|at| at.fmt(Format::DateTime).ok()).into()
}

fn is_text(kind: &str) -> bool {
    let kind = kind.split(';').next().unwrap_or_default().trim();
    kind.starts_with("text/") || TEXTS.contains(&kind)
}

impl DataSource for S3ObjectData {
    fn schema() -> Schema {
        let answers = unread(Rows::rows::<Json>().into_iter().map(A::computed));
        let own = ["arn", "body", "body_base64", "id"].map(|name| Row::string(name).computed());
        let given = ["bucket", "key"].map(|name| Row::string(name).required());
        let open = ["checksum_mode", "download_body", "range"].map(Row::string);
        let either = ["region", "version_id"].map(|name| Row::string(name).optional_computed());
        let tags = Row::of("tags", Type::map(Type::String)).optional_computed();
        let all = rows(own.into_iter().chain(given).chain(open).chain(either).chain([tags]));
        schema("aws_s3_object", answers.into_iter().chain(all).collect())
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let (place, version) = (Place::of(config), text(config, "version_id"));
        let (bucket, key) = (&place.bucket, place.clean());
        let input = joined(place.named(), json!({"versionId": version, "range": text(config, "range")}));
        let asked = joined(input.clone(), json!({"x-amz-checksum-mode": text(config, "checksum_mode")}));
        let head = aws.read.api.call(&S3, "HeadObject HEAD /{Key}?{versionId}", asked).await.map_err(|e| match e {
            e if e.is_not_found() => Error::not_found(format!("the bucket {bucket} has no object {key:?}")),
            e => e,
        })?;
        let tags = tags::of(&tags_of(&aws, &place, version.as_deref()).await?);
        let wanted = config.str("download_body");
        let mut found = read(config, Rows::rows(), &head)
            .with("arn", format!("arn:{}:s3:::{bucket}/{key}", aws.partition))
            .with("id", format!("{bucket}/{key}"))
            .with("region", &*aws.region)
            .with("tags", tags)
            .with("version_id", member_text(&head, "x-amz-version-id"));
        if wanted == Some("true") || wanted.is_none() && is_text(head["content-type"].as_str().unwrap_or_default()) {
            let (_, bytes) = aws.read.api.exchange(&S3, "GetObject GET /{Key}?{versionId}", input, None).await?;
            if wanted == Some("true") {
                found = found.with("body_base64", BASE64_STANDARD.encode(&bytes));
            }
            found = found.with("body", String::from_utf8_lossy(&bytes).into_owned());
        }
        Ok(found)
    }
}
