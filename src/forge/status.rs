//! The status of a commit. It is pending from the first moment of a run, so that a run that is killed never looks like a
//! success.

use super::answers::Failure;
use super::client::Client;
use super::job::Service;
use serde_json::{Value, json};

/// The longest description that GitHub takes, in characters.
const DESCRIPTION: usize = 140;

/// How a run is, or how it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It is at work.
    Pending,
    /// Every layout was planned, and nothing forbids the plans.
    Success,
    /// A layout was not planned, or a plan is forbidden.
    Failure,
    /// The preview could not be made or shown.
    Error,
}

impl State {
    fn word(self, service: Service) -> &'static str {
        match (self, service) {
            (State::Pending, _) => "pending",
            (State::Success, _) => "success",
            (State::Failure, Service::Github) => "failure",
            (State::Error, Service::Github) => "error",
            (State::Failure | State::Error, Service::Gitlab) => "failed",
        }
    }
}

impl Client {
    /// Sets the status.
    pub async fn status(&self, state: State, description: &str) -> Result<(), Failure> {
        let service = self.job.access.service;
        let word = state.word(service);
        let mut body = json!({ "state": word, "description": cut(description) });
        let name = match service {
            Service::Github => "context",
            Service::Gitlab => "name",
        };
        body[name] = Value::from(self.context.as_str());
        if let Some(page) = &self.job.page {
            body["target_url"] = Value::from(page.as_str());
        }
        if let Some(pipeline) = self.job.pipeline {
            body["pipeline_id"] = Value::from(pipeline);
        }
        match self.repeated(&format!("statuses/{}", self.job.commit), &body).await {
            // GitLab refuses to set the status that is already set.
            Err(failure)
                if failure.status == Some(400)
                    && failure.says("Cannot transition status")
                    && (state == State::Pending || failure.says(&format!("from :{word}"))) =>
            {
                Ok(())
            }
            set => set,
        }
    }

    /// A status that is set twice is set.
    async fn repeated(&self, route: &str, body: &Value) -> Result<(), Failure> {
        match self.ask("POST", route, Some(body)).await {
            Err(failure) if failure.is_unclear() => {
                tokio::time::sleep(super::client::PAUSE).await;
                self.ask("POST", route, Some(body)).await.map(drop)
            }
            set => set.map(drop),
        }
    }
}

fn cut(text: &str) -> String {
    if text.chars().count() <= DESCRIPTION {
        return text.to_owned();
    }
    text.chars().take(DESCRIPTION - 1).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_service_has_its_words() {
        assert_eq!(State::Error.word(Service::Github), "error");
        assert_eq!(State::Error.word(Service::Gitlab), "failed");
    }

    #[test]
    fn a_description_fits() {
        assert_eq!(cut(&"ä".repeat(140)).chars().count(), 140);
        let long = cut(&"ä".repeat(141));
        assert_eq!((long.chars().count(), long.ends_with('…')), (140, true));
    }
}
