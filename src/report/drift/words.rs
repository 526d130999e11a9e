//! The words for findings that all forms share.

use super::blame;
use crate::drift::{Class, Difference, Finding, LayoutDrift, Outcome, Severity};
use crate::plan::ExposureChange;
use crate::report::literal::inline;
use crate::schema::equal::is_empty;
use crate::value::Value;

/// A longer value is cut.
const LONGEST: usize = 160;

/// A value on one line: without the empty parts of a block, cut where it is long.
pub(super) fn value(value: &Value) -> String {
    let text = inline(&brief(value));
    match text.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text,
    }
}

/// A block without its empty parts.
fn brief(value: &Value) -> Value {
    match value.as_entries() {
        Some(entries) if !value.is_sensitive() && matches!(value.kind(), crate::value::Kind::Object(_)) => {
            let filled = entries.iter().filter(|(_, value)| value.is_unknown() || !is_empty(value));
            Value::object(filled.map(|(name, value)| (name.clone(), value.clone())))
        }
        _ => value.clone(),
    }
}

/// What differs, in one line.
pub(super) fn difference(d: &Difference) -> String {
    let path = &d.path;
    match (&d.state, &d.live, &d.wanted) {
        (None, Some(live), None) => format!("{path}: {} was added", value(live)),
        (state, None, wanted) => match wanted.as_ref().or(state.as_ref()) {
            Some(gone) => format!("{path}: {} is gone", value(gone)),
            None => format!("{path}: differs"),
        },
        (state, Some(live), wanted) if state == wanted => {
            let wanted = wanted.as_ref().map_or_else(|| "nothing".into(), value);
            format!("{path}: {} instead of {wanted}", value(live))
        }
        (state, Some(live), wanted) => {
            let or = |side: &Option<Value>| side.as_ref().map_or_else(|| "nothing".into(), value);
            format!("{path}: {}; the state has {}, the layout wants {}", value(live), or(state), or(wanted))
        }
    }
}

/// The finding without what differs, in one line: `aws_vpc.v was changed: only what describes it`.
pub(super) fn headline(finding: &Finding) -> String {
    format!("{} {}", finding.title(), drift(finding))
}

/// The same without the object.
pub(super) fn drift(finding: &Finding) -> String {
    let what = match finding.class {
        Class::Changed => "was changed",
        Class::Missing => "is gone from AWS",
        Class::Unmanaged if finding.address.is_some() => "has what no layout has",
        Class::Unmanaged => "is unmanaged",
        Class::HalfDone => "was left half done",
    };
    format!("{what}: {}", finding.why)
}

/// What else there is to say of it, a line each, the effect of an apply at the end.
pub(super) fn lines(finding: &Finding, layout: &LayoutDrift) -> Vec<String> {
    finding.differences.iter().map(difference).chain(remarks(finding, layout)).collect()
}

/// The same without what differs.
pub(super) fn remarks(finding: &Finding, layout: &LayoutDrift) -> Vec<String> {
    let effect = finding.effect.sentence().to_owned();
    exposure(finding, layout).into_iter().chain(finding.note.clone()).chain([effect]).collect()
}

/// The traffic from outside that comes or goes with it, a line each, and who it was where that is known.
pub(super) fn exposure(finding: &Finding, layout: &LayoutDrift) -> Vec<String> {
    let by = blame::principals(layout, finding);
    let by = if by.is_empty() { String::new() } else { format!(", by {}", by.join(" and ")) };
    let said = |change: &ExposureChange| {
        let remark = change.remark().map(|remark| format!(" ({remark})")).unwrap_or_default();
        format!("by hand: {}{remark}{by}", change.flow())
    };
    finding.exposure.iter().map(said).collect()
}

/// Everything in one line, for services that show only one.
pub(super) fn message(finding: &Finding, layout: &LayoutDrift) -> String {
    format!("{}. Severity: {}. {}.", headline(finding), finding.severity.word(), lines(finding, layout).join("; "))
}

/// What is known of the object besides its address: its id, its name, where it is.
pub(super) fn about(finding: &Finding) -> Vec<&str> {
    let id = finding.id.as_deref().filter(|_| finding.address.is_some());
    let name = finding.name.as_deref().filter(|name| id != Some(*name));
    let place = Some(finding.region.as_str()).filter(|place| !place.is_empty());
    [id, name, place].into_iter().flatten().collect()
}

/// Since when the finding has been there, where that is remembered: `since 2026-11-30 06:00 UTC`.
pub(super) fn since(finding: &Finding, layout: &LayoutDrift) -> Option<String> {
    let moment = layout.since(finding)?;
    let to_the_minute = moment.get(..16).filter(|_| moment.ends_with('Z')).map(|m| m.replace('T', " "));
    Some(to_the_minute.map_or_else(|| format!("since {moment}"), |moment| format!("since {moment} UTC")))
}

/// Why a layout was not judged; nothing where it was.
pub(super) fn not_judged(layout: &LayoutDrift) -> Option<String> {
    match &layout.outcome {
        Outcome::Looked => None,
        Outcome::Applying(who) => Some(format!("apply in progress: {who}")),
        Outcome::Failed(problems) => {
            let first = problems.iter().find(|d| d.is_error()).or(problems.iter().next());
            Some(format!("cannot be looked at: {}", first.map_or("unknown", |d| d.summary.as_str())))
        }
    }
}

/// The layout as people name it: its directory, and its name where that is another.
pub(super) fn title(layout: &LayoutDrift) -> String {
    let LayoutDrift { layout: name, dir, .. } = layout;
    let last = dir.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    if last == name { dir.clone() } else { format!("{name} ({dir})") }
}

/// A layout that has findings, in a line: `layouts/net: 2 findings (1 opens, 1 cosmetic)`.
pub(super) fn headed(layout: &LayoutDrift) -> String {
    let all = &layout.findings;
    format!("{}: {} ({})", title(layout), count(all.len(), "finding"), severities(all.iter()))
}

/// How many findings, `1 finding` or `2 findings`.
pub(super) fn count(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

/// How many of each severity: `1 opens, 2 cosmetic`.
pub(super) fn severities<'a>(findings: impl Iterator<Item = &'a Finding> + Clone) -> String {
    let of = |severity: &Severity| findings.clone().filter(|f| f.severity == *severity).count();
    let parts = Severity::ALL.iter().map(|s| (of(s), s)).filter(|(n, _)| *n > 0);
    parts.map(|(n, s)| format!("{n} {}", s.word())).collect::<Vec<_>>().join(", ")
}
