//! aws_s3_bucket_cors_configuration: which pages of other origins may read a bucket.

use super::configuration::{self, Configuration, Configured, Place, at, built};
use crate::resources::prelude::*;
use aws_sdk_s3::operation::get_bucket_cors::GetBucketCorsOutput;
use aws_sdk_s3::types::{CorsConfiguration, CorsRule};

/// The rules for pages of other origins.
pub struct Cors;

block! {
    /// What pages of some origins may do.
    Rule: CorsRule => CorsRule, ok {
        allowed_headers: Texts;
        allowed_methods: Texts [.required()];
        allowed_origins: Texts [.required()];
        expose_headers: Texts;
        id: Text;
        max_age_seconds: Count;
    }
}

impl Configuration for Cors {
    type Found = GetBucketCorsOutput;
    const TYPE: &'static str = "aws_s3_bucket_cors_configuration";

    fn rows() -> Vec<A<Configured<Self::Found>>> {
        let rules = BlockSet::<Rule>::column("cors_rule").count(1, Some(100));
        vec![
            configuration::owner(),
            rules.read(|c: &Configured<Self::Found>| BlockSet::<Rule>::get(c.found.cors_rules())),
        ]
    }

    async fn get(aws: &Aws, place: &Place) -> Result<Self::Found> {
        Ok(at!(place, aws.read.s3.get_bucket_cors()).send().await?)
    }

    async fn put(aws: &Aws, place: &Place, _before: Option<&Attrs>, want: &Attrs) -> Result<()> {
        let rules = BlockSet::<Rule>::put(want, "cors_rule");
        let all = built(CorsConfiguration::builder().set_cors_rules(rules).build())?;
        done(at!(place, aws.write.s3.put_bucket_cors()).cors_configuration(all).send().await)
    }

    async fn delete(aws: &Aws, place: &Place, _last: &Attrs) -> Result<()> {
        settle::unless_gone(at!(place, aws.write.s3.delete_bucket_cors()).send().await)
    }
}
