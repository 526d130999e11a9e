//! Instances of one block as one: a table of flows between blocks is short where one between instances is not.

use crate::plan::reach::{Pair, Row};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// An address without the keys of instances.
pub fn block(address: &str) -> String {
    let (mut out, mut depth, mut quoted, mut escaped) = (String::new(), 0_usize, false, false);
    for c in address.chars() {
        match c {
            _ if std::mem::take(&mut escaped) => {}
            '\\' if quoted => escaped = true,
            '"' if depth > 0 => quoted = !quoted,
            '[' if !quoted => depth += 1,
            ']' if !quoted && depth > 0 => depth -= 1,
            c if depth == 0 => out.push(c),
            _ => {}
        }
    }
    out
}

/// Flows between the instances of two blocks that are alike.
pub struct Folded<'r> {
    /// The first of them.
    pub first: &'r Row,
    /// Where they begin.
    pub from: String,
    /// Where they end.
    pub to: String,
    /// The blocks on the way.
    pub path: Vec<String>,
}

/// The flows, those between instances of the same blocks with the same traffic and the same way only once.
pub fn flows<'r>(rows: &'r [Row], traffic: &dyn Fn(&Row) -> String) -> Vec<Folded<'r>> {
    type Ends<'r> = (BTreeSet<&'r Arc<str>>, BTreeSet<&'r Arc<str>>);
    let mut at: BTreeMap<(String, String, String, bool, Vec<String>), usize> = BTreeMap::new();
    let mut all: Vec<(Folded<'_>, Ends<'r>)> = Vec::new();
    for row in rows {
        let (from, to) = (block(&row.from), block(&row.to));
        let mut path: Vec<String> = row.path.iter().map(|name| block(name)).collect();
        path.dedup();
        let next = all.len();
        let found = *at.entry((from.clone(), to.clone(), traffic(row), row.sure, path.clone())).or_insert(next);
        if found == next {
            all.push((Folded { first: row, from, to, path }, Ends::default()));
        }
        if let Some((_, (froms, tos))) = all.get_mut(found) {
            froms.insert(&row.from);
            tos.insert(&row.to);
        }
    }
    let named = |block: String, instances: BTreeSet<&Arc<str>>| match instances.len() {
        1 => instances.into_iter().next().map_or(block, ToString::to_string),
        count => format!("{block} ({count})"),
    };
    let one = |(folded, (froms, tos)): (Folded<'r>, Ends<'r>)| Folded {
        from: named(folded.from, froms),
        to: named(folded.to, tos),
        ..folded
    };
    all.into_iter().map(one).collect()
}

/// The pairs, each with those between instances of the same blocks that have the same answer in the same way.
pub fn pairs(pairs: &[Pair]) -> Vec<(&Pair, Vec<&Pair>)> {
    let story = |pair: &Pair| {
        let path = pair.path.iter().map(|step| block(&step.address));
        let stops = pair.obstacles.iter().map(|stop| block(&stop.address));
        (pair.answer, block(&pair.from), block(&pair.to), path.chain(stops).collect::<Vec<String>>())
    };
    let mut all: Vec<(&Pair, Vec<&Pair>)> = Vec::new();
    for pair in pairs {
        let own = story(pair);
        match all.iter_mut().find(|(first, _)| story(first) == own) {
            Some((_, same)) => same.push(pair),
            None => all.push((pair, Vec::new())),
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_without_keys_is_its_block() {
        for (address, of) in [
            ("internet", "internet"),
            ("aws_vpc.a", "aws_vpc.a"),
            ("module.a[\"x]\\\"y\"].aws_subnet.b[0]", "module.a.aws_subnet.b"),
            ("layouts/a:aws_subnet.b[\"k\"] (old, 0)", "layouts/a:aws_subnet.b (old, 0)"),
        ] {
            assert_eq!(block(address), of);
        }
    }
}
