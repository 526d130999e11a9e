//! `timeouts` blocks: how long each operation may take. One is written out, or made by a `dynamic` block.

use super::iterator::IteratorScope;
use super::reader::{self, Shape};
use super::structure;
use super::walk::{Dynamic, Found, expressions};
use crate::diag::{Diagnostic, Diagnostics, Span};
use crate::lang::eval::{Scope, eval};
use crate::lang::expr::{Block, Body, Expr};
use crate::lang::refs::Reference;
use crate::value::convert::convert;
use crate::value::{Name, Type, Value, duration};

/// How long each operation may take, as text such as `10m`.
#[derive(Debug, Clone, Default)]
pub struct Timeouts {
    /// The arguments.
    body: Option<Body>,
    /// The `dynamic` block around them.
    made: Option<Made>,
}

#[derive(Debug, Clone)]
struct Made {
    for_each: Expr,
    iterator: Name,
    span: Span,
}

const OPERATIONS: [&str; 4] = ["create", "read", "update", "delete"];
const SHAPE: Shape = Shape { what: "timeouts", attributes: &OPERATIONS, blocks: &[] };

/// Whether a block is `timeouts` or makes it.
pub(super) fn is_timeouts(block: &Block) -> bool {
    match Dynamic::of(block) {
        Some(dynamic) => &*dynamic.name == "timeouts",
        None => &*block.ident == "timeouts",
    }
}

impl Timeouts {
    /// What a resource says.
    pub(super) fn read(body: &Body, diags: &mut Diagnostics) -> Self {
        let mut all = body.blocks().filter(is_timeouts);
        let Some(block) = all.next() else { return Timeouts::default() };
        for second in all {
            diags.push(second_block(&second.span).hint(format!("The first is at {}.", reader::place(&block.span))));
        }
        let Some(dynamic) = Dynamic::of(&block) else {
            reader::labels(&block, &[], diags);
            SHAPE.check(&block.body, diags);
            return Timeouts { body: Some(block.body), made: None };
        };
        structure::check_dynamic_shape(&block, &dynamic.name, diags);
        let (Some(for_each), Some(content)) = (dynamic.for_each, dynamic.content) else { return Timeouts::default() };
        SHAPE.check(&content, diags);
        Timeouts { body: Some(content), made: Some(Made { for_each, iterator: dynamic.iterator, span: block.span }) }
    }

    /// How long an operation, such as `create`, may take; nothing where that is not said.
    pub fn of(&self, operation: &str, scope: &dyn Scope) -> Result<Option<Value>, Diagnostics> {
        let Some(expr) = self.body.as_ref().and_then(|body| reader::expr(body, operation)) else { return Ok(None) };
        let Some(made) = &self.made else { return Ok(Some(eval(&expr, scope)?)) };
        let elements = eval(&made.for_each, scope)?;
        let inside = |key: Value, value: Value| {
            let hidden = elements.is_sensitive();
            let (key, value) = (key.mark(hidden), value.mark(hidden));
            eval(&expr, &IteratorScope { outer: scope, name: &made.iterator, key, value }).map(Some)
        };
        match (elements.as_elements(), elements.as_entries()) {
            (Some([]), _) => Ok(None),
            (Some([one]), _) => {
                let key = if matches!(elements.ty(), Type::Set(_)) { one.clone() } else { Value::from(0) };
                inside(key, one.clone())
            }
            (None, Some(entries)) if entries.is_empty() => Ok(None),
            (None, Some(entries)) if entries.len() == 1 => match entries.first_key_value() {
                Some((key, value)) => inside(Value::string(key), value.clone()),
                None => Ok(None),
            },
            (None, None) if elements.is_unknown() => Ok(Some(Value::unknown(Type::String))),
            (None, None) => Err(Diagnostic::error("Invalid \"for_each\" of a dynamic block")
                .code("invalid-for-each")
                .detail("A list, set, map or object is required.")
                .at(made.for_each.span())
                .hint("For no blocks at all, give an empty list.")
                .into()),
            _ => Err(second_block(&made.span).into()),
        }
    }

    /// What is wrong with the values.
    pub fn check(&self, scope: &dyn Scope) -> Diagnostics {
        let mut found = Diagnostics::new();
        for operation in OPERATIONS {
            match self.of(operation, scope) {
                Ok(Some(value)) => found.extend(self.wrong(operation, &value)),
                Ok(None) => {}
                // Each operation would say the same of the elements.
                Err(errors) if self.made.is_some() => return found.into_iter().chain(errors).collect(),
                Err(errors) => found.extend(errors),
            }
        }
        found
    }

    fn wrong(&self, operation: &str, value: &Value) -> Option<Diagnostic> {
        if value.is_null() || value.is_unknown() {
            return None;
        }
        let text = convert(value, &Type::String).ok()?.unmark();
        if text.as_str().and_then(duration::parse).is_some() {
            return None;
        }
        let expr = self.body.as_ref().and_then(|body| reader::expr(body, operation));
        let d = Diagnostic::error(format!("Invalid timeout {operation:?}")).code("invalid-value");
        let d = d
            .detail("The value is not a valid duration.")
            .hint("Write a number and a unit, such as \"30m\" or \"1h30m\".");
        Some(d.at(expr.map(|e| e.span())))
    }

    /// All its expressions.
    pub(super) fn expressions(&self) -> Vec<Found> {
        let Some(body) = &self.body else { return Vec::new() };
        let mut found = expressions(body);
        if let Some(made) = &self.made {
            found.iter_mut().for_each(|f| f.iterators.push(made.iterator.clone()));
            found.push(Found { expr: made.for_each.clone(), iterators: Vec::new() });
        }
        found
    }

    /// All that it refers to.
    pub fn references(&self) -> Vec<Reference> {
        self.expressions().iter().flat_map(Found::references).collect()
    }
}

fn second_block(span: &Span) -> Diagnostic {
    Diagnostic::error("Second \"timeouts\" block")
        .code("block-count")
        .detail("Only one is allowed here.")
        .at(span.clone())
}
