//! `preview --post`: the preview as a comment, and the status of the commit, from the first moment of the run to its
//! end, however it ends.

use super::fleet::worse;
use super::ui::Ui;
use super::{Exit, Outcome};
use crate::diag::{Diagnostic, Diagnostics};
use crate::forge::{self, Client, Job, Posted, Remark, Service, State};
use clap::ValueEnum;
use serde_json::Value;
use std::sync::Arc;
use tokio::runtime::Runtime;
use tokio::sync::watch;

/// Where a preview is posted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Post {
    /// On a pull request, in GitHub Actions
    Github,
    /// On a merge request, in GitLab CI
    Gitlab,
}

/// A preview as it is posted.
pub(super) struct Shown<'a> {
    /// The comment.
    pub(super) text: &'a str,
    /// All layouts in a few words.
    pub(super) brief: String,
    /// Numbers for the steps that follow.
    pub(super) counts: &'a [(&'static str, usize)],
    /// Remarks on lines.
    pub(super) remarks: &'a [Remark],
}

/// A run that posts its preview, or one that does not.
pub(super) struct Posting<'a> {
    ui: &'a Ui,
    to: Option<Post>,
    live: Option<Live>,
    /// What the status says of the preview, once it is shown.
    brief: Option<String>,
    failed: bool,
}

/// The way to the service.
struct Live {
    runtime: Runtime,
    client: Arc<Client>,
    /// Whether the token may set a status.
    sets_status: bool,
}

/// A variable of the environment.
pub(super) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

impl<'a> Posting<'a> {
    /// Sets the status to pending. What goes wrong is printed, and the preview is made all the same.
    pub(super) fn begin(
        to: Option<Post>,
        context: String,
        event: Option<&Value>,
        ui: &'a Ui,
    ) -> Result<Self, Diagnostics> {
        let mut posting = Posting { ui, to, live: None, brief: None, failed: false };
        let service = match to {
            None => return Ok(posting),
            Some(Post::Github) => Service::Github,
            Some(Post::Gitlab) => Service::Gitlab,
        };
        let job = match Job::read(service, &variable, event) {
            Ok(job) => job,
            Err(problems) => {
                ui.report(&problems);
                posting.failed = true;
                return Ok(posting);
            }
        };
        let client = Arc::new(Client::new(job, context)?);
        let runtime = super::runtime()?;
        let stopped = {
            let _inside = runtime.enter();
            super::interrupt::listen()?
        };
        runtime.spawn(stop(client.clone(), stopped));
        let pending = runtime.block_on(client.status(State::Pending, "The layouts are planned"));
        let sets_status = !pending.as_ref().is_err_and(forge::Failure::is_forbidden);
        posting.live = Some(Live { runtime, client, sets_status });
        if let Err(failure) = pending {
            posting.fails(&failure.diagnostic("Cannot set the commit status"));
        }
        Ok(posting)
    }

    /// How many characters of a comment the preview cannot have.
    pub(super) fn reserved(&self) -> usize {
        self.live.as_ref().map_or(0, |live| live.client.wrapped("").chars().count())
    }

    /// Shows the preview wherever the service has a place for it.
    pub(super) fn publish(&mut self, shown: &Shown<'_>) {
        self.brief = Some(shown.brief.clone());
        if self.to == Some(Post::Github) {
            let counts: String = shown.counts.iter().map(|(name, count)| format!("{name}={count}\n")).collect();
            for (variable_name, text) in [("GITHUB_STEP_SUMMARY", shown.text), ("GITHUB_OUTPUT", counts.as_str())] {
                if let Err(problem) = forge::append(&variable, variable_name, text) {
                    self.fails(&problem);
                }
            }
        }
        self.comment(shown.text);
        let Some(live) = &self.live else { return };
        match live.runtime.block_on(live.client.annotate(shown.remarks, &shown.brief)) {
            Ok(()) => {}
            Err(failure) if failure.is_forbidden() => {
                let problem = failure.diagnostic("The lines of the layouts get no remarks");
                let problem = Diagnostic::warning(problem.summary)
                    .code("forge-token")
                    .detail(problem.detail)
                    .hint("Give the job the permission checks: write. A personal token cannot have it.");
                self.ui.report_one(&problem);
            }
            Err(failure) => self.fails(&failure.diagnostic("Cannot put remarks on the lines of the layouts")),
        }
    }

    fn comment(&mut self, text: &str) {
        let Some(live) = &self.live else { return };
        match live.runtime.block_on(live.client.comment(text)) {
            Ok(Posted::Created) => self.ui.status("The preview is a new comment."),
            Ok(Posted::Updated) => self.ui.status("The comment of the preview is updated."),
            Ok(Posted::Left { run, commit }) => self.ui.status(&format!(
                "The comment stays as it is: it shows commit {commit} of run {run}, and this is the older run {}.",
                live.client.run()
            )),
            Err(failure) => self.fails(&failure.diagnostic("Cannot post the preview")),
        }
    }

    /// Sets the status by how the run ended.
    pub(super) fn end(mut self, outcome: Outcome) -> Outcome {
        if let Err(problems) = &outcome
            && self.brief.is_none()
        {
            self.comment(&not_made(problems));
        }
        let brief = self.brief.take().unwrap_or_default();
        let (state, words) = match &outcome {
            Err(problems) => (State::Error, problems.iter().map(|d| d.summary.clone()).next().unwrap_or_default()),
            Ok(_) if self.failed => (State::Error, format!("{brief}; not all of the preview was posted")),
            Ok(Exit::Done | Exit::Differences) => (State::Success, brief),
            Ok(Exit::Refused) => (State::Failure, format!("{brief}; a plan is forbidden")),
            Ok(Exit::Failed) => (State::Failure, brief),
        };
        if let Some(live) = self.live.as_ref().filter(|live| live.sets_status)
            && let Err(failure) = live.runtime.block_on(live.client.status(state, &words))
        {
            self.fails(&failure.diagnostic("Cannot set the commit status"));
        }
        outcome.map(|exit| if self.failed { worse(exit, Exit::Failed) } else { exit })
    }

    fn fails(&mut self, problem: &Diagnostic) {
        self.ui.report_one(problem);
        self.failed = true;
    }
}

/// The comment of a run that made no preview: that of an earlier commit must not stay.
fn not_made(problems: &Diagnostics) -> String {
    let all: Vec<String> = problems.iter().filter(|d| d.is_error()).map(ToString::to_string).collect();
    let all: String = all.join("\n\n").chars().take(4000).collect();
    let lines: String = all.lines().map(|line| format!("    {line}\n")).collect();
    format!("### Floorplan: the preview could not be made\n\n{lines}")
}

/// Ends the program after a signal, once the status says so.
async fn stop(client: Arc<Client>, mut stopped: watch::Receiver<bool>) {
    let asked = stopped.wait_for(|stop| *stop).await.is_ok();
    if asked {
        if let Err(failure) = client.status(State::Error, "The run was stopped").await {
            eprintln!("{}\n", failure.diagnostic("Cannot set the commit status"));
        }
        std::process::exit(130);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn why_no_preview_was_made_is_a_block_of_code() {
        let d = Diagnostic::error("No layouts found").code("no-layouts").detail("Below `x` </details>.");
        let text = not_made(&d.into());
        assert!(text.starts_with("### Floorplan: the preview could not be made\n\n    "), "{text}");
        assert!(text.lines().skip(2).all(|line| line.starts_with("    ")), "{text}");
    }
}
