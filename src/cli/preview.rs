//! `floorplan preview`: the plans of many layouts as one comment on a pull request, or in another form.

use super::args::{Global, PlanOptions, VariableArgs, VariableArgument};
use super::fleet::{self, Selection};
use super::gone;
use super::plan::schema;
use super::post::{Post, Posting, Shown, variable};
use super::review::{self, Folder, Review};
use super::ui::Ui;
use super::{Exit, Outcome};
use crate::diag::{Diagnostic, Diagnostics};
use crate::fleet::Member;
use crate::fleet::find::Found;
use crate::fleet::shard::Shard;
use crate::forge::{self, Level, Remark};
use crate::lang::config::ModuleNode;
use crate::plan::{Action, Plan, place, provisioners};
use crate::report::preview::{self, Links, Preview, Previewed, Rung, html};
use crate::report::text;
use crate::session::programs;
use crate::sources::git;
use crate::value::address::Address;
use clap::{Args, ValueEnum};
use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The longest comment that GitHub takes, in characters.
const LIMIT: usize = 65_536;

/// Show the plans of many layouts as one comment for a pull request
#[derive(Debug, Args)]
pub(super) struct PreviewArgs {
    #[command(flatten)]
    selection: Selection,
    #[command(flatten)]
    variables: VariableArgs,
    #[command(flatten)]
    options: PlanOptions,
    /// The form
    #[arg(long, value_name = "FORM", default_value = "markdown")]
    format: Form,
    /// The most characters that the comment may have
    ///
    /// By default 65,536, as many as GitHub takes.
    #[arg(long, value_name = "N", conflicts_with = "html")]
    limit: Option<usize>,
    /// The same as --format=html
    #[arg(long, conflicts_with = "format")]
    html: bool,
    /// Save the plan of each layout that has changes into this folder, for apply
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// The address that the files of the repository are below, for links to lines; in GitHub Actions and GitLab CI it is
    /// known
    #[arg(long, value_name = "URL")]
    links: Option<String>,
    /// Post the preview: as the one comment of a pull request, with a commit status and remarks on the lines
    #[arg(long, value_name = "SERVICE")]
    post: Option<Post>,
    /// The name of the preview, where a pull request has several
    #[arg(long, value_name = "NAME", requires = "post", value_parser = forge::name)]
    name: Option<String>,
}

/// How a preview is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    /// For people
    Text,
    /// For programs
    Json,
    /// A comment
    Markdown,
    /// A page by itself, with a filter and a search
    Html,
    /// For code scanning
    Sarif,
    /// As test results
    Junit,
}

/// A layout of the preview, with what is kept of it.
struct Part {
    layout: String,
    file: String,
    places: Vec<(String, String)>,
    outcome: Result<Plan, Diagnostics>,
    lines: HashMap<Address, (String, usize)>,
}

impl Part {
    fn shown(&self) -> Previewed<'_> {
        let Part { layout, file, places, outcome, .. } = self;
        Previewed { layout, places, outcome: outcome.as_ref(), file }
    }
}

/// Runs the command.
pub(super) fn run(args: &PreviewArgs, typed: &[VariableArgument], global: &Global, ui: &Ui) -> Outcome {
    let event = forge::event(&variable)?;
    let fork = forge::fork(&variable, event.as_ref());
    let context = forge::context(args.name.as_deref(), args.selection.part()?.map(Shard::place));
    let mut posting = Posting::begin(args.post, context, event.as_ref(), ui)?;
    let outcome = show(args, typed, global, (ui, &mut posting), fork.as_deref());
    posting.end(outcome)
}

/// Makes the preview, and shows it.
fn show(
    args: &PreviewArgs,
    typed: &[VariableArgument],
    global: &Global,
    (ui, posting): (&Ui, &mut Posting<'_>),
    fork: Option<&str>,
) -> Outcome {
    let form = if args.html { Form::Html } else { args.format };
    if args.limit.is_some() && form != Form::Markdown && args.post.is_none() {
        return Err(Diagnostic::error("--limit is for a comment")
            .code("usage")
            .detail("Other forms are as long as they have to be.")
            .hint("Leave --limit out, or use --format markdown.")
            .into());
    }
    let layouts = match args.selection.one().filter(|_| !args.selection.layouts.is_empty()) {
        Some(dir) => Found::one(dir),
        None => gone::with_deleted(args.selection.all(typed, ui), &args.selection, (typed, global), ui)?,
    };
    let run = fleet::Run {
        layouts: &layouts,
        variables: &args.variables,
        typed,
        options: args.options.read(false)?,
        refresh: args.options.refresh,
        unmanaged: false,
        fork,
        global,
        ui,
    };
    let top = git::top(Path::new(".")).ok();
    let forbids = |plan: &Plan, root: &ModuleNode| match fork {
        Some(fork) => of_stranger(plan, root, fork),
        None if args.options.no_provisioners => provisioners::refused(&plan.changes, root),
        None => Diagnostics::new(),
    };
    let folder = args.out.as_deref().map(|path| {
        let since = args.selection.which.changed_since.as_deref();
        let kept: Vec<PathBuf> =
            layouts.layouts.iter().filter(|dir| !layouts.lost.contains_key(*dir)).cloned().collect();
        review::distinct(&kept).map(|()| Folder { path, review: Review::of(Path::new("."), since, typed) })
    });
    let folder = folder.transpose()?;
    let judge = |dir: &Path, member: Result<Member<'_>, Diagnostics>| {
        let of = member.as_ref().ok().map(|member| (member.layout, member.backend));
        let mut part = part(dir, member, top.as_deref(), &forbids);
        let saved = folder.as_ref().and_then(|folder| folder.keep(dir, of, &mut part.outcome));
        (part, saved)
    };
    let (mut parts, mut saved) = (Vec::new(), Vec::new());
    run.plan(&judge, |_, ended| {
        let (part, path) = ended.outcome;
        let words = result(&part);
        parts.push(part);
        saved.extend(path);
        words
    })?;
    let all: Vec<Previewed<'_>> = parts.iter().map(Part::shown).collect();
    let base = args.links.clone().or_else(|| of_environment(|name| std::env::var(name).ok()));
    let by_layout: HashMap<&str, &Part> = parts.iter().map(|part| (part.layout.as_str(), part)).collect();
    let line = |layout: &str, address: &Address| by_layout.get(layout)?.lines.get(address).cloned();
    let file = |file: &str| below(top.as_deref(), Path::new(file));
    let links = Links { base: base.as_deref(), place: &line, file: &file };
    let mut exit = Exit::Done;
    let other = other(form, &all, &links, ui.colour);
    other.iter().for_each(|text| ui.data(text));
    if other.is_none() || args.post.is_some() {
        let limit = args.limit.unwrap_or(LIMIT).saturating_sub(posting.reserved());
        let preview = match all.is_empty() {
            true => Preview::of_none(&args.selection.why_none()),
            false => preview::render(&all, &schema, &links, limit),
        };
        if other.is_none() {
            ui.data(&preview.text);
        }
        if preview.rung == Rung::Line {
            let d = Diagnostic::error("The preview does not fit into the comment")
                .code("preview-limit")
                .detail(format!("Even its table has more than {limit} characters."))
                .hint("Preview fewer layouts at a time (--changed-since, --shard), or raise --limit.");
            ui.report_one(&d);
            exit = Exit::Failed;
        }
        posting.publish(&Shown {
            text: &preview.text,
            brief: if all.is_empty() { args.selection.why_none() } else { preview::brief(&all) },
            counts: &counts(&all),
            remarks: &remarks(&parts, top.as_deref()),
        });
    }
    for part in &parts {
        exit = fleet::worse(exit, end(part, ui));
    }
    if let Some(folder) = &folder {
        ui.status(&folder.said(&saved));
    }
    Ok(exit)
}

/// The preview in a form other than that of the comment.
fn other(form: Form, all: &[Previewed<'_>], links: &Links<'_>, colour: bool) -> Option<String> {
    Some(match form {
        Form::Markdown => return None,
        Form::Text => preview::text(all, &schema, links, colour),
        Form::Json => format!("{:#}\n", preview::json(all, &schema, links)),
        Form::Html => html::render(all, &schema, links),
        Form::Sarif => format!("{:#}\n", preview::sarif(all, &schema, links)),
        Form::Junit => preview::junit(all),
    })
}

/// How the plan of one layout ended. Its errors are in the preview; they are printed where a person looks for them too.
fn end(part: &Part, ui: &Ui) -> Exit {
    match &part.outcome {
        Err(problems) => {
            ui.status(&format!("{}:", part.layout));
            ui.report(problems);
            if problems.has_errors() { Exit::Failed } else { Exit::Done }
        }
        Ok(plan) if plan.refusals().has_errors() => Exit::Refused,
        Ok(_) => Exit::Done,
    }
}

/// What came of a layout, in a few words.
fn result(part: &Part) -> String {
    match &part.outcome {
        Err(_) if part.shown().is_deleted() => "deleted".into(),
        Err(_) => "failed".into(),
        Ok(plan) if plan.refusals().has_errors() => "refused".into(),
        Ok(plan) if plan.has_changes() => text::counts(&plan.summary()),
        Ok(_) => "no changes".into(),
    }
}

/// Numbers for the steps of a job that follow.
fn counts(all: &[Previewed<'_>]) -> [(&'static str, usize); 6] {
    let sum = preview::total(all);
    let refused = all.iter().filter(|one| one.outcome.is_ok_and(|plan| plan.refusals().has_errors())).count();
    let failed = all.iter().filter(|one| one.outcome.is_err_and(Diagnostics::has_errors)).count();
    [
        ("create", sum.create),
        ("update", sum.update),
        ("replace", sum.replace),
        ("destroy", sum.delete),
        ("refused", refused),
        ("failed", failed),
    ]
}

/// Remarks on the lines of errors, and of blocks whose objects change or go. A block that is new says it by itself.
fn remarks(parts: &[Part], top: Option<&Path>) -> Vec<Remark> {
    let mut found = Vec::new();
    for part in parts {
        match &part.outcome {
            Err(problems) => found.extend(problems.iter().filter(|d| d.is_error()).filter_map(|d| {
                let span = d.span.as_ref()?;
                let words = [&d.summary, &d.detail].into_iter().chain(&d.hints).filter(|words| !words.is_empty());
                let message = words.map(String::as_str).collect::<Vec<_>>().join("\n");
                let file = below(top, Path::new(&span.file.path));
                Some(Remark { file, line: span.line_column().0, level: Level::Failure, message })
            })),
            Ok(plan) => found.extend(plan.changes.iter().filter_map(|change| {
                let level = match change.action {
                    Action::Update => Level::Notice,
                    Action::Delete | Action::DeleteThenCreate | Action::CreateThenDelete => Level::Warning,
                    Action::NoOp | Action::Create | Action::Read | Action::Forget => return None,
                };
                let (file, line) = part.lines.get(&change.address)?.clone();
                let message = format!("{}: {}", part.layout, text::heading(change).join(" "));
                Some(Remark { file, line, level, message })
            })),
        }
    }
    // Lines of modules outside of the repository have no place in it.
    found.retain(|remark| !remark.file.starts_with("../") && !Path::new(&remark.file).is_absolute());
    found
}

/// The provisioners of a plan that a stranger wrote.
fn of_stranger(plan: &Plan, root: &ModuleNode, fork: &str) -> Diagnostics {
    let refusal = |d: Diagnostic| {
        let refusal = programs::refusal("A provisioner", fork).at(d.span);
        match d.address {
            Some(address) => refusal.about(address),
            None => refusal,
        }
    };
    provisioners::refused(&plan.changes, root).into_iter().map(refusal).collect()
}

/// What is kept of a layout. A plan that `forbids` has an error for counts as none.
fn part(
    dir: &Path,
    member: Result<Member<'_>, Diagnostics>,
    top: Option<&Path>,
    forbids: &dyn Fn(&Plan, &ModuleNode) -> Diagnostics,
) -> Part {
    let layout = dir.to_string_lossy().into_owned();
    let first = member.as_ref().ok().and_then(|member| member.layout.loaded.sources.first());
    let file = below(top, first.map_or(dir, |source| Path::new(&source.path)));
    let member = match member {
        Ok(member) => member,
        Err(problems) => {
            return Part { layout, file, places: Vec::new(), outcome: Err(problems), lines: HashMap::new() };
        }
    };
    let mut lines = HashMap::new();
    let outcome = member.planned.map_err(Clone::clone).and_then(|planned| {
        forbids(&planned.plan, &member.layout.loaded.root).into_result(())?;
        for change in planned.plan.changes.iter().filter(|change| change.action != Action::NoOp) {
            if let Some(span) = place::of_change(&planned.scopes, change, &[]) {
                let file = below(top, Path::new(&span.file.path));
                lines.insert(change.address.clone(), (file, span.line_column().0));
            }
        }
        Ok(planned.plan.clone())
    });
    Part { layout, file, places: member.places, outcome, lines }
}

/// The name of a file from the top of the repository, else as it is typed.
fn below(top: Option<&Path>, file: &Path) -> String {
    let whole: Option<PathBuf> = fs::canonicalize(file).ok();
    let inner = top.zip(whole.as_deref()).and_then(|(top, whole)| whole.strip_prefix(top).ok());
    inner.unwrap_or(file).to_string_lossy().into_owned()
}

/// The address of the files at the commit that a job of a CI service runs for.
fn of_environment(read: impl Fn(&str) -> Option<String>) -> Option<String> {
    let get = |name: &str| read(name).filter(|value| !value.is_empty());
    let github =
        || Some(format!("{}/{}/blob/{}", get("GITHUB_SERVER_URL")?, get("GITHUB_REPOSITORY")?, get("GITHUB_SHA")?));
    let gitlab = || Some(format!("{}/-/blob/{}", get("CI_PROJECT_URL")?, get("CI_COMMIT_SHA")?));
    github().or_else(gitlab)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_lead_to_the_commit_of_the_job() {
        let with = |set: &[(&str, &str)]| {
            of_environment(|name| set.iter().find(|(n, _)| *n == name).map(|(_, v)| (*v).to_owned()))
        };
        let github =
            [("GITHUB_SERVER_URL", "https://github.com"), ("GITHUB_REPOSITORY", "acme/net"), ("GITHUB_SHA", "abc")];
        assert_eq!(with(&github).as_deref(), Some("https://github.com/acme/net/blob/abc"));
        let gitlab = [("CI_PROJECT_URL", "https://gitlab.com/acme/net"), ("CI_COMMIT_SHA", "abc")];
        assert_eq!(with(&gitlab).as_deref(), Some("https://gitlab.com/acme/net/-/blob/abc"));
        assert_eq!(with(&[]), None);
    }
}
