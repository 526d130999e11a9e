//! Which attributes of an object a step sets by changing it. The plan names them; apply only finds out which of them
//! are as wanted already.

use super::change::{Change, Op, Reason, Step};
use super::detour;
use crate::schema::equal::{Origin, differs};
use crate::schema::{Attribute, Attrs, Mode, Schema};
use crate::value::Value;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The attributes that a step sets by changing the object: those of an update, and those of a new object that the
/// call which makes it may leave open.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rows {
    /// Set where the object is not as wanted.
    pub differing: Vec<String>,
    /// Set whatever the object looks like: AWS does not show them, or shows two values as one.
    pub always: Vec<String>,
    /// Of an object that an earlier run began: what AWS chooses while it makes the object.
    pub left_to_aws: Vec<String>,
}

impl Rows {
    /// Those that are still to be set, so that `now` becomes what is wanted. `fresh` if the object was only just made,
    /// so that `now` is nothing but what AWS says of it.
    pub fn open(&self, schema: &Schema, want: &Attrs, now: &Attrs, fresh: bool) -> Vec<&'static str> {
        let null = Value::any_null();
        let origin = if fresh { Origin::Aws } else { Origin::Kept };
        let unset = schema.unset_by_create.filter(|_| fresh).map(|unset| unset(want));
        let open = |row: &&Attribute| {
            let wanted = want.get(row.name).unwrap_or(&null);
            let is = |name: &String| name == row.name;
            if self.always.iter().any(is) {
                return want.is_set(row.name) && unset.as_ref().is_none_or(|unset| unset.contains(&row.name));
            }
            // What turned out to be nothing is left to AWS.
            let chosen = row.mode == Mode::OptionalComputed && wanted.is_null();
            let moves = || now.get(row.name).is_some_and(|now| differs(row, wanted, now, origin));
            self.differing.iter().any(is) && !chosen && moves() && !schema.leaves_to_aws(row.name, want, now)
        };
        schema.attributes.iter().filter(open).map(|row| row.name).collect()
    }
}

/// The rows that `step` sets. `config` is what the layout gives.
pub(super) fn of_step(step: &Step, change: &Change, schema: &Schema, config: Option<&Attrs>) -> Rows {
    match step.op {
        Op::Create => fresh(change, schema, config),
        Op::Update if change.reason == Some(Reason::Unfinished) => fresh(change, schema, config),
        Op::Update => {
            let changes = |row: &&Attribute| !row.force_new && changes(change, row);
            Rows { differing: names(schema, changes), ..Rows::default() }
        }
        Op::Reroute => {
            let row = schema.role.and_then(|role| detour::row(&role));
            Rows { always: row.into_iter().map(str::to_owned).collect(), ..Rows::default() }
        }
        Op::Delete | Op::Read | Op::Record | Op::Wait => Rows::default(),
    }
}

/// Those of a new object that its creation may leave open. What AWS chose while it made an object that an earlier run
/// began is not a wish.
fn fresh(change: &Change, schema: &Schema, config: Option<&Attrs>) -> Rows {
    let given = |name: &str| config.and_then(|config| config.get(name)).is_some_and(|value| !value.is_null());
    let planned = |name: &str| change.after.as_ref().is_some_and(|after| after.is_set(name));
    let begun = change.reason == Some(Reason::Unfinished);
    let left = |row: &&Attribute| {
        begun && row.mode == Mode::OptionalComputed && row.initial.is_none() && !changes(change, row)
    };
    let decides = |row: &&Attribute| match row.mode {
        Mode::Computed => row.name == "tags_all",
        Mode::OptionalComputed => given(row.name) || planned(row.name),
        Mode::Required | Mode::Optional => true,
    };
    let differs = |row: &&Attribute| decides(row) && !row.force_new && !row.write_only && !left(row);
    Rows {
        differing: names(schema, differs),
        always: unset(schema, config).filter(|name| given(name)).map(str::to_owned).collect(),
        left_to_aws: names(schema, left),
    }
}

/// The rows that the creation leaves unset by the rules of the type, also where it depends on a value that only apply will know.
fn unset<'s>(schema: &'s Schema, config: Option<&Attrs>) -> impl Iterator<Item = &'s str> {
    let empty = Attrs::default();
    let config = config.unwrap_or(&empty);
    let some = |value: &Value| if value.is_unknown() { Value::string("known later") } else { value.clone() };
    let filled: Attrs = config.iter().map(|(name, value)| (name.clone(), some(value))).collect();
    let names = schema.unset_by_create.map(|unset| [unset(config), unset(&filled)].concat()).unwrap_or_default();
    names.into_iter().collect::<BTreeSet<_>>().into_iter()
}

fn changes(change: &Change, row: &Attribute) -> bool {
    change.attributes.iter().any(|a| a.name == row.name)
}

fn names(schema: &Schema, which: impl Fn(&&Attribute) -> bool) -> Vec<String> {
    schema.attributes.iter().filter(which).map(|row| row.name.to_owned()).collect()
}
