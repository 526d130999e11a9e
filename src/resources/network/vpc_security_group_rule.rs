//! What aws_vpc_security_group_ingress_rule and aws_vpc_security_group_egress_rule share: one rule of
//! one group, with an id and tags of its own, changed in place.

use super::permissions::{self, Direction};
use super::security_group::description;
use crate::aws::{Aws, Error, Result, filter, filtered, made};
use crate::resources::spec::{self, Spec, Token, Which};
use crate::resources::tags;
use crate::rules::security_rule;
use crate::rules::security_rule::{Peer, SecurityRule};
use crate::schema::normal::Normal;
use crate::schema::{Attrs, Change, checks};
use aws_sdk_ec2::types::{
    Filter, ResourceType, SecurityGroupRule, SecurityGroupRuleRequest, SecurityGroupRuleUpdate, TagSpecification,
};

type A = spec::A<Rule>;

/// A rule as listed.
pub struct Rule {
    /// What EC2 lists.
    pub rule: SecurityGroupRule,
    /// Its ARN.
    pub arn: String,
}

/// The arguments that name the other side; a rule has one of them and keeps it.
const SOURCES: [&str; 4] = ["cidr_ipv4", "cidr_ipv6", "prefix_list_id", "referenced_security_group_id"];

/// The rule as EC2 tells rules apart.
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

/// The specification of the type `name`.
pub fn spec(name: &'static str) -> Spec<Rule> {
    let [tags, tags_all] = A::tags(|r| tags::read(r.rule.tags()));
    let same_group = |a: &crate::value::Value, b: &crate::value::Value| {
        let id = |v: &crate::value::Value| v.as_str().and_then(|t| t.rsplit('/').next().map(str::to_owned));
        id(a) == id(b)
    };
    let rows = vec![
        A::string("security_group_id").required().force_new().read(|r| r.rule.group_id().into()),
        A::string("ip_protocol").required().normal(Normal::Protocol).read(|r| key(&r.rule).protocol.into()),
        A::number("from_port").normal(Normal::With(security_rule::same_port)).read(|r| key(&r.rule).from.into()),
        A::number("to_port").normal(Normal::With(security_rule::same_port)).read(|r| key(&r.rule).to.into()),
        A::string("cidr_ipv4").check(checks::ipv4_cidr).normal(Normal::Cidr).read(|r| r.rule.cidr_ipv4().into()),
        A::string("cidr_ipv6").check(checks::ipv6_cidr).normal(Normal::Cidr).read(|r| r.rule.cidr_ipv6().into()),
        A::string("prefix_list_id").read(|r| r.rule.prefix_list_id().into()),
        A::string("referenced_security_group_id").normal(Normal::With(same_group)).read(|r| referenced(&r.rule).into()),
        A::string("description")
            .check(description)
            .normal(Normal::With(security_rule::same_text))
            .read(|r| r.rule.description().into()),
        A::string("arn").computed().read(|r| r.arn.as_str().into()),
        A::string("security_group_rule_id").computed().read(|r| r.rule.security_group_rule_id().into()),
        tags,
        tags_all,
    ];
    Spec::new(name, |r| r.rule.security_group_rule_id().map(Into::into), rows)
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
        .holds(if name.contains("_ingress_") { held_ingress } else { held_egress })
        .replace_when(changed_source)
        .check(|attrs| security_rule::problems(attrs, "ip_protocol"))
}

fn held(attrs: &Attrs, side: Direction) -> Vec<String> {
    let Some(group) = attrs.str("security_group_id") else { return Vec::new() };
    security_rule::rules_of(attrs).iter().map(|rule| security_rule::held(group, side.name(), rule)).collect()
}

fn held_ingress(attrs: &Attrs) -> Vec<String> {
    held(attrs, Direction::Ingress)
}

fn held_egress(attrs: &Attrs) -> Vec<String> {
    held(attrs, Direction::Egress)
}

/// ModifySecurityGroupRules cannot turn a rule for a range into one for a group, or the like.
fn changed_source(before: &Attrs, after: &Attrs) -> Vec<&'static str> {
    let there = |attrs: &Attrs, name: &str| attrs.is_set(name) || attrs.is_unknown(name);
    SOURCES.into_iter().filter(|name| there(before, name) != there(after, name)).collect()
}

/// The rules that meet these filters.
pub async fn listed(aws: &Aws, batches: Vec<Vec<Filter>>) -> Result<Vec<SecurityGroupRule>> {
    aws.pages(batches, |f| {
        aws.read.ec2.describe_security_group_rules().set_filters(Some(f)).into_paginator().items().send()
    })
    .await
}

/// See `Resource::describe`.
pub async fn describe(aws: &Aws, side: Direction, which: Which<'_>) -> Result<Vec<Rule>> {
    let filters = match which {
        Which::Ids(ids) => filtered("security-group-rule-id", ids),
        Which::Token(token) => vec![vec![tags::token_filter(token)]],
        Which::NaturalKey(want) => vec![vec![filter("group-id", want.str("security_group_id").unwrap_or_default())]],
    };
    let mut found = listed(aws, filters).await?;
    found.retain(|rule| rule.is_egress() == Some(side == Direction::Egress));
    if let Which::NaturalKey(want) = which {
        let wanted = wanted(want);
        found.retain(|rule| Some(key(rule)) == wanted);
    }
    let with_arn = |rule: SecurityGroupRule| {
        let own = || aws.ec2_arn(&format!("security-group-rule/{}", rule.security_group_rule_id().unwrap_or_default()));
        let arn = rule.security_group_rule_arn().map_or_else(own, str::to_owned);
        Rule { rule, arn }
    };
    Ok(found.into_iter().map(with_arn).collect())
}

/// The one rule that the arguments ask for; a reference to the group itself is `Itself`.
fn wanted(want: &Attrs) -> Option<SecurityRule> {
    let mut rule = security_rule::rules_of(want).into_iter().next()?;
    if matches!(&rule.peer, Peer::Group(id) if Some(id.as_str()) == want.str("security_group_id")) {
        rule.peer = Peer::Itself;
    }
    Some(rule)
}

/// See `Resource::create`.
pub async fn create(aws: &Aws, side: Direction, want: &Attrs, token: &Token) -> Result<String> {
    let group = want.str("security_group_id").unwrap_or_default();
    let text = want.str("description").unwrap_or_default();
    let permissions = Some(permissions::to_permissions(wanted(want).iter().map(|rule| (rule, text)), group));
    let tags: TagSpecification = tags::at_creation(ResourceType::SecurityGroupRule, want, token);
    let ec2 = &aws.write.ec2;
    let made_rules = match side {
        Direction::Ingress => {
            let call = ec2.authorize_security_group_ingress().group_id(group).set_ip_permissions(permissions);
            call.tag_specifications(tags).send().await?.security_group_rules
        }
        Direction::Egress => {
            let call = ec2.authorize_security_group_egress().group_id(group).set_ip_permissions(permissions);
            call.tag_specifications(tags).send().await?.security_group_rules
        }
    };
    made(made_rules.unwrap_or_default().first().and_then(SecurityGroupRule::security_group_rule_id))
}

/// See `Resource::update`.
pub async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
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
    let update =
        SecurityGroupRuleUpdate::builder().security_group_rule_id(id).security_group_rule(request.build()).build();
    aws.write.ec2.modify_security_group_rules().group_id(own).security_group_rules(update).send().await?;
    Ok(())
}

/// See `Resource::delete`.
pub async fn delete(aws: &Aws, side: Direction, id: &str, last: &Attrs) -> Result<()> {
    let Some(group) = last.str("security_group_id") else {
        return Err(Error::not_found(format!("the group of the rule {id} is not known")));
    };
    let ec2 = &aws.write.ec2;
    match side {
        Direction::Ingress => {
            _ = ec2.revoke_security_group_ingress().group_id(group).security_group_rule_ids(id).send().await?
        }
        Direction::Egress => {
            _ = ec2.revoke_security_group_egress().group_id(group).security_group_rule_ids(id).send().await?
        }
    }
    Ok(())
}
