//! data aws_vpc: one VPC that is there.

use crate::aws::{Aws, Result};
use crate::resources::lookup::{Row, filters, here, lookup_rows, one, schema};
use crate::resources::network::vpc::{complete, ipv6};
use crate::resources::spec::{DataSource, rows};
use crate::resources::tags;
use crate::schema::{Attrs, Schema};
use crate::value::{Type, Value};
use aws_sdk_ec2::types::{
    IpSource, Ipv6AddressAttribute, Tenancy, Vpc, VpcCidrBlockAssociation, VpcCidrBlockState, VpcCidrBlockStateCode,
    VpcIpv6CidrBlockAssociation, VpcState,
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

fn range_type(names: &[&str]) -> Type {
    Type::object(names.iter().map(|name| (*name, Type::String)))
}

const RANGE: [&str; 3] = ["association_id", "cidr_block", "state"];
const IPV6_RANGE: [&str; 7] = [
    "association_id",
    "ip_source",
    "ipv6_address_attribute",
    "ipv6_cidr_block",
    "ipv6_pool",
    "network_border_group",
    "state",
];

fn state(state: Option<&VpcCidrBlockState>) -> Value {
    state.and_then(VpcCidrBlockState::state).map(VpcCidrBlockStateCode::as_str).into()
}

fn ranges(vpc: &Vpc) -> Value {
    let range = |a: &VpcCidrBlockAssociation| {
        Value::object([
            ("association_id", Value::from(a.association_id())),
            ("cidr_block", a.cidr_block().into()),
            ("state", state(a.cidr_block_state())),
        ])
    };
    Value::list(range_type(&RANGE), vpc.cidr_block_association_set().iter().map(range).collect())
}

fn ipv6_ranges(vpc: &Vpc) -> Value {
    let range = |a: &VpcIpv6CidrBlockAssociation| {
        Value::object([
            ("association_id", Value::from(a.association_id())),
            ("ip_source", a.ip_source().map(IpSource::as_str).into()),
            ("ipv6_address_attribute", a.ipv6_address_attribute().map(Ipv6AddressAttribute::as_str).into()),
            ("ipv6_cidr_block", a.ipv6_cidr_block().into()),
            ("ipv6_pool", a.ipv6_pool().into()),
            ("network_border_group", a.network_border_group().into()),
            ("state", state(a.ipv6_cidr_block_state())),
        ])
    };
    Value::list(range_type(&IPV6_RANGE), vpc.ipv6_cidr_block_association_set().iter().map(range).collect())
}

impl DataSource for VpcData {
    fn schema() -> Schema {
        let by = BY.iter().map(|(name, _)| match *name {
            "default" => Row::bool("default").optional_computed(),
            name => Row::string(name).optional_computed(),
        });
        let texts =
            ["arn", "instance_tenancy", "ipv6_association_id", "ipv6_cidr_block", "main_route_table_id", "owner_id"];
        let switches = ["enable_dns_hostnames", "enable_dns_support", "enable_network_address_usage_metrics"];
        let lists = [
            Row::of("cidr_block_associations", Type::list(range_type(&RANGE))).computed(),
            Row::of("ipv6_cidr_block_associations", Type::list(range_type(&IPV6_RANGE))).computed(),
        ];
        let all = by
            .chain(texts.map(|n| Row::string(n).computed()))
            .chain(switches.map(|n| Row::bool(n).computed()))
            .chain(lists)
            .chain(lookup_rows());
        schema("aws_vpc", rows(all))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let by = Some(filters(config, &BY)).filter(|f| !f.is_empty());
        let found = aws
            .pages(vec![by.unwrap_or_default()], |f| {
                let call = aws.read.ec2.describe_vpcs().set_filters(Some(f).filter(|f| !f.is_empty()));
                call.into_paginator().items().send()
            })
            .await?;
        let found = one(found, "VPC")?;
        let l = one(complete(&aws, vec![found]).await?, "VPC")?;
        let range = ipv6(&l.vpc);
        Ok(config
            .clone()
            .with("arn", &l.arn)
            .with("cidr_block", l.vpc.cidr_block())
            .with("cidr_block_associations", ranges(&l.vpc))
            .with("default", l.vpc.is_default())
            .with("dhcp_options_id", l.vpc.dhcp_options_id())
            .with("enable_dns_hostnames", l.dns_hostnames)
            .with("enable_dns_support", l.dns_support)
            .with("enable_network_address_usage_metrics", l.usage_metrics)
            .with("id", l.vpc.vpc_id())
            .with("instance_tenancy", l.vpc.instance_tenancy().map(Tenancy::as_str))
            .with("ipv6_association_id", range.and_then(|a| a.association_id()))
            .with("ipv6_cidr_block", range.and_then(|a| a.ipv6_cidr_block()))
            .with("ipv6_cidr_block_associations", ipv6_ranges(&l.vpc))
            .with("main_route_table_id", l.main_route_table.as_ref())
            .with("owner_id", l.vpc.owner_id())
            .with("region", &*aws.region)
            .with("state", l.vpc.state().map(VpcState::as_str))
            .with("tags", tags::read(l.vpc.tags())))
    }
}
