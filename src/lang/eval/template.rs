//! Templates: text put together from parts, and whole template files.

use super::collection::Items;
use super::{Bound, Eval, Evaluated, Root, reason};
use crate::diag::{Diagnostic, Diagnostics};
use crate::lang::ast::{At, Node, Part};
use crate::lang::budget::Budget;
use crate::lang::funcs::{self, FunctionError};
use crate::lang::parse::parse_template;
use crate::value::convert::convert;
use crate::value::{Name, Type, Value};
use std::collections::BTreeMap;

/// Renders the template `text`, in which bare names are the `variables`; `path` names it in errors.
pub fn render_template(
    path: &str,
    text: &str,
    variables: &BTreeMap<Name, Value>,
    functions: &funcs::Context<'_>,
    budget: &Budget,
) -> Result<Value, Diagnostics> {
    let expr = parse_template(path, text)?;
    let root = Root::Variables { values: variables, functions };
    Eval { file: &expr.file, root: &root, budget, quiet: true }.node(&expr.node, None)
}

/// The function for [`funcs::Context::render`]: renders with `functions`, which must not render again.
pub fn renderer<'a>(
    functions: &'a funcs::Context<'a>,
) -> impl Fn(&str, &BTreeMap<Name, Value>, &str, &Budget) -> Result<Value, FunctionError> + 'a {
    |text, variables, path, budget| {
        render_template(path, text, variables, functions, budget)
            .map_err(|errors| FunctionError::new(in_words(&errors)))
    }
}

/// Refuses to render: the `render` of the functions that a template itself may call.
pub fn no_templates(_: &str, _: &BTreeMap<Name, Value>, _: &str, _: &Budget) -> Result<Value, FunctionError> {
    Err(FunctionError::new("a template cannot call templatefile or templatestring"))
}

/// Each error as place and reason, in one line.
fn in_words(errors: &Diagnostics) -> String {
    let one = |d: &Diagnostic| {
        let place = d.span.as_ref().map(|s| {
            let (line, column) = s.line_column();
            format!("{}:{line},{column}: ", s.file.path)
        });
        format!("{}{}; {}", place.unwrap_or_default(), d.summary, d.detail)
    };
    errors.iter().map(one).collect::<Vec<_>>().join("; ")
}

/// Text so far, what it lacks to be known, and its mark.
struct Text {
    text: String,
    known: bool,
    sensitive: bool,
    at: At,
}

impl Eval<'_> {
    pub(super) fn parts(&self, parts: &[Part], at: At, bound: Option<&Bound<'_>>) -> Evaluated {
        if let [Part::Text(text)] = parts {
            return Ok(Value::string(text));
        }
        let mut out = Text { text: String::new(), known: true, sensitive: false, at };
        let mut errors = Diagnostics::new();
        self.write_parts(parts, &mut out, &mut errors, bound);
        let value = if out.known { Value::string(out.text) } else { Value::unknown_not_null(Type::String) };
        errors.into_result(value.mark(out.sensitive))
    }

    fn write_parts(&self, parts: &[Part], out: &mut Text, errors: &mut Diagnostics, bound: Option<&Bound<'_>>) {
        for part in parts {
            if !self.goes_on(errors) {
                return;
            }
            match part {
                Part::Text(text) => self.write(text, out, errors),
                Part::Interpolation(node) => {
                    if let Some(value) = errors.take(self.interpolated(node, bound)) {
                        out.sensitive |= value.is_sensitive();
                        match value.as_str() {
                            Some(text) => self.write(text, out, errors),
                            None => out.known = false,
                        }
                    }
                }
                Part::If { condition, yes, no } => self.write_if(condition, yes, no, out, errors, bound),
                Part::For { key_name, value_name, collection, body } => {
                    let Some(value) = errors.take(self.node(collection, bound)) else { continue };
                    out.sensitive |= value.is_sensitive();
                    match errors.take(self.items(&value, collection.at, "template 'for' directive")) {
                        Some(Items::Known(items)) => {
                            for (key, value) in &items {
                                errors.take(self.step(1, collection.at));
                                if !self.goes_on(errors) {
                                    break;
                                }
                                let outer = key_name.as_ref().map(|name| Bound { name, value: key, outer: bound });
                                let inner = Bound { name: value_name, value, outer: outer.as_ref().or(bound) };
                                self.write_parts(body, out, errors, Some(&inner));
                            }
                        }
                        Some(Items::Unknown) => out.known = false,
                        None => {}
                    }
                }
            }
        }
    }

    fn write(&self, text: &str, out: &mut Text, errors: &mut Diagnostics) {
        if errors.take(self.make(0, text.len(), out.at)).is_some() {
            out.text.push_str(text);
        }
    }

    fn write_if(
        &self,
        condition: &Node,
        yes: &[Part],
        no: &[Part],
        out: &mut Text,
        errors: &mut Diagnostics,
        bound: Option<&Bound<'_>>,
    ) {
        let Some(value) = errors.take(self.node(condition, bound)) else { return };
        out.sensitive |= value.is_sensitive();
        if value.is_null() {
            errors.push(self.error(
                condition.at,
                "Null condition",
                "The condition value is null. Conditions must either be true or false.",
            ));
            return;
        }
        match convert(&value, &Type::Bool) {
            Ok(test) => match test.as_bool() {
                Some(true) => self.write_parts(yes, out, errors, bound),
                Some(false) => self.write_parts(no, out, errors, bound),
                None => out.known = false,
            },
            Err(e) => errors.push(self.error(
                condition.at,
                "Incorrect condition type",
                format!("The condition expression must be of type bool: {}.", reason(&e)),
            )),
        }
    }

    fn interpolated(&self, node: &Node, bound: Option<&Bound<'_>>) -> Evaluated {
        let value = self.node(node, bound)?;
        if value.is_null() {
            return Err(self
                .error(
                    node.at,
                    "Invalid template interpolation value",
                    "The expression result is null. Cannot include a null value in a string template.",
                )
                .into());
        }
        Ok(convert(&value, &Type::String).map_err(|e| {
            self.error(
                node.at,
                "Invalid template interpolation value",
                format!("Cannot include the given value in a string template: {}.", reason(&e)),
            )
            .label(super::access::describe(&value.clone().mark(false)))
        })?)
    }
}
