//! A `backend "s3"` or `state "s3"` block.

use super::{Place, given};
use crate::aws::keys::Kms;
use crate::aws::places::S3;
use crate::aws::places::s3::rows;
use crate::diag::Diagnostics;
use crate::lang::config::{self, written_out_block};
use crate::schema::Attrs;
use crate::session::Layout;
use crate::state::StateLocation;
use crate::state::remote::{LEASE, Objects, RemoteStore};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Opens the state that the block names. An `endpoint` replaces AWS.
pub(super) fn open(
    block: &config::Backend,
    layout: &Layout,
    location: &StateLocation,
    endpoint: Option<&str>,
) -> Result<Place, Diagnostics> {
    let s3 = read(block)?;
    let objects = s3.connect(&layout.dir, endpoint).map_err(|d| d.at(block.span.clone()))?;
    let store = RemoteStore::new(Arc::new(objects), s3.key_of(location.workspace.as_deref()), LEASE);
    let keys = Kms::new(s3.settings(endpoint));
    Ok(Place { store: Arc::new(store), keys, seal_key: s3.seal_key })
}

/// The workspaces that have a state.
pub(super) fn workspaces(
    block: &config::Backend,
    layout: &Layout,
    endpoint: Option<&str>,
) -> Result<BTreeSet<String>, Diagnostics> {
    let s3 = read(block)?;
    let objects = s3.connect(&layout.dir, endpoint).map_err(|d| d.at(block.span.clone()))?;
    let folder = format!("{}/", s3.workspaces);
    let keys = objects.list(&folder)?;
    let name = |key: &String| {
        let (name, rest) = key.strip_prefix(&folder)?.split_once('/')?;
        (rest == s3.key).then(|| name.to_owned())
    };
    Ok(keys.iter().filter_map(name).collect())
}

/// Reads the arguments of the block; asks nobody.
pub fn read(block: &config::Backend) -> Result<S3, Diagnostics> {
    let (value, mut problems) = written_out_block(&block.body, &rows(), &block.span);
    problems.extend(given::complete(block, &S3::REQUIRED).err());
    let (s3, wrong) = S3::read(&Attrs::from_value(&value));
    problems.extend(wrong.into_iter().map(|d| d.at(block.span.clone())));
    problems.into_result(s3)
}
