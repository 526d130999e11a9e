//! The attributes and nested blocks of one object, before and after, as lines.
//!
//! Values that the schema calls sensitive are never shown, marked or not.

use super::literal::key;
use super::said::rule_or_route;
use super::value_diff::{Body, Node, Show, Sign, diff, same, whole};
use crate::plan::change::{AttributeChange, Cause};
use crate::report::canvas::{Canvas, Style};
use crate::schema::{Attribute, Attrs, Nesting};
use crate::value::{Name, Value};
use std::collections::{BTreeMap, BTreeSet};

/// One object, before and after.
#[derive(Clone, Copy)]
pub struct Object<'a> {
    /// As it is.
    pub before: Option<&'a Attrs>,
    /// As it will be.
    pub after: Option<&'a Attrs>,
    /// The rows of its schema; empty where there is none.
    pub rows: &'a [Attribute],
    /// The remarks on each change.
    pub changes: &'a [AttributeChange],
    /// The parts that are shown besides the difference.
    pub show: Show,
    /// Attributes shown though they stay, since people know an object by them.
    pub keep: &'a [&'a str],
}

/// Writes the object's attributes, then its blocks.
pub fn write(paper: &mut Canvas, indent: usize, object: &Object<'_>) {
    let names: BTreeSet<&Name> =
        object.before.iter().chain(object.after.iter()).flat_map(|a| a.iter().map(|(k, _)| k)).collect();
    let (blocks, attributes): (Vec<_>, Vec<_>) = names.into_iter().partition(|n| nesting(object.rows, n).is_some());
    let begun = paper.len();
    write_attributes(paper, indent, object, &attributes);
    let mut hidden = 0;
    for name in blocks {
        let group = Group::new(object, name);
        if group.lines.is_empty() {
            hidden += group.hidden;
            continue;
        }
        hidden += group.hidden;
        if paper.len() > begun {
            paper.raw("");
        }
        group.write(paper, indent);
    }
    if hidden > 0 && paper.len() > begun {
        paper.raw("");
    }
    paper.hidden(indent, hidden, "block");
}

fn nesting(rows: &[Attribute], name: &str) -> Option<Nesting> {
    row(rows, name)?.block.as_ref().map(|b| b.nesting)
}

fn row<'a>(rows: &'a [Attribute], name: &str) -> Option<&'a Attribute> {
    rows.iter().find(|r| r.name == name)
}

fn value(attrs: Option<&Attrs>, name: &str, row: Option<&Attribute>) -> Option<Value> {
    let value = attrs?.get(name).filter(|v| !v.is_null())?;
    Some(value.clone().mark(row.is_some_and(|r| r.sensitive)))
}

fn write_attributes(paper: &mut Canvas, indent: usize, object: &Object<'_>, names: &[&Name]) {
    let mut shown = Vec::new();
    let mut hidden = 0;
    for &name in names {
        let row = row(object.rows, name);
        let (before, after) = (value(object.before, name, row), value(object.after, name, row));
        if before.is_none() && after.is_none() {
            continue;
        }
        let change = object.changes.iter().find(|c| c.name == **name);
        if stays(before.as_ref(), after.as_ref(), row, change) {
            if !object.show.unchanged && !object.keep.contains(&&**name) {
                hidden += 1;
                continue;
            }
            let body = after.as_ref().map_or(Body::Text("null".into()), |v| whole(v, Sign::Keep));
            shown.push((key(name), Node { sign: Sign::Keep, body }, None));
        } else {
            shown.push((key(name), diff(before.as_ref(), after.as_ref(), object.show), change));
        }
    }
    let width = shown.iter().map(|(name, ..)| name.chars().count()).max().unwrap_or(0);
    for (name, node, change) in &shown {
        let note = note(paper, *change);
        paper.node(indent, &format!("{name:width$} = "), node, "", &note);
    }
    paper.hidden(indent, hidden, "attribute");
}

fn stays(
    before: Option<&Value>,
    after: Option<&Value>,
    row: Option<&Attribute>,
    change: Option<&AttributeChange>,
) -> bool {
    if same(before, after) {
        return true;
    }
    match (before, after, row, change) {
        (Some(b), Some(a), Some(row), None) => {
            b.is_wholly_known() && a.is_wholly_known() && row.normal.equivalent(&b.unmark_deep(), &a.unmark_deep())
        }
        _ => false,
    }
}

/// The remark behind a line: that it forces the replacement, and who changed it if not the layout.
fn note(paper: &Canvas, change: Option<&AttributeChange>) -> String {
    remark(paper, None, change)
}

/// The same after words about the line itself.
fn remark(paper: &Canvas, said: Option<String>, change: Option<&AttributeChange>) -> String {
    let forces = change.is_some_and(|c| c.forces_replacement);
    let cause = match change.map(|c| c.cause) {
        None | Some(Cause::Layout) => None,
        Some(Cause::World) => Some("changed outside the layout"),
        Some(Cause::Both) => Some("changed in the layout and outside"),
    };
    let forced = forces.then_some("forces replacement");
    let words: Vec<String> = said.into_iter().chain([forced, cause].into_iter().flatten().map(str::to_owned)).collect();
    if words.is_empty() {
        return String::new();
    }
    let tone = if forces { Style::Alarm } else { Style::Dim };
    format!(" {}", paper.toned(tone, &format!("# {}", words.join("; "))))
}

/// The blocks of one name.
struct Group<'a> {
    name: &'a str,
    rows: &'a [Attribute],
    lines: Vec<Line>,
    hidden: usize,
    note: Option<&'a AttributeChange>,
    show: Show,
}

enum Line {
    Block(Option<Attrs>, Option<Attrs>),
    Sensitive(Sign),
    Unknown,
}

impl<'a> Group<'a> {
    fn new(object: &Object<'a>, name: &'a str) -> Self {
        let row = row(object.rows, name);
        let rows = row.and_then(|r| r.block.as_ref()).map_or(&[][..], |b| b.attributes.as_slice());
        let note = object.changes.iter().find(|c| c.name == name);
        let mut group = Group { name, rows, lines: Vec::new(), hidden: 0, note, show: object.show };
        let (before, after) = (value(object.before, name, row), value(object.after, name, row));
        if [&before, &after].into_iter().flatten().any(Value::is_sensitive) {
            let node = diff(before.as_ref(), after.as_ref(), Show::default());
            match node.sign {
                Sign::Keep if !object.show.unchanged => group.hidden += 1,
                sign => group.lines.push(Line::Sensitive(sign)),
            }
            return group;
        }
        let (old, new) = (elements(before.as_ref()), elements(after.as_ref()));
        match nesting(object.rows, name) {
            Some(Nesting::Set) => group.members(&old, &new),
            _ => {
                for i in 0..old.len().max(new.len()) {
                    group.pair(old.get(i), new.get(i));
                }
            }
        }
        if after.is_some_and(|v| v.is_unknown()) {
            group.lines.push(Line::Unknown);
        }
        group
    }

    fn pair(&mut self, before: Option<&Value>, after: Option<&Value>) {
        if same(before, after) && !self.show.unchanged {
            self.hidden += 1;
        } else if [before, after].into_iter().flatten().any(Value::is_sensitive) {
            self.lines.push(Line::Sensitive(diff(before, after, self.show).sign));
        } else {
            self.lines.push(Line::Block(before.map(Attrs::from_value), after.map(Attrs::from_value)));
        }
    }

    /// Members of a set pair up only with their equals.
    fn members(&mut self, old: &[Value], new: &[Value]) {
        let mut counts: BTreeMap<&Value, (bool, bool)> = BTreeMap::new();
        old.iter().for_each(|v| counts.entry(v).or_default().0 = true);
        new.iter().for_each(|v| counts.entry(v).or_default().1 = true);
        let mut come = Vec::new();
        for (v, seen) in counts {
            match seen {
                (true, true) => self.pair(Some(v), Some(v)),
                (true, false) => self.pair(Some(v), None),
                (_, _) => come.push(v),
            }
        }
        come.into_iter().for_each(|v| self.pair(None, Some(v)));
    }

    /// A rule or route by what it says.
    fn said(&self, attrs: &Attrs) -> Option<String> {
        let row = |name: &str| self.rows.iter().find(|r| r.name == name);
        let marked = |(k, v): (&Name, &Value)| (k.clone(), row(k).map_or_else(|| v.clone(), |r| r.marked(v)));
        rule_or_route(&attrs.iter().map(marked).collect(), self.name)
    }

    fn write(&self, paper: &mut Canvas, indent: usize) {
        let note = note(paper, self.note);
        let name = key(self.name);
        for line in &self.lines {
            match line {
                Line::Unknown => paper.line(indent, Sign::Add, &format!("{name} (known after apply){note}")),
                Line::Sensitive(sign) => {
                    paper.line(indent, *sign, &format!("{name} {{{note}"));
                    paper.comment(indent + 4, "(sensitive content)");
                    paper.line(indent, Sign::Keep, "}");
                }
                Line::Block(before, after) => {
                    let sign = match (before, after) {
                        (Some(b), Some(a)) if b == a => Sign::Keep,
                        (None, _) => Sign::Add,
                        (_, None) => Sign::Remove,
                        _ => Sign::Change,
                    };
                    let said = after.as_ref().or(before.as_ref()).and_then(|attrs| self.said(attrs));
                    let note = remark(paper, said, self.note.filter(|_| sign != Sign::Keep));
                    paper.line(indent, sign, &format!("{name} {{{note}"));
                    let (before, after) = (before.as_ref(), after.as_ref());
                    let inner = Object { before, after, rows: self.rows, changes: &[], show: self.show, keep: &[] };
                    write(paper, indent + 4, &inner);
                    paper.line(indent, Sign::Keep, "}");
                }
            }
        }
    }
}

/// The blocks in a value; a single one is an object.
fn elements(value: Option<&Value>) -> Vec<Value> {
    match value {
        Some(v) if v.as_entries().is_some() => vec![v.clone()],
        Some(v) => v.as_elements().unwrap_or(&[]).to_vec(),
        None => Vec::new(),
    }
}
