//! Blocks and arguments of the JSON syntax: what a property is follows from its name and where it is.

use super::ast::{At, AttributeNode, BlockNode, BodyNode, Node, NodeKind};
use super::expr::Body;
use crate::diag::{Diagnostic, Diagnostics, SourceFile, Span};
use crate::value::Name;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// Which properties of a body are blocks.
pub trait Shapes {
    /// How many labels the blocks of a name have; `None` for an argument. `objects` says whether the value is an
    /// object or an array of objects.
    fn labels(&self, name: &str, objects: bool) -> Option<usize>;
    /// The same inside of a block with this name and first label.
    fn inside(&self, name: &str, label: Option<&str>) -> Box<dyn Shapes + '_>;
}

/// What an object, or an array of objects, says as a body. Comments are left out.
pub(super) fn body_of(node: &Arc<Node>) -> Option<BodyNode> {
    let mut body = BodyNode { at: node.at, ..BodyNode::default() };
    match &node.kind {
        NodeKind::Object(items) => {
            for (key, value) in items {
                let Some(name) = property(key).filter(|name| &**name != "//") else { continue };
                body.attributes.push(AttributeNode {
                    name,
                    name_at: key.at,
                    value: value.clone(),
                    file: None,
                    json: true,
                });
            }
        }
        NodeKind::List(items) => {
            for item in items {
                body.attributes.extend(body_of(item)?.attributes);
            }
        }
        _ => return None,
    }
    Some(body)
}

fn property(key: &Node) -> Option<Name> {
    match &key.kind {
        NodeKind::Json(json) => Some(json.text.clone()),
        _ => None,
    }
}

fn is_objects(node: &Node) -> bool {
    match &node.kind {
        NodeKind::Object(_) => true,
        NodeKind::List(items) => !items.is_empty() && items.iter().all(|i| matches!(i.kind, NodeKind::Object(_))),
        _ => false,
    }
}

/// A body with its blocks distinguished from its arguments. What is not written in JSON stays as it is.
pub fn shaped(body: &Body, shapes: &dyn Shapes, diags: &mut Diagnostics) -> Body {
    let node = body_node(&body.node, &body.file, shapes, diags);
    Body::new(&body.file, Arc::new(node))
}

fn body_node(body: &BodyNode, file: &Arc<SourceFile>, shapes: &dyn Shapes, diags: &mut Diagnostics) -> BodyNode {
    let mut shaped = BodyNode { at: body.at, ..BodyNode::default() };
    let mut seen: HashMap<&Name, At> = HashMap::new();
    for attribute in &body.attributes {
        let own = attribute.file.as_ref().unwrap_or(file);
        let labels = shapes.labels(&attribute.name, is_objects(&attribute.value)).filter(|_| attribute.json);
        match labels {
            Some(labels) => {
                let start = Blocks { attribute, file: own, shapes, left: labels };
                start.unpack(&attribute.value, &mut Vec::new(), &mut shaped.blocks, diags);
            }
            None => {
                if let Some(first) = seen.insert(&attribute.name, attribute.name_at)
                    && attribute.json
                {
                    let (line, _) = Span::new(own, first.range()).line_column();
                    diags.push(
                        Diagnostic::error("Duplicate argument")
                            .code("duplicate-name")
                            .detail(format!("The argument {:?} was already set on line {line}.", &*attribute.name))
                            .at(Span::new(own, attribute.name_at.range())),
                    );
                    continue;
                }
                if attribute.json {
                    twice(&attribute.value, own, diags);
                }
                shaped.attributes.push(attribute.clone());
            }
        }
    }
    for block in &body.blocks {
        let own = block.file.as_ref().unwrap_or(file);
        let inside = shapes.inside(&block.name, block.labels.first().map(|(label, _)| &**label));
        let inner = body_node(&block.body, own, &*inside, diags);
        shaped.blocks.push(BlockNode { body: Arc::new(inner), ..block.clone() });
    }
    shaped
}

/// Reports the properties that an object in a value has twice.
fn twice(node: &Node, file: &Arc<SourceFile>, diags: &mut Diagnostics) {
    match &node.kind {
        NodeKind::Object(items) => {
            let mut seen = HashSet::new();
            for (key, value) in items {
                if let Some(name) = property(key).filter(|name| !seen.insert(name.clone())) {
                    diags.push(
                        Diagnostic::error("Duplicate property")
                            .code("duplicate-name")
                            .detail(format!("The object already has a property {:?}.", &*name))
                            .at(Span::new(file, key.at.range())),
                    );
                }
                twice(value, file, diags);
            }
        }
        NodeKind::List(items) => items.iter().for_each(|item| twice(item, file, diags)),
        _ => {}
    }
}

/// The blocks that a property stands for.
struct Blocks<'a> {
    attribute: &'a AttributeNode,
    file: &'a Arc<SourceFile>,
    shapes: &'a dyn Shapes,
    /// How many labels they have.
    left: usize,
}

impl Blocks<'_> {
    fn wrong(&self, node: &Node, detail: String) -> Diagnostic {
        Diagnostic::error("Incorrect JSON value")
            .code("syntax")
            .detail(detail)
            .at(Span::new(self.file, node.at.range()))
    }

    fn unpack(
        &self,
        value: &Arc<Node>,
        labels: &mut Vec<(Name, At)>,
        blocks: &mut Vec<BlockNode>,
        diags: &mut Diagnostics,
    ) {
        let name = &self.attribute.name;
        if labels.len() < self.left {
            let Some(body) = body_of(value) else {
                let detail = format!(
                    "{:?} blocks have labels: an object is required, whose property names are the labels.",
                    &**name
                );
                diags.push(self.wrong(value, detail));
                return;
            };
            for property in body.attributes {
                labels.push((property.name, property.name_at));
                self.unpack(&property.value, labels, blocks, diags);
                labels.pop();
            }
            return;
        }
        match &value.kind {
            NodeKind::Literal(null) if null.is_null() => {}
            NodeKind::List(items) => items.iter().for_each(|item| self.block(item, labels, blocks, diags)),
            _ => self.block(value, labels, blocks, diags),
        }
    }

    fn block(&self, value: &Arc<Node>, labels: &[(Name, At)], blocks: &mut Vec<BlockNode>, diags: &mut Diagnostics) {
        let AttributeNode { name, name_at, .. } = self.attribute;
        let Some(body) = body_of(value) else {
            let detail = format!("{:?} is a block: an object, or an array of objects, is required.", &**name);
            diags.push(self.wrong(value, detail));
            return;
        };
        let inside = self.shapes.inside(name, labels.first().map(|(label, _)| &**label));
        let body = Arc::new(body_node(&body, self.file, &*inside, diags));
        let file = self.attribute.file.clone();
        blocks.push(BlockNode { name: name.clone(), name_at: *name_at, labels: labels.to_vec(), body, file });
    }
}
