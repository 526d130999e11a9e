//! States that are kept elsewhere: by a backend, or by Terraform on this disk. A plan that passes over them would
//! offer to create what exists, so they are errors; where the user names the folder of Floorplan's own state,
//! warnings.

use super::args::Global;
use super::ui::Ui;
use crate::diag::{Diagnostic, Diagnostics};
use crate::lang::config;
use crate::session::Layout;
use crate::state::Backend;
use std::ffi::OsString;
use std::path::Path;

/// Opens the layout's state, unless it is kept elsewhere.
pub(super) fn backend(layout: &Layout, global: &Global, ui: &Ui) -> Result<Backend, Diagnostics> {
    refuse(layout, global, ui)?;
    Ok(Backend::open(&layout.location(global.state.clone()))?)
}

/// An error for a state that is kept elsewhere, unless `--state` or `FLOORPLAN_STATE` names ours.
fn refuse(layout: &Layout, global: &Global, ui: &Ui) -> Result<(), Diagnostics> {
    let module = &layout.loaded.root.module;
    let backends = [
        module.settings.as_ref().and_then(|s| s.backend.as_ref()),
        module.layout.as_ref().and_then(|l| l.state.as_ref()),
    ];
    let mut found: Diagnostics = backends.into_iter().flatten().filter_map(|b| of_backend(b, &layout.dir)).collect();
    found.extend(of_files(&layout.dir));
    found.extend(of_variables(std::env::vars_os()));
    if global.state.is_none() {
        return found.into_result(());
    }
    ui.report(&found.into_iter().map(Diagnostic::as_warning).collect());
    Ok(())
}

const HINT: &str =
    "Name the folder of Floorplan's own state with --state DIR or FLOORPLAN_STATE, and import the existing objects.";

fn of_backend(backend: &config::Backend, dir: &Path) -> Option<Diagnostic> {
    let what = match &*backend.kind {
        // Without a file this is where a new state would be kept.
        "local" => {
            let path = backend.body.attributes().find(|a| &*a.name == "path");
            let path = path.map(|a| a.expr.span().text().trim_matches('"').to_owned());
            if !dir.join(path?).exists() {
                return None;
            }
            "the backend \"local\"".to_owned()
        }
        "cloud" => format!("HCP Terraform, by the cloud block{}", place(backend)),
        kind => format!("the backend {kind:?}{}", place(backend)),
    };
    Some(
        Diagnostic::error("Floorplan cannot read the state of this layout")
            .detail(format!(
                "The layout keeps its state in {what}, which Floorplan does not support yet. A plan without that state \
                 would create the existing objects again."
            ))
            .at(backend.span.clone())
            .hint(HINT),
    )
}

/// Where a backend keeps the state, by those of its arguments that are no secrets.
fn place(backend: &config::Backend) -> String {
    const TELLING: [&str; 12] = [
        "bucket",
        "key",
        "prefix",
        "path",
        "address",
        "organization",
        "hostname",
        "region",
        "resource_group_name",
        "storage_account_name",
        "container_name",
        "workspace_key_prefix",
    ];
    let reported = backend.body.attributes().filter(|a| TELLING.contains(&&*a.name));
    let reported: Vec<String> = reported.map(|a| format!("{} = {}", a.name, a.expr.span().text())).collect();
    if reported.is_empty() { String::new() } else { format!(" ({})", reported.join(", ")) }
}

/// The states of Terraform in a layout's directory, and its choice of a workspace.
fn of_files(dir: &Path) -> Diagnostics {
    let mut found = Diagnostics::new();
    let problem = |path: &Path, what: &str| {
        Diagnostic::error(format!("{} is not read", path.display()))
            .detail(format!("{what} A plan without it would create the existing objects again."))
            .hint(HINT)
    };
    let state = dir.join("terraform.tfstate");
    if holds_objects(&state) {
        found.push(problem(&state, "It is a state of Terraform, which Floorplan does not support yet."));
    }
    let workspaces = dir.join("terraform.tfstate.d");
    let of_workspaces = std::fs::read_dir(&workspaces).into_iter().flatten().flatten();
    let mut states: Vec<_> = of_workspaces.map(|entry| entry.path().join("terraform.tfstate")).collect();
    states.sort();
    for state in states.iter().filter(|path| holds_objects(path)) {
        found.push(problem(state, "It is the state of a Terraform workspace, which Floorplan does not support yet."));
    }
    let chosen = dir.join(".terraform").join("environment");
    let workspace = std::fs::read_to_string(&chosen).unwrap_or_default();
    if !["", "default"].contains(&workspace.trim()) {
        let what = format!("It selects the workspace {:?}, which Floorplan does not support yet.", workspace.trim());
        found.push(problem(&chosen, &what));
    }
    found
}

/// Whether a file is there that may be a state with objects in it.
fn holds_objects(path: &Path) -> bool {
    let Ok(metadata) = std::fs::metadata(path) else { return false };
    if !metadata.is_file() || metadata.len() == 0 {
        return false;
    }
    let json = std::fs::read(path).ok().and_then(|bytes| serde_json::from_slice::<serde_json::Value>(&bytes).ok());
    json.is_none_or(|state| state["resources"].as_array().is_none_or(|all| !all.is_empty()))
}

/// Commands of Terraform to which nothing here corresponds.
const OTHER_COMMANDS: [&str; 8] = ["init", "fmt", "validate", "get", "login", "logout", "providers", "version"];

/// Variables of the environment that Terraform would obey.
fn of_variables(variables: impl IntoIterator<Item = (OsString, OsString)>) -> Diagnostics {
    let mut names: Vec<String> = variables.into_iter().filter_map(|(name, value)| reported(&name, &value)).collect();
    names.sort();
    let problem = |name: String| {
        let what = match name.as_str() {
            "TF_WORKSPACE" => "It selects a workspace, and Floorplan does not support workspaces yet.",
            _ => "It adds options to commands, which Floorplan does not support yet.",
        };
        Diagnostic::error(format!("The environment variable {name} is not obeyed"))
            .detail(what)
            .hint(format!("Unset {name}, and give options on the command line."))
    };
    names.into_iter().map(problem).collect()
}

/// The name of a variable that would have to be obeyed.
fn reported(name: &OsString, value: &OsString) -> Option<String> {
    let (name, value) = (name.to_str()?, value.to_string_lossy());
    let asks = match name {
        "TF_WORKSPACE" => !["", "default"].contains(&value.trim()),
        "TF_CLI_ARGS" => !value.trim().is_empty(),
        _ => name
            .strip_prefix("TF_CLI_ARGS_")
            .is_some_and(|command| !value.trim().is_empty() && !OTHER_COMMANDS.contains(&command)),
    };
    asks.then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_that_terraform_would_obey_are_named() {
        let given = [
            ("TF_WORKSPACE", "prod"),
            ("TF_CLI_ARGS", "-no-color"),
            ("TF_CLI_ARGS_plan", "-var-file=prod.tfvars"),
            ("TF_CLI_ARGS_init", "-upgrade"),
            ("TF_CLI_ARGS_apply", ""),
            ("TF_VAR_region", "eu-west-1"),
            ("TF_IN_AUTOMATION", "1"),
        ];
        let found = of_variables(given.map(|(name, value)| (name.into(), value.into())));
        let names: Vec<&str> = found.iter().filter_map(|d| d.summary.split(' ').nth(3)).collect();
        assert_eq!(names, ["TF_CLI_ARGS", "TF_CLI_ARGS_plan", "TF_WORKSPACE"]);
        assert!(of_variables([("TF_WORKSPACE".into(), "default".into())]).is_empty());
    }

    #[test]
    fn a_state_of_terraform_counts_once_it_holds_something() {
        let dir = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| {
            let path = dir.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        };
        write("terraform.tfstate", r#"{"version": 4, "resources": []}"#);
        write(".terraform/environment", "default");
        assert!(of_files(dir.path()).is_empty());
        write("terraform.tfstate", r#"{"version": 4, "resources": [{}]}"#);
        write("terraform.tfstate.d/prod/terraform.tfstate", "cut short");
        write(".terraform/environment", "prod");
        assert_eq!(of_files(dir.path()).iter().count(), 3);
    }
}
