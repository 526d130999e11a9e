//! aws_sns_topic_subscription: who receives the messages of a topic. Somebody at the endpoint may have to
//! confirm it first; until then it is there, pending, and AWS does not let go of it.

use super::sns;
use crate::aws::api::member_text;
use crate::aws::api::services::SNS;
use crate::resources::attributes::{Attributes, attributes, given, read, text};
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};

/// A subscription with its attributes by AWS's names.
pub struct Subscription {
    arn: String,
    attributes: Attributes,
}

/// The resource type `aws_sns_topic_subscription`.
pub struct AwsSnsTopicSubscription;

// What is set at creation and one by one later. The scope says what the filter means and comes before it.
attributes! {
    Subscription:
    filter_policy_scope = "FilterPolicyScope": Text [.optional_computed().follows(&["filter_policy"])]
        [.check(|v| checks::one_of(v, &["MessageAttributes", "MessageBody"]))];
    filter_policy = "FilterPolicy": Text [.normal(Normal::With(same_document)).check(checks::json)];
    delivery_policy = "DeliveryPolicy": Text [.normal(Normal::With(same_document)).check(checks::json)];
    raw_message_delivery = "RawMessageDelivery": Switch;
    redrive_policy = "RedrivePolicy": Text [.normal(Normal::With(same_document)).check(checks::json)];
    replay_policy = "ReplayPolicy": Text [.normal(Normal::With(same_document)).check(checks::json)];
    subscription_role_arn = "SubscriptionRoleArn": Text;
}

table! {
    Own: Subscription {
        confirmation_timeout_in_minutes: Int, none [.default(1)];
        endpoint: Text, none [.required().force_new().normal(Normal::With(same_endpoint))]
            [.read(|s| read::<Text>(&s.held().attributes, "Endpoint"))];
        endpoint_auto_confirms: Switch, none;
        protocol: Text, none [.required().force_new().check(|v| checks::one_of(v, &PROTOCOLS))]
            [.read(|s| read::<Text>(&s.held().attributes, "Protocol"))];
        topic_arn: Text, none
            [.required().force_new().read(|s| read::<Text>(&s.held().attributes, "TopicArn"))];
        arn: Text, none [.computed().read(|s| s.held().arn.as_str().into())];
        confirmation_was_authenticated: Flag, none
            [.computed().read(|s| read::<Flag>(&s.held().attributes, "ConfirmationWasAuthenticated"))];
        owner_id: Text, none [.computed().read(|s| read::<Text>(&s.held().attributes, "Owner"))];
        pending_confirmation: Flag, none [.computed().read(|s| is_pending(s.held()).into())];
    }
}

fn is_pending(subscription: &Subscription) -> bool {
    read::<Flag>(&subscription.attributes, "PendingConfirmation").as_bool() == Some(true)
}

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

fn check(want: &Attrs) -> Faults {
    let Some(protocol) = want.str("protocol") else { return Faults::new() };
    let endpoint = want.str("endpoint");
    let start = match protocol {
        "http" => "http://",
        "https" => "https://",
        "sqs" | "lambda" | "firehose" | "application" => "arn:",
        _ => "",
    };
    faults! {
        (protocol == "firehose") != want.is_given("subscription_role_arn") => "subscription_role_arn",
            "a subscription of the protocol firehose needs a role, and no other takes one";
        endpoint.is_some_and(|text| !text.starts_with(start)) => "endpoint",
            format!("an endpoint of the protocol {protocol} begins with {start}");
        protocol.starts_with("email") && endpoint.is_some_and(|text| !text.contains('@')) => "endpoint",
            format!("{:?} is not a valid e-mail address", endpoint.unwrap_or_default());
        want.is_set("filter_policy_scope") && !want.is_given("filter_policy") => "filter_policy_scope",
            "filter_policy_scope needs a filter_policy";
    }
}

async fn listed(aws: &Aws, arns: &[String]) -> Result<Vec<Subscription>> {
    each(arns.to_vec(), |arn| async move {
        let input = json!({"SubscriptionArn": arn});
        let attributes = sns::read(&aws.read.api.call(&SNS, "GetSubscriptionAttributes", input).await?);
        Ok(Subscription { arn, attributes })
    })
    .await
}

/// The subscriptions of a topic to one endpoint. Those that are pending have no ARN in this list.
async fn like(aws: &Aws, want: &Attrs) -> Result<Vec<String>> {
    let input = json!({"TopicArn": want.str("topic_arn").unwrap_or_default()});
    let path = "Subscriptions.member";
    let mut all = aws.read.api.list(&SNS, "ListSubscriptionsByTopic", input, sns::PAGES, path).await?;
    let is = |found: &Json, member: &str, name: &str| member_text(found, member).as_deref() == want.str(name);
    all.retain(|found| is(found, "Protocol", "protocol") && is(found, "Endpoint", "endpoint"));
    let arns = all.into_iter().filter_map(|found| member_text(&found, "SubscriptionArn"));
    Ok(arns.filter(|arn| arn.starts_with("arn:")).collect())
}

/// Waits for an endpoint that confirms by itself.
async fn confirmed(aws: &Aws, id: &str, minutes: u32) -> Result<()> {
    let done = || async { Ok(listed(aws, &[id.to_owned()]).await?.iter().any(|s| !is_pending(s))) };
    if settle::within(minutes.saturating_mul(60).max(1), "the endpoint to confirm its subscription", done).await? {
        return Ok(());
    }
    Err(Error::ambiguous(format!("{id} was not confirmed by its endpoint within {minutes} minutes")))
}

impl Resource for AwsSnsTopicSubscription {
    type Live = Subscription;

    fn spec() -> Spec<Subscription> {
        let all = rows().into_iter().chain(Own::rows());
        Spec::new("aws_sns_topic_subscription", |s| Some(s.arn.clone()), all.collect())
            .role(Role::NotServing("it carries messages about what serves"))
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
            Which::NaturalKey(want) => listed(aws, &like(aws, want).await?).await,
            by_id => listed(aws, &by_id.by("arn")).await,
        }
    }

    /// The same call again gives the same subscription, so that its arguments are as good as a client
    /// token.
    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let input = json!({
            "TopicArn": want.str("topic_arn"),
            "Protocol": want.str("protocol"),
            "Endpoint": want.str("endpoint"),
            "Attributes": sns::written(given(want, NAMES.iter().copied())),
            "ReturnSubscriptionArn": true,
        });
        made(member_text(&aws.write.api.call(&SNS, "Subscribe", input).await?, "SubscriptionArn").as_deref())
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        change.take("confirmation_timeout_in_minutes");
        for (argument, attribute) in NAMES {
            let Some(value) = change.take(argument) else { continue };
            let value = text(value).unwrap_or_default();
            // A filter is taken away by one that filters nothing.
            let value = if *argument == "filter_policy" && value.is_empty() { "{}".to_owned() } else { value };
            let input = json!({"SubscriptionArn": id, "AttributeName": attribute, "AttributeValue": value});
            aws.write.api.call(&SNS, "SetSubscriptionAttributes", input).await?;
        }
        if change.take_bool("endpoint_auto_confirms") == Some(true) && change.fresh {
            let minutes = change.after.int("confirmation_timeout_in_minutes").and_then(|n| u32::try_from(n).ok());
            confirmed(aws, id, minutes.unwrap_or(1)).await?;
        }
        Ok(())
    }

    /// AWS keeps a subscription that nobody confirmed for some days and forgets it by itself.
    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        match aws.write.api.call(&SNS, "Unsubscribe", json!({"SubscriptionArn": id})).await {
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
