//! Shared by the types of Elastic Load Balancing: lists without tags and attributes, which are asked
//! for apart, and ids that are ARNs and show whose child an object is.

use super::settings::Settings;
use crate::resources::prelude::*;
use aws_sdk_elasticloadbalancingv2::types::{Listener, LoadBalancer, Tag, TagDescription, TargetGroup};
use std::collections::{BTreeSet, HashMap};
use std::ops::Deref;

/// How many ARNs DescribeTags takes.
const TAGS_AT_ONCE: usize = 20;

/// An object as listed, with its attributes, its tags and what else has to be asked for apart.
pub struct Full<T, M = ()> {
    /// As listed.
    pub object: T,
    /// Its attributes.
    pub settings: Settings,
    /// Its tags.
    pub tags: Vec<Tag>,
    /// What else there is.
    pub more: M,
}

impl<T, M> Deref for Full<T, M> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.object
    }
}

impl<T, M> Holds<Settings> for Full<T, M> {
    fn held(&self) -> &Settings {
        &self.settings
    }
}

/// Objects by ARN.
pub type ByArn<T> = HashMap<String, T>;

/// All balancers of the region: there is no filter, and an ARN that is gone would fail a whole call.
pub async fn balancers(aws: &Aws) -> Result<Vec<LoadBalancer>> {
    all_of(aws.read.elb.describe_load_balancers().into_paginator().items().send()).await
}

/// All target groups of the region, for the same reason.
pub async fn target_groups(aws: &Aws) -> Result<Vec<TargetGroup>> {
    all_of(aws.read.elb.describe_target_groups().into_paginator().items().send()).await
}

/// The listeners of these balancers, one call each.
pub async fn listeners_of(aws: &Aws, balancers: BTreeSet<String>) -> Result<Vec<Listener>> {
    let of_one = |arn: String| async move {
        all_of(aws.read.elb.describe_listeners().load_balancer_arn(&arn).into_paginator().items().send()).await
    };
    Ok(each(balancers, of_one).await?.into_iter().flatten().collect())
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

/// The tags of objects. One that is gone meanwhile fails the call for all, which are then asked alone.
pub async fn tags_of(aws: &Aws, arns: &[String]) -> Result<ByArn<Vec<Tag>>> {
    let some = |arns: Vec<String>| {
        let call = aws.read.elb.describe_tags().set_resource_arns(Some(arns));
        async move { Ok::<_, Error>(call.send().await?.tag_descriptions.unwrap_or_default()) }
    };
    let batch = |arns: Vec<String>| async move {
        match some(arns.clone()).await {
            Err(e) if e.is_not_found() => Ok(each(arns, |arn| some(vec![arn])).await?.concat()),
            answer => answer,
        }
    };
    let batches: Vec<Vec<String>> = arns.chunks(TAGS_AT_ONCE).map(<[String]>::to_vec).collect();
    let found = each(batches, batch).await?;
    let pair = |d: TagDescription| Some((d.resource_arn?, d.tags.unwrap_or_default()));
    Ok(found.into_iter().flatten().filter_map(pair).collect())
}

/// Of these objects those that are asked for, by ARN, name or the tag of their creation.
pub async fn chosen<T>(
    aws: &Aws,
    mut found: Vec<T>,
    which: Which<'_>,
    arn: fn(&T) -> Option<&str>,
    name: fn(&T) -> Option<&str>,
) -> Result<Vec<T>> {
    match which {
        Which::Ids(ids) => found.retain(|one| arn(one).is_some_and(|arn| ids.iter().any(|id| id == arn))),
        Which::NaturalKey(want) => found.retain(|one| name(one) == want.str("name")),
        Which::Token(token) => {
            let arns: Vec<String> = found.iter().filter_map(|one| arn(one).map(Into::into)).collect();
            let tags = tags_of(aws, &arns).await?;
            let ours = |arn: &str| tags.get(arn).is_some_and(|tags| tags::hold_token(tags, token));
            found.retain(|one| arn(one).is_some_and(ours));
        }
    }
    Ok(found)
}

/// Each object with its tags, and with what `one` asks for apart.
pub async fn complete<T, L, F>(
    aws: &Aws,
    found: Vec<T>,
    arn: fn(&T) -> Option<&str>,
    one: impl Fn(T, String, Vec<Tag>) -> F,
) -> Result<Vec<L>>
where
    L: Send,
    F: Future<Output = Result<L>> + Send,
{
    let arns: Vec<String> = found.iter().map(|one| arn(one).unwrap_or_default().to_owned()).collect();
    let mut tags = tags_of(aws, &arns).await?;
    let with_tags = |(object, arn): (T, String)| {
        let tags = tags.remove(&arn).unwrap_or_default();
        (object, arn, tags)
    };
    let all: Vec<_> = found.into_iter().zip(arns).map(with_tags).collect();
    each(all, |(object, arn, tags)| one(object, arn, tags)).await
}

/// Brings changed tags about.
pub async fn retag(aws: &Aws, arn: &str, change: &mut Change<'_>) -> Result<()> {
    tags::change_by!(change, aws.write.elb, add_tags remove_tags, resource_arns arn).map(drop)
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
