//! Traffic with the Internet: gateways, NAT, public addresses, answers through ACLs, blocked public access.

use super::*;
use crate::network::Answer::{May, No, Yes};
use crate::network::Object;
use crate::network::space::{Packets, TCP};
use crate::network::{Model, Source};
use serde_json::json;

/// A public subnet with a bastion, a private one with a server behind a NAT gateway.
pub(super) fn public() -> Vec<Object> {
    vec![
        vpc("v", "10.0.0.0/16"),
        subnet("pub", "v", "10.0.1.0/24"),
        subnet("priv", "v", "10.0.2.0/24"),
        gateway("igw", "v"),
        object("aws_nat_gateway.nat", json!({ "subnet_id": "pub", "private_ip": "10.0.1.9", "public_ip": "54.9.9.9" })),
        table("pub", "v", json!([{ "cidr_block": "0.0.0.0/0", "gateway_id": "igw" }])),
        table("priv", "v", json!([{ "cidr_block": "0.0.0.0/0", "nat_gateway_id": "nat" }])),
        follows("pub", "pub"),
        follows("priv", "priv"),
        open_group("open", "v"),
        public_instance("bastion", "pub", "10.0.1.5", &["open"]),
        instance("app", "priv", "10.0.2.5", &["open"]),
    ]
}

fn replace(objects: &mut [Object], new: Object) {
    let old = objects.iter_mut().find(|old| old.address == new.address).expect("an object of this address");
    *old = new;
}

#[test]
fn the_internet_reaches_public_addresses_only() {
    let objects = public();
    assert_eq!(answer(&objects, "internet", "aws_instance.bastion", 22), Yes);
    let path = ask(&objects, "internet", "aws_instance.bastion", 22).path;
    assert_eq!(
        path.join(" > "),
        "internet > aws_internet_gateway.igw > aws_security_group.open > aws_instance.bastion"
    );
    insta::assert_snapshot!(blocked(&objects, "internet", "aws_instance.app", 22), @r"
    aws_instance.app: it has no public IPv4 address
    aws_nat_gateway.nat: answers leave through it, under another address
    ");
    assert_eq!(answer(&objects, "internet", "aws_nat_gateway.nat", 80), No);
}

#[test]
fn a_private_range_is_not_the_internet() {
    let mut objects = public();
    replace(&mut objects, group("open", "v", json!([rule("tcp", 22, 22, &["10.0.0.0/8"])]), json!([])));
    assert_eq!(answer(&objects, "internet", "aws_instance.bastion", 22), No);
    assert_eq!(answer(&objects, "10.0.2.7", "aws_instance.bastion", 22), Yes);
}

#[test]
fn without_a_gateway_all_that_is_missing_is_listed() {
    let mut objects = public();
    objects.retain(|object| &*object.address != "aws_internet_gateway.igw");
    replace(&mut objects, group("open", "v", json!([]), json!([])));
    insta::assert_snapshot!(blocked(&objects, "internet", "aws_instance.app", 22), @r"
    aws_instance.app: it has no public IPv4 address
    aws_vpc.v: no internet gateway is attached to it
    aws_nat_gateway.nat: answers leave through it, under another address
    aws_security_group.open: no ingress rule of aws_security_group.open lets tcp/22 in from the Internet
    ");
}

#[test]
fn private_subnets_leave_through_nat() {
    let objects = public();
    let reach = ask(&objects, "aws_instance.app", "internet", 443);
    assert_eq!(reach.answer, Yes);
    insta::assert_snapshot!(reach.path.join(" > "), @"aws_instance.app > aws_security_group.open > aws_route_table.priv > aws_nat_gateway.nat > aws_route_table.pub > aws_internet_gateway.igw > internet");
    assert_eq!(answer(&objects, "aws_instance.bastion", "internet", 443), Yes);
    let mut direct = public();
    replace(&mut direct, follows("priv", "pub"));
    assert_eq!(answer(&direct, "aws_instance.app", "internet", 443), No);
}

#[test]
fn answers_come_back_on_ephemeral_ports() {
    let with = |last: i32| {
        let mut objects = public();
        let ingress = json!([entry(100, "allow", "tcp", 22, 22, "0.0.0.0/0")]);
        let egress = json!([entry(100, "allow", "tcp", 1024, last, "0.0.0.0/0")]);
        objects.push(acl("n", "v", &["pub"], ingress, egress));
        objects
    };
    assert_eq!(answer(&with(65535), "internet", "aws_instance.bastion", 22), Yes);
    // Some clients use ports above.
    assert_eq!(answer(&with(60999), "internet", "aws_instance.bastion", 22), May);
    let none = {
        let mut objects = public();
        let ingress = json!([entry(100, "allow", "tcp", 22, 22, "0.0.0.0/0")]);
        objects.push(acl("n", "v", &["pub"], ingress, json!([entry(100, "allow", "tcp", 22, 22, "0.0.0.0/0")])));
        objects
    };
    insta::assert_snapshot!(blocked(&none, "internet", "aws_instance.bastion", 22), @"aws_network_acl.n: it does not let the answers to tcp/22 out of aws_subnet.pub to the Internet");
}

#[test]
fn a_nat_gateway_is_behind_the_acl_of_its_subnet() {
    let with = |ingress| {
        let mut objects = public();
        objects.push(acl("n", "v", &["pub"], ingress, json!([entry(100, "allow", "-1", 0, 0, "0.0.0.0/0")])));
        objects
    };
    let inside = entry(100, "allow", "tcp", 443, 443, "10.0.2.0/24");
    let answers = entry(110, "allow", "tcp", 1024, 65535, "0.0.0.0/0");
    assert_eq!(answer(&with(json!([inside.clone(), answers])), "aws_instance.app", "internet", 443), Yes);
    assert_eq!(answer(&with(json!([inside])), "aws_instance.app", "internet", 443), No);
}

#[test]
fn blocked_public_access_is_a_setting_in_the_way() {
    let with = |mode: &str, exclusion: Option<&str>| {
        let mut objects = public();
        let mode = json!({ "internet_gateway_block_mode": mode });
        objects.push(object("aws_vpc_block_public_access_options.o", mode));
        objects.extend(exclusion.map(|mode| {
            let of = json!({ "vpc_id": "v", "internet_gateway_exclusion_mode": mode });
            object("aws_vpc_block_public_access_exclusion.e", of)
        }));
        let ask = |from: &str, to: &str| answer(&objects, from, to, 443);
        [
            ask("internet", "aws_instance.bastion"),
            ask("aws_instance.bastion", "internet"),
            ask("aws_instance.app", "internet"),
        ]
    };
    assert_eq!(with("off", None), [Yes, Yes, Yes]);
    assert_eq!(with("block-ingress", None), [No, No, Yes]);
    assert_eq!(with("block-bidirectional", None), [No, No, No]);
    assert_eq!(with("block-bidirectional", Some("allow-bidirectional")), [Yes, Yes, Yes]);
    assert_eq!(with("block-bidirectional", Some("allow-egress")), [No, Yes, Yes]);
}

#[test]
fn an_egress_only_gateway_lets_ipv6_out_and_nothing_in() {
    let with = |target: &str| {
        vec![
            object("aws_vpc.v", json!({ "cidr_block": "10.0.0.0/16", "ipv6_cidr_block": "2a05:d018::/56" })),
            object(
                "aws_subnet.s",
                json!({ "vpc_id": "v", "cidr_block": "10.0.1.0/24", "ipv6_cidr_block": "2a05:d018::/64" }),
            ),
            gateway("igw", "v"),
            object("aws_egress_only_internet_gateway.out", json!({ "vpc_id": "v" })),
            table(
                "t",
                "v",
                json!([{ "ipv6_cidr_block": "::/0", target: if target == "gateway_id" { "igw" } else { "out" } }]),
            ),
            follows("s", "t"),
            group(
                "g",
                "v",
                json!([{ "protocol": "-1", "ipv6_cidr_blocks": ["::/0"] }]),
                json!([{ "protocol": "-1", "ipv6_cidr_blocks": ["::/0"] }]),
            ),
            object(
                "aws_instance.i",
                json!({
                    "subnet_id": "s", "private_ip": "10.0.1.5", "ipv6_addresses": ["2a05:d018::5"],
                    "vpc_security_group_ids": ["g"], "public_ip": "",
                }),
            ),
        ]
    };
    let both = |target: &str| {
        let objects = with(target);
        [answer(&objects, "aws_instance.i", "internet", 443), answer(&objects, "internet", "aws_instance.i", 443)]
    };
    assert_eq!(both("egress_only_gateway_id"), [Yes, No]);
    assert_eq!(both("gateway_id"), [Yes, Yes]);
}

#[test]
fn an_elastic_address_makes_a_card_public() {
    let mut objects = public();
    objects.push(object(
        "aws_network_interface.card",
        json!({ "subnet_id": "pub", "private_ip": "10.0.1.20", "security_groups": ["open"] }),
    ));
    assert_eq!(answer(&objects, "internet", "aws_network_interface.card", 80), No);
    objects.push(object("aws_eip.e", json!({ "network_interface": "card", "public_ip": "54.3.3.3" })));
    assert_eq!(answer(&objects, "internet", "aws_network_interface.card", 80), Yes);
}

#[test]
fn a_balancer_answers_on_the_ports_of_its_listeners() {
    let mut objects = public();
    objects.push(object(
        "aws_lb.web",
        json!({ "subnets": ["pub"], "security_groups": ["open"], "internal": false, "load_balancer_type": "application" }),
    ));
    objects
        .push(object("aws_lb_listener.https", json!({ "load_balancer_arn": "web", "port": 443, "protocol": "HTTPS" })));
    assert_eq!(answer(&objects, "internet", "aws_lb.web", 443), Yes);
    insta::assert_snapshot!(blocked(&objects, "internet", "aws_lb.web", 80), @"aws_lb.web: it does not answer tcp/80 (it answers tcp/443)");
}

#[test]
fn flows_say_from_where_and_through_what() {
    let mut objects = public();
    replace(&mut objects, group("open", "v", json!([rule("tcp", 22, 22, &["54.0.0.0/8", "10.0.0.0/8"])]), json!([])));
    let flows = Model::of(&objects).flows(&Source::Internet).unwrap();
    let lines: Vec<String> =
        flows.iter().map(|flow| format!("{} {}", flow.path.join(" > "), flow.packets.sure)).collect();
    assert_eq!(
        lines,
        ["internet > aws_internet_gateway.igw > aws_security_group.open > aws_instance.bastion tcp/22 with 54.0.0.0/8"]
    );
    assert!(flows.iter().all(|flow| flow.packets.sure == flow.packets.may && flow.doubts.is_empty()));
    let from = Source::Object("aws_instance.app".into());
    let flows = Model::of(&public()).flows(&from).unwrap();
    let to: Vec<&str> = flows.iter().map(|flow| &*flow.destination).collect();
    assert_eq!(to, ["aws_instance.bastion", "internet"]);
    assert!(Packets::with_ports(TCP, 443, 443).meets(&flows[1].packets.sure));
}

#[test]
fn a_gateway_endpoint_is_reached_by_its_tables() {
    let with = |tables: &[&str], egress: serde_json::Value| {
        let mut objects = public();
        objects.push(object(
            "aws_vpc_endpoint.s3",
            json!({
                "vpc_id": "v", "service_name": "com.amazonaws.eu-west-1.s3", "vpc_endpoint_type": "Gateway",
                "route_table_ids": tables, "prefix_list_id": "pl-s3",
            }),
        ));
        let listed = json!({
            "cidr_block": "", "destination_prefix_list_id": "pl-s3", "gateway_id": "vpce-123",
        });
        let default = json!({ "cidr_block": "0.0.0.0/0", "nat_gateway_id": "nat" });
        replace(&mut objects, table("priv", "v", json!([default, listed])));
        replace(&mut objects, group("open", "v", json!([]), egress));
        objects
    };
    let list = json!([{ "protocol": "tcp", "from_port": 443, "to_port": 443, "prefix_list_ids": ["pl-s3"] }]);
    assert_eq!(answer(&with(&["priv"], list.clone()), "aws_instance.app", "aws_vpc_endpoint.s3", 443), Yes);
    assert_eq!(answer(&with(&["priv"], list.clone()), "aws_instance.app", "aws_vpc_endpoint.s3", 80), No);
    let any = json!([rule("tcp", 443, 443, &["0.0.0.0/0"])]);
    assert_eq!(answer(&with(&["priv"], any.clone()), "aws_instance.app", "aws_vpc_endpoint.s3", 443), Yes);
    // Its route takes nothing from the way to the rest of the Internet.
    assert_eq!(answer(&with(&["priv"], any), "aws_instance.app", "internet", 443), Yes);
    insta::assert_snapshot!(blocked(&with(&["pub"], list), "aws_instance.app", "aws_vpc_endpoint.s3", 443), @"aws_route_table.priv: no route to aws_vpc_endpoint.s3");
}
