//! Drift as a person reads it: by layout and severity, a line for each difference. Empty where there is nothing to say.

use super::blame;
use super::words::{about, count, headline, lines, not_judged, severities, since, title};
use crate::drift::{Finding, LayoutDrift, Severity};
use crate::report::canvas::{Canvas, DiffStyle, Style};
use crate::report::literal::printable;

/// The report; `colour` only where a terminal shows it. Ends with a newline, unless it is empty.
pub fn text(layouts: &[LayoutDrift], colour: bool) -> String {
    let mut paper = Canvas::new(DiffStyle::on_terminal(colour));
    for layout in layouts {
        write_layout(&mut paper, layout);
    }
    let found: Vec<&Finding> = layouts.iter().flat_map(|layout| &layout.findings).collect();
    if !found.is_empty() {
        let of = layouts.iter().filter(|layout| !layout.findings.is_empty()).count();
        let sum = severities(found.iter().copied());
        let line = format!("Drift: {} in {} ({sum}).", count(found.len(), "finding"), count(of, "layout"));
        paper.raw("");
        let line = paper.toned(Style::Bold, &line);
        paper.raw(&line);
    }
    paper.finish()
}

fn write_layout(paper: &mut Canvas, layout: &LayoutDrift) {
    if let Some(why) = not_judged(layout) {
        paper.raw("");
        return paper.raw(&printable(&format!("{}: {why}", title(layout))));
    }
    if layout.findings.is_empty() {
        return;
    }
    paper.raw("");
    let mut head = format!("{}: {}", title(layout), count(layout.findings.len(), "finding"));
    if let Some(coverage) = layout.coverage() {
        let all = coverage.managed + coverage.unmanaged;
        head.push_str(&format!(", {} of {all} objects managed ({} %)", coverage.managed, coverage.percent()));
    }
    if !layout.ignored.is_empty() {
        head.push_str(&format!(", {} ignored", layout.ignored.len()));
    }
    let head = paper.toned(Style::Bold, &printable(&head));
    paper.raw(&head);
    for severity in Severity::ALL {
        let mut begun = false;
        for finding in layout.findings.iter().filter(|finding| finding.severity == *severity) {
            if !std::mem::replace(&mut begun, true) {
                let word = paper.toned(tone(*severity), severity.word());
                paper.raw(&format!("  {word}"));
            }
            write_finding(paper, finding, layout);
        }
    }
}

fn tone(severity: Severity) -> Style {
    match severity {
        Severity::Opens | Severity::Interrupts => Style::Alarm,
        Severity::Changes => Style::Change,
        Severity::Cosmetic => Style::Dim,
    }
}

fn write_finding(paper: &mut Canvas, finding: &Finding, layout: &LayoutDrift) {
    let place = finding.at.as_ref().map(|at| format!("{}:{}", at.file, at.line));
    let known = about(finding).into_iter().map(str::to_owned).chain(place).chain(since(finding, layout));
    let known = known.collect::<Vec<_>>().join(", ");
    let known = if known.is_empty() { known } else { format!(" ({known})") };
    paper.raw(&printable(&format!("    {}{known}", headline(finding))));
    for line in lines(finding, layout).into_iter().chain(blame::lines(layout, finding)) {
        paper.raw(&printable(&format!("      {line}")));
    }
}
