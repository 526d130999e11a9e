//! data aws_s3_bucket_policy: the policy of a bucket.

use super::configuration::Place;
use super::policy;
use crate::resources::lookup::{answer, here, schema};
use crate::resources::prelude::*;

/// The data source `aws_s3_bucket_policy`.
pub struct BucketPolicyData;

impl DataSource for BucketPolicyData {
    fn schema() -> Schema {
        let given = [Row::string("bucket").required(), Row::string("region").optional_computed()];
        let answers = [answer::<Text>("id"), answer::<Text>("policy")];
        schema("aws_s3_bucket_policy", rows(given.into_iter().chain(answers)))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let bucket = config.str("bucket").unwrap_or_default();
        let found = policy::get(&aws, &Place::of_id(bucket)).await?;
        Ok(config.clone().with("id", bucket).with("policy", found).with("region", &*aws.region))
    }
}
