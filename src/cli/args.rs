//! Options that several commands share.

use crate::diag::Diagnostic;
use crate::value::duration;
use clap::{ArgAction, Args};
use std::path::PathBuf;
use std::time::Duration;

/// Options of every command.
#[derive(Debug, Clone, Args)]
pub(super) struct Global {
    /// Use the local AWS endpoint instead of AWS; it is started if it does not run
    #[arg(long, global = true)]
    pub(super) sandbox: bool,
    /// Where states are kept; one folder per layout
    #[arg(long, global = true, env = "FLOORPLAN_STATE", value_name = "DIR")]
    pub(super) state: Option<PathBuf>,
    /// No colour, even on a terminal
    #[arg(long, global = true)]
    pub(super) no_color: bool,
    /// Say how many API calls were made
    #[arg(long, short, global = true)]
    pub(super) verbose: bool,
}

/// Values of the layout's variables.
#[derive(Debug, Clone, Default, Args)]
pub(super) struct VariableArgs {
    /// Set a variable: NAME=VALUE
    #[arg(long = "var", value_name = "NAME=VALUE")]
    pub(super) var: Vec<String>,
    /// Read variables from a file
    #[arg(long = "var-file", value_name = "FILE")]
    pub(super) var_file: Vec<PathBuf>,
    /// Ask for missing variables
    #[arg(long, value_name = "BOOL", default_value_t = true, num_args = 0..=1, require_equals = true, default_missing_value = "true", action = ArgAction::Set)]
    pub(super) input: bool,
}

/// Options of a plan.
#[derive(Debug, Clone, Default, Args)]
pub(super) struct PlanOptions {
    /// Read live AWS before planning
    #[arg(long, value_name = "BOOL", default_value_t = true, num_args = 0..=1, require_equals = true, default_missing_value = "true", action = ArgAction::Set)]
    pub(super) refresh: bool,
    /// Replace this instance whatever its arguments say
    #[arg(long, value_name = "ADDRESS")]
    pub(super) replace: Vec<String>,
    /// Let this service be interrupted though the layout says availability = "high"
    #[arg(long, value_name = "SERVICE")]
    pub(super) allow_downtime: Vec<String>,
    /// Refuse a plan that runs provisioners
    #[arg(long)]
    pub(super) no_provisioners: bool,
}

/// Options of commands that change something.
#[derive(Debug, Clone, Args)]
pub(super) struct RunOptions {
    /// Do not ask
    #[arg(long)]
    pub(super) auto_approve: bool,
    /// How many operations at a time
    #[arg(long, default_value_t = 32, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=512))]
    pub(super) parallelism: u16,
    /// How long to wait for another run to end, such as 30s
    #[arg(long, default_value = "0s", value_name = "TIME")]
    pub(super) lock_timeout: String,
    /// Interrupt service now, outside the maintenance window
    #[arg(long)]
    pub(super) now: bool,
    /// Go on though more than half of the state's objects are gone from AWS
    #[arg(long)]
    pub(super) gone: bool,
}

/// `--var` or `--var-file`, in the order typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum VariableArgument {
    /// `--var NAME=VALUE`
    Value(String),
    /// `--var-file FILE`
    File(PathBuf),
}

/// Reads the value of `--lock-timeout`.
pub(super) fn lock_timeout(given: &str) -> Result<Duration, Diagnostic> {
    duration::parse(given).ok_or_else(|| {
        Diagnostic::error(format!("Invalid --lock-timeout {given:?}")).detail("A time such as 30s or 5m is expected.")
    })
}
