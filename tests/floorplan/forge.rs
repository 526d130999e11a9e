//! `preview --post`: against a server with the routes, pages, limits and refusals of GitHub and GitLab.

use super::fleet::git;
use super::forge_server::{Fault, HEAD, Server, TOKEN};
use super::support::{Run, World};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const CONTEXT: &str = "floorplan/preview";
/// The program of a data source that leaves a trace, then takes its time.
const SLOW: &str =
    "data \"external\" \"slow\" {\n  program = [\"sh\", \"-c\", \"touch started; sleep 4; echo '{}'\"]\n}\n";

/// A layout that needs no AWS.
fn layout(name: &str, input: &str) -> String {
    format!("layout {{\n  name = \"{name}\"\n}}\n\nresource \"terraform_data\" \"x\" {{\n  input = \"{input}\"\n}}\n")
}

/// A world with one layout, and the event of pull request 7.
fn world() -> World {
    let world = World::start();
    world.write("layouts/net/main.hcl", &layout("net", "one"));
    event(&world, "acme/net");
    world
}

fn event(world: &World, from: &str) {
    let head = json!({ "sha": HEAD, "repo": { "full_name": from, "fork": from != "acme/net" } });
    let request = json!({ "number": 7, "head": head, "base": { "repo": { "full_name": "acme/net" } } });
    world.write("event.json", &json!({ "action": "synchronize", "pull_request": request }).to_string());
}

/// The program as a step of GitHub Actions runs it.
fn step(world: &World, server: &Server, run: &str, arguments: &[&str]) -> Command {
    let mut command = world.command(&[&["preview", "--post", "github"][..], arguments].concat());
    let path = |name: &str| world.path().join(name);
    command
        .env("GITHUB_ACTIONS", "true")
        .env("GITHUB_TOKEN", TOKEN)
        .env("GITHUB_API_URL", server.url())
        .env("GITHUB_SERVER_URL", "https://github.example")
        .env("GITHUB_REPOSITORY", "acme/net")
        .env("GITHUB_SHA", "merged")
        .env("GITHUB_RUN_ID", run)
        .env("GITHUB_RUN_ATTEMPT", "1")
        .env("GITHUB_EVENT_PATH", path("event.json"))
        .env("GITHUB_STEP_SUMMARY", path("summary.md"))
        .env("GITHUB_OUTPUT", path("output"));
    command
}

/// The program as a job of GitLab CI runs it.
fn job(world: &World, server: &Server, pipeline: &str) -> Command {
    let mut command = world.command(&["preview", "--post", "gitlab"]);
    command
        .env("GITLAB_CI", "true")
        .env("CI_API_V4_URL", server.url())
        .env("CI_PROJECT_ID", "11")
        .env("CI_MERGE_REQUEST_IID", "7")
        .env("CI_MERGE_REQUEST_PROJECT_ID", "11")
        .env("CI_MERGE_REQUEST_SOURCE_PROJECT_ID", "11")
        .env("CI_COMMIT_SHA", HEAD)
        .env("CI_PIPELINE_IID", pipeline)
        .env("CI_JOB_TOKEN", "job")
        .env("GITLAB_TOKEN", TOKEN);
    command
}

/// Runs it, and looks for the token in all that it prints.
fn run(mut command: Command) -> Run {
    let output = command.output().expect("the built program can be run");
    let run = Run {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    };
    assert!(!run.stdout.contains(TOKEN) && !run.stderr.contains(TOKEN), "the token is printed: {run:?}");
    run
}

#[test]
fn two_runs_leave_one_comment() {
    let (world, server) = (world(), Server::github());
    server.chatter(130);
    let first = run(step(&world, &server, "41", &[])).exits(0);
    assert!(first.stdout.contains("### Floorplan"), "{}", first.stdout);
    let bodies = server.own_comments();
    assert_eq!(bodies.len(), 1);
    assert!(bodies[0].starts_with(&format!("<!-- floorplan {CONTEXT} commit={HEAD} run=41.1 -->\n")), "{}", bodies[0]);
    assert!(bodies[0].contains(&first.stdout), "{}", bodies[0]);
    let requests = server.requests();
    assert_eq!(requests[0], format!("POST /repos/acme/net/statuses/{HEAD}"), "before anything else");
    assert!(requests.iter().any(|request| request.ends_with("comments?per_page=100&page=2")), "{requests:?}");

    world.write("layouts/net/more.hcl", "resource \"terraform_data\" \"y\" {}\n");
    let second = run(step(&world, &server, "42", &[])).exits(0);
    let bodies = server.own_comments();
    assert_eq!(bodies.len(), 1);
    assert!(bodies[0].contains("run=42.1") && bodies[0].contains(&second.stdout), "{}", bodies[0]);
    assert!(second.stderr.contains("is updated"), "{}", second.stderr);

    assert_eq!(server.statuses(CONTEXT), ["pending", "success", "pending", "success"]);
    let last = server.status();
    assert_eq!(last["description"], "1 layout: 2 to add, 0 to change, 0 to replace, 0 to destroy");
    assert_eq!(last["target_url"], "https://github.example/acme/net/actions/runs/42");
    assert_eq!(world.read("summary.md"), format!("{}{}", first.stdout, second.stdout));
    assert_eq!(
        world.read("output"),
        "create=1\nupdate=0\nreplace=0\ndestroy=0\nrefused=0\nfailed=0\n\
         create=2\nupdate=0\nreplace=0\ndestroy=0\nrefused=0\nfailed=0\n"
    );
}

#[test]
fn an_older_run_leaves_a_newer_comment() {
    let (world, server) = (world(), Server::github());
    run(step(&world, &server, "42", &[])).exits(0);
    let newer = server.own_comments();
    world.write("layouts/net/more.hcl", "resource \"terraform_data\" \"y\" {}\n");
    let older = run(step(&world, &server, "41", &[])).exits(0);
    assert_eq!(server.own_comments(), newer);
    assert!(older.stderr.contains("of run 42.1, and this is the older run 41.1"), "{}", older.stderr);

    let mut again = step(&world, &server, "42", &[]);
    again.env("GITHUB_RUN_ATTEMPT", "2");
    run(again).exits(0);
    assert!(server.own_comments()[0].contains("run=42.2"));
}

#[test]
fn previews_of_several_names_have_a_comment_each() {
    let (world, server) = (world(), Server::github());
    run(step(&world, &server, "41", &["--name", "prod"])).exits(0);
    run(step(&world, &server, "41", &["--name", "test"])).exits(0);
    run(step(&world, &server, "41", &["--all", "--shard", "1/2"])).exits(0);
    assert_eq!(server.own_comments().len(), 3);
    assert_eq!(server.statuses("floorplan/preview/prod"), ["pending", "success"]);
    assert_eq!(server.statuses("floorplan/preview/1-of-2"), ["pending", "success"]);
    run(step(&world, &server, "41", &["--name", "a--b"])).exits(1);
}

#[test]
fn a_stranger_cannot_keep_a_preview_away() {
    let (world, server) = (world(), Server::github());
    server.say(
        "User",
        "FIRST_TIME_CONTRIBUTOR",
        &format!("<!-- floorplan {CONTEXT} commit=x run=999999.1 -->\nAll is well."),
    );
    run(step(&world, &server, "41", &[])).exits(0);
    let own = server.own_comments();
    assert_eq!(own.len(), 2);
    assert!(own[0].contains("All is well.") && own[1].contains("run=41.1"), "{own:?}");
}

#[test]
fn what_runs_at_once_made_twice_is_one_again() {
    let (world, server) = (world(), Server::github());
    for number in [39, 40] {
        server.say("Bot", "NONE", &format!("<!-- floorplan {CONTEXT} commit=x run={number}.1 -->\nolder"));
    }
    run(step(&world, &server, "41", &[])).exits(0);
    let own = server.own_comments();
    assert_eq!(own.len(), 1);
    assert!(own[0].contains("run=41.1"), "{own:?}");
}

#[test]
fn a_comment_whose_answer_is_lost_is_not_made_twice() {
    let (world, server) = (world(), Server::github());
    server.fault(Fault { method: "POST", part: "/comments", lost: true, ..Fault::default() });
    run(step(&world, &server, "41", &[])).exits(0);
    assert_eq!(server.own_comments().len(), 1);
}

#[test]
fn a_killed_run_leaves_the_status_pending() {
    for (signal, statuses) in [("KILL", &["pending"][..]), ("TERM", &["pending", "error"][..])] {
        let (world, server) = (world(), Server::github());
        world.write("layouts/net/slow.hcl", SLOW);
        let mut child = step(&world, &server, "41", &[]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let (trace, began) = (world.path().join("layouts/net/started"), Instant::now());
        while !trace.exists() {
            assert!(began.elapsed() < Duration::from_secs(60), "the plan did not begin");
            std::thread::sleep(Duration::from_millis(20));
        }
        assert_eq!(server.statuses(CONTEXT), ["pending"]);
        let sent = Command::new("kill").args([format!("-{signal}"), child.id().to_string()]).status().unwrap();
        assert!(sent.success());
        assert_ne!(child.wait().unwrap().code(), Some(0));
        assert_eq!(server.statuses(CONTEXT), statuses, "{signal}");
    }
}

#[test]
fn a_layout_that_fails_makes_the_status_fail() {
    let (world, server) = (world(), Server::github());
    world.write("layouts/bad/main.hcl", "layout {\n  name = \"bad\"\n}\n\noutput \"x\" {\n  value = local.gone\n}\n");
    run(step(&world, &server, "41", &[])).exits(1);
    assert_eq!(server.statuses(CONTEXT), ["pending", "failure"]);
    assert!(world.read("output").ends_with("refused=0\nfailed=1\n"), "{}", world.read("output"));
    let remarks = server.annotations();
    assert_eq!(remarks.len(), 1);
    assert_eq!((&remarks[0]["path"], &remarks[0]["start_line"]), (&json!("layouts/bad/main.hcl"), &json!(6)));
    assert_eq!(remarks[0]["annotation_level"], "failure");
}

#[test]
fn a_run_that_breaks_off_says_so_everywhere() {
    let (world, server) = (world(), Server::github());
    run(step(&world, &server, "41", &["layouts/nothing-*"])).exits(1);
    assert_eq!(server.statuses(CONTEXT), ["pending", "error"]);
    let own = server.own_comments();
    assert!(own[0].contains("the preview could not be made") && own[0].contains("nothing-*"), "{own:?}");
}

#[test]
fn a_change_of_no_layout_is_a_success() {
    let (world, server) = (world(), Server::github());
    git(&world, &["init", "--quiet"]);
    git(&world, &["add", "--all"]);
    git(&world, &["commit", "--quiet", "-m", "first"]);
    let shown = run(step(&world, &server, "41", &["--changed-since", "HEAD"])).exits(0);
    assert_eq!(shown.stdout, "### Floorplan: no layouts\n\nNo layout has changed since HEAD.\n");
    assert_eq!(server.statuses(CONTEXT), ["pending", "success"]);
    assert_eq!(server.status()["description"], "No layout has changed since HEAD");
    assert!(server.own_comments()[0].contains(&shown.stdout));
    assert_eq!(world.read("output"), "create=0\nupdate=0\nreplace=0\ndestroy=0\nrefused=0\nfailed=0\n");
}

#[test]
fn a_pattern_without_layouts_makes_the_status_fail() {
    let (world, server) = (world(), Server::github());
    run(step(&world, &server, "41", &["nothing-*", "layouts/net"])).exits(1);
    assert_eq!(server.statuses(CONTEXT), ["pending", "failure"]);
    let own = server.own_comments();
    assert!(own[0].contains("nothing-*") && own[0].contains("layouts/net"), "{own:?}");
    assert!(world.read("output").ends_with("refused=0\nfailed=1\n"), "{}", world.read("output"));
}

#[test]
fn remarks_go_in_batches() {
    let (world, server) = (world(), Server::github());
    let blocks = (0..60).map(|at| format!("resource \"terraform_data\" \"b{at}\" {{\n  input = var.x\n}}\n"));
    world.write("layouts/net/blocks.hcl", &format!("variable \"x\" {{}}\n{}", blocks.collect::<String>()));
    world.floorplan(&["apply", "layouts/net", "--auto-approve", "--var", "x=1"]).succeeds();
    run(step(&world, &server, "41", &["--var", "x=2"])).exits(0);
    let runs = server.check_runs();
    assert_eq!(runs.len(), 1);
    assert_eq!((&runs[0]["head_sha"], &runs[0]["conclusion"]), (&json!(HEAD), &json!("neutral")));
    let remarks = server.annotations();
    assert_eq!(remarks.len(), 60);
    assert!(remarks.iter().all(|one| one["path"] == "layouts/net/blocks.hcl" && one["annotation_level"] == "notice"));
    assert_eq!(server.batches(), [50, 10]);
}

#[test]
fn a_token_that_may_not_remark_is_said_once() {
    let (world, server) = (world(), Server::github());
    world.floorplan(&["apply", "layouts/net", "--auto-approve"]).succeeds();
    world.write("layouts/net/main.hcl", &layout("net", "two"));
    let forbidden = r#"{"message": "Resource not accessible by personal access token"}"#;
    server.fault(Fault { method: "POST", part: "/check-runs", status: 403, body: forbidden, ..Fault::default() });
    let shown = run(step(&world, &server, "41", &[])).exits(0);
    assert_eq!(shown.stderr.matches("checks: write").count(), 1, "{}", shown.stderr);
    assert_eq!(server.statuses(CONTEXT), ["pending", "success"]);
    assert_eq!(server.own_comments().len(), 1);
}

#[test]
fn a_short_limit_is_waited_for() {
    let (world, server) = (world(), Server::github());
    let limit = Fault { status: 429, headers: &[("Retry-After", "1")], ..Fault::default() };
    server.fault(Fault { method: "GET", part: "/comments", ..limit });
    server.fault(Fault { method: "POST", part: "/comments", ..limit });
    let began = Instant::now();
    run(step(&world, &server, "41", &[])).exits(0);
    assert!(began.elapsed() >= Duration::from_secs(2));
    assert_eq!(server.own_comments().len(), 1);
    assert_eq!(server.statuses(CONTEXT), ["pending", "success"]);
}

#[test]
fn a_long_limit_is_an_error() {
    let (world, server) = (world(), Server::github());
    let headers = &[("X-RateLimit-Remaining", "0"), ("X-RateLimit-Reset", "99999999999")];
    let body = r#"{"message": "API rate limit exceeded for installation"}"#;
    server.fault(Fault { method: "GET", part: "/comments", status: 403, headers, body, ..Fault::default() });
    let shown = run(step(&world, &server, "41", &[])).exits(1);
    for part in ["Cannot post the preview", "/issues/7/comments", "rate limit exceeded", "The limit of calls ends in"] {
        assert!(shown.stderr.contains(part), "{part} in {}", shown.stderr);
    }
    assert_eq!(server.statuses(CONTEXT), ["pending", "error"]);
    assert!(world.read("summary.md").contains("### Floorplan"), "the rest goes on");
}

#[test]
fn a_comment_that_is_not_accepted_is_explained() {
    let (world, server) = (world(), Server::github());
    let body = r#"{"message": "Validation Failed", "errors": [{"resource": "IssueComment", "code": "unprocessable", "field": "data", "message": "Body is too long"}]}"#;
    server.fault(Fault { method: "POST", part: "/comments", status: 422, body, ..Fault::default() });
    let shown = run(step(&world, &server, "41", &[])).exits(1);
    for part in ["HTTP status 422", "Validation Failed; Body is too long", "--limit"] {
        assert!(shown.stderr.contains(part), "{part} in {}", shown.stderr);
    }
    assert_eq!(server.statuses(CONTEXT), ["pending", "error"]);
}

#[test]
fn a_token_that_only_reads_is_explained() {
    let (world, server) = (world(), Server::github());
    server.refuse_writes();
    let shown = run(step(&world, &server, "41", &[])).exits(1);
    assert!(shown.stdout.contains("### Floorplan"), "the preview is printed all the same");
    for part in ["Cannot set the commit status", "Cannot post the preview", "pull-requests: write", "not accessible"] {
        assert!(shown.stderr.contains(part), "{part} in {}", shown.stderr);
    }
    assert_eq!(shown.stderr.matches("Cannot set the commit status").count(), 1, "{}", shown.stderr);
}

#[test]
fn a_wrong_token_is_explained_and_not_repeated() {
    let (world, server) = (world(), Server::github());
    let mut command = step(&world, &server, "41", &[]);
    command.env("GITHUB_TOKEN", "ghs_other_token");
    let shown = run(command).exits(1);
    assert!(shown.stderr.contains("HTTP status 401 (Bad credentials"), "{}", shown.stderr);
    assert!(!shown.stderr.contains("ghs_other_token"), "{}", shown.stderr);
}

#[test]
fn without_a_request_or_a_token_the_preview_is_still_made() {
    let (world, server) = (world(), Server::github());
    world.write("event.json", r#"{"ref": "refs/heads/main"}"#);
    let mut command = step(&world, &server, "41", &[]);
    command.env_remove("GITHUB_TOKEN");
    let shown = run(command).exits(1);
    for part in ["pull_request.number", "on: pull_request", "GITHUB_TOKEN is not set", "github.token"] {
        assert!(shown.stderr.contains(part), "{part} in {}", shown.stderr);
    }
    assert!(shown.stdout.contains("### Floorplan"), "{}", shown.stdout);
    assert_eq!(world.read("summary.md"), shown.stdout);
    assert_eq!(server.requests(), [""; 0]);
}

#[test]
fn a_fork_runs_no_programs() {
    let (world, server) = (world(), Server::github());
    event(&world, "mallory/net");
    world.write("layouts/program/main.hcl", SLOW);
    let provisioner =
        "resource \"terraform_data\" \"x\" {\n  provisioner \"local-exec\" {\n    command = \"true\"\n  }\n}\n";
    world.write("layouts/provisioner/main.hcl", &format!("layout {{\n  name = \"p\"\n}}\n{provisioner}"));
    let hidden = SLOW.replace("slow", "hidden");
    let asserted = "assert {\n  condition = data.external.hidden.id == \"-\"\n  error_message = \"No.\"\n}\n";
    world.write("layouts/hidden/main.hcl", &format!("check \"c\" {{\n{hidden}{asserted}}}\n"));
    let shown = run(step(&world, &server, "41", &["layouts/*"])).exits(1);
    assert!(!world.path().join("layouts/hidden/started").exists(), "the program of a check ran");
    assert!(!world.path().join("layouts/program/started").exists(), "the program ran");
    for part in [
        "data.external.slow can run a program",
        "data.external.hidden can",
        "A provisioner can run a program",
        "mallory/net",
    ] {
        assert!(shown.stderr.contains(part), "{part} in {}", shown.stderr);
    }
    assert!(world.read("output").starts_with("create=1\n"), "the other layout is previewed");

    let mut plain = world.command(&["preview", "layouts/program"]);
    plain.env("GITHUB_EVENT_PATH", world.path().join("event.json"));
    run(plain).exits(1);
    assert!(!world.path().join("layouts/program/started").exists(), "the program ran without --post");

    event(&world, "acme/net");
    std::fs::remove_dir_all(world.path().join("layouts/hidden")).unwrap();
    run(step(&world, &server, "42", &["layouts/*"])).exits(0);
    assert!(world.path().join("layouts/program/started").exists());
}

#[test]
fn gitlab_has_one_note_and_a_status() {
    let (world, server) = (world(), Server::gitlab());
    server.chatter(120);
    let first = run(job(&world, &server, "5")).exits(0);
    assert!(server.own_comments()[0].contains(&first.stdout));
    world.write("layouts/net/more.hcl", "resource \"terraform_data\" \"y\" {}\n");
    let second = run(job(&world, &server, "6")).exits(0);
    let own = server.own_comments();
    assert_eq!(own.len(), 1);
    assert!(own[0].contains("run=6.1") && own[0].contains(&second.stdout), "{own:?}");
    let older = run(job(&world, &server, "5")).exits(0);
    assert!(older.stderr.contains("older run 5.1"), "{}", older.stderr);
    assert_eq!(server.own_comments(), own);
    assert_eq!(server.status()["name"], CONTEXT);

    // A run that was killed left it pending: GitLab refuses to set it to that again.
    server.set_status("pending");
    run(job(&world, &server, "7")).exits(0);
    assert_eq!(server.status()["state"], "success");
}

#[test]
fn a_job_token_of_gitlab_is_explained() {
    let (world, server) = (world(), Server::gitlab());
    let mut command = job(&world, &server, "5");
    command.env_remove("GITLAB_TOKEN");
    let shown = run(command).exits(1);
    assert!(shown.stderr.contains("HTTP status 401"), "{}", shown.stderr);
    assert!(shown.stdout.contains("### Floorplan"), "{}", shown.stdout);
}

#[test]
fn the_workflows_of_the_documents_are_the_files() {
    let page = include_str!("../../docs/fleet.md");
    for (name, text) in [
        ("deploy/github/preview.yml", include_str!("../../deploy/github/preview.yml")),
        ("deploy/github/reviewed.yml", include_str!("../../deploy/github/reviewed.yml")),
        ("deploy/gitlab/preview.yml", include_str!("../../deploy/gitlab/preview.yml")),
    ] {
        assert!(page.contains(&format!("```yaml\n{text}```\n")), "{name} is not in docs/fleet.md as it is");
        let events = saphyr_parser::Parser::new_from_str(text)
            .inspect(|event| assert!(event.is_ok(), "{name}: {event:?}"))
            .count();
        assert!(events > 20, "{name}: {events}");
    }
}

#[test]
fn the_page_and_the_comment_can_be_made_at_once() {
    let (world, server) = (world(), Server::github());
    let shown = run(step(&world, &server, "41", &["--format", "html"])).exits(0);
    assert!(shown.stdout.starts_with("<!"), "{}", shown.stdout);
    let own: Vec<Value> = server.own_comments().into_iter().map(Value::from).collect();
    assert!(own[0].as_str().is_some_and(|body| body.contains("### Floorplan")));
}

#[test]
fn a_change_of_a_module_previews_the_layouts_that_use_it() {
    let (world, server) = (World::start(), Server::github());
    event(&world, "acme/net");
    let users = [11, 17, 38];
    for at in 0..40 {
        let module = if users.contains(&at) { "web" } else { "net" };
        let text = format!(
            "layout {{\n  name = \"client-{at:02}\"\n}}\n\nmodule \"m\" {{\n  source = \"../../modules/{module}\"\n}}\n"
        );
        world.write(&format!("layouts/client-{at:02}/main.hcl"), &text);
    }
    let network = "resource \"aws_vpc\" \"v\" {\n  cidr_block = \"10.0.0.0/16\"\n}\n";
    ["web", "net"].iter().for_each(|module| world.write(&format!("modules/{module}/main.tf"), network));
    git(&world, &["init", "--quiet"]);
    git(&world, &["add", "--all"]);
    git(&world, &["commit", "--quiet", "-m", "first"]);
    git(&world, &["checkout", "--quiet", "-b", "change"]);
    let subnet = "resource \"aws_subnet\" \"s\" {\n  vpc_id     = aws_vpc.v.id\n  cidr_block = \"10.0.1.0/24\"\n}\n";
    world.write("modules/web/subnet.tf", subnet);
    git(&world, &["add", "--all"]);
    git(&world, &["commit", "--quiet", "-m", "change"]);

    let first = run(step(&world, &server, "41", &["--changed-since", "main"])).exits(0);
    let names = regex::Regex::new(r"client-[0-9]{2}").expect("a pattern");
    let named: BTreeSet<&str> = names.find_iter(&first.stdout).map(|found| found.as_str()).collect();
    assert_eq!(named, BTreeSet::from(["client-11", "client-17", "client-38"]), "{}", first.stdout);
    assert!(first.stderr.contains("3 of 40 layouts have changed since main."), "{}", first.stderr);
    run(step(&world, &server, "42", &["--changed-since", "main"])).exits(0);
    let bodies = server.own_comments();
    assert_eq!(bodies.len(), 1);
    assert!(bodies[0].contains("run=42.1") && bodies[0].contains(&first.stdout), "{}", bodies[0]);
    let made = server.requests().iter().filter(|request| *request == "POST /repos/acme/net/issues/7/comments").count();
    assert_eq!(made, 1, "{:?}", server.requests());
    assert_eq!(world.writes(), [""; 0]);
}
