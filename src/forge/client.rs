//! Calls to a service, with patience: limits are waited for, lost readings repeated.

use super::answers::{Failure, has_more, rate_limit};
use super::job::{Access, Job, Service};
use crate::aws::Transport;
use crate::diag::Diagnostic;
use crate::sources::web::Answer;
use serde_json::Value;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// How long one answer may take.
const ANSWER: Duration = Duration::from_secs(60);
/// How long a run waits for limits in all: a job that waits costs money.
const PATIENCE: Duration = Duration::from_secs(180);
/// Attempts of a call that may be repeated.
const ATTEMPTS: u64 = 3;
/// The pause after a first failed attempt.
pub(super) const PAUSE: Duration = Duration::from_millis(500);

/// Elements of a page of a list; more is not given at a time.
const PAGE: usize = 100;
/// So many pages are read at most.
const PAGES: usize = 100;

/// The way to the service, for one job and one preview.
pub struct Client {
    pub(super) job: Job,
    pub(super) context: String,
    pub(super) line: Line,
}

impl Client {
    /// Makes no call.
    pub fn new(job: Job, context: String) -> Result<Self, Diagnostic> {
        Ok(Client { line: Line::new(job.access.clone())?, job, context })
    }

    /// The answer to a call below the address of the project, if it is a success.
    pub(super) async fn ask(&self, method: &str, route: &str, body: Option<&Value>) -> Result<Answer, Failure> {
        self.line.ask(method, route, body).await
    }
}

/// The way to a project.
pub(super) struct Line {
    pub(super) access: Access,
    transport: Transport,
    waited: Mutex<Duration>,
}

impl Line {
    /// Makes no call.
    pub(super) fn new(access: Access) -> Result<Self, Diagnostic> {
        let cannot = access.purpose.failure();
        let transport = Transport::default()
            .trusting(None)
            .map_err(|e| Diagnostic::error(cannot).code("forge-call").detail(format!("{e}.")))?;
        Ok(Line { access, transport, waited: Mutex::default() })
    }

    /// The answer to a call below the address of the project, if it is a success.
    pub(super) async fn ask(&self, method: &str, route: &str, body: Option<&Value>) -> Result<Answer, Failure> {
        let project = match self.access.service {
            Service::Github => format!("repos/{}", self.access.project),
            Service::Gitlab => format!("projects/{}", self.access.project),
        };
        self.call(method, &format!("{}/{project}/{route}", self.access.api), body).await
    }

    /// The elements of a list below the address of the project, from all its pages.
    pub(super) async fn list(&self, route: &str) -> Result<Vec<Value>, Failure> {
        let mut found = Vec::new();
        let more = if route.contains('?') { '&' } else { '?' };
        for page in 1..=PAGES {
            let route = format!("{route}{more}per_page={PAGE}&page={page}");
            let answer = self.ask("GET", &route, None).await?;
            let all: Vec<Value> = serde_json::from_slice(&answer.body).map_err(|e| {
                Failure::lost(self.access.service, format!("GET {route}"), format!("the answer is not a list ({e})"))
            })?;
            found.extend(all);
            if !has_more(&answer) {
                break;
            }
        }
        Ok(found)
    }

    /// The user that the token belongs to, on GitLab: only that one's words are ours.
    pub(super) async fn author(&self) -> Result<Option<u64>, Failure> {
        if self.access.service == Service::Github {
            return Ok(None);
        }
        match self.call("GET", &format!("{}/user", self.access.api), None).await {
            Ok(answer) => Ok(serde_json::from_slice::<Value>(&answer.body).ok().and_then(|user| user["id"].as_u64())),
            Err(failure) if failure.status == Some(404) => Ok(None),
            Err(failure) => Err(failure),
        }
    }

    /// The answer to a call, if it is a success.
    pub(super) async fn call(&self, method: &str, url: &str, body: Option<&Value>) -> Result<Answer, Failure> {
        let service = self.access.service;
        let call = || format!("{method} {url}");
        let (name, token) = &self.access.token.header;
        let mut headers = vec![(*name, token.as_str())];
        match service {
            Service::Github => {
                headers.extend([("accept", "application/vnd.github+json"), ("x-github-api-version", "2022-11-28")]);
            }
            Service::Gitlab => headers.push(("accept", "application/json")),
        }
        if body.is_some() {
            headers.push(("content-type", "application/json"));
        }
        let mut attempt = 1;
        loop {
            let text = body.map(|body| body.to_string().into_bytes()).unwrap_or_default();
            let asked = tokio::time::timeout(ANSWER, self.transport.once(method, url, &headers, text)).await;
            let failure = match asked.unwrap_or_else(|_| Err("no answer came in time".to_owned())) {
                Ok(answer) if (200..300).contains(&answer.status) => return Ok(answer),
                Ok(answer) => {
                    let failure = Failure::answered(service, call(), &answer);
                    if let Some(wait) = rate_limit(&answer, jiff::Timestamp::now().as_second()) {
                        if !self.may_wait(wait) {
                            return Err(self.about(failure.limited(wait)));
                        }
                        tokio::time::sleep(wait).await;
                        continue;
                    }
                    failure
                }
                Err(why) => Failure::lost(service, call(), why),
            };
            // What makes something is repeated only by those who can see whether it was made.
            if method == "POST" || !failure.is_unclear() || attempt >= ATTEMPTS {
                return Err(self.about(failure));
            }
            tokio::time::sleep(PAUSE * u32::try_from(attempt).unwrap_or(1)).await;
            attempt += 1;
        }
    }

    fn about(&self, failure: Failure) -> Failure {
        failure.about(self.access.purpose).hiding(&self.access.token.secret)
    }

    /// Takes the time from what the run may wait; false if there is not so much left.
    fn may_wait(&self, wait: Duration) -> bool {
        let mut waited = self.waited.lock().unwrap_or_else(PoisonError::into_inner);
        let all = waited.saturating_add(wait);
        if all > PATIENCE {
            return false;
        }
        *waited = all;
        true
    }
}
