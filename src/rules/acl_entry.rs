//! One rule of a network ACL in one spelling: rules are compared and checked in this form only.

use crate::schema::normal::Normal;
use crate::schema::{Attrs, checks, normal};
use crate::value::{Type, Value};
use std::collections::BTreeMap;

/// The highest number that a rule of a layout may have; above it are AWS's own closing rules.
pub const LAST_NUMBER: i32 = 32766;

/// The content of a rule, without its number and direction.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct AclEntry {
    /// `tcp`, `udp`, `icmp`, `icmpv6`, `-1` for all, else the number.
    pub protocol: String,
    /// `allow` or `deny`.
    pub action: String,
    /// The IPv4 range.
    pub cidr: Option<String>,
    /// The IPv6 range.
    pub ipv6_cidr: Option<String>,
    /// First and last port, of TCP and UDP.
    pub ports: Option<(i32, i32)>,
    /// Type and code, of ICMP.
    pub icmp: Option<(i32, i32)>,
}

/// The rules of one direction, by number: the order in which AWS asks them.
pub type Entries = BTreeMap<i32, AclEntry>;

/// The names of the number and the action in an inline block.
const INLINE: (&str, &str) = ("rule_no", "action");
/// The same in aws_network_acl_rule.
const SEPARATE: (&str, &str) = ("rule_number", "rule_action");

/// The protocol in one spelling.
pub fn protocol(text: &str) -> String {
    normal::protocol(text)
}

/// The number of a protocol, as the API of network ACLs takes it.
pub fn protocol_number(protocol: &str) -> &str {
    match protocol {
        "icmp" => "1",
        "tcp" => "6",
        "udp" => "17",
        "icmpv6" => "58",
        other => other,
    }
}

impl AclEntry {
    fn of(attrs: &Attrs, action: &str) -> Option<Self> {
        let protocol = protocol(attrs.str("protocol")?);
        let int = |name: &str| attrs.int(name).unwrap_or(0);
        let range = |name: &str| {
            let text = attrs.str(name).filter(|t| !t.is_empty())?;
            Some(text.parse::<ipnet::IpNet>().map_or_else(|_| text.to_owned(), |net| net.trunc().to_string()))
        };
        Some(AclEntry {
            action: attrs.str(action)?.to_ascii_lowercase(),
            cidr: range("cidr_block"),
            ipv6_cidr: range("ipv6_cidr_block"),
            ports: matches!(protocol.as_str(), "tcp" | "udp").then(|| (int("from_port"), int("to_port"))),
            icmp: matches!(protocol.as_str(), "icmp" | "icmpv6").then(|| (int("icmp_type"), int("icmp_code"))),
            protocol,
        })
    }
}

impl AclEntry {
    /// The rule with its number, in words.
    pub fn words(&self, number: i32) -> String {
        let protocol = if self.protocol == "-1" { "all traffic" } else { &self.protocol };
        let what = match (self.ports, self.icmp) {
            (Some((from, to)), _) if from == to => format!("{protocol} port {from}"),
            (Some((from, to)), _) => format!("{protocol} ports {from}-{to}"),
            (_, Some((kind, code))) => format!("{protocol} type {kind} code {code}"),
            _ => protocol.to_owned(),
        };
        let range = self.cidr.as_deref().or(self.ipv6_cidr.as_deref()).unwrap_or_default();
        format!("rule {number}: {} {what}, {range}", self.action)
    }
}

/// The rule of aws_network_acl_rule: its number and what it says.
pub fn separate(attrs: &Attrs) -> Option<(i32, AclEntry)> {
    Some((attrs.int(SEPARATE.0)?, AclEntry::of(attrs, SEPARATE.1)?))
}

/// The rules of a set of inline blocks.
pub fn expand(blocks: &Value) -> Entries {
    let each = |block: &Value| {
        let block = Attrs::from_value(block);
        Some((block.int(INLINE.0)?, AclEntry::of(&block, INLINE.1)?))
    };
    blocks.as_elements().unwrap_or(&[]).iter().filter_map(each).collect()
}

/// Rules as inline blocks.
pub fn collapse(entries: &Entries) -> Value {
    let block = |(number, entry): (&i32, &AclEntry)| {
        let (from, to) = entry.ports.unwrap_or_default();
        let (kind, code) = entry.icmp.unwrap_or_default();
        let text = |t: &Option<String>| Value::from(t.as_deref().unwrap_or_default());
        Value::object([
            ("action", entry.action.as_str().into()),
            ("cidr_block", text(&entry.cidr)),
            ("from_port", from.into()),
            ("icmp_code", code.into()),
            ("icmp_type", kind.into()),
            ("ipv6_cidr_block", text(&entry.ipv6_cidr)),
            ("protocol", entry.protocol.as_str().into()),
            ("rule_no", (*number).into()),
            ("to_port", to.into()),
        ])
    };
    Value::set(block_type(), entries.iter().map(block).collect())
}

/// The type of one inline block.
pub fn block_type() -> Type {
    let row = |name: &'static str| {
        let text = matches!(name, "action" | "cidr_block" | "ipv6_cidr_block" | "protocol");
        (name, if text { Type::String } else { Type::Number })
    };
    Type::object(
        [
            "action",
            "cidr_block",
            "from_port",
            "icmp_code",
            "icmp_type",
            "ipv6_cidr_block",
            "protocol",
            "rule_no",
            "to_port",
        ]
        .map(row),
    )
}

/// The key that AWS has once, whoever gives it: a number in one direction of an ACL.
fn held(acl: &str, side: &str, number: i32) -> String {
    format!("the {side} rule {number} of {acl}")
}

/// The same of an aws_network_acl_rule.
pub fn held_separate(attrs: &Attrs) -> Vec<String> {
    let side = if attrs.bool("egress") == Some(true) { "egress" } else { "ingress" };
    let key = attrs.str("network_acl_id").zip(attrs.int(SEPARATE.0));
    key.map(|(acl, number)| held(acl, side, number)).into_iter().collect()
}

/// The same of the blocks of an ACL.
pub fn held_inline(attrs: &Attrs) -> Vec<String> {
    let Some(acl) = attrs.str("id").filter(|id| !id.is_empty()) else { return Vec::new() };
    let of = |side: &'static str| {
        let entries = attrs.get(side).map(expand).unwrap_or_default();
        entries.into_keys().map(move |number| held(acl, side, number))
    };
    ["ingress", "egress"].into_iter().flat_map(of).collect()
}

/// No inline blocks.
pub fn none() -> Value {
    Value::set(block_type(), Vec::new())
}

/// Whether two sets of inline blocks stand for the same rules.
pub fn same(a: &Value, b: &Value) -> bool {
    expand(a) == expand(b)
}

/// Whether two protocols are the same one.
pub fn same_protocol(a: &Value, b: &Value) -> bool {
    a.as_str().map(protocol) == b.as_str().map(protocol)
}

/// Whether two ports, ICMP types or codes mean the same: nothing is as good as 0, which is what AWS
/// makes of it, and as -1, where AWS keeps none.
pub fn same_number(a: &Value, b: &Value) -> bool {
    let nothing = |v: &Value| v.is_null();
    let zero = |v: &Value| matches!(v.as_i64(), Some(0 | -1));
    a == b || nothing(a) && zero(b) || zero(a) && nothing(b)
}

/// The errors in an aws_network_acl_rule, and what was expected.
pub fn check_separate(attrs: &Attrs) -> Vec<(&'static str, String)> {
    let mut all = problems(attrs, SEPARATE.0, SEPARATE.1);
    all.extend(range_problems(attrs));
    all
}

/// The errors in an inline block. The rows of a block check their own values.
pub fn check_block(block: &Attrs) -> Vec<(&'static str, String)> {
    let rule = block.int(INLINE.0).map(|n| format!("rule {n}: ")).unwrap_or_default();
    let missing = checks::missing(block, &["action", "from_port", "protocol", "rule_no", "to_port"]);
    let found = if missing.is_empty() { problems(block, INLINE.0, INLINE.1) } else { missing };
    found.into_iter().map(|(name, message)| (name, format!("{rule}{message}"))).collect()
}

/// A check of a set of inline blocks of one direction: no number is there twice.
pub fn check_set(value: &Value) -> Result<(), String> {
    let mut times: BTreeMap<i32, usize> = BTreeMap::new();
    for number in value.as_elements().unwrap_or(&[]).iter().filter_map(|b| Attrs::from_value(b).int(INLINE.0)) {
        *times.entry(number).or_default() += 1;
    }
    let twice = times.into_iter().filter(|(_, n)| *n > 1);
    let words = |n: usize| if n == 2 { "two".to_owned() } else { n.to_string() };
    checks::all(
        twice.map(|(number, n)| {
            format!("{} rules have number {number}; each number stands once per direction", words(n))
        }),
    )
}

fn problems(attrs: &Attrs, number: &'static str, action: &'static str) -> Vec<(&'static str, String)> {
    let mut all = Vec::new();
    if let Some(n) = attrs.int(number).filter(|n| !(1..=LAST_NUMBER).contains(n)) {
        all.push((number, format!("{n} is not a rule number; expected 1 to {LAST_NUMBER}")));
    }
    if let Some(text) = attrs.str(action).filter(|t| !matches!(t.to_ascii_lowercase().as_str(), "allow" | "deny")) {
        all.push((action, format!("{text:?} is not a valid action; expected allow or deny")));
    }
    let given = |name: &str| attrs.is_unknown(name) || attrs.str(name).is_some_and(|t| !t.is_empty());
    if given("cidr_block") == given("ipv6_cidr_block") {
        let message = "a rule has one range; expected either cidr_block or ipv6_cidr_block";
        all.push(("cidr_block", message.into()));
    }
    if let Some(name) = attrs.str("protocol") {
        all.extend(protocol_problems(attrs, name));
    }
    all
}

fn range_problems(attrs: &Attrs) -> Vec<(&'static str, String)> {
    let ranges = [("cidr_block", checks::ipv4_cidr as fn(&Value) -> _), ("ipv6_cidr_block", checks::ipv6_cidr)];
    let given = |name: &str| attrs.get(name).filter(|v| v.as_str().is_some_and(|text| !text.is_empty()));
    ranges.into_iter().filter_map(|(name, check)| Some((name, check(given(name)?).err()?))).collect()
}

fn protocol_problems(attrs: &Attrs, given: &str) -> Vec<(&'static str, String)> {
    let name = protocol(given);
    let out = |argument: &'static str, low: i32, high: i32| {
        let value = attrs.int(argument).filter(|n| !(low..=high).contains(n))?;
        Some((argument, format!("{value} is out of range; {argument} takes {low} to {high}")))
    };
    let all_out = |names: [&'static str; 2], low: i32, high: i32| -> Vec<_> {
        names.into_iter().filter_map(|name| out(name, low, high)).collect()
    };
    match name.as_str() {
        "tcp" | "udp" => {
            let mut wrong = all_out(["from_port", "to_port"], 0, 65535);
            if let (Some(from), Some(to), true) = (attrs.int("from_port"), attrs.int("to_port"), wrong.is_empty())
                && from > to
            {
                wrong.push(("from_port", format!("from_port {from} is above to_port {to}")));
            }
            wrong
        }
        "icmp" | "icmpv6" => all_out(["icmp_type", "icmp_code"], -1, 255),
        "-1" => {
            let stray = |port: &'static str| {
                let value = attrs.int(port).filter(|n| !matches!(n, 0 | -1))?;
                let message =
                    format!("all traffic (protocol -1) has no ports, but {port} is {value}; expected 0 or nothing");
                Some((port, message))
            };
            ["from_port", "to_port"].into_iter().filter_map(stray).collect()
        }
        number if number.parse::<u8>().is_ok() => Vec::new(),
        _ => vec![(
            "protocol",
            format!(
                "{given:?} is not a valid protocol; expected tcp, udp, icmp, icmpv6, -1 for all, or a number of 0 to 255"
            ),
        )],
    }
}

/// Which spellings of a protocol mean the same to a network ACL.
pub const PROTOCOL: Normal = Normal::With(same_protocol);

#[cfg(test)]
mod tests {
    use super::*;

    fn block(number: i32, protocol: &str, cidr: &str, from: i32, to: i32) -> Attrs {
        Attrs::default()
            .with("rule_no", number)
            .with("action", "allow")
            .with("protocol", protocol)
            .with("cidr_block", cidr)
            .with("from_port", from)
            .with("to_port", to)
    }

    fn set(blocks: &[Attrs]) -> Value {
        Value::list(Type::Dynamic, blocks.iter().map(Attrs::to_value).collect())
    }

    #[test]
    fn rules_are_the_same_however_they_are_spelt() {
        let one = set(&[block(100, "tcp", "10.0.0.0/8", 80, 80), block(110, "all", "0.0.0.0/0", 0, 0)]);
        let other = set(&[
            block(110, "-1", "0.0.0.0/0", -1, -1).with("icmp_type", 0).with("ipv6_cidr_block", ""),
            block(100, "6", "10.0.0.0/8", 80, 80).with("action", "ALLOW"),
        ]);
        assert!(same(&one, &other));
        assert!(!same(&one, &set(&[block(100, "tcp", "10.0.0.0/8", 80, 80)])));
        assert!(same(&collapse(&expand(&one)), &one));
        assert_eq!(collapse(&expand(&one)).ty(), Type::set(block_type()));
    }

    #[test]
    fn every_error_names_its_rule_and_what_was_expected() {
        let range = "10.0.0.0/8";
        let table: [(Attrs, &[&str]); 13] = [
            (block(100, "tcp", range, 80, 80), &[]),
            (block(100, "icmp", range, 0, 0).with("icmp_type", -1).with("icmp_code", -1), &[]),
            (block(100, "esp", range, 0, 0), &[]),
            (block(0, "tcp", range, 80, 80), &["rule 0: 0 is not a rule number; expected 1 to 32766"]),
            (block(32767, "tcp", range, 80, 80), &["rule 32767: 32767 is not a rule number; expected 1 to 32766"]),
            (block(1, "tcp", range, 81, 80), &["rule 1: from_port 81 is above to_port 80"]),
            (block(1, "tcp", range, 0, 70000), &["rule 1: 70000 is out of range; to_port takes 0 to 65535"]),
            (
                block(1, "-1", range, 7, 65535),
                &[
                    "rule 1: all traffic (protocol -1) has no ports, but from_port is 7; expected 0 or nothing",
                    "rule 1: all traffic (protocol -1) has no ports, but to_port is 65535; expected 0 or nothing",
                ],
            ),
            (
                block(1, "tcp", "", 80, 80),
                &["rule 1: a rule has one range; expected either cidr_block or ipv6_cidr_block"],
            ),
            (
                block(1, "icmp", range, 0, 0).with("icmp_type", 300),
                &["rule 1: 300 is out of range; icmp_type takes -1 to 255"],
            ),
            (
                block(1, "tcp", range, 80, 80).with("action", "pass"),
                &["rule 1: \"pass\" is not a valid action; expected allow or deny"],
            ),
            (
                block(0, "tcp", range, -2, 70000).with("action", "pass"),
                &[
                    "rule 0: 0 is not a rule number; expected 1 to 32766",
                    "rule 0: \"pass\" is not a valid action; expected allow or deny",
                    "rule 0: -2 is out of range; from_port takes 0 to 65535",
                    "rule 0: 70000 is out of range; to_port takes 0 to 65535",
                ],
            ),
            (
                block(1, "ftp", range, 0, 0),
                &[
                    "rule 1: \"ftp\" is not a valid protocol; expected tcp, udp, icmp, icmpv6, -1 for all, or a number of 0 to 255",
                ],
            ),
        ];
        for (block, expected) in table {
            let said: Vec<String> = check_block(&block).into_iter().map(|(_, message)| message).collect();
            assert_eq!(said, expected);
        }
        let twice = [7, 7, 8, 8, 8, 9].map(|number| block(number, "tcp", range, 80, 80));
        let said = check_set(&set(&twice)).unwrap_err();
        let said: Vec<&str> = said.split(checks::NEXT).collect();
        let of = |n, number| format!("{n} rules have number {number}; each number stands once per direction");
        assert_eq!(said, [of("two", 7), of("3", 8)]);
    }
}
