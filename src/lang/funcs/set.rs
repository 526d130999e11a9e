//! Functions of sets.

use super::FunctionError;
use super::args::Args;
use super::function::{Function, any, set_of_any};
use crate::value::convert::{convert, unify};
use crate::value::{Type, Value};
use std::collections::BTreeSet;

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("setintersection", &[set_of_any("first_set")], set_type, |a| {
        combine(a, |all, other| {
            let other: BTreeSet<&Value> = other.iter().collect();
            all.retain(|v| other.contains(v));
        })
    })
    .variadic(set_of_any("other_sets")),
    Function::new("setproduct", &[], product_type, product).variadic(any("sets").inside().marked()),
    Function::new("setsubtract", &[set_of_any("a"), set_of_any("b")], set_type, |a| {
        combine(a, |all, other| {
            let other: BTreeSet<&Value> = other.iter().collect();
            all.retain(|v| !other.contains(v));
        })
    }),
    Function::new("setunion", &[set_of_any("first_set")], set_type, |a| {
        combine(a, |all, other| all.extend(other.iter().cloned()))
    })
    .variadic(set_of_any("other_sets")),
];

/// The set type that all arguments share. An empty set of no type in particular fits any.
fn set_type(a: &Args) -> Result<Type, FunctionError> {
    let elements: Vec<Type> = a
        .rest(0)
        .iter()
        .map(|v| match v.ty() {
            Type::Set(element) => (*element).clone(),
            other => other,
        })
        .collect();
    unify(&elements)
        .map(Type::set)
        .ok_or_else(|| FunctionError::new("given sets must all have compatible element types"))
}

fn combine(a: &Args, step: fn(&mut Vec<Value>, &[Value])) -> Result<Value, FunctionError> {
    let ty = set_type(a)?;
    let mut sets = Vec::with_capacity(a.len());
    for (i, set) in a.rest(0).iter().enumerate() {
        sets.push(convert(set, &ty).map_err(|e| FunctionError::at(i, e.message))?);
    }
    let mut sets = sets.iter().map(|s| s.as_elements().unwrap_or_default());
    let mut all = sets.next().unwrap_or_default().to_vec();
    for other in sets {
        step(&mut all, other);
    }
    let element = match ty {
        Type::Set(element) => (*element).clone(),
        other => other,
    };
    Ok(Value::set(element, all))
}

/// The element type of each factor, and whether a factor is a set, which makes the product one.
fn factors(a: &Args) -> Result<(Vec<Type>, bool), FunctionError> {
    if a.len() < 2 {
        return Err(FunctionError::new("at least two arguments are required"));
    }
    let mut elements = Vec::with_capacity(a.len());
    let mut some_set = false;
    for (i, factor) in a.rest(0).iter().enumerate() {
        elements.push(match factor.ty() {
            Type::Set(element) => {
                some_set = true;
                (*element).clone()
            }
            Type::List(element) => (*element).clone(),
            Type::Tuple(parts) => {
                unify(&parts).ok_or_else(|| FunctionError::at(i, "all elements must be of the same type"))?
            }
            _ => return Err(FunctionError::at(i, "a set or a list is required")),
        });
    }
    Ok((elements, some_set))
}

fn product_type(a: &Args) -> Result<Type, FunctionError> {
    let (elements, sets) = factors(a)?;
    let tuple = Type::tuple(elements);
    Ok(if sets { Type::set(tuple) } else { Type::list(tuple) })
}

fn product(a: &Args) -> Result<Value, FunctionError> {
    let (types, sets) = factors(a)?;
    let lengths = a.rest(0).iter().map(|f| f.as_elements().map_or(0, <[_]>::len));
    let rows = lengths.fold(1usize, usize::saturating_mul);
    a.room(rows.saturating_mul(a.len() + 1), 0)?;
    let mut rows: Vec<Vec<Value>> = vec![Vec::new()];
    for (i, (factor, ty)) in a.rest(0).iter().zip(&types).enumerate() {
        let mut elements = Vec::new();
        for v in factor.as_elements().unwrap_or_default() {
            elements.push(convert(v, ty).map_err(|e| FunctionError::at(i, e.message))?);
        }
        rows = rows
            .iter()
            .flat_map(|row| elements.iter().map(move |v| row.iter().chain([v]).cloned().collect()))
            .collect();
    }
    let sensitive = a.rest(0).iter().any(Value::is_sensitive);
    let element = Type::tuple(types);
    let rows = rows.into_iter().map(Value::tuple).collect();
    let product = if sets { Value::set(element, rows) } else { Value::list(element, rows) };
    Ok(product.mark(sensitive))
}
