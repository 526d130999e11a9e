//! Commands over several layouts: which ones, how each is opened, and how the run ends.

use super::Exit;
use super::args::{Global, VariableArgs, VariableArgument};
use super::ui::Ui;
use super::watch::Watch;
use crate::diag::{Diagnostic, Diagnostics};
use crate::fleet::changed::Changed;
use crate::fleet::find::{Found, find};
use crate::fleet::shard::Shard;
use crate::fleet::twins::Twins;
use crate::fleet::{Course, Ended, Fleet, Judge, Member, Opened, in_order};
use crate::plan::{Options, Summary};
use crate::report::table;
use crate::session::{programs, state};
use clap::Args;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use tokio::runtime::Handle;

/// Which layouts a command is about.
#[derive(Debug, Clone, Default, Args)]
pub(super) struct Selection {
    /// The layout's directory; several directories, or patterns of them
    #[arg(value_name = "LAYOUT")]
    pub(super) layouts: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) which: Which,
}

/// Which of many layouts.
#[derive(Debug, Clone, Default, Args)]
pub(super) struct Which {
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
    /// Whether the layouts are those that were typed.
    pub(super) fn is_plain(&self) -> bool {
        !self.which.all && self.which.changed_since.is_none() && self.which.shard.is_none()
    }

    /// The layout, where the command is about one alone: the current directory, unless one is named.
    pub(super) fn one(&self) -> Option<PathBuf> {
        let is_plain = self.is_plain();
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
        let part = self.which.shard.is_some() || of_environment().is_ok_and(|shard| shard.is_some());
        self.which.all && self.which.changed_since.is_none() && !part
    }

    /// The part of the layouts that this run is about.
    pub(super) fn part(&self) -> Result<Option<Shard>, Diagnostic> {
        match self.which.shard {
            Some(shard) => Ok(Some(shard)),
            None if self.everywhere() => of_environment(),
            None => Ok(None),
        }
    }

    fn everywhere(&self) -> bool {
        self.which.all || self.layouts.is_empty()
    }

    /// All layouts.
    pub(super) fn all(&self, typed: &[VariableArgument], ui: &Ui) -> Result<Found, Diagnostics> {
        self.divided(typed, ui, &|shard, all| Ok(shard.takes(all.len()).collect()))
    }

    /// All layouts; `divide` says which of them are of a part.
    pub(super) fn divided(
        &self,
        typed: &[VariableArgument],
        ui: &Ui,
        divide: &dyn Fn(Shard, &[PathBuf]) -> Result<Vec<usize>, Diagnostics>,
    ) -> Result<Found, Diagnostics> {
        let mut found = find(&self.layouts, self.everywhere())?;
        if let Some(reference) = &self.which.changed_since {
            found = changed(found, reference, typed, ui)?;
        }
        if let Some(shard) = self.part()? {
            let all = found.layouts.len();
            let these = divide(shard, &found.layouts)?.into_iter();
            let these: Vec<PathBuf> = these.filter_map(|at| found.layouts.get(at).cloned()).collect();
            let others = std::mem::replace(&mut found.layouts, these);
            // Of a run over all layouts each part would read all of them again.
            if self.which.changed_since.is_some() {
                found.left.extend(others.into_iter().filter(|dir| !found.layouts.contains(dir)));
            }
            ui.status(&format!("{} of {all} layouts are of this part.", found.layouts.len()));
        }
        Ok(found)
    }

    /// Why there are no layouts, where none is left.
    pub(super) fn why_none(&self) -> String {
        let part = self.part().ok().flatten().map(Shard::place);
        match (&self.which.changed_since, part) {
            (Some(reference), None) => format!("No layout has changed since {reference}"),
            (Some(reference), Some((k, n))) => format!("No layout of part {k} of {n} has changed since {reference}"),
            (None, Some((k, n))) => format!("Part {k} of {n} has no layouts"),
            (None, None) => "No layouts".into(),
        }
    }
}

fn of_environment() -> Result<Option<Shard>, Diagnostic> {
    Shard::of_environment(|name| std::env::var(name).ok())
}

/// Those that have changed since a commit. One that cannot be read is one of them: its error is to be seen.
fn changed(mut found: Found, reference: &str, typed: &[VariableArgument], ui: &Ui) -> Result<Found, Diagnostics> {
    let changed = Changed::since(reference)?;
    if typed.iter().any(|typed| matches!(typed, VariableArgument::File(file) if changed.has(file))) {
        return Ok(found);
    }
    let others: BTreeSet<PathBuf> = found.layouts.iter().filter_map(|dir| fs::canonicalize(dir).ok()).collect();
    let (all, lost, quiet) = (found.layouts.len(), &found.lost, ui.of_many(false));
    let touched = |dir: &Path| match super::input::layout(dir, typed, &quiet) {
        Ok(layout) => changed.touches(&layout, &others),
        Err(_) => true,
    };
    (found.layouts, found.left) = found.layouts.into_iter().partition(|dir| lost.contains_key(dir) || touched(dir));
    ui.status(&format!("{} of {all} layouts have changed since {reference}.", found.layouts.len()));
    Ok(found)
}

/// The layouts of a run that have a state which a layout beside the run has too: a copy that kept its name, for one. Its
/// plan would be about the objects of the other.
pub(super) fn shared(
    found: &Found,
    typed: &[VariableArgument],
    global: &Global,
    ui: &Ui,
) -> BTreeMap<PathBuf, Diagnostic> {
    let (mut twins, quiet) = (Twins::default(), ui.of_many(false));
    let all: Vec<&PathBuf> = found.left.iter().chain(&found.layouts).collect();
    let place = |at: usize| {
        let layout = super::input::layout(all[at], typed, &quiet).ok()?;
        state::written_place(&layout, global.state.as_ref(), &global.backend_config).ok()?
    };
    if !found.left.is_empty() && !found.layouts.is_empty() {
        in_order(all.len(), place, &mut |at, place| {
            place.into_iter().for_each(|place| twins.add_state(all[at], place));
        });
    }
    found.layouts.iter().filter_map(|dir| Some((dir.clone(), twins.of_state(dir)?))).collect()
}

/// Prints what is wrong with one of several layouts.
pub(super) fn report(dir: &Path, problems: &Diagnostics, ui: &Ui) {
    if !problems.is_empty() {
        ui.status(&format!("{}:", dir.display()));
        ui.report(problems);
    }
}

/// Does something with each of several layouts, a few at a time. `hear` gets the results in the order of the layouts.
pub(super) fn each<T: Send>(
    found: &Found,
    ui: &Ui,
    work: impl Fn(&Path, &Ui) -> Result<T, Diagnostics> + Sync,
    mut hear: impl FnMut(&Path, Result<T, Diagnostics>),
) {
    let ui = ui.of_many(true);
    let one = |at: usize| {
        let dir = found.layouts[at].as_path();
        match found.lost.get(dir) {
            Some(why) => Err(why.clone().into()),
            None => work(dir, &ui),
        }
    };
    in_order(found.layouts.len(), one, &mut |at, result| hear(&found.layouts[at], result));
}

/// What the plans of several layouts are made with.
pub(super) struct Run<'a> {
    /// The layouts.
    pub(super) layouts: &'a Found,
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
    /// order of the layouts, with the time that each took, and says in a few words what came of each.
    pub(super) fn plan<T: Send>(
        &self,
        judge: Judge<'_, T>,
        hear: impl FnMut(usize, Ended<T>) -> String,
    ) -> Result<(), Diagnostics> {
        self.plan_on(super::runtime()?.handle(), judge, hear)
    }

    /// The same on a runtime that outlives it, as connections do that are used afterwards.
    pub(super) fn plan_on<T: Send>(
        &self,
        runtime: &Handle,
        judge: Judge<'_, T>,
        mut hear: impl FnMut(usize, Ended<T>) -> String,
    ) -> Result<(), Diagnostics> {
        let layouts = self.layouts.layouts.as_slice();
        let shared = shared(self.layouts, self.typed, self.global, self.ui);
        let watch = Watch::new(self.ui, layouts.len());
        let sandbox = OnceLock::new();
        let endpoint = |ui: &Ui| match self.global.sandbox {
            true => sandbox.get_or_init(|| super::sandbox::endpoint(ui)).clone().map(Some),
            false => Ok(None),
        };
        let open = |dir: &Path, aloud: bool| {
            let ui = self.ui.of_many(aloud);
            if let Some(why) = self.layouts.lost.get(dir).or_else(|| shared.get(dir)) {
                return Err(why.clone().into());
            }
            let layout = super::input::layout(dir, self.typed, &ui)?;
            watch.aside(|| ui.report(&layout.loaded.warnings));
            if let Some(fork) = self.fork {
                programs::refused(&layout.loaded.root, fork).into_result(())?;
            }
            let variables = super::input::values(&layout, self.variables, self.typed, &ui)?;
            let backend = super::elsewhere::backend(&layout, self.global, &ui)?;
            let loaded = backend.read()?;
            watch.aside(|| ui.report(&super::elsewhere::passed_by(&loaded)));
            Ok(Opened { layout, variables, loaded, backend, endpoint: endpoint(&ui)? })
        };
        let fleet = Fleet {
            layouts,
            open: &open,
            options: self.options.clone(),
            refresh: self.refresh,
            unmanaged: self.unmanaged,
            runtime,
        };
        let judge = |dir: &Path, member: Result<Member<'_>, Diagnostics>| {
            let made = judge(dir, member);
            watch.ends(dir);
            made
        };
        let course = |course: Course<'_>| self.follow(course, &watch);
        let calls = fleet.plan(&judge, &course, |at, ended| {
            let took = ended.took;
            let words = watch.aside(|| hear(at, ended));
            watch.result(&layouts[at], &words, took);
        });
        watch.close();
        if self.ui.verbose {
            self.ui.status(&format!("{calls}"));
        }
        Ok(())
    }

    /// Shows what is done.
    fn follow(&self, course: Course<'_>, watch: &Watch) {
        match course {
            Course::Reads(objects, _) => watch.reads(objects),
            Course::Plans(dir) => watch.begins(dir),
            Course::Warns(warning) => watch.aside(|| self.ui.report_one(warning)),
            Course::NothingUnmanaged(what, why) => {
                let (why, of) = (why.trim_end_matches('.'), what.map(|what| format!(" ({what})")).unwrap_or_default());
                watch.aside(|| {
                    self.ui.status(&format!("Objects that no layout has{of} are not looked for: {why}."));
                });
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
