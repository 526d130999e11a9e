//! `floorplan import`: takes over an object that exists. Only the state changes.

use super::args::{Global, LockArgs, VariableArgs, VariableArgument};
use super::plan::{addresses, schema};
use super::ui::Ui;
use super::{Exit, Outcome};
use crate::diag::{Diagnostic, did_you_mean};
use crate::objects::{Instance, State};
use crate::plan::diff::marked;
use crate::plan::provider_of_address;
use crate::schema::Attrs;
use crate::schema::secrecy::hidden;
use crate::schema::secrets::Secrets;
use crate::session::{self, Layout, World};
use crate::value::address::Address;
use clap::Args;
use std::path::PathBuf;

/// Take over an object that exists
#[derive(Debug, Args)]
pub(super) struct ImportArgs {
    /// Where the layout has the resource
    #[arg(value_name = "ADDRESS")]
    address: String,
    /// The object's id, or another form that `floorplan schema TYPE` shows
    #[arg(value_name = "ID")]
    id: String,
    /// The layout's directory
    #[arg(long, visible_alias = "config", default_value = ".", value_name = "LAYOUT")]
    layout: PathBuf,
    #[command(flatten)]
    variables: VariableArgs,
    #[command(flatten)]
    lock: LockArgs,
}

/// Runs the command.
pub(super) fn run(args: &ImportArgs, typed: Vec<VariableArgument>, global: &Global, ui: &Ui) -> Outcome {
    let Some(address) = addresses(std::slice::from_ref(&args.address))?.into_iter().next() else {
        return Ok(Exit::Failed);
    };
    let layout = super::input::layout(&args.layout, &typed, ui)?;
    let root = &layout.loaded.root;
    let provider = provider_of_address(root, &address).ok_or_else(|| not_in_layout(&layout, &address))?;
    let variables = super::input::values(&layout, &args.variables, &typed, ui)?;
    let timeout = args.lock.wait()?;
    let backend = super::elsewhere::backend(&layout, global, ui)?;
    let mut locked = super::inspect::lock(&backend, "import", timeout, ui)?;
    let loaded = locked.load()?;
    let mut state = loaded.state;
    if let Some(held) = state.resources.get(&address) {
        return Err(Diagnostic::error(format!("{address} already has an object"))
            .code("import-taken")
            .detail(format!("The state holds {} there.", held.id))
            .hint("Remove it first with `floorplan state rm`, or import to another address.")
            .into());
    }
    let world = World::new(&layout.dir);
    let functions = world.functions(true, None);
    let functions = functions.context();
    let mut secrets = Secrets::of(state.objects().map(|(_, instance)| &instance.attrs));
    secrets.add(variables.values());
    let instance = super::runtime()?.block_on(async {
        let scopes = world.evaluator(root, variables, &functions);
        let connections = super::sandbox::connect(&layout, &State::new("", ""), &scopes, global, false, ui).await?;
        session::same_accounts(&state, &loaded.open, &connections)?;
        let region = session::region_of(root, &scopes, &address);
        let found = session::look_up(&address, &args.id, (&provider, region), &connections).await?;
        let rows = schema(address.resource.mode, &address.resource.type_name)
            .ok_or_else(|| not_in_layout(&layout, &address))?;
        let facts = connections.facts.get(&provider).cloned().unwrap_or_default();
        Ok::<_, crate::diag::Diagnostics>(Instance {
            // Rows that AWS does not give back stay out: the next plan takes them from the layout.
            attrs: hidden(&rows.attributes, &Attrs::default(), marked(&rows.attributes, &found.live), &secrets),
            id: found.id,
            provider: provider.clone(),
            region: found.live.string("region").unwrap_or(facts.region),
            account: facts.account,
            depends_on: Vec::new(),
            create_before_destroy: false,
            tainted: false,
            unfinished: false,
        })
    })?;
    let id = instance.id.clone();
    state.resources.insert(address.clone(), instance);
    locked.save(state)?;
    ui.status(&format!("{address} is now {id}. The next plan shows how the layout differs."));
    Ok(Exit::Done)
}

fn not_in_layout(layout: &Layout, address: &Address) -> Diagnostic {
    let names: Vec<String> = layout.loaded.root.module.resources.keys().map(|(_, t, n)| format!("{t}.{n}")).collect();
    let d = Diagnostic::error(format!("The layout has no {}", address.resource))
        .code("unknown-address")
        .detail("The address must be in the layout. Otherwise the next plan would delete the object.");
    match did_you_mean(&address.resource.to_string(), names.iter().map(String::as_str)) {
        Some(near) => d.hint(format!("Did you mean {near}?")),
        None => d.hint("Add the resource block first."),
    }
}
