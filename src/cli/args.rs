//! Options that several commands share.

use crate::diag::{Diagnostic, Diagnostics};
use crate::plan::Options;
use crate::sources::disk;
use crate::value::address::{Target, parse};
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
    /// Where states are kept: a folder, with one folder per layout in it; or the file of one state
    #[arg(long, global = true, env = "FLOORPLAN_STATE", value_name = "PATH")]
    pub(super) state: Option<PathBuf>,
    /// An argument of the backend that its block leaves out, or a file of such lines
    #[arg(long, global = true, value_name = "NAME=VALUE|FILE")]
    pub(super) backend_config: Vec<String>,
    /// No colour, even on a terminal
    #[arg(long, global = true)]
    pub(super) no_color: bool,
    /// Warnings in one line each
    #[arg(long, global = true)]
    pub(super) compact_warnings: bool,
    /// Say how many API calls were made
    #[arg(long, short, global = true)]
    pub(super) verbose: bool,
}

/// Values of the layout's variables. They are read in the order typed.
#[derive(Debug, Clone, Default, Args)]
pub(super) struct ValueArgs {
    /// Set a variable: NAME=VALUE
    #[arg(long = "var", value_name = "NAME=VALUE")]
    pub(super) var: Vec<String>,
    /// Read variables from a file
    #[arg(long = "var-file", value_name = "FILE")]
    pub(super) var_file: Vec<PathBuf>,
}

/// The same, and whether missing ones are asked for.
#[derive(Debug, Clone, Default, Args)]
pub(super) struct VariableArgs {
    #[command(flatten)]
    pub(super) values: ValueArgs,
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
    /// Change nothing; only let the state take over what was changed outside of the layout
    #[arg(long)]
    pub(super) refresh_only: bool,
    /// Replace this instance whatever its arguments say
    #[arg(long, value_name = "ADDRESS")]
    pub(super) replace: Vec<String>,
    /// Let this service be interrupted though the layout says availability = "high"
    #[arg(long, value_name = "SERVICE")]
    pub(super) allow_downtime: Vec<String>,
    /// Refuse a plan that runs provisioners
    #[arg(long)]
    pub(super) no_provisioners: bool,
    /// Change only this, with what it needs: a module, a resource or an instance
    #[arg(long, value_name = "ADDRESS")]
    pub(super) target: Vec<String>,
    /// The same, one address per line of a file
    #[arg(long, value_name = "FILE")]
    pub(super) target_file: Vec<PathBuf>,
    /// Do not change this, nor what needs it
    #[arg(long, value_name = "ADDRESS")]
    pub(super) exclude: Vec<String>,
    /// The same, one address per line of a file
    #[arg(long, value_name = "FILE")]
    pub(super) exclude_file: Vec<PathBuf>,
}

impl PlanOptions {
    /// As the planner takes them.
    pub(super) fn read(&self, destroy: bool) -> Result<Options, Diagnostics> {
        self.agree(destroy)?;
        Ok(Options {
            destroy,
            replace: super::plan::addresses(&self.replace)?,
            allow_downtime: self.allow_downtime.clone(),
            targets: targets(&self.target, &self.target_file)?,
            excludes: targets(&self.exclude, &self.exclude_file)?,
            refresh_only: self.refresh_only,
            look_only: false,
            validate: false,
        })
    }

    /// An error where options exclude one another.
    fn agree(&self, destroy: bool) -> Result<(), Diagnostic> {
        let other = match self {
            _ if !self.refresh_only => return Ok(()),
            _ if destroy => "--destroy deletes everything, and --refresh-only changes nothing.",
            Self { refresh: false, .. } => "With --refresh=false AWS is not read, so there would be nothing to record.",
            Self { replace, .. } if !replace.is_empty() => {
                "--replace makes an object anew, and --refresh-only changes nothing."
            }
            _ => return Ok(()),
        };
        Err(Diagnostic::error("Options that exclude one another")
            .code("usage")
            .detail(other)
            .hint("Leave one of them out."))
    }

    /// Options that a saved plan cannot take: it was made with its own.
    pub(super) fn given(&self) -> Option<&'static str> {
        let given = [
            ("--refresh=false", !self.refresh),
            ("--refresh-only", self.refresh_only),
            ("--replace", !self.replace.is_empty()),
            ("--allow-downtime", !self.allow_downtime.is_empty()),
            ("--target", !self.target.is_empty()),
            ("--target-file", !self.target_file.is_empty()),
            ("--exclude", !self.exclude.is_empty()),
            ("--exclude-file", !self.exclude_file.is_empty()),
        ];
        given.into_iter().find(|(_, given)| *given).map(|(name, _)| name)
    }
}

/// Addresses that are typed, and those in files.
fn targets(typed: &[String], files: &[PathBuf]) -> Result<Vec<Target>, Diagnostics> {
    let mut problems = Diagnostics::new();
    let mut all = typed.to_vec();
    for path in files {
        let bytes = disk::read_named(path).map_err(|e| {
            Diagnostic::error(format!("Cannot read {}", path.display())).code("unreadable-file").detail(format!("{e}."))
        });
        let Some(bytes) = problems.take(bytes) else { continue };
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let lines = text.lines().map(|line| line.split('#').next().unwrap_or_default().trim());
        all.extend(lines.filter(|line| !line.is_empty()).map(str::to_owned));
    }
    let read = |text: &String| {
        parse(text).map_err(|e| {
            Diagnostic::error(format!("Invalid address {text:?}")).code("invalid-address").detail(format!("{e}."))
        })
    };
    let found = all.iter().filter_map(|text| problems.take(read(text))).collect();
    problems.into_result(found)
}

/// How a command takes the lock of the state.
#[derive(Debug, Clone, Args)]
pub(super) struct LockArgs {
    /// How long to wait for another run to end, such as 30s
    #[arg(long, global = true, default_value = "0s", value_name = "TIME")]
    lock_timeout: String,
    /// Always true: a run that changes something locks the state
    #[arg(long, global = true, value_name = "BOOL", default_value_t = true, num_args = 0..=1, require_equals = true, default_missing_value = "true", action = ArgAction::Set)]
    lock: bool,
}

impl LockArgs {
    /// How long to wait for another run.
    pub(super) fn wait(&self) -> Result<Duration, Diagnostic> {
        if self.lock {
            return lock_timeout(&self.lock_timeout);
        }
        Err(Diagnostic::error("A run that changes something locks the state")
            .code("usage")
            .detail("-lock=false would let two runs write one state.")
            .hint("Leave it out. -lock-timeout=TIME waits for another run to end."))
    }
}

/// Options of commands that change something.
#[derive(Debug, Clone, Args)]
pub(super) struct RunOptions {
    /// Do not ask
    #[arg(long, value_name = "BOOL", default_value_t = false, num_args = 0..=1, require_equals = true, default_missing_value = "true", action = ArgAction::Set)]
    pub(super) auto_approve: bool,
    /// How many operations at a time
    #[arg(long, default_value_t = 32, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=512))]
    pub(super) parallelism: u16,
    #[command(flatten)]
    pub(super) lock: LockArgs,
    /// Interrupt service now, outside the maintenance window
    #[arg(long)]
    pub(super) now: bool,
    /// Print events for programs, one JSON object per line, as Terraform does
    #[arg(long)]
    pub(super) json: bool,
    /// Go on though more than half of the state's objects are gone from AWS
    #[arg(long)]
    pub(super) gone: bool,
}

/// The options of `apply`, `destroy` and `refresh`.
#[derive(Debug, Clone, Args)]
pub(super) struct ChangeArgs {
    #[command(flatten)]
    pub(super) variables: VariableArgs,
    #[command(flatten)]
    pub(super) options: PlanOptions,
    #[command(flatten)]
    pub(super) run: RunOptions,
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
        Diagnostic::error(format!("Invalid --lock-timeout {given:?}"))
            .code("usage")
            .detail("A time such as 30s or 5m is expected.")
    })
}
