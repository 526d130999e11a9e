//! A preview for code scanning: what cannot be planned, what a layout does not allow, and what goes, at the block that
//! says so.

use super::{Links, Previewed};
use crate::diag::Diagnostic;
use crate::plan::change::{Action, Change, Plan};
use crate::plan::service_check::words;
use crate::plan::service_impact::Interruption;
use crate::report::marks::PLAIN;
use crate::report::parts::remark;
use crate::report::sarif::{Found, Level, Rule, document, fingerprint};
use crate::report::text::{self, Schemas};
use serde_json::{Value as Json, json};
use std::collections::{HashMap, HashSet};

/// The rules; their order is that of the constants below.
const RULES: [Rule; 7] = [
    Rule {
        id: "preview/failed",
        name: "PreviewFailed",
        short: "A layout cannot be planned",
        full: "The layout, its state or AWS cannot be read, or a check of the layout fails.",
        level: Level::Error,
    },
    Rule {
        id: "preview/forbidden",
        name: "PreviewForbidden",
        short: "The layout does not allow the plan",
        full: "The plan interrupts a service that has to stay available, or breaks a guard of the layout.",
        level: Level::Error,
    },
    Rule {
        id: "preview/interrupts",
        name: "PreviewInterrupts",
        short: "A service is interrupted",
        full: "An apply of the plan interrupts a service for a while.",
        level: Level::Warning,
    },
    Rule {
        id: "preview/destroys",
        name: "PreviewDestroys",
        short: "An object is destroyed",
        full: "An apply of the plan destroys an object.",
        level: Level::Warning,
    },
    Rule {
        id: "preview/replaces",
        name: "PreviewReplaces",
        short: "An object is replaced",
        full: "An apply of the plan destroys an object and creates it anew.",
        level: Level::Warning,
    },
    Rule {
        id: "preview/warning",
        name: "PreviewWarning",
        short: "The planner warns of something",
        full: "The plan can be made, and a reviewer should know something about it.",
        level: Level::Note,
    },
    Rule {
        id: "preview/deleted",
        name: "PreviewDeleted",
        short: "A layout was deleted, and its objects may be left",
        full: "The change deletes a layout whose state holds objects, or whose state is not known.",
        level: Level::Error,
    },
];
const FAILED: usize = 0;
const FORBIDDEN: usize = 1;
const INTERRUPTS: usize = 2;
const DESTROYS: usize = 3;
const REPLACES: usize = 4;
const WARNING: usize = 5;
const DELETED: usize = 6;

/// The document.
pub fn sarif(all: &[Previewed<'_>], schemas: Schemas<'_>, links: &Links<'_>) -> Json {
    let mut found = Vec::new();
    for one in all {
        let layout = Layout { one, links };
        match one.outcome {
            Err(problems) if one.is_deleted() => found.extend(problems.iter().map(|d| {
                let level = if d.is_error() { Level::Error } else { Level::Warning };
                Found { level, ..layout.said(DELETED, d, None) }
            })),
            Err(problems) => found.extend(problems.iter().map(|d| layout.said(rule(d), d, None))),
            Ok(plan) => {
                let at = |d: &Diagnostic| layout.place(plan, d.address.as_deref()?);
                found.extend(plan.warnings.iter().map(|d| layout.said(rule(d), d, at(d))));
                layout.service(plan, &mut found);
                found.extend(plan.changes.iter().filter_map(|change| layout.gone(change, schemas)));
            }
        }
    }
    let failed = all.iter().any(|one| one.outcome.is_err() && !one.is_deleted());
    document(&RULES, &distinct(found), &[], !failed)
}

fn rule(d: &Diagnostic) -> usize {
    if d.is_error() { FAILED } else { WARNING }
}

/// Leaves out what is said twice, and gives each result a fingerprint of its own.
fn distinct(found: Vec<Found>) -> Vec<Found> {
    let (mut said, mut prints) = (HashSet::new(), HashMap::new());
    let new = found.into_iter().filter(|one| said.insert((one.rule, one.message.clone(), one.at.clone())));
    let one = |one: Found| {
        let (method, print) = one.print;
        let times = prints.entry(print.clone()).and_modify(|times| *times += 1).or_insert(1);
        let print = if *times == 1 { print } else { fingerprint(&[&print, &times.to_string()]) };
        Found { print: (method, print), ..one }
    };
    new.map(one).collect()
}

/// A file and a line of it.
type At = Option<(String, usize)>;

/// One layout, and where its lines are.
struct Layout<'a> {
    one: &'a Previewed<'a>,
    links: &'a Links<'a>,
}

impl Layout<'_> {
    /// A result. `key` distinguishes it from others about the same object, and stays while the finding does.
    fn found(&self, rule: usize, (about, key): (Option<String>, &str), message: String, at: At) -> Found {
        let layout = self.one.layout;
        let print = fingerprint(&[layout, RULES[rule].id, about.as_deref().unwrap_or_default(), key]);
        Found {
            rule,
            level: RULES[rule].level,
            message: format!("{layout}: {message}"),
            object: about,
            at: Some(at.unwrap_or_else(|| (self.one.file.to_owned(), 1))),
            print: ("floorplanPreview/v1", print),
            accepted: None,
            properties: json!({ "layout": layout }),
        }
    }

    /// What a diagnostic says.
    fn said(&self, rule: usize, d: &Diagnostic, at: At) -> Found {
        let own = d.span.as_ref().map(|span| ((self.links.file)(&span.file.path), span.line_column().0));
        let key = format!("{} {}", d.code, d.summary);
        let mut found = self.found(rule, (d.address.clone(), &key), sentences(d), own.or(at));
        found.properties["code"] = json!(d.code);
        found
    }

    /// The interruptions, those first that the layout does not allow.
    fn service(&self, plan: &Plan, all: &mut Vec<Found>) {
        let losses = || plan.promise.losses.iter();
        let at = |loss: &Interruption| {
            let named = loss.place.as_deref().and_then(|place| place.rsplit_once(':'));
            let named = named.and_then(|(file, line)| Some(((self.links.file)(file), line.parse().ok()?)));
            named.or_else(|| self.place(plan, &loss.address))
        };
        let changes = |loss: &Interruption| {
            let change = plan.changes.get(plan.steps.get(loss.step)?.change)?;
            Some(change.address.to_string())
        };
        let (refusals, window) = (plan.refusals(), plan.outside_window());
        let refused = refusals.iter().map(|d| (d, Level::Error));
        for (d, level) in refused.chain(window.iter().map(|d| (d, Level::Warning))) {
            let about = |loss: &&Interruption| d.address.as_ref() == Some(&loss.address) || d.address == changes(loss);
            let place = losses().filter(|loss| !loss.allowed).find(about).and_then(at);
            let place = place.or_else(|| self.place(plan, d.address.as_deref()?));
            all.push(Found { level, ..self.said(FORBIDDEN, d, place) });
        }
        for loss in losses() {
            let allowed = if loss.allowed { " (allowed)" } else { "" };
            let message = format!("{} is interrupted: {}{allowed}.", loss.service, words(&loss.reason));
            let mut found = self.found(INTERRUPTS, (Some(loss.address.clone()), &loss.service), message, at(loss));
            found.properties["service"] = loss.service.as_str().into();
            all.push(found);
        }
    }

    /// The block of an object.
    fn place(&self, plan: &Plan, address: &str) -> At {
        let change = plan.changes.iter().find(|change| change.address.to_string() == address)?;
        (self.links.place)(self.one.layout, &change.address)
    }

    /// An object that is destroyed or replaced.
    fn gone(&self, change: &Change, schemas: Schemas<'_>) -> Option<Found> {
        let rule = match change.action {
            Action::Delete => DESTROYS,
            action if action.is_replace() => REPLACES,
            _ => return None,
        };
        let (what, _) = text::marked_heading(change, PLAIN);
        let why = remark(change, schemas, PLAIN);
        let message = if why.is_empty() { format!("{what}.") } else { format!("{what} ({why}).") };
        let place = (self.links.place)(self.one.layout, &change.address);
        let key = change.deposed.as_deref().unwrap_or_default();
        Some(self.found(rule, (Some(change.address.to_string()), key), message, place))
    }
}

/// All of an error or warning.
fn sentences(d: &Diagnostic) -> String {
    let summary = format!("{}.", d.summary.trim_end_matches('.'));
    let rest = [d.detail.clone()].into_iter().chain(d.hints.iter().cloned()).filter(|words| !words.is_empty());
    [summary].into_iter().chain(rest).collect::<Vec<_>>().join(" ")
}
