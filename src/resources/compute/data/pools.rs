//! data aws_ec2_public_ipv4_pool, aws_ec2_public_ipv4_pools, aws_ec2_coip_pool, aws_ec2_local_gateway and aws_ec2_spot_price:
//! what an account has of addresses and outposts, and what a spot instance costs.

use crate::resources::block::TextList;
use crate::resources::lookup::{Row, answer, computed, filters, found_by, here, lookup_rows, one, read, schema, time};
use crate::resources::prelude::*;
use aws_sdk_ec2::types::{CoipPool, InstanceType, LocalGateway, PublicIpv4Pool, PublicIpv4PoolRange};

/// The data source `aws_ec2_public_ipv4_pool`.
pub struct PublicPool;
/// The data source `aws_ec2_public_ipv4_pools`.
pub struct PublicPools;
/// The data source `aws_ec2_coip_pool`.
pub struct CustomerPool;
/// The data source `aws_ec2_local_gateway`.
pub struct LocalGatewayData;
/// The data source `aws_ec2_spot_price`.
pub struct SpotPriceData;

table! {
    OfPublic: PublicIpv4Pool {
        description: Text, read;
        network_border_group: Text, read;
        pool_address_ranges: BlockList<Range>, read;
        tags: crate::resources::block::TextMap, read;
        total_address_count: Int, read;
        total_available_address_count: Int, read;
    }
}

block! {
    Range: PublicIpv4PoolRange => PublicIpv4PoolRange {
        address_count: Int, read;
        available_address_count: Int, read;
        first_address: Text, read;
        last_address: Text, read;
    }
}

impl DataSource for PublicPool {
    fn schema() -> Schema {
        let mut all: Vec<Row> = computed::<OfPublic>();
        all.iter_mut()
            .filter(|row| row.row.name == "tags")
            .for_each(|row| row.row.mode = crate::schema::Mode::OptionalComputed);
        all.extend([
            answer::<Text>("id"),
            Row::string("pool_id").required(),
            Row::string("region").optional_computed(),
        ]);
        schema("aws_ec2_public_ipv4_pool", rows(all))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let call = aws.read.ec2.describe_public_ipv4_pools().set_pool_ids(config.string("pool_id").map(|id| vec![id]));
        let pool = one(all_of(call.into_paginator().items().send()).await?, "public IPv4 pool")?;
        let all = read(config, OfPublic::rows::<PublicIpv4Pool>(), &pool);
        Ok(all.with("id", pool.pool_id()).with("region", &*aws.region))
    }
}

impl DataSource for PublicPools {
    fn schema() -> Schema {
        let own = [answer::<Text>("id"), answer::<TextList>("pool_ids")];
        schema("aws_ec2_public_ipv4_pools", found_by(&[], own))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let found = listed!(aws, describe_public_ipv4_pools, vec![filters(config, &[])]).await?;
        let mut ids: Vec<&str> = found.iter().filter_map(|pool| pool.pool_id()).collect();
        ids.sort_unstable();
        let all = config.clone().with("id", &*aws.region).with("region", &*aws.region);
        Ok(all.with("pool_ids", Value::strings(ids)))
    }
}

table! {
    OfCustomer: CoipPool {
        arn = pool_arn: Text, read;
        pool_cidrs: Texts, read;
    }
}

const POOL: [(&str, &str); 2] =
    [("local_gateway_route_table_id", "coip-pool.local-gateway-route-table-id"), ("pool_id", "coip-pool.pool-id")];

impl DataSource for CustomerPool {
    fn schema() -> Schema {
        let own = computed::<OfCustomer>().into_iter().chain([answer::<Text>("id")]);
        schema("aws_ec2_coip_pool", found_by(&POOL, own))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let pool = one(listed!(aws, describe_coip_pools, vec![filters(config, &POOL)]).await?, "pool of addresses")?;
        let all = read(config, OfCustomer::rows::<CoipPool>(), &pool);
        let all = all.with("id", pool.pool_id()).with("region", &*aws.region).with("tags", tags::read(pool.tags()));
        Ok(all
            .with("local_gateway_route_table_id", pool.local_gateway_route_table_id())
            .with("pool_id", pool.pool_id()))
    }
}

const GATEWAY: [(&str, &str); 2] = [("id", "local-gateway-id"), ("state", "state")];

impl DataSource for LocalGatewayData {
    fn schema() -> Schema {
        schema("aws_ec2_local_gateway", found_by(&GATEWAY, ["outpost_arn", "owner_id"].map(answer::<Text>)))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let found = listed!(aws, describe_local_gateways, vec![filters(config, &GATEWAY)]).await?;
        let gateway: LocalGateway = one(found, "local gateway")?;
        Ok(config
            .clone()
            .with("id", gateway.local_gateway_id())
            .with("outpost_arn", gateway.outpost_arn())
            .with("owner_id", gateway.owner_id())
            .with("region", &*aws.region)
            .with("state", gateway.state())
            .with("tags", tags::read(gateway.tags())))
    }
}

impl DataSource for SpotPriceData {
    fn schema() -> Schema {
        let own = ["id", "spot_price", "spot_price_timestamp"].map(answer::<Text>);
        let asked = ["availability_zone", "instance_type"].map(Row::string);
        let lookup = lookup_rows().into_iter().filter(|row| row.row.name != "tags");
        schema("aws_ec2_spot_price", rows(lookup.chain(own).chain(asked)))
    }

    /// The price now: AWS gives the last one before the time that is asked for.
    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let now = aws_smithy_types::DateTime::from(std::time::SystemTime::now());
        let call = aws
            .read
            .ec2
            .describe_spot_price_history()
            .start_time(now)
            .set_availability_zone(text(config, "availability_zone"))
            .set_instance_types(text(config, "instance_type").map(|kind| vec![InstanceType::from(kind.as_str())]))
            .set_filters(some(filters(config, &[])));
        let price = one(all_of(call.into_paginator().items().send()).await?, "spot price")?;
        Ok(config
            .clone()
            .with("id", &*aws.region)
            .with("region", &*aws.region)
            .with("spot_price", price.spot_price())
            .with("spot_price_timestamp", time(price.timestamp())))
    }
}
