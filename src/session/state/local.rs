//! The file that a `backend "local"` block names.

use crate::diag::Diagnostics;
use crate::lang::config::{self, written_out_block};
use crate::schema::{Attribute, Attrs};
use crate::session::Layout;
use crate::state::StateLocation;
use crate::value::Type;
use std::path::PathBuf;

/// The folder for states of workspaces, as Terraform calls it.
pub(super) const WORKSPACES: &str = "terraform.tfstate.d";

/// The file that a `backend "local"` block names; that of a workspace is where Terraform has it.
pub(super) fn file_of(
    place: &config::Backend,
    layout: &Layout,
    location: &StateLocation,
) -> Result<Option<PathBuf>, Diagnostics> {
    if &*place.kind != "local" {
        return Ok(None);
    }
    let attrs = arguments(place)?;
    let Some(path) = attrs.string("path").map(PathBuf::from) else { return Ok(None) };
    let path = match (&location.workspace, path.file_name()) {
        (Some(workspace), Some(name)) => {
            let folder = attrs.string("workspace_dir").unwrap_or_else(|| WORKSPACES.into());
            PathBuf::from(folder).join(workspace).join(name)
        }
        _ => path,
    };
    Ok(Some(layout.dir.join(path)))
}

/// The folder of a `backend "local"` block for states of workspaces.
pub(super) fn workspaces(place: &config::Backend) -> Result<String, Diagnostics> {
    Ok(arguments(place)?.string("workspace_dir").unwrap_or_else(|| WORKSPACES.into()))
}

fn arguments(place: &config::Backend) -> Result<Attrs, Diagnostics> {
    let rows = ["path", "workspace_dir"].map(|name| Attribute::new(name, Type::String));
    let (value, problems) = written_out_block(&place.body, &rows, &place.span);
    problems.into_result(Attrs::from_value(&value))
}
