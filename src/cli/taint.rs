//! `floorplan taint` and `floorplan untaint`: have an object replaced by the next apply, or not.

use super::Outcome;
use super::args::{Global, LockArgs};
use super::inspect::{Printed, backend, lock, print};
use super::ui::Ui;
use crate::diag::{Diagnostic, did_you_mean};
use crate::value::address::{Address, parse_instance};
use clap::Args;
use std::path::PathBuf;

/// The options of both.
#[derive(Debug, Args)]
pub(super) struct TaintArgs {
    /// The instance
    #[arg(value_name = "ADDRESS")]
    address: String,
    /// The layout's directory
    #[arg(long, default_value = ".", value_name = "LAYOUT")]
    layout: PathBuf,
    #[command(flatten)]
    lock: LockArgs,
    /// Succeed though the state has no such object
    #[arg(long)]
    allow_missing: bool,
}

/// Runs `taint` or `untaint`.
pub(super) fn run(args: &TaintArgs, taint: bool, global: &Global, ui: &Ui) -> Outcome {
    let address = parse_instance(&args.address).map_err(|e| {
        Diagnostic::error(format!("{:?} is not an address", args.address))
            .code("invalid-address")
            .detail(format!("{e}."))
    })?;
    let timeout = args.lock.wait()?;
    let backend = backend(&args.layout, global, ui)?;
    let mut locked = lock(&backend, if taint { "taint" } else { "untaint" }, timeout, ui)?;
    let mut state = locked.load()?.state;
    let Some(instance) = state.resources.get_mut(&address) else {
        let d = Diagnostic::error(format!("The state holds nothing at {address}")).code("unknown-address");
        let all: Vec<String> = state.resources.keys().map(Address::to_string).collect();
        let d = match did_you_mean(&args.address, all.iter().map(String::as_str)) {
            Some(near) => d.hint(format!("Did you mean {near}?")),
            None => d.hint("`floorplan state list` lists what it holds."),
        };
        if args.allow_missing {
            return print(Printed { status: d.as_warning().to_string(), ..Printed::default() }, ui);
        }
        return Err(d.into());
    };
    let status = match (taint, instance.tainted) {
        (true, false) => format!("The next apply replaces {address}. `floorplan untaint` takes that back."),
        (true, true) => format!("{address} was tainted already."),
        (false, true) => format!("The next apply keeps {address}."),
        (false, false) => {
            return Err(Diagnostic::error(format!("{address} is not tainted")).code("unknown-address").into());
        }
    };
    instance.tainted = taint;
    locked.save(state)?;
    print(Printed { status, ..Printed::default() }, ui)
}
