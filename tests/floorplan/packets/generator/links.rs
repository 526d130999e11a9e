//! What connects networks: NAT gateways, peering, transit gateways, VPN, and Block Public Access.

use serde_json::{Value as Json, json};

use super::Draft;

/// Adds them.
pub fn add(draft: &mut Draft) {
    for vpc in draft.vpcs() {
        nat(draft, &vpc);
    }
    let vpcs = draft.vpcs();
    // Peering or a transit gateway, not both: which of them a reference to a group goes by is not documented.
    if vpcs.len() > 1 && draft.seed.percent(50) {
        peer(draft, &vpcs);
    } else if draft.seed.percent(80) {
        transit(draft, &vpcs);
    }
    if draft.seed.percent(50) {
        vpn(draft, &vpcs);
    }
    if draft.seed.percent(25) {
        block_public_access(draft);
    }
}

/// Adds an elastic address.
pub fn elastic(draft: &mut Draft, attributes: Json) -> String {
    let id = draft.name("eipalloc");
    let mut attributes = attributes;
    attributes["public_ip"] = json!(format!("198.51.100.{}", draft.objects.len()));
    draft.add("aws_eip", &id, attributes);
    id
}

fn nat(draft: &mut Draft, vpc: &str) {
    if !draft.seed.percent(60) {
        return;
    }
    let id = draft.name("nat");
    match draft.seed.below(10) {
        0 | 1 => draft.add("aws_nat_gateway", &id, json!({
            "availability_mode": "regional", "connectivity_type": "public", "vpc_id": vpc, "route_table_id": format!("rtb-{id}"),
            "regional_nat_gateway_address": [{"availability_zone": "eu-west-2a", "public_ip": format!("198.51.101.{}", draft.objects.len())}],
        })),
        kind => {
            let subnets = draft.subnets(vpc);
            let subnet = draft.seed.one(&subnets);
            let allocation = if kind == 2 { Json::Null } else { json!(elastic(draft, json!({}))) };
            let private = draft.get(&subnet, "cidr_block").replace(".0/", ".5/");
            draft.add("aws_nat_gateway", &id, json!({
                "availability_mode": "zonal",
                "connectivity_type": if kind == 2 { "private" } else { "public" },
                "allocation_id": allocation,
                "subnet_id": subnet,
                "private_ip": private.split('/').next(),
            }));
        }
    }
}

fn peer(draft: &mut Draft, vpcs: &[String]) {
    for (index, one) in vpcs.iter().enumerate() {
        for other in &vpcs[index + 1..] {
            if draft.seed.percent(75) {
                let id = draft.name("pcx");
                let region = draft.seed.one(&["eu-west-2", "eu-west-2", "eu-west-2", "eu-west-1"]);
                let status = draft.seed.one(&["active", "active", "active", "active", "active", "pending-acceptance"]);
                draft.add("aws_vpc_peering_connection", &id, json!({
                    "vpc_id": one, "peer_vpc_id": other, "accept_status": status, "region": "eu-west-2", "peer_region": region,
                }));
                if status != "active" && draft.seed.percent(50) {
                    let name = draft.name("accepter");
                    draft.add(
                        "aws_vpc_peering_connection_accepter",
                        &name,
                        json!({
                            "vpc_peering_connection_id": id, "accept_status": "active",
                        }),
                    );
                }
            }
        }
    }
}

fn transit(draft: &mut Draft, vpcs: &[String]) {
    let usual = draft.seed.percent(60);
    let word = |on: bool| if on { "enable" } else { "disable" };
    let refers = draft.seed.percent(50);
    draft.add(
        "aws_ec2_transit_gateway",
        "tgw-0",
        json!({
            "default_route_table_association": word(usual),
            "default_route_table_propagation": word(usual),
            "association_default_route_table_id": if usual { "tgw-rtb-0" } else { "" },
            "propagation_default_route_table_id": if usual { "tgw-rtb-0" } else { "" },
            "security_group_referencing_support": word(refers),
        }),
    );
    let mut attachments = Vec::new();
    for vpc in vpcs {
        if draft.seed.percent(85) {
            let id = format!("tgw-attach-{vpc}");
            let mut subnets = draft.subnets(vpc);
            subnets = draft.seed.some(&subnets);
            // One subnet in each zone.
            let mut zones = Vec::new();
            subnets.retain(|subnet| {
                let zone = draft.get(subnet, "availability_zone");
                !zones.contains(&zone) && {
                    zones.push(zone);
                    true
                }
            });
            let (appliance, v6, own) = (draft.seed.percent(25), draft.seed.percent(60), draft.seed.percent(90));
            let propagates = own || draft.seed.percent(50);
            draft.add(
                "aws_ec2_transit_gateway_vpc_attachment",
                &id,
                json!({
                    "transit_gateway_id": "tgw-0", "vpc_id": vpc, "subnet_ids": subnets,
                    "appliance_mode_support": word(appliance), "ipv6_support": word(v6),
                    "security_group_referencing_support": "enable",
                    "transit_gateway_default_route_table_association": own,
                    "transit_gateway_default_route_table_propagation": propagates,
                }),
            );
            attachments.push((id, own));
        }
    }
    tables(draft, vpcs, &attachments, usual);
}

fn tables(draft: &mut Draft, vpcs: &[String], attachments: &[(String, bool)], usual: bool) {
    let tables = ["tgw-rtb-1", "tgw-rtb-2"];
    for table in tables {
        draft.add("aws_ec2_transit_gateway_route_table", table, json!({"transit_gateway_id": "tgw-0"}));
    }
    for (attachment, own) in attachments {
        let of = |draft: &mut Draft, kind: &str, table: &str| {
            let name = draft.name("tgw-rtb-link");
            draft.add(
                kind,
                &name,
                json!({
                    "transit_gateway_attachment_id": attachment, "transit_gateway_route_table_id": table,
                }),
            );
        };
        if (!usual || !own) && draft.seed.percent(90) {
            let table = draft.seed.one(&tables);
            of(draft, "aws_ec2_transit_gateway_route_table_association", table);
        }
        for table in tables {
            if draft.seed.percent(75) {
                of(draft, "aws_ec2_transit_gateway_route_table_propagation", table);
            }
        }
    }
    for table in ["tgw-rtb-0", "tgw-rtb-1", "tgw-rtb-2"] {
        let mut used: Vec<String> = Vec::new();
        for _ in 0..draft.seed.below(2) {
            let index = draft.seed.below(vpcs.len());
            let ranges = [
                "0.0.0.0/0".to_owned(),
                format!("10.{index}.0.0/16"),
                format!("10.{index}.1.0/24"),
                "192.168.0.0/16".to_owned(),
            ];
            let range = draft.seed.one(&ranges);
            if attachments.is_empty() || used.contains(&range) {
                continue;
            }
            let hole = draft.seed.percent(25);
            let (to, _) = draft.seed.one(attachments);
            let name = draft.name("tgw-route");
            draft.add(
                "aws_ec2_transit_gateway_route",
                &name,
                json!({
                    "transit_gateway_route_table_id": table, "destination_cidr_block": range, "blackhole": hole,
                    "transit_gateway_attachment_id": if hole { Json::Null } else { json!(to) },
                }),
            );
            used.push(range);
        }
    }
}

fn vpn(draft: &mut Draft, vpcs: &[String]) {
    draft.add("aws_customer_gateway", "cgw-0", json!({"ip_address": "203.0.113.1", "bgp_asn": "65000"}));
    let by_transit = !draft.ids("aws_ec2_transit_gateway", "").is_empty() && draft.seed.percent(50);
    let of_static = draft.seed.percent(60);
    let selectors = draft.seed.percent(15);
    let mut connection = json!({
        "customer_gateway_id": "cgw-0", "static_routes_only": of_static, "tunnel_inside_ip_version": "ipv4",
        "local_ipv4_network_cidr": if selectors { "192.168.1.0/24" } else { "0.0.0.0/0" },
        "remote_ipv4_network_cidr": if selectors { "10.0.0.0/16" } else { "0.0.0.0/0" },
    });
    if by_transit {
        connection["transit_gateway_id"] = json!("tgw-0");
        connection["transit_gateway_attachment_id"] = json!("tgw-attach-vpn");
        draft.add("aws_vpn_connection", "vpn-0", connection);
        transit_vpn(draft, of_static);
        return;
    }
    let attached = if draft.seed.percent(90) { json!(draft.seed.one(vpcs)) } else { Json::Null };
    let by_object = draft.seed.percent(30) && !attached.is_null();
    draft.add("aws_vpn_gateway", "vgw-0", json!({"vpc_id": if by_object { Json::Null } else { attached.clone() }}));
    if by_object {
        draft.add("aws_vpn_gateway_attachment", "vgw-attach-0", json!({"vpc_id": attached, "vpn_gateway_id": "vgw-0"}));
    }
    connection["vpn_gateway_id"] = json!("vgw-0");
    draft.add("aws_vpn_connection", "vpn-0", connection);
    if of_static {
        for range in draft.seed.some(&["192.168.0.0/16", "192.168.1.0/24", "10.0.1.0/24"]) {
            let name = draft.name("vpn-route");
            draft.add(
                "aws_vpn_connection_route",
                &name,
                json!({"vpn_connection_id": "vpn-0", "destination_cidr_block": range}),
            );
        }
    }
}

/// A VPN connection to the transit gateway: its association, and the routes to it.
fn transit_vpn(draft: &mut Draft, of_static: bool) {
    if draft.get("tgw-0", "default_route_table_association") == "disable" {
        let link =
            json!({"transit_gateway_attachment_id": "tgw-attach-vpn", "transit_gateway_route_table_id": "tgw-rtb-1"});
        let name = draft.name("tgw-rtb-link");
        draft.add("aws_ec2_transit_gateway_route_table_association", &name, link);
    }
    for table in ["tgw-rtb-0", "tgw-rtb-1", "tgw-rtb-2"] {
        let taken = draft.objects.iter().any(|object| {
            super::text(&object.attributes, "transit_gateway_route_table_id") == table
                && super::text(&object.attributes, "destination_cidr_block") == "192.168.0.0/16"
        });
        if of_static && !taken {
            let name = draft.name("tgw-route");
            draft.add(
                "aws_ec2_transit_gateway_route",
                &name,
                json!({
                    "transit_gateway_route_table_id": table, "destination_cidr_block": "192.168.0.0/16",
                    "transit_gateway_attachment_id": "tgw-attach-vpn", "blackhole": false,
                }),
            );
        }
    }
}

fn block_public_access(draft: &mut Draft) {
    let mode = draft.seed.one(&["block-bidirectional", "block-ingress", "off"]);
    draft.add("aws_vpc_block_public_access_options", "bpa", json!({"internet_gateway_block_mode": mode}));
    if draft.seed.percent(70) {
        let vpcs = draft.vpcs();
        let vpc = draft.seed.one(&vpcs);
        let subnets = draft.subnets(&vpc);
        let whole = draft.seed.percent(50);
        let mode = draft.seed.one(&["allow-bidirectional", "allow-egress"]);
        let subnet = draft.seed.one(&subnets);
        draft.add(
            "aws_vpc_block_public_access_exclusion",
            "bpa-exclusion",
            json!({
                "internet_gateway_exclusion_mode": mode,
                "vpc_id": if whole { json!(vpc) } else { Json::Null },
                "subnet_id": if whole { Json::Null } else { json!(subnet) },
            }),
        );
    }
}
