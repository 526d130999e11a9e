//! The saved plan: bytes that a later `apply` or `show` reads back exactly.
//!
//! A gzip-compressed JSON document with a version. It never holds a sensitive value in clear, and
//! what it does not understand it refuses with a cure.

mod document;
pub mod seal;

use super::change::Plan;
use crate::diag::{Diagnostic, Diagnostics};
use crate::value::codec::{DecodeError, Seal};
use document::PlanDocument;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use std::io::{Read, Write};

/// What every plan file calls itself.
const FORMAT: &str = "floorplan-plan";
/// The version that is written, and the only one that is read: a plan does not outlive an upgrade.
const VERSION: u32 = 3;
/// More than any plan needs; what is larger is not a plan but an attack on memory.
const LARGEST: u64 = 2 << 30;

/// What a plan file holds.
#[derive(Debug, Clone, PartialEq)]
pub struct Saved {
    /// The plan.
    pub plan: Plan,
    /// The layout as it was, in the form of Terraform's plan JSON; null if it was not kept.
    pub configuration: Json,
}

#[derive(Serialize, Deserialize)]
struct Envelope {
    format: String,
    version: u32,
    floorplan_version: String,
    #[serde(default)]
    plan: Json,
    #[serde(default)]
    configuration: Json,
}

/// Keeps nothing of a secret.
struct Blank;

impl Seal for Blank {
    fn seal(&self, _: &[u8]) -> Result<String, String> {
        Ok(String::new())
    }

    fn unseal(&self, _: &str) -> Result<Vec<u8>, DecodeError> {
        Err(DecodeError::Form("nothing was kept of it".into()))
    }
}

fn unsaved(why: String) -> Diagnostics {
    Diagnostic::error("The plan cannot be saved").code("unwritable-file").detail(why).into()
}

/// The seal of a plan, the same as that of a file of it.
pub fn sealed(plan: &Plan) -> Result<String, Diagnostics> {
    let document = PlanDocument::new(plan, &Blank).map_err(unsaved)?;
    Ok(seal::of(&serde_json::to_value(document).map_err(|e| unsaved(e.to_string()))?))
}

/// The bytes of a plan file.
pub fn write(saved: &Saved, seal: &dyn Seal) -> Result<Vec<u8>, Diagnostics> {
    let failed = unsaved;
    let plan = PlanDocument::new(&saved.plan, seal).map_err(failed)?;
    let envelope = Envelope {
        format: FORMAT.into(),
        version: VERSION,
        floorplan_version: env!("CARGO_PKG_VERSION").into(),
        plan: serde_json::to_value(plan).map_err(|e| failed(e.to_string()))?,
        configuration: saved.configuration.clone(),
    };
    let text = serde_json::to_vec(&envelope).map_err(|e| failed(e.to_string()))?;
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(&text).and_then(|()| encoder.finish()).map_err(|e| failed(e.to_string()))
}

/// Whether the bytes are those of a plan file rather than of a state, judged by their beginning.
pub fn is_plan_file(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0x1f, 0x8b])
}

/// The plan in the bytes of a plan file. Without a key, sensitive values stay sealed: good enough
/// to be shown, not to be applied. `path` is for the messages.
pub fn read(bytes: &[u8], seal: Option<&dyn Seal>, path: &str) -> Result<Saved, Diagnostics> {
    if !is_plan_file(bytes) {
        return Err(Diagnostic::error(format!("{path} is not a plan file"))
            .code("plan-file")
            .detail("A plan file is what `floorplan plan --out FILE` writes.")
            .hint("Save a plan with `floorplan plan --out FILE`.")
            .into());
    }
    let damaged = |why: String| -> Diagnostics {
        Diagnostic::error(format!("The plan file {path} is damaged"))
            .code("plan-file")
            .detail(format!("It was cut short or changed after it was written: {why}."))
            .hint("Plan again with `floorplan plan --out FILE`.")
            .into()
    };
    let mut text = Vec::new();
    let mut decoder = GzDecoder::new(bytes).take(LARGEST);
    decoder.read_to_end(&mut text).map_err(|e| damaged(e.to_string()))?;
    if text.len() as u64 == LARGEST {
        return Err(damaged("it is larger than any plan".into()));
    }
    let envelope: Envelope = serde_json::from_slice(&text).map_err(|e| damaged(e.to_string()))?;
    if envelope.format != FORMAT {
        return Err(damaged(format!("it calls itself {:?}, not {FORMAT:?}", envelope.format)));
    }
    if envelope.version > VERSION {
        return Err(Diagnostic::error(format!("The plan file {path} is of a newer format"))
            .code("plan-file")
            .detail(format!(
                "It has format {} and was written by Floorplan {}; Floorplan {} reads format {VERSION}.",
                envelope.version,
                envelope.floorplan_version,
                env!("CARGO_PKG_VERSION")
            ))
            .hint(format!("Use Floorplan {} or newer.", envelope.floorplan_version))
            .into());
    }
    if envelope.version < VERSION {
        return Err(Diagnostic::error(format!("The plan file {path} is of an older format"))
            .code("plan-file")
            .detail(format!(
                "It has format {} and was written by Floorplan {}; Floorplan {} reads format {VERSION}.",
                envelope.version,
                envelope.floorplan_version,
                env!("CARGO_PKG_VERSION")
            ))
            .hint("Plan again with `floorplan plan --out FILE`.")
            .into());
    }
    let seal_of_plan = seal::of(&envelope.plan);
    let document: PlanDocument = serde_json::from_value(envelope.plan).map_err(|e| damaged(e.to_string()))?;
    let mut plan = document.into_plan(seal).map_err(|problem| match problem {
        document::Problem::Damaged(why) => damaged(why),
        document::Problem::Sealed(locked) => {
            let d = Diagnostic::error(format!("The plan file {path} cannot be unsealed"))
                .code("plan-file")
                .detail(format!("It holds sensitive values, and {}.", locked.why));
            if locked.cure.is_empty() { d } else { d.hint(locked.cure) }.into()
        }
    })?;
    plan.meta.seal = seal_of_plan;
    Ok(Saved { plan, configuration: envelope.configuration })
}

#[cfg(test)]
mod tests;
