//! `state lock` and `state unlock --mine`.

use super::remote_state::{APPLY, keys, world};

const LOCK: [&str; 7] = ["state", "lock", "--reason", "an incident", "--layout", "net", "--sandbox"];
const UNLOCK: [&str; 6] = ["state", "unlock", "--mine", "--layout", "net", "--sandbox"];

#[test]
fn a_state_stays_locked_until_its_owner_unlocks_it() {
    let world = world();
    let locked = world.floorplan(&LOCK).succeeds();
    assert!(locked.stderr.contains("state unlock --mine"), "{}", locked.stderr);
    let refused = world.floorplan(&APPLY).exits(1);
    for part in ["`floorplan state lock`", ": an incident.", "state unlock --mine", "force-unlock"] {
        assert!(refused.stderr.contains(part), "{part}: {}", refused.stderr);
    }
    world.floorplan(&["plan", "net", "--sandbox"]).succeeds();
    world.floorplan(&LOCK).exits(1);
    let other = world.command(&UNLOCK).env("USER", "grace").output().unwrap();
    let other = String::from_utf8_lossy(&other.stderr).into_owned();
    assert!(other.contains("is not yours") && other.contains("force-unlock"), "{other}");
    world.floorplan(&["state", "unlock", "--layout", "net", "--sandbox"]).exits(1);
    world.floorplan(&UNLOCK).succeeds();
    assert_eq!(keys(&world), Vec::<String>::new());
    world.floorplan(&APPLY).succeeds();
    assert!(world.floorplan(&UNLOCK).exits(1).stderr.contains("is not locked"));
}

#[test]
fn the_state_of_a_folder_cannot_be_kept_locked() {
    let world = world();
    for command in [&LOCK[..4], &UNLOCK[..3]] {
        let arguments: Vec<&str> = command.iter().copied().chain(["--layout", "net", "--state", "here"]).collect();
        let refused = world.floorplan(&arguments).exits(1);
        assert!(refused.stderr.contains("cannot be kept"), "{}", refused.stderr);
    }
}
