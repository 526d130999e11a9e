//! aws_lb: a load balancer. CreateLoadBalancer takes what it is; how it behaves are attributes, texts
//! by key, of which each type of balancer has its own.

use super::logs;
use crate::aws::{Aws, Error, Result, each, made};
use crate::resources::elb::shared;
use crate::resources::elb::shared::{ByArn, Settings};
use crate::resources::spec::{self, Progress, Resource, Spec, Token, Which, rows};
use crate::schema::rows::object_type;
use crate::schema::{Attribute, Attrs, Change, Nesting, checks};
use crate::value::Value;
use aws_sdk_elasticloadbalancingv2::types::{
    IpamPools, LoadBalancer, LoadBalancerAttribute, LoadBalancerSchemeEnum as Scheme,
    LoadBalancerStateEnum as StateCode, LoadBalancerTypeEnum as Kind, MinimumLoadBalancerCapacity, RemoveIpamPoolEnum,
    SubnetMapping, Tag,
};
use std::collections::BTreeSet;

type A = spec::A<Balancer>;
type Row = spec::A<()>;

/// The resource type `aws_lb`.
pub struct AwsLb;

/// A balancer as listed, with what has to be asked for apart.
pub struct Balancer {
    /// As listed.
    pub lb: LoadBalancer,
    /// Its attributes.
    pub settings: Settings,
    /// Its tags.
    pub tags: Vec<Tag>,
    /// The capacity that is kept ready for it.
    pub capacity: Option<i32>,
}

const APPLICATION: &str = "application";
const NETWORK: &str = "network";
const GATEWAY: &str = "gateway";
const ALL: &[&str] = &[APPLICATION, NETWORK, GATEWAY];
const ALB: &[&str] = &[APPLICATION];
const NLB: &[&str] = &[NETWORK];

/// An argument that is an attribute, its key, and which types of balancer have it.
struct Setting {
    name: &'static str,
    key: &'static str,
    kinds: &'static [&'static str],
}

const fn setting(name: &'static str, key: &'static str, kinds: &'static [&'static str]) -> Setting {
    Setting { name, key, kinds }
}

const SETTINGS: &[Setting] = &[
    setting("client_keep_alive", "client_keep_alive.seconds", ALB),
    setting("desync_mitigation_mode", "routing.http.desync_mitigation_mode", ALB),
    setting("dns_record_client_routing_policy", "dns_record.client_routing_policy", NLB),
    setting("drop_invalid_header_fields", "routing.http.drop_invalid_header_fields.enabled", ALB),
    setting("enable_cross_zone_load_balancing", "load_balancing.cross_zone.enabled", &[NETWORK, GATEWAY]),
    setting("enable_deletion_protection", "deletion_protection.enabled", ALL),
    setting("enable_http2", "routing.http2.enabled", ALB),
    setting(
        "enable_tls_version_and_cipher_suite_headers",
        "routing.http.x_amzn_tls_version_and_cipher_suite.enabled",
        ALB,
    ),
    setting("enable_waf_fail_open", "waf.fail_open.enabled", ALB),
    setting("enable_xff_client_port", "routing.http.xff_client_port.enabled", ALB),
    setting("enable_zonal_shift", "zonal_shift.config.enabled", &[APPLICATION, NETWORK]),
    setting("idle_timeout", "idle_timeout.timeout_seconds", ALB),
    setting("preserve_host_header", "routing.http.preserve_host_header.enabled", ALB),
    setting("secondary_ips_auto_assigned_per_subnet", "secondary_ips.auto_assigned.per_subnet", NLB),
    setting("xff_header_processing_mode", "routing.http.xff_header_processing.mode", ALB),
];

impl Balancer {
    fn kind(&self) -> &str {
        self.lb.r#type().map_or(APPLICATION, Kind::as_str)
    }

    /// The key of an argument, where this type of balancer has it.
    fn key(&self, name: &str) -> &'static str {
        let found = SETTINGS.iter().find(|s| s.name == name && s.kinds.contains(&self.kind()));
        found.map_or("", |s| s.key)
    }

    // What a balancer has not reads as the default, so that it never differs.
    fn flag(&self, name: &str, default: bool) -> Value {
        self.settings.flag(self.key(name)).unwrap_or(default).into()
    }

    fn number(&self, name: &str, default: i64) -> Value {
        self.settings.number(self.key(name)).unwrap_or(default).into()
    }

    fn text(&self, name: &str, default: &str) -> Value {
        self.settings.text(self.key(name)).unwrap_or(default).into()
    }

    fn subnets(&self) -> Value {
        Value::string_set(self.lb.availability_zones().iter().filter_map(|z| z.subnet_id()))
    }

    fn mappings(&self) -> Value {
        let mapping = |zone: &aws_sdk_elasticloadbalancingv2::types::AvailabilityZone| {
            let address = zone.load_balancer_addresses().first();
            Value::object([
                ("subnet_id", Value::from(zone.subnet_id())),
                ("allocation_id", address.and_then(|a| a.allocation_id()).into()),
                ("private_ipv4_address", address.and_then(|a| a.private_ipv4_address()).into()),
                ("ipv6_address", address.and_then(|a| a.ipv6_address()).into()),
            ])
        };
        Value::set(object_type(&mapping_rows()), self.lb.availability_zones().iter().map(mapping).collect())
    }
}

fn mapping_rows() -> Vec<Attribute> {
    rows([
        Row::string("subnet_id").required(),
        Row::string("allocation_id").optional_computed(),
        Row::string("private_ipv4_address").optional_computed().check(checks::ipv4_address),
        Row::string("ipv6_address").optional_computed(),
    ])
}

fn pool_rows() -> Vec<Attribute> {
    rows([Row::string("ipv4_ipam_pool_id").required()])
}

fn capacity_rows() -> Vec<Attribute> {
    rows([Row::number("capacity_units").required()])
}

fn progress(b: &Balancer) -> Progress {
    let state = b.lb.state();
    match state.and_then(|s| s.code()) {
        Some(StateCode::Active | StateCode::ActiveImpaired) => Progress::Ready,
        Some(StateCode::Failed) => {
            Progress::Failed(state.and_then(|s| s.reason()).unwrap_or("the balancer could not be set up").to_owned())
        }
        other => Progress::Pending(other.map_or("provisioning", StateCode::as_str).to_owned()),
    }
}

fn name(value: &Value) -> std::result::Result<(), String> {
    match value.as_str() {
        Some(name) if name.starts_with("internal-") => {
            Err(format!("{name:?} begins with internal-, which AWS keeps for itself"))
        }
        _ => shared::name(value),
    }
}

fn check(want: &Attrs) -> Vec<(&'static str, String)> {
    let mut wrong = Vec::new();
    let Some(kind) = want.str("load_balancer_type") else { return wrong };
    let schema = AwsLb::spec().schema;
    for s in SETTINGS.iter().filter(|s| !s.kinds.contains(&kind)) {
        let default = schema.attribute(s.name).and_then(|row| row.default.clone());
        if want.is_set(s.name) && want.get(s.name) != default.as_ref() {
            wrong.push((
                s.name,
                format!("a balancer of type {kind} has no {}; only {} has", s.name, s.kinds.join(", ")),
            ));
        }
    }
    let known = |name: &str| want.get(name).is_some_and(|v| v.as_elements().is_some());
    let zones = want.elements("subnets").len() + want.blocks("subnet_mapping").len();
    if kind == APPLICATION && (known("subnets") || known("subnet_mapping")) && zones < 2 {
        let place = if known("subnets") { "subnets" } else { "subnet_mapping" };
        wrong.push((place, format!("an application balancer needs subnets in two zones at least, found {zones}")));
    }
    if kind == GATEWAY && !want.elements("security_groups").is_empty() {
        wrong.push(("security_groups", "a gateway balancer has no security groups".into()));
    }
    for mapping in want.blocks("subnet_mapping") {
        let internal = want.bool("internal") == Some(true);
        if mapping.is_set("allocation_id") && (kind != NETWORK || internal) {
            let message = "only a network balancer that faces the internet takes allocation_id";
            wrong.push(("subnet_mapping", message.into()));
        }
        if mapping.is_set("private_ipv4_address") && (kind != NETWORK || !internal) {
            wrong.push(("subnet_mapping", "only an internal network balancer takes private_ipv4_address".into()));
        }
    }
    wrong
}

/// What a subnet is given with it is fixed: its address, once the subnet is a part of the balancer.
fn replace_when(before: &Attrs, after: &Attrs) -> Vec<&'static str> {
    let mut replace = Vec::new();
    let (old, new) = (before.blocks("subnet_mapping"), after.blocks("subnet_mapping"));
    let moved = |a: &Attrs, b: &Attrs| {
        let same_subnet = a.is_set("subnet_id") && a.str("subnet_id") == b.str("subnet_id");
        let addresses = ["allocation_id", "private_ipv4_address", "ipv6_address"];
        same_subnet && addresses.iter().any(|name| b.is_set(name) && a.str(name) != b.str(name))
    };
    if old.iter().any(|a| new.iter().any(|b| moved(a, b))) {
        replace.push("subnet_mapping");
    }
    if after.str("load_balancer_type") == Some(NETWORK) && !after.is_unknown("security_groups") {
        // A network balancer that was made without groups never gets any, nor loses its last one.
        let none = |attrs: &Attrs| attrs.elements("security_groups").is_empty();
        if none(before) != none(after) {
            replace.push("security_groups");
        }
    }
    if after.str("load_balancer_type") == Some(GATEWAY) && !after.is_unknown("subnets") {
        let kept: BTreeSet<String> = after.strings("subnets").into_iter().collect();
        if before.strings("subnets").iter().any(|subnet| !kept.contains(subnet)) {
            replace.push("subnets");
        }
    }
    replace
}

fn undeletable(attrs: &Attrs) -> Option<String> {
    (attrs.bool("enable_deletion_protection") == Some(true)).then(|| {
        "its deletion protection is on. Set enable_deletion_protection = false and apply that first.".to_owned()
    })
}

/// SetSubnets and CreateLoadBalancer take the same mappings.
fn mappings(want: &Attrs) -> Option<Vec<SubnetMapping>> {
    let mapping = |m: &Attrs| {
        SubnetMapping::builder()
            .set_subnet_id(m.string("subnet_id"))
            .set_allocation_id(m.string("allocation_id"))
            .set_private_ipv4_address(m.string("private_ipv4_address"))
            .set_ipv6_address(m.string("ipv6_address"))
            .build()
    };
    Some(want.blocks("subnet_mapping").iter().map(mapping).collect()).filter(|all: &Vec<_>| !all.is_empty())
}

fn pools(want: &Attrs) -> Option<IpamPools> {
    let pool = want.blocks("ipam_pools").first()?.string("ipv4_ipam_pool_id");
    Some(IpamPools::builder().set_ipv4_ipam_pool_id(pool).build())
}

/// Balancers with tags, attributes and capacity.
pub async fn complete(aws: &Aws, found: Vec<LoadBalancer>, tags: Option<ByArn<Vec<Tag>>>) -> Result<Vec<Balancer>> {
    let arns: Vec<String> = found.iter().filter_map(|lb| lb.load_balancer_arn().map(Into::into)).collect();
    let mut tags = match tags {
        Some(tags) => tags,
        None => shared::tags_of(aws, &arns).await?,
    };
    let one = |lb: LoadBalancer| async move {
        let arn = lb.load_balancer_arn().unwrap_or_default().to_owned();
        let settings = aws.read.elb.describe_load_balancer_attributes().load_balancer_arn(&arn).send().await?;
        let capacity = match lb.r#type() {
            Some(Kind::Gateway) => None,
            _ => {
                let answer = aws.read.elb.describe_capacity_reservation().load_balancer_arn(&arn).send().await?;
                answer.minimum_load_balancer_capacity().and_then(|c| c.capacity_units())
            }
        };
        let settings = Settings::from(settings.attributes.unwrap_or_default());
        Ok::<_, Error>(Balancer { lb, settings, tags: Vec::new(), capacity })
    };
    let mut all = each(found, one).await?;
    for balancer in &mut all {
        balancer.tags = balancer.lb.load_balancer_arn().and_then(|arn| tags.remove(arn)).unwrap_or_default();
    }
    Ok(all)
}

impl Resource for AwsLb {
    type Live = Balancer;

    fn spec() -> Spec<Balancer> {
        let [tags, tags_all] = A::tags(|b| shared::visible(&b.tags));
        let fixed = |name| A::string(name).optional_computed().force_new();
        Spec::new(
            "aws_lb",
            |b| b.lb.load_balancer_arn().map(Into::into),
            vec![
                fixed("name").check(name).read(|b| b.lb.load_balancer_name().into()),
                fixed("name_prefix").check(shared::name_prefix),
                A::string("load_balancer_type")
                    .default(APPLICATION)
                    .force_new()
                    .check(|v| checks::one_of(v, ALL))
                    .read(|b| b.kind().into()),
                A::bool("internal")
                    .optional_computed()
                    .force_new()
                    .read(|b| (b.lb.scheme() == Some(&Scheme::Internal)).into()),
                A::string_set("subnets").optional_computed().follows(&["subnet_mapping"]).read(Balancer::subnets),
                A::block("subnet_mapping", Nesting::Set, mapping_rows())
                    .optional_computed()
                    .follows(&["subnets"])
                    .read(Balancer::mappings),
                A::string_set("security_groups")
                    .optional_computed()
                    .read(|b| Value::string_set(b.lb.security_groups())),
                A::string("ip_address_type")
                    .optional_computed()
                    .check(|v| checks::one_of(v, &["ipv4", "dualstack", "dualstack-without-public-ipv4"]))
                    .read(|b| b.lb.ip_address_type().map(|t| t.as_str()).into()),
                A::string("customer_owned_ipv4_pool").force_new().read(|b| b.lb.customer_owned_ipv4_pool().into()),
                A::string("enforce_security_group_inbound_rules_on_private_link_traffic")
                    .optional_computed()
                    .check(|v| checks::one_of(v, &["on", "off"]))
                    .read(|b| b.lb.enforce_security_group_inbound_rules_on_private_link_traffic().into()),
                A::string("enable_prefix_for_ipv6_source_nat")
                    .optional_computed()
                    .check(|v| checks::one_of(v, &["on", "off"]))
                    .read(|b| b.lb.enable_prefix_for_ipv6_source_nat().map(|t| t.as_str()).into()),
                A::optional_block("ipam_pools", pool_rows()).read(|b| match b.lb.ipam_pools() {
                    Some(pools) => Value::object([("ipv4_ipam_pool_id", Value::from(pools.ipv4_ipam_pool_id()))]),
                    None => Value::null(object_type(&pool_rows())),
                }),
                A::optional_block("minimum_load_balancer_capacity", capacity_rows()).read(|b| match b.capacity {
                    Some(units) => Value::object([("capacity_units", units.into())]),
                    None => Value::null(object_type(&capacity_rows())),
                }),
                logs::row("access_logs").read(|b| logs::read(&b.settings, "access_logs.s3")),
                logs::row("connection_logs").read(|b| logs::read(&b.settings, "connection_logs.s3")),
                logs::row("health_check_logs").read(|b| logs::read(&b.settings, "health_check_logs.s3")),
                A::number("client_keep_alive").default(3600).read(|b| b.number("client_keep_alive", 3600)),
                A::string("desync_mitigation_mode")
                    .default("defensive")
                    .check(|v| checks::one_of(v, &["monitor", "defensive", "strictest"]))
                    .read(|b| b.text("desync_mitigation_mode", "defensive")),
                A::string("dns_record_client_routing_policy")
                    .default("any_availability_zone")
                    .read(|b| b.text("dns_record_client_routing_policy", "any_availability_zone")),
                A::bool("drop_invalid_header_fields")
                    .default(false)
                    .read(|b| b.flag("drop_invalid_header_fields", false)),
                A::bool("enable_cross_zone_load_balancing")
                    .default(false)
                    .read(|b| b.flag("enable_cross_zone_load_balancing", false)),
                A::bool("enable_deletion_protection")
                    .default(false)
                    .read(|b| b.flag("enable_deletion_protection", false)),
                A::bool("enable_http2").default(true).read(|b| b.flag("enable_http2", true)),
                A::bool("enable_tls_version_and_cipher_suite_headers")
                    .default(false)
                    .read(|b| b.flag("enable_tls_version_and_cipher_suite_headers", false)),
                A::bool("enable_waf_fail_open").default(false).read(|b| b.flag("enable_waf_fail_open", false)),
                A::bool("enable_xff_client_port").default(false).read(|b| b.flag("enable_xff_client_port", false)),
                A::bool("enable_zonal_shift").default(false).read(|b| b.flag("enable_zonal_shift", false)),
                A::number("idle_timeout").default(60).read(|b| b.number("idle_timeout", 60)),
                A::bool("preserve_host_header").default(false).read(|b| b.flag("preserve_host_header", false)),
                A::number("secondary_ips_auto_assigned_per_subnet")
                    .default(0)
                    .read(|b| b.number("secondary_ips_auto_assigned_per_subnet", 0)),
                A::string("xff_header_processing_mode")
                    .default("append")
                    .check(|v| checks::one_of(v, &["append", "preserve", "remove"]))
                    .read(|b| b.text("xff_header_processing_mode", "append")),
                A::string("arn").computed().read(|b| b.lb.load_balancer_arn().into()),
                A::string("arn_suffix").computed().read(|b| b.lb.load_balancer_arn().map(shared::arn_suffix).into()),
                A::string("dns_name").computed().read(|b| b.lb.dns_name().into()),
                A::string("vpc_id").computed().read(|b| b.lb.vpc_id().into()),
                A::string("zone_id").computed().read(|b| b.lb.canonical_hosted_zone_id().into()),
                tags,
                tags_all,
            ],
        )
        .unique(&[&["name"]])
        .named_from("name", "name_prefix", shared::NAMELESS)
        .progress(progress)
        .tagging(spec::Tagging::Own)
        // One that faces the internet is refused in a VPC without a way there.
        .implicit_after(&["aws_internet_gateway"])
        .conflicts(&[&["name", "name_prefix"]])
        .exactly_one(&[&["subnets", "subnet_mapping"]])
        .replace_when(replace_when)
        .undeletable(undeletable)
        .check(check)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Balancer>> {
        let mut found = shared::balancers(aws).await?;
        let mut tags = None;
        match which {
            Which::Ids(ids) => {
                found.retain(|lb| lb.load_balancer_arn().is_some_and(|arn| ids.iter().any(|id| id == arn)));
            }
            Which::NaturalKey(want) => found.retain(|lb| lb.load_balancer_name() == want.str("name")),
            Which::Token(token) => {
                let arns: Vec<String> = found.iter().filter_map(|lb| lb.load_balancer_arn().map(Into::into)).collect();
                let mut all = shared::tags_of(aws, &arns).await?;
                all.retain(|_, tags| shared::hold_token(tags, token));
                found.retain(|lb| lb.load_balancer_arn().is_some_and(|arn| all.contains_key(arn)));
                tags = Some(all);
            }
        }
        complete(aws, found, tags).await
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let subnets = Some(want.strings("subnets")).filter(|all| !all.is_empty() && mappings(want).is_none());
        let groups = Some(want.strings("security_groups")).filter(|all| !all.is_empty());
        let scheme = match want.bool("internal") {
            Some(true) => Some(Scheme::Internal),
            Some(false) if want.str("load_balancer_type") != Some(GATEWAY) => Some(Scheme::InternetFacing),
            _ => None,
        };
        let answer = aws
            .write
            .elb
            .create_load_balancer()
            .set_subnets(subnets)
            .set_name(want.string("name"))
            .set_type(want.str("load_balancer_type").map(Into::into))
            .set_scheme(scheme)
            .set_subnet_mappings(mappings(want))
            .set_security_groups(groups)
            .set_ip_address_type(want.str("ip_address_type").map(Into::into))
            .set_customer_owned_ipv4_pool(want.string("customer_owned_ipv4_pool"))
            .set_enable_prefix_for_ipv6_source_nat(want.str("enable_prefix_for_ipv6_source_nat").map(Into::into))
            .set_ipam_pools(pools(want))
            .set_tags(shared::at_creation(want, token))
            .send()
            .await?;
        made(answer.load_balancers().first().and_then(LoadBalancer::load_balancer_arn))
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        shared::retag(aws, id, change).await?;
        change.take("name_prefix");
        if change.take_any(&["security_groups", "enforce_security_group_inbound_rules_on_private_link_traffic"]) {
            let enforce = change.after.str("enforce_security_group_inbound_rules_on_private_link_traffic");
            aws.write
                .elb
                .set_security_groups()
                .load_balancer_arn(id)
                .set_security_groups(Some(change.after.strings("security_groups")))
                .set_enforce_security_group_inbound_rules_on_private_link_traffic(enforce.map(Into::into))
                .send()
                .await?;
        }
        set_subnets(aws, id, change).await?;
        if let Some(pool) = change.take("ipam_pools") {
            let call = aws.write.elb.modify_ip_pools().load_balancer_arn(id);
            match pool.is_null() {
                true => call.remove_ipam_pools(RemoveIpamPoolEnum::Ipv4).send().await?,
                false => call.set_ipam_pools(pools(change.after)).send().await?,
            };
        }
        if change.take("minimum_load_balancer_capacity").is_some() {
            let units =
                change.after.blocks("minimum_load_balancer_capacity").first().and_then(|c| c.int("capacity_units"));
            let call = aws.write.elb.modify_capacity_reservation().load_balancer_arn(id);
            let capacity = |n| MinimumLoadBalancerCapacity::builder().capacity_units(n).build();
            match units.filter(|n| *n > 0) {
                Some(n) => call.minimum_load_balancer_capacity(capacity(n)).send().await?,
                None => call.reset_capacity_reservation(true).send().await?,
            };
        }
        set_attributes(aws, id, change).await
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        aws.write.elb.delete_load_balancer().load_balancer_arn(id).send().await?;
        Ok(())
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
        let mapped = mappings(change.after).filter(|_| by_mapping);
        let subnets = Some(change.after.strings("subnets")).filter(|_| mapped.is_none());
        let prefixed = change.after.str("enable_prefix_for_ipv6_source_nat").filter(|_| prefix);
        aws.write
            .elb
            .set_subnets()
            .load_balancer_arn(id)
            .set_subnets(subnets)
            .set_subnet_mappings(mapped)
            .set_ip_address_type(kind.filter(|_| addresses).map(Into::into))
            .set_enable_prefix_for_ipv6_source_nat(prefixed.map(Into::into))
            .send()
            .await?;
    } else if let Some(kind) = kind.filter(|_| addresses) {
        aws.write.elb.set_ip_address_type().load_balancer_arn(id).ip_address_type(kind.into()).send().await?;
    }
    Ok(())
}

async fn set_attributes(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
    let mut changed: Vec<(String, String)> = Vec::new();
    for s in SETTINGS {
        changed.extend(change.take(s.name).map(|value| (s.key.to_owned(), shared::plain(value))));
    }
    for (name, key) in logs::BLOCKS {
        if change.take(name).is_some() {
            changed.extend(logs::write(change.after.blocks(name).first(), key));
        }
    }
    if changed.is_empty() {
        return Ok(());
    }
    let attribute = |(key, value)| LoadBalancerAttribute::builder().key(key).value(value).build();
    let changed = changed.into_iter().map(attribute).collect();
    aws.write.elb.modify_load_balancer_attributes().load_balancer_arn(id).set_attributes(Some(changed)).send().await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Type;

    fn want(kind: &str, subnets: &[&str]) -> Attrs {
        Attrs::default().with("load_balancer_type", kind).with("subnets", Value::string_set(subnets))
    }

    #[test]
    fn what_a_type_of_balancer_has_not_is_refused_when_it_is_asked_for() {
        let said = |want: Attrs| check(&want).into_iter().map(|(_, text)| text).collect::<Vec<_>>();
        assert_eq!(said(want("network", &["a"]).with("idle_timeout", 60)), [""; 0], "the default is not asking");
        assert_eq!(
            said(want("network", &["a"]).with("idle_timeout", 90)),
            ["a balancer of type network has no idle_timeout; only application has"]
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
