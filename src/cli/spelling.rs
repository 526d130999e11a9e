//! Spellings that are accepted besides clap's own: options with one dash, and flags with a value.

use crate::diag::{Diagnostic, Diagnostics};
use clap::{Arg, ArgAction};
use std::ffi::OsString;

/// Terraform's `-auto-approve` is our `--auto-approve`; both spellings are accepted.
pub(super) fn long_options(arguments: impl IntoIterator<Item = OsString>) -> Vec<OsString> {
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

/// A part of what was typed.
pub(super) enum Part<'c> {
    /// A command, or one within it.
    Command(&'c clap::Command),
    /// `--name` or `--name=value`.
    Option {
        /// Without dashes.
        name: String,
        /// What follows the equals sign.
        value: Option<String>,
        /// The option, if the command has it.
        known: Option<&'c Arg>,
    },
    /// Anything else.
    Other,
}

/// The parts after the program's name, one for each argument.
pub(super) fn parts<'c>(root: &'c clap::Command, arguments: &[OsString]) -> Vec<Part<'c>> {
    let mut command = root;
    let mut known: Vec<&Arg> = root.get_arguments().collect();
    let (mut value, mut plain) = (false, false);
    let mut part = |argument: &OsString| {
        let text = argument.to_str().unwrap_or_default();
        if std::mem::take(&mut value) || plain {
            return Part::Other;
        }
        if let Some(option) = text.strip_prefix("--") {
            plain = option.is_empty();
            let (name, given) = match option.split_once('=') {
                Some((name, given)) => (name, Some(given.to_owned())),
                None => (option, None),
            };
            let found =
                known.iter().copied().find(|a| a.get_long_and_visible_aliases().is_some_and(|all| all.contains(&name)));
            let takes = found.is_some_and(|a| a.get_action().takes_values() && !a.is_require_equals_set());
            value = takes && given.is_none();
            return Part::Option { name: name.to_owned(), value: given, known: found };
        }
        match command.find_subcommand(text) {
            Some(inner) => {
                command = inner;
                known.extend(inner.get_arguments());
                Part::Command(inner)
            }
            None => Part::Other,
        }
    };
    arguments.iter().skip(1).map(&mut part).collect()
}

/// Flags with a value, such as `--json=true`, as clap reads them. The words for true and false are those of Go.
pub(super) fn flags(root: &clap::Command, arguments: Vec<OsString>) -> Result<Vec<OsString>, Diagnostics> {
    let read = parts(root, &arguments);
    let mut problems = Diagnostics::new();
    let mut kept: Vec<OsString> = arguments.first().cloned().into_iter().collect();
    for (argument, part) in arguments.into_iter().skip(1).zip(read) {
        let Part::Option { name, value: Some(value), known: Some(option) } = part else {
            kept.push(argument);
            continue;
        };
        let flag = matches!(option.get_action(), ArgAction::SetTrue);
        let switch = option.get_value_names().is_some_and(|names| names.iter().any(|name| name.as_str() == "BOOL"));
        match truth(&value) {
            _ if !flag && !switch => kept.push(argument),
            Some(given) if switch => kept.push(format!("--{name}={given}").into()),
            Some(true) => kept.push(format!("--{name}").into()),
            Some(false) => {}
            None => problems.push(
                Diagnostic::error(format!("Invalid value {value:?} for --{name}"))
                    .code("usage")
                    .detail("true or false is expected."),
            ),
        }
    }
    problems.into_result(kept)
}

fn truth(text: &str) -> Option<bool> {
    match text {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Some(true),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::command_line::Cli;
    use clap::CommandFactory;

    #[test]
    fn options_with_one_dash_are_accepted() {
        let typed = ["floorplan", "apply", "-auto-approve", "-var", "a=-b", "-v", "x", "--", "-abc"];
        let expected = ["floorplan", "apply", "--auto-approve", "--var", "a=-b", "-v", "x", "--", "-abc"];
        assert_eq!(long_options(typed.map(OsString::from)), expected.map(OsString::from));
    }

    #[test]
    fn flags_take_a_value() {
        let root = Cli::command();
        let read = |text: &str| {
            let words = std::iter::once("floorplan").chain(text.split(' ')).map(OsString::from).collect();
            let read = flags(&root, words).map_err(|e| e.iter().map(|d| d.summary.clone()).collect::<Vec<_>>());
            read.map(|words| {
                words.iter().skip(1).map(|w| w.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ")
            })
        };
        let table = [
            ("plan --json=true", "plan --json"),
            ("plan --json=false", "plan"),
            ("plan --destroy=1 --no-color=f net", "plan --destroy net"),
            ("plan --refresh=0 --lock=T", "plan --refresh=false --lock=true"),
            ("plan --var a=true --out=true", "plan --var a=true --out=true"),
            ("plan --var --json=false", "plan --var --json=false"),
            ("state list --compact-warnings=true", "state list --compact-warnings"),
            ("plan -- --json=true", "plan -- --json=true"),
        ];
        for (typed, expected) in table {
            assert_eq!(read(typed).unwrap(), expected);
        }
        assert_eq!(read("plan --lock=maybe --json=2").unwrap_err().len(), 2);
    }

    /// Each flag of each command.
    #[test]
    fn every_flag_takes_true_and_false() {
        fn check(command: &clap::Command, words: &[&str], root: &clap::Command) {
            let words = [words, &[command.get_name()]].concat();
            for arg in command.get_arguments().filter(|a| matches!(a.get_action(), ArgAction::SetTrue)) {
                let Some(name) = arg.get_long() else { continue };
                let typed = |more: String| words.iter().map(OsString::from).chain([more.into()]).collect::<Vec<_>>();
                assert_eq!(flags(root, typed(format!("--{name}=true"))).unwrap(), typed(format!("--{name}")));
                assert_eq!(flags(root, typed(format!("--{name}=false"))).unwrap().len(), words.len());
            }
            command.get_subcommands().for_each(|inner| check(inner, &words, root));
        }
        let root = Cli::command();
        check(&root, &[], &root);
    }
}
