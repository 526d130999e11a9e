//! Commands over several layouts: which ones, how each is opened, and how the run ends.

use super::Exit;
use super::args::{Global, VariableArgs, VariableArgument};
use super::ui::Ui;
use crate::diag::{Diagnostic, Diagnostics};
use crate::fleet::changed::Changed;
use crate::fleet::find::find;
use crate::fleet::shard::Shard;
use crate::fleet::{Course, Ended, Fleet, Judge, Opened};
use crate::plan::{Options, Summary};
use crate::report::table;
use crate::session::programs;
use clap::Args;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// Which layouts a command is about.
#[derive(Debug, Clone, Default, Args)]
pub(super) struct Selection {
    /// The layout's directory; several directories, or patterns of them
    #[arg(value_name = "LAYOUT")]
    pub(super) layouts: Vec<PathBuf>,
    /// All layouts below layouts/, or below the directories given
    #[arg(long)]
    pub(super) all: bool,
    /// Only layouts that have changed since this commit, as git diff REF... shows
    #[arg(long, value_name = "REF")]
    pub(super) changed_since: Option<String>,
    /// Only this part of the layouts, such as 2/5; the environment of an indexed job gives it too
    #[arg(long, value_name = "K/N")]
    pub(super) shard: Option<Shard>,
}

impl Selection {
    /// The layout, where the command is about one alone: the current directory, unless one is named.
    pub(super) fn one(&self) -> Option<PathBuf> {
        let is_plain = !self.all && self.changed_since.is_none() && self.shard.is_none();
        match self.layouts.as_slice() {
            [] if is_plain => Some(PathBuf::from(".")),
            [one] if is_plain && (one.exists() || !one.to_string_lossy().contains(['*', '?', '[', '{'])) => {
                Some(one.clone())
            }
            _ => None,
        }
    }

    /// Whether these are all layouts that there are, as far as the command line says.
    pub(super) fn is_whole(&self) -> bool {
        let part = self.shard.is_some() || of_environment().is_ok_and(|shard| shard.is_some());
        self.all && self.changed_since.is_none() && !part
    }

    /// The part of the layouts that this run is about.
    pub(super) fn part(&self) -> Result<Option<Shard>, Diagnostic> {
        match self.shard {
            Some(shard) => Ok(Some(shard)),
            None if self.everywhere() => of_environment(),
            None => Ok(None),
        }
    }

    fn everywhere(&self) -> bool {
        self.all || self.layouts.is_empty()
    }

    /// All layouts.
    pub(super) fn all(&self, typed: &[VariableArgument], ui: &Ui) -> Result<Vec<PathBuf>, Diagnostics> {
        let mut found = find(&self.layouts, self.everywhere())?;
        if let Some(reference) = &self.changed_since {
            found = changed(found, reference, typed, ui)?;
        }
        if let Some(shard) = self.part()? {
            let all = found.len();
            found = shard.takes(all).filter_map(|at| found.get(at).cloned()).collect();
            ui.status(&format!("{} of {all} layouts are of this part.", found.len()));
        }
        Ok(found)
    }
}

fn of_environment() -> Result<Option<Shard>, Diagnostic> {
    Shard::of_environment(|name| std::env::var(name).ok())
}

/// Those that have changed since a commit. One that cannot be read is one of them: its error is to be seen.
fn changed(
    layouts: Vec<PathBuf>,
    reference: &str,
    typed: &[VariableArgument],
    ui: &Ui,
) -> Result<Vec<PathBuf>, Diagnostics> {
    let changed = Changed::since(reference)?;
    if typed.iter().any(|typed| matches!(typed, VariableArgument::File(file) if changed.has(file))) {
        return Ok(layouts);
    }
    let others: BTreeSet<PathBuf> = layouts.iter().filter_map(|dir| fs::canonicalize(dir).ok()).collect();
    let quiet = ui.of_many(false);
    let touched = |dir: &PathBuf| match super::input::layout(dir, typed, &quiet) {
        Ok(layout) => changed.touches(&layout, &others),
        Err(_) => true,
    };
    let all = layouts.len();
    let found: Vec<PathBuf> = layouts.into_iter().filter(touched).collect();
    ui.status(&format!("{} of {all} layouts have changed since {reference}.", found.len()));
    Ok(found)
}

/// What the plans of several layouts are made with.
pub(super) struct Run<'a> {
    /// The layouts.
    pub(super) layouts: &'a [PathBuf],
    /// The options of variables.
    pub(super) variables: &'a VariableArgs,
    /// Their values on the command line.
    pub(super) typed: &'a [VariableArgument],
    /// The options of all plans.
    pub(super) options: Options,
    /// Whether live AWS is read.
    pub(super) refresh: bool,
    /// Whether objects are looked for that none of the layouts has.
    pub(super) unmanaged: bool,
    /// The fork that the layouts come from: none of their programs is run.
    pub(super) fork: Option<&'a str>,
    /// The options of every command.
    pub(super) global: &'a Global,
    /// The terminal.
    pub(super) ui: &'a Ui,
}

impl Run<'_> {
    /// Plans all of them. `judge` makes of each the part that is kept, several at a time; `hear` gets the parts in the
    /// order of the layouts.
    pub(super) fn plan<T: Send>(
        &self,
        judge: Judge<'_, T>,
        hear: impl FnMut(usize, Ended<T>),
    ) -> Result<(), Diagnostics> {
        let runtime = super::runtime()?;
        let sandbox = OnceLock::new();
        let endpoint = |ui: &Ui| match self.global.sandbox {
            true => sandbox.get_or_init(|| super::sandbox::endpoint(ui)).clone().map(Some),
            false => Ok(None),
        };
        let open = |dir: &Path, aloud: bool| {
            let ui = self.ui.of_many(aloud);
            let layout = super::input::layout(dir, self.typed, &ui)?;
            ui.report(&layout.loaded.warnings);
            if let Some(fork) = self.fork {
                programs::refused(&layout.loaded.root, fork).into_result(())?;
            }
            let variables = super::input::values(&layout, self.variables, self.typed, &ui)?;
            let backend = super::elsewhere::backend(&layout, self.global, &ui)?;
            let loaded = backend.read()?;
            ui.report(&super::elsewhere::passed_by(&loaded));
            Ok(Opened { layout, variables, loaded, backend, endpoint: endpoint(&ui)? })
        };
        let fleet = Fleet {
            layouts: self.layouts,
            open: &open,
            options: self.options.clone(),
            refresh: self.refresh,
            unmanaged: self.unmanaged,
            runtime: runtime.handle(),
        };
        let watch = |course: Course<'_>| self.watch(course);
        let calls = fleet.plan(judge, &watch, hear);
        if self.ui.verbose {
            self.ui.status(&format!("{calls}"));
        }
        Ok(())
    }

    /// Reports what is done, where someone watches.
    fn watch(&self, course: Course<'_>) {
        match course {
            Course::Reads(objects, layouts) if self.ui.interactive && layouts > 1 => {
                self.ui.status(&format!("Reading {objects} objects of {layouts} layouts."));
            }
            Course::Plans(dir) if self.ui.interactive => self.ui.status(&format!("{}: planning", dir.display())),
            Course::Reads(..) | Course::Plans(_) => {}
            Course::NothingUnmanaged(what, why) => {
                let (why, of) = (why.trim_end_matches('.'), what.map(|what| format!(" ({what})")).unwrap_or_default());
                self.ui.status(&format!("Objects that no layout has{of} are not looked for: {why}."));
            }
        }
    }
}

/// The worse of two ends: an error before a refusal, and that before differences.
pub(super) fn worse(a: Exit, b: Exit) -> Exit {
    let rank = |exit| match exit {
        Exit::Done => 0,
        Exit::Differences => 1,
        Exit::Refused => 2,
        Exit::Failed => 3,
    };
    if rank(b) > rank(a) { b } else { a }
}

/// An error where an option is about one layout alone.
pub(super) fn only_for_one(options: &[(&str, bool)]) -> Result<(), Diagnostic> {
    match options.iter().find(|(_, given)| *given) {
        Some((option, _)) => Err(Diagnostic::error(format!("{option} is for one layout alone"))
            .code("usage")
            .detail("The command is about several layouts.")
            .hint("Name one layout, or leave the option out.")),
        None => Ok(()),
    }
}

/// The counts of a plan as cells of a table; zero is an empty cell.
pub(super) fn cells(summary: &Summary) -> Vec<String> {
    let counts = [
        summary.create,
        summary.update,
        summary.replace,
        summary.delete,
        summary.import,
        summary.moved,
        summary.forget,
    ];
    counts.iter().map(|n| if *n == 0 { String::new() } else { n.to_string() }).collect()
}

/// The titles above those cells.
const COUNTS: [&str; 7] = ["create", "update", "replace", "destroy", "import", "move", "forget"];

/// The table of several layouts: the name, the counts and the result of each.
pub(super) fn summary(rows: &[(PathBuf, Vec<String>, String)]) -> String {
    let titles: Vec<&str> = [&["layout"][..], &COUNTS, &["result"]].concat();
    let rows: Vec<Vec<String>> = rows
        .iter()
        .map(|(dir, counts, result)| {
            let counts = if counts.is_empty() { vec![String::new(); COUNTS.len()] } else { counts.clone() };
            [vec![dir.display().to_string()], counts, vec![result.clone()]].concat()
        })
        .collect();
    table::render(&titles, &rows)
}
