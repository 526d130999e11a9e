//! aws_vpn_connection: two tunnels between a gateway of AWS and a device elsewhere. Which tunnel is
//! the first is a matter of names: AWS lists them in no order, so it is the one with the lower outside
//! address, unless a tag of the connection names the other one (see `tunnel_change`).

use super::listed::{self, options};
use super::tunnel::{self, Nth, Tunnel, new_options};
use super::tunnel_change::{self, FIRST};
use super::tunnel_config;
use crate::resources::block::TimestampCell;
use crate::resources::prelude::*;
use crate::schema::rows::Interruption;
use aws_sdk_ec2::operation::create_vpn_connection::builders::CreateVpnConnectionFluentBuilder as Create;
use aws_sdk_ec2::operation::modify_vpn_connection::builders::ModifyVpnConnectionFluentBuilder as Modify;
use aws_sdk_ec2::operation::modify_vpn_connection_options::builders::ModifyVpnConnectionOptionsFluentBuilder as ModifyOptions;
use aws_sdk_ec2::types::builders::VpnConnectionOptionsSpecificationBuilder as CreateOptions;
use aws_sdk_ec2::types::{
    Filter, ResourceType, TransitGatewayAttachment, VgwTelemetry, VpnConnection, VpnConnectionOptions, VpnStaticRoute,
};
use std::collections::BTreeMap;

/// The resource type `aws_vpn_connection`.
pub struct AwsVpnConnection;

/// A connection as listed, with what stands elsewhere.
pub struct Live {
    /// As listed.
    pub connection: WithArn<VpnConnection>,
    first: Nth<0>,
    second: Nth<1>,
    attachment: Option<String>,
}

impl Live {
    /// Its tunnels, the first one first.
    pub fn tunnels(&self) -> [&Tunnel; 2] {
        [&self.first.0, &self.second.0]
    }
}

options!(Live, VpnConnectionOptions, |l| l.connection.options());

held!(Live: connection as WithArn<VpnConnection>, first as Nth<0>, second as Nth<1>);

/// What it ends at: one of these.
pub const GATEWAYS: [&str; 3] = ["vpn_gateway_id", "transit_gateway_id", "vpn_concentrator_id"];
/// What changes both tunnels at once, by ModifyVpnConnection and ModifyVpnConnectionOptions.
const BOTH: [&str; 8] = [
    "customer_gateway_id",
    "vpn_gateway_id",
    "transit_gateway_id",
    "local_ipv4_network_cidr",
    "local_ipv6_network_cidr",
    "remote_ipv4_network_cidr",
    "remote_ipv6_network_cidr",
    "tunnel_bandwidth",
];

table! {
    Rows: WithArn<VpnConnection>, create Create, modify Modify {
        arn: Text, read [.computed()];
        core_network_arn: Text, read [.computed()];
        core_network_attachment_arn: Text, read [.computed()];
        customer_gateway_configuration: Text, read
            [.computed().sensitive().follows(&["customer_gateway_id"]).follows(&GATEWAYS)]
            [.follows(tunnel::OPTIONS.as_flattened())];
        customer_gateway_id: Text, read, create, modify [.required()];
        preshared_key_arn = pre_shared_key_arn: Text, read [.computed().follows(&["preshared_key_storage"])];
        preshared_key_storage: Text, create(pre_shared_key_storage)
            [.optional_computed().check(|v| checks::one_of(v, &["Standard", "SecretsManager"]))]
            [.read(|c| storage(c.held()))];
        routes: BlockSet<Route>, read [.computed()];
        transit_gateway_id: Text, read, create, modify;
        r#type: EnumCell, read [.required().force_new().check(|v| checks::one_of(v, &["ipsec.1"]))];
        vgw_telemetry: BlockSet<Telemetry>, read
            [.computed().follows(&["customer_gateway_id"]).follows(&GATEWAYS)]
            [.follows(tunnel::OPTIONS.as_flattened())];
        vpn_concentrator_id: Text [.force_new()];
        vpn_gateway_id: Text, read, create, modify;
    }
}

table! {
    Options: VpnConnectionOptions, create CreateOptions, modify ModifyOptions {
        enable_acceleration: Flag [.optional_computed().force_new()];
        local_ipv4_network_cidr: Text, read, create, modify [.optional_computed().check(checks::ipv4_cidr)];
        local_ipv6_network_cidr: Text, read, create, modify
            [.optional_computed().normal(Normal::Cidr).check(checks::ipv6_cidr)];
        outside_ip_address_type: Text [.optional_computed().force_new()]
            [.check(|v| checks::one_of(v, &["PublicIpv4", "PrivateIpv4", "Ipv6"]))];
        remote_ipv4_network_cidr: Text, read, create, modify [.optional_computed().check(checks::ipv4_cidr)];
        remote_ipv6_network_cidr: Text, read, create, modify
            [.optional_computed().normal(Normal::Cidr).check(checks::ipv6_cidr)];
        static_routes_only: Flag [.optional_computed().force_new()];
        transport_transit_gateway_attachment_id: Text [.force_new()];
        tunnel_bandwidth: EnumCell, read, create, modify
            [.optional_computed().check(|v| checks::one_of(v, &["standard", "large"]))];
        tunnel_inside_ip_version: EnumCell [.optional_computed().force_new()]
            [.check(|v| checks::one_of(v, &["ipv4", "ipv6"]))];
    }
}

table! {
    Beside: Live {
        transit_gateway_attachment_id: Text, none
            [.computed().follows(&GATEWAYS).read(|l| l.held().attachment.as_ref().into())];
    }
}

block! {
    /// A static route.
    Route: VpnStaticRoute => VpnStaticRoute {
        destination_cidr_block: Text, read;
        source: EnumCell, read;
        state: EnumCell, read;
    }

    /// How a tunnel is.
    Telemetry: VgwTelemetry => VgwTelemetry {
        accepted_route_count: Int, read;
        certificate_arn: Text, read;
        last_status_change: TimestampCell, read;
        outside_ip_address: Text, read;
        status: EnumCell, read;
        status_message: Text, read;
    }
}

/// The connections that filters find.
pub async fn listed(aws: &Aws, filters: Vec<Vec<Filter>>) -> Result<Vec<WithArn<VpnConnection>>> {
    let call = |f| async { Ok(aws.read.ec2.describe_vpn_connections().set_filters(f).send().await?.vpn_connections) };
    Ok(WithArn::all(aws, "vpn-connection", unpaged(filters, call).await?, VpnConnection::vpn_connection_id))
}

/// The transit gateway attachments of connections, by connection.
async fn attachments(aws: &Aws, found: &[WithArn<VpnConnection>]) -> Result<BTreeMap<String, String>> {
    let at_transit = found.iter().filter(|c| c.transit_gateway_id().is_some());
    let ids: Vec<String> = at_transit.filter_map(|c| c.vpn_connection_id().map(Into::into)).collect();
    let attachments = listed!(aws, describe_transit_gateway_attachments, filtered("resource-id", &ids)).await?;
    let held = |a: &TransitGatewayAttachment| a.state().is_none_or(|s| !matches!(s.as_str(), "deleted" | "deleting"));
    let pair = |a: TransitGatewayAttachment| Some((a.resource_id?, a.transit_gateway_attachment_id?));
    Ok(attachments.into_iter().filter(held).filter_map(pair).collect())
}

/// The tunnels of a connection, the first one first.
fn tunnels(connection: &VpnConnection) -> [Tunnel; 2] {
    let mut all: BTreeMap<String, Tunnel> = BTreeMap::new();
    let mut at = |outside: &str, put: &dyn Fn(&mut Tunnel)| {
        put(all.entry(outside.to_owned()).or_insert_with(|| Tunnel::at(outside)));
    };
    for config in tunnel_config::tunnels(connection.customer_gateway_configuration().unwrap_or_default()) {
        at(&config.outside, &|tunnel| tunnel.config = config.clone());
    }
    for options in connection.options().map_or(&[][..], VpnConnectionOptions::tunnel_options) {
        if let Some(outside) = options.outside_ip_address() {
            at(outside, &|tunnel| tunnel.options = options.clone());
        }
    }
    let mut tunnels: Vec<Tunnel> = all.into_values().collect();
    let first = connection.tags().iter().find(|t| t.key() == Some(FIRST)).and_then(|t| t.value());
    tunnels.sort_by_key(|t| first.is_some_and(|first| first != t.outside));
    let mut tunnels = tunnels.into_iter();
    [(); 2].map(|()| tunnels.next().unwrap_or_else(|| Tunnel::at("")))
}

/// Where the keys are kept: that they have an ARN says it.
fn storage(connection: &VpnConnection) -> Value {
    let kept = connection.pre_shared_key_arn().is_some_and(|arn| !arn.is_empty());
    if kept { "SecretsManager" } else { "Standard" }.into()
}

fn check(want: &Attrs) -> Vec<(&'static str, String)> {
    let mut wrong = tunnel::check(want);
    for (name, value, what) in [
        ("enable_acceleration", Value::from(true), "acceleration"),
        ("tunnel_inside_ip_version", "ipv6".into(), "IPv6 inside of tunnels"),
    ] {
        if want.get(name) == Some(&value) && !want.is_given("transit_gateway_id") {
            wrong.push((name, format!("{what} needs a transit gateway; expected transit_gateway_id")));
        }
    }
    let private = want.str("outside_ip_address_type") == Some("PrivateIpv4");
    if private && !want.is_given("transport_transit_gateway_attachment_id") {
        let message = "a connection over private addresses needs the attachment that carries it";
        wrong.push(("transport_transit_gateway_attachment_id", message.into()));
    }
    wrong
}

/// A connection can pass from gateway to gateway, but not to none.
fn replace_when(before: &Attrs, after: &Attrs) -> Vec<&'static str> {
    let none = |attrs: &Attrs| !GATEWAYS.iter().any(|name| attrs.is_given(name));
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
    let ends = BOTH.iter().filter(|name| !after.get(name).is_some_and(Value::is_null));
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

impl Resource for AwsVpnConnection {
    type Live = Live;

    fn spec() -> Spec<Live> {
        let own = Rows::rows().into_iter().chain(Options::rows()).chain(Beside::rows());
        let id = |l: &Live| l.connection.vpn_connection_id().map(Into::into);
        Spec::new("aws_vpn_connection", id, own.chain(tunnel::rows()).collect())
            .role(Role::Tunnel)
            .tags(|l| tags::read(l.connection.tags()))
            .progress(|l| listed::progress(l.connection.state()))
            .wait_for_deletion()
            .default_timeout(60)
            .unique(&[])
            .interrupts(interrupted)
            .conflicts(&[&GATEWAYS])
            .replace_when(replace_when)
            .check(check)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Live>> {
        let by = [
            ("customer-gateway-id", "customer_gateway_id"),
            ("vpn-gateway-id", "vpn_gateway_id"),
            ("transit-gateway-id", "transit_gateway_id"),
        ];
        let found = listed(aws, listed::filters(which, "vpn-connection-id", &by)).await?;
        let attachments = attachments(aws, &found).await?;
        let live = |connection: WithArn<VpnConnection>| {
            let [first, second] = tunnels(&connection);
            let attachment = connection.vpn_connection_id().and_then(|id| attachments.get(id)).cloned();
            Live { first: Nth(first), second: Nth(second), attachment, connection }
        };
        Ok(found.into_iter().map(live).collect())
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let options = Options::create(CreateOptions::default(), want);
        let options = options.tunnel_options(new_options(want, 0)).tunnel_options(new_options(want, 1)).build();
        let call = Rows::create(aws.write.ec2.create_vpn_connection(), want).set_type(want.string("type"));
        let tags = tags::at_creation(ResourceType::VpnConnection, want, token);
        let answer = call.options(options).tag_specifications(tags).send().await?;
        made(answer.vpn_connection().and_then(VpnConnection::vpn_connection_id))
    }

    /// Every modification takes the connection out of `available` for a while; the next waits for it.
    /// Those of the connection itself take both tunnels down, and there is no other way.
    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        if let Some(call) = Rows::modify(aws.write.ec2.modify_vpn_connection().vpn_connection_id(id), change) {
            tunnel_change::before_both_go_down(aws, id).await?;
            call.send().await?;
        }
        let call = aws.write.ec2.modify_vpn_connection_options().vpn_connection_id(id);
        if let Some(call) = Options::modify(call, change) {
            tunnel_change::before_both_go_down(aws, id).await?;
            call.send().await?;
        }
        tunnel_change::update(aws, id, change).await
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        Ok(aws.write.ec2.delete_vpn_connection().vpn_connection_id(id).send().await.map(drop)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Type;
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
