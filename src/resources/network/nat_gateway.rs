//! aws_nat_gateway: lets a private subnet out, through an address of its own. Deleted ones stay
//! listed for an hour.

use crate::resources::prelude::*;
use aws_sdk_ec2::operation::create_nat_gateway::builders::CreateNatGatewayFluentBuilder as Create;
use aws_sdk_ec2::types::{
    AutoProvisionZonesState, AvailabilityMode, AvailabilityZoneAddress, ConnectivityType, Filter, NatGateway,
    NatGatewayAddress, NatGatewayState, ResourceType,
};
use std::collections::BTreeMap;

/// The resource type `aws_nat_gateway`.
pub struct AwsNatGateway;

table! {
    Rows: NatGateway, create Create {
        allocation_id: Text, create [.force_new().read(|n| primary(n.held()).and_then(|a| a.allocation_id()).into())];
        availability_mode: EnumCell, none
            [.initial(ZONAL).force_new().check(|v| checks::one_of(v, &[ZONAL, REGIONAL]))]
            [.read(|n| n.held().availability_mode().map_or(ZONAL, AvailabilityMode::as_str).into())];
        connectivity_type: EnumCell, create
            [.default("public").force_new().check(|v| checks::one_of(v, &["public", "private"]))]
            [.read(|n| n.held().connectivity_type().map_or("public", ConnectivityType::as_str).into())];
        private_ip = private_ip_address: Text, create
            [.optional_computed().force_new().check(checks::ipv4_address)]
            [.read(|n| primary(n.held()).and_then(|a| a.private_ip()).into())];
        secondary_allocation_ids: Texts, create
            [.optional_computed()]
            [.read(|n| Value::string_set(secondary(n.held()).filter_map(|a| a.allocation_id())))];
        secondary_private_ip_address_count: Int, none
            [.optional_computed().empty_is_null().force_new()]
            [.follows(&["secondary_allocation_ids", "secondary_private_ip_addresses"])]
            [.read(|n| i64::try_from(secondary(n.held()).count()).unwrap_or(i64::MAX).into())];
        secondary_private_ip_addresses: Texts, create
            [.optional_computed().follows(&["secondary_allocation_ids"])]
            [.read(|n| Value::string_set(secondary(n.held()).filter_map(|a| a.private_ip())))];
        subnet_id: Text [.force_new()];
        vpc_id: Text, read [.optional_computed().force_new()];
        availability_zone_address = availability_zone_addresses: BlockSet<Zone>, create
            [.optional_computed().read(|n| zones(n.held()))];
        association_id: Text, none [.computed().read(|n| primary(n.held()).and_then(|a| a.association_id()).into())];
        auto_provision_zones: EnumCell, read [.computed().follows(&ZONES)];
        auto_scaling_ips: EnumCell, read [.computed().follows(&ZONES)];
        network_interface_id: Text, none
            [.computed().read(|n| primary(n.held()).and_then(|a| a.network_interface_id()).into())];
        public_ip: Text, none [.computed().read(|n| primary(n.held()).and_then(|a| a.public_ip()).into())];
        regional_nat_gateway_address: BlockSet<Regional>, none
            [.computed().follows(&ZONES).read(|n| regional_addresses(n.held()))];
        regional_nat_gateway_auto_mode: Text, none [.computed().follows(&ZONES).read(|n| auto_mode(n.held()).into())];
        route_table_id: Text, read [.computed()];
    }
}

block! {
    Zone: AvailabilityZoneAddress => AvailabilityZoneAddress {
        allocation_ids: Texts, create;
        availability_zone: Text, create;
        availability_zone_id: Text, create [.optional_computed()];
    }
    Regional: NatGatewayAddress => NatGatewayAddress {
        allocation_id: Text, read [.computed()];
        association_id: Text, read [.computed()];
        availability_zone: Text, read [.computed()];
        availability_zone_id: Text, read [.computed()];
        network_interface_id: Text, read [.computed()];
        public_ip: Text, read [.computed()];
        status: EnumCell, read [.computed()];
    }
}

const ZONAL: &str = "zonal";
const REGIONAL: &str = "regional";
/// What the answers of a regional gateway follow.
const ZONES: [&str; 1] = ["availability_zone_address"];

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
    type Place<'a> = (Option<&'a str>, Option<&'a str>);
    let mut zones: BTreeMap<Place<'_>, Vec<&str>> = BTreeMap::new();
    for a in n.nat_gateway_addresses().iter().filter(|_| regional(n)) {
        zones.entry((a.availability_zone(), a.availability_zone_id())).or_default().extend(a.allocation_id());
    }
    let zone = |((name, id), allocations): (Place<'_>, Vec<&str>)| {
        Value::object([
            ("allocation_ids", Value::string_set(allocations)),
            ("availability_zone", Value::from(name)),
            ("availability_zone_id", id.into()),
        ])
    };
    Value::set(object_type(&Zone::rows()), zones.into_iter().map(zone).collect())
}

fn regional_addresses(n: &NatGateway) -> Value {
    let all = n.nat_gateway_addresses().iter().filter(|_| regional(n)).map(Regional::read).collect();
    Value::set(object_type(&Regional::rows()), all)
}

fn auto_mode(n: &NatGateway) -> Option<&'static str> {
    let on = n.auto_provision_zones() == Some(&AutoProvisionZonesState::Enabled);
    regional(n).then_some(if on { "enabled" } else { "disabled" })
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
    if want.is_unknown("connectivity_type") || want.is_unknown("availability_mode") {
        return Vec::new();
    }
    if want.str("availability_mode") == Some(REGIONAL) {
        let stray = ["subnet_id", "allocation_id", "private_ip"].into_iter().filter(|name| want.is_filled(name));
        let stray = stray
            .map(|name| (name, format!("a regional NAT gateway takes no {name}; its addresses are chosen by zone")));
        let vpc = (!want.is_filled("vpc_id")).then(|| ("vpc_id", "a regional NAT gateway needs vpc_id".to_owned()));
        return vpc.into_iter().chain(stray).collect();
    }
    let private = want.str("connectivity_type") == Some("private");
    let address = want.is_filled("allocation_id");
    let subnet = "a NAT gateway needs subnet_id, unless availability_mode is \"regional\"";
    let rules = [
        ("subnet_id", !want.is_filled("subnet_id"), subnet),
        ("allocation_id", private && address, "a private NAT gateway has no public address"),
        ("allocation_id", !private && !address, "a public NAT gateway needs the allocation_id of an aws_eip"),
        (
            "secondary_allocation_ids",
            private && want.is_filled("secondary_allocation_ids"),
            "a private NAT gateway has no public addresses",
        ),
    ];
    rules.into_iter().filter(|(_, broken, _)| *broken).map(|(name, _, text)| (name, text.to_owned())).collect()
}

/// The gateways that filters find.
pub async fn listed(aws: &Aws, filters: Vec<Vec<Filter>>) -> Result<Vec<NatGateway>> {
    aws.pages(filters, |f| aws.read.ec2.describe_nat_gateways().set_filter(Some(f)).into_paginator().items().send())
        .await
}

impl Resource for AwsNatGateway {
    type Live = NatGateway;

    fn spec() -> Spec<NatGateway> {
        Spec::new("aws_nat_gateway", |n: &NatGateway| n.nat_gateway_id().map(Into::into), Rows::rows())
            .role(Role::Egress(role::Place::subnet("subnet_id")))
            .tags(|n| tags::read(n.tags()))
            .unique(&[&["allocation_id"], &["private_ip"]])
            .progress(progress)
            .recover(Recover::ClientToken)
            .wait_for_deletion()
            .conflicts(&[&["secondary_private_ip_address_count", "secondary_private_ip_addresses"]])
            .implicit_after(&["aws_internet_gateway"])
            .check(check)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<NatGateway>> {
        listed(aws, tags::filters(which, "nat-gateway-id", &[("subnet-id", "subnet_id")])).await
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let regional = want.str("availability_mode") == Some(REGIONAL);
        let counted = want.int("secondary_private_ip_address_count").filter(|n| *n > 0);
        // AWS takes the mode and the VPC of regional gateways alone.
        let call = Rows::create(aws.write.ec2.create_nat_gateway(), want).client_token(&token.0);
        let call = call
            .set_availability_mode(regional.then_some(AvailabilityMode::Regional))
            .set_vpc_id(want.string("vpc_id").filter(|_| regional))
            .set_secondary_private_ip_address_count(counted);
        let answer = call.tag_specifications(tags::at_creation(ResourceType::Natgateway, want, token)).send().await?;
        made(answer.nat_gateway().and_then(NatGateway::nat_gateway_id))
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        let public = change.has("secondary_allocation_ids");
        let [gone, new] = change.take_texts("secondary_allocation_ids");
        let [left, joined] = change.take_texts("secondary_private_ip_addresses");
        if let Some(new) = new {
            // Private addresses go with public ones in the same order; AWS chooses those not given.
            let private = joined.filter(|joined| joined.len() == new.len());
            let call = aws.write.ec2.associate_nat_gateway_address().nat_gateway_id(id);
            call.set_allocation_ids(Some(new)).set_private_ip_addresses(private).send().await?;
        } else if !public && joined.is_some() {
            let call = aws.write.ec2.assign_private_nat_gateway_address().nat_gateway_id(id);
            call.set_private_ip_addresses(joined).send().await?;
        }
        drop_addresses(aws, id, gone.unwrap_or_default()).await?;
        if !public && left.is_some() {
            let call = aws.write.ec2.unassign_private_nat_gateway_address().nat_gateway_id(id);
            call.set_private_ip_addresses(left).send().await?;
        }
        if let Some((gone, new)) = change.take_elements("availability_zone_address") {
            let ids = |zones: &[Value]| -> Vec<String> {
                zones.iter().flat_map(|z| Attrs::from_value(z).strings("allocation_ids")).collect()
            };
            let (held, kept) = (ids(&gone), ids(&new));
            for zone in new.iter().map(Attrs::from_value) {
                let mut fresh = zone.strings("allocation_ids");
                fresh.retain(|a| !held.contains(a));
                if fresh.is_empty() {
                    continue;
                }
                let call = aws.write.ec2.associate_nat_gateway_address().nat_gateway_id(id);
                call.set_allocation_ids(Some(fresh))
                    .set_availability_zone(zone.string("availability_zone"))
                    .set_availability_zone_id(zone.string("availability_zone_id"))
                    .send()
                    .await?;
            }
            drop_addresses(aws, id, held.into_iter().filter(|a| !kept.contains(a)).collect()).await?;
        }
        Ok(())
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        Ok(aws.write.ec2.delete_nat_gateway().nat_gateway_id(id).send().await.map(drop)?)
    }
}

/// Takes public addresses off a gateway; the API wants them by association.
pub async fn drop_addresses(aws: &Aws, id: &str, allocations: Vec<String>) -> Result<()> {
    if allocations.is_empty() {
        return Ok(());
    }
    let now = settle::now::<AwsNatGateway>(aws, id).await?;
    let held = |a: &&NatGatewayAddress| a.allocation_id().is_some_and(|id| allocations.iter().any(|x| x == id));
    let found = now.nat_gateway_addresses().iter().filter(held);
    let associations: Vec<String> = found.filter_map(|a| a.association_id()).map(Into::into).collect();
    if !associations.is_empty() {
        let call = aws.write.ec2.disassociate_nat_gateway_address().nat_gateway_id(id);
        call.set_association_ids(Some(associations)).send().await?;
    }
    Ok(())
}
