//! `floorplan completions` and `floorplan man`: the command line, for shells and for `man`.

use super::command_line::Cli;
use super::ui::Ui;
use super::{Exit, Outcome};
use crate::diag::Diagnostic;
use clap::{Args, CommandFactory};
use clap_complete::Shell;

/// Print completions for a shell
#[derive(Debug, Args)]
pub(super) struct CompletionsArgs {
    /// The shell
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

/// Print the manual page
#[derive(Debug, Args)]
pub(super) struct ManArgs {}

/// Runs `completions`.
pub(super) fn run(args: &CompletionsArgs, ui: &Ui) -> Outcome {
    let mut text = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "floorplan", &mut text);
    ui.data(&String::from_utf8_lossy(&text));
    Ok(Exit::Done)
}

/// Runs `man`: the page of the program, and one for each command below it.
pub(super) fn man(ui: &Ui) -> Outcome {
    let problem =
        |e: std::io::Error| Diagnostic::error("Cannot make the manual page").code("internal").detail(format!("{e}."));
    let mut text = Vec::new();
    let mut all = Cli::command();
    all.build();
    clap_mangen::Man::new(all.clone()).render(&mut text).map_err(problem)?;
    for command in all.get_subcommands() {
        clap_mangen::Man::new(command.clone()).render(&mut text).map_err(problem)?;
    }
    ui.data(&String::from_utf8_lossy(&text));
    Ok(Exit::Done)
}
