//! One comment for a preview, however many runs there are. The newest run has the word.

use super::answers::Failure;
use super::client::{Client, PAUSE};
use super::job::Service;
use super::marker::{Marker, Run};
use crate::sources::web::Answer;
use serde_json::{Value, json};
use std::cmp::Reverse;

/// Attempts to write the comment.
const ATTEMPTS: u32 = 3;
/// Those who may not write to a repository, in GitHub's words. They could pretend that a comment is a newer preview.
const STRANGERS: [&str; 5] = ["CONTRIBUTOR", "FIRST_TIMER", "FIRST_TIME_CONTRIBUTOR", "MANNEQUIN", "NONE"];

/// What became of a comment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Posted {
    /// It is new.
    Created,
    /// It shows this preview now.
    Updated,
    /// It shows the preview of a newer run, and stays as it is.
    Left {
        /// The newer run.
        run: Run,
        /// The commit that it planned.
        commit: String,
    },
}

/// A comment of this preview.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Comment {
    id: u64,
    run: Run,
}

/// The one that is kept: of the newest run, and the oldest of these.
fn kept(all: &[(Comment, String)]) -> Option<&(Comment, String)> {
    all.iter().max_by_key(|(comment, _)| (comment.run, Reverse(comment.id)))
}

impl Client {
    /// A text as the body of a comment: with the mark of this run, and its commit below.
    pub fn wrapped(&self, text: &str) -> String {
        let (context, commit, run) = (self.context.clone(), self.job.commit.clone(), self.job.run);
        let words = match &self.job.page {
            Some(page) => format!("[run {run}]({page})"),
            None => format!("run {run}"),
        };
        format!("{}\n{text}\n<sub>Commit {commit}, {words}</sub>\n", Marker { context, commit: commit.clone(), run })
    }

    /// Which run this is.
    pub fn run(&self) -> Run {
        self.job.run
    }

    /// Makes the comment show a text, unless a newer run was there first.
    pub async fn comment(&self, text: &str) -> Result<Posted, Failure> {
        let body = json!({ "body": self.wrapped(text) });
        let mut attempt = 1;
        loop {
            let all = self.own_comments().await?;
            let written = match kept(&all) {
                Some((comment, commit)) if comment.run > self.job.run => return Ok(left(*comment, commit)),
                Some((comment, _)) => self.update(comment.id, &body).await.map(|_| Posted::Updated),
                None => self.create(&body).await.map(|_| Posted::Created),
            };
            let lost = match written {
                Ok(Posted::Updated) => {
                    self.tidy(&all).await?;
                    return Ok(Posted::Updated);
                }
                // Another run may have made one in the same moment.
                Ok(_) => return self.tidy(&self.own_comments().await?).await,
                Err(failure) => failure,
            };
            // The comment was deleted meanwhile, or nobody knows whether it was written: the list shows it.
            let again = lost.is_unclear() || (lost.status == Some(404) && !all.is_empty());
            if !again || attempt >= ATTEMPTS {
                return Err(lost);
            }
            tokio::time::sleep(PAUSE * attempt).await;
            attempt += 1;
        }
    }

    /// Deletes what runs that began at the same time made besides; what became of the comment of this one.
    async fn tidy(&self, all: &[(Comment, String)]) -> Result<Posted, Failure> {
        let Some((keep, commit)) = kept(all) else { return Ok(Posted::Created) };
        for (comment, _) in all.iter().filter(|(one, _)| one.id != keep.id && one.run <= self.job.run) {
            match self.ask("DELETE", &self.route(comment.id), None).await {
                Err(failure) if failure.status != Some(404) => return Err(failure),
                _ => {}
            }
        }
        Ok(if keep.run > self.job.run { left(*keep, commit) } else { Posted::Created })
    }

    /// The comments of this preview, with the commits that they show.
    async fn own_comments(&self) -> Result<Vec<(Comment, String)>, Failure> {
        let author = self.line.author().await?;
        let all = self.line.list(&self.list()).await?;
        Ok(all.iter().filter_map(|one| own(one, &self.context, author)).collect())
    }

    async fn create(&self, body: &Value) -> Result<Answer, Failure> {
        self.ask("POST", &self.list(), Some(body)).await
    }

    async fn update(&self, id: u64, body: &Value) -> Result<Answer, Failure> {
        let method = match self.job.access.service {
            Service::Github => "PATCH",
            Service::Gitlab => "PUT",
        };
        self.ask(method, &self.route(id), Some(body)).await
    }

    /// Where the comments of the pull request are.
    fn list(&self) -> String {
        match self.job.access.service {
            Service::Github => format!("issues/{}/comments", self.job.request),
            Service::Gitlab => format!("merge_requests/{}/notes", self.job.request),
        }
    }

    /// Where one of them is.
    fn route(&self, id: u64) -> String {
        match self.job.access.service {
            Service::Github => format!("issues/comments/{id}"),
            Service::Gitlab => format!("{}/{id}", self.list()),
        }
    }
}

fn left(comment: Comment, commit: &str) -> Posted {
    Posted::Left { run: comment.run, commit: commit.to_owned() }
}

/// Whether something was written by somebody else than us and those who may write to the repository.
pub(super) fn by_stranger(one: &Value, author: Option<u64>) -> bool {
    let is_bot = one["user"]["type"] == "Bot";
    let stranger = one["author_association"].as_str().is_some_and(|what| STRANGERS.contains(&what));
    let by_other = author.is_some_and(|own| one["author"]["id"].as_u64().is_some_and(|id| id != own));
    by_other || (stranger && !is_bot)
}

/// The comment, if it is one of this preview and by someone who may write them.
fn own(comment: &Value, context: &str, author: Option<u64>) -> Option<(Comment, String)> {
    if by_stranger(comment, author) {
        return None;
    }
    let marker = Marker::of(comment["body"].as_str()?).filter(|marker| marker.context == context)?;
    Some((Comment { id: comment["id"].as_u64()?, run: marker.run }, marker.commit))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONTEXT: &str = "floorplan/preview";

    fn body(run: &str) -> String {
        format!("<!-- floorplan {CONTEXT} commit=abc run={run} -->\n### Floorplan")
    }

    #[test]
    fn a_stranger_cannot_pretend_to_be_the_preview() {
        let by = |kind: &str, association: &str| json!({ "id": 1, "body": body("9.1"), "user": { "type": kind }, "author_association": association });
        assert!(own(&by("Bot", "NONE"), CONTEXT, None).is_some());
        assert!(own(&by("User", "MEMBER"), CONTEXT, None).is_some());
        assert!(own(&by("User", "FIRST_TIME_CONTRIBUTOR"), CONTEXT, None).is_none());
        let note = json!({ "id": 1, "body": body("9.1"), "author": { "id": 5 } });
        assert!(own(&note, CONTEXT, Some(5)).is_some());
        assert!(own(&note, CONTEXT, Some(6)).is_none());
        assert!(own(&note, "floorplan/preview/prod", Some(5)).is_none());
    }

    #[test]
    fn the_comment_of_the_newest_run_is_kept() {
        let comment = |id, number| (Comment { id, run: Run { number, attempt: 1 } }, String::new());
        let id = |all: &[(Comment, String)]| kept(all).map(|(comment, _)| comment.id);
        assert_eq!(id(&[comment(1, 5), comment(2, 6), comment(3, 6)]), Some(2));
        assert_eq!(id(&[]), None);
    }
}
