//! The command line before it is parsed, and what the environment adds to it: `-chdir`, `TF_CLI_ARGS` and `TF_CLI_ARGS_command`; and the
//! commands of Terraform that are not here.

use crate::diag::Diagnostic;
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
    arguments: Vec<OsString>,
    read: impl Fn(&str) -> Option<String>,
) -> Result<Vec<OsString>, Diagnostic> {
    let command = arguments.iter().enumerate().skip(1).find(|(_, a)| a.to_str().is_some_and(|t| !t.starts_with('-')));
    let Some((at, command)) = command else { return Ok(arguments) };
    let command = command.to_string_lossy().into_owned();
    let mut all = arguments.clone();
    let mut place = at + 1;
    for name in ["TF_CLI_ARGS".to_owned(), format!("TF_CLI_ARGS_{command}")] {
        let Some(text) = read(&name) else { continue };
        let words = split(&text).ok_or_else(|| {
            Diagnostic::error(format!("The environment variable {name} cannot be read"))
                .code("environment")
                .detail(format!("In {text:?} a quotation mark is not closed."))
        })?;
        for word in words {
            all.insert(place, OsString::from(word));
            place += 1;
        }
    }
    Ok(all)
}

/// Words as a shell splits them; `None` when a quotation mark is not closed.
fn split(text: &str) -> Option<Vec<String>> {
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

/// Commands of Terraform that are not here, with what to do instead.
const INSTEAD: [(&str, &str); 8] = [
    ("login", "Put the token of a registry into TF_TOKEN_host, or let terraform login write it; both are read."),
    ("logout", "Remove the token from ~/.terraform.d/credentials.tfrc.json."),
    ("force-unlock", "A lock of Floorplan ends with the process that holds it; no command is needed."),
    ("refresh", "Every plan reads AWS and shows what was changed outside of the layout."),
    ("test", "Use floorplan validate, and floorplan plan or apply with --sandbox in a script."),
    ("query", "Use floorplan import, or import blocks."),
    ("stacks", "Use one layout per stack."),
    ("metadata", "floorplan schema shows the types."),
];

/// An error for a command of Terraform that is not here.
pub(super) fn missing_command(arguments: &[OsString]) -> Option<Diagnostic> {
    let command = arguments.iter().skip(1).filter_map(|a| a.to_str()).find(|text| !text.starts_with('-'))?;
    let (name, hint) = INSTEAD.iter().find(|(name, _)| *name == command)?;
    Some(Diagnostic::error(format!("Floorplan has no command {name:?}")).code("usage").hint(*hint))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<OsString> {
        std::iter::once("floorplan").chain(text.split(' ')).map(OsString::from).collect()
    }

    #[test]
    fn the_environment_adds_options_after_the_command() {
        let read = |name: &str| match name {
            "TF_CLI_ARGS" => Some("--no-color".to_owned()),
            "TF_CLI_ARGS_plan" => Some(" --var 'name=a b' --var=x=\"y\" ".to_owned()),
            "TF_CLI_ARGS_show" => Some("'x".to_owned()),
            _ => None,
        };
        let with = |text| with_environment(words(text), read);
        let planned = with("-v plan net").unwrap();
        assert_eq!(planned[2..], ["plan", "--no-color", "--var", "name=a b", "--var=x=y", "net"].map(OsString::from));
        assert_eq!(with("apply").unwrap()[1..], ["apply", "--no-color"].map(OsString::from));
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
    fn commands_of_terraform_are_named_with_what_to_do_instead() {
        assert!(missing_command(&words("-v force-unlock 1")).is_some());
        assert!(missing_command(&words("plan test")).is_none());
    }
}
