//! aws_autoscaling_notification: which topic hears of what happens in scaling groups.

use super::autoscaling_group::unless_gone;
use super::scaling::{list, on};
use crate::aws::api::member_text;
use crate::resources::prelude::*;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

/// The resource type `aws_autoscaling_notification`.
pub struct AwsAutoscalingNotification;

/// What a topic hears of.
pub struct Heard {
    topic: String,
    groups: BTreeSet<String>,
    events: BTreeSet<String>,
}

const TOPIC: &str = "topic_arn";
const GROUPS: &str = "group_names";
const EVENTS: &str = "notifications";

async fn put(aws: &Aws, of: &Attrs, groups: &[String]) -> Result<()> {
    for group in groups {
        let input = json!({"TopicARN": of.str(TOPIC), "NotificationTypes": {"member": of.strings(EVENTS)}});
        on(aws, "PutNotificationConfiguration", group, input).await?;
    }
    Ok(())
}

async fn take(aws: &Aws, topic: &str, groups: Vec<String>) -> Result<()> {
    for group in groups {
        unless_gone(on(aws, "DeleteNotificationConfiguration", &group, json!({"TopicARN": topic})).await)?;
    }
    Ok(())
}

impl Resource for AwsAutoscalingNotification {
    type Live = Heard;

    fn spec() -> Spec<Heard> {
        let rows = vec![
            A::string_set(GROUPS).required().read(|h: &Heard| Value::string_set(&h.groups)),
            A::string_set(EVENTS).required().read(|h| Value::string_set(&h.events)),
            A::string(TOPIC).required().force_new().read(|h| (&h.topic).into()),
        ];
        Spec::new("aws_autoscaling_notification", |h: &Heard| Some(h.topic.clone()), rows)
            .role(Role::NotServing("it reports events"))
            .unique(&[&[TOPIC]])
            .recover(Recover::Key)
    }

    /// AWS lists the events that each group reports, and to which topic.
    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Heard>> {
        let wanted = which.by(TOPIC);
        if wanted.is_empty() {
            return Ok(Vec::new());
        }
        let path = "NotificationConfigurations.member";
        let all = list(aws, "DescribeNotificationConfigurations", json!({}), path).await?;
        let mut by_topic: BTreeMap<String, Heard> = BTreeMap::new();
        for one in all {
            let names = ["TopicARN", "AutoScalingGroupName", "NotificationType"];
            let [Some(topic), Some(group), Some(event)] = names.map(|name| member_text(&one, name)) else { continue };
            let new = || Heard { topic: topic.clone(), groups: BTreeSet::new(), events: BTreeSet::new() };
            let heard = by_topic.entry(topic.clone()).or_insert_with(new);
            heard.groups.insert(group);
            heard.events.insert(event);
        }
        Ok(by_topic.into_values().filter(|heard| wanted.contains(&heard.topic)).collect())
    }

    /// The first group; the others follow.
    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        put(aws, want, &want.strings(GROUPS)).await?;
        made(want.str(TOPIC))
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        let events = change.take(EVENTS).is_some();
        let [gone, new] = change.take_texts(GROUPS);
        take(aws, id, gone.unwrap_or_default()).await?;
        let groups = if events { change.after.strings(GROUPS) } else { new.unwrap_or_default() };
        put(aws, change.after, &groups).await
    }

    async fn delete(aws: &Aws, id: &str, last: &Attrs) -> Result<()> {
        take(aws, id, last.strings(GROUPS)).await
    }
}
