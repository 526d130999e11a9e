//! What web ACLs, rule groups, IP sets and pattern sets share: they are listed without details by
//! scope, and changed as a whole under a lock token, which tells when somebody else was faster.

use super::call::call;
use super::wire::{self, Edit};
use crate::aws::{Aws, Error, Result, each, made};
use crate::resources::spec::{A, Spec, Token, Which};
use crate::resources::tags;
use crate::schema::{Attribute, Attrs, Change};
use crate::value::{Type, Value};
use aws_sdk_wafv2::types::Tag;
use serde_json::{Map, Value as Json, json};
use std::future::Future;

/// The scopes: for resources of a region, and for CloudFront, which WAF keeps in one region.
pub const REGIONAL: &str = "REGIONAL";
/// See [`REGIONAL`].
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
    tags: Vec<(String, String)>,
}

impl Object {
    /// A member as the rows say.
    pub fn read(&self, rows: &[Attribute], name: &str) -> Value {
        let row = rows.iter().find(|row| row.name == name);
        row.map_or_else(Value::any_null, |row| wire::read(row, self.json.get(wire::name(row))))
    }

    fn text(&self, member: &str) -> Value {
        self.json[member].as_str().into()
    }
}

/// A kind of object, and its five calls. They take and give JSON, see [`wire`].
pub trait Kind: Send + Sync + 'static {
    /// The member of Get's answer that is the object.
    const OBJECT: &'static str;
    /// The member of List's answer that holds the summaries.
    const SUMMARIES: &'static str;
    /// One page of summaries.
    fn list(aws: &Aws, body: Json) -> impl Future<Output = Result<Json>> + Send;
    /// One object with its details and lock token.
    fn get(aws: &Aws, body: Json) -> impl Future<Output = Result<Json>> + Send;
    /// A new object.
    fn create(aws: &Aws, body: Json) -> impl Future<Output = Result<Json>> + Send;
    /// All that can be changed of an object, at once.
    fn update(aws: &Aws, body: Json) -> impl Future<Output = Result<Json>> + Send;
    /// The end of an object.
    fn delete(aws: &Aws, body: Json) -> impl Future<Output = Result<Json>> + Send;
}

macro_rules! kind {
    ($kind:ident, $object:literal, $summaries:literal, $list:ident, $get:ident, $create:ident, $update:ident, $delete:ident) => {
        #[doc = concat!("The calls on a ", $object, ".")]
        pub struct $kind;

        impl Kind for $kind {
            const OBJECT: &'static str = $object;
            const SUMMARIES: &'static str = $summaries;

            async fn list(aws: &Aws, body: Json) -> Result<Json> {
                call!(aws.read.wafv2.$list(), body)
            }

            async fn get(aws: &Aws, body: Json) -> Result<Json> {
                call!(aws.read.wafv2.$get(), body)
            }

            async fn create(aws: &Aws, body: Json) -> Result<Json> {
                call!(aws.write.wafv2.$create(), body)
            }

            async fn update(aws: &Aws, body: Json) -> Result<Json> {
                call!(aws.write.wafv2.$update(), body)
            }

            async fn delete(aws: &Aws, body: Json) -> Result<Json> {
                call!(aws.write.wafv2.$delete(), body)
            }
        }
    };
}

kind!(WebAcl, "WebACL", "WebACLs", list_web_acls, get_web_acl, create_web_acl, update_web_acl, delete_web_acl);
kind!(
    RuleGroup,
    "RuleGroup",
    "RuleGroups",
    list_rule_groups,
    get_rule_group,
    create_rule_group,
    update_rule_group,
    delete_rule_group
);
kind!(IpSet, "IPSet", "IPSets", list_ip_sets, get_ip_set, create_ip_set, update_ip_set, delete_ip_set);
kind!(
    RegexPatternSet,
    "RegexPatternSet",
    "RegexPatternSets",
    list_regex_pattern_sets,
    get_regex_pattern_set,
    create_regex_pattern_set,
    update_regex_pattern_set,
    delete_regex_pattern_set
);

/// The specification of a kind: its own rows, and those that all kinds have.
pub fn spec(name: &'static str, own: Vec<A<Object>>) -> Spec<Object> {
    let members = own.iter().filter(|a| a.row.is_argument() && !a.row.force_new).map(|a| a.row.name);
    let edited: Vec<&'static str> = members.chain(["description"]).collect();
    let [all, tags_all] = A::tags(|o: &Object| tags::visible(o.tags.iter().map(|(k, v)| (k.as_str(), v.as_str()))));
    let mut rows: Vec<A<Object>> = vec![
        A::string("name").optional_computed().force_new().check(super::checks::name).read(|o| o.text("Name")),
        A::string("name_prefix").optional_computed().force_new().check(super::checks::name_prefix),
        A::string("description").check(super::checks::description).read(|o| o.text("Description")),
        A::string("scope").required().force_new().check(super::checks::scope).read(|o| o.scope.as_str().into()),
        A::string("arn").computed().read(|o| o.text("ARN")),
        A::string("lock_token").computed().follows(&edited).read(|o| o.beside["LockToken"].as_str().into()),
        all,
        tags_all,
    ];
    rows.extend(own);
    Spec::new(name, |o| o.json["Id"].as_str().map(Into::into), rows)
        .unique(&[&["name", "scope"]])
        .named("name", "name_prefix")
        .tagging(crate::resources::spec::Tagging::Own)
        .conflicts(&[&["name", "name_prefix"]])
        .import("ID/NAME/SCOPE", parse)
}

fn parse(text: &str) -> Option<Vec<(&'static str, Value)>> {
    let parts: Vec<&str> = text.split('/').collect();
    let &[id, name, scope] = parts.as_slice() else { return None };
    [REGIONAL, CLOUDFRONT]
        .contains(&scope)
        .then(|| vec![("id", id.into()), ("name", name.into()), ("scope", scope.into())])
}

/// The row of a member.
pub fn row(rows: &[Attribute], name: &'static str) -> Attribute {
    rows.iter().find(|row| row.name == name).cloned().unwrap_or_else(|| Attribute::new(name, Type::Dynamic))
}

/// All summaries of a scope.
async fn summaries<K: Kind>(aws: &Aws, scope: &str) -> Result<Vec<Json>> {
    let (aws, mut all, mut marker) = (at(aws, scope), Vec::new(), Json::Null);
    loop {
        let mut body = json!({ "Scope": scope, "Limit": 100 });
        if marker.is_string() {
            body["NextMarker"] = marker;
        }
        let mut page = K::list(&aws, body).await?;
        let found = page[K::SUMMARIES].take();
        let done = found.as_array().is_none_or(Vec::is_empty);
        all.extend(found.as_array().cloned().unwrap_or_default());
        marker = page["NextMarker"].take();
        if done || !marker.is_string() {
            return Ok(all);
        }
    }
}

fn keys(scope: &str, summaries: &[Json]) -> Vec<(Key, String)> {
    let text = |json: &Json| json.as_str().unwrap_or_default().to_owned();
    let key = |s: &Json| (Key { id: text(&s["Id"]), name: text(&s["Name"]), scope: scope.to_owned() }, text(&s["ARN"]));
    summaries.iter().map(key).collect()
}

/// The tags of an object of WAF.
pub async fn tags_of(aws: &Aws, arn: &str) -> Result<Vec<(String, String)>> {
    let answer = aws.read.wafv2.list_tags_for_resource().resource_arn(arn).limit(100).send().await?;
    let tags = answer.tag_info_for_resource().map(|info| info.tag_list().to_vec()).unwrap_or_default();
    Ok(tags.into_iter().map(|tag| (tag.key, tag.value)).collect())
}

async fn details<K: Kind>(aws: &Aws, key: &Key) -> Result<Json> {
    K::get(&at(aws, &key.scope), Json::Object(key.json())).await
}

/// One object with its details and tags.
async fn object<K: Kind>(aws: &Aws, key: Key) -> Result<Object> {
    let mut beside = details::<K>(aws, &key).await?;
    let json = beside[K::OBJECT].take();
    let tags = tags_of(&at(aws, &key.scope), json["ARN"].as_str().unwrap_or_default()).await?;
    Ok(Object { scope: key.scope, json, beside, tags })
}

/// The objects asked for. The id alone tells neither the scope nor the name, so that a scope is listed
/// to learn them, CloudFront's only for what the region does not have.
pub async fn describe<K: Kind>(aws: &Aws, which: Which<'_>) -> Result<Vec<Object>> {
    let keys = match which {
        Which::Ids(ids) => {
            let mut found: Vec<Key> = Vec::new();
            for scope in [REGIONAL, CLOUDFRONT] {
                if found.len() < ids.len() {
                    let listed = keys(scope, &summaries::<K>(aws, scope).await?);
                    found.extend(listed.into_iter().map(|(key, _)| key).filter(|key| ids.contains(&key.id)));
                }
            }
            found
        }
        Which::Token(token) => {
            let mut found = Vec::new();
            for scope in [REGIONAL, CLOUDFRONT] {
                let listed = keys(scope, &summaries::<K>(aws, scope).await?);
                let tagged = each(listed, |(key, arn)| async move {
                    let tags = tags_of(&at(aws, &key.scope), &arn).await?;
                    let ours = tags::hold_token(tags.iter().map(|(k, v)| (k.as_str(), v.as_str())), token);
                    Ok(ours.then_some(key))
                });
                found.extend(tagged.await?.into_iter().flatten());
            }
            found
        }
        Which::NaturalKey(want) => named::<K>(aws, want).await?.into_iter().collect(),
    };
    each(keys, |key| object::<K>(aws, key)).await
}

/// The object with this name in this scope, which is the only one; with an id only if it has that.
async fn named<K: Kind>(aws: &Aws, want: &Attrs) -> Result<Option<Key>> {
    let like = Key::of(want.str("id").unwrap_or_default(), want);
    let listed = keys(&like.scope, &summaries::<K>(aws, &like.scope).await?);
    let same = |key: &Key| key.name == like.name && (like.id.is_empty() || key.id == like.id);
    Ok(listed.into_iter().map(|(key, _)| key).find(same))
}

/// The object of a data source.
pub async fn look_up<K: Kind>(aws: &Aws, config: &Attrs) -> Result<Object> {
    let missing = || {
        let text = |name| config.str(name).unwrap_or_default();
        Error::not_found(format!("no {} is named {:?} in the scope {}", K::OBJECT, text("name"), text("scope")))
    };
    object::<K>(aws, named::<K>(aws, config).await?.ok_or_else(missing)?).await
}

/// Makes an object of these members, with its tags.
pub async fn create<K: Kind>(aws: &Aws, want: &Attrs, token: &Token, members: Json) -> Result<String> {
    let scope = want.str("scope").unwrap_or_default();
    let tag = |(key, value): (String, String)| json!({ "Key": key, "Value": value });
    let tags: Vec<Json> = tags::with_token(want, token).into_iter().map(tag).collect();
    let mut body = json!({ "Name": want.str("name"), "Scope": scope, "Tags": tags });
    if let (Json::Object(body), Json::Object(members)) = (&mut body, members) {
        body.extend(members);
    }
    if let Some(text) = want.str("description").filter(|text| !text.is_empty()) {
        body["Description"] = text.into();
    }
    let answer = K::create(&at(aws, scope), body).await?;
    made(answer["Summary"]["Id"].as_str())
}

/// The edits of the members that change, by their rows, `description` among them.
pub fn edits(rows: &[Attribute], change: &mut Change<'_>) -> Vec<Edit> {
    let description = A::<()>::string("description").row;
    let mut edits = Vec::new();
    for row in rows.iter().chain([&description]) {
        if change.take(row.name).is_some() {
            let side = |attrs: &Attrs| attrs.get(row.name).and_then(|value| wire::member(row, value));
            edits.push(Edit { member: wire::name(row), before: side(change.before), after: side(change.after) });
        }
    }
    edits
}

/// Makes the edits on the object as it is now, and again if it was changed in between. `always`: a
/// list that Update wants even when it is empty.
pub async fn update<K: Kind>(
    aws: &Aws,
    id: &str,
    change: &mut Change<'_>,
    edits: Vec<Edit>,
    always: Option<&str>,
) -> Result<()> {
    retag(aws, change).await?;
    if edits.is_empty() {
        return Ok(());
    }
    let key = Key::of(id, change.before);
    contended(|| async {
        let mut answer = details::<K>(aws, &key).await?;
        let mut body = answer[K::OBJECT].as_object().cloned().unwrap_or_default();
        body.retain(|member, value| !READ_ONLY.contains(&member.as_str()) && !value.is_null() && *value != json!(""));
        for edit in &edits {
            edit.apply(&mut body);
        }
        body.extend(key.json());
        body.insert("LockToken".into(), answer["LockToken"].take());
        if let Some(list) = always {
            body.entry(list).or_insert_with(|| json!([]));
        }
        K::update(&at(aws, &key.scope), Json::Object(body)).await.map(drop)
    })
    .await
}

/// Deletes the object as it is now.
pub async fn delete<K: Kind>(aws: &Aws, id: &str, last: &Attrs) -> Result<()> {
    let key = Key::of(id, last);
    contended(|| async {
        let mut answer = details::<K>(aws, &key).await?;
        let mut body = key.json();
        body.insert("LockToken".into(), answer["LockToken"].take());
        K::delete(&at(aws, &key.scope), Json::Object(body)).await.map(drop)
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
    let Some(tags) = tags::take(change) else { return Ok(()) };
    let arn = change.before.str("arn").unwrap_or_default();
    let aws = at(aws, change.before.str("scope").unwrap_or_default());
    if !tags.set.is_empty() {
        let tag = |(k, v): (String, String)| Tag::builder().key(k).value(v).build();
        let set: std::result::Result<Vec<Tag>, _> = tags.set.into_iter().map(tag).collect();
        let set = set.map_err(|e| Error::new(crate::aws::Kind::Refused, e.to_string()))?;
        aws.write.wafv2.tag_resource().resource_arn(arn).set_tags(Some(set)).send().await?;
    }
    if !tags.gone.is_empty() {
        aws.write.wafv2.untag_resource().resource_arn(arn).set_tag_keys(Some(tags.gone)).send().await?;
    }
    Ok(())
}
