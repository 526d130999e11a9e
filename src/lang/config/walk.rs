//! The expressions of a body, wherever they are in it: in arguments, nested blocks and `dynamic`
//! blocks, whose iterators are names of their own.

use crate::lang::expr::{Block, Body, Expr};
use crate::lang::refs::{Reference, Subject};
use crate::value::Name;
use crate::value::address::Mode;

/// An expression, and the iterators of the `dynamic` blocks around it.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub expr: Expr,
    pub iterators: Vec<Name>,
}

impl Found {
    /// The references of the expression outside of its `dynamic` blocks.
    pub fn references(&self) -> impl Iterator<Item = Reference> {
        self.expr.references().into_iter().filter(|r| iterator(r, &self.iterators).is_none())
    }
}

/// All that a body refers to, without the iterators of its `dynamic` blocks.
pub fn references(body: &Body) -> Vec<Reference> {
    expressions(body).iter().flat_map(Found::references).collect()
}

/// All expressions of a body.
pub(super) fn expressions(body: &Body) -> Vec<Found> {
    let mut found = Vec::new();
    walk(body, &[], &mut found);
    found
}

fn walk(body: &Body, iterators: &[Name], found: &mut Vec<Found>) {
    found.extend(body.attributes().map(|a| Found { expr: a.expr, iterators: iterators.to_vec() }));
    for block in body.blocks() {
        match Dynamic::of(&block) {
            Some(dynamic) => {
                let inner: Vec<_> = iterators.iter().cloned().chain([dynamic.iterator.clone()]).collect();
                found.extend(dynamic.for_each.map(|expr| Found { expr, iterators: iterators.to_vec() }));
                found.extend(dynamic.labels.map(|expr| Found { expr, iterators: inner.clone() }));
                if let Some(content) = dynamic.content {
                    walk(&content, &inner, found);
                }
            }
            None => walk(&block.body, iterators, found),
        }
    }
}

/// The parts of a `dynamic` block.
#[derive(Debug, Clone)]
pub(super) struct Dynamic {
    /// The name of the blocks that it makes.
    pub name: Name,
    /// The name of its elements: `iterator`, or the name of the blocks.
    pub iterator: Name,
    pub for_each: Option<Expr>,
    pub labels: Option<Expr>,
    pub content: Option<Body>,
}

impl Dynamic {
    /// The parts of `block` if it is a `dynamic` block with a label; what is wrong with it is not
    /// reported here.
    pub fn of(block: &Block) -> Option<Self> {
        if &*block.ident != "dynamic" {
            return None;
        }
        let (name, _) = block.labels.first()?;
        let get = |name: &str| block.body.attribute(name).map(|a| a.expr);
        Some(Dynamic {
            name: name.clone(),
            iterator: get("iterator").and_then(|e| e.as_keyword()).unwrap_or_else(|| name.clone()),
            for_each: get("for_each"),
            labels: get("labels"),
            content: block.body.blocks_of("content").next().map(|b| b.body),
        })
    }
}

/// Which of `iterators` a reference is to: `ingress.value` reads like a resource of type `ingress`.
pub(super) fn iterator<'a>(reference: &Reference, iterators: &'a [Name]) -> Option<&'a Name> {
    match &reference.subject {
        Subject::Resource { mode: Mode::Managed, type_name, .. } => iterators.iter().find(|i| *i == type_name),
        _ => None,
    }
}
