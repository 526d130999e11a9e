//! A `backend "http"` or `state "http"` block.

use super::given;
use crate::aws::places::Http;
use crate::aws::places::http::rows;
use crate::aws::{host, is_loopback};
use crate::diag::{Diagnostic, Diagnostics};
use crate::lang::config::{self, written_out_block};
use crate::schema::Attrs;
use crate::state::StateLocation;
use crate::state::document::DocumentStore;
use std::sync::Arc;

/// Opens the state that the block names. With an `endpoint` that replaces AWS, only a server of this machine will do: what
/// is made in a sandbox is not to be in a state that others share.
pub(super) fn open(
    block: &config::Backend,
    location: &StateLocation,
    endpoint: Option<&str>,
) -> Result<DocumentStore, Diagnostics> {
    if let Some(workspace) = &location.workspace {
        return Err(Diagnostic::error("A state on a web server has no workspaces")
            .code("workspace")
            .detail(format!("The workspace {workspace:?} is selected; the block names the address of one state."))
            .at(block.span.clone())
            .hint("Select the workspace \"default\", and give each environment a layout or an address of its own.")
            .into());
    }
    let http = read(block)?;
    if endpoint.is_some() && !is_loopback(host(http.address())) {
        return Err(Diagnostic::error("A sandbox cannot use a state that others share")
            .code("state-elsewhere")
            .detail("The block names a web server, whose state would hold objects that exist in the sandbox alone.")
            .at(block.span.clone())
            .hint("Give --state DIR with --sandbox.")
            .into());
    }
    let document = http.connect().map_err(|d| d.at(block.span.clone()))?;
    Ok(DocumentStore::new(Arc::new(document)))
}

/// Reads the arguments of the block; asks nobody.
pub(super) fn read(block: &config::Backend) -> Result<Http, Diagnostics> {
    let (value, mut problems) = written_out_block(&block.body, &rows(), &block.span);
    let (http, wrong) = Http::read(&Attrs::from_value(&value));
    if http.address().is_empty() {
        problems.extend(given::complete(block, &["address"]).err().map(|d| d.hint("TF_HTTP_ADDRESS names it too.")));
    }
    problems.extend(wrong.into_iter().map(|d| d.at(block.span.clone())));
    problems.into_result(http)
}
