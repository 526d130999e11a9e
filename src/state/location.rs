//! Where the state of a layout is.

use crate::diag::Diagnostic;
use std::path::{Path, PathBuf};

/// Punctuation in a layout's name, which is the name of a folder too.
const PUNCTUATION: &str = "-_. +@,=~()[]{}#%&!'";

/// The parts that decide where a state is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StateLocation {
    /// The layout's directory.
    pub layout: PathBuf,
    /// The layout's name, if its `layout` block gives one; else the directory's name is taken.
    pub name: Option<String>,
    /// The folder of states, where one is named.
    pub folder: Option<PathBuf>,
    /// The file of this state, where one is named; it goes before the folder.
    pub file: Option<PathBuf>,
    /// The workspace, unless it is the default one.
    pub workspace: Option<String>,
}

impl StateLocation {
    /// The same layout with its state where `--state` or `FLOORPLAN_STATE` says: a file is there, or the name ends as
    /// those of states do. Everything else is a folder.
    pub fn named(self, path: Option<PathBuf>) -> Self {
        let is_file = |path: &PathBuf| {
            path.is_file() || !path.is_dir() && path.extension().is_some_and(|e| e == "tfstate" || e == "json")
        };
        match path {
            Some(path) if is_file(&path) => StateLocation { file: Some(path), ..self },
            folder => StateLocation { folder, ..self },
        }
    }

    /// The same layout in another workspace.
    pub fn of_workspace(self, name: &str) -> Self {
        StateLocation { workspace: Some(name.to_owned()).filter(|name| name != "default"), ..self }
    }

    /// The layout's name, with its workspace if that is not the default one.
    pub fn layout_name(&self) -> Result<String, Diagnostic> {
        let name = match &self.name {
            Some(name) => name.clone(),
            None => match absolute(&self.layout).file_name() {
                Some(name) => name.to_string_lossy().into_owned(),
                None => "layout".into(),
            },
        };
        let name = match &self.workspace {
            Some(workspace) => format!("{name}@{workspace}"),
            None => name,
        };
        let fits = !name.is_empty()
            && name.chars().all(|c| c.is_alphanumeric() || PUNCTUATION.contains(c))
            && !name.starts_with(['.', ' ']);
        if fits {
            return Ok(name);
        }
        Err(Diagnostic::error(format!("{name:?} cannot be the name of a layout")).code("layout-settings")
            .detail("Its state is kept in a folder of that name. It may contain letters, digits, inner spaces and portable punctuation.")
            .hint("Give it another one: layout { name = \"acme-prod\" }."))
    }

    /// The folder of the layout's state.
    pub fn dir(&self) -> Result<PathBuf, Diagnostic> {
        let name = self.layout_name()?;
        let base = match &self.folder {
            Some(dir) => dir.clone(),
            None => default_dir(&absolute(&self.layout), &|path| path.is_dir()),
        };
        Ok(base.join(name))
    }
}

/// The folder `state` of the workspace: of the nearest folder at or above the layout that holds a
/// folder `layouts`, else of the layout itself. `layout` is absolute; `exists` says whether a folder exists.
pub fn default_dir(layout: &Path, exists: &dyn Fn(&Path) -> bool) -> PathBuf {
    let workspace = layout.ancestors().find(|dir| exists(&dir.join("layouts"))).unwrap_or(layout);
    workspace.join("state")
}

fn absolute(path: &Path) -> PathBuf {
    std::fs::canonicalize(path).or_else(|_| std::path::absolute(path)).unwrap_or_else(|_| path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_state_is_beside_the_nearest_folder_of_layouts() {
        let table: &[(&str, &[&str], &str)] = &[
            ("/w/layouts/acme", &["/w/layouts"], "/w/state"),
            ("/w/layouts/eu/acme", &["/w/layouts"], "/w/state"),
            ("/w/sub/layouts/acme", &["/w/layouts", "/w/sub/layouts"], "/w/sub/state"),
            ("/w", &["/w/layouts"], "/w/state"),
            ("/home/ada/net", &[], "/home/ada/net/state"),
        ];
        for (layout, folders, expected) in table {
            let exists = |p: &Path| folders.iter().any(|f| Path::new(f) == p);
            assert_eq!(default_dir(Path::new(layout), &exists), Path::new(expected), "{layout}");
        }
    }

    #[test]
    fn a_given_directory_and_a_given_name_win() {
        let location = StateLocation {
            layout: "/w/layouts/acme".into(),
            name: Some("acme-prod".into()),
            folder: Some("/elsewhere".into()),
            ..StateLocation::default()
        };
        assert_eq!(location.dir().unwrap(), Path::new("/elsewhere/acme-prod"));
        let other = location.clone().of_workspace("blue");
        assert_eq!(other.dir().unwrap(), Path::new("/elsewhere/acme-prod@blue"));
        assert_eq!(other.of_workspace("default"), location);
    }

    #[test]
    fn a_file_is_known_by_its_end_or_by_being_there() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("kept"), "").unwrap();
        std::fs::create_dir(dir.path().join("v1.json")).unwrap();
        let file = |name: &str| StateLocation::default().named(Some(dir.path().join(name))).file.is_some();
        assert!(file("kept") && file("new.tfstate") && file("new.json"));
        assert!(!file("states") && !file("v1.json"));
    }

    #[test]
    fn a_name_that_leads_elsewhere_is_refused() {
        for name in ["", "..", "a/b", "../a", "/etc", "a\\b", ".hidden"] {
            let location = StateLocation { name: Some(name.into()), ..StateLocation::default() };
            assert!(location.dir().is_err(), "{name:?}");
        }
    }
}
