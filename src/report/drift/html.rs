//! Drift as a page: how many findings of each severity a layout has, then each finding with what the state has, what AWS
//! has, what the layout wants and what the next apply does.

use super::blame;
use super::words::{about, count, drift, not_judged, remarks, severities, since, title, value};
use crate::drift::{Difference, Finding, Ignored, LayoutDrift, Outcome, Severity};
use crate::report::html::{self, Entry, MARKS, Part};
use crate::value::Value;

/// The kinds of entries, in the order of the filter.
const KINDS: [&str; 5] =
    [Severity::Opens.word(), Severity::Interrupts.word(), Severity::Changes.word(), Severity::Cosmetic.word(), IGNORED];
const IGNORED: &str = "ignored";

/// A column of the table of layouts: its title and its cell. An empty column is left out.
const LAYOUTS: [(&str, fn(&LayoutDrift) -> String); 8] = [
    ("Layout", |layout| (MARKS.name)(&title(layout))),
    ("Opens", |layout| number(of(layout, Severity::Opens))),
    ("Interrupts", |layout| number(of(layout, Severity::Interrupts))),
    ("Changes", |layout| number(of(layout, Severity::Changes))),
    ("Cosmetic", |layout| number(of(layout, Severity::Cosmetic))),
    ("Ignored", |layout| number(layout.ignored.len())),
    ("Managed", |layout| number(layout.managed)),
    ("Coverage", |layout| layout.coverage().map(|c| format!("{} %", c.percent())).unwrap_or_default()),
];

/// The short words before the title of a finding, a column each.
const CELLS: [fn(&Finding, &LayoutDrift) -> String; 1] = [|finding, _| finding.class.word().into()];

/// A column of the differences of a finding. An empty column is left out.
const DIFFERENCES: [(&str, fn(&Difference) -> String); 6] = [
    ("Attribute", |d| (MARKS.name)(&d.path)),
    ("State", |d| shown(&d.state)),
    ("AWS", |d| shown(&d.live)),
    ("Layout", |d| shown(&d.wanted)),
    ("Severity", |d| (MARKS.words)(&format!("{}: {}", d.severity.word(), d.why))),
    ("Next apply", |d| d.effect.word().into()),
];

/// The page.
pub fn html(layouts: &[LayoutDrift]) -> String {
    let name = match layouts {
        [one] => title(one),
        all => count(all.len(), "layout"),
    };
    let parts: Vec<Part> = layouts.iter().map(part).collect();
    html::page(&format!("Floorplan drift: {name}"), &summary(layouts), &KINDS, &parts)
}

fn summary(layouts: &[LayoutDrift]) -> String {
    let silent = |failed: bool| -> Vec<String> {
        let of = layouts.iter().filter(|layout| matches!(layout.outcome, Outcome::Failed(_)) == failed);
        let line = |layout: &LayoutDrift| {
            Some(format!("{}: {}", (MARKS.name)(&title(layout)), (MARKS.words)(&not_judged(layout)?)))
        };
        of.filter_map(line).collect()
    };
    let mut out = html::alarm("Not looked at", &silent(true));
    out.push_str(&html::section("Apply in progress", &silent(false)));
    let notes: Vec<String> = blame::notes(layouts).iter().map(|note| (MARKS.words)(note)).collect();
    out.push_str(&html::section("Not known who", &notes));
    out.push_str(&format!("<p>{}</p>\n", (MARKS.words)(&verdict(layouts))));
    let touched = layouts.iter().filter(|layout| !layout.findings.is_empty() || !layout.ignored.is_empty());
    let rows: Vec<Vec<String>> = touched.map(|layout| LAYOUTS.iter().map(|(_, cell)| cell(layout)).collect()).collect();
    out.push_str(&html::table(&LAYOUTS.map(|(title, _)| title.to_owned()), &rows));
    out
}

fn verdict(layouts: &[LayoutDrift]) -> String {
    let found = || layouts.iter().flat_map(|layout| &layout.findings);
    let with = layouts.iter().filter(|layout| !layout.findings.is_empty()).count();
    let looked = layouts.iter().filter(|layout| layout.outcome == Outcome::Looked).count();
    match found().count() {
        0 => format!("No drift in {}.", count(looked, "layout")),
        all => format!("{} in {} ({}).", count(all, "finding"), count(with, "layout"), severities(found())),
    }
}

fn of(layout: &LayoutDrift, severity: Severity) -> usize {
    layout.findings.iter().filter(|finding| finding.severity == severity).count()
}

/// A number; nothing for zero.
fn number(number: usize) -> String {
    if number == 0 { String::new() } else { number.to_string() }
}

fn part(layout: &LayoutDrift) -> Part {
    let found = layout.findings.iter().map(|finding| entry(finding, layout, finding.severity.word(), None));
    let ignored = layout.ignored.iter().map(|Ignored { finding, reason, expires }| {
        entry(finding, layout, IGNORED, Some(format!("Ignored until {expires}: {reason}")))
    });
    Part { title: (MARKS.name)(&title(layout)), notes: Vec::new(), entries: found.chain(ignored).collect() }
}

fn entry(finding: &Finding, layout: &LayoutDrift, kind: &'static str, ignored: Option<String>) -> Entry {
    let known = about(finding).join(", ");
    let known = if known.is_empty() { known } else { format!(" ({})", (MARKS.words)(&known)) };
    let at = finding.at.as_ref().map(|at| format!(", {}", (MARKS.name)(&format!("{}:{}", at.file, at.line))));
    let name = (MARKS.name)(&finding.title());
    let rows: Vec<Vec<String>> =
        finding.differences.iter().map(|d| DIFFERENCES.iter().map(|(_, cell)| cell(d)).collect()).collect();
    let said = remarks(finding, layout).into_iter().chain(blame::lines(layout, finding)).chain(since(finding, layout));
    let words = ignored.into_iter().chain(said.map(|line| capital(&line)));
    let words: String = words.map(|line| format!("<p>{}</p>\n", (MARKS.words)(&line))).collect();
    Entry {
        kind,
        cells: CELLS.iter().map(|cell| cell(finding, layout)).collect(),
        title: format!("{name} {}{known}{}", (MARKS.words)(&drift(finding)), at.unwrap_or_default()),
        body: format!("{}{words}", html::table(&DIFFERENCES.map(|(title, _)| title.to_owned()), &rows)),
    }
}

/// A value; nothing where there is none.
fn shown(side: &Option<Value>) -> String {
    side.as_ref().map(|side| (MARKS.name)(&value(side))).unwrap_or_default()
}

/// The words as a sentence.
fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map(|first| format!("{}{}.", first.to_uppercase(), letters.as_str())).unwrap_or_default()
}
