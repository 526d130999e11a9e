//! aws_s3_bucket_acl: who is granted what on a bucket, by a canned list of S3 or grant by grant. A bucket always has an
//! ACL: taking this away leaves the last one in place, as Terraform's provider does.

use super::configuration::{self, Place, ask, call};
use super::grants::{Grant, Owner, canned};
use crate::aws::api::{items, member_text};
use crate::resources::document::{Mark, Member, One, Unordered, at, document};
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};

/// The resource type `aws_s3_bucket_acl`.
pub struct AwsS3BucketAcl;

/// The ACL of a bucket, and the canned one that it was given.
pub struct Live {
    place: Place,
    named: Option<String>,
    found: Json,
}

const GRANTED: &str = "access_control_policy";
const NAMES: [&str; 8] = [
    "private",
    "public-read",
    "public-read-write",
    "aws-exec-read",
    "authenticated-read",
    "bucket-owner-read",
    "bucket-owner-full-control",
    "log-delivery-write",
];

document! {
    /// All grants on a bucket.
    Granted {
        grant = "AccessControlList.Grant": Unordered<Grant>;
        owner = "Owner": One<Owner> [.count(1, Some(1))];
    }
}

impl Live {
    fn id(&self) -> String {
        id(&self.place, self.named.as_deref())
    }

    fn acl(&self) -> Option<String> {
        let owner = member_text(&self.found, "Owner.ID");
        canned(self.named.as_deref()?, owner.as_deref(), &items(&self.found, "AccessControlList.Grant"))
    }

    fn granted(&self) -> Value {
        at::<Mark<Granted>>(&json!({"All": self.found}), "All")
    }
}

fn id(place: &Place, named: Option<&str>) -> String {
    [Some(place.id().as_str()), named].into_iter().flatten().collect::<Vec<_>>().join(",")
}

/// From an id: `BUCKET`, `BUCKET,OWNER`, `BUCKET,ACL` or `BUCKET,OWNER,ACL`.
fn of_id(id: &str) -> (Place, Option<String>) {
    match id.rsplit_once(',').filter(|(_, last)| NAMES.contains(last)) {
        Some((place, named)) => (Place::of_id(place), Some(named.to_owned())),
        None => (Place::of_id(id), None),
    }
}

fn of(want: &Attrs) -> (Place, Option<String>) {
    (Place::of(want), want.string("acl").filter(|name| !name.is_empty()))
}

/// Puts what these arguments say.
pub async fn put(aws: &Aws, place: &Place, want: &Attrs) -> Result<()> {
    let (_, named) = of(want);
    let granted = One::<Granted>::put(want, GRANTED).filter(|_| named.is_none());
    call(aws, place, "PutBucketAcl PUT /?acl", json!({"x-amz-acl": named, "AccessControlPolicy": granted})).await
}

/// Asks for the ACL of a bucket.
pub async fn get(aws: &Aws, place: &Place) -> Result<Json> {
    ask(aws, place, "GetBucketAcl GET /?acl").await
}

impl Resource for AwsS3BucketAcl {
    type Live = Live;

    fn spec() -> Spec<Live> {
        Spec::new(
            "aws_s3_bucket_acl",
            |l| Some(l.id()),
            vec![
                A::string("acl").check(|v| checks::one_of(v, &NAMES)).read(|l: &Live| l.acl().into()),
                A::string("bucket").required().force_new().read(|l| l.place.bucket.as_str().into()),
                A::string("expected_bucket_owner")
                    .force_new()
                    .check(configuration::account)
                    .read(|l| l.place.owner.as_deref().into()),
                One::<Granted>::column(GRANTED).read(Live::granted),
            ],
        )
        .role(Role::NotServing("it says who may read a bucket, not how clients reach a service"))
        .exactly_one(&[&["acl", GRANTED]])
        .unique(&[&["bucket"]])
        .id_follows(&["acl"])
        .managed_by_aws(|want, _| [GRANTED].into_iter().filter(|name| want.lacks_block(name)).collect())
        .recover(Recover::Key)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Live>> {
        let places: Vec<(Place, Option<String>)> = match which {
            Which::Ids(ids) => ids.iter().map(|id| of_id(id)).collect(),
            Which::NaturalKey(want) => vec![of(want)],
            Which::Token(_) => Vec::new(),
        };
        each(places, |(place, named)| async move {
            let found = get(aws, &place).await?;
            Ok(Live { place, named, found })
        })
        .await
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let (place, named) = of(want);
        put(aws, &place, want).await?;
        Ok(id(&place, named.as_deref()))
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        if change.take_any(&["acl", GRANTED]) {
            let place = of_id(id).0;
            put(aws, &place, change.after).await?;
            change.new_id = Some(self::id(&place, of(change.after).1.as_deref()));
        }
        Ok(())
    }

    async fn delete(_aws: &Aws, _id: &str, _last: &Attrs) -> Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_has_the_owner_and_the_canned_acl_where_they_are_given() {
        for text in ["logs", "logs,123456789012", "logs,private", "logs,123456789012,log-delivery-write"] {
            let (place, named) = of_id(text);
            assert_eq!(id(&place, named.as_deref()), text);
        }
        assert_eq!(of_id("logs,123456789012,private").0.owner.as_deref(), Some("123456789012"));
    }
}
