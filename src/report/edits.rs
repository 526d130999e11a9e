//! A change as single edits, each on one line: `tag Owner "net"`, `ingress tcp/443 from 10.0.0.0/8`. Reports use them
//! where a whole difference is too much, and to find the same change in other layouts.

use super::literal::{json_document, key};
use super::marks::beginning;
use super::said::said;
use super::value_diff::{SENSITIVE, Sign, same};
use crate::plan::change::{AttributeChange, Change};
use crate::schema::Attribute;
use crate::value::{Kind, Name, Value};
use std::collections::BTreeSet;

/// A change of a text that has lines, or is a document.
const OTHER_TEXT: &str = "has another text";
/// A list with the same elements.
const OTHER_ORDER: &str = "in another order";

/// The longest value of an edit, in characters.
const MOST: usize = 120;

/// One edit of an object.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edit {
    /// `+`, `-` or `~`.
    pub sign: char,
    /// The attribute, or its entry.
    pub what: String,
    /// Its value, or both.
    pub how: String,
    /// Whether the words do not say all, so that the same words need not mean the same edit.
    pub vague: bool,
}

impl Edit {
    fn new(sign: Sign, what: impl Into<String>, how: impl Into<String>) -> Self {
        let sign = match sign {
            Sign::Add => '+',
            Sign::Remove => '-',
            Sign::Keep | Sign::Change => '~',
        };
        let how: String = how.into();
        let short = beginning(&how, MOST);
        let vague = short != how || [SENSITIVE, OTHER_TEXT, OTHER_ORDER].iter().any(|words| how.contains(words));
        Edit { sign, what: what.into(), how: short, vague }
    }

    /// On one line, with its sign.
    pub fn line(&self) -> String {
        format!("{} {} {}", self.sign, self.what, self.how)
    }
}

/// The attributes whose change a reader should see: without those that only AWS decides anew.
pub fn reported(change: &Change) -> impl Iterator<Item = &AttributeChange> {
    let later = |name: &str| change.after.as_ref().and_then(|a| a.get(name)).is_some_and(Value::is_unknown);
    let repeats = |name: &str| name == "tags_all" && change.attributes.iter().any(|a| a.name == "tags");
    let shown = move |a: &&AttributeChange| a.forces_replacement || !later(&a.name) && !repeats(&a.name);
    change.attributes.iter().filter(move |a| change.before.is_some() && shown(a))
}

/// The edits of an object that stays or is replaced.
pub fn edits(change: &Change, rows: &[Attribute]) -> Vec<Edit> {
    reported(change).flat_map(|attribute| of_attribute(change, &attribute.name, rows)).collect()
}

/// The edits of one attribute.
pub fn of_attribute(change: &Change, name: &str, rows: &[Attribute]) -> Vec<Edit> {
    let row = rows.iter().find(|row| row.name == name);
    let raw = |attrs: &Option<crate::schema::Attrs>| attrs.as_ref().and_then(|a| a.get(name)).cloned();
    let (before, after) = (raw(&change.before), raw(&change.after));
    let secret = |v: &Option<Value>| row.is_some_and(|r| r.sensitive) || v.as_ref().is_some_and(Value::is_sensitive);
    if secret(&before) || secret(&after) {
        return vec![Edit::new(Sign::Change, key(name), SENSITIVE)];
    }
    let marked = |v: &Value| row.map_or_else(|| v.clone(), |r| r.marked(v));
    let entries = |v: &Option<Value>| match v.as_ref().map(Value::kind) {
        Some(Kind::Map(_, entries)) => Some(entries.as_ref().clone()),
        Some(Kind::Null(_)) | None => Some(Default::default()),
        _ => None,
    };
    let elements = |v: &Option<Value>| match v.as_ref() {
        Some(v) if v.as_elements().is_some() => v.as_elements().map(<[Value]>::to_vec),
        Some(v) if v.is_null() => Some(Vec::new()),
        None => Some(Vec::new()),
        _ => None,
    };
    let is = |v: &Option<Value>, what: fn(&Value) -> bool| v.as_ref().is_some_and(what);
    let is_map = |v: &Value| matches!(v.kind(), Kind::Map(..));
    let is_many = |v: &Value| v.as_elements().is_some();
    if (is(&before, is_map) || is(&after, is_map))
        && let (Some(old), Some(new)) = (entries(&before), entries(&after))
    {
        let keys: BTreeSet<&Name> = old.keys().chain(new.keys()).collect();
        let one = |k: &Name| single(entry(name, k), old.get(k), new.get(k), name);
        return keys.into_iter().filter_map(one).collect();
    }
    if (is(&before, is_many) || is(&after, is_many))
        && let (Some(old), Some(new)) = (elements(&before), elements(&after))
    {
        let (was, will): (BTreeSet<&Value>, BTreeSet<&Value>) = (old.iter().collect(), new.iter().collect());
        let edit = |sign, v: &Value| Edit::new(sign, key(name), said(&marked(v), name));
        let gone = old.iter().filter(|v| !will.contains(v)).map(|v| edit(Sign::Remove, v));
        let come = new.iter().filter(|v| !was.contains(v)).map(|v| edit(Sign::Add, v));
        let all: Vec<Edit> = gone.chain(come).collect();
        return if all.is_empty() { vec![Edit::new(Sign::Change, key(name), OTHER_ORDER)] } else { all };
    }
    let (before, after) = (before.as_ref().map(marked), after.as_ref().map(marked));
    single(key(name), before.as_ref(), after.as_ref(), name).into_iter().collect()
}

/// An entry of a map as a person calls it.
fn entry(attribute: &str, name: &str) -> String {
    match attribute {
        "tags" | "tags_all" => format!("tag {}", key(name)),
        _ => format!("{}.{}", key(attribute), key(name)),
    }
}

/// One value with the marks of its row.
fn single(what: String, before: Option<&Value>, after: Option<&Value>, called: &str) -> Option<Edit> {
    if same(before, after) {
        return None;
    }
    let long = |v: &Value| v.as_str().is_some_and(|t| t.contains('\n') || json_document(t).is_some());
    let (before, after) = (before.filter(|v| !v.is_null()), after.filter(|v| !v.is_null()));
    Some(match (before, after) {
        (Some(b), Some(a)) if b.is_sensitive() || a.is_sensitive() => Edit::new(Sign::Change, what, SENSITIVE),
        (Some(b), Some(a)) if long(b) || long(a) => Edit::new(Sign::Change, what, OTHER_TEXT),
        (Some(b), Some(a)) => Edit::new(Sign::Change, what, format!("{} -> {}", said(b, called), said(a, called))),
        (None, Some(a)) => Edit::new(Sign::Add, what, said(a, called)),
        (Some(b), None) => Edit::new(Sign::Remove, what, said(b, called)),
        (None, None) => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::change::Action;
    use crate::plan::fixtures::*;
    use crate::schema::Attrs;
    use crate::value::address::Mode;

    fn lines(before: Attrs, after: Attrs) -> String {
        let change = change("aws_thing.a", Action::Update, Some(before), Some(after));
        let rows = &schema(Mode::Managed, "aws_thing").unwrap().attributes;
        edits(&change, rows).iter().map(Edit::line).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn each_edit_is_one_line() {
        let before = attrs([
            ("arn", "1".into()),
            ("enabled", true.into()),
            ("tags", map([("Name", "a"), ("Old", "x")])),
            ("zones", Value::strings(["a", "b"])),
            ("groups", Value::string_set(["g"])),
            ("policy", "{}".into()),
            ("user_data", Value::null(crate::value::Type::String)),
        ]);
        let after = attrs([
            ("arn", later()),
            ("enabled", false.into()),
            ("tags", map([("Name", "b"), ("Owner", "net")])),
            ("zones", Value::strings(["b", "a"])),
            ("groups", Value::string_set(["h"])),
            ("policy", "{\"a\":1}".into()),
            ("user_data", "x".into()),
        ]);
        insta::assert_snapshot!(lines(before, after), @r#"
        ~ enabled true -> false
        - groups "g"
        + groups "h"
        ~ policy has another text
        ~ tag Name "a" -> "b"
        - tag Old "x"
        + tag Owner "net"
        + user_data "x"
        ~ zones in another order
        "#);
    }

    #[test]
    fn no_edit_shows_what_is_sensitive() {
        let secret = |note: &str| {
            let key = ("key", Value::from(note));
            Value::object([("port", 1.into()), ("note", "n".into()), key])
        };
        let before = attrs([("password", "hunter1".into()), ("ingress", blocks(vec![secret("hunter1")]))]);
        let after = attrs([
            ("password", "hunter2".into()),
            ("ingress", blocks(vec![secret("hunter2")])),
            ("tags", Value::from("hunter2").mark(true)),
        ]);
        insta::assert_snapshot!(lines(before, after), @r#"
        - ingress { key = (sensitive value), note = "n", port = 1 }
        + ingress { key = (sensitive value), note = "n", port = 1 }
        ~ password (sensitive value)
        ~ tags (sensitive value)
        "#);
    }
}
