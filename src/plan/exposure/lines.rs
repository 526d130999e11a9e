//! From ways on which other traffic comes through to lines: what belongs together is one line, a balancer with what is
//! behind it, instances of a block with the same traffic.

use super::labels::{Group, groups, place, with_all, words};
use super::names::Names;
use super::{Exposure, ExposureChange, KeptOut, Turn};
use crate::network::exposure::{self, Outside, Shift};
use crate::network::space::Packets;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A line about one object.
#[derive(Debug, Clone)]
struct Draft {
    turn: Turn,
    group: Group,
    through: Option<Arc<str>>,
    to: Arc<str>,
    /// The targets of the balancer that it is about.
    behind: BTreeSet<Arc<str>>,
    note: Option<String>,
    may: Option<String>,
}

/// What lines have to have in common to be one.
type Alike = (Turn, u8, String, String, Option<Arc<str>>, BTreeSet<Arc<str>>, Option<String>, bool);

/// All lines, new exposure to the Internet first.
pub(super) fn lines(shifts: &[Shift], kept_out: &[exposure::KeptOut]) -> Exposure {
    let drafts = behind_balancers(shifts.iter().flat_map(drafts).collect());
    let ends = drafts.iter().flat_map(|draft| draft.behind.iter().chain(&draft.through).chain([&draft.to]));
    let names = Names::of(ends.chain(kept_out.iter().map(|one| &one.to)).map(|address| &**address));
    let mut alike: BTreeMap<Alike, Vec<Draft>> = BTreeMap::new();
    for draft in drafts {
        let Draft { turn, group, through, behind, note, may, .. } = &draft;
        let (from, words) = (group.from.clone(), group.words.clone());
        let key = (*turn, group.rank, from, words, through.clone(), behind.clone(), note.clone(), may.is_some());
        alike.entry(key).or_default().push(draft);
    }
    let mut changes: Vec<((bool, u8, Turn), ExposureChange)> = Vec::new();
    for ((turn, rank, ..), drafts) in alike {
        changes.extend(joined(&drafts, &names).map(|line| ((turn == Turn::Closes, rank, turn), line)));
    }
    changes.sort_by(|(one, line), (other, second)| (one, &line.from, &line.to).cmp(&(other, &second.from, &second.to)));
    Exposure { changes: changes.into_iter().map(|(_, line)| line).collect(), kept_out: closed(kept_out, &names) }
}

/// Lines that differ by their object alone, as one.
fn joined(drafts: &[Draft], names: &Names) -> Option<ExposureChange> {
    let first = drafts.first()?;
    let reached: BTreeSet<&str> = drafts.iter().map(|draft| &*draft.to).collect();
    let mut to: Vec<String> = first.through.iter().map(|balancer| names.name(balancer)).collect();
    to.push(names.all(reached.iter().copied()));
    to.extend((!first.behind.is_empty()).then(|| names.all(first.behind.iter().map(|target| &**target))));
    let addresses = reached.into_iter().chain(first.behind.iter().map(|target| &**target));
    Some(ExposureChange {
        action: first.turn,
        from: first.group.from.clone(),
        internet: first.group.rank < 2,
        services: first.group.words.clone(),
        to,
        addresses: addresses.map(str::to_owned).collect(),
        note: first.note.clone(),
        may: first.may.clone(),
    })
}

/// The lines about one way: what comes for sure, what may come, what goes. What comes and goes at once is one.
fn drafts(shift: &Shift) -> Vec<Draft> {
    let Shift { way, before, after } = shift;
    let (gained, lost) = (shift.gained(), shift.lost());
    let perhaps = gained.may.minus(&gained.sure);
    let of = |packets: &Packets, whole: &Packets| groups(&way.from, packets, whole);
    let draft = |turn: Turn, group: Group, note: Option<String>, may: Option<String>| Draft {
        turn,
        group,
        through: way.through.clone(),
        to: way.to.clone(),
        behind: BTreeSet::new(),
        note,
        may,
    };
    let mut gone = of(&lost, &before.packets.may);
    let sure = of(&gained.sure, &after.packets.may).into_iter().map(|group| (group, None));
    let doubtful = of(&perhaps, &after.packets.may).into_iter().map(|group| (group, Some(doubt(shift))));
    let mut all = Vec::new();
    for (group, may) in sure.chain(doubtful).collect::<Vec<_>>() {
        let pair = gone.iter().position(|old| old.from == group.from || old.services == group.services);
        match pair.map(|at| gone.remove(at)) {
            Some(old) if old.from == group.from => {
                let note = format!("was {}", old.words);
                all.push(draft(Turn::Changes, group, Some(note), may));
            }
            Some(old) => {
                let note = format!("was from {}", old.from);
                all.push(draft(Turn::Changes, group, Some(note), may));
            }
            None => {
                let note = beside(way, &group, &before.packets.may).map(|place| format!("was from {place}"));
                all.push(draft(Turn::Opens, group, note, may));
            }
        }
    }
    for group in gone {
        let note = beside(way, &group, &after.packets.may).map(|place| format!("still from {place}"));
        all.push(draft(Turn::Closes, group, note, None));
    }
    all
}

/// The smaller place from which the same comes on the other side of the change.
fn beside(way: &exposure::Way, group: &Group, other: &Packets) -> Option<String> {
    if way.from != Outside::Internet || group.rank > 0 {
        return None;
    }
    let there = with_all(other, &group.services);
    let place = (!there.is_empty()).then(|| place(&there))?;
    (place != group.from).then_some(place)
}

/// Why it is not known whether traffic comes through.
fn doubt(shift: &Shift) -> String {
    const MOST: usize = 2;
    let doubts = &shift.after.doubts;
    match (&shift.way.from, doubts.len()) {
        (Outside::Site(_), 0) => "the ranges of the site are not known".to_owned(),
        (_, 0) => "not all that filters compare is known yet".to_owned(),
        (_, count) if count > MOST => format!("{}; and {} more", doubts[..MOST].join("; "), count - MOST),
        _ => doubts.join("; "),
    }
}

/// Targets join the line of their balancer, where that says the same.
fn behind_balancers(drafts: Vec<Draft>) -> Vec<Draft> {
    let (targets, mut all): (Vec<Draft>, Vec<Draft>) = drafts.into_iter().partition(|draft| draft.through.is_some());
    let mut left = Vec::new();
    for target in targets {
        let says = |line: &&mut Draft| {
            target.through.as_ref() == Some(&line.to)
                && line.turn == target.turn
                && line.group.from == target.group.from
                && line.may.is_some() == target.may.is_some()
                && line.group.services.and(&target.group.services) == target.group.services
        };
        match all.iter_mut().find(says) {
            Some(line) => {
                line.behind.insert(target.to);
            }
            None => left.push(target),
        }
    }
    all.extend(left);
    all
}

/// What does not arrive, with what is in the way.
fn closed(kept_out: &[exposure::KeptOut], names: &Names) -> Vec<KeptOut> {
    let mut alike: BTreeMap<(String, String, Vec<String>), BTreeSet<&str>> = BTreeMap::new();
    for one in kept_out {
        let said = |obstacle: &crate::network::Obstacle| match obstacle.at == one.to {
            true => obstacle.why.clone(),
            false => format!("{}: {}", obstacle.at, obstacle.why),
        };
        let obstacles: Vec<String> = one.obstacles.iter().map(said).collect();
        for group in groups(&Outside::Internet, &one.packets, &one.packets) {
            alike.entry((group.from, words(&group.services), obstacles.clone())).or_default().insert(&one.to);
        }
    }
    let line = |((from, services, obstacles), to): ((String, String, Vec<String>), BTreeSet<&str>)| KeptOut {
        from,
        services,
        to: names.all(to),
        obstacles,
    };
    alike.into_iter().map(line).collect()
}
