//! The values of the references in an expression that failed, for its diagnostics.

use super::{Bound, Eval, Root, Scope};
use crate::diag::{Diagnostic, Diagnostics, ReferencedValue};
use crate::lang::ast::{At, Node, NodeKind, Part, Step, StepKind};
use crate::lang::budget::Budget;
use crate::lang::expr::{Expr, is_convert};
use crate::value::{Kind, Name, Value};
use std::fmt::Write;

/// More values than these would hide the error.
const MOST: usize = 6;
/// A longer value is shortened, in characters.
const LONGEST: usize = 60;

/// Adds the values of the references in `expr`: of those that the diagnostic underlines, or of all.
pub fn explain(d: Diagnostic, expr: &Expr, scope: &dyn Scope) -> Diagnostic {
    let (root, budget) = (Root::Scope(scope), Budget::default());
    let eval = Eval { file: &expr.file, root: &root, budget: &budget, quiet: true };
    eval.with_values(d, &expr.node, None)
}

impl Eval<'_> {
    /// The errors of a node with the values of its references. An error that has values keeps them: it comes from a
    /// node inside this one, or from another expression.
    pub(super) fn explained(&self, errors: Diagnostics, node: &Node, bound: Option<&Bound<'_>>) -> Diagnostics {
        if self.quiet || errors.iter().all(|d| d.values.is_some()) {
            return errors;
        }
        let budget = Budget::default();
        let eval = Eval { quiet: true, budget: &budget, ..*self };
        let explained = |d: Diagnostic| match &d.values {
            Some(_) => d,
            None if self.range_in(&d, node.at).is_none() => Diagnostic { values: Some(Vec::new()), ..d },
            None => eval.with_values(d, node, bound),
        };
        errors.into_iter().map(explained).collect()
    }

    fn with_values(&self, d: Diagnostic, node: &Node, bound: Option<&Bound<'_>>) -> Diagnostic {
        let underlined = self.range_in(&d, node.at).unwrap_or(node.at);
        let whole = match &node.kind {
            NodeKind::Name(_) | NodeKind::Traversal { .. } => true,
            NodeKind::Call { name_at, .. } => *name_at == underlined,
            _ => false,
        };
        let within = if whole { node.at } else { underlined };
        // The label says that value already.
        let labelled = (!d.label.is_empty()).then_some(underlined);
        let mut walk = Walk { eval: self, bound, within, labelled, hidden: Vec::new(), found: Vec::new() };
        walk.node(node);
        Diagnostic { values: Some(walk.found), ..d }
    }

    /// The underlined part of the source, if it is a part of `at`.
    fn range_in(&self, d: &Diagnostic, at: At) -> Option<At> {
        let Some(span) = &d.span else { return Some(at) };
        let clamp = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let range = At { start: clamp(span.range.start), end: clamp(span.range.end) };
        (span.file == *self.file && contains(at, range)).then_some(range)
    }
}

fn contains(outer: At, inner: At) -> bool {
    outer.start <= inner.start && inner.end <= outer.end
}

/// Looks for references and evaluates them.
struct Walk<'e, 'a, 'n> {
    eval: &'e Eval<'a>,
    bound: Option<&'e Bound<'e>>,
    within: At,
    labelled: Option<At>,
    /// Names bound by a `for` inside the node: they have no one value.
    hidden: Vec<&'n Name>,
    found: Vec<ReferencedValue>,
}

impl<'n> Walk<'_, '_, 'n> {
    fn node(&mut self, node: &'n Node) {
        match &node.kind {
            NodeKind::Literal(_) | NodeKind::Key(_) => {}
            NodeKind::Name(name) => self.reference(name, node, &[]),
            NodeKind::Traversal { root, steps } => {
                match &root.kind {
                    NodeKind::Name(name) => self.reference(name, root, steps),
                    _ => self.node(root),
                }
                self.steps(steps);
            }
            NodeKind::Template(parts) => self.parts(parts),
            NodeKind::Json(json) => self.node(&json.template),
            NodeKind::Passthrough(inner) | NodeKind::Paren(inner) => self.node(inner),
            NodeKind::Unary { operand, .. } => self.node(operand),
            NodeKind::Binary { left, right, .. } => [left, right].into_iter().for_each(|n| self.node(n)),
            NodeKind::Conditional { condition, yes, no } => {
                [condition, yes, no].into_iter().for_each(|n| self.node(n));
            }
            NodeKind::Call { name, args, .. } => {
                let values = if is_convert(name) { 1 } else { args.len() };
                args.iter().take(values).for_each(|n| self.node(n));
            }
            NodeKind::List(items) => items.iter().for_each(|n| self.node(n)),
            NodeKind::Object(items) => items.iter().for_each(|(k, v)| [k, v].into_iter().for_each(|n| self.node(n))),
            NodeKind::For(f) => {
                self.node(&f.collection);
                self.hiding(f.key_name.as_ref(), &f.value_name, |walk| {
                    let parts = [f.key.as_ref(), Some(&f.value), f.condition.as_ref()];
                    parts.into_iter().flatten().for_each(|n| walk.node(n));
                });
            }
        }
    }

    fn steps(&mut self, steps: &'n [Step]) {
        for step in steps {
            match &step.kind {
                StepKind::Attribute(_) => {}
                StepKind::Index(key) => self.node(key),
                StepKind::Splat(each) => self.steps(each),
            }
        }
    }

    fn parts(&mut self, parts: &'n [Part]) {
        for part in parts {
            match part {
                Part::Text(_) => {}
                Part::Interpolation(inner) => self.node(inner),
                Part::If { condition, yes, no } => {
                    self.node(condition);
                    self.parts(yes);
                    self.parts(no);
                }
                Part::For { key_name, value_name, collection, body } => {
                    self.node(collection);
                    self.hiding(key_name.as_ref(), value_name, |walk| walk.parts(body));
                }
            }
        }
    }

    fn hiding(&mut self, key: Option<&'n Name>, value: &'n Name, inside: impl FnOnce(&mut Self)) {
        let before = self.hidden.len();
        self.hidden.extend(key.into_iter().chain([value]));
        inside(self);
        self.hidden.truncate(before);
    }

    /// Takes down the value at the end of the longest part of the reference that has one.
    fn reference(&mut self, name: &Name, root: &Node, steps: &[Step]) {
        let end = |taken: &[Step]| taken.last().map_or(root.at, |step| root.at.to(step.at));
        let whole = end(steps);
        if self.hidden.contains(&name)
            || !contains(self.within, whole)
            || self.labelled == Some(whole)
            || self.found.len() >= MOST
        {
            return;
        }
        let constant = steps.iter().take_while(|step| is_constant(step)).count();
        let mut last = None;
        for taken in (0..=constant).map(|n| &steps[..n]) {
            match self.eval.traversal(root, taken, end(taken), self.bound) {
                Ok(value) => last = Some((end(taken), value)),
                Err(_) if last.is_some() => break,
                Err(_) => {}
            }
        }
        let Some((at, value)) = last else { return };
        let text = self.eval.span(at).text().split_whitespace().collect::<String>();
        if self.found.iter().all(|found| found.reference != text) {
            self.found.push(ReferencedValue { reference: text, statement: format!("is {}", shown(&value)) });
        }
    }
}

fn is_constant(step: &Step) -> bool {
    match &step.kind {
        StepKind::Attribute(_) => true,
        StepKind::Index(key) => match &key.kind {
            NodeKind::Literal(_) => true,
            NodeKind::Template(parts) => matches!(parts.as_slice(), [] | [Part::Text(_)]),
            _ => false,
        },
        StepKind::Splat(_) => false,
    }
}

/// A value in few words.
fn shown(value: &Value) -> String {
    let mut text = String::new();
    match value.kind() {
        Kind::Unknown(_) if !value.is_sensitive() => "unknown until apply".into(),
        _ if write_short(&mut text, value) => text,
        Kind::String(s) => format!("{:?}", format!("{}…", s.chars().take(LONGEST).collect::<String>())),
        Kind::List(_, all) => format!("a list of {} elements", all.len()),
        Kind::Set(_, all) => format!("a set of {} elements", all.len()),
        Kind::Tuple(all) => format!("a tuple of {} elements", all.len()),
        Kind::Map(_, all) => format!("a map of {} elements", all.len()),
        Kind::Object(all) => format!("an object with {} attributes", all.len()),
        _ => "too long to be shown".into(),
    }
}

/// Writes a value on one line; whether it is short enough.
fn write_short(out: &mut String, value: &Value) -> bool {
    let fits = |out: &String| out.chars().count() <= LONGEST;
    match value.kind() {
        _ if value.is_sensitive() => out.push_str("(sensitive value)"),
        Kind::Unknown(_) => out.push_str("(unknown until apply)"),
        Kind::Null(_) => out.push_str("null"),
        Kind::Bool(b) => out.push_str(if *b { "true" } else { "false" }),
        Kind::Number(n) => out.push_str(&n.to_string()),
        Kind::String(s) if s.len() > 4 * LONGEST => return false,
        Kind::String(s) => {
            let _ = write!(out, "{:?}", &**s);
        }
        Kind::List(_, all) | Kind::Set(_, all) | Kind::Tuple(all) => {
            out.push('[');
            for (i, element) in all.iter().enumerate() {
                out.push_str(if i > 0 { ", " } else { "" });
                if !write_short(out, element) {
                    return false;
                }
            }
            out.push(']');
        }
        Kind::Map(_, all) | Kind::Object(all) => {
            out.push('{');
            for (i, (name, element)) in all.iter().enumerate() {
                let _ = write!(out, "{}{} = ", if i > 0 { ", " } else { " " }, &**name);
                if !write_short(out, element) {
                    return false;
                }
            }
            out.push_str(if all.is_empty() { "}" } else { " }" });
        }
    }
    fits(out)
}
