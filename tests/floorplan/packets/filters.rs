//! What lets packets through or not: network ACLs of subnets, security groups of interfaces.

use std::net::IpAddr;

use serde_json::Value as Json;

use super::facts::{all, blocks, holds, is, number, prefix_list, protocol, text, texts};
use super::places::{Interface, vpc, vpc_of};
use super::transit;
use super::{Object, Packet, Protocol, World};

/// Whether a packet enters or leaves what filters it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// In.
    In,
    /// Out.
    Out,
}

/// One entry of an ACL.
#[derive(Debug, Clone, PartialEq)]
struct Entry {
    number: i64,
    allow: bool,
    protocol: String,
    ranges: Vec<String>,
    ports: (i64, i64),
    icmp: (i64, i64),
}

/// Whether a subnet's ACL lets a packet in or out.
///
/// AWS: rules are evaluated starting with the lowest numbered rule. As soon as a rule matches traffic, it's applied
/// regardless of any higher-numbered rule that may contradict it. Each ACL has a rule whose number is an asterisk,
/// which denies what no other rule matches. ACLs are stateless: answers are subject to the rules as well.
pub fn acl_lets(world: World<'_>, subnet: &str, way: Way, packet: Packet) -> bool {
    let mut entries = entries(world, subnet, way);
    entries.sort_by_key(|entry| entry.number);
    let far = if way == Way::In { packet.source } else { packet.destination };
    let first = entries.into_iter().find(|entry| entry_matches(entry, far, packet));
    first.is_some_and(|entry| entry.allow)
}

/// Whether an entry is for a packet.
///
/// AWS: a rule has a protocol (any, or one by number), for inbound rules a source and for outbound rules a destination
/// range, and for TCP and UDP a range of destination ports, for ICMP a type and a code, where -1 is all.
fn entry_matches(entry: &Entry, far: IpAddr, packet: Packet) -> bool {
    let wanted = protocol(&entry.protocol);
    if !entry.ranges.iter().any(|range| holds(range, far)) {
        return false;
    }
    if wanted == Some(-1) {
        return true;
    }
    if wanted != Some(packet.number()) {
        return false;
    }
    match packet.protocol {
        Protocol::Tcp | Protocol::Udp => {
            let port = i64::from(packet.port);
            entry.ports.0 <= port && port <= entry.ports.1
        }
        Protocol::Ping => {
            let (kind, code) = entry.icmp;
            (kind == -1 || kind == packet.icmp_type()) && (code == -1 || code == 0)
        }
        Protocol::Other(_) => true,
    }
}

/// The ACL of a subnet: its id, and the object if there is one.
///
/// AWS: each subnet is associated with exactly one network ACL; without an association of its own with the default one.
fn acl_of<'a>(world: World<'a>, subnet: &str) -> (String, Option<&'a Object>) {
    let kinds = ["aws_network_acl", "aws_default_network_acl"];
    for association in all(world.objects, &["aws_network_acl_association"]) {
        if text(&association.attributes, "subnet_id") == subnet {
            let id = text(&association.attributes, "network_acl_id");
            return (id.to_owned(), super::facts::by_id(world.objects, &kinds, id));
        }
    }
    for acl in all(world.objects, &kinds) {
        if texts(&acl.attributes, "subnet_ids").contains(&subnet) {
            return (text(&acl.attributes, "id").to_owned(), Some(acl));
        }
    }
    let own = vpc(world, &vpc_of(world, subnet));
    let id = own.map_or(String::new(), |vpc| text(&vpc.attributes, "default_network_acl_id").to_owned());
    let managed = all(world.objects, &["aws_default_network_acl"]).into_iter().find(|acl| {
        [text(&acl.attributes, "id"), text(&acl.attributes, "default_network_acl_id")].contains(&id.as_str())
    });
    (id, managed)
}

/// The entries of a subnet's ACL for one direction.
fn entries(world: World<'_>, subnet: &str, way: Way) -> Vec<Entry> {
    let (id, acl) = acl_of(world, subnet);
    let mut entries = Vec::new();
    match acl {
        Some(acl) => {
            let name = if way == Way::In { "ingress" } else { "egress" };
            entries.extend(blocks(&acl.attributes, name).into_iter().map(|block| entry(block, "rule_no", "action")));
        }
        // AWS: the default ACL allows all IPv4 traffic and, if the VPC has an IPv6 range, all IPv6 traffic. A
        // `aws_default_network_acl` takes all of its rules over: it has those that it names and no others.
        None => entries.extend(["0.0.0.0/0", "::/0"].into_iter().zip(100..).map(|(range, number)| Entry {
            number,
            allow: true,
            protocol: "-1".to_owned(),
            ranges: vec![range.to_owned()],
            ports: (0, 0),
            icmp: (0, 0),
        })),
    }
    for rule in all(world.objects, &["aws_network_acl_rule"]) {
        let outgoing = is(&rule.attributes, "egress");
        if text(&rule.attributes, "network_acl_id") == id && outgoing == (way == Way::Out) {
            entries.push(entry(&rule.attributes, "rule_number", "rule_action"));
        }
    }
    entries
}

fn entry(of: &Json, number_name: &str, action: &str) -> Entry {
    let ranges = ["cidr_block", "ipv6_cidr_block"].map(|name| text(of, name).to_owned());
    // The provider sends 0 for a type or code that is not given, which is an echo reply.
    let whole = |name: &str| number(of, name).unwrap_or(0);
    Entry {
        number: whole(number_name),
        allow: text(of, action).eq_ignore_ascii_case("allow"),
        protocol: text(of, "protocol").to_owned(),
        ranges: ranges.into_iter().filter(|range| !range.is_empty()).collect(),
        ports: (whole("from_port"), whole("to_port")),
        icmp: (whole("icmp_type"), whole("icmp_code")),
    }
}

/// All ports that entries of ACLs begin or end with.
pub fn ports_of_entries(world: World<'_>) -> Vec<i64> {
    let mut ports = Vec::new();
    for object in all(world.objects, &["aws_network_acl", "aws_default_network_acl", "aws_network_acl_rule"]) {
        let inline = ["ingress", "egress"].into_iter().flat_map(|name| blocks(&object.attributes, name));
        for of in inline.chain(std::iter::once(&object.attributes)) {
            ports.extend(["from_port", "to_port"].iter().filter_map(|name| number(of, name)));
        }
    }
    ports
}

/// One rule of a security group.
#[derive(Debug, Clone, Default, PartialEq)]
struct Rule {
    protocol: String,
    ports: (i64, i64),
    ranges: Vec<String>,
    lists: Vec<String>,
    groups: Vec<String>,
}

/// Whether an interface's groups let a packet that opens a connection in or out.
///
/// AWS: rules of all the groups of an interface are evaluated together, and only allow. Groups are stateful: the answer
/// to what was let through is let through regardless of rules, which is why nobody asks here about answers.
pub fn groups_let(world: World<'_>, interface: &Interface, way: Way, packet: Packet) -> bool {
    let Some(groups) = &interface.groups else { return true };
    let far = if way == Way::In { packet.source } else { packet.destination };
    let own = vpc_of(world, &interface.subnet);
    groups.iter().any(|group| {
        let rules = rules(world, group, way);
        rules.iter().any(|rule| rule_for(rule, packet) && rule_from(world, rule, &own, way, far))
    })
}

/// Whether a rule is for a packet's protocol and port.
///
/// AWS: -1 is every protocol, with all ports. TCP and UDP have a range of destination ports; ICMP has its type where
/// others have their first port and its code where they have their last one, -1 for all; other protocols have none.
fn rule_for(rule: &Rule, packet: Packet) -> bool {
    match protocol(&rule.protocol) {
        Some(-1) => true,
        Some(wanted) if wanted != packet.number() => false,
        None => false,
        Some(_) => match packet.protocol {
            Protocol::Tcp | Protocol::Udp => (rule.ports.0..=rule.ports.1).contains(&i64::from(packet.port)),
            Protocol::Ping => {
                let (kind, code) = rule.ports;
                kind == -1 || (kind == packet.icmp_type() && (code == -1 || code == 0))
            }
            Protocol::Other(_) => true,
        },
    }
}

/// Whether a rule is for the other end: by range, prefix list or group.
fn rule_from(world: World<'_>, rule: &Rule, own: &str, way: Way, far: IpAddr) -> bool {
    let in_list = |list: &String| prefix_list(world.objects, list).iter().any(|range| holds(range, far));
    rule.ranges.iter().any(|range| holds(range, far))
        || rule.lists.iter().any(in_list)
        || rule.groups.iter().any(|group| group_has(world, group, own, way, far))
}

/// Whether an address belongs to a group that a rule refers to.
///
/// AWS: a rule that refers to a group allows traffic by the private addresses of the interfaces that are associated with
/// that group, not by their public ones. The group is of the same VPC, of a VPC that is peered with it in the same
/// Region, or, for inbound rules, of a VPC behind a transit gateway that supports it.
fn group_has(world: World<'_>, group: &str, own: &str, way: Way, far: IpAddr) -> bool {
    world.interfaces.iter().filter(|interface| interface.private.contains(&far)).any(|interface| {
        let theirs = vpc_of(world, &interface.subnet);
        let member = interface.groups.as_ref().is_some_and(|groups| groups.iter().any(|each| each == group));
        let referable = theirs == own
            || peered_in_region(world, own, &theirs)
            || (way == Way::In && transit::refers(world, own, &theirs));
        member && referable
    })
}

fn peered_in_region(world: World<'_>, one: &str, other: &str) -> bool {
    all(world.objects, &["aws_vpc_peering_connection"]).iter().any(|peering| {
        let (a, ends) = (&peering.attributes, ["vpc_id", "peer_vpc_id"].map(|n| text(&peering.attributes, n)));
        let elsewhere = text(a, "peer_region");
        (ends == [one, other] || ends == [other, one])
            && super::ways::peering_is_active(world, peering)
            && (elsewhere.is_empty() || elsewhere == region(a))
    })
}

/// The Region of an object. Where it says none, it is in the Region of everything else.
fn region(attributes: &Json) -> &str {
    match text(attributes, "region") {
        "" => text(attributes, "peer_region"),
        region => region,
    }
}

/// The rules of a group for one direction: its blocks, and the objects that are rules.
fn rules(world: World<'_>, group: &str, way: Way) -> Vec<Rule> {
    let mut rules = Vec::new();
    let mut managed = false;
    for object in all(world.objects, &["aws_security_group", "aws_default_security_group"]) {
        if text(&object.attributes, "id") == group {
            managed = true;
            let name = if way == Way::In { "ingress" } else { "egress" };
            rules.extend(blocks(&object.attributes, name).into_iter().map(|block| rule_block(block, group)));
        }
    }
    for object in all(world.objects, &["aws_security_group_rule"]) {
        let a = &object.attributes;
        if text(a, "security_group_id") == group && (text(a, "type") == "ingress") == (way == Way::In) {
            let mut rule = rule_block(a, group);
            let source = text(a, "source_security_group_id");
            rule.groups.extend((!source.is_empty()).then(|| source.to_owned()));
            rules.push(rule);
        }
    }
    let kind = match way {
        Way::In => "aws_vpc_security_group_ingress_rule",
        Way::Out => "aws_vpc_security_group_egress_rule",
    };
    for object in all(world.objects, &[kind]) {
        if text(&object.attributes, "security_group_id") == group {
            rules.push(rule_object(&object.attributes));
        }
    }
    // AWS: a VPC's default group allows everything from itself, and everything out. Every group that the provider makes
    // or takes over has the rules that the layout gives it and no others.
    if !managed && is_default(world, group) {
        let everything = Rule { protocol: "-1".to_owned(), ports: (-1, -1), ..Rule::default() };
        rules.push(match way {
            Way::In => Rule { groups: vec![group.to_owned()], ..everything },
            Way::Out => Rule { ranges: vec!["0.0.0.0/0".to_owned(), "::/0".to_owned()], ..everything },
        });
    }
    rules
}

fn is_default(world: World<'_>, group: &str) -> bool {
    let vpcs = all(world.objects, &["aws_vpc", "aws_default_vpc"]);
    vpcs.iter().any(|vpc| !group.is_empty() && text(&vpc.attributes, "default_security_group_id") == group)
}

fn rule_block(of: &Json, group: &str) -> Rule {
    let owned = |name: &str| texts(of, name).into_iter().map(str::to_owned).collect::<Vec<_>>();
    let mut rule = Rule {
        protocol: text(of, "protocol").to_owned(),
        ports: (number(of, "from_port").unwrap_or(0), number(of, "to_port").unwrap_or(0)),
        ranges: [owned("cidr_blocks"), owned("ipv6_cidr_blocks")].concat(),
        lists: owned("prefix_list_ids"),
        groups: owned("security_groups"),
    };
    if is(of, "self") {
        rule.groups.push(group.to_owned());
    }
    rule
}

fn rule_object(of: &Json) -> Rule {
    let some = |names: &[&str]| -> Vec<String> {
        names.iter().map(|name| text(of, name).to_owned()).filter(|text| !text.is_empty()).collect()
    };
    // A group of another account is named with the account before it.
    let groups = some(&["referenced_security_group_id"]);
    let groups = groups.iter().filter_map(|id| id.rsplit('/').next()).map(str::to_owned).collect();
    Rule {
        protocol: text(of, "ip_protocol").to_owned(),
        ports: (number(of, "from_port").unwrap_or(-1), number(of, "to_port").unwrap_or(-1)),
        ranges: some(&["cidr_ipv4", "cidr_ipv6"]),
        lists: some(&["prefix_list_id"]),
        groups,
    }
}
