//! Reading a layout from its directory.

use crate::diag::{Diagnostic, Diagnostics};
use crate::graph::build::{self, Graph};
use crate::lang::config::{self, Loaded};
use crate::resources::Types;
use crate::sources::disk::Disk;
use crate::state::StateLocation;
use std::path::{Path, PathBuf};

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
    /// Reads a layout; all its errors at once.
    pub fn load(dir: &Path) -> Result<Self, Diagnostics> {
        if !dir.is_dir() {
            return Err(Diagnostic::error(format!("{} is not a layout", dir.display()))
                .detail("A layout is a directory with .hcl or .tf files.")
                .into());
        }
        let loaded = config::load_against(&disk("."), &dir.to_string_lossy(), &Types)?;
        let graph = build::build(&loaded.root).map_err(|mut problems| {
            problems.extend(config::validate(&loaded.root, &Types));
            problems
        })?;
        Ok(Layout { dir: dir.to_owned(), loaded, graph })
    }

    /// Where its state is, by the name of its `layout` block, else by the directory's. `state` is the folder that the user named.
    pub fn location(&self, state: Option<PathBuf>) -> StateLocation {
        let name = self.loaded.root.module.layout.as_ref().and_then(|l| l.name.clone());
        StateLocation { layout: self.dir.clone(), name, state }
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
