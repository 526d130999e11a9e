//! Tags: read without our own, given at creation with the token, compared on a change. EC2 has them in
//! one form for all its objects, changed by CreateTags and DeleteTags; every other service has its own.

use super::block::Holds;
use super::plain::joined;
use super::spec::{Token, Which};
use crate::aws::api::Service;
use crate::aws::{Aws, Error, Result, filter, filtered};
use crate::schema::{Attrs, Change};
use crate::value::{Type, Value, by_name};
use aws_sdk_ec2::types::{Filter, ResourceType, Tag, TagSpecification};
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use std::ops::Deref;

/// The tag that marks a new object with the token of its create, so that one whose answer was lost
/// is found again. Tags with this prefix are ours and never shown.
pub const TOKEN_TAG: &str = "floorplan:token";
const OWN_PREFIX: &str = "floorplan:";
/// Tags that AWS sets itself and nobody may change.
const AWS_PREFIX: &str = "aws:";

/// All tags of an object that the layout can know about, as a map of strings.
pub fn read(tags: &[Tag]) -> Value {
    of(tags)
}

/// The same for the tags of any service, as keys and values.
pub fn visible<'a>(tags: impl IntoIterator<Item = (&'a str, &'a str)>) -> Value {
    let ours = |key: &str| key.is_empty() || key.starts_with(OWN_PREFIX) || key.starts_with(AWS_PREFIX);
    let shown = tags.into_iter().filter(|(key, _)| !ours(key));
    Value::map(Type::String, by_name(shown.map(|(k, v)| (k, Value::string(v)))))
}

/// Whether tags hold this token.
pub fn hold_token<T: ServiceTag>(tags: &[T], token: &Token) -> bool {
    tags.iter().any(|tag| tag.pair() == (TOKEN_TAG, token.0.as_str()))
}

/// Whether an object with this id and these tags is asked for by id or token.
pub fn meets<T: ServiceTag>(which: Which<'_>, id: Option<&str>, tags: &[T]) -> bool {
    match which {
        Which::Ids(ids) => id.is_some_and(|id| ids.iter().any(|i| i == id)),
        Which::Token(token) => hold_token(tags, token),
        Which::NaturalKey(_) => false,
    }
}

/// Whether tags hold all of these.
pub fn hold_all<T: ServiceTag>(tags: &[T], wanted: &BTreeMap<String, String>) -> bool {
    wanted.iter().all(|(key, value)| tags.iter().any(|tag| tag.pair() == (key, value)))
}

/// The filter that finds the object created with `token`.
pub fn token_filter(token: &Token) -> Filter {
    filter(&format!("tag:{TOKEN_TAG}"), &token.0)
}

/// The filters by which EC2 finds objects: by `id`, by the token, or by the pairs of filter and attribute that
/// make the natural key.
pub fn filters(which: Which<'_>, id: &str, key: &[(&str, &str)]) -> Vec<Vec<Filter>> {
    match which {
        Which::Ids(ids) => filtered(id, ids),
        Which::Token(token) => vec![vec![token_filter(token)]],
        Which::NaturalKey(want) => {
            vec![key.iter().map(|(by, name)| filter(by, want.str(name).unwrap_or_default())).collect()]
        }
    }
}

/// The tags of a new object: those of `want` and the token. For APIs that take a client token too
/// the tag says whose the object is.
pub fn with_token(want: &Attrs, token: &Token) -> Vec<(String, String)> {
    want.string_map("tags_all").into_iter().chain([(TOKEN_TAG.to_owned(), token.0.clone())]).collect()
}

/// [`with_token`] as EC2 takes it.
pub fn at_creation(kind: ResourceType, want: &Attrs, token: &Token) -> TagSpecification {
    let tag = |(k, v)| Tag::builder().key(k).value(v).build();
    let tags = with_token(want, token).into_iter().map(tag).collect();
    TagSpecification::builder().resource_type(kind).set_tags(Some(tags)).build()
}

/// A tag in the type of a service's own.
pub trait ServiceTag: Sized {
    /// A tag with this key and value.
    fn with(key: String, value: String) -> Option<Self>;
    /// Its key and value.
    fn pair(&self) -> (&str, &str);
}

impl ServiceTag for Tag {
    fn with(key: String, value: String) -> Option<Self> {
        Some(Tag::builder().key(key).value(value).build())
    }

    fn pair(&self) -> (&str, &str) {
        (self.key().unwrap_or_default(), self.value().unwrap_or_default())
    }
}

/// For services that take tags as a map.
impl ServiceTag for (String, String) {
    fn with(key: String, value: String) -> Option<Self> {
        Some((key, value))
    }

    fn pair(&self) -> (&str, &str) {
        (&self.0, &self.1)
    }
}

/// For services without a crate of their own.
impl ServiceTag for Json {
    fn with(key: String, value: String) -> Option<Self> {
        Some(json!({"Key": key, "Value": value}))
    }

    fn pair(&self) -> (&str, &str) {
        let text = |name: &str| self[name].as_str().unwrap_or_default();
        (text("Key"), text("Value"))
    }
}

/// [`visible`] of the tags of a service.
pub fn of<T: ServiceTag>(tags: &[T]) -> Value {
    visible(tags.iter().map(T::pair))
}

/// Tags as their service takes them.
pub fn made<T: ServiceTag, C: FromIterator<T>>(tags: impl IntoIterator<Item = (String, String)>) -> C {
    tags.into_iter().filter_map(|(key, value)| T::with(key, value)).collect()
}

/// The tags of a new object; none rather than an empty list.
pub fn wanted<T: ServiceTag>(want: &Attrs) -> Option<Vec<T>> {
    Some(made(want.string_map("tags_all"))).filter(|tags: &Vec<T>| !tags.is_empty())
}

/// The tags of a new object with its token.
pub fn marked<T: ServiceTag>(want: &Attrs, token: &Token) -> Option<Vec<T>> {
    Some(made(with_token(want, token)))
}

/// Takes the change of the tags and makes it by the two calls of the service; whether there was one.
pub async fn change<T: ServiceTag, C: FromIterator<T>, F, G, A, B, D, E>(
    change: &mut Change<'_>,
    set: impl FnOnce(C) -> F,
    unset: impl FnOnce(Vec<String>) -> G,
) -> Result<bool>
where
    F: Future<Output = std::result::Result<A, D>>,
    G: Future<Output = std::result::Result<B, E>>,
    Error: From<D> + From<E>,
{
    let Some(Retagging { set: new, gone }) = take(change) else { return Ok(false) };
    if !gone.is_empty() {
        unset(gone).await?;
    }
    if !new.is_empty() {
        set(made(new)).await?;
    }
    Ok(true)
}

/// [`change`] by TagResource and UntagResource of a service without a crate of its own, where these members name the
/// object.
pub async fn change_at(aws: &Aws, service: &'static Service, of: Json, change: &mut Change<'_>) -> Result<bool> {
    let call = |operation, more: Json| aws.write.api.call(service, operation, joined(of.clone(), more));
    let set = |tags: Vec<Json>| call("TagResource", json!({"Tags": tags}));
    let unset = |keys: Vec<String>| call("UntagResource", json!({"TagKeys": keys}));
    self::change(change, set, unset).await
}

/// An object as its service lists it, with its tags, which have to be asked for apart.
pub struct Tagged<T, G> {
    /// As listed.
    pub object: T,
    /// Its tags.
    pub tags: Vec<G>,
}

impl<T, G> Holds<T> for Tagged<T, G> {
    fn held(&self) -> &T {
        &self.object
    }
}

impl<T, G> Deref for Tagged<T, G> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.object
    }
}

/// What happens to the tags of an object.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Retagging {
    /// Tags that are new or get another value.
    pub set: Vec<(String, String)>,
    /// Keys that go.
    pub gone: Vec<String>,
}

/// Marks the tags as handled; what happens to them, if they change. For types with `Tagging::Own`.
pub fn take(change: &mut Change<'_>) -> Option<Retagging> {
    change.take("tags_all")?;
    Some(retagging(change.before, change.after))
}

fn retagging(before: &Attrs, after: &Attrs) -> Retagging {
    let (before, after) = (before.string_map("tags_all"), after.string_map("tags_all"));
    Retagging {
        gone: before.keys().filter(|k| !after.contains_key(*k)).cloned().collect(),
        set: after.into_iter().filter(|(k, v)| before.get(k) != Some(v)).collect(),
    }
}

/// Changes the tags of the EC2 object `id` from those of `before` to those of `after`.
pub async fn retag(aws: &Aws, id: &str, before: &Attrs, after: &Attrs) -> Result<()> {
    let Retagging { set, gone } = retagging(before, after);
    if !set.is_empty() {
        let tags = set.into_iter().map(|(k, v)| Tag::builder().key(k).value(v).build()).collect();
        aws.write.ec2.create_tags().resources(id).set_tags(Some(tags)).send().await?;
    }
    if !gone.is_empty() {
        // With the value, so that a tag that somebody has changed meanwhile stays.
        let before = before.string_map("tags_all");
        let tag = |k: String| Tag::builder().set_value(before.get(&k).cloned()).key(k).build();
        aws.write.ec2.delete_tags().resources(id).set_tags(Some(gone.into_iter().map(tag).collect())).send().await?;
    }
    Ok(())
}
