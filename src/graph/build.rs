//! The graph of a layout's blocks: a node per variable, local, output, resource, module call,
//! provider and check of every module call, an edge for every reference.
//!
//! Static: it knows blocks, not the instances that `count` and `for_each` make of them. Cycles are
//! found here, all of them at once.

use crate::diag::{Diagnostic, Diagnostics, Span};
use crate::lang::config::{ModuleCall, ModuleNode, Resource, ResourceKey, references};
use crate::lang::expr::Expr;
use crate::lang::refs::{Reference, Step, Subject};
use crate::value::Name;
use crate::value::address::Mode;
use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::visit::EdgeRef;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::fmt;
use std::sync::Arc;

/// The way to a module by the names of its calls, without instance keys; empty for the root.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct CallPath(pub Arc<Vec<Name>>);

/// The block that a node of the graph stands for, within its module.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Item {
    /// A `variable`; in a child module with the argument of the call.
    Variable(Name),
    /// An entry of `locals`.
    Local(Name),
    /// An `output`.
    Output(Name),
    /// A `schema` or `data` block.
    Resource(ResourceKey),
    /// The `count` or `for_each` of a `module` block.
    Call(Name),
    /// A `provider` block: its place among those of the module.
    Provider(usize),
    /// A `check` block.
    Check(Name),
}

/// A node of the graph.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Node {
    /// The module that has the block.
    pub path: CallPath,
    /// The block.
    pub item: Item,
}

/// The part of what is needed that is read: these attributes of a resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reads {
    /// All of it, or more than can be seen in the text.
    Whole,
    /// Only these.
    Attributes(BTreeSet<Name>),
}

impl Reads {
    /// Whether this attribute is read.
    pub fn has(&self, attribute: &str) -> bool {
        match self {
            Reads::Whole => true,
            Reads::Attributes(names) => names.contains(attribute),
        }
    }

    /// What is read by this and by `other`.
    pub fn add(&mut self, other: Reads) {
        match (&mut *self, other) {
            (Reads::Attributes(all), Reads::Attributes(more)) => all.extend(more),
            _ => *self = Reads::Whole,
        }
    }

    fn of(reference: &Reference) -> Self {
        let attribute = reference.steps.iter().find_map(Step::attribute);
        match (&reference.subject, attribute) {
            (Subject::Resource { .. }, Some(name)) => Reads::Attributes(BTreeSet::from([name.into()])),
            _ => Reads::Whole,
        }
    }
}

/// The graph; an edge leads from what is needed to what needs it.
#[derive(Debug)]
pub struct Graph {
    nodes: DiGraph<Node, Reads>,
    index: HashMap<Node, NodeIndex>,
    order: Vec<NodeIndex>,
}

impl CallPath {
    /// The module that the call `name` in this one makes.
    pub fn child(&self, name: &Name) -> Self {
        let mut path = (*self.0).clone();
        path.push(name.clone());
        CallPath(Arc::new(path))
    }

    fn prefix(&self) -> String {
        self.0.iter().map(|name| format!("module.{name}.")).collect()
    }
}

impl fmt::Display for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.path.prefix())?;
        match &self.item {
            Item::Variable(name) => write!(f, "var.{name}"),
            Item::Local(name) => write!(f, "local.{name}"),
            Item::Output(name) => write!(f, "output.{name}"),
            Item::Resource((Mode::Managed, ty, name)) => write!(f, "{ty}.{name}"),
            Item::Resource((Mode::Data, ty, name)) => write!(f, "data.{ty}.{name}"),
            Item::Call(name) => write!(f, "module.{name}"),
            Item::Provider(i) => write!(f, "provider[{i}]"),
            Item::Check(name) => write!(f, "check.{name}"),
        }
    }
}

impl Graph {
    /// All nodes, each after those that it needs.
    pub fn order(&self) -> impl Iterator<Item = (NodeIndex, &Node)> {
        self.order.iter().map(|&i| (i, &self.nodes[i]))
    }

    /// The node with this index.
    pub fn node(&self, index: NodeIndex) -> &Node {
        &self.nodes[index]
    }

    /// The index of a node.
    pub fn find(&self, node: &Node) -> Option<NodeIndex> {
        self.index.get(node).copied()
    }

    /// The nodes that a node needs directly.
    pub fn needs(&self, index: NodeIndex) -> impl Iterator<Item = NodeIndex> + '_ {
        self.nodes.edges_directed(index, petgraph::Direction::Incoming).map(|e| e.source())
    }

    /// The resource nodes that a node is made of, through variables, locals, outputs and module calls, with what is
    /// read of each. Resources beyond those are not followed.
    pub fn made_of(&self, index: NodeIndex) -> HashMap<NodeIndex, Reads> {
        let mut found: HashMap<NodeIndex, Reads> = HashMap::new();
        let mut seen = HashSet::from([index]);
        let mut open = vec![index];
        while let Some(at) = open.pop() {
            for edge in self.nodes.edges_directed(at, petgraph::Direction::Incoming) {
                let need = edge.source();
                if matches!(self.nodes[need].item, Item::Resource(_)) {
                    let reads = || Reads::Attributes(BTreeSet::new());
                    found.entry(need).or_insert_with(reads).add(edge.weight().clone());
                } else if seen.insert(need) {
                    open.push(need);
                }
            }
        }
        found
    }

    /// For every resource node: the resource nodes that it needs.
    pub fn resource_needs(&self) -> HashMap<NodeIndex, Needs> {
        let mut through: HashMap<NodeIndex, Arc<BTreeSet<NodeIndex>>> = HashMap::new();
        let mut all = HashMap::new();
        for &index in &self.order {
            let mut needs = Needs::default();
            for need in self.needs(index) {
                match self.nodes[need].item {
                    Item::Resource(_) => {
                        needs.direct.insert(need);
                    }
                    _ => needs.indirect.extend(through.get(&need).into_iter().flat_map(|set| set.iter().copied())),
                }
            }
            if matches!(self.nodes[index].item, Item::Resource(_)) {
                all.insert(index, needs);
            } else {
                through.insert(index, Arc::new(needs.direct.union(&needs.indirect).copied().collect()));
            }
        }
        all
    }
}

/// The resource nodes that a resource node needs.
#[derive(Debug, Clone, Default)]
pub struct Needs {
    /// By references of its own.
    pub direct: BTreeSet<NodeIndex>,
    /// Through variables, locals, outputs and module calls.
    pub indirect: BTreeSet<NodeIndex>,
}

/// Builds the graph of a module tree.
pub fn build(root: &ModuleNode) -> Result<Graph, Diagnostics> {
    let mut builder = Builder { nodes: DiGraph::new(), index: HashMap::new(), inside: HashMap::new() };
    builder.add_nodes(&CallPath::default(), root);
    builder.add_edges(&CallPath::default(), root, None);
    let Builder { nodes, index, .. } = builder;
    match petgraph::algo::toposort(&nodes, None) {
        Ok(order) => Ok(Graph { nodes, index, order }),
        Err(_) => Err(cycles(&nodes, root)),
    }
}

struct Builder {
    nodes: DiGraph<Node, Reads>,
    index: HashMap<Node, NodeIndex>,
    /// All resources and outputs in a module and the modules below it, for `depends_on = [module.x]`.
    inside: HashMap<CallPath, Vec<NodeIndex>>,
}

impl Builder {
    fn add_nodes(&mut self, path: &CallPath, node: &ModuleNode) {
        let m = &node.module;
        let items = (m.variables.keys().cloned().map(Item::Variable))
            .chain(m.locals.keys().cloned().map(Item::Local))
            .chain(m.outputs.keys().cloned().map(Item::Output))
            .chain(m.resources.keys().cloned().map(Item::Resource))
            .chain(m.calls.keys().cloned().map(Item::Call))
            .chain((0..m.providers.len()).map(Item::Provider))
            .chain(m.checks.keys().cloned().map(Item::Check));
        let mut own = Vec::new();
        for item in items {
            let keep = matches!(item, Item::Resource(_) | Item::Output(_));
            let node = Node { path: path.clone(), item };
            let at = self.nodes.add_node(node.clone());
            self.index.insert(node, at);
            if keep {
                own.push(at);
            }
        }
        for (name, child) in &node.children {
            let below = path.child(name);
            self.add_nodes(&below, child);
            own.extend(self.inside.get(&below).into_iter().flatten().copied().collect::<Vec<_>>());
        }
        self.inside.insert(path.clone(), own);
    }

    fn add_edges(&mut self, path: &CallPath, node: &ModuleNode, caller: Option<(&CallPath, &ModuleNode, &ModuleCall)>) {
        let m = node.module.clone();
        for (name, _) in &m.variables {
            let to = self.at(path, Item::Variable(name.clone()));
            if let Some((outer, outer_node, call)) = caller
                && let Some((_, argument)) = call.arguments.get(name)
            {
                self.refer_all(outer, outer_node, to, argument.references());
            }
        }
        for (name, local) in &m.locals {
            let to = self.at(path, Item::Local(name.clone()));
            self.refer_all(path, node, to, local.expr.references());
        }
        for (name, output) in &m.outputs {
            let to = self.at(path, Item::Output(name.clone()));
            let conditions = output.preconditions.iter().flat_map(|c| [&c.condition, &c.error_message]);
            let references = output.expr.references().into_iter().chain(conditions.flat_map(Expr::references));
            self.refer_all(path, node, to, references);
            self.refer_all(path, node, to, output.depends_on.iter().cloned());
        }
        for (key, resource) in &m.resources {
            let to = self.at(path, Item::Resource(key.clone()));
            self.resource_edges(path, node, to, resource);
        }
        for (i, provider) in m.providers.iter().enumerate() {
            let to = self.at(path, Item::Provider(i));
            self.refer_all(path, node, to, references(&provider.body));
        }
        for (name, check) in &m.checks {
            let to = self.at(path, Item::Check(name.clone()));
            let conditions = check.asserts.iter().flat_map(|c| [&c.condition, &c.error_message]);
            let asserted: Vec<Reference> = conditions.flat_map(Expr::references).collect();
            let own = |r: &Reference| match (&r.subject, &check.data) {
                (Subject::Resource { type_name, name, .. }, Some(d)) => *type_name == d.type_name && *name == d.name,
                _ => false,
            };
            self.refer_all(path, node, to, asserted.into_iter().filter(|r| !own(r)));
            if let Some(data) = &check.data {
                self.refer_all(path, node, to, references(&data.body));
            }
        }
        for (name, call) in &m.calls {
            let to = self.at(path, Item::Call(name.clone()));
            let repeats = call.count.iter().chain(&call.for_each).chain(&call.enabled).flat_map(Expr::references);
            self.refer_all(path, node, to, repeats);
            let Some(child) = node.children.get(name) else { continue };
            let below = path.child(name);
            let depends: Vec<NodeIndex> = call.depends_on.iter().flat_map(|r| self.resolve(path, node, r)).collect();
            let inside: Vec<NodeIndex> = self.inside.get(&below).cloned().unwrap_or_default();
            for &member in &inside {
                self.edge(to, member, Reads::Whole);
                if matches!(self.nodes[member].item, Item::Resource(_)) {
                    for &need in &depends {
                        self.edge(need, member, Reads::Whole);
                    }
                }
            }
            let c = &child.module;
            let others = (c.variables.keys().cloned().map(Item::Variable))
                .chain(c.locals.keys().cloned().map(Item::Local))
                .chain(c.calls.keys().cloned().map(Item::Call))
                .chain(c.checks.keys().cloned().map(Item::Check))
                .chain((0..c.providers.len()).map(Item::Provider));
            for item in others {
                let member = self.at(&below, item);
                self.edge(to, member, Reads::Whole);
            }
            self.add_edges(&below, child, Some((path, node, call)));
        }
    }

    fn resource_edges(&mut self, path: &CallPath, node: &ModuleNode, to: NodeIndex, r: &Resource) {
        let repeats = r.count.iter().chain(&r.for_each).chain(r.lifecycle.switches()).flat_map(Expr::references);
        self.refer_all(path, node, to, repeats);
        self.refer_all(path, node, to, references(&r.body));
        self.refer_all(path, node, to, r.timeouts.references());
        self.refer_all(path, node, to, r.provisioners.iter().flat_map(|p| p.references()));
        let pre = r.lifecycle.preconditions.iter().flat_map(|c| [&c.condition, &c.error_message]);
        self.refer_all(path, node, to, pre.flat_map(Expr::references));
        let post = r.lifecycle.postconditions.iter().flat_map(|c| [&c.condition, &c.error_message]);
        self.refer_all(path, node, to, post.flat_map(Expr::references));
        self.refer_all(path, node, to, r.depends_on.iter().cloned());
        let triggers: Vec<Reference> =
            r.lifecycle.replace_triggered_by.iter().map(|(reference, _)| reference.clone()).collect();
        self.refer_all(path, node, to, triggers);
    }

    fn edge(&mut self, from: NodeIndex, to: NodeIndex, reads: Reads) {
        match self.nodes.find_edge(from, to) {
            Some(edge) => self.nodes[edge].add(reads),
            None => drop(self.nodes.add_edge(from, to, reads)),
        }
    }

    fn at(&self, path: &CallPath, item: Item) -> NodeIndex {
        self.index[&Node { path: path.clone(), item }]
    }

    fn refer_all(
        &mut self,
        path: &CallPath,
        node: &ModuleNode,
        to: NodeIndex,
        references: impl IntoIterator<Item = Reference>,
    ) {
        for reference in references {
            for from in self.resolve(path, node, &reference) {
                self.edge(from, to, Reads::of(&reference));
            }
        }
    }

    /// The nodes that a reference leads to; none for a reference to nothing, which loading reports.
    fn resolve(&self, path: &CallPath, node: &ModuleNode, reference: &Reference) -> Vec<NodeIndex> {
        let item = match &reference.subject {
            Subject::Variable(name) => Item::Variable(name.clone()),
            Subject::Local(name) => Item::Local(name.clone()),
            Subject::Resource { mode, type_name, name } => Item::Resource((*mode, type_name.clone(), name.clone())),
            Subject::Module(name) => return self.resolve_call(path, node, name, reference),
            _ => return Vec::new(),
        };
        self.index.get(&Node { path: path.clone(), item }).copied().into_iter().collect()
    }

    /// A reference to one output needs that; one to a whole module needs all that is in it.
    fn resolve_call(&self, path: &CallPath, node: &ModuleNode, name: &Name, reference: &Reference) -> Vec<NodeIndex> {
        let below = path.child(name);
        let call = self.index.get(&Node { path: path.clone(), item: Item::Call(name.clone()) });
        let output = reference.steps.iter().find_map(Step::attribute).filter(|_| node.children.contains_key(name));
        let inside = match output {
            Some(output) => {
                let item = Item::Output(output.into());
                self.index.get(&Node { path: below, item }).copied().into_iter().collect()
            }
            None => self.inside.get(&below).cloned().unwrap_or_default(),
        };
        call.copied().into_iter().chain(inside).collect()
    }
}

/// One finding per cycle, which names every address on it.
fn cycles(nodes: &DiGraph<Node, Reads>, root: &ModuleNode) -> Diagnostics {
    let looped = |scc: &Vec<NodeIndex>| scc.len() > 1 || nodes.contains_edge(scc[0], scc[0]);
    let describe = |mut scc: Vec<NodeIndex>| {
        scc.sort();
        let names: Vec<String> = scc.iter().map(|&i| nodes[i].to_string()).collect();
        let d = if names.len() == 1 {
            Diagnostic::error("Self-referential block").code("cycle").detail(format!("{} refers to itself.", names[0]))
        } else {
            Diagnostic::error("Cycle")
                .code("cycle")
                .detail(format!("They depend on each other in a cycle: {}.", names.join(", ")))
        };
        d.at(scc.first().and_then(|&i| span_of(&nodes[i], root)))
            .hint("Break the cycle by taking one of the references out.")
    };
    petgraph::algo::tarjan_scc(nodes).into_iter().filter(looped).map(describe).collect()
}

fn span_of(node: &Node, root: &ModuleNode) -> Option<Span> {
    let mut at = root;
    for name in node.path.0.iter() {
        at = at.children.get(name)?;
    }
    let m = &at.module;
    match &node.item {
        Item::Variable(name) => m.variables.get(name).map(|v| v.span.clone()),
        Item::Local(name) => m.locals.get(name).map(|v| v.span.clone()),
        Item::Output(name) => m.outputs.get(name).map(|v| v.span.clone()),
        Item::Resource(key) => m.resources.get(key).map(|v| v.span.clone()),
        Item::Call(name) => m.calls.get(name).map(|v| v.span.clone()),
        Item::Provider(i) => m.providers.get(*i).map(|v| v.span.clone()),
        Item::Check(name) => m.checks.get(name).map(|v| v.span.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::config::{Files, load};

    struct One(&'static str);

    impl Files for One {
        fn list(&self, _: &str) -> Result<Vec<String>, String> {
            Ok(vec!["main.tf".into()])
        }

        fn read(&self, _: &str) -> Result<Vec<u8>, String> {
            Ok(self.0.into())
        }
    }

    #[test]
    fn an_output_reads_attributes_through_locals() {
        let layout = One(r#"
            resource "aws_vpc" "v" { cidr_block = "10.0.0.0/16" }
            resource "aws_vpc" "w" { cidr_block = aws_vpc.v.cidr_block }
            locals {
              arn = aws_vpc.v.arn
              all = aws_vpc.w
            }
            output "o" { value = [local.arn, aws_vpc.v[*].id, local.all.id] }
            "#);
        let graph = build(&load(&layout, ".").unwrap().root).unwrap();
        let output = Node { path: CallPath::default(), item: Item::Output("o".into()) };
        let made_of = graph.made_of(graph.find(&output).unwrap());
        let of =
            |name: &str| made_of.iter().find(|(at, _)| graph.node(**at).to_string() == name).map(|(_, reads)| reads);
        assert_eq!(of("aws_vpc.v"), Some(&Reads::Attributes(BTreeSet::from(["arn".into(), "id".into()]))));
        assert_eq!(of("aws_vpc.w"), Some(&Reads::Whole));
        assert_eq!(made_of.len(), 2);
    }
}
