//! The `moved` and `removed` blocks of all modules of a layout, in the terms of the root module. A block in a
//! module is about every instance of that module.

use crate::lang::config::ModuleNode;
use crate::objects::State;
use crate::objects::moves::Move;
use crate::value::Name;
use crate::value::address::{Address, InstanceKey, ModulePath, ResourceAddress, Target};
use std::collections::BTreeSet;

/// All moves that the layout's modules ask for, for the module instances that the state holds and those that
/// they become by a move.
pub fn moves(root: &ModuleNode, state: &State) -> Vec<Move> {
    let mut all: Vec<Move> = Vec::new();
    let mut of_modules: Vec<Move> = Vec::new();
    let mut known: BTreeSet<ModulePath> = BTreeSet::new();
    let mut open: Vec<ModulePath> = vec![ModulePath::default()];
    let addresses = state.resources.keys().chain(state.deposed.keys().map(|(address, _)| address));
    addresses.for_each(|address| open.extend(with_callers(&address.resource.module)));
    while let Some(path) = open.pop() {
        if !known.insert(path.clone()) {
            continue;
        }
        // The blocks of a module count where the module is after a move, and where an object moves to.
        open.extend(of_modules.iter().filter_map(|(from, to)| moved(&path, from, to)));
        for block in node(root, &path).into_iter().flat_map(|node| &node.module.moved) {
            let (from, to) = (inside(&path, &block.from), inside(&path, &block.to));
            match &to {
                Target::Module(_) => {
                    open.extend(known.iter().filter_map(|path| moved(path, &from, &to)));
                    of_modules.push((from.clone(), to.clone()));
                }
                Target::Resource(to) => open.extend(with_callers(&to.module)),
                Target::Instance(to) => open.extend(with_callers(&to.resource.module)),
            }
            all.push((from, to));
        }
        open.retain(|path| path.0.len() <= DEEPEST);
    }
    // The blocks of the root first, so that errors name them before those of modules.
    all.sort_by_key(|(from, _)| depth(from));
    all
}

/// Moves that put a module into itself would never end.
const DEEPEST: usize = 32;

/// Whether a `removed` block names the address, and then whether it destroys.
pub fn removed(root: &ModuleNode, address: &Address) -> Option<bool> {
    let steps = &address.resource.module.0;
    (0..=steps.len()).find_map(|depth| {
        let (outer, inner) = steps.split_at(depth);
        let node = node(root, &ModulePath(outer.to_vec().into()))?;
        let names = |path: &[(Name, InstanceKey)]| path.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
        let covers = |from: &Target| match from {
            Target::Module(path) => names(inner).starts_with(&names(&path.0)),
            Target::Instance(_) => false,
            Target::Resource(r) => {
                let own = &address.resource;
                (r.mode, &r.type_name, &r.name) == (own.mode, &own.type_name, &own.name)
                    && names(&r.module.0) == names(inner)
            }
        };
        node.module.removed.iter().find(|block| covers(&block.from)).map(|block| block.destroy)
    })
}

/// The module that a path leads to, if the layout still calls it.
fn node<'a>(root: &'a ModuleNode, path: &ModulePath) -> Option<&'a ModuleNode> {
    path.0.iter().try_fold(root, |node, (name, _)| node.children.get(name).map(|child| &**child))
}

/// A module instance and those around it, without the root.
fn with_callers(path: &ModulePath) -> Vec<ModulePath> {
    (1..=path.0.len()).map(|depth| ModulePath(path.0[..depth].to_vec().into())).collect()
}

fn depth(target: &Target) -> usize {
    match target {
        Target::Module(path) => path.0.len().saturating_sub(1),
        Target::Resource(r) => r.module.0.len(),
        Target::Instance(a) => a.resource.module.0.len(),
    }
}

/// An address in a module instance, as seen from the root.
fn inside(path: &ModulePath, target: &Target) -> Target {
    let join = |inner: &ModulePath| ModulePath(path.0.iter().chain(inner.0.iter()).cloned().collect::<Vec<_>>().into());
    let resource = |r: &ResourceAddress| ResourceAddress { module: join(&r.module), ..r.clone() };
    match target {
        Target::Module(inner) => Target::Module(join(inner)),
        Target::Resource(r) => Target::Resource(resource(r)),
        Target::Instance(a) => Target::Instance(resource(&a.resource).instance(a.key.clone())),
    }
}

/// Where a module instance is after a move of a module.
fn moved(path: &ModulePath, from: &Target, to: &Target) -> Option<ModulePath> {
    let probe = ResourceAddress {
        module: path.clone(),
        mode: crate::value::address::Mode::Managed,
        type_name: "any".into(),
        name: "any".into(),
    };
    crate::objects::moves::rewrite(&probe.instance(InstanceKey::None), from, to).map(|address| address.resource.module)
}
