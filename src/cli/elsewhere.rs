//! States that are kept elsewhere: by a backend, or by Terraform on this disk. A plan that passes over them would
//! offer to create what exists, so they are errors; where the user names the folder of Floorplan's own state,
//! warnings.

use super::args::Global;
use super::ui::Ui;
use crate::diag::{Diagnostic, Diagnostics};
use crate::lang::config;
use crate::session::state::{REMOTE, Wanted};
use crate::session::{self, Layout};
use crate::state::{Backend, Loaded, Marker};
use std::path::Path;

/// Opens the layout's state, unless it is kept elsewhere.
pub(super) fn backend(layout: &Layout, global: &Global, ui: &Ui) -> Result<Backend, Diagnostics> {
    refuse(layout, global, ui)?;
    let remote = global.state.is_none() && is_remote(layout);
    let endpoint = endpoint(remote, global, ui)?;
    let wanted = Wanted {
        folder: global.state.as_ref(),
        given: &global.backend_config,
        endpoint: endpoint.as_deref(),
        ..Wanted::default()
    };
    let backend = session::state::open(layout, wanted)?;
    match (remote, global.state.is_none()) {
        (true, _) => left_behind(layout, &backend)?,
        (false, true) => second_state(layout, &backend)?,
        (false, false) => {}
    }
    Ok(backend)
}

/// The sandbox, where it is to replace AWS for a state.
pub(super) fn endpoint(remote: bool, global: &Global, ui: &Ui) -> Result<Option<String>, Diagnostics> {
    match remote && global.sandbox {
        true => Ok(Some(super::sandbox::endpoint(ui)?)),
        false => Ok(None),
    }
}

/// An error where the place that the layout names has no state yet, and the folder that it had before holds objects.
fn left_behind(layout: &Layout, backend: &Backend) -> Result<(), Diagnostics> {
    let file = layout.location(None).dir()?.join("state.json");
    let marker = std::fs::read(&file).ok().and_then(|text| Marker::read(&text));
    let found: Diagnostics = match marker {
        Some(marker) if marker.to() == backend.place() => Diagnostics::new(),
        Some(marker) => Diagnostics::from(
            Diagnostic::error("The state of this layout is at another place")
                .code("state-elsewhere")
                .detail(format!("{}: {}. {} has no state.", file.display(), marker.sentence(), backend.place()))
                .hint(format!(
                    "Name {} in the layout, or move the state from there: `floorplan state migrate --from {0}`.",
                    marker.to()
                )),
        ),
        None if holds_objects(&file) => Diagnostics::from(
            Diagnostic::error("The state of this layout is in a folder, not where the layout says")
                .code("state-elsewhere")
                .detail(format!(
                    "{} holds objects, and {} has no state yet. A plan would create the objects again.",
                    file.display(),
                    backend.place()
                ))
                .hint("`floorplan state migrate` moves it there, with its history."),
        ),
        None => of_files(&layout.dir),
    };
    if found.is_empty() || !backend.read()?.state.lineage.is_empty() {
        return Ok(());
    }
    Err(found)
}

/// An error where Floorplan has a state of the layout, and Terraform has another one beside it.
fn second_state(layout: &Layout, backend: &Backend) -> Result<(), Diagnostics> {
    let file = session::state::terraform_file(layout, &layout.location(None))?;
    if backend.place() == file.display().to_string() || !holds_objects(&file) {
        return Ok(());
    }
    Err(Diagnostic::error("The layout has two states")
        .code("state-elsewhere")
        .detail(format!("{} is Floorplan's, and {} is Terraform's and holds objects.", backend.place(), file.display()))
        .hint("Move the one that is out of date away.")
        .into())
}

/// Says which objects of a state of Terraform's are passed over.
pub(super) fn passed_by(loaded: &Loaded) -> Diagnostics {
    let all = loaded.terraform.iter().flat_map(|terraform| &terraform.unserved);
    let all: Vec<&str> = all.map(String::as_str).collect();
    if all.is_empty() {
        return Diagnostics::new();
    }
    Diagnostic::warning("Objects in the state are of types that Floorplan does not serve")
        .code("state-terraform")
        .detail(format!("They are left as they are: {}.", all.join(", ")))
        .into()
}

/// Whether a layout that cannot be read seems to name a bucket for its state.
pub(super) fn seems_remote(dir: &Path) -> bool {
    let files = std::fs::read_dir(dir).into_iter().flatten().flatten();
    let mut texts = files.filter_map(|entry| std::fs::read_to_string(entry.path()).ok());
    texts.any(|text| {
        let parts = text.split("backend").skip(1).chain(text.split("state").skip(1));
        let gap = [' ', '\t', '\n', '"', ':', '{'];
        parts.into_iter().any(|rest| {
            rest.trim_start_matches(gap).starts_with("s3\"") || rest.trim_start_matches(gap).starts_with("http\"")
        })
    })
}

/// Whether the layout itself says that its state is kept in a place that Floorplan reaches over the network.
pub(super) fn is_remote(layout: &Layout) -> bool {
    session::state::places(layout).iter().any(|place| REMOTE.contains(&&*place.kind))
}

/// An error for a state that is kept elsewhere, unless `--state` or `FLOORPLAN_STATE` names ours.
fn refuse(layout: &Layout, global: &Global, ui: &Ui) -> Result<(), Diagnostics> {
    let found = unserved(layout);
    if global.state.is_none() {
        return found.into_result(());
    }
    let passed =
        session::state::places(layout).into_iter().filter(|place| REMOTE.contains(&&*place.kind)).map(passed_over);
    let found = found.into_iter().chain(of_files(&layout.dir)).map(Diagnostic::as_warning);
    ui.report(&found.chain(passed).collect());
    Ok(())
}

/// Says that the state which the layout names is not the one that is used.
fn passed_over(place: &config::Backend) -> Diagnostic {
    Diagnostic::warning("The state that the layout names is not used")
        .code("state-elsewhere")
        .detail("--state or FLOORPLAN_STATE names a folder, which is used instead.")
        .at(place.span.clone())
}

/// The backends of a layout that are not served.
pub(super) fn unserved(layout: &Layout) -> Diagnostics {
    session::state::places(layout).into_iter().filter_map(of_backend).collect()
}

const HINT: &str =
    "Name the folder of Floorplan's own state with --state DIR or FLOORPLAN_STATE, and import the existing objects.";

fn of_backend(backend: &config::Backend) -> Option<Diagnostic> {
    let what = match &*backend.kind {
        // Terraform calls the file of a block without a path `terraform.tfstate`, which is looked for below.
        "local" | "s3" | "http" => return None,
        "cloud" => format!("HCP Terraform, by the cloud block{}", place(backend)),
        kind => format!("the backend {kind:?}{}", place(backend)),
    };
    Some(
        Diagnostic::error("Floorplan cannot read the state of this layout")
            .code("state-elsewhere")
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

/// The states of Terraform in a layout's directory.
fn of_files(dir: &Path) -> Diagnostics {
    let mut found = Diagnostics::new();
    let problem = |path: &Path, what: &str| {
        Diagnostic::error(format!("{} is not read", path.display()))
            .code("state-elsewhere")
            .detail(format!("{what} A plan without it would create the existing objects again."))
            .hint(HINT)
    };
    let state = dir.join("terraform.tfstate");
    if holds_objects(&state) {
        found.push(problem(&state, "It is a state of Terraform."));
    }
    let workspaces = dir.join("terraform.tfstate.d");
    let of_workspaces = std::fs::read_dir(&workspaces).into_iter().flatten().flatten();
    let mut states: Vec<_> = of_workspaces.map(|entry| entry.path().join("terraform.tfstate")).collect();
    states.sort();
    for state in states.iter().filter(|path| holds_objects(path)) {
        found.push(problem(state, "It is the state of a Terraform workspace."));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_of_terraform_counts_once_it_holds_something() {
        let dir = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| {
            let path = dir.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        };
        write("terraform.tfstate", r#"{"version": 4, "resources": []}"#);
        assert!(of_files(dir.path()).is_empty());
        write("terraform.tfstate", r#"{"version": 4, "resources": [{}]}"#);
        write("terraform.tfstate.d/prod/terraform.tfstate", "cut short");
        assert_eq!(of_files(dir.path()).iter().count(), 2);
    }
}
