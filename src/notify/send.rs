//! Sends what a recipient does not know yet. Topics and webhooks get one notice for all layouts of a run; an issue is about
//! one layout.

use super::sns;
use super::target::{Address, Target};
use super::web;
use crate::diag::{Diagnostic, Diagnostics};
use crate::drift::LayoutDrift;
use crate::drift::finding::digest;
use crate::forge::{Issues, Read};
use crate::report::drift::{issue, json, slack};

/// A layout that a recipient has to hear about.
#[derive(Debug, Clone)]
pub struct Update<'a> {
    /// The layout as it is now.
    pub layout: &'a LayoutDrift,
    /// Its key in the memory.
    pub key: &'a str,
    /// Names the notice about it: the same until it is sent.
    pub notice: String,
    /// The issue that showed it.
    pub issue: Option<u64>,
}

/// A recipient, ready to be sent to.
pub struct Sender {
    target: Target,
    issues: Option<Issues>,
}

impl Sender {
    /// With the variables of a CI service, where the recipient is an issue. Makes no call.
    pub fn new(target: Target, read: Read<'_>) -> Result<Self, Diagnostics> {
        let issues = match &target {
            Target::Issue(service) => Some(Issues::of_job(*service, read)?),
            _ => None,
        };
        Ok(Sender { target, issues })
    }

    /// The name under which the memory keeps what was sent.
    pub fn name(&self) -> String {
        match &self.issues {
            Some(issues) => format!("{}:{}", self.target.name(), issues.project()),
            None => self.target.name(),
        }
    }

    /// Sends the layouts; which of them arrived, by their place in the list, each with the number of its issue. An `endpoint`
    /// replaces AWS.
    pub async fn send(
        &self,
        updates: &[Update<'_>],
        endpoint: Option<&str>,
    ) -> (Vec<(usize, Option<u64>)>, Vec<Diagnostic>) {
        if let Some(issues) = &self.issues {
            return self.show(issues, updates).await;
        }
        let layouts: Vec<LayoutDrift> = updates.iter().map(|update| update.layout.clone()).collect();
        let id = digest(updates.iter().map(|update| update.notice.as_str()));
        let sent = match &self.target {
            Target::Sns(topic) => sns::publish(topic, &layouts, &id, endpoint).await,
            Target::Slack(address) => self.post(address, &[], &slack(&layouts).to_string()).await,
            Target::Webhook(address) => {
                self.post(address, &[("idempotency-key", &id)], &format!("{:#}\n", json(&layouts))).await
            }
            Target::Issue(_) => Ok(()),
        };
        match sent {
            Ok(()) => ((0..updates.len()).map(|at| (at, None)).collect(), Vec::new()),
            Err(problem) => (Vec::new(), vec![problem]),
        }
    }

    async fn post(&self, to: &Address, headers: &[(&str, &str)], body: &str) -> Result<(), Diagnostic> {
        web::post(to, headers, body).await.map_err(|why| {
            Diagnostic::error(format!("Cannot send the notice to {}", self.target.words()))
                .code("drift-notify")
                .detail(format!("{why} The next run sends it again."))
                .hint("Check that the address is whole and still valid, and HTTPS_PROXY of the job.")
        })
    }

    async fn show(&self, issues: &Issues, updates: &[Update<'_>]) -> (Vec<(usize, Option<u64>)>, Vec<Diagnostic>) {
        let (mut sent, mut problems) = (Vec::new(), Vec::new());
        for (at, update) in updates.iter().enumerate() {
            let key = update.key.trim_end_matches(".json");
            match issues.show(key, &issue(update.layout), update.issue).await {
                Ok(number) => sent.push((at, number)),
                Err(failure) => {
                    let of = format!("Cannot write {} for {}", self.target.words(), update.layout.dir);
                    problems.push(failure.diagnostic(&of));
                    // The others would fail in the same way, each with all its attempts.
                    if failure.is_lasting() {
                        break;
                    }
                }
            }
        }
        (sent, problems)
    }
}
