//! `state adopt`, `state release` and `state export`: a state's way from Terraform to Floorplan and back.

use super::{Printed, status};
use crate::cli::args::Global;
use crate::cli::ui::Ui;
use crate::diag::{Diagnostic, Diagnostics};
use crate::resources::Types;
use crate::session::Layout;
use crate::session::state::{Wanted, both_places};
use crate::state::Backend;
use crate::state::terraform::{self, Document, Export, Provider};
use clap::ValueEnum;
use std::time::Duration;

/// The version of the AWS provider that a state is written for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Version {
    /// hashicorp/aws 5.x
    #[value(name = "5")]
    V5,
    /// hashicorp/aws 6.x
    #[value(name = "6")]
    V6,
}

/// The version of Terraform in the state of a layout that Terraform has never seen.
const TERRAFORM: &str = "1.11.4";

/// Makes the state that Terraform left Floorplan's.
pub(super) fn adopt(
    layout: &Layout,
    backend: &Backend,
    global: &Global,
    timeout: Duration,
) -> Result<Printed, Diagnostics> {
    let both = both_places(layout, wanted(global))?;
    let (own, left) = both.as_ref().map_or((backend, backend), |(own, left)| (own, left));
    let state = left.adopt(own, timeout)?;
    Ok(status(std::iter::once(format!(
        "The state is Floorplan's now: {}, serial {}, {} objects. Terraform refuses it, and AWS was not changed.\n\
         `floorplan state release` gives it back.",
        own.place(),
        state.serial,
        state.objects().count(),
    ))))
}

/// Gives the state back to Terraform, as it is now.
pub(super) fn release(
    layout: &Layout,
    backend: &Backend,
    global: &Global,
    version: Option<Version>,
    timeout: Duration,
    ui: &Ui,
) -> Result<Printed, Diagnostics> {
    let both = both_places(layout, wanted(global))?;
    let (own, left) = both.as_ref().map_or((backend, backend), |(own, left)| (own, left));
    let Export { mut document, unknown } = export(own, version)?;
    ui.report(&unknown_secrets(&unknown));
    document.serial += 1;
    own.release(left, &text(&document)?, timeout)?;
    Ok(status(std::iter::once(format!(
        "The state is Terraform's again: {}, serial {}. AWS was not changed.",
        left.place(),
        document.serial
    ))))
}

/// Prints the state as Terraform would keep it.
pub(super) fn print(backend: &Backend, version: Option<Version>, ui: &Ui) -> Result<Printed, Diagnostics> {
    let Export { document, unknown } = export(backend, version)?;
    ui.report(&unknown_secrets(&unknown));
    Ok(Printed { data: String::from_utf8_lossy(&text(&document)?).into_owned(), ..Printed::default() })
}

fn wanted(global: &Global) -> Wanted<'_> {
    Wanted { folder: global.state.as_ref(), given: &global.backend_config, ..Wanted::default() }
}

fn export(backend: &Backend, version: Option<Version>) -> Result<Export, Diagnostics> {
    let loaded = backend.read()?;
    if loaded.terraform.is_some() {
        return Err(Diagnostic::error("The state is still Terraform's")
            .code("state-terraform")
            .detail(format!("{} is a state of Terraform's as it is.", backend.place()))
            .hint("`floorplan state pull` prints it.")
            .into());
    }
    super::settled_all(&loaded.open)?;
    let original = backend.original()?;
    let provider = match (version, &original) {
        (Some(Version::V5), _) => Provider::V5,
        (Some(Version::V6), _) => Provider::V6,
        (None, Some(original)) => terraform::written_for(original),
        (None, None) => {
            return Err(Diagnostic::error("The version of the AWS provider is required")
                .code("usage")
                .detail("Terraform has never had this state, so that nothing says which version it uses.")
                .hint("Give --provider 5 or --provider 6.")
                .into());
        }
    };
    Ok(terraform::write(&loaded.state, original.as_ref(), provider, TERRAFORM, &Types))
}

fn text(document: &Document) -> Result<Vec<u8>, Diagnostic> {
    let mut text = serde_json::to_vec_pretty(document).map_err(|e| {
        Diagnostic::error("The state cannot be written for Terraform").code("state-file").detail(format!("{e}."))
    })?;
    text.push(b'\n');
    Ok(text)
}

fn unknown_secrets(unknown: &[String]) -> Diagnostics {
    if unknown.is_empty() {
        return Diagnostics::new();
    }
    Diagnostic::warning("Terraform will set secrets anew")
        .code("state-terraform")
        .detail(format!("Floorplan keeps only digests of secrets that AWS never gives back: {}.", unknown.join(", ")))
        .into()
}
