//! How an object is named, sent, read and removed.

use super::object::Live;
use crate::resources::block::{TextMap, TimestampCell};
use crate::resources::prelude::*;
use crate::resources::settle::unless_gone;
use aws_sdk_s3::operation::head_object::HeadObjectOutput;
use aws_sdk_s3::operation::put_object::builders::PutObjectFluentBuilder as PutObject;
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::StorageClass;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
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

    /// The key as it is sent: like Terraform's provider, without the slashes that say nothing.
    pub fn clean(&self) -> String {
        let end = if self.key.ends_with('/') { "/" } else { "" };
        let parts: Vec<&str> = self.key.split('/').filter(|part| !part.is_empty()).collect();
        format!("{}{end}", parts.join("/"))
    }
}

const CONTENT: [&str; 4] = ["content", "content_base64", "source", "source_hash"];
const CHECKSUMS: [&str; 5] = ["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"];

fn unquoted(tag: Option<&str>) -> Value {
    tag.map(|tag| tag.trim_matches('"')).into()
}

table! {
    Rows: HeadObjectOutput, create PutObject {
        acl: EnumCell, create [.optional_computed()];
        bucket_key_enabled: Flag, create [.optional_computed()]
            [.read(|h| h.held().bucket_key_enabled().unwrap_or(false).into())];
        cache_control: Text;
        checksum_algorithm: EnumCell, create [.check(|v| checks::one_of(v, &CHECKSUMS))];
        content: Text, none;
        content_base64: Text, none;
        content_disposition: Text;
        content_encoding: Text;
        content_language: Text;
        content_type: Text [.optional_computed()];
        etag: Text, none [.optional_computed().follows(&CONTENT).read(|h| unquoted(h.held().e_tag()))];
        force_destroy: Switch, none;
        kms_key_id = ssekms_key_id: Text [.optional_computed()];
        metadata: TextMap;
        object_lock_legal_hold_status: EnumCell [.check(|v| checks::one_of(v, &["OFF", "ON"]))];
        object_lock_mode: EnumCell [.check(|v| checks::one_of(v, &["COMPLIANCE", "GOVERNANCE"]))];
        object_lock_retain_until_date: TimestampCell;
        server_side_encryption: EnumCell [.optional_computed()];
        source: Text, none;
        source_hash: Text, none;
        storage_class: EnumCell, create [.optional_computed()]
            [.read(|h| h.held().storage_class().map_or("STANDARD", StorageClass::as_str).into())];
        website_redirect = website_redirect_location: Text;
        checksum_crc32: Text, read [.computed().follows(&CONTENT)];
        checksum_crc32c = checksum_crc32_c: Text, read [.computed().follows(&CONTENT)];
        checksum_crc64nvme = checksum_crc64_nvme: Text, read [.computed().follows(&CONTENT)];
        checksum_sha1: Text, read [.computed().follows(&CONTENT)];
        checksum_sha256: Text, read [.computed().follows(&CONTENT)];
        version_id: Text, read [.computed().follows(&CONTENT)];
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
pub async fn body(want: &Attrs, dir: &Path) -> Result<ByteStream> {
    if let Some(source) = text(want, "source") {
        let failed = |e| Error::new(Kind::Refused, format!("cannot read the source {source:?}: {e}; check the path"));
        return ByteStream::from_path(path(&source, dir)).await.map_err(failed);
    }
    if let Some(coded) = text(want, "content_base64") {
        let failed = |e| Error::new(Kind::Refused, format!("content_base64 is not valid Base64: {e}"));
        return Ok(BASE64_STANDARD.decode(coded).map_err(failed)?.into());
    }
    Ok(want.string("content").unwrap_or_default().into_bytes().into())
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
    let place = Place::of(want);
    let call = Rows::create(aws.write.s3.put_object().bucket(&place.bucket).key(place.clean()), want);
    done(call.body(body(want, &aws.dir).await?).set_tagging(tagging(want)).send().await)
}

/// Removes an object with all its versions. By force those that are held, too, where that is allowed.
pub async fn remove(aws: &Aws, place: &Place, force: bool) -> Result<()> {
    let (bucket, key, by_force) = (&place.bucket, place.clean(), force.then_some(true));
    let page = match aws.read.s3.list_object_versions().bucket(bucket).prefix(&key).send().await.map_err(Error::from) {
        Err(e) if e.is_not_found() => return Ok(()),
        page => page?,
    };
    let versions = page.versions().iter().map(|v| (v.key(), v.version_id()));
    let markers = page.delete_markers().iter().map(|m| (m.key(), m.version_id()));
    let own = |(found, _): &(Option<&str>, Option<&str>)| *found == Some(key.as_str());
    for (_, version) in versions.chain(markers).filter(own) {
        let call = aws.write.s3.delete_object().bucket(bucket).key(&key).set_bypass_governance_retention(by_force);
        unless_gone(call.set_version_id(version.map(Into::into)).send().await)?;
    }
    Ok(())
}
