//! The ways of arrows within a house: down lanes beside the columns and along channels between the rows. Arrows from the
//! same place share a track.

use super::floors::{Kind, Link, Node, Picture};
use std::collections::BTreeMap;

/// More tracks than these share.
const TRACKS: usize = 8;

/// A part of a way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Leg {
    /// Up or down beside a column.
    Lane(usize),
    /// Along above a row; the last one is below all rows.
    Channel(usize),
    /// Up or down before the right wall.
    Side,
}

/// Where a node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spot {
    /// In several columns of a row: the first and the last.
    Wide(usize, usize, usize),
    /// In one subnet: row and column.
    Chip(usize, usize),
}

impl Spot {
    fn row(self) -> usize {
        match self {
            Spot::Wide(row, ..) | Spot::Chip(row, _) => row,
        }
    }

    /// The column of it that is nearest to another.
    fn nearest(self, column: usize) -> usize {
        match self {
            Spot::Wide(_, first, last) => column.clamp(first, last),
            Spot::Chip(_, own) => own,
        }
    }
}

/// The way of an arrow, by its link, with the house in which it is.
#[derive(Debug)]
pub(super) struct Trip {
    pub(super) link: usize,
    pub(super) house: usize,
    pub(super) legs: Vec<Leg>,
    track: String,
}

/// All ways, and the tracks of each leg.
#[derive(Debug, Default)]
pub(super) struct Routes {
    pub(super) trips: Vec<Trip>,
    tracks: BTreeMap<(usize, Leg), Vec<String>>,
}

impl Routes {
    pub(super) fn of(picture: &Picture, spots: &[Option<Spot>]) -> Self {
        let mut routes = Routes::default();
        for (at, link) in picture.links.iter().enumerate() {
            let to = &picture.nodes[link.to];
            let Some(end) = spots[link.to] else { continue };
            let columns = picture.houses[to.house].zones.len();
            let from = link.from.map(|from| &picture.nodes[from]).filter(|from| from.house == to.house);
            let start = link.from.and_then(|from| spots[from]).filter(|_| from.is_some());
            let legs = match (link.kind, start) {
                (Kind::Inside, Some(start)) => inside(start, end),
                (Kind::Internet, _) => vec![Leg::Channel(0), Leg::Lane(end.nearest(columns / 2))],
                _ => match end {
                    Spot::Wide(..) => vec![Leg::Side],
                    Spot::Chip(row, column) => vec![Leg::Side, Leg::Channel(row), Leg::Lane(column)],
                },
            };
            let trip = Trip { link: at, house: to.house, legs, track: track(link, &picture.nodes) };
            for leg in &trip.legs {
                let tracks = routes.tracks.entry((trip.house, *leg)).or_default();
                if !tracks.contains(&trip.track) {
                    tracks.push(trip.track.clone());
                }
            }
            routes.trips.push(trip);
        }
        routes
    }

    /// How many tracks a leg of a house has.
    pub(super) fn width(&self, house: usize, leg: Leg) -> usize {
        self.tracks.get(&(house, leg)).map_or(0, Vec::len).min(TRACKS)
    }

    /// How many the widest lane of a house has.
    pub(super) fn widest_lane(&self, house: usize) -> usize {
        let lanes = self.tracks.keys().filter(|(at, leg)| *at == house && matches!(leg, Leg::Lane(_)));
        lanes.map(|(house, leg)| self.width(*house, *leg)).max().unwrap_or(0)
    }

    /// The place of a trip among the tracks of a leg.
    pub(super) fn track(&self, trip: &Trip, leg: Leg) -> usize {
        let tracks = self.tracks.get(&(trip.house, leg));
        tracks.and_then(|all| all.iter().position(|one| *one == trip.track)).unwrap_or(0) % TRACKS
    }
}

fn track(link: &Link, nodes: &[Node]) -> String {
    let new = if link.is_new { "new " } else { "" };
    match (link.kind, link.from) {
        (Kind::Internet, _) => format!("{new}0"),
        (Kind::Vpn, _) => format!("{new}1"),
        (Kind::Inside, from) => format!("{new}2 {}", from.map_or("", |from| &nodes[from].label)),
    }
}

fn inside(start: Spot, end: Spot) -> Vec<Leg> {
    let middle = match (start, end) {
        (Spot::Wide(_, a, b), Spot::Wide(_, c, d)) => (a.max(c) + b.min(d)) / 2,
        (Spot::Chip(_, column), _) | (_, Spot::Chip(_, column)) => column,
    };
    let (first, last) = (start.nearest(middle), end.nearest(middle));
    if first == last {
        return vec![Leg::Lane(first)];
    }
    let below = usize::from(end.row() <= start.row());
    vec![Leg::Lane(first), Leg::Channel(end.row() + below), Leg::Lane(last)]
}
