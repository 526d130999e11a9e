//! One rule of a security group as AWS distinguishes rules: protocol, ports and one peer. Layouts write
//! rules in many groupings; they are compared, joined and checked in this form only.

mod check;

pub use check::{block_set, description, inline_block, problems, unfinished_block_sets};

use crate::schema::Attrs;
use crate::schema::normal::protocol;
use crate::value::{Type, Value};
use ipnet::IpNet;
use std::collections::BTreeMap;
use std::fmt;

/// The peer that may connect.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Peer {
    /// An IPv4 range.
    Ipv4(String),
    /// An IPv6 range.
    Ipv6(String),
    /// A prefix list.
    PrefixList(String),
    /// A security group: its id, or `ACCOUNT/ID` when another account owns it.
    Group(String),
    /// The members of the group itself.
    Itself,
}

/// The text of a peer of one kind.
macro_rules! kinds {
    ($($name:ident $kind:ident $what:literal;)*) => {
        impl Peer {$(
            #[doc = $what]
            pub fn $name(&self) -> Option<&String> {
                if let Peer::$kind(text) = self { Some(text) } else { None }
            }
        )*}
    };
}

kinds! {
    ipv4 Ipv4 "The IPv4 range.";
    ipv6 Ipv6 "The IPv6 range.";
    prefix_list PrefixList "The prefix list.";
    group Group "The other security group.";
}

impl fmt::Display for Peer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Peer::Ipv4(id) | Peer::Ipv6(id) | Peer::PrefixList(id) | Peer::Group(id) => f.write_str(id),
            Peer::Itself => f.write_str("itself"),
        }
    }
}

/// One rule without its description: two of the same in one group and direction are refused by EC2.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SecurityRule {
    /// As EC2 gives it back: `tcp`, `udp`, `icmp`, `icmpv6`, `-1` for all, else the number.
    pub protocol: String,
    /// The first port or the ICMP type; none where the protocol has none.
    pub from: Option<i32>,
    /// The last port or the ICMP code.
    pub to: Option<i32>,
    /// The other side.
    pub peer: Peer,
}

impl SecurityRule {
    /// The rule, with protocol, ports and range in one spelling.
    pub fn new(name: &str, from: Option<i32>, to: Option<i32>, peer: Peer) -> Self {
        let protocol = protocol(name);
        let (from, to) = match protocol.as_str() {
            "tcp" | "udp" => (from, to),
            "icmp" | "icmpv6" => (Some(from.unwrap_or(-1)), Some(to.unwrap_or(-1))),
            _ => (None, None),
        };
        let peer = match peer {
            Peer::Ipv4(text) => Peer::Ipv4(range(&text)),
            Peer::Ipv6(text) => Peer::Ipv6(range(&text)),
            other => other,
        };
        SecurityRule { protocol, from, to, peer }
    }
}

impl fmt::Display for SecurityRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = if self.protocol == "-1" { "all traffic" } else { &self.protocol };
        match (self.from, self.to) {
            (Some(from), Some(to)) if self.protocol.starts_with("icmp") => write!(f, "{name} type {from} code {to}")?,
            (Some(from), Some(to)) if from == to => write!(f, "{name} port {from}")?,
            (Some(from), Some(to)) => write!(f, "{name} ports {from}-{to}")?,
            _ => f.write_str(name)?,
        }
        write!(f, ", {}", self.peer)
    }
}

fn range(text: &str) -> String {
    text.parse::<IpNet>().map_or_else(|_| text.to_owned(), |net| net.trunc().to_string())
}

/// The key that AWS has once, whoever gives it: a rule in one direction of a group.
pub fn held(group: &str, side: &str, rule: &SecurityRule) -> String {
    let own = matches!(&rule.peer, Peer::Group(id) if id == group);
    let peer = if own { Peer::Itself } else { rule.peer.clone() };
    format!("the {side} rule \"{}\" of {group}", SecurityRule { peer, ..rule.clone() })
}

/// The same of the blocks of a group.
pub fn held_inline(attrs: &Attrs) -> Vec<String> {
    let Some(group) = attrs.str("id").filter(|id| !id.is_empty()) else { return Vec::new() };
    let of = |side: &'static str| {
        let rules = attrs.blocks(side).into_iter().flat_map(|block| rules_of(&block));
        rules.map(|rule| held(group, side, &rule)).collect::<Vec<_>>()
    };
    ["ingress", "egress"].into_iter().flat_map(of).collect()
}

/// Rules with their descriptions, empty where they have none.
pub type Rules = BTreeMap<SecurityRule, String>;

/// The peers that the arguments of an inline block or of a rule resource name; unknown ones are left
/// out.
pub fn peers(attrs: &Attrs) -> Vec<Peer> {
    let many: [(&str, fn(String) -> Peer); 4] = [
        ("cidr_blocks", Peer::Ipv4),
        ("ipv6_cidr_blocks", Peer::Ipv6),
        ("prefix_list_ids", Peer::PrefixList),
        ("security_groups", Peer::Group),
    ];
    let one: [(&str, fn(String) -> Peer); 5] = [
        ("source_security_group_id", Peer::Group),
        ("referenced_security_group_id", Peer::Group),
        ("cidr_ipv4", Peer::Ipv4),
        ("cidr_ipv6", Peer::Ipv6),
        ("prefix_list_id", Peer::PrefixList),
    ];
    let mut peers: Vec<Peer> =
        many.iter().flat_map(|(name, peer)| attrs.strings(name).into_iter().map(*peer)).collect();
    peers.extend(one.iter().filter_map(|(name, peer)| attrs.string(name).filter(|t| !t.is_empty()).map(*peer)));
    if attrs.bool("self") == Some(true) {
        peers.push(Peer::Itself);
    }
    peers
}

/// The rules of one inline block or rule resource: one per peer. None while protocol or ports are
/// unknown.
pub fn rules_of(attrs: &Attrs) -> Vec<SecurityRule> {
    if attrs.is_unknown("from_port") || attrs.is_unknown("to_port") {
        return Vec::new();
    }
    let Some(name) = attrs.str("protocol").or(attrs.str("ip_protocol")) else { return Vec::new() };
    peers(attrs)
        .into_iter()
        .map(|peer| SecurityRule::new(name, attrs.int("from_port"), attrs.int("to_port"), peer))
        .collect()
}

/// All rules of a set of inline blocks.
pub fn expand(blocks: &Value) -> Rules {
    let each = |block: &Value| {
        let block = Attrs::from_value(block);
        let text = block.string("description").unwrap_or_default();
        rules_of(&block).into_iter().map(move |rule| (rule, text.clone())).collect::<Vec<_>>()
    };
    blocks.as_elements().unwrap_or(&[]).iter().flat_map(each).collect()
}

/// Whether two sets of inline blocks stand for the same rules, however they group them.
pub fn same(a: &Value, b: &Value) -> bool {
    expand(a) == expand(b)
}

/// Whether two ports or ICMP types mean the same to a rule. What AWS gives back as null belongs to a
/// protocol without ports, where AWS ignores whatever the layout says.
pub fn same_port(a: &Value, b: &Value) -> bool {
    a == b || a.is_null() || b.is_null()
}

/// Whether two texts are the same when none is as good as an empty one.
pub fn same_text(a: &Value, b: &Value) -> bool {
    a.as_str().unwrap_or_default() == b.as_str().unwrap_or_default()
}

/// The type of one inline block.
pub fn block_type() -> Type {
    let strings = || Type::list(Type::String);
    Type::object([
        ("cidr_blocks", strings()),
        ("description", Type::String),
        ("from_port", Type::Number),
        ("ipv6_cidr_blocks", strings()),
        ("prefix_list_ids", strings()),
        ("protocol", Type::String),
        ("security_groups", Type::set(Type::String)),
        ("self", Type::Bool),
        ("to_port", Type::Number),
    ])
}

/// No inline blocks.
pub fn none() -> Value {
    Value::set(block_type(), Vec::new())
}

/// Rules as inline blocks: one per protocol, ports and description. Protocols without ports have
/// ports 0 here, as Terraform's provider writes them.
pub fn collapse(rules: &Rules) -> Value {
    let mut groups: BTreeMap<_, Vec<&Peer>> = BTreeMap::new();
    for (rule, text) in rules {
        groups.entry((&rule.protocol, rule.from, rule.to, text)).or_default().push(&rule.peer);
    }
    let block = |((protocol, from, to, text), peers): ((&String, Option<i32>, Option<i32>, &String), Vec<&Peer>)| {
        let pick =
            |of: fn(&Peer) -> Option<&String>| -> Vec<&String> { peers.iter().copied().filter_map(of).collect() };
        Value::object([
            ("cidr_blocks", Value::strings(pick(Peer::ipv4))),
            ("description", text.into()),
            ("from_port", from.unwrap_or(0).into()),
            ("ipv6_cidr_blocks", Value::strings(pick(Peer::ipv6))),
            ("prefix_list_ids", Value::strings(pick(Peer::prefix_list))),
            ("protocol", protocol.into()),
            ("security_groups", Value::string_set(pick(Peer::group))),
            ("self", peers.contains(&&Peer::Itself).into()),
            ("to_port", to.unwrap_or(0).into()),
        ])
    };
    Value::set(block_type(), groups.into_iter().map(block).collect())
}

/// The changes that lead from some rules to others.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Edit {
    /// Rules to add; always before any is taken away, so that no traffic is cut off in between.
    pub authorize: Rules,
    /// Rules that stay, with their new descriptions.
    pub describe: Rules,
    /// Rules to take away.
    pub revoke: Vec<SecurityRule>,
}

impl Edit {
    /// The way from `before` to `after`.
    pub fn between(before: &Rules, after: &Rules) -> Self {
        let mut edit = Edit::default();
        for (rule, text) in after {
            match before.get(rule) {
                None => _ = edit.authorize.insert(rule.clone(), text.clone()),
                Some(old) if old != text => _ = edit.describe.insert(rule.clone(), text.clone()),
                Some(_) => {}
            }
        }
        edit.revoke = before.keys().filter(|rule| !after.contains_key(*rule)).cloned().collect();
        edit
    }
}

#[cfg(test)]
mod tests;
