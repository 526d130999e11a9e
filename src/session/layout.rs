//! Reading a layout from its directory.

use super::modules::{self, Fetch, Given};
use super::workspace;
use crate::diag::Diagnostics;
use crate::graph::build::{Graph, build};
use crate::lang::config::{self, Files, Loaded};
use crate::sources::disk::Disk;
use crate::sources::manifest::Entry;
use crate::sources::modules::Mode;
use crate::state::StateLocation;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A layout that was read.
pub struct Layout {
    /// Its directory, as typed.
    pub dir: PathBuf,
    /// Its blocks and what they were read from.
    pub loaded: Loaded,
    /// The order of its blocks.
    pub graph: Graph,
}

impl Layout {
    /// Reads a layout; all its errors at once. Modules that are not installed are fetched and pinned, unless `fetch`
    /// forbids it.
    pub fn load(dir: &Path, fetch: Fetch<'_>, given: Given<'_>) -> Result<Self, Diagnostics> {
        Self::load_from(&disk("."), dir, fetch, given)
    }

    /// Reads a layout from the files of a disk; some of them may be drafts.
    pub fn load_from(files: &Disk, dir: &Path, fetch: Fetch<'_>, given: Given<'_>) -> Result<Self, Diagnostics> {
        Ok(modules::load(files, dir, Mode::Use, fetch, given)?.0)
    }

    /// Fetches what a layout needs, holds it against the lock file, and lists it.
    pub fn init(
        dir: &Path,
        upgrade: bool,
        read_only: bool,
        fetch: Fetch<'_>,
        given: Given<'_>,
    ) -> Result<(Self, Vec<Entry>), Diagnostics> {
        let mode = if upgrade { Mode::Upgrade } else { Mode::Repair };
        let (layout, mut modules) = modules::load(&disk("."), dir, mode, fetch, given)?;
        let fetched = modules.finish(&layout.loaded.root, read_only)?;
        Ok((layout, fetched))
    }

    /// A layout that may be gone from `dir`, as far as its files say where its state is. They call the directory `name`.
    pub fn of_state(files: &dyn Files, name: &str, dir: &Path) -> Option<Self> {
        let root = Arc::new(config::state_blocks(files, name)?);
        let graph = build(&root).ok()?;
        let (files, sources, warnings) = (BTreeMap::new(), Vec::new(), Diagnostics::new());
        Some(Layout { dir: dir.to_owned(), loaded: Loaded { root, files, sources, warnings }, graph })
    }

    /// Where its state is, by the name of its `layout` block, else by the directory's. `state` is the folder that the user named.
    pub fn location(&self, state: Option<PathBuf>) -> StateLocation {
        StateLocation { layout: self.dir.clone(), name: self.given_name(), ..StateLocation::default() }
            .named(state)
            .of_workspace(&workspace::selected(&self.dir))
    }

    /// The name that its `layout` block gives.
    pub fn given_name(&self) -> Option<String> {
        self.loaded.root.module.layout.as_ref().and_then(|block| block.name.clone())
    }

    /// The name that the layout's state is kept under.
    pub fn name(&self) -> Result<String, Diagnostics> {
        Ok(self.location(None).layout_name()?)
    }
}

/// The disk from a directory on.
pub fn disk(base: impl Into<PathBuf>) -> Disk {
    Disk::new(base, std::env::home_dir().map(|home| home.to_string_lossy().into_owned()))
}
