//! data aws_subnet: one subnet that is there.

use crate::aws::{Aws, Result};
use crate::resources::lookup::{Row, filters, here, lookup_rows, one, schema};
use crate::resources::network::subnet::ipv6;
use crate::resources::spec::{DataSource, rows};
use crate::resources::tags;
use crate::schema::{Attrs, Schema};
use aws_sdk_ec2::types::{Filter, HostnameType, PrivateDnsNameOptionsOnLaunch as Names, Subnet, SubnetState};

/// The data source `aws_subnet`.
pub struct SubnetData;

/// The arguments that stand for a filter, and the filter.
const BY: [(&str, &str); 8] = [
    ("availability_zone", "availability-zone"),
    ("availability_zone_id", "availability-zone-id"),
    ("cidr_block", "cidr-block"),
    ("default_for_az", "default-for-az"),
    ("id", "subnet-id"),
    ("ipv6_cidr_block", "ipv6-cidr-block-association.ipv6-cidr-block"),
    ("state", "state"),
    ("vpc_id", "vpc-id"),
];

/// The subnets that filters find; all without any.
pub async fn listed(aws: &Aws, filters: Vec<Filter>) -> Result<Vec<Subnet>> {
    aws.pages(vec![filters], |f| {
        let call = aws.read.ec2.describe_subnets().set_filters(Some(f).filter(|f| !f.is_empty()));
        call.into_paginator().items().send()
    })
    .await
}

impl DataSource for SubnetData {
    fn schema() -> Schema {
        let by = BY.iter().map(|(name, _)| match *name {
            "default_for_az" => Row::bool("default_for_az").optional_computed(),
            name => Row::string(name).optional_computed(),
        });
        let texts = [
            "arn",
            "customer_owned_ipv4_pool",
            "ipv6_cidr_block_association_id",
            "outpost_arn",
            "owner_id",
            "private_dns_hostname_type_on_launch",
        ];
        let switches = [
            "assign_ipv6_address_on_creation",
            "enable_dns64",
            "enable_resource_name_dns_a_record_on_launch",
            "enable_resource_name_dns_aaaa_record_on_launch",
            "ipv6_native",
            "map_customer_owned_ip_on_launch",
            "map_public_ip_on_launch",
        ];
        let numbers = ["available_ip_address_count", "enable_lni_at_device_index"];
        let all = by
            .chain(texts.map(|n| Row::string(n).computed()))
            .chain(switches.map(|n| Row::bool(n).computed()))
            .chain(numbers.map(|n| Row::number(n).computed()))
            .chain(lookup_rows());
        schema("aws_subnet", rows(all))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let s = one(listed(&aws, filters(config, &BY)).await?, "subnet")?;
        let names = s.private_dns_name_options_on_launch();
        let range = ipv6(&s);
        Ok(config
            .clone()
            .with("arn", s.subnet_arn())
            .with("assign_ipv6_address_on_creation", s.assign_ipv6_address_on_creation())
            .with("availability_zone", s.availability_zone())
            .with("availability_zone_id", s.availability_zone_id())
            .with("available_ip_address_count", s.available_ip_address_count())
            .with("cidr_block", s.cidr_block())
            .with("customer_owned_ipv4_pool", s.customer_owned_ipv4_pool())
            .with("default_for_az", s.default_for_az())
            .with("enable_dns64", s.enable_dns64())
            .with("enable_lni_at_device_index", s.enable_lni_at_device_index())
            .with(
                "enable_resource_name_dns_a_record_on_launch",
                names.and_then(Names::enable_resource_name_dns_a_record),
            )
            .with(
                "enable_resource_name_dns_aaaa_record_on_launch",
                names.and_then(Names::enable_resource_name_dns_aaaa_record),
            )
            .with("id", s.subnet_id())
            .with("ipv6_cidr_block", range.and_then(|a| a.ipv6_cidr_block()))
            .with("ipv6_cidr_block_association_id", range.and_then(|a| a.association_id()))
            .with("ipv6_native", s.ipv6_native())
            .with("map_customer_owned_ip_on_launch", s.map_customer_owned_ip_on_launch())
            .with("map_public_ip_on_launch", s.map_public_ip_on_launch())
            .with("outpost_arn", s.outpost_arn())
            .with("owner_id", s.owner_id())
            .with("private_dns_hostname_type_on_launch", names.and_then(Names::hostname_type).map(HostnameType::as_str))
            .with("region", &*aws.region)
            .with("state", s.state().map(SubnetState::as_str))
            .with("tags", tags::read(s.tags()))
            .with("vpc_id", s.vpc_id()))
    }
}
