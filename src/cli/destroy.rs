//! `floorplan destroy`: deletes everything that the layout made.

use super::Outcome;
use super::apply::{Job, carry_out};
use super::args::{ChangeArgs, Global, VariableArgument};
use super::ui::Ui;
use crate::diag::Diagnostic;
use clap::Args;
use std::path::PathBuf;

/// Delete everything that the layout made
#[derive(Debug, Args)]
pub(super) struct DestroyArgs {
    /// The layout's directory
    #[arg(default_value = ".", value_name = "LAYOUT")]
    layout: PathBuf,
    #[command(flatten)]
    pub(super) change: ChangeArgs,
}

/// Runs the command.
pub(super) fn run(args: &DestroyArgs, typed: Vec<VariableArgument>, global: &Global, ui: &Ui) -> Outcome {
    if args.change.options.refresh_only {
        return Err(Diagnostic::error("--refresh-only is not an option of destroy")
            .code("usage")
            .hint("Use floorplan apply --refresh-only.")
            .into());
    }
    carry_out(
        Job {
            layout: &args.layout,
            saved: None,
            typed,
            args: &args.change,
            destroy: true,
            seal: None,
            command: "destroy",
        },
        global,
        ui,
    )
}
