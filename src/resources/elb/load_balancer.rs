//! aws_lb: a load balancer. CreateLoadBalancer takes what it is; how it behaves are attributes, texts
//! by key. Each type of balancer has its own.

use super::logs;
use super::settings::{self, Settings, settings};
use super::shared::{self, Full, said};
use crate::aws::api::services::ELB_V2;
use crate::aws::api::{items, member, member_text};
use crate::resources::document::{Document, Member, One, Unordered, document};
use crate::resources::plain::joined;
use crate::resources::prelude::*;
use crate::schema::checks::advice;
use serde_json::{Value as Json, json};

/// The resource type `aws_lb`.
pub struct AwsLb;

/// Where a balancer has its ARN, its name and, once it was asked for, the capacity that is kept ready.
pub const ARN: &str = "LoadBalancerArn";
pub const NAME: &str = "LoadBalancerName";
const CAPACITY: &str = "MinimumLoadBalancerCapacity";
const ZONES: &str = "AvailabilityZones.member";
const INTERNAL: &str = "internal";

const APPLICATION: &str = "application";
const NETWORK: &str = "network";
const GATEWAY: &str = "gateway";
const ALL: &[&str] = &[APPLICATION, NETWORK, GATEWAY];

settings! {
    /// How a balancer behaves.
    Behaviour {
        client_keep_alive: number(3600) = "client_keep_alive.seconds";
        desync_mitigation_mode: string("defensive")
            [.check(|v| checks::one_of(v, &["monitor", "defensive", "strictest"]))] = "routing.http.desync_mitigation_mode";
        dns_record_client_routing_policy: string("any_availability_zone") = "dns_record.client_routing_policy";
        drop_invalid_header_fields: bool(false) = "routing.http.drop_invalid_header_fields.enabled";
        enable_cross_zone_load_balancing: bool(false) = "load_balancing.cross_zone.enabled";
        enable_deletion_protection: bool(false) = "deletion_protection.enabled";
        enable_http2: bool(true) = "routing.http2.enabled";
        enable_tls_version_and_cipher_suite_headers: bool(false)
            = "routing.http.x_amzn_tls_version_and_cipher_suite.enabled";
        enable_waf_fail_open: bool(false) = "waf.fail_open.enabled";
        enable_xff_client_port: bool(false) = "routing.http.xff_client_port.enabled";
        enable_zonal_shift: bool(false) = "zonal_shift.config.enabled";
        idle_timeout: number(60) = "idle_timeout.timeout_seconds";
        preserve_host_header: bool(false) = "routing.http.preserve_host_header.enabled";
        secondary_ips_auto_assigned_per_subnet: number [.optional_computed()]
            = "secondary_ips.auto_assigned.per_subnet";
        xff_header_processing_mode: string("append")
            [.check(|v| checks::one_of(v, &["append", "preserve", "remove"]))] = "routing.http.xff_header_processing.mode";
    }
}

/// What only these types of balancer have; the rest is an application balancer's.
const KINDS: [(&str, &[&str]); 5] = [
    ("dns_record_client_routing_policy", &[NETWORK]),
    ("enable_cross_zone_load_balancing", &[NETWORK, GATEWAY]),
    ("enable_deletion_protection", ALL),
    ("enable_zonal_shift", &[APPLICATION, NETWORK]),
    ("secondary_ips_auto_assigned_per_subnet", &[NETWORK]),
];

/// The types of balancer that have an argument.
fn kinds(name: &str) -> &'static [&'static str] {
    KINDS.iter().find(|(known, _)| *known == name).map_or(&[APPLICATION], |(_, kinds)| kinds)
}

document! {
    /// A subnet of a balancer, and its address there.
    Mapping {
        allocation_id = "AllocationId": Text, create [.stays().read(|z| address(z.held(), "AllocationId"))];
        ipv6_address = "IPv6Address": Text, create [.stays().read(|z| address(z.held(), "IPv6Address"))];
        outpost_id = "OutpostId": Text, read [.computed()];
        private_ipv4_address = "PrivateIPv4Address": Text, create
            [.stays().check(checks::ipv4_address).read(|z| address(z.held(), "PrivateIPv4Address"))];
        subnet_id = "SubnetId": Text [.required()];
    }
}
document! {
    /// Where addresses come from.
    Pools {
        ipv4_ipam_pool_id = "Ipv4IpamPoolId": Text [.required()];
    }
}
document! {
    /// The capacity that is kept ready.
    Capacity {
        capacity_units = "CapacityUnits": Int [.required()];
    }
}

fn address(zone: &Json, part: &str) -> Value {
    let all = items(zone, "LoadBalancerAddresses.member");
    all.first().and_then(|address| member_text(address, part)).into()
}

document! {
    Rows {
        arn = "LoadBalancerArn": Text, read [.computed()];
        arn_suffix = "": Text, none [.computed().read(|b| shared::suffix(b.held(), ARN))];
        customer_owned_ipv4_pool = "CustomerOwnedIpv4Pool": Text [.force_new()];
        dns_name = "DNSName": Text, read [.computed()];
        enable_prefix_for_ipv6_source_nat = "EnablePrefixForIpv6SourceNat": Text [.optional_computed().check(switch)];
        enforce_security_group_inbound_rules_on_private_link_traffic
            = "EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic": Text, read [.optional_computed().check(switch)];
        internal = "": Flag, none
            [.optional_computed().force_new().read(|b| (b.held()["Scheme"] == INTERNAL).into())];
        ip_address_type = "IpAddressType": Text
            [.optional_computed().check(|v| checks::one_of(v, &["ipv4", "dualstack", "dualstack-without-public-ipv4"]))];
        ipam_pools = "IpamPools": One<Pools>;
        load_balancer_type = "Type": Text, create [.default(APPLICATION).force_new()]
            [.check(|v| checks::one_of(v, ALL)).read(|b| kind(b.held()).into())];
        minimum_load_balancer_capacity = "MinimumLoadBalancerCapacity": One<Capacity>, read;
        name = "Name": Text, create [.optional_computed().force_new().check(name)]
            [.read(|b| member_text(b.held(), NAME).into())];
        name_prefix = "": Text, none [.optional_computed().force_new().check(shared::name_prefix)];
        security_groups = "SecurityGroups.member": Texts [.optional_computed()];
        subnet_mapping = "SubnetMappings.member": Unordered<Mapping>, create
            [.optional_computed().follows(&["subnets"])]
            [.read(|b| Unordered::<Mapping>::get(b.held(), ZONES))];
        subnets = "": Texts, none [.optional_computed().follows(&["subnet_mapping"])]
            [.read(|b| Value::string_set(items(b.held(), ZONES).iter().filter_map(|z| z["SubnetId"].as_str())))];
        vpc_id = "VpcId": Text, read [.computed()];
        zone_id = "CanonicalHostedZoneId": Text, read [.computed()];
    }
}

fn kind(balancer: &Json) -> &str {
    balancer["Type"].as_str().unwrap_or(APPLICATION)
}

fn switch(value: &Value) -> Result<(), String> {
    checks::one_of(value, &["on", "off"])
}

fn progress(b: &Full) -> Progress {
    let state = &b.object["State"];
    match state["Code"].as_str() {
        Some("active" | "active_impaired") => Progress::Ready,
        Some("failed") => {
            Progress::Failed(state["Reason"].as_str().unwrap_or("the balancer could not be set up").to_owned())
        }
        other => Progress::Pending(other.unwrap_or("provisioning").to_owned()),
    }
}

fn name(value: &Value) -> Result<(), String> {
    checks::text(value, |name| !name.starts_with("internal-"), "begins with internal-, which AWS keeps for itself")?;
    shared::name(value)
}

/// The arguments given that only other types of balancer have: nothing is sent of them, as by Terraform's provider.
fn foreign(want: &Attrs) -> Vec<&'static str> {
    let Some(kind) = want.str("load_balancer_type") else { return Vec::new() };
    let rows = Behaviour::columns::<Settings>().into_iter().map(|a| a.row);
    let given = rows.filter(|row| want.is_set(row.name) && want.get(row.name) != row.default.as_ref());
    given.map(|row| row.name).filter(|name| !kinds(name).contains(&kind)).collect()
}

fn check(want: &Attrs) -> Faults {
    let mut wrong = Vec::new();
    let Some(kind) = want.str("load_balancer_type") else { return wrong };
    for name in foreign(want) {
        let only = kinds(name).join(", ");
        wrong.push((name, advice(format!("a balancer of type {kind} has no {name}; only {only} has. It is left out"))));
    }
    let known = |name: &str| want.get(name).is_some_and(|v| v.as_elements().is_some());
    let zones = want.elements("subnets").len() + want.blocks("subnet_mapping").len();
    if kind == APPLICATION && (known("subnets") || known("subnet_mapping")) && zones < 2 {
        let place = if known("subnets") { "subnets" } else { "subnet_mapping" };
        wrong.push((place, format!("an application balancer needs subnets in two zones at least, found {zones}")));
    }
    wrong.extend(faults! {
        kind == GATEWAY && !want.elements("security_groups").is_empty() => "security_groups",
            "a gateway balancer has no security groups";
    });
    let internal = want.bool("internal") == Some(true);
    for mapping in want.blocks("subnet_mapping") {
        wrong.extend(faults! {
            mapping.is_set("allocation_id") && (kind != NETWORK || internal) => "subnet_mapping",
                "only a network balancer that faces the internet takes allocation_id";
            mapping.is_set("private_ipv4_address") && (kind != NETWORK || !internal) => "subnet_mapping",
                "only an internal network balancer takes private_ipv4_address";
        });
    }
    wrong
}

/// What a subnet is given with it is fixed: its address, once the subnet is a part of the balancer.
fn replace_when(before: &Attrs, after: &Attrs) -> Vec<&'static str> {
    let (old, new) = (before.blocks("subnet_mapping"), after.blocks("subnet_mapping"));
    let moved = |a: &Attrs, b: &Attrs| {
        let same_subnet = a.is_set("subnet_id") && a.str("subnet_id") == b.str("subnet_id");
        let addresses = ["allocation_id", "private_ipv4_address", "ipv6_address"];
        same_subnet && addresses.iter().any(|name| b.is_set(name) && a.str(name) != b.str(name))
    };
    let becomes = |kind: &str, name: &str| after.str("load_balancer_type") == Some(kind) && !after.is_unknown(name);
    let none = |attrs: &Attrs| attrs.elements("security_groups").is_empty();
    let kept = after.strings("subnets");
    let needs = [
        ("subnet_mapping", old.iter().any(|a| new.iter().any(|b| moved(a, b)))),
        // A network balancer that was made without groups never gets any, nor loses its last one.
        ("security_groups", becomes(NETWORK, "security_groups") && none(before) != none(after)),
        ("subnets", becomes(GATEWAY, "subnets") && before.strings("subnets").iter().any(|s| !kept.contains(s))),
    ];
    needs.into_iter().filter_map(|(name, needed)| needed.then_some(name)).collect()
}

fn undeletable(attrs: &Attrs) -> Option<String> {
    (attrs.bool("enable_deletion_protection") == Some(true)).then(|| {
        "its deletion protection is on. Set enable_deletion_protection = false and apply that first.".to_owned()
    })
}

/// Balancers with tags, attributes and capacity.
pub async fn complete(aws: &Aws, found: Vec<Json>) -> Result<Vec<Full>> {
    let one = |Full { mut object, settings, tags }| async move {
        if kind(&object) != GATEWAY {
            let of = json!({ARN: member(&object, ARN)});
            let answer = aws.read.api.call(&ELB_V2, "DescribeCapacityReservation", of).await?;
            if let Some(units) = member_text(&answer, "MinimumLoadBalancerCapacity.CapacityUnits") {
                object = joined(object, json!({CAPACITY: {"CapacityUnits": units}}));
            }
        }
        let kind = kind(&object);
        let foreign = |key: &str| Behaviour::KEYS.iter().any(|(name, own)| *own == key && !kinds(name).contains(&kind));
        Ok(Full { settings: settings.without(foreign), tags, object })
    };
    each(shared::complete(aws, found, ARN, "DescribeLoadBalancerAttributes").await?, one).await
}

impl Resource for AwsLb {
    type Live = Full;

    fn spec() -> Spec<Full> {
        let mut rows = Rows::rows::<Full>();
        rows.extend(Behaviour::columns());
        rows.extend(logs::columns());
        Spec::new("aws_lb", |b| member_text(&b.object, ARN), rows)
            .role(Role::Balancer(Unjudged::Of(
                "balancer",
                &["security_groups", "subnets", "subnet_mapping", "internal", "ip_address_type", "idle_timeout"],
            )))
            .own_tags(|b| tags::of(&b.tags))
            .by_name_from(shared::NAMELESS)
            .progress(progress)
            // One that faces the internet is refused in a VPC without a way there.
            .implicit_after(&["aws_internet_gateway"])
            .exactly_one(&[&["subnets", "subnet_mapping"]])
            .replace_when(replace_when)
            .managed_by_aws(|want, _| foreign(want))
            .undeletable(undeletable)
            .check(check)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Full>> {
        let found = shared::balancers(aws).await?;
        complete(aws, shared::chosen(aws, found, which, ARN, NAME).await?).await
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let mapped = !want.blocks("subnet_mapping").is_empty();
        let scheme = match want.bool("internal") {
            Some(true) => Some(INTERNAL),
            Some(false) if want.str("load_balancer_type") != Some(GATEWAY) => Some("internet-facing"),
            _ => None,
        };
        let subnets = some(want.strings("subnets")).filter(|_| !mapped);
        let parts = json!({"Scheme": scheme, "Subnets": {"member": subnets}});
        let input = joined(joined(Rows::create(want), parts), shared::new_tags(want, token));
        let answer = aws.write.api.call(&ELB_V2, "CreateLoadBalancer", input).await?;
        made(member_text(&answer, "LoadBalancers.member.LoadBalancerArn").as_deref())
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        shared::retag(aws, id, change).await?;
        change.take("name_prefix");
        if change.take_any(&["security_groups", "enforce_security_group_inbound_rules_on_private_link_traffic"]) {
            let enforce = change.after.str("enforce_security_group_inbound_rules_on_private_link_traffic");
            let input = json!({
                ARN: id,
                "SecurityGroups": said(change.after.strings("security_groups")),
                "EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic": enforce,
            });
            aws.write.api.call(&ELB_V2, "SetSecurityGroups", input).await?;
        }
        set_subnets(aws, id, change).await?;
        if change.take("ipam_pools").is_some() {
            let input = match One::<Pools>::put(change.after, "ipam_pools") {
                None => json!({ARN: id, "RemoveIpamPools": {"member": ["ipv4"]}}),
                pools => json!({ARN: id, "IpamPools": pools}),
            };
            aws.write.api.call(&ELB_V2, "ModifyIpPools", input).await?;
        }
        if change.take("minimum_load_balancer_capacity").is_some() {
            let capacity = One::<Capacity>::put(change.after, "minimum_load_balancer_capacity");
            let capacity = capacity.filter(|c| c["CapacityUnits"].as_i64() > Some(0));
            let reset = capacity.is_none().then_some(true);
            let input = json!({ARN: id, CAPACITY: capacity, "ResetCapacityReservation": reset});
            aws.write.api.call(&ELB_V2, "ModifyCapacityReservation", input).await?;
        }
        set_attributes(aws, id, change).await
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        done(aws.write.api.call(&ELB_V2, "DeleteLoadBalancer", json!({ARN: id})).await)
    }
}

/// A dual-stack balancer needs subnets that are; both go in one call, as AWS checks them together.
async fn set_subnets(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
    let by_subnet = change.take("subnets").is_some();
    let by_mapping = change.take("subnet_mapping").is_some() && !by_subnet;
    let addresses = change.take("ip_address_type").is_some();
    let prefix = change.take("enable_prefix_for_ipv6_source_nat").is_some();
    let kind = change.after.str("ip_address_type");
    if by_subnet || by_mapping || prefix {
        let mapped = Unordered::<Mapping>::put(change.after, "subnet_mapping").filter(|_| by_mapping);
        let subnets = mapped.is_none().then(|| said(change.after.strings("subnets")));
        let prefixed = change.after.str("enable_prefix_for_ipv6_source_nat").filter(|_| prefix);
        let input = json!({
            ARN: id,
            "Subnets": subnets,
            "SubnetMappings": {"member": mapped},
            "IpAddressType": kind.filter(|_| addresses),
            "EnablePrefixForIpv6SourceNat": prefixed,
        });
        aws.write.api.call(&ELB_V2, "SetSubnets", input).await?;
    } else if let Some(kind) = kind.filter(|_| addresses) {
        aws.write.api.call(&ELB_V2, "SetIpAddressType", json!({ARN: id, "IpAddressType": kind})).await?;
    }
    Ok(())
}

async fn set_attributes(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
    let mut changed = settings::changed(Behaviour::KEYS, change);
    changed.extend(logs::changed(change));
    settings::set(aws, "ModifyLoadBalancerAttributes", (ARN, id), changed).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Type;

    fn want(kind: &str, subnets: &[&str]) -> Attrs {
        Attrs::default().with("load_balancer_type", kind).with("subnets", Value::string_set(subnets))
    }

    #[test]
    fn arguments_of_other_balancer_types_are_left_out() {
        let said = |want: Attrs| check(&want).into_iter().map(|(_, text)| text).collect::<Vec<_>>();
        assert_eq!(said(want("network", &["a"]).with("idle_timeout", 60)), [""; 0], "the default is not asking");
        assert_eq!(
            said(want("network", &["a"]).with("idle_timeout", 90)),
            [advice("a balancer of type network has no idle_timeout; only application has. It is left out")]
        );
        assert_eq!(
            said(want("application", &["a"])),
            ["an application balancer needs subnets in two zones at least, found 1"]
        );
        assert_eq!(said(Attrs::default().with("load_balancer_type", "application")), [""; 0]);
    }

    #[test]
    fn an_address_of_a_subnet_that_stays_needs_a_new_balancer() {
        let with = |each: &[(&str, &str)]| {
            let mapping = |(subnet, address): &(&str, &str)| {
                Value::object([("subnet_id", Value::from(*subnet)), ("allocation_id", (*address).into())])
            };
            let all = each.iter().map(mapping).collect();
            Attrs::default().with("subnet_mapping", Value::set(Type::Dynamic, all))
        };
        let before = with(&[("a", "eip-1"), ("b", "eip-2")]);
        assert_eq!(replace_when(&before, &with(&[("a", "eip-1"), ("b", "eip-3")])), ["subnet_mapping"]);
        assert_eq!(replace_when(&before, &with(&[("a", "eip-1"), ("c", "eip-3")])), [""; 0]);
    }
}
