use super::*;
use crate::state::testing::*;
use proptest::prelude::*;

fn journal(records: Vec<Record>) -> JournalContent {
    JournalContent { id: "j".into(), records: (1..).zip(records).collect() }
}

fn folded(state: State, records: Vec<Record>) -> (State, Vec<OpenIntent>) {
    fold(state, &journal(records))
}

fn state(objects: &[(&str, &str)]) -> State {
    let mut state = State::new("acme", "lineage");
    objects.iter().for_each(|(a, id)| drop(state.set(Slot::current(at(a)), Some(instance(id)))));
    state
}

proptest! {
    // Each case is a whole state or journal: a few show as much as many.
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn folding_a_prefix_and_then_the_whole_is_folding_once(
        state in any_state(),
        records in prop::collection::vec(any_record(), 0..12),
        cut in any::<prop::sample::Index>(),
    ) {
        let whole = journal(records);
        let mut prefix = whole.clone();
        prefix.records.truncate(cut.index(whole.records.len() + 1));
        let once = fold(state.clone(), &whole);
        prop_assert_eq!(fold(fold(state, &prefix).0, &whole), once.clone());
        prop_assert_eq!(fold(once.0.clone(), &whole), once);
    }
}

#[test]
fn an_intent_without_outcome_stays_open_and_tells_since_when() {
    let started = Record::RunStarted { run: "r".into(), serial: 1, command: "apply".into(), at: "noon".into() };
    let create = intent("op-1", IntentKind::Create, "aws_vpc.a");
    let (after, open) = folded(state(&[]), vec![started, Record::Intent(Box::new(create.clone()))]);
    assert_eq!(open, [OpenIntent { intent: create, since: "noon".into() }]);
    assert!(after.is_empty());
}

#[test]
fn a_failed_intent_changes_nothing_and_is_closed() {
    let create = intent("op-1", IntentKind::Create, "aws_vpc.a");
    let failed = OutcomeResult::Failed { kind: "denied".into(), message: "no".into() };
    let (after, open) = folded(state(&[]), vec![Record::Intent(Box::new(create)), outcome("op-1", failed)]);
    assert!(open.is_empty() && after.is_empty());
}

#[test]
fn an_object_created_before_a_kill_is_in_the_state() {
    let create = Intent { create_before_destroy: true, ..intent("op-1", IntentKind::Create, "aws_vpc.a") };
    let created = OutcomeResult::Created { id: "vpc-1".into() };
    let (after, open) = folded(state(&[]), vec![Record::Intent(Box::new(create)), outcome("op-1", created)]);
    assert!(open.is_empty());
    let object = &after.resources[&at("aws_vpc.a")];
    assert_eq!((object.id.as_str(), object.attrs.str("cidr_block")), ("vpc-1", Some("10.0.0.0/16")));
    assert!(object.create_before_destroy);
}

#[test]
fn a_replaced_object_is_deposed_not_lost() {
    let create =
        Intent { outgoing: Some("vpc-old".into()), ..intent("0a1b2c3d-4e5f", IntentKind::Create, "aws_vpc.a") };
    let created = OutcomeResult::Created { id: "vpc-new".into() };
    let records = vec![Record::Intent(Box::new(create)), outcome("0a1b2c3d-4e5f", created)];
    let (after, _) = folded(state(&[("aws_vpc.a", "vpc-old")]), records);
    assert_eq!(after.resources[&at("aws_vpc.a")].id, "vpc-new");
    assert_eq!(after.deposed[&(at("aws_vpc.a"), deposed_key("0a1b2c3d-4e5f"))].id, "vpc-old");
}

#[test]
fn a_deleted_object_is_gone_but_not_its_successor() {
    for (id, left) in [("vpc-1", 0), ("vpc-2", 1)] {
        let delete = Intent { id: Some(id.into()), ..intent("op-1", IntentKind::Delete, "aws_vpc.a") };
        let records = vec![Record::Intent(Box::new(delete)), outcome("op-1", OutcomeResult::Deleted)];
        let (after, _) = folded(state(&[("aws_vpc.a", "vpc-1")]), records);
        assert_eq!(after.resources.len(), left, "{id}");
    }
}

#[test]
fn an_updated_object_has_what_was_wanted_over_what_it_had() {
    let update = intent("op-1", IntentKind::Update, "aws_vpc.a");
    let records = vec![Record::Intent(Box::new(update)), outcome("op-1", OutcomeResult::Updated)];
    let (after, _) = folded(state(&[("aws_vpc.a", "vpc-1")]), records);
    let attrs = &after.resources[&at("aws_vpc.a")].attrs;
    assert_eq!((attrs.str("id"), attrs.str("cidr_block")), (Some("vpc-1"), Some("10.0.0.0/16")));
}

#[test]
fn an_outcome_adds_nothing_to_a_recorded_object() {
    for (kind, result) in [
        (IntentKind::Create, OutcomeResult::Created { id: "vpc-1".into() }),
        (IntentKind::Update, OutcomeResult::Updated),
    ] {
        let whole = Instance { attrs: Attrs::default().with("made_here", "yes"), ..instance("vpc-1") };
        let records = vec![
            Record::Intent(Box::new(intent("op-1", kind, "aws_vpc.a"))),
            recorded(Slot::current(at("aws_vpc.a")), Some(whole.clone())),
            outcome("op-1", result),
        ];
        let (after, open) = folded(state(&[]), records);
        assert!(open.is_empty());
        assert_eq!(after.resources[&at("aws_vpc.a")], whole);
    }
}

#[test]
fn an_intent_that_was_carried_over_is_closed_by_its_outcome() {
    let open = OpenIntent { intent: intent("op-1", IntentKind::Create, "aws_vpc.a"), since: "noon".into() };
    let records = vec![
        Record::StillOpen(Box::new(open)),
        outcome("op-1", OutcomeResult::Created { id: "vpc-1".into() }),
        recorded(Slot::current(at("aws_vpc.a")), Some(instance("vpc-1"))),
    ];
    let (after, open) = folded(state(&[]), records);
    assert!(open.is_empty());
    assert_eq!(after.resources.len(), 1);
}
