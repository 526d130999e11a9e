//! A preview for programs. The form has a number; what is in it is described in `docs/fleet.md`. Members may be added
//! without a new number.

use super::same::Same;
use super::table::{KEYS, numbers};
use super::{Content, Links, Previewed};
use crate::diag::Diagnostics;
use crate::plan::change::{Change, Plan};
use crate::plan::service_impact::ServiceImpact;
use crate::report::edits::edits;
use crate::report::json::{View, changed, diagnostic, drifted, output_change};
use crate::report::text::{self, Schemas, is_visible};
use serde_json::{Map, Value as Json, json};

/// The number of the form.
pub const FORMAT: u32 = 1;

/// The document.
pub fn json(all: &[Previewed<'_>], schemas: Schemas<'_>, links: &Links<'_>) -> Json {
    let content = Content { all, schemas, links, same: Same::among(all, schemas) };
    let layouts: Vec<Json> = all.iter().map(|one| of_layout(&content, one)).collect();
    let with = |status: &str| layouts.iter().filter(|layout| layout["status"] == status).count();
    let mut summary = Map::from_iter([
        ("layouts".to_owned(), all.len().into()),
        ("deleted".to_owned(), with("deleted").into()),
        ("failed".to_owned(), with("failed").into()),
        ("forbidden".to_owned(), with("forbidden").into()),
    ]);
    let each: Vec<_> = content.planned().map(|(_, plan)| numbers(plan, &content)).collect();
    summary.extend(KEYS.iter().enumerate().map(|(i, key)| {
        let sum = each.iter().map(|numbers| numbers[i]).sum::<usize>();
        ((*key).to_owned(), sum.into())
    }));
    json!({
        "format": FORMAT,
        "floorplan_version": env!("CARGO_PKG_VERSION"),
        "summary": summary,
        "same": content.same.json(),
        "layouts": layouts,
    })
}

fn of_layout(content: &Content<'_, '_>, one: &Previewed<'_>) -> Json {
    let forbidden = one.forbidden();
    let all = |problems: &Diagnostics| problems.iter().map(diagnostic).collect::<Vec<_>>();
    let status = match one.outcome {
        Err(_) if one.is_deleted() => "deleted",
        Err(_) => "failed",
        Ok(_) if forbidden.has_errors() => "forbidden",
        Ok(_) => "planned",
    };
    let places = one.places.iter().map(|(account, region)| json!({ "account": account, "region": region }));
    let mut out = Map::from_iter([
        ("layout".to_owned(), one.layout.into()),
        ("status".to_owned(), status.into()),
        ("places".to_owned(), places.collect()),
        ("diagnostics".to_owned(), one.outcome.err().map_or_else(|| all(&forbidden), all).into()),
    ]);
    if let Ok(plan) = one.outcome {
        of_plan(&mut out, content, one.layout, plan);
    }
    Json::Object(out)
}

fn of_plan(out: &mut Map<String, Json>, content: &Content<'_, '_>, layout: &str, plan: &Plan) {
    let view = View::new(content.schemas);
    let counts = KEYS.iter().zip(numbers(plan, content)).map(|(key, n)| ((*key).to_owned(), n.into()));
    let visible = plan.changes.iter().filter(|change| is_visible(change));
    let outputs = plan.outputs.iter().filter(|output| output.changes());
    let availability = match plan.promise == ServiceImpact::default() {
        true => Json::Null,
        false => serde_json::to_value(&plan.promise).unwrap_or_default(),
    };
    let exposure = match plan.exposure.is_empty() {
        true => Json::Null,
        false => serde_json::to_value(&plan.exposure).unwrap_or_default(),
    };
    let mut put = |key: &str, value: Json| {
        out.insert(key.into(), value);
    };
    put("warnings", plan.warnings.iter().map(diagnostic).collect());
    put("summary", Json::Object(counts.collect()));
    put("changes", visible.map(|change| of_change(change, content, layout, view)).collect());
    put("outputs", Json::Object(outputs.map(|o| (o.name.to_string(), output_change(o, view))).collect()));
    put("drift", plan.drift.iter().map(|drift| drifted(drift, view)).collect());
    put("availability", availability);
    put("exposure", exposure);
    if !plan.meta.seal.is_empty() {
        put("seal", plan.meta.seal.as_str().into());
    }
}

/// A change as `plan --format json` has it, and besides where its block is, the reasons and the edits in words.
fn of_change(change: &Change, content: &Content<'_, '_>, layout: &str, view: View<'_>) -> Json {
    let mut out = changed(change, view);
    let at = (content.links.place)(layout, &change.address);
    let (_, reasons) = text::marked_heading(change, crate::report::marks::PLAIN);
    let edits = edits(change, text::rows(&change.address, content.schemas));
    out["reasons"] = reasons.into();
    out["edits"] = edits.iter().map(|edit| Json::from(edit.line())).collect();
    out["file"] = at.as_ref().map_or(Json::Null, |(file, _)| file.as_str().into());
    out["line"] = at.map_or(Json::Null, |(_, line)| line.into());
    out
}
