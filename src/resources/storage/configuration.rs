//! The common part of the configurations of a bucket. Each is an object of its own to the layout and one of
//! many sub-resources of the bucket to S3: put as a whole, absent when S3 says that there is none.

use crate::aws::api::services::S3;
use crate::resources::plain::joined;
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};
use std::marker::PhantomData;

/// The bucket that a configuration is of, and the account that must own it if the layout says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    pub bucket: String,
    pub owner: Option<String>,
}

/// A configuration as S3 gives it.
pub struct Configured<T> {
    pub place: Place,
    pub found: T,
}

impl Place {
    /// From the id of a configuration: `BUCKET` or `BUCKET,OWNER`.
    pub fn of_id(id: &str) -> Self {
        match id.split_once(',') {
            Some((bucket, owner)) => Place { bucket: bucket.into(), owner: Some(owner.into()) },
            None => Place { bucket: id.into(), owner: None },
        }
    }

    /// From the arguments of a configuration.
    pub fn of(want: &Attrs) -> Self {
        let owner = want.string("expected_bucket_owner").filter(|owner| !owner.is_empty());
        Place { bucket: want.string("bucket").unwrap_or_default(), owner }
    }

    /// The members of a call that name it.
    pub fn named(&self) -> Json {
        json!({"Bucket": self.bucket, "x-amz-expected-bucket-owner": self.owner})
    }

    /// The id of a configuration of this bucket.
    pub fn id(&self) -> String {
        match &self.owner {
            Some(owner) => format!("{},{owner}", self.bucket),
            None => self.bucket.clone(),
        }
    }
}

impl<T> Holds<T> for Configured<T> {
    fn held(&self) -> &T {
        &self.found
    }
}

/// What one kind of configuration has of its own.
pub trait Configuration: Send + Sync + 'static {
    /// As S3 gives it.
    type Found: Send + Sync + 'static;
    /// The name of its type.
    const TYPE: &'static str;
    /// Arguments that need no call when they change.
    const SILENT: &'static [&'static str] = &[];

    /// Its rows beside the bucket.
    fn rows() -> Vec<A<Configured<Self::Found>>>;
    /// Its rules beyond those of all configurations.
    fn more(spec: Spec<Configured<Self::Found>>) -> Spec<Configured<Self::Found>> {
        spec
    }
    /// Asks for it.
    fn get(aws: &Aws, place: &Place) -> impl Future<Output = Result<Self::Found>> + Send;
    /// Puts it; `before` is how it was, if it was there.
    fn put(aws: &Aws, place: &Place, before: Option<&Attrs>, want: &Attrs) -> impl Future<Output = Result<()>> + Send;
    /// Takes it away.
    fn delete(aws: &Aws, place: &Place, last: &Attrs) -> impl Future<Output = Result<()>> + Send;
}

/// A kind of configuration as a resource type.
pub struct Of<C>(PhantomData<fn() -> C>);

impl<C: Configuration> Resource for Of<C> {
    type Live = Configured<C::Found>;

    fn spec() -> Spec<Self::Live> {
        let bucket = A::string("bucket").required().force_new();
        let bucket = bucket.read(|c: &Self::Live| c.place.bucket.as_str().into());
        let rows = std::iter::once(bucket).chain(C::rows()).collect();
        let spec = Spec::new(C::TYPE, |c: &Self::Live| Some(c.place.id()), rows)
            .role(Role::NotServing("it says how a bucket keeps objects, not how clients reach a service"))
            .unique(&[&["bucket"]])
            .recover(Recover::Key);
        C::more(spec)
    }

    /// One call per bucket, as S3 has none for several.
    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Self::Live>> {
        let places: Vec<Place> = match which {
            Which::Ids(ids) => ids.iter().map(|id| Place::of_id(id)).collect(),
            Which::NaturalKey(want) => vec![Place::of(want)],
            Which::Token(_) => Vec::new(),
        };
        each(places, |place| async move { Ok(Configured { found: C::get(aws, &place).await?, place }) }).await
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let place = Place::of(want);
        C::put(aws, &place, None, want).await?;
        Ok(place.id())
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        change.take_any(C::SILENT);
        if !change.take_all() {
            return Ok(());
        }
        C::put(aws, &Place::of_id(id), Some(change.before), change.after).await
    }

    async fn delete(aws: &Aws, id: &str, last: &Attrs) -> Result<()> {
        C::delete(aws, &Place::of_id(id), last).await
    }
}

/// The row of the account that must own the bucket.
pub fn owner<T>() -> A<Configured<T>> {
    let row = A::string("expected_bucket_owner").force_new().check(account);
    row.read(|c| c.place.owner.as_deref().into())
}

/// Asks for what a bucket has; null where the answer is empty.
pub async fn ask(aws: &Aws, place: &Place, operation: &'static str) -> Result<Json> {
    Ok(aws.read.api.call(&S3, operation, place.named()).await?["Answer"].take())
}

/// A call that changes something of a bucket.
pub async fn call(aws: &Aws, place: &Place, operation: &'static str, more: Json) -> Result<()> {
    done(aws.write.api.call(&S3, operation, joined(place.named(), more)).await)
}

/// What S3 answers of a bucket that has no such configuration.
pub fn there(found: Json, place: &Place, what: &str) -> Result<Json> {
    let missing = || Error::not_found(format!("{} has no {what}", place.bucket));
    Some(found).filter(|found| !found.is_null()).ok_or_else(missing)
}

/// A check of the id of an account.
pub fn account(value: &Value) -> Result<(), String> {
    let fits = |text: &str| text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit());
    checks::text(value, fits, "is not a valid account; expected its 12 digits")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_id_of_a_configuration_is_its_bucket_and_who_must_own_it() {
        for id in ["logs", "logs,123456789012"] {
            assert_eq!(Place::of_id(id).id(), id);
        }
        let want = Attrs::default().with("bucket", "logs").with("expected_bucket_owner", "123456789012");
        assert_eq!(Place::of(&want), Place::of_id("logs,123456789012"));
        assert!(account(&"1234".into()).is_err());
    }
}
