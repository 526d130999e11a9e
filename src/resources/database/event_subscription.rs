//! aws_db_event_subscription: sends what happens to databases to a topic.

use super::rds::{call, list};
use super::tagging::{self, Tagged};
use crate::aws::api::member_text;
use crate::resources::document::{Document, document};
use crate::resources::plain::joined;
use crate::resources::prelude::*;
use serde_json::json;

/// The resource type `aws_db_event_subscription`.
pub struct AwsDbEventSubscription;

document! {
    Rows {
        name = "CustSubscriptionId": Text, read, create("SubscriptionName") [.optional_computed().force_new()];
        name_prefix = "": Text, none [.optional_computed().force_new()];
        enabled = "Enabled": Flag, read, create, modify [.default(true)];
        event_categories = "EventCategories.EventCategory": Texts,
            read("EventCategoriesList.EventCategory"), create, modify;
        sns_topic = "SnsTopicArn": Text, read, create, modify [.required()];
        source_ids = "SourceIdsList.SourceId": Texts, read, create("SourceIds.SourceId");
        source_type = "SourceType": Text, read, create, modify;
        arn = "EventSubscriptionArn": Text, read [.computed()];
        customer_aws_id = "CustomerAwsId": Text, read [.computed()];
    }
}

fn progress(l: &Tagged) -> Progress {
    match member_text(l, "Status").unwrap_or_default().as_str() {
        word @ ("creating" | "modifying" | "deleting") => Progress::Pending(word.into()),
        word @ ("no-permission" | "topic-not-exist") => Progress::Failed(format!("the topic cannot be used: {word}")),
        _ => Progress::Ready,
    }
}

impl Resource for AwsDbEventSubscription {
    type Live = Tagged;

    fn spec() -> Spec<Tagged> {
        Spec::new("aws_db_event_subscription", |l: &Tagged| member_text(l, "CustSubscriptionId"), Rows::rows())
            .role(Role::NotServing("it reports what happens, and changes nothing"))
            .own_tags(|l| tags::of(&l.tags))
            .by_name()
            .progress(progress)
            .wait_for_deletion()
            .check(|want| {
                faults! {
                    want.is_filled("source_ids") && !want.is_given("source_type") =>
                        "source_ids", "source_ids needs source_type";
                }
            })
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Tagged>> {
        let path = "EventSubscriptionsList.EventSubscription";
        let all = list(aws, "DescribeEventSubscriptions", json!({}), path).await?;
        tagging::chosen(aws, which, all, "CustSubscriptionId", "EventSubscriptionArn").await
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let answer = call(aws, "CreateEventSubscription", tagging::marked(Rows::create(want), want, token)).await?;
        made(member_text(&answer, "EventSubscription.CustSubscriptionId").as_deref())
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        if let Some(input) = Rows::filled(change) {
            call(aws, "ModifyEventSubscription", joined(json!({"SubscriptionName": id}), input)).await?;
        }
        let [gone, new] = change.take_texts("source_ids");
        let of = |source: String| json!({"SubscriptionName": id, "SourceIdentifier": source});
        for source in gone.unwrap_or_default() {
            settle::unless_gone(call(aws, "RemoveSourceIdentifierFromSubscription", of(source)).await)?;
        }
        for source in new.unwrap_or_default() {
            call(aws, "AddSourceIdentifierToSubscription", of(source)).await?;
        }
        tagging::change(aws, change.before.str("arn").unwrap_or_default(), change).await
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        call(aws, "DeleteEventSubscription", json!({"SubscriptionName": id})).await.map(drop)
    }
}
