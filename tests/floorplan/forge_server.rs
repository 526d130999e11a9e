//! A server with the routes of GitHub or GitLab that `preview --post` uses, and their refusals.

use super::web_server::{Answer, Request, listen};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};

/// The only token that is let in.
pub const TOKEN: &str = "ghs_planted_token";
/// The only commit that is known.
pub const HEAD: &str = "0123456789abcdef0123456789abcdef01234567";
/// The longest comment.
const LONGEST: usize = 65_536;

/// An answer to one call in place of the usual one.
#[derive(Debug, Clone, Copy, Default)]
pub struct Fault {
    pub method: &'static str,
    /// What the path contains.
    pub part: &'static str,
    pub status: u16,
    pub headers: &'static [(&'static str, &'static str)],
    pub body: &'static str,
    /// The call has its effect, and the connection is closed without an answer.
    pub lost: bool,
}

pub struct Server {
    port: u16,
    inner: Arc<Mutex<Inner>>,
}

#[derive(Default)]
struct Inner {
    gitlab: bool,
    comments: Vec<Value>,
    next: u64,
    statuses: Vec<Value>,
    check_runs: Vec<Value>,
    batches: Vec<usize>,
    requests: Vec<String>,
    faults: Vec<Fault>,
    read_only: bool,
}

impl Server {
    pub fn github() -> Self {
        Self::start(false)
    }

    pub fn gitlab() -> Self {
        Self::start(true)
    }

    fn start(gitlab: bool) -> Self {
        let inner = Arc::new(Mutex::new(Inner { gitlab, next: 1, ..Inner::default() }));
        let shared = inner.clone();
        let port = listen(move |request| {
            let mut inner = shared.lock().unwrap();
            let query = if request.query.is_empty() { String::new() } else { format!("?{}", request.query) };
            inner.requests.push(format!("{} {}{query}", request.method, request.path));
            inner.answer(request)
        });
        Server { port, inner }
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    fn with<T>(&self, work: impl FnOnce(&mut Inner) -> T) -> T {
        work(&mut self.inner.lock().unwrap())
    }

    /// Comments of people.
    pub fn chatter(&self, count: usize) {
        (0..count).for_each(|at| self.say("User", "MEMBER", &format!("remark {at}")));
    }

    /// A comment of someone else.
    pub fn say(&self, kind: &str, association: &str, body: &str) {
        self.with(|inner| inner.add(kind, association, 1, body));
    }

    pub fn fault(&self, fault: Fault) {
        self.with(|inner| inner.faults.push(fault));
    }

    /// The token may read alone from now on.
    pub fn refuse_writes(&self) {
        self.with(|inner| inner.read_only = true);
    }

    /// A status that an earlier run left.
    pub fn set_status(&self, state: &str) {
        self.with(|inner| inner.statuses.push(json!({ "state": state, "name": "floorplan/preview" })));
    }

    /// Method and path of all calls.
    pub fn requests(&self) -> Vec<String> {
        self.with(|inner| inner.requests.clone())
    }

    /// The bodies of all comments with a mark.
    pub fn own_comments(&self) -> Vec<String> {
        let bodies = self.with(|inner| inner.comments.clone());
        let bodies = bodies.iter().filter_map(|one| one["body"].as_str().map(str::to_owned));
        bodies.filter(|body| body.starts_with("<!-- floorplan ")).collect()
    }

    /// The states of a context, in order.
    pub fn statuses(&self, context: &str) -> Vec<String> {
        let all = self.with(|inner| inner.statuses.clone());
        let own = all.iter().filter(|one| one["context"] == context || one["name"] == context);
        own.map(|one| one["state"].as_str().unwrap().to_owned()).collect()
    }

    /// The last status.
    pub fn status(&self) -> Value {
        self.with(|inner| inner.statuses.last().unwrap().clone())
    }

    pub fn check_runs(&self) -> Vec<Value> {
        self.with(|inner| inner.check_runs.clone())
    }

    /// How many annotations came in each call.
    pub fn batches(&self) -> Vec<usize> {
        self.with(|inner| inner.batches.clone())
    }

    /// The annotations of all check runs.
    pub fn annotations(&self) -> Vec<Value> {
        let runs = self.check_runs();
        runs.iter().flat_map(|run| run["annotations"].as_array().unwrap().clone()).collect()
    }
}

impl Inner {
    fn add(&mut self, kind: &str, association: &str, author: u64, body: &str) {
        let id = self.next;
        self.next += 1;
        let comment = match self.gitlab {
            true => json!({ "id": id, "body": body, "author": { "id": author }, "system": false }),
            false => json!({ "id": id, "body": body, "user": { "type": kind }, "author_association": association }),
        };
        self.comments.push(comment);
    }

    /// The answer; nothing where it is lost.
    fn answer(&mut self, request: &Request) -> Option<Answer> {
        let hit = |fault: &Fault| fault.method == request.method && request.path.contains(fault.part);
        let fault = self.faults.iter().position(hit).map(|at| self.faults.remove(at));
        match fault {
            Some(fault) if fault.lost => {
                self.usual(request);
                None
            }
            Some(fault) => {
                let headers = fault.headers.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
                Some(Answer { status: fault.status, headers, body: fault.body.to_owned() })
            }
            None => Some(self.usual(request)),
        }
    }

    fn usual(&mut self, request: &Request) -> Answer {
        let known = match self.gitlab {
            true => request.header("private-token") == Some(TOKEN),
            false => request.header("authorization").is_some_and(|given| given == format!("Bearer {TOKEN}")),
        };
        if !known {
            let message = if self.gitlab { "401 Unauthorized" } else { "Bad credentials" };
            return Answer::refused(401, message);
        }
        if request.header("user-agent").is_none_or(str::is_empty) {
            return Answer::refused(403, "Request forbidden by administrative rules");
        }
        if self.read_only && request.method != "GET" {
            return Answer::refused(403, "Resource not accessible by integration");
        }
        if self.gitlab { self.of_gitlab(request) } else { self.of_github(request) }
    }

    fn of_github(&mut self, request: &Request) -> Answer {
        let unknown = Answer::refused(404, "Not Found");
        let Some(steps) = request.steps("/repos/acme/net/") else { return unknown };
        match (request.method.as_str(), steps.as_slice()) {
            ("GET", ["issues", "7", "comments"]) => self.list(request),
            ("POST", ["issues", "7", "comments"]) => self.create(request),
            ("PATCH", ["issues", "comments", id]) => self.update(id, request),
            ("DELETE", ["issues", "comments", id]) => self.delete(id),
            ("POST", ["statuses", sha]) => self.status_of_github(sha, request),
            ("POST", ["check-runs"]) => self.check(None, request),
            ("PATCH", ["check-runs", id]) => self.check(Some(id), request),
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
            ("GET", ["merge_requests", "7", "notes"]) => self.list(request),
            ("POST", ["merge_requests", "7", "notes"]) => self.create(request),
            ("PUT", ["merge_requests", "7", "notes", id]) => self.update(id, request),
            ("DELETE", ["merge_requests", "7", "notes", id]) => self.delete(id),
            ("POST", ["statuses", sha]) => self.status_of_gitlab(sha, request),
            _ => unknown,
        }
    }

    fn list(&self, request: &Request) -> Answer {
        request.page(&self.comments.iter().collect::<Vec<_>>())
    }

    fn create(&mut self, request: &Request) -> Answer {
        let Some(body) = request.body["body"].as_str().filter(|body| body.chars().count() <= LONGEST) else {
            return Answer::refused(422, "Validation Failed");
        };
        self.add("Bot", "NONE", 99, body);
        Answer::new(201, self.comments.last().unwrap())
    }

    fn comment(&mut self, id: &str) -> Option<usize> {
        self.comments.iter().position(|one| one["id"].as_u64() == id.parse().ok())
    }

    fn update(&mut self, id: &str, request: &Request) -> Answer {
        let Some(at) = self.comment(id) else { return Answer::refused(404, "Not Found") };
        self.comments[at]["body"] = request.body["body"].clone();
        Answer::new(200, &self.comments[at])
    }

    fn delete(&mut self, id: &str) -> Answer {
        let Some(at) = self.comment(id) else { return Answer::refused(404, "Not Found") };
        self.comments.remove(at);
        Answer { status: 204, headers: Vec::new(), body: String::new() }
    }

    fn status_of_github(&mut self, sha: &str, request: &Request) -> Answer {
        if sha != HEAD {
            return Answer::refused(422, &format!("No commit found for SHA: {sha}"));
        }
        let (state, words) = (&request.body["state"], request.body["description"].as_str().unwrap_or_default());
        let known = ["error", "failure", "pending", "success"].iter().any(|known| state == known);
        if !known || words.chars().count() > 140 || !request.body["context"].is_string() {
            return Answer::refused(422, "Validation Failed");
        }
        self.statuses.push(request.body.clone());
        Answer::new(201, &request.body)
    }

    fn status_of_gitlab(&mut self, sha: &str, request: &Request) -> Answer {
        if sha != HEAD {
            return Answer::refused(404, "404 Commit Not Found");
        }
        let state = request.body["state"].as_str().unwrap_or_default();
        if !["pending", "running", "success", "failed", "canceled"].contains(&state) {
            return Answer::new(400, &json!({ "error": "state does not have a valid value" }));
        }
        let now = self.statuses.last().and_then(|one| one["state"].as_str());
        if now == Some(state) {
            let why =
                format!("Cannot transition status via :enqueue from :{state} (Reason(s): Status cannot transition)");
            return Answer::refused(400, &why);
        }
        self.statuses.push(request.body.clone());
        Answer::new(201, &request.body)
    }

    fn check(&mut self, id: Option<&str>, request: &Request) -> Answer {
        let annotations = request.body["output"]["annotations"].as_array().cloned().unwrap_or_default();
        if annotations.len() > 50 {
            return Answer::refused(422, "Invalid request. No more than 50 annotations are allowed.");
        }
        self.batches.push(annotations.len());
        match id {
            None => {
                let mut run = request.body.clone();
                run["id"] = json!(self.check_runs.len() + 1);
                run["annotations"] = json!(annotations);
                self.check_runs.push(run.clone());
                Answer::new(201, &run)
            }
            Some(id) => match self.check_runs.iter_mut().find(|run| run["id"].as_u64() == id.parse().ok()) {
                Some(run) => {
                    run["annotations"].as_array_mut().unwrap().extend(annotations);
                    Answer::new(200, run)
                }
                None => Answer::refused(404, "Not Found"),
            },
        }
    }
}
