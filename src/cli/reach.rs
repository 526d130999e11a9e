//! `floorplan reach`: who reaches whom, through what, and what is in the way. Reads alone: it changes nothing and takes no
//! lock.

use super::args::{Global, VariableArgs, VariableArgument};
use super::fleet::{self, Selection};
use super::ui::Ui;
use super::{Exit, Outcome};
use crate::diag::{Diagnostic, Diagnostics};
use crate::fleet::Member;
use crate::network::Answer;
use crate::plan::Options;
use crate::plan::reach::{Network, Part, Question, When, packets};
use crate::report::reach::{self as report, Answered, Objects, Report};
use crate::resources::Types;
use crate::session::{self, Request, World};
use clap::{ArgAction, Args};
use std::path::Path;

/// Show who reaches whom, through what, and what is in the way
#[derive(Debug, Args)]
pub(super) struct ReachArgs {
    #[command(flatten)]
    selection: Selection,
    #[command(flatten)]
    variables: VariableArgs,
    /// Where traffic begins: internet, vpn, an address or range, an object, a block, a module or a service
    #[arg(long, value_name = "END")]
    from: Option<String>,
    /// Where traffic ends: the same
    #[arg(long, value_name = "END")]
    to: Option<String>,
    /// Only this traffic: tcp/443, udp/53, 443, tcp/8000-8010, icmp or any; several with commas
    #[arg(long, value_name = "PORT")]
    port: Option<String>,
    /// Ask about the objects as AWS has them now, not as the layout wants them
    #[arg(long, conflicts_with = "stored")]
    live: bool,
    /// Ask about the objects as the state has them, without asking AWS
    #[arg(long)]
    stored: bool,
    /// Read live AWS before planning
    #[arg(long, value_name = "BOOL", default_value_t = true, num_args = 0..=1, require_equals = true, default_missing_value = "true", action = ArgAction::Set)]
    refresh: bool,
    /// Print one JSON document
    #[arg(long)]
    json: bool,
}

impl ReachArgs {
    fn objects(&self) -> Objects {
        match (self.live, self.stored) {
            (true, _) => Objects::Live,
            (_, true) => Objects::Stored,
            _ => Objects::Planned,
        }
    }

    /// The objects of a plan that the question is about.
    fn when(&self) -> When {
        if self.live { When::Before } else { When::After }
    }

    fn options() -> Options {
        Options { look_only: true, ..Options::default() }
    }
}

/// Runs the command.
pub(super) fn run(args: &ReachArgs, typed: &[VariableArgument], global: &Global, ui: &Ui) -> Outcome {
    if args.live && !args.refresh {
        return Err(Diagnostic::error("Options that exclude one another")
            .code("usage")
            .detail("--live asks about the objects as AWS has them, and with --refresh=false AWS is not read.")
            .hint("Leave one of them out. --stored asks about the objects as the state has them.")
            .into());
    }
    let packets = args.port.as_deref().map(packets).transpose()?;
    let Some(parts) = parts(args, typed, global, ui)? else { return Ok(Exit::Failed) };
    if parts.iter().all(|part| part.objects.is_empty()) {
        ui.status(match args.objects() {
            Objects::Planned => "The layout has no objects.",
            Objects::Live => "There are no objects yet.",
            Objects::Stored => "The state has no objects yet.",
        });
    }
    let network = Network::of(&parts, &Types);
    let mut problems = Diagnostics::new();
    let mut end = |text: &Option<String>| text.as_deref().and_then(|text| problems.take(network.end(text)));
    let question = Question { from: end(&args.from), to: end(&args.to), packets };
    let answered = problems.into_result(()).and_then(|()| ask(&network, &question).map_err(Diagnostics::from))?;
    let asked = [args.from.clone(), args.to.clone(), args.port.clone()];
    let report = Report { network: &network, asked, objects: args.objects(), answered };
    ui.data(&match args.json {
        true => format!("{:#}\n", report::json(&report)),
        false => report::text(&report, ui.colour),
    });
    Ok(if report.answer() == Some(Answer::No) { Exit::Differences } else { Exit::Done })
}

fn ask(network: &Network, question: &Question) -> Result<Answered, Diagnostic> {
    Ok(match (&question.from, &question.to) {
        (Some(from), Some(to)) => Answered::Paths(network.paths(from, to, question.packets.as_ref())?),
        _ => Answered::Flows(network.rows(question)?),
    })
}

/// The layouts of the network. Nothing where one of them cannot be read, which was said: without it an answer would be
/// wrong.
fn parts(
    args: &ReachArgs,
    typed: &[VariableArgument],
    global: &Global,
    ui: &Ui,
) -> Result<Option<Vec<Part>>, Diagnostics> {
    let all = match (args.selection.one(), args.stored) {
        (Some(dir), true) => vec![(dir.clone(), stored(&dir, typed, global, ui))],
        (Some(dir), false) => vec![(dir.clone(), planned(args, &dir, typed, global, ui))],
        (None, true) => {
            let found = args.selection.all(typed, ui)?;
            let mut all = Vec::new();
            let read = |dir: &Path, ui: &Ui| stored(dir, typed, global, ui);
            fleet::each(&found, ui, read, |dir, part| all.push((dir.to_owned(), part)));
            all
        }
        (None, false) => {
            let found = args.selection.all(typed, ui)?;
            let run = fleet::Run {
                layouts: &found,
                variables: &args.variables,
                typed,
                options: ReachArgs::options(),
                refresh: args.refresh,
                unmanaged: false,
                fork: None,
                global,
                ui,
            };
            let judge = |_: &Path, member: Result<Member<'_>, Diagnostics>| {
                let member = member?;
                let planned = member.planned.map_err(Clone::clone)?;
                Ok(session::reach::planned(member.layout, &planned.plan, args.when()))
            };
            let mut all = Vec::new();
            run.plan(&judge, |at, ended| {
                let words = if ended.outcome.is_ok() { "read" } else { "failed" };
                all.push((found.layouts[at].clone(), ended.outcome));
                words.to_owned()
            })?;
            all
        }
    };
    if all.is_empty() {
        return Err(Diagnostic::error(args.selection.why_none()).code("usage").into());
    }
    let (several, mut parts, mut failed) = (all.len() > 1, Vec::new(), false);
    for (dir, part) in all {
        match part {
            Ok(part) => parts.push(part),
            Err(problems) if several => {
                fleet::report(&dir, &problems, ui);
                failed = true;
            }
            Err(problems) => return Err(problems),
        }
    }
    Ok((!failed).then_some(parts))
}

/// The objects of a layout as its state has them.
fn stored(dir: &Path, typed: &[VariableArgument], global: &Global, ui: &Ui) -> Result<Part, Diagnostics> {
    let layout = super::input::layout(dir, typed, ui)?;
    ui.report(&layout.loaded.warnings);
    let backend = super::elsewhere::backend(&layout, global, ui)?;
    let loaded = backend.read()?;
    ui.report(&super::elsewhere::passed_by(&loaded));
    Ok(session::reach::stored(&layout, loaded.state))
}

/// The objects of a layout as its plan has them, before or after it.
fn planned(
    args: &ReachArgs,
    dir: &Path,
    typed: &[VariableArgument],
    global: &Global,
    ui: &Ui,
) -> Result<Part, Diagnostics> {
    let layout = super::input::layout(dir, typed, ui)?;
    ui.report(&layout.loaded.warnings);
    let variables = super::input::values(&layout, &args.variables, typed, ui)?;
    let backend = super::elsewhere::backend(&layout, global, ui)?;
    let loaded = backend.read()?;
    ui.report(&super::elsewhere::passed_by(&loaded));
    let world = World::new(&layout.dir);
    let functions = world.functions(true, None);
    let functions = functions.context();
    let request = Request {
        options: ReachArgs::options(),
        refresh: args.refresh,
        variables,
        of_terraform: loaded.terraform.is_some(),
        state: loaded.state,
        open: &loaded.open,
        reading: None,
        heard: &|_| {},
    };
    super::runtime()?.block_on(async {
        let early = world.evaluator(&layout.loaded.root, request.variables.clone(), &functions);
        let connections = super::sandbox::connect(&layout, &request.state, &early, global, false, ui).await?;
        let planned = session::plan(&layout, request, &connections, &functions, &world).await?;
        super::plan::calls(&connections, ui);
        Ok(session::reach::planned(&layout, &planned.plan, args.when()))
    })
}
