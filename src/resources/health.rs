//! Whether what was made serves: what target groups say of their targets and EC2 of its instances. Read
//! for a rollout that waits for it; one call for all that is asked of one group, or of EC2.

use crate::aws::api::{items, member, member_text};
use crate::aws::{Aws, Result, filtered};
use crate::resources::compute::scaling::{MEMBERS, list, target_groups, wanted_members};
use crate::resources::elb::{port_of, target_group_attachment};
use crate::schema::Attrs;
use aws_sdk_ec2::types::{InstanceStatus, SummaryStatus};
use serde_json::{Value as Json, json};

/// What a target group says of one target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The id of the target.
    pub id: String,
    /// The port it is reached at.
    pub port: Option<i32>,
    /// AWS's word: `initial`, `healthy`, `unhealthy`, `unused`, `draining`, `unavailable`.
    pub state: String,
    /// Why, in AWS's words; empty for a healthy one.
    pub reason: String,
}

impl Target {
    /// Whether it is not in service though it should be: its checks fail, or it is stopped.
    pub fn is_sick(&self) -> bool {
        self.state.starts_with("unhealthy") || self.reason.starts_with("Target.InvalidState")
    }

    /// Whether it is deregistered and still gets the requests that are under way.
    pub fn is_draining(&self) -> bool {
        self.state == "draining"
    }
}

/// A target in a target group.
#[derive(Debug, Clone)]
pub struct Registration {
    aws: Aws,
    group: String,
    /// The id of the target.
    pub id: String,
    port: Option<i32>,
}

impl Registration {
    /// The one that an aws_lb_target_group_attachment with these attributes makes.
    pub fn of(aws: Aws, attachment: &Attrs) -> Option<Self> {
        let (group, id) = (attachment.string("target_group_arn")?, attachment.string("target_id")?);
        Some(Registration { aws, group, id, port: attachment.int("port") })
    }

    /// What the group says of it; nothing when it does not list it.
    pub async fn read(&self) -> Result<Option<Target>> {
        let meets = |t: &Target| t.id == self.id && (self.port.is_none() || t.port == self.port);
        Ok(targets(&self.aws, &self.group).await?.into_iter().find(meets))
    }

    /// Whether the group calls it healthy; otherwise what it says.
    pub async fn healthy(&self) -> Result<std::result::Result<(), String>> {
        Ok(match self.read().await? {
            Some(target) if target.state == "healthy" => Ok(()),
            Some(target) if target.reason.is_empty() => Err(format!("it is {} in {}", target.state, self.group)),
            Some(target) => Err(format!("it is {} in {} ({})", target.state, self.group, target.reason)),
            None => Err(format!("it is not registered in {}", self.group)),
        })
    }
}

/// All targets of a group.
pub async fn targets(aws: &Aws, group: &str) -> Result<Vec<Target>> {
    let target = |t: &Json| {
        let (target, health) = (member(t, "Target")?, member(t, "TargetHealth")?);
        let reason = ["Reason", "Description"].map(|name| member_text(health, name));
        Some(Target {
            id: member_text(target, "Id").unwrap_or_default(),
            port: port_of(target),
            state: member_text(health, "State").unwrap_or_default(),
            reason: reason.into_iter().flatten().collect::<Vec<_>>().join(": "),
        })
    };
    Ok(target_group_attachment::health(aws, group).await?.iter().filter_map(target).collect())
}

/// Whether both status checks of an instance pass; otherwise what they say.
pub async fn status(aws: &Aws, id: &str) -> Result<std::result::Result<(), String>> {
    let seen: Vec<InstanceStatus> = aws
        .pages(filtered("instance-id", &[id.to_owned()]), |f| {
            let call = aws.read.ec2.describe_instance_status().include_all_instances(true);
            call.set_filters(Some(f)).into_paginator().items().send()
        })
        .await?;
    let Some(seen) = seen.first() else { return Ok(Err("it does not appear".into())) };
    let both = [seen.instance_status(), seen.system_status()].map(|s| s.and_then(|s| s.status()));
    if both.iter().all(|s| *s == Some(&SummaryStatus::Ok)) {
        return Ok(Ok(()));
    }
    let words = both.map(|s| s.map_or("unknown", SummaryStatus::as_str));
    Ok(Err(format!("its instance check is {}, its system check {}", words[0], words[1])))
}

/// Whether a scaling group has as many members as it shall have, all of them healthy in each of its target groups;
/// otherwise what it lacks.
pub async fn scaling(aws: &Aws, name: &str) -> Result<std::result::Result<(), String>> {
    let input = json!({"AutoScalingGroupNames": {"member": [name]}});
    let found = list(aws, "DescribeAutoScalingGroups", input, "AutoScalingGroups.member").await?;
    let Some(group) = found.first() else { return Ok(Err("it does not appear".into())) };
    let mut members = items(group, MEMBERS);
    members.retain(|i| i["LifecycleState"] == "InService");
    let wanted = wanted_members(group);
    if members.len() < wanted {
        return Ok(Err(format!("{} of {wanted} members are in service", members.len())));
    }
    for arn in target_groups(group) {
        let healthy = targets(aws, &arn).await?;
        let is_member = |t: &Target| members.iter().any(|i| i["InstanceId"] == *t.id);
        let healthy = healthy.iter().filter(|t| t.state == "healthy" && is_member(t)).count();
        if healthy < wanted {
            return Ok(Err(format!("{healthy} of {wanted} members are healthy in {arn}")));
        }
    }
    Ok(Ok(()))
}
