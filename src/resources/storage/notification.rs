//! aws_s3_bucket_notification: whom S3 notifies of what happens in a bucket. A bucket always has this configuration,
//! which is empty until it is put and after it is taken away.

use super::configuration::{Configuration, Configured, Place, ask, call};
use crate::aws::api::{items, member, member_text};
use crate::resources::document::{Document, Many, at, document};
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};

/// The notifications of a bucket.
pub struct Notification;

const ROOT: &str = "NotificationConfiguration";

/// The beginning or the end that keys must have. S3 gives the names back in either case.
fn part(of: &Json, name: &str) -> Value {
    let rules = items(of, "Filter.S3Key.FilterRule");
    let named = |rule: &&Json| member_text(rule, "Name").is_some_and(|n| n.eq_ignore_ascii_case(name));
    rules.iter().find(named).and_then(|rule| member_text(rule, "Value")).into()
}

fn filter(block: &Attrs) -> Option<Json> {
    let rule =
        |(argument, name): (&str, &str)| text(block, argument).map(|value| json!({"Name": name, "Value": value}));
    let both = [("filter_prefix", "prefix"), ("filter_suffix", "suffix")];
    let rules: Vec<Json> = some(both.into_iter().filter_map(rule).collect())?;
    Some(json!({"S3Key": {"FilterRule": rules}}))
}

macro_rules! receivers {
    ($($(#[$doc:meta])* $name:ident { $arn:ident = $path:literal $([$($changes:tt)+])?; })*) => {$(
        document! {
            $(#[$doc])*
            $name {
                events = "Event": Texts [.required()];
                filter_prefix = "": Text, none [.read(|c| part(c.held(), "prefix"))];
                filter_suffix = "": Text, none [.read(|c| part(c.held(), "suffix"))];
                id = "Id": Text [.optional_computed()];
                $arn = $path: Text $([$($changes)+])?;
            }
        }
    )*};
}

receivers! {
    /// A function.
    Function { lambda_function_arn = "CloudFunction"; }
    /// A queue.
    Queue { queue_arn = "Queue" [.required()]; }
    /// A topic.
    Topic { topic_arn = "Topic" [.required()]; }
}

/// The receivers of one kind, each with its filter.
fn all<D: Document>(want: &Attrs, name: &str) -> Vec<Json> {
    let one = |block: &Attrs| {
        let mut made = D::create(block);
        made["Filter"] = filter(block).into();
        made
    };
    want.blocks(name).iter().map(one).collect()
}

async fn set(aws: &Aws, place: &Place, all: Json) -> Result<()> {
    call(aws, place, "PutBucketNotificationConfiguration PUT /?notification", json!({ROOT: all})).await
}

impl Configuration for Notification {
    type Found = Json;
    const TYPE: &'static str = "aws_s3_bucket_notification";

    fn rows() -> Vec<A<Configured<Json>>> {
        let read = |c: &Configured<Json>| member(&c.found, "EventBridgeConfiguration").is_some().into();
        vec![
            A::bool("eventbridge").default(false).read(read),
            Many::<Function>::column("lambda_function")
                .read(|c| at::<Many<Function>>(&c.found, "CloudFunctionConfiguration")),
            Many::<Queue>::column("queue").read(|c| at::<Many<Queue>>(&c.found, "QueueConfiguration")),
            Many::<Topic>::column("topic").read(|c| at::<Many<Topic>>(&c.found, "TopicConfiguration")),
        ]
    }

    async fn get(aws: &Aws, place: &Place) -> Result<Json> {
        ask(aws, place, "GetBucketNotificationConfiguration GET /?notification").await
    }

    async fn put(aws: &Aws, place: &Place, _before: Option<&Attrs>, want: &Attrs) -> Result<()> {
        let receivers = json!({
            "TopicConfiguration": all::<Topic>(want, "topic"),
            "QueueConfiguration": all::<Queue>(want, "queue"),
            "CloudFunctionConfiguration": all::<Function>(want, "lambda_function"),
            "EventBridgeConfiguration": want.bool("eventbridge").filter(|on| *on).map(|_| json!({})),
        });
        set(aws, place, receivers).await
    }

    async fn delete(aws: &Aws, place: &Place, _last: &Attrs) -> Result<()> {
        settle::unless_gone(set(aws, place, json!({})).await)
    }
}
