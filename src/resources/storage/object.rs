//! aws_s3_object: one object of a bucket. Its content is sent and never read back: `etag` or `source_hash` of the layout say
//! when it is another. Sending it again gives the same object, which is how a lost answer is settled.

use super::object_parts::{BY_FORCE, Place, read_rows, remove, send};
use crate::aws::api::items;
use crate::aws::api::services::S3;
use crate::resources::document::{Member, MomentText};
use crate::resources::plain::joined;
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};

/// The resource type `aws_s3_object`.
pub struct AwsS3Object;

/// An object with its tags.
pub struct Live {
    pub(super) place: Place,
    pub(super) arn: String,
    pub(super) head: Json,
    pub(super) tags: Vec<Json>,
}

held!(Live: head as Json);

/// Arguments that go with the content: a change of them sends it again.
pub const SENT: [&str; 17] = [
    "bucket_key_enabled",
    "cache_control",
    "checksum_algorithm",
    "content",
    "content_base64",
    "content_disposition",
    "content_encoding",
    "content_language",
    "content_type",
    "etag",
    "kms_key_id",
    "metadata",
    "server_side_encryption",
    "source",
    "source_hash",
    "storage_class",
    "website_redirect",
];
const HELD: [&str; 2] = ["object_lock_mode", "object_lock_retain_until_date"];

pub static KEY: Composite = Composite::new(&["bucket", "key"], "/");

fn check(want: &Attrs) -> Faults {
    faults! {
        want.is_given("etag") && want.is_given("kms_key_id") => "etag",
            "the etag of an object that a key of KMS encrypts is not the hash of its content; use source_hash";
    }
}

/// The tags of an object, or of a version of it.
pub async fn tags_of(aws: &Aws, place: &Place, version: Option<&str>) -> Result<Vec<Json>> {
    let input = joined(place.named(), json!({"versionId": version}));
    let answer = aws.read.api.call(&S3, "GetObjectTagging GET /{Key}?tagging&{versionId}", input).await?;
    Ok(items(&answer, "Answer.TagSet.Tag"))
}

async fn one(aws: &Aws, place: Place) -> Result<Live> {
    let input = joined(place.named(), json!({"x-amz-checksum-mode": "ENABLED"}));
    let head = aws.read.api.call(&S3, "HeadObject HEAD /{Key}", input).await?;
    let tags = tags_of(aws, &place, None).await?;
    let arn = format!("arn:{}:s3:::{}/{}", aws.partition, place.bucket, place.clean());
    Ok(Live { place, arn, head, tags })
}

impl Resource for AwsS3Object {
    type Live = Live;

    fn spec() -> Spec<Live> {
        Spec::composite("aws_s3_object", &KEY, read_rows())
            .role(Role::NotServing("it is kept for whoever reads it"))
            .own_tags(|l| tags::of(&l.tags))
            .conflicts(&[&["content", "content_base64", "source"], &["etag", "kms_key_id"]])
            .recover(Recover::ClientToken)
            .check(check)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Live>> {
        let places = which.keys(&KEY).iter().map(Place::of).collect::<Vec<_>>();
        each(places, |place| one(aws, place)).await
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        send(aws, want).await?;
        made(KEY.id(want).as_deref())
    }

    async fn update(aws: &Aws, _id: &str, change: &mut Change<'_>) -> Result<()> {
        let want = change.after;
        let named = Place::of(want).named();
        let call = |operation, more| aws.write.api.call(&S3, operation, joined(named.clone(), more));
        change.take_any(&["force_destroy", "override_provider"]);
        if change.take_any(&SENT) {
            change.take_any(&HELD);
            change.take_any(&["acl", "object_lock_legal_hold_status", "tags_all"]);
            return send(aws, want).await;
        }
        if change.take("acl").is_some() {
            call("PutObjectAcl PUT /{Key}?acl", json!({"x-amz-acl": text(want, "acl")})).await?;
        }
        if let Some(tags::Retagging { .. }) = tags::take(change) {
            let all: Vec<Json> = tags::made(want.string_map("tags_all"));
            call("PutObjectTagging PUT /{Key}?tagging", json!({"Tagging": {"TagSet": {"Tag": all}}})).await?;
        }
        if change.take("object_lock_legal_hold_status").is_some() {
            let status = want.str("object_lock_legal_hold_status").unwrap_or("OFF");
            call("PutObjectLegalHold PUT /{Key}?legal-hold", json!({"LegalHold": {"Status": status}})).await?;
        }
        if change.take_any(&HELD) {
            let kept = json!({"Mode": text(want, HELD[0]), "RetainUntilDate": MomentText::put(want, HELD[1])});
            let force = want.bool("force_destroy").filter(|on| *on);
            call("PutObjectRetention PUT /{Key}?retention", json!({BY_FORCE: force, "Retention": kept})).await?;
        }
        Ok(())
    }

    async fn delete(aws: &Aws, id: &str, last: &Attrs) -> Result<()> {
        let Some(place) = KEY.parse(id).as_ref().map(Place::of) else { return Ok(()) };
        remove(aws, &place, last.bool("force_destroy") == Some(true)).await
    }
}

#[cfg(test)]
mod tests {
    use super::super::object_parts::{body, tagging};
    use super::*;

    #[tokio::test]
    async fn content_is_given_in_one_of_three_ways() {
        let of = |name: &str, text: &str| Attrs::default().with(name, text);
        let here = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        let read = |want: Attrs| async move { body(&want, here).await };
        assert_eq!(&*read(of("content", "abc")).await.unwrap(), b"abc");
        assert_eq!(&*read(of("content_base64", "YWJj")).await.unwrap(), b"abc");
        assert!(read(of("content_base64", "*")).await.unwrap_err().message.contains("Base64"));
        assert!(read(of("source", "/nowhere/at/all")).await.unwrap_err().message.contains("/nowhere/at/all"));
        assert!(!read(of("source", "Cargo.toml")).await.unwrap().is_empty(), "from the directory of the layout");
        assert_eq!(read(Attrs::default()).await.unwrap().len(), 0);
    }

    #[test]
    fn tags_are_a_query_and_keys_are_clean() {
        let want = Attrs::default().with("tags_all", Value::map(Type::String, [("a b".into(), "c&d".into())].into()));
        assert_eq!(tagging(&want).as_deref(), Some("a%20b=c%26d"));
        assert_eq!(Place::of(&Attrs::default().with("key", "/a//b/")).clean(), "a/b/");
    }
}
