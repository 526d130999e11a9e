//! `floorplan apply`: makes AWS as the layout says, or carries out a saved plan.

use super::args::{ChangeArgs, Global, VariableArgument};
use super::plan::{calls, present, unwanted_commands, warnings};
use super::progress::Progress;
use super::review::{self, Review};
use super::stream::Stream;
use super::ui::Ui;
use super::{Exit, Outcome, interrupt};
use crate::apply::{Engine, Report, imported, known_secrets, refreshed};
use crate::diag::{Diagnostic, Diagnostics};
use crate::plan::file::{self, seal};
use crate::plan::{Plan, PlanMeta};
use crate::report::json::events::{self, Operation};
use crate::report::text;
use crate::resources::Types;
use crate::session::{self, Fetch, Layout, Planned, Request, World};
use crate::sources::disk;
use crate::state::{IntentKind, Loaded, Locked, Outcome as StateOutcome, OutcomeResult, Record, Recorded, Run};
use crate::value::address::Address;
use crate::value::{Name, Value};
use clap::Args;
use std::path::{Path, PathBuf};

/// Make AWS as the layout says, or carry out a saved plan
#[derive(Debug, Args)]
pub(super) struct ApplyArgs {
    /// The layout's directory, or a saved plan
    #[arg(default_value = ".", value_name = "LAYOUT|PLAN")]
    layout: PathBuf,
    #[command(flatten)]
    pub(super) change: ChangeArgs,
    /// Delete everything that the layout made, as destroy does
    #[arg(long)]
    destroy: bool,
    /// Refuse a plan that has another seal than the one that was reviewed
    #[arg(long, value_name = "SEAL", value_parser = seal::typed)]
    seal: Option<String>,
}

/// An apply or destroy, with its options.
pub(super) struct Job<'a> {
    /// The layout's directory.
    pub layout: &'a Path,
    /// A saved plan to carry out instead of a new one.
    pub saved: Option<SavedPlan>,
    pub typed: Vec<VariableArgument>,
    pub args: &'a ChangeArgs,
    pub destroy: bool,
    /// The seal of the plan that was reviewed.
    pub seal: Option<&'a str>,
    /// The command's name, for lock and history.
    pub command: &'static str,
}

/// A plan as it was saved.
pub(super) struct SavedPlan {
    pub path: PathBuf,
    pub bytes: Vec<u8>,
    /// What it was made from; the values of its variables, as far as they are not sealed.
    pub meta: PlanMeta,
}

/// Runs the command.
pub(super) fn run(args: &ApplyArgs, typed: Vec<VariableArgument>, global: &Global, ui: &Ui) -> Outcome {
    let saved = match args.layout.exists() && !args.layout.is_dir() {
        true => Some(read_saved(&args.layout)?),
        false => None,
    };
    let dir = match &saved {
        Some(saved) => PathBuf::from(&saved.meta.dir),
        None => args.layout.clone(),
    };
    if saved.is_some() && !dir.is_dir() {
        return Err(Diagnostic::error("The layout of the plan is not here")
            .code("plan-stale")
            .detail(format!("It was made of {}. Nothing of that name is here.", dir.display()))
            .hint("Run apply where the plan was made, such as at the top of the repository. If the layout was moved, make a new plan.")
            .into());
    }
    if saved.is_some() && args.destroy {
        return Err(Diagnostic::error("A saved plan already says whether it destroys")
            .code("usage")
            .hint("Save a plan with plan --destroy --out FILE, and apply that.")
            .into());
    }
    if let Some(option) = args.change.options.given().filter(|_| saved.is_some()) {
        return Err(Diagnostic::error("A saved plan already has its options")
            .code("usage")
            .detail(format!("{option} would have no effect on it."))
            .hint(format!("Plan again with {option} and --out FILE, and apply that file."))
            .into());
    }
    carry_out(
        Job {
            layout: &dir,
            saved,
            typed,
            args: &args.change,
            destroy: args.destroy,
            seal: args.seal.as_deref(),
            command: if args.destroy { "destroy" } else { "apply" },
        },
        global,
        ui,
    )
}

fn read_saved(path: &Path) -> Result<SavedPlan, Diagnostics> {
    let bytes = disk::read_named(path).map_err(|e| {
        Diagnostic::error(format!("Cannot read the plan {}", path.display()))
            .code("unreadable-file")
            .detail(format!("{e}."))
    })?;
    let meta = file::read(&bytes, None, &path.to_string_lossy())?.plan.meta;
    Ok(SavedPlan { path: path.to_owned(), bytes, meta })
}

/// Plans, asks, applies.
pub(super) fn carry_out(job: Job<'_>, global: &Global, ui: &Ui) -> Outcome {
    let say = |line: &str| ui.status(line);
    let layout = match &job.saved {
        // The constants of a plan are in it, and none of them is sealed.
        Some(saved) => Layout::load(job.layout, Fetch::Missing(&say), &|_| Ok(saved.meta.variables.clone()))?,
        None => super::input::layout(job.layout, &job.typed, ui)?,
    };
    ui.report(&layout.loaded.warnings);
    let timeout = job.args.run.lock.wait()?;
    let backend = super::elsewhere::backend(&layout, global, ui)?;
    let sealer = backend.sealer().clone();
    let saved = match &job.saved {
        Some(saved) => {
            let seal = sealer.of_plan(&saved.meta);
            Some(file::read(&saved.bytes, Some(&seal), &saved.path.to_string_lossy())?.plan)
        }
        None => None,
    };
    let ephemeral = match &saved {
        Some(_) if !job.typed.is_empty() && !layout.loaded.root.module.has_ephemeral() => {
            return Err(Diagnostic::error("A saved plan already has its variables")
                .code("usage")
                .detail("--var and --var-file have no effect on it.")
                .into());
        }
        Some(_) => super::input::ephemeral(&layout, &job.args.variables, &job.typed, ui)?,
        None => Default::default(),
    };
    let variables = match &saved {
        Some(plan) => plan.meta.variables.clone().into_iter().chain(ephemeral.clone()).collect(),
        None => super::input::values(&layout, &job.args.variables, &job.typed, ui)?,
    };
    let mut locked = super::inspect::lock(&backend, &recorded(&job, saved.as_ref()), timeout, ui)?;
    let loaded = locked.load()?;
    // Before anything is connected: the providers of another layout are none of the plan's.
    if let Some(plan) = &saved {
        review::announce(&plan.meta, ui);
        review::same_seal(&plan.meta, job.seal)?;
        review::fits(plan, &layout, (&backend, &loaded), &job.typed, ui)?;
    }
    let destroy = saved.as_ref().map_or(job.destroy, |p| p.meta.destroy);
    if ui.stream && saved.is_none() && !job.args.run.auto_approve {
        return Err(unasked().into());
    }
    let world = World::new(&layout.dir);
    let planned_at = saved.as_ref().map(|p| p.meta.created);
    let planning = world.functions(true, planned_at);
    let planning = planning.context();
    let applying = world.functions(false, planned_at.or(Some(world.now())));
    let applying = applying.context();
    let runtime = super::runtime()?;
    let request = Request {
        options: job.args.options.read(destroy)?,
        refresh: job.args.options.refresh,
        variables: variables.clone(),
        state: loaded.state.clone(),
        of_terraform: false,
        open: &loaded.open,
        reading: None,
        heard: &|look| super::stream::looked(&look, ui),
    };
    runtime.block_on(async {
        let early = world.evaluator(&layout.loaded.root, variables.clone(), &planning);
        let connections = super::sandbox::connect(&layout, &loaded.state, &early, global, destroy, ui).await?;
        connections.guard(locked.guard());
        let is_saved = saved.is_some();
        let mut planned = match saved {
            Some(plan) => {
                let from = (&loaded.state, &loaded.open[..]);
                session::resume(&layout, plan, ephemeral, from, &connections, &planning, &world).await?
            }
            None => session::plan(&layout, request, &connections, &planning, &world).await?,
        };
        if !is_saved && job.seal.is_some() {
            Review::of(&layout.dir, None, &job.typed).bind(&mut planned.plan, &layout)?;
        }
        if !is_saved {
            present(&planned.plan, ui);
            review::same_seal(&planned.plan.meta, job.seal)?;
        }
        warnings(&planned.plan, ui);
        if !job.args.run.gone {
            still_there(&planned.plan, job.args.run.auto_approve, ui)?;
        }
        if !planned.plan.has_changes() {
            keep_recovered(locked, &loaded, &planned).await?;
            calls(&connections, ui);
            let refusals = planned.plan.refusals();
            if refusals.has_errors() {
                ui.report(&refusals);
                return Ok(Exit::Refused);
            }
            let outputs = planned.plan.outputs.iter().filter_map(|o| Some((&o.name, o.after.as_ref()?)));
            applied(&planned.plan, outputs, ui);
            return Ok(Exit::Done);
        }
        let mut refusals = planned.plan.refusals();
        refusals.extend(planned.plan.outside_window().filter(|_| !job.args.run.now));
        refusals.extend(unwanted_commands(&planned.plan, &layout, &job.args.options));
        if refusals.has_errors() {
            ui.report(&refusals);
            return Ok(Exit::Refused);
        }
        if !is_saved && !job.args.run.auto_approve && !ui.confirm(question(&planned.plan))? {
            ui.status("Nothing was changed.");
            return Ok(Exit::Failed);
        }
        let Planned { plan, scopes, recovered, moved, .. } = planned;
        let scopes = scopes.with_functions(&applying);
        let stopped = interrupt::listen()?;
        let run = locked.begin()?;
        record_recovered(&run, &recovered, &moved).await?;
        make_moves(&run, plan.found_moves(&moved)).await?;
        imported::complete(&plan, &run).await?;
        if plan.meta.refresh_only {
            refreshed::record(&plan, &run).await?;
            let state = run.finish(true).await?;
            calls(&connections, ui);
            applied(&plan, state.outputs.iter().map(|(name, o)| (name, &o.value)), ui);
            return Ok(Exit::Done);
        }
        let stream = Stream::new(ui);
        let progress = Progress::new(ui, plan.steps.len());
        let engine = Engine {
            plan: &plan,
            scopes,
            schemas: &Types,
            run: &run,
            run_id: uuid::Uuid::from_bytes(rand::random()).simple().to_string(),
            clients: &connections.clients,
            endpoint: connections.endpoint.as_deref(),
            providers: &connections.facts,
            tokens: &recovered.tokens,
            seed: rand::random(),
            secrets: known_secrets(&plan, &run),
            parallelism: usize::from(job.args.run.parallelism),
            events: if ui.stream { &stream } else { &progress },
            stop: stopped,
        };
        let report = engine.execute().await;
        progress.end();
        let complete = report.is_complete();
        let state = run.finish(complete).await?;
        summarize(&report, &plan, ui);
        calls(&connections, ui);
        if complete {
            applied(&plan, state.outputs.iter().map(|(name, o)| (name, &o.value)), ui);
            Ok(Exit::Done)
        } else {
            Ok(Exit::Failed)
        }
    })
}

/// Asks before most of a state is taken for gone: rather the wrong place was asked, or somebody should know.
fn still_there(plan: &Plan, auto_approve: bool, ui: &Ui) -> Result<(), Diagnostics> {
    let asked = || ui.confirm("Continue without these objects? Only 'yes' is accepted.");
    if plan.mostly_gone().is_none() || (!auto_approve && ui.interactive && asked()?) {
        return Ok(());
    }
    let d = Diagnostic::error("More than half of the state's objects are gone")
        .code("objects-gone")
        .detail("Nothing was changed.");
    Err(d
        .hint(
            "Check the account, the region and the provider configuration. If the objects are really gone, use --gone.",
        )
        .into())
}

/// The command as the history keeps it: with what was let happen that the layout does not allow.
fn recorded(job: &Job<'_>, saved: Option<&Plan>) -> String {
    let allowed = saved.map_or(&job.args.options.allow_downtime, |p| &p.meta.allow_downtime);
    let now = job.args.run.now.then(|| " --now".to_owned());
    let allowed = allowed.iter().map(|service| format!(" --allow-downtime {service:?}"));
    std::iter::once(job.command.to_owned()).chain(now).chain(allowed).collect()
}

fn question(plan: &Plan) -> &'static str {
    match (plan.meta.destroy, plan.meta.refresh_only) {
        (true, _) => "Destroy all of these resources? Only 'yes' is accepted.",
        (_, true) => "Let the state take over these differences? Only 'yes' is accepted.",
        _ => "Apply these changes? Only 'yes' is accepted.",
    }
}

fn unasked() -> Diagnostic {
    Diagnostic::error("Plan file or --auto-approve required")
        .code("approval")
        .detail("With --json nobody can be asked.")
        .hint("Give --auto-approve, or save a plan with `plan --out FILE` and apply that file.")
}

/// Writes down what became of an earlier run's calls and imports when there is nothing else to do.
async fn keep_recovered(locked: Locked, loaded: &Loaded, planned: &Planned<'_>) -> Result<(), Diagnostics> {
    if loaded.open.is_empty() && planned.moved.is_empty() && !imported::is_incomplete(&planned.plan, &loaded.state) {
        return Ok(());
    }
    let run = locked.begin()?;
    record_recovered(&run, &planned.recovered, &planned.moved).await?;
    imported::complete(&planned.plan, &run).await?;
    run.finish(true).await?;
    Ok(())
}

/// Ends the open intents of an earlier run and makes the moves.
async fn record_recovered(
    run: &Run,
    recovered: &crate::apply::recover::Recovered,
    moved: &[(Address, Address)],
) -> Result<(), Diagnostics> {
    for (intent, instance) in &recovered.adopted {
        let result = match intent.kind {
            IntentKind::Update => OutcomeResult::Updated,
            _ => OutcomeResult::Created { id: instance.id.clone() },
        };
        run.append(Record::Outcome(StateOutcome { op: intent.op.clone(), result })).await?;
        let recorded = Recorded { slot: intent.slot.clone(), instance: Some(instance.clone()) };
        run.append(Record::Recorded(Box::new(recorded))).await?;
    }
    let adopted: Vec<&String> = recovered.adopted.iter().map(|(i, _)| &i.op).collect();
    for op in recovered.settled.iter().filter(|op| !adopted.contains(op)) {
        let result =
            OutcomeResult::Failed { kind: "Lost".into(), message: "the run ended before an answer came".into() };
        run.append(Record::Outcome(StateOutcome { op: op.clone(), result })).await?;
    }
    make_moves(run, moved.to_vec()).await
}

/// Brings objects to their new addresses.
async fn make_moves(run: &Run, moves: Vec<(Address, Address)>) -> Result<(), Diagnostics> {
    if !moves.is_empty() {
        run.append(Record::Moved(moves)).await?;
    }
    Ok(())
}

fn summarize(report: &Report, plan: &Plan, ui: &Ui) {
    for (_, _, problem) in &report.failed {
        ui.report_one(problem);
    }
    ui.report(&report.warnings);
    if report.is_complete() {
        return;
    }
    let list = |title: &str, all: Vec<String>| match all.as_slice() {
        [] => {}
        [only] => ui.status(&format!("{title}: {only}")),
        all => ui.status(&format!("{title}:\n  {}", all.join("\n  "))),
    };
    let failed: Vec<_> = report.failed.iter().map(|(a, o, _)| (a.clone(), *o)).collect();
    text::rollout(plan, &report.done, &failed).iter().for_each(|line| ui.status(line));
    let name = |(a, o): &(Address, crate::plan::Op)| format!("{a} ({o})");
    ui.status("Apply is not complete. The state holds everything that was done. Run apply again to continue.");
    list("Done", report.done.iter().map(name).collect());
    list("Failed", report.failed.iter().map(|(a, o, _)| format!("{a} ({o})")).collect());
    list("Taken out again", report.taken_out.iter().map(ToString::to_string).collect());
    list("Not begun", report.not_begun.iter().map(name).collect());
}

/// The end of what is complete: how much was changed, and the outputs.
fn applied<'a>(plan: &Plan, outputs: impl Iterator<Item = (&'a Name, &'a Value)>, ui: &Ui) {
    if ui.stream {
        let operation = if plan.meta.destroy { Operation::Destroy } else { Operation::Apply };
        ui.event(events::summary(plan, operation));
        if !plan.meta.destroy {
            ui.event(events::outputs(outputs));
        }
        return;
    }
    if plan.has_changes() {
        let line = match plan.meta.refresh_only {
            true => "The state is up to date. AWS was not changed.".to_owned(),
            false => text::applied(&plan.summary()),
        };
        ui.data(&format!("\n{line}\n"));
    }
    let outputs = text::outputs(outputs, ui.colour);
    if outputs.trim_end() != "Outputs:" {
        ui.data(&format!("\n{outputs}"));
    }
}
