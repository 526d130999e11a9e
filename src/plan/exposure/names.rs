//! Names of ends for a reviewer: short where that is clear, and instances of one block together.

use crate::plan::services::short;
use crate::value::address::parse_instance;
use std::collections::{BTreeMap, BTreeSet};

/// The short names of objects; those that share one have their addresses instead.
pub(super) struct Names {
    by_address: BTreeMap<String, String>,
}

impl Names {
    /// The names of all objects that are shown beside each other.
    pub(super) fn of<'a>(addresses: impl IntoIterator<Item = &'a str>) -> Self {
        let all: BTreeSet<&str> = addresses.into_iter().collect();
        let mut with_name: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        for address in all {
            with_name.entry(plain(address)).or_default().push(address);
        }
        let mut by_address = BTreeMap::new();
        for (name, addresses) in with_name {
            let alone = addresses.len() == 1;
            for address in addresses {
                let shown = if alone { name.clone() } else { address.to_owned() };
                by_address.insert(address.to_owned(), shown);
            }
        }
        Names { by_address }
    }

    /// The name of an object.
    pub(super) fn name(&self, address: &str) -> String {
        self.by_address.get(address).cloned().unwrap_or_else(|| plain(address))
    }

    /// The names of objects, instances of one block together: `web[0..2], jump`.
    pub(super) fn all<'a>(&self, addresses: impl IntoIterator<Item = &'a str>) -> String {
        folded(addresses.into_iter().map(|address| self.name(address)))
    }
}

/// The short name of an object by its address; the text itself where it is not an address.
pub(super) fn plain(address: &str) -> String {
    parse_instance(address).map_or_else(|_| address.to_owned(), |address| short(&address))
}

/// Names with the keys of one block together.
fn folded(names: impl IntoIterator<Item = String>) -> String {
    let mut blocks: BTreeMap<String, Option<BTreeSet<(Option<u64>, String)>>> = BTreeMap::new();
    for name in names {
        match name.strip_suffix(']').and_then(|rest| rest.rsplit_once('[')) {
            Some((base, key)) => {
                let keys = blocks.entry(base.to_owned()).or_insert_with(|| Some(BTreeSet::new()));
                keys.get_or_insert_default().insert((key.parse().ok(), key.to_owned()));
            }
            None => {
                blocks.entry(name).or_insert(None);
            }
        }
    }
    let block = |(base, keys): (String, Option<BTreeSet<(Option<u64>, String)>>)| match keys {
        Some(keys) => format!("{base}[{}]", keyed(&keys)),
        None => base,
    };
    blocks.into_iter().map(block).collect::<Vec<_>>().join(", ")
}

/// Keys in order, numbers that follow each other as a range.
fn keyed(keys: &BTreeSet<(Option<u64>, String)>) -> String {
    let mut runs: Vec<(u64, u64)> = Vec::new();
    for number in keys.iter().filter_map(|(number, _)| *number) {
        match runs.last_mut() {
            Some((_, last)) if last.checked_add(1) == Some(number) => *last = number,
            _ => runs.push((number, number)),
        }
    }
    let run = |(first, last): (u64, u64)| match first == last {
        true => first.to_string(),
        false => format!("{first}..{last}"),
    };
    let texts = keys.iter().filter(|(number, _)| number.is_none()).map(|(_, text)| text.clone());
    runs.into_iter().map(run).chain(texts).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instances_of_one_block_are_one_name() {
        let fold = |names: &[&str]| folded(names.iter().map(|name| (*name).to_owned()));
        assert_eq!(fold(&["web[2]", "web[0]", "web[1]", "jump"]), "jump, web[0..2]");
        assert_eq!(fold(&["web[0]", "web[2]", "web[9]", "web[10]"]), "web[0, 2, 9..10]");
        assert_eq!(fold(&["web[b]", "web[a]"]), "web[a, b]");
        assert_eq!(fold(&["web[3]"]), "web[3]");
    }

    #[test]
    fn objects_that_share_a_name_have_their_addresses() {
        let names = Names::of(["aws_lb.web", "module.a.aws_instance.this[0]", "aws_instance.web", "aws_instance.jump"]);
        assert_eq!(names.name("aws_lb.web"), "aws_lb.web");
        assert_eq!(names.name("module.a.aws_instance.this[0]"), "a[0]");
        assert_eq!(names.all(["aws_instance.jump", "aws_instance.web"]), "aws_instance.web, jump");
    }
}
