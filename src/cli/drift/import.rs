//! `floorplan drift import`: writes import and resource blocks for objects that no layout has.

use super::super::args::{Global, VariableArgs, VariableArgument};
use super::super::fleet::{self, Selection, Which};
use super::super::ui::Ui;
use super::super::{Exit, Outcome, elsewhere, input, plan, runtime, sandbox};
use crate::diag::{Diagnostic, Diagnostics};
use crate::drift::Unmanaged;
use crate::fleet::Member;
use crate::fleet::find::Found;
use crate::objects::{Instance, State};
use crate::plan::{Action, Options, Plan, ProviderFacts};
use crate::report::adopt::{self, Stray};
use crate::report::counted;
use crate::session::{self, Connections, Layout, Request, WithoutBlock, World, disk};
use crate::sources::disk as files;
use crate::value::address::{Address, Mode};
use clap::Args;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Write import and resource blocks for objects that no layout has
#[derive(Debug, Args)]
pub(super) struct ImportArgs {
    /// Layouts, and ids of objects such as subnet-0abc. Without ids, all objects
    #[arg(value_name = "LAYOUT|ID")]
    what: Vec<String>,
    /// All layouts below layouts/, or below the directories given
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    variables: VariableArgs,
}

/// Runs the command.
pub(super) fn run(args: &ImportArgs, typed: &[VariableArgument], global: &Global, ui: &Ui) -> Outcome {
    let is_layout = |text: &&String| Path::new(text).exists() || text.contains(['/', '*', '?', '[', '{']);
    let (layouts, ids): (Vec<&String>, Vec<&String>) = args.what.iter().partition(is_layout);
    let which = Which { all: args.all, ..Which::default() };
    let selection = Selection { layouts: layouts.iter().map(PathBuf::from).collect(), which };
    let layouts = match selection.one() {
        Some(_) if ids.is_empty() => {
            return Err(Diagnostic::error("Nothing to import is named")
                .code("usage")
                .detail("Another layout may have what is in the networks of this one.")
                .hint("Name the objects by their ids, or all layouts with --all.")
                .into());
        }
        Some(dir) => Found::one(dir),
        None => selection.all(typed, ui)?,
    };
    let run = fleet::Run {
        layouts: &layouts,
        variables: &args.variables,
        typed,
        options: Options { look_only: true, ..Options::default() },
        refresh: true,
        unmanaged: true,
        fork: None,
        global,
        ui,
    };
    let mut problems = Diagnostics::new();
    let mut found: Vec<(&Path, Vec<Unmanaged>)> = Vec::new();
    run.plan(&beside, |at, ended| match ended.outcome {
        Ok(mut objects) => {
            objects.retain(|object| ids.is_empty() || ids.iter().any(|id| **id == object.id));
            let words = format!("{} to import", counted(objects.len(), "object"));
            found.push((&layouts.layouts[at], objects));
            words
        }
        Err(more) => {
            problems.extend(more);
            "failed".into()
        }
    })?;
    let is_found = |id: &String| found.iter().any(|(_, objects)| objects.iter().any(|object| object.id == *id));
    for id in ids.iter().filter(|id| !is_found(id)) {
        let d = Diagnostic::error(format!("Cannot import {id}")).code("drift-import");
        problems.push(
            d.detail("It is not among the objects that are in the networks of these layouts, or have their tags, and are in none of them.")
                .hint("floorplan drift --all lists those."),
        );
    }
    problems.into_result(())?;
    let mut drafts = Vec::new();
    for (dir, objects) in found.into_iter().filter(|(_, objects)| !objects.is_empty()) {
        drafts.push(draft(dir, &objects, (&args.variables, typed), global, ui)?);
    }
    if drafts.is_empty() {
        ui.status("No object is without a layout: no file was written.");
        return Ok(Exit::Done);
    }
    let written: Vec<(PathBuf, Vec<u8>)> = drafts.iter().map(|(path, text, _)| (path.clone(), text.clone())).collect();
    files::replace_all(&written).map_err(|(path, why)| {
        Diagnostic::error(format!("Cannot write {}", path.display())).code("unwritable-file").detail(format!("{why}."))
    })?;
    for (path, _, addresses) in &drafts {
        let names: Vec<String> = addresses.iter().map(ToString::to_string).collect();
        ui.status(&format!("Wrote {}: {}. The next apply imports.", path.display(), names.join(", ")));
    }
    Ok(Exit::Done)
}

/// What is in the networks of a layout and in none.
fn beside(_: &Path, member: Result<Member<'_>, Diagnostics>) -> Result<Vec<Unmanaged>, Diagnostics> {
    let member = member?;
    member.planned.map_err(Clone::clone)?;
    Ok(member.unmanaged.unwrap_or_default())
}

/// A file that a layout gets: its path, its text, and the addresses in it.
type Draft = (PathBuf, Vec<u8>, Vec<Address>);

/// The blocks for these objects, held against a plan.
fn draft(
    dir: &Path,
    objects: &[Unmanaged],
    (args, typed): (&VariableArgs, &[VariableArgument]),
    global: &Global,
    ui: &Ui,
) -> Result<Draft, Diagnostics> {
    let layout = input::layout(dir, typed, ui)?;
    let variables = input::values(&layout, args, typed, ui)?;
    let loaded = elsewhere::backend(&layout, global, ui)?.read()?;
    let world = World::new(&layout.dir);
    let functions = world.functions(true, None);
    let functions = functions.context();
    let runtime = runtime()?;
    let early = world.evaluator(&layout.loaded.root, variables.clone(), &functions);
    let connections = runtime.block_on(sandbox::connect(&layout, &loaded.state, &early, global, false, ui))?;

    let taken = layout.loaded.root.module.resources.keys().map(|(_, kind, name)| (kind.to_string(), name.to_string()));
    let taken: BTreeSet<(String, String)> = taken.collect();
    let mut problems = Diagnostics::new();
    let mut seen: Vec<(&Unmanaged, WithoutBlock)> = Vec::new();
    for object in objects {
        // Names are given once all is read.
        let address = adopt::addresses([(&*object.type_name, None, &Default::default())].into_iter(), BTreeSet::new());
        let Some(address) = address.into_iter().next() else { continue };
        let (provider, region) = way(&loaded.state, object, &connections);
        let found = session::stray(&address, &object.id, (&provider, region), &connections);
        seen.extend(problems.take(runtime.block_on(found)).map(|found| (object, found)));
    }
    problems.into_result(())?;
    let all = seen.iter().map(|(object, found)| (&*object.type_name, object.name.as_deref(), &found.attrs));
    let addresses = adopt::addresses(all, taken);
    let strays: Vec<(Address, Stray<'_>)> = addresses
        .iter()
        .zip(&seen)
        .filter_map(|(address, (object, found))| {
            let own = connections.facts.get(&found.provider).map(|facts| facts.region.as_str());
            let stray = Stray {
                type_name: &object.type_name,
                id: &object.id,
                schema: plan::schema(Mode::Managed, &object.type_name)?,
                attrs: &found.attrs,
                provider: Some(found.provider.as_str()).filter(|provider| *provider != "aws"),
                region: found.region.as_deref().filter(|region| Some(*region) != own),
            };
            Some((address.clone(), stray))
        })
        .collect();
    let names = names(&layout, &loaded.state);
    let text = adopt::file(&strays, &|id: &str| names.get(id).cloned()).into_bytes();
    let path = new_file(&layout);

    let drafts = BTreeMap::from([(path.to_string_lossy().into_owned(), text.clone())]);
    let (then, _) = input::drafted(&disk(".").with_drafts(drafts), dir, typed)?;
    let request = Request {
        options: Options::default(),
        refresh: true,
        variables,
        state: loaded.state.clone(),
        of_terraform: loaded.terraform.is_some(),
        open: &loaded.open,
        reading: None,
        heard: &|_| (),
    };
    let planned = runtime.block_on(session::plan(&then, request, &connections, &functions, &world))?;
    for line in beyond(&planned.plan, &addresses) {
        ui.status(&line);
    }
    Ok((path, text, addresses))
}

/// The provider configuration and the region of an object: those of its network, else one for its account and region.
fn way(state: &State, object: &Unmanaged, connections: &Connections) -> (String, String) {
    let mut place = object.place.split(' ');
    let (account, region) = (place.next().unwrap_or_default(), place.next().unwrap_or_default());
    let is_network = |(_, one): &(&Address, &Instance)| place.clone().next() == Some(one.id.as_str());
    if let Some((_, network)) = state.resources.iter().find(is_network) {
        return (network.provider.clone(), network.region.clone());
    }
    let facts: BTreeMap<&String, &ProviderFacts> = connections.facts.iter().collect();
    let own = facts.iter().find(|(_, facts)| facts.account == account && facts.region == region);
    let of_account = || facts.iter().find(|(_, facts)| facts.account == account);
    match own.or_else(of_account) {
        Some((provider, facts)) if facts.region == region => ((*provider).clone(), String::new()),
        Some((provider, _)) => ((*provider).clone(), region.to_owned()),
        None => ("aws".to_owned(), String::new()),
    }
}

/// What the root module calls its objects, by their ids and ARNs.
fn names(layout: &Layout, state: &State) -> BTreeMap<String, String> {
    let blocks = &layout.loaded.root.module.resources;
    let mut names = BTreeMap::new();
    for (address, instance) in &state.resources {
        let resource = &address.resource;
        let key = (resource.mode, resource.type_name.clone(), resource.name.clone());
        if !resource.module.is_root() || !blocks.contains_key(&key) {
            continue;
        }
        // Only what AWS made up: an id may be a plain name, which other objects may have as well.
        if instance.id.rsplit_once('-').is_some_and(|(_, number)| number.len() >= 8) {
            names.insert(instance.id.clone(), format!("{address}.id"));
        }
        if let Some(arn) = instance.attrs.str("arn") {
            names.insert(arn.to_owned(), format!("{address}.arn"));
        }
    }
    names
}

/// A new file beside those of the layout.
fn new_file(layout: &Layout) -> PathBuf {
    let is_own = layout.loaded.sources.iter().any(|source| {
        let path = Path::new(&source.path);
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        path.extension().is_some_and(|end| end == "hcl") && folder.canonicalize().ok() == layout.dir.canonicalize().ok()
    });
    let end = if is_own { "hcl" } else { "tf" };
    let name = |n: usize| if n == 1 { format!("imported.{end}") } else { format!("imported_{n}.{end}") };
    // As the layout's files are read, or the draft would not be found.
    let folder = Some(Path::new(&layout.loaded.root.module.dir)).filter(|dir| *dir != Path::new("."));
    let path = |n: usize| folder.unwrap_or(Path::new("")).join(name(n));
    (1..).map(path).find(|path| !path.exists()).unwrap_or_else(|| path(1))
}

/// What an apply would change of the imported objects, in a line each.
fn beyond(plan: &Plan, addresses: &[Address]) -> Vec<String> {
    let own = plan.changes.iter().filter(|change| addresses.contains(&change.address) && change.action != Action::NoOp);
    own.map(|change| {
        let names: Vec<&str> = change.attributes.iter().map(|a| a.name.as_str()).collect();
        format!("{}: the next apply would change {} as well. Look the block through.", change.address, names.join(", "))
    })
    .collect()
}
