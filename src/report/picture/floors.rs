//! The picture before it has a size: VPCs with zones as columns and rows of subnets, what is in these, folded where it
//! is alike, and the arrows between.

use super::names::{Name, stem};
use super::{Subject, Touch};
use crate::network::scene::{Arrow, Door, From, House, Neighbour, Room, Scene, Thing, ThingKind, Tier};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The whole picture.
#[derive(Debug)]
pub(super) struct Picture {
    pub(super) title: String,
    pub(super) subtitle: String,
    pub(super) houses: Vec<Storeys>,
    pub(super) neighbours: Vec<(Neighbour, Name, Option<Touch>)>,
    pub(super) nodes: Vec<Node>,
    pub(super) links: Vec<Link>,
    pub(super) is_change: bool,
}

/// A VPC.
#[derive(Debug)]
pub(super) struct Storeys {
    pub(super) address: Arc<str>,
    pub(super) name: String,
    pub(super) ranges: String,
    pub(super) touch: Option<Touch>,
    pub(super) zones: Vec<String>,
    pub(super) rows: Vec<Row>,
    pub(super) doors: Vec<(Door, Option<Touch>)>,
}

/// Subnets beside each other, one in each zone.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) tier: Option<Tier>,
    pub(super) name: String,
    pub(super) way_out: String,
    /// What is in several of them, by node.
    pub(super) wide: Vec<usize>,
    /// The subnets of each column.
    pub(super) cells: Vec<Vec<Cell>>,
    /// Words for the whole row, where nothing of it changes.
    pub(super) folded: Option<String>,
}

/// A subnet.
#[derive(Debug)]
pub(super) struct Cell {
    pub(super) address: Arc<str>,
    pub(super) title: String,
    /// Its ranges, and its zone where no column has it alone.
    pub(super) lines: Vec<String>,
    pub(super) touch: Option<Touch>,
    /// What is in it, by node.
    pub(super) chips: Vec<usize>,
    /// Words for what is in it, where nothing of it changes.
    pub(super) folded: Option<String>,
}

/// Something that is in subnets: one thing, or several alike.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) kind: ThingKind,
    pub(super) label: String,
    pub(super) title: String,
    pub(super) details: String,
    pub(super) addresses: Vec<Arc<str>>,
    pub(super) touch: Option<Touch>,
    pub(super) waves: String,
    /// The columns that it is in.
    pub(super) columns: Vec<usize>,
    pub(super) house: usize,
    pub(super) hidden: bool,
    /// What it takes, from where: a line each.
    pub(super) takes: Vec<(Kind, String, bool)>,
}

/// The kinds of arrows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Internet,
    Vpn,
    Inside,
}

/// An arrow to a node, from another one or from outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Link {
    pub(super) kind: Kind,
    pub(super) from: Option<usize>,
    pub(super) to: usize,
    pub(super) sure: bool,
    pub(super) is_new: bool,
}

/// The widest picture has no more columns.
const COLUMNS: usize = 6;

impl Picture {
    pub(super) fn of(subject: &Subject<'_>, scene: &Scene, arrows: &[(Arrow, bool)]) -> Self {
        let mut picture = Picture {
            title: subject.title.to_owned(),
            subtitle: subject.subtitle.to_owned(),
            houses: Vec::new(),
            neighbours: Vec::new(),
            nodes: Vec::new(),
            links: Vec::new(),
            is_change: subject.change.is_some(),
        };
        for (at, house) in scene.houses.iter().enumerate() {
            let storeys = picture.house(subject, at, house);
            picture.houses.push(storeys);
        }
        for one in &scene.neighbours {
            let touch = subject.touch(std::iter::once(&one.address).chain(&one.follows));
            picture.neighbours.push((one.clone(), Name::of(&one.address), touch));
        }
        picture.link(arrows);
        if picture.is_change {
            picture.fold();
        }
        picture
    }

    fn house(&mut self, subject: &Subject<'_>, at: usize, house: &House) -> Storeys {
        let name = Name::of(&house.address);
        let all: BTreeSet<&str> = house.rooms.iter().filter_map(|room| room.zone.as_deref()).collect();
        let all: Vec<&str> = all.into_iter().collect();
        let several = all.len() > COLUMNS;
        let header = |zone: &&&str| if several { String::new() } else { (**zone).to_owned() };
        let mut zones: Vec<String> = all.iter().take(COLUMNS).map(|zone| header(&zone)).collect();
        if zones.is_empty() {
            zones.push(String::new());
        }
        let column = |room: &Room| {
            let zone = room.zone.as_deref();
            zone.and_then(|zone| all.iter().position(|one| *one == zone)).unwrap_or(0) % COLUMNS
        };
        // Rows: the subnets of one stem and tier.
        let mut groups: BTreeMap<(Tier, String), Vec<usize>> = BTreeMap::new();
        for (i, room) in house.rooms.iter().enumerate() {
            let own = Name::of(&room.address);
            let label = own.within(&name.module);
            groups.entry((room.tier, stem(&label, room.zone.as_deref()))).or_default().push(i);
        }
        let groups: Vec<((Tier, String), Vec<usize>)> = groups.into_iter().collect();
        let row_of = |room: usize| groups.iter().position(|(_, rooms)| rooms.contains(&room));
        let columns: Vec<usize> = house.rooms.iter().map(column).collect();
        let mut wide: Vec<Vec<usize>> = vec![Vec::new(); groups.len()];
        let mut chips: Vec<Vec<usize>> = vec![Vec::new(); house.rooms.len()];
        let mut lost = Vec::new();
        for (things, rooms) in folded(&house.things) {
            let mut own: Vec<usize> = rooms.iter().map(|room| columns[*room]).collect();
            own.sort_unstable();
            own.dedup();
            let zone = rooms.first().and_then(|room| house.rooms[*room].zone.as_deref());
            let node = node(subject, (at, &name.module), &things, own, zone);
            let number = self.nodes.len();
            self.nodes.push(node);
            match rooms[..] {
                [] => lost.push(number),
                [only] => chips[only].push(number),
                [first, ..] => wide[row_of(first).unwrap_or(0)].push(number),
            }
        }
        let mut rows: Vec<Row> = Vec::new();
        for (((tier, name_of_row), rooms), wide) in groups.into_iter().zip(wide) {
            let mut cells: Vec<Vec<Cell>> = (0..zones.len()).map(|_| Vec::new()).collect();
            let ways: BTreeSet<&str> = rooms.iter().map(|room| house.rooms[*room].way_out).collect();
            for i in rooms {
                let room = &house.rooms[i];
                let own = Name::of(&room.address);
                let mut title = own.within(&name.module);
                if let Some(key) = own.telling_key(room.zone.as_deref()) {
                    title = format!("{title} {key}");
                }
                let mut lines = room.ranges.clone();
                lines.extend(room.zone.as_ref().filter(|_| several).map(ToString::to_string));
                cells[columns[i]].push(Cell {
                    address: room.address.clone(),
                    title,
                    lines,
                    touch: subject.touch(std::iter::once(&room.address).chain(&room.follows)).map(|touch| {
                        subject.own(&room.address).unwrap_or(if touch == Touch::Gone {
                            Touch::Changed
                        } else {
                            touch.indirect()
                        })
                    }),
                    chips: std::mem::take(&mut chips[i]),
                    folded: None,
                });
            }
            let way_out = ways.into_iter().collect::<Vec<_>>().join(" or ");
            rows.push(Row { tier: Some(tier), name: name_of_row, way_out, wide, cells, folded: None });
        }
        if !lost.is_empty() {
            let (name, way_out) = ("subnet not known".to_owned(), String::new());
            for node in &lost {
                self.nodes[*node].columns = (0..zones.len()).collect();
            }
            let cells = (0..zones.len()).map(|_| Vec::new()).collect();
            rows.push(Row { tier: None, name, way_out, wide: lost, cells, folded: None });
        }
        let listed = if house.address.is_empty() { "network not known".to_owned() } else { name.label() };
        Storeys {
            address: house.address.clone(),
            name: listed,
            ranges: house.ranges.join(" · "),
            touch: subject.own(&house.address),
            zones,
            rows,
            doors: house.doors.iter().map(|door| (door.clone(), subject.own(&door.address))).collect(),
        }
    }

    /// Joins what leads from one node to another, and says at each node what it takes.
    fn link(&mut self, arrows: &[(Arrow, bool)]) {
        let mut of: BTreeMap<Arc<str>, usize> = BTreeMap::new();
        for (i, node) in self.nodes.iter().enumerate() {
            of.extend(node.addresses.iter().map(|address| (address.clone(), i)));
        }
        let mut said: BTreeMap<(usize, Kind, String), (BTreeSet<String>, bool)> = BTreeMap::new();
        let mut found: BTreeMap<(Kind, Option<usize>, usize), (bool, bool)> = BTreeMap::new();
        for (arrow, is_new) in arrows {
            let Some(&to) = of.get(&arrow.to) else { continue };
            let (kind, from) = match &arrow.from {
                From::Internet => (Kind::Internet, None),
                From::Vpn => (Kind::Vpn, None),
                From::Thing(address) => match of.get(address) {
                    Some(&from) if self.nodes[from].label != self.nodes[to].label => (Kind::Inside, Some(from)),
                    _ => continue,
                },
            };
            let source = match (kind, from) {
                (Kind::Internet, _) => "Internet".to_owned(),
                (Kind::Vpn, _) => "VPN".to_owned(),
                (_, from) => from.map(|from| self.nodes[from].label.clone()).unwrap_or_default(),
            };
            let entry = said.entry((to, kind, source)).or_default();
            entry.0.insert(format!("{}{}", arrow.services, if arrow.sure { "" } else { " (may)" }));
            entry.1 |= is_new;
            let known = found.entry((kind, from, to)).or_insert((true, false));
            *known = (known.0 && arrow.sure, known.1 || *is_new);
        }
        for ((to, kind, source), (services, is_new)) in said {
            let words = format!("{source} → {}", services.into_iter().collect::<Vec<_>>().join(", "));
            self.nodes[to].takes.push((kind, words, is_new));
        }
        self.links = self.nearest(found);
    }

    /// Of arrows that are alike but for the zone, those that stay in their zone.
    fn nearest(&self, found: BTreeMap<(Kind, Option<usize>, usize), (bool, bool)>) -> Vec<Link> {
        let mut links = Vec::new();
        for (&(kind, from, to), &(sure, is_new)) in &found {
            if let Some(from) = from {
                let alike: Vec<usize> = found
                    .keys()
                    .filter(|(_, other, target)| {
                        *target == to && other.is_some_and(|other| self.nodes[other].label == self.nodes[from].label)
                    })
                    .filter_map(|(_, other, _)| *other)
                    .collect();
                let meets = |node: usize| self.nodes[node].columns.iter().any(|c| self.nodes[to].columns.contains(c));
                let keep = match alike.iter().any(|node| meets(*node)) {
                    true => meets(from),
                    false => alike.first() == Some(&from),
                };
                if !keep {
                    continue;
                }
            }
            links.push(Link { kind, from, to, sure, is_new });
        }
        links
    }

    /// Folds what does not change: rooms to counts, and rows in which nothing does to a line.
    fn fold(&mut self) {
        let touched: Vec<bool> = self
            .nodes
            .iter()
            .enumerate()
            .map(|(i, node)| node.touch.is_some() || self.links.iter().any(|link| link.is_new && link.to == i))
            .collect();
        let count = |nodes: &[usize], all: &[Node]| {
            let mut kinds: BTreeMap<ThingKind, usize> = BTreeMap::new();
            nodes.iter().for_each(|node| *kinds.entry(all[*node].kind).or_default() += all[*node].addresses.len());
            kinds.into_iter().map(|(kind, count)| super::counted(count, kind.name())).collect::<Vec<_>>()
        };
        for row in self.houses.iter_mut().flat_map(|house| &mut house.rows) {
            let quiet = |cell: &Cell| cell.touch.is_none() && !cell.chips.iter().any(|node| touched[*node]);
            let rooms = row.cells.iter().flatten().count();
            if !row.wide.iter().any(|node| touched[*node]) && row.cells.iter().flatten().all(quiet) {
                let all: Vec<usize> =
                    row.wide.iter().chain(row.cells.iter().flatten().flat_map(|cell| &cell.chips)).copied().collect();
                all.iter().for_each(|node| self.nodes[*node].hidden = true);
                let mut words = vec![super::counted(rooms, "subnet")];
                words.extend(count(&all, &self.nodes));
                row.folded = Some(format!("unchanged: {}", words.join(", ")));
                continue;
            }
            for cell in row.cells.iter_mut().flatten().filter(|cell| quiet(cell)) {
                cell.chips.iter().for_each(|node| self.nodes[*node].hidden = true);
                let words = count(&cell.chips, &self.nodes);
                cell.folded = Some(if words.is_empty() {
                    "unchanged".into()
                } else {
                    format!("unchanged: {}", words.join(", "))
                });
            }
        }
        let nodes = &self.nodes;
        self.links.retain(|link| !nodes[link.to].hidden && link.from.is_none_or(|from| !nodes[from].hidden));
    }
}

/// Things that are alike and are in the same subnets, together.
fn folded(things: &[Thing]) -> Vec<(Vec<&Thing>, Vec<usize>)> {
    let folds = |kind: ThingKind| !matches!(kind, ThingKind::Balancer | ThingKind::Database | ThingKind::Cache);
    let mut all: Vec<(Vec<&Thing>, Vec<usize>)> = Vec::new();
    let mut known: BTreeMap<(ThingKind, String, &[usize]), usize> = BTreeMap::new();
    for thing in things {
        let block = Name { key: String::new(), ..Name::of(&thing.address) }.label();
        let next = all.len();
        let at = match folds(thing.kind) {
            true => *known.entry((thing.kind, block, thing.rooms.as_slice())).or_insert(next),
            false => next,
        };
        match all.get_mut(at) {
            Some((alike, _)) => alike.push(thing),
            None => all.push((vec![thing], thing.rooms.clone())),
        }
    }
    all.sort_by_key(|(things, _)| things[0].kind);
    all
}

fn node(
    subject: &Subject<'_>,
    (house, module): (usize, &str),
    things: &[&Thing],
    columns: Vec<usize>,
    zone: Option<&str>,
) -> Node {
    let first = things[0];
    let name = Name::of(&first.address);
    let mut label = name.within(module);
    if name.is_plain(module) {
        label = first.kind.name().to_owned();
    } else if columns.len() == 1 && name.key.is_empty() {
        label = stem(&label, zone);
    }
    let single = things.len() == 1;
    if single
        && let Some(key) = name.telling_key(zone).filter(|_| columns.len() == 1 || first.kind == ThingKind::Balancer)
    {
        label = format!("{label} {key}");
    }
    let title = if single { label.clone() } else { format!("{label} ×{}", things.len()) };
    let mut details: Vec<&str> = Vec::new();
    for detail in things.iter().flat_map(|thing| &thing.details) {
        if !details.contains(&&**detail) {
            details.push(detail);
        }
    }
    let kind = match first.kind {
        ThingKind::Balancer | ThingKind::Database | ThingKind::Cache | ThingKind::Scaling => "",
        kind if kind.name() == label => "",
        kind => kind.name(),
    };
    let mut words: Vec<&str> = Some(kind).filter(|kind| !kind.is_empty()).into_iter().collect();
    words.extend(details);
    let touches: Vec<Option<Touch>> = things
        .iter()
        .map(|thing| subject.own(&thing.address).or_else(|| subject.touch(thing.follows.iter()).map(Touch::indirect)))
        .collect();
    let waves: BTreeSet<usize> = things.iter().filter_map(|thing| subject.wave(&thing.address)).collect();
    let waves: Vec<String> = waves.iter().map(ToString::to_string).collect();
    Node {
        kind: first.kind,
        label,
        title,
        details: words.join(" · "),
        addresses: things.iter().map(|thing| thing.address.clone()).collect(),
        touch: touches.into_iter().flatten().max(),
        waves: match waves.len() {
            0 => String::new(),
            1 => format!("wave {}", waves[0]),
            _ => format!("waves {}", waves.join(", ")),
        },
        columns,
        house,
        hidden: false,
        takes: Vec::new(),
    }
}
