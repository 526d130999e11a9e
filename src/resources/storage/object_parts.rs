//! How an object is named, sent, read and removed.

use super::emptying::versions;
use super::object::Live;
use crate::aws::api::member_text;
use crate::aws::api::services::S3;
use crate::resources::block::TextMap;
use crate::resources::document::{Document, MomentText, at, document};
use crate::resources::plain::joined;
use crate::resources::prelude::*;
use crate::resources::settle::unless_gone;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value as Json, json};
use std::path::{Path, PathBuf};

/// The bucket and the key of an object.
#[derive(Debug, Clone)]
pub struct Place {
    pub bucket: String,
    pub key: String,
}

impl Place {
    /// From the arguments.
    pub fn of(attrs: &Attrs) -> Self {
        Place { bucket: attrs.string("bucket").unwrap_or_default(), key: attrs.string("key").unwrap_or_default() }
    }

    /// The members of a call that name the object.
    pub fn named(&self) -> Json {
        json!({"Bucket": self.bucket, "Key": self.clean()})
    }

    /// The key as it is sent: like Terraform's provider, without the slashes that say nothing.
    pub fn clean(&self) -> String {
        let end = if self.key.ends_with('/') { "/" } else { "" };
        let parts: Vec<&str> = self.key.split('/').filter(|part| !part.is_empty()).collect();
        format!("{}{end}", parts.join("/"))
    }
}

/// The header that lifts what holds an object, where that is allowed.
pub const BY_FORCE: &str = "x-amz-bypass-governance-retention";

const CONTENT: [&str; 4] = ["content", "content_base64", "source", "source_hash"];
const CHECKSUMS: [&str; 5] = ["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"];

/// The tag of an object, without its quotes.
pub fn etag(head: &Json) -> Value {
    member_text(head, "etag").map(|tag| tag.trim_matches('"').to_owned()).into()
}

/// The class of its storage, which S3 says only of others than the usual one.
pub fn class(head: &Json) -> Value {
    member_text(head, "x-amz-storage-class").unwrap_or_else(|| "STANDARD".into()).into()
}

/// The beginning of the headers of what a user says of an object.
const METADATA: &str = "x-amz-meta-";

/// What its user says of an object.
pub fn metadata(head: &Json) -> Value {
    let all = head.as_object().into_iter().flatten();
    let own = all.filter_map(|(name, value)| Some((name.strip_prefix(METADATA)?.into(), value.as_str()?.into())));
    Value::map(Type::String, own.collect())
}

document! {
    Rows {
        acl = "x-amz-acl": Text, create [.optional_computed()];
        bucket_key_enabled = "x-amz-server-side-encryption-bucket-key-enabled": Flag, create
            [.optional_computed().read(|h| at::<Switch>(h.held(), "x-amz-server-side-encryption-bucket-key-enabled"))];
        cache_control = "cache-control": Text;
        checksum_algorithm = "x-amz-sdk-checksum-algorithm": Text, create
            [.check(|v| checks::one_of(v, &CHECKSUMS))];
        content = "": Text, none;
        content_base64 = "": Text, none;
        content_disposition = "content-disposition": Text;
        content_encoding = "content-encoding": Text;
        content_language = "content-language": Text;
        content_type = "content-type": Text [.optional_computed()];
        etag = "": Text, none [.optional_computed().follows(&CONTENT).read(|h| etag(h.held()))];
        force_destroy = "": Switch, none;
        kms_key_id = "x-amz-server-side-encryption-aws-kms-key-id": Text [.optional_computed()];
        metadata = "": TextMap, none [.read(|h| metadata(h.held()))];
        object_lock_legal_hold_status = "x-amz-object-lock-legal-hold": Text
            [.check(|v| checks::one_of(v, &["OFF", "ON"]))];
        object_lock_mode = "x-amz-object-lock-mode": Text
            [.check(|v| checks::one_of(v, &["COMPLIANCE", "GOVERNANCE"]))];
        object_lock_retain_until_date = "x-amz-object-lock-retain-until-date": MomentText;
        server_side_encryption = "x-amz-server-side-encryption": Text [.optional_computed()];
        source = "": Text, none;
        source_hash = "": Text, none;
        storage_class = "x-amz-storage-class": Text, create [.optional_computed().read(|h| class(h.held()))];
        website_redirect = "x-amz-website-redirect-location": Text;
        checksum_crc32 = "x-amz-checksum-crc32": Text, read [.computed().follows(&CONTENT)];
        checksum_crc32c = "x-amz-checksum-crc32c": Text, read [.computed().follows(&CONTENT)];
        checksum_crc64nvme = "x-amz-checksum-crc64nvme": Text, read [.computed().follows(&CONTENT)];
        checksum_sha1 = "x-amz-checksum-sha1": Text, read [.computed().follows(&CONTENT)];
        checksum_sha256 = "x-amz-checksum-sha256": Text, read [.computed().follows(&CONTENT)];
        version_id = "x-amz-version-id": Text, read [.computed().follows(&CONTENT)];
    }
}

/// The rows of an object and how they are read.
pub fn read_rows() -> Vec<A<Live>> {
    let tags = A::of("tags", Type::map(Type::String));
    let defaults = A::optional_block("default_tags", rows([tags]));
    let own = [
        A::string("arn").computed().read(|l: &Live| l.arn.as_str().into()),
        A::string("bucket").required().force_new().read(|l| l.place.bucket.as_str().into()),
        A::string("key").required().force_new().read(|l| l.place.key.as_str().into()),
        A::optional_block("override_provider", rows([defaults])),
    ];
    Rows::rows().into_iter().chain(own).collect()
}

/// A path as the layout gives it, from its directory; `~` is the home of the user.
fn path(source: &str, dir: &Path) -> PathBuf {
    let home = || std::env::var_os("HOME").map(PathBuf::from);
    source.strip_prefix("~/").and_then(|rest| Some(home()?.join(rest))).unwrap_or_else(|| dir.join(source))
}

/// The content of an object. `dir` is the directory of the layout.
pub async fn body(want: &Attrs, dir: &Path) -> Result<Vec<u8>> {
    if let Some(source) = text(want, "source") {
        let failed = |e: std::io::Error| {
            Error::new(Kind::Refused, format!("cannot read the source {source:?}: {e}; check the path"))
        };
        return tokio::fs::read(path(&source, dir)).await.map_err(failed);
    }
    if let Some(coded) = text(want, "content_base64") {
        let failed = |e| Error::new(Kind::Refused, format!("content_base64 is not valid Base64: {e}"));
        return BASE64_STANDARD.decode(coded).map_err(failed);
    }
    Ok(want.string("content").unwrap_or_default().into_bytes())
}

fn encoded(text: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_.~".contains(&b);
    text.bytes().map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

/// The tags in the form of a query, as the call takes them.
pub fn tagging(want: &Attrs) -> Option<String> {
    let pairs =
        want.string_map("tags_all").into_iter().map(|(key, value)| format!("{}={}", encoded(&key), encoded(&value)));
    some(pairs.collect::<Vec<_>>()).map(|pairs| pairs.join("&"))
}

/// Sends an object with all that goes with it.
pub async fn send(aws: &Aws, want: &Attrs) -> Result<()> {
    let mut input = joined(Place::of(want).named(), Rows::create(want));
    input["x-amz-tagging"] = tagging(want).into();
    for (name, value) in want.string_map("metadata") {
        input[format!("{METADATA}{}", name.to_ascii_lowercase())] = value.into();
    }
    let content = body(want, &aws.dir).await?;
    done(aws.write.api.exchange(&S3, "PutObject PUT /{Key}", input, Some(content)).await)
}

/// Removes an object with all its versions. By force those that are held, too, where that is allowed.
pub async fn remove(aws: &Aws, place: &Place, force: bool) -> Result<()> {
    let key = place.clean();
    let all = match versions(aws, &place.bucket, Some(&key)).await {
        Err(e) if e.is_not_found() => return Ok(()),
        all => all?,
    };
    for found in all.iter().filter(|found| found["Key"] == *key) {
        let more = json!({"versionId": found["VersionId"], BY_FORCE: force.then_some(true)});
        let operation = "DeleteObject DELETE /{Key}?{versionId}";
        unless_gone(aws.write.api.call(&S3, operation, joined(place.named(), more)).await)?;
    }
    Ok(())
}
