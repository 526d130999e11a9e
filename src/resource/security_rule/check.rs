//! What can be said about rules of security groups before any call.

use super::{Attrs, Rules, expand, rules_of};
use crate::lang::Value;
use crate::resource::normal::protocol;
use std::collections::BTreeMap;

/// What is wrong with protocol and ports, and what was expected. Unknown parts are not judged.
pub fn problem(attrs: &Attrs, protocol_name: &'static str) -> Option<(&'static str, String)> {
    let given = attrs.str(protocol_name)?;
    if attrs.is_unknown("from_port") || attrs.is_unknown("to_port") {
        return None;
    }
    let (from, to) = (attrs.int("from_port"), attrs.int("to_port"));
    let name = protocol(given);
    match name.as_str() {
        "tcp" | "udp" => ports(&name, from, to),
        "icmp" | "icmpv6" => icmp(&name, from, to),
        "-1" => none_but_zero("all traffic (protocol -1)", from, to),
        number if number.parse::<u8>().is_ok() => none_but_zero(&format!("protocol {number}"), from, to),
        _ => Some((
            protocol_name,
            format!("{given:?} is no protocol; expected tcp, udp, icmp, icmpv6, -1 for all, or a number of 0 to 255"),
        )),
    }
}

fn ports(name: &str, from: Option<i32>, to: Option<i32>) -> Option<(&'static str, String)> {
    let (Some(from), Some(to)) = (from, to) else {
        let missing = if from.is_none() { "from_port" } else { "to_port" };
        return Some((missing, format!("{name} needs from_port and to_port; {missing} is missing")));
    };
    let out = |port: i32| !(0..=65535).contains(&port);
    if out(from) || out(to) {
        let (argument, port) = if out(from) { ("from_port", from) } else { ("to_port", to) };
        return Some((argument, format!("{port} is no {name} port; expected 0 to 65535")));
    }
    (from > to).then(|| ("from_port", format!("from_port {from} is above to_port {to}")))
}

fn icmp(name: &str, kind: Option<i32>, code: Option<i32>) -> Option<(&'static str, String)> {
    let (kind, code) = (kind.unwrap_or(-1), code.unwrap_or(-1));
    let out = |n: i32| !(-1..=255).contains(&n);
    if out(kind) {
        return Some(("from_port", format!("{kind} is no {name} type; from_port takes -1 for all, or 0 to 255")));
    }
    if out(code) {
        return Some(("to_port", format!("{code} is no {name} code; to_port takes -1 for all, or 0 to 255")));
    }
    (kind == -1 && code > 0)
        .then(|| ("to_port", format!("{name} with all types (from_port -1) has all codes: to_port must be -1")))
}

fn none_but_zero(what: &str, from: Option<i32>, to: Option<i32>) -> Option<(&'static str, String)> {
    let given = |port: Option<i32>| port.filter(|p| !matches!(p, 0 | -1));
    let argument = if given(from).is_some() { "from_port" } else { "to_port" };
    given(from)
        .or(given(to))
        .map(|port| (argument, format!("{what} has no ports, but {argument} is {port}; expected 0 or nothing")))
}

/// A check of a set of inline blocks: each fits, and none is there twice. All that is wrong is said at once.
pub fn block_set(value: &Value) -> Result<(), String> {
    let blocks: Vec<Attrs> = value.as_elements().unwrap_or(&[]).iter().map(Attrs::from_value).collect();
    let mut wrong: Vec<String> = blocks.iter().filter_map(|block| problem(block, "protocol")).map(|(_, w)| w).collect();
    let mut times: BTreeMap<_, usize> = BTreeMap::new();
    for rule in blocks.iter().flat_map(rules_of) {
        *times.entry(rule).or_default() += 1;
    }
    let twice: Vec<String> = times.iter().filter(|(_, n)| **n > 1).map(|(rule, _)| rule.to_string()).collect();
    if !twice.is_empty() {
        let twice = twice.join("; ");
        wrong.push(format!("given more than once: {twice}; a group takes each rule once, whatever its description"));
    }
    let rules: Rules = expand(value);
    wrong.extend(rules.values().filter_map(|text| description(text).err()));
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("; ")) }
}

/// Checks the inline blocks of a group whose values are only partly known while planning.
pub fn unfinished_block_sets(attrs: &Attrs) -> Vec<(&'static str, String)> {
    let open = |name: &&str| attrs.get(name).is_some_and(|v| !v.is_unknown() && !v.is_wholly_known());
    let sides = ["ingress", "egress"].into_iter().filter(open);
    sides.filter_map(|name| Some((name, block_set(attrs.get(name)?).err()?))).collect()
}

/// The text that EC2 takes beside a rule. API Reference, IpRange: at most 255 characters of a set.
pub fn description(text: &str) -> Result<(), String> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || " ._-:/()#,@[]+=&;{}!$*".contains(c);
    if text.chars().count() > 255 {
        return Err("the description is longer than 255 characters".into());
    }
    match text.chars().find(|c| !allowed(*c)) {
        None => Ok(()),
        Some(c) => Err(format!(
            "the description holds {c:?}; expected letters, digits, spaces and any of ._-:/()#,@[]+=&;{{}}!$*"
        )),
    }
}
