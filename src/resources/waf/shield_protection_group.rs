//! aws_shield_protection_group: protections that Shield watches as one.

use super::checks::{made_of, same_in_any_order};
use super::shield::{self, Tagged, at};
use crate::resources::block::TextList;
use crate::resources::prelude::*;
use crate::schema::checks::one_of;
use aws_sdk_shield::operation::create_protection_group::builders::CreateProtectionGroupFluentBuilder as Create;
use aws_sdk_shield::operation::update_protection_group::builders::UpdateProtectionGroupFluentBuilder as Update;
use aws_sdk_shield::types::ProtectionGroup;

type Live = Tagged<ProtectionGroup>;

/// The resource type `aws_shield_protection_group`.
pub struct AwsShieldProtectionGroup;

table! {
    Rows: Live, create Create, modify Update {
        aggregation: EnumCell, read, create, modify [.required().check(|v| one_of(v, &["SUM", "MEAN", "MAX"]))];
        members: TextList, read, create, modify [.normal(Normal::With(same_in_any_order))];
        pattern: EnumCell, read, create, modify [.required().check(|v| one_of(v, &["ALL", "ARBITRARY", "BY_RESOURCE_TYPE"]))];
        protection_group_arn: Text, read [.computed()];
        protection_group_id: Text [.required().force_new().check(id)];
        resource_type: EnumCell, read, create, modify [.check(|v| one_of(v, RESOURCE_TYPES))];
    }
}

const RESOURCE_TYPES: &[&str] = &[
    "CLOUDFRONT_DISTRIBUTION",
    "ROUTE_53_HOSTED_ZONE",
    "ELASTIC_IP_ALLOCATION",
    "CLASSIC_LOAD_BALANCER",
    "APPLICATION_LOAD_BALANCER",
    "GLOBAL_ACCELERATOR",
];

fn id(value: &Value) -> Result<(), String> {
    made_of(value, 36, "-", "id for a protection group", "letters, digits and hyphens")
}

/// What UpdateProtectionGroup takes.
const WHOLE: [&str; 4] = ["aggregation", "members", "pattern", "resource_type"];

/// Members go with the pattern ARBITRARY, a type with BY_RESOURCE_TYPE, neither with ALL.
fn check(attrs: &Attrs) -> Faults {
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

impl Resource for AwsShieldProtectionGroup {
    type Live = Live;

    fn spec() -> Spec<Live> {
        let id = |g: &Live| Some(g.protection_group_id().into());
        Spec::new("aws_shield_protection_group", id, Rows::rows::<Live>())
            .role(Role::NotServing("says what Shield watches together, and carries no traffic"))
            .own_tags(|live| tags::of(&live.tags))
            .unique(&[&["protection_group_id"]])
            .global()
            .implicit_after(&["aws_shield_subscription"])
            .check(check)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Live>> {
        fn id(group: &ProtectionGroup) -> Option<&str> {
            Some(group.protection_group_id())
        }
        let aws = at(aws);
        let pages = all_of(aws.read.shield.list_protection_groups().into_paginator().send()).await?;
        let all = pages.into_iter().flat_map(|page| page.protection_groups).collect();
        shield::asked(&aws, which, all, id, ("protection_group_id", id), ProtectionGroup::protection_group_arn).await
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let call = Rows::create(at(aws).write.shield.create_protection_group(), want);
        call.set_tags(tags::marked(want, token)).send().await?;
        Ok(want.string("protection_group_id").unwrap_or_default())
    }

    /// UpdateProtectionGroup wants all of a group.
    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        let aws = at(aws);
        shield::retag(&aws, change.before.str("protection_group_arn"), change).await?;
        if change.take_any(&WHOLE) {
            let mut whole = Change::new(change.before, change.after, WHOLE);
            let call = aws.write.shield.update_protection_group().protection_group_id(id);
            if let Some(call) = Rows::modify(call, &mut whole) {
                call.send().await?;
            }
        }
        Ok(())
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        done(at(aws).write.shield.delete_protection_group().protection_group_id(id).send().await)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_says_what_goes_with_it() {
        let group = |pattern: &str| Attrs::default().with("pattern", pattern);
        let members = Value::strings(["arn:aws:ec2:eu-west-1:1:eip-allocation/eipalloc-1"]);
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
