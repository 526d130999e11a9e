//! aws_autoscaling_lifecycle_hook: holds up the instances of a scaling group that come or go until somebody lets them on.

use super::autoscaling_group::unless_gone;
use super::scaling::call;
use crate::aws::api::items;
use crate::aws::api::services::AUTOSCALING;
use crate::resources::document::{Document, document};
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};

/// The resource type `aws_autoscaling_lifecycle_hook`.
pub struct AwsAutoscalingLifecycleHook;

const GROUP: &str = "autoscaling_group_name";
static HOOK: Composite = Composite::new(&[GROUP, "name"], "/");

document! {
    OfHook {
        autoscaling_group_name = "AutoScalingGroupName": Text [.required().force_new()];
        name = "LifecycleHookName": Text [.required().force_new()];
        default_result = "DefaultResult": Text
            [.optional_computed().check(|v| checks::one_of(v, &["ABANDON", "CONTINUE"]))];
        heartbeat_timeout = "HeartbeatTimeout": Int [.stays()];
        lifecycle_transition = "LifecycleTransition": Text [.required().check(transition)];
        notification_metadata = "NotificationMetadata": Text;
        notification_target_arn = "NotificationTargetARN": Text;
        role_arn = "RoleARN": Text;
    }
}

fn transition(value: &Value) -> Result<(), String> {
    checks::one_of(value, &["autoscaling:EC2_INSTANCE_LAUNCHING", "autoscaling:EC2_INSTANCE_TERMINATING"])
}

async fn put_hook(aws: &Aws, want: &Attrs) -> Result<()> {
    done(call(aws, "PutLifecycleHook", OfHook::create(want)).await)
}

impl Resource for AwsAutoscalingLifecycleHook {
    type Live = Json;

    fn spec() -> Spec<Json> {
        Spec::composite("aws_autoscaling_lifecycle_hook", &HOOK, OfHook::rows())
            .role(Role::NotServing("it holds up members that come or go, none that serves"))
    }

    /// One call for each group; a group that is gone has none.
    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Json>> {
        let of_group = |group| async move {
            let input = json!({"AutoScalingGroupName": group});
            match aws.read.api.call(&AUTOSCALING, "DescribeLifecycleHooks", input).await {
                Err(e) if e.is("ValidationError") => Ok(Vec::new()),
                answer => Ok(items(&answer?, "LifecycleHooks.member")),
            }
        };
        Ok(each(which.parts(&HOOK, GROUP), of_group).await?.into_iter().flatten().collect())
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        put_hook(aws, want).await?;
        made(HOOK.id(want).as_deref())
    }

    async fn update(aws: &Aws, _id: &str, change: &mut Change<'_>) -> Result<()> {
        if change.take_all() { put_hook(aws, change.after).await } else { Ok(()) }
    }

    async fn delete(aws: &Aws, _id: &str, last: &Attrs) -> Result<()> {
        let input = json!({"AutoScalingGroupName": last.str(GROUP), "LifecycleHookName": last.str("name")});
        unless_gone(call(aws, "DeleteLifecycleHook", input).await)
    }
}
