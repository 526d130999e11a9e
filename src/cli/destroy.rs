//! `floorplan destroy`: deletes everything that the layout made.

use super::Outcome;
use super::apply::{Job, carry_out};
use super::args::{DestroyArgs, Global, VariableArgument};
use super::ui::Ui;

/// Runs the command.
pub fn run(args: &DestroyArgs, typed: Vec<VariableArgument>, global: &Global, ui: &Ui) -> Outcome {
    carry_out(
        Job {
            layout: &args.layout,
            saved: None,
            variables: &args.variables,
            typed,
            options: &args.options,
            run: &args.run,
            destroy: true,
            command: "destroy",
        },
        global,
        ui,
    )
}
