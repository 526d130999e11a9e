//! Changes of `layouts/ha-web` with its members as a scaling group, one after the other in one world.

use super::client::{Client, MAIN, WEB};
use serde_json::json;

const FIXED: &str = "  members             = { for zone in keys(local.zones) : zone => var.members_per_zone }\n";
const SIX: &str = "  scaling             = { min = 3, max = 9, desired = 6 }\n";
const THREE: &str = "  scaling             = { min = 3, max = 9, desired = 3 }\n";
const GROUP: &str = "resource \"aws_lb_target_group\" \"this\" {\n  name                 = var.name\n";
const PREFIX: &str = "resource \"aws_lb_target_group\" \"this\" {\n  name_prefix          = \"acme-\"\n";

#[test]
fn changes_of_a_scaling_group_are_seen_as_the_plan_says() {
    let client = Client::new("scaling group", &[(MAIN, FIXED, SIX)]);
    client.slowly();
    let whole = "web: 3 of 3 in service throughout";
    client.changes("six members to three", whole, &[(MAIN, SIX, THREE)]);

    // The target group.
    let port = "  port                 = var.port\n";
    let other = "  port                 = 8081\n";
    client.refused("target group: another port", 1, "\"name\" is the same for both", &[(WEB, port, other)]);
    // No rule lets the balancer reach the members on it.
    let cut_off = "would cut off \"web\"";
    client.refused(
        "target group: another port, without rules",
        3,
        cut_off,
        &[(WEB, port, other), (WEB, GROUP, PREFIX)],
    );
    let module = "module \"web\" {\n";
    let moved = "module \"web\" {\n  port                = 8081\n";
    client.changes("port of the whole service, name_prefix", whole, &[(MAIN, module, moved), (WEB, GROUP, PREFIX)]);
    client.changes("target group: another protocol", whole, &[(WEB, "= \"HTTP\"\n  vpc_id", "= \"HTTPS\"\n  vpc_id")]);
    client.changes("target group: another name", whole, &[(WEB, PREFIX, &GROUP.replace("var.name", "\"acme-2\""))]);

    // The scaling group.
    let named = "  name_prefix               = \"${var.name}-\"\n";
    client.changes(
        "scaling group: replaced",
        whole,
        &[(WEB, named, "  name_prefix               = \"${var.name}-web-\"\n")],
    );
    let none = THREE.replace(['3', '9'], "0");
    client.refused("scaling group: sizes to 0", 3, "would interrupt \"web\"", &[(MAIN, THREE, &none)]);
    client.is_done();

    // A security group that members hold.
    let described = (WEB, "Who reaches the members", "Who may reach the members");
    client.refused(
        "group of the members, fixed name",
        1,
        "A security group cannot be replaced under its own name while it is held",
        &[described],
    );
    let fixed = "  name        = \"${var.name}-member\"\n";
    client.changes(
        "group of the members, name_prefix",
        "web: 3 of 3 in service throughout",
        &[described, (WEB, fixed, "  name_prefix = \"${var.name}-member-\"\n")],
    );

    // Another type while one is sick.
    let sick = client.world.ids("DescribeInstances", "instanceId", &[("instance-state-name", "running")])[1].clone();
    client.world.control("POST", "targets", Some(&json!({ sick.as_str(): "unhealthy" })));
    client.changes(
        "type of the members while one is sick",
        "not healthy now: 1",
        &[(MAIN, "module \"web\" {\n", "module \"web\" {\n  instance_type       = \"t3.medium\"\n")],
    );
    client.is_done();

    // Zones, ways out, and what goes for good.
    client.changes(
        "a zone taken out",
        "NAT b: removed, as the layout asks",
        &[(MAIN, "[\"a\", \"b\", \"c\"]", "[\"a\", \"c\"]")],
    );
    client.changes("NAT per zone to one", "NAT c: 0 s without egress", &[(MAIN, "\"per_zone\"", "\"one\"")]);
    client.without_listener();
    client.without_database();
    client.is_done();
}
