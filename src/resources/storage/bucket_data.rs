//! data aws_s3_bucket: a bucket that is there, and how it is named.

use super::configuration::{Place, ask};
use super::{places, website};
use crate::resources::lookup::{here, schema};
use crate::resources::prelude::*;

/// The data source `aws_s3_bucket`.
pub struct S3BucketData;

impl DataSource for S3BucketData {
    fn schema() -> Schema {
        let texts = [
            "arn",
            "bucket_domain_name",
            "bucket_region",
            "bucket_regional_domain_name",
            "hosted_zone_id",
            "id",
            "website_domain",
            "website_endpoint",
        ];
        let given = [Row::string("bucket").required(), Row::string("region").optional_computed()];
        schema("aws_s3_bucket", rows(given.into_iter().chain(texts.map(|n| Row::string(n).computed()))))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let bucket = config.str("bucket").unwrap_or_default();
        let website = match ask(&aws, &Place::of_id(bucket), website::GET).await {
            Ok(_) => true,
            Err(e) if e.is("NoSuchWebsiteConfiguration") => false,
            Err(e) => return Err(e),
        };
        let domain = website.then(|| places::website_domain(&aws));
        Ok(config
            .clone()
            .with("arn", places::arn(&aws, bucket))
            .with("bucket_domain_name", places::domain(&aws, bucket))
            .with("bucket_region", &*aws.region)
            .with("bucket_regional_domain_name", places::regional_domain(&aws, bucket))
            .with("hosted_zone_id", places::hosted_zone(&aws.region))
            .with("id", bucket)
            .with("region", &*aws.region)
            .with("website_domain", domain.clone())
            .with("website_endpoint", domain.map(|domain| format!("{bucket}.{domain}"))))
    }
}
