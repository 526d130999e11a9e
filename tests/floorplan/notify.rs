//! `drift --memory` and `--notify`: who hears of drift, when, and how often.

use super::notice_server::{SECRET, Server, TOKEN};
use super::support::{REGION, Run, World};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const LAYOUT: &str = r#"
layout {
  name = "net"
}
resource "aws_vpc" "v" {
  cidr_block = "10.0.0.0/16"
  tags       = { Name = "main" }
}
"#;
const BUCKET: &str = "acme-drift";

/// A world in which the layout is applied.
struct Site {
    world: World,
    vpc: String,
}

impl Site {
    fn start() -> Self {
        let world = World::start();
        world.write("layouts/net/main.tf", LAYOUT);
        world.floorplan(&["apply", "layouts/net", "--sandbox", "--auto-approve"]).succeeds();
        let vpc = world.ids("DescribeVpcs", "vpcId", &[("tag:Name", "main")]).remove(0);
        Site { world, vpc }
    }

    fn tag(&self, value: &str) {
        self.world.ec2("CreateTags", &[("ResourceId.1", &self.vpc), ("Tag.1.Key", "Owner"), ("Tag.1.Value", value)]);
    }

    fn mend(&self) {
        self.world.ec2("DeleteTags", &[("ResourceId.1", &self.vpc), ("Tag.1.Key", "Owner")]);
    }

    fn command(&self, memory: &str, more: &[&str]) -> Command {
        self.world.command(&[&["drift", "layouts/net", "--sandbox", "--memory", memory][..], more].concat())
    }

    fn drift(&self, more: &[&str]) -> Run {
        run(self.command("memory", more))
    }

    /// What the only file of the memory holds.
    fn memory(&self) -> Value {
        let folder = self.world.path().join("memory/layouts");
        let files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        assert_eq!(files.len(), 1, "{files:?}");
        serde_json::from_slice(&std::fs::read(&files[0]).unwrap()).unwrap()
    }
}

/// Runs it, and looks for secrets in all that it prints.
fn run(mut command: Command) -> Run {
    let output = command.output().expect("the built program can be run");
    let run = Run {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    };
    for secret in [SECRET, TOKEN] {
        assert!(!run.stdout.contains(secret) && !run.stderr.contains(secret), "{secret} is printed: {run:?}");
    }
    run
}

fn github(mut command: Command, server: &Server) -> Command {
    command.env("GITHUB_TOKEN", TOKEN).env("GITHUB_API_URL", server.url()).env("GITHUB_REPOSITORY", "acme/net");
    command
}

#[test]
fn a_webhook_hears_of_what_changed_and_of_nothing_else() {
    let (site, server) = (Site::start(), Server::github());
    let hook = format!("webhook:{}", server.hook("hook"));
    let drift = |code| site.drift(&["--notify", &hook, "--format", "json"]).exits(code);
    site.world.forget_calls();
    drift(0);
    drift(0);
    assert_eq!(server.posts().len(), 0, "nothing differs, and nothing ever did");
    assert!(site.memory()["clean_since"].is_string());
    assert_eq!(site.world.writes(), [""; 0]);

    site.tag("me");
    let first: Value = serde_json::from_str(&drift(2).stdout).unwrap();
    let posts = server.posts();
    assert_eq!(posts.len(), 1);
    let finding = |document: &Value| document["layouts"][0]["findings"][0].clone();
    assert_eq!(finding(&posts[0].1), finding(&first));
    assert_eq!((&finding(&first)["address"], &posts[0].1["format"]), (&json!("aws_vpc.v"), &json!(1)));
    let since = finding(&first)["since"].clone();
    assert!(since.as_str().is_some_and(|since| since.ends_with('Z')), "{since}");

    let second: Value = serde_json::from_str(&drift(2).stdout).unwrap();
    assert_eq!(server.posts().len(), 0);
    assert_eq!(finding(&second)["since"], since);
    assert_eq!(site.memory()["findings"][0]["since"], since);

    site.tag("you");
    drift(2);
    let changed = server.posts();
    assert_eq!(changed.len(), 1);

    site.mend();
    drift(0);
    let clean = server.posts();
    assert_eq!(clean.len(), 1);
    assert_eq!((&clean[0].1["layouts"][0]["layout"], &clean[0].1["summary"]["findings"]), (&json!("net"), &json!(0)));
    drift(0);
    assert_eq!(server.posts().len(), 0);

    site.tag("me");
    drift(2);
    let again = server.posts();
    let keys: BTreeSet<&String> =
        [&posts, &changed, &clean, &again].into_iter().flatten().map(|(key, _)| key).collect();
    assert_eq!((again.len(), keys.len()), (1, 4), "each notice has a key of its own");
    assert!(!site.memory().to_string().contains(SECRET));
}

#[test]
fn a_notice_that_was_refused_is_sent_by_the_next_run() {
    let (site, server) = (Site::start(), Server::github());
    let hook = format!("webhook:{}", server.hook("hook"));
    site.tag("me");
    server.refuse(1, 400);
    let failed = site.drift(&["--notify", &hook]).exits(1);
    assert!(failed.stdout.contains("aws_vpc.v was changed"), "the report is there all the same: {}", failed.stdout);
    assert!(failed.stderr.contains("Cannot send the notice to the webhook at 127.0.0.1"), "{}", failed.stderr);
    assert!(failed.stderr.contains("HTTP status 400"), "{}", failed.stderr);
    site.drift(&["--notify", &hook]).exits(2);
    assert_eq!(server.posts().len(), 1);

    // Each attempt arrives, and nobody says so.
    site.tag("you");
    server.lose(3);
    site.drift(&["--notify", &hook]).exits(1);
    let lost = server.posts();
    assert_eq!(lost.len(), 3);
    site.drift(&["--notify", &hook]).exits(2);
    let again = server.posts();
    assert_eq!((again.len(), &again[0].0), (1, &lost[0].0), "the recipient can know it again");

    // Of drift that perhaps was heard of, it is heard that it is over.
    site.tag("others");
    server.refuse(1, 400);
    site.drift(&["--notify", &hook]).exits(1);
    site.mend();
    site.drift(&["--notify", &hook]).exits(0);
    assert_eq!(server.posts().len(), 1);
    // A fault of the server is waited out.
    site.tag("me");
    server.refuse(2, 503);
    site.drift(&["--notify", &hook]).exits(2);
    assert_eq!(server.posts().len(), 1);
}

#[test]
fn a_run_that_is_killed_while_it_sends_sends_again() {
    let (site, server) = (Site::start(), Server::github());
    let hook = format!("webhook:{}", server.hook("hook"));
    site.tag("me");
    server.pause(Duration::from_secs(20));
    let mut command = site.command("memory", &["--notify", &hook]);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let (began, mut lost) = (Instant::now(), Vec::new());
    while lost.is_empty() {
        assert!(began.elapsed() < Duration::from_secs(60), "nothing is sent");
        std::thread::sleep(Duration::from_millis(20));
        lost = server.posts();
    }
    child.kill().unwrap();
    child.wait().unwrap();
    server.pause(Duration::ZERO);
    site.drift(&["--notify", &hook]).exits(2);
    let again = server.posts();
    assert_eq!((again.len(), &again[0].0), (1, &lost[0].0));
    site.drift(&["--notify", &hook]).exits(2);
    assert_eq!(server.posts().len(), 0);
}

#[test]
fn slack_gets_blocks_at_an_address_from_a_variable() {
    let (site, server) = (Site::start(), Server::github());
    let drift = || {
        let mut command = site.command("memory", &["--notify", "slack:$DRIFT_HOOK"]);
        command.env("DRIFT_HOOK", server.hook("slack"));
        run(command)
    };
    site.tag("me");
    drift().exits(2);
    drift().exits(2);
    let posts = server.posts();
    assert_eq!(posts.len(), 1);
    assert_eq!(posts[0].1["text"], "Floorplan: layouts/net: 1 finding (1 cosmetic)");
    let text = posts[0].1["blocks"][1]["text"]["text"].as_str().unwrap();
    assert!(text.contains("`aws_vpc.v` was changed") && text.contains("tags[\"Owner\"]: \"me\" was added"), "{text}");
    site.mend();
    drift().exits(0);
    assert_eq!(server.posts()[0].1["text"], "Floorplan: no drift any more in layouts/net");
    assert!(site.memory()["sent"].get("slack:$DRIFT_HOOK").is_some());
}

#[test]
fn one_issue_at_github_is_opened_closed_and_opened_again() {
    let (site, server) = (Site::start(), Server::github());
    let drift = || run(github(site.command("memory", &["--notify", "github-issue"]), &server));
    server.say("NONE", "<!-- floorplan drift layouts/anything -->\nAll is well.");
    drift().exits(0);
    assert_eq!(server.requests(), [""; 0], "nobody is asked while nothing differs");

    site.tag("me");
    server.lose(1);
    drift().exits(2);
    let opened = server.issues();
    assert_eq!(opened.len(), 1, "a lost answer does not make it twice");
    let (title, state, body) = &opened[0];
    assert_eq!((title.as_str(), state.as_str()), ("Drift: layouts/net", "open"));
    assert!(body.starts_with("<!-- floorplan drift layouts/layouts-net-"), "{body}");
    assert!(body.contains("`aws_vpc.v`"), "{body}");

    server.requests();
    drift().exits(2);
    assert_eq!(server.requests(), [""; 0]);

    site.tag("you");
    drift().exits(2);
    let changed = server.issues();
    assert!(changed.len() == 1 && changed[0].2.contains("\"you\"") && changed[0].1 == "open", "{changed:?}");
    site.mend();
    drift().exits(0);
    assert_eq!(server.issues()[0].1, "closed");
    site.tag("me");
    drift().exits(2);
    let reopened = server.issues();
    assert!(reopened.len() == 1 && reopened[0].1 == "open" && reopened[0].2.contains("\"me\""), "{reopened:?}");
    assert_eq!(site.memory()["sent"]["github-issue:acme/net"]["issue"], 2);
}

#[test]
fn an_issue_is_found_without_its_label_and_not_a_strangers() {
    let (site, server) = (Site::start(), Server::github());
    let drift = || run(github(site.command("memory", &["--notify", "github-issue"]), &server));
    server.drop_labels();
    site.tag("me");
    drift().exits(2);
    let mark = server.issues()[0].2.lines().next().unwrap().to_owned();
    server.say("FIRST_TIME_CONTRIBUTOR", &format!("{mark}\nAll is well."));
    site.mend();
    drift().exits(0);
    let own = server.issues();
    assert_eq!((own.len(), own[0].1.as_str()), (1, "closed"));
}

#[test]
fn a_token_that_may_not_write_issues_is_an_error() {
    let (site, server) = (Site::start(), Server::github());
    site.tag("me");
    server.refuse(1, 403);
    let drift = || run(github(site.command("memory", &["--notify", "github-issue"]), &server));
    let failed = drift().exits(1);
    assert!(failed.stderr.contains("Cannot write the issue on GitHub for layouts/net"), "{}", failed.stderr);
    assert!(failed.stderr.contains("issues: write"), "{}", failed.stderr);
    drift().exits(2);
    assert_eq!(server.issues().len(), 1);
}

#[test]
fn one_issue_at_gitlab_is_opened_closed_and_opened_again() {
    let (site, server) = (Site::start(), Server::gitlab());
    let drift = || {
        let mut command = site.command("memory", &["--notify", "gitlab-issue"]);
        command.env("CI_API_V4_URL", server.url()).env("CI_PROJECT_ID", "11").env("GITLAB_TOKEN", TOKEN);
        run(command)
    };
    site.tag("me");
    drift().exits(2);
    server.say("NONE", &server.issues()[0].2);
    site.mend();
    drift().exits(0);
    assert_eq!(server.issues()[0].1, "closed");
    site.tag("you");
    drift().exits(2);
    let own = server.issues();
    assert!(own.len() == 1 && own[0].1 == "opened" && own[0].2.contains("\"you\""), "{own:?}");
}

#[test]
fn a_topic_of_sns_hears_of_it() {
    let site = Site::start();
    let topic = site.world.query("sns", "CreateTopic", &[("Name", "drift")]).one("TopicArn");
    let queue = site.world.json("sqs", "AmazonSQS.CreateQueue", json!({ "QueueName": "drift" }))["QueueUrl"].clone();
    let asked = json!({ "QueueUrl": queue, "AttributeNames": ["QueueArn"] });
    let attributes = site.world.json("sqs", "AmazonSQS.GetQueueAttributes", asked)["Attributes"].clone();
    let arn = attributes["QueueArn"].as_str().unwrap();
    site.world.query("sns", "Subscribe", &[("TopicArn", &topic), ("Protocol", "sqs"), ("Endpoint", arn)]);
    // An independent client reads what arrived.
    let arrived = || {
        let asked = json!({ "QueueUrl": queue, "MaxNumberOfMessages": 10 });
        let answer = site.world.json("sqs", "AmazonSQS.ReceiveMessage", asked);
        let all = answer["Messages"].as_array().cloned().unwrap_or_default();
        let body = |message: &Value| -> Value { serde_json::from_str(message["Body"].as_str().unwrap()).unwrap() };
        let bodies: Vec<Value> = all.iter().map(body).collect();
        for message in &all {
            let gone = json!({ "QueueUrl": queue, "ReceiptHandle": message["ReceiptHandle"] });
            site.world.json("sqs", "AmazonSQS.DeleteMessage", gone);
        }
        bodies
    };
    let notify = format!("sns:{topic}");
    site.tag("me");
    site.drift(&["--notify", &notify]).exits(2);
    site.drift(&["--notify", &notify]).exits(2);
    let messages = arrived();
    assert_eq!(messages.len(), 1, "{messages:?}");
    assert_eq!(messages[0]["Subject"], "Floorplan: layouts/net: 1 finding (1 cosmetic)");
    let text = messages[0]["Message"].as_str().unwrap();
    assert!(text.starts_with("layouts/net: 1 finding") && text.contains("aws_vpc.v was changed"), "{text}");
    site.mend();
    site.drift(&["--notify", &notify]).exits(0);
    let messages = arrived();
    assert_eq!(messages[0]["Message"], "layouts/net: no drift any more.\n");
    // A topic that is gone is an error that names it.
    site.world.query("sns", "DeleteTopic", &[("TopicArn", &topic)]);
    site.tag("you");
    let failed = site.drift(&["--notify", &notify]).exits(1);
    assert!(
        failed.stderr.contains("Cannot send the notice to SNS") && failed.stderr.contains(&topic),
        "{}",
        failed.stderr
    );
}

#[test]
fn a_bucket_keeps_the_memory() {
    let (site, server) = (Site::start(), Server::github());
    let place = format!(
        "<CreateBucketConfiguration><LocationConstraint>{REGION}</LocationConstraint></CreateBucketConfiguration>"
    );
    assert_eq!(site.world.send("PUT", &format!("/{BUCKET}"), "s3", &[], place.as_bytes()).0, 200);
    let hook = format!("webhook:{}", server.hook("hook"));
    let memory = format!("s3://{BUCKET}/network");
    let drift = || run(site.command(&memory, &["--notify", &hook, "--format", "json"]));
    site.tag("me");
    let first: Value = serde_json::from_str(&drift().exits(2).stdout).unwrap();
    let second: Value = serde_json::from_str(&drift().exits(2).stdout).unwrap();
    assert_eq!(server.posts().len(), 1);
    assert_eq!(first, second, "with the same time of each finding");
    let keys = || {
        let (status, answer) = site.world.send("GET", &format!("/{BUCKET}?list-type=2"), "s3", &[], b"");
        assert_eq!(status, 200, "{answer}");
        let document = roxmltree::Document::parse(&answer).unwrap();
        let keys = document.descendants().filter(|node| node.tag_name().name() == "Key");
        keys.filter_map(|node| node.text().map(str::to_owned)).collect::<Vec<_>>()
    };
    let all = keys();
    assert_eq!(all.len(), 1);
    assert!(all[0].starts_with("network/layouts/layouts-net-") && all[0].ends_with(".json"), "{all:?}");
    let path = format!("/{BUCKET}/{}", all[0]);
    let (_, text) = site.world.send("GET", &path, "s3", &[], b"");
    let kept: Value = serde_json::from_str(&text).unwrap();
    assert_eq!((&kept["format"], &kept["layout"]), (&json!(1), &json!("net")));
    assert_eq!(kept["findings"][0]["since"], first["layouts"][0]["findings"][0]["since"]);

    // A memory of a later version is left as it is, and the report is printed all the same.
    let later = text.replace("\"format\": 1", "\"format\": 2");
    assert_eq!(site.world.send("PUT", &path, "s3", &[], later.as_bytes()).0, 200);
    let failed = drift().exits(1);
    assert!(failed.stderr.contains("It has format 2") && failed.stderr.contains(&all[0]), "{}", failed.stderr);
    assert!(failed.stdout.contains("aws_vpc.v"), "{}", failed.stdout);
    assert_eq!(site.world.send("GET", &path, "s3", &[], b"").1, later);
    let lacking = run(site.command("s3://no-such-bucket/x", &[])).exits(1);
    assert!(lacking.stderr.contains("Cannot read the memory of the drift job"), "{}", lacking.stderr);
}

#[test]
fn what_cannot_be_notified_is_said_at_once() {
    let world = World::start();
    world.write("layouts/net/main.hcl", "layout {\n  name = \"net\"\n}\n");
    let fails = |arguments: &[&str], words: &[&str]| {
        let failed = run(world.command(&[&["drift", "layouts/net"][..], arguments].concat())).exits(1);
        assert_eq!(failed.stdout, "");
        words.iter().for_each(|word| assert!(failed.stderr.contains(word), "{word}: {}", failed.stderr));
    };
    let slack = format!("slack:https://hooks.slack.example/{SECRET}");
    fails(&["--notify", &slack], &["--notify needs a memory", "--memory s3://"]);
    fails(&["--memory", "m", "--notify", &format!("{slack} x")], &["not a valid URL"]);
    fails(&["--memory", "m", "--notify", "slack:$UNSET"], &["UNSET", "is not set"]);
    fails(&["--memory", "m", "--notify", "mail:ada"], &["\"mail\" is not a kind of recipient", "github-issue"]);
    fails(&["--memory", "gs://x"], &["only s3:// is served"]);
    fails(
        &["--memory", "m", "--notify", "github-issue", "--notify", "gitlab-issue"],
        &["GITHUB_TOKEN is not set", "GITHUB_REPOSITORY", "GITLAB_TOKEN", "CI_API_V4_URL"],
    );
    assert!(!world.path().join("m").exists(), "nothing was written");
}

/// The layouts that a part looks at.
fn part(world: &World, run_of: &str, part: &str) -> BTreeSet<String> {
    let mut command = world.command(&["drift", "--all", "--shard", part, "--memory", "memory", "--format", "json"]);
    command.env("FLOORPLAN_RUN", run_of);
    let document: Value = serde_json::from_str(&run(command).exits(0).stdout).unwrap();
    let layouts = document["layouts"].as_array().unwrap();
    layouts.iter().map(|layout| layout["layout"].as_str().unwrap().to_owned()).collect()
}

/// Sets how long the last look at a layout took.
fn set_took(world: &World, layout: &str, took: u64) {
    for entry in std::fs::read_dir(world.path().join("memory/layouts")).unwrap() {
        let path = entry.unwrap().path();
        let mut memory: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        if memory["layout"] == layout {
            memory["took"] = took.into();
            std::fs::write(&path, memory.to_string()).unwrap();
            return;
        }
    }
    panic!("{layout} is not remembered");
}

#[test]
fn parts_of_a_run_share_one_division_by_duration() {
    let world = World::start();
    for name in ["a", "b", "c", "d", "e"] {
        let text = format!("layout {{\n  name = \"{name}\"\n}}\n\nresource \"terraform_data\" \"x\" {{}}\n");
        world.write(&format!("layouts/{name}/main.hcl"), &text);
    }
    world.floorplan(&["drift", "--all", "--memory", "memory"]).succeeds();
    let name = |name: &str| name.to_owned();
    ["b", "c", "d", "e"].iter().for_each(|one| set_took(&world, one, 10));
    set_took(&world, "a", 10_000);
    assert_eq!(part(&world, "one", "1/2"), BTreeSet::from([name("a")]));
    // The first part has written its duration, and others have changed as well, before the second part begins.
    set_took(&world, "a", 10);
    set_took(&world, "e", 10_000);
    assert_eq!(part(&world, "one", "2/2"), BTreeSet::from(["b", "c", "d", "e"].map(name)));
    assert_eq!(part(&world, "one", "1/2"), BTreeSet::from([name("a")]), "and once more, after a restart");
    // The next run divides anew, and a layout that came since is of one part.
    ["a", "b", "c", "d"].iter().for_each(|one| set_took(&world, one, 10));
    set_took(&world, "e", 10_000);
    assert_eq!(part(&world, "two", "2/2"), BTreeSet::from(["a", "b", "c", "d"].map(name)));
    world.write("layouts/f/main.hcl", "layout {\n  name = \"f\"\n}\n");
    world.write("layouts/f/more.hcl", "resource \"terraform_data\" \"x\" {}\n");
    let (first, second) = (part(&world, "two", "1/2"), part(&world, "two", "2/2"));
    assert!(first.is_disjoint(&second), "{first:?} {second:?}");
    let all: BTreeSet<String> = first.union(&second).cloned().collect();
    assert_eq!(all, BTreeSet::from(["a", "b", "c", "d", "e", "f"].map(name)));
}

#[test]
fn the_policy_of_the_job_names_its_memory() {
    let world = World::start();
    world.write("net/main.tf", LAYOUT);
    let topic = "arn:aws:sns:eu-west-1:123456789012:drift";
    let more = ["--memory", "s3://acme-drift/network", "--notify", &format!("sns:{topic}"), "--notify", "slack:$HOOK"];
    let policy = world.floorplan(&[&["permissions", "drift", "net"][..], &more].concat()).succeeds();
    let policy: Value = serde_json::from_str(&policy.stdout).unwrap();
    let names: Vec<&str> = policy["Statement"].as_array().unwrap().iter().map(|s| s["Sid"].as_str().unwrap()).collect();
    assert!(names.ends_with(&["MemoryObjects", "MemoryBucket", "Notices"]), "{names:?}");
    let refused = world.floorplan(&[&["permissions", "apply", "net"][..], &more].concat()).exits(1);
    assert!(refused.stderr.contains("for a drift job"), "{}", refused.stderr);
}
