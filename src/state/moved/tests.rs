use super::*;
use crate::objects::Slot;
use crate::state::testing::{at, instance, intent, sealer};
use crate::state::{IntentKind, LocalStore, Record};
use std::path::Path;
use std::sync::Arc;
use tempfile::TempDir;

const NOW: Duration = Duration::ZERO;

fn backend(dir: &Path) -> Backend {
    Backend::new(Arc::new(LocalStore::new(dir)), Arc::new(sealer()), "acme".into())
}

/// A place with three serials.
fn filled(dir: &TempDir) -> Backend {
    let backend = backend(dir.path());
    let mut locked = backend.lock("apply", NOW).unwrap();
    for n in 1..=3 {
        let mut state = locked.load().unwrap().state;
        state.set(Slot::current(at(&format!("aws_vpc.a[{n}]"))), Some(instance(&format!("vpc-{n}"))));
        locked.save(state).unwrap();
    }
    backend
}

#[test]
fn a_state_moves_with_its_history_and_the_old_place_refuses() {
    let (old, new) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (from, to) = (filled(&old), backend(new.path()));
    let before = (from.store.read().unwrap(), from.read().unwrap());
    let moved = migrate(&from, &to, NOW).unwrap();
    assert_eq!(moved, Moved { serial: 3, objects: 3, history: Some(2) });
    assert_eq!((to.store.read().unwrap(), to.read().unwrap()), before);
    assert_eq!(to.store.serials().unwrap(), [1, 2, 3]);
    let refused = from.read().unwrap_err();
    assert_eq!((refused.code.as_ref(), refused.summary.as_str()), ("state-moved", "The state was moved"));
    assert!(refused.detail.contains(&to.place()), "{refused}");
    let mut locked = from.lock("apply", NOW).unwrap();
    assert_eq!(locked.load().unwrap_err(), refused);
    assert_eq!(locked.restore(1).unwrap_err(), refused);
    assert_eq!(locked.save(State::new("acme", "")).unwrap_err(), refused);
    drop(locked);
    assert_eq!(migrate(&from, &to, NOW).unwrap_err(), refused, "a second move finds that it was done");

    let mut locked = to.lock("apply", NOW).unwrap();
    let mut state = locked.load().unwrap().state;
    state.set(Slot::current(at("aws_vpc.b")), Some(instance("vpc-9")));
    locked.save(state).unwrap();
    drop(locked);
    assert_eq!(migrate(&to, &from, NOW).unwrap().serial, 4, "and back");
    assert_eq!(from.store.serials().unwrap(), [1, 2, 3, 4]);
    assert_eq!(to.read().unwrap_err().code, "state-moved");
}

#[test]
fn a_move_that_was_cut_off_is_done_again() {
    let (old, new) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (from, to) = (filled(&old), backend(new.path()));
    to.store.keep(1, &from.store.read_serial(1).unwrap().unwrap()).unwrap();
    assert!(to.read().is_err(), "half of a copy is not taken for a state");
    assert_eq!(migrate(&from, &to, NOW).unwrap().history, Some(2));
    let again = tempfile::tempdir().unwrap();
    let (copy, text) = (backend(again.path()), to.store.read().unwrap().unwrap());
    copy.store.write(3, &text).unwrap();
    migrate(&to, &copy, NOW).unwrap();
    assert_eq!(copy.read().unwrap().state.serial, 3);
}

#[test]
fn another_state_is_not_overwritten() {
    let (old, new) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (from, to) = (filled(&old), filled(&new));
    let before = to.store.read().unwrap();
    let refused = migrate(&from, &to, NOW).unwrap_err();
    assert_eq!(refused.summary, "The new place is taken");
    assert_eq!(to.store.read().unwrap(), before);
    assert!(from.read().is_ok());
    std::fs::remove_file(new.path().join("state.json")).unwrap();
    assert!(migrate(&from, &to, NOW).unwrap_err().detail.contains("history of another state"));
    let empty = tempfile::tempdir().unwrap();
    assert_eq!(migrate(&backend(empty.path()), &from, NOW).unwrap_err().summary, "No state to move");
    assert_eq!(migrate(&from, &from, NOW).unwrap_err().summary, "The state is there already");
}

#[tokio::test]
async fn a_state_with_an_open_call_is_not_moved() {
    let (old, new) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let from = filled(&old);
    let run = from.lock("apply", NOW).unwrap().begin().unwrap();
    run.append(Record::Intent(Box::new(intent("op-1", IntentKind::Create, "aws_vpc.x")))).await.unwrap();
    drop(run);
    assert_eq!(migrate(&from, &backend(new.path()), NOW).unwrap_err().code, "interrupted-run");
    assert!(!new.path().join("state.json").exists());
}
