//! aws_s3_bucket_lifecycle_configuration: when objects move to cheaper storage, and when they go.

use super::configuration::{self, Configured, Place, built, described};
use super::lifecycle_rules::{alike, check, collapse, expand, rule_rows};
use crate::aws::{Aws, Result};
use crate::resources::settle;
use crate::resources::spec::{self, Resource, Spec, Token, Which};
use crate::schema::normal::Normal;
use crate::schema::rows::Recover;
use crate::schema::{Attrs, Change, Nesting, checks};
use aws_sdk_s3::operation::get_bucket_lifecycle_configuration::GetBucketLifecycleConfigurationOutput;
use aws_sdk_s3::types::{BucketLifecycleConfiguration, TransitionDefaultMinimumObjectSize};

type Lifecycle = Configured<GetBucketLifecycleConfigurationOutput>;
type A = spec::A<Lifecycle>;

/// The resource type `aws_s3_bucket_lifecycle_configuration`.
pub struct AwsS3BucketLifecycleConfiguration;

const SMALLEST: &str = "transition_default_minimum_object_size";
const SIZES: [&str; 2] = ["all_storage_classes_128K", "varies_by_storage_class"];

async fn put(aws: &Aws, place: &Place, want: &Attrs) -> Result<()> {
    let rules = expand(&want.blocks("rule"))?;
    let all = built(BucketLifecycleConfiguration::builder().set_rules(Some(rules)).build())?;
    aws.write
        .s3
        .put_bucket_lifecycle_configuration()
        .bucket(&place.bucket)
        .set_expected_bucket_owner(place.owner.clone())
        .set_transition_default_minimum_object_size(want.str(SMALLEST).map(TransitionDefaultMinimumObjectSize::from))
        .lifecycle_configuration(all)
        .send()
        .await?;
    Ok(())
}

impl Resource for AwsS3BucketLifecycleConfiguration {
    type Live = Lifecycle;

    fn spec() -> Spec<Lifecycle> {
        Spec::new(
            "aws_s3_bucket_lifecycle_configuration",
            configuration::id,
            vec![
                configuration::bucket(),
                configuration::owner(),
                A::block("rule", Nesting::List, rule_rows())
                    .each(check)
                    .normal(Normal::With(alike))
                    .read(|l| collapse(l.found.rules())),
                A::string(SMALLEST).optional_computed().check(|v| checks::one_of(v, &SIZES)).read(|l| {
                    l.found
                        .transition_default_minimum_object_size()
                        .map(TransitionDefaultMinimumObjectSize::as_str)
                        .into()
                }),
            ],
        )
        .unique(&[&["bucket"]])
        .recover(Recover::Key)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Lifecycle>> {
        described(which, |place| async move {
            let call = aws.read.s3.get_bucket_lifecycle_configuration().bucket(place.bucket);
            Ok(call.set_expected_bucket_owner(place.owner).send().await?)
        })
        .await
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let place = Place::of(want);
        put(aws, &place, want).await?;
        Ok(place.id())
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        if change.take_any(&["rule", SMALLEST]) { put(aws, &Place::of_id(id), change.after).await } else { Ok(()) }
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        let place = Place::of_id(id);
        let call = aws.write.s3.delete_bucket_lifecycle().bucket(place.bucket);
        settle::unless_gone(call.set_expected_bucket_owner(place.owner).send().await)
    }
}
