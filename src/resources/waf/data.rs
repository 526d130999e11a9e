//! The family's data sources: an IP set, a set of patterns, a rule group or a web ACL by its name, and a group of rules that
//! AWS keeps.

use super::object::{IpSet, Kind, RegexPatternSet, RuleGroup, Waf, WebAcl, at, look_up};
use super::rule::{actions, listed};
use super::web_acl_association::current;
use super::wire;
use crate::aws::api::services::WAF;
use crate::resources::lookup::{found, here, mirrored, schema};
use crate::resources::prelude::*;
use serde_json::json;

fn common<K: Kind>(more: &[&str]) -> Vec<Row> {
    let scope = Row::string("scope").required().check(super::checks::scope);
    let own = [scope, Row::string("region").optional_computed()];
    own.into_iter().chain(mirrored::<Waf<K>>(&[&["arn", "description", "id"], more].concat())).collect()
}

async fn read<K: Kind>(aws: &Aws, config: &Attrs, named: &Attrs) -> Result<Attrs> {
    let object = look_up::<K>(aws, named).await?;
    Ok(found(config, aws, &Waf::<K>::spec().read(&object)))
}

/// data aws_wafv2_ip_set.
pub struct IpSetData;

impl DataSource for IpSetData {
    fn schema() -> Schema {
        let own = common::<IpSet>(&["addresses", "ip_address_version"]);
        schema("aws_wafv2_ip_set", rows([Row::string("name").required()].into_iter().chain(own)))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let set = read::<IpSet>(&here(aws, config), config, config).await?;
        let addresses = set.get("addresses").filter(|all| !all.is_null()).cloned();
        Ok(set.with("addresses", addresses.unwrap_or_else(|| Value::string_set::<&str>([]))))
    }
}

/// data aws_wafv2_web_acl: by its name, or by what it is in front of.
pub struct WebAclData;

impl DataSource for WebAclData {
    fn schema() -> Schema {
        let own = [Row::string("name"), Row::string("resource_arn")];
        let schema = schema("aws_wafv2_web_acl", rows(own.into_iter().chain(common::<WebAcl>(&[]))));
        Schema { exactly_one: &[&["name", "resource_arn"]], ..schema }
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let mut named = config.clone();
        if let Some(resource) = config.str("resource_arn").filter(|arn| !arn.is_empty()) {
            let missing = || Error::not_found(format!("no web ACL is in front of {resource}"));
            let acl = current(&aws, resource).await?.ok_or_else(missing)?;
            named = named.with("name", acl.rsplit('/').nth(1).unwrap_or_default());
        }
        read::<WebAcl>(&aws, config, &named).await
    }
}

/// data aws_wafv2_regex_pattern_set.
pub struct RegexPatternSetData;

impl DataSource for RegexPatternSetData {
    fn schema() -> Schema {
        let own = common::<RegexPatternSet>(&["regular_expression"]);
        schema("aws_wafv2_regex_pattern_set", rows([Row::string("name").required()].into_iter().chain(own)))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        read::<RegexPatternSet>(&here(aws, config), config, config).await
    }
}

/// data aws_wafv2_rule_group.
pub struct RuleGroupData;

impl DataSource for RuleGroupData {
    fn schema() -> Schema {
        let own = common::<RuleGroup>(&[]);
        schema("aws_wafv2_rule_group", rows([Row::string("name").required()].into_iter().chain(own)))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let group = read::<RuleGroup>(&here(aws, config), config, config).await?;
        let kept = |name: &str| Self::schema().attribute(name).is_some();
        Ok(group.iter().filter(|(name, _)| kept(name)).map(|(name, value)| (name.clone(), value.clone())).collect())
    }
}

/// data aws_wafv2_managed_rule_group.
pub struct ManagedRuleGroupData;

/// What WAF says of the group.
fn members() -> Vec<Attribute> {
    let label = || rows([Row::string("name")]);
    let action = rows(actions().into_iter().map(listed));
    let rule = rows([Row::optional_block("action", action), Row::string("name")]);
    rows(
        [
            Row::block("available_labels", Nesting::List, label()),
            Row::number("capacity"),
            Row::block("consumed_labels", Nesting::List, label()),
            Row::string("label_namespace"),
            Row::block("rules", Nesting::List, rule),
        ]
        .map(Row::computed),
    )
}

impl DataSource for ManagedRuleGroupData {
    fn schema() -> Schema {
        let own = rows([
            Row::string("name").required(),
            Row::string("region").optional_computed(),
            Row::string("scope").required().check(super::checks::scope),
            Row::string("sns_topic_arn").computed(),
            Row::string("vendor_name").required(),
            Row::string("version_name"),
        ]);
        schema("aws_wafv2_managed_rule_group", [members(), own].concat())
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let scope = config.str("scope").unwrap_or_default();
        let part = |name: &str| config.str(name).unwrap_or_default();
        let (vendor, version) = (part("vendor_name"), text(config, "version_name"));
        let body = json!({"Scope": scope, "Name": part("name"), "VendorName": vendor, "VersionName": version});
        let answer = at(&aws, scope).read.api.call(&WAF, "DescribeManagedRuleGroup", body).await?;
        let said = members().into_iter().map(|row| (row.name, wire::read(&row, answer.get(wire::name(&row)))));
        let all = said.fold(config.clone(), |all, (name, value)| all.with(name, value));
        Ok(all.with("region", &*aws.region).with("sns_topic_arn", answer["SnsTopicArn"].as_str()))
    }
}
