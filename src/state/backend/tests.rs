use super::*;
use crate::objects::{OutputValue, Slot};
use crate::state::testing::*;
use crate::state::{Attempt, IntentKind, LockInfo, OutcomeResult};
use std::sync::atomic::{AtomicUsize, Ordering};
use tempfile::TempDir;

const NOW: Duration = Duration::ZERO;

fn backend(dir: &TempDir) -> Backend {
    over(LocalStore::new(dir.path()))
}

fn over(store: impl Store + 'static) -> Backend {
    Backend::new(Arc::new(store), Arc::new(sealer()), "acme".into())
}

fn here(address: &str) -> Slot {
    Slot::current(at(address))
}

/// One object created and recorded, another one whose outcome nobody knows, an output.
fn records() -> Vec<Record> {
    let secret = OutputValue { value: crate::value::Value::string("hunter2").mark(true) };
    vec![
        Record::Intent(Box::new(intent("op-1", IntentKind::Create, "aws_vpc.a"))),
        outcome("op-1", OutcomeResult::Created { id: "vpc-1".into() }),
        recorded(here("aws_vpc.a"), Some(instance("vpc-1"))),
        Record::Outputs([("psk".into(), secret)].into()),
        Record::Intent(Box::new(intent("op-2", IntentKind::Create, "aws_vpc.b"))),
    ]
}

async fn run(backend: &Backend, records: Vec<Record>) -> Result<State, Diagnostic> {
    let run = backend.lock("apply", NOW)?.begin()?;
    for record in records {
        run.append(record).await?;
    }
    run.finish(true).await
}

/// The first serial of a state with one object.
fn with_state(dir: &TempDir) -> State {
    let mut locked = backend(dir).lock("apply", NOW).unwrap();
    let mut state = locked.load().unwrap().state;
    state.set(here("aws_vpc.a"), Some(instance("vpc-1")));
    locked.save(state).unwrap()
}

fn state_file(dir: &TempDir) -> PathBuf {
    dir.path().join("state.json")
}

fn error(backend: &Backend, dir: &TempDir) -> String {
    let shown = backend.read().unwrap_err().to_string();
    assert_eq!(backend.lock("apply", NOW).unwrap().load().unwrap_err().to_string(), shown);
    shown.replace(&dir.path().display().to_string(), "DIR")
}

#[tokio::test]
async fn a_run_becomes_one_serial_and_keeps_open_intents() {
    let dir = tempfile::tempdir().unwrap();
    let state = run(&backend(&dir), records()).await.unwrap();
    assert_eq!((state.serial, state.resources.len()), (1, 1));
    let mut locked = backend(&dir).lock("apply", NOW).unwrap();
    let loaded = locked.load().unwrap();
    assert_eq!((loaded.state.serial, loaded.resumed), (1, false));
    assert_eq!(loaded.open.iter().map(|o| o.intent.op.as_str()).collect::<Vec<_>>(), ["op-2"]);
    drop(locked);

    let settled = vec![outcome("op-2", OutcomeResult::Created { id: "vpc-2".into() })];
    let state = run(&backend(&dir), settled).await.unwrap();
    assert_eq!((state.serial, state.resources.len()), (2, 2));
    assert!(!dir.path().join("journal.jsonl").exists());
}

#[tokio::test]
async fn a_run_without_change_writes_no_serial() {
    let dir = tempfile::tempdir().unwrap();
    with_state(&dir);
    assert_eq!(run(&backend(&dir), Vec::new()).await.unwrap().serial, 1);
    assert!(!dir.path().join("journal.jsonl").exists());
}

#[tokio::test]
async fn a_killed_run_is_seen_by_readers_and_folded_by_the_next() {
    let dir = tempfile::tempdir().unwrap();
    let run = backend(&dir).lock("apply", NOW).unwrap().begin().unwrap();
    for record in records() {
        run.append(record).await.unwrap();
    }
    let memory = run.state();
    drop(run);
    let seen = backend(&dir).read().unwrap();
    assert!(seen.resumed && seen.state.same_content(&memory) && !state_file(&dir).exists());
    let loaded = backend(&dir).lock("apply", NOW).unwrap().load().unwrap();
    assert_eq!((loaded.state.serial, loaded.open.len()), (1, 1));
    assert_eq!(loaded.state.lineage, seen.state.lineage);
    assert!(loaded.state.same_content(&memory));
}

#[tokio::test]
async fn no_secret_is_in_any_file() {
    let dir = tempfile::tempdir().unwrap();
    let run = backend(&dir).lock("apply", NOW).unwrap().begin().unwrap();
    for record in records() {
        run.append(record).await.unwrap();
    }
    let journal = std::fs::read_to_string(dir.path().join("journal.jsonl")).unwrap();
    assert!(journal.contains("$sealed") && !journal.contains("hunter2"));
    run.finish(true).await.unwrap();
    let state = std::fs::read_to_string(state_file(&dir)).unwrap();
    assert!(state.contains("$sealed") && !state.contains("hunter2"));
}

#[tokio::test]
async fn many_appends_at_once_are_all_durable_and_share_their_syncs() {
    let dir = tempfile::tempdir().unwrap();
    let store = Arc::new(Failing::after(dir.path(), usize::MAX));
    let backend = Backend::new(store.clone(), Arc::new(sealer()), "acme".into());
    let run = backend.lock("apply", NOW).unwrap().begin().unwrap();
    let appends = (0..200).map(|i| run.append(recorded(here(&format!("aws_vpc.a[{i}]")), Some(instance("vpc")))));
    for done in futures::future::join_all(appends).await {
        done.unwrap();
    }
    assert!(store.writes() < 100, "{} writes", store.writes());
    assert_eq!(run.finish(true).await.unwrap().resources.len(), 200);
}

/// A store whose writes fail from one on, as if the process had been killed there.
#[derive(Debug)]
struct Failing {
    store: LocalStore,
    writes: AtomicUsize,
    last: usize,
    /// Whether the write that fails is done all the same.
    done: bool,
}

impl Failing {
    fn after(dir: &std::path::Path, last: usize) -> Self {
        Failing { store: LocalStore::new(dir), writes: AtomicUsize::new(0), last, done: false }
    }

    fn writes(&self) -> usize {
        self.writes.load(Ordering::Relaxed)
    }

    fn write(&self, write: impl FnOnce() -> Result<(), Diagnostic>) -> Result<(), Diagnostic> {
        let n = self.writes.fetch_add(1, Ordering::Relaxed);
        if n < self.last || (n == self.last && self.done) {
            write()?;
        }
        if n < self.last { Ok(()) } else { Err(Diagnostic::error("killed")) }
    }
}

impl Store for Failing {
    fn place(&self) -> String {
        self.store.place()
    }
    fn read(&self) -> Result<Option<Vec<u8>>, Diagnostic> {
        self.store.read()
    }
    fn write(&self, serial: u64, text: &[u8]) -> Result<(), Diagnostic> {
        self.write(|| self.store.write(serial, text))
    }
    fn keep(&self, serial: u64, text: &[u8]) -> Result<(), Diagnostic> {
        self.write(|| self.store.keep(serial, text))
    }
    fn replace(&self, text: &[u8]) -> Result<(), Diagnostic> {
        self.write(|| self.store.replace(text))
    }
    fn serials(&self) -> Result<Vec<u64>, Diagnostic> {
        self.store.serials()
    }
    fn read_serial(&self, serial: u64) -> Result<Option<Vec<u8>>, Diagnostic> {
        self.store.read_serial(serial)
    }
    fn read_journal(&self) -> Result<Option<Vec<u8>>, Diagnostic> {
        self.store.read_journal()
    }
    fn replace_journal(&self, text: &[u8]) -> Result<(), Diagnostic> {
        self.write(|| self.store.replace_journal(text))
    }
    fn append_journal(&self, text: &[u8]) -> Result<(), Diagnostic> {
        self.write(|| self.store.append_journal(text))
    }
    fn remove(&self) -> Result<(), Diagnostic> {
        self.write(|| self.store.remove())
    }
    fn try_lock(&self, info: &LockInfo) -> Result<Attempt, Diagnostic> {
        self.store.try_lock(info)
    }
}

#[tokio::test]
async fn a_run_killed_at_any_write_loses_nothing_durable() {
    let mut ended = false;
    for (last, done) in (0..40).flat_map(|n| [(n, false), (n, true)]) {
        let dir = tempfile::tempdir().unwrap();
        let first = with_state(&dir);
        let store = Failing { done, ..Failing::after(dir.path(), last) };
        let killed = over(store);
        let mut reported = vec![];
        if let Ok(run) = killed.lock("apply", NOW).unwrap().begin() {
            for record in records() {
                if run.append(record.clone()).await.is_err() {
                    break;
                }
                reported.push(record);
            }
            ended = run.finish(true).await.is_ok();
        }
        let mut locked = backend(&dir).lock("apply", NOW).unwrap();
        let loaded = locked.load().unwrap();
        // The write that the kill hit may have been the next record.
        let possible = [reported.len(), reported.len() + 1].map(|n| {
            let content =
                JournalContent { id: "j".into(), records: (1..).zip(records().into_iter().take(n)).collect() };
            fold(first.clone(), &content)
        });
        let found = possible.iter().any(|(state, open)| {
            let ops = |open: &[OpenIntent]| open.iter().map(|o| o.intent.op.clone()).collect::<Vec<_>>();
            state.same_content(&loaded.state) && ops(open) == ops(&loaded.open)
        });
        assert!(found, "killed at write {last}, done: {done}: {loaded:?}");
        assert!(loaded.state.serial <= first.serial + 1, "nothing is folded twice");
        drop(locked);
        assert_eq!(backend(&dir).lock("plan", NOW).unwrap().load().unwrap().state, loaded.state);
        if ended {
            break;
        }
    }
    assert!(ended, "every write of the run was tried");
}

#[test]
fn a_damaged_state_is_left_alone_and_can_be_restored() {
    let dir = tempfile::tempdir().unwrap();
    let good = with_state(&dir);
    std::fs::write(state_file(&dir), "{\"floorplan_state\": 1, \"lay").unwrap();
    insta::assert_snapshot!(error(&backend(&dir), &dir), @r"
    error: The state file is cut short
      DIR/state.json ends in the middle. It was left as it is.
      Hint: Serial 1 can be read: `floorplan state history --restore 1` makes it the current one.
    ");
    assert_eq!(std::fs::read_to_string(state_file(&dir)).unwrap(), "{\"floorplan_state\": 1, \"lay");
    let restored = backend(&dir).lock("restore", NOW).unwrap().restore(1).unwrap();
    assert_eq!((restored.serial, &restored.lineage), (2, &good.lineage));
    assert!(backend(&dir).read().unwrap().state.same_content(&good));
}

#[tokio::test]
async fn restoring_a_damaged_state_keeps_the_journal() {
    let dir = tempfile::tempdir().unwrap();
    with_state(&dir);
    let run = backend(&dir).lock("apply", NOW).unwrap().begin().unwrap();
    run.append(recorded(here("aws_vpc.b"), Some(instance("vpc-2")))).await.unwrap();
    run.append(Record::Intent(Box::new(intent("op-9", IntentKind::Create, "aws_vpc.c")))).await.unwrap();
    drop(run);
    std::fs::write(state_file(&dir), "").unwrap();
    let restored = backend(&dir).lock("restore", NOW).unwrap().restore(1).unwrap();
    assert_eq!(restored.resources.len(), 2);
    assert_eq!(backend(&dir).read().unwrap().open.len(), 1);
}

#[test]
fn an_earlier_serial_is_restored_as_a_new_one() {
    let dir = tempfile::tempdir().unwrap();
    let first = with_state(&dir);
    let mut locked = backend(&dir).lock("rm", NOW).unwrap();
    locked.load().unwrap();
    locked.save(State::new("x", "y")).unwrap();
    let restored = locked.restore(1).unwrap();
    assert!(restored.serial == 3 && restored.lineage == first.lineage && restored.same_content(&first));
    insta::assert_snapshot!(locked.restore(9).unwrap_err(), @r"
    error: Serial 9 was not found
      The history goes from serial 1 to 3.
      Hint: `floorplan state history` lists the serials that are kept.
    ");
    let history: Vec<_> =
        backend(&dir).history().unwrap().into_iter().map(|e| (e.serial, e.head.unwrap().resources)).collect();
    assert_eq!(history, [(3, 1), (2, 0), (1, 1)]);
}

#[test]
fn a_missing_state_with_a_history_is_an_error() {
    let dir = tempfile::tempdir().unwrap();
    with_state(&dir);
    std::fs::remove_file(state_file(&dir)).unwrap();
    insta::assert_snapshot!(error(&backend(&dir), &dir), @r"
    error: The state file is missing
      DIR/state.json was not found, though serial 1 of it was written.
      Hint: Serial 1 can be read: `floorplan state history --restore 1` makes it the current one.
      Hint: If the layout's objects are gone for good, remove the whole folder.
    ");
}

#[test]
fn the_state_of_another_layout_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    with_state(&dir);
    let other = Backend { layout: "umbrella".into(), ..backend(&dir) };
    insta::assert_snapshot!(error(&other, &dir), @r#"
    error: The state belongs to another layout
      DIR/state.json belongs to the layout "acme", not to "umbrella".
      Hint: If the layout was renamed, keep its name: layout { name = "acme" }.
    "#);
}

#[test]
fn a_state_of_another_lineage_than_its_history_is_refused() {
    let (dir, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    with_state(&dir);
    with_state(&elsewhere);
    std::fs::copy(state_file(&elsewhere), state_file(&dir)).unwrap();
    insta::assert_snapshot!(error(&backend(&dir), &dir), @r"
    error: The state and its history have different lineages
      DIR/state.json was put there from elsewhere: serial 1 beside it is of another lineage.
      Hint: Serial 1 can be read: `floorplan state history --restore 1` makes it the current one.
    ");
}

#[tokio::test]
async fn a_journal_that_does_not_belong_to_the_state_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    with_state(&dir);
    let old = std::fs::read(state_file(&dir)).unwrap();
    run(&backend(&dir), records()).await.unwrap();
    std::fs::write(state_file(&dir), old).unwrap();
    insta::assert_snapshot!(error(&backend(&dir), &dir), @r"
    error: The state file is older than its journal
      DIR/state.json is serial 1, but the journal beside it continues from serial 2.
      Hint: Serial 2 can be read: `floorplan state history --restore 2` makes it the current one.
    ");
    std::fs::write(dir.path().join("journal.jsonl"), "damaged\n").unwrap();
    insta::assert_snapshot!(error(&backend(&dir), &dir), @r"
    error: The journal of an earlier run cannot be read
      The journal.jsonl beside DIR/state.json: its first line is damaged. It was left as it is.
      Hint: It lists what the earlier run did in AWS. Read it, move it away, then run `floorplan plan` to see what has to be imported.
    ");
}

#[test]
fn a_second_run_is_told_to_wait_and_may_wait_for_the_first() {
    let dir = tempfile::tempdir().unwrap();
    let first = backend(&dir).lock("apply", NOW).unwrap();
    let error = backend(&dir).lock("apply", NOW).err().unwrap();
    assert!(error.detail.contains("`floorplan apply`") && error.detail.contains("process"), "{error}");
    let thread = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(50));
        drop(first);
    });
    assert!(backend(&dir).lock("apply", Duration::from_secs(30)).is_ok());
    thread.join().unwrap();
}

#[test]
fn an_earlier_state_that_is_put_back_is_noticed() {
    let dir = tempfile::tempdir().unwrap();
    let first = with_state(&dir);
    let text = std::fs::read(state_file(&dir)).unwrap();
    for (n, name) in ["a", "b"].into_iter().enumerate() {
        let mut state = first.clone();
        state.outputs.insert(name.into(), crate::objects::OutputValue { value: name.into() });
        backend(&dir).lock("apply", NOW).unwrap().save(state).unwrap();
        assert_eq!(backend(&dir).read().unwrap().state.serial, first.serial + 1 + n as u64);
    }
    std::fs::write(state_file(&dir), text).unwrap();
    insta::assert_snapshot!(error(&backend(&dir), &dir), @r"
    error: The state file is older than its history
      DIR/state.json is serial 1, but serial 3 was written. What was made since is not in it.
      Hint: Serial 3 can be read: `floorplan state history --restore 3` makes it the current one.
      Hint: To go back on purpose: `floorplan state history --restore 1`.
    ");
    let restored = backend(&dir).lock("restore", NOW).unwrap().restore(1).unwrap();
    assert_eq!(restored.serial, 4);
    assert!(restored.same_content(&first));
}
