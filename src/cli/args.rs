//! What can be typed.

use super::output::OutputArgs;
use super::show::ShowArgs;
use super::state::StateArgs;
use clap::{Arg, ArgAction, ArgMatches, Args, CommandFactory, Parser, Subcommand};
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// Build, preview, watch and change AWS networks from HCL layouts, without an outage.
#[derive(Debug, Parser)]
#[command(name = "floorplan", version, max_term_width = 100)]
pub struct Cli {
    /// Options of every command.
    #[command(flatten)]
    pub global: Global,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Options of every command.
#[derive(Debug, Clone, Args)]
pub struct Global {
    /// Use the local AWS endpoint instead of AWS; it is started if it does not run
    #[arg(long, global = true)]
    pub sandbox: bool,
    /// Where states are kept; one folder per layout
    #[arg(long, global = true, env = "FLOORPLAN_STATE", value_name = "DIR")]
    pub state: Option<PathBuf>,
    /// No colour, even on a terminal
    #[arg(long, global = true)]
    pub no_color: bool,
    /// Say how many API calls were made
    #[arg(long, short, global = true)]
    pub verbose: bool,
}

/// What can be done.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Show what apply would do
    Plan(PlanArgs),
    /// Make AWS as the layout says, or carry out a saved plan
    Apply(ApplyArgs),
    /// Delete everything that the layout made
    Destroy(DestroyArgs),
    /// Find errors without credentials or network
    Validate(ValidateArgs),
    /// Evaluate expressions, one per line of standard input
    Console(ConsoleArgs),
    /// Bring files into the canonical format
    Fmt(FmtArgs),
    /// Show a saved plan, or what the state holds
    Show(ShowArgs),
    /// Look into the state, or change it without changing AWS
    State(StateArgs),
    /// Show the outputs of the last apply
    Output(OutputArgs),
    /// Take over an object that exists
    Import(ImportArgs),
    /// Show which resource types and data sources there are and what they take
    Schema(SchemaArgs),
    /// The local AWS endpoint: start, stop, reset, status
    Sandbox(SandboxArgs),
}

/// Values of the layout's variables.
#[derive(Debug, Clone, Default, Args)]
pub struct VariableArgs {
    /// Set a variable: NAME=VALUE
    #[arg(long = "var", value_name = "NAME=VALUE")]
    pub var: Vec<String>,
    /// Read variables from a file
    #[arg(long = "var-file", value_name = "FILE")]
    pub var_file: Vec<PathBuf>,
    /// Ask for missing variables
    #[arg(long, value_name = "BOOL", default_value_t = true, num_args = 0..=1, require_equals = true, default_missing_value = "true", action = ArgAction::Set)]
    pub input: bool,
}

/// What a plan takes into account.
#[derive(Debug, Clone, Default, Args)]
pub struct PlanOptions {
    /// Read live AWS before planning
    #[arg(long, value_name = "BOOL", default_value_t = true, num_args = 0..=1, require_equals = true, default_missing_value = "true", action = ArgAction::Set)]
    pub refresh: bool,
    /// Replace this instance whatever its arguments say
    #[arg(long, value_name = "ADDRESS")]
    pub replace: Vec<String>,
    /// Let this service be interrupted though the layout says availability = "high"
    #[arg(long, value_name = "SERVICE")]
    pub allow_downtime: Vec<String>,
}

/// Options of commands that change something.
#[derive(Debug, Clone, Args)]
pub struct RunOptions {
    /// Do not ask
    #[arg(long)]
    pub auto_approve: bool,
    /// How many operations at a time
    #[arg(long, default_value_t = 32, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=512))]
    pub parallelism: u16,
    /// How long to wait for another run to end, such as 30s
    #[arg(long, default_value = "0s", value_name = "TIME")]
    pub lock_timeout: String,
    /// Interrupt service now, outside the maintenance window
    #[arg(long)]
    pub now: bool,
    /// Go on though more than half of the state's objects are gone from AWS
    #[arg(long)]
    pub gone: bool,
}

/// `plan`
#[derive(Debug, Args)]
pub struct PlanArgs {
    /// The layout's directory
    #[arg(default_value = ".", value_name = "LAYOUT")]
    pub layout: PathBuf,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub variables: VariableArgs,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub options: PlanOptions,
    /// Plan to delete everything
    #[arg(long)]
    pub destroy: bool,
    /// Save the plan
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Exit with 2 when there are differences
    #[arg(long)]
    pub detailed_exitcode: bool,
    /// Print Terraform's plan JSON
    #[arg(long)]
    pub json: bool,
    /// Print markdown for a pull request
    #[arg(long, conflicts_with = "json")]
    pub markdown: bool,
    /// Tell the story of one instance step by step
    #[arg(long, value_name = "ADDRESS", conflicts_with_all = ["json", "markdown"])]
    pub explain: Option<String>,
}

/// `apply`
#[derive(Debug, Args)]
pub struct ApplyArgs {
    /// The layout's directory, or a saved plan
    #[arg(default_value = ".", value_name = "LAYOUT|PLAN")]
    pub layout: PathBuf,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub variables: VariableArgs,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub options: PlanOptions,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub run: RunOptions,
}

/// `destroy`
#[derive(Debug, Args)]
pub struct DestroyArgs {
    /// The layout's directory
    #[arg(default_value = ".", value_name = "LAYOUT")]
    pub layout: PathBuf,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub variables: VariableArgs,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub options: PlanOptions,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub run: RunOptions,
}

/// `validate`
#[derive(Debug, Args)]
pub struct ValidateArgs {
    /// Directories of layouts
    #[arg(default_value = ".", value_name = "LAYOUT")]
    pub layouts: Vec<PathBuf>,
    /// Print the findings as JSON, as Terraform does
    #[arg(long)]
    pub json: bool,
}

/// `console`
#[derive(Debug, Args)]
pub struct ConsoleArgs {
    /// The layout's directory; where there is no layout, expressions see none
    #[arg(value_name = "LAYOUT")]
    pub layout: Option<PathBuf>,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub variables: VariableArgs,
    /// One JSON value per line; {"error": "…"} for an expression that failed
    #[arg(long)]
    pub json: bool,
}

/// `fmt`
#[derive(Debug, Args)]
pub struct FmtArgs {
    /// Files and directories; `-` for standard input
    #[arg(default_value = ".", value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Change nothing; exit with 1 when a file is not in the canonical format
    #[arg(long)]
    pub check: bool,
    /// Directories below too
    #[arg(long)]
    pub recursive: bool,
}

/// `import`
#[derive(Debug, Args)]
pub struct ImportArgs {
    /// Where the layout has the resource
    #[arg(value_name = "ADDRESS")]
    pub address: String,
    /// The object's id, or another form that `floorplan schema` tells
    #[arg(value_name = "ID")]
    pub id: String,
    /// The layout's directory
    #[arg(long, default_value = ".", value_name = "LAYOUT")]
    pub layout: PathBuf,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub variables: VariableArgs,
    /// How long to wait for another run to end, such as 30s
    #[arg(long, default_value = "0s", value_name = "TIME")]
    pub lock_timeout: String,
}

/// `schema`
#[derive(Debug, Args)]
pub struct SchemaArgs {
    /// Only this type
    #[arg(value_name = "TYPE")]
    pub type_name: Option<String>,
    /// In the form of the reference file
    #[arg(long)]
    pub json: bool,
}

/// `sandbox`
#[derive(Debug, Args)]
pub struct SandboxArgs {
    /// What to do with it
    #[command(subcommand)]
    pub command: SandboxCommand,
}

/// What can be done with the sandbox.
#[derive(Debug, Clone, Copy, Subcommand)]
pub enum SandboxCommand {
    /// Start it, unless it runs
    Start,
    /// Say whether and where it runs
    Status,
    /// Stop it; its world is gone then
    Stop,
    /// Empty its world
    Reset,
}

/// `--var` or `--var-file`, in the order typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VariableArgument {
    /// `--var NAME=VALUE`
    Value(String),
    /// `--var-file FILE`
    File(PathBuf),
}

/// The `--var` and `--var-file` options in the order typed: later ones win.
pub fn ordered_variables(matches: &ArgMatches) -> Vec<VariableArgument> {
    let Some((_, matches)) = matches.subcommand() else { return Vec::new() };
    let mut all: Vec<(usize, VariableArgument)> = Vec::new();
    if let (Ok(Some(values)), Some(at)) = (matches.try_get_many::<String>("var"), safe_indices(matches, "var")) {
        all.extend(at.into_iter().zip(values.cloned().map(VariableArgument::Value)));
    }
    if let (Ok(Some(files)), Some(at)) =
        (matches.try_get_many::<PathBuf>("var_file"), safe_indices(matches, "var_file"))
    {
        all.extend(at.into_iter().zip(files.cloned().map(VariableArgument::File)));
    }
    all.sort_by_key(|(at, _)| *at);
    all.into_iter().map(|(_, v)| v).collect()
}

fn safe_indices(matches: &ArgMatches, id: &str) -> Option<Vec<usize>> {
    matches.try_contains_id(id).ok().and_then(|_| matches.indices_of(id)).map(Iterator::collect)
}

/// Terraform's `-auto-approve` is our `--auto-approve`; hands that know it need not learn anew.
pub fn long_options(arguments: impl IntoIterator<Item = OsString>) -> Vec<OsString> {
    let mut plain = false;
    let lengthen = |argument: OsString| {
        plain |= argument == "--";
        let text = argument.to_str().unwrap_or("");
        let single = text.starts_with('-') && !text.starts_with("--") && text.len() > 2;
        let word = text.get(1..).is_some_and(|t| t.starts_with(|c: char| c.is_ascii_lowercase()));
        if single && word && !plain { OsString::from(format!("-{text}")) } else { argument }
    };
    arguments.into_iter().map(lengthen).collect()
}

/// Commands that take a layout before their other arguments, as `plan` does, where what stands there is a directory:
/// `output net vpc_id`, `state show net ADDRESS`. `--layout` says the same.
pub fn layout_first(mut arguments: Vec<OsString>, is_directory: &dyn Fn(&Path) -> bool) -> Vec<OsString> {
    let (root, mut words) = (Cli::command(), Vec::new());
    let mut command = &root;
    let mut known: Vec<&Arg> = root.get_arguments().collect();
    let mut value = false;
    for (at, argument) in arguments.iter().enumerate().skip(1) {
        let text = argument.to_str().unwrap_or_default();
        match text.strip_prefix("--") {
            _ if std::mem::take(&mut value) => {}
            Some("") => break,
            Some("layout") => return arguments,
            Some(given) if given.starts_with("layout=") => return arguments,
            Some(name) => {
                let option = known.iter().find(|a| a.get_long() == Some(name));
                value = option.is_some_and(|a| a.get_action().takes_values() && !a.is_require_equals_set());
            }
            None if text.starts_with('-') && text.len() > 1 => {}
            None => match command.find_subcommand(text) {
                Some(inner) => {
                    command = inner;
                    known.extend(inner.get_arguments());
                    words.push(text.to_owned());
                }
                None => {
                    let takes =
                        words.first().is_some_and(|word| ["output", "state", "import"].contains(&word.as_str()));
                    if takes && !command.has_subcommands() && is_directory(Path::new(argument)) {
                        let mut option = OsString::from("--layout=");
                        option.push(argument);
                        arguments[at] = option;
                    }
                    break;
                }
            },
        }
    }
    arguments
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }

    #[test]
    fn options_with_one_dash_are_taken_as_terraform_users_type_them() {
        let typed = ["floorplan", "apply", "-auto-approve", "-var", "a=-b", "-v", "x", "--", "-abc"];
        let expected = ["floorplan", "apply", "--auto-approve", "--var", "a=-b", "-v", "x", "--", "-abc"];
        assert_eq!(long_options(typed.map(OsString::from)), expected.map(OsString::from));
    }

    #[test]
    fn a_directory_that_comes_first_is_the_layout() {
        let table = [
            ("output net vpc_id", "output --layout=net vpc_id"),
            ("output vpc_id", "output vpc_id"),
            ("output net --json", "output --layout=net --json"),
            ("--state net output vpc_id", "--state net output vpc_id"),
            ("state list net", "state list --layout=net"),
            ("state --lock-timeout net list net aws_vpc.v", "state --lock-timeout net list --layout=net aws_vpc.v"),
            ("state mv net aws_vpc.a aws_vpc.b", "state mv --layout=net aws_vpc.a aws_vpc.b"),
            ("state list --layout other net", "state list --layout other net"),
            ("import net aws_vpc.v vpc-1", "import --layout=net aws_vpc.v vpc-1"),
            ("import aws_vpc.v net", "import aws_vpc.v net"),
            ("plan net", "plan net"),
            ("fmt net", "fmt net"),
            ("output -- net", "output -- net"),
        ];
        for (typed, expected) in table {
            let words = |text: &str| -> Vec<OsString> {
                std::iter::once("floorplan").chain(text.split(' ')).map(OsString::from).collect()
            };
            assert_eq!(layout_first(words(typed), &|path| path == Path::new("net")), words(expected), "{typed}");
        }
    }

    #[test]
    fn variables_keep_the_order_in_which_they_were_typed() {
        let typed = ["floorplan", "plan", "--var", "a=1", "--var-file", "f", "--var", "b=2"];
        let found = ordered_variables(&Cli::command().get_matches_from(typed));
        let value = |s: &str| VariableArgument::Value(s.into());
        assert_eq!(found, [value("a=1"), VariableArgument::File("f".into()), value("b=2")]);
    }
}
