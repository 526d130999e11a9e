//! Looking for events in CloudTrail: one way for each account and region, that calls at most twice a second. That is AWS's
//! limit for the account, and others may be looking, too; so every call waits for its turn, whichever layout it is for.

use super::api::services::CLOUDTRAIL;
use super::{Aws, Error, Kind, Result};
use crate::drift::blame::Event;
use jiff::Timestamp;
use serde_json::{Value as Json, json};
use std::time::Duration;
use tokio::time::{Instant, sleep_until};

/// From one call to the next.
const PAUSE: Duration = Duration::from_millis(500);

/// Types whose calls are recorded in one region of the partition, by the beginning of their names.
const ELSEWHERE: [(&str, Place); 6] = [
    ("aws_globalaccelerator_", Place::Region("us-west-2")),
    ("aws_iam_", Place::Home),
    ("aws_networkmanager_", Place::Region("us-west-2")),
    ("aws_route53_resolver_", Place::Own),
    ("aws_route53_", Place::Home),
    ("aws_shield_", Place::Home),
];

#[derive(Clone, Copy)]
enum Place {
    /// The region of the object.
    Own,
    /// The first region of the partition.
    Home,
    /// This one.
    Region(&'static str),
}

/// The kind of events that are looked for.
#[derive(Debug, Clone, Copy)]
pub enum By<'a> {
    /// Those about an object.
    Name(&'a str),
    /// All that change something.
    Change,
}

/// Some events, the latest first.
#[derive(Debug, Default)]
pub struct Page {
    /// The events that can be read.
    pub events: Vec<Event>,
    /// The way to the next page, if there is one.
    pub next: Option<String>,
}

/// The events of one account and region.
#[derive(Debug)]
pub struct Events {
    ways: Vec<Aws>,
    turn: Option<Instant>,
}

impl Events {
    /// Over connections that see the same account and region; the next one is taken where one may not look.
    pub fn new(ways: Vec<Aws>) -> Self {
        Events { ways, turn: None }
    }

    /// A page of the events since a time.
    pub async fn page(&mut self, by: By<'_>, since: Timestamp, next: Option<&str>) -> Result<Page> {
        loop {
            let Some(way) = self.ways.first().cloned() else {
                return Err(Error::new(Kind::Refused, "no connection was made to the place of the events"));
            };
            if let Some(turn) = self.turn {
                sleep_until(turn).await;
            }
            let answer = way.read.api.call(&CLOUDTRAIL, "LookupEvents", input(by, since, next)).await;
            self.turn = Some(Instant::now() + PAUSE);
            match answer {
                Err(e) if e.kind == Kind::Denied && self.ways.len() > 1 => drop(self.ways.remove(0)),
                answer => return answer.map(|members| read(&members)),
            }
        }
    }
}

fn input(by: By<'_>, since: Timestamp, next: Option<&str>) -> Json {
    let (key, value) = match by {
        By::Name(name) => ("ResourceName", name),
        By::Change => ("ReadOnly", "false"),
    };
    json!({
        "LookupAttributes": [{ "AttributeKey": key, "AttributeValue": value }],
        "StartTime": since.as_second(),
        "NextToken": next,
    })
}

fn read(members: &Json) -> Page {
    let events = members["Events"].as_array().into_iter().flatten().filter_map(Event::read).collect();
    Page { events, next: members["NextToken"].as_str().filter(|token| !token.is_empty()).map(str::to_owned) }
}

/// The connection to where the calls about objects of a type are recorded.
pub fn recorded(aws: &Aws, type_name: &str) -> Aws {
    match ELSEWHERE.iter().find(|(begin, _)| type_name.starts_with(begin)) {
        Some((_, Place::Home)) => aws.for_region(super::api::home(&aws.region)),
        Some((_, Place::Region(region))) if &*aws.partition == "aws" => aws.for_region(region),
        _ => aws.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_look_up_names_what_it_is_about() {
        let since = Timestamp::from_second(1_800_000_000).unwrap();
        assert_eq!(
            input(By::Name("subnet-1"), since, None),
            json!({
                "LookupAttributes": [{ "AttributeKey": "ResourceName", "AttributeValue": "subnet-1" }],
                "StartTime": 1_800_000_000,
                "NextToken": null,
            })
        );
        let scan = input(By::Change, since, Some("more"));
        assert_eq!(
            (&scan["LookupAttributes"][0]["AttributeKey"], &scan["NextToken"]),
            (&"ReadOnly".into(), &"more".into())
        );
        let page = read(&json!({ "Events": [{ "EventId": "1" }], "NextToken": "" }));
        assert_eq!((page.events.len(), page.next), (0, None));
    }
}
