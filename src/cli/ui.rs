//! The terminal: colour or not, questions or not, errors on standard error.

use super::args::Global;
use crate::diag::{self, Diagnostic, Diagnostics};
use crate::report::json::events;
use std::io::{IsTerminal, Write};

/// The terminal, and the user's options for it.
#[derive(Debug, Clone)]
pub struct Ui {
    /// Whether standard output takes colour.
    pub colour: bool,
    /// Whether standard error takes colour.
    pub colour_errors: bool,
    /// Whether someone is there to answer and to watch progress.
    pub interactive: bool,
    /// Whether someone reads progress in plain lines: in the log of a CI job, or past a question.
    pub plain_progress: bool,
    /// The reason why nobody can be asked, if so.
    obstacle: &'static str,
    /// Whether to say how many calls were made.
    pub verbose: bool,
    /// Whether a warning takes one line.
    compact: bool,
    /// Whether neither warnings nor progress are printed.
    quiet: bool,
    /// Whether standard output gets events for programs, one per line.
    pub stream: bool,
}

impl Ui {
    /// By the options and the environment: `NO_COLOR` and `CI` are honoured.
    pub fn new(global: &Global, stream: bool) -> Self {
        let set = |name: &str| std::env::var_os(name).is_some_and(|v| !v.is_empty());
        let plain = global.no_color || set("NO_COLOR");
        let obstacle = match (std::io::stdin().is_terminal(), std::io::stderr().is_terminal()) {
            _ if stream => "--json prints events for programs",
            (false, _) => "standard input is not a terminal",
            (true, false) => "standard error is not a terminal",
            _ if set("CI") => "CI is set",
            _ => "",
        };
        Ui {
            colour: !plain && std::io::stdout().is_terminal(),
            colour_errors: !plain && std::io::stderr().is_terminal(),
            interactive: obstacle.is_empty(),
            plain_progress: !stream && (set("CI") || std::io::stderr().is_terminal()),
            obstacle,
            verbose: global.verbose,
            compact: global.compact_warnings,
            quiet: false,
            stream,
        }
    }

    /// The same terminal, where nobody is asked, and only `aloud` prints warnings.
    pub fn of_many(&self, aloud: bool) -> Self {
        let quiet = self.quiet || !aloud;
        Ui { interactive: false, obstacle: "the command is about several layouts", quiet, ..self.clone() }
    }

    /// Prints findings on standard error.
    pub fn report(&self, problems: &Diagnostics) {
        for d in problems.iter() {
            self.report_one(d);
        }
    }

    /// Prints one finding: on standard error, or as an event.
    pub fn report_one(&self, d: &Diagnostic) {
        if self.quiet && !d.is_error() {
            return;
        }
        if self.stream {
            return self.event(events::problem(d));
        }
        if self.compact && !d.is_error() {
            let place = d.span.as_ref().map(|span| format!(" ({}:{})", span.file.path, span.line_column().0));
            self.status(&format!("warning: {}{}", d.summary, place.unwrap_or_default()));
            return;
        }
        self.status(&format!("{}\n", diag::render(d, self.colour_errors)));
    }

    /// A line for the person, on standard error.
    pub fn status(&self, line: &str) {
        let _ = writeln!(std::io::stderr(), "{line}");
    }

    /// An event, with its time, on a line of standard output.
    pub fn event(&self, mut event: serde_json::Value) {
        event["@timestamp"] = format!("{:.6}", jiff::Timestamp::now()).into();
        self.data(&format!("{event}\n"));
    }

    /// Data, on standard output. A closed pipe is not an error.
    pub fn data(&self, text: &str) {
        let mut out = std::io::stdout().lock();
        let _ = out.write_all(text.as_bytes());
        let _ = out.flush();
    }

    /// Lines for a person, on standard output; or an event for each.
    pub fn say(&self, text: &str) {
        match self.stream {
            true => text.lines().for_each(|line| self.event(events::said(line))),
            false => self.data(text),
        }
    }

    /// Asks for a `yes`; false when it is not given.
    pub fn confirm(&self, question: &str) -> Result<bool, Diagnostic> {
        if !self.interactive {
            return Err(Diagnostic::error(format!("Cannot ask for approval: {} (use --auto-approve)", self.obstacle))
                .code("approval")
                .hint("Or save a plan with `plan --out FILE`, review it and apply that file."));
        }
        let answer = dialoguer::Input::<String>::new().with_prompt(question).allow_empty(true).interact_text();
        Ok(answer.is_ok_and(|a| a.trim() == "yes"))
    }
}
