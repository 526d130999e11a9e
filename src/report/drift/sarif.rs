//! Drift for code scanning: a result per finding, at the block of the layout. What is ignored is a result with a
//! suppression.

use super::blame;
use super::words::{about, message, not_judged};
use crate::drift::{Class, Finding, LayoutDrift, Outcome, Severity};
use crate::report::sarif::{Found, Level, Remark, Rule, document};
use serde_json::{Value as Json, json};

/// The document.
pub fn sarif(layouts: &[LayoutDrift]) -> Json {
    let found = layouts.iter().flat_map(|layout| {
        let found = layout.findings.iter().map(|finding| result(finding, layout, None));
        let ignored = layout.ignored.iter().map(|ignored| {
            let why = format!("{} (until {})", ignored.reason, ignored.expires);
            result(&ignored.finding, layout, Some(why))
        });
        found.chain(ignored).collect::<Vec<_>>()
    });
    let failed = layouts.iter().any(|layout| matches!(layout.outcome, Outcome::Failed(_)));
    let unknown = blame::notes(layouts).into_iter().map(|text| Remark { level: Level::Note, text });
    let remarks: Vec<Remark> = layouts.iter().filter_map(remark).chain(unknown).collect();
    let rules: Vec<Rule> = Class::ALL.iter().map(|class| rule(*class)).collect();
    document(&rules, &found.collect::<Vec<_>>(), &remarks, !failed)
}

fn rule(class: Class) -> Rule {
    let (id, name, short, full) = match class {
        Class::Changed => (
            "drift/changed",
            "DriftChanged",
            "An object was changed",
            "AWS has other values than the state and the layout.",
        ),
        Class::Missing => (
            "drift/missing",
            "DriftMissing",
            "An object is gone",
            "The state has an object that AWS does not have any more.",
        ),
        Class::Unmanaged => (
            "drift/unmanaged",
            "DriftUnmanaged",
            "An object is in no layout",
            "AWS has an object beside those of the layouts.",
        ),
        Class::HalfDone => (
            "drift/half-done",
            "DriftHalfDone",
            "A run did not end",
            "An earlier run began a call and did not record its outcome.",
        ),
    };
    Rule { id, name, short, full, level: Level::Warning }
}

fn level(severity: Severity) -> Level {
    match severity {
        Severity::Opens | Severity::Interrupts => Level::Error,
        Severity::Changes => Level::Warning,
        Severity::Cosmetic => Level::Note,
    }
}

fn result(finding: &Finding, layout: &LayoutDrift, accepted: Option<String>) -> Found {
    let by = blame::lines(layout, finding).into_iter().map(|line| format!(" {line}."));
    Found {
        rule: Class::ALL.iter().position(|class| *class == finding.class).unwrap_or_default(),
        level: level(finding.severity),
        message: by.fold(message(finding, layout), |text, line| text + &line),
        object: Some(finding.title()),
        at: layout.place(finding).map(|at| (at.file, at.line)),
        print: ("floorplanDrift/v1", finding.fingerprint(&layout.layout)),
        accepted,
        properties: json!({
            "layout": layout.layout,
            "severity": finding.severity.word(),
            "type": finding.type_name,
            "about": about(finding),
            "apply": finding.effect.word(),
            "since": layout.since(finding),
            "blame": blame::json(layout, finding),
        }),
    }
}

fn remark(layout: &LayoutDrift) -> Option<Remark> {
    let level = if matches!(layout.outcome, Outcome::Failed(_)) { Level::Error } else { Level::Note };
    Some(Remark { level, text: format!("{}: {}", layout.layout, not_judged(layout)?) })
}
