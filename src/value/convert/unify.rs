//! The one type that values of several types can all become.

use super::convertible;
use crate::value::{Name, Type};
use std::collections::BTreeMap;

/// The type that all of `types` convert to, if there is one; `Dynamic` for no types at all.
///
/// Types not known yet take part in nothing and adopt the result. Objects with the same attributes
/// stay objects, others become a map; tuples of the same length stay tuples, others become a list.
pub fn unify(types: &[Type]) -> Option<Type> {
    let known: Vec<&Type> = types.iter().filter(|t| **t != Type::Dynamic).collect();
    let Some(first) = known.first() else { return Some(Type::Dynamic) };
    if known.iter().all(|t| t == first) {
        return Some((*first).clone());
    }
    if let Some(objects) = known.iter().map(|t| as_object(t)).collect::<Option<Vec<_>>>() {
        return unify_objects(&objects);
    }
    if let Some(tuples) = known.iter().map(|t| as_tuple(t)).collect::<Option<Vec<_>>>() {
        return unify_tuples(&tuples);
    }
    unify_collections(&known).or_else(|| {
        let mut candidates = known.clone();
        candidates.sort_by_key(|t| generality(t));
        candidates.into_iter().find(|want| known.iter().all(|t| convertible(t, want))).cloned()
    })
}

fn as_object(ty: &Type) -> Option<&BTreeMap<Name, Type>> {
    match ty {
        Type::Object(attributes) => Some(attributes),
        _ => None,
    }
}

fn as_tuple(ty: &Type) -> Option<&[Type]> {
    match ty {
        Type::Tuple(parts) => Some(parts),
        _ => None,
    }
}

fn unify_objects(objects: &[&BTreeMap<Name, Type>]) -> Option<Type> {
    let first = objects.first()?;
    if objects.iter().all(|o| o.len() == first.len() && o.keys().eq(first.keys())) {
        let mut attributes = BTreeMap::new();
        for name in first.keys() {
            let across: Vec<Type> = objects.iter().filter_map(|o| o.get(name)).cloned().collect();
            attributes.insert(name.clone(), unify(&across)?);
        }
        return Some(Type::object(attributes));
    }
    let all: Vec<Type> = objects.iter().flat_map(|o| o.values()).cloned().collect();
    Some(Type::map(unify(&all)?))
}

fn unify_tuples(tuples: &[&[Type]]) -> Option<Type> {
    let first = tuples.first()?;
    if tuples.iter().all(|t| t.len() == first.len()) {
        let across = |i: usize| tuples.iter().filter_map(|t| t.get(i)).cloned().collect::<Vec<_>>();
        return (0..first.len()).map(|i| unify(&across(i))).collect::<Option<_>>().map(Type::tuple);
    }
    let all: Vec<Type> = tuples.iter().flat_map(|t| t.iter()).cloned().collect();
    Some(Type::list(unify(&all)?))
}

/// Collections of one kind, beside tuples or objects that can become that kind.
fn unify_collections(types: &[&Type]) -> Option<Type> {
    let mut elements = Vec::new();
    let (mut lists, mut sets, mut maps) = (0, 0, 0);
    let (mut tuples, mut objects) = (0, 0);
    for ty in types {
        match ty {
            Type::List(t) => (lists, _) = (lists + 1, elements.push((**t).clone())),
            Type::Set(t) => (sets, _) = (sets + 1, elements.push((**t).clone())),
            Type::Map(t) => (maps, _) = (maps + 1, elements.push((**t).clone())),
            Type::Tuple(ts) => (tuples, _) = (tuples + 1, elements.extend(ts.iter().cloned())),
            Type::Object(ts) => (objects, _) = (objects + 1, elements.extend(ts.values().cloned())),
            _ => return None,
        }
    }
    let kind: fn(Type) -> Type = match types.len() {
        n if maps > 0 && maps + objects == n => Type::map,
        n if sets > 0 && sets + tuples == n => Type::set,
        n if lists > 0 && lists + sets + tuples == n => Type::list,
        _ => return None,
    };
    Some(kind(unify(&elements)?))
}

/// Smaller for types that lose less when others become them.
fn generality(ty: &Type) -> u8 {
    match ty {
        Type::String | Type::List(_) | Type::Map(_) => 0,
        Type::Set(_) => 1,
        _ => 2,
    }
}
