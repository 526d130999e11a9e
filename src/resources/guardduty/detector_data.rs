//! data.aws_guardduty_detector: the detector of the region.

use crate::aws::api::services::GUARDDUTY;
use crate::aws::api::{member, member_text};
use crate::resources::document::{Many, at, document};
use crate::resources::lookup::{self, answer};
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};

document! {
    Additional {
        name = "name": Text;
        status = "status": Text;
    }
}
document! {
    Feature {
        name = "name": Text;
        status = "status": Text;
        additional_configuration = "additionalConfiguration": Many<Additional>;
    }
}

/// The data source `aws_guardduty_detector`.
pub struct AwsGuarddutyDetector;

impl DataSource for AwsGuarddutyDetector {
    fn schema() -> Schema {
        let own = [
            Row::string("id").optional_computed(),
            Row::string("region").optional_computed(),
            Row::of("tags", Type::map(Type::String)).optional_computed(),
            answer::<Text>("arn"),
            answer::<Many<Feature>>("features"),
            answer::<Text>("finding_publishing_frequency"),
            answer::<Text>("service_role_arn"),
            answer::<Text>("status"),
        ];
        lookup::schema("aws_guardduty_detector", rows(own))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = &lookup::here(aws, config);
        let ids = match text(config, "id") {
            Some(id) => vec![id],
            None => super::detectors(aws).await?,
        };
        let id = lookup::one(ids, "GuardDuty detector")?;
        let operation = "GetDetector GET /detector/{detectorId}";
        let found = aws.read.api.call(&GUARDDUTY, operation, json!({"detectorId": id})).await?;
        let tags = member(&found, "tags").and_then(Json::as_object);
        let tags = tags::visible(tags.into_iter().flatten().filter_map(|(k, v)| Some((k.as_str(), v.as_str()?))));
        let arn = format!("arn:{}:guardduty:{}:{}:detector/{id}", aws.partition, aws.region, aws.account);
        let all = config.clone().with("id", &*id).with("arn", arn).with("tags", tags);
        let all = all.with("features", at::<Many<Feature>>(&found, "features"));
        let all = all.with("finding_publishing_frequency", member_text(&found, "findingPublishingFrequency"));
        let all = all.with("service_role_arn", member_text(&found, "serviceRole"));
        Ok(all.with("status", member_text(&found, "status")).with("region", &*aws.region))
    }
}
