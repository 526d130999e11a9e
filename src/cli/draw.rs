//! `floorplan draw`: the network of a layout as a picture, or the change that a plan makes of it.

mod png;

use super::args::{Global, VariableArgs, VariableArgument};
use super::ui::Ui;
use super::{Exit, Outcome};
use crate::diag::{Diagnostic, Diagnostics};
use crate::network::Object;
use crate::plan::file;
use crate::plan::{Options, Plan, network};
use crate::report::picture::{self, Form, Subject};
use crate::session::{self, Request, World};
use crate::sources::disk;
use crate::value::Value;
use crate::value::address::Address;
use clap::Args;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Draw the network of a layout, or what a plan changes of it
#[derive(Debug, Args)]
pub(super) struct DrawArgs {
    /// The layout's directory, or a plan saved with `plan --out`, whose change is drawn
    #[arg(default_value = ".", value_name = "LAYOUT|PLAN")]
    subject: PathBuf,
    #[command(flatten)]
    variables: VariableArgs,
    /// Draw the objects as AWS has them now, not as the layout wants them
    #[arg(long, conflicts_with_all = ["stored", "change"])]
    live: bool,
    /// Draw the objects as the state has them, without asking AWS
    #[arg(long, conflicts_with = "change")]
    stored: bool,
    /// Draw the change that a plan of the layout would make
    #[arg(long)]
    change: bool,
    /// Write to this file, in the form of its ending: .svg, .html, .mmd (Mermaid) or .png; else SVG to standard output
    #[arg(long, short, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// The files that a picture is written to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ending {
    /// A form of the picture.
    Of(Form),
    /// The picture in pixels.
    Png,
}

/// The objects that are drawn, and what is said of them.
struct Drawn {
    title: String,
    subtitle: String,
    objects: Vec<Object>,
    /// The plan whose change is shown, with the objects before it.
    change: Option<(Plan, Vec<Object>)>,
}

/// Runs the command.
pub(super) fn run(args: &DrawArgs, typed: &[VariableArgument], global: &Global, ui: &Ui) -> Outcome {
    let ending = ending(args.out.as_deref())?;
    let drawn = match args.subject.is_file() {
        true => saved(args, typed)?,
        false if args.stored => stored(args, typed, global, ui)?,
        false => planned(args, typed, global, ui)?,
    };
    let change = drawn.change.as_ref().map(|(plan, before)| picture::plan::change(plan, before));
    let subject = Subject { title: &drawn.title, subtitle: &drawn.subtitle, objects: &drawn.objects, change };
    let form = if let Ending::Of(form) = ending { form } else { Form::Svg };
    let text = picture::draw(&subject, form).ok_or_else(|| nothing(args))?;
    match (&args.out, ending) {
        (None, _) => ui.data(&text),
        (Some(path), Ending::Of(_)) => write(path, text.as_bytes())?,
        (Some(path), Ending::Png) => write(path, &super::runtime()?.block_on(png::of(&text))?)?,
    }
    if let Some(path) = &args.out {
        ui.status(&format!("Drew {} to {}.", drawn.title, path.display()));
    }
    Ok(Exit::Done)
}

fn ending(out: Option<&Path>) -> Result<Ending, Diagnostic> {
    let Some(path) = out else { return Ok(Ending::Of(Form::Svg)) };
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_ascii_lowercase());
    match ending.as_deref() {
        Some("svg") => Ok(Ending::Of(Form::Svg)),
        Some("html" | "htm") => Ok(Ending::Of(Form::Html)),
        Some("mmd" | "mermaid") => Ok(Ending::Of(Form::Mermaid)),
        Some("png") => Ok(Ending::Png),
        _ => Err(Diagnostic::error(format!("{} has an ending that no picture has", path.display()))
            .code("usage")
            .detail("The ending of the file says the form of the picture: .svg, .html, .mmd (Mermaid) or .png.")
            .hint("Name the file network.svg, for example.")),
    }
}

fn nothing(args: &DrawArgs) -> Diagnostic {
    let hint = match (args.live, args.stored) {
        (false, false) => "A layout has something to draw once it has a VPC, a subnet or something in one.",
        _ => {
            "Before the first apply there are no objects yet; without --live and --stored the layout is drawn as it is planned."
        }
    };
    Diagnostic::error("There is nothing to draw")
        .code("nothing-to-draw")
        .detail("None of the objects is a network or in one.")
        .hint(hint)
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), Diagnostic> {
    std::fs::write(path, bytes).map_err(|why| {
        Diagnostic::error(format!("Cannot write {}", path.display())).code("unwritable-file").detail(format!("{why}."))
    })
}

/// The change of a saved plan.
fn saved(args: &DrawArgs, typed: &[VariableArgument]) -> Result<Drawn, Diagnostics> {
    let needless = [("--live", args.live), ("--stored", args.stored), ("--change", args.change)];
    let variables = (!typed.is_empty()).then_some("--var and --var-file");
    let needless = needless.into_iter().find(|(_, given)| *given).map(|(name, _)| name).or(variables);
    if let Some(option) = needless {
        return Err(Diagnostic::error(format!("{option} has no effect on a saved plan"))
            .code("usage")
            .detail(format!("{} holds what it was made from, and its change is what is drawn.", args.subject.display()))
            .hint("Name the layout's directory instead of the plan, or leave the option out.")
            .into());
    }
    let bytes = disk::read_named(&args.subject).map_err(|why| {
        let summary = format!("Cannot read {}", args.subject.display());
        Diagnostic::error(summary).code("unreadable-file").detail(format!("{why}."))
    })?;
    Ok(changed(file::read(&bytes, None, &args.subject.to_string_lossy())?.plan))
}

fn changed(plan: Plan) -> Drawn {
    Drawn {
        title: plan.meta.layout.clone(),
        subtitle: picture::plan::counts(&plan),
        objects: with_found(network::after(&plan.changes), &plan.answers),
        change: Some((plan.clone(), with_found(network::before(&plan.changes), &plan.answers))),
    }
}

/// With what data sources found of the network.
fn with_found(mut objects: Vec<Object>, answers: &BTreeMap<Address, Value>) -> Vec<Object> {
    let found = network::found(answers, &objects);
    objects.extend(found);
    objects
}

/// The objects of the state.
fn stored(args: &DrawArgs, typed: &[VariableArgument], global: &Global, ui: &Ui) -> Result<Drawn, Diagnostics> {
    let layout = super::input::layout(&args.subject, typed, ui)?;
    ui.report(&layout.loaded.warnings);
    let loaded = super::elsewhere::backend(&layout, global, ui)?.read()?;
    ui.report(&super::elsewhere::passed_by(&loaded));
    let objects = loaded.state.resources.iter().map(|(address, one)| network::object(address, &one.attrs)).collect();
    Ok(Drawn { title: layout.name()?, subtitle: "as stored".into(), objects, change: None })
}

/// The objects as the layout wants them, as AWS has them, or the change from one to the other.
fn planned(args: &DrawArgs, typed: &[VariableArgument], global: &Global, ui: &Ui) -> Result<Drawn, Diagnostics> {
    let layout = super::input::layout(&args.subject, typed, ui)?;
    ui.report(&layout.loaded.warnings);
    let variables = super::input::values(&layout, &args.variables, typed, ui)?;
    let loaded = super::elsewhere::backend(&layout, global, ui)?.read()?;
    ui.report(&super::elsewhere::passed_by(&loaded));
    let world = World::new(&layout.dir);
    let functions = world.functions(true, None);
    let functions = functions.context();
    let request = Request {
        options: Options { look_only: true, ..Options::default() },
        refresh: true,
        variables,
        of_terraform: loaded.terraform.is_some(),
        state: loaded.state,
        open: &loaded.open,
        reading: None,
        heard: &|_| {},
    };
    let plan = super::runtime()?.block_on(async {
        let early = world.evaluator(&layout.loaded.root, request.variables.clone(), &functions);
        let connections = super::sandbox::connect(&layout, &request.state, &early, global, false, ui).await?;
        let planned = session::plan(&layout, request, &connections, &functions, &world).await?;
        super::plan::calls(&connections, ui);
        Ok::<Plan, Diagnostics>(planned.plan)
    })?;
    if args.change {
        return Ok(changed(plan));
    }
    let (objects, subtitle) = match args.live {
        true => (network::before(&plan.changes), "as it is in AWS"),
        false => (network::after(&plan.changes), "as planned"),
    };
    let objects = with_found(objects, &plan.answers);
    Ok(Drawn { title: plan.meta.layout, subtitle: subtitle.into(), objects, change: None })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ending_of_a_file_says_the_form() {
        let of = |name: &str| ending(Some(Path::new(name)));
        assert_eq!(ending(None).unwrap(), Ending::Of(Form::Svg));
        assert_eq!(of("a/network.SVG").unwrap(), Ending::Of(Form::Svg));
        assert_eq!(of("x.htm").unwrap(), Ending::Of(Form::Html));
        assert_eq!(of("x.mmd").unwrap(), Ending::Of(Form::Mermaid));
        assert_eq!(of("x.png").unwrap(), Ending::Png);
        for name in ["x.jpg", "svg", "x."] {
            let text = crate::diag::render(&of(name).unwrap_err(), false);
            assert!(text.starts_with(&format!("error: {name} has an ending that no picture has\n")), "{text}");
        }
    }
}
