//! An id that AWS does not know: one that the layout names is wrong at once, one that this run was just given is not
//! seen everywhere yet.

use super::support::World;
use serde_json::json;
use std::process::Stdio;

fn calls(world: &World, action: &str) -> Vec<u16> {
    world.calls().iter().filter(|call| call.action == action).map(|call| call.status).collect()
}

#[test]
fn an_image_that_does_not_exist_is_asked_for_once() {
    let world = World::start();
    world.write(
        "net/main.tf",
        r#"
        resource "aws_vpc" "v" { cidr_block = "10.0.0.0/16" }
        resource "aws_subnet" "s" {
          vpc_id     = aws_vpc.v.id
          cidr_block = "10.0.1.0/24"
        }
        resource "aws_instance" "i" {
          ami           = "ami-00000000000000000"
          instance_type = "t3.micro"
          subnet_id     = aws_subnet.s.id
        }
        "#,
    );
    let run = world.floorplan(&["apply", "net", "--sandbox", "--auto-approve"]).exits(1);
    assert!(run.stderr.contains("ami-00000000000000000"), "{}", run.stderr);
    assert!(run.stderr.contains("net/main.tf:7"), "{}", run.stderr);
    assert_eq!(calls(&world, "RunInstances"), [400]);
}

#[test]
fn a_new_subnet_that_is_not_seen_yet_is_asked_for_again() {
    let world = World::start();
    world.write(
        "net/main.tf",
        r#"
        resource "aws_vpc" "v" { cidr_block = "10.0.0.0/16" }
        resource "aws_network_interface" "i" { subnet_id = aws_subnet.s.id }
        resource "aws_subnet" "s" {
          vpc_id     = aws_vpc.v.id
          cidr_block = "10.0.1.0/24"
        }
        "#,
    );
    let action = "CreateNetworkInterface";
    world.fault(json!({ "action": action, "hold": 2, "code": "RequestLimitExceeded", "status": 503 }));
    let apply = world
        .command(&["apply", "net", "--sandbox", "--auto-approve"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    world.wait_for(action);
    let subnet = world.ids("DescribeSubnets", "subnetId", &[("cidr-block", "10.0.1.0/24")]).remove(0);
    let message = format!("The subnet ID '{subnet}' does not exist");
    world.fault(json!({
        "action": action, "code": "InvalidSubnetID.NotFound", "status": 400, "message": message, "times": 2,
    }));
    let ended = apply.wait_with_output().unwrap();
    assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
    assert_eq!(calls(&world, action), [503, 400, 400, 200]);
}
