//! Rules of one security group or network ACL that more than one resource gives.

use super::{ACL, GROUP, Groups, LayoutInstance, World, between, names};
use crate::diag::Diagnostics;
use crate::rules::security_rule::{Peer, SecurityRule};
use crate::rules::{acl_entry, security_rule};
use std::collections::BTreeMap;

const SIDES: [&str; 2] = ["ingress", "egress"];

/// The types that give a security group one rule.
const SINGLE_RULES: [&str; 3] =
    ["aws_security_group_rule", "aws_vpc_security_group_ingress_rule", "aws_vpc_security_group_egress_rule"];

fn side_of(i: &LayoutInstance<'_>) -> Option<&'static str> {
    match i.type_name {
        "aws_vpc_security_group_ingress_rule" => Some(SIDES[0]),
        "aws_vpc_security_group_egress_rule" => Some(SIDES[1]),
        _ => SIDES.into_iter().find(|side| i.attrs.str("type") == Some(side)),
    }
}

/// Groups whose rules are given inline and separately, and rules that are given twice.
pub fn security_groups(world: &World<'_>) -> Diagnostics {
    let mut separate: Groups<'_, (String, &str)> = BTreeMap::new();
    let mut same: Groups<'_, (String, &str, SecurityRule)> = BTreeMap::new();
    for i in SINGLE_RULES.into_iter().flat_map(|name| world.of_type(name)) {
        let (Some(group), Some(side)) = (world.key(i, "security_group_id", &GROUP), side_of(i)) else { continue };
        for rule in rules(world, i, &group) {
            same.entry((group.clone(), side, rule)).or_default().push(i);
        }
        separate.entry((group, side)).or_default().push(i);
    }
    let mut found = Diagnostics::new();
    for (key, owner) in world.owners(&GROUP) {
        for side in SIDES.into_iter().filter(|side| owner.gives(side)) {
            let Some(others) = separate.get(&(key.clone(), side)) else { continue };
            let detail = format!(
                "{} gives its {side} rules inline, so it takes away every other; {} {} more for the same group.",
                owner.address,
                names(others),
                if others.len() == 1 { "gives one" } else { "give some" },
            );
            found.push(
                between(others, "Rules of one security group are given inline and separately", detail)
                    .hint(format!("Write all its {side} rules as {side} blocks of {}.", owner.address))
                    .hint(format!("Or remove {side} there and give each rule as aws_vpc_security_group_{side}_rule.")),
            );
        }
    }
    for ((_, side, rule), others) in same.iter().filter(|(_, others)| others.len() > 1) {
        let detail = format!("{} give the same group the {side} rule: {rule}.", names(others));
        found.push(
            between(others, "One rule is given twice to a security group", detail)
                .hint("Remove one of them; a description does not make two rules differ."),
        );
    }
    found
}

/// The rules of a rule resource; groups that are not known yet by their keys.
fn rules(world: &World<'_>, i: &LayoutInstance<'_>, group: &str) -> Vec<SecurityRule> {
    let mut rules = security_rule::rules_of(i.attrs);
    let protocol = i.attrs.str("protocol").or(i.attrs.str("ip_protocol"));
    for name in ["source_security_group_id", "referenced_security_group_id"] {
        let ports_known = !i.attrs.is_unknown("from_port") && !i.attrs.is_unknown("to_port");
        if let (true, true, Some(protocol), Some(key)) =
            (i.attrs.is_unknown(name), ports_known, protocol, world.key(i, name, &GROUP))
        {
            let (from, to) = (i.attrs.int("from_port"), i.attrs.int("to_port"));
            rules.push(SecurityRule::new(protocol, from, to, Peer::Group(key)));
        }
    }
    for rule in &mut rules {
        if let Peer::Group(id) = &rule.peer {
            let key = world.by_id.get(id.as_str()).cloned().unwrap_or_else(|| id.clone());
            rule.peer = if key == group { Peer::Itself } else { Peer::Group(key) };
        }
    }
    rules
}

/// ACLs whose rules are given inline and separately, and numbers that two rules have.
pub fn network_acls(world: &World<'_>) -> Diagnostics {
    let mut separate: Groups<'_, (String, &str)> = BTreeMap::new();
    let mut numbers: Groups<'_, (String, &str, i32)> = BTreeMap::new();
    for i in world.of_type("aws_network_acl_rule") {
        let Some(acl) = world.key(i, "network_acl_id", &ACL) else { continue };
        if i.attrs.is_unknown("egress") {
            continue;
        }
        let side = SIDES[usize::from(i.attrs.bool("egress").unwrap_or(false))];
        if let Some(number) = i.attrs.int("rule_number") {
            numbers.entry((acl.clone(), side, number)).or_default().push(i);
        }
        separate.entry((acl, side)).or_default().push(i);
    }
    let mut found = Diagnostics::new();
    for (key, owner) in world.owners(&ACL) {
        let adopts = owner.type_name != ACL.own;
        for side in SIDES.into_iter().filter(|side| adopts || owner.gives(side)) {
            let Some(others) = separate.get(&(key.clone(), side)) else { continue };
            let inline = acl_entry::expand(owner.config.get(side).unwrap_or(&acl_entry::none()));
            let clash = others.iter().find(|i| i.attrs.int("rule_number").is_some_and(|n| inline.contains_key(&n)));
            let clash = clash.and_then(|i| i.attrs.int("rule_number"));
            let why = if owner.gives(side) {
                format!("{} gives its {side} rules inline, so it takes away every other", owner.address)
            } else {
                format!("{} owns all {side} rules of the default network ACL and gives none", owner.address)
            };
            let also = clash.map_or_else(String::new, |n| format!(" Number {n} is there in both."));
            let verb = if others.len() == 1 { "gives one" } else { "give some" };
            let detail = format!("{why}; {} {verb} more for the same ACL.{also}", names(others));
            found.push(
                between(others, "Rules of one network ACL are given inline and separately", detail)
                    .hint(format!("Write all its {side} rules as {side} blocks of {}.", owner.address)),
            );
        }
    }
    for ((_, side, number), others) in numbers.iter().filter(|(_, others)| others.len() > 1) {
        let detail = format!("{} give the same network ACL an {side} rule {number}.", names(others));
        found.push(
            between(others, "Two rules of a network ACL have one number", detail)
                .hint("Give each its own number; AWS asks the lowest first and the first that fits decides."),
        );
    }
    found
}
