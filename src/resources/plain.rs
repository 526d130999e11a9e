//! Types for which a service has one call each to make, read, change and delete an object, and names the object in
//! all of them in the same way. Such a type says what its calls are called and where their answers have the object.

use super::block::Holds;
use super::document::{Document, put};
use super::spec::{Progress, Resource, Spec, Token, Which};
use super::tags;
use crate::aws::api::{Pages, Service, items, member, member_text};
use crate::aws::{Aws, Result, each, made};
use crate::schema::rows::Import;
use crate::schema::{Attrs, Change};
use serde_json::{Map, Value as Json, json};

/// An object as its service gives it, with the members that name it.
pub struct Object {
    /// Its id.
    pub id: String,
    /// Its members.
    pub json: Json,
    /// Its tags.
    pub tags: Vec<(String, String)>,
}

impl Holds<Json> for Object {
    fn held(&self) -> &Json {
        &self.json
    }
}

/// How a service has the tags of objects.
pub struct Tags {
    /// The call that gives them; empty where the object has them.
    pub list: &'static str,
    /// The call that sets some.
    pub set: &'static str,
    /// The call that takes some away.
    pub unset: &'static str,
    /// The member of these calls that names the object, and the object's member with that name.
    pub by: (&'static str, &'static str),
    /// The member that holds tags, and that for the keys of those that go.
    pub members: (&'static str, &'static str),
    /// The way to the member of the create call that holds tags; empty where it takes none.
    pub create: &'static str,
    /// What a tag's key and value are called; none where tags are a map.
    pub pairs: Option<(&'static str, &'static str)>,
}

impl Tags {
    /// Tags at the path of an object's ARN, as newer services have them.
    pub const AT_ARN: Tags = Tags {
        list: "ListTagsForResource GET /tags/{resourceArn}",
        set: "TagResource POST /tags/{resourceArn}",
        unset: "UntagResource DELETE /tags/{resourceArn}",
        by: ("resourceArn", "arn"),
        members: ("tags", "tagKeys"),
        create: "tags",
        pairs: None,
    };

    fn written(&self, tags: Vec<(String, String)>) -> Json {
        match self.pairs {
            None => tags.into_iter().map(|(k, v)| (k, Json::from(v))).collect::<Map<_, _>>().into(),
            Some((key, value)) => tags.into_iter().map(|(k, v)| json!({key: k, value: v})).collect(),
        }
    }

    fn read(&self, answer: &Json) -> Vec<(String, String)> {
        match self.pairs {
            None => {
                let all = member(answer, self.members.0).and_then(Json::as_object);
                all.into_iter().flatten().filter_map(|(k, v)| Some((k.clone(), v.as_str()?.to_owned()))).collect()
            }
            Some((key, value)) => items(answer, self.members.0)
                .iter()
                .filter_map(|tag| Some((member_text(tag, key)?, member_text(tag, value).unwrap_or_default())))
                .collect(),
        }
    }

    fn of(&self, object: &Json) -> Json {
        json!({ self.by.0: member(object, self.by.1) })
    }
}

/// A type of one object per call, whose rows are a [`Document`].
pub trait Plain: Document + Send + Sync + Sized + 'static {
    /// Its service.
    const SERVICE: &'static Service;
    /// The call that makes an object.
    const CREATE: &'static str;
    /// The call that reads one, and where its answer has it; empty where it is the answer. No call where `more` reads it.
    const READ: (&'static str, &'static str);
    /// The call that changes one; empty where nothing changes.
    const UPDATE: &'static str = "";
    /// The call that deletes one.
    const DELETE: &'static str;
    /// Its tags.
    const TAGS: Option<Tags> = None;
    /// Whether a new object has its token as a tag, by which it is found in the listing that `READ` gives without a name.
    const MARKED: bool = false;
    /// The argument that is the id, where it is one.
    const NAME: &'static str = "name";

    /// Its rules.
    fn specification() -> Spec<Object>;

    /// The members by which calls name the object with this id.
    fn key(id: &str) -> Json;

    /// The members by which the call that reads names it.
    fn asked(_aws: &Aws, id: &str) -> Json {
        Self::key(id)
    }

    /// The id of a new object, from the answer of the call that made it and, where that lacks them, the members of the call.
    fn id(want: &Attrs, answer: &Json) -> Option<String>;

    /// The members of the create call, but for tags.
    fn input(_aws: &Aws, want: &Attrs, _token: &Token) -> Json {
        Self::create(want)
    }

    /// The members of the call that changes an object.
    fn change(change: &mut Change<'_>) -> Option<Json> {
        Self::whole(change)
    }

    /// What else a change needs.
    fn further(_aws: &Aws, _id: &str, _change: &mut Change<'_>) -> impl Future<Output = Result<()>> + Send {
        std::future::ready(Ok(()))
    }

    /// The ids that the natural key can have.
    fn found(_aws: &Aws, want: &Attrs) -> impl Future<Output = Result<Vec<String>>> + Send {
        let id = match Self::specification().schema.import {
            Import::Composite(key) => key.id(want),
            _ => want.string(Self::NAME),
        };
        std::future::ready(Ok(id.into_iter().collect()))
    }

    /// The ids of what was made with a token.
    fn of_token(aws: &Aws, token: &Token) -> impl Future<Output = Result<Vec<String>>> + Send {
        marked::<Self>(aws, token)
    }

    /// The members of an object that further calls give.
    fn more(_aws: &Aws, _id: &str, json: Json) -> impl Future<Output = Result<Json>> + Send {
        std::future::ready(Ok(json))
    }

    /// What goes before the call that deletes an object.
    fn before_delete(_aws: &Aws, _id: &str, _last: &Attrs) -> impl Future<Output = Result<bool>> + Send {
        std::future::ready(Ok(true))
    }
}

/// The members of both.
pub fn joined(mut all: Json, more: Json) -> Json {
    if let (Json::Object(all), Json::Object(more)) = (&mut all, more) {
        for (name, value) in more {
            all.entry(name).or_insert(value);
        }
    }
    all
}

/// How far an object is, by the word that it has at a path.
pub fn state(object: &Object, path: &str, pending: &[&str], failed: &[&str], gone: &[&str]) -> Progress {
    let word = member_text(&object.json, path).unwrap_or_default();
    match word.as_str() {
        word if pending.contains(&word) => Progress::Pending(word.to_owned()),
        word if failed.contains(&word) => Progress::Failed(word.to_owned()),
        word if gone.contains(&word) => Progress::Gone,
        _ => Progress::Ready,
    }
}

/// The ids of what has this token as a tag.
async fn marked<T: Plain>(aws: &Aws, token: &Token) -> Result<Vec<String>> {
    let Some(tags) = T::TAGS.filter(|_| T::MARKED) else { return Ok(Vec::new()) };
    let pages = Pages("nextToken", "nextToken");
    let all = aws.read.api.list(T::SERVICE, T::READ.0, json!({}), pages, T::READ.1).await?;
    let ours = all.iter().filter(|one| tags::hold_token(&tags.read(one), token));
    Ok(ours.filter_map(|one| T::id(&Attrs::default(), one)).collect())
}

async fn one<T: Plain>(aws: &Aws, id: String) -> Result<Option<Object>> {
    let api = &aws.read.api;
    let answer = match T::READ.0 {
        "" => json!({}),
        operation => api.call(T::SERVICE, operation, T::asked(aws, &id)).await?,
    };
    let found = if T::READ.1.is_empty() { Some(answer) } else { items(&answer, T::READ.1).into_iter().next() };
    let Some(json) = found else { return Ok(None) };
    let json = T::more(aws, &id, joined(json, T::key(&id))).await?;
    let tags = match T::TAGS {
        Some(tags) if tags.list.is_empty() => tags.read(&json),
        Some(tags) => tags.read(&api.call(T::SERVICE, tags.list, tags.of(&json)).await?),
        None => Vec::new(),
    };
    Ok(Some(Object { id, json, tags }))
}

impl<T: Plain> Resource for T {
    type Live = Object;

    fn spec() -> Spec<Object> {
        let spec = T::specification();
        match T::TAGS {
            Some(_) => spec.own_tags(|object| tags::of(&object.tags)),
            None => spec,
        }
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Object>> {
        let ids = match which {
            Which::Ids(ids) => ids.to_vec(),
            Which::NaturalKey(want) => T::found(aws, want).await?,
            Which::Token(token) => T::of_token(aws, token).await?,
        };
        Ok(each(ids, |id| one::<T>(aws, id)).await?.into_iter().flatten().collect())
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let mut input = T::input(aws, want, token);
        if let Some(tags) = T::TAGS.filter(|tags| !tags.create.is_empty()) {
            let all: Vec<(String, String)> = if T::MARKED {
                tags::with_token(want, token)
            } else {
                want.string_map("tags_all").into_iter().collect()
            };
            if let Some(members) = input.as_object_mut().filter(|_| !all.is_empty()) {
                put(members, tags.create, Some(tags.written(all)));
            }
        }
        let answer = aws.write.api.call(T::SERVICE, T::CREATE, input.clone()).await?;
        made(T::id(want, &joined(answer, input)).as_deref())
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        let call = |operation, input: Json| aws.write.api.call(T::SERVICE, operation, input);
        if !T::UPDATE.is_empty()
            && let Some(input) = T::change(change)
        {
            call(T::UPDATE, joined(T::key(id), input)).await?;
        }
        T::further(aws, id, change).await?;
        let Some(names) = T::TAGS else { return Ok(()) };
        if !change.has("tags_all") {
            return Ok(());
        }
        let found = T::describe(aws, Which::Ids(&[id.to_owned()])).await?;
        let by = found.first().map(|object| names.of(&object.json)).unwrap_or_default();
        let set = |tags: Vec<(String, String)>| {
            let tags = json!({ names.members.0: names.written(tags) });
            call(names.set, joined(by.clone(), tags))
        };
        let unset = |keys: Vec<String>| call(names.unset, joined(by.clone(), json!({ names.members.1: keys })));
        tags::change(change, set, unset).await.map(drop)
    }

    async fn delete(aws: &Aws, id: &str, last: &Attrs) -> Result<()> {
        if T::before_delete(aws, id, last).await? {
            aws.write.api.call(T::SERVICE, T::DELETE, T::key(id)).await?;
        }
        Ok(())
    }
}
