//! States on the local disk: one folder per layout with `state.json`, `journal.jsonl`, `lock` and `history/`; or a file
//! that the user names, with these beside it.
//!
//! No file is ever changed in place but the journal, and that only grows.

use super::lock::LockInfo;
use super::store::{Attempt, Ends, Store, TerraformsLock};
use crate::diag::Diagnostic;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// How many serials are kept. Each is a whole state: a year of daily changes costs no more.
pub(super) const KEPT: usize = 50;

/// The files of one state.
#[derive(Debug)]
pub struct LocalStore {
    state: PathBuf,
    journal: PathBuf,
    history: PathBuf,
    lock: PathBuf,
    terraforms: PathBuf,
    /// The journal that is appended to.
    open: Mutex<Option<File>>,
}

impl LocalStore {
    /// The state in the folder `dir`, which is made when something is first written.
    pub fn new(dir: impl Into<PathBuf>) -> Self {
        let dir = dir.into();
        LocalStore {
            state: dir.join("state.json"),
            journal: dir.join("journal.jsonl"),
            history: dir.join("history"),
            lock: dir.join("lock"),
            terraforms: dir.join("terraform.tfstate"),
            open: Mutex::default(),
        }
    }

    /// The state in the file `path`, with its journal, lock and history beside it.
    pub fn of_file(path: impl Into<PathBuf>) -> Self {
        let state = path.into();
        let beside = |what: &str| {
            let name = state.file_name().unwrap_or_default().to_string_lossy();
            state.with_file_name(format!("{name}.{what}"))
        };
        LocalStore {
            journal: beside("journal"),
            history: beside("history"),
            lock: beside("lock"),
            terraforms: beside("terraform"),
            open: Mutex::default(),
            state,
        }
    }

    fn prune(&self) -> Result<(), Diagnostic> {
        let serials = self.serials()?;
        for serial in serials.iter().take(serials.len().saturating_sub(KEPT)) {
            let path = self.history.join(format!("{serial}.json"));
            fs::remove_file(&path).map_err(|e| cannot("remove", &path, &e))?;
        }
        Ok(())
    }
}

impl Store for LocalStore {
    fn place(&self) -> String {
        self.state.display().to_string()
    }

    fn read(&self) -> Result<Option<Vec<u8>>, Diagnostic> {
        read(&self.state)
    }

    fn write(&self, serial: u64, text: &[u8]) -> Result<(), Diagnostic> {
        // The copy comes first: a damaged state file is then never newer than the history.
        self.keep(serial, text)?;
        self.replace(text)?;
        self.prune()
    }

    fn keep(&self, serial: u64, text: &[u8]) -> Result<(), Diagnostic> {
        replace(&self.history.join(format!("{serial}.json")), text)
    }

    fn replace(&self, text: &[u8]) -> Result<(), Diagnostic> {
        replace(&self.state, text)
    }

    fn serials(&self) -> Result<Vec<u64>, Diagnostic> {
        let dir = &self.history;
        let entries = match fs::read_dir(dir) {
            Ok(entries) => entries,
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(e) => return Err(cannot("list", dir, &e)),
        };
        let mut serials = Vec::new();
        for entry in entries {
            let name = entry.map_err(|e| cannot("list", dir, &e))?.file_name();
            serials.extend(name.to_str().and_then(|n| n.strip_suffix(".json")).and_then(|n| n.parse::<u64>().ok()));
        }
        serials.sort_unstable();
        Ok(serials)
    }

    fn read_serial(&self, serial: u64) -> Result<Option<Vec<u8>>, Diagnostic> {
        read(&self.history.join(format!("{serial}.json")))
    }

    fn read_journal(&self) -> Result<Option<Vec<u8>>, Diagnostic> {
        read(&self.journal)
    }

    fn replace_journal(&self, text: &[u8]) -> Result<(), Diagnostic> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        *open = None;
        let path = &self.journal;
        if !text.is_empty() {
            return replace(path, text);
        }
        match fs::remove_file(path) {
            Ok(()) => sync_dir(folder(path)).map_err(|e| cannot("sync", folder(path), &e)),
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(e) => Err(cannot("remove", path, &e)),
        }
    }

    fn remove(&self) -> Result<(), Diagnostic> {
        // Without its history a state that is not there is a new one.
        for serial in self.serials()? {
            let path = self.history.join(format!("{serial}.json"));
            fs::remove_file(&path).map_err(|e| cannot("remove", &path, &e))?;
        }
        self.replace_journal(b"")?;
        match fs::remove_file(&self.state) {
            Err(e) if e.kind() != io::ErrorKind::NotFound => Err(cannot("remove", &self.state, &e)),
            _ => Ok(()),
        }
    }

    fn append_journal(&self, text: &[u8]) -> Result<(), Diagnostic> {
        let path = &self.journal;
        let failed = |e: io::Error| cannot("append to", path, &e);
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let file = match &mut *open {
            Some(file) => file,
            none => {
                none.insert(regular(path).and_then(|_| OpenOptions::new().append(true).open(path)).map_err(failed)?)
            }
        };
        file.write_all(text).and_then(|()| file.sync_data()).map_err(failed)
    }

    fn lock_for_terraform(&self, _: &LockInfo, text: &[u8]) -> Result<TerraformsLock, Diagnostic> {
        let path = &self.state;
        regular(path).map_err(|e| cannot("open", path, &e))?;
        let mut file = match OpenOptions::new().read(true).write(true).open(path) {
            Ok(file) => file,
            Err(e) if e.kind() == io::ErrorKind::NotFound && text.is_empty() => {
                return Ok(TerraformsLock::new(|| Ok(())));
            }
            Err(e) => return Err(cannot("open", path, &e)),
        };
        // Closing any other handle of the file would release the lock: the file is not opened again while it is held.
        lock_as_terraform(&file).map_err(|e| {
            Diagnostic::error("The state is locked by Terraform")
                .code("state-locked")
                .detail(format!("{}: {e}.", path.display()))
                .hint("Wait until the run of Terraform has ended.")
        })?;
        let mut now = Vec::new();
        file.read_to_end(&mut now).map_err(|e| cannot("read", path, &e))?;
        match now == text {
            // The system releases it when the file is closed.
            true => Ok(TerraformsLock::new(move || {
                drop(file);
                Ok(())
            })),
            false => Err(Diagnostic::error("The state was changed meanwhile")
                .code("state-locked")
                .detail(format!("Another program wrote {}.", path.display()))
                .hint("Run the command again.")),
        }
    }

    fn keep_terraforms(&self, text: &[u8]) -> Result<(), Diagnostic> {
        replace(&self.terraforms, text)
    }

    fn terraforms(&self) -> Result<Option<Vec<u8>>, Diagnostic> {
        read(&self.terraforms)
    }

    fn take_away(&self) -> Result<(), Diagnostic> {
        fs::remove_file(&self.state).map_err(|e| cannot("remove", &self.state, &e))
    }

    fn try_lock(&self, info: &LockInfo) -> Result<Attempt, Diagnostic> {
        let path = self.lock.clone();
        fs::create_dir_all(folder(&path)).map_err(|e| cannot("make", folder(&path), &e))?;
        regular(&path).map_err(|e| cannot("open", &path, &e))?;
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(|e| cannot("open", &path, &e))?;
        match file.try_lock() {
            Ok(()) => {
                let text = serde_json::to_vec(info).unwrap_or_default();
                let written = file.set_len(0).and_then(|()| file.write_all(&text));
                written.map_err(|e| cannot("write", &path, &e))?;
                Ok(Attempt::Taken { guard: Box::new(Guard(file)), from: None })
            }
            Err(TryLockError::WouldBlock) => Ok(Attempt::Held { by: holder(&file), ends: Ends::AtOnce }),
            Err(TryLockError::Error(e)) => Err(cannot("lock", &path, &e)),
        }
    }

    fn locked_by(&self) -> Result<Option<LockInfo>, Diagnostic> {
        regular(&self.lock).map_err(|e| cannot("open", &self.lock, &e))?;
        let file = match File::open(&self.lock) {
            Ok(file) => file,
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(e) => return Err(cannot("open", &self.lock, &e)),
        };
        // A lock that is free is empty. Only one that names somebody is tried: a run that begins in that moment would
        // lose.
        let Some(by) = holder(&file) else { return Ok(None) };
        match file.try_lock_shared() {
            Ok(()) => {
                let _ = file.unlock();
                Ok(None)
            }
            Err(TryLockError::WouldBlock) => Ok(Some(by)),
            Err(TryLockError::Error(e)) => Err(cannot("lock", &self.lock, &e)),
        }
    }
}

/// The holder in the text of a lock; none of a lock that is free.
fn holder(mut file: &File) -> Option<LockInfo> {
    let mut text = Vec::new();
    file.read_to_end(&mut text).ok().and_then(|_| serde_json::from_slice(&text).ok())
}

/// Holds the lock; an empty file is left behind.
struct Guard(File);

impl Drop for Guard {
    fn drop(&mut self) {
        let _ = self.0.rewind().and_then(|()| self.0.set_len(0));
        // Closing is not enough: a child process that is just being started may hold a copy.
        let _ = self.0.unlock();
    }
}

/// Takes the lock that Terraform takes on the file of a state.
#[cfg(unix)]
fn lock_as_terraform(file: &File) -> io::Result<()> {
    Ok(rustix::fs::fcntl_lock(file, rustix::fs::FlockOperation::NonBlockingLockExclusive)?)
}

/// Elsewhere Terraform's lock is that of the system.
#[cfg(not(unix))]
fn lock_as_terraform(file: &File) -> io::Result<()> {
    file.try_lock().map_err(io::Error::other)
}

fn read(path: &Path) -> Result<Option<Vec<u8>>, Diagnostic> {
    match regular(path).and_then(|_| fs::read(path)) {
        Ok(text) => Ok(Some(text)),
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(e) => Err(cannot("read", path, &e)),
    }
}

/// Fails for what is not a regular file, before it is opened: a pipe would wait for someone to write to it.
fn regular(path: &Path) -> io::Result<()> {
    match fs::metadata(path) {
        Ok(metadata) if !metadata.is_file() => Err(io::Error::other("it is not a regular file")),
        Err(e) if e.kind() != io::ErrorKind::NotFound => Err(e),
        _ => Ok(()),
    }
}

/// Puts `text` at `path` so that at any instant there is the old file or the new one.
fn replace(path: &Path, text: &[u8]) -> Result<(), Diagnostic> {
    let failed = |e: io::Error| cannot("write", path, &e);
    let dir = folder(path);
    make_dir(dir).map_err(failed)?;
    let mut file = tempfile::NamedTempFile::new_in(dir).map_err(failed)?;
    file.write_all(text).and_then(|()| file.as_file().sync_all()).map_err(failed)?;
    file.persist(path).map_err(|e| failed(e.error))?;
    sync_dir(dir).map_err(failed)
}

/// The folder that a file is in.
fn folder(path: &Path) -> &Path {
    path.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn make_dir(dir: &Path) -> io::Result<()> {
    if dir.is_dir() {
        return Ok(());
    }
    fs::create_dir_all(dir)?;
    dir.parent().filter(|p| !p.as_os_str().is_empty()).map_or(Ok(()), sync_dir)
}

#[cfg(unix)]
fn sync_dir(dir: &Path) -> io::Result<()> {
    File::open(dir)?.sync_all()
}

/// Elsewhere a rename is durable without it.
#[cfg(not(unix))]
fn sync_dir(_: &Path) -> io::Result<()> {
    Ok(())
}

fn cannot(verb: &str, path: &Path, error: &io::Error) -> Diagnostic {
    let d =
        Diagnostic::error(format!("Cannot {verb} {}", path.display())).code("state-file").detail(format!("{error}."));
    match error.kind() {
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            d.hint("Make the directory writable, or keep the state elsewhere with --state DIR.")
        }
        io::ErrorKind::StorageFull => d.hint("Free some space; what was done so far is in the journal."),
        _ => d,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn info() -> LockInfo {
        LockInfo::of_this_process("apply")
    }

    #[test]
    fn who_has_the_lock_is_seen_without_taking_it() {
        let dir = tempfile::tempdir().unwrap();
        let (store, other) = (LocalStore::new(dir.path()), LocalStore::new(dir.path()));
        let by = info();
        assert_eq!(other.locked_by().unwrap(), None);
        assert!(!dir.path().join("lock").exists(), "looking leaves nothing behind");
        let held = store.try_lock(&by).unwrap();
        assert_eq!(other.locked_by().unwrap(), Some(by.clone()));
        assert_eq!(other.locked_by().unwrap(), Some(by.clone()));
        drop(held);
        assert_eq!(other.locked_by().unwrap(), None);
        // A run that died leaves its name in the file.
        std::fs::write(dir.path().join("lock"), serde_json::to_vec(&by).unwrap()).unwrap();
        assert_eq!(other.locked_by().unwrap(), None);
        assert!(matches!(store.try_lock(&by).unwrap(), Attempt::Taken { .. }));
    }

    #[test]
    fn a_second_lock_loses_and_reads_who_has_the_first() {
        let dir = tempfile::tempdir().unwrap();
        let store = LocalStore::new(dir.path());
        let first = store.try_lock(&info()).unwrap();
        assert!(matches!(&first, Attempt::Taken { .. }));
        match LocalStore::new(dir.path()).try_lock(&info()).unwrap() {
            Attempt::Held { by, .. } => assert_eq!(by.unwrap().pid, std::process::id()),
            Attempt::Taken { .. } => panic!("taken twice"),
        }
        drop(first);
        assert!(matches!(store.try_lock(&info()).unwrap(), Attempt::Taken { .. }));
    }

    #[test]
    fn a_killed_process_does_not_hold_the_lock() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("lock"), serde_json::to_vec(&info()).unwrap()).unwrap();
        assert!(matches!(LocalStore::new(dir.path()).try_lock(&info()).unwrap(), Attempt::Taken { .. }));
    }

    #[test]
    fn the_last_fifty_serials_are_kept() {
        let dir = tempfile::tempdir().unwrap();
        let store = LocalStore::new(dir.path().join("new"));
        for serial in 1..=53 {
            store.write(serial, format!("{serial}").as_bytes()).unwrap();
        }
        assert_eq!(store.serials().unwrap(), (4..=53).collect::<Vec<_>>());
        assert_eq!(store.read_serial(4).unwrap().unwrap(), b"4");
        assert_eq!(store.read().unwrap().unwrap(), b"53");
        let left: Vec<_> = fs::read_dir(dir.path().join("new")).unwrap().map(|e| e.unwrap().file_name()).collect();
        assert_eq!(left.len(), 2, "no temporary file stays: {left:?}");
    }

    #[test]
    fn a_journal_is_replaced_appended_to_and_taken_away() {
        let dir = tempfile::tempdir().unwrap();
        let store = LocalStore::new(dir.path());
        assert_eq!(store.read_journal().unwrap(), None);
        store.replace_journal(b"a\n").unwrap();
        store.append_journal(b"b\n").unwrap();
        store.append_journal(b"c\n").unwrap();
        assert_eq!(store.read_journal().unwrap().unwrap(), b"a\nb\nc\n");
        store.replace_journal(b"x\n").unwrap();
        store.append_journal(b"y\n").unwrap();
        assert_eq!(store.read_journal().unwrap().unwrap(), b"x\ny\n");
        store.replace_journal(b"").unwrap();
        assert_eq!(store.read_journal().unwrap(), None);
    }

    #[test]
    fn a_place_that_cannot_be_written_says_what_to_do() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("file");
        fs::write(&file, "").unwrap();
        let error = LocalStore::new(file.join("below")).write(1, b"").unwrap_err();
        assert!(error.summary.starts_with("Cannot write "), "{error}");
    }
}
