//! States, objects and records to test with.

use super::key::KeySource;
use super::*;
use crate::objects::{Instance, OutputValue, Slot, State};
use crate::schema::Attrs;
use crate::value::address::{Address, parse_instance};
use crate::value::{Name, Number, Type, Value};
use proptest::prelude::*;
use std::collections::BTreeMap;

/// A sealer with a key of its own.
pub fn sealer() -> Sealer {
    Sealer::new(KeySource::Key([7; 32]))
}

/// The same for the values of a state.
pub fn tied() -> Tied<'static> {
    static SEALER: std::sync::LazyLock<Sealer> = std::sync::LazyLock::new(sealer);
    SEALER.tied("state", "lineage")
}

/// Known values of every type, marked anywhere but inside sets.
pub fn any_value() -> impl Strategy<Value = Value> {
    let text = prop_oneof![Just("$sealed".to_owned()), Just("$$sealed".to_owned()), "[a-zé\"\\\\]{0,4}"];
    let leaf = prop_oneof![
        Just(Value::any_null()),
        Just(Value::null(Type::String)),
        Just(Value::null(Type::list(Type::Number))),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        Just(Number::parse("0.1").unwrap().into()),
        Just(Number::parse("123456789012345678901234567890").unwrap().into()),
        text.clone().prop_map(Value::from),
        proptest::collection::vec(text.clone(), 0..3).prop_map(Value::strings),
        proptest::collection::vec(text.clone(), 0..3).prop_map(Value::string_set),
    ];
    leaf.prop_recursive(3, 12, 3, move |inner| {
        let entries = proptest::collection::btree_map(text.clone(), inner.clone(), 0..3);
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..3).prop_map(Value::tuple),
            entries.prop_map(|es| Value::object(es.into_iter().map(|(k, v)| (k.as_str().to_owned(), v)))),
            proptest::collection::btree_map(text.clone(), any::<bool>(), 0..3).prop_map(|es| Value::map(
                Type::Bool,
                es.into_iter().map(|(k, b)| (k.as_str().into(), b.into())).collect()
            )),
            inner.prop_map(|v| v.mark(true)),
        ]
    })
}

/// An address as it is displayed.
pub fn at(text: &str) -> Address {
    parse_instance(text).unwrap()
}

/// An object with an id and nothing much else.
pub fn instance(id: &str) -> Instance {
    Instance {
        id: id.into(),
        attrs: Attrs::default().with("id", id),
        provider: "aws".into(),
        region: "eu-west-1".into(),
        account: "123456789012".into(),
        depends_on: Vec::new(),
        create_before_destroy: false,
        tainted: false,
        unfinished: false,
    }
}

/// An intent about `address`.
pub fn intent(op: &str, kind: IntentKind, address: &str) -> Intent {
    Intent {
        op: op.into(),
        slot: Slot::current(at(address)),
        kind,
        type_name: "aws_vpc".into(),
        token: format!("token-{op}"),
        id: None,
        outgoing: None,
        provider: "aws".into(),
        region: "eu-west-1".into(),
        account: "123456789012".into(),
        want: Attrs::default().with("cidr_block", "10.0.0.0/16"),
        depends_on: Vec::new(),
        create_before_destroy: false,
    }
}

/// That an intent was carried out so.
pub fn outcome(op: &str, result: OutcomeResult) -> Record {
    Record::Outcome(Outcome { op: op.into(), result })
}

/// That an object is at a slot from now on.
pub fn recorded(slot: Slot, instance: Option<Instance>) -> Record {
    Record::Recorded(Box::new(Recorded { slot, instance }))
}

fn any_address() -> impl Strategy<Value = Address> {
    prop::sample::select(vec!["aws_vpc.a", "aws_vpc.b[0]", "aws_subnet.s[\"x\"]", "module.m[\"k\"].aws_eip.e"])
        .prop_map(at)
}

fn any_slot() -> impl Strategy<Value = Slot> {
    (any_address(), prop::option::of(prop::sample::select(vec!["d1", "d2"])))
        .prop_map(|(address, key)| Slot { address, deposed: key.map(Into::into) })
}

fn any_attrs() -> impl Strategy<Value = Attrs> {
    prop::collection::btree_map("[a-d]", any_value(), 0..4).prop_map(Attrs::from_iter)
}

/// Any object.
pub fn any_instance() -> impl Strategy<Value = Instance> {
    (any_attrs(), prop::collection::vec(any_address(), 0..3), any::<bool>(), any::<bool>(), "[a-z]{1,3}").prop_map(
        |(attrs, depends_on, create_before_destroy, tainted, id)| Instance {
            attrs,
            depends_on,
            create_before_destroy,
            tainted,
            ..instance(&id)
        },
    )
}

fn any_outputs() -> impl Strategy<Value = BTreeMap<Name, OutputValue>> {
    let value = any_value().prop_map(|value: Value| OutputValue { value });
    prop::collection::btree_map("[a-d]".prop_map(|n| Name::from(n.as_str())), value, 0..3)
}

/// Any state that was written.
pub fn any_state() -> impl Strategy<Value = State> {
    (prop::collection::vec((any_slot(), any_instance()), 0..6), any_outputs(), 1..99u64).prop_map(
        |(objects, outputs, serial)| {
            let mut state = State { serial, outputs, ..State::new("acme", "lineage") };
            objects.into_iter().for_each(|(slot, i)| drop(state.set(slot, Some(i))));
            state
        },
    )
}

/// Any record; few `op`s, so that outcomes meet intents.
pub fn any_record() -> impl Strategy<Value = Record> {
    let op = || prop::sample::select(vec!["op-1", "op-2", "op-3"]);
    let kind =
        prop::sample::select(vec![IntentKind::Create, IntentKind::Update, IntentKind::Delete, IntentKind::Adopt]);
    let any_intent = (op(), kind, any_slot(), any_attrs(), prop::option::of("[a-z]"), prop::option::of("[a-z]"))
        .prop_map(|(op, kind, slot, want, id, outgoing)| Intent {
            slot,
            want,
            id,
            outgoing,
            ..intent(op, kind, "aws_vpc.a")
        })
        .boxed();
    let result = prop_oneof![
        "[a-z]".prop_map(|id| OutcomeResult::Created { id }),
        Just(OutcomeResult::Updated),
        Just(OutcomeResult::Deleted),
        Just(OutcomeResult::Failed { kind: "denied".into(), message: "no\nway".into() }),
    ];
    prop_oneof![
        Just(Record::RunStarted { run: "r".into(), serial: 3, command: "apply".into(), at: "then".into() }),
        any_intent.clone().prop_map(|i| Record::Intent(Box::new(i))),
        any_intent.prop_map(|i| Record::StillOpen(Box::new(OpenIntent { intent: i, since: "before".into() }))),
        (op(), result).prop_map(|(op, result)| outcome(op, result)),
        (any_slot(), prop::option::of(any_instance())).prop_map(|(slot, i)| recorded(slot, i)),
        any_outputs().prop_map(Record::Outputs),
        any_address().prop_flat_map(|from| any_address().prop_map(move |to| Record::Moved(vec![(from.clone(), to)]))),
        any::<bool>().prop_map(|ok| Record::RunEnded { ok, at: "now".into() }),
    ]
}

/// A service of keys in memory, which remembers what it was asked.
#[derive(Debug, Default)]
pub struct Keeper {
    asked: std::sync::Mutex<Vec<String>>,
    made: std::sync::Mutex<Vec<(String, [u8; key::KEY_LENGTH])>>,
}

impl Keeper {
    /// The calls so far.
    pub fn calls(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

impl KeyService for Keeper {
    fn make(&self, key: &str, lineage: &str) -> Result<DataKey, crate::diag::Diagnostic> {
        self.asked.lock().unwrap().push(format!("make {key} {lineage}"));
        let plain = rand::random();
        let mut made = self.made.lock().unwrap();
        made.push((lineage.to_owned(), plain));
        Ok(DataKey { plain, by: key.to_owned(), sealed: vec![u8::try_from(made.len() - 1).unwrap()] })
    }

    fn open(&self, by: &str, sealed: &[u8], lineage: &str) -> Result<[u8; key::KEY_LENGTH], crate::diag::Diagnostic> {
        self.asked.lock().unwrap().push(format!("open {by} {lineage}"));
        let (of, plain) = self.made.lock().unwrap()[usize::from(sealed[0])].clone();
        let wrong = || crate::diag::Diagnostic::error("Refused").detail("The data key is that of another lineage.");
        if of == lineage { Ok(plain) } else { Err(wrong()) }
    }
}
