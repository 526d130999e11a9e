//! `floorplan state`: what the state holds, and changes to it that change nothing in AWS.

mod hold;
mod migrate;
mod terraform;
mod transfer;

use super::Outcome;
use super::args::{Global, LockArgs};
use super::inspect::{Printed, backend, print, unlocked};
use super::plan::schema;
use super::ui::Ui;
use crate::diag::{Diagnostic, Diagnostics, did_you_mean};
use crate::objects::moves::apply_moves;
use crate::objects::{Slot, State};
use crate::report::text;
use crate::state::{Backend, Entry, OpenIntent};
use crate::value::address::{Address, Target, parse, parse_instance};
use clap::{Args, Subcommand};
use std::fmt::Write;
use std::path::PathBuf;
use std::time::Duration;

/// Look into the state, or change it without changing AWS
#[derive(Debug, Args)]
pub(super) struct StateArgs {
    /// The layout's directory
    #[arg(long, global = true, default_value = ".", value_name = "LAYOUT")]
    layout: PathBuf,
    #[command(flatten)]
    lock: LockArgs,
    /// The command
    #[command(subcommand)]
    command: StateCommand,
}

/// The commands of `state`.
#[derive(Debug, Subcommand)]
pub(super) enum StateCommand {
    /// List the addresses of all objects, or of those given
    List {
        /// Modules, resources or instances
        #[arg(value_name = "ADDRESS")]
        addresses: Vec<String>,
        /// Only objects with this id
        #[arg(long, value_name = "ID")]
        id: Option<String>,
    },
    /// Show the attributes of an object
    Show {
        /// The instance
        #[arg(value_name = "ADDRESS")]
        address: String,
    },
    /// Give objects another address; a `moved` block does the same for everybody
    Mv {
        /// A module, a resource or an instance
        #[arg(value_name = "FROM")]
        from: String,
        /// Where it shall be
        #[arg(value_name = "TO")]
        to: String,
        /// Only say what would be moved
        #[arg(long)]
        dry_run: bool,
    },
    /// Forget objects; they stay in AWS
    Rm {
        /// Modules, resources or instances
        #[arg(value_name = "ADDRESS", required = true)]
        addresses: Vec<String>,
        /// Only say what would be forgotten
        #[arg(long)]
        dry_run: bool,
    },
    /// Print the state as it is stored
    Pull,
    /// Make the state of a file the current one
    Push {
        /// The file, as `state pull` printed it; - for standard input
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// Also if it is older than the current state, or of another lineage
        #[arg(long)]
        force: bool,
    },
    /// Replace the source of a provider
    ReplaceProvider {
        /// The source that is replaced
        from: String,
        /// The source that comes in its place
        to: String,
        /// Accepted for scripts: nothing is asked
        #[arg(long)]
        auto_approve: bool,
    },
    /// Make the state that Terraform left Floorplan's; Terraform refuses it from then on
    Adopt,
    /// Give the state back to Terraform, as it is now
    Release {
        /// The version of the AWS provider that Terraform uses; without it, that of the state that was adopted
        #[arg(long, value_name = "VERSION")]
        provider: Option<terraform::Version>,
    },
    /// Print the state as Terraform would keep it
    Export {
        /// In the format of Terraform
        #[arg(long, required = true)]
        terraform: bool,
        /// The version of the AWS provider that Terraform uses; without it, that of the state that was adopted
        #[arg(long, value_name = "VERSION")]
        provider: Option<terraform::Version>,
    },
    /// Move the state to the place that the layout names now
    Migrate(migrate::MigrateArgs),
    /// Lock the state and leave it locked, such as during an incident
    Lock(hold::HoldArgs),
    /// Give back the lock that `state lock` took
    Unlock(hold::GiveBackArgs),
    /// List the earlier serials, or go back to one
    History {
        /// Make this serial the current one again, as a new serial
        #[arg(long, value_name = "SERIAL")]
        restore: Option<u64>,
    },
}

impl StateCommand {
    /// Whether it writes the state.
    fn changes(&self) -> bool {
        use StateCommand::{History, Mv, Push, Rm};
        matches!(self, Mv { .. } | Rm { .. } | Push { .. } | History { restore: Some(_) })
    }
}

/// Renders a state as text.
type Render<'a> = &'a dyn Fn(&State) -> String;

/// Runs the command.
pub(super) fn run(args: &StateArgs, global: &Global, ui: &Ui) -> Outcome {
    let timeout = args.lock.wait()?;
    if matches!(args.command, StateCommand::Adopt | StateCommand::Release { .. }) {
        let layout = super::input::layout(&args.layout, &[], ui)?;
        let backend = super::elsewhere::backend(&layout, global, ui)?;
        let done = match &args.command {
            StateCommand::Release { provider } => {
                terraform::release(&layout, &backend, global, *provider, timeout, ui)?
            }
            _ => terraform::adopt(&layout, &backend, global, timeout)?,
        };
        return print(done, ui);
    }
    if let StateCommand::Export { provider, .. } = &args.command {
        return print(terraform::print(&backend(&args.layout, global, ui)?, *provider, ui)?, ui);
    }
    let render = |state: &State| text::state(state, &schema, ui.colour);
    if let StateCommand::Migrate(given) = &args.command {
        return print(migrate::migrate(given, &args.layout, timeout, global, ui)?, ui);
    }
    let backend = backend(&args.layout, global, ui)?;
    if args.command.changes() && !backend.has_lock() {
        ui.report_one(&unlocked(&backend));
    }
    print(execute(&args.command, &backend, timeout, &render)?, ui)
}

/// Runs the command on `backend`. Another run may take at most `timeout` to end.
fn execute(
    command: &StateCommand,
    backend: &Backend,
    timeout: Duration,
    render: Render<'_>,
) -> Result<Printed, Diagnostics> {
    match command {
        StateCommand::List { addresses, id } => list(&backend.read()?.state, addresses, id.as_deref()),
        StateCommand::Show { address } => show(&backend.read()?.state, address, render),
        StateCommand::Mv { from, to, dry_run } => mv(backend, timeout, (from, to), *dry_run),
        StateCommand::Rm { addresses, dry_run } => rm(backend, timeout, addresses, *dry_run),
        StateCommand::Pull => transfer::pull(backend),
        StateCommand::Push { file, force } => transfer::push(backend, timeout, file, *force),
        StateCommand::Lock(given) => hold::lock(backend, timeout, given),
        StateCommand::Unlock(_) => hold::give_back(backend),
        // It opens two states.
        StateCommand::Migrate(_) => Ok(Printed::default()),
        StateCommand::ReplaceProvider { from, to, .. } => transfer::replace_provider(from, to),
        // These need the layout as well, and are carried out before.
        StateCommand::Adopt | StateCommand::Release { .. } | StateCommand::Export { .. } => Ok(Printed::default()),
        StateCommand::History { restore: None } => {
            Ok(history(&backend.history()?, backend.read().ok().as_ref().map(|l| l.state.serial)))
        }
        StateCommand::History { restore: Some(serial) } => restore(backend, timeout, *serial),
    }
}

fn list(state: &State, addresses: &[String], id: Option<&str>) -> Result<Printed, Diagnostics> {
    let targets = targets(state, addresses)?;
    let mut data = String::new();
    for (slot, _) in state.objects().filter(|(_, instance)| id.is_none_or(|id| instance.id == id)) {
        if targets.is_empty() || targets.iter().any(|t| t.covers(&slot.address)) {
            let _ = writeln!(data, "{}", shown(&slot));
        }
    }
    Ok(Printed { data, ..Printed::default() })
}

fn show(state: &State, address: &str, render: Render<'_>) -> Result<Printed, Diagnostics> {
    let address = parse_instance(address).map_err(|e| invalid(address, &e))?;
    let mut only = State::new(&state.layout, &state.lineage);
    for (slot, instance) in state.objects().filter(|(slot, _)| slot.address == address) {
        only.set(slot, Some(instance.clone()));
    }
    if only.is_empty() {
        return Err(nothing_at(&address.to_string(), state).into());
    }
    Ok(Printed { data: render(&only), ..Printed::default() })
}

fn mv(backend: &Backend, timeout: Duration, (from, to): (&str, &str), dry_run: bool) -> Result<Printed, Diagnostics> {
    let mut locked = backend.lock("state mv", timeout)?;
    let loaded = locked.load()?;
    let mut state = loaded.state;
    let pair = (parse(from).map_err(|e| invalid(from, &e))?, parse(to).map_err(|e| invalid(to, &e))?);
    settled(&loaded.open, &[pair.0.clone(), pair.1.clone()])?;
    let done = apply_moves(&mut state, std::slice::from_ref(&pair))?;
    let blocked = done.blocked.iter().map(|(from, to)| {
        Diagnostic::error(format!("{to} exists already"))
            .code("address-taken")
            .detail(format!("{from} cannot be moved there."))
            .hint(format!("Move {to} elsewhere first, or let the state forget it: `floorplan state rm '{to}'`."))
    });
    blocked.collect::<Diagnostics>().into_result(())?;
    if done.moved.is_empty() {
        return Err(nothing_at(from, &state).into());
    }
    if dry_run {
        return Ok(status(done.moved.iter().map(|(from, to)| format!("Would move {from} to {to}."))));
    }
    locked.save(state)?;
    Ok(status(done.moved.iter().map(|(from, to)| format!("Moved {from} to {to}."))))
}

fn rm(backend: &Backend, timeout: Duration, addresses: &[String], dry_run: bool) -> Result<Printed, Diagnostics> {
    let mut locked = backend.lock("state rm", timeout)?;
    let loaded = locked.load()?;
    let mut state = loaded.state;
    let targets = targets(&state, addresses)?;
    settled(&loaded.open, &targets)?;
    let slots = state.objects().map(|(slot, _)| slot).filter(|s| targets.iter().any(|t| t.covers(&s.address)));
    let mut lines = Vec::new();
    for slot in slots.collect::<Vec<_>>() {
        let id = state.set(slot.clone(), None).map(|i| i.id).unwrap_or_default();
        let did = if dry_run { "Would forget" } else { "Forgot" };
        lines.push(format!("{did} {} ({id}); it stays in AWS.", shown(&slot)));
    }
    if dry_run {
        return Ok(status(lines.into_iter()));
    }
    locked.save(state)?;
    Ok(status(lines.into_iter()))
}

fn history(entries: &[Entry], current: Option<u64>) -> Printed {
    let mut data = String::new();
    if !entries.is_empty() {
        let _ = writeln!(data, "{:>6}  {:20}  {:12}  {:>9}  {:>7}", "SERIAL", "WRITTEN", "BY", "RESOURCES", "OUTPUTS");
    }
    for entry in entries {
        let mark = if Some(entry.serial) == current { "  current" } else { "" };
        let _ = match &entry.head {
            Ok(h) => writeln!(
                data,
                "{:>6}  {:20}  {:12}  {:>9}  {:>7}{mark}",
                entry.serial, h.written.at, h.written.command, h.resources, h.outputs
            ),
            Err(_) => writeln!(data, "{:>6}  cannot be read", entry.serial),
        };
    }
    let status = if entries.is_empty() { "Nothing was written yet." } else { "" };
    Printed { data, status: status.into() }
}

fn restore(backend: &Backend, timeout: Duration, serial: u64) -> Result<Printed, Diagnostics> {
    let state = backend.lock("restore", timeout)?.restore(serial)?;
    Ok(status(std::iter::once(format!(
        "Serial {serial} is the current state again, as serial {}. AWS was not changed: `floorplan plan` shows the differences.",
        state.serial
    ))))
}

/// The targets that are typed; each must cover something.
fn targets(state: &State, addresses: &[String]) -> Result<Vec<Target>, Diagnostics> {
    let mut found = Diagnostics::new();
    let mut targets = Vec::new();
    for text in addresses {
        match parse(text) {
            Ok(target) if state.objects().any(|(slot, _)| target.covers(&slot.address)) => targets.push(target),
            Ok(_) => found.push(nothing_at(text, state)),
            Err(e) => found.push(invalid(text, &e)),
        }
    }
    found.into_result(targets)
}

/// Refuses to touch what a killed run may have changed in a way that nobody knows yet.
fn settled(open: &[OpenIntent], targets: &[Target]) -> Result<(), Diagnostics> {
    unsettled(open.iter().filter(|o| targets.iter().any(|t| t.covers(&o.intent.slot.address))))
}

/// The same, for all that it may have changed.
fn settled_all(open: &[OpenIntent]) -> Result<(), Diagnostics> {
    unsettled(open.iter())
}

fn unsettled<'a>(open: impl Iterator<Item = &'a OpenIntent>) -> Result<(), Diagnostics> {
    let problem = |o: &OpenIntent| {
        Diagnostic::error("An earlier run was interrupted here")
            .code("interrupted-run")
            .detail(format!("It is not known yet whether its call to {} succeeded.", o.intent.kind.word()))
            .hint("Run `floorplan apply`: it finds out and continues from there.")
            .about(&o.intent.slot.address)
    };
    open.map(problem).collect::<Diagnostics>().into_result(())
}

fn shown(slot: &Slot) -> String {
    match &slot.deposed {
        None => slot.address.to_string(),
        Some(key) => format!("{} (deposed {key})", slot.address),
    }
}

fn status(lines: impl Iterator<Item = String>) -> Printed {
    Printed { status: lines.collect::<Vec<_>>().join("\n"), ..Printed::default() }
}

fn invalid(text: &str, why: &str) -> Diagnostic {
    Diagnostic::error(format!("{text:?} is not an address")).code("invalid-address").detail(format!("{why}."))
}

fn nothing_at(text: &str, state: &State) -> Diagnostic {
    let d = Diagnostic::error(format!("The state holds nothing at {text}")).code("unknown-address");
    let all: Vec<String> = state.resources.keys().map(Address::to_string).collect();
    match did_you_mean(text, all.iter().map(String::as_str)) {
        Some(near) => d.hint(format!("Did you mean {near}?")),
        None => d.hint("`floorplan state list` lists what it holds."),
    }
}

#[cfg(test)]
mod tests;
