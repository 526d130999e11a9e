//! Kills at the mutating calls of every AWS type's create, update and delete: before the call leaves and after AWS
//! acted. One apply later the sandbox holds what it holds after a clean run, secrets included.
//!
//! The types are in `types/*.tf`: what they need stands before the line `# swept`, and the types that are swept after it.
//! A line that ends with `# 1` is in the layout when they are made, one with `# 2` when they are changed.
//!
//! The ordinary suite kills at a few calls of one file. `FLOORPLAN_SWEEP=all` kills at every call of every file;
//! `FLOORPLAN_SWEEP_TYPES=elb` (or `elb/update`) of that file, or phase, alone.

use super::{AT_ONCE, MOMENTS, Phase, killed, phase, run};
use crate::certificate::sign;
use crate::iam;
use crate::support::World;
use floorplan::resources::registry;
use floorplan::schema::Attribute;
use floorplan::schema::rows::Import;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

const FILES: [(&str, &str); 32] = [
    ("accelerator", include_str!("types/accelerator.tf")),
    ("adopted", include_str!("types/adopted.tf")),
    ("backup", include_str!("types/backup.tf")),
    ("classic", include_str!("types/classic.tf")),
    ("clients", include_str!("types/clients.tf")),
    ("compute", include_str!("types/compute.tf")),
    ("core_network", include_str!("types/core_network.tf")),
    ("data_parts", include_str!("types/data_parts.tf")),
    ("database", include_str!("types/database.tf")),
    ("direct_connect", include_str!("types/direct_connect.tf")),
    ("elb", include_str!("types/elb.tf")),
    ("files", include_str!("types/files.tf")),
    ("firewall", include_str!("types/firewall.tf")),
    ("identity", include_str!("types/identity.tf")),
    ("images", include_str!("types/images.tf")),
    ("ipam", include_str!("types/ipam.tf")),
    ("lattice", include_str!("types/lattice.tf")),
    ("messaging", include_str!("types/messaging.tf")),
    ("network", include_str!("types/network.tf")),
    ("parts", include_str!("types/parts.tf")),
    ("proxies", include_str!("types/proxies.tf")),
    ("reach", include_str!("types/reach.tf")),
    ("recording", include_str!("types/recording.tf")),
    ("resolver", include_str!("types/resolver.tf")),
    ("security", include_str!("types/security.tf")),
    ("serverless", include_str!("types/serverless.tf")),
    ("ssm", include_str!("types/ssm.tf")),
    ("storage", include_str!("types/storage.tf")),
    ("users", include_str!("types/users.tf")),
    ("vpn", include_str!("types/vpn.tf")),
    ("waf", include_str!("types/waf.tf")),
    ("watch_parts", include_str!("types/watch_parts.tf")),
];

/// What the phases of a file make of it, by the number of its lines: 0 is what the types need, without them.
const PHASES: [(&str, usize); 3] = [("create", 1), ("update", 2), ("delete", 0)];

const SWEPT: &str = "# swept";

/// The layout in a stage.
fn stage(text: &str, stage: usize) -> String {
    let text = if stage == 0 { text.split(SWEPT).next().unwrap_or_default() } else { text };
    let other =
        |line: &&str| ["# 1", "# 2"].iter().any(|end| line.ends_with(end)) && !line.ends_with(&format!("# {stage}"));
    text.lines().filter(|line| !other(line)).map(|line| format!("{line}\n")).collect()
}

/// The types that are swept, each with the text of its blocks.
fn swept(text: &str) -> BTreeMap<&str, String> {
    let blocks = text.split(SWEPT).nth(1).unwrap_or_default().split("\nresource \"").skip(1);
    let mut all: BTreeMap<&str, String> = BTreeMap::new();
    for block in blocks {
        all.entry(block.split('"').next().unwrap_or_default()).or_default().push_str(block);
    }
    all
}

fn layout() -> Phase {
    phase("apply", "apply", "types", &[])
}

/// A world that has what the types of a file need.
fn base(text: &str) -> World {
    let world = World::start();
    world.write("types/main.tf", &stage(text, 0));
    sign(&world.path().join("types"));
    run(&world, &layout());
    world
}

/// Everything that the sandbox holds: for each way to a value the values there, in order.
type Held = BTreeMap<String, Vec<String>>;

fn held(world: &World) -> Held {
    let mut all = Held::new();
    for line in world.control("GET", "world", None).as_array().expect("lines").iter().filter_map(Value::as_str) {
        let (way, value) = line.split_once(" = ").unwrap_or((line, ""));
        all.entry(way.to_owned()).or_default().push(value.to_owned());
    }
    all
}

/// What a clean run leaves: twice, as values that are not the same twice are none of the layout's.
struct Right {
    calls: Vec<String>,
    held: [Held; 2],
    objects: usize,
}

impl Right {
    fn of(before: &World, text: &str) -> Self {
        let [first, second] = [0, 1].map(|_| {
            let world = before.copy();
            world.write("types/main.tf", text);
            world.forget_calls();
            run(&world, &layout());
            (world.writes(), held(&world), objects(&world))
        });
        assert_eq!(first.0.len(), second.0.len(), "two clean runs make the same calls: {:?}, {:?}", first.0, second.0);
        Right { calls: first.0, held: [first.1, second.1], objects: first.2 }
    }

    /// What is not as after a clean run.
    fn differences(&self, world: &World) -> Vec<String> {
        let now = held(world);
        let [first, second] = &self.held;
        let none = Vec::new();
        let mut found = Vec::new();
        for way in first.keys().chain(now.keys()).collect::<BTreeSet<_>>() {
            let (a, b, now) = (first.get(way), second.get(way), now.get(way).unwrap_or(&none));
            match (a, b) {
                (Some(a), Some(b)) if a == b && a != now => found.push(format!("{way}: {now:?}, not {a:?}")),
                (Some(a), Some(b)) if a != b && ![a.len(), b.len()].contains(&now.len()) => {
                    found.push(format!("{way}: {} values, not {}", now.len(), a.len()));
                }
                (Some(a), Some(b)) if a != b => {
                    let lost = without(&both(a, b), now);
                    found.extend((!lost.is_empty()).then(|| format!("{way}: {lost:?} is not in {now:?}")));
                }
                (None, None) => found.push(format!("{way}: {now:?} is more than there should be")),
                _ => {}
            }
        }
        let known = objects(world);
        if known != self.objects {
            found.push(format!("the state holds {known} objects, not {}", self.objects));
        }
        found
    }
}

/// The values of `all` without those of `others`, each as often as it is there.
fn without(all: &[String], others: &[String]) -> Vec<String> {
    let mut left = all.to_vec();
    for value in others {
        if let Some(at) = left.iter().position(|one| one == value) {
            left.remove(at);
        }
    }
    left
}

/// The values that are in both.
fn both(a: &[String], b: &[String]) -> Vec<String> {
    without(a, &without(a, b))
}

/// How many objects the state holds; each is finished, and no run is open.
fn objects(world: &World) -> usize {
    let state: Value = serde_json::from_str(&world.read("types/state/types/state.json")).expect("a state");
    let all = state["resources"].as_array().expect("objects");
    let marks = |o: &&Value| ["tainted", "unfinished", "deposed"].iter().any(|mark| o.get(mark).is_some());
    let marked: Vec<&Value> = all.iter().filter(marks).map(|o| &o["address"]).collect();
    assert!(marked.is_empty(), "not in order: {marked:?}");
    assert!(!world.path().join("types/state/types/journal.jsonl").exists(), "the journal is folded");
    all.len()
}

/// Kills at the calls that `chosen` gives, by their number, each in a copy of the world; what was found, and how many.
fn kills(place: &str, before: &World, text: &str, chosen: impl Fn(usize) -> Vec<usize>) -> (Vec<String>, usize) {
    let right = Right::of(before, text);
    let points: Vec<(usize, &str)> =
        chosen(right.calls.len()).into_iter().flat_map(|at| MOMENTS.map(|when| (at, when))).collect();
    let (next, found) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let one = |(at, when): (usize, &str)| {
        let world = before.copy();
        world.write("types/main.tf", text);
        let call = &right.calls[at];
        if !killed(&world, &layout().arguments, when, json!({"action": "write", "skip": at})) {
            return Some(format!("{place}: there is no call {at} ({call})"));
        }
        let failed = super::try_run(&world, &layout()).err();
        let differ = failed.map_or_else(|| right.differences(&world), |said| vec![said]);
        let few = differ.iter().take(12).cloned().collect::<Vec<_>>().join("\n  ");
        (!differ.is_empty()).then(|| format!("{place}: call {at} ({call}), {when}:\n  {few}"))
    };
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                while let Some(point) = points.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if let Some(text) = one(*point) {
                        eprintln!("{text}");
                        found.lock().expect("no thread has failed").push(text);
                    }
                }
            });
        }
    });
    (found.into_inner().expect("no thread has failed"), points.len())
}

/// Sweeps the phases of a file that are `meant`.
fn sweep(name: &str, text: &str, meant: impl Fn(&str) -> bool, chosen: impl Fn(usize) -> Vec<usize>) -> Vec<String> {
    let world = base(text);
    let mut bad = Vec::new();
    for (phase, at) in PHASES {
        let text = stage(text, at);
        let place = format!("{name}/{phase}");
        if meant(&place) {
            let (found, count) = kills(&place, &world, &text, &chosen);
            eprintln!("{place}: {count} kills, {} bad", found.len());
            bad.extend(found);
        }
        world.write("types/main.tf", &text);
        run(&world, &layout());
    }
    bad
}

/// The files whose types live through all phases here, because no other test does that for them.
const LIVED: [&str; 21] = [
    "accelerator",
    "adopted",
    "backup",
    "classic",
    "clients",
    "core_network",
    "direct_connect",
    "files",
    "firewall",
    "images",
    "ipam",
    "lattice",
    "messaging",
    "parts",
    "proxies",
    "reach",
    "recording",
    "resolver",
    "serverless",
    "ssm",
    "users",
];

#[test]
fn types_live_through_all_phases() {
    let plan = ["plan", "types", "--sandbox", "--detailed-exitcode"];
    for (_, text) in FILES.iter().filter(|(name, _)| LIVED.contains(name)) {
        let world = base(text);
        let mut allowed = BTreeSet::new();
        for (phase, at) in PHASES {
            world.write("types/main.tf", &stage(text, at));
            // What goes was in the layout of the phase before.
            allowed.extend(permitted(&world, "apply"));
            only(&world, &allowed, || run(&world, &layout()));
            only(&world, &permitted(&world, "plan"), || {
                world.floorplan(&plan).exits(0);
            });
            if phase == "create" {
                import_again(&world, text);
            }
        }
    }
}

/// The actions that a role needs for the layout.
fn permitted(world: &World, command: &str) -> BTreeSet<String> {
    iam::of_policy(&world.floorplan(&["permissions", command, "types"]).succeeds().stdout)
}

/// Does something that makes no calls but those that are allowed.
fn only(world: &World, allowed: &BTreeSet<String>, work: impl FnOnce()) {
    world.forget_calls();
    work();
    let more: Vec<String> = iam::of_calls(&world.calls()).difference(allowed).cloned().collect();
    assert_eq!(more, [""; 0], "these actions were not asked for");
}

/// Takes those of the swept types that are imported by their id out of the state, and imports them.
fn import_again(world: &World, text: &str) {
    let state: Value = serde_json::from_str(&world.read("types/state/types/state.json")).expect("a state");
    let by_id = |name: &&str| !matches!(registry()[*name].schema().import, Import::Key { .. } | Import::Never);
    for name in swept(text).into_keys().filter(by_id) {
        let address = format!("{name}.it");
        let objects = state["resources"].as_array().expect("objects");
        let found = objects.iter().find(|o| o["address"] == address.as_str()).expect("it is in the state");
        let id = found["attributes"]["id"].as_str().or(found["id"].as_str()).expect("an id");
        world.floorplan(&["state", "rm", &address, "--layout", "types"]).succeeds();
        world.floorplan(&["import", &address, id, "--layout", "types", "--sandbox"]).succeeds();
    }
    let planned = world.floorplan(&["plan", "types", "--sandbox"]).succeeds().stdout;
    assert!(!planned.contains("Plan:") || planned.contains("0 to add"), "{planned}");
    assert!(!planned.contains("Plan:") || planned.contains("0 to replace, 0 to destroy"), "{planned}");
}

#[test]
fn kills_at_calls_of_types_leave_what_a_clean_run_leaves() {
    let all = std::env::var("FLOORPLAN_SWEEP").is_ok_and(|which| which == "all");
    let only = std::env::var("FLOORPLAN_SWEEP_TYPES").ok();
    if !all {
        let (name, text) = FILES.iter().find(|(name, _)| *name == "identity").expect("it is there");
        let bad = sweep(name, text, |place| place.ends_with("update"), |calls| vec![calls / 3, calls - 1]);
        assert!(bad.is_empty(), "{}", bad.join("\n"));
        return;
    }
    let mut bad = Vec::new();
    for (name, text) in FILES {
        let meant = |place: &str| only.as_deref().is_none_or(|only| [place, name].contains(&only));
        if PHASES.iter().any(|(phase, _)| meant(&format!("{name}/{phase}"))) {
            bad.extend(sweep(name, text, meant, |calls| (0..calls).collect()));
        }
    }
    assert!(bad.is_empty(), "{}", bad.join("\n"));
}

#[test]
fn every_aws_type_is_made_changed_and_deleted_by_the_sweep() {
    let blocks: BTreeMap<&str, String> = FILES.iter().flat_map(|(_, text)| swept(text)).collect();
    let known: BTreeSet<&str> = registry().keys().copied().collect();
    let swept: BTreeSet<&str> = blocks.keys().copied().collect();
    assert_eq!(swept, known, "each type that AWS has is in one of the files");
    let changeable = |row: &&Attribute| row.is_argument() && !row.force_new && !["id", "region"].contains(&row.name);
    let unchanged: Vec<&str> = blocks
        .iter()
        .filter(|(name, text)| {
            let rows = &registry()[**name].schema().attributes;
            rows.iter().any(|row| changeable(&row)) && !text.lines().any(|line| line.ends_with("# 2"))
        })
        .map(|(name, _)| *name)
        .collect();
    assert_eq!(unchanged, [""; 0], "a type that can be changed is changed");
}
