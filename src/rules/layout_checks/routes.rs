//! Routes of one table that more than one resource gives.

use super::{Groups, TABLE, World, between, names};
use crate::diag::Diagnostics;
use crate::schema::Attrs;
use std::collections::BTreeMap;

/// The destination of a route, in one spelling.
fn destination(route: &Attrs, names: [&str; 3]) -> Option<String> {
    let text = names.into_iter().find_map(|name| route.str(name).filter(|t| !t.is_empty()))?;
    Some(text.parse::<ipnet::IpNet>().map_or_else(|_| text.to_owned(), |net| net.trunc().to_string()))
}

const INLINE: [&str; 3] = ["cidr_block", "ipv6_cidr_block", "destination_prefix_list_id"];
const SEPARATE: [&str; 3] = ["destination_cidr_block", "destination_ipv6_cidr_block", "destination_prefix_list_id"];

/// Tables whose routes are given inline and separately, and destinations that are given twice.
pub fn check(world: &World<'_>) -> Diagnostics {
    let mut separate: Groups<'_, String> = BTreeMap::new();
    let mut same: Groups<'_, (String, String)> = BTreeMap::new();
    for i in world.of_type("aws_route") {
        let Some(table) = world.key(i, "route_table_id", &TABLE) else { continue };
        if let Some(to) = destination(i.attrs, SEPARATE) {
            same.entry((table.clone(), to)).or_default().push(i);
        }
        separate.entry(table).or_default().push(i);
    }
    let mut found = Diagnostics::new();
    for (key, owner) in world.owners(&TABLE) {
        if !owner.gives("route") {
            continue;
        }
        let inline: Vec<String> = owner.config.blocks("route").iter().filter_map(|r| destination(r, INLINE)).collect();
        let twice = inline.iter().enumerate().find(|(n, to)| inline[..*n].contains(to));
        if let Some((_, to)) = twice {
            let detail = format!("{} gives {to} to more than one target.", owner.address);
            found.push(
                between(&[owner], "A route table has two routes to one destination", detail)
                    .hint("Keep one of the route blocks; AWS takes one route per destination."),
            );
        }
        if let Some(others) = separate.get(&key) {
            let both = others.iter().filter_map(|i| destination(i.attrs, SEPARATE)).find(|to| inline.contains(to));
            let also = both.map_or_else(String::new, |to| format!(" {to} is there in both."));
            let detail = format!(
                "{} gives its routes inline, so it takes away every other; {} {} more for the same table.{also}",
                owner.address,
                names(others),
                if others.len() == 1 { "gives one" } else { "give some" },
            );
            found.push(
                between(others, "Routes of one table are given inline and separately", detail)
                    .hint(format!("Write all its routes as route blocks of {}.", owner.address))
                    .hint("Or remove the route blocks there and give each route as aws_route."),
            );
        }
    }
    for ((_, to), others) in same.iter().filter(|(_, others)| others.len() > 1) {
        let detail = format!("{} give the same table a route to {to}.", names(others));
        found.push(
            between(others, "A route table has two routes to one destination", detail)
                .hint("Remove one of them; AWS takes one route per destination."),
        );
    }
    found
}
