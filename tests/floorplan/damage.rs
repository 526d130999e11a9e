//! Files that are not what they should be: refused at once, left alone, and said.

use std::process::Command;
use std::time::{Duration, Instant};

use super::support::World;

const VPC: &str = "resource \"aws_vpc\" \"a\" {\n  cidr_block = \"10.0.0.0/16\"\n}\n";

fn applied() -> World {
    let world = World::start();
    world.write("net/main.tf", VPC);
    world.floorplan(&["apply", "net", "--sandbox", "--auto-approve"]).succeeds();
    world
}

#[test]
fn a_changed_state_is_refused_by_every_command() {
    let world = applied();
    let file = "net/state/net/state.json";
    let kept = world.read(file);
    let id = world.ids("DescribeVpcs", "vpcId", &[("cidr", "10.0.0.0/16")]).remove(0);
    for (from, to) in [
        (id.as_str(), "vpc-00000000"),
        ("10.0.0.0/16", "10.0.0.0/15"),
        ("\"serial\": 1", "\"serial\": 2"),
        ("\"tainted\": false", "\"tainted\": true"),
        ("  \"check\"", " \"check\""),
    ] {
        let edited = kept.replacen(from, to, 1);
        if edited == kept {
            continue;
        }
        world.write(file, &edited);
        for command in [
            &["plan", "net"][..],
            &["apply", "net", "--auto-approve"],
            &["show", "net"],
            &["output", "--layout", "net"],
        ] {
            let run = world.floorplan(&[command, &["--sandbox"]].concat()).exits(1);
            assert!(run.stderr.contains("was changed after it was written"), "{from}: {}", run.stderr);
            assert!(run.stderr.contains("state history --restore"), "{}", run.stderr);
        }
        assert_eq!(world.read(file), edited, "left alone");
    }
    world.floorplan(&["state", "history", "--layout", "net", "--restore", "1"]).succeeds();
    world.floorplan(&["plan", "net", "--sandbox", "--detailed-exitcode"]).succeeds();
}

#[test]
fn a_state_without_checksum_is_written_with_one() {
    let world = applied();
    let file = "net/state/net/state.json";
    let kept = world.read(file);
    let old: Vec<&str> = kept.lines().filter(|line| !line.starts_with("  \"check\"")).collect();
    let old = (old.join("\n") + "\n").replace("\"floorplan_state\": 4", "\"floorplan_state\": 2");
    world.write(file, &old);
    // Beside a history of a later format it is an old one that was put back.
    let run = world.floorplan(&["plan", "net", "--sandbox"]).exits(1);
    assert!(run.stderr.contains("older than its history"), "{}", run.stderr);
    world.write("net/state/net/history/1.json", &old);
    world.floorplan(&["plan", "net", "--sandbox", "--detailed-exitcode"]).succeeds();
    world.write("net/main.tf", &VPC.replace("\n}", "\n  tags = { a = \"b\" }\n}"));
    world.floorplan(&["apply", "net", "--sandbox", "--auto-approve"]).succeeds();
    assert!(world.read(file).contains("\n  \"check\": \""));
    world.floorplan(&["plan", "net", "--sandbox", "--detailed-exitcode"]).succeeds();
}

#[test]
fn an_empty_journal_is_damage_and_no_journal_is_none() {
    let world = applied();
    world.write("net/state/net/journal.jsonl", "");
    for command in [&["plan", "net"][..], &["apply", "net", "--auto-approve"], &["destroy", "net", "--auto-approve"]] {
        let run = world.floorplan(&[command, &["--sandbox"]].concat()).exits(1);
        assert!(run.stderr.contains("journal") && run.stderr.contains("it is empty"), "{}", run.stderr);
    }
    assert_eq!(world.read("net/state/net/journal.jsonl"), "");
    std::fs::remove_file(world.path().join("net/state/net/journal.jsonl")).unwrap();
    world.floorplan(&["plan", "net", "--sandbox", "--detailed-exitcode"]).succeeds();
}

#[test]
fn a_pipe_in_place_of_a_file_is_refused_at_once() {
    for (file, command) in [
        ("net/state/net/state.json", &["plan", "net"][..]),
        ("net/state/net/journal.jsonl", &["plan", "net"]),
        ("net/state/net/lock", &["apply", "net", "--auto-approve"]),
        ("net/more.tf", &["plan", "net"]),
        ("net/more.hcl", &["validate", "net"]),
        ("net/terraform.tfvars", &["plan", "net"]),
        ("values.tfvars", &["plan", "net", "--var-file", "values.tfvars"]),
        ("saved.plan", &["apply", "saved.plan"]),
        ("saved.plan", &["show", "saved.plan"]),
        ("saved.plan", &["plan", "net", "--out", "saved.plan"]),
        ("file.tf", &["fmt", "file.tf"]),
    ] {
        let world = World::start();
        world.write("net/main.tf", VPC);
        let path = world.path().join(file);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        assert!(Command::new("mkfifo").arg(&path).status().unwrap().success());
        let begun = Instant::now();
        let mut program = world.command(&[command, &["--sandbox"]].concat());
        program
            .stdin(std::process::Stdio::null())
            .stderr(std::process::Stdio::piped())
            .stdout(std::process::Stdio::null());
        let mut child = program.spawn().unwrap();
        while child.try_wait().unwrap().is_none() {
            if begun.elapsed() > Duration::from_secs(60) {
                child.kill().unwrap();
                panic!("{file}: {command:?} waits");
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        let output = child.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{file}: {command:?}: {said}");
        assert!(said.contains("not a regular file"), "{file}: {command:?}: {said}");
    }
}
