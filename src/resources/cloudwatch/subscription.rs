//! aws_sns_topic_subscription: who is told what a topic says. Somebody at the endpoint may have to
//! confirm it first; until then it is there, pending, and AWS does not let go of it.

use crate::aws::{Aws, Error, Result, each, made};
use crate::resources::spec::{self, Resource, Spec, Token, Which};
use crate::schema::normal::Normal;
use crate::schema::rows::Recover;
use crate::schema::{Attrs, Change, checks};
use crate::value::Value;
use serde_json::Value as Json;
use std::collections::HashMap;
use std::time::{Duration, Instant};

type A = spec::A<Subscription>;

/// A subscription with its attributes by AWS's names.
pub struct Subscription {
    arn: String,
    attributes: HashMap<String, String>,
}

impl Subscription {
    fn text(&self, attribute: &str) -> Value {
        self.attributes.get(attribute).map(String::as_str).filter(|text| !text.is_empty()).into()
    }

    fn truth(&self, attribute: &str) -> Value {
        self.attributes.get(attribute).is_some_and(|text| text.eq_ignore_ascii_case("true")).into()
    }
}

/// The resource type `aws_sns_topic_subscription`.
pub struct AwsSnsTopicSubscription;

/// What is set at creation and one by one later, and what AWS calls it. The scope says what the filter
/// means and comes before it.
const ATTRIBUTES: [(&str, &str); 7] = [
    ("filter_policy_scope", "FilterPolicyScope"),
    ("filter_policy", "FilterPolicy"),
    ("delivery_policy", "DeliveryPolicy"),
    ("raw_message_delivery", "RawMessageDelivery"),
    ("redrive_policy", "RedrivePolicy"),
    ("replay_policy", "ReplayPolicy"),
    ("subscription_role_arn", "SubscriptionRoleArn"),
];

const PROTOCOLS: [&str; 9] =
    ["application", "email", "email-json", "firehose", "http", "https", "lambda", "sms", "sqs"];

/// A document in one spelling: order in lists, members that are null, and how a number is written mean
/// nothing.
fn one_spelling(document: Json) -> Json {
    match document {
        Json::Array(items) => {
            let mut items: Vec<Json> = items.into_iter().map(one_spelling).collect();
            items.sort_by_key(Json::to_string);
            Json::Array(items)
        }
        Json::Object(members) => {
            let mut members: Vec<(String, Json)> =
                members.into_iter().filter(|(_, v)| !v.is_null()).map(|(k, v)| (k, one_spelling(v))).collect();
            members.sort_by(|a, b| a.0.cmp(&b.0));
            Json::Object(members.into_iter().collect())
        }
        Json::Number(n) => n.as_f64().map_or(Json::Number(n), Json::from),
        other => other,
    }
}

/// Whether two filter or delivery policies mean the same.
fn same_document(a: &Value, b: &Value) -> bool {
    fn read(value: &Value) -> Option<Json> {
        value.as_str().and_then(|text| serde_json::from_str(text).ok()).map(one_spelling)
    }
    read(a).is_some_and(|a| Some(a) == read(b))
}

/// SNS gives the password in an address back as stars.
fn same_endpoint(a: &Value, b: &Value) -> bool {
    fn hidden(value: &Value) -> Option<String> {
        let text = value.as_str()?;
        let (before, after) = text.split_once('@').filter(|(before, _)| before.starts_with("http"))?;
        let (user, _) = before.rsplit_once(':')?;
        Some(format!("{user}@{after}"))
    }
    hidden(a).is_some_and(|a| Some(a) == hidden(b))
}

fn check(want: &Attrs) -> Vec<(&'static str, String)> {
    let mut wrong = Vec::new();
    let mut say = |name, message: String| wrong.push((name, message));
    let Some(protocol) = want.str("protocol") else { return wrong };
    let given = |name: &str| want.is_set(name) || want.is_unknown(name);
    if (protocol == "firehose") != given("subscription_role_arn") {
        say(
            "subscription_role_arn",
            "a subscription of the protocol firehose needs a role, and no other takes one".into(),
        );
    }
    let endpoint = want.str("endpoint");
    let fits = |start: &str| endpoint.is_none_or(|text| text.starts_with(start));
    let start = match protocol {
        "http" => "http://",
        "https" => "https://",
        "sqs" | "lambda" | "firehose" | "application" => "arn:",
        _ => "",
    };
    if !fits(start) {
        say("endpoint", format!("an endpoint of the protocol {protocol} begins with {start}"));
    }
    if protocol.starts_with("email") && endpoint.is_some_and(|text| !text.contains('@')) {
        say("endpoint", format!("{:?} is not a valid e-mail address", endpoint.unwrap_or_default()));
    }
    if want.is_set("filter_policy_scope") && !given("filter_policy") {
        say("filter_policy_scope", "there is no filter_policy that it could say something about".into());
    }
    wrong
}

async fn listed(aws: &Aws, arns: &[String]) -> Result<Vec<Subscription>> {
    each(arns.to_vec(), |arn| async move {
        let answer = aws.read.sns.get_subscription_attributes().subscription_arn(&arn).send().await?;
        Ok(Subscription { arn, attributes: answer.attributes.unwrap_or_default() })
    })
    .await
}

/// The subscriptions of a topic to one endpoint. Those that are pending have no ARN in this list.
async fn like(aws: &Aws, want: &Attrs) -> Result<Vec<String>> {
    let topic = want.str("topic_arn").unwrap_or_default();
    let mut pages = aws.read.sns.list_subscriptions_by_topic().topic_arn(topic).into_paginator().items().send();
    let mut arns = Vec::new();
    while let Some(found) = pages.next().await {
        let found = found?;
        let meant = found.protocol() == want.str("protocol") && found.endpoint() == want.str("endpoint");
        arns.extend(found.subscription_arn.filter(|arn| meant && arn.starts_with("arn:")));
    }
    Ok(arns)
}

/// Waits for an endpoint that confirms by itself.
async fn confirmed(aws: &Aws, id: &str, minutes: u64) -> Result<()> {
    let start = Instant::now();
    loop {
        let found = listed(aws, &[id.to_owned()]).await?;
        if found.iter().any(|s| s.truth("PendingConfirmation").as_bool() == Some(false)) {
            return Ok(());
        }
        if start.elapsed() >= Duration::from_secs(minutes * 60) {
            return Err(Error::ambiguous(format!("{id} was not confirmed by its endpoint within {minutes} minutes")));
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}

/// A value as SNS takes it.
fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned).or_else(|| value.as_bool().map(|b| b.to_string()))
}

impl Resource for AwsSnsTopicSubscription {
    type Live = Subscription;

    fn spec() -> Spec<Subscription> {
        let json = |name| A::string(name).normal(Normal::With(same_document)).check(checks::json);
        let rows = vec![
            A::number("confirmation_timeout_in_minutes").default(1),
            json("delivery_policy").read(|s| s.text("DeliveryPolicy")),
            A::string("endpoint")
                .required()
                .force_new()
                .normal(Normal::With(same_endpoint))
                .read(|s| s.text("Endpoint")),
            A::bool("endpoint_auto_confirms").default(false),
            json("filter_policy").read(|s| s.text("FilterPolicy")),
            A::string("filter_policy_scope")
                .optional_computed()
                .follows(&["filter_policy"])
                .check(|v| checks::one_of(v, &["MessageAttributes", "MessageBody"]))
                .read(|s| s.text("FilterPolicyScope")),
            A::string("protocol")
                .required()
                .force_new()
                .check(|v| checks::one_of(v, &PROTOCOLS))
                .read(|s| s.text("Protocol")),
            A::bool("raw_message_delivery").default(false).read(|s| s.truth("RawMessageDelivery")),
            json("redrive_policy").read(|s| s.text("RedrivePolicy")),
            json("replay_policy").read(|s| s.text("ReplayPolicy")),
            A::string("subscription_role_arn").read(|s| s.text("SubscriptionRoleArn")),
            A::string("topic_arn").required().force_new().read(|s| s.text("TopicArn")),
            A::string("arn").computed().read(|s| s.arn.as_str().into()),
            A::bool("confirmation_was_authenticated").computed().read(|s| s.truth("ConfirmationWasAuthenticated")),
            A::string("owner_id").computed().read(|s| s.text("Owner")),
            A::bool("pending_confirmation").computed().read(|s| s.truth("PendingConfirmation")),
        ];
        Spec::new("aws_sns_topic_subscription", |s| Some(s.arn.clone()), rows)
            .unique(&[&["topic_arn", "protocol", "endpoint"]])
            .recover(Recover::ClientToken)
            .unset_by_create(|want| match want.bool("endpoint_auto_confirms") {
                Some(true) => vec!["endpoint_auto_confirms"],
                _ => Vec::new(),
            })
            .check(check)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Subscription>> {
        match which {
            Which::Ids(arns) => listed(aws, arns).await,
            Which::Token(_) => Ok(Vec::new()),
            Which::NaturalKey(want) => listed(aws, &like(aws, want).await?).await,
        }
    }

    /// The same call again gives the same subscription, so that its arguments are as good as a client
    /// token.
    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let given = |(argument, attribute): (&str, &str)| {
            let value = want.get(argument).and_then(text).filter(|text| !text.is_empty() && text != "false");
            value.map(|value| (attribute.to_owned(), value))
        };
        let attributes: HashMap<String, String> = ATTRIBUTES.into_iter().filter_map(given).collect();
        let answer = aws
            .write
            .sns
            .subscribe()
            .set_attributes(Some(attributes).filter(|all| !all.is_empty()))
            .set_endpoint(want.string("endpoint"))
            .set_protocol(want.string("protocol"))
            .return_subscription_arn(true)
            .set_topic_arn(want.string("topic_arn"))
            .send()
            .await?;
        made(answer.subscription_arn())
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        change.take("confirmation_timeout_in_minutes");
        for (argument, attribute) in ATTRIBUTES {
            let Some(value) = change.take(argument) else { continue };
            let value = text(value).unwrap_or_default();
            // A filter is taken away by one that filters nothing.
            let value = if argument == "filter_policy" && value.is_empty() { "{}".to_owned() } else { value };
            let call = aws.write.sns.set_subscription_attributes().subscription_arn(id).attribute_name(attribute);
            call.attribute_value(value).send().await?;
        }
        if change.take_bool("endpoint_auto_confirms") == Some(true) && change.fresh {
            let minutes = change.after.int("confirmation_timeout_in_minutes").and_then(|n| u64::try_from(n).ok());
            confirmed(aws, id, minutes.unwrap_or(1)).await?;
        }
        Ok(())
    }

    /// AWS keeps a subscription that nobody confirmed for some days and forgets it by itself.
    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        match aws.write.sns.unsubscribe().subscription_arn(id).send().await.map_err(Error::from) {
            Err(e) if e.is("InvalidParameter") && e.message.contains("pending confirmation") => Ok(()),
            done => done.map(drop),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(a: &str, b: &str) -> bool {
        same_document(&a.into(), &b.into())
    }

    #[test]
    fn filters_are_compared_by_meaning() {
        assert!(same(r#"{"a":["x","y"],"b":[1]}"#, r#"{ "b": [1.0], "a": ["y", "x"] }"#));
        assert!(same(r#"{"a":{"b":null,"c":1}}"#, r#"{"a":{"c":1}}"#));
        assert!(!same(r#"{"a":["x"]}"#, r#"{"a":["y"]}"#));
    }

    #[test]
    fn an_address_with_its_password_hidden_is_the_same_address() {
        let same = |a: &str, b: &str| same_endpoint(&a.into(), &b.into());
        assert!(same("https://me:secret@example.com/a", "https://me:****@example.com/a"));
        assert!(!same("https://me:secret@example.com/a", "https://you:****@example.com/a"));
        assert!(!same("a@example.com", "b@example.com"));
    }

    #[test]
    fn an_endpoint_fits_its_protocol() {
        let wrong = |protocol: &str, endpoint: &str| {
            check(&Attrs::default().with("protocol", protocol).with("endpoint", endpoint)).len()
        };
        assert_eq!([wrong("email", "ops@example.com"), wrong("https", "https://example.com")], [0, 0]);
        assert_eq!(
            [wrong("email", "ops"), wrong("https", "http://a"), wrong("firehose", "arn:aws:firehose:x")],
            [1; 3]
        );
    }
}
