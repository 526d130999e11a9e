//! `floorplan drift`: how the world differs from what was applied. Reads alone: it changes nothing and takes no lock.

mod accept;
mod import;
mod notices;

pub(super) use self::notices::statements;

use self::accept::AcceptArgs;
use self::import::ImportArgs;
use self::notices::{NoticeArgs, Notices};
use super::args::{Global, VariableArgs, VariableArgument};
use super::fleet::{self, Selection};
use super::gone;
use super::ui::Ui;
use super::{Exit, Outcome};
use crate::diag::{Diagnostic, Diagnostics};
use crate::drift::{self, Beside, Ignores, LayoutDrift, Seen, ignore};
use crate::fleet::Member;
use crate::fleet::find::Found;
use crate::plan::Options;
use crate::report::counted;
use crate::report::drift as report;
use crate::session::blame::{self, Asked};
use crate::session::drift::{failed, in_progress, look, overtaken, unopened};
use crate::sources::disk;
use clap::{Args, Subcommand, ValueEnum};
use jiff::civil::Date;
use std::path::Path;

/// How long what `--write-ignore` writes counts, in days.
const DAYS: i64 = 30;

/// Show how AWS differs from what was applied
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(super) struct DriftArgs {
    #[command(subcommand)]
    edit: Option<Edit>,
    #[command(flatten)]
    selection: Selection,
    #[command(flatten)]
    variables: VariableArgs,
    /// The form
    #[arg(long, value_name = "FORM", default_value = "text")]
    format: Form,
    /// Add an ignore block for each finding to drift.ignore.hcl in the layout's directory
    #[arg(long)]
    write_ignore: bool,
    /// Say who made each finding, as far as CloudTrail knows
    #[arg(long)]
    blame: bool,
    #[command(flatten)]
    notices: NoticeArgs,
}

/// What is made of drift, in the text of a layout.
#[derive(Debug, Subcommand)]
enum Edit {
    Accept(AcceptArgs),
    Import(ImportArgs),
}

/// How drift is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Form {
    /// For people; empty without drift
    Text,
    /// For programs
    Json,
    /// For a comment or a job summary; empty without drift
    Markdown,
    /// A page by itself, with a filter and a search
    Html,
    /// As test results
    Junit,
    /// For code scanning
    Sarif,
}

/// Runs the command.
pub(super) fn run(args: &DriftArgs, typed: &[VariableArgument], global: &Global, ui: &Ui) -> Outcome {
    match &args.edit {
        Some(Edit::Accept(args)) => return accept::run(args, typed, global, ui),
        Some(Edit::Import(args)) => return import::run(args, typed, global, ui),
        None => {}
    }
    let mut notices = Notices::begin(&args.notices, global, ui)?;
    let layouts = match (args.selection.one(), &notices) {
        (Some(dir), _) => Found::one(dir),
        (None, notices) => {
            let found = match notices {
                None => args.selection.all(typed, ui),
                Some(notices) => args.selection.divided(typed, ui, &|shard, all| notices.divide(shard, all)),
            };
            let found = gone::with_deleted(found, &args.selection, (typed, global), ui)?;
            gone::without_warnings(found, ui)
        }
    };
    let run = fleet::Run {
        layouts: &layouts,
        variables: &args.variables,
        typed,
        options: Options { look_only: true, ..Options::default() },
        refresh: true,
        unmanaged: args.selection.is_whole(),
        fork: None,
        global,
        ui,
    };
    let mut shared = Ignores::default();
    read_ignores(&mut shared, Path::new(ignore::NAME))?;
    let (today, mut found, mut asked, mut took) = (today(), Vec::new(), Vec::new(), Vec::new());
    let runtime = super::runtime()?;
    let judge = |dir: &Path, member: Result<Member<'_>, Diagnostics>| of_layout(dir, member, args.blame);
    run.plan_on(runtime.handle(), &judge, |_, ended| {
        let (mut one, ask): (LayoutDrift, Vec<Asked>) = ended.outcome;
        asked.push(ask);
        if let Err(problems) = sift(&mut one, &mut shared, today) {
            // Which of them are ignored is not known.
            one.findings.clear();
            one.outcome = drift::Outcome::Failed(problems);
        }
        ui.report(&one.warnings);
        if let drift::Outcome::Failed(problems) = &one.outcome {
            ui.report(problems);
        }
        let words = result(&one);
        found.push(one);
        took.push(ended.took);
        words
    })?;
    if let Some(notices) = &mut notices {
        notices.recall(&mut found, &took);
    }
    if ui.interactive && asked.iter().any(|of_layout| !of_layout.is_empty()) {
        ui.status("Asking CloudTrail who made the differences.");
    }
    runtime.block_on(blame::blame(&mut found, asked));
    ui.report(&drift::blame::unknown(&found));
    if found.iter().all(|one| one.outcome == drift::Outcome::Looked) {
        let seen = if args.selection.is_whole() { seen(&found) } else { Seen::Part };
        ui.report(&shared.warnings(today, seen));
    }
    ui.data(&print(args.format, &found, ui.colour));
    if args.write_ignore {
        let mut looked = found.iter().filter(|one| one.outcome == drift::Outcome::Looked);
        looked.try_for_each(|one| write_ignores(one, today, ui))?;
    }
    let all_done = notices.is_none_or(|notices| notices.end(&found));
    Ok(match drift::exit(&found) {
        _ if !all_done => Exit::Failed,
        0 => Exit::Done,
        2 => Exit::Differences,
        _ => Exit::Failed,
    })
}

/// What came of a layout, in a few words.
fn result(one: &LayoutDrift) -> String {
    match &one.outcome {
        drift::Outcome::Looked if one.findings.is_empty() => "no drift".into(),
        drift::Outcome::Looked => counted(one.findings.len(), "finding"),
        drift::Outcome::Applying(_) => "apply in progress".into(),
        drift::Outcome::Failed(_) => "failed".into(),
    }
}

/// What was looked at in these layouts.
fn seen(layouts: &[LayoutDrift]) -> Seen {
    if layouts.iter().all(|one| one.unmanaged.is_some()) { Seen::All } else { Seen::Own }
}

/// Takes out what the layout's own file ignores, and what that of the current directory does.
fn sift(found: &mut LayoutDrift, shared: &mut Ignores, today: Date) -> Result<(), Diagnostics> {
    let mut own = Ignores::default();
    let dir = Path::new(&found.dir);
    if dir.canonicalize().ok() != Path::new(".").canonicalize().ok() {
        read_ignores(&mut own, &dir.join(ignore::NAME))?;
    }
    for ignores in [&mut own, shared] {
        let (findings, ignored) = ignores.sift(std::mem::take(&mut found.findings), today);
        found.findings = findings;
        found.ignored.extend(ignored);
    }
    if found.outcome == drift::Outcome::Looked {
        let seen = seen(std::slice::from_ref(found));
        found.warnings.extend(own.warnings(today, seen));
    }
    Ok(())
}

/// The drift of a layout. A run that is at work on it, or has been meanwhile, makes AWS differ from the state that was
/// read, which is not drift. With it comes what is needed to look for who made the findings, where that is to be done.
fn of_layout(dir: &Path, member: Result<Member<'_>, Diagnostics>, blame: bool) -> (LayoutDrift, Vec<Asked>) {
    let member = match member {
        Ok(member) => member,
        Err(problems) => return (unopened(dir, problems), Vec::new()),
    };
    let (layout, loaded) = (member.layout, member.loaded);
    let looked = match member.planned {
        Ok(planned) => {
            let beside = member.unmanaged.as_deref().map(|unmanaged| Beside { unmanaged, held: member.held });
            let looked = look(layout, planned, &loaded.open, beside);
            // The part that is managed is known only where all was looked for.
            LayoutDrift { unmanaged: looked.unmanaged.filter(|_| member.looked_at_all), ..looked }
        }
        Err(problems) => failed(layout, problems.clone()),
    };
    if looked.findings.is_empty() && looked.outcome == drift::Outcome::Looked {
        return (looked, Vec::new());
    }
    let looked = match overtaken(member.backend, loaded) {
        Ok(Some(who)) => in_progress(layout, who),
        Ok(None) => looked,
        Err(problem) => failed(layout, problem.into()),
    };
    let asked = match (member.planned, member.connections) {
        (Ok(planned), Some(connections)) if blame => {
            blame::asked(&looked, planned, connections, member.backend, jiff::Timestamp::now())
        }
        _ => Vec::new(),
    };
    (looked, asked)
}

/// The report in a form.
pub(super) fn print(form: Form, layouts: &[LayoutDrift], colour: bool) -> String {
    match form {
        Form::Text => report::text(layouts, colour),
        Form::Json => format!("{:#}\n", report::json(layouts)),
        Form::Markdown => report::markdown(layouts),
        Form::Html => report::html(layouts),
        Form::Junit => report::junit(layouts),
        Form::Sarif => format!("{:#}\n", report::sarif(layouts)),
    }
}

/// The day by the clock of this machine, in UTC.
pub(super) fn today() -> Date {
    jiff::tz::TimeZone::UTC.to_datetime(jiff::Timestamp::now()).date()
}

/// Adds the entries of a file, if there is one.
fn read_ignores(ignores: &mut Ignores, path: &Path) -> Result<(), Diagnostics> {
    if !path.exists() {
        return Ok(());
    }
    let bytes = disk::read_named(path).map_err(|e| {
        Diagnostic::error(format!("Cannot read {}", path.display())).code("unreadable-file").detail(format!("{e}."))
    })?;
    ignores.read(&path.to_string_lossy(), &bytes)
}

/// Adds a block for each finding to the layout's file.
fn write_ignores(found: &LayoutDrift, today: Date, ui: &Ui) -> Result<(), Diagnostics> {
    if found.findings.is_empty() {
        ui.status(&format!("{}: there is nothing to ignore, and no file was written.", found.dir));
        return Ok(());
    }
    let path = Path::new(&found.dir).join(ignore::NAME);
    let expires = today.saturating_add(jiff::Span::new().days(DAYS));
    let reason = format!("found on {today}: say here why it may stay");
    let blocks = report::ignores(found.findings.iter(), &reason, &expires.to_string());
    let mut text = match path.exists() {
        true => disk::read_named(&path).map_err(|e| cannot(&path, e))?,
        false => Vec::new(),
    };
    if !text.is_empty() {
        text.push(b'\n');
    }
    text.extend(blocks.bytes());
    std::fs::write(&path, text).map_err(|e| cannot(&path, e))?;
    ui.status(&format!(
        "Wrote {}. Say in each block why the difference may stay, and until when; it counts until {expires}.",
        path.display()
    ));
    Ok(())
}

fn cannot(path: &Path, why: impl std::fmt::Display) -> Diagnostic {
    Diagnostic::error(format!("Cannot write {}", path.display())).code("unwritable-file").detail(format!("{why}."))
}
