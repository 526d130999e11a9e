//! Appending to the journal. A record is durable when `append` returns; appends that come at the
//! same time share one sync.
//!
//! After a failed write nothing more is appended: what follows a gap would be read as damage.

use super::lines::{Header, line, record_members};
use super::record::Record;
use super::seal::Sealer;
use super::store::Store;
use crate::diag::Diagnostic;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use tokio::sync::oneshot;

struct Message {
    /// The content of its line, without number and checksum.
    members: String,
    done: oneshot::Sender<Result<u64, Diagnostic>>,
}

/// The open journal of a run.
#[derive(Debug)]
pub struct JournalWriter {
    sealer: Arc<Sealer>,
    header: Header,
    /// Taken away when the journal is closed.
    sender: Mutex<Option<Sender<Message>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl JournalWriter {
    /// Goes on with the journal of `store`, in which `last` is the number of the last record.
    pub fn open(store: Arc<dyn Store>, sealer: Arc<Sealer>, header: Header, last: u64) -> Result<Self, Diagnostic> {
        let (sender, receiver) = channel();
        let thread = std::thread::Builder::new()
            .name("journal".into())
            .spawn(move || write_all(&*store, &receiver, last))
            .map_err(|e| Diagnostic::error("Cannot start the journal").code("state-file").detail(format!("{e}.")))?;
        Ok(JournalWriter { sealer, header, sender: Mutex::new(Some(sender)), thread: Mutex::new(Some(thread)) })
    }

    /// Appends a record; gives its number when it is durable. Once called, the record is written
    /// even if the future is dropped before it is done.
    pub async fn append(&self, record: &Record) -> Result<u64, Diagnostic> {
        let gone = || {
            Diagnostic::error("The journal is closed")
                .code("state-file")
                .detail("Nothing more can be recorded in this run.")
        };
        let members = record_members(record, &self.header.tied(&self.sealer))
            .map_err(|e| Diagnostic::error("Cannot record what is done").code("state-file").detail(format!("{e}.")))?;
        let (done, durable) = oneshot::channel();
        self.sender
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .as_ref()
            .and_then(|sender| sender.send(Message { members, done }).ok())
            .ok_or_else(gone)?;
        durable.await.map_err(|_| gone())?
    }

    /// Waits until all that was given to it is written.
    pub fn close(&self) {
        self.sender.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take() {
            let _ = thread.join();
        }
    }
}

impl Drop for JournalWriter {
    fn drop(&mut self) {
        self.close();
    }
}

fn write_all(store: &dyn Store, receiver: &Receiver<Message>, mut last: u64) {
    let mut broken: Option<Diagnostic> = None;
    while let Ok(first) = receiver.recv() {
        let batch: Vec<Message> = std::iter::once(first).chain(receiver.try_iter()).collect();
        let from = last + 1;
        let text: String = batch.iter().zip(from..).map(|(m, n)| line(n, from, &m.members)).collect();
        let result = match &broken {
            Some(e) => Err(e.clone()),
            None => store.append_journal(text.as_bytes()),
        };
        for (message, n) in batch.into_iter().zip(from..) {
            let _ = message.done.send(result.clone().map(|()| n));
            last = n;
        }
        broken = result.err();
    }
}
