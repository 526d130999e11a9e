//! The rules of a schema over several arguments: what excludes what, where one is needed, and
//! the type's own check.

use super::structure::{discreet, invalid_value};
use crate::diag::{Diagnostic, Diagnostics, Span};
use crate::lang::expr::Body;
use crate::schema::{Attrs, Schema};
use crate::value::Value;

/// Whether an argument is given.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Given {
    No,
    Yes,
    /// It is unknown, and may turn out to be null.
    Maybe,
}

/// The errors of a decoded resource by the rules. `header` is where its block begins. What is wrong with a
/// sensitive value is shown only for an argument that is sensitive by its type, as its check is written
/// for that, and only if the value is not in it.
pub fn check_rules(schema: &Schema, attrs: &Attrs, body: &Body, header: &Span) -> Diagnostics {
    let given = |name: &str| match attrs.get(name) {
        _ if place(body, name).is_none() => Given::No,
        Some(v) if v.is_unknown() => Given::Maybe,
        Some(v) if v.is_null() => Given::No,
        Some(_) => Given::Yes,
        None => Given::No,
    };
    let mut diags = Diagnostics::new();
    sets(schema, body, header, given, &mut diags);
    for (name, reason) in schema.check.map(|check| check(attrs)).unwrap_or_default() {
        let value = attrs.get(name);
        let reported = schema.attribute(name).is_some_and(|row| row.sensitive)
            && value.and_then(Value::as_str).is_some_and(|text| !text.is_empty() && !reason.contains(text));
        let hidden = !reported && value.is_some_and(Value::has_sensitive);
        let reason = match hidden {
            true => "its value is not accepted; it is sensitive and not shown".to_owned(),
            false => attrs.discreet(&reason),
        };
        let span = place(body, name).unwrap_or_else(|| header.clone());
        let span = match (schema.attribute(name), value) {
            (Some(row), Some(value)) => discreet(row, value, &span),
            _ => span,
        };
        diags.push(invalid_value(name, &reason).at(span));
    }
    diags
}

/// The errors in a body that was not evaluated.
pub fn check_rules_static(schema: &Schema, body: &Body, header: &Span) -> Diagnostics {
    let given = |name: &str| match body.attribute(name) {
        Some(a) if a.expr.is_null() => Given::No,
        Some(a) if a.expr.as_literal().is_some() => Given::Yes,
        Some(_) => Given::Maybe,
        None if body.blocks_of(name).next().is_some() => Given::Yes,
        None if place(body, name).is_some() => Given::Maybe,
        None => Given::No,
    };
    let mut diags = Diagnostics::new();
    sets(schema, body, header, given, &mut diags);
    diags
}

fn sets(schema: &Schema, body: &Body, header: &Span, given: impl Fn(&str) -> Given, diags: &mut Diagnostics) {
    let all = schema.conflicts.iter().map(|s| (s, false)).chain(schema.exactly_one.iter().map(|s| (s, true)));
    for (set, one_needed) in all {
        let sure: Vec<&str> = set.iter().copied().filter(|name| given(name) == Given::Yes).collect();
        if let [first, second, ..] = sure.as_slice() {
            diags.push(
                Diagnostic::error("Arguments that exclude one another")
                    .code("conflicting-arguments")
                    .detail(format!("{first:?} and {second:?} cannot both be given."))
                    .at(place(body, second).unwrap_or_else(|| header.clone()))
                    .hint(format!("Keep one of {}.", either(set))),
            );
        } else if one_needed && set.iter().all(|name| given(name) == Given::No) {
            diags.push(
                Diagnostic::error("Missing required argument")
                    .code("missing-argument")
                    .detail(format!("One of {} is required, but none is given.", either(set)))
                    .at(header.clone()),
            );
        }
    }
}

fn either(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => format!("{one:?}"),
        [first @ .., last] => {
            let first: Vec<_> = first.iter().map(|n| format!("{n:?}")).collect();
            format!("{} and {last:?}", first.join(", "))
        }
    }
}

/// Where an argument or the first of its blocks is.
fn place(body: &Body, name: &str) -> Option<Span> {
    let block = || body.blocks_of(name).next().map(|b| b.ident_span);
    let dynamic =
        || body.blocks_of("dynamic").find(|b| b.labels.first().is_some_and(|(n, _)| &**n == name)).map(|b| b.span);
    body.attribute(name).map(|a| a.name_span).or_else(block).or_else(dynamic)
}
