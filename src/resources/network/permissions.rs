//! Security group rules on their way to EC2 and back, and the one way in which the rules of a group
//! are changed: add, describe anew, then take away, so that an edit never cuts off what stays.

use crate::resources::prelude::*;
use crate::rules::security_rule::{Edit, Peer, Rules, SecurityRule};
use aws_sdk_ec2::types::{Filter, IpPermission, IpRange, Ipv6Range, PrefixListId, SecurityGroup, UserIdGroupPair};
use std::collections::BTreeMap;

/// The side of a group that rules are on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// What may come in.
    Ingress,
    /// What may go out.
    Egress,
}

impl Direction {
    /// The side of the rules that EC2 calls egress, or of the others.
    pub fn of_rules(egress: bool) -> Self {
        if egress { Direction::Egress } else { Direction::Ingress }
    }

    /// The name of the argument and of the value of `type`.
    pub fn name(self) -> &'static str {
        match self {
            Direction::Ingress => "ingress",
            Direction::Egress => "egress",
        }
    }

    /// The rules of a group on this side.
    pub fn of(self, group: &SecurityGroup) -> Rules {
        let permissions = match self {
            Direction::Ingress => group.ip_permissions(),
            Direction::Egress => group.ip_permissions_egress(),
        };
        from_permissions(permissions, group.group_id().unwrap_or_default(), group.owner_id().unwrap_or_default())
    }
}

/// What EC2 lists for the group `own_id` of account `owner`, rule by rule.
fn from_permissions(permissions: &[IpPermission], own_id: &str, owner: &str) -> Rules {
    let mut rules = Rules::new();
    for p in permissions {
        let mut add = |peer: Peer, text: Option<&str>| {
            let rule = SecurityRule::new(p.ip_protocol().unwrap_or("-1"), p.from_port(), p.to_port(), peer);
            rules.insert(rule, text.unwrap_or_default().to_owned());
        };
        for range in p.ip_ranges() {
            add(Peer::Ipv4(range.cidr_ip().unwrap_or_default().into()), range.description());
        }
        for range in p.ipv6_ranges() {
            add(Peer::Ipv6(range.cidr_ipv6().unwrap_or_default().into()), range.description());
        }
        for list in p.prefix_list_ids() {
            add(Peer::PrefixList(list.prefix_list_id().unwrap_or_default().into()), list.description());
        }
        for pair in p.user_id_group_pairs() {
            add(group_peer(pair.group_id(), pair.user_id(), own_id, owner), pair.description());
        }
    }
    rules
}

/// A group as peer of a rule of the group `own_id` of account `owner`.
pub fn group_peer(id: Option<&str>, account: Option<&str>, own_id: &str, owner: &str) -> Peer {
    let id = id.unwrap_or_default();
    match account {
        _ if id == own_id => Peer::Itself,
        Some(account) if account != owner && !owner.is_empty() => Peer::Group(format!("{account}/{id}")),
        _ => Peer::Group(id.into()),
    }
}

/// Rules of the group `own_id` as EC2 takes them: one permission per protocol and ports.
pub fn to_permissions<'a>(
    rules: impl IntoIterator<Item = (&'a SecurityRule, &'a str)>,
    own_id: &str,
) -> Vec<IpPermission> {
    let mut permissions = BTreeMap::new();
    for (rule, text) in rules {
        let text = (!text.is_empty()).then(|| text.to_owned());
        let p = permissions.entry((&rule.protocol, rule.from, rule.to)).or_insert_with(IpPermission::builder);
        let pair = UserIdGroupPair::builder().set_description(text.clone());
        *p = match &rule.peer {
            Peer::Ipv4(cidr) => p.clone().ip_ranges(IpRange::builder().cidr_ip(cidr).set_description(text).build()),
            Peer::Ipv6(cidr) => {
                p.clone().ipv6_ranges(Ipv6Range::builder().cidr_ipv6(cidr).set_description(text).build())
            }
            Peer::PrefixList(id) => {
                p.clone().prefix_list_ids(PrefixListId::builder().prefix_list_id(id).set_description(text).build())
            }
            Peer::Itself => p.clone().user_id_group_pairs(pair.group_id(own_id).build()),
            Peer::Group(name) => {
                let pair = match name.split_once('/') {
                    Some((account, id)) => pair.user_id(account).group_id(id),
                    None => pair.group_id(name),
                };
                p.clone().user_id_group_pairs(pair.build())
            }
        };
    }
    permissions
        .into_iter()
        .map(|((protocol, from, to), p)| p.ip_protocol(protocol).set_from_port(from).set_to_port(to).build())
        .collect()
}

/// The groups that meet these filters.
pub async fn groups(aws: &Aws, batches: Vec<Vec<Filter>>) -> Result<Vec<SecurityGroup>> {
    listed!(aws, describe_security_groups, batches).await
}

/// How often the rules of a group are looked at again when somebody else changed them meanwhile.
const ROUNDS: usize = 3;

/// Brings the rules of a group from `before` to `after`. When EC2 answers that a rule is there
/// already or gone, which an earlier call with a lost answer may have done, it looks at the group
/// and does what is left.
pub async fn change(aws: &Aws, id: &str, side: Direction, before: &Rules, after: &Rules) -> Result<()> {
    let mut before = before.clone();
    for _ in 1..ROUNDS {
        match apply(aws, id, side, &before, after).await {
            Err(e) if is_out_of_date(&e) => before = look(aws, id, side).await?,
            done => return done,
        }
    }
    apply(aws, id, side, &before, after).await
}

/// The rules of a group now.
pub async fn look(aws: &Aws, id: &str, side: Direction) -> Result<Rules> {
    let found = groups(aws, vec![vec![filter("group-id", id)]]).await?;
    let group = found.first().ok_or_else(|| Error::not_found(format!("the security group {id} is gone")))?;
    Ok(side.of(group))
}

/// Whether EC2 found a rule there that was to be added, or gone that was to be changed.
pub fn is_out_of_date(e: &Error) -> bool {
    e.kind == Kind::Exists || e.is("InvalidPermission.NotFound") || e.is("InvalidSecurityGroupRuleId.NotFound")
}

/// The answer of one of two calls: EC2 has each of those about rules once for what comes in and once for what goes out.
macro_rules! by_side {
    ($side:expr, $aws:expr, $ingress:ident | $egress:ident, $($call:tt)*) => {
        match $side {
            Direction::Ingress => $aws.write.ec2.$ingress() $($call)*,
            Direction::Egress => $aws.write.ec2.$egress() $($call)*,
        }
    };
}
pub(super) use by_side;

/// One round of calls that lead from `before` to `after`: add, describe anew, take away.
pub async fn apply(aws: &Aws, id: &str, side: Direction, before: &Rules, after: &Rules) -> Result<()> {
    let edit = Edit::between(before, after);
    let given = |rules: &Rules| {
        let all = to_permissions(rules.iter().map(|(rule, text)| (rule, text.as_str())), id);
        Some(all).filter(|all| !all.is_empty())
    };
    let gone: Rules = edit.revoke.into_iter().map(|rule| (rule, String::new())).collect();
    if let new @ Some(_) = given(&edit.authorize) {
        by_side!(side, aws, authorize_security_group_ingress | authorize_security_group_egress,
            .group_id(id).set_ip_permissions(new).send().await.map(drop)?);
    }
    if let again @ Some(_) = given(&edit.describe) {
        by_side!(side, aws, update_security_group_rule_descriptions_ingress | update_security_group_rule_descriptions_egress,
            .group_id(id).set_ip_permissions(again).send().await.map(drop)?);
    }
    if let gone @ Some(_) = given(&gone) {
        by_side!(side, aws, revoke_security_group_ingress | revoke_security_group_egress,
            .group_id(id).set_ip_permissions(gone).send().await.map(drop)?);
    }
    Ok(())
}

/// Takes away all rules of a group, and all rules of other groups that name it.
pub async fn revoke_all(aws: &Aws, id: &str) -> Result<()> {
    let own = groups(aws, vec![vec![filter("group-id", id)]]).await?;
    for group in &own {
        for side in [Direction::Ingress, Direction::Egress] {
            change(aws, id, side, &side.of(group), &Rules::new()).await?;
        }
    }
    let naming = [("ip-permission.group-id", Direction::Ingress), ("egress.ip-permission.group-id", Direction::Egress)];
    for (name, side) in naming {
        for group in groups(aws, vec![vec![filter(name, id)]]).await? {
            let rules = side.of(&group);
            let names_it = |peer: &Peer| matches!(peer, Peer::Group(other) if other == id);
            let kept = rules.iter().filter(|(rule, _)| !names_it(&rule.peer)).map(|(r, t)| (r.clone(), t.clone()));
            change(aws, group.group_id().unwrap_or_default(), side, &rules, &kept.collect()).await?;
        }
    }
    Ok(())
}
