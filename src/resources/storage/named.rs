//! The common part of what a bucket can have several of, each with a name: reports, metrics, rules for tiers. Its id is
//! `BUCKET:NAME`.

use crate::resources::prelude::*;
use std::marker::PhantomData;

/// A configuration as S3 gives it.
pub struct Found<T> {
    bucket: String,
    name: String,
    /// All else.
    pub found: T,
}

impl<T> Holds<T> for Found<T> {
    fn held(&self) -> &T {
        &self.found
    }
}

/// What one kind of configuration has of its own.
pub trait NamedConfiguration: Send + Sync + 'static {
    /// As S3 gives it.
    type Found: Send + Sync + 'static;
    /// The name of its type.
    const TYPE: &'static str;

    /// Its rows beside the bucket and the name.
    fn rows() -> Vec<A<Found<Self::Found>>>;
    /// Asks for it; none where there is none of this name.
    fn get(aws: &Aws, bucket: &str, name: &str) -> impl Future<Output = Result<Option<Self::Found>>> + Send;
    /// Puts it.
    fn put(aws: &Aws, bucket: &str, name: &str, want: &Attrs) -> impl Future<Output = Result<()>> + Send;
    /// Takes it away.
    fn delete(aws: &Aws, bucket: &str, name: &str) -> impl Future<Output = Result<()>> + Send;
}

/// A kind of configuration as a resource type.
pub struct Named<C>(PhantomData<fn() -> C>);

static KEY: Composite = Composite::new(&["bucket", "name"], ":");

fn place(attrs: &Attrs) -> (String, String) {
    (attrs.string("bucket").unwrap_or_default(), attrs.string("name").unwrap_or_default())
}

impl<C: NamedConfiguration> Resource for Named<C> {
    type Live = Found<C::Found>;

    fn spec() -> Spec<Self::Live> {
        let own = [
            A::string("bucket").required().force_new().read(|f: &Self::Live| f.bucket.as_str().into()),
            A::string("name").required().force_new().read(|f: &Self::Live| f.name.as_str().into()),
        ];
        Spec::composite(C::TYPE, &KEY, own.into_iter().chain(C::rows()).collect())
            .role(Role::NotServing("it says how a bucket keeps and counts objects"))
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Self::Live>> {
        let places = which.keys(&KEY).iter().map(place).collect::<Vec<_>>();
        each(places, |(bucket, name)| async move {
            let missing = || Error::not_found(format!("{bucket} has no {} {name}", C::TYPE));
            let found = C::get(aws, &bucket, &name).await?.ok_or_else(missing)?;
            Ok(Found { bucket, name, found })
        })
        .await
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let (bucket, name) = place(want);
        C::put(aws, &bucket, &name, want).await?;
        made(KEY.id(want).as_deref())
    }

    async fn update(aws: &Aws, _id: &str, change: &mut Change<'_>) -> Result<()> {
        if !change.take_all() {
            return Ok(());
        }
        let (bucket, name) = place(change.after);
        C::put(aws, &bucket, &name, change.after).await
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        let Some((bucket, name)) = KEY.parse(id).as_ref().map(place) else { return Ok(()) };
        settle::unless_gone(C::delete(aws, &bucket, &name).await)
    }
}
