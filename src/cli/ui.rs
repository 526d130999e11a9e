//! Talking to a person: colour or not, questions or not, errors on standard error.

use super::args::Global;
use crate::diag::{self, Diagnostic, Diagnostics};
use std::io::{IsTerminal, Write};

/// What the terminal is like and what the user wants of it.
#[derive(Debug, Clone)]
pub struct Ui {
    /// Whether standard output takes colour.
    pub colour: bool,
    /// Whether standard error takes colour.
    pub colour_errors: bool,
    /// Whether someone is there to answer and to watch progress.
    pub interactive: bool,
    /// Whether to say how many calls were made.
    pub verbose: bool,
}

impl Ui {
    /// By the options and the environment: `NO_COLOR` and `CI` are honoured.
    pub fn new(global: &Global) -> Self {
        let set = |name: &str| std::env::var_os(name).is_some_and(|v| !v.is_empty());
        let plain = global.no_color || set("NO_COLOR");
        let person = std::io::stdin().is_terminal() && std::io::stderr().is_terminal();
        Ui {
            colour: !plain && std::io::stdout().is_terminal(),
            colour_errors: !plain && std::io::stderr().is_terminal(),
            interactive: person && !set("CI"),
            verbose: global.verbose,
        }
    }

    /// Prints findings on standard error.
    pub fn report(&self, problems: &Diagnostics) {
        for d in problems.iter() {
            self.report_one(d);
        }
    }

    /// Prints one finding on standard error.
    pub fn report_one(&self, d: &Diagnostic) {
        self.status(&format!("{}\n", diag::render(d, self.colour_errors)));
    }

    /// A line for the person, on standard error.
    pub fn status(&self, line: &str) {
        let _ = writeln!(std::io::stderr(), "{line}");
    }

    /// Data, on standard output. A closed pipe is not an error.
    pub fn data(&self, text: &str) {
        let mut out = std::io::stdout().lock();
        let _ = out.write_all(text.as_bytes());
        let _ = out.flush();
    }

    /// Asks for a `yes`; false when it is not given.
    pub fn confirm(&self, question: &str) -> Result<bool, Diagnostic> {
        if !self.interactive {
            return Err(Diagnostic::error("Nobody is there to approve the plan")
                .detail("Standard input is not a terminal, or CI is set.")
                .hint("Use --auto-approve, or save a reviewed plan with `plan --out FILE` and apply that."));
        }
        let answer = dialoguer::Input::<String>::new().with_prompt(question).allow_empty(true).interact_text();
        Ok(answer.is_ok_and(|a| a.trim() == "yes"))
    }
}
