//! data aws_vpc_ipam_pool, aws_vpc_ipam_pools and aws_vpc_ipam_preview_next_cidr: pools that are there, and the range that
//! one would give next.

use crate::resources::lookup::{Row, answer, filters, found, found_by, here, mirrored, one, read_as, schema};
use crate::resources::network::ipam_pool::AwsVpcIpamPool;
use crate::resources::prelude::*;
use aws_sdk_ec2::types::IpamPool;

/// The data source `aws_vpc_ipam_pool`.
pub struct IpamPoolData;
/// The data source `aws_vpc_ipam_pools`.
pub struct IpamPoolsData;
/// The data source `aws_vpc_ipam_preview_next_cidr`.
pub struct IpamPreviewNextCidr;

const SAME: [&str; 16] = [
    "address_family",
    "allocation_default_netmask_length",
    "allocation_max_netmask_length",
    "allocation_min_netmask_length",
    "allocation_resource_tags",
    "arn",
    "auto_import",
    "aws_service",
    "description",
    "ipam_scope_id",
    "ipam_scope_type",
    "locale",
    "pool_depth",
    "publicly_advertisable",
    "source_ipam_pool_id",
    "state",
];

async fn listed(aws: &Aws, config: &Attrs, by: &[(&str, &str)]) -> Result<Vec<IpamPool>> {
    listed!(aws, describe_ipam_pools, vec![filters(config, by)]).await
}

impl DataSource for IpamPoolData {
    fn schema() -> Schema {
        let same = mirrored::<AwsVpcIpamPool>(&SAME).into_iter();
        let same = same.chain(mirrored::<AwsVpcIpamPool>(&["source_resource"])).map(|row| match row.row.name {
            "allocation_resource_tags" => row.optional_computed(),
            _ => row,
        });
        let own = ["id", "ipam_pool_id"].map(Row::string);
        schema("aws_vpc_ipam_pool", found_by(&[], same.chain(own)))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let pool =
            one(listed(&aws, config, &[("id", "ipam-pool-id"), ("ipam_pool_id", "ipam-pool-id")]).await?, "IPAM pool")?;
        Ok(found(config, &aws, &read_as::<AwsVpcIpamPool>(&pool)).with("ipam_pool_id", pool.ipam_pool_id()))
    }
}

/// The rows of one of several pools.
fn of_pool() -> Vec<Attribute> {
    let own = [answer::<Text>("id"), Row::of("tags", Type::map(Type::String)).computed()];
    rows(mirrored::<AwsVpcIpamPool>(&SAME).into_iter().chain(own))
}

impl DataSource for IpamPoolsData {
    fn schema() -> Schema {
        let own = [Row::block("ipam_pools", Nesting::Set, of_pool()).computed(), answer::<Text>("id")];
        let mut all = found_by(&[], own);
        all.retain(|row| row.name != "tags");
        schema("aws_vpc_ipam_pools", all)
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let rows = of_pool();
        let pool = |live: &IpamPool| {
            let attrs = read_as::<AwsVpcIpamPool>(live);
            let value = |row: &Attribute| attrs.get(row.name).cloned().unwrap_or_else(|| Value::null(row.ty.clone()));
            Value::object(rows.iter().map(|row| (row.name, value(row))))
        };
        let pools = listed(&aws, config, &[]).await?.iter().map(pool).collect();
        let all = config.clone().with("id", &*aws.region).with("region", &*aws.region);
        Ok(all.with("ipam_pools", Value::set(object_type(&rows), pools)))
    }
}

impl DataSource for IpamPreviewNextCidr {
    fn schema() -> Schema {
        let own = [
            answer::<Text>("cidr"),
            Row::string_set("disallowed_cidrs"),
            answer::<Text>("id"),
            Row::string("ipam_pool_id").required(),
            Row::number("netmask_length"),
            Row::string("region").optional_computed(),
        ];
        schema("aws_vpc_ipam_preview_next_cidr", rows(own))
    }

    /// A preview allocates nothing.
    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let pool = config.string("ipam_pool_id").unwrap_or_default();
        let call = aws.write.ec2.allocate_ipam_pool_cidr().preview_next_cidr(true).ipam_pool_id(&pool);
        let call = call.set_netmask_length(config.int("netmask_length"));
        let answer = call.set_disallowed_cidrs(some(config.strings("disallowed_cidrs"))).send().await?;
        let cidr = made(answer.ipam_pool_allocation().and_then(|a| a.cidr()))?;
        let all = config.clone().with("id", format!("{cidr}_{pool}")).with("region", &*aws.region);
        Ok(all.with("cidr", cidr))
    }
}
