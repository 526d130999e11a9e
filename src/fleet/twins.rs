//! Layouts that share what each should have for itself: the place of its state, its name.

use crate::diag::Diagnostic;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// So many layouts are named in a sentence.
const NAMED: usize = 5;

/// The layouts by what they should not share.
#[derive(Debug, Default)]
pub struct Twins {
    /// By the place of their state.
    states: BTreeMap<String, BTreeSet<PathBuf>>,
    /// By the name that their `layout` block gives.
    names: BTreeMap<String, BTreeSet<PathBuf>>,
}

impl Twins {
    /// Adds the place of a state.
    pub fn add_state(&mut self, dir: &Path, place: String) {
        self.states.entry(place).or_default().insert(dir.to_owned());
    }

    /// Adds the name that a `layout` block gives.
    pub fn add_name(&mut self, dir: &Path, name: String) {
        self.names.entry(name).or_default().insert(dir.to_owned());
    }

    /// An error for a layout whose state another layout has too.
    pub fn of_state(&self, dir: &Path) -> Option<Diagnostic> {
        let (place, dirs) = self.states.iter().find(|(_, dirs)| dirs.len() > 1 && dirs.contains(dir))?;
        Some(
            Diagnostic::error("Several layouts have one state")
                .code("state-shared")
                .detail(format!("{place} is the state of {}.", listed(dirs)))
                .hint(
                    "Give each layout a name of its own in its layout block, or a key of its own in its backend block.",
                ),
        )
    }

    /// A warning for each name that several layouts have. Those that have one state are left out: that is an error.
    pub fn of_names(&self) -> impl Iterator<Item = (&BTreeSet<PathBuf>, Diagnostic)> {
        let several = self.names.iter().filter(|(_, dirs)| {
            let is_one_state = self.states.values().any(|of_state| dirs.is_subset(of_state));
            dirs.len() > 1 && !is_one_state
        });
        several.map(|(name, dirs)| {
            let d = Diagnostic::warning("Several layouts have one name")
                .code("layout-name")
                .detail(format!("{name:?} is the name of {}. Each has a state of its own.", listed(dirs)))
                .hint("Give each a name of its own in its layout block. A state that was kept under the old name has to be moved.");
            (dirs, d)
        })
    }
}

fn listed(dirs: &BTreeSet<PathBuf>) -> String {
    let mut words: Vec<String> = dirs.iter().take(NAMED).map(|dir| dir.display().to_string()).collect();
    if dirs.len() > NAMED {
        words.push(format!("{} more", dirs.len() - NAMED));
    }
    match words.split_last() {
        Some((last, others)) if !others.is_empty() => format!("{} and {last}", others.join(", ")),
        _ => words.concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_of_several_layouts_is_an_error_for_each() {
        let mut twins = Twins::default();
        for dir in ["a", "b", "c"] {
            twins.add_state(Path::new(dir), if dir == "c" { "other" } else { "state/net" }.into());
        }
        let of_b = twins.of_state(Path::new("b")).expect("an error");
        assert!(of_b.is_error());
        assert_eq!(of_b.detail, "state/net is the state of a and b.");
        assert!(twins.of_state(Path::new("c")).is_none());
    }

    #[test]
    fn many_layouts_are_not_all_named() {
        let dirs = |n: u32| (0..n).map(|at| PathBuf::from(format!("l{at}"))).collect::<BTreeSet<_>>();
        assert_eq!(listed(&dirs(3)), "l0, l1 and l2");
        assert_eq!(listed(&dirs(7)), "l0, l1, l2, l3, l4 and 2 more");
    }
}
