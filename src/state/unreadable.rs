//! The errors about a state, a journal or a history that cannot be used. Nothing of it is
//! ever overwritten by Floorplan on its own.

use super::encode::{FORMAT, Unreadable};
use crate::diag::Diagnostic;
use crate::value::codec::DecodeError;

/// The state file cannot be read; `good` is the last serial that can.
pub fn refused(place: &str, why: &Unreadable, good: Option<u64>) -> Diagnostic {
    let d = match why {
        Unreadable::CutShort => Diagnostic::error("The state file is cut short").code("state-damaged")
            .detail(format!("{place} ends in the middle. It was left as it is.")),
        Unreadable::Newer(version) => Diagnostic::error("The state file has a newer format").code("state-format")
            .detail(format!("{place} is of format {version}; this version of Floorplan reads up to {FORMAT}."))
            .hint("Use the version of Floorplan that wrote it, or a newer one."),
        Unreadable::Terraform => Diagnostic::error("The state file is Terraform's").code("state-format")
            .detail(format!("{place} is a state of Terraform's, which Floorplan does not read yet. It was left as it is."))
            .hint("Keep Floorplan's own state elsewhere, with --state DIR or FLOORPLAN_STATE, and import the existing objects."),
        Unreadable::Moved(how) => Diagnostic::error("The state was moved").code("state-moved")
            .detail(format!("{place} is not the state any more: {how}."))
            .hint("Use the layout as it names that place: take over the change of its `backend` or `state` block."),
        Unreadable::Changed => Diagnostic::error("The state file was changed after it was written").code("state-damaged").detail(format!(
            "{place} does not fit its checksum: it was edited by hand, or the disk did not keep what was written. It was left as it is."
        )),
        Unreadable::Damaged(why) => Diagnostic::error("The state file is damaged").code("state-damaged")
            .detail(format!("{place} cannot be read: {why}. It was left as it is.")),
        Unreadable::Unproven(why) => Diagnostic::error("The state file is not as it was sealed").code("state-damaged")
            .detail(format!("{place}: {why}. An earlier state was put back under another number, or the file was edited. It was left as it is.")),
        Unreadable::Sealed(locked) => {
            let d = locked.problem("A sensitive value in the state cannot be opened");
            Diagnostic { detail: format!("{place}: {}", d.detail), ..d }
        }
    };
    match good {
        _ if why.is_sound() => d,
        Some(serial) if *why == Unreadable::Changed => {
            d.hint(restore(serial)).hint("To change a state, use `floorplan state mv`, `state rm` and `import`.")
        }
        Some(serial) => d.hint(restore(serial)),
        None => d.hint("No earlier serial of it can be read. Restore the file from a backup."),
    }
}

/// The state is Terraform's, and a command wants to change it.
pub fn not_adopted(place: &str) -> Diagnostic {
    Diagnostic::error("The state is still Terraform's")
        .code("state-terraform")
        .detail(format!(
            "{place} is read as it is, and is not written. Two programs that write one state lose objects."
        ))
        .hint("Make it Floorplan's with `floorplan state adopt`; `floorplan state release` gives it back.")
}

/// The state file is gone, though there was one.
pub fn missing(place: &str, serial: u64) -> Diagnostic {
    Diagnostic::error("The state file is missing")
        .code("state-damaged")
        .detail(format!("{place} was not found, though serial {serial} of it was written."))
        .hint(restore(serial))
        .hint("If the layout's objects are gone for good, remove the whole folder.")
}

/// The state belongs to another layout.
pub fn other_layout(place: &str, found: &str, expected: &str) -> Diagnostic {
    Diagnostic::error("The state belongs to another layout")
        .code("state-other")
        .detail(format!("{place} belongs to the layout {found:?}, not to {expected:?}."))
        .hint(format!("If the layout was renamed, keep its name: layout {{ name = {found:?} }}."))
}

/// The state and its history do not belong together.
pub fn other_lineage(place: &str, serial: u64) -> Diagnostic {
    Diagnostic::error("The state and its history have different lineages")
        .code("state-damaged")
        .detail(format!("{place} was put there from elsewhere: serial {serial} beside it is of another lineage."))
        .hint(restore(serial))
}

/// The state file was put back by hand, behind what the journal starts from.
pub fn older_than_journal(place: &str, serial: u64, journal: u64) -> Diagnostic {
    Diagnostic::error("The state file is older than its journal")
        .code("state-damaged")
        .detail(format!("{place} is serial {serial}, but the journal beside it continues from serial {journal}."))
        .hint(restore(journal))
}

/// Somebody put an earlier state back.
pub fn older_than_history(place: &str, serial: u64, newest: u64) -> Diagnostic {
    Diagnostic::error("The state file is older than its history")
        .code("state-damaged")
        .detail(format!(
            "{place} is serial {serial}, but serial {newest} was written. What was made since is not in it."
        ))
        .hint(restore(newest))
        .hint(format!("To go back on purpose: `floorplan state history --restore {serial}`."))
}

/// The journal cannot be read.
pub fn journal_damaged(place: &str, why: &DecodeError) -> Diagnostic {
    let d = Diagnostic::error("The journal of an earlier run cannot be read")
        .code("state-file")
        .detail(format!("The journal.jsonl beside {place}: {why}. It was left as it is."));
    if let DecodeError::Sealed(locked) = why {
        return if locked.cure.is_empty() { d } else { d.hint(&*locked.cure) };
    }
    d.hint("It lists what the earlier run did in AWS. Read it, move it away, then run `floorplan plan` to see what has to be imported.")
}

/// The history has no such serial.
pub fn not_kept(serial: u64, kept: &[u64]) -> Diagnostic {
    let kept = match (kept.first(), kept.last()) {
        (Some(first), Some(last)) => format!("The history goes from serial {first} to {last}."),
        _ => "There is no history yet.".into(),
    };
    Diagnostic::error(format!("Serial {serial} was not found"))
        .code("unknown-serial")
        .detail(kept)
        .hint("`floorplan state history` lists the serials that are kept.")
}

fn restore(serial: u64) -> String {
    format!("Serial {serial} can be read: `floorplan state history --restore {serial}` makes it the current one.")
}
