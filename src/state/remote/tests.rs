use super::memory::Memory;
use super::*;
use crate::objects::State;
use crate::state::testing::{intent, sealer};
use crate::state::{Backend, IntentKind, Outcome, OutcomeResult, Record};

const SHORT: Duration = Duration::from_secs(3600);

fn info(id: &str) -> LockInfo {
    LockInfo { id: id.into(), ..LockInfo::of_this_process("apply") }
}

fn store(memory: &Arc<Memory>) -> RemoteStore {
    RemoteStore::new(memory.clone(), "acme/net.json", SHORT)
}

fn guard(store: &RemoteStore, id: &str) -> (Box<dyn std::any::Any + Send + Sync>, Option<LockInfo>) {
    match store.try_lock(&info(id)).unwrap() {
        Attempt::Taken { guard, from } => (guard, from),
        Attempt::Held { by, .. } => panic!("held by {by:?}"),
    }
}

fn holder(store: &RemoteStore, id: &str) -> String {
    match store.try_lock(&info(id)).unwrap() {
        Attempt::Held { by, .. } => by.unwrap().id,
        Attempt::Taken { .. } => panic!("taken"),
    }
}

fn backend(memory: &Arc<Memory>) -> Backend {
    Backend::new(Arc::new(store(memory)), Arc::new(sealer()), "acme".into())
}

#[test]
fn one_run_has_the_lock_and_the_other_reads_who() {
    let memory = Arc::new(Memory::default());
    let first = guard(&store(&memory), "one");
    assert_eq!(holder(&store(&memory), "two"), "one");
    drop(first);
    assert_eq!(memory.keys(), Vec::<String>::new());
    assert!(guard(&store(&memory), "two").1.is_none());
}

#[test]
fn a_lock_is_taken_over_once_its_lease_ran_out() {
    let memory = Arc::new(Memory::default());
    let first = store(&memory);
    let (dead, _) = guard(&first, "one");
    memory.pass(SHORT);
    assert_eq!(holder(&store(&memory), "two"), "one");
    memory.pass(Duration::from_secs(3));
    let second = store(&memory);
    let (_alive, from) = guard(&second, "two");
    assert_eq!(from.unwrap().id, "one");
    // The one that lost it removes nothing.
    drop(dead);
    assert_eq!(holder(&store(&memory), "three"), "two");
}

#[test]
fn who_is_at_work_is_seen_without_taking_the_lock() {
    let memory = Arc::new(Memory::default());
    let at_work = || backend(&memory).run_at_work().unwrap().map(|by| by.id);
    assert_eq!((at_work(), memory.keys()), (None, Vec::new()));
    let (alive, _) = guard(&store(&memory), "one");
    assert_eq!(at_work().as_deref(), Some("one"));
    memory.pass(SHORT + Duration::from_secs(3));
    assert_eq!(at_work(), None, "its lease ran out");
    drop(alive);
    let kept = LockInfo { kept: true, ..info("two") };
    store(&memory).keep_lock(&kept).unwrap();
    assert_eq!(at_work(), None, "a person runs nothing");
}

#[test]
fn a_writer_that_lost_its_lock_can_write_nothing() {
    let memory = Arc::new(Memory::default());
    let asleep = store(&memory);
    let _dead = guard(&asleep, "one");
    asleep.read().unwrap();
    asleep.write(1, b"one").unwrap();
    asleep.replace_journal(b"begun\n").unwrap();
    asleep.append_journal(b"a\n").unwrap();
    memory.pass(SHORT + Duration::from_secs(3));
    let awake = store(&memory);
    let _alive = guard(&awake, "two");
    assert_eq!(awake.read().unwrap().unwrap(), b"one");
    assert_eq!(awake.read_journal().unwrap().unwrap(), b"begun\na\n");
    // The clock of the first has not moved: only the conditions of its writes hold it back.
    let refused = asleep.append_journal(b"b\n").unwrap_err();
    assert_eq!(refused.code, "state-lock-lost");
    assert!(asleep.write(2, b"two").is_err() && asleep.replace_journal(b"").is_err() && asleep.check().is_err());
    awake.write(2, b"second").unwrap();
    awake.replace_journal(b"").unwrap();
    assert_eq!((awake.read().unwrap().unwrap(), awake.read_journal().unwrap()), (b"second".to_vec(), None));
    assert_eq!(awake.serials().unwrap(), [1, 2]);
}

#[test]
fn a_state_written_meanwhile_is_not_overwritten() {
    let memory = Arc::new(Memory::default());
    let (one, two) = (store(&memory), store(&memory));
    assert_eq!((one.read().unwrap(), two.read().unwrap()), (None, None));
    two.write(1, b"two").unwrap();
    assert!(one.write(1, b"one").is_err());
    assert_eq!(one.read().unwrap().unwrap(), b"two");
    assert_eq!(one.read_serial(1).unwrap().unwrap(), b"two");
}

#[test]
fn a_serial_that_never_became_the_state_is_replaced() {
    let memory = Arc::new(Memory::default());
    let one = store(&memory);
    one.write(1, b"one").unwrap();
    // A run that dies between the two writes.
    memory.put("acme/net.json.history/000000000002.json", b"lost", Only::Absent).unwrap();
    let two = store(&memory);
    two.read().unwrap();
    two.write(2, b"two").unwrap();
    assert_eq!(two.read_serial(2).unwrap().unwrap(), b"two");
}

#[test]
fn the_last_fifty_serials_are_kept() {
    let memory = Arc::new(Memory::default());
    let store = store(&memory);
    for serial in 1..=53 {
        store.write(serial, format!("{serial}").as_bytes()).unwrap();
    }
    assert_eq!(store.serials().unwrap(), (4..=53).collect::<Vec<_>>());
}

#[test]
fn a_journal_is_replaced_appended_to_and_taken_away() {
    let memory = Arc::new(Memory::default());
    let store = store(&memory);
    assert_eq!(store.read_journal().unwrap(), None);
    store.replace_journal(b"a\n").unwrap();
    store.append_journal(b"b\n").unwrap();
    store.append_journal(b"c\n").unwrap();
    assert_eq!(store.read_journal().unwrap().unwrap(), b"a\nb\nc\n");
    store.replace_journal(b"x\n").unwrap();
    store.append_journal(b"y\n").unwrap();
    assert_eq!(store.read_journal().unwrap().unwrap(), b"x\ny\n");
    store.replace_journal(b"").unwrap();
    assert_eq!((store.read_journal().unwrap(), memory.keys().len()), (None, 0));
}

#[test]
fn an_earlier_journal_does_not_come_back_half_removed() {
    let memory = Arc::new(Memory::default());
    let store = store(&memory);
    store.replace_journal(b"x\n").unwrap();
    store.append_journal(b"y\n").unwrap();
    let left = |generation, number| journal::key("acme/net.json.journal/", generation, number);
    memory.put(&left(3, 1), b"without a beginning\n", Only::Absent).unwrap();
    assert_eq!(store.read_journal().unwrap().unwrap(), b"x\ny\n");
    store.replace_journal(b"z\n").unwrap();
    assert_eq!(memory.keys(), [left(4, 0)]);
}

#[tokio::test]
async fn a_run_killed_as_it_removes_its_journal_leaves_nothing_open() {
    for removals in 0..6 {
        let memory = Arc::new(Memory::default());
        let run = backend(&memory).lock("apply", Duration::ZERO).unwrap().begin().unwrap();
        for n in 0..2 {
            let op = format!("op-{n}");
            run.append(Record::Intent(Box::new(intent(&op, IntentKind::Create, "aws_vpc.a")))).await.unwrap();
            let outcome = Outcome { op, result: OutcomeResult::Created { id: "vpc-1".into() } };
            run.append(Record::Outcome(outcome)).await.unwrap();
        }
        memory.remove_at_most(Some(removals));
        let _ = run.finish(true).await;
        memory.remove_at_most(None);
        let loaded = backend(&memory).read().unwrap();
        assert_eq!((loaded.open.len(), loaded.state.objects().count()), (0, 1), "after {removals} removals");
    }
}

#[test]
fn of_two_runs_with_the_lock_one_has_the_journal() {
    let memory = Arc::new(Memory::default());
    let (first, second) = (store(&memory), store(&memory));
    let _slow = guard(&first, "one");
    second.force_unlock("one").unwrap();
    let _quick = guard(&second, "two");
    second.replace_journal(b"two\n").unwrap();
    second.append_journal(b"done\n").unwrap();
    assert!(first.replace_journal(b"one\n").is_err());
    assert_eq!(second.read_journal().unwrap().unwrap(), b"two\ndone\n");
}

#[test]
fn a_first_run_that_died_between_two_writes_is_resumed() {
    let memory = Arc::new(Memory::default());
    let run = backend(&memory).lock("apply", Duration::ZERO).unwrap().begin().unwrap();
    std::mem::forget(run);
    memory.put("acme/net.json.history/000000000001.json", b"{}", Only::Absent).unwrap();
    assert_eq!(backend(&memory).read().unwrap().state.serial, 0);
    memory.pass(SHORT + Duration::from_secs(3));
    let mut locked = backend(&memory).lock("apply", Duration::ZERO).unwrap();
    let mut state = locked.load().unwrap().state;
    state.outputs.insert("a".into(), crate::objects::OutputValue { value: crate::value::Value::string("b") });
    assert_eq!(locked.save(state).unwrap().serial, 1);
}

#[tokio::test]
async fn lost_answers_change_nothing() {
    let memory = Arc::new(Memory::default());
    memory.lose_answers();
    for serial in 1..=3 {
        let locked = backend(&memory).lock("apply", Duration::ZERO).unwrap();
        let run = locked.begin().unwrap();
        run.append(Record::Intent(Box::new(intent(&format!("op-{serial}"), IntentKind::Create, "aws_vpc.a"))))
            .await
            .unwrap();
        run.finish(true).await.unwrap();
    }
    assert!(!memory.keys().iter().any(|key| key.ends_with(".lock")), "{:?}", memory.keys());
    let loaded = backend(&memory).read().unwrap();
    assert_eq!(loaded.open.len(), 3);
}

#[tokio::test]
async fn another_machine_goes_on_from_the_journal() {
    let memory = Arc::new(Memory::default());
    let killed = backend(&memory);
    let run = killed.lock("apply", Duration::ZERO).unwrap().begin().unwrap();
    run.append(Record::Intent(Box::new(intent("op-1", IntentKind::Create, "aws_vpc.a")))).await.unwrap();
    std::mem::forget(run);
    memory.pass(SHORT + Duration::from_secs(3));
    let mut locked = backend(&memory).lock("apply", Duration::ZERO).unwrap();
    let loaded = locked.load().unwrap();
    assert_eq!((loaded.open.len(), loaded.open[0].intent.op.as_str()), (1, "op-1"));
    locked.save(State::new("acme", "")).unwrap();
}

#[test]
fn a_store_that_passes_over_conditions_is_refused() {
    let memory = Arc::new(Memory::default());
    memory.ignore_conditions();
    let refused = backend(&memory).lock("apply", Duration::ZERO).err().unwrap();
    insta::assert_snapshot!(refused, @r"
    error: This store cannot keep a state safely
      memory:acme/net.json.lock: it wrote an object a second time, though the write had the condition If-None-Match. Two runs could have the lock at once.
      Hint: Use S3, or a store that honours conditional writes (If-None-Match and If-Match).
    ");
    assert_eq!(memory.keys(), Vec::<String>::new());
}

#[test]
fn without_a_date_no_lock_is_taken_over() {
    let memory = Arc::new(Memory::default());
    memory.hide_time();
    let (_dead, _) = guard(&store(&memory), "one");
    memory.pass(SHORT * 10);
    let refused = backend(&memory).lock("apply", Duration::ZERO).err().unwrap();
    assert!(
        refused.hints.iter().any(|hint| hint.contains("have no date") && hint.contains("force-unlock one")),
        "{refused}"
    );
    backend(&memory).force_unlock("one").unwrap();
    backend(&memory).lock("apply", Duration::ZERO).unwrap();
}

#[test]
fn a_lock_is_kept_until_its_owner_gives_it_back() {
    let memory = Arc::new(Memory::default());
    backend(&memory).keep_lock(Some("an incident".into()), Duration::ZERO).unwrap();
    memory.pass(SHORT * 1000);
    let refused = backend(&memory).lock("apply", Duration::ZERO).err().unwrap();
    assert!(
        refused.detail.contains("`floorplan state lock`") && refused.detail.ends_with(": an incident."),
        "{refused}"
    );
    assert!(refused.hints[0].contains("state unlock --mine"), "{refused}");
    assert_eq!(backend(&memory).read().unwrap().state.serial, 0);
    assert_eq!(backend(&memory).give_back().unwrap().reason.as_deref(), Some("an incident"));
    assert_eq!(backend(&memory).give_back().unwrap_err().summary, "The state is not locked");
    let run = backend(&memory).lock("apply", Duration::ZERO).unwrap();
    assert_eq!(backend(&memory).give_back().unwrap_err().summary, "The lock of the state is not yours");
    drop(run);
}

#[test]
fn the_kept_lock_of_another_is_not_given_back() {
    let memory = Arc::new(Memory::default());
    let other = LockInfo { host: "build-7".into(), kept: true, ..info("one") };
    store(&memory).keep_lock(&other).unwrap();
    let refused = backend(&memory).give_back().unwrap_err();
    assert!(refused.hints[0].contains("force-unlock one"), "{refused}");
    assert_eq!(memory.keys().len(), 1);
}
