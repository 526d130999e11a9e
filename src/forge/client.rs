//! Calls to a service, with patience: limits are waited for, lost readings repeated.

use super::answers::{Failure, rate_limit};
use super::job::{Job, Service};
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

/// The way to the service, for one job and one preview.
pub struct Client {
    pub(super) job: Job,
    pub(super) context: String,
    transport: Transport,
    waited: Mutex<Duration>,
}

impl Client {
    /// Makes no call.
    pub fn new(job: Job, context: String) -> Result<Self, Diagnostic> {
        let transport = Transport::default()
            .trusting(None)
            .map_err(|e| Diagnostic::error("Cannot post the preview").code("forge-call").detail(format!("{e}.")))?;
        Ok(Client { job, context, transport, waited: Mutex::default() })
    }

    /// The answer to a call below the address of the project, if it is a success.
    pub(super) async fn ask(&self, method: &str, route: &str, body: Option<&Value>) -> Result<Answer, Failure> {
        let project = match self.job.service {
            Service::Github => format!("repos/{}", self.job.project),
            Service::Gitlab => format!("projects/{}", self.job.project),
        };
        self.call(method, &format!("{}/{project}/{route}", self.job.api), body).await
    }

    /// The answer to a call, if it is a success.
    pub(super) async fn call(&self, method: &str, url: &str, body: Option<&Value>) -> Result<Answer, Failure> {
        let service = self.job.service;
        let call = || format!("{method} {url}");
        let (name, token) = &self.job.token.header;
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
                            return Err(failure.limited(wait).hiding(&self.job.token.secret));
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
                return Err(failure.hiding(&self.job.token.secret));
            }
            tokio::time::sleep(PAUSE * u32::try_from(attempt).unwrap_or(1)).await;
            attempt += 1;
        }
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
