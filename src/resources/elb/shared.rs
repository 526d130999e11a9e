//! Shared by the types of Elastic Load Balancing: lists without tags and attributes, which are asked
//! for apart, and ids that are ARNs and show whose child an object is.

use super::settings::Settings;
use crate::aws::api::services::ELB_V2;
use crate::aws::api::{Pages, items, member, member_text};
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};
use std::collections::{BTreeSet, HashMap};

/// How many ARNs DescribeTags takes.
const TAGS_AT_ONCE: usize = 20;

/// How listings go on.
pub const PAGES: Pages = Pages("Marker", "NextMarker");

/// An object as listed, with its attributes and tags, which have to be asked for apart.
pub struct Full {
    /// As listed.
    pub object: Json,
    /// Its attributes.
    pub settings: Settings,
    /// Its tags.
    pub tags: Vec<Json>,
}

held!(Full: object as Json, settings as Settings);

/// An object as listed, with its tags.
pub type Tagged = tags::Tagged<Json, Json>;

/// All balancers of the region: there is no filter, and an ARN that is gone would fail a whole call.
pub async fn balancers(aws: &Aws) -> Result<Vec<Json>> {
    aws.read.api.list(&ELB_V2, "DescribeLoadBalancers", json!({}), PAGES, "LoadBalancers.member").await
}

/// All target groups of the region, for the same reason.
pub async fn target_groups(aws: &Aws) -> Result<Vec<Json>> {
    aws.read.api.list(&ELB_V2, "DescribeTargetGroups", json!({}), PAGES, "TargetGroups.member").await
}

/// The listeners of these balancers, one call each.
pub async fn listeners_of(aws: &Aws, balancers: BTreeSet<String>) -> Result<Vec<Json>> {
    let of_one = |arn: String| async move {
        let of = json!({"LoadBalancerArn": arn});
        aws.read.api.list(&ELB_V2, "DescribeListeners", of, PAGES, "Listeners.member").await
    };
    Ok(each(balancers, of_one).await?.into_iter().flatten().collect())
}

/// The port of a listener, a target group or a target.
pub fn port_of(object: &Json) -> Option<i32> {
    member_text(object, "Port")?.parse().ok()
}

/// The ARN of a listener's balancer, which is a part of its own.
pub fn balancer_of(listener: &str) -> Option<String> {
    let (balancer, _) = listener.rsplit_once('/')?;
    balancer.contains(":listener/").then(|| balancer.replacen(":listener/", ":loadbalancer/", 1))
}

/// The ARN of a rule's listener, which is a part of its own.
pub fn listener_of(rule: &str) -> Option<String> {
    let (listener, _) = rule.rsplit_once('/')?;
    listener.contains(":listener-rule/").then(|| listener.replacen(":listener-rule/", ":listener/", 1))
}

/// The part of an ARN that CloudWatch names its metrics by.
pub fn arn_suffix(arn: &str) -> &str {
    let resource = arn.rsplit(':').next().unwrap_or_default();
    resource.strip_prefix("loadbalancer/").unwrap_or(resource)
}

/// That part of the ARN that an object has as this member.
pub fn suffix(object: &Json, arn: &str) -> Value {
    member_text(object, arn).as_deref().map(arn_suffix).into()
}

/// The tags of objects, by ARN. One that is gone meanwhile fails the call for all, which are then asked alone.
pub async fn tags_of(aws: &Aws, arns: &[String]) -> Result<HashMap<String, Vec<Json>>> {
    let some = |arns: Vec<String>| async move {
        let answer = aws.read.api.call(&ELB_V2, "DescribeTags", json!({"ResourceArns": {"member": arns}})).await?;
        Ok::<_, Error>(items(&answer, "TagDescriptions.member"))
    };
    let batch = |arns: Vec<String>| async move {
        match some(arns.clone()).await {
            Err(e) if e.is_not_found() => Ok(each(arns, |arn| some(vec![arn])).await?.concat()),
            answer => answer,
        }
    };
    let batches: Vec<Vec<String>> = arns.chunks(TAGS_AT_ONCE).map(<[String]>::to_vec).collect();
    let found = each(batches, batch).await?;
    let pair = |d: Json| Some((member_text(&d, "ResourceArn")?, items(&d, "Tags.member")));
    Ok(found.into_iter().flatten().filter_map(pair).collect())
}

/// Of these objects those that are asked for, by ARN, name or the tag of their creation. Objects have ARN and name as
/// these members.
pub async fn chosen(aws: &Aws, mut found: Vec<Json>, which: Which<'_>, arn: &str, name: &str) -> Result<Vec<Json>> {
    match which {
        Which::Ids(ids) => found.retain(|one| member_text(one, arn).is_some_and(|arn| ids.contains(&arn))),
        Which::NaturalKey(want) => found.retain(|one| member_text(one, name).as_deref() == want.str("name")),
        Which::Token(token) => {
            let arns: Vec<String> = found.iter().filter_map(|one| member_text(one, arn)).collect();
            let tags = tags_of(aws, &arns).await?;
            let ours = |arn| tags.get(&arn).is_some_and(|tags| tags::hold_token(tags, token));
            found.retain(|one| member_text(one, arn).is_some_and(ours));
        }
    }
    Ok(found)
}

/// Each object with its tags. Its ARN is this member.
pub async fn tagged(aws: &Aws, found: Vec<Json>, arn: &str) -> Result<Vec<Tagged>> {
    let arns: Vec<String> = found.iter().map(|one| member_text(one, arn).unwrap_or_default()).collect();
    let mut tags = tags_of(aws, &arns).await?;
    let with_tags = |(object, arn)| Tagged { object, tags: tags.remove(&arn).unwrap_or_default() };
    Ok(found.into_iter().zip(arns).map(with_tags).collect())
}

/// Each object with its tags, and with its attributes, which this operation gives for the ARN.
pub async fn complete(aws: &Aws, found: Vec<Json>, arn: &'static str, operation: &'static str) -> Result<Vec<Full>> {
    let all = tagged(aws, found, arn).await?;
    let full = |Tagged { object, tags }| async move {
        let answer = aws.read.api.call(&ELB_V2, operation, json!({arn: member(&object, arn)})).await?;
        Ok(Full { settings: Settings::of(&answer), tags, object })
    };
    each(all, full).await
}

/// The tags of a new object, as a member of the call that makes it.
pub fn new_tags(want: &Attrs, token: &Token) -> Json {
    json!({"Tags": {"member": tags::marked::<Json>(want, token)}})
}

/// Brings changed tags about.
pub async fn retag(aws: &Aws, arn: &str, change: &mut Change<'_>) -> Result<()> {
    let call = |operation, member: &str, all: Json| {
        let input = json!({"ResourceArns": {"member": [arn]}, member: {"member": all}});
        aws.write.api.call(&ELB_V2, operation, input)
    };
    let set = |tags: Vec<Json>| call("AddTags", "Tags", tags.into());
    let unset = |keys: Vec<String>| call("RemoveTags", "TagKeys", keys.into());
    tags::change(change, set, unset).await.map(drop)
}

/// Texts as a call takes them that also says that there are none.
pub fn said(all: Vec<String>) -> Json {
    if all.is_empty() { "".into() } else { json!({"member": all}) }
}

/// What a name begins with that the layout leaves to us: what makes it unique takes 26 of the 32 characters.
pub const NAMELESS: &str = "fp-";

/// A name of a balancer or target group.
pub fn name(value: &Value) -> Result<(), String> {
    let Some(name) = value.as_str() else { return Ok(()) };
    if name.len() > 32 {
        return Err(format!("{name:?} has {} characters; AWS takes 32", name.len()));
    }
    checks::text(value, |name| !name.starts_with('-') && !name.ends_with('-'), "begins or ends with a hyphen")?;
    characters(name)
}

/// The beginning of such a name, which leaves room for the part that makes it unique.
pub fn name_prefix(value: &Value) -> Result<(), String> {
    let Some(prefix) = value.as_str() else { return Ok(()) };
    if prefix.len() > 6 {
        return Err(format!("{prefix:?} has {} characters; 6 leave room for a unique name of 32", prefix.len()));
    }
    checks::text(value, |prefix| !prefix.starts_with('-'), "begins with a hyphen")?;
    characters(prefix)
}

fn characters(text: &str) -> Result<(), String> {
    match text.chars().find(|c| !c.is_ascii_alphanumeric() && *c != '-') {
        Some(c) => Err(format!("{text:?} holds {c:?}; only letters, digits and hyphens are allowed")),
        None => Ok(()),
    }
}

/// A port.
pub fn port(value: &Value) -> Result<(), String> {
    checks::number(value, |port| (1..=65_535).contains(&port), "is not a valid port; expected 1 to 65535")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arn_tells_its_parent_and_its_metric_name() {
        let arn = |kind: &str, rest: &str| format!("arn:aws:elasticloadbalancing:eu-west-1:123456789012:{kind}/{rest}");
        let rule = arn("listener-rule", "app/web/50dc6c495c0c9188/f2f7dc8efc522ab2/9683b2d02a6cabee");
        let listener = arn("listener", "app/web/50dc6c495c0c9188/f2f7dc8efc522ab2");
        let balancer = arn("loadbalancer", "app/web/50dc6c495c0c9188");
        assert_eq!(listener_of(&rule).as_deref(), Some(listener.as_str()));
        assert_eq!(balancer_of(&listener).as_deref(), Some(balancer.as_str()));
        assert_eq!((balancer_of(&balancer), listener_of("nonsense")), (None, None));
        assert_eq!(arn_suffix(&balancer), "app/web/50dc6c495c0c9188");
        assert_eq!(arn_suffix(&arn("targetgroup", "web/73e2d6bc24d8a067")), "targetgroup/web/73e2d6bc24d8a067");
    }

    #[test]
    fn names_that_aws_refuses_are_found() {
        let said = |text: &str| name(&text.into()).err().unwrap_or_default();
        assert_eq!(said("web-1"), "");
        assert_eq!(said("web_1"), "\"web_1\" holds '_'; only letters, digits and hyphens are allowed");
        assert_eq!(said("-web"), "\"-web\" begins or ends with a hyphen");
        assert!(said(&"x".repeat(33)).ends_with("has 33 characters; AWS takes 32"));
        assert!(name_prefix(&"web-".into()).is_ok() && name_prefix(&"website-".into()).is_err());
    }
}
