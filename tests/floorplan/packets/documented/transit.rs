//! Transit gateways: tables, zones, ACLs, groups, ways out.

use serde_json::json;

use super::super::Answer::{May, No, Yes};
use super::meshes::{TGW, attach, connection, site, transit};
use super::{Entry, Example, acl, case, group, instance, object, subnet, table};

const ANY: &str = "0.0.0.0/0";

/// The examples.
pub fn examples() -> Vec<Example> {
    vec![
        central(),
        isolated(),
        zones_and_acls(),
        groups(),
        egress(),
        priorities(),
        two_zones(false),
        two_zones(true),
        v6(false),
        v6(true),
        edges(),
    ]
}

/// "Example: Centralized router": attachments use one table, to which all propagate.
fn central() -> Example {
    let mut objects = vec![transit(true, json!({}))];
    for number in [1, 2, 3] {
        objects.extend(site(number, &[("10.0.0.0/8", TGW, "tgw")]));
    }
    objects.extend(site(4, &[]));
    objects.extend([attach(1, "subnet-1"), attach(2, "subnet-2"), attach(4, "subnet-4")]);
    Example {
        name: "a central router",
        objects,
        cases: vec![
            case("aws_instance.host-1", "aws_instance.host-2", "tcp/22", Yes),
            case("aws_instance.host-2", "aws_instance.host-1", "ping", Yes),
            // Not attached.
            case("aws_instance.host-1", "aws_instance.host-3", "tcp/22", No),
            case("aws_instance.host-3", "aws_instance.host-1", "tcp/22", No),
            // Attached, without a route back.
            case("aws_instance.host-1", "aws_instance.host-4", "tcp/22", No),
        ],
    }
}

/// "Example: Isolated VPCs with shared services": two VPCs use a table that knows the shared one, not each other.
fn isolated() -> Example {
    let mut objects = vec![transit(false, json!({}))];
    for number in [1, 2, 3] {
        objects.extend(site(number, &[("10.0.0.0/8", TGW, "tgw")]));
        objects.push(attach(number, &format!("subnet-{number}")));
    }
    let link = |kind: &str, attachment: &str, table: &str| {
        let kind = format!("aws_ec2_transit_gateway_route_table_{kind}");
        object(
            &kind,
            &format!("{attachment}-{table}"),
            json!({
                "transit_gateway_attachment_id": attachment, "transit_gateway_route_table_id": table,
            }),
        )
    };
    objects.extend([
        object("aws_ec2_transit_gateway_route_table", "isolated", json!({"transit_gateway_id": "tgw"})),
        object("aws_ec2_transit_gateway_route_table", "shared", json!({"transit_gateway_id": "tgw"})),
        link("association", "att-1", "isolated"),
        link("association", "att-2", "isolated"),
        link("association", "att-3", "shared"),
        link("propagation", "att-3", "isolated"),
        link("propagation", "att-1", "shared"),
        link("propagation", "att-2", "shared"),
        // More specific than what is propagated.
        object("aws_ec2_transit_gateway_route", "hole", json!({
            "transit_gateway_route_table_id": "isolated", "destination_cidr_block": "10.3.0.128/25", "blackhole": true,
        })),
        instance("hidden", "subnet-3", "10.3.0.130", "", &["sg-open-3"]),
    ]);
    Example {
        name: "isolated networks",
        objects,
        cases: vec![
            case("aws_instance.host-1", "aws_instance.host-3", "tcp/22", Yes),
            case("aws_instance.host-3", "aws_instance.host-2", "tcp/22", Yes),
            case("aws_instance.host-1", "aws_instance.host-2", "tcp/22", No),
            case("aws_instance.host-1", "aws_instance.hidden", "tcp/22", No),
            case("aws_instance.hidden", "aws_instance.host-1", "tcp/22", No),
        ],
    }
}

/// a subnet in the same Availability Zone".
fn zones_and_acls() -> Example {
    let mut objects = vec![transit(true, json!({}))];
    for number in [1, 2] {
        objects.extend(site(number, &[("10.0.0.0/8", TGW, "tgw")]));
    }
    let mut elsewhere = subnet("elsewhere", "vpc-1", "10.1.9.0/24");
    elsewhere.attributes["availability_zone"] = json!("eu-west-2b");
    let open: &[Entry<'_>] = &[(100, "allow", "-1", 0, 0, ANY)];
    let from_two: &[Entry<'_>] = &[(100, "allow", "-1", 0, 0, "10.2.0.0/16")];
    let to_host: &[Entry<'_>] =
        &[(100, "allow", "-1", 0, 0, "10.1.0.10/32"), (110, "allow", "-1", 0, 0, "10.1.8.0/22")];
    let not_from_third: &[Entry<'_>] =
        &[(90, "deny", "-1", 0, 0, "10.1.8.12/32"), (100, "allow", "-1", 0, 0, "10.1.0.0/16")];
    objects.extend([
        elsewhere,
        instance("elsewhere", "elsewhere", "10.1.9.10", "", &["sg-open-1"]),
        subnet("way", "vpc-1", "10.1.1.0/28"),
        instance("other", "subnet-1", "10.1.0.11", "", &["sg-open-1"]),
        // In: what comes from the instances of VPC 1, by source. Out: what goes to them, by destination.
        acl("acl-way", "vpc-1", &["way"], not_from_third, to_host),
        subnet("near", "vpc-1", "10.1.8.0/24"),
        instance("third", "near", "10.1.8.12", "", &["sg-open-1"]),
        instance("fourth", "near", "10.1.8.13", "", &["sg-open-1"]),
        attach(1, "way"),
        // Instances and attachment in one subnet: what comes from the transit gateway is not looked at, what goes to it
        // has to pass both directions.
        acl("acl-two", "vpc-2", &["subnet-2"], from_two, open),
        attach(2, "subnet-2"),
    ]);
    Example {
        name: "zones and ACLs of attachments",
        objects,
        cases: vec![
            case("aws_instance.host-1", "aws_instance.host-2", "tcp/22", Yes),
            case("aws_instance.host-2", "aws_instance.host-1", "tcp/22", Yes),
            case("aws_instance.other", "aws_instance.host-2", "tcp/22", No),
            case("aws_instance.host-2", "aws_instance.other", "tcp/22", No),
            case("aws_instance.third", "aws_instance.host-2", "tcp/22", No),
            case("aws_instance.fourth", "aws_instance.host-2", "tcp/22", Yes),
            case("aws_instance.elsewhere", "aws_instance.host-2", "tcp/22", No),
        ],
    }
}

/// rules referencing over Transit Gateway aren't supported."
fn groups() -> Example {
    let mut objects = vec![transit(true, json!({"security_group_referencing_support": "enable"}))];
    for number in [1, 2, 3] {
        objects.extend(site(number, &[("10.0.0.0/8", TGW, "tgw")]));
    }
    let mut without = attach(3, "subnet-3");
    without.attributes["security_group_referencing_support"] = json!("disable");
    objects.extend([
        attach(1, "subnet-1"),
        attach(2, "subnet-2"),
        without,
        group("sg-two", "vpc-1", &[("tcp", 443, 443, "sg-open-2")], &[("tcp", 443, 443, "sg-open-2")]),
        group("sg-three", "vpc-1", &[("tcp", 443, 443, "sg-open-3")], &[]),
        instance("two", "subnet-1", "10.1.0.20", "", &["sg-two"]),
        instance("three", "subnet-1", "10.1.0.30", "", &["sg-three"]),
    ]);
    Example {
        name: "groups over a transit gateway",
        objects,
        cases: vec![
            case("aws_instance.host-2", "aws_instance.two", "tcp/443", Yes),
            case("aws_instance.host-1", "aws_instance.two", "tcp/443", No),
            case("aws_instance.host-3", "aws_instance.three", "tcp/443", No),
            case("aws_instance.two", "aws_instance.host-2", "tcp/443", No),
        ],
    }
}

/// "Example: Centralized outbound routing to the internet": a default route to a VPC with a NAT gateway.
fn egress() -> Example {
    let mut objects = vec![transit(true, json!({}))];
    objects.extend(site(1, &[(ANY, TGW, "tgw")]));
    objects.extend(site(2, &[]));
    objects.extend([
        attach(1, "subnet-1"),
        attach(2, "subnet-2"),
        object(
            "aws_ec2_transit_gateway_route",
            "out",
            json!({
                "transit_gateway_route_table_id": "tgw-rtb", "destination_cidr_block": ANY,
                "transit_gateway_attachment_id": "att-2", "blackhole": false,
            }),
        ),
        subnet("out", "vpc-2", "10.2.1.0/24"),
        object("aws_internet_gateway", "igw", json!({"vpc_id": "vpc-2"})),
        object("aws_eip", "eip", json!({"public_ip": "198.51.100.5"})),
        object(
            "aws_nat_gateway",
            "nat",
            json!({
                "subnet_id": "out", "private_ip": "10.2.1.5", "allocation_id": "eip", "connectivity_type": "public",
            }),
        ),
    ]);
    objects.extend(table("rtb-in", "vpc-2", &["subnet-2"], &[(ANY, "nat_gateway_id", "nat")]));
    objects.extend(table("rtb-out", "vpc-2", &["out"], &[(ANY, "gateway_id", "igw"), ("10.1.0.0/16", TGW, "tgw")]));
    Example {
        name: "a central way out",
        objects,
        cases: vec![
            case("aws_instance.host-1", "internet:203.0.113.9", "tcp/443", Yes),
            case("aws_instance.host-2", "internet:203.0.113.9", "tcp/443", Yes),
            case("internet:203.0.113.9", "198.51.100.5", "tcp/443", No),
            // The subnet of the attachment has no route back to the transit gateway.
            case("aws_instance.host-1", "aws_instance.host-2", "tcp/443", No),
        ],
    }
}

/// "Route evaluation order": the most specific route, then static ones before propagated ones.
fn priorities() -> Example {
    let mut objects = vec![transit(true, json!({}))];
    for number in [1, 2, 3] {
        objects.extend(site(number, &[("10.0.0.0/8", TGW, "tgw")]));
        objects.push(attach(number, &format!("subnet-{number}")));
    }
    let route = |id: &str, range: &str, more: serde_json::Value| {
        let mut of = json!({"transit_gateway_route_table_id": "tgw-rtb", "destination_cidr_block": range});
        for (name, value) in more.as_object().into_iter().flatten() {
            of[name] = value.clone();
        }
        object("aws_ec2_transit_gateway_route", id, of)
    };
    objects.extend([
        route("hole", "10.3.0.0/16", json!({"blackhole": true})),
        route("wide", "10.0.0.0/8", json!({"transit_gateway_attachment_id": "att-3", "blackhole": false})),
        group("sg-referring", "vpc-1", &[("tcp", 443, 443, "sg-open-2")], &[]),
        instance("referring", "subnet-1", "10.1.0.20", "", &["sg-referring"]),
    ]);
    Example {
        name: "priorities of transit gateway routes",
        objects,
        cases: vec![
            case("aws_instance.host-1", "aws_instance.host-2", "tcp/22", Yes),
            case("aws_instance.host-1", "aws_instance.host-3", "tcp/22", No),
            case("aws_instance.host-3", "aws_instance.host-1", "tcp/22", No),
            // Both attachments support references to groups, the transit gateway does not.
            case("aws_instance.host-2", "aws_instance.referring", "tcp/443", No),
        ],
    }
}

/// chooses a zone for each flow; the way through one of them is closed here.
fn two_zones(appliance: bool) -> Example {
    let mut objects = vec![transit(true, json!({}))];
    for number in [1, 2] {
        objects.extend(site(number, &[("10.0.0.0/8", TGW, "tgw")]));
    }
    let mut other_zone = subnet("way-b", "vpc-2", "10.2.2.0/28");
    other_zone.attributes["availability_zone"] = json!("eu-west-2b");
    let mut two = attach(2, "way-a");
    two.attributes["subnet_ids"] = json!(["way-a", "way-b"]);
    two.attributes["appliance_mode_support"] = json!(if appliance { "enable" } else { "disable" });
    let open: &[Entry<'_>] = &[(100, "allow", "-1", 0, 0, ANY)];
    objects.extend([
        subnet("way-a", "vpc-2", "10.2.1.0/28"),
        other_zone,
        acl("acl-way-b", "vpc-2", &["way-b"], open, &[]),
        attach(1, "subnet-1"),
        two,
    ]);
    Example {
        name: if appliance { "appliance mode" } else { "zone affinity" },
        objects,
        cases: vec![
            case("aws_instance.host-1", "aws_instance.host-2", "tcp/22", if appliance { May } else { Yes }),
            case("aws_instance.host-2", "aws_instance.host-1", "tcp/22", if appliance { May } else { Yes }),
        ],
    }
}

/// IPv6 needs the support of both attachments.
fn v6(supported: bool) -> Example {
    let mut objects = vec![transit(true, json!({}))];
    for number in [1, 2] {
        objects.extend(site(number, &[]));
        let mut attachment = attach(number, &format!("subnet-{number}"));
        attachment.attributes["ipv6_support"] = json!(if supported || number == 1 { "enable" } else { "disable" });
        objects.push(attachment);
        objects.push(object(
            "aws_route",
            &format!("r6-{number}"),
            json!({
                "route_table_id": format!("rtb-vpc-{number}"), "destination_ipv6_cidr_block": "2001:db8::/32",
                "transit_gateway_id": "tgw",
            }),
        ));
        // Static, so that only the attachments' support makes the difference.
        objects.push(object(
            "aws_ec2_transit_gateway_route",
            &format!("t6-{number}"),
            json!({
                "transit_gateway_route_table_id": "tgw-rtb", "destination_cidr_block": format!("2001:db8:{number}00::/56"),
                "transit_gateway_attachment_id": format!("att-{number}"), "blackhole": false,
            }),
        ));
    }
    for object in &mut objects {
        let number = object.address.chars().last().unwrap_or('0');
        match object.kind.as_str() {
            "aws_vpc" => object.attributes["ipv6_cidr_block"] = json!(format!("2001:db8:{number}00::/56")),
            "aws_subnet" => object.attributes["ipv6_cidr_block"] = json!(format!("2001:db8:{number}00::/64")),
            "aws_instance" => object.attributes["ipv6_addresses"] = json!([format!("2001:db8:{number}00::10")]),
            "aws_security_group" => {
                for way in ["ingress", "egress"] {
                    object.attributes[way][0]["ipv6_cidr_blocks"] = json!(["::/0"]);
                }
            }
            _ => {}
        }
    }
    Example {
        name: if supported { "IPv6 over a transit gateway" } else { "an attachment without IPv6" },
        objects,
        cases: vec![case("aws_instance.host-1", "aws_instance.host-2", "tcp/22", if supported { Yes } else { No })],
    }
}

/// through a transit gateway.
fn edges() -> Example {
    let mut objects = vec![transit(true, json!({}))];
    objects.extend(site(1, &[(ANY, TGW, "tgw")]));
    let routes = [("10.1.0.0/16", TGW, "tgw"), ("192.168.0.0/16", "gateway_id", "vgw"), (ANY, "gateway_id", "igw")];
    objects.extend(site(2, &routes));
    objects.extend([
        attach(1, "subnet-1"),
        attach(2, "subnet-2"),
        object(
            "aws_ec2_transit_gateway_route",
            "out",
            json!({
                "transit_gateway_route_table_id": "tgw-rtb", "destination_cidr_block": ANY,
                "transit_gateway_attachment_id": "att-2",
            }),
        ),
        object("aws_internet_gateway", "igw", json!({"vpc_id": "vpc-2"})),
        object("aws_vpn_gateway", "vgw", json!({"vpc_id": "vpc-2"})),
        object("aws_customer_gateway", "cgw", json!({})),
        connection("vpn", json!({"vpn_gateway_id": "vgw"})),
        object(
            "aws_vpn_connection_route",
            "v",
            json!({"vpn_connection_id": "vpn", "destination_cidr_block": "192.168.0.0/16"}),
        ),
        object(
            "aws_vpc_endpoint",
            "s3",
            json!({
                "vpc_id": "vpc-2", "vpc_endpoint_type": "Gateway", "cidr_blocks": ["52.95.148.0/23"],
                "prefix_list_id": "pl-s3", "route_table_ids": ["rtb-vpc-2"],
            }),
        ),
    ]);
    Example {
        name: "edges behind a transit gateway",
        objects,
        cases: vec![
            case("aws_instance.host-1", "aws_instance.host-2", "tcp/22", Yes),
            case("aws_instance.host-2", "vpn:vpn:192.168.1.7", "tcp/22", Yes),
            case("aws_instance.host-1", "vpn:vpn:192.168.1.7", "tcp/22", No),
            case("aws_instance.host-2", "52.95.148.9", "tcp/443", Yes),
            case("aws_instance.host-1", "52.95.148.9", "tcp/443", No),
            case("aws_instance.host-1", "internet:203.0.113.9", "tcp/443", No),
        ],
    }
}
