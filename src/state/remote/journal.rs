//! The journal as objects: `GENERATION/NUMBER`, one object per synced batch, each written only where none is. A new
//! journal is a new generation, which counts from its first object on; older ones are removed after that.
//!
//! A run that takes a lock over puts a fence behind the last object. A writer that sleeps through its lease finds the
//! fence when it appends, since the next number is taken.

use super::objects::{Objects, Only, put};
use crate::diag::Diagnostic;

/// What the object of a fence holds before the id of who put it.
const FENCE: &[u8] = b"fence ";

/// The objects of a journal, by generation and number.
#[derive(Debug, Default)]
pub struct Listing {
    /// Rising.
    all: Vec<(u64, u64)>,
}

impl Listing {
    /// Those below `prefix`.
    pub fn read(objects: &dyn Objects, prefix: &str) -> Result<Self, Diagnostic> {
        let numbers = |key: &String| {
            let (generation, number) = key.strip_prefix(prefix)?.split_once('/')?;
            Some((generation.parse().ok()?, number.parse().ok()?))
        };
        let mut all: Vec<(u64, u64)> = objects.list(prefix)?.iter().filter_map(numbers).collect();
        all.sort_unstable();
        Ok(Listing { all })
    }

    /// The generation that counts: the highest that has its first object.
    fn current(&self) -> Option<u64> {
        self.all.iter().rev().find(|(_, number)| *number == 0).map(|(generation, _)| *generation)
    }

    /// The generation and number of the next object of the journal that counts.
    fn next(&self) -> Option<(u64, u64)> {
        let current = self.current()?;
        let last = self.all.iter().filter(|(generation, _)| *generation == current).map(|(_, number)| *number).max()?;
        Some((current, last + 1))
    }

    /// A generation that no object has.
    pub fn unused(&self) -> u64 {
        self.all.last().map_or(1, |(generation, _)| generation + 1)
    }

    /// The text of the journal, if there is one.
    pub fn text(&self, objects: &dyn Objects, prefix: &str) -> Result<Option<Vec<u8>>, Diagnostic> {
        let Some(current) = self.current() else { return Ok(None) };
        let mut text = Vec::new();
        for (generation, number) in self.all.iter().filter(|(generation, _)| *generation == current) {
            let key = key(prefix, *generation, *number);
            let Some(found) = objects.get(&key)? else { return Err(changed(&objects.place(&key))) };
            if !found.text.starts_with(FENCE) {
                text.extend(found.text);
            }
        }
        Ok(Some(text))
    }

    /// Removes the generations before `next`, the oldest first and each from its beginning on: without its first object a
    /// generation does not count, so that it is gone at once.
    pub fn remove(&self, objects: &dyn Objects, prefix: &str, next: u64) -> Result<(), Diagnostic> {
        let mut going = self.all.iter().filter(|(generation, _)| *generation < next);
        going.try_for_each(|(generation, number)| objects.delete(&key(prefix, *generation, *number), None))
    }
}

/// A run that ends removes its journal, while another reads it.
fn changed(place: &str) -> Diagnostic {
    Diagnostic::error("The journal was changed while it was read")
        .code("state-locked")
        .detail(format!("{place} is not there any more."))
        .hint("Run the command again.")
}

/// The key of an object of a journal.
pub fn key(prefix: &str, generation: u64, number: u64) -> String {
    format!("{prefix}{generation:08}/{number:08}")
}

/// Puts a fence behind the journal, if there is one, so that an earlier writer cannot append to it. Gives the generation of
/// the next journal: a run that had the lock before wanted the same one for its own, and only one of them gets it.
pub fn fence(objects: &dyn Objects, prefix: &str, id: &str) -> Result<u64, Diagnostic> {
    let text = [FENCE, id.as_bytes()].concat();
    loop {
        let listing = Listing::read(objects, prefix)?;
        let Some((generation, number)) = listing.next() else { return Ok(listing.unused()) };
        if put(objects, &key(prefix, generation, number), &text, Only::Absent)?.is_some() {
            return Ok(listing.unused());
        }
    }
}
