//! What connects VPCs and sites: peering, transit gateways, VPN.

use serde_json::json;

use super::super::Answer::{May, No, Yes};
use super::super::{Object, Objects};
use super::{ALL, Example, case, group, instance, object, subnet, vpc};

const ANY: &str = "0.0.0.0/0";

/// The examples.
pub fn examples() -> Vec<Example> {
    vec![
        peering(),
        peering_limits(),
        peered_groups(),
        vpn_static(),
        vpn_two_connections(),
        vpn_announced(),
        vpn_transit(),
    ]
}

/// A VPC with one subnet and one open instance, `10.N.0.0/16`, and routes of its main table.
pub fn site(number: u8, routes: &[(&str, &str, &str)]) -> Objects {
    let id = format!("vpc-{number}");
    let (one, open) = (format!("subnet-{number}"), format!("sg-open-{number}"));
    let mut all = vec![
        vpc(&id, &format!("10.{number}.0.0/16")),
        subnet(&one, &id, &format!("10.{number}.0.0/24")),
        group(&open, &id, &[ALL], &[ALL]),
        instance(&format!("host-{number}"), &one, &format!("10.{number}.0.10"), "", &[&open]),
    ];
    for (index, (range, name, target)) in routes.iter().enumerate() {
        all.push(object(
            "aws_route",
            &format!("r-{number}-{index}"),
            json!({
                "route_table_id": format!("rtb-{id}"), "destination_cidr_block": range, *name: target,
            }),
        ));
    }
    all
}

fn peer(id: &str, one: &str, other: &str, status: &str) -> Object {
    object("aws_vpc_peering_connection", id, json!({"vpc_id": one, "peer_vpc_id": other, "accept_status": status}))
}

const PCX: &str = "vpc_peering_connection_id";
/// The attribute of routes to a transit gateway.
pub const TGW: &str = "transit_gateway_id";

/// "VPC peering": both sides need routes; a connection that is pending carries nothing; it is not transitive.
fn peering() -> Example {
    let mut objects =
        site(1, &[("10.2.0.0/16", PCX, "pcx-12"), ("10.3.0.0/16", PCX, "pcx-12"), ("10.5.0.0/16", PCX, "pcx-15")]);
    objects.extend(site(
        2,
        &[("10.1.0.0/16", PCX, "pcx-12"), ("10.3.0.0/16", PCX, "pcx-23"), ("10.4.0.0/16", PCX, "pcx-24")],
    ));
    objects.extend(site(3, &[("10.2.0.0/16", PCX, "pcx-23"), ("10.1.0.0/16", PCX, "pcx-23")]));
    objects.extend(site(4, &[]));
    objects.extend(site(5, &[("10.1.0.0/16", PCX, "pcx-15")]));
    objects.extend([
        peer("pcx-12", "vpc-1", "vpc-2", "active"),
        peer("pcx-23", "vpc-2", "vpc-3", "active"),
        peer("pcx-24", "vpc-2", "vpc-4", "active"),
        peer("pcx-15", "vpc-1", "vpc-5", "pending-acceptance"),
    ]);
    Example {
        name: "peering",
        objects,
        cases: vec![
            case("aws_instance.host-1", "aws_instance.host-2", "tcp/22", Yes),
            case("aws_instance.host-2", "aws_instance.host-1", "tcp/22", Yes),
            case("aws_instance.host-2", "aws_instance.host-3", "ip/47", Yes),
            case("aws_instance.host-1", "aws_instance.host-3", "tcp/22", No),
            case("aws_instance.host-3", "aws_instance.host-1", "tcp/22", No),
            // Without a route back.
            case("aws_instance.host-2", "aws_instance.host-4", "tcp/22", No),
            case("aws_instance.host-4", "aws_instance.host-2", "tcp/22", No),
            case("aws_instance.host-1", "aws_instance.host-5", "tcp/22", No),
        ],
    }
}

/// "VPC peering limitations": no way through the other VPC's internet gateway, NAT gateway or VPN.
fn peering_limits() -> Example {
    let mut objects = site(1, &[(ANY, PCX, "pcx")]);
    objects.extend(site(
        2,
        &[("10.1.0.0/16", PCX, "pcx"), (ANY, "gateway_id", "igw"), ("192.168.0.0/16", "gateway_id", "vgw")],
    ));
    objects.extend([
        peer("pcx", "vpc-1", "vpc-2", "active"),
        object("aws_internet_gateway", "igw", json!({"vpc_id": "vpc-2"})),
        object("aws_vpn_gateway", "vgw", json!({"vpc_id": "vpc-2"})),
        object("aws_customer_gateway", "cgw", json!({})),
        object(
            "aws_vpn_connection",
            "vpn",
            json!({"vpn_gateway_id": "vgw", "customer_gateway_id": "cgw", "static_routes_only": true}),
        ),
        object(
            "aws_vpn_connection_route",
            "v",
            json!({"vpn_connection_id": "vpn", "destination_cidr_block": "192.168.0.0/16"}),
        ),
    ]);
    Example {
        name: "limits of peering",
        objects,
        cases: vec![
            case("aws_instance.host-1", "aws_instance.host-2", "tcp/22", Yes),
            case("aws_instance.host-1", "internet:203.0.113.9", "tcp/443", No),
            case("aws_instance.host-1", "vpn:vpn:192.168.1.7", "tcp/22", No),
            case("vpn:vpn:192.168.1.7", "aws_instance.host-1", "tcp/22", No),
            case("vpn:vpn:192.168.1.7", "aws_instance.host-2", "tcp/22", Yes),
            case("aws_instance.host-2", "vpn:vpn:192.168.1.7", "tcp/22", Yes),
            case("vpn:vpn:192.168.1.7", "203.0.113.9", "tcp/443", No),
        ],
    }
}

/// "Update your security groups to reference peer security groups": of a peered VPC in the same Region.
fn peered_groups() -> Example {
    let mut objects = site(1, &[("10.2.0.0/16", PCX, "pcx-12"), ("10.3.0.0/16", PCX, "pcx-13")]);
    objects.extend(site(2, &[("10.1.0.0/16", PCX, "pcx-12")]));
    objects.extend(site(3, &[("10.1.0.0/16", PCX, "pcx-13")]));
    let mut away = peer("pcx-13", "vpc-1", "vpc-3", "active");
    away.attributes["region"] = json!("eu-west-2");
    away.attributes["peer_region"] = json!("us-east-1");
    objects.extend([
        peer("pcx-12", "vpc-1", "vpc-2", "active"),
        away,
        group("sg-by-two", "vpc-1", &[("tcp", 443, 443, "sg-open-2")], &[("tcp", 5432, 5432, "sg-open-2")]),
        group("sg-by-three", "vpc-1", &[("tcp", 443, 443, "sg-open-3")], &[]),
        instance("by-two", "subnet-1", "10.1.0.20", "", &["sg-by-two"]),
        instance("by-three", "subnet-1", "10.1.0.30", "", &["sg-by-three"]),
    ]);
    Example {
        name: "groups of peers",
        objects,
        cases: vec![
            case("aws_instance.host-2", "aws_instance.by-two", "tcp/443", Yes),
            case("aws_instance.host-2", "aws_instance.by-three", "tcp/443", No),
            case("aws_instance.host-3", "aws_instance.by-three", "tcp/443", No),
            case("aws_instance.host-1", "aws_instance.by-two", "tcp/443", No),
            case("aws_instance.by-two", "aws_instance.host-2", "tcp/5432", Yes),
            case("aws_instance.by-two", "aws_instance.host-1", "tcp/5432", No),
        ],
    }
}

/// "Network ACLs for transit gateways", and "traffic is forwarded to the transit gateway only when the attachment has
/// "Security group referencing": inbound, if the transit gateway and both attachments support it. "Outbound security
/// "Site-to-Site VPN": static routes on the connection, and a route to the gateway in the table, given or propagated.
fn vpn_static() -> Example {
    let mut objects = site(1, &[("192.168.0.0/16", "gateway_id", "vgw"), ("172.16.0.0/16", "gateway_id", "vgw")]);
    let route = |id: &str, range: &str| {
        object("aws_vpn_connection_route", id, json!({"vpn_connection_id": "vpn", "destination_cidr_block": range}))
    };
    objects.extend([
        object("aws_vpn_gateway", "vgw", json!({})),
        object("aws_vpn_gateway_attachment", "a", json!({"vpc_id": "vpc-1", "vpn_gateway_id": "vgw"})),
        object("aws_customer_gateway", "cgw", json!({})),
        connection("vpn", json!({"vpn_gateway_id": "vgw"})),
        route("v", "192.168.1.0/24"),
        connection("narrow", json!({
            "vpn_gateway_id": "vgw", "local_ipv4_network_cidr": "192.168.9.0/24", "remote_ipv4_network_cidr": "10.1.0.0/28",
        })),
        object("aws_vpn_connection_route", "n", json!({"vpn_connection_id": "narrow", "destination_cidr_block": "192.168.8.0/23"})),
        instance("second", "subnet-1", "10.1.0.20", "", &["sg-open-1"]),
    ]);
    Example {
        name: "VPN with static routes",
        objects,
        cases: vec![
            case("vpn:vpn:192.168.1.7", "aws_instance.host-1", "tcp/22", Yes),
            case("aws_instance.host-1", "vpn:vpn:192.168.1.7", "tcp/22", Yes),
            // In the table, not in the connection.
            case("aws_instance.host-1", "vpn:vpn:192.168.2.7", "tcp/22", No),
            case("vpn:vpn:192.168.2.7", "aws_instance.host-1", "tcp/22", No),
            case("vpn:narrow:192.168.9.7", "aws_instance.host-1", "tcp/22", Yes),
            case("vpn:narrow:192.168.8.7", "aws_instance.host-1", "tcp/22", No),
            case("vpn:narrow:192.168.9.7", "aws_instance.second", "tcp/22", No),
        ],
    }
}

/// With BGP nobody knows what is announced: the flow may be there where a route can lead to the gateway.
fn vpn_announced() -> Example {
    let mut objects = site(1, &[]);
    objects.extend(site(2, &[]));
    objects.extend([
        object("aws_vpn_gateway", "vgw", json!({"vpc_id": "vpc-1"})),
        object("aws_customer_gateway", "cgw", json!({})),
        connection("vpn", json!({"vpn_gateway_id": "vgw", "static_routes_only": false})),
        object(
            "aws_vpn_gateway_route_propagation",
            "p",
            json!({"vpn_gateway_id": "vgw", "route_table_id": "rtb-vpc-1"}),
        ),
    ]);
    Example {
        name: "VPN with BGP",
        objects,
        cases: vec![
            case("vpn:vpn:192.168.1.7", "aws_instance.host-1", "tcp/22", May),
            case("aws_instance.host-1", "vpn:vpn:192.168.1.7", "tcp/22", May),
            case("vpn:vpn:192.168.1.7", "aws_instance.host-2", "tcp/22", No),
        ],
    }
}

/// A VPN attachment of a transit gateway: it reaches the VPCs that its table knows.
fn vpn_transit() -> Example {
    let mut objects = vec![transit(true, json!({}))];
    for number in [1, 2] {
        objects.extend(site(number, &[("192.168.0.0/16", TGW, "tgw")]));
    }
    objects.extend([
        attach(1, "subnet-1"),
        object("aws_customer_gateway", "cgw", json!({})),
        connection("vpn", json!({"transit_gateway_id": "tgw", "transit_gateway_attachment_id": "att-vpn"})),
        object(
            "aws_ec2_transit_gateway_route",
            "r",
            json!({
                "transit_gateway_route_table_id": "tgw-rtb", "destination_cidr_block": "192.168.1.0/24",
                "transit_gateway_attachment_id": "att-vpn",
            }),
        ),
    ]);
    Example {
        name: "VPN to a transit gateway",
        objects,
        cases: vec![
            case("vpn:vpn:192.168.1.7", "aws_instance.host-1", "tcp/22", Yes),
            case("aws_instance.host-1", "vpn:vpn:192.168.1.7", "tcp/22", Yes),
            case("vpn:vpn:192.168.2.7", "aws_instance.host-1", "tcp/22", No),
            case("vpn:vpn:192.168.1.7", "aws_instance.host-2", "tcp/22", No),
        ],
    }
}

/// "Availability Zone affinity": traffic leaves the transit gateway in the zone that it came from. In appliance mode AWS
/// A virtual private gateway, an internet gateway and a gateway endpoint serve their own VPC, not what comes to it
/// Two connections to different devices: answers take the more specific route, whichever connection asked.
fn vpn_two_connections() -> Example {
    let mut objects = site(1, &[("192.168.0.0/16", "gateway_id", "vgw")]);
    let route = |id: &str, connection: &str, range: &str| {
        object(
            "aws_vpn_connection_route",
            id,
            json!({"vpn_connection_id": connection, "destination_cidr_block": range}),
        )
    };
    objects.extend([
        object("aws_vpn_gateway", "vgw", json!({"vpc_id": "vpc-1"})),
        object("aws_customer_gateway", "cgw", json!({})),
        object("aws_customer_gateway", "cgw-other", json!({})),
        connection("wide", json!({"vpn_gateway_id": "vgw"})),
        connection("narrow", json!({"vpn_gateway_id": "vgw", "customer_gateway_id": "cgw-other"})),
        route("w", "wide", "192.168.0.0/16"),
        route("n", "narrow", "192.168.1.0/24"),
    ]);
    Example {
        name: "two VPN connections",
        objects,
        cases: vec![
            case("vpn:narrow:192.168.1.7", "aws_instance.host-1", "tcp/22", Yes),
            case("vpn:wide:192.168.2.7", "aws_instance.host-1", "tcp/22", Yes),
            case("vpn:wide:192.168.1.7", "aws_instance.host-1", "tcp/22", No),
            case("aws_instance.host-1", "vpn:narrow:192.168.1.7", "tcp/22", Yes),
        ],
    }
}

/// A transit gateway with or without default tables.
pub fn transit(usual: bool, more: serde_json::Value) -> Object {
    let word = if usual { "enable" } else { "disable" };
    let table = if usual { "tgw-rtb" } else { "" };
    let mut attributes = json!({
        "default_route_table_association": word, "default_route_table_propagation": word,
        "association_default_route_table_id": table, "propagation_default_route_table_id": table,
    });
    for (name, value) in more.as_object().into_iter().flatten() {
        attributes[name] = value.clone();
    }
    object("aws_ec2_transit_gateway", "tgw", attributes)
}

/// The attachment of a VPC by one of its subnets.
pub fn attach(number: u8, subnet: &str) -> Object {
    object(
        "aws_ec2_transit_gateway_vpc_attachment",
        &format!("att-{number}"),
        json!({
            "transit_gateway_id": "tgw", "vpc_id": format!("vpc-{number}"), "subnet_ids": [subnet],
            "ipv6_support": "disable", "appliance_mode_support": "disable", "security_group_referencing_support": "enable",
        }),
    )
}

/// A VPN connection with static routes, unless more is said.
pub fn connection(id: &str, more: serde_json::Value) -> Object {
    let mut attributes = json!({"customer_gateway_id": "cgw", "static_routes_only": true});
    for (name, value) in more.as_object().into_iter().flatten() {
        attributes[name] = value.clone();
    }
    object("aws_vpn_connection", id, attributes)
}
