//! The ways of arrows within a house: down lanes beside the columns and along channels between the rows. Arrows from the
//! same place share a track.

use super::floors::{Kind, Link, Node, Picture};
use std::collections::BTreeMap;

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

/// The track of trips from one place in a leg, and the rows between which it lies.
#[derive(Debug)]
struct Track {
    of: String,
    rows: (i32, i32),
    place: usize,
}

/// All ways, and the tracks of each leg.
#[derive(Debug, Default)]
pub(super) struct Routes {
    pub(super) trips: Vec<Trip>,
    tracks: BTreeMap<(usize, Leg), Vec<Track>>,
}

impl Routes {
    /// The ways in a picture; no leg has more than so many tracks, and what does not fit shares them.
    pub(super) fn of(picture: &Picture, spots: &[Option<Spot>], most: usize) -> Self {
        let mut routes = Routes::default();
        for (at, link) in picture.links.iter().enumerate() {
            let to = &picture.nodes[link.to];
            let Some(end) = spots[link.to] else { continue };
            let columns = picture.houses[to.house].zones.len();
            let from = link.from.map(|from| &picture.nodes[from]).filter(|from| from.house == to.house);
            let start = link.from.and_then(|from| spots[from]).filter(|_| from.is_some());
            let (legs, first) = match (link.kind, start) {
                (Kind::Inside, Some(start)) => (inside(start, end), start.row() as i32),
                (Kind::Internet, _) => (vec![Leg::Channel(0), Leg::Lane(end.nearest(columns / 2))], -1),
                _ => match end {
                    Spot::Wide(..) => (vec![Leg::Side], 0),
                    Spot::Chip(row, column) => (vec![Leg::Side, Leg::Channel(row), Leg::Lane(column)], row as i32),
                },
            };
            let trip = Trip { link: at, house: to.house, legs, track: track(link, &picture.nodes) };
            // From outside, what is alike comes in as one.
            let is_same = |other: &Trip| {
                picture.links[other.link].to == link.to && other.legs == trip.legs && other.track == trip.track
            };
            if start.is_none() && routes.trips.iter().any(is_same) {
                continue;
            }
            let last = end.row() as i32;
            for leg in &trip.legs {
                let rows = match leg {
                    Leg::Lane(_) => (first.min(last), first.max(last)),
                    _ => (i32::MIN, i32::MAX),
                };
                let tracks = routes.tracks.entry((trip.house, *leg)).or_default();
                match tracks.iter_mut().find(|known| known.of == trip.track) {
                    Some(known) => known.rows = (known.rows.0.min(rows.0), known.rows.1.max(rows.1)),
                    None => tracks.push(Track { of: trip.track.clone(), rows, place: 0 }),
                }
            }
            routes.trips.push(trip);
        }
        routes.tracks.values_mut().for_each(|tracks| arrange(tracks, most));
        routes
    }

    /// How many tracks a leg of a house has.
    pub(super) fn width(&self, house: usize, leg: Leg) -> usize {
        let places = self.tracks.get(&(house, leg)).into_iter().flatten().map(|track| track.place + 1);
        places.max().unwrap_or(0)
    }

    /// How many the widest lane of a house has.
    pub(super) fn widest_lane(&self, house: usize) -> usize {
        let lanes = self.tracks.keys().filter(|(at, leg)| *at == house && matches!(leg, Leg::Lane(_)));
        lanes.map(|(house, leg)| self.width(*house, *leg)).max().unwrap_or(0)
    }

    /// The place of a trip among the tracks of a leg.
    pub(super) fn track(&self, trip: &Trip, leg: Leg) -> usize {
        let mut tracks = self.tracks.get(&(trip.house, leg)).into_iter().flatten();
        tracks.find(|track| track.of == trip.track).map_or(0, |track| track.place)
    }
}

/// Gives each track the first place at which it meets no other.
fn arrange(tracks: &mut [Track], most: usize) {
    for at in 0..tracks.len() {
        let (before, rest) = tracks.split_at_mut(at);
        let own = &mut rest[0];
        let meets = |place: usize| {
            before.iter().any(|one| one.place == place && one.rows.0 <= own.rows.1 && own.rows.0 <= one.rows.1)
        };
        own.place = (0..most).find(|place| !meets(*place)).unwrap_or(at % most);
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
