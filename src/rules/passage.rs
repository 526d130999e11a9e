//! Traffic that rules let through, compared: which rules of an object let more through than wanted, and which stop what is
//! wanted. Rules of security groups and of network ACLs, known by their arguments.

use super::acl_entry::{self, AclEntry, Entries};
use super::security_rule::{self, Peer, SecurityRule};
use crate::schema::{Attribute, Attrs};
use crate::value::Value;
use ipnet::IpNet;
use std::collections::BTreeSet;

/// The effect of one rule that differs from what is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// More comes through.
    More,
    /// Less comes through.
    Less,
    /// The same comes through: another rule lets it through as well, or only the description differs.
    Same,
}

/// One rule that is not on both sides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shift {
    /// The rule in words, such as `tcp port 443, 10.0.0.0/8`.
    pub rule: String,
    /// Whether it is there, where it is not wanted; else it is wanted and not there.
    pub there: bool,
    /// Its effect.
    pub effect: Effect,
}

/// The form of rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Those of a security group, which only allow.
    Group,
    /// Those of a network ACL, which have numbers, and allow or deny.
    Acl,
}

impl Form {
    /// The form of the rules in the blocks of this row, if it has rules.
    pub fn of_blocks(row: &Attribute) -> Option<Form> {
        let rows = &row.block.as_ref()?.attributes;
        let has = |names: &[&str]| names.iter().all(|name| rows.iter().any(|row| row.name == *name));
        match (has(&["rule_no", "action", "protocol"]), has(&["cidr_blocks", "protocol", "from_port"])) {
            (true, _) => Some(Form::Acl),
            (_, true) => Some(Form::Group),
            _ => None,
        }
    }

    /// The form of the rule that an object is, if it is one.
    pub fn of_object(attrs: &Attrs) -> Option<Form> {
        if attrs.is_set("rule_action") {
            return acl_entry::separate(attrs).map(|_| Form::Acl);
        }
        (!security_rule::rules_of(attrs).is_empty()).then_some(Form::Group)
    }

    /// How the rules of blocks differ from those that are wanted.
    pub fn blocks(self, wanted: &Value, live: &Value) -> Vec<Shift> {
        match self {
            Form::Group => groups(&keys(security_rule::expand(wanted)), &keys(security_rule::expand(live))),
            Form::Acl => acls(&acl_entry::expand(wanted), &acl_entry::expand(live)),
        }
    }

    /// How an object that is a rule differs from what is wanted; one that is gone has no attributes.
    pub fn object(self, wanted: &Attrs, live: &Attrs) -> Vec<Shift> {
        match self {
            Form::Group => {
                let rules = |attrs: &Attrs| security_rule::rules_of(attrs).into_iter().collect::<BTreeSet<_>>();
                groups(&rules(wanted), &rules(live))
            }
            Form::Acl => {
                let entries = |attrs: &Attrs| acl_entry::separate(attrs).into_iter().collect::<Entries>();
                acls(&entries(wanted), &entries(live))
            }
        }
    }
}

fn keys(rules: security_rule::Rules) -> BTreeSet<SecurityRule> {
    rules.into_keys().collect()
}

fn groups(wanted: &BTreeSet<SecurityRule>, live: &BTreeSet<SecurityRule>) -> Vec<Shift> {
    let shift = |rule: &SecurityRule, there: bool, others: &BTreeSet<SecurityRule>| {
        let covered = others.iter().any(|other| covers(other, rule));
        let effect = match (covered, there) {
            (true, _) => Effect::Same,
            (false, true) => Effect::More,
            (false, false) => Effect::Less,
        };
        Shift { rule: rule.to_string(), there, effect }
    };
    let come = live.difference(wanted).map(|rule| shift(rule, true, wanted));
    come.chain(wanted.difference(live).map(|rule| shift(rule, false, live))).collect()
}

/// Whether all that `inner` lets through comes through by `outer`.
fn covers(outer: &SecurityRule, inner: &SecurityRule) -> bool {
    let protocol = outer.protocol == "-1" || outer.protocol == inner.protocol;
    let icmp = inner.protocol.starts_with("icmp");
    let ports = match (outer.from.zip(outer.to), inner.from.zip(inner.to)) {
        (None, _) => true,
        (Some(outer), Some(inner)) if icmp => outer == inner,
        (Some((from, to)), Some((first, last))) => from <= first && last <= to,
        (Some(_), None) => false,
    };
    protocol && ports && reaches(&outer.peer, &inner.peer)
}

fn reaches(outer: &Peer, inner: &Peer) -> bool {
    let range = |peer: &Peer| peer.ipv4().or(peer.ipv6()).and_then(|text| text.parse::<IpNet>().ok());
    match (range(outer), range(inner)) {
        (Some(outer), Some(inner)) => outer.contains(&inner),
        _ => outer == inner,
    }
}

fn acls(wanted: &Entries, live: &Entries) -> Vec<Shift> {
    let numbers: BTreeSet<i32> = wanted.keys().chain(live.keys()).copied().collect();
    let mut found = Vec::new();
    for number in numbers {
        let (want, now) = (wanted.get(&number), live.get(&number));
        if want == now {
            continue;
        }
        let mut add = |entry: Option<&AclEntry>, there: bool| {
            let Some(entry) = entry else { return };
            let effect = if (entry.action == "allow") == there { Effect::More } else { Effect::Less };
            found.push(Shift { rule: entry.words(number), there, effect });
        };
        add(now, true);
        add(want, false);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Type;

    fn group(protocol: &str, port: i32, ranges: &[&str]) -> Value {
        Value::object([
            ("protocol", Value::from(protocol)),
            ("from_port", port.into()),
            ("to_port", port.into()),
            ("cidr_blocks", Value::strings(ranges)),
        ])
    }

    fn set(blocks: &[Value]) -> Value {
        Value::list(Type::Dynamic, blocks.to_vec())
    }

    fn shifts(form: Form, wanted: &[Value], live: &[Value]) -> Vec<(String, bool, Effect)> {
        let all = form.blocks(&set(wanted), &set(live)).into_iter();
        all.map(|shift| (shift.rule, shift.there, shift.effect)).collect()
    }

    #[test]
    fn a_rule_lets_more_in_unless_another_does_so_already() {
        let wanted = [group("tcp", 443, &["10.0.0.0/8"])];
        let live = [group("tcp", 443, &["10.0.0.0/8", "10.1.0.0/16", "0.0.0.0/0"]), group("tcp", 22, &["10.0.0.0/8"])];
        assert_eq!(
            shifts(Form::Group, &wanted, &live),
            [
                ("tcp port 22, 10.0.0.0/8".to_owned(), true, Effect::More),
                ("tcp port 443, 0.0.0.0/0".to_owned(), true, Effect::More),
                ("tcp port 443, 10.1.0.0/16".to_owned(), true, Effect::Same),
            ]
        );
        assert_eq!(
            shifts(Form::Group, &[group("-1", 0, &["0.0.0.0/0"])], &wanted),
            [
                ("tcp port 443, 10.0.0.0/8".to_owned(), true, Effect::Same),
                ("all traffic, 0.0.0.0/0".to_owned(), false, Effect::Less),
            ]
        );
        assert_eq!(shifts(Form::Group, &wanted, &[group("6", 443, &["10.0.0.0/8"])]), []);
    }

    #[test]
    fn a_rule_of_an_acl_lets_through_or_stops() {
        let entry = |number: i32, action: &str, range: &str| {
            Value::object([
                ("rule_no", Value::from(number)),
                ("action", action.into()),
                ("protocol", "tcp".into()),
                ("cidr_block", range.into()),
                ("from_port", 22.into()),
                ("to_port", 22.into()),
            ])
        };
        let wanted = [entry(100, "deny", "0.0.0.0/0"), entry(110, "allow", "10.0.0.0/8")];
        let live = [entry(110, "allow", "10.0.0.0/16"), entry(120, "deny", "10.9.0.0/16")];
        assert_eq!(
            shifts(Form::Acl, &wanted, &live),
            [
                ("rule 100: deny tcp port 22, 0.0.0.0/0".to_owned(), false, Effect::More),
                ("rule 110: allow tcp port 22, 10.0.0.0/16".to_owned(), true, Effect::More),
                ("rule 110: allow tcp port 22, 10.0.0.0/8".to_owned(), false, Effect::Less),
                ("rule 120: deny tcp port 22, 10.9.0.0/16".to_owned(), true, Effect::Less),
            ]
        );
    }

    #[test]
    fn an_object_that_is_a_rule_is_known_by_its_arguments() {
        let rule = |range: &str| {
            Attrs::default()
                .with("ip_protocol", "tcp")
                .with("from_port", 22)
                .with("to_port", 22)
                .with("cidr_ipv4", range)
        };
        let form = Form::of_object(&rule("10.0.0.0/8")).unwrap();
        assert_eq!(form, Form::Group);
        let effects =
            |live: &Attrs| form.object(&rule("10.0.0.0/8"), live).iter().map(|s| s.effect).collect::<Vec<_>>();
        assert_eq!(effects(&rule("0.0.0.0/0")), [Effect::More, Effect::Same]);
        assert_eq!(effects(&rule("10.1.0.0/16")), [Effect::Same, Effect::Less]);
        assert_eq!(effects(&Attrs::default()), [Effect::Less]);
        assert_eq!(Form::of_object(&Attrs::default().with("cidr_block", "10.0.0.0/8")), None);
    }
}
