//! The live objects of states: one list per account, region and type, all at once, joined to addresses by id.
//! Never one call per object, and for many states no more lists than for one.

mod beside;

pub use beside::{Beside, Found, Place};

use crate::aws::{Aws, Error, Kind};
use crate::objects::{Instance, State};
use crate::plan::Live;
use crate::resources::{Progress, Which, local, registry};
use crate::schema::Attrs;
use crate::value::address::Address;
use futures::future::join_all;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;
use std::time::Duration;

/// How long is waited before what a list shows otherwise than expected is asked for again.
pub const PAUSES: [Duration; 2] = [Duration::from_millis(500), Duration::from_millis(1500)];

/// A list that failed: which type it is about, and why.
pub type Failure = (String, Error);

/// What one list is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Subject {
    realm: String,
    region: String,
    type_name: &'static str,
}

/// The ids that are asked for in one list, and the connections that it can be asked over.
#[derive(Default)]
struct Question {
    ways: Vec<Aws>,
    ids: BTreeSet<String>,
}

/// The objects that are to be read.
#[derive(Default)]
pub struct Wanted(BTreeMap<Subject, Question>);

/// What AWS answered.
#[derive(Default)]
pub struct Listing(HashMap<Subject, Answer>);

struct Answer {
    ids: BTreeSet<String>,
    found: Result<HashMap<String, Attrs>, Error>,
}

/// Where the objects of a state are read: the connection of a provider and region.
pub type Connect<'a> = &'a (dyn Fn(&str, &str) -> Option<Aws> + Sync);

/// Reads all current objects of `state`, but for those that are `known` from listings. The first listing that has one counts.
pub async fn refresh(
    state: &State,
    connect: Connect<'_>,
    known: &[&Listing],
) -> Result<HashMap<Address, Live>, Vec<Failure>> {
    let mut wanted = Wanted::default();
    wanted.add(state, connect);
    known.iter().for_each(|listing| wanted.beyond(listing));
    let own = wanted.list().await;
    joined(state, connect, &known.iter().copied().chain([&own]).collect::<Vec<_>>())
}

/// The objects of a state that can be read, each with its connection and its type. Those without a connection are left
/// out; the planner reports them.
fn readable<'s>(
    state: &'s State,
    connect: Connect<'_>,
) -> impl Iterator<Item = (&'s Address, &'s Instance, Aws, Subject)> {
    let mut known: HashMap<(&str, &str), Option<(Aws, String)>> = HashMap::new();
    state.resources.iter().filter_map(move |(address, instance)| {
        let (type_name, _) = registry().get_key_value(address.resource.type_name.as_ref())?;
        let place = (instance.provider.as_str(), instance.region.as_str());
        let way = known.entry(place).or_insert_with(|| {
            let aws = connect(place.0, place.1)?;
            let realm = aws.realm();
            Some((aws, realm))
        });
        let (aws, realm) = way.clone()?;
        let subject = Subject { realm, region: aws.region.to_string(), type_name };
        Some((address, instance, aws, subject))
    })
}

impl Wanted {
    /// Adds the current objects of a state.
    pub fn add(&mut self, state: &State, connect: Connect<'_>) {
        for (_, instance, aws, subject) in readable(state, connect) {
            let question = self.0.entry(subject).or_default();
            // Credentials of another caller may see what those of the first do not.
            if !question.ways.iter().any(|way| way.caller == aws.caller) {
                question.ways.push(aws);
            }
            question.ids.insert(instance.id.clone());
        }
    }

    /// Leaves out what has been asked already.
    pub fn beyond(&mut self, listing: &Listing) {
        for (subject, question) in &mut self.0 {
            if let Some(answer) = listing.0.get(subject) {
                question.ids.retain(|id| !answer.ids.contains(id));
            }
        }
        self.0.retain(|_, question| !question.ids.is_empty());
    }

    /// How many objects are to be read.
    pub fn len(&self) -> usize {
        self.0.values().map(|question| question.ids.len()).sum()
    }

    /// Whether nothing is to be read.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Asks for all of them.
    pub async fn list(self) -> Listing {
        self.listed(&[]).await
    }

    /// The same for those who report what is gone: what a list does not show is asked for again after a moment, as a list
    /// may be older than the object.
    pub async fn list_surely(self) -> Listing {
        self.listed(&PAUSES).await
    }

    async fn listed(self, pauses: &[Duration]) -> Listing {
        let lists = self.0.into_iter().map(|(subject, question)| async move {
            let answer = question.ask(subject.type_name, pauses).await;
            (subject, answer)
        });
        Listing(join_all(lists).await.into_iter().collect())
    }
}

impl Listing {
    /// Without the lists that failed.
    pub fn without_failures(mut self) -> Self {
        self.0.retain(|_, answer| answer.found.is_ok());
        self
    }
}

impl Question {
    /// What is not found is asked for again after each of these pauses.
    async fn ask(self, type_name: &str, pauses: &[Duration]) -> Answer {
        let mut found = self.ask_for(type_name, self.ids.iter().cloned().collect()).await;
        for pause in pauses {
            let Ok(there) = &mut found else { break };
            let missing: Vec<String> = self.ids.iter().filter(|id| !there.contains_key(*id)).cloned().collect();
            if missing.is_empty() {
                break;
            }
            tokio::time::sleep(*pause).await;
            match self.ask_for(type_name, missing).await {
                Ok(more) => there.extend(more),
                Err(e) => found = Err(e),
            }
        }
        Answer { ids: self.ids, found }
    }

    async fn ask_for(&self, type_name: &str, ids: Vec<String>) -> Result<HashMap<String, Attrs>, Error> {
        let mut found = Ok(HashMap::new());
        for way in &self.ways {
            found = list(way, type_name, &ids).await;
            if !matches!(&found, Err(e) if e.kind == Kind::Denied) {
                break;
            }
        }
        found
    }
}

async fn list(aws: &Aws, type_name: &str, ids: &[String]) -> Result<HashMap<String, Attrs>, Error> {
    let Some(resource) = registry().get(type_name) else { return Ok(HashMap::new()) };
    let seen = resource.describe(aws, Which::Ids(ids)).await?;
    Ok(seen.into_iter().filter(|o| o.progress != Progress::Gone).map(|o| (o.id, o.attrs)).collect())
}

/// The current objects of a state, as the listings have them.
fn joined(state: &State, connect: Connect<'_>, listings: &[&Listing]) -> Result<HashMap<Address, Live>, Vec<Failure>> {
    let mut live = HashMap::new();
    let mut failures: BTreeMap<&str, Error> = BTreeMap::new();
    for (address, instance, _, subject) in readable(state, connect) {
        let id = instance.id.as_str();
        let answers = listings.iter().filter_map(|listing| listing.0.get(&subject));
        let Some(answer) = answers.into_iter().find(|answer| answer.ids.contains(id)) else { continue };
        match &answer.found {
            Ok(found) => {
                let there = |attrs: &Attrs| Live::There(attrs.clone().with("id", id));
                live.insert(address.clone(), found.get(id).map_or(Live::Gone, there));
            }
            Err(e) => drop(failures.insert(subject.type_name, e.clone())),
        }
    }
    match failures.is_empty() {
        true => Ok(live),
        false => Err(failures.into_iter().map(|(name, error)| (name.to_owned(), error)).collect()),
    }
}

/// The objects of `state` that live in it alone and are over by now.
pub fn over(state: &State, now: jiff::Timestamp, dir: &str) -> HashMap<Address, Live> {
    let is_over = |(address, instance): &(&Address, &Instance)| {
        let kind = local::types().get(&*address.resource.type_name);
        kind.is_some_and(|kind| kind.is_over(&instance.attrs, now, Path::new(dir)))
    };
    state.resources.iter().filter(is_over).map(|(address, _)| (address.clone(), Live::Gone)).collect()
}
