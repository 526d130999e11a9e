//! The state that Terraform left on this disk, beside the place that Floorplan has for its own.

use super::{Place, Wanted, backend, given, local, local_store};
use crate::diag::{Diagnostic, Diagnostics};
use crate::resources::Types;
use crate::session::Layout;
use crate::state::{Backend, LocalStore, StateLocation, terraform};
use std::path::PathBuf;
use std::sync::Arc;

/// Floorplan's place for the state of a layout and Terraform's, where these are two: on this disk, unless the user or
/// the layout names one.
pub fn both_places(layout: &Layout, wanted: Wanted<'_>) -> Result<Option<(Backend, Backend)>, Diagnostics> {
    if wanted.folder.is_some() {
        return Ok(None);
    }
    let location = layout.location(None);
    let location = match wanted.workspace {
        Some(workspace) => location.of_workspace(workspace),
        None => location,
    };
    if let Some(block) = given::place(layout, wanted.given)?
        && (&*block.kind != "local" || local::file_of(&block, layout, &location)?.is_some())
    {
        return Ok(None);
    }
    let left = Arc::new(LocalStore::of_file(terraform_file(layout, &location)?));
    let open = |store| backend(Place::new(store, wanted.endpoint), &location);
    Ok(Some((open(local_store(&location)?)?, open(left)?)))
}

/// Where Terraform keeps the state of a layout on this disk.
pub fn terraform_file(layout: &Layout, location: &StateLocation) -> Result<PathBuf, Diagnostics> {
    let block = given::place(layout, &[])?.filter(|block| &*block.kind == "local");
    if let Some(file) = block.as_ref().map(|block| local::file_of(block, layout, location)).transpose()?.flatten() {
        return Ok(file);
    }
    let folder = block.as_ref().map(local::workspaces).transpose()?;
    let folder = match &location.workspace {
        Some(workspace) => layout.dir.join(folder.as_deref().unwrap_or(local::WORKSPACES)).join(workspace),
        None => layout.dir.clone(),
    };
    Ok(folder.join("terraform.tfstate"))
}

/// A state of Terraform's, by the rows of all types that are served.
pub(super) fn read(text: &[u8], place: &str, layout: &str) -> Result<terraform::Read, Diagnostic> {
    terraform::read(text, place, layout, &Types)
}
