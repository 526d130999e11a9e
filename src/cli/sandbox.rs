//! `floorplan sandbox`: the local AWS endpoint.

use super::args::{SandboxArgs, SandboxCommand};
use super::ui::Ui;
use super::{Exit, Outcome};
use crate::diag::Diagnostic;
use crate::sandbox::{Sandbox, SandboxError, Status};

/// Runs the command.
pub fn run(args: &SandboxArgs, ui: &Ui) -> Outcome {
    let sandbox = Sandbox::shared().map_err(problem)?;
    match args.command {
        SandboxCommand::Start => {
            let running = sandbox.ensure(&|line| ui.talk(line)).map_err(problem)?;
            ui.data(&format!("{}\n", running.endpoint));
        }
        SandboxCommand::Status => match sandbox.status().map_err(problem)? {
            Status::Running(running) => ui.data(&format!("running at {}\n", running.endpoint)),
            Status::Stopped => ui.data("stopped\n"),
        },
        SandboxCommand::Stop => match sandbox.stop().map_err(problem)? {
            true => ui.talk("sandbox: stopped"),
            false => ui.talk("sandbox: it was not running"),
        },
        SandboxCommand::Reset => match sandbox.reset().map_err(problem)? {
            true => ui.talk("sandbox: emptied"),
            false => ui.talk("sandbox: it was not running"),
        },
    }
    Ok(Exit::Done)
}

/// The error of the sandbox as a finding.
pub fn problem(error: SandboxError) -> Diagnostic {
    let d = Diagnostic::error("The sandbox cannot be used").detail(error.to_string());
    match error.hint() {
        Some(hint) => d.hint(hint),
        None => d,
    }
}
