//! The difference of two values as a person sees it: a tree of signs, brackets and lines, before it
//! is put on paper by `value_text`.
//!
//! It never lets a sensitive value through, and it cannot fail: whatever two values it gets, it
//! says how one becomes the other.

use super::literal::{inline, json_document, key, quoted_key};
use crate::value::{Kind, Name, Value};
use similar::{Algorithm, DiffOp, capture_diff_slices};
use std::collections::{BTreeMap, BTreeSet};

/// Stands in place of a sensitive value.
pub const SENSITIVE: &str = "(sensitive value)";

/// The mark of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sign {
    /// It stays.
    Keep,
    /// It comes.
    Add,
    /// It goes.
    Remove,
    /// It, or something in it, becomes different.
    Change,
}

/// One value with what becomes of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// The change of the value.
    pub sign: Sign,
    /// How it is written.
    pub body: Body,
}

/// How a value is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// On one line.
    Text(String),
    /// Between brackets, an entry a line.
    Nest {
        /// The opening bracket.
        open: String,
        /// The lines between.
        entries: Vec<Entry>,
        /// The closing bracket, and what follows it.
        close: String,
    },
    /// As a here document.
    Lines {
        /// Its lines.
        lines: Vec<Entry>,
        /// The text after its end.
        suffix: &'static str,
    },
}

/// A line, or several, between brackets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// `name = value`
    Named(String, Node),
    /// `value,`
    Element(Node),
    /// `value`, with nothing after it.
    Bare(Node),
    /// So many that do not change, and what they are called.
    Hidden(usize, &'static str),
}

/// The parts that are shown besides the difference itself.
#[derive(Debug, Clone, Copy, Default)]
pub struct Show {
    /// `-> null` after what goes.
    pub null: bool,
    /// The unchanged parts, too.
    pub unchanged: bool,
}

/// How `before` becomes `after`; `None` and null are the same.
pub fn diff(before: Option<&Value>, after: Option<&Value>, show: Show) -> Node {
    match (present(before), present(after)) {
        (None, None) => Node { sign: Sign::Keep, body: Body::Text("null".into()) },
        (None, Some(after)) => Node { sign: Sign::Add, body: whole(after, Sign::Add) },
        (Some(before), None) => {
            let suffix = if show.null { " -> null" } else { "" };
            Node { sign: Sign::Remove, body: followed(whole(before, Sign::Remove), suffix) }
        }
        (Some(before), Some(after)) => both(before, after, show),
    }
}

/// Whether a person would call the two the same; marks do not count.
pub fn same(before: Option<&Value>, after: Option<&Value>) -> bool {
    match (present(before), present(after)) {
        (None, None) => true,
        (Some(before), Some(after)) => before == after || before.unmark_deep() == after.unmark_deep(),
        _ => false,
    }
}

fn present(value: Option<&Value>) -> Option<&Value> {
    value.filter(|v| !v.is_null())
}

fn followed(body: Body, what: &'static str) -> Body {
    match body {
        Body::Text(text) => Body::Text(text + what),
        Body::Nest { open, entries, close } => Body::Nest { open, entries, close: close + what },
        Body::Lines { lines, .. } => Body::Lines { lines, suffix: what },
    }
}

/// A whole value, all of it under one sign.
pub fn whole(value: &Value, sign: Sign) -> Body {
    if value.is_sensitive() {
        return Body::Text(SENSITIVE.into());
    }
    let node = |v: &Value| Node { sign, body: whole(v, sign) };
    match value.kind() {
        Kind::String(text) => match json_document(text) {
            Some(document) => encoded("jsonencode(", node(&document)),
            None if text.contains('\n') => {
                let line = |l: &str| Entry::Bare(Node { sign, body: Body::Text(l.into()) });
                Body::Lines { lines: text.lines().map(line).collect(), suffix: "" }
            }
            None => Body::Text(inline(value)),
        },
        Kind::List(_, vs) | Kind::Set(_, vs) | Kind::Tuple(vs) if !vs.is_empty() => {
            nest("[", vs.iter().map(|v| Entry::Element(node(v))).collect(), "]")
        }
        Kind::Map(_, vs) if !vs.is_empty() => {
            nest("{", vs.iter().map(|(k, v)| Entry::Named(quoted_key(k), node(v))).collect(), "}")
        }
        Kind::Object(vs) if !vs.is_empty() => {
            nest("{", vs.iter().map(|(k, v)| Entry::Named(key(k), node(v))).collect(), "}")
        }
        _ => Body::Text(inline(value)),
    }
}

fn nest(open: &str, entries: Vec<Entry>, close: &str) -> Body {
    Body::Nest { open: open.into(), entries, close: close.into() }
}

fn encoded(open: &str, document: Node) -> Body {
    match document.body {
        Body::Text(text) => Body::Text(format!("{open}{text})")),
        _ => nest(open, vec![Entry::Bare(document)], ")"),
    }
}

fn both(before: &Value, after: &Value, show: Show) -> Node {
    if before.is_sensitive() || after.is_sensitive() {
        let sign = if same(Some(before), Some(after)) { Sign::Keep } else { Sign::Change };
        return Node { sign, body: Body::Text(SENSITIVE.into()) };
    }
    if same(Some(before), Some(after)) {
        return Node { sign: Sign::Keep, body: whole(after, Sign::Keep) };
    }
    let body = match (before.kind(), after.kind()) {
        (_, Kind::Unknown(_)) => followed(whole(before, Sign::Remove), KNOWN_LATER),
        (Kind::String(a), Kind::String(b)) => text(a, b, show),
        (Kind::Set(_, a), Kind::Set(_, b)) => nest("[", set(a, b, show), "]"),
        (Kind::List(..) | Kind::Tuple(_), Kind::List(..) | Kind::Tuple(_)) => {
            let elements = |v: &'_ Value| v.as_elements().unwrap_or(&[]).to_vec();
            nest("[", sequence(&elements(before), &elements(after), show), "]")
        }
        (Kind::Map(_, a), Kind::Map(_, b)) => nest("{", mapping(a, b, show, quoted_key, "element"), "}"),
        (Kind::Map(_, a) | Kind::Object(a), Kind::Map(_, b) | Kind::Object(b)) => {
            nest("{", mapping(a, b, show, key, "attribute"), "}")
        }
        _ => Body::Text(format!("{} -> {}", inline(before), inline(after))),
    };
    Node { sign: Sign::Change, body }
}

const KNOWN_LATER: &str = " -> (known after apply)";

fn text(before: &str, after: &str, show: Show) -> Body {
    if let (Some(a), Some(b)) = (json_document(before), json_document(after)) {
        let document = both(&a, &b, Show { null: false, ..show });
        let open = if document.sign == Sign::Keep { "jsonencode( # only white space changes" } else { "jsonencode(" };
        return match document.body {
            Body::Text(text) => Body::Text(format!("jsonencode({text})")),
            _ => encoded(open, document),
        };
    }
    if !before.contains('\n') && !after.contains('\n') {
        return Body::Text(format!("{} -> {}", inline(&before.into()), inline(&after.into())));
    }
    let (a, b): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
    let line = |sign, text: &str| Entry::Bare(Node { sign, body: Body::Text(text.into()) });
    let mut lines = Vec::new();
    for op in operations(&a, &b) {
        match op {
            DiffOp::Equal { new_index, len, .. } => {
                let kept = b[new_index..new_index + len].iter().map(|l| line(Sign::Keep, l)).collect();
                let at = (new_index == 0, new_index + len == b.len());
                context(&mut lines, kept, at, 3, "line", show);
            }
            op => {
                lines.extend(a[op.old_range()].iter().map(|l| line(Sign::Remove, l)));
                lines.extend(b[op.new_range()].iter().map(|l| line(Sign::Add, l)));
            }
        }
    }
    Body::Lines { lines, suffix: "" }
}

fn set(before: &[Value], after: &[Value], show: Show) -> Vec<Entry> {
    let (old, new): (BTreeSet<&Value>, BTreeSet<&Value>) = (before.iter().collect(), after.iter().collect());
    let mut entries = Vec::new();
    let mut hidden = 0;
    for v in old.union(&new) {
        let sign = match (old.contains(v), new.contains(v)) {
            (true, true) if show.unchanged => Sign::Keep,
            (true, true) => {
                hidden += 1;
                continue;
            }
            (true, false) => Sign::Remove,
            _ => Sign::Add,
        };
        entries.push(Entry::Element(Node { sign, body: whole(v, sign) }));
    }
    entries.extend((hidden > 0).then_some(Entry::Hidden(hidden, "element")));
    entries
}

fn mapping(
    before: &BTreeMap<Name, Value>,
    after: &BTreeMap<Name, Value>,
    show: Show,
    name: fn(&str) -> String,
    called: &'static str,
) -> Vec<Entry> {
    let keys: BTreeSet<&Name> = before.keys().chain(after.keys()).collect();
    let mut entries = Vec::new();
    let mut hidden = 0;
    for k in keys {
        let (a, b) = (before.get(k), after.get(k));
        if same(a, b) && !show.unchanged {
            hidden += usize::from(present(b).is_some());
        } else {
            entries.push(Entry::Named(name(k), diff(a, b, Show { null: true, ..show })));
        }
    }
    entries.extend((hidden > 0).then_some(Entry::Hidden(hidden, called)));
    entries
}

fn sequence(before: &[Value], after: &[Value], show: Show) -> Vec<Entry> {
    let mut entries = Vec::new();
    for op in operations(before, after) {
        if let DiffOp::Equal { new_index, len, .. } = op {
            let keep = |v: &Value| Entry::Element(Node { sign: Sign::Keep, body: whole(v, Sign::Keep) });
            let kept = after[new_index..new_index + len].iter().map(keep).collect();
            context(&mut entries, kept, (new_index == 0, new_index + len == after.len()), 1, "element", show);
            continue;
        }
        let (old, new) = (&before[op.old_range()], &after[op.new_range()]);
        let (mut gone, mut come) = (Vec::new(), Vec::new());
        for i in 0..old.len().max(new.len()) {
            match (old.get(i), new.get(i)) {
                (Some(a), Some(b)) if a.as_entries().is_some() && b.as_entries().is_some() => {
                    entries.append(&mut gone);
                    entries.append(&mut come);
                    entries.push(Entry::Element(both(a, b, show)));
                }
                (a, b) => {
                    gone.extend(a.map(|a| Entry::Element(Node { sign: Sign::Remove, body: whole(a, Sign::Remove) })));
                    come.extend(b.map(|b| Entry::Element(Node { sign: Sign::Add, body: whole(b, Sign::Add) })));
                }
            }
        }
        entries.append(&mut gone);
        entries.append(&mut come);
    }
    entries
}

/// Of a run that stays, only what is next to a change.
fn context(
    out: &mut Vec<Entry>,
    mut run: Vec<Entry>,
    (first, last): (bool, bool),
    near: usize,
    called: &'static str,
    show: Show,
) {
    let (head, tail) = (if first { 0 } else { near }, if last { 0 } else { near });
    if show.unchanged || run.len() <= head + tail + 1 {
        out.append(&mut run);
        return;
    }
    let rest = run.split_off(run.len() - tail);
    let hidden = run.split_off(head).len();
    out.append(&mut run);
    out.push(Entry::Hidden(hidden, called));
    out.extend(rest);
}

/// The operations that lead from one to the other; by position where finding the fewest would take long.
fn operations<T: std::hash::Hash + Ord>(before: &[T], after: &[T]) -> Vec<DiffOp> {
    const MOST: usize = 4_000_000;
    if before.len().saturating_mul(after.len()) <= MOST {
        return capture_diff_slices(Algorithm::Myers, before, after);
    }
    let common = before.len().min(after.len());
    let mut ops: Vec<DiffOp> = (0..common)
        .map(|i| match before[i] == after[i] {
            true => DiffOp::Equal { old_index: i, new_index: i, len: 1 },
            false => DiffOp::Replace { old_index: i, old_len: 1, new_index: i, new_len: 1 },
        })
        .collect();
    let (old_len, new_len) = (before.len() - common, after.len() - common);
    ops.push(DiffOp::Replace { old_index: common, old_len, new_index: common, new_len });
    ops
}
