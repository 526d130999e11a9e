//! The states that a plan can be in, as far as some of its steps make them: every set of completed steps that their
//! order allows. And the edges that keep a plan out of those states in which it must not be.

use crate::plan::change::{Step, StepId};
use std::collections::{BTreeSet, HashMap, HashSet};

/// So many steps may be in no order to another one; beyond that an order is chosen.
const MOST: usize = 10;

/// Which of the steps are done, in the order of [`States::steps`].
pub type Done = Vec<bool>;

/// Some steps with the order that the plan gives them.
#[derive(Debug, Clone)]
pub struct States {
    /// The steps.
    pub steps: Vec<StepId>,
    /// For each, those of them that come before it in every order.
    before: Vec<BTreeSet<usize>>,
}

impl States {
    /// The order of these steps, however it comes about.
    pub fn of(all: &[Step], some: &BTreeSet<StepId>) -> Self {
        let steps: Vec<StepId> = some.iter().copied().collect();
        let at: HashMap<StepId, usize> = steps.iter().enumerate().map(|(at, id)| (*id, at)).collect();
        let first = steps.first().copied().unwrap_or_default();
        let ancestors = |id: &StepId| {
            let mut found = BTreeSet::new();
            let mut visited = HashSet::new();
            let mut stack = all[*id].needs.clone();
            while let Some(id) = stack.pop() {
                // A step comes after all that it needs, so that nothing before the first of them leads to one.
                if id >= first && visited.insert(id) {
                    found.extend(at.get(&id));
                    stack.extend(&all[id].needs);
                }
            }
            found
        };
        let before = steps.iter().map(ancestors).collect();
        States { steps, before }
    }

    fn apart(&self, a: usize, b: usize) -> bool {
        a != b && !self.before[a].contains(&b) && !self.before[b].contains(&a)
    }

    fn follow(&mut self, first: usize, then: usize) {
        let mut more = self.before[first].clone();
        more.insert(first);
        for at in 0..self.steps.len() {
            if at == then || self.before[at].contains(&then) {
                self.before[at].extend(&more);
            }
        }
    }

    /// Puts so many of the steps in a row that few are left in no order, those of the lowest rank first. The edges are
    /// given back.
    pub fn narrow(&mut self, rank: &dyn Fn(StepId) -> usize) -> Vec<(StepId, StepId)> {
        let row = self.row(rank);
        let is_loose = |a: &usize| row.iter().any(|b| self.apart(*a, *b));
        let loose: Vec<usize> = row.iter().copied().filter(is_loose).collect();
        let (first, rest) = loose.split_at(loose.len().saturating_sub(MOST));
        let mut pairs: Vec<(usize, usize)> = first.windows(2).map(|pair| (pair[0], pair[1])).collect();
        pairs.extend(first.last().into_iter().flat_map(|last| rest.iter().map(move |next| (*last, *next))));
        pairs.retain(|(a, b)| self.apart(*a, *b));
        pairs.iter().for_each(|(a, b)| self.follow(*a, *b));
        pairs.into_iter().map(|(a, b)| (self.steps[a], self.steps[b])).collect()
    }

    /// All in one order, those of the lowest rank as early as it can be.
    fn row(&self, rank: &dyn Fn(StepId) -> usize) -> Vec<usize> {
        let mut row: Vec<usize> = Vec::new();
        let mut done = vec![false; self.steps.len()];
        while let Some(next) = self.next(&done).min_by_key(|at| (rank(self.steps[*at]), *at)) {
            done[next] = true;
            row.push(next);
        }
        row
    }

    /// What can be done next.
    fn next<'a>(&'a self, done: &'a Done) -> impl Iterator<Item = usize> + 'a {
        (0..done.len()).filter(|at| !done[*at] && self.before[*at].iter().all(|need| done[*need]))
    }

    /// Every set of completed steps that the order allows, the smaller ones first.
    pub fn all(&self) -> Vec<Done> {
        let mut all = vec![vec![false; self.steps.len()]];
        let mut seen: HashSet<Done> = all.iter().cloned().collect();
        let mut at = 0;
        while at < all.len() {
            let nexts: Vec<usize> = self.next(&all[at]).collect();
            for next in nexts {
                let mut more = all[at].clone();
                more[next] = true;
                if seen.insert(more.clone()) {
                    all.push(more);
                }
            }
            at += 1;
        }
        all
    }

    /// The states of the order in which the plan has its steps.
    pub fn in_turn(&self) -> Vec<Done> {
        (0..=self.steps.len()).map(|done| (0..self.steps.len()).map(|at| at < done).collect()).collect()
    }

    /// The fewest edges found by which none of these states can come about; nothing where every order passes one.
    pub fn avoiding(&mut self, bad: &HashSet<Done>, rank: &dyn Fn(StepId) -> usize) -> Option<Vec<(StepId, StepId)>> {
        let path = self.path(bad, rank)?;
        let mut edges = Vec::new();
        loop {
            let left: Vec<&Done> = bad.iter().filter(|done| self.allows(done)).collect();
            if left.is_empty() {
                return Some(edges);
            }
            let pairs = (0..path.len()).flat_map(|i| (i + 1..path.len()).map(move |j| (i, j)));
            let pairs = pairs.map(|(i, j)| (path[i], path[j])).filter(|(a, b)| self.apart(*a, *b));
            let ends = |a: usize, b: usize| left.iter().filter(|done| done[b] && !done[a]).count();
            let best =
                pairs.map(|(a, b)| (ends(a, b), a, b)).max_by_key(|(ends, a, b)| (*ends, std::cmp::Reverse((*a, *b))));
            let (_, a, b) = best.filter(|(ends, ..)| *ends > 0)?;
            self.follow(a, b);
            edges.push((self.steps[a], self.steps[b]));
        }
    }

    fn allows(&self, done: &Done) -> bool {
        (0..done.len()).all(|at| !done[at] || self.before[at].iter().all(|need| done[*need]))
    }

    /// An order that passes none of these states, those of the lowest rank as early as it can be.
    fn path(&self, bad: &HashSet<Done>, rank: &dyn Fn(StepId) -> usize) -> Option<Vec<usize>> {
        let start = vec![false; self.steps.len()];
        let mut dead: HashSet<Done> = bad.clone();
        if dead.contains(&start) {
            return None;
        }
        let (mut row, mut done) = (Vec::new(), start);
        loop {
            if row.len() == self.steps.len() {
                return Some(row);
            }
            let alive = |at: &usize| {
                let mut more = done.clone();
                more[*at] = true;
                !dead.contains(&more)
            };
            match self.next(&done).filter(alive).min_by_key(|at| (rank(self.steps[*at]), *at)) {
                Some(at) => {
                    done[at] = true;
                    row.push(at);
                }
                None => {
                    dead.insert(done.clone());
                    done[row.pop()?] = false;
                }
            }
        }
    }
}

/// Puts edges between steps, and the steps in an order in which each still comes after its needs. An edge that would
/// close a cycle is left out.
pub fn tie(steps: &mut Vec<Step>, edges: &[(StepId, StepId)]) {
    if edges.is_empty() {
        return;
    }
    for &(first, then) in edges {
        if !leads(steps, then, first) && !steps[then].needs.contains(&first) {
            steps[then].needs.push(first);
        }
    }
    let mut place: HashMap<StepId, StepId> = HashMap::new();
    let mut left: BTreeSet<StepId> = (0..steps.len()).collect();
    let mut row = Vec::new();
    while let Some(&next) = left.iter().find(|id| steps[**id].needs.iter().all(|need| place.contains_key(need))) {
        left.remove(&next);
        place.insert(next, row.len());
        row.push(next);
    }
    let all = std::mem::take(steps);
    let mut by_place: Vec<(StepId, Step)> =
        all.into_iter().enumerate().filter_map(|(id, step)| Some((*place.get(&id)?, step))).collect();
    by_place.sort_by_key(|(at, _)| *at);
    *steps = by_place.into_iter().map(|(_, step)| step).collect();
    for step in steps.iter_mut() {
        step.needs = step.needs.iter().filter_map(|need| place.get(need).copied()).collect();
        step.needs.sort_unstable();
    }
}

/// Whether a step comes before another one in every order.
fn leads(steps: &[Step], first: StepId, then: StepId) -> bool {
    let mut visited = HashSet::new();
    let mut stack = vec![then];
    while let Some(at) = stack.pop() {
        if at == first {
            return true;
        }
        stack.extend(steps[at].needs.iter().copied().filter(|need| visited.insert(*need)));
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::change::Op;
    use crate::plan::rows::Rows;
    use proptest::prelude::*;

    fn step(change: usize, needs: Vec<StepId>) -> Step {
        Step { change, op: Op::Update, needs, wait: None, detour: None, rows: Rows::default() }
    }

    /// Steps. Some of them are asked about; each may need any before it.
    fn any_steps() -> impl Strategy<Value = (Vec<Step>, BTreeSet<StepId>)> {
        (2..7_usize).prop_flat_map(|count| {
            let needs = proptest::collection::vec(proptest::collection::vec(0..3_u8, count), count);
            let some = proptest::collection::vec(any::<bool>(), count);
            (needs, some).prop_map(|(needs, some)| {
                let of = |at: usize| (0..at).filter(|need| needs[at][*need] == 0).collect();
                let steps: Vec<Step> = (0..needs.len()).map(|at| step(at, of(at))).collect();
                (steps, (0..some.len()).filter(|at| some[*at]).collect())
            })
        })
    }

    /// Every order of all steps, found by trying.
    fn orders(steps: &[Step]) -> Vec<Vec<StepId>> {
        fn more(steps: &[Step], row: &mut Vec<StepId>, all: &mut Vec<Vec<StepId>>) {
            if row.len() == steps.len() {
                return all.push(row.clone());
            }
            for id in 0..steps.len() {
                if !row.contains(&id) && steps[id].needs.iter().all(|need| row.contains(need)) {
                    row.push(id);
                    more(steps, row, all);
                    row.pop();
                }
            }
        }
        let mut all = Vec::new();
        more(steps, &mut Vec::new(), &mut all);
        all
    }

    /// The states of some of the steps that an order passes.
    fn passed(order: &[StepId], some: &BTreeSet<StepId>) -> HashSet<Done> {
        let done = |count: usize| some.iter().map(|id| order[..count].contains(id)).collect();
        (0..=order.len()).map(done).collect()
    }

    /// A state is bad by the whim of a number, the first and the last one never.
    fn is_bad(done: &Done, whim: u64) -> bool {
        let number = done.iter().fold(0_u64, |all, one| all * 2 + u64::from(*one));
        let mixed = done.iter().any(|one| *one) && done.iter().any(|one| !*one);
        mixed && whim.rotate_right(u32::try_from(number % 64).unwrap()) & 1 == 1
    }

    proptest! {
        #[test]
        fn the_states_are_those_that_some_order_passes((steps, some) in any_steps()) {
            let found: HashSet<Done> = States::of(&steps, &some).all().into_iter().collect();
            let tried: HashSet<Done> = orders(&steps).iter().flat_map(|order| passed(order, &some)).collect();
            prop_assert_eq!(found, tried);
        }

        #[test]
        fn edges_keep_every_order_out_of_bad_states((steps, some) in any_steps(), whim in any::<u64>()) {
            let mut states = States::of(&steps, &some);
            let bad: HashSet<Done> = states.all().into_iter().filter(|done| is_bad(done, whim)).collect();
            let good = |order: &Vec<StepId>| passed(order, &some).is_disjoint(&bad);
            match states.avoiding(&bad, &|id| id) {
                Some(edges) => {
                    let mut tied = steps.clone();
                    for (first, then) in &edges {
                        tied[*then].needs.push(*first);
                    }
                    let left = orders(&tied);
                    prop_assert!(!left.is_empty());
                    prop_assert!(left.iter().all(good));
                    prop_assert_eq!(edges.is_empty(), bad.is_empty());
                }
                None => prop_assert!(!orders(&steps).iter().any(good)),
            }
        }

        #[test]
        fn tied_steps_come_after_their_needs((steps, _) in any_steps(), a in 0..6_usize, b in 0..6_usize) {
            let (a, b) = (a % steps.len(), b % steps.len());
            let mut tied = steps.clone();
            tie(&mut tied, &[(a, b)]);
            prop_assert_eq!(tied.len(), steps.len());
            prop_assert!(tied.iter().enumerate().all(|(id, step)| step.needs.iter().all(|need| *need < id)));
            let place = |change: usize| tied.iter().position(|step| step.change == change).unwrap();
            for step in &steps {
                for need in &step.needs {
                    prop_assert!(place(*need) < place(step.change));
                }
            }
            if a != b && !leads(&steps, b, a) {
                prop_assert!(leads(&tied, place(a), place(b)));
            }
        }
    }

    #[test]
    fn many_steps_without_an_order_get_one() {
        let steps: Vec<Step> = (0..40).map(|at| step(at, Vec::new())).collect();
        let mut states = States::of(&steps, &(0..40).collect());
        let edges = states.narrow(&|id| id % 2);
        assert!(edges.iter().all(|(first, then)| first % 2 <= then % 2), "{edges:?}");
        let loose = (0..40).filter(|a| (0..40).any(|b| states.apart(*a, b))).count();
        assert!(loose <= MOST, "{loose}");
        assert!(states.all().len() <= (1 << MOST) + 40);
    }
}
