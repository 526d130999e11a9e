//! Networks for the tests: objects much as the layouts `ha-web` and `hybrid` have them, a large one, and a change.

use crate::network::Object;
use crate::report::picture::Touch;
use crate::value::json::from_json;
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use std::sync::Arc;

const ZONES: [&str; 3] = ["eu-central-1a", "eu-central-1b", "eu-central-1c"];

/// An object whose id is its address, unless it has one.
fn object(address: &str, attributes: Json) -> Object {
    let mut attributes = attributes;
    let map = attributes.as_object_mut().expect("attributes");
    map.entry("id").or_insert_with(|| address.into());
    let parsed = crate::value::address::parse_instance(address).expect("an address");
    Object {
        address: address.into(),
        type_name: parsed.resource.type_name,
        attributes: from_json(&attributes).expect("values"),
    }
}

fn network(out: &mut Vec<Object>, zones: &[&str]) {
    let vpc = "module.network.aws_vpc.this";
    out.push(object(vpc, json!({ "cidr_block": "10.0.0.0/16" })));
    let gateway = "module.network.aws_internet_gateway.this";
    out.push(object(gateway, json!({ "vpc_id": vpc })));
    let tables = |tier: &str, zone: &str| match tier {
        "private" => format!("module.network.aws_route_table.private[\"{zone}\"]"),
        "data" => "module.network.aws_route_table.data[0]".to_owned(),
        _ => "module.network.aws_route_table.public".to_owned(),
    };
    for table in [tables("public", ""), tables("data", "")] {
        out.push(object(&table, json!({ "vpc_id": vpc })));
    }
    out.push(object(
        "module.network.aws_route.internet",
        json!({ "route_table_id": tables("public", ""), "destination_cidr_block": "0.0.0.0/0", "gateway_id": gateway }),
    ));
    let mut served = vec![tables("public", ""), tables("data", "")];
    for (i, zone) in zones.iter().enumerate() {
        let table = tables("private", zone);
        out.push(object(&table, json!({ "vpc_id": vpc })));
        served.push(table.clone());
        let nat = format!("module.network.aws_nat_gateway.this[\"{zone}\"]");
        for (tier, third) in [("public", 0), ("private", 64), ("data", 128)] {
            let name = format!("module.network.aws_subnet.{tier}[\"{zone}\"]");
            let range = format!("10.0.{}.0/22", third + 4 * i);
            out.push(object(
                &name,
                json!({ "vpc_id": vpc, "availability_zone": zone, "cidr_block": range, "map_public_ip_on_launch": false }),
            ));
            out.push(object(
                &format!("module.network.aws_route_table_association.{tier}[\"{zone}\"]"),
                json!({ "subnet_id": name, "route_table_id": tables(tier, zone) }),
            ));
        }
        let subnet = format!("module.network.aws_subnet.public[\"{zone}\"]");
        let address = format!("module.network.aws_eip.nat[\"{zone}\"]");
        out.push(object(&address, json!({ "domain": "vpc" })));
        out.push(object(&nat, json!({ "subnet_id": subnet, "allocation_id": address, "connectivity_type": "public" })));
        out.push(object(
            &format!("module.network.aws_route.nat[\"{zone}\"]"),
            json!({ "route_table_id": table, "destination_cidr_block": "0.0.0.0/0", "nat_gateway_id": nat }),
        ));
    }
    out.push(object(
        "module.network.aws_vpc_endpoint.gateway[\"s3\"]",
        json!({
            "vpc_id": vpc, "vpc_endpoint_type": "Gateway", "service_name": "com.amazonaws.eu-central-1.s3",
            "route_table_ids": served,
        }),
    ));
}

fn group(out: &mut Vec<Object>, name: &str) {
    out.push(object(name, json!({ "vpc_id": "module.network.aws_vpc.this" })));
}

/// A rule for a port: from a group or a range, or to one.
fn rule(out: &mut Vec<Object>, address: &str, group: &str, peer: &str, port: u16) {
    let mut attributes =
        json!({ "security_group_id": group, "ip_protocol": "tcp", "from_port": port, "to_port": port });
    let argument = if peer.contains('/') { "cidr_ipv4" } else { "referenced_security_group_id" };
    attributes[argument] = peer.into();
    out.push(object(address, attributes));
}

fn web(out: &mut Vec<Object>, zones: &[&str], of: &str, port: u16) {
    let (front, back) =
        (format!("module.{of}.aws_security_group.balancer"), format!("module.{of}.aws_security_group.member"));
    group(out, &front);
    group(out, &back);
    let ingress = |name: &str| format!("module.{of}.aws_vpc_security_group_ingress_rule.{name}");
    let egress = |name: &str| format!("module.{of}.aws_vpc_security_group_egress_rule.{name}");
    for door in [80, 443] {
        rule(out, &ingress(&format!("door[\"{door} 0.0.0.0/0\"]")), &front, "0.0.0.0/0", door);
    }
    rule(out, &egress("to_members"), &front, &back, port);
    rule(out, &ingress("from_balancer"), &back, &front, port);
    rule(out, &egress("updates"), &back, "0.0.0.0/0", 443);
    let subnets: Vec<String> =
        zones.iter().map(|zone| format!("module.network.aws_subnet.public[\"{zone}\"]")).collect();
    let (balancer, targets) = (format!("module.{of}.aws_lb.this"), format!("module.{of}.aws_lb_target_group.this"));
    let attributes = json!({
        "internal": false, "load_balancer_type": "application", "subnets": subnets, "security_groups": [front],
        "arn": balancer,
    });
    out.push(object(&balancer, attributes));
    let attributes = json!({
        "arn": targets, "port": port, "protocol": "HTTP", "target_type": "instance",
        "vpc_id": "module.network.aws_vpc.this",
        "health_check": [{ "port": "traffic-port", "protocol": "HTTP", "path": "/" }],
    });
    out.push(object(&targets, attributes));
    for (name, port, action) in [("https", 443, "forward"), ("http", 80, "redirect")] {
        let name = format!("module.{of}.aws_lb_listener.{name}");
        let attributes = json!({
            "load_balancer_arn": balancer, "port": port, "protocol": if port == 443 { "HTTPS" } else { "HTTP" },
            "arn": name, "default_action": [{ "type": action, "target_group_arn": if action == "forward" { targets.as_str() } else { "" } }],
        });
        out.push(object(&name, attributes));
    }
    // As planned, before AWS has said which groups an instance of the template has.
    let template = format!("module.{of}.aws_launch_template.member");
    out.push(object(&template, json!({ "vpc_security_group_ids": [back] })));
    for (i, zone) in zones.iter().enumerate() {
        let member = format!("module.{of}.aws_instance.member[\"{zone}-1\"]");
        let subnet = format!("module.network.aws_subnet.private[\"{zone}\"]");
        let address = format!("10.0.{}.10", 64 + 4 * i);
        out.push(object(
            &member,
            json!({
                "subnet_id": subnet, "private_ip": address, "instance_type": "t3.small", "public_ip": "",
                "launch_template": [{ "id": template }],
            }),
        ));
        out.push(object(
            &format!("module.{of}.aws_lb_target_group_attachment.member[\"{zone}-1\"]"),
            json!({ "target_group_arn": targets, "target_id": member, "port": port }),
        ));
    }
}

fn database(out: &mut Vec<Object>, zones: &[&str], client: &str) {
    let own = "module.database.aws_security_group.this";
    let client = format!("module.{client}.aws_security_group.member");
    group(out, own);
    rule(out, "module.database.aws_vpc_security_group_ingress_rule.client[\"web\"]", own, &client, 3306);
    rule(out, "module.web.aws_vpc_security_group_egress_rule.database[\"main\"]", &client, own, 3306);
    let subnets: Vec<String> = zones.iter().map(|zone| format!("module.network.aws_subnet.data[\"{zone}\"]")).collect();
    out.push(object("module.database.aws_db_subnet_group.this", json!({ "name": "acme", "subnet_ids": subnets })));
    out.push(object(
        "module.database.aws_db_instance.this",
        json!({
            "engine": "mysql", "engine_version": "8.0", "multi_az": true, "port": 3306, "publicly_accessible": false,
            "db_subnet_group_name": "acme", "vpc_security_group_ids": [own],
        }),
    ));
}

fn vpn(out: &mut Vec<Object>, zones: &[&str], sites: &[(&str, &str, &str)]) {
    let gateway = "module.vpn.aws_vpn_gateway.this[0]";
    out.push(object(gateway, json!({ "vpc_id": "module.network.aws_vpc.this" })));
    for zone in zones {
        let table = format!("module.network.aws_route_table.private[\"{zone}\"]");
        out.push(object(
            &format!("module.vpn.aws_vpn_gateway_route_propagation.this[\"{zone}\"]"),
            json!({ "vpn_gateway_id": gateway, "route_table_id": table }),
        ));
    }
    for (site, address, range) in sites {
        let device = format!("module.vpn.aws_customer_gateway.this[\"{site}\"]");
        let connection = format!("module.vpn.aws_vpn_connection.this[\"{site}\"]");
        out.push(object(&device, json!({ "ip_address": address, "bgp_asn": "65000" })));
        out.push(object(
            &connection,
            json!({ "customer_gateway_id": device, "vpn_gateway_id": gateway, "static_routes_only": true }),
        ));
        out.push(object(
            &format!("module.vpn.aws_vpn_connection_route.this[\"{site} {range}\"]"),
            json!({ "vpn_connection_id": connection, "destination_cidr_block": range }),
        ));
    }
    rule(
        out,
        "aws_vpc_security_group_ingress_rule.office",
        "module.web.aws_security_group.member",
        "192.168.10.0/24",
        22,
    );
}

/// The network of the layout `ha-web`.
pub fn three_tier() -> Vec<Object> {
    let mut out = Vec::new();
    network(&mut out, &ZONES);
    web(&mut out, &ZONES, "web", 80);
    database(&mut out, &ZONES, "web");
    out
}

/// The network of the layout `hybrid`.
pub fn hybrid() -> Vec<Object> {
    let mut out = three_tier();
    let sites = [("office", "203.0.113.10", "192.168.10.0/24"), ("plant", "203.0.113.77", "192.168.20.0/24")];
    vpn(&mut out, &ZONES, &sites);
    out
}

/// A network of 60 subnets: 20 teams in three zones, with servers, databases and balancers, and a transit gateway.
pub fn large() -> Vec<Object> {
    let mut out = Vec::new();
    let vpc = "module.network.aws_vpc.this";
    out.push(object(vpc, json!({ "cidr_block": "10.64.0.0/14" })));
    let gateway = "module.network.aws_internet_gateway.this";
    out.push(object(gateway, json!({ "vpc_id": vpc })));
    let (open, closed) = ("module.network.aws_route_table.public", "module.network.aws_route_table.closed");
    out.push(object(open, json!({ "vpc_id": vpc, "route": [{ "cidr_block": "0.0.0.0/0", "gateway_id": gateway }] })));
    out.push(object(closed, json!({ "vpc_id": vpc, "route": [] })));
    for team in 0..20 {
        let tier = ["edge", "app", "store", "batch"][team % 4];
        let name = format!("{tier}_{}", ["north", "south", "east", "west", "core"][team / 4]);
        let own = format!("module.{name}.aws_security_group.this");
        out.push(object(&own, json!({ "vpc_id": vpc })));
        let mut subnets = Vec::new();
        for (i, zone) in ZONES.iter().enumerate() {
            let subnet = format!("module.network.aws_subnet.{name}[\"{zone}\"]");
            out.push(object(
                &subnet,
                json!({
                    "vpc_id": vpc, "availability_zone": zone, "cidr_block": format!("10.{}.{}.0/24", 64 + i, team),
                    "map_public_ip_on_launch": false,
                }),
            ));
            let table = if tier == "edge" { open } else { closed };
            out.push(object(
                &format!("module.network.aws_route_table_association.{name}[\"{zone}\"]"),
                json!({ "subnet_id": subnet, "route_table_id": table }),
            ));
            if tier == "app" || tier == "batch" {
                for number in 1..=3 {
                    out.push(object(
                        &format!("module.{name}.aws_instance.member[\"{zone}-{number}\"]"),
                        json!({
                            "subnet_id": subnet, "instance_type": "m7i.large", "public_ip": "",
                            "private_ip": format!("10.{}.{}.{}", 64 + i, team, 9 + number),
                            "vpc_security_group_ids": [own],
                        }),
                    ));
                }
            }
            subnets.push(subnet);
        }
        let ingress = format!("module.{name}.aws_vpc_security_group_ingress_rule.this");
        let egress = format!("module.{name}.aws_vpc_security_group_egress_rule.this");
        let before = |tier: &str| {
            format!("module.{tier}_{}.aws_security_group.this", &name[name.find('_').map_or(0, |at| at + 1)..])
        };
        match tier {
            "edge" => {
                rule(&mut out, &ingress, &own, "0.0.0.0/0", 443);
                rule(&mut out, &egress, &own, &before("app"), 8080);
                let balancer = format!("module.{name}.aws_lb.this");
                out.push(object(
                    &balancer,
                    json!({
                        "arn": balancer, "internal": false, "load_balancer_type": "application", "subnets": subnets,
                        "security_groups": [own],
                    }),
                ));
                out.push(object(
                    &format!("module.{name}.aws_lb_listener.https"),
                    json!({
                        "load_balancer_arn": balancer, "port": 443, "protocol": "HTTPS",
                        "default_action": [{ "type": "forward", "target_group_arn": format!("module.{name}.aws_lb_target_group.this") }],
                    }),
                ));
                let targets = format!("module.{name}.aws_lb_target_group.this");
                out.push(object(
                    &targets,
                    json!({ "arn": targets, "port": 8080, "protocol": "HTTP", "target_type": "instance", "vpc_id": vpc }),
                ));
                let app = name.replace("edge", "app");
                for zone in ZONES {
                    for number in 1..=3 {
                        out.push(object(
                            &format!("module.{name}.aws_lb_target_group_attachment.this[\"{zone}-{number}\"]"),
                            json!({
                                "target_group_arn": targets, "port": 8080,
                                "target_id": format!("module.{app}.aws_instance.member[\"{zone}-{number}\"]"),
                            }),
                        ));
                    }
                }
            }
            "app" => {
                rule(&mut out, &ingress, &own, &before("edge"), 8080);
                rule(&mut out, &egress, &own, &before("store"), 5432);
            }
            "store" => {
                rule(&mut out, &ingress, &own, &before("app"), 5432);
                out.push(object(
                    &format!("module.{name}.aws_db_subnet_group.this"),
                    json!({ "name": name, "subnet_ids": subnets }),
                ));
                out.push(object(
                    &format!("module.{name}.aws_db_instance.this"),
                    json!({
                        "engine": "postgres", "engine_version": "17.2", "multi_az": true, "port": 5432,
                        "db_subnet_group_name": name, "vpc_security_group_ids": [own], "publicly_accessible": false,
                    }),
                ));
            }
            _ => rule(&mut out, &egress, &own, "10.0.0.0/8", 443),
        }
    }
    let hub = "aws_ec2_transit_gateway.hub";
    out.push(object(hub, json!({})));
    out.push(object(
        "aws_ec2_transit_gateway_vpc_attachment.this",
        json!({ "vpc_id": vpc, "transit_gateway_id": hub, "subnet_ids": [] }),
    ));
    out.push(object("aws_customer_gateway.office", json!({ "ip_address": "198.51.100.4" })));
    out.push(object(
        "aws_vpn_connection.office",
        json!({ "customer_gateway_id": "aws_customer_gateway.office", "transit_gateway_id": hub }),
    ));
    out
}

/// Two VPCs with a peering: one over seven zones with IPv6, one of a single subnet that a server in the other one calls.
pub fn peered() -> Vec<Object> {
    let mut out = Vec::new();
    for (vpc, range) in [("wide", "10.1.0.0/16"), ("small", "10.2.0.0/16")] {
        out.push(object(&format!("aws_vpc.{vpc}"), json!({ "cidr_block": range })));
        let attributes = json!({ "vpc_id": format!("aws_vpc.{vpc}"), "route": [{
            "cidr_block": if vpc == "wide" { "10.2.0.0/16" } else { "10.1.0.0/16" },
            "vpc_peering_connection_id": "aws_vpc_peering_connection.both",
        }] });
        out.push(object(&format!("aws_route_table.{vpc}"), attributes));
        let rules =
            |argument: &str| json!([{ "protocol": "-1", "from_port": 0, "to_port": 0, argument: ["10.0.0.0/8"] }]);
        let attributes = json!({
            "vpc_id": format!("aws_vpc.{vpc}"), "ingress": rules("cidr_blocks"), "egress": rules("cidr_blocks"),
        });
        out.push(object(&format!("aws_security_group.{vpc}"), attributes));
    }
    let mut subnets = vec![("small".to_owned(), "small", "b".to_owned(), "10.2.0.0/24".to_owned())];
    for (i, zone) in ["a", "b", "c", "d", "e", "f", "g"].into_iter().enumerate() {
        subnets.push((format!("private_{zone}"), "wide", zone.to_owned(), format!("10.1.{i}.0/24")));
    }
    for (name, vpc, zone, range) in subnets {
        let subnet = format!("aws_subnet.{name}");
        out.push(object(
            &subnet,
            json!({
                "vpc_id": format!("aws_vpc.{vpc}"), "availability_zone": format!("us-east-1{zone}"), "cidr_block": range,
                "ipv6_cidr_block": format!("2600:1f18:1234:56{}::/64", range.len() + zone.len()),
            }),
        ));
        out.push(object(
            &format!("aws_route_table_association.{name}"),
            json!({ "subnet_id": subnet, "route_table_id": format!("aws_route_table.{vpc}") }),
        ));
        out.push(object(
            &format!("aws_instance.{name}"),
            json!({
                "subnet_id": subnet, "private_ip": range.replace("0/24", "7"), "public_ip": "",
                "instance_type": "c7g.16xlarge", "vpc_security_group_ids": [format!("aws_security_group.{vpc}")],
            }),
        ));
    }
    out.push(object(
        "aws_vpc_peering_connection.both",
        json!({ "vpc_id": "aws_vpc.wide", "peer_vpc_id": "aws_vpc.small", "auto_accept": true }),
    ));
    out
}

/// A change of the layout `hybrid`: the objects before and after it, what happens to each, and waves.
pub fn change() -> (Vec<Object>, Vec<Object>, (BTreeMap<Arc<str>, Touch>, BTreeMap<Arc<str>, usize>)) {
    let mut before = hybrid();
    before.push(object(
        "aws_instance.bastion",
        json!({
            "subnet_id": "module.network.aws_subnet.public[\"eu-central-1b\"]", "private_ip": "10.0.4.9",
            "public_ip": "", "instance_type": "t3.nano",
            "vpc_security_group_ids": ["module.web.aws_security_group.balancer"],
        }),
    ));
    let mut after = hybrid();
    group(&mut after, "aws_security_group.admin");
    rule(&mut after, "aws_vpc_security_group_ingress_rule.admin", "aws_security_group.admin", "0.0.0.0/0", 22);
    after.push(object(
        "aws_instance.jump",
        json!({
            "subnet_id": "module.network.aws_subnet.public[\"eu-central-1a\"]", "private_ip": "10.0.0.9",
            "public_ip": "198.51.100.22", "instance_type": "t3.nano",
            "vpc_security_group_ids": ["aws_security_group.admin"],
        }),
    ));
    let member = |zone: &str| format!("module.web.aws_instance.member[\"{zone}-1\"]");
    let touched = [
        ("aws_instance.jump".to_owned(), Touch::New),
        ("aws_security_group.admin".to_owned(), Touch::New),
        ("aws_vpc_security_group_ingress_rule.admin".to_owned(), Touch::New),
        ("aws_instance.bastion".to_owned(), Touch::Gone),
        (member(ZONES[0]), Touch::Replaced),
        (member(ZONES[1]), Touch::Replaced),
    ];
    let touched = touched.into_iter().map(|(address, touch)| (address.into(), touch)).collect();
    let waves = [(member(ZONES[0]).into(), 1), (member(ZONES[1]).into(), 2)].into_iter().collect();
    (before, after, (touched, waves))
}
