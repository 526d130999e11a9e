//! The common part of what a bucket can have several of, each with a name: reports, metrics, rules for tiers. Its id is
//! `BUCKET:NAME`.

use crate::aws::api::services::S3;
use crate::resources::plain::joined;
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};
use std::marker::PhantomData;

/// A configuration as S3 gives it.
pub struct Found {
    bucket: String,
    name: String,
    /// All else.
    pub found: Json,
}

held!(Found: found as Json);

/// The calls of a kind of configuration, and the root of what they send and get.
pub struct Calls {
    pub get: &'static str,
    pub put: &'static str,
    pub delete: &'static str,
    pub root: &'static str,
}

/// What one kind of configuration has of its own.
pub trait NamedConfiguration: Send + Sync + 'static {
    /// The name of its type.
    const TYPE: &'static str;
    /// Its calls.
    const CALLS: Calls;

    /// Its rows beside the bucket and the name.
    fn rows() -> Vec<A<Found>>;
    /// What is sent of it, beside its name.
    fn written(want: &Attrs) -> Json;
}

/// A kind of configuration as a resource type.
pub struct Named<C>(PhantomData<fn() -> C>);

static KEY: Composite = Composite::new(&["bucket", "name"], ":");

fn place(attrs: &Attrs) -> (String, String) {
    (attrs.string("bucket").unwrap_or_default(), attrs.string("name").unwrap_or_default())
}

async fn put<C: NamedConfiguration>(aws: &Aws, want: &Attrs) -> Result<()> {
    let (bucket, name) = place(want);
    let all = joined(json!({"Id": name}), C::written(want));
    let input = json!({"Bucket": bucket, "id": name, (C::CALLS.root): all});
    done(aws.write.api.call(&S3, C::CALLS.put, input).await)
}

impl<C: NamedConfiguration> Resource for Named<C> {
    type Live = Found;

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
            let mut answer = aws.read.api.call(&S3, C::CALLS.get, json!({"Bucket": bucket, "id": name})).await?;
            let found = answer.get_mut("Answer").map(Json::take).ok_or_else(missing)?;
            Ok(Found { bucket, name, found })
        })
        .await
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        put::<C>(aws, want).await?;
        made(KEY.id(want).as_deref())
    }

    async fn update(aws: &Aws, _id: &str, change: &mut Change<'_>) -> Result<()> {
        if !change.take_all() {
            return Ok(());
        }
        put::<C>(aws, change.after).await
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        let Some((bucket, name)) = KEY.parse(id).as_ref().map(place) else { return Ok(()) };
        let input = json!({"Bucket": bucket, "id": name});
        settle::unless_gone(aws.write.api.call(&S3, C::CALLS.delete, input).await)
    }
}
