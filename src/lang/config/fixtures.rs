//! Shared by the tests of this module: a scope with variables, and bodies from text.

use super::Files;
use crate::diag::{Diagnostic, Diagnostics, Span};
use crate::lang::eval::Scope;
use crate::lang::expr::Body;
use crate::lang::funcs;
use crate::lang::parse::parse;
use crate::lang::refs::Subject;
use crate::value::{Name, Value};
use std::collections::BTreeMap;

struct NoFiles;

impl funcs::Files for NoFiles {
    fn read(&self, _: &str) -> Result<Vec<u8>, String> {
        Err("no files here".into())
    }
    fn exists(&self, _: &str) -> Result<bool, String> {
        Ok(false)
    }
    fn list(&self, _: &str) -> Result<Vec<String>, String> {
        Ok(Vec::new())
    }
    fn home(&self) -> Option<String> {
        None
    }
}

/// Variables by name.
pub struct Variables {
    values: BTreeMap<Name, Value>,
    context: funcs::Context<'static>,
}

impl Variables {
    pub fn of(values: &[(&str, Value)]) -> Self {
        let context = funcs::Context {
            files: &NoFiles,
            base_dir: "/",
            timestamp: jiff::Timestamp::UNIX_EPOCH,
            plan_timestamp: jiff::Timestamp::UNIX_EPOCH,
            planning: true,
            random: &|_| {},
            render: &|_, _, _, _| Err(funcs::FunctionError::new("no templates here")),
        };
        Variables { values: values.iter().map(|(k, v)| (Name::from(*k), v.clone())).collect(), context }
    }
}

impl Scope for Variables {
    fn subject(&self, subject: &Subject, span: &Span) -> Result<Value, Diagnostic> {
        let value = match subject {
            Subject::Variable(name) => self.values.get(name),
            _ => None,
        };
        value.cloned().ok_or_else(|| Diagnostic::error(format!("There is no {subject}")).at(span.clone()))
    }

    fn functions(&self) -> &funcs::Context<'_> {
        &self.context
    }
}

/// The content of a file, and the place of its beginning.
pub fn body(text: &str) -> (Body, Span) {
    let file = parse("main.tf", text.as_bytes()).unwrap();
    let header = Span::new(&file.source, 0..0);
    (file.body, header)
}

/// Diagnostics as they are printed.
pub fn text(diags: &Diagnostics) -> String {
    diags.iter().map(|d| d.to_string() + "\n").collect()
}

/// A root module of one file.
pub struct One(pub String);

impl Files for One {
    fn list(&self, _: &str) -> Result<Vec<String>, String> {
        Ok(vec!["main.tf".into()])
    }
    fn read(&self, _: &str) -> Result<Vec<u8>, String> {
        Ok(self.0.clone().into_bytes())
    }
}
