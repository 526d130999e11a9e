//! `floorplan drift`: how the world differs from what was applied. Reads alone: it changes nothing and takes no lock.

use super::args::{Global, VariableArgs, VariableArgument};
use super::ui::Ui;
use super::{Exit, Outcome};
use crate::diag::{Diagnostic, Diagnostics};
use crate::drift::{self, Ignores, LayoutDrift, ignore};
use crate::plan::Options;
use crate::report::drift as report;
use crate::session::drift::{at_work, failed, in_progress, look, overtaken};
use crate::session::{self, Layout, Request, World};
use crate::sources::disk;
use clap::{Args, ValueEnum};
use jiff::civil::Date;
use std::path::{Path, PathBuf};

/// How long what `--write-ignore` writes counts, in days.
const DAYS: i64 = 30;

/// Show how AWS differs from what was applied
#[derive(Debug, Args)]
pub(super) struct DriftArgs {
    /// The layout's directory
    #[arg(default_value = ".", value_name = "LAYOUT")]
    layout: PathBuf,
    #[command(flatten)]
    variables: VariableArgs,
    /// The form
    #[arg(long, value_name = "FORM", default_value = "text")]
    format: Form,
    /// Add an ignore block for each finding to drift.ignore.hcl in the layout's directory
    #[arg(long)]
    write_ignore: bool,
}

/// How drift is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Form {
    /// For people; nothing where there is no drift
    Text,
    /// For programs
    Json,
    /// For a comment or a job summary; nothing where there is no drift
    Markdown,
    /// As test results
    Junit,
    /// For code scanning
    Sarif,
}

/// Runs the command.
pub(super) fn run(args: &DriftArgs, typed: &[VariableArgument], global: &Global, ui: &Ui) -> Outcome {
    let layout = super::input::layout(&args.layout, typed, ui)?;
    ui.report(&layout.loaded.warnings);
    let mut ignores = Ignores::default();
    for path in ignore_files(&layout.dir) {
        read_ignores(&mut ignores, &path)?;
    }
    let today = today();
    let mut found = of_layout(&layout, &args.variables, typed, global, ui)?;
    (found.findings, found.ignored) = ignores.sift(found.findings, today);
    if found.outcome == drift::Outcome::Looked {
        found.warnings.extend(ignores.warnings(today));
    }
    ui.report(&found.warnings);
    let layouts = [found];
    ui.data(&print(args.format, &layouts, ui.colour));
    let [found] = &layouts;
    if args.write_ignore {
        write_ignores(found, today, ui)?;
    }
    if let drift::Outcome::Failed(problems) = &found.outcome {
        ui.report(problems);
    }
    Ok(match drift::exit(&layouts) {
        0 => Exit::Done,
        2 => Exit::Differences,
        _ => Exit::Failed,
    })
}

/// Looks at one layout. It fails only where the layout, its variables or its state cannot be read.
fn of_layout(
    layout: &Layout,
    variables: &VariableArgs,
    typed: &[VariableArgument],
    global: &Global,
    ui: &Ui,
) -> Result<LayoutDrift, Diagnostics> {
    let variables = super::input::values(layout, variables, typed, ui)?;
    let backend = super::elsewhere::backend(layout, global, ui)?;
    if let Some(who) = at_work(&backend)? {
        return Ok(in_progress(layout, who));
    }
    let loaded = backend.read()?;
    ui.report(&super::elsewhere::passed_by(&loaded));
    let world = World::new(&layout.dir);
    let functions = world.functions(true, None);
    let functions = functions.context();
    let request = Request {
        options: Options { look_only: true, ..Options::default() },
        refresh: true,
        variables,
        of_terraform: loaded.terraform.is_some(),
        state: loaded.state.clone(),
        open: &loaded.open,
        heard: &|_| {},
    };
    let looked = super::runtime()?.block_on(async {
        let early = world.evaluator(&layout.loaded.root, request.variables.clone(), &functions);
        let connections = super::sandbox::connect(layout, &request.state, &early, global, false, ui).await?;
        let planned = session::plan(layout, request, &connections, &functions, &world).await?;
        super::plan::calls(&connections, ui);
        Ok::<_, Diagnostics>(look(layout, &planned, &loaded.open, None))
    });
    let looked = looked.unwrap_or_else(|problems| failed(layout, problems));
    if looked.findings.is_empty() && looked.outcome == drift::Outcome::Looked {
        return Ok(looked);
    }
    // A run that began meanwhile makes AWS differ from the state that was read.
    Ok(match overtaken(&backend, &loaded)? {
        Some(who) => in_progress(layout, who),
        None => looked,
    })
}

/// The report in a form.
pub(super) fn print(form: Form, layouts: &[LayoutDrift], colour: bool) -> String {
    match form {
        Form::Text => report::text(layouts, colour),
        Form::Json => format!("{:#}\n", report::json(layouts)),
        Form::Markdown => report::markdown(layouts),
        Form::Junit => report::junit(layouts),
        Form::Sarif => format!("{:#}\n", report::sarif(layouts)),
    }
}

/// The day by the clock of this machine, in UTC.
pub(super) fn today() -> Date {
    jiff::tz::TimeZone::UTC.to_datetime(jiff::Timestamp::now()).date()
}

/// The files of ignored drift that count for a layout: its own, and that of the current directory.
pub(super) fn ignore_files(dir: &Path) -> Vec<PathBuf> {
    let mut all = vec![dir.join(ignore::NAME)];
    if dir.canonicalize().ok() != Path::new(".").canonicalize().ok() {
        all.push(PathBuf::from(ignore::NAME));
    }
    all.retain(|path| path.exists());
    all
}

/// Adds the entries of a file.
pub(super) fn read_ignores(ignores: &mut Ignores, path: &Path) -> Result<(), Diagnostics> {
    let bytes = disk::read_named(path).map_err(|e| {
        Diagnostic::error(format!("Cannot read {}", path.display())).code("unreadable-file").detail(format!("{e}."))
    })?;
    ignores.read(&path.to_string_lossy(), &bytes)
}

/// Adds a block for each finding to the layout's file.
fn write_ignores(found: &LayoutDrift, today: Date, ui: &Ui) -> Result<(), Diagnostics> {
    if found.findings.is_empty() {
        ui.status("There is nothing to ignore: no file was written.");
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
