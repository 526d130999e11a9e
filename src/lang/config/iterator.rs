//! The names inside of a `dynamic` block.

use crate::diag::{Diagnostic, Span};
use crate::lang::eval::Scope;
use crate::lang::funcs;
use crate::lang::refs::{Reference, Subject};
use crate::value::address::Mode;
use crate::value::{Name, Value};

/// The scope inside a dynamic block: its iterator, then whatever is outside.
pub(super) struct IteratorScope<'a> {
    pub outer: &'a dyn Scope,
    pub name: &'a Name,
    pub key: Value,
    pub value: Value,
}

impl IteratorScope<'_> {
    /// The iterator's value, if the subject is it.
    fn own(&self, subject: &Subject, span: &Span) -> Option<Result<Value, Diagnostic>> {
        let Subject::Resource { mode: Mode::Managed, type_name, name } = subject else { return None };
        if type_name != self.name {
            return None;
        }
        Some(match &**name {
            "key" => Ok(self.key.clone()),
            "value" => Ok(self.value.clone()),
            other => Err(Diagnostic::error("Unknown attribute of an iterator")
                .code("unsupported-attribute")
                .detail(format!("{type_name}.{other} does not exist; there are {type_name}.key and {type_name}.value."))
                .at(span.clone())),
        })
    }
}

impl Scope for IteratorScope<'_> {
    fn subject(&self, subject: &Subject, span: &Span) -> Result<Value, Diagnostic> {
        self.own(subject, span).unwrap_or_else(|| self.outer.subject(subject, span))
    }

    fn functions(&self) -> &funcs::Context<'_> {
        self.outer.functions()
    }

    fn is_ephemeral(&self, reference: &Reference) -> bool {
        self.outer.is_ephemeral(reference)
    }
}
