//! aws_vpc_security_group_ingress_rule and aws_vpc_security_group_egress_rule: one rule of one group,
//! with an id and tags of its own, changed in place.

use super::permissions::{self, Direction, by_side};
use super::security_group::description;
use crate::resources::prelude::*;
use crate::rules::security_rule;
use crate::rules::security_rule::{Peer, SecurityRule};
use aws_sdk_ec2::types::{Filter, ResourceType, SecurityGroupRule, SecurityGroupRuleRequest, SecurityGroupRuleUpdate};

/// A rule as listed.
pub type Rule = WithArn<SecurityGroupRule>;

/// One rule of a group. The two types differ by the side alone.
pub struct OneRule<const EGRESS: bool>;
/// The resource type `aws_vpc_security_group_ingress_rule`.
pub type AwsVpcSecurityGroupIngressRule = OneRule<false>;
/// The resource type `aws_vpc_security_group_egress_rule`.
pub type AwsVpcSecurityGroupEgressRule = OneRule<true>;

table! {
    Rows: Rule {
        security_group_id = group_id: Text, read [.required().force_new()];
        ip_protocol: Text, none [.required().normal(Normal::Protocol).read(|r| key(r.held()).protocol.into())];
        from_port: Int, none [.normal(Normal::With(security_rule::same_port)).read(|r| key(r.held()).from.into())];
        to_port: Int, none [.normal(Normal::With(security_rule::same_port)).read(|r| key(r.held()).to.into())];
        cidr_ipv4: Text, read [.check(checks::ipv4_cidr).normal(Normal::Cidr)];
        cidr_ipv6: Text, read [.check(checks::ipv6_cidr).normal(Normal::Cidr)];
        prefix_list_id: Text, read;
        referenced_security_group_id: Text, none
            [.normal(Normal::With(same_group)).read(|r| referenced(r.held()).into())];
        description: Text, read [.check(description).normal(Normal::With(security_rule::same_text))];
        arn: Text, none [.computed().read(|r| r.held().security_group_rule_arn().unwrap_or(r.held().arn()).into())];
        security_group_rule_id: Text, read [.computed()];
    }
}

/// The arguments that name the other side; a rule has one of them and keeps it.
const SOURCES: [&str; 4] = ["cidr_ipv4", "cidr_ipv6", "prefix_list_id", "referenced_security_group_id"];

/// The key by which EC2 distinguishes rules.
pub fn key(rule: &SecurityGroupRule) -> SecurityRule {
    let own = rule.group_id().unwrap_or_default();
    let peer = match (rule.cidr_ipv4(), rule.cidr_ipv6(), rule.prefix_list_id(), rule.referenced_group_info()) {
        (Some(cidr), ..) => Peer::Ipv4(cidr.into()),
        (_, Some(cidr), ..) => Peer::Ipv6(cidr.into()),
        (_, _, Some(list), _) => Peer::PrefixList(list.into()),
        (.., group) => {
            let (id, account) = (group.and_then(|g| g.group_id()), group.and_then(|g| g.user_id()));
            permissions::group_peer(id, account, own, rule.group_owner_id().unwrap_or_default())
        }
    };
    SecurityRule::new(rule.ip_protocol().unwrap_or("-1"), rule.from_port(), rule.to_port(), peer)
}

fn referenced(rule: &SecurityGroupRule) -> Option<String> {
    match key(rule).peer {
        Peer::Group(id) => Some(id),
        Peer::Itself => rule.group_id().map(Into::into),
        _ => None,
    }
}

/// Whether two texts name one group, with the account that owns it or without.
fn same_group(a: &Value, b: &Value) -> bool {
    let id = |v: &Value| v.as_str().and_then(|t| t.rsplit('/').next().map(str::to_owned));
    id(a) == id(b)
}

fn held(attrs: &Attrs, side: Direction) -> Vec<String> {
    let Some(group) = attrs.str("security_group_id") else { return Vec::new() };
    security_rule::rules_of(attrs).iter().map(|rule| security_rule::held(group, side.name(), rule)).collect()
}

/// ModifySecurityGroupRules cannot turn a rule for a range into one for a group, or the like.
fn changed_source(before: &Attrs, after: &Attrs) -> Vec<&'static str> {
    SOURCES.into_iter().filter(|name| before.is_given(name) != after.is_given(name)).collect()
}

/// The rules that meet these filters.
pub async fn listed(aws: &Aws, batches: Vec<Vec<Filter>>) -> Result<Vec<SecurityGroupRule>> {
    listed!(aws, describe_security_group_rules, batches).await
}

/// The one rule that the arguments ask for; a reference to the group itself is `Itself`.
fn wanted(want: &Attrs) -> Option<SecurityRule> {
    let mut rule = security_rule::rules_of(want).into_iter().next()?;
    if matches!(&rule.peer, Peer::Group(id) if Some(id.as_str()) == want.str("security_group_id")) {
        rule.peer = Peer::Itself;
    }
    Some(rule)
}

impl<const EGRESS: bool> Resource for OneRule<EGRESS> {
    type Live = Rule;

    fn spec() -> Spec<Rule> {
        let name = if EGRESS { "aws_vpc_security_group_egress_rule" } else { "aws_vpc_security_group_ingress_rule" };
        Spec::new(name, |r: &Rule| r.security_group_rule_id().map(Into::into), Rows::rows())
            .role(Role::FilterRule(role::FilterRule {
                filter: Some("security_group_id"),
                unjudged: Unjudged::All("rules"),
            }))
            .tags(|r| tags::read(r.tags()))
            .exactly_one(&[&SOURCES])
            .unique(&[&[
                "security_group_id",
                "ip_protocol",
                "from_port",
                "to_port",
                "cidr_ipv4",
                "cidr_ipv6",
                "prefix_list_id",
                "referenced_security_group_id",
            ]])
            .holds(|attrs| held(attrs, Direction::of_rules(EGRESS)))
            .replace_when(changed_source)
            .check(|attrs| security_rule::problems(attrs, "ip_protocol"))
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Rule>> {
        let filters = tags::filters(which, "security-group-rule-id", &[("group-id", "security_group_id")]);
        let mut found = listed(aws, filters).await?;
        found.retain(|rule| rule.is_egress() == Some(EGRESS));
        if let Which::NaturalKey(want) = which {
            let wanted = wanted(want);
            found.retain(|rule| Some(key(rule)) == wanted);
        }
        Ok(WithArn::all(aws, "security-group-rule", found, SecurityGroupRule::security_group_rule_id))
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let group = want.str("security_group_id").unwrap_or_default();
        let text = want.str("description").unwrap_or_default();
        let permissions = Some(permissions::to_permissions(wanted(want).iter().map(|rule| (rule, text)), group));
        let tags = tags::at_creation(ResourceType::SecurityGroupRule, want, token);
        let rules = by_side!(Direction::of_rules(EGRESS), aws, authorize_security_group_ingress | authorize_security_group_egress,
            .group_id(group).set_ip_permissions(permissions).tag_specifications(tags).send().await?.security_group_rules);
        made(rules.unwrap_or_default().first().and_then(SecurityGroupRule::security_group_rule_id))
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        let mut changed = change.take_any(&SOURCES);
        changed |= change.take_any(&["ip_protocol", "from_port", "to_port", "description"]);
        let Some(rule) = wanted(change.after).filter(|_| changed) else { return Ok(()) };
        let request = SecurityGroupRuleRequest::builder()
            .ip_protocol(&rule.protocol)
            .set_from_port(rule.from)
            .set_to_port(rule.to)
            .description(change.after.str("description").unwrap_or_default());
        let own = change.after.str("security_group_id").unwrap_or_default();
        let request = match &rule.peer {
            Peer::Ipv4(cidr) => request.cidr_ipv4(cidr),
            Peer::Ipv6(cidr) => request.cidr_ipv6(cidr),
            Peer::PrefixList(list) => request.prefix_list_id(list),
            Peer::Itself => request.referenced_group_id(own),
            Peer::Group(name) => request.referenced_group_id(name.rsplit('/').next().unwrap_or(name)),
        };
        let update = SecurityGroupRuleUpdate::builder().security_group_rule_id(id).security_group_rule(request.build());
        aws.write.ec2.modify_security_group_rules().group_id(own).security_group_rules(update.build()).send().await?;
        Ok(())
    }

    async fn delete(aws: &Aws, id: &str, last: &Attrs) -> Result<()> {
        let group = last.str("security_group_id");
        let group = group.ok_or_else(|| Error::not_found(format!("the group of the rule {id} is not known")))?;
        by_side!(Direction::of_rules(EGRESS), aws, revoke_security_group_ingress | revoke_security_group_egress,
            .group_id(group).security_group_rule_ids(id).send().await.map(drop)?);
        Ok(())
    }
}
