//! data aws_eip: one public address that is there.

use crate::resources::lookup::{answer, as_resource, filters, found, found_by, here, mirrored, schema};
use crate::resources::network::eip::{AwsEip, listed};
use crate::resources::prelude::*;

/// The data source `aws_eip`.
pub struct EipData;

const BY: [(&str, &str); 2] = [("id", "allocation-id"), ("public_ip", "public-ip")];

const SAME: [&str; 12] = [
    "arn",
    "association_id",
    "carrier_ip",
    "customer_owned_ip",
    "customer_owned_ipv4_pool",
    "domain",
    "ipam_pool_id",
    "private_dns",
    "private_ip",
    "ptr_record",
    "public_dns",
    "public_ipv4_pool",
];

impl DataSource for EipData {
    fn schema() -> Schema {
        let others = ["instance_id", "network_interface_id", "network_interface_owner_id"].map(answer::<Text>);
        schema("aws_eip", found_by(&BY, mirrored::<AwsEip>(&SAME).into_iter().chain(others)))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let all = listed(&aws, vec![filters(config, &BY)]).await?;
        let ids = all.into_iter().filter_map(|a| a.allocation_id).collect();
        let (eip, attrs) = as_resource::<AwsEip>(&aws, ids, "address").await?;
        let given = |text: Option<&str>| text.filter(|text| !text.is_empty()).map(str::to_owned);
        Ok(found(config, &aws, &attrs)
            .with("instance_id", given(eip.address.instance_id()))
            .with("network_interface_id", given(eip.address.network_interface_id()))
            .with("network_interface_owner_id", given(eip.address.network_interface_owner_id())))
    }
}
