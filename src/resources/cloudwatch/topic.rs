//! aws_sns_topic: where alarms are told and from where they go on. SNS lists topics by name alone; all
//! else of each costs two calls, made concurrently. CreateTopic gives an existing topic as if it were new.

use crate::aws::{Aws, Error, Kind, Result, each, made};
use crate::resources::spec::{self, Resource, Spec, Tagging, Token, Which};
use crate::resources::tags;
use crate::schema::normal::Normal;
use crate::schema::rows::Recover;
use crate::schema::{Attrs, Change, checks};
use crate::value::{Number, Value};
use aws_sdk_sns::types::Tag;
use std::collections::HashMap;

type A = spec::A<Topic>;

/// A topic with all that is asked about it.
pub struct Topic {
    /// Its ARN.
    pub arn: String,
    /// Its attributes by AWS's names.
    pub attributes: HashMap<String, String>,
    /// Its tags.
    pub tags: Vec<Tag>,
}

impl Topic {
    fn text(&self, attribute: &str) -> Value {
        self.attributes.get(attribute).map(String::as_str).filter(|text| !text.is_empty()).into()
    }

    fn number(&self, attribute: &str) -> Value {
        self.attributes.get(attribute).and_then(|text| Number::parse(text)).into()
    }

    fn truth(&self, attribute: &str) -> Value {
        self.attributes.get(attribute).is_some_and(|text| text.eq_ignore_ascii_case("true")).into()
    }

    /// Its tags as keys and values.
    pub fn tags(&self) -> Value {
        tags::visible(self.tags.iter().map(|tag| (tag.key(), tag.value())))
    }
}

/// The resource type `aws_sns_topic`.
pub struct AwsSnsTopic;

/// Arguments that are set one by one, and what AWS calls them.
const ATTRIBUTES: [(&str, &str); 24] = [
    ("application_failure_feedback_role_arn", "ApplicationFailureFeedbackRoleArn"),
    ("application_success_feedback_role_arn", "ApplicationSuccessFeedbackRoleArn"),
    ("application_success_feedback_sample_rate", "ApplicationSuccessFeedbackSampleRate"),
    ("archive_policy", "ArchivePolicy"),
    ("content_based_deduplication", "ContentBasedDeduplication"),
    ("delivery_policy", "DeliveryPolicy"),
    ("display_name", "DisplayName"),
    ("fifo_throughput_scope", "FifoThroughputScope"),
    ("firehose_failure_feedback_role_arn", "FirehoseFailureFeedbackRoleArn"),
    ("firehose_success_feedback_role_arn", "FirehoseSuccessFeedbackRoleArn"),
    ("firehose_success_feedback_sample_rate", "FirehoseSuccessFeedbackSampleRate"),
    ("http_failure_feedback_role_arn", "HTTPFailureFeedbackRoleArn"),
    ("http_success_feedback_role_arn", "HTTPSuccessFeedbackRoleArn"),
    ("http_success_feedback_sample_rate", "HTTPSuccessFeedbackSampleRate"),
    ("kms_master_key_id", "KmsMasterKeyId"),
    ("lambda_failure_feedback_role_arn", "LambdaFailureFeedbackRoleArn"),
    ("lambda_success_feedback_role_arn", "LambdaSuccessFeedbackRoleArn"),
    ("lambda_success_feedback_sample_rate", "LambdaSuccessFeedbackSampleRate"),
    ("policy", "Policy"),
    ("signature_version", "SignatureVersion"),
    ("sqs_failure_feedback_role_arn", "SQSFailureFeedbackRoleArn"),
    ("sqs_success_feedback_role_arn", "SQSSuccessFeedbackRoleArn"),
    ("sqs_success_feedback_sample_rate", "SQSSuccessFeedbackSampleRate"),
    ("tracing_config", "TracingConfig"),
];

/// What is given to the call that makes a topic: what cannot be changed, and what a topic shall never
/// be without.
const AT_CREATION: [(&str, &str); 4] = [
    ("content_based_deduplication", "ContentBasedDeduplication"),
    ("fifo_throughput_scope", "FifoThroughputScope"),
    ("fifo_topic", "FifoTopic"),
    ("kms_master_key_id", "KmsMasterKeyId"),
];

/// A value as SNS takes it.
fn text(value: &Value) -> Option<String> {
    let number = || value.as_i64().map(|n| n.to_string());
    let truth = || value.as_bool().map(|b| b.to_string());
    value.as_str().map(str::to_owned).or_else(number).or_else(truth)
}

fn rate(value: &Value) -> std::result::Result<(), String> {
    match value.as_i64() {
        Some(percent) if !(0..=100).contains(&percent) => {
            Err(format!("{percent} is not a valid percentage; expected 0 to 100"))
        }
        _ => Ok(()),
    }
}

fn check(want: &Attrs) -> Vec<(&'static str, String)> {
    let fifo = want.bool("fifo_topic") == Some(true);
    let mut wrong = Vec::new();
    for name in ["name", "name_prefix"] {
        let Some(text) = want.str(name) else { continue };
        let bare = if fifo { text.strip_suffix(".fifo").unwrap_or(text) } else { text };
        if bare.chars().any(|c| !c.is_ascii_alphanumeric() && !"-_".contains(c)) || text.len() > 256 {
            wrong.push((
                name,
                format!("{text:?} is not a valid topic name: up to 256 letters, digits, hyphens, underscores"),
            ));
        }
    }
    if fifo && want.str("name").is_some_and(|name| !name.is_empty() && !name.ends_with(".fifo")) {
        wrong.push(("name", "the name of a FIFO topic ends with .fifo".into()));
    }
    if !fifo && !want.is_unknown("fifo_topic") {
        for name in ["content_based_deduplication", "archive_policy", "fifo_throughput_scope"] {
            if want.is_set(name) && want.bool(name) != Some(false) {
                wrong.push((name, format!("only a FIFO topic takes {name}")));
            }
        }
    }
    wrong
}

/// The ARNs of the topics with this name: one or none.
pub async fn named(aws: &Aws, name: &str) -> Result<Vec<String>> {
    let mut pages = aws.read.sns.list_topics().into_paginator().items().send();
    while let Some(topic) = pages.next().await {
        let arn = topic?.topic_arn.unwrap_or_default();
        if arn.rsplit(':').next() == Some(name) {
            return Ok(vec![arn]);
        }
    }
    Ok(Vec::new())
}

/// The topics with these ARNs.
pub async fn listed(aws: &Aws, arns: &[String]) -> Result<Vec<Topic>> {
    each(arns.to_vec(), |arn| async move {
        let attributes = aws.read.sns.get_topic_attributes().topic_arn(&arn).send().await?.attributes;
        let tags = aws.read.sns.list_tags_for_resource().resource_arn(&arn).send().await?.tags;
        Ok(Topic { arn, attributes: attributes.unwrap_or_default(), tags: tags.unwrap_or_default() })
    })
    .await
}

fn tag((key, value): (String, String)) -> Result<Tag> {
    Tag::builder().key(key).value(value).build().map_err(|e| Error::new(Kind::Refused, e.to_string()))
}

impl Resource for AwsSnsTopic {
    type Live = Topic;

    fn spec() -> Spec<Topic> {
        let [tags, tags_all] = A::tags(Topic::tags);
        let json = |name| A::string(name).normal(Normal::Json).check(checks::json);
        let sample = |name| A::number(name).check(rate);
        let name = |t: &Topic| t.arn.rsplit(':').next().unwrap_or_default().into();
        let rows = vec![
            A::string("application_failure_feedback_role_arn").read(|t| t.text("ApplicationFailureFeedbackRoleArn")),
            A::string("application_success_feedback_role_arn").read(|t| t.text("ApplicationSuccessFeedbackRoleArn")),
            sample("application_success_feedback_sample_rate")
                .read(|t| t.number("ApplicationSuccessFeedbackSampleRate")),
            json("archive_policy").read(|t| t.text("ArchivePolicy")),
            A::bool("content_based_deduplication").default(false).read(|t| t.truth("ContentBasedDeduplication")),
            json("delivery_policy").read(|t| t.text("DeliveryPolicy")),
            A::string("display_name").read(|t| t.text("DisplayName")),
            A::string("fifo_throughput_scope")
                .optional_computed()
                .check(|v| checks::one_of(v, &["Topic", "MessageGroup"]))
                .read(|t| t.text("FifoThroughputScope")),
            A::bool("fifo_topic").default(false).force_new().read(|t| t.truth("FifoTopic")),
            A::string("firehose_failure_feedback_role_arn").read(|t| t.text("FirehoseFailureFeedbackRoleArn")),
            A::string("firehose_success_feedback_role_arn").read(|t| t.text("FirehoseSuccessFeedbackRoleArn")),
            sample("firehose_success_feedback_sample_rate").read(|t| t.number("FirehoseSuccessFeedbackSampleRate")),
            A::string("http_failure_feedback_role_arn").read(|t| t.text("HTTPFailureFeedbackRoleArn")),
            A::string("http_success_feedback_role_arn").read(|t| t.text("HTTPSuccessFeedbackRoleArn")),
            sample("http_success_feedback_sample_rate").read(|t| t.number("HTTPSuccessFeedbackSampleRate")),
            A::string("kms_master_key_id").read(|t| t.text("KmsMasterKeyId")),
            A::string("lambda_failure_feedback_role_arn").read(|t| t.text("LambdaFailureFeedbackRoleArn")),
            A::string("lambda_success_feedback_role_arn").read(|t| t.text("LambdaSuccessFeedbackRoleArn")),
            sample("lambda_success_feedback_sample_rate").read(|t| t.number("LambdaSuccessFeedbackSampleRate")),
            A::string("name").optional_computed().force_new().read(name),
            A::string("name_prefix").optional_computed().force_new(),
            A::string("policy")
                .optional_computed()
                .normal(Normal::Policy)
                .check(checks::policy)
                .read(|t| t.text("Policy")),
            A::number("signature_version")
                .optional_computed()
                .check(|v| match v.as_i64() {
                    Some(1 | 2) | None => Ok(()),
                    Some(other) => Err(format!("{other} is not a valid signature version; AWS has 1 and 2")),
                })
                .read(|t| t.number("SignatureVersion")),
            A::string("sqs_failure_feedback_role_arn").read(|t| t.text("SQSFailureFeedbackRoleArn")),
            A::string("sqs_success_feedback_role_arn").read(|t| t.text("SQSSuccessFeedbackRoleArn")),
            sample("sqs_success_feedback_sample_rate").read(|t| t.number("SQSSuccessFeedbackSampleRate")),
            A::string("tracing_config")
                .optional_computed()
                .check(|v| checks::one_of(v, &["PassThrough", "Active"]))
                .read(|t| t.text("TracingConfig")),
            A::string("arn").computed().read(|t| t.arn.as_str().into()),
            A::string("beginning_archive_time")
                .computed()
                .follows(&["archive_policy"])
                .read(|t| t.text("BeginningArchiveTime")),
            A::string("owner").computed().read(|t| t.text("Owner")),
            tags,
            tags_all,
        ];
        Spec::new("aws_sns_topic", |t| Some(t.arn.clone()), rows)
            .holds_inline(crate::resources::holds::topic)
            .unique(&[&["name"]])
            .tagging(Tagging::Own)
            .named("name", "name_prefix")
            .recover(Recover::Key)
            .conflicts(&[&["name", "name_prefix"]])
            .check(check)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Topic>> {
        match which {
            Which::Ids(arns) => listed(aws, arns).await,
            Which::Token(_) => Ok(Vec::new()),
            Which::NaturalKey(want) => listed(aws, &named(aws, want.str("name").unwrap_or_default()).await?).await,
        }
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let fifo = want.bool("fifo_topic") == Some(true);
        let name = want.str("name").unwrap_or_default();
        if !named(aws, name).await?.is_empty() {
            let message = format!("a topic {name:?} exists already; import it, or choose another name");
            return Err(Error::new(Kind::Exists, message));
        }
        let given = |(argument, attribute): (&str, &str)| {
            let value = want.get(argument).and_then(text).filter(|text| !text.is_empty() && text != "false");
            value.map(|value| (attribute.to_owned(), value))
        };
        let attributes: HashMap<String, String> = AT_CREATION.into_iter().filter_map(given).collect();
        let tags: Vec<Tag> = want.string_map("tags_all").into_iter().map(tag).collect::<Result<_>>()?;
        let answer = aws
            .write
            .sns
            .create_topic()
            .name(name)
            .set_attributes(Some(attributes).filter(|all| fifo || !all.is_empty()))
            .set_tags(Some(tags).filter(|all| !all.is_empty()))
            .send()
            .await?;
        made(answer.topic_arn())
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        if let Some(retagging) = tags::take(change) {
            if !retagging.gone.is_empty() {
                let call = aws.write.sns.untag_resource().resource_arn(id);
                call.set_tag_keys(Some(retagging.gone)).send().await?;
            }
            if !retagging.set.is_empty() {
                let set = retagging.set.into_iter().map(tag).collect::<Result<_>>()?;
                aws.write.sns.tag_resource().resource_arn(id).set_tags(Some(set)).send().await?;
            }
        }
        for (argument, attribute) in ATTRIBUTES {
            let Some(value) = change.take(argument) else { continue };
            let value = text(value).unwrap_or_default();
            let call = aws.write.sns.set_topic_attributes().topic_arn(id).attribute_name(attribute);
            call.attribute_value(value).send().await?;
        }
        Ok(())
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        aws.write.sns.delete_topic().topic_arn(id).send().await?;
        Ok(())
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
