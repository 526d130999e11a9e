//! Asks CloudTrail who made the findings. All layouts of a run ask together: for each account and region there is one line of
//! calls, an object is looked up once however many findings are about it, and events are kept by their ids. Where many
//! findings are in one place, all that changed something there is read once instead.

use super::{Connections, Planned};
use crate::aws::events::{By, Events, Page, recorded};
use crate::aws::{self, Aws, Kind};
use crate::drift::blame::{Answer, Blame, Event, Home, Sought, choose, is_settled, sought};
use crate::drift::{Finding, LayoutDrift};
use crate::resources::Types;
use crate::state::Backend;
use futures::future::join_all;
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// With more findings than this in one account and region, its events are read as a whole.
const MANY: usize = 50;
/// The most pages that are read about one object: ten seconds of calls.
const PAGES_OF_OBJECT: usize = 20;
/// The most pages of all events of a place: five minutes of calls.
const PAGES_OF_PLACE: usize = 600;

/// A finding whose maker is asked for, with the connection to where its events are.
pub struct Asked {
    sought: Sought,
    way: Option<Aws>,
}

/// The findings of a layout, with all that is needed to look for who made them.
pub fn asked(
    looked: &LayoutDrift,
    planned: &Planned<'_>,
    connections: &Connections,
    backend: &Backend,
    now: Timestamp,
) -> Vec<Asked> {
    if looked.findings.is_empty() {
        return Vec::new();
    }
    // A state that cannot be read any more says nothing about when it was written, as one of Terraform's does.
    let written = backend.written_at().ok().flatten().and_then(|at| at.parse().ok());
    let all = sought(&looked.findings, &planned.plan, &Types, written, now);
    all.into_iter().map(|sought| Asked { way: way(&sought, connections), sought }).collect()
}

fn way(sought: &Sought, connections: &Connections) -> Option<Aws> {
    let aws = match &sought.home {
        Home::Provider(provider, region) => connections.get(provider, region),
        Home::Place(place) => in_place(place, connections),
    };
    aws.map(|aws| recorded(&aws, &sought.type_name))
}

/// The connection to a place: words that hold an account and a region.
fn in_place(place: &str, connections: &Connections) -> Option<Aws> {
    let mut all: Vec<(&String, &Aws)> = connections.clients.iter().collect();
    all.sort_by_key(|(name, _)| *name);
    let here = |aws: &Aws| words(place).any(|word| word == &*aws.account);
    let (_, aws) = all.iter().find(|(_, aws)| here(aws)).or(all.first())?;
    Some(region_in(place).map_or_else(|| (*aws).clone(), |region| aws.for_region(region)))
}

/// The words of a place.
fn words(place: &str) -> impl Iterator<Item = &str> {
    place.split([' ', ',', '/']).filter(|word| !word.is_empty())
}

/// The word that is a region, such as `eu-west-1`.
fn region_in(place: &str) -> Option<&str> {
    let all = |part: &str, is: fn(&char) -> bool| !part.is_empty() && part.chars().all(|c| is(&c));
    words(place).find(|word| {
        let parts: Vec<&str> = word.split('-').collect();
        let Some((number, names)) = parts.split_last() else { return false };
        names.len() > 1
            && names.iter().all(|name| all(name, char::is_ascii_lowercase))
            && all(number, char::is_ascii_digit)
    })
}

/// Says of the findings that are left who made them. `asked` are those of each layout, in the same order.
pub async fn blame(layouts: &mut [LayoutDrift], asked: Vec<Vec<Asked>>) {
    let mut places: BTreeMap<(String, String), Place> = BTreeMap::new();
    for (at, (layout, asked)) in layouts.iter_mut().zip(asked).enumerate() {
        let key = crate::drift::blame::key;
        let left: BTreeMap<String, &Finding> = layout.findings.iter().map(|finding| (key(finding), finding)).collect();
        for Asked { sought, way } in asked {
            let Some(finding) = left.get(&sought.key) else { continue };
            let sought = sought.about(finding);
            match way {
                Some(way) => {
                    let place = places.entry((way.realm(), way.region.to_string())).or_default();
                    if !place.ways.iter().any(|known| known.caller == way.caller) {
                        place.ways.push(way);
                    }
                    place.wanted.push((at, sought));
                }
                None => {
                    let answer =
                        Answer::Unknown("No connection was made to the account and region of the object.".into());
                    let blame = Blame { account: String::new(), region: String::new(), answer };
                    layout.blame.insert(sought.key, blame);
                }
            }
        }
    }
    for answers in join_all(places.into_values().map(Place::ask)).await {
        for (at, key, blame) in answers {
            if let Some(layout) = layouts.get_mut(at) {
                layout.blame.insert(key, blame);
            }
        }
    }
}

/// An account and region with the findings there, each with the number of its layout.
#[derive(Default)]
struct Place {
    ways: Vec<Aws>,
    wanted: Vec<(usize, Sought)>,
}

/// The events of a place that have been read.
#[derive(Default)]
struct Known {
    events: BTreeMap<String, Event>,
    /// The ids of those that each name is in.
    by_name: BTreeMap<String, BTreeSet<String>>,
}

impl Known {
    /// Keeps those events of a page that name an object.
    fn add(&mut self, page: &Page, names: &BTreeSet<String>) {
        for event in &page.events {
            for name in event.texts.intersection(names) {
                self.by_name.entry(name.clone()).or_default().insert(event.id.clone());
                self.events.entry(event.id.clone()).or_insert_with(|| event.clone());
            }
        }
    }

    /// The events about an object.
    fn about(&self, sought: &Sought) -> Vec<&Event> {
        let ids: BTreeSet<&String> = sought.all_names().filter_map(|name| self.by_name.get(name)).flatten().collect();
        ids.into_iter().filter_map(|id| self.events.get(id)).collect()
    }
}

impl Place {
    /// The answers, each with the number of its layout and the key of its finding.
    async fn ask(self) -> Vec<(usize, String, Blame)> {
        let place = |way: &Aws| (way.account.to_string(), way.region.to_string());
        let (account, region) = self.ways.first().map(place).unwrap_or_default();
        let events = Events::new(self.ways);
        let wanted: Vec<&Sought> = self.wanted.iter().map(|(_, sought)| sought).collect();
        let names: BTreeSet<String> = wanted.iter().flat_map(|sought| sought.all_names().cloned()).collect();
        let found = match wanted.len() > MANY {
            true => scan(events, &wanted, &names).await,
            false => look_up(events, &wanted, &names).await,
        };
        let answer = |sought: &Sought| match &found {
            Ok(found) => found.answer(sought),
            Err(e) => Answer::Unknown(refused(e)),
        };
        let blame =
            |sought: &Sought| Blame { account: account.clone(), region: region.clone(), answer: answer(sought) };
        self.wanted.iter().map(|(at, sought)| (*at, sought.key.clone(), blame(sought))).collect()
    }
}

/// Why events could not be looked for.
fn refused(error: &aws::Error) -> String {
    let why = error.to_string();
    let hint = error.hint().filter(|_| error.kind == Kind::Denied).map(|hint| format!(" {hint}"));
    format!("{}.{}", why.trim_end_matches('.'), hint.unwrap_or_default())
}

/// The events that were found.
#[derive(Default)]
struct Found {
    known: Known,
    /// How far back the events about a name go, where not all of them were read.
    back_to: BTreeMap<String, Timestamp>,
}

impl Found {
    fn answer(&self, sought: &Sought) -> Answer {
        if sought.all_names().next().is_none() {
            return Answer::Nameless;
        }
        let deeds = choose(sought, self.known.about(sought).into_iter());
        let back_to = sought.all_names().filter_map(|name| self.back_to.get(name)).max();
        match deeds.is_empty() {
            true => Answer::Nothing(back_to.map_or(sought.since, |back| sought.since.max(*back))),
            false => Answer::Found(deeds),
        }
    }

    fn is_settled(&self, sought: &Sought) -> bool {
        is_settled(sought, self.known.about(sought).into_iter())
    }

    /// Reads pages until there are no more, or enough is known of what is wanted. Where the pages are too many, the time
    /// to which they were read.
    async fn read(
        &mut self,
        (events, by, most): (&mut Events, By<'_>, usize),
        wanted: &[&Sought],
        names: &BTreeSet<String>,
    ) -> Result<Option<Timestamp>, aws::Error> {
        let Some(since) = wanted.iter().map(|sought| sought.since).min() else { return Ok(None) };
        let (mut next, mut oldest) = (None, None);
        for _ in 0..most {
            let page = events.page(by, since, next.as_deref()).await?;
            self.known.add(&page, names);
            next = page.next;
            if next.is_none() || wanted.iter().all(|sought| self.is_settled(sought)) {
                return Ok(None);
            }
            oldest = page.events.iter().map(|event| event.time).min().or(oldest);
        }
        Ok(oldest)
    }
}

/// Reads all that changed something.
async fn scan(mut events: Events, wanted: &[&Sought], names: &BTreeSet<String>) -> Result<Found, aws::Error> {
    let mut found = Found::default();
    if let Some(oldest) = found.read((&mut events, By::Change, PAGES_OF_PLACE), wanted, names).await? {
        found.back_to = names.iter().map(|name| (name.clone(), oldest)).collect();
    }
    Ok(found)
}

/// Looks up one object after the other: first by its own names, then by those of what it is a part of.
async fn look_up(mut events: Events, wanted: &[&Sought], names: &BTreeSet<String>) -> Result<Found, aws::Error> {
    let mut found = Found::default();
    let mut asked: BTreeSet<&String> = BTreeSet::new();
    for sought in wanted {
        for name in sought.all_names() {
            if found.is_settled(sought) || !asked.insert(name) {
                continue;
            }
            let about: Vec<&Sought> =
                wanted.iter().copied().filter(|other| other.all_names().any(|one| one == name)).collect();
            let by = By::Name(name);
            if let Some(oldest) = found.read((&mut events, by, PAGES_OF_OBJECT), &about, names).await? {
                found.back_to.insert(name.clone(), oldest);
            }
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_says_its_region() {
        assert_eq!(region_in("123456789012 vpc-0abc-1 eu-west-1"), Some("eu-west-1"));
        assert_eq!(region_in("us-gov-east-1"), Some("us-gov-east-1"));
        assert_eq!(region_in("123456789012 vpc-1"), None);
    }
}
