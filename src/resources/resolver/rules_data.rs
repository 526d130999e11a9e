//! data.aws_route53_resolver_endpoint, data.aws_route53_resolver_rule and data.aws_route53_resolver_rules.

use super::rule::{AwsRoute53ResolverRule as Rule, Target};
use crate::aws::api::services::RESOLVER;
use crate::aws::api::{Pages, items, member_text};
use crate::resources::document::{Document, Unordered, at};
use crate::resources::lookup::{self, answer};
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};

const PAGES: Pages = Pages("NextToken", "NextToken");

/// The data source `aws_route53_resolver_endpoint`.
pub struct AwsRoute53ResolverEndpoint;
/// The data source `aws_route53_resolver_rule`.
pub struct AwsRoute53ResolverRule;
/// The data source `aws_route53_resolver_rules`.
pub struct AwsRoute53ResolverRules;

impl DataSource for AwsRoute53ResolverEndpoint {
    fn schema() -> Schema {
        let by = rows([Row::string("name").required(), Row::of("values", Type::list(Type::String)).required()]);
        let asked = [
            Row::string("resolver_endpoint_id"),
            Row::string("region").optional_computed(),
            Row::block("filter", Nesting::Set, by),
        ];
        let answers = [
            answer::<Text>("arn"),
            answer::<Text>("direction"),
            answer::<Text>("id"),
            answer::<Texts>("ip_addresses"),
            answer::<Text>("name"),
            answer::<Texts>("protocols"),
            answer::<Text>("resolver_endpoint_type"),
            answer::<Flag>("rni_enhanced_metrics_enabled"),
            answer::<Text>("status"),
            answer::<Flag>("target_name_server_metrics_enabled"),
            answer::<Text>("vpc_id"),
        ];
        lookup::schema("aws_route53_resolver_endpoint", rows(asked.into_iter().chain(answers)))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = &lookup::here(aws, config);
        let by = |block: &Attrs| json!({"Name": block.str("name"), "Values": block.strings("values")});
        let filters: Vec<Json> = config.blocks("filter").iter().map(by).collect();
        let input = json!({"Filters": some(filters)});
        let mut found =
            aws.read.api.list(&RESOLVER, "ListResolverEndpoints", input, PAGES, "ResolverEndpoints").await?;
        if let Some(id) = text(config, "resolver_endpoint_id") {
            found.retain(|endpoint| endpoint["Id"] == id.as_str());
        }
        let found = lookup::one(found, "resolver endpoint")?;
        let input = json!({"ResolverEndpointId": found["Id"]});
        let operation = "ListResolverEndpointIpAddresses";
        let ips = aws.read.api.list(&RESOLVER, operation, input, PAGES, "IpAddresses").await?;
        let ips = ips.iter().filter_map(|ip| member_text(ip, "Ip").or_else(|| member_text(ip, "Ipv6")));
        let texts = [
            ("arn", "Arn"),
            ("direction", "Direction"),
            ("id", "Id"),
            ("name", "Name"),
            ("resolver_endpoint_id", "Id"),
            ("resolver_endpoint_type", "ResolverEndpointType"),
            ("status", "Status"),
            ("vpc_id", "HostVPCId"),
        ];
        let all = texts.iter().fold(config.clone(), |all, (name, path)| all.with(name, at::<Text>(&found, path)));
        let flags = [
            ("rni_enhanced_metrics_enabled", "RniEnhancedMetricsEnabled"),
            ("target_name_server_metrics_enabled", "TargetNameServerMetricsEnabled"),
        ];
        let all = flags.iter().fold(all, |all, (name, path)| all.with(name, at::<Flag>(&found, path)));
        let all = all.with("protocols", at::<Texts>(&found, "Protocols")).with("ip_addresses", Value::string_set(ips));
        Ok(all.with("region", &*aws.region))
    }
}

/// The arguments that rules are looked for by, with their names in AWS.
const BY: [(&str, &str); 4] = [
    ("domain_name", "DomainName"),
    ("name", "Name"),
    ("resolver_endpoint_id", "ResolverEndpointId"),
    ("rule_type", "RuleType"),
];

async fn listed(aws: &Aws) -> Result<Vec<Json>> {
    aws.read.api.list(&RESOLVER, "ListResolverRules", json!({}), PAGES, "ResolverRules").await
}

/// Whether a rule is what these arguments ask for.
fn meets(rule: &Json, config: &Attrs, by: &[(&str, &str)]) -> bool {
    let plain = |text: String| text.trim_end_matches('.').to_lowercase();
    by.iter().all(|(argument, name)| {
        text(config, argument).is_none_or(|wanted| member_text(rule, name).map(plain) == Some(plain(wanted)))
    })
}

impl DataSource for AwsRoute53ResolverRule {
    fn schema() -> Schema {
        let by = BY.map(|(name, _)| Row::string(name).optional_computed());
        let more = [
            Row::string("resolver_rule_id").optional_computed(),
            Row::string("region").optional_computed(),
            Row::of("tags", Type::map(Type::String)).optional_computed(),
            answer::<Text>("arn"),
            answer::<Text>("id"),
            answer::<Text>("owner_id"),
            answer::<Text>("share_status"),
            answer::<Unordered<Target>>("target_ips"),
        ];
        lookup::schema("aws_route53_resolver_rule", rows(by.into_iter().chain(more)))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = &lookup::here(aws, config);
        let mut found = listed(aws).await?;
        found.retain(|rule| meets(rule, config, &[&BY[..], &[("resolver_rule_id", "Id")]].concat()));
        let found = lookup::one(found, "resolver rule")?;
        let all = lookup::read(config, Rule::rows::<Json>(), &found);
        let tags = aws.read.api.call(&RESOLVER, "ListTagsForResource", json!({"ResourceArn": found["Arn"]})).await?;
        let id = member_text(&found, "Id").unwrap_or_default();
        let all = all.with("target_ips", at::<Unordered<Target>>(&found, "TargetIps"));
        let all: Attrs = all
            .iter()
            .filter(|(name, _)| name.as_ref() != "target_ip")
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        let all = all.with("tags", tags::of(&items(&tags, "Tags"))).with("id", &*id).with("resolver_rule_id", &*id);
        Ok(all.with("region", &*aws.region))
    }
}

impl DataSource for AwsRoute53ResolverRules {
    fn schema() -> Schema {
        let by = ["name_regex", "owner_id", "resolver_endpoint_id", "rule_type", "share_status"].map(Row::string);
        let more =
            [Row::string("region").optional_computed(), answer::<Text>("id"), answer::<Texts>("resolver_rule_ids")];
        lookup::schema("aws_route53_resolver_rules", rows(by.into_iter().chain(more)))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = &lookup::here(aws, config);
        let by = [
            ("owner_id", "OwnerId"),
            ("resolver_endpoint_id", "ResolverEndpointId"),
            ("rule_type", "RuleType"),
            ("share_status", "ShareStatus"),
        ];
        let pattern = match text(config, "name_regex").map(|text| regex::Regex::new(&text)).transpose() {
            Ok(pattern) => pattern,
            Err(e) => return Err(Error::new(Kind::Refused, format!("name_regex is not a valid pattern: {e}"))),
        };
        let mut found = listed(aws).await?;
        found.retain(|rule| {
            let name = member_text(rule, "Name").unwrap_or_default();
            meets(rule, config, &by) && pattern.as_ref().is_none_or(|pattern| pattern.is_match(&name))
        });
        let ids = found.iter().filter_map(|rule| member_text(rule, "Id"));
        let all = config.clone().with("id", &*aws.region).with("resolver_rule_ids", Value::string_set(ids));
        Ok(all.with("region", &*aws.region))
    }
}
