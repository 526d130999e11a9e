//! Exposure by hand: each finding is graded by what reaches the layout from outside with it and
//! would not without it.

use super::finding::{Class, Finding, Severity};
use super::look::Looked;
use crate::network::Object;
use crate::plan::exposure::{between, carries_traffic, exposed, own};
use crate::plan::repeats::{held, without};
use crate::plan::{Change, ExposureChange, network};
use crate::schema::Attrs;
use crate::value::address::{Address, Mode};
use std::collections::BTreeMap;

/// So many findings are looked at, the gravest first: each costs a network of its own.
const MOST: usize = 50;

/// Grades findings by the exposure that they bring about.
pub(super) fn grade(looked: Looked<'_>, found: &mut [Finding]) {
    let suspects: Vec<usize> = (0..found.len()).filter(|&at| touches(looked, &found[at])).take(MOST).collect();
    let mut meant: BTreeMap<&Address, Option<&Attrs>> = BTreeMap::new();
    for address in suspects.iter().filter_map(|&at| found[at].address.as_ref()) {
        meant.insert(address, stored(looked, address));
    }
    if meant.is_empty() {
        return;
    }
    let own = own(&looked.plan.changes);
    let held = held(sides(looked).into_iter(), looked.schemas);
    let world = |as_meant: &dyn Fn(&Address) -> bool| {
        exposed(&without(objects(looked, &meant, as_meant), &held, looked.schemas), &own)
    };
    let (before, now) = (world(&|_| true), world(&|_| false));
    let all = between(&before, &now).changes;
    if all.is_empty() {
        return;
    }
    let alone = |address: &Address| {
        let with_it = between(&before, &world(&|other| other != address)).changes;
        // What several of them bring about together goes when one of them goes.
        if with_it.is_empty() { between(&world(&|other| other == address), &now).changes } else { with_it }
    };
    let graded: Vec<(usize, Vec<ExposureChange>)> = match (&suspects[..], meant.len()) {
        (several, 1) => several.iter().map(|&at| (at, all.clone())).collect(),
        (several, _) => several.iter().filter_map(|&at| Some((at, alone(found[at].address.as_ref()?)))).collect(),
    };
    for (at, changes) in graded.into_iter().filter(|(_, changes)| !changes.is_empty()) {
        found[at].raise(changes);
    }
}

/// Whether a finding is about an object that can have a part in what is reached.
fn touches(looked: Looked<'_>, finding: &Finding) -> bool {
    let role = looked.schemas.resource(&finding.type_name).and_then(|schema| schema.role);
    let grave = finding.class != Class::HalfDone && finding.severity != Severity::Cosmetic;
    grave && finding.address.is_some() && role.is_some_and(|role| carries_traffic(&role))
}

/// An object as it was applied.
fn stored<'a>(looked: Looked<'a>, address: &Address) -> Option<&'a Attrs> {
    let drift = looked.plan.drift.iter().find(|drift| drift.address == *address);
    let change = || looked.plan.changes.iter().find(|change| is_of(change, address));
    drift.map(|drift| &drift.stored).or_else(|| change()?.stored.as_ref())
}

/// All objects as they were and as they are, with their types.
fn sides(looked: Looked<'_>) -> Vec<(&str, &Attrs)> {
    let drifted = looked.plan.drift.iter().map(|drift| (&*drift.address.resource.type_name, &drift.stored));
    let now = looked.plan.changes.iter();
    let now = now.filter_map(|change| Some((&*change.address.resource.type_name, change.before.as_ref()?)));
    drifted.chain(now).collect()
}

fn is_of(change: &Change, address: &Address) -> bool {
    change.deposed.is_none() && change.address == *address
}

/// All objects as AWS has them, but for those that are to be as they were applied.
fn objects(
    looked: Looked<'_>,
    meant: &BTreeMap<&Address, Option<&Attrs>>,
    as_meant: &dyn Fn(&Address) -> bool,
) -> Vec<Object> {
    let managed = looked.plan.changes.iter().filter(|change| change.address.resource.mode == Mode::Managed);
    let one = |change: &Change| {
        let attrs = match meant.get(&change.address) {
            Some(stored) if change.deposed.is_none() && as_meant(&change.address) => *stored,
            _ => change.before.as_ref(),
        };
        let mut object = network::object(&change.address, attrs?);
        if let Some(key) = &change.deposed {
            object.address = format!("{} (old, {key})", object.address).into();
        }
        Some(object)
    };
    let mut all: Vec<Object> = managed.filter_map(one).collect();
    let found = network::found(&looked.plan.answers, &all);
    all.extend(found);
    all
}

impl Finding {
    /// The finding with the exposure that it brings about, and as grave as that.
    fn raise(&mut self, changes: Vec<ExposureChange>) {
        let opens = changes.iter().any(ExposureChange::opens);
        let internet = changes.iter().any(|change| change.opens() && change.internet);
        let (severity, why) = match (opens, internet) {
            (true, true) => (Severity::Opens, "gives access from the internet"),
            (true, false) => (Severity::Opens, "gives access from outside"),
            (false, _) => (Severity::Interrupts, "takes access away"),
        };
        if severity <= self.severity {
            let gravest = self.severity;
            for difference in self.differences.iter_mut().filter(|difference| difference.severity == gravest) {
                difference.severity = severity;
                why.clone_into(&mut difference.why);
            }
            self.severity = severity;
            why.clone_into(&mut self.why);
        }
        self.exposure = changes;
    }
}
