//! data aws_vpc_peering_connection: one connection of two VPCs that is there.

use crate::resources::lookup::{Row, answer, filters, lookup_rows, one, schema};
use crate::resources::network::vpc_peering_connection::listed;
use crate::resources::prelude::*;
use aws_sdk_ec2::types::{
    CidrBlock, Ipv6CidrBlock, VpcPeeringConnectionStateReasonCode as Code, VpcPeeringConnectionVpcInfo as Side,
};
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

block! {
    Range: CidrBlock => CidrBlock {
        cidr_block: Text, read;
    }
    Range6: Ipv6CidrBlock => Ipv6CidrBlock {
        ipv6_cidr_block: Text, read;
    }
}
type Ranges = BlockList<Range>;
type Ranges6 = BlockList<Range6>;

/// What a side lets the other one do.
fn options(side: Option<&Side>) -> Value {
    let on = side.and_then(Side::peering_options).and_then(|o| o.allow_dns_resolution_from_remote_vpc());
    let all = on.map(|on| (Name::from("allow_remote_vpc_dns_resolution"), Value::from(on)));
    Value::map(Type::Bool, all.into_iter().collect::<BTreeMap<_, _>>())
}

impl DataSource for PeeringConnectionData {
    fn schema() -> Schema {
        let by = BY.iter().map(|(name, _)| Row::string(name).optional_computed());
        let options = ["accepter", "requester"].map(|name| Row::of(name, Type::map(Type::Bool)).computed());
        let texts = ["peer_region", "region", "requester_region"].map(answer::<Text>);
        let ranges = ["cidr_block_set", "peer_cidr_block_set"].map(answer::<Ranges>);
        let ranges6 = ["ipv6_cidr_block_set", "peer_ipv6_cidr_block_set"].map(answer::<Ranges6>);
        let lookup = lookup_rows().into_iter().filter(|row| row.row.name != "region");
        let others = options.into_iter().chain(texts).chain(ranges).chain(ranges6);
        schema("aws_vpc_peering_connection", rows(by.chain(others).chain(lookup)))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let p = one(listed(aws, vec![filters(config, &BY)]).await?, "peering connection")?;
        let (own, peer) = (p.requester_vpc_info(), p.accepter_vpc_info());
        let text = |side: Option<&Side>, part: fn(&Side) -> Option<&str>| side.and_then(part).map(str::to_owned);
        let ranges = |side: Option<&Side>| Ranges::get(side.map_or(&[][..], Side::cidr_block_set));
        let ranges6 = |side: Option<&Side>| Ranges6::get(side.map_or(&[][..], Side::ipv6_cidr_block_set));
        Ok(config
            .clone()
            .with("accepter", options(peer))
            .with("cidr_block", text(own, Side::cidr_block))
            .with("cidr_block_set", ranges(own))
            .with("id", p.vpc_peering_connection_id())
            .with("ipv6_cidr_block_set", ranges6(own))
            .with("owner_id", text(own, Side::owner_id))
            .with("peer_cidr_block", text(peer, Side::cidr_block))
            .with("peer_cidr_block_set", ranges(peer))
            .with("peer_ipv6_cidr_block_set", ranges6(peer))
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
