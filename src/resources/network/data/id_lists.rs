//! data aws_nat_gateways, aws_network_interfaces, aws_ebs_volumes, aws_vpc_peering_connections, aws_vpc_security_group_rules,
//! aws_ec2_managed_prefix_lists, aws_ec2_transit_gateway_attachments, aws_ec2_transit_gateway_route_tables: the ids of all
//! that match; and aws_eips.

use crate::resources::block::TextList;
use crate::resources::lookup;
use crate::resources::lookup::{Row, answer, filters, found_by, here};
use crate::resources::prelude::*;

/// The data source `aws_eips`.
pub struct Eips;

/// The arguments beside filters, each with its filter.
type By = [(&'static str, &'static str)];

/// Of the lists with `given` tags the layout gives them or not; the others answer with them.
fn schema(name: &'static str, by: &By, answers: &[&'static str], given: bool) -> Schema {
    let answers = answers.iter().map(|name| answer::<TextList>(name)).chain([answer::<Text>("id")]);
    let mut all = found_by(&[], by.iter().map(|(name, _)| Row::string(name)).chain(answers));
    if given {
        all.retain(|row| row.name != "tags");
        all.extend(rows([Row::of("tags", Type::map(Type::String))]));
    }
    lookup::schema(name, all)
}

macro_rules! ids {
    ($($(#[$doc:meta])* $type:ident, $name:literal, $by:expr, $given:literal, $call:ident $set:ident $id:ident;)*) => {$(
        $(#[$doc])*
        pub struct $type;

        impl DataSource for $type {
            fn schema() -> Schema {
                schema($name, $by, &["ids"], $given)
            }

            async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
                let aws = here(aws, config);
                let call = |given| aws.read.ec2.$call().$set(some(given)).into_paginator().items().send();
                let found = aws.pages(vec![filters(config, $by)], call).await?;
                Ok(lookup::ids(config, &aws, found.iter().filter_map(|one| one.$id())))
            }
        }
    )*};
}

ids! {
    /// The data source `aws_nat_gateways`.
    NatGateways, "aws_nat_gateways", &[("vpc_id", "vpc-id")], false, describe_nat_gateways set_filter nat_gateway_id;
    /// The data source `aws_network_interfaces`.
    NetworkInterfaces, "aws_network_interfaces", &[], false, describe_network_interfaces set_filters network_interface_id;
    /// The data source `aws_ebs_volumes`.
    EbsVolumes, "aws_ebs_volumes", &[], true, describe_volumes set_filters volume_id;
    /// The data source `aws_vpc_peering_connections`.
    PeeringConnections, "aws_vpc_peering_connections", &[], false,
    describe_vpc_peering_connections set_filters vpc_peering_connection_id;
    /// The data source `aws_vpc_security_group_rules`.
    SecurityGroupRules, "aws_vpc_security_group_rules", &[], true,
    describe_security_group_rules set_filters security_group_rule_id;
    /// The data source `aws_ec2_managed_prefix_lists`.
    ManagedPrefixLists, "aws_ec2_managed_prefix_lists", &[], false, describe_managed_prefix_lists set_filters prefix_list_id;
    /// The data source `aws_ec2_transit_gateway_attachments`.
    TransitGatewayAttachments, "aws_ec2_transit_gateway_attachments", &[], false,
    describe_transit_gateway_attachments set_filters transit_gateway_attachment_id;
    /// The data source `aws_ec2_transit_gateway_route_tables`.
    TransitGatewayRouteTables, "aws_ec2_transit_gateway_route_tables", &[], false,
    describe_transit_gateway_route_tables set_filters transit_gateway_route_table_id;
}

impl DataSource for Eips {
    fn schema() -> Schema {
        schema("aws_eips", &[], &["allocation_ids", "public_ips"], true)
    }

    /// An address from before VPCs has no id.
    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let given = some(filters(config, &[]));
        let mut found =
            aws.read.ec2.describe_addresses().set_filters(given).send().await?.addresses.unwrap_or_default();
        found.sort_by(|a, b| a.allocation_id().cmp(&b.allocation_id()));
        Ok(config
            .clone()
            .with("id", &*aws.region)
            .with("region", &*aws.region)
            .with("allocation_ids", Value::strings(found.iter().filter_map(|a| a.allocation_id())))
            .with("public_ips", Value::strings(found.iter().filter_map(|a| a.public_ip()))))
    }
}
