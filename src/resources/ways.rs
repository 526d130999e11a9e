//! The ways of the rows of a `document!`: which calls a row goes into and where it is read from, by its words.

use super::block::name;
use super::document::{Member, put};
use crate::aws::api::member;
use crate::schema::{Attrs, Change};
use crate::value::Value;
use serde_json::{Map, Value as Json};

/// How a row goes into calls.
pub struct Entry {
    /// The attribute.
    pub name: &'static str,
    /// The path of its member.
    pub path: &'static str,
    /// Its words.
    pub ways: Ways,
    /// What writes it.
    pub put: Write,
    /// What writes a change of it.
    pub changed: Write,
}

/// Words of a row, each with the path that the member has there, if it is another.
pub type Ways = &'static [(&'static str, &'static str)];
type Write = fn(&Attrs, &str) -> Option<Json>;

/// The calls that make an object.
const MAKING: [&str; 5] = ["create", "replica", "restore", "rewind", "import"];
/// Where an object has what it is about to have.
const PENDING: &str = "PendingModifiedValues";

/// The path by which a row goes a way, if it does. One without words is read and created.
fn path(ways: Ways, own: &'static str, way: &str) -> Option<&'static str> {
    if ways.is_empty() {
        return ["read", "create"].contains(&way).then_some(own);
    }
    let meant = |word: &str| word == way || word == "make" && MAKING.contains(&way);
    let (_, other) = ways.iter().find(|(word, _)| meant(word))?;
    Some(if other.is_empty() { own } else { other })
}

/// Whether a row is read.
pub fn is_read(ways: Ways) -> bool {
    ["read", "pending"].iter().any(|way| path(ways, "", way).is_some())
}

/// The value of a row.
pub fn read<M: Member>(object: &Json, own: &'static str, ways: Ways) -> Value {
    let Some(path) = path(ways, own, "pending") else {
        return M::get(object, path(ways, own, "read").unwrap_or(own));
    };
    let coming = member(object, PENDING).filter(|coming| member(coming, path).is_some());
    M::get(coming.unwrap_or(object), path)
}

/// The members of the call that makes an object by this word.
pub fn making(entries: &[Entry], word: &str, want: &Attrs) -> Map<String, Json> {
    let mut call = Map::new();
    for entry in entries {
        if let Some(path) = path(entry.ways, entry.path, word) {
            put(&mut call, path, (entry.put)(want, name(entry.name)));
        }
    }
    call
}

/// The members that change, where a row changes.
pub fn modified(entries: &[Entry], change: &mut Change<'_>) -> Option<Map<String, Json>> {
    let (mut call, mut changes) = (Map::new(), false);
    for entry in entries {
        if path(entry.ways, entry.path, "silent").is_some() {
            change.take(name(entry.name));
        }
        let Some(path) = path(entry.ways, entry.path, "modify") else { continue };
        if change.take(name(entry.name)).is_some() {
            changes = true;
            put(&mut call, path, (entry.changed)(change.after, name(entry.name)));
        }
    }
    changes.then_some(call)
}

/// All members of the call that changes an object, where a row changes.
pub fn whole(entries: &[Entry], change: &mut Change<'_>) -> Option<Map<String, Json>> {
    let (mut call, mut changes) = (Map::new(), false);
    for entry in entries {
        let Some(path) = path(entry.ways, entry.path, "modify") else { continue };
        let changed = change.take(name(entry.name)).is_some();
        let write = if changed { entry.changed } else { entry.put };
        changes |= changed;
        put(&mut call, path, write(change.after, name(entry.name)));
    }
    changes.then_some(call)
}

#[cfg(test)]
mod tests {
    use crate::resources::block::{Int, Switch, Text, Texts};
    use crate::resources::document::{Document, document};
    use crate::schema::{Attrs, Change};
    use crate::value::Value;
    use serde_json::{Value as Json, json};

    document! {
        Rows {
            name = "Name": Text, pending, create, rewind("NewName"), modify;
            logs = "Enable.member": Texts, read("Enabled.member"), make;
            size = "Size": Int, create, modify;
            skip = "": Switch, silent;
        }
    }

    #[test]
    fn a_member_has_the_name_of_its_call() {
        let want = Attrs::default().with("name", "n").with("logs", Value::string_set(["a"])).with("size", 3_i64);
        assert_eq!(Rows::create(&want), json!({"Name": "n", "Enable": {"member": ["a"]}, "Size": 3}));
        assert_eq!(Rows::making("rewind", &want), json!({"NewName": "n", "Enable": {"member": ["a"]}}));
    }

    #[test]
    fn what_is_pending_is_read_as_it_will_be() {
        let read = |live: Json| Rows::rows::<Json>().iter().find_map(|row| Some((row.read?)(&live))).unwrap();
        assert_eq!(read(json!({"Name": "a", "PendingModifiedValues": {"Name": "b"}})), "b".into());
        assert_eq!(read(json!({"Name": "a", "PendingModifiedValues": ""})), "a".into());
        let logs = Rows::rows::<Json>().remove(1).read.unwrap();
        assert_eq!(logs(&json!({"Enabled": {"member": "x"}})), Value::string_set(["x"]));
    }

    #[test]
    fn a_text_that_goes_is_left_out_where_none_may_be_empty() {
        let (before, after) = (Attrs::default().with("name", "n").with("skip", true), Attrs::default());
        let change = |names: &[&str]| Change::new(&before, &after, names.iter().copied());
        assert_eq!(Rows::modify(&mut change(&["name"])), Some(json!({"Name": ""})));
        assert_eq!(Rows::filled(&mut change(&["name"])), Some(json!({})));
        let mut silent = change(&["skip"]);
        assert_eq!((Rows::filled(&mut silent), silent.has("skip")), (None, false));
    }
}
