//! The proof of a state file with secrets: its serial and a digest of the whole, sealed with the key of its secrets. An
//! earlier state that is put back under another number, or a file that was edited and given a fitting checksum, does not
//! have it. It stands on a line of its own below the checksum, and covers all but these two lines.

use super::encode::{Unreadable, digest, with_line};
use super::seal::{Sealer, Tied, is_tied};

/// The beginning and the end of the line.
const LINE: (&str, &str) = ("  \"proof\": \"", "\",\n");

/// What seals proofs of states of a lineage. No secret is tied to the same place.
pub fn tied<'a>(sealer: &'a Sealer, lineage: &str) -> Tied<'a> {
    sealer.tied("proof", lineage)
}

/// The text of a state without checksum with its proof. The error is a sentence.
pub fn added(text: &[u8], serial: u64, tied: &Tied<'_>) -> Result<Vec<u8>, String> {
    let proof = tied.seal(format!("{serial} {}", digest(&[text])).as_bytes())?;
    Ok(with_line(text, &format!("{}{proof}{}", LINE.0, LINE.1)))
}

/// Fails if a state with checksum was not sealed as it is.
pub fn check(text: &[u8], proof: Option<&str>, serial: u64, tied: &Tied<'_>) -> Result<(), Unreadable> {
    let wrong = |why: String| Err(Unreadable::Unproven(why));
    let Some(proof) = proof.filter(|proof| is_tied(proof)) else {
        return wrong("it has secrets, but not the proof that belongs to them".into());
    };
    let lines: Vec<&[u8]> = text.splitn(4, |b| *b == b'\n').collect();
    let [first, _, third, rest] = lines[..] else { return wrong("it ends too early".into()) };
    if !third.starts_with(LINE.0.as_bytes()) {
        return wrong("its proof is not where it is written".into());
    }
    let Some(sealed) = tied.open(proof).map_err(Unreadable::Sealed)? else {
        return wrong("its proof is that of another state".into());
    };
    let sealed = String::from_utf8_lossy(&sealed);
    let (of, whole) = sealed.split_once(' ').unwrap_or_default();
    match (of == serial.to_string(), whole == digest(&[first, b"\n", rest])) {
        (true, true) => Ok(()),
        (false, _) => wrong(format!("it calls itself serial {serial}, but was sealed as serial {of}")),
        (true, false) => wrong("it is not what was sealed as this serial".into()),
    }
}
