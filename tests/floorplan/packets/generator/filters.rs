//! ACLs, security groups and prefix lists.

use serde_json::{Value as Json, json};

use super::Draft;

/// Adds them.
pub fn add(draft: &mut Draft) {
    if draft.seed.percent(60) {
        let with_entries = draft.seed.percent(30);
        let entries = ["10.0.0.0/24", "10.1.0.0/16", "10.2.0.0/16", "192.168.1.0/24", "203.0.113.0/24"]
            .map(|range| json!({"cidr": range}));
        let entries = if with_entries { Vec::new() } else { draft.seed.some(&entries) };
        draft.add(
            "aws_ec2_managed_prefix_list",
            "pl-0",
            json!({"address_family": "IPv4", "max_entries": 5, "entry": entries}),
        );
        // Another list with a range of the first: which of them a packet takes is AWS's choice.
        if draft.seed.percent(40) {
            draft.add("aws_ec2_managed_prefix_list", "pl-1", json!({
                "address_family": "IPv4", "max_entries": 5, "entry": [{"cidr": "203.0.113.0/24"}, {"cidr": "10.2.0.0/16"}],
            }));
        }
        if with_entries {
            draft.add(
                "aws_ec2_managed_prefix_list_entry",
                "pl-entry",
                json!({"prefix_list_id": "pl-0", "cidr": "10.0.0.0/23"}),
            );
        }
    }
    for vpc in draft.vpcs() {
        acls(draft, &vpc);
    }
    for vpc in draft.vpcs() {
        for index in 0..1 + draft.seed.below(3) {
            let id = format!("sg-{}{index}", vpc.trim_start_matches("vpc-"));
            draft.add("aws_security_group", &id, json!({"vpc_id": vpc}));
        }
        if draft.seed.percent(30) {
            let id = draft.get(&vpc, "default_security_group_id");
            draft.add("aws_default_security_group", &id, json!({"vpc_id": vpc}));
        }
    }
    for vpc in draft.vpcs() {
        for kind in ["aws_security_group", "aws_default_security_group"] {
            for group in draft.ids(kind, &vpc) {
                rules(draft, &vpc, &group);
            }
        }
    }
}

/// Ranges that matter to a VPC: its own, a subnet's, half of one, one address, others' and everybody's.
fn ranges(draft: &mut Draft, vpc: &str) -> Vec<String> {
    let mut ranges =
        vec!["0.0.0.0/0".to_owned(), "0.0.0.0/0".to_owned(), "10.0.0.0/8".to_owned(), "203.0.113.0/24".to_owned()];
    ranges.extend(["192.168.1.0/24", "198.51.100.0/24", "10.0.0.10/32", "128.0.0.0/1"].map(str::to_owned));
    ranges.push(draft.get(vpc, "cidr_block"));
    for subnet in draft.subnets(vpc) {
        let own = draft.get(&subnet, "cidr_block");
        let half = own.split_once('/').map(|(first, _)| format!("{first}/28"));
        ranges.push(own);
        ranges.extend(half);
    }
    ranges
}

fn v6_ranges(draft: &mut Draft, vpc: &str) -> Vec<String> {
    let mut ranges = vec!["::/0".to_owned(), "2001:db8:ffff::/48".to_owned()];
    let own = draft.get(vpc, "ipv6_cidr_block");
    ranges.extend((!own.is_empty()).then_some(own));
    ranges
}

/// A protocol with ports, in the spellings of a rule.
fn what(draft: &mut Draft) -> (&'static str, i64, i64) {
    draft.seed.one(&[
        ("tcp", 443, 443),
        ("tcp", 22, 22),
        ("tcp", 80, 443),
        ("tcp", 0, 65535),
        ("6", 1024, 65535),
        ("tcp", 32768, 60999),
        ("udp", 53, 53),
        ("udp", 0, 65535),
        ("icmp", -1, -1),
        ("icmp", 8, 0),
        ("icmpv6", -1, -1),
        ("-1", 0, 0),
        ("-1", 0, 0),
        ("47", 0, 0),
    ])
}

fn acls(draft: &mut Draft, vpc: &str) {
    let mut left = draft.subnets(vpc);
    if draft.seed.percent(15) {
        let id = draft.get(vpc, "default_network_acl_id");
        let (ingress, egress) = (entries(draft, vpc), entries(draft, vpc));
        draft.add(
            "aws_default_network_acl",
            &id,
            json!({
                "default_network_acl_id": id, "vpc_id": vpc, "ingress": ingress, "egress": egress,
            }),
        );
    } else if draft.seed.percent(10) {
        let id = draft.get(vpc, "default_network_acl_id");
        let (entry, egress) = (entry(draft, vpc, 50), draft.seed.percent(50));
        as_object(draft, &id, egress, &entry);
    }
    for _ in 0..draft.seed.below(3) {
        let id = draft.name("acl");
        let own: Vec<String> = left.iter().filter(|_| draft.seed.percent(50)).cloned().collect();
        left.retain(|subnet| !own.contains(subnet));
        let (by_object, loose) = (draft.seed.percent(30), draft.seed.percent(40));
        let (ingress, egress) = (entries(draft, vpc), entries(draft, vpc));
        let blocks = |entries: &[Json]| if loose { json!([]) } else { json!(entries) };
        draft.add(
            "aws_network_acl",
            &id,
            json!({
                "vpc_id": vpc, "subnet_ids": if by_object { json!([]) } else { json!(own) },
                "ingress": blocks(&ingress), "egress": blocks(&egress),
            }),
        );
        for (egress, entry) in
            ingress.iter().map(|entry| (false, entry)).chain(egress.iter().map(|entry| (true, entry)))
        {
            if loose {
                as_object(draft, &id, egress, entry);
            }
        }
        for subnet in own.iter().filter(|_| by_object) {
            let name = draft.name("aclassoc");
            draft.add("aws_network_acl_association", &name, json!({"network_acl_id": id, "subnet_id": subnet}));
        }
    }
}

/// An entry that is an object of its own.
fn as_object(draft: &mut Draft, acl: &str, egress: bool, entry: &Json) {
    let mut of = json!({"network_acl_id": acl, "egress": egress});
    for (from, to) in [("rule_no", "rule_number"), ("action", "rule_action")] {
        of[to] = entry[from].clone();
    }
    for name in ["protocol", "cidr_block", "ipv6_cidr_block", "from_port", "to_port", "icmp_type", "icmp_code"] {
        of[name] = entry[name].clone();
    }
    let name = draft.name("aclrule");
    draft.add("aws_network_acl_rule", &name, of);
}

/// Some entries, mostly with one at the end that allows everything, in any order.
fn entries(draft: &mut Draft, vpc: &str) -> Vec<Json> {
    let mut entries: Vec<Json> = (0..draft.seed.below(4))
        .map(|index| 100 + 10 * i64::try_from(index).unwrap_or(0))
        .map(|n| entry(draft, vpc, n))
        .collect();
    if draft.seed.percent(80) {
        entries.push(json!({"rule_no": 200, "action": "allow", "protocol": "-1", "cidr_block": "0.0.0.0/0", "from_port": 0, "to_port": 0}));
        entries.push(json!({"rule_no": 201, "action": "allow", "protocol": "-1", "ipv6_cidr_block": "::/0", "from_port": 0, "to_port": 0}));
    }
    if draft.seed.percent(50) {
        entries.reverse();
    }
    entries
}

fn entry(draft: &mut Draft, vpc: &str, number: i64) -> Json {
    let (protocol, from, to) = what(draft);
    let icmp = protocol.starts_with("icmp");
    let mut entry = json!({
        "rule_no": number,
        "action": draft.seed.one(&["allow", "allow", "deny"]),
        "protocol": protocol,
        "from_port": if icmp { 0 } else { from },
        "to_port": if icmp { 0 } else { to },
        "icmp_type": if icmp { json!(from) } else { Json::Null },
        "icmp_code": if icmp { json!(to) } else { Json::Null },
    });
    let v6 = draft.seed.percent(20);
    let ranges = if v6 { v6_ranges(draft, vpc) } else { ranges(draft, vpc) };
    entry[if v6 { "ipv6_cidr_block" } else { "cidr_block" }] = json!(draft.seed.one(&ranges));
    entry
}

/// Rules of a group, in each of the three ways that the provider has for them.
fn rules(draft: &mut Draft, vpc: &str, group: &str) {
    let way = draft.seed.below(3);
    for direction in ["ingress", "egress"] {
        let open = draft.seed.percent(if direction == "egress" { 90 } else { 60 });
        for index in 0..usize::from(open) + draft.seed.below(3) {
            let rule = if open && index == 0 { everything() } else { rule(draft, vpc) };
            match way {
                0 => inline(draft, group, direction, &rule),
                1 => older(draft, group, direction, &rule),
                _ => newer(draft, group, direction, &rule),
            }
        }
    }
}

/// A rule: protocol, first and last port, and one kind of other end.
struct Rule {
    what: (&'static str, i64, i64),
    v4: Option<String>,
    v6: Option<String>,
    list: Option<String>,
    group: Option<String>,
    own: bool,
}

fn everything() -> Rule {
    let (v4, v6) = (Some("0.0.0.0/0".to_owned()), Some("::/0".to_owned()));
    Rule { what: ("-1", 0, 0), v4, v6, list: None, group: None, own: false }
}

fn rule(draft: &mut Draft, vpc: &str) -> Rule {
    let mut rule = Rule { what: what(draft), v4: None, v6: None, list: None, group: None, own: false };
    match draft.seed.below(10) {
        0..=3 => {
            let ranges = ranges(draft, vpc);
            rule.v4 = Some(draft.seed.one(&ranges));
        }
        4 => {
            let ranges = v6_ranges(draft, vpc);
            rule.v6 = Some(draft.seed.one(&ranges));
        }
        5 if !draft.ids("aws_ec2_managed_prefix_list", "").is_empty() => rule.list = Some("pl-0".to_owned()),
        6 => rule.own = true,
        _ => {
            let groups = draft.ids("aws_security_group", "");
            rule.group = Some(draft.seed.one(&groups));
        }
    }
    rule
}

fn list(of: Option<&String>) -> Json {
    json!(of.into_iter().collect::<Vec<_>>())
}

fn inline(draft: &mut Draft, group: &str, direction: &str, rule: &Rule) {
    let (protocol, from, to) = rule.what;
    let block = json!({
        "protocol": protocol, "from_port": from, "to_port": to, "self": rule.own,
        "cidr_blocks": list(rule.v4.as_ref()), "ipv6_cidr_blocks": list(rule.v6.as_ref()),
        "prefix_list_ids": list(rule.list.as_ref()), "security_groups": list(rule.group.as_ref()),
    });
    for object in &mut draft.objects {
        if super::text(&object.attributes, "id") == group {
            match object.attributes[direction].as_array_mut() {
                Some(blocks) => blocks.push(block.clone()),
                None => object.attributes[direction] = json!([block]),
            }
        }
    }
}

fn older(draft: &mut Draft, group: &str, direction: &str, rule: &Rule) {
    let (protocol, from, to) = rule.what;
    let name = draft.name("sgrule");
    draft.add(
        "aws_security_group_rule",
        &name,
        json!({
            "security_group_id": group, "type": direction, "protocol": protocol, "from_port": from, "to_port": to,
            "cidr_blocks": rule.v4.as_ref().map(|_| list(rule.v4.as_ref())),
            "ipv6_cidr_blocks": rule.v6.as_ref().map(|_| list(rule.v6.as_ref())),
            "prefix_list_ids": rule.list.as_ref().map(|_| list(rule.list.as_ref())),
            "source_security_group_id": rule.group, "self": rule.own,
        }),
    );
}

/// A rule of this type has one other end: one that has two ranges is two rules.
fn newer(draft: &mut Draft, group: &str, direction: &str, rule: &Rule) {
    let (protocol, from, to) = rule.what;
    let all = protocol == "-1";
    let ports = [from, to].map(|port| if all { Json::Null } else { json!(port) });
    let group_of = if rule.own { Some(group.to_owned()) } else { rule.group.clone() };
    let ends = [
        ("cidr_ipv4", &rule.v4),
        ("cidr_ipv6", &rule.v6),
        ("prefix_list_id", &rule.list),
        ("referenced_security_group_id", &group_of),
    ];
    for (end, value) in ends {
        if let Some(value) = value {
            let name = draft.name("sgr");
            let mut of = json!({"security_group_id": group, "ip_protocol": protocol, "from_port": ports[0], "to_port": ports[1]});
            of[end] = json!(value);
            draft.add(&format!("aws_vpc_security_group_{direction}_rule"), &name, of);
        }
    }
}
