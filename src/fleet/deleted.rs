//! Layouts that a change of the repository deletes: they were there where its history began, and are not there now.

use super::changed::{Changed, cannot};
use crate::diag::Diagnostic;
use crate::lang::config::{self, is_root};
use crate::session::Layout;
use crate::sources::disk::Disk;
use crate::sources::git;
use std::fs;
use std::path::{Path, PathBuf};

/// What a change does to layouts, by the directories that it touches.
pub struct Change {
    /// The layouts that are gone.
    pub deleted: Vec<Deleted>,
    /// The layouts that are there now.
    pub present: Vec<PathBuf>,
}

/// A layout that is gone.
pub struct Deleted {
    /// The directory that it had, as people type it.
    pub dir: PathBuf,
    /// The layout, as far as it says where its state is.
    pub layout: Option<Layout>,
    /// Where git finds its files now, if that is a layout.
    pub moved_to: Option<PathBuf>,
}

/// The layouts that are gone since HEAD left the history of `reference`. `name` gives the name of a directory that is
/// looked at.
pub fn since(reference: &str, name: &dyn Fn(&Path) -> Option<PathBuf>) -> Result<Change, Diagnostic> {
    let changed = Changed::since(reference)?;
    let cannot = |why: String| cannot(reference, &why);
    let top = git::top(Path::new(".")).map_err(cannot)?;
    let top = fs::canonicalize(&top).unwrap_or(top);
    let commit = git::merge_base(&top, reference).map_err(cannot)?;
    let disk = Disk::new(".", None);
    let directories = changed.directories().into_iter();
    let (present, others): (Vec<&Path>, Vec<&Path>) =
        directories.partition(|dir| is_root(&disk, &dir.to_string_lossy()));
    let mut deleted = Vec::new();
    for dir in others {
        let (Some(shown), Ok(inner)) = (name(dir), dir.strip_prefix(&top)) else { continue };
        let path = if inner.as_os_str().is_empty() { Path::new(".") } else { inner }.to_string_lossy();
        let past = Past { top: &top, commit: &commit, dir: &path };
        if is_root(&past, &path) {
            let layout = Layout::of_state(&past, &path, &shown);
            deleted.push((inner, Deleted { dir: shown, layout, moved_to: None }));
        }
    }
    if !deleted.is_empty() {
        let renamed = git::renamed(&top, reference).map_err(cannot)?;
        for (inner, one) in &mut deleted {
            let new = renamed.iter().filter(|(old, _)| old.parent() == Some(inner)).filter_map(|(_, new)| new.parent());
            one.moved_to = new.map(|new| top.join(new)).find(|new| present.contains(&new.as_path()));
        }
    }
    let deleted = deleted.into_iter().map(|(_, one)| one).collect();
    Ok(Change { deleted, present: present.into_iter().map(Path::to_owned).collect() })
}

/// The files of one directory as a commit has them. What is in other directories does not say where a state is.
struct Past<'a> {
    top: &'a Path,
    commit: &'a str,
    dir: &'a str,
}

impl config::Files for Past<'_> {
    fn list(&self, dir: &str) -> Result<Vec<String>, String> {
        if dir == self.dir { git::names(self.top, self.commit, dir) } else { Err("it is not looked at".into()) }
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        git::text(self.top, self.commit, path).map(String::into_bytes)
    }
}
