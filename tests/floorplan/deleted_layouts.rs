//! Layouts that a change of the repository deletes: their objects may be left, and a reviewer has to hear of it.

use super::fleet::git;
use super::remote_state;
use super::support::{Run, World};
use serde_json::Value;
use std::fs;

/// A layout that needs no AWS, with one object in its state.
fn layout(block: &str) -> String {
    format!("layout {{\n  {block}\n}}\n\nresource \"terraform_data\" \"x\" {{\n  input = \"x\"\n}}\n")
}

fn named(name: &str) -> String {
    layout(&format!("name = \"{name}\""))
}

fn commit(world: &World) {
    git(world, &["add", "--all"]);
    git(world, &["commit", "--quiet", "--allow-empty", "-m", "a commit"]);
}

/// Makes all of the workspace the first commit of a repository.
fn first(world: &World) {
    git(world, &["init", "--quiet"]);
    commit(world);
}

fn delete(world: &World, dir: &str) {
    fs::remove_dir_all(world.path().join(dir)).expect("it can be deleted");
}

fn since(world: &World, command: &[&str]) -> Run {
    world.floorplan(&[command, &["--changed-since", "HEAD~1"]].concat())
}

/// Of the layouts b, c and d that a commit deletes, b has an object, c has none any more, and d has no state here.
fn world() -> World {
    let world = World::start();
    for name in ["a", "b", "c", "d"] {
        world.write(&format!("layouts/{name}/main.hcl"), &named(name));
    }
    for name in ["b", "c"] {
        world.floorplan(&["apply", &format!("layouts/{name}"), "--auto-approve"]).succeeds();
    }
    world.floorplan(&["destroy", "layouts/c", "--auto-approve"]).succeeds();
    first(&world);
    ["b", "c", "d"].iter().for_each(|name| delete(&world, &format!("layouts/{name}")));
    commit(&world);
    world
}

#[test]
fn a_deleted_layout_is_named_first_by_plan_and_drift() {
    let world = world();
    let run = since(&world, &["plan"]).exits(1);
    let rows: Vec<&str> = run.stdout.lines().skip(1).collect();
    assert_eq!(rows.len(), 2, "{}", run.stdout);
    assert!(rows[0].starts_with("layouts/b"), "{}", run.stdout);
    assert!(rows[0].ends_with("error: The layout was deleted, and its state holds 1 object"), "{}", run.stdout);
    assert!(rows[1].starts_with("layouts/d") && rows[1].ends_with("deleted"), "{}", run.stdout);
    assert!(run.stderr.contains("`floorplan destroy` with the layout of HEAD~1 first"), "{}", run.stderr);
    assert!(run.stderr.contains("The layout was deleted, and its state is not known"), "{}", run.stderr);

    let run = since(&world, &["drift"]).exits(1);
    assert!(run.stderr.contains("its state holds 1 object"), "{}", run.stderr);
    assert!(run.stderr.contains("layouts/d:\n"), "{}", run.stderr);
    assert!(!run.stdout.contains("layouts/d"), "{}", run.stdout);

    // A pattern chooses among them, and the first of several parts names them for all.
    let run = since(&world, &["plan", "layouts/[ad]"]).succeeds();
    assert!(run.stdout.contains("layouts/d") && !run.stdout.contains("layouts/b"), "{}", run.stdout);
    assert_eq!(since(&world, &["plan", "--shard", "2/2"]).succeeds().stdout, "");
    since(&world, &["plan", "--shard", "1/2"]).exits(1);
    since(&world, &["validate"]).succeeds();
    assert_eq!(world.floorplan(&["plan", "--changed-since", "HEAD"]).succeeds().stdout, "");
}

#[test]
fn a_deleted_layout_is_in_every_form_of_a_preview() {
    let world = world();
    let form = |form: &str| since(&world, &["preview", "--format", form]).exits(1).stdout;
    let comment = form("markdown");
    let head = "### Floorplan: 2 layouts\n\n**Deleted (2)**\n\n- `layouts/b`: The layout was deleted, and its state holds 1 object. ";
    assert!(comment.starts_with(head), "{comment}");
    assert!(comment.contains("\n- `layouts/d`: The layout was deleted, and its state is not known. "), "{comment}");
    assert!(!comment.contains("layouts/c"), "{comment}");
    let short = since(&world, &["preview", "--limit", "400"]).exits(1).stdout;
    assert!(short.contains("**Deleted (2)**") && short.contains("holds 1 object\n"), "{short}");
    assert!(form("text").starts_with("Floorplan: 2 layouts\n\nDeleted (2):\n  layouts/b\n"));
    assert!(form("html").contains("Deleted (2)"));

    let report: Value = serde_json::from_str(&form("json")).expect("JSON");
    assert_eq!((&report["summary"]["deleted"], &report["summary"]["failed"]), (&2.into(), &0.into()));
    for (at, layout, severity) in [(0, "layouts/b", "error"), (1, "layouts/d", "warning")] {
        let one = &report["layouts"][at];
        assert_eq!((&one["layout"], &one["status"]), (&layout.into(), &"deleted".into()));
        let said = &one["diagnostics"][0];
        assert_eq!((&said["severity"], &said["code"]), (&severity.into(), &"layout-deleted".into()));
    }
    let scan: Value = serde_json::from_str(&form("sarif")).expect("JSON");
    let results = scan["runs"][0]["results"].as_array().expect("results");
    let levels: Vec<&str> = results.iter().filter_map(|result| result["level"].as_str()).collect();
    assert_eq!(levels, ["error", "warning"]);
    assert!(results.iter().all(|result| result["ruleId"] == "preview/deleted"), "{scan}");
    assert_eq!(scan["runs"][0]["invocations"][0]["executionSuccessful"], true);
    let cases = form("junit");
    assert!(cases.contains("tests=\"2\" failures=\"1\"") && cases.contains("<failure type=\"deleted\""), "{cases}");
}

#[test]
fn a_layout_that_was_moved_with_its_state_is_not_deleted() {
    let world = World::start();
    // One whose name goes along, one whose state has the name of its directory, and one that was not applied.
    for (name, text) in [("a", named("a")), ("b", layout("")), ("c", layout(""))] {
        world.write(&format!("layouts/{name}/main.hcl"), &text);
    }
    world.write("layouts/c/more.hcl", "variable \"only_here\" {\n  default = \"c\"\n}\n");
    for name in ["a", "b"] {
        world.floorplan(&["apply", &format!("layouts/{name}"), "--auto-approve"]).succeeds();
    }
    first(&world);
    let moved = |from: &str, to: &str| {
        fs::create_dir_all(world.path().join("layouts/eu")).expect("a folder");
        git(&world, &["mv", from, to]);
        commit(&world);
    };
    moved("layouts/a", "layouts/eu/other");
    let run = since(&world, &["plan"]).succeeds();
    assert!(run.stdout.contains("layouts/eu/other") && !run.stdout.contains("layouts/a"), "{}", run.stdout);
    assert!(!run.stderr.contains("deleted"), "{}", run.stderr);
    moved("layouts/c", "layouts/eu/z");
    let run = since(&world, &["plan"]).succeeds();
    assert!(!run.stderr.contains("deleted"), "{}", run.stderr);
    moved("layouts/b", "layouts/eu/y");
    let run = since(&world, &["plan"]).exits(1);
    assert!(run.stderr.contains("The layout that has its files now has another state."), "{}", run.stderr);
}

#[test]
fn a_directory_without_the_blocks_of_a_layout_is_deleted_too() {
    let world = World::start();
    for name in ["a", "b"] {
        world.write(&format!("layouts/{name}/main.hcl"), &named(name));
    }
    world.floorplan(&["apply", "layouts/b", "--auto-approve"]).succeeds();
    first(&world);
    world.write("layouts/b/main.hcl", "variable \"x\" {\n  default = 1\n}\n");
    commit(&world);
    let run = since(&world, &["plan"]).exits(1);
    assert!(run.stdout.contains("layouts/b") && run.stderr.contains("its state holds 1 object"), "{}", run.stderr);

    // The last layout. Without a folder of layouts its state is looked for elsewhere.
    git(&world, &["checkout", "--quiet", "HEAD~1"]);
    delete(&world, "layouts");
    commit(&world);
    for command in ["plan", "preview", "drift"] {
        let run = since(&world, &[command]).succeeds();
        assert_eq!(run.stderr.matches("its state is not known").count(), 2, "{command}: {}", run.stderr);
        assert!(!run.stderr.contains("No layouts"), "{command}: {}", run.stderr);
    }
}

#[test]
fn the_bucket_says_what_a_deleted_layout_left() {
    let world = remote_state::world();
    world.write("layouts/a/main.hcl", &named("a"));
    world.write("layouts/net/main.tf", &remote_state::layout(""));
    world.write("layouts/far/main.tf", &remote_state::layout("").replace(remote_state::BUCKET, "acme-elsewhere"));
    let with = |command: &str| world.floorplan(&[command, "layouts/net", "--sandbox", "--auto-approve"]).succeeds();
    with("apply");
    first(&world);
    let both = || ["layouts/net", "layouts/far"].iter().for_each(|dir| delete(&world, dir));
    both();
    commit(&world);
    let run = since(&world, &["plan", "--sandbox"]).exits(1);
    assert!(run.stderr.contains("its state holds 2 objects"), "{}", run.stderr);
    assert!(run.stderr.contains("Their state is s3://acme-states/acme/net.json."), "{}", run.stderr);
    let rows: Vec<&str> = run.stdout.lines().skip(1).collect();
    assert!(rows.len() == 2 && rows[0].starts_with("layouts/far") && rows[0].ends_with("deleted"), "{}", run.stdout);
    git(&world, &["checkout", "--quiet", "HEAD~1", "--", "layouts"]);
    with("destroy");
    both();
    let run = since(&world, &["plan", "--sandbox"]).succeeds();
    assert!(!run.stdout.contains("layouts/net"), "{}", run.stdout);
}
