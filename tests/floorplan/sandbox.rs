//! The sandbox itself: its life, its switches, and that its gaps are closed.

use std::path::Path;
use std::process::Command;
use std::thread;

use floorplan::sandbox::{Running, Sandbox, Status};

use crate::support::World;

fn quiet(_: &str) {}

fn running(sandbox: &Sandbox) -> Option<Running> {
    match sandbox.status().expect("the sandbox's state can be told") {
        Status::Running(running) => Some(running),
        Status::Stopped => None,
    }
}

#[test]
fn sandbox_gaps_are_closed_as_aws_documents() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let sandbox = Sandbox::in_folder(folder.path()).expect("a cache folder");
    let python = sandbox.python(&quiet).expect("the Python environment is made");
    let output = Command::new(python)
        .args(["-m", "unittest"])
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("sandbox"))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .output()
        .expect("Python runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    assert!(said.contains("Ran "), "{said}");
}

#[test]
fn the_sandbox_is_started_once_found_again_and_stopped() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let sandbox = Sandbox::in_folder(folder.path()).expect("a cache folder");
    assert!(running(&sandbox).is_none());
    assert!(!sandbox.stop().expect("nothing to stop"));
    let starters: Vec<Running> = thread::scope(|scope| {
        let threads: Vec<_> =
            (0..3).map(|_| scope.spawn(|| sandbox.ensure(&quiet).expect("the sandbox starts"))).collect();
        threads.into_iter().map(|each| each.join().expect("no panic")).collect()
    });
    assert!(starters.iter().all(|each| *each == starters[0]), "{starters:?}");
    assert_eq!(running(&sandbox).as_ref(), starters.first());
    assert!(sandbox.reset().expect("the sandbox resets"));
    assert!(sandbox.stop().expect("the sandbox stops"));
    assert!(running(&sandbox).is_none());
}

#[cfg(unix)]
#[test]
fn a_sandbox_that_hangs_is_stopped_all_the_same() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let sandbox = Sandbox::in_folder(folder.path()).expect("a cache folder");
    let server = sandbox.ensure(&quiet).expect("the sandbox starts");
    let paused = Command::new("kill").args(["-STOP", &server.pid.to_string()]).status();
    assert!(paused.expect("kill runs").success());
    assert!(sandbox.stop().expect("the sandbox is stopped by force"));
    assert!(running(&sandbox).is_none());
    assert!(server.control("GET", "identity", None).is_err());
}

#[test]
fn a_private_server_ends_with_its_owner() {
    let world = World::start();
    let server: Running = (**world.server()).clone();
    assert!(server.control("GET", "identity", None).is_ok());
    drop(world);
    assert!(server.control("GET", "identity", None).is_err());
}

#[test]
fn a_run_file_of_another_program_is_not_believed() {
    let world = World::start();
    let folder = tempfile::tempdir().expect("a temporary folder");
    let stranger = Running { identity: "somebody else".to_owned(), ..(**world.server()).clone() };
    let text = serde_json::to_string(&stranger).expect("a run file");
    std::fs::write(folder.path().join("sandbox.json"), text).expect("the run file is written");
    let sandbox = Sandbox::in_folder(folder.path()).expect("a cache folder");
    assert!(running(&sandbox).is_none());
}

#[test]
fn a_world_is_seen_faulted_and_counted() {
    let world = World::start();
    world.fail("CreateVpc", "RequestLimitExceeded", 503, 1);
    let cidr = [("CidrBlock", "10.0.0.0/16")];
    let (status, answer) = world.try_ec2("CreateVpc", &cidr);
    assert_eq!((status, answer.one("Code").as_str()), (503, "RequestLimitExceeded"));
    let made = world.ec2("CreateVpc", &cidr).all("vpcId").remove(0);
    let found = world.ids("DescribeVpcs", "vpcId", &[("cidr", "10.0.0.0/16")]);
    assert_eq!(found, [made]);
    assert_eq!(world.writes(), ["CreateVpc", "CreateVpc"]);
    world.forget_calls();
    assert!(world.calls().is_empty());
}
