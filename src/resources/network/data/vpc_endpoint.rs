//! data aws_vpc_endpoint, data aws_vpc_dhcp_options and data aws_route: one of what the resource types of the same names
//! make.

use crate::resources::lookup::{Row, as_resource, filters, found, found_by, here, mirrored, one, schema};
use crate::resources::network::route::{AwsRoute, LiveRoute};
use crate::resources::network::route_table;
use crate::resources::network::vpc_dhcp_options::AwsVpcDhcpOptions;
use crate::resources::network::vpc_endpoint::AwsVpcEndpoint;
use crate::resources::prelude::*;

/// The data source `aws_vpc_endpoint`.
pub struct EndpointData;

const BY: [(&str, &str); 6] = [
    ("id", "vpc-endpoint-id"),
    ("service_name", "service-name"),
    ("service_region", "service-region"),
    ("state", "vpc-endpoint-state"),
    ("vpc_endpoint_type", "vpc-endpoint-type"),
    ("vpc_id", "vpc-id"),
];

const SAME: [&str; 14] = [
    "arn",
    "cidr_blocks",
    "dns_entry",
    "dns_options",
    "ip_address_type",
    "network_interface_ids",
    "owner_id",
    "policy",
    "prefix_list_id",
    "private_dns_enabled",
    "requester_managed",
    "route_table_ids",
    "security_group_ids",
    "subnet_ids",
];

impl DataSource for EndpointData {
    fn schema() -> Schema {
        schema("aws_vpc_endpoint", found_by(&BY, mirrored::<AwsVpcEndpoint>(&SAME)))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let all = listed!(&aws, describe_vpc_endpoints, vec![filters(config, &BY)]).await?;
        let ids = all.into_iter().filter_map(|e| e.vpc_endpoint_id).collect();
        let (_, attrs) = as_resource::<AwsVpcEndpoint>(&aws, ids, "VPC endpoint").await?;
        Ok(found(config, &aws, &attrs))
    }
}

/// The data source `aws_vpc_dhcp_options`.
pub struct DhcpOptionsData;

const BY_ID: [(&str, &str); 1] = [("dhcp_options_id", "dhcp-options-id")];

const OPTIONS: [&str; 9] = [
    "arn",
    "domain_name",
    "domain_name_servers",
    "id",
    "ipv6_address_preferred_lease_time",
    "netbios_name_servers",
    "netbios_node_type",
    "ntp_servers",
    "owner_id",
];

impl DataSource for DhcpOptionsData {
    fn schema() -> Schema {
        schema("aws_vpc_dhcp_options", found_by(&BY_ID, mirrored::<AwsVpcDhcpOptions>(&OPTIONS)))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let all = listed!(&aws, describe_dhcp_options, vec![filters(config, &BY_ID)]).await?;
        let ids = all.into_iter().filter_map(|o| o.dhcp_options_id).collect();
        let (options, attrs) = as_resource::<AwsVpcDhcpOptions>(&aws, ids, "set of DHCP options").await?;
        Ok(found(config, &aws, &attrs).with("dhcp_options_id", options.dhcp_options_id()))
    }
}

/// The data source `aws_route`.
pub struct RouteData;

const ROUTE: [&str; 14] = [
    "carrier_gateway_id",
    "core_network_arn",
    "destination_cidr_block",
    "destination_ipv6_cidr_block",
    "destination_prefix_list_id",
    "egress_only_gateway_id",
    "gateway_id",
    "instance_id",
    "local_gateway_id",
    "nat_gateway_id",
    "network_interface_id",
    "odb_network_arn",
    "transit_gateway_id",
    "vpc_peering_connection_id",
];

impl DataSource for RouteData {
    fn schema() -> Schema {
        let own = ["id", "region"].into_iter().chain(ROUTE).map(|name| Row::string(name).optional_computed());
        schema("aws_route", rows(own.chain([Row::string("route_table_id").required()])))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let table = config.string("route_table_id").unwrap_or_default();
        let tables = route_table::listed(&aws, filtered("route-table-id", &[table])).await?;
        let spec = AwsRoute::spec();
        let read = |t: &aws_sdk_ec2::types::RouteTable| {
            let of = t.route_table_id().unwrap_or_default().to_owned();
            let live = |route| LiveRoute { table: of.clone(), route };
            t.routes.clone().unwrap_or_default().into_iter().map(live).map(|l| spec.read(&l)).collect::<Vec<_>>()
        };
        let mut all: Vec<Attrs> = tables.iter().flat_map(read).collect();
        let asked = |attrs: &Attrs, name: &str| {
            config.str(name).is_none_or(|text| text.is_empty() || attrs.str(name) == Some(text))
        };
        all.retain(|attrs| ROUTE.iter().all(|name| asked(attrs, name)));
        let route = one(all, "route")?;
        let of = |name: &&'static str| Some((*name, route.get(name)?.clone()));
        let kept: Attrs = ROUTE.iter().chain(&["id"]).filter_map(of).collect();
        Ok(found(config, &aws, &kept))
    }
}
