//! Commands and options of Terraform that are not here, with what to use instead.

use super::spelling::{Part, parts};
use crate::diag::{Diagnostic, Diagnostics};
use std::ffi::OsString;

const BACKUP: &str = "Every state that was written is kept: `floorplan state history` lists them, --restore goes back.";
const BUILT_IN: &str = "Providers are built in.";
const REMOTE: &str = "Leave it out: Floorplan's state does not depend on a remote version.";
const TESTS: &str = "Leave it out: test files are not read.";

/// Commands: how they begin.
pub(super) const COMMANDS: [(&str, &str); 16] = [
    ("login", "Put the token of a registry into TF_TOKEN_host, or let terraform login write it; both are read."),
    ("logout", "Remove the token from ~/.terraform.d/credentials.tfrc.json."),
    ("test", "Use floorplan validate, and floorplan plan or apply with --sandbox in a script."),
    ("query", "Use floorplan import, or import blocks."),
    ("stacks", "Use one layout per stack."),
    ("cloud", "HCP Terraform is not used. Use floorplan plan and floorplan apply."),
    ("push", "HCP Terraform is not used. Use floorplan plan and floorplan apply."),
    ("policy", "Use floorplan show --json PLAN with a checker of your own."),
    ("metadata", "floorplan schema shows the types."),
    ("modules", "floorplan init lists the modules that it fetched."),
    ("env", "Use floorplan workspace."),
    ("rpcapi", "floorplan show --json and floorplan schema --json print what other programs need."),
    ("providers lock", "Providers are built in: the lock file pins only modules, and floorplan init writes it."),
    ("providers mirror", BUILT_IN),
    ("providers schema", "floorplan schema --json prints the types."),
    ("state identities", "floorplan show --json prints the ids of all objects."),
];

/// Options: the commands that have them in Terraform (all, where there is none), the name, and what to use instead.
pub(super) const OPTIONS: [(&str, &str, &str); 24] = [
    (
        "",
        "state-out",
        "Leave it out: --state names one place, which is read and written; `floorplan state history` keeps every state.",
    ),
    ("", "backup", BACKUP),
    ("", "backup-out", BACKUP),
    ("", "ignore-remote-version", REMOTE),
    ("", "test-directory", TESTS),
    ("", "no-tests", TESTS),
    ("", "cloud-run", TESTS),
    ("", "allow-deferral", "Leave it out: a plan that cannot know enough says so."),
    ("", "deprecation", "Leave it out: deprecated arguments are always named."),
    ("init", "from-module", "Copy the module's files into the layout's directory."),
    ("init", "force-copy", "Leave it out: no state is copied."),
    ("init", "plugin-dir", BUILT_IN),
    ("init", "get-plugins", BUILT_IN),
    ("init", "verify-plugins", BUILT_IN),
    ("init", "safe", "Leave it out: no state is moved."),
    ("console", "plan", "Leave it out: expressions see the layout and its state."),
    ("graph", "plan", "Use floorplan plan --explain ADDRESS for the steps of an instance."),
    ("graph", "type", "Leave it out: the graph shows which resources need which."),
    ("graph", "draw-cycles", "Leave it out: a cycle is an error that names its members."),
    ("graph", "module-depth", "Leave it out: all modules are shown."),
    ("validate", "check-variables", "Leave it out: variables without a value are taken as unknown."),
    ("validate", "query", "Leave it out: query files are not read."),
    ("output", "module", "Declare an output of the root module."),
    ("show", "module-depth", "Leave it out: all modules are shown."),
];

/// An error for a command that is not here.
pub(super) fn command(arguments: &[OsString]) -> Option<Diagnostic> {
    let words: Vec<&str> =
        arguments.iter().skip(1).filter_map(|a| a.to_str()).filter(|t| !t.starts_with('-')).collect();
    let begins = |name: &str| {
        name.split(' ').zip(words.iter().map(Some).chain(std::iter::repeat(None))).all(|(a, b)| Some(&a) == b)
    };
    let (name, hint) = COMMANDS.iter().find(|(name, _)| begins(name))?;
    Some(Diagnostic::error(format!("Floorplan has no command {name:?}")).code("usage").hint(*hint))
}

/// Errors for options that are not here.
pub(super) fn options(root: &clap::Command, arguments: &[OsString]) -> Diagnostics {
    let mut command = "";
    let mut found = Diagnostics::new();
    for part in parts(root, arguments) {
        match part {
            Part::Command(inner) if command.is_empty() => command = inner.get_name(),
            Part::Option { name, known: None, .. } => {
                let of = |(commands, option, _): &&(&str, &str, &str)| {
                    *option == name && (commands.is_empty() || *commands == command)
                };
                found.extend(OPTIONS.iter().find(of).map(|(_, _, hint)| {
                    Diagnostic::error(format!("Floorplan has no option --{name}")).code("usage").hint(*hint)
                }));
            }
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::command_line::Cli;
    use clap::CommandFactory;

    fn words(text: &str) -> Vec<OsString> {
        std::iter::once("floorplan").chain(text.split(' ')).map(OsString::from).collect()
    }

    #[test]
    fn commands_of_terraform_are_named_with_what_to_do_instead() {
        for (name, _) in COMMANDS {
            assert!(command(&words(&format!("-v {name} x"))).is_some(), "{name}");
        }
        assert!(command(&words("plan test")).is_none());
        assert!(command(&words("providers")).is_none());
        assert!(command(&words("state list")).is_none());
    }

    /// Every option of every command of Terraform is here, or is an error that says what to use instead.
    #[test]
    fn all_of_terraform_is_understood() {
        let root = Cli::command();
        for line in include_str!("../../tests/data/terraform-options.txt").lines().filter(|l| !l.starts_with('#')) {
            let (name, names) = line.split_once(':').unwrap();
            if command(&words(name)).is_some() {
                continue;
            }
            let typed: Vec<OsString> =
                words(name).into_iter().chain(names.split_whitespace().map(|n| format!("-{n}=x").into())).collect();
            for part in parts(&root, &typed).into_iter().skip(name.split(' ').count()) {
                let Part::Option { name: option, known, .. } = part else { panic!("{line}") };
                let refused = options(&root, &words(&format!("{name} --{option}=x")));
                assert!(known.is_some() != refused.has_errors(), "{name} -{option}");
            }
            let commands = parts(&root, &words(name)).into_iter().filter(|p| matches!(p, Part::Command(_))).count();
            assert_eq!(commands, name.split(' ').count(), "{name}");
        }
    }

    #[test]
    fn options_of_terraform_are_named_with_what_to_do_instead() {
        let root = Cli::command();
        for (commands, option, _) in OPTIONS {
            let command = if commands.is_empty() { "plan" } else { commands };
            let found = options(&root, &words(&format!("{command} --{option}=x")));
            assert!(found.has_errors(), "{command} {option}");
        }
        assert!(options(&root, &words("plan --state x --out f")).is_empty());
        assert!(options(&root, &words("plan --var --backup=x")).is_empty());
    }
}
