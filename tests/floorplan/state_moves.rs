//! `state migrate`: a state goes to another place with its history, and the old place refuses from then on.

use super::remote_state::{APPLY, BUCKET, GATEWAY, elsewhere, keys, layout, object, world};
use super::support::World;
use serde_json::Value;

const MIGRATE: [&str; 5] = ["state", "migrate", "--layout", "net", "--sandbox"];
const PLAN: [&str; 3] = ["plan", "net", "--sandbox"];

/// The layout without its backend.
fn local(more: &str) -> String {
    let whole = layout(more);
    whole[whole.find("resource").unwrap()..].to_owned()
}

fn no_changes(world: &World) {
    let plan = world.floorplan(&["plan", "net", "--sandbox", "--detailed-exitcode"]).succeeds();
    assert!(plan.stdout.contains("No changes."), "{}", plan.stdout);
}

fn migrate(world: &World, more: &[&str]) -> String {
    let arguments: Vec<&str> = MIGRATE.into_iter().chain(more.iter().copied()).collect();
    world.floorplan(&arguments).succeeds().stderr
}

#[test]
fn a_state_moves_into_a_bucket_and_back() {
    let world = world();
    world.write("net/main.tf", &local(""));
    world.floorplan(&APPLY).succeeds();
    world.write("net/main.tf", &local(GATEWAY));
    world.floorplan(&APPLY).succeeds();
    world.write("net/main.tf", &layout(GATEWAY));
    assert!(world.floorplan(&PLAN).exits(1).stderr.contains("floorplan state migrate"));
    let said = migrate(&world, &[]);
    for part in
        ["serial 2 with 3 objects, and 1 earlier serial", "net/state/net/state.json", "s3://acme-states/acme/net.json"]
    {
        assert!(said.contains(part), "{part}: {said}");
    }
    let history = |n: u64| format!("acme/net.json.history/{n:012}.json");
    assert_eq!(keys(&world), ["acme/net.json".to_owned(), history(1), history(2)]);
    no_changes(&world);
    elsewhere(&world, &PLAN).succeeds();

    // Someone who has not taken over the change of the layout.
    world.write("net/main.tf", &local(GATEWAY));
    let old = world.read("net/state/net/state.json");
    for command in [&PLAN[..], &APPLY, &["state", "history", "--restore", "1", "--layout", "net"]] {
        let refused = world.floorplan(command).exits(1);
        for part in ["The state was moved", "s3://acme-states/acme/net.json"] {
            assert!(refused.stderr.contains(part), "{command:?} {part}: {}", refused.stderr);
        }
    }
    assert_eq!(world.read("net/state/net/state.json"), old);

    let back = migrate(&world, &["--from", "s3://acme-states/acme/net.json"]);
    assert!(back.contains("1 earlier serial"), "{back}");
    no_changes(&world);
    let marker = object(&world, "acme/net.json");
    assert_eq!((&marker["version"], &marker["serial"]), (&Value::from(5), &Value::from(2)));
    world.write("net/main.tf", &layout(GATEWAY));
    let refused = world.floorplan(&APPLY).exits(1);
    assert!(refused.stderr.contains("The state was moved"), "{}", refused.stderr);
    // And once more the same way.
    migrate(&world, &["--from", "net/state"]);
    no_changes(&world);
}

#[test]
fn a_state_moves_to_another_key() {
    let world = world();
    world.floorplan(&APPLY).succeeds();
    world.write("net/main.tf", &layout("").replace("acme/net.json", "teams/net.json"));
    migrate(&world, &["--from", &format!("s3://{BUCKET}/acme/net.json")]);
    no_changes(&world);
    assert_eq!(object(&world, "teams/net.json")["serial"], 1);
    world.write("net/main.tf", &layout(""));
    assert!(world.floorplan(&APPLY).exits(1).stderr.contains("The state was moved"));
    let wrong = world.floorplan(&["state", "migrate", "--layout", "net", "--sandbox", "--from", "s3://acme"]).exits(1);
    assert!(wrong.stderr.contains("s3://BUCKET/KEY"), "{}", wrong.stderr);
}

#[test]
fn the_place_that_init_was_given_is_moved_from() {
    let world = world();
    let partial = layout("").replace("    key    = \"acme/net.json\"\n", "");
    world.write("net/main.tf", &partial);
    world.floorplan(&["init", "net", "-backend-config=key=acme/net.json"]).succeeds();
    world.floorplan(&APPLY).succeeds();
    world.write("net/main.tf", &local(""));
    let refused = world.floorplan(&PLAN).exits(1);
    assert!(refused.stderr.contains("floorplan state migrate"), "{}", refused.stderr);
    let bucket = format!("--from-config=bucket={BUCKET}");
    migrate(&world, &[&bucket]);
    no_changes(&world);
    // With a backend again, and what `init` is given now.
    world.write("net/main.tf", &partial);
    migrate(&world, &["--from", "net/state", "-backend-config=key=acme/net.json"]);
    no_changes(&world);
}

#[test]
fn a_move_that_cannot_be_done_changes_nothing() {
    let world = world();
    world.floorplan(&APPLY).succeeds();
    let before = (keys(&world), object(&world, "acme/net.json"));
    let refused = world.floorplan(&MIGRATE).exits(1);
    assert!(refused.stderr.contains("No state to move"), "{}", refused.stderr);
    // Another state, in a folder.
    world.write("net/main.tf", &local(""));
    world.floorplan(&["apply", "net", "--sandbox", "--auto-approve", "--state", "other"]).succeeds();
    world.write("net/main.tf", &layout(""));
    let refused = world.floorplan(&["state", "migrate", "--layout", "net", "--sandbox", "--from", "other"]).exits(1);
    assert!(refused.stderr.contains("The new place is taken"), "{}", refused.stderr);
    assert_eq!((keys(&world), object(&world, "acme/net.json")), before);
    let refused = world.floorplan(&["init", "net", "-migrate-state"]).exits(1);
    assert!(refused.stderr.contains("floorplan state migrate"), "{}", refused.stderr);
}
