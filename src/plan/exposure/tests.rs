//! Exposure of small networks, written as a reviewer should read it.

use super::*;
use crate::plan::change::AttributeChange;
use crate::plan::fixtures;
use crate::plan::{Action, Cause};
use crate::resources::Types;
use crate::schema::{Attrs, Schemas};
use crate::value::json::from_json;
use serde_json::{Value as Json, json};

/// The objects of a layout by their addresses.
type Layout = Vec<(String, Json)>;

fn object(address: &str, attributes: Json) -> (String, Json) {
    (address.to_owned(), attributes)
}

fn rule(protocol: &str, ports: (i32, i32), range: &str) -> Json {
    json!({ "protocol": protocol, "from_port": ports.0, "to_port": ports.1, "cidr_blocks": [range] })
}

fn tcp(port: i32, range: &str) -> Json {
    rule("tcp", (port, port), range)
}

const WORLD: &str = "0.0.0.0/0";

fn group(name: &str, ingress: &[Json]) -> (String, Json) {
    let all = json!([rule("-1", (0, 0), WORLD)]);
    let of = json!({ "id": format!("sg-{name}"), "vpc_id": "v", "ingress": ingress, "egress": all });
    object(&format!("aws_security_group.{name}"), of)
}

fn instance(address: &str, subnet: &str, public: bool) -> (String, Json) {
    let of = json!({
        "id": format!("i-{address}"), "subnet_id": subnet, "associate_public_ip_address": public,
        "vpc_security_group_ids": ["sg-g"],
    });
    object(&format!("aws_instance.{address}"), of)
}

/// A VPC with a public and a private subnet, and a group with these rules.
fn layout(ingress: &[Json], more: Vec<(String, Json)>) -> Layout {
    let subnet = |name: &str, range: &str| {
        let of = json!({
            "id": name, "vpc_id": "v", "cidr_block": range, "availability_zone": "a",
            "map_public_ip_on_launch": false,
        });
        object(&format!("aws_subnet.{name}"), of)
    };
    let follows = |name: &str| {
        let of = json!({ "id": format!("follows-{name}"), "subnet_id": name, "route_table_id": format!("rtb-{name}") });
        object(&format!("aws_route_table_association.{name}"), of)
    };
    let table = |name: &str, routes: Json| {
        let of = json!({ "id": format!("rtb-{name}"), "vpc_id": "v", "route": routes });
        object(&format!("aws_route_table.{name}"), of)
    };
    let mut all = vec![
        object("aws_vpc.v", json!({ "id": "v", "cidr_block": "10.0.0.0/16" })),
        subnet("pub", "10.0.1.0/24"),
        subnet("priv", "10.0.2.0/24"),
        object("aws_internet_gateway.i", json!({ "id": "igw", "vpc_id": "v" })),
        table("pub", json!([{ "cidr_block": WORLD, "gateway_id": "igw" }])),
        table("priv", json!([{ "cidr_block": "192.168.0.0/16", "gateway_id": "vgw" }])),
        follows("pub"),
        follows("priv"),
        group("g", ingress),
    ];
    all.extend(more);
    all
}

/// The changes from one layout to another.
fn changes(before: &Layout, after: &Layout) -> Vec<Change> {
    let attrs = |json: &Json| Attrs::from_value(&from_json(json).expect("values"));
    let find = |all: &Layout, address: &str| all.iter().find(|(known, _)| known == address).map(|(_, of)| attrs(of));
    let addresses: BTreeSet<&String> = before.iter().chain(after).map(|(address, _)| address).collect();
    let one = |address: &String| {
        let (old, new) = (find(before, address), find(after, address));
        let action = match (&old, &new) {
            (Some(old), Some(new)) if old == new => Action::NoOp,
            (Some(_), Some(_)) => Action::Update,
            (None, _) => Action::Create,
            (_, None) => Action::Delete,
        };
        fixtures::change(address, action, old, new)
    };
    addresses.into_iter().map(one).collect()
}

fn exposure(before: &Layout, after: &Layout) -> Exposure {
    of(&changes(before, after), &BTreeMap::new(), &Types)
}

/// The lines of a difference, with their remarks.
fn said(before: &Layout, after: &Layout) -> Vec<String> {
    let line = |change: &ExposureChange| match change.remark() {
        Some(remark) => format!("{} ({remark})", change.flow()),
        None => change.flow(),
    };
    exposure(before, after).changes.iter().map(line).collect()
}

/// The lines that other rules of the group make for a server with a public address.
fn ruled(before: &[Json], after: &[Json]) -> Vec<String> {
    let with = |rules: &[Json]| layout(rules, vec![instance("bastion", "pub", true)]);
    said(&with(before), &with(after))
}

#[test]
fn a_rule_for_the_world_exposes_a_public_server() {
    assert_eq!(ruled(&[], &[tcp(22, WORLD)]), ["+ internet → tcp/22 → bastion"]);
    assert_eq!(ruled(&[tcp(22, WORLD)], &[]), ["- internet → tcp/22 → bastion"]);
    assert_eq!(ruled(&[], &[rule("-1", (0, 0), WORLD)]), ["+ internet → all traffic → bastion"]);
    assert_eq!(ruled(&[tcp(22, "10.0.0.0/8")], &[tcp(22, "10.0.0.0/16")]), [""; 0]);
    let web = [tcp(80, WORLD), tcp(443, WORLD), rule("tcp", (8000, 8010), WORLD)];
    assert_eq!(ruled(&[tcp(80, WORLD)], &web), ["+ internet → tcp/443,8000-8010 → bastion"]);
}

#[test]
fn ranges_and_ports_that_change_say_what_was() {
    let (office, branch) = ("203.0.113.0/24", "198.51.100.0/24");
    let to = |port: i32, range: &str| vec![tcp(port, range)];
    assert_eq!(ruled(&[], &to(22, office)), ["+ 203.0.113.0/24 → tcp/22 → bastion"]);
    assert_eq!(
        ruled(&to(22, office), &to(22, WORLD)),
        ["+ internet → tcp/22 → bastion (was from 203.0.113.0/24)"],
        "the whole Internet is new"
    );
    assert_eq!(ruled(&to(22, WORLD), &to(22, office)), ["- internet → tcp/22 → bastion (still from 203.0.113.0/24)"]);
    assert_eq!(
        ruled(&to(22, office), &to(22, branch)),
        ["~ 198.51.100.0/24 → tcp/22 → bastion (was from 203.0.113.0/24)"]
    );
    assert_eq!(ruled(&to(443, WORLD), &to(8443, WORLD)), ["~ internet → tcp/8443 → bastion (was tcp/443)"]);
}

#[test]
fn nothing_reaches_a_private_server_and_it_says_why() {
    let with =
        |rules: &[Json]| layout(rules, vec![instance("app[0]", "priv", false), instance("app[1]", "priv", false)]);
    let found = exposure(&with(&[]), &with(&[tcp(3306, WORLD)]));
    assert_eq!(found.changes, []);
    let lines: Vec<String> = found.kept_out.iter().map(KeptOut::flow).collect();
    assert_eq!(lines, ["internet → tcp/3306 → app[0..1]"]);
    assert!(found.kept_out[0].obstacles.contains(&"it has no public IPv4 address".to_owned()), "{found:?}");
    // What is new altogether and open to nobody is not worth a line.
    assert_eq!(exposure(&Vec::new(), &with(&[tcp(3306, WORLD)])), Exposure::default());
}

#[test]
fn a_public_address_and_a_route_expose_as_well() {
    let with = |public: bool| layout(&[tcp(22, WORLD)], vec![instance("bastion", "pub", public)]);
    assert_eq!(said(&with(false), &with(true)), ["+ internet → tcp/22 → bastion"]);
    let mut closed = with(true);
    closed.retain(|(address, _)| address != "aws_internet_gateway.i");
    assert_eq!(said(&closed, &with(true)), ["+ internet → tcp/22 → bastion"]);
    assert_eq!(said(&with(true), &closed), ["- internet → tcp/22 → bastion"]);
}

#[test]
fn instances_with_the_same_traffic_are_one_line() {
    let with = |count: usize| {
        let all = (0..count).map(|n| instance(&format!("web[{n}]"), "pub", true)).collect();
        layout(&[tcp(443, WORLD)], all)
    };
    assert_eq!(said(&with(0), &with(3)), ["+ internet → tcp/443 → web[0..2]"]);
    assert_eq!(said(&with(2), &with(3)), ["+ internet → tcp/443 → web[2]"]);
    assert_eq!(said(&with(3), &with(1)), ["- internet → tcp/443 → web[1..2]"]);
}

/// A balancer before so many servers in the private subnet.
fn balanced(count: usize) -> Layout {
    let mut more = vec![
        group("lb", &[tcp(443, WORLD)]),
        object(
            "aws_lb.front",
            json!({
                "id": "lb", "subnets": ["pub"], "security_groups": ["sg-lb"], "internal": false,
                "load_balancer_type": "application",
            }),
        ),
        object(
            "aws_lb_listener.https",
            json!({
                "id": "listener", "load_balancer_arn": "lb", "port": 443, "protocol": "HTTPS",
                "default_action": [{ "type": "forward", "target_group_arn": "tg" }],
            }),
        ),
        object(
            "aws_lb_target_group.web",
            json!({ "id": "tg", "port": 8080, "protocol": "HTTP", "target_type": "instance" }),
        ),
    ];
    for n in 0..count {
        more.push(instance(&format!("web[{n}]"), "priv", false));
        let of = json!({ "id": format!("at-{n}"), "target_group_arn": "tg", "target_id": format!("i-web[{n}]") });
        more.push(object(&format!("aws_lb_target_group_attachment.web[{n}]"), of));
    }
    layout(&[tcp(8080, "10.0.0.0/16")], more)
}

#[test]
fn a_balancer_and_what_is_behind_it_are_one_line() {
    assert_eq!(said(&Vec::new(), &balanced(2)), ["+ internet → tcp/443 → front → web[0..1]"]);
    assert_eq!(said(&balanced(2), &balanced(3)), ["+ internet → tcp/443 → front → web[2]"]);
    assert_eq!(said(&Vec::new(), &balanced(0)), ["+ internet → tcp/443 → front"]);
    let found = exposure(&Vec::new(), &balanced(2));
    assert_eq!(found.changes[0].addresses, ["aws_lb.front", "aws_instance.web[0]", "aws_instance.web[1]"]);
}

/// A database in the private subnet, and a site that reaches it.
fn hybrid(ingress: &[Json], is_static: bool) -> Layout {
    let mut more = vec![
        object("aws_vpn_gateway.g", json!({ "id": "vgw", "vpc_id": "v" })),
        object("aws_customer_gateway.office", json!({ "id": "cgw", "ip_address": "198.51.100.1" })),
        object(
            "aws_vpn_connection.main",
            json!({
                "id": "vpn", "vpn_gateway_id": "vgw", "customer_gateway_id": "cgw", "static_routes_only": is_static,
            }),
        ),
        object("aws_db_subnet_group.data", json!({ "id": "data", "name": "data", "subnet_ids": ["priv"] })),
        object(
            "aws_db_instance.db",
            json!({
                "id": "db-1", "db_subnet_group_name": "data", "vpc_security_group_ids": ["sg-g"], "port": 3306,
                "publicly_accessible": false, "multi_az": true,
            }),
        ),
    ];
    if is_static {
        let of = json!({ "id": "r", "vpn_connection_id": "vpn", "destination_cidr_block": "192.168.0.0/16" });
        more.push(object("aws_vpn_connection_route.office", of));
    }
    layout(ingress, more)
}

#[test]
fn a_site_is_named_by_its_customer_gateway() {
    let rules = [tcp(3306, "192.168.0.0/16")];
    assert_eq!(said(&hybrid(&rules, true), &hybrid(&[], true)), ["- office (vpn) → tcp/3306 → db"]);
    assert_eq!(said(&hybrid(&[], true), &hybrid(&rules, true)), ["+ office (vpn) → tcp/3306 → db"]);
    let announced = said(&hybrid(&[], false), &hybrid(&rules, false));
    assert_eq!(announced.len(), 1, "{announced:?}");
    assert!(announced[0].starts_with("+ office (vpn) → tcp/3306 → db (may be: "), "{announced:?}");
}

#[test]
fn the_internet_comes_first() {
    let with = |rules: &[Json]| {
        let mut all = hybrid(rules, true);
        all.push(instance("bastion", "pub", true));
        all
    };
    let after = [tcp(3306, "192.168.0.0/16"), tcp(22, WORLD), tcp(80, "203.0.113.7/32")];
    assert_eq!(
        said(&with(&[tcp(443, WORLD)]), &with(&after)),
        [
            "~ internet → tcp/22 → bastion (was tcp/443)",
            "+ 203.0.113.7/32 → tcp/80 → bastion",
            "+ office (vpn) → tcp/3306 → db",
        ]
    );
}

#[test]
fn a_group_that_nobody_knows_may_expose() {
    let with = |groups: Json| {
        let of = json!({
            "id": "i-1", "subnet_id": "pub", "associate_public_ip_address": true, "vpc_security_group_ids": groups,
        });
        layout(&[], vec![object("aws_instance.bastion", of)])
    };
    let found = exposure(&with(json!(["sg-g"])), &with(json!(["sg-g", "sg-elsewhere"])));
    assert_eq!(found.changes.len(), 1, "{found:?}");
    let change = &found.changes[0];
    assert_eq!(
        (change.from.as_str(), change.to.as_slice(), change.internet),
        ("internet", &["bastion".to_owned()][..], true)
    );
    assert!(change.may.is_some(), "{change:?}");
}

#[test]
fn changes_without_a_part_in_traffic_are_not_looked_at() {
    let schema = |address: &Address| Types.resource(&address.resource.type_name);
    let tagged = |tag: &str| json!({ "id": "v", "cidr_block": "10.0.0.0/16", "tags": { "Name": tag } });
    let of = |address: &str, before: Option<Json>, after: Option<Json>| {
        let side = |json: Option<Json>| json.map(|json| vec![object(address, json)]).unwrap_or_default();
        let all = changes(&side(before), &side(after));
        all.iter().any(|change| touches(change, services::role(schema(&change.address))))
    };
    assert!(!of("aws_vpc.v", Some(tagged("a")), Some(tagged("b"))));
    assert!(!of("aws_vpc.v", Some(tagged("a")), Some(tagged("a"))));
    assert!(!of("aws_cloudwatch_log_group.l", None, Some(json!({ "name": "l" }))));
    assert!(of("aws_vpc.v", None, Some(tagged("a"))));
    let renamed = AttributeChange { name: "vpc_id".into(), cause: Cause::Layout, forces_replacement: false };
    let mut gateway = changes(&vec![object("aws_internet_gateway.i", json!({ "id": "i" }))], &Vec::new());
    gateway[0].action = Action::Update;
    gateway[0].attributes = vec![renamed];
    assert!(touches(&gateway[0], services::role(schema(&gateway[0].address))));
}
