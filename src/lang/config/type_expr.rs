//! The `type` argument of a variable: `list(object({ name = string, size = optional(number, 1) }))`.

use super::literal::literal;
use super::reader;
use crate::diag::{Diagnostic, Diagnostics};
use crate::lang::constraint::{Attribute, Constraint, Presence};
use crate::lang::expr::{Call, Expr};
use crate::value::Type;
use std::collections::BTreeMap;

const PRIMITIVES: [&str; 4] = ["string", "number", "bool", "any"];
const COLLECTIONS: [&str; 5] = ["list", "set", "map", "object", "tuple"];

/// The constraint of a variable: as before Terraform 0.12, a collection may be there without its elements.
pub(super) fn of_variable(expr: &Expr, diags: &mut Diagnostics) -> Option<Constraint> {
    let any = || Box::new(Constraint::Any);
    match expr.as_keyword().as_deref() {
        Some("list") => Some(Constraint::List(any())),
        Some("set") => Some(Constraint::Set(any())),
        Some("map") => Some(Constraint::Map(any())),
        _ => constraint(expr, diags),
    }
}

/// The constraint that an expression writes; what is wrong is reported.
pub(crate) fn constraint(expr: &Expr, diags: &mut Diagnostics) -> Option<Constraint> {
    if let Some(name) = expr.as_keyword() {
        return keyword(&name, expr, diags);
    }
    let Some(Call { name, args, .. }) = expr.as_call() else {
        let d = Diagnostic::error("Invalid type").code("invalid-type").at(expr.span());
        let d = match expr.span().text() {
            text if text.starts_with('"') => d
                .detail("A type is written as it is, not as text.")
                .hint(format!("Write {}, without quotation marks.", text.trim_matches('"'))),
            _ => d.detail(
                "Expected a type: string, number, bool, any, or list(…), set(…), map(…), object({…}), tuple([…]).",
            ),
        };
        diags.push(d);
        return None;
    };
    match &*name {
        "list" | "set" | "map" => {
            let element = Box::new(constraint(one(&name, &args, expr, diags)?, diags)?);
            Some(match &*name {
                "list" => Constraint::List(element),
                "set" => Constraint::Set(element),
                _ => Constraint::Map(element),
            })
        }
        "tuple" => {
            let arg = one(&name, &args, expr, diags)?;
            let items = arg
                .as_list_items()
                .or_else(|| wrong_argument(arg, "a list of types: tuple([string, number])", diags))?;
            let elements: Vec<_> = items.iter().map(|item| constraint(item, diags)).collect();
            elements.into_iter().collect::<Option<_>>().map(Constraint::Tuple)
        }
        "object" => object(one(&name, &args, expr, diags)?, diags),
        "optional" => {
            diags.push(
                Diagnostic::error("Misplaced optional(…)")
                    .code("invalid-type")
                    .detail("Only an attribute of an object type can be optional: object({ name = optional(string) }).")
                    .at(expr.span()),
            );
            None
        }
        other => {
            let d = Diagnostic::error("Invalid type").code("invalid-type").at(expr.span());
            let d = if PRIMITIVES.contains(&other) {
                d.detail(format!("The type {other:?} takes no arguments.")).hint(format!("Write {other}."))
            } else {
                reader::suggest(d.detail(format!("There is no type {other:?}.")), other, &COLLECTIONS)
            };
            diags.push(d);
            None
        }
    }
}

fn keyword(name: &str, expr: &Expr, diags: &mut Diagnostics) -> Option<Constraint> {
    let d = Diagnostic::error("Invalid type").code("invalid-type").at(expr.span());
    match name {
        "string" => return Some(Constraint::String),
        "number" => return Some(Constraint::Number),
        "bool" => return Some(Constraint::Bool),
        "any" => return Some(Constraint::Any),
        "list" | "set" | "map" => diags.push(
            d.detail(format!("A {name} needs the type of its elements."))
                .hint(format!("Write {name}(string), {name}(any) or the like.")),
        ),
        "object" => {
            diags.push(d.detail("An object needs its attributes.").hint("Write object({ name = string }) or the like."))
        }
        "tuple" => {
            diags.push(d.detail("A tuple needs its elements.").hint("Write tuple([string, number]) or the like."))
        }
        other => {
            let all: Vec<_> = PRIMITIVES.into_iter().chain(COLLECTIONS).collect();
            diags.push(reader::suggest(d.detail(format!("There is no type {other:?}.")), other, &all));
        }
    }
    None
}

fn one<'a>(name: &str, args: &'a [Expr], expr: &Expr, diags: &mut Diagnostics) -> Option<&'a Expr> {
    if let [arg] = args {
        return Some(arg);
    }
    diags.push(
        Diagnostic::error("Invalid type")
            .code("invalid-type")
            .detail(format!("{name}(…) takes one argument, but {} are given.", args.len()))
            .at(expr.span()),
    );
    None
}

fn wrong_argument<T>(arg: &Expr, expected: &str, diags: &mut Diagnostics) -> Option<T> {
    diags.push(
        Diagnostic::error("Invalid type").code("invalid-type").detail(format!("Expected {expected}.")).at(arg.span()),
    );
    None
}

fn object(arg: &Expr, diags: &mut Diagnostics) -> Option<Constraint> {
    let items = arg
        .as_object_items()
        .or_else(|| wrong_argument(arg, "attributes and their types: object({ name = string })", diags))?;
    let mut attributes = BTreeMap::new();
    let mut complete = true;
    for (key, value) in items {
        let Some(name) = key.as_keyword() else {
            complete = false;
            diags.push(
                Diagnostic::error("Invalid attribute name")
                    .code("invalid-name")
                    .detail("The name of an attribute is written as it is.")
                    .at(key.span()),
            );
            continue;
        };
        let Some(attribute) = attribute(&value, diags) else {
            complete = false;
            continue;
        };
        if attributes.insert(name.clone(), attribute).is_some() {
            complete = false;
            diags.push(
                Diagnostic::error("Duplicate attribute")
                    .code("duplicate-name")
                    .detail(format!("The attribute {:?} is given twice in this object type.", &*name))
                    .at(key.span()),
            );
        }
    }
    complete.then_some(Constraint::Object(attributes))
}

fn attribute(expr: &Expr, diags: &mut Diagnostics) -> Option<Attribute> {
    let args = match expr.as_call() {
        Some(call) if &*call.name == "optional" => call.args,
        _ => return constraint(expr, diags).map(|constraint| Attribute { constraint, presence: Presence::Required }),
    };
    let (ty, default) = match args.as_slice() {
        [ty] => (ty, None),
        [ty, default] => (ty, Some(default)),
        _ => {
            diags.push(
                Diagnostic::error("Invalid type")
                    .code("invalid-type")
                    .detail("optional(…) takes the type and, if there is one, the default.")
                    .at(expr.span()),
            );
            return None;
        }
    };
    let constraint = constraint(ty, diags)?;
    let Some(default) = default else { return Some(Attribute { constraint, presence: Presence::Optional }) };
    let value = literal(default, "default", &Type::Dynamic, diags)?;
    match constraint.apply(&value) {
        Ok(value) => Some(Attribute { constraint, presence: Presence::Default(value) }),
        Err(e) => {
            diags.push(
                Diagnostic::error("Default of the wrong type")
                    .code("invalid-default")
                    .detail(format!(
                        "The default does not fit the attribute's type: {}{}.",
                        in_path(&e.path),
                        e.message
                    ))
                    .at(default.span()),
            );
            None
        }
    }
}

/// The way into a value, for the front of a message.
pub(super) fn in_path(path: &str) -> String {
    if path.is_empty() { String::new() } else { format!("at {path}: ") }
}
