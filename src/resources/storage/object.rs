//! aws_s3_object: one object of a bucket. Its content is sent and never read back: `etag` or `source_hash` of the layout say
//! when it is another. Sending it again gives the same object, which is how a lost answer is settled.

use super::object_parts::{Place, read_rows, remove, send};
use crate::resources::prelude::*;
use aws_sdk_s3::operation::head_object::HeadObjectOutput;
use aws_sdk_s3::primitives::{DateTime, DateTimeFormat};
use aws_sdk_s3::types::{
    ChecksumMode, ObjectLockLegalHold, ObjectLockRetention, ObjectLockRetentionMode, Tag, Tagging as TagSet,
};

/// The resource type `aws_s3_object`.
pub struct AwsS3Object;

/// An object with its tags.
pub struct Live {
    pub(super) place: Place,
    pub(super) arn: String,
    pub(super) head: HeadObjectOutput,
    pub(super) tags: Vec<Tag>,
}

impl Holds<HeadObjectOutput> for Live {
    fn held(&self) -> &HeadObjectOutput {
        &self.head
    }
}

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

async fn one(aws: &Aws, place: Place) -> Result<Live> {
    let key = place.clean();
    let call = aws.read.s3.head_object().bucket(&place.bucket).key(&key).checksum_mode(ChecksumMode::Enabled);
    let head = call.send().await?;
    let tags = aws.read.s3.get_object_tagging().bucket(&place.bucket).key(&key).send().await?.tag_set;
    let arn = format!("arn:{}:s3:::{}/{key}", aws.partition, place.bucket);
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
        let (s3, want) = (&aws.write.s3, change.after);
        let place = Place::of(want);
        let (bucket, key) = (&place.bucket, place.clean());
        change.take_any(&["force_destroy", "override_provider"]);
        if change.take_any(&SENT) {
            change.take_any(&HELD);
            change.take_any(&["acl", "object_lock_legal_hold_status", "tags_all"]);
            return send(aws, want).await;
        }
        if change.take("acl").is_some() {
            s3.put_object_acl()
                .bucket(bucket)
                .key(&key)
                .set_acl(text(want, "acl").map(|a| a.as_str().into()))
                .send()
                .await?;
        }
        if let Some(tags::Retagging { .. }) = tags::take(change) {
            let all: Vec<Tag> = tags::made(want.string_map("tags_all"));
            let set = super::configuration::built(TagSet::builder().set_tag_set(Some(all)).build())?;
            s3.put_object_tagging().bucket(bucket).key(&key).tagging(set).send().await?;
        }
        if change.take("object_lock_legal_hold_status").is_some() {
            let status = want.str("object_lock_legal_hold_status").unwrap_or("OFF");
            let hold = ObjectLockLegalHold::builder().status(status.into()).build();
            s3.put_object_legal_hold().bucket(bucket).key(&key).legal_hold(hold).send().await?;
        }
        if change.take_any(&HELD) {
            let until =
                want.str(HELD[1]).and_then(|at| DateTime::from_str(at, DateTimeFormat::DateTimeWithOffset).ok());
            let mode = text(want, HELD[0]).map(|mode| ObjectLockRetentionMode::from(mode.as_str()));
            let kept = ObjectLockRetention::builder().set_mode(mode).set_retain_until_date(until).build();
            let call = s3.put_object_retention().bucket(bucket).key(&key).retention(kept);
            call.set_bypass_governance_retention(want.bool("force_destroy").filter(|on| *on)).send().await?;
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
        let read =
            |want: Attrs| async move { Ok::<_, Error>(body(&want, here).await?.collect().await.unwrap().into_bytes()) };
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
