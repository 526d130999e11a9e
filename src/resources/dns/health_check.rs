//! aws_route53_health_check: asks an address, other checks or an alarm whether something answers. Records follow it.

use crate::resources::block::{EnumSetCell, TextMap};
use crate::resources::prelude::*;
use crate::resources::settle::unless_gone;
use aws_sdk_route53::operation::update_health_check::builders::UpdateHealthCheckFluentBuilder as Update;
use aws_sdk_route53::types::builders::HealthCheckConfigBuilder as Config;
use aws_sdk_route53::types::{
    AlarmIdentifier, CloudWatchRegion, HealthCheck, HealthCheckConfig, ResettableElementName as Reset, Tag,
    TagResourceType,
};

/// The resource type `aws_route53_health_check`.
pub struct AwsRoute53HealthCheck;

/// A check with its tags.
pub struct Live {
    check: HealthCheck,
    config: HealthCheckConfig,
    tags: Vec<Tag>,
}

held!(Live: config as HealthCheckConfig);

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

table! {
    Rows: HealthCheckConfig, create Config, modify Update {
        child_health_threshold = health_threshold: Int, read, create, modify;
        child_healthchecks = child_health_checks: Texts, read, create, modify;
        disabled: Switch, read, create, modify;
        enable_sni: Flag, read, create, modify [.optional_computed()];
        failure_threshold: Int, read, create, modify [.optional_computed().check(|v| within(v, 1, 10))];
        fqdn = fully_qualified_domain_name: Text, read, create, modify;
        insufficient_data_health_status: EnumCell, read, create, modify
            [.check(|v| checks::one_of(v, &["Healthy", "LastKnownStatus", "Unhealthy"]))];
        invert_healthcheck = inverted: Switch, read, create, modify;
        ip_address: Text, read, create, modify;
        measure_latency: Switch, read, create [.force_new()];
        port: Int, read, create, modify [.stays()];
        regions: EnumSetCell, read, create, modify [.optional_computed()];
        request_interval: Int [.force_new().stays().check(|v| within(v, 10, 30))];
        resource_path: Text, read, create, modify;
        routing_control_arn: Text [.force_new()];
        search_string: Text, read, create, modify;
        r#type: Upper, read, create [.required().force_new()];
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

impl<E: AsRef<str>> Get<&E> for Upper {
    fn get(from: &E) -> Value {
        from.as_ref().into()
    }
}

impl<E: for<'a> From<&'a str>> Put<Option<E>> for Upper {
    fn put(from: &Attrs, name: &str) -> Option<E> {
        text(from, name).map(|word| word.to_uppercase().as_str().into())
    }
}

/// The alarm that a check follows; none where the layout names none.
fn alarm(want: &Attrs) -> Option<AlarmIdentifier> {
    let region = CloudWatchRegion::from(text(want, "cloudwatch_alarm_region")?.as_str());
    AlarmIdentifier::builder().set_name(text(want, "cloudwatch_alarm_name")).region(region).build().ok()
}

/// What a change takes away, which has to be said.
fn reset(change: &Change<'_>) -> Vec<Reset> {
    let gone =
        |name: &str| change.has(name) && text(change.after, name).is_none() && change.after.strings(name).is_empty();
    let all = [
        ("child_healthchecks", Reset::ChildHealthChecks),
        ("fqdn", Reset::FullyQualifiedDomainName),
        ("regions", Reset::Regions),
        ("resource_path", Reset::ResourcePath),
    ];
    all.into_iter().filter(|(name, _)| gone(name)).map(|(_, what)| what).collect()
}

impl Resource for AwsRoute53HealthCheck {
    type Live = Live;

    fn spec() -> Spec<Live> {
        let of_alarm = |name| A::string(name).force_new();
        let own = [
            A::string("arn").computed().read(|l: &Live| format!("arn:aws:route53:::healthcheck/{}", l.check.id).into()),
            A::string("cloudwatch_alarm_name").read(|l| l.config.alarm_identifier().map(AlarmIdentifier::name).into()),
            A::string("cloudwatch_alarm_region")
                .read(|l| l.config.alarm_identifier().map(|alarm| alarm.region().as_str()).into()),
            of_alarm("reference_name"),
            TextMap::column("triggers").optional_computed(),
        ];
        let all = Rows::rows().into_iter().chain(own).collect();
        Spec::new("aws_route53_health_check", |l: &Live| Some(l.check.id.clone()), all)
            .role(Role::Name(Unjudged::All("names that follow it")))
            .own_tags(|l| tags::of(&l.tags))
            .global()
    }

    /// The reference of the caller ends with the token.
    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Live>> {
        let mut all = all_of(aws.read.route53.list_health_checks().into_paginator().items().send()).await?;
        all.retain(|check| match which {
            Which::Ids(ids) => ids.contains(&check.id),
            Which::Token(token) => check.caller_reference.ends_with(&token.0),
            Which::NaturalKey(_) => false,
        });
        each(all, |check| async move {
            let call = aws.read.route53.list_tags_for_resource().resource_type(TagResourceType::Healthcheck);
            let answer = call.resource_id(&check.id).send().await?;
            let missing = || Error::not_found(format!("the health check {} has no configuration", check.id));
            let config = check.health_check_config.clone().ok_or_else(missing)?;
            let tags = answer.resource_tag_set.and_then(|set| set.tags).unwrap_or_default();
            Ok(Live { check, config, tags })
        })
        .await
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let config = Rows::create(HealthCheckConfig::builder(), want).set_alarm_identifier(alarm(want));
        let config = config.build().map_err(|e| Error::new(Kind::Refused, e.to_string()))?;
        let reference = match text(want, "reference_name") {
            Some(name) => format!("{name}-{}", token.0),
            None => token.0.clone(),
        };
        let call = aws.write.route53.create_health_check().caller_reference(reference).health_check_config(config);
        made(call.send().await?.health_check().map(HealthCheck::id))
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        let reset = reset(change);
        let watched = change.take_any(&["cloudwatch_alarm_name", "cloudwatch_alarm_region"]);
        let asked = change.take("triggers").is_some() && !change.fresh;
        let call = || aws.write.route53.update_health_check().health_check_id(id);
        let rows = Rows::modify(call(), change);
        if rows.is_some() || watched || asked {
            let call = rows.unwrap_or_else(call).set_reset_elements(some(reset));
            let call = if watched { call.set_alarm_identifier(alarm(change.after)) } else { call };
            call.send().await?;
        }
        let Some(tags::Retagging { set, gone }) = tags::take(change) else { return Ok(()) };
        let call = aws.write.route53.change_tags_for_resource().resource_type(TagResourceType::Healthcheck);
        let call = call.resource_id(id).set_add_tags(some(tags::made(set))).set_remove_tag_keys(some(gone));
        done(call.send().await)
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        unless_gone(aws.write.route53.delete_health_check().health_check_id(id).send().await)
    }
}
