//! aws_lb_target_group: where a balancer sends requests, and how it finds out who is well.

use super::target_group_parts as parts;
use crate::aws::{Aws, Error, Result, each, made};
use crate::resources::elb::shared;
use crate::resources::elb::shared::Settings;
use crate::resources::spec::{self, Resource, Spec, Tagging, Token, Which};
use crate::schema::{Attrs, Change, Nesting, checks};
use crate::value::Value;
use aws_sdk_elasticloadbalancingv2::types::{Matcher, Tag, TargetGroup, TargetGroupAttribute, TargetTypeEnum};

type A = spec::A<Group>;

/// The resource type `aws_lb_target_group`.
pub struct AwsLbTargetGroup;

/// A group as listed, with what has to be asked for apart.
pub struct Group {
    /// As listed.
    pub group: TargetGroup,
    /// Its attributes.
    pub settings: Settings,
    /// Its tags.
    pub tags: Vec<Tag>,
}

/// What a layout and a balancer's listener may say of protocols.
const PROTOCOLS: [&str; 9] = ["GENEVE", "HTTP", "HTTPS", "QUIC", "TCP", "TCP_QUIC", "TCP_UDP", "TLS", "UDP"];
const TARGETS: [&str; 4] = ["instance", "ip", "lambda", "alb"];
const LAMBDA: &str = "lambda";

/// The arguments that are attributes of the group, and their keys.
const SETTINGS: [(&str, &str); 9] = [
    ("connection_termination", "deregistration_delay.connection_termination.enabled"),
    ("deregistration_delay", "deregistration_delay.timeout_seconds"),
    ("lambda_multi_value_headers_enabled", "lambda.multi_value_headers.enabled"),
    ("load_balancing_algorithm_type", "load_balancing.algorithm.type"),
    ("load_balancing_anomaly_mitigation", "load_balancing.algorithm.anomaly_mitigation"),
    ("load_balancing_cross_zone_enabled", "load_balancing.cross_zone.enabled"),
    ("preserve_client_ip", "preserve_client_ip.enabled"),
    ("proxy_protocol_v2", "proxy_protocol_v2.enabled"),
    ("slow_start", "slow_start.duration_seconds"),
];

impl Group {
    /// The text of an argument that is an attribute.
    fn setting(&self, name: &str) -> Option<&str> {
        let (_, key) = SETTINGS.iter().find(|(argument, _)| *argument == name)?;
        self.settings.text(key)
    }

    // What a group has not reads as the default, so that it never differs.
    fn flag(&self, name: &str) -> Value {
        (self.setting(name) == Some("true")).into()
    }
}

fn check(want: &Attrs) -> Vec<(&'static str, String)> {
    let mut wrong = Vec::new();
    let Some(target) = want.str("target_type") else { return wrong };
    let given = |name: &str| want.is_set(name) || want.is_unknown(name);
    for name in ["port", "protocol", "vpc_id"] {
        match (target == LAMBDA, given(name)) {
            (true, true) => wrong.push((name, format!("a group of Lambda functions takes no {name}"))),
            (false, false) => wrong.push((name, format!("a group of type {target} needs {name}"))),
            _ => {}
        }
    }
    let protocol = want.str("protocol");
    let web = matches!(protocol, Some("HTTP" | "HTTPS"));
    if let Some(protocol) = protocol {
        if target == "alb" && !matches!(protocol, "TCP") {
            wrong.push(("protocol", format!("a group of balancers takes protocol TCP, not {protocol}")));
        }
        if want.is_set("protocol_version") && !web {
            wrong.push(("protocol_version", format!("protocol_version is for HTTP and HTTPS, not for {protocol}")));
        }
        if protocol == "GENEVE" && want.int("port").is_some_and(|port| port != 6081) {
            wrong.push(("port", "GENEVE uses port 6081".into()));
        }
        let cross = [("slow_start", !web), ("proxy_protocol_v2", web)];
        for (name, unfit) in cross {
            if unfit && (want.int(name).is_some_and(|n| n > 0) || want.bool(name) == Some(true)) {
                wrong.push((name, format!("a group with protocol {protocol} has no {name}")));
            }
        }
    }
    for health in want.blocks("health_check") {
        wrong.extend(parts::check_health(&health, protocol).into_iter().map(|text| ("health_check", text)));
    }
    for sticky in want.blocks("stickiness") {
        wrong.extend(parts::check_stickiness(&sticky, protocol).into_iter().map(|text| ("stickiness", text)));
    }
    wrong
}

/// The health check's fields, which CreateTargetGroup and ModifyTargetGroup take under the same names.
macro_rules! with_health {
    ($call:expr, $want:expr) => {{
        let health = $want.blocks("health_check").into_iter().next().unwrap_or_default();
        let reached = $want.str("target_type") != Some(LAMBDA);
        let matcher = health.string("matcher").filter(|codes| !codes.is_empty()).map(|codes| {
            match $want.str("protocol_version") {
                Some("GRPC") => Matcher::builder().grpc_code(codes).build(),
                _ => Matcher::builder().http_code(codes).build(),
            }
        });
        let path = health.string("path").filter(|path| !path.is_empty());
        $call
            .set_health_check_enabled(health.bool("enabled"))
            .set_health_check_interval_seconds(health.int("interval"))
            .set_health_check_timeout_seconds(health.int("timeout").filter(|n| *n > 0))
            .set_healthy_threshold_count(health.int("healthy_threshold"))
            .set_unhealthy_threshold_count(health.int("unhealthy_threshold"))
            .set_health_check_path(path)
            .set_health_check_port(health.string("port").filter(|_| reached))
            .set_health_check_protocol(health.str("protocol").filter(|_| reached).map(Into::into))
            .set_matcher(matcher)
    }};
}

/// Groups with tags and attributes.
pub async fn complete(aws: &Aws, found: Vec<TargetGroup>) -> Result<Vec<Group>> {
    let arns: Vec<String> = found.iter().filter_map(|g| g.target_group_arn().map(Into::into)).collect();
    let mut tags = shared::tags_of(aws, &arns).await?;
    let one = |group: TargetGroup| async move {
        let arn = group.target_group_arn().unwrap_or_default();
        let answer = aws.read.elb.describe_target_group_attributes().target_group_arn(arn).send().await?;
        let settings = Settings::from(answer.attributes.unwrap_or_default());
        Ok::<_, Error>(Group { group, settings, tags: Vec::new() })
    };
    let mut all = each(found, one).await?;
    for group in &mut all {
        group.tags = group.group.target_group_arn().and_then(|arn| tags.remove(arn)).unwrap_or_default();
    }
    Ok(all)
}

impl Resource for AwsLbTargetGroup {
    type Live = Group;

    fn spec() -> Spec<Group> {
        let [tags, tags_all] = A::tags(|g| shared::visible(&g.tags));
        let fixed = |name| A::string(name).optional_computed().force_new();
        let managed_by_aws = |name| A::string(name).optional_computed();
        Spec::new(
            "aws_lb_target_group",
            |g| g.group.target_group_arn().map(Into::into),
            vec![
                fixed("name").check(shared::name).read(|g| g.group.target_group_name().into()),
                fixed("name_prefix").check(shared::name_prefix),
                A::string("target_type")
                    .default("instance")
                    .force_new()
                    .check(|v| checks::one_of(v, &TARGETS))
                    .read(|g| g.group.target_type().map_or("instance", TargetTypeEnum::as_str).into()),
                A::number("port").force_new().check(shared::port).read(|g| g.group.port().into()),
                A::string("protocol")
                    .force_new()
                    .check(|v| checks::one_of(v, &PROTOCOLS))
                    .read(|g| g.group.protocol().map(|p| p.as_str()).into()),
                fixed("protocol_version")
                    .check(|v| checks::one_of(v, &["HTTP1", "HTTP2", "GRPC"]))
                    .read(|g| g.group.protocol_version().into()),
                A::string("vpc_id").force_new().read(|g| g.group.vpc_id().into()),
                fixed("ip_address_type")
                    .check(|v| checks::one_of(v, &["ipv4", "ipv6"]))
                    .read(|g| g.group.ip_address_type().map(|t| t.as_str()).into()),
                A::number("target_control_port")
                    .force_new()
                    .check(shared::port)
                    .read(|g| g.group.target_control_port().into()),
                A::bool("connection_termination").default(false).read(|g| g.flag("connection_termination")),
                A::string("deregistration_delay")
                    .default("300")
                    .check(|v| parts::seconds(v, 3600))
                    .read(|g| g.setting("deregistration_delay").unwrap_or("300").into()),
                A::bool("lambda_multi_value_headers_enabled")
                    .default(false)
                    .read(|g| g.flag("lambda_multi_value_headers_enabled")),
                managed_by_aws("load_balancing_algorithm_type")
                    .check(|v| checks::one_of(v, &["round_robin", "least_outstanding_requests", "weighted_random"]))
                    .read(|g| g.setting("load_balancing_algorithm_type").into()),
                managed_by_aws("load_balancing_anomaly_mitigation")
                    .check(|v| checks::one_of(v, &["on", "off"]))
                    .read(|g| g.setting("load_balancing_anomaly_mitigation").into()),
                managed_by_aws("load_balancing_cross_zone_enabled")
                    .check(|v| checks::one_of(v, &["true", "false", "use_load_balancer_configuration"]))
                    .read(|g| g.setting("load_balancing_cross_zone_enabled").into()),
                managed_by_aws("preserve_client_ip")
                    .check(|v| checks::one_of(v, &["true", "false"]))
                    .read(|g| g.setting("preserve_client_ip").into()),
                A::bool("proxy_protocol_v2").default(false).read(|g| g.flag("proxy_protocol_v2")),
                A::number("slow_start")
                    .default(0)
                    .check(parts::slow_start)
                    .read(|g| g.settings.number("slow_start.duration_seconds").unwrap_or(0).into()),
                A::optional_block("health_check", parts::health_rows())
                    .optional_computed()
                    .read(|g| parts::health(&g.group)),
                A::optional_block("stickiness", parts::stickiness_rows())
                    .optional_computed()
                    .read(|g| parts::stickiness(&g.settings)),
                A::block("target_failover", Nesting::List, parts::failover_rows())
                    .optional_computed()
                    .count(0, Some(1))
                    .read(|g| parts::FAILOVER.read_list(&g.settings)),
                A::optional_block("target_group_health", parts::group_health_rows())
                    .optional_computed()
                    .read(|g| parts::group_health(&g.settings)),
                A::block("target_health_state", Nesting::List, parts::health_state_rows())
                    .optional_computed()
                    .count(0, Some(1))
                    .read(|g| parts::HEALTH_STATE.read_list(&g.settings)),
                A::string("arn").computed().read(|g| g.group.target_group_arn().into()),
                A::string("arn_suffix").computed().read(|g| g.group.target_group_arn().map(shared::arn_suffix).into()),
                A::string_set("load_balancer_arns")
                    .computed()
                    .read(|g| Value::string_set(g.group.load_balancer_arns())),
                tags,
                tags_all,
            ],
        )
        .unique(&[&["name"]])
        .named_from("name", "name_prefix", shared::NAMELESS)
        .tagging(Tagging::Own)
        .conflicts(&[&["name", "name_prefix"]])
        .check(check)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Group>> {
        let mut found = shared::target_groups(aws).await?;
        match which {
            Which::Ids(ids) => {
                found.retain(|g| g.target_group_arn().is_some_and(|arn| ids.iter().any(|id| id == arn)));
            }
            Which::NaturalKey(want) => found.retain(|g| g.target_group_name() == want.str("name")),
            Which::Token(token) => {
                let arns: Vec<String> = found.iter().filter_map(|g| g.target_group_arn().map(Into::into)).collect();
                let tags = shared::tags_of(aws, &arns).await?;
                let ours = |arn: &str| tags.get(arn).is_some_and(|tags| shared::hold_token(tags, token));
                found.retain(|g| g.target_group_arn().is_some_and(ours));
            }
        }
        complete(aws, found).await
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let call = aws
            .write
            .elb
            .create_target_group()
            .set_name(want.string("name"))
            .set_target_type(want.str("target_type").map(Into::into))
            .set_port(want.int("port"))
            .set_protocol(want.str("protocol").map(Into::into))
            .set_protocol_version(want.string("protocol_version"))
            .set_vpc_id(want.string("vpc_id"))
            .set_ip_address_type(want.str("ip_address_type").map(Into::into))
            .set_target_control_port(want.int("target_control_port"))
            .set_tags(shared::at_creation(want, token));
        let answer = with_health!(call, want).send().await?;
        made(answer.target_groups().first().and_then(TargetGroup::target_group_arn))
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        shared::retag(aws, id, change).await?;
        change.take("name_prefix");
        if change.take("health_check").is_some() {
            let call = aws.write.elb.modify_target_group().target_group_arn(id);
            with_health!(call, change.after).send().await?;
        }
        let mut changed: Vec<(String, String)> = Vec::new();
        for (name, key) in SETTINGS {
            changed.extend(change.take(name).map(|value| (key.to_owned(), shared::plain(value))));
        }
        for (name, write) in parts::BLOCKS {
            if change.take(name).is_some() {
                changed.extend(change.after.blocks(name).first().map(write).unwrap_or_default());
            }
        }
        changed.retain(|(_, value)| !value.is_empty());
        if !changed.is_empty() {
            let attribute = |(key, value)| TargetGroupAttribute::builder().key(key).value(value).build();
            let changed = changed.into_iter().map(attribute).collect();
            let call = aws.write.elb.modify_target_group_attributes().target_group_arn(id);
            call.set_attributes(Some(changed)).send().await?;
        }
        Ok(())
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        aws.write.elb.delete_target_group().target_group_arn(id).send().await?;
        Ok(())
    }
}
