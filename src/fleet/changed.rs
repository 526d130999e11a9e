//! Which layouts a change of the repository touches.

use super::literals;
use crate::diag::Diagnostic;
use crate::lang::config;
use crate::session::Layout;
use crate::sources::git;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The files that differ from a commit, as absolute paths.
pub struct Changed(Vec<PathBuf>);

impl Changed {
    /// What HEAD has changed since its history left that of `reference`, as `git diff REF...` shows.
    pub fn since(reference: &str) -> Result<Self, Diagnostic> {
        let here = Path::new(".");
        let cannot = |why: &str| cannot(reference, why);
        // For git that is HEAD, since which nothing has changed.
        if reference.trim().is_empty() {
            return Err(cannot("The name of the commit is empty").hint("Is the variable set that should hold it?"));
        }
        git::top(here).map_err(|why| cannot(&why).hint("Run the command in a checkout of the layouts' repository."))?;
        let (top, files) = git::changed(here, reference).map_err(|why| match git::is_shallow(here) {
            true => cannot(&why).hint("The checkout is shallow. Fetch the whole history: `git fetch --unshallow`, fetch-depth: 0 in actions/checkout, or GIT_DEPTH: 0 in GitLab CI."),
            false => cannot(&why).hint("Name a branch, a tag or a commit of this repository, such as origin/main."),
        })?;
        let top = fs::canonicalize(&top).unwrap_or(top);
        Ok(Changed(files.into_iter().map(|file| top.join(file)).collect()))
    }

    /// The directories of those that are configuration.
    pub fn directories(&self) -> BTreeSet<&Path> {
        let is_configuration =
            |file: &&PathBuf| file.file_name().is_some_and(|n| config::is_configuration(&n.to_string_lossy()));
        self.0.iter().filter(is_configuration).filter_map(|file| file.parent()).collect()
    }

    /// Whether a file is one of them.
    pub fn has(&self, file: &Path) -> bool {
        let file = fs::canonicalize(file).unwrap_or_else(|_| file.to_owned());
        self.0.contains(&file)
    }

    /// Whether a layout may be read from one of the files: they are in its directory or in one of its modules', a link
    /// there leads to them, or its text names them. `others` are the directories of the other layouts.
    pub fn touches(&self, layout: &Layout, others: &BTreeSet<PathBuf>) -> bool {
        let of_files = layout.loaded.sources.iter().filter_map(|source| Path::new(&source.path).parent());
        let absolute = |dir: &Path| {
            let dir = if dir.as_os_str().is_empty() { Path::new(".") } else { dir };
            fs::canonicalize(dir).unwrap_or_else(|_| dir.to_owned())
        };
        let mut dirs: BTreeSet<PathBuf> = of_files.map(absolute).collect();
        let own = absolute(&layout.dir);
        dirs.insert(own.clone());
        let of_another = |file: &Path| {
            let others = others.iter().filter(|other| **other != own && !own.starts_with(other));
            others.into_iter().any(|other| file.starts_with(other) && !dirs.contains(other))
        };
        let linked: BTreeSet<PathBuf> = dirs.iter().flat_map(|dir| links(dir)).collect();
        let named = literals::places(layout);
        self.0.iter().any(|file| {
            let inside = dirs.iter().any(|dir| file.starts_with(dir)) && !of_another(file);
            let read = || linked.iter().chain(&named).any(|place| file.starts_with(place));
            // A submodule is one entry for git, whatever changed in it.
            let within = || dirs.iter().chain(&linked).chain(&named).any(|place| place.starts_with(file));
            inside || read() || within() || names(layout, file)
        })
    }
}

/// The error where git does not say what has changed.
pub(super) fn cannot(reference: &str, why: &str) -> Diagnostic {
    Diagnostic::error(format!("Cannot see what has changed since {reference:?}"))
        .code("changed-since")
        .detail(format!("{why}."))
}

/// What the links in a directory lead to.
fn links(dir: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(dir).into_iter().flatten().flatten();
    let links = entries.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_symlink()));
    links.filter_map(|entry| fs::canonicalize(entry.path()).ok()).collect()
}

/// Whether the text of a layout names a file besides its configuration, or the folder of such a file.
fn names(layout: &Layout, file: &Path) -> bool {
    let is_configuration = file.extension().is_some_and(|e| e == "tf" || e == "hcl" || e == "tofu");
    let name = |path: Option<&Path>| path.and_then(Path::file_name).map(|n| n.to_string_lossy().into_owned());
    let Some(own) = name(Some(file)).filter(|_| !is_configuration) else { return false };
    let folder = name(file.parent()).unwrap_or_default();
    let (open, inner) = (format!("/{folder}\""), format!("/{folder}/"));
    let mut values = literals::values(layout);
    let tells = |text: &str| literals::has_word(text, &own) || text.contains(&open) || text.contains(&inner);
    layout.loaded.sources.iter().any(|source| source.text.contains("file") && tells(&source.text))
        || values.any(|text| tells(&text))
}
