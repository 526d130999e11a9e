//! From findings to what events about them look like: the names by which CloudTrail knows the object, and the clues by
//! which the right event is recognized. No sensitive value is a clue.

use super::super::finding::{Class, Difference, Finding};
use super::key;
use crate::plan::{Change, Plan};
use crate::schema::{Attrs, Mode, Role, Schema, Schemas};
use crate::value::{Kind, Value};
use jiff::Timestamp;
use std::collections::BTreeSet;

/// How far before the last write of the state events are looked for: the run that wrote it may have read the object that
/// long before.
const BEFORE: jiff::SignedDuration = jiff::SignedDuration::from_hours(1);
/// How far after it our own events may still be those of that run: clocks differ.
const AFTER: jiff::SignedDuration = jiff::SignedDuration::from_mins(5);
/// How long CloudTrail keeps events, with a little room.
const KEPT: jiff::SignedDuration = jiff::SignedDuration::from_hours(90 * 24 - 1);

/// A finding, as it is looked for in events.
#[derive(Debug, Clone, PartialEq)]
pub struct Sought {
    /// The finding among those of its layout.
    pub key: String,
    /// Where its object is.
    pub home: Home,
    /// Its resource type.
    pub type_name: String,
    /// The names by which events know the object.
    pub names: Vec<String>,
    /// The names of what the object is a part of, such as the group of a rule. Events about these need a clue.
    pub holders: Vec<String>,
    /// One clue for each difference, or one for the whole object.
    pub clues: Vec<Clue>,
    /// Since when an event can be the one.
    pub since: Timestamp,
    /// Until when our own events are in the state already, and so are no drift.
    pub known_until: Option<Timestamp>,
}

/// Where an object is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Home {
    /// At a provider configuration, in a region.
    Provider(String, String),
    /// In words that hold the account and the region.
    Place(String),
}

/// The signs by which an event is recognized.
#[derive(Debug, Clone, PartialEq)]
pub struct Clue {
    /// The part of the finding; nothing for the whole object.
    pub path: Option<String>,
    /// What the event did.
    pub act: Act,
    /// Texts that such an event is likely to hold.
    pub texts: BTreeSet<String>,
    /// The parameter that it is likely to have, in small letters.
    pub parameter: Option<String>,
}

/// What an event did to an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// It made the object.
    Make,
    /// It gave the object a part, such as a rule.
    Add,
    /// It took the object away.
    Take,
    /// It set or removed tags.
    Tag,
    /// It changed anything else.
    Change,
    /// Anything.
    Any,
}

/// All findings of a layout, as they are looked for. `written` is when its state was written last.
pub fn sought(
    findings: &[Finding],
    plan: &Plan,
    schemas: &dyn Schemas,
    written: Option<Timestamp>,
    now: Timestamp,
) -> Vec<Sought> {
    let one = |finding: &Finding| {
        let of = |change: &&Change| finding.address.as_ref().is_some_and(|address| change.address == *address);
        let change = plan.changes.iter().filter(of).min_by_key(|change| change.deposed.is_some());
        let stored = plan.drift.iter().find(|drift| Some(&drift.address) == finding.address.as_ref());
        let attrs = change
            .and_then(|change| change.before.as_ref().or(change.stored.as_ref()))
            .or_else(|| stored.map(|drift| &drift.stored));
        let home = match change {
            Some(change) => Home::Provider(change.provider.clone(), change.region.clone()),
            None => Home::Place(finding.region.clone()),
        };
        let schema = schemas.resource(&finding.type_name);
        let (names, holders) = names(finding, schema, attrs);
        Sought {
            key: key(finding),
            home,
            type_name: finding.type_name.clone(),
            names,
            holders,
            clues: clues(finding, attrs),
            since: since(finding, written, now),
            known_until: written
                .filter(|_| matches!(finding.class, Class::Changed | Class::Missing))
                .and_then(|at| at.checked_add(AFTER).ok()),
        }
    };
    findings.iter().map(one).collect()
}

impl Sought {
    /// The same about the differences that are left of the finding.
    pub fn about(mut self, finding: &Finding) -> Self {
        let left = |path: &String| finding.differences.iter().any(|d| d.path == *path);
        self.clues.retain(|clue| clue.path.as_ref().is_none_or(left));
        self
    }

    /// All names that its events may have.
    pub fn all_names(&self) -> impl Iterator<Item = &String> {
        self.names.iter().chain(&self.holders)
    }
}

/// The begin of the window: the last write of the state. An object that nobody manages may be older than that.
fn since(finding: &Finding, written: Option<Timestamp>, now: Timestamp) -> Timestamp {
    let whole_second = |at: Timestamp| Timestamp::from_second(at.as_second());
    let earliest = now.checked_sub(KEPT).and_then(whole_second).unwrap_or(Timestamp::UNIX_EPOCH);
    let written = written.filter(|_| finding.class != Class::Unmanaged).map(|at| at.min(now));
    written.and_then(|at| at.checked_sub(BEFORE).ok()).map_or(earliest, |at| at.max(earliest))
}

/// The names of an object in events, and those of what it is a part of.
fn names(finding: &Finding, schema: Option<&Schema>, attrs: Option<&Attrs>) -> (Vec<String>, Vec<String>) {
    let mut names: Vec<String> = finding.id.iter().cloned().collect();
    let (Some(schema), Some(attrs)) = (schema, attrs) else { return (names, Vec::new()) };
    let plain = |name: &str| attrs.get(name).filter(|value| !value.is_sensitive()).and_then(Value::as_str);
    names.extend(["id", "arn"].into_iter().filter_map(plain).map(str::to_owned));
    names.retain(|name| !name.is_empty());
    let mut seen = BTreeSet::new();
    names.retain(|name| seen.insert(name.clone()));
    let is_part = schema.holds.is_some_and(|holds| !holds.inline)
        || schema.id_from.is_some()
        || matches!(
            schema.role,
            Some(Role::FilterRule(_) | Role::Association(_) | Role::Attachment(_) | Role::GroupAttachment(_))
        );
    let names_another = |name: &str| {
        ["_id", "_arn", "_name"].iter().any(|end| name.ends_with(end)) || ["role", "group", "user"].contains(&name)
    };
    let required = schema.attributes.iter().filter(|row| is_part && row.mode == Mode::Required);
    let holders = required.filter(|row| names_another(row.name)).filter_map(|row| plain(row.name));
    let holders = holders.map(str::to_owned).filter(|name| !seen.contains(name)).collect();
    (names, holders)
}

fn clues(finding: &Finding, attrs: Option<&Attrs>) -> Vec<Clue> {
    let whole = |act| {
        let mut texts: BTreeSet<String> = finding.id.iter().cloned().collect();
        for (name, value) in attrs.into_iter().flat_map(Attrs::iter) {
            let another = ["id", "arn"].iter().any(|end| name.ends_with(end)) || name.starts_with("tags");
            if !another {
                texts_of(value, &mut texts);
            }
        }
        vec![Clue { path: None, act, texts, parameter: None }]
    };
    match finding.class {
        Class::Missing => whole(Act::Take),
        Class::Unmanaged if finding.differences.is_empty() => whole(Act::Make),
        Class::HalfDone => whole(Act::Any),
        Class::Changed | Class::Unmanaged => finding.differences.iter().map(|d| of_difference(finding, d)).collect(),
    }
}

fn of_difference(finding: &Finding, difference: &Difference) -> Clue {
    let is_tag = difference.attribute.starts_with("tags");
    let act = match finding.class {
        _ if is_tag => Act::Tag,
        Class::Unmanaged => Act::Add,
        _ => Act::Change,
    };
    let mut texts = BTreeSet::new();
    // The key in `tags["Owner"]` or `route["0.0.0.0/0"].gateway_id`.
    texts.extend(difference.path.split('"').skip(1).step_by(2).map(str::to_owned));
    if !is_tag || texts.is_empty() {
        [&difference.live, &difference.state].into_iter().flatten().for_each(|value| texts_of(value, &mut texts));
    } else if let Some(live) = &difference.live {
        texts_of(live, &mut texts);
    }
    let last = difference.path.rsplit('.').next().filter(|part| !part.contains('[')).unwrap_or(&difference.attribute);
    let parameter = (!is_tag).then(|| last.replace('_', "").to_ascii_lowercase());
    Clue { path: Some(difference.path.clone()), act, texts, parameter }
}

/// The texts and numbers of a value, and those words of its texts that hold digits: ranges and ports.
fn texts_of(value: &Value, texts: &mut BTreeSet<String>) {
    if value.is_sensitive() {
        return;
    }
    match value.kind() {
        Kind::String(text) => {
            let words =
                text.split([' ', ',', '"', '(', ')']).filter(|word| word.contains(|c: char| c.is_ascii_digit()));
            texts.extend(words.map(str::to_owned));
            texts.insert(text.to_string());
            texts.remove("");
        }
        Kind::Number(number) => drop(texts.insert(number.to_string())),
        _ => value.children().for_each(|child| texts_of(child, texts)),
    }
}
