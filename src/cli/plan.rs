//! `floorplan plan`: what apply would do.

use super::args::{Global, PlanOptions, VariableArgs, VariableArgument};
use super::fleet::{self, Selection};
use super::review::{self, Review};
use super::ui::Ui;
use super::{Exit, Outcome};
use crate::diag::{Diagnostic, Diagnostics};
use crate::plan::{Plan, provisioners};
use crate::report::json::{self, events};
use crate::report::{markdown, text};
use crate::resources::{data_schema, resource};
use crate::session::{self, Connections, Layout, Request, World};
use crate::state::Backend;
use crate::value::address::{Address, Mode, parse_instance};
use clap::{ArgAction, Args, ValueEnum};
use std::path::{Path, PathBuf};

/// Show what apply would do
#[derive(Debug, Args)]
pub(super) struct PlanArgs {
    #[command(flatten)]
    selection: Selection,
    #[command(flatten)]
    variables: VariableArgs,
    #[command(flatten)]
    options: PlanOptions,
    /// Plan to delete everything
    #[arg(long)]
    destroy: bool,
    /// Save the plan
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Write resource blocks for import blocks that have none to this new file of the layout
    #[arg(long, value_name = "FILE")]
    generate_config_out: Option<PathBuf>,
    /// Exit with 2 when there are differences
    #[arg(long)]
    detailed_exitcode: bool,
    /// Without effect: a plan changes nothing and takes no lock
    #[arg(long, value_name = "BOOL", default_value_t = true, num_args = 0..=1, require_equals = true, default_missing_value = "true", action = ArgAction::Set)]
    lock: bool,
    /// Without effect: a plan waits for no other run
    #[arg(long, default_value = "0s", value_name = "TIME")]
    lock_timeout: String,
    /// Without effect: how many calls a plan makes at a time is up to the limits of AWS
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=512))]
    parallelism: Option<u16>,
    /// Print events for programs, one JSON object per line, as Terraform does
    #[arg(long)]
    pub(super) json: bool,
    /// The form; json is that of terraform show -json
    #[arg(long, value_name = "FORM", default_value = "text", conflicts_with = "json")]
    format: Form,
    /// The same as --format=markdown
    #[arg(long, conflicts_with_all = ["json", "format"])]
    markdown: bool,
    /// Show what happens to one instance, step by step
    #[arg(long, value_name = "ADDRESS", conflicts_with_all = ["json", "markdown", "format"])]
    explain: Option<String>,
}

/// How a plan is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    /// For people
    Text,
    /// As terraform show -json
    Json,
    /// For a pull request
    Markdown,
}

/// Runs the command.
pub(super) fn run(args: &PlanArgs, typed: Vec<VariableArgument>, global: &Global, ui: &Ui) -> Outcome {
    if args.parallelism.is_some() {
        ui.status(
            "--parallelism has no effect on a plan: how many calls it makes at a time is up to the limits of AWS.",
        );
    }
    let Some(dir) = args.selection.one() else { return many(args, &typed, global, ui) };
    if let Some(path) = &args.generate_config_out {
        super::generate::run((&dir, path), (&args.variables, &typed), global, ui)?;
    }
    let layout = super::input::layout(&dir, &typed, ui)?;
    ui.report(&layout.loaded.warnings);
    super::args::lock_timeout(&args.lock_timeout)?;
    let variables = super::input::values(&layout, &args.variables, &typed, ui)?;
    let backend = super::elsewhere::backend(&layout, global, ui)?;
    let loaded = backend.read()?;
    ui.report(&super::elsewhere::passed_by(&loaded));
    let world = World::new(&layout.dir);
    let functions = world.functions(true, None);
    let functions = functions.context();
    let runtime = super::runtime()?;
    let request = Request {
        options: args.options.read(args.destroy)?,
        refresh: args.options.refresh,
        variables,
        of_terraform: loaded.terraform.is_some(),
        state: loaded.state,
        open: &loaded.open,
        reading: None,
        heard: &|look| super::stream::looked(&look, ui),
    };
    runtime.block_on(async {
        let early = world.evaluator(&layout.loaded.root, request.variables.clone(), &functions);
        let connections = super::sandbox::connect(&layout, &request.state, &early, global, args.destroy, ui).await?;
        let mut planned = session::plan(&layout, request, &connections, &functions, &world).await?;
        // Where it is only read by the person who typed the command, nobody compares seals.
        if args.out.is_some() || args.markdown || args.format != Form::Text {
            let since = args.selection.which.changed_since.as_deref();
            Review::of(&layout.dir, since, &typed).bind(&mut planned.plan, &layout)?;
        }
        show(args, &layout, &planned.plan, &backend, ui)?;
        calls(&connections, ui);
        let mut refusals = planned.plan.refusals();
        refusals.extend(unwanted_commands(&planned.plan, &layout, &args.options));
        if refusals.has_errors() {
            ui.report(&refusals);
            return Ok(Exit::Refused);
        }
        let differs = planned.plan.has_changes();
        Ok(if differs && args.detailed_exitcode { Exit::Differences } else { Exit::Done })
    })
}

/// What comes of one of several layouts.
struct Part {
    text: String,
    problems: Diagnostics,
    counts: Vec<String>,
    result: String,
    exit: Exit,
}

/// Plans several layouts: the changes of each that has some, then a table of all.
fn many(args: &PlanArgs, typed: &[VariableArgument], global: &Global, ui: &Ui) -> Outcome {
    fleet::only_for_one(&[
        ("--out", args.out.is_some()),
        ("--generate-config-out", args.generate_config_out.is_some()),
        ("--explain", args.explain.is_some()),
        ("--json", args.json),
        ("--format", args.format == Form::Json),
    ])?;
    super::args::lock_timeout(&args.lock_timeout)?;
    let found = args.selection.all(typed, ui);
    let found = super::gone::with_deleted(found, &args.selection, (typed, global), ui)?;
    let run = fleet::Run {
        layouts: &found,
        variables: &args.variables,
        typed,
        options: args.options.read(args.destroy)?,
        refresh: args.options.refresh,
        unmanaged: false,
        fork: None,
        global,
        ui,
    };
    let judge = |_: &Path, member: Result<crate::fleet::Member<'_>, Diagnostics>| part(args, member, ui);
    let (mut rows, mut exit) = (Vec::new(), Exit::Done);
    run.plan(&judge, |at, ended| {
        let Part { text, problems, counts, result, exit: own } = ended.outcome;
        let dir = &found.layouts[at];
        if !text.is_empty() {
            ui.data(&format!("{}:\n\n{text}\n", dir.display()));
        }
        fleet::report(dir, &problems, ui);
        let words = if own == Exit::Failed { "failed".to_owned() } else { result.clone() };
        rows.push((dir.clone(), counts, result));
        exit = fleet::worse(exit, own);
        words
    })?;
    if !rows.is_empty() {
        ui.data(&fleet::summary(&rows));
    }
    Ok(exit)
}

fn part(args: &PlanArgs, member: Result<crate::fleet::Member<'_>, Diagnostics>, ui: &Ui) -> Part {
    let planned = member.and_then(|member| Ok((member.layout, &member.planned.map_err(Clone::clone)?.plan)));
    let (layout, plan) = match planned {
        Ok(planned) => planned,
        Err(problems) => {
            let first = problems.iter().find(|d| d.is_error()).map(|d| d.summary.clone()).unwrap_or_default();
            let (text, counts) = (String::new(), Vec::new());
            let (result, exit) = match problems.has_errors() {
                true => (format!("error: {first}"), Exit::Failed),
                false => ("deleted".into(), Exit::Done),
            };
            return Part { text, problems, counts, result, exit };
        }
    };
    let mut problems: Diagnostics = plan.warnings.iter().cloned().collect();
    let mut refusals = plan.refusals();
    refusals.extend(unwanted_commands(plan, layout, &args.options));
    let differs = plan.has_changes();
    let (result, exit) = match (refusals.has_errors(), differs) {
        (true, _) => ("refused", Exit::Refused),
        (false, true) if args.detailed_exitcode => ("changes", Exit::Differences),
        (false, true) => ("changes", Exit::Done),
        (false, false) => ("no changes", Exit::Done),
    };
    problems.extend(refusals);
    let text = match differs || exit == Exit::Refused {
        true if args.markdown || args.format == Form::Markdown => markdown::render(plan, &schema),
        true => text::render(plan, &schema, ui.colour),
        false => String::new(),
    };
    Part { text, problems, counts: fleet::cells(&plan.summary()), result: result.into(), exit }
}

fn show(args: &PlanArgs, layout: &Layout, plan: &Plan, backend: &Backend, ui: &Ui) -> Result<(), Diagnostics> {
    if let Some(address) = &args.explain {
        let address = address_of(address)?;
        let none = || {
            Diagnostic::error(format!("The plan does not change {address}"))
                .code("usage")
                .hint("Without --explain, the plan shows all changes.")
        };
        ui.data(&text::story(plan, &address, &schema).ok_or_else(none)?);
    } else if args.format == Form::Json {
        let configuration = json::configuration::build(&layout.loaded.root, &schema);
        ui.data(&format!("{}\n", json::plan_json(plan, json::View::new(&schema), &configuration)));
    } else if args.markdown || args.format == Form::Markdown {
        ui.data(&markdown::render(plan, &schema));
    } else {
        present(plan, ui);
    }
    warnings(plan, ui);
    if let Some(path) = &args.out {
        review::save(plan, layout, backend, path)?;
        ui.status(&match plan.refusals().has_errors() {
            true => {
                format!("Saved the plan to {}. It can be read with floorplan show, but not applied.", path.display())
            }
            false => format!("Saved the plan to {0}. To carry out exactly this: floorplan apply {0}", path.display()),
        });
    }
    Ok(())
}

/// Shows the plan to a person, or as events.
pub(super) fn present(plan: &Plan, ui: &Ui) {
    if ui.stream {
        events::plan(plan).into_iter().for_each(|event| ui.event(event));
    } else {
        ui.data(&text::render(plan, &schema, ui.colour));
    }
}

/// The rows of a resource type or data source.
pub(super) fn schema(mode: Mode, type_name: &str) -> Option<&'static crate::schema::Schema> {
    match mode {
        Mode::Managed => resource(type_name),
        Mode::Data => data_schema(type_name),
    }
}

/// The provisioners that the plan runs, where the user forbids them.
pub(super) fn unwanted_commands(plan: &Plan, layout: &Layout, options: &PlanOptions) -> Diagnostics {
    let root = &layout.loaded.root;
    if options.no_provisioners { provisioners::refused(&plan.changes, root) } else { Diagnostics::new() }
}

/// Prints what the plan warns of.
pub(super) fn warnings(plan: &Plan, ui: &Ui) {
    plan.warnings.iter().for_each(|d| ui.report_one(d));
}

/// Says how many calls were made, when the user wants to know.
pub(super) fn calls(connections: &Connections, ui: &Ui) {
    if let Some(calls) = connections.calls().filter(|_| ui.verbose) {
        ui.status(&format!("{calls}"));
    }
}

/// Reads addresses of instances.
pub(super) fn addresses(given: &[String]) -> Result<Vec<Address>, Diagnostics> {
    let mut problems = Diagnostics::new();
    let found = given.iter().filter_map(|text| problems.take(address_of(text))).collect();
    problems.into_result(found)
}

fn address_of(text: &str) -> Result<Address, Diagnostic> {
    parse_instance(text).map_err(|e| {
        Diagnostic::error(format!("Invalid address {text:?}")).code("invalid-address").detail(format!("{e}."))
    })
}
