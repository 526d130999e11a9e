//! Expressions and bodies as other modules hold them: a piece of syntax with the file it is from.
//!
//! Cheap to clone and free to send between threads. Static questions are answered here ("is it a
//! bare word?", "what does it refer to?"); values come from [`super::eval`].

use super::ast::{At, AttributeNode, BlockNode, BodyNode, Node, NodeKind, Part, Step as StepNode, StepKind};
use super::refs::{self, Reference, Step, Traversal};
use crate::diag::{Diagnostics, SourceFile, Span};
use crate::value::{Name, Value};
use std::fmt;
use std::sync::Arc;

/// An expression.
#[derive(Clone)]
pub struct Expr {
    pub(super) file: Arc<SourceFile>,
    pub(super) node: Arc<Node>,
}

/// A call as it is written: `list(string)`.
#[derive(Debug, Clone)]
pub struct Call {
    /// The function's name.
    pub name: Name,
    /// Where the name is.
    pub name_span: Span,
    /// The arguments.
    pub args: Vec<Expr>,
}

impl Expr {
    pub(super) fn new(file: &Arc<SourceFile>, node: Arc<Node>) -> Self {
        Expr { file: file.clone(), node }
    }

    /// An expression that is a value, with the place that the value stands for.
    pub fn literal(value: Value, span: &Span) -> Self {
        let clamp = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let at = At { start: clamp(span.range.start), end: clamp(span.range.end) };
        Expr { file: span.file.clone(), node: Arc::new(Node { kind: NodeKind::Literal(value), at, height: 1 }) }
    }

    /// Where it is.
    pub fn span(&self) -> Span {
        self.span_of(self.node.at)
    }

    /// Whether it is a text of the JSON syntax, where references are texts too.
    pub fn is_json(&self) -> bool {
        matches!(self.node.kind, NodeKind::Json(_))
    }

    /// It as written; of a text of the JSON syntax what the text holds.
    pub fn source(&self) -> String {
        match &self.node.kind {
            NodeKind::Json(json) => json.text.to_string(),
            _ => self.span().text().to_owned(),
        }
    }

    fn span_of(&self, at: At) -> Span {
        Span::new(&self.file, at.range())
    }

    fn child(&self, node: &Arc<Node>) -> Expr {
        Expr::new(&self.file, node.clone())
    }

    /// The bare word that it is: `string`, `all`, a key of an object.
    pub fn as_keyword(&self) -> Option<Name> {
        match &self.node.kind {
            NodeKind::Name(name) | NodeKind::Key(name) => Some(name.clone()),
            NodeKind::Json(json) => self.child(json.code.as_ref()?).as_keyword(),
            _ => None,
        }
    }

    /// The text of a string without anything to evaluate in it.
    pub fn as_string(&self) -> Option<Name> {
        match &self.node.kind {
            NodeKind::Template(parts) => match parts.as_slice() {
                [] => Some("".into()),
                [Part::Text(text)] => Some(text.clone()),
                _ => None,
            },
            NodeKind::Literal(value) => value.as_str().map(Into::into),
            NodeKind::Json(json) => self.child(&json.template).as_string(),
            _ => None,
        }
    }

    /// The literal that it is: a number, `true`, `false`, `null` or a plain string.
    pub fn as_literal(&self) -> Option<Value> {
        match &self.node.kind {
            NodeKind::Literal(value) => Some(value.clone()),
            _ => self.as_string().map(Value::string),
        }
    }

    /// Whether it is the literal `null`.
    pub fn is_null(&self) -> bool {
        matches!(&self.node.kind, NodeKind::Literal(v) if v.is_null())
    }

    /// The call that it is.
    pub fn as_call(&self) -> Option<Call> {
        match &self.node.kind {
            NodeKind::Call { name, name_at, args, .. } => Some(Call {
                name: name.clone(),
                name_span: self.span_of(*name_at),
                args: args.iter().map(|a| self.child(a)).collect(),
            }),
            NodeKind::Json(json) => self.child(json.code.as_ref()?).as_call(),
            _ => None,
        }
    }

    /// The items of a list in brackets.
    pub fn as_list_items(&self) -> Option<Vec<Expr>> {
        match &self.node.kind {
            NodeKind::List(items) => Some(items.iter().map(|i| self.child(i)).collect()),
            _ => None,
        }
    }

    /// Keys and values of an object in braces; a bare key answers [`Expr::as_keyword`].
    pub fn as_object_items(&self) -> Option<Vec<(Expr, Expr)>> {
        match &self.node.kind {
            NodeKind::Object(items) => Some(items.iter().map(|(k, v)| (self.child(k), self.child(v))).collect()),
            _ => None,
        }
    }

    /// The path that it is: `aws.london`, `tags["Name"]`, `module.a.aws_vpc.b[0]`. Also of a bare
    /// word, then without steps.
    pub fn as_traversal(&self) -> Option<Traversal> {
        let (root, steps): (_, &[StepNode]) = match &self.node.kind {
            NodeKind::Json(json) => return self.child(json.code.as_ref()?).as_traversal(),
            NodeKind::Traversal { root, steps } => (root, steps),
            _ => (&self.node, &[]),
        };
        let (NodeKind::Name(name) | NodeKind::Key(name)) = &root.kind else { return None };
        let mut out = Vec::new();
        flatten(&self.file, steps, &mut out);
        Some(Traversal { root: name.clone(), root_span: self.span_of(root.at), steps: out, span: self.span() })
    }

    /// The reference that it is, or why it is none.
    pub fn as_reference(&self) -> Result<Reference, Diagnostics> {
        let Some(traversal) = self.as_traversal() else {
            return Err(refs::not_a_reference(&self.span()).into());
        };
        Ok(traversal.to_reference()?)
    }

    /// Its references, in the order written; names bound by its own `for` are left out, and so
    /// are malformed references, which [`Expr::check_references`] reports.
    pub fn references(&self) -> Vec<Reference> {
        self.all_references().0
    }

    /// Its references, without those that `FORGETS` makes null.
    pub fn kept_references(&self) -> Vec<Reference> {
        let mut walk = Walk { kept: true, ..Walk::of(self) };
        walk.node(&self.node, None);
        walk.found
    }

    /// Its references, and what is wrong with references that cannot be understood.
    pub fn all_references(&self) -> (Vec<Reference>, Diagnostics) {
        let mut walk = Walk::of(self);
        walk.node(&self.node, None);
        (walk.found, walk.errors)
    }

    /// The errors in its references, found without evaluating it.
    pub fn check_references(&self) -> Diagnostics {
        self.all_references().1
    }

    /// The functions that it calls, with the place of each name.
    pub fn function_calls(&self) -> Vec<(Name, Span)> {
        let mut walk = Walk::of(self);
        walk.node(&self.node, None);
        walk.functions
    }
}

impl fmt::Debug for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Expr({})", self.span().text())
    }
}

fn flatten(file: &Arc<SourceFile>, steps: &[StepNode], out: &mut Vec<Step>) {
    for step in steps {
        match &step.kind {
            StepKind::Attribute(name) => out.push(Step::Attribute(name.clone())),
            StepKind::Index(key) => {
                let key = Expr::new(file, key.clone());
                out.push(key.as_literal().map_or_else(|| Step::Expression(key), Step::Index));
            }
            StepKind::Splat(each) => {
                out.push(Step::Splat);
                flatten(file, each, out);
            }
        }
    }
}

/// Names bound by the `for` expressions around a node.
struct Names<'a> {
    key: Option<&'a Name>,
    value: &'a Name,
    outer: Option<&'a Names<'a>>,
}

fn is_bound(mut names: Option<&Names<'_>>, name: &str) -> bool {
    while let Some(n) = names {
        if &**n.value == name || n.key.is_some_and(|k| &**k == name) {
            return true;
        }
        names = n.outer;
    }
    false
}

/// Whether a function converts a value to a type that is written out.
pub(super) fn is_convert(name: &str) -> bool {
    matches!(name, "convert" | "core::convert")
}

struct Walk<'a> {
    expr: &'a Expr,
    found: Vec<Reference>,
    errors: Diagnostics,
    functions: Vec<(Name, Span)>,
    /// Whether what becomes null is left out.
    kept: bool,
}

/// The function that makes null of an ephemeral value.
pub(super) const FORGETS: &str = "ephemeralasnull";

impl<'a> Walk<'a> {
    fn of(expr: &'a Expr) -> Self {
        Walk { expr, found: Vec::new(), errors: Diagnostics::new(), functions: Vec::new(), kept: false }
    }
}

impl Walk<'_> {
    fn reference(&mut self, node: &Arc<Node>) {
        if let Some(traversal) = self.expr.child(node).as_traversal()
            && let Some(reference) = self.errors.take(traversal.to_reference())
        {
            self.found.push(reference);
        }
    }

    fn node(&mut self, node: &Arc<Node>, bound: Option<&Names<'_>>) {
        match &node.kind {
            NodeKind::Literal(_) | NodeKind::Key(_) => {}
            NodeKind::Name(name) => {
                if !is_bound(bound, name) {
                    self.reference(node);
                }
            }
            NodeKind::Traversal { root, steps } => {
                match &root.kind {
                    NodeKind::Name(name) if !is_bound(bound, name) => self.reference(node),
                    NodeKind::Name(_) => {}
                    _ => self.node(root, bound),
                }
                self.steps(steps, bound);
            }
            NodeKind::Template(parts) => self.parts(parts, bound),
            NodeKind::Json(json) => self.node(&json.template, bound),
            NodeKind::Passthrough(inner) | NodeKind::Paren(inner) => self.node(inner, bound),
            NodeKind::Unary { operand, .. } => self.node(operand, bound),
            NodeKind::Binary { left, right, .. } => {
                self.node(left, bound);
                self.node(right, bound);
            }
            NodeKind::Conditional { condition, yes, no } => {
                [condition, yes, no].into_iter().for_each(|n| self.node(n, bound));
            }
            NodeKind::Call { name, name_at, args, .. } => {
                self.functions.push((name.clone(), self.expr.span_of(*name_at)));
                // The second argument of `convert` is a type.
                let values = match &**name {
                    name if is_convert(name) => 1,
                    FORGETS if self.kept => 0,
                    _ => args.len(),
                };
                args.iter().take(values).for_each(|n| self.node(n, bound));
            }
            NodeKind::List(items) => items.iter().for_each(|n| self.node(n, bound)),
            NodeKind::Object(items) => items.iter().for_each(|(k, v)| {
                self.node(k, bound);
                self.node(v, bound);
            }),
            NodeKind::For(r#for) => {
                self.node(&r#for.collection, bound);
                let inner = Names { key: r#for.key_name.as_ref(), value: &r#for.value_name, outer: bound };
                let parts = [r#for.key.as_ref(), Some(&r#for.value), r#for.condition.as_ref()];
                parts.into_iter().flatten().for_each(|n| self.node(n, Some(&inner)));
            }
        }
    }

    fn steps(&mut self, steps: &[StepNode], bound: Option<&Names<'_>>) {
        for step in steps {
            match &step.kind {
                StepKind::Attribute(_) => {}
                StepKind::Index(key) => self.node(key, bound),
                StepKind::Splat(each) => self.steps(each, bound),
            }
        }
    }

    fn parts(&mut self, parts: &[Part], bound: Option<&Names<'_>>) {
        for part in parts {
            match part {
                Part::Text(_) => {}
                Part::Interpolation(inner) => self.node(inner, bound),
                Part::If { condition, yes, no } => {
                    self.node(condition, bound);
                    self.parts(yes, bound);
                    self.parts(no, bound);
                }
                Part::For { key_name, value_name, collection, body } => {
                    self.node(collection, bound);
                    let inner = Names { key: key_name.as_ref(), value: value_name, outer: bound };
                    self.parts(body, Some(&inner));
                }
            }
        }
    }
}

/// The content of a file or block.
#[derive(Clone)]
pub struct Body {
    pub(super) file: Arc<SourceFile>,
    pub(super) node: Arc<BodyNode>,
}

/// `name = value`
#[derive(Debug, Clone)]
pub struct Attribute {
    /// The name.
    pub name: Name,
    /// Where the name is.
    pub name_span: Span,
    /// The value.
    pub expr: Expr,
    json: bool,
}

impl Attribute {
    /// A value that is given from outside of the language; `span` stands for it.
    pub fn given(name: &str, value: Value, span: &Span) -> Self {
        Attribute { name: name.into(), name_span: span.clone(), expr: Expr::literal(value, span), json: false }
    }
}

/// `ident "label" { … }`
#[derive(Debug, Clone)]
pub struct Block {
    /// The kind of the block.
    pub ident: Name,
    /// Where that is.
    pub ident_span: Span,
    /// The labels, each with its place, quotes included.
    pub labels: Vec<(Name, Span)>,
    /// The content.
    pub body: Body,
    /// The header: from the kind to the last label.
    pub span: Span,
}

impl Body {
    pub(super) fn new(file: &Arc<SourceFile>, node: Arc<BodyNode>) -> Self {
        Body { file: file.clone(), node }
    }

    /// A body without anything in it, for what may be left out.
    pub fn empty(file: &Arc<SourceFile>) -> Self {
        Body::new(file, Arc::default())
    }

    /// The same without the attributes and blocks of these names.
    pub fn without(&self, attributes: &[&str], blocks: &[&str]) -> Self {
        let node = &self.node;
        let attributes = node.attributes.iter().filter(|a| !attributes.contains(&&*a.name)).cloned().collect();
        let blocks = node.blocks.iter().filter(|b| !blocks.contains(&&*b.name)).cloned().collect();
        Body::new(&self.file, Arc::new(BodyNode { attributes, blocks, at: node.at }))
    }

    /// The same without the blocks that `left_out` says.
    pub fn without_blocks(&self, left_out: impl Fn(&Block) -> bool) -> Self {
        let node = &self.node;
        let blocks = node.blocks.iter().filter(|b| !left_out(&self.block(b))).cloned().collect();
        Body::new(&self.file, Arc::new(BodyNode { attributes: node.attributes.clone(), blocks, at: node.at }))
    }

    /// Whether nothing is in it.
    pub fn is_empty(&self) -> bool {
        self.node.attributes.is_empty() && self.node.blocks.is_empty()
    }

    /// The file that it is from.
    pub fn file(&self) -> &Arc<SourceFile> {
        &self.file
    }

    fn span_of(&self, at: At) -> Span {
        Span::new(&self.file, at.range())
    }

    /// Where it is.
    pub fn span(&self) -> Span {
        self.span_of(self.node.at)
    }

    /// Its attributes, in the order written.
    pub fn attributes(&self) -> impl Iterator<Item = Attribute> + '_ {
        self.node.attributes.iter().map(|a| {
            let file = a.file.as_ref().unwrap_or(&self.file);
            Attribute {
                name: a.name.clone(),
                name_span: Span::new(file, a.name_at.range()),
                expr: Expr::new(file, a.value.clone()),
                json: a.json,
            }
        })
    }

    /// The attribute of a name.
    pub fn attribute(&self, name: &str) -> Option<Attribute> {
        self.attributes().find(|a| &*a.name == name)
    }

    /// Its blocks, in the order written.
    pub fn blocks(&self) -> impl Iterator<Item = Block> + '_ {
        self.node.blocks.iter().map(|b| self.block(b))
    }

    /// The blocks of a kind.
    pub fn blocks_of<'a>(&'a self, ident: &'a str) -> impl Iterator<Item = Block> + 'a {
        self.node.blocks.iter().filter(move |b| &*b.name == ident).map(|b| self.block(b))
    }

    fn block(&self, b: &BlockNode) -> Block {
        let header = b.labels.last().map_or(b.name_at, |(_, at)| b.name_at.to(*at));
        let file = b.file.as_ref().unwrap_or(&self.file);
        let span = |at: At| Span::new(file, at.range());
        Block {
            ident: b.name.clone(),
            ident_span: span(b.name_at),
            labels: b.labels.iter().map(|(label, at)| (label.clone(), span(*at))).collect(),
            body: Body::new(file, b.body.clone()),
            span: span(header),
        }
    }

    /// A body of these attributes and blocks, which may be from several files.
    pub fn of(&self, attributes: Vec<Attribute>, blocks: Vec<Block>) -> Self {
        let at = |span: &Span| Expr::literal(Value::any_null(), span).node.at;
        let attributes = attributes.into_iter().map(|a| AttributeNode {
            name_at: at(&a.name_span),
            name: a.name,
            value: a.expr.node,
            file: Some(a.expr.file),
            json: a.json,
        });
        let blocks = blocks.into_iter().map(|b| BlockNode {
            name_at: at(&b.ident_span),
            name: b.ident,
            labels: b.labels.iter().map(|(label, span)| (label.clone(), at(span))).collect(),
            file: Some(b.ident_span.file),
            body: b.body.node,
        });
        let (attributes, blocks) = (attributes.collect(), blocks.collect());
        Body::new(&self.file, Arc::new(BodyNode { attributes, blocks, at: self.node.at }))
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Body({:?})", self.span())
    }
}
