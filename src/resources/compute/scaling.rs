//! The calls of EC2 Auto Scaling, and what its answers say of a group.

use crate::aws::api::services::AUTOSCALING;
use crate::aws::api::{Pages, items, member, member_text};
use crate::aws::{Aws, Result};
use crate::resources::plain::joined;
use serde_json::{Value as Json, json};

/// Where a group has its members.
pub const MEMBERS: &str = "Instances.member";

/// A call that changes something.
pub async fn call(aws: &Aws, operation: &'static str, input: Json) -> Result<Json> {
    aws.write.api.call(&AUTOSCALING, operation, input).await
}

/// A call that changes something of a group.
pub async fn on(aws: &Aws, operation: &'static str, group: &str, more: Json) -> Result<Json> {
    call(aws, operation, joined(json!({"AutoScalingGroupName": group}), more)).await
}

/// All that a listing gives at a path of its pages.
pub async fn list(aws: &Aws, operation: &'static str, input: Json, path: &str) -> Result<Vec<Json>> {
    aws.read.api.list(&AUTOSCALING, operation, input, Pages("NextToken", "NextToken"), path).await
}

/// How many members a group is to have. With weights a member may count for several; then one member is the most that can
/// be asked for.
pub fn wanted_members(group: &Json) -> usize {
    let weighted = ["MixedInstancesPolicy", "DesiredCapacityType"].iter().any(|name| member(group, name).is_some());
    let desired = member_text(group, "DesiredCapacity").and_then(|n| n.parse().ok()).unwrap_or(0);
    if weighted { desired.min(1) } else { desired }
}

/// The target groups of a group.
pub fn target_groups(group: &Json) -> Vec<String> {
    items(group, "TargetGroupARNs.member").iter().filter_map(|arn| arn.as_str().map(str::to_owned)).collect()
}
