//! aws_shield_protection_group: protections that Shield watches as one.

use super::shield::{self, Tags, at};
use crate::aws::{Aws, Result};
use crate::resources::spec::{self, Resource, Spec, Tagging, Token, Which};
use crate::resources::tags;
use crate::schema::checks::one_of;
use crate::schema::{Attrs, Change};
use crate::value::Value;
use aws_sdk_shield::types::{
    ProtectedResourceType, ProtectionGroup, ProtectionGroupAggregation, ProtectionGroupPattern,
};

type A = spec::A<Live>;
type Live = (ProtectionGroup, Tags);

/// The resource type `aws_shield_protection_group`.
pub struct AwsShieldProtectionGroup;

const RESOURCE_TYPES: &[&str] = &[
    "CLOUDFRONT_DISTRIBUTION",
    "ROUTE_53_HOSTED_ZONE",
    "ELASTIC_IP_ALLOCATION",
    "CLASSIC_LOAD_BALANCER",
    "APPLICATION_LOAD_BALANCER",
    "GLOBAL_ACCELERATOR",
];

fn id(value: &Value) -> std::result::Result<(), String> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || c == '-';
    match value.as_str() {
        Some(text) if !(1..=36).contains(&text.len()) || !text.chars().all(allowed) => Err(format!(
            "{text:?} is not a valid id for a protection group; expected 1 to 36 letters, digits and hyphens"
        )),
        _ => Ok(()),
    }
}

/// Members go with the pattern ARBITRARY, a type with BY_RESOURCE_TYPE, neither with ALL.
fn check(attrs: &Attrs) -> Vec<(&'static str, String)> {
    let Some(pattern) = attrs.str("pattern") else { return Vec::new() };
    let mut wrong = Vec::new();
    let mut needs = |name: &'static str, with: &str, given: bool| {
        if attrs.is_unknown(name) || given == (pattern == with) {
            return;
        }
        let verb = if given { "goes only" } else { "is needed" };
        wrong.push((name, format!("{name} {verb} with the pattern {with}; the pattern is {pattern}")));
    };
    needs("members", "ARBITRARY", !attrs.elements("members").is_empty());
    needs("resource_type", "BY_RESOURCE_TYPE", attrs.str("resource_type").is_some_and(|t| !t.is_empty()));
    wrong
}

fn members(attrs: &Attrs) -> Option<Vec<String>> {
    Some(attrs.strings("members")).filter(|all| !all.is_empty())
}

impl Resource for AwsShieldProtectionGroup {
    type Live = Live;

    fn spec() -> Spec<Live> {
        let [all, tags_all] = A::tags(|(_, t)| tags::visible(t.iter().map(|(k, v)| (k.as_str(), v.as_str()))));
        let rows = vec![
            A::string("aggregation")
                .required()
                .check(|v| one_of(v, &["SUM", "MEAN", "MAX"]))
                .read(|(g, _)| g.aggregation().as_str().into()),
            A::string_set("members").read(|(g, _)| Value::string_set(g.members())),
            A::string("pattern")
                .required()
                .check(|v| one_of(v, &["ALL", "ARBITRARY", "BY_RESOURCE_TYPE"]))
                .read(|(g, _)| g.pattern().as_str().into()),
            A::string("protection_group_id")
                .required()
                .force_new()
                .check(id)
                .read(|(g, _)| g.protection_group_id().into()),
            A::string("resource_type")
                .check(|v| one_of(v, RESOURCE_TYPES))
                .read(|(g, _)| g.resource_type().map(ProtectedResourceType::as_str).into()),
            A::string("protection_group_arn").computed().read(|(g, _)| g.protection_group_arn().into()),
            all,
            tags_all,
        ];
        Spec::new("aws_shield_protection_group", |(g, _)| Some(g.protection_group_id().into()), rows)
            .unique(&[&["protection_group_id"]])
            .global()
            .tagging(Tagging::Own)
            .implicit_after(&["aws_shield_subscription"])
            .check(check)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Live>> {
        let aws = at(aws);
        let mut pages = aws.read.shield.list_protection_groups().into_paginator().send();
        let mut found = Vec::new();
        while let Some(page) = pages.next().await {
            let wanted = |one: &ProtectionGroup| match which {
                Which::Ids(ids) => ids.iter().any(|id| one.protection_group_id() == id),
                Which::NaturalKey(want) => Some(one.protection_group_id()) == want.str("protection_group_id"),
                Which::Token(_) => true,
            };
            found.extend(page?.protection_groups.into_iter().filter(wanted));
        }
        let mut all = shield::tagged(&aws, found, ProtectionGroup::protection_group_arn).await?;
        if let Which::Token(token) = which {
            all.retain(|(_, t)| tags::hold_token(t.iter().map(|(k, v)| (k.as_str(), v.as_str())), token));
        }
        Ok(all)
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let call = at(aws).write.shield.create_protection_group();
        call.set_protection_group_id(want.string("protection_group_id"))
            .set_aggregation(want.str("aggregation").map(ProtectionGroupAggregation::from))
            .set_pattern(want.str("pattern").map(ProtectionGroupPattern::from))
            .set_resource_type(want.str("resource_type").map(ProtectedResourceType::from))
            .set_members(members(want))
            .set_tags(Some(shield::given(tags::with_token(want, token))))
            .send()
            .await?;
        Ok(want.string("protection_group_id").unwrap_or_default())
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        let aws = at(aws);
        shield::retag(&aws, change.before.str("protection_group_arn").unwrap_or_default(), change).await?;
        if change.take_any(&["aggregation", "members", "pattern", "resource_type"]) {
            let after = change.after;
            let call = aws.write.shield.update_protection_group().protection_group_id(id);
            call.set_aggregation(after.str("aggregation").map(ProtectionGroupAggregation::from))
                .set_pattern(after.str("pattern").map(ProtectionGroupPattern::from))
                .set_resource_type(after.str("resource_type").map(ProtectedResourceType::from))
                .set_members(members(after))
                .send()
                .await?;
        }
        Ok(())
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        at(aws).write.shield.delete_protection_group().protection_group_id(id).send().await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_says_what_goes_with_it() {
        let group = |pattern: &str| Attrs::default().with("pattern", pattern);
        let members = Value::string_set(["arn:aws:ec2:eu-west-1:1:eip-allocation/eipalloc-1"]);
        assert_eq!(check(&group("ALL")), []);
        assert_eq!(check(&group("ARBITRARY").with("members", members.clone())), []);
        assert_eq!(
            check(&group("ALL").with("members", members)),
            [("members", "members goes only with the pattern ARBITRARY; the pattern is ALL".to_owned())]
        );
        assert_eq!(
            check(&group("BY_RESOURCE_TYPE")),
            [(
                "resource_type",
                "resource_type is needed with the pattern BY_RESOURCE_TYPE; the pattern is BY_RESOURCE_TYPE".to_owned()
            )]
        );
    }
}
