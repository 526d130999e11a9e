//! The journal file as text: one line per record, each with a checksum and a number.
//!
//! Lines are appended in batches, and a batch is durable before the next one begins. A crash may
//! thus tear only the last batch: what follows the first bad line is dropped if it belongs to that
//! batch. A bad line in an earlier place is damage, and the journal is refused.

use super::encode::OLDEST;
use super::fold::JournalContent;
use super::record::{Intent, IntentKind, OpenIntent, Outcome, Record, Recorded};
use super::seal::{Sealer, Tied, is_tied};
use super::vault::{Secrets, Vault};
use super::wire::{AttrsWire, ObjectWire, OutputWire, Types, read_address, read_addresses};
use crate::objects::{OutputValue, Slot};
use crate::value::codec::DecodeError;
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// The version of the format that this program writes, and the highest that it reads.
const FORMAT: u64 = 3;
/// The first format whose secrets are tied to their journal.
const TIED: u64 = 3;
const PREFIX: &str = "{\"check\":\"";
const CHECK: usize = 8;

/// The head of a journal, in its first line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// The version of the format.
    pub floorplan_journal: u64,
    /// The journal's UUID.
    pub journal: String,
    /// The lineage of the state that it belongs to.
    pub lineage: String,
    /// The serial of the state that it was begun on.
    pub serial: u64,
}

impl Header {
    /// A header of the format that this program writes.
    pub fn new(journal: String, lineage: String, serial: u64) -> Self {
        Header { floorplan_journal: FORMAT, journal, lineage, serial }
    }

    /// What seals the secrets of this journal, which open in no other.
    pub fn tied<'a>(&self, sealer: &'a Sealer) -> Tied<'a> {
        sealer.tied(format!("journal {} {}", self.journal, self.serial), &self.lineage)
    }
}

/// A journal as it was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Journal {
    /// The first line.
    pub header: Header,
    /// The records.
    pub content: JournalContent,
}

#[derive(Deserialize)]
struct Line<T> {
    n: u64,
    from: u64,
    record: T,
    #[serde(default)]
    secrets: Secrets,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Wire {
    RunStarted { run: String, serial: u64, command: String, at: String },
    Intent(Box<IntentWire>),
    StillOpen { since: String, intent: Box<IntentWire> },
    Outcome(Outcome),
    Recorded(Box<ObjectWire>),
    Gone { address: String, deposed: Option<String> },
    Moved(Vec<(String, String)>),
    Outputs(BTreeMap<String, OutputWire>),
    RunEnded { ok: bool, at: String },
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct IntentWire {
    op: String,
    kind: IntentKind,
    address: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    deposed: Option<String>,
    #[serde(rename = "type")]
    type_name: String,
    token: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    outgoing: Option<String>,
    provider: String,
    region: String,
    account: String,
    want: AttrsWire,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    depends_on: Vec<String>,
    create_before_destroy: bool,
}

/// The line of the header.
pub fn header_line(header: &Header) -> Result<String, String> {
    Ok(line(0, 0, &format!("\"record\":{}", serde_json::to_string(header).map_err(|e| e.to_string())?)))
}

/// The content of a record's line, without number and checksum: the members `record` and, if it has any,
/// `secrets`. The error is a sentence.
pub fn record_members(record: &Record, sealer: &Tied<'_>) -> Result<String, String> {
    let none = Types::new();
    let vault = Vault::new(sealer);
    let intent = |i: &Intent, vault: &Vault<'_>| {
        Ok::<_, String>(Box::new(IntentWire {
            op: i.op.clone(),
            kind: i.kind,
            address: i.slot.address.to_string(),
            deposed: i.slot.deposed.clone(),
            type_name: i.type_name.clone(),
            token: i.token.clone(),
            id: i.id.clone(),
            outgoing: i.outgoing.clone(),
            provider: i.provider.clone(),
            region: i.region.clone(),
            account: i.account.clone(),
            want: AttrsWire::new(&i.want, &none, vault)?,
            depends_on: i.depends_on.iter().map(|a| a.to_string()).collect(),
            create_before_destroy: i.create_before_destroy,
        }))
    };
    let wire = match record.clone() {
        Record::RunStarted { run, serial, command, at } => Wire::RunStarted { run, serial, command, at },
        Record::Intent(i) => Wire::Intent(intent(&i, &vault)?),
        Record::StillOpen(open) => Wire::StillOpen { since: open.since, intent: intent(&open.intent, &vault)? },
        Record::Outcome(outcome) => Wire::Outcome(outcome),
        Record::Recorded(r) => match &r.instance {
            Some(i) => Wire::Recorded(Box::new(ObjectWire::new(&r.slot, i, &none, &vault)?)),
            None => Wire::Gone { address: r.slot.address.to_string(), deposed: r.slot.deposed },
        },
        Record::Moved(moves) => {
            Wire::Moved(moves.iter().map(|(from, to)| (from.to_string(), to.to_string())).collect())
        }
        Record::Outputs(outputs) => Wire::Outputs(
            outputs
                .iter()
                .map(|(name, o)| Ok((name.to_string(), OutputWire::new(o, &vault)?)))
                .collect::<Result<_, String>>()?,
        ),
        Record::RunEnded { ok, at } => Wire::RunEnded { ok, at },
    };
    let json = |e: serde_json::Error| e.to_string();
    let record = format!("\"record\":{}", serde_json::to_string(&wire).map_err(json)?);
    let secrets = vault.into_secrets();
    if secrets.is_empty() {
        return Ok(record);
    }
    Ok(format!("{record},\"secrets\":{}", serde_json::to_string(&secrets).map_err(json)?))
}

/// The line of the record `n` with these members, in a batch that begins with the record `from`.
pub fn line(n: u64, from: u64, members: &str) -> String {
    let rest = format!("\"n\":{n},\"from\":{from},{members}}}");
    format!("{PREFIX}{}\",{rest}\n", check(&rest))
}

/// Reads a journal. The error is a sentence.
pub fn read(text: &[u8], sealer: &Sealer) -> Result<Journal, DecodeError> {
    let whole = text.iter().rposition(|b| *b == b'\n').map_or(&text[..0], |end| &text[..=end]);
    let mut lines = whole.split_inclusive(|b| *b == b'\n').enumerate();
    let Some(header) = lines.next().and_then(|(_, l)| sound(l)) else {
        // A journal is put in place as a whole, header included: one without is not a torn one.
        return Err(if text.is_empty() {
            "it is empty, and no run leaves an empty one"
        } else {
            "its first line is damaged"
        }
        .to_owned()
        .into());
    };
    let header: Header = parse::<Header>(header).map_err(|e| format!("its first line is not a journal's: {e}"))?.record;
    if !(OLDEST..=FORMAT).contains(&header.floorplan_journal) {
        return Err(
            format!("it is of format {}; this version reads {OLDEST} to {FORMAT}", header.floorplan_journal).into()
        );
    }
    let tied = header.tied(sealer);
    let inline = header.floorplan_journal == OLDEST;
    let mut records = Vec::new();
    while let Some((at, text)) = lines.next() {
        let expected = at as u64;
        let Some(text) = sound(text) else {
            let later = lines.filter_map(|(_, l)| parse::<IgnoredAny>(sound(l)?).ok()).any(|l| l.from > expected);
            if later {
                return Err(format!("line {} is damaged", at + 1).into());
            }
            break;
        };
        let in_line = |e: DecodeError| e.within(format!("line {}", at + 1));
        let line = parse::<Wire>(text).map_err(|e| in_line(e.to_string().into()))?;
        if line.n != expected {
            return Err(in_line(format!("it is record {}, where {expected} was expected", line.n).into()));
        }
        if header.floorplan_journal < TIED && line.secrets.values().any(|sealed| is_tied(sealed)) {
            return Err(in_line("it has a sealed value of a later format".to_owned().into()));
        }
        records.push((line.n, record(line.record, &Vault::holding(&tied, line.secrets, inline)).map_err(in_line)?));
    }
    Ok(Journal { content: JournalContent { id: header.journal.clone(), records }, header })
}

/// The line without its end, if its checksum is right.
fn sound(line: &[u8]) -> Option<&str> {
    let line = std::str::from_utf8(line).ok()?.strip_suffix('\n')?;
    let (sum, rest) = line.strip_prefix(PREFIX)?.split_at_checked(CHECK)?;
    (check(rest.strip_prefix("\",")?) == sum).then_some(line)
}

fn parse<T: for<'a> Deserialize<'a>>(line: &str) -> serde_json::Result<Line<T>> {
    serde_json::from_str(line)
}

fn check(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().take(CHECK / 2).map(|b| format!("{b:02x}")).collect()
}

fn record(wire: Wire, vault: &Vault<'_>) -> Result<Record, DecodeError> {
    Ok(match wire {
        Wire::RunStarted { run, serial, command, at } => Record::RunStarted { run, serial, command, at },
        Wire::Intent(i) => Record::Intent(Box::new(intent(*i, vault)?)),
        Wire::StillOpen { since, intent: i } => {
            Record::StillOpen(Box::new(OpenIntent { intent: intent(*i, vault)?, since }))
        }
        Wire::Outcome(outcome) => Record::Outcome(outcome),
        Wire::Recorded(object) => {
            let (slot, instance) = object.read(&BTreeMap::new(), vault)?;
            Record::Recorded(Box::new(Recorded { slot, instance: Some(instance) }))
        }
        Wire::Gone { address, deposed } => {
            let slot = Slot { address: read_address(&address)?, deposed };
            Record::Recorded(Box::new(Recorded { slot, instance: None }))
        }
        Wire::Moved(moves) => {
            let pair = |(from, to): &(String, String)| Ok((read_address(from)?, read_address(to)?));
            Record::Moved(moves.iter().map(pair).collect::<Result<_, DecodeError>>()?)
        }
        Wire::Outputs(outputs) => {
            let entry = |(name, o): (&String, &OutputWire)| Ok((name.as_str().into(), o.read(vault)?));
            Record::Outputs(outputs.iter().map(entry).collect::<Result<BTreeMap<_, OutputValue>, DecodeError>>()?)
        }
        Wire::RunEnded { ok, at } => Record::RunEnded { ok, at },
    })
}

fn intent(wire: IntentWire, vault: &Vault<'_>) -> Result<Intent, DecodeError> {
    Ok(Intent {
        op: wire.op,
        slot: Slot { address: read_address(&wire.address)?, deposed: wire.deposed },
        kind: wire.kind,
        type_name: wire.type_name,
        token: wire.token,
        id: wire.id,
        outgoing: wire.outgoing,
        provider: wire.provider,
        region: wire.region,
        account: wire.account,
        want: wire.want.read(&Types::new(), vault)?,
        depends_on: read_addresses(&wire.depends_on)?,
        create_before_destroy: wire.create_before_destroy,
    })
}

#[cfg(test)]
mod tests;
