//! aws_s3_bucket_lifecycle_configuration: when objects move to cheaper storage, and when they go.

use super::configuration::{self, Configuration, Configured, Place, at, built};
use super::lifecycle_rules::{Rule, alike, check, collapse, expand};
use crate::resources::prelude::*;
use crate::resources::table::Part;
use aws_sdk_s3::operation::get_bucket_lifecycle_configuration::GetBucketLifecycleConfigurationOutput;
use aws_sdk_s3::types::{BucketLifecycleConfiguration, TransitionDefaultMinimumObjectSize};

/// The lifecycle of what is in a bucket.
pub struct Lifecycle;

const SMALLEST: &str = "transition_default_minimum_object_size";
const SIZES: [&str; 2] = ["all_storage_classes_128K", "varies_by_storage_class"];

impl Configuration for Lifecycle {
    type Found = GetBucketLifecycleConfigurationOutput;
    const TYPE: &'static str = "aws_s3_bucket_lifecycle_configuration";

    fn rows() -> Vec<A<Configured<Self::Found>>> {
        let rules = BlockList::<Part<Rule>>::column("rule").each(check).normal(Normal::With(alike));
        let smallest = A::string(SMALLEST).optional_computed().check(|v| checks::one_of(v, &SIZES));
        vec![
            configuration::owner().optional_computed(),
            rules.read(|l: &Configured<Self::Found>| collapse(l.found.rules())),
            smallest.read(|l| {
                let size = l.found.transition_default_minimum_object_size();
                size.map(TransitionDefaultMinimumObjectSize::as_str).into()
            }),
        ]
    }

    async fn get(aws: &Aws, place: &Place) -> Result<Self::Found> {
        Ok(at!(place, aws.read.s3.get_bucket_lifecycle_configuration()).send().await?)
    }

    async fn put(aws: &Aws, place: &Place, _before: Option<&Attrs>, want: &Attrs) -> Result<()> {
        let rules = expand(&want.blocks("rule"))?;
        let all = built(BucketLifecycleConfiguration::builder().set_rules(Some(rules)).build())?;
        let call = at!(place, aws.write.s3.put_bucket_lifecycle_configuration()).lifecycle_configuration(all);
        let smallest = want.str(SMALLEST).map(TransitionDefaultMinimumObjectSize::from);
        done(call.set_transition_default_minimum_object_size(smallest).send().await)
    }

    async fn delete(aws: &Aws, place: &Place, _last: &Attrs) -> Result<()> {
        done(at!(place, aws.write.s3.delete_bucket_lifecycle()).send().await)
    }
}
