//! aws_autoscaling_schedule: gives a scaling group another size at a time. In the layout -1 leaves a size as it is, and what is
//! left out is 0, as in Terraform's provider.

use super::scaling::{call, list};
use crate::resources::document::{Document, Member, MomentText, at, document};
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};

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
impl Member for Size {
    fn get(object: &Json, path: &str) -> Value {
        Some(at::<Int>(object, path)).filter(|size| !size.is_null()).unwrap_or_else(|| (-1).into())
    }
    fn put(want: &Attrs, name: &str) -> Option<Json> {
        want.int(name).filter(|size| *size >= 0).map(Json::from)
    }
}

document! {
    Rows {
        autoscaling_group_name = "AutoScalingGroupName": Text [.required().force_new()];
        desired_capacity = "DesiredCapacity": Size;
        end_time = "EndTime": MomentText [.optional_computed()];
        max_size = "MaxSize": Size;
        min_size = "MinSize": Size;
        recurrence = "Recurrence": Text [.optional_computed()];
        scheduled_action_name = "ScheduledActionName": Text [.required().force_new()];
        start_time = "StartTime": MomentText [.optional_computed()];
        time_zone = "TimeZone": Text [.optional_computed()];
        arn = "ScheduledActionARN": Text, read [.computed()];
    }
}

async fn put(aws: &Aws, want: &Attrs) -> Result<()> {
    done(call(aws, "PutScheduledUpdateGroupAction", Rows::create(want)).await)
}

impl Resource for AwsAutoscalingSchedule {
    type Live = Json;

    fn spec() -> Spec<Json> {
        Spec::composite("aws_autoscaling_schedule", &KEY, Rows::rows())
            .role(Role::Settings(Unjudged::All("sizes at other times")))
    }

    /// Each group is asked once, however many of its actions are meant.
    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Json>> {
        let found = each(which.parts(&KEY, "autoscaling_group_name"), |group| async move {
            let input = json!({"AutoScalingGroupName": group});
            list(aws, "DescribeScheduledActions", input, "ScheduledUpdateGroupActions.member").await
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
        let (group, name) = (last.str("autoscaling_group_name"), last.str("scheduled_action_name"));
        let input = json!({"AutoScalingGroupName": group, "ScheduledActionName": name});
        match call(aws, "DeleteScheduledAction", input).await {
            Err(e) if e.is_not_found() || e.message.contains("not found") => Ok(()),
            answer => answer.map(drop),
        }
    }
}
