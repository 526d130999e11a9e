//! Ctrl-C at any moment of a rolling replacement of `layouts/ha-web`: what is under way ends, the next apply goes on,
//! and never fewer are in service than were promised.

use super::sampler::sampled;
use crate::rolling::{Site, layout};
use serde_json::json;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// At how many moments of a rollout it is stopped, and at how many it is ended by a second Ctrl-C.
fn moments() -> [usize; 2] {
    let all = std::env::var("FLOORPLAN_SWEEP").is_ok_and(|which| which == "all");
    if all { [20, 4] } else { [6, 2] }
}

/// Starts a rollout and presses Ctrl-C at its nth write, or a little later, when it waits for something; tells its
/// exit code and what it said.
fn stopped(site: &Site, change: &str, nth: usize, waits: bool, twice: bool) -> (i32, String) {
    let hold = if waits { 0.02 } else { 0.4 };
    site.world.fault(json!({"action": "write", "when": "after", "hold": hold, "skip": nth - 1}));
    let arguments = site.arguments(&["apply", "--auto-approve", "--var", change]);
    let mut command = site.world.command(&arguments);
    let child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("the built program can be run");
    let began = Instant::now();
    while site.world.control("GET", "faults", None)[0]["times"] != 0 {
        assert!(began.elapsed() < Duration::from_secs(60), "there is no write {nth}");
        std::thread::sleep(Duration::from_millis(20));
    }
    let press = || {
        let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill runs");
        assert!(sent.success());
    };
    if waits {
        std::thread::sleep(Duration::from_millis(150));
    }
    press();
    if twice {
        std::thread::sleep(Duration::from_millis(100));
        press();
    }
    let output = child.wait_with_output().expect("it ends");
    site.world.control("DELETE", "faults", None);
    (output.status.code().unwrap_or(-1), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
fn a_rollout_that_is_stopped_at_any_moment_goes_on() {
    let site = Site::new(layout("ha-web"));
    site.world.delay("target_initial", 0.5);
    site.world.delay("target_draining", 0.4);
    let images = [site.another_image(), site.world.ec2("DescribeInstances", &[]).all("imageId")[0].clone()];
    let change = |round: usize| format!("image_id={}", images[round % 2]);
    let [moments, ended] = moments();
    site.world.forget_calls();
    site.run(&["apply", "--auto-approve", "--var", &change(0)]).succeeds();
    let writes = site.world.writes().len();
    for round in 1..=moments + ended {
        let (twice, place) = match round.checked_sub(moments + 1) {
            Some(i) => (true, (2 * i + 1) * (writes - 1) / (2 * ended)),
            None => (false, (2 * round - 1) * (writes - 1) / (2 * moments)),
        };
        let (nth, waits) = (1 + place, !twice && round % 2 == 0);
        let what = format!("round {round}: write {nth} of {writes}, waits: {waits}, twice: {twice}");
        let change = change(round);
        let (seen, (first, next)) = sampled(&site.world, || {
            let first = stopped(&site, &change, nth, waits, twice);
            (first, site.run(&["apply", "--auto-approve", "--var", &change]))
        });
        eprintln!("{what}: exit {}, then {}", first.0, next.code);
        assert_eq!(first.0, if twice { 130 } else { 1 }, "{what}: {}", first.1);
        let next = next.succeeds();
        let lines = next.stdout.lines().filter(|l| l.starts_with("  web: ")).collect::<Vec<_>>();
        assert!(lines.iter().all(|l| l.starts_with("  web: 3 of 3 in service throughout")), "{what}: {lines:?}");
        assert!(
            seen.len() > 5 && seen.iter().all(|m| m.serving >= 3),
            "{what}: {seen:?}\n{}\n{}",
            first.1,
            next.stderr
        );
        let running = site.running();
        assert_eq!((running.len(), &site.healthy(&site.group())), (3, &running), "{what}: nothing is left over");
        let newer = site.world.ids(
            "DescribeInstances",
            "instanceId",
            &[("image-id", images[round % 2].as_str()), ("instance-state-name", "running")],
        );
        assert_eq!(newer.len(), 3, "{what}");
        if round % 6 == 0 {
            site.run(&["plan", "--detailed-exitcode", "--var", &change]).exits(0);
        }
    }
}
