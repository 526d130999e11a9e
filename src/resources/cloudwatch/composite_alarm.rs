//! aws_cloudwatch_composite_alarm: an alarm that follows from others. PutCompositeAlarm makes one and changes it, and would
//! take over another's without a word.

use super::metric_alarm::{Alarm, listed};
use crate::aws::api::member_text;
use crate::aws::api::services::CLOUDWATCH;
use crate::resources::document::{Document, One, document};
use crate::resources::plain::joined;
use crate::resources::prelude::*;
use crate::resources::row::read_object;
use serde_json::{Value as Json, json};

/// The resource type `aws_cloudwatch_composite_alarm`.
pub struct AwsCloudwatchCompositeAlarm;

document! {
    /// The block `actions_suppressor`: what keeps an alarm from acting.
    Suppressor {
        alarm = "ActionsSuppressor": Text [.required()];
        extension_period = "ActionsSuppressorExtensionPeriod": Int [.required()];
        wait_period = "ActionsSuppressorWaitPeriod": Int [.required()];
    }
}

fn suppressor(alarm: &Json) -> Value {
    match member_text(alarm, "ActionsSuppressor").filter(|name| !name.is_empty()) {
        Some(_) => read_object(Suppressor::rows::<Json>(), alarm),
        None => Value::any_null(),
    }
}

document! {
    Rows {
        actions_enabled = "ActionsEnabled": Flag [.default(true).force_new()];
        actions_suppressor = "": One<Suppressor>, none [.read(|a| suppressor(a.held()))];
        alarm_actions = "AlarmActions": Texts;
        alarm_description = "AlarmDescription": Text;
        alarm_name = "AlarmName": Text [.required().force_new()];
        alarm_rule = "AlarmRule": Text [.required()];
        insufficient_data_actions = "InsufficientDataActions": Texts;
        ok_actions = "OKActions": Texts;
        arn = "AlarmArn": Text, read [.computed()];
    }
}

/// The members of PutCompositeAlarm but the tags: what is left out of a put is gone.
fn put(want: &Attrs) -> Json {
    let input = Rows::create(want);
    match want.blocks("actions_suppressor").first() {
        Some(block) => joined(input, Suppressor::create(block)),
        None => input,
    }
}

impl Resource for AwsCloudwatchCompositeAlarm {
    type Live = Alarm;

    fn spec() -> Spec<Alarm> {
        Spec::new("aws_cloudwatch_composite_alarm", |a: &Alarm| member_text(a, "AlarmName"), Rows::rows())
            .role(Role::NotServing("it says how services are"))
            .own_tags(|a| tags::of(&a.tags))
            .unique(&[&["alarm_name"]])
            .recover(Recover::Key)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Alarm>> {
        listed(aws, &which.by("alarm_name"), "CompositeAlarm").await
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let name = want.string("alarm_name").unwrap_or_default();
        if !Self::describe(aws, Which::Ids(std::slice::from_ref(&name))).await?.is_empty() {
            let message = format!("an alarm {name:?} exists already; import it, or choose another name");
            return Err(Error::new(Kind::Exists, message));
        }
        let mut input = put(want);
        input["Tags"] = json!(tags::wanted::<Json>(want));
        aws.write.api.call(&CLOUDWATCH, "PutCompositeAlarm", input).await?;
        Ok(name)
    }

    async fn update(aws: &Aws, _id: &str, change: &mut Change<'_>) -> Result<()> {
        let arn = change.before.str("arn").unwrap_or_default();
        tags::change_at(aws, &CLOUDWATCH, json!({"ResourceARN": arn}), change).await?;
        if !change.take_all() {
            return Ok(());
        }
        done(aws.write.api.call(&CLOUDWATCH, "PutCompositeAlarm", put(change.after)).await)
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        done(aws.write.api.call(&CLOUDWATCH, "DeleteAlarms", json!({"AlarmNames": [id]})).await)
    }
}
