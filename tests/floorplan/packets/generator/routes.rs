//! Route tables, their routes, and which subnets use them.

use serde_json::{Value as Json, json};

use super::Draft;

/// Adds them.
pub fn add(draft: &mut Draft) {
    for (index, vpc) in draft.vpcs().into_iter().enumerate() {
        let main = draft.get(&vpc, "main_route_table_id");
        if draft.seed.percent(30) {
            draft.add("aws_default_route_table", &main, json!({"default_route_table_id": main, "vpc_id": vpc}));
        }
        let mut tables = vec![main];
        for number in 0..draft.seed.below(3) {
            let id = format!("rtb-{index}{number}");
            draft.add("aws_route_table", &id, json!({"vpc_id": vpc}));
            tables.push(id);
        }
        for table in &tables {
            routes(draft, &vpc, table);
        }
        propagate(draft, &vpc, &tables);
        use_tables(draft, &vpc, &tables);
        draft_regional(draft, &vpc);
    }
}

fn use_tables(draft: &mut Draft, vpc: &str, tables: &[String]) {
    if tables.len() > 1 && draft.seed.percent(15) {
        let name = draft.name("main");
        draft.add("aws_main_route_table_association", &name, json!({"vpc_id": vpc, "route_table_id": tables[1]}));
    }
    for subnet in draft.subnets(vpc) {
        // A NAT gateway that works is in a subnet with a route to the internet gateway.
        let nats = draft.ids("aws_nat_gateway", "");
        let holds_nat = nats.iter().any(|nat| draft.get(nat, "subnet_id") == subnet);
        let gateway = draft.ids("aws_internet_gateway", vpc).first().cloned();
        if let (true, Some(gateway)) = (holds_nat && draft.seed.percent(60), gateway) {
            let id = draft.name("rtb");
            draft.add(
                "aws_route_table",
                &id,
                json!({"vpc_id": vpc, "route": [{"cidr_block": "0.0.0.0/0", "gateway_id": gateway}]}),
            );
            let name = draft.name("rtbassoc");
            draft.add("aws_route_table_association", &name, json!({"subnet_id": subnet, "route_table_id": id}));
        } else if draft.seed.percent(70) {
            let (name, table) = (draft.name("rtbassoc"), draft.seed.one(tables));
            draft.add("aws_route_table_association", &name, json!({"subnet_id": subnet, "route_table_id": table}));
        }
    }
    let mut gateways = draft.ids("aws_internet_gateway", vpc);
    gateways.extend(draft.ids("aws_vpn_gateway", vpc));
    if !gateways.is_empty() && draft.seed.percent(8) {
        let id = draft.name("rtb-edge");
        draft.add("aws_route_table", &id, json!({"vpc_id": vpc}));
        let (name, gateway) = (draft.name("rtbassoc"), draft.seed.one(&gateways));
        draft.add("aws_route_table_association", &name, json!({"gateway_id": gateway, "route_table_id": id}));
        let interfaces = draft.ids("aws_network_interface", "");
        let subnets = draft.subnets(vpc);
        let within: Vec<String> =
            interfaces.into_iter().filter(|i| subnets.contains(&draft.get(i, "subnet_id"))).collect();
        if !within.is_empty() && draft.seed.percent(50) {
            let (subnet, to) = (draft.seed.one(&subnets), draft.seed.one(&within));
            let name = draft.name("r");
            draft.add("aws_route", &name, json!({
                "route_table_id": id, "destination_cidr_block": draft.get(&subnet, "cidr_block"), "network_interface_id": to,
            }));
        }
    }
}

fn propagate(draft: &mut Draft, vpc: &str, tables: &[String]) {
    let mut gateways = draft.ids("aws_vpn_gateway", vpc);
    if draft.get("vgw-attach-0", "vpc_id") == vpc {
        gateways.push("vgw-0".to_owned());
    }
    for gateway in gateways {
        for table in tables {
            if !draft.seed.percent(60) {
                continue;
            }
            let managed = draft.objects.iter_mut().find(|object| super::text(&object.attributes, "id") == table);
            match managed {
                Some(object) if draft.seed.percent(50) => object.attributes["propagating_vgws"] = json!([gateway]),
                _ => {
                    let name = draft.name("propagation");
                    draft.add(
                        "aws_vpn_gateway_route_propagation",
                        &name,
                        json!({"vpn_gateway_id": gateway, "route_table_id": table}),
                    );
                }
            }
        }
    }
}

/// The table that AWS makes for a regional NAT gateway, with its route to the internet gateway.
fn draft_regional(draft: &mut Draft, vpc: &str) {
    for nat in draft.ids("aws_nat_gateway", vpc) {
        let gateways = draft.ids("aws_internet_gateway", vpc);
        let table = draft.get(&nat, "route_table_id");
        if let (false, true, Some(gateway)) = (table.is_empty(), draft.seed.percent(50), gateways.first()) {
            let name = draft.name("r");
            draft.add(
                "aws_route",
                &name,
                json!({
                    "route_table_id": table, "destination_cidr_block": "0.0.0.0/0", "gateway_id": gateway,
                }),
            );
        }
    }
}

/// Routes with different prefixes to different targets: as blocks of the table where it is an object, or as objects.
fn routes(draft: &mut Draft, vpc: &str, table: &str) {
    let candidates = candidates(draft, vpc);
    let inline = draft.seed.percent(50) && !draft.get(table, "id").is_empty();
    let mut used: Vec<String> = Vec::new();
    let mut blocks = Vec::new();
    // Mostly the ways to other networks are there, or nothing would ever come back.
    let links = ["transit_gateway_id", "vpc_peering_connection_id"];
    let far = candidates.iter().filter(|(_, (name, _))| links.contains(name)).cloned().collect::<Vec<_>>();
    for index in 0..2 + draft.seed.below(4) {
        let from = if index < 2 && !far.is_empty() && draft.seed.percent(65) { &far } else { &candidates };
        if from.is_empty() {
            return;
        }
        let (range, (name, target)) = draft.seed.one(from);
        if used.contains(&range) {
            continue;
        }
        let (plain, kind) = match () {
            () if range.starts_with("pl-") => ("destination_prefix_list_id", "destination_prefix_list_id"),
            () if range.contains(':') => ("ipv6_cidr_block", "destination_ipv6_cidr_block"),
            () => ("cidr_block", "destination_cidr_block"),
        };
        if inline {
            let mut block = json!({});
            block[plain] = json!(range);
            block[name] = json!(target);
            blocks.push(block);
        } else {
            let mut of = json!({"route_table_id": table});
            of[kind] = json!(range);
            of[name] = json!(target);
            let name = draft.name("r");
            draft.add("aws_route", &name, of);
        }
        used.push(range);
    }
    if inline {
        for object in draft.objects.iter_mut().filter(|object| super::text(&object.attributes, "id") == table) {
            object.attributes["route"] = Json::Array(blocks.clone());
        }
    }
}

type Candidate = (String, (&'static str, String));

/// Routes that AWS would take in a table of this VPC. The usual ones are there more than once.
fn candidates(draft: &mut Draft, vpc: &str) -> Vec<Candidate> {
    let mut found: Vec<Candidate> = Vec::new();
    let mut add = |times: usize, range: &str, name: &'static str, target: &str| {
        for _ in 0..times {
            found.push((range.to_owned(), (name, target.to_owned())));
        }
    };
    let index = vpc.trim_start_matches("vpc-");
    let with_v6 = !draft.get(vpc, "ipv6_cidr_block").is_empty();
    // AWS refuses a route to such a target that is within the VPC's own range.
    let within = |list: &str| {
        let all = draft.objects.iter().filter(|object| {
            [super::text(&object.attributes, "id"), super::text(&object.attributes, "prefix_list_id")].contains(&list)
        });
        all.map(|object| object.attributes.to_string()).any(|text| text.contains(&format!("\"10.{index}.")))
    };
    let lists: Vec<String> =
        draft.ids("aws_ec2_managed_prefix_list", "").into_iter().filter(|list| !within(list)).collect();
    // One that was attached when the route was made, and is no longer, leaves a blackhole.
    let gateway = format!("igw-{index}");
    if !draft.get(&gateway, "id").is_empty() {
        add(6, "0.0.0.0/0", "gateway_id", &gateway);
        add(1, "203.0.113.0/24", "gateway_id", &gateway);
        for list in &lists {
            add(2, list, "gateway_id", &gateway);
        }
        add(if with_v6 { 4 } else { 0 }, "::/0", "gateway_id", &gateway);
    }
    for gateway in draft.ids("aws_egress_only_internet_gateway", vpc) {
        add(6, "::/0", "egress_only_gateway_id", &gateway);
    }
    let subnets = draft.subnets(vpc);
    for nat in draft.ids("aws_nat_gateway", "") {
        if subnets.contains(&draft.get(&nat, "subnet_id")) || draft.get(&nat, "vpc_id") == vpc {
            add(5, "0.0.0.0/0", "nat_gateway_id", &nat);
            add(1, "203.0.113.0/24", "nat_gateway_id", &nat);
            add(1, "10.0.0.0/8", "nat_gateway_id", &nat);
            for list in &lists {
                add(2, list, "nat_gateway_id", &nat);
            }
        }
    }
    for peering in draft.ids("aws_vpc_peering_connection", "") {
        let ends = [draft.get(&peering, "vpc_id"), draft.get(&peering, "peer_vpc_id")];
        if ends.iter().any(|end| end == vpc) {
            let peer = ends.iter().find(|end| *end != vpc).cloned().unwrap_or_default();
            let name = "vpc_peering_connection_id";
            add(6, &draft.get(&peer, "cidr_block"), name, &peering);
            add(1, &draft.get(&peer, "cidr_block").replace("/16", "/24"), name, &peering);
            add(1, "10.0.0.0/8", name, &peering);
            add(1, "0.0.0.0/0", name, &peering);
            for list in &lists {
                add(2, list, name, &peering);
            }
            let v6 = draft.get(&peer, "ipv6_cidr_block");
            if with_v6 && !v6.is_empty() {
                add(2, &v6, name, &peering);
            }
        }
    }
    if !draft.get(&format!("tgw-attach-{vpc}"), "id").is_empty() {
        let name = "transit_gateway_id";
        add(4, "10.0.0.0/8", name, "tgw-0");
        add(2, "0.0.0.0/0", name, "tgw-0");
        add(2, "192.168.0.0/16", name, "tgw-0");
        add(if with_v6 { 2 } else { 0 }, "2001:db8::/32", name, "tgw-0");
        for list in &lists {
            add(1, list, name, "tgw-0");
        }
    }
    if draft.get("vgw-0", "vpc_id") == vpc || draft.get("vgw-attach-0", "vpc_id") == vpc {
        add(4, "192.168.0.0/16", "gateway_id", "vgw-0");
        add(1, "192.168.1.0/24", "gateway_id", "vgw-0");
        add(1, "0.0.0.0/0", "gateway_id", "vgw-0");
    }
    for interface in draft.ids("aws_network_interface", "") {
        if subnets.contains(&draft.get(&interface, "subnet_id")) {
            add(1, "172.16.0.0/12", "network_interface_id", &interface);
            add(1, "203.0.113.0/24", "network_interface_id", &interface);
        }
    }
    found
}
