//! The place that a state is moved from.

use super::{Place, Wanted, given, local_store, places, store};
use crate::diag::{Diagnostic, Diagnostics};
use crate::lang::config;
use crate::session::Layout;
use crate::state::{Backend, LocalStore, StateLocation, Store};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Opens the place where the state of a layout was: the one that is named (`s3://BUCKET/KEY`, an address of the web, a
/// folder or a file), else the one that the last `init` found it in, else the folder that a layout has without a backend.
/// `more` are arguments of a backend.
pub fn open_earlier(
    layout: &Layout,
    named: Option<&str>,
    more: &[String],
    wanted: Wanted<'_>,
) -> Result<Backend, Diagnostics> {
    let location = layout.location(None);
    let block = match named {
        Some(named) => of_name(named, places(layout).first().copied(), more)?,
        None => given::earlier(layout, more)?,
    };
    let plain = |store| Place::new(store, wanted.endpoint);
    let place = match (block, named) {
        (Some(block), named) => {
            // The key that a person names is that of the workspace already.
            let location = if named.is_some() { location.clone().of_workspace("default") } else { location.clone() };
            store(&block, layout, location, wanted.endpoint)?
        }
        (None, _) if !more.is_empty() => {
            return Err(Diagnostic::error("--from-config has no effect")
                .code("usage")
                .detail("It gives arguments of a backend, but the state was in none.")
                .into());
        }
        (None, Some(path)) => plain(of_path(Path::new(path), &location)?),
        (None, None) => plain(local_store(&location)?),
    };
    super::backend(place, &location)
}

fn of_name(
    named: &str,
    block: Option<&config::Backend>,
    more: &[String],
) -> Result<Option<config::Backend>, Diagnostics> {
    if named.starts_with("https://") || named.starts_with("http://") {
        return given::named("http", &[("address", named)], block, more).map(Some);
    }
    let Some(place) = named.strip_prefix("s3://") else { return Ok(None) };
    match place.split_once('/') {
        Some((bucket, key)) if !bucket.is_empty() && !key.is_empty() => {
            given::named("s3", &[("bucket", bucket), ("key", key)], block, more).map(Some)
        }
        _ => Err(Diagnostic::error(format!("{named:?} does not name an object"))
            .code("usage")
            .detail("s3://BUCKET/KEY is expected.")
            .into()),
    }
}

/// The folder of states, the folder of this state, or its file.
fn of_path(path: &Path, location: &StateLocation) -> Result<Arc<dyn Store>, Diagnostics> {
    if path.join("state.json").is_file() {
        return Ok(Arc::new(LocalStore::new(path)));
    }
    let location = location.clone().named(Some(PathBuf::from(path)));
    let there = match &location.file {
        Some(file) => file.is_file(),
        None => location.dir()?.join("state.json").is_file(),
    };
    if !there {
        return Err(Diagnostic::error(format!("{} holds no state of this layout", path.display()))
            .code("state-other")
            .detail("A folder of states, the folder of this state or its file is expected, or s3://BUCKET/KEY.")
            .into());
    }
    Ok(local_store(&location)?)
}
