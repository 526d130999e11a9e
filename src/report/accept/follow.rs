//! Where a value is written: what only passes it on, a variable, a local value, an element of either, is followed there.

use super::{At, Here, Source, problem};
use crate::diag::Diagnostic;
use crate::evaluation::Locality;
use crate::lang::config::Variable;
use crate::lang::expr::Expr;
use crate::lang::parse::parse;
use crate::lang::refs::{Step, Subject};
use crate::value::address::{InstanceKey, ModulePath};

/// How many times a value may be passed on.
const MOST: usize = 100;

impl Source<'_, '_> {
    /// The place where the value of an expression is written; the last one that can be found.
    pub(super) fn follow(self, mut at: At) -> Result<At, Diagnostic> {
        for _ in 0..MOST {
            match self.next(&at)? {
                Some(next) => at = next,
                None => break,
            }
        }
        Ok(at)
    }

    fn next(self, at: &At) -> Result<Option<At>, Diagnostic> {
        let Ok(reference) = at.expr.as_reference() else { return Ok(None) };
        let first = match &reference.subject {
            Subject::Variable(name) => self.variable(at, name)?,
            Subject::Local(name) => {
                let module = self.scopes.module(&at.here.path);
                let local = module.and_then(|module| module.node.module.locals.get(name));
                local.map(|local| At {
                    here: Here { local: Locality::default(), each: None, ..at.here.clone() },
                    expr: local.expr.clone(),
                })
            }
            Subject::EachValue => self.each(at)?,
            _ => None,
        };
        let Some(mut found) = first else { return Ok(None) };
        for step in &reference.steps {
            found = self.follow(found)?;
            let Some(inner) = element(&found.expr, step) else { return Ok(None) };
            found.expr = inner;
        }
        Ok(Some(found))
    }

    /// The value of a variable: what the call of the module gives it, or its default; of the root module what a file does.
    fn variable(self, at: &At, name: &str) -> Result<Option<At>, Diagnostic> {
        let Some(module) = self.scopes.module(&at.here.path) else { return Ok(None) };
        let Some(variable) = module.node.module.variables.get(name) else { return Ok(None) };
        let usual = || {
            let here = Here { constant: true, local: Locality::default(), each: None, ..at.here.clone() };
            default(variable).map(|expr| At { here, expr })
        };
        let Some(((call, key), outer)) = at.here.path.0.split_last() else {
            let given = (self.given)(name).map_err(|from| {
                problem(format!("The value of var.{name} is from {from}.")).at(at.expr.span()).hint("Change it there.")
            })?;
            let here = Here { constant: true, local: Locality::default(), each: None, ..at.here.clone() };
            return Ok(given.map(|expr| At { here, expr }).or_else(usual));
        };
        let path = ModulePath(outer.to_vec().into());
        let call = self.scopes.module(&path).and_then(|module| module.node.module.calls.get(call));
        let Some(call) = call else { return Ok(None) };
        let here = Here {
            path,
            local: Locality::default(),
            each: call.for_each.clone().map(|each| (each, key.clone())),
            constant: false,
        };
        Ok(call.arguments.get(name).map(|(_, expr)| At { here, expr: expr.clone() }).or_else(usual))
    }

    /// The element of `for_each` that the instance is made from.
    fn each(self, at: &At) -> Result<Option<At>, Diagnostic> {
        let Some((each, InstanceKey::Key(key))) = &at.here.each else { return Ok(None) };
        let all = self.follow(At { here: Here { each: None, ..at.here.clone() }, expr: each.clone() })?;
        let element = element(&all.expr, &Step::Attribute(key.clone()));
        Ok(element.map(|expr| At { expr, ..all }))
    }
}

/// The element of a list or an object that is written out.
fn element(expr: &Expr, step: &Step) -> Option<Expr> {
    let key = match step {
        Step::Attribute(name) => name.to_string(),
        Step::Index(value) => match value.as_str() {
            Some(key) => key.to_owned(),
            None => return expr.as_list_items()?.into_iter().nth(value.as_number()?.to_usize()?),
        },
        _ => return None,
    };
    let items = expr.as_object_items()?;
    let is = |given: &Expr| given.as_keyword().or_else(|| given.as_string()).as_deref() == Some(&*key);
    items.into_iter().find(|(given, _)| is(given)).map(|(_, value)| value)
}

/// The default of a variable as it is written.
fn default(variable: &Variable) -> Option<Expr> {
    let file = &variable.span.file;
    let parsed = parse(&file.path, file.text.as_bytes()).ok()?;
    let block = parsed.body.blocks_of("variable").find(|block| block.span.range == variable.span.range)?;
    block.body.attribute("default").map(|default| default.expr)
}
