//! `floorplan sandbox`: the local AWS endpoint; and the connections of commands that may use it.

use super::args::Global;
use super::ui::Ui;
use super::{Exit, Outcome};
use crate::aws::Switchboard;
use crate::diag::{Diagnostic, Diagnostics};
use crate::evaluation::Evaluator;
use crate::objects::State;
use crate::sandbox::{Sandbox, SandboxError, Status};
use crate::session::{self, Connections, Layout};
use clap::{Args, Subcommand};

/// The local AWS endpoint: start, stop, reset, status
#[derive(Debug, Args)]
pub(super) struct SandboxArgs {
    /// The command
    #[command(subcommand)]
    command: SandboxCommand,
}

/// The commands of `sandbox`.
#[derive(Debug, Clone, Copy, Subcommand)]
pub(super) enum SandboxCommand {
    /// Start it, unless it runs
    Start,
    /// Say whether and where it runs
    Status,
    /// Stop it; its world is gone then
    Stop,
    /// Empty its world
    Reset,
}

/// Runs the command.
pub(super) fn run(args: &SandboxArgs, ui: &Ui) -> Outcome {
    let sandbox = Sandbox::shared().map_err(problem)?;
    match args.command {
        SandboxCommand::Start => {
            let running = sandbox.ensure(&|line| ui.status(line)).map_err(problem)?;
            ui.data(&format!("{}\n", running.endpoint));
        }
        SandboxCommand::Status => match sandbox.status().map_err(problem)? {
            Status::Running(running) => ui.data(&format!("running at {}\n", running.endpoint)),
            Status::Stopped => ui.data("stopped\n"),
        },
        SandboxCommand::Stop => match sandbox.stop().map_err(problem)? {
            true => ui.status("sandbox: stopped"),
            false => ui.status("sandbox: it was not running"),
        },
        SandboxCommand::Reset => match sandbox.reset().map_err(problem)? {
            true => ui.status("sandbox: emptied"),
            false => ui.status("sandbox: it was not running"),
        },
    }
    Ok(Exit::Done)
}

/// The error of the sandbox as a finding.
pub fn problem(error: SandboxError) -> Diagnostic {
    let d = Diagnostic::error("The sandbox cannot be used").code("sandbox").detail(error.to_string());
    match error.hint() {
        Some(hint) => d.hint(hint),
        None => d,
    }
}

/// The local AWS endpoint, which is started if it does not run.
pub(super) fn endpoint(ui: &Ui) -> Result<String, Diagnostics> {
    Ok(Sandbox::shared().and_then(|s| s.ensure(&|line| ui.status(line))).map_err(problem)?.endpoint)
}

/// Connects what the layout or the state uses to AWS, or to the sandbox where the user asks for it.
pub async fn connect(
    layout: &Layout,
    state: &State,
    scopes: &Evaluator<'_>,
    global: &Global,
    destroy: bool,
    ui: &Ui,
) -> Result<Connections, Diagnostics> {
    let asked = || !session::providers(layout, state).is_empty() || session::reads_states(layout);
    let wanted = global.sandbox && asked();
    let endpoint = match wanted {
        true => Some(endpoint(ui)?),
        false => None,
    };
    session::connect(layout, state, scopes, endpoint.as_deref(), destroy, &Switchboard::default()).await
}
