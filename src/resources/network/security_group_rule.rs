//! aws_security_group_rule, the older form: one protocol and port range for any number of peers. EC2
//! knows no such object, so its id spells out what it stands for, and changes with it.

use super::permissions::{self, Direction};
use super::security_group::{description, ipv4_ranges, ipv6_ranges};
use super::vpc_security_group_rule::{key, listed};
use crate::resources::block::TextList;
use crate::resources::prelude::*;
use crate::rules::security_rule;
use crate::rules::security_rule::{Peer, Rules, SecurityRule};
use crate::schema::normal::protocol;
use std::collections::{BTreeMap, BTreeSet};

/// The resource type `aws_security_group_rule`.
pub struct AwsSecurityGroupRule;

/// Whether two lists of ranges hold the same, whatever the order and spelling.
const MEMBERS: Normal = Normal::With(|a, b| {
    let members = |v: &Value| -> BTreeSet<String> {
        let one = |v: &Value| v.as_str().map(|t| t.parse::<ipnet::IpNet>().map_or(t.into(), |net| net.to_string()));
        v.as_elements().unwrap_or(&[]).iter().filter_map(one).collect()
    };
    members(a) == members(b)
});
const PORT: Normal = Normal::With(security_rule::same_port);

table! {
    Rows: Found {
        security_group_id: Text, none [.required().force_new().read(|f| f.held().key.group.as_str().into())];
        r#type: Text, none [.required().force_new().check(kind).read(|f| f.held().key.side.name().into())];
        protocol: Text, none
            [.required().normal(Normal::Protocol).read(|f| f.held().first().map(|rule| &rule.protocol).into())];
        from_port: Int, none [.required().normal(PORT).read(|f| f.held().first().and_then(|r| r.from).into())];
        to_port: Int, none [.required().normal(PORT).read(|f| f.held().first().and_then(|r| r.to).into())];
        cidr_blocks: TextList, none [.check(ipv4_ranges).normal(MEMBERS).read(|f| f.held().list(Peer::ipv4))];
        ipv6_cidr_blocks: TextList, none [.check(ipv6_ranges).normal(MEMBERS).read(|f| f.held().list(Peer::ipv6))];
        prefix_list_ids: TextList, none [.normal(MEMBERS).read(|f| f.held().list(Peer::prefix_list))];
        self: Switch, none [.read(|f| f.held().rules.iter().any(|(rule, ..)| rule.peer == Peer::Itself).into())];
        source_security_group_id: Text, none
            [.optional_computed().read(|f| f.held().texts(Peer::group).pop().into())];
        description: Text, none
            [.check(description).normal(Normal::With(security_rule::same_text))]
            [.read(|f| f.held().rules.first().and_then(|(_, text, _)| text.as_ref()).into())];
        security_group_rule_id: Text, none
            [.computed().follows(KEYS)]
            [.read(|f| match f.held().rules.as_slice() {
                [(_, _, id)] => id.as_ref().into(),
                _ => None::<&String>.into(),
            })];
    }
}

/// What there is of one such object.
pub struct Found {
    id: String,
    key: Key,
    rules: Vec<(SecurityRule, Option<String>, Option<String>)>,
}

/// What an id spells out.
#[derive(Debug, Clone, PartialEq)]
struct Key {
    group: String,
    side: Direction,
    rules: Vec<SecurityRule>,
}

impl Key {
    fn of(attrs: &Attrs) -> Option<Self> {
        let group = attrs.string("security_group_id")?;
        let side = side(attrs.str("type")?)?;
        Some(Key { group, side, rules: security_rule::rules_of(attrs) })
    }

    /// A rule as EC2 lists it: a reference to the own group, which the layout may write by its id,
    /// is `self`.
    fn listed(&self, rule: &SecurityRule) -> SecurityRule {
        match &rule.peer {
            Peer::Group(id) if *id == self.group => SecurityRule { peer: Peer::Itself, ..rule.clone() },
            _ => rule.clone(),
        }
    }

    /// The rules as EC2 lists them, with the description of `attrs`.
    fn described(&self, attrs: &Attrs) -> Rules {
        let text = attrs.str("description").unwrap_or_default();
        self.rules.iter().map(|rule| (self.listed(rule), text.to_owned())).collect()
    }

    /// In the form in which it is imported.
    fn id(&self) -> String {
        let first = self.rules.first();
        let number = |n: Option<i32>| n.unwrap_or(0).to_string();
        let mut parts = vec![self.group.clone(), self.side.name().into()];
        parts.push(first.map_or_else(String::new, |rule| rule.protocol.clone()));
        parts.push(number(first.and_then(|rule| rule.from)));
        parts.push(number(first.and_then(|rule| rule.to)));
        parts.extend(self.rules.iter().map(|rule| match &rule.peer {
            Peer::Itself => "self".into(),
            other => other.to_string(),
        }));
        parts.join("_")
    }
}

fn side(text: &str) -> Option<Direction> {
    [Direction::Ingress, Direction::Egress].into_iter().find(|side| side.name() == text)
}

/// `sg-1_ingress_tcp_8000_8000_10.0.3.0/24` as arguments.
fn parse(text: &str) -> Option<Vec<(&'static str, Value)>> {
    let parts: Vec<&str> = text.split('_').collect();
    let [group, kind, name, from, to, peers @ ..] = parts.as_slice() else { return None };
    if !group.starts_with("sg-") || peers.is_empty() {
        return None;
    }
    let port = |text: &str| text.parse::<i32>().ok();
    let mut args = vec![
        ("security_group_id", Value::from(*group)),
        ("type", side(kind)?.name().into()),
        ("protocol", protocol(name).into()),
        ("from_port", port(from)?.into()),
        ("to_port", port(to)?.into()),
    ];
    let mut by_argument: BTreeMap<&'static str, Vec<&str>> = BTreeMap::new();
    for peer in peers {
        by_argument.entry(argument(peer)?).or_default().push(peer);
    }
    for (name, peers) in by_argument {
        let value = match (name, peers.as_slice()) {
            ("self", _) => true.into(),
            ("source_security_group_id", [one]) => Value::from(*one),
            ("source_security_group_id", _) => return None,
            _ => Value::strings(peers),
        };
        args.push((name, value));
    }
    Some(args)
}

/// The argument that names a peer of an id.
fn argument(peer: &str) -> Option<&'static str> {
    match peer {
        "self" => Some("self"),
        _ if peer.starts_with("pl-") => Some("prefix_list_ids"),
        _ if peer.starts_with("sg-") || peer.contains("/sg-") => Some("source_security_group_id"),
        _ if peer.contains(':') => Some("ipv6_cidr_blocks"),
        _ => (peer.contains('.') && peer.contains('/')).then_some("cidr_blocks"),
    }
}

fn key_of_id(id: &str) -> Option<Key> {
    Key::of(&parse(id)?.into_iter().collect())
}

impl Found {
    fn first(&self) -> Option<&SecurityRule> {
        self.rules.first().map(|(rule, ..)| rule)
    }

    /// The texts of the peers of one kind, in the order of the id.
    fn texts(&self, of: fn(&Peer) -> Option<&String>) -> Vec<String> {
        self.rules.iter().filter_map(|(rule, ..)| of(&rule.peer)).cloned().collect()
    }

    fn list(&self, of: fn(&Peer) -> Option<&String>) -> Value {
        match self.texts(of) {
            none if none.is_empty() => Value::null(Type::list(Type::String)),
            some => Value::strings(some),
        }
    }
}

fn held(attrs: &Attrs) -> Vec<String> {
    let Some(key) = Key::of(attrs) else { return Vec::new() };
    key.rules.iter().map(|rule| security_rule::held(&key.group, key.side.name(), rule)).collect()
}

fn checks(attrs: &Attrs) -> Vec<(&'static str, String)> {
    // Ports of all traffic are taken by Terraform and ignored by AWS: all of them say so, some would be opened
    // to all.
    let everything = matches!((attrs.int("from_port"), attrs.int("to_port")), (Some(-1..=1), Some(-1 | 0 | 65535)));
    let mut all = Vec::new();
    if !everything || attrs.str("protocol").map(protocol).as_deref() != Some("-1") {
        all.extend(security_rule::problems(attrs, "protocol"));
    }
    let sources = ["cidr_blocks", "ipv6_cidr_blocks", "prefix_list_ids", "source_security_group_id"];
    let itself = attrs.bool("self") == Some(true);
    if !itself && !attrs.is_unknown("self") && !sources.iter().any(|name| attrs.is_given(name)) {
        let message = format!("the rule names nobody; expected at least one of {}, self", sources.join(", "));
        all.push(("type", message));
    }
    for name in ["cidr_blocks", "ipv6_cidr_blocks", "source_security_group_id"].into_iter().filter(|_| itself) {
        if attrs.is_set(name) {
            all.push(("self", format!("self = true and {name} cannot be in one rule; write one rule for each")));
        }
    }
    all
}

fn kind(value: &Value) -> Result<(), String> {
    checks::text(value, |text| side(text).is_some(), "is not a valid type of rule; expected ingress or egress")
}

/// What the id spells out.
const IDENTITY: [&str; 10] = [
    "security_group_id",
    "type",
    "protocol",
    "from_port",
    "to_port",
    "cidr_blocks",
    "ipv6_cidr_blocks",
    "prefix_list_ids",
    "source_security_group_id",
    "self",
];
/// The part of it that can change in place.
const KEYS: &[&str] = IDENTITY.split_at(2).1;

/// Brings the rules from `before` to `after`. What else the group has by now is left alone.
async fn bring(aws: &Aws, key: &Key, before: &Rules, after: &Rules) -> Result<()> {
    match permissions::apply(aws, &key.group, key.side, before, after).await {
        Err(e) if permissions::is_out_of_date(&e) => {
            let mut left = permissions::look(aws, &key.group, key.side).await?;
            left.retain(|rule, _| before.contains_key(rule) || after.contains_key(rule));
            permissions::apply(aws, &key.group, key.side, &left, after).await
        }
        done => done,
    }
}

impl Resource for AwsSecurityGroupRule {
    type Live = Found;

    fn spec() -> Spec<Found> {
        Spec::new("aws_security_group_rule", |f: &Found| Some(f.id.clone()), Rows::rows())
            .role(Role::FilterRule(role::FilterRule {
                filter: Some("security_group_id"),
                unjudged: Unjudged::All("rules"),
            }))
            .id_follows(KEYS)
            .recover(Recover::Key)
            .unique(&[&IDENTITY])
            .holds(held)
            .import("GROUP_TYPE_PROTOCOL_FROMPORT_TOPORT_SOURCE[_SOURCE…]", parse)
            .id_from(|attrs| Key::of(attrs).map(|key| key.id()))
            .conflicts(&[
                &["cidr_blocks", "source_security_group_id"],
                &["ipv6_cidr_blocks", "source_security_group_id"],
            ])
            .check(checks)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Found>> {
        let keys: Vec<(String, Key)> = match which {
            Which::Ids(ids) => ids.iter().filter_map(|id| Some((id.clone(), key_of_id(id)?))).collect(),
            Which::Token(_) => Vec::new(),
            Which::NaturalKey(want) => Key::of(want).map(|key| (key.id(), key)).into_iter().collect(),
        };
        let groups: BTreeSet<String> = keys.iter().map(|(_, key)| key.group.clone()).collect();
        let groups: Vec<String> = groups.into_iter().collect();
        let mut live: BTreeMap<(String, bool, SecurityRule), (Option<String>, Option<String>)> = BTreeMap::new();
        for rule in listed(aws, filtered("group-id", &groups)).await? {
            let at = (rule.group_id().unwrap_or_default().into(), rule.is_egress().unwrap_or(false), key(&rule));
            live.insert(at, (rule.description, rule.security_group_rule_id));
        }
        let whole = matches!(which, Which::NaturalKey(_));
        let found = keys.into_iter().filter_map(|(id, key)| {
            let there = |rule: &SecurityRule| {
                let at = (key.group.clone(), key.side == Direction::Egress, key.listed(rule));
                live.get(&at).map(|(text, id)| (rule.clone(), text.clone(), id.clone()))
            };
            let rules: Vec<_> = key.rules.iter().filter_map(there).collect();
            let enough = if whole { rules.len() == key.rules.len() } else { true };
            (enough && !rules.is_empty()).then_some(Found { id, key, rules })
        });
        Ok(found.collect())
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let key = Key::of(want).ok_or_else(|| Error::new(Kind::Refused, "the rule is not complete"))?;
        permissions::apply(aws, &key.group, key.side, &Rules::new(), &key.described(want)).await?;
        Ok(key.id())
    }

    /// New peers are let in before old ones are shut out, so that what stays is never cut off.
    async fn update(aws: &Aws, _id: &str, change: &mut Change<'_>) -> Result<()> {
        let keys = change.take_any(KEYS);
        let changed = change.take_any(&["description"]) || keys;
        let (Some(old), Some(new), true) = (Key::of(change.before), Key::of(change.after), changed) else {
            return Ok(());
        };
        bring(aws, &new, &old.described(change.before), &new.described(change.after)).await?;
        change.new_id = Some(new.id());
        Ok(())
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        let key = key_of_id(id).ok_or_else(|| Error::not_found(format!("{id} names no rule")))?;
        bring(aws, &key, &key.described(&Attrs::default()), &Rules::new()).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_spells_out_the_rule_and_is_read_back() {
        let table = [
            "sg-6e616f6d69_ingress_tcp_8000_8000_10.0.3.0/24",
            "sg-7472697374616e_ingress_92_0_0_10.0.3.0/24_10.0.4.0/24",
            "sg-6777656e646f6c796e_ingress_tcp_8000_8000_self",
            "sg-7472697374616e_ingress_tcp_8000_8000_sg-6176657279",
            "sg-1_egress_-1_0_0_::/0_pl-34800000_1234/sg-2",
            "sg-1_ingress_icmp_8_-1_10.0.0.0/8",
        ];
        for id in table {
            assert_eq!(key_of_id(id).map(|key| key.id()).as_deref(), Some(id));
        }
        let all = key_of_id("sg-1_egress_all_0_65536_10.0.0.0/8").map(|key| key.id());
        assert_eq!(all.as_deref(), Some("sg-1_egress_-1_0_0_10.0.0.0/8"));
    }

    #[test]
    fn what_spells_no_rule_is_refused() {
        for id in [
            "",
            "sg-1",
            "sg-1_ingress_tcp_80_80",
            "sg-1_inward_tcp_80_80_self",
            "sg-1_ingress_tcp_a_80_self",
            "sgrule-1",
        ] {
            assert_eq!(parse(id), None, "{id}");
        }
    }

    #[test]
    fn a_reference_to_the_own_group_keeps_its_spelling() {
        let key = key_of_id("sg-1_ingress_tcp_80_80_sg-1").expect("a key");
        assert_eq!(key.id(), "sg-1_ingress_tcp_80_80_sg-1");
        assert_eq!(key.listed(&key.rules[0]).peer, Peer::Itself);
    }

    #[test]
    fn a_rule_names_somebody_and_itself_only_alone() {
        let rule = Attrs::default().with("protocol", "tcp").with("from_port", 1).with("to_port", 1);
        let said = |attrs: &Attrs| checks(attrs).into_iter().map(|(name, _)| name).collect::<Vec<_>>();
        assert_eq!(said(&rule), ["type"]);
        assert_eq!(said(&rule.clone().with("self", true)), [""; 0]);
        let both = rule.clone().with("self", true).with("cidr_blocks", Value::strings(["10.0.0.0/8"]));
        assert_eq!(said(&both), ["self"]);
        let all = rule.with("protocol", "-1").with("to_port", 65535).with("self", true);
        assert_eq!(said(&all), [""; 0], "ports of all protocols are ignored");
        for (from, to) in [(22, 22), (1024, 65535), (0, 1024)] {
            let some = all.clone().with("from_port", from).with("to_port", to);
            assert!(!said(&some).is_empty(), "{from} to {to} would open everything");
        }
    }
}
