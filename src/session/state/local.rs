//! The file that a `backend "local"` block names.

use crate::diag::Diagnostics;
use crate::lang::config::{self, written_out_block};
use crate::schema::{Attribute, Attrs};
use crate::session::Layout;
use crate::state::StateLocation;
use crate::value::Type;
use std::path::PathBuf;

/// The file that a `backend "local"` block names; that of a workspace is where Terraform has it.
pub(super) fn file_of(
    place: &config::Backend,
    layout: &Layout,
    location: &StateLocation,
) -> Result<Option<PathBuf>, Diagnostics> {
    if &*place.kind != "local" {
        return Ok(None);
    }
    let rows = ["path", "workspace_dir"].map(|name| Attribute::new(name, Type::String));
    let (value, problems) = written_out_block(&place.body, &rows, &place.span);
    let attrs = problems.into_result(Attrs::from_value(&value))?;
    let Some(path) = attrs.string("path").map(PathBuf::from) else { return Ok(None) };
    let path = match (&location.workspace, path.file_name()) {
        (Some(workspace), Some(name)) => {
            let folder = attrs.string("workspace_dir").unwrap_or_else(|| "terraform.tfstate.d".into());
            PathBuf::from(folder).join(workspace).join(name)
        }
        _ => path,
    };
    Ok(Some(layout.dir.join(path)))
}
