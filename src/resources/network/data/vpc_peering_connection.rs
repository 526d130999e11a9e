//! data aws_vpc_peering_connection: one connection of two VPCs that is there.

use crate::aws::{Aws, Result};
use crate::resources::lookup::{Row, filters, lookup_rows, one, schema};
use crate::resources::spec::{DataSource, rows};
use crate::resources::tags;
use crate::schema::{Attrs, Schema};
use crate::value::{Name, Type, Value};
use aws_sdk_ec2::types::{VpcPeeringConnectionStateReasonCode as Code, VpcPeeringConnectionVpcInfo as Side};
use std::collections::BTreeMap;

/// The data source `aws_vpc_peering_connection`.
pub struct PeeringConnectionData;

const BY: [(&str, &str); 8] = [
    ("cidr_block", "requester-vpc-info.cidr-block"),
    ("id", "vpc-peering-connection-id"),
    ("owner_id", "requester-vpc-info.owner-id"),
    ("peer_cidr_block", "accepter-vpc-info.cidr-block"),
    ("peer_owner_id", "accepter-vpc-info.owner-id"),
    ("peer_vpc_id", "accepter-vpc-info.vpc-id"),
    ("status", "status-code"),
    ("vpc_id", "requester-vpc-info.vpc-id"),
];

fn range_type(name: &'static str) -> Type {
    Type::object([(name, Type::String)])
}

fn ranges(side: Option<&Side>) -> Value {
    let all = side.into_iter().flat_map(|s| s.cidr_block_set()).filter_map(|r| r.cidr_block());
    let all = all.map(|r| Value::object([("cidr_block", Value::from(r))])).collect();
    Value::list(range_type("cidr_block"), all)
}

fn ipv6_ranges(side: Option<&Side>) -> Value {
    let all = side.into_iter().flat_map(|s| s.ipv6_cidr_block_set()).filter_map(|r| r.ipv6_cidr_block());
    let all = all.map(|r| Value::object([("ipv6_cidr_block", Value::from(r))])).collect();
    Value::list(range_type("ipv6_cidr_block"), all)
}

/// What a side lets the other one do.
fn options(side: Option<&Side>) -> Value {
    let on = side.and_then(Side::peering_options).and_then(|o| o.allow_dns_resolution_from_remote_vpc());
    let all = on.map(|on| (Name::from("allow_remote_vpc_dns_resolution"), Value::from(on)));
    Value::map(Type::Bool, all.into_iter().collect::<BTreeMap<_, _>>())
}

impl DataSource for PeeringConnectionData {
    fn schema() -> Schema {
        let by = BY.iter().map(|(name, _)| Row::string(name).optional_computed());
        let others = [
            Row::of("accepter", Type::map(Type::Bool)),
            Row::of("cidr_block_set", Type::list(range_type("cidr_block"))),
            Row::of("ipv6_cidr_block_set", Type::list(range_type("ipv6_cidr_block"))),
            Row::of("peer_cidr_block_set", Type::list(range_type("cidr_block"))),
            Row::of("peer_ipv6_cidr_block_set", Type::list(range_type("ipv6_cidr_block"))),
            Row::string("peer_region"),
            Row::string("region"),
            Row::of("requester", Type::map(Type::Bool)),
            Row::string("requester_region"),
        ];
        let lookup = lookup_rows().into_iter().filter(|row| row.row.name != "region");
        schema("aws_vpc_peering_connection", rows(by.chain(others.map(Row::computed)).chain(lookup)))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let ec2 = &aws.read.ec2;
        let call = |f| ec2.describe_vpc_peering_connections().set_filters(Some(f)).into_paginator().items().send();
        let found = aws.pages(vec![filters(config, &BY)], call).await?;
        let p = one(found, "peering connection")?;
        let (own, peer) = (p.requester_vpc_info(), p.accepter_vpc_info());
        let text = |side: Option<&Side>, part: fn(&Side) -> Option<&str>| side.and_then(part).map(str::to_owned);
        Ok(config
            .clone()
            .with("accepter", options(peer))
            .with("cidr_block", text(own, Side::cidr_block))
            .with("cidr_block_set", ranges(own))
            .with("id", p.vpc_peering_connection_id())
            .with("ipv6_cidr_block_set", ipv6_ranges(own))
            .with("owner_id", text(own, Side::owner_id))
            .with("peer_cidr_block", text(peer, Side::cidr_block))
            .with("peer_cidr_block_set", ranges(peer))
            .with("peer_ipv6_cidr_block_set", ipv6_ranges(peer))
            .with("peer_owner_id", text(peer, Side::owner_id))
            .with("peer_region", text(peer, Side::region))
            .with("peer_vpc_id", text(peer, Side::vpc_id))
            .with("region", text(own, Side::region))
            .with("requester", options(own))
            .with("requester_region", text(own, Side::region))
            .with("status", p.status().and_then(|s| s.code()).map(Code::as_str))
            .with("tags", tags::read(p.tags()))
            .with("vpc_id", text(own, Side::vpc_id)))
    }
}
