//! From changes to steps: what must be done before what.
//!
//! An object is made after those that it needs and deleted before them. What replaces create-first
//! is deleted only when everything that used it has moved on.

use super::change::{Action, Change, Op, Step, StepId};
use super::input::Pulse;
use super::rolling::{self, Context, spec::Spec};
use super::rows::Rows;
use super::services::{self, Service};
use super::{across, place, unique};
use crate::diag::{Diagnostic, Diagnostics, Span};
use crate::plan::service_impact::{Level, Wait, Wave};
use crate::schema::{Role, Schema};
use crate::value::address::{Address, ResourceAddress};
use petgraph::graph::{DiGraph, NodeIndex};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap, HashSet};

/// The types that come before every object of a type and go after it.
type Implicit<'a> = dyn Fn(&Address) -> &'a [&'a str] + 'a;

/// The facts of the layout that bear on the order, besides dependencies.
pub struct Demands<'a, 's> {
    /// The availability that the layout demands.
    pub level: Option<Level>,
    /// The `rolling` blocks.
    pub specs: &'a BTreeMap<ResourceAddress, Spec>,
    /// The types.
    pub schema: &'a dyn Fn(&Address) -> Option<&'s Schema>,
    /// The health of targets now.
    pub pulse: &'a Pulse,
    /// Where the layout gives the first of these arguments of an object, else its block.
    pub place: &'a dyn Fn(&Change, &[&str]) -> Option<Span>,
}

/// The changes with the order of creation and deletion decided, and the steps.
pub struct Ordered {
    /// The changes.
    pub changes: Vec<Change>,
    /// The steps.
    pub steps: Vec<Step>,
    /// The waves of members that roll.
    pub waves: Vec<Wave>,
    /// The services before anything is done.
    pub services: Vec<Service>,
}

/// Orders the changes. `depends` says what the instances of the layout need; for those that go, the
/// change itself does. Create-first is spread to what needs it.
pub fn steps(
    mut changes: Vec<Change>,
    depends: &BTreeMap<Address, Vec<Address>>,
    demands: &Demands<'_, '_>,
) -> Result<Ordered, Diagnostics> {
    let roles = services::roles(&changes, demands.schema);
    let services = services::of(&changes, &roles, demands.pulse);
    let all = Needs::new(&changes, depends);
    let context = Context {
        level: demands.level,
        specs: demands.specs,
        services: &services,
        roles: &roles,
        schema: demands.schema,
        needs: &all.direct,
    };
    let mut problems = rolling::prepare(&mut changes, &context);
    let (rolling, undecided) = rolling::decide(&mut changes, &context);
    problems.extend(undecided);
    let mut needs = all.without_untouched(&changes);
    needs.add_implicit(&changes, &roles, &|address| (demands.schema)(address).map_or(&[], |s| s.implicit_after));
    spread_create_first(&mut changes, &needs);
    problems.extend(rolling::impossible(&changes, demands.schema));
    let mut work = Work::new(&changes);
    for (i, change) in changes.iter().enumerate() {
        match change.action {
            Action::DeleteThenCreate => work.link(work.delete(i), work.forward(i)),
            Action::CreateThenDelete => work.link(work.forward(i), work.delete(i)),
            _ => {}
        }
        for &need in needs.of(i) {
            work.link(work.forward(need), work.forward(i));
            work.link(work.delete(i), work.delete(need));
            let moves_on = work.forward(i).filter(|_| changes[need].action != Action::DeleteThenCreate);
            work.link(moves_on, work.delete(need));
        }
    }
    let (waves, gates) = rolling.arrange(&changes, &roles, &mut work);
    problems.extend(unique::hand_over(&changes, demands.schema, &mut work));
    problems.extend(across::hand_over(&changes, demands.schema, &mut work));
    rolling::hand_over(&changes, &roles, &services, gates, &mut work);
    // What a killed run left behind goes once nobody holds on to it any more.
    let left: Vec<usize> = (0..changes.len()).filter(|&i| changes[i].deposed.is_some()).collect();
    for (i, direct) in all.direct.iter().enumerate().filter(|(i, _)| changes[*i].deposed.is_none()) {
        let held = |old: &&usize| direct.iter().any(|&need| changes[need].address == changes[**old].address);
        for &old in left.iter().filter(held) {
            work.link_if_free(work.forward(i), work.delete(old));
            work.link_if_free(work.delete(i), work.delete(old));
        }
    }
    let steps = problems.take(sort(&work.graph, &changes));
    match steps {
        Some(steps) if !problems.has_errors() => Ok(Ordered { changes, steps, waves, services }),
        _ => {
            let find = |c: &Change| (demands.place)(c, &place::at_fault(c, (demands.schema)(&c.address)));
            Err(problems.into_iter().map(|problem| place::located(problem, &changes, &find)).collect())
        }
    }
}

/// The steps before they are put in a row.
pub struct Work {
    graph: DiGraph<Part, ()>,
    places: HashMap<(usize, Op), NodeIndex>,
}

/// A step to be.
struct Part {
    change: usize,
    op: Op,
    wait: Option<Wait>,
    detour: Option<String>,
}

impl Work {
    fn new(changes: &[Change]) -> Self {
        let mut work = Work { graph: DiGraph::new(), places: HashMap::new() };
        for (change, all) in changes.iter().map(ops).enumerate() {
            for &op in all {
                let node = work.graph.add_node(Part { change, op, wait: None, detour: None });
                work.places.insert((change, op), node);
            }
        }
        work
    }

    /// The step that makes, changes or reads.
    pub fn forward(&self, change: usize) -> Option<NodeIndex> {
        [Op::Create, Op::Update, Op::Read].into_iter().find_map(|op| self.places.get(&(change, op)).copied())
    }

    /// The step that deletes.
    pub fn delete(&self, change: usize) -> Option<NodeIndex> {
        self.places.get(&(change, Op::Delete)).copied()
    }

    /// Lets one step come after another, where both are there.
    pub fn link(&mut self, before: Option<NodeIndex>, after: Option<NodeIndex>) {
        if let (Some(before), Some(after)) = (before, after)
            && before != after
        {
            self.graph.update_edge(before, after, ());
        }
    }

    /// As `link`, unless `before` comes after `after` already; whether that is so.
    pub fn link_if_free(&mut self, before: Option<NodeIndex>, after: Option<NodeIndex>) -> bool {
        let closes = |(before, after)| petgraph::algo::has_path_connecting(&self.graph, after, before, None);
        let free = !before.zip(after).is_some_and(closes);
        if free {
            self.link(before, after);
        }
        free
    }

    /// Adds a step that waits.
    pub fn wait(&mut self, change: usize, wait: Wait) -> NodeIndex {
        self.graph.add_node(Part { change, op: Op::Wait, wait: Some(wait), detour: None })
    }

    /// Adds a step that lets something know the gateway or target group at another address.
    pub fn detour(&mut self, change: usize, through: String) -> NodeIndex {
        self.graph.add_node(Part { change, op: Op::Reroute, wait: None, detour: Some(through) })
    }
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
        Needs { direct: direct.collect() }
    }

    /// Replaces what nothing happens to by what that needs.
    fn without_untouched(&self, changes: &[Change]) -> Self {
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
    fn add_implicit(&mut self, changes: &[Change], roles: &[Role], implicit: &Implicit<'_>) {
        let mut waiting: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (i, change) in changes.iter().enumerate() {
            implicit(&change.address).iter().for_each(|name| waiting.entry(name).or_default().push(i));
        }
        if waiting.is_empty() {
            return;
        }
        let places = Places::new(changes, roles, self);
        let mut found = Vec::new();
        for (type_name, waiting) in waiting {
            let of_type = (0..changes.len()).filter(|&i| *changes[i].address.resource.type_name == *type_name);
            let mut all = BTreeSet::new();
            let mut anywhere = BTreeSet::new();
            let mut by_vpc: HashMap<String, BTreeSet<usize>> = HashMap::new();
            for need in of_type {
                let theirs = places.vpcs(need);
                all.insert(need);
                if theirs.is_empty() {
                    anywhere.insert(need);
                }
                for vpc in theirs {
                    by_vpc.entry(vpc).or_default().insert(need);
                }
            }
            for i in waiting {
                let mine = places.vpcs(i);
                let near: BTreeSet<usize> = match mine.is_empty() {
                    true => all.clone(),
                    false => {
                        mine.iter().filter_map(|vpc| by_vpc.get(vpc)).flatten().chain(&anywhere).copied().collect()
                    }
                };
                found.extend(near.into_iter().filter(|&need| !self.reaches(need, i)).map(|need| (i, need)));
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

/// Where objects are.
struct Places<'a> {
    changes: &'a [Change],
    roles: &'a [Role],
    needs: &'a Needs,
    users: Vec<Vec<usize>>,
}

impl<'a> Places<'a> {
    fn new(changes: &'a [Change], roles: &'a [Role], needs: &'a Needs) -> Self {
        let mut users = vec![Vec::new(); changes.len()];
        for i in 0..changes.len() {
            needs.of(i).iter().for_each(|&need| users[need].push(i));
        }
        Places { changes, roles, needs, users }
    }

    /// The VPCs that an object is in, by what it needs, or else by what uses it: an
    /// address is where its NAT gateway is.
    fn vpcs(&self, i: usize) -> BTreeSet<String> {
        let own = self.needed_vpcs(i);
        match own.is_empty() {
            true => self.users[i].iter().flat_map(|&user| self.needed_vpcs(user)).collect(),
            false => own,
        }
    }

    fn needed_vpcs(&self, start: usize) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        let mut visited = HashSet::from([start]);
        let mut stack = vec![start];
        while let Some(at) = stack.pop() {
            let c = &self.changes[at];
            if self.roles[at] == Role::Network {
                found.insert(c.address.to_string());
                continue;
            }
            let sides = [&c.after, &c.before];
            let known = sides.into_iter().flatten().filter_map(|attrs| attrs.str("vpc_id"));
            found.extend(known.map(str::to_owned));
            stack.extend(self.needs.of(at).iter().copied().filter(|&n| visited.insert(n)));
        }
        found
    }
}

/// An object that is needed by one that is created first must be created first too, or the old object could not go.
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
fn sort(graph: &DiGraph<Part, ()>, changes: &[Change]) -> Result<Vec<Step>, Diagnostics> {
    use petgraph::Direction::{Incoming, Outgoing};
    let mut open: HashMap<NodeIndex, usize> =
        graph.node_indices().map(|n| (n, graph.edges_directed(n, Incoming).count())).collect();
    let mut ready: BinaryHeap<Reverse<NodeIndex>> =
        graph.node_indices().filter(|n| open[n] == 0).map(Reverse).collect();
    let mut ids: HashMap<NodeIndex, StepId> = HashMap::new();
    let mut steps = Vec::new();
    while let Some(Reverse(node)) = ready.pop() {
        let part = &graph[node];
        let mut needs: Vec<StepId> =
            graph.neighbors_directed(node, Incoming).filter_map(|n| ids.get(&n).copied()).collect();
        needs.sort_unstable();
        ids.insert(node, steps.len());
        steps.push(Step {
            change: part.change,
            op: part.op,
            needs,
            wait: part.wait.clone(),
            detour: part.detour.clone(),
            rows: Rows::default(),
        });
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
        .map(|n| format!("{} ({})", changes[graph[n].change].address, graph[n].op))
        .collect();
    let about = stuck.first().and_then(|first| first.rsplit_once(" (")).map(|(address, _)| address.to_owned());
    let stuck: Vec<String> = stuck.into_iter().collect();
    let problem = Diagnostic::error("Cycle between changes")
        .code("cycle")
        .detail(format!("They depend on each other in a cycle: {}.", stuck.join(", ")))
        .hint("Apply in two parts: first the change of one of them, then the rest.");
    Err(Diagnostic { address: about, ..problem }.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::fixtures::{address, change};
    use crate::schema::Attrs;
    use std::sync::LazyLock;

    /// The steps that the creation of `of` comes right after.
    fn before(of: &str, pairs: &[(&str, &[&str])]) -> Vec<String> {
        let new = |(name, _): &(&str, _)| change(name, Action::Create, None, Some(Attrs::default()));
        let depends = pairs.iter().map(|(name, needs)| (address(name), needs.iter().map(|n| address(n)).collect()));
        static AFTER: LazyLock<Schema> =
            LazyLock::new(|| Schema { implicit_after: &["aws_internet_gateway"], ..Schema::new("any", Vec::new()) });
        static VPC: LazyLock<Schema> =
            LazyLock::new(|| Schema { role: Some(Role::Network), ..Schema::new("aws_vpc", Vec::new()) });
        let schema = |a: &Address| match &*a.resource.type_name {
            "aws_eip" | "aws_nat_gateway" => Some(&*AFTER),
            "aws_vpc" => Some(&*VPC),
            _ => None,
        };
        let demands = Demands {
            level: None,
            specs: &BTreeMap::new(),
            schema: &schema,
            pulse: &Pulse::default(),
            place: &|_, _| None,
        };
        let ordered = steps(pairs.iter().map(new).collect(), &depends.collect(), &demands).unwrap();
        let Ordered { changes, steps, .. } = ordered;
        let name = |step: &Step| changes[step.change].address.to_string();
        let step = steps.iter().find(|s| name(s) == of).unwrap();
        let mut names: Vec<String> = step.needs.iter().map(|&need| name(&steps[need])).collect();
        names.sort();
        names
    }

    const TWO: [(&str, &[&str]); 8] = [
        ("aws_vpc.a", &[]),
        ("aws_vpc.b", &[]),
        ("aws_internet_gateway.a", &["aws_vpc.a"]),
        ("aws_internet_gateway.b", &["aws_vpc.b"]),
        ("aws_subnet.a", &["aws_vpc.a"]),
        ("aws_eip.used", &[]),
        ("aws_nat_gateway.a", &["aws_subnet.a", "aws_eip.used"]),
        ("aws_eip.alone", &[]),
    ];

    #[test]
    fn what_is_in_a_vpc_waits_for_the_gateway_of_that_one_alone() {
        assert_eq!(before("aws_nat_gateway.a", &TWO), ["aws_eip.used", "aws_internet_gateway.a", "aws_subnet.a"]);
    }

    #[test]
    fn an_address_is_in_the_vpc_of_what_uses_it() {
        assert_eq!(before("aws_eip.used", &TWO), ["aws_internet_gateway.a"]);
        assert_eq!(before("aws_eip.alone", &TWO), ["aws_internet_gateway.a", "aws_internet_gateway.b"]);
    }

    #[test]
    fn an_order_that_nobody_wrote_closes_no_cycle() {
        let turned: [(&str, &[&str]); 2] = [("aws_eip.a", &[]), ("aws_internet_gateway.a", &["aws_eip.a"])];
        assert_eq!(before("aws_internet_gateway.a", &turned), ["aws_eip.a"]);
        assert_eq!(before("aws_eip.a", &turned), Vec::<String>::new());
    }
}
