//! aws_s3_bucket: a container of objects, whose name is its id and, as a rule, nobody else's in the world.

use super::configuration::{Place, ask, call};
use super::{emptying, inline, inline_rows, object_lock, places};
use crate::aws::api::services::S3;
use crate::aws::api::{Pages, items, member_text};
use crate::resources::prelude::*;
use crate::resources::spec;
use crate::resources::tags::ServiceTag;
use serde_json::{Value as Json, json};

type A = spec::A<Bucket>;

/// The resource type `aws_s3_bucket`.
pub struct AwsS3Bucket;

/// A bucket with its details.
pub struct Bucket {
    name: String,
    arn: String,
    domain: String,
    regional_domain: String,
    region: String,
    website: String,
    own_namespace: bool,
    locks: bool,
    tags: Vec<Json>,
}

/// The region that S3 takes no location for.
const FIRST_REGION: &str = "us-east-1";
const NAMESPACES: [&str; 2] = ["account-regional", "global"];
const LONGEST_PREFIX: usize = 37;

fn name(value: &Value) -> Result<(), String> {
    let edge = |b: Option<u8>| b.is_some_and(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    let inner = |b: u8| edge(Some(b)) || b == b'.' || b == b'-';
    let fits = |text: &str| {
        let edges = edge(text.bytes().next()) && edge(text.bytes().last());
        (3..=63).contains(&text.len()) && edges && text.bytes().all(inner) && !text.contains("..")
    };
    let wrong = "is not a valid bucket name; AWS takes 3 to 63 lower case letters, digits, dots and hyphens, \
                 a letter or digit first and last";
    checks::text(value, |text| text.is_empty() || fits(text), wrong)
}

fn prefix(value: &Value) -> Result<(), String> {
    let wrong =
        format!("leaves no room for the rest of the name; AWS takes 63 characters, so at most {LONGEST_PREFIX} here");
    checks::text(value, |text| text.len() <= LONGEST_PREFIX, &wrong)?;
    match value.as_str() {
        Some(text) if text.len() > 1 => name(&format!("{text}0").into()),
        _ => Ok(()),
    }
}

/// All tags of a bucket, also those that are not shown. S3 says of a bucket without tags that it has
/// no such set.
async fn tags_of(aws: &Aws, bucket: &str) -> Result<Vec<Json>> {
    match ask(aws, &Place::of_id(bucket), "GetBucketTagging GET /?tagging").await {
        Ok(found) => Ok(items(&found, "TagSet.Tag")),
        Err(e) if e.is("NoSuchTagSet") => Ok(Vec::new()),
        Err(e) => Err(e),
    }
}

async fn locks(aws: &Aws, bucket: &str) -> Result<bool> {
    match object_lock::get(aws, &Place::of_id(bucket)).await {
        Ok(found) => Ok(!found.is_null()),
        Err(e) if e.is("ObjectLockConfigurationNotFoundError") => Ok(false),
        Err(e) => Err(e),
    }
}

async fn complete(aws: &Aws, bucket: String) -> Result<Bucket> {
    let (tags, locks) = futures::try_join!(tags_of(aws, &bucket), locks(aws, &bucket))?;
    Ok(Bucket {
        arn: places::arn(aws, &bucket),
        domain: places::domain(aws, &bucket),
        regional_domain: places::regional_domain(aws, &bucket),
        region: aws.region.to_string(),
        website: places::website_domain(aws),
        own_namespace: bucket.ends_with(&format!("-{}-{}-an", aws.account, aws.region)),
        locks,
        tags,
        name: bucket,
    })
}

/// The buckets with this token among their tags. S3 has no filter for tags.
async fn with_token(aws: &Aws, token: &Token) -> Result<Vec<String>> {
    let operation = "ListBuckets GET /?{bucket-region}&{continuation-token}";
    let pages = Pages("continuation-token", "Answer.ContinuationToken");
    let (input, path) = (json!({"bucket-region": &*aws.region}), "Answer.Buckets.Bucket");
    let all = aws.read.api.list(&S3, operation, input, pages, path).await?;
    let names = all.into_iter().filter_map(|bucket| member_text(&bucket, "Name"));
    let ours = each(names, |name| async move { Ok(is_ours(aws, &name, token).await?.then_some(name)) });
    Ok(ours.await?.into_iter().flatten().collect())
}

/// Whether a bucket has this token. One that may not be looked at is not ours.
async fn is_ours(aws: &Aws, bucket: &str, token: &Token) -> Result<bool> {
    match tags_of(aws, bucket).await {
        Ok(tags) => Ok(tags::hold_token(&tags, token)),
        Err(e) if e.kind == Kind::Denied || e.is_not_found() || e.is("PermanentRedirect") => Ok(false),
        Err(e) => Err(e),
    }
}

impl Resource for AwsS3Bucket {
    type Live = Bucket;

    fn spec() -> Spec<Bucket> {
        Spec::new(
            "aws_s3_bucket",
            |b| Some(b.name.clone()),
            vec![
                A::string("bucket").optional_computed().force_new().check(name).read(|b| b.name.as_str().into()),
                A::string("bucket_namespace")
                    .optional_computed()
                    .force_new()
                    .check(|v| checks::one_of(v, &NAMESPACES))
                    .read(|b| NAMESPACES[usize::from(!b.own_namespace)].into()),
                A::string("bucket_prefix").optional_computed().force_new().check(prefix),
                A::bool("force_destroy").default(false),
                A::bool("object_lock_enabled").optional_computed().force_new().read(|b| b.locks.into()),
                A::string("arn").computed().read(|b| b.arn.as_str().into()),
                A::string("bucket_domain_name").computed().read(|b| b.domain.as_str().into()),
                A::string("bucket_region").computed().read(|b| b.region.as_str().into()),
                A::string("bucket_regional_domain_name").computed().read(|b| b.regional_domain.as_str().into()),
                A::string("hosted_zone_id").computed().read(|b| places::hosted_zone(&b.region).into()),
                A::string("website_domain").computed().read(|b| b.website.as_str().into()),
                A::string("website_endpoint").computed().read(|b| format!("{}.{}", b.name, b.website).into()),
            ]
            .into_iter()
            .chain(inline_rows::all())
            .collect(),
        )
        .role(Role::NotServing("it keeps objects for whoever reads them, and no service of the layout stands on it"))
        .own_tags(|b| tags::of(&b.tags))
        .unique(&[&["bucket"]])
        .named("bucket", "bucket_prefix")
        .conflicts(&[&["bucket", "bucket_prefix"], &["acl", "grant"]])
        .unset_by_create(inline::given)
        .managed_by_aws(|want, _| inline::left(want))
        .recover(Recover::ClientToken)
    }

    /// S3 lists buckets without details: one bucket, two calls.
    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Bucket>> {
        let names = match which {
            Which::Ids(ids) => ids.to_vec(),
            Which::Token(token) => with_token(aws, token).await?,
            Which::NaturalKey(want) => want.string("bucket").into_iter().collect(),
        };
        each(names, |name| complete(aws, name)).await
    }

    /// A second create with the same token finds the name taken: by our own bucket, as its tag shows.
    /// In us-east-1 S3 answers with success to whoever owns the bucket already, so there it is asked first.
    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let name = want.string("bucket").unwrap_or_default();
        let first = &*aws.region == FIRST_REGION;
        if first && let Some(answer) = already(aws, &name, token).await? {
            return answer;
        }
        let locks = (!want.lacks_block("object_lock_configuration")).then_some(true);
        let tags: Option<Vec<Json>> = tags::marked(want, token);
        let input = json!({
            "Bucket": name,
            "x-amz-bucket-namespace": want.str("bucket_namespace"),
            "x-amz-bucket-object-lock-enabled": locks.or(want.bool("object_lock_enabled")),
            "CreateBucketConfiguration": {
                "LocationConstraint": (!first).then_some(&*aws.region),
                "Tags": {"Tag": tags},
            },
        });
        match aws.write.api.call(&S3, "CreateBucket PUT /", input).await {
            Ok(_) => Ok(name),
            Err(e) if e.is("BucketAlreadyOwnedByYou") && is_ours(aws, &name, token).await? => Ok(name),
            Err(e) => Err(e),
        }
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        change.take("force_destroy");
        inline::update(aws, id, change).await?;
        if let Some(tags::Retagging { set, gone }) = tags::take(change) {
            let kept = tags_of(aws, id).await?;
            let kept = kept.iter().map(ServiceTag::pair).map(|(key, value)| (key.to_owned(), value.to_owned()));
            let mut all: std::collections::BTreeMap<String, String> = kept.collect();
            all.retain(|key, _| !gone.contains(key));
            all.extend(set);
            let all: Vec<Json> = tags::made(all);
            let set = json!({"Tagging": {"TagSet": {"Tag": all}}});
            call(aws, &Place::of_id(id), "PutBucketTagging PUT /?tagging", set).await?;
        }
        Ok(())
    }

    async fn delete(aws: &Aws, id: &str, last: &Attrs) -> Result<()> {
        let place = Place::of_id(id);
        let delete = || async { settle::unless_gone(call(aws, &place, "DeleteBucket DELETE /", json!({})).await) };
        match delete().await {
            Err(e) if e.is("BucketNotEmpty") && last.bool("force_destroy") == Some(true) => {
                emptying::empty(aws, id).await?;
                delete().await
            }
            Err(mut e) if e.is("BucketNotEmpty") => {
                e.message.push_str("; force_destroy = true deletes what is in it, applied before the bucket goes");
                Err(e)
            }
            answer => answer,
        }
    }
}

/// In the region where creating a bucket again succeeds: whether it is there, and ours.
async fn already(aws: &Aws, name: &str, token: &Token) -> Result<Option<Result<String>>> {
    match tags_of(aws, name).await {
        Ok(tags) if tags::hold_token(&tags, token) => Ok(Some(Ok(name.to_owned()))),
        Ok(_) => {
            let message = format!("the bucket {name} is there already; import it, or choose another name");
            Ok(Some(Err(Error::new(Kind::Exists, message))))
        }
        // Nobody's, or somebody else's: S3 says which when it is asked to create it.
        Err(e) if e.is_not_found() || e.kind == Kind::Denied => Ok(None),
        Err(e) => Err(e),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_s3_would_refuse_is_found_before_any_call() {
        for fine in ["logs", "a.b-c", "1ab"] {
            assert_eq!(name(&fine.into()), Ok(()), "{fine}");
        }
        for bad in ["ab", "Logs", "a_b", "-ab", "ab-", "a..b", &"a".repeat(64)] {
            assert!(name(&bad.into()).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_prefix_leaves_room_for_the_rest_of_the_name() {
        for fine in ["a", "logs-", "a.b-", &"a".repeat(LONGEST_PREFIX)] {
            assert_eq!(prefix(&fine.into()), Ok(()), "{fine}");
        }
        for bad in ["Logs-", &"a".repeat(LONGEST_PREFIX + 1)] {
            assert!(prefix(&bad.into()).is_err(), "{bad}");
        }
    }
}
