//! Drift for programs. The form has a number; what is in it is described in `docs/drift.md`. Members may be added without
//! a new number.

use super::blame;
use crate::drift::{Coverage, Difference, Finding, Ignored, LayoutDrift, Outcome, Severity};
use crate::report::json::diagnostic;
use crate::report::json::value::shown;
use crate::value::Value;
use serde_json::{Map, Value as Json, json};

/// The number of the form.
pub const FORMAT: u32 = 1;

/// The document.
pub fn json(layouts: &[LayoutDrift]) -> Json {
    let all = || layouts.iter().flat_map(|layout| &layout.findings);
    let of = |severity: &Severity| all().filter(|finding| finding.severity == *severity).count();
    let severities = Severity::ALL.iter().map(|s| (s.word().to_owned(), of(s).into()));
    let coverages: Vec<Coverage> = layouts.iter().filter_map(LayoutDrift::coverage).collect();
    let sum = Coverage {
        managed: coverages.iter().map(|c| c.managed).sum(),
        unmanaged: coverages.iter().map(|c| c.unmanaged).sum(),
    };
    let mut summary: Map<String, Json> = Map::new();
    summary.insert("layouts".into(), layouts.len().into());
    summary.insert("findings".into(), all().count().into());
    summary.extend(severities);
    summary.insert("ignored".into(), layouts.iter().map(|layout| layout.ignored.len()).sum::<usize>().into());
    summary.insert("coverage".into(), if coverages.is_empty() { Json::Null } else { covered(sum) });
    json!({
        "format": FORMAT,
        "floorplan_version": env!("CARGO_PKG_VERSION"),
        "summary": summary,
        "layouts": layouts.iter().map(of_layout).collect::<Vec<_>>(),
    })
}

fn covered(coverage: Coverage) -> Json {
    json!({
        "managed": coverage.managed,
        "unmanaged": coverage.unmanaged,
        "percent": coverage.percent(),
    })
}

fn of_layout(layout: &LayoutDrift) -> Json {
    let (status, more) = match &layout.outcome {
        Outcome::Looked => ("checked", Map::new()),
        Outcome::Applying(who) => ("applying", Map::from_iter([("by".to_owned(), who.as_str().into())])),
        Outcome::Failed(problems) => {
            let found: Vec<Json> = problems.iter().map(diagnostic).collect();
            ("failed", Map::from_iter([("diagnostics".to_owned(), found.into())]))
        }
    };
    let mut out: Map<String, Json> = Map::new();
    out.insert("layout".into(), layout.layout.as_str().into());
    out.insert("dir".into(), layout.dir.as_str().into());
    out.insert("status".into(), status.into());
    out.extend(more);
    out.insert("warnings".into(), layout.warnings.iter().map(diagnostic).collect());
    out.insert("managed".into(), layout.managed.into());
    out.insert("coverage".into(), layout.coverage().map_or(Json::Null, covered));
    out.insert("findings".into(), layout.findings.iter().map(|finding| of_finding(finding, layout)).collect());
    let ignored = layout.ignored.iter().map(|Ignored { finding, reason, expires }| {
        let mut all = of_finding(finding, layout);
        all["reason"] = reason.as_str().into();
        all["expires"] = expires.as_str().into();
        all
    });
    out.insert("ignored".into(), ignored.collect());
    Json::Object(out)
}

fn of_finding(finding: &Finding, layout: &LayoutDrift) -> Json {
    json!({
        "fingerprint": finding.fingerprint(&layout.layout),
        "class": finding.class.word(),
        "severity": finding.severity.word(),
        "why": finding.why,
        "address": finding.address.as_ref().map(ToString::to_string),
        "type": finding.type_name,
        "id": finding.id,
        "name": finding.name,
        "place": finding.region,
        "note": finding.note,
        "exposure": serde_json::to_value(&finding.exposure).unwrap_or_default(),
        "since": layout.since(finding),
        "apply": finding.effect.word(),
        "file": finding.at.as_ref().map(|at| at.file.as_str()),
        "line": finding.at.as_ref().map(|at| at.line),
        "differences": finding.differences.iter().map(of_difference).collect::<Vec<_>>(),
        "blame": blame::json(layout, finding),
    })
}

fn of_difference(d: &Difference) -> Json {
    let sides = || [&d.state, &d.live, &d.wanted].into_iter().flatten();
    let value = |side: &Option<Value>| side.as_ref().map_or(Json::Null, shown);
    json!({
        "attribute": d.attribute,
        "path": d.path,
        "state": value(&d.state),
        "live": value(&d.live),
        "layout": value(&d.wanted),
        "sensitive": sides().any(Value::has_sensitive),
        "known_after_apply": sides().any(|value| !value.is_wholly_known()),
        "severity": d.severity.word(),
        "why": d.why,
        "apply": d.effect.word(),
    })
}
