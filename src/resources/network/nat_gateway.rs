//! aws_nat_gateway: lets a private subnet out, through an address of its own. Deleted ones stay
//! listed for an hour.

use crate::aws::{Aws, Error, Result, filter, filtered, made};
use crate::resources::spec::{self, Progress, Resource, Spec, Token, Which, rows};
use crate::resources::tags;
use crate::schema::rows::{Recover, object_type};
use crate::schema::{Attribute, Attrs, Change, Nesting, checks};
use crate::value::{Type, Value};
use aws_sdk_ec2::types::{
    AutoProvisionZonesState, AutoScalingIpsState, AvailabilityMode, AvailabilityZoneAddress, ConnectivityType,
    NatGateway, NatGatewayAddress, NatGatewayState, ResourceType,
};
use std::collections::BTreeMap;

type A = spec::A<NatGateway>;
type Row = spec::A<()>;

/// The resource type `aws_nat_gateway`.
pub struct AwsNatGateway;

fn zone_rows() -> Vec<Attribute> {
    rows([Row::string_set("allocation_ids"), Row::string("availability_zone"), Row::string("availability_zone_id")])
}

fn regional_rows() -> Vec<Attribute> {
    const NAMES: [&str; 7] = [
        "allocation_id",
        "association_id",
        "availability_zone",
        "availability_zone_id",
        "network_interface_id",
        "public_ip",
        "status",
    ];
    rows(NAMES.map(Row::string))
}

fn regional(n: &NatGateway) -> bool {
    n.availability_mode() == Some(&AvailabilityMode::Regional)
}

/// The address that came with the gateway. A regional gateway has none that comes before others.
fn primary(n: &NatGateway) -> Option<&NatGatewayAddress> {
    let addresses = n.nat_gateway_addresses();
    let first = addresses.iter().find(|a| a.is_primary() == Some(true)).or(addresses.first());
    first.filter(|_| !regional(n))
}

fn secondary(n: &NatGateway) -> impl Iterator<Item = &NatGatewayAddress> {
    let skip = primary(n).and_then(NatGatewayAddress::private_ip);
    let zonal = !regional(n);
    n.nat_gateway_addresses().iter().filter(move |a| zonal && a.is_primary() != Some(true) && a.private_ip() != skip)
}

/// The addresses of a regional gateway, by zone.
fn zones(n: &NatGateway) -> Value {
    type Zone<'a> = (Option<&'a str>, Option<&'a str>);
    let mut zones: BTreeMap<Zone<'_>, Vec<&str>> = BTreeMap::new();
    for a in n.nat_gateway_addresses().iter().filter(|_| regional(n)) {
        zones.entry((a.availability_zone(), a.availability_zone_id())).or_default().extend(a.allocation_id());
    }
    let zone = |((name, id), allocations): (Zone<'_>, Vec<&str>)| {
        Value::object([
            ("allocation_ids", Value::string_set(allocations)),
            ("availability_zone", Value::from(name)),
            ("availability_zone_id", id.into()),
        ])
    };
    Value::set(object_type(&zone_rows()), zones.into_iter().map(zone).collect())
}

fn regional_addresses(n: &NatGateway) -> Value {
    let address = |a: &NatGatewayAddress| {
        Value::object([
            ("allocation_id", Value::from(a.allocation_id())),
            ("association_id", a.association_id().into()),
            ("availability_zone", a.availability_zone().into()),
            ("availability_zone_id", a.availability_zone_id().into()),
            ("network_interface_id", a.network_interface_id().into()),
            ("public_ip", a.public_ip().into()),
            ("status", a.status().map(|s| s.as_str()).into()),
        ])
    };
    let all = n.nat_gateway_addresses().iter().filter(|_| regional(n)).map(address).collect();
    Value::set(object_type(&regional_rows()), all)
}

fn progress(n: &NatGateway) -> Progress {
    match n.state() {
        Some(NatGatewayState::Available) => Progress::Ready,
        Some(NatGatewayState::Deleted) => Progress::Gone,
        Some(NatGatewayState::Failed) => {
            let words = [n.failure_code(), n.failure_message()];
            Progress::Failed(words.into_iter().flatten().collect::<Vec<_>>().join(": "))
        }
        other => Progress::Pending(other.map_or("pending", NatGatewayState::as_str).into()),
    }
}

fn check(want: &Attrs) -> Vec<(&'static str, String)> {
    let given = |name: &str| want.is_set(name) || want.is_unknown(name);
    let private = want.str("connectivity_type") == Some("private");
    let regional = want.str("availability_mode") == Some("regional");
    let open = want.is_unknown("connectivity_type") || want.is_unknown("availability_mode");
    let mut wrong = Vec::new();
    let mut say = |name, message: &str| wrong.push((name, message.to_owned()));
    if open {
        return Vec::new();
    }
    if regional {
        if !given("vpc_id") {
            say("vpc_id", "a regional NAT gateway needs vpc_id");
        }
        for name in ["subnet_id", "allocation_id", "private_ip"] {
            if given(name) {
                say(name, &format!("a regional NAT gateway takes no {name}; its addresses are chosen by zone"));
            }
        }
        return wrong;
    }
    if !given("subnet_id") {
        say("subnet_id", "a NAT gateway needs subnet_id, unless availability_mode is \"regional\"");
    }
    if private && given("allocation_id") {
        say("allocation_id", "a private NAT gateway has no public address");
    }
    if !private && !given("allocation_id") {
        say("allocation_id", "a public NAT gateway needs the allocation_id of an aws_eip");
    }
    if private && given("secondary_allocation_ids") && !want.elements("secondary_allocation_ids").is_empty() {
        say("secondary_allocation_ids", "a private NAT gateway has no public addresses");
    }
    wrong
}

impl Resource for AwsNatGateway {
    type Live = NatGateway;

    fn spec() -> Spec<NatGateway> {
        let [tags, tags_all] = A::tags(|n| tags::read(n.tags()));
        Spec::new(
            "aws_nat_gateway",
            |n| n.nat_gateway_id().map(Into::into),
            vec![
                A::string("allocation_id").force_new().read(|n| primary(n).and_then(|a| a.allocation_id()).into()),
                A::string("availability_mode")
                    .initial("zonal")
                    .force_new()
                    .check(|v| checks::one_of(v, &["zonal", "regional"]))
                    .read(|n| n.availability_mode().map_or("zonal", AvailabilityMode::as_str).into()),
                A::string("connectivity_type")
                    .default("public")
                    .force_new()
                    .check(|v| checks::one_of(v, &["public", "private"]))
                    .read(|n| n.connectivity_type().map_or("public", ConnectivityType::as_str).into()),
                A::string("private_ip")
                    .optional_computed()
                    .force_new()
                    .check(checks::ipv4_address)
                    .read(|n| primary(n).and_then(|a| a.private_ip()).into()),
                A::string_set("secondary_allocation_ids")
                    .optional_computed()
                    .read(|n| Value::string_set(secondary(n).filter_map(|a| a.allocation_id()))),
                A::number("secondary_private_ip_address_count")
                    .optional_computed()
                    .force_new()
                    .follows(&["secondary_allocation_ids", "secondary_private_ip_addresses"])
                    .read(|n| i64::try_from(secondary(n).count()).unwrap_or(i64::MAX).into()),
                A::string_set("secondary_private_ip_addresses")
                    .optional_computed()
                    .follows(&["secondary_allocation_ids"])
                    .read(|n| Value::string_set(secondary(n).filter_map(|a| a.private_ip()))),
                A::string("subnet_id").force_new().read(|n| n.subnet_id().into()),
                A::string("vpc_id").optional_computed().force_new().read(|n| n.vpc_id().into()),
                A::block("availability_zone_address", Nesting::Set, zone_rows()).optional_computed().read(zones),
                A::string("association_id").computed().read(|n| primary(n).and_then(|a| a.association_id()).into()),
                A::string("auto_provision_zones")
                    .computed()
                    .follows(&["availability_zone_address"])
                    .read(|n| n.auto_provision_zones().map(AutoProvisionZonesState::as_str).into()),
                A::string("auto_scaling_ips")
                    .computed()
                    .follows(&["availability_zone_address"])
                    .read(|n| n.auto_scaling_ips().map(AutoScalingIpsState::as_str).into()),
                A::string("network_interface_id")
                    .computed()
                    .read(|n| primary(n).and_then(|a| a.network_interface_id()).into()),
                A::string("public_ip").computed().read(|n| primary(n).and_then(|a| a.public_ip()).into()),
                A::of("regional_nat_gateway_address", Type::set(object_type(&regional_rows())))
                    .computed()
                    .follows(&["availability_zone_address"])
                    .read(regional_addresses),
                A::string("regional_nat_gateway_auto_mode").computed().follows(&["availability_zone_address"]).read(
                    |n| {
                        let on = n.auto_provision_zones() == Some(&AutoProvisionZonesState::Enabled);
                        regional(n).then_some(if on { "enabled" } else { "disabled" }).into()
                    },
                ),
                A::string("route_table_id").computed().read(|n| n.route_table_id().into()),
                tags,
                tags_all,
            ],
        )
        .unique(&[&["allocation_id"], &["private_ip"]])
        .progress(progress)
        .recover(Recover::ClientToken)
        .wait_for_deletion()
        .conflicts(&[&["secondary_private_ip_address_count", "secondary_private_ip_addresses"]])
        .implicit_after(&["aws_internet_gateway"])
        .check(check)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<NatGateway>> {
        let filters = match which {
            Which::Ids(ids) => filtered("nat-gateway-id", ids),
            Which::Token(token) => vec![vec![tags::token_filter(token)]],
            Which::NaturalKey(want) => vec![vec![filter("subnet-id", want.str("subnet_id").unwrap_or_default())]],
        };
        aws.pages(filters, |f| aws.read.ec2.describe_nat_gateways().set_filter(Some(f)).into_paginator().items().send())
            .await
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let list = |name: &str| Some(want.strings(name)).filter(|l| !l.is_empty());
        let zone = |z: &Attrs| {
            AvailabilityZoneAddress::builder()
                .set_allocation_ids(Some(z.strings("allocation_ids")))
                .set_availability_zone(z.string("availability_zone"))
                .set_availability_zone_id(z.string("availability_zone_id"))
                .build()
        };
        let zones: Vec<_> = want.blocks("availability_zone_address").iter().map(zone).collect();
        let regional = want.str("availability_mode") == Some("regional");
        let answer = aws
            .write
            .ec2
            .create_nat_gateway()
            .client_token(&token.0)
            .set_allocation_id(want.string("allocation_id"))
            .set_availability_mode(regional.then_some(AvailabilityMode::Regional))
            .set_availability_zone_addresses(Some(zones).filter(|z| !z.is_empty()))
            .set_connectivity_type(want.str("connectivity_type").map(ConnectivityType::from))
            .set_private_ip_address(want.string("private_ip"))
            .set_secondary_allocation_ids(list("secondary_allocation_ids"))
            .set_secondary_private_ip_address_count(want.int("secondary_private_ip_address_count").filter(|n| *n > 0))
            .set_secondary_private_ip_addresses(list("secondary_private_ip_addresses"))
            .set_subnet_id(want.string("subnet_id"))
            .set_vpc_id(want.string("vpc_id").filter(|_| regional))
            .tag_specifications(tags::at_creation(ResourceType::Natgateway, want, token))
            .send()
            .await?;
        made(answer.nat_gateway().and_then(NatGateway::nat_gateway_id))
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        let texts = |values: Vec<Value>| values.iter().filter_map(Value::as_str).map(Into::into).collect();
        let addresses = change.take_elements("secondary_private_ip_addresses");
        if let Some((gone, new)) = change.take_elements("secondary_allocation_ids") {
            let new: Vec<String> = texts(new);
            if !new.is_empty() {
                // Private addresses go with public ones in the same order; AWS chooses those not given.
                let private = addresses.as_ref().map(|(_, new)| texts(new.clone()));
                let private = private.filter(|p: &Vec<String>| p.len() == new.len());
                let call = aws.write.ec2.associate_nat_gateway_address().nat_gateway_id(id);
                call.set_allocation_ids(Some(new)).set_private_ip_addresses(private).send().await?;
            }
            drop_addresses(aws, id, texts(gone)).await?;
        } else if let Some((gone, new)) = addresses {
            let (gone, new): (Vec<String>, Vec<String>) = (texts(gone), texts(new));
            if !new.is_empty() {
                let call = aws.write.ec2.assign_private_nat_gateway_address().nat_gateway_id(id);
                call.set_private_ip_addresses(Some(new)).send().await?;
            }
            if !gone.is_empty() {
                let call = aws.write.ec2.unassign_private_nat_gateway_address().nat_gateway_id(id);
                call.set_private_ip_addresses(Some(gone)).send().await?;
            }
        }
        if let Some((gone, new)) = change.take_elements("availability_zone_address") {
            for zone in new.iter().map(Attrs::from_value) {
                let held: Vec<String> =
                    gone.iter().flat_map(|z| Attrs::from_value(z).strings("allocation_ids")).collect();
                let fresh: Vec<String> =
                    zone.strings("allocation_ids").into_iter().filter(|a| !held.contains(a)).collect();
                if fresh.is_empty() {
                    continue;
                }
                aws.write
                    .ec2
                    .associate_nat_gateway_address()
                    .nat_gateway_id(id)
                    .set_allocation_ids(Some(fresh))
                    .set_availability_zone(zone.string("availability_zone"))
                    .set_availability_zone_id(zone.string("availability_zone_id"))
                    .send()
                    .await?;
            }
            let kept: Vec<String> = new.iter().flat_map(|z| Attrs::from_value(z).strings("allocation_ids")).collect();
            let dropped = gone.iter().flat_map(|z| Attrs::from_value(z).strings("allocation_ids"));
            drop_addresses(aws, id, dropped.filter(|a| !kept.contains(a)).collect()).await?;
        }
        Ok(())
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        aws.write.ec2.delete_nat_gateway().nat_gateway_id(id).send().await?;
        Ok(())
    }
}

/// Takes public addresses off a gateway; the API wants them by association.
async fn drop_addresses(aws: &Aws, id: &str, allocations: Vec<String>) -> Result<()> {
    if allocations.is_empty() {
        return Ok(());
    }
    let ids = [id.to_owned()];
    let now = AwsNatGateway::describe(aws, Which::Ids(&ids)).await?;
    let now = now.first().ok_or_else(|| Error::not_found(format!("NAT gateway {id} is gone")))?;
    let held = |a: &&NatGatewayAddress| a.allocation_id().is_some_and(|id| allocations.iter().any(|x| x == id));
    let found = now.nat_gateway_addresses().iter().filter(held);
    let associations: Vec<String> = found.filter_map(|a| a.association_id()).map(Into::into).collect();
    if !associations.is_empty() {
        let call = aws.write.ec2.disassociate_nat_gateway_address().nat_gateway_id(id);
        call.set_association_ids(Some(associations)).send().await?;
    }
    Ok(())
}
