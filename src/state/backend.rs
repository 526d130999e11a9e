//! The state of one layout as commands use it: read it, or lock it, load it and change it.
//!
//! Loading folds what a killed run left in the journal into the state file. The order is always:
//! the state that contains the journal becomes durable, then the journal goes. A crash in between
//! leaves a journal that the state says it contains.

use super::encode::{OLDEST, Unreadable, Written, from_text, head, to_text};
use super::fold::{JournalContent, fold};
use super::lines::{self, Header, Journal};
use super::local::LocalStore;
use super::location::StateLocation;
use super::lock::{self, Lock, LockInfo};
use super::record::{OpenIntent, Record};
use super::run::Run;
use super::seal::Sealer;
use super::store::Store;
use super::terraform;
use super::unreadable::{
    journal_damaged, missing, not_adopted, not_kept, older_than_history, older_than_journal, other_layout,
    other_lineage, refused,
};
use super::{key::KeySource, new_uuid, now};
use crate::diag::Diagnostic;
use crate::objects::State;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// How often a reader that meets a writer looks again.
const READ_ATTEMPTS: usize = 5;

/// The place of a layout's state, opened.
#[derive(Debug, Clone)]
pub struct Backend {
    pub(super) store: Arc<dyn Store>,
    pub(super) sealer: Arc<Sealer>,
    pub(super) layout: String,
    terraform: Option<ReadTerraform>,
}

/// Reads a state of Terraform's: its text, its place and the layout's name.
pub type ReadTerraform = fn(&[u8], &str, &str) -> Result<terraform::Read, Diagnostic>;

/// A state with what the journal adds to it.
#[derive(Debug, Clone, PartialEq)]
pub struct Loaded {
    /// The state; empty, of serial 0 and without lineage, when there was none.
    pub state: State,
    /// Calls of earlier runs whose outcome is not known, in the order in which they began.
    pub open: Vec<OpenIntent>,
    /// Whether an earlier run was cut off, so that its journal had to be read.
    pub resumed: bool,
    /// Set where the state is still Terraform's, which is only read.
    pub terraform: Option<Terraforms>,
}

/// A state that is still Terraform's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terraforms {
    /// The version of Terraform that wrote it.
    pub version: String,
    /// The addresses of objects that Floorplan cannot read, as it does not serve their types.
    pub unserved: Vec<String>,
}

impl Backend {
    /// The state at a location on the local disk, sealed with the user's key.
    pub fn open(location: &StateLocation) -> Result<Self, Diagnostic> {
        let store = match &location.file {
            Some(file) => LocalStore::of_file(file),
            None => LocalStore::new(location.dir()?),
        };
        Ok(Self::new(Arc::new(store), Arc::new(sealer_of_environment()?), location.layout_name()?))
    }

    /// The state of `layout` in `store`.
    pub fn new(store: Arc<dyn Store>, sealer: Arc<Sealer>, layout: String) -> Self {
        Backend { store, sealer, layout, terraform: None }
    }

    /// The same place, where a state may be Terraform's, which `read` reads.
    pub fn reading_terraform(self, read: ReadTerraform) -> Self {
        Backend { terraform: Some(read), ..self }
    }

    /// The file of the state, as a person would name it.
    pub fn place(&self) -> String {
        self.store.place()
    }

    /// The sealer of this state's sensitive values, for what else is kept on disk of this layout.
    pub fn sealer(&self) -> &Arc<Sealer> {
        &self.sealer
    }

    /// The state as it is now, without lock and without writing anything.
    pub fn read(&self) -> Result<Loaded, Diagnostic> {
        let mut attempt = 1;
        loop {
            match self.read_once() {
                // A run that ends meanwhile replaces the state first and the journal afterwards.
                Err(_) if attempt < READ_ATTEMPTS => attempt += 1,
                done => return done.map(|(loaded, stored)| as_it_will_be(loaded, stored.as_ref())),
            }
        }
    }

    /// When the state was written last, where its file says so.
    pub fn written_at(&self) -> Result<Option<String>, Diagnostic> {
        Ok(self.store.read()?.and_then(|text| head(&text).ok()).map(|head| head.written.at))
    }

    /// The file of the state as a run would leave it, sensitive values sealed; empty when there is none.
    pub fn text(&self) -> Result<Vec<u8>, Diagnostic> {
        let (stored, loaded) = (self.store.read()?, self.read()?);
        match stored {
            Some(text) if !loaded.resumed => Ok(text),
            None if loaded.state.is_empty() => Ok(Vec::new()),
            _ => self.encoded(&loaded.state, "state pull"),
        }
    }

    /// Reads the text of a state; `place` names it in errors.
    pub fn parse(&self, text: &[u8], place: &str) -> Result<State, Diagnostic> {
        let state = from_text(text, &self.sealer).map_err(|why| refused(place, &why, None))?;
        if state.layout == self.layout { Ok(state) } else { Err(other_layout(place, &state.layout, &self.layout)) }
    }

    /// Removes the lock with this id, whoever has it, and says who had it.
    pub fn force_unlock(&self, id: &str) -> Result<LockInfo, Diagnostic> {
        self.store.force_unlock(id)
    }

    /// Whether the place has a lock.
    pub fn has_lock(&self) -> bool {
        self.store.has_lock()
    }

    /// The run that has the lock now, as far as that can be seen without taking it. A person who keeps the lock runs nothing.
    pub fn run_at_work(&self) -> Result<Option<LockInfo>, Diagnostic> {
        Ok(self.store.locked_by()?.filter(|by| !by.kept))
    }

    /// Takes the lock for a person and keeps it, waiting for another run at most `timeout`.
    pub fn keep_lock(&self, reason: Option<String>, timeout: Duration) -> Result<LockInfo, Diagnostic> {
        lock::keep(&*self.store, reason, timeout)
    }

    /// Gives back the lock that this user keeps from this machine, and says what it was.
    pub fn give_back(&self) -> Result<LockInfo, Diagnostic> {
        self.store.give_back(&|by| by.is_mine())
    }

    /// Takes the lock for `command`, waiting for another run at most `timeout`.
    pub fn lock(&self, command: &str, timeout: Duration) -> Result<Locked, Diagnostic> {
        if self.is_terraforms()? {
            return Err(not_adopted(&self.place()));
        }
        let lock = lock::take(&*self.store, command, timeout)?;
        Ok(Locked { backend: self.clone(), command: command.to_owned(), current: None, lock })
    }

    /// Whether there is a state or a journal at this place.
    pub fn holds_state(&self) -> Result<bool, Diagnostic> {
        Ok(self.store.read()?.is_some() || self.store.read_journal()?.is_some())
    }

    /// Whether Terraform left something here: objects, or outputs.
    pub fn holds_terraforms(&self) -> Result<bool, Diagnostic> {
        Ok(self.is_terraforms()?
            && self.read().map_or(true, |l| !l.state.is_empty() || l.terraform.is_some_and(|t| !t.unserved.is_empty())))
    }

    /// Whether the state is Terraform's, which is only read until it is adopted.
    pub fn is_terraforms(&self) -> Result<bool, Diagnostic> {
        Ok(self.terraform.is_some() && self.store.read()?.is_some_and(|text| terraform::is_state(&text)))
    }

    /// A text as a state of Terraform's; none where it is not one.
    pub(super) fn read_terraform(&self, text: &[u8]) -> Result<Option<Loaded>, Diagnostic> {
        let Some(read) = self.terraform.filter(|_| terraform::is_state(text)) else { return Ok(None) };
        let terraform::Read { state, version, unserved } = read(text, &self.place(), &self.layout)?;
        let terraform = Some(Terraforms { version, unserved });
        Ok(Some(Loaded { state, open: Vec::new(), resumed: false, terraform }))
    }

    fn read_once(&self) -> Result<(Loaded, Option<State>), Diagnostic> {
        if self.terraform.is_some()
            && let Some(text) = self.store.read()?
            && let Some(loaded) = self.read_terraform(&text)?
        {
            let stored = loaded.state.clone();
            return Ok((loaded, Some(stored)));
        }
        let stored = self.read_state()?;
        let journal = self.read_journal()?;
        let (mut state, content) = match (stored.clone(), journal) {
            (Some(state), None) => (state, None),
            (None, None) => (State::new(&self.layout, ""), None),
            (Some(state), Some(journal)) => {
                if journal.header.lineage != state.lineage {
                    return Err(journal_damaged(
                        &self.place(),
                        &"it belongs to a state of another lineage".to_owned().into(),
                    ));
                }
                if journal.header.serial > state.serial {
                    return Err(older_than_journal(&self.place(), state.serial, journal.header.serial));
                }
                (state, Some(journal.content))
            }
            (None, Some(Journal { header, .. })) if header.serial > 0 => {
                return Err(missing(&self.place(), header.serial));
            }
            (None, Some(journal)) => (State::new(&self.layout, journal.header.lineage), Some(journal.content)),
        };
        let resumed = content.as_ref().is_some_and(has_news);
        let mut open = Vec::new();
        if let Some(content) = &content {
            (state, open) = fold(state, content);
        }
        Ok((Loaded { state, open, resumed, terraform: None }, stored))
    }

    fn read_state(&self) -> Result<Option<State>, Diagnostic> {
        let newest = self.store.serials()?.last().copied();
        let Some(text) = self.store.read()? else {
            // A first run that died between its two writes left a serial that never was the state. Its journal has all.
            let begun = newest == Some(1) && self.read_journal()?.is_some_and(|journal| journal.header.serial == 0);
            return match newest.filter(|_| !begun) {
                Some(serial) => Err(missing(&self.place(), serial)),
                None => Ok(None),
            };
        };
        let state = from_text(&text, &self.sealer).map_err(|why| refused(&self.place(), &why, self.last_good(&why)))?;
        if state.layout != self.layout {
            return Err(other_layout(&self.place(), &state.layout, &self.layout));
        }
        let format = || head(&text).map_or(OLDEST, |head| head.format);
        if let Some(newest) = newest
            && let Some(kept) = self.store.read_serial(newest)?
            && let Ok(head) = head(&kept)
        {
            if head.lineage != state.lineage {
                return Err(other_lineage(&self.place(), newest));
            }
            // What earlier versions wrote is not tied to its serial.
            if newest <= state.serial && format() < head.format {
                return Err(older_than_history(&self.place(), state.serial, newest));
            }
        }
        // A run that died between its two writes leaves one serial more, which never was the state.
        match newest.filter(|newest| *newest > state.serial + 1) {
            Some(newest) => Err(older_than_history(&self.place(), state.serial, newest)),
            None => Ok(Some(state)),
        }
    }

    fn read_journal(&self) -> Result<Option<Journal>, Diagnostic> {
        let Some(text) = self.store.read_journal()? else { return Ok(None) };
        lines::read(&text, &self.sealer).map(Some).map_err(|why| journal_damaged(&self.place(), &why))
    }

    /// The newest serial of the history that can be read, where that helps.
    fn last_good(&self, why: &Unreadable) -> Option<u64> {
        if why.is_sound() {
            return None;
        }
        let serials = self.store.serials().ok()?;
        let good = |serial: &u64| match self.store.read_serial(*serial) {
            Ok(Some(text)) => from_text(&text, &self.sealer).is_ok(),
            _ => false,
        };
        serials.into_iter().rev().find(good)
    }

    /// Reads the state as it was at `serial`.
    pub fn read_serial(&self, serial: u64) -> Result<State, Diagnostic> {
        let Some(text) = self.store.read_serial(serial)? else { return Err(not_kept(serial, &self.store.serials()?)) };
        from_text(&text, &self.sealer).map_err(|why| refused(&format!("Serial {serial}"), &why, self.last_good(&why)))
    }

    pub(super) fn write(&self, state: &State, command: &str) -> Result<(), Diagnostic> {
        self.store.write(state.serial, &self.encoded(state, command)?)
    }

    fn encoded(&self, state: &State, command: &str) -> Result<Vec<u8>, Diagnostic> {
        let written = Written { command: command.to_owned(), at: now() };
        to_text(state, &written, &self.sealer).map_err(|e| {
            Diagnostic::error("The state cannot be written")
                .code("state-file")
                .detail(format!("{e}."))
                .hint("Nothing was changed on disk.")
        })
    }

    /// Replaces the journal by one that holds the intents which are still open, and `more`.
    fn begin_journal(
        &self,
        state: &State,
        open: &[OpenIntent],
        more: Vec<Record>,
    ) -> Result<JournalContent, Diagnostic> {
        let failed =
            |e: String| Diagnostic::error("The journal cannot be written").code("state-file").detail(format!("{e}."));
        let header = Header::new(new_uuid(), state.lineage.clone(), state.serial);
        let mut text = lines::header_line(&header).map_err(failed)?;
        let tied = header.tied(&self.sealer);
        let records: Vec<_> = open.iter().map(|o| Record::StillOpen(Box::new(o.clone()))).chain(more).collect();
        let records: Vec<_> = (1..).zip(records).collect();
        for (n, record) in &records {
            text.push_str(&lines::line(*n, 1, &lines::record_members(record, &tied).map_err(failed)?));
        }
        self.store.replace_journal(text.as_bytes())?;
        Ok(JournalContent { id: header.journal, records })
    }

    /// Makes `state` the current one, then shortens the journal to the open intents.
    fn settle(&self, loaded: &mut Loaded, stored: Option<&State>, command: &str) -> Result<(), Diagnostic> {
        if let Some(serial) = next_serial(&loaded.state, stored) {
            loaded.state.serial = serial;
            self.write(&loaded.state, command)?;
        } else if let Some(stored) = stored {
            loaded.state.journal.clone_from(&stored.journal);
        }
        if loaded.open.is_empty() {
            self.store.replace_journal(b"")
        } else {
            self.begin_journal(&loaded.state, &loaded.open, Vec::new()).map(drop)
        }
    }
}

/// The serial that the state gets when it is written; none where it is the stored one.
fn next_serial(state: &State, stored: Option<&State>) -> Option<u64> {
    let differs = stored.map_or(!state.is_empty(), |s| !s.same_content(state));
    differs.then(|| stored.map_or(0, |s| s.serial) + 1)
}

/// The state with the serial that the next run gives it: a plan is made from that one.
fn as_it_will_be(mut loaded: Loaded, stored: Option<&State>) -> Loaded {
    if let Some(serial) = next_serial(&loaded.state, stored) {
        loaded.state.serial = serial;
    }
    loaded
}

/// A state that no other run can change until this is dropped.
pub struct Locked {
    pub(super) backend: Backend,
    command: String,
    current: Option<Loaded>,
    lock: Lock,
}

impl Locked {
    /// Says whether this run still has the lock, and why not. Asks nobody.
    pub fn guard(&self) -> Box<dyn Fn() -> Result<(), String> + Send + Sync> {
        let store = self.backend.store.clone();
        Box::new(move || store.check().map_err(|d| d.detail))
    }

    /// Who had the lock and died, so that this run took it over.
    pub fn taken_from(&self) -> Option<&LockInfo> {
        self.lock.from.as_ref()
    }

    /// The state, after what an earlier run left in its journal was folded into it.
    pub fn load(&mut self) -> Result<Loaded, Diagnostic> {
        if let Some(current) = &self.current {
            return Ok(current.clone());
        }
        let (mut loaded, stored) = self.backend.read_once()?;
        self.backend.settle(&mut loaded, stored.as_ref(), &self.command)?;
        Ok(self.current.insert(loaded).clone())
    }

    /// Writes `state` as the next serial, unless it holds what the current one holds. Its lineage,
    /// serial and layout are this layout's, whatever they were.
    pub fn save(&mut self, mut state: State) -> Result<State, Diagnostic> {
        let mut loaded = self.load()?;
        let stored = loaded.state.clone();
        state.lineage = lineage(&stored);
        state.layout.clone_from(&self.backend.layout);
        state.serial = stored.serial;
        state.journal = None;
        loaded.state = state;
        self.backend.settle(&mut loaded, Some(&stored), &self.command)?;
        Ok(self.current.insert(loaded).state.clone())
    }

    /// Removes the state with all that is beside it.
    pub fn remove(self) -> Result<(), Diagnostic> {
        self.backend.store.remove()
    }

    /// Makes an earlier serial the current one, as a new serial. Also when the current one is damaged.
    pub fn restore(&mut self, serial: u64) -> Result<State, Diagnostic> {
        let earlier = self.backend.read_serial(serial)?;
        match self.load() {
            Ok(_) => self.save(earlier),
            Err(moved) if moved.code == "state-moved" => Err(moved),
            Err(_) => {
                let journal = self.backend.read_journal()?.map(|j| j.content);
                let resumed = journal.as_ref().is_some_and(has_news);
                let (mut state, open) = journal.map_or((earlier.clone(), Vec::new()), |j| fold(earlier, &j));
                state.serial = self.backend.store.serials()?.last().copied().unwrap_or(serial) + 1;
                self.backend.write(&state, &self.command)?;
                let mut loaded = Loaded { state: state.clone(), open, resumed, terraform: None };
                self.backend.settle(&mut loaded, Some(&state), &self.command)?;
                Ok(self.current.insert(loaded).state.clone())
            }
        }
    }

    /// Opens the journal for a run that changes things.
    pub fn begin(mut self) -> Result<Run, Diagnostic> {
        let mut loaded = self.load()?;
        loaded.state.lineage = lineage(&loaded.state);
        self.backend.sealer.ready(&loaded.state.lineage)?;
        let started = Record::RunStarted {
            run: new_uuid(),
            serial: loaded.state.serial,
            command: self.command.clone(),
            at: now(),
        };
        let content = self.backend.begin_journal(&loaded.state, &loaded.open, vec![started])?;
        Run::new(self, loaded, content)
    }

    /// Ends a run: what is in the journal becomes the next serial.
    pub(super) fn end(mut self) -> Result<State, Diagnostic> {
        self.current = None;
        Ok(self.load()?.state)
    }
}

/// The state's lineage, or a new one if it has none yet.
fn lineage(state: &State) -> String {
    if state.lineage.is_empty() { new_uuid() } else { state.lineage.clone() }
}

/// Whether a journal holds more than intents that were carried over.
fn has_news(journal: &JournalContent) -> bool {
    journal.records.iter().any(|(_, r)| !matches!(r, Record::StillOpen(_)))
}

impl Unreadable {
    /// Whether the file itself is sound.
    pub fn is_sound(&self) -> bool {
        matches!(self, Unreadable::Newer(_) | Unreadable::Terraform | Unreadable::Sealed(_) | Unreadable::Moved(_))
    }
}

/// The sealer with the key of the environment.
pub fn sealer_of_environment() -> Result<Sealer, Diagnostic> {
    let variable = |name: &str| std::env::var(name).ok().filter(|v| !v.is_empty());
    let config = variable("XDG_CONFIG_HOME").map(PathBuf::from);
    let config = config.or_else(|| variable("APPDATA").map(PathBuf::from));
    let config = config.or_else(|| std::env::home_dir().map(|home| home.join(".config")));
    let source = KeySource::choose(variable("FLOORPLAN_KEY").as_deref(), &config.unwrap_or_else(|| ".".into()));
    Ok(Sealer::new(source.map_err(|e| {
        Diagnostic::error("The key for sensitive values cannot be used").code("state-key").detail(format!("{e}."))
    })?))
}

#[cfg(test)]
mod tests;
