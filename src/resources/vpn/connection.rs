//! aws_vpn_connection: two tunnels between a gateway of AWS and a device elsewhere. Which tunnel is
//! the first is a matter of names: AWS lists them in no order, so it is the one with the lower outside
//! address, unless a tag of the connection names the other one (see `tunnel_change`).

use super::limits::same_or_default;
use super::tunnel::{self, Tunnel, new_options, tunnel_rows};
use super::tunnel_change::{self, FIRST, STORAGE};
use super::tunnel_config;
use super::unpaged;
use crate::aws::{Aws, Result, filter, filtered, made};
use crate::resources::spec::{self, Progress, Resource, Spec, Token, Which};
use crate::resources::tags;
use crate::schema::normal::Normal;
use crate::schema::rows::Interruption;
use crate::schema::{Attrs, Change, checks};
use crate::value::{Type, Value};
use aws_sdk_ec2::types::{
    Filter, GatewayType, ResourceType, TelemetryStatus, TransitGatewayAttachment, TunnelInsideIpVersion, VgwTelemetry,
    VpnConnection, VpnConnectionOptions, VpnConnectionOptionsSpecification, VpnState, VpnStaticRoute,
    VpnStaticRouteSource, VpnTunnelBandwidth,
};
use aws_smithy_types::date_time::Format;
use std::collections::BTreeMap;

type A = spec::A<Live>;

/// The resource type `aws_vpn_connection`.
pub struct AwsVpnConnection;

/// A connection as listed, with what stands elsewhere.
pub struct Live {
    /// As listed.
    pub connection: VpnConnection,
    /// Its tunnels, the first one first.
    pub tunnels: Vec<Tunnel>,
    attachment: Option<String>,
    arn: String,
}

/// What it ends at, of which it has one.
pub const GATEWAYS: [&str; 3] = ["vpn_gateway_id", "transit_gateway_id", "vpn_concentrator_id"];
/// What ModifyVpnConnection changes.
const ENDS: [&str; 3] = ["customer_gateway_id", "vpn_gateway_id", "transit_gateway_id"];
/// What ModifyVpnConnectionOptions changes.
const OPTIONS: [&str; 5] = [
    "local_ipv4_network_cidr",
    "local_ipv6_network_cidr",
    "remote_ipv4_network_cidr",
    "remote_ipv6_network_cidr",
    "tunnel_bandwidth",
];

/// The connections that filters find.
pub async fn listed(aws: &Aws, filters: Vec<Vec<Filter>>) -> Result<Vec<VpnConnection>> {
    unpaged(filters, |f| async move {
        let answer = aws.read.ec2.describe_vpn_connections().set_filters(Some(f)).send().await?;
        Ok(answer.vpn_connections.unwrap_or_default())
    })
    .await
}

/// The transit gateway attachments of connections, by connection.
async fn attachments(aws: &Aws, found: &[VpnConnection]) -> Result<BTreeMap<String, String>> {
    let at_transit = found.iter().filter(|c| c.transit_gateway_id().is_some());
    let ids: Vec<String> = at_transit.filter_map(|c| c.vpn_connection_id().map(Into::into)).collect();
    let attachments = aws
        .pages(filtered("resource-id", &ids), |f| {
            aws.read.ec2.describe_transit_gateway_attachments().set_filters(Some(f)).into_paginator().items().send()
        })
        .await?;
    let held = |a: &TransitGatewayAttachment| a.state().is_none_or(|s| !matches!(s.as_str(), "deleted" | "deleting"));
    let pair = |a: TransitGatewayAttachment| Some((a.resource_id?, a.transit_gateway_attachment_id?));
    Ok(attachments.into_iter().filter(held).filter_map(pair).collect())
}

/// The tunnels of a connection, the first one first.
fn tunnels(connection: &VpnConnection) -> Vec<Tunnel> {
    let mut all: BTreeMap<String, Tunnel> = BTreeMap::new();
    for config in tunnel_config::tunnels(connection.customer_gateway_configuration().unwrap_or_default()) {
        let outside = config.outside.clone();
        all.entry(outside).or_default().config = config;
    }
    for options in connection.options().map_or(&[][..], VpnConnectionOptions::tunnel_options) {
        if let Some(outside) = options.outside_ip_address() {
            all.entry(outside.to_owned()).or_default().options = Some(options.clone());
        }
    }
    let named = |(outside, tunnel): (String, Tunnel)| Tunnel { outside, ..tunnel };
    let mut tunnels: Vec<Tunnel> = all.into_iter().map(named).collect();
    let first = connection.tags().iter().find(|t| t.key() == Some(FIRST)).and_then(|t| t.value());
    tunnels.sort_by_key(|t| first.is_some_and(|first| first != t.outside));
    tunnels
}

fn options(l: &Live) -> Option<&VpnConnectionOptions> {
    l.connection.options()
}

fn progress(l: &Live) -> Progress {
    match l.connection.state() {
        Some(VpnState::Available) | None => Progress::Ready,
        Some(VpnState::Deleted) => Progress::Gone,
        Some(other) => Progress::Pending(other.as_str().into()),
    }
}

const ROUTE: [&str; 3] = ["destination_cidr_block", "source", "state"];

fn routes(l: &Live) -> Value {
    let route = |r: &VpnStaticRoute| {
        Value::object([
            ("destination_cidr_block", Value::from(r.destination_cidr_block())),
            ("source", r.source().map(VpnStaticRouteSource::as_str).into()),
            ("state", r.state().map(VpnState::as_str).into()),
        ])
    };
    let ty = Type::object(ROUTE.map(|name| (name, Type::String)));
    Value::set(ty, l.connection.routes().iter().map(route).collect())
}

fn telemetry_type() -> Type {
    let texts = ["certificate_arn", "last_status_change", "outside_ip_address", "status", "status_message"];
    Type::object(texts.map(|n| (n, Type::String)).into_iter().chain([("accepted_route_count", Type::Number)]))
}

fn telemetry(l: &Live) -> Value {
    let one = |t: &VgwTelemetry| {
        let changed = t.last_status_change().and_then(|at| at.fmt(Format::DateTime).ok());
        Value::object([
            ("accepted_route_count", Value::from(t.accepted_route_count())),
            ("certificate_arn", t.certificate_arn().into()),
            ("last_status_change", changed.into()),
            ("outside_ip_address", t.outside_ip_address().into()),
            ("status", t.status().map(TelemetryStatus::as_str).into()),
            ("status_message", t.status_message().into()),
        ])
    };
    Value::set(telemetry_type(), l.connection.vgw_telemetry().iter().map(one).collect())
}

/// Where the keys are kept: an ARN of theirs tells.
fn storage(l: &Live) -> Value {
    let kept = l.connection.pre_shared_key_arn().is_some_and(|arn| !arn.is_empty());
    if kept { "SecretsManager" } else { "Standard" }.into()
}

fn check(want: &Attrs) -> Vec<(&'static str, String)> {
    let mut wrong = tunnel::check(want);
    let given = |name: &str| want.is_set(name) || want.is_unknown(name);
    let mut needs_transit = |name: &'static str, what: &str| {
        if !given("transit_gateway_id") {
            wrong.push((name, format!("{what} needs a transit gateway; expected transit_gateway_id")));
        }
    };
    if want.bool("enable_acceleration") == Some(true) {
        needs_transit("enable_acceleration", "acceleration");
    }
    if want.str("tunnel_inside_ip_version") == Some("ipv6") {
        needs_transit("tunnel_inside_ip_version", "IPv6 inside of tunnels");
    }
    let private = want.str("outside_ip_address_type") == Some("PrivateIpv4");
    if private && !given("transport_transit_gateway_attachment_id") {
        let message = "a connection over private addresses needs the attachment that carries it";
        wrong.push(("transport_transit_gateway_attachment_id", message.into()));
    }
    wrong
}

/// A connection can pass from gateway to gateway, but not to none.
fn replace_when(before: &Attrs, after: &Attrs) -> Vec<&'static str> {
    let none = |attrs: &Attrs| GATEWAYS.iter().all(|name| !attrs.is_set(name) && !attrs.is_unknown(name));
    if !none(after) {
        return Vec::new();
    }
    GATEWAYS.into_iter().filter(|name| before.is_set(name)).collect()
}

/// How long a connection is away while AWS gives it other endpoints, in seconds.
const MODIFIED: u32 = 300;

/// Another end takes both tunnels down. Of its tunnels one is changed at a time, which nobody notices as long as
/// the other one is up.
fn interrupted(before: &Attrs, after: &Attrs) -> Option<Interruption> {
    let changes = |name: &&'static str| before.get(name) != after.get(name);
    let up = |name| before.str(name).is_some_and(|outside| tunnel_change::was_up(before, outside));
    let tunnels = ["tunnel1_address", "tunnel2_address"].map(up);
    if tunnels == [false, false] {
        return None;
    }
    let ends = ENDS.iter().chain(&OPTIONS).filter(|name| !after.get(name).is_some_and(Value::is_null));
    let gone = ends.copied().find(changes);
    let of = |n: usize| {
        let given = |names: &&tunnel::Names| after.get(names[n]).is_some_and(|v| !v.is_null());
        let all = tunnel::OPTIONS.iter().filter(given).map(|names| names[n]);
        let restarts = |name: &&'static str| !tunnel::spares_the_endpoint(name);
        all.filter(changes).find(restarts).filter(|_| tunnels[n] && !tunnels[1 - n])
    };
    let attribute = gone.or_else(|| of(0)).or_else(|| of(1))?;
    Some(Interruption { attribute, seconds: MODIFIED, failover: false })
}

macro_rules! word {
    ($name:literal, $all:expr, $default:literal) => {
        A::string($name)
            .check(|v| checks::one_of(v, &$all))
            .normal(Normal::With(|a, b| same_or_default(a, b, |v| v.as_str() == Some($default))))
    };
}

fn rows() -> Vec<A> {
    let [tags, tags_all] = A::tags(|l| tags::read(l.connection.tags()));
    let ipv4 = |name| A::string(name).optional_computed().check(checks::ipv4_cidr);
    let ipv6 = |name| A::string(name).optional_computed().normal(Normal::Cidr).check(checks::ipv6_cidr);
    let mut rows = vec![
        A::string("customer_gateway_id").required().read(|l| l.connection.customer_gateway_id().into()),
        A::bool("enable_acceleration")
            .optional_computed()
            .force_new()
            .read(|l| options(l).and_then(|o| o.enable_acceleration()).into()),
        ipv4("local_ipv4_network_cidr").read(|l| options(l).and_then(|o| o.local_ipv4_network_cidr()).into()),
        ipv6("local_ipv6_network_cidr").read(|l| options(l).and_then(|o| o.local_ipv6_network_cidr()).into()),
        word!("outside_ip_address_type", ["PublicIpv4", "PrivateIpv4", "Ipv6"], "PublicIpv4")
            .force_new()
            .read(|l| options(l).and_then(|o| o.outside_ip_address_type()).into()),
        word!("preshared_key_storage", ["Standard", "SecretsManager"], "Standard").read(storage),
        ipv4("remote_ipv4_network_cidr").read(|l| options(l).and_then(|o| o.remote_ipv4_network_cidr()).into()),
        ipv6("remote_ipv6_network_cidr").read(|l| options(l).and_then(|o| o.remote_ipv6_network_cidr()).into()),
        A::bool("static_routes_only")
            .optional_computed()
            .force_new()
            .read(|l| options(l).and_then(|o| o.static_routes_only()).into()),
        A::string("transit_gateway_id").read(|l| l.connection.transit_gateway_id().into()),
        A::string("transport_transit_gateway_attachment_id")
            .force_new()
            .read(|l| options(l).and_then(|o| o.transport_transit_gateway_attachment_id()).into()),
        word!("tunnel_bandwidth", ["standard", "large"], "standard")
            .read(|l| options(l).and_then(|o| o.tunnel_bandwidth()).map(VpnTunnelBandwidth::as_str).into()),
        A::string("tunnel_inside_ip_version")
            .optional_computed()
            .force_new()
            .check(|v| checks::one_of(v, &["ipv4", "ipv6"]))
            .read(|l| options(l).and_then(|o| o.tunnel_inside_ip_version()).map(TunnelInsideIpVersion::as_str).into()),
        A::string("type")
            .required()
            .force_new()
            .check(|v| checks::one_of(v, &["ipsec.1"]))
            .read(|l| l.connection.r#type().map(GatewayType::as_str).into()),
        A::string("vpn_concentrator_id").force_new().read(|l| l.connection.vpn_concentrator_id().into()),
        A::string("vpn_gateway_id").read(|l| l.connection.vpn_gateway_id().into()),
        A::string("arn").computed().read(|l| l.arn.as_str().into()),
        A::string("core_network_arn").computed().read(|l| l.connection.core_network_arn().into()),
        A::string("core_network_attachment_arn").computed().read(|l| l.connection.core_network_attachment_arn().into()),
        A::string("customer_gateway_configuration")
            .computed()
            .sensitive()
            .follows(&["customer_gateway_id"])
            .follows(&GATEWAYS)
            .follows(tunnel::OPTIONS.as_flattened())
            .read(|l| l.connection.customer_gateway_configuration().into()),
        A::string("preshared_key_arn")
            .computed()
            .follows(&["preshared_key_storage"])
            .read(|l| l.connection.pre_shared_key_arn().into()),
        A::of("routes", Type::set(Type::object(ROUTE.map(|name| (name, Type::String))))).computed().read(routes),
        A::string("transit_gateway_attachment_id").computed().follows(&GATEWAYS).read(|l| l.attachment.as_ref().into()),
        A::of("vgw_telemetry", Type::set(telemetry_type()))
            .computed()
            .follows(&["customer_gateway_id"])
            .follows(&GATEWAYS)
            .follows(tunnel::OPTIONS.as_flattened())
            .read(telemetry),
        tags,
        tags_all,
    ];
    rows.extend(tunnel_rows::<0>());
    rows.extend(tunnel_rows::<1>());
    rows
}

impl Resource for AwsVpnConnection {
    type Live = Live;

    fn spec() -> Spec<Live> {
        Spec::new("aws_vpn_connection", |l| l.connection.vpn_connection_id().map(Into::into), rows())
            .progress(progress)
            .wait_for_deletion()
            .default_timeout(60)
            .unique(&[])
            .interrupts(interrupted)
            .conflicts(&[&GATEWAYS])
            .replace_when(replace_when)
            .check(check)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Live>> {
        let filters = match which {
            Which::Ids(ids) => filtered("vpn-connection-id", ids),
            Which::Token(token) => vec![vec![tags::token_filter(token)]],
            Which::NaturalKey(want) => {
                let mut filters =
                    vec![filter("customer-gateway-id", want.str("customer_gateway_id").unwrap_or_default())];
                filters.extend(want.str("vpn_gateway_id").map(|id| filter("vpn-gateway-id", id)));
                filters.extend(want.str("transit_gateway_id").map(|id| filter("transit-gateway-id", id)));
                vec![filters]
            }
        };
        let found = listed(aws, filters).await?;
        let attachments = attachments(aws, &found).await?;
        let live = |connection: VpnConnection| {
            let id = connection.vpn_connection_id().unwrap_or_default();
            Live {
                tunnels: tunnels(&connection),
                attachment: attachments.get(id).cloned(),
                arn: aws.ec2_arn(&format!("vpn-connection/{id}")),
                connection,
            }
        };
        Ok(found.into_iter().map(live).collect())
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let options = VpnConnectionOptionsSpecification::builder()
            .set_enable_acceleration(want.bool("enable_acceleration"))
            .set_static_routes_only(want.bool("static_routes_only"))
            .set_tunnel_inside_ip_version(want.str("tunnel_inside_ip_version").map(Into::into))
            .set_local_ipv4_network_cidr(want.string("local_ipv4_network_cidr"))
            .set_remote_ipv4_network_cidr(want.string("remote_ipv4_network_cidr"))
            .set_local_ipv6_network_cidr(want.string("local_ipv6_network_cidr"))
            .set_remote_ipv6_network_cidr(want.string("remote_ipv6_network_cidr"))
            .set_outside_ip_address_type(want.string("outside_ip_address_type"))
            .set_transport_transit_gateway_attachment_id(want.string("transport_transit_gateway_attachment_id"))
            .set_tunnel_bandwidth(want.str("tunnel_bandwidth").map(Into::into))
            .tunnel_options(new_options(want, 0))
            .tunnel_options(new_options(want, 1))
            .build();
        let answer = aws
            .write
            .ec2
            .create_vpn_connection()
            .set_customer_gateway_id(want.string("customer_gateway_id"))
            .set_type(want.string("type"))
            .set_vpn_gateway_id(want.string("vpn_gateway_id"))
            .set_transit_gateway_id(want.string("transit_gateway_id"))
            .set_vpn_concentrator_id(want.string("vpn_concentrator_id"))
            .set_pre_shared_key_storage(want.string(STORAGE))
            .options(options)
            .tag_specifications(tags::at_creation(ResourceType::VpnConnection, want, token))
            .send()
            .await?;
        made(answer.vpn_connection().and_then(VpnConnection::vpn_connection_id))
    }

    /// Every modification takes the connection out of `available` for a while; the next waits for it.
    /// Those of the connection itself take both tunnels down, and there is no other way.
    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        let after = change.after;
        let ends = ENDS.map(|name| change.take(name).is_some().then(|| after.string(name)).flatten());
        if ends.iter().any(Option::is_some) {
            tunnel_change::before_both_go_down(aws, id).await?;
            let [customer, gateway, transit] = ends;
            let call = aws.write.ec2.modify_vpn_connection().vpn_connection_id(id);
            let call = call.set_customer_gateway_id(customer).set_vpn_gateway_id(gateway);
            call.set_transit_gateway_id(transit).send().await?;
        }
        let [local, local_ipv6, remote, remote_ipv6, bandwidth] =
            OPTIONS.map(|name| change.take(name).map(|v| v.as_str().map(str::to_owned)));
        if [&local, &local_ipv6, &remote, &remote_ipv6, &bandwidth].into_iter().any(Option::is_some) {
            tunnel_change::before_both_go_down(aws, id).await?;
            let bandwidth = bandwidth.map(|b| b.map_or(VpnTunnelBandwidth::Standard, |b| b.as_str().into()));
            let call = aws.write.ec2.modify_vpn_connection_options().vpn_connection_id(id);
            call.set_local_ipv4_network_cidr(local.flatten())
                .set_local_ipv6_network_cidr(local_ipv6.flatten())
                .set_remote_ipv4_network_cidr(remote.flatten())
                .set_remote_ipv6_network_cidr(remote_ipv6.flatten())
                .set_tunnel_bandwidth(bandwidth)
                .send()
                .await?;
        }
        tunnel_change::update(aws, id, change).await
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        aws.write.ec2.delete_vpn_connection().vpn_connection_id(id).send().await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sdk_ec2::types::{Tag, TunnelOption};

    fn connection(first: Option<&str>) -> VpnConnection {
        let option = |outside: &str| TunnelOption::builder().outside_ip_address(outside).build();
        let options = ["52.9.0.1", "52.10.0.1"].map(option);
        let tag = first.map(|outside| Tag::builder().key(FIRST).value(outside).build());
        VpnConnection::builder()
            .options(VpnConnectionOptions::builder().set_tunnel_options(Some(options.into())).build())
            .set_tags(Some(tag.into_iter().collect()))
            .build()
    }

    #[test]
    fn the_first_tunnel_has_the_lower_address_or_is_named() {
        let order = |first| tunnels(&connection(first)).into_iter().map(|t| t.outside).collect::<Vec<_>>();
        assert_eq!(order(None), ["52.10.0.1", "52.9.0.1"]);
        assert_eq!(order(Some("52.9.0.1")), ["52.9.0.1", "52.10.0.1"]);
        assert_eq!(order(Some("52.10.0.1")), ["52.10.0.1", "52.9.0.1"]);
    }

    #[test]
    fn a_connection_changes_its_gateway_in_place() {
        let with = |name: &'static str| Attrs::default().with(name, "gw");
        assert_eq!(replace_when(&with("vpn_gateway_id"), &with("transit_gateway_id")), [""; 0]);
        let unknown = Attrs::default().with("transit_gateway_id", Value::unknown(Type::String));
        assert_eq!(replace_when(&with("vpn_gateway_id"), &unknown), [""; 0]);
        assert_eq!(replace_when(&with("vpn_gateway_id"), &Attrs::default()), ["vpn_gateway_id"]);
    }

    #[test]
    fn a_tunnel_changes_while_the_other_one_is_up() {
        let telemetry = |up: [bool; 2]| {
            let one = |(outside, up): (&str, bool)| {
                let status = if up { "UP" } else { "DOWN" };
                Value::object([("outside_ip_address", Value::from(outside)), ("status", status.into())])
            };
            Value::tuple(["1.1.1.1", "2.2.2.2"].into_iter().zip(up).map(one).collect())
        };
        let connection = |up| {
            let usual = Attrs::default().with("tunnel1_address", "1.1.1.1").with("tunnel2_address", "2.2.2.2");
            usual
                .with("customer_gateway_id", "cgw-1")
                .with("tunnel1_replay_window_size", 64)
                .with("vgw_telemetry", telemetry(up))
        };
        let changed = |up: [bool; 2], name: &str, value: Value| {
            interrupted(&connection(up), &connection(up).with(name, value)).map(|how| how.attribute)
        };
        let option = "tunnel1_replay_window_size";
        assert_eq!(changed([true, true], option, 128.into()), None);
        assert_eq!(changed([true, false], option, 128.into()), Some(option));
        assert_eq!(changed([false, true], option, 128.into()), None);
        let end = "customer_gateway_id";
        assert_eq!(changed([true, true], end, Value::unknown(Type::String)), Some(end));
        assert_eq!(changed([false, false], end, "cgw-2".into()), None, "nobody notices");
    }

    #[test]
    fn what_needs_a_transit_gateway_is_refused_without_one() {
        let found = |want: Attrs| check(&want).into_iter().map(|(name, _)| name).collect::<Vec<_>>();
        let fast = Attrs::default().with("enable_acceleration", true);
        assert_eq!(found(fast.clone()), ["enable_acceleration"]);
        assert_eq!(found(fast.with("transit_gateway_id", "tgw-1")), [""; 0]);
        let private = Attrs::default().with("outside_ip_address_type", "PrivateIpv4");
        assert_eq!(found(private), ["transport_transit_gateway_attachment_id"]);
    }
}
