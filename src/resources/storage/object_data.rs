//! data aws_s3_object: an object that is there, and what it holds if that is a text.

use super::object_parts::Place;
use crate::resources::block::{TextMap, TimestampCell};
use crate::resources::lookup::{here, read, schema};
use crate::resources::prelude::*;
use crate::resources::spec::unread;
use aws_sdk_s3::operation::head_object::HeadObjectOutput;
use aws_sdk_s3::types::{ChecksumMode, StorageClass};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;

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

table! {
    Rows: HeadObjectOutput {
        bucket_key_enabled: Flag, none [.read(|h| h.held().bucket_key_enabled().unwrap_or(false).into())];
        cache_control: Text, read;
        checksum_crc32: Text, read;
        checksum_crc32c = checksum_crc32_c: Text, read;
        checksum_crc64nvme = checksum_crc64_nvme: Text, read;
        checksum_sha1: Text, read;
        checksum_sha256: Text, read;
        content_disposition: Text, read;
        content_encoding: Text, read;
        content_language: Text, read;
        content_length: Int, read;
        content_type: Text, read;
        etag: Text, none [.read(|h| h.held().e_tag().map(|tag| tag.trim_matches('"')).into())];
        expiration: Text, read;
        expires = expires_string: Text, read;
        last_modified: TimestampCell, read;
        metadata: TextMap, read;
        object_lock_legal_hold_status: EnumCell, read;
        object_lock_mode: EnumCell, read;
        object_lock_retain_until_date: TimestampCell, read;
        server_side_encryption: EnumCell, read;
        sse_kms_key_id = ssekms_key_id: Text, read;
        storage_class: EnumCell, none [.read(|h| h.held().storage_class().map_or("STANDARD", StorageClass::as_str).into())];
        website_redirect_location: Text, read;
    }
}

fn is_text(kind: &str) -> bool {
    let kind = kind.split(';').next().unwrap_or_default().trim();
    kind.starts_with("text/") || TEXTS.contains(&kind)
}

impl DataSource for S3ObjectData {
    fn schema() -> Schema {
        let answers = unread(Rows::rows::<HeadObjectOutput>().into_iter().map(A::computed));
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
        let mode = text(config, "checksum_mode").map(|mode| ChecksumMode::from(mode.as_str()));
        let call = aws.read.s3.head_object().bucket(bucket).key(&key).set_checksum_mode(mode);
        let call = call.set_version_id(version.clone()).set_range(text(config, "range"));
        let head = call.send().await.map_err(|e| match Error::from(e) {
            e if e.is_not_found() => Error::not_found(format!("the bucket {bucket} has no object {key:?}")),
            e => e,
        })?;
        let call = aws.read.s3.get_object_tagging().bucket(bucket).key(&key).set_version_id(version.clone());
        let tags = tags::of(&call.send().await?.tag_set);
        let wanted = config.str("download_body");
        let mut found = read(config, Rows::rows(), &head)
            .with("arn", format!("arn:{}:s3:::{bucket}/{key}", aws.partition))
            .with("id", format!("{bucket}/{key}"))
            .with("region", &*aws.region)
            .with("tags", tags)
            .with("version_id", head.version_id());
        if wanted == Some("true") || wanted.is_none() && is_text(head.content_type().unwrap_or_default()) {
            let call = aws.read.s3.get_object().bucket(bucket).key(&key).set_version_id(version);
            let answer = call.set_range(text(config, "range")).send().await?;
            let failed = |e| Error::ambiguous(format!("the object {key:?} was not read to its end: {e}"));
            let bytes = answer.body.collect().await.map_err(failed)?.into_bytes();
            if wanted == Some("true") {
                found = found.with("body_base64", BASE64_STANDARD.encode(&bytes));
            }
            found = found.with("body", String::from_utf8_lossy(&bytes).into_owned());
        }
        Ok(found)
    }
}
