//! aws_cloudwatch_composite_alarm: an alarm that follows from others. PutCompositeAlarm makes one and changes it, and would
//! take over another's without a word.

use crate::resources::prelude::*;
use aws_sdk_cloudwatch::operation::put_composite_alarm::builders::PutCompositeAlarmFluentBuilder as Put;
use aws_sdk_cloudwatch::types::{AlarmType, CompositeAlarm, Tag};

/// An alarm with its tags.
type Alarm = tags::Tagged<CompositeAlarm, Tag>;

/// The resource type `aws_cloudwatch_composite_alarm`.
pub struct AwsCloudwatchCompositeAlarm;

/// How many names one call takes (CloudWatch API: DescribeAlarms).
const NAMES_PER_CALL: usize = 100;

table! {
    /// The block `actions_suppressor`.
    Suppressor: CompositeAlarm, create Put {
        alarm = actions_suppressor: Text [.required()];
        extension_period = actions_suppressor_extension_period: Int [.required()];
        wait_period = actions_suppressor_wait_period: Int [.required()];
    }
}

/// What keeps an alarm from acting: at most one.
struct Suppressed;

impl Cell for Suppressed {
    fn column<L>(name: &'static str) -> A<L> {
        let rows = Suppressor::rows::<CompositeAlarm>().into_iter().map(|a| a.row).collect();
        A::optional_block(name, rows)
    }
}

fn suppressor(alarm: &CompositeAlarm) -> Value {
    if alarm.actions_suppressor().is_none_or(str::is_empty) {
        return Value::any_null();
    }
    Value::object(Suppressor::rows::<CompositeAlarm>().into_iter().filter_map(|a| Some((a.row.name, (a.read?)(alarm)))))
}

table! {
    Rows: CompositeAlarm, create Put {
        actions_enabled: Flag [.default(true).force_new()];
        actions_suppressor: Suppressed, none [.read(|a| suppressor(a.held()))];
        alarm_actions: Texts;
        alarm_description: Text;
        alarm_name: Text [.required().force_new()];
        alarm_rule: Text [.required()];
        insufficient_data_actions: Texts;
        ok_actions: Texts;
        arn = alarm_arn: Text, read [.computed()];
    }
}

/// All arguments but the tags: what is left out of a put is gone.
fn put(aws: &Aws, want: &Attrs) -> Put {
    let call = Rows::create(aws.write.cloudwatch.put_composite_alarm(), want);
    match want.blocks("actions_suppressor").first() {
        Some(block) => Suppressor::create(call, block),
        None => call,
    }
}

impl Resource for AwsCloudwatchCompositeAlarm {
    type Live = Alarm;

    fn spec() -> Spec<Alarm> {
        Spec::new("aws_cloudwatch_composite_alarm", |a: &Alarm| a.alarm_name().map(Into::into), Rows::rows())
            .role(Role::NotServing("it says how services are"))
            .own_tags(|a| tags::of(&a.tags))
            .unique(&[&["alarm_name"]])
            .recover(Recover::Key)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Alarm>> {
        let mut found = Vec::new();
        for names in which.by("alarm_name").chunks(NAMES_PER_CALL) {
            let call = aws.read.cloudwatch.describe_alarms().alarm_types(AlarmType::CompositeAlarm);
            let pages = all_of(call.set_alarm_names(Some(names.to_vec())).into_paginator().send()).await?;
            found.extend(pages.into_iter().flat_map(|page| page.composite_alarms.unwrap_or_default()));
        }
        each(found, |object| async move {
            let call = aws.read.cloudwatch.list_tags_for_resource();
            let answer = call.set_resource_arn(object.alarm_arn().map(Into::into)).send().await?;
            Ok(Alarm { object, tags: answer.tags.unwrap_or_default() })
        })
        .await
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let name = want.string("alarm_name").unwrap_or_default();
        if !Self::describe(aws, Which::Ids(std::slice::from_ref(&name))).await?.is_empty() {
            let message = format!("an alarm {name:?} exists already; import it, or choose another name");
            return Err(Error::new(Kind::Exists, message));
        }
        put(aws, want).set_tags(tags::wanted(want)).send().await?;
        Ok(name)
    }

    async fn update(aws: &Aws, _id: &str, change: &mut Change<'_>) -> Result<()> {
        let cloudwatch = &aws.write.cloudwatch;
        let arn = change.before.str("arn").unwrap_or_default();
        tags::change_by!(change, cloudwatch, tag_resource untag_resource, resource_arn arn)?;
        if change.take_all() { done(put(aws, change.after).send().await) } else { Ok(()) }
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        done(aws.write.cloudwatch.delete_alarms().alarm_names(id).send().await)
    }
}
