//! AWS's answers to listings as the objects that the packet walker follows packets through. What does not carry traffic
//! at the moment (a gateway that is being made, a stopped instance, a connection without a tunnel) is left out.

#[cfg(test)]
mod tests;

use crate::packets::{Object, Objects};
use crate::support::World;
use roxmltree::{Document, Node};
use serde_json::{Value as Json, json};

type Made = fn(Node<'_, '_>) -> Objects;

/// What is listed in one call each, the list's name in the answer, and the objects of one of its elements.
const LISTINGS: [(&str, &str, &str, Made); 13] = [
    ("ec2", "DescribeVpcs", "vpcSet", vpc),
    ("ec2", "DescribeSubnets", "subnetSet", subnet),
    ("ec2", "DescribeRouteTables", "routeTableSet", route_table),
    ("ec2", "DescribeInternetGateways", "internetGatewaySet", internet_gateway),
    ("ec2", "DescribeNatGateways", "natGatewaySet", nat_gateway),
    ("ec2", "DescribeVpnGateways", "vpnGatewaySet", vpn_gateway),
    ("ec2", "DescribeVpnConnections", "vpnConnectionSet", vpn_connection),
    ("ec2", "DescribeNetworkAcls", "networkAclSet", network_acl),
    ("ec2", "DescribeSecurityGroups", "securityGroupInfo", security_group),
    ("ec2", "DescribeInstances", "reservationSet", reservation),
    ("ec2", "DescribeAddresses", "addressesSet", address),
    ("ec2", "DescribeNetworkInterfaces", "networkInterfaceSet", further_interface),
    ("rds", "DescribeDBInstances", "DBInstances", database),
];

/// All that there is.
pub fn listed(world: &World) -> Objects {
    let mut objects = Vec::new();
    for (service, action, list, made) in LISTINGS {
        objects.extend(each(world.query(service, action, &[]).text(), list, made));
    }
    let nodes = world.query("ec2", "DescribeNetworkInterfaces", &[]);
    let balancers = each(world.query("elasticloadbalancing", "DescribeLoadBalancers", &[]).text(), "LoadBalancers", lb);
    for mut balancer in balancers {
        let arn = balancer.attributes["id"].as_str().unwrap_or_default().to_owned();
        balancer.attributes["subnet_mapping"] = json!(nodes_of(nodes.text(), &arn));
        let listeners = below(world, "DescribeListeners", ("LoadBalancerArn", &arn), "Listeners", listener);
        for listener in &listeners {
            let of = ("ListenerArn", listener.attributes["id"].as_str().unwrap_or_default());
            let mut rules = below(world, "DescribeRules", of, "Rules", listener_rule);
            rules.iter_mut().for_each(|rule| rule.attributes["listener_arn"] = json!(of.1));
            objects.extend(rules);
        }
        objects.extend(listeners);
        let target = "AWSWAF_20190729.GetWebACLForResource";
        let acl = world.json("wafv2", target, json!({ "ResourceArn": arn }));
        balancer.attributes["blocked"] = json!(acl["WebACL"]["DefaultAction"]["Block"].is_object());
        objects.push(balancer);
    }
    let groups = world.query("elasticloadbalancing", "DescribeTargetGroups", &[]);
    for group in each(groups.text(), "TargetGroups", target_group) {
        let arn = group.attributes["id"].as_str().unwrap_or_default().to_owned();
        let mut targets =
            below(world, "DescribeTargetHealth", ("TargetGroupArn", &arn), "TargetHealthDescriptions", target);
        targets.iter_mut().for_each(|target| target.attributes["target_group_arn"] = json!(arn));
        objects.extend(targets);
        objects.push(group);
    }
    objects
}

/// What belongs to another object, which may be gone by now.
fn below(world: &World, action: &str, of: (&str, &str), list: &str, made: Made) -> Objects {
    let (status, answer) = world.try_query("elasticloadbalancing", action, &[of]);
    if status == 200 { each(answer.text(), list, made) } else { Vec::new() }
}

/// The objects of all elements of the first list of this name in an answer.
fn each(answer: &str, list: &str, made: Made) -> Objects {
    let document = Document::parse(answer).expect("AWS answers well-formed XML");
    let found = document.descendants().find(|node| node.tag_name().name() == list);
    found.map_or(Vec::new(), |list| elements(list).flat_map(made).collect())
}

fn elements<'a, 'd>(node: Node<'a, 'd>) -> impl Iterator<Item = Node<'a, 'd>> + use<'a, 'd> {
    node.children().filter(Node::is_element)
}

/// The element at a path of names.
fn at<'a, 'd>(node: Node<'a, 'd>, path: &str) -> Option<Node<'a, 'd>> {
    path.split('/').try_fold(node, |node, name| elements(node).find(|child| child.tag_name().name() == name))
}

/// The text at a path of names; empty where there is none.
fn text<'a>(node: Node<'a, '_>, path: &str) -> &'a str {
    at(node, path).and_then(|node| node.text()).unwrap_or_default()
}

/// The elements of the list at a path.
fn list<'a, 'd>(node: Node<'a, 'd>, path: &str) -> Vec<Node<'a, 'd>> {
    at(node, path).map_or(Vec::new(), |list| elements(list).collect())
}

/// The texts at a path in each element of a list.
fn texts(node: Node<'_, '_>, list_path: &str, path: &str) -> Vec<String> {
    list(node, list_path).into_iter().map(|each| text(each, path).to_owned()).collect()
}

/// The text of the first element of a list.
fn first(node: Node<'_, '_>, list_path: &str, path: &str) -> String {
    texts(node, list_path, path).into_iter().next().unwrap_or_default()
}

fn one(kind: &str, id: &str, attributes: Json) -> Objects {
    let mut object = Object::new(kind, id, attributes);
    object.attributes["id"] = json!(id);
    vec![object]
}

fn vpc(item: Node<'_, '_>) -> Objects {
    let (id, range) = (text(item, "vpcId"), text(item, "cidrBlock"));
    let v6 = first(item, "ipv6CidrBlockAssociationSet", "ipv6CidrBlock");
    let mut all = one("aws_vpc", id, json!({ "cidr_block": range, "ipv6_cidr_block": v6 }));
    for further in texts(item, "cidrBlockAssociationSet", "cidrBlock").into_iter().filter(|each| each != range) {
        let attributes = json!({ "vpc_id": id, "cidr_block": further });
        all.extend(one("aws_vpc_ipv4_cidr_block_association", &format!("{id} {further}"), attributes));
    }
    all
}

fn subnet(item: Node<'_, '_>) -> Objects {
    let attributes = json!({
        "vpc_id": text(item, "vpcId"),
        "availability_zone": text(item, "availabilityZone"),
        "cidr_block": text(item, "cidrBlock"),
        "ipv6_cidr_block": first(item, "ipv6CidrBlockAssociationSet", "ipv6CidrBlock"),
    });
    one("aws_subnet", text(item, "subnetId"), attributes)
}

fn route_table(item: Node<'_, '_>) -> Objects {
    let (id, vpc) = (text(item, "routeTableId"), text(item, "vpcId"));
    // The walker finds out itself what is propagated.
    let given = list(item, "routeSet").into_iter().filter(|r| text(*r, "origin") != "EnableVgwRoutePropagation");
    let attributes = json!({
        "vpc_id": vpc,
        "propagating_vgws": texts(item, "propagatingVgwSet", "gatewayId"),
        "route": given.map(route).collect::<Vec<_>>(),
    });
    let mut all = one("aws_route_table", id, attributes);
    for association in list(item, "associationSet") {
        let own = text(association, "routeTableAssociationId");
        let attributes = json!({
            "route_table_id": id,
            "vpc_id": vpc,
            "subnet_id": text(association, "subnetId"),
            "gateway_id": text(association, "gatewayId"),
        });
        let main = text(association, "main") == "true";
        let kind = if main { "aws_main_route_table_association" } else { "aws_route_table_association" };
        all.extend(one(kind, own, attributes));
    }
    all
}

fn route(item: Node<'_, '_>) -> Json {
    json!({
        "cidr_block": text(item, "destinationCidrBlock"),
        "ipv6_cidr_block": text(item, "destinationIpv6CidrBlock"),
        "destination_prefix_list_id": text(item, "destinationPrefixListId"),
        "gateway_id": text(item, "gatewayId"),
        "nat_gateway_id": text(item, "natGatewayId"),
        "egress_only_gateway_id": text(item, "egressOnlyInternetGatewayId"),
        "transit_gateway_id": text(item, "transitGatewayId"),
        "vpc_peering_connection_id": text(item, "vpcPeeringConnectionId"),
        "network_interface_id": text(item, "networkInterfaceId"),
    })
}

fn internet_gateway(item: Node<'_, '_>) -> Objects {
    let vpc = first(item, "attachmentSet", "vpcId");
    one("aws_internet_gateway", text(item, "internetGatewayId"), json!({ "vpc_id": vpc }))
}

fn nat_gateway(item: Node<'_, '_>) -> Objects {
    if text(item, "state") != "available" {
        return Vec::new();
    }
    let attributes = json!({
        "subnet_id": text(item, "subnetId"),
        "connectivity_type": text(item, "connectivityType"),
        "private_ip": first(item, "natGatewayAddressSet", "privateIp"),
        "public_ip": first(item, "natGatewayAddressSet", "publicIp"),
    });
    one("aws_nat_gateway", text(item, "natGatewayId"), attributes)
}

fn vpn_gateway(item: Node<'_, '_>) -> Objects {
    let attached = list(item, "attachments").into_iter().find(|each| text(*each, "state") == "attached");
    let vpc = attached.map_or("", |each| text(each, "vpcId"));
    one("aws_vpn_gateway", text(item, "vpnGatewayId"), json!({ "vpc_id": vpc }))
}

fn vpn_connection(item: Node<'_, '_>) -> Objects {
    let up = texts(item, "vgwTelemetry", "status").iter().any(|status| status == "UP");
    if text(item, "state") != "available" || !up {
        return Vec::new();
    }
    let id = text(item, "vpnConnectionId");
    let attributes = json!({
        "vpn_gateway_id": text(item, "vpnGatewayId"),
        "customer_gateway_id": text(item, "customerGatewayId"),
        "static_routes_only": text(item, "options/staticRoutesOnly"),
        "local_ipv4_network_cidr": text(item, "options/localIpv4NetworkCidr"),
        "remote_ipv4_network_cidr": text(item, "options/remoteIpv4NetworkCidr"),
    });
    let mut all = one("aws_vpn_connection", id, attributes);
    for range in texts(item, "routes", "destinationCidrBlock") {
        let attributes = json!({ "vpn_connection_id": id, "destination_cidr_block": range });
        all.extend(one("aws_vpn_connection_route", &format!("{id} {range}"), attributes));
    }
    all
}

fn network_acl(item: Node<'_, '_>) -> Objects {
    let entries = |egress: &str| {
        let own = list(item, "entrySet").into_iter().filter(|entry| text(*entry, "egress") == egress);
        own.map(acl_entry).collect::<Vec<_>>()
    };
    let attributes = json!({
        "subnet_ids": texts(item, "associationSet", "subnetId"),
        "ingress": entries("false"),
        "egress": entries("true"),
    });
    one("aws_network_acl", text(item, "networkAclId"), attributes)
}

fn acl_entry(entry: Node<'_, '_>) -> Json {
    json!({
        "rule_no": text(entry, "ruleNumber"),
        "action": text(entry, "ruleAction"),
        "protocol": text(entry, "protocol"),
        "cidr_block": text(entry, "cidrBlock"),
        "ipv6_cidr_block": text(entry, "ipv6CidrBlock"),
        "from_port": text(entry, "portRange/from"),
        "to_port": text(entry, "portRange/to"),
        "icmp_type": text(entry, "icmpTypeCode/type"),
        "icmp_code": text(entry, "icmpTypeCode/code"),
    })
}

fn security_group(item: Node<'_, '_>) -> Objects {
    let rules = |name: &str| list(item, name).into_iter().map(permission).collect::<Vec<_>>();
    let attributes = json!({
        "vpc_id": text(item, "vpcId"),
        "ingress": rules("ipPermissions"),
        "egress": rules("ipPermissionsEgress"),
    });
    one("aws_security_group", text(item, "groupId"), attributes)
}

fn permission(item: Node<'_, '_>) -> Json {
    json!({
        "protocol": text(item, "ipProtocol"),
        "from_port": text(item, "fromPort"),
        "to_port": text(item, "toPort"),
        "cidr_blocks": texts(item, "ipRanges", "cidrIp"),
        "ipv6_cidr_blocks": texts(item, "ipv6Ranges", "cidrIpv6"),
        "prefix_list_ids": texts(item, "prefixListIds", "prefixListId"),
        "security_groups": texts(item, "groups", "groupId"),
    })
}

fn reservation(item: Node<'_, '_>) -> Objects {
    list(item, "instancesSet").into_iter().flat_map(instance).collect()
}

fn instance(item: Node<'_, '_>) -> Objects {
    if text(item, "instanceState/name") != "running" {
        return Vec::new();
    }
    let interfaces = list(item, "networkInterfaceSet");
    let primary = interfaces.iter().find(|each| text(**each, "attachment/deviceIndex") == "0");
    let v6 = primary.map_or(Vec::new(), |each| texts(*each, "ipv6AddressesSet", "ipv6Address"));
    let name = list(item, "tagSet").into_iter().find(|tag| text(*tag, "key") == "Name");
    let attributes = json!({
        "name": name.map_or("", |tag| text(tag, "value")),
        "subnet_id": text(item, "subnetId"),
        "private_ip": text(item, "privateIpAddress"),
        "public_ip": text(item, "ipAddress"),
        "ipv6_addresses": v6,
        "vpc_security_group_ids": texts(item, "groupSet", "groupId"),
        "source_dest_check": text(item, "sourceDestCheck"),
    });
    one("aws_instance", text(item, "instanceId"), attributes)
}

fn address(item: Node<'_, '_>) -> Objects {
    let attributes = json!({
        "public_ip": text(item, "publicIp"),
        "instance": text(item, "instanceId"),
        "network_interface": text(item, "networkInterfaceId"),
        "private_ip": text(item, "privateIpAddress"),
    });
    one("aws_eip", text(item, "allocationId"), attributes)
}

/// An interface that an instance has besides its first one. The others are part of what they belong to.
fn further_interface(item: Node<'_, '_>) -> Objects {
    if ["", "0"].contains(&text(item, "attachment/deviceIndex")) || text(item, "attachment/instanceId").is_empty() {
        return Vec::new();
    }
    let attributes = json!({
        "subnet_id": text(item, "subnetId"),
        "private_ip": text(item, "privateIpAddress"),
        "private_ips": texts(item, "privateIpAddressesSet", "privateIpAddress"),
        "ipv6_addresses": texts(item, "ipv6AddressesSet", "ipv6Address"),
        "security_groups": texts(item, "groupSet", "groupId"),
        "source_dest_check": text(item, "sourceDestCheck"),
        "attachment": [{ "instance": text(item, "attachment/instanceId") }],
    });
    one("aws_network_interface", text(item, "networkInterfaceId"), attributes)
}

fn database(item: Node<'_, '_>) -> Objects {
    let away = ["creating", "deleting", "rebooting", "renaming", "stopped"];
    if away.contains(&text(item, "DBInstanceStatus")) {
        return Vec::new();
    }
    let (id, group) = (text(item, "DBInstanceIdentifier"), text(item, "DBSubnetGroup/DBSubnetGroupName"));
    let attributes = json!({
        "endpoint": text(item, "Endpoint/Address"),
        "port": text(item, "Endpoint/Port"),
        "availability_zone": text(item, "AvailabilityZone"),
        "publicly_accessible": text(item, "PubliclyAccessible"),
        "db_subnet_group_name": format!("{group} of {id}"),
        "vpc_security_group_ids": texts(item, "VpcSecurityGroups", "VpcSecurityGroupId"),
    });
    let mut all = one("aws_db_instance", id, attributes);
    let subnets = texts(item, "DBSubnetGroup/Subnets", "SubnetIdentifier");
    all.extend(one("aws_db_subnet_group", &format!("{group} of {id}"), json!({ "subnet_ids": subnets })));
    all
}

fn lb(item: Node<'_, '_>) -> Objects {
    if text(item, "State/Code") != "active" {
        return Vec::new();
    }
    let groups: Vec<&str> = list(item, "SecurityGroups").into_iter().filter_map(|group| group.text()).collect();
    let attributes = json!({
        "dns_name": text(item, "DNSName"),
        "load_balancer_type": text(item, "Type"),
        "internal": text(item, "Scheme") == "internal",
        "subnets": texts(item, "AvailabilityZones", "SubnetId"),
        "security_groups": groups,
    });
    one("aws_lb", text(item, "LoadBalancerArn"), attributes)
}

/// The addresses of a balancer's nodes: its interfaces name it.
fn nodes_of(interfaces: &str, balancer: &str) -> Vec<Json> {
    let name = balancer.split_once(":loadbalancer/").map_or("", |(_, name)| name);
    let document = Document::parse(interfaces).expect("AWS answers well-formed XML");
    let found = document.descendants().find(|node| node.tag_name().name() == "networkInterfaceSet");
    let own = found.into_iter().flat_map(elements).filter(|each| text(*each, "description") == format!("ELB {name}"));
    let place = |each: Node<'_, '_>| json!({ "subnet_id": text(each, "subnetId"), "private_ipv4_address": text(each, "privateIpAddress") });
    own.map(place).collect()
}

fn listener(item: Node<'_, '_>) -> Objects {
    let attributes = json!({
        "load_balancer_arn": text(item, "LoadBalancerArn"),
        "port": text(item, "Port"),
        "protocol": text(item, "Protocol"),
        "default_action": list(item, "DefaultActions").into_iter().map(action).collect::<Vec<_>>(),
    });
    one("aws_lb_listener", text(item, "ListenerArn"), attributes)
}

/// A rule of a listener but for the default one, which is the listener's default action.
fn listener_rule(item: Node<'_, '_>) -> Objects {
    if text(item, "IsDefault") == "true" {
        return Vec::new();
    }
    let actions: Vec<Json> = list(item, "Actions").into_iter().map(action).collect();
    one("aws_lb_listener_rule", text(item, "RuleArn"), json!({ "action": actions }))
}

fn action(item: Node<'_, '_>) -> Json {
    let share = |group| json!({ "arn": text(group, "TargetGroupArn"), "weight": weight(text(group, "Weight")) });
    let shares: Vec<Json> = list(item, "ForwardConfig/TargetGroups").into_iter().map(share).collect();
    json!({
        "type": text(item, "Type"),
        "target_group_arn": if shares.is_empty() { text(item, "TargetGroupArn") } else { "" },
        "forward": [{ "target_group": shares }],
    })
}

fn weight(text: &str) -> i64 {
    text.parse().unwrap_or(1)
}

fn target_group(item: Node<'_, '_>) -> Objects {
    let attributes = json!({ "port": text(item, "Port"), "health_check_port": text(item, "HealthCheckPort") });
    one("aws_lb_target_group", text(item, "TargetGroupArn"), attributes)
}

/// A target that its group calls healthy.
fn target(item: Node<'_, '_>) -> Objects {
    if text(item, "TargetHealth/State") != "healthy" {
        return Vec::new();
    }
    let (id, port) = (text(item, "Target/Id"), text(item, "Target/Port"));
    one("aws_lb_target_group_attachment", &format!("{id}:{port}"), json!({ "target_id": id, "port": port }))
}
