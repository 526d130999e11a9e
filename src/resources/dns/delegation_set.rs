//! aws_route53_delegation_set and aws_route53_query_log: name servers that several zones share, and a record of what a zone
//! is asked.

use super::names::zone_id;
use crate::resources::block::TextList;
use crate::resources::prelude::*;
use crate::resources::settle::unless_gone;
use aws_sdk_route53::types::{DelegationSet, QueryLoggingConfig};

/// The resource type `aws_route53_delegation_set`.
pub struct AwsRoute53DelegationSet;
/// The resource type `aws_route53_query_log`.
pub struct AwsRoute53QueryLog;

fn bare(id: &str) -> &str {
    id.rsplit_once('/').map_or(id, |(_, id)| id)
}

fn own(set: &DelegationSet) -> Option<&str> {
    set.id().map(bare)
}

table! {
    Set: DelegationSet {
        reference_name: Text, none [.force_new()];
        arn: Text, none
            [.computed().read(|s| own(s.held()).map(|id| format!("arn:aws:route53:::delegationset/{id}")).into())];
        name_servers: TextList, none [.computed().read(|s| {
            let mut servers = s.held().name_servers().to_vec();
            servers.sort();
            Value::strings(servers)
        })];
    }
}

impl Resource for AwsRoute53DelegationSet {
    type Live = DelegationSet;

    fn spec() -> Spec<DelegationSet> {
        Spec::new("aws_route53_delegation_set", |s| own(s).map(Into::into), Set::rows())
            .role(Role::Name(Unjudged::All("name servers")))
            .global()
    }

    /// The reference of the caller ends with the token.
    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<DelegationSet>> {
        let (mut all, mut marker) = (Vec::new(), None);
        loop {
            let answer = aws.read.route53.list_reusable_delegation_sets().set_marker(marker).send().await?;
            all.extend(answer.delegation_sets);
            marker = answer.next_marker.filter(|next| answer.is_truncated && !next.is_empty());
            if marker.is_none() {
                break;
            }
        }
        all.retain(|set: &DelegationSet| match which {
            Which::Ids(ids) => ids.iter().any(|id| own(set) == Some(bare(id))),
            Which::Token(token) => set.caller_reference().is_some_and(|reference| reference.ends_with(&token.0)),
            Which::NaturalKey(_) => false,
        });
        Ok(all)
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let reference = match text(want, "reference_name") {
            Some(name) => format!("{name}-{}", token.0),
            None => token.0.clone(),
        };
        let call = aws.write.route53.create_reusable_delegation_set().caller_reference(reference);
        made(call.send().await?.delegation_set().and_then(own))
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        unless_gone(aws.write.route53.delete_reusable_delegation_set().id(id).send().await)
    }
}

table! {
    Log: QueryLoggingConfig {
        cloudwatch_log_group_arn = cloud_watch_logs_log_group_arn: Text, read
            [.required().force_new().normal(Normal::With(same_group))];
        zone_id = hosted_zone_id: Text, read [.required().force_new()];
        arn: Text, none [.computed().read(|l| format!("arn:aws:route53:::queryloggingconfig/{}", l.held().id()).into())];
    }
}

/// The ARN of a group is written with and without the end that stands for its streams.
fn same_group(a: &Value, b: &Value) -> bool {
    let group = |v: &Value| v.as_str().map(|text| text.trim_end_matches(":*").to_owned());
    group(a) == group(b)
}

impl Resource for AwsRoute53QueryLog {
    type Live = QueryLoggingConfig;

    fn spec() -> Spec<QueryLoggingConfig> {
        Spec::new("aws_route53_query_log", |l: &QueryLoggingConfig| Some(l.id.clone()), Log::rows())
            .role(Role::NotServing("it records what a zone is asked"))
            .unique(&[&["zone_id"]])
            .global()
            .recover(Recover::Key)
    }

    /// One list gives all.
    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<QueryLoggingConfig>> {
        let mut all = all_of(aws.read.route53.list_query_logging_configs().into_paginator().items().send()).await?;
        all.retain(|log| match which {
            Which::Ids(ids) => ids.contains(&log.id),
            Which::NaturalKey(want) => want.str("zone_id").is_some_and(|zone| zone_id(zone) == log.hosted_zone_id),
            Which::Token(_) => false,
        });
        Ok(all)
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let call = aws.write.route53.create_query_logging_config().set_hosted_zone_id(want.string("zone_id"));
        let call = call.set_cloud_watch_logs_log_group_arn(want.string("cloudwatch_log_group_arn"));
        made(call.send().await?.query_logging_config().map(QueryLoggingConfig::id))
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        unless_gone(aws.write.route53.delete_query_logging_config().id(id).send().await)
    }
}
