//! aws_lb_target_group: where a balancer sends requests, and how it finds out who is well.

use super::settings::{self, settings};
use super::shared::{self, Full};
use super::target_group_parts as parts;
use crate::aws::api::member_text;
use crate::aws::api::services::ELB_V2;
use crate::resources::document::{Document, document};
use crate::resources::plain::joined;
use crate::resources::prelude::*;
use crate::schema::checks::advice;
use serde_json::{Value as Json, json};

/// The resource type `aws_lb_target_group`.
pub struct AwsLbTargetGroup;

/// Where a group has its ARN and its name.
pub const ARN: &str = "TargetGroupArn";
pub const NAME: &str = "TargetGroupName";

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

document! {
    Rows {
        arn = "TargetGroupArn": Text, read [.computed()];
        arn_suffix = "": Text, none [.computed().read(|g| shared::suffix(g.held(), ARN))];
        ip_address_type = "IpAddressType": Text
            [.optional_computed().force_new().check(|v| checks::one_of(v, &["ipv4", "ipv6"]))];
        load_balancer_arns = "LoadBalancerArns.member": Texts, read [.computed()];
        name = "Name": Text, create [.optional_computed().force_new().check(shared::name)]
            [.read(|g| member_text(g.held(), NAME).into())];
        name_prefix = "": Text, none [.optional_computed().force_new().check(shared::name_prefix)];
        port = "Port": Int [.force_new().check(shared::port)];
        protocol = "Protocol": Text [.force_new().check(|v| checks::one_of(v, &PROTOCOLS))];
        protocol_version = "ProtocolVersion": Text
            [.optional_computed().force_new().check(|v| checks::one_of(v, &["HTTP1", "HTTP2", "GRPC"]))];
        target_control_port = "TargetControlPort": Int [.force_new().check(shared::port)];
        target_type = "TargetType": Text, create
            [.default("instance").force_new().check(|v| checks::one_of(v, &TARGETS))]
            [.read(|g| g.held()["TargetType"].as_str().unwrap_or("instance").into())];
        vpc_id = "VpcId": Text [.force_new()];
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
pub async fn complete(aws: &Aws, found: Vec<Json>) -> Result<Vec<Full>> {
    shared::complete(aws, found, ARN, "DescribeTargetGroupAttributes").await
}

impl Resource for AwsLbTargetGroup {
    type Live = Full;

    fn spec() -> Spec<Full> {
        let mut rows = Rows::rows::<Full>();
        rows.extend(Behaviour::columns());
        rows.extend([
            parts::health_row().read(|g: &Full| parts::health(&g.object)),
            A::optional_block("stickiness", parts::stickiness_rows())
                .optional_computed()
                .read(|g| parts::stickiness(&g.settings)),
            parts::failover_row("target_failover").read(|g| parts::failover(&g.settings)),
            A::optional_block("target_group_health", parts::group_health_rows())
                .optional_computed()
                .read(|g| parts::group_health(&g.settings)),
            parts::health_state_row("target_health_state").read(|g| parts::health_state(&g.settings)),
        ]);
        Spec::new("aws_lb_target_group", |g| member_text(&g.object, ARN), rows)
            .role(Role::TargetGroup(Unjudged::All("health checks and attributes")))
            .own_tags(|g| tags::of(&g.tags))
            .by_name_from(shared::NAMELESS)
            .managed_by_aws(|want, _| idle(want))
            .check(check)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Full>> {
        let found = shared::target_groups(aws).await?;
        complete(aws, shared::chosen(aws, found, which, ARN, NAME).await?).await
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let mut input = joined(Rows::create(want), parts::wanted_health(want));
        if !idle(want).is_empty() {
            for member in ["Port", "Protocol", "VpcId"] {
                input[member] = Json::Null;
            }
        }
        let input = joined(input, shared::new_tags(want, token));
        let answer = aws.write.api.call(&ELB_V2, "CreateTargetGroup", input).await?;
        made(member_text(&answer, "TargetGroups.member.TargetGroupArn").as_deref())
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        shared::retag(aws, id, change).await?;
        change.take("name_prefix");
        if change.take("health_check").is_some() {
            let input = joined(json!({ARN: id}), parts::wanted_health(change.after));
            aws.write.api.call(&ELB_V2, "ModifyTargetGroup", input).await?;
        }
        let mut changed = settings::changed(Behaviour::KEYS, change);
        for (name, write) in parts::BLOCKS {
            if change.take(name).is_some() {
                changed.extend(change.after.blocks(name).first().map(write).unwrap_or_default());
            }
        }
        changed.retain(|(_, value)| !value.is_empty());
        settings::set(aws, "ModifyTargetGroupAttributes", (ARN, id), changed).await
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        done(aws.write.api.call(&ELB_V2, "DeleteTargetGroup", json!({ARN: id})).await)
    }
}
