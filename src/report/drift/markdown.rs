//! Drift as a comment or a job summary: a table per severity, the gravest first. Never longer than GitHub takes for a comment.
//! Empty where there is nothing to say.

use super::blame;
use super::words::{self, count, difference, not_judged, severities, since, title};
use crate::drift::{Finding, LayoutDrift, Severity};
use crate::report::markdown::marks::{code, prose};

/// The limit of one comment on GitHub, in characters; counted here in bytes, which are never fewer.
pub(super) const LIMIT: usize = 65_536;
/// Room for the line that says how much is left out.
const TAIL: usize = 256;
/// The most differences in one row of a table.
const MOST: usize = 8;

/// A column: its title and its cell.
type Column = (&'static str, fn(&Finding, &LayoutDrift) -> String);

const COLUMNS: [Column; 5] = [
    ("Object", |finding, _| object(finding)),
    ("Drift", |finding, layout| drift(finding, layout)),
    ("Apply", |finding, _| prose(finding.effect.word())),
    ("Layout", |_, layout| prose(&title(layout))),
    ("Place", |finding, _| place(finding)),
];
/// One more where somebody asked who it was.
const WHO: Column = ("Who", who);

/// The comment.
pub fn markdown(layouts: &[LayoutDrift]) -> String {
    within(layouts, LIMIT)
}

/// The comment with at most so many bytes.
pub(super) fn within(layouts: &[LayoutDrift], limit: usize) -> String {
    let found: Vec<(&Finding, &LayoutDrift)> =
        layouts.iter().flat_map(|layout| layout.findings.iter().map(move |finding| (finding, layout))).collect();
    let silent: Vec<String> = layouts
        .iter()
        .filter_map(|layout| Some(format!("- {}: {}\n", code(&title(layout)), prose(&not_judged(layout)?))))
        .collect();
    if found.is_empty() && silent.is_empty() {
        return String::new();
    }
    let mut out = String::from("### Floorplan: drift\n");
    if !silent.is_empty() {
        out.push_str("\n**Not judged**\n\n");
        silent.iter().take(50).for_each(|line| out.push_str(line));
        if let Some(more @ 1..) = silent.len().checked_sub(50) {
            out.push_str(&format!("- and {more} more\n"));
        }
    }
    if !found.is_empty() {
        let sum = severities(found.iter().map(|(finding, _)| *finding));
        let of = layouts.iter().filter(|layout| !layout.findings.is_empty()).count();
        out.push_str(&format!("\n**{} in {}** ({sum})\n", count(found.len(), "finding"), count(of, "layout")));
    }
    let who = blame::is_asked(layouts).then_some(WHO);
    let columns: Vec<Column> = COLUMNS.into_iter().chain(who).collect();
    for note in blame::notes(layouts) {
        out.push_str(&format!("\n> {}\n", prose(&note)));
    }
    let left_out =
        Severity::ALL.iter().map(|severity| table(&mut out, *severity, &found, (&columns, limit))).sum::<usize>();
    if left_out > 0 {
        out.push_str(&format!(
            "\n> {} left out: a comment has at most {limit} characters. `floorplan drift` shows all.\n",
            count(left_out, "finding")
        ));
    }
    out
}

/// Writes the findings of a severity; how many there was no room for.
fn table(
    out: &mut String,
    severity: Severity,
    found: &[(&Finding, &LayoutDrift)],
    (columns, limit): (&[Column], usize),
) -> usize {
    let rows: Vec<_> = found.iter().filter(|(finding, _)| finding.severity == severity).collect();
    if rows.is_empty() {
        return 0;
    }
    let titles = columns.iter().map(|(title, _)| *title).collect::<Vec<_>>().join(" | ");
    let head =
        format!("\n**{}** ({})\n\n| {titles} |\n{}|\n", severity.word(), rows.len(), "|---".repeat(columns.len()));
    let mut begun = false;
    for (i, (finding, layout)) in rows.iter().enumerate() {
        let cells: Vec<String> = columns.iter().map(|(_, cell)| cell(finding, layout)).collect();
        let row = format!("| {} |\n", cells.join(" | "));
        let head = if begun { "" } else { head.as_str() };
        if out.len() + head.len() + row.len() + TAIL > limit {
            return rows.len() - i;
        }
        begun = true;
        out.push_str(head);
        out.push_str(&row);
    }
    0
}

fn object(finding: &Finding) -> String {
    let id = finding.id.as_deref().filter(|_| finding.address.is_some());
    let name = finding.name.as_deref().filter(|name| id != Some(*name));
    let more: Vec<String> = [id, name].into_iter().flatten().map(prose).collect();
    let title = code(&finding.title());
    if more.is_empty() { title } else { format!("{title}<br>{}", more.join(", ")) }
}

fn drift(finding: &Finding, layout: &LayoutDrift) -> String {
    let mut lines = vec![prose(&words::drift(finding))];
    lines.extend(finding.differences.iter().take(MOST).map(|d| prose(&difference(d))));
    if let Some(more @ 1..) = finding.differences.len().checked_sub(MOST) {
        lines.push(format!("and {more} more"));
    }
    lines.extend(words::exposure(finding, layout).iter().map(|line| prose(line)));
    lines.extend(finding.note.as_deref().map(prose));
    lines.extend(since(finding, layout));
    lines.join("<br>")
}

fn place(finding: &Finding) -> String {
    let at = finding.at.as_ref().map(|at| code(&format!("{}:{}", at.file, at.line)));
    at.unwrap_or_else(|| prose(&finding.region))
}

fn who(finding: &Finding, layout: &LayoutDrift) -> String {
    blame::lines(layout, finding).iter().map(|line| prose(line)).collect::<Vec<_>>().join("<br>")
}
