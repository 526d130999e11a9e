//! Changes of `layouts/ha-web` with an office by VPN, one after the other in one world.

use super::client::{Client, MAIN, WEB};
use serde_json::json;

const GROUP: &str = "resource \"aws_lb_target_group\" \"this\" {\n  name                 = var.name\n";
const PREFIX: &str = "resource \"aws_lb_target_group\" \"this\" {\n  name_prefix          = \"acme-\"\n";

#[test]
fn changes_of_ha_web_are_seen_as_the_plan_says() {
    let client = Client::new("ha-web", &[("layouts/ha-web/variables.tf", "default     = 1", "default     = 2")]);
    client.slowly();
    let whole = "web: 3 of 3 in service throughout";

    client.changes(
        "two members a zone to one",
        whole,
        &[("layouts/ha-web/variables.tf", "default     = 2", "default     = 1")],
    );

    // The target group.
    let port = "  port                 = var.port\n";
    let other = "  port                 = 8081\n";
    client.refused("target group: another port", 1, "\"name\" is the same for both", &[(WEB, port, other)]);
    client.changes("target group: another port, name_prefix", whole, &[(WEB, port, other), (WEB, GROUP, PREFIX)]);
    client.changes(
        "target group: another protocol",
        whole,
        &[(WEB, "protocol             = \"HTTP\"", "protocol             = \"HTTPS\"")],
    );
    client.changes("target group: another name", whole, &[(WEB, PREFIX, &GROUP.replace("var.name", "\"acme-2\""))]);
    let attached = "target_id        = each.value.id\n  port             = ";
    let at = |port: &str| format!("{attached}{port}");
    // No rule lets the balancer reach them on it.
    let edits = [(WEB, at("var.port"), at("9090"))];
    let edits: Vec<_> = edits.iter().map(|(file, from, to)| (*file, from.as_str(), to.as_str())).collect();
    client.refused("port of the attachments, without rules", 3, "would cut off \"web\"", &edits);
    client.changes(
        "port of the whole service",
        whole,
        &[
            (MAIN, "module \"web\" {\n", "module \"web\" {\n  port                = 8082\n"),
            (WEB, other, port),
            (WEB, "  name                 = \"acme-2\"", "  name_prefix          = \"acme-\""),
        ],
    );

    client.is_done();

    // A security group that members hold.
    let fixed = "  name        = \"${var.name}-member\"\n";
    let described = (WEB, "Who reaches the members", "Who may reach the members");
    client.refused(
        "group of the members, fixed name",
        1,
        "A security group cannot be replaced under its own name while it is held",
        &[described],
    );
    client.changes(
        "group of the members, name_prefix",
        "web: 3 of 3 in service throughout, surge 1",
        &[described, (WEB, fixed, "  name_prefix = \"${var.name}-member-\"\n")],
    );

    // Another type while one is sick.
    let sick = client.world.ids("DescribeInstances", "instanceId", &[("instance-state-name", "running")])[1].clone();
    client.world.control("POST", "targets", Some(&json!({ sick.as_str(): "unhealthy" })));
    client.world.forget_calls();
    client.changes(
        "type of the members while one is sick",
        "not healthy now: 1",
        &[(MAIN, "module \"web\" {\n", "module \"web\" {\n  instance_type       = \"t3.medium\"\n")],
    );
    let gone = client.world.calls().into_iter().find(|c| c.action == "TerminateInstances").expect("one goes");
    assert_eq!(gone.parameters["InstanceId.1"].as_str(), Some(sick.as_str()), "the sick one goes first");

    client.is_done();

    // The tunnels.
    let option = |n: u32, action: &str| format!("tunnel{n}_dpd_timeout_action           = \"{action}\"");
    let tunnel = |n: u32| ("modules/vpn/main.tf", option(n, "restart"), option(n, "clear"));
    let (first, second) = (tunnel(1), tunnel(2));
    let first = (first.0, first.1.as_str(), first.2.as_str());
    let second = (second.0, second.1.as_str(), second.2.as_str());
    client.tunnels(["UP", "DOWN"]);
    client.refused("options of one tunnel while the other is down", 3, "would interrupt \"vpn[office]\"", &[first]);
    client.changes("options of a tunnel that is down", "", &[second]);
    client.tunnels(["UP", "UP"]);
    client.changes(
        "options of both tunnels",
        "vpn[office]: one of its two tunnels at least stays up",
        &[first, (second.0, second.2, second.1)],
    );

    // Zones and ways out.
    client.changes(
        "a zone taken out",
        "NAT b: removed, as the layout asks",
        &[(MAIN, "[\"a\", \"b\", \"c\"]", "[\"a\", \"c\"]")],
    );
    client.changes("NAT per zone to one", "NAT c: 0 s without egress", &[(MAIN, "\"per_zone\"", "\"one\"")]);

    // What goes for good.
    client.without_listener();
    client.without_database();
    client.is_done();
}
