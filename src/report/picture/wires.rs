//! Lines: the arrows within houses, and what leads from doors to neighbours.

use super::floors::{Kind, Link, Picture};
use super::place::{Area, Frame, Shape};
use super::route::{Leg, Routes, Spot, Trip};
use std::fmt::Write;

/// Lines under construction.
#[derive(Debug, Default)]
pub(super) struct Wires {
    pub(super) shapes: Vec<Shape>,
    ports: Vec<(usize, i32)>,
}

impl Wires {
    /// The arrows of a house.
    pub(super) fn trips(
        &mut self,
        picture: &Picture,
        routes: &Routes,
        house: usize,
        frame: &Frame,
        spots: &[Option<Spot>],
        areas: &[Option<Area>],
    ) {
        // The most important ones come last, and so on top.
        let mut trips: Vec<&Trip> = routes.trips.iter().filter(|trip| trip.house == house).collect();
        trips.sort_by_key(|trip| {
            let link = &picture.links[trip.link];
            (link.is_new, std::cmp::Reverse(link.kind), trip.link)
        });
        for trip in trips {
            let link = &picture.links[trip.link];
            let from = link.from.and_then(|from| Some((from, spots[from]?, areas[from]?)));
            let Some(to) = spots[link.to].zip(areas[link.to]).map(|(spot, area)| (link.to, spot, area)) else {
                continue;
            };
            let Some(points) = self.points(trip, routes, frame, link, from, to) else { continue };
            self.shapes.push(Shape::Line { class: class(link), path: path(&points), head: true });
        }
    }

    fn points(
        &mut self,
        trip: &Trip,
        routes: &Routes,
        frame: &Frame,
        link: &Link,
        from: Option<(usize, Spot, Area)>,
        (to, end, target): (usize, Spot, Area),
    ) -> Option<Vec<(i32, i32)>> {
        let at = |leg: &Leg| frame.track(*leg, routes.track(trip, *leg));
        let mut points = Vec::new();
        let first = trip.legs.first()?;
        match (link.kind, from) {
            (Kind::Inside, Some((node, Spot::Chip(..), area))) if !matches!(first, Leg::Side) => {
                let y = self.port(node, area);
                points.push((area.x, y));
                points.push((at(first), y));
            }
            (Kind::Inside, Some((_, Spot::Wide(..), area))) if !matches!(first, Leg::Side) => {
                let below = target.y > area.y || trip.legs.len() > 1;
                points.push((at(first), if below { area.y + area.h } else { area.y }));
            }
            (Kind::Internet, _) if frame.gate > 0 => points.push((frame.gate, frame.area.y + 40)),
            (Kind::Internet, _) => return None,
            _ => {
                let y = frame.side_doors[usize::from(link.kind == Kind::Inside)]?;
                points.push((frame.area.x + frame.area.w - 5, y));
                points.push((at(first), y));
            }
        }
        for pair in trip.legs.windows(2) {
            let corner = match (pair[0], pair[1]) {
                (Leg::Channel(_), other) => (at(&other), at(&pair[0])),
                (lane, other) => (at(&lane), at(&other)),
            };
            if let (Some(last), Leg::Channel(_)) = (points.last().copied(), pair[0])
                && last.0 != corner.0
                && last.1 != corner.1
            {
                points.push((last.0, corner.1));
            }
            points.push(corner);
        }
        let last = points.last().copied()?;
        match (end, trip.legs.last()?) {
            (Spot::Wide(..), Leg::Side) => {
                let y = self.port(to, target);
                points.push((last.0, y));
                points.push((target.x + target.w, y));
            }
            (Spot::Wide(..), _) => {
                let y = if last.1 <= target.y { target.y } else { target.y + target.h };
                points.push((last.0, y));
            }
            (Spot::Chip(..), _) => {
                let y = self.port(to, target);
                points.push((last.0, y));
                points.push((target.x, y));
            }
        }
        points.dedup();
        Some(points)
    }

    /// Where the next line touches the side of a box.
    fn port(&mut self, node: usize, area: Area) -> i32 {
        let used = self.ports.iter().filter(|(at, _)| *at == node).count() as i32;
        let y = area.y + 10 + (used * 8) % (area.h - 14).max(8);
        self.ports.push((node, y));
        y
    }

    /// From a door to a neighbour, a line for each tunnel.
    pub(super) fn outside(&mut self, (x, y): (i32, i32), to: Area, lines: usize) {
        let ends: Vec<i32> = if lines > 1 { vec![-3, 3] } else { vec![0] };
        let bend = to.x - 14;
        let middle = to.y + to.h / 2;
        for offset in ends {
            let (y, end) = (y + offset, middle + offset);
            let points = match y == end {
                true => vec![(x, y), (to.x, y)],
                false => vec![(x, y), (bend + offset, y), (bend + offset, end), (to.x, end)],
            };
            self.shapes.push(Shape::Line { class: "way".into(), path: path(&points), head: false });
        }
    }

    /// From a neighbour to what is behind it.
    pub(super) fn behind(&mut self, over: Area, to: Area, lines: usize) {
        let ends: Vec<i32> = if lines > 1 { vec![-3, 3] } else { vec![0] };
        for offset in ends {
            let points = [
                (over.x + 10 + offset, over.y + over.h),
                (over.x + 10 + offset, to.y + to.h / 2 - offset),
                (to.x, to.y + to.h / 2 - offset),
            ];
            self.shapes.push(Shape::Line { class: "way".into(), path: path(&points), head: false });
        }
    }
}

fn class(link: &Link) -> String {
    let mut class = match (link.kind, link.is_new) {
        (Kind::Internet, true) => "exposed",
        (_, true) => "added",
        (Kind::Internet, false) => "internet",
        (Kind::Vpn, false) => "vpn",
        (Kind::Inside, false) => "inside",
    }
    .to_owned();
    class.push_str(if link.sure { "" } else { " may" });
    class
}

/// A line through these points, with round corners.
fn path(points: &[(i32, i32)]) -> String {
    let mut out = String::new();
    for (i, &(x, y)) in points.iter().enumerate() {
        // Writing to a string does not fail.
        let _ = match (i.checked_sub(1).map(|i| points[i]), points.get(i + 1)) {
            (None, _) => write!(out, "M{x},{y}"),
            (Some(before), Some(&after)) => {
                let (a, b) = (towards((x, y), before), towards((x, y), after));
                write!(out, " L{},{} Q{x},{y} {},{}", a.0, a.1, b.0, b.1)
            }
            (Some(_), None) => write!(out, " L{x},{y}"),
        };
    }
    out
}

/// A point near the first one on the way to the second.
fn towards((x, y): (i32, i32), to: (i32, i32)) -> (i32, i32) {
    let step = |from: i32, to: i32| (to - from).signum() * 6.min((to - from).abs() / 2);
    (x + step(x, to.0), y + step(y, to.1))
}
