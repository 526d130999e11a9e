//! The sources of a plan besides the state: files, places in AWS, the commit. A saved plan keeps them, so that a later run
//! can name what moved. The content of files decides; commits are only named, as a merge gives equal content another
//! commit.

use crate::lang::config::join;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// How many names a message lists.
const NAMES: usize = 20;
/// How much of a commit's name a message shows.
const SHORT: usize = 12;

/// The SHA-256 of files, in hexadecimal, by their paths from the layout's directory on.
pub type Digests = BTreeMap<String, String>;

/// The sources of a plan.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Basis {
    /// The files of the layout and of its modules.
    pub files: Digests,
    /// What functions and objects see of other files, by the path that they give.
    pub seen: BTreeMap<String, Seen>,
    /// The place in AWS of each provider configuration.
    pub places: BTreeMap<String, Site>,
    /// Where the values of the variables were from; the values themselves are in the plan.
    pub values: Values,
    /// The commit that was checked out, where the layout is in a repository.
    pub commit: Option<Commit>,
    /// The version of Floorplan.
    pub version: String,
}

/// Where the variables of a plan had their values from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Values {
    /// The variables that the command line set, or a file that is not of the workspace.
    pub typed: BTreeSet<String>,
    /// The variables that files of the workspace set.
    pub filed: BTreeSet<String>,
    /// The files that `--var-file` named, by their paths from the layout's directory on.
    pub files: Vec<String>,
}

/// What was seen of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Seen {
    /// Its content, as a SHA-256.
    Content(String),
    /// That it is there.
    There,
    /// That it is not there.
    Absent,
    /// Which files a pattern matches.
    Matches {
        /// The directory that is searched.
        directory: String,
        /// The pattern.
        pattern: String,
        /// The files, from that directory on.
        names: BTreeSet<String>,
    },
}

/// A place in AWS.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Site {
    /// The account; empty where it was not asked.
    pub account: String,
    /// The region.
    pub region: String,
}

/// A commit, and what was not in it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Commit {
    /// The commit itself; of a pull request its head.
    pub head: String,
    /// Where its history left that of the branch that it is to be merged into.
    pub base: Option<String>,
    /// The files of the plan that were not as in the commit, as they are typed.
    pub edited: Vec<String>,
}

/// The beginning of a commit's name.
pub fn short(commit: &str) -> &str {
    commit.get(..SHORT).unwrap_or(commit)
}

/// The path of a file as a person types it, from one that starts at the directory of the layout.
pub fn typed(dir: &str, path: &str) -> String {
    if path.starts_with('/') { path.to_owned() } else { join(dir, path) }
}

/// Names of files that are no longer as they were.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Moved {
    /// They have other content.
    changed: BTreeSet<String>,
    /// They were not there.
    new: BTreeSet<String>,
    /// They are not there any more.
    gone: BTreeSet<String>,
}

impl Moved {
    /// Adds what differs between two sets of files. `name` makes of a path what a person types.
    pub fn digests(&mut self, before: &Digests, now: &Digests, name: &dyn Fn(&str) -> String) {
        for (path, digest) in before {
            match now.get(path) {
                Some(now) if now == digest => {}
                Some(_) => drop(self.changed.insert(name(path))),
                None => drop(self.gone.insert(name(path))),
            }
        }
        self.new.extend(now.keys().filter(|path| !before.contains_key(*path)).map(|path| name(path)));
    }

    /// Adds what is seen otherwise.
    pub fn seen(
        &mut self,
        before: &BTreeMap<String, Seen>,
        now: &BTreeMap<String, Seen>,
        name: &dyn Fn(&str) -> String,
    ) {
        for (path, was) in before {
            match (was, now.get(path)) {
                (was, Some(is)) if was == is => {}
                (Seen::Matches { directory, names: were, .. }, is) => {
                    let none = BTreeSet::new();
                    let are = if let Some(Seen::Matches { names, .. }) = is { names } else { &none };
                    let whole = |file: &String| name(&format!("{directory}/{file}"));
                    self.new.extend(are.difference(were).map(whole));
                    self.gone.extend(were.difference(are).map(whole));
                }
                (_, None | Some(Seen::Absent)) => drop(self.gone.insert(name(path))),
                (Seen::Absent, _) => drop(self.new.insert(name(path))),
                _ => drop(self.changed.insert(name(path))),
            }
        }
    }

    /// Whether nothing moved.
    pub fn is_empty(&self) -> bool {
        self.changed.is_empty() && self.new.is_empty() && self.gone.is_empty()
    }

    /// The names, in a sentence for each kind.
    pub fn sentences(&self) -> String {
        let kinds = [("Changed", &self.changed), ("New", &self.new), ("Gone", &self.gone)];
        let sentence = |(word, names): (&str, &BTreeSet<String>)| {
            let listed: Vec<&str> = names.iter().take(NAMES).map(String::as_str).collect();
            let more = names.len() - listed.len();
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            format!("{word}: {}{more}.", listed.join(", "))
        };
        kinds.into_iter().filter(|(_, names)| !names.is_empty()).map(sentence).collect::<Vec<_>>().join(" ")
    }
}

impl Commit {
    /// How the checkout compares with this commit, where a plan was made at it.
    pub fn against(&self, now: &str) -> String {
        let head = short(&self.head);
        match self.head == now {
            true if self.edited.is_empty() => {
                format!("The checkout is at the same commit, {head}, with other content.")
            }
            true => format!(
                "The checkout is at the same commit, {head}. When the plan was made, {} differed from it.",
                self.edited.join(", ")
            ),
            false => {
                let base = self.base.as_ref().map(|base| format!(" (base {})", short(base))).unwrap_or_default();
                format!("The plan was made at commit {head}{base}, the checkout is at {}.", short(now))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digests(all: &[(&str, &str)]) -> Digests {
        all.iter().map(|(path, digest)| ((*path).to_owned(), (*digest).to_owned())).collect()
    }

    fn matches(names: &[&str]) -> Seen {
        Seen::Matches {
            directory: "conf".into(),
            pattern: "*.json".into(),
            names: names.iter().map(|name| (*name).to_owned()).collect(),
        }
    }

    #[test]
    fn a_path_is_shown_as_it_is_typed() {
        assert_eq!(typed("layouts/a", "../../modules/m/main.tf"), "modules/m/main.tf");
        assert_eq!(typed(".", "main.tf"), "main.tf");
        assert_eq!(typed("layouts/a", "/etc/motd"), "/etc/motd");
    }

    #[test]
    fn all_that_moved_is_named_by_kind() {
        let as_it_is = |path: &str| path.to_owned();
        let mut moved = Moved::default();
        let before = digests(&[("a.tf", "1"), ("b.tf", "1"), ("c.tf", "1")]);
        moved.digests(&before, &before, &as_it_is);
        assert!(moved.is_empty());
        moved.digests(&before, &digests(&[("a.tf", "1"), ("b.tf", "2"), ("d.tf", "1")]), &as_it_is);
        let seen = |all: Vec<(&str, Seen)>| all.into_iter().map(|(path, s)| (path.to_owned(), s)).collect();
        let before: BTreeMap<String, Seen> = seen(vec![
            ("conf/*.json", matches(&["a.json", "b.json"])),
            ("motd", Seen::Content("1".into())),
            ("extra", Seen::Absent),
            ("flag", Seen::There),
            ("same", Seen::There),
        ]);
        let now: BTreeMap<String, Seen> = seen(vec![
            ("conf/*.json", matches(&["a.json", "c.json"])),
            ("motd", Seen::Content("2".into())),
            ("extra", Seen::There),
            ("flag", Seen::Absent),
            ("same", Seen::There),
        ]);
        moved.seen(&before, &now, &as_it_is);
        insta::assert_snapshot!(moved.sentences(), @"Changed: b.tf, motd. New: conf/c.json, d.tf, extra. Gone: c.tf, conf/b.json, flag.");
    }

    #[test]
    fn a_long_list_of_names_is_cut() {
        let mut moved = Moved::default();
        let names: Vec<String> = (0..25).map(|n| format!("f{n:02}.tf")).collect();
        let all: Digests = names.iter().map(|name| (name.clone(), "1".to_owned())).collect();
        moved.digests(&Digests::new(), &all, &str::to_owned);
        assert!(moved.sentences().ends_with("f19.tf and 5 more."), "{}", moved.sentences());
    }

    #[test]
    fn commits_are_named_shortly() {
        let commit = Commit { head: "a".repeat(40), base: Some("b".repeat(40)), edited: Vec::new() };
        insta::assert_snapshot!(commit.against(&"c".repeat(40)), @"The plan was made at commit aaaaaaaaaaaa (base bbbbbbbbbbbb), the checkout is at cccccccccccc.");
        insta::assert_snapshot!(commit.against(&commit.head), @"The checkout is at the same commit, aaaaaaaaaaaa, with other content.");
        let edited = Commit { edited: vec!["net/main.tf".into()], ..commit.clone() };
        insta::assert_snapshot!(edited.against(&commit.head), @"The checkout is at the same commit, aaaaaaaaaaaa. When the plan was made, net/main.tf differed from it.");
    }
}
