//! Folding a journal into a state. Pure.
//!
//! Folding a prefix of a journal and then the whole of it gives the same as folding the whole: the
//! state says how far it contains which journal, and what it contains is not applied again.

use super::record::{Intent, IntentKind, OpenIntent, Outcome, OutcomeResult, Record};
use crate::objects::moves::relocate_all;
use crate::objects::{Instance, JournalMark, Slot, State};
use crate::schema::Attrs;
use std::collections::BTreeMap;

/// The records of one journal, each with its number from 1.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct JournalContent {
    /// The journal's UUID.
    pub id: String,
    /// The records by number.
    pub records: Vec<(u64, Record)>,
}

/// The state after all records of `journal`, and the intents without an outcome in it.
pub fn fold(state: State, journal: &JournalContent) -> (State, Vec<OpenIntent>) {
    let mut folder = Folder::new(state, journal.id.clone());
    for (sequence, record) in &journal.records {
        folder.apply(*sequence, record);
    }
    folder.finish()
}

/// A fold under way.
#[derive(Debug, Clone)]
pub struct Folder {
    state: State,
    journal: String,
    /// The last record that the state contained at the beginning.
    contained: u64,
    last: u64,
    since: String,
    /// By `op`, in the order of the journal.
    open: BTreeMap<String, Open>,
}

/// An intent under way.
#[derive(Debug, Clone)]
struct Open {
    sequence: u64,
    intent: OpenIntent,
    /// Whether its object was recorded since, so that its outcome has nothing to add.
    recorded: bool,
}

impl Folder {
    /// Begins to fold the journal `journal` into `state`.
    pub fn new(state: State, journal: String) -> Self {
        let contained = state.journal.as_ref().filter(|m| m.journal == journal).map_or(0, |m| m.sequence);
        Folder { state, journal, contained, last: contained, since: String::new(), open: BTreeMap::new() }
    }

    /// Applies the record `sequence`.
    pub fn apply(&mut self, sequence: u64, record: &Record) {
        let news = sequence > self.contained;
        self.last = self.last.max(sequence);
        match record {
            Record::RunStarted { at, .. } => self.since.clone_from(at),
            Record::Intent(intent) => {
                let open = OpenIntent { intent: (**intent).clone(), since: self.since.clone() };
                self.open.insert(intent.op.clone(), Open { sequence, intent: open, recorded: false });
            }
            Record::StillOpen(open) => {
                let intent = (**open).clone();
                self.open.insert(open.intent.op.clone(), Open { sequence, intent, recorded: false });
            }
            Record::Outcome(outcome) => {
                if let Some(open) = self.open.remove(&outcome.op)
                    && news
                    && !(open.recorded && outcome.result != OutcomeResult::Deleted)
                {
                    settle(&mut self.state, &open.intent.intent, outcome);
                }
            }
            Record::Recorded(r) => {
                let own = self.open.values_mut().filter(|open| open.intent.intent.slot == r.slot);
                own.for_each(|open| open.recorded = true);
                if news {
                    self.state.set(r.slot.clone(), r.instance.clone());
                }
            }
            Record::Moved(moves) if news => relocate_all(&mut self.state, moves),
            Record::Outputs(outputs) if news => self.state.outputs.clone_from(outputs),
            Record::Moved(_) | Record::Outputs(_) | Record::RunEnded { .. } => {}
        }
    }

    /// The state so far.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// The state with its mark, and the open intents in the order of the journal.
    pub fn finish(mut self) -> (State, Vec<OpenIntent>) {
        if self.last > 0 {
            self.state.journal = Some(JournalMark { journal: self.journal, sequence: self.last });
        }
        let mut open: Vec<_> = self.open.into_values().collect();
        open.sort_by_key(|open| open.sequence);
        (self.state, open.into_iter().map(|open| open.intent).collect())
    }
}

/// The key under which the object is deposed that the intent `op` replaces.
pub fn deposed_key(op: &str) -> String {
    op.chars().filter(char::is_ascii_alphanumeric).take(8).collect()
}

/// The effect of an outcome alone on the state: that an object is there, or is gone. A record of the
/// whole object follows, unless the run was killed in between.
fn settle(state: &mut State, intent: &Intent, outcome: &Outcome) {
    match &outcome.result {
        OutcomeResult::Failed { .. } => {}
        OutcomeResult::Created { id } => {
            let current = Slot::current(intent.slot.address.clone());
            let goes = |i: &Instance| Some(&i.id) == intent.outgoing.as_ref() && i.id != *id;
            if intent.slot == current && state.get(&current).is_some_and(goes) {
                let old = state.set(current, None);
                state.set(Slot::deposed(intent.slot.address.clone(), deposed_key(&intent.op)), old);
            }
            state.set(intent.slot.clone(), Some(created(intent, id)));
        }
        OutcomeResult::Updated => {
            if let Some(mut instance) = state.get(&intent.slot).cloned() {
                instance.attrs = over(&instance.attrs, &intent.want);
                state.set(intent.slot.clone(), Some(instance));
            }
        }
        OutcomeResult::Deleted => {
            let same = |i: &Instance| intent.id.as_ref().is_none_or(|id| *id == i.id);
            if state.get(&intent.slot).is_some_and(same) {
                state.set(intent.slot.clone(), None);
            }
        }
    }
}

fn created(intent: &Intent, id: &str) -> Instance {
    Instance {
        id: id.to_owned(),
        attrs: over(&Attrs::default(), &intent.want),
        provider: intent.provider.clone(),
        region: intent.region.clone(),
        account: intent.account.clone(),
        depends_on: intent.depends_on.clone(),
        create_before_destroy: intent.create_before_destroy,
        tainted: false,
        unfinished: true,
    }
}

/// `below` with what is known of `above` laid over it.
fn over(below: &Attrs, above: &Attrs) -> Attrs {
    let known = above.iter().filter(|(_, v)| v.is_wholly_known());
    below.iter().chain(known).map(|(k, v)| (k.clone(), v.clone())).collect()
}

impl IntentKind {
    /// The word for it in messages and in the journal.
    pub fn word(self) -> &'static str {
        match self {
            IntentKind::Create => "create",
            IntentKind::Update => "update",
            IntentKind::Delete => "delete",
            IntentKind::Adopt => "adopt",
        }
    }
}

#[cfg(test)]
mod tests;
