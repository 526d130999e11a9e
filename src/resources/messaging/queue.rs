//! aws_sqs_queue: a queue of messages. Its id is its address. SQS lists queues by address alone; all else of each costs
//! two calls, made concurrently.

use crate::aws::api::member_text;
use crate::aws::api::services::SQS;
use crate::resources::attributes::{Attributes, attributes, given, text};
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};
use std::collections::HashMap;

/// A queue with all that is asked about it.
pub struct Queue {
    /// Its address.
    pub url: String,
    /// Its attributes by AWS's names.
    pub attributes: Attributes,
    tags: Vec<(String, String)>,
}

/// The resource type `aws_sqs_queue`.
pub struct AwsSqsQueue;

attributes! {
    Queue:
    content_based_deduplication = "ContentBasedDeduplication": Switch;
    deduplication_scope = "DeduplicationScope": Text
        [.optional_computed().check(|v| checks::one_of(v, &["queue", "messageGroup"]))];
    delay_seconds = "DelaySeconds": Int [.default(0).check(delay)];
    fifo_queue = "FifoQueue": Switch [.force_new()];
    fifo_throughput_limit = "FifoThroughputLimit": Text
        [.optional_computed().check(|v| checks::one_of(v, &["perQueue", "perMessageGroupId"]))];
    kms_data_key_reuse_period_seconds = "KmsDataKeyReusePeriodSeconds": Int [.optional_computed()];
    kms_master_key_id = "KmsMasterKeyId": Text;
    max_message_size = "MaximumMessageSize": Int [.default(262_144).check(size)];
    message_retention_seconds = "MessageRetentionPeriod": Int [.default(345_600).check(retention)];
    policy = "Policy": Text [.optional_computed().normal(Normal::Policy).check(checks::policy)];
    receive_wait_time_seconds = "ReceiveMessageWaitTimeSeconds": Int [.default(0)];
    redrive_allow_policy = "RedriveAllowPolicy": Text [.optional_computed().normal(Normal::Json).check(checks::json)];
    redrive_policy = "RedrivePolicy": Text [.optional_computed().normal(Normal::Json).check(checks::json)];
    sqs_managed_sse_enabled = "SqsManagedSseEnabled": Flag [.optional_computed()];
    visibility_timeout_seconds = "VisibilityTimeout": Int [.default(30)];
}

table! {
    Own: Queue {
        name: Text, none [.optional_computed().force_new().read(|q| name(&q.held().url).into())];
        name_prefix: Text, none [.optional_computed().force_new()];
        arn: Text, none [.computed().read(|q| q.held().attributes.get("QueueArn").into())];
        url: Text, none [.computed().read(|q| q.held().url.as_str().into())];
    }
}

fn name(url: &str) -> &str {
    url.rsplit('/').next().unwrap_or_default()
}

fn delay(value: &Value) -> Result<(), String> {
    checks::number(value, |n| (0..=900).contains(&n), "is not a valid delay; expected 0 to 900 seconds")
}

fn size(value: &Value) -> Result<(), String> {
    let taken = |n| (1024..=1_048_576).contains(&n);
    checks::number(value, taken, "is not a valid size of a message; expected 1024 to 1048576 bytes")
}

fn retention(value: &Value) -> Result<(), String> {
    let taken = |n| (60..=1_209_600).contains(&n);
    checks::number(value, taken, "is not a valid time to keep messages; expected 60 to 1209600 seconds")
}

fn check(want: &Attrs) -> Faults {
    let fifo = want.bool("fifo_queue") == Some(true);
    let given_name = want.str("name").filter(|name| !name.is_empty());
    faults! {
        fifo && given_name.is_some_and(|name| !name.ends_with(".fifo")) && !want.is_unknown("name") => "name",
            "a FIFO queue needs a name that ends with .fifo";
        !fifo && !want.is_unknown("fifo_queue") && want.bool("content_based_deduplication") == Some(true) =>
            "content_based_deduplication", "only a FIFO queue takes content_based_deduplication";
    }
}

/// The queues at these addresses.
pub async fn listed(aws: &Aws, urls: Vec<String>) -> Result<Vec<Queue>> {
    each(urls, |url| async move {
        let of = |answer: &Json, name: &str| -> Result<Attributes> {
            let all = answer.get(name).cloned().unwrap_or_else(|| json!({}));
            serde_json::from_value(all).map_err(|e| Error::ambiguous(format!("{name} of {url} cannot be read: {e}")))
        };
        let input = json!({"QueueUrl": url, "AttributeNames": ["All"]});
        let settings = aws.read.api.call(&SQS, "GetQueueAttributes", input).await?;
        let tags = aws.read.api.call(&SQS, "ListQueueTags", json!({"QueueUrl": url})).await?;
        let (attributes, tags) = (of(&settings, "Attributes")?, of(&tags, "Tags")?.into_iter().collect());
        Ok(Queue { attributes, tags, url })
    })
    .await
}

/// The address of the queue with this name, if there is one.
async fn named(aws: &Aws, name: &str) -> Result<Option<String>> {
    match aws.read.api.call(&SQS, "GetQueueUrl", json!({"QueueName": name})).await {
        Ok(answer) => Ok(member_text(&answer, "QueueUrl")),
        Err(e) if e.is_not_found() => Ok(None),
        Err(e) => Err(e),
    }
}

/// Sets attributes of a queue; an empty text takes one away.
pub async fn set(aws: &Aws, url: &str, attributes: Attributes) -> Result<()> {
    let input = json!({"QueueUrl": url, "Attributes": attributes});
    aws.write.api.call(&SQS, "SetQueueAttributes", input).await.map(drop)
}

impl Resource for AwsSqsQueue {
    type Live = Queue;

    fn spec() -> Spec<Queue> {
        Spec::new("aws_sqs_queue", |q| Some(q.url.clone()), rows().into_iter().chain(Own::rows()).collect())
            .role(Role::NotServing("it keeps messages between services"))
            .own_tags(|q| tags::of(&q.tags))
            .holds_inline(crate::resources::holds::queue)
            .by_name()
            .fifo("fifo_queue")
            .recover(Recover::Key)
            .conflicts(&[&["sqs_managed_sse_enabled", "kms_master_key_id"]])
            .check(check)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Queue>> {
        match which {
            Which::NaturalKey(want) => {
                listed(aws, named(aws, want.str("name").unwrap_or_default()).await?.into_iter().collect()).await
            }
            by_id => listed(aws, by_id.by("url")).await,
        }
    }

    /// CreateQueue gives a queue that is there with the same attributes as if it were new.
    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let name = want.str("name").unwrap_or_default();
        if named(aws, name).await?.is_some() {
            let message = format!("a queue {name:?} exists already; import it, or choose another name");
            return Err(Error::new(Kind::Exists, message));
        }
        let attributes = given(want, NAMES.iter().copied());
        let input = json!({"QueueName": name, "Attributes": attributes, "tags": want.string_map("tags_all")});
        made(member_text(&aws.write.api.call(&SQS, "CreateQueue", input).await?, "QueueUrl").as_deref())
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        let call = |operation, input: Json| aws.write.api.call(&SQS, operation, input);
        let set_tags = |tags: HashMap<String, String>| call("TagQueue", json!({"QueueUrl": id, "Tags": tags}));
        let unset = |keys: Vec<String>| call("UntagQueue", json!({"QueueUrl": id, "TagKeys": keys}));
        tags::change(change, set_tags, unset).await?;
        let taken = |(argument, name): &(&'static str, &str)| {
            change.take(argument).map(|value| ((*name).to_owned(), text(value).unwrap_or_default()))
        };
        let changed: Attributes = NAMES.iter().filter_map(taken).collect();
        if changed.is_empty() { Ok(()) } else { set(aws, id, changed).await }
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        aws.write.api.call(&SQS, "DeleteQueue", json!({"QueueUrl": id})).await.map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fifo_queue_has_a_name_of_its_own_kind() {
        let wrong = |name: &str, fifo: bool| check(&Attrs::default().with("name", name).with("fifo_queue", fifo)).len();
        assert_eq!((wrong("jobs", false), wrong("jobs.fifo", true), wrong("jobs", true)), (0, 0, 1));
        assert_eq!(name("https://sqs.eu-west-1.amazonaws.com/123456789012/jobs"), "jobs");
    }
}
