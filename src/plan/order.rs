//! From changes to steps: what must be done before what.
//!
//! An object is made after those that it needs and deleted before them. What replaces create-first
//! is deleted only when everything that used it has moved on.

use super::change::{Action, Change, Op, Step, StepId};
use crate::diag::{Diagnostic, Diagnostics};
use crate::graph::Address;
use petgraph::graph::{DiGraph, NodeIndex};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap, HashSet};

/// The types that come before every object of a type and go after it.
pub type Implicit<'a> = dyn Fn(&Address) -> &'a [&'a str] + 'a;

/// Orders the changes. `depends` says what the instances of the layout need; for those that go, the
/// change itself does. Gives the changes, with create-first spread to what they need, and the steps.
pub fn steps(
    mut changes: Vec<Change>,
    depends: &BTreeMap<Address, Vec<Address>>,
    implicit: &Implicit<'_>,
) -> Result<(Vec<Change>, Vec<Step>), Diagnostics> {
    let mut needs = Needs::new(&changes, depends);
    needs.add_implicit(&changes, implicit);
    spread_create_first(&mut changes, &needs);
    let mut graph: DiGraph<(usize, Op), ()> = DiGraph::new();
    let mut places: HashMap<(usize, Op), NodeIndex> = HashMap::new();
    for (i, change) in changes.iter().enumerate() {
        for &op in ops(change) {
            places.insert((i, op), graph.add_node((i, op)));
        }
    }
    let forward =
        |i: usize| [Op::Create, Op::Update, Op::Read].into_iter().find_map(|op| places.get(&(i, op)).copied());
    let delete = |i: usize| places.get(&(i, Op::Delete)).copied();
    let mut link = |from: Option<NodeIndex>, to: Option<NodeIndex>| {
        if let (Some(from), Some(to)) = (from, to)
            && from != to
        {
            graph.update_edge(from, to, ());
        }
    };
    for (i, change) in changes.iter().enumerate() {
        match change.action {
            Action::DeleteThenCreate => link(delete(i), forward(i)),
            Action::CreateThenDelete => link(forward(i), delete(i)),
            _ => {}
        }
        for &need in needs.of(i) {
            link(forward(need), forward(i));
            link(delete(i), delete(need));
            let moves_on = forward(i).filter(|_| changes[need].action != Action::DeleteThenCreate);
            link(moves_on, delete(need));
        }
    }
    sort(&graph, &changes).map(|steps| (changes, steps))
}

fn ops(change: &Change) -> &'static [Op] {
    match change.action {
        Action::NoOp if change.moved_from.is_some() || change.importing.is_some() => &[Op::Record],
        Action::NoOp => &[],
        Action::Create => &[Op::Create],
        Action::Read => &[Op::Read],
        Action::Update => &[Op::Update],
        Action::DeleteThenCreate | Action::CreateThenDelete => &[Op::Create, Op::Delete],
        Action::Delete => &[Op::Delete],
        Action::Forget => &[Op::Record],
    }
}

/// Which changes need which, what is not touched left out but looked through.
struct Needs {
    direct: Vec<BTreeSet<usize>>,
}

impl Needs {
    fn new(changes: &[Change], depends: &BTreeMap<Address, Vec<Address>>) -> Self {
        let current = |c: &&(usize, &Change)| c.1.deposed.is_none();
        let listed: Vec<(usize, &Change)> = changes.iter().enumerate().collect();
        let by_address: HashMap<&Address, usize> =
            listed.iter().filter(current).map(|(i, c)| (&c.address, *i)).collect();
        let mut moved: HashMap<&Address, usize> = HashMap::new();
        for (i, c) in &listed {
            if let Some(from) = &c.moved_from {
                moved.insert(from, *i);
            }
        }
        let find = |a: &Address| by_address.get(a).or_else(|| moved.get(a)).copied();
        let direct = listed.iter().map(|(i, c)| {
            let configured = depends.get(&c.address).filter(|_| c.deposed.is_none()).into_iter().flatten();
            let all = configured.chain(&c.depends_on).filter_map(find).filter(|n| n != i);
            all.collect()
        });
        Needs { direct: direct.collect() }.without_untouched(changes)
    }

    /// Replaces what nothing happens to by what that needs.
    fn without_untouched(self, changes: &[Change]) -> Self {
        let touched: Vec<bool> = changes.iter().map(|c| !ops(c).is_empty()).collect();
        let mut seen_through: HashMap<usize, BTreeSet<usize>> = HashMap::new();
        let direct = (0..changes.len()).map(|i| {
            if !touched[i] {
                return BTreeSet::new();
            }
            let mut all = BTreeSet::new();
            for &need in &self.direct[i] {
                if touched[need] {
                    all.insert(need);
                } else {
                    all.extend(self.look_through(need, &touched, &mut seen_through));
                }
            }
            all.remove(&i);
            all
        });
        Needs { direct: direct.collect() }
    }

    fn look_through(
        &self,
        from: usize,
        touched: &[bool],
        memo: &mut HashMap<usize, BTreeSet<usize>>,
    ) -> BTreeSet<usize> {
        if let Some(found) = memo.get(&from) {
            return found.clone();
        }
        let mut found = BTreeSet::new();
        let mut visited = HashSet::from([from]);
        let mut stack = vec![from];
        while let Some(at) = stack.pop() {
            for &next in &self.direct[at] {
                if touched[next] {
                    found.insert(next);
                } else if visited.insert(next) {
                    stack.push(next);
                }
            }
        }
        memo.insert(from, found.clone());
        found
    }

    fn of(&self, i: usize) -> &BTreeSet<usize> {
        &self.direct[i]
    }

    /// Adds the needs that no reference says, within one VPC where both are known to be in one, and
    /// only where they close no cycle.
    fn add_implicit(&mut self, changes: &[Change], implicit: &Implicit<'_>) {
        let mut by_type: HashMap<&str, Vec<usize>> = HashMap::new();
        for (i, c) in changes.iter().enumerate() {
            by_type.entry(&c.address.resource.type_name).or_default().push(i);
        }
        let vpc = |i: usize| vpc_of(i, changes, self);
        let mut found = Vec::new();
        for (i, change) in changes.iter().enumerate() {
            for &type_name in implicit(&change.address) {
                let mine = vpc(i);
                for &need in by_type.get(type_name).into_iter().flatten() {
                    let theirs = vpc(need);
                    let apart = !mine.is_empty() && !theirs.is_empty() && mine.is_disjoint(&theirs);
                    if !apart && !self.reaches(need, i) {
                        found.push((i, need));
                    }
                }
            }
        }
        for (i, need) in found {
            self.direct[i].insert(need);
        }
    }

    fn reaches(&self, from: usize, to: usize) -> bool {
        let mut visited = HashSet::from([from]);
        let mut stack = vec![from];
        while let Some(at) = stack.pop() {
            if at == to {
                return true;
            }
            stack.extend(self.direct[at].iter().copied().filter(|&n| visited.insert(n)));
        }
        false
    }
}

/// The VPCs that an object is in, as far as what it needs tells.
fn vpc_of(start: usize, changes: &[Change], needs: &Needs) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut visited = HashSet::from([start]);
    let mut stack = vec![start];
    while let Some(at) = stack.pop() {
        let c = &changes[at];
        if *c.address.resource.type_name == *"aws_vpc" {
            found.insert(c.address.to_string());
            continue;
        }
        let sides = [&c.after, &c.before];
        let known = sides.into_iter().flatten().filter_map(|attrs| attrs.str("vpc_id"));
        found.extend(known.map(str::to_owned));
        stack.extend(needs.of(at).iter().copied().filter(|&n| visited.insert(n)));
    }
    found
}

/// What something created first needs must be created first too, or the old object could not go.
fn spread_create_first(changes: &mut [Change], needs: &Needs) {
    let mut stack: Vec<usize> =
        (0..changes.len()).filter(|&i| changes[i].create_before_destroy && changes[i].after.is_some()).collect();
    let mut visited: HashSet<usize> = stack.iter().copied().collect();
    while let Some(i) = stack.pop() {
        for &need in needs.of(i) {
            if visited.insert(need) {
                stack.push(need);
            }
        }
    }
    for i in visited {
        let change = &mut changes[i];
        if change.after.is_some() {
            change.create_before_destroy = true;
        }
        if change.action == Action::DeleteThenCreate {
            change.action = Action::CreateThenDelete;
        }
    }
}

/// Steps in an order in which each comes after its needs, otherwise in the order of addresses.
fn sort(graph: &DiGraph<(usize, Op), ()>, changes: &[Change]) -> Result<Vec<Step>, Diagnostics> {
    use petgraph::Direction::{Incoming, Outgoing};
    let mut open: HashMap<NodeIndex, usize> =
        graph.node_indices().map(|n| (n, graph.edges_directed(n, Incoming).count())).collect();
    let mut ready: BinaryHeap<Reverse<NodeIndex>> =
        graph.node_indices().filter(|n| open[n] == 0).map(Reverse).collect();
    let mut ids: HashMap<NodeIndex, StepId> = HashMap::new();
    let mut steps = Vec::new();
    while let Some(Reverse(node)) = ready.pop() {
        let (change, op) = graph[node];
        let mut needs: Vec<StepId> =
            graph.neighbors_directed(node, Incoming).filter_map(|n| ids.get(&n).copied()).collect();
        needs.sort_unstable();
        ids.insert(node, steps.len());
        steps.push(Step { change, op, needs });
        for next in graph.neighbors_directed(node, Outgoing) {
            if let Some(left) = open.get_mut(&next) {
                *left -= 1;
                if *left == 0 {
                    ready.push(Reverse(next));
                }
            }
        }
    }
    if steps.len() == graph.node_count() {
        return Ok(steps);
    }
    let stuck: BTreeSet<String> = petgraph::algo::tarjan_scc(graph)
        .into_iter()
        .filter(|scc| scc.len() > 1)
        .flatten()
        .map(|n| format!("{} ({})", changes[graph[n].0].address, graph[n].1))
        .collect();
    let stuck: Vec<String> = stuck.into_iter().collect();
    Err(Diagnostic::error("Cycle between changes")
        .detail(format!("These need each other, so that none can come first: {}.", stuck.join(", ")))
        .hint("Apply in two parts: first the change of one of them, then the rest.")
        .into())
}
