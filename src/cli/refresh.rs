//! `floorplan refresh`: the state takes over what was changed outside of the layout. The same as
//! `apply --refresh-only --auto-approve`, without the plan.

use super::Outcome;
use super::apply::{Job, carry_out};
use super::args::{ChangeArgs, Global, PlanOptions, RunOptions, VariableArgument};
use super::ui::Ui;
use clap::Args;
use std::path::PathBuf;

/// Let the state take over what was changed outside of the layout
#[derive(Debug, Args)]
pub(super) struct RefreshArgs {
    /// The layout's directory
    #[arg(default_value = ".", value_name = "LAYOUT")]
    layout: PathBuf,
    #[command(flatten)]
    pub(super) change: ChangeArgs,
}

/// Runs the command.
pub(super) fn run(args: &RefreshArgs, typed: Vec<VariableArgument>, global: &Global, ui: &Ui) -> Outcome {
    let change = args.change.clone();
    carry_out(
        Job {
            layout: &args.layout,
            saved: None,
            typed,
            args: &ChangeArgs {
                options: PlanOptions { refresh_only: true, ..change.options },
                run: RunOptions { auto_approve: true, ..change.run },
                ..change
            },
            destroy: false,
            seal: None,
            command: "refresh",
        },
        global,
        ui,
    )
}
