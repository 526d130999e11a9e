//! The document of a state as text, and who has its lock in the words of Terraform.

use crate::state::LockInfo;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The format version by which Terraform, which reads up to 4, knows that the document is not for it.
const NOT_TERRAFORMS: u64 = 5;
/// The version of the document that is written, and the highest that is read.
const FORMAT: u64 = 1;

/// What a document holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Content {
    /// Counts the writings. Servers that keep versions number them by it, as `serial`.
    pub number: u64,
    /// The state.
    pub state: Option<Vec<u8>>,
    /// The journal.
    pub journal: Option<Vec<u8>>,
}

#[derive(Serialize, Deserialize)]
struct Wire {
    version: u64,
    floorplan_document: u64,
    serial: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    state: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    journal: Option<String>,
}

impl Content {
    /// Reads a document. One that is not ours, such as a state of Terraform's, is taken for a state as it is. The error is
    /// a sentence.
    pub fn read(text: Option<&[u8]>) -> Result<Self, String> {
        let Some(text) = text else { return Ok(Content::default()) };
        if text.is_empty() {
            return Err("the server answered with an empty document; one that has none answers with 404".into());
        }
        let whole: Value = match serde_json::from_slice(text) {
            Ok(whole) => whole,
            Err(e) => return Err(format!("it is not JSON: {e}")),
        };
        let Some(format) = whole.get("floorplan_document") else {
            let number = whole.get("serial").and_then(Value::as_u64).unwrap_or(0);
            return Ok(Content { number, state: Some(text.to_vec()), journal: None });
        };
        if format.as_u64().is_none_or(|format| format > FORMAT) {
            return Err(format!("it is of format {format}; this version of Floorplan reads up to {FORMAT}"));
        }
        let wire: Wire = serde_json::from_value(whole).map_err(|e| e.to_string())?;
        let bytes = |text: Option<String>| text.map(String::into_bytes);
        Ok(Content { number: wire.serial, state: bytes(wire.state), journal: bytes(wire.journal) })
    }

    /// The document. The error is a sentence.
    pub fn text(&self) -> Result<Vec<u8>, String> {
        let text = |bytes: &Option<Vec<u8>>| bytes.clone().map(String::from_utf8).transpose();
        let not_text = |_| "it is not UTF-8".to_owned();
        let wire = Wire {
            version: NOT_TERRAFORMS,
            floorplan_document: FORMAT,
            serial: self.number,
            state: text(&self.state).map_err(not_text)?,
            journal: text(&self.journal).map_err(not_text)?,
        };
        serde_json::to_vec(&wire).map_err(|e| e.to_string())
    }
}

/// Who has a lock, as Terraform writes it.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Lock {
    #[serde(rename = "ID")]
    id: String,
    #[serde(default)]
    operation: String,
    #[serde(default)]
    info: String,
    #[serde(default)]
    who: String,
    #[serde(default)]
    version: String,
    #[serde(default)]
    created: String,
    #[serde(default)]
    path: String,
}

/// Who takes a lock, as servers know it of Terraform.
pub fn lock_info(info: &LockInfo, place: &str) -> Vec<u8> {
    let lock = Lock {
        id: info.id.clone(),
        operation: info.command.clone(),
        // All that Terraform's words do not hold.
        info: serde_json::to_string(info).unwrap_or_default(),
        who: format!("{}@{}", info.who, info.host),
        version: env!("CARGO_PKG_VERSION").into(),
        created: info.since.clone(),
        path: place.to_owned(),
    };
    serde_json::to_vec(&lock).unwrap_or_default()
}

/// Who has a lock, as a server says it; also one of Terraform's.
pub fn read_lock_info(text: &[u8]) -> Option<LockInfo> {
    let lock: Lock = serde_json::from_slice(text).ok()?;
    if let Ok(ours) = serde_json::from_str::<LockInfo>(&lock.info)
        && ours.id == lock.id
    {
        return Some(ours);
    }
    let (who, host) = lock.who.split_once('@').unwrap_or((&lock.who, "another machine"));
    Some(LockInfo {
        who: who.to_owned(),
        host: host.to_owned(),
        pid: 0,
        command: format!("Terraform {} ({})", lock.version, lock.operation),
        since: lock.created,
        run: None,
        reason: Some(lock.info).filter(|info| !info.is_empty()),
        kept: false,
        id: lock.id,
    })
}
