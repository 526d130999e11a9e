//! Gateways to the Internet: internet and NAT gateways, egress-only ones, Block Public Access, gateway endpoints,
//! balancers and databases.

use serde_json::json;

use super::super::Answer::{May, No, Yes};
use super::super::{Object, Objects};
use super::{ALL, Example, acl, case, group, instance, object, subnet, table, vpc};

const ANY: &str = "0.0.0.0/0";

/// The examples.
pub fn examples() -> Vec<Example> {
    let mut all = vec![
        internet_gateway(),
        nat_gateway(),
        private_nat(),
        regional_nat(),
        ipv6(),
        endpoints(),
        balancer(),
        database(),
        appliance(),
    ];
    all.extend(block_public_access());
    all
}

fn nat(id: &str, subnet: &str, private: &str, eip: &str) -> Object {
    let kind = if eip.is_empty() { "private" } else { "public" };
    object(
        "aws_nat_gateway",
        id,
        json!({
            "subnet_id": subnet, "private_ip": private, "allocation_id": eip, "connectivity_type": kind,
        }),
    )
}

/// A VPC with an internet gateway, a public and a private subnet, each with an open instance.
fn two_subnets() -> Objects {
    let mut all = vec![
        vpc("vpc", "10.0.0.0/16"),
        object("aws_internet_gateway", "igw", json!({"vpc_id": "vpc"})),
        subnet("public", "vpc", "10.0.0.0/24"),
        subnet("private", "vpc", "10.0.1.0/24"),
        group("sg-open", "vpc", &[ALL], &[ALL]),
        instance("web", "public", "10.0.0.10", "198.51.100.10", &["sg-open"]),
        instance("app", "private", "10.0.1.10", "", &["sg-open"]),
        object("aws_eip", "eip", json!({"public_ip": "198.51.100.5"})),
    ];
    all.extend(table("rtb-public", "vpc", &["public"], &[(ANY, "gateway_id", "igw")]));
    all
}

/// "Enable internet access": a gateway that is attached, a route to it, a public address, and rules that allow it.
fn internet_gateway() -> Example {
    let mut objects = two_subnets();
    objects.extend([
        instance("private-address", "public", "10.0.0.11", "", &["sg-open"]),
        // An elastic address replaces the one that AWS gave.
        instance("renamed", "public", "10.0.0.60", "198.51.100.60", &["sg-open"]),
        object("aws_eip", "eip-new", json!({"public_ip": "198.51.100.61", "instance": "renamed"})),
        // A public address in a subnet without a route to the gateway.
        instance("no-route", "private", "10.0.1.11", "198.51.100.11", &["sg-open"]),
        object("aws_eip", "eip-moved", json!({"public_ip": "198.51.100.12", "instance": "by-elastic"})),
        instance("by-elastic", "public", "10.0.0.12", "198.51.100.12", &["sg-open"]),
        object("aws_network_interface", "eni", json!({
            "subnet_id": "public", "private_ip": "10.0.0.13", "private_ips": ["10.0.0.13", "10.0.0.14"], "security_groups": ["sg-open"],
        })),
        object("aws_eip", "eip-second", json!({"public_ip": "198.51.100.14"})),
        object("aws_eip_association", "assoc", json!({
            "allocation_id": "eip-second", "network_interface_id": "eni", "private_ip_address": "10.0.0.14",
        })),
    ]);
    Example {
        name: "internet access",
        objects,
        cases: vec![
            case("internet:203.0.113.9", "aws_instance.web", "tcp/443", Yes),
            case("aws_instance.web", "internet:203.0.113.9", "tcp/443", Yes),
            case("aws_instance.web", "internet:203.0.113.9", "ip/47", Yes),
            case("aws_instance.private-address", "internet:203.0.113.9", "tcp/443", No),
            case("internet:203.0.113.9", "aws_instance.private-address", "tcp/443", No),
            case("internet:203.0.113.9", "aws_instance.no-route", "tcp/443", No),
            case("aws_instance.app", "internet:203.0.113.9", "tcp/443", No),
            case("internet:203.0.113.9", "aws_instance.by-elastic", "tcp/443", Yes),
            case("internet:203.0.113.9", "aws_network_interface.eni", "tcp/443", Yes),
            case("internet:203.0.113.9", "198.51.100.14", "tcp/443", Yes),
            case("internet:203.0.113.9", "198.51.100.99", "tcp/443", No),
            case("internet:203.0.113.9", "198.51.100.60", "tcp/443", No),
            case("internet:203.0.113.9", "198.51.100.61", "tcp/443", Yes),
            case("aws_instance.web", "aws_instance.app", "tcp/443", Yes),
            case("aws_instance.app", "aws_instance.web", "tcp/443", Yes),
            case("aws_instance.web", "10.0.0.77", "tcp/443", No),
        ],
    }
}

/// "NAT gateways": instances in private subnets reach the Internet; nobody there can begin a connection to them. TCP,
/// UDP and ICMP. The gateway has to be in a public subnet.
fn nat_gateway() -> Example {
    let mut objects = two_subnets();
    objects.extend([
        nat("nat", "public", "10.0.0.5", "eip"),
        object("aws_eip", "eip-wrong", json!({"public_ip": "198.51.100.6"})),
        nat("nat-wrong", "wrong", "10.0.2.5", "eip-wrong"),
        subnet("wrong", "vpc", "10.0.2.0/24"),
        object("aws_eip", "eip-shut", json!({"public_ip": "198.51.100.7"})),
        nat("nat-shut", "shut", "10.0.7.5", "eip-shut"),
        subnet("shut", "vpc", "10.0.7.0/24"),
        acl(
            "acl-shut",
            "vpc",
            &["shut"],
            &[(100, "deny", "-1", 0, 0, "10.0.8.10/32"), (110, "allow", "-1", 0, 0, ANY)],
            &[(100, "allow", "-1", 0, 0, ANY)],
        ),
        subnet("behind", "vpc", "10.0.8.0/24"),
        instance("denied", "behind", "10.0.8.10", "", &["sg-open"]),
        instance("allowed", "behind", "10.0.8.11", "", &["sg-open"]),
        subnet("lost", "vpc", "10.0.3.0/24"),
        instance("lost", "lost", "10.0.3.10", "", &["sg-open"]),
        instance("with-address", "private", "10.0.1.11", "198.51.100.11", &["sg-open"]),
    ]);
    objects.extend(table("rtb-private", "vpc", &["private"], &[(ANY, "nat_gateway_id", "nat")]));
    objects.extend(table("rtb-shut", "vpc", &["shut"], &[(ANY, "gateway_id", "igw")]));
    objects.extend(table("rtb-behind", "vpc", &["behind"], &[(ANY, "nat_gateway_id", "nat-shut")]));
    objects.extend(table("rtb-wrong", "vpc", &["wrong"], &[]));
    objects.extend(table("rtb-lost", "vpc", &["lost"], &[(ANY, "nat_gateway_id", "nat-wrong")]));
    Example {
        name: "a NAT gateway",
        objects,
        cases: vec![
            case("aws_instance.app", "internet:203.0.113.9", "tcp/443", Yes),
            case("aws_instance.app", "internet:203.0.113.9", "udp/53", Yes),
            case("aws_instance.app", "internet:203.0.113.9", "ping", Yes),
            case("aws_instance.app", "internet:203.0.113.9", "ip/47", No),
            case("internet:203.0.113.9", "198.51.100.5", "tcp/443", No),
            case("aws_instance.web", "10.0.0.5", "tcp/443", No),
            case("internet:203.0.113.9", "aws_instance.app", "tcp/443", No),
            case("aws_instance.lost", "internet:203.0.113.9", "tcp/443", No),
            // The ACL of the gateway's subnet sees who sends.
            case("aws_instance.denied", "internet:203.0.113.9", "tcp/443", No),
            case("aws_instance.allowed", "internet:203.0.113.9", "tcp/443", Yes),
            // In through the internet gateway; the answer would leave through the NAT gateway.
            case("internet:203.0.113.9", "aws_instance.with-address", "tcp/443", No),
            // To a public address of the same VPC, around through both gateways.
            case("aws_instance.app", "198.51.100.10", "tcp/443", Yes),
        ],
    }
}

/// "Private NAT gateways": if you route traffic from a private NAT gateway to an internet gateway, it is dropped.
fn private_nat() -> Example {
    let mut objects = two_subnets();
    objects.push(nat("nat", "public", "10.0.0.5", ""));
    objects.extend(table("rtb-private", "vpc", &["private"], &[(ANY, "nat_gateway_id", "nat")]));
    Example {
        name: "a private NAT gateway",
        objects,
        cases: vec![case("aws_instance.app", "internet:203.0.113.9", "tcp/443", No)],
    }
}

/// "Regional NAT gateways": no public subnet; a table of its own with a route to the internet gateway.
fn regional_nat() -> Example {
    let mut objects = two_subnets();
    objects.push(object("aws_nat_gateway", "nat", json!({
        "availability_mode": "regional", "connectivity_type": "public", "vpc_id": "vpc", "route_table_id": "rtb-nat",
        "regional_nat_gateway_address": [{"availability_zone": "eu-west-2a", "public_ip": "198.51.100.7"}],
    })));
    objects.extend(table("rtb-private", "vpc", &["private"], &[(ANY, "nat_gateway_id", "nat")]));
    Example {
        name: "a regional NAT gateway",
        objects,
        cases: vec![
            case("aws_instance.app", "internet:203.0.113.9", "tcp/443", Yes),
            case("aws_instance.app", "internet:203.0.113.9", "ip/47", No),
            case("internet:203.0.113.9", "198.51.100.7", "tcp/443", No),
            case("internet:203.0.113.9", "aws_instance.app", "tcp/443", No),
        ],
    }
}

/// "Egress-only internet gateway": outbound over IPv6, and nothing that begins outside.
fn ipv6() -> Example {
    let mut objects = two_subnets();
    for object in &mut objects {
        match object.address.as_str() {
            "aws_vpc.vpc" => object.attributes["ipv6_cidr_block"] = json!("2001:db8:1200::/56"),
            "aws_subnet.public" => object.attributes["ipv6_cidr_block"] = json!("2001:db8:1200:1::/64"),
            "aws_subnet.private" => object.attributes["ipv6_cidr_block"] = json!("2001:db8:1200:2::/64"),
            "aws_instance.web" => object.attributes["ipv6_addresses"] = json!(["2001:db8:1200:1::10"]),
            "aws_instance.app" => object.attributes["ipv6_addresses"] = json!(["2001:db8:1200:2::10"]),
            "aws_security_group.sg-open" => {
                for way in ["ingress", "egress"] {
                    object.attributes[way][0]["ipv6_cidr_blocks"] = json!(["::/0"]);
                }
            }
            _ => {}
        }
    }
    objects.extend([
        object("aws_egress_only_internet_gateway", "eigw", json!({"vpc_id": "vpc"})),
        object(
            "aws_route",
            "r",
            json!({
                "route_table_id": "rtb-public", "destination_ipv6_cidr_block": "::/0", "gateway_id": "igw",
            }),
        ),
    ]);
    objects.extend(table("rtb-private", "vpc", &["private"], &[("::/0", "egress_only_gateway_id", "eigw")]));
    Example {
        name: "IPv6",
        objects,
        cases: vec![
            case("internet:2001:4860::8888", "aws_instance.web", "tcp/443", Yes),
            case("aws_instance.web", "internet:2001:4860::8888", "tcp/443", Yes),
            case("aws_instance.app", "internet:2001:4860::8888", "tcp/443", Yes),
            case("aws_instance.app", "internet:2001:4860::8888", "ping", Yes),
            case("internet:2001:4860::8888", "aws_instance.app", "tcp/443", No),
            case("aws_instance.app", "2001:db8:1200:1::10", "tcp/443", Yes),
            case("aws_instance.app", "internet:203.0.113.9", "tcp/443", No),
        ],
    }
}

/// "Gateway endpoints": a route for the service's prefix list, which is more specific than the default route. Not for
/// what is on the other side of a peering connection.
fn endpoints() -> Example {
    let mut objects = two_subnets();
    objects.extend([
        object("aws_vpc_endpoint", "s3", json!({
            "vpc_id": "vpc", "vpc_endpoint_type": "Gateway", "cidr_blocks": ["52.95.148.0/23"], "prefix_list_id": "pl-s3",
            "route_table_ids": ["rtb-vpc"],
        })),
        group("sg-s3", "vpc", &[], &[("tcp", 443, 443, "pl-s3")]),
        instance("narrow", "private", "10.0.1.11", "", &["sg-s3"]),
        vpc("peer", "10.1.0.0/16"),
        subnet("far", "peer", "10.1.0.0/24"),
        group("sg-far", "peer", &[ALL], &[ALL]),
        instance("far", "far", "10.1.0.10", "", &["sg-far"]),
        object("aws_vpc_peering_connection", "pcx", json!({"vpc_id": "vpc", "peer_vpc_id": "peer", "accept_status": "active"})),
        object("aws_vpc_endpoint", "ssm", json!({
            "vpc_id": "vpc", "vpc_endpoint_type": "Interface", "subnet_ids": ["private"], "security_group_ids": ["sg-ssm"],
        })),
        group("sg-ssm", "vpc", &[("tcp", 443, 443, "10.0.0.0/24")], &[]),
    ]);
    objects.extend(table("rtb-far", "peer", &["far"], &[(ANY, "vpc_peering_connection_id", "pcx")]));
    Example {
        name: "endpoints",
        objects,
        cases: vec![
            case("aws_instance.app", "52.95.148.9", "tcp/443", Yes),
            case("aws_instance.narrow", "52.95.148.9", "tcp/443", Yes),
            case("aws_instance.narrow", "aws_instance.app", "tcp/443", No),
            case("aws_instance.app", "52.96.0.9", "tcp/443", No),
            case("aws_instance.far", "52.95.148.9", "tcp/443", No),
            case("aws_instance.web", "aws_vpc_endpoint.ssm", "tcp/443", Yes),
            case("aws_instance.app", "aws_vpc_endpoint.ssm", "tcp/443", No),
        ],
    }
}

/// "Security groups for your Application Load Balancer": the Internet reaches the listener's port, the balancer its
/// targets' port.
fn balancer() -> Example {
    let mut objects = two_subnets();
    objects.extend([
        subnet("public-b", "vpc", "10.0.4.0/24"),
        object(
            "aws_lb",
            "lb",
            json!({
                "internal": false, "load_balancer_type": "application", "subnets": ["public", "public-b"],
                "security_groups": ["sg-lb"], "vpc_id": "vpc",
            }),
        ),
        object(
            "aws_lb_listener",
            "listener",
            json!({
                "load_balancer_arn": "lb", "port": 443, "protocol": "HTTPS",
                "default_action": [{"type": "forward", "target_group_arn": "tg"}],
            }),
        ),
        object("aws_lb_target_group", "tg", json!({"port": 8080, "protocol": "HTTP", "vpc_id": "vpc"})),
        object("aws_lb_target_group_attachment", "attach", json!({"target_group_arn": "tg", "target_id": "target"})),
        group("sg-lb", "vpc", &[("tcp", 443, 443, ANY), ("tcp", 80, 80, ANY)], &[("tcp", 8080, 8080, "sg-target")]),
        group("sg-target", "vpc", &[("tcp", 8080, 8080, "sg-lb")], &[]),
        instance("target", "private", "10.0.1.20", "", &["sg-target"]),
        object(
            "aws_lb",
            "inner",
            json!({
                "internal": true, "load_balancer_type": "network", "subnets": ["private"], "security_groups": [],
            }),
        ),
        object("aws_lb_listener", "inner", json!({"load_balancer_arn": "inner", "port": 53, "protocol": "TCP_UDP"})),
    ]);
    objects.extend(table("rtb-b", "vpc", &["public-b"], &[(ANY, "gateway_id", "igw")]));
    Example {
        name: "balancers",
        objects,
        cases: vec![
            case("internet:203.0.113.9", "aws_lb.lb", "tcp/443", Yes),
            // The group allows it, nothing listens.
            case("internet:203.0.113.9", "aws_lb.lb", "tcp/80", No),
            case("internet:203.0.113.9", "aws_lb.lb", "udp/443", No),
            case("aws_lb.lb", "aws_instance.target", "tcp/8080", Yes),
            case("aws_lb.lb", "aws_instance.target", "tcp/22", No),
            case("aws_instance.web", "aws_instance.target", "tcp/8080", No),
            case("internet:203.0.113.9", "aws_instance.target", "tcp/8080", No),
            case("aws_instance.web", "aws_lb.inner", "udp/53", Yes),
            case("aws_instance.web", "aws_lb.inner", "tcp/53", Yes),
            case("aws_instance.web", "aws_lb.inner", "tcp/54", No),
            case("internet:203.0.113.9", "aws_lb.inner", "tcp/53", No),
        ],
    }
}

/// "Working with a DB instance in a VPC": by its group, on its port, from the Internet only if it is public. Which
/// subnet it is in is not known, and makes a difference here.
fn database() -> Example {
    let mut objects = two_subnets();
    let database = |id: &str, subnets: &str, public: bool| {
        object(
            "aws_db_instance",
            id,
            json!({
                "db_subnet_group_name": subnets, "port": 3306, "publicly_accessible": public,
                "vpc_security_group_ids": ["sg-db"],
            }),
        )
    };
    let all_in: &[super::Entry<'_>] = &[(100, "allow", "-1", 0, 0, ANY)];
    objects.extend([
        subnet("closed", "vpc", "10.0.5.0/24"),
        acl("acl-closed", "vpc", &["closed"], &[], all_in),
        object("aws_db_subnet_group", "inner", json!({"name": "inner", "subnet_ids": ["private"]})),
        object("aws_db_subnet_group", "outer", json!({"name": "outer", "subnet_ids": ["public"]})),
        object("aws_db_subnet_group", "either", json!({"name": "either", "subnet_ids": ["private", "closed"]})),
        database("main", "inner", false),
        database("shown", "outer", true),
        database("hidden", "inner", true),
        database("kept", "outer", false),
        database("somewhere", "either", false),
        group("sg-db", "vpc", &[("tcp", 3306, 3306, "sg-open"), ("tcp", 3306, 3306, "203.0.113.0/24")], &[]),
    ]);
    Example {
        name: "databases",
        objects,
        cases: vec![
            case("aws_instance.app", "aws_db_instance.main", "tcp/3306", Yes),
            case("aws_instance.app", "aws_db_instance.main", "tcp/5432", No),
            case("internet:203.0.113.9", "aws_db_instance.main", "tcp/3306", No),
            case("internet:203.0.113.9", "aws_db_instance.shown", "tcp/3306", Yes),
            case("internet:8.8.8.8", "aws_db_instance.shown", "tcp/3306", No),
            // Public, in a subnet without a route to the internet gateway.
            case("internet:203.0.113.9", "aws_db_instance.hidden", "tcp/3306", No),
            case("internet:203.0.113.9", "aws_db_instance.kept", "tcp/3306", No),
            case("aws_instance.app", "aws_db_instance.somewhere", "tcp/3306", May),
        ],
    }
}

/// "Source/destination checks": an instance that others' traffic is sent to drops it, unless the check is off.
fn appliance() -> Example {
    let mut objects = two_subnets();
    let interface = |id: &str, private: &str, checks: bool| {
        object(
            "aws_network_interface",
            id,
            json!({
                "subnet_id": "public", "private_ip": private, "security_groups": ["sg-open"], "source_dest_check": checks,
            }),
        )
    };
    objects.extend([interface("router", "10.0.0.20", false), interface("host", "10.0.0.21", true)]);
    let routes = [("203.0.113.0/24", "network_interface_id", "router"), (ANY, "network_interface_id", "host")];
    objects.extend(table("rtb-private", "vpc", &["private"], &routes));
    Example {
        name: "appliances",
        objects,
        cases: vec![
            case("aws_instance.app", "internet:203.0.113.9", "tcp/443", May),
            case("aws_instance.app", "internet:8.8.8.8", "tcp/443", No),
        ],
    }
}

/// "Block public access to VPCs and subnets": the two modes, and what is excluded from them.
fn block_public_access() -> Vec<Example> {
    let example = |name, mode: &str, exclusion: Option<(&str, &str)>, answers: [super::super::Answer; 4]| {
        let mut objects = two_subnets();
        objects.push(nat("nat", "nat-subnet", "10.0.6.5", "eip"));
        objects.push(subnet("nat-subnet", "vpc", "10.0.6.0/24"));
        objects.extend(table("rtb-nat", "vpc", &["nat-subnet"], &[(ANY, "gateway_id", "igw")]));
        objects.extend(table("rtb-private", "vpc", &["private"], &[(ANY, "nat_gateway_id", "nat")]));
        objects.push(object(
            "aws_vpc_block_public_access_options",
            "bpa",
            json!({"internet_gateway_block_mode": mode}),
        ));
        if let Some((subnet, mode)) = exclusion {
            let of = json!({"subnet_id": subnet, "internet_gateway_exclusion_mode": mode});
            objects.push(object("aws_vpc_block_public_access_exclusion", "exclusion", of));
        }
        let cases = vec![
            case("internet:203.0.113.9", "aws_instance.web", "tcp/443", answers[0]),
            case("aws_instance.web", "internet:203.0.113.9", "tcp/443", answers[1]),
            case("aws_instance.app", "internet:203.0.113.9", "tcp/443", answers[2]),
            case("aws_instance.web", "aws_instance.app", "tcp/443", answers[3]),
        ];
        Example { name, objects, cases }
    };
    vec![
        example("access is not blocked", "off", None, [Yes, Yes, Yes, Yes]),
        example("access is blocked both ways", "block-bidirectional", None, [No, No, No, Yes]),
        example("access is blocked inwards", "block-ingress", None, [No, No, Yes, Yes]),
        example(
            "a subnet is excluded",
            "block-bidirectional",
            Some(("public", "allow-bidirectional")),
            [Yes, Yes, No, Yes],
        ),
        example(
            "a subnet is excluded outwards",
            "block-bidirectional",
            Some(("public", "allow-egress")),
            [No, Yes, No, Yes],
        ),
        example(
            "the NAT gateway's subnet is excluded",
            "block-bidirectional",
            Some(("nat-subnet", "allow-egress")),
            [No, No, Yes, Yes],
        ),
        example(
            "a subnet is excluded from ingress mode",
            "block-ingress",
            Some(("public", "allow-bidirectional")),
            [Yes, Yes, Yes, Yes],
        ),
        example(
            "an egress exclusion in ingress mode",
            "block-ingress",
            Some(("public", "allow-egress")),
            [No, No, Yes, Yes],
        ),
    ]
}

#[test]
fn a_balancer_leads_to_its_targets() {
    let through = |from: &'static str, port: &'static str| {
        super::super::asking::ask_through(&balancer().objects, &super::question(&case(from, "aws_lb.lb", port, Yes)))
    };
    let target = |answer| vec![("aws_instance.target".to_owned(), 8080, answer)];
    assert_eq!(through("internet:203.0.113.9", "tcp/443"), target(Yes));
    assert_eq!(through("internet:203.0.113.9", "tcp/80"), []);
    let mut closed = balancer().objects;
    closed.retain(|object| object.address != "aws_security_group.sg-target");
    let question = super::question(&case("internet:203.0.113.9", "aws_lb.lb", "tcp/443", No));
    assert_eq!(super::super::asking::ask_through(&closed, &question), target(No));
}
