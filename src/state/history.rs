//! Earlier serials of a state.

use super::backend::Backend;
use super::encode::{Head, Unreadable, head};
use crate::diag::Diagnostic;

/// A serial of the history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The serial.
    pub serial: u64,
    /// Its content, or why it cannot be read.
    pub head: Result<Head, Unreadable>,
}

impl Backend {
    /// The serials that are kept, the newest first.
    pub fn history(&self) -> Result<Vec<Entry>, Diagnostic> {
        let mut entries = Vec::new();
        for serial in self.store.serials()?.into_iter().rev() {
            if let Some(text) = self.store.read_serial(serial)? {
                entries.push(Entry { serial, head: head(&text) });
            }
        }
        Ok(entries)
    }
}
