//! Workspaces: several states of one layout. One of them is selected.

use crate::diag::Diagnostic;
use std::path::{Path, PathBuf};

/// The workspace that is always there.
pub const DEFAULT: &str = "default";

/// The selected workspace of a layout: `TF_WORKSPACE`, or the choice that `workspace select` wrote down, where Terraform
/// writes it too.
pub fn selected(layout: &Path) -> String {
    let named = std::env::var("TF_WORKSPACE").ok();
    let name = named.filter(|name| !name.trim().is_empty());
    let name = name.unwrap_or_else(|| std::fs::read_to_string(choice(layout)).unwrap_or_default());
    match name.trim() {
        "" => DEFAULT.to_owned(),
        name => name.to_owned(),
    }
}

/// Writes the choice of a workspace down.
pub fn select(layout: &Path, name: &str) -> Result<(), Diagnostic> {
    let path = choice(layout);
    let folder = path.parent().map_or_else(PathBuf::new, Path::to_owned);
    let written = std::fs::create_dir_all(folder).and_then(|()| std::fs::write(&path, name));
    written.map_err(|e| {
        Diagnostic::error(format!("Cannot write {}", path.display())).code("unwritable-file").detail(format!("{e}."))
    })
}

/// What Terraform remembers of the backend that a layout was initialized with.
pub(super) fn memory(layout: &Path) -> PathBuf {
    data(layout).join("terraform.tfstate")
}

/// The folder for what is remembered of a layout on this machine.
pub(super) fn data(layout: &Path) -> PathBuf {
    let data = std::env::var("TF_DATA_DIR").ok().filter(|dir| !dir.is_empty());
    layout.join(data.as_deref().unwrap_or(".terraform"))
}

fn choice(layout: &Path) -> PathBuf {
    data(layout).join("environment")
}
