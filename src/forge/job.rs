//! The job of a CI service: which pull request and commit it runs for, read from the variables that the service sets.

use super::marker::Run;
use crate::diag::{Diagnostic, Diagnostics};
use serde_json::Value;
use std::fmt;

/// Who keeps the repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Service {
    /// GitHub, with GitHub Actions.
    Github,
    /// GitLab, with GitLab CI.
    Gitlab,
}

/// A secret that is sent, and never printed.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Token {
    /// The name and the value of the header that carries it.
    pub header: (&'static str, String),
    /// The secret itself.
    pub secret: String,
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token")
    }
}

/// What is done at the service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// A preview is posted on a pull request.
    Preview,
    /// An issue shows the drift of a layout.
    Issue,
}

impl Purpose {
    /// What an error says could not be done.
    pub(super) fn failure(self) -> &'static str {
        match self {
            Purpose::Preview => "Cannot post the preview",
            Purpose::Issue => "Cannot write the issue",
        }
    }

    /// The option that asks for it.
    fn option(self) -> &'static str {
        match self {
            Purpose::Preview => "--post",
            Purpose::Issue => "--notify",
        }
    }

    /// What the token of a job of GitHub needs.
    fn permissions(self) -> &'static str {
        match self {
            Purpose::Preview => "pull-requests: write, statuses: write, checks: write",
            Purpose::Issue => "issues: write",
        }
    }
}

/// A project at a service, and the way in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access {
    /// Who keeps the repository.
    pub service: Service,
    /// What is done there.
    pub(super) purpose: Purpose,
    /// The address that routes are below, without a slash at its end.
    pub(super) api: String,
    pub(super) token: Token,
    /// `owner/name` on GitHub, a number on GitLab.
    pub(super) project: String,
}

/// All that the calls for one pull request need.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// The project.
    pub access: Access,
    /// Which run it is.
    pub run: Run,
    /// The commit that the pull request is at.
    pub commit: String,
    /// The number of the pull request in its project.
    pub(super) request: u64,
    /// The page of the run.
    pub(super) page: Option<String>,
    /// The pipeline that a status belongs to, on GitLab.
    pub(super) pipeline: Option<u64>,
}

/// Reads a variable of the environment.
pub type Read<'a> = &'a dyn Fn(&str) -> Option<String>;

impl Job {
    /// By the variables of the service and, on GitHub, the event that began the run. All that is missing is an error.
    pub fn read(service: Service, read: Read<'_>, event: Option<&Value>) -> Result<Self, Diagnostics> {
        let mut problems = Diagnostics::new();
        let job = match service {
            Service::Github => github(read, event, &mut problems),
            Service::Gitlab => gitlab(read, &mut problems),
        };
        match job {
            Some(job) => problems.into_result(job),
            None => Err(problems),
        }
    }
}

impl Access {
    /// By the variables of the service. All that is missing is an error.
    pub fn read(service: Service, purpose: Purpose, read: Read<'_>) -> Result<Self, Diagnostics> {
        let mut problems = Diagnostics::new();
        match Access::find(service, purpose, read, &mut problems) {
            Some(access) => problems.into_result(access),
            None => Err(problems),
        }
    }

    fn find(service: Service, purpose: Purpose, read: Read<'_>, problems: &mut Diagnostics) -> Option<Self> {
        let (token, api, project) = match service {
            Service::Github => {
                let token = secret(read, "GITHUB_TOKEN");
                if token.is_none() {
                    problems.push(no_token(
                        purpose,
                        "GITHUB_TOKEN is not set.",
                        &format!(
                            "Give the step env: GITHUB_TOKEN: ${{{{ github.token }}}}, and the job permissions: {}.",
                            purpose.permissions()
                        ),
                    ));
                }
                let api = given(read, "GITHUB_API_URL").or_else(|| Some("https://api.github.com".to_owned()));
                (
                    token.map(|secret| ("authorization", secret)),
                    api,
                    needed(read, "GITHUB_REPOSITORY", purpose, problems),
                )
            }
            Service::Gitlab => {
                let own = secret(read, "GITLAB_TOKEN").map(|secret| ("private-token", secret));
                let token = own.or_else(|| secret(read, "CI_JOB_TOKEN").map(|secret| ("job-token", secret)));
                if token.is_none() {
                    problems.push(no_token(
                        purpose,
                        "Neither GITLAB_TOKEN nor CI_JOB_TOKEN is set.",
                        "Make a project access token with the scope api, and set it as the masked variable GITLAB_TOKEN.",
                    ));
                }
                let api = needed(read, "CI_API_V4_URL", purpose, problems);
                (token, api, needed(read, "CI_PROJECT_ID", purpose, problems))
            }
        };
        let ((header, secret), api) = (token?, api?);
        let value = if header == "authorization" { format!("Bearer {secret}") } else { secret.clone() };
        Some(Access {
            service,
            purpose,
            api: api.trim_end_matches('/').to_owned(),
            token: Token { header: (header, value), secret },
            project: project?,
        })
    }
}

fn github(read: Read<'_>, event: Option<&Value>, problems: &mut Diagnostics) -> Option<Job> {
    let request = event.and_then(|event| event["pull_request"]["number"].as_u64());
    if request.is_none() {
        problems.push(no_request(
            "GITHUB_EVENT_PATH names the event that began the run, and it has no pull_request.number.",
            "Run the workflow on: pull_request. Elsewhere leave --post out.",
        ));
    }
    let access = Access::find(Service::Github, Purpose::Preview, read, problems);
    let head = event.and_then(|event| event["pull_request"]["head"]["sha"].as_str().map(str::to_owned));
    let commit = head.or_else(|| needed(read, "GITHUB_SHA", Purpose::Preview, problems));
    let number = number(read, "GITHUB_RUN_ID", problems);
    let attempt = match given(read, "GITHUB_RUN_ATTEMPT") {
        Some(_) => self::number(read, "GITHUB_RUN_ATTEMPT", problems),
        None => Some(1),
    };
    let (access, run) = (access?, Run { number: number?, attempt: attempt? });
    let server = given(read, "GITHUB_SERVER_URL");
    Some(Job {
        page: server.map(|server| format!("{server}/{}/actions/runs/{}", access.project, run.number)),
        access,
        run,
        commit: commit?,
        request: request?,
        pipeline: None,
    })
}

fn gitlab(read: Read<'_>, problems: &mut Diagnostics) -> Option<Job> {
    let request = given(read, "CI_MERGE_REQUEST_IID").and_then(|number| number.parse::<u64>().ok());
    if request.is_none() {
        problems.push(no_request(
            "CI_MERGE_REQUEST_IID is not the number of a merge request.",
            "Give the job a rule: if: $CI_PIPELINE_SOURCE == \"merge_request_event\". Elsewhere leave --post out.",
        ));
    }
    let access = Access::find(Service::Gitlab, Purpose::Preview, read, problems);
    let commit = needed(read, "CI_COMMIT_SHA", Purpose::Preview, problems);
    let number = number(read, "CI_PIPELINE_IID", problems);
    Some(Job {
        access: access?,
        run: Run { number: number?, attempt: 1 },
        commit: commit?,
        request: request?,
        page: given(read, "CI_JOB_URL"),
        pipeline: given(read, "CI_PIPELINE_ID").and_then(|id| id.parse().ok()),
    })
}

/// The repository that a pull request comes from, if that is another than the one the job runs for.
pub fn fork(read: Read<'_>, event: Option<&Value>) -> Option<String> {
    let request = event.map(|event| &event["pull_request"]).filter(|request| request.is_object());
    if let Some(request) = request {
        let head = &request["head"]["repo"];
        let name = head["full_name"].as_str();
        let own = request["base"]["repo"]["full_name"].as_str().map(str::to_owned);
        let own = own.or_else(|| given(read, "GITHUB_REPOSITORY"));
        let foreign = match (name, own) {
            _ if !head.is_object() => true,
            (Some(name), Some(own)) => !name.eq_ignore_ascii_case(&own),
            _ => head["fork"].as_bool().unwrap_or(true),
        };
        return foreign.then(|| name.unwrap_or("a repository that is gone or has no name").to_owned());
    }
    let own = given(read, "CI_MERGE_REQUEST_PROJECT_ID")?;
    let source = given(read, "CI_MERGE_REQUEST_SOURCE_PROJECT_ID").filter(|source| *source != own)?;
    Some(given(read, "CI_MERGE_REQUEST_SOURCE_PROJECT_PATH").unwrap_or_else(|| format!("the project {source}")))
}

/// The commit that the job is about, where that is another one than is checked out: a pull request is checked out as it
/// would be merged.
pub fn head(read: Read<'_>, event: Option<&Value>) -> Option<String> {
    let of_event = event.and_then(|event| event["pull_request"]["head"]["sha"].as_str().map(str::to_owned));
    of_event.or_else(|| given(read, "CI_MERGE_REQUEST_SOURCE_BRANCH_SHA"))
}

/// Names of the commit that a pull request is to be merged into, or of one that it comes from; the best first.
pub fn bases(read: Read<'_>, event: Option<&Value>) -> Vec<String> {
    let branch = given(read, "GITHUB_BASE_REF").map(|branch| format!("origin/{branch}"));
    let of_event = event.and_then(|event| event["pull_request"]["base"]["sha"].as_str().map(str::to_owned));
    [branch, of_event, given(read, "CI_MERGE_REQUEST_DIFF_BASE_SHA")].into_iter().flatten().collect()
}

/// A variable that is set and not empty.
pub(super) fn given(read: Read<'_>, name: &str) -> Option<String> {
    read(name).filter(|value| !value.is_empty())
}

/// A token. Stores of secrets keep the newline that somebody typed after it.
fn secret(read: Read<'_>, name: &str) -> Option<String> {
    given(read, name).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
}

fn needed(read: Read<'_>, name: &str, purpose: Purpose, problems: &mut Diagnostics) -> Option<String> {
    let found = given(read, name);
    if found.is_none() {
        problems.push(lacking(name, purpose, "is not set"));
    }
    found
}

fn number(read: Read<'_>, name: &str, problems: &mut Diagnostics) -> Option<u64> {
    let text = needed(read, name, Purpose::Preview, problems)?;
    let number = text.parse().ok();
    if number.is_none() {
        problems.push(lacking(name, Purpose::Preview, &format!("is {text:?}, which is not a whole number")));
    }
    number
}

fn lacking(name: &str, purpose: Purpose, why: &str) -> Diagnostic {
    let (failure, option) = (purpose.failure(), purpose.option());
    Diagnostic::error(format!("{failure}: the job of the CI service is not known"))
        .code("forge-job")
        .detail(format!("The environment variable {name} {why}."))
        .hint(format!("GitHub Actions and GitLab CI set it by themselves. Elsewhere set it, or leave {option} out."))
}

fn no_request(detail: &str, hint: &str) -> Diagnostic {
    Diagnostic::error("Cannot post the preview: the run is not about a pull request")
        .code("forge-job")
        .detail(detail)
        .hint(hint)
}

fn no_token(purpose: Purpose, detail: &str, hint: &str) -> Diagnostic {
    Diagnostic::error(format!("{}: the token is missing", purpose.failure()))
        .code("forge-token")
        .detail(detail)
        .hint(hint)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn set(all: &[(&'static str, &'static str)]) -> impl Fn(&str) -> Option<String> {
        let all = all.to_vec();
        move |name| all.iter().find(|(n, _)| *n == name).map(|(_, v)| (*v).to_owned())
    }

    const GITHUB: [(&str, &str); 4] = [
        ("GITHUB_TOKEN", "ghs_secret"),
        ("GITHUB_REPOSITORY", "acme/net"),
        ("GITHUB_RUN_ID", "42"),
        ("GITHUB_SHA", "merge"),
    ];

    #[test]
    fn github_says_it_in_variables_and_the_event() {
        let event = json!({ "pull_request": { "number": 7, "head": { "sha": "head" } } });
        let job = Job::read(Service::Github, &set(&GITHUB), Some(&event)).expect("complete");
        assert_eq!((job.request, job.commit.as_str(), job.access.project.as_str()), (7, "head", "acme/net"));
        assert_eq!(job.run, Run { number: 42, attempt: 1 });
        assert_eq!(job.access.api, "https://api.github.com");
        assert!(!format!("{job:?}").contains("ghs_secret"));
    }

    #[test]
    fn everything_that_is_missing_is_named_at_once() {
        let problems = Job::read(Service::Github, &set(&[]), Some(&json!({ "ref": "main" }))).expect_err("nothing set");
        let all: Vec<String> = problems.iter().map(|d| format!("{} {} {:?}", d.summary, d.detail, d.hints)).collect();
        let all = all.join("\n");
        for part in ["pull_request.number", "GITHUB_TOKEN", "GITHUB_REPOSITORY", "GITHUB_SHA", "GITHUB_RUN_ID"] {
            assert!(all.contains(part), "{part} in {all}");
        }
        let problems = Job::read(Service::Gitlab, &set(&[("CI_PIPELINE_IID", "x")]), None).expect_err("nothing set");
        assert_eq!(problems.iter().count(), 6);
    }

    #[test]
    fn gitlab_prefers_the_token_of_its_own() {
        let mut all = vec![
            ("CI_API_V4_URL", "https://git.example/api/v4/"),
            ("CI_PROJECT_ID", "11"),
            ("CI_MERGE_REQUEST_IID", "3"),
            ("CI_COMMIT_SHA", "abc"),
            ("CI_PIPELINE_IID", "9"),
            ("CI_JOB_TOKEN", "job"),
        ];
        let job = Job::read(Service::Gitlab, &set(&all), None).expect("complete");
        assert_eq!(job.access.token.header, ("job-token", "job".to_owned()));
        assert_eq!(job.access.api, "https://git.example/api/v4");
        all.push(("GITLAB_TOKEN", "own"));
        let job = Job::read(Service::Gitlab, &set(&all), None).expect("complete");
        assert_eq!(job.access.token.header, ("private-token", "own".to_owned()));
    }

    #[test]
    fn a_newline_after_a_token_is_none_of_it() {
        let access = |token: &'static str| {
            let all = [("GITHUB_TOKEN", token), ("GITHUB_REPOSITORY", "acme/net")];
            Access::read(Service::Github, Purpose::Preview, &set(&all))
        };
        let read = access("ghs_secret\r\n").expect("complete").token;
        assert_eq!(read, Token { header: ("authorization", "Bearer ghs_secret".into()), secret: "ghs_secret".into() });
        assert!(access(" \n").is_err());
    }

    #[test]
    fn an_issue_needs_no_pull_request() {
        let access = Access::read(Service::Github, Purpose::Issue, &set(&GITHUB)).expect("complete");
        assert_eq!((access.project.as_str(), access.token.secret.as_str()), ("acme/net", "ghs_secret"));
        let problems = Access::read(Service::Github, Purpose::Issue, &set(&[])).expect_err("nothing set");
        let all: Vec<String> = problems.iter().map(|d| format!("{} {:?}", d.summary, d.hints)).collect();
        assert_eq!(all.len(), 2);
        assert!(all[0].contains("issues: write") && all[1].contains("leave --notify out"), "{all:?}");
    }

    #[test]
    fn a_request_has_a_head_and_a_base() {
        let event = json!({ "pull_request": { "head": { "sha": "h" }, "base": { "sha": "b" } } });
        let github = set(&[("GITHUB_BASE_REF", "main")]);
        assert_eq!(head(&github, Some(&event)).as_deref(), Some("h"));
        assert_eq!(bases(&github, Some(&event)), ["origin/main", "b"]);
        let gitlab = set(&[("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA", "h"), ("CI_MERGE_REQUEST_DIFF_BASE_SHA", "b")]);
        assert_eq!((head(&gitlab, None).as_deref(), bases(&gitlab, None)), (Some("h"), vec!["b".to_owned()]));
        assert_eq!((head(&set(&[]), None), bases(&set(&[("GITHUB_BASE_REF", "")]), None)), (None, Vec::new()));
    }

    #[test]
    fn a_fork_is_another_repository() {
        let none = set(&[]);
        let event = |head: Value| json!({ "pull_request": { "head": { "repo": head }, "base": { "repo": { "full_name": "acme/net" } } } });
        assert_eq!(fork(&none, Some(&event(json!({ "full_name": "Acme/net", "fork": true })))), None);
        let other = event(json!({ "full_name": "mallory/net", "fork": true }));
        assert_eq!(fork(&none, Some(&other)).as_deref(), Some("mallory/net"));
        assert!(fork(&none, Some(&event(Value::Null))).is_some(), "a fork that was deleted");
        assert!(fork(&none, Some(&json!({ "pull_request": { "head": { "repo": { "fork": true } } } }))).is_some());
        assert_eq!(fork(&none, Some(&json!({ "pull_request": { "head": { "repo": { "fork": false } } } }))), None);
        assert_eq!(fork(&none, Some(&json!({ "ref": "main" }))), None);
        let ids = |source| [("CI_MERGE_REQUEST_PROJECT_ID", "1"), ("CI_MERGE_REQUEST_SOURCE_PROJECT_ID", source)];
        assert_eq!(fork(&set(&ids("1")), None), None);
        assert_eq!(fork(&set(&ids("2")), None).as_deref(), Some("the project 2"));
    }
}
