//! The state file: a state as text and back. Deterministic and ordered by address, so that two
//! serials compare line by line.
//!
//! Never reads what it does not wholly understand: a newer format or an unknown field is refused,
//! as writing it back would lose something.

mod one_line;

use super::moved::Marker;
use super::proof;
use super::seal::{Sealer, is_tied};
use super::vault::{Secrets, Vault};
use super::wire::{ObjectWire, OutputWire, Types};
use crate::objects::{JournalMark, State};
use crate::value::codec::{DecodeError, Locked, is_plain};
use crate::value::type_json::{from_json as type_from_json, to_json as type_to_json};
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// The version of the format that this program writes, and the highest that it reads: 1 had the sealed
/// text of a secret among the attributes, 2 had no checksum, 3 had secrets that were tied to nothing.
pub const FORMAT: u64 = 4;

/// The first format with a checksum.
const CHECKED: u64 = 3;
/// The first format whose secrets are tied to their lineage and serial.
const TIED: u64 = 4;
/// What the secrets of a state are tied to, beside its lineage.
const PLACE: &str = "state";
/// The beginning and the end of the line of the checksum, the second of the file.
const CHECK_LINE: (&str, &str) = ("  \"check\": \"", "\",\n");

/// The oldest format that this program reads.
pub const OLDEST: u64 = 1;

/// Which command wrote a serial, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Written {
    /// The command, such as `apply`.
    pub command: String,
    /// RFC 3339, UTC.
    pub at: String,
}

/// A serial, without its objects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The version of the format.
    pub format: u64,
    /// The series.
    pub lineage: String,
    /// The serial.
    pub serial: u64,
    /// Who wrote it.
    pub written: Written,
    /// How many objects it holds.
    pub resources: usize,
    /// How many outputs it holds.
    pub outputs: usize,
}

/// Why a state file cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unreadable {
    /// It ends too early.
    CutShort,
    /// It is of a newer format.
    Newer(u64),
    /// It is a state of Terraform's.
    Terraform,
    /// It is not as it was written: its checksum does not fit.
    Changed,
    /// Something else, in a sentence.
    Damaged(String),
    /// The state is at another place now; who moved it there and when, in a sentence.
    Moved(String),
    /// It was not sealed as it is: an earlier state under another number, or one that was edited. What was found, in a
    /// sentence.
    Unproven(String),
    /// A sensitive value in it does not open; the file is sound.
    Sealed(Locked),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire {
    /// The checksum of the file without the line on which this stands. Written by [`with_check`].
    #[serde(default, skip_serializing)]
    check: Option<String>,
    /// Proves what was sealed with the secrets. Written by [`proof`].
    #[serde(default, skip_serializing)]
    proof: Option<String>,
    floorplan_state: u64,
    layout: String,
    lineage: String,
    serial: u64,
    written: Written,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    journal: Option<JournalWire>,
    outputs: BTreeMap<String, OutputWire>,
    /// By resource type, the types that JSON alone does not keep.
    types: BTreeMap<String, Map<String, Json>>,
    resources: Vec<ObjectWire>,
    #[serde(default, skip_serializing_if = "Secrets::is_empty")]
    secrets: Secrets,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct JournalWire {
    id: String,
    sequence: u64,
}

#[derive(Deserialize)]
struct HeadWire {
    #[serde(rename = "floorplan_state")]
    format: u64,
    lineage: String,
    serial: u64,
    written: Written,
    resources: Vec<IgnoredAny>,
    outputs: BTreeMap<String, IgnoredAny>,
}

#[derive(Deserialize)]
struct VersionWire {
    floorplan_state: Option<u64>,
    terraform_version: Option<IgnoredAny>,
}

impl From<DecodeError> for Unreadable {
    fn from(e: DecodeError) -> Self {
        match e {
            DecodeError::Form(why) => Unreadable::Damaged(why),
            DecodeError::Sealed(why) => Unreadable::Sealed(why),
        }
    }
}

/// The text of a state file. The error is a sentence.
pub fn to_text(state: &State, written: &Written, sealer: &Sealer) -> Result<Vec<u8>, String> {
    let types = types_of(state);
    let none = Types::new();
    let tied = sealer.tied(PLACE, &state.lineage);
    let vault = Vault::new(&tied);
    let mut outputs = BTreeMap::new();
    for (name, output) in &state.outputs {
        outputs.insert(name.to_string(), OutputWire::new(output, &vault)?);
    }
    let mut resources = Vec::new();
    for (slot, instance) in state.objects() {
        let known = types.get(&*slot.address.resource.type_name).unwrap_or(&none);
        resources.push(ObjectWire::new(&slot, instance, known, &vault)?);
    }
    let secrets = vault.into_secrets();
    let proven = !secrets.is_empty();
    let wire = Wire {
        check: None,
        proof: None,
        floorplan_state: FORMAT,
        layout: state.layout.clone(),
        lineage: state.lineage.clone(),
        serial: state.serial,
        written: written.clone(),
        journal: state.journal.as_ref().map(|m| JournalWire { id: m.journal.clone(), sequence: m.sequence }),
        outputs,
        resources,
        secrets,
        types: types
            .iter()
            .map(|(name, ts)| (name.clone(), ts.iter().map(|(k, t)| (k.to_string(), type_to_json(t))).collect()))
            .collect(),
    };
    let mut text = one_line::to_vec(&wire).map_err(|e| e.to_string())?;
    text.push(b'\n');
    if proven {
        text = proof::added(&text, state.serial, &proof::tied(sealer, &state.lineage))?;
    }
    Ok(with_check(&text))
}

/// The text of a JSON object with its checksum on the second line.
pub(super) fn with_check(text: &[u8]) -> Vec<u8> {
    let line = format!("{}{}{}", CHECK_LINE.0, digest(&[text]), CHECK_LINE.1);
    with_line(text, &line)
}

/// The text with another line behind its first.
pub(super) fn with_line(text: &[u8], line: &str) -> Vec<u8> {
    let at = text.iter().position(|b| *b == b'\n').map_or(0, |end| end + 1);
    let (first, rest) = text.split_at(at);
    [first, line.as_bytes(), rest].concat()
}

/// Fails if the text is not as it was written.
fn verify(text: &[u8], given: &str) -> Result<(), Unreadable> {
    let lines: Vec<&[u8]> = text.splitn(3, |b| *b == b'\n').collect();
    let [first, second, rest] = lines[..] else { return Err(Unreadable::Changed) };
    let stands = second.starts_with(CHECK_LINE.0.as_bytes());
    match stands && digest(&[first, b"\n", rest]) == given {
        true => Ok(()),
        false => Err(Unreadable::Changed),
    }
}

/// A digest in which the kind of line ends does not count.
pub(super) fn digest(parts: &[&[u8]]) -> String {
    let mut digest = Sha256::new();
    for line in parts.iter().flat_map(|part| part.split(|b| *b == b'\r')) {
        digest.update(line);
    }
    digest.finalize().iter().map(|b| format!("{b:02x}")).collect()
}

/// The state that a file holds.
pub fn from_text(text: &[u8], sealer: &Sealer) -> Result<State, Unreadable> {
    let wire: Wire = serde_json::from_slice(text).map_err(|e| explain(text, &e))?;
    if !(OLDEST..=FORMAT).contains(&wire.floorplan_state) {
        return Err(Unreadable::Newer(wire.floorplan_state));
    }
    match &wire.check {
        Some(given) => verify(text, given)?,
        None if wire.floorplan_state >= CHECKED => return Err(Unreadable::Changed),
        None => {}
    }
    match wire.floorplan_state >= TIED {
        true if wire.secrets.is_empty() => {}
        true => proof::check(text, wire.proof.as_deref(), wire.serial, &proof::tied(sealer, &wire.lineage))?,
        false if wire.proof.is_some() || wire.secrets.values().any(|sealed| is_tied(sealed)) => {
            return Err(Unreadable::Unproven("its secrets are those of a state of a later format".into()));
        }
        false => {}
    }
    let tied = sealer.tied(PLACE, &wire.lineage);
    let vault = Vault::holding(&tied, wire.secrets, wire.floorplan_state == OLDEST);
    let mut types = BTreeMap::new();
    for (name, table) in &wire.types {
        let entry = |(k, t): (&String, &Json)| Ok((k.as_str().into(), type_from_json(t)?));
        let table = table.iter().map(entry).collect::<Result<Types, String>>().map_err(Unreadable::Damaged)?;
        types.insert(name.clone(), table);
    }
    let mut state = State::new(wire.layout, wire.lineage);
    state.serial = wire.serial;
    state.journal = wire.journal.map(|m| JournalMark { journal: m.id, sequence: m.sequence });
    for (name, output) in &wire.outputs {
        let output = output.read(&vault).map_err(|e| e.within(format!("output {name}")))?;
        state.outputs.insert(name.as_str().into(), output);
    }
    for object in wire.resources {
        let (slot, instance) = object.read(&types, &vault)?;
        if state.set(slot.clone(), Some(instance)).is_some() {
            return Err(Unreadable::Damaged(format!("{} is in it twice", slot.address)));
        }
    }
    Ok(state)
}

/// The head of a file, without its objects; quick, and needs no key.
pub fn head(text: &[u8]) -> Result<Head, Unreadable> {
    let wire: HeadWire = serde_json::from_slice(text).map_err(|e| explain(text, &e))?;
    Ok(Head {
        format: wire.format,
        lineage: wire.lineage,
        serial: wire.serial,
        written: wire.written,
        resources: wire.resources.len(),
        outputs: wire.outputs.len(),
    })
}

/// For each resource type the attribute types that JSON does not keep, as its first object has them.
fn types_of(state: &State) -> BTreeMap<String, Types> {
    let mut all: BTreeMap<String, Types> = BTreeMap::new();
    for (slot, instance) in state.objects() {
        let name = &*slot.address.resource.type_name;
        if !all.contains_key(name) {
            all.insert(name.to_owned(), Types::new());
        }
        let Some(table) = all.get_mut(name) else { continue };
        for (attr, value) in instance.attrs.iter() {
            if !table.contains_key(attr) && !is_plain(value) && value.is_wholly_known() {
                table.insert(attr.clone(), value.ty());
            }
        }
    }
    all.retain(|_, table| !table.is_empty());
    all
}

fn explain(text: &[u8], error: &serde_json::Error) -> Unreadable {
    if error.is_eof() {
        return Unreadable::CutShort;
    }
    if let Some(marker) = Marker::read(text) {
        return Unreadable::Moved(marker.sentence());
    }
    match serde_json::from_slice::<VersionWire>(text) {
        Ok(VersionWire { floorplan_state: Some(version), .. }) if version > FORMAT => Unreadable::Newer(version),
        Ok(VersionWire { floorplan_state: None, terraform_version: Some(_) }) => Unreadable::Terraform,
        _ => Unreadable::Damaged(error.to_string()),
    }
}

#[cfg(test)]
mod tests;
