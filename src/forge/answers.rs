//! Answers that say no: for how long, and why.

use super::job::{Purpose, Service};
use crate::diag::Diagnostic;
use crate::sources::web::Answer;
use serde_json::Value;
use std::time::Duration;

/// How much of an answer an error shows, in characters.
const SHOWN: usize = 300;
/// How long to wait where a limit does not say it, which GitHub asks for.
const USUAL_WAIT: Duration = Duration::from_secs(60);

/// A call that did not succeed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    service: Service,
    purpose: Purpose,
    /// Method and address.
    call: String,
    /// The status of the answer, if one came.
    pub(super) status: Option<u16>,
    /// The rate limit would end after so many seconds.
    limit: Option<u64>,
    said: String,
}

impl Failure {
    pub(super) fn lost(service: Service, call: String, why: String) -> Self {
        Failure { service, purpose: Purpose::Preview, call, status: None, limit: None, said: why }
    }

    pub(super) fn answered(service: Service, call: String, answer: &Answer) -> Self {
        let (purpose, status) = (Purpose::Preview, Some(answer.status));
        Failure { service, purpose, call, status, limit: None, said: said(answer) }
    }

    /// The same of a call that was made for something else.
    pub(super) fn about(self, purpose: Purpose) -> Self {
        Failure { purpose, ..self }
    }

    pub(super) fn limited(self, wait: Duration) -> Self {
        Failure { limit: Some(wait.as_secs()), ..self }
    }

    /// The same without a secret that the other side may have repeated.
    pub(super) fn hiding(self, secret: &str) -> Self {
        Failure { said: self.said.replace(secret, "***"), ..self }
    }

    /// Whether the call may have had an effect all the same.
    pub(super) fn is_unclear(&self) -> bool {
        self.status.is_none_or(|status| status >= 500)
    }

    /// Whether the token does not allow it.
    pub fn is_forbidden(&self) -> bool {
        self.limit.is_none() && matches!(self.status, Some(401 | 403 | 404))
    }

    /// Whether the same call would fail again: the token is not let in, or a limit ends too late.
    pub fn is_lasting(&self) -> bool {
        self.limit.is_some() || self.status.is_none() || matches!(self.status, Some(401 | 403 | 410))
    }

    /// Whether the other side says so in its words.
    pub(super) fn says(&self, words: &str) -> bool {
        self.said.contains(words)
    }

    /// The failure as a finding that says what could not be done, such as "Cannot post the preview".
    pub fn diagnostic(&self, what: &str) -> Diagnostic {
        let (code, hint) = self.kind();
        let answered = match self.status {
            Some(status) if self.said.is_empty() => format!("it answered with HTTP status {status}"),
            Some(status) => format!("it answered with HTTP status {status} ({})", self.said),
            None => self.said.clone(),
        };
        let limit = self.limit.map(|wait| format!(" The limit of calls ends in {wait} s.")).unwrap_or_default();
        let d = Diagnostic::error(what).code(code).detail(format!("{}: {answered}.{limit}", self.call));
        d.hint(hint)
    }

    fn kind(&self) -> (&'static str, &'static str) {
        match (self.status, self.service) {
            _ if self.limit.is_some() => (
                "forge-limit",
                "Run the job again later; with --changed-since and fewer jobs at a time there are fewer calls.",
            ),
            (None, _) => {
                ("forge-call", "Check the address of the service, and HTTPS_PROXY and AWS_CA_BUNDLE of the job.")
            }
            (Some(401), _) => ("forge-token", "The token is wrong or has expired: give the job a valid one."),
            (Some(410), Service::Github) if self.purpose == Purpose::Issue => {
                ("forge-call", "The repository has no issues: turn them on in its settings, or name another recipient.")
            }
            (Some(403 | 404), Service::Github) if self.purpose == Purpose::Issue => {
                ("forge-token", "The token may not do this: give the job permissions: issues: write.")
            }
            (Some(403 | 404), Service::Gitlab) if self.purpose == Purpose::Issue => (
                "forge-token",
                "The token may not do this: set GITLAB_TOKEN to a project access token with the scope api and the role \
                 Reporter. A job token may not write issues.",
            ),
            (Some(422), _) if self.purpose == Purpose::Issue => {
                ("forge-call", "The service does not accept what was sent. See its answer.")
            }
            (Some(403 | 404), Service::Github) => (
                "forge-token",
                "The token may not do this: give the job permissions: pull-requests: write, statuses: write, checks: \
                 write. For a pull request from a fork GitHub gives a token that only reads; leave --post out there.",
            ),
            (Some(403 | 404), Service::Gitlab) => (
                "forge-token",
                "The token may not do this: set GITLAB_TOKEN to a project access token with the scope api and the role \
                 Developer. A job token may not write to merge requests.",
            ),
            (Some(422), _) => (
                "forge-call",
                "The service does not accept what was sent: check that the commit is in this repository, and try a \
                 smaller --limit.",
            ),
            (Some(300..=399), _) => {
                ("forge-call", "The service is elsewhere: correct the address in the job's variables.")
            }
            (Some(500..), _) => ("forge-call", "The service has a fault of its own: run the job again later."),
            (Some(_), _) => ("forge-call", "See the answer of the service."),
        }
    }
}

/// The words of an answer: its message and its errors, or its beginning.
fn said(answer: &Answer) -> String {
    let text = String::from_utf8_lossy(&answer.body);
    let words = match serde_json::from_str::<Value>(&text) {
        Ok(Value::Object(all)) => {
            let parts = ["message", "error", "errors"].iter().filter_map(|name| all.get(*name));
            parts.map(in_words).filter(|part| !part.is_empty()).collect::<Vec<_>>().join("; ")
        }
        _ => text.into_owned(),
    };
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    words.trim_end_matches('.').chars().take(SHOWN).collect()
}

fn in_words(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(all) => all.iter().map(in_words).collect::<Vec<_>>().join(", "),
        // GitHub names what is wrong with a field, with words of its own only where these do not say it.
        Value::Object(all) => match all.get("message") {
            Some(message) => in_words(message),
            None => {
                all.iter().map(|(name, value)| format!("{name}: {}", in_words(value))).collect::<Vec<_>>().join(" ")
            }
        },
        other => other.to_string(),
    }
}

/// How long to wait if the answer is a rate limit's; `now` in seconds since 1970.
pub fn rate_limit(answer: &Answer, now: i64) -> Option<Duration> {
    let number = |name: &str| answer.header(name).and_then(|text| text.trim().parse::<i64>().ok());
    let after = number("retry-after");
    let spent = ["x-ratelimit-remaining", "ratelimit-remaining"].iter().any(|name| number(name) == Some(0));
    let limited = match answer.status {
        429 => true,
        403 => after.is_some() || spent || said(answer).to_ascii_lowercase().contains("rate limit"),
        _ => false,
    };
    if !limited {
        return None;
    }
    let reset = number("x-ratelimit-reset").or_else(|| number("ratelimit-reset")).filter(|_| spent);
    let wait = after.or_else(|| reset.map(|at| at.saturating_sub(now)));
    Some(wait.map_or(USUAL_WAIT, |seconds| Duration::from_secs(u64::try_from(seconds).unwrap_or(0).max(1))))
}

/// Whether there is another page.
pub(super) fn has_more(answer: &Answer) -> bool {
    answer.header("link").is_some_and(|links| links.split(',').any(|link| link.contains("rel=\"next\"")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> Answer {
        let headers = headers.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
        Answer { status, headers, body: body.as_bytes().to_vec(), ..Answer::default() }
    }

    #[test]
    fn a_limit_says_how_long_to_wait() {
        let wait = |status, headers: &[(&str, &str)], body: &str| {
            rate_limit(&answer(status, headers, body), 1000).map(|wait| wait.as_secs())
        };
        assert_eq!(wait(429, &[("retry-after", "3")], ""), Some(3));
        assert_eq!(wait(403, &[("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "1042")], ""), Some(42));
        assert_eq!(wait(403, &[("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "10")], ""), Some(1));
        assert_eq!(wait(403, &[], r#"{"message": "You have exceeded a secondary rate limit"}"#), Some(60));
        assert_eq!(wait(429, &[], ""), Some(60));
        assert_eq!(wait(403, &[("x-ratelimit-remaining", "12")], r#"{"message": "Resource not accessible"}"#), None);
        assert_eq!(wait(200, &[("x-ratelimit-remaining", "0")], ""), None);
    }

    #[test]
    fn the_words_of_the_service_are_shown() {
        let body = r#"{"message": "Validation Failed", "errors": [{"resource": "Status", "field": "sha", "code": "missing"}, "too long"], "status": "422"}"#;
        let failure = Failure::answered(Service::Github, "POST https://x/y".into(), &answer(422, &[], body));
        insta::assert_snapshot!(failure.diagnostic("Cannot set the commit status").detail, @"POST https://x/y: it answered with HTTP status 422 (Validation Failed; resource: Status field: sha code: missing, too long).");
        let gitlab = answer(400, &[], r#"{"message": {"note": ["is too long"]}}"#);
        assert_eq!(said(&gitlab), "note: is too long");
        let echoed = Failure::answered(Service::Github, String::new(), &answer(401, &[], "bad ghs_x")).hiding("ghs_x");
        assert_eq!(echoed.said, "bad ***");
        assert!(echoed.is_forbidden() && !echoed.is_unclear());
    }

    #[test]
    fn another_page_is_announced() {
        let link = r#"<https://x/y?page=1>; rel="prev", <https://x/y?page=3>; rel="next""#;
        assert!(has_more(&answer(200, &[("link", link)], "")));
        assert!(!has_more(&answer(200, &[("link", r#"<https://x/y?page=1>; rel="first""#)], "")));
        assert!(!has_more(&answer(200, &[], "")));
    }
}
