//! A network as a picture: VPCs as houses, zones as columns, subnets as rooms, what is in them, and who reaches whom.
//! The same objects give the same bytes.

mod boxes;
mod floors;
mod html;
mod mermaid;
mod names;
mod place;
pub mod plan;
mod route;
#[cfg(test)]
mod samples;
mod svg;
#[cfg(test)]
mod tests;
mod wires;

use crate::network::Object;
use crate::network::scene::{Arrow, From, parts, scene};
use floors::Picture;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What is drawn.
#[derive(Debug)]
pub struct Subject<'a> {
    /// The title, such as the layout's name.
    pub title: &'a str,
    /// What the picture shows of it, such as `as planned`.
    pub subtitle: &'a str,
    /// The objects.
    pub objects: &'a [Object],
    /// The change that led to them, if it is what is shown.
    pub change: Option<Changed<'a>>,
}

/// A change of a network.
#[derive(Debug)]
pub struct Changed<'a> {
    /// The objects before it.
    pub before: &'a [Object],
    /// What happens to each object, by address; those to which nothing does are left out.
    pub touched: BTreeMap<Arc<str>, Touch>,
    /// The waves of members that are replaced one after the other, by address.
    pub waves: BTreeMap<Arc<str>, usize>,
}

/// What happens to an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Touch {
    /// It changes in place.
    Changed,
    /// It is new.
    New,
    /// It is replaced by a new one.
    Replaced,
    /// It goes.
    Gone,
}

impl Touch {
    /// For what an object is made of: whatever happens to a part, the whole changes.
    fn indirect(self) -> Self {
        Touch::Changed
    }

    fn word(self) -> &'static str {
        match self {
            Touch::Changed => "changed",
            Touch::New => "new",
            Touch::Replaced => "replaced",
            Touch::Gone => "removed",
        }
    }
}

/// The forms of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// An image that follows the reader's colour scheme.
    Svg,
    /// The same in a page.
    Html,
    /// The source of a diagram of at most 49 nodes, which GitHub and GitLab draw.
    Mermaid,
}

/// Draws a network. Nothing if there is none in the objects.
pub fn draw(subject: &Subject<'_>, form: Form) -> Option<String> {
    let picture = subject.picture()?;
    Some(match form {
        Form::Svg => svg::write(&picture),
        Form::Html => html::page(&picture.title, &svg::write(&picture)),
        Form::Mermaid => mermaid::write(&picture),
    })
}

impl Subject<'_> {
    fn picture(&self) -> Option<Picture> {
        let mut all = self.objects.to_vec();
        let now = scene(self.objects);
        let mut arrows: Vec<(Arrow, bool)> = now.arrows.iter().map(|arrow| (arrow.clone(), false)).collect();
        let mut shown = now;
        if let Some(change) = &self.change {
            let there: BTreeSet<&Arc<str>> = self.objects.iter().map(|object| &object.address).collect();
            all.extend(change.before.iter().filter(|object| !there.contains(&object.address)).cloned());
            let before: BTreeSet<_> = scene(change.before).arrows.iter().map(named).collect();
            arrows.iter_mut().for_each(|(arrow, is_new)| *is_new = !before.contains(&named(arrow)));
            shown = scene(&all);
        }
        let is_there = !shown.houses.is_empty() || !shown.neighbours.is_empty();
        is_there.then(|| Picture::of(&self.with_parts(&all), &shown, &arrows))
    }

    /// The same, with what happens to parts said of what they are parts of.
    fn with_parts(&self, all: &[Object]) -> Subject<'_> {
        let change = self.change.as_ref().map(|change| {
            let mut touched = change.touched.clone();
            for (part, whole) in parts(all) {
                if touched.contains_key(&part) {
                    touched.entry(whole).or_insert(Touch::Changed);
                }
            }
            Changed { before: change.before, touched, waves: change.waves.clone() }
        });
        Subject { title: self.title, subtitle: self.subtitle, objects: self.objects, change }
    }

    /// What happens to an object itself.
    fn own(&self, address: &Arc<str>) -> Option<Touch> {
        self.change.as_ref()?.touched.get(address).copied()
    }

    /// What happens to any of these objects.
    fn touch<'o>(&self, addresses: impl Iterator<Item = &'o Arc<str>>) -> Option<Touch> {
        addresses.filter_map(|address| self.own(address)).max()
    }

    fn wave(&self, address: &Arc<str>) -> Option<usize> {
        self.change.as_ref()?.waves.get(address).copied()
    }
}

/// An arrow by the names of its ends, which are the same for all instances of a block.
fn named(arrow: &Arrow) -> (String, String, String) {
    let label = |address: &str| names::Name::of(address).label();
    let from = match &arrow.from {
        From::Internet => "internet".to_owned(),
        From::Vpn => "vpn".to_owned(),
        From::Thing(address) => format!("at {}", label(address)),
    };
    (from, label(&arrow.to), arrow.services.clone())
}

/// A number of things in words.
fn counted(count: usize, one: &str) -> String {
    match (count, one) {
        (1, one) => format!("1 {one}"),
        (_, "NAT" | "containers") => format!("{count} {one}"),
        (_, one) if one.ends_with("ch") => format!("{count} {one}es"),
        (_, one) => format!("{count} {one}s"),
    }
}
