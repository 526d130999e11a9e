//! A state in a bucket: one master at a time, a run that goes on elsewhere after a kill, and a writer that slept.

use super::support::{REGION, Run, World};
use serde_json::{Value, json};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

pub(super) const BUCKET: &str = "acme-states";
pub(super) const APPLY: [&str; 4] = ["apply", "net", "--sandbox", "--auto-approve"];

pub(super) fn layout(more: &str) -> String {
    format!(
        r#"
terraform {{
  backend "s3" {{
    bucket = "{BUCKET}"
    key    = "acme/net.json"
    region = "{REGION}"
  }}
}}
resource "aws_vpc" "main" {{
  cidr_block = "10.0.0.0/16"
}}
resource "aws_subnet" "a" {{
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.0.1.0/24"
}}
output "vpc" {{
  value = aws_vpc.main.id
}}
{more}
"#
    )
}

pub(super) const GATEWAY: &str = "resource \"aws_internet_gateway\" \"main\" {\n  vpc_id = aws_vpc.main.id\n}\n";

pub(super) fn world() -> World {
    let world = World::start();
    world.write("net/main.tf", &layout(""));
    let place = format!(
        "<CreateBucketConfiguration><LocationConstraint>{REGION}</LocationConstraint></CreateBucketConfiguration>"
    );
    assert_eq!(world.send("PUT", &format!("/{BUCKET}"), "s3", &[], place.as_bytes()).0, 200);
    world
}

/// The keys of all objects in the bucket, as an independent client lists them.
pub(super) fn keys(world: &World) -> Vec<String> {
    let (status, answer) = world.send("GET", &format!("/{BUCKET}?list-type=2"), "s3", &[], b"");
    assert_eq!(status, 200, "{answer}");
    let document = roxmltree::Document::parse(&answer).unwrap();
    let keys = document.descendants().filter(|node| node.tag_name().name() == "Key");
    keys.filter_map(|node| node.text().map(str::to_owned)).collect()
}

pub(super) fn object(world: &World, key: &str) -> Value {
    let (status, text) = world.send("GET", &format!("/{BUCKET}/{key}"), "s3", &[], b"");
    assert_eq!(status, 200, "{key}: {text}");
    serde_json::from_str(&text).unwrap()
}

pub(super) fn serial(world: &World) -> u64 {
    object(world, "acme/net.json")["serial"].as_u64().unwrap()
}

pub(super) fn started(world: &World, arguments: &[&str]) -> Child {
    let mut command = world.command(arguments);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

pub(super) fn ended(child: Child) -> Run {
    let output = child.wait_with_output().unwrap();
    Run {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// The layout on another machine: an empty home, and no file but the layout.
pub(super) fn elsewhere(world: &World, arguments: &[&str]) -> Run {
    let machine = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(machine.path().join("net")).unwrap();
    std::fs::write(machine.path().join("net/main.tf"), world.read("net/main.tf")).unwrap();
    let mut command = world.command(arguments);
    let output = command.current_dir(machine.path()).env("HOME", machine.path()).output().unwrap();
    let run = Run {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    };
    let left: Vec<_> = std::fs::read_dir(machine.path().join("net")).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(left, ["main.tf"], "nothing of the state stays on the disk");
    run
}

#[test]
fn a_state_in_a_bucket_is_shared_by_machines() {
    let world = world();
    world.floorplan(&APPLY).succeeds();
    assert_eq!(keys(&world), ["acme/net.json", "acme/net.json.history/000000000001.json"]);
    assert!(!world.path().join("state").exists() && !world.path().join("net/state").exists());
    world.forget_calls();
    let plan = elsewhere(&world, &["plan", "net", "--sandbox", "--detailed-exitcode"]).succeeds();
    assert!(plan.stdout.contains("No changes."), "{}", plan.stdout);
    assert_eq!(world.writes(), Vec::<String>::new(), "a plan neither locks nor writes");
    let output = elsewhere(&world, &["output", "--layout", "net", "--sandbox", "--raw", "vpc"]).succeeds();
    assert!(output.stdout.starts_with("vpc-"), "{}", output.stdout);
    world.write("net/main.tf", &layout(GATEWAY));
    elsewhere(&world, &APPLY).succeeds();
    assert_eq!(serial(&world), 2);
    let history = elsewhere(&world, &["state", "history", "--layout", "net", "--sandbox"]).succeeds();
    assert_eq!(history.stdout.lines().count(), 3, "a line for each serial, below a head: {}", history.stdout);
    elsewhere(&world, &["destroy", "net", "--sandbox", "--auto-approve"]).succeeds();
    assert_eq!(world.ids("DescribeInternetGateways", "internetGatewayId", &[]), Vec::<String>::new());
    assert!(!keys(&world).iter().any(|key| key.contains("journal") || key.ends_with("lock")), "{:?}", keys(&world));
}

#[test]
fn of_eight_applies_at_once_one_wins() {
    let world = world();
    world.hold("CreateVpc", "before", 6.0);
    let all: Vec<Child> = (0..8).map(|_| started(&world, &APPLY)).collect();
    let mut winners = 0;
    for run in all.into_iter().map(ended) {
        if run.code == 0 {
            winners += 1;
            continue;
        }
        for part in ["The state is locked by another run", "`floorplan apply`", "since 20", "force-unlock"] {
            assert!(run.stderr.contains(part), "{part}: {}", run.stderr);
        }
    }
    assert_eq!(winners, 1);
    assert_eq!(world.ids("DescribeVpcs", "vpcId", &[("cidr-block", "10.0.0.0/16")]).len(), 1);
    assert_eq!(keys(&world), ["acme/net.json", "acme/net.json.history/000000000001.json"]);
}

#[test]
fn a_killed_run_is_resumed_on_another_machine() {
    let world = world();
    world.hold("CreateSubnet", "after", 60.0);
    let mut killed = started(&world, &APPLY);
    world.wait_for("CreateSubnet");
    // The call has its effect before it waits.
    let start = Instant::now();
    while world.ids("DescribeSubnets", "subnetId", &[("cidr-block", "10.0.1.0/24")]).is_empty() {
        assert!(start.elapsed() < Duration::from_secs(20));
        std::thread::sleep(Duration::from_millis(50));
    }
    killed.kill().unwrap();
    killed.wait().unwrap();
    let refused = elsewhere(&world, &APPLY).exits(1);
    assert!(refused.stderr.contains("The state is locked by another run"), "{}", refused.stderr);
    let arguments: Vec<&str> = APPLY.into_iter().chain(["--lock-timeout", "90s"]).collect();
    let resumed = elsewhere(&world, &arguments).succeeds();
    assert!(resumed.stderr.contains("Took over the lock of `floorplan apply`"), "{}", resumed.stderr);
    assert_eq!(world.ids("DescribeVpcs", "vpcId", &[("cidr-block", "10.0.0.0/16")]).len(), 1);
    assert_eq!(world.ids("DescribeSubnets", "subnetId", &[("cidr-block", "10.0.1.0/24")]).len(), 1);
    elsewhere(&world, &["plan", "net", "--sandbox", "--detailed-exitcode"]).succeeds();
    let serials: Vec<String> = keys(&world).into_iter().filter(|key| key.contains("history")).collect();
    let expected: Vec<String> = (1..=serial(&world)).map(|n| format!("acme/net.json.history/{n:012}.json")).collect();
    assert_eq!(serials, expected);
}

#[test]
fn a_writer_that_slept_through_its_lease_stops() {
    let world = world();
    world.hold("CreateVpc", "before", 3.0);
    let asleep = started(&world, &APPLY);
    world.wait_for("CreateVpc");
    let signal = |name: &str| {
        let status = std::process::Command::new("kill").args([name, &asleep.id().to_string()]).status().unwrap();
        assert!(status.success());
    };
    signal("-STOP");
    let arguments: Vec<&str> = APPLY.into_iter().chain(["--lock-timeout", "90s"]).collect();
    elsewhere(&world, &arguments).succeeds();
    let before = (object(&world, "acme/net.json"), keys(&world));
    world.forget_calls();
    signal("-CONT");
    let woken = ended(asleep).exits(1);
    assert!(woken.stderr.contains("has taken over the lock"), "{}", woken.stderr);
    assert_eq!((object(&world, "acme/net.json"), keys(&world)), before);
    let changing: Vec<String> =
        world.calls().into_iter().filter(|c| c.mutating && c.service == "ec2").map(|c| c.action).collect();
    assert_eq!(changing, Vec::<String>::new());
    assert_eq!(world.ids("DescribeVpcs", "vpcId", &[("cidr-block", "10.0.0.0/16")]).len(), 1);
    elsewhere(&world, &["plan", "net", "--sandbox", "--detailed-exitcode"]).succeeds();
}

#[test]
fn lost_answers_of_locks_and_writes_are_no_loss() {
    let world = world();
    for n in 0..50 {
        world.write("net/main.tf", &layout(if n % 2 == 0 { GATEWAY } else { "" }));
        for skip in 0..8 {
            world.fault(json!({"service": "s3", "action": "write", "when": "after", "skip": skip}));
        }
        world.forget_calls();
        world.floorplan(&APPLY).succeeds();
        let lost =
            world.calls().iter().filter(|call| call.service == "s3" && call.mutating && call.status == 0).count();
        assert!(lost >= 4, "{lost} answers were lost");
        assert_eq!(serial(&world), n + 1);
        assert!(!keys(&world).iter().any(|key| key.contains("journal") || key.ends_with("lock")), "{:?}", keys(&world));
    }
}

#[test]
fn a_lock_is_removed_by_its_id_only() {
    let world = world();
    world.hold("CreateVpc", "before", 5.0);
    let running = started(&world, &APPLY);
    world.wait_for("CreateVpc");
    let id = object(&world, "acme/net.json.lock")["id"].as_str().unwrap().to_owned();
    let wrong = world.floorplan(&["force-unlock", "-force", "4711", "--layout", "net", "--sandbox"]).exits(1);
    assert!(wrong.stderr.contains(&id), "{}", wrong.stderr);
    world.floorplan(&["force-unlock", "-force", &id, "--layout", "net", "--sandbox"]).succeeds();
    let _ = ended(running);
    let none = world.floorplan(&["force-unlock", "-force", &id, "--layout", "net", "--sandbox"]).exits(1);
    assert!(none.stderr.contains("is not locked"), "{}", none.stderr);
}

#[test]
fn a_bucket_that_cannot_be_used_says_what_to_do() {
    let world = world();
    world.write("net/main.tf", &layout("").replace(BUCKET, "acme-nothing"));
    let missing = world.floorplan(&["plan", "net", "--sandbox"]).exits(1);
    assert!(
        missing.stderr.contains("s3://acme-nothing/acme/net.json") && missing.stderr.contains("Make the bucket"),
        "{}",
        missing.stderr
    );
    world.write("net/main.tf", &layout("").replace("    region", "    colour"));
    let wrong = world.floorplan(&["plan", "net", "--sandbox"]).exits(1);
    assert!(wrong.stderr.contains("colour"), "{}", wrong.stderr);
    world.write("net/main.tf", &layout(""));
    let state =
        r#"{"version": 4, "terraform_version": "1.11.0", "serial": 7, "lineage": "x", "outputs": {}, "resources": []}"#;
    assert_eq!(world.send("PUT", &format!("/{BUCKET}/acme/net.json"), "s3", &[], state.as_bytes()).0, 200);
    let terraform = world.floorplan(&APPLY).exits(1);
    assert!(terraform.stderr.contains("The state is still Terraform's"), "{}", terraform.stderr);
    assert_eq!(object(&world, "acme/net.json")["serial"], 7);
}

#[test]
fn objects_in_a_folder_are_not_passed_over() {
    let world = world();
    world.write("net/main.tf", "resource \"aws_vpc\" \"main\" {\n  cidr_block = \"10.0.0.0/16\"\n}\n");
    world.floorplan(&APPLY).succeeds();
    world.write("net/main.tf", &layout(""));
    let refused = world.floorplan(&["plan", "net", "--sandbox"]).exits(1);
    for part in ["is in a folder, not where the layout says", "floorplan state migrate"] {
        assert!(refused.stderr.contains(part), "{part}: {}", refused.stderr);
    }
    world.write("net/broken.tf", "resource {");
    let broken = world.floorplan(&["state", "list", "--layout", "net", "--sandbox"]).exits(1);
    assert!(broken.stderr.contains("broken.tf"), "{}", broken.stderr);
}

#[test]
fn workspaces_of_a_bucket_have_states_of_their_own() {
    let world = world();
    let run = |words: &[&str]| world.floorplan(&[words, &["--layout", "net", "--sandbox"]].concat());
    world.floorplan(&APPLY).succeeds();
    run(&["workspace", "new", "blue"]).succeeds();
    assert_eq!(run(&["workspace", "show"]).succeeds().stdout, "blue\n");
    assert!(run(&["state", "list"]).succeeds().stdout.is_empty());
    world.floorplan(&APPLY).succeeds();
    assert!(keys(&world).contains(&"env:/blue/acme/net.json".to_owned()), "{:?}", keys(&world));
    // One of another layout in the same bucket, and a part of a state.
    for key in ["env:/green/acme/other.json", "env:/red/acme/net.json.history/000000000001.json"] {
        assert_eq!(world.send("PUT", &format!("/{BUCKET}/{key}"), "s3", &[], b"{}").0, 200);
    }
    assert_eq!(run(&["workspace", "list"]).succeeds().stdout, "* blue\n  default\n");
    assert!(run(&["workspace", "new", "blue"]).exits(1).stderr.contains("already"));
    assert!(run(&["workspace", "select", "bleu"]).exits(1).stderr.contains("Did you mean \"blue\"?"));
    run(&["workspace", "select", "default"]).succeeds();
    assert!(run(&["workspace", "delete", "blue"]).exits(1).stderr.contains("holds 2 objects"));
    run(&["workspace", "delete", "-force", "blue"]).succeeds();
    assert!(!keys(&world).iter().any(|key| key.contains("blue")), "{:?}", keys(&world));
    assert_eq!(run(&["workspace", "list"]).succeeds().stdout, "* default\n");
    assert_eq!(serial(&world), 1);
}
