//! Kills at mutating calls, of a create, an update, a replacement, a rolling replacement and a destroy: before the
//! call leaves and after AWS acted. One apply later the world is that of a clean run, with all its rules and attributes.
//!
//! The ordinary suite kills once per API action, all in one world. `FLOORPLAN_SWEEP=all` kills at every
//! mutating call (or that of one phase, by its name), each in a copy of the world: see docs/reliability.md.

mod every_type;
mod listing;

use super::support::{World, copy};
use listing::listing;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// The longest that one run may take.
const PATIENCE: Duration = Duration::from_secs(240);

/// How many worlds are tried at once by the sweep of every call.
const AT_ONCE: usize = 2;

/// What the last run said.
const SAID: &str = "said.log";

/// The moments of a call: it did not leave, or AWS acted and nobody heard of it.
const MOMENTS: [&str; 2] = ["before", "after"];

/// A command that brings the world from one state to the next.
struct Phase {
    name: &'static str,
    arguments: Vec<String>,
}

/// What is swept: a layout and the phases of its life.
struct Life {
    layout: &'static str,
    phases: Vec<Phase>,
}

/// How a clean run went: its mutating calls, and the world after it.
struct Clean {
    calls: Vec<String>,
    listing: Vec<String>,
}

fn world() -> World {
    let world = World::start();
    prepare(&world);
    world
}

/// A workspace with the layouts, and a snapshot to restore from.
fn prepare(world: &World) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for folder in ["modules", "layouts/three-tier"] {
        copy(&root.join(folder), &world.path().join(folder));
    }
    world.write("sweep/main.tf", include_str!("layout.tf"));
    let source = [
        ("DBInstanceIdentifier", "source"),
        ("DBInstanceClass", "db.t4g.micro"),
        ("Engine", "postgres"),
        ("AllocatedStorage", "20"),
        ("MasterUsername", "root"),
        ("MasterUserPassword", "battery-staple-0"),
    ];
    world.query("rds", "CreateDBInstance", &source);
    world.query("rds", "CreateDBSnapshot", &[("DBSnapshotIdentifier", "before"), ("DBInstanceIdentifier", "source")]);
}

fn phase(name: &'static str, command: &str, layout: &str, more: &[&str]) -> Phase {
    let own = [command, layout, "--sandbox", "--auto-approve", "--parallelism", "1"];
    Phase { name, arguments: own.iter().chain(more).map(|text| (*text).to_owned()).collect() }
}

fn three_tier() -> Life {
    let layout = "layouts/three-tier";
    Life { layout, phases: vec![phase("create", "apply", layout, &[]), phase("destroy", "destroy", layout, &[])] }
}

/// All kinds of objects, changed, replaced and rolled.
fn all_kinds(world: &World) -> Life {
    let images = world.ids("DescribeImages", "imageId", &[("name", "al2023-ami-2023*")]);
    let image = |n: usize| format!("image_id={}", images[n]);
    let layout = "sweep";
    let stage =
        |name, command, stage: &str, n: usize| phase(name, command, layout, &["--var", stage, "--var", &image(n)]);
    Life {
        layout,
        phases: vec![
            stage("create", "apply", "stage=1", 0),
            stage("update", "apply", "stage=2", 0),
            stage("replacement", "apply", "stage=3", 0),
            stage("rolling replacement", "apply", "stage=3", 1),
            stage("destroy", "destroy", "stage=3", 1),
        ],
    }
}

/// The phases that the ordinary suite sweeps in a world that has more of them.
fn in_short(phases: Vec<Phase>) -> Vec<Phase> {
    phases.into_iter().filter(|phase| ["create", "update"].contains(&phase.name)).collect()
}

fn run(world: &World, phase: &Phase) {
    try_run(world, phase).unwrap_or_else(|said| panic!("{said}"));
}

/// The same; the error is what the run said.
fn try_run(world: &World, phase: &Phase) -> Result<(), String> {
    let mut child = start(world, &phase.arguments);
    let began = Instant::now();
    let ended = loop {
        match child.try_wait().expect("the child is ours") {
            Some(ended) => break ended.success(),
            None if began.elapsed() > PATIENCE => {
                child.kill().expect("it is still running");
                break false;
            }
            None => std::thread::sleep(Duration::from_millis(20)),
        }
    };
    match ended {
        true => Ok(()),
        false => Err(format!("{:?} after {:?}: {}", phase.arguments, began.elapsed(), world.read(SAID))),
    }
}

/// Lives through a phase undisturbed.
fn clean(world: &World, phase: &Phase) -> Clean {
    world.forget_calls();
    run(world, phase);
    Clean { calls: world.writes(), listing: listing(world) }
}

fn start(world: &World, arguments: &[String]) -> Child {
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let mut command = world.command(&arguments);
    let said = std::fs::File::create(world.path().join(SAID)).expect("a file in the workspace");
    command.stdout(Stdio::null()).stderr(said).spawn().expect("the built program can be run")
}

/// Runs the program and kills it at the call that `fault` holds; whether there was such a call.
pub fn killed(world: &World, arguments: &[String], when: &str, mut fault: serde_json::Value) -> bool {
    fault["when"] = json!(when);
    fault["hold"] = json!(1.0);
    if when == "before" {
        fault["code"] = json!("InternalError");
        fault["status"] = json!(500);
    }
    world.fault(fault);
    let mut child = start(world, arguments);
    let began = Instant::now();
    let held = loop {
        let left = world.control("GET", "faults", None);
        if left.as_array().is_some_and(|all| all.iter().all(|fault| fault["reached"] == true)) {
            break true;
        }
        if child.try_wait().expect("the child is ours").is_some() {
            break false;
        }
        assert!(began.elapsed() < PATIENCE, "{arguments:?} neither calls nor ends");
        std::thread::sleep(Duration::from_millis(5));
    };
    if held {
        child.kill().expect("it is still running");
    }
    let ended = child.wait().expect("it has ended");
    assert!(held || ended.success(), "{arguments:?}: {}", world.read(SAID));
    world.control("DELETE", "faults", None);
    held
}

/// What the world has and should not have, and the other way round.
fn differences(now: &[String], right: &[String]) -> Vec<String> {
    let count = |lines: &[String]| {
        let mut counts: BTreeMap<String, i32> = BTreeMap::new();
        lines.iter().for_each(|line| *counts.entry(line.clone()).or_default() += 1);
        counts
    };
    let (now, right) = (count(now), count(right));
    let lines: BTreeSet<&String> = now.keys().chain(right.keys()).collect();
    let more = |line: &&String| now.get(*line).unwrap_or(&0) - right.get(*line).unwrap_or(&0);
    lines.into_iter().filter(|line| more(line) != 0).map(|line| format!("{:+} {line}", more(&line))).collect()
}

/// In one world: a kill at the first call of each action that is `meant`, at one moment or the other.
fn once_per_action(make: impl Fn(&World) -> Life, meant: fn(&str) -> bool) {
    let world = world();
    let life = make(&world);
    let again = world.copy();
    let right: Vec<Clean> = life.phases.iter().map(|phase| clean(&world, phase)).collect();
    let world = again;
    let (mut kills, mut missed) = (0, Vec::new());
    let mut seen = BTreeSet::new();
    for (phase, clean) in life.phases.iter().zip(&right) {
        let first = |action: &&String| meant(action) && seen.insert((*action).clone());
        for (n, action) in clean.calls.iter().filter(first).collect::<Vec<_>>().into_iter().enumerate() {
            let when = MOMENTS[n % MOMENTS.len()];
            match killed(&world, &phase.arguments, when, json!({"action": action})) {
                true => kills += 1,
                false => missed.push(format!("{}: {action} {when}", phase.name)),
            }
        }
        run(&world, phase);
        let differ = differences(&listing(&world), &clean.listing);
        assert!(differ.is_empty(), "after {} of {}:\n{}", phase.name, life.layout, differ.join("\n"));
    }
    eprintln!("{}: {kills} kills; not met again: {missed:?}", life.layout);
    assert!(kills > missed.len(), "{kills} kills, and {missed:?}");
}

/// Each call of each phase, or of `only` one, at each moment, each in a copy of the world as it was before the phase; several at once.
fn at_every_call(make: impl Fn(&World) -> Life, only: &str) {
    let world = world();
    let life = make(&world);
    let (mut kills, mut bad): (BTreeMap<&str, usize>, Vec<String>) = (BTreeMap::new(), Vec::new());
    for phase in &life.phases {
        let before = world.copy();
        let right = clean(&world, phase);
        if ![phase.name, "all"].contains(&only) {
            continue;
        }
        let next = AtomicUsize::new(0);
        let found = Mutex::new(Vec::new());
        std::thread::scope(|scope| {
            for _ in 0..AT_ONCE {
                scope.spawn(|| {
                    loop {
                        let n = next.fetch_add(1, Ordering::Relaxed);
                        let (at, when) = (n / MOMENTS.len(), MOMENTS[n % MOMENTS.len()]);
                        let Some(call) = right.calls.get(at) else { break };
                        let place = format!("{} {}: call {at} ({call}), {when}", life.layout, phase.name);
                        let copy = before.copy();
                        let killed = killed(&copy, &phase.arguments, when, json!({"action": "write", "skip": at}));
                        assert!(killed, "{place}: no such call");
                        run(&copy, phase);
                        let differ = differences(&listing(&copy), &right.listing);
                        if !differ.is_empty() {
                            let text = format!("{place}\n{}", differ.join("\n"));
                            eprintln!("{text}");
                            found.lock().expect("no thread has failed").push(text);
                        }
                    }
                });
            }
        });
        let points = right.calls.len() * MOMENTS.len();
        eprintln!("{} {}: {points} kills", life.layout, phase.name);
        *kills.entry(phase.name).or_default() += points;
        bad.extend(found.into_inner().expect("no thread has failed"));
    }
    eprintln!("{}: kills {kills:?}, {} bad", life.layout, bad.len());
    assert!(bad.is_empty(), "{}", bad.join("\n"));
}

fn swept(make: impl Fn(&World) -> Life, meant: fn(&str) -> bool) {
    match std::env::var("FLOORPLAN_SWEEP").as_deref() {
        Ok(only) => at_every_call(make, only),
        _ => once_per_action(make, meant),
    }
}

#[test]
fn kills_leave_three_tiers_as_a_clean_run_does() {
    swept(|_| three_tier(), |action| action.contains("SecurityGroup"));
}

#[test]
fn kills_leave_all_kinds_of_objects_as_a_clean_run_does() {
    swept(
        |world| match std::env::var_os("FLOORPLAN_SWEEP") {
            Some(_) => all_kinds(world),
            None => Life { phases: in_short(all_kinds(world).phases), layout: "sweep" },
        },
        |_| true,
    );
}
