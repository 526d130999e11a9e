//! data aws_vpc: one VPC that is there.

use crate::resources::lookup::{Row, answer, filters, found, here, lookup_rows, mirrored, one, read_as, schema};
use crate::resources::network::vpc::{AwsVpc, complete, listed};
use crate::resources::prelude::*;
use aws_sdk_ec2::types::{
    VpcCidrBlockAssociation as Range, VpcCidrBlockState, VpcCidrBlockStateCode, VpcIpv6CidrBlockAssociation as Range6,
    VpcState,
};

/// The data source `aws_vpc`.
pub struct VpcData;

/// The arguments that stand for a filter, and the filter.
const BY: [(&str, &str); 5] = [
    ("cidr_block", "cidr"),
    ("default", "is-default"),
    ("dhcp_options_id", "dhcp-options-id"),
    ("id", "vpc-id"),
    ("state", "state"),
];

const SAME: [&str; 9] = [
    "arn",
    "enable_dns_hostnames",
    "enable_dns_support",
    "enable_network_address_usage_metrics",
    "instance_tenancy",
    "ipv6_association_id",
    "ipv6_cidr_block",
    "main_route_table_id",
    "owner_id",
];

block! {
    Ipv4: Range => Range {
        association_id: Text, read;
        cidr_block: Text, read;
        state: Text, none [.read(|a| state(a.held().cidr_block_state()).into())];
    }
    Ipv6: Range6 => Range6 {
        association_id: Text, read;
        ip_source: EnumCell, read;
        ipv6_address_attribute: EnumCell, read;
        ipv6_cidr_block: Text, read;
        ipv6_pool: Text, read;
        network_border_group: Text, read;
        state: Text, none [.read(|a| state(a.held().ipv6_cidr_block_state()).into())];
    }
}

fn state(state: Option<&VpcCidrBlockState>) -> Option<&str> {
    state.and_then(VpcCidrBlockState::state).map(VpcCidrBlockStateCode::as_str)
}

impl DataSource for VpcData {
    fn schema() -> Schema {
        let by = BY.iter().map(|(name, _)| match *name {
            "default" => Row::bool("default").optional_computed(),
            name => Row::string(name).optional_computed(),
        });
        let ranges = [
            answer::<BlockList<Ipv4>>("cidr_block_associations"),
            answer::<BlockSet<Ipv6>>("ipv6_cidr_block_associations"),
        ];
        schema("aws_vpc", rows(by.chain(mirrored::<AwsVpc>(&SAME)).chain(ranges).chain(lookup_rows())))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let vpc = one(listed(&aws, vec![filters(config, &BY)]).await?, "VPC")?;
        let l = one(complete(&aws, vec![vpc]).await?, "VPC")?;
        Ok(found(config, &aws, &read_as::<AwsVpc>(&l))
            .with("cidr_block_associations", BlockList::<Ipv4>::get(l.vpc.cidr_block_association_set()))
            .with("default", l.vpc.is_default())
            .with("ipv6_cidr_block_associations", BlockSet::<Ipv6>::get(l.vpc.ipv6_cidr_block_association_set()))
            .with("state", l.vpc.state().map(VpcState::as_str)))
    }
}
