//! ACLs, security groups and route priority, from the VPC user guide.

use serde_json::json;

use super::super::Answer::{May, No, Yes};
use super::super::Objects;
use super::{ALL, Entry, Example, acl, case, group, instance, object, subnet, table, vpc};

const ANY: &str = "0.0.0.0/0";
const OPEN: &[Entry<'_>] = &[(100, "allow", "-1", 0, 0, ANY)];

/// The examples.
pub fn examples() -> Vec<Example> {
    vec![
        custom_acl(),
        order_of_entries(),
        two_tiers(),
        within_a_subnet(),
        default_acl(),
        stateful_groups(),
        groups_by_reference(),
        prefix_lists_in_groups(),
        default_group(),
        echo(),
        longest_prefix(),
        prefix_list_routes(),
        propagated_routes(),
        main_table(),
    ]
}

/// A VPC with an internet gateway and one public subnet with an open instance.
fn public_subnet() -> Objects {
    let mut all = vec![
        vpc("vpc", "10.0.0.0/16"),
        object("aws_internet_gateway", "igw", json!({"vpc_id": "vpc"})),
        subnet("public", "vpc", "10.0.0.0/24"),
        group("sg-open", "vpc", &[ALL], &[ALL]),
        instance("web", "public", "10.0.0.10", "198.51.100.10", &["sg-open"]),
    ];
    all.extend(table("rtb-public", "vpc", &["public"], &[(ANY, "gateway_id", "igw")]));
    all
}

/// "Example network ACL": the entries of a custom ACL for a subnet with web servers, answers on ephemeral ports.
fn custom_acl() -> Example {
    let mut objects = public_subnet();
    let ingress: &[Entry<'_>] = &[
        (100, "allow", "6", 80, 80, ANY),
        (110, "allow", "6", 443, 443, ANY),
        (120, "allow", "6", 22, 22, "192.0.2.0/24"),
        (130, "allow", "6", 3389, 3389, "192.0.2.0/24"),
        (140, "allow", "6", 32768, 65535, ANY),
    ];
    let egress: &[Entry<'_>] =
        &[(100, "allow", "6", 80, 80, ANY), (110, "allow", "6", 443, 443, ANY), (120, "allow", "6", 1024, 65535, ANY)];
    objects.push(acl("acl-web", "vpc", &["public"], ingress, egress));
    Example {
        name: "a custom ACL",
        objects,
        cases: vec![
            case("internet:203.0.113.9", "aws_instance.web", "tcp/80", Yes),
            case("internet:203.0.113.9", "aws_instance.web", "tcp/443", Yes),
            case("internet:203.0.113.9", "aws_instance.web", "tcp/22", No),
            case("internet:192.0.2.7", "aws_instance.web", "tcp/22", Yes),
            case("internet:192.0.2.7", "aws_instance.web", "tcp/3389", Yes),
            case("internet:192.0.2.7", "aws_instance.web", "udp/443", No),
            case("internet:192.0.2.7", "aws_instance.web", "ping", No),
            // Answers come in on ports from 32768 on: a client that sends from a lower one gets none.
            case("aws_instance.web", "internet:203.0.113.9", "tcp/443", May),
            case("aws_instance.web", "internet:203.0.113.9", "tcp/25", No),
        ],
    }
}

/// "Rules are evaluated starting with the lowest numbered rule. As soon as a rule matches traffic, it's applied."
fn order_of_entries() -> Example {
    let mut objects = public_subnet();
    let ingress: &[Entry<'_>] = &[
        (300, "deny", "6", 80, 80, "203.0.113.0/24"),
        (200, "allow", "6", 80, 443, ANY),
        (150, "deny", "6", 443, 443, "203.0.113.128/25"),
        (100, "allow", "6", 443, 443, "203.0.113.200/32"),
    ];
    objects.push(acl("acl-order", "vpc", &["public"], ingress, OPEN));
    Example {
        name: "the order of entries",
        objects,
        cases: vec![
            case("internet:203.0.113.9", "aws_instance.web", "tcp/80", Yes),
            case("internet:203.0.113.9", "aws_instance.web", "tcp/443", Yes),
            case("internet:203.0.113.130", "aws_instance.web", "tcp/443", No),
            case("internet:203.0.113.200", "aws_instance.web", "tcp/443", Yes),
            case("internet:203.0.113.200", "aws_instance.web", "tcp/444", No),
        ],
    }
}

/// "VPC with public and private subnets": the ACLs of web servers and database servers behind a NAT gateway.
fn two_tiers() -> Example {
    let mut objects = public_subnet();
    objects.extend([
        subnet("private", "vpc", "10.0.1.0/24"),
        instance("database", "private", "10.0.1.10", "", &["sg-open"]),
        object("aws_eip", "eip", json!({"public_ip": "198.51.100.5"})),
        object(
            "aws_nat_gateway",
            "nat",
            json!({
                "subnet_id": "public", "private_ip": "10.0.0.5", "allocation_id": "eip", "connectivity_type": "public",
            }),
        ),
    ]);
    objects.extend(table("rtb-private", "vpc", &["private"], &[(ANY, "nat_gateway_id", "nat")]));
    let web_in: &[Entry<'_>] =
        &[(100, "allow", "6", 80, 80, ANY), (110, "allow", "6", 443, 443, ANY), (140, "allow", "6", 1024, 65535, ANY)];
    let web_out: &[Entry<'_>] = &[
        (100, "allow", "6", 80, 80, ANY),
        (110, "allow", "6", 443, 443, ANY),
        (120, "allow", "6", 1433, 1433, "10.0.1.0/24"),
        (140, "allow", "6", 1024, 65535, ANY),
        (150, "allow", "6", 22, 22, "10.0.1.0/24"),
    ];
    let database_in: &[Entry<'_>] = &[
        (100, "allow", "6", 1433, 1433, "10.0.0.0/24"),
        (120, "allow", "6", 22, 22, "10.0.0.0/24"),
        (140, "allow", "6", 1024, 65535, ANY),
    ];
    let database_out: &[Entry<'_>] = &[
        (100, "allow", "6", 80, 80, ANY),
        (110, "allow", "6", 443, 443, ANY),
        (120, "allow", "6", 1024, 65535, "10.0.0.0/24"),
    ];
    objects.push(acl("acl-web", "vpc", &["public"], web_in, web_out));
    objects.push(acl("acl-database", "vpc", &["private"], database_in, database_out));
    Example {
        name: "public and private subnets with ACLs",
        objects,
        cases: vec![
            case("aws_instance.web", "aws_instance.database", "tcp/1433", Yes),
            case("aws_instance.web", "aws_instance.database", "tcp/22", Yes),
            case("aws_instance.web", "aws_instance.database", "tcp/80", No),
            case("aws_instance.database", "internet:203.0.113.9", "tcp/443", Yes),
            case("aws_instance.database", "internet:203.0.113.9", "tcp/25", No),
            // Out of the private subnet, not into the public one.
            case("aws_instance.database", "aws_instance.web", "tcp/22", No),
            case("internet:203.0.113.9", "aws_instance.database", "tcp/1433", No),
            case("internet:203.0.113.9", "198.51.100.5", "tcp/443", No),
            case("internet:203.0.113.9", "aws_instance.web", "tcp/80", Yes),
        ],
    }
}

/// "Network ACLs control traffic at the subnet level": between instances of one subnet they do not apply.
fn within_a_subnet() -> Example {
    let mut objects = public_subnet();
    objects.extend([
        instance("other", "public", "10.0.0.11", "", &["sg-open"]),
        subnet("next", "vpc", "10.0.1.0/24"),
        instance("away", "next", "10.0.1.10", "", &["sg-open"]),
        acl("acl-closed", "vpc", &["public"], &[], &[]),
    ]);
    Example {
        name: "an ACL that denies everything",
        objects,
        cases: vec![
            case("aws_instance.web", "aws_instance.other", "tcp/22", Yes),
            case("aws_instance.web", "aws_instance.away", "tcp/22", No),
            case("aws_instance.away", "aws_instance.web", "tcp/22", No),
            case("internet:203.0.113.9", "aws_instance.web", "tcp/22", No),
        ],
    }
}

/// "Your VPC comes with a default network ACL. By default, it allows all traffic." One that the provider took over has
/// the entries that the layout gives it.
fn default_acl() -> Example {
    let mut objects = public_subnet();
    objects.extend([
        vpc("closed", "10.1.0.0/16"),
        object("aws_internet_gateway", "igw-closed", json!({"vpc_id": "closed"})),
        subnet("shut", "closed", "10.1.0.0/24"),
        group("sg-closed-open", "closed", &[ALL], &[ALL]),
        instance("shut", "shut", "10.1.0.10", "198.51.100.11", &["sg-closed-open"]),
        object("aws_default_network_acl", "acl-closed", json!({"default_network_acl_id": "acl-closed", "vpc_id": "closed"})),
        object("aws_network_acl_rule", "rule", json!({
            "network_acl_id": "acl-vpc", "rule_number": 50, "egress": false, "protocol": "udp", "rule_action": "deny",
            "cidr_block": ANY, "from_port": 53, "to_port": 53,
        })),
    ]);
    objects.extend(table("rtb-shut", "closed", &["shut"], &[(ANY, "gateway_id", "igw-closed")]));
    Example {
        name: "default ACLs",
        objects,
        cases: vec![
            case("internet:203.0.113.9", "aws_instance.web", "tcp/443", Yes),
            case("internet:203.0.113.9", "aws_instance.web", "ip/47", Yes),
            case("internet:203.0.113.9", "aws_instance.web", "udp/53", No),
            case("internet:203.0.113.9", "aws_instance.shut", "tcp/443", No),
        ],
    }
}

/// "Security groups are stateful: if you send a request from an instance, the response traffic is allowed to reach the
/// instance regardless of the inbound rules."
fn stateful_groups() -> Example {
    let mut objects = public_subnet();
    objects.retain(|object| object.kind != "aws_instance");
    objects.extend([
        group("sg-in", "vpc", &[("tcp", 443, 443, ANY), ("tcp", 22, 22, "203.0.113.0/24")], &[]),
        group("sg-out", "vpc", &[], &[("tcp", 443, 443, ANY)]),
        instance("web", "public", "10.0.0.10", "198.51.100.10", &["sg-in"]),
        instance("client", "public", "10.0.0.11", "198.51.100.11", &["sg-out"]),
        instance("both", "public", "10.0.0.12", "198.51.100.12", &["sg-in", "sg-out"]),
    ]);
    Example {
        name: "groups are stateful",
        objects,
        cases: vec![
            case("internet:8.8.8.8", "aws_instance.web", "tcp/443", Yes),
            case("internet:8.8.8.8", "aws_instance.web", "tcp/22", No),
            case("internet:203.0.113.9", "aws_instance.web", "tcp/22", Yes),
            case("aws_instance.web", "internet:8.8.8.8", "tcp/443", No),
            case("aws_instance.client", "internet:8.8.8.8", "tcp/443", Yes),
            case("aws_instance.client", "internet:8.8.8.8", "udp/443", No),
            case("internet:8.8.8.8", "aws_instance.client", "tcp/443", No),
            // The rules of all groups of an interface count together.
            case("internet:8.8.8.8", "aws_instance.both", "tcp/443", Yes),
            case("aws_instance.both", "internet:8.8.8.8", "tcp/443", Yes),
            case("aws_instance.client", "aws_instance.web", "tcp/443", Yes),
            case("aws_instance.client", "aws_instance.web", "tcp/22", No),
        ],
    }
}

/// "When you specify a security group as the source for a rule, the rule affects all instances that are associated with
/// it. Traffic is allowed based on the private IP addresses of the instances", not their public ones.
fn groups_by_reference() -> Example {
    let mut objects = public_subnet();
    objects.retain(|object| object.kind != "aws_instance");
    let own = json!([{"protocol": "tcp", "from_port": 7000, "to_port": 7000, "self": true}]);
    objects.extend([
        group("sg-web", "vpc", &[("tcp", 443, 443, ANY)], &[ALL]),
        group("sg-database", "vpc", &[("tcp", 3306, 3306, "sg-web")], &[ALL]),
        object(
            "aws_security_group",
            "sg-cluster",
            json!({
                "vpc_id": "vpc", "ingress": own,
                "egress": [{"protocol": "-1", "from_port": 0, "to_port": 0, "cidr_blocks": [ANY]}],
            }),
        ),
        instance("web", "public", "10.0.0.10", "198.51.100.10", &["sg-web"]),
        instance("one", "public", "10.0.0.21", "", &["sg-cluster"]),
        instance("two", "public", "10.0.0.22", "", &["sg-cluster", "sg-web"]),
        instance("database", "public", "10.0.0.30", "198.51.100.30", &["sg-database"]),
    ]);
    Example {
        name: "groups that refer to groups",
        objects,
        cases: vec![
            case("aws_instance.web", "aws_instance.database", "tcp/3306", Yes),
            case("aws_instance.two", "aws_instance.database", "tcp/3306", Yes),
            case("aws_instance.one", "aws_instance.database", "tcp/3306", No),
            case("aws_instance.web", "aws_instance.database", "tcp/22", No),
            case("aws_instance.database", "aws_instance.web", "tcp/443", Yes),
            case("aws_instance.one", "aws_instance.two", "tcp/7000", Yes),
            case("aws_instance.web", "aws_instance.one", "tcp/7000", No),
            case("internet:203.0.113.9", "aws_instance.database", "tcp/3306", No),
            // To the public address, and so from the public address.
            case("aws_instance.web", "198.51.100.30", "tcp/3306", No),
            case("aws_instance.database", "198.51.100.10", "tcp/443", Yes),
        ],
    }
}

/// "You can reference a customer-managed prefix list in your security group rules."
fn prefix_lists_in_groups() -> Example {
    let mut objects = public_subnet();
    objects.retain(|object| object.kind != "aws_instance");
    objects.extend([
        object("aws_ec2_managed_prefix_list", "pl-offices", json!({"entry": [{"cidr": "203.0.113.0/25"}]})),
        object(
            "aws_ec2_managed_prefix_list_entry",
            "entry",
            json!({"prefix_list_id": "pl-offices", "cidr": "192.0.2.0/24"}),
        ),
        group("sg-offices", "vpc", &[("tcp", 22, 22, "pl-offices")], &[]),
        instance("web", "public", "10.0.0.10", "198.51.100.10", &["sg-offices"]),
    ]);
    Example {
        name: "prefix lists in groups",
        objects,
        cases: vec![
            case("internet:203.0.113.9", "aws_instance.web", "tcp/22", Yes),
            case("internet:203.0.113.200", "aws_instance.web", "tcp/22", No),
            case("internet:192.0.2.9", "aws_instance.web", "tcp/22", Yes),
        ],
    }
}

/// "Default security groups": everything from the group itself in, everything out.
fn default_group() -> Example {
    let mut objects = public_subnet();
    objects.retain(|object| object.kind != "aws_instance");
    objects.extend([
        group("sg-other", "vpc", &[], &[ALL]),
        instance("one", "public", "10.0.0.10", "198.51.100.10", &[]),
        instance("two", "public", "10.0.0.11", "", &["sg-vpc"]),
        instance("other", "public", "10.0.0.12", "", &["sg-other"]),
    ]);
    Example {
        name: "the default group",
        objects,
        cases: vec![
            case("aws_instance.one", "aws_instance.two", "tcp/22", Yes),
            case("aws_instance.two", "aws_instance.one", "ping", Yes),
            case("aws_instance.other", "aws_instance.one", "tcp/22", No),
            case("aws_instance.one", "internet:8.8.8.8", "udp/53", Yes),
            case("internet:8.8.8.8", "aws_instance.one", "tcp/22", No),
        ],
    }
}

/// ICMP: types and codes in rules, and in entries in both directions.
fn echo() -> Example {
    let mut objects = public_subnet();
    objects.retain(|object| object.kind != "aws_instance");
    let entry = |number: i64, kind: i64| {
        json!({
            "rule_no": number, "action": "allow", "protocol": "icmp", "cidr_block": ANY,
            "from_port": 0, "to_port": 0, "icmp_type": kind, "icmp_code": -1,
        })
    };
    objects.extend([
        group("sg-echo", "vpc", &[("icmp", 8, -1, ANY)], &[("icmp", 8, 0, ANY)]),
        group("sg-other", "vpc", &[("icmp", 3, -1, ANY), ("tcp", 0, 65535, ANY)], &[]),
        instance("answers", "public", "10.0.0.10", "198.51.100.10", &["sg-echo"]),
        instance("silent", "public", "10.0.0.11", "198.51.100.11", &["sg-other"]),
        object(
            "aws_network_acl",
            "acl-echo",
            json!({
                "vpc_id": "vpc", "subnet_ids": ["public"], "ingress": [entry(100, 8)], "egress": [entry(100, 0)],
            }),
        ),
    ]);
    Example {
        name: "echo requests and replies",
        objects,
        cases: vec![
            case("internet:203.0.113.9", "aws_instance.answers", "ping", Yes),
            case("internet:203.0.113.9", "aws_instance.answers", "tcp/22", No),
            case("internet:203.0.113.9", "aws_instance.silent", "ping", No),
            // The ACL lets replies out, not requests.
            case("aws_instance.answers", "internet:203.0.113.9", "ping", No),
        ],
    }
}

/// "Longest prefix match": traffic to 172.31.0.0/16 uses the peering connection, the rest the internet gateway.
fn longest_prefix() -> Example {
    let mut objects = public_subnet();
    objects.extend([
        vpc("peer", "172.31.0.0/16"),
        subnet("far", "peer", "172.31.0.0/24"),
        group("sg-far", "peer", &[ALL], &[ALL]),
        instance("far", "far", "172.31.0.10", "", &["sg-far"]),
        object("aws_vpc_peering_connection", "pcx", json!({"vpc_id": "vpc", "peer_vpc_id": "peer", "accept_status": "active"})),
        object("aws_route", "r", json!({
            "route_table_id": "rtb-public", "destination_cidr_block": "172.31.0.0/16", "vpc_peering_connection_id": "pcx",
        })),
        // A blackhole that is more specific than what works.
        object("aws_internet_gateway", "igw-gone", json!({"vpc_id": ""})),
        object("aws_route", "hole", json!({
            "route_table_id": "rtb-public", "destination_cidr_block": "203.0.113.0/24", "gateway_id": "igw-gone",
        })),
    ]);
    objects.extend(table("rtb-far", "peer", &["far"], &[("10.0.0.0/24", "vpc_peering_connection_id", "pcx")]));
    Example {
        name: "the longest prefix",
        objects,
        cases: vec![
            case("aws_instance.web", "aws_instance.far", "tcp/22", Yes),
            case("aws_instance.far", "aws_instance.web", "tcp/22", Yes),
            case("aws_instance.web", "internet:8.8.8.8", "tcp/443", Yes),
            case("aws_instance.web", "internet:203.0.113.9", "tcp/443", No),
            case("internet:203.0.113.9", "aws_instance.web", "tcp/443", No),
            case("internet:8.8.8.8", "aws_instance.web", "tcp/443", Yes),
        ],
    }
}

/// "Route priority and prefix lists": a static route goes before a prefix list with the same range; a longer range of a
/// list goes before both; two lists with the same range and different targets are a choice that AWS makes.
fn prefix_list_routes() -> Example {
    let mut objects = public_subnet();
    let list = |id: &str, range: &str| object("aws_ec2_managed_prefix_list", id, json!({"entry": [{"cidr": range}]}));
    let route = |id: &str, list: &str, name: &str, target: &str| {
        object(
            "aws_route",
            id,
            json!({"route_table_id": "rtb-public", "destination_prefix_list_id": list, name: target}),
        )
    };
    objects.extend([
        object("aws_internet_gateway", "igw-gone", json!({"vpc_id": ""})),
        list("pl-same", "203.0.113.0/24"),
        list("pl-longer", "203.0.113.128/25"),
        list("pl-twice", "192.0.2.0/24"),
        list("pl-again", "192.0.2.0/24"),
        route("r1", "pl-same", "gateway_id", "igw-gone"),
        route("r2", "pl-longer", "gateway_id", "igw-gone"),
        route("r3", "pl-twice", "gateway_id", "igw-gone"),
        route("r4", "pl-again", "gateway_id", "igw"),
        object(
            "aws_route",
            "r5",
            json!({
                "route_table_id": "rtb-public", "destination_cidr_block": "203.0.113.0/24", "gateway_id": "igw",
            }),
        ),
    ]);
    Example {
        name: "routes of prefix lists",
        objects,
        cases: vec![
            case("aws_instance.web", "internet:203.0.113.9", "tcp/443", Yes),
            case("aws_instance.web", "internet:203.0.113.130", "tcp/443", No),
            case("aws_instance.web", "internet:192.0.2.9", "tcp/443", May),
            case("aws_instance.web", "internet:8.8.8.8", "tcp/443", Yes),
        ],
    }
}

/// "If the destination of a propagated route is identical to the destination of a static route, the static route takes
/// priority." And the local route takes priority over propagated ones, even if they are more specific.
fn propagated_routes() -> Example {
    let mut objects = public_subnet();
    objects.retain(|object| object.kind != "aws_route_table");
    let route = |id: &str, range: &str| {
        object("aws_vpn_connection_route", id, json!({"vpn_connection_id": "vpn", "destination_cidr_block": range}))
    };
    objects.extend([
        object("aws_vpn_gateway", "vgw", json!({"vpc_id": "vpc"})),
        object(
            "aws_vpn_connection",
            "vpn",
            json!({
                "customer_gateway_id": "cgw", "vpn_gateway_id": "vgw", "static_routes_only": true,
            }),
        ),
        object("aws_customer_gateway", "cgw", json!({"ip_address": "192.0.2.1"})),
        object("aws_vpn_gateway", "vgw-loose", json!({"vpc_id": ""})),
        object(
            "aws_vpn_connection",
            "loose",
            json!({"customer_gateway_id": "cgw", "vpn_gateway_id": "vgw-loose", "static_routes_only": true}),
        ),
        object(
            "aws_vpn_connection_route",
            "v-loose",
            json!({"vpn_connection_id": "loose", "destination_cidr_block": "203.0.113.0/24"}),
        ),
        object(
            "aws_vpn_connection_route",
            "v-hole",
            json!({"vpn_connection_id": "loose", "destination_cidr_block": "198.18.0.0/16"}),
        ),
        route("v1", "172.31.0.0/24"),
        route("v2", "192.168.0.0/16"),
        route("v3", "10.0.1.0/24"),
        object(
            "aws_route_table",
            "rtb-public",
            json!({
                "vpc_id": "vpc", "propagating_vgws": ["vgw", "vgw-loose"],
                "route": [
                    {"cidr_block": "172.31.0.0/24", "gateway_id": "igw"},
                    {"cidr_block": "0.0.0.0/0", "gateway_id": "igw"}, {"cidr_block": "198.18.0.0/16", "gateway_id": "vgw-loose"},
                ],
            }),
        ),
        subnet("next", "vpc", "10.0.1.0/24"),
        instance("away", "next", "10.0.1.10", "", &["sg-open"]),
    ]);
    Example {
        name: "propagated routes",
        objects,
        cases: vec![
            case("aws_instance.web", "vpn:vpn:192.168.1.7", "tcp/22", Yes),
            case("vpn:vpn:192.168.1.7", "aws_instance.web", "tcp/22", Yes),
            // To the internet gateway, which has private addresses nowhere.
            case("aws_instance.web", "vpn:vpn:172.31.0.7", "tcp/22", No),
            case("vpn:vpn:172.31.0.7", "aws_instance.web", "tcp/22", No),
            case("aws_instance.web", "aws_instance.away", "tcp/22", Yes),
            // Of a gateway that is not attached nothing is propagated.
            case("aws_instance.web", "internet:203.0.113.9", "tcp/443", Yes),
            case("aws_instance.web", "internet:198.18.0.9", "tcp/443", No),
            // The main table does not propagate.
            case("vpn:vpn:192.168.1.7", "aws_instance.away", "tcp/22", No),
        ],
    }
}

/// "Main route table": for subnets that are not explicitly associated with another one; it can be replaced.
fn main_table() -> Example {
    let mut objects = public_subnet();
    objects.retain(|object| object.kind != "aws_route_table_association");
    objects.extend([
        vpc("own", "10.1.0.0/16"),
        object("aws_internet_gateway", "igw-own", json!({"vpc_id": "own"})),
        subnet("implicit", "own", "10.1.0.0/24"),
        group("sg-own-open", "own", &[ALL], &[ALL]),
        instance("implicit", "implicit", "10.1.0.10", "198.51.100.20", &["sg-own-open"]),
        object(
            "aws_default_route_table",
            "rtb-own",
            json!({
                "default_route_table_id": "rtb-own", "route": [{"cidr_block": ANY, "gateway_id": "igw-own"}],
            }),
        ),
        vpc("replaced", "10.2.0.0/16"),
        object("aws_internet_gateway", "igw-replaced", json!({"vpc_id": "replaced"})),
        subnet("moved", "replaced", "10.2.0.0/24"),
        group("sg-moved-open", "replaced", &[ALL], &[ALL]),
        instance("moved", "moved", "10.2.0.10", "198.51.100.21", &["sg-moved-open"]),
        object(
            "aws_route",
            "r",
            json!({
                "route_table_id": "rtb-replaced", "destination_cidr_block": ANY, "gateway_id": "igw-replaced",
            }),
        ),
        object("aws_route_table", "rtb-new", json!({"vpc_id": "replaced"})),
        object("aws_main_route_table_association", "main", json!({"vpc_id": "replaced", "route_table_id": "rtb-new"})),
    ]);
    Example {
        name: "main route tables",
        objects,
        cases: vec![
            case("internet:203.0.113.9", "aws_instance.web", "tcp/443", No),
            case("internet:203.0.113.9", "aws_instance.implicit", "tcp/443", Yes),
            case("aws_instance.implicit", "internet:203.0.113.9", "tcp/443", Yes),
            case("internet:203.0.113.9", "aws_instance.moved", "tcp/443", No),
        ],
    }
}
