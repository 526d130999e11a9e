//! aws_shield_protection_group: protections that Shield watches as one.

use super::checks::{made_of, same_in_any_order};
use super::shield::{self, PAGES, Tagged};
use crate::aws::api::member_text;
use crate::aws::api::services::SHIELD;
use crate::resources::block::TextList;
use crate::resources::document::{Document, document};
use crate::resources::prelude::*;
use crate::schema::checks::one_of;
use serde_json::{Value as Json, json};

/// The resource type `aws_shield_protection_group`.
pub struct AwsShieldProtectionGroup;

document! {
    Rows {
        aggregation = "Aggregation": Text [.required().check(|v| one_of(v, &["SUM", "MEAN", "MAX"]))];
        members = "Members": TextList [.normal(Normal::With(same_in_any_order))];
        pattern = "Pattern": Text [.required().check(|v| one_of(v, &["ALL", "ARBITRARY", "BY_RESOURCE_TYPE"]))];
        protection_group_arn = "ProtectionGroupArn": Text, read [.computed()];
        protection_group_id = "ProtectionGroupId": Text [.required().force_new().check(id)];
        resource_type = "ResourceType": Text [.check(|v| one_of(v, RESOURCE_TYPES))];
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
    type Live = Tagged;

    fn spec() -> Spec<Tagged> {
        Spec::new("aws_shield_protection_group", |g: &Tagged| member_text(g, "ProtectionGroupId"), Rows::rows())
            .role(Role::NotServing("says what Shield watches together, and carries no traffic"))
            .own_tags(|live| tags::of(&live.tags))
            .unique(&[&["protection_group_id"]])
            .global()
            .implicit_after(&["aws_shield_subscription"])
            .check(check)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Tagged>> {
        let all = aws.read.api.list(&SHIELD, "ListProtectionGroups", json!({}), PAGES, "ProtectionGroups").await?;
        let id = "ProtectionGroupId";
        shield::asked(aws, which, all, id, ("protection_group_id", id), "ProtectionGroupArn").await
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let mut input = Rows::create(want);
        input["Tags"] = json!(tags::marked::<Json>(want, token));
        aws.write.api.call(&SHIELD, "CreateProtectionGroup", input).await?;
        Ok(want.string("protection_group_id").unwrap_or_default())
    }

    /// UpdateProtectionGroup wants all of a group.
    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        shield::retag(aws, change.before.str("protection_group_arn"), change).await?;
        if change.take_any(&WHOLE) {
            let mut input = Rows::create(change.after);
            input["ProtectionGroupId"] = id.into();
            aws.write.api.call(&SHIELD, "UpdateProtectionGroup", input).await?;
        }
        Ok(())
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        done(aws.write.api.call(&SHIELD, "DeleteProtectionGroup", json!({"ProtectionGroupId": id})).await)
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
