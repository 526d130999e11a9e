//! `floorplan version`: the version, for people and for scripts.

use super::ui::Ui;
use super::{Exit, Outcome};
use crate::lang::config::version::LANGUAGE;
use clap::Args;
use serde_json::json;

/// Show the version
#[derive(Debug, Args)]
pub(super) struct VersionArgs {
    /// As JSON
    #[arg(long)]
    json: bool,
}

/// Runs the command.
pub(super) fn run(args: &VersionArgs, ui: &Ui) -> Outcome {
    let version = env!("CARGO_PKG_VERSION");
    let platform = format!("{}_{}", std::env::consts::OS, std::env::consts::ARCH);
    ui.data(&match args.json {
        true => {
            let all = json!({
                "floorplan_version": version,
                "terraform_language": LANGUAGE.to_string(),
                "platform": platform,
                "terraform_version": LANGUAGE.to_string(),
                "provider_selections": {},
                "terraform_outdated": false,
            });
            format!("{all:#}\n")
        }
        false => format!("Floorplan {version} on {platform}, the language of Terraform {LANGUAGE}\n"),
    });
    Ok(Exit::Done)
}
