//! The command line as a whole: its commands, and the spellings that are accepted besides clap's own.

use super::apply::ApplyArgs;
use super::args::{Global, VariableArgument};
use super::completions::{CompletionsArgs, ManArgs};
use super::console::ConsoleArgs;
use super::destroy::DestroyArgs;
use super::draw::DrawArgs;
use super::drift::DriftArgs;
use super::fmt::FmtArgs;
use super::force_unlock::ForceUnlockArgs;
use super::graph::GraphArgs;
use super::import::ImportArgs;
use super::init::{GetArgs, InitArgs};
use super::output::OutputArgs;
use super::permissions::PermissionsArgs;
use super::plan::PlanArgs;
use super::preview::PreviewArgs;
use super::providers::ProvidersArgs;
use super::reach::ReachArgs;
use super::refresh::RefreshArgs;
use super::sandbox::SandboxArgs;
use super::schema::SchemaArgs;
use super::show::ShowArgs;
use super::state::StateArgs;
use super::taint::TaintArgs;
use super::validate::ValidateArgs;
use super::version::VersionArgs;
use super::workspace::WorkspaceArgs;
use clap::{Arg, ArgMatches, CommandFactory, Parser, Subcommand};
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// Build, preview, watch and change AWS networks from HCL layouts, without an outage.
#[derive(Debug, Parser)]
#[command(name = "floorplan", version, max_term_width = 100)]
pub(super) struct Cli {
    /// Options of every command.
    #[command(flatten)]
    pub(super) global: Global,
    /// The command.
    #[command(subcommand)]
    pub(super) command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    Init(InitArgs),
    Get(GetArgs),
    Plan(PlanArgs),
    Preview(PreviewArgs),
    Apply(ApplyArgs),
    Destroy(DestroyArgs),
    Drift(DriftArgs),
    Reach(ReachArgs),
    Refresh(RefreshArgs),
    Validate(ValidateArgs),
    Console(ConsoleArgs),
    Fmt(FmtArgs),
    Show(ShowArgs),
    State(StateArgs),
    Output(OutputArgs),
    Workspace(WorkspaceArgs),
    Import(ImportArgs),
    /// Have the next apply replace an object
    Taint(TaintArgs),
    /// Take a taint back
    Untaint(TaintArgs),
    ForceUnlock(ForceUnlockArgs),
    Permissions(PermissionsArgs),
    Providers(ProvidersArgs),
    Draw(DrawArgs),
    Graph(GraphArgs),
    Schema(SchemaArgs),
    Version(VersionArgs),
    Completions(CompletionsArgs),
    Man(ManArgs),
    Sandbox(SandboxArgs),
}

impl Command {
    /// Whether the command prints events for programs.
    pub(super) fn streams(&self) -> bool {
        match self {
            Command::Init(args) => args.json,
            Command::Plan(args) => args.json,
            Command::Apply(args) => args.change.run.json,
            Command::Destroy(args) => args.change.run.json,
            Command::Refresh(args) => args.change.run.json,
            _ => false,
        }
    }
}

/// The `--var` and `--var-file` options in the order typed: later ones win.
pub(super) fn ordered_variables(matches: &ArgMatches) -> Vec<VariableArgument> {
    let Some((_, mut matches)) = matches.subcommand() else { return Vec::new() };
    while let Some((_, inner)) = matches.subcommand() {
        matches = inner;
    }
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

/// `output`, `state` and `import` accept a directory as their first argument: `output net vpc_id` means
/// `output --layout=net vpc_id`. `output` accepts several directories with a slash in their name, and patterns of them,
/// which no output has as its name.
pub(super) fn layout_first(mut arguments: Vec<OsString>, is_directory: &dyn Fn(&Path) -> bool) -> Vec<OsString> {
    let (root, mut words) = (Cli::command(), Vec::new());
    let mut command = &root;
    let mut known: Vec<&Arg> = root.get_arguments().collect();
    let (mut value, mut first, mut layouts) = (false, true, Vec::new());
    for (at, argument) in arguments.iter().enumerate().skip(1) {
        let text = argument.to_str().unwrap_or_default();
        let takes_several = words.first().is_some_and(|word| word == "output");
        match text.strip_prefix("--") {
            _ if std::mem::take(&mut value) => {}
            Some("") => break,
            Some(given) if given == "layout" || given.starts_with("layout=") => {
                if !takes_several {
                    return arguments;
                }
                (value, first) = (given == "layout", false);
            }
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
                    let takes = words.first().is_some_and(|word| ["output", "state", "import"].contains(&&**word));
                    let is_pattern = takes_several && text.contains(['*', '?', '[', '{']);
                    let may_be = first || takes_several && text.contains('/');
                    if takes
                        && !command.has_subcommands()
                        && (is_pattern || may_be && is_directory(Path::new(argument)))
                    {
                        layouts.push(at);
                    }
                    first = false;
                    if !takes_several {
                        break;
                    }
                }
            },
        }
    }
    for at in layouts {
        let mut option = OsString::from("--layout=");
        option.push(&arguments[at]);
        arguments[at] = option;
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
    fn every_command_is_documented_with_an_example() {
        let page = include_str!("../../docs/commands.md");
        for command in Cli::command().get_subcommands() {
            let name = command.get_name();
            let section = page.split("\n## ").find(|section| section.lines().next() == Some(name));
            let example = format!("floorplan {name}");
            assert!(section.is_some_and(|text| text.contains("```sh") && text.contains(&example)), "{name}");
        }
    }

    #[test]
    fn a_directory_that_comes_first_is_the_layout() {
        let table = [
            ("output net vpc_id", "output --layout=net vpc_id"),
            ("output vpc_id", "output vpc_id"),
            ("output net --json", "output --layout=net --json"),
            ("output a/b vpc_id a/c --json", "output --layout=a/b vpc_id --layout=a/c --json"),
            ("output a/* net", "output --layout=a/* net"),
            ("output a/none", "output a/none"),
            ("output --layout net net", "output --layout net net"),
            ("output --layout=net a/b", "output --layout=net --layout=a/b"),
            ("output --all net", "output --all --layout=net"),
            ("output --changed-since a/b vpc_id", "output --changed-since a/b vpc_id"),
            ("state list a/b a/c", "state list --layout=a/b a/c"),
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
            let is_directory = |path: &Path| ["net", "a/b", "a/c"].iter().any(|dir| path == Path::new(dir));
            assert_eq!(layout_first(words(typed), &is_directory), words(expected), "{typed}");
        }
    }

    #[test]
    fn variables_keep_the_order_in_which_they_were_typed() {
        let typed = ["floorplan", "plan", "--var", "a=1", "--var-file", "f", "--var", "b=2"];
        let found = ordered_variables(&Cli::command().get_matches_from(typed));
        let value = |s: &str| VariableArgument::Value(s.into());
        assert_eq!(found, [value("a=1"), VariableArgument::File("f".into()), value("b=2")]);
        let typed = ["floorplan", "drift", "accept", "aws_vpc.v", "--var", "a=1"];
        assert_eq!(ordered_variables(&Cli::command().get_matches_from(typed)), [value("a=1")]);
    }
}
