//! The bond between a plan and what a reviewer saw: the content of its files, the places in AWS, the commit. The plan gets
//! a seal over that and its steps; before it is applied, all of it is looked at again.

use super::{Connections, Layout, World, disk, seen};
use crate::diag::Diagnostics;
use crate::plan::basis::{Values, typed};
use crate::plan::{Action, Basis, Change, Commit, Plan, ProviderFacts, Seen, Site, file, stale};
use crate::sources::git;
use crate::state::{Backend, Loaded};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The arguments that name a file which the step itself reads.
const FILES: [&str; 2] = ["filename", "source"];

/// What is known of the sources of a plan once it is made.
pub(super) fn basis(layout: &Layout, connections: &Connections, world: &World) -> Basis {
    let site = |facts: &ProviderFacts| Site { account: facts.account.clone(), region: facts.region.clone() };
    Basis {
        files: layout.loaded.files.clone(),
        seen: world.seen(),
        places: connections.facts.iter().map(|(name, facts)| (name.clone(), site(facts))).collect(),
        version: env!("CARGO_PKG_VERSION").into(),
        ..Basis::default()
    }
}

/// The repository that plans are reviewed in.
#[derive(Debug, Clone)]
pub struct Repository {
    top: PathBuf,
    head: String,
    base: Option<String>,
    /// The files that are not as in the commit.
    edited: BTreeSet<PathBuf>,
}

impl Repository {
    /// The repository around a directory; none where there is none, or no git. `head` is the commit that the run is about,
    /// if that is another than the one that is checked out, `bases` are names of what it is to be merged into.
    pub fn around(dir: &Path, head: Option<&str>, bases: &[String]) -> Option<Self> {
        let top = git::top(dir).ok()?;
        let top = fs::canonicalize(&top).unwrap_or(top);
        let edited = git::edited(&top).unwrap_or_default().into_iter().collect();
        let base = bases.iter().find_map(|base| git::merge_base(dir, base).ok());
        Some(Repository { head: at(dir, head)?, base, edited, top })
    }

    /// The commit of a layout with what differs from it; none where the layout is elsewhere.
    fn commit(&self, layout: &Layout, basis: &Basis) -> Option<Commit> {
        let within = fs::canonicalize(&layout.dir).is_ok_and(|dir| dir.starts_with(&self.top));
        let is_edited =
            |path: &&String| fs::canonicalize(layout.dir.join(path)).is_ok_and(|path| self.edited.contains(&path));
        let all = basis.files.keys().chain(basis.values.files.iter()).chain(basis.seen.keys());
        let edited: BTreeSet<String> = match self.edited.is_empty() {
            true => BTreeSet::new(),
            false => all.filter(is_edited).map(|path| typed(&layout.dir.to_string_lossy(), path)).collect(),
        };
        let edited = edited.into_iter().collect();
        within.then(|| Commit { head: self.head.clone(), base: self.base.clone(), edited })
    }
}

/// The commit that is checked out, or the one that the job says it is about, if the repository has that.
fn at(dir: &Path, head: Option<&str>) -> Option<String> {
    match head.filter(|head| git::has(dir, head)) {
        Some(head) => Some(head.to_owned()),
        None => git::head(dir).ok(),
    }
}

/// The path of a file from a layout's directory on, if it is one of the workspace: of the repository, or below the
/// directory where the program runs. Others, such as a pipe, may be gone when the plan is applied.
pub fn within(layout: &Path, file: &Path, repository: Option<&Repository>) -> Option<String> {
    let top = repository.map(|repository| repository.top.clone()).or_else(|| fs::canonicalize(".").ok())?;
    from(layout, file, &top)
}

/// Binds a plan to what it was made from, and gives it its seal.
pub fn bind(
    plan: &mut Plan,
    layout: &Layout,
    values: Values,
    repository: Option<&Repository>,
) -> Result<(), Diagnostics> {
    let taken = plan.changes.iter().flat_map(|change| taken(change, layout)).collect::<Vec<_>>();
    plan.meta.basis.seen.extend(taken);
    plan.meta.basis.values = values;
    plan.meta.basis.commit = repository.and_then(|repository| repository.commit(layout, &plan.meta.basis));
    plan.meta.seal = file::sealed(plan)?;
    Ok(())
}

/// The files that a step takes, as an argument of its object names them.
fn taken(change: &Change, layout: &Layout) -> Vec<(String, Seen)> {
    let makes =
        matches!(change.action, Action::Create | Action::Update | Action::DeleteThenCreate | Action::CreateThenDelete);
    let Some(after) = change.after.as_ref().filter(|_| makes) else { return Vec::new() };
    let disk = disk(&layout.dir);
    let of = |name: &str| {
        // The file that an object of this machine writes is not one that it takes.
        let path = after.string(name).filter(|_| name != "filename" || change.provider.starts_with("aws"))?;
        let looked = seen::again(&disk, &path, &Seen::Content(String::new()));
        (looked != Seen::Absent).then_some((path, looked))
    };
    FILES.iter().filter_map(|name| of(name)).collect()
}

/// The path of a file from a directory on, if it is below `top`.
fn from(dir: &Path, file: &Path, top: &Path) -> Option<String> {
    let dir = fs::canonicalize(dir).ok()?;
    let file = fs::canonicalize(file).ok().filter(|file| file.starts_with(top))?;
    let shared = dir.components().zip(file.components()).take_while(|(a, b)| a == b).count();
    let up = dir.components().skip(shared).map(|_| "..".to_owned());
    let down = file.components().skip(shared).map(|part| part.as_os_str().to_string_lossy().into_owned());
    Some(up.chain(down).collect::<Vec<_>>().join("/"))
}

/// What a saved plan has to fit: the layout, its state and the checkout as they are now. `variables` are those that have
/// another value, `head` is the commit that the run is about, if it is not the one that is checked out.
pub fn present<'a>(
    plan: &Plan,
    layout: &'a Layout,
    (backend, loaded): (&Backend, &'a Loaded),
    variables: Vec<String>,
    head: Option<&str>,
) -> stale::Present<'a> {
    let basis = &plan.meta.basis;
    let disk = disk(&layout.dir);
    let look = |(path, before): (&String, &Seen)| (path.clone(), seen::again(&disk, path, before));
    stale::Present {
        files: &layout.loaded.files,
        seen: basis.seen.iter().map(look).collect::<BTreeMap<_, _>>(),
        variables,
        state: &loaded.state,
        written: (loaded.state.serial != plan.meta.serial).then(|| written(backend, loaded.state.serial)).flatten(),
        commit: basis.commit.as_ref().and_then(|_| at(&layout.dir, head)),
    }
}

/// Who wrote a serial, and when.
fn written(backend: &Backend, serial: u64) -> Option<String> {
    let entry = backend.history().ok()?.into_iter().find(|entry| entry.serial == serial)?;
    let written = entry.head.ok()?.written;
    Some(format!("`{}` wrote that at {}.", written.command, written.at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_the_workspace_is_named_from_the_layout_on() {
        let folder = tempfile::tempdir().unwrap();
        let top = fs::canonicalize(folder.path()).unwrap();
        for dir in ["layouts/a", "env"] {
            fs::create_dir_all(top.join(dir)).unwrap();
        }
        for file in ["env/prod.tfvars", "layouts/a/own.tfvars"] {
            fs::write(top.join(file), "").unwrap();
        }
        let named = |file: &str| from(&top.join("layouts/a"), &top.join(file), &top);
        assert_eq!(named("env/prod.tfvars").as_deref(), Some("../../env/prod.tfvars"));
        assert_eq!(named("layouts/a/own.tfvars").as_deref(), Some("own.tfvars"));
        assert_eq!(named("none"), None);
        assert_eq!(from(&top, Path::new("/dev/null"), &top), None);
    }
}
