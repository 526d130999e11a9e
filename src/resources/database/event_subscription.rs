//! aws_db_event_subscription: sends what happens to databases to a topic.

use super::tagging::{self, Tagged};
use crate::resources::prelude::*;
use aws_sdk_rds::operation::create_event_subscription::builders::CreateEventSubscriptionFluentBuilder as Create;
use aws_sdk_rds::operation::modify_event_subscription::builders::ModifyEventSubscriptionFluentBuilder as Modify;
use aws_sdk_rds::types::EventSubscription;

type Live = Tagged<EventSubscription>;

/// The resource type `aws_db_event_subscription`.
pub struct AwsDbEventSubscription;

table! {
    Rows: EventSubscription, create Create, modify Modify {
        name = cust_subscription_id: Text, read, create(subscription_name) [.optional_computed().force_new()];
        name_prefix: Text, none [.optional_computed().force_new()];
        enabled: Flag, read, create, modify [.default(true)];
        event_categories = event_categories_list: Texts, read, create(event_categories), modify(event_categories);
        sns_topic = sns_topic_arn: Text, read, create, modify [.required()];
        source_ids = source_ids_list: Texts, read, create(source_ids);
        source_type: Text, read, create, modify;
        arn = event_subscription_arn: Text, read [.computed()];
        customer_aws_id: Text, read [.computed()];
    }
}

fn progress(l: &Live) -> Progress {
    match l.status().unwrap_or_default() {
        word @ ("creating" | "modifying" | "deleting") => Progress::Pending(word.into()),
        word @ ("no-permission" | "topic-not-exist") => Progress::Failed(format!("the topic cannot be used: {word}")),
        _ => Progress::Ready,
    }
}

impl Resource for AwsDbEventSubscription {
    type Live = Live;

    fn spec() -> Spec<Live> {
        Spec::new("aws_db_event_subscription", |l: &Live| l.cust_subscription_id().map(Into::into), Rows::rows())
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

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Live>> {
        let all = all_of(aws.read.rds.describe_event_subscriptions().into_paginator().items().send()).await?;
        tagging::chosen(aws, which, all, |one| one.cust_subscription_id().zip(one.event_subscription_arn())).await
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let call = Rows::create(aws.write.rds.create_event_subscription(), want);
        let answer = call.set_tags(tags::marked(want, token)).send().await?;
        made(answer.event_subscription().and_then(|s| s.cust_subscription_id()))
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        if let Some(call) = Rows::modify(aws.write.rds.modify_event_subscription().subscription_name(id), change) {
            call.send().await?;
        }
        let [gone, new] = change.take_texts("source_ids");
        for source in gone.unwrap_or_default() {
            let call = aws.write.rds.remove_source_identifier_from_subscription().subscription_name(id);
            settle::unless_gone(call.source_identifier(source).send().await)?;
        }
        for source in new.unwrap_or_default() {
            let call = aws.write.rds.add_source_identifier_to_subscription().subscription_name(id);
            call.source_identifier(source).send().await?;
        }
        tagging::change(aws, change.before.str("arn").unwrap_or_default(), change).await
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        done(aws.write.rds.delete_event_subscription().subscription_name(id).send().await)
    }
}
