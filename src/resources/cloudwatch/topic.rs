//! aws_sns_topic: where alarms arrive and from where they are passed on. SNS lists topics by name alone; all
//! else of each costs two calls, made concurrently. CreateTopic gives an existing topic as if it were new.

use super::sns;
use crate::aws::api::services::SNS;
use crate::aws::api::{items, member_text};
use crate::resources::attributes::{Attributes, attributes, given, read, text};
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};

/// A topic with all that is asked about it.
pub struct Topic {
    /// Its ARN.
    pub arn: String,
    /// Its attributes by AWS's names.
    pub attributes: Attributes,
    /// Its tags.
    pub tags: Vec<Json>,
}

/// The resource type `aws_sns_topic`.
pub struct AwsSnsTopic;

attributes! {
    Topic:
    application_failure_feedback_role_arn = "ApplicationFailureFeedbackRoleArn": Text;
    application_success_feedback_role_arn = "ApplicationSuccessFeedbackRoleArn": Text;
    application_success_feedback_sample_rate = "ApplicationSuccessFeedbackSampleRate": Int [.empty_is_null().check(rate)];
    archive_policy = "ArchivePolicy": Text [.normal(Normal::Json).check(checks::json)];
    content_based_deduplication = "ContentBasedDeduplication": Switch;
    delivery_policy = "DeliveryPolicy": Text [.normal(Normal::Json).check(checks::json)];
    display_name = "DisplayName": Text;
    fifo_throughput_scope = "FifoThroughputScope": Text
            [.optional_computed().check(|v| checks::one_of(v, &["Topic", "MessageGroup"]))];
    fifo_topic = "FifoTopic": Switch [.force_new()];
    firehose_failure_feedback_role_arn = "FirehoseFailureFeedbackRoleArn": Text;
    firehose_success_feedback_role_arn = "FirehoseSuccessFeedbackRoleArn": Text;
    firehose_success_feedback_sample_rate = "FirehoseSuccessFeedbackSampleRate": Int [.empty_is_null().check(rate)];
    http_failure_feedback_role_arn = "HTTPFailureFeedbackRoleArn": Text;
    http_success_feedback_role_arn = "HTTPSuccessFeedbackRoleArn": Text;
    http_success_feedback_sample_rate = "HTTPSuccessFeedbackSampleRate": Int [.empty_is_null().check(rate)];
    kms_master_key_id = "KmsMasterKeyId": Text;
    lambda_failure_feedback_role_arn = "LambdaFailureFeedbackRoleArn": Text;
    lambda_success_feedback_role_arn = "LambdaSuccessFeedbackRoleArn": Text;
    lambda_success_feedback_sample_rate = "LambdaSuccessFeedbackSampleRate": Int [.empty_is_null().check(rate)];
    policy = "Policy": Text [.optional_computed().normal(Normal::Policy).check(checks::policy)];
    signature_version = "SignatureVersion": Int [.optional_computed().check(signature)];
    sqs_failure_feedback_role_arn = "SQSFailureFeedbackRoleArn": Text;
    sqs_success_feedback_role_arn = "SQSSuccessFeedbackRoleArn": Text;
    sqs_success_feedback_sample_rate = "SQSSuccessFeedbackSampleRate": Int [.empty_is_null().check(rate)];
    tracing_config = "TracingConfig": Text
            [.optional_computed().check(|v| checks::one_of(v, &["PassThrough", "Active"]))];
}

table! {
    Own: Topic {
        name: Text, none [.optional_computed().force_new().read(|t| name(t.held()).into())];
        name_prefix: Text, none [.optional_computed().force_new()];
        arn: Text, none [.computed().read(|t| t.held().arn.as_str().into())];
        beginning_archive_time: Text, none [.computed().follows(&["archive_policy"])]
            [.read(|t| read::<Text>(&t.held().attributes, "BeginningArchiveTime"))];
        owner: Text, none [.computed().read(|t| read::<Text>(&t.held().attributes, "Owner"))];
    }
}

/// What is given to the call that makes a topic: what cannot be changed, and what a topic shall never
/// be without.
const AT_CREATION: [&str; 4] =
    ["content_based_deduplication", "fifo_throughput_scope", "fifo_topic", "kms_master_key_id"];

fn name(topic: &Topic) -> &str {
    topic.arn.rsplit(':').next().unwrap_or_default()
}

fn signature(value: &Value) -> Result<(), String> {
    checks::number(value, |n| matches!(n, 1 | 2), "is not a valid signature version; AWS has 1 and 2")
}

fn rate(value: &Value) -> Result<(), String> {
    checks::number(value, |percent| (0..=100).contains(&percent), "is not a valid percentage; expected 0 to 100")
}

fn check(want: &Attrs) -> Faults {
    let fifo = want.bool("fifo_topic") == Some(true);
    let mut wrong = Faults::new();
    for name in ["name", "name_prefix"] {
        let Some(text) = want.str(name) else { continue };
        let bare = if fifo { text.strip_suffix(".fifo").unwrap_or(text) } else { text };
        wrong.extend(faults! {
            bare.chars().any(|c| !c.is_ascii_alphanumeric() && !"-_".contains(c)) || text.len() > 256 => name,
                format!("{text:?} is not a valid topic name: up to 256 letters, digits, hyphens, underscores");
        });
    }
    let only =
        |name: &str| !fifo && !want.is_unknown("fifo_topic") && want.is_set(name) && want.bool(name) != Some(false);
    wrong.extend(faults! {
        fifo && want.str("name").is_some_and(|name| !name.is_empty() && !name.ends_with(".fifo")) => "name",
            "the name of a FIFO topic ends with .fifo";
        only("content_based_deduplication") => "content_based_deduplication",
            "only a FIFO topic takes content_based_deduplication";
        only("archive_policy") => "archive_policy", "only a FIFO topic takes archive_policy";
        only("fifo_throughput_scope") => "fifo_throughput_scope", "only a FIFO topic takes fifo_throughput_scope";
    });
    wrong
}

/// The ARNs of the topics with this name: one or none.
pub async fn named(aws: &Aws, name: &str) -> Result<Vec<String>> {
    let mut input = json!({});
    loop {
        let page = aws.read.api.call(&SNS, "ListTopics", input).await?;
        let arns = items(&page, "Topics.member").into_iter().filter_map(|topic| member_text(&topic, "TopicArn"));
        if let Some(arn) = arns.into_iter().find(|arn| arn.rsplit(':').next() == Some(name)) {
            return Ok(vec![arn]);
        }
        let Some(next) = member_text(&page, "NextToken").filter(|next| !next.is_empty()) else { return Ok(Vec::new()) };
        input = json!({"NextToken": next});
    }
}

/// The topics with these ARNs.
pub async fn listed(aws: &Aws, arns: &[String]) -> Result<Vec<Topic>> {
    each(arns.to_vec(), |arn| async move {
        let known = aws.read.api.call(&SNS, "GetTopicAttributes", json!({"TopicArn": arn})).await?;
        let tags = aws.read.api.call(&SNS, "ListTagsForResource", json!({"ResourceArn": arn})).await?;
        Ok(Topic { arn, attributes: sns::read(&known), tags: items(&tags, "Tags.member") })
    })
    .await
}

impl Resource for AwsSnsTopic {
    type Live = Topic;

    fn spec() -> Spec<Topic> {
        Spec::new("aws_sns_topic", |t| Some(t.arn.clone()), rows().into_iter().chain(Own::rows()).collect())
            .role(Role::NotServing("it carries messages about what serves"))
            .own_tags(|t| tags::of(&t.tags))
            .holds_inline(crate::resources::holds::topic)
            .by_name()
            .fifo("fifo_topic")
            .recover(Recover::Key)
            .check(check)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Topic>> {
        match which {
            Which::NaturalKey(want) => listed(aws, &named(aws, want.str("name").unwrap_or_default()).await?).await,
            by_id => listed(aws, &by_id.by("arn")).await,
        }
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let name = want.str("name").unwrap_or_default();
        if !named(aws, name).await?.is_empty() {
            let message = format!("a topic {name:?} exists already; import it, or choose another name");
            return Err(Error::new(Kind::Exists, message));
        }
        let first = NAMES.iter().copied().filter(|(argument, _)| AT_CREATION.contains(argument));
        let input = json!({
            "Name": name,
            "Attributes": sns::written(given(want, first)),
            "Tags": {"member": tags::wanted::<Json>(want)},
        });
        made(member_text(&aws.write.api.call(&SNS, "CreateTopic", input).await?, "TopicArn").as_deref())
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        let call = |operation, input: Json| aws.write.api.call(&SNS, operation, input);
        let set = |tags: Vec<Json>| call("TagResource", json!({"ResourceArn": id, "Tags": {"member": tags}}));
        let unset = |keys: Vec<String>| call("UntagResource", json!({"ResourceArn": id, "TagKeys": {"member": keys}}));
        tags::change(change, set, unset).await?;
        for (argument, attribute) in NAMES {
            let Some(value) = change.take(argument) else { continue };
            let value = text(value).unwrap_or_default();
            let input = json!({"TopicArn": id, "AttributeName": attribute, "AttributeValue": value});
            call("SetTopicAttributes", input).await?;
        }
        Ok(())
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        done(aws.write.api.call(&SNS, "DeleteTopic", json!({"TopicArn": id})).await)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_topic_fits_its_kind() {
        let wrong = |name: &str, fifo: bool| {
            let want = Attrs::default().with("name", name).with("fifo_topic", fifo);
            check(&want).into_iter().map(|(name, _)| name).collect::<Vec<_>>()
        };
        assert!(wrong("alarms-1_a", false).is_empty() && wrong("orders.fifo", true).is_empty());
        assert_eq!(wrong("orders.fifo", false), ["name"]);
        assert_eq!(wrong("orders", true), ["name"]);
        let mut want = Attrs::default().with("name", "a").with("fifo_topic", false);
        want = want.with("content_based_deduplication", true);
        assert_eq!(check(&want).len(), 1);
    }
}
