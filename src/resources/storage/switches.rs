//! The configurations of a bucket that are one word: who pays for requests, and whether transfers are accelerated.
//! S3 has neither call to take them away: they go back to what a new bucket has.

use super::configuration::{self, Configuration, Configured, Place, ask, call};
use crate::aws::api::{member, member_text};
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};

/// Whether transfers to and from a bucket are accelerated.
pub struct Acceleration;
/// Who pays for the requests.
pub struct RequestPayment;

const ACCELERATION: &str = "AccelerateConfiguration";
const PAYMENT: &str = "RequestPaymentConfiguration";

impl Acceleration {
    async fn set(aws: &Aws, place: &Place, status: Option<&str>) -> Result<()> {
        let all = json!({ACCELERATION: {"Status": status}});
        call(aws, place, "PutBucketAccelerateConfiguration PUT /?accelerate", all).await
    }
}

impl Configuration for Acceleration {
    type Found = Json;
    const TYPE: &'static str = "aws_s3_bucket_accelerate_configuration";

    fn rows() -> Vec<A<Configured<Self::Found>>> {
        let status = A::string("status").required().check(|v| checks::one_of(v, &["Enabled", "Suspended"]));
        let read = |c: &Configured<Json>| member_text(&c.found, "Status").into();
        vec![configuration::owner(), status.read(read)]
    }

    async fn get(aws: &Aws, place: &Place) -> Result<Self::Found> {
        let found = ask(aws, place, "GetBucketAccelerateConfiguration GET /?accelerate").await?;
        let found = Some(found).filter(|found| member(found, "Status").is_some());
        configuration::there(found.unwrap_or_default(), place, "acceleration")
    }

    async fn put(aws: &Aws, place: &Place, _before: Option<&Attrs>, want: &Attrs) -> Result<()> {
        Self::set(aws, place, want.str("status")).await
    }

    async fn delete(aws: &Aws, place: &Place, _last: &Attrs) -> Result<()> {
        settle::unless_gone(Self::set(aws, place, Some("Suspended")).await)
    }
}

impl RequestPayment {
    async fn set(aws: &Aws, place: &Place, payer: &str) -> Result<()> {
        let all = json!({PAYMENT: {"Payer": payer}});
        settle::unless_gone(call(aws, place, "PutBucketRequestPayment PUT /?requestPayment", all).await)
    }
}

impl Configuration for RequestPayment {
    type Found = Json;
    const TYPE: &'static str = "aws_s3_bucket_request_payment_configuration";

    fn rows() -> Vec<A<Configured<Self::Found>>> {
        let payer = A::string("payer").required().check(|v| checks::one_of(v, &["BucketOwner", "Requester"]));
        let read = |c: &Configured<Json>| member_text(&c.found, "Payer").into();
        vec![configuration::owner(), payer.read(read)]
    }

    async fn get(aws: &Aws, place: &Place) -> Result<Self::Found> {
        ask(aws, place, "GetBucketRequestPayment GET /?requestPayment").await
    }

    async fn put(aws: &Aws, place: &Place, _before: Option<&Attrs>, want: &Attrs) -> Result<()> {
        Self::set(aws, place, want.str("payer").unwrap_or_default()).await
    }

    async fn delete(aws: &Aws, place: &Place, _last: &Attrs) -> Result<()> {
        Self::set(aws, place, "BucketOwner").await
    }
}
