//! The files that functions read, and what they saw of them: a saved plan is bound to it.

use super::disk;
use crate::lang::config::digest;
use crate::lang::funcs::{self, Files};
use crate::plan::Seen;
use crate::sources::disk::Disk;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::Path;

/// The disk as functions see it, which remembers what they saw.
pub(super) struct Watched {
    disk: Disk,
    /// The directory of the layout, with a slash at its end: absolute paths below it are kept from there on, so that the
    /// layout may be at another place when the plan is applied.
    root: String,
    seen: RefCell<BTreeMap<String, Seen>>,
}

impl Watched {
    /// The disk from the directory of a layout on, whose absolute path is `cwd`.
    pub(super) fn new(dir: &Path, cwd: &str) -> Self {
        Watched { disk: disk(dir), root: format!("{cwd}/"), seen: RefCell::default() }
    }

    /// What was seen so far, by path.
    pub(super) fn seen(&self) -> BTreeMap<String, Seen> {
        self.seen.borrow().clone()
    }

    fn remember(&self, path: &str, look: impl FnOnce() -> Seen) {
        let path = path.strip_prefix(&self.root).unwrap_or(path);
        let mut seen = self.seen.borrow_mut();
        match seen.get(path) {
            // Content says more than that the file is there.
            Some(Seen::Content(_) | Seen::Matches { .. }) => {}
            _ => drop(seen.insert(path.to_owned(), look())),
        }
    }
}

impl Files for Watched {
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        let content = Files::read(&self.disk, path)?;
        self.remember(path, || Seen::Content(digest(&content)));
        Ok(content)
    }

    fn exists(&self, path: &str) -> Result<bool, String> {
        let there = self.disk.exists(path)?;
        self.remember(path, || if there { Seen::There } else { Seen::Absent });
        Ok(there)
    }

    fn list(&self, directory: &str) -> Result<Vec<String>, String> {
        Files::list(&self.disk, directory)
    }

    fn home(&self) -> Option<String> {
        self.disk.home()
    }

    fn matched(&self, directory: &str, pattern: &str, names: &[&str]) {
        let directory = directory.strip_prefix(&self.root).unwrap_or(directory);
        let names = names.iter().map(|name| (*name).to_owned()).collect();
        let matches = Seen::Matches { directory: directory.to_owned(), pattern: pattern.to_owned(), names };
        self.remember(&format!("{directory}/{pattern}"), || matches);
    }
}

/// The same look again.
pub(super) fn again(disk: &Disk, path: &str, before: &Seen) -> Seen {
    let gone = |found: Option<Seen>| found.unwrap_or(Seen::Absent);
    match before {
        Seen::Content(_) => gone(Files::read(disk, path).ok().map(|content| Seen::Content(digest(&content)))),
        Seen::There | Seen::Absent => gone(disk.exists(path).ok().filter(|there| *there).map(|_| Seen::There)),
        Seen::Matches { directory, pattern, .. } => {
            let all = Files::list(disk, directory).unwrap_or_default();
            let matcher = funcs::file_pattern(pattern).ok();
            let names = all.into_iter().filter(|name| matcher.as_ref().is_some_and(|m| m.is_match(name))).collect();
            Seen::Matches { directory: directory.clone(), pattern: pattern.clone(), names }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn what_is_seen_is_seen_again_until_it_changes() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().to_string_lossy().into_owned();
        fs::create_dir(folder.path().join("conf")).unwrap();
        fs::write(folder.path().join("conf/a.json"), "{}").unwrap();
        fs::write(folder.path().join("motd"), "hello").unwrap();
        let files = Watched::new(folder.path(), &root);
        assert_eq!(files.exists("motd"), Ok(true));
        files.read("motd").unwrap();
        assert_eq!(files.exists(&format!("{root}/conf/a.json")), Ok(true));
        assert_eq!(files.exists("none"), Ok(false));
        files.matched("conf", "*.json", &["a.json"]);
        let seen = files.seen();
        assert_eq!(seen.keys().collect::<Vec<_>>(), ["conf/*.json", "conf/a.json", "motd", "none"]);
        assert!(matches!(seen["motd"], Seen::Content(_)), "{seen:?}");
        let disk = disk(folder.path());
        let same = |path: &str| again(&disk, path, &seen[path]) == seen[path];
        assert!(seen.keys().all(|path| same(path)));
        fs::write(folder.path().join("conf/b.json"), "{}").unwrap();
        fs::write(folder.path().join("motd"), "bye").unwrap();
        fs::write(folder.path().join("none"), "").unwrap();
        assert!(same("conf/a.json") && !same("conf/*.json") && !same("motd") && !same("none"));
        fs::remove_file(folder.path().join("conf/a.json")).unwrap();
        assert!(!same("conf/a.json"));
    }
}
