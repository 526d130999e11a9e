//! The picture as the source of a diagram for pull requests, in at most 49 nodes: a row of subnets is one node unless
//! something that matters is in it, and what is left over is counted.

use super::floors::{Kind, Link, Node, Picture, Row};
use super::{Touch, counted};
use crate::network::scene::DoorKind;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// The most nodes that a diagram has.
const MOST: usize = 49;

/// A node of the diagram: things with one label in one row.
#[derive(Debug)]
struct Mark {
    house: usize,
    text: String,
    touch: Option<Touch>,
    nodes: Vec<usize>,
}

pub(super) fn write(picture: &Picture) -> String {
    let mut out = String::from("flowchart TB\n");
    let outside = picture.neighbours.len().min(12);
    let has_internet = picture.links.iter().any(|link| link.kind == Kind::Internet)
        || picture.houses.iter().any(|house| house.doors.iter().any(|(door, _)| door.kind == DoorKind::Internet));
    let has_vpn = picture.links.iter().any(|link| link.kind == Kind::Vpn);
    let spare = MOST - outside - usize::from(has_internet) - usize::from(has_vpn);
    let (marks, left_out) = marks(picture, spare);
    if has_internet {
        out.push_str("  internet((Internet))\n");
    }
    if has_vpn {
        out.push_str("  vpn((VPN))\n");
    }
    for (at, house) in picture.houses.iter().enumerate() {
        let _ = writeln!(out, "  subgraph h{at}[{}]", quoted(&format!("{} {}", house.name, house.ranges)));
        for (i, mark) in marks.iter().enumerate().filter(|(_, mark)| mark.house == at) {
            let _ = writeln!(out, "    n{i}[{}]{}", quoted(&mark.text), class(mark.touch));
        }
        out.push_str("  end\n");
    }
    for (at, (neighbour, name, touch)) in picture.neighbours.iter().enumerate().take(outside) {
        let mut words = vec![name.whole()];
        words.extend(neighbour.details.iter().take(2).cloned());
        let _ = writeln!(out, "  o{at}[{}]{}", quoted(&words.join(" · ")), class(*touch));
    }
    edges(&mut out, picture, &marks, outside);
    let beyond = picture.neighbours.len() - outside;
    for (count, what) in [(left_out, "more part of the network"), (beyond, "more neighbour")] {
        if count > 0 {
            let _ = writeln!(out, "  %% {} not shown", counted(count, what));
        }
    }
    if picture.is_change {
        out.push_str(
            "  classDef new stroke:#116329,stroke-width:3px\n  classDef changed stroke:#b58900,stroke-width:3px\n  \
             classDef replaced stroke:#6b2c91,stroke-width:3px,stroke-dasharray:8 3\n  \
             classDef removed stroke:#a40e26,stroke-width:3px,stroke-dasharray:3 3\n",
        );
    }
    out
}

/// The nodes, those that change first if there are too many, and how many are left out.
fn marks(picture: &Picture, most: usize) -> (Vec<Mark>, usize) {
    let mut all = Vec::new();
    for (at, house) in picture.houses.iter().enumerate() {
        for row in &house.rows {
            let mut groups: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
            let chips = row.cells.iter().flatten().flat_map(|cell| &cell.chips);
            for node in row.wide.iter().chain(chips).filter(|node| !picture.nodes[**node].hidden) {
                groups.entry(&picture.nodes[*node].label).or_default().push(*node);
            }
            all.push(of_row(at, row, &groups, &picture.nodes));
            all.extend(groups.into_iter().map(|(label, nodes)| of_things(at, label, nodes, &picture.nodes)));
        }
    }
    if all.len() <= most {
        return (all, 0);
    }
    let mut order: Vec<usize> = (0..all.len()).collect();
    let linked = |mark: &Mark| picture.links.iter().any(|link| mark.nodes.contains(&link.to));
    order.sort_by_key(|at| {
        let mark = &all[*at];
        (mark.touch.is_none(), !linked(mark), mark.nodes.is_empty(), *at)
    });
    let kept: BTreeSet<usize> = order.into_iter().take(most).collect();
    let left_out = all.len() - kept.len();
    let all = all.into_iter().enumerate().filter(|(at, _)| kept.contains(at)).map(|(_, mark)| mark).collect();
    (all, left_out)
}

fn of_row(house: usize, row: &Row, groups: &BTreeMap<&str, Vec<usize>>, nodes: &[Node]) -> Mark {
    let rooms = row.cells.iter().flatten().count();
    let tier = row.tier.map_or("", |tier| tier.name());
    let name = if row.name == tier || tier.is_empty() { row.name.clone() } else { format!("{} ({tier})", row.name) };
    let mut text = format!("{name}: {}", row.folded.clone().unwrap_or_else(|| counted(rooms, "subnet")));
    let silent = groups.values().flatten().filter(|node| nodes[**node].takes.is_empty()).count();
    if silent == 0 && !row.way_out.is_empty() && row.folded.is_none() {
        text.push_str(&format!(", {}", row.way_out));
    }
    let touch = row.cells.iter().flatten().filter_map(|cell| cell.touch).max();
    Mark { house, text, touch, nodes: Vec::new() }
}

fn of_things(house: usize, label: &str, own: Vec<usize>, nodes: &[Node]) -> Mark {
    let count: usize = own.iter().map(|node| nodes[*node].addresses.len()).sum();
    let touch = own.iter().filter_map(|node| nodes[*node].touch).max();
    let mut text = if count == 1 { label.to_owned() } else { format!("{label} ×{count}") };
    let details = &nodes[own[0]].details;
    if !details.is_empty() && own.len() == 1 {
        text.push_str(&format!(" · {details}"));
    }
    if let Some(touch) = touch {
        text.push_str(&format!(" · {}", touch.word()));
    }
    Mark { house, text, touch, nodes: own }
}

fn edges(out: &mut String, picture: &Picture, marks: &[Mark], outside: usize) {
    let of = |node: usize| marks.iter().position(|mark| mark.nodes.contains(&node));
    let mut drawn: BTreeMap<(String, usize), (bool, bool, Kind)> = BTreeMap::new();
    for Link { kind, from, to, sure, is_new } in &picture.links {
        let start = match (kind, from) {
            (Kind::Internet, _) => Some("internet".to_owned()),
            (Kind::Vpn, _) => Some("vpn".to_owned()),
            (_, from) => from.and_then(of).map(|at| format!("n{at}")),
        };
        let (Some(start), Some(end)) = (start, of(*to)) else { continue };
        let known = drawn.entry((start, end)).or_insert((true, false, *kind));
        *known = (known.0 && *sure, known.1 || *is_new, *kind);
    }
    let mut red = Vec::new();
    for (at, ((start, end), (sure, is_new, kind))) in drawn.into_iter().enumerate() {
        let arrow = match (sure, is_new) {
            (_, true) => "==>|new|",
            (true, false) => "-->",
            (false, false) => "-.->",
        };
        let _ = writeln!(out, "  {start} {arrow} n{end}");
        if is_new && kind == Kind::Internet {
            red.push(at.to_string());
        }
    }
    for (at, house) in picture.houses.iter().enumerate() {
        let to: BTreeSet<usize> = house.doors.iter().flat_map(|(door, _)| &door.to).copied().collect();
        for neighbour in to.into_iter().filter(|to| *to < outside) {
            let _ = writeln!(out, "  h{at} --- o{neighbour}");
        }
    }
    for (at, (neighbour, ..)) in picture.neighbours.iter().enumerate().take(outside) {
        if let Some(through) = neighbour.through.filter(|through| *through < outside) {
            let _ = writeln!(out, "  o{through} --- o{at}");
        }
    }
    if !red.is_empty() {
        let _ = writeln!(out, "  linkStyle {} stroke:#c21818,stroke-width:4px", red.join(","));
    }
}

fn class(touch: Option<Touch>) -> String {
    touch.map(|touch| format!(":::{}", touch.word())).unwrap_or_default()
}

/// A text as Mermaid takes it: what would be markup there is written by number.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.trim().chars() {
        match c {
            '"' | '#' | '<' | '>' | '&' | '`' | ';' => {
                let _ = write!(out, "#{};", u32::from(c));
            }
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
