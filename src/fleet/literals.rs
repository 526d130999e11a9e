//! The places of the disk that the text of a layout names: a change of what is there may change the plan. A path
//! with a computed part stands for all that is below its fixed part.

use crate::session::Layout;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// What paths of a layout begin with.
const BASES: [&str; 3] = ["${path.module}/", "${path.root}/", "${path.cwd}/"];
/// What ends the fixed part of a path.
const OPEN: [&str; 6] = ["${", "%{", "*", "?", "[", "{"];

/// The files and directories, absolute, without those that hold everything here.
pub fn places(layout: &Layout) -> BTreeSet<PathBuf> {
    let here = Path::new(".");
    let own = layout.dir.as_path();
    let mut found = BTreeSet::new();
    for source in &layout.loaded.sources {
        let of_file = Path::new(&source.path).parent().unwrap_or(here);
        found.extend(paths(&source.text).flat_map(|path| [of_file, own, here].map(|base| resolved(base, path))));
    }
    for text in values(layout) {
        found.extend(paths(&text).flat_map(|path| [own, here].map(|base| resolved(base, path))));
    }
    let around = fs::canonicalize(here).unwrap_or_default();
    found.into_iter().flatten().filter(|place| !around.starts_with(place)).collect()
}

/// The texts of the files of values in a layout's directory.
pub fn values(layout: &Layout) -> impl Iterator<Item = String> {
    let entries = fs::read_dir(&layout.dir).into_iter().flatten().flatten().map(|entry| entry.path());
    let files = entries.filter(|path| path.extension().is_some_and(|e| e == "tfvars"));
    files.filter_map(|path| fs::read_to_string(path).ok())
}

/// Whether a text has a word, with nothing before or after it that a name could have.
pub fn has_word(text: &str, word: &str) -> bool {
    let goes_on = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '-');
    let ends = |(at, word): (usize, &str)| {
        let after = &text[at + word.len()..];
        let after = after.strip_prefix('.').filter(|more| goes_on(more.chars().next())).unwrap_or(after);
        !goes_on(text[..at].chars().next_back()) && !goes_on(after.chars().next())
    };
    text.match_indices(word).any(ends)
}

/// The fixed parts of what looks like a path between quotes.
fn paths(text: &str) -> impl Iterator<Item = &str> {
    text.split(['"', '\n']).filter_map(|part| {
        let path = BASES.iter().find_map(|base| part.strip_prefix(base)).unwrap_or(part);
        let end = OPEN.iter().filter_map(|open| path.find(open)).min();
        let fixed = match end {
            None => path,
            Some(end) => path[..end].rsplit_once('/').map_or("", |(folder, _)| folder),
        };
        (fixed.contains('/') && !fixed.contains("://") && !fixed.contains(char::is_whitespace)).then_some(fixed)
    })
}

/// A path from a directory on; nothing where neither it nor the directory that it is in is there.
fn resolved(base: &Path, path: &str) -> Option<PathBuf> {
    let whole = base.join(path);
    fs::canonicalize(&whole).ok().or_else(|| {
        let folder = fs::canonicalize(whole.parent()?).ok()?;
        Some(folder.join(whole.file_name()?))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fixed_part_of_a_path_is_found() {
        let text = r#"
            a = file("${path.module}/../../shared/motd.txt")
            b = fileset("${path.root}/../conf", "**/*.json")
            c = jsondecode(file("../conf/${var.env}/a-${each.key}.json"))
            d = "${local.base}/x", "10.0.0.0/16", "https://example.com/a", "a / b"
        "#;
        let found: Vec<&str> = paths(text).collect();
        assert_eq!(found, ["../../shared/motd.txt", "../conf", "../conf", "10.0.0.0/16"]);
    }

    #[test]
    fn a_path_leads_to_what_was_there_too() {
        let folder = tempfile::tempdir().unwrap();
        let top = fs::canonicalize(folder.path()).unwrap();
        fs::create_dir_all(top.join("a/b")).unwrap();
        assert_eq!(resolved(&top.join("a/b"), "../../gone.txt"), Some(top.join("gone.txt")));
        assert_eq!(resolved(&top, "a/b"), Some(top.join("a/b")));
        assert_eq!(resolved(&top, "10.0.0.0/16"), None);
    }

    #[test]
    fn a_short_name_is_not_found_within_another() {
        assert!(has_word("templatefile(\"x/a.tpl\")", "a.tpl"));
        for text in ["layouts = 1", "data.tpl", "ba.tpl", "x-a.tpl", "a.tpls"] {
            assert!(!has_word(text, "a.tpl") && !has_word(text, "a"), "{text}");
        }
    }
}
