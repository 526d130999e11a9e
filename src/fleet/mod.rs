//! Many layouts at once: which they are, one reading of AWS for all of them, and a plan of each.
//!
//! AWS is asked once for each account, region and type, however many layouts have objects there. So every layout is
//! opened twice: first to learn which objects its state names, then, when all are read, to be planned. In between only
//! the ids are kept, so that memory does not grow with the layouts.

pub mod changed;
pub mod division;
pub mod find;
pub mod pool;
pub mod shard;
pub mod twins;

pub use pool::in_order;

use crate::aws::{CallCounts, Switchboard};
use crate::diag::{Diagnostic, Diagnostics};
use crate::drift::Unmanaged;
use crate::objects::State;
use crate::plan::Options;
use crate::refresh::{Networks, Wanted};
use crate::session::{self, Connections, Layout, Planned, Reading, Request, World};
use crate::state::{Backend, Loaded};
use crate::value::{Name, Value};
use std::collections::{BTreeMap, BTreeSet, HashMap};
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
    /// What is in its networks and in no layout; nothing where nobody looked for that.
    pub unmanaged: Option<Vec<Unmanaged>>,
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
}

/// What was read for all layouts.
#[derive(Clone, Copy)]
struct Read<'a> {
    switchboard: &'a Switchboard,
    reading: &'a Reading,
    held: &'a BTreeSet<String>,
    /// By VPC.
    unmanaged: Option<&'a HashMap<String, Vec<Unmanaged>>>,
}

impl Read<'_> {
    /// What is in the networks of a state and in none.
    fn unmanaged(self, state: &State) -> Option<Vec<Unmanaged>> {
        let all = self.unmanaged?;
        let vpcs = state.resources.iter().filter(|(address, _)| &*address.resource.type_name == "aws_vpc");
        Some(vpcs.filter_map(|(_, vpc)| all.get(&vpc.id)).flatten().cloned().collect())
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
    /// Objects that no layout has are not looked for, for this reason.
    NothingUnmanaged(&'a str),
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
        let Survey { wanted, twins, unread, held } = self.survey(&switchboard);
        twins.of_names().for_each(|(_, warning)| watch(Course::Warns(&warning)));
        let mut unmanaged = None;
        if self.refresh {
            watch(Course::Reads(wanted.len(), self.layouts.len()));
            let networks = wanted.networks();
            reading.objects = self.runtime.block_on(wanted.list());
            unmanaged = self.look_beside(networks, &unread, watch);
        }
        let read = Read { switchboard: &switchboard, reading: &reading, held: &held, unmanaged: unmanaged.as_ref() };
        let plan = |at: usize| {
            let (began, dir) = (Instant::now(), self.layouts[at].as_path());
            watch(Course::Plans(dir));
            let outcome = match twins.of_state(dir) {
                Some(problem) => judge(dir, Err(problem.into())),
                None => self.one(dir, read, judge),
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
                Ok(connections) => {
                    let mut survey = hold();
                    if self.unmanaged {
                        survey.held.extend(session::drift::held(&opened.loaded.state));
                    }
                    session::want(&mut survey.wanted, opened.loaded.state, &connections);
                }
                Err(_) => hold().unread.push(dir.clone()),
            }
        };
        pool::in_order(self.layouts.len(), look, &mut |_, ()| ());
        survey.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    /// The objects that no layout has. One whose objects are not known may have them.
    fn look_beside(
        &self,
        networks: Networks,
        unread: &[PathBuf],
        watch: &(dyn Fn(Course<'_>) + Sync),
    ) -> Option<HashMap<String, Vec<Unmanaged>>> {
        if !self.unmanaged {
            return None;
        }
        if let Some(first) = unread.first() {
            let more = if unread.len() > 1 { " and others" } else { "" };
            watch(Course::NothingUnmanaged(&format!("the objects of {}{more} are not known", first.display())));
            return None;
        }
        match self.runtime.block_on(networks.unmanaged()) {
            Ok(found) => Some(found),
            Err(e) => {
                watch(Course::NothingUnmanaged(&e.to_string()));
                None
            }
        }
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

    fn one<T>(&self, dir: &Path, read: Read<'_>, judge: Judge<'_, T>) -> T {
        let opened = match (self.open)(dir, true) {
            Ok(opened) => opened,
            Err(problems) => return judge(dir, Err(problems)),
        };
        let connected = self.connect(&opened, read.switchboard);
        let Opened { layout, variables, backend, loaded, .. } = opened;
        let unmanaged = read.unmanaged(&loaded.state);
        let member = |connections, places, planned| {
            let (layout, backend, loaded) = (&layout, &backend, &loaded);
            Member { layout, backend, loaded, unmanaged, held: read.held, connections, places, planned }
        };
        let connections = match connected {
            Ok(connections) => connections,
            Err(problems) => return judge(dir, Ok(member(None, Vec::new(), Err(&problems)))),
        };
        let world = World::new(&layout.dir);
        let functions = world.functions(true, None);
        let functions = functions.context();
        let request = Request {
            options: self.options.clone(),
            refresh: self.refresh,
            variables,
            of_terraform: loaded.terraform.is_some(),
            state: loaded.state.clone(),
            open: &loaded.open,
            reading: Some(read.reading),
            heard: &|_| (),
        };
        let planned = self.runtime.block_on(session::plan(&layout, request, &connections, &functions, &world));
        let places = connections.facts.values().map(|facts| (facts.account.clone(), facts.region.clone()));
        let places: BTreeSet<(String, String)> = places.collect();
        judge(dir, Ok(member(Some(&connections), places.into_iter().collect(), planned.as_ref())))
    }
}
