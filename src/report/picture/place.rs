//! Gives everything in the picture its place, in whole pixels.

use super::Touch;
use super::boxes::{Gap, neighbour_box, node_box, room_box};
use super::floors::{Kind, Picture, Row, Storeys};
use super::names::{cut, width};
use super::route::{Leg, Routes, Spot};
use super::wires::Wires;
use crate::network::scene::DoorKind;

/// An area.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Area {
    pub(super) x: i32,
    pub(super) y: i32,
    pub(super) w: i32,
    pub(super) h: i32,
}

/// A line of text, from the corner of what it is in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Text {
    pub(super) x: i32,
    pub(super) y: i32,
    pub(super) class: &'static str,
    pub(super) end: bool,
    pub(super) text: String,
}

impl Text {
    pub(super) fn new(x: i32, y: i32, class: &'static str, text: impl Into<String>) -> Self {
        Text { x, y, class, end: false, text: text.into() }
    }
}

/// Something on the sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Shape {
    /// A box with its texts.
    Box {
        class: &'static str,
        area: Area,
        round: i32,
        touch: Option<Touch>,
        alarm: bool,
        icon: Option<(&'static str, i32, i32)>,
        about: String,
        texts: Vec<Text>,
    },
    /// A line, with a head or without.
    Line { class: String, path: String, head: bool },
    /// A shape of its own.
    Path { class: &'static str, path: String },
    /// A text of its own.
    Text(Text),
}

/// The whole sheet, from the back to the front.
#[derive(Debug, Default)]
pub(super) struct Sheet {
    pub(super) width: i32,
    pub(super) height: i32,
    pub(super) shapes: Vec<Shape>,
}

/// The widest sheet.
const WIDEST: i32 = 1600;
const MARGIN: i32 = 24;
/// The left part of a house, where rows have their names.
const GUTTER: i32 = 144;
const ROOF: i32 = 52;
const ZONES: i32 = 24;
/// Between the right wall and the neighbours.
const YARD: i32 = 118;
const NEIGHBOUR: i32 = 214;
const STREET: i32 = 30;
/// From one track to the next.
const TRACK: i32 = 7;

/// A house with its measures.
pub(super) struct Frame {
    pub(super) area: Area,
    pub(super) lane: i32,
    pub(super) column: i32,
    /// The channel above each row, and the one below the last: top and height.
    pub(super) channels: Vec<(i32, i32)>,
    /// The gate in the roof.
    pub(super) gate: i32,
    /// The first door that leads to sites, and the first one to other VPCs.
    pub(super) side_doors: [Option<i32>; 2],
    side: i32,
}

impl Frame {
    /// The left edge of a column's lane.
    pub(super) fn column_at(&self, column: usize) -> i32 {
        self.area.x + GUTTER + column as i32 * self.column
    }

    /// The place of a track in a leg.
    pub(super) fn track(&self, leg: Leg, track: usize) -> i32 {
        let offset = 9 + TRACK * track as i32;
        match leg {
            Leg::Lane(column) => self.column_at(column) + offset,
            Leg::Channel(row) => self.channels[row].0 + offset,
            Leg::Side => self.area.x + self.area.w - self.side + offset,
        }
    }
}

impl Sheet {
    pub(super) fn of(picture: &Picture) -> Self {
        let spots = spots(picture);
        let mut sheet = Sheet::default();
        let has_neighbours = !picture.neighbours.is_empty();
        let beside = if has_neighbours { YARD + NEIGHBOUR } else { 0 };
        let most = WIDEST - 2 * MARGIN - beside;
        let columns = |house: &Storeys| house.zones.len() as i32;
        let widest = picture.houses.iter().map(columns).max().unwrap_or(0);
        let column = |columns: i32, side: i32| ((most - GUTTER - side) / columns.max(1)).clamp(150, 340);
        // At least two thirds of a column are for its rooms, and more of a narrow one.
        let room = column(widest, 40);
        let tracks = ((room / if room < 240 { 4 } else { 3 } - 12) / TRACK).max(2);
        let routes = Routes::of(picture, &spots, tracks as usize);
        let sides = (0..picture.houses.len()).map(|at| breadth(routes.width(at, Leg::Side)));
        let side = sides.max().unwrap_or(0).max(8);
        let across = |columns: i32| GUTTER + side + columns * column(columns, side);
        let inner = picture.houses.iter().map(|house| across(columns(house)).max(520)).max().unwrap_or(0);
        sheet.width = (2 * MARGIN + inner + beside).max(640);
        let mut y = sheet.head(picture);
        let neighbours_at = MARGIN + inner + if widest == 0 { 0 } else { YARD };
        let mut placed: Vec<Option<Area>> = vec![None; picture.neighbours.len()];
        let mut cursor = y;
        for (at, house) in picture.houses.iter().enumerate() {
            let lane = breadth(routes.widest_lane(at)).max(12);
            let area = Area { x: MARGIN, y: y + if has_gate(house) { STREET + 14 } else { 0 }, w: inner, h: 0 };
            let column = column(columns(house), side);
            let mut frame =
                Frame { area, lane, column, channels: Vec::new(), gate: 0, side_doors: [None; 2], side: side.max(8) };
            let mut front = Vec::new();
            let mut areas = vec![None; picture.nodes.len()];
            let mut back = sheet.rows(picture, (at, house), &mut frame, &routes, (&mut front, &mut areas));
            cursor = cursor.max(frame.area.y + ROOF);
            let mut wires = Wires::default();
            let doors = sheet.doors(picture, house, &mut frame, (neighbours_at, &mut cursor), &mut placed, &mut wires);
            sheet.house(house, &mut frame);
            sheet.shapes.append(&mut back);
            wires.trips(picture, &routes, at, &frame, &spots, &areas);
            sheet.shapes.append(&mut wires.shapes);
            sheet.shapes.append(&mut front);
            sheet.shapes.extend(doors);
            y = frame.area.y + frame.area.h + 30;
        }
        sheet.rest(picture, neighbours_at, &mut cursor, &mut placed);
        y = y.max(cursor);
        sheet.legend(picture, y);
        sheet
    }

    /// The title. Gives where the picture begins.
    fn head(&mut self, picture: &Picture) -> i32 {
        let most = self.width - 2 * MARGIN;
        self.shapes.push(Shape::Text(Text::new(MARGIN, 44, "headline", cut(&picture.title, most, 26, true))));
        self.shapes.push(Shape::Text(Text::new(MARGIN, 66, "quiet", cut(&picture.subtitle, most, 13, false))));
        86
    }

    /// The rows of a house. Gives what lies behind the arrows; what lies before them is added to the front.
    fn rows(
        &self,
        picture: &Picture,
        (at, house): (usize, &Storeys),
        frame: &mut Frame,
        routes: &Routes,
        (front, areas): (&mut Vec<Shape>, &mut Vec<Option<Area>>),
    ) -> Vec<Shape> {
        let mut back = Vec::new();
        let mut y = frame.area.y + ROOF + ZONES;
        for (i, row) in house.rows.iter().enumerate() {
            let channel = breadth(routes.width(at, Leg::Channel(i)));
            frame.channels.push((y, channel));
            y += channel;
            let (x, w) = (frame.area.x + 8, frame.area.w - 16);
            let top = y;
            let mut inside = Vec::new();
            if row.folded.is_none() {
                y += 8;
                for node in &row.wide {
                    let (first, last) = ends(&picture.nodes[*node].columns);
                    let left = frame.column_at(first) + 2;
                    let gap = Gap { x: left, y, w: frame.column_at(last) + frame.column - 6 - left };
                    let (shape, area) = node_box(&picture.nodes[*node], "bar", gap);
                    front.push(shape);
                    areas[*node] = Some(area);
                    y = area.y + area.h + 8;
                }
                let mut deepest = y;
                for (column, cells) in row.cells.iter().enumerate() {
                    let mut at = y;
                    for cell in cells {
                        let gap =
                            Gap { x: frame.column_at(column) + frame.lane, y: at, w: frame.column - frame.lane - 6 };
                        let (shape, area) = room_box(picture, cell, gap, (front, areas));
                        inside.push(shape);
                        at = area.y + area.h + 8;
                    }
                    deepest = deepest.max(at);
                }
                y = deepest.max(top + 68);
            } else {
                y += 34;
            }
            back.push(band(row, Area { x, y: top, w, h: y - top }));
            back.append(&mut inside);
        }
        let channel = breadth(routes.width(at, Leg::Channel(house.rows.len())));
        frame.channels.push((y, channel));
        frame.area.h = y + channel.max(10) - frame.area.y;
        back
    }

    /// The walls, the roof and the names of the zones. They lie behind all that is in the house.
    fn house(&mut self, house: &Storeys, frame: &mut Frame) {
        let Area { x, y, w, h } = frame.area;
        let name = cut(&house.name, w / 2 - 60, 17, true);
        let mut texts = vec![Text::new(44, 26, "house-name", name)];
        texts.push(Text::new(44, 43, "quiet", cut(&format!("VPC {}", house.ranges), w / 2 - 60, 13, false)));
        let slope = 30;
        let roof = format!("M{x},{} l{slope},-{ROOF} h{} l{slope},{ROOF} z", y + ROOF, w - 2 * slope);
        self.shapes.push(Shape::Box {
            class: "house",
            area: Area { x, y: y + ROOF, w, h: h - ROOF },
            round: 0,
            touch: house.touch,
            alarm: false,
            icon: None,
            about: house.address.to_string(),
            texts: Vec::new(),
        });
        self.shapes.push(Shape::Path { class: "roof", path: roof });
        texts.iter_mut().for_each(|text| {
            text.x += x;
            text.y += y;
        });
        self.shapes.extend(texts.into_iter().map(Shape::Text));
        let mut gates = Vec::new();
        for (door, touch) in house.doors.iter().filter(|(door, _)| is_gate(door.kind)) {
            let label = gate_name(door.kind);
            let wide = width(label, 12, false) + 20;
            gates.push((label, wide, *touch, door.address.clone()));
        }
        let mut left = x + w - slope - 12;
        for (label, wide, touch, address) in gates.into_iter().rev() {
            left -= wide + 10;
            self.shapes.push(Shape::Box {
                class: "gate",
                area: Area { x: left, y: y + 14, w: wide, h: 26 },
                round: 4,
                touch,
                alarm: false,
                icon: None,
                about: address.to_string(),
                texts: vec![Text::new(10, 17, "label", label)],
            });
            frame.gate = left + wide / 2;
        }
        if has_gate(house) {
            let street = Area { x, y: y - STREET - 14, w, h: STREET };
            self.shapes.push(Shape::Box {
                class: "street",
                area: street,
                round: 15,
                touch: None,
                alarm: false,
                icon: Some(("globe", 12, 6)),
                about: String::new(),
                texts: vec![Text::new(38, 20, "label strong", "Internet")],
            });
            let path = format!("M{},{} V{}", frame.gate, y - 14, y + 14);
            self.shapes.push(Shape::Line { class: "way".into(), path, head: false });
        }
        for (i, zone) in house.zones.iter().enumerate() {
            let at = frame.column_at(i) + frame.lane;
            let text = cut(zone, frame.column - frame.lane - 8, 12, true);
            self.shapes.push(Shape::Text(Text::new(at, y + ROOF + 17, "zone", text)));
        }
    }

    /// The doors in the right wall and the neighbours behind them; the wall grows with them.
    fn doors(
        &mut self,
        picture: &Picture,
        house: &Storeys,
        frame: &mut Frame,
        (left, cursor): (i32, &mut i32),
        placed: &mut [Option<Area>],
        wires: &mut Wires,
    ) -> Vec<Shape> {
        let (mut shapes, mut last) = (Vec::new(), frame.area.y + ROOF);
        let wall = frame.area.x + frame.area.w;
        for (door, touch) in house.doors.iter().filter(|(door, _)| !is_gate(door.kind)) {
            *cursor = (*cursor).max(last + 8);
            let mut y = None;
            let mut new: Vec<usize> = door.to.iter().copied().filter(|to| placed[*to].is_none()).collect();
            // What is behind a neighbour comes below it.
            for to in door.to.iter().copied() {
                let behind = (0..placed.len()).filter(|one| picture.neighbours[*one].0.through == Some(to));
                new.extend(behind.filter(|one| placed[*one].is_none() && !door.to.contains(one)));
            }
            for to in new {
                let through = picture.neighbours[to].0.through.and_then(|through| placed[through]);
                let (indent, gap) = if through.is_some() { (22, 10) } else { (0, 14) };
                let at = Gap { x: left + indent, y: *cursor, w: NEIGHBOUR - indent };
                let (shape, area) = neighbour_box(&picture.neighbours[to], at);
                shapes.push(shape);
                placed[to] = Some(area);
                if let Some(over) = through {
                    wires.behind(over, area, picture.neighbours[to].0.lines);
                }
                y.get_or_insert(area.y + area.h / 2);
                *cursor = area.y + area.h + gap;
            }
            let y = y.unwrap_or(*cursor + 14);
            *cursor = (*cursor).max(y + 22);
            last = y + 22;
            if matches!(door.kind, DoorKind::Vpn | DoorKind::Transit) {
                frame.side_doors[0].get_or_insert(y);
            }
            if matches!(door.kind, DoorKind::Peering | DoorKind::Transit) {
                frame.side_doors[1].get_or_insert(y);
            }
            shapes.push(Shape::Box {
                class: "door",
                area: Area { x: wall - 5, y: y - 11, w: 10, h: 22 },
                round: 2,
                touch: *touch,
                alarm: false,
                icon: None,
                about: door.address.to_string(),
                texts: Vec::new(),
            });
            let label = match door.kind {
                DoorKind::Vpn => "VPN gateway",
                DoorKind::Transit => "attachment",
                DoorKind::Peering => "peering",
                _ => "endpoint",
            };
            shapes.push(Shape::Text(Text::new(wall + 10, y - 9, "small", label)));
            for to in &door.to {
                if let Some(area) = placed[*to] {
                    wires.outside((wall + 5, y), area, picture.neighbours[*to].0.lines);
                }
            }
        }
        frame.area.h = frame.area.h.max(last + 4 - frame.area.y);
        shapes
    }

    /// Neighbours that no door leads to.
    fn rest(&mut self, picture: &Picture, left: i32, cursor: &mut i32, placed: &mut [Option<Area>]) {
        for (at, neighbour) in picture.neighbours.iter().enumerate() {
            if placed[at].is_none() {
                let (shape, area) = neighbour_box(neighbour, Gap { x: left, y: *cursor, w: NEIGHBOUR });
                self.shapes.push(shape);
                placed[at] = Some(area);
                *cursor = area.y + area.h + 14;
            }
        }
    }

    /// What the lines and hatchings mean, as far as there are some.
    fn legend(&mut self, picture: &Picture, y: i32) {
        let (mut x, mut row) = (MARGIN, y + 12);
        let mut put = |sheet: &mut Sheet, draw: &dyn Fn(i32, i32) -> Vec<Shape>, words: &str| {
            let wide = 44 + width(words, 12, false) + 22;
            if x > MARGIN && x + wide > sheet.width - MARGIN {
                (x, row) = (MARGIN, row + 22);
            }
            sheet.shapes.extend(draw(x, row));
            sheet.shapes.push(Shape::Text(Text::new(x + 44, row + 4, "label", words)));
            x += wide;
        };
        let line = |class: &'static str| {
            move |x: i32, y: i32| {
                let path = format!("M{x},{y} h32");
                vec![Shape::Line { class: class.into(), path, head: true }]
            }
        };
        let has = |kind: Kind| picture.links.iter().any(|link| link.kind == kind && !link.is_new);
        for (kind, class, words) in [
            (Kind::Internet, "internet", "from the Internet"),
            (Kind::Vpn, "vpn", "from a VPN"),
            (Kind::Inside, "inside", "inside"),
        ] {
            if has(kind) {
                put(self, &line(class), words);
            }
        }
        if picture.links.iter().any(|link| link.is_new && link.kind == Kind::Internet) {
            put(self, &line("exposed"), "new from the Internet");
        }
        if picture.links.iter().any(|link| link.is_new && link.kind != Kind::Internet) {
            put(self, &line("added"), "new");
        }
        if picture.links.iter().any(|link| !link.sure) {
            put(self, &line("inside may"), "may pass");
        }
        if picture.is_change {
            for touch in [Touch::New, Touch::Changed, Touch::Replaced, Touch::Gone] {
                let swatch = move |x: i32, y: i32| {
                    vec![Shape::Box {
                        class: "chip",
                        area: Area { x, y: y - 8, w: 32, h: 16 },
                        round: 3,
                        touch: Some(touch),
                        alarm: false,
                        icon: None,
                        about: String::new(),
                        texts: Vec::new(),
                    }]
                };
                put(self, &swatch, touch.word());
            }
        }
        self.height = row + 28;
    }
}

/// A row's ground with its name.
fn band(row: &Row, area: Area) -> Shape {
    let tier = row.tier.map_or("", |tier| tier.name());
    let class = match tier {
        "public" => "row public",
        "private" => "row private",
        "data" => "row data",
        _ => "row",
    };
    let most = GUTTER - 26;
    let name = if row.name.is_empty() || row.name == tier { String::new() } else { cut(&row.name, most, 12, false) };
    let mut texts = Vec::new();
    let mut y = 22;
    for (class, text) in [("tier", tier), ("label", &*name), ("small", &*row.way_out)] {
        let text = cut(text, most, if class == "tier" { 14 } else { 12 }, class == "tier");
        if !text.is_empty() && (row.folded.is_none() || texts.is_empty()) {
            texts.push(Text::new(10, y, class, text));
            y += 18;
        }
    }
    if let Some(folded) = &row.folded {
        let words = if name.is_empty() { folded.clone() } else { format!("{}, {folded}", row.name) };
        texts.push(Text::new(GUTTER, 22, "quiet", cut(&words, area.w - GUTTER - 10, 13, false)));
    }
    Shape::Box { class, area, round: 6, touch: None, alarm: false, icon: None, about: String::new(), texts }
}

fn breadth(tracks: usize) -> i32 {
    if tracks == 0 { 8 } else { 12 + TRACK * tracks as i32 }
}

fn is_gate(kind: DoorKind) -> bool {
    matches!(kind, DoorKind::Internet | DoorKind::EgressOnly)
}

fn gate_name(kind: DoorKind) -> &'static str {
    if kind == DoorKind::Internet { "internet gateway" } else { "egress-only gateway" }
}

fn has_gate(house: &Storeys) -> bool {
    house.doors.iter().any(|(door, _)| is_gate(door.kind))
}

fn ends(columns: &[usize]) -> (usize, usize) {
    (columns.first().copied().unwrap_or(0), columns.last().copied().unwrap_or(0))
}

/// Where each node is, if it is shown.
fn spots(picture: &Picture) -> Vec<Option<Spot>> {
    let mut spots = vec![None; picture.nodes.len()];
    for house in &picture.houses {
        for (at, row) in house.rows.iter().enumerate() {
            for node in row.wide.iter().filter(|node| !picture.nodes[**node].hidden) {
                let (first, last) = ends(&picture.nodes[*node].columns);
                spots[*node] = Some(Spot::Wide(at, first, last));
            }
            for (column, cells) in row.cells.iter().enumerate() {
                let chips = cells.iter().flat_map(|cell| &cell.chips);
                for node in chips.filter(|node| !picture.nodes[**node].hidden) {
                    spots[*node] = Some(Spot::Chip(at, column));
                }
            }
        }
    }
    spots
}
