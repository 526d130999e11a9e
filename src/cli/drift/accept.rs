//! `floorplan drift accept`: lets the layout want what AWS has. The plan is made twice, once with the edited files as drafts;
//! they are written only if that plan is the better one.

use super::super::args::{Global, VariableArgs, VariableArgument};
use super::super::ui::Ui;
use super::super::{Exit, Outcome, elsewhere, fmt, input, runtime, sandbox};
use crate::diag::{Diagnostic, Diagnostics, SourceFile};
use crate::drift::{Finding, LayoutDrift};
use crate::lang::edit;
use crate::plan::{Options, Plan};
use crate::refresh::Wanted;
use crate::report::accept::{self, Accepted, Source, Wish};
use crate::resources::Types;
use crate::session::drift::{look, overtaken};
use crate::session::{self, Reading, Request, World, disk};
use crate::sources::disk as files;
use clap::Args;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Write what AWS has into the layout, for differences that are to stay
#[derive(Debug, Args)]
pub(super) struct AcceptArgs {
    /// What to accept: ADDRESS or ADDRESS.ATTRIBUTE. The layout's directory may come first
    #[arg(value_name = "ADDRESS", required = true)]
    what: Vec<String>,
    #[command(flatten)]
    variables: VariableArgs,
}

/// Runs the command.
pub(super) fn run(args: &AcceptArgs, typed: &[VariableArgument], global: &Global, ui: &Ui) -> Outcome {
    let (dir, what) = match args.what.split_first() {
        Some((first, rest)) if Path::new(first).is_dir() => (PathBuf::from(first), rest),
        _ => (PathBuf::from("."), args.what.as_slice()),
    };
    let mut problems = Diagnostics::new();
    let wishes: Vec<Wish> = what.iter().filter_map(|text| problems.take(Wish::parse(text))).collect();
    if wishes.is_empty() && !problems.has_errors() {
        let d = Diagnostic::error("Nothing to accept is named").code("usage");
        problems.push(d.hint("Name an instance behind the layout: floorplan drift accept LAYOUT ADDRESS."));
    }
    problems.into_result(())?;

    let layout = input::layout(&dir, typed, ui)?;
    ui.report(&layout.loaded.warnings);
    let variables = input::values(&layout, &args.variables, typed, ui)?;
    let backend = elsewhere::backend(&layout, global, ui)?;
    let loaded = backend.read()?;
    let runtime = runtime()?;
    let world = World::new(&layout.dir);
    let functions = world.functions(true, None);
    let functions = functions.context();
    let early = world.evaluator(&layout.loaded.root, variables.clone(), &functions);
    let connections = runtime.block_on(sandbox::connect(&layout, &loaded.state, &early, global, false, ui))?;
    // Both plans are of one reading.
    let mut wanted = Wanted::default();
    session::want(&mut wanted, loaded.state.clone(), &connections);
    let reading = Reading::default().renewed(runtime.block_on(wanted.list()));
    let request = |variables| Request {
        options: Options { look_only: true, ..Options::default() },
        refresh: true,
        variables,
        state: loaded.state.clone(),
        of_terraform: loaded.terraform.is_some(),
        open: &loaded.open,
        reading: Some(&reading),
        heard: &|_| (),
    };
    let plan = session::plan(&layout, request(variables.clone()), &connections, &functions, &world);
    let planned = runtime.block_on(plan)?;
    let found = look(&layout, &planned, &loaded.open, None);
    if let Some(who) = overtaken(&backend, &loaded)? {
        return Err(refusal("Cannot accept anything now").detail(format!("Another run is at work: {who}.")).into());
    }
    let given = |name: &str| input::written(&dir, typed, name);
    let source = Source { plan: &planned.plan, scopes: &planned.scopes, schemas: &Types, given: &given };
    let accepted = accept::accept(source, &found.findings, &wishes)?;
    for address in &accepted.idle {
        ui.status(&format!("{address}: the layout wants what AWS has already."));
    }
    if accepted.edits.is_empty() {
        return Ok(Exit::Done);
    }
    let edited = edit::apply(&accepted.edits).map_err(|span| {
        refusal("Cannot accept all of this at once")
            .detail("Two of the values are written in one place. Nothing was written.")
            .at(span)
            .hint("Accept one of them alone.")
    })?;

    let drafts = edited.iter().map(|(file, text)| (file.path.clone(), text.clone().into_bytes())).collect();
    let (then, values) = input::drafted(&disk(".").with_drafts(drafts), &dir, typed)?;
    let values = variables.into_iter().chain(values).collect();
    let plan = session::plan(&then, request(values), &connections, &functions, &world);
    let after = runtime.block_on(plan)?;
    judge((&planned.plan, &after.plan), &accepted, &look(&then, &after, &loaded.open, None))?;

    write(&edited)?;
    for (file, text) in &edited {
        ui.data(&fmt::difference(Path::new(&file.path), &file.text, text));
    }
    let names: Vec<&str> = edited.iter().map(|(file, _)| file.path.as_str()).collect();
    ui.status(&format!("Wrote {}.", names.join(", ")));
    Ok(Exit::Done)
}

fn refusal(summary: &str) -> Diagnostic {
    Diagnostic::error(summary).code("drift-accept")
}

/// An error where the edited layout does not want what AWS has, or wants other changes as well.
fn judge((before, after): (&Plan, &Plan), accepted: &Accepted, then: &LayoutDrift) -> Result<(), Diagnostics> {
    let mut problems = Diagnostics::new();
    for (address, attributes) in accept::worse(before, after) {
        let what = if attributes.is_empty() { String::new() } else { format!(" ({})", attributes.join(", ")) };
        problems.push(
            refusal("The value is that of other objects as well")
                .detail(format!("With it, the next apply would change {address}{what}. Nothing was written."))
                .hint("Give the objects values of their own first, or accept the same difference of all of them.")
                .about(&address),
        );
    }
    let stays = |finding: &&Finding, address, part: &String| {
        finding.address.as_ref() == Some(address) && finding.differences.iter().any(|d| d.path == *part)
    };
    for (address, part) in &accepted.parts {
        if then.findings.iter().any(|finding| stays(&finding, address, part)) && !problems.has_errors() {
            problems.push(
                refusal(&format!("Cannot accept {address}.{part}"))
                    .detail("The layout gives the value in a way that cannot be edited. Nothing was written.")
                    .hint("Change the layout by hand.")
                    .about(address),
            );
        }
    }
    problems.into_result(())
}

/// Writes all files, or none. One that is not what was read is not written over.
fn write(edited: &[(Arc<SourceFile>, String)]) -> Result<(), Diagnostics> {
    let cannot = |path: &Path, why: String| {
        Diagnostic::error(format!("Cannot write {}", path.display())).code("unwritable-file").detail(format!("{why}."))
    };
    const MARK: &[u8] = b"\xef\xbb\xbf";
    let mut all = Vec::new();
    for (file, text) in edited {
        let path = PathBuf::from(&file.path);
        let now = files::read_named(&path).map_err(|why| cannot(&path, why))?;
        let mark = if now.starts_with(MARK) { MARK } else { b"" };
        if now[mark.len()..] != *file.text.as_bytes() {
            return Err(cannot(&path, "it was changed meanwhile".into()).into());
        }
        all.push((path, [mark, text.as_bytes()].concat()));
    }
    Ok(files::replace_all(&all).map_err(|(path, why)| cannot(&path, why))?)
}
