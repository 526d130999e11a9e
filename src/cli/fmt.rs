//! `floorplan fmt`: brings files into the canonical format.

use super::fleet::{Selection, Which};
use super::ui::Ui;
use super::{Exit, Outcome};
use crate::diag::{Diagnostic, Diagnostics};
use crate::fleet::find::{Found, find};
use crate::lang::{fmt::format_source, parse};
use crate::report::counted;
use crate::sources::disk;
use clap::{ArgAction, Args};
use std::collections::BTreeSet;
use std::io::Read;
use std::path::{Path, PathBuf};

/// Bring files into the canonical format
#[derive(Debug, Args)]
pub(super) struct FmtArgs {
    /// Files, directories and patterns of them; `-` for standard input
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    which: Which,
    /// Change nothing; exit with 1 when a file is not in the canonical format
    #[arg(long)]
    check: bool,
    /// Show what changes
    #[arg(long)]
    diff: bool,
    /// Change the files
    #[arg(long, value_name = "BOOL", default_value_t = true, num_args = 0..=1, require_equals = true, default_missing_value = "true", action = ArgAction::Set)]
    write: bool,
    /// List the files that are not in the canonical format
    #[arg(long, value_name = "BOOL", default_value_t = true, num_args = 0..=1, require_equals = true, default_missing_value = "true", action = ArgAction::Set)]
    list: bool,
    /// Directories below too
    #[arg(long)]
    recursive: bool,
}

/// Runs the command.
pub(super) fn run(args: &FmtArgs, ui: &Ui) -> Outcome {
    let selection = Selection { layouts: args.paths.clone(), which: args.which.clone() };
    if args.paths.iter().any(|p| p == Path::new("-")) {
        return match selection.is_plain() {
            true => standard_input(args, ui),
            false => Err(Diagnostic::error("Standard input belongs to no layout")
                .code("usage")
                .detail("--all, --changed-since and --shard choose among layouts.")
                .hint("Leave `-` out, or these options.")
                .into()),
        };
    }
    let found = match selection.is_plain() {
        true if args.paths.is_empty() => Found::one(PathBuf::from(".")),
        true => find(&args.paths, false)?,
        false => selection.all(&[], ui)?,
    };
    let (mut problems, mut files) = (Diagnostics::new(), Vec::new());
    for path in &found.layouts {
        match found.lost.get(path) {
            Some(why) => problems.push(why.clone()),
            None => {
                problems.take(collect(path, args.recursive, true, &mut files));
            }
        }
    }
    // A layout may be below another one.
    let mut seen = BTreeSet::new();
    files.retain(|file| seen.insert(file.clone()));
    let (mut differs, all) = (0, files.len());
    for path in files {
        let Some(changed) = problems.take(format_file(&path, args.write && !args.check)) else { continue };
        if let Some((old, new)) = changed {
            differs += 1;
            if args.list {
                ui.data(&format!("{}\n", path.display()));
            }
            if args.diff {
                ui.data(&difference(&path, &old, &new));
            }
        }
    }
    if !selection.is_plain() {
        let (files, layouts) = (counted(all, "file"), counted(found.layouts.len(), "layout"));
        ui.status(&format!("{files} in {layouts}, {differs} of them not in the canonical format."));
    }
    problems.into_result(if differs > 0 && args.check { Exit::Failed } else { Exit::Done })
}

fn standard_input(args: &FmtArgs, ui: &Ui) -> Outcome {
    let mut text = String::new();
    std::io::stdin()
        .read_to_string(&mut text)
        .map_err(|e| Diagnostic::error("Cannot read standard input").code("unreadable-file").detail(format!("{e}.")))?;
    parse::parse("<standard input>", text.as_bytes())?;
    let formatted = format_source(&text);
    if args.check {
        return Ok(if formatted == text { Exit::Done } else { Exit::Failed });
    }
    ui.data(&formatted);
    Ok(Exit::Done)
}

/// The files that a path names: itself, or the layout files of a directory.
fn collect(path: &Path, recursive: bool, named: bool, files: &mut Vec<PathBuf>) -> Result<(), Diagnostics> {
    let problem = |e: std::io::Error| {
        Diagnostics::from(
            Diagnostic::error(format!("Cannot read {}", path.display()))
                .code("unreadable-file")
                .detail(format!("{e}.")),
        )
    };
    if path.is_dir() {
        let entries: Result<Vec<PathBuf>, _> =
            std::fs::read_dir(path).map_err(problem)?.map(|e| e.map(|e| e.path())).collect();
        let mut entries = entries.map_err(problem)?;
        entries.sort();
        for entry in entries {
            let hidden = entry.file_name().is_some_and(|n| n.to_string_lossy().starts_with('.'));
            if !hidden && (entry.is_file() || recursive) {
                collect(&entry, recursive, false, files)?;
            }
        }
        return Ok(());
    }
    let ours = path.extension().is_some_and(|e| e == "tf" || e == "hcl" || e == "tfvars");
    if named && !path.exists() {
        return Err(Diagnostic::error(format!("{} was not found", path.display())).code("unreadable-directory").into());
    }
    if ours || named {
        files.push(path.to_owned());
    }
    Ok(())
}

/// What changes, as `diff -u` shows it.
pub(super) fn difference(path: &Path, old: &str, new: &str) -> String {
    let (from, to) = (format!("old/{}", path.display()), format!("new/{}", path.display()));
    similar::TextDiff::from_lines(old, new).unified_diff().header(&from, &to).to_string()
}

/// Formats a file; its text before and after, if that differs. Written whole or not at all.
fn format_file(path: &Path, write: bool) -> Result<Option<(String, String)>, Diagnostics> {
    let problem = |what: &str, why: String| {
        Diagnostic::error(format!("Cannot {what} {}", path.display())).code("unreadable-file").detail(format!("{why}."))
    };
    let bytes = disk::read_named(path).map_err(|why| problem("read", why))?;
    let parsed = parse::parse(&path.to_string_lossy(), &bytes)?;
    let formatted = format_source(&parsed.source.text);
    if formatted == parsed.source.text {
        return Ok(None);
    }
    if write {
        disk::replace_all(&[(path.to_owned(), formatted.clone().into_bytes())])
            .map_err(|(_, why)| problem("write", why))?;
    }
    Ok(Some((parsed.source.text.clone(), formatted)))
}
