use super::memory::Memory;
use super::*;
use crate::state::testing::{intent, sealer};
use crate::state::{Backend, IntentKind, Outcome, OutcomeResult, Record};

const NOW: Duration = Duration::ZERO;

fn backend(memory: &Arc<Memory>) -> Backend {
    Backend::new(Arc::new(DocumentStore::new(memory.clone())), Arc::new(sealer()), "acme".into())
}

fn begun(n: u64) -> Record {
    Record::Intent(Box::new(intent(&format!("op-{n}"), IntentKind::Create, "aws_vpc.a")))
}

fn created(n: u64) -> Record {
    let result = OutcomeResult::Created { id: format!("vpc-{n}") };
    Record::Outcome(Outcome { op: format!("op-{n}"), result })
}

#[tokio::test]
async fn a_run_writes_its_journal_and_its_state() {
    let memory = Arc::new(Memory::default());
    let run = backend(&memory).lock("apply", NOW).unwrap().begin().unwrap();
    run.append(begun(1)).await.unwrap();
    let seen = backend(&memory).read().unwrap();
    assert_eq!((seen.open.len(), seen.state.serial), (1, 0), "the journal is there before the call is made");
    run.append(created(1)).await.unwrap();
    assert_eq!(run.finish(true).await.unwrap().serial, 1);
    let loaded = backend(&memory).read().unwrap();
    assert_eq!((loaded.open.len(), loaded.state.objects().count(), loaded.resumed), (0, 1, false));
    assert!(!memory.is_locked());
    // Nothing to do, nothing written.
    let writes = memory.writes();
    backend(&memory).lock("apply", NOW).unwrap().load().unwrap();
    assert_eq!(memory.writes(), writes);
}

#[tokio::test]
async fn a_killed_run_is_resumed_once_its_lock_is_removed() {
    let memory = Arc::new(Memory::default());
    let run = backend(&memory).lock("apply", NOW).unwrap().begin().unwrap();
    run.append(begun(1)).await.unwrap();
    std::mem::forget(run);
    let refused = backend(&memory).lock("apply", NOW).err().unwrap();
    assert!(refused.hints.iter().any(|hint| hint.contains("stays here")), "{refused}");
    let id = refused.hints.iter().find_map(|hint| hint.split("force-unlock ").nth(1)?.split('`').next()).unwrap();
    assert!(backend(&memory).force_unlock("4711").unwrap_err().detail.contains(id));
    assert_eq!(backend(&memory).force_unlock(id).unwrap().command, "apply");
    assert_eq!(backend(&memory).force_unlock(id).unwrap_err().summary, "The state is not locked");
    assert!(!memory.is_locked());
    let loaded = backend(&memory).lock("apply", NOW).unwrap().load().unwrap();
    assert_eq!(loaded.open.len(), 1);
}

#[tokio::test]
async fn lost_answers_change_nothing() {
    let memory = Arc::new(Memory::default());
    memory.lose_answers();
    for n in 1..=3 {
        let run = backend(&memory).lock("apply", NOW).unwrap().begin().unwrap();
        run.append(begun(n)).await.unwrap();
        run.append(created(n)).await.unwrap();
        assert_eq!(run.finish(true).await.unwrap().serial, n);
        assert!(!memory.is_locked());
    }
}

#[tokio::test]
async fn a_run_whose_lock_was_removed_writes_nothing_more() {
    let memory = Arc::new(Memory::default());
    let slow = DocumentStore::new(memory.clone());
    let info = LockInfo::of_this_process("apply");
    let Attempt::Taken { guard, .. } = slow.try_lock(&info).unwrap() else { panic!("held") };
    slow.replace_journal(b"one\n").unwrap();
    backend(&memory).force_unlock(&info.id).unwrap();
    let quick = DocumentStore::new(memory.clone());
    let _guard = quick.try_lock(&LockInfo::of_this_process("apply")).unwrap();
    quick.replace_journal(b"two\n").unwrap();
    let refused = slow.append_journal(b"more\n").unwrap_err();
    assert_eq!(refused.code, "state-lock-lost");
    assert!(slow.check().is_err() && slow.write(1, b"{}").is_err());
    assert_eq!(quick.read_journal().unwrap().unwrap(), b"two\n");
    drop(guard);
    assert!(memory.is_locked(), "the lock of the other is not removed");
}

#[test]
fn without_a_lock_the_number_decides() {
    let memory = Arc::new(Memory::without_lock());
    let (one, two) = (DocumentStore::new(memory.clone()), DocumentStore::new(memory.clone()));
    assert_eq!((one.read().unwrap(), two.read().unwrap()), (None, None));
    two.write(1, b"{\"two\":2}").unwrap();
    assert_eq!(one.write(1, b"{\"one\":1}").unwrap_err().code, "state-locked");
    assert_eq!(two.read().unwrap().unwrap(), b"{\"two\":2}");
    assert!(!two.has_lock() && two.keep_lock(&LockInfo::of_this_process("state lock")).is_err());
}

#[test]
fn an_old_answer_is_not_believed() {
    let memory = Arc::new(Memory::default());
    let store = DocumentStore::new(memory.clone());
    store.write(1, b"{\"one\":1}").unwrap();
    store.write(2, b"{\"two\":2}").unwrap();
    memory.answer_old(2);
    assert_eq!(store.read().unwrap().unwrap(), b"{\"two\":2}");
    memory.answer_old(usize::MAX);
    assert_eq!(store.read().unwrap_err().code, "state-remote");
}

#[test]
fn a_lock_is_kept_until_its_owner_gives_it_back() {
    let memory = Arc::new(Memory::default());
    backend(&memory).keep_lock(Some("an incident".into()), NOW).unwrap();
    let refused = backend(&memory).lock("apply", NOW).err().unwrap();
    assert!(refused.detail.ends_with(": an incident."), "{refused}");
    backend(&memory).give_back().unwrap();
    let run = backend(&memory).lock("apply", NOW).unwrap();
    assert_eq!(backend(&memory).give_back().unwrap_err().summary, "The lock of the state is not yours");
    drop(run);
}

#[test]
fn documents_that_are_not_ours_are_states() {
    let terraform = br#"{"version": 4, "serial": 41}"#;
    let read = Content::read(Some(terraform)).unwrap();
    assert_eq!((read.number, read.state.as_deref()), (41, Some(&terraform[..])));
    assert_eq!(Content::read(None).unwrap(), Content::default());
    assert!(Content::read(Some(b"")).unwrap_err().contains("404"));
    assert!(Content::read(Some(b"<html>")).unwrap_err().contains("JSON"));
    assert!(Content::read(Some(br#"{"floorplan_document": 2}"#)).unwrap_err().contains("format 2"));
    let ours = Content { number: 3, state: Some(b"{}\n".to_vec()), journal: Some(b"a\nb\n".to_vec()) };
    assert_eq!(Content::read(Some(&ours.text().unwrap())).unwrap(), ours);
}

#[test]
fn a_lock_of_terraform_is_named() {
    let text = br#"{"ID":"9f","Operation":"OperationTypeApply","Info":"","Who":"ada@build-7","Version":"1.11.4",
        "Created":"2026-01-02T03:04:05.6Z","Path":""}"#;
    let by = read_lock_info(text).unwrap();
    assert_eq!(by.holder(), "Terraform 1.11.4 (OperationTypeApply) of ada on build-7 since 2026-01-02T03:04:05.6Z");
    let ours = LockInfo { run: Some("https://ci.example/1".into()), ..LockInfo::of_this_process("apply") };
    assert_eq!(read_lock_info(&lock_info(&ours, "p")), Some(ours));
    assert_eq!(read_lock_info(b"held"), None);
}
