//! data aws_region: the region's name, endpoint and place.

use crate::resources::lookup::{Row, schema};
use crate::resources::prelude::*;

/// The data source `aws_region`.
pub struct Region;

/// The places of regions. AWS Account Management Reference, "AWS Regions".
const PLACES: &[(&str, &str)] = &[
    ("af-south-1", "Africa (Cape Town)"),
    ("ap-east-1", "Asia Pacific (Hong Kong)"),
    ("ap-east-2", "Asia Pacific (Taipei)"),
    ("ap-northeast-1", "Asia Pacific (Tokyo)"),
    ("ap-northeast-2", "Asia Pacific (Seoul)"),
    ("ap-northeast-3", "Asia Pacific (Osaka)"),
    ("ap-south-1", "Asia Pacific (Mumbai)"),
    ("ap-south-2", "Asia Pacific (Hyderabad)"),
    ("ap-southeast-1", "Asia Pacific (Singapore)"),
    ("ap-southeast-2", "Asia Pacific (Sydney)"),
    ("ap-southeast-3", "Asia Pacific (Jakarta)"),
    ("ap-southeast-4", "Asia Pacific (Melbourne)"),
    ("ap-southeast-5", "Asia Pacific (Malaysia)"),
    ("ap-southeast-6", "Asia Pacific (New Zealand)"),
    ("ap-southeast-7", "Asia Pacific (Thailand)"),
    ("ca-central-1", "Canada (Central)"),
    ("ca-west-1", "Canada West (Calgary)"),
    ("cn-north-1", "China (Beijing)"),
    ("cn-northwest-1", "China (Ningxia)"),
    ("eu-central-1", "Europe (Frankfurt)"),
    ("eu-central-2", "Europe (Zurich)"),
    ("eu-north-1", "Europe (Stockholm)"),
    ("eu-south-1", "Europe (Milan)"),
    ("eu-south-2", "Europe (Spain)"),
    ("eu-west-1", "Europe (Ireland)"),
    ("eu-west-2", "Europe (London)"),
    ("eu-west-3", "Europe (Paris)"),
    ("eusc-de-east-1", "AWS European Sovereign Cloud (Germany)"),
    ("il-central-1", "Israel (Tel Aviv)"),
    ("me-central-1", "Middle East (UAE)"),
    ("me-south-1", "Middle East (Bahrain)"),
    ("mx-central-1", "Mexico (Central)"),
    ("sa-east-1", "South America (Sao Paulo)"),
    ("us-east-1", "US East (N. Virginia)"),
    ("us-east-2", "US East (Ohio)"),
    ("us-gov-east-1", "AWS GovCloud (US-East)"),
    ("us-gov-west-1", "AWS GovCloud (US-West)"),
    ("us-west-1", "US West (N. California)"),
    ("us-west-2", "US West (Oregon)"),
];

impl DataSource for Region {
    fn schema() -> Schema {
        let names = ["endpoint", "id", "name", "region"].map(|n| Row::string(n).optional_computed());
        schema("aws_region", rows(names.into_iter().chain([Row::string("description").computed()])))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let named = config.str("region").or(config.str("name"));
        let (name, endpoint) = match (named, config.str("endpoint")) {
            (None, Some(endpoint)) => by_endpoint(aws, endpoint).await?,
            (named, _) => {
                let name = named.unwrap_or(&aws.region).to_owned();
                let suffix = if name.starts_with("cn-") { "amazonaws.com.cn" } else { "amazonaws.com" };
                (name.clone(), format!("ec2.{name}.{suffix}"))
            }
        };
        let place = PLACES.iter().find(|(region, _)| *region == name).map(|(_, place)| *place);
        let place = place.ok_or_else(|| Error::not_found(format!("the AWS region {name} was not found")))?;
        Ok(config
            .clone()
            .with("description", place)
            .with("endpoint", endpoint)
            .with("id", &name)
            .with("name", &name)
            .with("region", &name))
    }
}

async fn by_endpoint(aws: &Aws, endpoint: &str) -> Result<(String, String)> {
    let answer = aws.read.ec2.describe_regions().filters(filter("endpoint", endpoint)).send().await?;
    let name = answer.regions().iter().find_map(|r| r.region_name());
    let name = name.ok_or_else(|| Error::not_found(format!("no region has the EC2 endpoint {endpoint}")))?;
    Ok((name.to_owned(), endpoint.to_owned()))
}
