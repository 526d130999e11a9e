//! `floorplan show`: a saved plan or a state, for people, for tools or for a pull request.

use super::args::Global;
use super::inspect::backend;
use super::plan::schema;
use super::ui::Ui;
use super::{Exit, Outcome};
use crate::diag::{Diagnostic, Diagnostics};
use crate::objects::State;
use crate::plan::file::{self, Saved};
use crate::report::text::Schemas;
use crate::report::{json, markdown, text};
use crate::session::state::sealer;
use crate::sources::disk;
use clap::Args;
use std::path::{Path, PathBuf};

/// Show a saved plan, or what the state holds
#[derive(Debug, Args)]
pub(super) struct ShowArgs {
    /// A plan saved with `plan --out`, or a state file; without it the state of the layout here.
    file: Option<PathBuf>,
    /// In the form of `terraform show -json`.
    #[arg(long, conflicts_with = "markdown")]
    json: bool,
    /// With sensitive values, as Terraform has them in its JSON; else they are null.
    #[arg(long, requires = "json")]
    show_sensitive: bool,
    /// As a comment for a pull request; only of a plan.
    #[arg(long)]
    markdown: bool,
}

/// A plan or a state.
#[derive(Debug, Clone, Copy)]
enum Shown<'a> {
    /// A plan file.
    Plan(&'a Saved),
    /// A state.
    State(&'a State),
}

/// Runs the command.
pub(super) fn run(args: &ShowArgs, global: &Global, ui: &Ui) -> Outcome {
    let text = match args.file.as_deref().filter(|f| f.exists() && !f.is_dir()) {
        Some(path) => {
            let bytes = disk::read_named(path).map_err(|e| {
                Diagnostic::error(format!("Cannot read {}", path.display()))
                    .code("unreadable-file")
                    .detail(format!("{e}."))
            })?;
            let name = path.to_string_lossy();
            let mut saved = file::read(&bytes, None, &name)?;
            if args.show_sensitive {
                let endpoint = super::elsewhere::endpoint(true, global, ui)?;
                saved = file::read(&bytes, Some(&sealer(endpoint.as_deref())?.of_plan(&saved.plan.meta)), &name)?;
            }
            render(args, Shown::Plan(&saved), &schema, ui.colour)?
        }
        None => {
            let loaded = backend(args.file.as_deref().unwrap_or(Path::new(".")), global, ui)?.read()?;
            render(args, Shown::State(&loaded.state), &schema, ui.colour)?
        }
    };
    ui.data(&text);
    Ok(Exit::Done)
}

/// The text for standard output, with its last newline.
fn render(args: &ShowArgs, what: Shown<'_>, schemas: Schemas<'_>, colour: bool) -> Result<String, Diagnostics> {
    let view = json::View { schemas, secrets: args.show_sensitive };
    Ok(match (what, args.json, args.markdown) {
        (Shown::Plan(saved), true, _) => line(&json::plan_json(&saved.plan, view, &saved.configuration)),
        (Shown::Plan(saved), _, true) => markdown::render(&saved.plan, schemas),
        (Shown::Plan(saved), ..) => text::render(&saved.plan, schemas, colour),
        (Shown::State(state), true, _) => line(&json::state_json(state, view)),
        (Shown::State(_), _, true) => {
            return Err(Diagnostic::error("Only a plan can be shown as markdown")
                .code("usage")
                .detail("This is a state.")
                .hint("Save a plan with `floorplan plan --out FILE`, then show that file.")
                .into());
        }
        (Shown::State(state), ..) => text::state(state, schemas, colour),
    })
}

fn line(json: &serde_json::Value) -> String {
    format!("{json}\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::{Plan, PlanMeta};

    fn shown(what: Shown<'_>, json: bool, markdown: bool) -> Result<String, Diagnostics> {
        render(&ShowArgs { file: None, json, markdown, show_sensitive: false }, what, &|_, _| None, false)
    }

    fn saved() -> Saved {
        let meta = PlanMeta {
            layout: "quickstart".into(),
            dir: String::new(),
            basis: Default::default(),
            seal: String::new(),
            lineage: String::new(),
            serial: 0,
            variables: Default::default(),
            created: jiff::Timestamp::constant(1_767_323_045, 0),
            destroy: false,
            refreshed: true,
            replace: vec![],
            allow_downtime: vec![],
            partial: false,
            refresh_only: false,
            of_terraform: false,
        };
        let plan = Plan {
            meta,
            changes: vec![],
            steps: vec![],
            undo: vec![],
            drift: vec![],
            outputs: vec![],
            reread: Default::default(),
            answers: Default::default(),
            sick: Default::default(),
            promise: Default::default(),
            exposure: Default::default(),
            warnings: vec![],
            violations: vec![],
        };
        Saved { plan, configuration: serde_json::json!({ "root_module": {} }) }
    }

    #[test]
    fn a_plan_is_shown_for_people_tools_and_pull_requests() {
        let saved = saved();
        let plan = Shown::Plan(&saved);
        assert_eq!(shown(plan, false, false).unwrap(), "No changes. The layout matches AWS.\n");
        assert!(shown(plan, false, true).unwrap().starts_with("### Floorplan: `quickstart`\n"));
        let json: serde_json::Value = serde_json::from_str(&shown(plan, true, false).unwrap()).unwrap();
        assert_eq!(json["format_version"], "1.2");
        assert_eq!(json["configuration"], saved.configuration);
    }

    #[test]
    fn a_state_is_shown_for_people_and_tools_but_not_as_markdown() {
        let state = State::new("quickstart", "l1");
        assert!(shown(Shown::State(&state), false, false).unwrap().starts_with("The state is empty"));
        assert!(shown(Shown::State(&state), true, false).unwrap().contains(r#""format_version":"1.0""#));
        let errors = shown(Shown::State(&state), false, true).unwrap_err();
        let errors: String = errors.iter().map(|d| crate::diag::render(d, false)).collect();
        insta::assert_snapshot!(errors, @r#"
        error: Only a plan can be shown as markdown
          This is a state.
          Hint: Save a plan with `floorplan plan --out FILE`, then show that file.
        "#);
    }
}
