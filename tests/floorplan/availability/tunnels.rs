//! Tunnels that go down or come up after the plan was made: apply looks again before it changes one.

use super::sampler::{look, sampled};
use crate::support::{Run, World};
use serde_json::json;

/// A connection whose change comes after that of an address, so that something can happen before it.
const OFFICE: &str = r#"
layout {
  availability = "high"
}
variable "window" {
  default = "64"
}
resource "aws_eip" "first" {
  tags = { window = var.window }
}
resource "aws_customer_gateway" "leeds" {
  bgp_asn    = 65010
  ip_address = "203.0.113.10"
  type       = "ipsec.1"
}
resource "aws_vpn_gateway" "main" {}
resource "aws_vpn_connection" "leeds" {
  customer_gateway_id        = aws_customer_gateway.leeds.id
  vpn_gateway_id             = aws_vpn_gateway.main.id
  type                       = "ipsec.1"
  static_routes_only         = true
  tunnel1_replay_window_size = var.window
  depends_on                 = [aws_eip.first]
}
"#;

fn set(world: &World, states: [&str; 2]) -> Vec<String> {
    let mut outside = world.ec2("DescribeVpnConnections", &[]).all("outsideIpAddress");
    outside.sort();
    outside.dedup();
    let all: serde_json::Map<_, _> = outside.iter().cloned().zip(states.map(|s| json!(s))).collect();
    world.control("POST", "tunnels", Some(&all.into()));
    outside
}

/// Applies another window, with the tunnels as they are; after the plan they are `then`.
fn changes(world: &World, window: &str, then: [&str; 2], later: impl FnOnce() + Send) -> Run {
    world.forget_calls();
    world.hold("CreateTags", "before", 1.0);
    let window = format!("window={window}");
    std::thread::scope(|scope| {
        let apply =
            scope.spawn(move || world.floorplan(&["apply", "office", "--sandbox", "--auto-approve", "--var", &window]));
        world.wait_for("CreateTags");
        set(world, then);
        later();
        apply.join().expect("it ends")
    })
}

#[test]
fn a_tunnel_is_not_changed_while_the_other_is_down() {
    let world = World::start();
    world.write("office/main.tf", OFFICE);
    world.floorplan(&["apply", "office", "--sandbox", "--auto-approve"]).succeeds();
    world.delay("vpn_tunnel", 0.5);
    let changed = || world.writes().iter().any(|call| call == "ModifyVpnTunnelOptions");

    // It comes back: it is waited for.
    set(&world, ["UP", "UP"]);
    let back = || {
        std::thread::sleep(std::time::Duration::from_secs(4));
        assert!(!changed(), "the only tunnel that is up is changed");
        set(&world, ["UP", "UP"]);
    };
    let (seen, run) = sampled(&world, || changes(&world, "128", ["UP", "DOWN"], back));
    assert!(run.succeeds().stdout.contains("leeds: one of its two tunnels at least stays up"));
    assert!(changed());
    assert!(seen.len() > 5 && seen.iter().all(|m| m.tunnels.values().all(|up| *up >= 1)), "{seen:?}");

    // It stays down; or one of two that nobody used came up meanwhile. Nothing is changed, and the tunnel is named.
    for (window, before, then) in [("256", ["UP", "UP"], ["UP", "DOWN"]), ("512", ["DOWN", "DOWN"], ["UP", "DOWN"])] {
        let outside = set(&world, before);
        let run = changes(&world, window, then, || {}).exits(1);
        let down = format!("the tunnel at {} is down, which it was not when the plan was made", outside[1]);
        assert!(run.stderr.contains(&down), "{}", run.stderr);
        let waits = format!("aws_vpn_connection.leeds: waiting for the tunnel at {} to be up again", outside[1]);
        assert!(run.stderr.contains(&waits), "{}", run.stderr);
        assert!(!changed(), "the only tunnel that is up is changed");
        assert!(look(&world).tunnels.values().all(|up| *up == 1));
        set(&world, ["UP", "UP"]);
        let window = format!("window={window}");
        world.floorplan(&["apply", "office", "--sandbox", "--auto-approve", "--var", &window]).succeeds();
        assert!(changed());
    }
}
