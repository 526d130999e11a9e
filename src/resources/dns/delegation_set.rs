//! aws_route53_delegation_set and aws_route53_query_log: name servers that several zones share, and a record of what a zone
//! is asked.

use super::calls::pages;
use super::names::zone_id;
use crate::aws::api::services::ROUTE53;
use crate::aws::api::{Pages, items, member, member_text};
use crate::resources::block::TextList;
use crate::resources::document::{Document, document};
use crate::resources::prelude::*;
use crate::resources::settle::unless_gone;
use serde_json::{Value as Json, json};

/// The resource type `aws_route53_delegation_set`.
pub struct AwsRoute53DelegationSet;
/// The resource type `aws_route53_query_log`.
pub struct AwsRoute53QueryLog;

fn bare(id: &str) -> &str {
    id.rsplit_once('/').map_or(id, |(_, id)| id)
}

fn own(set: &Json) -> Option<&str> {
    set["Id"].as_str().map(bare)
}

document! {
    Set {
        reference_name = "": Text, none [.force_new()];
        arn = "": Text, none
            [.computed().read(|s| own(s.held()).map(|id| format!("arn:aws:route53:::delegationset/{id}")).into())];
        name_servers = "": TextList, none [.computed().read(|s| servers(s.held()))];
    }
}

fn servers(set: &Json) -> Value {
    let all = items(set, "NameServers.NameServer");
    let mut names: Vec<&str> = all.iter().filter_map(Json::as_str).collect();
    names.sort_unstable();
    Value::strings(names)
}

impl Resource for AwsRoute53DelegationSet {
    type Live = Json;

    fn spec() -> Spec<Json> {
        Spec::new("aws_route53_delegation_set", |s| own(s).map(Into::into), Set::rows::<Json>())
            .role(Role::Name(Unjudged::All("name servers")))
            .global()
    }

    /// The reference of the caller ends with the token.
    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Json>> {
        let call = "ListReusableDelegationSets GET /2013-04-01/delegationset";
        let next = pages("ListReusableDelegationSetsResponse.NextMarker");
        let path = "ListReusableDelegationSetsResponse.DelegationSets.DelegationSet";
        let mut all = aws.read.api.list(&ROUTE53, call, json!({}), next, path).await?;
        all.retain(|set| match which {
            Which::Ids(ids) => ids.iter().any(|id| own(set) == Some(bare(id))),
            Which::Token(token) => set["CallerReference"].as_str().is_some_and(|r| r.ends_with(&token.0)),
            Which::NaturalKey(_) => false,
        });
        Ok(all)
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let reference = match text(want, "reference_name") {
            Some(name) => format!("{name}-{}", token.0),
            None => token.0.clone(),
        };
        let call = "CreateReusableDelegationSet POST /2013-04-01/delegationset";
        let input = json!({"CreateReusableDelegationSetRequest": {"CallerReference": reference}});
        let answer = aws.write.api.call(&ROUTE53, call, input).await?;
        made(member(&answer, "CreateReusableDelegationSetResponse.DelegationSet").and_then(own))
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        let call = "DeleteReusableDelegationSet DELETE /2013-04-01/delegationset/{Id}";
        unless_gone(aws.write.api.call(&ROUTE53, call, json!({"Id": bare(id)})).await)
    }
}

document! {
    Log {
        cloudwatch_log_group_arn = "CloudWatchLogsLogGroupArn": Text, read
            [.required().force_new().normal(Normal::With(same_group))];
        zone_id = "HostedZoneId": Text, read [.required().force_new()];
        arn = "": Text, none [.computed().read(|l| {
            member_text(l.held(), "Id").map(|id| format!("arn:aws:route53:::queryloggingconfig/{id}")).into()
        })];
    }
}

/// The ARN of a group is written with and without the end that stands for its streams.
fn same_group(a: &Value, b: &Value) -> bool {
    let group = |v: &Value| v.as_str().map(|text| text.trim_end_matches(":*").to_owned());
    group(a) == group(b)
}

impl Resource for AwsRoute53QueryLog {
    type Live = Json;

    fn spec() -> Spec<Json> {
        Spec::new("aws_route53_query_log", |l| member_text(l, "Id"), Log::rows::<Json>())
            .role(Role::NotServing("it records what a zone is asked"))
            .unique(&[&["zone_id"]])
            .global()
            .recover(Recover::Key)
    }

    /// One list gives all.
    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Json>> {
        let call = "ListQueryLoggingConfigs GET /2013-04-01/queryloggingconfig";
        let next = Pages("nexttoken", "ListQueryLoggingConfigsResponse.NextToken");
        let path = "ListQueryLoggingConfigsResponse.QueryLoggingConfigs.QueryLoggingConfig";
        let mut all = aws.read.api.list(&ROUTE53, call, json!({}), next, path).await?;
        all.retain(|log| match which {
            Which::Ids(ids) => ids.iter().any(|id| log["Id"] == id.as_str()),
            Which::NaturalKey(want) => want.str("zone_id").is_some_and(|zone| log["HostedZoneId"] == zone_id(zone)),
            Which::Token(_) => false,
        });
        Ok(all)
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let input = json!({
            "HostedZoneId": want.string("zone_id"),
            "CloudWatchLogsLogGroupArn": want.string("cloudwatch_log_group_arn"),
        });
        let call = "CreateQueryLoggingConfig POST /2013-04-01/queryloggingconfig";
        let answer = aws.write.api.call(&ROUTE53, call, json!({"CreateQueryLoggingConfigRequest": input})).await?;
        made(member_text(&answer, "CreateQueryLoggingConfigResponse.QueryLoggingConfig.Id").as_deref())
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        let call = "DeleteQueryLoggingConfig DELETE /2013-04-01/queryloggingconfig/{Id}";
        unless_gone(aws.write.api.call(&ROUTE53, call, json!({"Id": id})).await)
    }
}
