//! data aws_canonical_user_id and aws_cloudfront_log_delivery_canonical_user_id: the names that S3's ACLs have for
//! accounts.

use crate::aws::api::services::S3;
use crate::aws::api::{member, member_text};
use crate::resources::lookup::schema;
use crate::resources::prelude::*;
use serde_json::json;

/// The data source `aws_canonical_user_id`.
pub struct CanonicalUserId;
/// The data source `aws_cloudfront_log_delivery_canonical_user_id`.
pub struct LogDeliveryCanonicalUserId;

/// Who writes the logs of CloudFront (Amazon CloudFront Developer Guide, "Standard logging").
const LOG_DELIVERY: &str = "c4c1ede66af53448b93c283ce9448c4ba468c9432aa01d700d3878632f77d2d0";
const LOG_DELIVERY_CHINA: &str = "a52cb28745c0c06e84ec548334e44bfa7fc2a85c54af20cd59e4969344b7af56";

impl DataSource for CanonicalUserId {
    fn schema() -> Schema {
        schema("aws_canonical_user_id", rows(["display_name", "id"].map(|name| Row::string(name).computed())))
    }

    /// The owner of the account's buckets, which a list of them names even if there are none.
    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let answer = aws.read.api.call(&S3, "ListBuckets GET /?{max-buckets}", json!({"max-buckets": 1})).await?;
        let owner = member(&answer, "Answer.Owner");
        let owner = owner.ok_or_else(|| Error::not_found("S3 gives no owner of the buckets of this account"))?;
        let name = member_text(owner, "DisplayName").unwrap_or_default();
        Ok(config.clone().with("display_name", name).with("id", member_text(owner, "ID")))
    }
}

impl DataSource for LogDeliveryCanonicalUserId {
    fn schema() -> Schema {
        let all = [Row::string("id").computed(), Row::string("region")];
        schema("aws_cloudfront_log_delivery_canonical_user_id", rows(all))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let china = config.str("region").unwrap_or(&aws.region).starts_with("cn-");
        Ok(config.clone().with("id", if china { LOG_DELIVERY_CHINA } else { LOG_DELIVERY }))
    }
}
