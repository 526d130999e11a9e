//! Moving objects to other addresses, by Terraform's rules: `moved` blocks and `state mv`. Pure.
//!
//! A move never overwrites an object, and an object that is at its new address already stays there.

mod kinds;

use crate::diag::{Diagnostic, Diagnostics};
use crate::lang::config::is_one_object;
use crate::objects::State;
use crate::value::address::{Address, InstanceKey, ModulePath, ResourceAddress, Target};
use std::collections::BTreeMap;

/// One move: from, to.
pub type Move = (Target, Target);

/// The result of moves.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Moved {
    /// Each object that moved: where it was at the beginning and where it is now, by new address.
    pub moved: Vec<(Address, Address)>,
    /// Moves that were blocked, as an object is at the new address already: from, to.
    pub blocked: Vec<(Address, Address)>,
}

/// Applies `moves`, whatever their order: of `a` to `b` and `b` to `c`, the first is applied first.
/// Refuses moves that cannot be meant; the state is then as it was.
pub fn apply_moves(state: &mut State, moves: &[Move]) -> Result<Moved, Diagnostics> {
    let moves: Vec<Move> = moves.iter().map(precise).collect();
    check(&moves)?;
    let mut all = Moved::default();
    let mut origins: BTreeMap<Address, Address> = BTreeMap::new();
    for index in in_order(&moves)? {
        let (from, to) = &moves[index];
        let addresses: Vec<Address> = addresses(state).filter(|a| from.covers(a)).cloned().collect();
        for address in addresses {
            let Some(new) = rewrite(&address, from, to).filter(|new| *new != address) else { continue };
            if occupied(state, &new) {
                all.blocked.push((address, new));
                continue;
            }
            if state.resources.get(&address).is_some_and(|one| kinds::become_type(one, &address, &new).is_none()) {
                return Err(not_one(&address, &new).into());
            }
            relocate_all(state, &[(address.clone(), new.clone())]);
            let origin = origins.remove(&address).unwrap_or_else(|| address.clone());
            origins.insert(new, origin);
        }
    }
    all.moved = origins.into_iter().map(|(new, old)| (old, new)).collect();
    Ok(all)
}

/// Where `address` comes to be by a move, if the move is about it.
pub fn rewrite(address: &Address, from: &Target, to: &Target) -> Option<Address> {
    if !from.covers(address) {
        return None;
    }
    match (from, to) {
        (Target::Instance(_), Target::Instance(to)) => Some(to.clone()),
        (Target::Resource(_), Target::Resource(to)) => Some(to.instance(address.key.clone())),
        (Target::Module(from), Target::Module(to)) => {
            let steps = &address.resource.module.0;
            let mut path = (*to.0).clone();
            let (_, old) = steps.get(from.0.len().checked_sub(1)?)?;
            let ((_, named), (_, new)) = (from.0.last()?, path.last_mut()?);
            match (named, &new) {
                // A move of a whole call keeps the keys of its instances.
                (InstanceKey::None, InstanceKey::None) => *new = old.clone(),
                // A call named beside an instance means its one instance without key.
                (InstanceKey::None, _) if *old != InstanceKey::None => return None,
                _ => {}
            }
            path.extend(steps.iter().skip(from.0.len()).cloned());
            let resource = ResourceAddress { module: ModulePath(path.into()), ..address.resource.clone() };
            Some(resource.instance(address.key.clone()))
        }
        _ => None,
    }
}

/// A resource named beside an instance means its one instance without key.
fn precise((from, to): &Move) -> Move {
    let single = |r: &ResourceAddress| Target::Instance(r.instance(InstanceKey::None));
    match (from, to) {
        (Target::Resource(r), Target::Instance(_)) => (single(r), to.clone()),
        (Target::Instance(_), Target::Resource(r)) => (from.clone(), single(r)),
        _ => (from.clone(), to.clone()),
    }
}

fn check(moves: &[Move]) -> Result<(), Diagnostics> {
    let mut found = Diagnostics::new();
    for (i, (from, to)) in moves.iter().enumerate() {
        let wrong =
            |detail: String| Diagnostic::error("Invalid move").code("invalid-move").detail(detail).about(display(from));
        match (from, to) {
            _ if from == to => found.push(wrong(format!("{} is moved to itself.", display(from)))),
            (Target::Module(_), Target::Module(_)) => {}
            (Target::Module(_), _) | (_, Target::Module(_)) => found.push(wrong(format!(
                "{} and {} must both be modules or both be resources.",
                display(from),
                display(to)
            ))),
            _ => {
                let (a, b) = (resource(from), resource(to));
                let fits = a.zip(b).is_some_and(|(a, b)| a.mode == b.mode && is_one_object(&a.type_name, &b.type_name));
                if !fits {
                    found.push(wrong(format!("{} has another type than {}.", display(to), display(from))));
                }
            }
        }
        for (other_from, other_to) in &moves[..i] {
            if from == other_from && to != other_to {
                found.push(wrong(format!(
                    "{} is moved to two places: {} and {}.",
                    display(from),
                    display(other_to),
                    display(to)
                )));
            } else if to == other_to && from != other_from {
                found.push(wrong(format!(
                    "Two objects are moved to {}: {} and {}.",
                    display(to),
                    display(other_from),
                    display(from)
                )));
            }
        }
    }
    found.into_result(())
}

/// The moves so that one whose `from` is what another makes comes after it.
fn in_order(moves: &[Move]) -> Result<Vec<usize>, Diagnostics> {
    #[derive(Clone, Copy, PartialEq)]
    enum Mark {
        New,
        Begun,
        Done,
    }
    fn visit(
        at: usize,
        moves: &[Move],
        marks: &mut [Mark],
        way: &mut Vec<usize>,
        out: &mut Vec<usize>,
    ) -> Result<(), Diagnostic> {
        match marks[at] {
            Mark::Done => return Ok(()),
            Mark::Begun => {
                let cycle = way.iter().skip_while(|i| **i != at);
                let names: Vec<String> =
                    cycle.map(|i| format!("{} to {}", display(&moves[*i].0), display(&moves[*i].1))).collect();
                return Err(Diagnostic::error("Cycle between moves")
                    .code("cycle")
                    .detail(format!("{}.", names.join(", "))));
            }
            Mark::New => {}
        }
        marks[at] = Mark::Begun;
        way.push(at);
        for (before, (_, to)) in moves.iter().enumerate() {
            if before != at && overlap(to, &moves[at].0) {
                visit(before, moves, marks, way, out)?;
            }
        }
        way.pop();
        marks[at] = Mark::Done;
        out.push(at);
        Ok(())
    }
    let mut marks = vec![Mark::New; moves.len()];
    let mut out = Vec::with_capacity(moves.len());
    for at in 0..moves.len() {
        visit(at, moves, &mut marks, &mut Vec::new(), &mut out)?;
    }
    Ok(out)
}

/// Whether some address may be part of both.
fn overlap(a: &Target, b: &Target) -> bool {
    let any = |r: &ResourceAddress| r.instance(InstanceKey::None);
    match (a, b) {
        (Target::Instance(a), b) => b.covers(a),
        (a, Target::Instance(b)) => a.covers(b),
        (Target::Resource(a), b) => b.covers(&any(a)),
        (a, Target::Resource(b)) => a.covers(&any(b)),
        (Target::Module(a), Target::Module(b)) => {
            a.0.iter()
                .zip(b.0.iter())
                .all(|(x, y)| x.0 == y.0 && (x.1 == y.1 || x.1 == InstanceKey::None || y.1 == InstanceKey::None))
        }
    }
}

fn resource(target: &Target) -> Option<&ResourceAddress> {
    match target {
        Target::Module(_) => None,
        Target::Resource(r) => Some(r),
        Target::Instance(a) => Some(&a.resource),
    }
}

fn display(target: &Target) -> String {
    match target {
        Target::Module(path) => path.to_string(),
        Target::Resource(r) => r.to_string(),
        Target::Instance(a) => a.to_string(),
    }
}

fn addresses(state: &State) -> impl Iterator<Item = &Address> {
    let mut deposed: Vec<&Address> =
        state.deposed.keys().map(|(a, _)| a).filter(|a| !state.resources.contains_key(*a)).collect();
    deposed.dedup();
    state.resources.keys().chain(deposed)
}

/// Moves objects that are known to be free to move, all at once, with what others say they need.
pub fn relocate_all(state: &mut State, moves: &[(Address, Address)]) {
    let (mut resources, mut deposed) = (BTreeMap::new(), BTreeMap::new());
    for (from, to) in moves {
        if let Some(instance) = state.resources.remove(from) {
            let instance = kinds::become_type(&instance, from, to).unwrap_or(instance);
            resources.insert(to.clone(), instance);
        }
        let keys: Vec<_> = state.deposed.keys().filter(|(a, _)| a == from).cloned().collect();
        for key in keys {
            deposed.extend(state.deposed.remove(&key).map(|instance| ((to.clone(), key.1), instance)));
        }
    }
    state.resources.append(&mut resources);
    state.deposed.append(&mut deposed);
    rename_dependencies(state, &moves.iter().map(|(from, to)| (from, to)).collect());
}

fn not_one(from: &Address, to: &Address) -> Diagnostic {
    Diagnostic::error("Impossible move")
        .code("invalid-move")
        .detail(format!("{from} is not one object that {} describes.", to.resource.type_name))
        .about(to)
        .hint("A rule of several ranges, or of the other direction, is several objects there: import each of them.")
}

fn occupied(state: &State, address: &Address) -> bool {
    state.resources.contains_key(address) || state.deposed.keys().any(|(a, _)| a == address)
}

fn rename_dependencies(state: &mut State, renamed: &BTreeMap<&Address, &Address>) {
    for instance in state.resources.values_mut().chain(state.deposed.values_mut()) {
        for need in &mut instance.depends_on {
            if let Some(new) = renamed.get(need) {
                *need = (*new).clone();
            }
        }
    }
}

#[cfg(test)]
mod tests;
