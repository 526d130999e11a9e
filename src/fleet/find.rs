//! Which layouts a command is about: directories and patterns that were typed, and all below a directory.

use crate::diag::{Diagnostic, Diagnostics};
use crate::lang::config::is_root;
use crate::lang::funcs::glob;
use crate::sources::disk::Disk;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Where layouts are looked for unless a directory is named.
const USUAL: &str = "layouts";
/// How deep directories are looked through.
const DEPTH: usize = 12;

/// The layouts of a run.
#[derive(Debug, Default)]
pub struct Found {
    /// The layouts in the order typed, those of a pattern by name. What names none is among them, at its place.
    pub layouts: Vec<PathBuf>,
    /// Why it names none.
    pub lost: BTreeMap<PathBuf, Diagnostic>,
    /// Layouts that the run is not about, as they have not changed.
    pub left: Vec<PathBuf>,
}

impl Found {
    /// One layout alone.
    pub fn one(dir: PathBuf) -> Self {
        Found { layouts: vec![dir], ..Found::default() }
    }

    /// Puts these first: they are layouts no longer, for these reasons.
    pub fn begin_with(&mut self, deleted: Vec<(PathBuf, Diagnostic)>) {
        self.layouts.retain(|dir| deleted.iter().all(|(other, _)| other != dir));
        drop(self.layouts.splice(0..0, deleted.iter().map(|(dir, _)| dir.clone())));
        self.lost.extend(deleted);
    }

    fn loses(&mut self, path: &Path, why: Diagnostic) {
        self.layouts.push(path.to_owned());
        self.lost.insert(path.to_owned(), why);
    }
}

/// The layouts that were typed, and those that patterns match; with `all`, those below the directories that were typed,
/// or below `layouts`. An error if there are none.
pub fn find(typed: &[PathBuf], all: bool) -> Result<Found, Diagnostics> {
    let (mut found, mut named) = (Found::default(), Vec::new());
    for path in typed {
        match is_pattern(path).then(|| matching(path)) {
            None => named.push(path.clone()),
            Some(Ok(matching)) => named.extend(matching),
            Some(Err(why)) => {
                named.push(path.clone());
                found.lost.insert(path.clone(), why);
            }
        }
    }
    if all && typed.is_empty() {
        named.push(usual());
    }
    for dir in named {
        if !all || found.lost.contains_key(&dir) {
            found.layouts.push(dir);
            continue;
        }
        let mut below = Vec::new();
        walk(&dir, 0, &mut below);
        match below.is_empty() {
            true => found.loses(&dir, none_below(&dir)),
            false => found.layouts.extend(below),
        }
    }
    let mut seen = BTreeSet::new();
    found.layouts.retain(|dir| seen.insert(fs::canonicalize(dir).unwrap_or_else(|_| dir.clone())));
    let is_lost = |dir: &PathBuf| found.lost.contains_key(dir);
    match !found.lost.is_empty() && found.layouts.iter().all(is_lost) {
        true => Err(found.lost.into_values().collect()),
        false => Ok(found),
    }
}

/// The name under which `find` would find a directory if a layout were there; `dir` is absolute.
pub fn name_of(typed: &[PathBuf], all: bool, dir: &Path) -> Option<PathBuf> {
    let here = fs::canonicalize(".").ok()?;
    let usual = (all && typed.is_empty()).then(usual);
    typed.iter().chain(&usual).find_map(|path| {
        let text = path.to_string_lossy();
        if is_pattern(path) {
            let named = if path.is_absolute() { dir } else { dir.strip_prefix(&here).ok()? };
            let expression = glob::compile(text.trim_end_matches('/').trim_start_matches("./")).ok()?;
            let mut tops = named.ancestors().take(if all { usize::MAX } else { 1 });
            let matches = tops.any(|top| expression.is_match(&top.to_string_lossy()));
            return matches.then(|| named.to_owned());
        }
        let inner = dir.strip_prefix(fs::canonicalize(path).unwrap_or_else(|_| here.join(path))).ok()?;
        let is_hidden = inner.iter().any(|step| step.to_string_lossy().starts_with('.'));
        match inner.as_os_str().is_empty() {
            true => Some(path.clone()),
            false if !all || is_hidden => None,
            false if text == "." => Some(inner.to_owned()),
            false => Some(path.join(inner)),
        }
    })
}

/// `layouts`, where there is one, else the current directory.
fn usual() -> PathBuf {
    let usual = PathBuf::from(USUAL);
    if usual.is_dir() { usual } else { PathBuf::from(".") }
}

fn none_below(top: &Path) -> Diagnostic {
    let d = Diagnostic::error(format!("No layouts are below {}", top.display())).code("no-layouts");
    match top.is_dir() {
        false => d.detail("The directory does not exist."),
        true => d
            .detail("A layout has a layout block, a backend block or a provider block.")
            .hint("Name the directory that holds the layouts: --all DIR."),
    }
}

/// Whether a path is a pattern, and not the name of something that exists.
fn is_pattern(path: &Path) -> bool {
    path.to_string_lossy().contains(['*', '?', '[', '{']) && !path.exists()
}

/// The directories that a pattern matches and that hold files of a layout.
fn matching(pattern: &Path) -> Result<Vec<PathBuf>, Diagnostic> {
    let text = pattern.to_string_lossy();
    let text = text.trim_end_matches('/');
    let wrong = |why: String| Diagnostic::error(format!("Invalid pattern {text:?}")).code("usage").detail(why);
    let expression = glob::compile(text).map_err(|e| wrong(format!("{e}.")))?;
    let fixed: PathBuf =
        pattern.iter().take_while(|part| !part.to_string_lossy().contains(['*', '?', '[', '{'])).collect();
    let top = if fixed.as_os_str().is_empty() { PathBuf::from(".") } else { fixed.clone() };
    let mut found = Vec::new();
    each_directory(&top, 0, &mut |dir| {
        let named = if fixed.as_os_str().is_empty() { dir.strip_prefix(".").unwrap_or(dir) } else { dir };
        if expression.is_match(&named.to_string_lossy()) && holds_files(dir) {
            found.push(named.to_owned());
        }
        true
    });
    match found.is_empty() {
        true => Err(Diagnostic::error(format!("No layouts match {text:?}"))
            .code("no-layouts")
            .detail("The pattern matches no directory with .hcl or .tf files.")),
        false => Ok(found),
    }
}

fn holds_files(dir: &Path) -> bool {
    crate::lang::config::is_layout(&Disk::new(".", None), &dir.to_string_lossy())
}

fn walk(top: &Path, depth: usize, found: &mut Vec<PathBuf>) {
    each_directory(top, depth, &mut |dir| {
        if is_root(&Disk::new(".", None), &dir.to_string_lossy()) {
            let shown = if top == Path::new(".") { dir.strip_prefix(".").unwrap_or(dir) } else { dir };
            found.push(if shown.as_os_str().is_empty() { top.to_owned() } else { shown.to_owned() });
        }
        true
    });
}

/// A directory and those below it by name, without hidden ones and links.
fn each_directory(dir: &Path, depth: usize, visit: &mut dyn FnMut(&Path) -> bool) {
    if depth > DEPTH || !dir.is_dir() || !visit(dir) {
        return;
    }
    let entries = fs::read_dir(dir).into_iter().flatten().flatten();
    let is_shown = |entry: &fs::DirEntry| !entry.file_name().to_string_lossy().starts_with('.');
    let directories = entries.filter(|entry| is_shown(entry) && entry.file_type().is_ok_and(|kind| kind.is_dir()));
    let mut names: Vec<PathBuf> = directories.map(|entry| entry.path()).collect();
    names.sort();
    names.iter().for_each(|inner| each_directory(inner, depth + 1, visit));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn world() -> tempfile::TempDir {
        let dir = tempfile::tempdir().expect("a directory");
        let files = [
            ("layouts/a/main.hcl", "layout {}\n"),
            ("layouts/b/main.tf", "terraform {\n  backend \"s3\" {}\n}\n"),
            ("layouts/b/modules/inner/main.tf", "variable \"x\" {}\n"),
            ("layouts/c/main.tf.json", "{\"provider\": {\"aws\": {}}}"),
            ("layouts/d/main.tf", "provider \"aws\" {\n  region = \n}\n"),
            ("layouts/.terraform/modules/e/main.tf", "provider \"aws\" {}\n"),
            ("modules/web/main.tf", "resource \"aws_vpc\" \"v\" {}\n"),
        ];
        for (name, text) in files {
            let path = dir.path().join(name);
            fs::create_dir_all(path.parent().expect("a folder")).expect("made");
            fs::write(path, text).expect("written");
        }
        dir
    }

    #[test]
    fn a_directory_that_is_gone_has_the_name_it_had() {
        let world = world();
        let root = fs::canonicalize(world.path()).expect("a directory");
        let name = |typed: &str, all, dir: &str| {
            let found = name_of(&[root.join(typed)], all, &root.join(dir))?;
            Some(found.strip_prefix(&root).expect("inside").to_string_lossy().into_owned())
        };
        for (typed, all, dir, is_found) in [
            ("layouts", true, "layouts/gone", true),
            ("layouts", true, "layouts/eu/gone", true),
            ("layouts", true, "layouts/.terraform/gone", false),
            ("layouts", true, "modules/gone", false),
            ("layouts", false, "layouts/gone", false),
            ("layouts/gone", false, "layouts/gone", true),
            ("layouts/go*", false, "layouts/gone", true),
            ("layouts/go*", false, "layouts/other", false),
            ("layouts/e*", true, "layouts/eu/gone", true),
            ("layouts/e*", false, "layouts/eu/gone", false),
        ] {
            assert_eq!(name(typed, all, dir), is_found.then(|| dir.to_owned()), "{typed} {all} {dir}");
        }
    }

    fn names(world: &Path, found: &[PathBuf]) -> Vec<String> {
        found.iter().map(|dir| dir.strip_prefix(world).unwrap_or(dir).to_string_lossy().into_owned()).collect()
    }

    #[test]
    fn all_layouts_below_a_directory_are_found() {
        let world = world();
        let found = find(&[world.path().to_owned()], true).expect("found").layouts;
        assert_eq!(names(world.path(), &found), ["layouts/a", "layouts/b", "layouts/c", "layouts/d"]);
    }

    #[test]
    fn a_pattern_finds_directories_and_none_is_an_error() {
        let world = world();
        let found = find(&[world.path().join("layouts/[ab]")], false).expect("found").layouts;
        assert_eq!(names(world.path(), &found), ["layouts/a", "layouts/b"]);
        let twice = find(&[world.path().join("layouts/a"), world.path().join("layouts/*")], false);
        let twice = twice.expect("found").layouts;
        assert_eq!(names(world.path(), &twice), ["layouts/a", "layouts/b", "layouts/c", "layouts/d"]);
        let none = find(&[world.path().join("layouts/x*")], false).expect_err("none");
        assert!(format!("{}", none.iter().next().expect("one")).contains("No layouts match"));
        let none = find(&[world.path().join("modules")], true).expect_err("none");
        assert!(format!("{}", none.iter().next().expect("one")).contains("No layouts are below"));
    }

    #[test]
    fn what_names_no_layout_does_not_stop_the_others() {
        let world = world();
        let at = |name: &str| world.path().join(name);
        let found = find(&[at("x*"), at("layouts/a")], false).expect("found");
        assert_eq!(names(world.path(), &found.layouts), ["x*", "layouts/a"]);
        assert_eq!(found.lost.into_keys().collect::<Vec<_>>(), [at("x*")]);
        let found = find(&[at("modules"), at("layouts"), at("y*")], true).expect("found");
        let expected = ["modules", "layouts/a", "layouts/b", "layouts/c", "layouts/d", "y*"];
        assert_eq!(names(world.path(), &found.layouts), expected);
        assert_eq!(found.lost.into_keys().collect::<Vec<_>>(), [at("modules"), at("y*")]);
    }
}
