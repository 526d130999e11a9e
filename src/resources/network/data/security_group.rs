//! data aws_security_group: one group that is there.

use crate::resources::lookup::{filters, found, found_by, here, mirrored, one, read_as, schema};
use crate::resources::network::security_group::{AwsSecurityGroup, listed};
use crate::resources::prelude::*;

/// The data source `aws_security_group`.
pub struct SecurityGroupData;

const BY: [(&str, &str); 3] = [("id", "group-id"), ("name", "group-name"), ("vpc_id", "vpc-id")];

impl DataSource for SecurityGroupData {
    fn schema() -> Schema {
        schema("aws_security_group", found_by(&BY, mirrored::<AwsSecurityGroup>(&["arn", "description"])))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let group = one(listed(&aws, vec![filters(config, &BY)]).await?, "security group")?;
        Ok(found(config, &aws, &read_as::<AwsSecurityGroup>(&group)))
    }
}
