//! Objects that are parts of others: what happens to a rule happens to its group, and to all that the group filters.

use crate::network::Object;
use crate::network::index::Index;
use std::collections::BTreeSet;
use std::sync::Arc;

/// The types of parts, each with the argument that names the whole and the whole's types.
const PARTS: [(&str, &str, &[&str]); 20] = [
    ("aws_eip_association", "instance_id", &["aws_instance"]),
    ("aws_lb_listener", "load_balancer_arn", &["aws_lb", "aws_alb"]),
    ("aws_lb_listener_rule", "listener_arn", &["aws_lb_listener"]),
    ("aws_lb_target_group_attachment", "target_group_arn", &["aws_lb_target_group"]),
    ("aws_lb_target_group_attachment", "target_id", &["aws_instance"]),
    ("aws_main_route_table_association", "route_table_id", &["aws_route_table"]),
    ("aws_nat_gateway_eip_association", "nat_gateway_id", &["aws_nat_gateway"]),
    ("aws_network_acl_association", "subnet_id", &["aws_subnet", "aws_default_subnet"]),
    ("aws_network_acl_rule", "network_acl_id", &["aws_network_acl", "aws_default_network_acl"]),
    ("aws_network_interface_sg_attachment", "network_interface_id", &["aws_network_interface"]),
    ("aws_rds_cluster_instance", "cluster_identifier", &["aws_rds_cluster"]),
    ("aws_route", "route_table_id", &["aws_route_table", "aws_default_route_table"]),
    ("aws_route_table_association", "subnet_id", &["aws_subnet", "aws_default_subnet"]),
    ("aws_security_group_rule", "security_group_id", GROUPS),
    ("aws_vpc_ipv4_cidr_block_association", "vpc_id", VPCS),
    ("aws_vpc_ipv6_cidr_block_association", "vpc_id", VPCS),
    ("aws_vpc_security_group_egress_rule", "security_group_id", GROUPS),
    ("aws_vpc_security_group_ingress_rule", "security_group_id", GROUPS),
    ("aws_vpn_connection_route", "vpn_connection_id", &["aws_vpn_connection"]),
    ("aws_vpn_gateway_route_propagation", "route_table_id", &["aws_route_table", "aws_default_route_table"]),
];

/// The types of wholes that name a part of theirs.
const HOLDERS: [(&str, &str, &[&str]); 4] = [
    ("aws_autoscaling_group", "launch_template.id", &["aws_launch_template"]),
    ("aws_db_instance", "db_subnet_group_name", &["aws_db_subnet_group"]),
    ("aws_lb_listener", "default_action.target_group_arn", &["aws_lb_target_group"]),
    ("aws_nat_gateway", "allocation_id", &["aws_eip"]),
];

const GROUPS: &[&str] = &["aws_security_group", "aws_default_security_group"];
const VPCS: &[&str] = &["aws_vpc", "aws_default_vpc"];

/// Each part with what it is part of, by their addresses. A part comes before what is part of the same with it as a part.
pub fn parts(objects: &[Object]) -> Vec<(Arc<str>, Arc<str>)> {
    let index = Index::new(objects);
    let mut all = Vec::new();
    for (part, argument, wholes) in PARTS {
        for (_, object) in index.of(&[part]) {
            if let Some(whole) = index.refers(&object.attributes, argument, wholes).object() {
                all.push((object.address.clone(), objects[whole].address.clone()));
            }
        }
    }
    for (whole, path, parts) in HOLDERS {
        for (_, object) in index.of(&[whole]) {
            for value in crate::network::read::elements(&object.attributes, path).all {
                if let Some(part) = index.link(value, parts).object() {
                    all.push((objects[part].address.clone(), object.address.clone()));
                }
            }
        }
    }
    // A rule of a listener is a part of its balancer: the listener comes after its rules.
    let listeners: BTreeSet<&str> = index.of(&["aws_lb_listener"]).map(|(_, object)| &*object.address).collect();
    let is_listener = |(part, _): &(Arc<str>, Arc<str>)| listeners.contains(&**part);
    let (listeners, others): (Vec<_>, Vec<_>) = all.into_iter().partition(is_listener);
    others.into_iter().chain(listeners).collect()
}
