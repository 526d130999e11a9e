//! Boxes with lines of text that fit into them: things, rooms and neighbours.

use super::Touch;
use super::floors::{Cell, Kind, Node, Picture};
use super::names::{Name, cut};
use super::place::{Area, Shape, Text};
use crate::network::scene::{Neighbour, NeighbourKind, ThingKind};

/// Room for a box: its corner and its width.
#[derive(Debug, Clone, Copy)]
pub(super) struct Gap {
    pub(super) x: i32,
    pub(super) y: i32,
    pub(super) w: i32,
}

/// So many lines of what a thing takes are shown.
const TAKES: usize = 5;
const LINE: i32 = 15;
/// In a box that is not as wide, lines begin below the icon.
const NARROW: i32 = 170;

/// A thing in a subnet, or across several.
pub(super) fn node_box(node: &Node, class: &'static str, gap: Gap) -> (Shape, Area) {
    let mut texts = vec![Text::new(30, 19, "name", cut(&node.title, gap.w - 38, 13, true))];
    let mut y = if gap.w < NARROW { 22 } else { 19 };
    let left = if gap.w < NARROW { 8 } else { 30 };
    let mut line = |class: &'static str, text: &str| {
        y += LINE;
        let text = cut(text, gap.w - left - 8, 12, class == "mark" || class == "alarm-line");
        texts.push(Text::new(left, y, class, text));
    };
    if !node.details.is_empty() {
        line("small", &node.details);
    }
    let mut takes: Vec<&(Kind, String, bool)> = node.takes.iter().collect();
    takes.sort_by_key(|(kind, _, is_new)| (!is_new, *kind));
    for (kind, words, is_new) in takes.iter().take(TAKES) {
        let class = match (kind, is_new) {
            (Kind::Internet, true) => "alarm-line",
            (_, true) => "mark",
            (Kind::Internet, false) => "from-internet",
            (Kind::Vpn, false) => "from-vpn",
            (Kind::Inside, false) => "from-inside",
        };
        line(class, words);
    }
    if takes.len() > TAKES {
        line("small", &format!("and {} more", takes.len() - TAKES));
    }
    if let Some(touch) = node.touch {
        let words =
            if node.waves.is_empty() { touch.word().to_owned() } else { format!("{}, {}", touch.word(), node.waves) };
        line("mark", &words);
    }
    let area = Area { x: gap.x, y: gap.y, w: gap.w, h: y + 9 };
    let alarm = node.takes.iter().any(|(kind, _, is_new)| *is_new && *kind == Kind::Internet);
    let about: Vec<&str> = node.addresses.iter().map(|address| &**address).collect();
    let icon = Some((icon(node.kind), 7, 7));
    (Shape::Box { class, area, round: 5, touch: node.touch, alarm, icon, about: about.join("\n"), texts }, area)
}

fn icon(kind: ThingKind) -> &'static str {
    match kind {
        ThingKind::Balancer => "balancer",
        ThingKind::Nat => "nat",
        ThingKind::Server | ThingKind::Card => "server",
        ThingKind::Scaling => "servers",
        ThingKind::Database | ThingKind::Files => "database",
        ThingKind::Cache => "cache",
        ThingKind::Endpoint => "endpoint",
        ThingKind::Containers | ThingKind::Function | ThingKind::Other => "service",
    }
}

/// A subnet. What is in it lies before the arrows.
pub(super) fn room_box(
    picture: &Picture,
    cell: &Cell,
    gap: Gap,
    (front, areas): (&mut Vec<Shape>, &mut Vec<Option<Area>>),
) -> (Shape, Area) {
    let most = gap.w - 18;
    let mut texts = vec![Text::new(9, 17, "room-name", cut(&cell.title, most, 12, true))];
    let mut y = 17;
    for line in &cell.lines {
        y += LINE;
        texts.push(Text::new(9, y, "small", cut(line, most, 12, false)));
    }
    if let Some(touch) = cell.touch {
        y += LINE;
        texts.push(Text::new(9, y, "mark", cut(touch.word(), most, 12, true)));
    }
    if let Some(folded) = &cell.folded {
        y += LINE;
        texts.push(Text::new(9, y, "small", cut(folded, most, 12, false)));
    }
    y += 8;
    for node in cell.chips.iter().filter(|node| !picture.nodes[**node].hidden) {
        let (shape, area) = node_box(&picture.nodes[*node], "chip", Gap { x: gap.x + 8, y: gap.y + y, w: gap.w - 16 });
        front.push(shape);
        areas[*node] = Some(area);
        y = area.y + area.h + 6 - gap.y;
    }
    let area = Area { x: gap.x, y: gap.y, w: gap.w, h: y + 2 };
    let about = format!("{}: {}", cell.address, cell.lines.join(", "));
    (Shape::Box { class: "room", area, round: 3, touch: cell.touch, alarm: false, icon: None, about, texts }, area)
}

/// Something outside.
pub(super) fn neighbour_box((neighbour, name, touch): &(Neighbour, Name, Option<Touch>), gap: Gap) -> (Shape, Area) {
    let most = gap.w - 42;
    let (icon, kind) = match neighbour.kind {
        NeighbourKind::Site => ("site", "site"),
        NeighbourKind::Transit => ("transit", "transit gateway"),
        NeighbourKind::Peering => ("peering", "peering"),
        NeighbourKind::Service => ("endpoint", "service of AWS"),
    };
    let title = match neighbour.kind {
        NeighbourKind::Service => neighbour.details.first().cloned().unwrap_or_else(|| name.whole()),
        _ => name.whole(),
    };
    let mut texts = vec![Text::new(34, 20, "name", cut(&title, most, 13, true))];
    let mut lines = vec![kind.to_owned()];
    if neighbour.kind != NeighbourKind::Service {
        lines.extend(neighbour.details.iter().take(4).cloned());
        lines.extend((neighbour.details.len() > 4).then(|| format!("and {} more", neighbour.details.len() - 4)));
    }
    let mut y = 20;
    for line in lines {
        y += LINE;
        texts.push(Text::new(34, y, "small", cut(&line, most, 12, false)));
    }
    if let Some(touch) = touch {
        y += LINE;
        texts.push(Text::new(34, y, "mark", touch.word()));
    }
    let area = Area { x: gap.x, y: gap.y, w: gap.w, h: y + 10 };
    let about = neighbour.address.to_string();
    let icon = Some((icon, 9, 9));
    (Shape::Box { class: "neighbour", area, round: 8, touch: *touch, alarm: false, icon, about, texts }, area)
}
