//! Drift as SARIF 2.1.0, for code scanning: a result per finding, at the block of the layout. What is ignored is a result
//! with a suppression.

use super::blame;
use super::words::{about, message, not_judged};
use crate::drift::{Class, Finding, LayoutDrift, Outcome, Severity};
use serde_json::{Value as Json, json};

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// The document.
pub fn sarif(layouts: &[LayoutDrift]) -> Json {
    let results = layouts.iter().flat_map(|layout| {
        let found = layout.findings.iter().map(|finding| result(finding, layout));
        let ignored = layout.ignored.iter().map(|ignored| {
            let mut all = result(&ignored.finding, layout);
            let why = format!("{} (until {})", ignored.reason, ignored.expires);
            all["suppressions"] = json!([{ "kind": "external", "status": "accepted", "justification": why }]);
            all
        });
        found.chain(ignored).collect::<Vec<_>>()
    });
    let results: Vec<Json> = results.collect();
    let failed = layouts.iter().any(|layout| matches!(layout.outcome, Outcome::Failed(_)));
    let unknown = blame::notes(layouts).into_iter().map(|why| note("note", &why));
    let notes: Vec<Json> = layouts.iter().filter_map(notification).chain(unknown).collect();
    json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "floorplan",
                "version": env!("CARGO_PKG_VERSION"),
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": Class::ALL.iter().map(|class| rule(*class)).collect::<Vec<_>>(),
            } },
            "invocations": [{ "executionSuccessful": !failed, "toolExecutionNotifications": notes }],
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
}

fn id(class: Class) -> String {
    format!("drift/{}", class.word())
}

fn rule(class: Class) -> Json {
    let (short, full) = match class {
        Class::Changed => ("An object was changed", "AWS has other values than the state and the layout."),
        Class::Missing => ("An object is gone", "The state has an object that AWS does not have any more."),
        Class::Unmanaged => ("An object is in no layout", "AWS has an object beside those of the layouts."),
        Class::HalfDone => ("A run did not end", "An earlier run began a call and did not record its outcome."),
    };
    json!({
        "id": id(class),
        "name": format!("Drift{}", class.word().replace('-', "")),
        "shortDescription": { "text": short },
        "fullDescription": { "text": full },
        "defaultConfiguration": { "level": "warning" },
    })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Opens | Severity::Interrupts => "error",
        Severity::Changes => "warning",
        Severity::Cosmetic => "note",
    }
}

fn result(finding: &Finding, layout: &LayoutDrift) -> Json {
    let index = Class::ALL.iter().position(|class| *class == finding.class);
    let mut location = json!({
        "logicalLocations": [{ "fullyQualifiedName": finding.title(), "kind": "resource" }],
    });
    if let Some(at) = layout.place(finding) {
        location["physicalLocation"] = json!({
            "artifactLocation": { "uri": uri(&at.file) },
            "region": { "startLine": at.line },
        });
    }
    let by = blame::lines(layout, finding).into_iter().map(|line| format!(" {line}."));
    let text = by.fold(message(finding), |text, line| text + &line);
    json!({
        "ruleId": id(finding.class),
        "ruleIndex": index,
        "level": level(finding.severity),
        "message": { "text": text },
        "locations": [location],
        "partialFingerprints": { "floorplanDrift/v1": finding.fingerprint(&layout.layout) },
        "properties": {
            "layout": layout.layout,
            "severity": finding.severity.word(),
            "type": finding.type_name,
            "about": about(finding),
            "apply": finding.effect.word(),
            "since": layout.since(finding),
            "blame": blame::json(layout, finding),
        },
    })
}

fn notification(layout: &LayoutDrift) -> Option<Json> {
    let level = if matches!(layout.outcome, Outcome::Failed(_)) { "error" } else { "note" };
    let text = format!("{}: {}", layout.layout, not_judged(layout)?);
    Some(note(level, &text))
}

fn note(level: &str, text: &str) -> Json {
    json!({ "level": level, "message": { "text": text } })
}

/// A path as a URI: relative as it is, absolute with its scheme; other characters than those of a path are encoded.
fn uri(path: &str) -> String {
    let path = path.strip_prefix("./").unwrap_or(path).replace('\\', "/");
    let mut out = String::from(if path.starts_with('/') { "file://" } else { "" });
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => out.push(char::from(byte)),
            byte => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}
