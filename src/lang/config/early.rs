//! The values that are needed before anything else has one: those that say which modules there are. They are made of
//! constant variables (`const = true`), locals and functions.

use super::{Module, ModuleCall};
use crate::diag::{Diagnostic, Diagnostics, Span};
use crate::lang::eval::{Scope, eval};
use crate::lang::expr::Expr;
use crate::lang::funcs;
use crate::lang::refs::Subject;
use crate::value::convert::convert;
use crate::value::format::format_value;
use crate::value::{Name, Type, Value};
use std::cell::RefCell;
use std::collections::BTreeMap;

/// What is known while modules are found.
#[derive(Clone, Copy)]
pub struct Early<'a> {
    /// The values of the root module's variables, as far as they have one.
    pub given: &'a dyn Fn(&Module) -> Result<BTreeMap<Name, Value>, Diagnostics>,
    /// The world that functions see.
    pub functions: &'a funcs::Context<'a>,
}

/// The constant variables of a module: their values, or why they have none.
pub(super) type Constants = BTreeMap<Name, Result<Value, Diagnostic>>;

impl Early<'_> {
    /// The constants of the root module.
    pub(super) fn of_root(&self, root: &Module) -> Constants {
        let names: Vec<&Name> = root.variables.values().filter(|v| v.constant).map(|v| &v.name).collect();
        if names.is_empty() {
            return Constants::new();
        }
        let given = (self.given)(root).map_err(first);
        let value = |name: &Name| match &given {
            Ok(values) => values.get(name).cloned().ok_or_else(|| super::inputs::missing(&root.variables[name])),
            Err(problem) => Err(problem.clone()),
        };
        names.into_iter().map(|name| (name.clone(), value(name))).collect()
    }
}

/// The expressions of one module as far as they are known early.
pub(super) struct Sight<'a> {
    pub module: &'a Module,
    constants: &'a Constants,
    early: Early<'a>,
    /// The locals that are being evaluated.
    open: RefCell<Vec<Name>>,
}

/// Distinguishes the modules of one directory that have other constants.
pub(super) fn key(constants: &Constants) -> String {
    let value = |value: &Result<Value, Diagnostic>| value.as_ref().map_or_else(|_| String::new(), format_value);
    constants.iter().map(|(name, v)| format!("\n{name} = {}", value(v))).collect()
}

impl<'a> Sight<'a> {
    pub fn new(module: &'a Module, constants: &'a Constants, early: Early<'a>) -> Self {
        Sight { module, constants, early, open: RefCell::default() }
    }

    /// The constants of a module that is called here.
    pub fn constants_of(&self, call: &ModuleCall, child: &Module) -> Constants {
        let value = |variable: &super::Variable| match (call.arguments.get(&variable.name), &variable.default) {
            (Some((_, expr)), _) => {
                let given = eval(expr, self).map_err(first)?;
                variable.accept(&given).map_err(|d| d.at(expr.span()))
            }
            (None, Some(default)) => Ok(default.clone()),
            (None, None) => Err(super::inputs::missing(variable)),
        };
        child.variables.values().filter(|v| v.constant).map(|v| (v.name.clone(), value(v))).collect()
    }

    /// The text that an argument of a `module` block is; none where it is null.
    pub fn text(&self, expr: &Expr, name: &str) -> Result<Option<String>, Diagnostics> {
        let value = eval(expr, self)?;
        let wrong = |why: String| {
            Diagnostic::error(format!("Invalid {name:?} of a module")).code("module-source").detail(why).at(expr.span())
        };
        if !value.is_wholly_known() {
            return Err(wrong("The value is not known yet when modules are fetched.".into()).into());
        }
        if value.has_sensitive() {
            return Err(wrong("The value is sensitive, but it is written to the disk with the module.".into()).into());
        }
        let text = convert(&value, &Type::String).map_err(|e| wrong(format!("{}.", e.message)))?;
        Ok(text.as_str().map(str::to_owned))
    }

    fn undeclared(&self, subject: &Subject, span: &Span) -> Diagnostic {
        super::undeclared(self.module, subject).unwrap_or_else(|| unknown(&subject.to_string(), span)).at(span.clone())
    }

    fn local(&self, name: &Name, span: &Span) -> Result<Value, Diagnostic> {
        let Some(local) = self.module.locals.get(name) else {
            return Err(self.undeclared(&Subject::Local(name.clone()), span));
        };
        if self.open.borrow().contains(name) {
            return Err(Diagnostic::error("Self-referential block")
                .code("cycle")
                .detail(format!("local.{name} refers to itself."))
                .at(local.span.clone()));
        }
        self.open.borrow_mut().push(name.clone());
        let value = eval(&local.expr, self);
        self.open.borrow_mut().pop();
        value.map_err(first)
    }
}

impl Scope for Sight<'_> {
    fn subject(&self, subject: &Subject, span: &Span) -> Result<Value, Diagnostic> {
        match subject {
            Subject::Variable(name) => {
                match (self.constants.get(name), self.module.variables.get(name)) {
                    (Some(value), _) => value.clone(),
                    (None, Some(_)) => Err(unknown(&subject.to_string(), span)
                        .hint(format!("Write const = true in variable {:?}.", &**name))),
                    (None, None) => Err(self.undeclared(subject, span)),
                }
            }
            Subject::Local(name) => self.local(name, span),
            Subject::Path(name) => match name.as_ref() {
                "module" => Ok(Value::string(&self.module.path)),
                "root" => Ok(Value::string(".")),
                "cwd" => Ok(Value::string(self.early.functions.base_dir)),
                _ => Err(unknown(&subject.to_string(), span)),
            },
            other => Err(unknown(&other.to_string(), span)),
        }
    }

    fn functions(&self) -> &funcs::Context<'_> {
        self.early.functions
    }
}

fn unknown(what: &str, span: &Span) -> Diagnostic {
    Diagnostic::error("Value needed before modules are fetched")
        .code("module-source")
        .detail(format!(
            "{what} has no value yet. The source and version of a module can only use constant variables, locals that are made of them, and functions."
        ))
        .at(span.clone())
}

fn first(all: Diagnostics) -> Diagnostic {
    let none = || Diagnostic::error("A value could not be evaluated").code("module-source");
    all.into_iter().find(Diagnostic::is_error).unwrap_or_else(none)
}
