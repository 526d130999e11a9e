//! Checks of security group rules before any call.

use super::{Attrs, rules_of};
use crate::schema::checks;
use crate::schema::normal::protocol;
use crate::value::Value;
use std::collections::BTreeMap;

/// All that is wrong with protocol and ports, and what was expected. Unknown parts are not judged.
pub fn problems(attrs: &Attrs, protocol_name: &'static str) -> Vec<(&'static str, String)> {
    let Some(given) = attrs.str(protocol_name) else { return Vec::new() };
    if attrs.is_unknown("from_port") || attrs.is_unknown("to_port") {
        return Vec::new();
    }
    let (from, to) = (attrs.int("from_port"), attrs.int("to_port"));
    let name = protocol(given);
    match name.as_str() {
        "tcp" | "udp" => ports(&name, from, to),
        "icmp" | "icmpv6" => icmp(&name, from, to),
        "-1" => none_but_zero("all traffic (protocol -1)", from, to),
        number if number.parse::<u8>().is_ok() => none_but_zero(&format!("protocol {number}"), from, to),
        _ => vec![(
            protocol_name,
            format!(
                "{given:?} is not a valid protocol; expected tcp, udp, icmp, icmpv6, -1 for all, or a number of 0 to 255"
            ),
        )],
    }
}

fn both(
    from: Option<i32>,
    to: Option<i32>,
    wrong: impl Fn(&'static str, Option<i32>) -> Option<String>,
) -> Vec<(&'static str, String)> {
    let ends = [("from_port", from), ("to_port", to)];
    ends.into_iter().filter_map(|(name, port)| Some((name, wrong(name, port)?))).collect()
}

fn ports(name: &str, from: Option<i32>, to: Option<i32>) -> Vec<(&'static str, String)> {
    let mut wrong = both(from, to, |argument, port| match port {
        None => Some(format!("{name} needs from_port and to_port; {argument} is missing")),
        Some(port) if !(0..=65535).contains(&port) => {
            Some(format!("{port} is not a valid {name} port; expected 0 to 65535"))
        }
        Some(_) => None,
    });
    if let (Some(from), Some(to), true) = (from, to, wrong.is_empty())
        && from > to
    {
        wrong.push(("from_port", format!("from_port {from} is above to_port {to}")));
    }
    wrong
}

fn icmp(name: &str, kind: Option<i32>, code: Option<i32>) -> Vec<(&'static str, String)> {
    let mut wrong = both(kind, code, |argument, number| {
        let number = number.filter(|n| !(-1..=255).contains(n))?;
        let what = if argument == "from_port" { "type" } else { "code" };
        Some(format!("{number} is not a valid {name} {what}; {argument} takes -1 for all, or 0 to 255"))
    });
    if wrong.is_empty() && kind.unwrap_or(-1) == -1 && code.unwrap_or(-1) > 0 {
        wrong.push(("to_port", format!("{name} with all types (from_port -1) has all codes: to_port must be -1")));
    }
    wrong
}

fn none_but_zero(what: &str, from: Option<i32>, to: Option<i32>) -> Vec<(&'static str, String)> {
    both(from, to, |argument, port| {
        let port = port.filter(|p| !matches!(p, 0 | -1))?;
        Some(format!("{what} has no ports, but {argument} is {port}; expected 0 or nothing"))
    })
}

/// All that is wrong with an inline block. The rows of a block check their own values.
pub fn inline_block(block: &Attrs) -> Vec<(&'static str, String)> {
    let missing = checks::missing(block, &["from_port", "protocol", "to_port"]);
    if missing.is_empty() { problems(block, "protocol") } else { missing }
}

/// A check of a set of inline blocks: none is there twice.
pub fn block_set(value: &Value) -> Result<(), String> {
    let blocks: Vec<Attrs> = value.as_elements().unwrap_or(&[]).iter().map(Attrs::from_value).collect();
    let mut times: BTreeMap<_, usize> = BTreeMap::new();
    for rule in blocks.iter().flat_map(rules_of) {
        *times.entry(rule).or_default() += 1;
    }
    let twice = times.iter().filter(|(_, n)| **n > 1);
    checks::all(twice.map(|(rule, _)| {
        format!("given more than once: {rule}; a group takes each rule once, whatever its description")
    }))
}

/// Checks the inline blocks of a group whose values are only partly known while planning.
pub fn unfinished_block_sets(attrs: &Attrs) -> Vec<(&'static str, String)> {
    let open = |name: &&str| attrs.get(name).is_some_and(|v| !v.is_unknown() && !v.is_wholly_known());
    let sides = ["ingress", "egress"].into_iter().filter(open);
    let wrong = sides.filter_map(|name| Some((name, block_set(attrs.get(name)?).err()?)));
    let each = |(name, all): (&'static str, String)| {
        all.split(checks::NEXT).map(|wrong| (name, wrong.to_owned())).collect::<Vec<_>>()
    };
    wrong.flat_map(each).collect()
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
