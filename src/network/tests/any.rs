//! Objects that mean nothing: any types with any attributes, which refer to each other in circles and to nothing. No
//! question about them fails, and none takes long.

use crate::network::{Model, Object, Source};
use crate::value::{Origin, Type, Value};
use proptest::prelude::*;

const TYPES: [&str; 28] = [
    "aws_vpc",
    "aws_subnet",
    "aws_instance",
    "aws_network_interface",
    "aws_internet_gateway",
    "aws_nat_gateway",
    "aws_route_table",
    "aws_default_route_table",
    "aws_route",
    "aws_route_table_association",
    "aws_main_route_table_association",
    "aws_vpc_peering_connection",
    "aws_ec2_transit_gateway",
    "aws_ec2_transit_gateway_vpc_attachment",
    "aws_ec2_transit_gateway_route",
    "aws_vpn_gateway",
    "aws_vpn_connection",
    "aws_vpn_gateway_route_propagation",
    "aws_security_group",
    "aws_security_group_rule",
    "aws_default_security_group",
    "aws_network_acl",
    "aws_network_acl_rule",
    "aws_default_network_acl",
    "aws_lb",
    "aws_lb_listener",
    "aws_eip",
    "aws_vpc_endpoint",
];

/// Attributes that are read of many types.
const NAMES: [&str; 33] = [
    "id",
    "vpc_id",
    "peer_vpc_id",
    "subnet_id",
    "subnet_ids",
    "subnets",
    "cidr_block",
    "ipv6_cidr_block",
    "destination_cidr_block",
    "route",
    "route_table_id",
    "gateway_id",
    "nat_gateway_id",
    "network_interface_id",
    "vpc_peering_connection_id",
    "transit_gateway_id",
    "transit_gateway_attachment_id",
    "transit_gateway_route_table_id",
    "vpn_gateway_id",
    "ingress",
    "egress",
    "protocol",
    "from_port",
    "to_port",
    "security_groups",
    "vpc_security_group_ids",
    "security_group_id",
    "cidr_blocks",
    "rule_no",
    "action",
    "private_ip",
    "source_dest_check",
    "load_balancer_arn",
];

const TEXTS: [&str; 14] =
    ["o0", "o1", "o2", "o3", "o4", "10.0.0.0/8", "0.0.0.0/0", "10.1.2.3", "::/0", "tcp", "-1", "allow", "local", ""];

fn value() -> impl Strategy<Value = Value> {
    let plain = prop_oneof![
        8 => proptest::sample::select(&TEXTS[..]).prop_map(Value::from),
        2 => (-2..70_000i64).prop_map(Value::from),
        1 => any::<bool>().prop_map(Value::from),
        1 => Just(Value::any_null()),
        1 => Just(Value::unknown(Type::String)),
        1 => Just(Value::unknown(Type::set(Type::Dynamic))),
        2 => (0..5usize, proptest::sample::select(&["id", "arn"][..])).prop_map(|(at, name)| {
            let origin = || Origin { address: format!("any.o{at}").into(), attribute: name.into() };
            Value::unknown(Type::String).from_origin(origin)
        }),
    ];
    plain.prop_recursive(2, 12, 4, |inner| {
        let name = proptest::sample::select(&NAMES[..]);
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::tuple),
            proptest::collection::vec((name, inner), 0..4).prop_map(|entries| {
                let entries: std::collections::BTreeMap<&str, Value> = entries.into_iter().collect();
                Value::object(entries)
            }),
        ]
    })
}

fn objects() -> impl Strategy<Value = Vec<Object>> {
    let attributes = proptest::collection::btree_map(proptest::sample::select(&NAMES[..]), value(), 2..12);
    let object = (proptest::sample::select(&TYPES[..]), attributes);
    proptest::collection::vec(object, 1..20).prop_map(|all| {
        let named = all.into_iter().enumerate().map(|(at, (type_name, mut attributes))| {
            attributes.entry("id").or_insert_with(|| format!("o{at}").into());
            let address = format!("any.o{at}").into();
            Object { address, type_name: type_name.into(), attributes: Value::object(attributes) }
        });
        named.collect()
    })
}

proptest! {
    #[test]
    fn no_object_stops_the_model(objects in objects()) {
        let model = Model::of(&objects);
        prop_assert!(model.flows(&Source::Internet).is_ok());
        prop_assert!(model.flows(&Source::Vpn).is_ok());
        let _ = model.served(&Source::Internet);
        let _ = model.targets();
        for object in &objects {
            let _ = model.flows(&Source::Object(object.address.clone()));
        }
    }
}
