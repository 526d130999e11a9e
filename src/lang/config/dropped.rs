//! Arguments that earlier versions of Terraform's provider took. Modules still write them, mostly as null.

use super::walk::Dynamic;
use crate::diag::{Diagnostic, Diagnostics, Span};
use crate::lang::eval::{Scope, eval};
use crate::lang::expr::{Body, Expr};
use crate::schema::Schema;

/// A body without them, and what is said of those that are given. Without a scope nothing is evaluated or said.
pub fn without_dropped(body: &Body, schema: &Schema, scope: Option<&dyn Scope>) -> (Body, Diagnostics) {
    let mut found = Diagnostics::new();
    if schema.dropped.is_empty() {
        return (body.clone(), found);
    }
    for (name, instead) in schema.dropped {
        if let (Some(argument), Some(scope)) = (body.attribute(name), scope)
            && is_given(&argument.expr, scope, &mut found)
        {
            found.push(warning(name, instead, &argument.name_span));
        }
        for block in body.blocks() {
            let made = match Dynamic::of(&block) {
                Some(dynamic) if &*dynamic.name == *name => match (&dynamic.for_each, scope) {
                    (Some(for_each), Some(scope)) => is_given(for_each, scope, &mut found),
                    _ => false,
                },
                Some(_) => false,
                None => &*block.ident == *name && scope.is_some(),
            };
            if made {
                found.push(warning(name, instead, &block.span));
            }
        }
    }
    let names: Vec<&str> = schema.dropped.iter().map(|(name, _)| *name).collect();
    let body = body.without(&names, &names);
    let made = |name: &str| names.contains(&name);
    (body.without_blocks(|block| Dynamic::of(block).is_some_and(|dynamic| made(&dynamic.name))), found)
}

/// Whether a value is more than nothing.
fn is_given(expr: &Expr, scope: &dyn Scope, found: &mut Diagnostics) -> bool {
    let Some(value) = found.take(eval(expr, scope)) else { return false };
    let empty = value.as_str() == Some("")
        || value.as_elements().is_some_and(<[_]>::is_empty)
        || value.as_entries().is_some_and(|entries| entries.is_empty());
    !value.is_null() && !value.is_unknown() && !empty
}

fn warning(name: &str, instead: &str, span: &Span) -> Diagnostic {
    Diagnostic::warning(format!("{name:?} has no effect"))
        .code("no-effect")
        .detail(format!("Terraform's provider had it once. {instead}"))
        .at(span.clone())
        .hint("Remove it.")
}
