//! aws_route53_resolver_firewall_rule: what becomes of questions about the domains of a list. Its id is the group and the
//! list.

use crate::aws::api::services::RESOLVER;
use crate::aws::api::{Pages, Service, member_text};
use crate::resources::document::{Document, document};
use crate::resources::plain::{Object, Plain};
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};

document! {
    /// The resource type `aws_route53_resolver_firewall_rule`.
    pub AwsRoute53ResolverFirewallRule {
        action = "Action": Text, read, create, modify
            [.required().check(|v| checks::one_of(v, &["ALERT", "ALLOW", "BLOCK"]))];
        block_override_dns_type = "BlockOverrideDnsType": Text, read, create, modify;
        block_override_domain = "BlockOverrideDomain": Text, read, create, modify;
        block_override_ttl = "BlockOverrideTtl": Int, read, create, modify [.empty_is_null()];
        block_response = "BlockResponse": Text, read, create, modify;
        confidence_threshold = "ConfidenceThreshold": Text, read, create, modify;
        dns_threat_protection = "DnsThreatProtection": Text [.force_new()];
        firewall_domain_list_id = "FirewallDomainListId": Text [.force_new()];
        firewall_domain_redirection_action = "FirewallDomainRedirectionAction": Text, read, create, modify
            [.default("INSPECT_REDIRECTION_DOMAIN")];
        firewall_rule_group_id = "FirewallRuleGroupId": Text [.required().force_new()];
        firewall_threat_protection_id = "FirewallThreatProtectionId": Text, read [.computed()];
        name = "Name": Text, read, create, modify [.required()];
        priority = "Priority": Int, read, create, modify [.required()];
        q_type = "Qtype": Text [.force_new()];
    }
}

/// Group, and list or threat protection.
fn parts(id: &str) -> (&str, &str) {
    id.split_once(':').unwrap_or((id, ""))
}

fn is_it(rule: &Json, of: &str) -> bool {
    ["FirewallDomainListId", "FirewallThreatProtectionId"].iter().any(|name| rule[*name] == of)
}

async fn rules(aws: &Aws, group: &str) -> Result<Vec<Json>> {
    let (input, pages) = (json!({"FirewallRuleGroupId": group}), Pages("NextToken", "NextToken"));
    aws.read.api.list(&RESOLVER, "ListFirewallRules", input, pages, "FirewallRules").await
}

fn import(text: &str) -> Option<Vec<(&'static str, Value)>> {
    let (group, list) = text.split_once(':')?;
    Some(vec![("firewall_rule_group_id", group.into()), ("firewall_domain_list_id", list.into())])
}

impl Plain for AwsRoute53ResolverFirewallRule {
    const SERVICE: &'static Service = &RESOLVER;
    const CREATE: &'static str = "CreateFirewallRule";
    const READ: (&'static str, &'static str) = ("", "");
    const UPDATE: &'static str = "UpdateFirewallRule";
    const DELETE: &'static str = "DeleteFirewallRule";

    fn specification() -> Spec<Object> {
        let id = |r: &Object| Some(r.id.clone());
        Spec::new("aws_route53_resolver_firewall_rule", id, <Self as Document>::rows())
            .role(Role::Settings(Unjudged::All("names that are refused")))
            .exactly_one(&[&["firewall_domain_list_id", "dns_threat_protection"]])
            .unique(&[&["firewall_rule_group_id", "firewall_domain_list_id"], &["firewall_rule_group_id", "priority"]])
            .recover(Recover::Key)
            .import("GROUP:LIST", import)
    }

    fn key(id: &str) -> Json {
        let (group, list) = parts(id);
        let name = if list.starts_with("rslvr-ftp") { "FirewallThreatProtectionId" } else { "FirewallDomainListId" };
        json!({"FirewallRuleGroupId": group, name: list})
    }

    fn id(want: &Attrs, answer: &Json) -> Option<String> {
        let mut list = ["FirewallDomainListId", "FirewallThreatProtectionId"].iter();
        let list = list.find_map(|name| member_text(answer, &format!("FirewallRule.{name}")))?;
        Some(format!("{}:{list}", want.str("firewall_rule_group_id")?))
    }

    fn input(_aws: &Aws, want: &Attrs, token: &Token) -> Json {
        let mut input = <Self as Document>::create(want);
        input["CreatorRequestId"] = token.0.as_str().into();
        input
    }

    fn change(change: &mut Change<'_>) -> Option<Json> {
        let mut input = <Self as Document>::whole(change)?;
        input["Qtype"] = text(change.after, "q_type").into();
        if let Json::Object(members) = &mut input {
            members.retain(|_, value| !value.is_null() && value != "");
        }
        Some(input)
    }

    async fn found(aws: &Aws, want: &Attrs) -> Result<Vec<String>> {
        let group = want.str("firewall_rule_group_id").unwrap_or_default();
        let list = want.str("firewall_domain_list_id");
        let all = rules(aws, group).await?.into_iter().filter(|rule| match list {
            Some(list) => is_it(rule, list),
            None => member_text(rule, "Name").as_deref() == want.str("name"),
        });
        Ok(all.filter_map(|rule| Self::id(want, &json!({ "FirewallRule": rule }))).collect())
    }

    async fn more(aws: &Aws, id: &str, _json: Json) -> Result<Json> {
        let (group, list) = parts(id);
        let found = rules(aws, group).await?.into_iter().find(|rule| is_it(rule, list));
        found.ok_or_else(|| Error::not_found(format!("the group {group} has no rule for {list}")))
    }
}
