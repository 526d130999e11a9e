//! aws_autoscaling_attachment: one target group or load balancer of a group, where the group's own
//! arguments leave them to others.

use super::autoscaling_group::{by_name, unless_gone};
use super::scaling::on;
use crate::aws::api::items;
use crate::resources::prelude::*;
use crate::resources::spec;
use serde_json::{Value as Json, json};

type A = spec::A<Attachment>;

/// The resource type `aws_autoscaling_attachment`.
pub struct AwsAutoscalingAttachment;

/// One attachment, as its group lists it.
pub struct Attachment {
    group: String,
    /// What is attached: the ARN of a target group, or the name of a load balancer.
    target: String,
}

/// An ARN has a colon, which no name of a load balancer may have.
fn is_arn(target: &str) -> bool {
    target.contains(':')
}

fn id(group: &str, target: &str) -> String {
    format!("{group}|{target}")
}

fn parse(text: &str) -> Option<Vec<(&'static str, Value)>> {
    let (group, target) = text.split_once('|')?;
    let argument = if is_arn(target) { "lb_target_group_arn" } else { "elb" };
    Some(vec![("autoscaling_group_name", group.into()), (argument, target.into())])
}

fn target(want: &Attrs) -> Option<String> {
    text(want, "lb_target_group_arn").or_else(|| text(want, "elb"))
}

/// A target as the one in a list.
fn listed(target: &str) -> Json {
    let list = if is_arn(target) { "TargetGroupARNs" } else { "LoadBalancerNames" };
    json!({list: {"member": [target]}})
}

impl Resource for AwsAutoscalingAttachment {
    type Live = Attachment;

    fn spec() -> Spec<Attachment> {
        let fixed = |name| A::string(name).force_new();
        let rows = vec![
            fixed("autoscaling_group_name").required().read(|a| (&a.group).into()),
            fixed("elb").read(|a| Some(&a.target).filter(|target| !is_arn(target)).into()),
            fixed("lb_target_group_arn").read(|a| Some(&a.target).filter(|target| is_arn(target)).into()),
        ];
        Spec::new("aws_autoscaling_attachment", |a| Some(id(&a.group, &a.target)), rows)
            .role(Role::GroupAttachment(role::Attachment {
                group: "lb_target_group_arn",
                member: "autoscaling_group_name",
                port: None,
            }))
            .holds_again(crate::resources::holds::scaling_attachment)
            .unique(&[&["autoscaling_group_name", "lb_target_group_arn"]])
            .recover(Recover::Key)
            .import("GROUP|TARGET", parse)
            .id_from(|attrs| Some(id(attrs.str("autoscaling_group_name")?, &target(attrs)?)))
            .exactly_one(&[&["elb", "lb_target_group_arn"]])
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Attachment>> {
        let wanted: Vec<(String, String)> = match which {
            Which::Ids(ids) => {
                ids.iter().filter_map(|id| id.split_once('|')).map(|(g, t)| (g.to_owned(), t.to_owned())).collect()
            }
            Which::NaturalKey(want) => want.string("autoscaling_group_name").zip(target(want)).into_iter().collect(),
            Which::Token(_) => Vec::new(),
        };
        let mut names: Vec<String> = wanted.iter().map(|(group, _)| group.clone()).collect();
        names.sort();
        names.dedup();
        let groups = by_name(aws, &names).await?;
        let held = |(group, target): &(String, String)| {
            groups.iter().filter(|g| g["AutoScalingGroupName"] == **group).any(|g| {
                let lists = ["TargetGroupARNs.member", "LoadBalancerNames.member"];
                lists.iter().any(|list| items(g, list).iter().any(|held| held == target))
            })
        };
        Ok(wanted.into_iter().filter(held).map(|(group, target)| Attachment { group, target }).collect())
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let group = want.string("autoscaling_group_name").unwrap_or_default();
        let target = target(want).unwrap_or_default();
        let operation = if is_arn(&target) { "AttachLoadBalancerTargetGroups" } else { "AttachLoadBalancers" };
        on(aws, operation, &group, listed(&target)).await?;
        Ok(id(&group, &target))
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        let Some((group, target)) = id.split_once('|') else {
            return Err(Error::not_found(format!("{id} names no group and no target")));
        };
        let operation = if is_arn(target) { "DetachLoadBalancerTargetGroups" } else { "DetachLoadBalancers" };
        unless_gone(on(aws, operation, group, listed(target)).await)
    }
}
