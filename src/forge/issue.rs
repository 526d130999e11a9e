//! One issue for the drift of a layout. It is found again by its mark, written anew in place, closed once nothing differs,
//! and opened again when something does.

use super::answers::Failure;
use super::client::{Line, PAUSE};
use super::comment::by_stranger;
use super::job::{Access, Purpose, Read, Service};
use super::marker::{is_of_drift, of_drift};
use crate::diag::Diagnostics;
use crate::report::drift::Issue;
use serde_json::{Value, json};

/// The label by which issues are found among all others. Only those who may write to the repository can give it.
const LABEL: &str = "floorplan-drift";
/// Attempts to make an issue.
const ATTEMPTS: u32 = 3;

/// The issues of a project.
pub struct Issues {
    line: Line,
}

/// An issue that is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Found {
    number: u64,
    open: bool,
}

impl Issues {
    /// Of the project that the job runs for, by the variables of the CI service. Makes no call.
    pub fn of_job(service: Service, read: Read<'_>) -> Result<Self, Diagnostics> {
        Ok(Issues { line: Line::new(Access::read(service, Purpose::Issue, read)?)? })
    }

    /// The project, as the service names it.
    pub fn project(&self) -> &str {
        &self.line.access.project
    }

    /// Makes the issue of a layout show its drift, and gives its number. `key` names the layout. `known` is the number that
    /// the issue had. Without drift no issue is made.
    pub async fn show(&self, key: &str, issue: &Issue, known: Option<u64>) -> Result<Option<u64>, Failure> {
        let text = format!("{}\n{}", of_drift(key), issue.body);
        let mut attempt = 1;
        loop {
            let all = self.find(key, known).await?;
            let Some((first, others)) = all.split_first() else {
                if !issue.open {
                    return Ok(None);
                }
                match self.create(issue, &text).await {
                    // Nobody knows whether it was made: the list shows it.
                    Err(failure) if failure.is_unclear() && attempt < ATTEMPTS => {
                        tokio::time::sleep(PAUSE * attempt).await;
                        attempt += 1;
                        continue;
                    }
                    made => return made,
                }
            };
            self.update(*first, issue, &text).await?;
            // Two runs made one each at the same time.
            for other in others.iter().filter(|other| other.open) {
                self.change(other.number, self.state(false)).await?;
            }
            return Ok(Some(first.number));
        }
    }

    /// The issues about a layout, the oldest first.
    async fn find(&self, key: &str, known: Option<u64>) -> Result<Vec<Found>, Failure> {
        let author = self.line.author().await?;
        let list = match (self.line.access.service, author) {
            (Service::Github, _) => format!("issues?state=all&labels={LABEL}"),
            (Service::Gitlab, Some(author)) => format!("issues?scope=all&labels={LABEL}&author_id={author}"),
            (Service::Gitlab, None) => format!("issues?scope=all&labels={LABEL}"),
        };
        let all = self.line.list(&list).await?;
        let mut found: Vec<Found> = all.iter().filter_map(|one| own(one, key, author)).collect();
        if let (true, Some(number)) = (found.is_empty(), known) {
            // Somebody took the label off, or the token may not give one.
            match self.line.ask("GET", &format!("issues/{number}"), None).await {
                Ok(answer) => {
                    let one: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
                    found.extend(own(&one, key, author));
                }
                Err(failure) if matches!(failure.status, Some(404 | 410)) => {}
                Err(failure) => return Err(failure),
            }
        }
        found.sort_by_key(|issue| issue.number);
        Ok(found)
    }

    async fn create(&self, issue: &Issue, text: &str) -> Result<Option<u64>, Failure> {
        let body = match self.line.access.service {
            Service::Github => json!({ "title": issue.title, "body": text, "labels": [LABEL] }),
            Service::Gitlab => json!({ "title": issue.title, "description": text, "labels": LABEL }),
        };
        let answer = self.line.ask("POST", "issues", Some(&body)).await?;
        Ok(number(&serde_json::from_slice(&answer.body).unwrap_or_default()))
    }

    async fn update(&self, found: Found, issue: &Issue, text: &str) -> Result<(), Failure> {
        let name = match self.line.access.service {
            Service::Github => "body",
            Service::Gitlab => "description",
        };
        let mut body = json!({ "title": issue.title });
        body[name] = text.into();
        if found.open != issue.open {
            let state = self.state(issue.open);
            state.as_object().into_iter().flatten().for_each(|(name, value)| body[name.as_str()] = value.clone());
        }
        self.change(found.number, body).await
    }

    /// The members that open or close an issue.
    fn state(&self, open: bool) -> Value {
        match (self.line.access.service, open) {
            (Service::Github, true) => json!({ "state": "open", "state_reason": "reopened" }),
            (Service::Github, false) => json!({ "state": "closed", "state_reason": "completed" }),
            (Service::Gitlab, true) => json!({ "state_event": "reopen" }),
            (Service::Gitlab, false) => json!({ "state_event": "close" }),
        }
    }

    async fn change(&self, number: u64, body: Value) -> Result<(), Failure> {
        let method = match self.line.access.service {
            Service::Github => "PATCH",
            Service::Gitlab => "PUT",
        };
        self.line.ask(method, &format!("issues/{number}"), Some(&body)).await.map(drop)
    }
}

/// The number of an issue in its project.
fn number(issue: &Value) -> Option<u64> {
    issue["iid"].as_u64().or_else(|| issue["number"].as_u64())
}

/// The issue, if it is about this layout and by someone who may write them. GitHub lists pull requests among them.
fn own(issue: &Value, key: &str, author: Option<u64>) -> Option<Found> {
    let text = issue["description"].as_str().or_else(|| issue["body"].as_str())?;
    let ours = is_of_drift(text, key) && issue["pull_request"].is_null() && !by_stranger(issue, author);
    let open = matches!(issue["state"].as_str(), Some("open" | "opened"));
    ours.then_some(Found { number: number(issue)?, open })
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "layouts/net-0123";

    #[test]
    fn an_issue_is_known_by_its_mark_and_its_author() {
        let body = format!("{}\ntext", of_drift(KEY));
        let github = json!({
            "number": 7, "id": 900, "state": "open", "body": body,
            "user": { "type": "Bot" }, "author_association": "NONE",
        });
        assert_eq!(own(&github, KEY, None), Some(Found { number: 7, open: true }));
        assert_eq!(own(&github, "layouts/web-4567", None), None);
        let with = |name: &str, value: Value| {
            let mut other = github.clone();
            other[name] = value;
            own(&other, KEY, None)
        };
        assert_eq!(with("state", "closed".into()), Some(Found { number: 7, open: false }));
        assert_eq!(with("user", json!({ "type": "User" })), None, "a stranger");
        assert_eq!(with("pull_request", json!({})), None);
        assert_eq!(with("body", Value::Null), None);
        let gitlab = json!({ "iid": 3, "id": 900, "state": "opened", "description": body, "author": { "id": 99 } });
        assert_eq!(own(&gitlab, KEY, Some(99)), Some(Found { number: 3, open: true }));
        assert_eq!(own(&gitlab, KEY, Some(98)), None);
    }
}
