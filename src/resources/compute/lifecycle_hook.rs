//! aws_autoscaling_lifecycle_hook: holds up the instances of a scaling group that come or go until somebody lets them on.

use super::autoscaling_group::unless_gone;
use crate::resources::prelude::*;
use aws_sdk_autoscaling::operation::put_lifecycle_hook::builders::PutLifecycleHookFluentBuilder as PutHook;
use aws_sdk_autoscaling::types::LifecycleHook;

/// The resource type `aws_autoscaling_lifecycle_hook`.
pub struct AwsAutoscalingLifecycleHook;

const GROUP: &str = "autoscaling_group_name";
static HOOK: Composite = Composite::new(&[GROUP, "name"], "/");

table! {
    OfHook: LifecycleHook, create PutHook {
        autoscaling_group_name = auto_scaling_group_name: Text [.required().force_new()];
        name = lifecycle_hook_name: Text [.required().force_new()];
        default_result: Text [.optional_computed().check(|v| checks::one_of(v, &["ABANDON", "CONTINUE"]))];
        heartbeat_timeout: Int [.stays()];
        lifecycle_transition: Text [.required().check(transition)];
        notification_metadata: Text;
        notification_target_arn: Text;
        role_arn: Text;
    }
}

fn transition(value: &Value) -> Result<(), String> {
    checks::one_of(value, &["autoscaling:EC2_INSTANCE_LAUNCHING", "autoscaling:EC2_INSTANCE_TERMINATING"])
}

async fn put_hook(aws: &Aws, want: &Attrs) -> Result<()> {
    done(OfHook::create(aws.write.autoscaling.put_lifecycle_hook(), want).send().await)
}

impl Resource for AwsAutoscalingLifecycleHook {
    type Live = LifecycleHook;

    fn spec() -> Spec<LifecycleHook> {
        Spec::composite("aws_autoscaling_lifecycle_hook", &HOOK, OfHook::rows())
            .role(Role::NotServing("it holds up members that come or go, none that serves"))
    }

    /// One call for each group; a group that is gone has none.
    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<LifecycleHook>> {
        let of_group = |group| async move {
            let call = aws.read.autoscaling.describe_lifecycle_hooks().auto_scaling_group_name(group);
            match call.send().await.map_err(Error::from) {
                Err(e) if e.is("ValidationError") => Ok(Vec::new()),
                answer => Ok(answer?.lifecycle_hooks.unwrap_or_default()),
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
        let call = aws.write.autoscaling.delete_lifecycle_hook().set_auto_scaling_group_name(last.string(GROUP));
        unless_gone(call.set_lifecycle_hook_name(last.string("name")).send().await)
    }
}
