//! aws_autoscaling_schedule: gives a scaling group another size at a time. In the layout -1 leaves a size as it is, and what is
//! left out is 0, as in Terraform's provider.

use crate::resources::block::TimestampCell;
use crate::resources::prelude::*;
use aws_sdk_autoscaling::operation::put_scheduled_update_group_action::builders::PutScheduledUpdateGroupActionFluentBuilder;
use aws_sdk_autoscaling::types::ScheduledUpdateGroupAction;

/// The resource type `aws_autoscaling_schedule`.
pub struct AwsAutoscalingSchedule;

static KEY: Composite = Composite::new(&["autoscaling_group_name", "scheduled_action_name"], "/");

/// A size; -1 is none.
struct Size;

impl Cell for Size {
    fn column<L>(name: &'static str) -> A<L> {
        A::number(name).initial(0)
    }
}
impl Get<Option<i32>> for Size {
    fn get(from: Option<i32>) -> Value {
        from.unwrap_or(-1).into()
    }
}
impl Put<Option<i32>> for Size {
    fn put(from: &Attrs, name: &str) -> Option<i32> {
        from.int(name).filter(|size| *size >= 0)
    }
}

table! {
    Rows: ScheduledUpdateGroupAction, create PutScheduledUpdateGroupActionFluentBuilder {
        autoscaling_group_name = auto_scaling_group_name: Text [.required().force_new()];
        desired_capacity: Size;
        end_time: TimestampCell [.optional_computed()];
        max_size: Size;
        min_size: Size;
        recurrence: Text [.optional_computed()];
        scheduled_action_name: Text [.required().force_new()];
        start_time: TimestampCell [.optional_computed()];
        time_zone: Text [.optional_computed()];
        arn = scheduled_action_arn: Text, read [.computed()];
    }
}

async fn put(aws: &Aws, want: &Attrs) -> Result<()> {
    done(Rows::create(aws.write.autoscaling.put_scheduled_update_group_action(), want).send().await)
}

impl Resource for AwsAutoscalingSchedule {
    type Live = ScheduledUpdateGroupAction;

    fn spec() -> Spec<ScheduledUpdateGroupAction> {
        Spec::composite("aws_autoscaling_schedule", &KEY, Rows::rows())
            .role(Role::Settings(Unjudged::All("sizes at other times")))
    }

    /// Each group is asked once, however many of its actions are meant.
    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<ScheduledUpdateGroupAction>> {
        let found = each(which.parts(&KEY, "autoscaling_group_name"), |group| async move {
            let call = aws.read.autoscaling.describe_scheduled_actions().auto_scaling_group_name(group);
            all_of(call.into_paginator().items().send()).await
        });
        Ok(found.await?.into_iter().flatten().collect())
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        put(aws, want).await?;
        made(KEY.id(want).as_deref())
    }

    async fn update(aws: &Aws, _id: &str, change: &mut Change<'_>) -> Result<()> {
        if change.take_all() { put(aws, change.after).await } else { Ok(()) }
    }

    async fn delete(aws: &Aws, _id: &str, last: &Attrs) -> Result<()> {
        let call = aws.write.autoscaling.delete_scheduled_action();
        let call = call.set_auto_scaling_group_name(last.string("autoscaling_group_name"));
        let answer = call.set_scheduled_action_name(last.string("scheduled_action_name")).send().await;
        match answer.map_err(Error::from) {
            Err(e) if e.is_not_found() || e.message.contains("not found") => Ok(()),
            answer => answer.map(drop),
        }
    }
}
