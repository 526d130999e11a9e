//! aws_lb_target_group: where a balancer sends requests, and how it finds out who is well.

use super::settings::{self, Settings, settings};
use super::target_group_parts as parts;
use crate::resources::elb::shared;
use crate::resources::prelude::*;
use crate::schema::checks::advice;
use aws_sdk_elasticloadbalancingv2::operation::create_target_group::builders::CreateTargetGroupFluentBuilder as Create;
use aws_sdk_elasticloadbalancingv2::types::{Tag, TargetGroup, TargetTypeEnum};

/// The resource type `aws_lb_target_group`.
pub struct AwsLbTargetGroup;

/// A target group.
pub type Group = shared::Full<TargetGroup>;

/// What a layout and a balancer's listener may say of protocols.
const PROTOCOLS: [&str; 9] = ["GENEVE", "HTTP", "HTTPS", "QUIC", "TCP", "TCP_QUIC", "TCP_UDP", "TLS", "UDP"];
const TARGETS: [&str; 4] = ["instance", "ip", "lambda", "alb"];
const LAMBDA: &str = "lambda";

settings! {
    /// How a group behaves.
    Behaviour {
        connection_termination: bool [.optional_computed()] = "deregistration_delay.connection_termination.enabled";
        deregistration_delay: string("300") [.check(|v| parts::seconds(v, 3600))]
            = "deregistration_delay.timeout_seconds";
        lambda_multi_value_headers_enabled: bool(false) = "lambda.multi_value_headers.enabled";
        load_balancing_algorithm_type: string [.optional_computed()]
            [.check(|v| checks::one_of(v, &["round_robin", "least_outstanding_requests", "weighted_random"]))]
            = "load_balancing.algorithm.type";
        load_balancing_anomaly_mitigation: string [.optional_computed().check(|v| checks::one_of(v, &["on", "off"]))]
            = "load_balancing.algorithm.anomaly_mitigation";
        load_balancing_cross_zone_enabled: string [.optional_computed()]
            [.check(|v| checks::one_of(v, &["true", "false", "use_load_balancer_configuration"]))]
            = "load_balancing.cross_zone.enabled";
        preserve_client_ip: string [.optional_computed().check(|v| checks::one_of(v, &["true", "false"]))]
            = "preserve_client_ip.enabled";
        proxy_protocol_v2: bool(false) = "proxy_protocol_v2.enabled";
        slow_start: number(0) [.check(parts::slow_start)] = "slow_start.duration_seconds";
    }
}

/// What a group of Lambda functions does not have.
const NOT_OF_FUNCTIONS: [&str; 3] = ["port", "protocol", "vpc_id"];

/// The arguments that bear on nothing: nothing is sent of them, as by Terraform's provider.
fn idle(want: &Attrs) -> Vec<&'static str> {
    let functions = want.str("target_type") == Some(LAMBDA);
    NOT_OF_FUNCTIONS.into_iter().filter(|name| functions && want.is_given(name)).collect()
}

table! {
    Rows: Group, create Create {
        arn = target_group_arn: Text, read [.computed()];
        arn_suffix: Text, none [.computed().read(|g| g.held().target_group_arn().map(shared::arn_suffix).into())];
        ip_address_type: EnumCell
            [.optional_computed().force_new().check(|v| checks::one_of(v, &["ipv4", "ipv6"]))];
        load_balancer_arns: Texts, read [.computed()];
        name = target_group_name: Text, read, create(name) [.optional_computed().force_new().check(shared::name)];
        name_prefix: Text, none [.optional_computed().force_new().check(shared::name_prefix)];
        port: Int [.force_new().check(shared::port)];
        protocol: EnumCell [.force_new().check(|v| checks::one_of(v, &PROTOCOLS))];
        protocol_version: Text
            [.optional_computed().force_new().check(|v| checks::one_of(v, &["HTTP1", "HTTP2", "GRPC"]))];
        target_control_port: Int [.force_new().check(shared::port)];
        target_type: EnumCell, create [.default("instance").force_new().check(|v| checks::one_of(v, &TARGETS))]
            [.read(|g| g.held().target_type().map_or("instance", TargetTypeEnum::as_str).into())];
        vpc_id: Text [.force_new()];
    }
}

fn check(want: &Attrs) -> Faults {
    let mut wrong = Vec::new();
    let Some(target) = want.str("target_type") else { return wrong };
    for name in NOT_OF_FUNCTIONS {
        match (target == LAMBDA, want.is_given(name)) {
            (true, true) => {
                wrong.push((name, advice(format!("a group of Lambda functions has no {name}. It is left out"))));
            }
            (false, false) => wrong.push((name, format!("a group of type {target} needs {name}"))),
            _ => {}
        }
    }
    let protocol = want.str("protocol");
    let web = matches!(protocol, Some("HTTP" | "HTTPS"));
    if let Some(protocol) = protocol {
        wrong.extend(faults! {
            target == "alb" && protocol != "TCP" => "protocol",
                format!("a group of balancers takes protocol TCP, not {protocol}");
            want.is_set("protocol_version") && !web => "protocol_version",
                format!("protocol_version is for HTTP and HTTPS, not for {protocol}");
            protocol == "GENEVE" && want.int("port").is_some_and(|port| port != 6081) => "port", "GENEVE uses port 6081";
            !web && want.int("slow_start").is_some_and(|n| n > 0) => "slow_start",
                format!("a group with protocol {protocol} has no slow_start");
            web && want.bool("proxy_protocol_v2") == Some(true) => "proxy_protocol_v2",
                format!("a group with protocol {protocol} has no proxy_protocol_v2");
        });
    }
    for health in want.blocks("health_check") {
        wrong.extend(parts::check_health(&health, protocol).into_iter().map(|text| ("health_check", text)));
    }
    for sticky in want.blocks("stickiness") {
        wrong.extend(parts::check_stickiness(&sticky, protocol).into_iter().map(|text| ("stickiness", text)));
    }
    wrong
}

/// Groups with tags and attributes.
pub async fn complete(aws: &Aws, found: Vec<TargetGroup>) -> Result<Vec<Group>> {
    let one = |object: TargetGroup, arn: String, tags: Vec<Tag>| async move {
        let answer = aws.read.elb.describe_target_group_attributes().target_group_arn(arn).send().await?;
        Ok(Group { settings: Settings::from(answer.attributes.unwrap_or_default()), tags, object, more: () })
    };
    shared::complete(aws, found, TargetGroup::target_group_arn, one).await
}

impl Resource for AwsLbTargetGroup {
    type Live = Group;

    fn spec() -> Spec<Group> {
        let mut rows = Rows::rows::<Group>();
        rows.extend(Behaviour::columns());
        rows.extend([
            parts::health_row().read(|g: &Group| parts::health(g)),
            A::optional_block("stickiness", parts::stickiness_rows())
                .optional_computed()
                .read(|g| parts::stickiness(&g.settings)),
            parts::failover_row("target_failover").read(|g| parts::failover(&g.settings)),
            A::optional_block("target_group_health", parts::group_health_rows())
                .optional_computed()
                .read(|g| parts::group_health(&g.settings)),
            parts::health_state_row("target_health_state").read(|g| parts::health_state(&g.settings)),
        ]);
        Spec::new("aws_lb_target_group", |g| g.target_group_arn().map(Into::into), rows)
            .role(Role::TargetGroup(Unjudged::All("health checks and attributes")))
            .own_tags(|g| tags::of(&g.tags))
            .by_name_from(shared::NAMELESS)
            .managed_by_aws(|want, _| idle(want))
            .check(check)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Group>> {
        let found = shared::target_groups(aws).await?;
        let (arn, name) = (TargetGroup::target_group_arn, TargetGroup::target_group_name);
        complete(aws, shared::chosen(aws, found, which, arn, name).await?).await
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let mut call = Rows::create(aws.write.elb.create_target_group(), want);
        if !idle(want).is_empty() {
            call = call.set_port(None).set_protocol(None).set_vpc_id(None);
        }
        let call = parts::created_with_health(call, want).set_tags(tags::marked(want, token));
        let answer = call.send().await?;
        made(answer.target_groups().first().and_then(TargetGroup::target_group_arn))
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        shared::retag(aws, id, change).await?;
        change.take("name_prefix");
        if change.take("health_check").is_some() {
            let call = aws.write.elb.modify_target_group().target_group_arn(id);
            parts::changed_health(call, change.after).send().await?;
        }
        let mut changed = settings::changed(Behaviour::KEYS, change);
        for (name, write) in parts::BLOCKS {
            if change.take(name).is_some() {
                changed.extend(change.after.blocks(name).first().map(write).unwrap_or_default());
            }
        }
        changed.retain(|(_, value)| !value.is_empty());
        let Some(changed) = settings::made(changed) else { return Ok(()) };
        let call = aws.write.elb.modify_target_group_attributes().target_group_arn(id);
        done(call.set_attributes(Some(changed)).send().await)
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        done(aws.write.elb.delete_target_group().target_group_arn(id).send().await)
    }
}
