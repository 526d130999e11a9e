//! The command line before it is parsed, and what the environment adds to it: `-chdir`, `TF_CLI_ARGS` and `TF_CLI_ARGS_command`.

use super::spelling::{Part, parts};
use crate::diag::{Diagnostic, Diagnostics};
use std::ffi::OsString;

/// Takes `--chdir=DIR` from before the command, and changes to that directory.
pub(super) fn change_directory(arguments: Vec<OsString>) -> Result<Vec<OsString>, Diagnostic> {
    let mut kept = Vec::new();
    let mut before = true;
    for (at, argument) in arguments.into_iter().enumerate() {
        let dir = argument.to_str().filter(|_| before).and_then(|text| text.strip_prefix("--chdir="));
        if let Some(dir) = dir {
            std::env::set_current_dir(dir).map_err(|e| {
                Diagnostic::error(format!("Cannot change to the directory {dir:?}"))
                    .code("unreadable-directory")
                    .detail(format!("{e}."))
            })?;
            continue;
        }
        if before && argument == "--chdir" {
            return Err(Diagnostic::error("--chdir takes its directory after an equals sign")
                .code("usage")
                .hint("Write floorplan -chdir=DIR COMMAND."));
        }
        before &= at == 0 || argument.to_str().is_some_and(|text| text.starts_with('-'));
        kept.push(argument);
    }
    Ok(kept)
}

/// The arguments with those of the environment, which come right after the command.
pub(super) fn with_environment(
    root: &clap::Command,
    arguments: Vec<OsString>,
    read: impl Fn(&str) -> Option<String>,
) -> Result<Vec<OsString>, Diagnostic> {
    let mut found = Vec::new();
    for (at, part) in (1..).zip(parts(root, &arguments)) {
        if let Part::Command(inner) = part {
            found.push((at, inner.get_name().replace('-', "_")));
        }
    }
    let Some((first, _)) = found.first() else { return Ok(arguments) };
    let mut all = arguments.clone();
    // The words for all commands come right after the first one, those for one command right after it.
    let mut names: Vec<(usize, String)> = vec![(first + 1, "TF_CLI_ARGS".to_owned())];
    let mut whole = "TF_CLI_ARGS".to_owned();
    for (at, name) in &found {
        whole = format!("{whole}_{name}");
        names.push((at + 1, whole.clone()));
    }
    let mut inserted = 0;
    for (place, name) in names {
        let Some(text) = read(&name) else { continue };
        let words = split(&text).ok_or_else(|| {
            Diagnostic::error(format!("The environment variable {name} cannot be read"))
                .code("environment")
                .detail(format!("In {text:?} a quotation mark is not closed."))
        })?;
        for word in words {
            all.insert(place + inserted, OsString::from(word));
            inserted += 1;
        }
    }
    Ok(all)
}

/// Words as a shell splits them; `None` when a quotation mark is not closed.
pub(super) fn split(text: &str) -> Option<Vec<String>> {
    let (mut words, mut word, mut quote) = (Vec::new(), None::<String>, None);
    let mut letters = text.chars();
    while let Some(c) = letters.next() {
        match (c, quote) {
            ('\\', None | Some('"')) => word.get_or_insert_default().extend(letters.next()),
            (c, Some(q)) if c == q => quote = None,
            ('"' | '\'', None) => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (c, None) if c.is_whitespace() => words.extend(word.take()),
            (c, _) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    quote.is_none().then_some(words)
}

/// Variables of Terraform that are not served: the name or how it begins, and what to use instead.
pub(super) const UNSERVED: [(&str, &str); 12] = [
    ("TF_LOG", "--verbose prints the number of API calls; plan --explain ADDRESS shows the steps of an instance."),
    ("TF_STATE_PERSIST_INTERVAL", "Every step is written to the journal when it is done."),
    ("TF_REATTACH_PROVIDERS", "Providers are built in."),
    ("TF_PLUGIN_CACHE", "Providers are built in."),
    ("TF_PROVIDER_DOWNLOAD_RETRY", "Providers are built in."),
    ("TF_ENABLE_PLUGGABLE_STATE_STORAGE", "--state DIR names the folder of Floorplan's states."),
    ("TF_CLOUD_", "HCP Terraform is not used."),
    ("TF_IGNORE", "HCP Terraform is not used."),
    ("TF_REGISTRY_", "A registry that does not answer is asked again."),
    ("TF_APPEND_USER_AGENT", "AWS_SDK_UA_APP_ID names the caller in calls to AWS."),
    ("TF_DISABLE_PLUGIN_TLS", "Providers are built in."),
    ("TF_SKIP_PROVIDER_VERIFY", "Providers are built in."),
];

/// A warning for each variable of Terraform that is set and has no effect.
pub(super) fn unserved(set: impl Iterator<Item = (String, String)>) -> Diagnostics {
    let warning = |(name, value): (String, String)| {
        let off = value.is_empty() || (name == "TF_LOG" && value.eq_ignore_ascii_case("off"));
        let (_, hint) = UNSERVED.iter().find(|(begin, _)| !off && name.starts_with(begin))?;
        let d = Diagnostic::warning(format!("The environment variable {name} has no effect")).code("environment");
        Some(d.hint(*hint))
    };
    let mut set: Vec<_> = set.collect();
    set.sort();
    set.into_iter().filter_map(warning).collect()
}

/// Whether TF_INPUT forbids questions.
pub(super) fn forbids_questions(value: Option<&str>) -> bool {
    matches!(value, Some("0" | "false" | "FALSE" | "False" | "f" | "F"))
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
    fn the_environment_adds_options_after_the_command() {
        let read = |name: &str| match name {
            "TF_CLI_ARGS" => Some("--no-color".to_owned()),
            "TF_CLI_ARGS_plan" => Some(" --var 'name=a b' --var=x=\"y\" ".to_owned()),
            "TF_CLI_ARGS_state_list" => Some("-id=1".to_owned()),
            "TF_CLI_ARGS_show" => Some("'x".to_owned()),
            _ => None,
        };
        let root = Cli::command();
        let with = |text| with_environment(&root, words(text), read);
        let planned = with("-v plan net").unwrap();
        assert_eq!(planned[2..], ["plan", "--no-color", "--var", "name=a b", "--var=x=y", "net"].map(OsString::from));
        assert_eq!(with("apply").unwrap()[1..], ["apply", "--no-color"].map(OsString::from));
        let listed = with("state --layout=x list").unwrap();
        assert_eq!(listed[1..], ["state", "--no-color", "--layout=x", "list", "-id=1"].map(OsString::from));
        assert_eq!(with("--help").unwrap(), words("--help"));
        assert!(with("show").is_err());
    }

    #[test]
    fn a_directory_is_taken_before_the_command_alone() {
        assert_eq!(change_directory(words("plan --chdir=/nonexistent")).unwrap(), words("plan --chdir=/nonexistent"));
        assert_eq!(change_directory(words("--chdir=. plan")).unwrap(), words("plan"));
        assert!(change_directory(words("--chdir=/nonexistent plan")).is_err());
        assert!(change_directory(words("--chdir /tmp plan")).is_err());
    }

    #[test]
    fn variables_without_effect_are_named() {
        let set =
            |all: &[(&str, &str)]| all.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect::<Vec<_>>();
        for (name, _) in UNSERVED {
            assert!(!unserved(set(&[(name, "1")]).into_iter()).is_empty(), "{name}");
        }
        let served = [("TF_LOG", "off"), ("TF_VAR_log", "1"), ("TF_WORKSPACE", "a"), ("TF_LOG_PATH", ""), ("LOG", "1")];
        assert!(unserved(set(&served).into_iter()).is_empty());
    }
}
