//! aws_s3_bucket_notification: whom S3 notifies of what happens in a bucket. A bucket always has this configuration,
//! which is empty until it is put and after it is taken away.

use super::configuration::{Configuration, Configured, Place};
use crate::resources::block::EnumSetCell;
use crate::resources::prelude::*;
use aws_sdk_s3::operation::get_bucket_notification_configuration::GetBucketNotificationConfigurationOutput as Found;
use aws_sdk_s3::types::{
    EventBridgeConfiguration, FilterRule, FilterRuleName, LambdaFunctionConfiguration, NotificationConfiguration,
    NotificationConfigurationFilter, QueueConfiguration, S3KeyFilter, TopicConfiguration,
};

/// The notifications of a bucket.
pub struct Notification;

type Filter<'a> = Option<&'a NotificationConfigurationFilter>;

/// The beginning or the end that keys must have. S3 gives the names back in either case.
fn part(filter: Filter, name: &str) -> Value {
    let rules = filter.and_then(|f| f.key()).map(S3KeyFilter::filter_rules).unwrap_or_default();
    let named = |rule: &&FilterRule| rule.name().is_some_and(|n| n.as_str().eq_ignore_ascii_case(name));
    rules.iter().find(named).and_then(FilterRule::value).into()
}

fn filter(block: &Attrs) -> Option<NotificationConfigurationFilter> {
    let rule = |(argument, name): (&str, FilterRuleName)| {
        text(block, argument).map(|value| FilterRule::builder().name(name).value(value).build())
    };
    let both = [("filter_prefix", FilterRuleName::Prefix), ("filter_suffix", FilterRuleName::Suffix)];
    let rules = some(both.into_iter().filter_map(rule).collect())?;
    let key = S3KeyFilter::builder().set_filter_rules(Some(rules)).build();
    Some(NotificationConfigurationFilter::builder().key(key).build())
}

macro_rules! receivers {
    ($($(#[$doc:meta])* $name:ident: $type:ty { $arn:ident: $what:ty $([$($changes:tt)+])?; })*) => {
        block! {$(
            $(#[$doc])*
            $name: $type => $type, ok {
                events: EnumSetCell [.required()];
                filter_prefix: Text, none [.read(|c| part(c.held().filter(), "prefix"))];
                filter_suffix: Text, none [.read(|c| part(c.held().filter(), "suffix"))];
                id: Text [.optional_computed()];
                $arn: $what $([$($changes)+])?;
            }
        )*}
        $(impl $name {
            fn all(want: &Attrs, name: &str) -> Option<Vec<$type>> {
                let one = |block: &Attrs| {
                    let mut made = Self::write(block)?;
                    made.filter = filter(block);
                    Some(made)
                };
                some(want.blocks(name).iter().filter_map(one).collect())
            }
        })*
    };
}

receivers! {
    /// A function.
    Function: LambdaFunctionConfiguration { lambda_function_arn: Text; }
    /// A queue.
    Queue: QueueConfiguration { queue_arn: Text [.required()]; }
    /// A topic.
    Topic: TopicConfiguration { topic_arn: Text [.required()]; }
}

async fn set(aws: &Aws, place: &Place, all: NotificationConfiguration) -> Result<()> {
    let call = aws.write.s3.put_bucket_notification_configuration().bucket(&place.bucket);
    done(call.notification_configuration(all).send().await)
}

impl Configuration for Notification {
    type Found = Found;
    const TYPE: &'static str = "aws_s3_bucket_notification";

    fn rows() -> Vec<A<Configured<Found>>> {
        let functions = BlockList::<Function>::column("lambda_function");
        vec![
            A::bool("eventbridge")
                .default(false)
                .read(|c: &Configured<Found>| c.found.event_bridge_configuration().is_some().into()),
            functions.read(|c| BlockList::<Function>::get(c.found.lambda_function_configurations())),
            BlockList::<Queue>::column("queue").read(|c| BlockList::<Queue>::get(c.found.queue_configurations())),
            BlockList::<Topic>::column("topic").read(|c| BlockList::<Topic>::get(c.found.topic_configurations())),
        ]
    }

    async fn get(aws: &Aws, place: &Place) -> Result<Found> {
        Ok(aws.read.s3.get_bucket_notification_configuration().bucket(&place.bucket).send().await?)
    }

    async fn put(aws: &Aws, place: &Place, _before: Option<&Attrs>, want: &Attrs) -> Result<()> {
        let bridge = want.bool("eventbridge").filter(|on| *on).map(|_| EventBridgeConfiguration::builder().build());
        let all = NotificationConfiguration::builder()
            .set_event_bridge_configuration(bridge)
            .set_lambda_function_configurations(Function::all(want, "lambda_function"))
            .set_queue_configurations(Queue::all(want, "queue"))
            .set_topic_configurations(Topic::all(want, "topic"));
        set(aws, place, all.build()).await
    }

    async fn delete(aws: &Aws, place: &Place, _last: &Attrs) -> Result<()> {
        settle::unless_gone(set(aws, place, NotificationConfiguration::builder().build()).await)
    }
}
