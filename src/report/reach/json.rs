//! The answer for programs. The form has a number; what is in it is described in `docs/network.md`. Members may be added
//! without a new number.

use super::{Answered, Objects, Report, words};
use crate::diag::Span;
use crate::network::Answer;
use crate::network::space::{Addresses, Packets};
use crate::plan::reach::{Blocked, Pair, Row, Step};
use serde_json::{Map, Value as Json, json};

/// The number of the form.
pub const FORMAT: u32 = 1;

/// The document.
pub fn json(report: &Report<'_>) -> Json {
    let [from, to, port] = &report.asked;
    let objects = match report.objects {
        Objects::Planned => "planned",
        Objects::Live => "live",
        Objects::Stored => "stored",
    };
    let mut out = Map::new();
    out.insert("format".into(), FORMAT.into());
    out.insert("floorplan_version".into(), env!("CARGO_PKG_VERSION").into());
    out.insert("question".into(), json!({ "from": from, "to": to, "port": port, "objects": objects }));
    match &report.answered {
        Answered::Paths(pairs) => {
            out.insert("answer".into(), report.answer().map(answer).into());
            let all: Vec<Json> = pairs.iter().map(|pair| path(report, pair)).collect();
            out.insert("paths".into(), all.into());
        }
        Answered::Flows(rows) => {
            let all: Vec<Json> = rows.iter().map(flow).collect();
            out.insert("flows".into(), all.into());
        }
    }
    Json::Object(out)
}

fn answer(answer: Answer) -> &'static str {
    match answer {
        Answer::Yes => "yes",
        Answer::May => "may",
        Answer::No => "no",
    }
}

fn path(report: &Report<'_>, pair: &Pair) -> Json {
    let steps = |all: &[Step]| -> Vec<Json> {
        let says = |at: usize| words::step(report.network, all, at);
        let one = |(at, step): (usize, &Step)| {
            placed(json!({ "address": &*step.address, "words": says(at) }), step.place.as_ref())
        };
        all.iter().enumerate().map(one).collect()
    };
    let obstacle = |stop: &Blocked| {
        let through = stop.through.as_deref();
        placed(json!({ "address": &*stop.address, "words": stop.why, "through": through }), stop.place.as_ref())
    };
    json!({
        "from": &*pair.from,
        "to": &*pair.to,
        "answer": answer(pair.answer),
        "asked": services(&pair.asked),
        "passes": services(&pair.passes),
        "path": steps(&pair.path),
        "back": steps(&pair.back),
        "doubts": pair.doubts,
        "obstacles": pair.obstacles.iter().map(obstacle).collect::<Vec<Json>>(),
    })
}

fn flow(row: &Row) -> Json {
    let path: Vec<&str> = row.path.iter().map(|name| &**name).collect();
    json!({
        "from": &*row.from,
        "to": &*row.to,
        "answer": if row.sure { "yes" } else { "may" },
        "passes": services(&row.packets),
        "path": path,
        "doubts": row.doubts,
    })
}

/// Protocols and ports, by the addresses of the far side.
fn services(packets: &Packets) -> Vec<Json> {
    let one = |(addresses, services): (Addresses, Packets)| {
        let prefixes: Vec<String> = addresses.prefixes().iter().map(ToString::to_string).collect();
        json!({ "addresses": prefixes, "services": services.services() })
    };
    packets.by_addresses().into_iter().map(one).collect()
}

/// With file and line, if they are known.
fn placed(mut of: Json, place: Option<&Span>) -> Json {
    of["file"] = place.map(|span| span.file.path.as_str()).into();
    of["line"] = place.map(|span| span.line_column().0).into();
    of
}
