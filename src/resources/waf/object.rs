//! The common part of web ACLs, rule groups, IP sets and pattern sets: they are listed without details by
//! scope, and changed as a whole under a lock token, which shows when somebody else was faster.

use super::checks;
use super::wire::{self, Edit, Members};
use crate::aws::api::items;
use crate::aws::api::services::WAF;
use crate::resources::prelude::*;
use serde_json::{Map, Value as Json, json};
use std::marker::PhantomData;

/// The scope of resources of a region.
pub const REGIONAL: &str = "REGIONAL";
/// The scope of CloudFront, which WAF keeps in one region.
pub const CLOUDFRONT: &str = "CLOUDFRONT";
const CLOUDFRONT_REGION: &str = "us-east-1";
/// How often a change is made anew because somebody else was faster.
const TRIES: usize = 10;
/// What Get gives and Update does not take.
const READ_ONLY: &[&str] = &[
    "ARN",
    "AvailableLabels",
    "Capacity",
    "ConsumedLabels",
    "IPAddressVersion",
    "LabelNamespace",
    "ManagedByFirewallManager",
    "PostProcessFirewallManagerRuleGroups",
    "PreProcessFirewallManagerRuleGroups",
    "RetrofittedByFirewallManager",
];

/// The way to the region that keeps a scope.
pub fn at(aws: &Aws, scope: &str) -> Aws {
    if scope == CLOUDFRONT { aws.for_region(CLOUDFRONT_REGION) } else { aws.clone() }
}

/// What the API calls an object by, all of it needed.
#[derive(Debug, Clone)]
pub struct Key {
    id: String,
    name: String,
    scope: String,
}

impl Key {
    fn of(id: &str, attrs: &Attrs) -> Key {
        let text = |name| attrs.string(name).unwrap_or_default();
        Key { id: id.to_owned(), name: text("name"), scope: text("scope") }
    }

    /// In an ARN: `arn:…:regional/webacl/NAME/ID`.
    pub fn in_arn(arn: &str) -> Option<Key> {
        let mut parts = arn.split(':').next_back()?.split('/').map(str::to_owned);
        let scope = if parts.next()? == "global" { CLOUDFRONT } else { REGIONAL };
        let (name, id) = (parts.nth(1)?, parts.next()?);
        Some(Key { id, name, scope: scope.to_owned() })
    }

    fn json(&self) -> Map<String, Json> {
        let members = [("Id", &self.id), ("Name", &self.name), ("Scope", &self.scope)];
        members.into_iter().map(|(member, text)| (member.to_owned(), text.as_str().into())).collect()
    }
}

/// An object with its details.
pub struct Object {
    scope: String,
    /// The object as Get gives it.
    pub json: Json,
    /// What Get says beside the object.
    pub beside: Json,
    tags: Vec<Json>,
}

impl Object {
    fn text(&self, member: &str) -> Value {
        self.json[member].as_str().into()
    }
}

/// The calls on a kind of object, see [`wire`].
pub trait Calls: Send + Sync + 'static {
    /// The member of Get's answer that is the object.
    const OBJECT: &'static str;
    /// The member of List's answer that holds the summaries.
    const OBJECTS: &'static str;
    /// One page of summaries.
    const LIST: &'static str;
    /// One object with its details and lock token.
    const GET: &'static str;
    /// A new object.
    const CREATE: &'static str;
    /// All that can be changed of an object, at once.
    const UPDATE: &'static str;
    /// The end of an object.
    const DELETE: &'static str;
}

macro_rules! calls {
    ($($kind:ident: $object:literal;)*) => {$(
        #[doc = concat!("The kind ", $object, ".")]
        pub struct $kind;

        impl Calls for $kind {
            const OBJECT: &'static str = $object;
            const OBJECTS: &'static str = concat!($object, "s");
            const LIST: &'static str = concat!("List", $object, "s");
            const GET: &'static str = concat!("Get", $object);
            const CREATE: &'static str = concat!("Create", $object);
            const UPDATE: &'static str = concat!("Update", $object);
            const DELETE: &'static str = concat!("Delete", $object);
        }
    )*};
}

calls! {
    WebAcl: "WebACL";
    RuleGroup: "RuleGroup";
    IpSet: "IPSet";
    RegexPatternSet: "RegexPatternSet";
}

/// The answer of a call about an object of this scope that changes something.
pub async fn write(aws: &Aws, scope: &str, operation: &'static str, body: Json) -> Result<Json> {
    at(aws, scope).write.api.call(&WAF, operation, body).await
}

/// What a type says of the kind of its objects.
pub trait Kind: Calls {
    /// The name of the type.
    const TYPE: &'static str;
    /// The argument that holds rules as the API takes them.
    const RULES_JSON: Option<&'static str> = None;
    /// A list that Create and Update want even when it is empty.
    const ALWAYS: Option<&'static str> = None;
    /// What excludes each other.
    const CONFLICTS: &'static [&'static [&'static str]] = &[&["name", "name_prefix"]];
    /// What its objects are to a service.
    const ROLE: Role = Role::FilterRule(role::FilterRule { filter: None, unjudged: Unjudged::All("web ACL") });

    /// The members that only this kind has.
    fn members() -> &'static [Attribute];
    /// Rows that are not members.
    fn beside() -> Vec<A<Object>> {
        Vec::new()
    }
    /// What is wrong with a layout's object.
    fn check(_attrs: &Attrs) -> Faults {
        Vec::new()
    }
}

/// The resource type of a kind.
pub struct Waf<K>(PhantomData<K>);

impl<K: Kind> Members<Object> for Waf<K> {
    fn members() -> &'static [Attribute] {
        K::members()
    }
    fn json(object: &Object) -> &Json {
        &object.json
    }
}

/// What the JSON says is in the blocks too once AWS has it.
fn said_in_json<K: Kind>(want: &Attrs, _now: &Attrs) -> Vec<&'static str> {
    if K::RULES_JSON.is_some_and(|json| want.is_set(json)) { vec!["rule"] } else { Vec::new() }
}

impl<K: Kind> Resource for Waf<K> {
    type Live = Object;

    fn spec() -> Spec<Object> {
        let arguments = K::members().iter().filter(|row| row.is_argument() && !row.force_new).map(|row| row.name);
        let edited: Vec<&'static str> = arguments.chain(K::RULES_JSON).chain(["description"]).collect();
        let mut rows: Vec<A<Object>> = vec![
            A::string("name").optional_computed().force_new().check(checks::name).read(|o| o.text("Name")),
            A::string("name_prefix").optional_computed().force_new().check(checks::name_prefix),
            A::string("description").check(checks::description).read(|o| o.text("Description")),
            A::string("scope").required().force_new().check(checks::scope).read(|o| o.scope.as_str().into()),
            A::string("arn").computed().read(|o| o.text("ARN")),
            A::string("lock_token").computed().follows(&edited).read(|o| o.beside["LockToken"].as_str().into()),
        ];
        rows.extend(wire::columns::<Object, Self>());
        if let Some(json) = K::RULES_JSON {
            rows.push(A::string(json).normal(Normal::With(checks::same_rules)).check(checks::rules_json));
        }
        rows.extend(K::beside());
        Spec::new(K::TYPE, |o| o.json["Id"].as_str().map(Into::into), rows)
            .role(K::ROLE)
            .own_tags(|o| tags::of(&o.tags))
            .unique(&[&["name", "scope"]])
            .named("name", "name_prefix")
            .conflicts(K::CONFLICTS)
            .import("ID/NAME/SCOPE", parse)
            .managed_by_aws(said_in_json::<K>)
            .check(K::check)
    }

    /// The id alone says neither the scope nor the name, so that a scope is listed to learn them, CloudFront's
    /// only for what the region does not have.
    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Object>> {
        let mut found: Vec<Key> = Vec::new();
        match which {
            Which::Ids(ids) => {
                for scope in [REGIONAL, CLOUDFRONT] {
                    if found.len() < ids.len() {
                        let listed = summaries::<K>(aws, scope).await?.into_iter().map(|(key, _)| key);
                        found.extend(listed.filter(|key| ids.contains(&key.id)));
                    }
                }
            }
            Which::Token(token) => {
                for scope in [REGIONAL, CLOUDFRONT] {
                    let tagged = each(summaries::<K>(aws, scope).await?, |(key, arn)| async move {
                        let tags = tags_of(&at(aws, &key.scope), &arn).await?;
                        let ours = tags::hold_token(&tags, token);
                        Ok(ours.then_some(key))
                    });
                    found.extend(tagged.await?.into_iter().flatten());
                }
            }
            Which::NaturalKey(want) => found.extend(named::<K>(aws, want).await?),
        }
        each(found, |key| object::<K>(aws, key)).await
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let scope = want.str("scope").unwrap_or_default();
        let tags: Option<Vec<Json>> = tags::marked(want, token);
        let mut body = wire::to_json(K::members(), &want.to_value());
        if let Some(rules) = rules::<K>(want) {
            body["Rules"] = rules;
        }
        for (member, value) in [("Name", want.str("name").into()), ("Scope", scope.into()), ("Tags", tags.into())] {
            body[member] = value;
        }
        if let Some(text) = want.str("description").filter(|text| !text.is_empty()) {
            body["Description"] = text.into();
        }
        if let Some(list) = K::ALWAYS.filter(|list| body.get(list).is_none()) {
            body[list] = json!([]);
        }
        let answer = write(aws, scope, K::CREATE, body).await?;
        made(answer["Summary"]["Id"].as_str())
    }

    /// Makes the edits on the object as it is now, and again if it was changed in between.
    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        let edits = edits::<K>(change);
        retag(aws, change).await?;
        if edits.is_empty() {
            return Ok(());
        }
        edit::<K>(aws, &Key::of(id, change.before), &edits).await
    }

    /// Deletes the object as it is now.
    async fn delete(aws: &Aws, id: &str, last: &Attrs) -> Result<()> {
        let key = Key::of(id, last);
        contended(|| async {
            let mut answer = details::<K>(aws, &key).await?;
            let mut body = key.json();
            body.insert("LockToken".into(), answer["LockToken"].take());
            write(aws, &key.scope, K::DELETE, body.into()).await.map(drop)
        })
        .await
    }
}

/// The rules of an object in the API's form: those of its JSON argument, else its blocks.
pub fn rules<K: Kind>(attrs: &Attrs) -> Option<Json> {
    match attrs.str(K::RULES_JSON?).filter(|text| !text.is_empty()) {
        Some(text) => serde_json::from_str(text).ok(),
        None => wire::member(K::members().iter().find(|row| row.name == "rule")?, attrs.get("rule")?),
    }
}

/// The edits of the members that change, of the rules in either spelling.
fn edits<K: Kind>(change: &mut Change<'_>) -> Vec<Edit> {
    let description = Row::string("description").row;
    let mut edits = Vec::new();
    if K::RULES_JSON.is_some_and(|json| change.take_any(&["rule", json])) {
        edits.push(Edit { member: "Rules".into(), before: rules::<K>(change.before), after: rules::<K>(change.after) });
    }
    for row in K::members().iter().chain([&description]) {
        if change.take(row.name).is_some() {
            let side = |attrs: &Attrs| attrs.get(row.name).and_then(|value| wire::member(row, value));
            edits.push(Edit { member: wire::name(row), before: side(change.before), after: side(change.after) });
        }
    }
    edits
}

fn parse(text: &str) -> Option<Vec<(&'static str, Value)>> {
    let parts: Vec<&str> = text.split('/').collect();
    let &[id, name, scope] = parts.as_slice() else { return None };
    [REGIONAL, CLOUDFRONT]
        .contains(&scope)
        .then(|| vec![("id", id.into()), ("name", name.into()), ("scope", scope.into())])
}

/// All objects of a scope that List gives, page by page.
pub async fn pages(aws: &Aws, scope: &str, operation: &'static str, member: &str) -> Result<Vec<Json>> {
    let (mut all, mut marker) = (Vec::new(), Json::Null);
    loop {
        let body = json!({ "Scope": scope, "Limit": 100, "NextMarker": marker });
        let mut page = at(aws, scope).read.api.call(&WAF, operation, body).await?;
        let found = items(&page, member);
        let done = found.is_empty();
        all.extend(found);
        marker = page["NextMarker"].take();
        if done || marker.as_str().is_none_or(str::is_empty) {
            return Ok(all);
        }
    }
}

/// The keys and ARNs of all objects of a scope.
async fn summaries<K: Kind>(aws: &Aws, scope: &str) -> Result<Vec<(Key, String)>> {
    let found = pages(aws, scope, K::LIST, K::OBJECTS).await?;
    let text = |json: &Json| json.as_str().unwrap_or_default().to_owned();
    let key = |s: &Json| (Key { id: text(&s["Id"]), name: text(&s["Name"]), scope: scope.to_owned() }, text(&s["ARN"]));
    Ok(found.iter().map(key).collect())
}

/// The tags of an object of WAF.
pub async fn tags_of(aws: &Aws, arn: &str) -> Result<Vec<Json>> {
    let input = json!({"ResourceARN": arn, "Limit": 100});
    let answer = aws.read.api.call(&WAF, "ListTagsForResource", input).await?;
    Ok(items(&answer, "TagInfoForResource.TagList"))
}

async fn details<K: Kind>(aws: &Aws, key: &Key) -> Result<Json> {
    at(aws, &key.scope).read.api.call(&WAF, K::GET, key.json().into()).await
}

/// One object with its details and tags.
async fn object<K: Kind>(aws: &Aws, key: Key) -> Result<Object> {
    let mut beside = details::<K>(aws, &key).await?;
    let json = beside[K::OBJECT].take();
    let tags = tags_of(&at(aws, &key.scope), json["ARN"].as_str().unwrap_or_default()).await?;
    Ok(Object { scope: key.scope, json, beside, tags })
}

/// The object with this name in this scope, which is the only one; with an id only if it has that.
async fn named<K: Kind>(aws: &Aws, want: &Attrs) -> Result<Option<Key>> {
    let like = Key::of(want.str("id").unwrap_or_default(), want);
    let same = |key: &Key| key.name == like.name && (like.id.is_empty() || key.id == like.id);
    Ok(summaries::<K>(aws, &like.scope).await?.into_iter().map(|(key, _)| key).find(same))
}

/// The object of a data source.
pub async fn look_up<K: Kind>(aws: &Aws, config: &Attrs) -> Result<Object> {
    let missing = || {
        let text = |name| config.str(name).unwrap_or_default();
        Error::not_found(format!("no {} is named {:?} in the scope {}", K::OBJECT, text("name"), text("scope")))
    };
    object::<K>(aws, named::<K>(aws, config).await?.ok_or_else(missing)?).await
}

/// The object with this key as it is now.
pub async fn now<K: Kind>(aws: &Aws, key: &Key) -> Result<Json> {
    Ok(details::<K>(aws, key).await?[K::OBJECT].take())
}

/// Makes the edits on the object as it is now, and again if it was changed in between.
pub async fn edit<K: Kind>(aws: &Aws, key: &Key, edits: &[Edit]) -> Result<()> {
    contended(|| async {
        let mut answer = details::<K>(aws, key).await?;
        let mut body = answer[K::OBJECT].as_object().cloned().unwrap_or_default();
        body.retain(|name, value| !READ_ONLY.contains(&name.as_str()) && !value.is_null() && *value != json!(""));
        for edit in edits {
            edit.apply(&mut body);
        }
        body.extend(key.json());
        body.insert("LockToken".into(), answer["LockToken"].take());
        if let Some(list) = K::ALWAYS {
            body.entry(list).or_insert_with(|| json!([]));
        }
        write(aws, &key.scope, K::UPDATE, body.into()).await.map(drop)
    })
    .await
}

/// Does again what was refused because somebody else was faster.
async fn contended<F>(once: impl Fn() -> F) -> Result<()>
where
    F: Future<Output = Result<()>>,
{
    for _ in 1..TRIES {
        match once().await {
            Err(e) if e.is("WAFOptimisticLockException") => {}
            done => return done,
        }
    }
    once().await
}

async fn retag(aws: &Aws, change: &mut Change<'_>) -> Result<()> {
    let arn = change.before.str("arn").unwrap_or_default();
    let aws = at(aws, change.before.str("scope").unwrap_or_default());
    tags::change_at(&aws, &WAF, json!({"ResourceARN": arn}), change).await.map(drop)
}
