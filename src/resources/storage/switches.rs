//! The configurations of a bucket that are one word: who pays for requests, and whether transfers are accelerated.
//! S3 has neither call to take them away: they go back to what a new bucket has.

use super::configuration::{self, Configuration, Configured, Place, at, built};
use crate::resources::prelude::*;
use aws_sdk_s3::operation::get_bucket_accelerate_configuration::GetBucketAccelerateConfigurationOutput;
use aws_sdk_s3::operation::get_bucket_request_payment::GetBucketRequestPaymentOutput;
use aws_sdk_s3::types::{AccelerateConfiguration, BucketAccelerateStatus, Payer, RequestPaymentConfiguration};

/// Whether transfers to and from a bucket are accelerated.
pub struct Acceleration;
/// Who pays for the requests.
pub struct RequestPayment;

impl Configuration for Acceleration {
    type Found = GetBucketAccelerateConfigurationOutput;
    const TYPE: &'static str = "aws_s3_bucket_accelerate_configuration";

    fn rows() -> Vec<A<Configured<Self::Found>>> {
        let status = A::string("status").required().check(|v| checks::one_of(v, &["Enabled", "Suspended"]));
        let read = |c: &Configured<Self::Found>| c.found.status().map(BucketAccelerateStatus::as_str).into();
        vec![configuration::owner(), status.read(read)]
    }

    async fn get(aws: &Aws, place: &Place) -> Result<Self::Found> {
        let found = at!(place, aws.read.s3.get_bucket_accelerate_configuration()).send().await?;
        configuration::there(found.status.is_some().then_some(found), place, "acceleration")
    }

    async fn put(aws: &Aws, place: &Place, _before: Option<&Attrs>, want: &Attrs) -> Result<()> {
        let status = want.str("status").map(BucketAccelerateStatus::from);
        let all = AccelerateConfiguration::builder().set_status(status).build();
        let call = at!(place, aws.write.s3.put_bucket_accelerate_configuration());
        done(call.accelerate_configuration(all).send().await)
    }

    async fn delete(aws: &Aws, place: &Place, _last: &Attrs) -> Result<()> {
        let off = AccelerateConfiguration::builder().status(BucketAccelerateStatus::Suspended).build();
        let call = at!(place, aws.write.s3.put_bucket_accelerate_configuration());
        settle::unless_gone(call.accelerate_configuration(off).send().await)
    }
}

impl RequestPayment {
    async fn set(aws: &Aws, place: &Place, payer: Payer) -> Result<()> {
        let all = built(RequestPaymentConfiguration::builder().payer(payer).build())?;
        let call = at!(place, aws.write.s3.put_bucket_request_payment());
        settle::unless_gone(call.request_payment_configuration(all).send().await)
    }
}

impl Configuration for RequestPayment {
    type Found = GetBucketRequestPaymentOutput;
    const TYPE: &'static str = "aws_s3_bucket_request_payment_configuration";

    fn rows() -> Vec<A<Configured<Self::Found>>> {
        let payer = A::string("payer").required().check(|v| checks::one_of(v, &["BucketOwner", "Requester"]));
        let read = |c: &Configured<Self::Found>| c.found.payer().map(Payer::as_str).into();
        vec![configuration::owner(), payer.read(read)]
    }

    async fn get(aws: &Aws, place: &Place) -> Result<Self::Found> {
        Ok(at!(place, aws.read.s3.get_bucket_request_payment()).send().await?)
    }

    async fn put(aws: &Aws, place: &Place, _before: Option<&Attrs>, want: &Attrs) -> Result<()> {
        Self::set(aws, place, want.str("payer").unwrap_or_default().into()).await
    }

    async fn delete(aws: &Aws, place: &Place, _last: &Attrs) -> Result<()> {
        Self::set(aws, place, Payer::BucketOwner).await
    }
}
