//! aws_route53_health_check: asks an address, other checks or an alarm whether something answers. Records follow it.

use super::calls::{ordered, pages, retag, tags_of};
use crate::aws::api::services::ROUTE53;
use crate::aws::api::{member, member_text};
use crate::resources::block::TextMap;
use crate::resources::document::{Document, Member, at, document};
use crate::resources::plain::joined;
use crate::resources::prelude::*;
use crate::resources::settle::unless_gone;
use serde_json::{Value as Json, json};

/// The resource type `aws_route53_health_check`.
pub struct AwsRoute53HealthCheck;

/// A check with its tags.
pub struct Live {
    id: String,
    config: Json,
    tags: Vec<Json>,
}

held!(Live: config as Json);

/// The kind of its tags.
const KIND: &str = "healthcheck";

const TYPES: [&str; 9] = [
    "CALCULATED",
    "CLOUDWATCH_METRIC",
    "HTTP",
    "HTTP_STR_MATCH",
    "HTTPS",
    "HTTPS_STR_MATCH",
    "RECOVERY_CONTROL",
    "TCP",
    "UDP",
];

document! {
    Rows {
        child_health_threshold = "HealthThreshold": Int, read, create, modify;
        child_healthchecks = "ChildHealthChecks.ChildHealthCheck": Texts, read, create, modify;
        disabled = "Disabled": Switch, read, create, modify;
        enable_sni = "EnableSNI": Flag, read, create, modify [.optional_computed()];
        failure_threshold = "FailureThreshold": Int, read, create, modify
            [.optional_computed().check(|v| within(v, 1, 10))];
        fqdn = "FullyQualifiedDomainName": Text, read, create, modify;
        insufficient_data_health_status = "InsufficientDataHealthStatus": Text, read, create, modify
            [.check(|v| checks::one_of(v, &["Healthy", "LastKnownStatus", "Unhealthy"]))];
        invert_healthcheck = "Inverted": Switch, read, create, modify;
        ip_address = "IPAddress": Text, read, create, modify;
        measure_latency = "MeasureLatency": Switch, read, create [.force_new()];
        port = "Port": Int, read, create, modify [.stays()];
        regions = "Regions.Region": Texts, read, create, modify [.optional_computed()];
        request_interval = "RequestInterval": Int [.force_new().stays().check(|v| within(v, 10, 30))];
        resource_path = "ResourcePath": Text, read, create, modify;
        routing_control_arn = "RoutingControlArn": Text [.force_new()];
        search_string = "SearchString": Text, read, create, modify;
        r#type = "Type": Upper, read, create [.required().force_new()];
    }
}

fn within(value: &Value, least: i64, most: i64) -> Result<(), String> {
    checks::number(value, |n| (least..=most).contains(&n), &format!("is not between {least} and {most}"))
}

/// The kind of a check, in letters of any case.
struct Upper;

impl Cell for Upper {
    fn column<L>(name: &'static str) -> A<L> {
        let known = |value: &Value| {
            let upper = value.as_str().map(str::to_uppercase);
            upper.map_or(Ok(()), |word| checks::one_of(&word.into(), &TYPES))
        };
        A::string(name).normal(Normal::CaseInsensitive).check(known)
    }
}

impl Member for Upper {
    fn get(object: &Json, path: &str) -> Value {
        at::<Text>(object, path)
    }
    fn put(want: &Attrs, name: &str) -> Option<Json> {
        text(want, name).map(|word| word.to_uppercase().into())
    }
}

/// The alarm that a check follows; none where the layout names none.
fn alarm(want: &Attrs) -> Option<Json> {
    let (region, name) = (text(want, "cloudwatch_alarm_region")?, text(want, "cloudwatch_alarm_name")?);
    Some(json!({"Region": region, "Name": name}))
}

/// What a change takes away, which has to be said.
fn reset(change: &Change<'_>) -> Vec<&'static str> {
    let gone =
        |name: &str| change.has(name) && text(change.after, name).is_none() && change.after.strings(name).is_empty();
    let all = [
        ("child_healthchecks", "ChildHealthChecks"),
        ("fqdn", "FullyQualifiedDomainName"),
        ("regions", "Regions"),
        ("resource_path", "ResourcePath"),
    ];
    all.into_iter().filter(|(name, _)| gone(name)).map(|(_, what)| what).collect()
}

/// Whether a member of a change says nothing: what goes away is said apart.
fn is_nothing(value: &Json) -> bool {
    match value {
        Json::String(text) => text.is_empty(),
        Json::Array(all) => all.is_empty(),
        Json::Object(members) => members.values().all(is_nothing),
        other => other.is_null(),
    }
}

impl Resource for AwsRoute53HealthCheck {
    type Live = Live;

    fn spec() -> Spec<Live> {
        let of_alarm = |name| A::string(name).force_new();
        let own = [
            A::string("arn").computed().read(|l: &Live| format!("arn:aws:route53:::healthcheck/{}", l.id).into()),
            A::string("cloudwatch_alarm_name").read(|l| member_text(&l.config, "AlarmIdentifier.Name").into()),
            A::string("cloudwatch_alarm_region").read(|l| member_text(&l.config, "AlarmIdentifier.Region").into()),
            of_alarm("reference_name"),
            TextMap::column("triggers").optional_computed(),
        ];
        let all = Rows::rows().into_iter().chain(own).collect();
        Spec::new("aws_route53_health_check", |l: &Live| Some(l.id.clone()), all)
            .role(Role::Name(Unjudged::All("names that follow it")))
            .own_tags(|l| tags::of(&l.tags))
            .global()
    }

    /// The reference of the caller ends with the token.
    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Live>> {
        let (call, next) =
            ("ListHealthChecks GET /2013-04-01/healthcheck", pages("ListHealthChecksResponse.NextMarker"));
        let path = "ListHealthChecksResponse.HealthChecks.HealthCheck";
        let mut all = aws.read.api.list(&ROUTE53, call, json!({}), next, path).await?;
        all.retain(|check| match which {
            Which::Ids(ids) => ids.iter().any(|id| check["Id"] == id.as_str()),
            Which::Token(token) => check["CallerReference"].as_str().is_some_and(|r| r.ends_with(&token.0)),
            Which::NaturalKey(_) => false,
        });
        each(all, |check| async move {
            let id = member_text(&check, "Id").unwrap_or_default();
            let tags = tags_of(aws, KIND, &id).await?;
            let missing = || Error::not_found(format!("the health check {id} has no configuration"));
            let config = member(&check, "HealthCheckConfig").cloned().ok_or_else(missing)?;
            Ok(Live { id, config, tags })
        })
        .await
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let config = ordered(joined(Rows::create(want), json!({"AlarmIdentifier": alarm(want)})));
        let reference = match text(want, "reference_name") {
            Some(name) => format!("{name}-{}", token.0),
            None => token.0.clone(),
        };
        let input = json!({"CallerReference": reference, "HealthCheckConfig": config});
        let call = "CreateHealthCheck POST /2013-04-01/healthcheck";
        let answer = aws.write.api.call(&ROUTE53, call, json!({"CreateHealthCheckRequest": input})).await?;
        made(member_text(&answer, "CreateHealthCheckResponse.HealthCheck.Id").as_deref())
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        let reset = reset(change);
        let watched = change.take_any(&["cloudwatch_alarm_name", "cloudwatch_alarm_region"]);
        let asked = change.take("triggers").is_some() && !change.fresh;
        let rows = Rows::modify(change);
        if rows.is_some() || watched || asked {
            let mut input = rows.unwrap_or_else(|| json!({}));
            if let Some(members) = input.as_object_mut() {
                members.retain(|_, value| !is_nothing(value));
            }
            input["ResetElements"] = some(reset).map(|all| json!({"ResettableElementName": all})).into();
            if watched {
                input["AlarmIdentifier"] = alarm(change.after).into();
            }
            let call = "UpdateHealthCheck POST /2013-04-01/healthcheck/{Id}";
            let input = json!({"Id": id, "UpdateHealthCheckRequest": ordered(input)});
            aws.write.api.call(&ROUTE53, call, input).await?;
        }
        retag(aws, KIND, id, change).await
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        let call = "DeleteHealthCheck DELETE /2013-04-01/healthcheck/{Id}";
        unless_gone(aws.write.api.call(&ROUTE53, call, json!({"Id": id})).await)
    }
}
