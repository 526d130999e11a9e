//! The Route 53 Resolver family: ways for questions about names in and out of networks, rules for them, their logs, and
//! the firewall that refuses some.

pub(super) mod allowed;
mod config;
mod endpoint;
mod firewall;
mod firewall_rule;
mod query_log;
mod rule;
mod rules_data;

use super::any::{AnyData, AnyResource, Registry, add, add_data};
use super::plain::Tags;
use super::spec::Token;
use crate::aws::api::services::RESOLVER;
use crate::aws::api::{Pages, member_text};
use crate::aws::{Aws, Result};
use serde_json::json;

/// The family's resource types.
pub fn resources(all: &mut Registry<dyn AnyResource>) {
    add::<config::AwsRoute53ResolverConfig>(all);
    add::<endpoint::AwsRoute53ResolverEndpoint>(all);
    add::<firewall::AwsRoute53ResolverFirewallDomainList>(all);
    add::<firewall::AwsRoute53ResolverFirewallRuleGroup>(all);
    add::<firewall::AwsRoute53ResolverFirewallRuleGroupAssociation>(all);
    add::<firewall_rule::AwsRoute53ResolverFirewallRule>(all);
    add::<query_log::AwsRoute53ResolverQueryLogConfig>(all);
    add::<query_log::AwsRoute53ResolverQueryLogConfigAssociation>(all);
    add::<rule::AwsRoute53ResolverRule>(all);
    add::<rule::AwsRoute53ResolverRuleAssociation>(all);
}

/// The family's data sources.
pub fn data_sources(all: &mut Registry<dyn AnyData>) {
    add_data::<rules_data::AwsRoute53ResolverEndpoint>(all);
    add_data::<rules_data::AwsRoute53ResolverRule>(all);
    add_data::<rules_data::AwsRoute53ResolverRules>(all);
}

/// The tags of all types of the family that have some.
const TAGS: Tags = Tags {
    list: "ListTagsForResource",
    set: "TagResource",
    unset: "UntagResource",
    by: ("ResourceArn", "Arn"),
    members: ("Tags", "TagKeys"),
    create: "Tags",
    pairs: Some(("Key", "Value")),
};

/// The ids of what was made with a token, in a listing of all.
async fn of_token(aws: &Aws, operation: &'static str, path: &str, token: &Token) -> Result<Vec<String>> {
    let pages = Pages("NextToken", "NextToken");
    let mut found = aws.read.api.list(&RESOLVER, operation, json!({}), pages, path).await?;
    found.retain(|one| one["CreatorRequestId"] == token.0.as_str());
    Ok(found.iter().filter_map(|one| member_text(one, "Id")).collect())
}
