//! `floorplan permissions`: the least policy that a role needs for one or several layouts, and who may take the role on.

use super::args::{Global, ValueArgs, VariableArgument};
use super::fleet::{self, Selection};
use super::ui::Ui;
use super::{Exit, Outcome};
use crate::diag::{Diagnostic, Diagnostics};
use crate::report::counted;
use crate::report::policy::{self, INLINE, MANAGED, Statement, Trust};
use crate::resources::beside;
use crate::resources::permissions::Scope;
use crate::session::World;
use crate::session::permissions::{Used, on_events, on_state};
use clap::{Args, ValueEnum};
use std::path::Path;
use std::process::{Command, Stdio};

/// Show the least IAM policy that a layout needs, or who may use it
#[derive(Debug, Args)]
pub(super) struct PermissionsArgs {
    /// What the role is for
    #[arg(value_name = "COMMAND")]
    purpose: Purpose,
    #[command(flatten)]
    selection: Selection,
    #[command(flatten)]
    values: ValueArgs,
    /// Add what is needed on the objects of a state in S3
    #[arg(long)]
    backend: bool,
    /// Add what drift --blame needs
    #[arg(long)]
    blame: bool,
    /// Add what a drift job needs on the place of its memory
    #[arg(long, value_name = "DIR|s3://BUCKET/PREFIX", conflicts_with = "oidc")]
    memory: Option<String>,
    /// Add what a drift job needs to send to this recipient
    #[arg(long, value_name = "RECIPIENT", conflicts_with = "oidc")]
    notify: Vec<String>,
    /// Print the trust policy of the role instead: which jobs of this CI service may take it on
    #[arg(long, value_name = "SERVICE", conflicts_with_all = ["backend", "blame", "var", "var_file"])]
    oidc: Option<Service>,
    #[command(flatten)]
    jobs: Jobs,
}

/// Which jobs of a CI service.
#[derive(Debug, Args)]
struct Jobs {
    /// The repository whose jobs these are; else the one that the layout's checkout has as its origin
    #[arg(long, value_name = "ORG/REPO", requires = "oidc", conflicts_with = "layouts")]
    repository: Option<String>,
    /// The branch that is applied and watched
    #[arg(long, value_name = "NAME", requires = "oidc")]
    branch: Option<String>,
    /// Only jobs of this environment of GitHub, whatever their branch
    #[arg(long, value_name = "NAME", requires = "oidc", conflicts_with = "branch")]
    environment: Option<String>,
    /// The AWS account of the role
    #[arg(long, value_name = "ID", requires = "oidc")]
    account: Option<String>,
    /// The host that signs the tokens, of a service of one's own
    #[arg(long, value_name = "HOST", requires = "oidc")]
    host: Option<String>,
}

/// What a role is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Purpose {
    /// To plan: reads
    Plan,
    /// To apply: reads and writes
    Apply,
    /// To look for drift: reads
    Drift,
}

impl Purpose {
    fn scope(self) -> Scope {
        if self == Purpose::Apply { Scope::Write } else { Scope::Read }
    }
}

/// A CI service whose jobs have tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Service {
    /// GitHub Actions
    Github,
    /// GitLab CI/CD
    Gitlab,
}

/// The words that stand for what was not given.
const PLACES: [(&str, &str); 2] = [("ACCOUNT_ID", "--account"), ("ORG/REPO", "--repository")];

/// Runs the command.
pub(super) fn run(args: &PermissionsArgs, typed: &[VariableArgument], global: &Global, ui: &Ui) -> Outcome {
    if let Some(dir) = &args.selection.one() {
        if let Some(service) = args.oidc {
            return who(args, service, dir, ui);
        }
        let job = of_job(args)?;
        show(args.purpose, &needs(args, dir, typed, global, ui)?, &job, ui);
        return Ok(Exit::Done);
    }
    fleet::only_for_one(&[("--oidc", args.oidc.is_some())])?;
    let job = of_job(args)?;
    let found = args.selection.all(typed, ui)?;
    let (mut all, mut failed) = (Needs::default(), 0);
    let work = |dir: &Path, ui: &Ui| needs(args, dir, typed, global, ui);
    fleet::each(&found, ui, work, |dir, needs| match needs {
        Ok(needs) => {
            all.used.add(needs.used);
            all.on_state.extend(needs.on_state);
        }
        Err(problems) => {
            fleet::report(dir, &problems, ui);
            failed += 1;
        }
    });
    show(args.purpose, &all, &job, ui);
    if failed == 0 {
        return Ok(Exit::Done);
    }
    ui.status(&format!("The policy is without {failed} of {}.", counted(found.layouts.len(), "layout")));
    Ok(Exit::Failed)
}

/// What a role needs for a layout.
#[derive(Default)]
struct Needs {
    /// The types of objects.
    used: Used,
    /// What is done with the state.
    on_state: Vec<Statement>,
}

fn needs(
    args: &PermissionsArgs,
    dir: &Path,
    typed: &[VariableArgument],
    global: &Global,
    ui: &Ui,
) -> Result<Needs, Diagnostics> {
    let layout = super::input::layout(dir, typed, ui)?;
    let given = super::input::given(&layout, typed)?;
    let used = Used::of(&layout, given, &World::new(&layout.dir))?;
    let on_state = match args.backend {
        true => on_state(&layout, &global.backend_config, args.purpose.scope())?,
        false => Vec::new(),
    };
    Ok(Needs { used, on_state })
}

/// What a drift job needs besides reading, whatever the layouts.
fn of_job(args: &PermissionsArgs) -> Result<Vec<Statement>, Diagnostic> {
    if args.blame && args.purpose != Purpose::Drift {
        return Err(Diagnostic::error("--blame is for drift alone")
            .code("usage")
            .detail("Only the job that looks for drift asks who made it.")
            .hint("Leave the option out, or ask for `permissions drift --blame`."));
    }
    let notices = super::drift::statements(args.memory.as_deref(), &args.notify, args.purpose == Purpose::Drift)?;
    Ok(args.blame.then(on_events).into_iter().chain(notices).collect())
}

/// Prints the policy.
fn show(purpose: Purpose, needs: &Needs, job: &[Statement], ui: &Ui) {
    let scope = purpose.scope();
    let more = needs.used.conditional(scope).into_iter().chain(policy::united(needs.on_state.iter().cloned()));
    let more = more.chain(job.iter().cloned());
    let mut actions = needs.used.actions(scope);
    if purpose == Purpose::Drift {
        actions.extend(beside::ALLOWED);
    }
    let policy = policy::policy(actions, &more.collect::<Vec<_>>());
    let size = policy::size(&policy);
    if size > MANAGED {
        ui.status(&format!(
            "The policy has {size} characters. A managed policy takes {MANAGED}, the policies within a role {INLINE}; \
             divide it by its statements where it is too long."
        ));
    }
    ui.data(&format!("{policy:#}\n"));
}

/// Prints who may take the role on.
fn who(args: &PermissionsArgs, service: Service, dir: &Path, ui: &Ui) -> Outcome {
    let origin = origin(dir).filter(|o| args.jobs.repository.is_none() && o.is_of(service));
    if let Some(origin) = &origin {
        ui.status(&format!("The repository is {}, the origin of the layout's checkout.", origin.repository));
    }
    let text = format!("{:#}\n", policy::trust(&trust(service, args.purpose, &args.jobs, origin.as_ref())?));
    for (word, option) in PLACES.iter().filter(|(word, _)| text.contains(word)) {
        ui.status(&format!("Replace {word}, or give it with {option}."));
    }
    ui.data(&text);
    Ok(Exit::Done)
}

/// Where a checkout came from.
#[derive(Debug, PartialEq, Eq)]
struct Origin {
    host: String,
    repository: String,
}

impl Origin {
    /// From an address such as `git@github.com:acme/net.git` or `https://gitlab.com/acme/net.git`.
    fn read(address: &str) -> Option<Self> {
        let (authority, path) = match address.trim().split_once("://") {
            Some((_, rest)) => rest.split_once('/')?,
            None => address.trim().split_once(':')?,
        };
        let host = authority.rsplit('@').next()?.split(':').next()?;
        let path = path.trim_matches('/');
        let repository = path.strip_suffix(".git").unwrap_or(path);
        let whole = repository.contains('/') && host.contains('.');
        whole.then(|| Origin { host: host.into(), repository: repository.into() })
    }

    fn is_of(&self, service: Service) -> bool {
        (self.host == "github.com") == (service == Service::Github)
    }
}

fn origin(dir: &Path) -> Option<Origin> {
    let mut git = Command::new("git");
    git.arg("-C").arg(dir).args(["remote", "get-url", "origin"]).stdin(Stdio::null()).stderr(Stdio::null());
    let said = git.output().ok().filter(|output| output.status.success())?;
    Origin::read(&String::from_utf8_lossy(&said.stdout))
}

/// Who may take on a role. A plan is made of every proposal; what is applied and watched is on one branch.
fn trust(service: Service, purpose: Purpose, jobs: &Jobs, origin: Option<&Origin>) -> Result<Trust, Diagnostic> {
    let wrong = |detail: String| Diagnostic::error("Invalid option").code("usage").detail(detail);
    let found = origin.map(|origin| origin.repository.as_str());
    let repository = jobs.repository.as_deref().or(found).unwrap_or(PLACES[1].0);
    if repository.split('/').count() < 2 || repository.split('/').any(str::is_empty) || repository.contains("://") {
        return Err(wrong(format!("--repository {repository:?}: a name such as acme/network is expected.")));
    }
    let account = jobs.account.as_deref().unwrap_or(PLACES[0].0);
    if jobs.account.is_some() && (account.len() != 12 || account.chars().any(|c| !c.is_ascii_digit())) {
        return Err(wrong(format!("--account {account:?}: the 12 digits of an account are expected.")));
    }
    let branch = jobs.branch.as_deref().unwrap_or("main");
    let host = |usual: &str| jobs.host.clone().unwrap_or_else(|| usual.to_owned());
    let (host, audience, subjects) = match (service, purpose, &jobs.environment) {
        (Service::Gitlab, _, Some(_)) => {
            let d =
                wrong("--environment is for GitHub: the subject of GitLab's tokens does not name environments.".into());
            return Err(d.hint("Protect the branch, and name it with --branch."));
        }
        (Service::Gitlab, _, None) => {
            let own = origin.map_or("gitlab.com", |origin| &origin.host);
            let host = host(own);
            // A proposal is a branch there.
            let branch = if purpose == Purpose::Plan && jobs.branch.is_none() { "*" } else { branch };
            let subject = format!("project_path:{repository}:ref_type:branch:ref:{branch}");
            let audience = format!("https://{host}");
            (host, audience, vec![subject])
        }
        (Service::Github, _, environment) => {
            let own = match environment {
                Some(name) => format!("repo:{repository}:environment:{name}"),
                None => format!("repo:{repository}:ref:refs/heads/{branch}"),
            };
            let proposals = (purpose == Purpose::Plan).then(|| format!("repo:{repository}:pull_request"));
            let host = host("token.actions.githubusercontent.com");
            (host, "sts.amazonaws.com".to_owned(), [own].into_iter().chain(proposals).collect())
        }
    };
    Ok(Trust { account: account.into(), host, audience, subjects })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn jobs() -> Jobs {
        Jobs { repository: Some("acme/net".into()), branch: None, environment: None, account: None, host: None }
    }

    fn subjects(service: Service, purpose: Purpose, jobs: &Jobs) -> Vec<String> {
        trust(service, purpose, jobs, None).unwrap().subjects
    }

    #[test]
    fn proposals_may_plan_and_one_branch_may_apply() {
        let jobs = jobs();
        let github = |purpose| subjects(Service::Github, purpose, &jobs);
        assert_eq!(github(Purpose::Plan), ["repo:acme/net:ref:refs/heads/main", "repo:acme/net:pull_request"]);
        assert_eq!(github(Purpose::Drift), ["repo:acme/net:ref:refs/heads/main"]);
        assert_eq!(github(Purpose::Apply), ["repo:acme/net:ref:refs/heads/main"]);
        let gitlab = |purpose| subjects(Service::Gitlab, purpose, &jobs);
        assert_eq!(gitlab(Purpose::Plan), ["project_path:acme/net:ref_type:branch:ref:*"]);
        assert_eq!(gitlab(Purpose::Apply), ["project_path:acme/net:ref_type:branch:ref:main"]);
    }

    #[test]
    fn an_environment_stands_for_the_branch_at_github_alone() {
        let jobs = Jobs { environment: Some("production".into()), ..jobs() };
        assert_eq!(subjects(Service::Github, Purpose::Apply, &jobs), ["repo:acme/net:environment:production"]);
        assert!(trust(Service::Gitlab, Purpose::Apply, &jobs, None).unwrap_err().detail.contains("GitHub"));
    }

    #[test]
    fn only_what_was_not_given_is_left_open() {
        let open = trust(Service::Github, Purpose::Apply, &Jobs { repository: None, ..jobs() }, None).unwrap();
        assert_eq!((open.account.as_str(), open.subjects[0].starts_with("repo:ORG/REPO:")), ("ACCOUNT_ID", true));
        for (repository, account) in
            [("net", "123456789012"), ("https://github.com/a/b", "123456789012"), ("a/b", "12")]
        {
            let jobs = Jobs { repository: Some(repository.into()), account: Some(account.into()), ..jobs() };
            assert!(trust(Service::Github, Purpose::Plan, &jobs, None).is_err(), "{repository} {account}");
        }
    }

    #[test]
    fn the_origin_of_a_checkout_is_read_from_its_address() {
        let found = |address: &str| Origin::read(address).map(|o| (o.host, o.repository));
        let same = |host: &str, repository: &str| Some((host.to_owned(), repository.to_owned()));
        assert_eq!(found("git@github.com:acme/net.git\n"), same("github.com", "acme/net"));
        assert_eq!(found("https://user@gitlab.acme.com:8443/a/b/c"), same("gitlab.acme.com", "a/b/c"));
        assert_eq!(found("ssh://git@gitlab.com/acme/net.git"), same("gitlab.com", "acme/net"));
        assert_eq!((found("/srv/git/net.git"), found("../net")), (None, None));
        let own = Origin::read("git@gitlab.acme.com:acme/net").unwrap();
        let open = Jobs { repository: None, ..jobs() };
        let trust = trust(Service::Gitlab, Purpose::Apply, &open, Some(&own)).unwrap();
        assert_eq!((trust.host.as_str(), trust.audience.as_str()), ("gitlab.acme.com", "https://gitlab.acme.com"));
        assert!(own.is_of(Service::Gitlab) && !own.is_of(Service::Github));
    }
}
