//! What sends and receives: instances, interfaces, balancers, databases, endpoints.

use serde_json::{Value as Json, json};

use super::Draft;
use super::links::elastic;

/// Adds them.
pub fn add(draft: &mut Draft) {
    for vpc in draft.vpcs() {
        for index in 0..1 + draft.seed.below(3) {
            instance(draft, &vpc, index);
        }
        if draft.seed.percent(30) {
            interface(draft, &vpc);
        }
        if draft.seed.percent(35) {
            balancer(draft, &vpc);
        }
        if draft.seed.percent(30) {
            database(draft, &vpc);
        }
        if draft.seed.percent(30) {
            endpoint(draft, &vpc);
        }
    }
}

/// The address so far into a subnet, and one of IPv6 where the subnet has them.
fn addresses(draft: &Draft, subnet: &str, offset: usize) -> (String, Vec<String>) {
    let v4 = draft.get(subnet, "cidr_block");
    let v6 = draft.get(subnet, "ipv6_cidr_block");
    let first =
        v4.split('/').next().unwrap_or("").rsplit_once('.').map_or(String::new(), |(start, _)| start.to_owned());
    let v6 = v6.split_once("::").map(|(start, _)| format!("{start}::{offset:x}"));
    (format!("{first}.{offset}"), v6.into_iter().collect())
}

fn groups(draft: &mut Draft, vpc: &str) -> Vec<String> {
    let groups = draft.ids("aws_security_group", vpc);
    if draft.seed.percent(12) { Vec::new() } else { draft.seed.some(&groups) }
}

fn one_subnet(draft: &mut Draft, vpc: &str) -> String {
    let subnets = draft.subnets(vpc);
    draft.seed.one(&subnets)
}

fn instance(draft: &mut Draft, vpc: &str, index: usize) {
    let subnet = one_subnet(draft, vpc);
    let id = format!("i-{}{index}", vpc.trim_start_matches("vpc-"));
    let (v4, v6) = addresses(draft, &subnet, 10 + index);
    let public = draft.seed.below(10);
    let groups = groups(draft, vpc);
    let given = if public < 3 { json!(format!("198.51.102.{}", draft.objects.len())) } else { json!("") };
    draft.add(
        "aws_instance",
        &id,
        json!({
            "subnet_id": subnet, "private_ip": v4, "ipv6_addresses": v6, "vpc_security_group_ids": groups,
            "public_ip": given, "primary_network_interface_id": format!("eni-{id}"), "source_dest_check": true,
        }),
    );
    match public {
        3 | 4 => _ = elastic(draft, json!({"instance": id})),
        5 => {
            let allocation = elastic(draft, json!({}));
            let name = draft.name("eipassoc");
            draft.add("aws_eip_association", &name, json!({"allocation_id": allocation, "instance_id": id}));
        }
        _ => {}
    }
}

fn interface(draft: &mut Draft, vpc: &str) {
    let subnet = one_subnet(draft, vpc);
    let id = draft.name("eni");
    let (v4, v6) = addresses(draft, &subnet, 17);
    let groups = groups(draft, vpc);
    let checks = draft.seed.percent(50);
    draft.add(
        "aws_network_interface",
        &id,
        json!({
            "subnet_id": subnet, "private_ip": v4, "private_ips": [v4], "ipv6_addresses": v6,
            "security_groups": groups, "source_dest_check": checks,
        }),
    );
    if draft.seed.percent(30) {
        let groups = draft.ids("aws_security_group", vpc);
        let group = draft.seed.one(&groups);
        let name = draft.name("sgattach");
        draft.add(
            "aws_network_interface_sg_attachment",
            &name,
            json!({"network_interface_id": id, "security_group_id": group}),
        );
    }
    match draft.seed.below(3) {
        0 => {
            let owner = draft.name("i");
            draft.add("aws_instance", &owner, json!({
                "subnet_id": subnet, "private_ip": v4, "public_ip": "", "primary_network_interface": [{"network_interface_id": id}],
            }));
        }
        1 => {
            let owner = format!("i-{}0", vpc.trim_start_matches("vpc-"));
            let name = draft.name("eniattach");
            draft.add(
                "aws_network_interface_attachment",
                &name,
                json!({
                    "network_interface_id": id, "instance_id": owner, "device_index": 1,
                }),
            );
        }
        _ => {}
    }
    if draft.seed.percent(30) {
        elastic(draft, json!({"network_interface": id, "associate_with_private_ip": v4}));
    }
}

fn balancer(draft: &mut Draft, vpc: &str) {
    let id = draft.name("lb");
    let network = draft.seed.percent(40);
    let subnets = draft.subnets(vpc);
    let subnets = draft.seed.some(&subnets);
    let groups = if network && draft.seed.percent(50) { Vec::new() } else { groups(draft, vpc) };
    let internal = draft.seed.percent(50);
    let mapped = network && draft.seed.percent(30);
    let mappings: Vec<Json> = subnets
        .iter()
        .filter(|_| mapped)
        .map(|subnet| json!({"subnet_id": subnet, "private_ipv4_address": addresses(draft, subnet, 20).0}))
        .collect();
    draft.add(
        "aws_lb",
        &id,
        json!({
            "arn": id, "internal": internal, "load_balancer_type": if network { "network" } else { "application" },
            "vpc_id": vpc, "subnets": subnets, "security_groups": groups, "subnet_mapping": mappings,
        }),
    );
    let group = draft.name("tg");
    draft.add("aws_lb_target_group", &group, json!({
        "arn": group, "port": 8080, "protocol": if network { "TCP" } else { "HTTP" }, "vpc_id": vpc, "target_type": "instance",
    }));
    let listener = draft.name("listener");
    let (protocol, port) = if network {
        draft.seed.one(&[("TCP", 443), ("UDP", 53), ("TCP_UDP", 53)])
    } else {
        draft.seed.one(&[("HTTPS", 443), ("HTTP", 80)])
    };
    draft.add(
        "aws_lb_listener",
        &listener,
        json!({
            "arn": listener, "load_balancer_arn": id, "port": port, "protocol": protocol,
            "default_action": [{"type": "forward", "target_group_arn": group}],
        }),
    );
    let name = draft.name("tgattach");
    draft.add("aws_lb_target_group_attachment", &name, json!({
        "target_group_arn": group, "target_id": format!("i-{}0", vpc.trim_start_matches("vpc-")), "port": Json::Null,
    }));
}

fn database(draft: &mut Draft, vpc: &str) {
    let subnets = draft.subnets(vpc);
    let subnets = draft.seed.some(&subnets);
    let zone = draft.get(&subnets[0], "availability_zone");
    let group = draft.name("dbsubnets");
    draft.add("aws_db_subnet_group", &group, json!({"name": group, "subnet_ids": subnets, "vpc_id": vpc}));
    let id = draft.name("db");
    let (public, known, groups) = (draft.seed.percent(30), draft.seed.percent(50), groups(draft, vpc));
    draft.add(
        "aws_db_instance",
        &id,
        json!({
            "identifier": id, "db_subnet_group_name": group, "port": 5432, "publicly_accessible": public,
            "availability_zone": if known { json!(zone) } else { Json::Null }, "vpc_security_group_ids": groups,
        }),
    );
}

fn endpoint(draft: &mut Draft, vpc: &str) {
    let id = draft.name("vpce");
    if draft.seed.percent(50) {
        let tables = [draft.get(vpc, "main_route_table_id")];
        draft.add("aws_vpc_endpoint", &id, json!({
            "vpc_id": vpc, "vpc_endpoint_type": "Gateway", "service_name": "com.amazonaws.eu-west-2.s3",
            "cidr_blocks": ["52.95.148.0/23", "3.5.244.0/22"], "prefix_list_id": "pl-service", "route_table_ids": tables,
        }));
        return;
    }
    let subnets = draft.subnets(vpc);
    let (subnets, groups) = (draft.seed.some(&subnets), groups(draft, vpc));
    let mut zones = Vec::new();
    let subnets: Vec<String> = subnets
        .into_iter()
        .filter(|subnet| {
            let zone = draft.get(subnet, "availability_zone");
            !zones.contains(&zone) && {
                zones.push(zone);
                true
            }
        })
        .collect();
    draft.add(
        "aws_vpc_endpoint",
        &id,
        json!({
            "vpc_id": vpc, "vpc_endpoint_type": "Interface", "service_name": "com.amazonaws.eu-west-2.ssm",
            "subnet_ids": subnets, "security_group_ids": groups,
        }),
    );
}
