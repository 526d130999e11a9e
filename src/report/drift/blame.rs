//! Who made a finding, in the words and members that the forms share.

use crate::drift::blame::{Answer, Blame, Deed, Event, Way, unknown};
use crate::drift::{Finding, LayoutDrift};
use serde_json::{Value as Json, json};

/// The most events that people are shown for one finding; documents have all.
const MOST: usize = 3;

/// A line for each event, or one that says that there is none. Nothing where nobody asked, or events could not be looked for,
/// which is said once for all findings.
pub(super) fn lines(layout: &LayoutDrift, finding: &Finding) -> Vec<String> {
    let Some(blame) = layout.blamed(finding) else { return Vec::new() };
    match &blame.answer {
        Answer::Found(deeds) => {
            let mut lines: Vec<String> = deeds.iter().take(MOST).map(|deed| line(deed, deeds.len() > 1)).collect();
            if let Some(more @ 1..) = deeds.len().checked_sub(MOST) {
                lines.push(format!("and {more} more events"));
            }
            lines
        }
        Answer::Nothing(since) => {
            vec![format!("CloudTrail has no event for it since {since}; an event may take 15 minutes to be there")]
        }
        Answer::Nameless => vec!["its id is not known, and so are its events".to_owned()],
        Answer::Unknown(_) => Vec::new(),
    }
}

/// An event in one line, with the parts of the finding that it fits where there are several events.
fn line(deed: &Deed, several: bool) -> String {
    let Deed { event, paths, sure } = deed;
    let perhaps = if *sure { "" } else { "perhaps " };
    let mut line = format!("{perhaps}{} by {}", event.name, event.principal);
    if !event.address.is_empty() && event.address != event.principal {
        line.push_str(&format!(" from {}", event.address));
    }
    line.push_str(&format!(" ({}), {}", program(event), event.time));
    if several && !paths.is_empty() {
        line.push_str(&format!(": {}", paths.join(", ")));
    }
    line
}

/// The program that made the call, in a word.
fn program(event: &Event) -> &str {
    match event.way {
        Way::Console => "console",
        Way::Cli => "CLI",
        Way::Service => "a service of AWS",
        Way::Floorplan => "Floorplan",
        Way::Sdk => event.agent.split(' ').next().filter(|word| !word.is_empty()).unwrap_or("SDK"),
    }
}

/// Why there is nothing about an account and region, a line for each.
pub(super) fn notes(layouts: &[LayoutDrift]) -> Vec<String> {
    unknown(layouts).iter().map(|d| format!("{}: {}", d.summary, d.detail)).collect()
}

/// Whether anybody asked.
pub(super) fn is_asked(layouts: &[LayoutDrift]) -> bool {
    layouts.iter().any(|layout| !layout.blame.is_empty())
}

/// The same for programs.
pub(super) fn json(layout: &LayoutDrift, finding: &Finding) -> Json {
    layout.blamed(finding).map_or(Json::Null, of_blame)
}

fn of_blame(blame: &Blame) -> Json {
    let (status, events, since, reason) = match &blame.answer {
        Answer::Found(deeds) => ("found", deeds.iter().map(of_deed).collect(), None, None),
        Answer::Nothing(since) => ("none", Vec::new(), Some(since.to_string()), None),
        Answer::Nameless => ("unknown", Vec::new(), None, Some("The id of the object is not known.")),
        Answer::Unknown(why) => ("unknown", Vec::new(), None, Some(why.as_str())),
    };
    json!({
        "status": status,
        "account": blame.account,
        "region": blame.region,
        "events": events,
        "since": since,
        "reason": reason,
    })
}

fn of_deed(deed: &Deed) -> Json {
    let event = &deed.event;
    json!({
        "id": event.id,
        "name": event.name,
        "source": event.source,
        "time": event.time.to_string(),
        "principal": event.principal,
        "address": event.address,
        "via": event.way.word(),
        "user_agent": event.agent,
        "floorplan": event.is_own(),
        "sure": deed.sure,
        "paths": deed.paths,
    })
}
