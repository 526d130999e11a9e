//! Which events fit a finding. An event fits if it changed something, names the object, and did what the finding is about: a
//! deletion for an object that is gone, a creation for one that nobody manages. Among several, one that names the values that
//! differ comes first, then one that is not our own, then the latest.

use super::sought::{Act, Clue, Sought};
use super::{Deed, Event};

/// How many matching clues make an event certain enough to look no further.
const ENOUGH: usize = 2;

/// How calls begin that take something away.
const TAKE: [&str; 15] = [
    "Batch",
    "Cancel",
    "Delete",
    "Deregister",
    "Detach",
    "Disable",
    "Disassociate",
    "Leave",
    "Reject",
    "Release",
    "Remove",
    "Revoke",
    "Schedule",
    "Terminate",
    "Unassign",
];
/// How calls begin that make something.
const MAKE: [&str; 10] =
    ["Accept", "Allocate", "Copy", "Create", "Import", "Provision", "Register", "Request", "Restore", "Run"];
/// How calls begin that give something a part.
const ADD: [&str; 13] = [
    "Accept",
    "Add",
    "Assign",
    "Associate",
    "Attach",
    "Authorize",
    "Batch",
    "Create",
    "Enable",
    "Modify",
    "Put",
    "Register",
    "Replace",
];

/// The events that fit, the latest first; each with the parts of the finding that it fits.
pub fn choose<'a>(sought: &Sought, events: impl Iterator<Item = &'a Event> + Clone) -> Vec<Deed> {
    let mut deeds: Vec<Deed> = Vec::new();
    for clue in &sought.clues {
        let Some((event, signs)) = best(sought, clue, events.clone()) else { continue };
        let path = clue.path.clone();
        match deeds.iter_mut().find(|deed| deed.event.id == event.id) {
            Some(deed) => {
                deed.paths.extend(path);
                deed.sure |= signs > 0;
            }
            None => deeds.push(Deed { event: event.clone(), paths: path.into_iter().collect(), sure: signs > 0 }),
        }
    }
    deeds.sort_by(|a, b| (b.event.time, &b.event.id).cmp(&(a.event.time, &a.event.id)));
    deeds
}

/// Whether earlier events would change nothing of the choice: each clue has an event of somebody else that is enough.
pub fn is_settled<'a>(sought: &Sought, events: impl Iterator<Item = &'a Event> + Clone) -> bool {
    sought.clues.iter().all(|clue| {
        let possible = clue.texts.len() + usize::from(clue.parameter.is_some());
        let whole = |event: &Event| clue.path.is_none() && names(event, &sought.names);
        let enough = |(event, signs): (&Event, usize)| whole(event) || signs >= possible.clamp(1, ENOUGH);
        let found = best(sought, clue, events.clone()).filter(|(event, _)| clue.act == Act::Any || !event.is_own());
        found.is_some_and(enough)
    })
}

/// The best event for a clue, and how much of the clue it has.
fn best<'a>(sought: &Sought, clue: &Clue, events: impl Iterator<Item = &'a Event>) -> Option<(&'a Event, usize)> {
    let fitting = events.filter_map(|event| {
        let signs = signs(clue, event);
        let named = names(event, &sought.names) || (signs > 0 && names(event, &sought.holders));
        let fits = named && !event.is_idle && is_news(sought, event) && does(sought, clue, event);
        fits.then_some((event, signs))
    });
    let of_type = |event: &Event| clue.path.is_none() && is_of_type(&sought.type_name, &event.name);
    fitting.max_by_key(|(e, signs)| (*signs > 0, of_type(e), !e.is_own(), *signs, e.time, e.id.as_str()))
}

fn names(event: &Event, names: &[String]) -> bool {
    names.iter().any(|name| event.texts.contains(name))
}

/// Whether an event is in the window, and is not one of our own that the state knows.
fn is_news(sought: &Sought, event: &Event) -> bool {
    let known = event.is_own() && sought.known_until.is_some_and(|until| event.time <= until);
    event.time >= sought.since && !known
}

/// How much of a clue an event has.
fn signs(clue: &Clue, event: &Event) -> usize {
    let texts = clue.texts.iter().filter(|text| event.texts.contains(*text)).count();
    let parameter = clue.parameter.as_ref().is_some_and(|name| event.parameters.contains(name));
    texts + usize::from(parameter)
}

/// Whether an event did what the clue is about.
fn does(sought: &Sought, clue: &Clue, event: &Event) -> bool {
    let begins = |verbs: &[&str]| verbs.iter().any(|verb| event.name.starts_with(verb));
    let tags = event.name.contains("Tag");
    match clue.act {
        Act::Any => true,
        Act::Tag => tags,
        Act::Take => begins(&TAKE) && !tags,
        Act::Make => begins(&MAKE) && !tags,
        Act::Add => begins(&ADD) && !tags,
        Act::Change => {
            let of_life = begins(&["Create", "Delete"]) && is_of_type(&sought.type_name, &event.name);
            !tags && !of_life
        }
    }
}

/// Whether a call is about objects of a type, by its name: `CreateSubnet` for subnets.
fn is_of_type(type_name: &str, call: &str) -> bool {
    let noun = type_name.split_once('_').map_or(type_name, |(_, noun)| noun).replace('_', "");
    let of =
        call.trim_start_matches(|c: char| c.is_ascii_uppercase()).trim_start_matches(|c: char| c.is_ascii_lowercase());
    of.trim_end_matches('s').eq_ignore_ascii_case(&noun)
}
