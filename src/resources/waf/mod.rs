//! The edge family: WAF and Shield, in front of what a layout shows to the Internet.

pub(super) mod allowed;
mod api_key;
mod capacity;
mod checks;
mod data;
mod field_to_match;
mod group_association;
mod ip_set;
mod managed_group;
mod object;
mod regex_pattern_set;
mod rule;
mod rule_group;
mod shield;
mod shield_parts;
mod shield_protection;
mod shield_protection_group;
mod shield_subscription;
mod statement;
mod web_acl;
mod web_acl_association;
mod web_acl_logging_configuration;
mod wire;

use self::object::{IpSet, RegexPatternSet, RuleGroup, Waf, WebAcl};
use crate::resources::any::{AnyData, AnyResource, Registry, add, add_data};

/// The family's resource types.
pub fn resources(all: &mut Registry<dyn AnyResource>) {
    add::<Waf<IpSet>>(all);
    add::<Waf<RegexPatternSet>>(all);
    add::<Waf<RuleGroup>>(all);
    add::<api_key::AwsWafv2ApiKey>(all);
    add::<shield_parts::AwsShieldApplicationLayerAutomaticResponse>(all);
    add::<shield_parts::AwsShieldDrtAccessLogBucketAssociation>(all);
    add::<shield_parts::AwsShieldDrtAccessRoleArnAssociation>(all);
    add::<shield_parts::AwsShieldProactiveEngagement>(all);
    add::<shield_parts::AwsShieldProtectionHealthCheckAssociation>(all);
    add::<shield_protection::AwsShieldProtection>(all);
    add::<shield_protection_group::AwsShieldProtectionGroup>(all);
    add::<shield_subscription::AwsShieldSubscription>(all);
    add::<Waf<WebAcl>>(all);
    add::<group_association::AwsWafv2WebAclRuleGroupAssociation>(all);
    add::<web_acl_association::AwsWafv2WebAclAssociation>(all);
    add::<web_acl_logging_configuration::AwsWafv2WebAclLoggingConfiguration>(all);
}

/// The family's data sources.
pub fn data_sources(all: &mut Registry<dyn AnyData>) {
    add_data::<data::IpSetData>(all);
    add_data::<data::ManagedRuleGroupData>(all);
    add_data::<data::RegexPatternSetData>(all);
    add_data::<data::RuleGroupData>(all);
    add_data::<data::WebAclData>(all);
}
