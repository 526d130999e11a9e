//! `floorplan providers`: which providers the modules of a layout ask for, and which Floorplan has.

use super::ui::Ui;
use super::{Exit, Outcome};
use crate::lang::config::ModuleNode;
use crate::resources::{all, all_data};
use clap::Args;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::PathBuf;

/// Show which providers the modules of a layout ask for
#[derive(Debug, Args)]
pub(super) struct ProvidersArgs {
    /// The layout's directory
    #[arg(default_value = ".", value_name = "LAYOUT")]
    layout: PathBuf,
}

/// Runs the command.
pub(super) fn run(args: &ProvidersArgs, ui: &Ui) -> Outcome {
    let layout = super::input::layout(&args.layout, &[], ui)?;
    let served: BTreeSet<&str> = all().into_keys().chain(all_data().into_keys()).filter_map(prefix).collect();
    let mut text = String::new();
    describe(&layout.loaded.root, "the layout", &served, &mut text);
    ui.data(&text);
    Ok(Exit::Done)
}

/// The provider of a type, by the first word of its name.
fn prefix(type_name: &str) -> Option<&str> {
    type_name.split('_').next()
}

/// Writes what a module and those that it calls ask for.
fn describe(node: &ModuleNode, name: &str, served: &BTreeSet<&str>, text: &mut String) {
    let module = &node.module;
    let mut wanted: BTreeMap<&str, String> = BTreeMap::new();
    for (name, required) in module.settings.iter().flat_map(|s| &s.required_providers) {
        let usual = format!("hashicorp/{name}");
        let constraint = required.version.as_deref().map(|v| format!(" {v}")).unwrap_or_default();
        wanted.insert(name, format!("{}{constraint}", required.source.as_deref().unwrap_or(&usual)));
    }
    for (_, type_name, _) in module.resources.keys() {
        if let Some(name) = prefix(type_name) {
            wanted.entry(name).or_insert_with(|| format!("hashicorp/{name}"));
        }
    }
    let _ = writeln!(text, "{name}");
    for (name, source) in wanted {
        let built_in = served.contains(name) || name == "terraform";
        let _ = writeln!(text, "  {source}: {}", if built_in { "built in" } else { "not supported" });
    }
    for (call, child) in &node.children {
        let name = match name {
            "the layout" => format!("module.{call}"),
            name => format!("{name}.module.{call}"),
        };
        describe(child, &name, served, text);
    }
}
