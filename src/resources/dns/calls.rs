//! The calls of Route 53, and the order in which it wants members, which is that of its API reference.

use crate::aws::api::Pages;
use crate::aws::api::services::ROUTE53;
use crate::aws::{Aws, Result};
use crate::resources::prelude::some;
use crate::resources::tags::{self, Retagging};
use crate::schema::Change;
use serde_json::{Value as Json, json};

/// The members of all that is sent, in an order that is right for each object.
const ORDER: &[&str] = &[
    "HostedZoneId",
    "DNSName",
    "EvaluateTargetHealth",
    "IPAddress",
    "Port",
    "Name",
    "Type",
    "SetIdentifier",
    "Weight",
    "Region",
    "GeoLocation",
    "Failover",
    "MultiValueAnswer",
    "TTL",
    "ResourceRecords",
    "AliasTarget",
    "HealthCheckId",
    "TrafficPolicyInstanceId",
    "CidrRoutingConfig",
    "GeoProximityLocation",
    "AWSRegion",
    "LocalZoneGroup",
    "Coordinates",
    "Bias",
    "ResourcePath",
    "FullyQualifiedDomainName",
    "SearchString",
    "RequestInterval",
    "FailureThreshold",
    "MeasureLatency",
    "Inverted",
    "Disabled",
    "HealthThreshold",
    "ChildHealthChecks",
    "EnableSNI",
    "Regions",
    "AlarmIdentifier",
    "InsufficientDataHealthStatus",
    "RoutingControlArn",
    "ResetElements",
];

/// The members, in the order of Route 53 where it has one for them.
pub fn ordered(value: Json) -> Json {
    match value {
        Json::Object(members) => {
            let place = |name: &str| ORDER.iter().position(|known| *known == name);
            let mut all: Vec<(String, Json)> =
                members.into_iter().map(|(name, value)| (name, ordered(value))).collect();
            all.sort_by_key(|(name, _)| place(name).unwrap_or(ORDER.len()));
            Json::Object(all.into_iter().collect())
        }
        Json::Array(all) => all.into_iter().map(ordered).collect(),
        other => other,
    }
}

/// How a listing of Route 53 goes on, where its answer has `next` at this path.
pub const fn pages(next: &'static str) -> Pages {
    Pages("marker", next)
}

/// The tags of an object of a kind.
pub async fn tags_of(aws: &Aws, kind: &str, id: &str) -> Result<Vec<Json>> {
    let call = "ListTagsForResource GET /2013-04-01/tags/{ResourceType}/{ResourceId}";
    let answer = aws.read.api.call(&ROUTE53, call, json!({"ResourceType": kind, "ResourceId": id})).await?;
    Ok(crate::aws::api::items(&answer, "ListTagsForResourceResponse.ResourceTagSet.Tags.Tag"))
}

/// Changes the tags of an object of a kind, by one call.
pub async fn retag(aws: &Aws, kind: &str, id: &str, change: &mut Change<'_>) -> Result<()> {
    let Some(Retagging { set, gone }) = tags::take(change) else { return Ok(()) };
    let call = "ChangeTagsForResource POST /2013-04-01/tags/{ResourceType}/{ResourceId}";
    let set: Option<Vec<Json>> = some(tags::made(set));
    let input = json!({
        "AddTags": set.map(|all| json!({"Tag": all})),
        "RemoveTagKeys": some(gone).map(|all| json!({"Key": all})),
    });
    let input = json!({"ResourceType": kind, "ResourceId": id, "ChangeTagsForResourceRequest": input});
    aws.write.api.call(&ROUTE53, call, input).await.map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_sent_in_the_order_of_the_service() {
        let set = json!({"TTL": 60, "AliasTarget": [{"EvaluateTargetHealth": true, "HostedZoneId": "Z"}], "Name": "a"});
        let expected = r#"{"Name":"a","TTL":60,"AliasTarget":[{"HostedZoneId":"Z","EvaluateTargetHealth":true}]}"#;
        assert_eq!(ordered(set).to_string(), expected);
    }
}
