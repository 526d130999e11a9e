//! aws_vpc_security_group_rules_exclusive and aws_vpc_security_group_vpc_association: that a group has no other rules, and a
//! further VPC that it serves in.

use super::permissions::groups;
use crate::resources::prelude::*;
use aws_sdk_ec2::types::{SecurityGroupVpcAssociation as Association, SecurityGroupVpcAssociationState as State};

/// The resource type `aws_vpc_security_group_rules_exclusive`.
pub struct AwsVpcSecurityGroupRulesExclusive;
/// The resource type `aws_vpc_security_group_vpc_association`.
pub struct AwsVpcSecurityGroupVpcAssociation;

const GROUP: &str = "security_group_id";
const INGRESS: &str = "ingress_rule_ids";
const EGRESS: &str = "egress_rule_ids";

/// A group with the ids of its rules.
pub struct Rules {
    group: String,
    ingress: Vec<String>,
    egress: Vec<String>,
}

impl Resource for AwsVpcSecurityGroupRulesExclusive {
    type Live = Rules;

    fn spec() -> Spec<Rules> {
        let rows = vec![
            A::string_set(EGRESS).required().read(|r: &Rules| Value::string_set(&r.egress)),
            A::string_set(INGRESS).required().read(|r| Value::string_set(&r.ingress)),
            A::string(GROUP).required().force_new().read(|r| (&r.group).into()),
        ];
        Spec::new("aws_vpc_security_group_rules_exclusive", |r: &Rules| Some(r.group.clone()), rows)
            .role(Role::FilterRule(role::FilterRule { filter: Some(GROUP), unjudged: Unjudged::All("rules") }))
            .unique(&[&[GROUP]])
            .recover(Recover::Key)
            .id_from(|attrs| attrs.string(GROUP))
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Rules>> {
        let ids = which.by(GROUP);
        let found = groups(aws, filtered("group-id", &ids)).await?;
        let rules = listed!(aws, describe_security_group_rules, filtered("group-id", &ids)).await?;
        let of = |group: &str, egress: bool| {
            let own = rules.iter().filter(|r| r.group_id() == Some(group) && r.is_egress() == Some(egress));
            own.filter_map(|r| r.security_group_rule_id().map(Into::into)).collect()
        };
        let ids = found.iter().filter_map(|g| g.group_id());
        Ok(ids.map(|id| Rules { group: id.to_owned(), ingress: of(id, false), egress: of(id, true) }).collect())
    }

    /// Nothing is made: what the group has beyond is taken away afterwards.
    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let id = want.string(GROUP).unwrap_or_default();
        settle::now::<Self>(aws, &id).await?;
        Ok(id)
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        let now = settle::now::<Self>(aws, id).await?;
        let mut strangers = |name: &str, held: &[String]| -> Result<Option<Vec<String>>> {
            if change.take(name).is_none() {
                return Ok(None);
            }
            let wanted = change.after.strings(name);
            match wanted.iter().find(|rule| !held.contains(rule)) {
                Some(missing) => Err(Error::not_found(format!("the group {id} has no rule {missing}"))),
                None => Ok(some(held.iter().filter(|rule| !wanted.contains(rule)).cloned().collect())),
            }
        };
        let (ingress, egress) = (strangers(INGRESS, &now.ingress)?, strangers(EGRESS, &now.egress)?);
        if ingress.is_some() {
            let call = aws.write.ec2.revoke_security_group_ingress().group_id(id);
            call.set_security_group_rule_ids(ingress).send().await?;
        }
        if egress.is_some() {
            let call = aws.write.ec2.revoke_security_group_egress().group_id(id);
            call.set_security_group_rule_ids(egress).send().await?;
        }
        Ok(())
    }

    /// The rules stay.
    async fn delete(_aws: &Aws, _id: &str, _last: &Attrs) -> Result<()> {
        Ok(())
    }
}

static KEY: Composite = Composite::new(&[GROUP, "vpc_id"], ",");

table! {
    OfAssociation: Association {
        security_group_id = group_id: Text, read [.required().force_new()];
        vpc_id: Text, read [.required().force_new()];
        state: EnumCell, read [.computed()];
    }
}

impl Resource for AwsVpcSecurityGroupVpcAssociation {
    type Live = Association;

    fn spec() -> Spec<Association> {
        Spec::composite("aws_vpc_security_group_vpc_association", &KEY, OfAssociation::rows::<Association>())
            .role(Role::FilterRule(role::FilterRule { filter: Some(GROUP), unjudged: Unjudged::All("rules") }))
            .wait_for_deletion()
            .progress(|a| match a.state() {
                Some(State::Associated) | None => Progress::Ready,
                Some(State::Disassociated) => Progress::Gone,
                Some(failed @ (State::AssociationFailed | State::DisassociationFailed)) => {
                    Progress::Failed(a.state_reason().unwrap_or(failed.as_str()).into())
                }
                Some(other) => Progress::Pending(other.as_str().into()),
            })
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Association>> {
        let filters = filtered("group-id", &which.parts(&KEY, GROUP));
        listed!(aws, describe_security_group_vpc_associations, filters).await
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let call = aws.write.ec2.associate_security_group_vpc().set_group_id(want.string(GROUP));
        call.set_vpc_id(want.string("vpc_id")).send().await?;
        made(KEY.id(want).as_deref())
    }

    async fn delete(aws: &Aws, _id: &str, last: &Attrs) -> Result<()> {
        let call = aws.write.ec2.disassociate_security_group_vpc().set_group_id(last.string(GROUP));
        settle::unless_gone(call.set_vpc_id(last.string("vpc_id")).send().await)
    }
}
