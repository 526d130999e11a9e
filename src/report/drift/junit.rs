//! Drift as the results of tests: a suite per layout, a failed case per finding. A layout without findings passes one case;
//! one that was not judged is skipped, or an error.

use super::blame;
use super::words::{headline, lines, not_judged, since, title};
use crate::drift::{Finding, LayoutDrift, Outcome};
use crate::report::junit::{Case, Suite, Verdict, document};

/// The document.
pub fn junit(layouts: &[LayoutDrift]) -> String {
    document("floorplan drift", &layouts.iter().map(suite).collect::<Vec<_>>())
}

fn suite(layout: &LayoutDrift) -> Suite {
    let whole = |verdict| vec![Case { name: "drift".into(), class: layout.layout.clone(), at: None, verdict }];
    let cases = match not_judged(layout) {
        Some(why) if matches!(layout.outcome, Outcome::Failed(_)) => whole(Verdict::Error(why)),
        Some(why) => whole(Verdict::Skipped(why)),
        None if layout.findings.is_empty() => whole(Verdict::Passed(String::new())),
        None => layout.findings.iter().map(|finding| case(finding, layout)).collect(),
    };
    Suite { name: title(layout), cases }
}

fn case(finding: &Finding, layout: &LayoutDrift) -> Case {
    let said = [lines(finding, layout), blame::lines(layout, finding), since(finding, layout).into_iter().collect()];
    Case {
        name: format!("{}: {}", finding.class.word(), finding.title()),
        class: layout.layout.clone(),
        at: layout.place(finding).map(|at| (at.file, at.line)),
        verdict: Verdict::Failed {
            kind: finding.severity.word(),
            message: headline(finding),
            text: said.concat().join("\n"),
        },
    }
}
