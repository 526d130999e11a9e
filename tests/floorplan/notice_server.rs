//! A server that plays those who hear of drift: an incoming webhook of Slack, a webhook, and the issues of GitHub and
//! GitLab with their labels, states and refusals.

use super::web_server::{Answer, Request, listen};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// The only token that is let in.
pub const TOKEN: &str = "planted_token";
/// The end of the addresses of webhooks.
pub const SECRET: &str = "planted-secret";
/// The longest body of an issue at GitHub.
const LONGEST: usize = 65_536;

pub struct Server {
    port: u16,
    inner: Arc<Mutex<Inner>>,
}

#[derive(Default)]
struct Inner {
    gitlab: bool,
    /// What came to a webhook, with the key that names it.
    posts: Vec<(String, Value)>,
    issues: Vec<Value>,
    requests: Vec<String>,
    /// How many calls that change something are answered with this status from now on.
    refused: (usize, u16),
    /// How many of them have their effect, and no answer.
    lost: usize,
    /// Whether labels of new issues are dropped, as of a token that may not give them.
    unlabelled: bool,
    /// How long each answer takes.
    pause: Duration,
}

impl Server {
    pub fn github() -> Self {
        Self::start(false)
    }

    pub fn gitlab() -> Self {
        Self::start(true)
    }

    fn start(gitlab: bool) -> Self {
        let inner = Arc::new(Mutex::new(Inner { gitlab, ..Inner::default() }));
        let shared = inner.clone();
        let port = listen(move |request| {
            let (answer, pause) = {
                let mut inner = shared.lock().unwrap();
                (inner.answer(request), inner.pause)
            };
            std::thread::sleep(pause);
            answer
        });
        Server { port, inner }
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The address of a webhook.
    pub fn hook(&self, name: &str) -> String {
        format!("{}/{name}/{SECRET}", self.url())
    }

    fn with<T>(&self, work: impl FnOnce(&mut Inner) -> T) -> T {
        work(&mut self.inner.lock().unwrap())
    }

    /// Refuses so many calls that change something.
    pub fn refuse(&self, times: usize, status: u16) {
        self.with(|inner| inner.refused = (times, status));
    }

    /// Loses the answers of so many calls that change something.
    pub fn lose(&self, times: usize) {
        self.with(|inner| inner.lost = times);
    }

    /// Takes so long for each answer from now on.
    pub fn pause(&self, pause: Duration) {
        self.with(|inner| inner.pause = pause);
    }

    pub fn drop_labels(&self) {
        self.with(|inner| inner.unlabelled = true);
    }

    /// An issue that somebody else wrote.
    pub fn say(&self, association: &str, body: &str) {
        self.with(|inner| inner.add("User", association, 1, "Help", body));
    }

    /// What came to a webhook since the last look, with the key of each.
    pub fn posts(&self) -> Vec<(String, Value)> {
        self.with(|inner| std::mem::take(&mut inner.posts))
    }

    /// The titles, states and bodies of all issues that are ours.
    pub fn issues(&self) -> Vec<(String, String, String)> {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let all = self.with(|inner| inner.issues.clone());
        let own = all.iter().filter(|issue| issue["author"]["id"] == 99 || issue["user"]["type"] == "Bot");
        own.map(|issue| {
            let body = if issue["description"].is_string() { &issue["description"] } else { &issue["body"] };
            (text(&issue["title"]), text(&issue["state"]), text(body))
        })
        .collect()
    }

    /// Method and path of all calls since the last look.
    pub fn requests(&self) -> Vec<String> {
        self.with(|inner| std::mem::take(&mut inner.requests))
    }
}

impl Inner {
    fn answer(&mut self, request: &Request) -> Option<Answer> {
        self.requests.push(format!("{} {}", request.method, request.path));
        if request.method != "GET" {
            let (times, status) = &mut self.refused;
            if *times > 0 {
                *times -= 1;
                return Some(Answer::refused(*status, "refused on purpose"));
            }
            if self.lost > 0 {
                self.lost -= 1;
                self.usual(request);
                return None;
            }
        }
        Some(self.usual(request))
    }

    fn usual(&mut self, request: &Request) -> Answer {
        let hook = [("/slack/", "ok"), ("/hook/", "{}")].into_iter().find(|(path, _)| request.path.starts_with(path));
        if let Some((path, said)) = hook {
            let known = request.method == "POST" && request.path == format!("{path}{SECRET}");
            if !known || request.header("content-type") != Some("application/json") || !request.body.is_object() {
                return Answer { status: 400, headers: Vec::new(), body: "invalid_payload".into() };
            }
            let key = request.header("idempotency-key").unwrap_or_default().to_owned();
            self.posts.push((key, request.body.clone()));
            return Answer { status: 200, headers: Vec::new(), body: said.into() };
        }
        let known = match self.gitlab {
            true => request.header("private-token") == Some(TOKEN),
            false => request.header("authorization").is_some_and(|given| given == format!("Bearer {TOKEN}")),
        };
        if !known {
            return Answer::refused(401, "Bad credentials");
        }
        if self.gitlab { self.of_gitlab(request) } else { self.of_github(request) }
    }

    fn of_github(&mut self, request: &Request) -> Answer {
        let unknown = Answer::refused(404, "Not Found");
        let Some(steps) = request.steps("/repos/acme/net/") else { return unknown };
        match (request.method.as_str(), steps.as_slice()) {
            ("GET", ["issues"]) => self.list(request),
            ("GET", ["issues", number]) => self.find(number).map_or(unknown, |at| Answer::new(200, &self.issues[at])),
            ("POST", ["issues"]) => self.create(request, "body"),
            ("PATCH", ["issues", number]) => {
                let Some(at) = self.find(number) else { return unknown };
                for name in ["title", "body", "state", "state_reason"] {
                    if let Some(value) = request.body.get(name) {
                        self.issues[at][name] = value.clone();
                    }
                }
                Answer::new(200, &self.issues[at])
            }
            _ => unknown,
        }
    }

    fn of_gitlab(&mut self, request: &Request) -> Answer {
        if request.path == "/user" {
            return Answer::new(200, &json!({ "id": 99 }));
        }
        let unknown = Answer::refused(404, "404 Project Not Found");
        let Some(steps) = request.steps("/projects/11/") else { return unknown };
        match (request.method.as_str(), steps.as_slice()) {
            ("GET", ["issues"]) => self.list(request),
            ("GET", ["issues", number]) => self.find(number).map_or(unknown, |at| Answer::new(200, &self.issues[at])),
            ("POST", ["issues"]) => self.create(request, "description"),
            ("PUT", ["issues", number]) => {
                let Some(at) = self.find(number) else { return unknown };
                for name in ["title", "description"] {
                    if let Some(value) = request.body.get(name) {
                        self.issues[at][name] = value.clone();
                    }
                }
                match request.body["state_event"].as_str() {
                    Some("close") => self.issues[at]["state"] = "closed".into(),
                    Some("reopen") => self.issues[at]["state"] = "opened".into(),
                    Some(_) => return Answer::refused(400, "state_event does not have a valid value"),
                    None => {}
                }
                Answer::new(200, &self.issues[at])
            }
            _ => unknown,
        }
    }

    fn list(&self, request: &Request) -> Answer {
        let open = |issue: &Value| issue["state"] != "closed";
        let all = self.gitlab || request.text("state") == Some("all");
        let author = request.parameter("author_id");
        let shown = self.issues.iter().filter(|issue| {
            let labels = issue["labels"].as_array().cloned().unwrap_or_default();
            (all || open(issue))
                && request.text("labels").is_none_or(|label| labels.iter().any(|one| one == label))
                && author.is_none_or(|author| issue["author"]["id"] == author)
        });
        request.page(&shown.collect::<Vec<_>>())
    }

    fn find(&self, number: &str) -> Option<usize> {
        let number: Option<u64> = number.parse().ok();
        let has = |issue: &Value, name: &str| issue[name].as_u64().is_some() && issue[name].as_u64() == number;
        self.issues.iter().position(|issue| has(issue, "number") || has(issue, "iid"))
    }

    fn create(&mut self, request: &Request, body: &str) -> Answer {
        let text = request.body[body].as_str().unwrap_or_default().to_owned();
        let title = request.body["title"].as_str().unwrap_or_default().to_owned();
        if title.is_empty() || title.chars().count() > 255 || text.chars().count() > LONGEST {
            return Answer::refused(422, "Validation Failed");
        }
        self.add("Bot", "NONE", 99, &title, &text);
        let at = self.issues.len() - 1;
        if !self.unlabelled {
            let labels = match &request.body["labels"] {
                Value::String(one) => json!([one]),
                all => all.clone(),
            };
            self.issues[at]["labels"] = labels;
        }
        Answer::new(201, &self.issues[at])
    }

    fn add(&mut self, kind: &str, association: &str, author: u64, title: &str, text: &str) {
        let number = self.issues.len() + 1;
        self.issues.push(match self.gitlab {
            true => json!({
                "id": 1000 + number, "iid": number, "title": title, "description": text, "state": "opened",
                "labels": ["floorplan-drift"], "author": { "id": author },
            }),
            false => json!({
                "id": 1000 + number, "number": number, "title": title, "body": text, "state": "open",
                "labels": [{ "name": "other" }, "floorplan-drift"], "user": { "type": kind },
                "author_association": association,
            }),
        });
        let unlabelled = author == 99 && self.unlabelled;
        if unlabelled {
            let last = self.issues.len() - 1;
            self.issues[last]["labels"] = json!([]);
        }
    }
}
