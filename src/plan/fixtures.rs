//! Plans to test the reports on.

use super::change::*;
use crate::schema::Attrs;
use crate::schema::normal::Normal;
use crate::schema::rows::{Attribute, Block, Mode as Who, Nesting, Schema};
use crate::value::address::{Address, Mode, parse_instance};
use crate::value::{Name, Number, Origin, Type, Value};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

/// A type with an attribute of every kind.
pub fn schema(_: Mode, type_name: &str) -> Option<&'static Schema> {
    static THING: LazyLock<Schema> = LazyLock::new(|| {
        let computed = |name| Attribute { mode: Who::Computed, ..Attribute::new(name, Type::String) };
        let port = Attribute::new("port", Type::Number);
        let note = Attribute::new("note", Type::String);
        let secret = Attribute { sensitive: true, ..Attribute::new("key", Type::String) };
        let rows = Arc::new(vec![port, note, secret]);
        let object = Type::object([("port", Type::Number), ("note", Type::String), ("key", Type::String)]);
        let block = |name, nesting, ty| Attribute {
            block: Some(Block {
                nesting,
                attributes: rows.clone(),
                min: 0,
                max: None,
                as_attribute: false,
                each: None,
            }),
            ..Attribute::new(name, ty)
        };
        let attributes = vec![
            computed("id"),
            computed("arn"),
            Attribute { force_new: true, normal: Normal::Cidr, ..Attribute::new("cidr_block", Type::String) },
            Attribute { normal: Normal::Policy, ..Attribute::new("policy", Type::String) },
            Attribute { sensitive: true, ..Attribute::new("password", Type::String) },
            Attribute::new("enabled", Type::Bool),
            Attribute::new("user_data", Type::String),
            Attribute::new("tags", Type::map(Type::String)),
            Attribute::new("zones", Type::list(Type::String)),
            Attribute::new("groups", Type::set(Type::String)),
            block("ingress", Nesting::Set, Type::set(object.clone())),
            block("route", Nesting::List, Type::list(object.clone())),
            block("options", Nesting::Single, object),
        ];
        Schema::new("aws_thing", attributes)
    });
    (type_name == "aws_thing").then_some(&*THING)
}

/// The address in the text.
pub fn address(text: &str) -> Address {
    parse_instance(text).unwrap()
}

/// Attributes by name.
pub fn attrs<const N: usize>(entries: [(&str, Value); N]) -> Attrs {
    entries.into_iter().collect()
}

/// A map of text.
pub fn map<const N: usize>(entries: [(&str, &str); N]) -> Value {
    let entries: BTreeMap<Name, Value> = entries.into_iter().map(|(k, v)| (k.into(), v.into())).collect();
    Value::map(Type::String, entries)
}

/// A block with these attributes.
pub fn block(port: i64, note: &str) -> Value {
    Value::object([("port", port.into()), ("note", note.into()), ("key", Value::null(Type::String))])
}

/// A list of blocks.
pub fn blocks(values: Vec<Value>) -> Value {
    Value::list(values[0].ty(), values)
}

/// Known after apply.
pub fn later() -> Value {
    Value::unknown(Type::String)
}

/// A change at `address`; what differs was changed by the layout.
pub fn change(address: &str, action: Action, before: Option<Attrs>, after: Option<Attrs>) -> Change {
    let differs = |name: &Name| match (&before, &after) {
        (Some(b), Some(a)) => b.get(name) != a.get(name),
        _ => false,
    };
    let names = after.iter().flat_map(|a| a.iter().map(|(k, _)| k)).filter(|n| differs(n));
    let attributes = names
        .map(|n| AttributeChange {
            name: n.to_string(),
            cause: Cause::Layout,
            forces_replacement: action.is_replace() && &**n == "cidr_block",
        })
        .collect();
    Change {
        address: self::address(address),
        moved_from: None,
        deposed: None,
        provider: "aws".into(),
        region: "eu-central-1".into(),
        action,
        reason: None,
        id: before.as_ref().and_then(|b| b.string("id")),
        importing: None,
        stored: before.clone(),
        before,
        after,
        attributes,
        depends_on: Vec::new(),
        create_before_destroy: action == Action::CreateThenDelete,
    }
}

/// A plan of these changes.
pub fn plan(changes: Vec<Change>) -> Plan {
    Plan {
        meta: PlanMeta {
            layout: "quickstart".into(),
            dir: String::new(),
            basis: Default::default(),
            seal: String::new(),
            lineage: "l1".into(),
            serial: 7,
            variables: BTreeMap::new(),
            created: jiff::Timestamp::constant(1_767_323_045, 0),
            destroy: false,
            refreshed: true,
            replace: Vec::new(),
            allow_downtime: Vec::new(),
            partial: false,
            refresh_only: false,
            of_terraform: false,
        },
        changes,
        steps: Vec::new(),
        undo: Vec::new(),
        drift: Vec::new(),
        outputs: Vec::new(),
        reread: Default::default(),
        answers: BTreeMap::new(),
        sick: BTreeMap::new(),
        promise: Default::default(),
        exposure: Default::default(),
        warnings: Vec::new(),
        violations: Vec::new(),
    }
}

/// Values of every kind; those that are marked hold `hunter2` where they hold text, and no other does.
pub fn any_value() -> impl Strategy<Value = Value> {
    let types = prop_oneof![
        Just(Type::Dynamic),
        Just(Type::String),
        Just(Type::list(Type::map(Type::Bool))),
        Just(Type::object([("a", Type::tuple(vec![Type::Number]))])),
    ];
    let leaf = prop_oneof![
        types.clone().prop_map(Value::null),
        (types.clone(), any::<bool>())
            .prop_map(|(ty, sure)| { if sure { Value::unknown_not_null(ty) } else { Value::unknown(ty) } }),
        (types, "[a-z.]{1,4}").prop_map(|(ty, from)| {
            Value::unknown(ty).from_origin(|| Origin { address: from.as_str().into(), attribute: "id".into() })
        }),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        Just(Number::parse("123456789012345678901234567890.125").unwrap().into()),
        (-1e300..1e300).prop_map(|f: f64| Number::parse(&f.to_string()).unwrap().into()),
        "[a-z{}$\\[\\]\"\n -]{0,6}".prop_map(Value::from),
        Just(Value::from("hunter2").mark(true)),
        Just(Value::from("hunter2\n{}").mark(true)),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        let many = || proptest::collection::vec(inner.clone(), 0..4);
        let named = || proptest::collection::btree_map("[a-z$\"]{0,4}", inner.clone(), 0..4);
        let names =
            |vs: std::collections::BTreeMap<String, Value>| vs.into_iter().map(|(k, v)| (Name::from(k), v)).collect();
        prop_oneof![
            many().prop_map(Value::tuple),
            many().prop_map(|vs| Value::list(Type::Dynamic, vs)),
            many().prop_map(|vs| Value::set(Type::Dynamic, vs)),
            named().prop_map(move |vs| Value::map(Type::Dynamic, names(vs))),
            named().prop_map(|vs| Value::object(vs.into_iter().map(|(k, v)| (Name::from(k), v)))),
            inner.prop_map(|v| v.mark(true)),
        ]
    })
}
