//! Many layouts at once: which they are, one reading of AWS for all of them, and a plan of each.
//!
//! AWS is asked once for each account, region and type, however many layouts have objects there. So every layout is
//! opened twice: first to learn which objects its state names, then, when all are read, to be planned. In between only
//! the ids are kept, so that memory does not grow with the layouts.

pub mod changed;
pub mod deleted;
pub mod division;
pub mod find;
mod literals;
pub mod pool;
pub mod shard;
pub mod twins;

pub use pool::in_order;

use crate::aws::{CallCounts, Switchboard};
use crate::diag::{Diagnostic, Diagnostics};
use crate::drift::Unmanaged;
use crate::objects::State;
use crate::plan::{Options, Plan};
use crate::refresh::{Beside, Found, Listing, PAUSES, Place, Wanted};
use crate::session::{self, Connections, Layout, Planned, Reading, Request, World};
use crate::state::{Backend, Loaded};
use crate::value::address::Address;
use crate::value::{Name, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::runtime::Handle;
use twins::Twins;

/// A layout with what its plan is made from.
pub struct Opened {
    /// The layout.
    pub layout: Layout,
    /// The values of its variables.
    pub variables: BTreeMap<Name, Value>,
    /// The place of its state.
    pub backend: Backend,
    /// Its state.
    pub loaded: Loaded,
    /// Replaces AWS.
    pub endpoint: Option<String>,
}

/// Opens a layout; warnings are printed only if it is to be `aloud`, as each layout is opened twice.
pub type Open<'a> = &'a (dyn Fn(&Path, bool) -> Result<Opened, Diagnostics> + Sync);

/// The layouts of a run, and how they are planned.
pub struct Fleet<'a> {
    /// Their directories, as typed.
    pub layouts: &'a [PathBuf],
    /// Opens one of them.
    pub open: Open<'a>,
    /// The options of all plans.
    pub options: Options,
    /// Whether live AWS is read.
    pub refresh: bool,
    /// Whether objects are looked for that none of the layouts has: only where these are all layouts.
    pub unmanaged: bool,
    /// Runs what is asked of AWS.
    pub runtime: &'a Handle,
}

/// A layout that has been opened and planned.
pub struct Member<'a> {
    /// The layout.
    pub layout: &'a Layout,
    /// The place of its state.
    pub backend: &'a Backend,
    /// Its state, as it was read.
    pub loaded: &'a Loaded,
    /// What is in its networks, or has its tags, and is in no layout; nothing where nobody looked for that.
    pub unmanaged: Option<Vec<Unmanaged>>,
    /// Whether all that could be there was looked for.
    pub looked_at_all: bool,
    /// The rules, routes and the like that the states of all layouts have.
    pub held: &'a BTreeSet<String>,
    /// The connections that its plan was made over; nothing where they could not be made.
    pub connections: Option<&'a Connections>,
    /// The account and region of each provider configuration, each pair once.
    pub places: Vec<(String, String)>,
    /// The plan, or what kept it from being made.
    pub planned: Result<&'a Planned<'a>, &'a Diagnostics>,
}

/// Makes of a layout the part that is kept. Of a layout that could not be opened there is only the error.
pub type Judge<'a, T> = &'a (dyn Fn(&Path, Result<Member<'_>, Diagnostics>) -> T + Sync);

/// How the plan of one layout ended.
pub struct Ended<T> {
    /// What was made of it.
    pub outcome: T,
    /// How long it took.
    pub took: Duration,
}

/// What is known of all layouts before one is planned.
#[derive(Default)]
struct Survey {
    wanted: Wanted,
    /// The layouts that share a state or a name.
    twins: Twins,
    /// The layouts whose objects are not known.
    unread: Vec<PathBuf>,
    /// The rules, routes and the like that the states have.
    held: BTreeSet<String>,
    /// What the layouts have, and what is to be looked for beside them.
    beside: Beside,
    /// How each layout was when its state was read, by its number.
    marks: BTreeMap<usize, Mark>,
}

/// How a layout was when its state was read.
struct Mark {
    serial: u64,
    /// How many calls an earlier run had left open.
    open: usize,
    /// Where it has objects.
    places: BTreeSet<Place>,
}

/// What was read for all layouts.
#[derive(Clone, Copy)]
struct Read<'a> {
    switchboard: &'a Switchboard,
    reading: &'a Reading,
    held: &'a BTreeSet<String>,
    beside: Option<&'a Found>,
}

impl Read<'_> {
    /// What is in the networks of a state, or has the tags of its layout, and is in none.
    fn unmanaged(self, at: usize, state: &State) -> Option<Vec<Unmanaged>> {
        let ids = state.resources.values().map(|instance| instance.id.as_str());
        Some(self.beside?.of(at, ids))
    }
}

/// What a run is about to do, for those who watch.
#[derive(Debug, Clone, Copy)]
pub enum Course<'a> {
    /// So many objects of so many layouts are read from AWS.
    Reads(usize, usize),
    /// The layout is planned.
    Plans(&'a Path),
    /// Something that is wrong with several layouts.
    Warns(&'a Diagnostic),
    /// Objects that no layout has, or these of them, are not looked for, for this reason.
    NothingUnmanaged(Option<&'a str>, &'a str),
}

impl Fleet<'_> {
    /// Plans every layout, several at a time. `hear` gets what `judge` makes of them in the order of the layouts, each
    /// as soon as those before it are there.
    pub fn plan<T: Send>(
        &self,
        judge: Judge<'_, T>,
        watch: &(dyn Fn(Course<'_>) + Sync),
        mut hear: impl FnMut(usize, Ended<T>),
    ) -> CallCounts {
        let switchboard = Switchboard::default();
        let mut reading = Reading::default();
        let Survey { wanted, twins, unread, held, beside, marks } = self.survey(&switchboard);
        twins.of_names().for_each(|(_, warning)| watch(Course::Warns(&warning)));
        let mut found = None;
        if self.refresh {
            watch(Course::Reads(wanted.len(), self.layouts.len()));
            let list = async { if self.options.look_only { wanted.list_surely().await } else { wanted.list().await } };
            reading = reading.renewed(self.runtime.block_on(list));
            found = self.look_beside(&beside, &marks, &unread, watch);
        }
        drop(beside);
        let read = Read { switchboard: &switchboard, reading: &reading, held: &held, beside: found.as_ref() };
        let plan = |at: usize| {
            let (began, dir) = (Instant::now(), self.layouts[at].as_path());
            watch(Course::Plans(dir));
            let outcome = match twins.of_state(dir) {
                Some(problem) => judge(dir, Err(problem.into())),
                None => self.one(at, read, judge),
            };
            Ended { outcome, took: began.elapsed() }
        };
        pool::in_order(self.layouts.len(), plan, &mut hear);
        switchboard.calls()
    }

    /// The objects of all states. What keeps a layout from being opened is found again when it is planned.
    fn survey(&self, switchboard: &Switchboard) -> Survey {
        let survey = Mutex::new(Survey::default());
        let hold = || survey.lock().unwrap_or_else(PoisonError::into_inner);
        let look = |at: usize| {
            let dir = &self.layouts[at];
            let Ok(opened) = (self.open)(dir, false) else {
                hold().unread.push(dir.clone());
                return;
            };
            {
                let mut survey = hold();
                survey.twins.add_state(dir, opened.backend.place());
                let name = opened.layout.given_name();
                name.into_iter().for_each(|name| survey.twins.add_name(dir, name));
            }
            if !self.refresh {
                return;
            }
            match self.connect(&opened, switchboard) {
                Ok(connections) if self.unmanaged => {
                    let (serial, open) = (opened.loaded.state.serial, opened.loaded.open.len());
                    let held = session::drift::held(&opened.loaded.state);
                    let mut survey = hold();
                    let Survey { wanted, beside, .. } = &mut *survey;
                    let places = session::want_beside((wanted, beside), at, opened.loaded, &connections);
                    survey.held.extend(held);
                    survey.marks.insert(at, Mark { serial, open, places });
                }
                Ok(connections) => session::want(&mut hold().wanted, opened.loaded.state, &connections),
                Err(_) => hold().unread.push(dir.clone()),
            }
        };
        pool::in_order(self.layouts.len(), look, &mut |_, ()| ());
        survey.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    /// The objects that no layout has. One whose objects are not known may have them.
    fn look_beside(
        &self,
        beside: &Beside,
        marks: &BTreeMap<usize, Mark>,
        unread: &[PathBuf],
        watch: &(dyn Fn(Course<'_>) + Sync),
    ) -> Option<Found> {
        if !self.unmanaged {
            return None;
        }
        if let Some(first) = unread.first() {
            let more = if unread.len() > 1 { " and others" } else { "" };
            watch(Course::NothingUnmanaged(None, &format!("the objects of {}{more} are not known", first.display())));
            return None;
        }
        let mut found = self.runtime.block_on(beside.look());
        for (what, why) in &found.failed {
            watch(Course::NothingUnmanaged(Some(what), &why.to_string()));
        }
        for (dir, places) in self.overtaken(&found, marks) {
            watch(Course::NothingUnmanaged(None, &format!("another run is, or was, at work on {}", dir.display())));
            found.leave_out(places);
        }
        Some(found)
    }

    /// The layouts at which another run is at work where objects were found, or has been since their states were read: the
    /// objects may be theirs. Nothing is read where nothing was found.
    fn overtaken<'m>(&self, found: &Found, marks: &'m BTreeMap<usize, Mark>) -> Vec<(&Path, &'m BTreeSet<Place>)> {
        let near: Vec<(&usize, &Mark)> =
            marks.iter().filter(|(_, mark)| !mark.places.is_disjoint(&found.places)).collect();
        let moved = |at: usize| {
            let (layout, mark) = near[at];
            let Ok(opened) = (self.open)(&self.layouts[*layout], false) else { return true };
            let same = opened.loaded.state.serial == mark.serial && opened.loaded.open.len() == mark.open;
            !same || opened.backend.run_at_work().is_ok_and(|run| run.is_some())
        };
        let mut all = Vec::new();
        pool::in_order(near.len(), moved, &mut |at, moved: bool| {
            if moved {
                all.push((self.layouts[*near[at].0].as_path(), &near[at].1.places));
            }
        });
        all
    }

    fn connect(&self, opened: &Opened, switchboard: &Switchboard) -> Result<Connections, Diagnostics> {
        let Opened { layout, variables, loaded, endpoint, .. } = opened;
        let world = World::new(&layout.dir);
        let functions = world.functions(true, None);
        let functions = functions.context();
        let early = world.evaluator(&layout.loaded.root, variables.clone(), &functions);
        let (state, endpoint) = (&loaded.state, endpoint.as_deref());
        self.runtime.block_on(session::connect(layout, state, &early, endpoint, self.options.destroy, switchboard))
    }

    /// The objects that are not as the state has them, read again after a pause by those who report them: a list may be
    /// older than the last change.
    fn look_again(&self, plan: &Plan, state: &State, connections: &Connections, pause: Duration) -> Option<Listing> {
        let changed: BTreeSet<&Address> = plan.drift.iter().filter(|d| d.live.is_some()).map(|d| &d.address).collect();
        if !self.options.look_only || changed.is_empty() {
            return None;
        }
        let mut part = state.clone();
        part.resources.retain(|address, _| changed.contains(address));
        let mut wanted = Wanted::default();
        session::want(&mut wanted, part, connections);
        Some(self.runtime.block_on(async {
            tokio::time::sleep(pause).await;
            wanted.list().await.without_failures()
        }))
    }

    fn one<T>(&self, at: usize, read: Read<'_>, judge: Judge<'_, T>) -> T {
        let dir = self.layouts[at].as_path();
        let opened = match (self.open)(dir, true) {
            Ok(opened) => opened,
            Err(problems) => return judge(dir, Err(problems)),
        };
        let connected = self.connect(&opened, read.switchboard);
        let Opened { layout, variables, backend, loaded, .. } = opened;
        let unmanaged = read.unmanaged(at, &loaded.state);
        let looked_at_all = read.beside.is_some_and(Found::is_whole);
        let member = |connections, places, planned| {
            let (layout, backend, loaded) = (&layout, &backend, &loaded);
            let held = read.held;
            Member { layout, backend, loaded, unmanaged, looked_at_all, held, connections, places, planned }
        };
        let connections = match connected {
            Ok(connections) => connections,
            Err(problems) => return judge(dir, Ok(member(None, Vec::new(), Err(&problems)))),
        };
        let world = World::new(&layout.dir);
        let functions = world.functions(true, None);
        let functions = functions.context();
        let plan = |reading: &Reading| {
            let request = Request {
                options: self.options.clone(),
                refresh: self.refresh,
                variables: variables.clone(),
                of_terraform: loaded.terraform.is_some(),
                state: loaded.state.clone(),
                open: &loaded.open,
                reading: Some(reading),
                heard: &|_| (),
            };
            self.runtime.block_on(session::plan(&layout, request, &connections, &functions, &world))
        };
        let mut planned = plan(read.reading);
        for pause in PAUSES {
            let again = |planned: &Planned| self.look_again(&planned.plan, &loaded.state, &connections, pause);
            let Some(seen) = planned.as_ref().ok().and_then(again) else { break };
            planned = plan(&read.reading.renewed(seen));
        }
        let places = connections.facts.values().map(|facts| (facts.account.clone(), facts.region.clone()));
        let places: BTreeSet<(String, String)> = places.collect();
        judge(dir, Ok(member(Some(&connections), places.into_iter().collect(), planned.as_ref())))
    }
}
