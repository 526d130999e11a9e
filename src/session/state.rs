//! Where the state of a layout is: in a local folder, or where a `backend` or `state` block says.

mod given;
mod http;
mod local;
mod memory;
mod moving;
mod s3;
mod terraform;

pub use given::{forget, moved, place, remember};
pub use moving::open_earlier;
pub use s3::read as in_bucket;
pub use terraform::{both_places, terraform_file};

use super::Layout;
use crate::aws::ProviderSettings;
use crate::aws::keys::Kms;
use crate::diag::{Diagnostic, Diagnostics};
use crate::lang::config;
use crate::state::{Backend, LocalStore, Sealer, StateLocation, Store, sealer_of_environment};
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

/// The kinds of blocks whose state Floorplan reaches over the network.
pub const REMOTE: [&str; 2] = ["s3", "http"];

/// What the command line says about the place of a state.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wanted<'a> {
    /// The folder or file of `--state`, which goes before what the layout says.
    pub folder: Option<&'a PathBuf>,
    /// What `-backend-config` gives.
    pub given: &'a [String],
    /// Replaces AWS.
    pub endpoint: Option<&'a str>,
    /// Whether the state is about to be moved there.
    pub moving: bool,
    /// The workspace, if not the selected one.
    pub workspace: Option<&'a str>,
}

/// The blocks that say where the state of a layout is.
pub fn places(layout: &Layout) -> Vec<&config::Backend> {
    let module = &layout.loaded.root.module;
    let backend = module.settings.as_ref().and_then(|settings| settings.backend.as_ref());
    let state = module.layout.as_ref().and_then(|layout| layout.state.as_ref());
    backend.into_iter().chain(state).collect()
}

/// Opens the state of a layout: in the folder that the user named, else where the layout says.
pub fn open(layout: &Layout, wanted: Wanted<'_>) -> Result<Backend, Diagnostics> {
    let location = layout.location(wanted.folder.cloned());
    let location = match wanted.workspace {
        Some(workspace) => location.of_workspace(workspace),
        None => location,
    };
    if !wanted.moving
        && let Some((own, left)) = both_places(layout, wanted)?
    {
        // The state that Terraform left is read until it is adopted.
        return Ok(if !own.holds_state()? && left.holds_terraforms()? { left } else { own });
    }
    let plain = |store| Place::new(store, wanted.endpoint);
    let place = match wanted.folder {
        Some(_) if !wanted.given.is_empty() => return Err(given::unused("--state or FLOORPLAN_STATE is given").into()),
        Some(_) => plain(local_store(&location)?),
        None => match if wanted.moving { given::destination } else { given::place }(layout, wanted.given)? {
            Some(block) => store(&block, layout, location.clone(), wanted.endpoint)?,
            None => plain(local_store(&location)?),
        },
    };
    backend(place, &location)
}

/// The state in a place, which may be Terraform's.
fn backend(place: Place, location: &StateLocation) -> Result<Backend, Diagnostics> {
    let sealer = sealer_of_environment()?.served(Arc::new(place.keys), place.seal_key);
    let backend = Backend::new(place.store, Arc::new(sealer), location.layout_name()?);
    Ok(backend.reading_terraform(terraform::read))
}

/// The workspaces that have a state where the layout says. None where that is not a bucket.
pub fn workspaces(layout: &Layout, wanted: Wanted<'_>) -> Result<Option<BTreeSet<String>>, Diagnostics> {
    match given::place(layout, wanted.given)? {
        Some(block) if &*block.kind == "s3" => s3::workspaces(&block, layout, wanted.endpoint).map(Some),
        _ => Ok(None),
    }
}

/// The state that a block names.
fn store(
    block: &config::Backend,
    layout: &Layout,
    mut location: StateLocation,
    endpoint: Option<&str>,
) -> Result<Place, Diagnostics> {
    Ok(match &*block.kind {
        "s3" => s3::open(block, layout, &location, endpoint)?,
        "http" => Place::new(Arc::new(http::open(block, &location, endpoint)?), endpoint),
        _ => {
            location.file = local::file_of(block, layout, &location)?.or(location.file);
            Place::new(local_store(&location)?, endpoint)
        }
    })
}

/// What keeps a state, and what seals its secrets.
struct Place {
    store: Arc<dyn Store>,
    keys: Kms,
    /// The key of KMS that seals, instead of the user's.
    seal_key: Option<String>,
}

impl Place {
    /// One whose secrets the user's key seals. An `endpoint` replaces AWS.
    fn new(store: Arc<dyn Store>, endpoint: Option<&str>) -> Self {
        Place { store, keys: of_environment(endpoint), seal_key: None }
    }
}

/// KMS with the credentials of the environment, which opens what was sealed with its keys wherever that is.
fn of_environment(endpoint: Option<&str>) -> Kms {
    Kms::new(ProviderSettings::default().in_sandbox(endpoint))
}

/// The sealer of what is in no place of a state, such as the file of a plan.
pub fn sealer(endpoint: Option<&str>) -> Result<Sealer, Diagnostic> {
    Ok(sealer_of_environment()?.served(Arc::new(of_environment(endpoint)), None))
}

/// The state on this disk.
fn local_store(location: &StateLocation) -> Result<Arc<dyn Store>, Diagnostic> {
    Ok(match &location.file {
        Some(file) => Arc::new(LocalStore::of_file(file)),
        None => Arc::new(LocalStore::new(location.dir()?)),
    })
}

/// All that keeps the place that a layout names from being used, as far as that is known without asking anybody.
pub fn problems(layout: &Layout) -> Diagnostics {
    match given::place(layout, &[]) {
        Ok(Some(block)) => check(&block, layout).err().unwrap_or_default(),
        Ok(None) => Diagnostics::new(),
        Err(problems) => problems,
    }
}

/// Fails where the arguments of a block cannot be read. Asks nobody.
fn check(block: &config::Backend, layout: &Layout) -> Result<(), Diagnostics> {
    match &*block.kind {
        "s3" => s3::read(block).map(drop),
        "http" => http::read(block).map(drop),
        "local" => local::file_of(block, layout, &layout.location(None)).map(drop),
        _ => Ok(()),
    }
}

/// The place of a layout's state as a text, as far as it can be compared without asking anybody; `folder` and `given`
/// are those of the command line. An address of a web server may hold a password, and is left out.
pub fn written_place(
    layout: &Layout,
    folder: Option<&PathBuf>,
    given: &[String],
) -> Result<Option<String>, Diagnostics> {
    let location = layout.location(folder.cloned());
    let block = if folder.is_some() { None } else { given::place(layout, given)? };
    let named = match block.as_ref().map(|block| (&*block.kind, block)) {
        Some(("s3", block)) => {
            let s3 = s3::read(block)?;
            return Ok(Some(format!("s3://{}/{}", s3.bucket, s3.key_of(location.workspace.as_deref()))));
        }
        Some(("local", block)) => local::file_of(block, layout, &location)?,
        Some(_) => return Ok(None),
        None => None,
    };
    if let Some(file) = named.or_else(|| location.file.clone()) {
        return Ok(Some(file.display().to_string()));
    }
    let own = location.dir()?.join("state.json");
    // The state that Terraform left counts until it is adopted.
    let left = terraform_file(layout, &location)?;
    let place = if folder.is_none() && !own.exists() && left.exists() { left } else { own };
    Ok(Some(place.display().to_string()))
}
