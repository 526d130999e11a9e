//! Drift as the results of tests: a suite per layout, a failed case per finding. A layout without findings passes one case;
//! one that was not judged is skipped, or an error.

use super::blame;
use super::words::{headline, lines, not_judged, since, title};
use crate::drift::{Finding, LayoutDrift, Outcome};

/// The document.
pub fn junit(layouts: &[LayoutDrift]) -> String {
    let failures: usize = layouts.iter().map(|layout| layout.findings.len()).sum();
    let errors = layouts.iter().filter(|layout| matches!(layout.outcome, Outcome::Failed(_))).count();
    let tests: usize = layouts.iter().map(|layout| layout.findings.len().max(1)).sum();
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"floorplan drift\" tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\">\n"
    );
    layouts.iter().for_each(|layout| suite(&mut out, layout));
    out.push_str("</testsuites>\n");
    out
}

fn suite(out: &mut String, layout: &LayoutDrift) {
    let failed = usize::from(matches!(layout.outcome, Outcome::Failed(_)));
    let skipped = usize::from(matches!(layout.outcome, Outcome::Applying(_)));
    let name = escaped(&title(layout));
    out.push_str(&format!(
        "  <testsuite name=\"{name}\" tests=\"{}\" failures=\"{}\" errors=\"{failed}\" skipped=\"{skipped}\">\n",
        layout.findings.len().max(1),
        layout.findings.len(),
    ));
    let class = escaped(&layout.layout);
    match not_judged(layout) {
        Some(why) => {
            let tag = if failed > 0 { "error" } else { "skipped" };
            let why = escaped(&why);
            out.push_str(&format!(
                "    <testcase name=\"drift\" classname=\"{class}\">\n      <{tag} message=\"{why}\"/>\n    </testcase>\n"
            ));
        }
        None if layout.findings.is_empty() => {
            out.push_str(&format!("    <testcase name=\"drift\" classname=\"{class}\"/>\n"));
        }
        None => layout.findings.iter().for_each(|finding| case(out, finding, layout, &class)),
    }
    out.push_str("  </testsuite>\n");
}

fn case(out: &mut String, finding: &Finding, layout: &LayoutDrift, class: &str) {
    let at = layout.place(finding);
    let file = at.map(|at| format!(" file=\"{}\" line=\"{}\"", escaped(&at.file), at.line)).unwrap_or_default();
    let name = escaped(&finding.title());
    let message = escaped(&headline(finding));
    let (class_word, severity) = (finding.class.word(), finding.severity.word());
    let all = [lines(finding), blame::lines(layout, finding), since(finding, layout).into_iter().collect()].concat();
    let text = escaped(&all.join("\n"));
    out.push_str(&format!(
        "    <testcase name=\"{class_word}: {name}\" classname=\"{class}\"{file}>\n      <failure type=\"{severity}\" message=\"{message}\">{text}</failure>\n    </testcase>\n"
    ));
}

/// A text as XML takes it, in an attribute or between tags; characters that XML does not have are replaced.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' => out.push_str("&#10;"),
            '\t' => out.push_str("&#9;"),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}
