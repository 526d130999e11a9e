//! The ends of traffic that guards name: which objects a text stands for, and which packets of a flow.

use crate::lang::config::{GuardEnd, GuardRule, ModuleNode};
use crate::network::Flow;
use crate::network::space::{Packets, range};
use crate::value::address::Mode;
use crate::value::pattern::fits;

/// The blocks of a layout as addresses without keys of instances.
pub(super) fn blocks(node: &ModuleNode, prefix: &str) -> Vec<String> {
    let of_mode = |mode| if mode == Mode::Data { "data." } else { "" };
    let own = node.module.resources.keys();
    let mut all: Vec<String> =
        own.map(|(mode, type_name, name)| format!("{prefix}{}{type_name}.{name}", of_mode(*mode))).collect();
    for (name, child) in &node.children {
        let prefix = format!("{prefix}module.{name}.");
        all.push(prefix.trim_end_matches('.').to_owned());
        all.extend(blocks(child, &prefix));
    }
    all
}

/// Whether a text of a guard stands for the object at an address. It may leave out keys of instances, and what comes
/// after a module or a block. A pattern without a module is looked for in all modules.
pub(super) fn names(pattern: &str, address: &str) -> bool {
    let without = keyless(address);
    [address, without.as_str()].into_iter().any(|whole| {
        let starts = [whole, resource(whole)].into_iter().take(if pattern.contains('*') { 2 } else { 1 });
        starts.into_iter().any(|text| boundaries(text).any(|end| fits(pattern, &text[..end])))
    })
}

/// Whether a text stands for each instance of one block, rather than for any of several objects.
pub(super) fn is_one_block(pattern: &str) -> bool {
    let without = keyless(pattern);
    !pattern.contains('*') && resource(&without).contains('.')
}

/// The positions of an address with whether they are within the key of an instance.
fn letters(address: &str) -> impl Iterator<Item = (usize, char, bool)> {
    let (mut inside, mut quoted, mut escaped) = (false, false, false);
    address.char_indices().map(move |(at, c)| {
        let within = inside || c == '[';
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' if inside => quoted = !quoted,
            '[' if !quoted => inside = true,
            ']' if !quoted => inside = false,
            _ => {}
        }
        (at, c, within)
    })
}

/// An address without the keys of instances.
fn keyless(address: &str) -> String {
    letters(address).filter(|(.., within)| !within).map(|(_, c, _)| c).collect()
}

/// The ends of the address and of all that it is in.
fn boundaries(address: &str) -> impl Iterator<Item = usize> {
    let mut before = false;
    let starts = letters(address).filter_map(move |(at, c, within)| {
        let begins = within && !before;
        before = within;
        (begins || (c == '.' && !within)).then_some(at)
    });
    starts.chain([address.len()])
}

/// An address without its modules.
fn resource(address: &str) -> &str {
    let mut rest = address;
    while let Some(after) = rest.strip_prefix("module.") {
        let dot = letters(after).find(|(_, c, within)| *c == '.' && !within);
        match dot {
            Some((at, ..)) => rest = &after[at + 1..],
            None => return "",
        }
    }
    rest
}

/// Whether an address is that of something that the layout only looks up.
pub(super) fn is_looked_up(address: &str) -> bool {
    resource(address).starts_with("data.")
}

/// The packets for which an end of a flow is one that a guard names. A flow has the addresses of its far side.
pub(super) fn side(end: &GuardEnd, name: &str, is_far: bool) -> Option<Packets> {
    match end {
        GuardEnd::Internet => (name == "internet").then(Packets::all),
        GuardEnd::Vpn => (name == "vpn").then(Packets::all),
        GuardEnd::Range(text) => range(text).filter(|_| is_far).map(|range| Packets::with_addresses(&range)),
        GuardEnd::Objects(pattern) => names(pattern, name).then(Packets::all),
    }
}

/// Whether the sender of a flow is the far side.
pub(super) fn is_outside(source: &str) -> bool {
    matches!(source, "internet" | "vpn")
}

/// The packets of a flow that a rule is about; nothing where it is about another flow.
pub(super) fn packets(flow: &Flow, rule: &GuardRule) -> Option<Packets> {
    let outside = is_outside(&flow.source);
    let from = side(&rule.from, &flow.source, outside)?;
    let to = side(&rule.to, &flow.destination, !outside)?;
    Some(from.and(&to).and(&Packets::of_ports(&rule.ports)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_stands_for_all_that_is_in_it() {
        let table = [
            ("module.web", "module.web.aws_instance.member[0]", true),
            ("module.web", "module.web[\"a.b\"].aws_instance.member", true),
            ("module.web[\"a.b\"]", "module.web[\"a.b\"].aws_instance.member", true),
            ("module.web[\"a\"]", "module.web[\"a.b\"].aws_instance.member", false),
            ("module.web", "module.website.aws_instance.member", false),
            ("aws_instance.web", "aws_instance.web[\"eu-west-1a\"]", true),
            ("aws_instance.web[0]", "aws_instance.web[1]", false),
            ("aws_instance.web", "aws_instance.web2", false),
            ("aws_instance.web", "module.a.aws_instance.web", false),
            ("aws_db_instance.*", "module.database.aws_db_instance.this", true),
            ("aws_db_instance.*", "module.database.aws_db_subnet_group.this", false),
            ("module.*.aws_instance.web", "module.a[0].aws_instance.web[1]", true),
            ("*", "aws_instance.web", true),
            ("*", "module.a.aws_instance.web[\"x\\\"].y\"]", true),
        ];
        for (pattern, address, expected) in table {
            assert_eq!(names(pattern, address), expected, "{pattern} {address}");
        }
    }

    #[test]
    fn one_block_is_not_several_objects() {
        let table = [
            ("aws_instance.web", true),
            ("module.a[\"b.c\"].aws_instance.web[0]", true),
            ("module.web", false),
            ("module.web[\"a.b\"]", false),
            ("aws_instance.*", false),
        ];
        for (pattern, expected) in table {
            assert_eq!(is_one_block(pattern), expected, "{pattern}");
        }
    }
}
